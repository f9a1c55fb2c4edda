/* Finds where a text stops being JSON. A fast parser says only that it did; this says where, afterwards, with
 * no memory but the nesting. Thread-safe: pure function. */
#ifndef BASE_JCHECK_H
#define BASE_JCHECK_H

#include <stdbool.h>
#include <stddef.h>

enum { ZW_JCHECK_DEPTH_MAX = 1000 };

typedef struct {
        size_t at; /* offset of the first byte that cannot be, from 0; the length when the text ends early */
        const char *message; /* static */
        bool deep;           /* the fault is the nesting */
} JFault;

/* True when all of `text` is one JSON value whose numbers fit 64 bits, with arrays and objects at most
 * `depth_max` deep (at most ZW_JCHECK_DEPTH_MAX); else *ret_fault. That it is UTF-8 is not checked. */
bool jcheck_text(const char *text, size_t n, size_t depth_max, JFault *ret_fault);

#endif
