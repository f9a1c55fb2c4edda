/* Scores of the exploit prediction scoring system: a line of facts, a header, and a CVE with probability and percentile a line;
 * as published also packed with gzip. */
#include "exchange/readers.h"

#include "exchange/encoding.h"
#include "exchange/feed.h"

#include <string.h>

enum { LINES_MAX = 4000000, LINE_MAX_BYTES = 4096 };

typedef struct {
        Sink *sink;
        size_t line;
        char *comment;
        char *day;       /* of the scores, from the comment; or NULL */
        json_t *columns; /* of the header, once it was read */
        int64_t rows;
        double max;
} Epss;

static void epss_clear(Epss *epss)
{
        g_free(epss->comment);
        g_free(epss->day);
        json_decref(epss->columns);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Epss, epss_clear)

static bool refuse(const Epss *epss, const char *what, GError **error)
{
        g_autofree char *where = g_strdup_printf("line %zu", epss->line);

        error_set(error, ZW_ERR_INPUT, where, "%s", what);
        return false;
}

static bool header_take(Epss *epss, char **cells, GError **error)
{
        if (g_strv_length(cells) < 2 || strcmp(cells[0], "cve") != 0 || strcmp(cells[1], "epss") != 0)
                return refuse(epss, "the header is cve,epss,percentile", error);
        epss->columns = json_array();
        for (size_t i = 0; cells[i] != NULL; i++)
                json_array_append_new(epss->columns, json_string(cells[i]));
        return true;
}

/* A probability is a number from 0 to 1. */
static bool probability(const char *text, double *ret_value)
{
        char *end;

        *ret_value = g_ascii_strtod(text, &end);
        return end != text && *end == '\0' && *ret_value >= 0 && *ret_value <= 1;
}

static void row_take(Epss *epss, char **cells)
{
        g_autofree char *where = g_strdup_printf("line %zu", epss->line);
        double score, percentile = 0;

        if (g_strv_length(cells) != json_array_size(epss->columns) || !g_str_has_prefix(cells[0], "CVE-") ||
            !probability(cells[1], &score) || (cells[2] != NULL && !probability(cells[2], &percentile))) {
                sink_refuse(epss->sink, where, "a row is a CVE and two numbers from 0 to 1");
                return;
        }
        epss->rows++;
        feed_record(epss->sink, "epss", cells[0], epss->day,
                    json_pack("{s:s, s:s*}", "epss", cells[1], "percentile", cells[2]));
        epss->max = MAX(epss->max, score);
}

/* `score_date:2024-01-02T00:00:00+0000` */
static void day_take(Epss *epss)
{
        static const char mark[] = "score_date:";
        const char *at = strstr(epss->comment, mark);

        g_free(epss->day);
        epss->day = at == NULL ? NULL : g_strndup(at + strlen(mark), strlen("2024-01-02"));
}

static bool line_take(Epss *epss, const char *line, size_t n, GError **error)
{
        g_autofree char *text = NULL;
        g_auto(GStrv) cells = NULL;

        if (++epss->line > LINES_MAX)
                return refuse(epss, "there are more than 4,000,000 lines", error);
        if (n > LINE_MAX_BYTES)
                return refuse(epss, "the line is longer than 4 KiB", error);
        text = g_strndup(line, n);
        g_strchomp(text);
        if (strlen(text) + 1 < n || !g_utf8_validate(text, -1, NULL))
                return refuse(epss, "the line is no text", error);
        if (text[0] == '\0')
                return true;
        if (text[0] == '#' && epss->columns == NULL) {
                g_free(epss->comment);
                epss->comment = g_steal_pointer(&text);
                day_take(epss);
                return true;
        }
        cells = g_strsplit(text, ",", 16);
        if (epss->columns == NULL)
                return header_take(epss, cells, error);
        row_take(epss, cells);
        return true;
}

static void figures(Epss *epss)
{
        if (epss->comment != NULL)
                sink_figure_text(epss->sink, "comment", epss->comment);
        sink_figure_int(epss->sink, "rows", epss->rows);
        sink_figure_json(epss->sink, "columns", json_incref(epss->columns));
        sink_figure_json(epss->sink, "max_epss", json_real(epss->max));
}

bool epss_read(const Source *source, Sink *sink, GError **error)
{
        gsize n;
        const char *text = g_bytes_get_data(source->bytes, &n), *stop = text + n;
        g_auto(Epss) epss = { .sink = sink };

        text += encoding_mark(text, n);
        for (const char *at = text; at < stop;) {
                const char *eol = memchr(at, '\n', (size_t)(stop - at));
                const size_t length = (size_t)((eol == NULL ? stop : eol) - at);

                if (!line_take(&epss, at, length, error))
                        return false;
                at = eol == NULL ? stop : eol + 1;
        }
        if (epss.columns == NULL)
                return refuse(&epss, "there is no header cve,epss,percentile", error);
        figures(&epss);
        return true;
}
