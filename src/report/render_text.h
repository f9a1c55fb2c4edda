/* Cells as plain text, for renderers without markup: what HTML shows by elements stands as words and signs. */
#ifndef REPORT_RENDER_TEXT_H
#define REPORT_RENDER_TEXT_H

#include "report/render.h"

/* The first line of a text that SHOW_BRIEF shows, or as much of it as 160 characters hold, with a mark where something was left out. Free it. */
char *text_brief(const char *text);
/* What stands in a cell, lines ended by newlines between entries of a list. Free it. */
char *cell_text(GraphView view, const Cell *cell, ColumnShow show);
/* What each page of a report says at its foot. Free it. */
char *inputs_text(const ReportInputs *inputs);

#endif
