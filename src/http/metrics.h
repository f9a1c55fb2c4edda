/* Figures of the requests, for Prometheus: how many by route and class of status, and how long they took. Thread-safe: each
 * figure is one atomic word. */
#ifndef HTTP_METRICS_H
#define HTTP_METRICS_H

#include "base/out.h"
#include "http/route.h"

Metrics *metrics_new(void);
void metrics_free(Metrics *metrics);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Metrics, metrics_free)

/* Counts a request that ended; `route` is NULL when none was found. */
void metrics_count(Metrics *metrics, const Route *route, int status, gint64 microseconds);
/* Counts one that was answered by what was kept. */
void metrics_count_kept(Metrics *metrics);
/* All of it in the text format. */
void metrics_write(const Metrics *metrics, Out *out);

#endif
