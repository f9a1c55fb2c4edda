/* A bounded output buffer: every writer appends to one of these. It has a mandatory maximum; the first append
 * that would pass it makes the buffer fail, later appends do nothing, and the failure is read once at the
 * end. Owned by its creator; not thread-safe. */
#ifndef BASE_OUT_H
#define BASE_OUT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct Out Out;

/* An empty buffer that holds at most `max` bytes. Never NULL. */
Out *out_new(size_t max);
void out_free(Out *out);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Out, out_free)

void out_bytes(Out *out, const void *bytes, size_t n);
void out_text(Out *out, const char *text);
void out_char(Out *out, char c);
void out_format(Out *out, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* What was written so far (borrowed, NUL-terminated for text), and its length. */
const char *out_data(const Out *out);
size_t out_length(const Out *out);

/* Empties the buffer and clears a failure; memory is kept. */
void out_reset(Out *out);

/* True when nothing was cut. Errors: LIMIT. */
bool out_check(const Out *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Hands over the content; the buffer is empty afterwards. Errors: LIMIT. */
GBytes *out_steal(Out *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
