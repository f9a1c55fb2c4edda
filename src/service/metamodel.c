/* The metamodel as data: what the command line, forms and grids are made from. */
#include "model/sl.h"
#include "service/internal.h"

#include <string.h>

/* ---- attributes ---- */

static const char *const attr_types[] = {
        [ATTR_TEXT] = "text",         [ATTR_ENUM] = "enum",       [ATTR_ENUMS] = "enums",
        [ATTR_INT] = "int",           [ATTR_DECIMAL] = "decimal", [ATTR_BOOL] = "bool",
        [ATTR_DATE] = "date",         [ATTR_LIST] = "list",       [ATTR_INTS] = "ints",
        [ATTR_VECTOR] = "vector",     [ATTR_ANSWERS] = "answers", [ATTR_LEVELS] = "levels",
        [ATTR_REF] = "ref",           [ATTR_REFS] = "refs",       [ATTR_KEYS] = "keys",
        [ATTR_VERSIONS] = "versions", [ATTR_TEXTS] = "texts",
};

/* A bound as the number it is: most are whole. */
static void bound_write(JWrite *w, const char *name, double value)
{
        g_autoptr(Json) number = value == (double)(json_int_t)value ? json_integer((json_int_t)value)
                                                                    : json_real(value);

        jwrite_key_json(w, name, number);
}

static void attr_write(JWrite *w, const AttrDef *attr)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "name", attr->name);
        jwrite_key_string(w, "type", attr_types[attr->type]);
        jwrite_key(w, "values");
        jwrite_array_begin(w);
        for (size_t i = 0; i < attr->n_values; i++)
                jwrite_string(w, attr->values[i]);
        jwrite_array_end(w);
        if (attr->unit != NULL)
                jwrite_key_string(w, "unit", attr->unit);
        if (attr->has_bounds) {
                bound_write(w, "least", attr->least);
                bound_write(w, "most", attr->most);
        }
        if (attr->fallback != NULL) {
                jwrite_key(w, "default");
                jwrite_raw(w, attr->fallback, strlen(attr->fallback));
        }
        jwrite_key_bool(w, "substantive", (attr->flags & ATTR_SUBSTANTIVE) != 0);
        jwrite_key_bool(w, "personal", (attr->flags & ATTR_PERSONAL) != 0);
        jwrite_key_string(w, "help", attr->doc);
        jwrite_object_end(w);
}

/* ---- kinds ---- */

static void states_write(JWrite *w, LifecycleId lifecycle)
{
        jwrite_key(w, "states");
        jwrite_array_begin(w);
        for (int i = 0; i < ZW_STATE_COUNT; i++) {
                const StateDef *state = state_def((StateId)i);

                if (!lifecycle_has(lifecycle, (StateId)i))
                        continue;
                jwrite_object_begin(w);
                jwrite_key_string(w, "name", state->name);
                jwrite_key_bool(w, "initial", lifecycle_initial(lifecycle) == (StateId)i);
                jwrite_key_bool(w, "approved", (state->flags & STATE_APPROVED) != 0);
                jwrite_key_bool(w, "retired", (state->flags & STATE_RETIRED) != 0);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

static void roles_write(JWrite *w, const char *name, unsigned roles)
{
        jwrite_key(w, name);
        jwrite_array_begin(w);
        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                if (roles & 1U << i)
                        jwrite_string(w, role_def((RoleId)i)->name);
        jwrite_array_end(w);
}

/* Guards as the tables name them, what they ask for after a colon. */
static void links_write(JWrite *w, const char *guard, uint64_t types)
{
        for (int type = 0; type < ZW_LINK_COUNT; type++) {
                g_autofree char *text = g_strconcat(guard, ":", link_type_def((LinkTypeId)type)->name, NULL);

                if ((types >> type & 1) != 0)
                        jwrite_string(w, text);
        }
}

static void guards_write(JWrite *w, const TransitionDef *rule)
{
        g_auto(GStrv) fields = g_strsplit(rule->fields == NULL ? "" : rule->fields, ",", -1);

        if (rule->other_person)
                jwrite_string(w, "other_person");
        if (rule->dual_safety)
                jwrite_string(w, "dual_safety");
        if (rule->dual_disciplines)
                jwrite_string(w, "dual_disciplines");
        if (rule->authored)
                jwrite_string(w, "authored");
        for (size_t i = 0; fields[i] != NULL; i++) {
                g_autofree char *text = g_strconcat("field:", fields[i], NULL);

                jwrite_string(w, text);
        }
        links_write(w, "link", rule->links_from);
        links_write(w, "linked", rule->links_to);
        links_write(w, "passed", rule->links_passed);
}

static void transitions_write(JWrite *w, LifecycleId lifecycle)
{
        size_t n;
        const TransitionDef *all = transition_list(&n);

        jwrite_key(w, "transitions");
        jwrite_array_begin(w);
        for (size_t i = 0; i < n; i++) {
                if (all[i].lifecycle != lifecycle)
                        continue;
                jwrite_object_begin(w);
                jwrite_key_string(w, "from", state_def(all[i].from)->name);
                jwrite_key_string(w, "to", state_def(all[i].to)->name);
                roles_write(w, "roles", all[i].roles);
                jwrite_key(w, "guards");
                jwrite_array_begin(w);
                guards_write(w, &all[i]);
                jwrite_array_end(w);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

static void kind_write(JWrite *w, KindId id)
{
        const KindDef *kind = kind_def(id);
        g_autofree char *plural = kind_plural(id), *title = kind_title(id);
        g_autoptr(GPtrArray) attrs = attr_list(id);

        jwrite_object_begin(w);
        jwrite_key_string(w, "name", kind->name);
        jwrite_key_string(w, "prefix", kind->prefix);
        jwrite_key_string(w, "plural", plural);
        jwrite_key_string(w, "title", title);
        jwrite_key_string(w, "group", kind->group);
        jwrite_key_string(w, "help", kind->doc);
        jwrite_key(w, "attrs");
        jwrite_array_begin(w);
        for (guint i = 0; i < attrs->len; i++)
                attr_write(w, attrs->pdata[i]);
        jwrite_array_end(w);
        states_write(w, kind->lifecycle);
        transitions_write(w, kind->lifecycle);
        jwrite_object_end(w);
}

/* ---- links ---- */

static void kinds_write(JWrite *w, const char *name, uint64_t kinds)
{
        jwrite_key(w, name);
        jwrite_array_begin(w);
        for (int i = 0; i < ZW_KIND_COUNT; i++)
                if (kinds & (uint64_t)1 << i)
                        jwrite_string(w, kind_def((KindId)i)->name);
        jwrite_array_end(w);
}

/* Roles by name; the empty one stands for a link without a role. */
static void as_write(JWrite *w, uint32_t roles)
{
        jwrite_key(w, "as");
        jwrite_array_begin(w);
        for (int i = 0; i < ZW_AS_COUNT; i++)
                if (roles & 1U << i)
                        jwrite_string(w, as_name((AsId)i));
        jwrite_array_end(w);
}

static void rules_write(JWrite *w, LinkTypeId type)
{
        uint64_t from = 0, to = 0;
        uint32_t roles = 0;
        size_t n;
        const LinkRuleDef *rules = link_rules(&n);

        jwrite_key(w, "rules");
        jwrite_array_begin(w);
        for (size_t i = 0; i < n; i++) {
                if (rules[i].type != type)
                        continue;
                from |= rules[i].from;
                to |= rules[i].to;
                roles |= rules[i].roles;
                jwrite_object_begin(w);
                kinds_write(w, "from", rules[i].from);
                kinds_write(w, "to", rules[i].to);
                as_write(w, rules[i].roles);
                jwrite_key_bool(w, "same_kind", rules[i].same_kind);
                jwrite_key_int(w, "most", rules[i].from_max);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
        kinds_write(w, "from", from);
        kinds_write(w, "to", to);
        as_write(w, roles);
}

static void link_write(JWrite *w, LinkTypeId type)
{
        static const char *const flows[] = { "none", "forward", "backward", "both" };
        const LinkTypeDef *link = link_type_def(type);
        const LinkTypeId *types;
        size_t n;
        const AttrDef *attrs = link_attr_list(&types, &n);

        jwrite_object_begin(w);
        jwrite_key_string(w, "name", link->name);
        jwrite_key_string(w, "reverse", link->reverse);
        jwrite_key_string(w, "help", link->doc);
        jwrite_key_string(w, "ripple", flows[link->ripple]);
        jwrite_key_string(w, "trace", flows[link->trace]);
        rules_write(w, type);
        jwrite_key(w, "attrs");
        jwrite_array_begin(w);
        for (size_t i = 0; i < n; i++)
                if (types[i] == type)
                        attr_write(w, &attrs[i]);
        jwrite_array_end(w);
        jwrite_object_end(w);
}

/* ---- what is said once ---- */

static void requirements_write(JWrite *w)
{
        jwrite_key(w, "requirements");
        jwrite_array_begin(w);
        for (int fr = 1; fr <= ZW_FR_COUNT; fr++) {
                jwrite_object_begin(w);
                jwrite_key_int(w, "fr", fr);
                jwrite_key_string(w, "name", sl_fr_name(fr));
                jwrite_key_string(w, "title", sl_fr_title(fr));
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

static void people_write(JWrite *w)
{
        jwrite_key(w, "roles");
        jwrite_array_begin(w);
        for (int i = 0; i < ZW_ROLE_COUNT; i++) {
                const RoleDef *role = role_def((RoleId)i);

                jwrite_object_begin(w);
                jwrite_key_string(w, "name", role->name);
                jwrite_key_string(w, "help", role->doc);
                jwrite_key(w, "permissions");
                jwrite_array_begin(w);
                for (int p = 0; p < ZW_PERM_COUNT; p++)
                        if (role->permissions & 1U << p)
                                jwrite_string(w, permission_name((PermissionId)p));
                jwrite_array_end(w);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

/* What a project's own state machine may use, and what signatures may say. */
static void workflow_words_write(JWrite *w)
{
        jwrite_key(w, "states");
        jwrite_array_begin(w);
        for (int i = 0; i < ZW_STATE_COUNT; i++) {
                const StateDef *state = state_def((StateId)i);

                jwrite_object_begin(w);
                jwrite_key_string(w, "name", state->name);
                jwrite_key_bool(w, "approved", (state->flags & STATE_APPROVED) != 0);
                jwrite_key_bool(w, "cleared", (state->flags & STATE_CLEARED) != 0);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
        jwrite_key(w, "meanings");
        jwrite_array_begin(w);
        for (int i = 0; i < ZW_MEANING_COUNT; i++) {
                const MeaningDef *meaning = meaning_def((MeaningId)i);

                jwrite_object_begin(w);
                jwrite_key_string(w, "name", meaning->name);
                jwrite_key_string(w, "help", meaning->doc);
                jwrite_key(w, "roles");
                jwrite_array_begin(w);
                for (int r = 0; r < ZW_ROLE_COUNT; r++)
                        if (meaning->roles & 1U << r)
                                jwrite_string(w, role_def((RoleId)r)->name);
                jwrite_array_end(w);
                kinds_write(w, "kinds", meaning->kinds);
                jwrite_key_bool(w, "other_person", meaning->other_person);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

bool usecase_metamodel(Call *call G_GNUC_UNUSED, JWrite *w, GError **error G_GNUC_UNUSED)
{
        jwrite_object_begin(w);
        jwrite_key_int(w, "version", ZW_METAMODEL_VERSION);
        jwrite_key(w, "kinds");
        jwrite_array_begin(w);
        for (int i = 0; i < ZW_KIND_COUNT; i++)
                kind_write(w, (KindId)i);
        jwrite_array_end(w);
        jwrite_key(w, "links");
        jwrite_array_begin(w);
        for (int i = 0; i < ZW_LINK_COUNT; i++)
                link_write(w, (LinkTypeId)i);
        jwrite_array_end(w);
        requirements_write(w);
        people_write(w);
        workflow_words_write(w);
        jwrite_object_end(w);
        return true;
}
