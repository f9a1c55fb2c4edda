/* Where functions of safety stand and where countermeasures run, so that what they share can be found
 * (docs/algorithms/trace-and-impact.md, safety-security.md). Pure functions over a view; arrays are the caller's. */
#ifndef ANALYSIS_ANCHOR_H
#define ANALYSIS_ANCHOR_H

#include "graph/graph.h"

/* What a function stands on or in: a thing that it uses, a component of that, or a zone or conduit that contains it. A whole
 * system says nothing about what is shared, and neither does what contains a product. */
typedef struct {
        ItemNo item, function;
        ItemNo uses; /* the thing that it uses */
        AsId as;     /* in which role */
} SafetyAnchor;

/* Of all live items of `kinds` (a bit per KindId): GArray of SafetyAnchor by item, function, uses and role. */
GArray *safety_anchors(GraphView view, uint64_t kinds);
/* Those at one item. */
const SafetyAnchor *safety_anchors_at(const GArray *anchors, ItemNo item, size_t *ret_n);

/* Where a countermeasure is deployed, and in it the component that is meant, if it is not the thing itself. */
typedef struct {
        ItemNo spot, item;
} MeasureSpot;

/* Live ones: GArray of MeasureSpot, by spot, each before its components. */
GArray *measure_spots(GraphView view, ItemNo measure);

/* The zones and conduits that the elements of a function are part of, or are, by number: GArray of ItemNo. */
GArray *function_places(GraphView view, ItemNo function);

/* The live other ends of the links of one type, of one kind (or ZW_KIND_COUNT for any), by number: GArray of ItemNo. */
GArray *items_linked(GraphView view, ItemNo item, GraphSide side, LinkTypeId type, int kind);

#endif
