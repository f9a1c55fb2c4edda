/* What comes back of a page that was given out (`test.merge`). */
#include "service/execution/offline.h"

#include "base/hash.h"
#include "exchange/unxz.h"

#include <string.h>

#define FORMAT "zonewright-offline-result-1"
#define SYSTEM "offline" /* of the outside identity of a run that a page became */

/* The file, in parts. Texts are borrowed from `file` and `recorded`. */
typedef struct {
        GBytes *bytes;
        json_t *file, *given, *recorded;
        const char *format, *text, *hash, *recorded_text, *recorded_hash;
        const char *of, *tester, *witness, *environment, *saved;
        json_t *steps, *files;
        bool stated;
        GPtrArray *taken; /* of OfflineFile */
        GHashTable *was; /* what the page was given of each step, by the step's name; borrowed from `given` */
} Returned;

static void returned_clear(Returned *returned)
{
        g_clear_pointer(&returned->was, g_hash_table_unref);
        g_clear_pointer(&returned->taken, g_ptr_array_unref);
        g_clear_pointer(&returned->bytes, g_bytes_unref);
        g_clear_pointer(&returned->file, json_decref);
        g_clear_pointer(&returned->given, json_decref);
        g_clear_pointer(&returned->recorded, json_decref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Returned, returned_clear)

/* ---- reading ---- */

static const JReadField file_fields[] = {
        { "format", JREAD_STRING, offsetof(Returned, format), true },
        { "given", JREAD_STRING, offsetof(Returned, text), true },
        { "hash", JREAD_STRING, offsetof(Returned, hash), true },
        { "recorded", JREAD_STRING, offsetof(Returned, recorded_text), true },
        { "recorded_hash", JREAD_STRING, offsetof(Returned, recorded_hash), true },
        JREAD_END,
};

static const JReadField recorded_fields[] = {
        { "steps", JREAD_ARRAY, offsetof(Returned, steps), true },
        { "tester", JREAD_STRING, offsetof(Returned, tester), true },
        { "witness", JREAD_STRING, offsetof(Returned, witness), true },
        { "environment", JREAD_STRING, offsetof(Returned, environment), true },
        { "stated", JREAD_BOOL, offsetof(Returned, stated), true },
        { "saved", JREAD_STRING, offsetof(Returned, saved), true },
        { "files", JREAD_ARRAY, offsetof(Returned, files), false },
        JREAD_END,
};

static bool hash_is(const char *text, const char *hash)
{
        const Digest digest = hash_sha256(text, strlen(text));
        char hex[ZW_DIGEST_HEX];

        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        return strcmp(hex, hash) == 0;
}

static bool file_parse(const Call *call, Returned *returned, GError **error)
{
        gsize n;
        const char *text;

        if (call->files.n != 1) {
                error_set(error, ZW_ERR_USAGE, NULL, "give the one file that the page saved");
                return false;
        }
        returned->bytes = unxz_read_file(call->files.files[0].fd, OFFLINE_BYTES_MAX, error);
        if (returned->bytes == NULL)
                return false;
        text = g_bytes_get_data(returned->bytes, &n);
        returned->file = jread_parse(text, n, error);
        if (returned->file == NULL || !jread_object(returned->file, file_fields, returned, "", error))
                return false;
        if (strcmp(returned->format, FORMAT) != 0) {
                error_set(error, ZW_ERR_INPUT, "/format", "it is no result of a page that was given out");
                return false;
        }
        returned->given = jread_parse(returned->text, strlen(returned->text), error);
        if (returned->given == NULL)
                return false;
        returned->recorded = jread_parse(returned->recorded_text, strlen(returned->recorded_text), error);
        return returned->recorded != NULL &&
               jread_object(returned->recorded, recorded_fields, returned, "/recorded", error);
}

/* What the page says it was given has to be what is given out for the same terms. */
static bool given_check(Call *call, Returned *returned, GError **error)
{
        const json_t *given = returned->given;
        const int64_t seq = jread_get_int(given, "commit", 0);
        const char *made = jread_get_string(given, "made");
        const OfflineTerms terms = { .of = jread_get_string(given, "of"),
                                     .made = made,
                                     .stage = jread_get_string(given, "stage"),
                                     .environment = jread_get_string(given, "environment"),
                                     .seq = (Seq)CLAMP(seq, 1, (int64_t)call->at) };
        g_autofree char *title = NULL, *text = NULL, *differences = NULL;
        g_autoptr(Json) ours = NULL;
        size_t n;

        if (terms.of == NULL || made == NULL || seq < 1 || (Seq)seq > call->at) {
                error_set(error, ZW_ERR_INPUT, "/given",
                          "it does not say what was given out, when and as of which commit");
                return false;
        }
        returned->of = terms.of;
        text = offline_text(call, &terms, &title, &n, error);
        ours = text == NULL ? NULL : jread_parse(text, strlen(text), error);
        if (ours == NULL)
                return false;
        differences = offline_differences(ours, given);
        if (differences[0] != '\0') {
                error_set(error, ZW_ERR_INPUT, "/given", "the page was altered after it was given out: %s",
                          differences);
                return false;
        }
        if (strcmp(text, returned->text) == 0 && hash_is(returned->text, returned->hash))
                return true;
        error_set(error, ZW_ERR_INPUT, "/hash",
                  "the page was altered after it was given out: its hash is not that of its text");
        return false;
}

static void was_read(Returned *returned)
{
        const json_t *one, *row;
        size_t i, k;

        returned->was = hash_table_new_text(g_free, NULL);
        json_array_foreach(json_object_get(returned->given, "cases"), i, one)
        {
                json_array_foreach(json_object_get(one, "steps"), k, row)
                        g_hash_table_insert(returned->was,
                                            step_name(jread_get_string(one, "key"),
                                                      (guint)jread_get_int(row, "step", 0)),
                                            json_object_get(row, "recorded"));
        }
}

static bool returned_read(Call *call, Returned *returned, GError **error)
{
        if (!file_parse(call, returned, error) || !given_check(call, returned, error))
                return false;
        was_read(returned);
        if (hash_is(returned->recorded_text, returned->recorded_hash))
                return true;
        error_set(error, ZW_ERR_INPUT, "/recorded", "the results were altered after they were saved");
        return false;
}

/* ---- laying it over the run ---- */

/* The run that the page is of: one that was in progress, or that it became when it came back first; none yet: *ret_run NULL. */
static bool run_find(const Call *call, StoreView *view, const Returned *returned, StoreItem **ret_run,
                     GError **error)
{
        if (!jread_get_bool(returned->given, "run", false))
                return store_item_by_source(view, &call->project->log, SYSTEM, returned->hash, ret_run,
                                            error);
        *ret_run = store_item_by_key(view, &call->project->log, returned->of, ZW_SEQ_OPEN - 1, error);
        return *ret_run != NULL;
}

static bool execution_find(const Call *call, StoreView *view, const Returned *returned, Execution *execution,
                           GError **error)
{
        g_autoptr(StoreItem) run = NULL;
        const json_t *one;
        json_t *cases;
        size_t i;

        if (!run_find(call, view, returned, &run, error))
                return false;
        if (run != NULL)
                return execution_load(view, &call->project->log, store_item_rev(run)->key, ZW_SEQ_OPEN - 1,
                                      execution, error);
        cases = json_object();
        json_array_foreach(json_object_get(returned->given, "cases"), i, one)
                json_object_set_new(cases, jread_get_string(one, "key"),
                                    json_sprintf("%" G_GINT64_FORMAT, jread_get_int(one, "rev", 0)));
        return execution_of_cases(view, &call->project->log, cases, ZW_SEQ_OPEN - 1, execution, error);
}

static bool step_take(StepRecording *recording, const Returned *returned, const json_t *value,
                      const char *where, GError **error)
{
        const char *test_case = jread_get_string(value, "case"), *name = jread_get_string(value, "status");
        const int64_t step = jread_get_int(value, "step", 0);
        g_autofree char *said = NULL, *place = NULL;
        StepStatus status;
        const json_t *was;

        if (test_case == NULL || name == NULL || !step_status_find(name, &status) || step < 1 ||
            step > G_MAXUINT) {
                error_set(error, ZW_ERR_INPUT, where, "a step names its case, its number and its status");
                return false;
        }
        said = step_said(status, jread_get_string(value, "observation"));
        place = step_name(test_case, (guint)step);
        was = g_hash_table_lookup(returned->was, place);
        /* What the tester left as it was given says nothing. */
        if (g_strcmp0(json_string_value(was), said) == 0 ||
            (json_is_null(was) && strcmp(said, step_status_name(STEP_NOT_RUN)) == 0))
                return true;
        return step_recording_take(recording, &(StepRecord){ test_case, (guint)step, said, was }, where,
                                   error);
}

static bool steps_take(const Call *call, StepRecording *recording, const Returned *returned, GError **error)
{
        const json_t *one;
        size_t i;

        recording->overrule = g_strcmp0(jread_get_string(call->input, "keep"), "file") == 0;
        json_array_foreach(returned->steps, i, one)
        {
                g_autofree char *where = g_strdup_printf("/recorded/steps/%zu", i);

                if (!step_take(recording, returned, one, where, error))
                        return false;
        }
        return true;
}

/* ---- what else is to be known ---- */

static json_t *changed_list(const Execution *execution)
{
        json_t *list = json_array();

        for (guint i = 0; i < execution->cases->len; i++) {
                const ExecutionCase *one = g_ptr_array_index(execution->cases, i);

                if (one->changed || one->retired)
                        json_array_append_new(list,
                                              json_pack("{s:s, s:i, s:i, s:b}", "case", one->key, "given",
                                                        (int)store_item_rev(one->given)->rev, "now",
                                                        (int)one->rev_now, "retired", one->retired));
        }
        return list;
}

/* Results that other runs brought since the page was given out, where they say something else. */
static bool meanwhile_list(Call *call, const Returned *returned, const StepRecording *recording, json_t *list,
                           GError **error)
{
        const GPtrArray *cases = recording->execution->cases;
        g_auto(PinnedGraph) pinned = { 0 };
        Instant made;

        if (!graph_of_call(call, &pinned, error) ||
            !instant_parse(jread_get_string(returned->given, "made"), &made, error))
                return false;
        for (guint i = 0; i < cases->len; i++) {
                const ExecutionCase *one = g_ptr_array_index(cases, i);
                const StepStatus worst = execution_worst(one, recording->results);
                GraphResult latest;
                ItemNo item;
                char at[ZW_INSTANT_TEXT];

                if (worst == STEP_NOT_RUN || !graph_find_key(pinned.view, one->key, &item) ||
                    !graph_latest_result(pinned.view, item, &latest) || latest.at <= made ||
                    latest.status == step_outcome(worst))
                        continue;
                instant_format(latest.at, at);
                json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s}", "case", one->key, "run",
                                                      graph_key(pinned.view, latest.run), "status",
                                                      result_status_name(latest.status), "at", at, "given",
                                                      step_status_name(worst)));
        }
        return true;
}

/* ---- writing ---- */

/* What the tester stated, as a paragraph of the run; NULL when nothing was stated. */
static char *statement_new(const Returned *returned)
{
        return !returned->stated
                       ? NULL
                       : g_strdup_printf(
                                 "%s%s%s states, %s: these steps were done, and they gave what is recorded (page %.8s).",
                                 returned->tester, returned->witness[0] == '\0' ? "" : ", witness ",
                                 returned->witness, returned->saved, returned->hash);
}

/* Whether one of the names, which commas part, is this one as a whole. */
static bool is_named(const char *names, const char *name)
{
        g_autofree char *all = g_strconcat(", ", names, ", ", NULL),
                        *one = g_strconcat(", ", name, ", ", NULL);

        return strstr(all, one) != NULL;
}

/* When the last step was done. The clock of the other machine may be ahead of ours, and a page that comes back late makes nothing older. */
static Instant done_at(const Returned *returned, const Execution *execution)
{
        const char *text = jread_get_string(execution->attrs, "at");
        const Instant now = instant_now();
        Instant saved, before;

        if (!instant_parse(returned->saved, &saved, NULL) || saved > now)
                saved = now;
        return text != NULL && instant_parse(text, &before, NULL) ? MAX(saved, before) : saved;
}

static json_t *attrs_new(const Returned *returned, const StepRecording *recording)
{
        const Execution *execution = recording->execution;
        const char *tester = jread_get_string(execution->attrs, "tester"), *text;
        g_autofree char *testers = NULL;
        char at[ZW_INSTANT_TEXT];
        json_t *attrs = json_object();

        instant_format(done_at(returned, execution), at);
        json_object_set_new(attrs, "at", json_string(at));
        json_object_set(attrs, "step_results", recording->results);
        json_object_set_new(attrs, "counts", execution_counts(execution, recording->results));
        if (returned->environment[0] != '\0')
                json_object_set_new(attrs, "environment", json_string(returned->environment));
        text = jread_get_string(returned->given, "stage");
        if (text != NULL)
                json_object_set_new(attrs, "stage", json_string(text));
        if (returned->tester[0] == '\0' || (tester != NULL && is_named(tester, returned->tester)))
                return attrs;
        testers = tester == NULL ? g_strdup(returned->tester)
                                 : g_strdup_printf("%s, %s", tester, returned->tester);
        json_object_set_new(attrs, "tester", json_string(testers));
        return attrs;
}

static json_t *body_new(const Returned *returned, const Execution *execution)
{
        const char *body = execution->run == NULL ? NULL : store_item_rev(execution->run)->body;
        g_autofree char *statement = statement_new(returned);

        if (statement == NULL || (body != NULL && strstr(body, statement) != NULL))
                return NULL;
        return body == NULL || body[0] == '\0' ? json_string(statement)
                                               : json_sprintf("%s\n\n%s", body, statement);
}

/* The whole file stays with the run; the reference of `item` is stolen. */
static bool file_attach(const Call *call, const Returned *returned, json_t *item, json_t *native,
                        GError **error)
{
        g_autofree char *name = NULL;
        char hex[ZW_DIGEST_HEX];
        gsize size;
        const void *bytes = g_bytes_get_data(returned->bytes, &size);
        Digest digest = hash_sha256(bytes, size);

        if (!jread_get_bool(call->input, "dry_run", false) &&
            !store_blob_put(call->service->store, returned->bytes, &digest, error)) {
                json_decref(item);
                return false;
        }
        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        name = g_strdup_printf("offline-%.8s-%.8s.json", returned->hash, hex);
        json_array_append_new(native, json_pack("{s:s, s:o, s:s, s:s, s:I, s:s}", "op", "attach", "item",
                                                item, "name", name, "digest", hex, "size", (json_int_t)size,
                                                "media", "application/json"));
        return true;
}

static bool files_attach(const Call *call, const Returned *returned, const ItemRev *run, json_t *item,
                         json_t *native, json_t *answer, GError **error)
{
        int64_t n;

        if (!offline_files_attach(call, returned->taken, run, item, native, &n, error)) {
                json_decref(item);
                return false;
        }
        json_object_set_new(answer, "files", json_integer(n));
        return file_attach(call, returned, item, native, error);
}

static bool run_make(Call *call, const Returned *returned, const StepRecording *recording, json_t *native,
                     json_t *answer, GError **error)
{
        json_t *attrs = attrs_new(returned, recording), *body = body_new(returned, recording->execution);
        g_autoptr(Json) plans = json_array();
        g_auto(PinnedGraph) pinned = { 0 };
        ItemNo of;

        json_object_set(attrs, "cases", json_object_get(recording->execution->attrs, "cases"));
        if (!graph_of_call(call, &pinned, error)) {
                json_decref(attrs);
                json_decref(body);
                return false;
        }
        if (graph_find_key(pinned.view, returned->of, &of) &&
            graph_kind(pinned.view, of) == ZW_KIND_TEST_PLAN)
                json_array_append_new(plans, json_string(returned->of));
        execution_begin_ops(native, jread_get_string(returned->given, "title"), attrs,
                            json_pack("{s:s, s:s}", "system", SYSTEM, "id", returned->hash), plans);
        if (body != NULL)
                json_object_set_new(json_array_get(native, 0), "body", body);
        return files_attach(call, returned, NULL, json_pack("{s:i}", "created", 0), native, answer, error);
}

/* Whether the run has all files that came back. */
static bool files_known(const Returned *returned, const ItemRev *run)
{
        for (guint i = 0; i < returned->taken->len; i++) {
                const OfflineFile *file = g_ptr_array_index(returned->taken, i);
                char hex[ZW_DIGEST_HEX];

                hex_encode(file->digest.b, ZW_DIGEST_BYTES, hex);
                if (run->attachments == NULL || strstr(run->attachments, hex) == NULL)
                        return false;
        }
        return true;
}

static bool run_add(Call *call, const Returned *returned, const StepRecording *recording, json_t *native,
                    json_t *answer, GError **error)
{
        const ItemRev *run = store_item_rev(recording->execution->run);
        json_t *body;

        if (recording->taken == 0 && json_array_size(recording->conflicts) == 0 && files_known(returned, run))
                return true;
        if (run->state != ZW_STATE_IN_PROGRESS) {
                error_set(error, ZW_ERR_STATE, run->key,
                          "%s is %s, and the file says something else than it does", run->key,
                          state_def(run->state)->name);
                return false;
        }
        body = body_new(returned, recording->execution);
        json_array_append_new(native, json_pack("{s:s, s:s, s:o, s:o*}", "op", "item", "key", run->key,
                                                "attrs", attrs_new(returned, recording), "body", body));
        return files_attach(call, returned, run, json_string(run->key), native, answer, error);
}

static bool merge_make(Call *call, StoreView *view, json_t *native, json_t *answer, GError **error)
{
        const bool decided = jread_get_string(call->input, "keep") != NULL;
        g_auto(Returned) returned = { 0 };
        g_auto(Execution) execution = { 0 };
        g_auto(StepRecording) recording = { 0 };
        json_t *meanwhile = json_array();

        json_object_set_new(answer, "meanwhile", meanwhile);
        if (!returned_read(call, &returned, error) ||
            !execution_find(call, view, &returned, &execution, error))
                return false;
        returned.taken = offline_files_read(returned.files, &execution, error);
        if (returned.taken == NULL)
                return false;
        step_recording_init(&recording, &execution);
        if (!steps_take(call, &recording, &returned, error) ||
            !meanwhile_list(call, &returned, &recording, meanwhile, error))
                return false;
        json_object_set_new(answer, "hash", json_string(returned.hash));
        json_object_set_new(answer, "recorded", json_integer(recording.taken));
        json_object_set_new(answer, "unchanged", json_integer(recording.unchanged));
        json_object_set_new(answer, "files", json_integer(0));
        json_object_set(answer, "conflicts", recording.conflicts);
        json_object_set_new(answer, "changed", changed_list(&execution));
        if (execution.run != NULL)
                json_object_set_new(answer, "key", json_string(store_item_rev(execution.run)->key));
        if (json_array_size(recording.conflicts) > 0 && !decided)
                return true; /* somebody has to say what counts */
        return execution.run == NULL ? run_make(call, &returned, &recording, native, answer, error)
                                     : run_add(call, &returned, &recording, native, answer, error);
}

bool usecase_test_merge(Call *call, JWrite *w, GError **error)
{
        const char *keep = jread_get_string(call->input, "keep");

        if (keep == NULL || strcmp(keep, "file") == 0 || strcmp(keep, "here") == 0)
                return execution_change(call, merge_make, w, error);
        error_set(error, ZW_ERR_USAGE, "/keep", "what counts is \"file\" or \"here\"");
        return false;
}
