/* Whether a piece of evidence can still be relied on (docs/algorithms/evidence.md). Pure functions of a view. */
#ifndef ANALYSIS_EVIDENCE_H
#define ANALYSIS_EVIDENCE_H

#include "graph/graph.h"

enum { EVIDENCE_SOON_DAYS = 90, EVIDENCE_NATURES = ZW_VALUE_EVIDENCE_NATURE_LOG + 1 };

/* How many days evidence of each nature holds from its date, by the attribute `evidence_ages` of the systems: the fewest where several
 * say it. 0: as long as its validity says. */
typedef struct {
        int64_t days[EVIDENCE_NATURES];
} EvidenceAges;

/* Takes what one item says, if it is a system; and of all live ones there are, whatever the view shows. */
void evidence_ages_take(EvidenceAges *ages, GraphView view, ItemNo item);
EvidenceAges evidence_ages_of(GraphView view);

/* The last day (its beginning) on which it holds, by its validity and its age; false when it has no end. One whose age is limited
 * and that has no date ended before all time: G_MININT64. `ages` NULL: its validity alone counts. */
bool evidence_last_day(GraphView view, ItemNo evidence, const EvidenceAges *ages, Instant *ret_last);
/* Is that day over? */
bool evidence_is_over(GraphView view, ItemNo evidence, const EvidenceAges *ages, Instant now);

/* The first that holds. */
typedef enum {
        EVIDENCE_EXPIRED,       /* past its validity, or older than its nature may be */
        EVIDENCE_OTHER_VERSION, /* it states a version, and what it speaks of has another one now */
        EVIDENCE_SUSPECT,       /* what it speaks of, or itself, has changed since somebody judged it */
        EVIDENCE_NOT_APPROVED,
        EVIDENCE_EXPIRING, /* within EVIDENCE_SOON_DAYS */
        EVIDENCE_CURRENT,
} EvidenceState;

EvidenceState evidence_state_aged(GraphView shown, ItemNo evidence, const EvidenceAges *ages, Instant now);
/* By its validity, whatever its age is: of records of a programme, which say themselves until when they hold. */
EvidenceState evidence_state(GraphView view, ItemNo evidence, Instant now);
const char *evidence_state_name(EvidenceState state);

#endif
