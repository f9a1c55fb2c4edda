/* Where an item can go from where it is, for who asks: each transition of its state machine is tried and given up. */
#include "service/changeset/draft.h"

#include "model/workflow.h"

bool call_workflow(const Call *call, KindId kind, Workflow **ret_workflow, GError **error)
{
        g_autofree char *name = g_strdup_printf("workflow:%s", kind_def(kind)->name), *text = NULL;
        g_autoptr(Json) value = NULL;

        if (!store_load_setting(call->view, &call->project->log, name, ZW_SEQ_OPEN - 1, &text, error))
                return false;
        value = text == NULL ? NULL : json_loads(text, JSON_DECODE_ANY, NULL);
        *ret_workflow = value == NULL ? workflow_default(kind) : workflow_read(kind, value, error);
        return *ret_workflow != NULL;
}

bool transition_try(Call *call, const char *key, StateId to, TransitionTry *ret_result, char **ret_why,
                    GError **error)
{
        g_autoptr(Json) native = json_pack("[{s:s, s:s, s:s}]", "op", "transition", "key", key, "to",
                                           state_def(to)->name);
        g_autoptr(Json) outcome = json_object(), ops = NULL;
        ResolveContext context = context_of_call(call, call->view);
        g_autoptr(GError) why = NULL;

        context.dry = true;
        *ret_why = NULL;
        *ret_result = TRANSITION_ALLOWED;
        ops = resolve_ops(&context, native, outcome, &why);
        if (ops != NULL)
                return true;
        if (!g_error_matches(why, ZW_ERROR, ZW_ERR_STATE) && !g_error_matches(why, ZW_ERROR, ZW_ERR_DENIED)) {
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        *ret_why = g_strdup(why->message);
        if (g_error_matches(why, ZW_ERROR, ZW_ERR_DENIED))
                *ret_result = TRANSITION_DENIED;
        else
                *ret_result = json_is_true(json_object_get(outcome, "unsigned")) ? TRANSITION_UNSIGNED
                                                                                 : TRANSITION_UNMET;
        return true;
}

static bool rule_answer(Call *call, const char *key, const WorkflowRule *rule, JWrite *w, GError **error)
{
        g_autofree char *why = NULL;
        TransitionTry result;

        if (!transition_try(call, key, rule->to, &result, &why, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key_string(w, "to", state_def(rule->to)->name);
        jwrite_key(w, "roles");
        jwrite_array_begin(w);
        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                if (rule->roles & 1U << i)
                        jwrite_string(w, role_def((RoleId)i)->name);
        jwrite_array_end(w);
        jwrite_key_bool(w, "allowed", result == TRANSITION_ALLOWED);
        jwrite_key_string(w, "why", why);
        jwrite_object_end(w);
        return true;
}

bool usecase_transition_list(Call *call, JWrite *w, GError **error)
{
        const char *key = jread_get_string(call->input, "key");
        g_autoptr(StoreItem) item = NULL;
        g_autoptr(Workflow) workflow = NULL;
        const WorkflowRule *rules;
        const ItemRev *rev;
        size_t n;

        if (key == NULL) {
                error_set(error, ZW_ERR_USAGE, "/key", "the key of an item is needed");
                return false;
        }
        item = store_item_by_key(call->view, &call->project->log, key, ZW_SEQ_OPEN - 1, error);
        if (item == NULL)
                return false;
        rev = store_item_rev(item);
        if (!call_workflow(call, rev->kind, &workflow, error))
                return false;
        rules = workflow_rules(workflow, &n);
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", rev->key);
        jwrite_key_int(w, "rev", rev->rev);
        jwrite_key_string(w, "state", state_def(rev->state)->name);
        jwrite_key_bool(w, "locked", workflow_is_locked(workflow, rev->state));
        jwrite_key(w, "transitions");
        jwrite_array_begin(w);
        for (size_t i = 0; i < n; i++)
                if (rules[i].from == rev->state && !rule_answer(call, rev->key, &rules[i], w, error))
                        return false;
        jwrite_array_end(w);
        jwrite_object_end(w);
        return true;
}
