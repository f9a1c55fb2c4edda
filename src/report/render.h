/* How a report is written: the events of a document in order, and a table of functions per format. A report is never held as
 * a whole; rows come one at a time. Renderers write into the buffer of a stream that the caller drains after each; one that has
 * much to write at the end drains it itself. */
#ifndef REPORT_RENDER_H
#define REPORT_RENDER_H

#include "report/cell.h"
#include "report/chart.h"
#include "report/definition.h"
#include "report/drawing.h"
#include "report/stream.h"

/* What a report is a function of, printed in each. */
typedef struct {
        const char *project, *project_title;
        Seq commit;
        const char *hash; /* of the commit, hex */
        const char *root; /* of the tree over all commits up to it, hex: what a checkpoint signs */
        Instant instant;  /* of evaluation */
        const char
                *feed; /* snapshot of the vulnerability feeds; NULL: none, so what it would tell is unknown */
        const char *version;
        const char *feed_because; /* why the snapshot is not known, though there are feeds; or NULL */
} ReportInputs;

typedef struct {
        const ReportDefinition *definition;
        const ReportInputs *inputs;
        GraphView view;
        const char *place;  /* keys of the only systems and places looked at, or NULL */
        const char *period; /* or NULL for a report that is about none */
} ReportHead;

typedef struct Renderer Renderer;

/* Where a count leads; NULL where it leads nowhere. */
typedef struct {
        const char *report; /* another report, or NULL */
        const char *anchor;
} RenderLink;

/* Gives the link of a count in a column; `word` is that of the count in CELL_COUNTS. The result lasts until the next call. */
typedef const RenderLink *(*RenderLinkFn)(void *payload, size_t column, const char *word);

typedef struct {
        const Cell *const *cells; /* one per column of the table */
        const char *anchor;       /* or NULL */
        RenderLinkFn link;
        void *payload;
} RenderRow;

typedef struct {
        const char *name, *media;
        bool binary;        /* not a text */
        bool drawings_only; /* begin, drawing, end and free are all it has; for reports with a drawing */
        Renderer *(*begin)(const ReportHead *head, Stream *stream);
        /* One entry of the list of contents; all of them come before the first section. */
        void (*content)(Renderer *renderer, int level, const char *anchor, const char *title);
        void (*section_begin)(Renderer *renderer, int level, const char *anchor, const char *title);
        void (*section_end)(Renderer *renderer);
        void (*paragraph)(Renderer *renderer, const char *text);
        void (*drawing)(Renderer *renderer, const Drawing *drawing, const char *anchor, const char *caption);
        void (*table_begin)(Renderer *renderer, const TableDef *table, const char *anchor,
                            const char *caption);
        /* Rows that follow belong to this group, until the next. */
        void (*group)(Renderer *renderer, const char *anchor, const char *title);
        void (*row)(Renderer *renderer, const RenderRow *row);
        /* `more`: rows that were left out. */
        void (*table_end)(Renderer *renderer, gint64 rows, gint64 more);
        /* Of the table that ended, laid out; `rows` of it. NULL for a format that shows none. */
        void (*chart)(Renderer *renderer, const Chart *chart, gint64 rows);
        /* A drawing laid out as a chart that belongs to no table; or NULL. */
        void (*figure)(Renderer *renderer, const Chart *chart);
        /* Errors: STORAGE, LIMIT; never of one that writes text. */
        bool (*end)(Renderer *renderer, GError **error);
        void (*free)(Renderer *renderer);
} ReportRenderer;

extern const ReportRenderer renderer_docx, renderer_html, renderer_json, renderer_pdf, renderer_svg,
        renderer_xlsx;

#endif
