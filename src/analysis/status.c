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

/* A live claim that answers a requirement, and one thing that it covers. */
typedef struct {
        ItemNo requirement, claim, covered;
} Answer;

static void answers_append(GraphView view, ItemNo requirement, GArray *answers)
{
        GraphIter iter = graph_iter(view, requirement, GRAPH_IN, LINK_MASK(ZW_LINK_ANSWERS));
        GraphEdge edge, cover;

        while (graph_next(&iter, &edge)) {
                GraphIter covers = graph_iter(view, edge.other, GRAPH_OUT, LINK_MASK(ZW_LINK_COVERS));

                if (!graph_is_live(view, edge.other))
                        continue;
                while (graph_next(&covers, &cover)) {
                        Answer answer = { requirement, edge.other, cover.other };

                        g_array_append_val(answers, answer);
                }
        }
}

/* Of all requirements of a row that reach the place, in the order of those; of one, claim by claim. */
static const GArray *answers_of(PlaceContext *context, RowId row)
{
        GArray *answers = g_hash_table_lookup(context->answers, GUINT_TO_POINTER(row));
        size_t n;
        const Reach *reaches = place_reaches(context, row, &n);

        if (answers != NULL)
                return answers;
        answers = g_array_new(FALSE, FALSE, sizeof(Answer));
        for (size_t i = 0; i < n; i++)
                if (i == 0 || reaches[i].requirement != reaches[i - 1].requirement)
                        answers_append(context->assess->view, reaches[i].requirement, answers);
        g_hash_table_insert(context->answers, GUINT_TO_POINTER(row), answers);
        return answers;
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
        const Spot *spot = place_spot(context, member);

        return reach_fits(context, reach, member, spot->containers, spot->n);
}

/* One claim that covers the member, the first of its containers. */
static void claim_look(PlaceContext *context, ItemNo claim, ItemNo member, MemberClaims *found,
                       GPtrArray **causes)
{
        GraphView view = context->assess->view;
        RowStatus status;
        bool complete;

        if (!graph_is_approved(view, claim)) {
                cause_add(context, causes, "not_approved", claim, "%s is not approved",
                          graph_key(view, claim));
                return;
        }
        status = claim_status(context, claim, member, &complete, causes);
        /* At equal status the older claim, so that the order of the links decides nothing. */
        if (found->claim == ZW_ITEM_NONE || status > found->status ||
            (status == found->status && claim < found->claim)) {
                found->status = status;
                found->claim = claim;
        }
        found->in_force |= complete;
}

/* The claims for one requirement that cover the member or what contains it. */
static void claims_look(PlaceContext *context, const GArray *answers, ItemNo requirement,
                        const ItemNo *containers, size_t n, MemberClaims *found, GPtrArray **causes)
{
        ItemNo last = ZW_ITEM_NONE;

        for (guint i = 0; i < answers->len; i++) {
                const Answer *answer = &g_array_index(answers, Answer, i);

                if (answer->requirement != requirement || answer->claim == last ||
                    !items_have(containers, n, answer->covered))
                        continue;
                last = answer->claim;
                claim_look(context, last, containers[0], found, causes);
        }
}

MemberClaims claims_of(PlaceContext *context, RowId row, ItemNo member, GPtrArray **causes)
{
        GraphView view = context->assess->view;
        MemberClaims found = { .status = STATUS_OPEN, .claim = ZW_ITEM_NONE };
        const ItemNo *containers = &member;
        ItemNo last = ZW_ITEM_NONE;
        size_t n_reaches, n = 1;
        const Reach *reaches = place_reaches(context, row, &n_reaches);

        /* What contains a component is a product, for which nobody spoke here. */
        if (n_reaches > 0 && graph_kind(view, member) != ZW_KIND_COMPONENT) {
                containers = place_spot(context, member)->containers;
                n = place_spot(context, member)->n;
        }
        for (size_t i = 0; i < n_reaches; i++) {
                if (reaches[i].requirement == last ||
                    !reach_fits(context, &reaches[i], member, containers, n))
                        continue;
                last = reaches[i].requirement;
                claims_look(context, answers_of(context, row), last, containers, n, &found, causes);
        }
        if (found.claim == ZW_ITEM_NONE)
                cause_add(context, causes, "no_claim", member, "no approved claim covers %s",
                          graph_key(view, member));
        return found;
}
