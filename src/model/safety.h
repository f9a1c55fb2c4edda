/* Numbers and formulas of functional safety and the kinds of interaction between safety and security, compiled from
 * data/catalogues/safety.tsv. What is only recalled must be compared with a licensed copy before it decides anything.
 * Constant data: thread-safe. */
#ifndef MODEL_SAFETY_H
#define MODEL_SAFETY_H

#include "model/catalogue.h"

typedef enum {
        SAFETY_SIL_PFDAVG, /* bounds: average probability of failure on demand */
        SAFETY_SIL_PFH,    /* bounds: dangerous failures per hour */
        SAFETY_SIL_RRF,    /* bounds: risk reduction factor */
        SAFETY_FORMULA,
        SAFETY_HFT_ROUTE_1H, /* bounds: safe failure fraction, 0 to 1 */
        SAFETY_HFT_61511,    /* lower: least hardware fault tolerance */
        SAFETY_PRINCIPLE,
        SAFETY_INTERACTION,
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

#endif
