#include "service/interchange/advisory.h"

#include "base/canon.h"
#include "base/hash.h"
#include "service/findings/finding.h"
#include "service/interchange/inventory.h"
#include "service/interchange/rematch.h"
#include "store/feeds.h"
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
        g_clear_pointer(&matched->asked, g_array_unref);
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

/* ---- what is installed ---- */

/* Borrowed texts, ended by NULL. */
static const char **hashes_of(const Thing *thing)
{
        GPtrArray *hashes = g_ptr_array_new();
        const char *hash = NULL;

        while ((hash = thing_each_text(thing, "hashes", hash)) != NULL)
                g_ptr_array_add(hashes, (gpointer)(uintptr_t)hash);
        g_ptr_array_add(hashes, NULL);
        return (const char **)g_ptr_array_free(hashes, FALSE);
}

static void subject_add(Step *step, Thing *thing, const Thing *product, const char *version,
                        const char *serial, bool names)
{
        g_autofree const char **hashes = product != NULL && names ? hashes_of(product) : NULL;
        const MatchSubject subject = {
                .vendor = names ? thing_text(product, "vendor") : NULL,
                .product = names ? thing_text(product, "product") : NULL,
                .part_number = names ? thing_text(product, "part_number") : NULL,
                .cpe = names ? thing_text(product, "cpe") : NULL,
                /* a package URL has a version of its own */
                .purl = names && thing == product ? thing_text(product, "purl") : NULL,
                .hashes = hashes,
                .version = version,
                .serial = serial,
        };

        thing->number = match_index_add(step->index, &subject) + 1;
        g_ptr_array_add(step->subjects, thing);
}

/* The version an asset is told to have, where it is another than that of its only component. */
static const char *own_version(const Thing *asset)
{
        const char *version = thing_text(asset, "installed_version");

        if (version == NULL || asset->components.n != 1 ||
            g_strcmp0(version, thing_text(things_at(&asset->components, 0), "version")) == 0)
                return NULL;
        return version;
}

/* Every instance says that another version is installed: the component as it is written down is nowhere. */
static bool is_elsewhere(const Thing *component)
{
        bool any = false;

        for (uint32_t i = 0; i < component->wholes.n; i++) {
                const Thing *whole = things_at(&component->wholes, i);

                if (whole->kind != ZW_KIND_ASSET || whole->retired)
                        continue;
                if (own_version(whole) == NULL)
                        return false;
                any = true;
        }
        return any;
}

/* An asset is a subject of its own where it has a version or a serial number of its own. It takes its names from the
 * component only with the version, or else the component's findings would be found twice. Others take part in what belongs
 * together. */
static void asset_add(Step *step, Thing *asset)
{
        const Thing *component = asset->components.n == 1 ? things_at(&asset->components, 0) : NULL;
        const char *own = own_version(asset), *version = own;

        if (version == NULL)
                version = thing_text(asset, "installed_version");
        if (version == NULL && component != NULL)
                version = thing_text(component, "version");
        subject_add(step, asset, component, version, thing_text(asset, "serial"), own != NULL);
}

static void component_add(Step *step, Thing *component)
{
        const char *version = thing_text(component, "version");

        subject_add(step, component, component, version, NULL, !is_elsewhere(component));
}

static void subjects_add(Step *step)
{
        for (guint i = 0; i < step->inventory->things->len; i++) {
                Thing *thing = step->inventory->things->pdata[i];

                if (thing->retired || (thing->kind != ZW_KIND_COMPONENT && thing->kind != ZW_KIND_ASSET))
                        continue;
                if (thing->kind == ZW_KIND_ASSET)
                        asset_add(step, thing);
                else
                        component_add(step, thing);
        }
        for (guint i = 0; i < step->subjects->len; i++) {
                const Thing *thing = step->subjects->pdata[i];

                for (uint32_t j = 0; j < thing->wholes.n; j++) {
                        const Thing *whole = things_at(&thing->wholes, j);

                        if (whole->number > 0)
                                match_index_put_within(step->index, i, whole->number - 1);
                }
        }
        match_index_finish(step->index);
}

/* ---- the advisories ---- */

static GBytes *assertions_of(const Step *step, const Thing *document, GError **error)
{
        g_autofree char *name = document->system == NULL
                                        ? NULL
                                        : g_strdup_printf("%s\n%s", document->system, document->id);
        GBytes *brought = name == NULL ? NULL : g_hash_table_lookup(step->brought, name);
        Digest digest;

        if (brought != NULL)
                return g_bytes_ref(brought);
        if (!hex_decode(document->digest, digest.b, ZW_DIGEST_BYTES, error))
                return NULL;
        return store_blob_load(step->store, &digest, ASSERTIONS_BYTES_MAX, error);
}

typedef bool (*AdvisoryFn)(Step *step, const Advisory *advisory, GError **error);

static bool document_read(Step *step, const Thing *document, AdvisoryFn fn, GError **error)
{
        g_autoptr(GBytes) bytes = assertions_of(step, document, error);
        g_autoptr(Advisory) advisory = bytes == NULL ? NULL : advisory_load(bytes, error);

        if (advisory != NULL && fn(step, advisory, error))
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

        rematch_mark(step->matched->asked, key);
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
                g_autofree char *key = g_strconcat(ZW_MATCH_EXPLOITED, id, NULL);
                g_autoptr(GError) why = NULL;
                g_autoptr(GBytes) record = feeds_get(step->feeds, "kev", id, &why);

                if (why != NULL) {
                        g_propagate_error(error, g_steal_pointer(&why));
                        return false;
                }
                rematch_mark(step->matched->asked, key);
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
        if (step->inventory == NULL || !feeds_of(step, error) || !documents_each(step, keys_take, error))
                return NULL;
        step->index = match_index_new();
        match_index_ask(step->index, key_is_known, step);
        step->verdicts = verdicts_new(step->index);
        subjects_add(step);
        if (step->failure != NULL) {
                g_propagate_error(error, g_steal_pointer(&step->failure));
                return NULL;
        }
        if (!documents_each(step, document_match, error) || !feeds_match(step, error))
                return NULL;
        return verdicts_conclude(step->verdicts);
}

bool advisories_match(StoreView *view, Store *store, const Id *log, const OpSource *ops,
                      const FeedKeyring *keyring, Matched *ret_matched, GError **error)
{
        Matched matched = {
                .before = *ops, .kept = json_array(), .found = json_array(), .asked = rematch_marks_new()
        };
        g_auto(Step) step = { .store = store,
                              .matched = &matched,
                              .keyring = keyring,
                              .brought = hash_table_new_text(g_free, bytes_free),
                              .keys = hash_table_new_text(g_free, NULL),
                              .subjects = g_ptr_array_new() };
        g_autoptr(GHashTable) exploited = hash_table_new_text(g_free, NULL);
        g_autoptr(GHashTable) decisions = NULL;
        g_autoptr(TriagePolicy) policy = NULL;
        g_autoptr(GPtrArray) verdicts = verdicts_find(&step, view, log, error);

        if (verdicts != NULL && exploited_find(&step, verdicts, exploited, error))
                decisions = decisions_load(view, log, ZW_SEQ_OPEN - 1, error);
        policy = decisions == NULL ? NULL : policy_load(view, log, ZW_SEQ_OPEN - 1, error);
        if (policy == NULL) {
                matched_clear(&matched);
                return false;
        }
        const FindingRules rules = { policy, decisions, instant_now() };

        findings_append(step.inventory, step.subjects, verdicts, exploited, &rules, matched.found);
        matched.installed = step.subjects->len;
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
