/* Delimited text as RFC 4180 has it: lines end with CR LF, cells are quoted where they need it. A cell that a spreadsheet
 * would take for a formula gets an apostrophe in front, which the reader takes off again. */
#include "base/error.h"
#include "exchange/layout.h"
#include "exchange/sheet.h"
#include "exchange/writer.h"

#include <string.h>

enum { CSV_FLUSH = 64 << 10, CSV_ROW_MAX = 256 << 20 };

typedef struct {
        int fd;
        Out *out;
        Layout *layout;
        char delimiter;
} CsvWriter;

static void csv_free(void *writer)
{
        CsvWriter *w = writer;

        if (w == NULL)
                return;
        out_free(w->out);
        layout_free(w->layout);
        g_free(w);
}

/* Apostrophes that stand before such a character already get one more, so that taking one off gives the cell back. */
static bool is_guarded(const char *cell)
{
        const char first = cell[strspn(cell, "'")];

        return first != '\0' && strchr(SHEET_FORMULA, first) != NULL;
}

static void cell_write(CsvWriter *w, const char *cell)
{
        const char special[] = { '"', '\r', '\n', w->delimiter, '\0' };
        const size_t n = strlen(cell);
        const bool quoted = strpbrk(cell, special) != NULL ||
                            (n > 0 && (cell[0] == ' ' || cell[n - 1] == ' '));

        if (quoted)
                out_char(w->out, '"');
        if (is_guarded(cell))
                out_char(w->out, '\'');
        for (const char *p = cell; *p != '\0'; p++) {
                const size_t plain = strcspn(p, "\"");

                out_bytes(w->out, p, plain);
                p += plain;
                if (*p == '\0')
                        break;
                out_text(w->out, "\"\"");
        }
        if (quoted)
                out_char(w->out, '"');
}

static bool row_write(CsvWriter *w, const char *const *cells, size_t n, GError **error)
{
        for (size_t i = 0; i < n; i++) {
                if (i > 0)
                        out_char(w->out, w->delimiter);
                if (cells[i] != NULL)
                        cell_write(w, cells[i]);
        }
        out_text(w->out, "\r\n");
        return out_length(w->out) < CSV_FLUSH || writer_flush(w->fd, w->out, error);
}

/* Rows before the header have the width of the sheet and nothing in them. */
static bool header_write(CsvWriter *w, GError **error)
{
        size_t n;
        const char *const *headers = layout_headers(w->layout, &n);
        g_autofree const char **empty = g_new0(const char *, n);

        for (size_t row = 1; row < layout_header_row(w->layout); row++)
                if (!row_write(w, empty, n, error))
                        return false;
        return row_write(w, headers, n, error);
}

static void *csv_open(int fd, json_t *layout, Instant created G_GNUC_UNUSED, GError **error)
{
        CsvWriter *w = g_new0(CsvWriter, 1);
        const char *delimiter;

        w->fd = fd;
        w->out = out_new(CSV_ROW_MAX);
        w->layout = layout_new(layout, error);
        if (w->layout != NULL) {
                delimiter = layout_text(w->layout, "delimiter");
                w->delimiter = delimiter == NULL || delimiter[0] == '\0' ? ',' : delimiter[0];
                /* A profile may say another encoding; the mark says that this is UTF-8 all the same. */
                if (layout_text(w->layout, "encoding") != NULL)
                        out_text(w->out, "\xef\xbb\xbf");
        }
        if (w->layout != NULL && header_write(w, error))
                return w;
        csv_free(w);
        return NULL;
}

static bool csv_put(void *writer, const json_t *op, GError **error)
{
        CsvWriter *w = writer;
        size_t n;

        (void)layout_headers(w->layout, &n);
        return row_write(w, layout_cells(w->layout, op), n, error);
}

static bool csv_finish(void *writer, json_t *lost, GError **error)
{
        CsvWriter *w = writer;

        layout_report_lost(w->layout, lost);
        return writer_flush(w->fd, w->out, error);
}

const FormatWriter writer_csv = { csv_open, csv_put, csv_finish, csv_free };
