/* What the files of the SQLite backend share: a connection with its prepared statements, and statements in use.
 *
 * Every fault of SQLite becomes an error in one place (connection_fail), with the extended code in its message.
 * A connection belongs to one thread at a time. */
#ifndef STORE_SQLITE_SQLITE_H
#define STORE_SQLITE_SQLITE_H

#include "store/rows/query.h"
#include <sqlite3.h>

/* Marks the file as a store's, in its header. */
#define STORE_APPLICATION_ID 0x5a570001

/* The migrations, in order; migration n is at n - 1. Made by tools/gen-text.py from the numbered files. */
extern const char *const store_migrations[];
extern const size_t store_migrations_count;

typedef struct {
        SqlConnection base; /* first, so that a Connection is one */
        sqlite3 *db;
        sqlite3_stmt *statements[SQL_COUNT];
        bool busy[SQL_COUNT];
        bool broken;    /* a write or sync failed */
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

/* Runs statements of rows/ on a Connection. */
extern const SqlDriver sqlite_driver;

struct BackendDb {
        Store *store;
        char *path;
        Connection *writer;
        StoreView *writer_view;
        bool scratch;
        pthread_mutex_t lock;
        GPtrArray *idle; /* under lock: views not in use, each with its connection */
};

/* The functions of the backend's table, each documented there (store/backend.h). */
bool database_create(const char *path, const char *database, GError **error);
BackendDb *database_open(Store *store, const char *path, bool scratch, GError **error);
void database_close(BackendDb *db);
bool database_copy(BackendDb *db, const char *path, Progress *progress, GError **error);
bool database_inspect(StoreView *view, StoreProblemFn fn, void *payload, GError **error);
StoreView *database_view_open(BackendDb *db, GError **error);
bool database_view_refresh(StoreView *view, GError **error);
void database_view_rest(StoreView *view);
void database_view_close(StoreView *view);
StoreView *database_writer(BackendDb *db);
bool database_begin(BackendDb *db, GError **error);
bool database_mark(BackendDb *db, GError **error);
bool database_keep(BackendDb *db, GError **error);
bool database_undo(BackendDb *db, GError **error);
bool database_commit(BackendDb *db, GError **error);
void database_rollback(BackendDb *db);
bool database_is_open(BackendDb *db);
bool database_is_broken(BackendDb *db);
bool database_tidy(BackendDb *db, bool idle, bool *ret_again, GError **error);

#endif
