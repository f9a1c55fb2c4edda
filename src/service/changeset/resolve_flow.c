/* State machines of a project, and what their transitions ask of an item itself. */
#include "service/changeset/resolve.h"

#include "base/near.h"

#include <string.h>

enum { SHOWN_MAX = 20 };

/* ---- which machine ---- */

bool resolver_workflow(Resolver *r, KindId kind, const Workflow **ret_workflow, GError **error)
{
        g_autofree char *name = g_strdup_printf("workflow:%s", kind_def(kind)->name), *text = NULL;
        g_autoptr(Json) value = NULL;
        Workflow *workflow = g_hash_table_lookup(r->workflows, GINT_TO_POINTER((int)kind));

        if (workflow == NULL) {
                if (!store_load_setting(r->context->view, &r->context->log, name, ZW_SEQ_OPEN - 1, &text,
                                        error))
                        return false;
                value = text == NULL ? NULL : json_loads(text, JSON_DECODE_ANY, NULL);
                workflow = value == NULL ? workflow_default(kind) : workflow_read(kind, value, error);
                if (workflow == NULL)
                        return false;
                g_hash_table_insert(r->workflows, GINT_TO_POINTER((int)kind), workflow);
        }
        *ret_workflow = workflow;
        return true;
}

bool resolver_may_alter(Resolver *r, const Known *known, GError **error)
{
        const Workflow *workflow;

        /* A restored item is made as it was. */
        if (known->no == ZW_ITEM_NONE)
                return true;
        if (!resolver_workflow(r, known->kind, &workflow, error))
                return false;
        if (!workflow_is_locked(workflow, known->state))
                return true;
        error_set(error, ZW_ERR_STATE, known->key, "%s is %s, and locked so: move it to another state first",
                  known->key, state_def(known->state)->name);
        return false;
}

/* ---- changing it ---- */

typedef struct {
        Resolver *r;
        KindId kind;
        const Workflow *workflow;
        GString *keys;
        unsigned n;
} Stranded;

static void stranded_add(Stranded *stranded, const char *key, StateId state)
{
        if (workflow_has(stranded->workflow, state))
                return;
        if (++stranded->n <= SHOWN_MAX)
                g_string_append_printf(stranded->keys, "%s%s (%s)", stranded->n == 1 ? "" : ", ", key,
                                       state_def(state)->name);
}

static bool stranded_see(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Stranded *stranded = payload;

        /* What this changeset touched is looked at as it leaves it. */
        if (rev->kind == stranded->kind && !g_hash_table_contains(stranded->r->known, rev->key))
                stranded_add(stranded, rev->key, rev->state);
        return true;
}

/* Items would be in states that are no longer there: they are listed. */
static bool items_check(Resolver *r, KindId kind, const Workflow *workflow, GError **error)
{
        g_autoptr(GString) keys = g_string_new(NULL);
        Stranded stranded = { r, kind, workflow, keys, 0 };
        GHashTableIter iter;
        gpointer value;

        if (!store_each_item(r->context->view, &r->context->log, ZW_SEQ_OPEN - 1, stranded_see, &stranded,
                             error))
                return false;
        g_hash_table_iter_init(&iter, r->known);
        while (g_hash_table_iter_next(&iter, NULL, &value))
                if (((const Known *)value)->kind == kind)
                        stranded_add(&stranded, ((const Known *)value)->key, ((const Known *)value)->state);
        if (stranded.n == 0)
                return true;
        error_set(error, ZW_ERR_STATE, "/states", "%u item(s) are in states that would be gone: %s%s",
                  stranded.n, keys->str, stranded.n > SHOWN_MAX ? ", …" : "");
        return false;
}

bool resolve_workflow(Resolver *r, const char *kind_name, const json_t *value, GError **error)
{
        g_autofree char *near = NULL;
        g_autoptr(Workflow) workflow = NULL;
        size_t n;
        const char *const *names = kind_names(&n);
        KindId kind;

        if (!kind_find(kind_name, &kind)) {
                near = near_names(kind_name, names, n);
                error_set(error, ZW_ERR_NAME_UNKNOWN, "/name", "there is no kind \"%s\"%s", kind_name, near);
                return false;
        }
        workflow = json_is_null(value) ? workflow_default(kind) : workflow_read(kind, value, error);
        if (workflow == NULL || !items_check(r, kind, workflow, error))
                return false;
        g_hash_table_insert(r->workflows, GINT_TO_POINTER((int)kind), g_steal_pointer(&workflow));
        return true;
}

/* ---- fields and links ---- */

static bool says_something(const json_t *value)
{
        switch (value == NULL ? JSON_NULL : json_typeof(value)) {
        case JSON_NULL:
                return false;
        case JSON_STRING: {
                g_autofree char *text = g_strstrip(g_strdup(json_string_value(value)));

                return text[0] != '\0';
        }
        case JSON_ARRAY:
                return json_array_size(value) > 0;
        case JSON_OBJECT:
                return json_object_size(value) > 0;
        default:
                return true;
        }
}

static void rule_fail(const Known *known, const WorkflowRule *rule, const char *what, GError **error)
{
        error_set(error, ZW_ERR_STATE, known->key, "%s goes from %s to %s only with %s", known->key,
                  state_def(rule->from)->name, state_def(rule->to)->name, what);
}

static bool fields_check(const Known *known, const WorkflowRule *rule, GError **error)
{
        const json_t *attrs = json_object_get(known->members, "attrs");

        for (char **field = rule->fields; field != NULL && *field != NULL; field++) {
                g_autofree char *what = g_strdup_printf("\"%s\" filled in", *field);
                const json_t *value = attr_find(known->kind, *field) != NULL
                                              ? json_object_get(attrs, *field)
                                              : json_object_get(known->members, *field);

                if (says_something(value))
                        continue;
                rule_fail(known, rule, what, error);
                return false;
        }
        return true;
}

static bool passed_check(Resolver *r, const Known *known, const WorkflowRule *rule, GError **error)
{
        g_autofree char *why = NULL, *what = NULL;

        if (!resolver_passed_check(r, known, &why, error))
                return false;
        if (why == NULL)
                return true;
        what = g_strdup_printf("tests that verify it, each of which passed last: %s", why);
        rule_fail(known, rule, what, error);
        return false;
}

bool resolver_rule_check(Resolver *r, Known *known, const WorkflowRule *rule, GError **error)
{
        if (!fields_check(known, rule, error))
                return false;
        for (size_t i = 0; i < rule->n_links; i++) {
                const WorkflowLink *link = &rule->links[i];
                g_autofree char *what = g_strdup_printf("%u link(s) %s %s it", link->least,
                                                        link_type_def(link->type)->name,
                                                        link->incoming ? "to" : "from");
                unsigned n;

                if (!resolver_count_links(r, known, link->type, link->incoming, &n, error))
                        return false;
                if (n < link->least) {
                        rule_fail(known, rule, what, error);
                        return false;
                }
                if (link->passed && !passed_check(r, known, rule, error))
                        return false;
        }
        return true;
}
