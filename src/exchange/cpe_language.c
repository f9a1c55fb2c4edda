/* Applicability language of CPE 2.3: which platforms together make a configuration. */
#include "exchange/readers.h"

#include "exchange/xfigures.h"

static const char *const roots[] = { "platform-specification", NULL };

static const XFigure rows[] = {
        { XFIGURE_COUNT, "platform", NULL, "platform", NULL, NULL },
        { XFIGURE_COUNT, "logical-test", NULL, "logical-test", NULL, NULL },
        { XFIGURE_COUNT, "fact-ref", NULL, "fact-ref", NULL, NULL },
};

static const XFormat format = { .roots = roots,
                                .what = "a platform specification of CPE",
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .refusal = "a platform specification holds nothing to import",
                                .root_and_space = true };

bool cpe_language_read(const Source *source, Sink *sink, GError **error)
{
        return xfigures_read(source, sink, &format, error);
}
