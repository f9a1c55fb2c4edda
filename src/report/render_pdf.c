/* A report as PDF: tagged, with an outline, a language and bookmarks, to be printed, signed and kept. */
#include "report/pdf.h"
#include "report/render_text.h"

#include <string.h>

enum { COLUMNS_MAX = 32 };

struct Renderer {
        const ReportHead *head;
        Out *out;
        Pdf *pdf;
        bool contents; /* the list of contents is open */
        const TableDef *table;
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

static Renderer *pdf_begin(const ReportHead *head, Out *out)
{
        Renderer *renderer = g_new0(Renderer, 1);
        g_autofree char *title = g_strdup_printf("%s: %s", head->definition->title,
                                                 head->inputs->project_title);
        g_autofree char *foot = inputs_text(head->inputs);

        renderer->head = head;
        renderer->out = out;
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

        pdf_say(renderer->pdf, PDF_CAPTION, chart->def->title);
        pdf_chart(renderer->pdf, chart, words);
}

static void pdf_bare_figure(Renderer *renderer, const Chart *chart)
{
        pdf_chart_figure(renderer, chart, 0);
}

/* ---- tables ---- */

/* The longest word of a head is not to be broken. */
static double weight_of_word(const char *title)
{
        g_auto(GStrv) words = g_strsplit(title, " ", -1);
        glong longest = 0;

        for (size_t i = 0; words[i] != NULL; i++)
                longest = MAX(longest, g_utf8_strlen(words[i], -1));
        return (double)longest / 10.0;
}

/* How wide a column is beside the others, by what stands in it. */
static double weight_of(const TableDef *table, const ColumnDef *column)
{
        CellType type = table->query->fields[column->index].type;
        double title = MIN((double)strlen(column->title) / 9.0, 1.4);

        switch (type) {
        case CELL_NUMBER:
        case CELL_LEVEL:
        case CELL_FLAG:
        case CELL_SHARE:
                return MAX(0.7, title * 0.8);
        case CELL_TEXT:
        case CELL_REASONS:
        case CELL_MEMBERS:
                return column->heading ? 1.4 : 2.2;
        case CELL_VECTOR:
        case CELL_TIME:
        case CELL_WORD:
        case CELL_LEVELS:
                return MAX(1.2, title);
        default:
                return column->show == SHOW_KEY ? MAX(1.1, title) : 2;
        }
}

static void pdf_table(Renderer *renderer, const TableDef *table, const char *anchor G_GNUC_UNUSED,
                      const char *caption)
{
        const char *heads[COLUMNS_MAX];
        double weights[COLUMNS_MAX];
        guint n = MIN(table->columns->len, COLUMNS_MAX);

        renderer->table = table;
        for (guint i = 0; i < n; i++) {
                const ColumnDef *column = &g_array_index(table->columns, ColumnDef, i);

                heads[i] = column->title;
                weights[i] = MAX(weight_of(table, column), weight_of_word(column->title));
        }
        pdf_say(renderer->pdf, PDF_CAPTION, caption);
        if (table->text != NULL)
                pdf_say(renderer->pdf, PDF_NOTE, table->text);
        pdf_table_begin(renderer->pdf, heads, weights, n);
}

static void pdf_group(Renderer *renderer, const char *anchor G_GNUC_UNUSED, const char *title)
{
        if (title != NULL)
                pdf_row_wide(renderer->pdf, title);
}

static void pdf_cells(Renderer *renderer, const RenderRow *row)
{
        const TableDef *table = renderer->table;
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
        size_t head = table->columns->len;

        for (guint i = 0; i < table->columns->len && i < COLUMNS_MAX; i++) {
                const ColumnDef *column = &g_array_index(table->columns, ColumnDef, i);

                g_ptr_array_add(texts, cell_text(renderer->head->view, row->cells[i], column->show));
                if (column->heading)
                        head = i;
        }
        pdf_row(renderer->pdf, (const char *const *)texts->pdata, head);
}

static void pdf_table_close(Renderer *renderer, gint64 rows, gint64 more)
{
        g_autofree char *left = g_strdup_printf("%" G_GINT64_FORMAT " rows, and %" G_GINT64_FORMAT
                                                " more that are not shown here",
                                                rows, more);

        if (rows == 0)
                pdf_row_wide(renderer->pdf, renderer->table->empty);
        pdf_table_end(renderer->pdf);
        if (more > 0)
                pdf_say(renderer->pdf, PDF_NOTE, left);
}

static bool pdf_end(Renderer *renderer, GError **error)
{
        contents_end(renderer);
        return pdf_finish(renderer->pdf, renderer->out, error);
}

static void pdf_renderer_free(Renderer *renderer)
{
        pdf_free(renderer->pdf);
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
