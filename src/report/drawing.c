#include "report/drawing.h"

#include <string.h>

enum { SAID_MAX = 168 }; /* pixels of a line */

const char *drawing_band_title(BandId band)
{
        static const char *const titles[BAND_COUNT] = {
                [BAND_5] = "Level 5, enterprise",      [BAND_4] = "Level 4, site business",
                [BAND_DMZ] = "Level 3.5, DMZ",         [BAND_3] = "Level 3, site operations",
                [BAND_2] = "Level 2, supervision",     [BAND_1] = "Level 1, basic control",
                [BAND_0] = "Level 0, process",         [BAND_NO_LEVEL] = "Level not stated",
                [BAND_APART] = "Connected to no zone",
        };

        return titles[band];
}

static void zone_free(gpointer data)
{
        DrawingZone *zone = data;

        g_free(zone->key);
        g_free(zone->title);
        g_ptr_array_unref(zone->lines);
        g_free(zone);
}

static void conduit_free(gpointer data)
{
        DrawingConduit *conduit = data;

        g_free(conduit->key);
        g_free(conduit->title);
        g_array_unref(conduit->ends);
        g_ptr_array_unref(conduit->lines);
        g_ptr_array_unref(conduit->paths);
        g_free(conduit);
}

static void path_free(gpointer path)
{
        g_array_unref(path);
}

Drawing *drawing_new(void)
{
        Drawing *drawing = g_new0(Drawing, 1);

        drawing->bands = g_array_new(FALSE, TRUE, sizeof(DrawingBand));
        drawing->zones = g_ptr_array_new_with_free_func(zone_free);
        drawing->conduits = g_ptr_array_new_with_free_func(conduit_free);
        return drawing;
}

void drawing_free(Drawing *drawing)
{
        if (drawing == NULL)
                return;
        g_array_unref(drawing->bands);
        g_ptr_array_unref(drawing->zones);
        g_ptr_array_unref(drawing->conduits);
        g_free(drawing);
}

DrawingZone *drawing_add_zone(Drawing *drawing, const char *key, const char *title)
{
        DrawingZone *zone = g_new0(DrawingZone, 1);

        zone->key = g_strdup(key);
        zone->title = g_strdup(title);
        zone->parent = -1;
        zone->band = BAND_NO_LEVEL;
        zone->lines = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(drawing->zones, zone);
        return zone;
}

DrawingConduit *drawing_add_conduit(Drawing *drawing, const char *key, const char *title)
{
        DrawingConduit *conduit = g_new0(DrawingConduit, 1);

        conduit->key = g_strdup(key);
        conduit->title = g_strdup(title);
        conduit->ends = g_array_new(FALSE, FALSE, sizeof(int));
        conduit->lines = g_ptr_array_new_with_free_func(g_free);
        conduit->paths = g_ptr_array_new_with_free_func(path_free);
        g_ptr_array_add(drawing->conduits, conduit);
        return conduit;
}

/* ---- texts ---- */

/* Advance widths of U+0020 to U+007E in DejaVu Sans 2.37, thousandths of the size. */
static const short widths[] = {
        318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361,  318, 337, 637, 637, 637,
        637, 637, 637, 637, 637, 637, 637, 337, 337, 838, 838, 838, 531, 1000, 685, 687, 699, 771, 632,
        576, 775, 752, 295, 295, 656, 558, 863, 749, 788, 604, 788, 695, 635,  611, 732, 685, 989, 686,
        611, 686, 391, 337, 391, 838, 500, 500, 613, 635, 550, 635, 616, 353,  635, 634, 278, 278, 580,
        278, 975, 634, 612, 635, 635, 412, 521, 393, 634, 592, 818, 592, 592,  525, 637, 337, 637, 838,
};
/* No other letter in use is wider, and bold ones are at most so much wider. */
enum { WIDTH_OTHER = 1200, BOLD_PERCENT = 127 };

static int width_of(const char *text, const char *end, bool bold)
{
        gint64 sum = 0;

        for (; text < end; text = g_utf8_next_char(text)) {
                gunichar c = g_utf8_get_char(text);

                sum += c >= 0x20 && c < 0x7f ? widths[c - 0x20] : WIDTH_OTHER;
        }
        if (bold)
                sum = sum * BOLD_PERCENT / 100;
        return (int)((sum * DRAWING_FONT + 999) / 1000);
}

int drawing_text_width(const char *text, bool bold)
{
        return width_of(text, text + strlen(text), bold);
}

/* The end of the first line of the text: before the last blank that fits, or inside a word that is too wide by itself. */
static const char *line_end(const char *text)
{
        const char *blank = NULL, *at = text;

        while (*at != '\0') {
                const char *next = g_utf8_next_char(at);

                if (width_of(text, next, false) > SAID_MAX && at > text)
                        return blank == NULL ? at : blank;
                if (*at == ' ')
                        blank = at;
                at = next;
        }
        return at;
}

void drawing_say(GPtrArray *lines, const char *text)
{
        while (*text == ' ')
                text++;
        while (*text != '\0') {
                const char *end = line_end(text);

                g_ptr_array_add(lines, g_strndup(text, (gsize)(end - text)));
                text = end;
                while (*text == ' ')
                        text++;
        }
}

/* ---- what every way of drawing asks ---- */

enum { ARROW_LONG = 8, ARROW_HALF = 4 };

void drawing_arrow(const GArray *path, bool last, DrawingPoint ret_corners[3])
{
        guint end = last ? path->len - 1 : 0, before = last ? path->len - 2 : 1;
        DrawingPoint at = g_array_index(path, DrawingPoint, end);
        DrawingPoint from = g_array_index(path, DrawingPoint, before);
        int dx = (from.x > at.x) - (from.x < at.x), dy = (from.y > at.y) - (from.y < at.y);

        ret_corners[0] = at;
        for (int side = 0; side < 2; side++) {
                int half = side == 0 ? ARROW_HALF : -ARROW_HALF;

                ret_corners[side + 1] = (DrawingPoint){ at.x + dx * ARROW_LONG + dy * half,
                                                        at.y + dy * ARROW_LONG + dx * half };
        }
}

bool drawing_has_arrow(const DrawingConduit *conduit, bool last)
{
        if (conduit->ends->len < 2)
                return false;
        return conduit->direction == DIRECTION_BOTH ||
               conduit->direction == (last ? DIRECTION_FORTH : DIRECTION_BACK);
}

int drawing_depth(const Drawing *drawing, const DrawingZone *zone)
{
        int depth = 0;

        for (; zone->parent >= 0 && depth < DRAWING_NESTED_MAX; depth++)
                zone = g_ptr_array_index(drawing->zones, zone->parent);
        return depth;
}

int drawing_depth_most(const Drawing *drawing)
{
        int most = 0;

        for (guint i = 0; i < drawing->zones->len; i++)
                most = MAX(most, drawing_depth(drawing, g_ptr_array_index(drawing->zones, i)));
        return most;
}
