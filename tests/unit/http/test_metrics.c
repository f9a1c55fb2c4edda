#include "http/metrics.h"

#include <string.h>

static void test_counts(void)
{
        g_autoptr(Metrics) metrics = metrics_new();
        g_autoptr(Out) out = out_new(1 << 20);
        size_t n;
        const Route *routes = route_table(&n);

        metrics_count(metrics, &routes[0], 200, 700);
        metrics_count(metrics, &routes[0], 304, 20000000);
        metrics_count(metrics, NULL, 404, 1);
        metrics_count_kept(metrics);
        metrics_write(metrics, out);
        g_assert_true(out_check(out, NULL));
        g_assert_nonnull(
                strstr(out_data(out),
                       "zonewright_http_requests_total{method=\"GET\",route=\"/\",status=\"2xx\"} 1\n"));
        g_assert_nonnull(
                strstr(out_data(out),
                       "zonewright_http_requests_total{method=\"GET\",route=\"/\",status=\"3xx\"} 1\n"));
        g_assert_nonnull(
                strstr(out_data(out),
                       "zonewright_http_requests_total{method=\"none\",route=\"none\",status=\"4xx\"} 1\n"));
        g_assert_nonnull(strstr(out_data(out), "_bucket{method=\"GET\",route=\"/\",le=\"0.0005\"} 0\n"));
        g_assert_nonnull(strstr(out_data(out), "_bucket{method=\"GET\",route=\"/\",le=\"0.001\"} 1\n"));
        g_assert_nonnull(strstr(out_data(out), "_bucket{method=\"GET\",route=\"/\",le=\"10\"} 1\n"));
        g_assert_nonnull(strstr(out_data(out), "_bucket{method=\"GET\",route=\"/\",le=\"+Inf\"} 2\n"));
        g_assert_nonnull(strstr(out_data(out), "_sum{method=\"GET\",route=\"/\"} 20.000700\n"));
        g_assert_nonnull(strstr(out_data(out), "_count{method=\"GET\",route=\"/\"} 2\n"));
        g_assert_nonnull(strstr(out_data(out), "zonewright_http_kept_total 1\n"));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/http/metrics/counts", test_counts);
        return g_test_run();
}
