/* Named defects of threats and risks (docs/algorithms/lint.md). */
#include "analysis/lint_rules.h"
#include "analysis/target.h"

/* FRs that somebody stated otherwise than techniques or threats propose them. */
void lint_frs_without_reason(Lint *lint, ItemNo item)
{
        const bool threat = graph_kind(lint->view, item) == ZW_KIND_THREAT;
        const FrSet stated = stated_frs(lint->view, item);
        const FrSet proposed = threat ? threat_proposed_frs(lint->view, item, NULL)
                                      : risk_proposed_frs(lint->view, item);

        if (stated != 0 && proposed != 0 && stated != proposed &&
            !facts_has(graph_facts(lint->view, item), ZW_ATTR_FRS_REASON))
                lint_found(lint, item, ZW_ITEM_NONE, "%s states other FRs than its %s, and no reason",
                           lint_key(lint, item), threat ? "techniques propose" : "threats exercise");
}

void lint_technique_without_fr(Lint *lint, ItemNo item)
{
        g_autoptr(GPtrArray) unmapped = g_ptr_array_new_with_free_func(g_free);

        if (stated_frs(lint->view, item) != 0)
                return;
        (void)threat_proposed_frs(lint->view, item, unmapped);
        if (unmapped->len > 0)
                lint_found(lint, item, ZW_ITEM_NONE,
                           "%s: technique %s maps to no row of 62443-3-3, and nobody said the FRs",
                           lint_key(lint, item), (const char *)g_ptr_array_index(unmapped, 0));
}

/* Each category against its own tolerable risk, by the method version that rates the risk. */
void lint_residual_above_tolerable(Lint *lint, ItemNo item)
{
        const AttrDef *def = attr_get(ZW_KIND_RISK, ZW_ATTR_IMPACT);
        g_autoptr(RatedRisk) rated = NULL;

        if (facts_get_enum(graph_facts(lint->view, item), ZW_ATTR_DECISION) >= 0)
                return;
        rated = risk_rate(lint->view, lint->methods, item);
        for (int i = 0; i < ZW_RISK_CATEGORIES; i++) {
                const int tolerable = rated->residual_tolerable[i];

                if (rated->residual[i] < 0 || tolerable < 0 || rated->residual[i] <= tolerable)
                        continue;
                lint_found(lint, item, ZW_ITEM_NONE,
                           "%s: residual risk %d is above the tolerable %d (%s, %s) and nobody decided",
                           lint_key(lint, item), rated->residual[i], tolerable, def->values[i],
                           risk_method_name(rated->method));
                return;
        }
}
