/* The chain from threat and hazard to proof: its paths, its breaks, and how many there are. */
#include "report/query_internal.h"

/* ---- links of the chain, and what is missing ---- */

enum { LINKS_RULE, LINKS_LOOKED_AT, LINKS_COMPLETE, LINKS_MISSING, LINKS_N };

static const QueryField links_fields[LINKS_N] = {
        [LINKS_RULE] = { "rule", CELL_WORD },
        [LINKS_LOOKED_AT] = { "looked_at", CELL_NUMBER },
        [LINKS_COMPLETE] = { "complete", CELL_SHARE },
        [LINKS_MISSING] = { "missing", CELL_NUMBER },
};

static void links_run(Query *query)
{
        const Breaks *breaks = context_breaks(query->context);
        const GArray *all = breaks_all(breaks);

        for (size_t rule = 0; rule < break_rule_count() && !query->stopped; rule++) {
                gint64 missing = 0, looked_at = breaks_looked_at(breaks, rule);

                for (guint i = 0; i < all->len; i++)
                        missing += g_array_index(all, Break, i).rule == rule;
                fill_clear(query);
                fill_text(query, LINKS_RULE, break_rule_name(rule));
                fill_number(query, LINKS_LOOKED_AT, looked_at);
                fill_share(query, LINKS_COMPLETE, looked_at - missing, looked_at);
                fill_number(query, LINKS_MISSING, missing);
                (void)fill_emit(query);
        }
}

const QueryDef report_query_links = { "links", false, links_fields, LINKS_N, links_run };

enum { BREAKS_RULE, BREAKS_ITEM, BREAKS_KIND, BREAKS_TITLE, BREAKS_N };

static const QueryField breaks_fields[BREAKS_N] = {
        [BREAKS_RULE] = { "rule", CELL_WORD },
        [BREAKS_ITEM] = { "item", CELL_STEP },
        [BREAKS_KIND] = { "kind", CELL_WORD },
        [BREAKS_TITLE] = { "title", CELL_TEXT },
};

static void breaks_run(Query *query)
{
        const GArray *all = breaks_all(context_breaks(query->context));
        GraphView view = query->context->view;

        for (guint i = 0; i < all->len && !query->stopped; i++) {
                const Break *found = &g_array_index(all, Break, i);

                fill_clear(query);
                fill_text(query, BREAKS_RULE, break_rule_name(found->rule));
                fill_step(query, BREAKS_ITEM, (CellStep){ found->item, false });
                fill_text(query, BREAKS_KIND, kind_def(graph_kind(view, found->item))->name);
                fill_text(query, BREAKS_TITLE, graph_title(view, found->item));
                (void)fill_emit(query);
        }
}

const QueryDef report_query_breaks = { "breaks", false, breaks_fields, BREAKS_N, breaks_run };

/* ---- proof: how the last cells of a path are filled ---- */

typedef struct {
        size_t proof, result, run, at; /* fields */
} ProofFields;

/* The result of a case that counts, else its latest one; the word for a case without any is no_result. */
static void test_cells(Query *query, const ProofFields *fields, ItemNo test_case)
{
        GraphResult result;

        if (!case_outcome(query->context->assess, test_case, &result) &&
            !graph_latest_result(query->context->view, test_case, &result)) {
                fill_text(query, fields->result, "no_result");
                return;
        }
        fill_text(query, fields->result, result_status_name(result.status));
        fill_step(query, fields->run, (CellStep){ result.run, false });
        fill_time(query, fields->at, result.at);
}

static void evidence_cells(Query *query, const ProofFields *fields, ItemNo evidence)
{
        Instant made;
        bool expired = assess_evidence_is_over(query->context->assess, evidence);

        fill_text(query, fields->result, expired ? "expired" : "current");
        if (facts_get_date(graph_facts(query->context->view, evidence), ZW_ATTR_DATE, &made))
                fill_time(query, fields->at, made);
}

static void proof_cells(Query *query, const ProofFields *fields, CellStep proof)
{
        fill_step(query, fields->proof, proof);
        if (proof.item == ZW_ITEM_NONE)
                return;
        if (graph_kind(query->context->view, proof.item) == ZW_KIND_TEST_CASE)
                test_cells(query, fields, proof.item);
        else if (graph_kind(query->context->view, proof.item) == ZW_KIND_EVIDENCE)
                evidence_cells(query, fields, proof.item);
}

/* ---- paths ---- */

enum {
        CHAIN_ORIGIN,
        CHAIN_HAZARD,
        CHAIN_RISK,
        CHAIN_TARGET,
        CHAIN_PLACE,
        CHAIN_FROM,
        CHAIN_REQUIREMENT,
        CHAIN_REF,
        CHAIN_DERIVED,
        CHAIN_CLAIM,
        CHAIN_STATEMENT,
        CHAIN_RESTS_ON,
        CHAIN_PROOF,
        CHAIN_PROVES,
        CHAIN_RESULT,
        CHAIN_RUN,
        CHAIN_AT,
        CHAIN_SUSPECT,
        CHAIN_BREAKS,
        CHAIN_N,
};

static const QueryField chain_fields[CHAIN_N] = {
        [CHAIN_ORIGIN] = { "origin", CELL_STEP },
        [CHAIN_HAZARD] = { "hazard", CELL_STEP },
        [CHAIN_RISK] = { "risk", CELL_STEP },
        [CHAIN_TARGET] = { "target", CELL_STEP },
        [CHAIN_PLACE] = { "place", CELL_ITEM },
        [CHAIN_FROM] = { "derives_from", CELL_STEPS },
        [CHAIN_REQUIREMENT] = { "requirement", CELL_STEP },
        [CHAIN_REF] = { "ref", CELL_TEXT },
        [CHAIN_DERIVED] = { "derived", CELL_STEPS },
        [CHAIN_CLAIM] = { "claim", CELL_STEP },
        [CHAIN_STATEMENT] = { "statement", CELL_WORD },
        [CHAIN_RESTS_ON] = { "rests_on", CELL_STEPS },
        [CHAIN_PROOF] = { "proof", CELL_STEP },
        [CHAIN_PROVES] = { "proves", CELL_ITEM },
        [CHAIN_RESULT] = { "result", CELL_WORD },
        [CHAIN_RUN] = { "run", CELL_STEP },
        [CHAIN_AT] = { "at", CELL_TIME },
        [CHAIN_SUSPECT] = { "suspect", CELL_FLAG },
        [CHAIN_BREAKS] = { "breaks", CELL_WORDS },
};

static bool is_linked(GraphView view, ItemNo item, LinkTypeId type, ItemNo place)
{
        GraphIter iter = graph_iter(view, item, GRAPH_OUT, LINK_MASK(type));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (edge.other == place || graph_first(view, edge.other, GRAPH_OUT, ZW_LINK_PART_OF) == place)
                        return true;
        return false;
}

/* A path belongs to a place when its risk lies there, its target is for it, or one of its requirements is allocated to it
 * or to an asset of it. */
static bool path_is_of_place(GraphView view, const ChainPath *path, ItemNo place)
{
        if (path->risk.item != ZW_ITEM_NONE && is_linked(view, path->risk.item, ZW_LINK_WITHIN, place))
                return true;
        if (path->target.item != ZW_ITEM_NONE && is_linked(view, path->target.item, ZW_LINK_TARGETS, place))
                return true;
        if (path->requirement.item != ZW_ITEM_NONE &&
            is_linked(view, path->requirement.item, ZW_LINK_ALLOCATED_TO, place))
                return true;
        for (size_t i = 0; i < path->n_derived; i++)
                if (is_linked(view, path->derived[i].item, ZW_LINK_ALLOCATED_TO, place))
                        return true;
        return false;
}

static bool path_is_in_scope(Query *query, const ChainPath *path)
{
        const GArray *places = query->context->scope.n == 0 ? NULL : context_summaries(query->context);

        for (guint i = 0; places != NULL && i < places->len; i++)
                if (path_is_of_place(query->context->view, path,
                                     g_array_index(places, PlaceSummary, i).place))
                        return true;
        return places == NULL;
}

static bool path_is_suspect(const ChainPath *path)
{
        bool suspect = path->hazard.suspect || path->risk.suspect || path->target.suspect ||
                       path->requirement.suspect || path->claim.suspect || path->proof.suspect;

        for (size_t i = 0; i < path->n_derived; i++)
                suspect |= path->derived[i].suspect;
        for (guint i = 0; path->rests_on != NULL && i < path->rests_on->len; i++)
                suspect |= g_array_index(path->rests_on, CellStep, i).suspect;
        return suspect;
}

static size_t path_breaks(const ChainPath *path, const char **ret_words)
{
        size_t n = 0;

        for (size_t rule = 0; rule < break_rule_count(); rule++)
                if (path->breaks & (UINT32_C(1) << rule))
                        ret_words[n++] = break_rule_name(rule);
        if (path->cut)
                ret_words[n++] = "derives_in_a_loop";
        return n;
}

static void upstream_cells(Query *query, const ChainPath *path)
{
        GraphView view = query->context->view;

        fill_step(query, CHAIN_ORIGIN, path->origin);
        fill_step(query, CHAIN_HAZARD, path->hazard);
        fill_step(query, CHAIN_RISK, path->risk);
        fill_step(query, CHAIN_TARGET, path->target);
        if (path->target.item != ZW_ITEM_NONE)
                fill_item(query, CHAIN_PLACE,
                          graph_first(view, path->target.item, GRAPH_OUT, ZW_LINK_TARGETS));
        else if (path->risk.item != ZW_ITEM_NONE)
                fill_item(query, CHAIN_PLACE, graph_first(view, path->risk.item, GRAPH_OUT, ZW_LINK_WITHIN));
        fill_step(query, CHAIN_REQUIREMENT, path->requirement);
        fill_list(query, CHAIN_DERIVED, path->derived, path->n_derived);
        if (path->requirement.item != ZW_ITEM_NONE) {
                RowId row = facts_get_ref(graph_facts(view, path->requirement.item), ZW_ATTR_REF);

                fill_text(query, CHAIN_REF, row == ZW_ROW_NONE ? NULL : catalogue_row(row)->id);
        }
}

/* What the first requirement of the path derives from, all of it. */
static GArray *path_derives_from(GraphView view, const ChainPath *path)
{
        const uint64_t kinds = KIND_BIT(ZW_KIND_SL_TARGET) | KIND_BIT(ZW_KIND_THREAT) |
                               KIND_BIT(ZW_KIND_HAZARD) | KIND_BIT(ZW_KIND_INCIDENT);

        return path->requirement.item == ZW_ITEM_NONE ? g_array_new(FALSE, FALSE, sizeof(CellStep))
                                                      : chain_next(view, path->requirement.item, GRAPH_IN,
                                                                   LINK_MASK(ZW_LINK_DERIVES), kinds);
}

static bool path_row(const ChainPath *path, void *payload)
{
        static const ProofFields fields = { CHAIN_PROOF, CHAIN_RESULT, CHAIN_RUN, CHAIN_AT };
        Query *query = payload;
        GraphView view = query->context->view;
        g_autoptr(GArray) from = NULL;
        const char *breaks[33];

        if (!path_is_in_scope(query, path))
                return true;
        fill_clear(query);
        upstream_cells(query, path);
        from = path_derives_from(view, path);
        fill_list(query, CHAIN_FROM, from->data, from->len);
        fill_step(query, CHAIN_CLAIM, path->claim);
        fill_enum(query, CHAIN_STATEMENT, path->claim.item, ZW_ATTR_STATEMENT);
        if (path->rests_on != NULL)
                fill_list(query, CHAIN_RESTS_ON, path->rests_on->data, path->rests_on->len);
        proof_cells(query, &fields, path->proof);
        fill_item(query, CHAIN_PROVES, path->proves);
        fill_number(query, CHAIN_SUSPECT, path_is_suspect(path));
        fill_list(query, CHAIN_BREAKS, breaks, path_breaks(path, breaks));
        return fill_emit(query);
}

static void part_run(Query *query, ChainPart part)
{
        if (!chain_each(query->context->view, part, context_breaks(query->context), path_row, query,
                        &query->error))
                query->stopped = true;
}

static void paths_run(Query *query)
{
        part_run(query, CHAIN_WHOLE);
}

static void sources_run(Query *query)
{
        part_run(query, CHAIN_SOURCES);
}

static void proofs_run(Query *query)
{
        part_run(query, CHAIN_PROOFS);
}

const QueryDef report_query_paths = { "paths", false, chain_fields, CHAIN_N, paths_run };
const QueryDef report_query_sources = { "sources", false, chain_fields, CHAIN_N, sources_run };
const QueryDef report_query_proofs = { "proofs", false, chain_fields, CHAIN_N, proofs_run };

/* ---- treatments: what treats a risk, a threat or a finding, and its proof (SVV-2) ---- */

enum {
        TREATMENTS_TREATS,
        TREATMENTS_MEASURE,
        TREATMENTS_DEPLOYED_ON,
        TREATMENTS_PROOF,
        TREATMENTS_RESULT,
        TREATMENTS_RUN,
        TREATMENTS_AT,
        TREATMENTS_N,
};

static const QueryField treatments_fields[TREATMENTS_N] = {
        [TREATMENTS_TREATS] = { "treats", CELL_STEP },
        [TREATMENTS_MEASURE] = { "measure", CELL_STEP },
        [TREATMENTS_DEPLOYED_ON] = { "deployed_on", CELL_STEPS },
        [TREATMENTS_PROOF] = { "proof", CELL_STEP },
        [TREATMENTS_RESULT] = { "result", CELL_WORD },
        [TREATMENTS_RUN] = { "run", CELL_STEP },
        [TREATMENTS_AT] = { "at", CELL_TIME },
};

static void treatment_row(Query *query, CellStep treated, CellStep measure, CellStep proof)
{
        static const ProofFields fields = { TREATMENTS_PROOF, TREATMENTS_RESULT, TREATMENTS_RUN,
                                            TREATMENTS_AT };
        g_autoptr(GArray) places = chain_next(query->context->view, measure.item, GRAPH_OUT,
                                              LINK_MASK(ZW_LINK_DEPLOYED_ON), UINT64_MAX);

        fill_clear(query);
        fill_step(query, TREATMENTS_TREATS, treated);
        fill_step(query, TREATMENTS_MEASURE, measure);
        fill_list(query, TREATMENTS_DEPLOYED_ON, places->data, places->len);
        proof_cells(query, &fields, proof);
        (void)fill_emit(query);
}

static void treatments_of(Query *query, ItemNo treated)
{
        GraphView view = query->context->view;
        g_autoptr(GArray)
                measures = chain_next(view, treated, GRAPH_IN, LINK_MASK(ZW_LINK_MITIGATES), UINT64_MAX);
        const LinkMask proofs = link_mask_or(LINK_MASK(ZW_LINK_VERIFIES), LINK_MASK(ZW_LINK_EVIDENCES));

        for (guint i = 0; i < measures->len && !query->stopped; i++) {
                CellStep measure = g_array_index(measures, CellStep, i), start = { treated, false };
                g_autoptr(GArray) proven = chain_next(view, measure.item, GRAPH_IN, proofs, UINT64_MAX);

                if (proven->len == 0)
                        treatment_row(query, start, measure, (CellStep){ ZW_ITEM_NONE, false });
                for (guint k = 0; k < proven->len && !query->stopped; k++)
                        treatment_row(query, start, measure, g_array_index(proven, CellStep, k));
        }
}

static void treatments_run(Query *query)
{
        GraphView view = query->context->view;

        for (ItemNo item = 0; item < graph_item_count(view) && !query->stopped; item++)
                if (graph_exists(view, item) && graph_is_live(view, item))
                        treatments_of(query, item);
}

const QueryDef report_query_treatments = { "treatments", false, treatments_fields, TREATMENTS_N,
                                           treatments_run };
