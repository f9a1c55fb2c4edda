/* Separation rules and their answers (docs/algorithms/separation.md), each beside what is right. */
#include "case.h"

static ItemNo zone_with(Case *plant, const char *attrs, size_t n, const char *const *assets)
{
        const ItemNo zone = item(plant, ZW_KIND_ZONE, attrs);

        for (size_t i = 0; i < n; i++)
                join(plant, item(plant, ZW_KIND_ASSET, assets[i]), ZW_LINK_PART_OF, zone);
        return zone;
}

static void test_business(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const mixed[] = { "{\"nature\":[\"business\"]}", "{\"nature\":[\"control\"]}",
                                             "{}" };
        static const char *const office[] = { "{\"nature\":[\"business\"]}", "{}" };

        zone_with(plant, "{}", 3, mixed);                                      /* 0, assets 1 to 3 */
        zone_with(plant, "{\"nature\":[\"business\"]}", 2, office);            /* 4: right */
        zone_with(plant, "{\"nature\":[\"business\"]}", 1, &mixed[1]);         /* 7, asset 8 */
        zone_with(plant, "{\"nature\":[\"control\",\"business\"]}", 2, mixed); /* 9: it is the zone */
        zone_with(plant, "{\"nature\":[\"safety\"]}", 1, mixed);               /* 12, asset 13 */
        expect(plant, "business_not_separated", "1:0 8:7 9 13:12");
}

static void test_safety(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const assets[] = { "{\"nature\":[\"safety\"]}", "{}", "{}", "{}" };
        ItemNo function, gone;

        zone_with(plant, "{\"nature\":[\"control\"]}", 4, assets); /* 0, assets 1 to 4 */
        zone_with(plant, "{\"nature\":[\"control\",\"safety\"]}", 2,
                  assets); /* 5: the whole zone is marked */
        function = item(plant, ZW_KIND_SAFETY_FUNCTION, "{}");
        gone = retired(plant, ZW_KIND_SAFETY_FUNCTION, "{}");
        join_as(plant, function, ZW_LINK_USES, 2, ZW_AS_LOGIC);
        join_as(plant, function, ZW_LINK_USES, 3, ZW_AS_STATION); /* no part of the function itself */
        join_as(plant, gone, ZW_LINK_USES, 4, ZW_AS_FINAL);
        join_as(plant, function, ZW_LINK_USES, 7, ZW_AS_FINAL);
        expect(plant, "safety_asset_outside", "1:0 2:0");
}

static void test_special(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const assets[] = {
                "{\"nature\":[\"temporary\",\"external\"]}", "{\"traits\":{\"wireless\":true}}",
                "{\"nature\":[\"wireless\"],\"separation_reason\":\"own cell\"}",
                "{\"traits\":{\"wireless\":false}}"
        };

        zone_with(plant, "{\"nature\":[\"control\",\"external\"]}", 4, assets);
        zone_with(plant, "{\"nature\":[\"wireless\"]}", 1, &assets[1]);
        expect(plant, "temporary_not_separated", "1:0");
        expect(plant, "external_not_separated", "");
        expect(plant, "wireless_not_separated", "2:0");
}

static ItemNo zone_at(Case *plant, const char *level)
{
        g_autofree char *attrs = level == NULL ? g_strdup("{}")
                                               : g_strdup_printf("{\"purdue\":\"%s\"}", level);

        return item(plant, ZW_KIND_ZONE, attrs);
}

static void test_levels(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const ends[][2] = { { "1", "2" },   { "1", "3" },   { "3", "3.5" }, { "3", "4" },
                                               { "2", "3.5" }, { "3.5", "4" }, { NULL, "5" } };

        for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
                const ItemNo a = zone_at(plant, ends[i][0]), b = zone_at(plant, ends[i][1]);
                const ItemNo conduit = item(plant, ZW_KIND_CONDUIT, "{}");

                join_as(plant, conduit, ZW_LINK_CONNECTS, a, ZW_AS_A);
                join_as(plant, conduit, ZW_LINK_CONNECTS, b, ZW_AS_B);
        }
        expect(plant, "conduit_skips_levels", "5 11 14");
        expect(plant, "conduit_without_ends", "");
}

static void test_ends(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        const ItemNo zone = item(plant, ZW_KIND_ZONE, "{}"), gone = retired(plant, ZW_KIND_ZONE, "{}");
        const ItemNo other = item(plant, ZW_KIND_ZONE, "{}");
        const ItemNo points[] = { item(plant, ZW_KIND_ACCESS_POINT, "{}"),
                                  item(plant, ZW_KIND_ACCESS_POINT, "{}"),
                                  item(plant, ZW_KIND_ACCESS_POINT, "{}") };
        const ItemNo conduit = item(plant, ZW_KIND_CONDUIT, "{}");

        join(plant, points[0], ZW_LINK_CONNECTS, zone);
        join(plant, points[1], ZW_LINK_CONNECTS, other);
        join_as(plant, conduit, ZW_LINK_CONNECTS, zone, ZW_AS_A);
        join_as(plant, conduit, ZW_LINK_CONNECTS, gone, ZW_AS_B);
        expect(plant, "access_point_without_conduit", "4:2 5");
        expect(plant, "conduit_without_ends", "6");
}

/* ---- answers ---- */

static void link_judged(Case *plant, ItemNo from, ItemNo to, const char *attrs, uint32_t judged_to)
{
        LinkRev row = { .from = from,
                        .to = to,
                        .type = ZW_LINK_WAIVES,
                        .attrs = attrs,
                        .judged_from = 1,
                        .judged_to = judged_to,
                        .from_seq = 1,
                        .to_seq = ZW_SEQ_OPEN };
        g_autoptr(GError) error = NULL;

        g_assert_true(graph_apply_link(plant->graph, &row, false, &error));
}

static void test_answers(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        static const struct {
                const char *waiver, *rules;
                StateId state;
                uint32_t judged; /* revision of the conduit that was judged, of 1 */
        } cases[] = {
                { "{\"rationale\":\"r\"}", "{\"rules\":[\"conduit_without_ends\"]}", ZW_STATE_DRAFT,
                  1 }, /* stands */
                { "{\"rationale\":\"r\",\"expires\":\"2025-12-30\"}",
                  "{\"rules\":[\"conduit_without_ends\"]}", ZW_STATE_APPROVED, 1 },       /* expired */
                { "{}", "{\"rules\":[\"conduit_without_ends\"]}", ZW_STATE_APPROVED, 1 }, /* no reason */
                { "{\"rationale\":\"r\"}", "{\"rules\":[\"conduit_skips_levels\"]}", ZW_STATE_APPROVED,
                  1 }, /* another */
                { "{\"rationale\":\"r\"}", "{}", ZW_STATE_APPROVED, 1 },
                { "{\"rationale\":\"r\"}", "{\"rules\":[\"conduit_without_ends\"]}", ZW_STATE_APPROVED,
                  0 }, /* it changed */
                { "{\"rationale\":\"r\"}", "{\"rules\":[\"conduit_without_ends\"]}", ZW_STATE_RETIRED, 1 },
        };

        for (ItemNo i = 0; i < G_N_ELEMENTS(cases); i++) {
                const ItemNo conduit = item(plant, ZW_KIND_CONDUIT, "{}");

                put(plant, plant->n, ZW_KIND_WAIVER, cases[i].state, cases[i].waiver);
                link_judged(plant, plant->n++, conduit, cases[i].rules, cases[i].judged);
        }
        expect(plant, "conduit_without_ends", "2 4 6 8 10 12");
}

/* What is no warning needs an approved answer, and all defects can be asked for. */
static void test_approved_answer(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const assets[] = { "{\"nature\":[\"safety\"]}", "{\"nature\":[\"safety\"]}" };
        const char *rules = "{\"rules\":[\"safety_asset_outside\"]}";
        g_autoptr(GArray) all = NULL;

        zone_with(plant, "{}", 2, assets);
        put(plant, 3, ZW_KIND_WAIVER, ZW_STATE_APPROVED, "{\"rationale\":\"r\"}");
        put(plant, 4, ZW_KIND_WAIVER, ZW_STATE_IN_REVIEW, "{\"rationale\":\"r\"}");
        link_judged(plant, 3, 1, rules, 1);
        link_judged(plant, 4, 2, rules, 1);
        expect(plant, "safety_asset_outside", "2:0");
        all = lint_find_all(graph_pin(plant->graph), CASE_NOW, NULL);
        for (guint i = 0; i < all->len; i++) {
                const Defect *defect = &g_array_index(all, Defect, i);

                if (strcmp(defect->rule, "safety_asset_outside") != 0)
                        continue;
                g_assert_cmpstr(defect->number, ==, "S2");
                g_assert_false(defect->warning);
                g_assert_cmpuint(defect->answer, ==, defect->items[0] == 1 ? 3 : ZW_ITEM_NONE);
        }
}

int main(int argc, char **argv)
{
        static const struct {
                const char *path;
                void (*run)(Case *plant, gconstpointer data);
        } tests[] = { { "/separation/business", test_business },
                      { "/separation/safety", test_safety },
                      { "/separation/special", test_special },
                      { "/separation/levels", test_levels },
                      { "/separation/ends", test_ends },
                      { "/separation/answers", test_answers },
                      { "/separation/approved-answer", test_approved_answer } };

        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
                g_test_add(tests[i].path, Case, NULL, case_set_up, tests[i].run, case_tear_down);
        return g_test_run();
}
