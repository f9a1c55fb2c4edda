#include "http/metrics.h"

#include <stdatomic.h>

/* Upper bounds of the histogram; one more bucket holds the rest. */
static const gint64 bounds[] = { 500,    1000,   2500,   5000,    10000,   25000,   50000,
                                 100000, 250000, 500000, 1000000, 2500000, 10000000 };
enum { BUCKETS = G_N_ELEMENTS(bounds) + 1, CLASSES = 5 };

struct Metrics {
        atomic_uint_least64_t requests[ROUTE_COUNT + 1][CLASSES]; /* the last row: without a route */
        atomic_uint_least64_t took[ROUTE_COUNT + 1][BUCKETS];
        atomic_uint_least64_t microseconds[ROUTE_COUNT + 1];
        atomic_uint_least64_t kept;
};

Metrics *metrics_new(void)
{
        return g_new0(Metrics, 1);
}

void metrics_free(Metrics *metrics)
{
        g_free(metrics);
}

void metrics_count(Metrics *metrics, const Route *route, int status, gint64 microseconds)
{
        size_t n, bucket = 0;
        const Route *table = route_table(&n);
        size_t row = route == NULL ? n : (size_t)(route - table);

        while (bucket < G_N_ELEMENTS(bounds) && microseconds > bounds[bucket])
                bucket++;
        atomic_fetch_add_explicit(&metrics->requests[row][CLAMP(status / 100, 1, CLASSES) - 1], 1,
                                  memory_order_relaxed);
        atomic_fetch_add_explicit(&metrics->took[row][bucket], 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&metrics->microseconds[row], (uint64_t)microseconds, memory_order_relaxed);
}

void metrics_count_kept(Metrics *metrics)
{
        atomic_fetch_add_explicit(&metrics->kept, 1, memory_order_relaxed);
}

static void requests_write(const Metrics *metrics, size_t row, const char *labels, Out *out)
{
        for (int class = 0; class < CLASSES; class ++) {
                uint64_t n = atomic_load_explicit(&metrics->requests[row][class], memory_order_relaxed);

                if (n > 0)
                        out_format(out,
                                   "zonewright_http_requests_total{%s,status=\"%dxx\"} %" G_GUINT64_FORMAT
                                   "\n",
                                   labels, class + 1, n);
        }
}

static void took_write(const Metrics *metrics, size_t row, const char *labels, Out *out)
{
        static const char name[] = "zonewright_http_request_seconds";
        uint64_t sum = 0;

        for (size_t i = 0; i < BUCKETS; i++) {
                sum += atomic_load_explicit(&metrics->took[row][i], memory_order_relaxed);
                if (i < G_N_ELEMENTS(bounds))
                        out_format(out, "%s_bucket{%s,le=\"%g\"} %" G_GUINT64_FORMAT "\n", name, labels,
                                   (double)bounds[i] / 1e6, sum);
                else
                        out_format(out, "%s_bucket{%s,le=\"+Inf\"} %" G_GUINT64_FORMAT "\n", name, labels,
                                   sum);
        }
        out_format(out, "%s_sum{%s} %.6f\n", name, labels,
                   (double)atomic_load_explicit(&metrics->microseconds[row], memory_order_relaxed) / 1e6);
        out_format(out, "%s_count{%s} %" G_GUINT64_FORMAT "\n", name, labels, sum);
}

/* Rows of one address differ by method. Free it. */
static char *labels_of(const Route *route)
{
        return g_strdup_printf("method=\"%s\",route=\"%s\"",
                               route == NULL ? "none" : method_name(route->method),
                               route == NULL ? "none" : route->pattern);
}

static void each_row(const Metrics *metrics, void (*write)(const Metrics *, size_t, const char *, Out *),
                     Out *out)
{
        size_t n;
        const Route *table = route_table(&n);

        for (size_t row = 0; row <= n; row++) {
                g_autofree char *labels = labels_of(row < n ? &table[row] : NULL);

                write(metrics, row, labels, out);
        }
}

void metrics_write(const Metrics *metrics, Out *out)
{
        out_text(out, "# HELP zonewright_http_requests_total Requests that were answered.\n"
                      "# TYPE zonewright_http_requests_total counter\n");
        each_row(metrics, requests_write, out);
        out_text(
                out,
                "# HELP zonewright_http_request_seconds Time from the head of a request to the end of its answer.\n"
                "# TYPE zonewright_http_request_seconds histogram\n");
        each_row(metrics, took_write, out);
        out_format(
                out,
                "# HELP zonewright_http_kept_total Requests that were answered by what was kept in memory.\n"
                "# TYPE zonewright_http_kept_total counter\n"
                "zonewright_http_kept_total %" G_GUINT64_FORMAT "\n",
                (uint64_t)atomic_load_explicit(&metrics->kept, memory_order_relaxed));
}
