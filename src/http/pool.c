#include "http/pool.h"

#include "base/lock.h"

struct Pool {
        PoolFn run;
        unsigned most;
        pthread_mutex_t lock;
        pthread_cond_t wake;
        GQueue waiting; /* under lock */
        bool stop;      /* under lock */
        pthread_t *threads;
        unsigned n_threads;
};

/* Waits for work; NULL when there is none any more. */
static void *pool_pop(Pool *pool)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&pool->lock);

        while (pool->waiting.length == 0 && !pool->stop)
                pthread_cond_wait(&pool->wake, &pool->lock);
        return g_queue_pop_head(&pool->waiting);
}

static void *pool_run(void *payload)
{
        Pool *pool = payload;
        void *work;

        while ((work = pool_pop(pool)) != NULL)
                pool->run(work);
        return NULL;
}

bool pool_push(Pool *pool, void *work)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&pool->lock);

        if (pool->stop || pool->waiting.length >= pool->most)
                return false;
        g_queue_push_tail(&pool->waiting, work);
        pthread_cond_signal(&pool->wake);
        return true;
}

static void pool_stop(Pool *pool)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&pool->lock);

        pool->stop = true;
        pthread_cond_broadcast(&pool->wake);
}

void pool_end(Pool *pool)
{
        pool_stop(pool);
        for (; pool->n_threads > 0; pool->n_threads--)
                pthread_join(pool->threads[pool->n_threads - 1], NULL);
}

void pool_free(Pool *pool)
{
        if (pool == NULL)
                return;
        pool_end(pool);
        pthread_cond_destroy(&pool->wake);
        pthread_mutex_destroy(&pool->lock);
        g_free(pool->threads);
        g_free(pool);
}

Pool *pool_new(unsigned threads, unsigned most, PoolFn run)
{
        g_autoptr(Pool) pool = g_new0(Pool, 1);

        pool->run = run;
        pool->most = most;
        pthread_mutex_init(&pool->lock, NULL);
        pthread_cond_init(&pool->wake, NULL);
        g_queue_init(&pool->waiting);
        pool->threads = g_new0(pthread_t, threads);
        for (; pool->n_threads < threads; pool->n_threads++)
                if (pthread_create(&pool->threads[pool->n_threads], NULL, pool_run, pool) != 0)
                        return NULL;
        return g_steal_pointer(&pool);
}
