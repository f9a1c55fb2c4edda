/* The schema of a database against the one the migrations make: a name altered there would make statements fail, or worse. */
#include "base/error.h"
#include "store/sqlite/sqlite.h"
#include <string.h>

static bool schema_read(Connection *conn, GHashTable *ret_texts, GError **error)
{
        sqlite3_stmt *stmt = NULL;
        int rc = sqlite3_prepare_v2(conn->db, "SELECT type || ' ' || name, sql FROM sqlite_schema", -1, &stmt,
                                    NULL);

        while (rc == SQLITE_OK || rc == SQLITE_ROW) {
                const char *name, *text;

                rc = sqlite3_step(stmt);
                if (rc != SQLITE_ROW)
                        break;
                name = (const char *)sqlite3_column_text(stmt, 0);
                text = (const char *)sqlite3_column_text(stmt, 1);
                g_hash_table_insert(ret_texts, g_strdup(name == NULL ? "" : name),
                                    g_strdup(text == NULL ? "" : text));
        }
        if (rc != SQLITE_DONE)
                connection_fail(conn, rc, "the schema could not be read", error);
        sqlite3_finalize(stmt);
        return rc == SQLITE_DONE;
}

/* What of `these` is not the same in `those`. */
static void schema_compare(GHashTable *these, GHashTable *those, const char *message, StoreProblemFn fn,
                           void *payload)
{
        g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(these), (GCompareFunc)strcmp);

        for (GList *at = names; at != NULL; at = at->next)
                if (g_strcmp0(g_hash_table_lookup(these, at->data), g_hash_table_lookup(those, at->data)) !=
                    0) {
                        g_autofree char *where = g_strdup_printf("database %s", (const char *)at->data);

                        fn(where, message, payload);
                }
}

bool schema_inspect(Connection *conn, StoreProblemFn fn, void *payload, GError **error)
{
        g_autoptr(Connection) made = connection_open(":memory:", CONNECTION_SCRATCH, error);
        g_autoptr(GHashTable) found = hash_table_new_text(g_free, g_free),
                              expected = hash_table_new_text(g_free, g_free);
        GHashTableIter iter;
        gpointer name;

        if (made == NULL || !migrate_new(made, error) || !schema_read(made, expected, error) ||
            !schema_read(conn, found, error))
                return false;
        schema_compare(expected, found, "the schema is not the one that this program makes", fn, payload);
        g_hash_table_iter_init(&iter, expected);
        while (g_hash_table_iter_next(&iter, &name, NULL))
                g_hash_table_remove(found, name); /* said already */
        schema_compare(found, expected, "this program makes no such thing", fn, payload);
        return true;
}
