/* What jdoc.c needs of simdjson. Only jdoc.c may include this. */
#ifndef BASE_JDOC_SHIM_H
#define BASE_JDOC_SHIM_H

#include "base/jdoc.h"

G_BEGIN_DECLS

typedef enum { JSHIM_OK, JSHIM_SYNTAX, JSHIM_DEPTH, JSHIM_MEMORY } JShimResult;

/* Parses `n` bytes. *ret_doc is set on success only; *ret_message (static) on failure only. */
JShimResult jshim_parse(const char *text, size_t n, size_t depth_max, JDoc **ret_doc,
                        const char **ret_message);

G_END_DECLS

#endif
