/* Status of a claim for one member, and the best of the claims for a row (docs/algorithms/status.md). */
#include "analysis/internal.h"

const char *row_status_name(RowStatus status)
{
        static const char *const names[] = { "open",     "failed",  "suspect", "claimed",
                                             "verified", "unknown", "removed" };

        return names[status];
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

/* The installations of a component at the member: has one of them changed since somebody judged it? */
static bool instances_suspect(PlaceContext *context, ItemNo component, ItemNo member, GPtrArray **causes)
{
        GraphView view = context->assess->view;
        GraphIter iter = graph_iter(view, component, GRAPH_IN, LINK_MASK(ZW_LINK_INSTANCE_OF));
        bool found = false;
        GraphEdge edge;

        if (graph_kind(view, member) == ZW_KIND_ASSET)
                return false; /* its own links are looked at anyway */
        while (graph_next(&iter, &edge)) {
                if (!asset_is_at(context, edge.other, member) || !graph_link_is_suspect(view, edge.link) ||
                    !graph_is_live(view, edge.other))
                        continue;
                found = true;
                cause_add(context, causes, "suspect", edge.other, "%s instance_of %s is suspect",
                          graph_key(view, edge.other), graph_key(view, component));
        }
        return found;
}

bool claim_is_suspect(PlaceContext *context, ItemNo claim, ItemNo member, GPtrArray **causes)
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
                if (graph_kind(view, edge.other) == ZW_KIND_COMPONENT)
                        suspect |= instances_suspect(context, edge.other, member, causes);
                if (graph_kind(view, edge.other) == ZW_KIND_COUNTERMEASURE)
                        suspect |= links_suspect(context, edge.other, GRAPH_OUT,
                                                 LINK_MASK(ZW_LINK_DEPLOYED_ON), causes);
                if (graph_kind(view, edge.other) == ZW_KIND_ASSET && edge.other != member)
                        suspect |= links_suspect(context, edge.other, GRAPH_OUT,
                                                 LINK_MASK(ZW_LINK_INSTANCE_OF), causes);
        }
        return suspect;
}

static const char *compensation_fault(const PlaceContext *context, Facts facts, const Proof *proof)
{
        if (context->capability == CAPABILITY_NATIVE)
                return "compensates";
        if (!facts_has(facts, ZW_ATTR_EQUIVALENCE))
                return "compensates without an equivalence argument";
        if (!facts_has(facts, ZW_ATTR_VALID_UNTIL))
                return "compensates without an expiry";
        return proof->passed ? NULL : "compensates without a passed test";
}

/* What keeps the statement itself from holding; NULL when it holds. */
static const char *statement_fault(const PlaceContext *context, ItemNo claim, ItemNo member,
                                   const Proof *proof)
{
        Facts facts = graph_facts(context->assess->view, claim);

        if (assess_is_expired(context->assess, claim, ZW_ATTR_VALID_UNTIL))
                return "is past its validity";
        switch (facts_get_enum(facts, ZW_ATTR_STATEMENT)) {
        case ZW_VALUE_STATEMENT_MET:
                break;
        case ZW_VALUE_STATEMENT_MET_BY_CONFIGURATION:
                if (context->capability == CAPABILITY_NONE && !claim_is_captured(context, claim, member))
                        return "is met by a configuration that was not captured there";
                break;
        case ZW_VALUE_STATEMENT_COMPENSATED:
                return compensation_fault(context, facts, proof);
        case ZW_VALUE_STATEMENT_NOT_MET:
                return "says not met";
        case ZW_VALUE_STATEMENT_NOT_APPLICABLE:
                if (context->capability == CAPABILITY_NONE)
                        return "says not applicable, which takes an approved waiver";
                return facts_has(facts, ZW_ATTR_RATIONALE) ? NULL : "says not applicable without a rationale";
        default:
                return "has no statement";
        }
        if (claim_is_procedure(context->assess, claim))
                return "rests on a procedure alone, which takes a compensating claim";
        if (context->capability == CAPABILITY_NATIVE &&
            graph_kind(context->assess->view, member) == ZW_KIND_COMPONENT &&
            claim_is_by_integration(context->assess, claim, member))
                return "is met by integration with other things";
        return NULL;
}

static RowStatus claim_status(PlaceContext *context, ItemNo claim, ItemNo member, bool *ret_complete,
                              GPtrArray **causes)
{
        GraphView view = context->assess->view;
        Proof proof = { 0 };
        const char *fault;
        bool suspect;

        proof_by_tests(context, claim, member, &proof, causes);
        proof_by_evidence(context, claim, member, &proof, causes);
        fault = statement_fault(context, claim, member, &proof);
        if (fault != NULL)
                cause_add(context, causes, "claim_open", claim, "%s %s", graph_key(view, claim), fault);
        *ret_complete = claim_is_complete(context, claim, member, causes);
        suspect = claim_is_suspect(context, claim, member, causes);
        if (proof.failed)
                return STATUS_FAILED;
        if (fault != NULL || !*ret_complete)
                return STATUS_OPEN;
        if (suspect)
                return STATUS_SUSPECT;
        if (proof.verified)
                return STATUS_VERIFIED;
        cause_add(context, causes, "not_verified", claim, "%s has no current proof%s", graph_key(view, claim),
                  context->capability == CAPABILITY_NONE ? " at site stage" : "");
        return STATUS_CLAIMED;
}

/* Does the claim speak for the member, or for the place or system that contains it? */
static bool claim_covers(GraphView view, ItemNo claim, const ItemNo *containers, size_t n)
{
        GraphIter iter = graph_iter(view, claim, GRAPH_OUT, LINK_MASK(ZW_LINK_COVERS));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (items_have(containers, n, edge.other))
                        return true;
        return false;
}

/* Is the requirement allocated where it speaks for this member? */
static bool reach_fits(const PlaceContext *context, const Reach *reach, ItemNo member,
                       const ItemNo *containers, size_t n)
{
        GraphView view = context->assess->view;

        if (items_have(containers, n, reach->at) ||
            items_have(context->ancestors, context->n_ancestors, reach->at))
                return true;
        if (graph_kind(view, member) == ZW_KIND_COMPONENT)
                return true; /* its context collects only what reaches it */
        return graph_kind(view, reach->at) == ZW_KIND_COMPONENT &&
               graph_kind(view, member) == ZW_KIND_ASSET && component_is_there(context, reach->at, member);
}

bool place_reaches_member(const PlaceContext *context, const Reach *reach, ItemNo member)
{
        ItemNo containers[ANCESTORS_MAX];
        size_t n = place_containers(context, member, containers);

        return reach_fits(context, reach, member, containers, n);
}

/* The claims that answer one requirement, for a member: the first of its containers. */
static void claims_look(PlaceContext *context, ItemNo requirement, const ItemNo *containers, size_t n,
                        MemberClaims *found, GPtrArray **causes)
{
        GraphView view = context->assess->view;
        GraphIter iter = graph_iter(view, requirement, GRAPH_IN, LINK_MASK(ZW_LINK_ANSWERS));
        const ItemNo member = containers[0];
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                RowStatus status;
                bool complete;

                if (!graph_is_live(view, edge.other) || !claim_covers(view, edge.other, containers, n))
                        continue;
                if (!graph_is_approved(view, edge.other)) {
                        cause_add(context, causes, "not_approved", edge.other, "%s is not approved",
                                  graph_key(view, edge.other));
                        continue;
                }
                status = claim_status(context, edge.other, member, &complete, causes);
                /* At equal status the older claim, so that the order of the links decides nothing. */
                if (found->claim == ZW_ITEM_NONE || status > found->status ||
                    (status == found->status && edge.other < found->claim)) {
                        found->status = status;
                        found->claim = edge.other;
                }
                found->in_force |= complete;
        }
}

MemberClaims claims_of(PlaceContext *context, RowId row, ItemNo member, GPtrArray **causes)
{
        GraphView view = context->assess->view;
        MemberClaims found = { .status = STATUS_OPEN, .claim = ZW_ITEM_NONE };
        ItemNo containers[ANCESTORS_MAX], last = ZW_ITEM_NONE;
        size_t n_reaches, n = 1;
        const Reach *reaches = place_reaches(context, row, &n_reaches);

        containers[0] = member;
        /* What contains a component is a product, for which nobody spoke here. */
        if (n_reaches > 0 && graph_kind(view, member) != ZW_KIND_COMPONENT)
                n = place_containers(context, member, containers);
        for (size_t i = 0; i < n_reaches; i++) {
                if (reaches[i].requirement == last ||
                    !reach_fits(context, &reaches[i], member, containers, n))
                        continue;
                last = reaches[i].requirement;
                claims_look(context, last, containers, n, &found, causes);
        }
        if (found.claim == ZW_ITEM_NONE)
                cause_add(context, causes, "no_claim", member, "no approved claim covers %s",
                          graph_key(view, member));
        return found;
}
