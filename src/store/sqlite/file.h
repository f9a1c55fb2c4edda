/* The tables of a store's SQLite database as rows of cells: how a backend without a file makes a copy, and reads one.
 *
 * Owned by its creator; one thread at a time. Errors: STORAGE, DAMAGED, VERSION. */
#ifndef STORE_SQLITE_FILE_H
#define STORE_SQLITE_FILE_H

#include "store/backend.h"

typedef struct SqliteFile SqliteFile;

/* A new one at `path`, empty; what is put is there after sqlite_file_end. */
SqliteFile *sqlite_file_make(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One that is there, brought up to date. DAMAGED, too, when its schema is not the one that this program makes. */
SqliteFile *sqlite_file_open(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool sqlite_file_end(SqliteFile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What was put and not ended never was. */
void sqlite_file_close(SqliteFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SqliteFile, sqlite_file_close)

/* The names of all tables but that of the version, in an order in which they can be filled; of text, owned by the caller. */
GPtrArray *sqlite_file_tables(SqliteFile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A row, with a cell for each column in the order of the schema. */
bool sqlite_file_put(SqliteFile *file, const char *table, const Cell *cells, int n, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Cells are borrowed for the call. */
typedef bool (*SqliteRowFn)(const Cell *cells, int n, void *payload, GError **error);
bool sqlite_file_read(SqliteFile *file, const char *table, SqliteRowFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
