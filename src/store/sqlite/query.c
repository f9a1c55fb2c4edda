/* The driver: statements of rows/ as prepared statements of SQLite. Each is prepared once per connection, on first use. */
#include "store/sqlite/sqlite.h"

#include <string.h>

static const char *const query_sql[SQL_COUNT] = {
#define QUERY(id, sql, used_by)                 [SQL_##id] = sql,
#define QUERY_WALK(id, sql, used_by)            [SQL_##id] = sql,
#define QUERY_IN(id, sqlite, postgres, used_by) [SQL_##id] = sqlite,
#include "store/rows/queries.def"
#undef QUERY
#undef QUERY_WALK
#undef QUERY_IN
};

static Connection *connection_of(const Query *q)
{
        return (Connection *)q->conn;
}

static int prepare(Query *q, unsigned flags, sqlite3_stmt **ret_stmt)
{
        return sqlite3_prepare_v3(connection_of(q)->db, query_sql[q->id], -1, flags, ret_stmt, NULL);
}

static void begin(Query *q)
{
        Connection *conn = connection_of(q);
        sqlite3_stmt *own = NULL;

        if (conn->busy[q->id]) {
                q->own = true;
                q->rc = prepare(q, 0, &own);
                q->statement = own;
                return;
        }
        if (conn->statements[q->id] == NULL)
                q->rc = prepare(q, SQLITE_PREPARE_PERSISTENT, &conn->statements[q->id]);
        q->statement = conn->statements[q->id];
        conn->busy[q->id] = true;
}

static void finish(Query *q)
{
        if (q->own) {
                sqlite3_finalize(q->statement);
        } else {
                sqlite3_reset(q->statement);
                connection_of(q)->busy[q->id] = false;
        }
}

static void bind_int(Query *q, int at, int64_t value)
{
        if (q->rc == SQLITE_OK)
                q->rc = sqlite3_bind_int64(q->statement, at, value);
}

static void bind_text(Query *q, int at, const char *text)
{
        if (q->rc != SQLITE_OK)
                return;
        if (text == NULL)
                q->rc = sqlite3_bind_null(q->statement, at);
        else
                q->rc = sqlite3_bind_text64(q->statement, at, text, strlen(text), SQLITE_STATIC, SQLITE_UTF8);
}

static void bind_bytes(Query *q, int at, const void *bytes, size_t n)
{
        if (q->rc != SQLITE_OK)
                return;
        if (bytes == NULL)
                q->rc = n == 0 ? sqlite3_bind_null(q->statement, at) : SQLITE_MISUSE;
        else
                q->rc = sqlite3_bind_blob64(q->statement, at, bytes, n, SQLITE_STATIC);
}

static bool next(Query *q, bool *ret_row, GError **error)
{
        int rc = q->rc;

        if (rc == SQLITE_OK)
                rc = sqlite3_step(q->statement);
        if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
                q->rc = rc;
                return connection_fail(connection_of(q), rc, "a statement failed", error);
        }
        *ret_row = rc == SQLITE_ROW;
        return true;
}

static int changes(const Query *q)
{
        return sqlite3_changes(connection_of(q)->db);
}

static int columns(const Query *q)
{
        return sqlite3_column_count(q->statement);
}

static const char *column_name(const Query *q, int column)
{
        return sqlite3_column_name(q->statement, column);
}

static CellType type(const Query *q, int column)
{
        switch (sqlite3_column_type(q->statement, column)) {
        case SQLITE_INTEGER:
                return CELL_INT;
        case SQLITE_TEXT:
                return CELL_TEXT;
        case SQLITE_BLOB:
                return CELL_BYTES;
        default:
                return CELL_NULL;
        }
}

static int64_t get_int(const Query *q, int column)
{
        return sqlite3_column_int64(q->statement, column);
}

static const char *get_text(const Query *q, int column)
{
        return (const char *)sqlite3_column_text(q->statement, column);
}

static const void *get_blob(const Query *q, int column, size_t *ret_n)
{
        const void *bytes = sqlite3_column_blob(q->statement, column);

        *ret_n = (size_t)sqlite3_column_bytes(q->statement, column);
        return bytes;
}

static void end(SqlConnection *conn)
{
        connection_close((Connection *)conn);
}

const SqlDriver sqlite_driver = {
        .close = end,
        .begin = begin,
        .finish = finish,
        .bind_int = bind_int,
        .bind_text = bind_text,
        .bind_bytes = bind_bytes,
        .next = next,
        .changes = changes,
        .columns = columns,
        .column = column_name,
        .type = type,
        .get_int = get_int,
        .get_text = get_text,
        .get_blob = get_blob,
};
