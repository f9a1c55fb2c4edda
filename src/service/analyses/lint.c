/* Named defects, and who answered them. */
#include "analysis/lint.h"
#include "service/analyses/origins.h"
#include "service/analyses/risk.h"

#include <string.h>

static bool time_keep(const StoreCommit *commit, void *payload, GError **error G_GNUC_UNUSED)
{
        *(Instant *)payload = commit->time;
        return true;
}

/* The waiver, its reason, who wrote it and when: its history tells the rest. */
static bool answer_write(Call *call, JWrite *w, ItemNo waiver, GError **error)
{
        g_autoptr(StoreItem)
                item = store_item_by_no(call->view, &call->project->log, waiver, call->at, error);
        g_autoptr(StorePerson) person = NULL;
        g_autoptr(Json) attrs = NULL;
        char text[ZW_INSTANT_TEXT];
        Instant time = 0;
        const ItemRev *rev;

        if (item == NULL)
                return false;
        rev = store_item_rev(item);
        attrs = jread_parse(rev->attrs, strlen(rev->attrs), error);
        if (attrs == NULL || !store_each_commit(call->view, &call->project->log, rev->from_seq, rev->from_seq,
                                                time_keep, &time, error))
                return false;
        /* Whose name is no longer kept is left out. */
        person = store_load_person(call->view, &rev->author, NULL);
        jwrite_object_begin(w);
        jwrite_key_string(w, "waiver", rev->key);
        jwrite_key_string(w, "state", state_def(rev->state)->name);
        jwrite_key_string(w, "reason", jread_get_string(attrs, "rationale"));
        jwrite_key_string(w, "expires", jread_get_string(attrs, "expires"));
        jwrite_key_string(w, "by", person == NULL ? NULL : person->name);
        instant_format(time, text);
        jwrite_key_string(w, "at", text);
        jwrite_object_end(w);
        return true;
}

static bool defect_write(Call *call, JWrite *w, GraphView view, const Defect *defect, GError **error)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "rule", defect->rule);
        jwrite_key(w, "items");
        jwrite_array_begin(w);
        for (size_t i = 0; i < G_N_ELEMENTS(defect->items); i++)
                if (defect->items[i] != ZW_ITEM_NONE)
                        jwrite_string(w, graph_key(view, defect->items[i]));
        jwrite_array_end(w);
        jwrite_key_string(w, "message", defect->message);
        jwrite_key_string(w, "number", defect->number);
        jwrite_key_string(w, "clause", defect->clause);
        jwrite_key_bool(w, "warning", defect->warning);
        jwrite_key(w, "answer");
        if (defect->answer == ZW_ITEM_NONE)
                jwrite_null(w);
        else if (!answer_write(call, w, defect->answer, error))
                return false;
        jwrite_object_end(w);
        return true;
}

bool usecase_lint(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(GArray) defects = NULL, origins = NULL;
        g_autoptr(RiskMethods) methods = NULL;
        LintOrigins seen;

        if (!graph_of_call(call, &pinned, error))
                return false;
        methods = risk_methods_of_call(call, error);
        origins = methods == NULL ? NULL : origins_of_call(call, error);
        if (origins == NULL)
                return false;
        seen = origins_view(origins, methods);
        defects = jread_get_bool(call->input, "answered", false)
                          ? lint_find_all(pinned.view, call->instant, &seen)
                          : lint_find(pinned.view, call->instant, &seen);
        jwrite_array_begin(w);
        for (guint i = 0; i < defects->len; i++)
                if (!defect_write(call, w, pinned.view, &g_array_index(defects, Defect, i), error))
                        return false;
        jwrite_array_end(w);
        return true;
}
