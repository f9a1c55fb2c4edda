/* Operations of a reader as lines of text, for comparing them with what is expected. */
#ifndef TESTS_SHOWING_H
#define TESTS_SHOWING_H

#include "reading.h"

/* One operation in a line: `asset ID "title" {attrs}`, `scan ID VULNERABILITY {rest}`, or `ID type ID`; a control is
 * named by its own id. */
static inline void op_show(GString *out, const json_t *op)
{
        const char *what = jread_get_string(op, "op");
        const json_t *source = json_object_get(op, "source");
        const json_t *given = json_object_get(op, "attrs");
        g_autofree char *attrs = given == NULL ? NULL : reading_json(given);

        if (strcmp(what, "item") == 0)
                g_string_append_printf(out, "%s %s \"%s\" %s\n", jread_get_string(op, "kind"),
                                       jread_get_string(source, "id"), jread_get_string(op, "title"), attrs);
        else if (strcmp(what, "link") == 0) {
                const char *from = json_string_value(
                        json_array_get(json_object_get(json_object_get(op, "from"), "source"), 1));
                const char *to = json_string_value(
                        json_array_get(json_object_get(json_object_get(op, "to"), "source"), 1));

                if (to == NULL)
                        to = jread_get_string(json_object_get(op, "to"), "control");
                g_string_append_printf(out, "%s %s %s\n", from, jread_get_string(op, "type"), to);
        } else {
                const char *asset = json_string_value(
                        json_array_get(json_object_get(json_object_get(op, "asset"), "source"), 1));
                g_autofree char *cwes = json_object_get(op, "cwes") == NULL
                                                ? g_strdup("[]")
                                                : reading_json(json_object_get(op, "cwes"));

                g_string_append_printf(out, "%s %s %s %s: %s, %s, %s, %s, %s\n", what, asset,
                                       jread_get_string(op, "vulnerability"), jread_get_string(op, "source"),
                                       jread_get_string(op, "said"), jread_get_string(op, "severity"),
                                       jread_get_string(op, "score"), jread_get_string(op, "cvss"), cwes);
        }
}

static inline char *ops_show(const WorkerResult *result)
{
        GString *out = g_string_new(NULL);
        const json_t *op;
        size_t i;

        json_array_foreach(result->ops, i, op) op_show(out, op);
        return g_string_free(out, FALSE);
}

/* A file as text, and what it is to become. */
typedef struct {
        const char *name, *text, *format, *ops;
} ShownFile;

static inline void assert_shown(const ShownFile *file)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) result = reading_text(file->name, file->text, NULL, &error);
        g_autofree char *ops = NULL;

        g_assert_no_error(error);
        g_assert_cmpstr(format_def(result->format)->name, ==, file->format);
        g_assert_cmpuint(json_array_size(result->refused), ==, 0);
        ops = ops_show(result);
        g_assert_cmpstr(ops, ==, file->ops);
}

/* A file of which something is refused, or told as a problem, at a place. */
typedef struct {
        const char *name, *text, *where;
        bool refused;
} DoubtfulFile;

static inline void assert_doubtful(const DoubtfulFile *file)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) result = reading_text(file->name, file->text, NULL, &error);
        const json_t *rows, *row;
        bool found = false;
        size_t i;

        g_assert_no_error(error);
        rows = file->refused ? result->refused : result->problems;
        json_array_foreach(rows, i, row)
                found = found || g_strcmp0(jread_get_string(row, "where"), file->where) == 0;
        if (!found)
                g_error("%s: nothing is said of %s", file->text, file->where);
}

#endif
