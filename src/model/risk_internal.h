/* Inside model/ only: a risk method as it is kept. */
#ifndef MODEL_RISK_INTERNAL_H
#define MODEL_RISK_INTERNAL_H

#include "model/risk.h"

enum { BANDS_MAX = 16, BAND_UNIT = 1000 };

/* CRRF up to (or, not inclusive, below) bound / BAND_UNIT; the last one has no bound. */
typedef struct {
        int64_t bound; /* -1: none */
        bool inclusive;
        int sl;
} RiskBand;

struct RiskMethod {
        json_t *json;
        char *name;     /* METHOD@VERSION */
        char *replaces; /* the same, or NULL */
        const char *title;
        RiskMethodKind kind;
        int likelihoods, impacts;
        int tolerable[ZW_RISK_CATEGORIES]; /* -1: the method does not have the category */
        int rating[ZW_RISK_CLASSES_MAX][ZW_RISK_CLASSES_MAX];
        int matrix[ZW_RISK_CLASSES_MAX][ZW_RISK_CLASSES_MAX];
        RiskBand bands[BANDS_MAX];
        size_t n_bands;
        int factors[ZW_RISK_FACTORS][ZW_RISK_CLASSES_MAX]; /* SL by class - 1 */
        int n_factors[ZW_RISK_FACTORS];
};

/* Texts of the methods compiled in (tools/gen-text.py). */
extern const char *const risk_sources[];
extern const size_t risk_sources_count;

#endif
