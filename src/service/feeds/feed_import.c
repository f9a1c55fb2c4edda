#include "service/feeds/feed_import.h"

#include "base/canon.h"
#include "base/hash.h"
#include "service/feeds/feed_keyring.h"
#include "service/internal.h"
#include "service/interchange/reading.h"
#include "vuln/match.h"

#include <string.h>

enum { BODY_BYTES_MAX = 64 << 20 };

static const char *const change_names[ZW_FEED_CHANGES] = { "added", "updated", "unchanged" };

/* What the files say of one source. */
typedef struct {
        GHashTable *ids;  /* keyed hashes of the ids that were named */
        int64_t declared; /* -1 */
} Said;

struct FeedImport {
        Feeds *feeds;
        Instant now;
        Progress *progress;
        json_t *sources; /* name → {"added","updated","unchanged"} */
        json_t *problems, *refused;
        GHashTable *said; /* name of a source → Said */
        /* of the present file */
        size_t records;
        FeedSignature signature;
        bool signed_only; /* an advisory of it has to be signed by a trusted key */
};

static void said_free(gpointer data)
{
        g_hash_table_unref(((Said *)data)->ids);
        g_free(data);
}

FeedImport *feed_import_begin(Service *service, Instant now, Progress *progress, GError **error)
{
        g_autoptr(FeedKeyring) keyring = feed_keyring_of(service, error);
        g_autoptr(FeedImport) import = g_new0(FeedImport, 1);

        import->now = now;
        import->progress = progress;
        import->sources = json_object();
        import->problems = json_array();
        import->refused = json_array();
        import->said = hash_table_new_text(g_free, said_free);
        import->feeds = keyring == NULL ? NULL : feeds_open(store_dir(service->store), error);
        return import->feeds != NULL && feeds_begin(import->feeds, error) &&
                               feed_keyring_note(keyring, import->feeds, now, error)
                       ? g_steal_pointer(&import)
                       : NULL;
}

void feed_import_free(FeedImport *import)
{
        if (import == NULL)
                return;
        feeds_close(import->feeds);
        json_decref(import->sources);
        json_decref(import->problems);
        json_decref(import->refused);
        g_hash_table_unref(import->said);
        g_free(import);
}

Feeds *feed_import_feeds(FeedImport *import)
{
        return import->feeds;
}

/* ---- records ---- */

static json_t *counts_of(FeedImport *import, const char *source)
{
        json_t *counts = json_object_get(import->sources, source);

        if (counts != NULL)
                return counts;
        counts = json_pack("{s:i, s:i, s:i}", change_names[0], 0, change_names[1], 0, change_names[2], 0);
        json_object_set_new(import->sources, source, counts);
        return counts;
}

static Said *said_of(FeedImport *import, const char *source)
{
        Said *said = g_hash_table_lookup(import->said, source);

        if (said != NULL)
                return said;
        said = g_new0(Said, 1);
        said->ids = g_hash_table_new(NULL, NULL);
        said->declared = -1;
        g_hash_table_insert(import->said, g_strdup(source), said);
        return said;
}

/* What a record is found by: the products of assertions. Facts are asked for by their id; of those that matching rests on that is a
 * key, too, so that it knows which of them changed. */
static bool keys_of(const char *source, const char *id, const json_t *body, GBytes *bytes,
                    GPtrArray **ret_keys, GError **error)
{
        g_autoptr(Advisory) advisory = NULL;

        *ret_keys = NULL;
        if (json_object_get(body, "vulnerabilities") == NULL) {
                *ret_keys = g_ptr_array_new_with_free_func(g_free);
                if (strcmp(source, "kev") == 0)
                        g_ptr_array_add(*ret_keys, g_strconcat(ZW_MATCH_EXPLOITED, id, NULL));
                return true;
        }
        advisory = advisory_load(bytes, error);
        if (advisory != NULL)
                *ret_keys = match_advisory_keys(advisory);
        return advisory != NULL;
}

/* Of a record of a source that nobody signs nothing is kept. */
static bool is_signed_kind(const FeedImport *import, const char *source)
{
        return import->signature.state > FEED_SIGNED_NONE ||
               (import->signature.state == FEED_SIGNED_NONE && strcmp(source, "csaf") == 0);
}

static bool record_put(FeedImport *import, const char *source, const char *id, const char *modified,
                       const json_t *body, GError **error)
{
        g_autoptr(GBytes) bytes = canon_bytes(body, BODY_BYTES_MAX, error);
        g_autoptr(GPtrArray) keys = NULL;
        FeedChange change;
        json_t *count;

        if (bytes == NULL || !keys_of(source, id, body, bytes, &keys, error) ||
            !feeds_put(import->feeds, source, id, modified, bytes, keys, &change, error) ||
            (is_signed_kind(import, source) &&
             !feeds_sign(import->feeds, source, id, bytes, &import->signature, error)))
                return false;
        count = json_object_get(counts_of(import, source), change_names[change]);
        json_integer_set(count, json_integer_value(count) + 1);
        g_hash_table_add(said_of(import, source)->ids, GSIZE_TO_POINTER(hash_keyed(id, strlen(id))));
        import->records++;
        return true;
}

/* An advisory may come as a record of a bundle that nobody signed, too. */
static bool signed_check(const FeedImport *import, const char *source, GError **error)
{
        if (!import->signed_only || import->signature.state == FEED_SIGNED_TRUSTED ||
            strcmp(source, "csaf") != 0)
                return true;
        error_set(error, ZW_ERR_INPUT, NULL, "no trusted key signed it, which feeds.csaf_signed demands");
        return false;
}

/* An advisory is a record, too; its document is for projects. */
static bool advisory_put(FeedImport *import, const json_t *op, GError **error)
{
        const json_t *source = json_object_get(json_object_get(op, "document"), "source"),
                     *body = json_object_get(op, "advisory");
        const char *system = json_string_value(json_array_get(source, 0)),
                   *number = json_string_value(json_array_get(source, 1)),
                   *released = jread_get_string(body, "released");
        g_autofree char *id = g_strdup_printf("%s %s", system == NULL ? "" : system,
                                              number == NULL ? "" : number);

        return signed_check(import, "csaf", error) &&
               record_put(import, "csaf", id, released == NULL ? "" : released, body, error);
}

static void declared_add(FeedImport *import, const char *source, int64_t declared)
{
        Said *said = said_of(import, source);

        (void)counts_of(import, source);
        if (declared >= 0)
                said->declared = MAX(said->declared, 0) + declared;
}

static bool op_take(json_t *op, void *data, GError **error)
{
        FeedImport *import = data;
        const char *what = jread_get_string(op, "op"), *source = jread_get_string(op, "source"),
                   *id = jread_get_string(op, "id"), *modified = jread_get_string(op, "modified");

        if (g_strcmp0(what, "advisory") == 0)
                return advisory_put(import, op, error);
        if (source != NULL && id != NULL && g_strcmp0(what, "feed") == 0)
                return signed_check(import, source, error) &&
                       record_put(import, source, id, modified == NULL ? "" : modified,
                                  json_object_get(op, "body"), error);
        if (source != NULL && g_strcmp0(what, "feed_end") == 0) {
                const int64_t declared = jread_get_int(op, "declared", -1);

                declared_add(import, source, declared);
                return feeds_note(import->feeds, source, import->now, declared, error);
        }
        return true; /* an item of a project */
}

/* ---- files ---- */

static void rows_take(json_t *into, const ServiceFile *file, const json_t *rows, const char *member)
{
        const json_t *row;
        size_t i;

        json_array_foreach(rows, i, row)
        {
                g_autofree char *where = g_strdup_printf("%s: %s", file->name,
                                                         jread_get_string(row, "where"));

                json_array_append_new(into, json_pack("{s:s, s:O}", "where", where, member,
                                                      json_object_get(row, member)));
        }
}

bool feed_import_file(FeedImport *import, const ServiceFile *file, const char *format, GError **error)
{
        g_autoptr(WorkerResult) result = NULL;

        import->records = 0;
        result = reading_run_each(file, format, import->progress, op_take, import, error);
        if (result == NULL)
                return false;
        rows_take(import->problems, file, result->problems, "message");
        rows_take(import->refused, file, result->refused, "reason");
        if (import->records > 0 || json_array_size(result->refused) > 0)
                return true;
        error_set(error, ZW_ERR_INPUT, file->name,
                  "this is no feed of vulnerabilities: a file of format %s holds no record of one",
                  format_def(result->format)->name);
        return false;
}

bool feed_import_signed(FeedImport *import, const FeedSigners *signers, const ServiceFile *file,
                        GBytes *signature, const char *format, GError **error)
{
        bool ok;

        if (!feed_signature_check(signers, file, signature, import->progress, &import->signature, error))
                return false;
        import->signed_only = feed_signers_only(signers);
        ok = feed_import_file(import, file, format, error);
        import->signed_only = false;
        import->signature = (FeedSignature){ .state = FEED_SIGNED_UNCHECKED };
        return ok;
}

/* ---- what became of it ---- */

size_t feed_import_refused(const FeedImport *import)
{
        return json_array_size(import->refused);
}

int64_t feed_import_named(const FeedImport *import, const char *source)
{
        const Said *said = g_hash_table_lookup(import->said, source);

        return said == NULL ? 0 : g_hash_table_size(said->ids);
}

int64_t feed_import_declared(const FeedImport *import, const char *source)
{
        const Said *said = g_hash_table_lookup(import->said, source);

        return said == NULL ? -1 : said->declared;
}

const json_t *feed_import_counts(const FeedImport *import, const char *source)
{
        return json_object_get(import->sources, source);
}

const json_t *feed_import_problems(const FeedImport *import)
{
        return import->problems;
}

const json_t *feed_import_refusals(const FeedImport *import)
{
        return import->refused;
}

/* Sources that say nothing of their number are noted all the same. */
static bool sources_note(FeedImport *import, GError **error)
{
        const char *source;
        json_t *counts;

        json_object_foreach(import->sources, source, counts)
        {
                if (!feeds_note(import->feeds, source, import->now, -1, error))
                        return false;
        }
        return true;
}

bool feed_import_commit(FeedImport *import, GError **error)
{
        return sources_note(import, error) && feeds_commit(import->feeds, error);
}

void feed_import_write(const FeedImport *import, JWrite *w)
{
        jwrite_key_json(w, "sources", import->sources);
        jwrite_key_json(w, "refused", import->refused);
        jwrite_key_json(w, "problems", import->problems);
}
