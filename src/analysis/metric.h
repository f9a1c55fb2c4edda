/* Operational metrics of findings of a scope over a period (docs/algorithms/metrics.md).
 * Project practice: no part of IEC 62443 prescribes a figure. Counting findings never is a security level; these stand beside
 * SL-A. What a finding is and what it concerns is taken from the view; how it went through its states from its history, which
 * the caller has of the log. Results are owned by the caller. Thread-safe for readers of the view. */
#ifndef ANALYSIS_METRIC_H
#define ANALYSIS_METRIC_H

#include "analysis/assess.h"
#include "analysis/scope.h"

/* That a finding came into a state. */
typedef struct {
        ItemNo finding;
        StateId state;
        Instant at;
        Seq seq; /* of the commit */
} MetricChange;

enum { METRIC_AGES = 4, METRIC_SEVERITIES = 6, METRIC_POINTS_MAX = 120 };

/* The most days of an age class; the last one has no end. */
extern const int metric_age_days[METRIC_AGES - 1];
/* `critical` first, `unknown` last: nobody stated one. */
const char *metric_severity_name(int severity);

typedef struct {
        Instant from, to; /* changes after `from` and not after `to` */
        size_t points;    /* of the trend: equal steps that end at `to` */
} MetricPeriod;

typedef struct {
        gint64 part, of;
} MetricShare;

/* Of none there is no mean: it is unknown. */
typedef struct {
        gint64 n, sum_ms;
} MetricMean;

typedef struct {
        Instant at;
        gint64 open;           /* then */
        gint64 opened, closed; /* since the point before */
} MetricPoint;

typedef struct {
        ItemNo scope;    /* a place or a system; ZW_ITEM_NONE: the project */
        gint64 findings; /* there at the end, open or not; withdrawn ones are left out */
        gint64 open[METRIC_SEVERITIES][METRIC_AGES];
        MetricShare acknowledged; /* findings somebody has looked at */
        MetricShare compensated;  /* open ones that a verified countermeasure mitigates */
        MetricShare patched;      /* assets on which every fix there is was applied, of those with one */
        gint64 fix_unknown; /* assets with an open finding of which nobody states whether there is a fix */
        gint64 kev_open, kev_assets;
        Instant kev_oldest; /* when the oldest of them came; where there is one */
        MetricMean acknowledge, fix;
        GArray *trend; /* of MetricPoint */
} FindingMetrics;

/* The findings that a scope holds, and their histories: made once for many scopes. `changes` are borrowed: by finding, then as
 * they happened; a finding without any is left out. */
typedef struct MetricBase MetricBase;
MetricBase *metric_base_new(Assess *assess, const GArray *changes, MetricPeriod period);
void metric_base_free(MetricBase *metrics);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MetricBase, metric_base_free)

FindingMetrics *metric_base_of(const MetricBase *metrics, Scope scope);
void finding_metrics_free(FindingMetrics *metrics);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FindingMetrics, finding_metrics_free)

/* Is it open in this state: neither cleared nor withdrawn? */
bool finding_state_is_open(StateId state);

#endif
