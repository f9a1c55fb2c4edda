/* Reports of Qt Test. */
#include "exchange/readers.h"

#include "exchange/xfigures.h"

static const char *const roots[] = { "TestCase", NULL };

static const XFigure rows[] = {
        { XFIGURE_COUNT, "functions", NULL, "TestFunction", NULL, NULL },
        { XFIGURE_MAP, "incidents", NULL, "Incident", "type", NULL },
};

static const XFormat format = { .roots = roots,
                                .what = "a report of Qt Test",
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .refusal = "these results are not imported yet",
                                .root_and_space = true,
                                .top = 8 };

bool qtest_read(const Source *source, Sink *sink, GError **error)
{
        return xfigures_read(source, sink, &format, error);
}
