/* Numbers and formulas of functional safety and the kinds of interaction between safety and security, compiled from
 * data/catalogues/safety.tsv. What is only recalled must be compared with a licensed copy before it decides anything.
 * Constant data: thread-safe. */
#ifndef MODEL_SAFETY_H
#define MODEL_SAFETY_H

#include "model/catalogue.h"

enum { ZW_SIL_MOST = 4, ZW_SIL_MOST_MACHINERY = 3 /* IEC 62061 knows no SIL 4 */ };

typedef enum {
        SAFETY_SIL_PFDAVG, /* bounds: average probability of failure on demand */
        SAFETY_SIL_PFH,    /* bounds: dangerous failures per hour */
        SAFETY_SIL_RRF,    /* bounds: risk reduction factor */
        SAFETY_FORMULA,
        SAFETY_HFT_ROUTE_1H, /* bounds: safe failure fraction, 0 to 1 */
        SAFETY_HFT_61511,    /* lower: least hardware fault tolerance */
        SAFETY_PRINCIPLE,
        SAFETY_INTERACTION,
        SAFETY_SL_SEVERITY, /* lower: least SL-T where an attack defeats every layer of a hazard of this severity */
        SAFETY_REVIEW, /* a question that a review of safety and security answers; condition: when */
} SafetyKind;

typedef enum {
        SAFETY_BASIS_PUBLISHED,  /* read in a public document or long published */
        SAFETY_BASIS_RECOMPUTED, /* derived again and checked against exact averages */
        SAFETY_BASIS_RECALLED,   /* from memory */
        SAFETY_BASIS_OWN,        /* own words */
} SafetyBasis;

typedef struct {
        SafetyKind kind;
        SafetyBasis basis;
        const char *key;     /* `SIL 1`; distinct within its kind */
        double lower, upper; /* as the kind says; NaN where none */
        const char *statement;
        const char *condition, *source, *notes; /* or NULL */
        const RowId *rows;                      /* 3-3 rows concerned, ended by ZW_ROW_NONE */
} SafetyFact;

const SafetyFact *safety_facts(size_t *ret_n);
/* NULL when there is none. */
const SafetyFact *safety_find(SafetyKind kind, const char *key);

/* Is the figure at most the limit, but for what sums and products of doubles round? */
bool safety_at_most(double figure, double limit);

/* The SIL whose band of SAFETY_SIL_PFDAVG, SAFETY_SIL_PFH or SAFETY_SIL_RRF holds the value: 1 to 4, 4 for what is better than
 * its band, 0 for what reaches none; -1 for NaN. */
int safety_sil(SafetyKind kind, double value);
/* The highest SIL that a hardware fault tolerance allows: 0 to 4; by 61511-1:2016 Table 6 (as route 2H of 61508-2), and by route
 * 1H for an element of type `A` or `B` with this safe failure fraction; -1 for NaN. */
int safety_sil_of_tolerance(int tolerance, bool low_demand);
int safety_sil_of_fraction(int tolerance, char type, double fraction);

#endif
