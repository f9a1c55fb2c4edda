/* Connections: opening with their settings, faults to errors, statements. */
#include "base/error.h"
#include "store/sqlite/sqlite.h"

enum { VALUE_BYTES_MAX = 256 << 20 };

/* cell_size_check and DEFENSIVE: the file may be damaged or somebody else's work. secure_delete: what is erased must not
 * stay in free space. The writer checkpoints by itself, between groups. A database is made, or copied, without a
 * write-ahead log: what is not in the file when COMMIT returns would be lost when the file is renamed. */
#define CREATE_SETTINGS \
        ("PRAGMA application_id = " G_STRINGIFY(STORE_APPLICATION_ID) "; PRAGMA synchronous = FULL;")
static const char *const connection_settings[] = {
        [CONNECTION_READER] = "PRAGMA query_only = ON; PRAGMA cache_size = -16384;",
        [CONNECTION_WRITER] =
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; "
                "PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -65536; "
                "PRAGMA secure_delete = ON;",
        [CONNECTION_CREATE] = CREATE_SETTINGS,
        [CONNECTION_SCRATCH] =
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536; "
                "PRAGMA locking_mode = EXCLUSIVE;",
};

/* Faults of reading, of memory, or of the index of the write-ahead log, that say nothing about what is on disk. */
static bool is_harmless(int rc)
{
        return rc == SQLITE_IOERR_READ || rc == SQLITE_IOERR_SHORT_READ || rc == SQLITE_IOERR_NOMEM ||
               rc == SQLITE_IOERR_SHMSIZE || rc == SQLITE_IOERR_SHMOPEN || rc == SQLITE_IOERR_SHMMAP;
}

bool connection_fail(Connection *conn, int rc, const char *what, GError **error)
{
        ZwErrorCode code = ZW_ERR_STORAGE;
        int extended = sqlite3_extended_errcode(conn->db), system;

        /* The connection remembers its last fault only; a code that does not belong to it is not made more exact. */
        if ((extended & 0xff) != (rc & 0xff))
                extended = rc;
        if ((extended & 0xff) == SQLITE_IOERR && !is_harmless(extended))
                conn->broken = true;
        if ((extended & 0xff) == SQLITE_CORRUPT || (extended & 0xff) == SQLITE_NOTADB)
                code = ZW_ERR_DAMAGED;
        if (extended == SQLITE_CONSTRAINT_PRIMARYKEY || extended == SQLITE_CONSTRAINT_UNIQUE)
                code = ZW_ERR_EXISTS;
        /* Of a fault of the disk the system knows more: that it is full, or read-only. */
        system = (extended & 0xff) == SQLITE_IOERR ? sqlite3_system_errno(conn->db) : 0;
        error_set(error, code, NULL, "%s: %s%s%s (SQLite code %d)", what, sqlite3_errmsg(conn->db),
                  system == 0 ? "" : ": ", system == 0 ? "" : g_strerror(system), extended);
        return false;
}

static int wal_hook(void *payload, sqlite3 *db G_GNUC_UNUSED, const char *name G_GNUC_UNUSED, int frames)
{
        Connection *conn = payload;

        conn->wal_frames = frames;
        return SQLITE_OK;
}

bool connection_script(Connection *conn, const char *sql, GError **error)
{
        int rc = sqlite3_exec(conn->db, sql, NULL, NULL, NULL);

        return rc == SQLITE_OK || connection_fail(conn, rc, "the database could not be set up", error);
}

static bool connection_set_up(Connection *conn, ConnectionUse use, GError **error)
{
        sqlite3_extended_result_codes(conn->db, 1);
        sqlite3_busy_timeout(conn->db, CONNECTION_WAIT_MS);
        sqlite3_limit(conn->db, SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX);
        sqlite3_limit(conn->db, SQLITE_LIMIT_ATTACHED, 0);
        sqlite3_db_config(conn->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(conn->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        if (!connection_script(
                    conn,
                    "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;",
                    error) ||
            !connection_script(conn, connection_settings[use], error))
                return false;
        if (use == CONNECTION_WRITER)
                sqlite3_wal_hook(conn->db, wal_hook, conn);
        return true;
}

Connection *connection_open(const char *path, ConnectionUse use, GError **error)
{
        g_autoptr(Connection) conn = g_new0(Connection, 1);
        int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
        int rc;

        conn->base.driver = &sqlite_driver;
        if (use == CONNECTION_SCRATCH || use == CONNECTION_CREATE)
                flags |= SQLITE_OPEN_CREATE;
        rc = sqlite3_open_v2(path, &conn->db, flags, NULL);
        if (rc != SQLITE_OK) {
                if (conn->db == NULL)
                        error_set(error, ZW_ERR_STORAGE, NULL, "no memory for a database connection");
                else
                        connection_fail(conn, rc, "the database could not be opened", error);
                return NULL;
        }
        if (!connection_set_up(conn, use, error))
                return NULL;
        return g_steal_pointer(&conn);
}

void connection_close(Connection *conn)
{
        if (conn == NULL)
                return;
        for (int i = 0; i < SQL_COUNT; i++)
                sqlite3_finalize(conn->statements[i]);
        /* After a failed sync a checkpoint could copy pages that are not on disk and then drop the log. */
        if (conn->broken && conn->db != NULL)
                sqlite3_db_config(conn->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        sqlite3_close(conn->db);
        g_free(conn);
}
