/* How a requirement sheet is laid out, and its rows from native operations: the way back of sheet.h. A layout is JSON, as
 * sheet_finish gives it in the setting `sheet:SYSTEM`:
 *   {"columns":[{"header","to","extra"},...], "header_row"?, "delimiter"?, "encoding"?, "sheet"?}
 * `to` is a member of profile.h, "extra" for a column kept as it is, or "" for one that was ignored. Where an item has no such
 * member, the column shows what is kept under its name `extra`. Not thread-safe. */
#ifndef EXCHANGE_LAYOUT_H
#define EXCHANGE_LAYOUT_H

#include "base/jread.h"
#include "exchange/profile.h"

typedef struct Layout Layout;

/* Keeps a reference to `json`. Errors: INPUT with the JSON pointer. */
Layout *layout_new(json_t *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void layout_free(Layout *layout);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Layout, layout_free)

/* A text of the layout (borrowed) or NULL; and the number of its header row, from 1. */
const char *layout_text(const Layout *layout, const char *member);
size_t layout_header_row(const Layout *layout);

/* The headers, and the cells of an `item` operation, which also has `id` (text) and `parents` (array of ids): as many as
 * there are columns, NULL for empty ones; valid until the next call. */
const char *const *layout_headers(const Layout *layout, size_t *ret_n);
const char *const *layout_cells(Layout *layout, const json_t *op);

/* Appends {"where","what"} for every member that had values and no column. */
void layout_report_lost(const Layout *layout, json_t *lost);

#endif
