#include "analysis/neighbour.h"

/* A breadth-first search on its way. */
typedef struct {
        GraphView view;
        LinkMask types;
        GArray *met;    /* of Neighbour, in the order they were met */
        uint8_t *marks; /* by item */
        size_t most;
        bool more; /* something was met that had no room */
} Spread;

static Spread spread_begin(GraphView view, ItemNo start, LinkMask types, size_t most)
{
        const Neighbour first = { start, 0, 0 };
        Spread spread = { .view = view, .types = types, .most = most };

        spread.met = g_array_new(FALSE, FALSE, sizeof(Neighbour));
        spread.marks = g_malloc0(graph_item_count(view) + 1);
        spread.marks[start] = 1;
        g_array_append_val(spread.met, first);
        return spread;
}

static void spread_side(Spread *spread, guint at, GraphSide side)
{
        const Neighbour from = g_array_index(spread->met, Neighbour, at);
        GraphIter iter = graph_iter(spread->view, from.item, side, spread->types);
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                const Neighbour next = { edge.other, from.distance + 1, at };

                if (spread->marks[edge.other] != 0 || !graph_is_live(spread->view, edge.other))
                        continue;
                spread->more = spread->more || spread->met->len >= spread->most;
                if (spread->met->len >= spread->most)
                        return;
                spread->marks[edge.other] = 1;
                g_array_append_val(spread->met, next);
        }
}

static void spread_on(Spread *spread, guint at)
{
        spread_side(spread, at, GRAPH_OUT);
        spread_side(spread, at, GRAPH_IN);
}

GArray *neighbours_find(GraphView view, ItemNo start, LinkMask types, uint32_t depth, size_t most,
                        bool *ret_more)
{
        Spread spread = spread_begin(view, start, types, most);

        for (guint at = 0; at < spread.met->len && g_array_index(spread.met, Neighbour, at).distance < depth;
             at++)
                spread_on(&spread, at);
        *ret_more = spread.more;
        g_free(spread.marks);
        return spread.met;
}

/* The way to the one met at `at`, both ends in it. */
static GArray *way_to(const GArray *met, guint at)
{
        const guint n = g_array_index(met, Neighbour, at).distance + 1;
        GArray *way = g_array_set_size(g_array_new(FALSE, FALSE, sizeof(ItemNo)), n);

        for (guint i = n; i > 0; i--, at = g_array_index(met, Neighbour, at).before)
                g_array_index(way, ItemNo, i - 1) = g_array_index(met, Neighbour, at).item;
        return way;
}

GArray *connection_find(GraphView view, ItemNo from, ItemNo to, LinkMask types)
{
        Spread spread = spread_begin(view, from, types, SIZE_MAX);
        GArray *way = NULL;

        for (guint at = 0; at < spread.met->len && way == NULL; at++) {
                if (g_array_index(spread.met, Neighbour, at).item == to)
                        way = way_to(spread.met, at);
                else
                        spread_on(&spread, at);
        }
        g_array_unref(spread.met);
        g_free(spread.marks);
        return way != NULL ? way : g_array_new(FALSE, FALSE, sizeof(ItemNo));
}
