#include "service/interchange/advisory.h"

#include "base/canon.h"
#include "base/hash.h"
#include "service/findings/finding.h"
#include "service/interchange/inventory.h"
#include "store/feeds.h"
#include "vuln/verdict.h"

#include <string.h>

enum { ASSERTIONS_BYTES_MAX = 64 << 20 };

typedef struct {
        Inventory *inventory;
        Store *store;
        GHashTable *
                brought; /* document's system, line feed, id → GBytes of assertions that the operations bring */
        GPtrArray *subjects; /* Thing by number in the index */
        MatchIndex *index;
        Verdicts *verdicts;
        Feeds *feeds; /* NULL: there are none */
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

static json_t *ops_keep(Step *step, const json_t *ops, GError **error)
{
        g_autoptr(Json) kept = json_array();
        json_t *op;
        size_t i;

        json_array_foreach(ops, i, op)
        {
                json_t *attach;

                if (g_strcmp0(jread_get_string(op, "op"), "advisory") != 0) {
                        json_array_append(kept, op);
                        continue;
                }
                attach = assertions_keep(step, op, error);
                if (attach == NULL)
                        return NULL;
                json_array_append_new(kept, attach);
        }
        return g_steal_pointer(&kept);
}

/* ---- what is installed ---- */

static char **hashes_of(const Thing *thing)
{
        const json_t *list = json_object_get(thing->attrs, "hashes"), *value;
        size_t n = json_array_size(list), i;
        char **hashes = g_new0(char *, n + 1);

        json_array_foreach(list, i, value)
                hashes[i] = g_strdup(json_is_string(value) ? json_string_value(value) : "");
        return hashes;
}

static void subject_add(Step *step, Thing *thing, const Thing *product, const char *version,
                        const char *serial, bool names)
{
        g_auto(GStrv) hashes = product != NULL && names ? hashes_of(product) : NULL;
        const MatchSubject subject = {
                .vendor = names ? thing_text(product, "vendor") : NULL,
                .product = names ? thing_text(product, "product") : NULL,
                .part_number = names ? thing_text(product, "part_number") : NULL,
                .cpe = names ? thing_text(product, "cpe") : NULL,
                /* a package URL has a version of its own */
                .purl = names && thing == product ? thing_text(product, "purl") : NULL,
                .hashes = (const char *const *)hashes,
                .version = version,
                .serial = serial,
        };

        match_index_add(step->index, &subject);
        g_ptr_array_add(step->subjects, thing);
}

/* The version an asset is told to have, where it is another than that of its only component. */
static const char *own_version(const Thing *asset)
{
        const char *version = thing_text(asset, "installed_version");

        if (version == NULL || asset->components->len != 1 ||
            g_strcmp0(version, thing_text(asset->components->pdata[0], "version")) == 0)
                return NULL;
        return version;
}

/* Every instance says that another version is installed: the component as it is written down is nowhere. */
static bool is_elsewhere(const Thing *component)
{
        bool any = false;

        for (guint i = 0; i < component->wholes->len; i++) {
                const Thing *whole = component->wholes->pdata[i];

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
        const Thing *component = asset->components->len == 1 ? asset->components->pdata[0] : NULL;
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
        g_autoptr(GHashTable) numbers = g_hash_table_new(NULL, NULL); /* Thing → number + 1 */

        for (guint i = 0; i < step->inventory->things->len; i++) {
                Thing *thing = step->inventory->things->pdata[i];

                if (thing->retired || (thing->kind != ZW_KIND_COMPONENT && thing->kind != ZW_KIND_ASSET))
                        continue;
                if (thing->kind == ZW_KIND_ASSET)
                        asset_add(step, thing);
                else
                        component_add(step, thing);
                g_hash_table_insert(numbers, thing, GUINT_TO_POINTER(step->subjects->len));
        }
        for (guint i = 0; i < step->subjects->len; i++) {
                const Thing *thing = step->subjects->pdata[i];

                for (guint j = 0; j < thing->wholes->len; j++) {
                        guint whole = GPOINTER_TO_UINT(g_hash_table_lookup(numbers, thing->wholes->pdata[j]));

                        if (whole > 0)
                                match_index_put_within(step->index, i, whole - 1);
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

static bool document_match(Step *step, const Thing *document, GError **error)
{
        g_autoptr(GBytes) bytes = assertions_of(step, document, error);
        g_autoptr(Advisory) advisory = bytes == NULL ? NULL : advisory_load(bytes, error);

        if (advisory != NULL && verdicts_add(step->verdicts, advisory, error))
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

static bool documents_match(Step *step, GError **error)
{
        for (guint i = 0; i < step->inventory->things->len; i++)
                if (is_kept(step, step->inventory->things->pdata[i]) &&
                    !document_match(step, step->inventory->things->pdata[i], error))
                        return false;
        return true;
}

/* ---- the feeds ---- */

static bool record_match(const char *source G_GNUC_UNUSED, const char *id, GBytes *body, void *payload,
                         GError **error)
{
        Step *step = payload;
        g_autoptr(Advisory) advisory = advisory_load(body, error);

        if (advisory != NULL && verdicts_add(step->verdicts, advisory, error))
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

static void step_clear(Step *step)
{
        g_hash_table_unref(step->brought);
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

bool advisories_match(StoreView *view, Store *store, const Id *log, const json_t *ops, bool always,
                      json_t **ret_ops, GError **error)
{
        g_auto(Step) step = { .store = store,
                              .brought = hash_table_new_text(g_free, bytes_free),
                              .subjects = g_ptr_array_new() };
        g_autoptr(GHashTable) exploited = hash_table_new_text(g_free, NULL);
        g_autoptr(GHashTable) decisions = NULL;
        g_autoptr(TriagePolicy) policy = NULL;
        g_autoptr(GPtrArray) verdicts = NULL;
        g_autoptr(Json) kept = NULL;
        FindingRules rules;

        if (!always && !inventory_is_touched(ops)) {
                *ret_ops = json_incref((json_t *)(uintptr_t)ops);
                return true;
        }
        kept = ops_keep(&step, ops, error);
        if (kept == NULL)
                return false;
        step.inventory = inventory_load(view, log, ops, error);
        if (step.inventory == NULL)
                return false;
        step.index = match_index_new();
        step.verdicts = verdicts_new(step.index);
        subjects_add(&step);
        if (!feeds_of(&step, error) || !documents_match(&step, error) || !feeds_match(&step, error))
                return false;
        verdicts = verdicts_conclude(step.verdicts);
        if (!exploited_find(&step, verdicts, exploited, error))
                return false;
        decisions = decisions_load(view, log, ZW_SEQ_OPEN - 1, error);
        policy = decisions == NULL ? NULL : policy_load(view, log, ZW_SEQ_OPEN - 1, error);
        if (policy == NULL)
                return false;
        rules = (FindingRules){ policy, decisions, instant_now() };
        findings_append(step.inventory, step.subjects, verdicts, exploited, &rules, kept);
        *ret_ops = g_steal_pointer(&kept);
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
