#include "analysis/metric.h"

#include "analysis/exposure.h"
#include "analysis/internal.h"

const int metric_age_days[METRIC_AGES - 1] = { 30, 90, 180 };

/* In rising order, as the metamodel has them. */
static const char *const severity_names[METRIC_SEVERITIES] = { "critical", "high", "medium",
                                                               "low",      "none", "unknown" };

const char *metric_severity_name(int severity)
{
        return severity_names[severity];
}

bool finding_state_is_open(StateId state)
{
        return (state_def(state)->flags & (STATE_CLEARED | STATE_RETIRED)) == 0;
}

/* ---- histories ---- */

/* One finding through its states, as of the end of the period. */
typedef struct {
        ItemNo finding;
        const MetricChange *changes;
        size_t n;
        StateId state; /* at the end */
        int severity;
        GArray *assets;
} Life;

struct MetricBase {
        Assess *assess;
        MetricPeriod period;
        GArray *lives; /* of Life, findings that had come by the end and were not withdrawn then */
        GArray *gone;  /* of Life, those that were */
};

/* False when it had not come by then. */
static bool state_at(const Life *life, Instant at, StateId *ret_state)
{
        size_t n = 0;

        while (n < life->n && life->changes[n].at <= at)
                n++;
        if (n > 0)
                *ret_state = life->changes[n - 1].state;
        return n > 0;
}

static bool open_at(const Life *life, Instant at)
{
        StateId state;

        return state_at(life, at, &state) && finding_state_is_open(state);
}

static int severity_of(GraphView view, ItemNo finding)
{
        int value = facts_get_enum(graph_facts(view, finding), ZW_ATTR_SEVERITY);

        return value < 0 ? METRIC_SEVERITIES - 1 : METRIC_SEVERITIES - 2 - value;
}

static void life_add(MetricBase *metrics, const MetricChange *changes, size_t n)
{
        GraphView view = assess_view(metrics->assess);
        Life life = { .finding = changes[0].finding, .changes = changes, .n = n };

        if (!graph_exists(view, life.finding) || !state_at(&life, metrics->period.to, &life.state))
                return;
        life.severity = severity_of(view, life.finding);
        life.assets = finding_assets(view, life.finding);
        g_array_append_val(state_def(life.state)->flags & STATE_RETIRED ? metrics->gone : metrics->lives,
                           life);
}

static void life_clear(gpointer data)
{
        g_array_unref(((Life *)data)->assets);
}

MetricBase *metric_base_new(Assess *assess, const GArray *changes, MetricPeriod period)
{
        MetricBase *metrics = g_new0(MetricBase, 1);
        const MetricChange *all = (const MetricChange *)(const void *)changes->data;
        guint first = 0;

        metrics->assess = assess;
        metrics->period = period;
        metrics->period.points = MIN(period.points, METRIC_POINTS_MAX);
        metrics->lives = g_array_new(FALSE, FALSE, sizeof(Life));
        metrics->gone = g_array_new(FALSE, FALSE, sizeof(Life));
        g_array_set_clear_func(metrics->lives, life_clear);
        g_array_set_clear_func(metrics->gone, life_clear);
        for (guint i = 1; i <= changes->len; i++)
                if (i == changes->len || all[i].finding != all[first].finding) {
                        life_add(metrics, all + first, i - first);
                        first = i;
                }
        return metrics;
}

void metric_base_free(MetricBase *metrics)
{
        if (metrics == NULL)
                return;
        g_array_unref(metrics->lives);
        g_array_unref(metrics->gone);
        g_free(metrics);
}

static bool life_is_in_scope(const MetricBase *metrics, const Life *life, Scope scope)
{
        if (scope.n == 0)
                return true;
        for (guint i = 0; i < life->assets->len; i++)
                if (scope_has_asset(metrics->assess->view, scope, g_array_index(life->assets, ItemNo, i)))
                        return true;
        return false;
}

/* ---- open ones ---- */

static int age_class(gint64 age_ms)
{
        int class = 0;

        while (class < METRIC_AGES - 1 && age_ms > metric_age_days[class] * ZW_DAY_MS)
                class ++;
        return class;
}

static bool is_compensated(const MetricBase *metrics, ItemNo finding)
{
        GraphIter iter = graph_iter(metrics->assess->view, finding, GRAPH_IN, LINK_MASK(ZW_LINK_MITIGATES));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (countermeasure_is_verified(metrics->assess, edge.other))
                        return true;
        return false;
}

static void open_count(const MetricBase *metrics, const Life *life, FindingMetrics *result)
{
        Instant came = life->changes[0].at;

        result->open[life->severity][age_class(metrics->period.to - came)]++;
        result->compensated.of++;
        result->compensated.part += is_compensated(metrics, life->finding);
        if (!facts_get_bool(graph_facts(metrics->assess->view, life->finding), ZW_ATTR_KEV))
                return;
        if (result->kev_open++ == 0 || came < result->kev_oldest)
                result->kev_oldest = came;
}

/* ---- how long it took ---- */

/* Counts from when it came until it first came into a state that `wanted` takes, where that was in the period. One that was
 * never new was looked at before it came here: nobody knows how long that took. */
static void mean_count(const MetricBase *metrics, const Life *life, bool (*wanted)(StateId state),
                       MetricMean *mean)
{
        if (wanted(life->changes[0].state))
                return;
        for (size_t i = 1; i < life->n; i++) {
                Instant at = life->changes[i].at;

                if (!wanted(life->changes[i].state))
                        continue;
                if (at > metrics->period.from && at <= metrics->period.to) {
                        mean->n++;
                        mean->sum_ms += at - life->changes[0].at;
                }
                return;
        }
}

static bool is_looked_at(StateId state)
{
        return (state_def(state)->flags & (STATE_INITIAL | STATE_RETIRED)) == 0;
}

static bool is_fixed(StateId state)
{
        return state == ZW_STATE_FIXED;
}

/* ---- assets ---- */

/* What the findings on an asset say of fixes. */
typedef struct {
        ItemNo asset;
        bool has, lacks, unknown, exploited;
} AssetFixes;

static int fixes_order(gconstpointer a, gconstpointer b)
{
        ItemNo x = ((const AssetFixes *)a)->asset, y = ((const AssetFixes *)b)->asset;

        return x < y ? -1 : x > y;
}

/* What is fixed without anybody having said that there is a fix shows that there was one. */
static AssetFixes fixes_of(const MetricBase *metrics, const Life *life, ItemNo asset)
{
        Facts facts = graph_facts(metrics->assess->view, life->finding);
        int fix = facts_get_enum(facts, ZW_ATTR_FIX);
        bool open = finding_state_is_open(life->state);

        return (AssetFixes){ .asset = asset,
                             .has = (is_fixed(life->state) && fix != ZW_VALUE_FIX_NONE) ||
                                    (open && fix == ZW_VALUE_FIX_AVAILABLE),
                             .lacks = open && fix == ZW_VALUE_FIX_AVAILABLE,
                             .unknown = open && fix < 0,
                             .exploited = open && facts_get_bool(facts, ZW_ATTR_KEV) };
}

static void asset_count(const AssetFixes *fixes, FindingMetrics *result)
{
        result->patched.of += fixes->has;
        result->patched.part += fixes->has && !fixes->lacks;
        result->fix_unknown += fixes->unknown;
        result->kev_assets += fixes->exploited;
}

static void assets_count(const MetricBase *metrics, Scope scope, FindingMetrics *result)
{
        g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(AssetFixes));
        AssetFixes sum = { .asset = ZW_ITEM_NONE };

        for (guint i = 0; i < metrics->lives->len; i++) {
                const Life *life = &g_array_index(metrics->lives, Life, i);

                for (guint k = 0; k < life->assets->len; k++) {
                        ItemNo asset = g_array_index(life->assets, ItemNo, k);
                        AssetFixes fixes = fixes_of(metrics, life, asset);

                        if (scope_has_asset(metrics->assess->view, scope, asset))
                                g_array_append_val(all, fixes);
                }
        }
        g_array_sort(all, fixes_order);
        for (guint i = 0; i < all->len; i++) {
                const AssetFixes *one = &g_array_index(all, AssetFixes, i);

                if (one->asset != sum.asset) {
                        asset_count(&sum, result);
                        sum = (AssetFixes){ .asset = one->asset };
                }
                sum.has |= one->has;
                sum.lacks |= one->lacks;
                sum.unknown |= one->unknown;
                sum.exploited |= one->exploited;
        }
        asset_count(&sum, result);
}

/* ---- the trend ---- */

static Instant point_at(const MetricPeriod *period, size_t point)
{
        return period->from + (period->to - period->from) / (gint64)period->points * (gint64)point;
}

static void trend_count(const Life *life, GArray *trend, Instant from)
{
        bool before = open_at(life, from);

        for (guint i = 0; i < trend->len; i++) {
                MetricPoint *point = &g_array_index(trend, MetricPoint, i);
                bool now = open_at(life, point->at);

                point->open += now;
                point->opened += now && !before;
                point->closed += before && !now;
                before = now;
        }
}

static GArray *trend_new(const MetricPeriod *period)
{
        GArray *trend = g_array_sized_new(FALSE, FALSE, sizeof(MetricPoint), (guint)period->points);

        for (size_t i = 1; i <= period->points; i++) {
                MetricPoint point = { .at = i == period->points ? period->to : point_at(period, i) };

                g_array_append_val(trend, point);
        }
        return trend;
}

/* ---- all of it ---- */

FindingMetrics *metric_base_of(const MetricBase *metrics, Scope scope)
{
        FindingMetrics *result = g_new0(FindingMetrics, 1);

        result->trend = trend_new(&metrics->period);
        for (guint i = 0; i < metrics->lives->len; i++) {
                const Life *life = &g_array_index(metrics->lives, Life, i);

                if (!life_is_in_scope(metrics, life, scope))
                        continue;
                result->findings++;
                result->acknowledged.part += is_looked_at(life->state);
                if (finding_state_is_open(life->state))
                        open_count(metrics, life, result);
                mean_count(metrics, life, is_looked_at, &result->acknowledge);
                mean_count(metrics, life, is_fixed, &result->fix);
                trend_count(life, result->trend, metrics->period.from);
        }
        for (guint i = 0; i < metrics->gone->len; i++)
                if (life_is_in_scope(metrics, &g_array_index(metrics->gone, Life, i), scope))
                        trend_count(&g_array_index(metrics->gone, Life, i), result->trend,
                                    metrics->period.from);
        result->acknowledged.of = result->findings;
        assets_count(metrics, scope, result);
        return result;
}

void finding_metrics_free(FindingMetrics *metrics)
{
        if (metrics == NULL)
                return;
        g_array_unref(metrics->trend);
        g_free(metrics);
}
