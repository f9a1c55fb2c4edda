/* The first rows of a sheet as texts, for who says which column is what: {"rows":[[cell,...],...],"columns","members",...} beside
 * what a layout says (layout.h). Cells are cut, so that a table stays small whatever the sheet holds. Not thread-safe. */
#ifndef EXCHANGE_SHEET_TABLE_H
#define EXCHANGE_SHEET_TABLE_H

#include "base/jread.h"
#include "model/metamodel.h"

enum { TABLE_ROWS_MAX = 8, TABLE_COLUMNS_MAX = 256, TABLE_CELL_MAX = 160 /* bytes */ };

json_t *sheet_table_new(void);
/* Adds a row unless there are enough; NULL cells are empty. */
void sheet_table_row(json_t *table, const char *const *cells, size_t n);
/* Lays `layout` (as in layout.h) beside the rows, and the names a column can go to in that kind of item. */
void sheet_table_finish(json_t *table, const json_t *layout, KindId kind);

#endif
