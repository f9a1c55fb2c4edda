#include "exchange/jfigures.h"

#include "base/hash.h"
#include "base/jtext.h"
#include "exchange/yamljson.h"

#include <stdlib.h>
#include <string.h>

static int compare_texts(const void *a, const void *b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

typedef struct {
        JVisitFn visit;
        void *data;
} Walk;

static void walk(const Walk *to, JVal value, const char *name, const char *path);

static void walk_each(const Walk *to, JVal value, const char *path)
{
        JIter iter = jval_iter(value);
        const char *name = NULL;
        JVal child;

        if (value.type == JVAL_OBJECT)
                while (jiter_next_member(&iter, &name, NULL, &child))
                        walk(to, child, name, path);
        else
                while (jiter_next(&iter, &child))
                        walk(to, child, NULL, path);
}

static void walk(const Walk *to, JVal value, const char *name, const char *path)
{
        const size_t n = strcspn(path, "/");
        const char *rest = path[n] == '/' ? path + n + 1 : path + n;
        char step[64];

        if (path[0] == '\0' || strcmp(path, "@") == 0) {
                to->visit(value, name, to->data);
        } else if (strncmp(path, "**", n) == 0 && n == 2) {
                walk(to, value, name, rest);
                walk_each(to, value, path);
        } else if (strncmp(path, "*", n) == 0 && n == 1) {
                walk_each(to, value, rest);
        } else {
                g_strlcpy(step, path, MIN(n + 1, sizeof(step)));
                value = jval_get(value, step);
                if (value.type != JVAL_NONE)
                        walk(to, value, NULL, rest);
        }
}

void jfigures_visit(JVal root, const char *path, JVisitFn visit, void *data)
{
        const Walk to = { visit, data };

        walk(&to, root, NULL, path);
}

static void count_one(JVal value G_GNUC_UNUSED, const char *name G_GNUC_UNUSED, void *data)
{
        int64_t *count = data;

        (*count)++;
}

int64_t jfigures_count(JVal root, const char *path)
{
        int64_t count = 0;

        jfigures_visit(root, path, count_one, &count);
        return count;
}

/* What is found for one figure. */
typedef struct {
        Sink *sink;
        const JFigure *row;
        bool of_names;     /* names of members count, not their values */
        GPtrArray *values; /* of LIST */
        GHashTable *known; /* of DISTINCT and SORTED */
        char *text;        /* of TEXT and MAX */
        int64_t count;
} Gather;

static void gather_clear(Gather *gather)
{
        g_ptr_array_unref(gather->values);
        g_hash_table_unref(gather->known);
        g_free(gather->text);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Gather, gather_clear)

/* 4.0 keeps its point, as in Python. */
static char *real_text(double real)
{
        char text[32];

        g_snprintf(text, sizeof(text), "%.15g", real);
        return g_strconcat(text, strpbrk(text, ".en") == NULL ? ".0" : "", NULL);
}

char *jfigures_text(JVal value)
{
        int64_t n;
        double real;
        bool yes;

        switch (value.type) {
        case JVAL_STRING:
                return g_strdup(jval_text(value, NULL));
        case JVAL_INT:
                return jval_int(value, &n) ? g_strdup_printf("%" G_GINT64_FORMAT, n) : NULL;
        case JVAL_REAL:
                return jval_real(value, &real) ? real_text(real) : NULL;
        case JVAL_BOOL:
                return jval_bool(value, &yes) ? g_strdup(yes ? "True" : "False") : NULL;
        case JVAL_NULL:
                return g_strdup("None");
        default:
                return NULL;
        }
}

static void gather_one(JVal value, const char *name, void *data)
{
        Gather *gather = data;
        g_autofree char *text = gather->of_names ? g_strdup(name) : jfigures_text(value);

        gather->count++;
        if (text == NULL)
                return;
        switch (gather->row->kind) {
        case JFIGURE_COUNT:
                return;
        case JFIGURE_MAP:
                sink_figure_add(gather->sink, gather->row->name, text, 1);
                return;
        case JFIGURE_LIST:
                g_ptr_array_add(gather->values, g_steal_pointer(&text));
                return;
        case JFIGURE_DISTINCT:
        case JFIGURE_SORTED:
                g_hash_table_add(gather->known, g_steal_pointer(&text));
                return;
        case JFIGURE_TEXT:
        case JFIGURE_MAX:
                if (gather->text != NULL &&
                    (gather->row->kind == JFIGURE_TEXT || strcmp(text, gather->text) <= 0))
                        return;
                g_free(gather->text);
                gather->text = g_steal_pointer(&text);
        }
}

static void give_list(Gather *gather)
{
        json_t *list = json_array();

        for (guint i = 0; i < gather->values->len; i++)
                json_array_append_new(list, json_string(g_ptr_array_index(gather->values, i)));
        sink_figure_json(gather->sink, gather->row->name, list);
}

static void give_sorted(Gather *gather)
{
        g_autofree const char **keys = (const char **)g_hash_table_get_keys_as_array(gather->known, NULL);
        json_t *list = json_array();

        qsort(keys, g_hash_table_size(gather->known), sizeof(*keys), compare_texts);
        for (size_t i = 0; keys[i] != NULL; i++)
                json_array_append_new(list, json_string(keys[i]));
        sink_figure_json(gather->sink, gather->row->name, list);
}

static void gather_give(Gather *gather)
{
        if (gather->row->optional && gather->count == 0)
                return;
        switch (gather->row->kind) {
        case JFIGURE_COUNT:
                sink_figure_int(gather->sink, gather->row->name, gather->count);
                return;
        case JFIGURE_MAP:
                sink_figure_map(gather->sink, gather->row->name);
                return;
        case JFIGURE_LIST:
                give_list(gather);
                return;
        case JFIGURE_SORTED:
                give_sorted(gather);
                return;
        case JFIGURE_DISTINCT:
                sink_figure_int(gather->sink, gather->row->name, g_hash_table_size(gather->known));
                return;
        case JFIGURE_TEXT:
        case JFIGURE_MAX:
                if (gather->text != NULL)
                        sink_figure_text(gather->sink, gather->row->name, gather->text);
        }
}

void jfigures_give(Sink *sink, JVal root, const JFigure *rows, size_t n)
{
        for (size_t i = 0; i < n;) {
                g_auto(Gather) gather = { .sink = sink,
                                          .row = &rows[i],
                                          .values = g_ptr_array_new_with_free_func(g_free),
                                          .known = hash_table_new_text(g_free, NULL) };

                for (; i < n && strcmp(rows[i].name, gather.row->name) == 0; i++) {
                        gather.of_names = g_str_has_suffix(rows[i].path, "@");
                        jfigures_visit(root, rows[i].path, gather_one, &gather);
                }
                gather_give(&gather);
        }
}

/* ---- members given twice ---- */

/* Few members are compared with each other, many are looked up. */
enum { MEMBERS_COMPARED = 24 };

typedef struct {
        const char *names[MEMBERS_COMPARED];
        size_t lengths[MEMBERS_COMPARED];
        size_t n;
        GHashTable *many; /* or NULL */
} Members;

static void members_clear(Members *members)
{
        g_clear_pointer(&members->many, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Members, members_clear)

/* False when the name was there. */
static bool members_add(Members *members, const char *name, size_t n)
{
        if (members->many != NULL)
                return g_hash_table_add(members->many, g_strndup(name, n));
        for (size_t i = 0; i < members->n; i++)
                if (members->lengths[i] == n && memcmp(members->names[i], name, n) == 0)
                        return false;
        if (members->n < MEMBERS_COMPARED) {
                members->names[members->n] = name;
                members->lengths[members->n++] = n;
                return true;
        }
        members->many = hash_table_new_text(g_free, NULL);
        for (size_t i = 0; i < members->n; i++)
                g_hash_table_add(members->many, g_strndup(members->names[i], members->lengths[i]));
        return g_hash_table_add(members->many, g_strndup(name, n));
}

static bool value_check(JVal value, const JPlace *parent, GError **error);

static bool object_check(JVal object, const JPlace *parent, GError **error)
{
        g_auto(Members) members = { 0 };
        JIter iter = jval_iter(object);
        const char *name;
        size_t n;
        JVal value;

        while (jiter_next_member(&iter, &name, &n, &value)) {
                const JPlace place = { .parent = parent, .key = name, .key_n = n };
                g_autofree char *where = NULL;

                if (members_add(&members, name, n)) {
                        if (!value_check(value, &place, error))
                                return false;
                        continue;
                }
                where = jplace_text(NULL, &place);
                error_set(error, ZW_ERR_INPUT, where, "this member is given twice");
                return false;
        }
        return true;
}

static bool value_check(JVal value, const JPlace *parent, GError **error)
{
        JIter iter = jval_iter(value);
        JPlace place = { .parent = parent };
        JVal child;

        if (value.type == JVAL_OBJECT)
                return object_check(value, parent, error);
        if (value.type != JVAL_ARRAY)
                return true;
        for (; jiter_next(&iter, &child); place.index++)
                if (!value_check(child, &place, error))
                        return false;
        return true;
}

bool jfigures_members_check(JVal root, GError **error)
{
        return value_check(root, NULL, error);
}

/* ---- a whole format ---- */

bool jfigures_has(GBytes *bytes, const char *mark)
{
        gsize n;
        const char *text = g_bytes_get_data(bytes, &n);

        return n > 0 && memmem(text, n, mark, strlen(mark)) != NULL;
}

static void first_text(JVal value, const char *name G_GNUC_UNUSED, void *data)
{
        char **text = data;

        if (*text == NULL)
                *text = jfigures_text(value);
}

JDoc *jfigures_read_bytes(const Source *source, GBytes *bytes, Sink *sink, const JFormat *format,
                          GError **error)
{
        g_autoptr(JDoc) doc = jdoc_parse(bytes, source->depth_max, error);
        g_autofree char *version = NULL;
        JVal root;

        if (doc == NULL)
                return NULL;
        root = jdoc_root(doc);
        if (!jfigures_members_check(root, error))
                return NULL;
        if (jfigures_count(root, format->needs) == 0) {
                g_autofree char *where = g_strdup_printf("/%s", format->needs);

                error_set(error, ZW_ERR_INPUT, where, "this is no %s: nothing is here", format->what);
                return NULL;
        }
        if (format->version != NULL)
                jfigures_visit(root, format->version, first_text, &version);
        if (version != NULL)
                sink_version(sink, version);
        jfigures_give(sink, root, format->rows, format->n_rows);
        if (format->refusal != NULL && source->figures_only)
                sink_lost(sink, "", "%s", format->refusal);
        else if (format->refusal != NULL)
                sink_refuse(sink, "", "%s", format->refusal);
        return g_steal_pointer(&doc);
}

JDoc *jfigures_read(const Source *source, Sink *sink, const JFormat *format, GError **error)
{
        return jfigures_read_bytes(source, source->bytes, sink, format, error);
}

JDoc *jfigures_read_yaml(const Source *source, Sink *sink, const JFormat *format, GError **error)
{
        g_autoptr(GBytes) json = yaml_or_json(source->bytes, source->depth_max, error);

        return json == NULL ? NULL : jfigures_read_bytes(source, json, sink, format, error);
}
