/* Jobs and webhooks in the store, and the files that jobs make: DIR/jobs/ID, one each. Times are instants; 0 stands for never.
 * Thread-safety and errors as in store.h. */
#ifndef STORE_JOBS_H
#define STORE_JOBS_H

#include "store/store.h"

/* ---- Jobs ---- */

typedef enum { JOB_QUEUED, JOB_RUNNING, JOB_DONE, JOB_FAILED, JOB_CANCELLED, JOB_STATES } JobState;
const char *job_state_name(JobState state);

typedef struct {
        Id id, person;
        bool has_log;
        Id log;
        const char *kind;
        JobState state;
        Instant created, started, ended;
        uint64_t done, total; /* 0: not known */
        const char *unit;
        const char *result, *problem; /* JSON texts, or NULL */
        const char *file, *media;     /* or NULL */
} StoreJob;
typedef bool (*StoreJobFn)(const StoreJob *job, void *payload, GError **error);
/* Newest first, at most `most`; of one person, or of all (`person` NULL); one job (`id`), or all. */
bool store_each_job(StoreView *view, const Id *person, const Id *id, unsigned most, StoreJobFn fn,
                    void *payload, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes a job, in place of what there was of it. One that has ended stays as it is: a process that was taken for gone, and comes
 * late, changes nothing. Errors: NOT_FOUND, the log is not there (any more); EXISTS, another process that shares the store has it. */
bool store_txn_put_job(StoreTxn *txn, const StoreJob *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Jobs that have not ended have failed, for `problem`. */
bool store_txn_interrupt_jobs(StoreTxn *txn, Instant now, const char *problem, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Forgets jobs that ended before then. */
bool store_txn_tidy_jobs(StoreTxn *txn, Instant before, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A new file for a job to write; *ret_path names it until it is kept or dropped. */
int store_job_file_begin(Store *store, char **ret_path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Makes it durable under the job's id. */
bool store_job_file_keep(Store *store, int fd, const char *path, const Id *id, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
void store_job_file_drop(const char *path);
/* Opens for reading; -1 on failure. Errors: NOT_FOUND. */
int store_job_file_open(Store *store, const Id *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes files of jobs there are no more. */
bool store_job_files_tidy(StoreView *view, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- Webhooks ---- */

enum { ZW_WEBHOOK_SECRET = 32, ZW_WEBHOOK_URL_MAX = 2048, ZW_WEBHOOK_OUTCOME_MAX = 200 };

typedef struct {
        Id id, log, person;
        const char *url;
        uint8_t secret[ZW_WEBHOOK_SECRET];
        Instant created;
        Seq seq;
        uint32_t failures;
        Instant next;
        const char *outcome;
} StoreWebhook;
typedef bool (*StoreWebhookFn)(const StoreWebhook *hook, void *payload, GError **error);
/* Of a project, or of all (`log` NULL); oldest first. */
bool store_each_webhook(StoreView *view, const Id *log, StoreWebhookFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Errors: NOT_FOUND, the log. */
bool store_txn_add_webhook(StoreTxn *txn, const StoreWebhook *hook, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes one, as it was read, for one delivery, so that no other process delivers to it for a minute. *ret_held is for noting how
 * that went; 0: another process has it. */
bool store_txn_take_webhook(StoreTxn *txn, const StoreWebhook *hook, Instant *ret_held, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Whether that is needed, since other processes share the store; else what is noted is held by its `next` as it was read. */
bool store_takes_webhooks(const Store *store);
/* How a delivery went: `seq`, `failures`, `next` and `outcome` of the hook. Nothing happens, and *ret_held is false, when it is gone,
 * or another process has taken it meanwhile. */
bool store_txn_note_webhook(StoreTxn *txn, const StoreWebhook *hook, Instant held, bool *ret_held,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Errors: NOT_FOUND, the project has no such webhook. */
bool store_txn_drop_webhook(StoreTxn *txn, const Id *log, const Id *id, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
