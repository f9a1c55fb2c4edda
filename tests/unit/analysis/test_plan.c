/* The examples of docs/algorithms/plan.md, worked by hand there. */
#include "analysis/plan.h"
#include "case.h"

#define SR_6_1 "62443-3-3 SR 6.1"
#define MET    "{\"statement\":\"met\",\"rationale\":\"r\"}"

static ItemNo approved(Case *plant, KindId kind, const char *attrs)
{
        put(plant, plant->n, kind, ZW_STATE_APPROVED, attrs);
        return plant->n++;
}

/* A device that stores audit records, so that SR 6.1 is asked of it. */
static ItemNo device(Case *plant, ItemNo zone, ItemNo component)
{
        g_autoptr(GString) traits = g_string_new("{\"traits\":{");
        ItemNo asset;

        for (int i = 0; i < ZW_TRAIT_COUNT; i++)
                g_string_append_printf(traits, "%s\"%s\":true", i == 0 ? "" : ",",
                                       trait_def((TraitId)i)->name);
        g_string_append(traits, "}}");
        asset = approved(plant, ZW_KIND_ASSET, traits->str);
        join(plant, asset, ZW_LINK_PART_OF, zone);
        join(plant, asset, ZW_LINK_INSTANCE_OF, component);
        return asset;
}

/* A zone with SL-T 1 for FR 6 alone, which demands SR 6.1 alone, of two devices of one product. */
typedef struct {
        ItemNo zone, component, devices[2], requirement;
} Base;

static Base base_case(Case *plant, bool required)
{
        Base base = { .zone = approved(plant, ZW_KIND_ZONE, "{}"),
                      .component = approved(plant, ZW_KIND_COMPONENT, "{\"types\":[\"EDR\"]}"),
                      .requirement = ZW_ITEM_NONE };
        ItemNo target = approved(plant, ZW_KIND_SL_TARGET, "{\"vector\":[null,null,null,null,null,1,null]}");

        join(plant, target, ZW_LINK_TARGETS, base.zone);
        for (int i = 0; i < 2; i++)
                base.devices[i] = device(plant, base.zone, base.component);
        if (required) {
                base.requirement = approved(plant, ZW_KIND_REQUIREMENT, "{\"ref\":\"" SR_6_1 "\"}");
                join(plant, base.requirement, ZW_LINK_ALLOCATED_TO, base.zone);
        }
        return base;
}

static ItemNo claim(Case *plant, ItemNo requirement, ItemNo covered)
{
        ItemNo no = approved(plant, ZW_KIND_CLAIM, MET);

        join(plant, no, ZW_LINK_ANSWERS, requirement);
        join(plant, no, ZW_LINK_COVERS, covered);
        return no;
}

static ItemNo test_of(Case *plant, ItemNo verified)
{
        ItemNo no = approved(plant, ZW_KIND_TEST_CASE, "{\"test_kind\":\"sat\"}");

        join(plant, no, ZW_LINK_VERIFIES, verified);
        return no;
}

static void run(Case *plant, ItemNo test_case, ResultStatus status)
{
        ResultRev result = { .test_case = test_case,
                             .run = item(plant, ZW_KIND_TEST_RUN, "{}"),
                             .status = status,
                             .at = 1000,
                             .seq = 1 };
        g_autoptr(GError) error = NULL;

        g_assert_true(graph_apply_result(plant->graph, &result, &error));
}

/* Claims of both devices, with a test each; the tests have no result. */
static void claim_both(Case *plant, const Base *base, ItemNo *ret_tests)
{
        for (int i = 0; i < 2; i++)
                ret_tests[i] = test_of(plant, claim(plant, base->requirement, base->devices[i]));
}

static void steps_append(GraphView view, const Plan *plan, GString *text)
{
        for (guint i = 0; i < plan->steps->len; i++) {
                const PlanStep *step = &g_array_index(plan->steps, PlanStep, i);
                const PlanAction *action = &g_array_index(plan->actions, PlanAction, step->action);

                g_string_append_printf(text, " %s:%s", action_kind_name(action->kind),
                                       graph_key(view, action->item));
                for (guint k = 0; k < step->gains->len; k++) {
                        const PlanGain *gain = &g_array_index(step->gains, PlanGain, k);

                        g_string_append_printf(text, "(%d:%d>%d)", gain->fr, gain->from, gain->to);
                }
        }
}

/* `cost action:item(FR:from>to)... | needs that nothing meets | level of FR 6 after`. */
static void expect_plan(Case *plant, const Base *base, const char *expected)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Assess) assess = NULL;
        g_autoptr(Plan) plan = NULL;
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(PlaceAssessment) now = NULL;
        const PlanPlace *place;

        graph_publish(plant->graph, 1);
        assess = assess_new(graph_pin(plant->graph), CASE_NOW);
        plan = plan_make(assess, &base->zone, 1, &error);
        g_assert_no_error(error);
        g_string_append_printf(text, "%" G_GUINT64_FORMAT, plan->cost);
        steps_append(graph_pin(plant->graph), plan, text);
        g_string_append(text, " |");
        for (guint i = 0; i < plan->needs->len; i++) {
                const PlanNeed *need = &g_array_index(plan->needs, PlanNeed, i);

                if (need->alternatives->len == 0)
                        g_string_append_printf(text, " %s", need_kind_name(need->kind));
        }
        place = &g_array_index(plan->places, PlanPlace, 0);
        g_string_append_printf(text, " | %d", place->after.e[5]);
        g_assert_cmpstr(text->str, ==, expected);
        now = assess_place(assess, base->zone, false);
        if (now->verified_with_findings.e[5] != ZW_SL_UNKNOWN)
                g_assert_cmpint(place->before.e[5], ==,
                                MIN(place->target.e[5], now->verified_with_findings.e[5]));
}

/* Nobody claims anything: two configurations cost 6, one countermeasure 9; for four devices it is the other way round. */
static void test_design(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_case(plant, true);

        expect_plan(plant, &base, "6 configure:AS-3(6:0>0) configure:AS-4(6:0>1) | | 1");
        device(plant, base.zone, base.component);
        device(plant, base.zone, base.component);
        expect_plan(plant, &base, "9 countermeasure:ZN-0(6:0>1) | | 1");
}

static void test_no_requirement(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_case(plant, false);

        expect_plan(plant, &base, "7 require:ZN-0(6:0>0) configure:AS-3(6:0>0) configure:AS-4(6:0>1) | | 1");
}

/* Each claim has its test; a third test verifies both. A failed one has to be repaired, whatever else passes. */
static void test_proof(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_case(plant, true);
        ItemNo tests[2], both;

        claim_both(plant, &base, tests);
        expect_plan(plant, &base, "2 test:TC-7(6:0>0) test:TC-9(6:0>1) | | 1");
        both = test_of(plant, graph_first(graph_pin(plant->graph), tests[0], GRAPH_OUT, ZW_LINK_VERIFIES));
        join(plant, both, ZW_LINK_VERIFIES, 8);
        expect_plan(plant, &base, "1 test:TC-10(6:0>1) | | 1");
        run(plant, both, RESULT_PASSED);
        expect_plan(plant, &base, "0 | | 1");
        run(plant, tests[1], RESULT_FAILED);
        expect_plan(plant, &base, "3 repair:TC-9(6:0>1) | | 1");
}

/* A fix of the product meets what both findings break; a countermeasure that is there against both costs as much and leaves
 * the product alone; without either each finding takes a new one. */
static void test_findings(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_case(plant, true);
        ItemNo tests[2], findings[2], measure;

        claim_both(plant, &base, tests);
        for (int i = 0; i < 2; i++) {
                run(plant, tests[i], RESULT_PASSED);
                findings[i] = item(plant, ZW_KIND_FINDING, "{\"fix\":\"none\",\"broken\":[\"" SR_6_1 "\"]}");
                join(plant, findings[i], ZW_LINK_CONCERNS, base.component);
        }
        expect_plan(plant, &base, "18 mitigate:FD-11(6:0>0) mitigate:FD-13(6:0>1) | | 1");
        measure = approved(plant, ZW_KIND_COUNTERMEASURE, "{}");
        for (int i = 0; i < 2; i++)
                join(plant, measure, ZW_LINK_MITIGATES, findings[i]);
        expect_plan(plant, &base, "3 verify:CM-14(6:0>1) | | 1");
        run(plant, test_of(plant, measure), RESULT_PASSED);
        expect_plan(plant, &base, "0 | | 1");
}

static void test_patch(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_case(plant, true);
        ItemNo tests[2], function = approved(plant, ZW_KIND_SAFETY_FUNCTION, "{}");
        g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        g_autoptr(GArray) functions = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        join_as(plant, function, ZW_LINK_USES, base.devices[1], ZW_AS_LOGIC);
        claim_both(plant, &base, tests);
        for (int i = 0; i < 2; i++) {
                run(plant, tests[i], RESULT_PASSED);
                join(plant,
                     item(plant, ZW_KIND_FINDING, "{\"fix\":\"available\",\"broken\":[\"" SR_6_1 "\"]}"),
                     ZW_LINK_CONCERNS, base.component);
        }
        expect_plan(plant, &base, "3 patch:CP-1(6:0>1) | | 1");
        plan_touches(graph_pin(plant->graph),
                     &(PlanAction){ .kind = ACTION_PATCH, .item = base.component, .row = ZW_ROW_NONE }, items,
                     functions);
        g_assert_cmpuint(items->len, ==, 2);
        g_assert_cmpuint(functions->len, ==, 1);
        g_assert_cmpuint(g_array_index(functions, ItemNo, 0), ==, function);
}

/* A device of no known type makes the row unknown, which no action changes. */
static void test_unknown(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_case(plant, true);

        join(plant, approved(plant, ZW_KIND_ASSET, "{}"), ZW_LINK_PART_OF, base.zone);
        expect_plan(plant, &base, "6 configure:AS-3(6:0>0) configure:AS-4(6:0>0) | unknown | 0");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add("/plan/design", Case, NULL, case_set_up, test_design, case_tear_down);
        g_test_add("/plan/no-requirement", Case, NULL, case_set_up, test_no_requirement, case_tear_down);
        g_test_add("/plan/proof", Case, NULL, case_set_up, test_proof, case_tear_down);
        g_test_add("/plan/findings", Case, NULL, case_set_up, test_findings, case_tear_down);
        g_test_add("/plan/patch", Case, NULL, case_set_up, test_patch, case_tear_down);
        g_test_add("/plan/unknown", Case, NULL, case_set_up, test_unknown, case_tear_down);
        return g_test_run();
}
