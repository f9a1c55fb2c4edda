/* Rows of whole tables in and out. Statements are made of names of tables that the schema itself has, each once; that of a file that
 * is opened is held to be the program's own first. */
#include "store/sqlite/file.h"

#include "base/error.h"
#include "store/sqlite/sqlite.h"

struct SqliteFile {
        Connection *conn;
        char *table; /* of the statement below */
        sqlite3_stmt *put;
};

static SqliteFile *file_new(const char *path, ConnectionUse use, GError **error)
{
        Connection *conn = connection_open(path, use, error);
        SqliteFile *file;

        if (conn == NULL)
                return NULL;
        file = g_new0(SqliteFile, 1);
        file->conn = conn;
        return file;
}

SqliteFile *sqlite_file_make(const char *path, GError **error)
{
        g_autoptr(SqliteFile) file = file_new(path, CONNECTION_CREATE, error);

        /* The order of filling is not quite that of making: a branch may come before what it starts from. */
        if (file == NULL || !migrate_new(file->conn, error) ||
            !connection_script(file->conn, "BEGIN; PRAGMA defer_foreign_keys = ON", error))
                return NULL;
        return g_steal_pointer(&file);
}

static void problem_keep(const char *where, const char *message, void *payload)
{
        char **ret_first = payload;

        if (*ret_first == NULL)
                *ret_first = g_strdup_printf("%s: %s", where, message);
}

/* The file may be anybody's work, and the names of its tables become parts of statements. */
static bool schema_check(SqliteFile *file, GError **error)
{
        g_autofree char *problem = NULL;

        if (!schema_inspect(file->conn, problem_keep, &problem, error))
                return false;
        if (problem != NULL)
                error_set(error, ZW_ERR_DAMAGED, NULL, "%s", problem);
        return problem == NULL;
}

SqliteFile *sqlite_file_open(const char *path, GError **error)
{
        g_autoptr(SqliteFile) file = file_new(path, CONNECTION_CREATE, error);

        if (file == NULL || !migrate_up(file->conn, error) || !schema_check(file, error))
                return NULL;
        return g_steal_pointer(&file);
}

static void put_finish(SqliteFile *file)
{
        sqlite3_finalize(file->put);
        file->put = NULL;
        g_clear_pointer(&file->table, g_free);
}

bool sqlite_file_end(SqliteFile *file, GError **error)
{
        put_finish(file);
        return connection_script(file->conn, "COMMIT", error);
}

void sqlite_file_close(SqliteFile *file)
{
        if (file == NULL)
                return;
        put_finish(file);
        connection_close(file->conn);
        g_free(file);
}

GPtrArray *sqlite_file_tables(SqliteFile *file, GError **error)
{
        g_autoptr(GPtrArray) tables = g_ptr_array_new_with_free_func(g_free);
        sqlite3_stmt *stmt = NULL;
        int rc = sqlite3_prepare_v2(file->conn->db,
                                    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'meta' "
                                    "AND name NOT LIKE 'sqlite%' ORDER BY rowid",
                                    -1, &stmt, NULL);

        while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
                g_ptr_array_add(tables, g_strdup((const char *)sqlite3_column_text(stmt, 0)));
                rc = SQLITE_OK;
        }
        if (rc != SQLITE_DONE)
                connection_fail(file->conn, rc, "the tables could not be listed", error);
        sqlite3_finalize(stmt);
        return rc == SQLITE_DONE ? g_steal_pointer(&tables) : NULL;
}

static int put_prepare(SqliteFile *file, const char *table, int n)
{
        g_autoptr(GString) sql = g_string_new("INSERT INTO ");

        if (g_strcmp0(file->table, table) == 0)
                return SQLITE_OK;
        put_finish(file);
        file->table = g_strdup(table);
        g_string_append_printf(sql, "\"%s\" VALUES (?1", table);
        for (int i = 2; i <= n; i++)
                g_string_append_printf(sql, ", ?%d", i);
        g_string_append_c(sql, ')');
        return sqlite3_prepare_v2(file->conn->db, sql->str, -1, &file->put, NULL);
}

static int cell_bind(sqlite3_stmt *stmt, int at, const Cell *cell)
{
        switch (cell->type) {
        case CELL_INT:
                return sqlite3_bind_int64(stmt, at, cell->number);
        case CELL_TEXT:
                return sqlite3_bind_text64(stmt, at, cell->bytes, cell->n, SQLITE_STATIC, SQLITE_UTF8);
        case CELL_BYTES:
                return sqlite3_bind_blob64(stmt, at, cell->n == 0 ? "" : cell->bytes, cell->n, SQLITE_STATIC);
        case CELL_NULL:
                break;
        }
        return sqlite3_bind_null(stmt, at);
}

bool sqlite_file_put(SqliteFile *file, const char *table, const Cell *cells, int n, GError **error)
{
        int rc = put_prepare(file, table, n);

        for (int i = 0; rc == SQLITE_OK && i < n; i++)
                rc = cell_bind(file->put, i + 1, &cells[i]);
        if (rc == SQLITE_OK)
                rc = sqlite3_step(file->put);
        sqlite3_reset(file->put);
        return rc == SQLITE_DONE || connection_fail(file->conn, rc, "a row could not be copied", error);
}

static Cell cell_get(sqlite3_stmt *stmt, int column)
{
        Cell cell = { .type = CELL_NULL };

        switch (sqlite3_column_type(stmt, column)) {
        case SQLITE_INTEGER:
                cell.type = CELL_INT;
                cell.number = sqlite3_column_int64(stmt, column);
                break;
        case SQLITE_TEXT:
        case SQLITE_BLOB:
                cell.type = sqlite3_column_type(stmt, column) == SQLITE_TEXT ? CELL_TEXT : CELL_BYTES;
                cell.bytes = sqlite3_column_blob(stmt, column);
                cell.n = (size_t)sqlite3_column_bytes(stmt, column);
                break;
        default:
                break;
        }
        return cell;
}

bool sqlite_file_read(SqliteFile *file, const char *table, SqliteRowFn fn, void *payload, GError **error)
{
        g_autofree char *sql = g_strdup_printf("SELECT * FROM \"%s\"", table);
        Cell cells[ZW_CELLS_MAX];
        sqlite3_stmt *stmt = NULL;
        bool ok = true;
        int rc = sqlite3_prepare_v2(file->conn->db, sql, -1, &stmt, NULL);

        while (ok && rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
                const int n = MIN(sqlite3_column_count(stmt), (int)ZW_CELLS_MAX);

                for (int i = 0; i < n; i++)
                        cells[i] = cell_get(stmt, i);
                ok = fn(cells, n, payload, error);
                rc = SQLITE_OK;
        }
        if (ok && rc != SQLITE_DONE)
                ok = connection_fail(file->conn, rc, "a table could not be read", error);
        sqlite3_finalize(stmt);
        return ok;
}
