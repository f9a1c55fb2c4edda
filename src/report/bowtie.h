/* A bow-tie of one hazard: the scenarios that lead to it, each with its layers and what becomes of them, the hazard, and its
 * consequence. Laid out as a chart, so that every renderer that draws charts draws it, and says in words what it shows. */
#ifndef REPORT_BOWTIE_H
#define REPORT_BOWTIE_H

#include "analysis/attack.h"
#include "report/chart.h"

typedef struct {
        ChartDef def;
        Chart *chart;
        char *title;
} Bowtie;

/* `n` of the attacks (of HazardAttack), from `from` on, all of one hazard. */
Bowtie *bowtie_new(GraphView view, const GPtrArray *attacks, guint from, guint n);
void bowtie_free(Bowtie *bowtie);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bowtie, bowtie_free)

/* Of every hazard of a report (of Bowtie); one with more scenarios than a page has room for is continued in another. */
GPtrArray *report_bowties(QueryContext *context);

#endif
