/* SL-C of components over 62443-4-2 and of systems over 62443-3-3 (docs/algorithms/sl-c.md). */
#include "analysis/internal.h"

enum { CAPABILITY_ROWS_MAX = 256 };

/* How rows are met, from the first row of a standard on: natively, and with compensation or by integration. A row that does
 * not count is REMOVED. */
typedef struct {
        RowId first;
        size_t n;
        uint8_t native[CAPABILITY_ROWS_MAX], compensated[CAPABILITY_ROWS_MAX]; /* RowStatus */
} CapabilityRows;

static void reason_clear(gpointer data)
{
        CapabilityReason *reason = data;

        g_clear_pointer(&reason->text, g_free);
        g_clear_pointer(&reason->causes, g_ptr_array_unref);
}

static int first_level(RowId row)
{
        for (int n = 1; n <= ZW_SL_MAX; n++)
                if (catalogue_demanded(row, n))
                        return n;
        return ZW_SL_MAX + 1;
}

static bool is_constraint(RowId row)
{
        return catalogue_row(row)->fr == 0 && catalogue_row(row)->counts;
}

/* An enhancement counts only where its base row counts; `reasons` (or NULL) gets why it does not. */
static void rows_bind(PlaceContext *context, const CapabilityRows *rows, uint8_t *statuses, GArray *reasons)
{
        for (size_t i = 0; i < rows->n; i++) {
                RowId parent = catalogue_row((RowId)(rows->first + i))->parent;
                uint8_t base;

                if (parent == ZW_ROW_NONE || parent < rows->first || parent >= rows->first + rows->n)
                        continue;
                base = statuses[parent - rows->first];
                if (statuses[i] == STATUS_REMOVED || base == STATUS_REMOVED || statuses[i] == STATUS_UNKNOWN)
                        continue;
                if (base != STATUS_UNKNOWN && base >= statuses[i])
                        continue;
                statuses[i] = base;
                if (reasons != NULL)
                        cause_add(context, &g_array_index(reasons, CapabilityReason, i).causes, "base_row",
                                  ZW_ITEM_NONE, "the base row %s is %s", catalogue_row(parent)->id,
                                  row_status_name((RowStatus)base));
        }
}

/* ---- components ---- */

static void component_row(PlaceContext *context, CapabilityRows *rows, size_t i, CapabilityReason *reason)
{
        MemberClaims found;

        context->capability = CAPABILITY_NATIVE;
        found = claims_of(context, reason->row, context->place, &reason->causes);
        reason->claim = found.claim;
        rows->native[i] = rows->compensated[i] = (uint8_t)found.status;
        if (found.status == STATUS_VERIFIED)
                return;
        context->capability = CAPABILITY_WITH_COMPENSATION;
        rows->compensated[i] = (uint8_t)claims_of(context, reason->row, context->place, NULL).status;
}

static void reason_init(const PlaceContext *context, CapabilityReason *reason, RowId row)
{
        size_t n;
        const Reach *reaches = place_reaches(context, row, &n);

        *reason = (CapabilityReason){ .row = row,
                                      .requirement = n > 0 ? reaches[0].requirement : ZW_ITEM_NONE,
                                      .member = context->place,
                                      .claim = ZW_ITEM_NONE };
}

/* Fills all rows; reasons (of each row, met or not) only with `explain`. */
static void component_rows_fill(Assess *assess, ItemNo component, bool explain, CapabilityRows *rows,
                                GArray *reasons)
{
        g_autoptr(PlaceContext) context = component_context_new(assess, component, explain);
        uint8_t types = (uint8_t)facts_get_set(graph_facts(assess->view, component), ZW_ATTR_TYPES);

        catalogue_range(STANDARD_4_2, &rows->first, &rows->n);
        for (size_t i = 0; i < rows->n; i++) {
                CapabilityReason reason;

                reason_init(context, &reason, (RowId)(rows->first + i));
                if (!catalogue_row(reason.row)->counts || (catalogue_row(reason.row)->types & types) == 0)
                        rows->native[i] = rows->compensated[i] = STATUS_REMOVED;
                else
                        component_row(context, rows, i, &reason);
                if (explain)
                        g_array_append_val(reasons, reason);
        }
        rows_bind(context, rows, rows->native, explain ? reasons : NULL);
        rows_bind(context, rows, rows->compensated, NULL);
}

/* Is each common constraint met well enough that an SL-C can be stated? */
static bool constraints_hold(const CapabilityRows *rows, RowStatus least)
{
        for (size_t i = 0; i < rows->n; i++)
                if (is_constraint((RowId)(rows->first + i)) && rows->native[i] < least)
                        return false;
        return true;
}

/* Where no SL-C is stated, no row is met; where the constraints are claimed, the rows are so at most. */
static void rows_cap(CapabilityRows *rows)
{
        uint8_t most = constraints_hold(rows, STATUS_CLAIMED) ? STATUS_CLAIMED : STATUS_OPEN;

        if (constraints_hold(rows, STATUS_VERIFIED))
                return;
        for (size_t i = 0; i < rows->n; i++)
                if (rows->native[i] != STATUS_REMOVED)
                        rows->native[i] = rows->compensated[i] = MIN(rows->native[i], most);
}

/* Computed once for each component: the same product stands in many places. */
static const CapabilityRows *component_rows(Assess *assess, ItemNo component)
{
        CapabilityRows *rows = g_hash_table_lookup(assess->capabilities, GUINT_TO_POINTER(component));

        if (rows != NULL)
                return rows;
        rows = g_new0(CapabilityRows, 1);
        component_rows_fill(assess, component, false, rows, NULL);
        rows_cap(rows);
        g_hash_table_insert(assess->capabilities, GUINT_TO_POINTER(component), rows);
        return rows;
}

/* ---- vectors ---- */

static SlVector rows_vector(const CapabilityRows *rows, const uint8_t *statuses, RowStatus least)
{
        SlVector vector;

        for (int fr = 0; fr < ZW_FR_COUNT; fr++)
                vector.e[fr] = ZW_SL_MAX;
        for (size_t i = 0; i < rows->n; i++) {
                RowId row = (RowId)(rows->first + i);
                int fr = catalogue_row(row)->fr - 1;

                if (fr < 0 || statuses[i] == STATUS_REMOVED || vector.e[fr] == ZW_SL_UNKNOWN)
                        continue;
                if (statuses[i] == STATUS_UNKNOWN)
                        vector.e[fr] = ZW_SL_UNKNOWN;
                else if (statuses[i] < least)
                        vector.e[fr] = MIN(vector.e[fr], (int8_t)(first_level(row) - 1));
        }
        return vector;
}

/* Takes the reasons of all rows, keeps those that are not met. */
static Capability *capability_new(const Assess *assess, const CapabilityRows *rows, GArray *reasons)
{
        Capability *capability = g_new0(Capability, 1);

        capability->native = rows_vector(rows, rows->native, STATUS_VERIFIED);
        capability->with_compensation = rows_vector(rows, rows->compensated, STATUS_VERIFIED);
        capability->claimed = rows_vector(rows, rows->native, STATUS_CLAIMED);
        capability->reasons = g_array_new(FALSE, TRUE, sizeof(CapabilityReason));
        g_array_set_clear_func(capability->reasons, reason_clear);
        for (size_t i = 0; i < rows->n; i++) {
                CapabilityReason *reason = &g_array_index(reasons, CapabilityReason, i);
                int fr = catalogue_row(reason->row)->fr - 1;

                if (fr >= 0 && rows->native[i] != STATUS_REMOVED) {
                        capability->of[fr]++;
                        capability->met[fr] += rows->native[i] == STATUS_VERIFIED;
                }
                if (rows->native[i] == STATUS_REMOVED || rows->native[i] == STATUS_VERIFIED) {
                        reason_clear(reason);
                        continue;
                }
                reason->level = fr < 0 ? 1 : first_level(reason->row);
                reason->status = rows->compensated[i] == STATUS_VERIFIED
                                         ? "compensated"
                                         : row_status_name((RowStatus)rows->native[i]);
                reason->text = g_strdup_printf("%s is %s for %s", catalogue_row(reason->row)->id,
                                               reason->status, graph_key(assess->view, reason->member));
                g_array_append_val(capability->reasons, *reason);
        }
        capability_show(assess, capability);
        return capability;
}

Capability *assess_component(Assess *assess, ItemNo component)
{
        g_autoptr(GArray) reasons = g_array_new(FALSE, TRUE, sizeof(CapabilityReason));
        CapabilityRows rows = { 0 };
        Capability *capability;

        component_rows_fill(assess, component, true, &rows, reasons);
        capability = capability_new(assess, &rows, reasons);
        if (facts_get_set(graph_facts(assess->view, component), ZW_ATTR_TYPES) == 0 ||
            !constraints_hold(&rows, STATUS_VERIFIED))
                capability->native = capability->with_compensation = sl_vector_unknown();
        if (facts_get_set(graph_facts(assess->view, component), ZW_ATTR_TYPES) == 0 ||
            !constraints_hold(&rows, STATUS_CLAIMED))
                capability->claimed = sl_vector_unknown();
        return capability;
}

/* ---- systems ---- */

/* The worst of the components of the asset that the row speaks of. */
static RowStatus components_status(PlaceContext *context, RowId cr, ItemNo asset)
{
        GraphView view = context->assess->view;
        GraphIter iter = graph_iter(view, asset, GRAPH_OUT, LINK_MASK(ZW_LINK_INSTANCE_OF));
        RowStatus worst = STATUS_REMOVED;
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                const CapabilityRows *rows;
                const uint8_t *statuses;

                if (!graph_is_live(view, edge.other))
                        continue;
                rows = component_rows(context->assess, edge.other);
                statuses = context->capability == CAPABILITY_NATIVE ? rows->native : rows->compensated;
                worst = MIN(worst, (RowStatus)statuses[cr - rows->first]);
        }
        return worst == STATUS_REMOVED ? STATUS_OPEN : worst;
}

static RowStatus asset_through_crs(PlaceContext *context, RowId row, ItemNo asset, GPtrArray **causes)
{
        GraphView view = context->assess->view;
        uint8_t types = asset_types(view, asset);
        RowStatus worst = STATUS_VERIFIED;
        bool any = false;

        for (const RowId *cr = catalogue_crs_of(row); *cr != ZW_ROW_NONE; cr++) {
                RowStatus status;

                if ((catalogue_row(*cr)->types & types) == 0)
                        continue;
                any = true;
                status = MAX(claims_of(context, *cr, asset, NULL).status,
                             components_status(context, *cr, asset));
                if (status < STATUS_VERIFIED)
                        cause_add(context, causes, "component_row", asset, "%s is %s on %s",
                                  catalogue_row(*cr)->id, row_status_name(status), graph_key(view, asset));
                worst = MIN(worst, status);
        }
        return any ? worst : STATUS_OPEN;
}

/* One member, in the way of the context. */
static RowStatus system_member(PlaceContext *context, RowId row, ItemNo member, ItemNo *ret_claim,
                               GPtrArray **causes)
{
        MemberClaims own = claims_of(context, row, member, causes);
        RowStatus through;

        *ret_claim = own.claim;
        if (own.in_force || catalogue_row(row)->scope != SCOPE_EACH_ASSET)
                return own.status;
        through = asset_through_crs(context, row, member, causes);
        return MAX(own.status, through);
}

/* The worst of the members; the reason keeps the first that is so. */
static void system_row(PlaceContext *context, CapabilityRows *rows, size_t i, CapabilityReason *reason)
{
        g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        g_autoptr(GPtrArray) unknown = NULL;
        bool known = place_need(context, reason->row, members, &unknown);

        rows->native[i] = rows->compensated[i] = members->len == 0 ? STATUS_REMOVED : STATUS_VERIFIED;
        for (guint m = 0; m < members->len; m++) {
                ItemNo member = g_array_index(members, ItemNo, m), claim, other;
                g_autoptr(GPtrArray) causes = NULL;
                RowStatus status, compensated;

                context->capability = CAPABILITY_NATIVE;
                status = compensated = system_member(context, reason->row, member, &claim, &causes);
                context->capability = CAPABILITY_WITH_COMPENSATION;
                if (status != STATUS_VERIFIED)
                        compensated = system_member(context, reason->row, member, &other, NULL);
                rows->compensated[i] = MIN(rows->compensated[i], (uint8_t)compensated);
                if (status >= rows->native[i])
                        continue;
                rows->native[i] = (uint8_t)status;
                reason->member = member;
                reason->claim = claim;
                g_clear_pointer(&reason->causes, g_ptr_array_unref);
                reason->causes = g_steal_pointer(&causes);
        }
        if (known)
                return;
        rows->native[i] = rows->compensated[i] = STATUS_UNKNOWN;
        g_clear_pointer(&reason->causes, g_ptr_array_unref);
        reason->causes = g_steal_pointer(&unknown);
        reason->member = context->place;
}

Capability *assess_system(Assess *assess, ItemNo system)
{
        g_autoptr(PlaceContext) context = system_context_new(assess, system, true);
        g_autoptr(GArray) reasons = g_array_new(FALSE, TRUE, sizeof(CapabilityReason));
        CapabilityRows rows = { .first = 0, .n = ZW_SR_ROWS };

        for (RowId row = 0; row < ZW_SR_ROWS; row++) {
                CapabilityReason reason;

                reason_init(context, &reason, row);
                system_row(context, &rows, row, &reason);
                g_array_append_val(reasons, reason);
        }
        rows_bind(context, &rows, rows.native, reasons);
        rows_bind(context, &rows, rows.compensated, NULL);
        return capability_new(assess, &rows, reasons);
}

void capability_free(Capability *capability)
{
        if (capability == NULL)
                return;
        g_array_unref(capability->reasons);
        g_free(capability);
}
