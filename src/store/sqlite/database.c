/* The database as a whole, and the writer's transaction. */
#include "base/error.h"
#include "store/sqlite/sqlite.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Frames (pages) in the write-ahead log before it is copied into the database: when nothing waits, and in any case. */
enum { WAL_FRAMES_IDLE = 1000, WAL_FRAMES_BUSY = 16000 };

bool database_create(const char *path, const char *database G_GNUC_UNUSED, GError **error)
{
        g_autoptr(Connection) conn = connection_open(path, CONNECTION_CREATE, error);

        return conn != NULL && migrate_new(conn, error);
}

BackendDb *database_open(Store *store, const char *path, bool scratch, GError **error)
{
        g_autoptr(Connection)
                conn = connection_open(path, scratch ? CONNECTION_SCRATCH : CONNECTION_WRITER, error);
        BackendDb *db;

        if (conn == NULL)
                return NULL;
        if (!(scratch ? migrate_new : migrate_up)(conn, error))
                return NULL;
        /* The file of a scratch database has no name while it is used, so that a crash leaves nothing behind. */
        if (scratch && unlink(path) != 0) {
                error_set(error, ZW_ERR_STORAGE, path, "the file could not be unlinked: %s",
                          g_strerror(errno));
                return NULL;
        }
        db = g_new0(BackendDb, 1);
        db->store = store;
        db->path = g_strdup(path);
        db->scratch = scratch;
        db->writer = g_steal_pointer(&conn);
        db->writer->base.stale = !scratch; /* a process that was killed may have left such a log */
        db->writer_view = &rows_view_new(&store_sqlite, store, db, &db->writer->base)->base;
        db->idle = g_ptr_array_new_with_free_func((GDestroyNotify)rows_view_free);
        pthread_mutex_init(&db->lock, NULL);
        return db;
}

void database_close(BackendDb *db)
{
        if (db == NULL)
                return;
        /* Readers first: the last connection to close checkpoints, and only the writer may do that. */
        g_ptr_array_unref(db->idle);
        rows_view_free((RowsView *)db->writer_view);
        pthread_mutex_destroy(&db->lock);
        g_free(db->path);
        g_free(db);
}

/* Some pages at a time; the read transaction of `from` makes them pages of one state. */
static bool pages_copy(Connection *from, sqlite3_backup *backup, Progress *progress, GError **error)
{
        enum { PAGES = 1024 };
        ProgressStage stage = progress_begin(progress, "copying the database", "pages", 0);
        int rc;

        if (!connection_script(from, "BEGIN; SELECT 1 FROM sqlite_schema", error))
                return false;
        do {
                rc = sqlite3_backup_step(backup, PAGES);
                stage.state.total = (uint64_t)sqlite3_backup_pagecount(backup);
                stage.state.done = stage.state.total - (uint64_t)sqlite3_backup_remaining(backup);
                if (!progress_step(&stage, 0, error))
                        return false;
        } while (rc == SQLITE_OK);
        return true; /* what went wrong, the end of the backup tells */
}

bool database_copy(BackendDb *db, const char *path, Progress *progress, GError **error)
{
        bool copied;
        g_autoptr(Connection) from = connection_open(db->path, CONNECTION_READER, error);
        g_autoptr(Connection) to = NULL;
        sqlite3_backup *backup;
        int rc;

        if (from == NULL)
                return false;
        to = connection_open(path, CONNECTION_CREATE, error);
        if (to == NULL)
                return false;
        backup = sqlite3_backup_init(to->db, "main", from->db, "main");
        if (backup == NULL)
                return connection_fail(to, sqlite3_errcode(to->db), "the copy could not be begun", error);
        copied = pages_copy(from, backup, progress, error);
        rc = sqlite3_backup_finish(backup);
        if (!copied)
                return false;
        return rc == SQLITE_OK || connection_fail(to, rc, "the database could not be copied", error);
}

/* The check tells of a page that cannot be read in its text only: a disk that fails is no damage. */
static bool is_fault(const char *text, int *ret_code)
{
        static const char before[] = "error code=";
        const char *at = text == NULL ? NULL : strstr(text, before);
        g_autofree char *digits = NULL;
        guint64 code;

        if (at == NULL)
                return false;
        at += strlen(before);
        digits = g_strndup(at, strspn(at, "0123456789")); /* more lines may follow */
        if (!g_ascii_string_to_unsigned(digits, 10, 1, G_MAXINT, &code, NULL))
                return false;
        *ret_code = (int)code;
        return (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_NOMEM;
}

static bool inspect_with(Connection *conn, const char *sql, const char *fine, StoreProblemFn fn,
                         void *payload, GError **error)
{
        sqlite3_stmt *stmt = NULL;
        int rc = sqlite3_prepare_v2(conn->db, sql, -1, &stmt, NULL);

        while (rc == SQLITE_OK || rc == SQLITE_ROW) {
                const char *text;

                rc = sqlite3_step(stmt);
                if (rc != SQLITE_ROW)
                        break;
                text = (const char *)sqlite3_column_text(stmt, 0);
                if (is_fault(text, &rc))
                        break;
                if (g_strcmp0(text, fine) != 0)
                        fn("database", text == NULL ? "a fault without description" : text, payload);
        }
        /* A file so damaged that the check itself stops is a finding, not a failure to check. */
        if ((rc & 0xff) == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_NOTADB) {
                fn("database", sqlite3_errmsg(conn->db), payload);
                rc = SQLITE_DONE;
        }
        if (rc != SQLITE_DONE)
                connection_fail(conn, rc, "the database could not be checked", error);
        sqlite3_finalize(stmt);
        return rc == SQLITE_DONE;
}

bool database_inspect(StoreView *view, StoreProblemFn fn, void *payload, GError **error)
{
        Connection *conn = (Connection *)view_connection(view);

        return schema_inspect(conn, fn, payload, error) &&
               inspect_with(conn, "PRAGMA integrity_check(100)", "ok", fn, payload, error) &&
               inspect_with(conn,
                            "SELECT \"table\" || ' names a log or person that is not there' "
                            "FROM pragma_foreign_key_check",
                            NULL, fn, payload, error);
}

/* ---- Views ---- */

static bool view_begin(RowsView *view, GError **error)
{
        g_auto(Query) begin = query_begin(view->conn, SQL_BEGIN_READ);
        g_auto(Query) pin = query_begin(view->conn, SQL_LOG_PIN);

        /* BEGIN alone reads nothing yet: the first read fixes the state that is seen. */
        return query_run(&begin, error) && query_run(&pin, error);
}

static bool is_begun(const SqlConnection *conn)
{
        return sqlite3_get_autocommit(((const Connection *)conn)->db) == 0;
}

static void view_end(RowsView *view)
{
        g_auto(Query) q = query_begin(view->conn, SQL_ROLLBACK);

        view->base.log_no = 0;
        if (is_begun(view->conn) && !query_run(&q, NULL))
                g_debug("a read transaction could not be ended"); /* the connection is thrown away then */
}

StoreView *database_view_open(BackendDb *db, GError **error)
{
        RowsView *view = NULL;

        pthread_mutex_lock(&db->lock);
        if (db->idle->len > 0)
                view = g_ptr_array_steal_index_fast(db->idle, db->idle->len - 1);
        pthread_mutex_unlock(&db->lock);
        if (view == NULL) {
                Connection *conn = connection_open(db->path, CONNECTION_READER, error);

                if (conn == NULL)
                        return NULL;
                view = rows_view_new(&store_sqlite, db->store, db, &conn->base);
        }
        if (!view_begin(view, error)) {
                rows_view_free(view);
                return NULL;
        }
        return &view->base;
}

bool database_view_refresh(StoreView *view, GError **error)
{
        view_end((RowsView *)view);
        return view_begin((RowsView *)view, error);
}

void database_view_rest(StoreView *view)
{
        view_end((RowsView *)view);
}

void database_view_close(StoreView *view)
{
        enum { IDLE_MAX = 32 };
        RowsView *own = (RowsView *)view;
        BackendDb *db;

        if (view == NULL)
                return;
        db = view->db;
        view_end(own);
        pthread_mutex_lock(&db->lock);
        if (db->idle->len < IDLE_MAX && !is_begun(own->conn)) {
                g_ptr_array_add(db->idle, own);
                own = NULL;
        }
        pthread_mutex_unlock(&db->lock);
        rows_view_free(own);
}

/* ---- The writer's transaction ---- */

StoreView *database_writer(BackendDb *db)
{
        return db->writer_view;
}

static bool run(BackendDb *db, SqlId id, GError **error)
{
        g_auto(Query) q = query_begin(&db->writer->base, id);

        return query_run(&q, error);
}

bool database_begin(BackendDb *db, GError **error)
{
        db->writer_view->log_no = 0;
        return run(db, SQL_BEGIN_WRITE, error);
}

bool database_mark(BackendDb *db, GError **error)
{
        return run(db, SQL_MARK, error);
}

bool database_keep(BackendDb *db, GError **error)
{
        return run(db, SQL_KEEP, error);
}

bool database_undo(BackendDb *db, GError **error)
{
        db->writer_view->log_no = 0;
        return run(db, SQL_UNDO, error) && run(db, SQL_KEEP, error);
}

bool database_commit(BackendDb *db, GError **error)
{
        return run(db, SQL_COMMIT, error);
}

bool database_is_open(BackendDb *db)
{
        return is_begun(&db->writer->base);
}

void database_rollback(BackendDb *db)
{
        db->writer_view->log_no = 0;
        /* It may fail for want of memory, and work then. If not, no more may be acknowledged. */
        if (database_is_open(db) && !run(db, SQL_ROLLBACK, NULL) && database_is_open(db) &&
            !run(db, SQL_ROLLBACK, NULL) && database_is_open(db))
                db->writer->broken = true;
}

bool database_is_broken(BackendDb *db)
{
        return db->writer->broken;
}

/* What was erased stands in old frames of the write-ahead log until its file is cut to nothing, which no reader may hold
 * up: it is tried again until none does. */
static int checkpoint(Connection *conn)
{
        int rc;

        if (!conn->base.stale)
                return sqlite3_wal_checkpoint_v2(conn->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        sqlite3_busy_timeout(conn->db, 0);
        rc = sqlite3_wal_checkpoint_v2(conn->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
        sqlite3_busy_timeout(conn->db, CONNECTION_WAIT_MS);
        if (rc == SQLITE_OK) {
                conn->base.stale = false;
                conn->wal_frames = 0;
        }
        return rc;
}

bool database_tidy(BackendDb *db, bool idle, bool *ret_again, GError **error)
{
        Connection *conn = db->writer;
        int rc;

        *ret_again = conn->base.stale && !conn->broken;
        if (conn->broken)
                return true;
        if (conn->wal_frames < conn->wal_done)
                conn->wal_done = 0; /* the log was begun again */
        if (conn->wal_frames - conn->wal_done < (idle ? WAL_FRAMES_IDLE : WAL_FRAMES_BUSY) &&
            !(conn->base.stale && idle))
                return true;
        rc = checkpoint(conn);
        conn->wal_done = conn->wal_frames;
        *ret_again = conn->base.stale;
        return rc == SQLITE_OK || (rc & 0xff) == SQLITE_BUSY ||
               connection_fail(conn, rc, "the write-ahead log could not be copied into the database", error);
}
