/* What nmap found on a network, its XML output (-oX). */
#include "exchange/readers.h"

#include "exchange/xfigures.h"

static const char *const roots[] = { "nmaprun", NULL };

static const XFigure rows[] = {
        { XFIGURE_TEXT, "nmap_version", NULL, "nmaprun", "version", NULL },
        { XFIGURE_COUNT, "hosts", "nmaprun", "host", NULL, NULL },
        { XFIGURE_COUNT, "up", "host", "status", "state", "up" },
        { XFIGURE_COUNT, "ports", "ports", "port", NULL, NULL },
        { XFIGURE_COUNT, "open", "port", "state", "state", "open" },
        { XFIGURE_COUNT, "scripts", NULL, "script", NULL, NULL },
        { XFIGURE_COUNT, "osmatch", NULL, "osmatch", NULL, NULL },
};

static const XFormat format = { .roots = roots,
                                .what = "a scan of nmap",
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .version = "nmap_version",
                                .refusal = "what a scan found is not imported yet" };

bool nmap_read(const Source *source, Sink *sink, GError **error)
{
        return xfigures_read(source, sink, &format, error);
}
