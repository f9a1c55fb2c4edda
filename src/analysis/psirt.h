/* Reported weaknesses of one's own products (62443-4-1 DM-1 to DM-5) against their clocks, and the security updates that resolve them
 * (SUM-1 to SUM-5); docs/psirt.md. A report is a finding with the day on which it was reported. Pure functions of a view. */
#ifndef ANALYSIS_PSIRT_H
#define ANALYSIS_PSIRT_H

#include "graph/graph.h"
#include "model/operation.h"

typedef enum {
        PSIRT_ACKNOWLEDGE, /* somebody looked at it, DM-1 and DM-2 */
        PSIRT_ASSESS,      /* it is decided whether it is one, and what it affects, DM-3 */
        PSIRT_REMEDY,      /* DM-4 */
        PSIRT_DISCLOSE,    /* DM-5 */
        ZW_PSIRT_STEPS
} PsirtStep;

const char *psirt_step_name(PsirtStep step);

typedef struct {
        bool done;
        Instant due; /* the end of this day */
        bool overdue;
} PsirtClock;

typedef enum { SUM_NO, SUM_YES, SUM_NOT_NEEDED } SumAnswer;
enum { ZW_SUM_PRACTICES = 5 };

const char *sum_answer_name(SumAnswer answer);

/* A change that resolves a report: SUM-1 qualified, SUM-2 documented, SUM-3 documented for dependent components, SUM-4 delivered so that
 * its origin can be checked, SUM-5 in time. */
typedef struct {
        ItemNo change;
        SumAnswer sum[ZW_SUM_PRACTICES];
} PsirtUpdate;

typedef struct {
        ItemNo finding;
        Instant reported;
        PsirtClock clocks[ZW_PSIRT_STEPS];
        int next;           /* the step that waits, or ZW_PSIRT_STEPS */
        GArray *products;   /* of ItemNo */
        GArray *advisories; /* of ItemNo: documents with a tracking id that concern it */
        GArray *updates;    /* of PsirtUpdate */
} PsirtReport;

/* All of them, by finding (GArray of PsirtReport; free it with g_array_unref). `policy` says the days; `now` is the evaluation instant. */
GArray *psirt_reports(GraphView view, const OperationPolicy *policy, Instant now);

#endif
