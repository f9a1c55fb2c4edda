#include "report/matrix_sheet.h"

#include "analysis/matrix.h"
#include "report/book.h"

enum { HEAD_ROWS = 2, HEAD_COLUMNS = 2 };

struct MatrixSheet {
        GraphView view;
        Book book;
        lxw_worksheet *sheet;
        lxw_row_t row;
};

/* What stands in a cell, and what it says. */
static const char *const marks[2][2] = { { "○", "○!" }, { "●", "●!" } }; /* by direct, by suspect */
static const char *const legend[] = { "●  direct: a link between the two",
                                      "○  derived: a chain from source to proof",
                                      "!  a link on the way has to be judged again" };

static void about_put(MatrixSheet *sheet, const char *about)
{
        enum { WIDTH = 80 };
        lxw_worksheet *page = book_sheet(&sheet->book, "About");

        if (page == NULL)
                return;
        book_note(&sheet->book, worksheet_set_column(page, 0, 0, WIDTH, NULL));
        book_text(&sheet->book, page, 0, 0, about, sheet->book.bold);
        for (size_t i = 0; i < G_N_ELEMENTS(legend); i++)
                book_text(&sheet->book, page, (lxw_row_t)i + 1, 0, legend[i], NULL);
}

static void head_put(MatrixSheet *sheet, const ItemNo *columns, size_t n)
{
        enum { TITLE_WIDTH = 48 };

        sheet->sheet = book_sheet(&sheet->book, "Matrix");
        if (sheet->sheet == NULL)
                return;
        book_note(&sheet->book, worksheet_set_column(sheet->sheet, 1, 1, TITLE_WIDTH, NULL));
        worksheet_freeze_panes(sheet->sheet, HEAD_ROWS, HEAD_COLUMNS);
        for (size_t i = 0; i < n; i++)
                book_text(&sheet->book, sheet->sheet, 0, (lxw_col_t)MIN(i + HEAD_COLUMNS, ZW_BOOK_COLUMNS),
                          graph_key(sheet->view, columns[i]), sheet->book.bold);
        for (size_t i = 0; i < n; i++)
                book_text(&sheet->book, sheet->sheet, 1, (lxw_col_t)MIN(i + HEAD_COLUMNS, ZW_BOOK_COLUMNS),
                          graph_title(sheet->view, columns[i]), sheet->book.wrapped);
        sheet->row = HEAD_ROWS;
}

MatrixSheet *matrix_sheet_new(GraphView view, const char *about, Instant created, const ItemNo *columns,
                              size_t n)
{
        MatrixSheet *sheet = g_new0(MatrixSheet, 1);

        sheet->view = view;
        book_open(&sheet->book, created);
        about_put(sheet, about);
        head_put(sheet, columns, n);
        return sheet;
}

void matrix_sheet_free(MatrixSheet *sheet)
{
        if (sheet == NULL)
                return;
        book_clear(&sheet->book);
        g_free(sheet);
}

void matrix_sheet_row(MatrixSheet *sheet, ItemNo row, const GArray *cells)
{
        book_text(&sheet->book, sheet->sheet, sheet->row, 0, graph_key(sheet->view, row), sheet->book.bold);
        book_text(&sheet->book, sheet->sheet, sheet->row, 1, graph_title(sheet->view, row),
                  sheet->book.wrapped);
        for (guint i = 0; i < cells->len; i++) {
                const MatrixCell *cell = &g_array_index(cells, MatrixCell, i);

                book_text(&sheet->book, sheet->sheet, sheet->row,
                          (lxw_col_t)MIN(cell->column + HEAD_COLUMNS, ZW_BOOK_COLUMNS),
                          marks[cell->distance == 1][cell->suspect], NULL);
        }
        sheet->row++;
}

bool matrix_sheet_finish(MatrixSheet *sheet, Stream *stream, GError **error)
{
        return book_finish(&sheet->book, stream, error);
}
