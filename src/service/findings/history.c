#include "service/findings/history.h"

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
        MetricChange change = { .finding = rev->no, .state = rev->state, .seq = rev->from_seq };

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
        period.from = period.to - ZW_PERIOD_DAYS * ZW_DAY_MS;
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

/* ---- scope ---- */

enum { SCOPE_MAX = 1000 };

static const struct {
        const char *member;
        bool list;
        uint64_t kinds;
        const char *what;
} scope_members[] = {
        { "zone", false, UINT64_C(1) << ZW_KIND_ZONE | UINT64_C(1) << ZW_KIND_CONDUIT,
          "neither a zone nor a conduit" },
        { "zones", true, UINT64_C(1) << ZW_KIND_ZONE | UINT64_C(1) << ZW_KIND_CONDUIT,
          "neither a zone nor a conduit" },
        { "system", false, UINT64_C(1) << ZW_KIND_SYSTEM, "no system" },
        { "systems", true, UINT64_C(1) << ZW_KIND_SYSTEM, "no system" },
};

static bool scope_add(const char *key, size_t member, GraphView view, GArray *scope, GError **error)
{
        const char *name = scope_members[member].member;
        ItemNo item;

        if (!graph_find_key(view, key, &item)) {
                error_set(error, ZW_ERR_NOT_FOUND, name, "there is no item %s", key);
                return false;
        }
        if (!graph_is_live(view, item) || (scope_members[member].kinds >> graph_kind(view, item) & 1) == 0) {
                error_set(error, ZW_ERR_USAGE, name, "%s is %s of this commit", key,
                          scope_members[member].what);
                return false;
        }
        for (guint i = 0; i < scope->len; i++)
                if (g_array_index(scope, ItemNo, i) == item)
                        return true;
        g_array_append_val(scope, item);
        return true;
}

static bool scope_add_list(const json_t *list, size_t member, GraphView view, GArray *scope, GError **error)
{
        const json_t *key;
        size_t i;

        if (list != NULL && (!json_is_array(list) || json_array_size(list) > SCOPE_MAX)) {
                error_set(error, ZW_ERR_USAGE, scope_members[member].member, "an array of at most %d keys",
                          SCOPE_MAX);
                return false;
        }
        json_array_foreach(list, i, key)
        {
                if (!scope_add(json_is_string(key) ? json_string_value(key) : "", member, view, scope, error))
                        return false;
        }
        return true;
}

static int item_order(gconstpointer a, gconstpointer b)
{
        ItemNo x = *(const ItemNo *)a, y = *(const ItemNo *)b;

        return x < y ? -1 : x > y;
}

GArray *scope_of_call(const Call *call, GraphView view, GError **error)
{
        g_autoptr(GArray) scope = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        for (size_t i = 0; i < G_N_ELEMENTS(scope_members); i++) {
                const json_t *said = json_object_get(call->input, scope_members[i].member);

                if (said == NULL || json_is_null(said))
                        continue;
                if (scope_members[i].list ? !scope_add_list(said, i, view, scope, error)
                                          : !scope_add(json_is_string(said) ? json_string_value(said) : "", i,
                                                       view, scope, error))
                        return NULL;
        }
        g_array_sort(scope, item_order);
        return g_steal_pointer(&scope);
}
