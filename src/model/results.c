#include "model/results.h"

#include "base/canon.h"
#include "base/error.h"
#include "base/jread.h"
#include <string.h>

static void line_clear(gpointer data)
{
        ResultLine *line = data;

        g_clear_pointer(&line->message, g_free);
}

GArray *results_new(void)
{
        GArray *lines = g_array_new(FALSE, TRUE, sizeof(ResultLine));

        g_array_set_clear_func(lines, line_clear);
        return lines;
}

static int line_compare(gconstpointer a, gconstpointer b)
{
        const ResultLine *left = a, *right = b;
        int order = memcmp(left->test_case.b, right->test_case.b, ZW_ID_BYTES);

        if (order != 0)
                return order;
        if (left->at != right->at)
                return left->at < right->at ? -1 : 1;
        return g_strcmp0(left->message, right->message);
}

GBytes *results_encode(GArray *lines, GError **error)
{
        g_autoptr(Out) out = out_new(ZW_RESULTS_BYTES_MAX);

        g_array_sort(lines, line_compare);
        for (guint i = 0; i < lines->len; i++) {
                const ResultLine *line = &g_array_index(lines, ResultLine, i);
                g_autoptr(Json) object = NULL;
                char at[ZW_INSTANT_TEXT], id[ZW_ID_HEX];

                instant_format(line->at, at);
                hex_encode(line->test_case.b, ZW_ID_BYTES, id);
                object = json_pack("{s:s, s:s, s:s}", "at", at, "case", id, "status",
                                   result_status_name(line->status));
                if (line->message != NULL)
                        json_object_set_new(object, "message", json_string(line->message));
                if (!canon_encode(object, out, error))
                        return NULL;
                out_char(out, '\n');
        }
        return out_steal(out, error);
}

static bool line_decode(const char *text, size_t n, ResultLine *ret_line, GError **error)
{
        g_autoptr(Json) object = jread_parse(text, n, error);
        const char *at, *id, *status;
        ResultLine line = { 0 };

        if (object == NULL)
                return false;
        at = jread_get_string(object, "at");
        id = jread_get_string(object, "case");
        status = jread_get_string(object, "status");
        if (at == NULL || id == NULL || status == NULL || !result_status_find(status, &line.status)) {
                error_set(error, ZW_ERR_INPUT, NULL, "a result has at, case and status");
                return false;
        }
        if (!instant_parse(at, &line.at, error) || !hex_decode(id, line.test_case.b, ZW_ID_BYTES, error))
                return false;
        line.message = g_strdup(jread_get_string(object, "message"));
        *ret_line = line;
        return true;
}

GArray *results_decode(GBytes *file, GError **error)
{
        g_autoptr(GArray) lines = results_new();
        size_t n, at = 0;
        const char *text = g_bytes_get_data(file, &n);

        while (at < n) {
                const char *end = memchr(text + at, '\n', n - at);
                size_t length = end == NULL ? n - at : (size_t)(end - text) - at;
                g_autoptr(GError) why = NULL;
                ResultLine line;

                if (lines->len >= ZW_RESULTS_MAX || !line_decode(text + at, length, &line, &why)) {
                        error_set(error, ZW_ERR_DAMAGED, NULL, "results line %u: %s", lines->len + 1,
                                  why == NULL ? "too many lines" : why->message);
                        return NULL;
                }
                g_array_append_val(lines, line);
                at += length + 1;
        }
        return g_steal_pointer(&lines);
}
