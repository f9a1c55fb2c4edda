#include "graph/pieces.h"

#include <sys/mman.h>

enum { LINE = 64 };

/* `n` zeroed bytes by themselves: a huge page each where they are that many. */
static void *take_apart(size_t n)
{
        void *bytes;

        if (n % HUGE_PAGE != 0)
                return g_aligned_alloc0(1, n, LINE);
        bytes = g_aligned_alloc(1, n, HUGE_PAGE);
        madvise(bytes, n, MADV_HUGEPAGE); /* a wish: without it all is as right, and slower */
        return memset(bytes, 0, n);
}

void pool_init(Pool *pool)
{
        *pool = (Pool){ .blocks = g_ptr_array_new_with_free_func(g_aligned_free) };
}

void pool_finish(Pool *pool)
{
        g_ptr_array_unref(pool->blocks);
}

void *pool_take(Pool *pool, size_t n)
{
        void *bytes;

        n = (n + 7) & ~(size_t)7;
        if (n > POOL_BLOCK / 4) {
                bytes = g_aligned_alloc0(1, n, LINE);
                g_ptr_array_add(pool->blocks, bytes);
                pool->used += n;
                return bytes;
        }
        if (n > pool->left) {
                pool->at = g_aligned_alloc0(1, POOL_BLOCK, LINE);
                pool->left = POOL_BLOCK;
                pool->used += POOL_BLOCK;
                g_ptr_array_add(pool->blocks, pool->at);
        }
        bytes = pool->at;
        pool->at += n;
        pool->left -= n;
        return bytes;
}

void *pool_take_lines(Pool *pool, size_t lines)
{
        void *bytes;

        if (lines > pool->lines_left) {
                pool->lines_left = MAX(lines, (size_t)HUGE_PAGE / LINE);
                pool->line_at = take_apart(pool->lines_left * LINE);
                pool->used += pool->lines_left * LINE;
                g_ptr_array_add(pool->blocks, pool->line_at);
        }
        bytes = pool->line_at;
        pool->line_at += lines * LINE;
        pool->lines_left -= lines;
        return bytes;
}

void pieces_init(Pieces *pieces, size_t element, size_t most)
{
        size_t directory = (most + PIECE_SIZE - 1) / PIECE_SIZE;

        *pieces = (Pieces){ .directory = g_new0(void *, directory),
                            .element = element,
                            .most = most,
                            .used = directory * sizeof(void *) };
}

void pieces_finish(Pieces *pieces)
{
        for (size_t i = 0; i << PIECE_BITS < pieces->n; i++)
                g_aligned_free(pieces->directory[i]);
        g_free(pieces->directory);
}

bool pieces_grow(Pieces *pieces, size_t index)
{
        if (index >= pieces->most)
                return false;
        while (pieces->n <= index) {
                pieces->directory[pieces->n >> PIECE_BITS] = take_apart(PIECE_SIZE * pieces->element);
                pieces->used += pieces->element * PIECE_SIZE;
                pieces->n += PIECE_SIZE;
        }
        return true;
}
