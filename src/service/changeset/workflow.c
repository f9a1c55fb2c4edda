/* State machines of a project: what there are, and another one for a kind. */
#include "service/changeset/draft.h"

#include "base/near.h"
#include "model/workflow.h"

static bool kind_read(const char *name, KindId *ret_kind, GError **error)
{
        size_t n;
        const char *const *names = kind_names(&n);
        g_autofree char *near = NULL;

        if (name != NULL && kind_find(name, ret_kind))
                return true;
        near = near_names(name == NULL ? "" : name, names, n);
        error_set(error, ZW_ERR_NAME_UNKNOWN, "/kind", "there is no kind \"%s\"%s", name == NULL ? "" : name,
                  near);
        return false;
}

/* {"kind","own",…what workflow_read takes}: own says that the project put it in place of the default. */
static bool workflow_answer(Call *call, KindId kind, JWrite *w, GError **error)
{
        g_autofree char *name = g_strdup_printf("workflow:%s", kind_def(kind)->name), *text = NULL;
        g_autoptr(Json) value = NULL, shown = NULL;
        g_autoptr(Workflow) workflow = NULL;
        const char *member;
        json_t *one;

        if (!store_load_setting(call->view, &call->project->log, name, call->at, &text, error))
                return false;
        value = text == NULL ? NULL : json_loads(text, JSON_DECODE_ANY, NULL);
        workflow = value == NULL ? workflow_default(kind) : workflow_read(kind, value, error);
        if (workflow == NULL)
                return false;
        shown = workflow_write(workflow);
        jwrite_object_begin(w);
        jwrite_key_string(w, "kind", kind_def(kind)->name);
        jwrite_key_bool(w, "own", value != NULL);
        json_object_foreach(shown, member, one) jwrite_key_json(w, member, one);
        jwrite_object_end(w);
        return true;
}

bool usecase_workflow_list(Call *call, JWrite *w, GError **error)
{
        jwrite_array_begin(w);
        for (int kind = 0; kind < ZW_KIND_COUNT; kind++)
                if (!workflow_answer(call, (KindId)kind, w, error))
                        return false;
        jwrite_array_end(w);
        return true;
}

bool usecase_workflow_show(Call *call, JWrite *w, GError **error)
{
        KindId kind;

        return kind_read(jread_get_string(call->input, "kind"), &kind, error) &&
               workflow_answer(call, kind, w, error);
}

/* ---- another one ---- */

typedef struct {
        Call *call;
        const char *kind;
        json_t *value;
        Seq seq; /* 0 when it is as it was */
} WorkflowSet;

static bool workflow_write_commit(StoreTxn *txn, void *payload, GError **error)
{
        WorkflowSet *set = payload;
        Call *call = set->call;
        g_autofree char *name = g_strdup_printf("workflow:%s", set->kind);
        g_autoptr(Json)
                native = json_pack("[{s:s, s:s, s:O}]", "op", "setting", "name", name, "value", set->value);
        g_autoptr(Json) outcome = json_object(), ops = NULL;
        const ResolveContext context = context_of_call(call, store_txn_view(txn));
        CommitDraft draft = draft_of_call(call);

        set->seq = 0;
        ops = resolve_ops(&context, native, outcome, error);
        if (ops == NULL)
                return false;
        draft.ops = ops;
        if (json_array_size(ops) == 0 || jread_get_bool(call->input, "dry_run", false))
                return true;
        return store_txn_commit(txn, &draft, &set->seq, error) &&
               call_audit(call, txn, "workflow.set", set->kind, "ok", error);
}

bool usecase_workflow_set(Call *call, JWrite *w, GError **error)
{
        WorkflowSet set = { .call = call, .value = json_object_get(call->input, "workflow") };
        KindId kind;

        if (!kind_read(jread_get_string(call->input, "kind"), &kind, error))
                return false;
        if (set.value == NULL) {
                error_set(error, ZW_ERR_USAGE, "/workflow",
                          "the state machine is given as an object, or null for the default one");
                return false;
        }
        set.kind = kind_def(kind)->name;
        if (!store_write(call->service->store, workflow_write_commit, &set, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key_string(w, "kind", set.kind);
        jwrite_key_bool(w, "own", !json_is_null(set.value));
        if (set.seq == 0)
                jwrite_key_null(w, "commit");
        else
                jwrite_key_int(w, "commit", (int64_t)set.seq);
        jwrite_object_end(w);
        return true;
}
