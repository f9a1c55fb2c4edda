/* Inside graph/ only: how nodes, links and results lie in memory.
 *
 * Everything a reader follows is either written before the pointer to it is published (release) or is one atomic word: the
 * end of an edge, the newest version of a node or link. A reader at commit S passes over what is newer than S. */
#ifndef GRAPH_INTERNAL_H
#define GRAPH_INTERNAL_H

#include "graph/graph.h"
#include "graph/pieces.h"
#include <stdatomic.h>

enum { KEY_BUCKETS = 1 << 20, BLOCK_FIRST = 4, BLOCK_MOST = 1024, NODE_BITS = 25 };
#define NODE_MASK ((UINT32_C(1) << NODE_BITS) - 1)
#define EDGE_OPEN UINT32_MAX

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

typedef struct {
        _Atomic(const NodeVersion *) newest;
        const char *key;
        _Atomic(Block *) first[2]; /* by GraphSide */
        Block *last[2];
        uint32_t degree[2];
        _Atomic(const ResultNode *) results;
} Node;

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
        Pieces nodes, links;
        _Atomic(const KeyNode *) *keys; /* KEY_BUCKETS chains */
        _Atomic uint32_t n_nodes;
        uint32_t n_links;
        _Atomic uint64_t head;
        Seq base;
        Out *scratch;
};

static inline Node *node_at(const Graph *graph, ItemNo item)
{
        return pieces_at(&graph->nodes, item);
}

static inline Link *link_at(const Graph *graph, uint32_t link)
{
        return pieces_at(&graph->links, link);
}

/* The version valid at the view, or NULL. */
const NodeVersion *node_version(GraphView view, ItemNo item);

#endif
