/* Coverage: the furthest stage of a row, and which rows stop an entry (docs/algorithms/coverage.md). */
#include "analysis/internal.h"

const char *row_stage_name(RowStage stage)
{
        static const char *const names[] = { "no_requirement", "not_derived", "not_allocated", "not_claimed",
                                             "not_verified",   "verified",    "not_applicable" };

        return names[stage];
}

static bool is_source(GraphView view, ItemNo item)
{
        switch (graph_kind(view, item)) {
        case ZW_KIND_THREAT:
        case ZW_KIND_HAZARD:
        case ZW_KIND_INCIDENT:
        case ZW_KIND_RISK:
                return true;
        default:
                return false;
        }
}

bool derives_from_risk(GraphView shown, ItemNo requirement)
{
        const GraphView view = graph_whole(shown); /* of a source that is not seen, too */
        const LinkMask up = link_mask_or(LINK_MASK(ZW_LINK_DERIVES), LINK_MASK(ZW_LINK_JUSTIFIES));
        g_autoptr(GArray) queue = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);

        g_array_append_val(queue, requirement);
        g_hash_table_add(seen, GUINT_TO_POINTER(requirement + 1));
        for (guint i = 0; i < queue->len; i++) {
                GraphIter iter = graph_iter(view, g_array_index(queue, ItemNo, i), GRAPH_IN, up);
                GraphEdge edge;

                while (graph_next(&iter, &edge)) {
                        if (!graph_is_live(view, edge.other))
                                continue;
                        if (is_source(view, edge.other))
                                return true;
                        if (g_hash_table_add(seen, GUINT_TO_POINTER(edge.other + 1)))
                                g_array_append_val(queue, edge.other);
                }
        }
        return false;
}

/* ---- requirements that are not allocated ---- */

static void requirement_append(GraphView view, GArray *requirements, ItemNo item)
{
        Reach reach = { .requirement = item, .at = ZW_ITEM_NONE };

        reach.row = facts_get_ref(graph_facts(view, item), ZW_ATTR_REF);
        if (reach.row != ZW_ROW_NONE)
                g_array_append_val(requirements, reach);
}

static bool is_allocated(GraphView view, ItemNo requirement)
{
        GraphIter iter = graph_iter(view, requirement, GRAPH_OUT, LINK_MASK(ZW_LINK_ALLOCATED_TO));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other))
                        return true;
        return false;
}

static bool is_unallocated(GraphView view, ItemNo item)
{
        return graph_is_live(view, item) && graph_kind(view, item) == ZW_KIND_REQUIREMENT &&
               !is_allocated(view, item);
}

/* Made once, over all items. */
const GArray *unallocated_of(Assess *assess)
{
        GraphView view = assess->view;

        if (assess->unallocated != NULL)
                return assess->unallocated;
        assess->unallocated = g_array_new(FALSE, FALSE, sizeof(Reach));
        for (ItemNo item = 0; item < graph_item_count(view); item++)
                if (is_unallocated(view, item))
                        requirement_append(view, assess->unallocated, item);
        g_array_sort(assess->unallocated, reach_compare);
        return assess->unallocated;
}

/* Where it belongs in a list that is sorted. */
static void reach_insert(GArray *list, Reach reach)
{
        guint low = 0, high = list->len;

        while (low < high) {
                const guint middle = low + (high - low) / 2;

                if (reach_compare(&g_array_index(list, Reach, middle), &reach) < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        g_array_insert_val(list, low, reach);
}

bool unallocated_renew(Assess *assess, ItemNo requirement, RowId *ret_before, RowId *ret_after)
{
        GArray *list = assess->unallocated;
        guint before = 0;

        while (before < list->len && g_array_index(list, Reach, before).requirement != requirement)
                before++;
        *ret_before = before < list->len ? g_array_index(list, Reach, before).row : ZW_ROW_NONE;
        *ret_after = is_unallocated(assess->view, requirement)
                             ? facts_get_ref(graph_facts(assess->view, requirement), ZW_ATTR_REF)
                             : ZW_ROW_NONE;
        if (*ret_before == *ret_after)
                return false;
        if (*ret_before != ZW_ROW_NONE)
                g_array_remove_index(list, before);
        if (*ret_after != ZW_ROW_NONE)
                reach_insert(list,
                             (Reach){ .row = *ret_after, .requirement = requirement, .at = ZW_ITEM_NONE });
        return true;
}

/* What derives from the SL targets of the place, over any number of live requirements. */
static const GArray *pending_of(PlaceContext *context)
{
        GraphView view = context->assess->view;
        g_autoptr(GArray) queue = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        GraphIter targets = graph_iter(view, context->place, GRAPH_IN, LINK_MASK(ZW_LINK_TARGETS));
        GraphEdge edge;

        if (context->pending != NULL)
                return context->pending;
        context->pending = g_array_new(FALSE, FALSE, sizeof(Reach));
        while (graph_next(&targets, &edge))
                if (graph_is_live(view, edge.other))
                        g_array_append_val(queue, edge.other);
        for (guint i = 0; i < queue->len; i++) {
                GraphIter iter = graph_iter(view, g_array_index(queue, ItemNo, i), GRAPH_OUT,
                                            LINK_MASK(ZW_LINK_DERIVES));

                while (graph_next(&iter, &edge)) {
                        if (!graph_is_live(view, edge.other) ||
                            graph_kind(view, edge.other) != ZW_KIND_REQUIREMENT ||
                            !g_hash_table_add(seen, GUINT_TO_POINTER(edge.other + 1)))
                                continue;
                        g_array_append_val(queue, edge.other);
                        requirement_append(view, context->pending, edge.other);
                }
        }
        g_array_sort(context->pending, reach_compare);
        return context->pending;
}

ItemNo requirement_unallocated(PlaceContext *context, RowId row)
{
        GraphView view = context->assess->view;
        const GArray *lists[] = { pending_of(context), unallocated_of(context->assess) };
        ItemNo first = ZW_ITEM_NONE, derived = ZW_ITEM_NONE;

        kept_use_row(context->assess->keeper, row);
        for (size_t list = 0; list < G_N_ELEMENTS(lists); list++) {
                size_t n;
                const Reach *found = reaches_of(lists[list], row, &n);

                for (size_t i = 0; i < n; i++) {
                        first = MIN(first, found[i].requirement);
                        if (found[i].requirement < derived && derives_from_risk(view, found[i].requirement))
                                derived = found[i].requirement;
                }
        }
        return derived != ZW_ITEM_NONE ? derived : first;
}

/* ---- stages ---- */

RowStage row_stage(GraphView view, const RowAssessment *row)
{
        if (row->status == STATUS_REMOVED)
                return STAGE_NOT_APPLICABLE;
        if (row->requirement == ZW_ITEM_NONE && row->unallocated == ZW_ITEM_NONE)
                return STAGE_NO_REQUIREMENT;
        if (row->requirement == ZW_ITEM_NONE)
                return derives_from_risk(view, row->unallocated) ? STAGE_NOT_ALLOCATED : STAGE_NOT_DERIVED;
        if (row->status == STATUS_VERIFIED)
                return STAGE_VERIFIED;
        if (row->status == STATUS_CLAIMED || row->status == STATUS_SUSPECT || row->status == STATUS_FAILED)
                return STAGE_NOT_VERIFIED;
        return derives_from_risk(view, row->requirement) ? STAGE_NOT_CLAIMED : STAGE_NOT_DERIVED;
}

const SlVector *place_vector(const PlaceAssessment *place, LevelKind kind)
{
        switch (kind) {
        case LEVEL_CLAIMED:
                return &place->claimed;
        case LEVEL_VERIFIED_WITH_FINDINGS:
                return &place->verified_with_findings;
        case LEVEL_CLAIMED_WITH_FINDINGS:
                return &place->claimed_with_findings;
        default:
                return &place->verified;
        }
}

bool row_stops_level(const PlaceAssessment *place, RowId row, LevelKind kind)
{
        const bool findings = kind == LEVEL_VERIFIED_WITH_FINDINGS || kind == LEVEL_CLAIMED_WITH_FINDINGS;
        const bool claims = kind == LEVEL_CLAIMED || kind == LEVEL_CLAIMED_WITH_FINDINGS;
        RowStatus status = place->rows[row].status;
        int reached = place_vector(place, kind)->e[catalogue_row(row)->fr - 1];

        if (status == STATUS_REMOVED)
                return false;
        if (reached == ZW_SL_UNKNOWN)
                return status == STATUS_UNKNOWN;
        if ((status == STATUS_VERIFIED || (claims && status == STATUS_CLAIMED)) &&
            !(findings && place->rows[row].broken))
                return false;
        return catalogue_demanded(row, reached + 1);
}

bool row_stops(const PlaceAssessment *place, RowId row)
{
        return row_stops_level(place, row, LEVEL_VERIFIED);
}
