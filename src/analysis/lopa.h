/* Layers of protection analysis of a hazard (docs/algorithms/lopa.md): how often its consequence comes about, with the layers that
 * `prevent` it, against how often that is tolerable. Source: CCPS, Layer of Protection Analysis, 2001; IEC 61511-3 Annex F.
 *
 * A layer earns a credit, its PFD, when it is live and independent; layers that use an element in common earn one between them.
 * What nobody stated is NaN: unknown, never zero, and no verdict. Where nobody answered whether a layer is independent, every answer is
 * tried, and what holds for all of them is known all the same. Owned by the caller. Thread-safe for readers of the view. */
#ifndef ANALYSIS_LOPA_H
#define ANALYSIS_LOPA_H

#include "analysis/safety_function.h"

typedef struct {
        ItemNo layer; /* a safety function or a protection layer */
        double pfd;
        bool credited;
        ItemNo shares_with; /* the layer that has the credit of both, or ZW_ITEM_NONE */
        ItemNo shared;      /* an element that both use */
} LopaLayer;

/* A frequency under every answer on independence that nobody gave; both the same where all are given. */
typedef struct {
        double least, most;
} LopaRange;

/* Most layers of a hazard without an answer of which every combination is tried. */
enum { ZW_LOPA_UNANSWERED_MAX = 10 };

typedef struct {
        ItemNo hazard;
        double initiating_per_y;
        double modifiers;          /* product of the conditional probabilities; one that nobody claims is 1 */
        double unmitigated_per_y;  /* initiating events x modifiers */
        double other_layers_per_y; /* with the credits of protection layers, before safety functions */
        double mitigated_per_y;    /* with all credits */
        LopaRange other_layers_range_per_y, mitigated_range_per_y;
        double tolerable_per_y;
        double reduction_needed; /* of safety functions: other layers / tolerable; at most 1: none */
        int sil_needed; /* of one safety function alone, whatever the answers; 0: none, -1: unknown; above ZW_SIL_MOST: no SIL is enough */
        GArray *layers; /* of LopaLayer, by number */
        SafetyVerdict verdict;
        GPtrArray *notes; /* of SafetyNote */
} Lopa;

Lopa *lopa_find(GraphView view, ItemNo hazard, Instant now);
void lopa_free(Lopa *lopa);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lopa, lopa_free)

#endif
