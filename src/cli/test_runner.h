/* Runs the commands of automated test cases on this host. A command is a program and its arguments, never a line for a shell; it runs
 * in a new empty folder, in a process group of its own, with a small environment, no standard input and limits of memory, files and
 * processor time. What it writes is kept, up to a limit. When its time is over, or it ended, its whole group is killed. Not
 * thread-safe. */
#ifndef CLI_TEST_RUNNER_H
#define CLI_TEST_RUNNER_H

#include "base/instant.h"
#include "model/revision.h"

enum { TEST_OUTPUT_MAX = 256 << 10, TEST_EXIT_SKIPPED = 77 };

typedef struct {
        ResultStatus status;
        Instant began;
        double seconds;
        char *message; /* or NULL */
        char *output;  /* UTF-8, without what XML cannot hold */
} TestRun;

void test_run_clear(TestRun *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TestRun, test_run_clear)

/* Runs `argv` (ended by NULL) for at most `seconds`; the environment says `key` as ZONEWRIGHT_TEST_CASE. That a command cannot be
 * started is a result, error. Errors: STORAGE, no folder or process can be made. */
bool test_run(const char *key, char **argv, int64_t seconds, TestRun *ret_run, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
