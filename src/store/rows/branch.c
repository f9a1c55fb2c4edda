/* Rows of branches: what they start from, what was merged of them, and copying what a commit held. */
#include "base/error.h"
#include "store/rows/rows.h"
#include "store/rows/query.h"

bool rows_branch_insert(StoreView *view, int64_t log, const Id *parent, Seq seq, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_BRANCH_INSERT);

        query_int(&q, 1, log);
        query_id(&q, 2, parent);
        query_int(&q, 3, (int64_t)seq);
        return query_run(&q, error);
}

bool rows_branch_find(StoreView *view, int64_t log, Id *ret_parent, Seq *ret_seq, bool *ret_is,
                      GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_BRANCH_FIND);

        query_int(&q, 1, log);
        if (!query_next(&q, ret_is, error))
                return false;
        if (!*ret_is)
                return true;
        *ret_seq = (Seq)query_get_int(&q, 1);
        return query_get_bytes(&q, 0, ret_parent->b, ZW_ID_BYTES, error);
}

bool rows_branch_read(StoreView *view, const Id *parent, LogIdFn fn, void *payload, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_BRANCH_ALL);
        bool found;

        query_id(&q, 1, parent);
        while (query_next(&q, &found, error)) {
                Id log;

                if (!found)
                        return true;
                if (!query_get_bytes(&q, 0, log.b, ZW_ID_BYTES, error) || !fn(&log, payload, error))
                        return false;
        }
        return false;
}

bool rows_fork(StoreView *view, int64_t from, Seq seq, int64_t log, uint32_t *ret_items, GError **error)
{
        static const SqlId copies[] = { SQL_FORK_ITEM,      SQL_FORK_KEY,         SQL_FORK_REV,
                                        SQL_FORK_SOURCE,    SQL_FORK_LINK,        SQL_FORK_LINK_ENDED,
                                        SQL_FORK_RESULT,    SQL_FORK_RESULT_FILE, SQL_FORK_SETTING,
                                        SQL_FORK_ATTACHMENT };
        g_auto(Query) count = query_begin(view_connection(view), SQL_FORK_COUNT);
        bool found;

        query_int(&count, 1, from);
        query_int(&count, 2, (int64_t)seq);
        if (!query_next(&count, &found, error))
                return false;
        *ret_items = (uint32_t)query_get_int(&count, 0);
        for (size_t i = 0; i < G_N_ELEMENTS(copies); i++) {
                g_auto(Query) q = query_begin(view_connection(view), copies[i]);

                query_int(&q, 1, from);
                query_int(&q, 2, (int64_t)seq);
                query_int(&q, 3, log);
                if (!query_run(&q, error))
                        return false;
        }
        return true;
}

bool rows_merge_insert(StoreView *view, int64_t log, Seq seq, const Id *branch, Seq branch_seq,
                       GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_MERGE_INSERT);

        query_int(&q, 1, log);
        query_int(&q, 2, (int64_t)seq);
        query_id(&q, 3, branch);
        query_int(&q, 4, (int64_t)branch_seq);
        return query_run(&q, error);
}

bool rows_merge_last(StoreView *view, int64_t log, const Id *branch, Seq *ret_seq, Seq *ret_branch_seq,
                     GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_MERGE_LAST);
        bool found;

        query_int(&q, 1, log);
        query_id(&q, 2, branch);
        if (!query_next(&q, &found, error))
                return false;
        *ret_seq = found ? (Seq)query_get_int(&q, 0) : 0;
        *ret_branch_seq = found ? (Seq)query_get_int(&q, 1) : 0;
        return true;
}
