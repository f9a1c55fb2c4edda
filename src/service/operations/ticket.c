/* What an external tracker says of its tickets: an item names its ticket by address, a webhook of the project tells the tracker of commits,
 * and the tracker answers, signed with the secret of that webhook (Standard Webhooks 1.0). What it says becomes the item's
 * `ticket_state` and a comment, as one commit of whose token it came with. */
#include "base/secret.h"
#include "service/analyses/risk.h"
#include "service/operations/operation.h"
#include "store/jobs.h"

#include <string.h>

enum {
        EVENT_AGE_MS = 5 * 60 * 1000, /* an older one may be one that is sent again */
        STATE_BYTES_MAX = 200,
        TEXT_BYTES_MAX = 4096,
};

/* ---- who says it ---- */

typedef struct {
        const Id *id;
        uint8_t secret[ZW_WEBHOOK_SECRET];
        bool found;
} HookSecret;

static bool secret_see(const StoreWebhook *hook, void *payload, GError **error G_GNUC_UNUSED)
{
        HookSecret *secret = payload;

        if (!id_equal(&hook->id, secret->id))
                return true;
        memcpy(secret->secret, hook->secret, sizeof(secret->secret));
        secret->found = true;
        return true;
}

static bool signature_fits(const HookSecret *secret, const json_t *input, const char *body)
{
        const char *given = jread_get_string(input, "signature");
        g_autofree char *text = g_strdup_printf("%s.%s.%s", jread_get_string(input, "event"),
                                                jread_get_string(input, "timestamp"), body),
                        *expected = NULL;
        const Digest mac = hash_hmac(secret->secret, sizeof(secret->secret), text, strlen(text));
        g_autofree char *encoded = g_base64_encode(mac.b, sizeof(mac.b));
        g_auto(GStrv) words = g_strsplit(given, " ", -1);
        g_autoptr(SecretText) right = NULL;
        bool fits = false;

        expected = g_strconcat("v1,", encoded, NULL);
        right = secret_text_new(expected, strlen(expected));
        /* A sender that changes its secret signs with both. */
        for (char **word = words; *word != NULL; word++) {
                g_autoptr(SecretText) one = secret_text_new(*word, strlen(*word));

                fits |= secret_text_equal(one, right);
        }
        return fits;
}

static bool is_of_now(const Call *call, const char *timestamp)
{
        gint64 seconds;

        return g_ascii_string_to_signed(timestamp, 10, 0, G_MAXINT32, &seconds, NULL) &&
               ABS(call->instant - seconds * 1000) <= EVENT_AGE_MS;
}

static bool event_check(Call *call, const char *body, GError **error)
{
        static const char *const members[] = { "webhook", "event", "timestamp", "signature" };
        const char *webhook = jread_get_string(call->input, "webhook");
        HookSecret secret = { 0 };
        bool fits;
        Id id;

        for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
                if (jread_get_string(call->input, members[i]) == NULL) {
                        error_set(error, ZW_ERR_USAGE, members[i], "what a tracker says is signed");
                        return false;
                }
        secret.id = &id;
        if (hex_decode(webhook, id.b, ZW_ID_BYTES, NULL) &&
            !store_each_webhook(call->view, &call->project->log, secret_see, &secret, error))
                return false;
        fits = secret.found && is_of_now(call, jread_get_string(call->input, "timestamp")) &&
               signature_fits(&secret, call->input, body);
        explicit_bzero(secret.secret, sizeof(secret.secret));
        if (!fits)
                error_set(error, ZW_ERR_DENIED, "signature",
                          "the signature is not that of the webhook, or not of the last minutes");
        return fits;
}

/* ---- what it says ---- */

typedef struct {
        const char *ticket, *state, *text; /* `text` may be NULL */
        json_t *ops;
        size_t n;
} TicketNote;

static bool item_see(const WorkItem *work, void *payload, GError **error G_GNUC_UNUSED)
{
        TicketNote *note = payload;
        g_autofree char *text = note->text == NULL ? NULL
                                                   : g_strdup_printf("%s: %s", note->state, note->text);
        const Id id = id_new();
        char hex[ZW_ID_HEX];

        if (g_strcmp0(jread_get_string(work->attrs, "ticket"), note->ticket) != 0)
                return true;
        note->n++;
        json_array_append_new(note->ops, json_pack("{s:s, s:s, s:I, s:{s:s}}", "op", "item", "key",
                                                   work->rev->key, "rev", (json_int_t)work->rev->rev, "attrs",
                                                   "ticket_state", note->state));
        if (text == NULL)
                return true;
        hex_encode(id.b, ZW_ID_BYTES, hex);
        json_array_append_new(note->ops, json_pack("{s:s, s:s, s:s, s:s}", "op", "comment", "item",
                                                   work->rev->key, "comment", hex, "text", text));
        return true;
}

static bool note_read(const json_t *event, TicketNote *note, GError **error)
{
        note->ticket = jread_get_string(event, "ticket");
        note->state = jread_get_string(event, "state");
        note->text = jread_get_string(event, "text");
        if (note->ticket != NULL && note->state != NULL && note->state[0] != '\0' &&
            strlen(note->state) <= STATE_BYTES_MAX &&
            (note->text == NULL || strlen(note->text) <= TEXT_BYTES_MAX))
                return true;
        error_set(
                error, ZW_ERR_INPUT, NULL,
                "a tracker says {\"ticket\":URL,\"state\":...,\"text\"?:...}, the state in at most %d bytes and the "
                "text in %d",
                STATE_BYTES_MAX, TEXT_BYTES_MAX);
        return false;
}

/* A tracker that heard no answer says it again, under the same name: it is done once. */
static json_t *request_new(const json_t *input, const char *body)
{
        g_autofree char *name = g_strconcat(jread_get_string(input, "webhook"), ".",
                                            jread_get_string(input, "event"), NULL);
        const Digest id = hash_sha256(name, strlen(name)), what = hash_sha256(body, strlen(body));
        char id_hex[ZW_ID_HEX], what_hex[ZW_ID_HEX];

        hex_encode(id.b, ZW_ID_BYTES, id_hex);
        hex_encode(what.b, ZW_ID_BYTES, what_hex);
        return json_sprintf("%s %s", id_hex, what_hex);
}

bool usecase_ticket_note(Call *call, JWrite *w, GError **error)
{
        const uint64_t kinds = UINT64_C(1) << ZW_KIND_FINDING | UINT64_C(1) << ZW_KIND_CHANGE |
                               UINT64_C(1) << ZW_KIND_INCIDENT | UINT64_C(1) << ZW_KIND_ACTION |
                               UINT64_C(1) << ZW_KIND_NONCONFORMITY;
        const char *body = jread_get_string(call->input, "body");
        g_autoptr(Json) event = NULL, ops = json_array(), input = json_copy((json_t *)(uintptr_t)call->input);
        TicketNote note = { .ops = ops };
        Call once = *call;

        if (body == NULL) {
                error_set(error, ZW_ERR_USAGE, "/body", "what the tracker says is needed");
                return false;
        }
        if (!event_check(call, body, error))
                return false;
        event = jread_parse(body, strlen(body), error);
        if (event == NULL || !note_read(event, &note, error) ||
            !work_items_each(call, kinds, item_see, &note, error))
                return false;
        if (note.n == 0) {
                error_set(error, ZW_ERR_NOT_FOUND, "ticket", "no item names the ticket %s", note.ticket);
                return false;
        }
        json_object_set_new(input, "request", request_new(input, body));
        once.input = input;
        jwrite_object_begin(w);
        jwrite_key_int(w, "items", (int64_t)note.n);
        if (!edit_call(&once, ops, "the tracker said so", w, error))
                return false;
        jwrite_object_end(w);
        return true;
}
