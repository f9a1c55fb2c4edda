/* What an action of a plan touches in the plant (docs/algorithms/plan.md). */
#include "analysis/plan_internal.h"

static void item_add(GraphView view, GArray *items, ItemNo item)
{
        if (item != ZW_ITEM_NONE && graph_is_live(view, item))
                items_add(items, item);
}

static void others_add(GraphView view, GArray *items, ItemNo item, GraphSide side, LinkTypeId type)
{
        GraphIter iter = graph_iter(view, item, side, LINK_MASK(type));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                item_add(view, items, edge.other);
}

/* Where something is done: a product where it is installed, everything else where it is. */
static void subject_add(GraphView view, GArray *items, ItemNo subject)
{
        if (subject != ZW_ITEM_NONE && graph_kind(view, subject) == ZW_KIND_COMPONENT)
                others_add(view, items, subject, GRAPH_IN, ZW_LINK_INSTANCE_OF);
        else
                item_add(view, items, subject);
}

static void subjects_add(GraphView view, GArray *items, ItemNo item, LinkTypeId type)
{
        GraphIter iter = graph_iter(view, item, GRAPH_OUT, LINK_MASK(type));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other))
                        subject_add(view, items, edge.other);
}

/* A test of a claim is done on what the claim covers, a test of a countermeasure where that is deployed. */
static void tested_add(GraphView view, GArray *items, ItemNo tested)
{
        if (graph_kind(view, tested) == ZW_KIND_CLAIM)
                subjects_add(view, items, tested, ZW_LINK_COVERS);
        else if (graph_kind(view, tested) == ZW_KIND_COUNTERMEASURE)
                subjects_add(view, items, tested, ZW_LINK_DEPLOYED_ON);
}

static void case_add(GraphView view, GArray *items, ItemNo test_case)
{
        GraphIter iter = graph_iter(view, test_case, GRAPH_OUT, LINK_MASK(ZW_LINK_VERIFIES));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other))
                        tested_add(view, items, edge.other);
}

static void items_find(GraphView view, const PlanAction *action, GArray *items)
{
        switch (action->kind) {
        case ACTION_REQUIRE:
        case ACTION_CONFIRM:
                break; /* nothing but the case */
        case ACTION_TEST:
        case ACTION_REPAIR:
                case_add(view, items, action->item);
                break;
        case ACTION_NEW_TEST:
        case ACTION_VERIFY:
                tested_add(view, items, action->item);
                break;
        case ACTION_PATCH:
        case ACTION_CONFIGURE:
        case ACTION_COUNTERMEASURE:
                subject_add(view, items, action->item);
                break;
        case ACTION_MITIGATE:
                subjects_add(view, items, action->item, ZW_LINK_CONCERNS);
                break;
        }
}

/* Those that use the item, a component of it, or, for a zone or conduit, an asset in it. */
static void functions_find(GraphView view, ItemNo item, GArray *functions)
{
        const KindId kind = graph_kind(view, item);
        GraphIter components = graph_iter(view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_INSTANCE_OF));
        GraphIter parts = graph_iter(view, item, GRAPH_IN, LINK_MASK(ZW_LINK_PART_OF));
        GraphEdge edge;

        others_add(view, functions, item, GRAPH_IN, ZW_LINK_USES);
        while (graph_next(&components, &edge))
                others_add(view, functions, edge.other, GRAPH_IN, ZW_LINK_USES);
        if (kind != ZW_KIND_ZONE && kind != ZW_KIND_CONDUIT)
                return;
        while (graph_next(&parts, &edge))
                if (graph_kind(view, edge.other) == ZW_KIND_ASSET && graph_is_live(view, edge.other))
                        functions_find(view, edge.other, functions);
}

void plan_touches(GraphView view, const PlanAction *action, GArray *ret_items, GArray *ret_functions)
{
        items_find(view, action, ret_items);
        for (guint i = 0; i < ret_items->len; i++)
                functions_find(view, g_array_index(ret_items, ItemNo, i), ret_functions);
        if (action->kind == ACTION_VERIFY)
                others_add(view, ret_functions, action->item, GRAPH_OUT, ZW_LINK_AFFECTS);
        g_array_sort(ret_items, item_compare);
        g_array_sort(ret_functions, item_compare);
}
