/* Where things came from. */
#include "base/error.h"
#include "store/internal.h"

bool store_each_source(StoreView *view, const Id *log, const char *system, StoreSourceFn fn, void *payload,
                       GError **error)
{
        int64_t no;

        return view_log_no(view, log, &no, error) &&
               view->backend->source_read(view, no, system, fn, payload, error);
}

bool store_link_was_there(StoreView *view, const Id *log, ItemNo from, LinkTypeId type, ItemNo to, AsId as,
                          bool *ret_was, GError **error)
{
        const LinkKey key = { .from = from, .to = to, .type = type, .as = as };
        int64_t no;

        return view_log_no(view, log, &no, error) && view->backend->link_seen(view, no, &key, ret_was, error);
}

bool store_has_results(StoreView *view, const Id *log, ItemNo run, const Digest *file, bool *ret_has,
                       GError **error)
{
        char hex[ZW_DIGEST_HEX];
        int64_t no;

        hex_encode(file->b, ZW_DIGEST_BYTES, hex);
        return view_log_no(view, log, &no, error) &&
               view->backend->result_file_seen(view, no, run, hex, ret_has, error);
}

typedef struct {
        Origin origin;
        bool found;
} CommitOrigin;

static bool origin_keep(const CommitRow *row, void *payload, GError **error)
{
        CommitOrigin *keep = payload;
        g_auto(OpenHeader) open = { 0 };

        if (!header_open(row->header, row->header_n, &open, error))
                return false;
        if (!origin_find(open.origin, &keep->origin)) {
                error_set(error, ZW_ERR_VERSION, "origin", "a commit names the origin \"%s\"", open.origin);
                return false;
        }
        keep->found = true;
        return true;
}

static bool actor_keep(const CommitRow *row, void *payload, GError **error G_GNUC_UNUSED)
{
        *(Id *)payload = row->actor;
        return true;
}

bool store_commit_actor(StoreView *view, const Id *log, Seq seq, Id *ret_actor, GError **error)
{
        int64_t no;

        *ret_actor = (Id){ { 0 } };
        return view_log_no(view, log, &no, error) &&
               view->backend->commit_read(view, no, seq, seq, actor_keep, ret_actor, error);
}

typedef struct {
        Instant time;
        Digest hash;
        bool found;
} CommitStamp;

static bool stamp_keep(const CommitRow *row, void *payload, GError **error G_GNUC_UNUSED)
{
        *(CommitStamp *)payload = (CommitStamp){ row->time, row->hash, true };
        return true;
}

static bool commit_missing(Seq seq, GError **error)
{
        error_set(error, ZW_ERR_NOT_FOUND, NULL, "there is no commit %" G_GUINT64_FORMAT, seq);
        return false;
}

static bool stamp_read(StoreView *view, const Id *log, Seq seq, CommitStamp *ret_stamp, GError **error)
{
        int64_t no;

        *ret_stamp = (CommitStamp){ .found = false };
        return view_log_no(view, log, &no, error) &&
               view->backend->commit_read(view, no, seq, seq, stamp_keep, ret_stamp, error) &&
               (ret_stamp->found || commit_missing(seq, error));
}

bool store_commit_time(StoreView *view, const Id *log, Seq seq, Instant *ret_time, GError **error)
{
        CommitStamp stamp;
        const bool ok = stamp_read(view, log, seq, &stamp, error);

        *ret_time = stamp.time;
        return ok;
}

bool store_commit_hash(StoreView *view, const Id *log, Seq seq, Digest *ret_hash, GError **error)
{
        CommitStamp stamp;
        const bool ok = stamp_read(view, log, seq, &stamp, error);

        *ret_hash = stamp.hash;
        return ok;
}

bool store_commit_origin(StoreView *view, const Id *log, Seq seq, Origin *ret_origin, GError **error)
{
        CommitOrigin keep = { .found = false };
        int64_t no;

        if (!view_log_no(view, log, &no, error) ||
            !view->backend->commit_read(view, no, seq, seq, origin_keep, &keep, error))
                return false;
        *ret_origin = keep.origin;
        return keep.found || commit_missing(seq, error);
}
