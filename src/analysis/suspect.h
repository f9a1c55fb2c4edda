/* Direct suspects (docs/algorithms/suspects.md): links a person has to judge again, since an end had a substantive revision
 * after somebody last did. Thread-safe for readers. */
#ifndef ANALYSIS_SUSPECT_H
#define ANALYSIS_SUSPECT_H

#include "graph/graph.h"

/* One end of a link that changed; a link of which both did is there twice. */
typedef struct {
        uint32_t link;
        LinkTypeId type;
        ItemNo from, to;
        GraphSide end; /* the one that changed: GRAPH_OUT is `from` */
} Suspect;

/* All of them, or with `items` (a byte for each item of the view, not 0 to be taken) those with such an item at an end: by the
 * number of the item the link goes out of, its links in the order of graph_iter, `from` before `to`. Free with g_array_unref. */
GArray *suspects_find(GraphView view, const uint8_t *items);

/* The item at the end that changed, and at the other one. */
static inline ItemNo suspect_changed(const Suspect *suspect)
{
        return suspect->end == GRAPH_OUT ? suspect->from : suspect->to;
}
static inline ItemNo suspect_other(const Suspect *suspect)
{
        return suspect->end == GRAPH_OUT ? suspect->to : suspect->from;
}

#endif
