/* Breadth-first search with epoch marks: nothing is cleared between calls. */
#include "graph/walk.h"

#include "base/error.h"
#include <string.h>

struct Walk {
        GArray *steps; /* of WalkStep */
        uint32_t *marks;
        size_t n_marks;
        uint32_t epoch;
};

typedef struct {
        LinkMask out, in;
} Sides;

Walk *walk_new(void)
{
        Walk *walk = g_new0(Walk, 1);

        walk->steps = g_array_new(FALSE, FALSE, sizeof(WalkStep));
        return walk;
}

void walk_free(Walk *walk)
{
        if (walk == NULL)
                return;
        g_array_unref(walk->steps);
        g_free(walk->marks);
        g_free(walk);
}

static void marks_begin(Walk *walk, size_t n)
{
        if (walk->n_marks < n) {
                walk->marks = g_renew(uint32_t, walk->marks, n);
                memset(walk->marks + walk->n_marks, 0, (n - walk->n_marks) * sizeof *walk->marks);
                walk->n_marks = n;
        }
        if (++walk->epoch == 0) {
                memset(walk->marks, 0, walk->n_marks * sizeof *walk->marks);
                walk->epoch = 1;
        }
}

/* Which link types lead on from an item, over its links out and in. */
static Sides sides_of(WalkRule rule, bool down)
{
        Sides sides = { { 0 }, { 0 } };

        for (int type = 0; type < ZW_LINK_COUNT; type++) {
                const LinkTypeDef *def = link_type_def((LinkTypeId)type);
                Flow flow = rule == WALK_RIPPLE ? def->ripple : def->trace;
                bool forward = flow == FLOW_FORWARD || flow == FLOW_BOTH;
                bool backward = flow == FLOW_BACKWARD || flow == FLOW_BOTH;
                uint64_t bit = UINT64_C(1) << type;

                if (down ? forward : backward)
                        sides.out.mask |= bit;
                if (down ? backward : forward)
                        sides.in.mask |= bit;
        }
        return sides;
}

static void visit(Walk *walk, GraphView view, uint32_t before, GraphSide side, LinkMask types)
{
        WalkStep step = g_array_index(walk->steps, WalkStep, before);
        GraphIter iter = graph_iter(view, step.item, side, types);
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                WalkStep next = { edge.other, step.distance + 1, before, edge.link };

                if (walk->marks[edge.other] == walk->epoch || !graph_is_live(view, edge.other))
                        continue;
                walk->marks[edge.other] = walk->epoch;
                g_array_append_val(walk->steps, next);
        }
}

static bool search(Walk *walk, GraphView view, uint32_t from, Sides sides, size_t max, GError **error)
{
        guint first = walk->steps->len;

        visit(walk, view, from, GRAPH_OUT, sides.out);
        visit(walk, view, from, GRAPH_IN, sides.in);
        for (guint i = first; i < walk->steps->len; i++) {
                if (walk->steps->len > max) {
                        error_set(error, ZW_ERR_LIMIT, NULL, "more than %zu items are reached", max);
                        return false;
                }
                visit(walk, view, i, GRAPH_OUT, sides.out);
                visit(walk, view, i, GRAPH_IN, sides.in);
        }
        return true;
}

bool walk_find(Walk *walk, GraphView view, ItemNo start, WalkRule rule, WalkDirection direction, size_t max,
               const WalkStep **ret_steps, size_t *ret_n, GError **error)
{
        WalkStep first = { start, 0, 0, UINT32_MAX };

        if (!graph_exists(view, start)) {
                error_set(error, ZW_ERR_NODE_UNKNOWN, NULL, "the item is not in the graph at this commit");
                return false;
        }
        marks_begin(walk, graph_item_count(view));
        g_array_set_size(walk->steps, 0);
        g_array_append_val(walk->steps, first);
        walk->marks[start] = walk->epoch;
        if ((direction & WALK_DOWN) && !search(walk, view, 0, sides_of(rule, true), max, error))
                return false;
        if ((direction & WALK_UP) && !search(walk, view, 0, sides_of(rule, false), max, error))
                return false;
        *ret_steps = (const WalkStep *)(const void *)walk->steps->data;
        *ret_n = walk->steps->len;
        return true;
}
