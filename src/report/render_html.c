/* A report as one HTML file: nothing from outside, no script; read by people, screen readers and printers. */
#include "report/render_html.h"
#include "report/render_text.h"

/* ---- head and foot ---- */

static void page_rules(Html *html, const ReportHead *head)
{
        g_autofree char *foot = inputs_text(head->inputs);

        html_raw(html, "\n@page{@top-left{content:");
        html_css_string(html, head->definition->title);
        html_raw(html, "}@top-right{content:");
        html_css_string(html, head->inputs->project_title);
        html_raw(html, "}@bottom-left{content:");
        html_css_string(html, foot);
        html_raw(html, "}@bottom-right{content:\"Page \" counter(page) \" of \" counter(pages)}}\n");
}

static void head_write(Html *html, const ReportHead *head)
{
        html_raw(html, "<!DOCTYPE html>\n");
        html_open(html, "html");
        html_attr(html, "lang", "en");
        html_open(html, "head");
        html_raw(
                html,
                "<meta charset=\"utf-8\"/>"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
                "<meta name=\"color-scheme\" content=\"light dark\"/>");
        html_open(html, "title");
        html_text(html, head->definition->title);
        html_raw(html, ": ");
        html_text(html, head->inputs->project_title);
        html_close(html, "title");
        html_open(html, "style");
        html_raw(html, "\n");
        html_css_sheet(html, report_style[0]);
        if (head->definition->drawing)
                html_css_sheet(html, drawing_style[0]);
        page_rules(html, head);
        html_close(html, "style");
        html_close(html, "head");
        html_raw(html, "\n");
}

static void input_begin(Html *html, const char *name)
{
        html_open(html, "div");
        html_open(html, "dt");
        html_text(html, name);
        html_close(html, "dt");
        html_open(html, "dd");
}

static void input_end(Html *html)
{
        html_close(html, "dd");
        html_close(html, "div");
}

static void input_text(Html *html, const char *name, const char *text)
{
        input_begin(html, name);
        html_text(html, text);
        input_end(html);
}

/* What the report is a function of. */
static void inputs_write(Html *html, const ReportHead *head)
{
        const ReportInputs *inputs = head->inputs;
        char instant[ZW_INSTANT_TEXT];

        instant_format(inputs->instant, instant);
        html_open(html, "dl");
        html_attr(html, "class", "inputs");
        input_begin(html, "Project");
        html_text(html, inputs->project);
        html_raw(html, " ");
        html_text(html, inputs->project_title);
        input_end(html);
        if (head->place != NULL)
                input_text(html, "Only", head->place);
        if (head->period != NULL)
                input_text(html, "Period", head->period);
        input_begin(html, "Commit");
        html_number(html, (gint64)inputs->commit);
        html_raw(html, " <code>");
        html_text(html, inputs->hash);
        html_raw(html, "</code>");
        input_end(html);
        input_text(html, "Evaluated", instant);
        input_begin(html, "Feed snapshot");
        if (inputs->feed != NULL) {
                html_text(html, inputs->feed);
        } else {
                html_text(html, inputs->feed_because == NULL ? "none" : inputs->feed_because);
                html_raw(html, ": ");
                unknown_html(html);
        }
        input_end(html);
        input_text(html, "Program", "Zonewright " ZW_VERSION);
        html_close(html, "dl");
}

static Renderer *html_begin(const ReportHead *head, Stream *stream)
{
        Renderer *renderer = g_new0(Renderer, 1);
        Html *html = html_new(stream_out(stream));

        renderer->html = html;
        renderer->head = head;
        head_write(html, head);
        html_open(html, "body");
        html_open(html, "header");
        html_raw(html, "<p class=\"brand\">Zonewright</p>");
        html_open(html, "h1");
        html_text(html, head->definition->title);
        html_close(html, "h1");
        html_open(html, "p");
        html_text(html, head->definition->summary);
        html_close(html, "p");
        inputs_write(html, head);
        html_close(html, "header");
        html_raw(html, "\n");
        if (head->definition->contents) {
                html_open(html, "nav");
                html_attr(html, "aria-label", "Contents");
                html_open(html, "ul");
                renderer->contents = true;
        } else {
                html_open(html, "main");
        }
        return renderer;
}

static void contents_end(Renderer *renderer)
{
        if (!renderer->contents)
                return;
        html_close(renderer->html, "ul");
        html_close(renderer->html, "nav");
        html_raw(renderer->html, "\n");
        html_open(renderer->html, "main");
        renderer->contents = false;
}

static bool html_end(Renderer *renderer, GError **error G_GNUC_UNUSED)
{
        Html *html = renderer->html;
        g_autofree char *foot = inputs_text(renderer->head->inputs);

        contents_end(renderer);
        html_close(html, "main");
        html_open(html, "footer");
        html_open(html, "p");
        html_text(html, foot);
        html_close(html, "p");
        html_close(html, "footer");
        html_close(html, "body");
        html_close(html, "html");
        html_raw(html, "\n");
        return true;
}

static void html_renderer_free(Renderer *renderer)
{
        html_free(renderer->html);
        g_free(renderer);
}

/* ---- sections ---- */

static void anchor_href(Html *html, const char *anchor)
{
        g_autofree char *url = g_strconcat("#", anchor, NULL);

        html_url(html, "href", url);
}

static void html_content(Renderer *renderer, int level, const char *anchor, const char *title)
{
        static const char *const levels[] = { "l1", "l2", "l3" };

        html_open(renderer->html, "li");
        html_attr(renderer->html, "class", levels[CLAMP(level, 1, 3) - 1]);
        html_open(renderer->html, "a");
        anchor_href(renderer->html, anchor);
        html_text(renderer->html, title);
        html_close(renderer->html, "a");
        html_close(renderer->html, "li");
}

static void heading(Html *html, int level, const char *title)
{
        if (level == 1)
                html_open(html, "h2");
        else if (level == 2)
                html_open(html, "h3");
        else
                html_open(html, "h4");
        html_text(html, title);
        if (level == 1)
                html_close(html, "h2");
        else if (level == 2)
                html_close(html, "h3");
        else
                html_close(html, "h4");
}

static void html_section_begin(Renderer *renderer, int level, const char *anchor, const char *title)
{
        contents_end(renderer);
        html_open(renderer->html, "section");
        html_attr(renderer->html, "id", anchor);
        heading(renderer->html, level, title);
}

static void html_section_end(Renderer *renderer)
{
        html_close(renderer->html, "section");
        html_raw(renderer->html, "\n");
}

static void html_paragraph(Renderer *renderer, const char *text)
{
        html_open(renderer->html, "p");
        html_text(renderer->html, text);
        html_close(renderer->html, "p");
}

static void html_chart(Renderer *renderer, const Chart *chart, gint64 rows G_GNUC_UNUSED)
{
        Html *html = renderer->html;

        html_open(html, "figure");
        chart_svg(chart, html);
        html_open(html, "figcaption");
        html_text(html, chart->def->title);
        html_close(html, "figcaption");
        html_close(html, "figure");
        html_raw(html, "\n");
}

static void html_figure(Renderer *renderer, const Chart *chart)
{
        html_chart(renderer, chart, 0);
}

static void html_drawing(Renderer *renderer, const Drawing *drawing, const char *anchor, const char *caption)
{
        Html *html = renderer->html;

        html_open(html, "figure");
        drawing_svg(drawing, caption, anchor, false, html);
        html_open(html, "figcaption");
        html_text(html, caption);
        html_close(html, "figcaption");
        html_close(html, "figure");
        html_raw(html, "\n");
}

/* ---- tables ---- */

static void html_table_begin(Renderer *renderer, const TableDef *table, const char *anchor,
                             const char *caption)
{
        Html *html = renderer->html;

        renderer->table = table;
        renderer->in_body = false;
        html_open(html, "div");
        html_attr(html, "class", "wide");
        html_attr(html, "role", "region");
        html_attr(html, "aria-label", caption);
        html_attr(html, "tabindex", "0");
        html_open(html, "table");
        html_attr(html, "id", anchor);
        html_open(html, "caption");
        html_text(html, caption);
        if (table->text != NULL) {
                html_open(html, "span");
                html_attr(html, "class", "note");
                html_text(html, table->text);
                html_close(html, "span");
        }
        html_close(html, "caption");
        html_open(html, "thead");
        html_open(html, "tr");
        for (guint i = 0; i < table->columns->len; i++) {
                const ColumnDef *column = &g_array_index(table->columns, ColumnDef, i);

                html_open(html, "th");
                html_attr(html, "scope", "col");
                html_text(html, column->title);
                html_close(html, "th");
        }
        html_close(html, "tr");
        html_close(html, "thead");
        html_raw(html, "\n");
}

static void body_end(Renderer *renderer)
{
        if (renderer->in_body)
                html_close(renderer->html, "tbody");
        renderer->in_body = false;
}

static void span_columns(Renderer *renderer)
{
        g_autofree char *n = g_strdup_printf("%u", renderer->table->columns->len);

        html_attr(renderer->html, "colspan", n);
}

static void html_group(Renderer *renderer, const char *anchor, const char *title)
{
        Html *html = renderer->html;

        body_end(renderer);
        html_open(html, "tbody");
        html_attr(html, "id", anchor);
        renderer->in_body = true;
        if (title == NULL)
                return;
        html_open(html, "tr");
        html_attr(html, "class", "group");
        html_open(html, "th");
        html_attr(html, "scope", "rowgroup");
        span_columns(renderer);
        html_text(html, title);
        html_close(html, "th");
        html_close(html, "tr");
        html_raw(html, "\n");
}

static void cell_write(Renderer *renderer, const RenderRow *row, size_t i)
{
        Html *html = renderer->html;
        const ColumnDef *column = &g_array_index(renderer->table->columns, ColumnDef, i);
        const char *class = cell_class(row->cells[i], column->show);

        if (column->heading) {
                html_open(html, "th");
                html_attr(html, "scope", "row");
        } else {
                html_open(html, "td");
        }
        if (class != NULL)
                html_attr(html, "class", class);
        cell_html(renderer, row, i);
        if (column->heading)
                html_close(html, "th");
        else
                html_close(html, "td");
}

static void html_row(Renderer *renderer, const RenderRow *row)
{
        Html *html = renderer->html;

        if (!renderer->in_body)
                html_open(html, "tbody");
        renderer->in_body = true;
        html_open(html, "tr");
        if (row->anchor != NULL)
                html_attr(html, "id", row->anchor);
        for (guint i = 0; i < renderer->table->columns->len; i++)
                cell_write(renderer, row, i);
        html_close(html, "tr");
        html_raw(html, "\n");
}

static void html_table_end(Renderer *renderer, gint64 rows, gint64 more)
{
        Html *html = renderer->html;

        if (rows == 0) {
                html_open(html, "tbody");
                html_open(html, "tr");
                html_attr(html, "class", "none");
                html_open(html, "td");
                span_columns(renderer);
                html_text(html, renderer->table->empty);
                html_close(html, "td");
                html_close(html, "tr");
                renderer->in_body = true;
        }
        body_end(renderer);
        html_close(html, "table");
        html_close(html, "div");
        html_open(html, "p");
        html_attr(html, "class", "count");
        html_number(html, rows);
        if (rows == 1)
                html_raw(html, " row");
        else
                html_raw(html, " rows");
        if (more > 0) {
                html_raw(html, ", and ");
                html_number(html, more);
                html_raw(html, " more that are not shown here");
        }
        html_close(html, "p");
        html_raw(html, "\n");
}

const ReportRenderer renderer_html = {
        .name = "html",
        .media = "text/html; charset=utf-8",
        .begin = html_begin,
        .content = html_content,
        .section_begin = html_section_begin,
        .section_end = html_section_end,
        .paragraph = html_paragraph,
        .drawing = html_drawing,
        .chart = html_chart,
        .figure = html_figure,
        .table_begin = html_table_begin,
        .group = html_group,
        .row = html_row,
        .table_end = html_table_end,
        .end = html_end,
        .free = html_renderer_free,
};
