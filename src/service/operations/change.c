/* Changes: each with what it touches, how it is tested, and what is wrong with it (docs/algorithms/operation.md). */
#include "service/operations/operation.h"

#include "service/changeset/since.h"

#include <string.h>

#define KIND(kind) (UINT64_C(1) << ZW_KIND_##kind)
#define LINK(type) (UINT64_C(1) << ZW_LINK_##type)

/* ---- what is wrong ---- */

static void problem(json_t *problems, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void problem(json_t *problems, const char *format, ...)
{
        va_list args;
        char *text;

        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        json_array_append_new(problems, json_string(text));
        g_free(text);
}

static bool is_carried_out(StateId state)
{
        return state == ZW_STATE_DONE || state == ZW_STATE_VERIFIED || state == ZW_STATE_CLOSED ||
               state == ZW_STATE_EMERGENCY;
}

/* The first thing it concerns that has another revision since its impact was computed. */
static bool impact_outdated(const WorkItem *work, Seq computed, const char **ret_key, GError **error)
{
        const Call *call = work->call;
        GraphIter iter = graph_iter(work->view, work->rev->no, GRAPH_OUT, LINK_MASK(ZW_LINK_CONCERNS));
        GraphEdge edge;

        *ret_key = NULL;
        while (*ret_key == NULL && graph_next(&iter, &edge)) {
                g_autoptr(StoreItem)
                        item = store_item_by_no(call->view, &call->project->log, edge.other, call->at, error);

                if (item == NULL)
                        return false;
                if (store_item_rev(item)->from_seq > computed)
                        *ret_key = graph_key(work->view, edge.other);
        }
        return true;
}

static bool impact_judge(const WorkItem *work, json_t *problems, GError **error)
{
        const StateId state = work->rev->state;
        const Seq computed = (Seq)jread_get_int(work->attrs, "impact_commit", 0);
        const char *key;

        if (state == ZW_STATE_OPEN || state == ZW_STATE_REJECTED)
                return true;
        if (computed == 0) {
                problem(problems, "no impact analysis is attached");
                return true;
        }
        /* What it was to change has changed since by itself. */
        if (is_carried_out(state))
                return true;
        if (!impact_outdated(work, computed, &key, error))
                return false;
        if (key != NULL)
                problem(problems, "%s changed since the impact was computed at commit %" G_GUINT64_FORMAT,
                        key, computed);
        return true;
}

static bool emergency_judge(const WorkItem *work, json_t *problems, GError **error)
{
        const int most = operation_emergency_days(work->policy);
        Instant since;

        if (work->rev->state != ZW_STATE_EMERGENCY)
                return true;
        if (!work_state_since(work, &since, error))
                return false;
        if (work->call->instant - since > most * ZW_DAY_MS)
                problem(problems, "carried out without approval for more than %d days", most);
        return true;
}

/* The newest result of a run that was not taken back. */
static bool last_result(GraphView view, ItemNo test, GraphResult *ret_result)
{
        size_t n = graph_results(view, test, NULL, 0);
        g_autofree GraphResult *all = g_new0(GraphResult, n + 1);

        n = graph_results(view, test, all, n);
        for (size_t i = 0; i < n; i++) {
                if (!graph_is_live(view, all[i].run))
                        continue;
                *ret_result = all[i];
                return true;
        }
        return false;
}

/* A result from before it was carried out proves nothing of it. */
static bool result_judge(const WorkItem *work, ItemNo test, json_t *problems, GError **error)
{
        const Call *call = work->call;
        const char *key = graph_key(work->view, test);
        g_autofree char *why = NULL;
        GraphResult result;

        if (!last_result(work->view, test, &result)) {
                if (is_carried_out(work->rev->state))
                        problem(problems, "%s was never run", key);
        } else if (result.status != RESULT_PASSED) {
                problem(problems, "%s: last result %s", key, result_status_name(result.status));
        } else if (work->rev->state == ZW_STATE_DONE) {
                if (!since_check(call->view, &call->project->log, call->at, work->rev->no, test, result.at,
                                 &why, error))
                        return false;
                if (why != NULL)
                        problem(problems, "%s", why);
        }
        return true;
}

static bool tests_judge(const WorkItem *work, json_t *problems, GError **error)
{
        GraphIter iter = graph_iter(work->view, work->rev->no, GRAPH_IN, LINK_MASK(ZW_LINK_VERIFIES));
        const StateId state = work->rev->state;
        GraphEdge edge;
        bool any = false;

        while (graph_next(&iter, &edge)) {
                if (!graph_is_live(work->view, edge.other))
                        continue;
                any = true;
                if (!result_judge(work, edge.other, problems, error))
                        return false;
        }
        if (!any && is_carried_out(state) && state != ZW_STATE_EMERGENCY)
                problem(problems, "no test verifies it");
        return true;
}

/* What it was to resolve and that is still there after it was closed. */
static void resolved_judge(const WorkItem *work, json_t *problems)
{
        GraphIter iter = graph_iter(work->view, work->rev->no, GRAPH_OUT, LINK_MASK(ZW_LINK_RESOLVES));
        GraphEdge edge;

        if (work->rev->state != ZW_STATE_CLOSED)
                return;
        while (graph_next(&iter, &edge)) {
                const StateId state = graph_state(work->view, edge.other);

                if (graph_kind(work->view, edge.other) == ZW_KIND_FINDING && !work_is_over(state) &&
                    state != ZW_STATE_MITIGATED)
                        problem(problems, "%s is still %s", graph_key(work->view, edge.other),
                                state_def(state)->name);
        }
}

/* Who approved it did so for one discipline only. */
static void safety_judge(const WorkItem *work, const WorkReach *reach, json_t *problems)
{
        if (!work_is_over(work->rev->state) && json_object_get(work->attrs, "impact_commit") != NULL &&
            !jread_get_bool(work->attrs, "touches_safety", false) && work_reach_safety(work, reach))
                problem(problems, "it touches safety, which its attached impact does not say");
}

static bool problems_write(const WorkItem *work, const WorkReach *reach, JWrite *w, GError **error)
{
        g_autoptr(Json) problems = json_array();

        if (!impact_judge(work, problems, error) || !emergency_judge(work, problems, error))
                return false;
        safety_judge(work, reach, problems);
        if (!tests_judge(work, problems, error))
                return false;
        resolved_judge(work, problems);
        jwrite_key_json(w, "problems", problems);
        return true;
}

/* ---- what it is ---- */

static void tests_write(const WorkItem *work, JWrite *w)
{
        GraphIter iter = graph_iter(work->view, work->rev->no, GRAPH_IN, LINK_MASK(ZW_LINK_VERIFIES));
        GraphEdge edge;

        jwrite_key(w, "tests");
        jwrite_array_begin(w);
        while (graph_next(&iter, &edge)) {
                GraphResult result;
                const bool has = last_result(work->view, edge.other, &result);
                char at[ZW_INSTANT_TEXT];

                if (!graph_is_live(work->view, edge.other))
                        continue;
                if (has)
                        instant_format(result.at, at);
                jwrite_object_begin(w);
                jwrite_key_string(w, "key", graph_key(work->view, edge.other));
                jwrite_key_string(w, "title", graph_title(work->view, edge.other));
                jwrite_key_string(w, "status", has ? result_status_name(result.status) : NULL);
                jwrite_key_string(w, "at", has ? at : NULL);
                jwrite_key_string(w, "run", has ? graph_key(work->view, result.run) : NULL);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

/* The baselines before and after it. */
static void baselines_write(const WorkItem *work, JWrite *w)
{
        static const struct {
                AsId as;
                const char *name;
        } roles[] = { { ZW_AS_BEFORE, "before" }, { ZW_AS_AFTER, "after" } };

        for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
                GraphIter iter = graph_iter(work->view, work->rev->no, GRAPH_OUT,
                                            LINK_MASK(ZW_LINK_RELATES_TO));
                const char *key = NULL;
                GraphEdge edge;

                while (key == NULL && graph_next(&iter, &edge))
                        if (graph_link_as(work->view, edge.link) == roles[i].as)
                                key = graph_key(work->view, edge.other);
                jwrite_key_string(w, roles[i].name, key);
        }
}

/* The members of the open object. */
static bool change_members_write(const WorkItem *work, JWrite *w, GError **error)
{
        g_auto(WorkReach) reach = { 0 };

        if (!work_reach(work, &reach, error))
                return false;
        work_head_write(work, w);
        jwrite_key_string(w, "nature", jread_get_string(work->attrs, "nature"));
        jwrite_key_string(w, "emergency", jread_get_string(work->attrs, "emergency"));
        if (json_object_get(work->attrs, "impact_commit") == NULL)
                jwrite_key_null(w, "impact_commit");
        else
                jwrite_key_int(w, "impact_commit", jread_get_int(work->attrs, "impact_commit", 0));
        jwrite_key_string(w, "impact", jread_get_string(work->attrs, "impact"));
        jwrite_key_bool(w, "touches_safety", work_reach_safety(work, &reach));
        work_links_write(work, w, "concerns", GRAPH_OUT, LINK(CONCERNS), UINT64_MAX);
        work_links_write(work, w, "resolves", GRAPH_OUT, LINK(RESOLVES), UINT64_MAX);
        work_links_write(work, w, "actions", GRAPH_IN, LINK(CONCERNS) | LINK(RELATES_TO), KIND(ACTION));
        work_reach_write(work, &reach, w);
        tests_write(work, w);
        baselines_write(work, w);
        return problems_write(work, &reach, w, error);
}

static bool change_see(const WorkItem *work, void *payload, GError **error)
{
        JWrite *w = payload;

        jwrite_object_begin(w);
        if (!change_members_write(work, w, error))
                return false;
        jwrite_object_end(w);
        return true;
}

bool usecase_change_list(Call *call, JWrite *w, GError **error)
{
        jwrite_array_begin(w);
        if (!work_items_each(call, KIND(CHANGE), change_see, w, error))
                return false;
        jwrite_array_end(w);
        return true;
}

static bool change_show(const WorkItem *work, void *payload, GError **error)
{
        JWrite *w = payload;

        jwrite_object_begin(w);
        if (!change_members_write(work, w, error) || !work_timeline_write(work, NULL, w, error))
                return false;
        jwrite_object_end(w);
        return true;
}

bool usecase_change_show(Call *call, JWrite *w, GError **error)
{
        if (jread_get_string(call->input, "key") != NULL)
                return work_items_each(call, KIND(CHANGE), change_show, w, error);
        error_set(error, ZW_ERR_USAGE, "/key", "the key of a change is needed");
        return false;
}
