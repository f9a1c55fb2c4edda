/* Tests done by people: `zw test execute`, `show`, `record`, `finish`. */
#ifndef CLI_TEST_EXECUTE_H
#define CLI_TEST_EXECUTE_H

#include "cli/cli.h"

typedef struct {
        const char *environment, *stage;
        char **versions; /* KEY=VERSION, or NULL */
} ExecuteOptions;

/* A run of plans and test cases is begun. */
bool test_execute_begin(Cli *cli, char **keys, const ExecuteOptions *options, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool test_execute_show(Cli *cli, const char *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* `steps` are CASE/STEP=STATUS, or CASE/STEP=STATUS: OBSERVATION. */
bool test_execute_record(Cli *cli, const char *run, char **steps, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool test_execute_finish(Cli *cli, const char *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
