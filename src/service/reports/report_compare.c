/* What moved between two issued reports, or two commits: levels and rows of places, findings, coverage, and the commits between them
 * that explain it (docs/reports.md). */
#include "service/analyses/compare.h"
#include "service/findings/history.h"

#include <string.h>

enum { COMMITS_MAX = 200 };

/* One of the two. */
typedef struct {
        char *report;  /* key, or NULL for a commit */
        Call call;     /* at the commit and instant */
        json_t *input; /* the parameters of the report; else those of the call */
        PinnedGraph pinned;
        GArray *scope; /* of ItemNo */
        GArray *changes;
        MetricPeriod period;
        Assess *assess;
} Side;

typedef struct {
        Side sides[2];
} Sides;

static void side_clear(Side *side)
{
        g_free(side->report);
        json_decref(side->input);
        assess_free(side->assess);
        pinned_graph_clear(&side->pinned);
        if (side->scope != NULL)
                g_array_unref(side->scope);
        if (side->changes != NULL)
                g_array_unref(side->changes);
}

static void sides_clear(Sides *sides)
{
        side_clear(&sides->sides[0]);
        side_clear(&sides->sides[1]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sides, sides_clear)

/* ---- which two ---- */

/* Takes commit, instant and parameters of an issued report. Errors: INPUT, the item does not say them. */
static bool side_of_report(Side *side, const ItemRev *rev, GError **error)
{
        g_autoptr(Json) attrs = jread_parse(rev->attrs, strlen(rev->attrs), error);
        const char *evaluated = attrs == NULL ? NULL : jread_get_string(attrs, "evaluated"),
                   *parameters = attrs == NULL ? NULL : jread_get_string(attrs, "parameters");
        const int64_t commit = jread_get_int(attrs, "commit", 0);

        if (attrs == NULL)
                return false;
        /* Anybody may write a report by hand, of a commit that never was, too. */
        if (commit < 1 || (Seq)commit > side->call.project->head || evaluated == NULL || parameters == NULL) {
                error_set(error, ZW_ERR_USAGE, rev->key,
                          "%s does not say of which commit it is: it was not issued by `zw report issue`",
                          rev->key);
                return false;
        }
        side->call.at = (Seq)commit;
        side->report = g_strdup(rev->key);
        side->input = jread_parse(parameters, strlen(parameters), error);
        return side->input != NULL && instant_parse(evaluated, &side->call.instant, error);
}

static bool side_find(Side *side, const Call *call, const char *member, GError **error)
{
        const char *text = jread_get_string(call->input, member);
        g_autoptr(StoreItem) item = NULL;

        side->call = *call;
        if (text == NULL) {
                error_set(error, ZW_ERR_USAGE, member,
                          "name two issued reports, commits, dates or baselines");
                return false;
        }
        item = store_item_by_key(call->view, &call->project->log, text, call->at, NULL);
        if (item != NULL && store_item_rev(item)->kind == ZW_KIND_REPORT)
                return side_of_report(side, store_item_rev(item), error);
        side->input = json_object();
        return call_find_seq(&side->call, text, member, &side->call.at, error) &&
               store_commit_time(call->view, &call->project->log, side->call.at, &side->call.instant, error);
}

static bool side_load(Side *side, GError **error)
{
        side->call.input = side->input;
        if (!graph_of_call(&side->call, &side->pinned, error) ||
            !period_of_call(&side->call, &side->period, error))
                return false;
        side->scope = scope_of_call(&side->call, side->pinned.view, error);
        side->changes = side->scope == NULL ? NULL
                                            : history_of_findings(&side->call, side->pinned.view, error);
        if (side->changes == NULL)
                return false;
        side->assess = assess_new(side->pinned.view, side->call.instant);
        return true;
}

static Scope side_scope(const Side *side)
{
        return (Scope){ (const ItemNo *)(const void *)side->scope->data, side->scope->len };
}

static void side_write(JWrite *w, const char *name, const Side *side)
{
        char instant[ZW_INSTANT_TEXT];

        instant_format(side->call.instant, instant);
        jwrite_key(w, name);
        jwrite_object_begin(w);
        jwrite_key_string(w, "report", side->report);
        jwrite_key_int(w, "commit", (int64_t)side->call.at);
        jwrite_key_string(w, "instant", instant);
        jwrite_key(w, "scope");
        jwrite_array_begin(w);
        for (guint i = 0; i < side->scope->len; i++)
                jwrite_string(w, graph_key(side->pinned.view, g_array_index(side->scope, ItemNo, i)));
        jwrite_array_end(w);
        jwrite_object_end(w);
}

/* ---- findings ---- */

static bool is_finding(const Side *side, ItemNo item)
{
        GraphView view = side->pinned.view;

        return item < graph_item_count(view) && graph_exists(view, item) &&
               graph_kind(view, item) == ZW_KIND_FINDING && scope_has_finding(view, side_scope(side), item);
}

static const char *state_in(const Side *side, ItemNo item)
{
        return is_finding(side, item) ? state_def(graph_state(side->pinned.view, item))->name : NULL;
}

static bool is_open_in(const Side *side, ItemNo item)
{
        return is_finding(side, item) && finding_state_is_open(graph_state(side->pinned.view, item));
}

/* What became of it: new, closed, reopened, state; NULL for nothing. */
static const char *became(const Sides *sides, ItemNo item)
{
        bool before = is_open_in(&sides->sides[0], item), after = is_open_in(&sides->sides[1], item);

        if (!is_finding(&sides->sides[0], item))
                return is_finding(&sides->sides[1], item) ? "new" : NULL;
        if (before != after)
                return before ? "closed" : "reopened";
        return g_strcmp0(state_in(&sides->sides[0], item), state_in(&sides->sides[1], item)) == 0 ? NULL
                                                                                                  : "state";
}

static void finding_write(JWrite *w, const Sides *sides, ItemNo item, const char *change)
{
        const Side *last = &sides->sides[is_finding(&sides->sides[1], item) ? 1 : 0];
        Facts facts = graph_facts(last->pinned.view, item);
        int severity = facts_get_enum(facts, ZW_ATTR_SEVERITY);
        size_t n;
        const char *text = facts_get_text(facts, ZW_ATTR_VULNERABILITY, &n);
        g_autofree char *vulnerability = text == NULL ? NULL : g_strndup(text, n);

        jwrite_object_begin(w);
        jwrite_key_string(w, "key", graph_key(last->pinned.view, item));
        jwrite_key_string(w, "title", graph_title(last->pinned.view, item));
        jwrite_key_string(w, "change", change);
        jwrite_key_string(w, "vulnerability", vulnerability);
        jwrite_key_string(w, "severity",
                          severity < 0 ? NULL
                                       : attr_get(ZW_KIND_FINDING, ZW_ATTR_SEVERITY)->values[severity]);
        jwrite_key_string(w, "from", state_in(&sides->sides[0], item));
        jwrite_key_string(w, "to", state_in(&sides->sides[1], item));
        jwrite_object_end(w);
}

static uint64_t findings_write(JWrite *w, const Sides *sides)
{
        ItemNo n = MAX(graph_item_count(sides->sides[0].pinned.view),
                       graph_item_count(sides->sides[1].pinned.view));
        uint64_t differences = 0;

        jwrite_key(w, "findings");
        jwrite_array_begin(w);
        for (ItemNo item = 0; item < n; item++) {
                const char *change = became(sides, item);

                if (change == NULL)
                        continue;
                finding_write(w, sides, item, change);
                differences++;
        }
        jwrite_array_end(w);
        return differences;
}

/* ---- coverage ---- */

static void share_pair(JWrite *w, const char *name, MetricShare from, MetricShare to)
{
        jwrite_key(w, name);
        jwrite_object_begin(w);
        jwrite_key(w, "from");
        jwrite_object_begin(w);
        jwrite_key_int(w, "part", from.part);
        jwrite_key_int(w, "of", from.of);
        jwrite_object_end(w);
        jwrite_key(w, "to");
        jwrite_object_begin(w);
        jwrite_key_int(w, "part", to.part);
        jwrite_key_int(w, "of", to.of);
        jwrite_object_end(w);
        jwrite_object_end(w);
}

static FindingMetrics *side_metrics(const Side *side)
{
        g_autoptr(MetricBase) base = metric_base_new(side->assess, side->changes, side->period);

        return metric_base_of(base, side_scope(side));
}

static void metrics_write(JWrite *w, const Sides *sides)
{
        g_autoptr(FindingMetrics) from = side_metrics(&sides->sides[0]);
        g_autoptr(FindingMetrics) to = side_metrics(&sides->sides[1]);

        jwrite_key(w, "metrics");
        jwrite_object_begin(w);
        share_pair(w, "open", (MetricShare){ from->compensated.of, from->findings },
                   (MetricShare){ to->compensated.of, to->findings });
        share_pair(w, "acknowledged", from->acknowledged, to->acknowledged);
        share_pair(w, "compensated", from->compensated, to->compensated);
        share_pair(w, "patched", from->patched, to->patched);
        jwrite_object_end(w);
}

/* ---- what explains it ---- */

static bool commit_write(const StoreCommit *commit, void *payload, GError **error G_GNUC_UNUSED)
{
        JWrite *w = payload;
        char time[ZW_INSTANT_TEXT];

        instant_format(commit->time, time);
        jwrite_object_begin(w);
        jwrite_key_int(w, "commit", (int64_t)commit->seq);
        jwrite_key_string(w, "time", time);
        jwrite_key_string(w, "message", commit->message);
        jwrite_key_int(w, "operations", (int64_t)json_array_size(commit->ops));
        jwrite_object_end(w);
        return true;
}

/* The last COMMITS_MAX between the two, and how many there are. */
static bool commits_write(JWrite *w, const Sides *sides, GError **error)
{
        const Call *call = &sides->sides[0].call;
        Seq first = MIN(sides->sides[0].call.at, sides->sides[1].call.at) + 1,
            last = MAX(sides->sides[0].call.at, sides->sides[1].call.at);

        jwrite_key_int(w, "between", (int64_t)(last + 1 - first));
        jwrite_key(w, "commits");
        jwrite_array_begin(w);
        if (last >= first && !store_each_commit(call->view, &call->project->log,
                                                last - first >= COMMITS_MAX ? last - COMMITS_MAX + 1 : first,
                                                last, commit_write, w, error))
                return false;
        jwrite_array_end(w);
        return true;
}

/* The only place both are about, or ZW_ITEM_NONE. */
static ItemNo place_of(const Sides *sides)
{
        const GArray *from = sides->sides[0].scope, *to = sides->sides[1].scope;
        ItemNo item = from->len == 1 && to->len == 1 &&
                                      g_array_index(from, ItemNo, 0) == g_array_index(to, ItemNo, 0)
                              ? g_array_index(from, ItemNo, 0)
                              : ZW_ITEM_NONE;

        return item == ZW_ITEM_NONE || graph_kind(sides->sides[1].pinned.view, item) == ZW_KIND_SYSTEM
                       ? ZW_ITEM_NONE
                       : item;
}

bool usecase_report_compare(Call *call, JWrite *w, GError **error)
{
        g_auto(Sides) sides = { 0 };
        uint64_t differences;

        if (!side_find(&sides.sides[0], call, "from", error) || !side_load(&sides.sides[0], error) ||
            !side_find(&sides.sides[1], call, "to", error) || !side_load(&sides.sides[1], error))
                return false;
        jwrite_object_begin(w);
        side_write(w, "from", &sides.sides[0]);
        side_write(w, "to", &sides.sides[1]);
        differences = compare_places_write(
                w, &(AnalysedState){ sides.sides[0].pinned.view, sides.sides[0].call.instant },
                &(AnalysedState){ sides.sides[1].pinned.view, sides.sides[1].call.instant },
                place_of(&sides));
        differences += findings_write(w, &sides);
        metrics_write(w, &sides);
        if (!commits_write(w, &sides, error))
                return false;
        jwrite_key_int(w, "differences", (int64_t)differences);
        jwrite_object_end(w);
        return true;
}
