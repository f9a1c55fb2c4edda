/* A drawing as SVG: colours by class, so that both themes and print take theirs from the sheet; shapes and words say the same
 * without them. */
#include "report/drawing.h"

/* ---- attributes ---- */

/* `name` is a literal. */
static void attr_int(Html *html, const char *name, int value)
{
        char number[16];

        g_snprintf(number, sizeof number, "%d", value);
        html_attr_(html, name, number);
}

static void box_rect(Html *html, const DrawingBox *box, const char *class, int round)
{
        html_open(html, "rect");
        html_attr(html, "class", class);
        attr_int(html, "x", box->x);
        attr_int(html, "y", box->y);
        attr_int(html, "width", box->w);
        attr_int(html, "height", box->h);
        attr_int(html, "rx", round);
        html_close(html, "rect");
}

static void text_line(Html *html, int x, int y, const char *class, const char *text)
{
        html_open(html, "text");
        html_attr(html, "class", class);
        attr_int(html, "x", x);
        attr_int(html, "y", y);
        html_text(html, text);
        html_close(html, "text");
}

static void lines_text(Html *html, const DrawingBox *box, const GPtrArray *lines)
{
        for (guint i = 0; i < lines->len; i++)
                text_line(html, box->x + DRAWING_PAD, box->y + DRAWING_PAD + ((int)i + 1) * DRAWING_LINE - 3,
                          i == 0 ? "k" : "w", g_ptr_array_index(lines, i));
}

static void group_open(Html *html, const char *class, const char *key, const char *title)
{
        html_open(html, "g");
        html_attr(html, "class", class);
        html_open(html, "title");
        html_text(html, key);
        html_raw(html, " ");
        html_text(html, title);
        html_close(html, "title");
}

/* ---- title and description ---- */

static void lines_say(Html *html, const GPtrArray *lines)
{
        for (guint i = 0; i < lines->len; i++) {
                html_text(html, g_ptr_array_index(lines, i));
                if (i + 1 < lines->len)
                        html_raw(html, " ");
        }
        html_raw(html, ". ");
}

/* Everything that is drawn, for who does not see it. */
static void description(const Drawing *drawing, const char *title, const char *anchor, Html *html)
{
        g_autofree char *title_id = g_strconcat(anchor, "-title", NULL);
        g_autofree char *text_id = g_strconcat(anchor, "-text", NULL);

        html_open(html, "title");
        html_attr(html, "id", title_id);
        html_text(html, title);
        html_close(html, "title");
        html_open(html, "desc");
        html_attr(html, "id", text_id);
        html_number(html, drawing->zones->len);
        html_raw(html, " zones by level and ");
        html_number(html, drawing->conduits->len);
        html_raw(html, " conduits. ");
        for (guint i = 0; i < drawing->zones->len; i++)
                lines_say(html, ((const DrawingZone *)g_ptr_array_index(drawing->zones, i))->lines);
        for (guint i = 0; i < drawing->conduits->len; i++)
                lines_say(html, ((const DrawingConduit *)g_ptr_array_index(drawing->conduits, i))->lines);
        html_close(html, "desc");
}

/* ---- what is drawn ---- */

static void band_svg(const DrawingBand *band, Html *html)
{
        g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
        g_auto(GStrv) words = g_strsplit(drawing_band_title(band->id), ", ", 2);

        box_rect(html, &band->box, "band", 0);
        for (char **word = words; *word != NULL; word++)
                g_ptr_array_add(lines, g_strdup(*word));
        for (guint i = 0; i < lines->len; i++)
                text_line(html, band->title.x, band->title.y + ((int)i + 1) * DRAWING_LINE, "bt",
                          g_ptr_array_index(lines, i));
}

static void zone_svg(const DrawingZone *zone, Html *html)
{
        static const char *const looks[] = { "zone", "zone safety", "zone wireless", "zone outside" };

        group_open(html, looks[zone->look], zone->key, zone->title);
        box_rect(html, &zone->box, "zb", 4);
        lines_text(html, &zone->card, zone->lines);
        html_close(html, "g");
}

static void arrow_svg(const GArray *path, bool last, Html *html)
{
        DrawingPoint at[3];
        g_autofree char *points = NULL;

        drawing_arrow(path, last, at);
        points = g_strdup_printf("%d,%d %d,%d %d,%d", at[0].x, at[0].y, at[1].x, at[1].y, at[2].x, at[2].y);
        html_open(html, "polygon");
        html_attr(html, "class", "head");
        html_attr(html, "points", points);
        html_close(html, "polygon");
}

static void path_svg(const DrawingConduit *conduit, const GArray *path, Html *html)
{
        g_autoptr(GString) points = g_string_new(NULL);

        for (guint i = 0; i < path->len; i++) {
                const DrawingPoint *point = &g_array_index(path, DrawingPoint, i);

                g_string_append_printf(points, "%s%d,%d", i == 0 ? "" : " ", point->x, point->y);
        }
        html_open(html, "polyline");
        html_attr(html, "class", conduit->untrusted ? "line untrusted" : "line");
        html_attr(html, "points", points->str);
        html_close(html, "polyline");
        for (int last = 0; path->len > 1 && last < 2; last++)
                if (drawing_has_arrow(conduit, last == 1))
                        arrow_svg(path, last == 1, html);
}

static void label_svg(const DrawingConduit *conduit, Html *html)
{
        group_open(html, "conduit", conduit->key, conduit->title);
        box_rect(html, &conduit->label, "lb", 2);
        lines_text(html, &conduit->label, conduit->lines);
        html_close(html, "g");
}

static void begin(const Drawing *drawing, const char *anchor, Html *html)
{
        g_autofree char *box = g_strdup_printf("0 0 %d %d", drawing->width, drawing->height);
        g_autofree char *named = g_strconcat(anchor, "-title", NULL);
        g_autofree char *told = g_strconcat(anchor, "-text", NULL);

        html_open(html, "svg");
        html_attr(html, "xmlns", "http://www.w3.org/2000/svg");
        html_attr(html, "class", "drawing");
        html_attr(html, "id", anchor);
        html_attr(html, "viewBox", box);
        attr_int(html, "width", drawing->width);
        attr_int(html, "height", drawing->height);
        html_attr(html, "role", "img");
        html_attr(html, "aria-labelledby", named);
        html_attr(html, "aria-describedby", told);
}

void drawing_svg(const Drawing *drawing, const char *title, const char *anchor, bool alone, Html *html)
{
        int deepest = drawing_depth_most(drawing);

        begin(drawing, anchor, html);
        description(drawing, title, anchor, html);
        if (alone) {
                html_open(html, "style");
                html_css_sheet(html, drawing_style[0]);
                html_close(html, "style");
        }
        for (guint i = 0; i < drawing->bands->len; i++)
                band_svg(&g_array_index(drawing->bands, DrawingBand, i), html);
        for (int depth = 0; depth <= deepest; depth++)
                for (guint i = 0; i < drawing->zones->len; i++) {
                        const DrawingZone *zone = g_ptr_array_index(drawing->zones, i);

                        if (drawing_depth(drawing, zone) == depth)
                                zone_svg(zone, html);
                }
        for (guint i = 0; i < drawing->conduits->len; i++) {
                const DrawingConduit *conduit = g_ptr_array_index(drawing->conduits, i);

                for (guint k = 0; k < conduit->paths->len; k++)
                        path_svg(conduit, g_ptr_array_index(conduit->paths, k), html);
        }
        for (guint i = 0; i < drawing->conduits->len; i++)
                label_svg(g_ptr_array_index(drawing->conduits, i), html);
        html_close(html, "svg");
        html_raw(html, "\n");
}
