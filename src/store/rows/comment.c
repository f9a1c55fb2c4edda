/* Rows of comments. */
#include "store/rows/rows.h"
#include "store/rows/query.h"

bool rows_comment_insert(StoreView *view, int64_t log, const CommentRev *row, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_COMMENT_INSERT);

        query_int(&q, 1, log);
        query_int(&q, 2, row->item);
        query_int(&q, 3, (int64_t)row->seq);
        query_int(&q, 4, row->op);
        query_id(&q, 5, &row->id);
        query_int(&q, 6, row->resolved);
        query_text(&q, 7, row->text);
        return query_run(&q, error);
}

bool rows_comment_item(StoreView *view, int64_t log, const Id *id, ItemNo *ret_item, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_COMMENT_ITEM);
        bool found;

        query_int(&q, 1, log);
        query_id(&q, 2, id);
        if (!query_next(&q, &found, error))
                return false;
        *ret_item = found ? (ItemNo)query_get_int(&q, 0) : ZW_ITEM_NONE;
        return true;
}

bool rows_comment_read(StoreView *view, int64_t log, ItemNo item, Seq seq, StoreCommentFn fn, void *payload,
                       GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_COMMENT_READ);
        bool found;

        query_int(&q, 1, log);
        query_int(&q, 2, (int64_t)seq);
        query_int(&q, 3, item);
        while (query_next(&q, &found, error)) {
                CommentRev row = { .item = item };

                if (!found)
                        return true;
                row.seq = (Seq)query_get_int(&q, 0);
                row.op = (int)query_get_int(&q, 1);
                row.resolved = query_get_int(&q, 3) != 0;
                row.text = query_get_text(&q, 4);
                row.time = query_get_int(&q, 6);
                if (!query_get_bytes(&q, 2, row.id.b, ZW_ID_BYTES, error) ||
                    !query_get_bytes(&q, 5, row.author.b, ZW_ID_BYTES, error) || !fn(&row, payload, error))
                        return false;
        }
        return false;
}
