/* What is looked at: some systems (environments), zones and conduits, or the whole project. By value; the items are borrowed.
 * Thread-safe for readers. */
#ifndef ANALYSIS_SCOPE_H
#define ANALYSIS_SCOPE_H

#include "graph/graph.h"

typedef struct {
        const ItemNo *items; /* systems, zones and conduits */
        size_t n;            /* 0: everything */
} Scope;

/* Is the place one of those named, or within a system that is? */
bool scope_has_place(GraphView view, Scope scope, ItemNo place);
/* Does the asset lie in such a place? In the whole project each does, in a place or not. */
bool scope_has_asset(GraphView view, Scope scope, ItemNo asset);

/* Does the finding touch an asset in the scope (finding_assets)? In the whole project each does. */
bool scope_has_finding(GraphView view, Scope scope, ItemNo finding);

#endif
