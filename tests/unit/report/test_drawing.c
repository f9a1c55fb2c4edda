/* The layout of drawings over many random plants: nothing that is read overlaps, everything is inside, every line begins and
 * ends at its zones and runs in no other line, and the same plan gives the same bytes. */
#include "report/drawing.h"

#include <string.h>

enum { PLANTS = 120, ZONES_MIN = 10, ZONES_MAX = 60, CONDUITS_MAX = 300 };

/* ---- plants ---- */

static void zone_random(GRand *rand, Drawing *drawing, int i)
{
        g_autofree char *key = g_strdup_printf("ZN-%d", i + 1);
        DrawingZone *zone = drawing_add_zone(drawing, key, "A zone with a title of some length");
        int words = g_rand_int_range(rand, 0, 14);

        zone->band = (BandId)g_rand_int_range(rand, 0, BAND_APART);
        zone->look = (DrawingLook)g_rand_int_range(rand, 0, 4);
        if (i > 0 && g_rand_int_range(rand, 0, 4) == 0) {
                int parent = g_rand_int_range(rand, 0, i);

                if (drawing_depth(drawing, g_ptr_array_index(drawing->zones, parent)) < 3)
                        zone->parent = parent;
        }
        g_ptr_array_add(zone->lines, g_strdup(key));
        for (int k = 0; k < words; k++)
                drawing_say(zone->lines, k % 5 == 4 ? "\xd0\x96\xd0\xb4\xd0\xb0\xd0\xbd\xd1\x8b\xd0\xb5"
                                                    : "some WORDS of a title, and more of them");
}

static void conduit_random(GRand *rand, Drawing *drawing, int i)
{
        g_autofree char *key = g_strdup_printf("CD-%d", i + 1);
        DrawingConduit *conduit = drawing_add_conduit(drawing, key, "A conduit");
        int ends = g_rand_int_range(rand, 0, 20), zones = (int)drawing->zones->len;

        ends = ends > 4 ? 2 : ends; /* mostly two, else none to four */
        for (int k = 0; k < ends; k++) {
                int zone = g_rand_int_range(rand, 0, g_rand_boolean(rand) ? MIN(3, zones) : zones);

                g_array_append_val(conduit->ends, zone);
        }
        conduit->direction = (DrawingDirection)g_rand_int_range(rand, 0, 4);
        conduit->untrusted = g_rand_boolean(rand);
        g_ptr_array_add(conduit->lines, g_strdup(key));
        for (int k = g_rand_int_range(rand, 0, 4); k > 0; k--)
                drawing_say(conduit->lines, "Protocol, another one, AThirdOneWithoutAnyBlankInItsLongName");
}

static Drawing *plant(guint32 seed)
{
        g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
        Drawing *drawing = drawing_new();
        int zones = g_rand_int_range(rand, ZONES_MIN, ZONES_MAX + 1);
        int conduits = g_rand_int_range(rand, 0, CONDUITS_MAX + 1);

        for (int i = 0; i < zones; i++)
                zone_random(rand, drawing, i);
        for (int i = 0; i < conduits; i++)
                conduit_random(rand, drawing, i);
        drawing_lay_out(drawing);
        return drawing;
}

/* ---- boxes ---- */

static bool meet(const DrawingBox *a, const DrawingBox *b)
{
        return a->x < b->x + b->w && b->x < a->x + a->w && a->y < b->y + b->h && b->y < a->y + a->h;
}

static bool inside(const DrawingBox *a, const DrawingBox *b)
{
        return a->x >= b->x && a->y >= b->y && a->x + a->w <= b->x + b->w && a->y + a->h <= b->y + b->h;
}

static const DrawingZone *zone_of(const Drawing *drawing, guint i)
{
        return g_ptr_array_index(drawing->zones, i);
}

static const DrawingConduit *conduit_of(const Drawing *drawing, guint i)
{
        return g_ptr_array_index(drawing->conduits, i);
}

/* What is read: cards of zones, labels of conduits, titles of bands. */
static GArray *texts_of(const Drawing *drawing)
{
        GArray *boxes = g_array_new(FALSE, FALSE, sizeof(DrawingBox));

        for (guint i = 0; i < drawing->zones->len; i++)
                g_array_append_val(boxes, zone_of(drawing, i)->card);
        for (guint i = 0; i < drawing->conduits->len; i++)
                g_array_append_val(boxes, conduit_of(drawing, i)->label);
        for (guint i = 0; i < drawing->bands->len; i++)
                g_array_append_val(boxes, g_array_index(drawing->bands, DrawingBand, i).title);
        return boxes;
}

static void check_overlap(const Drawing *drawing)
{
        g_autoptr(GArray) boxes = texts_of(drawing);
        const DrawingBox all = { 0, 0, drawing->width, drawing->height };

        for (guint i = 0; i < boxes->len; i++) {
                const DrawingBox *box = &g_array_index(boxes, DrawingBox, i);

                g_assert_true(inside(box, &all));
                g_assert_cmpint(box->w, >, 0);
                for (guint k = i + 1; k < boxes->len; k++)
                        g_assert_false(meet(box, &g_array_index(boxes, DrawingBox, k)));
        }
}

static void check_lines_fit(const GPtrArray *lines, const DrawingBox *box)
{
        for (guint i = 0; i < lines->len; i++)
                g_assert_cmpint(drawing_text_width(g_ptr_array_index(lines, i), i == 0) + 2 * DRAWING_PAD, <=,
                                box->w);
        g_assert_cmpint((int)lines->len * DRAWING_LINE + 2 * DRAWING_PAD, <=, box->h);
}

/* A label also keeps out of the outline of every zone. */
static void check_nesting(const Drawing *drawing)
{
        for (guint i = 0; i < drawing->zones->len; i++) {
                const DrawingZone *zone = zone_of(drawing, i);

                check_lines_fit(zone->lines, &zone->card);
                g_assert_true(inside(&zone->card, &zone->box));
                if (zone->parent >= 0)
                        g_assert_true(inside(&zone->box, &zone_of(drawing, (guint)zone->parent)->box));
                for (guint k = i + 1; k < drawing->zones->len; k++)
                        if (zone_of(drawing, k)->parent == zone->parent)
                                g_assert_false(meet(&zone->box, &zone_of(drawing, k)->box));
                for (guint k = 0; k < drawing->conduits->len; k++)
                        g_assert_false(meet(&zone->box, &conduit_of(drawing, k)->label));
        }
        for (guint k = 0; k < drawing->conduits->len; k++)
                check_lines_fit(conduit_of(drawing, k)->lines, &conduit_of(drawing, k)->label);
}

static void check_bands(const Drawing *drawing)
{
        for (guint i = 0; i < drawing->bands->len; i++) {
                const DrawingBand *band = &g_array_index(drawing->bands, DrawingBand, i);

                g_assert_true(inside(&band->title, &band->box));
                if (i > 0)
                        g_assert_cmpint(band->id, >, g_array_index(drawing->bands, DrawingBand, i - 1).id);
                for (guint k = 0; k < drawing->zones->len; k++) {
                        const DrawingZone *zone = zone_of(drawing, k);

                        if (zone->parent < 0)
                                g_assert_true((zone->band == band->id) == inside(&zone->box, &band->box));
                }
        }
}

/* ---- lines ---- */

typedef struct {
        int at, from, to; /* a line along one axis, where it stands on the other */
        guint conduit;
} Run;

static void runs_add(GArray *upright, GArray *level, const GArray *path, guint conduit)
{
        for (guint i = 1; i < path->len; i++) {
                DrawingPoint a = g_array_index(path, DrawingPoint, i - 1),
                             b = g_array_index(path, DrawingPoint, i);
                Run run;

                g_assert_true((a.x == b.x) != (a.y == b.y));
                run = a.x == b.x ? (Run){ a.x, MIN(a.y, b.y), MAX(a.y, b.y), conduit }
                                 : (Run){ a.y, MIN(a.x, b.x), MAX(a.x, b.x), conduit };
                if (a.x == b.x)
                        g_array_append_val(upright, run);
                else
                        g_array_append_val(level, run);
        }
}

static void check_apart(const GArray *runs)
{
        for (guint i = 0; i < runs->len; i++)
                for (guint k = i + 1; k < runs->len; k++) {
                        const Run *a = &g_array_index(runs, Run, i), *b = &g_array_index(runs, Run, k);

                        if (a->conduit != b->conduit && a->at == b->at)
                                g_assert_false(a->from < b->to && b->from < a->to);
                }
}

static void check_end(const Drawing *drawing, int zone, DrawingPoint point)
{
        const DrawingBox *card = &zone_of(drawing, (guint)zone)->card;

        g_assert_true(point.y == card->y || point.y == card->y + card->h);
        g_assert_cmpint(point.x, >, card->x);
        g_assert_cmpint(point.x, <, card->x + card->w);
}

static void check_lines(const Drawing *drawing)
{
        g_autoptr(GArray) upright = g_array_new(FALSE, FALSE, sizeof(Run)),
                          level = g_array_new(FALSE, FALSE, sizeof(Run));

        for (guint i = 0; i < drawing->conduits->len; i++) {
                const DrawingConduit *conduit = conduit_of(drawing, i);
                guint ends = conduit->ends->len;

                g_assert_cmpuint(conduit->paths->len, ==, ends < 2 ? ends : ends - 1);
                for (guint k = 0; k < conduit->paths->len; k++) {
                        const GArray *path = g_ptr_array_index(conduit->paths, k);

                        check_end(drawing, g_array_index(conduit->ends, int, 0),
                                  g_array_index(path, DrawingPoint, 0));
                        if (ends > 1)
                                check_end(drawing, g_array_index(conduit->ends, int, k + 1),
                                          g_array_index(path, DrawingPoint, path->len - 1));
                        runs_add(upright, level, path, i);
                }
        }
        check_apart(upright);
        check_apart(level);
}

/* ---- tests ---- */

static char *svg_of(const Drawing *drawing)
{
        g_autoptr(Out) out = out_new(16 << 20);
        g_autoptr(Html) html = html_new(out);

        drawing_svg(drawing, "Drawing <of> a \"plant\"", "d", true, html);
        g_assert_true(html_is_done(html));
        return g_strdup(out_data(out));
}

static void test_random(void)
{
        for (guint32 seed = 1; seed <= PLANTS; seed++) {
                g_autoptr(Drawing) drawing = plant(seed);

                g_test_message("seed %u: %u zones, %u conduits", seed, drawing->zones->len,
                               drawing->conduits->len);
                check_overlap(drawing);
                check_nesting(drawing);
                check_bands(drawing);
                check_lines(drawing);
        }
}

static void test_same(void)
{
        for (guint32 seed = 1; seed <= 5; seed++) {
                g_autoptr(Drawing) first = plant(seed), second = plant(seed);
                g_autofree char *a = svg_of(first), *b = svg_of(second);

                g_assert_true(strcmp(a, b) == 0);
        }
}

static void test_empty(void)
{
        g_autoptr(Drawing) drawing = drawing_new();
        g_autofree char *svg = NULL;

        drawing_lay_out(drawing);
        g_assert_cmpint(drawing->width, >, 0);
        svg = svg_of(drawing);
        g_assert_nonnull(strstr(svg, "0 zones by level and 0 conduits"));
}

/* A hub in the row above: none of its lines passes below a label. */
static void test_hub(void)
{
        g_autoptr(Drawing) drawing = drawing_new();

        for (int i = 0; i < 6; i++) {
                DrawingZone *zone = drawing_add_zone(drawing, "ZN", "zone");

                zone->band = i == 0 ? BAND_2 : BAND_1;
                drawing_say(zone->lines, "ZN of some width, so that they stand apart");
        }
        for (int i = 1; i < 6; i++) {
                DrawingConduit *conduit = drawing_add_conduit(drawing, "CD", "conduit");
                int hub = 0;

                g_array_append_val(conduit->ends, hub);
                g_array_append_val(conduit->ends, i);
                drawing_say(conduit->lines, "CD");
        }
        drawing_lay_out(drawing);
        check_overlap(drawing);
        for (guint i = 0; i < drawing->conduits->len; i++) {
                const GArray *path = g_ptr_array_index(conduit_of(drawing, i)->paths, 0);

                for (guint k = 1; k < path->len; k++) {
                        DrawingPoint a = g_array_index(path, DrawingPoint, k - 1),
                                     b = g_array_index(path, DrawingPoint, k);
                        DrawingBox line = { MIN(a.x, b.x), MIN(a.y, b.y), ABS(a.x - b.x) + 1,
                                            ABS(a.y - b.y) + 1 };

                        for (guint other = 0; other < drawing->conduits->len; other++)
                                if (other != i)
                                        g_assert_false(meet(&line, &conduit_of(drawing, other)->label));
                }
        }
}

/* Nothing of a text is cut but blanks at the ends of lines, and a line keeps its width. */
static void test_say(void)
{
        g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GString) said = g_string_new(NULL);
        const char *text = "Kerberos, LDAPS, NTP, WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW, syslog";
        g_auto(GStrv) words = g_strsplit(text, " ", -1);
        g_autofree char *bare = g_strjoinv("", words);

        drawing_say(lines, text);
        g_assert_cmpuint(lines->len, >, 3);
        for (guint i = 0; i < lines->len; i++) {
                g_assert_cmpint(drawing_text_width(g_ptr_array_index(lines, i), false), <=, 190);
                g_string_append(said, g_ptr_array_index(lines, i));
        }
        g_string_replace(said, " ", "", 0);
        g_assert_cmpstr(said->str, ==, bare);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/report/drawing/random", test_random);
        g_test_add_func("/report/drawing/same", test_same);
        g_test_add_func("/report/drawing/empty", test_empty);
        g_test_add_func("/report/drawing/hub", test_hub);
        g_test_add_func("/report/drawing/say", test_say);
        return g_test_run();
}
