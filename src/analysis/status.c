/* Status of a claim for one member, and the best of the claims for a row (docs/algorithms/status.md). */
#include "analysis/internal.h"

#include <string.h>

const char *row_status_name(RowStatus status)
{
        static const char *const names[] = { "open",     "failed",  "suspect", "claimed",
                                             "verified", "unknown", "removed" };

        return names[status];
}

bool assess_is_expired(const Assess *assess, ItemNo item, AttrId attr)
{
        Instant last;

        /* A date holds to the end of its day. */
        return facts_get_date(graph_facts(assess->view, item), attr, &last) && assess->now >= last + 86400000;
}

bool result_is_site(GraphView view, ItemNo test_case, ItemNo run)
{
        int stage = facts_get_enum(graph_facts(view, run), ZW_ATTR_STAGE);

        if (stage < 0 && test_case != ZW_ITEM_NONE)
                stage = facts_get_enum(graph_facts(view, test_case), ZW_ATTR_STAGE);
        if (stage < 0 && test_case != ZW_ITEM_NONE)
                return facts_get_enum(graph_facts(view, test_case), ZW_ATTR_TEST_KIND) ==
                       ZW_VALUE_TEST_KIND_SAT;
        return stage == ZW_VALUE_TEST_CASE_STAGE_SITE || stage == ZW_VALUE_TEST_CASE_STAGE_OPERATION;
}

/* The version installed: that found on the asset, else that of its component. */
static const char *installed_version(GraphView view, ItemNo item, size_t *ret_n)
{
        const char *version = facts_get_text(graph_facts(view, item), ZW_ATTR_INSTALLED_VERSION, ret_n);
        ItemNo component;

        if (version != NULL)
                return version;
        if (graph_kind(view, item) == ZW_KIND_COMPONENT)
                return facts_get_text(graph_facts(view, item), ZW_ATTR_VERSION, ret_n);
        component = graph_first(view, item, GRAPH_OUT, ZW_LINK_INSTANCE_OF);
        return component == ZW_ITEM_NONE
                       ? NULL
                       : facts_get_text(graph_facts(view, component), ZW_ATTR_VERSION, ret_n);
}

/* A run that states the version it tested speaks only of that version; one that states none is guarded by the suspects. */
static bool run_fits(GraphView view, ItemNo run, ItemNo member)
{
        FactsIter iter = facts_iter(graph_facts(view, run), ZW_ATTR_VERSIONS);
        const char *pair;
        size_t n;

        while (facts_next_text(&iter, &pair, &n)) {
                size_t key_n = strnlen(pair, n), version_n;
                g_autofree char *key = g_strndup(pair, key_n);
                const char *installed;
                ItemNo item;

                if (key_n == n || !graph_find_key(view, key, &item))
                        continue;
                if (item != member && graph_first(view, member, GRAPH_OUT, ZW_LINK_INSTANCE_OF) != item)
                        continue;
                installed = installed_version(view, item, &version_n);
                if (installed == NULL || version_n != n - key_n - 1 ||
                    memcmp(installed, pair + key_n + 1, version_n) != 0)
                        return false;
        }
        return true;
}

bool case_outcome(const Assess *assess, ItemNo test_case, ItemNo member, GraphResult *ret_result,
                  bool *ret_stale)
{
        GraphResult results[64];
        size_t n = graph_results(assess->view, test_case, results, G_N_ELEMENTS(results));

        *ret_stale = false;
        for (size_t i = 0; i < MIN(n, G_N_ELEMENTS(results)); i++) {
                if (results[i].status != RESULT_PASSED && results[i].status != RESULT_FAILED)
                        continue; /* skipped and error are no result */
                if (!graph_is_live(assess->view, results[i].run))
                        continue;
                if (member != ZW_ITEM_NONE && !run_fits(assess->view, results[i].run, member)) {
                        *ret_stale = true;
                        continue;
                }
                *ret_result = results[i];
                return true;
        }
        return false;
}

bool countermeasure_is_verified(const Assess *assess, ItemNo countermeasure)
{
        GraphIter iter = graph_iter(assess->view, countermeasure, GRAPH_IN, LINK_MASK(ZW_LINK_VERIFIES));
        bool passed = false, stale;
        GraphEdge edge;
        GraphResult result;

        if (!graph_is_live(assess->view, countermeasure) ||
            !graph_is_approved(assess->view, countermeasure) ||
            assess_is_expired(assess, countermeasure, ZW_ATTR_EXPIRES))
                return false;
        while (graph_next(&iter, &edge)) {
                if (!graph_is_live(assess->view, edge.other) ||
                    !case_outcome(assess, edge.other, ZW_ITEM_NONE, &result, &stale))
                        continue;
                if (result.status == RESULT_FAILED)
                        return false;
                passed = true;
        }
        return passed;
}

/* ---- is what a claim rests on present for the member? ---- */

static bool among(ItemNo item, const ItemNo *items, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (items[i] == item)
                        return true;
        return false;
}

static bool is_instance_of(GraphView view, ItemNo asset, ItemNo component)
{
        GraphIter iter = graph_iter(view, asset, GRAPH_OUT, LINK_MASK(ZW_LINK_INSTANCE_OF));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (edge.other == component)
                        return true;
        return false;
}

/* An instance anywhere, or one that is part of `place` (ZW_ITEM_NONE for anywhere). Asked from the side of the component,
 * which may have many instances, only where the place is not the one that is assessed. */
static bool instance_is_in(GraphView view, ItemNo component, ItemNo place)
{
        GraphIter iter = graph_iter(view, component, GRAPH_IN, LINK_MASK(ZW_LINK_INSTANCE_OF));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other) &&
                    (place == ZW_ITEM_NONE || item_place(view, edge.other) == place))
                        return true;
        return false;
}

/* Does an asset stand where the member is: is it the member, or an asset of the conduit, place or system it is? What asks
 * (a zone about its conduit) makes no difference. */
static bool asset_is_at(PlaceContext *context, ItemNo asset, ItemNo member)
{
        GraphView view = context->assess->view;

        if (asset == member)
                return true;
        switch (graph_kind(view, member)) {
        case ZW_KIND_ASSET:
                return false;
        case ZW_KIND_SYSTEM:
                return true;
        case ZW_KIND_CONDUIT:
                return item_place(view, asset) == member;
        default:
                return item_place(view, asset) == context->place;
        }
}

static bool component_is_there(PlaceContext *context, ItemNo component, ItemNo member)
{
        GraphView view = context->assess->view;

        if (graph_kind(view, member) == ZW_KIND_ASSET)
                return graph_is_live(view, member) && is_instance_of(view, member, component);
        if (graph_kind(view, member) == ZW_KIND_SYSTEM)
                return instance_is_in(view, component, ZW_ITEM_NONE);
        if (graph_kind(view, member) == ZW_KIND_CONDUIT && member != context->place)
                return instance_is_in(view, component, member);
        for (guint i = 0; i < context->assets->len; i++)
                if (is_instance_of(view, g_array_index(context->assets, ItemNo, i), component))
                        return true;
        return false;
}

/* A countermeasure deployed on the member, on its place or a conduit of it, or on what contains them. */
static bool countermeasure_is_there(PlaceContext *context, ItemNo countermeasure, const ItemNo *containers,
                                    size_t n)
{
        GraphView view = context->assess->view;
        GraphIter iter = graph_iter(view, countermeasure, GRAPH_OUT, LINK_MASK(ZW_LINK_DEPLOYED_ON));
        const ItemNo *boundary = (const ItemNo *)(const void *)context->boundary->data;
        GraphEdge edge;

        if (assess_is_expired(context->assess, countermeasure, ZW_ATTR_EXPIRES))
                return false;
        while (graph_next(&iter, &edge)) {
                if (!graph_is_live(view, edge.other))
                        continue;
                if (among(edge.other, containers, n) ||
                    among(edge.other, context->ancestors, context->n_ancestors) ||
                    among(edge.other, boundary, context->boundary->len))
                        return true;
                if (item_place(view, edge.other) == context->place)
                        return true;
        }
        return false;
}

/* A document or configuration that names nothing it concerns speaks for everything. */
static bool record_is_there(PlaceContext *context, ItemNo record, ItemNo member)
{
        GraphView view = context->assess->view;
        GraphIter iter = graph_iter(view, record, GRAPH_OUT, LINK_MASK(ZW_LINK_CONCERNS));
        bool any = false;
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                if (!graph_is_live(view, edge.other))
                        continue;
                any = true;
                if (graph_kind(view, edge.other) == ZW_KIND_COMPONENT
                            ? component_is_there(context, edge.other, member)
                            : asset_is_at(context, edge.other, member))
                        return true;
        }
        return !any && graph_kind(view, record) == ZW_KIND_DOCUMENT;
}

static bool is_present(PlaceContext *context, ItemNo thing, ItemNo member, const ItemNo *containers, size_t n)
{
        GraphView view = context->assess->view;

        if (!graph_is_live(view, thing))
                return false;
        switch (graph_kind(view, thing)) {
        case ZW_KIND_ASSET:
                return item_place(view, thing) != ZW_ITEM_NONE;
        case ZW_KIND_COMPONENT:
                return component_is_there(context, thing, member);
        case ZW_KIND_COUNTERMEASURE:
                return countermeasure_is_there(context, thing, containers, n);
        default:
                return record_is_there(context, thing, member);
        }
}

/* ---- suspects ---- */

static bool links_suspect(PlaceContext *context, ItemNo item, GraphSide side, LinkMask types,
                          GPtrArray **causes)
{
        GraphView view = context->assess->view;
        GraphIter iter = graph_iter(view, item, side, types);
        bool found = false;
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                if (!graph_link_is_suspect(view, edge.link) || !graph_is_live(view, edge.other))
                        continue;
                found = true;
                cause_add(context, causes, "suspect", edge.other, "%s %s %s is suspect",
                          graph_key(view, graph_link_from(view, edge.link)), link_type_def(edge.type)->name,
                          graph_key(view, graph_link_to(view, edge.link)));
        }
        return found;
}

static bool claim_is_suspect(PlaceContext *context, ItemNo claim, ItemNo member, GPtrArray **causes)
{
        GraphView view = context->assess->view;
        LinkMask out = link_mask_or(LINK_MASK(ZW_LINK_ANSWERS),
                                    link_mask_or(LINK_MASK(ZW_LINK_COVERS), LINK_MASK(ZW_LINK_RESTS_ON)));
        LinkMask in = link_mask_or(LINK_MASK(ZW_LINK_VERIFIES), LINK_MASK(ZW_LINK_EVIDENCES));
        GraphIter iter = graph_iter(view, claim, GRAPH_OUT, LINK_MASK(ZW_LINK_RESTS_ON));
        bool suspect = links_suspect(context, claim, GRAPH_OUT, out, causes);
        GraphEdge edge;

        suspect |= links_suspect(context, claim, GRAPH_IN, in, causes);
        if (graph_kind(view, member) == ZW_KIND_ASSET)
                suspect |= links_suspect(context, member, GRAPH_OUT, LINK_MASK(ZW_LINK_INSTANCE_OF), causes);
        while (graph_next(&iter, &edge)) {
                if (graph_kind(view, edge.other) == ZW_KIND_COUNTERMEASURE)
                        suspect |= links_suspect(context, edge.other, GRAPH_OUT,
                                                 LINK_MASK(ZW_LINK_DEPLOYED_ON), causes);
                if (graph_kind(view, edge.other) == ZW_KIND_ASSET && edge.other != member)
                        suspect |= links_suspect(context, edge.other, GRAPH_OUT,
                                                 LINK_MASK(ZW_LINK_INSTANCE_OF), causes);
        }
        return suspect;
}

/* ---- proof ---- */

typedef struct {
        bool failed, passed, verified;
} Proof;

static void proof_by_tests(PlaceContext *context, ItemNo claim, ItemNo member, Proof *proof,
                           GPtrArray **causes)
{
        GraphView view = context->assess->view;
        GraphIter iter = graph_iter(view, claim, GRAPH_IN, LINK_MASK(ZW_LINK_VERIFIES));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                GraphResult result;
                bool stale;

                if (!graph_is_live(view, edge.other))
                        continue;
                if (!case_outcome(context->assess, edge.other, member, &result, &stale)) {
                        cause_add(context, causes, stale ? "stale" : "no_result", edge.other,
                                  "%s has no result%s", graph_key(view, edge.other),
                                  stale ? " for the installed version" : "");
                        continue;
                }
                if (result.status == RESULT_FAILED) {
                        proof->failed = true;
                        cause_add(context, causes, "failed", edge.other, "%s failed in %s",
                                  graph_key(view, edge.other), graph_key(view, result.run));
                        continue;
                }
                proof->passed = true;
                if (result_is_site(view, edge.other, result.run))
                        proof->verified = true;
                else
                        cause_add(context, causes, "not_site", edge.other, "%s passed, but not at site stage",
                                  graph_key(view, edge.other));
        }
}

static bool evidence_version_fits(GraphView view, ItemNo evidence, ItemNo member)
{
        size_t stated_n, installed_n;
        const char *stated = facts_get_text(graph_facts(view, evidence), ZW_ATTR_VERSION, &stated_n);
        const char *installed = installed_version(view, member, &installed_n);

        if (stated == NULL || graph_kind(view, member) != ZW_KIND_ASSET)
                return true;
        return installed != NULL && installed_n == stated_n && memcmp(installed, stated, stated_n) == 0;
}

static void proof_by_evidence(PlaceContext *context, ItemNo claim, ItemNo member, Proof *proof,
                              GPtrArray **causes)
{
        GraphView view = context->assess->view;
        GraphIter iter = graph_iter(view, claim, GRAPH_IN, LINK_MASK(ZW_LINK_EVIDENCES));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                const char *key = graph_key(view, edge.other);

                /* Runs prove through their results; documents support, but prove nothing by themselves. */
                if (!graph_is_live(view, edge.other) || graph_kind(view, edge.other) != ZW_KIND_EVIDENCE)
                        continue;
                if (!graph_is_approved(view, edge.other))
                        cause_add(context, causes, "not_approved", edge.other, "%s is not approved", key);
                else if (assess_is_expired(context->assess, edge.other, ZW_ATTR_VALID_UNTIL))
                        cause_add(context, causes, "stale", edge.other, "%s is past its validity", key);
                else if (!evidence_version_fits(view, edge.other, member))
                        cause_add(context, causes, "stale", edge.other, "%s speaks of another version", key);
                else if (!result_is_site(view, ZW_ITEM_NONE, edge.other))
                        cause_add(context, causes, "not_site", edge.other, "%s is not of site stage", key);
                else
                        proof->verified = true;
        }
}

/* What keeps the statement itself from holding; NULL when it holds. */
static const char *statement_fault(PlaceContext *context, ItemNo claim, const Proof *proof)
{
        Facts facts = graph_facts(context->assess->view, claim);

        if (assess_is_expired(context->assess, claim, ZW_ATTR_VALID_UNTIL))
                return "is past its validity";
        switch (facts_get_enum(facts, ZW_ATTR_STATEMENT)) {
        case ZW_VALUE_STATEMENT_MET:
        case ZW_VALUE_STATEMENT_MET_BY_CONFIGURATION:
                return NULL;
        case ZW_VALUE_STATEMENT_COMPENSATED:
                if (!facts_has(facts, ZW_ATTR_EQUIVALENCE))
                        return "compensates without an equivalence argument";
                if (!facts_has(facts, ZW_ATTR_VALID_UNTIL))
                        return "compensates without an expiry";
                return proof->passed ? NULL : "compensates without a passed test";
        case ZW_VALUE_STATEMENT_NOT_MET:
                return "says not met";
        case ZW_VALUE_STATEMENT_NOT_APPLICABLE:
                return "says not applicable, which takes an approved waiver";
        default:
                return "has no statement";
        }
}

static bool claim_is_complete(PlaceContext *context, ItemNo claim, ItemNo member, GPtrArray **causes)
{
        GraphView view = context->assess->view;
        GraphIter iter = graph_iter(view, claim, GRAPH_OUT, LINK_MASK(ZW_LINK_RESTS_ON));
        ItemNo containers[ANCESTORS_MAX];
        size_t n = place_containers(context, member, containers);
        bool complete = true;
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (!is_present(context, edge.other, member, containers, n)) {
                        complete = false;
                        cause_add(context, causes, "missing", edge.other,
                                  "%s rests on %s, which is not there for %s", graph_key(view, claim),
                                  graph_key(view, edge.other), graph_key(view, member));
                }
        return complete;
}

static RowStatus claim_status(PlaceContext *context, ItemNo claim, ItemNo member, GPtrArray **causes)
{
        GraphView view = context->assess->view;
        Proof proof = { 0 };
        const char *fault;
        bool complete, suspect;

        proof_by_tests(context, claim, member, &proof, causes);
        proof_by_evidence(context, claim, member, &proof, causes);
        fault = statement_fault(context, claim, &proof);
        if (fault != NULL)
                cause_add(context, causes, "claim_open", claim, "%s %s", graph_key(view, claim), fault);
        complete = claim_is_complete(context, claim, member, causes);
        suspect = claim_is_suspect(context, claim, member, causes);
        if (proof.failed)
                return STATUS_FAILED;
        if (fault != NULL || !complete)
                return STATUS_OPEN;
        if (suspect)
                return STATUS_SUSPECT;
        if (proof.verified)
                return STATUS_VERIFIED;
        cause_add(context, causes, "not_verified", claim, "%s has no current proof at site stage",
                  graph_key(view, claim));
        return STATUS_CLAIMED;
}

/* Does the claim speak for the member, or for the place or system that contains it? */
static bool claim_covers(GraphView view, ItemNo claim, const ItemNo *containers, size_t n)
{
        GraphIter iter = graph_iter(view, claim, GRAPH_OUT, LINK_MASK(ZW_LINK_COVERS));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (among(edge.other, containers, n))
                        return true;
        return false;
}

/* Is the requirement allocated where it speaks for this member? */
static bool reach_fits(PlaceContext *context, const Reach *reach, ItemNo member)
{
        GraphView view = context->assess->view;

        if (reach->at == member || among(reach->at, context->ancestors, context->n_ancestors))
                return true;
        return graph_kind(view, reach->at) == ZW_KIND_COMPONENT &&
               graph_kind(view, member) == ZW_KIND_ASSET && component_is_there(context, reach->at, member);
}

RowStatus claims_status(PlaceContext *context, RowId row, ItemNo member, ItemNo *ret_claim,
                        GPtrArray **causes)
{
        GraphView view = context->assess->view;
        ItemNo containers[ANCESTORS_MAX], last = ZW_ITEM_NONE;
        size_t n_reaches, n = place_containers(context, member, containers);
        const Reach *reaches = place_reaches(context, row, &n_reaches);
        RowStatus best = STATUS_OPEN;
        bool any = false;

        *ret_claim = ZW_ITEM_NONE;
        for (size_t i = 0; i < n_reaches; i++) {
                GraphIter iter;
                GraphEdge edge;

                if (!reach_fits(context, &reaches[i], member) || reaches[i].requirement == last)
                        continue;
                last = reaches[i].requirement;
                iter = graph_iter(view, last, GRAPH_IN, LINK_MASK(ZW_LINK_ANSWERS));
                while (graph_next(&iter, &edge)) {
                        RowStatus status;

                        if (!graph_is_live(view, edge.other) ||
                            !claim_covers(view, edge.other, containers, n))
                                continue;
                        if (!graph_is_approved(view, edge.other)) {
                                cause_add(context, causes, "not_approved", edge.other, "%s is not approved",
                                          graph_key(view, edge.other));
                                continue;
                        }
                        status = claim_status(context, edge.other, member, causes);
                        /* At equal status the older claim, so that the order of the links decides nothing. */
                        if (!any || status > best || (status == best && edge.other < *ret_claim)) {
                                best = status;
                                *ret_claim = edge.other;
                        }
                        any = true;
                }
        }
        if (!any)
                cause_add(context, causes, "no_claim", member, "no approved claim covers %s",
                          graph_key(view, member));
        return best;
}
