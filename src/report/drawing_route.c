/* One channel: a track for each line, and a free part of its track for each label. */
#include "report/drawing_internal.h"

#include <stdlib.h>

enum { LABEL_STEP = 8 };

/* Lines that go the same way must not cross each other: those of a row to itself nest, the shorter above; those that go
 * right are stacked from the right, those that go left from the left. */
typedef enum { WAY_SAME, WAY_RIGHT, WAY_LEFT } Way;

static Way way_of(const Piece *piece)
{
        if (piece->same)
                return WAY_SAME;
        return piece->xb >= piece->xa ? WAY_RIGHT : WAY_LEFT;
}

static gint way_compare(gconstpointer a, gconstpointer b, gpointer data)
{
        const Layout *layout = data;
        int i = *(const int *)a, k = *(const int *)b;
        const Piece *x = PIECE(layout, i), *y = PIECE(layout, k);
        int left, right;

        if (way_of(x) != way_of(y))
                return (int)way_of(x) - (int)way_of(y);
        if (way_of(x) == WAY_SAME) {
                left = abs(x->xb - x->xa);
                right = abs(y->xb - y->xa);
        } else {
                left = way_of(x) == WAY_RIGHT ? -x->xa : x->xa;
                right = way_of(y) == WAY_RIGHT ? -y->xa : y->xa;
        }
        return left != right ? left - right : i - k;
}

/* What the line and its label take of a track. */
static void piece_span(const Layout *layout, Piece *piece)
{
        piece->lo = MIN(piece->xa, piece->xb);
        piece->hi = MAX(piece->xa, piece->xb);
        if (piece->labelled) {
                int need = layout_conduit(layout, piece->conduit)->label.w + 2 * LABEL_GAP;
                int from = MAX((piece->lo + piece->hi - need) / 2, layout->left);

                piece->lo = MIN(piece->lo, from);
                piece->hi = MAX(piece->hi, from + need);
        }
}

static bool spans_meet(const Piece *a, const Piece *b)
{
        return a->lo - GRID < b->hi && b->lo - GRID < a->hi;
}

/* The first track that is free for the piece, below those of its way that it meets. `n` pieces before it have theirs. */
static int track_find(const Layout *layout, const GArray *order, guint n, const Piece *piece)
{
        int track = 0;
        bool taken = true;

        for (guint i = 0; i < n; i++) {
                const Piece *other = PIECE(layout, g_array_index(order, int, i));

                if (way_of(other) == way_of(piece) && spans_meet(other, piece))
                        track = MAX(track, other->track + 1);
        }
        while (taken) {
                taken = false;
                for (guint i = 0; i < n && !taken; i++) {
                        const Piece *other = PIECE(layout, g_array_index(order, int, i));

                        taken = other->track == track && spans_meet(other, piece);
                }
                track += taken;
        }
        return track;
}

/* ---- labels ---- */

/* Does a line down or up from the other piece pass this part of a track? */
static bool passes(const Piece *other, int track, int from, int to)
{
        bool below = other->track > track, above = other->track < track;
        bool a = below && other->xa > from && other->xa < to;
        bool b = (other->same ? below : above) && other->xb > from && other->xb < to;

        return a || b;
}

static int passed(const Layout *layout, const GArray *order, const Piece *piece, int from, int to)
{
        int n = 0;

        for (guint i = 0; i < order->len; i++) {
                const Piece *other = PIECE(layout, g_array_index(order, int, i));

                if (other != piece)
                        n += passes(other, piece->track, from, to);
        }
        return n;
}

/* Where the fewest lines pass below it; of those, nearest to the middle of its line. */
static void label_place(const Layout *layout, const GArray *order, const Piece *piece)
{
        DrawingBox *label = &layout_conduit(layout, piece->conduit)->label;
        int middle = (piece->xa + piece->xb) / 2, best = G_MAXINT, best_away = G_MAXINT;

        for (int x = piece->lo + LABEL_GAP; x + label->w + LABEL_GAP <= piece->hi; x += LABEL_STEP) {
                int cost = passed(layout, order, piece, x - LABEL_GAP, x + label->w + LABEL_GAP);
                int away = abs(x + label->w / 2 - middle);

                if (cost > best || (cost == best && away >= best_away))
                        continue;
                best = cost;
                best_away = away;
                label->x = x;
        }
        label->y = piece->y - label->h / 2;
}

/* ---- the channel ---- */

static void tracks_assign(Layout *layout, GArray *order, GArray *heights)
{
        for (guint i = 0; i < order->len; i++) {
                Piece *piece = PIECE(layout, g_array_index(order, int, i));
                int h = TRACK, none = 0;

                piece_span(layout, piece);
                piece->track = track_find(layout, order, i, piece);
                if (piece->labelled)
                        h = layout_conduit(layout, piece->conduit)->label.h + GRID;
                while ((int)heights->len <= piece->track)
                        g_array_append_val(heights, none);
                g_array_index(heights, int, piece->track) = MAX(g_array_index(heights, int, piece->track), h);
        }
}

void route_channel(Layout *layout, int channel)
{
        Shelf *shelf = SHELF(layout, channel);
        g_autoptr(GArray) heights = g_array_new(FALSE, FALSE, sizeof(int)),
                          order = g_array_copy(shelf->pieces);
        int y = GRID;

        g_array_sort_with_data(order, way_compare, layout);
        tracks_assign(layout, order, heights);
        for (guint track = 0; track < heights->len; track++) {
                int h = g_array_index(heights, int, track);

                for (guint i = 0; i < order->len; i++)
                        if (PIECE(layout, g_array_index(order, int, i))->track == (int)track)
                                PIECE(layout, g_array_index(order, int, i))->y = y + h / 2;
                y += h;
        }
        for (guint i = 0; i < order->len; i++)
                if (PIECE(layout, g_array_index(order, int, i))->labelled)
                        label_place(layout, order, PIECE(layout, g_array_index(order, int, i)));
        shelf->channel_h = heights->len == 0 ? 0 : y + GRID;
}
