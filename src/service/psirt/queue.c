/* What was reported, which step waits and until when (`psirt.queue`; docs/psirt.md). */
#include "analysis/psirt.h"
#include "service/internal.h"
#include "service/operations/operation.h"

static void keys_write(JWrite *w, const char *member, GraphView view, const GArray *items)
{
        jwrite_key(w, member);
        jwrite_array_begin(w);
        for (guint i = 0; i < items->len; i++)
                jwrite_string(w, graph_key(view, g_array_index(items, ItemNo, i)));
        jwrite_array_end(w);
}

static void day_write(JWrite *w, const char *member, Instant at)
{
        char text[ZW_INSTANT_TEXT];

        instant_format(at, text);
        text[10] = '\0';
        jwrite_key_string(w, member, text);
}

static void clocks_write(JWrite *w, const PsirtReport *report)
{
        jwrite_key(w, "clocks");
        jwrite_array_begin(w);
        for (int i = 0; i < ZW_PSIRT_STEPS; i++) {
                jwrite_object_begin(w);
                jwrite_key_string(w, "step", psirt_step_name((PsirtStep)i));
                day_write(w, "due", report->clocks[i].due);
                jwrite_key_bool(w, "done", report->clocks[i].done);
                jwrite_key_bool(w, "overdue", report->clocks[i].overdue);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

static void updates_write(JWrite *w, GraphView view, const PsirtReport *report)
{
        jwrite_key(w, "updates");
        jwrite_array_begin(w);
        for (guint i = 0; i < report->updates->len; i++) {
                const PsirtUpdate *update = &g_array_index(report->updates, PsirtUpdate, i);

                jwrite_object_begin(w);
                jwrite_key_string(w, "change", graph_key(view, update->change));
                jwrite_key_string(w, "title", graph_title(view, update->change));
                for (int n = 0; n < ZW_SUM_PRACTICES; n++) {
                        const char name[] = { 's', 'u', 'm', '_', (char)('1' + n), '\0' };

                        jwrite_key_string(w, name, sum_answer_name(update->sum[n]));
                }
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

/* Who reported it, and other texts that the graph does not hold. */
static bool texts_write(Call *call, JWrite *w, ItemNo finding, GError **error)
{
        static const char *const names[] = { "vulnerability", "severity", "reporter", "affected",
                                             "fixed_in" };
        g_autoptr(StoreItem)
                item = store_item_by_no(call->view, &call->project->log, finding, call->at, error);
        g_autoptr(Json) attrs = NULL;

        if (item == NULL)
                return false;
        attrs = jread_parse(store_item_rev(item)->attrs, strlen(store_item_rev(item)->attrs), error);
        if (attrs == NULL)
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                jwrite_key_string(w, names[i], jread_get_string(attrs, names[i]));
        return true;
}

static bool report_write(Call *call, JWrite *w, GraphView view, const PsirtReport *report, GError **error)
{
        const ItemNo finding = report->finding;

        jwrite_object_begin(w);
        jwrite_key_string(w, "key", graph_key(view, finding));
        jwrite_key_string(w, "title", graph_title(view, finding));
        jwrite_key_string(w, "state", state_def(graph_state(view, finding))->name);
        day_write(w, "reported", report->reported);
        if (!texts_write(call, w, finding, error))
                return false;
        if (report->next == ZW_PSIRT_STEPS)
                jwrite_key_null(w, "next");
        else
                jwrite_key_string(w, "next", psirt_step_name((PsirtStep)report->next));
        clocks_write(w, report);
        keys_write(w, "products", view, report->products);
        keys_write(w, "advisories", view, report->advisories);
        updates_write(w, view, report);
        jwrite_object_end(w);
        return true;
}

bool usecase_psirt_queue(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(OperationPolicy) policy = NULL;
        g_autoptr(GArray) reports = NULL;

        if (!graph_of_call(call, &pinned, error))
                return false;
        policy = operation_policy_load(call->view, &call->project->log, call->at, error);
        if (policy == NULL)
                return false;
        reports = psirt_reports(pinned.view, policy, call->instant);
        jwrite_array_begin(w);
        for (guint i = 0; i < reports->len; i++)
                if (!report_write(call, w, pinned.view, &g_array_index(reports, PsirtReport, i), error))
                        return false;
        jwrite_array_end(w);
        return true;
}
