/* Tests done by people: `zw test execute`, `show`, `record`, `finish`, `pack`, `merge`. */
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
/* The page for tests without a server, into a new file. `stage` and `environment` of the options are those of the run it becomes. */
bool test_execute_pack(Cli *cli, const char *key, const char *path, const ExecuteOptions *options,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What such a page saved. `keep` says what counts where both differ: "file", "here", or NULL to be told only: the answer is then "no". */
bool test_execute_merge(Cli *cli, char **path, const char *keep, bool dry_run, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool test_execute_finish(Cli *cli, const char *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
