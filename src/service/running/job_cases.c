/* Use cases of jobs: what the caller asked for, how far it is, how it ended; an operator sees those of all. */
#include "service/running/jobs_internal.h"

#include "base/fd.h"

#include <fcntl.h>
#include <string.h>

/* ---- a job as JSON ---- */

static void instant_say(JWrite *w, const char *key, Instant instant)
{
        char text[ZW_INSTANT_TEXT];

        if (instant == 0) {
                jwrite_key_null(w, key);
                return;
        }
        instant_format(instant, text);
        jwrite_key_string(w, key, text);
}

static void json_say(JWrite *w, const char *key, const char *json)
{
        jwrite_key(w, key);
        if (json == NULL)
                jwrite_null(w);
        else
                jwrite_raw(w, json, strlen(json));
}

/* What memory knows newer than the row. */
static void row_freshen(Jobs *jobs, StoreJob *row, char *unit, char *stage)
{
        g_autoptr(Job) job = jobs == NULL || row->ended != 0 ? NULL : jobs_find(jobs, &row->id);

        stage[0] = '\0';
        g_strlcpy(unit, row->unit, JOB_WORD_MAX);
        row->unit = unit;
        if (job == NULL)
                return;
        pthread_mutex_lock(&jobs->lock);
        row->state = job->state;
        row->started = job->started;
        row->done = job->done;
        row->total = job->total;
        g_strlcpy(unit, job->unit, JOB_WORD_MAX);
        g_strlcpy(stage, job->stage, JOB_WORD_MAX);
        pthread_mutex_unlock(&jobs->lock);
}

void job_say(Jobs *jobs, const StoreJob *stored, const char *project, JWrite *w)
{
        char hex[ZW_ID_HEX], unit[JOB_WORD_MAX], stage[JOB_WORD_MAX];
        StoreJob row = *stored;

        row_freshen(jobs, &row, unit, stage);
        hex_encode(row.id.b, ZW_ID_BYTES, hex);
        jwrite_object_begin(w);
        jwrite_key_string(w, "id", hex);
        jwrite_key_string(w, "kind", row.kind);
        jwrite_key_string(w, "project", project);
        jwrite_key_string(w, "state", job_state_name(row.state));
        jwrite_key_string(w, "stage", stage[0] == '\0' ? NULL : stage);
        jwrite_key_int(w, "done", (int64_t)row.done);
        if (row.total == 0)
                jwrite_key_null(w, "total");
        else
                jwrite_key_int(w, "total", (int64_t)row.total);
        jwrite_key_string(w, "unit", row.unit[0] == '\0' ? NULL : row.unit);
        json_say(w, "result", row.result);
        json_say(w, "problem", row.problem);
        jwrite_key_string(w, "file", row.file);
        jwrite_key_string(w, "media", row.media);
        instant_say(w, "created", row.created);
        instant_say(w, "started", row.started);
        instant_say(w, "ended", row.ended);
        jwrite_object_end(w);
}

/* ---- reading ---- */

typedef struct {
        Call *call;
        GPtrArray *projects;
        JWrite *w;
        bool found, ended;
} Reading;

static const char *project_key(const GPtrArray *projects, const StoreJob *job)
{
        for (guint i = 0; job->has_log && i < projects->len; i++) {
                const StoreProject *project = projects->pdata[i];

                if (id_equal(&project->log, &job->log))
                        return project->key;
        }
        return NULL;
}

static bool reading_say(const StoreJob *job, void *payload, GError **error G_GNUC_UNUSED)
{
        Reading *reading = payload;
        const Caller *caller = reading->call->caller;

        /* A token for one project says nothing of another. */
        if (caller->has_project && !(job->has_log && id_equal(&job->log, &caller->project)))
                return true;
        reading->found = true;
        reading->ended = job->ended != 0;
        job_say(reading->call->service->jobs, job, project_key(reading->projects, job), reading->w);
        return true;
}

static const Id *whose(const Call *call)
{
        return call->rights.is_operator ? NULL : &call->caller->person;
}

static bool job_missing(GError **error)
{
        error_set(error, ZW_ERR_NOT_FOUND, "id", "you have no such job (any more)");
        return false;
}

static bool id_of(const char *text, Id *ret_id, GError **error)
{
        return (text != NULL && hex_decode(text, ret_id->b, ZW_ID_BYTES, NULL)) || job_missing(error);
}

bool usecase_job_list(Call *call, JWrite *w, GError **error)
{
        g_autoptr(GPtrArray) projects = store_load_projects(call->view, error);
        const bool all = jread_get_bool(call->input, "all", false);
        Reading reading = { call, projects, w, false, false };

        if (projects == NULL)
                return false;
        jwrite_array_begin(w);
        if (!store_each_job(call->view, all ? whose(call) : &call->caller->person, NULL, ZW_JOBS_LISTED_MAX,
                            reading_say, &reading, error))
                return false;
        jwrite_array_end(w);
        return true;
}

static bool show(Call *call, const Id *id, JWrite *w, bool *ret_ended, GError **error)
{
        g_autoptr(GPtrArray) projects = store_load_projects(call->view, error);
        Reading reading = { call, projects, w, false, false };

        if (projects == NULL || !store_each_job(call->view, whose(call), id, 1, reading_say, &reading, error))
                return false;
        *ret_ended = reading.ended;
        return reading.found || job_missing(error);
}

bool usecase_job_show(Call *call, JWrite *w, GError **error)
{
        bool ended;
        Id id;

        return id_of(jread_get_string(call->input, "id"), &id, error) && show(call, &id, w, &ended, error);
}

bool usecase_job_cancel(Call *call, JWrite *w, GError **error)
{
        Jobs *jobs = call->service->jobs;
        bool ended;
        Id id;

        if (!id_of(jread_get_string(call->input, "id"), &id, error) || !show(call, &id, w, &ended, error))
                return false;

        g_autoptr(Job) job = jobs == NULL || ended ? NULL : jobs_find(jobs, &id);

        if (job == NULL) {
                error_set(error, ZW_ERR_STATE, "id", "%s",
                          ended ? "the job has ended already"
                                : "this server does not work on the job (any more)");
                return false;
        }
        job_cancel(job);
        return true;
}

/* ---- asking for one ---- */

/* Use cases that make a file: the name of what they make, and its type by `format`. */
static const struct {
        const char *usecase, *format, *file, *media;
} products[] = {
        { "report", "html", "html", "text/html; charset=utf-8" },
        { "report", "json", "json", "application/json" },
        { "report", "svg", "svg", "image/svg+xml" },
        { "report", "pdf", "pdf", "application/pdf" },
        { "report", "xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
        { "report", NULL, "html", "text/html; charset=utf-8" },
        { "export", "csv", "csv", "text/csv; charset=utf-8" },
        { "export", "xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
        { "export", "native", "ndjson", "application/x-ndjson" },
        { "export", NULL, "bin", "application/octet-stream" },
        { "project.export", NULL, "zwp", "application/octet-stream" },
        { "backup", NULL, "tar", "application/x-tar" },
};

static char *product_of(const char *kind, const json_t *input, const char **ret_media)
{
        const char *format = jread_get_string(input, "format"), *what = jread_get_string(input, "type");

        for (size_t i = 0; i < G_N_ELEMENTS(products); i++) {
                if (strcmp(products[i].usecase, kind) != 0 ||
                    (products[i].format != NULL && g_strcmp0(products[i].format, format) != 0))
                        continue;
                *ret_media = products[i].media;
                return g_strdup_printf("%s.%s", what == NULL ? kind : what, products[i].file);
        }
        return NULL;
}

static ServiceFile *files_copy(ServiceFiles files, GError **error)
{
        ServiceFile *copies = g_new0(ServiceFile, files.n + 1);

        for (size_t i = 0; i < files.n; i++) {
                copies[i] = (ServiceFile){ files.files[i].name,
                                           fcntl(files.files[i].fd, F_DUPFD_CLOEXEC, 3) };
                if (copies[i].fd >= 0)
                        continue;
                error_set(error, ZW_ERR_LIMIT, NULL, "too many files are open");
                while (i-- > 0)
                        fd_close(copies[i].fd);
                g_free(copies);
                return NULL;
        }
        return copies;
}

bool usecase_job_start(Call *call, JWrite *w, GError **error)
{
        const char *kind = jread_get_string(call->input, "kind");
        const json_t *given = json_object_get(call->input, "input");
        g_autoptr(Json) input = given == NULL ? json_object() : json_deep_copy(given);
        g_autofree ServiceFile *files = NULL;
        g_autofree char *file = NULL;
        JobOrder order = { .usecase = kind, .input = input, .n = call->files.n, .request = log_request() };
        char hex[ZW_ID_HEX];
        Id id;

        if (kind == NULL || !json_is_object(input)) {
                error_set(error, ZW_ERR_INPUT, kind == NULL ? "/kind" : "/input",
                          "a job has a kind (a text) and the input of it (an object)");
                return false;
        }
        file = product_of(kind, input, &order.media);
        order.file = file;
        files = files_copy(call->files, error);
        if (files == NULL)
                return false;
        order.files = files;
        if (!jobs_submit(call->service, call->caller, &order, &id, error))
                return false;
        hex_encode(id.b, ZW_ID_BYTES, hex);
        jwrite_object_begin(w);
        jwrite_key_string(w, "job", hex);
        jwrite_object_end(w);
        return true;
}

/* ---- the file a job made ---- */

typedef struct {
        char *kind, *name, *media;
        bool has_log;
        Id log;
} FileFacts;

static void facts_clear(FileFacts *facts)
{
        g_free(facts->kind);
        g_free(facts->name);
        g_free(facts->media);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FileFacts, facts_clear)

static bool facts_keep(const StoreJob *job, void *payload, GError **error G_GNUC_UNUSED)
{
        FileFacts *facts = payload;

        facts->kind = g_strdup(job->kind);
        facts->name = g_strdup(job->file);
        facts->media = g_strdup(job->media);
        facts->has_log = job->has_log;
        facts->log = job->log;
        return true;
}

/* What the file holds is still the caller's to see: the use case that made it may be run. */
static bool facts_check(Service *service, StoreView *view, const Caller *caller, const FileFacts *facts,
                        GError **error)
{
        g_autoptr(GPtrArray) projects = store_load_projects(view, error);
        const StoreJob job = { .has_log = facts->has_log, .log = facts->log };
        g_autoptr(Json) input = json_object();
        const char *key;
        bool in_project;
        Id log;

        if (projects == NULL)
                return false;
        key = project_key(projects, &job);
        if (key != NULL)
                json_object_set_new(input, "project", json_string(key));
        return service_may(service, caller, facts->kind, input, &in_project, &log, error);
}

int jobs_open_file(Service *service, const Caller *caller, const char *text, char **ret_name,
                   char **ret_media, GError **error)
{
        g_autoptr(StoreView) view = store_view_open(service->store, error);
        g_auto(FileFacts) facts = { 0 };
        int fd;
        Id id;

        if (view == NULL || !id_of(text, &id, error) ||
            !store_each_job(view, &caller->person, &id, 1, facts_keep, &facts, error))
                return -1;
        if (facts.name == NULL) {
                (void)job_missing(error);
                return -1;
        }
        if (!facts_check(service, view, caller, &facts, error))
                return -1;
        fd = store_job_file_open(service->store, &id, error);
        if (fd >= 0) {
                *ret_name = g_steal_pointer(&facts.name);
                *ret_media = g_steal_pointer(&facts.media);
        }
        return fd;
}

bool usecase_job_file(Call *call, JWrite *w, GError **error)
{
        g_autofree char *name = NULL, *media = NULL;
        g_auto(Fd) fd = jobs_open_file(call->service, call->caller, jread_get_string(call->input, "id"),
                                       &name, &media, error);

        return fd >= 0 && call_copy_out(call, fd, name, media, w, error);
}
