/* A report as PDF: tagged, with an outline, a language and bookmarks, to be printed, signed and kept. */
#include "report/pdf.h"
#include "report/render_text.h"

#include <math.h>
#include <string.h>

enum { COLUMNS_MAX = 32 };

struct Renderer {
        const ReportHead *head;
        Stream *stream;
        Pdf *pdf;
        bool contents; /* the list of contents is open */
        const TableDef *table;
        GPtrArray *held; /* rows of a table that is not begun, else NULL */
};

static void input_say(Pdf *pdf, const char *name, const char *text)
{
        g_autofree char *line = g_strdup_printf("%s: %s", name, text);

        pdf_say(pdf, PDF_TEXT, line);
}

static void inputs_say(Pdf *pdf, const ReportHead *head)
{
        const ReportInputs *inputs = head->inputs;
        g_autofree char *project = g_strdup_printf("%s %s", inputs->project, inputs->project_title);
        g_autofree char *commit = g_strdup_printf("%" G_GUINT64_FORMAT " %s", inputs->commit, inputs->hash);
        g_autofree char *unknown = g_strconcat(inputs->feed_because == NULL ? "none" : inputs->feed_because,
                                               ": ? unknown", NULL);
        char instant[ZW_INSTANT_TEXT];

        instant_format(inputs->instant, instant);
        input_say(pdf, "Project", project);
        if (head->place != NULL)
                input_say(pdf, "Only", head->place);
        if (head->period != NULL)
                input_say(pdf, "Period", head->period);
        input_say(pdf, "Commit", commit);
        input_say(pdf, "Evaluated", instant);
        input_say(pdf, "Feed snapshot", inputs->feed == NULL ? unknown : inputs->feed);
        input_say(pdf, "Program", "Zonewright " ZW_VERSION);
}

static Renderer *pdf_begin(const ReportHead *head, Stream *stream)
{
        Renderer *renderer = g_new0(Renderer, 1);
        g_autofree char *title = g_strdup_printf("%s: %s", head->definition->title,
                                                 head->inputs->project_title);
        g_autofree char *foot = inputs_text(head->inputs);

        renderer->head = head;
        renderer->stream = stream;
        renderer->pdf = pdf_new(title, head->definition->summary, title, foot, head->inputs->instant);
        pdf_say(renderer->pdf, PDF_TITLE, head->definition->title);
        pdf_say(renderer->pdf, PDF_TEXT, head->definition->summary);
        inputs_say(renderer->pdf, head);
        return renderer;
}

static void pdf_content_line(Renderer *renderer, int level, const char *anchor, const char *title)
{
        if (!renderer->contents) {
                pdf_say(renderer->pdf, PDF_CAPTION, "Contents");
                pdf_open(renderer->pdf, "TOC");
        }
        renderer->contents = true;
        pdf_content(renderer->pdf, level, anchor, title);
}

static void contents_end(Renderer *renderer)
{
        if (renderer->contents)
                pdf_close(renderer->pdf, "TOC");
        renderer->contents = false;
}

static void pdf_section_begin(Renderer *renderer, int level, const char *anchor, const char *title)
{
        static const PdfStyle styles[] = { PDF_SECTION, PDF_SUBSECTION, PDF_SMALLER };

        contents_end(renderer);
        pdf_open(renderer->pdf, "Sect");
        pdf_mark(renderer->pdf, level, anchor, title);
        pdf_say(renderer->pdf, styles[CLAMP(level, 1, 3) - 1], title);
}

static void pdf_section_end(Renderer *renderer)
{
        pdf_close(renderer->pdf, "Sect");
}

static void pdf_paragraph(Renderer *renderer, const char *text)
{
        pdf_say(renderer->pdf, PDF_TEXT, text);
}

static void pdf_figure(Renderer *renderer, const Drawing *drawing, const char *anchor G_GNUC_UNUSED,
                       const char *caption)
{
        pdf_drawing(renderer->pdf, drawing, caption);
        pdf_say(renderer->pdf, PDF_CAPTION, caption);
}

static void pdf_chart_figure(Renderer *renderer, const Chart *chart, gint64 rows G_GNUC_UNUSED)
{
        g_autofree char *words = chart_words(chart);

        pdf_chart(renderer->pdf, chart, words);
}

static void pdf_bare_figure(Renderer *renderer, const Chart *chart)
{
        pdf_chart_figure(renderer, chart, 0);
}

/* ---- tables ---- */

/* Rows that are held before a table begins, since how wide its columns are follows from what stands in them. */
enum { ROWS_HELD = 60 };

/* A row, or a text over all columns when there are no cells. */
typedef struct {
        char **cells;
        char *wide;
        size_t head;
} HeldRow;

static void held_free(void *data)
{
        HeldRow *row = data;

        g_strfreev(row->cells);
        g_free(row->wide);
        g_free(row);
}

/* Characters of the longest word; one that is very long is broken all the same. */
static double longest_word(const char *text)
{
        enum { BROKEN = 22 };
        glong longest = 0, word = 0;

        for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c)) {
                word = *c == ' ' || *c == '\n' ? 0 : word + 1;
                longest = MAX(longest, word);
        }
        return (double)MIN(longest, BROKEN);
}

/* How wide a column is beside the others: no word of the head or the cells is broken, and ten times the text gets three times the
 * width, so that the rows become low; but no text takes the width from all others. */
static double weight_of(const GPtrArray *held, const char *title, guint column)
{
        enum { TEXT_MOST = 80 };
        double words = longest_word(title) * 1.2 /* it is bold */, sum = 0, rows = 0;

        for (guint i = 0; i < held->len; i++) {
                const HeldRow *row = held->pdata[i];

                if (row->cells == NULL)
                        continue;
                words = MAX(words, longest_word(row->cells[column]));
                sum += (double)g_utf8_strlen(row->cells[column], -1);
                rows++;
        }
        return (CLAMP(2 * sqrt(sum / MAX(rows, 1)), words, TEXT_MOST) + 2) / 10;
}

static void held_draw(Pdf *pdf, const HeldRow *row)
{
        if (row->cells == NULL)
                pdf_row_wide(pdf, row->wide);
        else
                pdf_row(pdf, (const char *const *)row->cells, row->head);
}

/* Begins the table by what is held. */
static void held_begin(Renderer *renderer)
{
        const TableDef *table = renderer->table;
        const char *heads[COLUMNS_MAX];
        double weights[COLUMNS_MAX];
        guint n = MIN(table->columns->len, COLUMNS_MAX);

        for (guint i = 0; i < n; i++) {
                heads[i] = g_array_index(table->columns, ColumnDef, i).title;
                weights[i] = weight_of(renderer->held, heads[i], i);
        }
        pdf_table_begin(renderer->pdf, heads, weights, n);
        for (guint i = 0; i < renderer->held->len; i++)
                held_draw(renderer->pdf, renderer->held->pdata[i]);
        g_clear_pointer(&renderer->held, g_ptr_array_unref);
}

static void row_put(Renderer *renderer, HeldRow *row)
{
        if (renderer->held == NULL) {
                held_draw(renderer->pdf, row);
                held_free(row);
                return;
        }
        g_ptr_array_add(renderer->held, row);
        if (renderer->held->len == ROWS_HELD)
                held_begin(renderer);
}

static void pdf_table(Renderer *renderer, const TableDef *table, const char *anchor G_GNUC_UNUSED,
                      const char *caption)
{
        renderer->table = table;
        renderer->held = g_ptr_array_new_with_free_func(held_free);
        pdf_say(renderer->pdf, PDF_CAPTION, caption);
        if (table->text != NULL)
                pdf_say(renderer->pdf, PDF_NOTE, table->text);
}

static void wide_put(Renderer *renderer, const char *text)
{
        HeldRow *row = g_new0(HeldRow, 1);

        row->wide = g_strdup(text);
        row_put(renderer, row);
}

static void pdf_group(Renderer *renderer, const char *anchor G_GNUC_UNUSED, const char *title)
{
        if (title != NULL)
                wide_put(renderer, title);
}

static void pdf_cells(Renderer *renderer, const RenderRow *row)
{
        const TableDef *table = renderer->table;
        const guint n = MIN(table->columns->len, COLUMNS_MAX);
        HeldRow *held = g_new0(HeldRow, 1);

        held->cells = g_new0(char *, n + 1);
        held->head = table->columns->len;
        for (guint i = 0; i < n; i++) {
                const ColumnDef *column = &g_array_index(table->columns, ColumnDef, i);

                held->cells[i] = cell_text(renderer->head->view, row->cells[i], column->show);
                if (column->heading)
                        held->head = i;
        }
        row_put(renderer, held);
}

static void pdf_table_close(Renderer *renderer, gint64 rows, gint64 more)
{
        g_autofree char *left = g_strdup_printf("%" G_GINT64_FORMAT " rows, and %" G_GINT64_FORMAT
                                                " more that are not shown here",
                                                rows, more);

        if (rows == 0)
                wide_put(renderer, renderer->table->empty);
        if (renderer->held != NULL)
                held_begin(renderer);
        pdf_table_end(renderer->pdf);
        if (more > 0)
                pdf_say(renderer->pdf, PDF_NOTE, left);
}

static bool pdf_end(Renderer *renderer, GError **error)
{
        contents_end(renderer);
        return pdf_finish(renderer->pdf, renderer->stream, error);
}

static void pdf_renderer_free(Renderer *renderer)
{
        pdf_free(renderer->pdf);
        g_clear_pointer(&renderer->held, g_ptr_array_unref);
        g_free(renderer);
}

const ReportRenderer renderer_pdf = {
        .name = "pdf",
        .media = "application/pdf",
        .binary = true,
        .begin = pdf_begin,
        .content = pdf_content_line,
        .section_begin = pdf_section_begin,
        .section_end = pdf_section_end,
        .paragraph = pdf_paragraph,
        .drawing = pdf_figure,
        .chart = pdf_chart_figure,
        .figure = pdf_bare_figure,
        .table_begin = pdf_table,
        .group = pdf_group,
        .row = pdf_cells,
        .table_end = pdf_table_close,
        .end = pdf_end,
        .free = pdf_renderer_free,
};
