/* What metrics and reports are of: the period and the scope that a call asks for, and how findings went through their states. Inside service/ only. */
#ifndef SERVICE_FINDINGS_HISTORY_H
#define SERVICE_FINDINGS_HISTORY_H

#include "analysis/metric.h"
#include "service/internal.h"

/* The changes of state of all findings up to the commit of the call (GArray of MetricChange), by finding, then as they happened.
 * Errors: those of the store. */
GArray *history_of_findings(Call *call, GraphView view, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The members `from` and `to` of the input, days or times; without them the ZW_PERIOD_DAYS days that end at the instant of the
 * call. Errors: INPUT; USAGE, it ends before it begins. */
enum { ZW_PERIOD_DAYS = 90, ZW_PERIOD_POINTS = 12 };
bool period_of_call(const Call *call, MetricPeriod *ret_period, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The zones and conduits that `zone` and `zones` name and the systems that `system` and `systems` name (GArray of ItemNo, each
 * once, by number); empty where none is named. Errors: NOT_FOUND; USAGE, it is something else. */
GArray *scope_of_call(const Call *call, GraphView view, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
