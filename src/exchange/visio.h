/* Drawings of Visio: what counting and telling share. */
#ifndef EXCHANGE_VISIO_H
#define EXCHANGE_VISIO_H

#include "exchange/format.h"

/* Zones, assets, flows and conduits of all pages (visio_tell.c). Errors: those of the archive and of its parts. */
bool visio_tell(const Source *source, Sink *sink, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
