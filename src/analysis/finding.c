/* Findings as an overlay: which rows a confirmed finding breaks, and what clears it (docs/algorithms/findings.md). */
#include "analysis/internal.h"

/* Cleared by its state, or by a verified countermeasure that mitigates it; `accepted` does not clear. */
static bool finding_is_cleared(const Assess *assess, ItemNo finding)
{
        GraphIter iter = graph_iter(assess->view, finding, GRAPH_IN, LINK_MASK(ZW_LINK_MITIGATES));
        GraphEdge edge;

        if (state_def(graph_state(assess->view, finding))->flags & (STATE_CLEARED | STATE_RETIRED))
                return true;
        while (graph_next(&iter, &edge))
                if (countermeasure_is_verified(assess, edge.other))
                        return true;
        return false;
}

static bool finding_breaks_row(GraphView view, ItemNo finding, RowId row)
{
        FactsIter iter = facts_iter(graph_facts(view, finding), ZW_ATTR_BROKEN);
        RowId broken;

        while (facts_next_row(&iter, &broken))
                if (broken == row)
                        return true;
        return false;
}

/* The oldest one, so that the order of the links decides nothing; ZW_ITEM_NONE is the highest number. */
static ItemNo finding_on(PlaceContext *context, RowId row, ItemNo subject)
{
        GraphView view = context->assess->view;
        GraphIter iter = graph_iter(view, subject, GRAPH_IN, LINK_MASK(ZW_LINK_CONCERNS));
        ItemNo finding = ZW_ITEM_NONE;
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_kind(view, edge.other) == ZW_KIND_FINDING &&
                    finding_breaks_row(view, edge.other, row) &&
                    !finding_is_cleared(context->assess, edge.other))
                        finding = MIN(finding, edge.other);
        return finding;
}

/* A finding on the asset, or on a component of it. */
static ItemNo finding_on_asset(PlaceContext *context, RowId row, ItemNo asset)
{
        GraphView view = context->assess->view;
        GraphIter iter = graph_iter(view, asset, GRAPH_OUT, LINK_MASK(ZW_LINK_INSTANCE_OF));
        ItemNo finding = finding_on(context, row, asset);
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                finding = MIN(finding, finding_on(context, row, edge.other));
        return finding;
}

ItemNo finding_breaking(PlaceContext *context, RowId row, ItemNo member)
{
        GraphView view = context->assess->view;
        ItemNo finding = ZW_ITEM_NONE;
        GraphIter iter;
        GraphEdge edge;

        if (graph_kind(view, member) == ZW_KIND_ASSET)
                return finding_on_asset(context, row, member);
        if (member == context->place) {
                for (guint i = 0; i < context->assets->len; i++)
                        finding = MIN(finding, finding_on_asset(context, row,
                                                                g_array_index(context->assets, ItemNo, i)));
                return finding;
        }
        if (graph_kind(view, member) != ZW_KIND_CONDUIT)
                return ZW_ITEM_NONE;
        iter = graph_iter(view, member, GRAPH_IN, LINK_MASK(ZW_LINK_PART_OF));
        while (graph_next(&iter, &edge))
                if (graph_kind(view, edge.other) == ZW_KIND_ASSET && graph_is_live(view, edge.other))
                        finding = MIN(finding, finding_on_asset(context, row, edge.other));
        return finding;
}
