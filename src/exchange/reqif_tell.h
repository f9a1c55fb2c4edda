/* The objects of a ReqIF document as requirements (reqif_tell.c). */
#ifndef EXCHANGE_REQIF_TELL_H
#define EXCHANGE_REQIF_TELL_H

#include "exchange/format.h"

/* `name` is that of the document, without a path. Errors: those of xtree_load. */
bool reqif_tell(const Source *source, GBytes *bytes, const char *name, Sink *sink, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
