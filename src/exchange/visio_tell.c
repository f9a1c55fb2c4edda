/* A shape of a page says what differs from its master: places, sizes and words that it does not say are the master's. Shapes of a
 * group that came from a stencil are parts of one picture; those of a group that somebody made stand for themselves. */
#include "exchange/visio.h"

#include "base/hash.h"
#include "exchange/canvas.h"
#include "exchange/xtree.h"
#include "exchange/zip.h"

#include <math.h>
#include <string.h>

#define PAGES   "visio/pages/"
#define MASTERS "visio/masters/"

typedef struct {
        const Source *source;
        Zip *zip;
        GHashTable *masters; /* id of a master → XTree */
        Drawn drawn;
        size_t page, wordless;
} Drawing;

/* What is known of one page. */
typedef struct {
        Drawing *drawing;
        Canvas *canvas;
        GHashTable *things; /* id of a shape → id of the thing it is, or is a part of */
        GHashTable *ends;   /* `ID BeginX` and `ID EndX` of a line → id of the shape it leads to */
} Page;

static bool is_wanted(const char *name)
{
        return (g_str_has_prefix(name, PAGES) || g_str_has_prefix(name, MASTERS)) &&
               (g_str_has_suffix(name, ".xml") || g_str_has_suffix(name, ".rels"));
}

/* ---- parts ---- */

static XTree *part_load(const Drawing *drawing, const char *name, GError **error)
{
        GBytes *bytes = zip_part(drawing->zip, name);
        XTree *tree;

        if (bytes == NULL) {
                error_set(error, ZW_ERR_INPUT, name,
                          "the archive has no such entry, which the drawing needs");
                return NULL;
        }
        tree = xtree_load(bytes, drawing->source->depth_max, NULL, error);
        if (tree == NULL)
                g_prefix_error(error, "%s: ", name);
        return tree;
}

/* What a list of pages or masters calls `id`, as the name of an entry; NULL when nothing is. Free it. */
static char *target_of(const XTree *relations, const char *folder, const char *id)
{
        for (const XNode *at = xnode_child(xtree_root(relations), "Relationship"); at != NULL;
             at = xnode_next(at, "Relationship")) {
                const char *target = xnode_attr(at, "Target");

                if (g_strcmp0(xnode_attr(at, "Id"), id) == 0 && target != NULL)
                        return target[0] == '/' ? g_strdup(target + 1) : g_strconcat(folder, target, NULL);
        }
        return NULL;
}

typedef bool (*PartFn)(Drawing *drawing, const XNode *entry, const char *part, GError **error);

/* Calls `take` for every entry of the list of a folder, with the name of its part. */
static bool parts_each(Drawing *drawing, const char *folder, const char *list, const char *element,
                       PartFn take, GError **error)
{
        g_autofree char *names = g_strdup_printf("%s%s.xml", folder, list),
                        *links = g_strdup_printf("%s_rels/%s.xml.rels", folder, list);
        g_autoptr(XTree) entries = part_load(drawing, names, error), relations = NULL;

        if (entries == NULL)
                return false;
        if (xnode_child(xtree_root(entries), element) == NULL)
                return true; /* a list of nothing has no relations */
        relations = part_load(drawing, links, error);
        if (relations == NULL)
                return false;
        for (const XNode *at = xnode_child(xtree_root(entries), element); at != NULL;
             at = xnode_next(at, element)) {
                const XNode *rel = xnode_child(at, "Rel");
                g_autofree char *part = rel == NULL ? NULL
                                                    : target_of(relations, folder, xnode_attr(rel, "id"));

                if (part == NULL) {
                        error_set(error, ZW_ERR_INPUT, names, "line %zu: the list says not where it is",
                                  at->line);
                        return false;
                }
                if (!take(drawing, at, part, error))
                        return false;
        }
        return true;
}

static bool master_take(Drawing *drawing, const XNode *entry, const char *part, GError **error)
{
        const char *id = xnode_attr(entry, "ID");
        XTree *tree = part_load(drawing, part, error);

        if (tree == NULL)
                return false;
        g_hash_table_insert(drawing->masters, g_strdup(id == NULL ? "" : id), tree);
        return true;
}

static const XNode *master_of(const Drawing *drawing, const XNode *shape)
{
        const char *id = xnode_attr(shape, "Master");
        const XTree *tree = id == NULL ? NULL : g_hash_table_lookup(drawing->masters, id);
        const XNode *shapes = tree == NULL ? NULL : xnode_child(xtree_root(tree), "Shapes");

        return shapes == NULL ? NULL : xnode_child(shapes, "Shape");
}

/* ---- cells ---- */

static const XNode *named_child(const XNode *node, const char *element, const char *name)
{
        const XNode *at = node == NULL ? NULL : xnode_child(node, element);

        while (at != NULL && g_strcmp0(xnode_attr(at, "N"), name) != 0)
                at = xnode_next(at, element);
        return at;
}

static const char *cell_text(const XNode *node, const char *name)
{
        const XNode *cell = named_child(node, "Cell", name);

        return cell == NULL ? NULL : xnode_attr(cell, "V");
}

static bool has_cell(const XNode *shape, const XNode *master, const char *name)
{
        return cell_text(shape, name) != NULL || (master != NULL && cell_text(master, name) != NULL);
}

static double cell_number(const XNode *shape, const XNode *master, const char *name, double otherwise)
{
        const char *text = cell_text(shape, name);
        double number;

        if (text == NULL && master != NULL)
                text = cell_text(master, name);
        number = text == NULL ? otherwise : g_ascii_strtod(text, NULL);
        return isfinite(number) ? number : otherwise;
}

/* Where the point that a shape is placed by lies in it: that of the master is of the master's size. */
static double pin_number(const XNode *shape, const XNode *master, const char *name, const char *size,
                         double otherwise)
{
        return cell_number(shape, cell_text(shape, size) == NULL ? master : NULL, name, otherwise);
}

/* ---- words ---- */

/* The words of a shape in one line; NULL for none. Free it. */
static char *words_of(const XNode *shape)
{
        const XNode *text = shape == NULL ? NULL : xnode_child(shape, "Text");
        g_autofree char *words = text == NULL ? NULL : xnode_all_text(text);

        if (words == NULL)
                return NULL;
        g_strdelimit(words, "\r\n\t", ' ');
        g_strstrip(words);
        return words[0] == '\0' ? NULL : g_steal_pointer(&words);
}

/* The words of the parts of a picture: those of the first part that has any. Free it. */
static char *words_within(const XNode *shape)
{
        for (const XNode *at = xnode_walk(shape, shape); at != NULL; at = xnode_walk(at, shape)) {
                char *words = strcmp(at->name, "Shape") == 0 ? words_of(at) : NULL;

                if (words != NULL)
                        return words;
        }
        return NULL;
}

/* ---- data of a shape ---- */

static const XNode *property_row(const XNode *shape, const char *name)
{
        return named_child(named_child(shape, "Section", "Property"), "Row", name);
}

static json_t *data_of(const XNode *shape, const XNode *master)
{
        const XNode *section = named_child(shape, "Section", "Property");
        json_t *attrs = json_object(), *extra = json_object();

        for (const XNode *row = section == NULL ? NULL : xnode_child(section, "Row"); row != NULL;
             row = xnode_next(row, "Row")) {
                const char *name = xnode_attr(row, "N"), *value = cell_text(row, "Value"),
                           *label = cell_text(row, "Label");

                if (name == NULL || value == NULL)
                        continue;
                if (label == NULL)
                        label = cell_text(property_row(master, name), "Label");
                drawn_put_field(attrs, extra, name, label == NULL ? name : label, value);
        }
        tell_put_extra(attrs, extra);
        return attrs;
}

static bool is_container(const XNode *shape)
{
        const XNode *row = named_child(named_child(shape, "Section", "User"), "Row", "msvStructureType");

        return g_strcmp0(cell_text(row, "Value"), "Container") == 0;
}

/* ---- shapes ---- */

/* Left and lower side of a shape on the page, and its size; `box` holds those of what it is in before. */
static void box_find(const XNode *shape, const XNode *master, CanvasShape *box)
{
        const double width = fabs(cell_number(shape, master, "Width", 0)),
                     height = fabs(cell_number(shape, master, "Height", 0)),
                     angle = cell_number(shape, master, "Angle", 0);
        const bool lies = fabs(sin(angle)) > fabs(cos(angle));

        box->x += cell_number(shape, master, "PinX", 0) -
                  (lies ? height / 2 : pin_number(shape, master, "LocPinX", "Width", width / 2));
        box->y += cell_number(shape, master, "PinY", 0) -
                  (lies ? width / 2 : pin_number(shape, master, "LocPinY", "Height", height / 2));
        box->width = lies ? height : width;
        box->height = lies ? width : height;
}

/* Its words, else those of its picture, else its name on the network. NULL for none; free it. */
static char *label_of(const XNode *shape, const XNode *master)
{
        const char *network = cell_text(property_row(shape, "NetworkName"), "Value");
        const bool silent = xnode_child(shape, "Text") == NULL;
        char *label = words_of(silent ? master : shape);

        if (label == NULL && silent && xnode_attr(shape, "Master") != NULL)
                label = words_within(shape);
        return label == NULL && network != NULL ? g_strdup(network) : label;
}

static void line_take(const Page *page, const char *id, const char *label)
{
        g_autofree char *begin = g_strconcat(id, " BeginX", NULL), *end = g_strconcat(id, " EndX", NULL),
                        *where = g_strdup_printf("page %zu, shape %s", page->drawing->page, id);
        const char *source = g_hash_table_lookup(page->ends, begin),
                   *target = g_hash_table_lookup(page->ends, end);

        source = source == NULL ? NULL : g_hash_table_lookup(page->things, source);
        target = target == NULL ? NULL : g_hash_table_lookup(page->things, target);
        canvas_add_line(page->canvas, (CanvasLine){ where, id, label, source, target });
}

/* A shape that is no line, within the thing `around`, which may be NULL. Gives the thing that its own shapes are in. */
static const char *thing_take(Page *page, const XNode *shape, const XNode *master, const char *around,
                              CanvasShape *box)
{
        const char *id = xnode_attr(shape, "ID");
        g_autofree char *label = label_of(shape, master),
                        *where = g_strdup_printf("page %zu, shape %s", page->drawing->page, id);

        box_find(shape, master, box);
        if (label == NULL || g_strcmp0(xnode_attr(shape, "Type"), "Guide") == 0) {
                page->drawing->wordless += xnode_child(shape, "Shapes") == NULL ||
                                           xnode_attr(shape, "Master") != NULL;
                if (around != NULL)
                        g_hash_table_insert(page->things, g_strdup(id), g_strdup(around));
                return around;
        }
        g_hash_table_insert(page->things, g_strdup(id), g_strdup(id));
        canvas_add_shape(page->canvas, (CanvasShape){ where, id, label, around, data_of(shape, master),
                                                      box->x, box->y, box->width, box->height,
                                                      is_container(shape) || is_container(master) });
        return id;
}

/* Parts of a picture are the thing it is. */
static void picture_take(Page *page, const XNode *shapes, const char *thing)
{
        for (const XNode *at = shapes; at != NULL && thing != NULL; at = xnode_walk(at, shapes))
                if (strcmp(at->name, "Shape") == 0 && xnode_attr(at, "ID") != NULL)
                        g_hash_table_insert(page->things, g_strdup(xnode_attr(at, "ID")), g_strdup(thing));
}

/* `lines`: lines are taken, else all other shapes are. */
static void shapes_take(Page *page, const XNode *shapes, const char *around, CanvasShape outer, bool lines)
{
        for (const XNode *at = xnode_child(shapes, "Shape"); at != NULL; at = xnode_next(at, "Shape")) {
                const XNode *master = master_of(page->drawing, at), *inner = xnode_child(at, "Shapes");
                const char *id = xnode_attr(at, "ID"), *thing = around;
                CanvasShape box = outer;

                if (id == NULL || xnode_attr(at, "Del") != NULL)
                        continue;
                if (has_cell(at, master, "BeginX")) {
                        g_autofree char *label = lines ? label_of(at, master) : NULL;

                        if (lines)
                                line_take(page, id, label);
                        continue;
                }
                if (!lines)
                        thing = thing_take(page, at, master, around, &box);
                if (inner != NULL && xnode_attr(at, "Master") == NULL)
                        shapes_take(page, inner, thing, box, lines);
                else if (inner != NULL && !lines)
                        picture_take(page, inner, thing);
        }
}

/* ---- pages ---- */

static void ends_find(const Page *page, const XNode *connects)
{
        for (const XNode *at = connects == NULL ? NULL : xnode_child(connects, "Connect"); at != NULL;
             at = xnode_next(at, "Connect")) {
                const char *from = xnode_attr(at, "FromSheet"), *cell = xnode_attr(at, "FromCell"),
                           *to = xnode_attr(at, "ToSheet");

                if (from != NULL && cell != NULL && to != NULL)
                        g_hash_table_insert(page->ends, g_strdup_printf("%s %s", from, cell), g_strdup(to));
        }
}

static bool page_take(Drawing *drawing, const XNode *entry, const char *part, GError **error)
{
        const char *name = xnode_attr(entry, "Name");
        g_autoptr(XTree) tree = part_load(drawing, part, error);
        g_autoptr(GHashTable) things = hash_table_new_text(g_free, g_free),
                              ends = hash_table_new_text(g_free, g_free);
        g_autoptr(Canvas) canvas = NULL;
        Page page = { drawing, NULL, things, ends };
        const XNode *shapes;

        if (tree == NULL)
                return false;
        drawing->page++;
        if (g_strcmp0(xnode_attr(entry, "Background"), "1") == 0) {
                sink_lost(drawing->drawn.tell.sink, part, "%.200s is the background of other pages",
                          name == NULL ? "the page" : name);
                return true;
        }
        page.canvas = canvas = canvas_new(&drawing->drawn, drawing->page);
        ends_find(&page, xnode_child(xtree_root(tree), "Connects"));
        shapes = xnode_child(xtree_root(tree), "Shapes");
        for (int lines = 0; shapes != NULL && lines < 2; lines++)
                shapes_take(&page, shapes, NULL, (CanvasShape){ .x = 0 }, lines == 1);
        return canvas_tell(canvas, error);
}

bool visio_tell(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(Zip) zip = zip_read(source->bytes, is_wanted, error);
        g_autoptr(GHashTable) masters = hash_table_new_text(g_free, (GDestroyNotify)xtree_free);
        Drawing drawing = { .source = source, .zip = zip, .masters = masters };
        bool told;

        if (zip == NULL)
                return false;
        drawing.drawn = drawn_init(sink, "visio", NULL, source->name);
        told = (zip_part(zip, MASTERS "masters.xml") == NULL ||
                parts_each(&drawing, MASTERS, "masters", "Master", master_take, error)) &&
               parts_each(&drawing, PAGES, "pages", "Page", page_take, error);
        drawn_clear(&drawing.drawn);
        if (told)
                sink_lost(sink, "",
                          "the drawing itself: places, colours, pictures and shapes without words (%zu)",
                          drawing.wordless);
        return told;
}
