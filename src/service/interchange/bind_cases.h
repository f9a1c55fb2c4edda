/* The test cases of a project, found by what a test tool calls a test. Inside bind.c and bind_cases.c only. */
#ifndef SERVICE_INTERCHANGE_BIND_CASES_H
#define SERVICE_INTERCHANGE_BIND_CASES_H

#include "store/store.h"

typedef struct {
        char *shown;   /* its key, or the outside id of one that gets its key with these operations */
        json_t *named; /* what names it in an operation: its key, or {"source":[system, id]} */
        bool retired;
        GPtrArray *keys; /* its attribute `keys`, owned */
} TestCase;

typedef struct TestCases TestCases;

/* Those of the store as `ops` will leave them, and the rules of the profile (or NULL). Errors: results_bind. */
TestCases *test_cases_load(StoreView *view, const Id *log, const json_t *profile, const json_t *ops,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void test_cases_free(TestCases *cases);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestCases, test_cases_free)

/* The test case that `name` belongs to, or one of `tags` (an array of texts, or NULL); or NULL, and why not (free it). */
const TestCase *test_cases_find(const TestCases *cases, const char *name, const json_t *tags, char **ret_why);

#endif
