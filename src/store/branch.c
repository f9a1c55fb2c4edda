/* Branches: what they start from, and what was merged of them. */
#include "base/error.h"
#include "store/internal.h"

bool store_branch_start(StoreView *view, const Id *log, StorePlace *ret_from, bool *ret_is, GError **error)
{
        int64_t no;

        return view_log_no(view, log, &no, error) &&
               view->backend->branch_find(view, no, &ret_from->log, &ret_from->seq, ret_is, error);
}

bool store_branch_root(StoreView *view, const Id *log, Id *ret_root, GError **error)
{
        bool is = true;
        Id at = *log;

        while (is) {
                StorePlace from;

                if (!store_branch_start(view, &at, &from, &is, error))
                        return false;
                if (is)
                        at = from.log;
        }
        *ret_root = at;
        return true;
}

bool store_each_branch(StoreView *view, const Id *log, StoreBranchFn fn, void *payload, GError **error)
{
        return view->backend->branch_read(view, log, fn, payload, error);
}

bool store_merge_last(StoreView *view, const Id *log, const Id *branch, Seq *ret_seq, Seq *ret_branch_seq,
                      GError **error)
{
        int64_t no;

        return view_log_no(view, log, &no, error) &&
               view->backend->merge_last(view, no, branch, ret_seq, ret_branch_seq, error);
}
