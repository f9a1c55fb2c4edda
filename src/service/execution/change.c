/* One commit of a run by hand. */
#include "service/changeset/draft.h"
#include "service/execution/execution.h"

typedef struct {
        Call *call;
        ExecutionMakeFn make;
        json_t *answer; /* made anew at each run */
        Seq seq;        /* 0 when nothing was to be written */
} Change;

static bool change_write(StoreTxn *txn, void *payload, GError **error)
{
        Change *change = payload;
        Call *call = change->call;
        ResolveContext context = context_of_call(call, store_txn_view(txn));
        CommitDraft draft = draft_of_call(call);
        g_autoptr(Json) native = json_array(), outcome = json_pack("{s:[]}", "keys"), ops = NULL;
        const json_t *made;

        json_decref(change->answer);
        change->answer = json_object();
        change->seq = 0;
        if (draft.request != NULL && !store_request_check(context.view, &draft.log, draft.request, error))
                return false;
        context.dry = jread_get_bool(call->input, "dry_run", false);
        if (!change->make(call, context.view, native, change->answer, error))
                return false;
        ops = resolve_ops(&context, native, outcome, error);
        if (ops == NULL)
                return false;
        made = json_array_get(json_object_get(outcome, "keys"), 0);
        if (json_object_get(change->answer, "key") == NULL && made != NULL)
                json_object_set(change->answer, "key", (json_t *)(uintptr_t)made);
        if (context.dry || json_array_size(ops) == 0)
                return true;
        draft.ops = ops;
        return store_txn_commit(txn, &draft, &change->seq, error);
}

/* A request that came before: the answer names what it made then. */
static bool change_repeat(Change *change, GError *why, GError **error)
{
        g_autoptr(Json) outcome = json_object();

        if (!replay_outcome(change->call, why, outcome, &change->seq, error))
                return false;
        json_object_set(change->answer, "key", json_array_get(json_object_get(outcome, "keys"), 0));
        json_object_set_new(change->answer, "repeated", json_true());
        return true;
}

bool execution_change(Call *call, ExecutionMakeFn make, JWrite *w, GError **error)
{
        Change change = { .call = call, .make = make };
        GError *why = NULL;
        const bool ok = store_write(call->service->store, change_write, &change, &why) ||
                        change_repeat(&change, why, error);
        g_autoptr(Json) answer = change.answer;

        if (!ok)
                return false;
        json_object_set_new(answer, "commit",
                            change.seq == 0 ? json_null() : json_integer((json_int_t)change.seq));
        jwrite_json(w, answer);
        return true;
}
