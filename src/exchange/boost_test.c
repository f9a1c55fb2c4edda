/* Logs of Boost.Test. */
#include "exchange/readers.h"

#include "exchange/xfigures.h"

static const char *const roots[] = { "TestLog", NULL };

static const XFigure rows[] = {
        { XFIGURE_COUNT, "cases", NULL, "TestCase", NULL, NULL },
        { XFIGURE_COUNT, "suites", NULL, "TestSuite", NULL, NULL },
        { XFIGURE_COUNT, "errors", NULL, "Error", NULL, NULL },
        { XFIGURE_COUNT, "fatal_errors", NULL, "FatalError", NULL, NULL },
        { XFIGURE_COUNT, "exceptions", NULL, "Exception", NULL, NULL },
};

static const XFormat format = { .roots = roots,
                                .what = "a log of Boost.Test",
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .refusal = "these results are not imported yet",
                                .root_and_space = true,
                                .top = 8 };

bool boost_test_read(const Source *source, Sink *sink, GError **error)
{
        return xfigures_read(source, sink, &format, error);
}
