#include "analysis/lint.h"

#include "analysis/internal.h"
#include <string.h>

typedef struct {
        GraphView view;
        const char *rule;
        GArray *defects;
} Lint;

static void defect_clear(gpointer data)
{
        Defect *defect = data;

        g_clear_pointer(&defect->message, g_free);
}

static void found(Lint *lint, ItemNo item, ItemNo other, const char *format, ...) G_GNUC_PRINTF(4, 5);

static void found(Lint *lint, ItemNo item, ItemNo other, const char *format, ...)
{
        Defect defect = { .rule = lint->rule, .items = { item, other } };
        va_list args;

        va_start(args, format);
        defect.message = g_strdup_vprintf(format, args);
        va_end(args);
        g_array_append_val(lint->defects, defect);
}

static bool has_link(const Lint *lint, ItemNo item, GraphSide side, LinkMask types)
{
        GraphIter iter = graph_iter(lint->view, item, side, types);
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(lint->view, edge.other))
                        return true;
        return false;
}

static const char *key_of(const Lint *lint, ItemNo item)
{
        return graph_key(lint->view, item);
}

/* ---- the rules: each looks at one live item of its kind ---- */

static void target_without_risk(Lint *lint, ItemNo item)
{
        if (!has_link(lint, item, GRAPH_IN, LINK_MASK(ZW_LINK_JUSTIFIES)))
                found(lint, item, ZW_ITEM_NONE, "%s states levels that no risk justifies",
                      key_of(lint, item));
}

static void requirement_without_source(Lint *lint, ItemNo item)
{
        if (!has_link(lint, item, GRAPH_IN, LINK_MASK(ZW_LINK_DERIVES)) &&
            !facts_has(graph_facts(lint->view, item), ZW_ATTR_SOURCE))
                found(lint, item, ZW_ITEM_NONE, "%s derives from nothing and names no source",
                      key_of(lint, item));
}

static void requirement_not_allocated(Lint *lint, ItemNo item)
{
        if (!has_link(lint, item, GRAPH_OUT, LINK_MASK(ZW_LINK_ALLOCATED_TO)))
                found(lint, item, ZW_ITEM_NONE, "%s is allocated to nothing", key_of(lint, item));
}

static void claim_without_proof(Lint *lint, ItemNo item)
{
        LinkMask proofs = link_mask_or(LINK_MASK(ZW_LINK_VERIFIES), LINK_MASK(ZW_LINK_EVIDENCES));

        if (!has_link(lint, item, GRAPH_IN, proofs))
                found(lint, item, ZW_ITEM_NONE, "%s has neither a test nor evidence", key_of(lint, item));
}

static void evidence_without_revision(Lint *lint, ItemNo item)
{
        if (!facts_has(graph_facts(lint->view, item), ZW_ATTR_REVISION))
                found(lint, item, ZW_ITEM_NONE, "%s does not say of which revision it speaks",
                      key_of(lint, item));
}

static void document_without_revision(Lint *lint, ItemNo item)
{
        if (!facts_has(graph_facts(lint->view, item), ZW_ATTR_REVISION) &&
            (has_link(lint, item, GRAPH_OUT, LINK_MASK(ZW_LINK_EVIDENCES)) ||
             has_link(lint, item, GRAPH_IN, LINK_MASK(ZW_LINK_RESTS_ON))))
                found(lint, item, ZW_ITEM_NONE, "%s is used as proof and has no revision",
                      key_of(lint, item));
}

static void asset_in_no_place(Lint *lint, ItemNo item)
{
        if (item_place(lint->view, item) == ZW_ITEM_NONE)
                found(lint, item, ZW_ITEM_NONE, "%s is part of no zone or conduit", key_of(lint, item));
}

static bool flow_uses_conduit(const Lint *lint, ItemNo flow)
{
        GraphIter iter = graph_iter(lint->view, flow, GRAPH_OUT, LINK_MASK(ZW_LINK_CONNECTS));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(lint->view, edge.other) &&
                    graph_kind(lint->view, edge.other) == ZW_KIND_CONDUIT)
                        return true;
        return false;
}

/* A sink of the flow in another place than `from`, or ZW_ITEM_NONE. */
static ItemNo flow_leaves(const Lint *lint, ItemNo flow, ItemNo from)
{
        GraphIter iter = graph_iter(lint->view, flow, GRAPH_OUT, LINK_MASK(ZW_LINK_CONNECTS));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                ItemNo to = ZW_ITEM_NONE;

                if (graph_link_as(lint->view, edge.link) == ZW_AS_SINK &&
                    graph_is_live(lint->view, edge.other))
                        to = item_place(lint->view, edge.other);
                if (to != ZW_ITEM_NONE && to != from)
                        return to;
        }
        return ZW_ITEM_NONE;
}

static void flow_without_conduit(Lint *lint, ItemNo item)
{
        GraphIter iter = graph_iter(lint->view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_CONNECTS));
        GraphEdge edge;

        if (flow_uses_conduit(lint, item))
                return;
        while (graph_next(&iter, &edge)) {
                ItemNo from = ZW_ITEM_NONE, to;

                if (graph_link_as(lint->view, edge.link) == ZW_AS_SOURCE &&
                    graph_is_live(lint->view, edge.other))
                        from = item_place(lint->view, edge.other);
                if (from == ZW_ITEM_NONE)
                        continue;
                to = flow_leaves(lint, item, from);
                if (to == ZW_ITEM_NONE)
                        continue;
                found(lint, item, ZW_ITEM_NONE, "%s goes from %s to %s over no conduit", key_of(lint, item),
                      key_of(lint, from), key_of(lint, to));
                return;
        }
}

static uint32_t nature_of(const Lint *lint, ItemNo item)
{
        return facts_get_set(graph_facts(lint->view, item), ZW_ATTR_NATURE);
}

/* ZCR 3.3: separated, or the whole zone is marked safety-related. */
static void safety_asset_outside(Lint *lint, ItemNo item)
{
        const uint32_t safety = 1U << ZW_VALUE_ZONE_NATURE_SAFETY;
        ItemNo place = item_place(lint->view, item);

        if (place != ZW_ITEM_NONE && (nature_of(lint, item) & safety) != 0 &&
            (nature_of(lint, place) & safety) == 0)
                found(lint, item, place,
                      "%s is a safety asset in %s, which is not marked safety-related (ZCR 3.3)",
                      key_of(lint, item), key_of(lint, place));
}

/* ZCR 3.4 to 3.6: a warning that a reason answers. */
static void not_separated(Lint *lint, ItemNo item)
{
        const uint32_t special = 1U << ZW_VALUE_ZONE_NATURE_TEMPORARY | 1U << ZW_VALUE_ZONE_NATURE_WIRELESS |
                                 1U << ZW_VALUE_ZONE_NATURE_EXTERNAL;
        ItemNo place = item_place(lint->view, item);
        uint32_t nature = nature_of(lint, item) & special;

        if (place == ZW_ITEM_NONE || (nature & ~nature_of(lint, place)) == 0 ||
            facts_has(graph_facts(lint->view, item), ZW_ATTR_SEPARATION_REASON))
                return;
        found(lint, item, place,
              "%s is temporary, wireless or external and not separated from %s (ZCR 3.4 to 3.6)",
              key_of(lint, item), key_of(lint, place));
}

static void mitigation_without_test(Lint *lint, ItemNo item)
{
        if (has_link(lint, item, GRAPH_OUT, LINK_MASK(ZW_LINK_MITIGATES)) &&
            !has_link(lint, item, GRAPH_IN, LINK_MASK(ZW_LINK_VERIFIES)))
                found(lint, item, ZW_ITEM_NONE, "%s mitigates and no test verifies it (SVV-2)",
                      key_of(lint, item));
}

static void no_failure_effect(Lint *lint, ItemNo item)
{
        if (!facts_has(graph_facts(lint->view, item), ZW_ATTR_FAILURE_EFFECT))
                found(lint, item, ZW_ITEM_NONE, "%s does not say what fails when it fails",
                      key_of(lint, item));
}

/* What a test case tests: the live items it verifies, and what the claims among them rest on; each once. */
static GArray *tested_by(const Lint *lint, ItemNo test_case)
{
        GArray *tested = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        GraphIter iter = graph_iter(lint->view, test_case, GRAPH_OUT, LINK_MASK(ZW_LINK_VERIFIES));
        GraphEdge edge, base;

        while (graph_next(&iter, &edge)) {
                GraphIter bases = graph_iter(lint->view, edge.other, GRAPH_OUT, LINK_MASK(ZW_LINK_RESTS_ON));

                if (!graph_is_live(lint->view, edge.other))
                        continue;
                if (g_hash_table_add(seen, GUINT_TO_POINTER(edge.other + 1)))
                        g_array_append_val(tested, edge.other);
                while (graph_next(&bases, &base))
                        if (graph_is_live(lint->view, base.other) &&
                            g_hash_table_add(seen, GUINT_TO_POINTER(base.other + 1)))
                                g_array_append_val(tested, base.other);
        }
        return tested;
}

static void tester_not_independent(Lint *lint, ItemNo item)
{
        g_autoptr(GArray) tested = NULL;
        size_t n, m;
        const char *tester = facts_get_text(graph_facts(lint->view, item), ZW_ATTR_TESTER, &n), *developer;

        if (tester == NULL)
                return;
        tested = tested_by(lint, item);
        for (guint i = 0; i < tested->len; i++) {
                ItemNo other = g_array_index(tested, ItemNo, i);

                developer = facts_get_text(graph_facts(lint->view, other), ZW_ATTR_DEVELOPER, &m);
                if (developer != NULL && n == m && memcmp(tester, developer, n) == 0)
                        found(lint, item, other, "%s is tested by the developer of %s (SVV-5)",
                              key_of(lint, item), key_of(lint, other));
        }
}

/* A waiver, or a claim that something does not apply. */
static void waiver_without_rationale(Lint *lint, ItemNo item)
{
        Facts facts = graph_facts(lint->view, item);

        if (!facts_has(facts, ZW_ATTR_RATIONALE) &&
            (graph_kind(lint->view, item) == ZW_KIND_WAIVER ||
             facts_get_enum(facts, ZW_ATTR_STATEMENT) == ZW_VALUE_STATEMENT_NOT_APPLICABLE))
                found(lint, item, ZW_ITEM_NONE, "%s gives no rationale", key_of(lint, item));
}

/* Risk as likelihood x impact per category, each against its own tolerable risk (project practice). */
static void residual_above_tolerable(Lint *lint, ItemNo item)
{
        Facts facts = graph_facts(lint->view, item);
        int64_t likelihood, impact, tolerable;

        if (facts_get_enum(facts, ZW_ATTR_DECISION) >= 0 ||
            !facts_get_int(facts, ZW_ATTR_RESIDUAL_LIKELIHOOD, &likelihood))
                return;
        for (int category = 0; category <= ZW_VALUE_IMPACT_QUALITY; category++) {
                if (!facts_get_level(facts, ZW_ATTR_RESIDUAL_IMPACT, category, &impact) ||
                    !facts_get_level(facts, ZW_ATTR_TOLERABLE, category, &tolerable) ||
                    likelihood * impact <= tolerable)
                        continue;
                found(lint, item, ZW_ITEM_NONE,
                      "%s: residual risk %d is above the tolerable %d and nobody decided", key_of(lint, item),
                      (int)(likelihood * impact), (int)tolerable);
                return;
        }
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
                if (has_link(lint, item, GRAPH_IN, LINK_MASK(types[i])) && leads_back(lint, item, types[i]))
                        found(lint, item, ZW_ITEM_NONE, "%s comes back to itself over %s", key_of(lint, item),
                              link_type_def(types[i])->name);
}

static void orphan(Lint *lint, ItemNo item)
{
        if (!has_link(lint, item, GRAPH_OUT, LINK_MASK_ALL) && !has_link(lint, item, GRAPH_IN, LINK_MASK_ALL))
                found(lint, item, ZW_ITEM_NONE, "%s is linked to nothing", key_of(lint, item));
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
        { "target_without_risk", KIND(SL_TARGET), target_without_risk },
        { "requirement_without_source", KIND(REQUIREMENT), requirement_without_source },
        { "requirement_not_allocated", KIND(REQUIREMENT), requirement_not_allocated },
        { "claim_without_proof", KIND(CLAIM), claim_without_proof },
        { "evidence_without_revision", KIND(EVIDENCE), evidence_without_revision },
        { "document_without_revision", KIND(DOCUMENT), document_without_revision },
        { "orphan", ~ALONE, orphan },
        { "loop", UINT64_MAX, loop }, /* anything can supersede one of its kind */
        { "asset_in_no_place", KIND(ASSET), asset_in_no_place },
        { "flow_without_conduit", KIND(FLOW), flow_without_conduit },
        { "safety_asset_outside", KIND(ASSET), safety_asset_outside },
        { "not_separated", KIND(ASSET), not_separated },
        { "mitigation_without_test", KIND(COUNTERMEASURE), mitigation_without_test },
        { "no_failure_effect", KIND(COUNTERMEASURE), no_failure_effect },
        { "tester_not_independent", KIND(TEST_CASE), tester_not_independent },
        { "waiver_without_rationale", KIND(WAIVER) | KIND(CLAIM), waiver_without_rationale },
        { "residual_above_tolerable", KIND(RISK), residual_above_tolerable },
};

size_t lint_rule_count(void)
{
        return G_N_ELEMENTS(rules);
}

const char *lint_rule_name(size_t rule)
{
        return rules[rule].name;
}

GArray *lint_find(GraphView view)
{
        Lint lint = { .view = view, .defects = g_array_new(FALSE, FALSE, sizeof(Defect)) };
        ItemNo n = graph_item_count(view);

        g_array_set_clear_func(lint.defects, defect_clear);
        for (size_t rule = 0; rule < G_N_ELEMENTS(rules); rule++) {
                lint.rule = rules[rule].name;
                for (ItemNo item = 0; item < n; item++)
                        if (graph_exists(view, item) && graph_is_live(view, item) &&
                            (rules[rule].kinds & (UINT64_C(1) << graph_kind(view, item))) != 0)
                                rules[rule].look(&lint, item);
        }
        return lint.defects;
}
