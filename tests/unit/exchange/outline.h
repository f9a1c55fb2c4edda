/* What a reader of test results told, in a form that is easy to compare. */
#ifndef TESTS_OUTLINE_H
#define TESTS_OUTLINE_H

#include "reading.h"

/* `NAME STATUS [AT] MESSAGE` of each result, one a line. */
static inline char *outline(const WorkerResult *result)
{
        GString *lines = g_string_new(NULL);
        const json_t *op;
        size_t i;

        json_array_foreach(result->ops, i, op)
        {
                const char *at = jread_get_string(op, "at"), *message = jread_get_string(op, "message");

                if (strcmp(jread_get_string(op, "op"), "result") == 0)
                        g_string_append_printf(lines, "%s %s [%s] %s\n",
                                               jread_get_string(json_object_get(op, "case"), "name"),
                                               jread_get_string(op, "status"), at == NULL ? "" : at,
                                               message == NULL ? "" : message);
        }
        return g_string_free(lines, FALSE);
}

#define assert_outline(result, expected)                         \
        do {                                                     \
                g_autofree char *outline_text = outline(result); \
                g_assert_cmpstr(outline_text, ==, expected);     \
        } while (0)

static inline const json_t *run_attrs(const WorkerResult *result)
{
        return json_object_get(json_array_get(result->ops, 0), "attrs");
}

/* A problem or loss with this text is listed. */
static inline bool tells(const json_t *list, const char *where, const char *text)
{
        const json_t *entry;
        size_t i;

        json_array_foreach(list, i, entry)
        {
                const char *message = jread_get_string(entry, "message");

                if (message == NULL)
                        message = jread_get_string(entry, "what");
                if (strcmp(jread_get_string(entry, "where"), where) == 0 && strcmp(message, text) == 0)
                        return true;
        }
        return false;
}

#endif
