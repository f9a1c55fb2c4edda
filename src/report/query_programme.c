/* Programmes of 62443-2-1, 2-4 and 4-1 (analysis/programme.h): rolled up, and record by record. A programme of which the project has no
 * requirement is left out. */
#include "analysis/programme.h"
#include "report/query_internal.h"

/* Calls `see` with each programme that was begun. */
typedef void (*ProgrammeFn)(Query *query, const Programme *programme);

static void programmes_each(Query *query, ProgrammeFn see)
{
        const ProgrammeFocus focus = { NULL, ZW_ITEM_NONE, query->context->now };

        for (int id = 0; id < ZW_PROGRAMME_COUNT && !query->stopped; id++) {
                g_autoptr(Programme)
                        programme = programme_assess(query->context->view, (ProgrammeId)id, &focus);
                const ProgrammeGroup *all = &g_array_index(programme->groups, ProgrammeGroup,
                                                           programme->groups->len - 1);

                if (all->n[PROGRAMME_NO_REQUIREMENT] < programme->records->len)
                        see(query, programme);
        }
}

static void fill_maturity(Query *query, size_t field, int level)
{
        if (level == MATURITY_UNKNOWN)
                fill_unknown(query, field);
        else
                fill_number(query, field, level);
}

/* ---- rolled up ---- */

enum {
        ROLLED_STANDARD,
        ROLLED_GROUP,
        ROLLED_CLAIMED,
        ROLLED_VERIFIED,
        ROLLED_MET,
        ROLLED_GAPS,
        ROLLED_NOT_ASSESSED,
        ROLLED_NO_REQUIREMENT,
        ROLLED_NOT_APPLICABLE,
        ROLLED_HELD,
        ROLLED_N
};

static const QueryField rolled_fields[ROLLED_N] = {
        [ROLLED_STANDARD] = { "standard", CELL_TEXT },
        [ROLLED_GROUP] = { "group", CELL_TEXT },
        [ROLLED_CLAIMED] = { "claimed", CELL_NUMBER },
        [ROLLED_VERIFIED] = { "verified", CELL_NUMBER },
        [ROLLED_MET] = { "met", CELL_NUMBER },
        [ROLLED_GAPS] = { "with_gaps", CELL_NUMBER },
        [ROLLED_NOT_ASSESSED] = { "not_assessed", CELL_NUMBER },
        [ROLLED_NO_REQUIREMENT] = { "no_requirement", CELL_NUMBER },
        [ROLLED_NOT_APPLICABLE] = { "not_applicable", CELL_NUMBER },
        [ROLLED_HELD] = { "held_by", CELL_REFS },
};

static void rolled_row(Query *query, const Programme *programme, const ProgrammeGroup *group)
{
        g_autoptr(GPtrArray) refs = g_ptr_array_new();

        for (guint i = 0; i < group->holding->len; i++)
                g_ptr_array_add(refs, (gpointer)(uintptr_t)catalogue_row(
                                              g_array_index(programme->records, ProgrammeRecord,
                                                            g_array_index(group->holding, guint, i))
                                                      .row)
                                              ->id);
        fill_clear(query);
        fill_text(query, ROLLED_STANDARD, programme_name(programme->id));
        fill_text(query, ROLLED_GROUP, group->group == NULL ? "All" : group->group);
        fill_maturity(query, ROLLED_CLAIMED, group->claimed);
        fill_maturity(query, ROLLED_VERIFIED, group->verified);
        fill_number(query, ROLLED_MET, (gint64)group->n[PROGRAMME_MET]);
        fill_number(query, ROLLED_GAPS, (gint64)group->n[PROGRAMME_GAPS]);
        fill_number(query, ROLLED_NOT_ASSESSED, (gint64)group->n[PROGRAMME_NOT_ASSESSED]);
        fill_number(query, ROLLED_NO_REQUIREMENT, (gint64)group->n[PROGRAMME_NO_REQUIREMENT]);
        fill_number(query, ROLLED_NOT_APPLICABLE, (gint64)group->n[PROGRAMME_NOT_APPLICABLE]);
        fill_list(query, ROLLED_HELD, refs->pdata, refs->len);
        (void)fill_emit(query);
}

static void rolled_see(Query *query, const Programme *programme)
{
        for (guint i = 0; i < programme->groups->len && !query->stopped; i++)
                rolled_row(query, programme, &g_array_index(programme->groups, ProgrammeGroup, i));
}

static void rolled_run(Query *query)
{
        programmes_each(query, rolled_see);
}

const QueryDef report_query_programmes = { "programmes", false, rolled_fields, ROLLED_N, rolled_run };

/* ---- record by record ---- */

enum {
        ASSESSED_STANDARD,
        ASSESSED_REF,
        ASSESSED_NAME,
        ASSESSED_ORGANISATION,
        ASSESSED_REQUIREMENT,
        ASSESSED_SUBJECTS,
        ASSESSED_STATE,
        ASSESSED_TARGET,
        ASSESSED_CLAIMED,
        ASSESSED_SUPPORTED,
        ASSESSED_VERIFIED,
        ASSESSED_PROCEDURES,
        ASSESSED_RECORDS,
        ASSESSED_ASSESSOR,
        ASSESSED_DAY,
        ASSESSED_GAPS,
        ASSESSED_MAPPED,
        ASSESSED_N
};

static const QueryField assessed_fields[ASSESSED_N] = {
        [ASSESSED_STANDARD] = { "standard", CELL_TEXT },
        [ASSESSED_REF] = { "ref", CELL_TEXT },
        [ASSESSED_NAME] = { "name", CELL_TEXT },
        [ASSESSED_ORGANISATION] = { "organisation", CELL_TEXT },
        [ASSESSED_REQUIREMENT] = { "requirement", CELL_ITEM },
        [ASSESSED_SUBJECTS] = { "subjects", CELL_ITEMS },
        [ASSESSED_STATE] = { "state", CELL_WORD },
        [ASSESSED_TARGET] = { "target", CELL_NUMBER },
        [ASSESSED_CLAIMED] = { "claimed", CELL_NUMBER },
        [ASSESSED_SUPPORTED] = { "supported", CELL_NUMBER },
        [ASSESSED_VERIFIED] = { "verified", CELL_NUMBER },
        [ASSESSED_PROCEDURES] = { "procedures", CELL_ITEMS },
        [ASSESSED_RECORDS] = { "records", CELL_ITEMS },
        [ASSESSED_ASSESSOR] = { "assessor", CELL_TEXT },
        [ASSESSED_DAY] = { "assessed", CELL_TIME },
        [ASSESSED_GAPS] = { "gaps", CELL_WORDS },
        [ASSESSED_MAPPED] = { "mapped", CELL_REFS },
};

static const char *state_word(ProgrammeState state)
{
        return state == PROGRAMME_GAPS ? "with_gaps" : programme_state_name(state);
}

/* The rows of the other edition. */
static GPtrArray *mapped_refs(RowId row)
{
        GPtrArray *refs = g_ptr_array_new();
        const RowId *rows = catalogue_mapped(row);

        for (; rows != NULL && *rows != ZW_ROW_NONE; rows++)
                g_ptr_array_add(refs, (gpointer)(uintptr_t)catalogue_row(*rows)->id);
        return refs;
}

static GPtrArray *gap_words(const ProgrammeRecord *record)
{
        GPtrArray *words = g_ptr_array_new();

        for (guint i = 0; i < record->gaps->len; i++)
                g_ptr_array_add(words, (gpointer)(uintptr_t)programme_gap_name(
                                               g_array_index(record->gaps, ProgrammeGap, i).kind));
        return words;
}

static char *text_of(GraphView view, ItemNo item, AttrId attr)
{
        size_t n = 0;
        const char *text = item == ZW_ITEM_NONE ? NULL : facts_get_text(graph_facts(view, item), attr, &n);

        return text == NULL ? NULL : g_strndup(text, n);
}

static void levels_fill(Query *query, const ProgrammeRecord *record)
{
        if (record->target != MATURITY_UNKNOWN)
                fill_number(query, ASSESSED_TARGET, record->target);
        fill_maturity(query, ASSESSED_CLAIMED, record->claimed);
        fill_maturity(query, ASSESSED_SUPPORTED, record->supported);
        fill_maturity(query, ASSESSED_VERIFIED, record->verified);
}

static void assessed_row(Query *query, const Programme *programme, const ProgrammeRecord *record)
{
        GraphView view = query->context->view;
        const CatalogueRow *row = catalogue_row(record->row);
        g_autofree char *organisation = text_of(view, record->requirement, ZW_ATTR_ORGANISATION),
                        *assessor = text_of(view, record->claim, ZW_ATTR_ASSESSOR);
        g_autoptr(GPtrArray) mapped = mapped_refs(record->row), gaps = gap_words(record);
        Instant day;

        fill_clear(query);
        fill_text(query, ASSESSED_STANDARD, programme_name(programme->id));
        fill_text(query, ASSESSED_REF, row->id);
        fill_text(query, ASSESSED_NAME, row->title);
        fill_text(query, ASSESSED_ORGANISATION, organisation);
        fill_item(query, ASSESSED_REQUIREMENT, record->requirement);
        fill_list(query, ASSESSED_SUBJECTS, record->subjects->data, record->subjects->len);
        fill_text(query, ASSESSED_STATE, state_word(record->state));
        levels_fill(query, record);
        fill_list(query, ASSESSED_PROCEDURES, record->procedures->data, record->procedures->len);
        fill_list(query, ASSESSED_RECORDS, record->records->data, record->records->len);
        fill_text(query, ASSESSED_ASSESSOR, assessor);
        if (record->claim != ZW_ITEM_NONE &&
            facts_get_date(graph_facts(view, record->claim), ZW_ATTR_ASSESSED, &day))
                fill_time(query, ASSESSED_DAY, day);
        fill_list(query, ASSESSED_GAPS, gaps->pdata, gaps->len);
        fill_list(query, ASSESSED_MAPPED, mapped->pdata, mapped->len);
        (void)fill_emit(query);
}

static void assessed_see(Query *query, const Programme *programme)
{
        for (guint i = 0; i < programme->records->len && !query->stopped; i++)
                assessed_row(query, programme, &g_array_index(programme->records, ProgrammeRecord, i));
}

static void assessed_run(Query *query)
{
        programmes_each(query, assessed_see);
}

const QueryDef report_query_assessed = { "assessed", false, assessed_fields, ASSESSED_N, assessed_run };
