/* A report as a workbook: one sheet for each section of the first level, its tables one under the other, by libxlsxwriter in
 * constant memory. Texts are written as texts always, so that none is taken for a formula. */
#include "report/book.h"
#include "report/render_text.h"

#include <string.h>

enum { SHEET_NAME = 31 };

struct Renderer {
        const ReportHead *head;
        Stream *stream;
        const TableDef *table;
        Book book;
        lxw_worksheet *sheet;
        lxw_row_t row; /* the next one, from 0 */
        int sheets;
};

static void cell_put(Renderer *renderer, lxw_col_t column, const char *text, lxw_format *format)
{
        book_text(&renderer->book, renderer->sheet, renderer->row, column, text, format);
}

static void line_put(Renderer *renderer, const char *text, lxw_format *format)
{
        cell_put(renderer, 0, text, format);
        renderer->row++;
}

/* ---- sheets ---- */

/* Letters that a name of a sheet must not have are left out, and a number in front makes it another one each time. */
static void sheet_begin(Renderer *renderer, const char *title)
{
        enum { WIDTH = 24 };
        g_autoptr(GString) name = g_string_new(NULL);
        g_autofree char *cut = NULL;

        g_string_append_printf(name, "%d ", ++renderer->sheets);
        for (const char *c = title; *c != '\0'; c = g_utf8_next_char(c))
                if (strchr("[]:*?/\\'", *c) == NULL)
                        g_string_append_unichar(name, g_utf8_get_char(c));
        cut = g_utf8_strlen(name->str, -1) > SHEET_NAME ? g_utf8_substring(name->str, 0, SHEET_NAME)
                                                        : g_strdup(name->str);
        g_strchomp(cut);
        renderer->sheet = book_sheet(&renderer->book, cut);
        renderer->row = 0;
        if (renderer->sheet != NULL)
                book_note(&renderer->book,
                          worksheet_set_column(renderer->sheet, 0, QUERY_FIELDS_MAX, WIDTH, NULL));
}

static void inputs_put(Renderer *renderer)
{
        g_autofree char *inputs = inputs_text(renderer->head->inputs);

        sheet_begin(renderer, "Report");
        line_put(renderer, renderer->head->definition->title, renderer->book.bold);
        line_put(renderer, renderer->head->definition->summary, NULL);
        line_put(renderer, renderer->head->inputs->project_title, NULL);
        if (renderer->head->place != NULL)
                line_put(renderer, renderer->head->place, NULL);
        if (renderer->head->period != NULL)
                line_put(renderer, renderer->head->period, NULL);
        line_put(renderer, inputs, NULL);
}

static Renderer *xlsx_begin(const ReportHead *head, Stream *stream)
{
        Renderer *renderer = g_new0(Renderer, 1);

        renderer->head = head;
        renderer->stream = stream;
        book_open(&renderer->book, head->inputs->instant);
        inputs_put(renderer);
        return renderer;
}

static void xlsx_content(Renderer *renderer G_GNUC_UNUSED, int level G_GNUC_UNUSED,
                         const char *anchor G_GNUC_UNUSED, const char *title G_GNUC_UNUSED)
{
}

static void xlsx_section_begin(Renderer *renderer, int level, const char *anchor G_GNUC_UNUSED,
                               const char *title)
{
        if (level == 1)
                sheet_begin(renderer, title);
        line_put(renderer, title, renderer->book.bold);
}

static void xlsx_section_end(Renderer *renderer)
{
        renderer->row++;
}

static void xlsx_paragraph(Renderer *renderer, const char *text)
{
        line_put(renderer, text, NULL);
}

/* A sheet has no place for it; what it shows stands in the tables. */
static void xlsx_drawing(Renderer *renderer, const Drawing *drawing G_GNUC_UNUSED,
                         const char *anchor G_GNUC_UNUSED, const char *caption)
{
        g_autofree char *text = g_strconcat(caption, ": see the tables; the drawing is in the other formats",
                                            NULL);

        line_put(renderer, text, NULL);
}

/* ---- tables ---- */

static void xlsx_table_begin(Renderer *renderer, const TableDef *table, const char *anchor G_GNUC_UNUSED,
                             const char *caption)
{
        renderer->table = table;
        renderer->row++;
        line_put(renderer, caption, renderer->book.bold);
        if (table->text != NULL)
                line_put(renderer, table->text, NULL);
        for (guint i = 0; i < table->columns->len; i++)
                cell_put(renderer, (lxw_col_t)i, g_array_index(table->columns, ColumnDef, i).title,
                         renderer->book.bold);
        renderer->row++;
}

static void xlsx_group(Renderer *renderer, const char *anchor G_GNUC_UNUSED, const char *title)
{
        if (title != NULL)
                line_put(renderer, title, renderer->book.bold);
}

/* A workbook is worked with, so its texts are whole. */
static ColumnShow shown_of(const TableDef *table, guint column)
{
        const ColumnShow show = g_array_index(table->columns, ColumnDef, column).show;

        return show == SHOW_BRIEF ? SHOW_TITLE : show;
}

static void xlsx_row(Renderer *renderer, const RenderRow *row)
{
        const TableDef *table = renderer->table;

        for (guint i = 0; i < table->columns->len; i++) {
                const Cell *cell = row->cells[i];
                bool number = cell->type == CELL_NUMBER ||
                              (cell->type == CELL_LEVEL && cell->number != ZW_SL_UNKNOWN);
                g_autofree char *text = NULL;

                if (number && !cell->unknown && renderer->sheet != NULL) {
                        book_note(&renderer->book,
                                  worksheet_write_number(renderer->sheet, renderer->row, (lxw_col_t)i,
                                                         (double)cell->number, renderer->book.wrapped));
                        continue;
                }
                text = cell_text(renderer->head->view, cell, shown_of(table, i));
                cell_put(renderer, (lxw_col_t)i, text, renderer->book.wrapped);
        }
        renderer->row++;
}

static void xlsx_table_end(Renderer *renderer, gint64 rows, gint64 more)
{
        g_autofree char *left = g_strdup_printf("and %" G_GINT64_FORMAT " more rows that are not shown here",
                                                more);

        if (rows == 0)
                line_put(renderer, renderer->table->empty, NULL);
        if (more > 0)
                line_put(renderer, left, NULL);
}

static lxw_col_t column_of(const TableDef *table, size_t field)
{
        guint i = 0;

        while (i + 1 < table->columns->len && g_array_index(table->columns, ColumnDef, i).index != field)
                i++;
        return (lxw_col_t)i;
}

/* Native, over the cells of the rows. */
static void xlsx_chart(Renderer *renderer, const Chart *chart, gint64 rows)
{
        enum { CHART_ROWS = 16 };
        const TableDef *table = renderer->table;
        lxw_row_t last = renderer->row - 1, first = (lxw_row_t)(renderer->row - (lxw_row_t)rows);
        lxw_chart *native = renderer->book.file == NULL
                                    ? NULL
                                    : workbook_add_chart(renderer->book.file, LXW_CHART_BAR_STACKED);

        if (renderer->sheet == NULL || native == NULL)
                return;
        for (size_t i = 0; i < chart->def->n; i++) {
                lxw_chart_series *series = chart_add_series(native, NULL, NULL);
                lxw_col_t label = column_of(table, chart->def->label),
                          value = column_of(table, chart->def->series[i]);

                chart_series_set_categories(series, renderer->sheet->name, first, label, last, label);
                chart_series_set_values(series, renderer->sheet->name, first, value, last, value);
                chart_series_set_name(series, chart->def->titles[i]);
        }
        chart_title_set_name(native, chart->def->title);
        book_note(&renderer->book, worksheet_insert_chart(renderer->sheet, renderer->row + 1, 0, native));
        renderer->row += CHART_ROWS;
}

/* ---- the end ---- */

static bool xlsx_end(Renderer *renderer, GError **error)
{
        return book_finish(&renderer->book, renderer->stream, error);
}

static void xlsx_free(Renderer *renderer)
{
        book_clear(&renderer->book);
        g_free(renderer);
}

const ReportRenderer renderer_xlsx = {
        .name = "xlsx",
        .media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        .binary = true,
        .begin = xlsx_begin,
        .content = xlsx_content,
        .section_begin = xlsx_section_begin,
        .section_end = xlsx_section_end,
        .paragraph = xlsx_paragraph,
        .drawing = xlsx_drawing,
        .table_begin = xlsx_table_begin,
        .group = xlsx_group,
        .row = xlsx_row,
        .table_end = xlsx_table_end,
        .chart = xlsx_chart,
        .end = xlsx_end,
        .free = xlsx_free,
};
