/* Named defects of a security case (docs/algorithms/lint.md): what audits keep finding, each an automatic check. A defect is
 * a result, not an error. Thread-safe for readers. */
#ifndef ANALYSIS_LINT_H
#define ANALYSIS_LINT_H

#include "graph/graph.h"

typedef struct {
        const char *rule; /* a fixed name */
        ItemNo items[2];  /* the second may be ZW_ITEM_NONE */
        char *message;
} Defect;

/* The names of all rules, in table order. */
size_t lint_rule_count(void);
const char *lint_rule_name(size_t rule);

/* All defects of the live items, in item order within each rule, rules in table order (GArray of Defect; free it with
 * g_array_unref). */
GArray *lint_find(GraphView view);

#endif
