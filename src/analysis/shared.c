#include "analysis/shared.h"

#include "analysis/internal.h"

/* What a function stands on, or stands in: each with the function and the thing it uses. */
typedef struct {
        ItemNo item, function, uses;
} Anchor;

static int anchor_compare(gconstpointer a, gconstpointer b)
{
        const Anchor *left = a, *right = b;

        if (left->item != right->item)
                return left->item < right->item ? -1 : 1;
        if (left->function != right->function)
                return left->function < right->function ? -1 : 1;
        return left->uses < right->uses ? -1 : left->uses > right->uses;
}

static int item_compare(gconstpointer a, gconstpointer b)
{
        ItemNo left = *(const ItemNo *)a, right = *(const ItemNo *)b;

        return left < right ? -1 : left > right;
}

/* The live other ends of the links of one type, of one kind (or ZW_KIND_COUNT for any), by number. */
static GArray *items_next(GraphView view, ItemNo item, GraphSide side, LinkTypeId type, int kind)
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

static void anchors_add(GraphView view, GArray *anchors, ItemNo function, ItemNo uses)
{
        g_autoptr(GArray)
                components = items_next(view, uses, GRAPH_OUT, ZW_LINK_INSTANCE_OF, ZW_KIND_COMPONENT);
        ItemNo containers[ANCESTORS_MAX];
        /* What contains a component is a product, which is not where a measure runs. */
        size_t n = graph_kind(view, uses) == ZW_KIND_COMPONENT ? 0 : item_containers(view, uses, containers);
        Anchor anchor = { uses, function, uses };

        g_array_append_val(anchors, anchor);
        for (guint i = 0; i < components->len; i++) {
                anchor.item = g_array_index(components, ItemNo, i);
                g_array_append_val(anchors, anchor);
        }
        /* Its place and what that lies in; a whole system says nothing about what is shared. */
        for (size_t i = 1; i < n; i++) {
                anchor.item = containers[i];
                if (graph_kind(view, anchor.item) != ZW_KIND_SYSTEM)
                        g_array_append_val(anchors, anchor);
        }
}

static GArray *anchors_of_all(GraphView view)
{
        GArray *anchors = g_array_new(FALSE, FALSE, sizeof(Anchor));

        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                g_autoptr(GArray) used = NULL;

                if (!graph_exists(view, item) || !graph_is_live(view, item) ||
                    (graph_kind(view, item) != ZW_KIND_SAFETY_FUNCTION &&
                     graph_kind(view, item) != ZW_KIND_PROTECTION_LAYER))
                        continue;
                used = items_next(view, item, GRAPH_OUT, ZW_LINK_USES, ZW_KIND_COUNT);
                for (guint i = 0; i < used->len; i++)
                        anchors_add(view, anchors, item, g_array_index(used, ItemNo, i));
        }
        g_array_sort(anchors, anchor_compare);
        return anchors;
}

typedef struct {
        GraphView view;
        GArray *anchors, *found;
        GHashTable *seen; /* functions that were found */
        SharedFunction at;
} Search;

static void path_append(SharedFunction *shared, ItemNo item)
{
        if (shared->n == 0 || shared->path[shared->n - 1] != item)
                shared->path[shared->n++] = item;
}

/* The functions anchored at `item`, which the measure has where it is deployed. */
static void anchors_meet(Search *search, ItemNo item)
{
        guint low = 0, high = search->anchors->len;

        while (low < high) {
                guint middle = (low + high) / 2;

                if (g_array_index(search->anchors, Anchor, middle).item < item)
                        low = middle + 1;
                else
                        high = middle;
        }
        for (; low < search->anchors->len; low++) {
                const Anchor *anchor = &g_array_index(search->anchors, Anchor, low);
                SharedFunction shared = search->at;

                if (anchor->item != item)
                        return;
                if (!g_hash_table_add(search->seen, GUINT_TO_POINTER(anchor->function + 1)))
                        continue;
                path_append(&shared, item);
                path_append(&shared, anchor->uses);
                path_append(&shared, anchor->function);
                shared.function = anchor->function;
                g_array_append_val(search->found, shared);
        }
}

static void countermeasure_look(Search *search, ItemNo countermeasure)
{
        g_autoptr(GArray) spots = items_next(search->view, countermeasure, GRAPH_OUT, ZW_LINK_DEPLOYED_ON,
                                             ZW_KIND_COUNT);
        const size_t before = search->at.n;

        path_append(&search->at, countermeasure);
        for (guint i = 0; i < spots->len; i++) {
                ItemNo spot = g_array_index(spots, ItemNo, i);
                g_autoptr(GArray) components = items_next(search->view, spot, GRAPH_OUT, ZW_LINK_INSTANCE_OF,
                                                          ZW_KIND_COMPONENT);
                const size_t n = search->at.n;

                path_append(&search->at, spot);
                anchors_meet(search, spot);
                for (guint k = 0; k < components->len; k++)
                        anchors_meet(search, g_array_index(components, ItemNo, k));
                search->at.n = n;
        }
        search->at.n = before;
}

GArray *shared_functions(GraphView view, const ItemNo *requirements, size_t n)
{
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        g_autoptr(GArray) anchors = anchors_of_all(view);
        Search search = { view, anchors, g_array_new(FALSE, FALSE, sizeof(SharedFunction)), seen, { 0 } };

        for (size_t i = 0; i < n; i++) {
                g_autoptr(GArray)
                        claims = items_next(view, requirements[i], GRAPH_IN, ZW_LINK_ANSWERS, ZW_KIND_CLAIM);

                for (guint c = 0; c < claims->len; c++) {
                        ItemNo claim = g_array_index(claims, ItemNo, c);
                        g_autoptr(GArray) measures = items_next(view, claim, GRAPH_OUT, ZW_LINK_RESTS_ON,
                                                                ZW_KIND_COUNTERMEASURE);

                        search.at = (SharedFunction){ .requirement = i,
                                                      .path = { requirements[i], claim },
                                                      .n = 2 };
                        for (guint m = 0; m < measures->len; m++)
                                countermeasure_look(&search, g_array_index(measures, ItemNo, m));
                }
        }
        return search.found;
}
