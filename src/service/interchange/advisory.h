/* Advisories in a project: kept with their documents, matched at every import to what is installed then, and what they say
 * there as findings (docs/algorithms/matching.md). An advisory never makes a component. Inside service/ only. */
#ifndef SERVICE_INTERCHANGE_ADVISORY_H
#define SERVICE_INTERCHANGE_ADVISORY_H

#include "base/error.h"
#include "base/jread.h"
#include "store/store.h"

/* A step of an import, on the pending tip: takes native operations, puts the assertions of each `advisory` operation into the
 * store and has them attached to its document, matches all kept advisories and what the feeds hold to the inventory as the operations leave it, and
 * appends `item` and `link` operations of the findings. What is so already is not said again. The state of a finding is
 * never touched; of one that people work on, neither is anything but `sources` and `reason`. Where nothing is touched that matching rests on, it gives the operations back as they are, unless
 * `always`: the feeds may have changed.
 * Errors: those of the store; INPUT, assertions are not what this build reads. */
bool advisories_match(StoreView *view, Store *store, const Id *log, const json_t *ops, bool always,
                      json_t **ret_ops, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether there is anything to match to, or any finding that might not be confirmed any longer: operations that bring an advisory,
 * feeds, a document, a finding. Without it the step changes nothing. Errors: those of the store. */
bool advisories_are_due(StoreView *view, const Store *store, const Id *log, bool brings, bool *ret_due,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
