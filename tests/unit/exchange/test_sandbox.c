#include "exchange/sandbox.h"

#include "reading.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sys/syscall.h>

/* Status of a child that enters the sandbox and runs `act`, whose result is its exit status. */
static int inside(int (*act)(void))
{
        pid_t pid = fork();
        int status;

        g_assert_cmpint(pid, >=, 0);
        if (pid == 0)
                _exit(sandbox_enter(5, UINT64_C(512) << 20, NULL) ? act() : 99);
        g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
        return status;
}

static int act_nothing(void)
{
        return 7;
}

static int act_open(void)
{
        return open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0 ? errno : 0;
}

static int act_write(void)
{
        return open("/tmp/from-the-sandbox", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) < 0 ? errno : 0;
}

static int act_socket(void)
{
        return socket(AF_INET, SOCK_STREAM, 0) < 0 ? 1 : 0;
}

static int act_fork(void)
{
        return fork() < 0 ? 1 : 0;
}

static int act_exec(void)
{
        char *none[] = { NULL };

        execve("/bin/true", none, none);
        return 1;
}

static int act_kill(void)
{
        return kill(getppid(), 0);
}

static int act_ptrace(void)
{
        return syscall(SYS_ptrace, 0, 0, 0, 0) < 0 ? 1 : 0;
}

static int act_executable(void)
{
        return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? 1
                                                                                                         : 0;
}

static int act_spin(void)
{
        for (volatile uint64_t i = 0;; i++)
                continue;
        return 0;
}

static int act_abort(void)
{
        (void)raise(SIGABRT);
        return 1;
}

static void test_ordinary(void)
{
        int status = inside(act_nothing);

        g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

static void test_files_are_refused(void)
{
        int status = inside(act_open), other = inside(act_write);

        g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EPERM);
        g_assert_true(WIFEXITED(other) && WEXITSTATUS(other) == EPERM);
}

static void test_calls_that_kill(void)
{
        int (*acts[])(void) = { act_socket, act_fork, act_exec, act_kill, act_ptrace, act_executable };

        for (size_t i = 0; i < G_N_ELEMENTS(acts); i++) {
                int status = inside(acts[i]);

                g_test_message("act %zu: status %d", i, status);
                g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
        }
}

static void test_crash_is_a_signal(void)
{
        int status = inside(act_abort);

        g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void test_processor_time(void)
{
        pid_t pid = fork();
        int status;

        g_assert_cmpint(pid, >=, 0);
        if (pid == 0)
                _exit(sandbox_enter(1, UINT64_C(512) << 20, NULL) ? act_spin() : 99);
        g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
        /* The timer, which comes a little before the limit. */
        g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
        g_test_add_func("/exchange/sandbox/ordinary", test_ordinary);
        g_test_add_func("/exchange/sandbox/files", test_files_are_refused);
        g_test_add_func("/exchange/sandbox/calls", test_calls_that_kill);
        g_test_add_func("/exchange/sandbox/crash", test_crash_is_a_signal);
        g_test_add_func("/exchange/sandbox/processor-time", test_processor_time);
        return g_test_run();
}
