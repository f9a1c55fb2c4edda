/* A package of the Open Packaging Conventions, a ZIP archive, on its way: what its parts hold is deflated into a file without a name, and the archive is given at the end. The
 * same calls give the same bytes. The first thing that went wrong is kept and said then. Owned by its maker; used by one thread. */
#ifndef REPORT_OPC_H
#define REPORT_OPC_H

#include "report/stream.h"

#include <stdbool.h>

typedef struct Opc Opc;

Opc *opc_new(void);
void opc_free(Opc *opc);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Opc, opc_free)

/* Begins an entry; `name` is a literal. What comes until the next is its content. */
void opc_entry(Opc *opc, const char *name);
void opc_bytes(Opc *opc, const char *bytes, size_t n);
void opc_text(Opc *opc, const char *text);

/* Gives the archive, in pieces that the stream drains. Errors: STORAGE; LIMIT, it would have 4 GiB or more. */
bool opc_finish(Opc *opc, Stream *stream, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
