/* What of a result is shown to who sees a part: figures of the whole, names of the part. */
#include "analysis/assess.h"
#include "analysis/shown.h"
#include "case.h"

enum { SEEN_ZONE, OTHER_ZONE, SEEN_ASSET, OTHER_ASSET, SEEN_REQUIREMENT, OTHER_REQUIREMENT, ITEMS };

typedef struct {
        GraphView whole, seen;
        Graph *part;
} Views;

static const uint8_t shown[ITEMS] = { [SEEN_ZONE] = 1, [SEEN_ASSET] = 1, [SEEN_REQUIREMENT] = 1 };

static void views_clear(Views *views)
{
        graph_free(views->part);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Views, views_clear)

/* Two zones with an asset each, and of the one that is seen a requirement that is and one that is not. */
static Views views_of(Case *plant)
{
        Views views;

        item(plant, ZW_KIND_ZONE, "{}");
        item(plant, ZW_KIND_ZONE, "{}");
        item(plant, ZW_KIND_ASSET, "{}");
        item(plant, ZW_KIND_ASSET, "{}");
        item(plant, ZW_KIND_REQUIREMENT, "{\"ref\":\"62443-3-3 SR 1.1\"}");
        item(plant, ZW_KIND_REQUIREMENT, "{\"ref\":\"62443-3-3 SR 1.2\"}");
        join(plant, SEEN_ASSET, ZW_LINK_PART_OF, SEEN_ZONE);
        join(plant, OTHER_ASSET, ZW_LINK_PART_OF, OTHER_ZONE);
        join(plant, SEEN_REQUIREMENT, ZW_LINK_ALLOCATED_TO, SEEN_ZONE);
        join(plant, OTHER_REQUIREMENT, ZW_LINK_ALLOCATED_TO, SEEN_ZONE);
        graph_publish(plant->graph, 1);
        views.whole = graph_pin(plant->graph);
        views.part = graph_limit(views.whole, shown, ITEMS);
        views.seen = graph_pin(views.part);
        return views;
}

static void test_texts(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        g_auto(Views) views = views_of(plant);

        g_assert_true(text_is_shown(views.seen, "ZN-0 and AS-2 are seen, ZN-99 is nobody's, SL 1.1."));
        g_assert_true(text_is_shown(views.seen, ""));
        g_assert_false(text_is_shown(views.seen, "ZN-0 is linked to AS-3."));
        g_assert_false(text_is_shown(views.seen, "ZN-1"));
        g_assert_true(text_is_shown(views.seen, "ZN-11"));
        g_assert_true(text_is_shown(views.whole, "ZN-0 is linked to AS-3."));
        g_assert_cmpuint(item_shown(views.seen, OTHER_ZONE), ==, ZW_ITEM_NONE);
        g_assert_cmpuint(item_shown(views.seen, SEEN_ZONE), ==, SEEN_ZONE);
        g_assert_true(item_may_show(views.seen, ZW_ITEM_NONE));
}

static void test_places(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        g_auto(Views) views = views_of(plant);
        g_autoptr(Assess) all = assess_new(views.whole, CASE_NOW), part = assess_new(views.seen, CASE_NOW);
        g_autoptr(PlaceAssessment) everybody = assess_place(all, SEEN_ZONE, true),
                                   limited = assess_place(part, SEEN_ZONE, true);
        size_t n;

        g_assert_cmpuint(assess_places(part, &n)[0], ==, SEEN_ZONE);
        g_assert_cmpuint(n, ==, 1);
        (void)assess_places(all, &n);
        g_assert_cmpuint(n, ==, 2);
        for (RowId row = 0; row < ZW_SR_ROWS; row++) {
                g_assert_cmpint((int)limited->rows[row].status, ==, (int)everybody->rows[row].status);
                g_assert_cmpuint(limited->rows[row].requirement, ==,
                                 item_shown(views.seen, everybody->rows[row].requirement));
                g_assert_cmpuint(limited->rows[row].members->len, ==, everybody->rows[row].members->len);
        }
        for (int fr = 0; fr < ZW_FR_COUNT; fr++)
                g_assert_cmpint(limited->verified.e[fr], ==, everybody->verified.e[fr]);
}

/* A defect between what is seen and what is not is not shown, and neither is one of what is not seen. */
static void test_defects(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        g_auto(Views) views = views_of(plant);
        g_autoptr(GArray) all = lint_find(views.whole, CASE_NOW, NULL),
                          part = lint_find(views.seen, CASE_NOW, NULL);
        guint of_seen = 0;

        for (guint i = 0; i < all->len; i++)
                of_seen += graph_exists(views.seen, g_array_index(all, Defect, i).items[0]) &&
                           text_is_shown(views.seen, g_array_index(all, Defect, i).message);
        g_assert_cmpuint(part->len, ==, of_seen);
        g_assert_cmpuint(part->len, <, all->len);
        g_assert_cmpuint(part->len, >, 0);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add("/analysis/shown/texts", Case, NULL, case_set_up, test_texts, case_tear_down);
        g_test_add("/analysis/shown/places", Case, NULL, case_set_up, test_places, case_tear_down);
        g_test_add("/analysis/shown/defects", Case, NULL, case_set_up, test_defects, case_tear_down);
        return g_test_run();
}
