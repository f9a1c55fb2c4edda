#include "analysis/assess.h"

const char *row_stage_name(RowStage stage)
{
        static const char *const names[] = { "no_requirement", "not_derived", "not_claimed",
                                             "not_verified",   "verified",    "not_applicable" };

        return names[stage];
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
        if (graph_first(view, row->requirement, GRAPH_IN, ZW_LINK_DERIVES) == ZW_ITEM_NONE)
                return STAGE_NOT_DERIVED;
        return STAGE_NOT_CLAIMED;
}

bool row_stops(const PlaceAssessment *place, RowId row)
{
        RowStatus status = place->rows[row].status;
        int reached = place->verified.e[catalogue_row(row)->fr - 1];

        if (status == STATUS_REMOVED || status == STATUS_VERIFIED)
                return false;
        return reached == ZW_SL_UNKNOWN ? status == STATUS_UNKNOWN : catalogue_demanded(row, reached + 1);
}
