/* Rows of a place and its SL-A vectors (docs/algorithms/status.md, sl-a.md). */
#include "analysis/internal.h"

#include <string.h>

Assess *assess_new(GraphView view, Instant now)
{
        Assess *assess = g_new0(Assess, 1);

        assess->view = view;
        assess->now = now;
        assess->places = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        assess->breaks = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                if (!graph_exists(view, item) || !graph_is_live(view, item))
                        continue;
                if (graph_kind(view, item) == ZW_KIND_ZONE || graph_kind(view, item) == ZW_KIND_CONDUIT)
                        g_array_append_val(assess->places, item);
        }
        return assess;
}

void assess_free(Assess *assess)
{
        if (assess == NULL)
                return;
        g_array_unref(assess->places);
        g_hash_table_unref(assess->breaks);
        g_free(assess);
}

GraphView assess_view(const Assess *assess)
{
        return assess->view;
}

const ItemNo *assess_places(const Assess *assess, size_t *ret_n)
{
        *ret_n = assess->places->len;
        return (const ItemNo *)(const void *)assess->places->data;
}

SlVector assess_target(const Assess *assess, ItemNo place)
{
        GraphView view = assess->view;
        GraphIter iter = graph_iter(view, place, GRAPH_IN, LINK_MASK(ZW_LINK_TARGETS));
        SlVector target = sl_vector_unknown();
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                Facts facts = graph_facts(view, edge.other);
                SlVector vector;

                if (!graph_is_live(view, edge.other) || !facts_get_vector(facts, ZW_ATTR_VECTOR, &vector))
                        continue;
                for (int i = 0; i < ZW_FR_COUNT; i++) {
                        /* 0 demands nothing, so it needs an approved statement. */
                        if (vector.e[i] == 0 && !(graph_is_approved(view, edge.other) &&
                                                  facts_has(facts, ZW_ATTR_ZERO_STATEMENT)))
                                continue;
                        target.e[i] = MAX(target.e[i], vector.e[i]);
                }
        }
        return target;
}

/* ---- waivers ---- */

static bool waiver_holds_here(PlaceContext *context, ItemNo waiver, uint32_t link)
{
        GraphView view = context->assess->view;
        FactsIter places = facts_iter(graph_link_facts(view, link), ZW_ATTR_PLACES);
        const char *here = graph_key(view, context->place), *key;
        Instant last;
        bool any = false;
        size_t n;

        if (!graph_is_live(view, waiver) || !graph_is_approved(view, waiver))
                return false;
        if (facts_get_date(graph_facts(view, waiver), ZW_ATTR_EXPIRES, &last) &&
            context->assess->now >= last + 86400000)
                return false;
        while (facts_next_text(&places, &key, &n)) {
                any = true;
                if (strlen(here) == n && memcmp(here, key, n) == 0)
                        return true;
        }
        return !any;
}

/* A condition on the inventory reopens the row: a trait some asset of the place has. */
static bool waiver_is_reopened(PlaceContext *context, ItemNo waiver)
{
        uint32_t traits = facts_get_set(graph_facts(context->assess->view, waiver), ZW_ATTR_REOPENS_ON), yes,
                 no;

        for (guint i = 0; traits != 0 && i < context->assets->len; i++) {
                asset_traits(context->assess->view, g_array_index(context->assets, ItemNo, i), &yes, &no);
                if (yes & traits)
                        return true;
        }
        return false;
}

/* Is it an approved statement that the row does not apply, with a reason, and not reopened? */
static bool waiver_removes(PlaceContext *context, RowAssessment *row, ItemNo waiver)
{
        GraphView view = context->assess->view;
        Facts facts = graph_facts(view, waiver);

        if (facts_get_enum(facts, ZW_ATTR_DECISION) != ZW_VALUE_WAIVER_DECISION_NOT_APPLICABLE ||
            !facts_has(facts, ZW_ATTR_RATIONALE))
                return false;
        if (!waiver_is_reopened(context, waiver))
                return true;
        cause_add(context, &row->causes, "reopened", waiver, "%s is reopened by the inventory",
                  graph_key(view, waiver));
        return false;
}

/* Finds the waiver of a row, the oldest of those that remove it, else the oldest; true when it removes the row. */
static bool row_is_waived(PlaceContext *context, RowAssessment *row)
{
        ItemNo removing = ZW_ITEM_NONE;
        size_t n;
        const Reach *reaches = place_reaches(context, row->row, &n);

        for (size_t i = 0; i < n; i++) {
                GraphIter iter = graph_iter(context->assess->view, reaches[i].requirement, GRAPH_IN,
                                            LINK_MASK(ZW_LINK_WAIVES));
                GraphEdge edge;

                while (graph_next(&iter, &edge)) {
                        if (!waiver_holds_here(context, edge.other, edge.link))
                                continue;
                        row->waiver = MIN(row->waiver, edge.other);
                        if (waiver_removes(context, row, edge.other))
                                removing = MIN(removing, edge.other);
                }
        }
        if (removing != ZW_ITEM_NONE)
                row->waiver = removing;
        return removing != ZW_ITEM_NONE;
}

/* ---- members ---- */

/* Through CRs: when the row has CRs for the asset and each is at least x on it, the asset is x. CRs show what a component
 * can do; for rows of other scopes they never close the row alone. */
static RowStatus status_through_crs(PlaceContext *context, RowId row, ItemNo member, ItemNo *ret_claim)
{
        uint8_t types = asset_types(context->assess->view, member);
        RowStatus worst = STATUS_VERIFIED;
        bool any = false;

        for (const RowId *cr = catalogue_crs_of(row); *cr != ZW_ROW_NONE; cr++) {
                ItemNo claim;
                RowStatus status;

                if ((catalogue_row(*cr)->types & types) == 0)
                        continue;
                status = claims_status(context, *cr, member, &claim, NULL);
                any = true;
                if (status <= worst) {
                        worst = status;
                        *ret_claim = claim;
                }
        }
        return any ? worst : STATUS_OPEN;
}

static MemberStatus member_assess(PlaceContext *context, RowId row, ItemNo member)
{
        GraphView view = context->assess->view;
        MemberStatus status = { .member = member, .claim = ZW_ITEM_NONE };
        ItemNo finding;

        status.status = claims_status(context, row, member, &status.claim, &status.causes);
        if (status.claim == ZW_ITEM_NONE && catalogue_row(row)->scope == SCOPE_EACH_ASSET)
                status.status = status_through_crs(context, row, member, &status.claim);
        finding = finding_breaking(context, row, member);
        if (finding != ZW_ITEM_NONE) {
                status.broken = true;
                cause_add(context, &status.causes, "finding", finding, "%s breaks it on %s",
                          graph_key(view, finding), graph_key(view, member));
        }
        return status;
}

static bool link_provides(GraphView view, uint32_t link, RowId row)
{
        FactsIter iter = facts_iter(graph_link_facts(view, link), ZW_ATTR_REFS);
        RowId provided;

        while (facts_next_row(&iter, &provided))
                if (provided == row)
                        return true;
        return false;
}

/* A shared service counts only if the row is verified where the service lives, by its own claims. */
static bool service_is_verified(PlaceContext *context, RowId row, ItemNo home)
{
        g_autoptr(PlaceContext) there = place_context_new(context->assess, home, false);
        g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        ItemNo claim;

        if (!place_need(there, row, members, NULL) || members->len == 0)
                return false;
        for (guint i = 0; i < members->len; i++)
                if (claims_status(there, row, g_array_index(members, ItemNo, i), &claim, NULL) !=
                    STATUS_VERIFIED)
                        return false;
        return true;
}

static void member_inherit(PlaceContext *context, RowId row, MemberStatus *status)
{
        GraphView view = context->assess->view;
        GraphIter iter = graph_iter(view, context->place, GRAPH_IN, LINK_MASK(ZW_LINK_SERVES));
        int fr = catalogue_row(row)->fr - 1;
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                ItemNo home = item_place(view, edge.other);
                const char *key = graph_key(view, edge.other);

                if (!graph_is_live(view, edge.other) || home == ZW_ITEM_NONE || home == context->place ||
                    !link_provides(view, edge.link, row))
                        continue;
                if (!facts_get_bool(graph_link_facts(view, edge.link), ZW_ATTR_SURVIVES_LOSS))
                        cause_add(context, &status->causes, "service", edge.other,
                                  "nobody stated that essential functions survive the loss of %s", key);
                else if (assess_target(context->assess, context->place).e[fr] == ZW_SL_UNKNOWN)
                        cause_add(context, &status->causes, "service", edge.other,
                                  "SL-T is not derived here, so nothing is inherited from %s", key);
                else if (assess_target(context->assess, home).e[fr] <
                         assess_target(context->assess, context->place).e[fr])
                        cause_add(context, &status->causes, "service", edge.other,
                                  "%s lives where SL-T is lower", key);
                else if (!service_is_verified(context, row, home))
                        cause_add(context, &status->causes, "service", edge.other,
                                  "%s is not verified where it lives", key);
                else {
                        status->status = STATUS_VERIFIED;
                        cause_add(context, &status->causes, "inherited", edge.other, "inherited from %s",
                                  key);
                }
        }
}

/* ---- rows ---- */

static void member_clear(gpointer data)
{
        MemberStatus *status = data;

        g_clear_pointer(&status->causes, g_ptr_array_unref);
}

static ItemNo requirement_of(GraphView view, const Reach *reaches, size_t n)
{
        for (size_t i = 0; n > 1 && i < n; i++)
                if (derives_from_risk(view, reaches[i].requirement))
                        return reaches[i].requirement;
        return n > 0 ? reaches[0].requirement : ZW_ITEM_NONE;
}

static void row_assess(PlaceContext *context, RowAssessment *row)
{
        g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        RowScope scope = catalogue_row(row->row)->scope;
        size_t n;
        const Reach *reaches = place_reaches(context, row->row, &n);
        bool known;

        row->members = g_array_new(FALSE, TRUE, sizeof(MemberStatus));
        g_array_set_clear_func(row->members, member_clear);
        row->requirement = requirement_of(context->assess->view, reaches, n);
        row->waiver = ZW_ITEM_NONE;
        if (row_is_waived(context, row)) {
                row->status = STATUS_REMOVED;
                return;
        }
        known = place_need(context, row->row, members, &row->causes);
        row->status = known && members->len == 0 ? STATUS_REMOVED : STATUS_VERIFIED;
        if (n == 0)
                cause_add(context, &row->causes, "no_requirement", context->place,
                          "no requirement item with this reference is allocated to %s",
                          graph_key(context->assess->view, context->place));
        for (guint i = 0; i < members->len; i++) {
                MemberStatus status = member_assess(context, row->row, g_array_index(members, ItemNo, i));

                if ((scope == SCOPE_SERVICE || scope == SCOPE_SYSTEM) && status.status != STATUS_VERIFIED)
                        member_inherit(context, row->row, &status);
                row->status = MIN(row->status, status.status);
                row->broken |= status.broken;
                g_array_append_val(row->members, status);
        }
        if (!known)
                row->status = STATUS_UNKNOWN;
        else if (n == 0 && row->status != STATUS_REMOVED)
                row->status = STATUS_OPEN; /* whatever its CRs show: nobody stated the requirement */
}

/* An enhancement counts only where its base row counts. */
static void row_bound_by_base(PlaceContext *context, RowAssessment *rows, RowAssessment *row)
{
        RowId parent = catalogue_row(row->row)->parent;
        const RowAssessment *base;

        if (parent == ZW_ROW_NONE || row->status == STATUS_REMOVED)
                return;
        base = &rows[parent];
        row->broken |= base->broken;
        if (base->status == STATUS_REMOVED || row->status == STATUS_UNKNOWN)
                return;
        if (base->status == STATUS_UNKNOWN || base->status < row->status) {
                row->status = base->status;
                cause_add(context, &row->causes, "base_row", ZW_ITEM_NONE, "the base row %s is %s",
                          catalogue_row(parent)->id, row_status_name(base->status));
        }
}

/* SL-A of one FR: the highest n for which every row demanded at a level up to n is met; unknown rows make it unknown. */
static int8_t level_of(const RowAssessment *rows, int fr, RowStatus least, bool with_findings)
{
        int8_t level = ZW_SL_MAX;

        for (RowId i = 0; i < ZW_SR_ROWS; i++) {
                const RowAssessment *row = &rows[i];

                if (catalogue_row(i)->fr != fr || row->status == STATUS_REMOVED)
                        continue;
                if (row->status == STATUS_UNKNOWN)
                        return ZW_SL_UNKNOWN;
                if (row->status >= least && !(with_findings && row->broken))
                        continue;
                for (int8_t n = 1; n <= ZW_SL_MAX; n++)
                        if (catalogue_demanded(i, n)) {
                                level = MIN(level, (int8_t)(n - 1));
                                break;
                        }
        }
        return level;
}

PlaceAssessment *assess_place(Assess *assess, ItemNo place, bool explain)
{
        g_autoptr(PlaceContext) context = place_context_new(assess, place, explain);
        PlaceAssessment *result = g_new0(PlaceAssessment, 1);

        result->place = place;
        result->target = assess_target(assess, place);
        for (RowId i = 0; i < ZW_SR_ROWS; i++) {
                result->rows[i].row = i;
                row_assess(context, &result->rows[i]);
        }
        for (RowId i = 0; i < ZW_SR_ROWS; i++)
                row_bound_by_base(context, result->rows, &result->rows[i]);
        for (int fr = 1; fr <= ZW_FR_COUNT; fr++) {
                result->verified.e[fr - 1] = level_of(result->rows, fr, STATUS_VERIFIED, false);
                result->claimed.e[fr - 1] = level_of(result->rows, fr, STATUS_CLAIMED, false);
                result->verified_with_findings.e[fr - 1] = level_of(result->rows, fr, STATUS_VERIFIED, true);
                result->claimed_with_findings.e[fr - 1] = level_of(result->rows, fr, STATUS_CLAIMED, true);
        }
        return result;
}

void place_assessment_free(PlaceAssessment *assessment)
{
        if (assessment == NULL)
                return;
        for (int i = 0; i < ZW_SR_ROWS; i++) {
                g_clear_pointer(&assessment->rows[i].members, g_array_unref);
                g_clear_pointer(&assessment->rows[i].causes, g_ptr_array_unref);
        }
        g_free(assessment);
}
