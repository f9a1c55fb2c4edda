/* Projections as tables of cells, and forgetting them. */
#include "base/error.h"
#include "store/rows/rows.h"
#include "store/rows/query.h"

static const struct {
        const char *name;
        int keys;
        SqlId read, forget;
} tables[] = {
        { "project", 0, SQL_TABLE_PROJECT, SQL_FORGET_PROJECT },
        { "item", 1, SQL_TABLE_ITEM, SQL_FORGET_ITEM },
        { "item_key", 2, SQL_TABLE_ITEM_KEY, SQL_FORGET_ITEM_KEY },
        { "item_source", 2, SQL_TABLE_ITEM_SOURCE, SQL_FORGET_ITEM_SOURCE },
        { "item_rev", 2, SQL_TABLE_ITEM_REV, SQL_FORGET_ITEM_REV },
        { "link_rev", 5, SQL_TABLE_LINK_REV, SQL_FORGET_LINK_REV },
        { "result", 3, SQL_TABLE_RESULT, SQL_FORGET_RESULT },
        { "result_file", 2, SQL_TABLE_RESULT_FILE, SQL_FORGET_RESULT_FILE },
        { "setting", 2, SQL_TABLE_SETTING, SQL_FORGET_SETTING },
        { "attachment", 3, SQL_TABLE_ATTACHMENT, SQL_FORGET_ATTACHMENT },
        { "signature", 3, SQL_TABLE_SIGNATURE, SQL_FORGET_SIGNATURE },
        { "comment", 3, SQL_TABLE_COMMENT, SQL_FORGET_COMMENT },
        { "branch", 0, SQL_TABLE_BRANCH, SQL_FORGET_BRANCH },
        { "log_merge", 1, SQL_TABLE_MERGE, SQL_FORGET_MERGE },
};

struct BackendRows {
        Query q;
};

const char *table_name(int table, int *ret_keys)
{
        if (table < 0 || (size_t)table >= G_N_ELEMENTS(tables))
                return NULL;
        *ret_keys = tables[table].keys;
        return tables[table].name;
}

BackendRows *table_rows_open(StoreView *view, int64_t log, int table, GError **error G_GNUC_UNUSED)
{
        BackendRows *rows = g_new0(BackendRows, 1);

        rows->q = query_begin(view_connection(view), tables[table].read);
        query_int(&rows->q, 1, log);
        return rows;
}

bool table_rows_next(BackendRows *rows, Cell *ret_cells, int *ret_n, GError **error)
{
        bool found;
        int n = 0;

        if (!query_next(&rows->q, &found, error) || !found)
                return false;
        /* The first column is the log's number, which differs between databases. */
        for (int column = 1; column < query_columns(&rows->q) && n < ZW_CELLS_MAX; column++)
                ret_cells[n++] = query_get_cell(&rows->q, column);
        *ret_n = n;
        return true;
}

void table_rows_close(BackendRows *rows)
{
        if (rows == NULL)
                return;
        query_finish(&rows->q);
        g_free(rows);
}

bool rows_forget(StoreView *view, int64_t log, GError **error)
{
        for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
                g_auto(Query) q = query_begin(view_connection(view), tables[i].forget);

                query_int(&q, 1, log);
                if (!query_run(&q, error))
                        return false;
        }
        return true;
}
