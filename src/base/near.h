/* Suggestions for a misspelt name. Thread-safe. */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include <glib.h>
#include <stddef.h>

/* Up to three of the `n` names that lie near `word` (edit distance with transpositions at most a third of its
 * length, or a common prefix of three), nearest first, as `, did you mean "a", "b"?`; the empty text when
 * none does. Free it. */
char *near_names(const char *word, const char *const *names, size_t n);

#endif
