/* Reading a state machine of a project, and refusing one that would leave items nowhere to go or analyses without what they
 * count. */
#include "base/error.h"
#include "base/jread.h"
#include "base/near.h"
#include "model/workflow_internal.h"
#include <string.h>

/* ---- names ---- */

typedef struct {
        const char *what;
        const char *const *names;
        size_t n;
} NameList;

static bool unknown(const NameList *list, const char *name, const char *where, GError **error)
{
        g_autofree char *near = near_names(name == NULL ? "" : name, list->names, list->n);

        error_set(error, ZW_ERR_METAMODEL, where, "there is no %s \"%s\"%s", list->what,
                  name == NULL ? "" : name, near);
        return false;
}

static bool state_read(const char *name, const char *where, StateId *ret_state, GError **error)
{
        NameList list = { "state", NULL, 0 };

        list.names = state_names(&list.n);
        return (name != NULL && state_find(name, ret_state)) || unknown(&list, name, where, error);
}

/* A state that the machine has. */
static bool own_state_read(const Workflow *workflow, const char *name, const char *where, StateId *ret_state,
                           GError **error)
{
        if (!state_read(name, where, ret_state, error))
                return false;
        if (workflow_has(workflow, *ret_state))
                return true;
        error_set(error, ZW_ERR_METAMODEL, where, "\"%s\" is not among the states", name);
        return false;
}

static bool role_read(const char *name, const char *where, unsigned *roles, GError **error)
{
        const char *names[ZW_ROLE_COUNT];
        NameList list = { "role", names, ZW_ROLE_COUNT };
        RoleId role;

        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                names[i] = role_def((RoleId)i)->name;
        if (name == NULL || !role_find(name, &role))
                return unknown(&list, name, where, error);
        if ((role_def(role)->permissions & 1U << ZW_PERM_SIGN) == 0) {
                error_set(error, ZW_ERR_METAMODEL, where, "the role %s never changes content", name);
                return false;
        }
        *roles |= 1U << role;
        return true;
}

/* ---- lists ---- */

typedef bool (*EntryFn)(Workflow *workflow, WorkflowRule *rule, const json_t *entry, const char *where,
                        GError **error);

/* Each entry of the array under `member`, which may be left out. */
static bool each(Workflow *workflow, WorkflowRule *rule, const json_t *array, const char *where, size_t most,
                 EntryFn fn, GError **error)
{
        const json_t *entry;
        size_t i;

        if (array != NULL && !json_is_array(array)) {
                error_set(error, ZW_ERR_METAMODEL, where, "an array is expected");
                return false;
        }
        if (json_array_size(array) > most) {
                error_set(error, ZW_ERR_METAMODEL, where, "at most %zu entries are expected", most);
                return false;
        }
        json_array_foreach(array, i, entry)
        {
                g_autofree char *place = g_strdup_printf("%s/%zu", where, i);

                if (!fn(workflow, rule, entry, place, error))
                        return false;
        }
        return true;
}

static bool least_check(int64_t least, const char *where, GError **error)
{
        if (least >= 1 && least <= ZW_WORKFLOW_LEAST_MAX)
                return true;
        error_set(error, ZW_ERR_METAMODEL, where, "least is 1 to %d", (int)ZW_WORKFLOW_LEAST_MAX);
        return false;
}

/* What is wrong with the form of a workflow breaks the same rule as what is wrong with its names. */
static bool object_read(const json_t *object, const JReadField *fields, void *ret_struct, const char *where,
                        GError **error)
{
        g_autoptr(GError) why = NULL;

        if (jread_object(object, fields, ret_struct, where, &why))
                return true;
        error_set(error, ZW_ERR_METAMODEL, error_where(why), "%s", why->message);
        return false;
}

/* ---- states ---- */

typedef struct {
        const char *state, *label;
        bool locked;
} StateEntry;

static bool label_check(const char *label, const char *where, GError **error)
{
        if (label == NULL || (label[0] != '\0' && strlen(label) <= ZW_LABEL_MAX))
                return true;
        error_set(error, ZW_ERR_METAMODEL, where, "a label has 1 to %d bytes", (int)ZW_LABEL_MAX);
        return false;
}

static bool state_entry(Workflow *workflow, WorkflowRule *rule G_GNUC_UNUSED, const json_t *entry,
                        const char *where, GError **error)
{
        static const JReadField fields[] = {
                { "state", JREAD_STRING, offsetof(StateEntry, state), true },
                { "label", JREAD_STRING, offsetof(StateEntry, label), false },
                { "locked", JREAD_BOOL, offsetof(StateEntry, locked), false },
                JREAD_END,
        };
        StateEntry given = { 0 };
        StateId state;

        if (!object_read(entry, fields, &given, where, error) ||
            !state_read(given.state, where, &state, error) || !label_check(given.label, where, error))
                return false;
        if (workflow_has(workflow, state)) {
                error_set(error, ZW_ERR_METAMODEL, where, "the state \"%s\" stands twice", given.state);
                return false;
        }
        workflow->states |= UINT64_C(1) << state;
        workflow->locked |= (uint64_t)given.locked << state;
        workflow->labels[state] = g_strdup(given.label);
        return true;
}

/* ---- transitions ---- */

typedef struct {
        const char *from, *to, *dual;
        json_t *roles, *fields, *links, *signatures;
        bool other_person;
} RuleEntry;

static bool role_entry(Workflow *workflow G_GNUC_UNUSED, WorkflowRule *rule, const json_t *entry,
                       const char *where, GError **error)
{
        return role_read(json_string_value(entry), where, &rule->roles, error);
}

/* What an item may have to say something in: members of a revision, and attributes of its kind. */
static bool field_entry(Workflow *workflow, WorkflowRule *rule, const json_t *entry, const char *where,
                        GError **error)
{
        static const char *const members[] = { "title", "body", "owner", "tags", "parent", "attachments" };
        const char *name = json_string_value(entry);
        const NameList list = { "member or attribute", members, G_N_ELEMENTS(members) };
        const guint n = rule->fields == NULL ? 0 : g_strv_length(rule->fields);
        bool known = name != NULL && attr_find(workflow->kind, name) != NULL;

        for (size_t i = 0; name != NULL && i < G_N_ELEMENTS(members); i++)
                known = known || strcmp(members[i], name) == 0;
        if (!known)
                return unknown(&list, name, where, error);
        rule->fields = g_renew(char *, rule->fields, n + 2);
        rule->fields[n] = g_strdup(name);
        rule->fields[n + 1] = NULL;
        return true;
}

typedef struct {
        const char *type, *end;
        int64_t least;
        bool passed;
} LinkEntry;

/* Whether the kind can be at that end of such a link at all. */
static bool link_possible(KindId kind, LinkTypeId type, bool incoming)
{
        size_t n;
        const LinkRuleDef *rules = link_rules(&n);

        for (size_t i = 0; i < n; i++)
                if (rules[i].type == type && ((incoming ? rules[i].to : rules[i].from) >> kind & 1) != 0)
                        return true;
        return false;
}

static bool link_entry(Workflow *workflow, WorkflowRule *rule, const json_t *entry, const char *where,
                       GError **error)
{
        static const JReadField fields[] = {
                { "type", JREAD_STRING, offsetof(LinkEntry, type), true },
                { "end", JREAD_STRING, offsetof(LinkEntry, end), false },
                { "least", JREAD_INT, offsetof(LinkEntry, least), false },
                { "passed", JREAD_BOOL, offsetof(LinkEntry, passed), false },
                JREAD_END,
        };
        LinkEntry given = { .end = "from", .least = 1 };
        NameList list = { "link type", NULL, 0 };
        WorkflowLink link;

        list.names = link_type_names(&list.n);
        if (!object_read(entry, fields, &given, where, error) || !least_check(given.least, where, error))
                return false;
        if (!link_type_find(given.type, &link.type))
                return unknown(&list, given.type, where, error);
        link.incoming = strcmp(given.end, "to") == 0;
        link.least = (unsigned)given.least;
        link.passed = given.passed;
        if (!link.incoming && strcmp(given.end, "from") != 0) {
                error_set(error, ZW_ERR_METAMODEL, where, "end is from or to");
                return false;
        }
        if (!link_possible(workflow->kind, link.type, link.incoming)) {
                error_set(error, ZW_ERR_METAMODEL, where, "a %s is never at the end \"%s\" of a link %s",
                          kind_def(workflow->kind)->name, given.end, given.type);
                return false;
        }
        if (link.passed && (link.type != ZW_LINK_VERIFIES || !link.incoming)) {
                error_set(error, ZW_ERR_METAMODEL, where,
                          "only tests that verify it pass: a link verifies, end to");
                return false;
        }
        rule->links = g_renew(WorkflowLink, rule->links, rule->n_links + 1);
        rule->links[rule->n_links++] = link;
        return true;
}

typedef struct {
        const char *meaning;
        int64_t least;
} SignatureEntry;

static bool signature_entry(Workflow *workflow, WorkflowRule *rule, const json_t *entry, const char *where,
                            GError **error)
{
        static const JReadField fields[] = {
                { "meaning", JREAD_STRING, offsetof(SignatureEntry, meaning), true },
                { "least", JREAD_INT, offsetof(SignatureEntry, least), false },
                JREAD_END,
        };
        SignatureEntry given = { .least = 1 };
        NameList list = { "meaning", NULL, 0 };
        WorkflowSignature signature;

        list.names = meaning_names(&list.n);
        if (!object_read(entry, fields, &given, where, error) || !least_check(given.least, where, error))
                return false;
        if (!meaning_find(given.meaning, &signature.meaning))
                return unknown(&list, given.meaning, where, error);
        if ((meaning_def(signature.meaning)->kinds >> workflow->kind & 1) == 0) {
                error_set(error, ZW_ERR_METAMODEL, where, "a %s is not signed as %s",
                          kind_def(workflow->kind)->name, given.meaning);
                return false;
        }
        for (size_t i = 0; i < rule->n_signatures; i++)
                if (rule->signatures[i].meaning == signature.meaning) {
                        error_set(error, ZW_ERR_METAMODEL, where, "the meaning %s stands twice",
                                  given.meaning);
                        return false;
                }
        signature.least = (unsigned)given.least;
        rule->signatures = g_renew(WorkflowSignature, rule->signatures, rule->n_signatures + 1);
        rule->signatures[rule->n_signatures++] = signature;
        return true;
}

static bool dual_read(const char *name, const char *where, WorkflowDual *ret_dual, GError **error)
{
        for (int i = DUAL_NEVER; i < DUAL_COUNT; i++)
                if (name == NULL || strcmp(workflow_dual_name((WorkflowDual)i), name) == 0) {
                        *ret_dual = (WorkflowDual)i;
                        return true;
                }
        error_set(error, ZW_ERR_METAMODEL, where, "dual is never, safety, disciplines or always");
        return false;
}

static bool rule_ends(Workflow *workflow, WorkflowRule *rule, const RuleEntry *given, const char *where,
                      GError **error)
{
        if (!own_state_read(workflow, given->from, where, &rule->from, error) ||
            !own_state_read(workflow, given->to, where, &rule->to, error))
                return false;
        if (rule->from == rule->to || workflow_find(workflow, rule->from, rule->to) != NULL) {
                error_set(error, ZW_ERR_METAMODEL, where, "from %s to %s %s", given->from, given->to,
                          rule->from == rule->to ? "is no transition" : "stands twice");
                return false;
        }
        return true;
}

static bool rule_read(Workflow *workflow, WorkflowRule *rule, const RuleEntry *given, const char *where,
                      GError **error)
{
        g_autofree char *roles = g_strdup_printf("%s/roles", where),
                        *fields = g_strdup_printf("%s/fields", where),
                        *links = g_strdup_printf("%s/links", where),
                        *signatures = g_strdup_printf("%s/signatures", where),
                        *dual = g_strdup_printf("%s/dual", where);

        rule->other_person = given->other_person;
        if (!rule_ends(workflow, rule, given, where, error) ||
            !dual_read(given->dual, dual, &rule->dual, error) ||
            !each(workflow, rule, given->roles, roles, ZW_ROLE_COUNT, role_entry, error) ||
            !each(workflow, rule, given->fields, fields, ZW_ATTR_COUNT, field_entry, error) ||
            !each(workflow, rule, given->links, links, ZW_LINK_COUNT, link_entry, error) ||
            !each(workflow, rule, given->signatures, signatures, ZW_MEANING_COUNT, signature_entry, error))
                return false;
        if (rule->roles == 0)
                error_set(error, ZW_ERR_METAMODEL, roles, "a transition names at least one role");
        return rule->roles != 0;
}

static bool rule_entry(Workflow *workflow, WorkflowRule *none G_GNUC_UNUSED, const json_t *entry,
                       const char *where, GError **error)
{
        static const JReadField fields[] = {
                { "from", JREAD_STRING, offsetof(RuleEntry, from), true },
                { "to", JREAD_STRING, offsetof(RuleEntry, to), true },
                { "roles", JREAD_ARRAY, offsetof(RuleEntry, roles), true },
                { "other_person", JREAD_BOOL, offsetof(RuleEntry, other_person), false },
                { "dual", JREAD_STRING, offsetof(RuleEntry, dual), false },
                { "fields", JREAD_ARRAY, offsetof(RuleEntry, fields), false },
                { "links", JREAD_ARRAY, offsetof(RuleEntry, links), false },
                { "signatures", JREAD_ARRAY, offsetof(RuleEntry, signatures), false },
                JREAD_END,
        };
        RuleEntry given = { 0 };
        WorkflowRule rule = { 0 };
        bool ok;

        if (!object_read(entry, fields, &given, where, error))
                return false;
        ok = rule_read(workflow, &rule, &given, where, error);
        /* Kept also when it is wrong, so that it is freed with the rest. */
        g_array_append_val(workflow->rules, rule);
        return ok;
}

/* ---- the machine as a whole ---- */

static uint64_t reachable(const Workflow *workflow)
{
        uint64_t reached = UINT64_C(1) << workflow->initial, before = 0;

        while (reached != before) {
                before = reached;
                for (guint i = 0; i < workflow->rules->len; i++) {
                        const WorkflowRule *rule = &g_array_index(workflow->rules, WorkflowRule, i);

                        if (reached >> rule->from & 1)
                                reached |= UINT64_C(1) << rule->to;
                }
        }
        return reached;
}

static bool reach_check(const Workflow *workflow, GError **error)
{
        const uint64_t lost = workflow->states & ~reachable(workflow);

        for (int i = 0; i < ZW_STATE_COUNT; i++)
                if (lost >> i & 1) {
                        error_set(error, ZW_ERR_METAMODEL, "/states", "no transition leads from %s to \"%s\"",
                                  state_def(workflow->initial)->name, state_def((StateId)i)->name);
                        return false;
                }
        return true;
}

static unsigned flags_of(const Workflow *workflow)
{
        unsigned flags = 0;

        for (int i = 0; i < ZW_STATE_COUNT; i++)
                if (workflow_has(workflow, (StateId)i))
                        flags |= state_def((StateId)i)->flags;
        return flags;
}

/* What analyses count of a kind has to be there still, and nothing may be born approved that was not before. */
static bool flags_check(const Workflow *workflow, GError **error)
{
        static const struct {
                unsigned flag;
                const char *name;
        } wanted[] = { { STATE_APPROVED, "approved" }, { STATE_CLEARED, "cleared" } };
        g_autoptr(Workflow) before = workflow_default(workflow->kind);
        const unsigned flags = flags_of(workflow), needed = flags_of(before);
        const unsigned born = state_def(workflow->initial)->flags & ~state_def(before->initial)->flags;

        if (!workflow_has(workflow, ZW_STATE_RETIRED)) {
                error_set(error, ZW_ERR_METAMODEL, "/states", "the state \"retired\" is needed");
                return false;
        }
        for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
                if ((needed & ~flags & wanted[i].flag) != 0) {
                        error_set(error, ZW_ERR_METAMODEL, "/states", "a state that counts as %s is needed",
                                  wanted[i].name);
                        return false;
                }
        /* Advisories make findings and know by it which ones nobody has looked at. */
        if (workflow->kind == ZW_KIND_FINDING && workflow->initial != before->initial) {
                error_set(error, ZW_ERR_METAMODEL, "/initial", "a finding begins as %s",
                          state_def(before->initial)->name);
                return false;
        }
        if ((born & (STATE_APPROVED | STATE_CLEARED | STATE_RETIRED)) == 0)
                return true;
        error_set(error, ZW_ERR_METAMODEL, "/initial", "a %s does not begin as %s",
                  kind_def(workflow->kind)->name, state_def(workflow->initial)->name);
        return false;
}

typedef struct {
        const char *initial;
        json_t *states, *transitions;
} WorkflowEntry;

Workflow *workflow_read(KindId kind, const json_t *value, GError **error)
{
        static const JReadField fields[] = {
                { "initial", JREAD_STRING, offsetof(WorkflowEntry, initial), true },
                { "states", JREAD_ARRAY, offsetof(WorkflowEntry, states), true },
                { "transitions", JREAD_ARRAY, offsetof(WorkflowEntry, transitions), true },
                JREAD_END,
        };
        g_autoptr(Workflow) workflow = workflow_new(kind);
        WorkflowEntry given = { 0 };

        if (!object_read(value, fields, &given, "", error) ||
            !each(workflow, NULL, given.states, "/states", ZW_STATE_COUNT, state_entry, error) ||
            !own_state_read(workflow, given.initial, "/initial", &workflow->initial, error) ||
            !each(workflow, NULL, given.transitions, "/transitions", ZW_WORKFLOW_RULES_MAX, rule_entry,
                  error) ||
            !flags_check(workflow, error) || !reach_check(workflow, error))
                return NULL;
        return g_steal_pointer(&workflow);
}
