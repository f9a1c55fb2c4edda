/* Rows of signatures. */
#include "store/rows/rows.h"
#include "store/rows/query.h"

bool rows_signature_insert(StoreView *view, int64_t log, const SignatureRev *row, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SIGNATURE_INSERT);

        query_int(&q, 1, log);
        query_int(&q, 2, row->item);
        query_int(&q, 3, (int64_t)row->seq);
        query_int(&q, 4, row->op);
        query_int(&q, 5, row->rev);
        query_id(&q, 6, &row->person);
        query_int(&q, 7, row->time);
        query_digest(&q, 8, &row->content);
        query_digest(&q, 9, &row->manifest);
        query_text(&q, 10, row->meaning);
        query_text(&q, 11, row->role);
        query_text(&q, 12, row->proof);
        query_text(&q, 13, row->reason);
        query_text(&q, 14, row->links);
        query_text(&q, 15, row->without);
        query_text(&q, 16, row->passkey);
        return query_run(&q, error);
}

static bool row_get(const Query *q, SignatureRev *row, GError **error)
{
        *row = (SignatureRev){ .item = (ItemNo)query_get_int(q, 0),
                               .seq = (Seq)query_get_int(q, 1),
                               .op = (int)query_get_int(q, 2),
                               .rev = (uint32_t)query_get_int(q, 3),
                               .time = query_get_int(q, 5),
                               .meaning = query_get_text(q, 8),
                               .role = query_get_text(q, 9),
                               .proof = query_get_text(q, 10),
                               .reason = query_get_text(q, 11),
                               .links = query_get_text(q, 12),
                               .without = query_get_text(q, 13),
                               .passkey = query_get_text(q, 14) };
        return query_get_bytes(q, 4, row->person.b, ZW_ID_BYTES, error) &&
               query_get_bytes(q, 6, row->content.b, ZW_DIGEST_BYTES, error) &&
               query_get_bytes(q, 7, row->manifest.b, ZW_DIGEST_BYTES, error);
}

bool rows_signature_read(StoreView *view, int64_t log, ItemNo item, Seq seq, StoreSignatureFn fn,
                         void *payload, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view),
                                      item == ZW_ITEM_NONE ? SQL_SIGNATURE_ALL : SQL_SIGNATURE_OF);
        SignatureRev row;
        bool found;

        query_int(&q, 1, log);
        query_int(&q, 2, (int64_t)seq);
        if (item != ZW_ITEM_NONE)
                query_int(&q, 3, item);
        while (query_next(&q, &found, error)) {
                if (!found)
                        return true;
                if (!row_get(&q, &row, error) || !fn(&row, payload, error))
                        return false;
        }
        return false;
}
