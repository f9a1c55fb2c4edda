/* Inside of the CVSS code only: the metrics of each version, and the score of 4.0. */
#ifndef VULN_CVSS_INTERNAL_H
#define VULN_CVSS_INTERNAL_H

#include "vuln/cvss.h"

/* One metric: its values in the vector, the words for them in the JSON form, and their weights. */
typedef struct {
        const char *name, *member;
        const char *values; /* separated by blanks */
        const char *words;  /* the same order */
        bool base;          /* must be there */
        double weights[6];  /* none in 4.0 */
} CvssMetric;

typedef struct {
        const CvssMetric *all;
        size_t n;
} CvssMetrics;

extern const CvssMetrics cvss_metrics_2, cvss_metrics_3 /* 3.0 and 3.1 */, cvss_metrics_4;

/* In tenths, of a vector of 4.0 that is complete. */
int cvss_score_4(const Cvss *cvss);

#endif
