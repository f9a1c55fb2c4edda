/* What the approval of essential functions, and of what affects them, asks for: 62443-3-3 clause 4.2
 * (docs/algorithms/essential.md). */
#include "service/changeset/resolve.h"

/* Affected by, or affecting, a function. */
static bool affects_check(Resolver *r, Known *known, bool incoming, bool *ret_any, GError **error)
{
        unsigned n;

        if (!resolver_count_links(r, known, ZW_LINK_AFFECTS, incoming, &n, error))
                return false;
        *ret_any = n > 0;
        return true;
}

static bool answers_check(const Known *known, GError **error)
{
        const AttrDef *def = attr_get(known->kind, ZW_ATTR_KEEPS);
        const json_t *keeps = json_object_get(json_object_get(known->members, "attrs"), def->name);

        for (size_t i = 0; i < def->n_values; i++) {
                if (json_is_boolean(json_object_get(keeps, def->values[i])))
                        continue;
                error_set(error, ZW_ERR_STATE, known->key,
                          "%s is not approved: %s does not say whether it goes on with %s", known->key,
                          def->name, def->values[i]);
                return false;
        }
        return true;
}

static bool failure_check(const Known *known, GError **error)
{
        const AttrDef *def = attr_get(known->kind, ZW_ATTR_FAILURE_EFFECT);
        const char *text = jread_get_string(json_object_get(known->members, "attrs"), def->name);

        if (text != NULL && text[0] != '\0')
                return true;
        error_set(error, ZW_ERR_STATE, known->key,
                  "%s is not approved: it affects a function, and %s does not say what fails when it fails",
                  known->key, def->name);
        return false;
}

bool resolver_essential_check(Resolver *r, Known *known, StateId to, GError **error)
{
        bool any;

        if (!(state_def(to)->flags & STATE_APPROVED))
                return true;
        switch (known->kind) {
        case ZW_KIND_ESSENTIAL_FUNCTION:
                return answers_check(known, error);
        case ZW_KIND_SAFETY_FUNCTION:
                return affects_check(r, known, true, &any, error) && (!any || answers_check(known, error));
        case ZW_KIND_COUNTERMEASURE:
                return affects_check(r, known, false, &any, error) && (!any || failure_check(known, error));
        default:
                return true;
        }
}
