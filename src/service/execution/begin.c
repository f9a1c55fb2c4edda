/* A run is begun (`test.execute`), and finished (`test.finish`): then its results count. */
#include "service/execution/execution.h"

void execution_begin_ops(json_t *native, const char *title, json_t *attrs, json_t *source,
                         const json_t *plans)
{
        const json_t *plan;
        size_t i;

        json_array_append_new(native,
                              json_pack("{s:s, s:s, s:s, s:o, s:o*}", "op", "item", "kind", "test_run",
                                        "title", title, "attrs", attrs, "source", source));
        json_array_foreach(plans, i, plan)
                json_array_append_new(native, json_pack("{s:s, s:{s:i}, s:s, s:O}", "op", "link", "from",
                                                        "created", 0, "type", "planned_in", "to", plan));
        json_array_append_new(native, json_pack("{s:s, s:{s:i}, s:s}", "op", "transition", "key", "created",
                                                0, "to", state_def(ZW_STATE_IN_PROGRESS)->name));
}

/* ---- beginning ---- */

/* Plans among what was named, and what the run is called by the first of it. */
static json_t *plans_of(GraphView graph, const json_t *keys, const char **ret_title)
{
        json_t *plans = json_array();
        const json_t *one;
        size_t i;

        *ret_title = NULL;
        json_array_foreach(keys, i, one)
        {
                ItemNo item;

                if (!json_is_string(one) || !graph_find_key(graph, json_string_value(one), &item))
                        continue;
                if (*ret_title == NULL)
                        *ret_title = graph_title(graph, item);
                if (graph_kind(graph, item) == ZW_KIND_TEST_PLAN)
                        json_array_append(plans, (json_t *)(uintptr_t)one);
        }
        return plans;
}

/* Who begins it is the tester until somebody else is said. */
static void tester_set(const Call *call, json_t *attrs)
{
        g_autoptr(StorePerson) person = store_load_person(call->view, &call->caller->person, NULL);
        const char *said = jread_get_string(call->input, "tester"), *name = person == NULL ? NULL
                                                                            : person->full_name != NULL
                                                                                    ? person->full_name
                                                                                    : person->name;

        if (said != NULL || name != NULL)
                json_object_set_new(attrs, "tester", json_string(said != NULL ? said : name));
}

static bool begin_make(Call *call, StoreView *view, json_t *native, json_t *answer G_GNUC_UNUSED,
                       GError **error)
{
        static const char *const facts[] = { "environment", "stage", "versions" };
        const json_t *keys = json_object_get(call->input, "cases");
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(Json) cases = json_object(), attrs = json_object(), plans = NULL;
        const char *title = jread_get_string(call->input, "title"), *of;

        if (!graph_of_call(call, &pinned, error) ||
            !execution_cases_find(call, pinned.view, view, keys, ZW_SEQ_OPEN - 1, cases, error))
                return false;
        plans = plans_of(pinned.view, keys, &of);
        for (size_t i = 0; i < G_N_ELEMENTS(facts); i++)
                if (json_object_get(call->input, facts[i]) != NULL)
                        json_object_set(attrs, facts[i], json_object_get(call->input, facts[i]));
        json_object_set(attrs, "cases", cases);
        tester_set(call, attrs);
        execution_begin_ops(native, title != NULL ? title : of, json_incref(attrs), NULL, plans);
        return true;
}

bool usecase_test_execute(Call *call, JWrite *w, GError **error)
{
        return execution_change(call, begin_make, w, error);
}

/* ---- finishing ---- */

/* The result of a case, unless it would say something of another test than the one that was done. */
static bool result_make(const Call *call, const Execution *execution, const ExecutionCase *test_case,
                        const char *at, json_t *native, json_t *left_out)
{
        const json_t *steps = json_object_get(execution->attrs, "step_results");
        const StepStatus worst = execution_worst(test_case, steps);
        g_autoptr(GString) message = g_string_new(NULL);

        if (test_case->retired || test_case->changed) {
                json_array_append_new(
                        left_out,
                        json_pack("{s:s, s:o}", "case", test_case->key, "why",
                                  test_case->retired
                                          ? json_string("it is retired")
                                          : json_sprintf("it changed: revision %u was done, it is %u now",
                                                         store_item_rev(test_case->given)->rev,
                                                         test_case->rev_now)));
                return false;
        }
        for (guint i = 1; worst != STEP_PASSED && i <= test_case->steps->len; i++) {
                const char *said = execution_said(steps, test_case->key, i);

                if (said != NULL && !g_str_has_prefix(said, step_status_name(STEP_PASSED)))
                        g_string_append_printf(message, "%sstep %u %s", message->len == 0 ? "" : "; ", i,
                                               said);
        }
        json_array_append_new(native, json_pack("{s:s, s:s, s:O, s:s, s:s, s:s*}", "op", "result", "case",
                                                test_case->key, "run", json_object_get(call->input, "key"),
                                                "status", result_status_name(step_outcome(worst)), "at", at,
                                                "message", message->len == 0 ? NULL : message->str));
        return true;
}

static bool finish_check(const Execution *execution, GError **error)
{
        const ItemRev *run = store_item_rev(execution->run);

        if (run->state != ZW_STATE_IN_PROGRESS) {
                error_set(error, ZW_ERR_STATE, run->key, "%s is not in progress but %s", run->key,
                          state_def(run->state)->name);
                return false;
        }
        if (json_object_size(json_object_get(execution->attrs, "step_results")) > 0)
                return true;
        error_set(error, ZW_ERR_STATE, run->key, "nothing was recorded in %s yet", run->key);
        return false;
}

static bool finish_make(Call *call, StoreView *view, json_t *native, json_t *answer, GError **error)
{
        const char *key = jread_get_string(call->input, "key"), *at;
        g_auto(Execution) execution = { 0 };
        json_t *left_out = json_array();
        char now[ZW_INSTANT_TEXT];
        int64_t results = 0;

        json_object_set_new(answer, "left_out", left_out);
        if (!execution_load(view, &call->project->log, key, ZW_SEQ_OPEN - 1, &execution, error) ||
            !finish_check(&execution, error))
                return false;
        instant_format(instant_now(), now);
        at = jread_get_string(execution.attrs, "at");
        /* The guard of this transition asks for the signature. */
        json_array_append_new(native, json_pack("{s:s, s:s, s:s}", "op", "transition", "key", key, "to",
                                                state_def(ZW_STATE_RECORDED)->name));
        for (guint i = 0; i < execution.cases->len; i++)
                results += result_make(call, &execution, g_ptr_array_index(execution.cases, i),
                                       at == NULL ? now : at, native, left_out);
        json_object_set_new(answer, "key", json_string(key));
        json_object_set_new(answer, "results", json_integer(results));
        json_object_set_new(answer, "counts",
                            execution_counts(&execution, json_object_get(execution.attrs, "step_results")));
        return true;
}

bool usecase_test_finish(Call *call, JWrite *w, GError **error)
{
        return execution_change(call, finish_make, w, error);
}
