/* A labelled cell that is a vertex is a shape, an edge a line; what they mean is the canvas's. Texts are labels of nothing. */
#include "exchange/drawio.h"

#include "base/hash.h"
#include "exchange/canvas.h"
#include "exchange/xtree.h"

#include <string.h>

enum {
        CELLS_MAX = 5000,
        PARENTS_MAX = 32,
        LABEL_BYTES_MAX = 64 << 10,
        LABEL_NAMES_MAX = 10
}; /* of a page that people can read */

typedef struct {
        const XNode *node;
        const char *id, *parent;
        char *label;                /* owned */
        double x, y, width, height; /* on the page */
        bool vertex, edge, text, container;
} Cell;

typedef struct {
        Drawn drawn;
        GArray *cells;     /* of Cell, of the page being told */
        GHashTable *by_id; /* id → index + 1 */
        size_t page;
} Drawing;

static void cell_clear(gpointer data)
{
        g_free(((Cell *)data)->label);
}

static Cell *cell_at(const Drawing *drawing, guint i)
{
        return &g_array_index(drawing->cells, Cell, i);
}

/* ---- labels ---- */

/* Labels may be HTML: tags part words, and five entities are known. */
static char *label_plain(const char *text)
{
        static const char *const entities[][2] = {
                { "&nbsp;", " " }, { "&lt;", "<" }, { "&gt;", ">" }, { "&quot;", "\"" }, { "&amp;", "&" }
        };
        g_autoptr(GString) plain = g_string_new(NULL);

        for (const char *p = text == NULL ? "" : text; *p != '\0';) {
                const char *end = *p == '<' ? strchr(p, '>') : NULL;

                if (end == NULL)
                        g_string_append_c(plain, *p);
                else if (plain->len > 0 && plain->str[plain->len - 1] != ' ' && end[1] != ' ')
                        g_string_append_c(plain, ' ');
                p = end == NULL ? p + 1 : end + 1;
        }
        for (size_t i = 0; i < G_N_ELEMENTS(entities); i++)
                g_string_replace(plain, entities[i][0], entities[i][1], 0);
        g_strdelimit(plain->str, "\r\n\t", ' ');
        return g_strdup(g_strstrip(plain->str));
}

/* ---- cells ---- */

static double number_of(const XNode *node, const char *name)
{
        const char *text = node == NULL ? NULL : xnode_attr(node, name);

        return text == NULL ? 0 : g_ascii_strtod(text, NULL);
}

static bool has_style(const XNode *node, const char *word)
{
        const char *style = xnode_attr(node, "style");

        return style != NULL && strstr(style, word) != NULL;
}

/* The element around a cell, which has its data, or the cell. */
static const XNode *around_of(const XNode *node)
{
        return node->parent != NULL && strcmp(node->parent->name, "root") != 0 ? node->parent : node;
}

/* The label with each %name% as the data say it. */
static char *label_filled(const XNode *around, const char *label)
{
        g_autoptr(GString) filled = g_string_new(label);

        if (g_strcmp0(xnode_attr(around, "placeholders"), "1") != 0)
                return g_strdup(label);
        for (size_t i = 0; around->attrs[i] != NULL; i += 2) {
                g_autofree char *name = g_strdup_printf("%%%s%%", around->attrs[i]);

                if (filled->len <= LABEL_BYTES_MAX && strcmp(around->attrs[i], "label") != 0)
                        g_string_replace(filled, name, around->attrs[i + 1], LABEL_NAMES_MAX);
        }
        return g_strdup(filled->str);
}

static json_t *data_of(const XNode *around)
{
        static const char *const own[] = { "id", "label", "placeholders", NULL };
        json_t *attrs = json_object(), *extra = json_object();

        for (size_t i = 0;
             strcmp(around->name, "mxCell") != 0 && around->attrs != NULL && around->attrs[i] != NULL; i += 2)
                if (!g_strv_contains(own, around->attrs[i]) && around->attrs[i + 1][0] != '\0')
                        drawn_put_field(attrs, extra, around->attrs[i], around->attrs[i],
                                        around->attrs[i + 1]);
        tell_put_extra(attrs, extra);
        if (json_object_size(attrs) > 0)
                return attrs;
        json_decref(attrs);
        return NULL;
}

/* A cell, whose id and label may stand on an element around it. */
static void cell_add(Drawing *drawing, const XNode *node)
{
        const XNode *around = around_of(node);
        const XNode *geometry = xnode_child(node, "mxGeometry");
        const char *label = xnode_attr(node, "value") != NULL ? xnode_attr(node, "value")
                                                              : xnode_attr(around, "label");
        g_autofree char *filled = label_filled(around, label);
        Cell cell = { .node = node,
                      .id = xnode_attr(node, "id") != NULL ? xnode_attr(node, "id")
                                                           : xnode_attr(around, "id"),
                      .parent = xnode_attr(node, "parent"),
                      .label = label_plain(filled),
                      .x = number_of(geometry, "x"),
                      .y = number_of(geometry, "y"),
                      .width = number_of(geometry, "width"),
                      .height = number_of(geometry, "height"),
                      .vertex = g_strcmp0(xnode_attr(node, "vertex"), "1") == 0,
                      .edge = g_strcmp0(xnode_attr(node, "edge"), "1") == 0,
                      .text = has_style(node, "text;") || has_style(node, "edgeLabel"),
                      .container = has_style(node, "swimlane") || has_style(node, "container=1") };

        g_array_append_val(drawing->cells, cell);
        if (cell.id != NULL)
                g_hash_table_insert(drawing->by_id, (gpointer)(uintptr_t)cell.id,
                                    GUINT_TO_POINTER(drawing->cells->len));
}

static Cell *cell_find(const Drawing *drawing, const char *id)
{
        const guint at = id == NULL ? 0 : GPOINTER_TO_UINT(g_hash_table_lookup(drawing->by_id, id));

        return at == 0 ? NULL : cell_at(drawing, at - 1);
}

/* Places are relative to the container. */
static void place_absolute(const Drawing *drawing, Cell *cell, const GArray *given)
{
        const char *parent = cell->parent;

        for (int up = 0; up < PARENTS_MAX; up++) {
                const Cell *outer = cell_find(drawing, parent);

                if (outer == NULL || !outer->vertex)
                        return;
                const double *own = &g_array_index(given, double, 2 * (size_t)(outer - cell_at(drawing, 0)));

                cell->x += own[0];
                cell->y += own[1];
                parent = outer->parent;
        }
}

static void places_find(const Drawing *drawing)
{
        g_autoptr(GArray) given = g_array_new(FALSE, FALSE, sizeof(double));

        for (guint i = 0; i < drawing->cells->len; i++) {
                g_array_append_val(given, cell_at(drawing, i)->x);
                g_array_append_val(given, cell_at(drawing, i)->y);
        }
        for (guint i = 0; i < drawing->cells->len; i++)
                place_absolute(drawing, cell_at(drawing, i), given);
}

/* ---- telling ---- */

static bool is_thing(const Cell *cell)
{
        return cell->vertex && !cell->text && cell->id != NULL && cell->label[0] != '\0';
}

/* Words of an edge may be a cell of their own, whose parent it is. */
static const char *edge_label(const Drawing *drawing, const Cell *edge)
{
        for (guint i = 0; edge->label[0] == '\0' && i < drawing->cells->len; i++) {
                const Cell *cell = cell_at(drawing, i);

                if (edge->id != NULL && g_strcmp0(cell->parent, edge->id) == 0 && cell->label[0] != '\0')
                        return cell->label;
        }
        return edge->label;
}

static void cells_draw(const Drawing *drawing, Canvas *canvas)
{
        for (guint i = 0; i < drawing->cells->len; i++) {
                const Cell *cell = cell_at(drawing, i);
                g_autofree char *where = xnode_where(cell->node);

                if (is_thing(cell))
                        canvas_add_shape(canvas,
                                         (CanvasShape){ where, cell->id, cell->label, cell->parent,
                                                        data_of(around_of(cell->node)), cell->x, cell->y,
                                                        cell->width, cell->height, cell->container });
                if (cell->edge)
                        canvas_add_line(canvas, (CanvasLine){ where, cell->id, edge_label(drawing, cell),
                                                              xnode_attr(cell->node, "source"),
                                                              xnode_attr(cell->node, "target") });
        }
}

static bool model_tell(Drawing *drawing, const XNode *model, GError **error)
{
        g_autofree char *where = g_strdup_printf("page %zu", drawing->page);
        g_autoptr(Canvas) canvas = canvas_new(&drawing->drawn, drawing->page);

        g_array_set_size(drawing->cells, 0);
        g_hash_table_remove_all(drawing->by_id);
        for (const XNode *at = model; at != NULL; at = xnode_walk(at, model))
                if (strcmp(at->name, "mxCell") == 0)
                        cell_add(drawing, at);
        if (drawing->cells->len > CELLS_MAX) {
                error_set(error, ZW_ERR_LIMIT, where, "the page has more than %d cells", CELLS_MAX);
                return false;
        }
        places_find(drawing);
        cells_draw(drawing, canvas);
        return canvas_tell(canvas, error);
}

/* Its cells, or its text unpacked. */
static bool page_tell(Drawing *drawing, const XNode *page, size_t depth_max, GError **error)
{
        g_autofree char *where = g_strdup_printf("page %zu", ++drawing->page), *text = NULL;
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(XTree) tree = NULL;

        if (page->text == NULL)
                return model_tell(drawing, page, error);
        text = g_strdup(page->text);
        bytes = drawio_unpack(text, where, error);
        tree = bytes == NULL ? NULL : xtree_load(bytes, depth_max, NULL, error);
        return tree != NULL && model_tell(drawing, xtree_root(tree), error);
}

bool drawio_tell(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(XTree) tree = xtree_load(source->bytes, source->depth_max, NULL, error);
        g_autoptr(GArray) cells = g_array_new(FALSE, FALSE, sizeof(Cell));
        g_autoptr(GHashTable) by_id = hash_table_new_text(NULL, NULL);
        const XNode *root = tree == NULL ? NULL : xtree_root(tree);
        Drawing drawing = { .cells = cells, .by_id = by_id };
        bool told = true;

        if (tree == NULL)
                return false;
        g_array_set_clear_func(cells, cell_clear);
        drawing.drawn = drawn_init(sink, "drawio", NULL, source->name);
        if (strcmp(root->name, "mxGraphModel") == 0)
                told = page_tell(&drawing, root, source->depth_max, error);
        for (const XNode *at = xnode_child(root, "diagram"); told && at != NULL;
             at = xnode_next(at, "diagram"))
                told = page_tell(&drawing, at, source->depth_max, error);
        drawn_clear(&drawing.drawn);
        if (told)
                sink_lost(
                        sink, "",
                        "the drawing itself: places, shapes, colours, pictures, shapes without words, and data of "
                        "zones and lines");
        return told;
}
