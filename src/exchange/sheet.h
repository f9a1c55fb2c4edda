/* What requirement sheets have in common, whether they come as CSV or as XLSX: the column mapping profile
 * (docs/import.md), the header, and rows that become native `item` operations of kind requirement. A row that cannot be
 * taken is refused with its number, and the others go on. Not thread-safe; one per file. */
#ifndef EXCHANGE_SHEET_H
#define EXCHANGE_SHEET_H

#include "exchange/format.h"

enum { SHEET_ROWS_MAX = 1048576, SHEET_COLUMNS_MAX = 16384, SHEET_CELL_MAX = 1 << 20 };

typedef struct Sheet Sheet;

/* `system` is the first part of the source identity: `csv` gives csv:<name of the profile, else of the file>.
 * Errors: INPUT, with the JSON pointer of the faulty member of the profile. */
Sheet *sheet_new(const Source *source, const char *system, Sink *sink, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sheet_free(Sheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sheet, sheet_free)

/* Texts of the profile that concern the reader (borrowed), or NULL. */
const char *sheet_encoding(const Sheet *sheet);
const char *sheet_delimiter(const Sheet *sheet);
const char *sheet_name(const Sheet *sheet);

/* One row, numbered from 1 as a spreadsheet shows it; NULL cells are empty. Rows before the header row are passed over,
 * the first one from there is the header. Errors: INPUT, when the header has no column for the id or names one twice;
 * LIMIT. */
bool sheet_row(Sheet *sheet, size_t row, const char *const *cells, size_t n, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* Reports what lies between rows: links to parents and columns that were not taken. Errors: INPUT, when there was no
 * header and rows were wanted. */
bool sheet_finish(Sheet *sheet, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
