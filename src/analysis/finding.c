/* Findings as an overlay: which rows a confirmed finding breaks, and what clears it (docs/algorithms/findings.md). */
#include "analysis/internal.h"

bool finding_is_cleared(const Assess *assess, ItemNo finding)
{
        GraphIter iter = graph_iter(assess->view, finding, GRAPH_IN, LINK_MASK(ZW_LINK_MITIGATES));
        GraphEdge edge;

        if (state_def(graph_state(assess->view, finding))->flags & (STATE_CLEARED | STATE_RETIRED))
                return true;
        while (graph_next(&iter, &edge))
                if (countermeasure_is_verified(assess, edge.other))
                        return true;
        return false;
}

static int break_compare(gconstpointer a, gconstpointer b)
{
        const Break *left = a, *right = b;

        if (left->row != right->row)
                return left->row < right->row ? -1 : 1;
        return left->finding < right->finding ? -1 : left->finding > right->finding;
}

/* What one finding breaks, as the case says or as is supposed. */
static void breaks_append(const Assess *assess, ItemNo finding, GArray *breaks)
{
        const Supposition *supposed = &assess->supposed;
        Break broken = { .finding = finding };
        FactsIter rows;

        if (finding == supposed->finding) {
                for (size_t i = 0; i < supposed->n; i++) {
                        broken.row = supposed->rows[i];
                        g_array_append_val(breaks, broken);
                }
                return;
        }
        if (supposed->alone || !facts_has(graph_facts(assess->view, finding), ZW_ATTR_BROKEN) ||
            finding_is_cleared(assess, finding))
                return;
        rows = facts_iter(graph_facts(assess->view, finding), ZW_ATTR_BROKEN);
        while (facts_next_row(&rows, &broken.row))
                g_array_append_val(breaks, broken);
}

GArray *subject_parts(GraphView view, ItemNo subject)
{
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        GArray *parts = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        g_array_append_val(parts, subject);
        g_hash_table_add(seen, GUINT_TO_POINTER(subject));
        if (graph_kind(view, subject) != ZW_KIND_COMPONENT)
                return parts;
        for (guint i = 0; i < parts->len; i++) {
                GraphIter iter = graph_iter(view, g_array_index(parts, ItemNo, i), GRAPH_IN,
                                            LINK_MASK(ZW_LINK_PART_OF));
                GraphEdge edge;

                while (graph_next(&iter, &edge))
                        if (graph_is_live(view, edge.other) &&
                            g_hash_table_add(seen, GUINT_TO_POINTER(edge.other)))
                                g_array_append_val(parts, edge.other);
        }
        return parts;
}

static GArray *breaks_of_subject(Assess *assess, ItemNo subject)
{
        GraphView view = assess->view;
        GArray *breaks = g_array_new(FALSE, FALSE, sizeof(Break));
        g_autoptr(GArray) parts = subject_parts(view, subject);

        for (guint i = 0; i < parts->len; i++) {
                GraphIter iter = graph_iter(view, g_array_index(parts, ItemNo, i), GRAPH_IN,
                                            LINK_MASK(ZW_LINK_CONCERNS));
                GraphEdge edge;

                while (graph_next(&iter, &edge))
                        if (graph_kind(view, edge.other) == ZW_KIND_FINDING)
                                breaks_append(assess, edge.other, breaks);
        }
        g_array_sort(breaks, break_compare);
        return breaks;
}

/* What any finding on an asset of the system, or on a component of one, breaks. */
static GArray *breaks_of_system(Assess *assess, ItemNo system)
{
        g_autoptr(GArray) assets = system_assets(assess, system);
        GArray *breaks = g_array_new(FALSE, FALSE, sizeof(Break));

        for (guint i = 0; i < assets->len; i++) {
                ItemNo asset = g_array_index(assets, ItemNo, i);
                GraphIter iter = graph_iter(assess->view, asset, GRAPH_OUT, LINK_MASK(ZW_LINK_INSTANCE_OF));
                const GArray *more = finding_breaks(assess, asset);
                GraphEdge edge;

                g_array_append_vals(breaks, more->data, more->len);
                while (graph_next(&iter, &edge)) {
                        more = finding_breaks(assess, edge.other);
                        g_array_append_vals(breaks, more->data, more->len);
                }
        }
        g_array_sort(breaks, break_compare);
        return breaks;
}

/* By row and age; made once, since a product may have thousands of findings and be in every place. */
const GArray *finding_breaks(Assess *assess, ItemNo subject)
{
        const bool system = graph_kind(assess->view, subject) == ZW_KIND_SYSTEM;
        const PartKind kind = system ? PART_SYSTEM_BREAKS : PART_BREAKS;
        GArray *breaks = g_hash_table_lookup(assess->breaks, GUINT_TO_POINTER(subject));

        if (breaks != NULL) {
                kept_use(assess->keeper, kind, subject);
                return breaks;
        }
        kept_begin(assess->keeper);
        breaks = system ? breaks_of_system(assess, subject) : breaks_of_subject(assess, subject);
        kept_end(assess->keeper, kind, subject);
        g_hash_table_insert(assess->breaks, GUINT_TO_POINTER(subject), breaks);
        return breaks;
}

/* The oldest one, so that the order of the links decides nothing; ZW_ITEM_NONE is the highest number. */
static ItemNo break_find(const GArray *breaks, RowId row, ItemNo from)
{
        for (guint i = 0; i < breaks->len; i++)
                if (g_array_index(breaks, Break, i).row == row &&
                    g_array_index(breaks, Break, i).finding >= from)
                        return g_array_index(breaks, Break, i).finding;
        return ZW_ITEM_NONE;
}

static ItemNo finding_on(PlaceContext *context, RowId row, ItemNo subject, ItemNo from)
{
        return break_find(finding_breaks(context->assess, subject), row, from);
}

/* A bit for each row. */
typedef struct {
        uint64_t rows[(ZW_SR_ROWS + 63) / 64];
} BrokenRows;

static void rows_broken_add(BrokenRows *broken, const GArray *breaks)
{
        for (guint i = 0; i < breaks->len; i++) {
                const RowId row = g_array_index(breaks, Break, i).row;

                if (row < ZW_SR_ROWS)
                        broken->rows[row / 64] |= UINT64_C(1) << row % 64;
        }
}

/* Does anything on the asset, or on a component of it, break the row? Of most rows nothing does, and each is asked about for each
 * asset. */
static bool row_is_broken(PlaceContext *context, ItemNo asset, RowId row)
{
        BrokenRows *broken = g_hash_table_lookup(context->broken, GUINT_TO_POINTER(asset));
        GraphIter iter;
        GraphEdge edge;

        if (row >= ZW_SR_ROWS)
                return true; /* for all that is known */
        if (broken == NULL) {
                broken = g_new0(BrokenRows, 1);
                rows_broken_add(broken, finding_breaks(context->assess, asset));
                iter = graph_iter(context->assess->view, asset, GRAPH_OUT, LINK_MASK(ZW_LINK_INSTANCE_OF));
                while (graph_next(&iter, &edge))
                        rows_broken_add(broken, finding_breaks(context->assess, edge.other));
                g_hash_table_insert(context->broken, GUINT_TO_POINTER(asset), broken);
        }
        return (broken->rows[row / 64] >> row % 64 & 1) != 0;
}

/* A finding on the asset, or on a component of it. */
static ItemNo finding_on_asset(PlaceContext *context, RowId row, ItemNo asset, ItemNo from)
{
        GraphView view = context->assess->view;
        ItemNo finding;
        GraphIter iter;
        GraphEdge edge;

        if (!row_is_broken(context, asset, row))
                return ZW_ITEM_NONE;
        finding = finding_on(context, row, asset, from);
        iter = graph_iter(view, asset, GRAPH_OUT, LINK_MASK(ZW_LINK_INSTANCE_OF));
        while (graph_next(&iter, &edge))
                finding = MIN(finding, finding_on(context, row, edge.other, from));
        return finding;
}

ItemNo finding_breaking(PlaceContext *context, RowId row, ItemNo member, ItemNo from)
{
        GraphView view = context->assess->view;
        ItemNo finding = ZW_ITEM_NONE;
        GraphIter iter;
        GraphEdge edge;

        if (graph_kind(view, member) == ZW_KIND_ASSET)
                return finding_on_asset(context, row, member, from);
        if (member == context->place) {
                for (guint i = 0; i < context->assets->len; i++)
                        finding = MIN(finding,
                                      finding_on_asset(context, row,
                                                       g_array_index(context->assets, ItemNo, i), from));
                return finding;
        }
        if (graph_kind(view, member) == ZW_KIND_SYSTEM)
                return finding_on(context, row, member, from);
        if (graph_kind(view, member) != ZW_KIND_CONDUIT)
                return ZW_ITEM_NONE;
        iter = graph_iter(view, member, GRAPH_IN, LINK_MASK(ZW_LINK_PART_OF));
        while (graph_next(&iter, &edge))
                if (graph_kind(view, edge.other) == ZW_KIND_ASSET && graph_is_live(view, edge.other))
                        finding = MIN(finding, finding_on_asset(context, row, edge.other, from));
        return finding;
}

void assess_suppose(Assess *assess, const Supposition *supposed)
{
        assess->supposed = *supposed;
        g_hash_table_remove_all(assess->breaks);
}
