/* What the files of jobs share. Inside service/ only. */
#ifndef SERVICE_RUNNING_JOBS_INTERNAL_H
#define SERVICE_RUNNING_JOBS_INTERNAL_H

#include "base/lock.h"
#include "base/log.h"
#include "service/internal.h"
#include "service/running/jobs.h"
#include "store/jobs.h"

enum { JOB_WORD_MAX = 32 };

/* A job that has not ended, counted. Its members never change but for those under the lock. */
typedef struct {
        int refs; /* atomic */
        Id id;
        Caller caller;
        bool has_log;
        Id log;
        char *usecase;
        json_t *input;
        GArray *files; /* of ServiceFile, owned */
        char *file, *media;
        char request[ZW_LOG_REQUEST];
        Instant created;
        Jobs *jobs;
        Progress progress;

        /* Under the lock of the jobs. */
        JobState state;
        Instant started;
        uint64_t done, total;
        char unit[JOB_WORD_MAX], stage[JOB_WORD_MAX];
        bool cancelled; /* by somebody, not by the end of the server */
} Job;

struct Jobs {
        Service *service;
        pthread_mutex_t lock;
        pthread_cond_t work;
        GPtrArray *live; /* under lock: of Job, counted, in the order of their coming */
        GQueue waiting;  /* under lock: of Job, borrowed from `live` */
        bool closed;     /* under lock: no more are taken */
        bool stopping;   /* under lock: those there are end */
        pthread_t *threads;
        unsigned n_threads;
};

Job *job_ref(Job *job);
void job_unref(Job *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Job, job_unref)

/* The job with this id while it has not ended, counted; else NULL. */
Job *jobs_find(Jobs *jobs, const Id *id);
/* Ends a job that waits, or has one that runs end soon. */
void job_cancel(Job *job);

/* Writes the row of a job, which has not ended, into the store. */
bool job_row_write(Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As an object, with what is newer in memory. `project` is its key, or NULL. */
void job_say(Jobs *jobs, const StoreJob *stored, const char *project, JWrite *w);

#endif
