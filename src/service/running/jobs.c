#include "service/running/jobs_internal.h"

#include "base/fd.h"
#include "service/running/events.h"

#include <string.h>

enum {
        PROGRESS_PAUSE = 250000, /* microseconds between two reports */
        ANSWER_MAX = 256 << 20,  /* bytes that a use case may write */
        RESULT_MAX = 1 << 20,    /* of them that the row keeps; more become the job's file */
};

/* Use cases that can be jobs. */
static const char *const kinds[] = { "import",         "export",         "report",    "report.issue",
                                     "project.import", "project.export", "verify",    "check",
                                     "backup",         "test.ingest",    "feed.sync", "mail.digest" };

#define INTERRUPTED                                                                                    \
        "{\"code\":\"INTERRUPTED\",\"title\":\"the server ended before the work did\",\"status\":503," \
        "\"detail\":\"the server ended before the work did; the history of the project tells what it wrote\"}"

bool job_usecase_known(const char *usecase)
{
        for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
                if (strcmp(kinds[i], usecase) == 0)
                        return true;
        return false;
}

/* ---- a job ---- */

Job *job_ref(Job *job)
{
        g_atomic_int_inc(&job->refs);
        return job;
}

static void job_close_files(Job *job)
{
        for (guint i = 0; i < job->files->len; i++) {
                ServiceFile *file = &g_array_index(job->files, ServiceFile, i);

                fd_close(file->fd);
                g_free((char *)(uintptr_t)file->name);
        }
        g_array_set_size(job->files, 0);
}

void job_unref(Job *job)
{
        if (job == NULL || !g_atomic_int_dec_and_test(&job->refs))
                return;
        job_close_files(job);
        g_array_unref(job->files);
        json_decref(job->input);
        g_free(job->usecase);
        g_free(job->file);
        g_free(job->media);
        g_free(job);
}

static void unref_job(gpointer job)
{
        job_unref(job);
}

/* On the thread that works, which may be the store's writer. */
static void on_progress(const ProgressState *state, void *payload)
{
        Job *job = payload;

        pthread_mutex_lock(&job->jobs->lock);
        job->done = state->done;
        job->total = state->total;
        g_strlcpy(job->unit, state->unit, sizeof(job->unit));
        g_strlcpy(job->stage, state->stage, sizeof(job->stage));
        pthread_mutex_unlock(&job->jobs->lock);
        events_job_changed(job->jobs->service, &job->id);
}

static Job *job_new(Jobs *jobs, const Caller *caller, const JobOrder *order)
{
        Job *job = g_new0(Job, 1);

        job->refs = 1;
        job->id = order->id == NULL ? id_new() : *order->id;
        job->caller = *caller;
        job->usecase = g_strdup(order->usecase);
        job->input = json_deep_copy(order->input);
        job->files = g_array_new(FALSE, FALSE, sizeof(ServiceFile));
        for (size_t i = 0; i < order->n; i++) {
                ServiceFile file = { g_strdup(order->files[i].name), order->files[i].fd };

                g_array_append_val(job->files, file);
        }
        job->file = g_strdup(order->file);
        job->media = g_strdup(order->media);
        g_strlcpy(job->request, order->request == NULL ? "" : order->request, sizeof(job->request));
        job->created = instant_now();
        job->jobs = jobs;
        progress_init(&job->progress, on_progress, job, PROGRESS_PAUSE);
        return job;
}

/* ---- its row ---- */

typedef struct {
        StoreJob row;
} RowWrite;

static bool row_put(StoreTxn *txn, void *payload, GError **error)
{
        return store_txn_put_job(txn, &((RowWrite *)payload)->row, error);
}

static StoreJob row_of(Job *job)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&job->jobs->lock);

        return (StoreJob){ .id = job->id,
                           .person = job->caller.person,
                           .has_log = job->has_log,
                           .log = job->log,
                           .kind = job->usecase,
                           .state = job->state,
                           .created = job->created,
                           .started = job->started,
                           .done = job->done,
                           .total = job->total,
                           .unit = job->unit };
}

bool job_row_write(Job *job, GError **error)
{
        RowWrite write = { row_of(job) };

        return store_write_aside(job->jobs->service->store, row_put, &write, error);
}

/* ---- its end ---- */

typedef struct {
        JobState state;
        char *result, *problem;
        bool file; /* the product was kept */
} Ending;

static void ending_clear(Ending *ending)
{
        g_free(ending->result);
        g_free(ending->problem);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ending, ending_clear)

static void note_job(const Job *job, const Ending *ending, Instant ended)
{
        g_autofree char *ms = g_strdup_printf("%" G_GINT64_FORMAT, ended - job->created);
        char hex[ZW_ID_HEX];

        hex_encode(job->id.b, ZW_ID_BYTES, hex);
        log_event(LOG_INFO_, "job", "job", hex, "kind", job->usecase, "outcome",
                  job_state_name(ending->state), "ms", ms, NULL);
}

static void job_end(Job *job, const Ending *ending)
{
        RowWrite write = { row_of(job) };
        g_autoptr(GError) why = NULL;

        write.row.state = ending->state;
        write.row.ended = instant_now();
        write.row.result = ending->result;
        write.row.problem = ending->problem;
        write.row.file = ending->file ? job->file : NULL;
        write.row.media = ending->file ? job->media : NULL;
        /* A row that cannot be written is told as interrupted by the next start. */
        if (!store_write_aside(job->jobs->service->store, row_put, &write, &why))
                log_event(LOG_WARNING_, "job", "outcome", "unwritten", "message", why->message, NULL);
        note_job(job, ending, write.row.ended);
        pthread_mutex_lock(&job->jobs->lock);
        (void)g_ptr_array_remove(job->jobs->live, job_ref(job));
        pthread_mutex_unlock(&job->jobs->lock);
        events_job_changed(job->jobs->service, &job->id);
        job_unref(job);
}

static char *problem_text(const GError *error)
{
        const int code = error != NULL && error->domain == ZW_ERROR ? error->code : ZW_ERR_INTERNAL;
        g_autoptr(Out) out = out_new(RESULT_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);

        jwrite_object_begin(w);
        jwrite_key_string(w, "code", error_symbol(code));
        jwrite_key_string(w, "title", error_meaning(code));
        jwrite_key_int(w, "status", error_http_status(code));
        jwrite_key_string(w, "detail", error == NULL ? "it failed without a reason" : error->message);
        if (error != NULL && error_where(error) != NULL)
                jwrite_key_string(w, "where", error_where(error));
        jwrite_object_end(w);
        return g_strdup(out_check(out, NULL) ? out_data(out) : INTERRUPTED);
}

static bool is_stopping(Jobs *jobs)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&jobs->lock);

        return jobs->stopping;
}

static void job_fail(Job *job, const GError *why)
{
        g_auto(Ending) ending = { .state = JOB_FAILED };

        if (!g_error_matches(why, ZW_ERROR, ZW_ERR_CANCELLED)) {
                ending.problem = problem_text(why);
        } else if (is_stopping(job->jobs)) {
                ending.problem = g_strdup(INTERRUPTED);
        } else {
                ending.state = JOB_CANCELLED;
                ending.problem = problem_text(why);
        }
        job_end(job, &ending);
}

/* ---- its work ---- */

/* A file for what it makes, which `*ret_path` names until it is kept; -1 without an error when it makes none. */
static int product_begin(Job *job, char **ret_path, GError **error)
{
        return job->file == NULL ? -1 : store_job_file_begin(job->jobs->service->store, ret_path, error);
}

static bool bytes_write(int fd, const char *bytes, size_t n, GError **error)
{
        while (n > 0) {
                const ssize_t done = write(fd, bytes, n);

                if (done < 0 && errno == EINTR)
                        continue;
                if (done <= 0) {
                        error_set(error, ZW_ERR_STORAGE, NULL, "the result could not be written: %s",
                                  g_strerror(errno));
                        return false;
                }
                bytes += done;
                n -= (size_t)done;
        }
        return true;
}

/* An answer that is too long for a row becomes the job's file. */
static bool answer_keep(Job *job, const Out *answer, Ending *ending, GError **error)
{
        Store *store = job->jobs->service->store;
        g_autofree char *path = NULL;
        g_auto(Fd) fd = -1;

        if (out_length(answer) <= RESULT_MAX) {
                ending->result = g_strdup(out_data(answer));
                return true;
        }
        job->file = g_strdup("result.json");
        job->media = g_strdup("application/json");
        fd = store_job_file_begin(store, &path, error);
        if (fd < 0)
                return false;
        ending->file = bytes_write(fd, out_data(answer), out_length(answer), error) &&
                       store_job_file_keep(store, fd, path, &job->id, error);
        if (!ending->file)
                store_job_file_drop(path);
        return ending->file;
}

static bool job_call(Job *job, const ServiceFile *product, Out *out, GError **error)
{
        g_autoptr(JWrite) w = jwrite_new(out);
        const ServiceFiles files = product != NULL
                                           ? (ServiceFiles){ product, 1 }
                                           : (ServiceFiles){ (const ServiceFile *)(void *)job->files->data,
                                                             job->files->len };

        return service_call_watched(job->jobs->service, &job->caller, job->usecase, job->input, files,
                                    &job->progress, w, error) &&
               out_check(out, error);
}

static bool job_work(Job *job, Ending *ending, GError **error)
{
        g_autoptr(Out) out = out_new(ANSWER_MAX);
        g_autofree char *path = NULL;
        g_auto(Fd) fd = product_begin(job, &path, error);
        const ServiceFile product = { job->file, fd };
        bool ok;

        if (fd < 0)
                return job->file == NULL && job_call(job, NULL, out, error) &&
                       answer_keep(job, out, ending, error);
        ok = job_call(job, &product, out, error) &&
             store_job_file_keep(job->jobs->service->store, fd, path, &job->id, error);
        if (!ok) {
                store_job_file_drop(path);
                return false;
        }
        ending->file = true;
        if (out_length(out) <= RESULT_MAX)
                ending->result = g_strdup(out_data(out));
        return true;
}

static void job_run(Job *job)
{
        g_auto(Ending) ending = { .state = JOB_DONE };
        g_autoptr(GError) why = NULL;

        log_set_request(job->request);
        if (!job_row_write(job, &why))
                log_event(LOG_WARNING_, "job", "outcome", "unwritten", "message", why->message, NULL);
        g_clear_error(&why);
        events_job_changed(job->jobs->service, &job->id);
        if (job_work(job, &ending, &why))
                job_end(job, &ending);
        else
                job_fail(job, why);
        job_close_files(job);
        log_set_request(NULL);
}

static Job *job_take(Jobs *jobs)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&jobs->lock);
        Job *job;

        while (g_queue_is_empty(&jobs->waiting) && !jobs->stopping)
                pthread_cond_wait(&jobs->work, &jobs->lock);
        if (jobs->stopping)
                return NULL;
        job = job_ref(g_queue_pop_head(&jobs->waiting));
        job->state = JOB_RUNNING;
        job->started = instant_now();
        return job;
}

static void *jobs_main(void *payload)
{
        Jobs *jobs = payload;
        Job *job;

        while ((job = job_take(jobs)) != NULL) {
                job_run(job);
                job_unref(job);
        }
        return NULL;
}

/* ---- taking and ending ---- */

Job *jobs_find(Jobs *jobs, const Id *id)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&jobs->lock);

        for (guint i = 0; i < jobs->live->len; i++) {
                Job *job = jobs->live->pdata[i];

                if (id_equal(&job->id, id))
                        return job_ref(job);
        }
        return NULL;
}

void job_cancel(Job *job)
{
        bool waited;
        g_autoptr(GError) why = NULL;

        pthread_mutex_lock(&job->jobs->lock);
        waited = g_queue_remove(&job->jobs->waiting, job);
        pthread_mutex_unlock(&job->jobs->lock);
        progress_cancel(&job->progress);
        if (!waited)
                return;
        error_set(&why, ZW_ERR_CANCELLED, NULL, "%s", error_meaning(ZW_ERR_CANCELLED));
        job_fail(job, why);
}

static bool jobs_have_room(const Jobs *jobs, const Id *person, GError **error)
{
        unsigned own = 0;

        for (guint i = 0; i < jobs->live->len; i++)
                own += id_equal(&((const Job *)jobs->live->pdata[i])->caller.person, person);
        if (jobs->closed || jobs->waiting.length >= ZW_JOBS_WAITING_MAX) {
                error_set(error, ZW_ERR_BUSY, NULL, "%s",
                          jobs->closed ? "the server is ending" : "too many jobs are waiting already");
                return false;
        }
        if (own < ZW_JOBS_OF_PERSON_MAX)
                return true;
        error_set(error, ZW_ERR_TOO_MANY, NULL,
                  "you have %d jobs that have not ended; wait for one or cancel one", ZW_JOBS_OF_PERSON_MAX);
        return false;
}

static void job_push(Job *job)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&job->jobs->lock);

        g_queue_push_tail(&job->jobs->waiting, job);
        pthread_cond_signal(&job->jobs->work);
}

/* It is among the live ones before its row is written, so that places cannot be given twice. */
static bool job_enter(Job *job, GError **error)
{
        Jobs *jobs = job->jobs;

        pthread_mutex_lock(&jobs->lock);
        if (!jobs_have_room(jobs, &job->caller.person, error)) {
                pthread_mutex_unlock(&jobs->lock);
                return false;
        }
        g_ptr_array_add(jobs->live, job_ref(job));
        pthread_mutex_unlock(&jobs->lock);
        if (job_row_write(job, error))
                return true;
        pthread_mutex_lock(&jobs->lock);
        (void)g_ptr_array_remove(jobs->live, job);
        pthread_mutex_unlock(&jobs->lock);
        return false;
}

bool jobs_may(Service *service, const Caller *caller, const char *usecase, const json_t *input,
              GError **error)
{
        bool in_project;
        Id log;

        return service_may(service, caller, usecase, input, &in_project, &log, error);
}

bool jobs_submit(Service *service, const Caller *caller, const JobOrder *order, Id *ret_id, GError **error)
{
        g_autoptr(Job) job = NULL;

        if (service->jobs == NULL) {
                for (size_t i = 0; i < order->n; i++)
                        fd_close(order->files[i].fd);
                error_set(error, ZW_ERR_BUSY, NULL, "jobs are for a running server");
                return false;
        }
        job = job_new(service->jobs, caller, order);
        if (!job_usecase_known(order->usecase)) {
                error_set(error, ZW_ERR_USAGE, order->usecase, "\"%s\" is no job", order->usecase);
                return false;
        }
        if (!service_may(service, caller, order->usecase, order->input, &job->has_log, &job->log, error) ||
            !job_enter(job, error))
                return false;
        *ret_id = job->id;
        job_push(job);
        events_job_changed(service, ret_id);
        return true;
}

/* ---- start and stop ---- */

static bool interrupt_write(StoreTxn *txn, void *payload G_GNUC_UNUSED, GError **error)
{
        const Instant now = instant_now();

        return store_txn_interrupt_jobs(txn, now, INTERRUPTED, error) &&
               store_txn_tidy_jobs(txn, now - ZW_JOB_KEPT_MS, error);
}

static bool left_behind_tidy(Store *store, GError **error)
{
        g_autoptr(StoreView) view = NULL;

        if (!store_write(store, interrupt_write, NULL, error))
                return false;
        view = store_view_open(store, error);
        return view != NULL && store_job_files_tidy(view, error);
}

bool jobs_start(Service *service, unsigned threads, GError **error)
{
        Jobs *jobs;

        if (!left_behind_tidy(service->store, error))
                return false;
        jobs = g_new0(Jobs, 1);
        jobs->service = service;
        pthread_mutex_init(&jobs->lock, NULL);
        pthread_cond_init(&jobs->work, NULL);
        jobs->live = g_ptr_array_new_with_free_func(unref_job);
        g_queue_init(&jobs->waiting);
        jobs->threads = g_new0(pthread_t, threads);
        service->jobs = jobs;
        for (; jobs->n_threads < threads; jobs->n_threads++)
                if (pthread_create(&jobs->threads[jobs->n_threads], NULL, jobs_main, jobs) != 0)
                        break;
        if (jobs->n_threads == threads)
                return true;
        jobs_stop(service);
        error_set(error, ZW_ERR_STORAGE, NULL, "the threads of jobs could not be made");
        return false;
}

void jobs_close(Service *service)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&service->jobs->lock);

        service->jobs->closed = true;
}

unsigned jobs_left(Service *service)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&service->jobs->lock);

        return service->jobs->live->len;
}

void jobs_stop(Service *service)
{
        Jobs *jobs = service->jobs;

        if (jobs == NULL)
                return;
        pthread_mutex_lock(&jobs->lock);
        jobs->closed = jobs->stopping = true;
        g_queue_clear(&jobs->waiting); /* the next start tells them as interrupted */
        for (guint i = 0; i < jobs->live->len; i++)
                progress_cancel(&((Job *)jobs->live->pdata[i])->progress);
        pthread_cond_broadcast(&jobs->work);
        pthread_mutex_unlock(&jobs->lock);
        for (unsigned i = 0; i < jobs->n_threads; i++)
                pthread_join(jobs->threads[i], NULL);
        service->jobs = NULL;
        g_ptr_array_unref(jobs->live);
        pthread_cond_destroy(&jobs->work);
        pthread_mutex_destroy(&jobs->lock);
        g_free(jobs->threads);
        g_free(jobs);
}
