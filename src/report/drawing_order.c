/* The order of what stands in a row: towards its neighbours in the rows above and below, in sweeps down and up. */
#include "report/drawing_internal.h"

enum { SWEEPS = 6 };

static void zone_stand(Layout *layout, int i, int x)
{
        DrawingZone *zone = layout_zone(layout, i);
        bool holds = zone->box.w != zone->card.w;

        zone->box.x = x;
        zone->card.x = holds ? x + GRID : x;
        SLOT(layout, i)->x = zone->card.x;
        x = zone->card.x + zone->card.w + GRID;
        for (guint k = 0; holds && k < layout->drawing->zones->len; k++) {
                if (layout_zone(layout, (int)k)->parent != i)
                        continue;
                zone_stand(layout, (int)k, x);
                x += layout_zone(layout, (int)k)->box.w + GRID;
        }
}

static int shelf_width(const Layout *layout, int shelf)
{
        const GArray *elements = SHELF(layout, shelf)->elements;
        int w = 0;

        for (guint i = 0; i < elements->len; i++)
                w += ELEMENT(layout, g_array_index(elements, int, i))->w + GAP;
        return MAX(w - GAP, 0);
}

static void shelf_stand(Layout *layout, int shelf, int width)
{
        const GArray *elements = SHELF(layout, shelf)->elements;
        int x = layout->left + layout_on_grid((width - shelf_width(layout, shelf)) / 2);

        for (guint i = 0; i < elements->len; i++) {
                Element *element = ELEMENT(layout, g_array_index(elements, int, i));

                element->x = x;
                if (element->zone >= 0)
                        zone_stand(layout, element->zone, x);
                else
                        SLOT(layout, element->slot)->x = x;
                x += element->w + GAP;
        }
}

/* Where the other ends of an element in the row above or below are, in the middle; where it is when it has none. */
static void element_pull(Layout *layout, int number, int other_shelf)
{
        Element *element = ELEMENT(layout, number);
        gint64 sum = 0, n = 0;
        int channel = MIN(element->shelf, other_shelf);
        const GArray *pieces = SHELF(layout, channel)->pieces;

        for (guint i = 0; i < pieces->len; i++) {
                const Piece *piece = PIECE(layout, g_array_index(pieces, int, i));
                const Slot *a = SLOT(layout, piece->a), *b = piece->b < 0 ? a : SLOT(layout, piece->b);

                if (piece->same)
                        continue;
                if (a->element == number) {
                        sum += slot_center(b);
                        n++;
                } else if (b->element == number) {
                        sum += slot_center(a);
                        n++;
                }
        }
        element->pull = n == 0 ? element->x + element->w / 2 : sum / n;
}

static gint pull_compare(gconstpointer a, gconstpointer b, gpointer data)
{
        const Layout *layout = data;
        int x = *(const int *)a, y = *(const int *)b;
        gint64 left = ELEMENT(layout, x)->pull, right = ELEMENT(layout, y)->pull;

        if (left != right)
                return left < right ? -1 : 1;
        return x - y;
}

static void shelf_order(Layout *layout, int shelf, int other, int width)
{
        GArray *elements = SHELF(layout, shelf)->elements;

        for (guint i = 0; i < elements->len; i++)
                element_pull(layout, g_array_index(elements, int, i), other);
        g_array_sort_with_data(elements, pull_compare, layout);
        shelf_stand(layout, shelf, width);
}

void order_rows(Layout *layout)
{
        int n = (int)layout->shelves->len, width = 0;

        for (int i = 0; i < n; i++)
                width = MAX(width, shelf_width(layout, i));
        for (int i = 0; i < n; i++)
                shelf_stand(layout, i, width);
        for (int sweep = 0; sweep < SWEEPS; sweep++)
                for (int i = 1; i < n; i++)
                        if (sweep % 2 == 0)
                                shelf_order(layout, i, i - 1, width);
                        else
                                shelf_order(layout, n - 1 - i, n - i, width);
}
