/* Inside graph/ only: memory that never moves. A Pool gives bytes that live as long as the graph; Pieces is an array that
 * grows by fixed pieces, so that a reader may look at old elements while the writer appends. Pieces of 2 MiB and blocks of
 * lines lie in huge pages where the system has them: a walk goes from one to the next at random. One writer; any readers
 * of what was published before. */
#ifndef GRAPH_PIECES_H
#define GRAPH_PIECES_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
        PIECE_BITS = 15,
        PIECE_SIZE = 1 << PIECE_BITS,
        POOL_FIRST = 64 << 10,
        POOL_BLOCK = 1 << 20,
        HUGE_PAGE = 2 << 20
};

typedef struct {
        GPtrArray *blocks;
        char *at;
        size_t left;
        char *line_at; /* lines come from blocks of their own */
        size_t lines_left;
        size_t bytes_total, lines_total; /* in blocks of either kind */
} Pool;

void pool_init(Pool *pool);
void pool_finish(Pool *pool);
/* `n` zeroed bytes, aligned to 8; or whole cache lines of 64 bytes. */
void *pool_take(Pool *pool, size_t n);
void *pool_take_lines(Pool *pool, size_t lines);

typedef struct {
        void **directory;               /* of pieces for `most` elements, NULL until used */
        size_t element, most, n, first; /* `first`: elements of the first piece that are made */
} Pieces;

/* At most `most` elements of `element` bytes. */
void pieces_init(Pieces *pieces, size_t element, size_t most);
void pieces_finish(Pieces *pieces);
/* Makes elements up to and with `index`, zeroed. False at the maximum. */
bool pieces_grow(Pieces *pieces, size_t index);
size_t pieces_memory(const Pieces *pieces); /* bytes */

static inline void *pieces_at(const Pieces *pieces, size_t index)
{
        return (char *)pieces->directory[index >> PIECE_BITS] + (index & (PIECE_SIZE - 1)) * pieces->element;
}

#endif
