/* The in-memory graph of one project: typed, in both directions, as of any commit since it was loaded. It knows no SQL:
 * a service feeds it revisions, first all that are valid at one commit (graph_load_*), then commit by commit
 * (graph_apply_*).
 *
 * Items are nodes with dense numbers (ItemNo); columns are kind, state, revision numbers, key, title and packed facts.
 * Links lie in append-only blocks and say between which commits they are valid, so applying a commit costs what it touches, readers pin a commit and are never blocked, and one writer never waits for them.
 * Memory: see graph_memory. At most ZW_GRAPH_NODES_MAX items.
 *
 * Threads: one writer at a time (load and apply); any number of readers, each through a GraphView by value. */
#ifndef GRAPH_GRAPH_H
#define GRAPH_GRAPH_H

#include "model/facts.h"
#include "model/revision.h"

enum { ZW_GRAPH_NODES_MAX = 1 << 25 };

typedef struct Graph Graph;

Graph *graph_new(void);
void graph_free(Graph *graph);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Graph, graph_free)

/* Loading and applying are the same calls: revisions in order of their from_seq; a new revision of an item or link ends
 * the one before it. A reader sees nothing of commit `seq` before graph_publish(seq). An item that ended (retired is a
 * state, not an end) stays. Errors: LIMIT; INPUT for attributes that are not JSON. */
bool graph_apply_item(Graph *graph, const ItemRev *rev, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* `ended`: the link stops being valid at rev->from_seq. */
bool graph_apply_link(Graph *graph, const LinkRev *rev, bool ended, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool graph_apply_result(Graph *graph, const ResultRev *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void graph_publish(Graph *graph, Seq seq);

/* The newest published commit, and the oldest one that can be pinned. */
Seq graph_head(const Graph *graph);
Seq graph_base(const Graph *graph);
/* Bytes held. */
size_t graph_memory(const Graph *graph);

/* A state of the graph at one commit. By value; valid while the graph lives. */
typedef struct {
        const Graph *graph;
        Seq seq;
} GraphView;

GraphView graph_pin(const Graph *graph);
/* False when `seq` is outside [base, head]. */
bool graph_pin_at(const Graph *graph, Seq seq, GraphView *ret_view);

/* What a view shows of some items only: those whose byte in `items`, by number, is not 0 (`n` bytes, borrowed), the links between
 * them, and results of cases and runs that are both among them. The others do not exist in it. It has the one commit of `view`, shares the memory of that graph and is freed before it. */
Graph *graph_limit(GraphView view, const uint8_t *items, ItemNo n);
/* The same commit with all that the graph holds; for what is computed of everything before some of it is shown. */
GraphView graph_whole(GraphView view);

/* About which items anything is asked, so that an answer can be kept until one of them is touched. A graph that is noted is a view
 * of the same commit that writes each item a reader asks about (itself, its links, its results, the other end of a link) into
 * `notes`; it shares the memory of the view's graph and is freed before it. Notes are used by one thread. */
typedef struct GraphNotes GraphNotes;
GraphNotes *graph_notes_new(void);
void graph_notes_free(GraphNotes *notes);
Graph *graph_noted(GraphView view, GraphNotes *notes);
/* Begins a list inside the one that is written, if any. Its end gives the items, some of them twice, and goes on with the list before;
 * ret_missed: a key was asked for that no item has. */
void graph_notes_begin(GraphNotes *notes);
GArray *graph_notes_end(GraphNotes *notes, bool *ret_missed);

/* Number of item numbers in use at the view; some may not exist at it (graph_exists). */
ItemNo graph_item_count(GraphView view);
bool graph_exists(GraphView view, ItemNo item);
bool graph_find_key(GraphView view, const char *key, ItemNo *ret_item);

KindId graph_kind(GraphView view, ItemNo item);
StateId graph_state(GraphView view, ItemNo item);
bool graph_is_live(GraphView view, ItemNo item);     /* exists and is not in a retired state */
bool graph_is_approved(GraphView view, ItemNo item); /* in a state with the flag approved */
uint32_t graph_rev(GraphView view, ItemNo item);
uint32_t graph_subst(GraphView view, ItemNo item);
Seq graph_changed(GraphView view, ItemNo item);       /* the commit that made the revision */
const char *graph_key(GraphView view, ItemNo item);   /* borrowed from the graph */
const char *graph_title(GraphView view, ItemNo item); /* borrowed from the graph */
Facts graph_facts(GraphView view, ItemNo item);

/* One link as seen from one end. */
typedef struct {
        ItemNo other;
        LinkTypeId type;
        uint32_t link; /* number of the link inside this graph */
} GraphEdge;

typedef enum { GRAPH_OUT, GRAPH_IN } GraphSide;

/* Walks the links of an item valid at the view, those of one type in the order they were made; types as a bit mask. */
typedef struct {
        uint64_t mask;
} LinkMask;
#define LINK_MASK(type) ((LinkMask){ UINT64_C(1) << (type) })
#define LINK_MASK_ALL   ((LinkMask){ UINT64_MAX })
static inline LinkMask link_mask_or(LinkMask a, LinkMask b)
{
        return (LinkMask){ a.mask | b.mask };
}

typedef struct {
        GraphView view;
        void *entries, *next, *other; /* where it is, the block that comes after, and the list after that */
        uint32_t at, n, room;
        uint64_t ways; /* by type and side */
} GraphIter;

GraphIter graph_iter(GraphView view, ItemNo item, GraphSide side, LinkMask types);
bool graph_next(GraphIter *iter, GraphEdge *ret_edge);

/* Facts of a link by its number. */
ItemNo graph_link_from(GraphView view, uint32_t link);
ItemNo graph_link_to(GraphView view, uint32_t link);
AsId graph_link_as(GraphView view, uint32_t link);
Facts graph_link_facts(GraphView view, uint32_t link);
/* The last substantive revision of one end (GRAPH_OUT: the end it goes out of) when the link was last judged. */
uint32_t graph_link_judged(GraphView view, uint32_t link, GraphSide end);
/* Suspect: either end has had a substantive revision since the link was last judged. */
bool graph_link_is_suspect(GraphView view, uint32_t link);
/* Whether any link of the item was ever suspect for what this end became; false is certain. */
bool graph_may_be_suspect(GraphView view, ItemNo item);

/* The first other end over one link type, or ZW_ITEM_NONE. */
ItemNo graph_first(GraphView view, ItemNo item, GraphSide side, LinkTypeId type);

/* Results of a test case: the latest one at the view (highest time, then seq); false when there is none. */
typedef struct {
        ResultStatus status;
        ItemNo run;
        Instant at;
} GraphResult;
bool graph_latest_result(GraphView view, ItemNo test_case, GraphResult *ret_result);
/* Those of all runs, newest first, of each run the newest alone; at most `max`. Gives how many there are. */
size_t graph_results(GraphView view, ItemNo test_case, GraphResult *ret_results, size_t max);

#endif
