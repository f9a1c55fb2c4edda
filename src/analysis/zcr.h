/* How far the work of 62443-3-2 has come: each of its 32 requirements (ZCR 1.1 to 7.1), from what the project holds
 * (docs/algorithms/zcr.md; 62443-3-2 clause 4 names what each step gives, what counts as given is project practice). A row
 * looks at its *subjects*, items that should carry what the step gives, and lists what each of them lacks and where that is
 * entered. Thread-safe for readers; results are owned by the caller. */
#ifndef ANALYSIS_ZCR_H
#define ANALYSIS_ZCR_H

#include "analysis/lint.h"
#include "model/risk.h"

typedef enum {
        ZCR_MET,
        ZCR_PARTLY,
        ZCR_MISSING, /* no subject carries anything of it, and no later step was begun */
        ZCR_SKIPPED, /* the same, but work went on */
} ZcrStatus;

const char *zcr_status_name(ZcrStatus status);

typedef struct {
        ItemNo item;       /* or ZW_ITEM_NONE: of the project as a whole */
        char *text;        /* what it lacks */
        const char *field; /* the attribute or link type where that is entered, or NULL */
} ZcrMissing;

typedef struct {
        RowId row; /* of 62443-3-2 */
        ZcrStatus status;
        char *text;      /* `12 of 19 zones and conduits have an accepted SL-T` */
        GArray *missing; /* of ZcrMissing, in item order */
        GArray *items;   /* of ItemNo: its subjects, in item order */
} ZcrRow;

/* What the graph does not hold, as bits by item number; items past the end have none. */
enum {
        ZCR_OWNED = 1 /* somebody answers for it */,
        ZCR_OWNER_APPROVED = 2 /* a standing approval by the asset owner */
};
typedef struct {
        const uint8_t *of;
        size_t n;
        const LintOrigins *origins; /* or NULL */
} ZcrOutside;

/* All rows in their order (GArray of ZcrRow; free it with g_array_unref). `now` is the evaluation instant. */
GArray *zcr_find(GraphView view, Instant now, const RiskMethods *methods, const ZcrOutside *outside);

#endif
