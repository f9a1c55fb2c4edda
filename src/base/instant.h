/* Points in time: milliseconds since 1970-01-01T00:00:00Z, always UTC. Text is RFC 3339 with milliseconds,
 * `2026-03-01T10:00:00.000Z`. Thread-safe. */
#ifndef BASE_INSTANT_H
#define BASE_INSTANT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef int64_t Instant;
enum { ZW_INSTANT_TEXT = 25 };

/* Lengths of time in milliseconds, as wide as an Instant so that a product with days cannot overflow. */
#define ZW_HOUR_MS INT64_C(3600000)
#define ZW_DAY_MS  (24 * ZW_HOUR_MS)

Instant instant_now(void);

/* `YYYY-MM-DDTHH:MM:SS.mmmZ` into a buffer of ZW_INSTANT_TEXT characters. */
void instant_format(Instant t, char *ret_text);

/* Accepts a date (midnight UTC) or an RFC 3339 time with any offset and fraction; years 1900 to 9999.
 * Errors: INPUT. */
bool instant_parse(const char *text, Instant *ret_t, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
