/* The evidence sheet: one row per requirement with a row of the catalogue, and one per proof of it. */
#include "report/query_items.h"

#include <string.h>

/* ---- what proves a requirement ---- */

static gint step_compare(gconstpointer a, gconstpointer b)
{
        const CellStep *x = a, *y = b;

        return x->item < y->item ? -1 : x->item > y->item;
}

static void proofs_add(GraphView view, ItemNo item, GArray *proofs)
{
        const LinkMask types = link_mask_or(LINK_MASK(ZW_LINK_VERIFIES), LINK_MASK(ZW_LINK_EVIDENCES));
        g_autoptr(GArray) found = chain_next(view, item, GRAPH_IN, types, UINT64_MAX);

        g_array_append_vals(proofs, found->data, found->len);
}

void sheet_case_of(GraphView view, ItemNo requirement, SheetCase *ret_case)
{
        guint n = 0;

        ret_case->claims = chain_next(view, requirement, GRAPH_IN, LINK_MASK(ZW_LINK_ANSWERS),
                                      KIND_BIT(ZW_KIND_CLAIM));
        ret_case->proofs = g_array_new(FALSE, FALSE, sizeof(CellStep));
        ret_case->suspects = 0;
        proofs_add(view, requirement, ret_case->proofs);
        for (guint i = 0; i < ret_case->claims->len; i++) {
                const CellStep *claim = &g_array_index(ret_case->claims, CellStep, i);

                ret_case->suspects += claim->suspect;
                proofs_add(view, claim->item, ret_case->proofs);
        }
        g_array_sort(ret_case->proofs, step_compare);
        for (guint i = 0; i < ret_case->proofs->len; i++) {
                CellStep *steps = (CellStep *)(void *)ret_case->proofs->data;

                ret_case->suspects += steps[i].suspect;
                if (n > 0 && steps[n - 1].item == steps[i].item)
                        steps[n - 1].suspect |= steps[i].suspect;
                else
                        steps[n++] = steps[i];
        }
        g_array_set_size(ret_case->proofs, n);
}

void sheet_case_clear(SheetCase *sheet)
{
        g_clear_pointer(&sheet->claims, g_array_unref);
        g_clear_pointer(&sheet->proofs, g_array_unref);
}

/* When a proof was made: the last result of a test, the date of evidence, the day of a run. */
static bool proof_time(const Query *query, ItemNo proof, Instant *ret_time)
{
        GraphView view = query->context->view;
        GraphResult result;

        if (graph_kind(view, proof) != ZW_KIND_TEST_CASE)
                return facts_get_date(graph_facts(view, proof), ZW_ATTR_DATE, ret_time) ||
                       facts_get_date(graph_facts(view, proof), ZW_ATTR_AT, ret_time);
        if (!case_outcome(query->context->assess, proof, &result))
                return false;
        *ret_time = result.at;
        return true;
}

/* ---- the sheet ---- */

enum {
        SHEET_REF,
        SHEET_NAME,
        SHEET_STANDARD,
        SHEET_FR,
        SHEET_LEVELS,
        SHEET_REQUIREMENT,
        SHEET_SOURCE,
        SHEET_PARTY,
        SHEET_ALLOCATED,
        SHEET_STATEMENTS,
        SHEET_WAIVERS,
        SHEET_STATUS,
        SHEET_CLAIMS,
        SHEET_ACTIVITY,
        SHEET_INDEPENDENT,
        SHEET_PROOFS,
        SHEET_LAST,
        SHEET_SUSPECTS,
        SHEET_N,
};

static const QueryField sheet_fields[SHEET_N] = {
        [SHEET_REF] = { "ref", CELL_TEXT },
        [SHEET_NAME] = { "name", CELL_TEXT },
        [SHEET_STANDARD] = { "standard", CELL_TEXT },
        [SHEET_FR] = { "fr", CELL_NUMBER },
        [SHEET_LEVELS] = { "from_sl", CELL_NUMBER },
        [SHEET_REQUIREMENT] = { "requirement", CELL_STEP },
        [SHEET_SOURCE] = { "source", CELL_STEPS },
        [SHEET_PARTY] = { "party", CELL_WORD },
        [SHEET_ALLOCATED] = { "allocated_to", CELL_STEPS },
        [SHEET_STATEMENTS] = { "statements", CELL_COUNTS },
        [SHEET_WAIVERS] = { "waivers", CELL_STEPS },
        [SHEET_STATUS] = { "status", CELL_COUNTS },
        [SHEET_CLAIMS] = { "claims", CELL_STEPS },
        [SHEET_ACTIVITY] = { "activity", CELL_TEXT },
        [SHEET_INDEPENDENT] = { "independence", CELL_TEXT },
        [SHEET_PROOFS] = { "proofs", CELL_NUMBER },
        [SHEET_LAST] = { "last_verified", CELL_TIME },
        [SHEET_SUSPECTS] = { "suspects", CELL_NUMBER },
};

static size_t statements_count(GraphView view, const GArray *claims, CellCount *ret_counts)
{
        const AttrDef *def = attr_get(ZW_KIND_CLAIM, ZW_ATTR_STATEMENT);
        size_t n = 0;

        for (size_t value = 0; value < def->n_values; value++) {
                gint64 found = 0;

                for (guint i = 0; i < claims->len; i++)
                        found += facts_get_enum(graph_facts(view, g_array_index(claims, CellStep, i).item),
                                                ZW_ATTR_STATEMENT) == (int)value;
                if (found > 0)
                        ret_counts[n++] = (CellCount){ def->values[value], found };
        }
        return n;
}

/* In how many places the row that the requirement speaks of stands where, of those that demand it. */
static size_t standings_count(Query *query, RowId row, CellCount *ret_counts)
{
        const GArray *places = context_summaries(query->context);
        gint64 counts[STANDING_COUNT] = { 0 };
        size_t n = 0;

        for (guint i = 0; row < ZW_SR_ROWS && i < places->len; i++) {
                const PlaceSummary *place = &g_array_index(places, PlaceSummary, i);

                if (place->demanded[row])
                        counts[place->standing[row]]++;
        }
        for (int s = 0; s < STANDING_COUNT; s++)
                if (counts[s] > 0)
                        ret_counts[n++] = (CellCount){ standing_name((Standing)s), counts[s] };
        return n;
}

/* Each word that the tests state for an attribute, once, in the order of the metamodel. */
static char *tests_words(GraphView view, const GArray *proofs, AttrId attr, const char *record)
{
        const AttrDef *def = attr_get(ZW_KIND_TEST_CASE, attr);
        GString *text = g_string_new(NULL);
        bool other = false;

        for (size_t value = 0; value < def->n_values; value++)
                for (guint i = 0; i < proofs->len; i++) {
                        ItemNo proof = g_array_index(proofs, CellStep, i).item;

                        other |= graph_kind(view, proof) != ZW_KIND_TEST_CASE;
                        if (graph_kind(view, proof) != ZW_KIND_TEST_CASE ||
                            facts_get_enum(graph_facts(view, proof), attr) != (int)value)
                                continue;
                        g_string_append_printf(text, "%s%s", text->len == 0 ? "" : ", ", def->values[value]);
                        break;
                }
        if (other && record != NULL)
                g_string_append_printf(text, "%s%s", text->len == 0 ? "" : ", ", record);
        return g_strdelimit(g_string_free(text, FALSE), "_", ' ');
}

static void case_cells(Query *query, const SheetCase *sheet)
{
        Instant last = 0, time;

        fill_list(query, SHEET_CLAIMS, sheet->claims->data, sheet->claims->len);
        fill_number(query, SHEET_PROOFS, sheet->proofs->len);
        fill_number(query, SHEET_SUSPECTS, sheet->suspects);
        for (guint i = 0; i < sheet->proofs->len; i++)
                if (proof_time(query, g_array_index(sheet->proofs, CellStep, i).item, &time))
                        last = MAX(last, time);
        if (last > 0)
                fill_time(query, SHEET_LAST, last);
}

static void sheet_row(Query *query, ItemNo item, RowId id)
{
        GraphView view = query->context->view;
        const CatalogueRow *row = catalogue_row(id);
        CellCount statements[8], status[STANDING_COUNT];
        SheetCase sheet;
        g_autoptr(GArray) source = chain_next(view, item, GRAPH_IN, LINK_MASK(ZW_LINK_DERIVES), UINT64_MAX);
        g_autoptr(GArray) at = chain_next(view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_ALLOCATED_TO), UINT64_MAX);
        g_autoptr(GArray) waivers = chain_next(view, item, GRAPH_IN, LINK_MASK(ZW_LINK_WAIVES), UINT64_MAX);
        g_autofree char *activity = NULL, *independence = NULL;

        sheet_case_of(view, item, &sheet);
        activity = tests_words(view, sheet.proofs, ZW_ATTR_TEST_KIND, "record");
        independence = tests_words(view, sheet.proofs, ZW_ATTR_INDEPENDENCE, NULL);
        fill_clear(query);
        fill_text(query, SHEET_REF, row->id);
        fill_text(query, SHEET_NAME, row->title);
        fill_text(query, SHEET_STANDARD, standard_name(row->standard));
        fill_number(query, SHEET_FR, row->fr);
        fill_number(query, SHEET_LEVELS, row_first_level(id));
        fill_step(query, SHEET_REQUIREMENT, (CellStep){ item, false });
        fill_list(query, SHEET_SOURCE, source->data, source->len);
        fill_enum(query, SHEET_PARTY, item, ZW_ATTR_RESPONSIBLE);
        fill_list(query, SHEET_ALLOCATED, at->data, at->len);
        fill_list(query, SHEET_STATEMENTS, statements, statements_count(view, sheet.claims, statements));
        fill_list(query, SHEET_WAIVERS, waivers->data, waivers->len);
        fill_list(query, SHEET_STATUS, status, standings_count(query, id, status));
        fill_text(query, SHEET_ACTIVITY, activity);
        fill_text(query, SHEET_INDEPENDENT, independence);
        case_cells(query, &sheet);
        (void)fill_emit(query);
        sheet_case_clear(&sheet);
}

/* ---- the proofs ---- */

enum {
        PROVEN_REF,
        PROVEN_REQUIREMENT,
        PROVEN_PROOF,
        PROVEN_KIND,
        PROVEN_STAGE,
        PROVEN_RESULT,
        PROVEN_AT,
        PROVEN_TESTER,
        PROVEN_INDEPENDENCE,
        PROVEN_VERSION,
        PROVEN_REVISION,
        PROVEN_VALID,
        PROVEN_HASH,
        PROVEN_N,
};

static const QueryField proven_fields[PROVEN_N] = {
        [PROVEN_REF] = { "ref", CELL_TEXT },
        [PROVEN_REQUIREMENT] = { "requirement", CELL_STEP },
        [PROVEN_PROOF] = { "proof", CELL_STEP },
        [PROVEN_KIND] = { "activity", CELL_TEXT },
        [PROVEN_STAGE] = { "stage", CELL_WORD },
        [PROVEN_RESULT] = { "result", CELL_WORD },
        [PROVEN_AT] = { "at", CELL_TIME },
        [PROVEN_TESTER] = { "tester", CELL_TEXT },
        [PROVEN_INDEPENDENCE] = { "independence", CELL_WORD },
        [PROVEN_VERSION] = { "version", CELL_TEXT },
        [PROVEN_REVISION] = { "revision", CELL_TEXT },
        [PROVEN_VALID] = { "valid_until", CELL_TEXT },
        [PROVEN_HASH] = { "hash", CELL_TEXT },
};

/* Passed or failed; of a record, current or expired at the evaluation instant. */
static const char *proof_result(const Query *query, ItemNo proof)
{
        GraphView view = query->context->view;
        GraphResult result;

        if (graph_kind(view, proof) != ZW_KIND_TEST_CASE)
                return assess_evidence_is_over(query->context->assess, proof) ? "expired" : "current";
        return case_outcome(query->context->assess, proof, &result) ? result_status_name(result.status)
                                                                    : "no_result";
}

/* Texts of the record of a proof, in the order of their fields. */
static void proof_texts(Query *query, ItemNo proof, GPtrArray *texts)
{
        static const struct {
                size_t field;
                const char *attrs[2]; /* the first that is stated */
        } from[] = {
                { PROVEN_KIND, { "test_kind", "nature" } },    { PROVEN_TESTER, { "tester", "author" } },
                { PROVEN_VERSION, { "version", "versions" } }, { PROVEN_REVISION, { "revision", NULL } },
                { PROVEN_VALID, { "valid_until", NULL } },     { PROVEN_HASH, { "hash", NULL } },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(from); i++)
                for (size_t k = 0; k < G_N_ELEMENTS(from[i].attrs) && from[i].attrs[k] != NULL; k++) {
                        char *text = attr_text(query, proof, from[i].attrs[k]);

                        if (text == NULL)
                                continue;
                        g_ptr_array_add(texts, text);
                        fill_text(query, from[i].field, text);
                        break;
                }
}

static void proven_row(Query *query, ItemNo requirement, RowId id, CellStep proof)
{
        GraphView view = query->context->view;
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
        Instant time;

        fill_clear(query);
        fill_text(query, PROVEN_REF, catalogue_row(id)->id);
        fill_step(query, PROVEN_REQUIREMENT, (CellStep){ requirement, false });
        fill_step(query, PROVEN_PROOF, proof);
        if (attr_get(graph_kind(view, proof.item), ZW_ATTR_STAGE) != NULL)
                fill_enum(query, PROVEN_STAGE, proof.item, ZW_ATTR_STAGE);
        if (graph_kind(view, proof.item) == ZW_KIND_TEST_CASE)
                fill_enum(query, PROVEN_INDEPENDENCE, proof.item, ZW_ATTR_INDEPENDENCE);
        fill_text(query, PROVEN_RESULT, proof_result(query, proof.item));
        if (proof_time(query, proof.item, &time))
                fill_time(query, PROVEN_AT, time);
        proof_texts(query, proof.item, texts);
        if (!query->stopped)
                (void)fill_emit(query);
}

static void proven_of(Query *query, ItemNo requirement, RowId id)
{
        SheetCase sheet;

        sheet_case_of(query->context->view, requirement, &sheet);
        for (guint i = 0; i < sheet.proofs->len && !query->stopped; i++)
                proven_row(query, requirement, id, g_array_index(sheet.proofs, CellStep, i));
        sheet_case_clear(&sheet);
}

/* ---- both, by row of the catalogue, then item ---- */

/* Items by the row they speak of. */
static GArray *requirements_by_row(GraphView view, RowId row)
{
        GArray *items = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        for (ItemNo item = 0; item < graph_item_count(view); item++)
                if (graph_exists(view, item) && graph_is_live(view, item) &&
                    graph_kind(view, item) == ZW_KIND_REQUIREMENT &&
                    facts_get_ref(graph_facts(view, item), ZW_ATTR_REF) == row)
                        g_array_append_val(items, item);
        return items;
}

static void rows_each(Query *query, void (*give)(Query *query, ItemNo requirement, RowId row))
{
        static const StandardId standards[] = { STANDARD_3_3, STANDARD_4_2 };

        for (size_t s = 0; s < G_N_ELEMENTS(standards); s++) {
                RowId first;
                size_t n;

                catalogue_range(standards[s], &first, &n);
                for (size_t k = 0; k < n && !query->stopped; k++) {
                        RowId row = (RowId)(first + k);
                        g_autoptr(GArray) items = requirements_by_row(query->context->view, row);

                        for (guint i = 0; i < items->len && !query->stopped; i++)
                                give(query, g_array_index(items, ItemNo, i), row);
                }
        }
}

static void sheet_run(Query *query)
{
        rows_each(query, sheet_row);
}

static void proven_run(Query *query)
{
        rows_each(query, proven_of);
}

const QueryDef report_query_sheet = { "sheet", false, sheet_fields, SHEET_N, sheet_run };
const QueryDef report_query_proven = { "sheet_proofs", false, proven_fields, PROVEN_N, proven_run };
