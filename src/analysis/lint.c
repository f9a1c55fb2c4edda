/* The table of the named defects, and the rules that any kind of item can break (docs/algorithms/lint.md). */
#include "analysis/lint_rules.h"

static void defect_clear(gpointer data)
{
        Defect *defect = data;

        g_clear_pointer(&defect->message, g_free);
}

void lint_found(Lint *lint, ItemNo item, ItemNo other, const char *format, ...)
{
        Defect *defect;
        va_list args;

        g_array_set_size(lint->defects, lint->defects->len + 1);
        defect = &g_array_index(lint->defects, Defect, lint->defects->len - 1);
        *defect = (Defect){ .rule = lint->rule, .items = { item, other } };
        va_start(args, format);
        defect->message = g_strdup_vprintf(format, args);
        va_end(args);
}

bool lint_has_link(const Lint *lint, ItemNo item, GraphSide side, LinkMask types)
{
        GraphIter iter = graph_iter(lint->view, item, side, types);
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(lint->view, edge.other))
                        return true;
        return false;
}

const char *lint_key(const Lint *lint, ItemNo item)
{
        return graph_key(lint->view, item);
}

/* A loop of live items over links that must not have one. */
static bool leads_back(const Lint *lint, ItemNo start, LinkTypeId type)
{
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        g_autoptr(GArray) queue = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        g_array_append_val(queue, start);
        for (guint i = 0; i < queue->len; i++) {
                GraphIter iter = graph_iter(lint->view, g_array_index(queue, ItemNo, i), GRAPH_OUT,
                                            LINK_MASK(type));
                GraphEdge edge;

                while (graph_next(&iter, &edge)) {
                        if (edge.other == start)
                                return true;
                        if (graph_is_live(lint->view, edge.other) &&
                            g_hash_table_add(seen, GUINT_TO_POINTER(edge.other + 1)))
                                g_array_append_val(queue, edge.other);
                }
        }
        return false;
}

static void loop(Lint *lint, ItemNo item)
{
        static const LinkTypeId types[] = { ZW_LINK_PART_OF, ZW_LINK_DERIVES, ZW_LINK_SUPERSEDES };

        for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
                if (lint_has_link(lint, item, GRAPH_IN, LINK_MASK(types[i])) &&
                    leads_back(lint, item, types[i]))
                        lint_found(lint, item, ZW_ITEM_NONE, "%s comes back to itself over %s",
                                   lint_key(lint, item), link_type_def(types[i])->name);
}

static void orphan(Lint *lint, ItemNo item)
{
        if (!lint_has_link(lint, item, GRAPH_OUT, LINK_MASK_ALL) &&
            !lint_has_link(lint, item, GRAPH_IN, LINK_MASK_ALL))
                lint_found(lint, item, ZW_ITEM_NONE, "%s is linked to nothing", lint_key(lint, item));
}

#define KIND(name) (UINT64_C(1) << ZW_KIND_##name)
/* Kinds that stand alone by nature. */
#define ALONE                                                                                            \
        (KIND(SYSTEM) | KIND(TEST_RUN) | KIND(DOCUMENT) | KIND(BASELINE) | KIND(REVIEW) | KIND(REPORT) | \
         KIND(ASSUMPTION))

static const struct {
        const char *name;
        uint64_t kinds;
        void (*look)(Lint *lint, ItemNo item);
} rules[] = {
        { "target_without_risk", KIND(SL_TARGET), lint_target_without_risk },
        { "target_from_capability", KIND(SL_TARGET), lint_target_from_capability },
        { "requirement_without_source", KIND(REQUIREMENT), lint_requirement_without_source },
        { "requirement_on_unversioned_document", KIND(REQUIREMENT),
          lint_requirement_on_unversioned_document },
        { "requirement_not_allocated", KIND(REQUIREMENT), lint_requirement_not_allocated },
        { "claim_without_proof", KIND(CLAIM), lint_claim_without_proof },
        { "compensation_incomplete", KIND(CLAIM), lint_compensation_incomplete },
        { "evidence_without_revision", KIND(EVIDENCE), lint_evidence_without_revision },
        { "document_without_revision", KIND(DOCUMENT), lint_document_without_revision },
        { "orphan", ~ALONE, orphan },
        { "loop", UINT64_MAX, loop }, /* anything can supersede one of its kind */
        { "asset_in_no_place", KIND(ASSET), lint_asset_in_no_place },
        { "drawing_unlike_inventory", KIND(ASSET) | KIND(FLOW), lint_drawing_unlike_inventory },
        { "flow_without_conduit", KIND(FLOW), lint_flow_without_conduit },
        { "safety_asset_outside", KIND(ASSET), lint_safety_asset_outside },
        { "not_separated", KIND(ASSET), lint_not_separated },
        { "mitigation_without_test", KIND(COUNTERMEASURE), lint_mitigation_without_test },
        { "no_failure_effect", KIND(COUNTERMEASURE), lint_no_failure_effect },
        { "tester_not_independent", KIND(TEST_CASE), lint_tester_not_independent },
        { "waiver_without_rationale", KIND(WAIVER) | KIND(CLAIM), lint_waiver_without_rationale },
        { "residual_above_tolerable", KIND(RISK), lint_residual_above_tolerable },
};

size_t lint_rule_count(void)
{
        return G_N_ELEMENTS(rules);
}

const char *lint_rule_name(size_t rule)
{
        return rules[rule].name;
}

GArray *lint_find(GraphView view, Instant now, const LintOrigins *origins)
{
        g_autoptr(Assess) assess = assess_new(view, now);
        Lint lint = { .view = view,
                      .assess = assess,
                      .origins = origins,
                      .defects = g_array_new(FALSE, FALSE, sizeof(Defect)) };
        ItemNo n = graph_item_count(view);

        g_array_set_clear_func(lint.defects, defect_clear);
        for (size_t rule = 0; rule < G_N_ELEMENTS(rules); rule++) {
                lint.rule = rules[rule].name;
                for (ItemNo item = 0; item < n; item++)
                        if (graph_exists(view, item) && graph_is_live(view, item) &&
                            (rules[rule].kinds & (UINT64_C(1) << graph_kind(view, item))) != 0)
                                rules[rule].look(&lint, item);
        }
        lint_drawing_free(lint.drawing);
        g_clear_pointer(&lint.capabilities, g_hash_table_unref);
        return lint.defects;
}
