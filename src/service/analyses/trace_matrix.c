/* The trace matrix: items of two kinds against each other (docs/algorithms/trace-and-impact.md), a page of rows with all columns,
 * or all of it as a workbook. Rows and columns come in the order in which the items were made. */
#include "analysis/matrix.h"
#include "base/near.h"
#include "report/matrix_sheet.h"
#include "service/lists/filter.h"
#include "service/lists/paging.h"

#include <string.h>
#include <unistd.h>

enum { COLUMNS_MOST = 10000, SHEET_MOST = 512 << 20 };

typedef enum { GAPS_SHOWN, GAPS_ROWS, GAPS_COLUMNS } Gaps;

typedef struct {
        Call *call;
        GraphView view;
        KindId kinds[2];        /* of rows, of columns */
        GArray *rows, *columns; /* of ItemNo */
        Gaps gaps;
        uint32_t limit;
} Tracing;

static void tracing_clear(Tracing *tracing)
{
        g_clear_pointer(&tracing->rows, g_array_unref);
        g_clear_pointer(&tracing->columns, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tracing, tracing_clear)

/* ---- what is asked for ---- */

static bool kind_read(const Call *call, const char *member, KindId *ret_kind, GError **error)
{
        const char *name = jread_get_string(call->input, member);
        g_autofree char *where = g_strdup_printf("/%s", member), *near = NULL;
        const char *const *names;
        size_t n;

        if (name != NULL && kind_find(name, ret_kind))
                return true;
        names = kind_names(&n);
        near = near_names(name == NULL ? "" : name, names, n);
        if (name == NULL)
                error_set(error, ZW_ERR_USAGE, where,
                          "a matrix is from the items of one kind to those of another");
        else
                error_set(error, ZW_ERR_NAME_UNKNOWN, where, "there is no kind \"%s\"%s", name, near);
        return false;
}

static bool gaps_read(const Call *call, Gaps *ret_gaps, GError **error)
{
        const char *gaps = jread_get_string(call->input, "gaps");

        *ret_gaps = g_strcmp0(gaps, "rows") == 0      ? GAPS_ROWS
                    : g_strcmp0(gaps, "columns") == 0 ? GAPS_COLUMNS
                                                      : GAPS_SHOWN;
        if (gaps == NULL || gaps[0] == '\0' || *ret_gaps != GAPS_SHOWN)
                return true;
        error_set(error, ZW_ERR_INPUT, "/gaps", "gaps are those of \"rows\" or of \"columns\"");
        return false;
}

/* Live items of a kind that fit a filter. */
static GArray *items_of(const Tracing *tracing, KindId kind, const char *q, GError **error)
{
        g_autofree uint8_t *fits = filter_items(tracing->call, tracing->view, q, error);
        GArray *items;

        if (fits == NULL)
                return NULL;
        items = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        for (ItemNo item = 0; item < graph_item_count(tracing->view); item++)
                if (fits[item] != 0 && graph_is_live(tracing->view, item) &&
                    graph_kind(tracing->view, item) == kind)
                        g_array_append_val(items, item);
        return items;
}

/* Leaves those of `items` that trace to none of `others`. */
static bool gaps_keep(const Tracing *tracing, GArray *items, const GArray *others, GError **error)
{
        g_autoptr(Matrix)
                matrix = matrix_new(tracing->view, (const ItemNo *)(const void *)others->data, others->len);
        guint kept = 0;

        for (guint i = 0; i < items->len; i++) {
                const ItemNo item = g_array_index(items, ItemNo, i);
                const GArray *cells = matrix_row(matrix, item, error);

                if (cells == NULL)
                        return false;
                if (cells->len == 0)
                        g_array_index(items, ItemNo, kept++) = item;
        }
        g_array_set_size(items, kept);
        return true;
}

static bool tracing_read(Tracing *tracing, GError **error)
{
        const Call *call = tracing->call;

        if (!kind_read(call, "from", &tracing->kinds[0], error) ||
            !kind_read(call, "to", &tracing->kinds[1], error) || !gaps_read(call, &tracing->gaps, error) ||
            !paging_limit(call, &tracing->limit, error))
                return false;
        tracing->rows = items_of(tracing, tracing->kinds[0], jread_get_string(call->input, "q"), error);
        tracing->columns = tracing->rows == NULL ? NULL
                                                 : items_of(tracing, tracing->kinds[1],
                                                            jread_get_string(call->input, "filter"), error);
        if (tracing->columns == NULL)
                return false;
        if (tracing->gaps == GAPS_ROWS)
                return gaps_keep(tracing, tracing->rows, tracing->columns, error);
        return tracing->gaps != GAPS_COLUMNS || gaps_keep(tracing, tracing->columns, tracing->rows, error);
}

static bool columns_check(const Tracing *tracing, GError **error)
{
        if (tracing->columns->len <= COLUMNS_MOST)
                return true;
        error_set(error, ZW_ERR_LIMIT, "/to",
                  "there are %u items of the kind %s, a matrix has at most %d columns: filter them",
                  tracing->columns->len, kind_def(tracing->kinds[1])->name, COLUMNS_MOST);
        return false;
}

/* ---- a page ---- */

static void head_write(JWrite *w, GraphView view, ItemNo item)
{
        jwrite_key_string(w, "key", graph_key(view, item));
        jwrite_key_string(w, "title", graph_title(view, item));
        jwrite_key_string(w, "state", state_def(graph_state(view, item))->name);
}

typedef bool (*CellFn)(const MatrixCell *cell);

static bool is_direct(const MatrixCell *cell)
{
        return cell->distance == 1;
}

static bool is_derived(const MatrixCell *cell)
{
        return cell->distance > 1;
}

static bool is_suspect(const MatrixCell *cell)
{
        return cell->suspect;
}

static void cells_write(JWrite *w, const char *name, const GArray *cells, CellFn is_meant)
{
        jwrite_key(w, name);
        jwrite_array_begin(w);
        for (guint i = 0; i < cells->len; i++)
                if (is_meant(&g_array_index(cells, MatrixCell, i)))
                        jwrite_int(w, g_array_index(cells, MatrixCell, i).column);
        jwrite_array_end(w);
}

/* The place among the rows where the page begins: behind the one named, which may be a gap no more. */
static bool first_row(const Tracing *tracing, guint *ret_first, GError **error)
{
        const char *after = jread_get_string(tracing->call->input, "after");
        ItemNo last;

        *ret_first = 0;
        if (after == NULL || after[0] == '\0')
                return true;
        if (!graph_find_key(tracing->view, after, &last)) {
                error_set(error, ZW_ERR_INPUT, "/after", "this is no end of a page: begin without it");
                return false;
        }
        while (*ret_first < tracing->rows->len && g_array_index(tracing->rows, ItemNo, *ret_first) <= last)
                ++*ret_first;
        return true;
}

static bool rows_write(const Tracing *tracing, JWrite *w, guint first, guint end, GError **error)
{
        const GArray *columns = tracing->columns;
        g_autoptr(Matrix)
                matrix = matrix_new(tracing->view, (const ItemNo *)(const void *)columns->data, columns->len);

        jwrite_key(w, "rows");
        jwrite_array_begin(w);
        for (guint i = first; i < end; i++) {
                const ItemNo row = g_array_index(tracing->rows, ItemNo, i);
                const GArray *cells = matrix_row(matrix, row, error);

                if (cells == NULL)
                        return false;
                jwrite_object_begin(w);
                head_write(w, tracing->view, row);
                cells_write(w, "direct", cells, is_direct);
                cells_write(w, "derived", cells, is_derived);
                cells_write(w, "suspect", cells, is_suspect);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
        return true;
}

static bool page_write(const Tracing *tracing, JWrite *w, GError **error)
{
        guint first, end;

        if (!columns_check(tracing, error) || !first_row(tracing, &first, error))
                return false;
        end = MIN(tracing->rows->len, first + tracing->limit);
        jwrite_object_begin(w);
        paging_write(tracing->call, w, tracing->rows->len, false,
                     end < tracing->rows->len
                             ? graph_key(tracing->view, g_array_index(tracing->rows, ItemNo, end - 1))
                             : NULL);
        jwrite_key_string(w, "from", kind_def(tracing->kinds[0])->name);
        jwrite_key_string(w, "to", kind_def(tracing->kinds[1])->name);
        jwrite_key(w, "columns");
        jwrite_array_begin(w);
        for (guint i = 0; i < tracing->columns->len; i++) {
                jwrite_object_begin(w);
                head_write(w, tracing->view, g_array_index(tracing->columns, ItemNo, i));
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
        if (!rows_write(tracing, w, first, end, error))
                return false;
        jwrite_object_end(w);
        return true;
}

/* ---- the workbook ---- */

static bool rows_put(const Tracing *tracing, MatrixSheet *sheet, GError **error)
{
        const GArray *columns = tracing->columns;
        g_autoptr(Matrix)
                matrix = matrix_new(tracing->view, (const ItemNo *)(const void *)columns->data, columns->len);

        for (guint i = 0; i < tracing->rows->len; i++) {
                const ItemNo row = g_array_index(tracing->rows, ItemNo, i);
                const GArray *cells = matrix_row(matrix, row, error);

                if (cells == NULL)
                        return false;
                matrix_sheet_row(sheet, row, cells);
        }
        return true;
}

static bool workbook_write(const Tracing *tracing, JWrite *w, GError **error)
{
        const Call *call = tracing->call;
        g_autofree char *rows = kind_plural(tracing->kinds[0]), *across = kind_plural(tracing->kinds[1]);
        g_autofree char *about = g_strdup_printf("%s at commit %" G_GUINT64_FORMAT ", %s against %s",
                                                 call->project->key, call->at, rows, across);
        const GArray *columns = tracing->columns;
        g_autoptr(MatrixSheet) sheet = NULL;
        g_autoptr(Stream) stream = stream_new(call->files.files[0].fd, SHEET_MOST);
        guint64 bytes;
        Digest digest;

        if (!columns_check(tracing, error))
                return false;
        sheet = matrix_sheet_new(tracing->view, about, call->instant,
                                 (const ItemNo *)(const void *)columns->data, columns->len);
        if (!rows_put(tracing, sheet, error) || !matrix_sheet_finish(sheet, stream, error) ||
            !stream_finish(stream, &bytes, &digest, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key_int(w, "rows", tracing->rows->len);
        jwrite_key_int(w, "columns", columns->len);
        jwrite_key_int(w, "bytes", (int64_t)bytes);
        jwrite_object_end(w);
        return true;
}

bool usecase_trace_matrix(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_auto(Tracing) tracing = { .call = call };

        if (!graph_of_call(call, &pinned, error))
                return false;
        tracing.view = pinned.view;
        return tracing_read(&tracing, error) &&
               (call->files.n > 0 ? workbook_write(&tracing, w, error) : page_write(&tracing, w, error));
}
