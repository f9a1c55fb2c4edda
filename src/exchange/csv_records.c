/* Delimited text: what it is encoded in, what stands between its cells, and its records. */
#include "exchange/csv_records.h"

#include "base/jtext.h"
#include "exchange/encoding.h"
#include "exchange/sheet.h"

#include <string.h>

enum { SNIFF_RECORDS = 20 };

static Csv csv_init(const char *text, size_t n, char delimiter)
{
        return (Csv){ .p = text,
                      .end = text + n,
                      .delimiter = delimiter,
                      .line = 1,
                      .text = g_string_new(NULL),
                      .starts = g_array_new(FALSE, FALSE, sizeof(size_t)),
                      .cells = g_ptr_array_new() };
}

void csv_clear(Csv *csv)
{
        g_string_free(csv->text, TRUE);
        g_array_unref(csv->starts);
        g_ptr_array_unref(csv->cells);
}

/* ---- encoding ---- */

static bool refuse_at(size_t at, ZwErrorCode code, const char *what, GError **error)
{
        g_autofree char *where = g_strdup_printf("byte %zu", at);

        error_set(error, code, where, "%s", what);
        return false;
}

/* Latin-1 as Windows writes it: where Latin-1 has controls that no text holds, there are quotes, dashes and the euro. */
static GBytes *from_latin1(const uint8_t *data, size_t n)
{
        static const uint16_t windows[] = { 0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021,
                                            0x2c6,  0x2030, 0x160,  0x2039, 0x152,  0x8d,   0x17d,  0x8f,
                                            0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                            0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178 };
        GString *text = g_string_sized_new(n);

        for (size_t i = 0; i < n; i++)
                g_string_append_unichar(text, data[i] >= 0x80 && data[i] < 0xa0 ? windows[data[i] - 0x80]
                                                                                : data[i]);
        return g_string_free_to_bytes(text);
}

static GBytes *from_utf8(GBytes *bytes, size_t skip, GError **error)
{
        gsize n;
        const char *data = g_bytes_get_data(bytes, &n);
        size_t good = utf8_prefix(data + skip, n - skip);

        if (good == n - skip)
                return g_bytes_new_from_bytes(bytes, skip, n - skip);
        (void)refuse_at(skip + good, ZW_ERR_ENCODING,
                        "this is not UTF-8; a profile can say \"encoding\": \"latin-1\"", error);
        return NULL;
}

/* The text as UTF-8 without a byte order mark, and what it was. */
static GBytes *decode(GBytes *bytes, const char *encoding, const char **ret_name, GError **error)
{
        static const char *const encodings[] = { "utf-8", "utf-16", "latin-1", "windows-1252", NULL };
        gsize n;
        const uint8_t *data = g_bytes_get_data(bytes, &n);
        const size_t mark = encoding_mark((const char *)data, n);

        if (encoding != NULL && !g_strv_contains(encodings, encoding)) {
                error_set(error, ZW_ERR_INPUT, "/encoding",
                          "an encoding is utf-8, utf-16, latin-1 or windows-1252");
                return NULL;
        }
        *ret_name = "utf-8";
        if (encoding_is_wide(bytes)) {
                *ret_name = "utf-16";
                return encoding_from_wide(bytes, error);
        }
        if (mark > 0) {
                *ret_name = "utf-8-sig";
                return from_utf8(bytes, mark, error);
        }
        if (g_strcmp0(encoding, "latin-1") != 0 && g_strcmp0(encoding, "windows-1252") != 0)
                return from_utf8(bytes, 0, error);
        *ret_name = "latin-1";
        return from_latin1(data, n);
}

/* ---- records ---- */

static void take(Csv *csv, const char *from, const char *to)
{
        g_string_append_len(csv->text, from, to - from);
}

static bool record_refuse(const Csv *csv, ZwErrorCode code, size_t line, const char *what, GError **error)
{
        g_autofree char *where = g_strdup_printf("row %zu, line %zu", csv->record, line);

        error_set(error, code, where, "%s", what);
        return false;
}

/* A quoted cell; `p` is behind the opening quote, and behind the closing one afterwards. */
static bool take_quoted(Csv *csv, GError **error)
{
        const size_t begin = csv->line;

        for (;;) {
                const char *quote = memchr(csv->p, '"', (size_t)(csv->end - csv->p));
                const char *to = quote == NULL ? csv->end : quote;

                for (const char *p = csv->p; (p = memchr(p, '\n', (size_t)(to - p))) != NULL; p++)
                        csv->line++;
                if (quote == NULL)
                        return record_refuse(csv, ZW_ERR_INPUT, begin,
                                             "the quoted cell that begins here never ends", error);
                take(csv, csv->p, quote);
                csv->p = quote + 1;
                if (csv->p == csv->end || *csv->p != '"') {
                        csv->multiline += csv->line > begin;
                        return true;
                }
                g_string_append_c(csv->text, '"');
                csv->p++;
        }
}

static void take_plain(Csv *csv)
{
        const char *from = csv->p;

        while (csv->p < csv->end && *csv->p != csv->delimiter && *csv->p != '\n' && *csv->p != '\r')
                csv->p++;
        take(csv, from, csv->p);
}

static bool cell_read(Csv *csv, GError **error)
{
        const size_t start = csv->text->len;

        g_array_append_val(csv->starts, start);
        if (csv->p < csv->end && *csv->p == '"') {
                csv->p++;
                if (!take_quoted(csv, error))
                        return false;
                csv->stray |= csv->p < csv->end && *csv->p != csv->delimiter && *csv->p != '\n' &&
                              *csv->p != '\r';
        }
        take_plain(csv);
        if (csv->text->len - start > SHEET_CELL_MAX)
                return record_refuse(csv, ZW_ERR_LIMIT, csv->line, "a cell is longer than 1 MiB", error);
        if (csv->starts->len > SHEET_COLUMNS_MAX)
                return record_refuse(csv, ZW_ERR_LIMIT, csv->line, "the row has too many cells", error);
        g_string_append_c(csv->text, '\0');
        return true;
}

/* The next record, or false: at the end without an error. */
static bool record_next(Csv *csv, GError **error)
{
        bool more = true;

        if (csv->p == csv->end)
                return false;
        g_string_truncate(csv->text, 0);
        g_array_set_size(csv->starts, 0);
        csv->record++;
        csv->stray = false;
        while (more) {
                if (!cell_read(csv, error))
                        return false;
                more = csv->p < csv->end && *csv->p == csv->delimiter;
                csv->p += more;
        }
        if (csv->p < csv->end && *csv->p == '\r')
                csv->p++;
        if (csv->p < csv->end && *csv->p == '\n')
                csv->p++;
        csv->line++;
        g_ptr_array_set_size(csv->cells, 0);
        for (guint i = 0; i < csv->starts->len; i++)
                g_ptr_array_add(csv->cells, csv->text->str + g_array_index(csv->starts, size_t, i));
        return true;
}

/* A line without anything is no record of anybody. */
static bool record_is_blank(const Csv *csv)
{
        return csv->cells->len == 1 && ((const char *)csv->cells->pdata[0])[0] == '\0';
}

/* A spreadsheet would take such a cell for a formula; who wrote it put an apostrophe in front. */
static const char *unguarded(const char *cell)
{
        const size_t quotes = strspn(cell, "'");

        return quotes > 0 && cell[quotes] != '\0' && strchr(SHEET_FORMULA, cell[quotes]) != NULL ? cell + 1
                                                                                                 : cell;
}

bool csv_next(Csv *csv, GError **error)
{
        do
                if (!record_next(csv, error))
                        return false;
        while (record_is_blank(csv));
        for (guint i = 0; i < csv->cells->len; i++)
                csv->cells->pdata[i] = (gpointer)(uintptr_t)unguarded(csv->cells->pdata[i]);
        return true;
}

/* ---- delimiter ---- */

/* How well a delimiter explains the first records: how many have the width that most have, then that width. */
static size_t delimiter_score(const char *text, size_t n, char delimiter)
{
        g_auto(Csv) csv = csv_init(text, n, delimiter);
        size_t widths[SNIFF_RECORDS], n_widths = 0, best = 0;

        while (n_widths < SNIFF_RECORDS && record_next(&csv, NULL))
                widths[n_widths++] = csv.cells->len;
        for (size_t i = 0; i < n_widths; i++) {
                size_t same = 0;

                for (size_t k = 0; k < n_widths; k++)
                        same += widths[k] == widths[i];
                if (widths[i] > 1)
                        best = MAX(best, same * SHEET_COLUMNS_MAX + widths[i]);
        }
        return best;
}

static bool delimiter_choose(const char *text, size_t n, const char *wanted, char *ret_delimiter,
                             GError **error)
{
        static const char candidates[] = { ',', ';', '\t', '|' };
        size_t best = 0;

        if (wanted != NULL) {
                *ret_delimiter = strcmp(wanted, "tab") == 0 ? '\t' : wanted[0];
                if (*ret_delimiter != '\0' &&
                    memchr(candidates, *ret_delimiter, sizeof(candidates)) != NULL &&
                    (wanted[1] == '\0' || strcmp(wanted, "tab") == 0))
                        return true;
                error_set(error, ZW_ERR_INPUT, "/delimiter", "a delimiter is \",\", \";\", \"|\" or \"tab\"");
                return false;
        }
        *ret_delimiter = ',';
        for (size_t i = 0; i < sizeof(candidates); i++) {
                size_t score = delimiter_score(text, n, candidates[i]);

                if (score > best) {
                        best = score;
                        *ret_delimiter = candidates[i];
                }
        }
        return true;
}

/* What spreadsheets write and take in front of a sheet, and do not show: the line `sep=;`. */
static size_t delimiter_line(const char *text, size_t n, char said[2])
{
        static const char begin[] = "sep=";
        const size_t at = strlen(begin);

        if (n < at + 2 || memcmp(text, begin, at) != 0 || (text[at + 1] != '\r' && text[at + 1] != '\n'))
                return 0;
        said[0] = text[at];
        said[1] = '\0';
        return at + 2 + (n > at + 2 && text[at + 1] == '\r' && text[at + 2] == '\n');
}

/* ---- the file ---- */

void csv_text_clear(CsvText *text)
{
        g_clear_pointer(&text->bytes, g_bytes_unref);
}

bool csv_text_read(GBytes *bytes, const char *encoding, const char *delimiter, CsvText *ret_text,
                   GError **error)
{
        g_auto(CsvText) read = { 0 };
        const char *text, *nul;
        char said[2];
        size_t skip;
        gsize n;

        if (g_bytes_get_size(bytes) == 0)
                return refuse_at(0, ZW_ERR_INPUT, "the file is empty", error);
        read.bytes = decode(bytes, encoding, &read.encoding, error);
        if (read.bytes == NULL)
                return false;
        text = g_bytes_get_data(read.bytes, &n);
        if (n == 0)
                return refuse_at(0, ZW_ERR_INPUT, "the file is empty", error);
        nul = memchr(text, '\0', n);
        if (nul != NULL)
                return refuse_at((size_t)(nul - text), ZW_ERR_INPUT, "a zero byte is no text", error);
        skip = delimiter_line(text, n, said);
        if (!delimiter_choose(text + skip, n - skip, skip > 0 && delimiter == NULL ? said : delimiter,
                              &read.delimiter, error))
                return false;
        if (skip > 0) {
                g_autoptr(GBytes) whole = read.bytes;

                read.bytes = g_bytes_new_from_bytes(whole, skip, n - skip);
        }
        *ret_text = read;
        read.bytes = NULL;
        return true;
}

Csv csv_begin(const CsvText *text)
{
        gsize n;
        const char *data = g_bytes_get_data(text->bytes, &n);

        return csv_init(data, n, text->delimiter);
}

size_t csv_count(const CsvText *text, size_t most)
{
        g_auto(Csv) csv = csv_begin(text);
        size_t records = 0;

        while (records <= most && csv_next(&csv, NULL))
                records++;
        return records;
}

/* ---- what is told of it ---- */

void csv_shape_take(CsvShape *shape, const Csv *csv, Sink *sink)
{
        g_autofree char *where = g_strdup_printf("row %zu", csv->record);

        shape->records++;
        if (shape->columns == 0)
                shape->columns = csv->cells->len;
        if (csv->cells->len != shape->columns) {
                shape->ragged++;
                sink_problem(sink, where, "the row has %u cells and the first one %zu", csv->cells->len,
                             shape->columns);
        }
        if (csv->stray)
                sink_problem(sink, where, "text stands behind a closing quote");
}

void csv_shape_tell(const CsvShape *shape, const Csv *csv, const CsvText *text, Sink *sink)
{
        g_autofree char *quoted = text->delimiter == '\t' ? g_strdup("'\\t'")
                                                          : g_strdup_printf("'%c'", text->delimiter);
        gsize n;
        const char *data = g_bytes_get_data(text->bytes, &n);

        sink_figure_text(sink, "encoding", text->encoding);
        sink_figure_text(sink, "delimiter", quoted);
        sink_figure_text(sink, "crlf", memmem(data, n, "\r\n", 2) != NULL ? "True" : "False");
        sink_figure_int(sink, "records_incl_header", (int64_t)shape->records);
        sink_figure_int(sink, "columns", (int64_t)shape->columns);
        sink_figure_int(sink, "ragged_rows", (int64_t)shape->ragged);
        sink_figure_int(sink, "multiline_cells", (int64_t)csv->multiline);
}
