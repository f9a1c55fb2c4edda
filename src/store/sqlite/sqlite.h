/* What the files of the SQLite backend share: a connection with its prepared statements, and statements in use.
 *
 * Every fault of SQLite becomes an error in one place (connection_fail), with the extended code in its message.
 * A connection belongs to one thread at a time. */
#ifndef STORE_SQLITE_SQLITE_H
#define STORE_SQLITE_SQLITE_H

#include "store/backend.h"
#include <sqlite3.h>

typedef enum {
#define QUERY(id, sql, used_by) SQL_##id,
#include "store/sqlite/queries.def"
#undef QUERY
        SQL_COUNT
} SqlId;

/* Marks the file as a store's, in its header. */
#define STORE_APPLICATION_ID 0x5a570001

/* The migrations, in order; migration n is at n - 1. Made by tools/gen-text.py from the numbered files. */
extern const char *const store_migrations[];
extern const size_t store_migrations_count;

/* Names of the metamodel to numbers, remembered, since a walk asks for the same few again and again. */
enum { NAME_SLOTS = 128, NAME_LENGTH = 40 };
typedef enum { NAME_KIND, NAME_STATE, NAME_LINK_TYPE, NAME_AS, NAME_SORTS } NameSort;
typedef struct {
        char text[NAME_LENGTH];
        int number;
        bool used;
} NameSlot;

typedef struct {
        sqlite3 *db;
        sqlite3_stmt *statements[SQL_COUNT];
        bool busy[SQL_COUNT];
        NameSlot names[NAME_SORTS][NAME_SLOTS];
        bool broken;    /* a write or sync failed */
        bool stale;     /* the write-ahead log may hold what was erased */
        int wal_frames; /* in the write-ahead log after the last commit */
        int wal_done;   /* of them when it was last checkpointed */
} Connection;

/* How long a statement waits for a lock. */
enum { CONNECTION_WAIT_MS = 10000 };

typedef enum { CONNECTION_READER, CONNECTION_WRITER, CONNECTION_CREATE, CONNECTION_SCRATCH } ConnectionUse;

/* Opens `path`; CREATE and SCRATCH make the file. */
Connection *connection_open(const char *path, ConnectionUse use, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void connection_close(Connection *conn);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Connection, connection_close)

/* Sets the error for the result code `rc` of the connection's last call; always false. */
bool connection_fail(Connection *conn, int rc, const char *what, GError **error);
/* Runs a script of statements without parameters or rows: pragmas and migrations. */
bool connection_script(Connection *conn, const char *sql, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes the schema of an empty database. */
bool migrate_new(Connection *conn, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Brings that of a store's database up to date. Errors: DAMAGED, it is not one; VERSION, it is newer than this program. */
bool migrate_up(Connection *conn, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reports where the schema is not the one the migrations make. */
bool schema_inspect(Connection *conn, StoreProblemFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* A statement in use. Values bound are borrowed until query_finish. A failure sticks and is given by the next step. */
typedef struct {
        Connection *conn;
        sqlite3_stmt *stmt;
        SqlId id;
        bool own; /* prepared for this use, since the connection's was in use */
        int rc;
} Query;

Query query_begin(Connection *conn, SqlId id);
void query_finish(Query *q);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Query, query_finish)

void query_int(Query *q, int at, int64_t value);
void query_text(Query *q, int at, const char *text); /* NULL binds NULL */
void query_bytes(Query *q, int at, const void *bytes, size_t n);
static inline void query_id(Query *q, int at, const Id *id)
{
        query_bytes(q, at, id->b, ZW_ID_BYTES);
}
static inline void query_digest(Query *q, int at, const Digest *digest)
{
        query_bytes(q, at, digest->b, ZW_DIGEST_BYTES);
}

/* The next row: *ret_row false at the end. */
bool query_next(Query *q, bool *ret_row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Runs a statement that gives no rows. Errors: EXISTS for a key that is taken. */
bool query_run(Query *q, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Rows changed by the last query_run. */
int query_changes(const Query *q);

/* Columns of the present row. Texts and bytes are borrowed until the next step. */
static inline int64_t query_get_int(const Query *q, int column)
{
        return sqlite3_column_int64(q->stmt, column);
}
static inline const char *query_get_text(const Query *q, int column)
{
        return (const char *)sqlite3_column_text(q->stmt, column);
}
/* Exactly `n` bytes. Errors: DAMAGED. */
bool query_get_bytes(const Query *q, int column, void *ret_bytes, size_t n, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The number of a name. Errors: VERSION. */
bool query_get_name(const Query *q, int column, NameSort sort, int *ret_number, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

struct BackendDb {
        Store *store;
        char *path;
        Connection *writer;
        StoreView *writer_view;
        bool scratch;
        pthread_mutex_t lock;
        GPtrArray *idle; /* under lock: views not in use, each with its connection */
};

typedef struct {
        StoreView base; /* first, so that a StoreView is one */
        Connection *conn;
} SqliteView;

static inline Connection *view_connection(StoreView *view)
{
        return ((SqliteView *)view)->conn;
}

#endif
