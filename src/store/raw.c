/* The log as it is stored: what proofs are made from, and packs. */
#include "store/internal.h"

typedef struct {
        StoreHeaderFn fn;
        void *payload;
} HeaderWalk;

static bool header_give(const CommitRow *row, void *payload, GError **error)
{
        const HeaderWalk *walk = payload;
        const StoreHeader header = { row->seq, row->hash, row->header, row->header_n };

        return walk->fn(&header, walk->payload, error);
}

bool store_each_header(StoreView *view, const Id *log, Seq first, Seq last, StoreHeaderFn fn, void *payload,
                       GError **error)
{
        HeaderWalk walk = { fn, payload };
        int64_t no;

        return view_log_no(view, log, &no, error) &&
               view->backend->commit_read(view, no, first, last, header_give, &walk, error);
}

typedef struct {
        StorePieceFn fn;
        void *payload;
} PieceWalk;

static bool piece_give(const SecretRow *row, void *payload, GError **error)
{
        const PieceWalk *walk = payload;
        const StorePiece piece = { row->op, row->field, row->salt, row->bytes, row->n };

        return walk->fn(&piece, walk->payload, error);
}

bool store_each_piece(StoreView *view, const Id *log, Seq seq, StorePieceFn fn, void *payload, GError **error)
{
        PieceWalk walk = { fn, payload };
        int64_t no;

        return view_log_no(view, log, &no, error) &&
               view->backend->secret_read(view, no, seq, piece_give, &walk, error);
}
