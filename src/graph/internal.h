/* Inside graph/ only: how nodes, links and results lie in memory.
 *
 * Everything a reader follows is either written before the pointer to it is published (release) or is one atomic word: the
 * end of an edge, the newest version of a node or link. A reader at commit S passes over what is newer than S. */
#ifndef GRAPH_INTERNAL_H
#define GRAPH_INTERNAL_H

#include "graph/graph.h"
#include "graph/pieces.h"
#include <stdatomic.h>

/* A block is whole cache lines: with its header of one entry's size, 3 entries fill the first, then 7, 15 and so on. */
enum { KEY_BUCKETS = 1 << 20, LINE_BYTES = 64, BLOCK_FIRST = 3, BLOCK_MOST = 1023, NODE_BITS = 25 };
#define NODE_MASK ((UINT32_C(1) << NODE_BITS) - 1)
#define EDGE_OPEN UINT32_MAX

/* The links of an item lie in four chains of blocks: on each side those by which a change of the item travels on, apart from
 * the others, so that impact, the walk that is asked most, reads no link it does not follow. */
enum { ZW_CHAINS = 4 };

typedef struct NodeVersion NodeVersion;
struct NodeVersion {
        const NodeVersion *before;
        const char *title;
        const uint8_t *facts;
        uint32_t facts_n, from_seq, rev, subst;
        uint8_t kind, state;
};

/* One end of a link. The type shares a word with the node at the other end. */
typedef struct {
        uint32_t other_type; /* node | type << NODE_BITS */
        uint32_t link;
        uint32_t from_seq;
        _Atomic uint32_t to_seq;
} Entry;

typedef struct Block Block;
struct Block {
        _Atomic(Block *) next;
        _Atomic uint32_t n;
        uint32_t room;
        Entry entries[];
};

typedef struct ResultNode ResultNode;
struct ResultNode {
        const ResultNode *before;
        GraphResult result;
        Seq seq;
};

/* One cache line, with all that a walk asks of an item it passes. */
typedef struct {
        /* Of the newest version: from_seq << 32 | kind << 8 | state; 0 for none. A reader to whom that version is not too
         * new needs no other memory to know whether the item is live. */
        _Atomic uint64_t now;
        _Atomic(const NodeVersion *) newest;
        _Atomic(Block *) first[ZW_CHAINS];
        _Atomic(const ResultNode *) results;
        const char *key;
} Node;
_Static_assert(sizeof(Node) == LINE_BYTES, "a node is one cache line");

/* What only the writer needs of a node. */
typedef struct {
        Block *last[ZW_CHAINS];
        uint32_t degree[2]; /* by GraphSide */
} NodeTail;

typedef struct LinkVersion LinkVersion;
struct LinkVersion {
        const LinkVersion *before;
        const uint8_t *facts;
        uint32_t facts_n, from_seq, judged_from, judged_to;
};

typedef struct {
        ItemNo from, to;
        _Atomic(const LinkVersion *) newest;
        uint8_t type, as;
} Link;

typedef struct KeyNode KeyNode;
struct KeyNode {
        const KeyNode *next;
        const char *key;
        ItemNo item;
};

struct Graph {
        Pool pool;
        Pieces nodes, tails, links;
        uint64_t chains[2][2];          /* link types in the first and second chain of each side */
        _Atomic(const KeyNode *) *keys; /* KEY_BUCKETS chains */
        _Atomic uint32_t n_nodes;
        uint32_t n_links;
        _Atomic uint64_t head;
        Seq base;
        Out *scratch;
};

static inline int chain_of(const Graph *graph, GraphSide side, LinkTypeId type)
{
        return 2 * (int)side + ((graph->chains[side][0] & (UINT64_C(1) << type)) == 0);
}

static inline Node *node_at(const Graph *graph, ItemNo item)
{
        return pieces_at(&graph->nodes, item);
}

static inline NodeTail *tail_at(const Graph *graph, ItemNo item)
{
        return pieces_at(&graph->tails, item);
}

static inline Link *link_at(const Graph *graph, uint32_t link)
{
        return pieces_at(&graph->links, link);
}

/* The version valid at the view, or NULL. */
const NodeVersion *node_version(GraphView view, ItemNo item);

/* The kind (high byte) and state (low byte) at the view; -1 when the item does not exist at it. `item` is in range. */
static inline int node_kind_state(GraphView view, ItemNo item)
{
        uint64_t now = atomic_load_explicit(&node_at(view.graph, item)->now, memory_order_acquire);
        const NodeVersion *version;

        if (now != 0 && now >> 32 <= view.seq)
                return (int)(now & 0xffff);
        version = now == 0 ? NULL : node_version(view, item);
        return version == NULL ? -1 : version->kind << 8 | version->state;
}

/* Is the entry valid at the view? */
static inline bool entry_is_valid(const Entry *entry, uint64_t mask, Seq seq)
{
        return (mask & (UINT64_C(1) << (entry->other_type >> NODE_BITS))) != 0 && entry->from_seq <= seq &&
               atomic_load_explicit(&entry->to_seq, memory_order_relaxed) > seq;
}

#endif
