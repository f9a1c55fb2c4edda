/* Walks, settings and commits. */
#include "base/error.h"
#include "store/internal.h"
#include <string.h>

/* ---- Walks, past what the view does not show ---- */

typedef struct {
        const StoreView *view;
        StoreItemFn item;
        StoreLinkFn link;
        StoreResultFn result;
        void *payload;
} Seen;

static bool seen_item(const ItemRev *rev, void *payload, GError **error)
{
        const Seen *seen = payload;

        return !view_sees(seen->view, rev->no) || seen->item(rev, seen->payload, error);
}

static bool seen_link(const LinkRev *rev, void *payload, GError **error)
{
        const Seen *seen = payload;

        return !view_sees(seen->view, rev->from) || !view_sees(seen->view, rev->to) ||
               seen->link(rev, seen->payload, error);
}

static bool seen_result(const ResultRev *result, void *payload, GError **error)
{
        const Seen *seen = payload;

        return !view_sees(seen->view, result->run) || !view_sees(seen->view, result->test_case) ||
               seen->result(result, seen->payload, error);
}

bool store_each_item(StoreView *view, const Id *log, Seq seq, StoreItemFn fn, void *payload, GError **error)
{
        Seen seen = { .view = view, .item = fn, .payload = payload };
        int64_t no;

        return view_log_no(view, log, &no, error) &&
               view->backend->rev_read_all(view, no, seq_clamp(seq), seen_item, &seen, error);
}

bool store_each_revision(StoreView *view, const Id *log, ItemNo item, StoreItemFn fn, void *payload,
                         GError **error)
{
        Seen seen = { .view = view, .item = fn, .payload = payload };
        int64_t no;

        return view_log_no(view, log, &no, error) &&
               view->backend->rev_read_history(view, no, item, seen_item, &seen, error);
}

bool store_each_link(StoreView *view, const Id *log, Seq seq, StoreLinkFn fn, void *payload, GError **error)
{
        Seen seen = { .view = view, .link = fn, .payload = payload };
        int64_t no;

        return view_log_no(view, log, &no, error) &&
               view->backend->link_read_all(view, no, seq_clamp(seq), seen_link, &seen, error);
}

bool store_each_link_of(StoreView *view, const Id *log, ItemNo from, ItemNo to, Seq seq, StoreLinkFn fn,
                        void *payload, GError **error)
{
        Seen seen = { .view = view, .link = fn, .payload = payload };
        int64_t no;

        if (from == ZW_ITEM_NONE && to == ZW_ITEM_NONE)
                return store_each_link(view, log, seq, fn, payload, error);
        return view_log_no(view, log, &no, error) &&
               view->backend->link_read_ends(view, no, from, to, seq_clamp(seq), seen_link, &seen, error);
}

bool store_each_result(StoreView *view, const Id *log, Seq seq, StoreResultFn fn, void *payload,
                       GError **error)
{
        Seen seen = { .view = view, .result = fn, .payload = payload };
        int64_t no;

        return view_log_no(view, log, &no, error) &&
               view->backend->result_read_all(view, no, seq_clamp(seq), seen_result, &seen, error);
}

/* ---- Settings ---- */

static bool setting_keep(const char *name G_GNUC_UNUSED, const char *value, void *payload,
                         GError **error G_GNUC_UNUSED)
{
        char **ret_value = payload;

        g_free(*ret_value);
        *ret_value = g_strdup(value);
        return true;
}

bool store_load_setting(StoreView *view, const Id *log, const char *name, Seq seq, char **ret_value,
                        GError **error)
{
        g_autofree char *value = NULL;
        int64_t no;

        if (!view_log_no(view, log, &no, error) ||
            !view->backend->setting_read(view, no, name, seq_clamp(seq), setting_keep, &value, error))
                return false;
        *ret_value = g_steal_pointer(&value);
        return true;
}

bool store_find_attachment(StoreView *view, const Id *log, const char *sha256, StoreAttachmentFn fn,
                           void *payload, GError **error)
{
        int64_t no;

        return view_log_no(view, log, &no, error) &&
               (view->seen != NULL || view->backend->attachment_find(view, no, sha256, fn, payload, error));
}

bool store_each_setting(StoreView *view, const Id *log, const char *prefix, Seq seq, StoreSettingFn fn,
                        void *payload, GError **error)
{
        int64_t no;

        return view_log_no(view, log, &no, error) &&
               view->backend->setting_each(view, no, prefix, seq_clamp(seq), fn, payload, error);
}

/* ---- Commits ---- */

typedef struct {
        StoreView *view;
        int64_t log;
        StoreOpFn wanted;
        StoreCommitFn fn;
        void *payload;
} CommitWalk;

static bool commit_give(const CommitRow *row, void *payload, GError **error)
{
        CommitWalk *walk = payload;
        g_autoptr(GBytes) header = g_bytes_new(row->header, row->header_n);
        g_auto(OpenHeader) open = { 0 };
        g_auto(OpenOps) ops = { 0 };
        StoreCommit commit = { .seq = row->seq,
                               .hash = row->hash,
                               .header = header,
                               .time = row->time,
                               .actor = row->actor,
                               .request = row->request };

        if (!ops_open(walk->view, walk->log, row->seq, walk->wanted, walk->payload, &ops, error))
                return false;
        if (walk->wanted != NULL && !ops.any)
                return true;
        if (!header_open(row->header, row->header_n, &open, error))
                return false;
        if (!origin_find(open.origin, &commit.origin)) {
                error_set(error, ZW_ERR_VERSION, "origin", "a commit names the origin \"%s\"", open.origin);
                return false;
        }
        commit.editorial = open.editorial;
        commit.message = ops.message;
        commit.ops = ops.ops;
        return walk->fn(&commit, walk->payload, error);
}

bool store_each_commit(StoreView *view, const Id *log, Seq first, Seq last, StoreCommitFn fn, void *payload,
                       GError **error)
{
        return store_each_commit_of(view, log, first, last, NULL, fn, payload, error);
}

bool store_each_commit_of(StoreView *view, const Id *log, Seq first, Seq last, StoreOpFn wanted,
                          StoreCommitFn fn, void *payload, GError **error)
{
        CommitWalk walk = { .view = view, .wanted = wanted, .fn = fn, .payload = payload };

        return view_log_no(view, log, &walk.log, error) &&
               view->backend->commit_read(view, walk.log, seq_clamp(first), seq_clamp(last), commit_give,
                                          &walk, error);
}

bool store_seq_at(StoreView *view, const Id *log, Instant time, Seq *ret_seq, GError **error)
{
        LogRow row;
        Seq least = 0, most;

        if (!view_log(view, log, &row, error))
                return false;
        /* Times never fall, so that no index is needed: the newest commit not after `time` is in [least, most]. */
        most = row.head;
        while (least < most) {
                Seq middle = least + (most - least + 1) / 2;
                Instant at;

                if (!view->backend->commit_time(view, row.no, middle, &at, error))
                        return false;
                if (at <= time)
                        least = middle;
                else
                        most = middle - 1;
        }
        *ret_seq = least;
        return true;
}
