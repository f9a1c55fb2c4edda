/* Rows of jobs and webhooks. */
#include "base/error.h"
#include "store/rows/rows.h"
#include "store/rows/query.h"

#include <string.h>

static void query_id_or_null(Query *q, int at, const Id *id)
{
        if (id != NULL)
                query_id(q, at, id);
        else
                query_bytes(q, at, NULL, 0);
}

/* ---- Jobs ---- */

static bool job_state_of(const char *name, JobState *ret_state, GError **error)
{
        for (int i = 0; name != NULL && i < JOB_STATES; i++) {
                if (strcmp(job_state_name((JobState)i), name) == 0) {
                        *ret_state = (JobState)i;
                        return true;
                }
        }
        error_set(error, ZW_ERR_DAMAGED, "job", "the state of a job is not known");
        return false;
}

static bool job_give(Query *q, StoreJobFn fn, void *payload, GError **error)
{
        StoreJob job = { .has_log = !query_is_null(q, 2),
                         .kind = query_get_text(q, 3),
                         .created = query_get_int(q, 5),
                         .started = query_get_int(q, 6),
                         .ended = query_get_int(q, 7),
                         .done = (uint64_t)query_get_int(q, 8),
                         .total = (uint64_t)query_get_int(q, 9),
                         .unit = query_get_text(q, 10),
                         .result = query_get_text(q, 11),
                         .problem = query_get_text(q, 12),
                         .file = query_get_text(q, 13),
                         .media = query_get_text(q, 14) };

        return query_get_bytes(q, 0, job.id.b, ZW_ID_BYTES, error) &&
               query_get_bytes(q, 1, job.person.b, ZW_ID_BYTES, error) &&
               (!job.has_log || query_get_bytes(q, 2, job.log.b, ZW_ID_BYTES, error)) &&
               job_state_of(query_get_text(q, 4), &job.state, error) && fn(&job, payload, error);
}

bool rows_job_read(StoreView *view, const Id *person, const Id *id, unsigned most, StoreJobFn fn,
                   void *payload, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_JOB_READ);
        bool found;

        query_id_or_null(&q, 1, person);
        query_id_or_null(&q, 2, id);
        query_int(&q, 3, most);
        while (query_next(&q, &found, error)) {
                if (!found)
                        return true;
                if (!job_give(&q, fn, payload, error))
                        return false;
        }
        return false;
}

bool rows_job_put(StoreView *view, const StoreJob *job, int64_t log, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_JOB_PUT);

        query_id(&q, 1, &job->id);
        query_id(&q, 2, &job->person);
        query_int(&q, 3, log);
        query_text(&q, 4, job->kind);
        query_text(&q, 5, job_state_name(job->state));
        query_int(&q, 6, job->created);
        query_int(&q, 7, job->started);
        query_int(&q, 8, job->ended);
        query_int(&q, 9, (int64_t)job->done);
        query_int(&q, 10, (int64_t)job->total);
        query_text(&q, 11, job->unit);
        query_text(&q, 12, job->result);
        query_text(&q, 13, job->problem);
        query_text(&q, 14, job->file);
        query_text(&q, 15, job->media);
        return query_run(&q, error);
}

bool rows_job_interrupt(StoreView *view, Instant now, const char *problem, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_JOB_INTERRUPT);

        query_int(&q, 1, now);
        query_text(&q, 2, problem);
        return query_run(&q, error);
}

bool rows_job_tidy(StoreView *view, Instant before, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_JOB_TIDY);

        query_int(&q, 1, before);
        return query_run(&q, error);
}

/* ---- Webhooks ---- */

static bool webhook_give(Query *q, StoreWebhookFn fn, void *payload, GError **error)
{
        StoreWebhook hook = { .url = query_get_text(q, 3),
                              .created = query_get_int(q, 5),
                              .seq = (Seq)query_get_int(q, 6),
                              .failures = (uint32_t)query_get_int(q, 7),
                              .next = query_get_int(q, 8),
                              .outcome = query_get_text(q, 9) };

        return query_get_bytes(q, 0, hook.id.b, ZW_ID_BYTES, error) &&
               query_get_bytes(q, 1, hook.log.b, ZW_ID_BYTES, error) &&
               query_get_bytes(q, 2, hook.person.b, ZW_ID_BYTES, error) &&
               query_get_bytes(q, 4, hook.secret, ZW_WEBHOOK_SECRET, error) && fn(&hook, payload, error);
}

bool rows_webhook_read(StoreView *view, int64_t log, StoreWebhookFn fn, void *payload, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_WEBHOOK_READ);
        bool found;

        query_int(&q, 1, log);
        while (query_next(&q, &found, error)) {
                if (!found)
                        return true;
                if (!webhook_give(&q, fn, payload, error))
                        return false;
        }
        return false;
}

bool rows_webhook_insert(StoreView *view, const StoreWebhook *hook, int64_t log, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_WEBHOOK_INSERT);

        query_id(&q, 1, &hook->id);
        query_int(&q, 2, log);
        query_id(&q, 3, &hook->person);
        query_text(&q, 4, hook->url);
        query_bytes(&q, 5, hook->secret, ZW_WEBHOOK_SECRET);
        query_int(&q, 6, hook->created);
        query_int(&q, 7, (int64_t)hook->seq);
        return query_run(&q, error);
}

bool rows_webhook_note(StoreView *view, const StoreWebhook *hook, Instant held, bool *ret_held,
                       GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_WEBHOOK_NOTE);

        query_id(&q, 1, &hook->id);
        query_int(&q, 2, (int64_t)hook->seq);
        query_int(&q, 3, hook->failures);
        query_int(&q, 4, hook->next);
        query_text(&q, 5, hook->outcome);
        query_int(&q, 6, held);
        if (!query_run(&q, error))
                return false;
        *ret_held = query_changes(&q) > 0;
        return true;
}

bool rows_webhook_drop(StoreView *view, int64_t log, const Id *id, bool *ret_had, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_WEBHOOK_DROP);

        query_int(&q, 1, log);
        query_id(&q, 2, id);
        if (!query_run(&q, error))
                return false;
        *ret_had = query_changes(&q) > 0;
        return true;
}
