#include "analysis/anchor.h"

#include "analysis/internal.h"

static int anchor_compare(gconstpointer a, gconstpointer b)
{
        const SafetyAnchor *left = a, *right = b;

        if (left->item != right->item)
                return left->item < right->item ? -1 : 1;
        if (left->function != right->function)
                return left->function < right->function ? -1 : 1;
        if (left->uses != right->uses)
                return left->uses < right->uses ? -1 : 1;
        return (int)left->as - (int)right->as;
}

GArray *items_linked(GraphView view, ItemNo item, GraphSide side, LinkTypeId type, int kind)
{
        GArray *items = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        GraphIter iter = graph_iter(view, item, side, LINK_MASK(type));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other) &&
                    (kind == ZW_KIND_COUNT || (int)graph_kind(view, edge.other) == kind))
                        g_array_append_val(items, edge.other);
        g_array_sort(items, item_compare);
        return items;
}

/* `anchor` is that of a thing which the function uses. */
static void anchors_add(GraphView view, GArray *anchors, SafetyAnchor anchor)
{
        g_autoptr(GArray) components = items_linked(view, anchor.uses, GRAPH_OUT, ZW_LINK_INSTANCE_OF,
                                                    ZW_KIND_COMPONENT);
        ItemNo containers[ANCESTORS_MAX];
        const bool product = graph_kind(view, anchor.uses) == ZW_KIND_COMPONENT;
        const size_t n = product ? 0 : item_containers(view, anchor.uses, containers);

        g_array_append_val(anchors, anchor);
        for (guint i = 0; i < components->len; i++) {
                anchor.item = g_array_index(components, ItemNo, i);
                g_array_append_val(anchors, anchor);
        }
        for (size_t i = 1; i < n; i++) {
                anchor.item = containers[i];
                if (graph_kind(view, anchor.item) != ZW_KIND_SYSTEM)
                        g_array_append_val(anchors, anchor);
        }
}

GArray *safety_anchors(GraphView view, uint64_t kinds)
{
        GArray *anchors = g_array_new(FALSE, FALSE, sizeof(SafetyAnchor));

        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                GraphIter iter;
                GraphEdge edge;

                if (!graph_exists(view, item) || (kinds >> graph_kind(view, item) & 1) == 0 ||
                    !graph_is_live(view, item))
                        continue;
                iter = graph_iter(view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_USES));
                while (graph_next(&iter, &edge))
                        if (graph_is_live(view, edge.other))
                                anchors_add(view, anchors,
                                            (SafetyAnchor){ edge.other, item, edge.other,
                                                            graph_link_as(view, edge.link) });
        }
        g_array_sort(anchors, anchor_compare);
        return anchors;
}

const SafetyAnchor *safety_anchors_at(const GArray *anchors, ItemNo item, size_t *ret_n)
{
        guint low = 0, high = anchors->len, end;

        while (low < high) {
                const guint middle = (low + high) / 2;

                if (g_array_index(anchors, SafetyAnchor, middle).item < item)
                        low = middle + 1;
                else
                        high = middle;
        }
        for (end = low; end < anchors->len && g_array_index(anchors, SafetyAnchor, end).item == item; end++)
                ;
        *ret_n = end - low;
        return end == low ? NULL : &g_array_index(anchors, SafetyAnchor, low);
}

GArray *measure_spots(GraphView view, ItemNo measure)
{
        g_autoptr(GArray)
                deployed = items_linked(view, measure, GRAPH_OUT, ZW_LINK_DEPLOYED_ON, ZW_KIND_COUNT);
        GArray *spots = g_array_new(FALSE, FALSE, sizeof(MeasureSpot));

        for (guint i = 0; i < deployed->len; i++) {
                MeasureSpot spot = { g_array_index(deployed, ItemNo, i), g_array_index(deployed, ItemNo, i) };
                g_autoptr(GArray) components = items_linked(view, spot.spot, GRAPH_OUT, ZW_LINK_INSTANCE_OF,
                                                            ZW_KIND_COMPONENT);

                g_array_append_val(spots, spot);
                for (guint k = 0; k < components->len; k++) {
                        spot.item = g_array_index(components, ItemNo, k);
                        g_array_append_val(spots, spot);
                }
        }
        return spots;
}

GArray *function_places(GraphView view, ItemNo function)
{
        g_autoptr(GArray) elements = items_linked(view, function, GRAPH_OUT, ZW_LINK_USES, ZW_KIND_COUNT);
        GArray *places = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        for (guint i = 0; i < elements->len; i++) {
                const ItemNo element = g_array_index(elements, ItemNo, i);
                const KindId kind = graph_kind(view, element);
                const ItemNo place = kind == ZW_KIND_CONDUIT ? element
                                     : kind == ZW_KIND_ASSET ? item_place(view, element)
                                                             : ZW_ITEM_NONE;

                if (place != ZW_ITEM_NONE)
                        items_add(places, place);
        }
        g_array_sort(places, item_compare);
        return places;
}
