/* Verdicts on what is installed, as native operations on findings. Inside service/ only. */
#ifndef SERVICE_FINDING_H
#define SERVICE_FINDING_H

#include "base/jread.h"
#include "service/inventory.h"
#include "vuln/verdict.h"

/* The system of a finding's outside identity `VULNERABILITY|SUBJECT`, the subject by its own outside identity or else its key. */
#define ZW_FINDING_SYSTEM "finding"

/* Appends to `ops`: a new finding with its link for each verdict that something is affected; for one that is there what
 * changed; and for findings that no advisory confirms any longer that it is so. `subjects` are the Things the verdicts number, `exploited` the ids of
 * vulnerabilities that are known to be exploited. */
void findings_append(const Inventory *inventory, const GPtrArray *subjects, const GPtrArray *verdicts,
                     GHashTable *exploited, json_t *ops);

#endif
