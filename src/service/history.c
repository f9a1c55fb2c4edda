#include "service/history.h"

typedef struct {
        Call *call;
        GArray *changes;
        GArray *times; /* Instant of each commit; 0 until needed */
} History;

/* Read once for each commit: an import makes thousands of findings. */
static bool time_of(History *history, Seq seq, Instant *ret_time, GError **error)
{
        if (seq >= history->times->len)
                g_array_set_size(history->times, (guint)seq + 1);
        if (g_array_index(history->times, Instant, seq) == 0 &&
            !store_commit_time(history->call->view, &history->call->project->log, seq,
                               &g_array_index(history->times, Instant, seq), error))
                return false;
        *ret_time = g_array_index(history->times, Instant, seq);
        return true;
}

static bool revision_see(const ItemRev *rev, void *payload, GError **error)
{
        History *history = payload;
        const GArray *changes = history->changes;
        MetricChange change = { .finding = rev->no, .state = rev->state };

        if (rev->from_seq > history->call->at || rev->from_seq == rev->to_seq)
                return true;
        if (changes->len > 0) {
                const MetricChange *last = &g_array_index(changes, MetricChange, changes->len - 1);

                if (last->finding == rev->no && last->state == rev->state)
                        return true;
        }
        if (!time_of(history, rev->from_seq, &change.at, error))
                return false;
        g_array_append_val(history->changes, change);
        return true;
}

GArray *history_of_findings(Call *call, GraphView view, GError **error)
{
        g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(MetricChange));
        g_autoptr(GArray) times = g_array_new(FALSE, TRUE, sizeof(Instant));
        History history = { call, changes, times };

        for (ItemNo item = 0; item < graph_item_count(view); item++)
                if (graph_exists(view, item) && graph_kind(view, item) == ZW_KIND_FINDING &&
                    !store_each_revision(call->view, &call->project->log, item, revision_see, &history,
                                         error))
                        return NULL;
        return g_steal_pointer(&changes);
}

bool period_of_call(const Call *call, MetricPeriod *ret_period, GError **error)
{
        const char *from = jread_get_string(call->input, "from"), *to = jread_get_string(call->input, "to");
        MetricPeriod period = { .to = call->instant, .points = ZW_PERIOD_POINTS };

        if (to != NULL && !instant_parse(to, &period.to, error)) {
                g_prefix_error(error, "to: ");
                return false;
        }
        period.from = period.to - (Instant)ZW_PERIOD_DAYS * ZW_METRIC_DAY;
        if (from != NULL && !instant_parse(from, &period.from, error)) {
                g_prefix_error(error, "from: ");
                return false;
        }
        if (period.from >= period.to) {
                error_set(error, ZW_ERR_USAGE, "/from", "the period ends before it begins");
                return false;
        }
        *ret_period = period;
        return true;
}

bool scope_of_call(const Call *call, GraphView view, ItemNo *ret_scope, GError **error)
{
        static const struct {
                const char *member;
                uint64_t kinds;
                const char *what;
        } rows[] = { { "zone", UINT64_C(1) << ZW_KIND_ZONE | UINT64_C(1) << ZW_KIND_CONDUIT,
                       "neither a zone nor a conduit" },
                     { "system", UINT64_C(1) << ZW_KIND_SYSTEM, "no system" } };
        ItemNo scope = ZW_ITEM_NONE;

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                if (jread_get_string(call->input, rows[i].member) == NULL)
                        continue;
                if (scope != ZW_ITEM_NONE) {
                        error_set(error, ZW_ERR_USAGE, "/system", "name a zone or a system, not both");
                        return false;
                }
                if (!call_item(call, view, rows[i].member, &scope, error))
                        return false;
                if (!graph_is_live(view, scope) || (rows[i].kinds >> graph_kind(view, scope) & 1) == 0) {
                        error_set(error, ZW_ERR_USAGE, rows[i].member, "%s is %s of this commit",
                                  graph_key(view, scope), rows[i].what);
                        return false;
                }
        }
        *ret_scope = scope;
        return true;
}
