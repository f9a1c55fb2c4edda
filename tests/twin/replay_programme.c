/* Programmes of 62443-2-1, 2-4 and 4-1. */
#include "analysis/programme.h"
#include "base/jread.h"
#include "replay.h"

static json_t *record_json(const ProgrammeRecord *record)
{
        json_t *gaps = json_array();

        for (guint i = 0; i < record->gaps->len; i++)
                json_array_append_new(gaps, json_string(programme_gap_name(
                                                    g_array_index(record->gaps, ProgrammeGap, i).kind)));
        return json_pack("[s, i, i, i, i, s, o]", catalogue_row(record->row)->id,
                         record->requirement == ZW_ITEM_NONE ? -1 : (int)record->requirement, record->claimed,
                         record->supported, record->verified, programme_state_name(record->state), gaps);
}

static json_t *group_json(const ProgrammeGroup *group)
{
        json_t *held = json_array();

        for (guint i = 0; i < group->holding->len; i++)
                json_array_append_new(held, json_integer(g_array_index(group->holding, guint, i)));
        return json_pack("[s?, i, i, i, i, o]", group->group, (int)group->n[PROGRAMME_MET],
                         (int)group->n[PROGRAMME_GAPS], group->claimed, group->verified, held);
}

json_t *programmes_json(Assess *assess, const json_t *model)
{
        const ProgrammeFocus focus = { NULL, ZW_ITEM_NONE, jread_get_int(model, "now", 0) };
        json_t *answer = json_object();

        for (int id = 0; id < ZW_PROGRAMME_COUNT; id++) {
                g_autoptr(Programme)
                        programme = programme_assess(assess_view(assess), (ProgrammeId)id, &focus);
                json_t *records = json_array(), *groups = json_array();

                for (guint i = 0; i < programme->records->len; i++)
                        json_array_append_new(records, record_json(&g_array_index(programme->records,
                                                                                  ProgrammeRecord, i)));
                for (guint i = 0; i < programme->groups->len; i++)
                        json_array_append_new(groups, group_json(&g_array_index(programme->groups,
                                                                                ProgrammeGroup, i)));
                json_object_set_new(answer, programme_name((ProgrammeId)id),
                                    json_pack("{s:o, s:o}", "records", records, "groups", groups));
        }
        return answer;
}
