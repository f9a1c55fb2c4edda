/* A chart of a table: a bar for each row, one part for each column that it counts, so that nothing but what stands in the table
 * is shown. Laid out once, in whole pixels, for renderers to draw; numbers stand in the parts, so no colour carries anything
 * alone. Owned by its maker; not thread-safe. */
#ifndef REPORT_CHART_H
#define REPORT_CHART_H

#include "report/definition.h"
#include "report/html.h"

enum { CHART_BARS_MAX = 40, CHART_SERIES_MAX = REPORT_SERIES_MAX, CHART_WIDTH = 720, CHART_FONT = 11 };

/* A part of a bar, or a sample of the legend. */
typedef struct {
        int x, y, w, h;
        size_t series;
} ChartBox;

typedef struct {
        int x, y; /* of its base line */
        bool end; /* it ends at x; else it begins there */
        bool on;  /* it stands on a part */
        size_t series;
        char *text;
} ChartText;

typedef struct {
        const ChartDef *def;
        GPtrArray *labels; /* of char *, one for each bar */
        GArray *values;    /* of gint64, by bar, then series */
        int height;        /* these three by chart_lay_out */
        GArray *boxes;     /* of ChartBox */
        GArray *texts;     /* of ChartText */
} Chart;

Chart *chart_new(const ChartDef *def);
void chart_free(Chart *chart);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Chart, chart_free)

/* A bar; nothing for one of zeros, or beyond CHART_BARS_MAX. */
void chart_add(Chart *chart, const char *label, const gint64 *values);
void chart_lay_out(Chart *chart);
/* How light the parts of a series are, 0 black to 1 white. */
double chart_grey(size_t series);
/* What the chart shows, in words: its title and each bar. Free it. */
char *chart_words(const Chart *chart);
void chart_svg(const Chart *chart, Html *html);

#endif
