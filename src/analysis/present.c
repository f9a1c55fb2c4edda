/* Is what a claim rests on there for a member? (docs/algorithms/status.md) */
#include "analysis/internal.h"

bool items_have(const ItemNo *items, size_t n, ItemNo item)
{
        for (size_t i = 0; i < n; i++)
                if (items[i] == item)
                        return true;
        return false;
}

void items_add(GArray *items, ItemNo item)
{
        if (!items_have((const ItemNo *)(const void *)items->data, items->len, item))
                g_array_append_val(items, item);
}

int item_compare(gconstpointer a, gconstpointer b)
{
        const ItemNo left = *(const ItemNo *)a, right = *(const ItemNo *)b;

        return (left > right) - (left < right);
}

/* Does `system` contain the item? */
static bool is_within(const PlaceContext *context, ItemNo item, ItemNo system)
{
        const Spot *spot = place_spot(context, item);

        return items_have(spot->containers, spot->n, system);
}

/* What asks (a zone about its conduit) makes no difference. */
bool asset_is_at(const PlaceContext *context, ItemNo asset, ItemNo member)
{
        GraphView view = context->assess->view;

        if (asset == member)
                return true;
        switch (graph_kind(view, member)) {
        case ZW_KIND_ASSET:
        case ZW_KIND_COMPONENT:
                return false;
        case ZW_KIND_SYSTEM:
                return is_within(context, asset, member);
        case ZW_KIND_CONDUIT:
                return item_place(view, asset) == member;
        default: /* a zone, or an access point, which has no devices of its own */
                return graph_kind(view, context->place) == ZW_KIND_SYSTEM
                               ? is_within(context, asset, context->place)
                               : item_place(view, asset) == context->place;
        }
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

/* An instance at the member. Asked from the side of the component, which may have many instances, only where the assets are
 * not those of the place that is assessed. */
bool component_is_there(const PlaceContext *context, ItemNo component, ItemNo member)
{
        GraphView view = context->assess->view;
        const KindId kind = graph_kind(view, member);
        GraphIter iter;
        GraphEdge edge;

        if (kind == ZW_KIND_COMPONENT)
                return true; /* SL-C is about the product, wherever it is installed */
        if (kind == ZW_KIND_ASSET)
                return graph_is_live(view, member) && is_instance_of(view, member, component);
        if (kind != ZW_KIND_SYSTEM && (kind != ZW_KIND_CONDUIT || member == context->place)) {
                for (guint i = 0; i < context->assets->len; i++)
                        if (is_instance_of(view, g_array_index(context->assets, ItemNo, i), component))
                                return true;
                return false;
        }
        iter = graph_iter(view, component, GRAPH_IN, LINK_MASK(ZW_LINK_INSTANCE_OF));
        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other) && asset_is_at(context, edge.other, member))
                        return true;
        return false;
}

static bool connects_to(GraphView view, ItemNo edge_item, ItemNo zone)
{
        GraphIter iter = graph_iter(view, edge_item, GRAPH_OUT, LINK_MASK(ZW_LINK_CONNECTS));
        GraphEdge edge;

        while (zone != ZW_ITEM_NONE && graph_next(&iter, &edge))
                if (edge.other == zone)
                        return true;
        return false;
}

/* Deployed on the member, on what stands at it, on its place or a conduit of that, or on what contains them. */
static bool deployment_counts(const PlaceContext *context, ItemNo spot, ItemNo member,
                              const ItemNo *containers, size_t n)
{
        GraphView view = context->assess->view;

        if (items_have(containers, n, spot) || items_have(context->ancestors, context->n_ancestors, spot))
                return true;
        switch (graph_kind(view, spot)) {
        case ZW_KIND_ASSET:
                return asset_is_at(context, spot, member);
        case ZW_KIND_COMPONENT:
                return component_is_there(context, spot, member);
        case ZW_KIND_CONDUIT:
                if (graph_kind(view, member) == ZW_KIND_ASSET)
                        return connects_to(view, spot, item_place(view, member));
                if (graph_kind(view, member) == ZW_KIND_ZONE)
                        return connects_to(view, spot, member);
                break;
        default:
                break;
        }
        return graph_kind(view, member) == ZW_KIND_SYSTEM && is_within(context, spot, member);
}

static bool countermeasure_is_there(const PlaceContext *context, ItemNo countermeasure, ItemNo member,
                                    const ItemNo *containers, size_t n)
{
        GraphView view = context->assess->view;
        GraphIter iter = graph_iter(view, countermeasure, GRAPH_OUT, LINK_MASK(ZW_LINK_DEPLOYED_ON));
        GraphEdge edge;

        if (assess_is_expired(context->assess, countermeasure, ZW_ATTR_EXPIRES))
                return false;
        if (graph_kind(view, member) == ZW_KIND_COMPONENT)
                return true;
        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other) &&
                    deployment_counts(context, edge.other, member, containers, n))
                        return true;
        return false;
}

/* Does the record concern something at the member? ret_any: it concerns anything, be it retired: what was about one device does
 * not come to speak for the others when that goes. */
static bool record_concerns(const PlaceContext *context, ItemNo record, ItemNo member, bool *ret_any)
{
        GraphView view = context->assess->view;
        GraphIter iter = graph_iter(view, record, GRAPH_OUT, LINK_MASK(ZW_LINK_CONCERNS));
        GraphEdge edge;

        *ret_any = false;
        while (graph_next(&iter, &edge)) {
                *ret_any = true;
                if (!graph_is_live(view, edge.other))
                        continue;
                if (graph_kind(view, edge.other) == ZW_KIND_COMPONENT
                            ? component_is_there(context, edge.other, member)
                            : asset_is_at(context, edge.other, member))
                        return true;
        }
        return false;
}

/* A document that names nothing it concerns speaks for everything. */
static bool record_is_there(const PlaceContext *context, ItemNo record, ItemNo member)
{
        bool any, there = record_concerns(context, record, member, &any);

        return there || graph_kind(context->assess->view, member) == ZW_KIND_COMPONENT ||
               (!any && graph_kind(context->assess->view, record) == ZW_KIND_DOCUMENT);
}

static bool is_present(const PlaceContext *context, ItemNo thing, ItemNo member, const ItemNo *containers,
                       size_t n)
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
                return countermeasure_is_there(context, thing, member, containers, n);
        default:
                return record_is_there(context, thing, member);
        }
}

bool claim_is_complete(PlaceContext *context, ItemNo claim, ItemNo member, GPtrArray **causes)
{
        GraphView view = context->assess->view;
        GraphIter iter = graph_iter(view, claim, GRAPH_OUT, LINK_MASK(ZW_LINK_RESTS_ON));
        /* A system can do what anything in it does. */
        ItemNo whose = graph_kind(view, context->place) == ZW_KIND_SYSTEM ? context->place : member;
        const Spot *spot = place_spot(context, whose);
        bool complete = true;
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (!is_present(context, edge.other, whose, spot->containers, spot->n)) {
                        complete = false;
                        cause_add(context, causes, "missing", edge.other,
                                  "%s rests on %s, which is not there for %s", graph_key(view, claim),
                                  graph_key(view, edge.other), graph_key(view, whose));
                }
        return complete;
}

bool claim_is_captured(const PlaceContext *context, ItemNo claim, ItemNo member)
{
        GraphView view = context->assess->view;
        GraphIter iter = graph_iter(view, claim, GRAPH_OUT, LINK_MASK(ZW_LINK_RESTS_ON));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                GraphIter about;
                GraphEdge subject;

                if (!graph_is_live(view, edge.other) ||
                    graph_kind(view, edge.other) != ZW_KIND_CONFIGURATION ||
                    !facts_has(graph_facts(view, edge.other), ZW_ATTR_CAPTURED))
                        continue;
                about = graph_iter(view, edge.other, GRAPH_OUT, LINK_MASK(ZW_LINK_CONCERNS));
                while (graph_next(&about, &subject))
                        if (graph_kind(view, subject.other) == ZW_KIND_ASSET &&
                            graph_is_live(view, subject.other) && asset_is_at(context, subject.other, member))
                                return true;
        }
        return false;
}

bool claim_is_procedure(const Assess *assess, ItemNo claim)
{
        GraphView view = assess->view;
        GraphIter iter = graph_iter(view, claim, GRAPH_OUT, LINK_MASK(ZW_LINK_RESTS_ON));
        bool procedure = false;
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                if (graph_kind(view, edge.other) == ZW_KIND_DOCUMENT)
                        continue;
                if (graph_kind(view, edge.other) != ZW_KIND_COUNTERMEASURE ||
                    facts_get_enum(graph_facts(view, edge.other), ZW_ATTR_NATURE) !=
                            ZW_VALUE_COUNTERMEASURE_NATURE_PROCEDURAL)
                        return false;
                procedure = true;
        }
        return procedure;
}

/* ---- by integration ---- */

/* Is `part` the component itself, or part of it over any number of steps? */
static bool is_part_of(GraphView view, ItemNo part, ItemNo whole)
{
        g_autoptr(GArray) queue = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);

        g_array_append_val(queue, part);
        for (guint i = 0; i < queue->len; i++) {
                ItemNo item = g_array_index(queue, ItemNo, i);
                GraphIter iter = graph_iter(view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_PART_OF));
                GraphEdge edge;

                if (item == whole)
                        return true;
                while (graph_next(&iter, &edge))
                        if (graph_is_live(view, edge.other) &&
                            g_hash_table_add(seen, GUINT_TO_POINTER(edge.other + 1)))
                                g_array_append_val(queue, edge.other);
        }
        return false;
}

bool claim_is_by_integration(const Assess *assess, ItemNo claim, ItemNo component)
{
        GraphView view = assess->view;
        GraphIter iter = graph_iter(view, claim, GRAPH_OUT, LINK_MASK(ZW_LINK_RESTS_ON));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                const KindId kind = graph_kind(view, edge.other);

                if (kind == ZW_KIND_ASSET || kind == ZW_KIND_COUNTERMEASURE ||
                    (kind == ZW_KIND_COMPONENT && !is_part_of(view, edge.other, component)))
                        return true;
        }
        return false;
}
