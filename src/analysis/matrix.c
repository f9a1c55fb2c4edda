#include "analysis/matrix.h"

#include "graph/walk.h"

struct Matrix {
        GraphView view;
        Walk *walk;
        uint32_t *columns; /* by item: its column, from 1; 0 for none */
        MatrixCell *found; /* by column; distance 0 where there is nothing */
        size_t n;
        GArray *cells; /* of MatrixCell: the row asked for last */
};

Matrix *matrix_new(GraphView view, const ItemNo *columns, size_t n)
{
        Matrix *matrix = g_new0(Matrix, 1);

        matrix->view = view;
        matrix->walk = walk_new();
        matrix->columns = g_new0(uint32_t, graph_item_count(view) + 1);
        matrix->found = g_new0(MatrixCell, n + 1);
        matrix->n = n;
        matrix->cells = g_array_new(FALSE, FALSE, sizeof(MatrixCell));
        for (size_t i = 0; i < n; i++)
                matrix->columns[columns[i]] = (uint32_t)i + 1;
        return matrix;
}

void matrix_free(Matrix *matrix)
{
        if (matrix == NULL)
                return;
        walk_free(matrix->walk);
        g_free(matrix->columns);
        g_free(matrix->found);
        g_array_unref(matrix->cells);
        g_free(matrix);
}

/* The nearer of two ways stays; of two as near, one with a link to be judged again. */
static void cell_note(Matrix *matrix, uint32_t column, uint32_t distance, bool suspect)
{
        MatrixCell *cell = &matrix->found[column];

        if (cell->distance == 0 || distance < cell->distance)
                *cell = (MatrixCell){ column, distance, suspect };
        else if (distance == cell->distance)
                cell->suspect = cell->suspect || suspect;
}

static void direct_note(Matrix *matrix, ItemNo row, GraphSide side)
{
        GraphIter iter = graph_iter(matrix->view, row, side, LINK_MASK_ALL);
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (matrix->columns[edge.other] != 0)
                        cell_note(matrix, matrix->columns[edge.other] - 1, 1,
                                  graph_link_is_suspect(matrix->view, edge.link));
}

static bool way_is_suspect(const Matrix *matrix, const WalkStep *steps, size_t at)
{
        for (; at != 0; at = steps[at].before)
                if (graph_link_is_suspect(matrix->view, walk_link(matrix->view, steps, &steps[at])))
                        return true;
        return false;
}

static bool derived_note(Matrix *matrix, ItemNo row, WalkDirection direction, GError **error)
{
        const size_t most = graph_item_count(matrix->view);
        const WalkStep *steps;
        size_t n;

        if (!walk_find(matrix->walk, matrix->view, row, WALK_TRACE, direction, most, &steps, &n, error))
                return false;
        for (size_t i = 1; i < n; i++) {
                const uint32_t column = matrix->columns[steps[i].item];

                if (column != 0)
                        cell_note(matrix, column - 1, steps[i].distance, way_is_suspect(matrix, steps, i));
        }
        return true;
}

const GArray *matrix_row(Matrix *matrix, ItemNo row, GError **error)
{
        g_array_set_size(matrix->cells, 0);
        if (!derived_note(matrix, row, WALK_DOWN, error) || !derived_note(matrix, row, WALK_UP, error))
                return NULL;
        direct_note(matrix, row, GRAPH_OUT);
        direct_note(matrix, row, GRAPH_IN);
        for (size_t i = 0; i < matrix->n; i++) {
                if (matrix->found[i].distance > 0)
                        g_array_append_val(matrix->cells, matrix->found[i]);
                matrix->found[i].distance = 0;
        }
        return matrix->cells;
}
