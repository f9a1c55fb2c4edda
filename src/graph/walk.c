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

/* Which steps are of an item that the other direction reaches in fewer links; of two as near the one going down stays. Gives
 * their number; *ret_far (a byte for each step) is NULL when there are none. */
static size_t far_find(Walk *walk, GraphView view, size_t up, uint8_t **ret_far)
{
        g_autoptr(GHashTable) twice = g_hash_table_new(NULL, NULL); /* item → step going up */
        size_t n = 0;

        marks_begin(walk, graph_item_count(view));
        for (size_t i = 1; i < up; i++)
                walk->marks[walk->steps[i].item] = walk->epoch;
        for (size_t i = up; i < walk->n; i++)
                if (walk->marks[walk->steps[i].item] == walk->epoch)
                        g_hash_table_insert(twice, GSIZE_TO_POINTER(walk->steps[i].item),
                                            GSIZE_TO_POINTER(i));
        *ret_far = NULL;
        if (g_hash_table_size(twice) == 0)
                return 0;
        *ret_far = g_malloc0(walk->n);
        for (size_t i = 1; i < up; i++) {
                size_t other = GPOINTER_TO_SIZE(
                        g_hash_table_lookup(twice, GSIZE_TO_POINTER(walk->steps[i].item)));

                if (other == 0)
                        continue;
                (*ret_far)[walk->steps[other].distance < walk->steps[i].distance ? i : other] = 1;
                n++;
        }
        return n;
}

/* Puts the farther steps of items found both ways behind all others: paths may lead over them, but they are not given. */
static void twice_settle(Walk *walk, GraphView view, size_t up)
{
        g_autofree uint8_t *far = NULL;
        g_autofree uint32_t *to = NULL;
        WalkStep *steps;
        size_t given = walk->n - far_find(walk, view, up, &far), next[2] = { 0, given };

        if (far == NULL)
                return;
        to = g_new(uint32_t, walk->n);
        steps = g_new(WalkStep, walk->room);
        for (size_t i = 0; i < walk->n; i++)
                to[i] = (uint32_t)next[far[i]]++;
        for (size_t i = 0; i < walk->n; i++) {
                steps[to[i]] = walk->steps[i];
                steps[to[i]].before = to[walk->steps[i].before];
        }
        g_free(walk->steps);
        walk->steps = steps;
        walk->n = given;
}

/* Goes up from the start after the way down, with marks of its own: an item below does not hide what lies above it. */
static bool search_up_too(Walk *walk, GraphView view, WalkRule rule, size_t max, GError **error)
{
        size_t up = walk->n;

        marks_begin(walk, graph_item_count(view));
        walk->marks[walk->steps[0].item] = walk->epoch;
        if (!search_from(walk, view, sides_of(rule, false), max > SIZE_MAX - up ? SIZE_MAX : max + up, error))
                return false;
        twice_settle(walk, view, up);
        if (walk->n <= max)
                return true;
        error_set(error, ZW_ERR_LIMIT, NULL, "more than %zu items are reached", max);
        return false;
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
        if (!search_from(walk, view, sides_of(rule, (direction & WALK_DOWN) != 0), max, error) ||
            (direction == WALK_BOTH && !search_up_too(walk, view, rule, max, error)))
                return false;
        *ret_steps = walk->steps;
        *ret_n = walk->n;
        return true;
}
