#include "exchange/layout.h"

#include "base/error.h"
#include "base/hash.h"
#include "exchange/sheet.h"

#include <string.h>

typedef struct {
        SheetMember member; /* target SHEET_NOTHING for columns that were ignored */
        const char *extra;  /* borrowed from the JSON; NULL for none */
} Column;

struct Layout {
        json_t *json;
        GArray *columns;    /* of Column */
        GPtrArray *headers; /* borrowed */
        GPtrArray *cells;   /* owned or NULL */
        GHashTable *lost;   /* member → how many values */
};

void layout_free(Layout *layout)
{
        if (layout == NULL)
                return;
        json_decref(layout->json);
        g_array_unref(layout->columns);
        g_ptr_array_unref(layout->headers);
        g_ptr_array_unref(layout->cells);
        g_hash_table_unref(layout->lost);
        g_free(layout);
}

static bool column_read(Layout *layout, size_t i, const json_t *json, GError **error)
{
        const char *header = jread_get_string(json, "header"), *to = jread_get_string(json, "to");
        Column column = { .member = { .name = "", .target = SHEET_NOTHING },
                          .extra = jread_get_string(json, "extra") };

        if (to != NULL && strcmp(to, "extra") == 0)
                column.member.target = SHEET_EXTRA;
        else if (header == NULL || to == NULL ||
                 (to[0] != '\0' && !profile_member_find(ZW_KIND_REQUIREMENT, to, &column.member))) {
                g_autofree char *where = g_strdup_printf("/columns/%zu", i);

                error_set(error, ZW_ERR_INPUT, where, "a column has a header and the member it holds");
                return false;
        }
        g_array_append_val(layout->columns, column);
        g_ptr_array_add(layout->headers, (gpointer)(uintptr_t)header);
        return true;
}

Layout *layout_new(json_t *json, GError **error)
{
        g_autoptr(Layout) layout = g_new0(Layout, 1);
        const json_t *columns = json_object_get(json, "columns"), *column;
        size_t i;

        layout->json = json_incref(json);
        layout->columns = g_array_new(FALSE, FALSE, sizeof(Column));
        layout->headers = g_ptr_array_new();
        layout->cells = g_ptr_array_new_with_free_func(g_free);
        layout->lost = hash_table_new_text(g_free, NULL);
        json_array_foreach(columns, i, column)
        {
                if (!column_read(layout, i, column, error))
                        return NULL;
        }
        g_ptr_array_set_size(layout->cells, (int)layout->columns->len);
        if (layout->columns->len > 0)
                return g_steal_pointer(&layout);
        error_set(error, ZW_ERR_INPUT, "/columns", "a sheet has columns");
        return NULL;
}

const char *layout_text(const Layout *layout, const char *member)
{
        return jread_get_string(layout->json, member);
}

size_t layout_header_row(const Layout *layout)
{
        const int64_t row = jread_get_int(layout->json, "header_row", 1);

        return row < 1 || row > SHEET_ROWS_MAX ? 1 : (size_t)row;
}

const char *const *layout_headers(const Layout *layout, size_t *ret_n)
{
        *ret_n = layout->headers->len;
        return (const char *const *)layout->headers->pdata;
}

/* ---- cells ---- */

static char *list_text(const json_t *list)
{
        g_autoptr(GString) text = g_string_new(NULL);
        const json_t *one;
        size_t i;

        json_array_foreach(list, i, one)
                g_string_append_printf(text, "%s%s", i == 0 ? "" : ", ",
                                       json_is_string(one) ? json_string_value(one) : "");
        return g_string_free(g_steal_pointer(&text), FALSE);
}

/* NULL for what says nothing. */
static char *value_text(const json_t *value)
{
        switch (value == NULL ? JSON_NULL : json_typeof(value)) {
        case JSON_NULL:
                return NULL;
        case JSON_STRING:
                return json_string_length(value) == 0 ? NULL : g_strdup(json_string_value(value));
        case JSON_INTEGER:
                return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
        case JSON_TRUE:
        case JSON_FALSE:
                return g_strdup(json_is_true(value) ? "true" : "false");
        case JSON_ARRAY:
                return json_array_size(value) == 0 ? NULL : list_text(value);
        default:
                return json_dumps(value, JSON_COMPACT);
        }
}

static json_t *extra_of(const json_t *op, const char *name)
{
        return name == NULL ? NULL
                            : json_object_get(json_object_get(json_object_get(op, "attrs"), "extra"), name);
}

static bool list_has(char **parts, const char *id)
{
        for (char **part = parts; *part != NULL; part++) {
                const size_t n = strlen(id);

                g_strstrip(*part);
                if (strncmp(*part, id, n) == 0 && ((*part)[n] == '\0' || (*part)[n] == ':'))
                        return true;
        }
        return false;
}

/* What the cell said that is no link here, and the links it did not say. */
static char *parents_text(const json_t *parents, const char *kept)
{
        g_auto(GStrv) parts = g_strsplit_set(kept, ",;\n\r", -1);
        g_autoptr(GString) text = g_string_new(kept);
        const json_t *id;
        size_t i;

        json_array_foreach(parents, i, id)
        {
                if (!list_has(parts, json_string_value(id)))
                        g_string_append_printf(text, ", %s", json_string_value(id));
        }
        return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *cell_new(const Column *column, const json_t *op)
{
        const char *kept = json_string_value(extra_of(op, column->extra));
        char *text = NULL;

        if (column->member.target == SHEET_PARENTS && kept != NULL)
                return parents_text(json_object_get(op, "parents"), kept);
        if (column->member.target == SHEET_ATTR)
                text = value_text(json_object_get(json_object_get(op, "attrs"), column->member.name));
        else if (column->member.target < SHEET_ATTR)
                text = value_text(json_object_get(op, column->member.name));
        return text != NULL ? text : value_text(extra_of(op, column->extra));
}

/* ---- what has no column ---- */

static bool has_column(const Layout *layout, const char *member)
{
        for (guint i = 0; i < layout->columns->len; i++) {
                const Column *column = &g_array_index(layout->columns, Column, i);

                if (column->member.target < SHEET_EXTRA && strcmp(column->member.name, member) == 0)
                        return true;
        }
        return false;
}

static bool has_extra_column(const Layout *layout, const char *name)
{
        for (guint i = 0; i < layout->columns->len; i++)
                if (g_strcmp0(g_array_index(layout->columns, Column, i).extra, name) == 0)
                        return true;
        return false;
}

static void lose(Layout *layout, const char *member)
{
        guint before = GPOINTER_TO_UINT(g_hash_table_lookup(layout->lost, member));

        g_hash_table_insert(layout->lost, g_strdup(member), GUINT_TO_POINTER(before + 1));
}

/* A title that a reader would make again from the text is not lost. */
static bool title_is_made(const json_t *op)
{
        g_autofree char *made = sheet_title(jread_get_string(op, "body"),
                                            jread_get_string(op, "id") == NULL ? ""
                                                                               : jread_get_string(op, "id"));

        return g_strcmp0(made, jread_get_string(op, "title")) == 0;
}

static void members_lose(Layout *layout, const json_t *op)
{
        static const char *const members[] = { "title", "body", "owner", "tags", "parents" };

        for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
                g_autofree char *text = value_text(json_object_get(op, members[i]));

                if (text != NULL && !has_column(layout, members[i]) && (i > 0 || !title_is_made(op)))
                        lose(layout, members[i]);
        }
}

static void attrs_lose(Layout *layout, const json_t *op)
{
        json_t *attrs = json_object_get(op, "attrs"), *value;
        const char *name;

        json_object_foreach(attrs, name, value)
        {
                if (strcmp(name, "extra") != 0 && !has_column(layout, name))
                        lose(layout, name);
        }
        json_object_foreach(json_object_get(attrs, "extra"), name, value)
        {
                if (!has_extra_column(layout, name))
                        lose(layout, name);
        }
}

const char *const *layout_cells(Layout *layout, const json_t *op)
{
        for (guint i = 0; i < layout->columns->len; i++) {
                g_free(layout->cells->pdata[i]);
                layout->cells->pdata[i] = cell_new(&g_array_index(layout->columns, Column, i), op);
        }
        members_lose(layout, op);
        attrs_lose(layout, op);
        return (const char *const *)layout->cells->pdata;
}

static int by_text(gconstpointer a, gconstpointer b)
{
        return strcmp(a, b);
}

void layout_report_lost(const Layout *layout, json_t *lost)
{
        g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(layout->lost), by_text);

        for (GList *name = names; name != NULL; name = name->next)
                json_array_append_new(lost, json_pack("{s:s, s:o}", "where", (const char *)name->data, "what",
                                                      json_sprintf("%u values have no column in this sheet",
                                                                   GPOINTER_TO_UINT(g_hash_table_lookup(
                                                                           layout->lost, name->data)))));
}
