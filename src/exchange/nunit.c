/* Reports of NUnit 2 and 3. */
#include "exchange/readers.h"

#include "exchange/xfigures.h"

static const char *const roots[] = { "test-results", "test-run", NULL };

static const XFigure rows[] = {
        { XFIGURE_COUNT, "cases", NULL, "test-case", NULL, NULL },
        { XFIGURE_MAP, "result", NULL, "test-case", "result", NULL },
};

static const XFormat format = { .roots = roots,
                                .what = "a report of NUnit",
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .refusal = "these results are not imported yet",
                                .root_and_space = true };

bool nunit_read(const Source *source, Sink *sink, GError **error)
{
        return xfigures_read(source, sink, &format, error);
}
