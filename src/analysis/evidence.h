/* Whether a piece of evidence can still be relied on (docs/algorithms/evidence.md). Pure functions of a view. */
#ifndef ANALYSIS_EVIDENCE_H
#define ANALYSIS_EVIDENCE_H

#include "graph/graph.h"

enum { EVIDENCE_SOON_DAYS = 90 };

/* The first that holds. */
typedef enum {
        EVIDENCE_EXPIRED,       /* past its validity */
        EVIDENCE_OTHER_VERSION, /* it states a version, and what it speaks of has another one now */
        EVIDENCE_SUSPECT,       /* what it speaks of, or itself, has changed since somebody judged it */
        EVIDENCE_NOT_APPROVED,
        EVIDENCE_EXPIRING, /* within EVIDENCE_SOON_DAYS */
        EVIDENCE_CURRENT,
} EvidenceState;

EvidenceState evidence_state(GraphView view, ItemNo evidence, Instant now);
const char *evidence_state_name(EvidenceState state);

#endif
