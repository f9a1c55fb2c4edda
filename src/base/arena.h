/* A bump allocator for many small pieces with one lifetime. It has a maximum; beyond it arena_alloc gives
 * NULL, which callers report as LIMIT. Freed and reset memory is poisoned under AddressSanitizer. Not
 * thread-safe. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <glib.h>
#include <stddef.h>

typedef struct Arena Arena;

Arena *arena_new(size_t max);
void arena_free(Arena *arena);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Arena, arena_free)

/* `n` bytes, aligned to 8, zeroed; NULL when the maximum is passed. Lives until reset or free. */
void *arena_alloc(Arena *arena, size_t n);
/* A NUL-terminated copy. */
char *arena_text(Arena *arena, const char *text, size_t n);
void arena_reset(Arena *arena);
size_t arena_used(const Arena *arena);

#endif
