/* How findings are dealt with over the period (docs/algorithms/metrics.md): of each system and place, by age, and as a trend. */
#include "report/query_internal.h"

#define MS_PER_HOUR INT64_C(3600000)

/* ---- metrics: one row for all that is looked at, then each system and place of it ---- */

enum {
        METRICS_NAME,
        METRICS_ITEM,
        METRICS_FINDINGS,
        METRICS_OPEN,
        METRICS_CRITICAL,
        METRICS_HIGH,
        METRICS_KEV,
        METRICS_KEV_ASSETS,
        METRICS_ACKNOWLEDGED,
        METRICS_COMPENSATED,
        METRICS_PATCHED,
        METRICS_FIX_UNKNOWN,
        METRICS_TO_ACKNOWLEDGE,
        METRICS_TO_FIX,
        METRICS_N
};

static const QueryField metrics_fields[METRICS_N] = {
        [METRICS_NAME] = { "name", CELL_TEXT },
        [METRICS_ITEM] = { "item", CELL_ITEM },
        [METRICS_FINDINGS] = { "findings", CELL_NUMBER },
        [METRICS_OPEN] = { "open", CELL_NUMBER },
        [METRICS_CRITICAL] = { "critical", CELL_NUMBER },
        [METRICS_HIGH] = { "high", CELL_NUMBER },
        [METRICS_KEV] = { "exploited", CELL_NUMBER },
        [METRICS_KEV_ASSETS] = { "exposed_assets", CELL_NUMBER },
        [METRICS_ACKNOWLEDGED] = { "acknowledged", CELL_SHARE },
        [METRICS_COMPENSATED] = { "compensated", CELL_SHARE },
        [METRICS_PATCHED] = { "patched", CELL_SHARE },
        [METRICS_FIX_UNKNOWN] = { "fix_unknown", CELL_NUMBER },
        [METRICS_TO_ACKNOWLEDGE] = { "to_acknowledge", CELL_TEXT },
        [METRICS_TO_FIX] = { "to_fix", CELL_TEXT },
};

static gint64 open_of(const FindingMetrics *metrics, int severity)
{
        gint64 open = 0;

        for (int age = 0; age < METRIC_AGES; age++)
                open += metrics->open[severity][age];
        return open;
}

/* `3 days 4 hours, of 2`; NULL for none. */
static char *mean_text(MetricMean mean)
{
        gint64 hours = mean.n == 0 ? 0 : mean.sum_ms / mean.n / MS_PER_HOUR;

        return mean.n == 0 ? NULL
                           : g_strdup_printf("%" G_GINT64_FORMAT " days %" G_GINT64_FORMAT
                                             " hours, of %" G_GINT64_FORMAT,
                                             hours / 24, hours % 24, mean.n);
}

static void mean_fill(Query *query, size_t field, const char *text)
{
        fill_text(query, field, text);
        if (text == NULL)
                fill_unknown(query, field);
}

static void metrics_row(Query *query, const MetricBase *base, const char *name, ItemNo item, Scope scope)
{
        g_autoptr(FindingMetrics) metrics = metric_base_of(base, scope);
        g_autofree char *acknowledge = mean_text(metrics->acknowledge), *fix = mean_text(metrics->fix);

        if (query->stopped)
                return;
        fill_clear(query);
        fill_text(query, METRICS_NAME, name);
        fill_item(query, METRICS_ITEM, item);
        fill_number(query, METRICS_FINDINGS, metrics->findings);
        for (int severity = 0; severity < METRIC_SEVERITIES; severity++)
                query->cells[METRICS_OPEN].number += open_of(metrics, severity);
        fill_number(query, METRICS_CRITICAL, open_of(metrics, 0));
        fill_number(query, METRICS_HIGH, open_of(metrics, 1));
        fill_number(query, METRICS_KEV, metrics->kev_open);
        fill_number(query, METRICS_KEV_ASSETS, metrics->kev_assets);
        fill_share(query, METRICS_ACKNOWLEDGED, metrics->acknowledged.part, metrics->acknowledged.of);
        fill_share(query, METRICS_COMPENSATED, metrics->compensated.part, metrics->compensated.of);
        fill_share(query, METRICS_PATCHED, metrics->patched.part, metrics->patched.of);
        fill_number(query, METRICS_FIX_UNKNOWN, metrics->fix_unknown);
        mean_fill(query, METRICS_TO_ACKNOWLEDGE, acknowledge);
        mean_fill(query, METRICS_TO_FIX, fix);
        (void)fill_emit(query);
}

static bool has_place(const GArray *places, GraphView view, ItemNo system)
{
        for (guint i = 0; i < places->len; i++)
                if (scope_has_place(view, (Scope){ &system, 1 },
                                    g_array_index(places, PlaceSummary, i).place))
                        return true;
        return false;
}

static void metrics_run(Query *query)
{
        const MetricBase *base = query_metrics(query);
        const GArray *places = context_summaries(query->context);
        GraphView view = query->context->view;

        if (base == NULL)
                return;
        metrics_row(query, base, "all that is looked at", ZW_ITEM_NONE, query->context->scope);
        for (ItemNo item = 0; item < graph_item_count(view); item++)
                if (graph_is_live(view, item) && graph_kind(view, item) == ZW_KIND_SYSTEM &&
                    has_place(places, view, item))
                        metrics_row(query, base, graph_key(view, item), item, (Scope){ &item, 1 });
        for (guint i = 0; i < places->len; i++) {
                ItemNo place = g_array_index(places, PlaceSummary, i).place;

                metrics_row(query, base, graph_key(view, place), place, (Scope){ &place, 1 });
        }
}

const QueryDef report_query_metrics = { "metrics", false, metrics_fields, METRICS_N, metrics_run };

/* ---- ages ---- */

enum { AGES_SEVERITY, AGES_AGE, AGES_OPEN = AGES_AGE + METRIC_AGES, AGES_N };

static const QueryField ages_fields[AGES_N] = {
        [AGES_SEVERITY] = { "severity", CELL_WORD }, [AGES_AGE + 0] = { "age_30", CELL_NUMBER },
        [AGES_AGE + 1] = { "age_90", CELL_NUMBER },  [AGES_AGE + 2] = { "age_180", CELL_NUMBER },
        [AGES_AGE + 3] = { "older", CELL_NUMBER },   [AGES_OPEN] = { "open", CELL_NUMBER },
};

/* Where the feeds are not known, a last row for what nobody looked for. */
static void ages_run(Query *query)
{
        const MetricBase *base = query_metrics(query);
        g_autoptr(FindingMetrics) metrics = base == NULL ? NULL : metric_base_of(base, query->context->scope);

        for (int severity = 0; metrics != NULL && severity < METRIC_SEVERITIES && !query->stopped;
             severity++) {
                fill_clear(query);
                fill_text(query, AGES_SEVERITY, metric_severity_name(severity));
                for (int age = 0; age < METRIC_AGES; age++)
                        fill_number(query, AGES_AGE + (size_t)age, metrics->open[severity][age]);
                fill_number(query, AGES_OPEN, open_of(metrics, severity));
                (void)fill_emit(query);
        }
        if (query->context->fed || query->stopped)
                return;
        fill_clear(query);
        fill_text(query, AGES_SEVERITY, "not_looked_for");
        for (size_t field = AGES_AGE; field < AGES_N; field++)
                fill_unknown(query, field);
        (void)fill_emit(query);
}

const QueryDef report_query_ages = { "ages", false, ages_fields, AGES_N, ages_run };

/* ---- trend ---- */

enum { TREND_AT, TREND_OPEN, TREND_OPENED, TREND_CLOSED, TREND_N };

static const QueryField trend_fields[TREND_N] = {
        [TREND_AT] = { "at", CELL_TIME },
        [TREND_OPEN] = { "open", CELL_NUMBER },
        [TREND_OPENED] = { "opened", CELL_NUMBER },
        [TREND_CLOSED] = { "closed", CELL_NUMBER },
};

static void trend_run(Query *query)
{
        const MetricBase *base = query_metrics(query);
        g_autoptr(FindingMetrics) metrics = base == NULL ? NULL : metric_base_of(base, query->context->scope);

        for (guint i = 0; metrics != NULL && i < metrics->trend->len && !query->stopped; i++) {
                const MetricPoint *point = &g_array_index(metrics->trend, MetricPoint, i);

                fill_clear(query);
                fill_time(query, TREND_AT, point->at);
                fill_number(query, TREND_OPEN, point->open);
                fill_number(query, TREND_OPENED, point->opened);
                fill_number(query, TREND_CLOSED, point->closed);
                (void)fill_emit(query);
        }
}

const QueryDef report_query_trend = { "trend", false, trend_fields, TREND_N, trend_run };
