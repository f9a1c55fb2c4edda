/* Exports of the Nessus scanner, .nessus version 2. */
#include "exchange/readers.h"

#include "exchange/xfigures.h"

static const char *const roots[] = { "NessusClientData_v2", NULL };

static const XFigure rows[] = {
        { XFIGURE_COUNT, "ReportHost", NULL, "ReportHost", NULL, NULL },
        { XFIGURE_COUNT, "ReportItem", NULL, "ReportItem", NULL, NULL },
        { XFIGURE_MAP, "severity", NULL, "ReportItem", "severity", NULL },
        { XFIGURE_DISTINCT, "distinct_plugins", NULL, "ReportItem", "pluginID", NULL },
        { XFIGURE_COUNT, "cve_tags", "ReportItem", "cve", NULL, NULL },
        { XFIGURE_DISTINCT, "distinct_cves", "ReportItem", "cve", ".", NULL },
};

static const XFormat format = { .roots = roots,
                                .what = "an export of Nessus",
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .refusal = "what a scanner found is not imported yet",
                                .root_and_space = true };

bool nessus_read(const Source *source, Sink *sink, GError **error)
{
        return xfigures_read(source, sink, &format, error);
}
