/* States: transitions by the rules of the lifecycle. */
#include "service/resolve.h"

#include <string.h>

static bool transition_allowed(Resolver *r, const Known *known, StateId to, GError **error)
{
        const TransitionDef *rule = transition_find(kind_def(known->kind)->lifecycle, known->state, to);
        g_autofree char *separation = NULL;

        if (rule == NULL) {
                error_set(error, ZW_ERR_STATE, known->key,
                          "%s goes from %s to %s by no rule of its lifecycle", known->key,
                          state_def(known->state)->name, state_def(to)->name);
                return false;
        }
        if (!resolver_may_move(r, known, rule, error))
                return false;
        if (!rule->other_person || !id_equal(&known->author, &r->context->actor))
                return true;
        if (!store_load_setting(r->context->view, &r->context->log, "separation_of_duties", ZW_SEQ_OPEN - 1,
                                &separation, error))
                return false;
        if (g_strcmp0(separation, "false") == 0)
                return true;
        error_set(error, ZW_ERR_DENIED, known->key,
                  "nobody approves their own revision (separation of duties)");
        return false;
}

static bool transition_to(Resolver *r, Known *known, StateId to, GError **error)
{
        if (known->state == to) {
                resolver_count(r, "unchanged", kind_def(known->kind)->name);
                return true;
        }
        if (!transition_allowed(r, known, to, error))
                return false;
        known->rev++;
        /* Retiring is a substantive change; an approval is not. */
        if (state_def(to)->flags & STATE_RETIRED)
                known->subst = known->rev;
        known->state = to;
        known->author = r->context->actor;
        resolver_emit(r, json_pack("{s:s, s:s, s:i, s:i, s:s}", "op", "transition", "id", known->id, "rev",
                                   (int)known->rev, "subst", (int)known->subst, "to", state_def(to)->name));
        resolver_count(r, "updated", kind_def(known->kind)->name);
        return true;
}

bool resolve_transition(Resolver *r, const json_t *op, GError **error)
{
        const char *name = jread_get_string(op, "to");
        Known *known;
        StateId to;

        if (!resolver_find_named(r, op, "key", &known, error))
                return false;
        if (name != NULL && state_find(name, &to) && lifecycle_has(kind_def(known->kind)->lifecycle, to))
                return transition_to(r, known, to, error);
        error_set(error, ZW_ERR_METAMODEL, "/to", "%s has no state \"%s\"", kind_def(known->kind)->name,
                  name == NULL ? "" : name);
        return false;
}

bool resolve_retire(Resolver *r, const json_t *op, GError **error)
{
        Known *known;

        return resolver_find_named(r, op, "key", &known, error) &&
               transition_to(r, known, ZW_STATE_RETIRED, error);
}
