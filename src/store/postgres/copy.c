/* Copies: every table in one state to a database of SQLite, and from one by the server's own binary COPY. */
#include "base/error.h"
#include "store/postgres/database.h"
#include "store/postgres/postgres.h"
#include "store/sqlite/file.h"
#include <string.h>
#include <unistd.h>

/* ---- From the server ---- */

static bool table_save(PostgresConnection *conn, SqliteFile *file, const char *table, ProgressStage *stage,
                       GError **error)
{
        g_auto(Query) q = postgres_walk_table(conn, table);
        Cell cells[ZW_CELLS_MAX];
        bool found;

        while (query_next(&q, &found, error)) {
                const int n = MIN(query_columns(&q), (int)ZW_CELLS_MAX);

                if (!found)
                        return true;
                for (int i = 0; i < n; i++)
                        cells[i] = query_get_cell(&q, i);
                if (!sqlite_file_put(file, table, cells, n, error) || !progress_step(stage, 1, error))
                        return false;
        }
        return false;
}

bool postgres_copy(BackendDb *db, const char *path, Progress *progress, GError **error)
{
        ProgressStage stage = progress_begin(progress, "copying the database", "rows", 0);
        g_autoptr(PostgresConnection) conn = postgres_connect(&db->place, error);
        g_autoptr(SqliteFile) file = NULL;
        g_autoptr(GPtrArray) tables = NULL;

        if (conn == NULL || !postgres_migrate_is_own(conn, &db->place, error) ||
            !postgres_script(conn, db->begin_read, error))
                return false;
        file = sqlite_file_make(path, error);
        tables = file == NULL ? NULL : sqlite_file_tables(file, error);
        for (guint i = 0; tables != NULL && i < tables->len; i++)
                if (!table_save(conn, file, tables->pdata[i], &stage, error))
                        return false;
        return tables != NULL && sqlite_file_end(file, error);
}

/* ---- To the server ---- */

typedef struct {
        PostgresConnection *conn;
        GByteArray *row;
} Loading;

static bool send(PostgresConnection *conn, const void *bytes, size_t n, GError **error)
{
        return PQputCopyData(conn->pg, bytes, (int)n) == 1 ||
               postgres_fail(conn, NULL, "a row could not be copied", error);
}

static void add_number(GByteArray *row, uint64_t value, guint n)
{
        const uint64_t swapped = GUINT64_TO_BE(value);

        g_byte_array_append(row, (const guint8 *)&swapped + sizeof swapped - n, n);
}

static void add_cell(GByteArray *row, const Cell *cell)
{
        switch (cell->type) {
        case CELL_NULL:
                add_number(row, UINT32_MAX, sizeof(uint32_t)); /* no length */
                break;
        case CELL_INT:
                add_number(row, sizeof(uint64_t), sizeof(uint32_t));
                add_number(row, (uint64_t)cell->number, sizeof(uint64_t));
                break;
        case CELL_TEXT:
        case CELL_BYTES:
                add_number(row, cell->n, sizeof(uint32_t));
                if (cell->n > 0)
                        g_byte_array_append(row, cell->bytes, (guint)cell->n);
                break;
        }
}

static bool row_load(const Cell *cells, int n, void *payload, GError **error)
{
        const Loading *loading = payload;

        g_byte_array_set_size(loading->row, 0);
        add_number(loading->row, (uint64_t)n, sizeof(uint16_t));
        for (int i = 0; i < n; i++)
                add_cell(loading->row, &cells[i]);
        return send(loading->conn, loading->row->data, loading->row->len, error);
}

/* The end of the copying, with the server's word on it. */
static bool copy_end(PostgresConnection *conn, GError **error)
{
        bool ok = PQputCopyEnd(conn->pg, NULL) == 1;
        PGresult *result;

        while ((result = PQgetResult(conn->pg)) != NULL) {
                if (PQresultStatus(result) != PGRES_COMMAND_OK)
                        ok = ok && postgres_fail(conn, result, "a table could not be copied", error);
                PQclear(result);
        }
        return ok;
}

static bool table_load(PostgresConnection *conn, SqliteFile *file, const char *table, GError **error)
{
        static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* no flags, no extension */
        g_autofree char *sql = g_strdup_printf("COPY \"%s\" FROM STDIN (FORMAT binary)", table);
        g_autoptr(PGresult) result = PQexec(conn->pg, sql);
        g_autoptr(GByteArray) row = g_byte_array_new();
        Loading loading = { conn, row };
        static const char tail[] = { '\xff', '\xff' };

        if (PQresultStatus(result) != PGRES_COPY_IN)
                return postgres_fail(conn, result, "a table could not be filled", error);
        return send(conn, head, sizeof head, error) &&
               sqlite_file_read(file, table, row_load, &loading, error) &&
               send(conn, tail, sizeof tail, error) && copy_end(conn, error);
}

/* The numbers that the server gives go on after those that are there. */
static const char numbers_go_on[] =
        "DO $$ DECLARE r record; BEGIN FOR r IN SELECT c.relname AS t, a.attname AS c FROM pg_attribute a "
        "JOIN pg_class c ON c.oid = a.attrelid WHERE a.attidentity <> '' "
        "AND c.relnamespace = current_schema()::regnamespace LOOP "
        "EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L), greatest(1, (SELECT max(%I) FROM %I)))', "
        "r.t, r.c, r.c, r.t); END LOOP; END $$";

static bool tables_load(PostgresConnection *conn, const PostgresPlace *place, SqliteFile *file,
                        GError **error)
{
        g_autofree char *begin = g_strdup_printf(
                "BEGIN; SET LOCAL synchronous_commit = on; SET LOCAL search_path TO %s", place->schema);
        g_autoptr(GPtrArray) tables = sqlite_file_tables(file, error);

        if (tables == NULL || !postgres_script(conn, begin, error))
                return false;
        for (guint i = 0; i < tables->len; i++)
                if (!table_load(conn, file, tables->pdata[i], error))
                        return false;
        return postgres_script(conn, numbers_go_on, error) && postgres_script(conn, "COMMIT", error);
}

bool postgres_load(const char *path, const char *database, GError **error)
{
        g_auto(PostgresPlace) place = { 0 };
        g_autoptr(PostgresConnection) conn = NULL;
        g_autoptr(SqliteFile) file = sqlite_file_open(path, error);

        if (file == NULL || !postgres_place_new(database, &place, error))
                return false;
        conn = postgres_connect(&place, error);
        if (conn == NULL || !postgres_migrate_new(conn, &place, error))
                return false;
        if (tables_load(conn, &place, file, error)) {
                g_clear_pointer(&file, sqlite_file_close); /* before its path gets another meaning */
                return postgres_place_write(&place, path, error);
        }
        g_clear_pointer(&conn, postgres_disconnect);
        conn = postgres_connect(&place, NULL);
        if (conn == NULL || !postgres_migrate_undo(conn, &place, NULL))
                g_debug("what was not ended stays in the database");
        return false;
}
