/* A report as a workbook: one sheet for each section of the first level, its tables one under the other, by libxlsxwriter in
 * constant memory. Texts are written as texts always, so that none is taken for a formula. */
#include "base/error.h"
#include "report/render_text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

/* What the format allows. */
enum { CELL_CHARACTERS = 32767, SHEET_NAME = 31, SHEET_ROWS = 1048576, COPY_BLOCK = 64 << 10 };

struct Renderer {
        const ReportHead *head;
        Out *out;
        const TableDef *table;
        int temporary;
        char *path; /* of the temporary file */
        lxw_workbook *book;
        lxw_worksheet *sheet;
        lxw_format *bold, *wrapped;
        lxw_row_t row; /* the next one, from 0 */
        int sheets, depth;
        const char *problem; /* the first one, or NULL */
};

static void note(Renderer *renderer, lxw_error code)
{
        if (code != LXW_NO_ERROR && renderer->problem == NULL)
                renderer->problem = lxw_strerror(code);
}

static void cell_put(Renderer *renderer, lxw_col_t column, const char *text, lxw_format *format)
{
        g_autofree char *cut = NULL;

        if (renderer->sheet == NULL || text[0] == '\0')
                return;
        if (g_utf8_strlen(text, -1) > CELL_CHARACTERS) {
                cut = g_utf8_substring(text, 0, CELL_CHARACTERS);
                renderer->problem = "a cell would hold more than 32767 characters";
        }
        if (renderer->row >= SHEET_ROWS)
                renderer->problem = "a sheet would have more than 1048576 rows";
        else
                note(renderer, worksheet_write_string(renderer->sheet, renderer->row, column,
                                                      cut == NULL ? text : cut, format));
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
        renderer->sheet = workbook_add_worksheet(renderer->book, cut);
        renderer->row = 0;
        if (renderer->sheet == NULL)
                renderer->problem = "a sheet cannot be made";
        else
                note(renderer, worksheet_set_column(renderer->sheet, 0, QUERY_FIELDS_MAX, WIDTH, NULL));
}

static void inputs_put(Renderer *renderer)
{
        g_autofree char *inputs = inputs_text(renderer->head->inputs);

        sheet_begin(renderer, "Report");
        line_put(renderer, renderer->head->definition->title, renderer->bold);
        line_put(renderer, renderer->head->definition->summary, NULL);
        line_put(renderer, renderer->head->inputs->project_title, NULL);
        if (renderer->head->place != NULL)
                line_put(renderer, renderer->head->place, NULL);
        line_put(renderer, inputs, NULL);
}

static bool book_open(Renderer *renderer)
{
        g_autofree char *folder = NULL;
        lxw_workbook_options options = { .constant_memory = LXW_TRUE };
        lxw_doc_properties properties = { .created = (time_t)(renderer->head->inputs->instant / 1000) };

        renderer->temporary = g_file_open_tmp("zonewright-XXXXXX.xlsx", &renderer->path, NULL);
        if (renderer->temporary < 0)
                return false;
        folder = g_path_get_dirname(renderer->path);
        options.tmpdir = folder;
        renderer->book = workbook_new_opt(renderer->path, &options);
        if (renderer->book == NULL)
                return false;
        (void)workbook_set_properties(renderer->book, &properties);
        renderer->bold = workbook_add_format(renderer->book);
        format_set_bold(renderer->bold);
        renderer->wrapped = workbook_add_format(renderer->book);
        format_set_text_wrap(renderer->wrapped);
        format_set_align(renderer->wrapped, LXW_ALIGN_VERTICAL_TOP);
        return true;
}

static Renderer *xlsx_begin(const ReportHead *head, Out *out)
{
        Renderer *renderer = g_new0(Renderer, 1);

        renderer->head = head;
        renderer->out = out;
        renderer->temporary = -1;
        if (book_open(renderer))
                inputs_put(renderer);
        else
                renderer->problem = "there is no room for the temporary file";
        return renderer;
}

static void xlsx_content(Renderer *renderer G_GNUC_UNUSED, int level G_GNUC_UNUSED,
                         const char *anchor G_GNUC_UNUSED, const char *title G_GNUC_UNUSED)
{
}

static void xlsx_section_begin(Renderer *renderer, int level, const char *anchor G_GNUC_UNUSED,
                               const char *title)
{
        if (renderer->book == NULL)
                return;
        if (level == 1)
                sheet_begin(renderer, title);
        line_put(renderer, title, renderer->bold);
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
        line_put(renderer, caption, renderer->bold);
        if (table->text != NULL)
                line_put(renderer, table->text, NULL);
        for (guint i = 0; i < table->columns->len; i++)
                cell_put(renderer, (lxw_col_t)i, g_array_index(table->columns, ColumnDef, i).title,
                         renderer->bold);
        renderer->row++;
}

static void xlsx_group(Renderer *renderer, const char *anchor G_GNUC_UNUSED, const char *title)
{
        if (title != NULL)
                line_put(renderer, title, renderer->bold);
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
                        note(renderer, worksheet_write_number(renderer->sheet, renderer->row, (lxw_col_t)i,
                                                              (double)cell->number, renderer->wrapped));
                        continue;
                }
                text = cell_text(renderer->head->view, cell,
                                 g_array_index(table->columns, ColumnDef, i).show);
                cell_put(renderer, (lxw_col_t)i, text, renderer->wrapped);
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

/* ---- the end ---- */

static bool fail(GError **error, const char *what)
{
        error_set(error, ZW_ERR_STORAGE, NULL, "the workbook cannot be written: %s", what);
        return false;
}

static bool file_read(Renderer *renderer, GError **error)
{
        char block[COPY_BLOCK];
        off_t at = 0;
        ssize_t got;

        while ((got = pread(renderer->temporary, block, sizeof block, at)) > 0) {
                out_bytes(renderer->out, block, (size_t)got);
                at += got;
        }
        return got == 0 ? out_check(renderer->out, error) : fail(error, g_strerror(errno));
}

static bool xlsx_end(Renderer *renderer, GError **error)
{
        if (renderer->book != NULL)
                note(renderer, workbook_close(g_steal_pointer(&renderer->book)));
        return renderer->problem == NULL ? file_read(renderer, error) : fail(error, renderer->problem);
}

static void xlsx_free(Renderer *renderer)
{
        if (renderer->book != NULL)
                (void)workbook_close(renderer->book);
        if (renderer->temporary >= 0)
                close(renderer->temporary);
        if (renderer->path != NULL)
                unlink(renderer->path);
        g_free(renderer->path);
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
        .end = xlsx_end,
        .free = xlsx_free,
};
