/* Named defects of places, assets and flows (docs/algorithms/lint.md). */
#include "analysis/lint_rules.h"

void lint_asset_in_no_place(Lint *lint, ItemNo item)
{
        if (item_place(lint->view, item) == ZW_ITEM_NONE)
                lint_found(lint, item, ZW_ITEM_NONE, "%s is part of no zone or conduit",
                           lint_key(lint, item));
}

static bool flow_uses_conduit(const Lint *lint, ItemNo flow)
{
        GraphIter iter = graph_iter(lint->view, flow, GRAPH_OUT, LINK_MASK(ZW_LINK_CONNECTS));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(lint->view, edge.other) &&
                    graph_kind(lint->view, edge.other) == ZW_KIND_CONDUIT)
                        return true;
        return false;
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

        if (flow_uses_conduit(lint, item))
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

static uint32_t nature_of(const Lint *lint, ItemNo item)
{
        return facts_get_set(graph_facts(lint->view, item), ZW_ATTR_NATURE);
}

/* ZCR 3.3: separated, or the whole zone is marked safety-related. */
void lint_safety_asset_outside(Lint *lint, ItemNo item)
{
        const uint32_t safety = 1U << ZW_VALUE_ZONE_NATURE_SAFETY;
        ItemNo place = item_place(lint->view, item);

        if (place != ZW_ITEM_NONE && (nature_of(lint, item) & safety) != 0 &&
            (nature_of(lint, place) & safety) == 0)
                lint_found(lint, item, place,
                           "%s is a safety asset in %s, which is not marked safety-related (ZCR 3.3)",
                           lint_key(lint, item), lint_key(lint, place));
}

/* ZCR 3.4 to 3.6: a warning that a reason answers. */
void lint_not_separated(Lint *lint, ItemNo item)
{
        const uint32_t special = 1U << ZW_VALUE_ZONE_NATURE_TEMPORARY | 1U << ZW_VALUE_ZONE_NATURE_WIRELESS |
                                 1U << ZW_VALUE_ZONE_NATURE_EXTERNAL;
        ItemNo place = item_place(lint->view, item);
        uint32_t nature = nature_of(lint, item) & special;

        if (place == ZW_ITEM_NONE || (nature & ~nature_of(lint, place)) == 0 ||
            facts_has(graph_facts(lint->view, item), ZW_ATTR_SEPARATION_REASON))
                return;
        lint_found(lint, item, place,
                   "%s is temporary, wireless or external and not separated from %s (ZCR 3.4 to 3.6)",
                   lint_key(lint, item), lint_key(lint, place));
}
