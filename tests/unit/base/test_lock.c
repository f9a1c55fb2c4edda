#include "base/lock.h"

#include <errno.h>

enum { ROUNDS = 20000 };

typedef struct {
        pthread_mutex_t lock;
        int count;
} Shared;

static int add_one(Shared *shared)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&shared->lock);

        return ++shared->count;
}

static void *add_many(void *data)
{
        for (int i = 0; i < ROUNDS; i++)
                (void)add_one(data);
        return NULL;
}

static void test_excludes(void)
{
        Shared shared = { PTHREAD_MUTEX_INITIALIZER, 0 };
        pthread_t threads[4];

        for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
                g_assert_cmpint(pthread_create(&threads[i], NULL, add_many, &shared), ==, 0);
        for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
                g_assert_cmpint(pthread_join(threads[i], NULL), ==, 0);
        g_assert_cmpint(shared.count, ==, ROUNDS * (int)G_N_ELEMENTS(threads));
}

static void test_scope(void)
{
        Shared shared = { PTHREAD_MUTEX_INITIALIZER, 0 };

        {
                g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&shared.lock);

                g_assert_cmpint(pthread_mutex_trylock(&shared.lock), ==, EBUSY);
        }
        g_assert_cmpint(pthread_mutex_trylock(&shared.lock), ==, 0);
        lock_release(&shared.lock);
}

/* A lock that cannot be taken must not be passed over. */
static void test_failure_ends(void)
{
        pthread_mutexattr_t attributes;
        pthread_mutex_t lock;

        if (!g_test_subprocess()) {
                g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
                g_test_trap_assert_failed();
                g_test_trap_assert_stderr("*lock*assertion*");
                return;
        }
        g_assert_cmpint(pthread_mutexattr_init(&attributes), ==, 0);
        g_assert_cmpint(pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK), ==, 0);
        g_assert_cmpint(pthread_mutex_init(&lock, &attributes), ==, 0);
        (void)lock_take(&lock);
        (void)lock_take(&lock);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/lock/excludes", test_excludes);
        g_test_add_func("/base/lock/scope", test_scope);
        g_test_add_func("/base/lock/failure-ends", test_failure_ends);
        return g_test_run();
}
