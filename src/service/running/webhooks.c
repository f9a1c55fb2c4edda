#include "service/running/webhooks_internal.h"

#include "base/log.h"
#include "service/running/events_commit.h"

#include <string.h>
#include <time.h>

enum {
        LOOK_SECONDS = 60, /* between two looks when nothing happens */
        HELD_MS = 1000,    /* before one that could not be taken is looked at again */
        PARTS_MAX = 20,    /* deliveries to one before the others have their turn */
        BEHIND_MAX = 1000, /* commits; of more only the newest is told */
        RETRY_MOST_MS = 3600 * 1000,
        SIGNATURE_MAX = 128,
};

/* ---- rules ---- */

static WebhookRules *rules_new(const Config *config, GError **error)
{
        Outbound *outbound = outbound_new(config, getaddrinfo, error);
        WebhookRules *rules;

        if (outbound == NULL)
                return NULL;
        rules = g_new0(WebhookRules, 1);
        rules->refs = 1;
        rules->outbound = outbound;
        rules->retry_ms = config_int(config, ZW_CONFIG_OUTBOUND_RETRY) * 1000;
        rules->timestamp_url = g_strdup(config_text(config, ZW_CONFIG_TIMESTAMP_URL));
        rules->timestamp_ca = g_strdup(config_text(config, ZW_CONFIG_TIMESTAMP_CA));
        return rules;
}

void webhook_rules_unref(WebhookRules *rules)
{
        if (rules == NULL || !g_atomic_int_dec_and_test(&rules->refs))
                return;
        outbound_free(rules->outbound);
        g_free(rules->timestamp_url);
        g_free(rules->timestamp_ca);
        g_free(rules);
}

WebhookRules *webhooks_rules(Webhooks *webhooks)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&webhooks->lock);

        g_atomic_int_inc(&webhooks->rules->refs);
        return webhooks->rules;
}

bool webhooks_settings_check(const Config *config, GError **error)
{
        g_autoptr(WebhookRules) rules = rules_new(config, error);

        return rules != NULL;
}

bool webhooks_configure(Service *service, const Config *config, GError **error)
{
        WebhookRules *rules = rules_new(config, error), *old;
        Webhooks *webhooks = service->webhooks;

        if (rules == NULL)
                return false;
        pthread_mutex_lock(&webhooks->lock);
        old = webhooks->rules;
        webhooks->rules = rules;
        pthread_mutex_unlock(&webhooks->lock);
        webhook_rules_unref(old);
        webhooks_wake(service);
        return true;
}

/* ---- one delivery ---- */

/* A copy of what the store gave, that outlives its view. */
typedef struct {
        StoreWebhook row;
        char *url, outcome[ZW_WEBHOOK_OUTCOME_MAX];
        Instant held; /* see store_txn_note_webhook */
        bool kept;    /* it was held still when it was noted */
} Hook;

static void hook_free(gpointer hook)
{
        Hook *owned = hook;

        explicit_bzero(owned->row.secret, sizeof(owned->row.secret));
        g_free(owned->url);
        g_free(owned);
}

static bool hook_keep(const StoreWebhook *row, void *payload, GError **error G_GNUC_UNUSED)
{
        Hook *hook = g_new0(Hook, 1);

        hook->row = *row;
        hook->url = g_strdup(row->url);
        hook->row.url = hook->url;
        hook->row.outcome = hook->outcome;
        g_ptr_array_add(payload, hook);
        return true;
}

/* `t=SECONDS,v1=HEX`: HMAC-SHA256 over `SECONDS.BODY`, so that an old delivery cannot be sent again later. */
static void sign(const Hook *hook, const char *body, gint64 seconds, char *ret_text)
{
        g_autofree char *signed_text = g_strdup_printf("%" G_GINT64_FORMAT ".%s", seconds, body);
        const Digest mac = hash_hmac(hook->row.secret, sizeof(hook->row.secret), signed_text,
                                     strlen(signed_text));
        char hex[ZW_DIGEST_HEX];

        hex_encode(mac.b, sizeof(mac.b), hex);
        g_snprintf(ret_text, SIGNATURE_MAX, "t=%.*s,v1=%s", (int)(strchr(signed_text, '.') - signed_text),
                   signed_text, hex);
}

/* The same as the specification Standard Webhooks 1.0 has it: over `ID.SECONDS.BODY`, in base64. */
static char *sign_standard(const Hook *hook, const char *delivery, gint64 seconds, const char *body)
{
        g_autofree char *text = g_strdup_printf("%s.%" G_GINT64_FORMAT ".%s", delivery, seconds, body);
        const Digest mac = hash_hmac(hook->row.secret, sizeof(hook->row.secret), text, strlen(text));
        g_autofree char *encoded = g_base64_encode(mac.b, sizeof(mac.b));

        return g_strdup_printf("webhook-signature: v1,%s", encoded);
}

static bool deliver(const WebhookRules *rules, Hook *hook, const char *body, Seq seq, GError **error)
{
        const gint64 seconds = instant_now() / 1000;
        char signature[SIGNATURE_MAX], id[ZW_ID_HEX];
        g_autofree char *delivery = NULL, *signature_field = NULL, *delivery_field = NULL, *id_field = NULL,
                        *time_field = NULL, *standard_field = NULL;
        long status = 0;

        sign(hook, body, seconds, signature);
        hex_encode(hook->row.id.b, ZW_ID_BYTES, id);
        delivery = g_strdup_printf("%s-%" G_GUINT64_FORMAT, id, seq);
        signature_field = g_strdup_printf("Zonewright-Signature: %s", signature);
        delivery_field = g_strdup_printf("Zonewright-Delivery: %s", delivery);
        id_field = g_strdup_printf("webhook-id: %s", delivery);
        time_field = g_strdup_printf("webhook-timestamp: %" G_GINT64_FORMAT, seconds);
        standard_field = sign_standard(hook, delivery, seconds, body);

        const char *const fields[] = { "Content-Type: application/json",
                                       "Zonewright-Event: commit",
                                       signature_field,
                                       delivery_field,
                                       id_field,
                                       time_field,
                                       standard_field,
                                       NULL };

        if (!outbound_post(rules->outbound, hook->url, fields, body, strlen(body), &status, error))
                return false;
        g_snprintf(hook->outcome, sizeof(hook->outcome), "%ld", status);
        if (status >= 200 && status < 300)
                return true;
        error_set(error, ZW_ERR_NETWORK, NULL, "it answered %ld", status);
        return false;
}

static bool take_write(StoreTxn *txn, void *payload, GError **error)
{
        Hook *hook = payload;

        return store_txn_take_webhook(txn, &hook->row, &hook->held, error);
}

/* Of servers that share a store one delivers. */
static bool take(Webhooks *webhooks, Hook *hook, bool *ret_taken, GError **error)
{
        hook->held = hook->row.next;
        *ret_taken = true;
        if (!store_takes_webhooks(webhooks->service->store))
                return true;
        if (!store_write_aside(webhooks->service->store, take_write, hook, error))
                return false;
        *ret_taken = hook->held != 0;
        return true;
}

static bool note_write(StoreTxn *txn, void *payload, GError **error)
{
        Hook *hook = payload;

        return store_txn_note_webhook(txn, &hook->row, hook->held, &hook->kept, error);
}

/* False when it cannot be gone on with: it was not taken, or another server has it by now. */
static bool delivered(Webhooks *webhooks, const WebhookRules *rules, Hook *hook, Seq seq, const GError *why)
{
        g_autoptr(GError) failure = NULL;
        char id[ZW_ID_HEX];

        if (why == NULL) {
                hook->row.seq = seq;
                hook->row.failures = 0;
                hook->row.next = 0;
        } else {
                const uint32_t doublings = MIN(hook->row.failures, 12);

                g_strlcpy(hook->outcome, why->message, sizeof(hook->outcome));
                hook->row.failures++;
                hook->row.next = instant_now() + MIN(rules->retry_ms << doublings, (Instant)RETRY_MOST_MS);
        }
        hex_encode(hook->row.id.b, ZW_ID_BYTES, id);
        log_event(why == NULL ? LOG_INFO_ : LOG_WARNING_, "webhook", "webhook", id, "outcome", hook->outcome,
                  NULL);
        if (!store_write_aside(webhooks->service->store, note_write, hook, &failure))
                log_event(LOG_WARNING_, "webhook", "webhook", id, "message", failure->message, NULL);
        return why == NULL && failure == NULL && hook->kept;
}

/* ---- all that is due ---- */

static const StoreProject *project_of(const GPtrArray *projects, const Id *log)
{
        for (guint i = 0; i < projects->len; i++)
                if (id_equal(&((const StoreProject *)projects->pdata[i])->log, log))
                        return projects->pdata[i];
        return NULL;
}

static bool is_stopping(Webhooks *webhooks)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&webhooks->lock);

        return webhooks->stop;
}

/* Tells one of what it was not told; *ret_more when it has to be come back to at once. */
static bool hook_serve(Webhooks *webhooks, StoreView *view, const GPtrArray *projects, Hook *hook,
                       bool *ret_more, GError **error)
{
        const StoreProject *project = project_of(projects, &hook->row.log);
        g_autoptr(WebhookRules) rules = webhooks_rules(webhooks);
        Seq first;

        if (project == NULL || hook->row.next > instant_now())
                return true;
        first = project->head - MIN(hook->row.seq, project->head) > BEHIND_MAX ? project->head
                                                                               : hook->row.seq + 1;
        for (Seq seq = first; seq <= project->head; seq++) {
                g_autofree char *body = NULL;
                g_autoptr(GError) why = NULL;
                bool taken;

                if (seq - first == PARTS_MAX) {
                        *ret_more = true;
                        return true;
                }
                if (is_stopping(webhooks))
                        return true;
                body = commit_event(view, project, seq, error);
                if (body == NULL || !take(webhooks, hook, &taken, error))
                        return false;
                if (!taken) {
                        /* By this clock it may be due for longer than by that of the database. */
                        hook->row.next = instant_now() + HELD_MS;
                        return true;
                }
                (void)deliver(rules, hook, body, seq, &why);
                if (!delivered(webhooks, rules, hook, seq, why))
                        return true;
        }
        return true;
}

static bool serve_all(Webhooks *webhooks, StoreView *view, bool *ret_more, Instant *ret_next, GError **error)
{
        g_autoptr(GPtrArray) hooks = g_ptr_array_new_with_free_func(hook_free), projects = NULL;

        if (!store_view_refresh(view, error) || !store_each_webhook(view, NULL, hook_keep, hooks, error))
                return false;
        projects = hooks->len == 0 ? NULL : store_load_projects(view, error);
        for (guint i = 0; projects != NULL && i < hooks->len; i++) {
                Hook *hook = hooks->pdata[i];

                if (!hook_serve(webhooks, view, projects, hook, ret_more, error))
                        return false;
                if (hook->row.next != 0)
                        *ret_next = MIN(*ret_next, hook->row.next);
        }
        return hooks->len == 0 || projects != NULL;
}

/* Waits for news, or until `next`; false at the end. */
static bool wait_for_news(Webhooks *webhooks, Instant next)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&webhooks->lock);
        const Instant wait = CLAMP(next - instant_now(), 10, LOOK_SECONDS * 1000);
        struct timespec until;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += wait / 1000;
        until.tv_nsec += (wait % 1000) * 1000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        while (!webhooks->woken && !webhooks->stop)
                if (pthread_cond_timedwait(&webhooks->wake, &webhooks->lock, &until) != 0)
                        break;
        webhooks->woken = false;
        return !webhooks->stop;
}

static void *webhooks_main(void *payload)
{
        Webhooks *webhooks = payload;
        g_autoptr(StoreView) view = NULL;
        g_autofree char *told = NULL; /* what fails, which is said once while it lasts */
        Instant next = 0;

        while (wait_for_news(webhooks, next)) {
                g_autoptr(GError) why = NULL;
                bool more = false;

                next = instant_now() + LOOK_SECONDS * 1000;
                if (view == NULL)
                        view = store_view_open(webhooks->service->store, &why);
                if (view == NULL || !serve_all(webhooks, view, &more, &next, &why)) {
                        if (g_strcmp0(told, why->message) != 0)
                                log_event(LOG_WARNING_, "webhook", "message", why->message, NULL);
                        g_free(told);
                        told = g_strdup(why->message);
                } else {
                        g_clear_pointer(&told, g_free);
                }
                if (view != NULL)
                        store_view_rest(view);
                if (more)
                        next = 0;
        }
        return NULL;
}

void webhooks_wake(Service *service)
{
        Webhooks *webhooks = service->webhooks;

        if (webhooks == NULL)
                return;

        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&webhooks->lock);

        webhooks->woken = true;
        pthread_cond_signal(&webhooks->wake);
}

/* ---- start and stop ---- */

static void webhooks_free(Webhooks *webhooks)
{
        webhook_rules_unref(webhooks->rules);
        pthread_cond_destroy(&webhooks->wake);
        pthread_mutex_destroy(&webhooks->lock);
        g_free(webhooks);
}

bool webhooks_start(Service *service, const Config *config, GError **error)
{
        WebhookRules *rules = rules_new(config, error);
        Webhooks *webhooks;

        if (rules == NULL)
                return false;
        webhooks = g_new0(Webhooks, 1);
        webhooks->service = service;
        webhooks->rules = rules;
        pthread_mutex_init(&webhooks->lock, NULL);
        pthread_cond_init(&webhooks->wake, NULL);
        if (pthread_create(&webhooks->thread, NULL, webhooks_main, webhooks) != 0) {
                webhooks_free(webhooks);
                error_set(error, ZW_ERR_STORAGE, NULL, "the thread of webhooks could not be made");
                return false;
        }
        service->webhooks = webhooks;
        return true;
}

void webhooks_stop(Service *service)
{
        Webhooks *webhooks = service->webhooks;

        if (webhooks == NULL)
                return;
        pthread_mutex_lock(&webhooks->lock);
        webhooks->stop = true;
        pthread_cond_signal(&webhooks->wake);
        pthread_mutex_unlock(&webhooks->lock);
        pthread_join(webhooks->thread, NULL);
        service->webhooks = NULL;
        webhooks_free(webhooks);
}
