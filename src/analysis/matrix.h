/* Which items trace to which (docs/algorithms/trace-and-impact.md): for an item of the rows of a matrix, every item of its columns
 * that has a link with it, or lies on a chain with it. A Matrix belongs to one thread and serves any number of rows. */
#ifndef ANALYSIS_MATRIX_H
#define ANALYSIS_MATRIX_H

#include "graph/graph.h"

typedef struct Matrix Matrix;

typedef struct {
        uint32_t column;   /* index among the columns */
        uint32_t distance; /* links on the shortest way; 1 is direct */
        bool suspect;      /* one of these links has to be judged again */
} MatrixCell;

/* `columns` is borrowed, each item once. */
Matrix *matrix_new(GraphView view, const ItemNo *columns, size_t n);
void matrix_free(Matrix *matrix);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Matrix, matrix_free)

/* The cells of an item (GArray of MatrixCell, borrowed until the next call), by column: direct over a link of any type, derived
 * over the chain from source to proof, up or down. NULL on failure. Errors: NODE_UNKNOWN. */
const GArray *matrix_row(Matrix *matrix, ItemNo row, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
