/* Need, status and SL-A of all places, kept from commit to commit: after an edit, only what read something the edit touched is
 * computed again (docs/algorithms/kept.md).
 *
 * While a place is computed, its graph notes which items are read (graph_noted). What places share (what the findings on a product
 * break, whether a service is verified at home) is kept by itself, so that a place rests on what that comes to. Every question about time
 * is noted as the span in which its answer stays. What this does not bound makes everything anew: a place or a system that comes or
 * goes, a system that changes, an instant outside the span.
 *
 * Source: self-adjusting computation with cut-off (Acar, Blelloch, Harper: Adaptive functional programming, TOPLAS 2006), with one
 * list of reads a part. Memory: 12 bytes for each item a part reads and 8 for each item of the graph, beside the results; where that
 * comes to more than it may, nothing is kept from then on.
 *
 * A Kept is of one graph and used by one thread at a time; an Assess that it gives is the caller's, for one thread, and lives as long as
 * the graph does. */
#ifndef ANALYSIS_KEPT_H
#define ANALYSIS_KEPT_H

#include "analysis/assess.h"

typedef struct Kept Kept;

/* More than this of an open project is not held. */
#define ZW_KEPT_BYTES_MAX (UINT64_C(256) << 20)

Kept *kept_new(uint64_t bytes_max);
void kept_free(Kept *kept);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Kept, kept_free)

/* Commit `seq` touched an item: a revision of it, a link that begins, changes or ends at it, a result of it or in it. Every touched
 * item has to be told, in the order of the commits, before a view of that commit is assessed. */
void kept_touch(Kept *kept, Seq seq, ItemNo item);

/* An assessment that knows all places already; assess_place without causes gives the results it shares. NULL when a later commit than
 * that of the view was assessed before, and when it came to more bytes than may be kept. The view shows all there is. */
Assess *kept_assess(Kept *kept, GraphView view, Instant now);

/* How many places had to be computed for the last assessment. */
size_t kept_computed(const Kept *kept);

/* The result of a place that an assessment knows already, shared; else NULL. */
PlaceAssessment *kept_place(const Assess *assess, ItemNo place);

#endif
