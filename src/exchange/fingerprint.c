/* Fingerprints of GRASSMARLIN: by what devices are recognised in traffic. They are rules of a passive scanner: none names a device that
 * is installed, and what such a scanner found comes with its own export. */
#include "exchange/readers.h"

#include "exchange/xfigures.h"

static const char *const roots[] = { "Fingerprint", NULL };

static const XFigure rows[] = {
        { XFIGURE_COUNT, "Filter", NULL, "Filter", NULL, NULL },
        { XFIGURE_COUNT, "Payload", NULL, "Payload", NULL, NULL },
};

static const XFormat format = {
        .roots = roots,
        .what = "a fingerprint of GRASSMARLIN",
        .rows = rows,
        .n_rows = G_N_ELEMENTS(rows),
        .refusal =
                "a fingerprint says how a device is recognised in traffic, not that there is one: it holds nothing to import",
        .root_and_space = true,
        .top = 6
};

bool fingerprint_read(const Source *source, Sink *sink, GError **error)
{
        return xfigures_read(source, sink, &format, error);
}
