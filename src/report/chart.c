#include "report/chart.h"

#include <string.h>

enum {
        LABEL_W = 170,
        TOTAL_W = 50,
        BAR_H = 16,
        GAP = 6,
        LEGEND_H = 22,
        LETTER_W = 7,
        LABEL_LETTERS = 24,
        LINE_H = 13
};

static void text_clear(gpointer data)
{
        g_free(((ChartText *)data)->text);
}

Chart *chart_new(const ChartDef *def)
{
        Chart *chart = g_new0(Chart, 1);

        chart->def = def;
        chart->labels = g_ptr_array_new_with_free_func(g_free);
        chart->values = g_array_new(FALSE, FALSE, sizeof(gint64));
        chart->boxes = g_array_new(FALSE, FALSE, sizeof(ChartBox));
        chart->texts = g_array_new(FALSE, FALSE, sizeof(ChartText));
        g_array_set_clear_func(chart->texts, text_clear);
        return chart;
}

void chart_free(Chart *chart)
{
        if (chart == NULL)
                return;
        g_ptr_array_unref(chart->labels);
        g_array_unref(chart->values);
        g_array_unref(chart->boxes);
        g_array_unref(chart->texts);
        g_free(chart);
}

void chart_add(Chart *chart, const char *label, const gint64 *values)
{
        gint64 total = 0;

        for (size_t i = 0; i < chart->def->n; i++)
                total += values[i];
        if (total == 0 || chart->labels->len >= CHART_BARS_MAX)
                return;
        g_ptr_array_add(chart->labels, g_strdup(label));
        g_array_append_vals(chart->values, values, (guint)chart->def->n);
}

static gint64 value_at(const Chart *chart, guint bar, size_t series)
{
        return g_array_index(chart->values, gint64, bar * (guint)chart->def->n + (guint)series);
}

static gint64 total_of(const Chart *chart, guint bar)
{
        gint64 total = 0;

        for (size_t i = 0; i < chart->def->n; i++)
                total += value_at(chart, bar, i);
        return total;
}

/* ---- layout ---- */

static void text_put(Chart *chart, int x, int y, bool end, const char *text)
{
        ChartText put = { .x = x, .y = y, .end = end, .text = g_strdup(text) };

        g_array_append_val(chart->texts, put);
}

static void box_put(Chart *chart, int x, int y, int w, int h, size_t series)
{
        ChartBox box = { x, y, w, h, series };

        g_array_append_val(chart->boxes, box);
}

/* How much of a text goes into one line of its column: up to a blank where there is one, else as many letters as fit. */
static size_t line_length(const char *text)
{
        const char *end, *blank;

        if (g_utf8_strlen(text, -1) <= LABEL_LETTERS)
                return strlen(text);
        end = g_utf8_offset_to_pointer(text, LABEL_LETTERS);
        blank = g_strrstr_len(text, end - text + 1, " ");
        return (size_t)((blank == NULL || blank == text ? end : blank) - text);
}

/* Puts the name of a bar beside it, in as many lines as it needs; gives how many. */
static int label_put(Chart *chart, const char *label, int y)
{
        int lines = 0;

        for (const char *rest = label; *rest != '\0'; lines++) {
                const size_t n = line_length(rest);
                g_autofree char *line = g_strndup(rest, n);

                text_put(chart, LABEL_W - GAP, y + BAR_H - 4 + lines * LINE_H, true, line);
                rest += n + (rest[n] == ' ' ? 1 : 0);
        }
        return MAX(lines, 1);
}

static void legend_lay_out(Chart *chart)
{
        int x = LABEL_W;

        for (size_t i = 0; i < chart->def->n; i++) {
                box_put(chart, x, GAP, BAR_H - 4, BAR_H - 4, i);
                text_put(chart, x + BAR_H + 2, GAP + BAR_H - 6, false, chart->def->titles[i]);
                x += BAR_H + 20 + LETTER_W * (int)g_utf8_strlen(chart->def->titles[i], -1);
        }
}

/* Gives how high it is. */
static int bar_lay_out(Chart *chart, guint bar, int y, gint64 most)
{
        const int room = CHART_WIDTH - LABEL_W - TOTAL_W;
        const int lines = label_put(chart, g_ptr_array_index(chart->labels, bar), y);
        g_autofree char *total = g_strdup_printf("%" G_GINT64_FORMAT, total_of(chart, bar));
        gint64 sum = 0;

        for (size_t i = 0; i < chart->def->n; i++) {
                gint64 value = value_at(chart, bar, i);
                int from = (int)(sum * room / most), to = (int)((sum + value) * room / most);
                g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, value);

                sum += value;
                if (value == 0)
                        continue;
                box_put(chart, LABEL_W + from, y, MAX(to - from, 1), BAR_H, i);
                if (chart->def->n > 1 && to - from > LETTER_W * ((int)strlen(number) + 1)) {
                        ChartText put = { LABEL_W + from + 4,      y + BAR_H - 4, false, true, i,
                                          g_steal_pointer(&number) };

                        g_array_append_val(chart->texts, put);
                }
        }
        text_put(chart, LABEL_W + (int)(sum * room / most) + GAP, y + BAR_H - 4, false, total);
        return BAR_H + GAP + (lines - 1) * LINE_H;
}

void chart_lay_out(Chart *chart)
{
        int y = LEGEND_H + GAP;
        gint64 most = 1;

        for (guint bar = 0; bar < chart->labels->len; bar++)
                most = MAX(most, total_of(chart, bar));
        legend_lay_out(chart);
        for (guint bar = 0; bar < chart->labels->len; bar++)
                y += bar_lay_out(chart, bar, y, most);
        chart->height = y;
}

double chart_grey(size_t series)
{
        static const double greys[CHART_SERIES_MAX] = { 0.25, 0.55, 0.75, 0.9 };

        return greys[series];
}

/* ---- words and SVG ---- */

char *chart_words(const Chart *chart)
{
        GString *words = g_string_new(chart->def->title);

        for (guint bar = 0; bar < chart->labels->len; bar++) {
                g_string_append_printf(words, "%s %s%s", bar == 0 ? ":" : ";",
                                       (const char *)g_ptr_array_index(chart->labels, bar),
                                       chart->def->n == 0 ? "" : ":");
                for (size_t i = 0; i < chart->def->n; i++)
                        g_string_append_printf(words, "%s %s %" G_GINT64_FORMAT, i == 0 ? "" : ",",
                                               chart->def->titles[i], value_at(chart, bar, i));
        }
        return g_string_free(words, FALSE);
}

/* `name` is a literal. */
static void attr_int(Html *html, const char *name, int value)
{
        char number[16];

        g_snprintf(number, sizeof number, "%d", value);
        html_attr_(html, name, number);
}

static void box_svg(Html *html, const ChartBox *box)
{
        static const char *const classes[CHART_SERIES_MAX] = { "s0", "s1", "s2", "s3" };

        html_open(html, "rect");
        html_attr(html, "class", classes[box->series]);
        attr_int(html, "x", box->x);
        attr_int(html, "y", box->y);
        attr_int(html, "width", box->w);
        attr_int(html, "height", box->h);
        html_close(html, "rect");
}

static void text_svg(Html *html, const ChartText *text)
{
        static const char *const classes[CHART_SERIES_MAX] = { "o0", "o1", "o2", "o3" };

        html_open(html, "text");
        html_attr(html, "class", text->on ? classes[text->series] : text->end ? "e" : "l");
        attr_int(html, "x", text->x);
        attr_int(html, "y", text->y);
        html_text(html, text->text);
        html_close(html, "text");
}

void chart_svg(const Chart *chart, Html *html)
{
        g_autofree char *words = chart_words(chart);
        char box[64];

        g_snprintf(box, sizeof box, "0 0 %d %d", CHART_WIDTH, chart->height);
        html_open(html, "svg");
        html_attr(html, "class", "chart");
        html_attr(html, "xmlns", "http://www.w3.org/2000/svg");
        html_attr(html, "viewBox", box);
        attr_int(html, "width", CHART_WIDTH);
        attr_int(html, "height", chart->height);
        html_attr(html, "role", "img");
        html_attr(html, "aria-label", words);
        for (guint i = 0; i < chart->boxes->len; i++)
                box_svg(html, &g_array_index(chart->boxes, ChartBox, i));
        for (guint i = 0; i < chart->texts->len; i++)
                text_svg(html, &g_array_index(chart->texts, ChartText, i));
        html_close(html, "svg");
}
