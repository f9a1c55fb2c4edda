#include "http/pool.h"

#include "base/lock.h"

typedef struct {
        pthread_mutex_t lock;
        pthread_cond_t changed;
        bool open;        /* work may go on */
        int begun, ended; /* under lock */
} Gate;

static void pass(void *work)
{
        Gate *gate = work;
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&gate->lock);

        gate->begun++;
        pthread_cond_broadcast(&gate->changed);
        while (!gate->open)
                pthread_cond_wait(&gate->changed, &gate->lock);
        gate->ended++;
}

static void gate_wait_begun(Gate *gate, int n)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&gate->lock);

        while (gate->begun < n)
                pthread_cond_wait(&gate->changed, &gate->lock);
}

static void gate_open(Gate *gate)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&gate->lock);

        gate->open = true;
        pthread_cond_broadcast(&gate->changed);
}

static void test_bounded_and_done_to_the_end(void)
{
        Gate gate = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, 0, 0 };
        Pool *pool = pool_new(2, 3, pass);

        g_assert_true(pool_push(pool, &gate) && pool_push(pool, &gate));
        gate_wait_begun(&gate, 2); /* both threads are busy */
        for (int i = 0; i < 3; i++)
                g_assert_true(pool_push(pool, &gate));
        g_assert_false(pool_push(pool, &gate));
        gate_open(&gate);
        pool_end(pool);
        g_assert_false(pool_push(pool, GINT_TO_POINTER(1))); /* what comes after the end is refused */
        pool_free(pool);
        g_assert_cmpint(gate.ended, ==, 5);
}

static void test_many(void)
{
        Gate gate = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, true, 0, 0 };
        Pool *pool = pool_new(4, 10000, pass);

        for (int i = 0; i < 10000; i++)
                g_assert_true(pool_push(pool, &gate));
        pool_free(pool);
        g_assert_cmpint(gate.ended, ==, 10000);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/http/pool/bounded", test_bounded_and_done_to_the_end);
        g_test_add_func("/http/pool/many", test_many);
        return g_test_run();
}
