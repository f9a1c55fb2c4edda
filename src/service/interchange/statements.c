#include "service/interchange/statements.h"

#include "model/catalogue.h"

#include <string.h>

/* What the project knows of one component. */
typedef struct {
        Import *import;
        StoreView *view;
        json_t *all; /* operations given back */
        char *key;   /* of the component, or NULL */
        ItemNo no;   /* ZW_ITEM_NONE: there is no such component */
        unsigned types;
        char **required; /* by RowId: key of the live requirement that is allocated to it, or NULL */
} Statements;

static void component_clear(Statements *s)
{
        for (size_t row = 0; s->required != NULL && row < catalogue_count(); row++)
                g_free(s->required[row]);
        g_clear_pointer(&s->required, g_free);
        g_clear_pointer(&s->key, g_free);
}

static bool allocated_see(const LinkRev *link, void *payload, GError **error)
{
        Statements *s = payload;
        g_autoptr(StoreItem) item = NULL;
        g_autoptr(Json) attrs = NULL;
        const ItemRev *rev;
        RowId row;

        if (link->type != ZW_LINK_ALLOCATED_TO)
                return true;
        item = store_item_by_no(s->view, &s->import->call->project->log, link->from, ZW_SEQ_OPEN - 1, error);
        if (item == NULL)
                return false;
        rev = store_item_rev(item);
        attrs = jread_parse(rev->attrs, strlen(rev->attrs), error);
        if (attrs == NULL)
                return false;
        row = catalogue_find(jread_get_string(attrs, attr_get(ZW_KIND_REQUIREMENT, ZW_ATTR_REF)->name));
        if (row != ZW_ROW_NONE && !(state_def(rev->state)->flags & STATE_RETIRED) && s->required[row] == NULL)
                s->required[row] = g_strdup(rev->key);
        return true;
}

static unsigned types_of(const json_t *attrs)
{
        const AttrDef *def = attr_get(ZW_KIND_COMPONENT, ZW_ATTR_TYPES);
        const json_t *list = json_object_get(attrs, def->name), *name;
        unsigned types = 0;
        size_t i;

        json_array_foreach(list, i, name) for (size_t value = 0; value < def->n_values;
                                               value++) if (g_strcmp0(json_string_value(name),
                                                                      def->values[value]) == 0)
                types |= 1U << value;
        return types;
}

/* Errors: those of the store; that there is no such component is none. */
static bool component_load(Statements *s, const char *key, GError **error)
{
        const Id *log = &s->import->call->project->log;
        g_autoptr(StoreItem) item = NULL;
        g_autoptr(GError) why = NULL;
        g_autoptr(Json) attrs = NULL;
        const ItemRev *rev;

        if (g_strcmp0(s->key, key) == 0)
                return true;
        component_clear(s);
        s->key = g_strdup(key);
        s->no = ZW_ITEM_NONE;
        s->required = g_new0(char *, catalogue_count());
        item = store_item_by_key(s->view, log, key, ZW_SEQ_OPEN - 1, &why);
        if (item == NULL && g_error_matches(why, ZW_ERROR, ZW_ERR_NOT_FOUND))
                return true;
        if (item == NULL) {
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        rev = store_item_rev(item);
        attrs = jread_parse(rev->attrs, strlen(rev->attrs), error);
        if (attrs == NULL)
                return false;
        s->types = types_of(attrs);
        s->no = rev->kind == ZW_KIND_COMPONENT ? rev->no : ZW_ITEM_NONE;
        return s->no == ZW_ITEM_NONE || store_each_link_of(s->view, log, ZW_ITEM_NONE, s->no, ZW_SEQ_OPEN - 1,
                                                           allocated_see, s, error);
}

/* ---- what a statement becomes ---- */

static json_t *source_ref(const char *system, const char *id)
{
        return json_pack("{s:[s, s]}", "source", system, id);
}

static void op_add(Statements *s, const json_t *statement, json_t *op)
{
        json_object_set(op, "where", json_object_get(statement, "where"));
        json_object_set(op, "file", json_object_get(statement, "file"));
        json_array_append_new(s->all, op);
}

/* The references are stolen. */
static void link_add(Statements *s, const json_t *statement, json_t *from, LinkTypeId type, json_t *to)
{
        op_add(s, statement,
               json_pack("{s:s, s:o, s:s, s:o}", "op", "link", "from", from, "type",
                         link_type_def(type)->name, "to", to));
}

/* Names an item beside the claim by the id of the claim and a word. Gives its id; free it. */
static char *item_name(const Statements *s, const json_t *statement, const char *word)
{
        const json_t *source = json_object_get(statement, "source");
        char *id = g_strdup_printf("%s %s", jread_get_string(source, "id"), word);

        import_name(s->import, jread_get_string(source, "system"), id);
        return id;
}

/* An item beside the claim. Gives its reference. */
static json_t *item_add(Statements *s, const json_t *statement, KindId kind, const char *word,
                        const char *title, json_t *attrs)
{
        const char *system = jread_get_string(json_object_get(statement, "source"), "system");
        g_autofree char *id = item_name(s, statement, word);
        json_t *item = json_pack("{s:s, s:s, s:s, s:{s:s, s:s}, s:o}", "op", "item", "kind",
                                 kind_def(kind)->name, "title", title, "source", "system", system, "id", id,
                                 "attrs", attrs);

        op_add(s, statement, item);
        return source_ref(system, id);
}

/* The requirement that the claim answers: the one that is there, else a new one. */
static json_t *requirement_of(Statements *s, const json_t *statement, RowId row)
{
        g_autofree char *ref = catalogue_ref(row);
        json_t *requirement;

        if (s->required[row] != NULL) {
                /* It may be the one that an earlier import made. */
                g_autofree char *id G_GNUC_UNUSED = item_name(s, statement, "requirement");

                return json_string(s->required[row]);
        }
        requirement = item_add(s, statement, ZW_KIND_REQUIREMENT, "requirement", catalogue_row(row)->title,
                               json_pack("{s:s, s:s, s:s}", "ref", ref, "level", "component", "responsible",
                                         "supplier"));
        link_add(s, statement, json_incref(requirement), ZW_LINK_ALLOCATED_TO, json_string(s->key));
        return requirement;
}

/* Met only as it is configured: that is required of who installs it. */
static void configuration_add(Statements *s, const json_t *statement, RowId row, const json_t *requirement)
{
        g_autofree char *title = g_strdup_printf("Configure %s for %s: %s", s->key, catalogue_row(row)->id,
                                                 catalogue_row(row)->title);
        json_t *other = item_add(s, statement, ZW_KIND_REQUIREMENT, "configuration", title,
                                 json_pack("{s:s, s:s}", "level", "component", "responsible", "integrator"));

        link_add(s, statement, json_deep_copy(requirement), ZW_LINK_DERIVES, json_incref(other));
        link_add(s, statement, other, ZW_LINK_ALLOCATED_TO, json_string(s->key));
}

/* Not met: somebody has to find a countermeasure. */
static void need_add(Statements *s, const json_t *statement, RowId row, const json_t *requirement)
{
        g_autofree char *title = g_strdup_printf("Countermeasure for %s of %s: %s", catalogue_row(row)->id,
                                                 s->key, catalogue_row(row)->title);
        json_t *action = item_add(s, statement, ZW_KIND_ACTION, "countermeasure", title, json_object());

        link_add(s, statement, json_incref(action), ZW_LINK_RESOLVES, json_deep_copy(requirement));
        link_add(s, statement, action, ZW_LINK_CONCERNS, json_string(s->key));
}

static void refuse(const Statements *s, const json_t *statement, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void refuse(const Statements *s, const json_t *statement, const char *format, ...)
{
        g_autofree char *reason = NULL;
        va_list args;

        va_start(args, format);
        reason = g_strdup_vprintf(format, args);
        va_end(args);
        json_array_append_new(s->import->refused_here,
                              json_pack("{s:O, s:s}", "where", json_object_get(statement, "where"), "reason",
                                        reason));
}

/* Does the row speak of the component? What does not is refused, and says why. */
static bool statement_check(const Statements *s, const json_t *statement, RowId row)
{
        const CatalogueRow *facts = catalogue_row(row);

        if (s->no == ZW_ITEM_NONE)
                refuse(s, statement, "there is no component %s", s->key);
        else if (s->types == 0)
                refuse(s, statement, "%s has no component type, so nobody can tell whether %s is asked of it",
                       s->key, facts->id);
        else if (facts->types != 0 && (facts->types & s->types) == 0)
                refuse(s, statement, "%s is asked of other types of components than %s is", facts->id,
                       s->key);
        else
                return true;
        return false;
}

static bool statement_take(Statements *s, const json_t *statement, GError **error)
{
        const json_t *supplier = json_object_get(statement, "supplier"),
                     *source = json_object_get(statement, "source");
        const RowId row = catalogue_find(jread_get_string(supplier, "ref"));
        const AttrDef *def = attr_get(ZW_KIND_CLAIM, ZW_ATTR_STATEMENT);
        const char *said = jread_get_string(json_object_get(statement, "attrs"), def->name);
        g_autoptr(Json) claim = json_copy((json_t *)(uintptr_t)statement), requirement = NULL;
        json_t *from;

        if (!component_load(s, jread_get_string(supplier, "component"), error))
                return false;
        if (!statement_check(s, statement, row))
                return true;
        json_object_del(claim, "supplier");
        json_array_append(s->all, claim);
        requirement = requirement_of(s, statement, row);
        from = source_ref(jread_get_string(source, "system"), jread_get_string(source, "id"));
        link_add(s, statement, json_incref(from), ZW_LINK_ANSWERS, json_deep_copy(requirement));
        link_add(s, statement, from, ZW_LINK_COVERS, json_string(s->key));
        if (g_strcmp0(said, def->values[ZW_VALUE_STATEMENT_MET_BY_CONFIGURATION]) == 0)
                configuration_add(s, statement, row, requirement);
        else if (g_strcmp0(said, def->values[ZW_VALUE_STATEMENT_NOT_MET]) == 0)
                need_add(s, statement, row, requirement);
        return true;
}

bool statement_is(const json_t *op)
{
        return json_object_get(op, "supplier") != NULL;
}

bool statements_take(Import *import, StoreView *view, const json_t *ops, json_t **ret_ops, GError **error)
{
        g_autoptr(Json) all = json_array();
        Statements s = { .import = import, .view = view, .all = all };
        bool ok = true;
        json_t *op;
        size_t i;

        json_array_foreach(ops, i, op)
        {
                if (!statement_is(op))
                        json_array_append(all, op);
                else if (!statement_take(&s, op, error)) {
                        ok = false;
                        break;
                }
        }
        component_clear(&s);
        if (ok)
                *ret_ops = g_steal_pointer(&all);
        return ok;
}
