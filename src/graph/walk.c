/* Breadth-first search, arranged for the memory. What was met waits in a queue; the lines of what comes next in it are asked for
 * some steps ahead, so that they are there when their turn comes. Marks are bits, which stay in the cache at any size, and
 * of few only those that were set are taken back. Whether an entry leads on to an item not met before is no branch: it would be
 * guessed wrongly every other time. */
#include "graph/walk.h"

#include "base/error.h"
#include "graph/internal.h"
#include <string.h>

enum { AHEAD_NODE = 32, AHEAD_BLOCK = 16, MARK_BITS = 64, CLEAR_SHARE = 8 };

/* WalkStep.entry: which entry of its list led to the step; of the list of those that no change travels along, with this bit. */
#define ENTRY_REST (UINT32_C(1) << 31)

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

/* One search. What changes at each step lies here, in locals of the search, and not in the walk, so that it stays in registers. */
typedef struct {
        Walk *walk;
        const Graph *graph;
        void *const *pieces; /* of nodes */
        uint64_t *marks;
        WalkStep *steps, *next, *end;
        uint64_t ways;
        Seq seq;
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

/* Room for `more` steps behind `n`. */
static G_NO_INLINE void steps_room(Walk *walk, size_t n, size_t more)
{
        walk->n = n;
        if (n + more <= walk->room)
                return;
        walk->room = MAX(walk->room * 2, n + more + 1024);
        walk->steps = g_renew(WalkStep, walk->steps, walk->room);
}

/* Room for so many steps more. */
G_ALWAYS_INLINE static inline void search_room(Search *search, uint32_t more)
{
        size_t n = (size_t)(search->next - search->steps);

        if (G_LIKELY(search->end - search->next >= (ptrdiff_t)more))
                return;
        steps_room(search->walk, n, more);
        search->steps = search->walk->steps;
        search->next = search->steps + n;
        search->end = search->steps + search->walk->room;
}

/* Meets what the entries of a run of the step `at` lead to; the run begins with the entry `first` of its list. `all` is known where this is
 * called, and leaves out what it makes needless. */
G_ALWAYS_INLINE static inline void meet(Search *search, Run run, uint32_t first, uint32_t at, bool all)
{
        WalkStep *step;

        search_room(search, run.n);
        step = search->next;
        for (uint32_t i = 0; i < run.n; i++) {
                uint32_t word = atomic_load_explicit(&run.words[i], memory_order_acquire);
                ItemNo other = word & ENTRY_NODE;
                uint64_t mark, leads_on = all ? 1 : search->ways >> word_way(word) & 1;

                /* Only what is valid may touch the marks: what is newer than the view has none. */
                if (G_UNLIKELY(word & ENTRY_CHECK) &&
                    !link_is_valid(search->graph, run_link(run, i), search->seq))
                        continue;
                mark = search->marks[other / MARK_BITS];
                search->marks[other / MARK_BITS] = mark | leads_on << other % MARK_BITS;
                step->item = other;
                step->before = at;
                step->entry = first + i;
                step += leads_on & ~(mark >> other % MARK_BITS);
        }
        search->next = step;
}

G_ALWAYS_INLINE static inline void meet_blocks(Search *search, Block *block, uint32_t first, uint32_t at,
                                               bool all)
{
        while (block != NULL) {
                Block *next = atomic_load_explicit(&block->next, memory_order_acquire);

                __builtin_prefetch(next);
                meet(search, block_run(block), first, at, all);
                first += block->room;
                block = next;
        }
}

/* Meets what the step `at` leads to. */
G_ALWAYS_INLINE static inline void meet_all(Search *search, ItemNo item, uint32_t at, bool all)
{
        const Graph *graph = search->graph;

        if (all || search->ways & graph->ways[LIST_RIPPLE]) {
                Node *node = node_in(search->pieces, item);

                meet(search, node_run(node), 0, at, all);
                meet_blocks(search, atomic_load_explicit(&node->more, memory_order_acquire), INLINE_ENTRIES,
                            at, all);
        }
        if (search->ways & graph->ways[LIST_REST])
                meet_blocks(search, atomic_load_explicit(&body_at(graph, item)->rest, memory_order_acquire),
                            ENTRY_REST, at, false);
}

/* Asks for the memory of what comes next. */
G_ALWAYS_INLINE static inline void ask_ahead(Search *search, size_t at)
{
        size_t n = (size_t)(search->next - search->steps);
        size_t nodes = MIN(at + AHEAD_NODE, n), blocks = MIN(at + AHEAD_BLOCK, search->asked);

        for (; search->asked < nodes; search->asked++)
                __builtin_prefetch(node_in(search->pieces, search->steps[search->asked].item));
        for (; search->followed < blocks; search->followed++) {
                Node *node = node_in(search->pieces, search->steps[search->followed].item);
                Block *more = atomic_load_explicit(&node->more, memory_order_relaxed);

                /* Asking for address 0 costs more than asking again for what is there. Two lines of a block have the words
                 * of all that most have. */
                __builtin_prefetch(more == NULL ? (void *)node : more);
                __builtin_prefetch(more == NULL ? (void *)node : (char *)more + LINE_BYTES);
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

/* Goes on from each step met until there is none, or more than `max` are live; gives how many are, with those before `at`. A step that is not
 * live gets the distance 0. `search` is a copy, so that no store of the loop can be one to it. */
G_ALWAYS_INLINE static inline size_t search_run(Search search, size_t at, size_t max, bool all)
{
        Walk *walk = search.walk;
        uint64_t retired = walk->retired;
        size_t live = at, level_end;
        uint32_t distance = 1;

        meet_all(&search, search.steps[0].item, 0, all);
        level_end = (size_t)(search.next - search.steps);
        for (; at < (size_t)(search.next - search.steps) && live <= max; at++) {
                ItemNo item = search.steps[at].item;
                int now;

                if (at == level_end) {
                        distance++;
                        level_end = (size_t)(search.next - search.steps);
                }
                ask_ahead(&search, at);
                now = now_kind_state((GraphView){ search.graph, search.seq }, item,
                                     node_now(node_in(search.pieces, item)));
                search.steps[at].distance = 0;
                if (now < 0 || (retired >> (now & 0xff) & 1) != 0)
                        continue;
                search.steps[at].distance = distance;
                live++;
                meet_all(&search, item, (uint32_t)at, all);
        }
        walk->n = (size_t)(search.next - search.steps);
        return live;
}

/* Everything that lies on these ways from the first step, after the steps there are. */
static bool search_from(Walk *walk, GraphView view, uint64_t ways, size_t max, GError **error)
{
        size_t begin = walk->n, live;
        Search search = { .walk = walk,
                          .graph = view.graph,
                          .pieces = view.graph->nodes.directory,
                          .marks = walk->marks,
                          .steps = walk->steps,
                          .next = walk->steps + walk->n,
                          .end = walk->steps + walk->room,
                          .seq = view.seq,
                          .ways = ways & walk->followed,
                          .asked = begin,
                          .followed = begin };
        ItemNo start = walk->steps[0].item;

        walk->marks[start / MARK_BITS] |= UINT64_C(1) << start % MARK_BITS;
        if ((view.graph->ways[LIST_RIPPLE] & ~(ways & walk->followed)) == 0)
                live = search_run(search, begin, max, true);
        else
                live = search_run(search, begin, max, false);
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
        steps_room(walk, 0, 1);
        walk->steps[0] = first;
        walk->n = 1;
        if (!search_from(walk, view, walk->ways[rule][(direction & WALK_DOWN) != 0], max, error) ||
            (direction == WALK_BOTH && !search_up_too(walk, view, rule, max, error)))
                return false;
        *ret_steps = walk->steps;
        *ret_n = walk->n;
        return true;
}

uint32_t walk_link(GraphView view, const WalkStep *steps, const WalkStep *step)
{
        ItemNo before = steps[step->before].item;
        Node *node = node_at(view.graph, before);
        uint32_t at = step->entry & ~ENTRY_REST;
        bool rest = (step->entry & ENTRY_REST) != 0;
        Run run = rest ? (Run){ 0 } : node_run(node);
        Block *block = atomic_load_explicit(rest ? &body_at(view.graph, before)->rest : &node->more,
                                            memory_order_acquire);

        for (; at >= run.room; block = atomic_load_explicit(&block->next, memory_order_acquire)) {
                at -= run.room;
                run = block_run(block);
        }
        return run_link(run, at);
}
