/* What lies around an item, and why two items belong together: links of any type, whichever way they go, so unlike impact and
 * trace nothing here says that a change travels (docs/algorithms/trace-and-impact.md). Thread-safe for readers. */
#ifndef ANALYSIS_NEIGHBOUR_H
#define ANALYSIS_NEIGHBOUR_H

#include "graph/graph.h"

typedef struct {
        ItemNo item;
        uint32_t distance; /* links from the first, which is 0 */
        uint32_t before;   /* index of the one it was met from */
} Neighbour;

/* The item and what at most `depth` links of these types lead to, nearest first, at most `most` items: *ret_more says that there
 * are others. Retired items lead nowhere and are not given. GArray of Neighbour; free with g_array_unref. */
GArray *neighbours_find(GraphView view, ItemNo start, LinkMask types, uint32_t depth, size_t most,
                        bool *ret_more);

/* The shortest way from one item to another over links of these types: GArray of ItemNo, both ends in it, empty when there is none.
 * Free with g_array_unref. */
GArray *connection_find(GraphView view, ItemNo from, ItemNo to, LinkMask types);

#endif
