/* Trace and impact. */
#include "analysis/shared.h"
#include "graph/walk.h"
#include "service/internal.h"

#include <string.h>

enum { REACH_MAX = 1000000 };

static WalkDirection direction_of(Call *call)
{
        bool up = jread_get_bool(call->input, "up", false), down = jread_get_bool(call->input, "down", false);

        return up == down ? WALK_BOTH : up ? WALK_UP : WALK_DOWN;
}

static bool walk_of_call(Call *call, GraphView view, WalkRule rule, WalkDirection direction, Walk *walk,
                         const WalkStep **ret_steps, size_t *ret_n, GError **error)
{
        ItemNo start;

        return call_item(call, view, "key", &start, error) &&
               walk_find(walk, view, start, rule, direction, REACH_MAX, ret_steps, ret_n, error);
}

/* Links of the chain between items that were reached, each once, from the end it starts at. */
static void chain_write(JWrite *w, GraphView view, const WalkStep *steps, size_t n, const uint8_t *reached)
{
        LinkMask chain = { 0 };

        for (int type = 0; type < ZW_LINK_COUNT; type++)
                if (link_type_def((LinkTypeId)type)->trace != FLOW_NONE)
                        chain.mask |= UINT64_C(1) << type;
        for (size_t i = 0; i < n; i++) {
                GraphIter iter = graph_iter(view, steps[i].item, GRAPH_OUT, chain);
                GraphEdge edge;

                while (graph_next(&iter, &edge)) {
                        if (!reached[edge.other])
                                continue;
                        jwrite_object_begin(w);
                        jwrite_key_string(w, "from", graph_key(view, steps[i].item));
                        jwrite_key_string(w, "type", link_type_def(edge.type)->name);
                        jwrite_key_string(w, "to", graph_key(view, edge.other));
                        jwrite_key_string(w, "as", as_name(graph_link_as(view, edge.link)));
                        jwrite_key_bool(w, "suspect", graph_link_is_suspect(view, edge.link));
                        jwrite_object_end(w);
                }
        }
}

bool usecase_trace(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(Walk) walk = walk_new();
        g_autofree uint8_t *reached = NULL;
        const WalkStep *steps;
        size_t n;

        if (!graph_of_call(call, &pinned, error) ||
            !walk_of_call(call, pinned.view, WALK_TRACE, direction_of(call), walk, &steps, &n, error))
                return false;
        reached = g_malloc0(graph_item_count(pinned.view));
        jwrite_object_begin(w);
        jwrite_key(w, "items");
        jwrite_array_begin(w);
        for (size_t i = 0; i < n; i++) {
                ItemNo item = steps[i].item;

                reached[item] = 1;
                jwrite_object_begin(w);
                jwrite_key_string(w, "key", graph_key(pinned.view, item));
                jwrite_key_string(w, "kind", kind_def(graph_kind(pinned.view, item))->name);
                jwrite_key_int(w, "rev", graph_rev(pinned.view, item));
                jwrite_key_string(w, "title", graph_title(pinned.view, item));
                jwrite_key_string(w, "state", state_def(graph_state(pinned.view, item))->name);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
        jwrite_key(w, "links");
        jwrite_array_begin(w);
        chain_write(w, pinned.view, steps, n, reached);
        jwrite_array_end(w);
        jwrite_object_end(w);
        return true;
}

/* The path to a step, and on over `rest`. */
static void path_write(JWrite *w, const char *key, GraphView view, const WalkStep *steps, size_t at,
                       const ItemNo *rest, size_t n_rest)
{
        g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        for (; at != 0; at = steps[at].before)
                g_array_append_val(path, steps[at].item);
        jwrite_key(w, key);
        jwrite_array_begin(w);
        jwrite_string(w, graph_key(view, steps[0].item));
        for (guint i = path->len; i > 0; i--)
                jwrite_string(w, graph_key(view, g_array_index(path, ItemNo, i - 1)));
        for (size_t i = 0; i < n_rest; i++)
                jwrite_string(w, graph_key(view, rest[i]));
        jwrite_array_end(w);
}

/* Safety functions and layers that share something with the countermeasures of the requirements reached. */
typedef struct {
        GArray *found;    /* of SharedFunction; NULL when nobody asked */
        GArray *steps;    /* of size_t: the step of each requirement */
        GHashTable *left; /* function → its place in `found`, from 1: those not written yet */
} Sharing;

static void sharing_clear(Sharing *sharing)
{
        g_clear_pointer(&sharing->found, g_array_unref);
        g_clear_pointer(&sharing->steps, g_array_unref);
        g_clear_pointer(&sharing->left, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sharing, sharing_clear)

static void sharing_find(Sharing *sharing, GraphView view, const WalkStep *steps, size_t n)
{
        g_autoptr(GArray) requirements = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        sharing->steps = g_array_new(FALSE, FALSE, sizeof(size_t));
        sharing->left = g_hash_table_new(NULL, NULL);
        for (size_t i = 0; i < n; i++) {
                if (graph_kind(view, steps[i].item) != ZW_KIND_REQUIREMENT)
                        continue;
                g_array_append_val(requirements, steps[i].item);
                g_array_append_val(sharing->steps, i);
        }
        sharing->found = shared_functions(view, (const ItemNo *)(const void *)requirements->data,
                                          requirements->len);
        for (guint i = 0; i < sharing->found->len; i++)
                g_hash_table_insert(sharing->left,
                                    GUINT_TO_POINTER(
                                            g_array_index(sharing->found, SharedFunction, i).function + 1),
                                    GUINT_TO_POINTER(i + 1));
}

static void shared_path_write(JWrite *w, const char *key, GraphView view, const Sharing *sharing,
                              const WalkStep *steps, const SharedFunction *shared)
{
        path_write(w, key, view, steps, g_array_index(sharing->steps, size_t, shared->requirement),
                   shared->path + 1, shared->n - 1);
}

/* One item that the walk reached. */
static void step_write(JWrite *w, GraphView view, Sharing *sharing, const WalkStep *steps, size_t at)
{
        ItemNo item = steps[at].item;
        gpointer found = sharing->left == NULL
                                 ? NULL
                                 : g_hash_table_lookup(sharing->left, GUINT_TO_POINTER(item + 1));

        jwrite_object_begin(w);
        jwrite_key_string(w, "key", graph_key(view, item));
        jwrite_key_string(w, "kind", kind_def(graph_kind(view, item))->name);
        jwrite_key_int(w, "distance", steps[at].distance);
        path_write(w, "path", view, steps, at, NULL, 0);
        if (found != NULL) {
                shared_path_write(w, "shared", view, sharing, steps,
                                  &g_array_index(sharing->found, SharedFunction,
                                                 GPOINTER_TO_UINT(found) - 1));
                g_hash_table_remove(sharing->left, GUINT_TO_POINTER(item + 1));
        }
        jwrite_object_end(w);
}

/* The functions that only what they share leads to. */
static void shared_write(JWrite *w, GraphView view, const Sharing *sharing, const WalkStep *steps,
                         uint64_t kinds)
{
        for (guint i = 0; sharing->found != NULL && i < sharing->found->len; i++) {
                const SharedFunction *shared = &g_array_index(sharing->found, SharedFunction, i);
                size_t step = g_array_index(sharing->steps, size_t, shared->requirement);
                KindId kind = graph_kind(view, shared->function);

                if ((kinds & (UINT64_C(1) << kind)) == 0 ||
                    !g_hash_table_contains(sharing->left, GUINT_TO_POINTER(shared->function + 1)))
                        continue;
                jwrite_object_begin(w);
                jwrite_key_string(w, "key", graph_key(view, shared->function));
                jwrite_key_string(w, "kind", kind_def(kind)->name);
                jwrite_key_int(w, "distance", steps[step].distance + (int64_t)shared->n - 1);
                shared_path_write(w, "path", view, sharing, steps, shared);
                shared_path_write(w, "shared", view, sharing, steps, shared);
                jwrite_object_end(w);
        }
}

static bool kinds_of_call(Call *call, uint64_t *ret_kinds, GError **error)
{
        const json_t *kinds = json_object_get(call->input, "kinds"), *name;
        size_t i;

        *ret_kinds = json_array_size(kinds) == 0 ? UINT64_MAX : 0;
        json_array_foreach(kinds, i, name)
        {
                KindId kind;

                if (!json_is_string(name) || !kind_find(json_string_value(name), &kind)) {
                        error_set(error, ZW_ERR_NAME_UNKNOWN, "/kinds", "there is no kind \"%s\"",
                                  json_string_value(name));
                        return false;
                }
                *ret_kinds |= UINT64_C(1) << kind;
        }
        return true;
}

bool usecase_impact(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_auto(Sharing) sharing = { 0 };
        g_autoptr(Walk) walk = walk_new();
        WalkDirection direction = jread_get_bool(call->input, "up", false) ? direction_of(call) : WALK_DOWN;
        const WalkStep *steps;
        uint64_t kinds;
        size_t n;

        if (!kinds_of_call(call, &kinds, error) || !graph_of_call(call, &pinned, error) ||
            !walk_of_call(call, pinned.view, WALK_RIPPLE, direction, walk, &steps, &n, error))
                return false;
        if (jread_get_bool(call->input, "shared", false))
                sharing_find(&sharing, pinned.view, steps, n);
        jwrite_array_begin(w);
        for (size_t i = 1; i < n; i++)
                if ((kinds & (UINT64_C(1) << graph_kind(pinned.view, steps[i].item))) != 0)
                        step_write(w, pinned.view, &sharing, steps, i);
        shared_write(w, pinned.view, &sharing, steps, kinds);
        jwrite_array_end(w);
        return true;
}
