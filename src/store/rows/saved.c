/* Rows of saved views. */
#include "store/rows/rows.h"
#include "store/rows/query.h"

bool rows_saved_read(StoreView *view, int64_t log, const Id *person, StoreSavedFn fn, void *payload,
                     GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SAVED_READ);
        bool found;

        query_int(&q, 1, log);
        query_id(&q, 2, person);
        while (query_next(&q, &found, error)) {
                StoreSaved saved;

                if (!found)
                        return true;
                saved = (StoreSaved){ .name = query_get_text(&q, 1),
                                      .address = query_get_text(&q, 2),
                                      .shared = query_get_int(&q, 3) != 0,
                                      .owner = query_get_text(&q, 4) };
                if (!query_get_bytes(&q, 0, saved.person.b, ZW_ID_BYTES, error) ||
                    !fn(&saved, payload, error))
                        return false;
        }
        return false;
}

bool rows_saved_put(StoreView *view, int64_t log, const StoreSaved *saved, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SAVED_PUT);

        query_int(&q, 1, log);
        query_id(&q, 2, &saved->person);
        query_text(&q, 3, saved->name);
        query_text(&q, 4, saved->address);
        query_int(&q, 5, saved->shared);
        return query_run(&q, error);
}

bool rows_saved_drop(StoreView *view, int64_t log, const Id *person, const char *name, bool *ret_had,
                     GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SAVED_DROP);

        query_int(&q, 1, log);
        query_id(&q, 2, person);
        query_text(&q, 3, name);
        if (!query_run(&q, error))
                return false;
        *ret_had = query_changes(&q) > 0;
        return true;
}
