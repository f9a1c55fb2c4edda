/* The zone and conduit drawing (62443-3-2 ZCR 3, labels of ZCR 6.3): what is drawn, and where it stands.
 *
 * A drawing is filled with zones and conduits, then laid out once. Zones stand in bands by level of the reference model,
 * each as a card of text, nested ones inside the outline of their parent; conduits run in channels between the rows of
 * cards, each with a label on its line. Cards, labels and titles of bands never overlap, by construction: a card has its own
 * columns, a label its own part of a track. The layout is the layered one of Sugiyama, Tagawa and Toda (1981: layers, dummy
 * nodes for long edges, order by barycentre) with the layers given, and the left-edge rule of channel routing (Hashimoto and
 * Stevens, 1971) for the tracks. All numbers are whole pixels, so the same plan gives the same drawing anywhere.
 *
 * Owned by its maker; constant once it is laid out, and so thread-safe. */
#ifndef REPORT_DRAWING_H
#define REPORT_DRAWING_H

#include "base/jwrite.h"
#include "report/html.h"
#include <glib.h>

enum { DRAWING_FONT = 11, DRAWING_LINE = 14, DRAWING_PAD = 8, DRAWING_NESTED_MAX = 16 };

typedef struct {
        int x, y, w, h;
} DrawingBox;

typedef struct {
        int x, y;
} DrawingPoint;

/* From the top of the drawing; the last two have no level. */
typedef enum {
        BAND_5,
        BAND_4,
        BAND_DMZ,
        BAND_3,
        BAND_2,
        BAND_1,
        BAND_0,
        BAND_NO_LEVEL,
        BAND_APART, /* conduits that connect nothing */
        BAND_COUNT,
} BandId;
const char *drawing_band_title(BandId band);

/* How a zone looks beside its words. */
typedef enum { LOOK_PLAIN, LOOK_SAFETY, LOOK_WIRELESS, LOOK_OUTSIDE } DrawingLook;

typedef struct {
        char *key, *title;
        int parent; /* index of the zone it is in, or -1 */
        BandId band;
        DrawingLook look;
        GPtrArray *lines; /* of char *: what the card says, the key first */
        DrawingBox box;   /* laid out: its outline */
        DrawingBox card;  /* and its text; the same for a zone without others in it */
} DrawingZone;

/* Who may open a connection: of the first end to the others. */
typedef enum { DIRECTION_NOT_STATED, DIRECTION_FORTH, DIRECTION_BACK, DIRECTION_BOTH } DrawingDirection;

typedef struct {
        char *key, *title;
        GArray *ends; /* of int: zones */
        DrawingDirection direction;
        bool untrusted;
        GPtrArray *lines; /* of char *: its label, the key first */
        GPtrArray *paths; /* laid out: GArray of DrawingPoint from the first end to each other one */
        DrawingBox label;
} DrawingConduit;

typedef struct {
        BandId id;
        DrawingBox box, title;
} DrawingBand;

typedef struct {
        int width, height;
        GArray *bands;       /* of DrawingBand, those that hold something */
        GPtrArray *zones;    /* of DrawingZone */
        GPtrArray *conduits; /* of DrawingConduit */
} Drawing;

Drawing *drawing_new(void);
void drawing_free(Drawing *drawing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Drawing, drawing_free)

/* Adds one, to be filled; its number is its place in the array. Texts are copied. */
DrawingZone *drawing_add_zone(Drawing *drawing, const char *key, const char *title);
DrawingConduit *drawing_add_conduit(Drawing *drawing, const char *key, const char *title);
/* Adds `text` as lines that are at most as wide as a card or a label; nothing of it is cut. */
void drawing_say(GPtrArray *lines, const char *text);

/* Places everything. Parents must not form a loop, and are at most DRAWING_NESTED_MAX deep. */
void drawing_lay_out(Drawing *drawing);

/* The width of a line in pixels, on the safe side for any sans serif: by the widths of DejaVu Sans, the widest in common use. */
int drawing_text_width(const char *text, bool bold);

/* The corners of the arrowhead at the last point of a path, or at its first. */
void drawing_arrow(const GArray *path, bool last, DrawingPoint ret_corners[3]);
/* Does a path have an arrowhead at its last point, or at its first? */
bool drawing_has_arrow(const DrawingConduit *conduit, bool last);
/* How many zones a zone lies in. */
int drawing_depth(const Drawing *drawing, const DrawingZone *zone);
/* The level of the deepest zone. */
int drawing_depth_most(const Drawing *drawing);

/* As `<svg>` with a title and a description. `alone`: as a file of its own, with its style sheet; else inside a page that has
 * it (drawing_style), under the id `anchor`. */
void drawing_svg(const Drawing *drawing, const char *title, const char *anchor, bool alone, Html *html);
/* As one JSON object (docs/reports.md). */
void drawing_json(const Drawing *drawing, JWrite *w);

/* The style sheet, compiled in from data/reports/drawing.css. */
extern const char *const drawing_style[];
extern const size_t drawing_style_count;

#endif
