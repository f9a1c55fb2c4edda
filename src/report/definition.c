#include "report/definition.h"

#include "base/error.h"
#include "base/jread.h"
#include "base/near.h"
#include "base/verify.h"

#include <string.h>

enum { POINTER_MAX = 256, FIELD_MAX = 64 };

/* ---- names ---- */

static const QueryDef *query_read(const char *name, const char *where, GError **error)
{
        const QueryDef *found = report_query_find(name);
        g_autoptr(GPtrArray) names = g_ptr_array_new();
        g_autofree char *near = NULL;
        const QueryDef *const *all;
        size_t n;

        if (found != NULL)
                return found;
        all = report_query_all(&n);
        for (size_t i = 0; i < n; i++)
                g_ptr_array_add(names, (gpointer)(uintptr_t)all[i]->name);
        near = near_names(name, (const char *const *)names->pdata, n);
        error_set(error, ZW_ERR_INPUT, where, "there is no query \"%s\"%s", name, near);
        return NULL;
}

static bool field_find(const QueryDef *query, const char *name, size_t n, size_t *ret_index)
{
        for (size_t i = 0; query != NULL && i < query->n_fields; i++)
                if (strlen(query->fields[i].name) == n && strncmp(query->fields[i].name, name, n) == 0) {
                        *ret_index = i;
                        return true;
                }
        return false;
}

static bool field_read(const QueryDef *query, const char *name, const char *where, size_t *ret_index,
                       GError **error)
{
        const char *names[QUERY_FIELDS_MAX];
        g_autofree char *near = NULL;

        if (field_find(query, name, strlen(name), ret_index))
                return true;
        for (size_t i = 0; i < query->n_fields; i++)
                names[i] = query->fields[i].name;
        near = near_names(name, names, query->n_fields);
        error_set(error, ZW_ERR_INPUT, where, "the query %s has no field \"%s\"%s", query->name, name, near);
        return false;
}

/* Every {name} of a template must be known where it is filled in. */
static bool template_check(const char *template, const QueryDef *query, const QueryDef *each,
                           const char *where, GError **error)
{
        size_t index;

        for (const char *open = template == NULL ? NULL : strchr(template, '{'); open != NULL;) {
                size_t n = strcspn(open + 1, "}");

                if (open[n + 1] == '\0' || n == 0 || n >= FIELD_MAX ||
                    !(field_find(query, open + 1, n, &index) || field_find(each, open + 1, n, &index) ||
                      (query != NULL && n == 4 && strncmp(open + 1, "word", 4) == 0))) {
                        error_set(error, ZW_ERR_INPUT, where, "\"%s\" names no field of the row at \"%s\"",
                                  template, open);
                        return false;
                }
                open = strchr(open + n + 1, '{');
        }
        return true;
}

static void pointer(char *ret_where, const char *above, const char *member, size_t index)
{
        g_snprintf(ret_where, POINTER_MAX, "%s/%s/%zu", above, member, index);
}

/* ---- columns and filters ---- */

typedef struct {
        const char *field, *show;
        ColumnDef column;
} ColumnJson;

static const JReadField column_fields[] = {
        { "field", JREAD_STRING, offsetof(ColumnJson, field), true },
        { "title", JREAD_STRING, offsetof(ColumnJson, column.title), true },
        { "link", JREAD_STRING, offsetof(ColumnJson, column.link), false },
        { "report", JREAD_STRING, offsetof(ColumnJson, column.report), false },
        { "heading", JREAD_BOOL, offsetof(ColumnJson, column.heading), false },
        { "show", JREAD_STRING, offsetof(ColumnJson, show), false },
        { "quiet", JREAD_BOOL, offsetof(ColumnJson, column.quiet), false },
        JREAD_END,
};

static bool show_read(const char *name, const char *where, ColumnShow *ret_show, GError **error)
{
        static const char *const names[] = { "title", "revision", "key", "brief" };
        g_autofree char *near = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                if (name == NULL || strcmp(names[i], name) == 0) {
                        *ret_show = (ColumnShow)i;
                        return true;
                }
        near = near_names(name, names, G_N_ELEMENTS(names));
        error_set(error, ZW_ERR_INPUT, where,
                  "nothing is shown as \"%s\"%s: there are title, revision, key and brief", name, near);
        return false;
}

static bool columns_read(TableDef *table, const json_t *list, const QueryDef *each, const char *above,
                         GError **error)
{
        const json_t *member;
        size_t i;

        json_array_foreach(list, i, member)
        {
                ColumnJson read = { 0 };
                char where[POINTER_MAX];
                CellType type;

                pointer(where, above, "columns", i);
                if (!jread_object(member, column_fields, &read, where, error) ||
                    !field_read(table->query, read.field, where, &read.column.index, error) ||
                    !show_read(read.show, where, &read.column.show, error) ||
                    !template_check(read.column.link, table->query, each, where, error))
                        return false;
                type = table->query->fields[read.column.index].type;
                if ((read.column.show == SHOW_BRIEF) != (read.show != NULL && type == CELL_TEXT)) {
                        error_set(error, ZW_ERR_INPUT, where, "texts can be shown brief, items can not");
                        return false;
                }
                if (read.column.quiet && type != CELL_STEP && type != CELL_STEPS && type != CELL_ITEM) {
                        error_set(error, ZW_ERR_INPUT, where, "only items and steps can be quiet");
                        return false;
                }
                g_array_append_val(table->columns, read.column);
        }
        if (table->columns->len > 0)
                return true;
        error_set(error, ZW_ERR_INPUT, above, "a table needs columns");
        return false;
}

static bool filters_read(TableDef *table, json_t *object, const char *above, GError **error)
{
        const char *name;
        json_t *values;

        json_object_foreach(object, name, values)
        {
                FilterDef filter = { .values = values };
                const json_t *value;
                size_t i;

                if (!field_read(table->query, name, above, &filter.index, error))
                        return false;
                json_array_foreach(values, i, value) if (!json_is_string(value)) break;
                if (!json_is_array(values) || json_array_size(values) == 0 || i < json_array_size(values)) {
                        error_set(error, ZW_ERR_INPUT, above, "where/%s takes an array of texts", name);
                        return false;
                }
                g_array_append_val(table->filters, filter);
        }
        return true;
}

static bool group_read(TableDef *table, const json_t *list, const char *above, GError **error)
{
        const json_t *name;
        size_t i, index;

        json_array_foreach(list, i, name)
        {
                if (!json_is_string(name)) {
                        error_set(error, ZW_ERR_INPUT, above, "group takes names of fields");
                        return false;
                }
                if (!field_read(table->query, json_string_value(name), above, &index, error))
                        return false;
                g_array_append_val(table->group, index);
        }
        return true;
}

/* ---- charts ---- */

typedef struct {
        const char *title, *label;
        json_t *series;
} ChartJson;

static const JReadField chart_fields[] = {
        { "title", JREAD_STRING, offsetof(ChartJson, title), true },
        { "label", JREAD_STRING, offsetof(ChartJson, label), true },
        { "series", JREAD_ARRAY, offsetof(ChartJson, series), true },
        JREAD_END,
};

/* The title of the column that shows the field, or NULL. */
static const char *column_title(const TableDef *table, size_t index)
{
        for (guint i = 0; i < table->columns->len; i++)
                if (g_array_index(table->columns, ColumnDef, i).index == index)
                        return g_array_index(table->columns, ColumnDef, i).title;
        return NULL;
}

static bool series_read(TableDef *table, const char *name, const char *where, GError **error)
{
        ChartDef *chart = &table->chart;
        size_t index;

        if (!field_read(table->query, name, where, &index, error))
                return false;
        if (table->query->fields[index].type != CELL_NUMBER || column_title(table, index) == NULL ||
            chart->n == REPORT_SERIES_MAX) {
                error_set(error, ZW_ERR_INPUT, where,
                          "a chart has at most %d series, each a column of numbers", REPORT_SERIES_MAX);
                return false;
        }
        chart->series[chart->n] = index;
        chart->titles[chart->n++] = column_title(table, index);
        return true;
}

static bool chart_read(TableDef *table, const json_t *json, const char *where, GError **error)
{
        ChartJson read = { 0 };
        const json_t *name;
        size_t i;

        if (json == NULL)
                return true;
        if (!jread_object(json, chart_fields, &read, where, error) ||
            !field_read(table->query, read.label, where, &table->chart.label, error))
                return false;
        table->chart.title = read.title;
        json_array_foreach(read.series, i, name)
        {
                if (!series_read(table, json_is_string(name) ? json_string_value(name) : "", where, error))
                        return false;
        }
        if (table->chart.n > 0 && table->group->len == 0)
                return true;
        error_set(error, ZW_ERR_INPUT, where, "a chart needs a series, and a table without groups");
        return false;
}

/* ---- tables ---- */

typedef struct {
        const char *query;
        json_t *columns, *where, *group, *chart;
        int64_t limit;
        TableDef table;
} TableJson;

static const JReadField table_fields[] = {
        { "id", JREAD_STRING, offsetof(TableJson, table.id), true },
        { "query", JREAD_STRING, offsetof(TableJson, query), true },
        { "caption", JREAD_STRING, offsetof(TableJson, table.caption), true },
        { "columns", JREAD_ARRAY, offsetof(TableJson, columns), true },
        { "empty", JREAD_STRING, offsetof(TableJson, table.empty), false },
        { "text", JREAD_STRING, offsetof(TableJson, table.text), false },
        { "anchor", JREAD_STRING, offsetof(TableJson, table.anchor), false },
        { "where", JREAD_OBJECT, offsetof(TableJson, where), false },
        { "group", JREAD_ARRAY, offsetof(TableJson, group), false },
        { "group_title", JREAD_STRING, offsetof(TableJson, table.group_title), false },
        { "limit", JREAD_INT, offsetof(TableJson, limit), false },
        { "chart", JREAD_OBJECT, offsetof(TableJson, chart), false },
        JREAD_END,
};

static void table_free(gpointer data)
{
        TableDef *table = data;

        g_array_unref(table->columns);
        g_array_unref(table->filters);
        g_array_unref(table->group);
        g_free(table);
}

static bool table_finish(TableDef *table, const TableJson *read, const QueryDef *each, const char *where,
                         GError **error)
{
        if (read->limit < 0) {
                error_set(error, ZW_ERR_INPUT, where, "limit is negative");
                return false;
        }
        if (table->query->place && each == NULL) {
                error_set(error, ZW_ERR_INPUT, where,
                          "the query %s is of one place: its section needs `each`", table->query->name);
                return false;
        }
        return columns_read(table, read->columns, each, where, error) &&
               filters_read(table, read->where, where, error) &&
               group_read(table, read->group, where, error) && chart_read(table, read->chart, where, error) &&
               template_check(table->anchor, table->query, each, where, error) &&
               template_check(table->group_title, table->query, each, where, error) &&
               template_check(table->id, NULL, each, where, error) &&
               template_check(table->caption, NULL, each, where, error);
}

static bool table_read(GPtrArray *tables, const json_t *json, const QueryDef *each, const char *where,
                       GError **error)
{
        TableJson read = { 0 };
        TableDef *table;

        if (!jread_object(json, table_fields, &read, where, error))
                return false;
        read.table.query = query_read(read.query, where, error);
        if (read.table.query == NULL)
                return false;
        table = g_memdup2(&read.table, sizeof read.table);
        table->columns = g_array_new(FALSE, FALSE, sizeof(ColumnDef));
        table->filters = g_array_new(FALSE, FALSE, sizeof(FilterDef));
        table->group = g_array_new(FALSE, FALSE, sizeof(size_t));
        table->limit = read.limit;
        g_ptr_array_add(tables, table);
        return table_finish(table, &read, each, where, error);
}

/* ---- sections ---- */

typedef struct {
        const char *each;
        json_t *tables, *sections;
        SectionDef section;
} SectionJson;

static const JReadField section_fields[] = {
        { "id", JREAD_STRING, offsetof(SectionJson, section.id), true },
        { "title", JREAD_STRING, offsetof(SectionJson, section.title), true },
        { "each", JREAD_STRING, offsetof(SectionJson, each), false },
        { "texts", JREAD_ARRAY, offsetof(SectionJson, section.texts), false },
        { "drawing", JREAD_STRING, offsetof(SectionJson, section.drawing), false },
        { "bowties", JREAD_BOOL, offsetof(SectionJson, section.bowties), false },
        { "tables", JREAD_ARRAY, offsetof(SectionJson, tables), false },
        { "sections", JREAD_ARRAY, offsetof(SectionJson, sections), false },
        JREAD_END,
};

static void section_free(gpointer data)
{
        SectionDef *section = data;

        g_ptr_array_unref(section->tables);
        g_ptr_array_unref(section->sections);
        g_free(section);
}

static bool sections_read(GPtrArray *sections, const json_t *list, const QueryDef *each, const char *above,
                          GError **error);

static bool each_read(SectionDef *section, const char *name, const QueryDef *outer, const char *where,
                      GError **error)
{
        section->each = query_read(name, where, error);
        if (section->each == NULL)
                return false;
        if (outer == NULL && !section->each->place && section->each->fields[0].type == CELL_ITEM)
                return true;
        error_set(error, ZW_ERR_INPUT, where, "each takes a query of items, and none stands inside another");
        return false;
}

static bool section_finish(SectionDef *section, const SectionJson *read, const QueryDef *each,
                           const char *where, GError **error)
{
        const json_t *member;
        size_t i;

        json_array_foreach(section->texts, i, member) if (!json_is_string(member))
        {
                error_set(error, ZW_ERR_INPUT, where, "texts takes texts");
                return false;
        }
        if (section->drawing != NULL && each != NULL) {
                error_set(error, ZW_ERR_INPUT, where,
                          "the drawing is of all places: it cannot stand in `each`");
                return false;
        }
        json_array_foreach(read->tables, i, member)
        {
                char at[POINTER_MAX];

                pointer(at, where, "tables", i);
                if (!table_read(section->tables, member, each, at, error))
                        return false;
        }
        return template_check(section->id, NULL, each, where, error) &&
               template_check(section->title, NULL, each, where, error) &&
               sections_read(section->sections, read->sections, each, where, error);
}

static bool sections_read(GPtrArray *sections, const json_t *list, const QueryDef *each, const char *above,
                          GError **error)
{
        const json_t *member;
        size_t i;

        json_array_foreach(list, i, member)
        {
                SectionJson read = { 0 };
                SectionDef *section;
                char where[POINTER_MAX];

                pointer(where, above, "sections", i);
                if (!jread_object(member, section_fields, &read, where, error))
                        return false;
                section = g_memdup2(&read.section, sizeof read.section);
                section->tables = g_ptr_array_new_with_free_func(table_free);
                section->sections = g_ptr_array_new_with_free_func(section_free);
                g_ptr_array_add(sections, section);
                if (read.each != NULL && !each_read(section, read.each, each, where, error))
                        return false;
                if (!section_finish(section, &read, section->each == NULL ? each : section->each, where,
                                    error))
                        return false;
        }
        return true;
}

/* ---- the whole ---- */

typedef struct {
        json_t *sections;
        ReportDefinition report;
} ReportJson;

static const JReadField report_fields[] = {
        { "type", JREAD_STRING, offsetof(ReportJson, report.type), true },
        { "title", JREAD_STRING, offsetof(ReportJson, report.title), true },
        { "summary", JREAD_STRING, offsetof(ReportJson, report.summary), true },
        { "contents", JREAD_BOOL, offsetof(ReportJson, report.contents), false },
        { "period", JREAD_BOOL, offsetof(ReportJson, report.period), false },
        { "whole", JREAD_BOOL, offsetof(ReportJson, report.whole), false },
        { "sections", JREAD_ARRAY, offsetof(ReportJson, sections), true },
        JREAD_END,
};

static bool has_index(const GPtrArray *sections)
{
        const QueryDef *items = report_query_find("items");

        for (guint i = 0; i < sections->len; i++) {
                const SectionDef *section = g_ptr_array_index(sections, i);

                for (guint t = 0; t < section->tables->len; t++)
                        if (((const TableDef *)g_ptr_array_index(section->tables, t))->query == items)
                                return true;
                if (has_index(section->sections))
                        return true;
        }
        return false;
}

static bool has_drawing(const GPtrArray *sections)
{
        for (guint i = 0; i < sections->len; i++) {
                const SectionDef *section = g_ptr_array_index(sections, i);

                if (section->drawing != NULL || has_drawing(section->sections))
                        return true;
        }
        return false;
}

ReportDefinition *report_definition_read(json_t *json, GError **error)
{
        ReportJson read = { 0 };
        g_autoptr(ReportDefinition) definition = NULL;

        if (!jread_object(json, report_fields, &read, "", error))
                return NULL;
        definition = g_memdup2(&read.report, sizeof read.report);
        definition->json = json_incref(json);
        definition->sections = g_ptr_array_new_with_free_func(section_free);
        if (!sections_read(definition->sections, read.sections, NULL, "", error))
                return NULL;
        definition->index = has_index(definition->sections);
        definition->drawing = has_drawing(definition->sections);
        return g_steal_pointer(&definition);
}

void report_definition_free(ReportDefinition *definition)
{
        if (definition == NULL)
                return;
        g_ptr_array_unref(definition->sections);
        json_decref(definition->json);
        g_free(definition);
}

/* The built-in ones are right: a test reads each. */
ReportDefinition *report_definition_of_source(size_t source)
{
        g_autoptr(Json) json = jread_parse(report_sources[source], strlen(report_sources[source]), NULL);
        ReportDefinition *definition = json == NULL ? NULL : report_definition_read(json, NULL);

        ZW_VERIFY(definition != NULL);
        return definition;
}

ReportDefinition *report_definition_load(const char *type, GError **error)
{
        g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)report_definition_free);
        g_autoptr(GPtrArray) names = g_ptr_array_new();
        g_autofree char *near = NULL;

        for (size_t i = 0; i < report_sources_count; i++) {
                ReportDefinition *definition = report_definition_of_source(i);

                g_ptr_array_add(all, definition);
                g_ptr_array_add(names, (gpointer)(uintptr_t)definition->type);
                if (strcmp(definition->type, type) == 0)
                        return g_ptr_array_steal_index(all, (guint)i);
        }
        near = near_names(type, (const char *const *)names->pdata, names->len);
        error_set(error, ZW_ERR_NAME_UNKNOWN, type, "there is no report \"%s\"%s: see `zw report list`", type,
                  near);
        return NULL;
}
