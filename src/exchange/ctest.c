/* Test.xml of CTest. */
#include "exchange/readers.h"

#include "exchange/xfigures.h"

static const char *const roots[] = { "Site", NULL };

static const XFigure rows[] = {
        { XFIGURE_COUNT, "tests", "Testing", "Test", NULL, NULL },
        { XFIGURE_MAP, "status", "Testing", "Test", "Status", NULL },
};

static const XFormat format = { .roots = roots,
                                .what = "a report of CTest",
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .refusal = "these results are not imported yet",
                                .root_and_space = true };

bool ctest_read(const Source *source, Sink *sink, GError **error)
{
        return xfigures_read(source, sink, &format, error);
}
