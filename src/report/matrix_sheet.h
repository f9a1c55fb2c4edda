/* A trace matrix as a workbook: a sheet that says what it is and how to read it, and one with a row for each item. */
#ifndef REPORT_MATRIX_SHEET_H
#define REPORT_MATRIX_SHEET_H

#include "base/instant.h"
#include "graph/graph.h"
#include "report/stream.h"

typedef struct MatrixSheet MatrixSheet;

/* `about` says of what it is. The columns are borrowed until matrix_sheet_new returns. */
MatrixSheet *matrix_sheet_new(GraphView view, const char *about, Instant created, const ItemNo *columns,
                              size_t n);
void matrix_sheet_free(MatrixSheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MatrixSheet, matrix_sheet_free)

/* The next row: an item and its cells (of MatrixCell, by column). */
void matrix_sheet_row(MatrixSheet *sheet, ItemNo row, const GArray *cells);

/* Errors: STORAGE, it cannot be written, or it is more than a sheet can hold. */
bool matrix_sheet_finish(MatrixSheet *sheet, Stream *stream, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
