/* A drawing as data, for programs that draw it themselves. */
#include "report/drawing.h"

static void box_json(JWrite *w, const DrawingBox *box)
{
        jwrite_key_int(w, "x", box->x);
        jwrite_key_int(w, "y", box->y);
        jwrite_key_int(w, "w", box->w);
        jwrite_key_int(w, "h", box->h);
}

static void lines_json(JWrite *w, const GPtrArray *lines)
{
        jwrite_key(w, "lines");
        jwrite_array_begin(w);
        for (guint i = 0; i < lines->len; i++)
                jwrite_string(w, g_ptr_array_index(lines, i));
        jwrite_array_end(w);
}

static const char *zone_key(const Drawing *drawing, int zone)
{
        return zone < 0 ? NULL : ((const DrawingZone *)g_ptr_array_index(drawing->zones, zone))->key;
}

static void bands_json(const Drawing *drawing, JWrite *w)
{
        jwrite_key(w, "bands");
        jwrite_array_begin(w);
        for (guint i = 0; i < drawing->bands->len; i++) {
                const DrawingBand *band = &g_array_index(drawing->bands, DrawingBand, i);

                jwrite_object_begin(w);
                jwrite_key_string(w, "title", drawing_band_title(band->id));
                box_json(w, &band->box);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

static void zones_json(const Drawing *drawing, JWrite *w)
{
        jwrite_key(w, "zones");
        jwrite_array_begin(w);
        for (guint i = 0; i < drawing->zones->len; i++) {
                const DrawingZone *zone = g_ptr_array_index(drawing->zones, i);

                jwrite_object_begin(w);
                jwrite_key_string(w, "key", zone->key);
                jwrite_key_string(w, "title", zone->title);
                jwrite_key_string(w, "parent", zone_key(drawing, zone->parent));
                jwrite_key_string(w, "band", drawing_band_title(zone->band));
                box_json(w, &zone->box);
                lines_json(w, zone->lines);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

static void path_json(JWrite *w, const GArray *path)
{
        jwrite_array_begin(w);
        for (guint i = 0; path != NULL && i < path->len; i++) {
                const DrawingPoint *point = &g_array_index(path, DrawingPoint, i);

                jwrite_array_begin(w);
                jwrite_int(w, point->x);
                jwrite_int(w, point->y);
                jwrite_array_end(w);
        }
        jwrite_array_end(w);
}

/* `from`, `to` and `points` are those of the first two ends; further ends have a path each in `branches`. */
static void ends_json(const Drawing *drawing, const DrawingConduit *conduit, JWrite *w)
{
        static const char *const names[] = { "from", "to" };

        for (guint i = 0; i < G_N_ELEMENTS(names); i++)
                jwrite_key_string(w, names[i],
                                  zone_key(drawing, i < conduit->ends->len
                                                            ? g_array_index(conduit->ends, int, i)
                                                            : -1));
        jwrite_key(w, "points");
        path_json(w, conduit->paths->len == 0 ? NULL : g_ptr_array_index(conduit->paths, 0));
        jwrite_key(w, "branches");
        jwrite_array_begin(w);
        for (guint i = 1; i < conduit->paths->len; i++) {
                jwrite_object_begin(w);
                jwrite_key_string(w, "to", zone_key(drawing, g_array_index(conduit->ends, int, i + 1)));
                jwrite_key(w, "points");
                path_json(w, g_ptr_array_index(conduit->paths, i));
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

static void label_json(const DrawingConduit *conduit, JWrite *w)
{
        g_autoptr(GString) text = g_string_new(NULL);

        for (guint i = 0; i < conduit->lines->len; i++)
                g_string_append_printf(text, "%s%s", i == 0 ? "" : "\n",
                                       (const char *)g_ptr_array_index(conduit->lines, i));
        jwrite_key(w, "label");
        jwrite_object_begin(w);
        box_json(w, &conduit->label);
        jwrite_key_string(w, "text", text->str);
        jwrite_object_end(w);
}

static void conduits_json(const Drawing *drawing, JWrite *w)
{
        static const char *const directions[] = { NULL, "a_to_b", "b_to_a", "both" };

        jwrite_key(w, "conduits");
        jwrite_array_begin(w);
        for (guint i = 0; i < drawing->conduits->len; i++) {
                const DrawingConduit *conduit = g_ptr_array_index(drawing->conduits, i);

                jwrite_object_begin(w);
                jwrite_key_string(w, "key", conduit->key);
                jwrite_key_string(w, "title", conduit->title);
                jwrite_key_string(w, "direction", directions[conduit->direction]);
                jwrite_key_bool(w, "untrusted", conduit->untrusted);
                ends_json(drawing, conduit, w);
                label_json(conduit, w);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

void drawing_json(const Drawing *drawing, JWrite *w)
{
        jwrite_object_begin(w);
        jwrite_key_int(w, "width", drawing->width);
        jwrite_key_int(w, "height", drawing->height);
        bands_json(drawing, w);
        zones_json(drawing, w);
        conduits_json(drawing, w);
        jwrite_object_end(w);
}
