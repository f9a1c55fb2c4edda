#include "graph/pieces.h"

#include "base/verify.h"

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

/* A block of at least `least` bytes: as many as there are already, so that a small graph takes little and a large one few blocks. */
static char *block_take(Pool *pool, size_t *total, size_t least, size_t most, size_t *ret_n)
{
        size_t n = POOL_FIRST;
        char *block;

        while (n < *total && n < most)
                n *= 2;
        n = MAX(n, least);
        block = take_apart(n);
        g_ptr_array_add(pool->blocks, block);
        *total += n;
        *ret_n = n;
        return block;
}

void *pool_take(Pool *pool, size_t n)
{
        void *bytes;

        n = (n + 7) & ~(size_t)7;
        /* One for itself alone, so that what is left of the block in use stays so. */
        if (n > POOL_BLOCK / 4)
                return block_take(pool, &pool->bytes_total, n, 0, &n);
        if (n > pool->left)
                pool->at = block_take(pool, &pool->bytes_total, n, POOL_BLOCK, &pool->left);
        bytes = pool->at;
        pool->at += n;
        pool->left -= n;
        return bytes;
}

void *pool_take_lines(Pool *pool, size_t lines)
{
        void *bytes;

        if (lines > pool->lines_left) {
                pool->line_at = block_take(pool, &pool->lines_total, lines * LINE, HUGE_PAGE,
                                           &pool->lines_left);
                pool->lines_left /= LINE;
        }
        bytes = pool->line_at;
        pool->line_at += lines * LINE;
        pool->lines_left -= lines;
        return bytes;
}

static size_t directory_size(const Pieces *pieces)
{
        return (pieces->most + PIECE_SIZE - 1) / PIECE_SIZE;
}

void pieces_init(Pieces *pieces, size_t element, size_t most)
{
        *pieces = (Pieces){ .element = element, .most = most };
        pieces->directory = g_new0(void *, directory_size(pieces));
}

/* Zeroed memory that is there as it is touched: most graphs need a small part of the first piece. */
static void *first_take(size_t n)
{
        void *bytes = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        ZW_VERIFY(bytes != MAP_FAILED); /* as GLib does without memory */
        return bytes;
}

void pieces_finish(Pieces *pieces)
{
        if (pieces->n > 0)
                munmap(pieces->directory[0], PIECE_SIZE * pieces->element);
        for (size_t i = 1; i << PIECE_BITS < pieces->n; i++)
                g_aligned_free(pieces->directory[i]);
        g_free(pieces->directory);
}

bool pieces_grow(Pieces *pieces, size_t index)
{
        const size_t piece = PIECE_SIZE * pieces->element;

        if (index >= pieces->most)
                return false;
        for (; pieces->n <= index; pieces->n += PIECE_SIZE)
                pieces->directory[pieces->n >> PIECE_BITS] = pieces->n == 0 ? first_take(piece)
                                                                            : take_apart(piece);
        pieces->first = MAX(pieces->first, MIN(index + 1, PIECE_SIZE));
        return true;
}

size_t pieces_memory(const Pieces *pieces)
{
        const size_t later = pieces->n > PIECE_SIZE ? pieces->n - PIECE_SIZE : 0;

        return directory_size(pieces) * sizeof(void *) + (pieces->first + later) * pieces->element;
}
