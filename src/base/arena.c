#include "base/arena.h"

#include <stdint.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISON 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISON 1
#endif
#endif
#ifdef ARENA_POISON
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n)   ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

enum { ARENA_ALIGN = 8, ARENA_CHUNK_FIRST = 4096, ARENA_CHUNK_MOST = 1 << 20 };

typedef struct Chunk {
        struct Chunk *older;
        size_t size, used;
        uint64_t data[];
} Chunk;

struct Arena {
        Chunk *newest;
        size_t used, max, next_size;
};

Arena *arena_new(size_t max)
{
        Arena *arena = g_new0(Arena, 1);

        arena->max = MIN(max, (size_t)G_MAXSSIZE / 2);
        arena->next_size = ARENA_CHUNK_FIRST;
        return arena;
}

static void chunk_free(Chunk *chunk)
{
        ASAN_UNPOISON_MEMORY_REGION(chunk->data, chunk->size);
        g_free(chunk);
}

void arena_free(Arena *arena)
{
        if (arena == NULL)
                return;
        while (arena->newest != NULL) {
                Chunk *chunk = arena->newest;

                arena->newest = chunk->older;
                chunk_free(chunk);
        }
        g_free(arena);
}

/* A chunk with room for `n`; each is twice the last, so that their number stays small. */
static Chunk *chunk_add(Arena *arena, size_t n)
{
        size_t size = MAX(n, arena->next_size);
        Chunk *chunk = g_try_malloc(sizeof(Chunk) + size);

        if (chunk == NULL)
                return NULL;
        chunk->older = arena->newest;
        chunk->size = size;
        chunk->used = 0;
        ASAN_POISON_MEMORY_REGION(chunk->data, size);
        arena->newest = chunk;
        arena->next_size = MIN(size * 2, (size_t)ARENA_CHUNK_MOST);
        return chunk;
}

void *arena_alloc(Arena *arena, size_t n)
{
        Chunk *chunk = arena->newest;
        size_t room = arena->max - arena->used;
        char *p;

        n = MAX(n, 1);
        if (n > room)
                return NULL;
        n = MIN((n + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN, room);
        if (chunk == NULL || chunk->size - chunk->used < n) {
                chunk = chunk_add(arena, n);
                if (chunk == NULL)
                        return NULL;
        }

        p = (char *)chunk->data + chunk->used;
        ASAN_UNPOISON_MEMORY_REGION(p, n);
        memset(p, 0, n);
        chunk->used += n;
        arena->used += n;
        return p;
}

char *arena_text(Arena *arena, const char *text, size_t n)
{
        char *copy = n < G_MAXSIZE ? arena_alloc(arena, n + 1) : NULL;

        if (copy != NULL && n > 0)
                memcpy(copy, text, n);
        return copy;
}

/* The newest chunk is kept, since what comes next is likely as large as what was. */
void arena_reset(Arena *arena)
{
        Chunk *kept = arena->newest;

        arena->used = 0;
        if (kept == NULL)
                return;
        while (kept->older != NULL) {
                Chunk *chunk = kept->older;

                kept->older = chunk->older;
                chunk_free(chunk);
        }
        kept->used = 0;
        ASAN_POISON_MEMORY_REGION(kept->data, kept->size);
}

size_t arena_used(const Arena *arena)
{
        return arena->used;
}
