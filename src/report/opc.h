/* A package of the Open Packaging Conventions, a ZIP archive (libarchive), given to a stream as it is made. No entry says when it was
 * made, so that the same calls give the same bytes. The first thing that went wrong is kept and said at the end. Owned by its maker;
 * used by one thread. */
#ifndef REPORT_OPC_H
#define REPORT_OPC_H

#include "report/stream.h"

#include <stdbool.h>

typedef struct Opc Opc;

/* `stream` is borrowed. */
Opc *opc_new(Stream *stream);
void opc_free(Opc *opc);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Opc, opc_free)

/* Begins an entry; `name` is a literal. What comes until the next is its content. */
void opc_entry(Opc *opc, const char *name);
void opc_bytes(Opc *opc, const char *bytes, size_t n);
void opc_text(Opc *opc, const char *text);

/* Errors: those of the stream; STORAGE with what libarchive says, also where a part would have 4 GiB or more. */
bool opc_finish(Opc *opc, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
