/* Inside the layout of drawings only: what the steps of one layout share. */
#ifndef REPORT_DRAWING_INTERNAL_H
#define REPORT_DRAWING_INTERNAL_H

#include "report/drawing.h"

/* Ports and cards stand on a grid: lines down from a row at multiples of GRID, lines up from the next one half a step beside
 * them, lanes a quarter, so that no line runs in another. */
enum { GRID = 8, PORT = 2 * GRID, GAP = 3 * GRID, EDGE = 2 * GRID, TRACK = 12, LABEL_GAP = 6 };

/* What has ports: the card of a zone (first, by number), or a lane through which a long conduit passes a row. */
typedef struct {
        int shelf;
        int element; /* the outermost thing it is in */
        int x, w;
} Slot;

/* What stands side by side in a row: an outermost zone with all in it, or a lane. */
typedef struct {
        int shelf;
        int zone; /* or -1: a lane */
        int slot;
        int x, w;
        gint64 pull; /* where its neighbours are */
} Element;

/* A row of elements, and the channel below it. */
typedef struct {
        BandId band;
        GArray *elements; /* of int, from left to right */
        GArray *pieces;   /* of int: in its channel */
        int y, h, channel_h;
} Shelf;

/* The part of a path in one channel: from the lower side of `a`, to the lower side of `b` in the same row, or to the upper
 * side of `b` in the next one. `b` is -1 for a conduit with one end. */
typedef struct {
        int conduit, path, channel;
        int a, b; /* slots */
        bool same;
        bool labelled;
        int xa, xb;
        int lo, hi; /* what it takes of its track */
        int track, y;
} Piece;

typedef struct {
        Drawing *drawing;
        GArray *slots, *elements, *shelves, *pieces;
        int left; /* where rows and tracks begin */
} Layout;

#define SLOT(layout, i)    (&g_array_index((layout)->slots, Slot, (i)))
#define ELEMENT(layout, i) (&g_array_index((layout)->elements, Element, (i)))
#define SHELF(layout, i)   (&g_array_index((layout)->shelves, Shelf, (i)))
#define PIECE(layout, i)   (&g_array_index((layout)->pieces, Piece, (i)))

static inline DrawingZone *layout_zone(const Layout *layout, int i)
{
        return g_ptr_array_index(layout->drawing->zones, i);
}

static inline DrawingConduit *layout_conduit(const Layout *layout, int i)
{
        return g_ptr_array_index(layout->drawing->conduits, i);
}

static inline int layout_on_grid(int n)
{
        return (n + GRID - 1) / GRID * GRID;
}

static inline int slot_center(const Slot *slot)
{
        return slot->x + slot->w / 2;
}

/* Orders the elements of every row, and gives them and all in them their place from left to right. */
void order_rows(Layout *layout);

/* Where the lines of a channel run and its labels stand, from y = 0; sets its height. */
void route_channel(Layout *layout, int channel);

#endif
