/* Inside the analysis of programmes only. */
#ifndef ANALYSIS_PROGRAMME_INTERNAL_H
#define ANALYSIS_PROGRAMME_INTERNAL_H

#include "analysis/programme.h"

/* Judges a requirement of a row (programme_record.c), or a row without one. */
ProgrammeRecord programme_record(GraphView view, RowId row, ItemNo requirement, Instant now);
void programme_record_clear(ProgrammeRecord *record);

#endif
