#include "exchange/sheet_table.h"

#include "exchange/profile.h"

#include <string.h>

json_t *sheet_table_new(void)
{
        return json_pack("{s:[]}", "rows");
}

/* At most so many bytes of whole characters. */
static json_t *cell_new(const char *text)
{
        g_autofree char *cut = NULL;
        const char *end;

        if (text == NULL || strlen(text) <= TABLE_CELL_MAX)
                return json_string(text == NULL ? "" : text);
        end = g_utf8_find_prev_char(text, text + TABLE_CELL_MAX);
        cut = g_strndup(text, end == NULL ? 0 : (gsize)(end - text));
        return json_sprintf("%s…", cut);
}

void sheet_table_row(json_t *table, const char *const *cells, size_t n)
{
        json_t *rows = json_object_get(table, "rows"), *row;

        if (json_array_size(rows) >= TABLE_ROWS_MAX)
                return;
        row = json_array();
        for (size_t i = 0; i < MIN(n, TABLE_COLUMNS_MAX); i++)
                json_array_append_new(row, cell_new(cells[i]));
        json_array_append_new(rows, row);
}

static json_t *columns_of(const json_t *layout)
{
        json_t *columns = json_array();
        const json_t *column;
        size_t i;

        json_array_foreach(json_object_get(layout, "columns"), i, column)
        {
                if (i == TABLE_COLUMNS_MAX)
                        break;
                json_array_append_new(columns, json_pack("{s:o, s:O}", "header",
                                                         cell_new(jread_get_string(column, "header")), "to",
                                                         json_object_get(column, "to")));
        }
        return columns;
}

void sheet_table_finish(json_t *table, const json_t *layout, KindId kind)
{
        json_object_update(table, (json_t *)(uintptr_t)layout);
        json_object_set_new(table, "columns", columns_of(layout));
        json_object_set_new(table, "members", profile_members(kind));
}
