/* Native operations, one JSON object a line. Here each is checked for its name and the shape of its members; what it
 * means is for the service to decide, which knows the project. A line that is not JSON makes the file unreadable, an
 * operation of a wrong shape is refused by itself. */
#include "base/near.h"
#include "exchange/encoding.h"
#include "exchange/readers.h"
#include "model/metamodel.h"
#include "model/op.h"

#include <string.h>

/* A commit has no more operations. */
enum { NATIVE_LINES_MAX = 1000000 };

typedef enum {
        SHAPE_TEXT,
        SHAPE_TEXT_OR_NULL,
        SHAPE_OBJECT,
        SHAPE_LIST,
        SHAPE_INT,
        SHAPE_BOOL,
        SHAPE_ANY,
        SHAPE_NAMED, /* a key, or {"source":[system, id]} */
        SHAPE_KIND,
        SHAPE_LINK_TYPE,
} Shape;

typedef struct {
        const char *op, *member;
        Shape shape;
        bool required;
} ShapeRow;

static const ShapeRow rows[] = {
        { "item", "key", SHAPE_TEXT, false },
        { "item", "kind", SHAPE_KIND, false },
        { "item", "title", SHAPE_TEXT, false },
        { "item", "body", SHAPE_TEXT_OR_NULL, false },
        { "item", "attrs", SHAPE_OBJECT, false },
        { "item", "state", SHAPE_TEXT, false },
        { "item", "owner", SHAPE_TEXT_OR_NULL, false },
        { "item", "tags", SHAPE_LIST, false },
        { "item", "order", SHAPE_INT, false },
        { "item", "parent", SHAPE_TEXT_OR_NULL, false },
        { "item", "source", SHAPE_OBJECT, false },
        { "item", "rev", SHAPE_INT, false },
        { "link", "from", SHAPE_NAMED, true },
        { "link", "type", SHAPE_LINK_TYPE, true },
        { "link", "to", SHAPE_NAMED, true },
        { "link", "as", SHAPE_TEXT, false },
        { "link", "attrs", SHAPE_OBJECT, false },
        { "link", "suspect", SHAPE_LIST, false },
        { "unlink", "from", SHAPE_NAMED, true },
        { "unlink", "type", SHAPE_LINK_TYPE, true },
        { "unlink", "to", SHAPE_NAMED, true },
        { "unlink", "as", SHAPE_TEXT, false },
        { "retire", "key", SHAPE_NAMED, true },
        { "retire", "rev", SHAPE_INT, false },
        { "transition", "key", SHAPE_NAMED, true },
        { "transition", "to", SHAPE_TEXT, true },
        { "transition", "rev", SHAPE_INT, false },
        { "result", "case", SHAPE_NAMED, true },
        { "result", "run", SHAPE_NAMED, true },
        { "result", "status", SHAPE_TEXT, true },
        { "result", "at", SHAPE_TEXT, true },
        { "result", "message", SHAPE_TEXT_OR_NULL, false },
        { "attach", "item", SHAPE_NAMED, true },
        { "attach", "name", SHAPE_TEXT, true },
        { "attach", "digest", SHAPE_TEXT, true },
        { "attach", "media", SHAPE_TEXT, false },
        { "setting", "name", SHAPE_TEXT, true },
        { "setting", "value", SHAPE_ANY, false },
        { "commit", "message", SHAPE_TEXT, true },
};

static bool refuse(GError **error, const char *member, const char *what, const char *near)
{
        g_autofree char *where = g_strdup_printf("/%s", member);

        error_set(error, ZW_ERR_INPUT, where, "%s%s", what, near == NULL ? "" : near);
        return false;
}

static bool name_known(const ShapeRow *row, const char *name, GError **error)
{
        g_autofree char *near = NULL, *what = NULL;
        const char *const *names;
        LinkTypeId type;
        KindId kind;
        size_t n;

        if (row->shape == SHAPE_KIND ? kind_find(name, &kind) : link_type_find(name, &type))
                return true;
        names = row->shape == SHAPE_KIND ? kind_names(&n) : link_type_names(&n);
        near = near_names(name, names, n);
        what = g_strdup_printf("there is no %s \"%s\"", row->shape == SHAPE_KIND ? "kind" : "link type",
                               name);
        return refuse(error, row->member, what, near);
}

static bool is_named(const json_t *value)
{
        const json_t *source = json_object_get(value, "source");

        return json_is_string(value) ||
               (json_object_size(value) == 1 && json_array_size(source) == 2 &&
                json_is_string(json_array_get(source, 0)) && json_is_string(json_array_get(source, 1)));
}

static bool shape_check(const ShapeRow *row, const json_t *value, GError **error)
{
        switch (row->shape) {
        case SHAPE_TEXT:
                return json_is_string(value) || refuse(error, row->member, "a text is expected", NULL);
        case SHAPE_TEXT_OR_NULL:
                return json_is_string(value) || json_is_null(value) ||
                       refuse(error, row->member, "a text is expected", NULL);
        case SHAPE_OBJECT:
                return json_is_object(value) || refuse(error, row->member, "an object is expected", NULL);
        case SHAPE_LIST:
                return json_is_array(value) || refuse(error, row->member, "a list is expected", NULL);
        case SHAPE_INT:
                return json_is_integer(value) || refuse(error, row->member, "an integer is expected", NULL);
        case SHAPE_BOOL:
                return json_is_boolean(value) ||
                       refuse(error, row->member, "true or false is expected", NULL);
        case SHAPE_ANY:
                return true;
        case SHAPE_NAMED:
                return is_named(value) ||
                       refuse(error, row->member, "a key or {\"source\":[system, id]} is expected", NULL);
        case SHAPE_KIND:
        case SHAPE_LINK_TYPE:
                if (!json_is_string(value))
                        return refuse(error, row->member, "a text is expected", NULL);
                return name_known(row, json_string_value(value), error);
        }
        return false;
}

/* The distinct names of one column of the table, for suggestions. */
static char *near_of(const char *op, const char *name)
{
        const char *names[G_N_ELEMENTS(rows)];
        size_t n = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
                if (op != NULL && strcmp(rows[i].op, op) == 0)
                        names[n++] = rows[i].member;
                else if (op == NULL && (n == 0 || strcmp(names[n - 1], rows[i].op) != 0))
                        names[n++] = rows[i].op;
        return near_names(name, names, n);
}

static bool op_known(const char *op)
{
        for (size_t i = 0; op != NULL && i < G_N_ELEMENTS(rows); i++)
                if (strcmp(rows[i].op, op) == 0)
                        return true;
        return false;
}

static bool members_check(const json_t *object, const char *op, GError **error)
{
        const char *name;
        json_t *value;

        json_object_foreach((json_t *)(uintptr_t)object, name, value)
        {
                const ShapeRow *row = NULL;
                g_autofree char *near = NULL;

                if (strcmp(name, "op") == 0)
                        continue;
                for (size_t i = 0; i < G_N_ELEMENTS(rows) && row == NULL; i++)
                        if (strcmp(rows[i].op, op) == 0 && strcmp(rows[i].member, name) == 0)
                                row = &rows[i];
                if (row == NULL) {
                        near = near_of(op, name);
                        return refuse(error, name, "the operation has no such member", near);
                }
                if (!shape_check(row, value, error))
                        return false;
        }
        return true;
}

static bool op_check(const json_t *object, GError **error)
{
        const char *op = jread_get_string(object, "op");
        g_autofree char *near = NULL;

        if (!json_is_object(object))
                return refuse(error, "", "an operation is an object", NULL);
        if (!op_known(op)) {
                near = near_of(NULL, op == NULL ? "" : op);
                return refuse(error, "op",
                              op == NULL ? "an operation has a name" : "there is no such operation", near);
        }
        if (!members_check(object, op, error))
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
                if (strcmp(rows[i].op, op) == 0 && rows[i].required &&
                    json_object_get(object, rows[i].member) == NULL)
                        return refuse(error, rows[i].member, "this member is missing", NULL);
        if (strcmp(op, "item") == 0 && json_object_get(object, "key") == NULL &&
            (jread_get_string(json_object_get(object, "source"), "system") == NULL ||
             jread_get_string(json_object_get(object, "source"), "id") == NULL) &&
            json_object_get(object, "kind") == NULL)
                return refuse(error, "key", "an item has a key, a source or a kind", NULL);
        return true;
}

static bool line_read(const char *line, size_t n, size_t number, Sink *sink, GError **error)
{
        g_autofree char *where = g_strdup_printf("line %zu", number);
        g_autoptr(GError) why = NULL;
        g_autoptr(Json) op = NULL;

        if (n > ZW_OP_BYTES_MAX) {
                error_set(error, ZW_ERR_LIMIT, where, "an operation is at most 16 MiB");
                return false;
        }
        op = jread_parse(line, n, &why);
        if (op == NULL) {
                error_set_where(why, "%s", where);
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        if (!op_check(op, &why)) {
                sink_refuse(sink, where, "%s: %s", error_where(why), why->message);
                return true;
        }
        sink_figure_add(sink, "operations", jread_get_string(op, "op"), 1);
        if (jread_get_string(op, "kind") != NULL)
                sink_figure_add(sink, "kinds", jread_get_string(op, "kind"), 1);
        json_object_set_new(op, "where", json_string(where));
        sink_op(sink, g_steal_pointer(&op));
        return true;
}

static bool is_blank(const char *line, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (!g_ascii_isspace(line[i]))
                        return false;
        return true;
}

/* More lines than a commit has operations can be told before the first is read. */
static bool lines_check(const char *text, size_t n, GError **error)
{
        g_autofree char *where = NULL;
        size_t lines = 0;

        for (const char *p = text, *end = text + n;
             p != end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
                if (++lines > NATIVE_LINES_MAX) {
                        where = g_strdup_printf("line %d", NATIVE_LINES_MAX + 1);
                        error_set(error, ZW_ERR_LIMIT, where, "a file has at most %d lines",
                                  NATIVE_LINES_MAX);
                        return false;
                }
        return true;
}

bool native_read(const Source *source, Sink *sink, GError **error)
{
        gsize n;
        const char *text = g_bytes_get_data(source->bytes, &n);
        size_t from = encoding_mark(text, n), number = 0;

        if (!lines_check(text, n, error))
                return false;
        sink_figure_map(sink, "operations");
        sink_figure_map(sink, "kinds");
        while (from < n) {
                const char *end = memchr(text + from, '\n', n - from);
                size_t to = end == NULL ? n : (size_t)(end - text);

                number++;
                if (!is_blank(text + from, to - from) &&
                    !line_read(text + from, to - from, number, sink, error))
                        return false;
                from = to + 1;
        }
        sink_figure_int(sink, "lines", (int64_t)number);
        return true;
}
