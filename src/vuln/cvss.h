/* CVSS vectors 2.0, 3.0, 3.1 and 4.0: read, checked for completeness and scored by the equations of the specifications. Pure
 * functions. */
#ifndef VULN_CVSS_H
#define VULN_CVSS_H

#include "base/error.h"

typedef enum { CVSS_2_0, CVSS_3_0, CVSS_3_1, CVSS_4_0 } CvssVersion;

enum { ZW_CVSS_METRICS_MAX = 32 };

typedef struct {
        CvssVersion version;
        struct {
                char name[4], value[6];
        } metric[ZW_CVSS_METRICS_MAX]; /* in the order of the vector */
        size_t n;
} Cvss;

/* Errors: INPUT, naming the metric: unknown, given twice, of no known value, missing, or (4.0) out of its place. */
bool cvss_parse(const char *vector, Cvss *ret_cvss, GError **error) G_GNUC_WARN_UNUSED_RESULT;
const char *cvss_version_name(CvssVersion version); /* `3.1` */
/* The value of a metric, or NULL. */
const char *cvss_metric(const Cvss *cvss, const char *name);

typedef struct {
        int base, temporal, environmental; /* tenths */
} CvssScores;

/* 4.0 knows one score, of all metrics in the vector: all three are that one. */
CvssScores cvss_scores(const Cvss *cvss);
/* none, low, medium, high or critical, of a score in tenths: the scale of 3.x, which NVD and others use for 2.0 too but
 * for `critical`. */
const char *cvss_severity(int tenths);

/* What the members of the JSON forms say beside the vector: `attackVector` is the metric `AV`, `LOCAL` its
 * value `L`. False when there is no such member, or no such value. */
bool cvss_member_metric(CvssVersion version, const char *member, const char **ret_metric);
bool cvss_member_value(CvssVersion version, const char *metric, const char *word, const char **ret_value);

#endif
