/* A bow-tie of one hazard under one scenario: the scenario, the layers with what becomes of them, the hazard. Laid out as a chart, so
 * that every renderer that draws charts draws it; what it shows is said in its title, too. */
#ifndef REPORT_BOWTIE_H
#define REPORT_BOWTIE_H

#include "analysis/attack.h"
#include "report/chart.h"

typedef struct {
        ChartDef def;
        Chart *chart;
        char *title;
} Bowtie;

Bowtie *bowtie_new(GraphView view, const HazardAttack *attack);
void bowtie_free(Bowtie *bowtie);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bowtie, bowtie_free)

/* Of every hazard and scenario of a report (of Bowtie). */
GPtrArray *report_bowties(QueryContext *context);

#endif
