/* The zone and conduit drawing of a project. */
#ifndef REPORT_ZONES_H
#define REPORT_ZONES_H

#include "report/drawing.h"
#include "report/query.h"

/* Laid out. Of the places of the context: of one place alone, just that. Errors: those of the records. */
Drawing *report_drawing(QueryContext *context, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
