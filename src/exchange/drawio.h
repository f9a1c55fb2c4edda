/* Drawings of diagrams.net: what unpacking and telling share. */
#ifndef EXCHANGE_DRAWIO_H
#define EXCHANGE_DRAWIO_H

#include "exchange/format.h"

/* The XML of a packed page; `where` is for errors. Errors: INPUT; LIMIT. */
GBytes *drawio_unpack(char *text, const char *where, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Zones, assets and flows of all pages (drawio_tell.c). Errors: those of reading a page. */
bool drawio_tell(const Source *source, Sink *sink, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
