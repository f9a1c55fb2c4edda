/* How a text is encoded, by the mark it begins with. Thread-safe: pure functions. */
#ifndef EXCHANGE_ENCODING_H
#define EXCHANGE_ENCODING_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* Whether it begins with the byte order mark of UTF-16. */
bool encoding_is_wide(GBytes *bytes);
/* UTF-16 with a mark as UTF-8 without one. Errors: ENCODING with the byte, LIMIT. */
GBytes *encoding_from_wide(GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many bytes the mark of UTF-8 takes in the beginning of a text. */
size_t encoding_mark(const char *text, size_t n);

#endif
