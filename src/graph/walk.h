/* Traversals over a view: impact (by ripple) and trace (by the chain). Breadth first, nearest first, each item once with
 * its shortest path. Thread-safe for readers; a Walk belongs to one thread and can be used again. */
#ifndef GRAPH_WALK_H
#define GRAPH_WALK_H

#include "graph/graph.h"

typedef enum { WALK_DOWN = 1, WALK_UP = 2, WALK_BOTH = 3 } WalkDirection;

typedef enum {
        WALK_RIPPLE, /* DOWN: the way a change travels (LinkTypeDef.ripple); UP: against it */
        WALK_TRACE,  /* DOWN: from source to proof (LinkTypeDef.trace); UP: against it */
} WalkRule;

typedef struct Walk Walk;

typedef struct {
        ItemNo item;
        uint32_t distance; /* links from the start, which is 0 */
        uint32_t before; /* index of the step before it on its path (may be past the end); 0 for the start */
        uint32_t entry;  /* for walk_link */
} WalkStep;

Walk *walk_new(void);
void walk_free(Walk *walk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Walk, walk_free)

/* From now on only links of these types are followed; all of them unless this is called. */
void walk_follow(Walk *walk, LinkMask types);

/* Everything reached from `start`, itself first. Retired items end a path and are not given. WALK_BOTH follows each
 * direction for itself (up from the start, and down from the start), not zigzag; an item found both ways is given where
 * it is nearer. A path may then lead over steps past the end of the result, which are items given elsewhere in it. The
 * array is borrowed until the next call. Errors: NODE_UNKNOWN; LIMIT when more than `max` items are reached. */
bool walk_find(Walk *walk, GraphView view, ItemNo start, WalkRule rule, WalkDirection direction, size_t max,
               const WalkStep **ret_steps, size_t *ret_n, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The link that reached one of these steps, not the first. Looked up when it is asked for, so that a walk reads no links. */
uint32_t walk_link(GraphView view, const WalkStep *steps, const WalkStep *step);

#endif
