/* Inside the HTML renderer only. */
#ifndef REPORT_RENDER_HTML_H
#define REPORT_RENDER_HTML_H

#include "report/html.h"
#include "report/render.h"

struct Renderer {
        Html *html;
        const ReportHead *head;
        const TableDef *table;
        bool in_body;  /* a tbody is open */
        bool contents; /* the list of contents is open */
};

/* The style sheet, compiled in from data/reports/report.css. */
extern const char *const report_style[];
extern const size_t report_style_count;

/* Writes what stands in a cell. */
void cell_html(Renderer *renderer, const RenderRow *row, size_t column);
/* The class of the td, or NULL. */
const char *cell_class(const Cell *cell, ColumnShow show);
/* A word with its sign, in its tone. */
void word_html(Html *html, const char *text);
void unknown_html(Html *html);

#endif
