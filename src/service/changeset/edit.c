/* Edits: native operations as one commit. */
#include "service/changeset/draft.h"

#include <string.h>

typedef struct {
        Call *call;
        const json_t *ops;
        const char *message;
        json_t *outcome; /* made anew at each run */
        Seq seq;         /* 0 when nothing was to be written */
} EditWrite;

/* A dry run goes all the way and is then given up. */
static bool edit_write(StoreTxn *txn, void *payload, GError **error)
{
        EditWrite *write = payload;
        Call *call = write->call;
        ResolveContext context = context_of_call(call, store_txn_view(txn));
        CommitDraft draft = draft_of_call(call);
        g_autoptr(Json) native = NULL, ops = NULL;

        draft.message = write->message;
        draft.editorial = jread_get_bool(call->input, "editorial", false);
        draft.progress = call->progress;
        context.progress = call->progress;
        context.editorial = jread_get_bool(call->input, "editorial", false);
        context.states = call->project->sample && jread_get_bool(call->input, "states", false);
        json_decref(write->outcome);
        write->outcome = json_pack("{s:{}, s:{}, s:{}, s:[]}", "created", "updated", "unchanged", "keys");
        write->seq = 0;
        /* Before anything is looked at: what it changed the first time would refuse it now. */
        if (draft.request != NULL && !store_request_check(context.view, &draft.log, draft.request, error))
                return false;
        native = satisfies_expand(context.view, &context.log, write->ops, error);
        ops = native == NULL ? NULL : resolve_ops(&context, native, write->outcome, error);
        if (ops == NULL)
                return false;
        if (json_array_size(ops) == 0 || jread_get_bool(call->input, "dry_run", false))
                return true;
        draft.ops = ops;
        return store_txn_commit(txn, &draft, &write->seq, error);
}

bool usecase_edit(Call *call, JWrite *w, GError **error)
{
        EditWrite write = { .call = call,
                            .ops = json_object_get(call->input, "ops"),
                            .message = jread_get_string(call->input, "message") };
        static const char *const names[] = { "created", "updated", "unchanged", "keys" }, *const judged[] = {
                "confirmed", "deferred"
        };
        GError *why = NULL;
        bool ok, repeated = false;

        if (!json_is_array(write.ops)) {
                error_set(error, ZW_ERR_USAGE, "/ops", "an edit has an array of operations");
                return false;
        }
        ok = store_write(call->service->store, edit_write, &write, &why);
        if (!ok)
                ok = repeated = replay_outcome(call, why, write.outcome, &write.seq, error);
        if (ok) {
                jwrite_object_begin(w);
                for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                        jwrite_key_json(w, names[i], json_object_get(write.outcome, names[i]));
                for (size_t i = 0; i < G_N_ELEMENTS(judged); i++)
                        if (json_object_get(write.outcome, judged[i]) != NULL)
                                jwrite_key_json(w, judged[i], json_object_get(write.outcome, judged[i]));
                if (write.seq == 0)
                        jwrite_key_null(w, "commit");
                else
                        jwrite_key_int(w, "commit", (int64_t)write.seq);
                if (repeated)
                        jwrite_key_bool(w, "repeated", true);
                jwrite_object_end(w);
        }
        json_decref(write.outcome);
        return ok;
}
