/* A workbook on its way: libxlsxwriter in constant memory, so its rows are written in order, into a temporary file that goes with
 * it; the bytes are given at the end. The first thing that went wrong is kept and said then. Inside report/ only. */
#ifndef REPORT_BOOK_H
#define REPORT_BOOK_H

#include "base/instant.h"
#include "report/stream.h"

#include <stdbool.h>
#include <xlsxwriter.h>

typedef struct {
        int temporary;
        char *path;         /* of the temporary file */
        lxw_workbook *file; /* NULL when there was no room for it */
        lxw_format *bold, *wrapped;
        const char *problem; /* the first one, or NULL */
} Book;

/* What the format allows. */
enum { ZW_BOOK_CELL_CHARACTERS = 32767, ZW_BOOK_ROWS = 1048576, ZW_BOOK_COLUMNS = 16384 };

void book_open(Book *book, Instant created);
/* A sheet of this name, at most 31 characters without []:*?/\'; NULL when it cannot be made. */
lxw_worksheet *book_sheet(Book *book, const char *name);
/* A text, never taken for a formula; an empty one is no cell. */
void book_text(Book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, const char *text,
               lxw_format *format);
void book_note(Book *book, lxw_error code);

/* Completes the file and gives its bytes, in pieces that the stream drains. Errors: STORAGE, with what went wrong. */
bool book_finish(Book *book, Stream *stream, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void book_clear(Book *book);

#endif
