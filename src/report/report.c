#include "report/report.h"

#include "base/error.h"
#include "base/near.h"
#include "report/anchor.h"
#include "report/bowtie.h"
#include "report/render_text.h"
#include "report/words.h"
#include "report/zones.h"

#include <string.h>

typedef struct {
        const ReportDefinition *definition;
        const ReportRenderer *renderer;
        Renderer *out;
        QueryContext *context;
        Stream *stream;
        GraphView view;
        const QueryDef *each; /* of the section that is written, and its row */
        const Cell *each_cells;
        int level;
        ProgressStage stage; /* rows */
        GError *error;
} Run;

/* A table while it is written. */
typedef struct {
        Run *run;
        const TableDef *def;
        char *anchor, *caption;
        bool begun;
        gint64 rows, more;
        GString *group, *row_anchor, *link_anchor;
        const Cell *cells; /* of the row that is written */
        Cell *last;        /* the quiet cells of the row before, by column; lists are owned */
        RenderLink link;
        Chart *chart; /* or NULL */
} Table;

/* ---- formats ---- */

static const ReportRenderer *const renderers[] = { &renderer_html, &renderer_json, &renderer_pdf,
                                                   &renderer_docx, &renderer_svg,  &renderer_xlsx };

const ReportRenderer *const *report_renderers(size_t *ret_n)
{
        *ret_n = G_N_ELEMENTS(renderers);
        return renderers;
}

/* `html, json and svg`. */
static char *names_join(const char *const *names, size_t n)
{
        GString *text = g_string_new(NULL);

        for (size_t i = 0; i < n; i++)
                g_string_append_printf(text, "%s%s", i == 0 ? "" : i + 1 == n ? " and " : ", ", names[i]);
        return g_string_free(text, FALSE);
}

const ReportRenderer *report_renderer_find(const char *format, GError **error)
{
        const char *names[G_N_ELEMENTS(renderers)];
        g_autofree char *near = NULL, *all = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(renderers); i++) {
                names[i] = renderers[i]->name;
                if (strcmp(renderers[i]->name, format) == 0)
                        return renderers[i];
        }
        near = near_names(format, names, G_N_ELEMENTS(names));
        all = names_join(names, G_N_ELEMENTS(names));
        error_set(error, ZW_ERR_NAME_UNKNOWN, format, "no report is written as \"%s\"%s: there are %s",
                  format, near, all);
        return NULL;
}

/* ---- templates ---- */

static const Cell *field_cell(const QueryDef *query, const Cell *cells, const char *name, size_t n)
{
        for (size_t i = 0; query != NULL && i < query->n_fields; i++)
                if (strncmp(query->fields[i].name, name, n) == 0 && query->fields[i].name[n] == '\0')
                        return &cells[i];
        return NULL;
}

/* An anchor takes the word as the program has it, a title as people read it. */
static void value_append(GString *result, const Cell *cell, const char *text, bool anchor)
{
        g_autofree char *label = NULL;

        if (anchor) {
                anchor_append(result, text);
                return;
        }
        label = cell != NULL && cell->type == CELL_WORD ? word_label(text) : NULL;
        g_string_append(result, label == NULL ? text : label);
}

/* The definition was checked: each {name} is a field of the row, of the section's row, or `word`. */
static void expand(const Run *run, const char *template, const QueryDef *query, const Cell *cells,
                   const char *word, bool anchor, GString *result)
{
        g_string_truncate(result, 0);
        while (*template != '\0') {
                size_t literal = strcspn(template, "{"), n;
                g_autofree char *text = g_strndup(template, literal);
                char buffer[CELL_TEXT_MAX];
                const Cell *cell;

                value_append(result, NULL, text, anchor);
                template += literal;
                if (*template == '\0')
                        return;
                n = strcspn(template + 1, "}");
                cell = field_cell(query, cells, template + 1, n);
                if (cell == NULL)
                        cell = field_cell(run->each, run->each_cells, template + 1, n);
                if (cell != NULL)
                        value_append(result, cell, cell_word(cell, run->view, buffer), anchor);
                else if (word != NULL)
                        value_append(result, NULL, word, anchor);
                template += n + 2;
        }
}

static char *expand_each(const Run *run, const char *template, bool anchor)
{
        GString *result = g_string_new(NULL);

        expand(run, template, NULL, NULL, NULL, anchor, result);
        return g_string_free(result, FALSE);
}

/* ---- rows ---- */

static bool row_fits(const Table *table, const Cell *cells)
{
        char buffer[CELL_TEXT_MAX];

        for (guint i = 0; i < table->def->filters->len; i++) {
                const FilterDef *filter = &g_array_index(table->def->filters, FilterDef, i);
                const char *word = cell_word(&cells[filter->index], table->run->view, buffer);
                const json_t *value;
                bool fits = false;
                size_t k;

                json_array_foreach(filter->values, k, value)
                        fits |= strcmp(json_string_value(value), word) == 0;
                if (!fits)
                        return false;
        }
        return true;
}

static const RenderLink *row_link(void *payload, size_t column, const char *word)
{
        Table *table = payload;
        const ColumnDef *def = &g_array_index(table->def->columns, ColumnDef, column);

        if (def->link == NULL)
                return NULL;
        expand(table->run, def->link, table->def->query, table->cells, word, true, table->link_anchor);
        table->link = (RenderLink){ def->report, table->link_anchor->str };
        return &table->link;
}

static void table_begin(Table *table)
{
        Run *run = table->run;

        if (table->begun)
                return;
        table->begun = true;
        run->renderer->table_begin(run->out, table->def, table->anchor, table->caption);
}

/* Begins a new group where the fields of the group say something new. */
static void row_group(Table *table, const Cell *cells)
{
        g_autoptr(GString) group = g_string_new(table->anchor);
        g_autoptr(GString) title = g_string_new(NULL);
        Run *run = table->run;

        for (guint i = 0; i < table->def->group->len; i++) {
                char buffer[CELL_TEXT_MAX];
                size_t index = g_array_index(table->def->group, size_t, i);

                g_string_append_c(group, '-');
                anchor_append(group, cell_word(&cells[index], run->view, buffer));
        }
        if (table->def->group->len == 0 || g_string_equal(group, table->group))
                return;
        g_string_assign(table->group, group->str);
        if (table->def->group_title != NULL)
                expand(run, table->def->group_title, table->def->query, cells, NULL, false, title);
        run->renderer->group(run->out, group->str, table->def->group_title == NULL ? NULL : title->str);
}

static void row_chart(Table *table, const Cell *cells)
{
        const ChartDef *def = &table->def->chart;
        gint64 values[REPORT_SERIES_MAX];
        g_autofree char *label = NULL;

        if (table->chart == NULL)
                return;
        for (size_t i = 0; i < def->n; i++)
                values[i] = cells[def->series[i]].unknown ? 0 : cells[def->series[i]].number;
        label = cell_text(table->run->view, &cells[def->label], SHOW_KEY);
        chart_add(table->chart, label, values);
}

static void last_keep(Cell *last, const Cell *cell)
{
        g_free((gpointer)(uintptr_t)last->list);
        *last = *cell;
        last->list = NULL;
        if (cell->n > 0)
                last->list = g_memdup2(cell->list, cell->n * sizeof(CellStep));
}

/* A quiet cell is the same only where all quiet ones before it are: what stands in front decides what it means. */
static void row_quieten(Table *table, Cell *cells)
{
        bool same = table->rows > 0;

        for (guint i = 0; i < table->def->columns->len; i++) {
                const ColumnDef *column = &g_array_index(table->def->columns, ColumnDef, i);

                if (!column->quiet)
                        continue;
                same = same && cell_equal(&table->last[i], &cells[column->index]);
                last_keep(&table->last[i], &cells[column->index]);
                cells[column->index].same = same;
        }
}

static bool table_row(void *payload, const Cell *given)
{
        Table *table = payload;
        Run *run = table->run;
        const Cell *shown[QUERY_FIELDS_MAX];
        Cell cells[QUERY_FIELDS_MAX];
        RenderRow row = { shown, NULL, row_link, table };

        if (!progress_step(&run->stage, 1, &run->error))
                return false;
        if (!row_fits(table, given))
                return true;
        if (table->def->limit > 0 && table->rows >= table->def->limit) {
                table->more++;
                return true;
        }
        memcpy(cells, given, table->def->query->n_fields * sizeof *cells);
        table->cells = cells;
        row_quieten(table, cells);
        table_begin(table);
        row_group(table, cells);
        for (guint i = 0; i < table->def->columns->len; i++) {
                shown[i] = &cells[g_array_index(table->def->columns, ColumnDef, i).index];
                report_context_name(run->context, shown[i]);
        }
        if (table->def->anchor != NULL) {
                expand(run, table->def->anchor, table->def->query, cells, NULL, true, table->row_anchor);
                row.anchor = table->row_anchor->str;
        }
        row_chart(table, cells);
        run->renderer->row(run->out, &row);
        table->rows++;
        return stream_drain(run->stream, &run->error);
}

static void table_clear(Table *table)
{
        for (guint i = 0; i < table->def->columns->len; i++)
                g_free((gpointer)(uintptr_t)table->last[i].list);
        g_free(table->last);
        chart_free(table->chart);
        g_free(table->anchor);
        g_free(table->caption);
        g_string_free(table->group, TRUE);
        g_string_free(table->row_anchor, TRUE);
        g_string_free(table->link_anchor, TRUE);
}

static bool table_write(Run *run, const TableDef *def)
{
        Table table = { .run = run, .def = def };
        ItemNo place = run->each == NULL ? ZW_ITEM_NONE : run->each_cells[0].item;
        bool ok;

        table.anchor = expand_each(run, def->id, true);
        table.caption = expand_each(run, def->caption, false);
        table.group = g_string_new(NULL);
        table.row_anchor = g_string_new(NULL);
        table.link_anchor = g_string_new(NULL);
        table.last = g_new0(Cell, def->columns->len);
        table.chart = def->chart.n == 0 || run->renderer->chart == NULL ? NULL : chart_new(&def->chart);
        ok = report_query_run(run->context, def->query, place, table_row, &table, &run->error) &&
             run->error == NULL;
        if (ok && (table.begun || def->empty != NULL)) {
                table_begin(&table);
                run->renderer->table_end(run->out, table.rows, table.more);
                if (table.chart != NULL && table.chart->labels->len > 0) {
                        chart_lay_out(table.chart);
                        run->renderer->chart(run->out, table.chart, table.rows);
                }
        }
        table_clear(&table);
        return ok;
}

/* ---- sections ---- */

static bool section_write(Run *run, const SectionDef *section);

static bool sections_write(Run *run, const GPtrArray *sections)
{
        for (guint i = 0; i < sections->len; i++)
                if (!section_write(run, g_ptr_array_index(sections, i)))
                        return false;
        return true;
}

static bool section_drawing(Run *run, const SectionDef *section, const char *above)
{
        g_autoptr(Drawing) drawing = report_drawing(run->context, &run->error);
        g_autofree char *anchor = g_strconcat(above, "-drawing", NULL);
        g_autofree char *caption = expand_each(run, section->drawing, false);

        if (drawing != NULL)
                run->renderer->drawing(run->out, drawing, anchor, caption);
        return drawing != NULL;
}

static void section_bowties(Run *run)
{
        g_autoptr(GPtrArray) bowties = report_bowties(run->context);

        for (guint i = 0; i < bowties->len; i++)
                run->renderer->figure(run->out, ((const Bowtie *)bowties->pdata[i])->chart);
}

static bool section_body(Run *run, const SectionDef *section)
{
        g_autofree char *anchor = expand_each(run, section->id, true);
        g_autofree char *title = expand_each(run, section->title, false);
        const json_t *text;
        size_t i;

        run->level++;
        run->renderer->section_begin(run->out, run->level, anchor, title);
        json_array_foreach(section->texts, i, text)
                run->renderer->paragraph(run->out, json_string_value(text));
        if (section->drawing != NULL && !section_drawing(run, section, anchor))
                return false;
        if (section->bowties && run->renderer->figure != NULL)
                section_bowties(run);
        for (guint t = 0; t < section->tables->len; t++)
                if (!table_write(run, g_ptr_array_index(section->tables, t)))
                        return false;
        if (!sections_write(run, section->sections))
                return false;
        run->renderer->section_end(run->out);
        run->level--;
        return stream_drain(run->stream, &run->error);
}

typedef struct {
        Run *run;
        const SectionDef *section;
} Each;

static bool each_row(void *payload, const Cell *cells)
{
        const Each *each = payload;
        Run *run = each->run;
        bool ok;

        run->each = each->section->each;
        run->each_cells = cells;
        ok = section_body(run, each->section);
        run->each = NULL;
        run->each_cells = NULL;
        return ok;
}

static bool section_write(Run *run, const SectionDef *section)
{
        Each each = { run, section };

        if (section->each == NULL)
                return section_body(run, section);
        return report_query_run(run->context, section->each, ZW_ITEM_NONE, each_row, &each, &run->error) &&
               run->error == NULL;
}

/* For renderers of drawings alone. */
static bool drawings_write(Run *run, const GPtrArray *sections)
{
        for (guint i = 0; i < sections->len; i++) {
                const SectionDef *section = g_ptr_array_index(sections, i);

                if (section->drawing != NULL && !section_drawing(run, section, section->id))
                        return false;
                if (!drawings_write(run, section->sections))
                        return false;
        }
        return true;
}

/* ---- contents ---- */

static bool contents_write(Run *run, const GPtrArray *sections);

static bool content_entry(Run *run, const SectionDef *section)
{
        g_autofree char *anchor = expand_each(run, section->id, true);
        g_autofree char *title = expand_each(run, section->title, false);
        bool ok;

        run->level++;
        run->renderer->content(run->out, run->level, anchor, title);
        ok = run->each != NULL || contents_write(run, section->sections); /* a place is one entry */
        run->level--;
        return ok;
}

static bool content_row(void *payload, const Cell *cells)
{
        const Each *each = payload;
        bool ok;

        each->run->each = each->section->each;
        each->run->each_cells = cells;
        ok = content_entry(each->run, each->section);
        each->run->each = NULL;
        each->run->each_cells = NULL;
        return ok;
}

static bool contents_write(Run *run, const GPtrArray *sections)
{
        for (guint i = 0; i < sections->len; i++) {
                const SectionDef *section = g_ptr_array_index(sections, i);
                Each each = { run, section };

                if (section->each == NULL ? !content_entry(run, section)
                                          : !report_query_run(run->context, section->each, ZW_ITEM_NONE,
                                                              content_row, &each, &run->error))
                        return false;
        }
        return true;
}

/* `ZN-1, ZN-2`, or NULL for everything. */
static char *scope_text(GraphView view, Scope scope)
{
        g_autoptr(GString) text = g_string_new(NULL);

        for (size_t i = 0; i < scope.n; i++)
                g_string_append_printf(text, "%s%s", i == 0 ? "" : ", ", graph_key(view, scope.items[i]));
        return text->len == 0 ? NULL : g_string_free(g_steal_pointer(&text), FALSE);
}

/* The days from and to, of a report that is about a period. */
static char *period_text(const ReportDefinition *definition, const MetricPeriod *period)
{
        char from[ZW_INSTANT_TEXT], to[ZW_INSTANT_TEXT];

        instant_format(period->from, from);
        instant_format(period->to, to);
        return definition->period ? g_strdup_printf("%s to %s", from, to) : NULL;
}

bool report_write(const ReportDefinition *definition, const ReportRenderer *renderer,
                  const ReportRequest *request, Stream *stream, GError **error)
{
        g_autofree char *place = scope_text(request->view, request->scope);
        g_autofree char *period = period_text(definition, &request->period);
        const ReportHead head = { definition, &request->inputs, request->view, place, period };
        const QueryFocus focus = { request->inputs.instant, request->scope, request->period };
        g_autoptr(QueryContext) context = report_context_new(request->view, &focus,
                                                             request->inputs.feed != NULL, &request->records);
        Run run = { .definition = definition,
                    .renderer = renderer,
                    .context = context,
                    .stream = stream,
                    .view = request->view,
                    .stage = progress_begin(request->progress, "writing", "rows", 0) };
        bool ok;

        if (renderer->drawings_only && !definition->drawing) {
                error_set(error, ZW_ERR_USAGE, "/format", "the report %s has no drawing to write as %s",
                          definition->type, renderer->name);
                return false;
        }
        run.out = renderer->begin(&head, stream);
        ok = renderer->drawings_only
                     ? drawings_write(&run, definition->sections)
                     : (!definition->contents || contents_write(&run, definition->sections)) &&
                               sections_write(&run, definition->sections);
        ok = ok && renderer->end(run.out, &run.error);
        renderer->free(run.out);
        if (ok)
                return stream_drain(stream, error);
        g_propagate_error(error, run.error);
        return false;
}
