/* Risk methods as settings, and what the approval of an overridden SL-T asks for. */
#include "service/changeset/resolve.h"
#include "service/analyses/risk.h"

#include <string.h>

/* ---- reading those of a project ---- */

typedef struct {
        RiskMethods *methods;
        GPtrArray *waiting; /* of RiskMethod: what they replace was not seen yet */
} Loading;

static void method_destroy(gpointer data)
{
        risk_method_free(data);
}

/* Adds those that can be added; a version may stand before the one it replaces. */
static bool waiting_add(Loading *loading)
{
        bool any = false;

        for (guint i = 0; i < loading->waiting->len;) {
                const RiskMethod *method = g_ptr_array_index(loading->waiting, i);
                const char *replaces = risk_method_replaces(method);

                if (replaces != NULL &&
                    risk_methods_find(loading->methods, replaces, strlen(replaces)) == NULL) {
                        i++;
                        continue;
                }
                if (risk_methods_add(loading->methods, g_ptr_array_steal_index(loading->waiting, i), NULL))
                        any = true;
        }
        return any;
}

static bool method_see(const char *name, const char *value, void *payload, GError **error)
{
        Loading *loading = payload;
        g_autoptr(Json) json = jread_parse(value, strlen(value), error);
        RiskMethod *method = json == NULL ? NULL : risk_method_read(json, name, error);

        if (method == NULL)
                return false;
        g_ptr_array_add(loading->waiting, method);
        return true;
}

RiskMethods *risk_methods_load(StoreView *view, const Id *log, Seq seq, GError **error)
{
        g_autoptr(RiskMethods) methods = risk_methods_new();
        g_autoptr(GPtrArray) waiting = g_ptr_array_new_with_free_func(method_destroy);
        Loading loading = { methods, waiting };
        g_autofree char *text = NULL;
        g_autoptr(Json) name = NULL;

        if (!store_each_setting(view, log, "risk_method:", seq, method_see, &loading, error))
                return NULL;
        for (bool more = true; more;)
                more = waiting_add(&loading);
        if (!store_load_setting(view, log, "risk_method", seq, &text, error))
                return NULL;
        name = text == NULL ? NULL : json_loads(text, JSON_DECODE_ANY, NULL);
        if (json_is_string(name) && !risk_methods_set_default(methods, json_string_value(name), error))
                return NULL;
        return g_steal_pointer(&methods);
}

RiskMethods *risk_methods_of_call(const Call *call, GError **error)
{
        return risk_methods_load(call->view, &call->project->log, call->at, error);
}

/* ---- settings ---- */

static bool methods_of(Resolver *r, GError **error)
{
        if (r->risk_methods == NULL)
                r->risk_methods = risk_methods_load(r->context->view, &r->context->log, ZW_SEQ_OPEN - 1,
                                                    error);
        return r->risk_methods != NULL;
}

bool resolve_risk_method(Resolver *r, const char *name, const json_t *value, bool *ret_new, GError **error)
{
        g_autoptr(RiskMethod) method = NULL;
        const RiskMethod *there;

        if (!methods_of(r, error))
                return false;
        there = risk_methods_find(r->risk_methods, name, strlen(name));
        *ret_new = there == NULL || !json_equal(risk_method_json(there), value);
        if (!*ret_new)
                return true;
        if (json_is_null(value)) {
                error_set(error, ZW_ERR_STATE, "/value", "a version of a risk method is never taken away");
                return false;
        }
        method = risk_method_read(value, "/value", error);
        if (method == NULL)
                return false;
        if (strcmp(risk_method_name(method), name) != 0) {
                error_set(error, ZW_ERR_INPUT, "/name", "the value is the method %s and not %s",
                          risk_method_name(method), name);
                return false;
        }
        return risk_methods_add(r->risk_methods, g_steal_pointer(&method), error);
}

bool resolve_risk_default(Resolver *r, const json_t *value, GError **error)
{
        if (json_is_null(value))
                return true;
        if (!json_is_string(value)) {
                error_set(error, ZW_ERR_INPUT, "/value", "this is the name of a risk method, METHOD@VERSION");
                return false;
        }
        return methods_of(r, error) &&
               risk_methods_set_default(r->risk_methods, json_string_value(value), error);
}

/* ---- overrides ---- */

static int entry_of(const json_t *attrs, const char *name, size_t i)
{
        const json_t *value = json_array_get(json_object_get(attrs, name), i);

        return json_is_integer(value) ? (int)json_integer_value(value) : ZW_SL_UNKNOWN;
}

static bool is_override(const json_t *attrs, size_t i)
{
        const json_t *basis = json_object_get(attrs, "basis");
        const size_t n = json_array_size(basis);

        return g_strcmp0(json_string_value(json_array_get(basis, n == 1 ? 0 : i)),
                         target_basis_name(TARGET_OVERRIDE)) == 0 &&
               entry_of(attrs, "vector", i) != ZW_SL_UNKNOWN;
}

/* Where nothing says what was derived, nobody can tell that the entry is not lower. */
TargetOverride resolver_override(const Known *known)
{
        const json_t *attrs = json_object_get(known->members, "attrs");
        TargetOverride found = TARGET_AS_DERIVED;

        for (size_t i = 0; known->kind == ZW_KIND_SL_TARGET && i < ZW_FR_COUNT; i++) {
                if (!is_override(attrs, i))
                        continue;
                if (json_object_get(attrs, "derived") == NULL ||
                    entry_of(attrs, "vector", i) < entry_of(attrs, "derived", i))
                        return TARGET_LOWERED;
                found = TARGET_RAISED;
        }
        return found;
}

static bool says(const json_t *attrs, const char *name)
{
        const char *text = jread_get_string(attrs, name);

        while (text != NULL && g_ascii_isspace(*text))
                text++;
        return text != NULL && *text != '\0';
}

bool resolver_override_check(const Known *known, StateId to, GError **error)
{
        const json_t *attrs = json_object_get(known->members, "attrs");
        const TargetOverride override = resolver_override(known);
        const char *lacks = NULL;

        if (override == TARGET_AS_DERIVED || !(state_def(to)->flags & STATE_APPROVED))
                return true;
        if (!says(attrs, "override_reason"))
                lacks = "an override needs a reason (override_reason)";
        else if (override == TARGET_LOWERED && !says(attrs, "residual_risk"))
                lacks = "an entry below the derived one needs the risk that stays (residual_risk)";
        if (lacks == NULL)
                return true;
        error_set(error, ZW_ERR_STATE, known->key, "%s is not approved: %s", known->key, lacks);
        return false;
}

bool resolver_override_reopens(const Known *known, const json_t *set)
{
        static const char *const approved[] = { "vector", "basis", "derived", "override_reason",
                                                "residual_risk" };
        const json_t *attrs = json_object_get(set, "attrs");

        if ((state_def(known->state)->flags & STATE_APPROVED) == 0 ||
            resolver_override(known) == TARGET_AS_DERIVED)
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(approved); i++)
                if (json_object_get(attrs, approved[i]) != NULL)
                        return true;
        return false;
}
