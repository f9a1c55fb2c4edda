/* The required set of a place: rows of 62443-3-3 at its SL-T and rows of 62443-4-2 for the components in it, as requirements
 * (docs/algorithms/catalogue-apply.md). What is there already is used again. */
#include "analysis/assess.h"
#include "service/analyses/risk.h"

#include <inttypes.h>
#include <string.h>

enum { DEPTH_MAX = 32 };

typedef struct {
        GraphView view;
        JWrite *w;
        json_t *ops;
        ItemNo place, target;
        SlVector sl;
        ItemNo *of_row; /* by RowId: the live requirement of the row that serves here, or ZW_ITEM_NONE */
        char **key_of;  /* by RowId: the key of the requirement that answers for the row here, or NULL */
        uint64_t next;  /* number of the next requirement */
} Apply;

/* ---- what is there ---- */

static bool contains(GraphView view, ItemNo container, ItemNo item)
{
        for (int i = 0; i < DEPTH_MAX && item != ZW_ITEM_NONE; i++) {
                if (item == container)
                        return true;
                item = graph_first(view, item, GRAPH_OUT, ZW_LINK_PART_OF);
        }
        return false;
}

/* Is the requirement allocated to the place or to what contains it? */
static bool reaches_place(const Apply *a, ItemNo requirement)
{
        GraphIter iter = graph_iter(a->view, requirement, GRAPH_OUT, LINK_MASK(ZW_LINK_ALLOCATED_TO));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(a->view, edge.other) && contains(a->view, edge.other, a->place))
                        return true;
        return false;
}

static bool has_link(GraphView view, ItemNo from, LinkTypeId type, ItemNo to)
{
        GraphIter iter = graph_iter(view, from, GRAPH_OUT, LINK_MASK(type));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (edge.other == to)
                        return true;
        return false;
}

/* Of the live requirements of a row: one that reaches the place, else the first. */
static void requirements_find(Apply *a)
{
        for (ItemNo item = 0; item < graph_item_count(a->view); item++) {
                RowId row;

                if (!graph_exists(a->view, item) || graph_kind(a->view, item) != ZW_KIND_REQUIREMENT ||
                    !graph_is_live(a->view, item))
                        continue;
                row = facts_get_ref(graph_facts(a->view, item), ZW_ATTR_REF);
                if (row == ZW_ROW_NONE)
                        continue;
                if (a->of_row[row] == ZW_ITEM_NONE ||
                    (!reaches_place(a, a->of_row[row]) && reaches_place(a, item)))
                        a->of_row[row] = item;
        }
}

/* ---- operations ---- */

static void link_op(Apply *a, const char *from, LinkTypeId type, const char *to)
{
        json_array_append_new(a->ops, json_pack("{s:s, s:s, s:s, s:s}", "op", "link", "from", from, "type",
                                                link_type_def(type)->name, "to", to));
}

static void requirement_op(Apply *a, const char *key, RowId row, const char *level)
{
        g_autofree char *ref = catalogue_ref(row);

        json_array_append_new(a->ops,
                              json_pack("{s:s, s:s, s:i, s:s, s:o, s:{s:s, s:s, s:s}}", "op", "item", "key",
                                        key, "rev", 0, "kind", kind_def(ZW_KIND_REQUIREMENT)->name, "title",
                                        json_sprintf("%s: %s", catalogue_row(row)->id,
                                                     catalogue_row(row)->title),
                                        "attrs", "ref", ref, "level", level, "discipline", "security"));
}

/* The key of the requirement of a row: one that is there, or a new one. */
static const char *requirement_key(Apply *a, RowId row, const char *level)
{
        if (a->key_of[row] != NULL)
                return a->key_of[row];
        if (a->of_row[row] != ZW_ITEM_NONE)
                a->key_of[row] = g_strdup(graph_key(a->view, a->of_row[row]));
        else {
                a->key_of[row] = g_strdup_printf("%s-%" PRIu64, kind_def(ZW_KIND_REQUIREMENT)->prefix,
                                                 a->next++);
                requirement_op(a, a->key_of[row], row, level);
        }
        return a->key_of[row];
}

static bool derives_from(const Apply *a, ItemNo source, RowId row)
{
        return source != ZW_ITEM_NONE && a->of_row[row] != ZW_ITEM_NONE &&
               has_link(a->view, source, ZW_LINK_DERIVES, a->of_row[row]);
}

/* ---- 62443-3-3 ---- */

static void row_begin(Apply *a, RowId row, const char *action)
{
        jwrite_object_begin(a->w);
        jwrite_key_string(a->w, "ref", catalogue_row(row)->id);
        jwrite_key_string(a->w, "title", catalogue_row(row)->title);
        jwrite_key_string(a->w, "action", action);
        jwrite_key_string(a->w, "requirement", a->key_of[row]);
}

static void sr_apply(Apply *a, RowId row)
{
        const bool there = a->of_row[row] != ZW_ITEM_NONE,
                   reaches = there && reaches_place(a, a->of_row[row]);
        const char *key = requirement_key(a, row, "system");

        if (!reaches)
                link_op(a, key, ZW_LINK_ALLOCATED_TO, graph_key(a->view, a->place));
        if (!derives_from(a, a->target, row))
                link_op(a, graph_key(a->view, a->target), ZW_LINK_DERIVES, key);
        row_begin(a, row, !there ? "add" : reaches ? "reuse" : "allocate");
        jwrite_object_end(a->w);
}

static bool is_demanded(const Apply *a, RowId row)
{
        const CatalogueRow *def = catalogue_row(row);

        return def->counts && def->fr > 0 && catalogue_demanded(row, a->sl.e[def->fr - 1]);
}

static void srs_apply(Apply *a)
{
        jwrite_key(a->w, "requirements");
        jwrite_array_begin(a->w);
        for (RowId row = 0; row < ZW_SR_ROWS; row++)
                if (is_demanded(a, row))
                        sr_apply(a, row);
        jwrite_array_end(a->w);
}

/* Allocated to this place itself, and demanded no longer: listed, and left to a person. */
static void no_longer_write(Apply *a)
{
        GraphIter iter = graph_iter(a->view, a->place, GRAPH_IN, LINK_MASK(ZW_LINK_ALLOCATED_TO));
        GraphEdge edge;

        jwrite_key(a->w, "no_longer");
        jwrite_array_begin(a->w);
        while (graph_next(&iter, &edge)) {
                RowId row = ZW_ROW_NONE;

                if (graph_is_live(a->view, edge.other) &&
                    graph_kind(a->view, edge.other) == ZW_KIND_REQUIREMENT)
                        row = facts_get_ref(graph_facts(a->view, edge.other), ZW_ATTR_REF);
                if (row >= ZW_SR_ROWS || is_demanded(a, row))
                        continue;
                jwrite_object_begin(a->w);
                jwrite_key_string(a->w, "ref", catalogue_row(row)->id);
                jwrite_key_string(a->w, "requirement", graph_key(a->view, edge.other));
                jwrite_object_end(a->w);
        }
        jwrite_array_end(a->w);
}

/* ---- 62443-4-2 ---- */

static void add_once(GArray *items, ItemNo item)
{
        for (guint i = 0; i < items->len; i++)
                if (g_array_index(items, ItemNo, i) == item)
                        return;
        g_array_append_val(items, item);
}

/* Live components of the live assets in the place. */
static GArray *components_of(const Apply *a)
{
        GArray *components = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        GraphIter assets = graph_iter(a->view, a->place, GRAPH_IN, LINK_MASK(ZW_LINK_PART_OF));
        GraphEdge asset, component;

        while (graph_next(&assets, &asset)) {
                GraphIter iter;

                if (!graph_is_live(a->view, asset.other) || graph_kind(a->view, asset.other) != ZW_KIND_ASSET)
                        continue;
                iter = graph_iter(a->view, asset.other, GRAPH_OUT, LINK_MASK(ZW_LINK_INSTANCE_OF));
                while (graph_next(&iter, &component))
                        if (graph_is_live(a->view, component.other))
                                add_once(components, component.other);
        }
        return components;
}

static bool is_of_type(const Apply *a, ItemNo component, RowId row)
{
        return (facts_get_set(graph_facts(a->view, component), ZW_ATTR_TYPES) & catalogue_row(row)->types) !=
               0;
}

/* A row derives from that of 62443-3-3 where that is required here, else from the SL target. */
static void cr_source(Apply *a, RowId row)
{
        const RowId sr = catalogue_row(row)->derived;
        const bool has = sr != ZW_ROW_NONE && a->key_of[sr] != NULL;
        const ItemNo source = has ? a->of_row[sr] : a->target;

        if (!derives_from(a, source, row))
                link_op(a, has ? a->key_of[sr] : graph_key(a->view, a->target), ZW_LINK_DERIVES,
                        a->key_of[row]);
        jwrite_key_string(a->w, "derives_from", has ? a->key_of[sr] : graph_key(a->view, a->target));
}

static void cr_apply(Apply *a, RowId row, const GArray *components)
{
        const bool there = a->of_row[row] != ZW_ITEM_NONE;
        bool added = false;

        requirement_key(a, row, "component");
        for (guint i = 0; i < components->len; i++) {
                const ItemNo component = g_array_index(components, ItemNo, i);

                if (!is_of_type(a, component, row) ||
                    (there && has_link(a->view, a->of_row[row], ZW_LINK_ALLOCATED_TO, component)))
                        continue;
                link_op(a, a->key_of[row], ZW_LINK_ALLOCATED_TO, graph_key(a->view, component));
                added = true;
        }
        row_begin(a, row, !there ? "add" : added ? "allocate" : "reuse");
        cr_source(a, row);
        jwrite_key(a->w, "components");
        jwrite_array_begin(a->w);
        for (guint i = 0; i < components->len; i++)
                if (is_of_type(a, g_array_index(components, ItemNo, i), row))
                        jwrite_string(a->w, graph_key(a->view, g_array_index(components, ItemNo, i)));
        jwrite_array_end(a->w);
        jwrite_object_end(a->w);
}

static void crs_apply(Apply *a)
{
        g_autoptr(GArray) components = components_of(a);
        RowId first;
        size_t n;

        catalogue_range(STANDARD_4_2, &first, &n);
        jwrite_key(a->w, "components");
        jwrite_array_begin(a->w);
        for (RowId row = first; row < first + n; row++) {
                bool any = false;

                for (guint i = 0; is_demanded(a, row) && i < components->len; i++)
                        any = any || is_of_type(a, g_array_index(components, ItemNo, i), row);
                if (any)
                        cr_apply(a, row, components);
        }
        jwrite_array_end(a->w);
}

/* ---- the use case ---- */

/* The target whose levels these are: the derived one, else the first. */
static bool target_find(Apply *a, Call *call, GError **error)
{
        g_autoptr(RiskMethods) methods = risk_methods_of_call(call, error);
        g_autoptr(Derivation) derivation = NULL;
        GraphIter iter = graph_iter(a->view, a->place, GRAPH_IN, LINK_MASK(ZW_LINK_TARGETS));
        GraphEdge edge;

        if (methods == NULL)
                return false;
        derivation = target_derive(a->view, methods, a->place);
        a->target = derivation->target;
        while (a->target == ZW_ITEM_NONE && graph_next(&iter, &edge))
                if (graph_is_live(a->view, edge.other))
                        a->target = edge.other;
        if (a->target != ZW_ITEM_NONE)
                return true;
        error_set(error, ZW_ERR_STATE, graph_key(a->view, a->place),
                  "%s has no SL-T, so nothing is required: `risk derive` first",
                  graph_key(a->view, a->place));
        return false;
}

static void head_write(const Apply *a)
{
        jwrite_key_string(a->w, "place", graph_key(a->view, a->place));
        jwrite_key_string(a->w, "derived_from", graph_key(a->view, a->target));
        jwrite_key(a->w, "target");
        sl_vector_write(&a->sl, a->w);
        jwrite_key(a->w, "not_derived");
        jwrite_array_begin(a->w);
        for (int fr = 1; fr <= ZW_FR_COUNT; fr++)
                if (a->sl.e[fr - 1] == ZW_SL_UNKNOWN)
                        jwrite_int(a->w, fr);
        jwrite_array_end(a->w);
}

static bool apply_write(Apply *a, Call *call, GError **error)
{
        g_autoptr(Json) ops = json_array();

        a->ops = ops;
        a->next = item_next_number(a->view, ZW_KIND_REQUIREMENT);
        jwrite_object_begin(a->w);
        head_write(a);
        requirements_find(a);
        srs_apply(a);
        crs_apply(a);
        no_longer_write(a);
        if (!edit_call(call, ops, "required set of the catalogue", a->w, error))
                return false;
        jwrite_object_end(a->w);
        return true;
}

bool usecase_catalog_apply(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(Assess) assess = NULL;
        Apply a = { .w = w };
        const size_t n = catalogue_count();
        bool ok;

        if (!graph_of_call(call, &pinned, error) || !call_item(call, pinned.view, "zone", &a.place, error))
                return false;
        a.view = pinned.view;
        if (graph_kind(a.view, a.place) != ZW_KIND_ZONE && graph_kind(a.view, a.place) != ZW_KIND_CONDUIT) {
                error_set(error, ZW_ERR_USAGE, "/zone", "%s is neither a zone nor a conduit",
                          graph_key(a.view, a.place));
                return false;
        }
        if (!target_find(&a, call, error))
                return false;
        assess = assess_new(a.view, call->instant);
        a.sl = assess_target(assess, a.place);
        a.of_row = g_new(ItemNo, n);
        a.key_of = g_new0(char *, n);
        for (size_t i = 0; i < n; i++)
                a.of_row[i] = ZW_ITEM_NONE;
        ok = apply_write(&a, call, error);
        for (size_t i = 0; i < n; i++)
                g_free(a.key_of[i]);
        g_free(a.key_of);
        g_free(a.of_row);
        return ok;
}
