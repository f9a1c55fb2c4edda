/* Writing a report: a definition applied to one commit, through a renderer, into a stream. The same definition, inputs and
 * commit give the same bytes, whatever happened to the graph before it was pinned. Thread-safe: nothing is shared. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/progress.h"
#include "report/render.h"
#include "report/stream.h"

typedef struct {
        ReportInputs inputs;
        GraphView view;
        Scope scope;
        MetricPeriod period;
        Records records;
        Progress *progress; /* or NULL */
} ReportRequest;

/* The renderer of a format (`html`, `json`), and all of them. Errors: NAME_UNKNOWN, with near names. */
const ReportRenderer *report_renderer_find(const char *format, GError **error);
const ReportRenderer *const *report_renderers(size_t *ret_n);

/* Writes the report; after a failure what was written is to be thrown away. Errors: LIMIT; STORAGE from the
 * stream; CANCELLED. */
bool report_write(const ReportDefinition *definition, const ReportRenderer *renderer,
                  const ReportRequest *request, Stream *stream, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
