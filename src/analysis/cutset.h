/* Minimal cut sets of a fault tree: the smallest sets of basic events that together cause the top event
 * (docs/algorithms/cut-sets.md). Held as a zero-suppressed binary decision diagram, so their number may be far larger than
 * memory could list. Sources: S. Minato, Zero-suppressed BDDs for set manipulation, DAC 1993; A. Rauzy, New algorithms for
 * fault trees analysis, Reliability Engineering and System Safety 40 (1993). Not thread-safe to find, then constant. */
#ifndef ANALYSIS_CUTSET_H
#define ANALYSIS_CUTSET_H

#include "model/fault_tree.h"

/* Most nodes of the diagram, most steps to make it. */
enum { ZW_CUTSET_NODES_MAX = 1000000, ZW_CUTSET_STEPS_MAX = 20000000 };

typedef struct CutSets CutSets;

/* Errors: LIMIT, the diagram is too large. */
CutSets *cut_sets_find(const FaultTree *tree, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void cut_sets_free(CutSets *sets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CutSets, cut_sets_free)

/* How many there are, exact up to 2^53. None: nothing causes the top event. One, of size 0: it is certain. */
double cut_sets_count(const CutSets *sets);
/* How many of them have `size` events. */
double cut_sets_count_of(const CutSets *sets, size_t size);

/* Sum of the products of the probabilities of their events (by number of node): rare-event approximation, an upper bound of the
 * probability of the top event. NaN when one that occurs in a cut set is NaN. */
double cut_sets_probability(const CutSets *sets, const double *probabilities);

/* At most `max` of them, the smallest first (GPtrArray of GArray of uint32_t: numbers of nodes, by the order of the tree). */
GPtrArray *cut_sets_list(const CutSets *sets, size_t max);

#endif
