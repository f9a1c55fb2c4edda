/* The driver: statements of rows/ as prepared statements of PostgreSQL. Types of parameters are those of the values bound,
 * values go and come in binary. A walk is a cursor that is read a portion at a time, so that its callbacks may run other
 * statements and no answer has to fit into memory. */
#include "base/error.h"
#include "store/postgres/postgres.h"
#include <string.h>

/* Rows of a portion of a walk. */
enum { PORTION = 1000 };

/* Types of the server's catalogue, which never change. */
enum { OID_BOOL = 16, OID_BYTEA = 17, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_TEXT = 25 };

static const struct {
        const char *sql;
        bool walk;
} statements[SQL_COUNT] = {
#define QUERY(id, sql, used_by)                 [SQL_##id] = { sql, false },
#define QUERY_WALK(id, sql, used_by)            [SQL_##id] = { sql, true },
#define QUERY_IN(id, sqlite, postgres, used_by) [SQL_##id] = { postgres, false },
#include "store/rows/queries.def"
#undef QUERY
#undef QUERY_WALK
#undef QUERY_IN
};

typedef struct {
        int n; /* of parameters */
        Oid types[SQL_PARAMETERS_MAX];
        const char *values[SQL_PARAMETERS_MAX];
        int lengths[SQL_PARAMETERS_MAX];
        uint64_t numbers[SQL_PARAMETERS_MAX]; /* as they go over the line */
        PGresult *result;
        int row;
        bool begun;
        char cursor[16]; /* its name; empty when there is none */
        char *table;     /* see postgres_walk_table; else NULL */
} Statement;

static PostgresConnection *connection_of(const Query *q)
{
        return (PostgresConnection *)q->conn;
}

static void begin(Query *q)
{
        q->statement = g_new0(Statement, 1);
}

/* Rows of a table as it stands, whose name the schema itself gave: outside the list, since a copy takes all there are. */
Query postgres_walk_table(PostgresConnection *conn, const char *table)
{
        Query q = { .conn = &conn->base, .id = SQL_COUNT };
        Statement *s = g_new0(Statement, 1);

        s->table = g_strdup(table);
        q.statement = s;
        return q;
}

static void finish(Query *q)
{
        PostgresConnection *conn = connection_of(q);
        Statement *s = q->statement;
        char sql[40];

        PQclear(s->result);
        if (s->cursor[0] != '\0' && PQtransactionStatus(conn->pg) == PQTRANS_INTRANS) {
                g_snprintf(sql, sizeof sql, "CLOSE %s", s->cursor);
                PQclear(PQexec(conn->pg, sql));
        }
        g_free(s->table);
        g_free(s);
}

static void bind(Query *q, int at, Oid type, const void *value, size_t n)
{
        Statement *s = q->statement;

        s->n = MAX(s->n, at);
        s->types[at - 1] = type;
        s->values[at - 1] = value;
        s->lengths[at - 1] = (int)n;
}

static void bind_int(Query *q, int at, int64_t value)
{
        Statement *s = q->statement;

        s->numbers[at - 1] = GUINT64_TO_BE((uint64_t)value);
        bind(q, at, OID_INT8, &s->numbers[at - 1], sizeof(uint64_t));
}

static void bind_text(Query *q, int at, const char *text)
{
        bind(q, at, OID_TEXT, text, text == NULL ? 0 : strlen(text));
}

static void bind_bytes(Query *q, int at, const void *bytes, size_t n)
{
        bind(q, at, OID_BYTEA, bytes, n);
}

/* The statement with its parameters as this server writes them. Free it. */
static char *sql_of(SqlId id)
{
        return g_strdelimit(g_strdup(statements[id].sql), "?", '$');
}

static bool has_failed(const PGresult *result)
{
        const ExecStatusType status = PQresultStatus(result);

        return status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK;
}

static bool take(Query *q, PGresult *result, GError **error)
{
        Statement *s = q->statement;

        PQclear(s->result);
        s->result = result;
        s->row = -1;
        return !has_failed(result) || postgres_fail(connection_of(q), result, "a statement failed", error);
}

static bool prepare(Query *q, const char *name, GError **error)
{
        PostgresConnection *conn = connection_of(q);
        const Statement *s = q->statement;
        g_autofree char *sql = sql_of(q->id);
        g_autoptr(PGresult) result = NULL;

        if (conn->prepared[q->id])
                return true;
        result = PQprepare(conn->pg, name, sql, s->n, s->types);
        if (has_failed(result))
                return postgres_fail(conn, result, "a statement could not be prepared", error);
        conn->prepared[q->id] = true;
        return true;
}

static const int binary[SQL_PARAMETERS_MAX] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                                1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };

static bool walk(Query *q, GError **error)
{
        PostgresConnection *conn = connection_of(q);
        Statement *s = q->statement;
        g_autofree char *what = s->table != NULL ? g_strdup_printf("SELECT * FROM \"%s\"", s->table)
                                                 : sql_of(q->id);
        g_autofree char *sql = NULL;

        g_snprintf(s->cursor, sizeof s->cursor, "c%u", conn->cursors++);
        sql = g_strdup_printf("DECLARE %s NO SCROLL CURSOR FOR %s", s->cursor, what);
        return take(q, PQexecParams(conn->pg, sql, s->n, s->types, s->values, s->lengths, binary, 1), error);
}

/* Nothing is kept in a session that the next transaction may not have. */
static bool run_once(Query *q, GError **error)
{
        const Statement *s = q->statement;
        g_autofree char *sql = sql_of(q->id);

        return take(q,
                    PQexecParams(connection_of(q)->pg, sql, s->n, s->types, s->values, s->lengths, binary, 1),
                    error);
}

static bool run(Query *q, GError **error)
{
        const Statement *s = q->statement;
        char name[16];

        if (s->table != NULL || statements[q->id].walk)
                return walk(q, error);
        if (connection_of(q)->pooled)
                return run_once(q, error);
        g_snprintf(name, sizeof name, "q%d", (int)q->id);
        return prepare(q, name, error) &&
               take(q, PQexecPrepared(connection_of(q)->pg, name, s->n, s->values, s->lengths, binary, 1),
                    error);
}

/* Rows of a walk after those that were read. */
static bool fetch(Query *q, GError **error)
{
        const Statement *s = q->statement;
        char sql[48];

        g_snprintf(sql, sizeof sql, "FETCH %d FROM %s", (int)PORTION, s->cursor);
        return take(q, PQexecParams(connection_of(q)->pg, sql, 0, NULL, NULL, NULL, NULL, 1), error);
}

/* A portion that is not full was the last one. */
static bool is_more(const Statement *s)
{
        return s->cursor[0] != '\0' &&
               (PQresultStatus(s->result) == PGRES_COMMAND_OK || PQntuples(s->result) == PORTION);
}

static bool next(Query *q, bool *ret_row, GError **error)
{
        Statement *s = q->statement;

        if (!s->begun) {
                if (!run(q, error))
                        return false;
                s->begun = true;
        }
        if (++s->row >= PQntuples(s->result) && is_more(s)) {
                if (!fetch(q, error))
                        return false;
                s->row = 0;
        }
        *ret_row = s->row < PQntuples(s->result);
        return true;
}

static int changes(const Query *q)
{
        const Statement *s = q->statement;
        guint64 n = 0;

        /* The server's own word, "" where it does not count. */
        return g_ascii_string_to_unsigned(PQcmdTuples(s->result), 10, 0, G_MAXINT, &n, NULL) ? (int)n : 0;
}

static int columns(const Query *q)
{
        return PQnfields(((const Statement *)q->statement)->result);
}

static const char *column_name(const Query *q, int column)
{
        return PQfname(((const Statement *)q->statement)->result, column);
}

static CellType type(const Query *q, int column)
{
        const Statement *s = q->statement;

        if (PQgetisnull(s->result, s->row, column))
                return CELL_NULL;
        switch (PQftype(s->result, column)) {
        case OID_TEXT:
                return CELL_TEXT;
        case OID_BYTEA:
                return CELL_BYTES;
        default:
                return CELL_INT;
        }
}

static int64_t get_int(const Query *q, int column)
{
        const Statement *s = q->statement;
        const unsigned char *bytes = (const unsigned char *)PQgetvalue(s->result, s->row, column);
        const int n = PQgetlength(s->result, s->row, column);
        uint64_t value = n > 0 && bytes[0] & 0x80 ? UINT64_MAX : 0; /* the sign goes on to the left */

        for (int i = 0; i < n; i++)
                value = value << 8 | bytes[i];
        return (int64_t)value;
}

static const char *get_text(const Query *q, int column)
{
        const Statement *s = q->statement;

        return PQgetisnull(s->result, s->row, column) ? NULL : PQgetvalue(s->result, s->row, column);
}

static const void *get_blob(const Query *q, int column, size_t *ret_n)
{
        const Statement *s = q->statement;

        *ret_n = (size_t)PQgetlength(s->result, s->row, column);
        return get_text(q, column);
}

static void end(SqlConnection *conn)
{
        postgres_disconnect((PostgresConnection *)conn);
}

const SqlDriver postgres_driver = {
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
