/* Requirement sheets as JSON: a list of flat objects, at the root or as a member of the root, as tools write them beside
 * their CSV. The names of members are the header, in the order in which they first appear; an object is a row, counted
 * from 1. Of any other JSON only the figures are given. */
#include "base/hash.h"
#include "exchange/readers.h"
#include "exchange/sheet.h"

#include <string.h>

typedef struct {
        GPtrArray *names;   /* header, owned */
        GHashTable *places; /* name → place in the header + 1, borrowed names */
        GPtrArray *cells;   /* of the row being read: text, or NULL */
} Columns;

static void columns_clear(Columns *columns)
{
        g_ptr_array_unref(columns->names);
        g_hash_table_unref(columns->places);
        g_ptr_array_unref(columns->cells);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Columns, columns_clear)

static const char *type_name(JValType type)
{
        return type == JVAL_OBJECT ? "object" : type == JVAL_ARRAY ? "array" : "value";
}

static bool is_list_of_records(JVal value)
{
        JIter elements = jval_iter(value);
        JVal first;

        return value.type == JVAL_ARRAY && jiter_next(&elements, &first) && first.type == JVAL_OBJECT;
}

/* The size of what each member of the root holds, and the list of records: the one that `wanted` names, else the first. */
static JVal root_read(JVal root, const char *wanted, Sink *sink)
{
        JIter members = jval_iter(root);
        JVal found = { .type = JVAL_NONE }, value;
        const char *name;
        size_t n;

        sink_figure_text(sink, "root", type_name(root.type));
        if (root.type == JVAL_ARRAY) {
                sink_figure_int(sink, "records", (int64_t)jval_count(root));
                return is_list_of_records(root) ? root : found;
        }
        while (jiter_next_member(&members, &name, &n, &value)) {
                if (value.type == JVAL_ARRAY || value.type == JVAL_OBJECT)
                        sink_figure_int(sink, name, (int64_t)jval_count(value));
                if (found.type == JVAL_NONE && is_list_of_records(value) &&
                    (wanted == NULL || strcmp(wanted, name) == 0))
                        found = value;
        }
        return found;
}

/* ---- header ---- */

static bool column_add(Columns *columns, const char *name, size_t row, GError **error)
{
        g_autofree char *where = NULL;

        if (g_hash_table_contains(columns->places, name))
                return true;
        if (columns->names->len >= SHEET_COLUMNS_MAX) {
                where = g_strdup_printf("record %zu", row);
                error_set(error, ZW_ERR_LIMIT, where, "the records have more than %d names of members",
                          SHEET_COLUMNS_MAX);
                return false;
        }
        g_ptr_array_add(columns->names, g_strdup(name));
        g_hash_table_insert(columns->places, g_ptr_array_index(columns->names, columns->names->len - 1),
                            GUINT_TO_POINTER(columns->names->len));
        return true;
}

static bool header_read(Columns *columns, JVal list, GError **error)
{
        JIter records = jval_iter(list), members;
        const char *name;
        JVal record, value;
        size_t n;

        for (size_t row = 1; jiter_next(&records, &record); row++) {
                members = jval_iter(record);
                while (record.type == JVAL_OBJECT && jiter_next_member(&members, &name, &n, &value))
                        if (!column_add(columns, name, row, error))
                                return false;
        }
        g_ptr_array_set_size(columns->cells, (int)columns->names->len);
        return true;
}

/* ---- rows ---- */

static char *number_text(double number)
{
        char text[G_ASCII_DTOSTR_BUF_SIZE];

        return g_strdup(g_ascii_dtostr(text, sizeof(text), number));
}

/* A cell as text; a list of plain values as such texts with commas between. NULL for null and what is nested. */
static char *cell_text(JVal value, bool within_list)
{
        g_autoptr(GString) list = NULL;
        JIter elements;
        JVal element;
        int64_t integer;
        double real;
        bool truth;
        size_t n;

        if (value.type == JVAL_STRING) {
                const char *text = jval_text(value, &n);

                return strlen(text) == n ? g_strdup(text) : NULL;
        }
        if (jval_bool(value, &truth))
                return g_strdup(truth ? "true" : "false");
        if (jval_int(value, &integer))
                return g_strdup_printf("%" G_GINT64_FORMAT, integer);
        if (jval_real(value, &real))
                return number_text(real);
        if (value.type != JVAL_ARRAY || within_list)
                return NULL;
        list = g_string_new(NULL);
        elements = jval_iter(value);
        while (jiter_next(&elements, &element)) {
                g_autofree char *text = cell_text(element, true);

                if (text == NULL)
                        return NULL;
                g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", text);
        }
        return g_string_free(g_steal_pointer(&list), FALSE);
}

static void cells_empty(Columns *columns)
{
        for (guint i = 0; i < columns->cells->len; i++)
                g_clear_pointer(&columns->cells->pdata[i], g_free);
}

/* `sink` is NULL while ids are looked for. */
static void record_cells(Columns *columns, JVal record, const char *where, Sink *sink)
{
        JIter members = jval_iter(record);
        const char *name;
        JVal value;
        size_t n;

        cells_empty(columns);
        while (jiter_next_member(&members, &name, &n, &value)) {
                guint place = GPOINTER_TO_UINT(g_hash_table_lookup(columns->places, name));
                char *text = cell_text(value, false);

                if (text == NULL && value.type != JVAL_NULL && sink != NULL)
                        sink_lost(sink, where, "\"%.60s\" holds more than a plain value", name);
                if (columns->cells->pdata[place - 1] == NULL)
                        columns->cells->pdata[place - 1] = text;
                else
                        g_free(text);
        }
}

/* The ids of all records; what is wrong with one is for the second reading to say. */
static bool records_scan(Sheet *sheet, Columns *columns, JVal list, GError **error)
{
        JIter records = jval_iter(list);
        JVal record;

        sheet_scan_begin(sheet);
        if (!sheet_header(sheet, 1, (const char *const *)columns->names->pdata, columns->names->len, error))
                return false;
        for (size_t row = 1; sheet_wants_scan(sheet) && jiter_next(&records, &record); row++) {
                record_cells(columns, record, NULL, NULL);
                if (!sheet_row(sheet, row, (const char *const *)columns->cells->pdata, columns->cells->len,
                               error))
                        return false;
        }
        sheet_scan_end(sheet);
        return true;
}

static bool records_read(Sheet *sheet, Columns *columns, JVal list, Sink *sink, GError **error)
{
        JIter records = jval_iter(list);
        JVal record;

        if (!sheet_rows_check(sheet, jval_count(list), error) || !header_read(columns, list, error) ||
            !records_scan(sheet, columns, list, error) ||
            !sheet_header(sheet, 1, (const char *const *)columns->names->pdata, columns->names->len, error))
                return false;
        for (size_t row = 1; jiter_next(&records, &record); row++) {
                g_autofree char *where = g_strdup_printf("record %zu", row);

                if (record.type != JVAL_OBJECT) {
                        sink_refuse(sink, where, "a record is an object");
                        continue;
                }
                record_cells(columns, record, where, sink);
                if (!sheet_row(sheet, row, (const char *const *)columns->cells->pdata, columns->cells->len,
                               error))
                        return false;
        }
        return true;
}

bool records_read_json(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(Sheet) sheet = sheet_new(source, "json", "record", sink, error);
        g_autoptr(JDoc) doc = sheet == NULL ? NULL : jdoc_parse(source->bytes, source->depth_max, error);
        g_auto(Columns) columns = { g_ptr_array_new_with_free_func(g_free), hash_table_new_text(NULL, NULL),
                                    g_ptr_array_new_with_free_func(g_free) };
        const char *wanted;
        JVal list;

        if (doc == NULL)
                return false;
        wanted = sheet_profile(sheet)->sheet;
        list = root_read(jdoc_root(doc), wanted, sink);
        if (list.type != JVAL_NONE)
                return records_read(sheet, &columns, list, sink, error) && sheet_finish(sheet, error);
        if (source->figures_only)
                return true;
        error_set(error, ZW_ERR_INPUT, wanted == NULL ? NULL : "/sheet",
                  "this JSON has no list of records%s%s", wanted == NULL ? "" : " named ",
                  wanted == NULL ? "" : wanted);
        return false;
}
