/* Advisories in a project: kept with their documents, matched at every import to what is installed then, and what they say
 * there as findings (docs/algorithms/matching.md). An advisory never makes a component. Inside service/ only. */
#ifndef SERVICE_INTERCHANGE_ADVISORY_H
#define SERVICE_INTERCHANGE_ADVISORY_H

#include "service/feeds/feed_keyring.h"
#include "service/internal.h"
#include "service/interchange/inventory.h"
#include "service/interchange/rematch.h"
#include "vuln/advisory.h"

/* What matching makes of the operations of an import: none of them is held. */
typedef struct {
        OpSource before; /* what was matched; it must live as long */
        json_t *kept;    /* operations that stand in place of those `advisory` in `before`, in their order */
        json_t *found;   /* operations behind all others */
        size_t installed,
                advisories; /* how many components and assets were held against how many advisories and records */
        int64_t to_day;     /* the last day (since the epoch, in UTC) on which the same would be found */
} Matched;

void matched_clear(Matched *matched);
/* All operations, with those that were made; `matched` must live as long. */
OpSource matched_ops(Matched *matched);

/* A step of an import, on the pending tip: takes native operations, puts the assertions of each `advisory` operation into the
 * store and has them attached to its document, matches all kept advisories and what the feeds hold to the inventory as the operations leave it, and
 * appends `item` and `link` operations of the findings. What is so already is not said again. The state of a finding is
 * never touched; of one that people work on, neither is anything but `sources` and `reason`. Advisories of the feeds that a key of `keyring`
 * covered once and covers no longer decide nothing; NULL where signatures are not demanded. With `rematch` there are no operations, and
 * only what that says was touched is matched, unless it says all, or all turns out to be, which it is told.
 * Errors: those of the store, and of `ops`; INPUT, assertions are not what this build reads. */
bool advisories_match(StoreView *view, Store *store, const Id *log, const OpSource *ops,
                      const FeedKeyring *keyring, Rematch *rematch, Matched *ret_matched, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* The advisory that a document of the project holds (`digest`). Errors: those of the store; INPUT. */
Advisory *advisory_of(Store *store, const Thing *document, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether there is anything to match to, or any finding that might not be confirmed any longer: operations that bring an advisory,
 * feeds, a document, a finding. Without it the step changes nothing. Errors: those of the store. */
bool advisories_are_due(StoreView *view, const Store *store, const Id *log, bool brings, bool *ret_due,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
