#include "model/results.h"

#include "base/error.h"
#include "base/jread.h"
#include "base/jtext.h"
#include <string.h>

/* Places of the fixed parts of a line. */
enum { AT_TEXT = ZW_INSTANT_TEXT - 1, CASE_TEXT = ZW_ID_HEX - 1 };

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
        if (left->status != right->status)
                return result_status_rank(left->status) - result_status_rank(right->status);
        return strcmp(left->message == NULL ? "" : left->message,
                      right->message == NULL ? "" : right->message);
}

static bool fail(GError **error, ZwErrorCode code, guint line, const char *why)
{
        g_autofree char *where = g_strdup_printf("line %u", line);

        error_set(error, code, where, "results line %u: %s", line, why);
        return false;
}

static bool line_encode(const ResultLine *line, guint number, Out *out, GError **error)
{
        char at[ZW_INSTANT_TEXT], id[ZW_ID_HEX];
        size_t n = line->message == NULL ? 0 : strlen(line->message);
        Instant again;

        instant_format(line->at, at);
        if (!instant_parse(at, &again, NULL) || again != line->at)
                return fail(error, ZW_ERR_INPUT, number, "the time is not in the years 1900 to 9999");
        if (n > 0 && !utf8_valid(line->message, n))
                return fail(error, ZW_ERR_INPUT, number, "the message is not UTF-8");
        hex_encode(line->test_case.b, ZW_ID_BYTES, id);
        out_format(out, "{\"at\":\"%s\",\"case\":\"%s\",", at, id);
        if (n > 0) {
                out_text(out, "\"message\":");
                jtext_write(out, line->message, n);
                out_char(out, ',');
        }
        out_format(out, "\"status\":\"%s\"}\n", result_status_name(line->status));
        return true;
}

GBytes *results_encode(GArray *lines, GError **error)
{
        g_autoptr(Out) out = out_new(ZW_RESULTS_BYTES_MAX);

        if (lines->len > ZW_RESULTS_MAX) {
                error_set(error, ZW_ERR_LIMIT, NULL, "a run has at most %d results", (int)ZW_RESULTS_MAX);
                return NULL;
        }
        g_array_sort(lines, line_compare);
        for (guint i = 0; i < lines->len; i++)
                if (!line_encode(&g_array_index(lines, ResultLine, i), i + 1, out, error))
                        return NULL;
        return out_steal(out, error);
}

/* ---- Decoding: the form is fixed, so a line is taken piece by piece ---- */

typedef struct {
        const char *p, *end;
} Rest;

static bool take(Rest *rest, const char *text)
{
        size_t n = strlen(text);

        if ((size_t)(rest->end - rest->p) < n || memcmp(rest->p, text, n) != 0)
                return false;
        rest->p += n;
        return true;
}

static bool take_n(Rest *rest, size_t n, char *ret_text)
{
        if ((size_t)(rest->end - rest->p) < n)
                return false;
        memcpy(ret_text, rest->p, n);
        ret_text[n] = '\0';
        rest->p += n;
        return true;
}

static bool take_time(Rest *rest, Instant *ret_time)
{
        char text[ZW_INSTANT_TEXT], again[ZW_INSTANT_TEXT];

        if (!take_n(rest, AT_TEXT, text) || !instant_parse(text, ret_time, NULL))
                return false;
        instant_format(*ret_time, again);
        return strcmp(text, again) == 0;
}

static bool take_case(Rest *rest, Id *ret_id)
{
        char text[ZW_ID_HEX];

        return take_n(rest, CASE_TEXT, text) && hex_decode(text, ret_id->b, ZW_ID_BYTES, NULL);
}

/* A quoted text that has the canonical escapes, is not empty and holds no NUL. */
static bool take_message(Rest *rest, char **ret_message)
{
        size_t most = (size_t)(rest->end - rest->p), n = 1;
        g_autoptr(Json) value = NULL;
        g_autoptr(Out) again = NULL;

        if (most == 0 || rest->p[0] != '"')
                return false;
        while (n < most && rest->p[n] != '"')
                n += rest->p[n] == '\\' ? 2 : 1;
        if (n >= most)
                return false;
        n++;
        value = jread_parse(rest->p, n, NULL);
        if (json_string_length(value) == 0)
                return false;
        again = out_new(n);
        jtext_write(again, json_string_value(value), json_string_length(value));
        if (!out_check(again, NULL) || out_length(again) != n || memcmp(out_data(again), rest->p, n) != 0)
                return false;
        *ret_message = g_strdup(json_string_value(value));
        rest->p += n;
        return true;
}

static bool take_status(Rest *rest, ResultStatus *ret_status)
{
        char name[16];
        const char *quote = memchr(rest->p, '"', (size_t)(rest->end - rest->p));

        return quote != NULL && (size_t)(quote - rest->p) < sizeof name &&
               take_n(rest, (size_t)(quote - rest->p), name) && result_status_find(name, ret_status);
}

/* `ret_line` owns its message also when this fails. */
static bool line_decode(const char *text, size_t n, ResultLine *ret_line)
{
        Rest rest = { text, text + n };

        if (!take(&rest, "{\"at\":\"") || !take_time(&rest, &ret_line->at) ||
            !take(&rest, "\",\"case\":\"") || !take_case(&rest, &ret_line->test_case) || !take(&rest, "\","))
                return false;
        if (take(&rest, "\"message\":") && (!take_message(&rest, &ret_line->message) || !take(&rest, ",")))
                return false;
        return take(&rest, "\"status\":\"") && take_status(&rest, &ret_line->status) &&
               take(&rest, "\"}\n") && rest.p == rest.end;
}

static bool lines_add(GArray *lines, const char *text, size_t n, GError **error)
{
        guint number = lines->len + 1;
        ResultLine line = { 0 };

        if (number > ZW_RESULTS_MAX)
                return fail(error, ZW_ERR_LIMIT, number, "there are more lines than a run may have");
        if (!line_decode(text, n, &line)) {
                line_clear(&line);
                return fail(error, ZW_ERR_DAMAGED, number, "it has not the form of a result");
        }
        g_array_append_val(lines, line);
        if (number > 1 && line_compare(&g_array_index(lines, ResultLine, number - 2), &line) > 0)
                return fail(error, ZW_ERR_DAMAGED, number, "it should stand before the line above it");
        return true;
}

GArray *results_decode(GBytes *file, GError **error)
{
        g_autoptr(GArray) lines = results_new();
        size_t n, at = 0;
        const char *text = g_bytes_get_data(file, &n);

        while (at < n) {
                const char *end = memchr(text + at, '\n', n - at);
                size_t length = end == NULL ? n - at : (size_t)(end + 1 - text) - at;

                if (!lines_add(lines, text + at, length, error))
                        return NULL;
                at += length;
        }
        return g_steal_pointer(&lines);
}
