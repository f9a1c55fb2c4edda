/* Rows, lanes and ports; then the coordinates of everything. */
#include "report/drawing_internal.h"

#include <stdlib.h>
#include <string.h>

enum {
        BAND_TITLE = 124, /* room for the title of a band */
        ROW_MIN = 1240,   /* a row is broken when it is wider */
        ROW_ZONES = 14,   /* more zones than so many make wider rows */
        BAND_GAP = 12,
        CHANNEL_MIN = 12,
        APART_COLUMNS = 4,
};

/* The size of lines of text in their box. */
static void lines_size(const GPtrArray *lines, int *ret_w, int *ret_h)
{
        *ret_w = 0;
        for (guint i = 0; i < lines->len; i++)
                *ret_w = MAX(*ret_w, drawing_text_width(g_ptr_array_index(lines, i), i == 0));
        *ret_w += 2 * DRAWING_PAD;
        *ret_h = (int)lines->len * DRAWING_LINE + 2 * DRAWING_PAD;
}

/* ---- sizes ---- */

static int degree(const Layout *layout, int zone)
{
        int n = 0;

        for (guint c = 0; c < layout->drawing->conduits->len; c++) {
                const DrawingConduit *conduit = layout_conduit(layout, (int)c);

                for (guint e = 0; e < conduit->ends->len;
                     e++) /* the first end has a line to each other one */
                        if (g_array_index(conduit->ends, int, e) == zone)
                                n += e == 0 ? MAX(1, (int)conduit->ends->len - 1) : 1;
        }
        return n;
}

static void cards_size(Layout *layout)
{
        for (guint i = 0; i < layout->drawing->zones->len; i++) {
                DrawingZone *zone = layout_zone(layout, (int)i);
                Slot slot = { 0 };

                lines_size(zone->lines, &zone->card.w, &zone->card.h);
                zone->card.w = layout_on_grid(MAX(zone->card.w, (degree(layout, (int)i) + 1) * PORT));
                slot.w = zone->card.w;
                g_array_append_val(layout->slots, slot);
        }
}

/* The outline of a zone: its card, and the zones in it beside that. */
static void zone_size(Layout *layout, int i)
{
        DrawingZone *zone = layout_zone(layout, i);
        bool holds = false;

        zone->box.w = zone->card.w;
        zone->box.h = zone->card.h;
        for (guint k = 0; k < layout->drawing->zones->len; k++) {
                const DrawingZone *child = layout_zone(layout, (int)k);

                if (child->parent != i)
                        continue;
                zone_size(layout, (int)k);
                zone->box.w += child->box.w + GRID;
                zone->box.h = MAX(zone->box.h, child->box.h);
                holds = true;
        }
        if (!holds)
                return;
        zone->box.w += 2 * GRID;
        zone->box.h += 2 * GRID;
}

/* ---- rows ---- */

static int shelf_add(Layout *layout, BandId band)
{
        Shelf shelf = {
                band, g_array_new(FALSE, FALSE, sizeof(int)), g_array_new(FALSE, FALSE, sizeof(int)), 0, 0, 0
        };

        g_array_append_val(layout->shelves, shelf);
        return (int)layout->shelves->len - 1;
}

static int element_add(Layout *layout, int shelf, int zone, int slot, int w)
{
        Element element = { shelf, zone, slot, 0, w, 0 };
        int number = (int)layout->elements->len;

        g_array_append_val(layout->elements, element);
        g_array_append_val(SHELF(layout, shelf)->elements, number);
        return number;
}

static void slots_stand(Layout *layout, int zone, int shelf, int element)
{
        SLOT(layout, zone)->shelf = shelf;
        SLOT(layout, zone)->element = element;
        for (guint k = 0; k < layout->drawing->zones->len; k++)
                if (layout_zone(layout, (int)k)->parent == zone)
                        slots_stand(layout, (int)k, shelf, element);
}

static void band_fill(Layout *layout, BandId band, int row_max)
{
        int shelf = -1, width = 0;

        for (guint i = 0; i < layout->drawing->zones->len; i++) {
                const DrawingZone *zone = layout_zone(layout, (int)i);

                if (zone->parent >= 0 || zone->band != band)
                        continue;
                if (shelf < 0 || width + zone->box.w > row_max) {
                        shelf = shelf_add(layout, band);
                        width = 0;
                }
                width += zone->box.w + GAP;
                slots_stand(layout, (int)i, shelf, element_add(layout, shelf, (int)i, (int)i, zone->box.w));
        }
}

/* Rows grow with the root of the number of zones, so that a drawing keeps its shape. */
static void rows_fill(Layout *layout)
{
        int n = (int)layout->drawing->zones->len, times = 1;

        for (guint i = 0; i < layout->drawing->zones->len; i++)
                if (layout_zone(layout, (int)i)->parent < 0)
                        zone_size(layout, (int)i);
        while (times * times * ROW_ZONES < n)
                times++;
        for (int band = 0; band < BAND_APART; band++)
                band_fill(layout, (BandId)band, ROW_MIN * times);
}

/* ---- paths as pieces ---- */

static void piece_add(Layout *layout, int conduit, int path, int channel, int a, int b, bool same)
{
        Piece piece = { .conduit = conduit, .path = path, .channel = channel, .a = a, .b = b, .same = same };
        int number = (int)layout->pieces->len;

        g_array_append_val(layout->pieces, piece);
        g_array_append_val(SHELF(layout, channel)->pieces, number);
}

/* From one zone to another, through a lane in each row between. */
static void path_add(Layout *layout, int conduit, int path, int from, int to)
{
        int upper = from, lower = to, at;

        if (SLOT(layout, from)->shelf > SLOT(layout, to)->shelf) {
                upper = to;
                lower = from;
        }
        if (SLOT(layout, upper)->shelf == SLOT(layout, lower)->shelf) {
                piece_add(layout, conduit, path, SLOT(layout, upper)->shelf, upper, lower, true);
                return;
        }
        at = upper;
        for (int shelf = SLOT(layout, upper)->shelf + 1; shelf < SLOT(layout, lower)->shelf; shelf++) {
                Slot lane = { shelf, 0, 0, PORT };
                int number = (int)layout->slots->len;

                lane.element = element_add(layout, shelf, -1, number, PORT);
                g_array_append_val(layout->slots, lane);
                piece_add(layout, conduit, path, shelf - 1, at, number, false);
                at = number;
        }
        piece_add(layout, conduit, path, SLOT(layout, lower)->shelf - 1, at, lower, false);
}

static void paths_add(Layout *layout)
{
        for (guint c = 0; c < layout->drawing->conduits->len; c++) {
                const DrawingConduit *conduit = layout_conduit(layout, (int)c);
                int first = conduit->ends->len == 0 ? -1 : g_array_index(conduit->ends, int, 0);

                if (conduit->ends->len == 1)
                        piece_add(layout, (int)c, 0, SLOT(layout, first)->shelf, first, -1, true);
                for (guint e = 1; e < conduit->ends->len; e++)
                        path_add(layout, (int)c, (int)e - 1, first, g_array_index(conduit->ends, int, e));
        }
}

/* The label of a conduit stands where the fewest others do, of the pieces of its first path. */
static void labels_choose(Layout *layout)
{
        g_autofree int *taken = g_new0(int, layout->shelves->len + 1);

        for (guint i = 0; i < layout->pieces->len;) {
                const Piece *first = PIECE(layout, i);
                guint best = i, k = i;

                for (; k < layout->pieces->len && PIECE(layout, k)->conduit == first->conduit; k++)
                        if (PIECE(layout, k)->path == 0 &&
                            taken[PIECE(layout, k)->channel] < taken[PIECE(layout, best)->channel])
                                best = k;
                PIECE(layout, best)->labelled = true;
                taken[PIECE(layout, best)->channel]++;
                i = k;
        }
}

/* ---- ports ---- */

typedef struct {
        int piece;
        bool at_b;
        int toward; /* where the line goes */
} Port;

static gint port_compare(gconstpointer a, gconstpointer b)
{
        const Port *x = a, *y = b;

        if (x->toward != y->toward)
                return x->toward - y->toward;
        return x->piece != y->piece ? x->piece - y->piece : (int)x->at_b - (int)y->at_b;
}

static void port_note(Layout *layout, GArray *ports, int slot, int number, bool upper)
{
        const Piece *piece = PIECE(layout, number);
        const Slot *a = SLOT(layout, piece->a), *b = piece->b < 0 ? a : SLOT(layout, piece->b);
        Port at_a = { number, false, slot_center(b) }, at_b = { number, true, slot_center(a) };

        if (!upper && piece->a == slot)
                g_array_append_val(ports, at_a);
        if (piece->b == slot && piece->same != upper)
                g_array_append_val(ports, at_b);
}

/* The ports at one side of a slot, in the order in which their lines go. */
static void side_ports(Layout *layout, int slot_number, bool upper)
{
        const Slot *slot = SLOT(layout, slot_number);
        bool lane = slot_number >= (int)layout->drawing->zones->len;
        int channel = upper ? slot->shelf - 1 : slot->shelf;
        g_autoptr(GArray) ports = g_array_new(FALSE, FALSE, sizeof(Port));
        const GArray *pieces;

        if (channel < 0)
                return;
        pieces = SHELF(layout, channel)->pieces;
        for (guint i = 0; i < pieces->len; i++)
                port_note(layout, ports, slot_number, g_array_index(pieces, int, i), upper);
        g_array_sort(ports, port_compare);
        for (guint i = 0; i < ports->len; i++) {
                const Port *port = &g_array_index(ports, Port, i);
                Piece *piece = PIECE(layout, port->piece);
                int x = slot->x + slot->w * (2 * (int)i + 1) / (2 * (int)ports->len);

                x = x / GRID * GRID + (upper ? GRID / 2 : 0);
                if (lane)
                        x = slot->x + (slot->shelf % 2 == 0 ? GRID / 4 : GRID * 3 / 4);
                *(port->at_b ? &piece->xb : &piece->xa) = x;
                if (piece->b < 0)
                        piece->xb = x;
        }
}

/* ---- coordinates ---- */

static void zone_stretch(Layout *layout, int i, int y, int h)
{
        DrawingZone *zone = layout_zone(layout, i);
        bool holds = zone->box.w != zone->card.w;

        zone->box.y = y;
        zone->box.h = h;
        zone->card.y = holds ? y + GRID : y;
        zone->card.h = holds ? h - 2 * GRID : h;
        for (guint k = 0; holds && k < layout->drawing->zones->len; k++)
                if (layout_zone(layout, (int)k)->parent == i)
                        zone_stretch(layout, (int)k, y + GRID, h - 2 * GRID);
}

/* The part of a shelf's y range that cards fill, then its channel; what was at 0 moves there. */
static void shelf_drop(Layout *layout, int number, int y)
{
        Shelf *shelf = SHELF(layout, number);

        shelf->y = y;
        for (guint i = 0; i < shelf->elements->len; i++) {
                const Element *element = ELEMENT(layout, g_array_index(shelf->elements, int, i));

                if (element->zone >= 0)
                        shelf->h = MAX(shelf->h, layout_zone(layout, element->zone)->box.h);
        }
        for (guint i = 0; i < shelf->elements->len; i++) {
                const Element *element = ELEMENT(layout, g_array_index(shelf->elements, int, i));

                if (element->zone >= 0)
                        zone_stretch(layout, element->zone, y, shelf->h);
        }
        shelf->channel_h = MAX(shelf->channel_h, CHANNEL_MIN);
        for (guint i = 0; i < shelf->pieces->len; i++) {
                Piece *piece = PIECE(layout, g_array_index(shelf->pieces, int, i));

                piece->y += y + shelf->h;
                if (piece->labelled)
                        layout_conduit(layout, piece->conduit)->label.y += y + shelf->h;
        }
}

static void band_open(Layout *layout, BandId id, int y)
{
        DrawingBand band = { .id = id, .box = { EDGE, y, 0, 0 } };

        band.title = (DrawingBox){ EDGE + DRAWING_PAD, y + BAND_GAP, BAND_TITLE - 2 * DRAWING_PAD,
                                   3 * DRAWING_LINE };
        g_array_append_val(layout->drawing->bands, band);
}

static void band_close(Layout *layout, int y)
{
        DrawingBand *band = &g_array_index(layout->drawing->bands, DrawingBand,
                                           layout->drawing->bands->len - 1);

        band->box.h = MAX(y - band->box.y, 4 * DRAWING_LINE);
}

static int rows_drop(Layout *layout)
{
        int y = EDGE;

        for (guint i = 0; i < layout->shelves->len; i++) {
                bool first = i == 0 || SHELF(layout, i - 1)->band != SHELF(layout, i)->band;

                if (first && i > 0) {
                        band_close(layout, y);
                        y += GRID;
                }
                if (first) {
                        band_open(layout, SHELF(layout, i)->band, y);
                        y += BAND_GAP;
                }
                route_channel(layout, (int)i);
                shelf_drop(layout, (int)i, y);
                y += SHELF(layout, i)->h + SHELF(layout, i)->channel_h;
        }
        if (layout->shelves->len > 0)
                band_close(layout, y);
        return y;
}

/* Conduits that connect nothing stand apart, so that the drawing equals the inventory. */
static int apart_drop(Layout *layout, int y)
{
        int n = 0, x = layout->left, row = 0;

        for (guint c = 0; c < layout->drawing->conduits->len; c++) {
                DrawingConduit *conduit = layout_conduit(layout, (int)c);

                if (conduit->ends->len > 0)
                        continue;
                if (n == 0) {
                        y += GRID;
                        band_open(layout, BAND_APART, y);
                        y += BAND_GAP;
                } else if (n % APART_COLUMNS == 0) {
                        x = layout->left;
                        y += row + GRID;
                        row = 0;
                }
                conduit->label.x = x;
                conduit->label.y = y;
                x += conduit->label.w + GAP;
                row = MAX(row, conduit->label.h);
                n++;
        }
        if (n == 0)
                return y;
        band_close(layout, y + row + BAND_GAP);
        return y + row + BAND_GAP;
}

/* ---- lines ---- */

static void point_add(GArray *path, int x, int y)
{
        DrawingPoint point = { x, y };
        const DrawingPoint *last = path->len == 0 ? NULL : &g_array_index(path, DrawingPoint, path->len - 1);

        if (last == NULL || last->x != x || last->y != y)
                g_array_append_val(path, point);
}

static int slot_bottom(const Layout *layout, int slot)
{
        const Slot *at = SLOT(layout, slot);
        const Shelf *shelf = SHELF(layout, at->shelf);
        const DrawingZone *zone;

        if (slot >= (int)layout->drawing->zones->len)
                return shelf->y + shelf->h;
        zone = layout_zone(layout, slot);
        return zone->card.y + zone->card.h;
}

static void piece_draw(const Layout *layout, const Piece *piece, GArray *path)
{
        const Slot *b = piece->b < 0 ? NULL : SLOT(layout, piece->b);
        bool lane = piece->b >= (int)layout->drawing->zones->len;

        point_add(path, piece->xa, slot_bottom(layout, piece->a));
        point_add(path, piece->xa, piece->y);
        if (b == NULL)
                return;
        point_add(path, piece->xb, piece->y);
        if (piece->same)
                point_add(path, piece->xb, slot_bottom(layout, piece->b));
        else if (!lane)
                point_add(path, piece->xb, layout_zone(layout, piece->b)->card.y);
}

static void path_reverse(GArray *path)
{
        for (guint i = 0; i < path->len / 2; i++) {
                DrawingPoint kept = g_array_index(path, DrawingPoint, i);

                g_array_index(path, DrawingPoint, i) = g_array_index(path, DrawingPoint, path->len - 1 - i);
                g_array_index(path, DrawingPoint, path->len - 1 - i) = kept;
        }
}

/* Pieces of one path follow each other from the upper end to the lower one. */
static void paths_draw(Layout *layout)
{
        for (guint i = 0; i < layout->pieces->len;) {
                const Piece *first = PIECE(layout, i);
                DrawingConduit *conduit = layout_conduit(layout, first->conduit);
                GArray *path = g_array_new(FALSE, FALSE, sizeof(DrawingPoint));

                for (; i < layout->pieces->len && PIECE(layout, i)->conduit == first->conduit &&
                       PIECE(layout, i)->path == first->path;
                     i++)
                        piece_draw(layout, PIECE(layout, i), path);
                if (first->a != g_array_index(conduit->ends, int, 0))
                        path_reverse(path);
                g_ptr_array_add(conduit->paths, path);
        }
}

static void drawing_measure(Layout *layout, int bottom)
{
        Drawing *drawing = layout->drawing;
        int right = layout->left;

        for (guint i = 0; i < drawing->zones->len; i++)
                right = MAX(right, layout_zone(layout, (int)i)->box.x + layout_zone(layout, (int)i)->box.w);
        for (guint i = 0; i < drawing->conduits->len; i++)
                right = MAX(right, layout_conduit(layout, (int)i)->label.x +
                                           layout_conduit(layout, (int)i)->label.w);
        for (guint i = 0; i < layout->pieces->len; i++)
                right = MAX(right, PIECE(layout, i)->hi);
        drawing->width = right + 2 * EDGE;
        drawing->height = bottom + EDGE;
        for (guint i = 0; i < drawing->bands->len; i++)
                g_array_index(drawing->bands, DrawingBand, i).box.w = drawing->width - 2 * EDGE;
}

static void shelf_clear(gpointer data)
{
        Shelf *shelf = data;

        g_array_unref(shelf->elements);
        g_array_unref(shelf->pieces);
}

void drawing_lay_out(Drawing *drawing)
{
        Layout layout = { drawing,
                          g_array_new(FALSE, FALSE, sizeof(Slot)),
                          g_array_new(FALSE, FALSE, sizeof(Element)),
                          g_array_new(FALSE, FALSE, sizeof(Shelf)),
                          g_array_new(FALSE, FALSE, sizeof(Piece)),
                          layout_on_grid(EDGE + BAND_TITLE) };

        g_array_set_clear_func(layout.shelves, shelf_clear);
        for (guint i = 0; i < drawing->conduits->len; i++) {
                DrawingConduit *conduit = layout_conduit(&layout, (int)i);

                lines_size(conduit->lines, &conduit->label.w, &conduit->label.h);
        }
        cards_size(&layout);
        rows_fill(&layout);
        paths_add(&layout);
        labels_choose(&layout);
        order_rows(&layout);
        for (guint i = 0; i < layout.slots->len; i++) {
                side_ports(&layout, (int)i, false);
                side_ports(&layout, (int)i, true);
        }
        drawing_measure(&layout, apart_drop(&layout, rows_drop(&layout)));
        paths_draw(&layout);
        g_array_unref(layout.slots);
        g_array_unref(layout.elements);
        g_array_unref(layout.shelves);
        g_array_unref(layout.pieces);
}
