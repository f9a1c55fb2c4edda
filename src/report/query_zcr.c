/* How far the work of 62443-3-2 has come, row by row: steps that were skipped are seen in each document of it. */
#include "report/query_internal.h"

#include "analysis/zcr.h"

#include <string.h>

enum { ZCR_ID, ZCR_TITLE, ZCR_STATUS, ZCR_TEXT, ZCR_LACKS, ZCR_N };

static const QueryField zcr_fields[ZCR_N] = {
        [ZCR_ID] = { "row", CELL_TEXT },           [ZCR_TITLE] = { "title", CELL_TEXT },
        [ZCR_STATUS] = { "status", CELL_WORD },    [ZCR_TEXT] = { "text", CELL_TEXT },
        [ZCR_LACKS] = { "missing", CELL_REASONS },
};

typedef struct {
        uint8_t *bits;
        size_t n;
} Marks;

static bool approval_mark(const SignatureRecord *record, void *payload)
{
        const Marks *marks = payload;

        if (record->standing && record->item < marks->n &&
            strcmp(record->meaning, meaning_def(ZW_MEANING_OWNER_APPROVAL)->name) == 0)
                marks->bits[record->item] |= ZCR_OWNER_APPROVED;
        return true;
}

/* Who answers for an item, and whether the asset owner approved it. */
static void marks_find(Query *query, Marks *marks)
{
        const Records *records = query->context->records;
        GraphView view = query->context->view;

        for (ItemNo item = 0; item < marks->n && !query->stopped; item++) {
                ItemRecord record = { 0 };

                if (graph_exists(view, item) && graph_is_live(view, item))
                        record = query_record(query, item);
                if (record.owner != NULL && record.owner[0] != '\0')
                        marks->bits[item] |= ZCR_OWNED;
        }
        if (!query->stopped && records->signatures != NULL &&
            !records->signatures(records->payload, approval_mark, marks, &query->error))
                query->stopped = true;
}

static void row_give(Query *query, const ZcrRow *row)
{
        g_autoptr(GArray) causes = g_array_new(FALSE, FALSE, sizeof(Cause));
        g_autoptr(GPtrArray) list = g_ptr_array_new();

        for (guint i = 0; i < row->missing->len; i++) {
                const ZcrMissing *missing = &g_array_index(row->missing, ZcrMissing, i);
                Cause cause = { "missing", missing->item, missing->text };

                g_array_append_val(causes, cause);
        }
        for (guint i = 0; i < causes->len; i++)
                g_ptr_array_add(list, &g_array_index(causes, Cause, i));
        fill_clear(query);
        fill_text(query, ZCR_ID, catalogue_row(row->row)->id);
        fill_text(query, ZCR_TITLE, catalogue_row(row->row)->title);
        fill_text(query, ZCR_STATUS, zcr_status_name(row->status));
        fill_text(query, ZCR_TEXT, row->text);
        fill_list(query, ZCR_LACKS, list->pdata, list->len);
        (void)fill_emit(query);
}

static void zcr_run(Query *query)
{
        size_t n = graph_item_count(query->context->view);
        g_autofree uint8_t *bits = g_new0(uint8_t, n + 1);
        Marks marks = { bits, n };
        ZcrOutside outside = { bits, n, query->context->records->origins };
        g_autoptr(GArray) rows = NULL;

        marks_find(query, &marks);
        if (query->stopped)
                return;
        rows = zcr_find(query->context->view, query->context->now, query->context->methods, &outside);
        for (guint i = 0; i < rows->len && !query->stopped; i++)
                row_give(query, &g_array_index(rows, ZcrRow, i));
}

const QueryDef report_query_zcr = { "zcr", false, zcr_fields, ZCR_N, zcr_run };
