/* Base64 for addresses and tokens (RFC 4648, part 5), without padding. Strict: one text for the same bytes, so that what was
 * compared as text is the same as bytes. Thread-safe: pure functions. */
#ifndef BASE_BASE64URL_H
#define BASE_BASE64URL_H

#include <glib.h>
#include <stdint.h>

/* Free it. */
char *base64url_encode(const void *bytes, size_t n);
/* The bytes, to be freed, and their number. Errors: INPUT. */
uint8_t *base64url_decode(const char *text, size_t *ret_n, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
