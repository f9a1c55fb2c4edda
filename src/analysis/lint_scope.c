/* Named defects of how requirements and claims are spread over the plant: checklists without a plant behind them, what was
 * written to the wrong thing, what shows that something is there and not that it works (docs/algorithms/lint.md). */
#include "analysis/lint_rules.h"

/* Natures of evidence that tell how something behaved; the others tell that it is there. */
#define EFFECTIVE                                                                            \
        (1U << ZW_VALUE_EVIDENCE_NATURE_REPORT | 1U << ZW_VALUE_EVIDENCE_NATURE_INSPECTION | \
         1U << ZW_VALUE_EVIDENCE_NATURE_LOG | 1U << ZW_VALUE_EVIDENCE_NATURE_OBSERVATION)

/* The first live item of one of these kinds at the other end, or ZW_ITEM_NONE. */
static ItemNo first_of(const Lint *lint, ItemNo item, GraphSide side, LinkTypeId type, uint64_t kinds)
{
        GraphIter iter = graph_iter(lint->view, item, side, LINK_MASK(type));
        ItemNo first = ZW_ITEM_NONE;
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (edge.other < first && graph_is_live(lint->view, edge.other) &&
                    (kinds & LINT_KIND(graph_kind(lint->view, edge.other))) != 0)
                        first = edge.other;
        return first;
}

void lint_component_requirement_on_place(Lint *lint, ItemNo item)
{
        const uint64_t places = LINT_KIND(ZW_KIND_SYSTEM) | LINT_KIND(ZW_KIND_ZONE) |
                                LINT_KIND(ZW_KIND_CONDUIT),
                       devices = LINT_KIND(ZW_KIND_COMPONENT) | LINT_KIND(ZW_KIND_ASSET);
        const RowId row = facts_get_ref(graph_facts(lint->view, item), ZW_ATTR_REF);
        ItemNo place;

        if (row == ZW_ROW_NONE || catalogue_row(row)->standard != STANDARD_4_2 ||
            first_of(lint, item, GRAPH_OUT, ZW_LINK_ALLOCATED_TO, devices) != ZW_ITEM_NONE)
                return;
        place = first_of(lint, item, GRAPH_OUT, ZW_LINK_ALLOCATED_TO, places);
        if (place != ZW_ITEM_NONE)
                lint_found(lint, item, place, "%s asks %s of components and is allocated to %s as a whole",
                           lint_key(lint, item), catalogue_row(row)->id, lint_key(lint, place));
}

void lint_checklist_without_scope(Lint *lint, ItemNo item)
{
        const uint64_t places = LINT_KIND(ZW_KIND_ZONE) | LINT_KIND(ZW_KIND_CONDUIT);
        const char *lacks = NULL;

        if (!lint_has_link(lint, item, GRAPH_IN, LINK_MASK(ZW_LINK_ALLOCATED_TO)))
                return;
        if (!facts_has(graph_facts(lint->view, item), ZW_ATTR_SCOPE))
                lacks = "does not say what belongs to it";
        else if (first_of(lint, item, GRAPH_IN, ZW_LINK_PART_OF, places) == ZW_ITEM_NONE)
                lacks = "has neither zones nor conduits";
        if (lacks != NULL)
                lint_found(lint, item, ZW_ITEM_NONE, "%s has requirements and %s", lint_key(lint, item),
                           lacks);
}

/* Rows about the records of what happened: which, for how long, when they fail, who may see and change them. */
static bool is_about_logs(RowId row)
{
        static const char *const rows[] = { "SR 2.8", "SR 2.9", "SR 2.10", "SR 3.9", "SR 6.1" };

        if (row == ZW_ROW_NONE || catalogue_row(row)->standard != STANDARD_3_3)
                return false;
        if (catalogue_row(row)->parent != ZW_ROW_NONE)
                row = catalogue_row(row)->parent;
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
                if (row == catalogue_find_in(STANDARD_3_3, rows[i]))
                        return true;
        return false;
}

void lint_log_unowned(Lint *lint, ItemNo item)
{
        Facts facts = graph_facts(lint->view, item);

        if (is_about_logs(facts_get_ref(facts, ZW_ATTR_REF)) && !facts_has(facts, ZW_ATTR_RESPONSIBLE))
                lint_found(lint, item, ZW_ITEM_NONE, "%s is about logs, and nobody is responsible for it",
                           lint_key(lint, item));
}

/* Does the claim say that something is met by means of something? */
static bool says_met(Facts facts)
{
        const int statement = facts_get_enum(facts, ZW_ATTR_STATEMENT);

        return statement == ZW_VALUE_STATEMENT_MET || statement == ZW_VALUE_STATEMENT_MET_BY_CONFIGURATION ||
               statement == ZW_VALUE_STATEMENT_COMPENSATED;
}

/* A claim about a process, which has a maturity, is met by what people do. */
void lint_claim_without_allocation(Lint *lint, ItemNo item)
{
        Facts facts = graph_facts(lint->view, item);

        if (says_met(facts) && !facts_has(facts, ZW_ATTR_MATURITY) &&
            !lint_has_link(lint, item, GRAPH_OUT, LINK_MASK(ZW_LINK_RESTS_ON)))
                lint_found(lint, item, ZW_ITEM_NONE, "%s says met and names nothing that meets it",
                           lint_key(lint, item));
}

void lint_claim_on_retired(Lint *lint, ItemNo item)
{
        GraphIter iter = graph_iter(lint->view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_RESTS_ON));
        GraphEdge edge;

        if (!says_met(graph_facts(lint->view, item)))
                return;
        while (graph_next(&iter, &edge))
                if (!graph_is_live(lint->view, edge.other))
                        lint_found(lint, item, edge.other, "%s rests on %s, which is retired",
                                   lint_key(lint, item), lint_key(lint, edge.other));
}

/* A run, or a record whose nature tells how it behaved. */
static bool shows_effect(const Lint *lint, ItemNo proof)
{
        const int nature = facts_get_enum(graph_facts(lint->view, proof), ZW_ATTR_NATURE);

        return graph_kind(lint->view, proof) == ZW_KIND_TEST_RUN ||
               (graph_kind(lint->view, proof) == ZW_KIND_EVIDENCE && nature >= 0 &&
                (EFFECTIVE >> nature & 1) != 0);
}

/* What a maker says of a product is about the product: a certificate is proof there (docs/algorithms/sl-c.md). */
void lint_proof_without_effect(Lint *lint, ItemNo item)
{
        GraphIter iter = graph_iter(lint->view, item, GRAPH_IN, LINK_MASK(ZW_LINK_EVIDENCES));
        ItemNo proof = ZW_ITEM_NONE;
        GraphEdge edge;

        if (!says_met(graph_facts(lint->view, item)) ||
            lint_has_link(lint, item, GRAPH_IN, LINK_MASK(ZW_LINK_VERIFIES)) ||
            first_of(lint, item, GRAPH_OUT, ZW_LINK_COVERS, LINT_KIND(ZW_KIND_COMPONENT)) != ZW_ITEM_NONE)
                return;
        while (graph_next(&iter, &edge)) {
                if (!graph_is_live(lint->view, edge.other))
                        continue;
                if (shows_effect(lint, edge.other))
                        return;
                proof = MIN(proof, edge.other);
        }
        if (proof != ZW_ITEM_NONE)
                lint_found(lint, item, proof, "%s has %s, which shows that it is there and not that it works",
                           lint_key(lint, item), lint_key(lint, proof));
}
