/* The readers, declared from the rows of formats.def: one function and one file each. Contract: format.h. */
#ifndef EXCHANGE_READERS_H
#define EXCHANGE_READERS_H

#include "exchange/format.h"

#define FORMAT(symbol, name, extensions, bytes, depth, reader, writer, whole, summary) \
        bool reader(const Source *source, Sink *sink, GError **error) G_GNUC_WARN_UNUSED_RESULT;
#include "exchange/formats.def"
#undef FORMAT

#endif
