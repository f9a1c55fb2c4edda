#include "exchange/sandbox.h"

#include "base/sanitized.h"

#include <errno.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

static bool fail(GError **error, const char *what, int number)
{
        error_set(error, ZW_ERR_WORKER, NULL, "the sandbox cannot be closed: %s: %s", what,
                  g_strerror(number));
        return false;
}

/* The limit on processor time has whole seconds only. A timer ends the process a little before, so that who started it has
 * the rest of the time to say so. */
static bool timer_set(uint64_t cpu_seconds, GError **error)
{
        enum { SPARE_USEC = 200000, USEC_A_SECOND = 1000000 };
        const struct itimerval timer = { .it_value = { (time_t)cpu_seconds - 1,
                                                       USEC_A_SECOND - SPARE_USEC } };

        return setitimer(ITIMER_PROF, &timer, NULL) == 0 || fail(error, "limits", errno);
}

static bool limits_set(uint64_t cpu_seconds, uint64_t memory_bytes, GError **error)
{
        const struct {
                __rlimit_resource_t resource;
                rlim_t soft, hard;
        } limits[] = {
                /* SIGXCPU at the soft limit says why; the hard one is for who ignores it. */
                { RLIMIT_CPU, cpu_seconds, cpu_seconds + 1 },
                /* The shadow memory of the sanitizers is terabytes of address space, so they run without this one. */
                { RLIMIT_AS, ZW_SANITIZED ? RLIM_INFINITY : memory_bytes,
                  ZW_SANITIZED ? RLIM_INFINITY : memory_bytes },
                { RLIMIT_CORE, 0, 0 },
                { RLIMIT_FSIZE, 0, 0 },
                { RLIMIT_NOFILE, 0, 0 },
                { RLIMIT_NPROC, 0, 0 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
                struct rlimit limit, old;

                if (getrlimit(limits[i].resource, &old) != 0)
                        return fail(error, "limits", errno);
                limit.rlim_max = MIN(limits[i].hard, old.rlim_max);
                limit.rlim_cur = MIN(limits[i].soft, limit.rlim_max);
                if (setrlimit(limits[i].resource, &limit) != 0)
                        return fail(error, "limits", errno);
        }
        return true;
}

/* A ruleset without rules: no path can be opened, made or removed. Kernels without Landlock, or with it switched off,
 * are tolerated, since seccomp refuses the same calls. */
static bool landlock_close(GError **error)
{
        const struct landlock_ruleset_attr none = {
                .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                                     LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
                                     LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                                     LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
                                     LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                                     LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
                                     LANDLOCK_ACCESS_FS_MAKE_SYM,
        };
        long ruleset = syscall(SYS_landlock_create_ruleset, &none, sizeof(none), 0);
        bool held;

        if (ruleset < 0)
                return errno == ENOSYS || errno == EOPNOTSUPP || errno == EPERM ||
                       fail(error, "Landlock", errno);
        held = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
        close((int)ruleset);
        return held || fail(error, "Landlock", errno);
}

/* What readers, the allocator and a crash need. */
static const int allowed[] = {
        SCMP_SYS(read),
        SCMP_SYS(pread64),
        SCMP_SYS(readv),
        SCMP_SYS(write),
        SCMP_SYS(writev),
        SCMP_SYS(lseek),
        SCMP_SYS(close),
        SCMP_SYS(munmap),
        SCMP_SYS(mremap),
        SCMP_SYS(madvise),
        SCMP_SYS(brk),
        SCMP_SYS(futex),
        SCMP_SYS(exit),
        SCMP_SYS(exit_group),
        SCMP_SYS(rt_sigreturn),
        SCMP_SYS(rt_sigaction),
        SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(sigaltstack),
        SCMP_SYS(restart_syscall),
        SCMP_SYS(clock_gettime),
        SCMP_SYS(clock_getres),
        SCMP_SYS(gettimeofday),
        SCMP_SYS(time),
        SCMP_SYS(getrandom),
        SCMP_SYS(getpid),
        SCMP_SYS(gettid),
        SCMP_SYS(getuid),
        SCMP_SYS(geteuid),
        SCMP_SYS(getgid),
        SCMP_SYS(getegid),
        SCMP_SYS(sysinfo),
        SCMP_SYS(sched_yield),
        SCMP_SYS(sched_getaffinity),
};

/* What libraries try by themselves, such as reading a table of character sets, and do without. */
static const int refused[] = {
        SCMP_SYS(open),      SCMP_SYS(openat),     SCMP_SYS(stat),       SCMP_SYS(lstat),
        SCMP_SYS(fstat),     SCMP_SYS(statx),      SCMP_SYS(newfstatat), SCMP_SYS(access),
        SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink),   SCMP_SYS(readlinkat),
        SCMP_SYS(getcwd),    SCMP_SYS(ioctl),      SCMP_SYS(fcntl),      SCMP_SYS(prctl),
        SCMP_SYS(prlimit64), SCMP_SYS(getrlimit),  SCMP_SYS(uname),      SCMP_SYS(mlock),
        SCMP_SYS(munlock),
};

static int rules_add(scmp_filter_ctx filter)
{
        int failed = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(allowed) && failed == 0; i++)
                failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
        for (size_t i = 0; i < G_N_ELEMENTS(refused) && failed == 0; i++)
                failed = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), refused[i], 0);
        /* Memory, but never to be executed. */
        if (failed == 0)
                failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                                          SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
        if (failed == 0)
                failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                                          SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
        /* A failed assertion signals this process, and no other. */
        if (failed == 0)
                failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                                          SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
        return failed;
}

static bool seccomp_close(GError **error)
{
        scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
        int failed = filter == NULL ? -ENOMEM : rules_add(filter);

        if (failed == 0)
                failed = seccomp_load(filter);
        if (filter != NULL)
                seccomp_release(filter);
        return failed == 0 || fail(error, "seccomp", -failed);
}

bool sandbox_enter(uint64_t cpu_seconds, uint64_t memory_bytes, GError **error)
{
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
                return fail(error, "privileges", errno);
        if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
                return fail(error, "privileges", errno);
        /* The ruleset of Landlock is a descriptor, so it comes before the limit on those. */
        return landlock_close(error) && limits_set(cpu_seconds, memory_bytes, error) &&
               timer_set(cpu_seconds, error) && seccomp_close(error);
}
