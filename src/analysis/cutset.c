#include "analysis/cutset.h"

#include <math.h>

/* A node of the diagram says: sets with its event (high), and sets without (low). Events have ranks, the first met the least, and
 * ranks rise towards the leaves. Families are kept minimal: no set of them contains another. */
typedef struct {
        uint32_t rank, high, low;
} Node;

enum {
        EMPTY = 0,
        BASE = 1 /* only the empty set */,
        LEAF_RANK = UINT32_MAX,
        CACHE_SIZE = 1 << 18,
        TABLE_FIRST = 1 << 12
};

typedef enum { OP_NONE, OP_OR, OP_AND, OP_WITHOUT } Op;

typedef struct {
        Op op;
        uint32_t a, b, result;
} Cached;

struct CutSets {
        const FaultTree *tree;
        GArray *nodes;      /* of Node */
        uint32_t *table;    /* open addressing; 0 is free */
        size_t table_size;  /* a power of two */
        Cached *cache;      /* of operations, the last one of each place */
        uint32_t *event_of; /* rank → number in the tree */
        uint32_t root;
        uint64_t steps; /* of operations */
        bool full;      /* the limit was reached; results are of no use */
};

static Node node_at(const CutSets *sets, uint32_t node)
{
        return g_array_index(sets->nodes, Node, node);
}

/* ---- nodes ---- */

static size_t mix(uint32_t a, uint32_t b, uint32_t c)
{
        uint64_t h = a * UINT64_C(0x9E3779B97F4A7C15);

        h = (h ^ (h >> 29) ^ b) * UINT64_C(0xBF58476D1CE4E5B9);
        h = (h ^ (h >> 32) ^ c) * UINT64_C(0x94D049BB133111EB);
        return (size_t)(h ^ (h >> 31));
}

static uint32_t *place_of(const CutSets *sets, Node node)
{
        size_t at = mix(node.rank, node.high, node.low) & (sets->table_size - 1);

        while (sets->table[at] != 0) {
                const Node other = node_at(sets, sets->table[at]);

                if (other.rank == node.rank && other.high == node.high && other.low == node.low)
                        break;
                at = (at + 1) & (sets->table_size - 1);
        }
        return &sets->table[at];
}

static void table_grow(CutSets *sets)
{
        g_free(sets->table);
        sets->table_size *= 2;
        sets->table = g_new0(uint32_t, sets->table_size);
        for (uint32_t i = BASE + 1; i < sets->nodes->len; i++)
                *place_of(sets, node_at(sets, i)) = i;
}

static uint32_t node_make(CutSets *sets, uint32_t rank, uint32_t high, uint32_t low)
{
        const Node node = { rank, high, low };
        uint32_t *place;

        if (high == EMPTY || sets->full)
                return low;
        place = place_of(sets, node);
        if (*place != 0)
                return *place;
        if (sets->nodes->len >= ZW_CUTSET_NODES_MAX) {
                sets->full = true;
                return low;
        }
        *place = sets->nodes->len;
        g_array_append_val(sets->nodes, node);
        if (sets->nodes->len * 2 > sets->table_size)
                table_grow(sets);
        return sets->nodes->len - 1;
}

/* ---- operations ---- */

static Cached *cache_of(const CutSets *sets, Op op, uint32_t a, uint32_t b)
{
        return &sets->cache[mix((uint32_t)op, a, b) & (CACHE_SIZE - 1)];
}

static bool cache_has(CutSets *sets, Op op, uint32_t a, uint32_t b, uint32_t *ret_result)
{
        const Cached *cached = cache_of(sets, op, a, b);

        sets->full |= ++sets->steps > ZW_CUTSET_STEPS_MAX;
        *ret_result = cached->result;
        return cached->op == op && cached->a == a && cached->b == b;
}

static uint32_t cache_put(const CutSets *sets, Op op, uint32_t a, uint32_t b, uint32_t result)
{
        *cache_of(sets, op, a, b) = (Cached){ op, a, b, result };
        return result;
}

/* Depth of recursion: at most the number of events. */

/* Sets of `a` that contain no set of `b`. */
static uint32_t sets_without(CutSets *sets, uint32_t a, uint32_t b)
{
        const Node left = node_at(sets, a), right = node_at(sets, b);
        uint32_t result, high;

        if (b == EMPTY || a == EMPTY)
                return a;
        if (b == BASE || a == b)
                return EMPTY;
        if (a == BASE)
                return BASE;
        if (sets->full || cache_has(sets, OP_WITHOUT, a, b, &result))
                return sets->full ? EMPTY : result;
        if (left.rank > right.rank)
                result = sets_without(sets, a, right.low);
        else if (left.rank < right.rank)
                result = node_make(sets, left.rank, sets_without(sets, left.high, b),
                                   sets_without(sets, left.low, b));
        else {
                high = sets_without(sets, sets_without(sets, left.high, right.high), right.low);
                result = node_make(sets, left.rank, high, sets_without(sets, left.low, right.low));
        }
        return cache_put(sets, OP_WITHOUT, a, b, result);
}

/* Sets of either, without those that contain another. */
static uint32_t sets_or(CutSets *sets, uint32_t a, uint32_t b)
{
        Node left, right;
        uint32_t result, high, low;

        if (a > b)
                return sets_or(sets, b, a);
        if (a == EMPTY || a == b)
                return b;
        if (a == BASE)
                return BASE;
        if (sets->full || cache_has(sets, OP_OR, a, b, &result))
                return sets->full ? EMPTY : result;
        left = node_at(sets, a);
        right = node_at(sets, b);
        if (left.rank == right.rank) {
                low = sets_or(sets, left.low, right.low);
                high = sets_or(sets, left.high, right.high);
        } else {
                const Node first = left.rank < right.rank ? left : right;

                low = sets_or(sets, first.low, left.rank < right.rank ? b : a);
                high = first.high;
        }
        result = node_make(sets, MIN(left.rank, right.rank), sets_without(sets, high, low), low);
        return cache_put(sets, OP_OR, a, b, result);
}

/* Unions of a set of `a` and a set of `b`, without those that contain another. */
static uint32_t sets_and(CutSets *sets, uint32_t a, uint32_t b)
{
        Node left, right;
        uint32_t result, high, low;

        if (a > b)
                return sets_and(sets, b, a);
        if (a == EMPTY || a == b)
                return a;
        if (a == BASE)
                return b;
        if (sets->full || cache_has(sets, OP_AND, a, b, &result))
                return sets->full ? EMPTY : result;
        left = node_at(sets, a);
        right = node_at(sets, b);
        if (left.rank == right.rank) {
                low = sets_and(sets, left.low, right.low);
                high = sets_and(sets, left.high, sets_or(sets, right.high, right.low));
                high = sets_or(sets, high, sets_and(sets, left.low, right.high));
        } else {
                const Node first = left.rank < right.rank ? left : right;
                const uint32_t other = left.rank < right.rank ? b : a;

                low = sets_and(sets, first.low, other);
                high = sets_and(sets, first.high, other);
        }
        result = node_make(sets, MIN(left.rank, right.rank), sets_without(sets, high, low), low);
        return cache_put(sets, OP_AND, a, b, result);
}

/* ---- the tree ---- */

/* Inputs are taken from the last one: its events have the highest ranks, so each that joins stands above what is there already, and
 * a gate over n events takes n steps instead of n². */

/* `at_least[k]`: at least k of the inputs so far. */
static uint32_t gate_atleast(CutSets *sets, const FaultNode *node, const uint32_t *made)
{
        g_autofree uint32_t *at_least = g_new0(uint32_t, node->least + 1);

        at_least[0] = BASE;
        for (size_t i = node->n_inputs; i-- > 0;)
                for (unsigned k = node->least; k > 0; k--)
                        at_least[k] = sets_or(sets, at_least[k],
                                              sets_and(sets, at_least[k - 1], made[node->inputs[i]]));
        return at_least[node->least];
}

static uint32_t gate_make(CutSets *sets, const FaultNode *node, const uint32_t *made)
{
        uint32_t result = node->kind == FAULT_AND ? BASE : EMPTY;

        if (node->kind == FAULT_ATLEAST)
                return gate_atleast(sets, node, made);
        for (size_t i = node->n_inputs; i-- > 0;)
                result = node->kind == FAULT_AND ? sets_and(sets, result, made[node->inputs[i]])
                                                 : sets_or(sets, result, made[node->inputs[i]]);
        return result;
}

static void tree_make(CutSets *sets, const FaultTree *tree)
{
        g_autofree uint32_t *made = g_new0(uint32_t, fault_tree_size(tree));
        uint32_t rank = 0;
        size_t n;
        const uint32_t *order = fault_tree_order(tree, &n);

        for (size_t i = 0; i < n && !sets->full; i++) {
                const FaultNode *node = fault_tree_node(tree, order[i]);

                if (fault_node_is_basic(node)) {
                        sets->event_of[rank] = order[i];
                        made[order[i]] = node_make(sets, rank++, BASE, EMPTY);
                } else if (node->kind == FAULT_HOUSE) {
                        made[order[i]] = node->certain ? BASE : EMPTY;
                } else {
                        made[order[i]] = gate_make(sets, node, made);
                }
        }
        sets->root = made[0];
}

CutSets *cut_sets_find(const FaultTree *tree, GError **error)
{
        const Node leaf = { LEAF_RANK, EMPTY, EMPTY };
        CutSets *sets = g_new0(CutSets, 1);

        sets->tree = tree;
        sets->nodes = g_array_new(FALSE, FALSE, sizeof(Node));
        sets->table_size = TABLE_FIRST;
        sets->table = g_new0(uint32_t, sets->table_size);
        sets->cache = g_new0(Cached, CACHE_SIZE);
        sets->event_of = g_new0(uint32_t, fault_tree_size(tree));
        g_array_append_val(sets->nodes, leaf);
        g_array_append_val(sets->nodes, leaf);
        tree_make(sets, tree);
        if (!sets->full)
                return sets;
        error_set(error, ZW_ERR_LIMIT, NULL,
                  "the cut sets of this fault tree need a diagram of more than %d nodes or %d steps",
                  ZW_CUTSET_NODES_MAX, ZW_CUTSET_STEPS_MAX);
        cut_sets_free(sets);
        return NULL;
}

void cut_sets_free(CutSets *sets)
{
        if (sets == NULL)
                return;
        g_array_unref(sets->nodes);
        g_free(sets->table);
        g_free(sets->cache);
        g_free(sets->event_of);
        g_free(sets);
}

/* ---- counting ---- */

/* A node is made after what lies below it, so one pass in the order of numbers does. */
static double count_of(const CutSets *sets, size_t size, double **below)
{
        double *counts = g_new0(double, sets->nodes->len);
        double found;

        counts[BASE] = size == 0 ? 1 : 0;
        for (uint32_t i = BASE + 1; i < sets->nodes->len; i++) {
                const Node node = node_at(sets, i);

                counts[i] = counts[node.low] + (*below == NULL ? 0 : (*below)[node.high]);
        }
        g_free(*below);
        *below = counts;
        found = counts[sets->root];
        return found;
}

double cut_sets_count_of(const CutSets *sets, size_t size)
{
        double *below = NULL, found = 0;

        for (size_t i = 0; i <= size; i++)
                found = count_of(sets, i, &below);
        g_free(below);
        return found;
}

double cut_sets_count(const CutSets *sets)
{
        g_autofree double *counts = g_new0(double, sets->nodes->len);

        counts[BASE] = 1;
        for (uint32_t i = BASE + 1; i < sets->nodes->len; i++) {
                const Node node = node_at(sets, i);

                counts[i] = counts[node.low] + counts[node.high];
        }
        return counts[sets->root];
}

double cut_sets_probability(const CutSets *sets, const double *probabilities)
{
        g_autofree double *sums = g_new0(double, sets->nodes->len);

        sums[BASE] = 1;
        for (uint32_t i = BASE + 1; i < sets->nodes->len; i++) {
                const Node node = node_at(sets, i);

                sums[i] = sums[node.low] + probabilities[sets->event_of[node.rank]] * sums[node.high];
        }
        return sums[sets->root];
}

/* ---- listing ---- */

typedef struct {
        const CutSets *sets;
        const uint8_t *smallest; /* size of the smallest set below each node; UINT8_MAX: none, or larger */
        GArray *chosen;          /* of uint32_t: numbers in the tree */
        GPtrArray *found;
        size_t max;
} Listing;

static uint8_t *smallest_of(const CutSets *sets)
{
        uint8_t *smallest = g_new(uint8_t, sets->nodes->len);

        smallest[EMPTY] = UINT8_MAX;
        smallest[BASE] = 0;
        for (uint32_t i = BASE + 1; i < sets->nodes->len; i++) {
                const Node node = node_at(sets, i);
                const unsigned with = smallest[node.high] + 1U;

                smallest[i] = (uint8_t)MIN(MIN(with, (unsigned)smallest[node.low]), (unsigned)UINT8_MAX);
        }
        return smallest;
}

/* Those below the node that need exactly `left` events more. */
static void list_below(Listing *listing, uint32_t node, unsigned left)
{
        const CutSets *sets = listing->sets;

        while (listing->found->len < listing->max && node > BASE && listing->smallest[node] <= left) {
                const Node at = node_at(sets, node);

                if (left > 0) {
                        g_array_append_val(listing->chosen, sets->event_of[at.rank]);
                        list_below(listing, at.high, left - 1);
                        g_array_set_size(listing->chosen, listing->chosen->len - 1);
                }
                node = at.low;
        }
        if (node == BASE && left == 0 && listing->found->len < listing->max) {
                GArray *set = g_array_sized_new(FALSE, FALSE, sizeof(uint32_t), listing->chosen->len);

                if (listing->chosen->len > 0)
                        g_array_append_vals(set, listing->chosen->data, listing->chosen->len);
                g_ptr_array_add(listing->found, set);
        }
}

static void array_unref(gpointer data)
{
        g_array_unref(data);
}

GPtrArray *cut_sets_list(const CutSets *sets, size_t max)
{
        g_autofree uint8_t *smallest = smallest_of(sets);
        g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        Listing listing = { sets, smallest, chosen, g_ptr_array_new_with_free_func(array_unref), max };

        if (smallest[sets->root] == UINT8_MAX)
                return listing.found;
        for (unsigned size = smallest[sets->root]; size < UINT8_MAX && listing.found->len < max; size++) {
                const guint before = listing.found->len;

                list_below(&listing, sets->root, size);
                if (listing.found->len == before && cut_sets_count(sets) <= before)
                        break;
        }
        return listing.found;
}
