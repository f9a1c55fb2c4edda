/* Safety functions that share something with the countermeasures of requirements (docs/algorithms/trace-and-impact.md):
 * what a scenario puts at stake for safety although no link leads there. Thread-safe for readers. */
#ifndef ANALYSIS_SHARED_H
#define ANALYSIS_SHARED_H

#include "graph/graph.h"

enum { ZW_SHARED_PATH_MAX = 7 };

/* How a requirement leads to a safety function or protection layer: requirement, claim, countermeasure, where that is
 * deployed, what is shared, what the function uses, the function; what is the same as the one before it is left out. */
typedef struct {
        ItemNo function;
        size_t requirement; /* index among those asked about */
        ItemNo path[ZW_SHARED_PATH_MAX];
        size_t n;
} SharedFunction;

/* Each function once, for the first of the requirements that leads to it (GArray of SharedFunction, in the order of the
 * requirements, then of claims, countermeasures, places and functions by number). */
GArray *shared_functions(GraphView view, const ItemNo *requirements, size_t n);

#endif
