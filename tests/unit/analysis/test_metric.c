/* The example of docs/algorithms/metrics.md, worked by hand there. */
#include "analysis/metric.h"
#include "case.h"

static Instant day(const char *text)
{
        Instant at;

        g_assert_true(instant_parse(text, &at, NULL));
        return at;
}

static void came(GArray *changes, ItemNo finding, StateId state, const char *text)
{
        MetricChange change = { finding, state, day(text), 1 };

        g_array_append_val(changes, change);
}

typedef struct {
        ItemNo zones[2];
        GArray *changes;
} Example;

static ItemNo asset_in(Case *plant, ItemNo zone)
{
        ItemNo asset = item(plant, ZW_KIND_ASSET, "{}");

        join(plant, asset, ZW_LINK_PART_OF, zone);
        return asset;
}

static ItemNo found(Case *plant, ItemNo subject, const char *attrs)
{
        ItemNo finding = item(plant, ZW_KIND_FINDING, attrs);

        join(plant, finding, ZW_LINK_CONCERNS, subject);
        return finding;
}

static Example example(Case *plant)
{
        Example made = { { item(plant, ZW_KIND_ZONE, "{}"), item(plant, ZW_KIND_ZONE, "{}") },
                         g_array_new(FALSE, FALSE, sizeof(MetricChange)) };
        ItemNo component = item(plant, ZW_KIND_COMPONENT, "{}"), first = asset_in(plant, made.zones[0]),
               second = asset_in(plant, made.zones[0]), third = asset_in(plant, made.zones[1]), finding;

        join(plant, first, ZW_LINK_INSTANCE_OF, component);
        join(plant, third, ZW_LINK_INSTANCE_OF, component);
        finding = found(plant, component, "{\"severity\":\"critical\",\"fix\":\"available\",\"kev\":true}");
        came(made.changes, finding, ZW_STATE_NEW, "2026-03-22");
        finding = found(plant, first, "{\"severity\":\"high\",\"fix\":\"available\"}");
        came(made.changes, finding, ZW_STATE_NEW, "2025-11-01");
        came(made.changes, finding, ZW_STATE_ACKNOWLEDGED, "2026-01-11");
        came(made.changes, finding, ZW_STATE_FIXED, "2026-01-31");
        finding = found(plant, second, "{}");
        came(made.changes, finding, ZW_STATE_NEW, "2025-06-01");
        came(made.changes, finding, ZW_STATE_ACCEPTED, "2025-07-01");
        finding = found(plant, third, "{\"severity\":\"low\",\"fix\":\"none\"}");
        came(made.changes, finding, ZW_STATE_ACKNOWLEDGED, "2026-01-05");
        came(made.changes, finding, ZW_STATE_FIXED, "2026-01-15");
        came(made.changes, finding, ZW_STATE_IN_PROGRESS, "2026-02-01");
        finding = found(plant, second, "{\"severity\":\"high\"}");
        came(made.changes, finding, ZW_STATE_NEW, "2026-02-01");
        came(made.changes, finding, ZW_STATE_RETIRED, "2026-02-11");
        graph_publish(plant->graph, 1);
        return made;
}

static void expect_ages(const FindingMetrics *metrics, int severity, const char *ages)
{
        const gint64 *open = metrics->open[severity];
        g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                                                " %" G_GINT64_FORMAT,
                                                open[0], open[1], open[2], open[3]);

        g_assert_cmpstr(text, ==, ages);
}

static void expect_share(MetricShare share, gint64 part, gint64 of)
{
        g_assert_cmpint(share.part, ==, part);
        g_assert_cmpint(share.of, ==, of);
}

static void expect_mean(MetricMean mean, gint64 n, gint64 days)
{
        g_assert_cmpint(mean.n, ==, n);
        g_assert_cmpint(mean.sum_ms, ==, days * ZW_DAY_MS);
}

static void test_project(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        Example made = example(plant);
        g_autoptr(GArray) changes = made.changes;
        g_autoptr(Assess) assess = assess_new(graph_pin(plant->graph), day("2026-04-01"));
        g_autoptr(MetricBase)
                all = metric_base_new(assess, changes,
                                      (MetricPeriod){ day("2026-01-01"), day("2026-04-01"), 3 });
        g_autoptr(FindingMetrics) metrics = metric_base_of(all, (Scope){ 0 });
        const MetricPoint *points = (const MetricPoint *)(const void *)metrics->trend->data;

        g_assert_cmpint(metrics->findings, ==, 4);
        expect_ages(metrics, 0, "1 0 0 0");
        expect_ages(metrics, 1, "0 0 0 0");
        expect_ages(metrics, 3, "0 1 0 0");
        expect_ages(metrics, 5, "0 0 0 1");
        expect_share(metrics->acknowledged, 3, 4);
        expect_share(metrics->compensated, 0, 3);
        expect_share(metrics->patched, 0, 2);
        g_assert_cmpint(metrics->fix_unknown, ==, 1);
        g_assert_cmpint(metrics->kev_open, ==, 1);
        g_assert_cmpint(metrics->kev_assets, ==, 2);
        g_assert_cmpint(metrics->kev_oldest, ==, day("2026-03-22"));
        expect_mean(metrics->acknowledge, 1, 71);
        expect_mean(metrics->fix, 2, 101);
        /* On 31 January FD-2 is fixed and FD-4 too, FD-3 is open; on 2 March FD-3 and FD-4; at the end FD-1 as well. */
        g_assert_cmpuint(metrics->trend->len, ==, 3);
        g_assert_cmpint(points[0].open, ==, 1);
        g_assert_cmpint(points[0].closed, ==, 1);
        g_assert_cmpint(points[1].opened, ==, 1);
        g_assert_cmpint(points[2].open, ==, 3);
        g_assert_cmpint(points[2].at, ==, day("2026-04-01"));
}

static void test_zones(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        Example made = example(plant);
        g_autoptr(GArray) changes = made.changes;
        g_autoptr(Assess) assess = assess_new(graph_pin(plant->graph), day("2026-04-01"));
        g_autoptr(MetricBase)
                all = metric_base_new(assess, changes,
                                      (MetricPeriod){ day("2026-01-01"), day("2026-04-01"), 3 });
        g_autoptr(FindingMetrics) first = metric_base_of(all, (Scope){ &made.zones[0], 1 });
        g_autoptr(FindingMetrics) second = metric_base_of(all, (Scope){ &made.zones[1], 1 });

        g_assert_cmpint(first->findings, ==, 3);
        expect_share(first->acknowledged, 2, 3);
        expect_share(first->patched, 0, 1);
        expect_mean(first->fix, 1, 91);
        g_assert_cmpint(second->findings, ==, 2);
        expect_ages(second, 0, "1 0 0 0");
        expect_ages(second, 3, "0 1 0 0");
        expect_share(second->patched, 0, 1);
        expect_mean(second->acknowledge, 0, 0);
        expect_mean(second->fix, 1, 10);
}

/* Nothing happened, and a period before everything. */
static void test_nothing(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        Example made = example(plant);
        g_autoptr(GArray) changes = made.changes;
        g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(MetricChange));
        const MetricPeriod before = { day("2020-01-01"), day("2020-02-01"), 2 };
        g_autoptr(Assess) assess = assess_new(graph_pin(plant->graph), day("2026-04-01"));
        g_autoptr(MetricBase) early = metric_base_new(assess, changes, before);
        g_autoptr(MetricBase) empty = metric_base_new(assess, none, before);
        g_autoptr(FindingMetrics) first = metric_base_of(early, (Scope){ 0 });
        g_autoptr(FindingMetrics) second = metric_base_of(empty, (Scope){ 0 });

        g_assert_cmpint(first->findings, ==, 0);
        g_assert_cmpint(second->findings, ==, 0);
        expect_share(second->patched, 0, 0);
        g_assert_cmpuint(second->trend->len, ==, 2);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
        g_test_add("/metric/project", Case, NULL, case_set_up, test_project, case_tear_down);
        g_test_add("/metric/zones", Case, NULL, case_set_up, test_zones, case_tear_down);
        g_test_add("/metric/nothing", Case, NULL, case_set_up, test_nothing, case_tear_down);
        return g_test_run();
}
