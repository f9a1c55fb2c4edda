/* SL-C of a component over the 4-2 rows of its types (62443-4-2 clause 4; docs/algorithms/sl-c.md). */
#include "analysis/internal.h"

typedef enum { CR_OPEN, CR_COMPENSATED, CR_MET } CrStatus;

static void reason_clear(gpointer data)
{
        CapabilityReason *reason = data;

        g_clear_pointer(&reason->text, g_free);
}

/* A failed test on this component, an expired claim, or a retired item it rests on: nothing is claimed any more. */
static bool claim_is_void(const Assess *assess, ItemNo claim, ItemNo component)
{
        GraphIter cases = graph_iter(assess->view, claim, GRAPH_IN, LINK_MASK(ZW_LINK_VERIFIES));
        GraphIter bases = graph_iter(assess->view, claim, GRAPH_OUT, LINK_MASK(ZW_LINK_RESTS_ON));
        GraphEdge edge;

        if (assess_is_expired(assess, claim, ZW_ATTR_VALID_UNTIL))
                return true;
        while (graph_next(&bases, &edge))
                if (!graph_is_live(assess->view, edge.other))
                        return true;
        while (graph_next(&cases, &edge)) {
                GraphResult result;
                bool stale;

                if (graph_is_live(assess->view, edge.other) &&
                    case_outcome(assess, edge.other, component, &result, &stale) &&
                    result.status == RESULT_FAILED)
                        return true;
        }
        return false;
}

static CrStatus claim_says(const Assess *assess, ItemNo claim, ItemNo component)
{
        Facts facts = graph_facts(assess->view, claim);

        if (claim_is_void(assess, claim, component))
                return CR_OPEN;
        switch (facts_get_enum(facts, ZW_ATTR_STATEMENT)) {
        case ZW_VALUE_STATEMENT_MET:
        case ZW_VALUE_STATEMENT_MET_BY_CONFIGURATION:
                return CR_MET;
        case ZW_VALUE_STATEMENT_NOT_APPLICABLE:
                return facts_has(facts, ZW_ATTR_RATIONALE) ? CR_MET : CR_OPEN;
        case ZW_VALUE_STATEMENT_COMPENSATED:
                return facts_has(facts, ZW_ATTR_EQUIVALENCE) ? CR_COMPENSATED : CR_OPEN;
        default:
                return CR_OPEN;
        }
}

/* The best approved claim that covers the component, over the requirement items with this reference allocated to it. */
static CrStatus cr_status(const Assess *assess, ItemNo component, RowId row, ItemNo *ret_requirement)
{
        GraphIter claims = graph_iter(assess->view, component, GRAPH_IN, LINK_MASK(ZW_LINK_COVERS));
        CrStatus best = CR_OPEN;
        GraphEdge claim, answer;

        while (graph_next(&claims, &claim)) {
                GraphIter answers = graph_iter(assess->view, claim.other, GRAPH_OUT,
                                               LINK_MASK(ZW_LINK_ANSWERS));

                if (!graph_is_live(assess->view, claim.other) ||
                    !graph_is_approved(assess->view, claim.other))
                        continue;
                while (graph_next(&answers, &answer)) {
                        if (!graph_is_live(assess->view, answer.other) ||
                            facts_get_ref(graph_facts(assess->view, answer.other), ZW_ATTR_REF) != row)
                                continue;
                        *ret_requirement = answer.other;
                        best = MAX(best, claim_says(assess, claim.other, component));
                }
        }
        return best;
}

static int first_level(RowId row)
{
        for (int n = 1; n <= ZW_SL_MAX; n++)
                if (catalogue_demanded(row, n))
                        return n;
        return ZW_SL_MAX + 1;
}

static void vector_stop(SlVector *vector, int fr, int level)
{
        vector->e[fr - 1] = MIN(vector->e[fr - 1], (int8_t)(level - 1));
}

Capability *assess_component(Assess *assess, ItemNo component)
{
        Capability *capability = g_new0(Capability, 1);
        uint8_t types = (uint8_t)facts_get_set(graph_facts(assess->view, component), ZW_ATTR_TYPES);
        bool constraints = true;
        RowId first;
        size_t n;

        capability->reasons = g_array_new(FALSE, TRUE, sizeof(CapabilityReason));
        g_array_set_clear_func(capability->reasons, reason_clear);
        capability->native = capability->with_compensation = sl_vector_unknown();
        if (types == 0)
                return capability;
        for (int i = 0; i < ZW_FR_COUNT; i++)
                capability->native.e[i] = capability->with_compensation.e[i] = ZW_SL_MAX;
        catalogue_range(STANDARD_4_2, &first, &n);
        for (RowId row = first; row < first + n; row++) {
                const CatalogueRow *facts = catalogue_row(row);
                CapabilityReason reason = { .row = row, .requirement = ZW_ITEM_NONE };
                CrStatus status;

                if (!facts->counts || (facts->types & types) == 0)
                        continue;
                status = cr_status(assess, component, row, &reason.requirement);
                if (status == CR_MET)
                        continue;
                reason.level = facts->fr == 0 ? 1 : first_level(row);
                reason.status = status == CR_COMPENSATED ? "compensated" : "open";
                reason.text = g_strdup_printf("%s is %s for %s", facts->id, reason.status,
                                              graph_key(assess->view, component));
                g_array_append_val(capability->reasons, reason);
                if (facts->fr == 0) {
                        constraints = false;
                        continue;
                }
                vector_stop(&capability->native, facts->fr, reason.level);
                if (status == CR_OPEN)
                        vector_stop(&capability->with_compensation, facts->fr, reason.level);
        }
        /* A common component constraint that is not met: no SL-C is stated. */
        if (!constraints)
                capability->native = capability->with_compensation = sl_vector_unknown();
        return capability;
}

void capability_free(Capability *capability)
{
        if (capability == NULL)
                return;
        g_array_unref(capability->reasons);
        g_free(capability);
}
