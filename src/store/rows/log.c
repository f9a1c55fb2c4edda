/* Rows of the log: logs, projects, commits, secrets. */
#include "base/error.h"
#include "store/rows/rows.h"
#include "store/rows/query.h"

static bool log_from_row(const Query *q, const Id *id, LogRow *ret_row, GError **error)
{
        g_autoptr(GBytes) edge = NULL;
        LogRow row = { .no = query_get_int(q, 0), .id = *id, .head = (Seq)query_get_int(q, 1) };
        int64_t items = query_get_int(q, 5);
        const void *bytes;
        size_t n;

        if (!query_get_bytes(q, 2, row.head_hash.b, ZW_DIGEST_BYTES, error))
                return false;
        bytes = query_get_blob(q, 3, &n);
        edge = g_bytes_new(bytes, n);
        if (!merkle_decode(row.head, edge, &row.tree, error))
                return false;
        row.changed = query_get_int(q, 4);
        if (items < 0 || items >= ZW_ITEM_NONE) {
                error_set(error, ZW_ERR_DAMAGED, "log", "the number of items is out of range");
                return false;
        }
        row.items = (uint32_t)items;
        row.rebuilt = query_get_int(q, 6);
        if (row.rebuilt < 0) {
                error_set(error, ZW_ERR_DAMAGED, "log",
                          "the number of times it was made anew is out of range");
                return false;
        }
        *ret_row = row;
        return true;
}

bool rows_log_find_by(StoreView *view, SqlId id, const Id *log, LogRow *ret_row, bool *ret_found,
                      GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), id);

        query_id(&q, 1, log);
        if (!query_next(&q, ret_found, error))
                return false;
        return !*ret_found || log_from_row(&q, log, ret_row, error);
}

bool rows_log_find(StoreView *view, const Id *id, LogRow *ret_row, bool *ret_found, GError **error)
{
        return rows_log_find_by(view, SQL_LOG_FIND, id, ret_row, ret_found, error);
}

static void bind_log(Query *q, const LogRow *row, GBytes *edge)
{
        size_t n;
        const void *bytes = g_bytes_get_data(edge, &n);

        query_int(q, 2, (int64_t)row->head);
        query_digest(q, 3, &row->head_hash);
        query_bytes(q, 4, n == 0 ? "" : bytes, n);
        query_int(q, 5, row->changed);
        query_int(q, 6, row->items);
}

bool rows_log_insert(StoreView *view, LogRow *row, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_LOG_INSERT);
        g_autoptr(GBytes) edge = merkle_encode(&row->tree);
        bool found;

        query_id(&q, 1, &row->id);
        bind_log(&q, row, edge);
        if (!query_next(&q, &found, error))
                return false;
        row->no = query_get_int(&q, 0);
        return true;
}

bool rows_log_update(StoreView *view, const LogRow *row, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_LOG_UPDATE);
        g_autoptr(GBytes) edge = merkle_encode(&row->tree);

        query_int(&q, 1, row->no);
        bind_log(&q, row, edge);
        return query_run(&q, error);
}

bool rows_log_rebuilt(StoreView *view, int64_t log, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_LOG_REBUILT);

        query_int(&q, 1, log);
        return query_run(&q, error);
}

bool rows_log_delete(StoreView *view, int64_t log, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_LOG_DELETE);

        query_int(&q, 1, log);
        view_connection(view)->stale = true;
        return query_run(&q, error);
}

bool rows_project_insert(StoreView *view, const ProjectRow *row, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_PROJECT_INSERT);

        query_int(&q, 1, row->log_no);
        query_text(&q, 2, row->key);
        query_text(&q, 3, row->title);
        query_int(&q, 4, row->sample);
        return query_run(&q, error);
}

bool rows_project_read(StoreView *view, const char *key, ProjectFn fn, void *payload, GError **error)
{
        g_auto(Query)
                q = query_begin(view_connection(view), key == NULL ? SQL_PROJECT_ALL : SQL_PROJECT_BY_KEY);
        bool found;

        if (key != NULL)
                query_text(&q, 1, key);
        while (query_next(&q, &found, error)) {
                ProjectRow row;

                if (!found)
                        return true;
                row = (ProjectRow){ .log_no = query_get_int(&q, 0),
                                    .key = query_get_text(&q, 2),
                                    .title = query_get_text(&q, 3),
                                    .sample = query_get_int(&q, 4) != 0,
                                    .is_branch = !query_is_null(&q, 5),
                                    .parent_seq = (Seq)query_get_int(&q, 6) };
                if (!query_get_bytes(&q, 1, row.log.b, ZW_ID_BYTES, error) ||
                    (row.is_branch && !query_get_bytes(&q, 5, row.parent.b, ZW_ID_BYTES, error)) ||
                    !fn(&row, payload, error))
                        return false;
        }
        return false;
}

/* ---- Commits ---- */

bool rows_commit_insert(StoreView *view, int64_t log, const CommitRow *row, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_COMMIT_INSERT);

        query_int(&q, 1, log);
        query_int(&q, 2, (int64_t)row->seq);
        query_digest(&q, 3, &row->hash);
        query_bytes(&q, 4, row->header, row->header_n);
        query_int(&q, 5, row->time);
        query_id(&q, 6, &row->actor);
        query_text(&q, 7, row->request);
        return query_run(&q, error);
}

bool rows_commit_read(StoreView *view, int64_t log, Seq first, Seq last, CommitFn fn, void *payload,
                      GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_COMMIT_READ);
        bool found;

        query_int(&q, 1, log);
        query_int(&q, 2, (int64_t)first);
        query_int(&q, 3, (int64_t)MIN(last, ZW_SEQ_OPEN));
        while (query_next(&q, &found, error)) {
                CommitRow row;

                if (!found)
                        return true;
                row = (CommitRow){ .seq = (Seq)query_get_int(&q, 0),
                                   .time = query_get_int(&q, 3),
                                   .request = query_get_text(&q, 5) };
                row.header = query_get_blob(&q, 2, &row.header_n);
                if (!query_get_bytes(&q, 1, row.hash.b, ZW_DIGEST_BYTES, error) ||
                    !query_get_bytes(&q, 4, row.actor.b, ZW_ID_BYTES, error) || !fn(&row, payload, error))
                        return false;
        }
        return false;
}

bool rows_commit_time(StoreView *view, int64_t log, Seq seq, Instant *ret_time, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_COMMIT_TIME);
        bool found;

        query_int(&q, 1, log);
        query_int(&q, 2, (int64_t)seq);
        if (!query_next(&q, &found, error))
                return false;
        if (!found) {
                error_set(error, ZW_ERR_DAMAGED, NULL, "commit %" G_GUINT64_FORMAT " is missing", seq);
                return false;
        }
        *ret_time = query_get_int(&q, 0);
        return true;
}

bool rows_request_find(StoreView *view, int64_t log, const char *key, Seq *ret_seq, char **ret_request,
                       GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_REQUEST_FIND);
        bool found;

        query_int(&q, 1, log);
        query_text(&q, 2, key);
        if (!query_next(&q, &found, error))
                return false;
        *ret_seq = found ? (Seq)query_get_int(&q, 0) : 0;
        *ret_request = found ? g_strdup(query_get_text(&q, 1)) : NULL;
        return true;
}

/* ---- Secrets ---- */

bool rows_secret_insert(StoreView *view, int64_t log, Seq seq, const SecretRow *row, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SECRET_INSERT);

        query_int(&q, 1, log);
        query_int(&q, 2, (int64_t)seq);
        query_int(&q, 3, row->op);
        query_text(&q, 4, row->field);
        query_bytes(&q, 5, row->salt, row->salt == NULL ? 0 : ZW_SALT_BYTES);
        /* An empty message is not an erased one. */
        query_bytes(&q, 6, row->salt != NULL && row->n == 0 ? "" : row->bytes, row->n);
        return query_run(&q, error);
}

static bool secret_give(const Query *q, SecretFn fn, void *payload, GError **error)
{
        SecretRow row = { .op = (int)query_get_int(q, 0), .field = query_get_text(q, 1) };
        size_t salt_n;

        if (!query_is_null(q, 2)) {
                row.salt = query_get_blob(q, 2, &salt_n);
                row.bytes = query_get_blob(q, 3, &row.n);
                if (row.salt == NULL || salt_n != ZW_SALT_BYTES) {
                        error_set(error, ZW_ERR_DAMAGED, NULL, "the salt of a stored piece has not %d bytes",
                                  (int)ZW_SALT_BYTES);
                        return false;
                }
        }
        return fn(&row, payload, error);
}

bool rows_secret_read(StoreView *view, int64_t log, Seq seq, SecretFn fn, void *payload, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SECRET_READ);
        bool found;

        query_int(&q, 1, log);
        query_int(&q, 2, (int64_t)seq);
        while (query_next(&q, &found, error)) {
                if (!found)
                        return true;
                if (!secret_give(&q, fn, payload, error))
                        return false;
        }
        return false;
}

struct SecretWalk {
        SqlConnection *conn;
        int64_t log;
        Query q;    /* finished until it is needed, and after a failure */
        bool ahead; /* a row was read and not given */
        bool ended;
};

SecretWalk *rows_secret_walk_new(StoreView *view, int64_t log)
{
        SecretWalk *walk = g_new0(SecretWalk, 1);

        walk->conn = view_connection(view);
        walk->log = log;
        return walk;
}

void rows_secret_walk_free(SecretWalk *walk)
{
        query_finish(&walk->q);
        g_free(walk);
}

/* The next row, if there is none read that was not given. */
static bool walk_ahead(SecretWalk *walk, Seq seq, GError **error)
{
        bool found;

        if (walk->ahead || walk->ended)
                return true;
        if (walk->q.conn == NULL) {
                walk->q = query_begin(walk->conn, SQL_SECRET_WALK);
                query_int(&walk->q, 1, walk->log);
                query_int(&walk->q, 2, (int64_t)seq);
        }
        if (!query_next(&walk->q, &found, error)) {
                query_finish(&walk->q);
                return false;
        }
        walk->ahead = found;
        walk->ended = !found;
        return true;
}

bool rows_secret_walk_read(SecretWalk *walk, Seq seq, SecretFn fn, void *payload, GError **error)
{
        while (walk_ahead(walk, seq, error)) {
                Seq at;

                if (walk->ended)
                        return true;
                at = (Seq)query_get_int(&walk->q, 4);
                if (at > seq)
                        return true;
                walk->ahead = false;
                if (at == seq && !secret_give(&walk->q, fn, payload, error))
                        return false;
        }
        return false;
}

bool rows_secret_erase(StoreView *view, int64_t log, Seq seq, int op, const char *field, bool *ret_found,
                       GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SECRET_ERASE);

        query_int(&q, 1, log);
        query_int(&q, 2, (int64_t)seq);
        query_int(&q, 3, op);
        query_text(&q, 4, field);
        view_connection(view)->stale = true;
        if (!query_run(&q, error))
                return false;
        *ret_found = query_changes(&q) > 0;
        return true;
}
