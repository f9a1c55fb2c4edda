/* What ZCR 2, 4 and 5 ask: initial and detailed risks, SL-T, decisions (docs/algorithms/zcr.md). */
#include "analysis/zcr_rules.h"

#define ATTR(name) ZW_ATTR_##name, ZW_LINK_COUNT
#define LINK(name) ZW_ATTR_COUNT, ZW_LINK_##name
#define NOWHERE    ZW_ATTR_COUNT, ZW_LINK_COUNT

static bool is_above(const RatedRisk *rated)
{
        for (int i = 0; i < ZW_RISK_CATEGORIES; i++) {
                const RiskCategory *category = &rated->level.categories[i];

                if (category->impact >= 0 && category->tolerable >= 0 && category->risk > category->tolerable)
                        return true;
        }
        return false;
}

static bool is_known(const RatedRisk *rated)
{
        return rated->level.sl >= 0;
}

/* ---- ZCR 2 and 4 ---- */

/* Severity and likelihood without safeguards, or an initial risk that assesses it. */
static char *worst_case_lack(Zcr *zcr, ItemNo hazard)
{
        GraphIter iter = graph_iter(zcr->view, hazard, GRAPH_IN, LINK_MASK(ZW_LINK_ASSESSES));
        Facts facts = graph_facts(zcr->view, hazard);
        GraphEdge edge;

        if (facts_has(facts, ZW_ATTR_SEVERITY) && facts_has(facts, ZW_ATTR_LIKELIHOOD))
                return NULL;
        while (graph_next(&iter, &edge))
                if (graph_is_live(zcr->view, edge.other) && zcr_rated(zcr, edge.other)->initial &&
                    is_known(zcr_rated(zcr, edge.other)))
                        return NULL;
        return g_strdup("has no worst case: neither severity and likelihood, nor an initial risk");
}

typedef struct {
        unsigned initial, detailed, unknown, above; /* unknown and above: of the initial ones */
} PlaceRisks;

static PlaceRisks risks_of(Zcr *zcr, ItemNo place)
{
        GraphIter iter = graph_iter(zcr->view, place, GRAPH_IN, LINK_MASK(ZW_LINK_WITHIN));
        PlaceRisks risks = { 0 };
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                const RatedRisk *rated;

                if (!graph_is_live(zcr->view, edge.other))
                        continue;
                rated = zcr_rated(zcr, edge.other);
                risks.initial += rated->initial;
                risks.detailed += !rated->initial;
                risks.unknown += rated->initial && !is_known(rated);
                risks.above += rated->initial && is_above(rated);
        }
        return risks;
}

static char *comparison_lack(Zcr *zcr, ItemNo place)
{
        const PlaceRisks risks = risks_of(zcr, place);

        if (risks.initial > risks.unknown)
                return NULL;
        if (risks.unknown > 0)
                return g_strdup("has an initial risk that cannot be compared: its level is unknown");
        return g_strdup(risks.detailed > 0 ? "went on to ZCR 5 without an initial risk"
                                           : "has no initial risk");
}

/* ---- ZCR 5 ---- */

/* All but those whose initial risk is tolerable, and where nobody went on all the same. */
static bool needs_detail(Zcr *zcr, ItemNo place)
{
        const PlaceRisks risks = risks_of(zcr, place);

        return risks.detailed > 0 || risks.initial == 0 || risks.unknown > 0 || risks.above > 0;
}

static bool is_detailed(Zcr *zcr, ItemNo risk)
{
        return !zcr_rated(zcr, risk)->initial;
}

static bool risk_names_threat(const Zcr *zcr, ItemNo place)
{
        GraphIter iter = graph_iter(zcr->view, place, GRAPH_IN, LINK_MASK(ZW_LINK_WITHIN));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(zcr->view, edge.other) && zcr_has_link(zcr, edge.other, ZW_LINK_ASSESSES))
                        return true;
        return false;
}

/* Calls `has` with each live asset of the place, until one has. */
static bool any_asset(const Zcr *zcr, ItemNo place, bool (*has)(const Zcr *zcr, ItemNo asset))
{
        GraphIter iter = graph_iter(zcr->view, place, GRAPH_IN, LINK_MASK(ZW_LINK_PART_OF));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(zcr->view, edge.other) &&
                    graph_kind(zcr->view, edge.other) == ZW_KIND_ASSET && has(zcr, edge.other))
                        return true;
        return false;
}

static bool is_threatened(const Zcr *zcr, ItemNo item)
{
        return zcr_has_link(zcr, item, ZW_LINK_THREATENS);
}

static char *threat_lack(Zcr *zcr, ItemNo place)
{
        return is_threatened(zcr, place) || any_asset(zcr, place, is_threatened) ||
                               risk_names_threat(zcr, place)
                       ? NULL
                       : g_strdup("has no threat on record");
}

static bool any_asset_there(const Zcr *zcr G_GNUC_UNUSED, ItemNo asset G_GNUC_UNUSED)
{
        return true;
}

static bool needs_detail_with_assets(Zcr *zcr, ItemNo place)
{
        return any_asset(zcr, place, any_asset_there) && needs_detail(zcr, place);
}

static bool is_found_of(const Zcr *zcr, ItemNo item)
{
        GraphIter iter = graph_iter(zcr->view, item, GRAPH_IN, LINK_MASK(ZW_LINK_CONCERNS));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(zcr->view, edge.other) &&
                    graph_kind(zcr->view, edge.other) == ZW_KIND_FINDING)
                        return true;
        return false;
}

static bool has_finding(const Zcr *zcr, ItemNo asset)
{
        GraphIter iter = graph_iter(zcr->view, asset, GRAPH_OUT, LINK_MASK(ZW_LINK_INSTANCE_OF));
        GraphEdge edge;

        if (is_found_of(zcr, asset))
                return true;
        while (graph_next(&iter, &edge))
                if (graph_is_live(zcr->view, edge.other) && is_found_of(zcr, edge.other))
                        return true;
        return false;
}

static char *weakness_lack(Zcr *zcr, ItemNo place)
{
        return any_asset(zcr, place, has_finding)
                       ? NULL
                       : g_strdup("has no weak point on record, of anything in it");
}

static char *level_lack(Zcr *zcr, ItemNo risk)
{
        const RatedRisk *rated = zcr_rated(zcr, risk);

        if (is_known(rated))
                return NULL;
        return g_strdup_printf("has no unmitigated risk: %s",
                               rated->level.unknown == NULL ? "no category is rated" : rated->level.unknown);
}

static char *tolerable_lack(Zcr *zcr, ItemNo risk)
{
        const RatedRisk *rated = zcr_rated(zcr, risk);
        const AttrDef *def = attr_get(ZW_KIND_RISK, ZW_ATTR_TOLERABLE);
        int64_t stated;

        for (int i = 0; i < ZW_RISK_CATEGORIES; i++) {
                const RiskCategory *category = &rated->level.categories[i];

                if (category->impact >= 0 && category->tolerable < 0)
                        return g_strdup_printf("has no tolerable risk for %s", def->values[i]);
                if (category->impact >= 0 && rated->assumed &&
                    !facts_get_level(graph_facts(zcr->view, risk), ZW_ATTR_TOLERABLE, i, &stated))
                        return g_strdup_printf(
                                "takes what is tolerable for %s from a method that nobody named",
                                def->values[i]);
        }
        return NULL;
}

static char *frs_text(const SlVector *target)
{
        GString *text = g_string_new(NULL);

        for (int fr = 1; fr <= ZW_FR_COUNT; fr++)
                if (target->e[fr - 1] == ZW_SL_UNKNOWN)
                        g_string_append_printf(text, "%s%d", text->len == 0 ? "" : ", ", fr);
        return g_string_free(text, FALSE);
}

static char *target_lack(Zcr *zcr, ItemNo place)
{
        g_autoptr(Derivation) derivation = target_derive(zcr->view, zcr->methods, place);
        const SlVector target = assess_target(zcr->assess, place);
        g_autofree char *unknown = frs_text(&target);

        switch (derivation->state) {
        case TARGET_MISSING:
                return g_strdup("has risks and no SL-T (zw risk derive)");
        case TARGET_EMPTY:
                return g_strdup("has an SL-T from no risk, or none at all");
        case TARGET_DRAFT:
                return g_strdup_printf("has %s, which is not approved",
                                       graph_key(zcr->view, derivation->target));
        case TARGET_UNDER_REVIEW:
                return g_strdup_printf("has %s, which is under review",
                                       graph_key(zcr->view, derivation->target));
        case TARGET_ACCEPTED:
                break;
        }
        return *unknown == '\0' ? NULL : g_strdup_printf("has no SL-T for FR %s", unknown);
}

static char *decision_lack(Zcr *zcr, ItemNo risk)
{
        return !is_above(zcr_rated(zcr, risk)) ||
                               facts_get_enum(graph_facts(zcr->view, risk), ZW_ATTR_DECISION) >= 0
                       ? NULL
                       : g_strdup("is above the tolerable risk, and nobody decided");
}

/* Above what is tolerable, and neither accepted, transferred nor avoided. */
static bool is_treated(Zcr *zcr, ItemNo risk)
{
        const int decision = facts_get_enum(graph_facts(zcr->view, risk), ZW_ATTR_DECISION);

        return is_detailed(zcr, risk) && is_above(zcr_rated(zcr, risk)) &&
               (decision < 0 || decision == ZW_VALUE_RISK_DECISION_TREAT);
}

static char *strength_lack(Zcr *zcr, ItemNo risk)
{
        GraphIter iter = graph_iter(zcr->view, risk, GRAPH_IN, LINK_MASK(ZW_LINK_MITIGATES));
        bool any = false;
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                if (!graph_is_live(zcr->view, edge.other))
                        continue;
                any = true;
                if (facts_get_enum(graph_facts(zcr->view, edge.other), ZW_ATTR_EFFECTIVENESS) < 0)
                        return g_strdup_printf("is mitigated by %s, whose effectiveness nobody judged",
                                               graph_key(zcr->view, edge.other));
        }
        return any ? NULL : g_strdup("has no countermeasure on record");
}

static char *mitigated_lack(Zcr *zcr, ItemNo risk)
{
        Facts facts = graph_facts(zcr->view, risk);

        return facts_has(facts, ZW_ATTR_RESIDUAL_LIKELIHOOD) || facts_has(facts, ZW_ATTR_RESIDUAL_IMPACT)
                       ? NULL
                       : g_strdup("has no likelihood and impact with countermeasures");
}

static char *residual_lack(Zcr *zcr, ItemNo risk)
{
        const RatedRisk *rated = zcr_rated(zcr, risk);
        const AttrDef *def = attr_get(ZW_KIND_RISK, ZW_ATTR_RESIDUAL_IMPACT);

        for (int i = 0; i < ZW_RISK_CATEGORIES; i++)
                if (rated->level.categories[i].impact >= 0 && rated->residual[i] < 0)
                        return g_strdup_printf("has no residual risk for %s", def->values[i]);
        return NULL;
}

static char *residual_decision_lack(Zcr *zcr, ItemNo risk)
{
        g_autofree char *unknown = residual_lack(zcr, risk);

        if (unknown != NULL)
                return g_steal_pointer(&unknown);
        return !zcr_rated(zcr, risk)->residual_above ||
                               facts_get_enum(graph_facts(zcr->view, risk), ZW_ATTR_DECISION) >= 0
                       ? NULL
                       : g_strdup("stays above the tolerable risk, and nobody decided");
}

static bool needs_more(Zcr *zcr, ItemNo risk)
{
        return is_treated(zcr, risk) && zcr_rated(zcr, risk)->residual_above;
}

static char *assessment_lack(Zcr *zcr, ItemNo item G_GNUC_UNUSED)
{
        return zcr_has_report(zcr, "risk-assessment", false)
                       ? NULL
                       : g_strdup("no risk assessment was issued (zw report risk-assessment)");
}

const ZcrDemand zcr_risk_demands[] = {
        { "ZCR 2.1", ZCR_KIND(HAZARD), NULL, ATTR(SEVERITY), NULL, worst_case_lack },
        { "ZCR 4.1", ZCR_PLACES, NULL, LINK(WITHIN), NULL, comparison_lack },
        { "ZCR 5.1", ZCR_PLACES, needs_detail, LINK(THREATENS), NULL, threat_lack },
        { "ZCR 5.2", ZCR_PLACES, needs_detail_with_assets, LINK(CONCERNS), NULL, weakness_lack },
        { "ZCR 5.3", ZCR_PLACES, needs_detail, LINK(WITHIN), "has no risk within it", NULL },
        { "ZCR 5.3", ZCR_KIND(RISK), is_detailed, ATTR(IMPACT), "has no impact in any category", NULL },
        { "ZCR 5.4", ZCR_KIND(RISK), is_detailed, ATTR(LIKELIHOOD), "has no unmitigated likelihood", NULL },
        { "ZCR 5.5", ZCR_KIND(RISK), is_detailed, ATTR(METHOD), NULL, level_lack },
        { "ZCR 5.6", ZCR_PLACES, NULL, LINK(TARGETS), NULL, target_lack },
        { "ZCR 5.7", ZCR_KIND(RISK), is_detailed, ATTR(DECISION), NULL, decision_lack },
        { "ZCR 5.8", ZCR_KIND(RISK), is_treated, LINK(MITIGATES), NULL, strength_lack },
        { "ZCR 5.9", ZCR_KIND(RISK), is_treated, ATTR(RESIDUAL_LIKELIHOOD), NULL, mitigated_lack },
        { "ZCR 5.10", ZCR_KIND(RISK), is_treated, ATTR(RESIDUAL_IMPACT), NULL, residual_lack },
        { "ZCR 5.11", ZCR_KIND(RISK), is_treated, ATTR(DECISION), NULL, residual_decision_lack },
        { "ZCR 5.12", ZCR_KIND(RISK), needs_more, LINK(RESOLVES),
          "has no action or change that is to bring its residual risk down", NULL },
        { "ZCR 5.13", 0, NULL, NOWHERE, NULL, assessment_lack },
        { "ZCR 6.8", ZCR_KIND(RISK), NULL, ATTR(TOLERABLE), NULL, tolerable_lack },
};
const size_t zcr_n_risk_demands = G_N_ELEMENTS(zcr_risk_demands);
