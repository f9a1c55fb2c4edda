/* From what readers found to operations of this project. */
#include "service/interchange/advisory.h"
#include "service/interchange/bind.h"
#include "service/interchange/controls.h"
#include "service/interchange/import.h"
#include "service/interchange/inventory.h"
#include "service/interchange/scan.h"
#include "service/interchange/statements.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* ---- gathering ---- */

static ImportFile *file_of(const Import *import, size_t i)
{
        return &g_array_index(import->files, ImportFile, i);
}

/* With several files, places begin with the name of theirs. */
static json_t *place_new(const Import *import, size_t i, const char *where)
{
        const char *name = file_of(import, i)->file->name;

        if (import->files->len == 1)
                return json_string(where == NULL || where[0] == '\0' ? name : where);
        return where == NULL || where[0] == '\0' ? json_string(name) : json_sprintf("%s: %s", name, where);
}

static void rows_take(const Import *import, size_t i, const json_t *rows, json_t *list)
{
        json_t *row;
        size_t n;

        json_array_foreach(rows, n, row)
        {
                json_object_set_new(row, "where", place_new(import, i, jread_get_string(row, "where")));
                json_array_append(list, row);
        }
}

static char *identity_of(const json_t *source)
{
        const char *system = jread_get_string(source, "system"), *id = jread_get_string(source, "id");

        return system == NULL || id == NULL ? NULL : g_strdup_printf("%s\n%s", system, id);
}

static void name_take(Import *import, const FormatDef *def, const json_t *source)
{
        char *name = identity_of(source);
        guint before;

        if (name == NULL)
                return;
        before = GPOINTER_TO_UINT(g_hash_table_lookup(import->named, name));
        g_hash_table_insert(import->named, name, GUINT_TO_POINTER(before + 1));
        if (def->whole)
                g_hash_table_add(import->whole, g_strdup(jread_get_string(source, "system")));
}

typedef struct {
        Import *import;
        size_t i; /* number of the file */
} Gathering;

static unsigned steps_for(const json_t *op);

static bool op_note(json_t *op, void *payload, GError **error G_GNUC_UNUSED)
{
        const Gathering *gathering = payload;
        Import *import = gathering->import;
        ImportFile *file = file_of(import, gathering->i);
        const char *name = jread_get_string(op, "op");

        if (g_strcmp0(name, "commit") == 0) {
                g_free(import->message);
                import->message = g_strdup(jread_get_string(op, "message"));
                return true;
        }
        import->n_ops++;
        import->wanted |= steps_for(op);
        import->brings_advisory = import->brings_advisory || g_strcmp0(name, "advisory") == 0;
        if (g_strcmp0(name, "item") != 0)
                return true;
        name_take(import, format_def(file->result->format), json_object_get(op, "source"));
        file->attached = file->attached || jread_get_bool(op, "attach_file", false);
        return true;
}

bool import_gather(Import *import, size_t i, GError **error)
{
        const WorkerResult *result = file_of(import, i)->result;
        Gathering gathering = { import, i };

        if (!worker_each_op(result, op_note, &gathering, error))
                return false;
        rows_take(import, i, result->refused, import->refused);
        rows_take(import, i, result->problems, import->problems);
        rows_take(import, i, result->lost, import->lost);
        return true;
}

void import_name(Import *import, const char *system, const char *id)
{
        g_hash_table_add(import->named, g_strdup_printf("%s\n%s", system, id));
}

/* ---- preparing ---- */

static bool file_digest(const ImportFile *file, char *ret_hex, uint64_t *ret_size, GError **error)
{
        g_autoptr(HashState) state = hash_new();
        uint8_t block[64 << 10];
        uint64_t size = 0;
        Digest digest;

        for (;;) {
                ssize_t got = pread(file->file->fd, block, sizeof(block), (off_t)size);

                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0) {
                        error_set(error, ZW_ERR_STORAGE, file->file->name, "the file cannot be read: %s",
                                  g_strerror(errno));
                        return false;
                }
                if (got == 0)
                        break;
                hash_update(state, block, (size_t)got);
                size += (uint64_t)got;
        }
        digest = hash_finish(state);
        hex_encode(digest.b, ZW_DIGEST_BYTES, ret_hex);
        *ret_size = size;
        return true;
}

static bool file_store(const Import *import, const ImportFile *file, const char *expected, GError **error)
{
        char hex[ZW_DIGEST_HEX];
        Digest digest;
        uint64_t size;

        if (lseek(file->file->fd, 0, SEEK_SET) != 0 ||
            !store_blob_put_fd(import->call->service->store, file->file->fd, file->size, &digest, &size,
                               error))
                return false;
        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        if (strcmp(hex, expected) == 0)
                return true;
        error_set(error, ZW_ERR_CONFLICT, file->file->name, "the file changed while it was read");
        return false;
}

static bool file_keep(const Import *import, ImportFile *file, GError **error)
{
        char hex[ZW_DIGEST_HEX];

        if (file->digest != NULL)
                return true;
        if (!file_digest(file, hex, &file->size, error) ||
            (!import->dry_run && !file_store(import, file, hex, error)))
                return false;
        file->digest = g_strdup(hex);
        return true;
}

/* The keys that have to cover what the feeds say, where they have to. */
static bool keyring_take(Import *import, GError **error)
{
        g_autoptr(FeedKeyring) keyring = NULL;

        if (!feeds_exist(store_dir(import->call->service->store)))
                return true;
        keyring = feed_keyring_of(import->call->service, error);
        if (keyring != NULL && feed_keyring_demands(keyring))
                import->keyring = g_steal_pointer(&keyring);
        return import->keyring != NULL || keyring != NULL;
}

bool import_prepare(Import *import, GError **error)
{
        for (guint i = 0; i < import->files->len; i++)
                if (file_of(import, i)->attached && !file_keep(import, file_of(import, i), error))
                        return false;
        return keyring_take(import, error);
}

/* ---- giving ---- */

/* A reader of a foreign format says once all there is to say of an item; native operations are changes. */
static bool is_complete(const Import *import, const WorkerResult *result, const json_t *op)
{
        g_autofree char *name = identity_of(json_object_get(op, "source"));

        return name != NULL && result->format != ZW_FORMAT_NATIVE &&
               GPOINTER_TO_UINT(g_hash_table_lookup(import->named, name)) == 1;
}

typedef struct {
        const Import *import;
        size_t i; /* number of the file */
        SpillJsonFn take;
        void *data;
} Giving;

/* Adds where it comes from, and whether it says all there is of its item. */
static bool op_give(json_t *op, void *payload, GError **error)
{
        const Giving *giving = payload;
        const WorkerResult *result = file_of(giving->import, giving->i)->result;
        const char *name = jread_get_string(op, "op");

        if (g_strcmp0(name, "commit") == 0)
                return true;
        json_object_set_new(op, "where", place_new(giving->import, giving->i, jread_get_string(op, "where")));
        json_object_set_new(op, "file", json_integer((json_int_t)giving->i));
        if (g_strcmp0(name, "item") == 0 && !jread_get_bool(op, "part", false) &&
            is_complete(giving->import, result, op))
                json_object_set_new(op, "complete", json_true());
        return giving->take(op, giving->data, error);
}

static bool ops_each(void *payload, SpillJsonFn take, void *data, GError **error)
{
        const Import *import = payload;

        for (guint i = 0; i < import->files->len; i++) {
                Giving giving = { import, i, take, data };

                if (file_of(import, i)->result != NULL &&
                    !worker_each_op(file_of(import, i)->result, op_give, &giving, error))
                        return false;
        }
        return true;
}

static bool op_hold(json_t *op, void *ops, GError **error G_GNUC_UNUSED)
{
        return json_array_append(ops, op) == 0;
}

void import_ops_clear(ImportOps *ops)
{
        matched_clear(&ops->matched);
        g_clear_pointer(&ops->held, json_decref);
}

/* Takes the array for what all operations are now. */
static void ops_put(ImportOps *ops, json_t *held)
{
        import_ops_clear(ops);
        ops->held = held;
        ops->source = op_source_of_array(held);
}

/* Holds all operations in memory, unless they are held already. */
static bool ops_hold(ImportOps *ops, GError **error)
{
        g_autoptr(Json) held = json_array();

        if (ops->held != NULL && ops->source.payload == ops->held)
                return true;
        if (!ops->source.each(ops->source.payload, op_hold, held, error))
                return false;
        ops_put(ops, g_steal_pointer(&held));
        return true;
}

/* ---- steps ---- */

static const char *media_of(const char *name)
{
        static const struct {
                const char *suffix, *media;
        } known[] = { { ".json", "application/json" }, { ".xml", "application/xml" },
                      { ".tm7", "application/xml" },   { ".tb7", "application/xml" },
                      { ".xz", "application/x-xz" },   { ".csv", "text/csv" } };
        g_autofree char *lower = g_ascii_strdown(name, -1);

        for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
                if (g_str_has_suffix(lower, known[i].suffix))
                        return known[i].media;
        return "application/octet-stream";
}

static json_t *attach_op(const ImportFile *file, const json_t *item)
{
        const json_t *source = json_object_get(item, "source");
        json_t *op = json_pack("{s:s, s:O, s:O, s:s, s:s, s:I, s:s}", "op", "attach", "where",
                               json_object_get(item, "where"), "file", json_object_get(item, "file"), "name",
                               file->file->name, "digest", file->digest, "size", (json_int_t)file->size,
                               "media", media_of(file->file->name));

        if (json_object_get(item, "key") != NULL)
                json_object_set(op, "item", json_object_get(item, "key"));
        else
                json_object_set_new(op, "item",
                                    json_pack("{s:[O, O]}", "source", json_object_get(source, "system"),
                                              json_object_get(source, "id")));
        return op;
}

/* Files that stand for an item are attached to it. */
static bool attach_files(Import *import, StoreView *view G_GNUC_UNUSED, const json_t *ops, json_t **ret_ops,
                         GError **error G_GNUC_UNUSED)
{
        json_t *all = json_array(), *op;
        size_t i;

        json_array_foreach(ops, i, op)
        {
                const ImportFile *file = file_of(import,
                                                 (size_t)json_integer_value(json_object_get(op, "file")));
                json_t *plain;

                if (json_object_get(op, "attach_file") == NULL) {
                        json_array_append(all, op);
                        continue;
                }
                plain = json_copy(op);
                json_object_del(plain, "attach_file");
                json_array_append_new(all, plain);
                if (jread_get_bool(op, "attach_file", false) && file->digest != NULL)
                        json_array_append_new(all, attach_op(file, op));
        }
        *ret_ops = all;
        return true;
}

/* Results that name their case as a test tool does get the key of a test case. */
static bool bind_results(Import *import, StoreView *view, const json_t *ops, json_t **ret_ops, GError **error)
{
        g_autoptr(Json) unmatched = json_array();

        if (!results_bind(view, &import->call->project->log, import->profile, ops, ret_ops, unmatched, error))
                return false;
        json_object_set(import->outcome, "unmatched", unmatched);
        if (import->results_only)
                json_object_set_new(import->outcome, "totals", import_run_totals(*ret_ops));
        return true;
}

/* What scanners found becomes findings, after advisories made theirs. */
static bool take_scans(Import *import, StoreView *view, const json_t *ops, json_t **ret_ops, GError **error)
{
        return scans_take(view, &import->call->project->log, ops, ret_ops, error);
}

/* Advisories are kept, and all that are kept are matched to what is installed now. A bill of materials is large, so its operations
 * pass by. */
static bool match_advisories(Import *import, StoreView *view, ImportOps *ops, GError **error)
{
        if (!advisories_match(view, import->call->service->store, &import->call->project->log, &ops->source,
                              import->keyring, import->matching ? &import->rematch : NULL, &ops->matched,
                              error))
                return false;
        import->rematch.to_day = ops->matched.to_day;
        ops->source = matched_ops(&ops->matched);
        json_object_set_new(import->outcome, "read",
                            json_pack("{s:I, s:I}", "installed", (json_int_t)ops->matched.installed,
                                      "advisories", (json_int_t)ops->matched.advisories));
        return true;
}

static bool is_attaching(const json_t *op)
{
        return json_object_get(op, "attach_file") != NULL;
}

/* One row per step, in their order; each gets the operations so far and gives them back with its own: `run` all of them at hand, `pass`
 * as they come by. They run on the pending tip, perhaps twice, and change nothing but what they give. `wants` tells an operation that
 * the step is for. */
static const struct {
        bool (*wants)(const json_t *op);
        bool (*run)(Import *import, StoreView *view, const json_t *ops, json_t **ret_ops, GError **error);
        bool (*pass)(Import *import, StoreView *view, ImportOps *ops, GError **error);
} steps[] = {
        { is_attaching, attach_files, NULL },
        { result_is_named_by_tool, bind_results, NULL },
        { inventory_op_touches, NULL, match_advisories },
        { scan_is, take_scans, NULL },
        { statement_is, statements_take, NULL },
        { control_is_named, controls_bind, NULL },
};

static unsigned steps_for(const json_t *op)
{
        unsigned wanted = 0;

        for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++)
                wanted |= (steps[i].wants(op) ? 1U : 0U) << i;
        return wanted;
}

/* Whether a step has work: there may be nothing that what is installed could be matched to; totals are told of no results, too. */
static bool step_is_due(const Import *import, StoreView *view, size_t i, bool *ret_due, GError **error)
{
        *ret_due = (import->wanted >> i & 1) != 0;
        if (steps[i].run == bind_results)
                *ret_due = *ret_due || import->results_only;
        if (steps[i].pass != match_advisories)
                return true;
        *ret_due = *ret_due || import->matching;
        return !*ret_due ||
               advisories_are_due(view, import->call->service->store, &import->call->project->log,
                                  import->brings_advisory, ret_due, error);
}

static bool step_run(Import *import, StoreView *view, size_t i, ImportOps *ops, GError **error)
{
        json_t *next;

        if (steps[i].pass != NULL)
                return steps[i].pass(import, view, ops, error);
        if (!ops_hold(ops, error) || !steps[i].run(import, view, ops->held, &next, error))
                return false;
        ops_put(ops, next);
        return true;
}

bool import_steps(Import *import, StoreView *view, ImportOps *ops, GError **error)
{
        ops->source = (OpSource){ ops_each, import, import->n_ops };
        for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
                bool due;

                if (!step_is_due(import, view, i, &due, error) ||
                    (due && !step_run(import, view, i, ops, error)))
                        return false;
        }
        return true;
}

/* ---- what is missing ---- */

typedef struct {
        Import *import;
        StoreView *view;
        const char *system;
        json_t *counts, *list;
} Missing;

static bool missing_see(const char *id, ItemNo no, void *payload, GError **error)
{
        Missing *missing = payload;
        g_autofree char *name = g_strdup_printf("%s\n%s", missing->system, id);
        g_autoptr(StoreItem) item = NULL;
        const ItemRev *rev;
        const char *kind;

        if (g_hash_table_contains(missing->import->named, name))
                return true;
        item = store_item_by_no(missing->view, &missing->import->call->project->log, no, ZW_SEQ_OPEN - 1,
                                error);
        if (item == NULL)
                return false;
        rev = store_item_rev(item);
        if (state_def(rev->state)->flags & STATE_RETIRED)
                return true;
        kind = kind_def(rev->kind)->name;
        json_object_set_new(missing->counts, kind, json_integer(jread_get_int(missing->counts, kind, 0) + 1));
        json_array_append_new(missing->list, json_pack("{s:s, s:s, s:s, s:s}", "item", rev->key, "title",
                                                       rev->title, "system", missing->system, "id", id));
        return true;
}

static int by_text(gconstpointer a, gconstpointer b)
{
        return strcmp(a, b);
}

bool import_find_missing(Import *import, StoreView *view, GError **error)
{
        g_autoptr(GList) systems = g_list_sort(g_hash_table_get_keys(import->whole), by_text);
        json_t *counts = json_object(), *list = json_array();

        json_object_set_new(import->outcome, "missing", counts);
        json_object_set_new(import->outcome, "missing_items", list);
        for (GList *system = systems; system != NULL; system = system->next) {
                Missing missing = { import, view, system->data, counts, list };

                if (!store_each_source(view, &import->call->project->log, missing.system, missing_see,
                                       &missing, error))
                        return false;
        }
        return true;
}
