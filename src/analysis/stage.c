/* Coverage: the furthest stage of a row, and which rows stop an entry (docs/algorithms/coverage.md). */
#include "analysis/internal.h"

const char *row_stage_name(RowStage stage)
{
        static const char *const names[] = { "no_requirement", "not_derived", "not_claimed",
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

bool derives_from_risk(GraphView view, ItemNo requirement)
{
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

RowStage row_stage(GraphView view, const RowAssessment *row)
{
        if (row->status == STATUS_REMOVED)
                return STAGE_NOT_APPLICABLE;
        if (row->requirement == ZW_ITEM_NONE)
                return STAGE_NO_REQUIREMENT;
        if (row->status == STATUS_VERIFIED)
                return STAGE_VERIFIED;
        if (row->status == STATUS_CLAIMED || row->status == STATUS_SUSPECT || row->status == STATUS_FAILED)
                return STAGE_NOT_VERIFIED;
        return derives_from_risk(view, row->requirement) ? STAGE_NOT_CLAIMED : STAGE_NOT_DERIVED;
}

bool row_stops(const PlaceAssessment *place, RowId row)
{
        RowStatus status = place->rows[row].status;
        int reached = place->verified.e[catalogue_row(row)->fr - 1];

        if (status == STATUS_REMOVED || status == STATUS_VERIFIED)
                return false;
        return reached == ZW_SL_UNKNOWN ? status == STATUS_UNKNOWN : catalogue_demanded(row, reached + 1);
}
