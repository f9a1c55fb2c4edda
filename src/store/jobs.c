/* Jobs and webhooks: what is checked before rows are written, and the files that jobs make. */
#include "store/jobs.h"

#include "base/error.h"
#include "store/internal.h"

#include <fcntl.h>
#include <sys/stat.h>

#define STORE_JOB_DIR "jobs"

static const char *const job_states[JOB_STATES] = { "queued", "running", "done", "failed", "cancelled" };

const char *job_state_name(JobState state)
{
        return job_states[state];
}

/* ---- jobs ---- */

bool store_each_job(StoreView *view, const Id *person, const Id *id, unsigned most, StoreJobFn fn,
                    void *payload, GError **error)
{
        return view->backend->job_read(view, person, id, most, fn, payload, error);
}

static bool put_job(StoreTxn *txn, const StoreJob *job, GError **error)
{
        int64_t no = 0;

        return (!job->has_log || view_log_no(txn->view, &job->log, &no, error)) &&
               txn->view->backend->job_put(txn->view, job, no, error);
}

bool store_txn_put_job(StoreTxn *txn, const StoreJob *job, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && put_job(txn, job, &local);

        return txn_result(txn, ok, local, error);
}

bool store_txn_interrupt_jobs(StoreTxn *txn, Instant now, const char *problem, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) &&
                  txn->view->backend->job_interrupt(txn->view, now, problem, &local);

        return txn_result(txn, ok, local, error);
}

bool store_txn_tidy_jobs(StoreTxn *txn, Instant before, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && txn->view->backend->job_tidy(txn->view, before, &local);

        return txn_result(txn, ok, local, error);
}

/* ---- their files ---- */

static void job_path(const Id *id, char ret_path[80])
{
        char hex[ZW_ID_HEX];

        hex_encode(id->b, ZW_ID_BYTES, hex);
        g_snprintf(ret_path, 80, STORE_JOB_DIR "/%s", hex);
}

int store_job_file_begin(Store *store, char **ret_path, GError **error)
{
        g_autofree char *path = directory_tmp_path(store->dir, "job");
        int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

        if (fd < 0)
                directory_fail(error, "the file could not be made", path);
        else
                *ret_path = g_steal_pointer(&path);
        return fd;
}

bool store_job_file_keep(Store *store, int fd, const char *path, const Id *id, GError **error)
{
        char to[80];

        job_path(id, to);
        if (mkdirat(store->dir_fd, STORE_JOB_DIR, 0700) != 0 && errno != EEXIST)
                return directory_fail(error, "the directory could not be made", STORE_JOB_DIR);
        if (fsync(fd) != 0)
                return directory_fail(error, "the file could not be synced", path);
        if (renameat(AT_FDCWD, path, store->dir_fd, to) != 0)
                return directory_fail(error, "the file could not be put in its place", to);
        return directory_sync(store->dir_fd, STORE_JOB_DIR, error);
}

void store_job_file_drop(const char *path)
{
        (void)unlink(path);
}

int store_job_file_open(Store *store, const Id *id, GError **error)
{
        char path[80];
        int fd;

        job_path(id, path);
        fd = openat(store->dir_fd, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0)
                error_set(error, ZW_ERR_NOT_FOUND, NULL, "the job has no file (any more)");
        return fd;
}

static bool job_found(const StoreJob *job G_GNUC_UNUSED, void *payload, GError **error G_GNUC_UNUSED)
{
        *(bool *)payload = true;
        return true;
}

bool store_job_files_tidy(StoreView *view, GError **error)
{
        Store *store = view->store;
        g_autoptr(GPtrArray) names = NULL;

        if (mkdirat(store->dir_fd, STORE_JOB_DIR, 0700) != 0 && errno != EEXIST)
                return directory_fail(error, "the directory could not be made", STORE_JOB_DIR);
        names = directory_names(store->dir_fd, STORE_JOB_DIR, error);
        for (guint i = 0; names != NULL && i < names->len; i++) {
                g_autofree char *path = g_strdup_printf(STORE_JOB_DIR "/%s", (const char *)names->pdata[i]);
                bool found = false;
                Id id;

                if (hex_decode(names->pdata[i], id.b, ZW_ID_BYTES, NULL) &&
                    !store_each_job(view, NULL, &id, 1, job_found, &found, error))
                        return false;
                if (!found)
                        (void)unlinkat(store->dir_fd, path, 0);
        }
        return names != NULL;
}

/* ---- webhooks ---- */

bool store_each_webhook(StoreView *view, const Id *log, StoreWebhookFn fn, void *payload, GError **error)
{
        int64_t no = 0;

        return (log == NULL || view_log_no(view, log, &no, error)) &&
               view->backend->webhook_read(view, no, fn, payload, error);
}

bool store_txn_add_webhook(StoreTxn *txn, const StoreWebhook *hook, GError **error)
{
        GError *local = NULL;
        int64_t no;
        bool ok = txn_check(txn, &local) && view_log_no(txn->view, &hook->log, &no, &local) &&
                  txn->view->backend->webhook_insert(txn->view, hook, no, &local);

        return txn_result(txn, ok, local, error);
}

bool store_takes_webhooks(const Store *store)
{
        return store->backend->webhook_take != NULL;
}

bool store_txn_take_webhook(StoreTxn *txn, const StoreWebhook *hook, Instant *ret_held, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) &&
                  txn->view->backend->webhook_take(txn->view, hook, ret_held, &local);

        return txn_result(txn, ok, local, error);
}

bool store_txn_note_webhook(StoreTxn *txn, const StoreWebhook *hook, Instant held, bool *ret_held,
                            GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) &&
                  txn->view->backend->webhook_note(txn->view, hook, held, ret_held, &local);

        return txn_result(txn, ok, local, error);
}

static bool drop_webhook(StoreTxn *txn, const Id *log, const Id *id, GError **error)
{
        bool had;
        int64_t no;

        if (!view_log_no(txn->view, log, &no, error) ||
            !txn->view->backend->webhook_drop(txn->view, no, id, &had, error))
                return false;
        if (!had)
                error_set(error, ZW_ERR_NOT_FOUND, "id", "the project has no such webhook");
        return had;
}

bool store_txn_drop_webhook(StoreTxn *txn, const Id *log, const Id *id, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && drop_webhook(txn, log, id, &local);

        return txn_result(txn, ok, local, error);
}
