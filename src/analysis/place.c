#include "analysis/internal.h"

#include <string.h>

static void cause_free(gpointer data)
{
        Cause *cause = data;

        g_free(cause->text);
        g_free(cause);
}

void cause_add(PlaceContext *context, GPtrArray **causes, const char *kind, ItemNo item, const char *format,
               ...)
{
        Cause *cause;
        va_list args;

        if (!context->explain || causes == NULL)
                return;
        if (*causes == NULL)
                *causes = g_ptr_array_new_with_free_func(cause_free);
        cause = g_new0(Cause, 1);
        cause->kind = kind;
        cause->item = item;
        va_start(args, format);
        cause->text = g_strdup_vprintf(format, args);
        va_end(args);
        g_ptr_array_add(*causes, cause);
}

void causes_move(GPtrArray **causes, GPtrArray *from)
{
        if (from == NULL || from->len == 0)
                return;
        if (*causes == NULL)
                *causes = g_ptr_array_new_with_free_func(cause_free);
        for (guint i = 0; i < from->len; i++)
                g_ptr_array_add(*causes, g_ptr_array_index(from, i));
        g_ptr_array_set_free_func(from, NULL);
        g_ptr_array_set_size(from, 0);
        g_ptr_array_set_free_func(from, cause_free);
}

ItemNo item_place(GraphView view, ItemNo item)
{
        GraphIter iter = graph_iter(view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_PART_OF));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                KindId kind = graph_kind(view, edge.other);

                if (graph_is_live(view, edge.other) && (kind == ZW_KIND_ZONE || kind == ZW_KIND_CONDUIT))
                        return edge.other;
        }
        return ZW_ITEM_NONE;
}

uint8_t asset_types(GraphView view, ItemNo asset)
{
        GraphIter iter = graph_iter(view, asset, GRAPH_OUT, LINK_MASK(ZW_LINK_INSTANCE_OF));
        GraphEdge edge;
        uint8_t types = 0;

        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other))
                        types |= (uint8_t)facts_get_set(graph_facts(view, edge.other), ZW_ATTR_TYPES);
        return types;
}

void asset_traits(GraphView view, ItemNo asset, uint32_t *ret_yes, uint32_t *ret_no)
{
        GraphIter iter = graph_iter(view, asset, GRAPH_OUT, LINK_MASK(ZW_LINK_INSTANCE_OF));
        GraphEdge edge;
        uint32_t yes, no, product_yes = 0, product_no = 0;

        facts_get_answers(graph_facts(view, asset), ZW_ATTR_TRAITS, &yes, &no);
        while (graph_next(&iter, &edge)) {
                uint32_t y, n;

                if (!graph_is_live(view, edge.other))
                        continue;
                facts_get_answers(graph_facts(view, edge.other), ZW_ATTR_TRAITS, &y, &n);
                product_yes |= y;
                product_no |= n;
        }
        /* One product that has the trait is enough: the asset has it. */
        product_no &= ~product_yes;
        *ret_yes = yes | (product_yes & ~no);
        *ret_no = no | (product_no & ~yes);
}

/* Adds what contains `item`, upwards; a loop of part_of ends at the limit or at itself. */
static void ancestors_collect(GraphView view, ItemNo item, ItemNo *items, size_t *n)
{
        while (item != ZW_ITEM_NONE && *n < ANCESTORS_MAX) {
                for (size_t i = 0; i < *n; i++)
                        /* cppcheck-suppress uninitvar ; the first n are set */
                        if (items[i] == item)
                                return;
                items[(*n)++] = item;
                item = graph_first(view, item, GRAPH_OUT, ZW_LINK_PART_OF);
                if (item != ZW_ITEM_NONE && !graph_is_live(view, item))
                        return;
        }
}

static void items_from(GraphView view, ItemNo item, LinkTypeId type, uint64_t kinds, GArray *ret_items)
{
        GraphIter iter = graph_iter(view, item, GRAPH_IN, LINK_MASK(type));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                bool seen = false;

                if (!graph_is_live(view, edge.other) ||
                    (kinds & (UINT64_C(1) << graph_kind(view, edge.other))) == 0)
                        continue;
                for (guint i = 0; i < ret_items->len && !seen; i++)
                        seen = g_array_index(ret_items, ItemNo, i) == edge.other;
                if (!seen)
                        g_array_append_val(ret_items, edge.other);
        }
}

static void reaches_collect(PlaceContext *context, ItemNo at)
{
        GraphView view = context->assess->view;
        GraphIter iter = graph_iter(view, at, GRAPH_IN, LINK_MASK(ZW_LINK_ALLOCATED_TO));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                Reach reach = { .requirement = edge.other, .at = at };

                if (!graph_is_live(view, edge.other))
                        continue;
                reach.row = facts_get_ref(graph_facts(view, edge.other), ZW_ATTR_REF);
                if (reach.row != ZW_ROW_NONE)
                        g_array_append_val(context->reaches, reach);
        }
}

int reach_compare(gconstpointer a, gconstpointer b)
{
        const Reach *left = a, *right = b;

        if (left->row != right->row)
                return left->row < right->row ? -1 : 1;
        if (left->requirement != right->requirement)
                return left->requirement < right->requirement ? -1 : 1;
        return left->at < right->at ? -1 : left->at > right->at;
}

static void reaches_collect_asset(PlaceContext *context, ItemNo asset)
{
        GraphView view = context->assess->view;
        GraphIter iter = graph_iter(view, asset, GRAPH_OUT, LINK_MASK(ZW_LINK_INSTANCE_OF));
        GraphEdge edge;

        reaches_collect(context, asset);
        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other))
                        reaches_collect(context, edge.other);
}

static void reaches_collect_all(PlaceContext *context)
{
        for (size_t i = 0; i < context->n_ancestors; i++)
                reaches_collect(context, context->ancestors[i]);
        for (guint i = 0; i < context->boundary->len; i++) {
                ItemNo member = g_array_index(context->boundary, ItemNo, i);

                if (member != context->place)
                        reaches_collect(context, member);
        }
        for (guint i = 0; i < context->assets->len; i++)
                reaches_collect_asset(context, g_array_index(context->assets, ItemNo, i));
        g_array_sort(context->reaches, reach_compare);
}

/* Once for all rows. */
static void facts_collect(PlaceContext *context)
{
        for (guint i = 0; i < context->assets->len; i++) {
                AssetFacts facts = { .asset = g_array_index(context->assets, ItemNo, i) };

                facts.types = asset_types(context->assess->view, facts.asset);
                asset_traits(context->assess->view, facts.asset, &facts.yes, &facts.no);
                g_array_append_val(context->facts, facts);
        }
}

static PlaceContext *context_new(Assess *assess, ItemNo place, bool explain)
{
        PlaceContext *context = g_new0(PlaceContext, 1);

        context->assess = assess;
        context->place = place;
        context->explain = explain;
        context->assets = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        context->boundary = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        context->facts = g_array_new(FALSE, FALSE, sizeof(AssetFacts));
        context->reaches = g_array_new(FALSE, FALSE, sizeof(Reach));
        context->spots = g_hash_table_new_full(NULL, NULL, NULL, g_free);
        context->broken = g_hash_table_new_full(NULL, NULL, NULL, g_free);
        context->answers = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
        context->system = ZW_ITEM_NONE;
        return context;
}

PlaceContext *place_context_new(Assess *assess, ItemNo place, bool explain)
{
        PlaceContext *context = context_new(assess, place, explain);
        GraphView view = assess->view;
        const uint64_t asset = UINT64_C(1) << ZW_KIND_ASSET;
        const uint64_t boundary = UINT64_C(1) << ZW_KIND_CONDUIT | UINT64_C(1) << ZW_KIND_ACCESS_POINT;

        ancestors_collect(view, place, context->ancestors, &context->n_ancestors);
        for (size_t i = 0; i < context->n_ancestors; i++)
                if (graph_kind(view, context->ancestors[i]) == ZW_KIND_SYSTEM)
                        context->system = context->ancestors[i];
        items_from(view, place, ZW_LINK_PART_OF, asset, context->assets);
        facts_collect(context);
        if (graph_kind(view, place) == ZW_KIND_CONDUIT)
                g_array_append_val(context->boundary, place);
        else
                items_from(view, place, ZW_LINK_CONNECTS, boundary, context->boundary);
        reaches_collect_all(context);
        return context;
}

/* ---- what a component or a system could do ---- */

static void reaches_drop_doubles(GArray *reaches)
{
        guint kept = 0;

        g_array_sort(reaches, reach_compare);
        for (guint i = 0; i < reaches->len; i++)
                if (i == 0 || reach_compare(&g_array_index(reaches, Reach, i),
                                            &g_array_index(reaches, Reach, kept - 1)) != 0)
                        g_array_index(reaches, Reach, kept++) = g_array_index(reaches, Reach, i);
        g_array_set_size(reaches, kept);
}

/* What reaches a component: allocated to it, to an instance, or to what contains one. */
PlaceContext *component_context_new(Assess *assess, ItemNo component, bool explain)
{
        PlaceContext *context = context_new(assess, component, explain);
        GraphView view = assess->view;
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        GraphIter iter = graph_iter(view, component, GRAPH_IN, LINK_MASK(ZW_LINK_INSTANCE_OF));
        GraphEdge edge;

        context->ancestors[context->n_ancestors++] = component;
        reaches_collect(context, component);
        while (graph_next(&iter, &edge)) {
                ItemNo spots[ANCESTORS_MAX];
                size_t n = graph_is_live(view, edge.other) ? item_containers(view, edge.other, spots) : 0;

                for (size_t i = 0; i < n; i++)
                        if (g_hash_table_add(seen, GUINT_TO_POINTER(spots[i] + 1)))
                                reaches_collect(context, spots[i]);
        }
        reaches_drop_doubles(context->reaches);
        return context;
}

static bool system_contains(GraphView view, ItemNo system, ItemNo item)
{
        ItemNo containers[ANCESTORS_MAX];
        size_t n = 0;

        ancestors_collect(view, item, containers, &n);
        return items_have(containers, n, system);
}

GArray *system_assets(const Assess *assess, ItemNo system)
{
        GArray *assets = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        for (guint i = 0; i < assess->places->len; i++) {
                ItemNo place = g_array_index(assess->places, ItemNo, i);
                g_autoptr(GArray) mine = g_array_new(FALSE, FALSE, sizeof(ItemNo));

                if (!system_contains(assess->view, system, place))
                        continue;
                items_from(assess->view, place, ZW_LINK_PART_OF, UINT64_C(1) << ZW_KIND_ASSET, mine);
                if (mine->len > 0)
                        g_array_append_vals(assets, mine->data, mine->len);
        }
        return assets;
}

PlaceContext *system_context_new(Assess *assess, ItemNo system, bool explain)
{
        PlaceContext *context = context_new(assess, system, explain);
        GraphView view = assess->view;

        context->ancestors[context->n_ancestors++] = system;
        context->system = system;
        g_array_unref(context->assets);
        context->assets = system_assets(assess, system);
        facts_collect(context);
        for (guint i = 0; i < assess->places->len; i++) {
                ItemNo place = g_array_index(assess->places, ItemNo, i);

                if (!system_contains(view, system, place))
                        continue;
                if (graph_kind(view, place) == ZW_KIND_CONDUIT)
                        g_array_append_val(context->boundary, place);
                else
                        reaches_collect(context, place);
        }
        items_from(view, system, ZW_LINK_PART_OF, UINT64_C(1) << ZW_KIND_ACCESS_POINT, context->boundary);
        reaches_collect_all(context);
        reaches_drop_doubles(context->reaches);
        return context;
}

void place_context_free(PlaceContext *context)
{
        if (context == NULL)
                return;
        g_array_unref(context->assets);
        g_array_unref(context->facts);
        g_array_unref(context->boundary);
        g_array_unref(context->reaches);
        g_clear_pointer(&context->pending, g_array_unref);
        g_hash_table_unref(context->spots);
        g_hash_table_unref(context->answers);
        g_hash_table_unref(context->broken);
        g_free(context);
}

const Reach *reaches_of(const GArray *reaches, RowId row, size_t *ret_n)
{
        const Reach *all = (const Reach *)(const void *)reaches->data;
        size_t low = 0, high = reaches->len, end;

        while (low < high) {
                size_t middle = (low + high) / 2;

                if (all[middle].row < row)
                        low = middle + 1;
                else
                        high = middle;
        }
        for (end = low; end < reaches->len && all[end].row == row; end++)
                ;
        *ret_n = end - low;
        return all + low;
}

const Reach *place_reaches(const PlaceContext *context, RowId row, size_t *ret_n)
{
        return reaches_of(context->reaches, row, ret_n);
}

size_t item_containers(GraphView view, ItemNo item, ItemNo *ret_items)
{
        size_t n = 0;

        ancestors_collect(view, item, ret_items, &n);
        return n;
}

const Spot *place_spot(const PlaceContext *context, ItemNo member)
{
        Spot *spot = g_hash_table_lookup(context->spots, GUINT_TO_POINTER(member));
        ItemNo containers[ANCESTORS_MAX];
        size_t n;

        if (spot != NULL)
                return spot;
        n = item_containers(context->assess->view, member, containers);
        spot = g_malloc(sizeof *spot + n * sizeof *containers);
        spot->types = asset_types(context->assess->view, member);
        spot->n = n;
        memcpy(spot->containers, containers, n * sizeof *containers);
        g_hash_table_insert(context->spots, GUINT_TO_POINTER(member), spot);
        return spot;
}

/* Assets of the place the row applies to. An asset whose type is not known, or whose condition nobody answered, makes the
 * row unknown, never fulfilled. */
static bool need_assets(PlaceContext *context, RowId row, GArray *ret_members, GPtrArray **causes)
{
        const CatalogueRow *facts = catalogue_row(row);
        GraphView view = context->assess->view;
        bool known = true;

        if (context->assets->len == 0) {
                cause_add(context, causes, "no_assets", context->place, "%s holds no asset",
                          graph_key(view, context->place));
                return false;
        }
        for (guint i = 0; i < context->facts->len; i++) {
                const AssetFacts *asset = &g_array_index(context->facts, AssetFacts, i);
                uint32_t bit = facts->trait >= 0 ? UINT32_C(1) << facts->trait : 0;

                if (asset->types == 0) {
                        cause_add(context, causes, "unknown_type", asset->asset, "%s has no component type",
                                  graph_key(view, asset->asset));
                        known = false;
                        continue;
                }
                if ((asset->types & facts->types) == 0 || (asset->no & bit) != 0)
                        continue;
                if (bit != 0 && (asset->yes & bit) == 0) {
                        cause_add(context, causes, "unanswered", asset->asset, "%s: trait %s is not answered",
                                  graph_key(view, asset->asset), trait_def((TraitId)facts->trait)->name);
                        known = false;
                        continue;
                }
                g_array_append_val(ret_members, asset->asset);
        }
        return known;
}

bool place_need(PlaceContext *context, RowId row, GArray *ret_members, GPtrArray **causes)
{
        switch (catalogue_row(row)->scope) {
        case SCOPE_EACH_ASSET:
                return need_assets(context, row, ret_members, causes);
        case SCOPE_BOUNDARY:
                if (context->boundary->len == 0) {
                        cause_add(
                                context, causes, "no_boundary", context->place,
                                "%s has no conduit or access point; an isolated zone needs an approved waiver",
                                graph_key(context->assess->view, context->place));
                        return false;
                }
                g_array_append_vals(ret_members, context->boundary->data, context->boundary->len);
                return true;
        case SCOPE_SERVICE:
                g_array_append_val(ret_members, context->place);
                return true;
        case SCOPE_SYSTEM:
                if (context->system == ZW_ITEM_NONE) {
                        cause_add(context, causes, "no_system", context->place, "%s is part of no system",
                                  graph_key(context->assess->view, context->place));
                        return false;
                }
                g_array_append_val(ret_members, context->system);
                return true;
        case SCOPE_NONE:
                break;
        }
        return false;
}
