/* Lists of CVSS vectors, one a line, with what others compute of them behind a dash. */
#include "exchange/encoding.h"
#include "exchange/readers.h"

#include "vuln/cvss.h"

#include <string.h>

enum { LINES_MAX = 1000000, VECTOR_MAX = 512, PROBLEMS_MAX = 100 };

typedef struct {
        Sink *sink;
        int64_t lines, wrong;
} List;

static void line_take(List *list, size_t number, const char *line, size_t n)
{
        g_autofree char *vector = g_strndup(line, MIN(n, VECTOR_MAX)),
                        *where = g_strdup_printf("line %zu", number);
        g_autoptr(GError) why = NULL;
        Cvss cvss;

        list->lines++;
        vector[strcspn(vector, " \t")] = '\0';
        if (cvss_parse(vector, &cvss, &why)) {
                sink_figure_add(list->sink, "versions", cvss_version_name(cvss.version), 1);
                return;
        }
        if (++list->wrong <= PROBLEMS_MAX)
                sink_problem(list->sink, where, "%s", why->message);
}

bool vectors_read(const Source *source, Sink *sink, GError **error)
{
        gsize n;
        const char *text = g_bytes_get_data(source->bytes, &n), *stop = text + n;
        List list = { .sink = sink };
        size_t number = 0;

        for (const char *at = text + encoding_mark(text, n); at < stop;) {
                const char *eol = memchr(at, '\n', (size_t)(stop - at));
                size_t length = (size_t)((eol == NULL ? stop : eol) - at);

                while (length > 0 && g_ascii_isspace(at[length - 1]))
                        length--;
                if (++number > LINES_MAX) {
                        error_set(error, ZW_ERR_LIMIT, NULL, "the list has more than 1,000,000 lines");
                        return false;
                }
                if (length > 0)
                        line_take(&list, number, at, length);
                at = eol == NULL ? stop : eol + 1;
        }
        if (list.lines == list.wrong) {
                error_set(error, ZW_ERR_INPUT, "line 1", "the list holds no vector of CVSS");
                return false;
        }
        sink_figure_int(sink, "nonempty_lines", list.lines);
        sink_figure_int(sink, "wrong", list.wrong);
        if (!source->figures_only)
                sink_refuse(sink, "", "a list of vectors holds nothing to import");
        return true;
}
