#include "analysis/scope.h"

#include "analysis/exposure.h"
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

bool scope_has_finding(GraphView view, Scope scope, ItemNo finding)
{
        g_autoptr(GArray) assets = scope.n == 0 ? NULL : finding_assets(view, finding);

        for (guint i = 0; assets != NULL && i < assets->len; i++)
                if (scope_has_asset(view, scope, g_array_index(assets, ItemNo, i)))
                        return true;
        return scope.n == 0;
}
