/* Runs the automated cases of a test plan here, and posts what they gave. */
#ifndef CLI_TEST_PLAN_H
#define CLI_TEST_PLAN_H

#include "cli/cli.h"

typedef struct {
        bool list;   /* only print what would be run */
        bool drafts; /* also commands of cases that nobody approved */
} TestPlanOptions;

/* `input` is that of `test.ingest`. Gives its answer with the members run, manual and unapproved; without the rest when nothing was
 * run. What each case gave is told on standard error. Errors: those of the use cases test.plan and test.ingest; STORAGE; LIMIT. */
json_t *test_plan_run(Cli *cli, const char *plan, const TestPlanOptions *options, json_t *input,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
