#include "cli/test_runner.h"

#include "base/error.h"
#include "base/fd.h"
#include "base/jtext.h"
#include "cli/files.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
        FILE_BYTES_MAX = 1 << 30,
        MEMORY_MAX_MIB = 8192,
        FILES_OPEN_MAX = 512,
        PAUSE_MS = 50, /* between two looks whether it has ended */
};

void test_run_clear(TestRun *run)
{
        g_free(run->message);
        g_free(run->output);
}

/* ---- the child ---- */

/* After fork and before exec: only calls that are safe there. */
static void child_run(const char *folder, char **argv, char **environment, int output, int failed,
                      rlim_t seconds)
{
        const struct {
                __rlimit_resource_t what;
                rlim_t most;
        } limits[] = { { RLIMIT_CPU, seconds + 1 },
                       { RLIMIT_CORE, 0 },
                       { RLIMIT_FSIZE, FILE_BYTES_MAX },
                       { RLIMIT_NOFILE, FILES_OPEN_MAX },
                       { RLIMIT_AS, (rlim_t)MEMORY_MAX_MIB << 20 } };
        int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC), why;

        if (setpgid(0, 0) == 0 && nothing >= 0 && chdir(folder) == 0 && dup2(nothing, 0) == 0 &&
            dup2(output, 1) == 1 && dup2(output, 2) == 2) {
                for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
                        const struct rlimit limit = { limits[i].most, limits[i].most };

                        (void)setrlimit(limits[i].what, &limit);
                }
                execvpe(argv[0], argv, environment);
        }
        why = errno;
        (void)!write(failed, &why, sizeof(why));
        _exit(127);
}

/* Nothing of the caller's own, so that no token reaches a test. */
static char **environment_new(const char *key, const char *folder)
{
        static const char *const kept[] = { "PATH", "LANG", "TZ" };
        char **environment = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
                if (g_getenv(kept[i]) != NULL)
                        environment = g_environ_setenv(environment, kept[i], g_getenv(kept[i]), TRUE);
        environment = g_environ_setenv(environment, "HOME", folder, TRUE);
        environment = g_environ_setenv(environment, "TMPDIR", folder, TRUE);
        return g_environ_setenv(environment, "ZONEWRIGHT_TEST_CASE", key, TRUE);
}

/* ---- watching it ---- */

typedef struct {
        pid_t pid;
        int output, failed;
        GString *text;
        bool cut, timed_out;
} Watch;

static void output_take(Watch *watch)
{
        char block[4096];
        ssize_t n;

        while ((n = read(watch->output, block, sizeof(block))) > 0) {
                const size_t room = TEST_OUTPUT_MAX - watch->text->len;

                g_string_append_len(watch->text, block, (gssize)MIN((size_t)n, room));
                watch->cut = watch->cut || (size_t)n > room;
        }
}

/* Until it has ended or its time is over; then nothing of its group is left. */
static int watch_to_end(Watch *watch, int64_t seconds)
{
        const gint64 end = g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
        int status = 0;

        while (waitpid(watch->pid, &status, WNOHANG) == 0) {
                struct pollfd ready = { watch->output, POLLIN, 0 };

                if (g_get_monotonic_time() >= end) {
                        watch->timed_out = true;
                        break;
                }
                /* A closed output would be ready at once, for ever. */
                if (poll(&ready, 1, PAUSE_MS) > 0 && (ready.revents & POLLIN) == 0)
                        (void)poll(NULL, 0, PAUSE_MS);
                output_take(watch);
        }
        (void)kill(-watch->pid, SIGKILL);
        if (watch->timed_out)
                (void)waitpid(watch->pid, &status, 0);
        output_take(watch);
        return status;
}

/* ---- what it says ---- */

static void judge(const Watch *watch, int status, int64_t seconds, TestRun *run)
{
        int why = 0;

        run->status = RESULT_FAILED;
        if (read(watch->failed, &why, sizeof(why)) == sizeof(why)) {
                run->status = RESULT_ERROR;
                run->message = g_strdup_printf("the command cannot be started: %s", g_strerror(why));
        } else if (watch->timed_out)
                run->message = g_strdup_printf("it took longer than %" G_GINT64_FORMAT " s", seconds);
        else if (WIFSIGNALED(status))
                run->message = g_strdup_printf("it was ended by signal %d", WTERMSIG(status));
        else if (WEXITSTATUS(status) == TEST_EXIT_SKIPPED)
                run->status = RESULT_SKIPPED;
        else if (WEXITSTATUS(status) != 0)
                run->message = g_strdup_printf("exit %d", WEXITSTATUS(status));
        else
                run->status = RESULT_PASSED;
}

/* XML has no place for control characters, however they are written. */
static char *text_clean(const GString *text, bool cut)
{
        g_autofree char *valid = g_utf8_make_valid(text->str, (gssize)text->len);

        for (char *p = valid; *p != '\0'; p++)
                if ((unsigned char)*p < 0x20 && strchr("\t\n\r", *p) == NULL)
                        *p = '?';
        return cut ? g_strdup_printf("%s\n[cut after %d bytes]\n", valid, TEST_OUTPUT_MAX)
                   : g_steal_pointer(&valid);
}

static bool child_start(const char *key, char **argv, const char *folder, int64_t seconds, Watch *watch,
                        GError **error)
{
        int output[2] = { -1, -1 }, failed[2] = { -1, -1 };
        g_auto(GStrv) environment = environment_new(key, folder);

        if (pipe2(output, O_CLOEXEC) == 0 && pipe2(failed, O_CLOEXEC) == 0)
                watch->pid = fork();
        if (watch->pid == 0)
                child_run(folder, argv, environment, output[1], failed[1], (rlim_t)seconds);
        fd_close(output[1]);
        fd_close(failed[1]);
        watch->output = output[0];
        watch->failed = failed[0];
        if (watch->pid < 0) {
                error_set(error, ZW_ERR_STORAGE, argv[0], "no process can be made: %s", g_strerror(errno));
                return false;
        }
        /* Both sides do it, so that it is done whoever comes first. */
        (void)setpgid(watch->pid, watch->pid);
        (void)fcntl(watch->output, F_SETFL, O_NONBLOCK);
        (void)fcntl(watch->failed, F_SETFL, O_NONBLOCK);
        return true;
}

bool test_run(const char *key, char **argv, int64_t seconds, TestRun *ret_run, GError **error)
{
        g_autofree char *folder = g_build_filename(g_get_tmp_dir(), "zw-test-XXXXXX", NULL);
        g_autoptr(GString) text = g_string_new(NULL);
        Watch watch = { .pid = -1, .output = -1, .failed = -1, .text = text };
        TestRun run = { .began = instant_now() };
        const gint64 began = g_get_monotonic_time();
        bool good;

        if (g_mkdtemp(folder) == NULL) {
                error_set(error, ZW_ERR_STORAGE, folder, "no folder can be made: %s", g_strerror(errno));
                return false;
        }
        good = child_start(key, argv, folder, seconds, &watch, error);
        if (good)
                judge(&watch, watch_to_end(&watch, seconds), seconds, &run);
        fd_close(watch.output);
        fd_close(watch.failed);
        cli_folder_remove(folder);
        if (!good)
                return false;
        run.seconds = (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC;
        run.output = text_clean(text, watch.cut);
        *ret_run = run;
        return true;
}
