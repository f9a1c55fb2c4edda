#include "service/execution/execution.h"

#include <string.h>

static void case_free(gpointer data)
{
        ExecutionCase *test_case = data;

        g_clear_pointer(&test_case->given, store_item_free);
        g_clear_pointer(&test_case->attrs, json_decref);
        g_clear_pointer(&test_case->steps, g_ptr_array_unref);
        g_free(test_case->key);
        g_free(test_case);
}

void execution_clear(Execution *execution)
{
        g_clear_pointer(&execution->run, store_item_free);
        g_clear_pointer(&execution->attrs, json_decref);
        g_clear_pointer(&execution->by_key, g_hash_table_unref);
        g_clear_pointer(&execution->cases, g_ptr_array_unref);
}

/* ---- cases ---- */

typedef struct {
        uint32_t rev;
        StoreItem *found;
} RevFind;

static bool rev_see(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        RevFind *find = payload;

        if (rev->rev == find->rev && find->found == NULL)
                find->found = store_item_copy(rev);
        return true;
}

/* The item in a revision; mostly that is the one it has. */
static StoreItem *item_at_rev(StoreView *view, const Id *log, StoreItem *now, uint32_t rev, GError **error)
{
        const ItemRev *facts = store_item_rev(now);
        RevFind find = { rev, NULL };

        if (facts->rev == rev)
                return store_item_copy(facts);
        if (!store_each_revision(view, log, facts->no, rev_see, &find, error)) {
                g_clear_pointer(&find.found, store_item_free);
                return NULL;
        }
        if (find.found == NULL)
                error_set(error, ZW_ERR_NOT_FOUND, facts->key, "%s has no revision %u", facts->key, rev);
        return find.found;
}

static bool case_load(StoreView *view, const Id *log, const char *key, const json_t *rev, Seq seq,
                      ExecutionCase *test_case, GError **error)
{
        g_autoptr(StoreItem) now = store_item_by_key(view, log, key, seq, error);
        guint64 number = 0;
        const char *attrs;

        if (now == NULL)
                return false;
        if (!g_ascii_string_to_unsigned(json_is_string(rev) ? json_string_value(rev) : "", 10, 1, UINT32_MAX,
                                        &number, NULL)) {
                error_set(error, ZW_ERR_INPUT, key, "the revision of %s in the run is no number", key);
                return false;
        }
        test_case->given = item_at_rev(view, log, now, (uint32_t)number, error);
        if (test_case->given == NULL)
                return false;
        attrs = store_item_rev(test_case->given)->attrs;
        test_case->attrs = jread_parse(attrs, strlen(attrs), error);
        if (test_case->attrs == NULL)
                return false;
        test_case->key = g_strdup(key);
        test_case->steps = steps_new(jread_get_string(test_case->attrs, "steps"),
                                     jread_get_string(test_case->attrs, "expected"));
        test_case->rev_now = store_item_rev(now)->rev;
        test_case->changed = store_item_rev(now)->subst > number;
        test_case->retired = (state_def(store_item_rev(now)->state)->flags & STATE_RETIRED) != 0;
        return true;
}

static bool cases_load(StoreView *view, const Id *log, Seq seq, Execution *execution, GError **error)
{
        const json_t *cases = json_object_get(execution->attrs, "cases"), *rev;
        const char *key;

        execution->cases = g_ptr_array_new_with_free_func(case_free);
        execution->by_key = hash_table_new_text(NULL, NULL);
        json_object_foreach((json_t *)(uintptr_t)cases, key, rev)
        {
                ExecutionCase *test_case = g_new0(ExecutionCase, 1);

                g_ptr_array_add(execution->cases, test_case);
                if (!case_load(view, log, key, rev, seq, test_case, error))
                        return false;
                g_hash_table_insert(execution->by_key, test_case->key, test_case);
        }
        return true;
}

/* The run without its cases. */
static bool run_load(StoreView *view, const Id *log, const char *key, Seq seq, Execution *ret_execution,
                     GError **error)
{
        const ItemRev *rev;

        if (key == NULL) {
                error_set(error, ZW_ERR_USAGE, "/key", "the key of a test run is needed");
                return false;
        }
        ret_execution->run = store_item_by_key(view, log, key, seq, error);
        if (ret_execution->run == NULL)
                return false;
        rev = store_item_rev(ret_execution->run);
        ret_execution->attrs = jread_parse(rev->attrs, strlen(rev->attrs), error);
        if (ret_execution->attrs == NULL)
                return false;
        if (rev->kind == ZW_KIND_TEST_RUN && json_is_object(json_object_get(ret_execution->attrs, "cases")))
                return true;
        error_set(error, ZW_ERR_NOT_FOUND, "/key", "%s is no test run that is done by hand", key);
        return false;
}

bool execution_load(StoreView *view, const Id *log, const char *key, Seq seq, Execution *ret_execution,
                    GError **error)
{
        return run_load(view, log, key, seq, ret_execution, error) &&
               cases_load(view, log, seq, ret_execution, error);
}

/* A run may be of cases that who is limited to zones does not see. */
static bool cases_limit(Call *call, json_t *cases, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        const char *key;
        json_t *rev;
        void *next;
        ItemNo item;

        if (call->sight == NULL)
                return true;
        if (!graph_of_call(call, &pinned, error))
                return false;
        json_object_foreach_safe(cases, next, key, rev)
        {
                if (!graph_find_key(pinned.view, key, &item))
                        json_object_del(cases, key);
        }
        return true;
}

bool execution_of_call(Call *call, Execution *ret_execution, GError **error)
{
        const Id *log = &call->project->log;

        return run_load(call->view, log, jread_get_string(call->input, "key"), call->at, ret_execution,
                        error) &&
               cases_limit(call, json_object_get(ret_execution->attrs, "cases"), error) &&
               cases_load(call->view, log, call->at, ret_execution, error);
}

bool execution_of_cases(StoreView *view, const Id *log, json_t *cases, Seq seq, Execution *ret_execution,
                        GError **error)
{
        ret_execution->attrs = json_pack("{s:o}", "cases", cases);
        return cases_load(view, log, seq, ret_execution, error);
}

/* ---- what was recorded ---- */

const char *execution_said(const json_t *step_results, const char *test_case, guint step)
{
        g_autofree char *name = step_name(test_case, step);

        return jread_get_string(step_results, name);
}

StepStatus execution_worst(const ExecutionCase *test_case, const json_t *step_results)
{
        StepStatus worst = STEP_PASSED;

        for (guint i = 1; i <= test_case->steps->len; i++) {
                const char *said = execution_said(step_results, test_case->key, i), *observation;
                StepStatus status;

                if (said == NULL || !step_said_parse(said, &status, &observation))
                        status = STEP_NOT_RUN;
                worst = MAX(worst, status);
        }
        return worst;
}

json_t *execution_counts(const Execution *execution, const json_t *step_results)
{
        static const ResultStatus counted[] = { RESULT_PASSED, RESULT_FAILED, RESULT_ERROR, RESULT_SKIPPED };
        json_int_t n[RESULT_SKIPPED + 1] = { 0 };
        json_t *counts = json_object();

        for (guint i = 0; i < execution->cases->len; i++)
                n[step_outcome(execution_worst(g_ptr_array_index(execution->cases, i), step_results))]++;
        for (size_t i = 0; i < G_N_ELEMENTS(counted); i++)
                json_object_set_new(counts, result_status_name(counted[i]), json_integer(n[counted[i]]));
        return counts;
}

/* ---- what a run is of ---- */

/* Where cases are looked for, and what they are added to. */
typedef struct {
        GraphView graph;
        StoreView *view;
        const Id *log;
        Seq seq;
        json_t *cases;
} CasesFind;

static bool case_add(const CasesFind *find, const char *key, GError **error)
{
        g_autoptr(StoreItem) item = store_item_by_key(find->view, find->log, key, find->seq, error);
        json_t *cases = find->cases;

        if (item == NULL)
                return false;
        if (json_object_size(cases) >= EXECUTION_CASES_MAX && json_object_get(cases, key) == NULL) {
                error_set(error, ZW_ERR_LIMIT, "/cases", "a run by hand has at most %d test cases",
                          (int)EXECUTION_CASES_MAX);
                return false;
        }
        json_object_set_new(cases, key, json_sprintf("%u", store_item_rev(item)->rev));
        return true;
}

static bool named_add(const CasesFind *find, ItemNo item, const char *where, GError **error)
{
        GraphView graph = find->graph;
        const KindId kind = graph_kind(graph, item);
        g_autoptr(GArray) planned = NULL;

        if (kind == ZW_KIND_TEST_CASE && graph_is_live(graph, item))
                return case_add(find, graph_key(graph, item), error);
        if (kind != ZW_KIND_TEST_PLAN || !graph_is_live(graph, item)) {
                error_set(error, ZW_ERR_USAGE, where, "%s is %s", graph_key(graph, item),
                          graph_is_live(graph, item) ? "neither a test plan nor a test case" : "retired");
                return false;
        }
        planned = testing_plan_cases(graph, item);
        for (guint i = 0; i < planned->len; i++)
                if (!case_add(find, graph_key(graph, g_array_index(planned, ItemNo, i)), error))
                        return false;
        return true;
}

bool execution_cases_find(const Call *call, GraphView graph, StoreView *view, const json_t *keys, Seq seq,
                          json_t *cases, GError **error)
{
        const CasesFind find = { graph, view, &call->project->log, seq, cases };
        const json_t *one;
        size_t i;

        json_array_foreach(keys, i, one)
        {
                const char *key = json_is_string(one) ? json_string_value(one) : "";
                g_autofree char *where = g_strdup_printf("/cases/%zu", i);
                ItemNo item;

                if (!graph_find_key(graph, key, &item)) {
                        error_set(error, ZW_ERR_NOT_FOUND, where, "there is no item %s", key);
                        return false;
                }
                if (!named_add(&find, item, where, error))
                        return false;
        }
        if (json_object_size(cases) > 0)
                return true;
        error_set(error, ZW_ERR_USAGE, "/cases", "name test cases, or a plan that has some");
        return false;
}
