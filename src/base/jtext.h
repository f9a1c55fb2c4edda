/* What all JSON writers share: UTF-8 checking, quoted text, numbers, JSON pointers. Thread-safe: pure
 * functions. */
#ifndef BASE_JTEXT_H
#define BASE_JTEXT_H

#include "base/out.h"
#include <jansson.h>

/* How deep arrays and objects may lie in each other, in what is read and in what is encoded. */
enum { ZW_JSON_DEPTH = 100 };

/* Length of the longest valid UTF-8 prefix; NUL is valid, surrogates and overlong forms are not. */
size_t utf8_prefix(const char *text, size_t n);
static inline bool utf8_valid(const char *text, size_t n)
{
        return utf8_prefix(text, n) == n;
}

/* A quoted JSON text with the shortest escapes. A byte that is not UTF-8 becomes U+FFFD, so that output is
 * always valid; who must refuse such text checks it before. */
void jtext_write(Out *out, const char *text, size_t n);

/* A finite number, with the fewest digits that read back as the same value; null for others. */
void jtext_write_real(Out *out, double value);

/* A place in a JSON value, as a chain on the stack; made to text only when an error is set. */
typedef struct JPlace {
        const struct JPlace *parent; /* NULL: the root */
        const char *key;             /* NULL: `index` counts */
        size_t key_n, index;
} JPlace;

/* The JSON pointer of `place` (NULL: the root) below the pointer `base` (NULL: ""). Free it. */
char *jplace_text(const char *base, const JPlace *place);

#endif
