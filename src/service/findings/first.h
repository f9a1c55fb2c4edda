/* Findings that come first in an order, picked in the graph: a page of a hundred thousand reads from the store what it shows and no more.
 * Inside service/ only; one thread. */
#ifndef SERVICE_FINDINGS_FIRST_H
#define SERVICE_FINDINGS_FIRST_H

#include "service/lists/filter.h"

/* Which findings are asked for: those that are not retired and fit all that is given. All is borrowed. */
typedef struct {
        Call *call;
        GraphView view;
        const Filter *filter; /* or NULL */
        const uint8_t *zone;  /* items of a place, or NULL */
        const char *state;    /* or NULL */
} FindingAsk;

/* Whether one of the assets lies in the place that is asked for. */
bool finding_is_in_zone(const FindingAsk *ask, const GArray *assets);

/* The first `limit` of them (ItemNo) by `keys`, names of members of a row with `-` in front where the greatest comes first; findings alike
 * come by number. They are given in the order of their numbers. *ret_items is NULL where the graph cannot tell: it does not hold a key, or
 * too little of what the filter asks. Free it. Errors: those of the store. */
bool findings_first(const FindingAsk *ask, char *const *keys, size_t limit, GArray **ret_items,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Which of two values of `name` comes first; a text that is not there (NULL) is least. Severities come as the metamodel has them, lengths
 * first in a score, so that 10.0 is more than 9.8. */
int finding_text_order(const char *name, const char *a, const char *b);

#endif
