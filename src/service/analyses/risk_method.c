/* Risk methods of a project: what there are, a new version, and which rates what names none. */
#include "service/analyses/risk.h"

#include <string.h>

static bool is_shipped(const RiskMethod *method)
{
        g_autoptr(RiskMethods) shipped = risk_methods_new();

        return risk_methods_find(shipped, risk_method_name(method), strlen(risk_method_name(method))) != NULL;
}

static void method_members_write(JWrite *w, const RiskMethods *methods, const RiskMethod *method)
{
        const RiskMethod *newer = risk_methods_successor(methods, method);

        jwrite_key_string(w, "name", risk_method_name(method));
        jwrite_key_string(w, "by", risk_method_kind_name(risk_method_kind(method)));
        jwrite_key_bool(w, "own", !is_shipped(method));
        jwrite_key_bool(w, "default", method == risk_methods_default(methods));
        jwrite_key_string(w, "replaced_by", newer == NULL ? NULL : risk_method_name(newer));
}

bool usecase_risk_methods(Call *call, JWrite *w, GError **error)
{
        g_autoptr(RiskMethods) methods = risk_methods_of_call(call, error);

        if (methods == NULL)
                return false;
        jwrite_array_begin(w);
        for (size_t i = 0; i < risk_methods_count(methods); i++) {
                const RiskMethod *method = risk_methods_get(methods, i);

                jwrite_object_begin(w);
                method_members_write(w, methods, method);
                jwrite_key_string(w, "title", risk_method_title(method));
                jwrite_key_int(w, "likelihoods", risk_method_likelihoods(method));
                jwrite_key_int(w, "impacts", risk_method_impacts(method));
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
        return true;
}

/* Its value under `value`: what `risk.method.add` takes. */
bool usecase_risk_method_show(Call *call, JWrite *w, GError **error)
{
        g_autoptr(RiskMethods) methods = risk_methods_of_call(call, error);
        const char *name = jread_get_string(call->input, "name");

        if (methods == NULL || !risk_methods_set_default(methods, name == NULL ? "" : name, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key_string(w, "name", name);
        jwrite_key_json(w, "value", risk_method_json(risk_methods_default(methods)));
        jwrite_object_end(w);
        return true;
}

/* ---- changes: settings like any other ---- */

static bool setting_call(Call *call, const char *name, json_t *value, JWrite *w, GError **error)
{
        const char *message = jread_get_string(call->input, "message");
        g_autoptr(Json)
                input = json_pack("{s:s, s:b, s:s*, s:[{s:s, s:s, s:O}]}", "project", call->project->key,
                                  "dry_run", jread_get_bool(call->input, "dry_run", false), "message",
                                  message, "ops", "op", "setting", "name", name, "value", value);

        return service_call(call->service, call->caller, "edit", input, (ServiceFiles){ NULL, 0 }, w, error);
}

bool usecase_risk_method_add(Call *call, JWrite *w, GError **error)
{
        json_t *value = json_object_get(call->input, "method");
        g_autoptr(RiskMethod) method = risk_method_read(value, "", error);
        g_autofree char *name = NULL;

        if (method == NULL)
                return false;
        name = g_strconcat("risk_method:", risk_method_name(method), NULL);
        return setting_call(call, name, value, w, error);
}

bool usecase_risk_method_use(Call *call, JWrite *w, GError **error)
{
        json_t *name = json_object_get(call->input, "name");

        if (json_is_string(name))
                return setting_call(call, "risk_method", name, w, error);
        error_set(error, ZW_ERR_USAGE, "/name", "name the risk method, METHOD@VERSION");
        return false;
}
