/* Shapes and lines of one page of a drawing, and what they mean. A shape that holds others is a zone: it is said to be a container,
 * others name it as their parent, or it is drawn around them. Any other shape is an asset, in the smallest zone around it. A line
 * between two assets is a flow, one between two zones the conduit that joins them. That is project practice: drawings do not say.
 * Not thread-safe. */
#ifndef EXCHANGE_CANVAS_H
#define EXCHANGE_CANVAS_H

#include "exchange/drawn.h"

typedef struct Canvas Canvas;

/* Texts are copied; `parent` may be NULL, and so may `attrs`, which is stolen and only an asset takes. The label is not blank. Places
 * are those on the page, whichever way its axes point. */
typedef struct {
        const char *where, *id, *label, *parent;
        json_t *attrs;
        double x, y, width, height;
        bool container;
} CanvasShape;

/* Texts are copied and may be NULL but `where`. Its ends are ids of shapes. */
typedef struct {
        const char *where, *id, *label, *source, *target;
} CanvasLine;

/* A page, counted from 1, whose items are told into `drawn`, which must live longer. */
Canvas *canvas_new(Drawn *drawn, size_t page);
void canvas_free(Canvas *canvas);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Canvas, canvas_free)

void canvas_add_shape(Canvas *canvas, CanvasShape shape);
void canvas_add_line(Canvas *canvas, CanvasLine line);
/* Tells all of the page. Errors: LIMIT, with `page N`, when there is more on it than people can read. */
bool canvas_tell(Canvas *canvas, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
