/* Use cases of webhooks: for administrators of a project. */
#include "service/running/webhooks_internal.h"

static bool webhook_say(const StoreWebhook *hook, void *payload, GError **error G_GNUC_UNUSED)
{
        char id[ZW_ID_HEX], created[ZW_INSTANT_TEXT], next[ZW_INSTANT_TEXT];
        JWrite *w = payload;

        hex_encode(hook->id.b, ZW_ID_BYTES, id);
        instant_format(hook->created, created);
        instant_format(hook->next, next);
        jwrite_object_begin(w);
        jwrite_key_string(w, "id", id);
        jwrite_key_string(w, "url", hook->url);
        jwrite_key(w, "events");
        jwrite_array_begin(w);
        jwrite_string(w, "commit");
        jwrite_array_end(w);
        jwrite_key_string(w, "created", created);
        jwrite_key_int(w, "seq", (int64_t)hook->seq);
        jwrite_key_int(w, "failures", hook->failures);
        jwrite_key_string(w, "next", hook->next == 0 ? NULL : next);
        jwrite_key_string(w, "outcome", hook->outcome[0] == '\0' ? NULL : hook->outcome);
        jwrite_object_end(w);
        return true;
}

bool usecase_webhook_list(Call *call, JWrite *w, GError **error)
{
        jwrite_array_begin(w);
        if (!store_each_webhook(call->view, &call->project->log, webhook_say, w, error))
                return false;
        jwrite_array_end(w);
        return true;
}

/* ---- a new one ---- */

typedef struct {
        const Call *call;
        StoreWebhook hook;
} Adding;

static bool webhook_count(const StoreWebhook *hook G_GNUC_UNUSED, void *payload, GError **error G_GNUC_UNUSED)
{
        ++*(unsigned *)payload;
        return true;
}

static bool add_write(StoreTxn *txn, void *payload, GError **error)
{
        Adding *adding = payload;
        unsigned n = 0;

        if (!store_each_webhook(store_txn_view(txn), &adding->hook.log, webhook_count, &n, error))
                return false;
        if (n >= ZW_WEBHOOKS_MAX) {
                error_set(error, ZW_ERR_LIMIT, NULL, "a project has at most %d webhooks", ZW_WEBHOOKS_MAX);
                return false;
        }
        return store_txn_add_webhook(txn, &adding->hook, error) &&
               call_audit(adding->call, txn, "webhook_add", adding->hook.url, "ok", error);
}

static bool events_check(const json_t *events, GError **error)
{
        const json_t *event;
        size_t i;

        if (events == NULL)
                return true;
        json_array_foreach(events, i, event) if (g_strcmp0(json_string_value(event), "commit") != 0) break;
        if (json_is_array(events) && i > 0 && i == json_array_size(events))
                return true;
        error_set(error, ZW_ERR_INPUT, "/events", "the events there are: [\"commit\"]");
        return false;
}

static bool url_check(Call *call, const char *url, GError **error)
{
        g_autoptr(WebhookRules) rules = NULL;

        if (call->service->webhooks == NULL) {
                error_set(error, ZW_ERR_BUSY, NULL, "webhooks are for a running server");
                return false;
        }
        if (url == NULL) {
                error_set(error, ZW_ERR_INPUT, "/url", "a webhook has a URL");
                return false;
        }
        rules = webhooks_rules(call->service->webhooks);
        return outbound_url_check(rules->outbound, url, "/url", error);
}

/* The secret as Standard Webhooks write it. */
static void whsec_write(JWrite *w, const uint8_t *secret)
{
        g_autofree char *encoded = g_base64_encode(secret, ZW_WEBHOOK_SECRET),
                        *text = g_strconcat("whsec_", encoded, NULL);

        jwrite_key_string(w, "whsec", text);
        explicit_bzero(encoded, strlen(encoded));
        explicit_bzero(text, strlen(text));
}

bool usecase_webhook_add(Call *call, JWrite *w, GError **error)
{
        const char *url = jread_get_string(call->input, "url");
        Adding adding = { call,
                          { .id = id_new(),
                            .log = call->project->log,
                            .person = call->caller->person,
                            .url = url,
                            .created = instant_now(),
                            .seq = call->project->head } };
        char id[ZW_ID_HEX], secret[2 * ZW_WEBHOOK_SECRET + 1];

        if (!url_check(call, url, error) || !events_check(json_object_get(call->input, "events"), error))
                return false;
        random_bytes(adding.hook.secret, sizeof(adding.hook.secret));
        if (!store_write(call->service->store, add_write, &adding, error))
                return false;
        hex_encode(adding.hook.id.b, ZW_ID_BYTES, id);
        hex_encode(adding.hook.secret, sizeof(adding.hook.secret), secret);
        jwrite_object_begin(w);
        jwrite_key_string(w, "id", id);
        jwrite_key_string(w, "url", url);
        jwrite_key_string(w, "secret", secret);
        whsec_write(w, adding.hook.secret);
        jwrite_object_end(w);
        explicit_bzero(secret, sizeof(secret));
        explicit_bzero(&adding.hook.secret, sizeof(adding.hook.secret));
        return true;
}

/* ---- one less ---- */

typedef struct {
        const Call *call;
        const char *text;
        Id id;
} Dropping;

static bool drop_write(StoreTxn *txn, void *payload, GError **error)
{
        const Dropping *dropping = payload;

        return store_txn_drop_webhook(txn, &dropping->call->project->log, &dropping->id, error) &&
               call_audit(dropping->call, txn, "webhook_drop", dropping->text, "ok", error);
}

bool usecase_webhook_drop(Call *call, JWrite *w, GError **error)
{
        Dropping dropping = { .call = call, .text = jread_get_string(call->input, "id") };

        if (dropping.text == NULL || !hex_decode(dropping.text, dropping.id.b, ZW_ID_BYTES, NULL)) {
                error_set(error, ZW_ERR_NOT_FOUND, "id", "the project has no such webhook");
                return false;
        }
        if (!store_write(call->service->store, drop_write, &dropping, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key_bool(w, "ok", true);
        jwrite_object_end(w);
        return true;
}
