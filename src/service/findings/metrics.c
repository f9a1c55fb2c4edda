/* Operational metrics of findings: of the project, its systems, zones and conduits (docs/algorithms/metrics.md). */
#include "service/findings/history.h"

static void instant_key(JWrite *w, const char *key, Instant at)
{
        char text[ZW_INSTANT_TEXT];

        instant_format(at, text);
        jwrite_key_string(w, key, text);
}

static void share_key(JWrite *w, const char *key, MetricShare share)
{
        jwrite_key(w, key);
        jwrite_object_begin(w);
        jwrite_key_int(w, "part", share.part);
        jwrite_key_int(w, "of", share.of);
        jwrite_object_end(w);
}

/* The mean of none is unknown. */
static void mean_key(JWrite *w, const char *key, MetricMean mean)
{
        jwrite_key(w, key);
        jwrite_object_begin(w);
        jwrite_key_int(w, "findings", mean.n);
        if (mean.n == 0)
                jwrite_key_null(w, "mean_seconds");
        else
                jwrite_key_int(w, "mean_seconds", mean.sum_ms / mean.n / 1000);
        jwrite_object_end(w);
}

static void open_write(JWrite *w, const FindingMetrics *metrics)
{
        gint64 total = 0;

        jwrite_key(w, "severities");
        jwrite_array_begin(w);
        for (int s = 0; s < METRIC_SEVERITIES; s++) {
                gint64 open = 0;

                jwrite_object_begin(w);
                jwrite_key_string(w, "severity", metric_severity_name(s));
                jwrite_key(w, "ages");
                jwrite_array_begin(w);
                for (int a = 0; a < METRIC_AGES; a++) {
                        jwrite_int(w, metrics->open[s][a]);
                        open += metrics->open[s][a];
                }
                jwrite_array_end(w);
                jwrite_key_int(w, "open", open);
                jwrite_object_end(w);
                total += open;
        }
        jwrite_array_end(w);
        jwrite_key_int(w, "open", total);
}

static void kev_write(JWrite *w, const FindingMetrics *metrics)
{
        jwrite_key(w, "kev");
        jwrite_object_begin(w);
        jwrite_key_int(w, "open", metrics->kev_open);
        jwrite_key_int(w, "assets", metrics->kev_assets);
        if (metrics->kev_open > 0)
                instant_key(w, "oldest", metrics->kev_oldest);
        else
                jwrite_key_null(w, "oldest");
        jwrite_object_end(w);
}

static void trend_write(JWrite *w, const GArray *trend)
{
        jwrite_key(w, "trend");
        jwrite_array_begin(w);
        for (guint i = 0; i < trend->len; i++) {
                const MetricPoint *point = &g_array_index(trend, MetricPoint, i);

                jwrite_object_begin(w);
                instant_key(w, "at", point->at);
                jwrite_key_int(w, "open", point->open);
                jwrite_key_int(w, "opened", point->opened);
                jwrite_key_int(w, "closed", point->closed);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

/* `item`: the only one of the scope, or ZW_ITEM_NONE for all that is asked about. */
static void metrics_write(JWrite *w, GraphView view, const MetricBase *all, ItemNo item, Scope scope)
{
        g_autoptr(FindingMetrics) metrics = metric_base_of(all, scope);

        jwrite_object_begin(w);
        jwrite_key_string(w, "scope", item == ZW_ITEM_NONE ? NULL : graph_key(view, item));
        jwrite_key_string(w, "kind",
                          item == ZW_ITEM_NONE ? "project" : kind_def(graph_kind(view, item))->name);
        jwrite_key_string(w, "title", item == ZW_ITEM_NONE ? NULL : graph_title(view, item));
        jwrite_key_int(w, "findings", metrics->findings);
        open_write(w, metrics);
        share_key(w, "acknowledged", metrics->acknowledged);
        share_key(w, "compensated", metrics->compensated);
        share_key(w, "patched", metrics->patched);
        jwrite_key_int(w, "fix_unknown", metrics->fix_unknown);
        kev_write(w, metrics);
        mean_key(w, "to_acknowledge", metrics->acknowledge);
        mean_key(w, "to_fix", metrics->fix);
        trend_write(w, metrics->trend);
        jwrite_object_end(w);
}

/* Of each thing named, or of the project, its systems and its places. */
static void scopes_write(JWrite *w, const MetricBase *all, const Assess *assess, const GArray *named)
{
        GraphView view = assess_view(assess);
        size_t n;
        const ItemNo *places = assess_places(assess, &n);

        for (guint i = 0; i < named->len; i++)
                metrics_write(w, view, all, g_array_index(named, ItemNo, i),
                              (Scope){ &g_array_index(named, ItemNo, i), 1 });
        if (named->len > 0)
                return;
        metrics_write(w, view, all, ZW_ITEM_NONE, (Scope){ 0 });
        for (ItemNo item = 0; item < graph_item_count(view); item++)
                if (graph_is_live(view, item) && graph_kind(view, item) == ZW_KIND_SYSTEM)
                        metrics_write(w, view, all, item, (Scope){ &item, 1 });
        for (size_t i = 0; i < n; i++)
                metrics_write(w, view, all, places[i], (Scope){ &places[i], 1 });
}

bool usecase_metrics_findings(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(GArray) changes = NULL, scope = NULL;
        g_autoptr(Assess) assess = NULL;
        g_autoptr(MetricBase) metrics = NULL;
        MetricPeriod period;

        if (!period_of_call(call, &period, error) || !graph_of_call(call, &pinned, error))
                return false;
        scope = scope_of_call(call, pinned.view, error);
        changes = scope == NULL ? NULL : history_of_findings(call, pinned.view, error);
        if (changes == NULL)
                return false;
        assess = assess_new(pinned.view, call->instant);
        metrics = metric_base_new(assess, changes, period);
        jwrite_object_begin(w);
        instant_key(w, "from", period.from);
        instant_key(w, "to", period.to);
        jwrite_key(w, "age_days");
        jwrite_array_begin(w);
        for (size_t i = 0; i < G_N_ELEMENTS(metric_age_days); i++)
                jwrite_int(w, metric_age_days[i]);
        jwrite_array_end(w);
        jwrite_key(w, "scopes");
        jwrite_array_begin(w);
        scopes_write(w, metrics, assess, scope);
        jwrite_array_end(w);
        jwrite_object_end(w);
        return true;
}
