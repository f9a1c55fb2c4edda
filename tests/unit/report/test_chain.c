/* Paths and breaks of the chain on small graphs worked by hand. */
#include "analysis/lint.h"
#include "plant.h"
#include "report/chain.h"

#include <string.h>

static void set_up(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        plant_init(plant, NULL);
}

static void tear_down(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        plant_clear(plant);
}

typedef struct {
        GraphView view;
        GString *text;
        size_t n, stop_after;
} Paths;

static void step_append(Paths *paths, ItemNo item)
{
        if (item != ZW_ITEM_NONE)
                g_string_append_printf(paths->text, "%s ", graph_key(paths->view, item));
}

static bool path_append(const ChainPath *path, void *payload)
{
        Paths *paths = payload;

        step_append(paths, path->origin.item);
        step_append(paths, path->hazard.item);
        step_append(paths, path->risk.item);
        step_append(paths, path->target.item);
        step_append(paths, path->requirement.item);
        for (size_t i = 0; i < path->n_derived; i++)
                step_append(paths, path->derived[i].item);
        step_append(paths, path->claim.item);
        step_append(paths, path->proof.item);
        if (path->cut)
                g_string_append(paths->text, "cut ");
        paths->text->str[paths->text->len - 1] = '\n';
        return ++paths->n != paths->stop_after;
}

static char *paths_of(Plant *plant, GraphView view, ChainPart part, size_t stop_after)
{
        g_autoptr(Assess) assess = assess_new(view, 0);
        g_autoptr(GArray) defects = lint_find(view, 0, NULL);
        g_autoptr(Breaks) breaks = breaks_find(assess, defects);
        g_autoptr(GError) error = NULL;
        Paths paths = { view, g_string_new(NULL), 0, stop_after };

        g_assert_true(chain_each(view, part, breaks, path_append, &paths, &error));
        g_assert_nonnull(plant);
        return g_string_free(paths.text, FALSE);
}

/* TS-0 and HZ-1 over two risks to ST-4, from it RQ-5 and RQ-6; RQ-7 derives from RQ-5. */
static void two_by_two(Plant *plant)
{
        ItemNo threat = plant_item(plant, ZW_KIND_THREAT, "{}"),
               hazard = plant_item(plant, ZW_KIND_HAZARD, "{}");
        ItemNo r2 = plant_item(plant, ZW_KIND_RISK, "{}"), r3 = plant_item(plant, ZW_KIND_RISK, "{}");
        ItemNo target = plant_item(plant, ZW_KIND_SL_TARGET, "{\"vector\":[1,1,1,1,1,1,1]}");
        ItemNo rq5 = plant_item(plant, ZW_KIND_REQUIREMENT, "{}"),
               rq6 = plant_item(plant, ZW_KIND_REQUIREMENT, "{}");
        ItemNo rq7 = plant_item(plant, ZW_KIND_REQUIREMENT, "{}");
        ItemNo claim = plant_item(plant, ZW_KIND_CLAIM, "{\"statement\":\"met\"}");
        ItemNo test = plant_item(plant, ZW_KIND_TEST_CASE, "{}"),
               measure = plant_item(plant, ZW_KIND_COUNTERMEASURE, "{}");
        ItemNo measure_test = plant_item(plant, ZW_KIND_TEST_CASE, "{}");

        plant_link(plant, threat, ZW_LINK_LEADS_TO, hazard);
        plant_link(plant, r2, ZW_LINK_ASSESSES, threat);
        plant_link(plant, r3, ZW_LINK_ASSESSES, hazard);
        plant_link(plant, r2, ZW_LINK_JUSTIFIES, target);
        plant_link(plant, r3, ZW_LINK_JUSTIFIES, target);
        plant_link(plant, target, ZW_LINK_DERIVES, rq6);
        plant_link(plant, target, ZW_LINK_DERIVES, rq5);
        plant_link(plant, rq5, ZW_LINK_DERIVES, rq7);
        plant_link(plant, claim, ZW_LINK_ANSWERS, rq7);
        plant_link(plant, claim, ZW_LINK_RESTS_ON, measure);
        plant_link(plant, test, ZW_LINK_VERIFIES, claim);
        plant_link(plant, measure_test, ZW_LINK_VERIFIES, measure);
}

static void test_parts(Plant *plant, gconstpointer data)
{
        GraphView view;
        g_autofree char *whole = NULL, *sources = NULL, *proofs = NULL, *first = NULL;

        two_by_two(plant);
        view = plant_publish(plant, data != NULL);
        whole = paths_of(plant, view, CHAIN_WHOLE, 0);
        sources = paths_of(plant, view, CHAIN_SOURCES, 0);
        proofs = paths_of(plant, view, CHAIN_PROOFS, 0);
        first = paths_of(plant, view, CHAIN_WHOLE, 2);
        g_assert_cmpstr(sources, ==, "TS-0 RK-2 ST-4\nTS-0 HZ-1 RK-3 ST-4\n");
        g_assert_cmpstr(proofs, ==, "RQ-5 RQ-7 CL-8 TC-9\nRQ-5 RQ-7 CL-8 TC-11\nRQ-6\n");
        g_assert_cmpstr(
                whole, ==,
                "TS-0 RK-2 ST-4 RQ-5 RQ-7 CL-8 TC-9\nTS-0 RK-2 ST-4 RQ-5 RQ-7 CL-8 TC-11\nTS-0 RK-2 ST-4 RQ-6\n"
                "TS-0 HZ-1 RK-3 ST-4 RQ-5 RQ-7 CL-8 TC-9\nTS-0 HZ-1 RK-3 ST-4 RQ-5 RQ-7 CL-8 TC-11\n"
                "TS-0 HZ-1 RK-3 ST-4 RQ-6\n");
        g_assert_cmpstr(first, ==,
                        "TS-0 RK-2 ST-4 RQ-5 RQ-7 CL-8 TC-9\nTS-0 RK-2 ST-4 RQ-5 RQ-7 CL-8 TC-11\n");
}

/* Everything is on a path, also what hangs on nothing or in a loop. */
static void test_loose_ends(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        GraphView view;
        g_autofree char *whole = NULL;
        ItemNo a, b;

        plant_item(plant, ZW_KIND_CLAIM, "{}");
        a = plant_item(plant, ZW_KIND_REQUIREMENT, "{}");
        b = plant_item(plant, ZW_KIND_REQUIREMENT, "{}");
        plant_item(plant, ZW_KIND_SL_TARGET, "{}");
        plant_item(plant, ZW_KIND_RISK, "{}");
        plant_item(plant, ZW_KIND_HAZARD, "{}");
        plant_item(plant, ZW_KIND_THREAT, "{}");
        plant_item(plant, ZW_KIND_INCIDENT, "{}");
        plant_link(plant, a, ZW_LINK_DERIVES, b);
        plant_link(plant, b, ZW_LINK_DERIVES, a);
        view = plant_publish(plant, false);
        whole = paths_of(plant, view, CHAIN_WHOLE, 0);
        g_assert_cmpstr(whole, ==, "TS-6\nHZ-5\nRK-4\nST-3\nRQ-1 RQ-2 cut\nCL-0\n");
}

/* A line of requirements longer than a path may be is cut, and goes on from where it was cut. */
static void test_deep(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        ItemNo before = plant_item(plant, ZW_KIND_REQUIREMENT, "{}");
        g_autofree char *text = NULL;
        g_auto(GStrv) lines = NULL;

        for (int i = 0; i < CHAIN_DERIVED_MAX + 5; i++) {
                ItemNo next = plant_item(plant, ZW_KIND_REQUIREMENT, "{}");

                plant_link(plant, before, ZW_LINK_DERIVES, next);
                before = next;
        }
        text = paths_of(plant, plant_publish(plant, false), CHAIN_PROOFS, 0);
        lines = g_strsplit(text, "\n", -1);
        g_assert_true(g_str_has_suffix(lines[0], " RQ-32 cut"));
        g_assert_cmpstr(lines[1], ==, "RQ-33 RQ-34 RQ-35 RQ-36 RQ-37");
}

static bool path_count(const ChainPath *path G_GNUC_UNUSED, void *payload)
{
        ++*(size_t *)payload;
        return true;
}

/* Thirteen layers of three requirements, each derived from all of the layer before: 3 to the 13th paths, above the limit. */
static void test_too_many(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        enum { LAYERS = 13, WIDE = 3 };
        g_autoptr(Assess) assess = NULL;
        g_autoptr(GArray) defects = NULL;
        g_autoptr(Breaks) breaks = NULL;
        g_autoptr(GError) error = NULL;
        GraphView view;
        size_t n = 0;

        for (int i = 0; i < LAYERS * WIDE; i++)
                plant_item(plant, ZW_KIND_REQUIREMENT, "{}");
        for (ItemNo from = 0; from < (LAYERS - 1) * WIDE; from++)
                for (ItemNo k = 0; k < WIDE; k++)
                        plant_link(plant, from, ZW_LINK_DERIVES, (from / WIDE + 1) * WIDE + k);
        view = plant_publish(plant, false);
        assess = assess_new(view, 0);
        defects = lint_find(view, 0, NULL);
        breaks = breaks_find(assess, defects);
        g_assert_false(chain_each(view, CHAIN_PROOFS, breaks, path_count, &n, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
        g_assert_cmpuint(n, ==, CHAIN_PATHS_MAX);
}

static void test_breaks(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const expected[] = {
                "scenario_without_risk HZ-1",      "risk_without_scenario RK-2",
                "target_without_risk ST-4",        "target_without_requirement ST-4",
                "requirement_without_source RQ-5", "requirement_not_allocated RQ-5",
                "claim_rests_on_nothing CL-6",     "claim_without_proof CL-6",
                "test_without_result TC-7",        "test_failed TC-8"
        };
        ItemNo threat = plant_item(plant, ZW_KIND_THREAT, "{}");
        g_autoptr(Assess) assess = NULL;
        g_autoptr(GArray) defects = NULL;
        g_autoptr(Breaks) breaks = NULL;
        GraphView view;
        ItemNo risk, requirement, claim, failing, run;

        plant_item(plant, ZW_KIND_HAZARD, "{}");
        plant_item(plant, ZW_KIND_RISK, "{\"decision\":\"accept\"}");
        risk = plant_item(plant, ZW_KIND_RISK, "{\"decision\":\"accept\"}");
        plant_item(plant, ZW_KIND_SL_TARGET, "{}");
        requirement = plant_item(plant, ZW_KIND_REQUIREMENT, "{}");
        claim = plant_item(plant, ZW_KIND_CLAIM, "{\"statement\":\"met\"}");
        plant_item(plant, ZW_KIND_TEST_CASE, "{}");
        failing = plant_item(plant, ZW_KIND_TEST_CASE, "{}");
        run = plant_item(plant, ZW_KIND_TEST_RUN, "{}");
        plant_link(plant, risk, ZW_LINK_ASSESSES, threat);
        plant_link(plant, claim, ZW_LINK_ANSWERS, requirement);
        plant_result(plant, failing, run, RESULT_FAILED);
        view = plant_publish(plant, false);
        assess = assess_new(view, 0);
        defects = lint_find(view, 0, NULL);
        breaks = breaks_find(assess, defects);
        g_assert_cmpuint(breaks_all(breaks)->len, ==, G_N_ELEMENTS(expected));
        for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
                const Break *found = &g_array_index(breaks_all(breaks), Break, i);
                g_autofree char *text = g_strdup_printf("%s %s", break_rule_name(found->rule),
                                                        graph_key(view, found->item));

                g_assert_cmpstr(text, ==, expected[i]);
                g_assert_true(breaks_of(breaks, found->item) & (UINT32_C(1) << found->rule));
        }
        g_assert_cmpint(breaks_looked_at(breaks, 0), ==, 2);
        g_assert_cmpuint(breaks_of(breaks, threat), ==, 0);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add("/report/chain/parts", Plant, NULL, set_up, test_parts, tear_down);
        g_test_add("/report/chain/parts-backwards", Plant, "backwards", set_up, test_parts, tear_down);
        g_test_add("/report/chain/loose-ends", Plant, NULL, set_up, test_loose_ends, tear_down);
        g_test_add("/report/chain/deep", Plant, NULL, set_up, test_deep, tear_down);
        g_test_add("/report/chain/too-many", Plant, NULL, set_up, test_too_many, tear_down);
        g_test_add("/report/chain/breaks", Plant, NULL, set_up, test_breaks, tear_down);
        return g_test_run();
}
