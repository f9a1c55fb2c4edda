/* Decisions of triage that have a scope (docs/algorithms/triage.md): of one vulnerability, for one thing that is installed or for a
 * product line, perhaps only some versions of it or one place. Each is a setting of the project, so that it is in the log; the
 * same vulnerability and scope is the same decision. Matching applies them to findings that come later, and takes them back where
 * what they rest on has changed. Inside service/ only. */
#ifndef SERVICE_FINDINGS_DECISION_H
#define SERVICE_FINDINGS_DECISION_H

#include "model/metamodel.h"
#include "model/triage.h"
#include "service/interchange/inventory.h"

#define ZW_DECISION_PREFIX "decision:"
enum { ZW_DECISION_DIGITS = 16 };

typedef struct {
        char *id;
        json_t *value; /* {"vulnerability","state","reason","until"?,"assertion"?,"finding","scope":{...}} */
        StateId state;
} Decision;

/* The scope is an object with `subject` (key of a component or asset), or `vendor` and `product`; and perhaps `versions` (a range
 * as advisories write them) and `zone` (key of a place). */
char *decision_id(const char *vulnerability, const json_t *scope);
/* Whether the value of the setting is a decision with this id; null ends one. Errors: INPUT with the place. */
bool decision_check(const char *id, const json_t *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Those of the project by id (GHashTable of Decision). Errors: those of the store. */
GHashTable *decisions_load(StoreView *view, const Id *log, Seq seq, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The triage policy of the project, or the one that comes with the program. Errors: those of the store. */
TriagePolicy *policy_load(StoreView *view, const Id *log, Seq seq, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Why a decision does not hold for a finding on a thing, whose sources say what `assertion` is the hash of; NULL: it holds. */
const char *decision_void(const Decision *decision, const Inventory *inventory, const Thing *subject,
                          const char *assertion, Instant now);
/* The decision that holds for it, one for the thing itself before one for a product line; or NULL. */
const Decision *decision_find(GHashTable *decisions, const Inventory *inventory, const Thing *subject,
                              const char *vulnerability, const char *assertion, Instant now);

/* The last day (since the epoch, in UTC) on which all of them that hold at `now` hold still. */
int64_t decisions_last_day(GHashTable *decisions, Instant now);

/* The state a finding goes back to when its decision ends: the first that a transition leads to and that settles nothing. */
StateId decision_reopened(StateId from);

#endif
