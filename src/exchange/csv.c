/* Delimited text as a sheet. A sheet with parents is read twice (sheet.h). */
#include "exchange/csv_records.h"
#include "exchange/readers.h"
#include "exchange/sheet.h"

#include <string.h>

/* Delimiters alone are no row: spreadsheets write them for rows that once were. */
static bool is_empty(const Csv *csv)
{
        for (guint i = 0; i < csv->cells->len; i++) {
                const char *cell = csv->cells->pdata[i];

                if (cell[strspn(cell, " \t\r\n")] != '\0')
                        return false;
        }
        return true;
}

static bool record_take(const Csv *csv, Sheet *sheet, GError **error)
{
        if (sheet_profile(sheet)->columns == NULL && is_empty(csv))
                return true;
        return sheet_row(sheet, csv->record, (const char *const *)csv->cells->pdata, csv->cells->len, error);
}

/* The ids of all records, where they are of use; what is wrong with a record is for the second reading to say. */
static bool records_scan(const CsvText *text, Sheet *sheet, GError **error)
{
        g_auto(Csv) csv = csv_begin(text);

        sheet_scan_begin(sheet);
        while (sheet_wants_scan(sheet) && csv_next(&csv, NULL))
                if (!record_take(&csv, sheet, error))
                        return false;
        sheet_scan_end(sheet);
        return true;
}

/* Before the first record is taken. */
static bool records_check(const CsvText *text, const Sheet *sheet, GError **error)
{
        return g_bytes_get_size(text->bytes) < SHEET_ROWS_MAX ||
               sheet_rows_check(sheet, csv_count(text, SHEET_ROWS_MAX), error);
}

static bool records_read(const CsvText *text, Sheet *sheet, Sink *sink, GError **error)
{
        g_auto(Csv) csv = csv_begin(text);
        CsvShape shape = { 0 };
        GError *why = NULL;

        while (csv_next(&csv, &why)) {
                csv_shape_take(&shape, &csv, sink);
                if (!record_take(&csv, sheet, error))
                        return false;
        }
        if (why != NULL) {
                g_propagate_error(error, why);
                return false;
        }
        csv_shape_tell(&shape, &csv, text, sink);
        return true;
}

bool csv_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(Sheet) sheet = sheet_new(source, "csv", "row", sink, error);
        g_auto(CsvText) text = { 0 };

        if (sheet == NULL ||
            !csv_text_read(source->bytes, sheet_profile(sheet)->encoding, sheet_profile(sheet)->delimiter,
                           &text, error) ||
            !records_check(&text, sheet, error) || !records_scan(&text, sheet, error))
                return false;
        if (text.delimiter != ',')
                sheet_note(sheet, "delimiter", (const char[]){ text.delimiter, '\0' });
        if (!g_str_has_prefix(text.encoding, "utf-8"))
                sheet_note(sheet, "encoding", text.encoding);
        return records_read(&text, sheet, sink, error) && sheet_finish(sheet, error);
}
