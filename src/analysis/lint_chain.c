/* Named defects of the chain from risk to claim, and of what treats a risk (docs/algorithms/lint.md). */
#include "analysis/lint_rules.h"

#include <string.h>

void lint_target_without_risk(Lint *lint, ItemNo item)
{
        if (!lint_has_link(lint, item, GRAPH_IN, LINK_MASK(ZW_LINK_JUSTIFIES)))
                lint_found(lint, item, ZW_ITEM_NONE, "%s states levels that no risk justifies",
                           lint_key(lint, item));
}

/* ---- levels copied from a product ---- */

typedef struct {
        SlVector vectors[2];
} Levels;

static const Levels *levels_of(Lint *lint, ItemNo component)
{
        g_autoptr(Capability) capability = NULL;
        Levels *levels;

        if (lint->capabilities == NULL)
                lint->capabilities = g_hash_table_new_full(NULL, NULL, NULL, g_free);
        levels = g_hash_table_lookup(lint->capabilities, GUINT_TO_POINTER(component));
        if (levels != NULL)
                return levels;
        capability = assess_component(lint->assess, component);
        levels = g_new0(Levels, 1);
        levels->vectors[0] = capability->native;
        levels->vectors[1] = capability->with_compensation;
        g_hash_table_insert(lint->capabilities, GUINT_TO_POINTER(component), levels);
        return levels;
}

/* Is every entry that the target states that of the component, and is there one? */
static bool is_copied(const SlVector *target, const SlVector *capability)
{
        bool any = false;

        for (int i = 0; i < ZW_FR_COUNT; i++) {
                if (target->e[i] == ZW_SL_UNKNOWN)
                        continue;
                if (target->e[i] != capability->e[i])
                        return false;
                any = true;
        }
        return any;
}

/* The lowest component with an instance in the place whose SL-C the target repeats. */
static ItemNo copied_from(Lint *lint, const SlVector *target, ItemNo place)
{
        GraphIter assets = graph_iter(lint->view, place, GRAPH_IN, LINK_MASK(ZW_LINK_PART_OF));
        ItemNo found = ZW_ITEM_NONE;
        GraphEdge asset, component;

        while (graph_next(&assets, &asset)) {
                GraphIter iter = graph_iter(lint->view, asset.other, GRAPH_OUT,
                                            LINK_MASK(ZW_LINK_INSTANCE_OF));

                if (!graph_is_live(lint->view, asset.other))
                        continue;
                while (graph_next(&iter, &component)) {
                        const Levels *levels;

                        if (component.other >= found || !graph_is_live(lint->view, component.other))
                                continue;
                        levels = levels_of(lint, component.other);
                        if (is_copied(target, &levels->vectors[0]) || is_copied(target, &levels->vectors[1]))
                                found = component.other;
                }
        }
        return found;
}

void lint_target_from_capability(Lint *lint, ItemNo item)
{
        GraphIter iter = graph_iter(lint->view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_TARGETS));
        SlVector target;
        GraphEdge edge;

        if (lint_has_link(lint, item, GRAPH_IN, LINK_MASK(ZW_LINK_JUSTIFIES)) ||
            !facts_get_vector(graph_facts(lint->view, item), ZW_ATTR_VECTOR, &target))
                return;
        while (graph_next(&iter, &edge)) {
                ItemNo component = graph_is_live(lint->view, edge.other)
                                           ? copied_from(lint, &target, edge.other)
                                           : ZW_ITEM_NONE;

                if (component == ZW_ITEM_NONE)
                        continue;
                lint_found(lint, item, component, "%s repeats the SL-C of %s and no risk justifies it",
                           lint_key(lint, item), lint_key(lint, component));
                return;
        }
}

/* ---- requirements ---- */

void lint_requirement_without_source(Lint *lint, ItemNo item)
{
        if (!lint_has_link(lint, item, GRAPH_IN, LINK_MASK(ZW_LINK_DERIVES)) &&
            !facts_has(graph_facts(lint->view, item), ZW_ATTR_SOURCE))
                lint_found(lint, item, ZW_ITEM_NONE, "%s derives from nothing and names no source",
                           lint_key(lint, item));
}

/* The document whose key the source begins with, as in "DO-3, chapter 4". */
static ItemNo source_document(const Lint *lint, ItemNo requirement)
{
        size_t n, key_n = 0;
        const char *source = facts_get_text(graph_facts(lint->view, requirement), ZW_ATTR_SOURCE, &n);
        g_autofree char *key = NULL;
        ItemNo document;

        while (source != NULL && key_n < n && strchr(" ,;:()/", source[key_n]) == NULL)
                key_n++;
        if (key_n == 0)
                return ZW_ITEM_NONE;
        key = g_strndup(source, key_n);
        if (!graph_find_key(lint->view, key, &document) ||
            graph_kind(lint->view, document) != ZW_KIND_DOCUMENT || !graph_is_live(lint->view, document))
                return ZW_ITEM_NONE;
        return document;
}

void lint_requirement_on_unversioned_document(Lint *lint, ItemNo item)
{
        ItemNo document = source_document(lint, item);

        if (document != ZW_ITEM_NONE && !facts_has(graph_facts(lint->view, document), ZW_ATTR_REVISION))
                lint_found(lint, item, document, "%s was taken from %s, which has no revision",
                           lint_key(lint, item), lint_key(lint, document));
}

void lint_requirement_not_allocated(Lint *lint, ItemNo item)
{
        if (!lint_has_link(lint, item, GRAPH_OUT, LINK_MASK(ZW_LINK_ALLOCATED_TO)))
                lint_found(lint, item, ZW_ITEM_NONE, "%s is allocated to nothing", lint_key(lint, item));
}

/* ---- claims, records and decisions ---- */

void lint_claim_without_proof(Lint *lint, ItemNo item)
{
        LinkMask proofs = link_mask_or(LINK_MASK(ZW_LINK_VERIFIES), LINK_MASK(ZW_LINK_EVIDENCES));

        if (!lint_has_link(lint, item, GRAPH_IN, proofs))
                lint_found(lint, item, ZW_ITEM_NONE, "%s has neither a test nor evidence",
                           lint_key(lint, item));
}

void lint_compensation_incomplete(Lint *lint, ItemNo item)
{
        Facts facts = graph_facts(lint->view, item);
        const char *lacks = NULL;

        if (facts_get_enum(facts, ZW_ATTR_STATEMENT) != ZW_VALUE_STATEMENT_COMPENSATED)
                return;
        if (!facts_has(facts, ZW_ATTR_EQUIVALENCE))
                lacks = "an equivalence argument";
        else if (!facts_has(facts, ZW_ATTR_VALID_UNTIL))
                lacks = "an expiry";
        else if (!lint_has_link(lint, item, GRAPH_IN, LINK_MASK(ZW_LINK_VERIFIES)))
                lacks = "a test";
        else if (!graph_is_approved(lint->view, item))
                lacks = "the owner's approval";
        if (lacks != NULL)
                lint_found(lint, item, ZW_ITEM_NONE, "%s compensates without %s", lint_key(lint, item),
                           lacks);
}

void lint_evidence_without_revision(Lint *lint, ItemNo item)
{
        if (!facts_has(graph_facts(lint->view, item), ZW_ATTR_REVISION))
                lint_found(lint, item, ZW_ITEM_NONE, "%s does not say of which revision it speaks",
                           lint_key(lint, item));
}

void lint_document_without_revision(Lint *lint, ItemNo item)
{
        if (!facts_has(graph_facts(lint->view, item), ZW_ATTR_REVISION) &&
            (lint_has_link(lint, item, GRAPH_OUT, LINK_MASK(ZW_LINK_EVIDENCES)) ||
             lint_has_link(lint, item, GRAPH_IN, LINK_MASK(ZW_LINK_RESTS_ON))))
                lint_found(lint, item, ZW_ITEM_NONE, "%s is used as proof and has no revision",
                           lint_key(lint, item));
}

void lint_no_failure_effect(Lint *lint, ItemNo item)
{
        if (!facts_has(graph_facts(lint->view, item), ZW_ATTR_FAILURE_EFFECT))
                lint_found(lint, item, ZW_ITEM_NONE, "%s does not say what fails when it fails",
                           lint_key(lint, item));
}

/* A waiver, or a claim that something does not apply. */
void lint_waiver_without_rationale(Lint *lint, ItemNo item)
{
        Facts facts = graph_facts(lint->view, item);

        if (!facts_has(facts, ZW_ATTR_RATIONALE) &&
            (graph_kind(lint->view, item) == ZW_KIND_WAIVER ||
             facts_get_enum(facts, ZW_ATTR_STATEMENT) == ZW_VALUE_STATEMENT_NOT_APPLICABLE))
                lint_found(lint, item, ZW_ITEM_NONE, "%s gives no rationale", lint_key(lint, item));
}
