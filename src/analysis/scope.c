#include "analysis/scope.h"

#include "analysis/internal.h"

bool scope_has_place(GraphView view, Scope scope, ItemNo place)
{
        ItemNo containers[ANCESTORS_MAX];
        size_t n;

        if (scope.n == 0)
                return true;
        n = item_containers(view, place, containers);
        for (size_t i = 0; i < scope.n; i++)
                if (scope.items[i] == place || (graph_kind(view, scope.items[i]) == ZW_KIND_SYSTEM &&
                                                items_have(containers, n, scope.items[i])))
                        return true;
        return false;
}

bool scope_has_asset(GraphView view, Scope scope, ItemNo asset)
{
        ItemNo place = item_place(view, asset);

        return scope.n == 0 || (place != ZW_ITEM_NONE && scope_has_place(view, scope, place));
}

static int item_order(gconstpointer a, gconstpointer b)
{
        ItemNo x = *(const ItemNo *)a, y = *(const ItemNo *)b;

        return x < y ? -1 : x > y;
}

static void sort_once(GArray *items)
{
        guint kept = 0;

        g_array_sort(items, item_order);
        for (guint i = 0; i < items->len; i++)
                if (i == 0 || g_array_index(items, ItemNo, i) != g_array_index(items, ItemNo, kept - 1))
                        g_array_index(items, ItemNo, kept++) = g_array_index(items, ItemNo, i);
        g_array_set_size(items, kept);
}

GArray *scope_finding_assets(GraphView view, ItemNo finding)
{
        GArray *assets = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        GraphIter iter = graph_iter(view, finding, GRAPH_OUT, LINK_MASK(ZW_LINK_CONCERNS));
        GraphEdge edge, instance;

        while (graph_next(&iter, &edge)) {
                GraphIter instances = graph_iter(view, edge.other, GRAPH_IN, LINK_MASK(ZW_LINK_INSTANCE_OF));

                if (graph_kind(view, edge.other) == ZW_KIND_ASSET && graph_is_live(view, edge.other))
                        g_array_append_val(assets, edge.other);
                while (graph_next(&instances, &instance))
                        if (graph_is_live(view, instance.other))
                                g_array_append_val(assets, instance.other);
        }
        sort_once(assets);
        return assets;
}

bool scope_has_finding(GraphView view, Scope scope, ItemNo finding)
{
        g_autoptr(GArray) assets = scope.n == 0 ? NULL : scope_finding_assets(view, finding);

        for (guint i = 0; assets != NULL && i < assets->len; i++)
                if (scope_has_asset(view, scope, g_array_index(assets, ItemNo, i)))
                        return true;
        return scope.n == 0;
}
