#include "analysis/programme_internal.h"

#include <string.h>

static const struct {
        const char *name;
        StandardId standard;
        bool first_edition; /* of 62443-2-1, whose rows are clauses: `2010:4.2.3` */
} programmes[ZW_PROGRAMME_COUNT] = {
        [PROGRAMME_2_1_2024] = { "62443-2-1:2024", STANDARD_2_1, false },
        [PROGRAMME_2_1_2010] = { "62443-2-1:2010", STANDARD_2_1, true },
        [PROGRAMME_2_4] = { "62443-2-4", STANDARD_2_4, false },
        [PROGRAMME_4_1] = { "62443-4-1", STANDARD_4_1, false },
};

const char *programme_name(ProgrammeId programme)
{
        return programmes[programme].name;
}

bool programme_find(const char *name, ProgrammeId *ret_programme)
{
        StandardId standard;

        for (int i = 0; i < ZW_PROGRAMME_COUNT; i++)
                if (strcmp(programmes[i].name, name) == 0) {
                        *ret_programme = (ProgrammeId)i;
                        return true;
                }
        for (int i = 0; standard_find(name, &standard) && i < ZW_PROGRAMME_COUNT; i++)
                if (programmes[i].standard == standard) {
                        *ret_programme = (ProgrammeId)i;
                        return true;
                }
        return false;
}

bool programme_has_row(ProgrammeId programme, RowId row)
{
        const CatalogueRow *def = catalogue_row(row);

        return def->standard == programmes[programme].standard && def->counts &&
               g_str_has_prefix(def->id, "2010:") == programmes[programme].first_edition;
}

const char *programme_state_name(ProgrammeState state)
{
        static const char *const names[] = {
                [PROGRAMME_NO_REQUIREMENT] = "no_requirement",
                [PROGRAMME_NOT_ASSESSED] = "not_assessed",
                [PROGRAMME_GAPS] = "gaps",
                [PROGRAMME_MET] = "met",
                [PROGRAMME_NOT_APPLICABLE] = "not_applicable",
        };

        return names[state];
}

const char *programme_gap_name(ProgrammeGapKind kind)
{
        static const char *const names[] = {
                [PROGRAMME_GAP_NO_PROCEDURE] = "no_procedure",
                [PROGRAMME_GAP_PROCEDURE_NOT_APPROVED] = "procedure_not_approved",
                [PROGRAMME_GAP_NO_RECORD] = "no_record",
                [PROGRAMME_GAP_RECORD_NOT_CURRENT] = "record_not_current",
                [PROGRAMME_GAP_NO_SUBJECT] = "no_subject",
                [PROGRAMME_GAP_NO_IMPROVEMENT] = "no_improvement",
                [PROGRAMME_GAP_NOT_APPROVED] = "claim_not_approved",
                [PROGRAMME_GAP_NOT_VERIFIED] = "not_verified",
                [PROGRAMME_GAP_NO_ASSESSOR] = "no_assessor",
                [PROGRAMME_GAP_EXPIRED] = "expired",
                [PROGRAMME_GAP_BELOW_TARGET] = "below_target",
                [PROGRAMME_GAP_NONCONFORMITY] = "nonconformity",
        };

        return names[kind];
}

/* ---- which requirements ---- */

/* The row of the programme that a live requirement names, or ZW_ROW_NONE. */
static RowId row_of(GraphView view, ItemNo item, ProgrammeId id)
{
        RowId row;

        if (!graph_exists(view, item) || graph_kind(view, item) != ZW_KIND_REQUIREMENT ||
            !graph_is_live(view, item))
                return ZW_ROW_NONE;
        row = facts_get_ref(graph_facts(view, item), ZW_ATTR_REF);
        return row != ZW_ROW_NONE && programme_has_row(id, row) ? row : ZW_ROW_NONE;
}

static char *organisation_of(GraphView view, ItemNo requirement)
{
        size_t n;
        const char *text = facts_get_text(graph_facts(view, requirement), ZW_ATTR_ORGANISATION, &n);

        return text == NULL ? NULL : g_strndup(text, n);
}

static bool is_for(GraphView view, ItemNo requirement, ItemNo subject)
{
        GraphIter iter = graph_iter(view, requirement, GRAPH_OUT, LINK_MASK(ZW_LINK_ALLOCATED_TO));
        GraphEdge edge;
        bool any = false;

        while (graph_next(&iter, &edge)) {
                if (edge.other == subject)
                        return true;
                any = any || graph_is_live(view, edge.other);
        }
        return !any;
}

static bool fits(GraphView view, ItemNo requirement, const ProgrammeFocus *focus)
{
        g_autofree char *organisation = organisation_of(view, requirement);

        return (focus->organisation == NULL || g_strcmp0(organisation, focus->organisation) == 0) &&
               (focus->subject == ZW_ITEM_NONE || is_for(view, requirement, focus->subject));
}

static int text_compare(gconstpointer a, gconstpointer b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *programme_organisations(GraphView view, ProgrammeId id)
{
        GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                g_autofree char *name = row_of(view, item, id) == ZW_ROW_NONE ? NULL
                                                                              : organisation_of(view, item);

                if (name != NULL && !g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
                        g_ptr_array_add(names, g_steal_pointer(&name));
        }
        g_ptr_array_sort(names, text_compare);
        return names;
}

/* ---- the roll-up ---- */

/* The lowest of two levels; unknown is lower than all but 0, which no other can raise. */
static int lowest(int a, int b)
{
        if (a == 0 || b == 0)
                return 0;
        return MIN(a, b);
}

static void group_clear(gpointer data)
{
        g_array_unref(((ProgrammeGroup *)data)->holding);
}

static bool counts(const ProgrammeRecord *record)
{
        return record->state != PROGRAMME_NOT_APPLICABLE;
}

/* `group` NULL: of all records. A group of which nothing applies has no level. */
static void group_add(Programme *programme, const char *group)
{
        ProgrammeGroup made = { .group = group,
                                .claimed = MATURITY_MAX + 1,
                                .verified = MATURITY_MAX + 1,
                                .holding = g_array_new(FALSE, FALSE, sizeof(guint)) };

        for (guint i = 0; i < programme->records->len; i++) {
                const ProgrammeRecord *record = &g_array_index(programme->records, ProgrammeRecord, i);

                if (group != NULL && strcmp(catalogue_row(record->row)->group, group) != 0)
                        continue;
                made.n[record->state]++;
                if (!counts(record))
                        continue;
                made.claimed = lowest(made.claimed, record->claimed);
                made.verified = lowest(made.verified, record->verified);
        }
        for (guint i = 0; i < programme->records->len && made.verified < MATURITY_MAX; i++) {
                const ProgrammeRecord *record = &g_array_index(programme->records, ProgrammeRecord, i);

                if (counts(record) && record->verified <= MAX(made.verified, 0) &&
                    (group == NULL || strcmp(catalogue_row(record->row)->group, group) == 0))
                        g_array_append_val(made.holding, i);
        }
        if (made.claimed > MATURITY_MAX)
                made.claimed = made.verified = MATURITY_UNKNOWN;
        g_array_append_val(programme->groups, made);
}

static void roll_up(Programme *programme)
{
        const char *last = NULL;

        programme->groups = g_array_new(FALSE, FALSE, sizeof(ProgrammeGroup));
        g_array_set_clear_func(programme->groups, group_clear);
        for (guint i = 0; i < programme->records->len; i++) {
                const char *group =
                        catalogue_row(g_array_index(programme->records, ProgrammeRecord, i).row)->group;

                if (last != NULL && strcmp(last, group) == 0)
                        continue;
                group_add(programme, group);
                last = group;
        }
        group_add(programme, NULL);
}

/* ---- all of it ---- */

static int by_row(gconstpointer a, gconstpointer b)
{
        const ProgrammeRecord *left = a, *right = b;

        return left->row != right->row
                       ? (left->row > right->row) - (left->row < right->row)
                       : (left->requirement > right->requirement) - (left->requirement < right->requirement);
}

static void record_clear(gpointer data)
{
        programme_record_clear(data);
}

static void record_take(Programme *programme, GraphView view, RowId row, ItemNo requirement, Instant now)
{
        const ProgrammeRecord record = programme_record(view, row, requirement, now);

        g_array_append_val(programme->records, record);
}

Programme *programme_assess(GraphView view, ProgrammeId id, const ProgrammeFocus *focus)
{
        Programme *programme = g_new0(Programme, 1);
        g_autofree bool *named = g_new0(bool, catalogue_count());
        RowId first;
        size_t n;

        programme->id = id;
        programme->records = g_array_new(FALSE, FALSE, sizeof(ProgrammeRecord));
        g_array_set_clear_func(programme->records, record_clear);
        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                const RowId row = row_of(view, item, id);

                if (row == ZW_ROW_NONE || !fits(view, item, focus))
                        continue;
                record_take(programme, view, row, item, focus->now);
                named[row] = true;
        }
        catalogue_range(programmes[id].standard, &first, &n);
        for (RowId row = first; row < first + n; row++)
                if (!named[row] && programme_has_row(id, row))
                        record_take(programme, view, row, ZW_ITEM_NONE, focus->now);
        g_array_sort(programme->records, by_row);
        roll_up(programme);
        return programme;
}

void programme_free(Programme *programme)
{
        if (programme == NULL)
                return;
        g_array_unref(programme->records);
        g_array_unref(programme->groups);
        g_free(programme);
}
