/* What is the same of a statement whichever database runs it. */
#include "store/rows/query.h"

#include "base/error.h"
#include <string.h>

bool query_run(Query *q, GError **error)
{
        bool row;

        return query_next(q, &row, error);
}

Cell query_get_cell(const Query *q, int column)
{
        Cell cell = { .type = q->conn->driver->type(q, column), .column = query_column(q, column) };

        switch (cell.type) {
        case CELL_INT:
                cell.number = query_get_int(q, column);
                break;
        case CELL_TEXT:
        case CELL_BYTES:
                cell.bytes = query_get_blob(q, column, &cell.n);
                if (cell.type == CELL_TEXT)
                        cell.bytes = query_get_text(q, column); /* an empty text is one */
                break;
        case CELL_NULL:
                break;
        }
        return cell;
}

bool query_get_bytes(const Query *q, int column, void *ret_bytes, size_t n, GError **error)
{
        size_t found = 0;
        const void *bytes = query_get_blob(q, column, &found);

        if (bytes == NULL || found != n) {
                error_set(error, ZW_ERR_DAMAGED, query_column(q, column), "a stored value has not %zu bytes",
                          n);
                return false;
        }
        memcpy(ret_bytes, bytes, n);
        return true;
}

RowsView *rows_view_new(const StoreBackend *backend, Store *store, BackendDb *db, SqlConnection *conn)
{
        RowsView *view = g_new0(RowsView, 1);

        view->base.backend = backend;
        view->base.store = store;
        view->base.db = db;
        view->conn = conn;
        return view;
}

void rows_view_free(RowsView *view)
{
        if (view == NULL)
                return;
        view->conn->driver->close(view->conn);
        g_free(view);
}
