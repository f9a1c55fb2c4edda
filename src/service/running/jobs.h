/* Long work beside requests: a use case that runs on one of a few threads, whose progress can be watched, that can be
 * cancelled, and whose outcome is kept for a week. What was asked for is in the store before jobs_submit returns; what the
 * process did not end is told as interrupted by the next one. The caller's permission is asked for when the job is taken and
 * again when it runs. Thread-safe but for start and stop, which are for the thread that serves. */
#ifndef SERVICE_RUNNING_JOBS_H
#define SERVICE_RUNNING_JOBS_H

#include "service/service.h"

enum {
        ZW_JOBS_WAITING_MAX = 64,   /* of all */
        ZW_JOBS_OF_PERSON_MAX = 16, /* that have not ended */
        ZW_JOBS_LISTED_MAX = 200,   /* newest first */
        ZW_JOB_KEPT_MS = 7 * ZW_DAY_MS,
};

/* What a job is to do; everything is borrowed but `files`, whose descriptors are taken. */
typedef struct {
        const char *usecase;
        const json_t *input;
        const ServiceFile *files; /* that it reads */
        size_t n;
        const char *file, *media; /* name and type of the file it makes, or NULL */
        const char *request;      /* of the log, or NULL */
        const Id *
                id; /* of what is to be done once, whichever server that shares the store takes it; or NULL */
} JobOrder;

/* Whether a use case can be a job. */
bool job_usecase_known(const char *usecase);

/* Begins with `threads` threads; jobs that an earlier process left are told as interrupted. Errors: those of the store. */
bool jobs_start(Service *service, unsigned threads, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes no more jobs, since the server is to end: BUSY. Those there are go on. */
void jobs_close(Service *service);
/* How many have not ended. */
unsigned jobs_left(Service *service);
/* Cancels what runs, forgets what waits (both are told as interrupted), and ends. */
void jobs_stop(Service *service);

/* Whether the caller may have such a job, before anything is read for it. Errors: those of service_call. */
bool jobs_may(Service *service, const Caller *caller, const char *usecase, const json_t *input,
              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes a job. Errors: USAGE, no such job; TOO_MANY; BUSY; DENIED and the like, the caller may not; EXISTS, another server has the one
 * with this id. */
bool jobs_submit(Service *service, const Caller *caller, const JobOrder *order, Id *ret_id, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Opens the file that a job of the caller made. Free the texts. Errors: NOT_FOUND. */
int jobs_open_file(Service *service, const Caller *caller, const char *text, char **ret_name,
                   char **ret_media, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
