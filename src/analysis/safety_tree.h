/* The fault tree that a hazard or a safety function holds, its minimal cut sets and their probability
 * (docs/algorithms/cut-sets.md). An event that is an element takes the PFDavg of that element alone. Owned by the caller;
 * thread-safe for readers of the view. */
#ifndef ANALYSIS_SAFETY_TREE_H
#define ANALYSIS_SAFETY_TREE_H

#include "analysis/cutset.h"
#include "analysis/safety_function.h"

typedef struct {
        ItemNo item;
        FaultTree *tree;
        CutSets *sets;
        ItemNo *elements;      /* by number of node: the item of an element, else ZW_ITEM_NONE */
        double *probabilities; /* by number of node; NaN: unknown */
        double probability;    /* of the top event, an upper bound; NaN: unknown */
        GPtrArray *notes;      /* of SafetyNote */
} SafetyTree;

/* Errors: NOT_FOUND, the item has no fault tree; those of fault_tree_read and cut_sets_find. */
SafetyTree *safety_tree_find(GraphView view, ItemNo item, Instant now, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
void safety_tree_free(SafetyTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SafetyTree, safety_tree_free)

#endif
