/* Sheets as Office Open XML workbooks, by libxlsxwriter in constant memory: rows go to a temporary file as they come. Cells
 * are texts always, so that none is taken for a formula. */
#include "base/error.h"
#include "exchange/layout.h"
#include "exchange/sheet.h"
#include "exchange/writer.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

/* What the format allows in one cell. */
enum { XLSX_CELL_CHARACTERS = 32767, XLSX_SHEET_NAME = 31, COPY_BLOCK = 64 << 10 };

typedef struct {
        int fd, temporary;
        char *path; /* of the temporary file */
        Layout *layout;
        lxw_workbook *book; /* NULL once it is closed */
        lxw_worksheet *sheet;
        lxw_row_t row; /* the next one, from 0 */
        json_t *cut;   /* places of cells that were too long */
} XlsxWriter;

static void xlsx_free(void *writer)
{
        XlsxWriter *w = writer;

        if (w == NULL)
                return;
        if (w->book != NULL)
                (void)workbook_close(w->book);
        if (w->temporary >= 0)
                close(w->temporary);
        if (w->path != NULL)
                unlink(w->path);
        g_free(w->path);
        layout_free(w->layout);
        json_decref(w->cut);
        g_free(w);
}

static bool refuse(GError **error, const char *what)
{
        error_set(error, ZW_ERR_STORAGE, NULL, "the workbook cannot be written: %s", what);
        return false;
}

static bool fail(GError **error, lxw_error code)
{
        return refuse(error, lxw_strerror(code));
}

/* ---- rows ---- */

static bool cell_write(XlsxWriter *w, lxw_col_t column, const char *text, GError **error)
{
        g_autofree char *cut = NULL;
        lxw_error code;

        if (g_utf8_strlen(text, -1) > XLSX_CELL_CHARACTERS) {
                cut = g_utf8_substring(text, 0, XLSX_CELL_CHARACTERS);
                json_array_append_new(w->cut,
                                      json_pack("{s:o, s:s}", "where",
                                                json_sprintf("row %u, column %u", w->row + 1, column + 1u),
                                                "what", "a cell holds no more than 32767 characters"));
        }
        code = worksheet_write_string(w->sheet, w->row, column, cut != NULL ? cut : text, NULL);
        return code == LXW_NO_ERROR || fail(error, code);
}

static bool row_write(XlsxWriter *w, const char *const *cells, size_t n, GError **error)
{
        if (w->row >= SHEET_ROWS_MAX || n > SHEET_COLUMNS_MAX) {
                error_set(error, ZW_ERR_LIMIT, NULL, "a sheet has at most %d rows of %d columns",
                          SHEET_ROWS_MAX, SHEET_COLUMNS_MAX);
                return false;
        }
        for (size_t i = 0; i < n; i++)
                if (cells[i] != NULL && cells[i][0] != '\0' && !cell_write(w, (lxw_col_t)i, cells[i], error))
                        return false;
        w->row++;
        return true;
}

/* ---- opening ---- */

static bool file_open(XlsxWriter *w, GError **error)
{
        g_autoptr(GError) why = NULL;

        w->temporary = g_file_open_tmp("zonewright-XXXXXX.xlsx", &w->path, &why);
        return w->temporary >= 0 || refuse(error, why->message);
}

static bool book_open(XlsxWriter *w, Instant created, GError **error)
{
        g_autofree char *folder = g_path_get_dirname(w->path);
        lxw_workbook_options options = { .constant_memory = LXW_TRUE, .tmpdir = folder };
        lxw_doc_properties properties = { .created = (time_t)(created / 1000) };
        const char *name = layout_text(w->layout, "sheet");
        g_autofree char *shown = NULL;

        w->book = workbook_new_opt(w->path, &options);
        if (w->book == NULL)
                return refuse(error, "no memory");
        (void)workbook_set_properties(w->book, &properties);
        if (name == NULL || g_utf8_strlen(name, -1) > XLSX_SHEET_NAME ||
            workbook_validate_sheet_name(w->book, name) != LXW_NO_ERROR)
                name = "Requirements";
        shown = g_strdup(name);
        w->sheet = workbook_add_worksheet(w->book, shown);
        return w->sheet != NULL || refuse(error, "the sheet cannot be made");
}

static void *xlsx_open(int fd, json_t *layout, Instant created, GError **error)
{
        XlsxWriter *w = g_new0(XlsxWriter, 1);
        const char *const *headers;
        size_t n;

        w->fd = fd;
        w->temporary = -1;
        w->cut = json_array();
        w->layout = layout_new(layout, error);
        if (w->layout != NULL && file_open(w, error) && book_open(w, created, error)) {
                w->row = (lxw_row_t)layout_header_row(w->layout) - 1;
                headers = layout_headers(w->layout, &n);
                if (row_write(w, headers, n, error))
                        return w;
        }
        xlsx_free(w);
        return NULL;
}

static bool xlsx_put(void *writer, const json_t *op, GError **error)
{
        XlsxWriter *w = writer;
        size_t n;

        (void)layout_headers(w->layout, &n);
        return row_write(w, layout_cells(w->layout, op), n, error);
}

/* ---- the end ---- */

static bool block_write(int fd, const char *data, size_t n, GError **error)
{
        while (n > 0) {
                ssize_t got = write(fd, data, n);

                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0)
                        return refuse(error, g_strerror(errno));
                data += got;
                n -= (size_t)got;
        }
        return true;
}

static bool copy(int from, int to, GError **error)
{
        char block[COPY_BLOCK];

        for (off_t at = 0;;) {
                ssize_t got = pread(from, block, sizeof(block), at);

                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0)
                        return refuse(error, g_strerror(errno));
                if (got == 0)
                        return true;
                if (!block_write(to, block, (size_t)got, error))
                        return false;
                at += got;
        }
}

static bool xlsx_finish(void *writer, json_t *lost, GError **error)
{
        XlsxWriter *w = writer;
        lxw_error code = workbook_close(g_steal_pointer(&w->book));

        if (code != LXW_NO_ERROR)
                return fail(error, code);
        (void)json_array_extend(lost, w->cut);
        layout_report_lost(w->layout, lost);
        return copy(w->temporary, w->fd, error);
}

const FormatWriter writer_xlsx = { xlsx_open, xlsx_put, xlsx_finish, xlsx_free };
