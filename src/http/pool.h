/* A fixed number of threads and a bounded queue of work for them. */
#ifndef HTTP_POOL_H
#define HTTP_POOL_H

#include <glib.h>
#include <stdbool.h>

typedef struct Pool Pool;
typedef void (*PoolFn)(void *work);

/* Makes `threads` threads that run `run` on what is pushed, at most `most` waiting. NULL when they cannot be made. */
Pool *pool_new(unsigned threads, unsigned most, PoolFn run);
/* False when the queue is full, or the pool has ended. Thread-safe. */
bool pool_push(Pool *pool, void *work) G_GNUC_WARN_UNUSED_RESULT;
/* Does what waits, and ends: nothing more is taken. */
void pool_end(Pool *pool);
/* Ends it, unless it has ended. */
void pool_free(Pool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pool, pool_free)

#endif
