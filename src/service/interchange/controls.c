#include "service/interchange/controls.h"

#include "base/hash.h"
#include "model/catalogue.h"

#include <string.h>

#define SYSTEM "oscal:"

typedef struct {
        GHashTable *
                called; /* id of a control, or reference of a row → GPtrArray of names of requirements (json_t) */
        GHashTable *left_out; /* identities of claims that answer nothing: system, line feed, id; a set */
        json_t *unmatched;
} Controls;

static void names_free(gpointer names)
{
        g_ptr_array_unref(names);
}

static void name_free(gpointer name)
{
        json_decref(name);
}

/* The name is stolen. */
static void requirement_note(const Controls *controls, const char *called, json_t *name)
{
        g_autofree char *folded = g_ascii_strdown(called, -1);
        GPtrArray *names = g_hash_table_lookup(controls->called, folded);

        if (names == NULL) {
                names = g_ptr_array_new_with_free_func(name_free);
                g_hash_table_insert(controls->called, g_steal_pointer(&folded), names);
        }
        g_ptr_array_add(names, name);
}

/* ---- requirements that are there, or come with the import ---- */

/* Its id in a catalogue of OSCAL that it was imported from, or NULL. */
static const char *imported_id(const json_t *source)
{
        const char *system = jread_get_string(source, "system");

        return system != NULL && g_str_has_prefix(system, SYSTEM) ? jread_get_string(source, "id") : NULL;
}

static bool item_see(const ItemRev *rev, void *data, GError **error)
{
        const Controls *controls = data;
        g_autoptr(Json) attrs = NULL, source = NULL;
        RowId row;

        if (rev->kind != ZW_KIND_REQUIREMENT || state_def(rev->state)->flags & STATE_RETIRED)
                return true;
        attrs = jread_parse(rev->attrs, strlen(rev->attrs), error);
        if (attrs == NULL)
                return false;
        if (rev->source != NULL) {
                source = jread_parse(rev->source, strlen(rev->source), error);
                if (source == NULL)
                        return false;
        }
        row = catalogue_find(jread_get_string(attrs, attr_get(ZW_KIND_REQUIREMENT, ZW_ATTR_REF)->name));
        if (imported_id(source) != NULL)
                requirement_note(controls, imported_id(source), json_string(rev->key));
        if (row != ZW_ROW_NONE) {
                g_autofree char *ref = catalogue_ref(row);

                requirement_note(controls, ref, json_string(rev->key));
        }
        return true;
}

/* What the same import brings for the first time. */
static bool op_see(const Controls *controls, StoreView *view, const Id *log, const json_t *op, GError **error)
{
        const json_t *source = json_object_get(op, "source");
        const char *system = jread_get_string(source, "system"), *id = imported_id(source);
        g_autoptr(StoreItem) there = NULL;

        if (g_strcmp0(jread_get_string(op, "kind"), kind_def(ZW_KIND_REQUIREMENT)->name) != 0 || id == NULL)
                return true;
        if (!store_item_by_source(view, log, system, id, &there, error))
                return false;
        if (there == NULL)
                requirement_note(controls, id, json_pack("{s:[s, s]}", "source", system, id));
        return true;
}

static bool requirements_find(const Controls *controls, StoreView *view, const Id *log, const json_t *ops,
                              GError **error)
{
        const json_t *op;
        size_t i;

        json_array_foreach(ops, i, op) if (!op_see(controls, view, log, op, error)) return false;
        return store_each_item(view, log, ZW_SEQ_OPEN - 1, item_see, (void *)(uintptr_t)controls, error);
}

/* Ids of NIST SP 800-53 that would read as rows of 62443-3-3, of another meaning. */
static bool is_of_nist(const char *folded)
{
        static const char *const ids[] = { "sr-2.1", "sr-3.1", "sr-3.2", "sr-3.3", "sr-4.1", "sr-4.2",
                                           "sr-4.3", "sr-5.1", "sr-5.2", "sr-6.1", NULL };

        return g_strv_contains(ids, folded);
}

/* The requirements that a control is here; NULL when there are none. Ids of OSCAL have a hyphen where rows have a blank. */
static const GPtrArray *control_find(const Controls *controls, const char *control)
{
        g_autofree char *folded = g_ascii_strdown(control, -1),
                        *spaced = g_strdelimit(g_strdup(control), "-_", ' '), *ref = NULL;
        const GPtrArray *names = g_hash_table_lookup(controls->called, folded);
        RowId row = catalogue_find(control);

        if (row == ZW_ROW_NONE && !is_of_nist(folded))
                row = catalogue_find(spaced);
        if (names != NULL || row == ZW_ROW_NONE)
                return names;
        ref = catalogue_ref(row);
        g_free(folded);
        folded = g_ascii_strdown(ref, -1);
        return g_hash_table_lookup(controls->called, folded);
}

/* ---- links ---- */

static const char *control_of(const json_t *op)
{
        return jread_get_string(json_object_get(op, "to"), "control");
}

bool control_is_named(const json_t *op)
{
        return g_strcmp0(jread_get_string(op, "op"), "link") == 0 && control_of(op) != NULL;
}

/* `SYSTEM\nID` of what an operation names by its source; NULL for a key. Free it. */
static char *identity_of(const json_t *named)
{
        const json_t *source = json_object_get(named, "source");
        const char *system = json_string_value(json_array_get(source, 0)),
                   *id = json_string_value(json_array_get(source, 1));

        return system == NULL || id == NULL ? NULL : g_strdup_printf("%s\n%s", system, id);
}

static void unmatched_add(const Controls *controls, const json_t *op)
{
        json_array_append_new(
                controls->unmatched,
                json_pack(
                        "{s:O, s:o}", "where", json_object_get(op, "where"), "what",
                        json_sprintf("no requirement here is the control %.200s: import its catalogue first",
                                     control_of(op))));
        if (g_strcmp0(jread_get_string(op, "type"), link_type_def(ZW_LINK_ANSWERS)->name) == 0) {
                char *claim = identity_of(json_object_get(op, "from"));

                if (claim != NULL)
                        g_hash_table_add(controls->left_out, claim);
        }
}

static bool is_left_out(const Controls *controls, const json_t *op)
{
        const json_t *source = json_object_get(op, "source");
        g_autofree char *from = identity_of(json_object_get(op, "from")), *item = NULL;

        if (jread_get_string(source, "id") != NULL)
                item = g_strdup_printf("%s\n%s", jread_get_string(source, "system"),
                                       jread_get_string(source, "id"));
        return (from != NULL && g_hash_table_contains(controls->left_out, from)) ||
               (item != NULL && g_hash_table_contains(controls->left_out, item));
}

static void links_add(json_t *all, const json_t *op, const GPtrArray *requirements)
{
        for (guint i = 0; i < requirements->len; i++) {
                json_t *link = json_copy((json_t *)(uintptr_t)op);

                json_object_set(link, "to", requirements->pdata[i]);
                json_array_append_new(all, link);
        }
}

static json_t *ops_bind(const Controls *controls, const json_t *ops)
{
        json_t *all = json_array(), *op;
        size_t i;

        json_array_foreach(ops, i, op) if (control_is_named(op) && control_find(controls, control_of(op)) ==
                                                                           NULL) unmatched_add(controls, op);
        json_array_foreach(ops, i, op)
        {
                const GPtrArray *requirements = control_is_named(op) ? control_find(controls, control_of(op))
                                                                     : NULL;

                if (is_left_out(controls, op))
                        continue;
                if (requirements != NULL)
                        links_add(all, op, requirements);
                else if (!control_is_named(op))
                        json_array_append(all, op);
        }
        return all;
}

bool controls_bind(Import *import, StoreView *view, const json_t *ops, json_t **ret_ops, GError **error)
{
        g_autoptr(GHashTable) called = hash_table_new_text(g_free, names_free),
                              left_out = hash_table_new_text(g_free, NULL);
        g_autoptr(Json) unmatched = json_array();
        const Controls controls = { called, left_out, unmatched };

        if (!requirements_find(&controls, view, &import->call->project->log, ops, error))
                return false;
        *ret_ops = ops_bind(&controls, ops);
        if (json_object_get(import->outcome, "unmatched") == NULL)
                json_object_set_new(import->outcome, "unmatched", json_array());
        json_array_extend(json_object_get(import->outcome, "unmatched"), unmatched);
        return true;
}
