/* Output of Robot Framework (output.xml), schema 1 to 5. */
#include "exchange/readers.h"

#include "exchange/xfigures.h"

static const char *const roots[] = { "robot", NULL };

static const XFigure rows[] = {
        { XFIGURE_TEXT, "generator", NULL, "robot", "generator", NULL },
        { XFIGURE_TEXT, "schema", NULL, "robot", "schemaversion", NULL },
        { XFIGURE_COUNT, "suites", NULL, "suite", NULL, NULL },
        { XFIGURE_COUNT, "tests", NULL, "test", NULL, NULL },
        { XFIGURE_MAP, "status", "test", "status", "status", NULL },
        { XFIGURE_COUNT, "keywords", NULL, "kw", NULL, NULL },
};

static const XFormat format = { .roots = roots,
                                .what = "an output of Robot Framework",
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .version = "schema",
                                .refusal = "results of Robot Framework are not imported yet" };

bool robot_read(const Source *source, Sink *sink, GError **error)
{
        return xfigures_read(source, sink, &format, error);
}
