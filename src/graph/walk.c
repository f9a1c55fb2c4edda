/* Breadth-first search, arranged for the memory: an item is met (its line is asked for), then checked to be live (its line is
 * there now; its blocks are asked for), then its links are followed (its blocks are there now). Marks are bytes with an epoch,
 * so nothing is cleared between calls and they stay in the cache. */
#include "graph/walk.h"

#include "base/error.h"
#include "graph/internal.h"
#include <string.h>

enum { EPOCHS = 255, AHEAD = 32 };

struct Walk {
        WalkStep *steps;
        size_t n, room;
        uint8_t *marks;
        size_t n_marks;
        uint8_t epoch;
};

typedef struct {
        LinkMask out, in;
} Sides;

/* One search: steps before `checked` are live; those from `met` on are not checked yet. */
typedef struct {
        Walk *walk;
        GraphView view;
        uint64_t types[ZW_CHAINS]; /* that lead on, by chain */
        uint64_t retired;          /* bit per state */
        size_t checked, met;
} Search;

Walk *walk_new(void)
{
        return g_new0(Walk, 1);
}

void walk_free(Walk *walk)
{
        if (walk == NULL)
                return;
        g_free(walk->steps);
        g_free(walk->marks);
        g_free(walk);
}

static void marks_begin(Walk *walk, size_t n)
{
        if (walk->n_marks < n) {
                walk->marks = g_renew(uint8_t, walk->marks, n);
                memset(walk->marks + walk->n_marks, 0, n - walk->n_marks);
                walk->n_marks = n;
        }
        if (walk->epoch == EPOCHS) {
                memset(walk->marks, 0, walk->n_marks);
                walk->epoch = 0;
        }
        walk->epoch++;
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

static inline void steps_room(Walk *walk, size_t more)
{
        if (walk->n + more <= walk->room)
                return;
        walk->room = MAX(walk->room * 2, walk->n + more + 1024);
        walk->steps = g_renew(WalkStep, walk->steps, walk->room);
}

/* Follows one chain of the links of step `at`. */
static void meet_chain(Search *search, size_t at, const Block *block, uint64_t types)
{
        Walk *walk = search->walk;
        const Graph *graph = search->view.graph;
        uint32_t distance = walk->steps[at].distance + 1;

        for (; block != NULL; block = atomic_load_explicit(&block->next, memory_order_acquire)) {
                uint32_t n = atomic_load_explicit(&block->n, memory_order_acquire);

                steps_room(walk, n);
                for (uint32_t i = 0; i < n; i++) {
                        const Entry *entry = &block->entries[i];
                        uint32_t other = entry->other_type & NODE_MASK;

                        /* In this order: what is newer than the view has no mark. */
                        if (!entry_is_valid(entry, types, search->view.seq) ||
                            walk->marks[other] == walk->epoch)
                                continue;
                        walk->marks[other] = walk->epoch;
                        __builtin_prefetch(node_at(graph, other));
                        walk->steps[walk->n++] = (WalkStep){ other, distance, (uint32_t)at, entry->link };
                }
        }
}

static void meet(Search *search, size_t at)
{
        const Node *node = node_at(search->view.graph, search->walk->steps[at].item);

        for (int chain = 0; chain < ZW_CHAINS; chain++)
                if (search->types[chain] != 0)
                        meet_chain(search, at,
                                   atomic_load_explicit(&node->first[chain], memory_order_acquire),
                                   search->types[chain]);
}

/* Checks up to AHEAD items that were met: the live ones close up behind the others. */
static void check(Search *search)
{
        Walk *walk = search->walk;
        size_t end = MIN(search->met + AHEAD, walk->n);

        for (; search->met < end; search->met++) {
                WalkStep step = walk->steps[search->met];
                const Node *node = node_at(search->view.graph, step.item);
                int now = node_kind_state(search->view, step.item);

                for (int chain = 0; chain < ZW_CHAINS; chain++)
                        if (search->types[chain] != 0)
                                __builtin_prefetch(
                                        atomic_load_explicit(&node->first[chain], memory_order_relaxed));
                walk->steps[search->checked] = step;
                search->checked += now >= 0 && (search->retired & (UINT64_C(1) << (now & 0xff))) == 0;
        }
        if (search->met == walk->n)
                search->met = walk->n = search->checked;
}

static Search search_begin(Walk *walk, GraphView view, Sides sides)
{
        Search search = { .walk = walk, .view = view, .checked = walk->n, .met = walk->n };

        for (int chain = 0; chain < ZW_CHAINS; chain++)
                search.types[chain] = view.graph->chains[chain / 2][chain % 2] &
                                      (chain / 2 == GRAPH_OUT ? sides.out.mask : sides.in.mask);
        for (int state = 0; state < ZW_STATE_COUNT; state++)
                if (state_def((StateId)state)->flags & STATE_RETIRED)
                        search.retired |= UINT64_C(1) << state;
        return search;
}

static bool search_from(Walk *walk, GraphView view, Sides sides, size_t max, GError **error)
{
        Search search = search_begin(walk, view, sides);
        size_t at = walk->n;

        for (meet(&search, 0);; meet(&search, at++)) {
                while (search.checked <= at + AHEAD / 2 && search.met < walk->n)
                        check(&search);
                if (at >= search.checked)
                        return true;
                if (search.checked > max) {
                        error_set(error, ZW_ERR_LIMIT, NULL, "more than %zu items are reached", max);
                        return false;
                }
        }
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
        walk->n = 0;
        steps_room(walk, 1);
        walk->steps[walk->n++] = first;
        walk->marks[start] = walk->epoch;
        if ((direction & WALK_DOWN) && !search_from(walk, view, sides_of(rule, true), max, error))
                return false;
        if ((direction & WALK_UP) && !search_from(walk, view, sides_of(rule, false), max, error))
                return false;
        *ret_steps = walk->steps;
        *ret_n = walk->n;
        return true;
}
