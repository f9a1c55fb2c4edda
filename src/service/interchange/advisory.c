#include "service/interchange/advisory.h"

#include "base/canon.h"
#include "base/hash.h"
#include "service/findings/finding.h"
#include "service/interchange/affected.h"
#include "service/interchange/subjects.h"
#include "vuln/verdict.h"

#include <string.h>

enum { ASSERTIONS_BYTES_MAX = 64 << 20 };

typedef struct {
        Inventory *inventory;
        Store *store;
        Matched *matched;
        GHashTable *
                brought; /* document's system, line feed, id → GBytes of assertions that the operations bring */
        GHashTable *keys;    /* of the advisories of documents, as a set */
        GPtrArray *subjects; /* Thing by number in the index */
        MatchIndex *index;
        Verdicts *verdicts;
        Feeds *feeds; /* NULL: there are none */
        const FeedKeyring *keyring;
        GError *failure; /* of asking the feeds for a key */
} Step;

/* ---- keeping ---- */

/* The assertions as a content of the store, and the operation that attaches it in place of the one that brought them. */
static json_t *assertions_keep(Step *step, const json_t *op, GError **error)
{
        const json_t *document = json_object_get(op, "document"),
                     *source = json_object_get(document, "source");
        const char *system = json_string_value(json_array_get(source, 0)),
                   *id = json_string_value(json_array_get(source, 1));
        g_autoptr(GBytes) bytes = NULL;
        char hex[ZW_DIGEST_HEX];
        json_t *attach;
        Digest digest;

        if (system == NULL || id == NULL) {
                error_set(error, ZW_ERR_INPUT, "/document",
                          "an advisory names its document by {\"source\":[system, id]}");
                return NULL;
        }
        bytes = canon_bytes(json_object_get(op, "advisory"), ASSERTIONS_BYTES_MAX, error);
        if (bytes == NULL || !store_blob_put(step->store, bytes, &digest, error))
                return NULL;
        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        attach = json_pack("{s:s, s:O, s:s, s:s, s:I, s:s}", "op", "attach", "item", document, "name",
                           ZW_ASSERTIONS_NAME, "digest", hex, "size", (json_int_t)g_bytes_get_size(bytes),
                           "media", "application/json");
        if (json_object_get(op, "where") != NULL)
                json_object_set(attach, "where", json_object_get(op, "where"));
        if (json_object_get(op, "file") != NULL)
                json_object_set(attach, "file", json_object_get(op, "file"));
        g_hash_table_insert(step->brought, g_strdup_printf("%s\n%s", system, id), g_steal_pointer(&bytes));
        return attach;
}

static bool is_advisory(const json_t *op)
{
        return g_strcmp0(jread_get_string(op, "op"), "advisory") == 0;
}

/* The operations on their way into the inventory. */
typedef struct {
        Step *step;
        SpillJsonFn take;
        void *data;
} Keeping;

static bool op_keep(json_t *op, void *payload, GError **error)
{
        const Keeping *keeping = payload;
        json_t *attach;

        if (!is_advisory(op))
                return keeping->take(op, keeping->data, error);
        attach = assertions_keep(keeping->step, op, error);
        return attach != NULL && json_array_append_new(keeping->step->matched->kept, attach) == 0;
}

static bool keeping_each(void *payload, SpillJsonFn take, void *data, GError **error)
{
        Step *step = payload;
        const OpSource *before = &step->matched->before;
        Keeping keeping = { step, take, data };

        return before->each(before->payload, op_keep, &keeping, error);
}

/* ---- the operations that come of it ---- */

void matched_clear(Matched *matched)
{
        g_clear_pointer(&matched->kept, json_decref);
        g_clear_pointer(&matched->found, json_decref);
}

typedef struct {
        const Matched *matched;
        size_t n; /* advisories that came so far */
        SpillJsonFn take;
        void *data;
} Giving;

static bool op_give(json_t *op, void *payload, GError **error)
{
        Giving *giving = payload;

        return giving->take(is_advisory(op) ? json_array_get(giving->matched->kept, giving->n++) : op,
                            giving->data, error);
}

static bool matched_each(void *payload, SpillJsonFn take, void *data, GError **error)
{
        const Matched *matched = payload;
        const OpSource found = op_source_of_array(matched->found);
        Giving giving = { matched, 0, take, data };

        return matched->before.each(matched->before.payload, op_give, &giving, error) &&
               found.each(found.payload, take, data, error);
}

OpSource matched_ops(Matched *matched)
{
        return (OpSource){ matched_each, matched, matched->before.n + json_array_size(matched->found) };
}

/* ---- the advisories ---- */

static GBytes *assertions_load(Store *store, const Thing *document, GError **error)
{
        Digest digest;

        return hex_decode(document->digest, digest.b, ZW_DIGEST_BYTES, error)
                       ? store_blob_load(store, &digest, ASSERTIONS_BYTES_MAX, error)
                       : NULL;
}

/* Of assertions, which it takes; NULL: they could not be had. */
static Advisory *advisory_read(GBytes *assertions, const Thing *document, GError **error)
{
        g_autoptr(GBytes) bytes = assertions;
        Advisory *advisory = bytes == NULL ? NULL : advisory_load(bytes, error);

        if (advisory == NULL)
                g_prefix_error(error, "document %s: ", document->key != NULL ? document->key : document->id);
        return advisory;
}

Advisory *advisory_of(Store *store, const Thing *document, GError **error)
{
        return advisory_read(assertions_load(store, document, error), document, error);
}

static GBytes *assertions_of(const Step *step, const Thing *document, GError **error)
{
        g_autofree char *name = document->system == NULL
                                        ? NULL
                                        : g_strdup_printf("%s\n%s", document->system, document->id);
        GBytes *brought = name == NULL ? NULL : g_hash_table_lookup(step->brought, name);

        return brought != NULL ? g_bytes_ref(brought) : assertions_load(step->store, document, error);
}

typedef bool (*AdvisoryFn)(Step *step, const Advisory *advisory, GError **error);

static bool document_read(Step *step, const Thing *document, AdvisoryFn fn, GError **error)
{
        g_autoptr(Advisory) advisory = advisory_read(assertions_of(step, document, error), document, error);

        if (advisory == NULL)
                return false;
        if (fn(step, advisory, error))
                return true;
        g_prefix_error(error, "document %s: ", document->key != NULL ? document->key : document->id);
        return false;
}

static bool is_kept(const Step *step, const Thing *thing)
{
        g_autofree char *name = thing->system == NULL ? NULL
                                                      : g_strdup_printf("%s\n%s", thing->system, thing->id);

        return thing->kind == ZW_KIND_DOCUMENT && !thing->retired &&
               (thing->digest != NULL || (name != NULL && g_hash_table_contains(step->brought, name)));
}

/* They are read twice: what no advisory means need not be known before they are matched. */
static bool documents_each(Step *step, AdvisoryFn fn, GError **error)
{
        for (guint i = 0; i < step->inventory->things->len; i++)
                if (is_kept(step, step->inventory->things->pdata[i]) &&
                    !document_read(step, step->inventory->things->pdata[i], fn, error))
                        return false;
        return true;
}

static bool keys_take(Step *step, const Advisory *advisory, GError **error G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) keys = match_advisory_keys(advisory);

        for (guint i = 0; i < keys->len; i++)
                g_hash_table_add(step->keys, g_strdup(keys->pdata[i]));
        return true;
}

static bool advisory_match(Step *step, const Advisory *advisory, const char *doubt, GError **error)
{
        step->matched->advisories++;
        return verdicts_add(step->verdicts, advisory, doubt, error);
}

static bool document_match(Step *step, const Advisory *advisory, GError **error)
{
        return advisory_match(step, advisory, NULL, error);
}

/* Where the feeds cannot be asked, everything is wanted, and the failure told when all is asked. */
static bool key_is_known(const char *key, void *payload)
{
        Step *step = payload;
        bool knows = g_hash_table_contains(step->keys, key);

        return knows ||
               (step->feeds != NULL &&
                (step->failure != NULL || !feeds_knows(step->feeds, key, &knows, &step->failure) || knows));
}

/* ---- the feeds ---- */

/* Why nobody vouches for a record any more; NULL where somebody does, or nobody has to. */
static bool doubt_of(const Step *step, const char *source, const char *id, const char **ret_doubt,
                     GError **error)
{
        FeedSignature signature;
        const char *because;

        *ret_doubt = NULL;
        if (step->keyring == NULL || strcmp(source, "csaf") != 0)
                return true;
        if (!feeds_signature(step->feeds, source, id, &signature, error))
                return false;
        if (feed_keyring_cover(step->keyring, &signature, &because) == FEED_COVER_WITHDRAWN)
                *ret_doubt = because;
        return true;
}

static bool record_match(const char *source, const char *id, GBytes *body, void *payload, GError **error)
{
        Step *step = payload;
        g_autoptr(Advisory) advisory = advisory_load(body, error);
        const char *doubt;

        if (advisory != NULL && doubt_of(step, source, id, &doubt, error) &&
            advisory_match(step, advisory, doubt, error))
                return true;
        g_prefix_error(error, "%s: ", id);
        return false;
}

/* Only records that name something installed are read. */
static bool feeds_match(Step *step, GError **error)
{
        g_autoptr(GPtrArray) keys = match_index_keys(step->index);

        return step->feeds == NULL || feeds_find(step->feeds, keys, record_match, step, error);
}

/* Which of the vulnerabilities found are in the catalogue of those that are exploited. */
static bool exploited_find(Step *step, const GPtrArray *verdicts, GHashTable *exploited, GError **error)
{
        for (guint i = 0; step->feeds != NULL && i < verdicts->len; i++) {
                const char *id = ((const Verdict *)verdicts->pdata[i])->vulnerability;
                g_autoptr(GError) why = NULL;
                g_autoptr(GBytes) record = feeds_get(step->feeds, "kev", id, &why);

                if (why != NULL) {
                        g_propagate_error(error, g_steal_pointer(&why));
                        return false;
                }
                if (record != NULL)
                        g_hash_table_add(exploited, g_strdup(id));
        }
        return true;
}

static bool feeds_of(Step *step, GError **error)
{
        const char *dir = store_dir(step->store);

        if (!feeds_exist(dir))
                return true;
        step->feeds = feeds_open(dir, error);
        return step->feeds != NULL;
}

/* ---- the step ---- */

/* What was matched so far, to begin anew. */
static void step_forget(Step *step)
{
        g_ptr_array_set_size(step->subjects, 0);
        g_clear_pointer(&step->verdicts, verdicts_free);
        g_clear_pointer(&step->index, match_index_free);
        step->matched->advisories = 0;
}

static void step_clear(Step *step)
{
        g_hash_table_unref(step->brought);
        g_hash_table_unref(step->keys);
        g_clear_error(&step->failure);
        g_ptr_array_unref(step->subjects);
        verdicts_free(step->verdicts);
        match_index_free(step->index);
        inventory_free(step->inventory);
        feeds_close(step->feeds);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Step, step_clear)

static void bytes_free(gpointer bytes)
{
        g_bytes_unref(bytes);
}

/* All that is installed, and all that the advisories say of it. */
static GPtrArray *verdicts_find(Step *step, StoreView *view, const Id *log, GError **error)
{
        const OpSource ops = { keeping_each, step, step->matched->before.n };

        step->inventory = inventory_load(view, log, &ops, error);
        if (step->inventory == NULL || !documents_each(step, keys_take, error))
                return NULL;
        step->index = match_index_new();
        match_index_ask(step->index, key_is_known, step);
        step->verdicts = verdicts_new(step->index);
        subjects_add(step->inventory, step->index, step->subjects);
        if (step->failure != NULL) {
                g_propagate_error(error, g_steal_pointer(&step->failure));
                return NULL;
        }
        if (!documents_each(step, document_match, error) || !feeds_match(step, error))
                return NULL;
        return verdicts_conclude(step->verdicts);
}

/* ---- of what was touched ---- */

/* What is said of other vulnerabilities is not all that is said of them. A finding whose identity does not begin with its
 * vulnerability may be one that nobody looked for: then *ret_plain is false. */
static GPtrArray *verdicts_pick(const Step *step, const Affected *affected, bool *ret_plain)
{
        GPtrArray *verdicts = verdicts_conclude(step->verdicts);

        *ret_plain = true;
        for (guint i = verdicts->len; i > 0; i--) {
                const Verdict *verdict = verdicts->pdata[i - 1];
                g_autofree char *identity = finding_identity(step->subjects->pdata[verdict->subject],
                                                             verdict->vulnerability);

                if (!g_hash_table_contains(affected->vulnerabilities, verdict->vulnerability))
                        g_ptr_array_remove_index(verdicts, i - 1);
                else
                        *ret_plain = *ret_plain && strchr(identity, '|') != NULL;
        }
        return verdicts;
}

static bool affected_match(Step *step, const Affected *affected, GError **error)
{
        step->index = match_index_new();
        step->verdicts = verdicts_new(step->index);
        subjects_add(affected->inventory, step->index, step->subjects);
        for (guint i = 0; i < affected->advisories->len; i++) {
                const AffectedAdvisory *one = affected->advisories->pdata[i];
                const char *doubt = NULL;

                if ((one->source != NULL && !doubt_of(step, one->source, one->id, &doubt, error)) ||
                    !advisory_match(step, one->advisory, doubt, error))
                        return false;
        }
        return true;
}

/* *ret_verdicts is NULL when all is to be matched. */
static bool verdicts_of_touched(Step *step, StoreView *view, const Id *log, const Rematch *rematch,
                                GPtrArray **ret_verdicts, GError **error)
{
        const AffectedSince since = { rematch->log, (Seq)rematch->before.head, rematch->touched };
        g_autoptr(Affected) affected = NULL;
        g_autoptr(GPtrArray) verdicts = NULL;
        bool plain;

        *ret_verdicts = NULL;
        if (!affected_find(view, step->store, log, step->feeds, &since, &affected, error) ||
            (affected != NULL && !affected_match(step, affected, error)))
                return false;
        if (affected == NULL)
                return true;
        verdicts = verdicts_pick(step, affected, &plain);
        if (!plain) {
                step_forget(step);
                return true;
        }
        step->inventory = g_steal_pointer(&affected->inventory);
        *ret_verdicts = g_steal_pointer(&verdicts);
        return true;
}

static GPtrArray *verdicts_of(Step *step, StoreView *view, const Id *log, Rematch *rematch, GError **error)
{
        GPtrArray *verdicts = NULL;

        if (!feeds_of(step, error))
                return NULL;
        if (rematch != NULL && rematch->touched != NULL &&
            !verdicts_of_touched(step, view, log, rematch, &verdicts, error))
                return NULL;
        if (verdicts != NULL)
                return verdicts;
        if (rematch != NULL)
                rematch_is_all(rematch);
        return verdicts_find(step, view, log, error);
}

static size_t matched_count(const GPtrArray *subjects)
{
        size_t n = 0;

        for (guint i = 0; i < subjects->len; i++)
                n += ((const Thing *)subjects->pdata[i])->aside ? 0 : 1;
        return n;
}

bool advisories_match(StoreView *view, Store *store, const Id *log, const OpSource *ops,
                      const FeedKeyring *keyring, Rematch *rematch, Matched *ret_matched, GError **error)
{
        Matched matched = { .before = *ops, .kept = json_array(), .found = json_array() };
        g_auto(Step) step = { .store = store,
                              .matched = &matched,
                              .keyring = keyring,
                              .brought = hash_table_new_text(g_free, bytes_free),
                              .keys = hash_table_new_text(g_free, NULL),
                              .subjects = g_ptr_array_new() };
        g_autoptr(GHashTable) exploited = hash_table_new_text(g_free, NULL);
        g_autoptr(GHashTable) decisions = NULL;
        g_autoptr(TriagePolicy) policy = NULL;
        g_autoptr(GPtrArray) verdicts = verdicts_of(&step, view, log, rematch, error);

        if (verdicts != NULL && exploited_find(&step, verdicts, exploited, error))
                decisions = decisions_load(view, log, ZW_SEQ_OPEN - 1, error);
        policy = decisions == NULL ? NULL : policy_load(view, log, ZW_SEQ_OPEN - 1, error);
        if (policy == NULL) {
                matched_clear(&matched);
                return false;
        }
        const FindingRules rules = { policy, decisions, instant_now() };

        findings_append(step.inventory, step.subjects, verdicts, exploited, &rules, matched.found);
        matched.installed = matched_count(step.subjects);
        matched.to_day = decisions_last_day(decisions, rules.now);
        *ret_matched = matched;
        return true;
}

static bool matched_see(const ItemRev *rev, void *payload, GError **error)
{
        if (rev->kind != ZW_KIND_DOCUMENT && rev->kind != ZW_KIND_FINDING)
                return true;
        *(bool *)payload = true;
        error_set(error, ZW_ERR_EXISTS, NULL, "one is enough");
        return false;
}

bool advisories_are_due(StoreView *view, const Store *store, const Id *log, bool brings, bool *ret_due,
                        GError **error)
{
        g_autoptr(GError) why = NULL;

        *ret_due = brings || feeds_exist(store_dir(store));
        if (*ret_due || store_each_item(view, log, ZW_SEQ_OPEN - 1, matched_see, ret_due, &why) || *ret_due)
                return true;
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
}
