/* What lies around an item, and why two items belong together. */
#include "analysis/neighbour.h"
#include "service/analyses/reach.h"

enum { DEPTH_USUAL = 1, DEPTH_MOST = 4, ITEMS_MOST = 200 };

static void node_write(JWrite *w, GraphView view, ItemNo item, uint32_t distance)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", graph_key(view, item));
        jwrite_key_string(w, "kind", kind_def(graph_kind(view, item))->name);
        jwrite_key_string(w, "title", graph_title(view, item));
        jwrite_key_string(w, "state", state_def(graph_state(view, item))->name);
        jwrite_key_int(w, "distance", distance);
        jwrite_object_end(w);
}

static void link_write(JWrite *w, GraphView view, uint32_t link, LinkTypeId type)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "from", graph_key(view, graph_link_from(view, link)));
        jwrite_key_string(w, "type", link_type_def(type)->name);
        jwrite_key_string(w, "to", graph_key(view, graph_link_to(view, link)));
        jwrite_key_string(w, "as", as_name(graph_link_as(view, link)));
        jwrite_key_bool(w, "suspect", graph_link_is_suspect(view, link));
        jwrite_object_end(w);
}

static bool depth_of(const Call *call, uint32_t *ret_depth, GError **error)
{
        const int64_t depth = jread_get_int(call->input, "depth", DEPTH_USUAL);

        *ret_depth = (uint32_t)CLAMP(depth, 0, DEPTH_MOST);
        if (depth == (int64_t)*ret_depth && depth > 0)
                return true;
        error_set(error, ZW_ERR_INPUT, "/depth", "a neighbourhood is 1 to %d links deep", DEPTH_MOST);
        return false;
}

/* The links of these types among items, each once, from the end it goes out of. */
static void links_write(JWrite *w, GraphView view, const GArray *items, LinkMask types)
{
        g_autofree uint8_t *inside = g_malloc0(graph_item_count(view) + 1);

        for (guint i = 0; i < items->len; i++)
                inside[g_array_index(items, Neighbour, i).item] = 1;
        jwrite_key(w, "links");
        jwrite_array_begin(w);
        for (guint i = 0; i < items->len; i++) {
                GraphIter iter = graph_iter(view, g_array_index(items, Neighbour, i).item, GRAPH_OUT, types);
                GraphEdge edge;

                while (graph_next(&iter, &edge))
                        if (inside[edge.other] != 0)
                                link_write(w, view, edge.link, edge.type);
        }
        jwrite_array_end(w);
}

bool usecase_neighbourhood(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(GArray) found = NULL;
        ReachChoice choice;
        uint32_t depth;
        ItemNo start;
        bool more;

        if (!depth_of(call, &depth, error) || !graph_of_call(call, &pinned, error) ||
            !reach_choose(call, pinned.view, &choice, error) ||
            !call_item(call, pinned.view, "key", &start, error))
                return false;
        found = neighbours_find(pinned.view, start, choice.links, depth, ITEMS_MOST, &more);
        jwrite_object_begin(w);
        jwrite_key(w, "items");
        jwrite_array_begin(w);
        for (guint i = 0; i < found->len; i++)
                node_write(w, pinned.view, g_array_index(found, Neighbour, i).item,
                           g_array_index(found, Neighbour, i).distance);
        jwrite_array_end(w);
        links_write(w, pinned.view, found, choice.links);
        jwrite_key_bool(w, "more", more);
        jwrite_object_end(w);
        return true;
}

/* All links of these types between two items that follow each other on a way. */
static void step_write(JWrite *w, GraphView view, ItemNo item, ItemNo next, LinkMask types)
{
        for (GraphSide side = GRAPH_OUT; side <= GRAPH_IN; side++) {
                GraphIter iter = graph_iter(view, item, side, types);
                GraphEdge edge;

                while (graph_next(&iter, &edge))
                        if (edge.other == next)
                                link_write(w, view, edge.link, edge.type);
        }
}

/* The way over the chain from source to proof, up or down; empty when there is none. */
static GArray *chain_find(GraphView view, ItemNo from, ItemNo to, const ReachChoice *choice, GError **error)
{
        g_autoptr(Walk) walk = walk_new();
        GArray *way = NULL;
        const WalkStep *steps;
        size_t n, at = 0;

        walk_follow(walk, choice->links);
        if (!walk_find(walk, view, from, WALK_TRACE, choice->direction, ZW_REACH_MAX, &steps, &n, error))
                return NULL;
        while (at < n && steps[at].item != to)
                at++;
        way = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        if (at == n)
                return way;
        for (; at != 0; at = steps[at].before)
                g_array_prepend_val(way, steps[at].item);
        return g_array_prepend_val(way, from);
}

/* With a direction over the chain, else over any link. */
static GArray *way_of_call(const Call *call, GraphView view, ItemNo from, ItemNo to,
                           const ReachChoice *choice, GError **error)
{
        return jread_get_bool(call->input, "up", false) || jread_get_bool(call->input, "down", false)
                       ? chain_find(view, from, to, choice, error)
                       : connection_find(view, from, to, choice->links);
}

bool usecase_connection(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(GArray) way = NULL;
        ReachChoice choice;
        ItemNo from, to;

        if (!graph_of_call(call, &pinned, error) || !reach_choose(call, pinned.view, &choice, error) ||
            !call_item(call, pinned.view, "key", &from, error) ||
            !call_item(call, pinned.view, "to", &to, error))
                return false;
        way = way_of_call(call, pinned.view, from, to, &choice, error);
        if (way == NULL)
                return false;
        jwrite_object_begin(w);
        jwrite_key_bool(w, "ok", way->len > 0);
        jwrite_key(w, "items");
        jwrite_array_begin(w);
        for (guint i = 0; i < way->len; i++)
                node_write(w, pinned.view, g_array_index(way, ItemNo, i), i);
        jwrite_array_end(w);
        jwrite_key(w, "links");
        jwrite_array_begin(w);
        for (guint i = 1; i < way->len; i++)
                step_write(w, pinned.view, g_array_index(way, ItemNo, i - 1), g_array_index(way, ItemNo, i),
                           choice.links);
        jwrite_array_end(w);
        jwrite_object_end(w);
        return true;
}
