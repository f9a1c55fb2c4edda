/* Needs of a place, and the actions that meet them (docs/algorithms/plan.md). */
#include "analysis/plan_internal.h"

#include <string.h>

typedef struct {
        Plan *plan;
        GHashTable *known; /* kind, row and item of an action → its index + 1 */
        PlaceContext *context;
        RowId row;
        const MemberStatus *member;
} Look;

/* ---- actions ---- */

static uint32_t action_find(Look *look, ActionKind kind, ItemNo item, RowId row)
{
        const uint64_t what = ((uint64_t)kind << 16 | row) << 32 | item;
        gpointer key = (gpointer)(uintptr_t)what, found = g_hash_table_lookup(look->known, key);
        PlanAction action = { .kind = kind, .item = item, .row = row };

        if (found != NULL)
                return GPOINTER_TO_UINT(found) - 1;
        action.needs = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        g_array_append_val(look->plan->actions, action);
        g_hash_table_insert(look->known, key, GUINT_TO_POINTER(look->plan->actions->len));
        return look->plan->actions->len - 1;
}

/* The last need that was added is met by this action too. */
static void alternative_add(Look *look, ActionKind kind, ItemNo item, RowId row)
{
        const uint32_t need = look->plan->needs->len - 1, action = action_find(look, kind, item, row);
        GArray *alternatives = g_array_index(look->plan->needs, PlanNeed, need).alternatives;
        GArray *needs = g_array_index(look->plan->actions, PlanAction, action).needs;

        if (needs->len > 0 && g_array_index(needs, uint32_t, needs->len - 1) == need)
                return; /* a product that is installed twice */
        g_array_append_val(alternatives, action);
        g_array_append_val(needs, need);
}

static void need_add(Look *look, NeedKind kind, ItemNo item)
{
        const PlanNeed need = { .kind = kind,
                                .place = look->context->place,
                                .row = look->row,
                                .member = look->member == NULL ? ZW_ITEM_NONE : look->member->member,
                                .item = item,
                                .alternatives = g_array_new(FALSE, FALSE, sizeof(uint32_t)) };

        g_array_append_val(look->plan->needs, need);
}

/* ---- what is not designed ---- */

/* Another claim for the member, by what is there or by something new. A system is spoken for once, not in each place. */
static void designs_add(Look *look)
{
        const ItemNo member = look->member->member;
        const KindId kind = graph_kind(look->context->assess->view, member);

        if (kind == ZW_KIND_ASSET || kind == ZW_KIND_CONDUIT || kind == ZW_KIND_ACCESS_POINT)
                alternative_add(look, ACTION_CONFIGURE, member, look->row);
        alternative_add(look, ACTION_COUNTERMEASURE, kind == ZW_KIND_SYSTEM ? member : look->context->place,
                        look->row);
}

/* ---- what is not proved ---- */

static void not_verified_add(Look *look, ItemNo claim)
{
        GraphView view = look->context->assess->view;
        GraphIter iter = graph_iter(view, claim, GRAPH_IN, LINK_MASK(ZW_LINK_VERIFIES));
        bool any = false;
        GraphEdge edge;

        need_add(look, NEED_NOT_VERIFIED, claim);
        while (graph_next(&iter, &edge)) {
                if (!graph_is_live(view, edge.other))
                        continue;
                alternative_add(look, ACTION_TEST, edge.other, ZW_ROW_NONE);
                any = true;
        }
        if (!any)
                alternative_add(look, ACTION_NEW_TEST, claim, ZW_ROW_NONE);
}

/* Each test that failed has to pass, or something else takes the place of the claim. */
static void failed_add(Look *look, const GPtrArray *causes)
{
        for (guint i = 0; causes != NULL && i < causes->len; i++) {
                const Cause *cause = g_ptr_array_index(causes, i);

                if (strcmp(cause->kind, "failed") != 0)
                        continue;
                need_add(look, NEED_FAILED, cause->item);
                alternative_add(look, ACTION_REPAIR, cause->item, ZW_ROW_NONE);
                designs_add(look);
        }
}

/* The statement does not hold, or what it rests on is not there. */
static bool claim_is_open(Look *look, ItemNo claim)
{
        const GPtrArray *causes = look->member->causes;

        for (guint i = 0; causes != NULL && i < causes->len; i++) {
                const Cause *cause = g_ptr_array_index(causes, i);

                if (cause->item == claim && strcmp(cause->kind, "claim_open") == 0)
                        return true;
        }
        return !claim_is_complete(look->context, claim, look->member->member, NULL);
}

static void claim_look(Look *look, ItemNo claim)
{
        g_autoptr(GPtrArray) causes = NULL, ignored = NULL;
        const ItemNo member = look->member->member;
        Proof proof = { 0 };

        if (claim_is_open(look, claim)) {
                need_add(look, NEED_CLAIM_OPEN, claim);
                designs_add(look);
        }
        proof_by_tests(look->context, claim, member, &proof, &causes);
        proof_by_evidence(look->context, claim, member, &proof, &ignored);
        if (proof.failed)
                failed_add(look, causes);
        else if (!proof.verified)
                not_verified_add(look, claim);
        if (claim_is_suspect(look->context, claim, member, &ignored)) {
                need_add(look, NEED_SUSPECT, claim);
                alternative_add(look, ACTION_CONFIRM, claim, ZW_ROW_NONE);
        }
}

/* Through CRs several claims decide together, each of which is named as a cause. */
static void claims_look(Look *look)
{
        const MemberStatus *member = look->member;
        const GPtrArray *causes = member->causes;
        g_autoptr(GArray) claims = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        bool through = false;

        for (guint i = 0; causes != NULL && i < causes->len; i++) {
                const Cause *cause = g_ptr_array_index(causes, i);

                if (strcmp(cause->kind, "component_row") != 0 || cause->item == ZW_ITEM_NONE)
                        continue;
                through |= cause->item == member->claim;
                items_add(claims, cause->item);
        }
        if (!through) {
                claim_look(look, member->claim);
                return;
        }
        for (guint i = 0; i < claims->len; i++)
                claim_look(look, g_array_index(claims, ItemNo, i));
}

/* ---- what findings break ---- */

static void patch_add(Look *look, ItemNo finding)
{
        GraphView view = look->context->assess->view;
        if (facts_get_enum(graph_facts(view, finding), ZW_ATTR_FIX) == ZW_VALUE_FIX_AVAILABLE)
                alternative_add(look, ACTION_PATCH, graph_first(view, finding, GRAPH_OUT, ZW_LINK_CONCERNS),
                                ZW_ROW_NONE);
}

static void broken_add(Look *look, ItemNo finding)
{
        GraphView view = look->context->assess->view;
        GraphIter iter = graph_iter(view, finding, GRAPH_IN, LINK_MASK(ZW_LINK_MITIGATES));
        GraphEdge edge;

        need_add(look, NEED_BROKEN, finding);
        patch_add(look, finding);
        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other))
                        alternative_add(look, ACTION_VERIFY, edge.other, ZW_ROW_NONE);
        alternative_add(look, ACTION_MITIGATE, finding, ZW_ROW_NONE);
}

static void findings_look(Look *look)
{
        ItemNo finding = 0;

        while ((finding = finding_breaking(look->context, look->row, look->member->member, finding)) !=
               ZW_ITEM_NONE)
                broken_add(look, finding++);
}

/* ---- rows ---- */

static void member_look(Look *look)
{
        const guint before = look->plan->needs->len;
        const MemberStatus *member = look->member;

        if (member->status == STATUS_REMOVED)
                return;
        if (member->broken)
                findings_look(look);
        if (member->status == STATUS_VERIFIED)
                return;
        if (member->status == STATUS_OPEN) {
                need_add(look, member->claim == ZW_ITEM_NONE ? NEED_NO_CLAIM : NEED_CLAIM_OPEN,
                         member->claim);
                designs_add(look);
                return;
        }
        claims_look(look);
        if (look->plan->needs->len == before)
                not_verified_add(look, member->claim);
}

static bool causes_have(const GPtrArray *causes, const char *kind)
{
        for (guint i = 0; causes != NULL && i < causes->len; i++)
                if (strcmp(((const Cause *)g_ptr_array_index(causes, i))->kind, kind) == 0)
                        return true;
        return false;
}

/* Base rows are demanded too and have their own needs: what an enhancement has from its base is not asked again. */
static void row_look(Look *look, const RowAssessment *row)
{
        if (row->status == STATUS_REMOVED)
                return;
        look->row = row->row;
        look->member = NULL;
        if (row->requirement == ZW_ITEM_NONE) {
                need_add(look, NEED_NO_REQUIREMENT, row->unallocated);
                alternative_add(look, ACTION_REQUIRE, look->context->place, ZW_ROW_NONE);
        }
        if (row->status == STATUS_UNKNOWN && !causes_have(row->causes, "base_row"))
                need_add(look, NEED_UNKNOWN, ZW_ITEM_NONE);
        for (guint m = 0; m < row->members->len; m++) {
                look->member = &g_array_index(row->members, MemberStatus, m);
                member_look(look);
        }
}

void plan_needs_add(Plan *plan, GHashTable *known, Assess *assess, const PlanPlace *place)
{
        g_autoptr(PlaceContext) context = place_context_new(assess, place->place, true);
        g_autoptr(PlaceAssessment) found = assess_place(assess, place->place, true);
        Look look = { .plan = plan, .known = known, .context = context };

        for (RowId row = 0; row < ZW_SR_ROWS; row++)
                if (catalogue_demanded(row, place->target.e[catalogue_row(row)->fr - 1]))
                        row_look(&look, &found->rows[row]);
}
