/* Deterministic JSON, the encoding whose bytes are hashed: UTF-8 without BOM, object keys sorted by byte, no
 * white space, integers only in -2^53+1..2^53-1 (a decimal is written as a string), the escapes of jwrite.h,
 * no duplicate keys. The same value gives the same bytes for ever (docs/log-format.md). Thread-safe: pure
 * functions. */
#ifndef BASE_CANON_H
#define BASE_CANON_H

#include "base/out.h"
#include <jansson.h>

/* Appends the encoding of `value`. Errors: INPUT with the JSON pointer, for a real number, an integer out of
 * range or text that is not UTF-8; LIMIT. `out` may then hold a part. */
bool canon_encode(const json_t *value, Out *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same as new bytes, at most `max` of them. */
GBytes *canon_bytes(const json_t *value, size_t max, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
