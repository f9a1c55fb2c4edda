/* The rows that a place must fulfil: where each stands, who keeps it there, and every cause. */
#include "report/query_internal.h"

enum {
        ROWS_FR,
        ROWS_NAME,
        ROWS_LEVEL,
        ROWS_REF,
        ROWS_TITLE,
        ROWS_STANDING,
        ROWS_STATUS,
        ROWS_BROKEN,
        ROWS_REQUIREMENT,
        ROWS_PARTY,
        ROWS_WAIVER,
        ROWS_DECISION,
        ROWS_EXPIRES,
        ROWS_MEMBERS,
        ROWS_CLAIMS,
        ROWS_CAUSES,
        ROWS_STOPS,
        ROWS_N,
};

static const QueryField rows_fields[ROWS_N] = {
        [ROWS_FR] = { "fr", CELL_NUMBER },
        [ROWS_NAME] = { "fr_name", CELL_TEXT },
        [ROWS_LEVEL] = { "level", CELL_NUMBER },
        [ROWS_REF] = { "ref", CELL_TEXT },
        [ROWS_TITLE] = { "title", CELL_TEXT },
        [ROWS_STANDING] = { "standing", CELL_WORD },
        [ROWS_STATUS] = { "status", CELL_WORD },
        [ROWS_BROKEN] = { "broken", CELL_FLAG },
        [ROWS_REQUIREMENT] = { "requirement", CELL_STEP },
        [ROWS_PARTY] = { "party", CELL_WORD },
        [ROWS_WAIVER] = { "waiver", CELL_STEP },
        [ROWS_DECISION] = { "decision", CELL_WORD },
        [ROWS_EXPIRES] = { "expires", CELL_TIME },
        [ROWS_MEMBERS] = { "members", CELL_MEMBERS },
        [ROWS_CLAIMS] = { "claims", CELL_STEPS },
        [ROWS_CAUSES] = { "causes", CELL_REASONS },
        [ROWS_STOPS] = { "stops", CELL_FLAG }, /* the next level of SL-A, with or without findings */
};

/* What is listed for a row; reused from row to row. */
typedef struct {
        GArray *members;   /* of MemberStatus, borrowing their causes */
        GPtrArray *causes; /* of Cause, borrowed */
        GArray *claims;    /* of CellStep */
} RowLists;

static int row_compare(gconstpointer a, gconstpointer b)
{
        RowId x = *(const RowId *)a, y = *(const RowId *)b;
        const CatalogueRow *left = catalogue_row(x), *right = catalogue_row(y);

        if (left->fr != right->fr)
                return left->fr - right->fr;
        if (row_first_level(x) != row_first_level(y))
                return row_first_level(x) - row_first_level(y);
        return x < y ? -1 : x > y;
}

static int member_compare(gconstpointer a, gconstpointer b)
{
        const MemberStatus *x = a, *y = b;

        return x->member < y->member ? -1 : x->member > y->member;
}

static int step_compare(gconstpointer a, gconstpointer b)
{
        const CellStep *x = a, *y = b;

        return x->item < y->item ? -1 : x->item > y->item;
}

/* By kind, then the item, then the words. */
static int cause_compare(gconstpointer a, gconstpointer b)
{
        const Cause *x = *(const Cause *const *)a, *y = *(const Cause *const *)b;
        int order = g_strcmp0(x->kind, y->kind);

        if (order != 0)
                return order;
        if (x->item != y->item)
                return x->item < y->item ? -1 : 1;
        return g_strcmp0(x->text, y->text);
}

static void causes_add(GPtrArray *list, const GPtrArray *causes)
{
        for (guint i = 0; causes != NULL && i < causes->len; i++)
                g_ptr_array_add(list, g_ptr_array_index(causes, i));
}

/* Sorts, and leaves out what several members say in the same words. */
static void causes_tidy(GPtrArray *list)
{
        guint n = 0;

        g_ptr_array_sort(list, cause_compare);
        for (guint i = 0; i < list->len; i++)
                if (n == 0 || cause_compare(&list->pdata[i], &list->pdata[n - 1]) != 0)
                        list->pdata[n++] = list->pdata[i];
        g_ptr_array_set_size(list, (gint)n);
}

static void claims_add(GArray *claims, ItemNo claim)
{
        CellStep step = { claim, false };

        for (guint i = 0; i < claims->len; i++)
                if (g_array_index(claims, CellStep, i).item == claim)
                        return;
        g_array_append_val(claims, step);
}

static void lists_fill(RowLists *lists, const RowAssessment *row)
{
        g_array_set_size(lists->members, 0);
        g_array_set_size(lists->claims, 0);
        g_ptr_array_set_size(lists->causes, 0);
        causes_add(lists->causes, row->causes);
        for (guint i = 0; i < row->members->len; i++) {
                const MemberStatus *member = &g_array_index(row->members, MemberStatus, i);

                g_array_append_vals(lists->members, member, 1);
                causes_add(lists->causes, member->causes);
                if (member->claim != ZW_ITEM_NONE)
                        claims_add(lists->claims, member->claim);
        }
        g_array_sort(lists->members, member_compare);
        g_array_sort(lists->claims, step_compare);
        causes_tidy(lists->causes);
}

static void waiver_cells(Query *query, const RowAssessment *row)
{
        Instant expires;

        fill_step(query, ROWS_WAIVER, (CellStep){ row->waiver, false });
        if (row->waiver == ZW_ITEM_NONE) {
                if (row->status == STATUS_REMOVED)
                        fill_text(query, ROWS_DECISION, "no_member");
                return;
        }
        fill_enum(query, ROWS_DECISION, row->waiver, ZW_ATTR_DECISION);
        if (facts_get_date(graph_facts(query->context->view, row->waiver), ZW_ATTR_EXPIRES, &expires))
                fill_time(query, ROWS_EXPIRES, expires);
}

static void row_cells(Query *query, const PlaceAssessment *place, const RowAssessment *row, RowLists *lists)
{
        const CatalogueRow *facts = catalogue_row(row->row);
        ItemNo requirement = row->requirement != ZW_ITEM_NONE ? row->requirement : row->unallocated;

        lists_fill(lists, row);
        fill_number(query, ROWS_FR, facts->fr);
        fill_text(query, ROWS_NAME, sl_fr_name(facts->fr));
        fill_number(query, ROWS_LEVEL, row_first_level(row->row));
        fill_text(query, ROWS_REF, facts->id);
        fill_text(query, ROWS_TITLE, facts->title);
        fill_text(query, ROWS_STANDING, standing_name(row_standing(query->context->view, place, row->row)));
        fill_text(query, ROWS_STATUS, row_status_name(row->status));
        fill_number(query, ROWS_BROKEN, row->broken);
        fill_step(query, ROWS_REQUIREMENT, (CellStep){ requirement, false });
        fill_enum(query, ROWS_PARTY, requirement, ZW_ATTR_RESPONSIBLE);
        waiver_cells(query, row);
        fill_list(query, ROWS_MEMBERS, lists->members->data, lists->members->len);
        fill_list(query, ROWS_CLAIMS, lists->claims->data, lists->claims->len);
        fill_list(query, ROWS_CAUSES, lists->causes->pdata, lists->causes->len);
        fill_number(query, ROWS_STOPS,
                    row_stops_level(place, row->row, LEVEL_VERIFIED) ||
                            row_stops_level(place, row->row, LEVEL_VERIFIED_WITH_FINDINGS));
}

static void rows_run(Query *query)
{
        const PlaceAssessment *place = context_assessment(query->context, query->place);
        RowLists lists = { .members = g_array_new(FALSE, FALSE, sizeof(MemberStatus)),
                           .causes = g_ptr_array_new(),
                           .claims = g_array_new(FALSE, FALSE, sizeof(CellStep)) };
        RowId order[ZW_SR_ROWS];

        for (RowId i = 0; i < ZW_SR_ROWS; i++)
                order[i] = i;
        qsort(order, ZW_SR_ROWS, sizeof *order, row_compare);
        for (size_t i = 0; i < ZW_SR_ROWS && !query->stopped; i++) {
                const RowAssessment *row = &place->rows[order[i]];

                if (!row_is_demanded(place, row->row) &&
                    !(row_stops(place, row->row) && row->status == STATUS_UNKNOWN))
                        continue;
                fill_clear(query);
                row_cells(query, place, row, &lists);
                (void)fill_emit(query);
        }
        g_array_unref(lists.members);
        g_ptr_array_unref(lists.causes);
        g_array_unref(lists.claims);
}

const QueryDef report_query_rows = { "rows", true, rows_fields, ROWS_N, rows_run };
