/* Over all places: where the rows stand, and the largest gaps. */
#include "report/query_internal.h"

/* ---- totals ---- */

enum { TOTALS_STANDING, TOTALS_ROWS, TOTALS_OF, TOTALS_PLACES, TOTALS_N };

static const QueryField totals_fields[TOTALS_N] = {
        [TOTALS_STANDING] = { "standing", CELL_WORD },
        [TOTALS_ROWS] = { "rows", CELL_NUMBER },
        [TOTALS_OF] = { "share", CELL_SHARE },
        [TOTALS_PLACES] = { "places", CELL_NUMBER },
};

static void totals_run(Query *query)
{
        const GArray *summaries = context_summaries(query->context);
        gint64 rows[STANDING_COUNT] = { 0 }, places[STANDING_COUNT] = { 0 }, demanded = 0;

        for (guint i = 0; i < summaries->len; i++) {
                const PlaceSummary *summary = &g_array_index(summaries, PlaceSummary, i);
                bool has[STANDING_COUNT] = { false };

                for (RowId row = 0; row < ZW_SR_ROWS; row++) {
                        if (!summary->demanded[row])
                                continue;
                        demanded++;
                        rows[summary->standing[row]]++;
                        has[summary->standing[row]] = true;
                }
                for (int s = 0; s < STANDING_COUNT; s++)
                        places[s] += has[s];
        }
        for (int s = 0; s < STANDING_DEMANDED_COUNT && !query->stopped; s++) {
                fill_clear(query);
                fill_text(query, TOTALS_STANDING, standing_name((Standing)s));
                fill_number(query, TOTALS_ROWS, rows[s]);
                fill_share(query, TOTALS_OF, rows[s], demanded);
                fill_number(query, TOTALS_PLACES, places[s]);
                (void)fill_emit(query);
        }
}

const QueryDef report_query_totals = { "totals", false, totals_fields, TOTALS_N, totals_run };

/* ---- next: the largest gaps first ---- */

typedef struct {
        const PlaceSummary *summary;
        guint order; /* of the place */
        int fr;      /* 0 to 6 */
        int size;    /* levels that are missing */
        int rows;    /* rows that stop the next level */
} Gap;

enum {
        NEXT_PLACE,
        NEXT_TITLE,
        NEXT_FR,
        NEXT_NAME,
        NEXT_LEVELS,
        NEXT_MISSING,
        NEXT_ROWS,
        NEXT_REFS,
        NEXT_TODO,
        NEXT_N,
};

static const QueryField next_fields[NEXT_N] = {
        [NEXT_PLACE] = { "place", CELL_ITEM },     [NEXT_TITLE] = { "title", CELL_TEXT },
        [NEXT_FR] = { "fr", CELL_NUMBER },         [NEXT_NAME] = { "fr_name", CELL_TEXT },
        [NEXT_LEVELS] = { "levels", CELL_LEVELS }, [NEXT_MISSING] = { "missing", CELL_NUMBER },
        [NEXT_ROWS] = { "rows", CELL_NUMBER },     [NEXT_REFS] = { "refs", CELL_REFS },
        [NEXT_TODO] = { "todo", CELL_COUNTS },
};

/* The levels between SL-A and SL-T. What is unknown is at worst 0, so the whole of SL-T is missing. Where SL-T itself is
 * unknown there is no gap to measure; the query `underived` lists it. */
static int gap_size(const PlaceSummary *summary, int fr)
{
        int reached = summary->verified.e[fr];

        return summary->target.e[fr] - (reached == ZW_SL_UNKNOWN ? 0 : reached);
}

static int gap_compare(gconstpointer a, gconstpointer b)
{
        const Gap *x = a, *y = b;

        if (x->size != y->size)
                return y->size - x->size;
        if (x->rows != y->rows)
                return x->rows - y->rows;
        if (x->order != y->order)
                return x->order < y->order ? -1 : 1;
        return x->fr - y->fr;
}

static bool stops_here(const PlaceSummary *summary, RowId row, int fr)
{
        return catalogue_row(row)->fr == fr + 1 && summary_stops(summary, row);
}

static GArray *gaps_find(const GArray *summaries)
{
        GArray *gaps = g_array_new(FALSE, FALSE, sizeof(Gap));

        for (guint i = 0; i < summaries->len; i++) {
                const PlaceSummary *summary = &g_array_index(summaries, PlaceSummary, i);

                for (int fr = 0; fr < ZW_FR_COUNT; fr++) {
                        Gap gap = { summary, i, fr, gap_size(summary, fr), 0 };

                        for (RowId row = 0; row < ZW_SR_ROWS; row++)
                                gap.rows += stops_here(summary, row, fr);
                        if (gap.size > 0)
                                g_array_append_val(gaps, gap);
                }
        }
        g_array_sort(gaps, gap_compare);
        return gaps;
}

static void gap_cells(Query *query, const Gap *gap, GPtrArray *refs, CellCount *todo)
{
        const PlaceSummary *summary = gap->summary;
        gint64 counts[STANDING_COUNT] = { 0 };
        size_t n = 0;

        g_ptr_array_set_size(refs, 0);
        for (RowId row = 0; row < ZW_SR_ROWS; row++) {
                if (!stops_here(summary, row, gap->fr))
                        continue;
                g_ptr_array_add(refs, (gpointer)(uintptr_t)catalogue_row(row)->id);
                counts[summary->standing[row]]++;
        }
        for (int s = 0; s < STANDING_COUNT; s++)
                if (counts[s] > 0)
                        todo[n++] = (CellCount){ standing_name((Standing)s), counts[s] };
        fill_item(query, NEXT_PLACE, summary->place);
        fill_text(query, NEXT_TITLE, graph_title(query->context->view, summary->place));
        fill_number(query, NEXT_FR, gap->fr + 1);
        fill_text(query, NEXT_NAME, sl_fr_name(gap->fr + 1));
        query->cells[NEXT_LEVELS].levels = (CellLevels){ summary->target.e[gap->fr],
                                                         summary->verified.e[gap->fr],
                                                         summary->claimed.e[gap->fr],
                                                         summary->verified_with_findings.e[gap->fr] };
        fill_number(query, NEXT_MISSING, gap->size);
        fill_number(query, NEXT_ROWS, gap->rows);
        fill_list(query, NEXT_REFS, refs->pdata, refs->len);
        fill_list(query, NEXT_TODO, todo, n);
        if (summary->verified.e[gap->fr] == ZW_SL_UNKNOWN)
                fill_unknown(query, NEXT_MISSING);
}

static void next_run(Query *query)
{
        g_autoptr(GArray) gaps = gaps_find(context_summaries(query->context));
        g_autoptr(GPtrArray) refs = g_ptr_array_new();
        CellCount todo[STANDING_COUNT];

        for (guint i = 0; i < gaps->len && !query->stopped; i++) {
                fill_clear(query);
                gap_cells(query, &g_array_index(gaps, Gap, i), refs, todo);
                (void)fill_emit(query);
        }
}

const QueryDef report_query_next = { "next", false, next_fields, NEXT_N, next_run };

/* ---- underived: places with entries of SL-T that nobody derived ---- */

enum { UNDERIVED_PLACE, UNDERIVED_TITLE, UNDERIVED_ENTRIES, UNDERIVED_NAMES, UNDERIVED_N };

static const QueryField underived_fields[UNDERIVED_N] = {
        [UNDERIVED_PLACE] = { "place", CELL_ITEM },
        [UNDERIVED_TITLE] = { "title", CELL_TEXT },
        [UNDERIVED_ENTRIES] = { "entries", CELL_NUMBER },
        [UNDERIVED_NAMES] = { "names", CELL_REFS },
};

static void underived_run(Query *query)
{
        const GArray *summaries = context_summaries(query->context);
        const char *names[ZW_FR_COUNT];

        for (guint i = 0; i < summaries->len && !query->stopped; i++) {
                const PlaceSummary *summary = &g_array_index(summaries, PlaceSummary, i);
                size_t n = 0;

                for (int fr = 0; fr < ZW_FR_COUNT; fr++)
                        if (summary->target.e[fr] == ZW_SL_UNKNOWN)
                                names[n++] = sl_fr_name(fr + 1);
                if (n == 0)
                        continue;
                fill_clear(query);
                fill_item(query, UNDERIVED_PLACE, summary->place);
                fill_text(query, UNDERIVED_TITLE, graph_title(query->context->view, summary->place));
                fill_number(query, UNDERIVED_ENTRIES, (gint64)n);
                fill_list(query, UNDERIVED_NAMES, names, n);
                (void)fill_emit(query);
        }
}

const QueryDef report_query_underived = { "underived", false, underived_fields, UNDERIVED_N, underived_run };
