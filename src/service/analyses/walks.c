/* Trace and impact. */
#include "service/lists/past.h"
#include "service/analyses/reach.h"

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
               walk_find(walk, view, start, rule, direction, ZW_REACH_MAX, ret_steps, ret_n, error);
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

/* What started it: the last substantive revision of the item, or with `since` all after the one it had then. */
static bool cause_of(Call *call, const Past *past, ReachCause *ret_cause, json_t **ret_changed,
                     GError **error)
{
        const char *since = jread_get_string(call->input, "since");
        const ItemRev *now = past_now(past);
        uint32_t old = now->subst - 1;
        Seq seq;

        if (since != NULL) {
                if (!call_find_seq(call, since, "since", &seq, error))
                        return false;
                old = past_rev_at(past, seq);
        }
        *ret_changed = past_changed(past, old);
        *ret_cause = (ReachCause){ now->key, old, now->rev, *ret_changed };
        return true;
}

bool usecase_impact(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(Walk) walk = walk_new();
        g_autoptr(Past) past = NULL;
        g_autoptr(Json) changed = NULL;
        const WalkStep *steps;
        ReachChoice choice;
        ReachCause cause;
        size_t n;

        if (!graph_of_call(call, &pinned, error) || !reach_choose(call, pinned.view, &choice, error))
                return false;
        walk_follow(walk, choice.links);
        if (!walk_of_call(call, pinned.view, WALK_RIPPLE, choice.direction, walk, &steps, &n, error))
                return false;
        past = past_load(call, steps[0].item, error);
        if (past == NULL || !cause_of(call, past, &cause, &changed, error))
                return false;
        jwrite_array_begin(w);
        reach_write(w, pinned.view, &choice, &cause, steps, n, NULL);
        jwrite_array_end(w);
        return true;
}
