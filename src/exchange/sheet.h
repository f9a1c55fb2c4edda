/* What sheets of requirements, risks, hazards and other items have in common, whether they come as CSV, as XLSX or as JSON: the column mapping profile
 * (docs/import.md), the header, and rows that become native `item` operations of the profile's kind. A row that cannot be
 * taken is refused with its number, and the others go on. Not thread-safe; one per file. */
#ifndef EXCHANGE_SHEET_H
#define EXCHANGE_SHEET_H

#include "exchange/format.h"
#include "exchange/profile.h"

enum { SHEET_ROWS_MAX = PROFILE_ROWS_MAX, SHEET_COLUMNS_MAX = 16384, SHEET_CELL_MAX = 1 << 20 };

/* What a cell of a spreadsheet must not begin with, or it is taken for a formula. */
#define SHEET_FORMULA "=+-@\t\r"

typedef struct Sheet Sheet;

/* `system` is the first part of the source identity: `csv` gives csv:<name of the profile, else of the file>. `row` is
 * what its rows are called in messages. Errors: INPUT, with the JSON pointer of the faulty member of the profile. */
Sheet *sheet_new(const Source *source, const char *system, const char *row, Sink *sink, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
void sheet_free(Sheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sheet, sheet_free)

const Profile *sheet_profile(const Sheet *sheet);
/* Notes a fact of the layout (layout.h) for who writes the sheet again: `delimiter`, `encoding`, `sheet`. */
void sheet_note(Sheet *sheet, const char *member, const char *text);

/* The sheets there are to choose from (an array of texts, stolen), for who is shown this one. */
void sheet_note_choice(Sheet *sheet, json_t *names);

/* A sheet with parents is read twice, since a parent may come after its children: rows between these two calls only tell
 * their ids. sheet_wants_scan says, once the header was read, whether that is of use. */
void sheet_scan_begin(Sheet *sheet);
bool sheet_wants_scan(const Sheet *sheet);
void sheet_scan_end(Sheet *sheet);

/* Whether a header was found, or given up, in the rows so far; and whether one was found that has an id. */
bool sheet_is_decided(const Sheet *sheet);
bool sheet_is_usable(const Sheet *sheet);

/* The header, for formats that have it apart from the rows. Errors: INPUT, when it has no column for the id or lacks one
 * that the profile names; LIMIT. */
bool sheet_header(Sheet *sheet, size_t row, const char *const *cells, size_t n, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* One row, numbered from 1 as a spreadsheet shows it; NULL cells are empty. Where there was no header, rows before the
 * header row of the profile are passed over, and the first one from there is the header. Without a profile that says it, it is
 * the first of the first rows that is like one, else the first. Errors: those of sheet_header; LIMIT. */
bool sheet_row(Sheet *sheet, size_t row, const char *const *cells, size_t n, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* Refuses a sheet that announces more rows than are allowed, before the first is read. Errors: LIMIT. */
bool sheet_rows_check(const Sheet *sheet, size_t rows, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reports what lies between rows: links to parents, how the columns were taken, and what was not. Errors: INPUT, when
 * there was no header and rows were wanted. */
bool sheet_finish(Sheet *sheet, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The title that a requirement without one gets: the first words of its text, else its id. Free it. */
char *sheet_title(const char *body, const char *id);

#endif
