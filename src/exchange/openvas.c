/* Reports of OpenVAS, Greenbone, XML. */
#include "exchange/readers.h"

#include "exchange/xfigures.h"

static const char *const roots[] = { "report", "get_reports_response", NULL };

static const XFigure rows[] = {
        { XFIGURE_COUNT, "results", "results", "result", NULL, NULL },
        { XFIGURE_MAP, "threats", "result", "threat", ".", NULL },
        { XFIGURE_DISTINCT, "hosts", "result", "host", ".", NULL },
};

static const XFormat format = { .roots = roots,
                                .what = "a report of OpenVAS",
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .refusal = "what a scanner found is not imported yet",
                                .root_and_space = true };

bool openvas_read(const Source *source, Sink *sink, GError **error)
{
        return xfigures_read(source, sink, &format, error);
}
