#include "model/metamodel_tables.h"

#include <string.h>

const KindDef *kind_def(KindId kind)
{
        return &metamodel_kinds[kind];
}

const StateDef *state_def(StateId state)
{
        return &metamodel_states[state];
}

const LinkTypeDef *link_type_def(LinkTypeId type)
{
        return &metamodel_link_types[type];
}

const TraitDef *trait_def(TraitId trait)
{
        return &metamodel_traits[trait];
}

const RoleDef *role_def(RoleId role)
{
        return &metamodel_roles[role];
}

const char *as_name(AsId as)
{
        return metamodel_as_names[as];
}

const char *permission_name(PermissionId permission)
{
        return metamodel_permission_names[permission];
}

bool kind_find(const char *name, KindId *ret_kind)
{
        for (int i = 0; i < ZW_KIND_COUNT; i++)
                if (strcmp(metamodel_kinds[i].name, name) == 0) {
                        *ret_kind = (KindId)i;
                        return true;
                }
        return false;
}

bool kind_find_prefix(const char *prefix, size_t n, KindId *ret_kind)
{
        for (int i = 0; i < ZW_KIND_COUNT; i++)
                if (strlen(metamodel_kinds[i].prefix) == n &&
                    memcmp(metamodel_kinds[i].prefix, prefix, n) == 0) {
                        *ret_kind = (KindId)i;
                        return true;
                }
        return false;
}

bool state_find(const char *name, StateId *ret_state)
{
        for (int i = 0; i < ZW_STATE_COUNT; i++)
                if (strcmp(metamodel_states[i].name, name) == 0) {
                        *ret_state = (StateId)i;
                        return true;
                }
        return false;
}

bool link_type_find(const char *name, LinkTypeId *ret_type)
{
        for (int i = 0; i < ZW_LINK_COUNT; i++)
                if (strcmp(metamodel_link_types[i].name, name) == 0) {
                        *ret_type = (LinkTypeId)i;
                        return true;
                }
        return false;
}

bool as_find(const char *name, AsId *ret_as)
{
        for (int i = 0; i < ZW_AS_COUNT; i++)
                if (strcmp(metamodel_as_names[i], name) == 0) {
                        *ret_as = (AsId)i;
                        return true;
                }
        return false;
}

bool trait_find(const char *name, TraitId *ret_trait)
{
        for (int i = 0; i < ZW_TRAIT_COUNT; i++)
                if (strcmp(metamodel_traits[i].name, name) == 0) {
                        *ret_trait = (TraitId)i;
                        return true;
                }
        return false;
}

bool role_find(const char *name, RoleId *ret_role)
{
        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                if (strcmp(metamodel_roles[i].name, name) == 0) {
                        *ret_role = (RoleId)i;
                        return true;
                }
        return false;
}

const char *const *kind_names(size_t *ret_n)
{
        *ret_n = ZW_KIND_COUNT;
        return metamodel_kind_names;
}

const char *const *link_type_names(size_t *ret_n)
{
        *ret_n = ZW_LINK_COUNT;
        return metamodel_link_type_names;
}

const AttrDef *attr_get(KindId kind, AttrId id)
{
        uint8_t index = metamodel_attr_index[kind][id];

        return index == 0 ? NULL : &metamodel_attributes[index - 1];
}

const AttrDef *attr_find(KindId kind, const char *name)
{
        for (int i = 0; i < ZW_ATTR_COUNT; i++)
                if (metamodel_attr_index[kind][i] != 0 && strcmp(metamodel_attr_names[i], name) == 0)
                        return &metamodel_attributes[metamodel_attr_index[kind][i] - 1];
        return NULL;
}

const AttrDef *link_attr_find(LinkTypeId type, const char *name)
{
        for (size_t i = 0; i < metamodel_n_link_attributes; i++)
                if (metamodel_link_attribute_types[i] == type &&
                    strcmp(metamodel_link_attributes[i].name, name) == 0)
                        return &metamodel_link_attributes[i];
        return NULL;
}

GPtrArray *attr_list(KindId kind)
{
        GPtrArray *list = g_ptr_array_new();

        for (size_t i = 0; i < metamodel_n_attributes; i++)
                if (metamodel_attributes[i].kinds & (UINT64_C(1) << kind))
                        g_ptr_array_add(list, (gpointer)(uintptr_t)&metamodel_attributes[i]);
        return list;
}

StateId lifecycle_initial(LifecycleId lifecycle)
{
        return metamodel_initial[lifecycle];
}

bool lifecycle_has(LifecycleId lifecycle, StateId state)
{
        return (metamodel_states[state].lifecycles & (1U << lifecycle)) != 0;
}

const TransitionDef *transition_find(LifecycleId lifecycle, StateId from, StateId to)
{
        for (size_t i = 0; i < metamodel_n_transitions; i++) {
                const TransitionDef *row = &metamodel_transitions[i];

                if (row->lifecycle == lifecycle && row->from == from && row->to == to)
                        return row;
        }
        return NULL;
}

static bool rule_allows(const LinkRuleDef *rule, KindId from, KindId to, AsId as)
{
        if ((rule->from & (UINT64_C(1) << from)) == 0 || (rule->to & (UINT64_C(1) << to)) == 0)
                return false;
        return (!rule->same_kind || from == to) && (rule->roles & (UINT32_C(1) << as)) != 0;
}

const LinkRuleDef *link_rule_find(LinkTypeId type, KindId from, KindId to, AsId as)
{
        for (size_t i = 0; i < metamodel_n_link_rules; i++)
                if (metamodel_link_rules[i].type == type &&
                    rule_allows(&metamodel_link_rules[i], from, to, as))
                        return &metamodel_link_rules[i];
        return NULL;
}

const LinkRuleDef *link_rules(size_t *ret_n)
{
        *ret_n = metamodel_n_link_rules;
        return metamodel_link_rules;
}

static void append_kinds(GString *text, uint64_t kinds)
{
        const char *separator = "";

        if (kinds == (UINT64_C(1) << ZW_KIND_COUNT) - 1) {
                g_string_append(text, "any kind");
                return;
        }
        for (int i = 0; i < ZW_KIND_COUNT; i++)
                if (kinds & (UINT64_C(1) << i)) {
                        g_string_append_printf(text, "%s%s", separator, metamodel_kinds[i].name);
                        separator = " or ";
                }
}

static void append_rule(GString *text, const LinkRuleDef *rule)
{
        const char *separator = " as ";

        append_kinds(text, rule->from);
        g_string_append(text, " to ");
        if (rule->same_kind)
                g_string_append(text, "the same kind");
        else
                append_kinds(text, rule->to);
        for (int i = 1; i < ZW_AS_COUNT; i++)
                if (rule->roles & (UINT32_C(1) << i)) {
                        g_string_append_printf(text, "%s%s", separator, metamodel_as_names[i]);
                        separator = ", ";
                }
}

char *link_rule_explain(LinkTypeId type, KindId from, KindId to, AsId as)
{
        GString *text = g_string_new(NULL);
        const char *separator = " goes from ";

        g_string_append_printf(text, "no rule allows %s from %s to %s", metamodel_link_types[type].name,
                               metamodel_kinds[from].name, metamodel_kinds[to].name);
        if (as != ZW_AS_NONE)
                g_string_append_printf(text, " as %s", metamodel_as_names[as]);
        g_string_append_printf(text, ": %s", metamodel_link_types[type].name);
        for (size_t i = 0; i < metamodel_n_link_rules; i++)
                if (metamodel_link_rules[i].type == type) {
                        g_string_append(text, separator);
                        append_rule(text, &metamodel_link_rules[i]);
                        separator = "; or from ";
                }
        return g_string_free(text, FALSE);
}
