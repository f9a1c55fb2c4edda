#include "analysis/lint.h"
#include "report/chain.h"

#include <string.h>

struct Breaks {
        GArray *all;       /* of Break */
        uint32_t *of_item; /* by ItemNo */
        gint64 *looked_at; /* by rule */
};

static int step_compare(gconstpointer a, gconstpointer b)
{
        const CellStep *x = a, *y = b;

        if (x->item != y->item)
                return x->item < y->item ? -1 : 1;
        return y->suspect - x->suspect;
}

GArray *chain_next(GraphView view, ItemNo item, GraphSide side, LinkMask types, uint64_t kinds)
{
        GArray *steps = g_array_new(FALSE, FALSE, sizeof(CellStep));
        GraphIter iter = graph_iter(view, item, side, types);
        GraphEdge edge;
        guint n = 0;

        while (graph_next(&iter, &edge)) {
                CellStep step = { edge.other, graph_link_is_suspect(view, edge.link) };

                if (graph_is_live(view, edge.other) && (kinds & KIND_BIT(graph_kind(view, edge.other))) != 0)
                        g_array_append_val(steps, step);
        }
        g_array_sort(steps, step_compare);
        /* Two links to one item are one step, suspect when one of them is. */
        for (guint i = 0; i < steps->len; i++) {
                const CellStep step = g_array_index(steps, CellStep, i);

                if (n == 0 || g_array_index(steps, CellStep, n - 1).item != step.item)
                        g_array_index(steps, CellStep, n++) = step;
        }
        return g_array_set_size(steps, n);
}

/* ---- the rules: what each item of the chain must have ---- */

static bool has(GraphView view, ItemNo item, GraphSide side, LinkMask types, uint64_t kinds)
{
        GraphIter iter = graph_iter(view, item, side, types);
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other) && (kinds & KIND_BIT(graph_kind(view, edge.other))) != 0)
                        return true;
        return false;
}

/* What an item lacks, it lacks in all there is, not in what is shown of it. */
static GraphView whole_of(const Assess *assess)
{
        return graph_whole(assess_view(assess));
}

/* A threat may act through a hazard; a scenario may be the source of a requirement without a risk. */
static bool scenario_without_risk(const Assess *assess, ItemNo item)
{
        GraphView view = whole_of(assess);

        return !has(view, item, GRAPH_IN, LINK_MASK(ZW_LINK_ASSESSES), KIND_BIT(ZW_KIND_RISK)) &&
               !has(view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_LEADS_TO), KIND_BIT(ZW_KIND_HAZARD)) &&
               !has(view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_DERIVES), KIND_BIT(ZW_KIND_REQUIREMENT));
}

static bool risk_without_scenario(const Assess *assess, ItemNo item)
{
        return !has(whole_of(assess), item, GRAPH_OUT, LINK_MASK(ZW_LINK_ASSESSES), UINT64_MAX);
}

/* A risk that is accepted, transferred or avoided needs no level. */
static bool risk_without_target(const Assess *assess, ItemNo item)
{
        GraphView view = whole_of(assess);
        int decision = facts_get_enum(graph_facts(view, item), ZW_ATTR_DECISION);

        return (decision < 0 || decision == ZW_VALUE_RISK_DECISION_TREAT) &&
               !has(view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_JUSTIFIES), UINT64_MAX);
}

static bool target_without_requirement(const Assess *assess, ItemNo item)
{
        return !has(whole_of(assess), item, GRAPH_OUT, LINK_MASK(ZW_LINK_DERIVES), UINT64_MAX);
}

static bool requirement_without_claim(const Assess *assess, ItemNo item)
{
        GraphView view = whole_of(assess);

        return !has(view, item, GRAPH_IN, LINK_MASK(ZW_LINK_ANSWERS), UINT64_MAX) &&
               !has(view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_DERIVES), UINT64_MAX);
}

static bool claim_without_requirement(const Assess *assess, ItemNo item)
{
        return !has(whole_of(assess), item, GRAPH_OUT, LINK_MASK(ZW_LINK_ANSWERS), UINT64_MAX);
}

/* A claim that says "not met" needs nothing to rest on. */
static bool claim_rests_on_nothing(const Assess *assess, ItemNo item)
{
        GraphView view = whole_of(assess);
        int statement = facts_get_enum(graph_facts(view, item), ZW_ATTR_STATEMENT);

        return statement != ZW_VALUE_STATEMENT_NOT_MET && statement != ZW_VALUE_STATEMENT_NOT_APPLICABLE &&
               !has(view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_RESTS_ON), UINT64_MAX);
}

static bool test_without_result(const Assess *assess, ItemNo item)
{
        GraphResult result;

        return !case_outcome(assess, item, &result);
}

static bool test_failed(const Assess *assess, ItemNo item)
{
        GraphResult result;

        return case_outcome(assess, item, &result) && result.status == RESULT_FAILED;
}

/* In the order of the chain. Without a function: a rule of lint, found there. */
static const struct {
        const char *name;
        uint64_t kinds;
        bool (*breaks)(const Assess *assess, ItemNo item);
} rules[] = {
        { "scenario_without_risk", KIND_BIT(ZW_KIND_THREAT) | KIND_BIT(ZW_KIND_HAZARD),
          scenario_without_risk },
        { "risk_without_scenario", KIND_BIT(ZW_KIND_RISK), risk_without_scenario },
        { "risk_without_target", KIND_BIT(ZW_KIND_RISK), risk_without_target },
        { "target_without_risk", KIND_BIT(ZW_KIND_SL_TARGET), NULL },
        { "target_without_requirement", KIND_BIT(ZW_KIND_SL_TARGET), target_without_requirement },
        { "requirement_without_source", KIND_BIT(ZW_KIND_REQUIREMENT), NULL },
        { "requirement_not_allocated", KIND_BIT(ZW_KIND_REQUIREMENT), NULL },
        { "requirement_without_claim", KIND_BIT(ZW_KIND_REQUIREMENT), requirement_without_claim },
        { "claim_without_requirement", KIND_BIT(ZW_KIND_CLAIM), claim_without_requirement },
        { "claim_rests_on_nothing", KIND_BIT(ZW_KIND_CLAIM), claim_rests_on_nothing },
        { "claim_without_proof", KIND_BIT(ZW_KIND_CLAIM), NULL },
        { "test_without_result", KIND_BIT(ZW_KIND_TEST_CASE), test_without_result },
        { "test_failed", KIND_BIT(ZW_KIND_TEST_CASE), test_failed },
};

size_t break_rule_count(void)
{
        return G_N_ELEMENTS(rules);
}

const char *break_rule_name(size_t rule)
{
        return rules[rule].name;
}

/* ---- finding them ---- */

static void break_add(Breaks *breaks, size_t rule, ItemNo item)
{
        Break found = { rule, item };

        g_array_append_val(breaks->all, found);
        breaks->of_item[item] |= UINT32_C(1) << rule;
}

static void breaks_of_lint(Breaks *breaks, size_t rule, const GArray *defects)
{
        for (guint i = 0; i < defects->len; i++) {
                const Defect *defect = &g_array_index(defects, Defect, i);

                if (strcmp(defect->rule, rules[rule].name) == 0)
                        break_add(breaks, rule, defect->items[0]);
        }
}

Breaks *breaks_find(const Assess *assess, const GArray *defects)
{
        GraphView view = assess_view(assess);
        ItemNo n = graph_item_count(view);
        Breaks *breaks = g_new0(Breaks, 1);

        G_STATIC_ASSERT(G_N_ELEMENTS(rules) <= 32);
        breaks->all = g_array_new(FALSE, FALSE, sizeof(Break));
        breaks->of_item = g_new0(uint32_t, n + 1);
        breaks->looked_at = g_new0(gint64, G_N_ELEMENTS(rules));
        for (size_t rule = 0; rule < G_N_ELEMENTS(rules); rule++) {
                if (rules[rule].breaks == NULL)
                        breaks_of_lint(breaks, rule, defects);
                for (ItemNo item = 0; item < n; item++) {
                        if (!graph_exists(view, item) || !graph_is_live(view, item) ||
                            (rules[rule].kinds & KIND_BIT(graph_kind(view, item))) == 0)
                                continue;
                        breaks->looked_at[rule]++;
                        if (rules[rule].breaks != NULL && rules[rule].breaks(assess, item))
                                break_add(breaks, rule, item);
                }
        }
        return breaks;
}

void breaks_free(Breaks *breaks)
{
        if (breaks == NULL)
                return;
        g_array_unref(breaks->all);
        g_free(breaks->of_item);
        g_free(breaks->looked_at);
        g_free(breaks);
}

const GArray *breaks_all(const Breaks *breaks)
{
        return breaks->all;
}

gint64 breaks_looked_at(const Breaks *breaks, size_t rule)
{
        return breaks->looked_at[rule];
}

uint32_t breaks_of(const Breaks *breaks, ItemNo item)
{
        return breaks->of_item[item];
}
