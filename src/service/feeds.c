/* The use cases of the feed database, and of what it says about a project: importing files of feeds, how fresh they are, matching,
 * and the list of findings. */
#include "base/canon.h"
#include "service/import.h"
#include "service/inventory.h"
#include "store/feeds.h"
#include "vuln/match.h"

#include <string.h>

enum { BODY_BYTES_MAX = 64 << 20 };

/* The instant of evaluation that is asked for, else now. */
static bool instant_take(Call *call, GError **error)
{
        const char *text = jread_get_string(call->input, "instant");

        return text == NULL || instant_parse(text, &call->instant, error);
}

/* ---- importing ---- */

static const char *const change_names[ZW_FEED_CHANGES] = { "added", "updated", "unchanged" };

typedef struct {
        Call *call;
        Feeds *feeds;
        json_t *sources; /* name → {"added","updated","unchanged"} */
        json_t *problems, *refused;
        size_t records; /* of the present file */
} FeedImport;

static void feed_import_clear(FeedImport *import)
{
        feeds_close(import->feeds);
        json_decref(import->sources);
        json_decref(import->problems);
        json_decref(import->refused);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FeedImport, feed_import_clear)

static json_t *counts_of(FeedImport *import, const char *source)
{
        json_t *counts = json_object_get(import->sources, source);

        if (counts != NULL)
                return counts;
        counts = json_pack("{s:i, s:i, s:i}", change_names[0], 0, change_names[1], 0, change_names[2], 0);
        json_object_set_new(import->sources, source, counts);
        return counts;
}

/* What a record is found by: the products of assertions. Facts are asked for by their id. */
static bool keys_of(const json_t *body, GBytes *bytes, GPtrArray **ret_keys, GError **error)
{
        g_autoptr(Advisory) advisory = NULL;

        *ret_keys = NULL;
        if (json_object_get(body, "vulnerabilities") == NULL) {
                *ret_keys = g_ptr_array_new();
                return true;
        }
        advisory = advisory_load(bytes, error);
        if (advisory != NULL)
                *ret_keys = match_advisory_keys(advisory);
        return advisory != NULL;
}

static bool record_put(FeedImport *import, const char *source, const char *id, const char *modified,
                       const json_t *body, GError **error)
{
        g_autoptr(GBytes) bytes = canon_bytes(body, BODY_BYTES_MAX, error);
        g_autoptr(GPtrArray) keys = NULL;
        FeedChange change;
        json_t *count;

        if (bytes == NULL || !keys_of(body, bytes, &keys, error) ||
            !feeds_put(import->feeds, source, id, modified, bytes, keys, &change, error))
                return false;
        count = json_object_get(counts_of(import, source), change_names[change]);
        json_integer_set(count, json_integer_value(count) + 1);
        import->records++;
        return true;
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

        return record_put(import, "csaf", id, released == NULL ? "" : released, body, error);
}

static bool op_take(json_t *op, void *data, GError **error)
{
        FeedImport *import = data;
        const char *what = jread_get_string(op, "op"), *source = jread_get_string(op, "source");

        if (g_strcmp0(what, "advisory") == 0)
                return advisory_put(import, op, error);
        if (g_strcmp0(what, "feed") == 0)
                return record_put(import, source, jread_get_string(op, "id"),
                                  jread_get_string(op, "modified"), json_object_get(op, "body"), error);
        if (g_strcmp0(what, "feed_end") == 0) {
                (void)counts_of(import, source);
                return feeds_note(import->feeds, source, import->call->instant,
                                  jread_get_int(op, "declared", -1), error);
        }
        return true; /* an item of a project */
}

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

static bool file_take(FeedImport *import, const ServiceFile *file, const char *format, GError **error)
{
        g_autoptr(WorkerResult) result = NULL;

        import->records = 0;
        result = reading_run_each(file, format, import->call->progress, op_take, import, error);
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

/* Sources that say nothing of their number are noted all the same. */
static bool sources_note(FeedImport *import, GError **error)
{
        static const char *const silent[] = { "csaf", "cve", "epss", "openvex" };

        for (size_t i = 0; i < G_N_ELEMENTS(silent); i++)
                if (json_object_get(import->sources, silent[i]) != NULL &&
                    !feeds_note(import->feeds, silent[i], import->call->instant, -1, error))
                        return false;
        return true;
}

bool usecase_feed_import(Call *call, JWrite *w, GError **error)
{
        const bool partial = jread_get_bool(call->input, "partial", false);
        g_auto(FeedImport) import = {
                .call = call, .sources = json_object(), .problems = json_array(), .refused = json_array()
        };
        g_autoptr(Json) profile = NULL;
        const char *format;
        bool stopped;

        if (call->files.n == 0) {
                error_set(error, ZW_ERR_USAGE, NULL, "a file is needed");
                return false;
        }
        if (!instant_take(call, error) || !reading_options(call->input, &format, &profile, error))
                return false;
        import.feeds = feeds_open(store_dir(call->service->store), error);
        if (import.feeds == NULL || !feeds_begin(import.feeds, error))
                return false;
        for (size_t i = 0; i < call->files.n; i++)
                if (!file_take(&import, &call->files.files[i], format, error))
                        return false;
        stopped = json_array_size(import.refused) > 0 && !partial;
        if (!stopped && (!sources_note(&import, error) || !feeds_commit(import.feeds, error)))
                return false;
        jwrite_object_begin(w);
        jwrite_key_json(w, "sources", import.sources);
        jwrite_key_json(w, "refused", import.refused);
        jwrite_key_json(w, "problems", import.problems);
        jwrite_key_bool(w, "imported", !stopped);
        jwrite_object_end(w);
        return true;
}

/* ---- how fresh they are ---- */

/* Sources that every installation wants to know of, and after how many days without a newer word one is stale. */
static const struct {
        const char *source;
        int days;
} wanted[] = { { "csaf", 30 }, { "cve", 7 }, { "epss", 7 }, { "kev", 14 }, { "nvd", 7 }, { "openvex", 180 } };

typedef struct {
        Call *call;
        JWrite *w;
        bool seen[G_N_ELEMENTS(wanted)];
} Status;

static void status_write(JWrite *w, const char *source, int64_t records, const char *newest, int64_t age,
                         const char *state)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "source", source);
        jwrite_key_int(w, "records", records);
        jwrite_key_string(w, "newest", newest);
        if (age < 0)
                jwrite_key_null(w, "age_days");
        else
                jwrite_key_int(w, "age_days", age);
        jwrite_key_string(w, "state", state);
        jwrite_object_end(w);
}

static int days_of(Status *status, const char *source)
{
        int days = 7;

        for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
                if (strcmp(wanted[i].source, source) == 0) {
                        status->seen[i] = true;
                        days = wanted[i].days;
                }
        return days;
}

/* What has no time that can be read is as old as can be. */
static bool source_write(const FeedSource *source, void *payload, GError **error G_GNUC_UNUSED)
{
        const int64_t day = INT64_C(24) * 60 * 60 * 1000;
        Status *status = payload;
        const int days = days_of(status, source->source);
        int64_t age = -1;
        Instant newest;
        const bool known = instant_parse(source->newest, &newest, NULL);

        if (known)
                age = MAX(status->call->instant - newest, 0) / day;
        status_write(status->w, source->source, source->records, known ? source->newest : NULL, age,
                     source->records == 0                 ? "empty"
                     : source->declared > source->records ? "partial"
                     : age < 0 || age > days              ? "stale"
                                                          : "fresh");
        return true;
}

bool usecase_feed_status(Call *call, JWrite *w, GError **error)
{
        const char *dir = store_dir(call->service->store);
        g_autoptr(Feeds) feeds = feeds_exist(dir) ? feeds_open(dir, error) : NULL;
        Status status = { .call = call, .w = w };

        if ((feeds == NULL && feeds_exist(dir)) || !instant_take(call, error))
                return false;
        jwrite_array_begin(w);
        if (feeds != NULL && !feeds_sources(feeds, source_write, &status, error))
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
                if (!status.seen[i])
                        status_write(w, wanted[i].source, 0, NULL, -1, "empty");
        jwrite_array_end(w);
        return true;
}

/* ---- findings ---- */

/* A list, or null. */
static void key_list(JWrite *w, const char *name, const json_t *list)
{
        if (list == NULL)
                jwrite_key_null(w, name);
        else
                jwrite_key_json(w, name, list);
}

/* Rows of 62443-3-3 without the name of the standard: `SR 3.1`. */
static void refs_write(JWrite *w, const json_t *refs)
{
        static const char standard[] = "62443-3-3 ";
        const json_t *ref;
        size_t i;

        jwrite_key(w, "refs");
        jwrite_array_begin(w);
        json_array_foreach(refs, i, ref)
        {
                const char *text = json_string_value(ref);

                jwrite_string(w, g_str_has_prefix(text, standard) ? text + strlen(standard) : text);
        }
        jwrite_array_end(w);
}

static void finding_write(JWrite *w, const Thing *finding, const Thing *subject)
{
        static const char *const texts[] = { "vulnerability", "confidence", "reason", "severity" };
        static const char *const lists[] = { "sources", "proposed", "broken", "cwes" };
        const json_t *sources = json_object_get(finding->attrs, "sources"),
                     *broken = json_object_get(finding->attrs, "broken");

        jwrite_object_begin(w);
        jwrite_key_string(w, "key", finding->key);
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                jwrite_key_string(w, texts[i], thing_text(finding, texts[i]));
        jwrite_key_string(w, "on", subject == NULL ? NULL : subject->key);
        jwrite_key_string(w, "source", json_string_value(json_array_get(sources, 0)));
        for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
                key_list(w, lists[i], json_object_get(finding->attrs, lists[i]));
        jwrite_key_bool(w, "kev", jread_get_bool(finding->attrs, "kev", false));
        jwrite_key_string(w, "state", state_def(finding->state)->name);
        /* what a person confirmed, else what is proposed */
        refs_write(w, json_array_size(broken) > 0 ? broken : json_object_get(finding->attrs, "proposed"));
        jwrite_object_end(w);
}

bool usecase_finding_list(Call *call, JWrite *w, GError **error)
{
        g_autoptr(Json) ops = json_array();
        g_autoptr(Inventory) inventory = inventory_load(call->view, &call->project->log, ops, error);

        if (inventory == NULL)
                return false;
        jwrite_array_begin(w);
        for (guint i = 0; i < inventory->things->len; i++) {
                const Thing *finding = inventory->things->pdata[i];

                if (finding->kind != ZW_KIND_FINDING || finding->retired)
                        continue;
                if (finding->subjects->len == 0)
                        finding_write(w, finding, NULL);
                for (guint k = 0; k < finding->subjects->len; k++)
                        finding_write(w, finding, finding->subjects->pdata[k]);
        }
        jwrite_array_end(w);
        return true;
}
