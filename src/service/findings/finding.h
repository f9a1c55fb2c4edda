/* Verdicts on what is installed, as native operations on findings. Inside service/ only. */
#ifndef SERVICE_FINDINGS_FINDING_H
#define SERVICE_FINDINGS_FINDING_H

#include "base/jread.h"
#include "model/triage.h"
#include "service/findings/decision.h"
#include "service/interchange/inventory.h"
#include "vuln/verdict.h"

/* The system of a finding's outside identity `VULNERABILITY|SUBJECT`, the subject by its own outside identity or else its key. */
#define ZW_FINDING_SYSTEM "finding"

/* What the project says of findings that are made or found again. */
typedef struct {
        const TriagePolicy *policy;
        GHashTable *decisions; /* of decisions_load */
        Instant now;
} FindingRules;

/* Appends to `ops`: a new finding with its link for each verdict that something is affected; for one that is there what
 * changed; and for findings that no advisory confirms any longer that it is so. `subjects` are the Things the verdicts number, `exploited` the ids of
 * vulnerabilities that are known to be exploited. A finding that nobody looked at follows the decision that covers it, and one that
 * follows a decision is reopened where that holds no longer, by `decided` operations. */
void findings_append(const Inventory *inventory, const GPtrArray *subjects, const GPtrArray *verdicts,
                     GHashTable *exploited, const FindingRules *rules, json_t *ops);

/* What is said of findings, for whoever makes some. The identity is cut to its limit; free it. */
char *finding_identity(const Thing *subject, const char *vulnerability);
/* Sources, and lines of a reason, that begin with one of `marks` (ended by NULL) are replaced by those given; what others said
 * stays. `finding` may be NULL. */
json_t *finding_merge_sources(const Thing *finding, char *const *given, const char *const *marks);
char *finding_merge_reason(const Thing *finding, const char *given, const char *const *marks);
/* Rows that the weaknesses may break; what the table does not map is left to people. */
json_t *finding_proposed(char *const *cwes);

#endif
