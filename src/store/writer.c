/* The writer: one thread that takes what several callers wait for, runs each under a savepoint on the pending tip, and
 * makes all of it durable by one commit. */
#include "base/error.h"
#include "base/lock.h"
#include "base/verify.h"
#include "store/internal.h"
#include <time.h>

/* Most requests of a group; how long the writer rests before it tidies up, and before it does so again. */
enum { WRITER_GROUP_MAX = 64, WRITER_REST_MS = 20, WRITER_AGAIN_MS = 500, WRITER_TRIES_MAX = 5 };

typedef struct {
        StoreWriteFn fn;
        void *payload;
        bool aside; /* the generation stays */
        bool ok;
        GError *error;
        bool done;
        pthread_cond_t wake;
} WriteRequest;

struct Writer {
        Store *store;
        pthread_t thread;
        pthread_mutex_t lock;
        pthread_cond_t work;
        pthread_cond_t left;
        GQueue waiting;       /* under lock: WriteRequest, on the stacks of their callers */
        unsigned callers;     /* under lock: inside writer_run */
        StoreListenFn listen; /* under lock, and called under it */
        void *listen_payload;
        bool stop; /* under lock */
};

bool txn_check(StoreTxn *txn, GError **error)
{
        if (txn->failure != NULL) {
                g_propagate_error(error, g_error_copy(txn->failure));
                return false;
        }
        if (txn->store->backend->is_open(txn->store->db))
                return true;
        error_set(error, ZW_ERR_STORAGE, NULL, "the database gave the transaction up");
        return false;
}

bool txn_result(StoreTxn *txn, bool ok, GError *local, GError **error)
{
        if (ok)
                return true;
        if (txn->failure == NULL)
                txn->failure = g_error_copy(local);
        g_propagate_error(error, local);
        return false;
}

static bool writer_is_whole(Writer *writer, GError **error)
{
        Store *store = writer->store;

        if (store->backend->is_broken(store->db))
                store_set_broken(store);
        return store_is_whole(store, error);
}

static void request_fail(WriteRequest *request, const GError *reason)
{
        request->ok = false;
        if (request->error == NULL)
                request->error = g_error_copy(reason);
}

static void request_run(Writer *writer, WriteRequest *request)
{
        Store *store = writer->store;
        StoreTxn txn = { .store = store, .view = store->backend->writer(store->db) };

        request->ok = request->fn(&txn, request->payload, &request->error);
        if (request->ok && txn.failure != NULL)
                request_fail(request, txn.failure);
        if (!request->ok && request->error == NULL)
                error_set(&request->error, ZW_ERR_INTERNAL, NULL, "a write failed without a reason");
        g_clear_error(&txn.failure);
}

/* Runs one member of a group under its own savepoint. False: the transaction itself is lost. */
static bool group_run(Writer *writer, WriteRequest *request, GError **error)
{
        Store *store = writer->store;

        if (!store->backend->mark(store->db, error))
                return false;
        request_run(writer, request);
        if (!store->backend->is_open(store->db)) {
                error_set(error, ZW_ERR_STORAGE, NULL, "the database gave up a group of writes: %s",
                          request->error == NULL ? "no reason given" : request->error->message);
                return false;
        }
        return request->ok ? store->backend->keep(store->db, error) : store->backend->undo(store->db, error);
}

/* One alone needs no savepoint: it is the transaction. */
static bool single_run(Writer *writer, WriteRequest *request, GError **error)
{
        request_run(writer, request);
        if (request->ok)
                return true;
        g_propagate_error(error, g_error_copy(request->error));
        return false;
}

static bool writer_may_repeat(Writer *writer)
{
        const Store *store = writer->store;

        return store->backend->may_repeat != NULL && store->backend->may_repeat(store->db);
}

static bool group_write(Writer *writer, GPtrArray *group, GError **error)
{
        Store *store = writer->store;
        bool ok = writer_is_whole(writer, error) && store->backend->begin(store->db, error);

        if (group->len == 1)
                ok = ok && single_run(writer, group->pdata[0], error);
        for (guint i = 0; ok && group->len > 1 && i < group->len; i++)
                ok = group_run(writer, group->pdata[i], error);
        /* A member that failed since another process was in its way would be refused for nothing: all are run again. */
        if (ok && writer_may_repeat(writer)) {
                error_set(error, ZW_ERR_STORAGE, NULL, "another process was in the way of a write");
                ok = false;
        }
        /* Asked once more: the sync of a blob that this group names may have failed meanwhile. */
        if (ok && writer_is_whole(writer, error) && store->backend->commit(store->db, error))
                return true;
        store->backend->rollback(store->db);
        return false;
}

static bool group_is_aside(const GPtrArray *group)
{
        for (guint i = 0; i < group->len; i++)
                if (!((const WriteRequest *)group->pdata[i])->aside)
                        return false;
        return true;
}

/* What another node was in the way of is done again, each time with what is there by then. */
static bool group_write_on(Writer *writer, GPtrArray *group, GError **error)
{
        GError *local = NULL;
        bool ok = false;

        for (int i = 0; i < WRITER_TRIES_MAX && !ok; i++) {
                g_clear_error(&local);
                for (guint j = 0; i > 0 && j < group->len; j++)
                        g_clear_error(&((WriteRequest *)group->pdata[j])->error);
                ok = group_write(writer, group, &local);
                if (!ok && !writer_may_repeat(writer))
                        break;
        }
        if (!ok)
                g_propagate_error(error, local);
        return ok;
}

/* Whatever comes of it: a commit that failed may be there all the same. */
static void group_process(Writer *writer, GPtrArray *group)
{
        const unsigned step = group_is_aside(group) ? 0 : 1;
        g_autoptr(GError) error = NULL;

        atomic_fetch_add(&writer->store->generation, step);
        if (!group_write_on(writer, group, &error))
                for (guint i = 0; i < group->len; i++)
                        request_fail(group->pdata[i], error);
        atomic_fetch_add(&writer->store->generation, step);
}

/* Takes what waits; empty when the writer has rested for `rest_ms` (for ever when 0). False when it is to stop. */
static bool group_take(Writer *writer, GPtrArray *group, int rest_ms)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&writer->lock);
        struct timespec until;
        int rc = 0;

        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += rest_ms * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        while (g_queue_is_empty(&writer->waiting) && !writer->stop && rc == 0)
                rc = rest_ms == 0 ? pthread_cond_wait(&writer->work, &writer->lock)
                                  : pthread_cond_timedwait(&writer->work, &writer->lock, &until);
        while (group->len < WRITER_GROUP_MAX && !g_queue_is_empty(&writer->waiting))
                g_ptr_array_add(group, g_queue_pop_head(&writer->waiting));
        return group->len > 0 || !writer->stop;
}

static void group_wake(Writer *writer, GPtrArray *group)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&writer->lock);

        for (guint i = 0; i < group->len; i++) {
                WriteRequest *request = group->pdata[i];

                request->done = true;
                pthread_cond_signal(&request->wake);
        }
        if (group->len > 0 && writer->listen != NULL)
                writer->listen(writer->listen_payload);
}

void writer_listen(Writer *writer, StoreListenFn fn, void *payload)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&writer->lock);

        writer->listen = fn;
        writer->listen_payload = payload;
}

void writer_tell(Writer *writer)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&writer->lock);

        if (writer->listen != NULL)
                writer->listen(writer->listen_payload);
}

static void *writer_main(void *data)
{
        Writer *writer = data;
        Store *store = writer->store;
        g_autoptr(GPtrArray) group = g_ptr_array_new();
        int rest_ms = WRITER_REST_MS;

        while (group_take(writer, group, rest_ms)) {
                g_autoptr(GError) error = NULL;
                bool rested = group->len == 0, again = false;

                if (!rested)
                        group_process(writer, group);
                group_wake(writer, group);
                g_ptr_array_set_size(group, 0);
                /* A checkpoint that fails loses nothing; that it broke the store is seen before the next group. */
                if (!store->backend->tidy(store->db, rested, &again, &error))
                        g_debug("tidying the store: %s", error->message);
                rest_ms = !rested ? WRITER_REST_MS : again ? WRITER_AGAIN_MS : 0;
        }
        return NULL;
}

Writer *writer_new(Store *store)
{
        Writer *writer = g_new0(Writer, 1);
        pthread_condattr_t clock;

        writer->store = store;
        g_queue_init(&writer->waiting);
        pthread_mutex_init(&writer->lock, NULL);
        pthread_condattr_init(&clock);
        pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
        pthread_cond_init(&writer->work, &clock);
        pthread_cond_init(&writer->left, NULL);
        pthread_condattr_destroy(&clock);
        ZW_VERIFY(pthread_create(&writer->thread, NULL, writer_main, writer) == 0);
        return writer;
}

void writer_free(Writer *writer)
{
        if (writer == NULL)
                return;
        pthread_mutex_lock(&writer->lock);
        writer->stop = true;
        pthread_cond_signal(&writer->work);
        pthread_mutex_unlock(&writer->lock);
        pthread_join(writer->thread, NULL);
        /* Who has been answered must have got out before the lock goes. */
        pthread_mutex_lock(&writer->lock);
        while (writer->callers > 0)
                pthread_cond_wait(&writer->left, &writer->lock);
        pthread_mutex_unlock(&writer->lock);
        pthread_cond_destroy(&writer->left);
        pthread_cond_destroy(&writer->work);
        pthread_mutex_destroy(&writer->lock);
        g_free(writer);
}

bool writer_run(Writer *writer, StoreWriteFn fn, void *payload, bool aside, GError **error)
{
        WriteRequest request = { .fn = fn, .payload = payload, .aside = aside };

        ZW_VERIFY(!pthread_equal(pthread_self(), writer->thread)); /* it would wait for itself */
        pthread_cond_init(&request.wake, NULL);
        pthread_mutex_lock(&writer->lock);
        writer->callers++;
        g_queue_push_tail(&writer->waiting, &request);
        pthread_cond_signal(&writer->work);
        while (!request.done)
                pthread_cond_wait(&request.wake, &writer->lock);
        if (--writer->callers == 0)
                pthread_cond_signal(&writer->left);
        pthread_mutex_unlock(&writer->lock);
        pthread_cond_destroy(&request.wake);
        if (request.error != NULL)
                g_propagate_error(error, request.error);
        return request.ok;
}
