/* A cell that holds others is a zone: a container whose children they are, or a shape drawn around them. Any other labelled shape is
 * an asset, in the smallest zone around it; a line between two is a flow. Texts are labels of nothing. What a shape means is
 * project practice: drawings do not say. */
#include "exchange/drawio.h"

#include "base/hash.h"
#include "exchange/drawn.h"
#include "exchange/xtree.h"

#include <string.h>

enum { CELLS_MAX = 5000, PARENTS_MAX = 32 }; /* of a page that people can read */

typedef struct {
        const XNode *node;
        const char *id, *parent;
        char *label;                /* owned */
        double x, y, width, height; /* on the page */
        bool vertex, edge, text, zone;
        int inside; /* the zone around it, -1 for none */
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

/* A cell, whose id and label may stand on an element around it. */
static void cell_add(Drawing *drawing, const XNode *node)
{
        const XNode *around = node->parent != NULL && strcmp(node->parent->name, "root") != 0 ? node->parent
                                                                                              : node;
        const XNode *geometry = xnode_child(node, "mxGeometry");
        const char *label = xnode_attr(node, "value") != NULL ? xnode_attr(node, "value")
                                                              : xnode_attr(around, "label");
        Cell cell = { .node = node,
                      .id = xnode_attr(node, "id") != NULL ? xnode_attr(node, "id")
                                                           : xnode_attr(around, "id"),
                      .parent = xnode_attr(node, "parent"),
                      .label = label_plain(label),
                      .x = number_of(geometry, "x"),
                      .y = number_of(geometry, "y"),
                      .width = number_of(geometry, "width"),
                      .height = number_of(geometry, "height"),
                      .vertex = g_strcmp0(xnode_attr(node, "vertex"), "1") == 0,
                      .edge = g_strcmp0(xnode_attr(node, "edge"), "1") == 0,
                      .text = has_style(node, "text;") || has_style(node, "edgeLabel"),
                      .zone = has_style(node, "swimlane") || has_style(node, "container=1"),
                      .inside = -1 };

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

/* ---- zones ---- */

static bool is_thing(const Cell *cell)
{
        return cell->vertex && !cell->text && cell->id != NULL && cell->label[0] != '\0';
}

static bool encloses(const Cell *outer, const Cell *inner)
{
        return outer != inner && inner->x >= outer->x && inner->y >= outer->y &&
               inner->x + inner->width <= outer->x + outer->width &&
               inner->y + inner->height <= outer->y + outer->height &&
               outer->width * outer->height > inner->width * inner->height;
}

static void zones_find(const Drawing *drawing)
{
        for (guint i = 0; i < drawing->cells->len; i++) {
                Cell *cell = cell_at(drawing, i), *parent = cell_find(drawing, cell->parent);

                if (is_thing(cell) && parent != NULL && is_thing(parent))
                        parent->zone = true;
                for (guint k = 0; is_thing(cell) && !cell->zone && k < drawing->cells->len; k++)
                        cell->zone = is_thing(cell_at(drawing, k)) && encloses(cell, cell_at(drawing, k));
        }
        for (guint i = 0; i < drawing->cells->len; i++) {
                Cell *cell = cell_at(drawing, i);

                for (guint k = 0; is_thing(cell) && k < drawing->cells->len; k++) {
                        const Cell *zone = cell_at(drawing, k);

                        if (zone->zone && is_thing(zone) && encloses(zone, cell) &&
                            (cell->inside < 0 ||
                             zone->width * zone->height <
                                     cell_at(drawing, (guint)cell->inside)->width *
                                             cell_at(drawing, (guint)cell->inside)->height))
                                cell->inside = (int)k;
                }
        }
}

/* ---- telling ---- */

static char *id_on_page(const Drawing *drawing, const char *id)
{
        return g_strdup_printf("%zu:%s", drawing->page, id == NULL ? "" : id);
}

static void things_tell(Drawing *drawing)
{
        for (guint i = 0; i < drawing->cells->len; i++) {
                const Cell *cell = cell_at(drawing, i);
                g_autofree char *where = xnode_where(cell->node), *id = id_on_page(drawing, cell->id);

                if (is_thing(cell))
                        (void)drawn_tell(&drawing->drawn, cell->zone ? DRAWN_ZONE : DRAWN_ASSET,
                                         (DrawnItem){ where, id, cell->label, NULL, NULL, NULL });
        }
        for (guint i = 0; i < drawing->cells->len; i++) {
                const Cell *cell = cell_at(drawing, i);
                g_autofree char *where = xnode_where(cell->node), *id = id_on_page(drawing, cell->id),
                                *zone = NULL;

                if (!is_thing(cell) || cell->inside < 0)
                        continue;
                zone = id_on_page(drawing, cell_at(drawing, (guint)cell->inside)->id);
                drawn_put_into(&drawing->drawn, where, cell->zone ? DRAWN_ZONE : DRAWN_ASSET, id, zone);
        }
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

static void edges_tell(Drawing *drawing)
{
        size_t loose = 0;

        for (guint i = 0; i < drawing->cells->len; i++) {
                const Cell *edge = cell_at(drawing, i),
                           *source = cell_find(drawing, xnode_attr(edge->node, "source")),
                           *target = cell_find(drawing, xnode_attr(edge->node, "target"));
                g_autofree char *where = xnode_where(edge->node), *id = id_on_page(drawing, edge->id),
                                *from = NULL, *to = NULL, *title = NULL;

                if (!edge->edge)
                        continue;
                if (source == NULL || target == NULL || !is_thing(source) || !is_thing(target) ||
                    source->zone || target->zone) {
                        loose++;
                        continue;
                }
                from = id_on_page(drawing, source->id);
                to = id_on_page(drawing, target->id);
                title = edge_label(drawing, edge)[0] != '\0'
                                ? g_strdup(edge_label(drawing, edge))
                                : g_strdup_printf("%s \xe2\x80\x93 %s", source->label, target->label);
                if (drawn_tell(&drawing->drawn, DRAWN_FLOW,
                               (DrawnItem){ where, id, title, NULL, NULL, NULL }))
                        drawn_connect(&drawing->drawn, where, id, from, to);
        }
        if (loose > 0) {
                g_autofree char *where = g_strdup_printf("page %zu", drawing->page);

                sink_lost(drawing->drawn.tell.sink, where,
                          "%zu lines that do not lead from one thing to another", loose);
        }
}

static bool model_tell(Drawing *drawing, const XNode *model, GError **error)
{
        g_autofree char *where = g_strdup_printf("page %zu", drawing->page);

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
        zones_find(drawing);
        things_tell(drawing);
        edges_tell(drawing);
        return true;
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
        drawing.drawn = drawn_init(sink, "drawio", source->name);
        if (strcmp(root->name, "mxGraphModel") == 0)
                told = page_tell(&drawing, root, source->depth_max, error);
        for (const XNode *at = xnode_child(root, "diagram"); told && at != NULL;
             at = xnode_next(at, "diagram"))
                told = page_tell(&drawing, at, source->depth_max, error);
        drawn_clear(&drawing.drawn);
        if (told)
                sink_lost(sink, "",
                          "the drawing itself: places, shapes, colours, pictures, and shapes without words");
        return told;
}
