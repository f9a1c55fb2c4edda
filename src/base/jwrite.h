/* A streaming JSON writer on a bounded buffer. It tracks nesting and commas; wrong nesting is a programmer's
 * error. Text is written as UTF-8 with the shortest escapes (\" \\ \b \f \n \r \t, else \u00xx below 0x20).
 * Owned by its creator; not thread-safe. */
#ifndef BASE_JWRITE_H
#define BASE_JWRITE_H

#include "base/out.h"
#include <jansson.h>
#include <stdint.h>

typedef struct JWrite JWrite;

/* Writes into `out`, which is borrowed and must live longer. */
JWrite *jwrite_new(Out *out);
void jwrite_free(JWrite *w);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JWrite, jwrite_free)

/* The buffer it writes into (borrowed). */
Out *jwrite_out(JWrite *w);

void jwrite_object_begin(JWrite *w);
void jwrite_object_end(JWrite *w);
void jwrite_array_begin(JWrite *w);
void jwrite_array_end(JWrite *w);

/* Names the next value; only inside an object. */
void jwrite_key(JWrite *w, const char *key);

/* Values. A NULL text is written as null. */
void jwrite_string(JWrite *w, const char *text);
void jwrite_string_n(JWrite *w, const char *text, size_t n);
void jwrite_int(JWrite *w, int64_t value);
/* Ten significant digits; NaN, which is unknown, as null. */
void jwrite_number(JWrite *w, double value);
void jwrite_bool(JWrite *w, bool value);
void jwrite_null(JWrite *w);
void jwrite_json(JWrite *w, const json_t *value);
/* Bytes that are one JSON value already, checked by the caller. */
void jwrite_raw(JWrite *w, const char *json, size_t n);

/* Key and value in one call. */
void jwrite_key_string(JWrite *w, const char *key, const char *text);
void jwrite_key_int(JWrite *w, const char *key, int64_t value);
void jwrite_key_number(JWrite *w, const char *key, double value);
void jwrite_key_bool(JWrite *w, const char *key, bool value);
void jwrite_key_null(JWrite *w, const char *key);
/* A level, or null where it is negative: unknown. */
void jwrite_key_level(JWrite *w, const char *key, int level);
void jwrite_key_json(JWrite *w, const char *key, const json_t *value);

#endif
