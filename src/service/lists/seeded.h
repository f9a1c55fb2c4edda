/* A sample that a seed alone decides, so that anybody can draw it again: of keys, those whose SHA-256 of seed and key come first. */
#ifndef SERVICE_LISTS_SEEDED_H
#define SERVICE_LISTS_SEEDED_H

#include <glib.h>
#include <stdint.h>

/* Leaves `n` of the keys (char *, freed by the array) in the order in which they were drawn; all where there are fewer. */
void seeded_draw(GPtrArray *keys, int64_t seed, size_t n);

#endif
