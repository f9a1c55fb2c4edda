/* How tests stand, and what they say of requirements (docs/algorithms/testing.md). Pure functions of a view. */
#ifndef ANALYSIS_TESTING_H
#define ANALYSIS_TESTING_H

#include "graph/graph.h"

enum { TESTING_HISTORY = 10 };

/* One live test case. Results of retired runs do not count; skipped and error are results, but say nothing of a requirement. */
typedef struct {
        ItemNo test_case;
        bool ran;         /* passed or failed at least once */
        GraphResult last; /* the newest that passed or failed, when ran */
        size_t n_results;
        bool flaky; /* among the newest, passed and failed change at least twice */
        size_t n_history;
        GraphResult history[TESTING_HISTORY]; /* the newest first, of any status */
} CaseStanding;

void testing_case(GraphView view, ItemNo test_case, CaseStanding *ret_standing);

/* The worst counts: a requirement is passed when every case passed. */
typedef enum {
        TESTING_NO_TEST,
        TESTING_NOT_RUN, /* no case was ever run */
        TESTING_FAILED,
        TESTING_PARTLY, /* some passed, some were never run */
        TESTING_PASSED,
} TestingState;
const char *testing_state_name(TestingState state);

/* A case that speaks for a requirement: of itself, of a claim that answers it, or of what such a claim rests on. */
typedef struct {
        ItemNo test_case, via;
} TestingCase;

/* The live cases of a requirement, each once, in the order of their numbers. */
GArray *testing_cases_of(GraphView view, ItemNo requirement);
/* What all cases say together, those too that the view does not show; `cases` is what testing_cases_of gave for this view. */
TestingState testing_state(GraphView view, ItemNo requirement, const GArray *cases);

/* How many results a run has of live cases, by status. */
typedef struct {
        guint n[RESULT_SKIPPED + 1];
} RunCounts;

/* Those of all runs, to be asked by testing_run_counts. */
GHashTable *testing_runs(GraphView view);
/* Those of one; all 0 where there are none. */
RunCounts testing_run_counts(GHashTable *runs, ItemNo run);

/* The live cases (ItemNo) of a plan and of the suites within it, each once, in the order of their numbers. */
GArray *testing_plan_cases(GraphView view, ItemNo plan);

#endif
