/* Arrays of numbers (GArray of uint32_t). Thread-safe for arrays of one thread each. */
#ifndef BASE_NUMBERS_H
#define BASE_NUMBERS_H

#include <glib.h>

/* For sorting and for bsearch. */
int numbers_order(gconstpointer a, gconstpointer b);
/* Puts them in order, each once. */
void numbers_sort(GArray *numbers);

#endif
