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

const MeaningDef *meaning_def(MeaningId meaning)
{
        return &metamodel_meanings[meaning];
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

bool meaning_find(const char *name, MeaningId *ret_meaning)
{
        for (int i = 0; i < ZW_MEANING_COUNT; i++)
                if (strcmp(metamodel_meanings[i].name, name) == 0) {
                        *ret_meaning = (MeaningId)i;
                        return true;
                }
        return false;
}

const char *const *state_names(size_t *ret_n)
{
        *ret_n = ZW_STATE_COUNT;
        return metamodel_state_names;
}

const char *const *meaning_names(size_t *ret_n)
{
        *ret_n = ZW_MEANING_COUNT;
        return metamodel_meaning_names;
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
        uint16_t row = metamodel_attr_by_id[kind][id];

        return row == 0 ? NULL : &metamodel_attributes[row - 1];
}

/* Called for every cell of an import, so not by a scan. */
const AttrDef *attr_find(KindId kind, const char *name)
{
        size_t low = metamodel_attr_starts[kind], high = metamodel_attr_starts[kind + 1];

        while (low < high) {
                size_t middle = low + (high - low) / 2;
                const AttrDef *def = &metamodel_attributes[metamodel_attr_by_name[middle]];
                int order = strcmp(name, def->name);

                if (order == 0)
                        return def;
                if (order < 0)
                        high = middle;
                else
                        low = middle + 1;
        }
        return NULL;
}

bool attr_is_known(const char *name)
{
        for (int kind = 0; kind < ZW_KIND_COUNT; kind++)
                if (attr_find((KindId)kind, name) != NULL)
                        return true;
        return false;
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

const TransitionDef *transitions(size_t *ret_n)
{
        *ret_n = metamodel_n_transitions;
        return metamodel_transitions;
}

static bool has_bit(uint64_t mask, int bit)
{
        return (mask >> bit & 1) != 0;
}

static bool rule_joins(const LinkRuleDef *rule, KindId from, KindId to)
{
        return has_bit(rule->from, (int)from) && has_bit(rule->to, (int)to) &&
               (!rule->same_kind || from == to);
}

const LinkRuleDef *link_rule_find(LinkTypeId type, KindId from, KindId to, AsId as)
{
        for (size_t i = 0; i < metamodel_n_link_rules; i++) {
                const LinkRuleDef *rule = &metamodel_link_rules[i];

                if (rule->type == type && rule_joins(rule, from, to) && has_bit(rule->roles, (int)as))
                        return rule;
        }
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

        if (kinds == UINT64_MAX >> (64 - ZW_KIND_COUNT)) {
                g_string_append(text, "any kind");
                return;
        }
        for (int i = 0; i < ZW_KIND_COUNT; i++)
                if (has_bit(kinds, i)) {
                        g_string_append_printf(text, "%s%s", separator, metamodel_kinds[i].name);
                        separator = " or ";
                }
}

static void append_roles(GString *text, uint32_t roles)
{
        const char *separator = "";

        for (int i = 1; i < ZW_AS_COUNT; i++)
                if (has_bit(roles, i)) {
                        g_string_append_printf(text, "%s%s", separator, metamodel_as_names[i]);
                        separator = " or ";
                }
}

static void append_rule(GString *text, const LinkRuleDef *rule)
{
        append_kinds(text, rule->from);
        g_string_append(text, " to ");
        if (rule->same_kind)
                g_string_append(text, "the same kind");
        else
                append_kinds(text, rule->to);
        if (!has_bit(rule->roles, ZW_AS_NONE)) {
                g_string_append(text, " as ");
                append_roles(text, rule->roles);
        }
}

/* The kinds fit and only the role does not: what the rules of this pair take. */
static bool explain_role(GString *text, LinkTypeId type, KindId from, KindId to, AsId as)
{
        uint32_t roles = 0;

        for (size_t i = 0; i < metamodel_n_link_rules; i++)
                if (metamodel_link_rules[i].type == type && rule_joins(&metamodel_link_rules[i], from, to))
                        roles |= metamodel_link_rules[i].roles;
        if (roles == 0)
                return false;
        g_string_append_printf(text, "%s from %s to %s ", metamodel_link_types[type].name,
                               metamodel_kinds[from].name, metamodel_kinds[to].name);
        if ((roles >> 1) == 0) {
                g_string_append_printf(text, "takes no role, not %s", metamodel_as_names[as]);
                return true;
        }
        g_string_append(text, "is as ");
        append_roles(text, roles);
        if (has_bit(roles, ZW_AS_NONE))
                g_string_append(text, " or nothing");
        if (as == ZW_AS_NONE)
                g_string_append(text, ", and no role is given");
        else
                g_string_append_printf(text, ", not %s", metamodel_as_names[as]);
        return true;
}

char *link_rule_explain(LinkTypeId type, KindId from, KindId to, AsId as)
{
        GString *text = g_string_new(NULL);
        const char *separator = " goes from ";

        if (explain_role(text, type, from, to, as))
                return g_string_free(text, FALSE);
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

/* ---- names made of names ---- */

char *kind_plural(KindId kind)
{
        const char *name = metamodel_kinds[kind].name;
        const size_t n = strlen(name);

        if (name[n - 1] == 'y')
                return g_strdup_printf("%.*sies", (int)(n - 1), name);
        return g_strconcat(name, "s", NULL);
}

char *kind_title(KindId kind)
{
        char *title = g_strdelimit(g_strdup(metamodel_kinds[kind].name), "_", ' ');

        title[0] = g_ascii_toupper(title[0]);
        return title;
}

bool kind_find_plural(const char *plural, KindId *ret_kind)
{
        for (int i = 0; i < ZW_KIND_COUNT; i++) {
                g_autofree char *own = kind_plural((KindId)i);

                if (strcmp(own, plural) != 0)
                        continue;
                *ret_kind = (KindId)i;
                return true;
        }
        return false;
}

const TransitionDef *transition_list(size_t *ret_n)
{
        *ret_n = metamodel_n_transitions;
        return metamodel_transitions;
}

const AttrDef *link_attr_list(const LinkTypeId **ret_types, size_t *ret_n)
{
        *ret_types = metamodel_link_attribute_types;
        *ret_n = metamodel_n_link_attributes;
        return metamodel_link_attributes;
}
