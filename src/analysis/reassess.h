/* What calls for assessing anew (docs/algorithms/programme.md): certificates and competence that end, products beyond the scope of their
 * certificate, assessments that end, procedures that changed and incidents since. Pure functions of a view. */
#ifndef ANALYSIS_REASSESS_H
#define ANALYSIS_REASSESS_H

#include "graph/graph.h"

typedef enum {
        REASSESS_CERTIFICATE_EXPIRED,
        REASSESS_CERTIFICATE_EXPIRING, /* within EVIDENCE_SOON_DAYS, as the others */
        REASSESS_BEYOND_SCOPE,         /* a version of the product that the certificate does not cover */
        REASSESS_COMPETENCE_EXPIRED,
        REASSESS_COMPETENCE_EXPIRING,
        REASSESS_ASSESSMENT_EXPIRED,
        REASSESS_ASSESSMENT_EXPIRING,
        REASSESS_PROCEDURE_CHANGED, /* since somebody judged that it carries the claim */
        REASSESS_INCIDENT,          /* since the assessment, on what it speaks for */
        ZW_REASSESS_REASONS
} ReassessReason;

const char *reassess_reason_name(ReassessReason reason);

typedef struct {
        ReassessReason reason;
        ItemNo because; /* the certificate, product, competence record, claim, procedure or incident */
        GArray *items;  /* of ItemNo: what is to be assessed anew, by number */
        Instant ends;   /* of what ends, else 0 */
} ReassessTrigger;

/* By reason, then by `because` (GArray of ReassessTrigger; free it with g_array_unref). `now` is the evaluation instant. */
GArray *reassess_find(GraphView view, Instant now);

#endif
