/* Rows of items: identities, outside identities, revisions. */
#include "base/error.h"
#include "store/rows/rows.h"
#include "store/rows/query.h"

bool rows_item_insert(StoreView *view, int64_t log, const ItemRow *row, GError **error)
{
        SqlConnection *conn = view_connection(view);
        g_auto(Query) by_id = query_begin(conn, SQL_ITEM_INSERT);
        g_auto(Query) by_key = query_begin(conn, SQL_KEY_INSERT);

        query_int(&by_id, 1, log);
        query_id(&by_id, 2, &row->id);
        query_int(&by_id, 3, row->no);
        query_int(&by_key, 1, log);
        query_text(&by_key, 2, row->stem);
        query_int(&by_key, 3, row->number);
        query_int(&by_key, 4, row->no);
        return query_run(&by_id, error) && query_run(&by_key, error);
}

/* The number in the first column of the first row, or ZW_ITEM_NONE. */
static bool item_no(Query *q, ItemNo *ret_no, GError **error)
{
        bool found;

        if (!query_next(q, &found, error))
                return false;
        *ret_no = found ? (ItemNo)query_get_int(q, 0) : ZW_ITEM_NONE;
        return true;
}

bool rows_item_find_id(StoreView *view, int64_t log, const Id *id, ItemNo *ret_no, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_ITEM_BY_ID);

        query_int(&q, 1, log);
        query_id(&q, 2, id);
        return item_no(&q, ret_no, error);
}

bool rows_item_find_key(StoreView *view, int64_t log, const char *stem, int64_t number, ItemNo *ret_no,
                        GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_ITEM_BY_KEY);

        query_int(&q, 1, log);
        query_text(&q, 2, stem);
        query_int(&q, 3, number);
        return item_no(&q, ret_no, error);
}

bool rows_item_find_source(StoreView *view, int64_t log, const char *system, const char *id, ItemNo *ret_no,
                           GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_ITEM_BY_SOURCE);

        query_int(&q, 1, log);
        query_text(&q, 2, system);
        query_text(&q, 3, id);
        return item_no(&q, ret_no, error);
}

bool rows_key_last(StoreView *view, int64_t log, const char *stem, int64_t *ret_number, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_KEY_LAST);
        bool found;

        query_int(&q, 1, log);
        query_text(&q, 2, stem);
        if (!query_next(&q, &found, error))
                return false;
        *ret_number = found && !query_is_null(&q, 0) ? query_get_int(&q, 0) : -1;
        return true;
}

bool rows_source_insert(StoreView *view, int64_t log, const char *system, const char *id, ItemNo no,
                        GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SOURCE_INSERT);

        query_int(&q, 1, log);
        query_text(&q, 2, system);
        query_text(&q, 3, id);
        query_int(&q, 4, no);
        return query_run(&q, error);
}

bool rows_source_delete(StoreView *view, int64_t log, const char *system, const char *id, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SOURCE_DELETE);

        query_int(&q, 1, log);
        query_text(&q, 2, system);
        query_text(&q, 3, id);
        return query_run(&q, error);
}

bool rows_source_read(StoreView *view, int64_t log, const char *system, StoreSourceFn fn, void *payload,
                      GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SOURCE_READ);
        bool found;

        query_int(&q, 1, log);
        query_text(&q, 2, system);
        while (query_next(&q, &found, error)) {
                if (!found)
                        return true;
                if (!fn(query_get_text(&q, 0), (ItemNo)query_get_int(&q, 1), payload, error))
                        return false;
        }
        return false;
}

/* ---- Revisions: the columns of REV_ROW in queries.def ---- */

bool rows_rev_insert(StoreView *view, int64_t log, const ItemRev *rev, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_REV_INSERT);

        query_int(&q, 1, log);
        query_int(&q, 2, rev->no);
        query_int(&q, 3, rev->rev);
        query_int(&q, 4, (int64_t)rev->from_seq);
        query_int(&q, 5, (int64_t)rev->to_seq);
        query_id(&q, 6, &rev->id);
        query_text(&q, 7, rev->key);
        query_text(&q, 8, kind_def(rev->kind)->name);
        query_text(&q, 9, state_def(rev->state)->name);
        query_int(&q, 10, rev->subst);
        query_id(&q, 11, &rev->author);
        query_int(&q, 12, rev->order);
        query_text(&q, 13, rev->parent);
        query_text(&q, 14, rev->owner);
        query_text(&q, 15, rev->tags);
        query_text(&q, 16, rev->source);
        query_text(&q, 17, rev->attachments);
        query_text(&q, 18, rev->title);
        query_text(&q, 19, rev->attrs);
        query_text(&q, 20, rev->body);
        return query_run(&q, error);
}

bool rows_rev_end(StoreView *view, int64_t log, ItemNo no, uint32_t rev, Seq seq, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_REV_END);

        query_int(&q, 1, log);
        query_int(&q, 2, no);
        query_int(&q, 3, rev);
        query_int(&q, 4, (int64_t)seq);
        return query_run(&q, error);
}

static bool rev_from_row(const Query *q, ItemRev *rev, GError **error)
{
        int kind, state;

        if (!query_get_bytes(q, 4, rev->id.b, ZW_ID_BYTES, error) ||
            !query_get_name(q, 6, NAME_KIND, &kind, error) ||
            !query_get_name(q, 7, NAME_STATE, &state, error) ||
            !query_get_bytes(q, 9, rev->author.b, ZW_ID_BYTES, error))
                return false;
        rev->no = (ItemNo)query_get_int(q, 0);
        rev->rev = (uint32_t)query_get_int(q, 1);
        rev->from_seq = (Seq)query_get_int(q, 2);
        rev->to_seq = (Seq)query_get_int(q, 3);
        rev->key = query_get_text(q, 5);
        rev->kind = (KindId)kind;
        rev->state = (StateId)state;
        rev->subst = (uint32_t)query_get_int(q, 8);
        rev->order = query_get_int(q, 10);
        rev->parent = query_get_text(q, 11);
        rev->owner = query_get_text(q, 12);
        rev->tags = query_get_text(q, 13);
        rev->source = query_get_text(q, 14);
        rev->attachments = query_get_text(q, 15);
        rev->title = query_get_text(q, 16);
        rev->attrs = query_get_text(q, 17);
        rev->body = query_get_text(q, 18);
        if (rev->key == NULL || rev->title == NULL || rev->attrs == NULL || rev->body == NULL) {
                error_set(error, ZW_ERR_STORAGE, NULL, "no memory for the texts of a revision");
                return false;
        }
        return true;
}

static bool rev_walk(Query *q, StoreItemFn fn, void *payload, GError **error)
{
        ItemRev rev;
        bool found;

        while (query_next(q, &found, error)) {
                if (!found)
                        return true;
                if (!rev_from_row(q, &rev, error) || !fn(&rev, payload, error))
                        return false;
        }
        return false;
}

bool rows_rev_read_all(StoreView *view, int64_t log, Seq seq, StoreItemFn fn, void *payload, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_REV_ALL);

        query_int(&q, 1, log);
        query_int(&q, 2, (int64_t)seq);
        return rev_walk(&q, fn, payload, error);
}

bool rows_rev_read(StoreView *view, int64_t log, ItemNo no, Seq seq, StoreItemFn fn, void *payload,
                   GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_REV_ONE);

        query_int(&q, 1, log);
        query_int(&q, 2, (int64_t)seq);
        query_int(&q, 3, no);
        return rev_walk(&q, fn, payload, error);
}

bool rows_rev_read_history(StoreView *view, int64_t log, ItemNo no, StoreItemFn fn, void *payload,
                           GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_REV_HISTORY);

        query_int(&q, 1, log);
        query_int(&q, 2, no);
        return rev_walk(&q, fn, payload, error);
}
