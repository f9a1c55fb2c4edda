/* Places: their vectors, how many rows stand where, the entries of one place and what stops them. */
#include "report/query_internal.h"

#include <string.h>

const char *standing_name(Standing standing)
{
        static const char *const names[] = { "no_requirement", "not_derived",    "not_allocated",
                                             "not_claimed",    "not_verified",   "unknown",
                                             "verified",       "not_applicable", "unknown_beyond" };

        return names[standing];
}

bool row_is_demanded(const PlaceAssessment *place, RowId row)
{
        return catalogue_demanded(row, place->target.e[catalogue_row(row)->fr - 1]);
}

Standing row_standing(GraphView view, const PlaceAssessment *place, RowId row)
{
        static const Standing of_stage[ZW_STAGE_COUNT] = {
                [STAGE_NO_REQUIREMENT] = STANDING_NO_REQUIREMENT, [STAGE_NOT_DERIVED] = STANDING_NOT_DERIVED,
                [STAGE_NOT_ALLOCATED] = STANDING_NOT_ALLOCATED,   [STAGE_NOT_CLAIMED] = STANDING_NOT_CLAIMED,
                [STAGE_NOT_VERIFIED] = STANDING_NOT_VERIFIED,     [STAGE_VERIFIED] = STANDING_VERIFIED,
                [STAGE_NOT_APPLICABLE] = STANDING_NOT_APPLICABLE,
        };

        if (place->rows[row].status == STATUS_UNKNOWN)
                return row_is_demanded(place, row) ? STANDING_UNKNOWN : STANDING_UNKNOWN_BEYOND;
        return of_stage[row_stage(view, &place->rows[row])];
}

int row_first_level(RowId row)
{
        for (int level = 1; level <= ZW_SL_MAX; level++)
                if (catalogue_demanded(row, level))
                        return level;
        return ZW_SL_MAX + 1;
}

/* Where SL-A is unknown, rows above SL-T can be what makes it so. */
bool summary_stops(const PlaceSummary *summary, RowId row)
{
        return summary->stops[row] &&
               (summary->demanded[row] || summary->standing[row] == STANDING_UNKNOWN_BEYOND);
}

/* ---- places ---- */

enum {
        PLACES_PLACE,
        PLACES_KIND,
        PLACES_TITLE,
        PLACES_TARGET,
        PLACES_VERIFIED,
        PLACES_VERIFIED_FINDINGS,
        PLACES_CLAIMED,
        PLACES_CLAIMED_FINDINGS,
        PLACES_DEMANDED,
        PLACES_STANDING, /* one for each that a demanded row can have */
        PLACES_BROKEN = PLACES_STANDING + STANDING_DEMANDED_COUNT,
        PLACES_DEFERRED,
        PLACES_UNDERIVED,
        PLACES_N,
};

static const QueryField places_fields[PLACES_N] = {
        [PLACES_PLACE] = { "place", CELL_ITEM },
        [PLACES_KIND] = { "kind", CELL_WORD },
        [PLACES_TITLE] = { "title", CELL_TEXT },
        [PLACES_TARGET] = { "target", CELL_VECTOR },
        [PLACES_VERIFIED] = { "verified", CELL_VECTOR },
        [PLACES_VERIFIED_FINDINGS] = { "verified_with_findings", CELL_VECTOR },
        [PLACES_CLAIMED] = { "claimed", CELL_VECTOR },
        [PLACES_CLAIMED_FINDINGS] = { "claimed_with_findings", CELL_VECTOR },
        [PLACES_DEMANDED] = { "demanded", CELL_NUMBER },
        [PLACES_STANDING + STANDING_NO_REQUIREMENT] = { "no_requirement", CELL_NUMBER },
        [PLACES_STANDING + STANDING_NOT_DERIVED] = { "not_derived", CELL_NUMBER },
        [PLACES_STANDING + STANDING_NOT_ALLOCATED] = { "not_allocated", CELL_NUMBER },
        [PLACES_STANDING + STANDING_NOT_CLAIMED] = { "not_claimed", CELL_NUMBER },
        [PLACES_STANDING + STANDING_NOT_VERIFIED] = { "not_verified", CELL_NUMBER },
        [PLACES_STANDING + STANDING_UNKNOWN] = { "unknown", CELL_NUMBER },
        [PLACES_STANDING + STANDING_VERIFIED] = { "rows_verified", CELL_NUMBER },
        [PLACES_STANDING + STANDING_NOT_APPLICABLE] = { "not_applicable", CELL_NUMBER },
        [PLACES_BROKEN] = { "broken", CELL_NUMBER },
        [PLACES_DEFERRED] = { "deferred", CELL_NUMBER },
        [PLACES_UNDERIVED] = { "entries_not_derived", CELL_NUMBER },
};

static void place_cells(Query *query, const PlaceSummary *summary)
{
        GraphView view = query->context->view;

        fill_item(query, PLACES_PLACE, summary->place);
        fill_text(query, PLACES_KIND, kind_def(graph_kind(view, summary->place))->name);
        fill_text(query, PLACES_TITLE, graph_title(view, summary->place));
        fill_vector(query, PLACES_TARGET, &summary->target);
        fill_vector(query, PLACES_VERIFIED, &summary->verified);
        fill_vector(query, PLACES_VERIFIED_FINDINGS, &summary->verified_with_findings);
        fill_vector(query, PLACES_CLAIMED, &summary->claimed);
        fill_vector(query, PLACES_CLAIMED_FINDINGS, &summary->claimed_with_findings);
        for (RowId row = 0; row < ZW_SR_ROWS; row++) {
                if (!summary->demanded[row])
                        continue;
                query->cells[PLACES_DEMANDED].number++;
                query->cells[PLACES_STANDING + summary->standing[row]].number++;
                query->cells[PLACES_BROKEN].number += summary->broken[row];
                query->cells[PLACES_DEFERRED].number += summary->deferred[row];
        }
        for (int i = 0; i < ZW_FR_COUNT; i++)
                query->cells[PLACES_UNDERIVED].number += summary->target.e[i] == ZW_SL_UNKNOWN;
}

static void places_run(Query *query)
{
        const GArray *summaries = context_summaries(query->context);

        for (guint i = 0; i < summaries->len && !query->stopped; i++) {
                fill_clear(query);
                place_cells(query, &g_array_index(summaries, PlaceSummary, i));
                (void)fill_emit(query);
        }
}

const QueryDef report_query_places = { "places", false, places_fields, PLACES_N, places_run };

/* ---- levels: the same as one cell per FR ---- */

enum { LEVELS_PLACE, LEVELS_KIND, LEVELS_TITLE, LEVELS_FR, LEVELS_N = LEVELS_FR + ZW_FR_COUNT };

static const QueryField levels_fields[LEVELS_N] = {
        [LEVELS_PLACE] = { "place", CELL_ITEM },  [LEVELS_KIND] = { "kind", CELL_WORD },
        [LEVELS_TITLE] = { "title", CELL_TEXT },  [LEVELS_FR + 0] = { "iac", CELL_LEVELS },
        [LEVELS_FR + 1] = { "uc", CELL_LEVELS },  [LEVELS_FR + 2] = { "si", CELL_LEVELS },
        [LEVELS_FR + 3] = { "dc", CELL_LEVELS },  [LEVELS_FR + 4] = { "rdf", CELL_LEVELS },
        [LEVELS_FR + 5] = { "tre", CELL_LEVELS }, [LEVELS_FR + 6] = { "ra", CELL_LEVELS },
};

static CellLevels levels_of(const PlaceSummary *summary, int i)
{
        return (CellLevels){ summary->target.e[i], summary->verified.e[i], summary->claimed.e[i],
                             summary->verified_with_findings.e[i] };
}

static void levels_run(Query *query)
{
        const GArray *summaries = context_summaries(query->context);

        for (guint i = 0; i < summaries->len && !query->stopped; i++) {
                const PlaceSummary *summary = &g_array_index(summaries, PlaceSummary, i);

                fill_clear(query);
                fill_item(query, LEVELS_PLACE, summary->place);
                fill_text(query, LEVELS_KIND,
                          kind_def(graph_kind(query->context->view, summary->place))->name);
                fill_text(query, LEVELS_TITLE, graph_title(query->context->view, summary->place));
                for (int fr = 0; fr < ZW_FR_COUNT; fr++)
                        query->cells[LEVELS_FR + fr].levels = levels_of(summary, fr);
                (void)fill_emit(query);
        }
}

const QueryDef report_query_levels = { "levels", false, levels_fields, LEVELS_N, levels_run };

/* ---- entries: one row per FR of a place ---- */

enum {
        ENTRIES_FR,
        ENTRIES_NAME,
        ENTRIES_TARGET,
        ENTRIES_VERIFIED,
        ENTRIES_VERIFIED_FINDINGS,
        ENTRIES_CLAIMED,
        ENTRIES_CLAIMED_FINDINGS,
        ENTRIES_RESTS_ON,
        ENTRIES_MET,
        ENTRIES_UNKNOWN,
        ENTRIES_STOPS,
        ENTRIES_N,
};

static const QueryField entries_fields[ENTRIES_N] = {
        [ENTRIES_FR] = { "fr", CELL_NUMBER },
        [ENTRIES_NAME] = { "fr_name", CELL_TEXT },
        [ENTRIES_TARGET] = { "target", CELL_LEVEL },
        [ENTRIES_VERIFIED] = { "verified", CELL_LEVEL },
        [ENTRIES_VERIFIED_FINDINGS] = { "verified_with_findings", CELL_LEVEL },
        [ENTRIES_CLAIMED] = { "claimed", CELL_LEVEL },
        [ENTRIES_CLAIMED_FINDINGS] = { "claimed_with_findings", CELL_LEVEL },
        [ENTRIES_RESTS_ON] = { "rests_on", CELL_SHARE },
        [ENTRIES_MET] = { "met", CELL_SHARE },
        [ENTRIES_UNKNOWN] = { "unknown", CELL_NUMBER },
        [ENTRIES_STOPS] = { "stops", CELL_REFS },
};

static const PlaceSummary *summary_of(Query *query)
{
        const GArray *summaries = context_summaries(query->context);

        for (guint i = 0; i < summaries->len; i++)
                if (g_array_index(summaries, PlaceSummary, i).place == query->place)
                        return &g_array_index(summaries, PlaceSummary, i);
        return NULL;
}

/* An entry n rests on the rows of its FR that are demanded up to n and are verified, of all that the catalogue has up to
 * there; the others are not applicable. */
static void entry_counts(Query *query, const PlaceSummary *summary, int fr)
{
        int reached = summary->verified.e[fr];
        gint64 verified = 0, up_to = 0, met = 0, demanded = 0;

        for (RowId row = 0; row < ZW_SR_ROWS; row++) {
                Standing standing = summary->standing[row];

                if (catalogue_row(row)->fr != fr + 1)
                        continue;
                if (row_first_level(row) <= reached) {
                        up_to++;
                        verified += standing == STANDING_VERIFIED;
                }
                if (!summary->demanded[row] || standing == STANDING_NOT_APPLICABLE)
                        continue;
                demanded++;
                met += standing == STANDING_VERIFIED;
                query->cells[ENTRIES_UNKNOWN].number += standing == STANDING_UNKNOWN;
        }
        fill_share(query, ENTRIES_RESTS_ON, verified, up_to);
        fill_share(query, ENTRIES_MET, met, demanded);
        if (reached == ZW_SL_UNKNOWN)
                fill_unknown(query, ENTRIES_RESTS_ON);
        if (summary->target.e[fr] == ZW_SL_UNKNOWN) {
                fill_unknown(query, ENTRIES_MET);
                fill_unknown(query, ENTRIES_UNKNOWN);
        }
}

static void entry_stops(Query *query, const PlaceSummary *summary, int fr, GPtrArray *ret_refs)
{
        g_ptr_array_set_size(ret_refs, 0);
        for (RowId row = 0; row < ZW_SR_ROWS; row++)
                if (catalogue_row(row)->fr == fr + 1 && summary_stops(summary, row))
                        g_ptr_array_add(ret_refs, (gpointer)(uintptr_t)catalogue_row(row)->id);
        fill_list(query, ENTRIES_STOPS, ret_refs->pdata, ret_refs->len);
}

static void entries_run(Query *query)
{
        const PlaceSummary *summary = summary_of(query);
        g_autoptr(GPtrArray) refs = g_ptr_array_new();

        for (int fr = 0; summary != NULL && fr < ZW_FR_COUNT && !query->stopped; fr++) {
                fill_clear(query);
                fill_number(query, ENTRIES_FR, fr + 1);
                fill_text(query, ENTRIES_NAME, sl_fr_name(fr + 1));
                fill_number(query, ENTRIES_TARGET, summary->target.e[fr]);
                fill_number(query, ENTRIES_VERIFIED, summary->verified.e[fr]);
                fill_number(query, ENTRIES_VERIFIED_FINDINGS, summary->verified_with_findings.e[fr]);
                fill_number(query, ENTRIES_CLAIMED, summary->claimed.e[fr]);
                fill_number(query, ENTRIES_CLAIMED_FINDINGS, summary->claimed_with_findings.e[fr]);
                entry_counts(query, summary, fr);
                entry_stops(query, summary, fr, refs);
                (void)fill_emit(query);
        }
}

const QueryDef report_query_entries = { "entries", true, entries_fields, ENTRIES_N, entries_run };

/* ---- matrix: how many rows of an FR that a level adds stand where ---- */

enum { MATRIX_FR, MATRIX_NAME, MATRIX_TARGET, MATRIX_LEVEL, MATRIX_N = MATRIX_LEVEL + ZW_SL_MAX };

static const QueryField matrix_fields[MATRIX_N] = {
        [MATRIX_FR] = { "fr", CELL_NUMBER },         [MATRIX_NAME] = { "fr_name", CELL_TEXT },
        [MATRIX_TARGET] = { "target", CELL_LEVEL },  [MATRIX_LEVEL + 0] = { "sl1", CELL_COUNTS },
        [MATRIX_LEVEL + 1] = { "sl2", CELL_COUNTS }, [MATRIX_LEVEL + 2] = { "sl3", CELL_COUNTS },
        [MATRIX_LEVEL + 3] = { "sl4", CELL_COUNTS },
};

static size_t matrix_cell(const PlaceSummary *summary, int fr, int level, CellCount *ret_counts)
{
        gint64 counts[STANDING_COUNT] = { 0 };
        size_t n = 0;

        for (RowId row = 0; row < ZW_SR_ROWS; row++)
                if (catalogue_row(row)->fr == fr && summary->demanded[row] && row_first_level(row) == level)
                        counts[summary->standing[row]]++;
        for (int i = 0; i < STANDING_COUNT; i++)
                if (counts[i] > 0)
                        ret_counts[n++] = (CellCount){ standing_name((Standing)i), counts[i] };
        return n;
}

static void matrix_run(Query *query)
{
        const PlaceSummary *summary = summary_of(query);
        CellCount counts[ZW_SL_MAX][STANDING_COUNT];

        for (int fr = 1; summary != NULL && fr <= ZW_FR_COUNT && !query->stopped; fr++) {
                fill_clear(query);
                fill_number(query, MATRIX_FR, fr);
                fill_text(query, MATRIX_NAME, sl_fr_name(fr));
                fill_number(query, MATRIX_TARGET, summary->target.e[fr - 1]);
                for (int level = 1; level <= ZW_SL_MAX; level++) {
                        size_t field = MATRIX_LEVEL + (size_t)level - 1;

                        fill_list(query, field, counts[level - 1],
                                  matrix_cell(summary, fr, level, counts[level - 1]));
                        if (summary->target.e[fr - 1] == ZW_SL_UNKNOWN)
                                fill_unknown(query, field);
                }
                (void)fill_emit(query);
        }
}

const QueryDef report_query_matrix = { "matrix", true, matrix_fields, MATRIX_N, matrix_run };
