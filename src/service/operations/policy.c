/* The policy of a project about changes, incidents and actions. */
#include "service/operations/operation.h"

#include "service/analyses/risk.h"

OperationPolicy *operation_policy_load(StoreView *view, const Id *log, Seq seq, GError **error)
{
        g_autofree char *text = NULL;
        g_autoptr(Json) value = NULL;

        if (!store_load_setting(view, log, ZW_OPERATION_SETTING, seq, &text, error))
                return NULL;
        value = text == NULL ? NULL : json_loads(text, JSON_DECODE_ANY, NULL);
        return json_is_object(value) ? operation_policy_read(value, error) : operation_policy_default();
}

bool usecase_operation_policy(Call *call, JWrite *w, GError **error)
{
        g_autoptr(OperationPolicy)
                policy = operation_policy_load(call->view, &call->project->log, call->at, error);

        if (policy == NULL)
                return false;
        jwrite_json(w, operation_policy_json(policy));
        return true;
}

/* Null puts the one of the program back. */
bool usecase_operation_policy_set(Call *call, JWrite *w, GError **error)
{
        json_t *policy = json_object_get(call->input, "policy");
        g_autoptr(Json) ops = NULL;

        if (policy == NULL) {
                error_set(error, ZW_ERR_USAGE, "/policy", "give a policy, or null for the default one");
                return false;
        }
        ops = json_pack("[{s:s, s:s, s:O}]", "op", "setting", "name", ZW_OPERATION_SETTING, "value", policy);
        jwrite_object_begin(w);
        if (!edit_call(call, ops, "policy of operation", w, error))
                return false;
        jwrite_object_end(w);
        return true;
}
