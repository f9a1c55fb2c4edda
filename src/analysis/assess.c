/* Rows of a place and its SL-A vectors (docs/algorithms/status.md, sl-a.md). */
#include "analysis/internal.h"

#include <string.h>

Assess *assess_empty(GraphView view, Instant now)
{
        Assess *assess = g_new0(Assess, 1);

        assess->view = graph_whole(view);
        assess->shown = view;
        assess->now = now;
        assess->supposed.finding = ZW_ITEM_NONE;
        assess->places = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        assess->breaks = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
        assess->services = g_hash_table_new(NULL, NULL);
        assess->capabilities = g_hash_table_new_full(NULL, NULL, NULL, g_free);
        assess->shown_places = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        assess->span = g_new(AssessSpan, 1);
        *assess->span = (AssessSpan){ G_MININT64, G_MAXINT64 };
        return assess;
}

Assess *assess_new(GraphView view, Instant now)
{
        const GraphView whole = graph_whole(view);
        Assess *assess = assess_empty(view, now);

        for (ItemNo item = 0; item < graph_item_count(whole); item++) {
                if (!graph_is_live(whole, item))
                        continue;
                evidence_ages_take(&assess->ages, whole, item);
                if (graph_kind(whole, item) != ZW_KIND_ZONE && graph_kind(whole, item) != ZW_KIND_CONDUIT)
                        continue;
                g_array_append_val(assess->places, item);
                if (graph_exists(view, item))
                        g_array_append_val(assess->shown_places, item);
        }
        return assess;
}

void assess_free(Assess *assess)
{
        if (assess == NULL)
                return;
        g_array_unref(assess->places);
        g_array_unref(assess->shown_places);
        g_hash_table_unref(assess->breaks);
        g_hash_table_unref(assess->services);
        g_hash_table_unref(assess->capabilities);
        g_clear_pointer(&assess->unallocated, g_array_unref);
        g_clear_pointer(&assess->kept, g_ptr_array_unref);
        g_free(assess->span);
        g_free(assess);
}

bool assess_is_past(const Assess *assess, Instant end)
{
        if (assess->now >= end) {
                assess->span->from = MAX(assess->span->from, end);
                return true;
        }
        assess->span->until = MIN(assess->span->until, end);
        return false;
}

GraphView assess_view(const Assess *assess)
{
        return assess->shown;
}

const ItemNo *assess_places(const Assess *assess, size_t *ret_n)
{
        *ret_n = assess->shown_places->len;
        return (const ItemNo *)(const void *)assess->shown_places->data;
}

SlVector assess_target(const Assess *assess, ItemNo place)
{
        return place_target(assess->view, place);
}

SlVector place_target(GraphView shown, ItemNo place)
{
        GraphView view = graph_whole(shown);
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

/* ---- members ---- */

/* Through CRs: when the row has CRs for the asset and each is at least x on it, the asset is x. CRs show what a component
 * can do; for rows of other scopes they never close the row alone. */
static RowStatus status_through_crs(PlaceContext *context, RowId row, ItemNo member, ItemNo *ret_claim,
                                    GPtrArray **causes)
{
        GraphView view = context->assess->view;
        const uint8_t types = place_spot(context, member)->types;
        RowStatus worst = STATUS_VERIFIED;
        bool any = false;

        for (const RowId *cr = catalogue_crs_of(row); *cr != ZW_ROW_NONE; cr++) {
                g_autoptr(GPtrArray) why = NULL;
                MemberClaims found;

                if ((catalogue_row(*cr)->types & types) == 0)
                        continue;
                found = claims_of(context, *cr, member, &why);
                any = true;
                if (found.status < STATUS_VERIFIED)
                        cause_add(context, causes, "component_row", found.claim, "%s is %s on %s",
                                  catalogue_row(*cr)->id, row_status_name(found.status),
                                  graph_key(view, member));
                if (found.claim != ZW_ITEM_NONE)
                        causes_move(causes, why);
                if (found.status <= worst) {
                        worst = found.status;
                        *ret_claim = found.claim;
                }
        }
        return any ? worst : STATUS_OPEN;
}

static MemberStatus member_assess(PlaceContext *context, RowId row, ItemNo member)
{
        GraphView view = context->assess->view;
        MemberStatus status = { .member = member, .claim = ZW_ITEM_NONE };
        MemberClaims own = claims_of(context, row, member, &status.causes);
        ItemNo finding, claim = ZW_ITEM_NONE;

        status.status = own.status;
        status.claim = own.claim;
        if (!own.in_force && catalogue_row(row)->scope == SCOPE_EACH_ASSET) {
                RowStatus through = status_through_crs(context, row, member, &claim, &status.causes);

                if (own.claim == ZW_ITEM_NONE || through > status.status) {
                        status.status = through;
                        status.claim = claim;
                }
        }
        finding = finding_breaking(context, row, member, 0);
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

static void row_clear(RowAssessment *row)
{
        g_clear_pointer(&row->members, g_array_unref);
        g_clear_pointer(&row->causes, g_ptr_array_unref);
}

static void row_assess(PlaceContext *context, RowAssessment *row);

/* A shared service counts only if the row is verified where the service lives, and with it its base row: by what is there, not
 * by what that place inherits in its turn. */
static bool service_look(Assess *assess, RowId row, ItemNo home)
{
        g_autoptr(PlaceContext) there = place_context_new(assess, home, false);

        there->alone = true;
        for (RowId at = row; at != ZW_ROW_NONE; at = catalogue_row(at)->parent) {
                RowAssessment found = { .row = at };
                RowStatus status;

                row_assess(there, &found);
                status = found.status;
                row_clear(&found);
                if (status != STATUS_VERIFIED && (at == row || status != STATUS_REMOVED))
                        return false;
        }
        return true;
}

uint64_t service_key(RowId row, ItemNo home)
{
        return (uint64_t)home << 16 | row;
}

/* Looked at once for each home and row: many places lean on the same service. */
bool service_is_verified(Assess *assess, RowId row, ItemNo home)
{
        const uint64_t service = service_key(row, home);
        gpointer key = (gpointer)(uintptr_t)service, known;

        if (g_hash_table_lookup_extended(assess->services, key, NULL, &known)) {
                kept_use(assess->keeper, PART_SERVICE, service);
                return known != NULL;
        }
        kept_begin(assess->keeper);
        known = GINT_TO_POINTER(service_look(assess, row, home));
        kept_end(assess->keeper, PART_SERVICE, service);
        g_hash_table_insert(assess->services, key, known);
        return known != NULL;
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
                else if (!service_is_verified(context->assess, row, home))
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

/* No requirement item reaches the place: whatever CRs or a service show, nobody stated the requirement. */
static void row_without_requirement(PlaceContext *context, RowAssessment *row)
{
        GraphView view = context->assess->view;

        row->unallocated = requirement_unallocated(context, row->row);
        cause_add(context, &row->causes, "no_requirement", context->place,
                  "no requirement item with this reference is allocated to %s",
                  graph_key(view, context->place));
        if (row->unallocated != ZW_ITEM_NONE)
                cause_add(context, &row->causes, "not_allocated", row->unallocated,
                          "%s has this reference and is not allocated to %s",
                          graph_key(view, row->unallocated), graph_key(view, context->place));
        if (row->status != STATUS_REMOVED && row->status != STATUS_UNKNOWN)
                row->status = STATUS_OPEN;
}

/* How the members stand; the row takes the worst of those whose requirement is not waived. */
static void row_members_assess(PlaceContext *context, RowAssessment *row, const GArray *members)
{
        RowScope scope = catalogue_row(row->row)->scope;
        bool shared = (scope == SCOPE_SERVICE || scope == SCOPE_SYSTEM) && !context->alone;

        row->status = STATUS_REMOVED;
        for (guint i = 0; i < members->len; i++) {
                ItemNo member = g_array_index(members, ItemNo, i);
                MemberStatus status = { .member = member, .status = STATUS_REMOVED, .claim = ZW_ITEM_NONE };

                if (!waiver_removes_member(context, row, member, &status.causes)) {
                        GPtrArray *reopened = status.causes;

                        status = member_assess(context, row->row, member);
                        causes_move(&status.causes, reopened);
                        g_clear_pointer(&reopened, g_ptr_array_unref);
                        if (shared && status.status != STATUS_VERIFIED)
                                member_inherit(context, row->row, &status);
                }
                row->status = MIN(row->status, status.status);
                row->broken |= status.broken;
                g_array_append_val(row->members, status);
        }
}

static void row_assess(PlaceContext *context, RowAssessment *row)
{
        g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        size_t n;
        const Reach *reaches = place_reaches(context, row->row, &n);
        bool known;

        row->members = g_array_new(FALSE, TRUE, sizeof(MemberStatus));
        g_array_set_clear_func(row->members, member_clear);
        row->requirement = requirement_of(context->assess->view, reaches, n);
        row->unallocated = row->waiver = ZW_ITEM_NONE;
        if (waiver_removes_row(context, row)) {
                row->status = STATUS_REMOVED;
                return;
        }
        known = place_need(context, row->row, members, &row->causes);
        row_members_assess(context, row, members);
        if (!known)
                row->status = STATUS_UNKNOWN;
        if (n == 0)
                row_without_requirement(context, row);
}

/* An enhancement is broken with its base row. */
static void row_broken_by_base(const RowAssessment *rows, RowAssessment *row)
{
        const RowId parent = catalogue_row(row->row)->parent;

        if (parent != ZW_ROW_NONE && row->status != STATUS_REMOVED)
                row->broken |= rows[parent].broken;
}

/* An enhancement counts only where its base row counts. */
static void row_bound_by_base(PlaceContext *context, RowAssessment *rows, RowAssessment *row)
{
        RowId parent = catalogue_row(row->row)->parent;
        const RowAssessment *base;

        if (parent == ZW_ROW_NONE || row->status == STATUS_REMOVED)
                return;
        base = &rows[parent];
        row_broken_by_base(rows, row);
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

static void levels_put(PlaceAssessment *place)
{
        for (int fr = 1; fr <= ZW_FR_COUNT; fr++) {
                place->verified.e[fr - 1] = level_of(place->rows, fr, STATUS_VERIFIED, false);
                place->claimed.e[fr - 1] = level_of(place->rows, fr, STATUS_CLAIMED, false);
                place->verified_with_findings.e[fr - 1] = level_of(place->rows, fr, STATUS_VERIFIED, true);
                place->claimed_with_findings.e[fr - 1] = level_of(place->rows, fr, STATUS_CLAIMED, true);
        }
}

PlaceAssessment *place_assess(Assess *assess, ItemNo place, bool explain)
{
        g_autoptr(PlaceContext) context = place_context_new(assess, place, explain);
        PlaceAssessment *result = g_new0(PlaceAssessment, 1);

        result->place = place;
        result->shares = 1;
        result->target = assess_target(assess, place);
        for (RowId i = 0; i < ZW_SR_ROWS; i++) {
                result->rows[i].row = i;
                row_assess(context, &result->rows[i]);
        }
        for (RowId i = 0; i < ZW_SR_ROWS; i++)
                row_bound_by_base(context, result->rows, &result->rows[i]);
        levels_put(result);
        return result;
}

PlaceAssessment *assess_place(Assess *assess, ItemNo place, bool explain)
{
        PlaceAssessment *found = explain ? NULL : kept_place(assess, place);

        if (found != NULL)
                return found;
        found = place_assess(assess, place, explain);
        place_show(assess, found);
        return found;
}

void assess_place_breaks(Assess *assess, PlaceAssessment *place)
{
        g_autoptr(PlaceContext) context = place_context_new(assess, place->place, false);

        for (RowId i = 0; i < ZW_SR_ROWS; i++) {
                RowAssessment *row = &place->rows[i];

                row->broken = false;
                for (guint m = 0; m < row->members->len; m++) {
                        MemberStatus *member = &g_array_index(row->members, MemberStatus, m);

                        /* one that a waiver removes is not asked */
                        member->broken = member->status != STATUS_REMOVED &&
                                         finding_breaking(context, i, member->member, 0) != ZW_ITEM_NONE;
                        row->broken |= member->broken;
                }
        }
        for (RowId i = 0; i < ZW_SR_ROWS; i++)
                row_broken_by_base(place->rows, &place->rows[i]);
        levels_put(place);
}

void place_assessment_free(PlaceAssessment *assessment)
{
        if (assessment == NULL || !g_atomic_int_dec_and_test(&assessment->shares))
                return;
        for (int i = 0; i < ZW_SR_ROWS; i++)
                row_clear(&assessment->rows[i]);
        g_free(assessment);
}
