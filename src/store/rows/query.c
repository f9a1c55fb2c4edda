/* What is the same of a statement whichever database runs it. */
#include "store/rows/query.h"

#include "base/error.h"
#include <string.h>

bool query_run(Query *q, GError **error)
{
        bool row;

        return query_next(q, &row, error);
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
