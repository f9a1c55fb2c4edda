/* Inside the files of interactions only. */
#ifndef ANALYSIS_INTERACTION_INTERNAL_H
#define ANALYSIS_INTERACTION_INTERNAL_H

#include "analysis/interaction.h"

/* Fills a balance whose function and interactions are known, and adds its conflicts. */
void balance_make(GraphView view, Instant now, Interactions *all, FunctionBalance *balance);

#endif
