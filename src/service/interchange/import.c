/* The use case `import`: every file is read in the sandboxed worker; what the readers found goes through the steps of
 * import_ops.c on the pending tip, is resolved like any other changeset, and becomes one commit, or none. */
#include "service/interchange/import.h"

#include "service/changeset/draft.h"
#include "service/feeds/feed_health.h"
#include "service/interchange/profiles.h"

#include <string.h>

static void file_clear(gpointer data)
{
        ImportFile *file = data;

        worker_result_free(file->result);
        g_free(file->digest);
}

static void import_clear(Import *import)
{
        json_decref(import->profile);
        g_array_unref(import->files);
        json_decref(import->refused);
        json_decref(import->problems);
        json_decref(import->lost);
        g_hash_table_unref(import->named);
        g_hash_table_unref(import->whole);
        g_free(import->message);
        rematch_clear(&import->rematch);
        feed_keyring_unref(import->keyring);
        json_decref(import->outcome);
        json_decref(import->refused_here);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Import, import_clear)

static void import_init(Import *import, Call *call)
{
        *import = (Import){ .call = call,
                            .dry_run = jread_get_bool(call->input, "dry_run", false),
                            .partial = jread_get_bool(call->input, "partial", false),
                            .files = g_array_new(FALSE, TRUE, sizeof(ImportFile)),
                            .refused = json_array(),
                            .problems = json_array(),
                            .lost = json_array(),
                            .named = hash_table_new_text(g_free, NULL),
                            .whole = hash_table_new_text(g_free, NULL) };
        g_array_set_clear_func(import->files, file_clear);
        for (size_t i = 0; i < call->files.n; i++) {
                const ImportFile file = { .file = &call->files.files[i] };

                g_array_append_val(import->files, file);
        }
}

/* ---- reading ---- */

/* One of several files that cannot be read is a refused row; a single one makes the call fail. */
static bool file_refuse(Import *import, GError *why, GError **error)
{
        if (import->files->len == 1 || error_exit_code(why->code) != error_exit_code(ZW_ERR_INPUT)) {
                g_propagate_error(error, why);
                return false;
        }
        json_array_append_new(import->refused,
                              json_pack("{s:s, s:s}", "where", error_where(why), "reason", why->message));
        g_error_free(why);
        return true;
}

/* A profile of the project comes before one of the same name that comes with the program. */
static bool options_read(Import *import, const char **ret_format, GError **error)
{
        const char *name = jread_get_string(import->call->input, "profile");
        g_autoptr(Json) input = json_copy((json_t *)(uintptr_t)import->call->input);
        json_t *own = NULL;

        if (name != NULL && !project_profile(import->call, name, &own, error))
                return false;
        if (own != NULL)
                json_object_set_new(input, "profile", own);
        return reading_options(input, ret_format, &import->profile, error);
}

/* What is looked for among the operations of a file. */
typedef struct {
        bool first_only, feed, results;
} Look;

/* Readers give what feeds are made of as operations that no project takes. */
static bool op_look(json_t *op, void *payload, GError **error G_GNUC_UNUSED)
{
        Look *look = payload;
        const char *kind = jread_get_string(op, "kind");

        look->feed = look->feed || g_strcmp0(jread_get_string(op, "op"), "feed") == 0;
        look->results = g_strcmp0(kind, "test_run") == 0 || g_strcmp0(kind, "evidence") == 0;
        return !look->first_only && !look->feed && !look->results;
}

/* Refuses what was read and is not for this use case. Errors: INPUT; those of worker_each_op. */
static bool wanted_check(const Import *import, const ImportFile *file, GError **error)
{
        Look look = { .first_only = !import->results_only };
        GError *why = NULL;

        if (!worker_each_op(file->result, op_look, &look, &why) && why != NULL) {
                g_propagate_error(error, why);
                return false;
        }
        if (look.feed)
                error_set(error, ZW_ERR_INPUT, file->file->name,
                          "this is a feed of vulnerabilities, of no project: `zw feed import` takes it");
        else if (import->results_only && !look.results)
                error_set(error, ZW_ERR_INPUT, file->file->name,
                          "there are no test results in it: `zw import` may take it");
        else
                return true;
        return false;
}

static bool file_read(Import *import, guint i, const char *format, GError **error)
{
        ImportFile *file = &g_array_index(import->files, ImportFile, i);

        file->result = reading_run_lines(file->file, format, import->profile, import->call->progress, error);
        if (file->result == NULL)
                return false;
        if (wanted_check(import, file, error) && import_gather(import, i, error))
                return true;
        g_clear_pointer(&file->result, worker_result_free);
        return false;
}

static bool files_read(Import *import, GError **error)
{
        const char *format;

        if (!options_read(import, &format, error) ||
            (import->results_only && !import_run_facts(import, error)))
                return false;
        for (guint i = 0; i < import->files->len; i++) {
                GError *why = NULL;

                if (!file_read(import, i, format, &why) && !file_refuse(import, why, error))
                        return false;
        }
        return import_prepare(import, error);
}

/* ---- writing ---- */

static bool item_seen(const ItemRev *rev G_GNUC_UNUSED, void *payload, GError **error)
{
        *(bool *)payload = true;
        error_set(error, ZW_ERR_EXISTS, NULL, "one is enough");
        return false;
}

/* States come from outside only into the sample, or where there is nothing yet. */
static bool states_allowed(const Import *import, StoreView *view, bool *ret_allowed, GError **error)
{
        const StoreProject *project = import->call->project;
        g_autoptr(GError) why = NULL;
        bool seen = false;

        *ret_allowed = project->sample;
        if (project->sample)
                return true;
        if (!store_each_item(view, &project->log, ZW_SEQ_OPEN - 1, item_seen, &seen, &why) && !seen) {
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        *ret_allowed = !seen;
        return true;
}

static void outcome_reset(Import *import)
{
        json_t *files = json_array();

        json_decref(import->outcome);
        json_decref(import->refused_here);
        import->outcome = json_pack("{s:{}, s:{}, s:{}, s:o, s:[], s:[], s:[]}", "created", "updated",
                                    "unchanged", "files", files, "kept", "problems", "unmatched");
        for (guint i = 0; i < import->files->len; i++)
                json_array_append_new(files,
                                      json_pack("{s:{}, s:{}, s:{}}", "created", "updated", "unchanged"));
        if (import->matching) /* unless something is due */
                json_object_set_new(import->outcome, "read",
                                    json_pack("{s:i, s:i}", "installed", 0, "advisories", 0));
        import->refused_here = json_array();
        import->turned_down = false;
        import->seq = 0;
}

static bool is_stopped(const Import *import)
{
        return import->dry_run ||
               (!import->partial &&
                json_array_size(import->refused) + json_array_size(import->refused_here) > 0);
}

static char *message_of(const Import *import)
{
        const char *given = jread_get_string(import->call->input, "message");

        if (given != NULL)
                return g_strdup(given);
        if (import->message != NULL)
                return g_strdup(import->message);
        if (import->matching)
                return g_strdup("match to the feeds");
        return import->files->len == 1 ? g_strdup_printf("import of %s", import->call->files.files[0].name)
                                       : g_strdup_printf("import of %u files", import->files->len);
}

/* What an import writes, in its parts. */
typedef struct {
        Import *import;
        const OpSource *source; /* of the native operations */
        GArray *origins;        /* of guint32: the native operation each one of the log comes from */
} Writing;

typedef struct {
        guint32 n; /* that is looked for */
        json_t *where;
} PlaceSeek;

static bool place_seek(json_t *op, void *payload, GError **error G_GNUC_UNUSED)
{
        PlaceSeek *seek = payload;

        if (seek->n-- > 0)
                return true;
        seek->where = json_incref(json_object_get(op, "where"));
        return false;
}

/* The place of the native operation that number `n` of the log comes from; or NULL. */
static json_t *place_of(const Writing *writing, guint64 n)
{
        PlaceSeek seek = { .n = g_array_index(writing->origins, guint32, n) };
        g_autoptr(GError) why = NULL;

        if (!writing->source->each(writing->source->payload, place_seek, &seek, &why) && why != NULL)
                g_debug("the place of a refused row: %s", why->message);
        return seek.where;
}

/* The store looks again at what it is given. What it refuses is a refused row, with its place in the file. */
static bool commit_refused(const Writing *writing, GError *why, GError **error)
{
        Import *import = writing->import;
        const char *pointer = error_where(why);
        const char *slash = pointer == NULL || pointer[0] != '/' ? NULL : strchr(pointer + 1, '/');
        g_autofree char *number = pointer == NULL || pointer[0] != '/'
                                          ? NULL
                                          : g_strndup(pointer + 1, strcspn(pointer + 1, "/"));
        g_autoptr(Json) where = NULL;
        guint64 n;

        if (number != NULL && writing->origins->len > 0 &&
            g_ascii_string_to_unsigned(number, 10, 0, writing->origins->len - 1, &n, NULL))
                where = place_of(writing, n);
        if (json_is_string(where)) {
                g_autofree char *rest = g_strdup(slash == NULL ? "" : slash);

                error_set_where(why, "%s%s", json_string_value(where), rest);
                json_array_append_new(import->refused_here, json_pack("{s:s, s:s}", "where", error_where(why),
                                                                      "reason", why->message));
                import->turned_down = true;
        }
        g_propagate_error(error, why);
        return false;
}

static bool commit(const Writing *writing, StoreTxn *txn, const Spill *lines, GError **error)
{
        Import *import = writing->import;
        Call *call = import->call;
        g_autofree char *message = message_of(import);
        CommitDraft draft = draft_of_call(call);
        GError *why = NULL;

        draft.origin = ORIGIN_IMPORT;
        draft.message = message;
        draft.editorial = jread_get_bool(call->input, "editorial", false);
        draft.lines = lines;
        draft.progress = call->progress;
        return store_txn_commit(txn, &draft, &import->seq, &why) || commit_refused(writing, why, error);
}

static bool import_write(StoreTxn *txn, void *payload, GError **error)
{
        Import *import = payload;
        StoreView *view = store_txn_view(txn);
        g_autoptr(GArray) origins = g_array_new(FALSE, FALSE, sizeof(guint32));
        g_auto(ImportOps) ops = { 0 };
        g_autoptr(Spill) lines = NULL;
        ResolveContext context = context_of_call(import->call, view);
        Writing writing = { .import = import, .source = &ops.source, .origins = origins };
        bool due = true;

        context.progress = import->call->progress;
        context.merge = true;
        context.by_rule = true;
        context.editorial = jread_get_bool(import->call->input, "editorial", false);
        context.origins = origins;
        outcome_reset(import);
        context.refused = import->refused_here;
        context.dry = is_stopped(import);
        if (import->matching &&
            !rematch_begin(import->call->service->store, view, import->call->project,
                           import->keyring == NULL ? "" : feed_keyring_name(import->keyring),
                           &import->rematch, &due, error))
                return false;
        if (!due)
                return true;
        if (!states_allowed(import, view, &context.states, error) || !import_steps(import, view, &ops, error))
                return false;
        lines = resolve_lines(&context, &ops.source, import->outcome, error);
        if (lines == NULL || !import_find_missing(import, view, error))
                return false;
        return is_stopped(import) || spill_count(lines) == 0 || commit(&writing, txn, lines, error);
}

/* What made the write fail and is a row of a file is in the answer, not an error. */
static bool write_run(Import *import, GError **error)
{
        g_autoptr(GError) why = NULL;

        if (store_write(import->call->service->store, import_write, import, &why))
                return true;
        if (import->turned_down)
                return true;
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
}

/* ---- the answer ---- */

static void lists_write(JWrite *w, const char *key, const json_t *first, const json_t *second)
{
        const json_t *row;
        size_t i;

        jwrite_key(w, key);
        jwrite_array_begin(w);
        json_array_foreach(first, i, row) jwrite_json(w, row);
        json_array_foreach(second, i, row) jwrite_json(w, row);
        jwrite_array_end(w);
}

/* The format all files have, or NULL. */
static const char *format_of_all(const Import *import)
{
        const char *format = NULL;

        for (guint i = 0; i < import->files->len; i++) {
                const WorkerResult *result = g_array_index(import->files, ImportFile, i).result;
                const char *name = result == NULL ? NULL : format_def(result->format)->name;

                if (name == NULL || (format != NULL && strcmp(format, name) != 0))
                        return NULL;
                format = name;
        }
        return format;
}

static void files_write(JWrite *w, const Import *import)
{
        static const char *const counts[] = { "created", "updated", "unchanged" };

        jwrite_key(w, "files");
        jwrite_array_begin(w);
        for (guint i = 0; i < import->files->len; i++) {
                const ImportFile *file = &g_array_index(import->files, ImportFile, i);
                const json_t *outcome = json_array_get(json_object_get(import->outcome, "files"), i);

                jwrite_object_begin(w);
                jwrite_key_string(w, "file", file->file->name);
                jwrite_key_string(w, "format",
                                  file->result == NULL ? NULL : format_def(file->result->format)->name);
                jwrite_key_string(w, "version", file->result == NULL ? NULL : file->result->version);
                for (size_t n = 0; n < G_N_ELEMENTS(counts); n++)
                        jwrite_key_json(w, counts[n], json_object_get(outcome, counts[n]));
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

/* `health` of the feeds, where the answer rests on them; or NULL. */
static void answer_write(JWrite *w, const Import *import, const FeedHealth *health)
{
        static const char *const members[] = { "created",       "updated",   "unchanged", "missing",
                                               "links",         "results",   "attached",  "kept",
                                               "missing_items", "unmatched", "totals",    "read" };

        jwrite_object_begin(w);
        jwrite_key_string(w, "format", format_of_all(import));
        for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
                if (json_object_get(import->outcome, members[i]) != NULL)
                        jwrite_key_json(w, members[i], json_object_get(import->outcome, members[i]));
        lists_write(w, "refused", import->refused, import->refused_here);
        lists_write(w, "problems", import->problems, json_object_get(import->outcome, "problems"));
        lists_write(w, "lost", import->lost, NULL);
        if (import->files->len > 1)
                files_write(w, import);
        if (health != NULL)
                feed_health_key(health, w);
        jwrite_key_bool(w, "dry_run", import->dry_run);
        if (import->seq == 0)
                jwrite_key_null(w, "commit");
        else
                jwrite_key_int(w, "commit", (int64_t)import->seq);
        jwrite_object_end(w);
}

static bool import_run(Call *call, bool results_only, JWrite *w, GError **error)
{
        g_auto(Import) import = { 0 };

        import_init(&import, call);
        import.results_only = results_only;
        if (call->files.n == 0) {
                error_set(error, ZW_ERR_USAGE, NULL, "a file is needed");
                return false;
        }
        if (!files_read(&import, error) || !write_run(&import, error))
                return false;
        answer_write(w, &import, NULL);
        return true;
}

bool usecase_import(Call *call, JWrite *w, GError **error)
{
        return import_run(call, false, w, error);
}

bool usecase_test_ingest(Call *call, JWrite *w, GError **error)
{
        return import_run(call, true, w, error);
}

bool usecase_match(Call *call, JWrite *w, GError **error)
{
        g_auto(Import) import = { 0 };
        g_autoptr(FeedHealth) health = NULL;

        import_init(&import, call);
        import.matching = true;
        health = feed_health_load(call->service, call->instant, error);
        if (health == NULL || !import_prepare(&import, error) || !write_run(&import, error))
                return false;
        /* What was refused is refused, and told, the next time, too. */
        if (!is_stopped(&import) && !import.turned_down && json_array_size(import.refused_here) == 0)
                rematch_end(call->service->store, &import.rematch, import.seq);
        answer_write(w, &import, health);
        return true;
}
