/* Inside graph/ only: how nodes, links and results lie in memory.
 *
 * Everything a reader follows is either written before the pointer to it is published (release) or is one atomic word: the
 * word of an entry, the end of a link, the newest version of a node or link. A reader at commit S passes over what is newer than S. */
#ifndef GRAPH_INTERNAL_H
#define GRAPH_INTERNAL_H

#include "graph/graph.h"
#include "graph/pieces.h"
#include <stdatomic.h>
#include <stddef.h>

enum {
        KEY_BUCKETS = 1 << 16,
        LINE_BYTES = 64,
        NODE_BITS = 25,
        TYPE_BITS = 5,
        AS_BITS = 7,
        INLINE_ENTRIES = 6,
        BLOCK_LINES = 128,
        LINE_ENTRIES = 8, /* entries that fill a line, and how many the head of a block stands for */
        BLOCK_HEAD = 2
};
#define EDGE_OPEN UINT32_MAX

/* An entry is one end of a link in one word: the node at the other end, the link type, whether the link comes in, and whether
 * the link itself has to be asked from when until when it is valid. That is so for what was made or ended after the graph was
 * loaded; all other links are valid at every commit that can be pinned. Type and side are read as one number, the way of the
 * entry, and sets of ways are 64-bit masks. The numbers of the links stand behind the words of a run of entries: a walk needs
 * none of them, and reads half as many lines. */
#define ENTRY_NODE  ((UINT32_C(1) << NODE_BITS) - 1)
#define ENTRY_IN    (UINT32_C(1) << (NODE_BITS + TYPE_BITS))
#define ENTRY_CHECK (UINT32_C(1) << 31)
#define NOW_ENTRIES 16 /* where in Node.now */
_Static_assert(ZW_LINK_COUNT < 1 << TYPE_BITS, "a link type fits into an entry");
_Static_assert(ZW_AS_COUNT <= 1 << AS_BITS, "a role fits beside a node");

/* The links of an item lie in two lists: those by which a change of the item travels on apart from the others, so that impact,
 * the walk that is asked most, reads no link it does not follow. */
typedef enum { LIST_RIPPLE, LIST_REST, ZW_LISTS } List;

typedef struct NodeVersion NodeVersion;
struct NodeVersion {
        const NodeVersion *before;
        uint32_t facts_n, from_seq, rev, subst;
        uint8_t kind, state;
        uint8_t text[]; /* facts_n bytes of facts, then the title */
};

/* Whole cache lines, BLOCK_LINES at most. A list has one block up to that size when it was loaded; what comes later is in
 * blocks behind it. */
typedef struct Block Block;
struct Block {
        _Atomic(Block *) next;
        _Atomic uint32_t n;
        uint32_t room;
        _Atomic uint32_t entries[]; /* a run */
};

typedef struct ResultNode ResultNode;
struct ResultNode {
        const ResultNode *before;
        GraphResult result;
        Seq seq;
};

/* One cache line: all that an impact walk asks of an item it passes. */
typedef struct {
        /* Of the newest version: from_seq << 32 | kind << 8 | state; 0 for none but for the number of `entries` in use, in
         * NOW_ENTRIES. A reader to whom that version is not too new needs no other memory to know whether the item is live. */
        _Atomic uint64_t now;
        _Atomic(Block *) more;                        /* of the ripple list, after these */
        _Atomic uint32_t entries[2 * INLINE_ENTRIES]; /* a run */
} Node;
_Static_assert(sizeof(Node) == LINE_BYTES, "a node is one cache line");

/* The rest, apart, so that the nodes of a neighbourhood lie in few pages. */
typedef struct {
        _Alignas(LINE_BYTES) _Atomic(const NodeVersion *) newest;
        _Atomic(const ResultNode *) results;
        const char *key;
        _Atomic(Block *) rest; /* the other list */
        ItemNo next;           /* in the chain of its key, or ZW_ITEM_NONE */
        _Atomic bool outgrown; /* see graph_may_be_suspect */
        uint32_t degree[2];    /* by GraphSide; this and what follows is the writer's */
        Block *last[ZW_LISTS];
} Body;
_Static_assert(sizeof(Body) == LINE_BYTES, "a body is one cache line");

/* What a link became later, or has facts; most links need none. */
typedef struct LinkVersion LinkVersion;
struct LinkVersion {
        const LinkVersion *before;
        uint32_t facts_n, from_seq, judged_from, judged_to;
        uint8_t facts[];
};

typedef struct {
        ItemNo from : NODE_BITS;
        uint32_t as : AS_BITS;
        ItemNo to;
        uint32_t from_seq;
        _Atomic uint32_t to_seq;
        uint32_t judged_from, judged_to; /* when it was made */
        _Atomic(const LinkVersion *) newest;
} Link;
_Static_assert(sizeof(Link) == LINE_BYTES / 2, "two links are one cache line");

struct Graph {
        Pool pool;
        Pieces nodes, bodies, links;
        uint64_t ways[ZW_LISTS]; /* of the entries in each list */
        _Atomic ItemNo *keys;    /* KEY_BUCKETS chains, by Body.next; ZW_ITEM_NONE ends one */
        _Atomic uint32_t n_nodes;
        uint32_t n_links;
        _Atomic uint64_t head;
        Seq base;
        Out *scratch;
        Block *spare[BLOCK_LINES +
                     1]; /* by their lines: left over while the graph is loaded, chained by `next` */
        /* Of a graph that shows a part of another: that one, and what is shown by number. Else NULL. */
        const Graph *whole;
        const uint8_t *shown;
        GraphNotes *notes; /* where it is noted what is asked; else NULL */
        bool asks;         /* shown or notes are there */
        bool over;         /* made over the memory of another graph: nothing here is its own */
};

/* The links of these types on one side, as ways. */
static inline uint64_t ways_of(GraphSide side, uint64_t types)
{
        return (types & UINT32_MAX >> 1) << (side == GRAPH_IN ? 32 : 0);
}

static inline unsigned word_way(uint32_t word)
{
        return word >> NODE_BITS & 63;
}

/* `directory` is that of the nodes. */
static inline Node *node_in(void *const *directory, ItemNo item)
{
        return (Node *)directory[item >> PIECE_BITS] + (item & (PIECE_SIZE - 1));
}

static inline Node *node_at(const Graph *graph, ItemNo item)
{
        return node_in(graph->nodes.directory, item);
}

static inline Body *body_at(const Graph *graph, ItemNo item)
{
        return (Body *)graph->bodies.directory[item >> PIECE_BITS] + (item & (PIECE_SIZE - 1));
}

static inline Link *link_at(const Graph *graph, uint32_t link)
{
        return pieces_at(&graph->links, link);
}

void notes_ask(GraphNotes *notes, ItemNo item);
void notes_miss(GraphNotes *notes);

/* Whether the graph shows an item; that is in range. All that is read of an item is asked for here first. */
static inline bool node_is_shown(const Graph *graph, ItemNo item)
{
        if (G_LIKELY(!graph->asks))
                return true;
        if (graph->notes != NULL)
                notes_ask(graph->notes, item);
        return graph->shown == NULL || graph->shown[item] != 0;
}

/* The version valid at the view, or NULL. */
const NodeVersion *node_version(GraphView view, ItemNo item);

/* Entries beside each other: `room` words, of which the first `n` are in use (each written last), then as many links. */
typedef struct {
        _Atomic uint32_t *words;
        uint32_t n, room;
} Run;

static inline uint64_t node_now(const Node *node)
{
        return atomic_load_explicit(&node->now, memory_order_acquire);
}

static inline Run node_run(Node *node)
{
        return (Run){ node->entries, node_now(node) >> NOW_ENTRIES & 7, INLINE_ENTRIES };
}

static inline Run block_run(Block *block)
{
        return (Run){ block->entries, atomic_load_explicit(&block->n, memory_order_acquire), block->room };
}

static inline uint32_t run_link(Run run, uint32_t at)
{
        return atomic_load_explicit(&run.words[run.room + at], memory_order_relaxed);
}

/* The kind (high byte) and state (low byte) at the view, of an item whose node says `now`; -1 when the item does not exist at it. `item` is in range. */
static inline int now_kind_state(GraphView view, ItemNo item, uint64_t now)
{
        const NodeVersion *version;

        if (!node_is_shown(view.graph, item))
                return -1;
        if (G_LIKELY(now >> 32 != 0 && now >> 32 <= view.seq))
                return (int)(now & 0xffff);
        version = now >> 32 == 0 ? NULL : node_version(view, item);
        return version == NULL ? -1 : version->kind << 8 | version->state;
}

static inline int node_kind_state(GraphView view, ItemNo item)
{
        return now_kind_state(view, item, node_now(node_at(view.graph, item)));
}

/* Is a link that has to be asked valid at the commit? */
static inline bool link_is_valid(const Graph *graph, uint32_t link, Seq seq)
{
        const Link *asked = link_at(graph, link);

        return asked->from_seq <= seq && atomic_load_explicit(&asked->to_seq, memory_order_relaxed) > seq;
}

#endif
