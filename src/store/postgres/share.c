/* What nodes share besides rows: content, and who works on which job. */
#include "base/error.h"
#include "store/internal.h"
#include "store/postgres/database.h"
#include "store/postgres/postgres.h"
#include "store/rows/rows.h"

enum { PART_BYTES = 1 << 20 };

/* ---- Content ---- */

static bool part_put(PostgresConnection *conn, const Digest *digest, int64_t part, const void *bytes,
                     size_t n, GError **error)
{
        g_auto(Query) q = query_begin(&conn->base, SQL_BLOB_PUT);

        query_digest(&q, 1, digest);
        query_int(&q, 2, part);
        query_bytes(&q, 3, bytes, n);
        return query_run(&q, error);
}

static bool parts_put(PostgresConnection *conn, const Digest *digest, int fd, GError **error)
{
        g_autofree char *bytes = g_malloc(PART_BYTES);
        int64_t part = 0;
        ssize_t n;

        do {
                n = file_read(fd, bytes, PART_BYTES, "blob", error);
                /* One without content has a part, too. */
                if (n < 0 ||
                    ((n > 0 || part == 0) && !part_put(conn, digest, part++, bytes, (size_t)n, error)))
                        return false;
        } while (n == PART_BYTES);
        return true;
}

bool postgres_blob_save(BackendDb *db, const Digest *digest, int fd, GError **error)
{
        g_autoptr(PostgresConnection) conn = NULL;

        if (db->place.bucket.url != NULL)
                return postgres_bucket_put(&db->place.bucket, digest, fd, error);
        if (!db->place.blobs)
                return true;
        conn = postgres_connect(&db->place, error);
        return conn != NULL && postgres_script(conn, db->begin_write, error) &&
               parts_put(conn, digest, fd, error) && postgres_script(conn, "COMMIT", error);
}

/* *ret_n is -1 after the last part. */
static bool part_get(PostgresConnection *conn, const Digest *digest, int64_t part, int fd, ssize_t *ret_n,
                     GError **error)
{
        g_auto(Query) q = query_begin(&conn->base, SQL_BLOB_GET);
        const void *bytes;
        bool found;
        size_t n;

        query_digest(&q, 1, digest);
        query_int(&q, 2, part);
        *ret_n = -1;
        if (!query_next(&q, &found, error) || !found)
                return !found;
        bytes = query_get_blob(&q, 0, &n);
        *ret_n = (ssize_t)n;
        return file_write(fd, bytes, n, "blob", error);
}

bool postgres_blob_fetch(BackendDb *db, const Digest *digest, int fd, bool *ret_found, GError **error)
{
        g_autoptr(PostgresConnection) conn = NULL;
        ssize_t n = 0;

        *ret_found = false;
        if (db->place.bucket.url != NULL)
                return postgres_bucket_get(&db->place.bucket, digest, fd, ret_found, error);
        if (!db->place.blobs)
                return true;
        conn = postgres_connect(&db->place, error);
        if (conn == NULL || !postgres_script(conn, db->begin_read, error))
                return false;
        for (int64_t part = 0; n >= 0; part++) {
                if (!part_get(conn, digest, part, fd, &n, error))
                        return false;
                *ret_found = *ret_found || n >= 0;
        }
        return true;
}

bool postgres_blobs_common(const BackendDb *db)
{
        return !db->place.blobs && db->place.bucket.url == NULL;
}

/* ---- Jobs ---- */

bool postgres_job_put(StoreView *view, const StoreJob *job, int64_t log, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_JOB_NODE);

        if (!rows_job_put(view, job, log, error))
                return false;
        query_id(&q, 1, &job->id);
        query_id(&q, 2, &view->db->place.node);
        if (!query_run(&q, error))
                return false;
        if (query_changes(&q) > 0)
                return true;
        error_set(error, ZW_ERR_EXISTS, "job", "another server has this job");
        return false;
}

bool postgres_job_interrupt(StoreView *view, Instant now, const char *problem, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_JOB_LEFT);

        query_int(&q, 1, now);
        query_text(&q, 2, problem);
        query_id(&q, 3, &view->db->place.node);
        return query_run(&q, error);
}

/* ---- Webhooks ---- */

/* A lease: nobody takes it again before a minute is over by the clock of the database, and each taking has a later end. */
bool postgres_webhook_take(StoreView *view, const StoreWebhook *hook, Instant *ret_held, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_WEBHOOK_TAKE);
        bool taken;

        query_id(&q, 1, &hook->id);
        query_int(&q, 2, (int64_t)hook->seq);
        query_int(&q, 3, hook->next);
        if (!query_next(&q, &taken, error))
                return false;
        *ret_held = taken ? query_get_int(&q, 0) : 0;
        return true;
}
