/* The cheapest cover: of actions that each meet some needs, those that together meet all of them at the least cost
 * (weighted set cover, solved as an integer program by GLPK; docs/algorithms/plan.md). The only home of GLPK. Thread-safe. */
#ifndef ANALYSIS_PLAN_SOLVE_H
#define ANALYSIS_PLAN_SOLVE_H

#include "base/error.h"

#include <stdint.h>

/* Largest cost of an action; of a cluster (actions that share needs, over others too), its actions and its kinds of needs. */
enum { ZW_COVER_COST_MAX = 1000, ZW_COVER_ACTIONS_MAX = 2000, ZW_COVER_NEEDS_MAX = 5000 };

typedef struct {
        uint32_t need, action;
} CoverPair;

typedef struct {
        const uint32_t *costs; /* of each action, 1 to ZW_COVER_COST_MAX */
        size_t n_actions, n_needs;
        const CoverPair
                *pairs; /* which action meets which need, in any order; a need without any is left unmet */
        size_t n_pairs;
} Cover;

/* Sets ret_chosen (one for each action). Of covers that cost the same, in every cluster the one with the lowest sum of
 * positions, counted from 1 in the order of the actions. The same cover gives the same choice.
 * Errors: LIMIT, a cluster is too large, or not solved within 20 s. */
bool cover_solve(const Cover *cover, bool *ret_chosen, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
