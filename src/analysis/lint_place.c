/* Named defects of assets and flows (docs/algorithms/lint.md). */
#include "analysis/lint_rules.h"

void lint_asset_in_no_place(Lint *lint, ItemNo item)
{
        if (item_place(lint->view, item) == ZW_ITEM_NONE)
                lint_found(lint, item, ZW_ITEM_NONE, "%s is part of no zone or conduit",
                           lint_key(lint, item));
}

/* A sink of the flow in another place than `from`, or ZW_ITEM_NONE. */
static ItemNo flow_leaves(const Lint *lint, ItemNo flow, ItemNo from)
{
        GraphIter iter = graph_iter(lint->view, flow, GRAPH_OUT, LINK_MASK(ZW_LINK_CONNECTS));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                ItemNo to = ZW_ITEM_NONE;

                if (graph_link_as(lint->view, edge.link) == ZW_AS_SINK &&
                    graph_is_live(lint->view, edge.other))
                        to = item_place(lint->view, edge.other);
                if (to != ZW_ITEM_NONE && to != from)
                        return to;
        }
        return ZW_ITEM_NONE;
}

void lint_flow_without_conduit(Lint *lint, ItemNo item)
{
        GraphIter iter = graph_iter(lint->view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_CONNECTS));
        GraphEdge edge;

        if (lint_has_conduit(lint, item, GRAPH_OUT))
                return;
        while (graph_next(&iter, &edge)) {
                ItemNo from = ZW_ITEM_NONE, to;

                if (graph_link_as(lint->view, edge.link) == ZW_AS_SOURCE &&
                    graph_is_live(lint->view, edge.other))
                        from = item_place(lint->view, edge.other);
                if (from == ZW_ITEM_NONE)
                        continue;
                to = flow_leaves(lint, item, from);
                if (to == ZW_ITEM_NONE)
                        continue;
                lint_found(lint, item, ZW_ITEM_NONE, "%s goes from %s to %s over no conduit",
                           lint_key(lint, item), lint_key(lint, from), lint_key(lint, to));
                return;
        }
}
