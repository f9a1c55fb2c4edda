/* Rows of links and of results. */
#include "base/error.h"
#include "store/rows/rows.h"
#include "store/rows/query.h"

bool rows_link_put(StoreView *view, int64_t log, const LinkRev *rev, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_LINK_PUT);

        query_int(&q, 1, log);
        query_int(&q, 2, rev->from);
        query_text(&q, 3, link_type_def(rev->type)->name);
        query_int(&q, 4, rev->to);
        query_text(&q, 5, as_name(rev->as));
        query_int(&q, 6, (int64_t)rev->from_seq);
        query_int(&q, 7, (int64_t)rev->to_seq);
        query_int(&q, 8, rev->judged_from);
        query_int(&q, 9, rev->judged_to);
        query_text(&q, 10, rev->attrs);
        return query_run(&q, error);
}

static void bind_key(Query *q, int64_t log, const LinkKey *key, int at)
{
        query_int(q, 1, log);
        query_int(q, at, key->from);
        query_text(q, at + 1, link_type_def(key->type)->name);
        query_int(q, at + 2, key->to);
        query_text(q, at + 3, as_name(key->as));
}

bool rows_link_end(StoreView *view, int64_t log, const LinkKey *key, Seq seq, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_LINK_END);

        bind_key(&q, log, key, 2);
        query_int(&q, 6, (int64_t)seq);
        return query_run(&q, error);
}

bool rows_link_seen(StoreView *view, int64_t log, const LinkKey *key, bool *ret_seen, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_LINK_SEEN);

        bind_key(&q, log, key, 2);
        return query_next(&q, ret_seen, error);
}

bool rows_link_drop(StoreView *view, int64_t log, const LinkKey *key, Seq from_seq, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_LINK_DROP);

        bind_key(&q, log, key, 2);
        query_int(&q, 6, (int64_t)from_seq);
        return query_run(&q, error);
}

static bool link_walk(Query *q, StoreLinkFn fn, void *payload, GError **error)
{
        LinkRev rev;
        int type, as;
        bool found;

        while (query_next(q, &found, error)) {
                if (!found)
                        return true;
                if (!query_get_name(q, 1, NAME_LINK_TYPE, &type, error) ||
                    !query_get_name(q, 3, NAME_AS, &as, error))
                        return false;
                rev.from = (ItemNo)query_get_int(q, 0);
                rev.type = (LinkTypeId)type;
                rev.to = (ItemNo)query_get_int(q, 2);
                rev.as = (AsId)as;
                rev.from_seq = (Seq)query_get_int(q, 4);
                rev.to_seq = (Seq)query_get_int(q, 5);
                rev.judged_from = (uint32_t)query_get_int(q, 6);
                rev.judged_to = (uint32_t)query_get_int(q, 7);
                rev.attrs = query_get_text(q, 8);
                if (!fn(&rev, payload, error))
                        return false;
        }
        return false;
}

bool rows_link_read_all(StoreView *view, int64_t log, Seq seq, StoreLinkFn fn, void *payload, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_LINK_ALL);

        query_int(&q, 1, log);
        query_int(&q, 2, (int64_t)seq);
        return link_walk(&q, fn, payload, error);
}

bool rows_link_read_ends(StoreView *view, int64_t log, ItemNo from, ItemNo to, Seq seq, StoreLinkFn fn,
                         void *payload, GError **error)
{
        SqlId id = to == ZW_ITEM_NONE ? SQL_LINK_FROM : from == ZW_ITEM_NONE ? SQL_LINK_TO : SQL_LINK_BETWEEN;
        g_auto(Query) q = query_begin(view_connection(view), id);

        query_int(&q, 1, log);
        query_int(&q, 2, (int64_t)seq);
        query_int(&q, 3, from == ZW_ITEM_NONE ? to : from);
        if (id == SQL_LINK_BETWEEN)
                query_int(&q, 4, to);
        return link_walk(&q, fn, payload, error);
}

bool rows_link_read(StoreView *view, int64_t log, const LinkKey *key, Seq seq, StoreLinkFn fn, void *payload,
                    GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_LINK_ONE);

        query_int(&q, 2, (int64_t)seq);
        bind_key(&q, log, key, 3);
        return link_walk(&q, fn, payload, error);
}

/* ---- Results ---- */

bool rows_result_put(StoreView *view, int64_t log, const ResultRev *result, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_RESULT_PUT);

        query_int(&q, 1, log);
        query_int(&q, 2, result->test_case);
        query_int(&q, 3, result->run);
        query_int(&q, 4, (int64_t)result->seq);
        query_text(&q, 5, result_status_name(result->status));
        query_int(&q, 6, result->at);
        query_text(&q, 7, result->message);
        return query_run(&q, error);
}

bool rows_result_end(StoreView *view, int64_t log, ItemNo test_case, ItemNo run, Seq seq, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_RESULT_END);

        query_int(&q, 1, log);
        query_int(&q, 2, test_case);
        query_int(&q, 3, run);
        query_int(&q, 4, (int64_t)seq);
        return query_run(&q, error);
}

static bool result_walk(Query *q, StoreResultFn fn, void *payload, GError **error)
{
        bool found;

        while (query_next(q, &found, error)) {
                const char *status;
                ResultRev result;

                if (!found)
                        return true;
                result = (ResultRev){ .test_case = (ItemNo)query_get_int(q, 0),
                                      .run = (ItemNo)query_get_int(q, 1),
                                      .seq = (Seq)query_get_int(q, 2),
                                      .at = query_get_int(q, 4),
                                      .message = query_get_text(q, 5) };
                status = query_get_text(q, 3);
                if (status == NULL || !result_status_find(status, &result.status)) {
                        error_set(error, ZW_ERR_VERSION, "status", "stored data name the result \"%s\"",
                                  status == NULL ? "" : status);
                        return false;
                }
                if (!fn(&result, payload, error))
                        return false;
        }
        return false;
}

bool rows_result_read_all(StoreView *view, int64_t log, Seq seq, StoreResultFn fn, void *payload,
                          GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_RESULT_ALL);

        query_int(&q, 1, log);
        query_int(&q, 2, (int64_t)seq);
        return result_walk(&q, fn, payload, error);
}

bool rows_result_read_run(StoreView *view, int64_t log, ItemNo run, Seq seq, StoreResultFn fn, void *payload,
                          GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_RESULT_RUN);

        query_int(&q, 1, log);
        query_int(&q, 2, (int64_t)seq);
        query_int(&q, 3, run);
        return result_walk(&q, fn, payload, error);
}

bool rows_result_read(StoreView *view, int64_t log, ItemNo test_case, ItemNo run, Seq seq, StoreResultFn fn,
                      void *payload, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_RESULT_ONE);

        query_int(&q, 1, log);
        query_int(&q, 2, (int64_t)seq);
        query_int(&q, 3, test_case);
        query_int(&q, 4, run);
        return result_walk(&q, fn, payload, error);
}
