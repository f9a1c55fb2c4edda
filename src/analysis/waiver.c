/* Waivers: which of them holds in a place, and which removes a row there (docs/algorithms/waivers.md). */
#include "analysis/internal.h"

#include <string.h>

bool waiver_is_in_force(GraphView view, ItemNo waiver, Instant now)
{
        Instant last;

        return graph_is_live(view, waiver) && graph_is_approved(view, waiver) &&
               !(facts_get_date(graph_facts(view, waiver), ZW_ATTR_EXPIRES, &last) &&
                 now >= last + ZW_DAY_MS);
}

static bool waiver_holds_here(PlaceContext *context, ItemNo waiver, uint32_t link)
{
        GraphView view = context->assess->view;
        FactsIter places = facts_iter(graph_link_facts(view, link), ZW_ATTR_PLACES);
        const char *here = graph_key(view, context->place), *key;
        bool any = false;
        size_t n;

        if (!graph_is_live(view, waiver) || !graph_is_approved(view, waiver) ||
            assess_is_expired(context->assess, waiver, ZW_ATTR_EXPIRES))
                return false;
        while (facts_next_text(&places, &key, &n)) {
                any = true;
                if (strlen(here) == n && memcmp(here, key, n) == 0)
                        return true;
        }
        return !any;
}

/* A condition on the inventory reopens the row: a trait some asset of the place has. */
static bool waiver_is_reopened(PlaceContext *context, ItemNo waiver)
{
        uint32_t traits = facts_get_set(graph_facts(context->assess->view, waiver), ZW_ATTR_REOPENS_ON), yes,
                 no;

        for (guint i = 0; traits != 0 && i < context->assets->len; i++) {
                asset_traits(context->assess->view, g_array_index(context->assets, ItemNo, i), &yes, &no);
                if (yes & traits)
                        return true;
        }
        return false;
}

/* Is it an approved statement that the row does not apply, with a reason, and not reopened? */
static bool waiver_removes(PlaceContext *context, ItemNo waiver, GPtrArray **causes)
{
        GraphView view = context->assess->view;
        Facts facts = graph_facts(view, waiver);

        if (facts_get_enum(facts, ZW_ATTR_DECISION) != ZW_VALUE_WAIVER_DECISION_NOT_APPLICABLE ||
            !facts_has(facts, ZW_ATTR_RATIONALE))
                return false;
        if (!waiver_is_reopened(context, waiver))
                return true;
        cause_add(context, causes, "reopened", waiver, "%s is reopened by the inventory",
                  graph_key(view, waiver));
        return false;
}

/* Looks at the waivers of one requirement; gives the oldest that removes, and the oldest that holds. */
static void waivers_look(PlaceContext *context, ItemNo requirement, ItemNo *removing, ItemNo *holding,
                         GPtrArray **causes)
{
        GraphIter iter = graph_iter(context->assess->view, requirement, GRAPH_IN, LINK_MASK(ZW_LINK_WAIVES));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                if (!waiver_holds_here(context, edge.other, edge.link))
                        continue;
                *holding = MIN(*holding, edge.other);
                if (waiver_removes(context, edge.other, causes))
                        *removing = MIN(*removing, edge.other);
        }
}

/* Most requirements are waived by nobody, which is quicker to see than for whom they speak. */
static bool is_waived(GraphView view, ItemNo requirement)
{
        return graph_first(view, requirement, GRAPH_IN, ZW_LINK_WAIVES) != ZW_ITEM_NONE;
}

bool waiver_removes_row(PlaceContext *context, RowAssessment *row)
{
        ItemNo removing = ZW_ITEM_NONE, holding = ZW_ITEM_NONE;
        size_t n;
        const Reach *reaches = place_reaches(context, row->row, &n);

        for (size_t i = 0; i < n; i++)
                if (items_have(context->ancestors, context->n_ancestors, reaches[i].at))
                        waivers_look(context, reaches[i].requirement, &removing, &holding, &row->causes);
        row->waiver = removing != ZW_ITEM_NONE ? removing : holding;
        return removing != ZW_ITEM_NONE;
}

bool waiver_removes_member(PlaceContext *context, RowAssessment *row, ItemNo member, GPtrArray **causes)
{
        ItemNo removing = ZW_ITEM_NONE, holding = ZW_ITEM_NONE;
        size_t n;
        const Reach *reaches = place_reaches(context, row->row, &n);

        for (size_t i = 0; i < n; i++)
                if (is_waived(context->assess->view, reaches[i].requirement) &&
                    !items_have(context->ancestors, context->n_ancestors, reaches[i].at) &&
                    place_reaches_member(context, &reaches[i], member))
                        waivers_look(context, reaches[i].requirement, &removing, &holding, causes);
        row->waiver = MIN(row->waiver, MIN(removing, holding));
        if (removing != ZW_ITEM_NONE)
                cause_add(context, causes, "waived", removing, "%s removes it for %s",
                          graph_key(context->assess->view, removing),
                          graph_key(context->assess->view, member));
        return removing != ZW_ITEM_NONE;
}
