/* Requirements as a sheet: which, in which layout, with which ids and parents. */
#include "service/interchange/export.h"

#include "base/hash.h"

#include <string.h>

typedef struct {
        Export *e;
        const char *wanted; /* the source of the input, or NULL for any */
        char *system;       /* of all that are written; NULL while none was seen, "" when there are several */
        GHashTable *attrs;  /* names of attributes that occur */
        GHashTable *extras; /* names of columns that were kept */
        json_t *layout;
        GHashTable *parents; /* ItemNo of the child → array of ids */
        size_t others, retired, links;
} Sheets;

static void parents_free(gpointer parents)
{
        json_decref(parents);
}

/* ---- which ---- */

/* `csv:acme` fits `acme` and itself. */
static bool is_named(const char *system, const char *name)
{
        const char *colon = system == NULL ? NULL : strchr(system, ':');

        return system != NULL &&
               (strcmp(system, name) == 0 || (colon != NULL && strcmp(colon + 1, name) == 0));
}

static bool is_wanted(const Sheets *s, const ItemRev *rev, const char *system)
{
        return rev->kind == ZW_KIND_REQUIREMENT && (state_def(rev->state)->flags & STATE_RETIRED) == 0 &&
               (s->e->filter == NULL || filter_fits(s->e->filter, rev)) &&
               (s->wanted == NULL || is_named(system, s->wanted));
}

static void names_add(GHashTable *names, const json_t *object)
{
        const char *name;
        json_t *value;

        json_object_foreach((json_t *)(uintptr_t)object, name, value)
        {
                if (!g_hash_table_contains(names, name))
                        g_hash_table_add(names, g_strdup(name));
        }
}

static void system_see(Sheets *s, const char *system)
{
        if (s->system == NULL)
                s->system = g_strdup(system == NULL ? "" : system);
        else if (g_strcmp0(s->system, system) != 0)
                s->system[0] = '\0';
}

static bool first_pass(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Sheets *s = payload;
        g_autoptr(Json) source = rev->source == NULL ? NULL : json_loads(rev->source, 0, NULL);
        g_autoptr(Json) attrs = NULL;
        const char *system = jread_get_string(source, "system");

        if (!is_wanted(s, rev, system)) {
                s->others += rev->kind != ZW_KIND_REQUIREMENT;
                s->retired += rev->kind == ZW_KIND_REQUIREMENT &&
                              (state_def(rev->state)->flags & STATE_RETIRED) != 0;
                return true;
        }
        attrs = json_loads(rev->attrs, 0, NULL);
        names_add(s->extras, json_object_get(attrs, "extra"));
        names_add(s->attrs, attrs);
        system_see(s, system);
        return true;
}

/* ---- in which layout ---- */

static void column_add(json_t *columns, const char *header, const char *to)
{
        json_array_append_new(columns,
                              json_pack("{s:s, s:s, s:s}", "header", header, "to", to, "extra", header));
}

static int by_text(gconstpointer a, gconstpointer b)
{
        return strcmp(a, b);
}

/* A column for each member of requirements, each attribute that occurs, and each column that was kept. */
static json_t *layout_of_all(const Sheets *s)
{
        static const char *const members[] = { "id", "title", "body", "owner", "tags", "parents" };
        g_autoptr(GPtrArray) attrs = attr_list(ZW_KIND_REQUIREMENT);
        g_autoptr(GList) extras = g_list_sort(g_hash_table_get_keys(s->extras), by_text);
        json_t *columns = json_array();

        for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
                column_add(columns, members[i], members[i]);
        for (guint i = 0; i < attrs->len; i++) {
                const char *name = ((const AttrDef *)attrs->pdata[i])->name;

                if (strcmp(name, "extra") != 0 &&
                    (g_hash_table_contains(s->attrs, name) || g_hash_table_contains(s->extras, name)))
                        column_add(columns, name, name);
        }
        for (GList *extra = extras; extra != NULL; extra = extra->next)
                if (attr_find(ZW_KIND_REQUIREMENT, extra->data) == NULL)
                        column_add(columns, extra->data, "extra");
        return json_pack("{s:o}", "columns", columns);
}

/* A setting is written by imports, but by hand too: what is no layout is not used. */
static bool layout_find(Sheets *s, GError **error)
{
        const Call *call = s->e->call;
        g_autofree char *name = g_strdup_printf("sheet:%s", s->system == NULL ? "" : s->system),
                        *value = NULL;

        if (s->system != NULL && s->system[0] != '\0' &&
            !store_load_setting(call->view, &call->project->log, name, call->at, &value, error))
                return false;
        s->layout = value == NULL ? NULL : json_loads(value, 0, NULL);
        if (s->layout == NULL && s->wanted != NULL) {
                error_set(error, ZW_ERR_NOT_FOUND, "/profile", "no requirement here came from a sheet \"%s\"",
                          s->wanted);
                return false;
        }
        if (s->layout == NULL) {
                s->layout = layout_of_all(s);
                g_free(s->system);
                s->system = g_strdup("");
        }
        return true;
}

/* ---- ids and parents ---- */

/* In the sheet a requirement came from, its id there; elsewhere its key, since ids of several sheets could be the same. */
static char *id_of(const Sheets *s, const ItemRev *rev, const json_t *source)
{
        const bool known = s->system[0] != '\0' &&
                           g_strcmp0(jread_get_string(source, "system"), s->system) == 0;

        return g_strdup(known ? jread_get_string(source, "id") : rev->key);
}

static bool second_pass(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Sheets *s = payload;
        g_autoptr(Json) source = rev->source == NULL ? NULL : json_loads(rev->source, 0, NULL);
        g_autofree char *id = NULL;

        if (!is_wanted(s, rev, jread_get_string(source, "system")))
                return true;
        id = id_of(s, rev, source);
        export_note(s->e, rev, id);
        return true;
}

static bool parent_see(const LinkRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Sheets *s = payload;
        const char *from = export_name(s->e, rev->from), *to = export_name(s->e, rev->to);
        json_t *list = g_hash_table_lookup(s->parents, GUINT_TO_POINTER(rev->to));

        if (from == NULL || to == NULL || rev->type != ZW_LINK_DERIVES) {
                s->links += from != NULL || to != NULL;
                return true;
        }
        if (list == NULL) {
                list = json_array();
                g_hash_table_insert(s->parents, GUINT_TO_POINTER(rev->to), list);
        }
        json_array_append_new(list, json_string(from));
        s->e->links++;
        return true;
}

/* ---- writing ---- */

static bool row_write(const ItemRev *rev, void *payload, GError **error)
{
        Sheets *s = payload;
        const char *id = export_name(s->e, rev->no);
        json_t *parents = g_hash_table_lookup(s->parents, GUINT_TO_POINTER(rev->no)), *op;

        if (id == NULL)
                return true;
        op = export_item_op(rev);
        json_object_set_new(op, "id", json_string(id));
        if (parents != NULL)
                json_object_set(op, "parents", parents);
        return export_put(s->e, op, error);
}

static void lose_rest(const Sheets *s)
{
        const char *project = s->e->call->project->key;

        if (s->others > 0)
                export_lose(s->e, project, "%zu items that are no requirements", s->others);
        if (s->retired > 0)
                export_lose(s->e, project, "%zu requirements that are retired", s->retired);
        if (s->links > 0)
                export_lose(s->e, "links", "%zu links other than from parents in this sheet", s->links);
}

static bool sheets_write(Sheets *s, GError **error)
{
        const Call *call = s->e->call;
        const Id *log = &call->project->log;

        if (!store_each_item(call->view, log, call->at, first_pass, s, error) || !layout_find(s, error) ||
            !export_open(s->e, s->layout, error) ||
            !store_each_item(call->view, log, call->at, second_pass, s, error) ||
            !store_each_link(call->view, log, call->at, parent_see, s, error) ||
            !store_each_item(call->view, log, call->at, row_write, s, error))
                return false;
        lose_rest(s);
        return true;
}

bool export_sheet(Export *e, GError **error)
{
        const char *wanted = jread_get_string(e->call->input, "profile");
        g_autoptr(GHashTable) attrs = hash_table_new_text(g_free, NULL),
                              extras = hash_table_new_text(g_free, NULL);
        g_autoptr(GHashTable) parents = g_hash_table_new_full(NULL, NULL, NULL, parents_free);
        Sheets s = { .e = e, .wanted = wanted, .attrs = attrs, .extras = extras, .parents = parents };
        bool good = sheets_write(&s, error);

        g_free(s.system);
        json_decref(s.layout);
        return good;
}
