/* Statements in use, whatever database runs them: the rows of this folder are kept through a driver, a small table of
 * functions that each backend fills.
 *
 * A connection belongs to one thread at a time, and so do its statements. Errors: STORAGE; EXISTS for a key that is taken;
 * DAMAGED. */
#ifndef STORE_ROWS_QUERY_H
#define STORE_ROWS_QUERY_H

#include "store/backend.h"

typedef enum {
#define QUERY(id, sql, used_by)                 SQL_##id,
#define QUERY_WALK(id, sql, used_by)            SQL_##id,
#define QUERY_IN(id, sqlite, postgres, used_by) SQL_##id,
#include "store/rows/queries.def"
#undef QUERY
#undef QUERY_WALK
#undef QUERY_IN
        SQL_COUNT
} SqlId;

/* Most parameters of a statement. */
enum { SQL_PARAMETERS_MAX = 24 };

/* Names of the metamodel to numbers, remembered, since a walk asks for the same few again and again. */
enum { NAME_SLOTS = 128, NAME_LENGTH = 40 };
typedef enum { NAME_KIND, NAME_STATE, NAME_LINK_TYPE, NAME_AS, NAME_SORTS } NameSort;
typedef struct {
        char text[NAME_LENGTH];
        int number;
        bool used;
} NameSlot;

typedef struct SqlDriver SqlDriver;

/* What every backend's connection begins with. */
typedef struct {
        const SqlDriver *driver;
        NameSlot names[NAME_SORTS][NAME_SLOTS];
        bool stale; /* what was erased may stand somewhere still */
} SqlConnection;

/* A statement in use. Values bound are borrowed until query_finish. A failure sticks and is given by the next step. */
typedef struct {
        SqlConnection *conn; /* NULL once it is finished */
        SqlId id;
        void *statement; /* the driver's */
        bool own;        /* it was made for this use, since the connection's was in use */
        int rc;
} Query;

struct SqlDriver {
        void (*close)(SqlConnection *conn);
        void (*begin)(Query *q);
        void (*finish)(Query *q);
        void (*bind_int)(Query *q, int at, int64_t value);
        void (*bind_text)(Query *q, int at, const char *text);
        void (*bind_bytes)(Query *q, int at, const void *bytes, size_t n);
        bool (*next)(Query *q, bool *ret_row, GError **error);
        int (*changes)(const Query *q);
        int (*columns)(const Query *q);
        const char *(*column)(const Query *q, int column); /* its name */
        CellType (*type)(const Query *q, int column);
        int64_t (*get_int)(const Query *q, int column);
        const char *(*get_text)(const Query *q, int column);
        const void *(*get_blob)(const Query *q, int column, size_t *ret_n);
};

static inline Query query_begin(SqlConnection *conn, SqlId id)
{
        Query q = { .conn = conn, .id = id };

        conn->driver->begin(&q);
        return q;
}
static inline void query_finish(Query *q)
{
        if (q->conn != NULL)
                q->conn->driver->finish(q);
        q->conn = NULL;
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Query, query_finish)

static inline void query_int(Query *q, int at, int64_t value)
{
        q->conn->driver->bind_int(q, at, value);
}
static inline void query_text(Query *q, int at, const char *text) /* NULL binds NULL */
{
        q->conn->driver->bind_text(q, at, text);
}
static inline void query_bytes(Query *q, int at, const void *bytes, size_t n)
{
        q->conn->driver->bind_bytes(q, at, bytes, n);
}
static inline void query_id(Query *q, int at, const Id *id)
{
        query_bytes(q, at, id->b, ZW_ID_BYTES);
}
static inline void query_digest(Query *q, int at, const Digest *digest)
{
        query_bytes(q, at, digest->b, ZW_DIGEST_BYTES);
}

/* The next row: *ret_row false at the end. */
static inline bool query_next(Query *q, bool *ret_row, GError **error)
{
        return q->conn->driver->next(q, ret_row, error);
}
/* Runs a statement that gives no rows. Errors: EXISTS for a key that is taken. */
bool query_run(Query *q, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Rows changed by the last query_run. */
static inline int query_changes(const Query *q)
{
        return q->conn->driver->changes(q);
}

/* Columns of the present row. Texts and bytes are borrowed until the next step. */
static inline int query_columns(const Query *q)
{
        return q->conn->driver->columns(q);
}
static inline const char *query_column(const Query *q, int column)
{
        return q->conn->driver->column(q, column);
}
static inline bool query_is_null(const Query *q, int column)
{
        return q->conn->driver->type(q, column) == CELL_NULL;
}
static inline int64_t query_get_int(const Query *q, int column)
{
        return q->conn->driver->get_int(q, column);
}
static inline const char *query_get_text(const Query *q, int column)
{
        return q->conn->driver->get_text(q, column);
}
/* Bytes of whatever length; a text's too. */
static inline const void *query_get_blob(const Query *q, int column, size_t *ret_n)
{
        return q->conn->driver->get_blob(q, column, ret_n);
}
/* Whatever there is, borrowed as above. */
Cell query_get_cell(const Query *q, int column);
/* Exactly `n` bytes. Errors: DAMAGED. */
bool query_get_bytes(const Query *q, int column, void *ret_bytes, size_t n, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The number of a name. Errors: VERSION. */
bool query_get_name(const Query *q, int column, NameSort sort, int *ret_number, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* A view of either backend. */
typedef struct {
        StoreView base; /* first, so that a StoreView is one */
        SqlConnection *conn;
} RowsView;

/* A view on a connection that becomes its own; freeing closes that. `view` may be NULL. */
RowsView *rows_view_new(const StoreBackend *backend, Store *store, BackendDb *db, SqlConnection *conn);
void rows_view_free(RowsView *view);

static inline SqlConnection *view_connection(StoreView *view)
{
        return ((RowsView *)view)->conn;
}

#endif
