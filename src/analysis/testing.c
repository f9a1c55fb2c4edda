#include "analysis/testing.h"

#include "analysis/internal.h"

#include <string.h>

enum { RESULTS_AT_ONCE = 32 };

static bool says(ResultStatus status)
{
        return status == RESULT_PASSED || status == RESULT_FAILED;
}

static bool is_flaky(const CaseStanding *standing)
{
        ResultStatus before = RESULT_SKIPPED;
        int changes = 0;

        for (size_t i = 0; i < standing->n_history; i++) {
                const ResultStatus status = standing->history[i].status;

                if (!says(status))
                        continue;
                changes += says(before) && status != before;
                before = status;
        }
        return changes >= 2;
}

void testing_case(GraphView view, ItemNo test_case, CaseStanding *ret_standing)
{
        GraphResult few[RESULTS_AT_ONCE], *results = few;
        g_autofree GraphResult *all = NULL;
        size_t n = graph_results(view, test_case, few, RESULTS_AT_ONCE);

        *ret_standing = (CaseStanding){ .test_case = test_case };
        if (n > RESULTS_AT_ONCE) {
                results = all = g_new(GraphResult, n);
                n = MIN(n, graph_results(view, test_case, all, n));
        }
        for (size_t i = 0; i < n; i++) {
                if (!graph_is_live(view, results[i].run))
                        continue;
                ret_standing->n_results++;
                if (ret_standing->n_history < TESTING_HISTORY)
                        ret_standing->history[ret_standing->n_history++] = results[i];
                if (!ret_standing->ran && says(results[i].status)) {
                        ret_standing->ran = true;
                        ret_standing->last = results[i];
                }
        }
        ret_standing->flaky = is_flaky(ret_standing);
}

const char *testing_state_name(TestingState state)
{
        static const char *const names[] = {
                [TESTING_NO_TEST] = "no_test", [TESTING_NOT_RUN] = "not_run", [TESTING_FAILED] = "failed",
                [TESTING_PARTLY] = "partly",   [TESTING_PASSED] = "passed",
        };

        return names[state];
}

/* ---- cases of a requirement ---- */

static void cases_add(GraphView view, ItemNo of, GArray *cases)
{
        GraphIter iter = graph_iter(view, of, GRAPH_IN, LINK_MASK(ZW_LINK_VERIFIES));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                const TestingCase found = { edge.other, of };
                guint i = 0;

                while (i < cases->len && g_array_index(cases, TestingCase, i).test_case != edge.other)
                        i++;
                if (i == cases->len && graph_is_live(view, edge.other))
                        g_array_append_val(cases, found);
        }
}

static int case_compare(gconstpointer a, gconstpointer b)
{
        const TestingCase *left = a, *right = b;

        return (left->test_case > right->test_case) - (left->test_case < right->test_case);
}

GArray *testing_cases_of(GraphView view, ItemNo requirement)
{
        GArray *cases = g_array_new(FALSE, FALSE, sizeof(TestingCase));
        GraphIter claims = graph_iter(view, requirement, GRAPH_IN, LINK_MASK(ZW_LINK_ANSWERS));
        GraphEdge claim, base;

        cases_add(view, requirement, cases);
        while (graph_next(&claims, &claim)) {
                GraphIter bases = graph_iter(view, claim.other, GRAPH_OUT, LINK_MASK(ZW_LINK_RESTS_ON));

                if (!graph_is_live(view, claim.other))
                        continue;
                cases_add(view, claim.other, cases);
                while (graph_next(&bases, &base))
                        if (graph_is_live(view, base.other))
                                cases_add(view, base.other, cases);
        }
        g_array_sort(cases, case_compare);
        return cases;
}

static TestingState state_of(GraphView view, const GArray *cases)
{
        guint n_ran = 0;

        for (guint i = 0; i < cases->len; i++) {
                CaseStanding standing;

                testing_case(view, g_array_index(cases, TestingCase, i).test_case, &standing);
                if (standing.ran && standing.last.status == RESULT_FAILED)
                        return TESTING_FAILED;
                n_ran += standing.ran;
        }
        if (cases->len == 0)
                return TESTING_NO_TEST;
        if (n_ran == 0)
                return TESTING_NOT_RUN;
        return n_ran < cases->len ? TESTING_PARTLY : TESTING_PASSED;
}

TestingState testing_state(GraphView view, ItemNo requirement, const GArray *cases)
{
        const GraphView whole = graph_whole(view);
        g_autoptr(GArray) all = NULL;

        if (whole.graph == view.graph)
                return state_of(view, cases);
        all = testing_cases_of(whole, requirement);
        return state_of(whole, all);
}

/* ---- cases of a plan ---- */

GArray *testing_plan_cases(GraphView view, ItemNo plan)
{
        GArray *cases = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        g_autoptr(GArray) plans = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);

        g_array_append_val(plans, plan);
        for (guint i = 0; i < plans->len; i++) {
                GraphIter iter = graph_iter(view, g_array_index(plans, ItemNo, i), GRAPH_IN,
                                            LINK_MASK(ZW_LINK_PLANNED_IN));
                GraphEdge edge;

                while (graph_next(&iter, &edge)) {
                        const KindId kind = graph_kind(view, edge.other);

                        if (!graph_is_live(view, edge.other) ||
                            !g_hash_table_add(seen, GUINT_TO_POINTER(edge.other + 1)))
                                continue;
                        if (kind == ZW_KIND_TEST_PLAN)
                                g_array_append_val(plans, edge.other);
                        else if (kind == ZW_KIND_TEST_CASE)
                                g_array_append_val(cases, edge.other);
                }
        }
        g_array_sort(cases, item_compare);
        return cases;
}

/* ---- runs ---- */

static void run_counts_add(GraphView view, ItemNo test_case, GHashTable *runs)
{
        const size_t n = graph_results(view, test_case, NULL, 0);
        g_autofree GraphResult *results = g_new(GraphResult, n + 1);
        const size_t got = MIN(n, graph_results(view, test_case, results, n));

        for (size_t i = 0; i < got; i++) {
                RunCounts *counts = g_hash_table_lookup(runs, GUINT_TO_POINTER(results[i].run + 1));

                if (counts == NULL) {
                        counts = g_new0(RunCounts, 1);
                        g_hash_table_insert(runs, GUINT_TO_POINTER(results[i].run + 1), counts);
                }
                counts->n[results[i].status]++;
        }
}

GHashTable *testing_runs(GraphView view)
{
        GHashTable *runs = g_hash_table_new_full(NULL, NULL, NULL, g_free);

        for (ItemNo item = 0; item < graph_item_count(view); item++)
                if (graph_exists(view, item) && graph_kind(view, item) == ZW_KIND_TEST_CASE &&
                    graph_is_live(view, item))
                        run_counts_add(view, item, runs);
        return runs;
}

RunCounts testing_run_counts(GHashTable *runs, ItemNo run)
{
        const RunCounts *counts = g_hash_table_lookup(runs, GUINT_TO_POINTER(run + 1));

        if (counts == NULL)
                return (RunCounts){ 0 };
        return *counts;
}
