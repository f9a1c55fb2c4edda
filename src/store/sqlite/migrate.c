/* Migrations: numbered scripts, forward only, one transaction each; `meta` holds the number of the last one done. */
#include "base/error.h"
#include "store/sqlite/sqlite.h"

/* Statements on `meta` are apart from queries.def: they run before the tables of those exist. */
static bool read_number(Connection *conn, const char *sql, int64_t *ret_number, GError **error)
{
        sqlite3_stmt *stmt = NULL;
        int rc = sqlite3_prepare_v2(conn->db, sql, -1, &stmt, NULL);

        if (rc == SQLITE_OK)
                rc = sqlite3_step(stmt);
        if (rc == SQLITE_ROW)
                *ret_number = sqlite3_column_int64(stmt, 0);
        if (rc == SQLITE_DONE)
                error_set(error, ZW_ERR_DAMAGED, NULL,
                          "the database does not say which version its schema has");
        else if (rc != SQLITE_ROW)
                connection_fail(conn, rc, "the version of the schema could not be read", error);
        sqlite3_finalize(stmt);
        return rc == SQLITE_ROW;
}

/* A store's database is made whole before it gets its name: one without our mark and `meta` is somebody else's, or was cut,
 * and must not pass for an empty one. */
static bool schema_version(Connection *conn, int64_t *ret_version, GError **error)
{
        int64_t mark = 0, tables = 0;

        if (!read_number(conn, "PRAGMA application_id", &mark, error) ||
            !read_number(conn, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'meta'",
                         &tables, error))
                return false;
        if (mark == STORE_APPLICATION_ID && tables == 1)
                return read_number(conn, "SELECT value FROM meta WHERE name = 'schema'", ret_version, error);
        error_set(error, ZW_ERR_DAMAGED, NULL, "this is not the database of a store");
        return false;
}

static bool migrate_one(Connection *conn, size_t index, GError **error)
{
        g_autofree char *set = g_strdup_printf("INSERT OR REPLACE INTO meta VALUES ('schema', %zu)",
                                               index + 1);

        return connection_script(conn, "BEGIN IMMEDIATE", error) &&
               connection_script(
                       conn,
                       "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) "
                       "STRICT, WITHOUT ROWID",
                       error) &&
               connection_script(conn, store_migrations[index], error) &&
               connection_script(conn, set, error) && connection_script(conn, "COMMIT", error);
}

static bool migrate_from(Connection *conn, size_t version, GError **error)
{
        for (size_t i = version; i < store_migrations_count; i++)
                if (!migrate_one(conn, i, error)) {
                        sqlite3_exec(conn->db, "ROLLBACK", NULL, NULL, NULL);
                        return false;
                }
        return true;
}

bool migrate_new(Connection *conn, GError **error)
{
        return migrate_from(conn, 0, error);
}

bool migrate_up(Connection *conn, GError **error)
{
        int64_t version;

        if (!schema_version(conn, &version, error))
                return false;
        if (version < 1 || (uint64_t)version > store_migrations_count) {
                error_set(error, ZW_ERR_VERSION, NULL,
                          "the database has schema %" G_GINT64_FORMAT ", this program knows up to %zu",
                          version, store_migrations_count);
                return false;
        }
        return migrate_from(conn, (size_t)version, error);
}
