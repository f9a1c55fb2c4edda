/* Tests: what they say of requirements, how each stands, and the runs (analysis/testing.h). */
#include "analysis/testing.h"
#include "report/query_internal.h"

static bool is_live_of(GraphView view, ItemNo item, KindId kind)
{
        return graph_exists(view, item) && graph_kind(view, item) == kind && graph_is_live(view, item);
}

/* ---- requirements ---- */

enum { TESTED_REQUIREMENT, TESTED_REF, TESTED_STATE, TESTED_CASES, TESTED_FAILED, TESTED_N };

static const QueryField tested_fields[TESTED_N] = {
        [TESTED_REQUIREMENT] = { "requirement", CELL_ITEM },
        [TESTED_REF] = { "ref", CELL_TEXT },
        [TESTED_STATE] = { "state", CELL_WORD },
        [TESTED_CASES] = { "cases", CELL_ITEMS },
        [TESTED_FAILED] = { "failing", CELL_ITEMS },
};

static const char *state_word(TestingState state)
{
        static const char *const words[] = {
                [TESTING_NO_TEST] = "no_test",    [TESTING_NOT_RUN] = "not_run", [TESTING_FAILED] = "failed",
                [TESTING_PARTLY] = "test_partly", [TESTING_PASSED] = "passed",
        };

        return words[state];
}

static void tested_row(Query *query, ItemNo requirement)
{
        GraphView view = query->context->view;
        g_autoptr(GArray) cases = testing_cases_of(view, requirement);
        g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        g_autoptr(GArray) failing = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        const RowId row = facts_get_ref(graph_facts(view, requirement), ZW_ATTR_REF);

        for (guint i = 0; i < cases->len; i++) {
                const ItemNo test_case = g_array_index(cases, TestingCase, i).test_case;
                CaseStanding standing;

                testing_case(view, test_case, &standing);
                g_array_append_val(all, test_case);
                if (standing.ran && standing.last.status == RESULT_FAILED)
                        g_array_append_val(failing, test_case);
        }
        fill_clear(query);
        fill_item(query, TESTED_REQUIREMENT, requirement);
        if (row != ZW_ROW_NONE)
                fill_text(query, TESTED_REF, catalogue_row(row)->id);
        fill_text(query, TESTED_STATE, state_word(testing_state(view, requirement, cases)));
        fill_list(query, TESTED_CASES, all->data, all->len);
        fill_list(query, TESTED_FAILED, failing->data, failing->len);
        (void)fill_emit(query);
}

static void tested_run(Query *query)
{
        GraphView view = query->context->view;

        for (ItemNo item = 0; item < graph_item_count(view) && !query->stopped; item++)
                if (is_live_of(view, item, ZW_KIND_REQUIREMENT))
                        tested_row(query, item);
}

const QueryDef report_query_tested = { "tested", false, tested_fields, TESTED_N, tested_run };

/* ---- test cases ---- */

enum {
        TESTS_CASE,
        TESTS_KIND,
        TESTS_STAGE,
        TESTS_PURPOSE,
        TESTS_INDEPENDENCE,
        TESTS_STATUS,
        TESTS_RUN,
        TESTS_AT,
        TESTS_RESULTS,
        TESTS_FLAKY,
        TESTS_N
};

static const QueryField tests_fields[TESTS_N] = {
        [TESTS_CASE] = { "case", CELL_ITEM },
        [TESTS_KIND] = { "kind", CELL_TEXT },
        [TESTS_STAGE] = { "stage", CELL_TEXT },
        [TESTS_PURPOSE] = { "purpose", CELL_TEXT },
        [TESTS_INDEPENDENCE] = { "independence", CELL_TEXT },
        [TESTS_STATUS] = { "status", CELL_WORD },
        [TESTS_RUN] = { "run", CELL_ITEM },
        [TESTS_AT] = { "at", CELL_TIME },
        [TESTS_RESULTS] = { "results", CELL_NUMBER },
        [TESTS_FLAKY] = { "flaky", CELL_FLAG },
};

static void tests_row(Query *query, ItemNo test_case)
{
        CaseStanding standing;

        testing_case(query->context->view, test_case, &standing);
        fill_clear(query);
        fill_item(query, TESTS_CASE, test_case);
        fill_enum(query, TESTS_KIND, test_case, ZW_ATTR_TEST_KIND);
        fill_enum(query, TESTS_STAGE, test_case, ZW_ATTR_STAGE);
        fill_enum(query, TESTS_PURPOSE, test_case, ZW_ATTR_PURPOSE);
        fill_enum(query, TESTS_INDEPENDENCE, test_case, ZW_ATTR_INDEPENDENCE);
        fill_text(query, TESTS_STATUS,
                  !standing.ran                           ? "not_run"
                  : standing.last.status == RESULT_PASSED ? "passed"
                                                          : "failed");
        if (standing.ran) {
                fill_item(query, TESTS_RUN, standing.last.run);
                fill_time(query, TESTS_AT, standing.last.at);
        }
        fill_number(query, TESTS_RESULTS, (gint64)standing.n_results);
        query->cells[TESTS_FLAKY].number = standing.flaky;
        (void)fill_emit(query);
}

static void tests_run(Query *query)
{
        GraphView view = query->context->view;

        for (ItemNo item = 0; item < graph_item_count(view) && !query->stopped; item++)
                if (is_live_of(view, item, ZW_KIND_TEST_CASE))
                        tests_row(query, item);
}

const QueryDef report_query_tests = { "tests", false, tests_fields, TESTS_N, tests_run };

/* ---- runs ---- */

enum { RUNS_RUN, RUNS_AT, RUNS_STAGE, RUNS_PASSED, RUNS_FAILED, RUNS_ERROR, RUNS_SKIPPED, RUNS_N };

static const QueryField runs_fields[RUNS_N] = {
        [RUNS_RUN] = { "run", CELL_ITEM },           [RUNS_AT] = { "at", CELL_TIME },
        [RUNS_STAGE] = { "stage", CELL_TEXT },       [RUNS_PASSED] = { "passed", CELL_NUMBER },
        [RUNS_FAILED] = { "failed", CELL_NUMBER },   [RUNS_ERROR] = { "error", CELL_NUMBER },
        [RUNS_SKIPPED] = { "skipped", CELL_NUMBER },
};

static void runs_row(Query *query, ItemNo run, RunCounts counts)
{
        static const struct {
                size_t field;
                ResultStatus status;
        } columns[] = { { RUNS_PASSED, RESULT_PASSED },
                        { RUNS_FAILED, RESULT_FAILED },
                        { RUNS_ERROR, RESULT_ERROR },
                        { RUNS_SKIPPED, RESULT_SKIPPED } };
        Instant at;

        fill_clear(query);
        fill_item(query, RUNS_RUN, run);
        if (facts_get_date(graph_facts(query->context->view, run), ZW_ATTR_AT, &at))
                fill_time(query, RUNS_AT, at);
        fill_enum(query, RUNS_STAGE, run, ZW_ATTR_STAGE);
        for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
                fill_number(query, columns[i].field, counts.n[columns[i].status]);
        (void)fill_emit(query);
}

static void runs_run(Query *query)
{
        GraphView view = query->context->view;
        g_autoptr(GHashTable) runs = testing_runs(view);

        for (ItemNo item = 0; item < graph_item_count(view) && !query->stopped; item++)
                if (is_live_of(view, item, ZW_KIND_TEST_RUN))
                        runs_row(query, item, testing_run_counts(runs, item));
}

const QueryDef report_query_runs = { "runs", false, runs_fields, RUNS_N, runs_run };
