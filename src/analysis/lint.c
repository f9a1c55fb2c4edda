/* The table of the named defects, and the rules that any kind of item can break (docs/algorithms/lint.md). */
#include "analysis/lint_rules.h"
#include "analysis/shown.h"

static void defect_clear(gpointer data)
{
        Defect *defect = data;

        g_clear_pointer(&defect->message, g_free);
}

/* A reason stands while neither the item nor the waiver has changed since somebody judged it, and the waiver has not
 * expired; what is no warning needs an approved one. */
static bool is_answer(const Lint *lint, const GraphEdge *edge)
{
        const uint32_t answered = facts_get_set(graph_link_facts(lint->view, edge->link), ZW_ATTR_RULES);

        return (answered >> lint->answer & 1) != 0 && graph_is_live(lint->view, edge->other) &&
               !graph_link_is_suspect(lint->view, edge->link) &&
               (lint->rule->warning || graph_is_approved(lint->view, edge->other)) &&
               facts_has(graph_facts(lint->view, edge->other), ZW_ATTR_RATIONALE) &&
               !assess_is_expired(lint->assess, edge->other, ZW_ATTR_EXPIRES);
}

/* The first waiver that answers the rule for the item, or ZW_ITEM_NONE. */
static ItemNo answer_of(const Lint *lint, ItemNo item)
{
        GraphIter iter = graph_iter(lint->view, item, GRAPH_IN, LINK_MASK(ZW_LINK_WAIVES));
        ItemNo first = ZW_ITEM_NONE;
        GraphEdge edge;

        while (lint->answer >= 0 && graph_next(&iter, &edge))
                if (is_answer(lint, &edge))
                        first = MIN(first, edge.other);
        return first;
}

void lint_found(Lint *lint, ItemNo item, ItemNo other, const char *format, ...)
{
        const ItemNo answer = answer_of(lint, item);
        Defect defect = *lint->rule;
        va_list args;

        if (answer != ZW_ITEM_NONE && !lint->answered)
                return;
        defect.items[0] = item;
        defect.items[1] = other;
        defect.answer = answer;
        va_start(args, format);
        defect.message = g_strdup_vprintf(format, args);
        va_end(args);
        g_array_append_val(lint->defects, defect);
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

bool lint_has_conduit(const Lint *lint, ItemNo item, GraphSide side)
{
        GraphIter iter = graph_iter(lint->view, item, side, LINK_MASK(ZW_LINK_CONNECTS));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(lint->view, edge.other) &&
                    graph_kind(lint->view, edge.other) == ZW_KIND_CONDUIT)
                        return true;
        return false;
}

const char *lint_key(const Lint *lint, ItemNo item)
{
        return graph_key(lint->view, item);
}

const char *lint_value(const Lint *lint, ItemNo item, AttrId attr)
{
        return attr_get(graph_kind(lint->view, item), attr)
                ->values[facts_get_enum(graph_facts(lint->view, item), attr)];
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

#define KIND(name) LINT_KIND(ZW_KIND_##name)
/* Kinds that stand alone by nature. */
#define ALONE                                                                                            \
        (KIND(SYSTEM) | KIND(TEST_RUN) | KIND(DOCUMENT) | KIND(BASELINE) | KIND(REVIEW) | KIND(REPORT) | \
         KIND(ASSUMPTION))

#define PLACES                              (KIND(ZONE) | KIND(CONDUIT))
#define FUNCTIONS                           (KIND(ESSENTIAL_FUNCTION) | KIND(SAFETY_FUNCTION))
#define SEPARATION(number, clause, warning) number, "62443-3-2 " clause, warning, { 0 }, 0, NULL
#define CLAUSE(clause)                      NULL, clause, false, { 0 }, 0, NULL
#define PRACTICE                            CLAUSE(NULL)
#define ANSWER(name)                        ZW_VALUE_RULES_##name

static const struct {
        Defect rule;
        uint64_t kinds;
        void (*look)(Lint *lint, ItemNo item);
        int answer; /* bit of waives.rules, or -1 */
} rules[] = {
        { { "target_without_risk", CLAUSE("62443-3-2 ZCR 5") },
          KIND(SL_TARGET),
          lint_target_without_risk,
          -1 },
        { { "target_from_capability", CLAUSE("62443-3-2 ZCR 5") },
          KIND(SL_TARGET),
          lint_target_from_capability,
          -1 },
        { { "requirement_without_source", PRACTICE },
          KIND(REQUIREMENT),
          lint_requirement_without_source,
          -1 },
        { { "requirement_on_unversioned_document", PRACTICE },
          KIND(REQUIREMENT),
          lint_requirement_on_unversioned_document,
          -1 },
        { { "requirement_not_allocated", PRACTICE }, KIND(REQUIREMENT), lint_requirement_not_allocated, -1 },
        { { "component_requirement_on_place", CLAUSE("62443-4-2") },
          KIND(REQUIREMENT),
          lint_component_requirement_on_place,
          -1 },
        { { "checklist_without_scope", CLAUSE("62443-3-2 ZCR 1.1, 3.1") },
          KIND(SYSTEM),
          lint_checklist_without_scope,
          -1 },
        { { "log_unowned", CLAUSE("62443-3-3 SR 2.8 to 2.10, 3.9, 6.1") },
          KIND(REQUIREMENT),
          lint_log_unowned,
          -1 },
        { { "claim_without_allocation", PRACTICE }, KIND(CLAIM), lint_claim_without_allocation, -1 },
        { { "claim_on_retired", PRACTICE }, KIND(CLAIM), lint_claim_on_retired, -1 },
        { { "claim_without_proof", PRACTICE }, KIND(CLAIM), lint_claim_without_proof, -1 },
        { { "proof_without_effect", PRACTICE }, KIND(CLAIM), lint_proof_without_effect, -1 },
        { { "compensation_incomplete", PRACTICE }, KIND(CLAIM), lint_compensation_incomplete, -1 },
        { { "evidence_without_revision", PRACTICE }, KIND(EVIDENCE), lint_evidence_without_revision, -1 },
        { { "document_without_revision", PRACTICE }, KIND(DOCUMENT), lint_document_without_revision, -1 },
        { { "orphan", PRACTICE }, ~ALONE, orphan, -1 },
        { { "loop", PRACTICE }, UINT64_MAX, loop, -1 }, /* anything can supersede one of its kind */
        { { "asset_in_no_place", CLAUSE("62443-3-2 ZCR 3.1") }, KIND(ASSET), lint_asset_in_no_place, -1 },
        { { "drawing_unlike_inventory", CLAUSE("62443-3-2 ZCR 6.3") },
          KIND(ASSET) | KIND(FLOW),
          lint_drawing_unlike_inventory,
          -1 },
        { { "business_not_separated", SEPARATION("S1", "ZCR 3.2", false) },
          KIND(ASSET) | PLACES,
          lint_business_not_separated,
          ANSWER(BUSINESS_NOT_SEPARATED) },
        { { "safety_asset_outside", SEPARATION("S2", "ZCR 3.3", false) },
          KIND(ASSET),
          lint_safety_asset_outside,
          ANSWER(SAFETY_ASSET_OUTSIDE) },
        { { "temporary_not_separated", SEPARATION("S3", "ZCR 3.4", true) },
          KIND(ASSET),
          lint_temporary_not_separated,
          ANSWER(TEMPORARY_NOT_SEPARATED) },
        { { "wireless_not_separated", SEPARATION("S4", "ZCR 3.5", true) },
          KIND(ASSET),
          lint_wireless_not_separated,
          ANSWER(WIRELESS_NOT_SEPARATED) },
        { { "external_not_separated", SEPARATION("S5", "ZCR 3.6", true) },
          KIND(ASSET),
          lint_external_not_separated,
          ANSWER(EXTERNAL_NOT_SEPARATED) },
        { { "flow_without_conduit", SEPARATION("S6", "ZCR 3.1", false) },
          KIND(FLOW),
          lint_flow_without_conduit,
          ANSWER(FLOW_WITHOUT_CONDUIT) },
        { { "conduit_skips_levels", SEPARATION("S7", "ZCR 3.1", true) },
          KIND(CONDUIT),
          lint_conduit_skips_levels,
          ANSWER(CONDUIT_SKIPS_LEVELS) },
        { { "conduit_without_ends", SEPARATION("S8", "ZCR 3.1", true) },
          KIND(CONDUIT),
          lint_conduit_without_ends,
          ANSWER(CONDUIT_WITHOUT_ENDS) },
        { { "access_point_without_conduit", SEPARATION("S9", "ZCR 1.1, 3.1", true) },
          KIND(ACCESS_POINT),
          lint_access_point_without_conduit,
          ANSWER(ACCESS_POINT_WITHOUT_CONDUIT) },
        { { "mitigation_without_test", CLAUSE("62443-4-1 SVV-2") },
          KIND(COUNTERMEASURE),
          lint_mitigation_without_test,
          -1 },
        { { "no_failure_effect", CLAUSE("62443-3-3 clause 4.2") },
          KIND(COUNTERMEASURE),
          lint_no_failure_effect,
          -1 },
        { { "essential_function_unanswered", CLAUSE("62443-3-3 clause 4.2") },
          FUNCTIONS,
          lint_essential_unanswered,
          -1 },
        { { "essential_function_lost", CLAUSE("62443-3-3 clause 4.2") }, FUNCTIONS, lint_essential_lost, -1 },
        { { "tester_not_independent", CLAUSE("62443-4-1 SVV-5") },
          KIND(TEST_CASE),
          lint_tester_not_independent,
          -1 },
        { { "waiver_without_rationale", PRACTICE },
          KIND(WAIVER) | KIND(CLAIM),
          lint_waiver_without_rationale,
          -1 },
        { { "frs_without_reason", CLAUSE("62443-3-2 ZCR 5.6") },
          KIND(THREAT) | KIND(RISK),
          lint_frs_without_reason,
          -1 },
        { { "technique_without_fr", CLAUSE("62443-3-2 ZCR 5.6") },
          KIND(THREAT),
          lint_technique_without_fr,
          -1 },
        { { "residual_above_tolerable", CLAUSE("62443-3-2 ZCR 5.11") },
          KIND(RISK),
          lint_residual_above_tolerable,
          -1 },
};

size_t lint_rule_count(void)
{
        return G_N_ELEMENTS(rules);
}

const char *lint_rule_name(size_t rule)
{
        return rules[rule].rule.rule;
}

static bool defect_is_shown(GraphView view, const Defect *defect)
{
        return item_may_show(view, defect->items[0]) && item_may_show(view, defect->items[1]) &&
               item_may_show(view, defect->answer) && text_is_shown(view, defect->message);
}

/* The rules look at all there is, at the items that are shown; what they find is shown when all of it is. */
static GArray *find(GraphView view, Instant now, const LintOrigins *origins, bool answered)
{
        const GraphView whole = graph_whole(view);
        g_autoptr(Assess) assess = assess_new(whole, now);
        g_autoptr(RiskMethods) own = risk_methods_new();
        Lint lint = { .view = whole,
                      .assess = assess,
                      .origins = origins,
                      .methods = origins == NULL || origins->methods == NULL ? own : origins->methods,
                      .answered = answered,
                      .defects = g_array_new(FALSE, FALSE, sizeof(Defect)) };
        ItemNo n = graph_item_count(view);

        g_array_set_clear_func(lint.defects, defect_clear);
        for (size_t rule = 0; rule < G_N_ELEMENTS(rules); rule++) {
                lint.rule = &rules[rule].rule;
                lint.answer = rules[rule].answer;
                for (ItemNo item = 0; item < n; item++)
                        if (graph_exists(view, item) && graph_is_live(view, item) &&
                            (rules[rule].kinds & LINT_KIND(graph_kind(view, item))) != 0)
                                rules[rule].look(&lint, item);
        }
        lint_drawing_free(lint.drawing);
        g_clear_pointer(&lint.capabilities, g_hash_table_unref);
        g_clear_pointer(&lint.departments, g_hash_table_unref);
        for (guint i = lint.defects->len; i > 0 && whole.graph != view.graph; i--)
                if (!defect_is_shown(view, &g_array_index(lint.defects, Defect, i - 1)))
                        g_array_remove_index(lint.defects, i - 1);
        return lint.defects;
}

GArray *lint_find(GraphView view, Instant now, const LintOrigins *origins)
{
        return find(view, now, origins, false);
}

GArray *lint_find_all(GraphView view, Instant now, const LintOrigins *origins)
{
        return find(view, now, origins, true);
}
