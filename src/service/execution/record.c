/* What steps gave, laid over what a run has (`test.record`). */
#include "service/execution/execution.h"

#include "base/near.h"

#include <string.h>

void step_recording_init(StepRecording *recording, const Execution *execution)
{
        const json_t *now = json_object_get(execution->attrs, "step_results");

        *recording = (StepRecording){ .execution = execution,
                                      .results = now == NULL ? json_object()
                                                             : json_copy((json_t *)(uintptr_t)now),
                                      .conflicts = json_array() };
}

void step_recording_clear(StepRecording *recording)
{
        g_clear_pointer(&recording->results, json_decref);
        g_clear_pointer(&recording->conflicts, json_decref);
}

static bool place_check(const StepRecording *recording, const StepRecord *record, const char *where,
                        GError **error)
{
        const ExecutionCase *test_case = g_hash_table_lookup(recording->execution->by_key, record->test_case);

        if (test_case == NULL)
                error_set(error, ZW_ERR_NOT_FOUND, where, "%s is none of the test cases of this run",
                          record->test_case);
        else if (record->step < 1 || record->step > test_case->steps->len)
                error_set(error, ZW_ERR_NOT_FOUND, where, "%s has the steps 1 to %u, and no step %u",
                          record->test_case, test_case->steps->len, record->step);
        else if (strlen(record->said) > ZW_OBSERVATION_MAX)
                error_set(error, ZW_ERR_LIMIT, where, "an observation has at most %d bytes",
                          (int)ZW_OBSERVATION_MAX);
        else
                return true;
        return false;
}

bool step_recording_take(StepRecording *recording, const StepRecord *record, const char *where,
                         GError **error)
{
        g_autofree char *name = step_name(record->test_case, record->step);
        const json_t *here = json_object_get(recording->results, name);

        if (!place_check(recording, record, where, error))
                return false;
        if (g_strcmp0(json_string_value(here), record->said) == 0) {
                recording->unchanged++;
                return true;
        }
        if (record->was != NULL && g_strcmp0(json_string_value(here), json_string_value(record->was)) != 0) {
                json_array_append_new(recording->conflicts,
                                      json_pack("{s:s, s:i, s:O?, s:s}", "case", record->test_case, "step",
                                                (int)record->step, "here", here, "given", record->said));
                if (!recording->overrule)
                        return true;
        }
        json_object_set_new(recording->results, name, json_string(record->said));
        recording->taken++;
        return true;
}

json_t *step_recording_op(const StepRecording *recording, const char *key, Instant at)
{
        char text[ZW_INSTANT_TEXT];

        instant_format(at, text);
        return json_pack("{s:s, s:s, s:{s:s, s:O, s:o}}", "op", "item", "key", key, "attrs", "at", text,
                         "step_results", recording->results, "counts",
                         execution_counts(recording->execution, recording->results));
}

/* ---- test.record ---- */

typedef struct {
        const char *test_case, *status, *observation;
        json_t *was;
        int64_t step;
} StepInput;

static const JReadField step_fields[] = {
        { "case", JREAD_STRING, offsetof(StepInput, test_case), true },
        { "step", JREAD_INT, offsetof(StepInput, step), true },
        { "status", JREAD_STRING, offsetof(StepInput, status), true },
        { "observation", JREAD_STRING, offsetof(StepInput, observation), false },
        { "was", JREAD_JSON, offsetof(StepInput, was), false },
        JREAD_END,
};

static bool step_take(StepRecording *recording, const json_t *value, const char *where, GError **error)
{
        StepInput given = { 0 };
        g_autofree char *near = NULL, *said = NULL;
        StepStatus status;

        if (!jread_object(value, step_fields, &given, where, error))
                return false;
        if (!step_status_find(given.status, &status)) {
                near = near_names(given.status, step_status_names(), STEP_STATUS_COUNT);
                error_set(error, ZW_ERR_INPUT, where, "a step is passed, failed, blocked or not_run%s", near);
                return false;
        }
        said = step_said(status, given.observation);
        return step_recording_take(recording,
                                   &(StepRecord){ given.test_case, (guint)CLAMP(given.step, 0, G_MAXUINT),
                                                  said, json_object_get(value, "was") },
                                   where, error);
}

/* Two people at one run do not overwrite each other. */
static bool conflict_check(const StepRecording *recording, GError **error)
{
        const json_t *first = json_array_get(recording->conflicts, 0);
        const char *here = jread_get_string(first, "here");

        if (first == NULL)
                return true;
        error_set(error, ZW_ERR_CONFLICT, jread_get_string(first, "case"),
                  "step %" G_GINT64_FORMAT " of %s is recorded as \"%s\" by now",
                  jread_get_int(first, "step", 0), jread_get_string(first, "case"), here == NULL ? "" : here);
        return false;
}

static bool open_check(const Execution *execution, GError **error)
{
        const ItemRev *run = store_item_rev(execution->run);

        if (run->state == ZW_STATE_IN_PROGRESS)
                return true;
        error_set(error, ZW_ERR_STATE, run->key, "%s is %s: nothing more is recorded in it", run->key,
                  state_def(run->state)->name);
        return false;
}

static bool record_make(Call *call, StoreView *view, json_t *native, json_t *answer, GError **error)
{
        const char *key = jread_get_string(call->input, "key");
        const json_t *steps = json_object_get(call->input, "steps"), *one;
        g_auto(Execution) execution = { 0 };
        g_auto(StepRecording) recording = { 0 };
        size_t i;

        if (json_array_size(steps) == 0) {
                error_set(error, ZW_ERR_USAGE, "/steps", "say what at least one step gave");
                return false;
        }
        if (!execution_load(view, &call->project->log, key, ZW_SEQ_OPEN - 1, &execution, error) ||
            !open_check(&execution, error))
                return false;
        step_recording_init(&recording, &execution);
        json_array_foreach(steps, i, one)
        {
                g_autofree char *where = g_strdup_printf("/steps/%zu", i);

                if (!step_take(&recording, one, where, error))
                        return false;
        }
        if (!conflict_check(&recording, error))
                return false;
        json_object_set_new(answer, "key", json_string(key));
        json_object_set_new(answer, "recorded", json_integer(recording.taken));
        json_object_set_new(answer, "unchanged", json_integer(recording.unchanged));
        if (recording.taken > 0)
                json_array_append_new(native, step_recording_op(&recording, key, instant_now()));
        return true;
}

bool usecase_test_record(Call *call, JWrite *w, GError **error)
{
        return execution_change(call, record_make, w, error);
}
