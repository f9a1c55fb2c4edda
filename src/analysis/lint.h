/* Named defects of a security case (docs/algorithms/lint.md): what audits keep finding, each an automatic check. A defect is
 * a result, not an error. Thread-safe for readers. */
#ifndef ANALYSIS_LINT_H
#define ANALYSIS_LINT_H

#include "base/instant.h"
#include "graph/graph.h"
#include "model/risk.h"

typedef struct {
        const char *rule;   /* a fixed name */
        const char *number; /* `S1` of a rule of separation, else NULL */
        const char *clause; /* that it comes from, or NULL: project practice */
        bool warning;       /* a person may find it right, and says why */
        ItemNo items[2];    /* the second may be ZW_ITEM_NONE */
        ItemNo answer;      /* a waiver that answers it (docs/algorithms/separation.md), or ZW_ITEM_NONE */
        char *message;
} Defect;

/* The names of all rules, in table order. */
size_t lint_rule_count(void);
const char *lint_rule_name(size_t rule);

/* Where an item came from: entered by hand, from a drawing, or from another outside source. */
typedef enum { LINT_BY_HAND, LINT_DRAWN, LINT_INVENTORY } LintOrigin;
enum { ZW_LINT_ORIGINS = LINT_INVENTORY + 1 };

/* What the graph does not hold. Origins by item number; numbers past the end are by hand. */
typedef struct {
        const uint8_t *of; /* LintOrigin */
        size_t n;
        const RiskMethods *methods; /* of the project; NULL: those of the program */
} LintOrigins;

/* Unanswered defects of the live items, in item order within each rule, rules in table order (GArray of Defect; free it with
 * g_array_unref). `now` is the evaluation instant; without `origins` all is by hand, and no drawing is compared. */
GArray *lint_find(GraphView view, Instant now, const LintOrigins *origins);
/* The same with those that somebody answered. */
GArray *lint_find_all(GraphView view, Instant now, const LintOrigins *origins);

#endif
