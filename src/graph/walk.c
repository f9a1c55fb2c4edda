/* Breadth-first search, arranged for the memory. What was met waits in a queue; the lines of what comes next in it are asked for
 * some steps ahead, so that they are there when their turn comes. Marks are bits, which stay in the cache at any size, and
 * of few only those that were set are taken back. Whether an entry leads on to an item not met before is no branch: it would be
 * guessed wrongly every other time. */
#include "graph/walk.h"

#include "base/error.h"
#include "graph/internal.h"
#include <string.h>

enum { AHEAD_NODE = 32, AHEAD_BLOCK = 16, MARK_BITS = 64, CLEAR_SHARE = 8 };

struct Walk {
        uint64_t ways[2][2]; /* that lead on, by rule and whether it goes down */
        uint64_t followed;   /* of these, both ways, by walk_follow */
        uint64_t retired;    /* bit per state */
        WalkStep *steps;     /* in the order they were met, which is the queue too */
        size_t n, room;
        uint64_t *marks; /* bit per item met by the search at work, or by the last one */
        size_t n_marks;  /* words of them */
        size_t n_marked; /* among so many of the first steps lie all that are marked */
};

/* One search. */
typedef struct {
        Walk *walk;
        const Graph *graph;
        Seq seq;
        uint64_t ways;
        bool all;        /* the ripple list leads on by every entry */
        size_t at;       /* step: those before are done */
        size_t asked;    /* step: nodes of those before are on their way */
        size_t followed; /* the same for their blocks */
} Search;

static bool leads(Flow flow, bool forward)
{
        return flow == FLOW_BOTH || flow == (forward ? FLOW_FORWARD : FLOW_BACKWARD);
}

/* Which ways lead on from an item. */
static uint64_t ways_on(WalkRule rule, bool down)
{
        uint64_t ways = 0;

        for (int type = 0; type < ZW_LINK_COUNT; type++) {
                const LinkTypeDef *def = link_type_def((LinkTypeId)type);
                Flow flow = rule == WALK_RIPPLE ? def->ripple : def->trace;

                if (leads(flow, down))
                        ways |= ways_of(GRAPH_OUT, UINT64_C(1) << type);
                if (leads(flow, !down))
                        ways |= ways_of(GRAPH_IN, UINT64_C(1) << type);
        }
        return ways;
}

Walk *walk_new(void)
{
        Walk *walk = g_new0(Walk, 1);

        walk->followed = UINT64_MAX;
        for (int rule = WALK_RIPPLE; rule <= WALK_TRACE; rule++)
                for (int down = 0; down < 2; down++)
                        walk->ways[rule][down] = ways_on((WalkRule)rule, down != 0);
        for (int state = 0; state < ZW_STATE_COUNT; state++)
                if (state_def((StateId)state)->flags & STATE_RETIRED)
                        walk->retired |= UINT64_C(1) << state;
        return walk;
}

void walk_follow(Walk *walk, LinkMask types)
{
        walk->followed = ways_of(GRAPH_OUT, types.mask) | ways_of(GRAPH_IN, types.mask);
}

void walk_free(Walk *walk)
{
        if (walk == NULL)
                return;
        g_free(walk->steps);
        g_free(walk->marks);
        g_free(walk);
}

static inline bool is_marked(const Walk *walk, ItemNo item)
{
        return (walk->marks[item / MARK_BITS] >> item % MARK_BITS & 1) != 0;
}

/* No item is marked; there is room for marks of `n`. */
static void marks_begin(Walk *walk, size_t n)
{
        size_t words = n / MARK_BITS + 1;

        if (walk->n_marked > walk->n_marks / CLEAR_SHARE)
                memset(walk->marks, 0, walk->n_marks * sizeof *walk->marks);
        else
                for (size_t i = 0; i < walk->n_marked; i++)
                        walk->marks[walk->steps[i].item / MARK_BITS] = 0;
        walk->n_marked = 0;
        if (walk->n_marks >= words)
                return;
        walk->marks = g_renew(uint64_t, walk->marks, words);
        memset(walk->marks + walk->n_marks, 0, (words - walk->n_marks) * sizeof *walk->marks);
        walk->n_marks = words;
}

static inline void steps_room(Walk *walk, size_t more)
{
        size_t least = walk->n + more;

        if (G_LIKELY(least <= walk->room))
                return;
        walk->room = MAX(walk->room * 2, least + 1024);
        walk->steps = g_renew(WalkStep, walk->steps, walk->room);
}

/* Meets what some entries of the step `at` lead to; `all` is known where this is called, and leaves out what it makes needless. */
G_ALWAYS_INLINE static inline void meet(const Search *search, const Entry *entries, uint32_t n, uint32_t at,
                                        bool all)
{
        Walk *walk = search->walk;
        uint64_t *marks = walk->marks;
        WalkStep *step;

        steps_room(walk, n);
        step = walk->steps + walk->n;
        for (uint32_t i = 0; i < n; i++) {
                uint32_t word = atomic_load_explicit(&entries[i].word, memory_order_acquire);
                ItemNo other = word & ENTRY_NODE;
                uint64_t mark, leads_on = all ? 1 : search->ways >> word_way(word) & 1;

                /* Only what is valid may touch the marks: what is newer than the view has none. */
                if (G_UNLIKELY(word & ENTRY_CHECK) &&
                    !link_is_valid(search->graph, entries[i].link, search->seq))
                        continue;
                mark = marks[other / MARK_BITS];
                marks[other / MARK_BITS] = mark | leads_on << other % MARK_BITS;
                step->item = other;
                step->before = at;
                step->link = entries[i].link;
                step += leads_on & ~(mark >> other % MARK_BITS);
        }
        walk->n = (size_t)(step - walk->steps);
}

G_ALWAYS_INLINE static inline void meet_blocks(const Search *search, const Block *block, uint32_t at,
                                               bool all)
{
        for (; block != NULL; block = atomic_load_explicit(&block->next, memory_order_acquire))
                meet(search, block->entries, atomic_load_explicit(&block->n, memory_order_acquire), at, all);
}

G_ALWAYS_INLINE static inline void meet_ripple(const Search *search, const Node *node, uint32_t at, bool all)
{
        meet(search, node->entries, node_entries(node), at, all);
        meet_blocks(search, atomic_load_explicit(&node->more, memory_order_acquire), at, all);
}

/* Meets what the step `at` leads to. */
static inline void meet_all(const Search *search, ItemNo item, uint32_t at)
{
        const Graph *graph = search->graph;

        if (search->all)
                meet_ripple(search, node_at(graph, item), at, true);
        else if (search->ways & graph->ways[LIST_RIPPLE])
                meet_ripple(search, node_at(graph, item), at, false);
        if (search->ways & graph->ways[LIST_REST])
                meet_blocks(search, atomic_load_explicit(&body_at(graph, item)->rest, memory_order_acquire),
                            at, false);
}

/* Asks for the memory of what comes next. */
static inline void ask_ahead(Search *search)
{
        const Walk *walk = search->walk;
        size_t nodes = MIN(search->at + AHEAD_NODE, walk->n),
               blocks = MIN(search->at + AHEAD_BLOCK, search->asked);

        for (; search->asked < nodes; search->asked++)
                __builtin_prefetch(node_at(search->graph, walk->steps[search->asked].item));
        for (; search->followed < blocks; search->followed++) {
                const Node *node = node_at(search->graph, walk->steps[search->followed].item);
                const Block *more = atomic_load_explicit(&node->more, memory_order_relaxed);

                /* Asking for address 0 costs more than asking again for what is there. */
                __builtin_prefetch(more == NULL ? (const void *)node : more);
        }
}

/* Takes the steps of items that are not live out of those since `begin`. */
static void dead_drop(Walk *walk, size_t begin)
{
        g_autofree uint32_t *to = g_new(uint32_t, walk->n - begin);
        size_t n = begin;

        for (size_t i = begin; i < walk->n; i++) {
                WalkStep step = walk->steps[i];

                if (step.distance == 0) {
                        walk->marks[step.item / MARK_BITS] &= ~(UINT64_C(1) << step.item % MARK_BITS);
                        continue;
                }
                step.before = step.before < begin ? step.before : to[step.before - begin];
                to[i - begin] = (uint32_t)n;
                walk->steps[n++] = step;
        }
        walk->n = n;
}

/* Everything that lies on these ways from the first step, after the steps there are. */
static bool search_from(Walk *walk, GraphView view, uint64_t ways, size_t max, GError **error)
{
        size_t begin = walk->n, live = begin;
        Search search = { .walk = walk,
                          .graph = view.graph,
                          .seq = view.seq,
                          .ways = ways & walk->followed,
                          .all = (view.graph->ways[LIST_RIPPLE] & ~(ways & walk->followed)) == 0,
                          .at = begin,
                          .asked = begin,
                          .followed = begin };
        ItemNo start = walk->steps[0].item;

        walk->marks[start / MARK_BITS] |= UINT64_C(1) << start % MARK_BITS;
        for (meet_all(&search, start, 0); search.at < walk->n && live <= max; search.at++) {
                WalkStep *step = &walk->steps[search.at];
                int now = node_kind_state(view, step->item);

                ask_ahead(&search);
                if (now < 0 || (walk->retired >> (now & 0xff) & 1) != 0) {
                        step->distance = 0;
                        continue;
                }
                live++;
                step->distance = walk->steps[step->before].distance + 1;
                meet_all(&search, step->item, (uint32_t)search.at);
        }
        walk->n_marked = walk->n;
        if (live > max) {
                error_set(error, ZW_ERR_LIMIT, NULL, "more than %zu items are reached", max);
                return false;
        }
        if (live < walk->n)
                dead_drop(walk, begin);
        walk->n_marked = walk->n;
        return true;
}

/* Which steps are of an item that the other direction reaches in fewer links; of two as near the one going down stays. Gives
 * their number; *ret_far (a byte for each step) is NULL when there are none. The marks are those of the way up. */
static size_t far_find(const Walk *walk, size_t up, uint8_t **ret_far)
{
        g_autoptr(GHashTable) twice = g_hash_table_new(NULL, NULL); /* item → step going down */
        size_t n = 0;

        for (size_t i = 1; i < up; i++)
                if (is_marked(walk, walk->steps[i].item))
                        g_hash_table_insert(twice, GSIZE_TO_POINTER(walk->steps[i].item),
                                            GSIZE_TO_POINTER(i));
        *ret_far = NULL;
        if (g_hash_table_size(twice) == 0)
                return 0;
        *ret_far = g_malloc0(walk->n);
        for (size_t i = up; i < walk->n; i++) {
                size_t other = GPOINTER_TO_SIZE(
                        g_hash_table_lookup(twice, GSIZE_TO_POINTER(walk->steps[i].item)));

                if (other == 0)
                        continue;
                (*ret_far)[walk->steps[i].distance < walk->steps[other].distance ? other : i] = 1;
                n++;
        }
        return n;
}

/* Puts the farther steps of items found both ways behind all others: paths may lead over them, but they are not given. */
static void twice_settle(Walk *walk, size_t up)
{
        g_autofree uint8_t *far = NULL;
        g_autofree uint32_t *to = NULL;
        WalkStep *steps;
        size_t given = walk->n - far_find(walk, up, &far), next[2] = { 0, given };

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
        if (!search_from(walk, view, walk->ways[rule][0], max > SIZE_MAX - up ? SIZE_MAX : max + up, error))
                return false;
        twice_settle(walk, up);
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
        walk->steps[0] = first;
        walk->n = 1;
        if (!search_from(walk, view, walk->ways[rule][(direction & WALK_DOWN) != 0], max, error) ||
            (direction == WALK_BOTH && !search_up_too(walk, view, rule, max, error)))
                return false;
        *ret_steps = walk->steps;
        *ret_n = walk->n;
        return true;
}
