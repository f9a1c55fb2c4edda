/* Which FRs a risk exercises, and what its method says of it (docs/algorithms/risk.md). */
#include "analysis/target.h"

#include <string.h>

/* ---- foundational requirements ---- */

FrSet stated_frs(GraphView view, ItemNo item)
{
        return (FrSet)facts_get_set(graph_facts(view, item), ZW_ATTR_FRS);
}

static FrSet technique_frs(const char *name)
{
        const RowId *rows = catalogue_rows_of_technique(name);
        FrSet frs = 0;

        for (; rows != NULL && *rows != ZW_ROW_NONE; rows++)
                frs |= (FrSet)(1U << catalogue_row(*rows)->fr);
        return frs;
}

FrSet threat_proposed_frs(GraphView view, ItemNo threat, GPtrArray *ret_unmapped)
{
        FactsIter iter = facts_iter(graph_facts(view, threat), ZW_ATTR_TECHNIQUES);
        const char *text;
        FrSet all = 0;
        size_t n;

        while (facts_next_text(&iter, &text, &n)) {
                g_autofree char *name = g_strndup(text, n);
                FrSet frs = technique_frs(name);

                all |= frs;
                if (frs == 0 && ret_unmapped != NULL)
                        g_ptr_array_add(ret_unmapped, g_steal_pointer(&name));
        }
        return all;
}

FrSet threat_frs(GraphView view, ItemNo threat)
{
        FrSet stated = stated_frs(view, threat);

        return stated != 0 ? stated : threat_proposed_frs(view, threat, NULL);
}

FrSet risk_proposed_frs(GraphView shown, ItemNo risk)
{
        const GraphView view = graph_whole(shown); /* FRs name no threat, so one that is not seen counts */
        GraphIter iter = graph_iter(view, risk, GRAPH_OUT, LINK_MASK(ZW_LINK_ASSESSES));
        GraphEdge edge;
        FrSet frs = 0;

        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other) && graph_kind(view, edge.other) == ZW_KIND_THREAT)
                        frs |= threat_frs(view, edge.other);
        return frs;
}

FrSet risk_frs(GraphView view, ItemNo risk)
{
        FrSet stated = stated_frs(view, risk);

        return stated != 0 ? stated : risk_proposed_frs(view, risk);
}

/* ---- level ---- */

static int class_of(Facts facts, AttrId attr)
{
        int64_t value;

        return facts_get_int(facts, attr, &value) ? (int)value : 0;
}

static int level_of(Facts facts, AttrId attr, int i, int fallback)
{
        int64_t value;

        return facts_get_level(facts, attr, i, &value) ? (int)value : fallback;
}

static RiskStatement statement_of(Facts facts)
{
        RiskStatement statement = { .likelihood = class_of(facts, ZW_ATTR_LIKELIHOOD) };

        for (int i = 0; i < ZW_RISK_CATEGORIES; i++) {
                statement.impact[i] = level_of(facts, ZW_ATTR_IMPACT, i, -1);
                statement.tolerable[i] = level_of(facts, ZW_ATTR_TOLERABLE, i, -1);
        }
        for (int i = 0; i < ZW_RISK_FACTORS; i++)
                statement.attacker[i] = level_of(facts, ZW_ATTR_ATTACKER, i, 0);
        return statement;
}

static void method_find(RatedRisk *rated, const RiskMethods *methods, Facts facts)
{
        size_t n;
        const char *name = facts_get_text(facts, ZW_ATTR_METHOD, &n);

        rated->assumed = name == NULL;
        rated->method = name == NULL ? risk_methods_default(methods) : risk_methods_find(methods, name, n);
        if (rated->method != NULL)
                rated->newer = risk_methods_successor(methods, rated->method);
        else
                rated->level.unknown = g_strdup_printf("there is no risk method \"%.*s\"", (int)n, name);
}

/* With countermeasures: each part that is not stated is as it was without. */
static void residual_rate(RatedRisk *rated, Facts facts, RiskStatement statement)
{
        const bool stated = facts_has(facts, ZW_ATTR_RESIDUAL_LIKELIHOOD) ||
                            facts_has(facts, ZW_ATTR_RESIDUAL_IMPACT);
        g_auto(RiskLevel) level = { .sl = -1 };

        if (!stated || rated->method == NULL)
                return;
        if (facts_has(facts, ZW_ATTR_RESIDUAL_LIKELIHOOD))
                statement.likelihood = class_of(facts, ZW_ATTR_RESIDUAL_LIKELIHOOD);
        for (int i = 0; i < ZW_RISK_CATEGORIES; i++)
                statement.impact[i] = level_of(facts, ZW_ATTR_RESIDUAL_IMPACT, i, statement.impact[i]);
        risk_method_level(rated->method, &statement, &level);
        for (int i = 0; i < ZW_RISK_CATEGORIES; i++) {
                const RiskCategory *category = &level.categories[i];

                rated->residual[i] = category->impact < 0 ? -1 : category->risk;
                rated->residual_tolerable[i] = category->impact < 0 ? -1 : category->tolerable;
                if (category->impact >= 0 && category->tolerable >= 0 && category->risk > category->tolerable)
                        rated->residual_above = true;
        }
}

RatedRisk *risk_rate(GraphView view, const RiskMethods *methods, ItemNo risk)
{
        Facts facts = graph_facts(view, risk);
        RiskStatement statement = statement_of(facts);
        RatedRisk *rated = g_new0(RatedRisk, 1);

        rated->risk = risk;
        rated->frs = risk_frs(view, risk);
        rated->initial = facts_get_enum(facts, ZW_ATTR_STAGE) == ZW_VALUE_RISK_STAGE_INITIAL;
        rated->level.sl = rated->level.attacker = -1;
        for (int i = 0; i < ZW_RISK_CATEGORIES; i++) {
                rated->residual[i] = rated->residual_tolerable[i] = -1;
                rated->level.categories[i] = (RiskCategory){ -1, -1, -1, -1 };
        }
        method_find(rated, methods, facts);
        if (rated->method != NULL)
                risk_method_level(rated->method, &statement, &rated->level);
        residual_rate(rated, facts, statement);
        return rated;
}

void rated_risk_free(RatedRisk *rated)
{
        if (rated == NULL)
                return;
        risk_level_clear(&rated->level);
        g_free(rated);
}
