#include "exchange/canvas.h"

#include "base/hash.h"

#include <string.h>

enum { SHAPES_MAX = 5000 }; /* of a page, lines among them */

typedef struct {
        CanvasShape given; /* its texts are owned */
        char *name;        /* the id on this page, by which it is told */
        bool zone;
        int inside; /* the zone around it, -1 for none */
} Shape;

struct Canvas {
        Drawn *drawn;
        size_t page;
        GArray *shapes;    /* of Shape */
        GArray *lines;     /* of CanvasLine, whose texts are owned */
        GHashTable *by_id; /* id → index + 1 */
};

static void shape_clear(gpointer data)
{
        Shape *shape = data;

        g_free((char *)(uintptr_t)shape->given.where);
        g_free((char *)(uintptr_t)shape->given.id);
        g_free((char *)(uintptr_t)shape->given.label);
        g_free((char *)(uintptr_t)shape->given.parent);
        json_decref(shape->given.attrs);
        g_free(shape->name);
}

static void line_clear(gpointer data)
{
        CanvasLine *line = data;

        g_free((char *)(uintptr_t)line->where);
        g_free((char *)(uintptr_t)line->id);
        g_free((char *)(uintptr_t)line->label);
        g_free((char *)(uintptr_t)line->source);
        g_free((char *)(uintptr_t)line->target);
}

Canvas *canvas_new(Drawn *drawn, size_t page)
{
        Canvas *canvas = g_new0(Canvas, 1);

        canvas->drawn = drawn;
        canvas->page = page;
        canvas->shapes = g_array_new(FALSE, FALSE, sizeof(Shape));
        canvas->lines = g_array_new(FALSE, FALSE, sizeof(CanvasLine));
        canvas->by_id = hash_table_new_text(g_free, NULL);
        g_array_set_clear_func(canvas->shapes, shape_clear);
        g_array_set_clear_func(canvas->lines, line_clear);
        return canvas;
}

void canvas_free(Canvas *canvas)
{
        if (canvas == NULL)
                return;
        g_array_unref(canvas->shapes);
        g_array_unref(canvas->lines);
        g_hash_table_unref(canvas->by_id);
        g_free(canvas);
}

static char *name_on_page(const Canvas *canvas, const char *id)
{
        return g_strdup_printf("%zu:%s", canvas->page, id == NULL ? "" : id);
}

void canvas_add_shape(Canvas *canvas, CanvasShape shape)
{
        Shape made = { shape, name_on_page(canvas, shape.id), shape.container, -1 };

        made.given.where = g_strdup(shape.where);
        made.given.id = g_strdup(shape.id);
        made.given.label = g_strdup(shape.label);
        made.given.parent = g_strdup(shape.parent);
        g_array_append_val(canvas->shapes, made);
        g_hash_table_insert(canvas->by_id, g_strdup(shape.id), GUINT_TO_POINTER(canvas->shapes->len));
}

void canvas_add_line(Canvas *canvas, CanvasLine line)
{
        CanvasLine made = { g_strdup(line.where), g_strdup(line.id), g_strdup(line.label),
                            g_strdup(line.source), g_strdup(line.target) };

        g_array_append_val(canvas->lines, made);
}

static Shape *shape_at(const Canvas *canvas, guint i)
{
        return &g_array_index(canvas->shapes, Shape, i);
}

static Shape *shape_find(const Canvas *canvas, const char *id)
{
        const guint at = id == NULL ? 0 : GPOINTER_TO_UINT(g_hash_table_lookup(canvas->by_id, id));

        return at == 0 ? NULL : shape_at(canvas, at - 1);
}

/* ---- zones ---- */

static double area(const Shape *shape)
{
        return shape->given.width * shape->given.height;
}

static bool encloses(const Shape *outer, const Shape *inner)
{
        const CanvasShape *a = &outer->given, *b = &inner->given;

        return outer != inner && b->x >= a->x && b->y >= a->y && b->x + b->width <= a->x + a->width &&
               b->y + b->height <= a->y + a->height && area(outer) > area(inner);
}

static void zones_find(const Canvas *canvas)
{
        for (guint i = 0; i < canvas->shapes->len; i++) {
                Shape *shape = shape_at(canvas, i), *parent = shape_find(canvas, shape->given.parent);

                if (parent != NULL && parent != shape)
                        parent->zone = true;
                for (guint k = 0; !shape->zone && k < canvas->shapes->len; k++)
                        shape->zone = encloses(shape, shape_at(canvas, k));
        }
}

static void places_find(const Canvas *canvas)
{
        for (guint i = 0; i < canvas->shapes->len; i++) {
                Shape *shape = shape_at(canvas, i);

                for (guint k = 0; k < canvas->shapes->len; k++) {
                        const Shape *zone = shape_at(canvas, k);

                        if (zone->zone && encloses(zone, shape) &&
                            (shape->inside < 0 || area(zone) < area(shape_at(canvas, (guint)shape->inside))))
                                shape->inside = (int)k;
                }
        }
}

/* ---- telling ---- */

static void shapes_tell(const Canvas *canvas)
{
        for (guint i = 0; i < canvas->shapes->len; i++) {
                Shape *shape = shape_at(canvas, i);
                const DrawnKind kind = shape->zone ? DRAWN_ZONE : DRAWN_ASSET;

                (void)drawn_tell(canvas->drawn, kind,
                                 (DrawnItem){ shape->given.where, shape->name, shape->given.label, NULL,
                                              shape->zone ? NULL : g_steal_pointer(&shape->given.attrs),
                                              NULL });
        }
        for (guint i = 0; i < canvas->shapes->len; i++) {
                const Shape *shape = shape_at(canvas, i);

                if (shape->inside >= 0)
                        drawn_put_into(canvas->drawn, shape->given.where,
                                       shape->zone ? DRAWN_ZONE : DRAWN_ASSET, shape->name,
                                       shape_at(canvas, (guint)shape->inside)->name);
        }
}

static void flow_tell(const Canvas *canvas, const CanvasLine *line, const Shape *source, const Shape *target)
{
        const bool named = line->label != NULL && line->label[0] != '\0';
        g_autofree char *name = name_on_page(canvas, line->id), *title = NULL;

        title = named ? g_strdup(line->label)
                      : g_strdup_printf("%s \xe2\x80\x93 %s", source->given.label, target->given.label);
        if (drawn_tell(canvas->drawn, DRAWN_FLOW, (DrawnItem){ line->where, name, title, NULL, NULL, NULL }))
                drawn_connect(canvas->drawn, line->where, name, source->name, target->name);
}

static void lines_tell(const Canvas *canvas)
{
        size_t loose = 0;

        for (guint i = 0; i < canvas->lines->len; i++) {
                const CanvasLine *line = &g_array_index(canvas->lines, CanvasLine, i);
                const Shape *source = shape_find(canvas, line->source),
                            *target = shape_find(canvas, line->target);

                if (source == NULL || target == NULL || source->zone != target->zone)
                        loose++;
                else if (source->zone)
                        drawn_join(canvas->drawn, line->where, source->name, target->name, line->label, NULL);
                else
                        flow_tell(canvas, line, source, target);
        }
        if (loose > 0) {
                g_autofree char *where = g_strdup_printf("page %zu", canvas->page);

                sink_lost(canvas->drawn->tell.sink, where,
                          "%zu lines that do not lead from one thing to another", loose);
        }
}

bool canvas_tell(Canvas *canvas, GError **error)
{
        g_autofree char *where = g_strdup_printf("page %zu", canvas->page);

        if (canvas->shapes->len + canvas->lines->len > SHAPES_MAX) {
                error_set(error, ZW_ERR_LIMIT, where, "the page has more than %d shapes and lines",
                          SHAPES_MAX);
                return false;
        }
        zones_find(canvas);
        places_find(canvas);
        shapes_tell(canvas);
        lines_tell(canvas);
        return true;
}
