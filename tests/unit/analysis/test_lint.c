/* Corner cases of the named defects (docs/algorithms/lint.md), each beside what is no defect. */
#include "case.h"

static void test_loop(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        ItemNo threats[] = { item(plant, ZW_KIND_THREAT, "{}"), item(plant, ZW_KIND_THREAT, "{}") };
        ItemNo live = item(plant, ZW_KIND_REQUIREMENT, "{}"),
               gone = retired(plant, ZW_KIND_REQUIREMENT, "{}");
        ItemNo third = item(plant, ZW_KIND_REQUIREMENT, "{}");

        join(plant, threats[0], ZW_LINK_SUPERSEDES, threats[1]);
        join(plant, threats[1], ZW_LINK_SUPERSEDES, threats[0]);
        /* No loop: one of its items is retired. */
        join(plant, live, ZW_LINK_DERIVES, gone);
        join(plant, gone, ZW_LINK_DERIVES, third);
        join(plant, third, ZW_LINK_DERIVES, live);
        expect(plant, "loop", "0 1");
}

static void test_flow(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        ItemNo zones[] = { item(plant, ZW_KIND_ZONE, "{}"), item(plant, ZW_KIND_ZONE, "{}") };
        ItemNo assets[3], conduit = item(plant, ZW_KIND_CONDUIT, "{}");

        for (size_t i = 0; i < G_N_ELEMENTS(assets); i++) {
                assets[i] = item(plant, ZW_KIND_ASSET, "{}");
                join(plant, assets[i], ZW_LINK_PART_OF, zones[i / 2]);
        }
        for (int sinks = 1; sinks <= 2; sinks++)
                for (int over = 0; over < 2; over++) {
                        ItemNo flow = item(plant, ZW_KIND_FLOW, "{}");

                        join_as(plant, flow, ZW_LINK_CONNECTS, assets[0], ZW_AS_SOURCE);
                        for (int i = 1; i <= sinks; i++)
                                join_as(plant, flow, ZW_LINK_CONNECTS, assets[i], ZW_AS_SINK);
                        if (over)
                                join(plant, flow, ZW_LINK_CONNECTS, conduit);
                }
        /* Flows 6 and 7 stay in the zone; 8 and 9 have a second sink outside, 9 over the conduit. */
        expect(plant, "flow_without_conduit", "8");
}

static void test_tester(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        ItemNo ours = item(plant, ZW_KIND_COMPONENT, "{\"developer\":\"a\"}");
        ItemNo theirs = item(plant, ZW_KIND_COMPONENT, "{\"developer\":\"b\"}");
        ItemNo gone = retired(plant, ZW_KIND_REQUIREMENT, "{\"developer\":\"a\"}");
        ItemNo requirement = item(plant, ZW_KIND_REQUIREMENT, "{\"developer\":\"a\"}");
        ItemNo claim = item(plant, ZW_KIND_CLAIM, "{}"),
               test_case = item(plant, ZW_KIND_TEST_CASE, "{\"tester\":\"a\"}");

        join(plant, claim, ZW_LINK_RESTS_ON, ours);
        join(plant, claim, ZW_LINK_RESTS_ON, theirs);
        join(plant, test_case, ZW_LINK_VERIFIES, gone);
        join(plant, test_case, ZW_LINK_VERIFIES, requirement);
        join(plant, test_case, ZW_LINK_VERIFIES, claim);
        expect(plant, "tester_not_independent", "5:3 5:0");
}

/* The people on record say who is of which department, and only where the kind of test asks for another one. */
static void test_department(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        const ItemNo ours = item(plant, ZW_KIND_COMPONENT, "{\"developer\":\"a\"}"),
                     sat = item(plant, ZW_KIND_TEST_CASE, "{\"test_kind\":\"sat\",\"tester\":\"b\"}"),
                     fuzz = item(plant, ZW_KIND_TEST_CASE, "{\"test_kind\":\"fuzz\",\"tester\":\"b\"}");
        ItemNo record;

        join(plant, sat, ZW_LINK_VERIFIES, ours);
        join(plant, fuzz, ZW_LINK_VERIFIES, ours);
        item(plant, ZW_KIND_EVIDENCE, "{\"person\":\"a\",\"department\":\"firmware\"}");
        expect(plant, "tester_not_independent", "");
        record = item(plant, ZW_KIND_EVIDENCE, "{\"person\":\"b\",\"department\":\"firmware\"}");
        expect(plant, "tester_not_independent", "1:0");
        put(plant, record, ZW_KIND_EVIDENCE, ZW_STATE_DRAFT, "{\"person\":\"b\",\"department\":\"test\"}");
        expect(plant, "tester_not_independent", "");
        put(plant, record, ZW_KIND_EVIDENCE, ZW_STATE_RETIRED,
            "{\"person\":\"b\",\"department\":\"firmware\"}");
        expect(plant, "tester_not_independent", "");
}

/* SVV-5 asks for more of some kinds of test than of others; the tester of the run whose result counts is one too. */
static void test_independence(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const cases[] = {
                "{\"tester\":\"a\",\"test_kind\":\"unit\"}",                             /* developers may */
                "{\"tester\":\"a\",\"test_kind\":\"fuzz\",\"independence\":\"person\"}", /* so they say */
                "{\"test_kind\":\"fuzz\",\"independence\":\"person\"}",
                "{\"test_kind\":\"penetration\",\"independence\":\"person\"}",
                "{\"test_kind\":\"penetration\",\"independence\":\"department\"}",
                "{\"test_kind\":\"unit\",\"independence\":\"none\"}",
                "{\"independence\":\"none\"}",
                "{\"test_kind\":\"sat\"}",
        };
        ItemNo measure = item(plant, ZW_KIND_COUNTERMEASURE, "{\"developer\":\"a\"}");
        ItemNo run, again;
        g_autoptr(GError) error = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                join(plant, item(plant, ZW_KIND_TEST_CASE, cases[i]), ZW_LINK_VERIFIES, measure);
        expect(plant, "tester_not_independent", "2:0 4 7");
        run = item(plant, ZW_KIND_TEST_RUN, "{\"tester\":\"a\"}");
        again = item(plant, ZW_KIND_TEST_RUN, "{\"tester\":\"b\"}");
        for (int i = 0; i < 2; i++) {
                ResultRev result = { .test_case = 8,
                                     .run = i == 0 ? run : again,
                                     .status = RESULT_PASSED,
                                     .at = i,
                                     .seq = 1 };

                g_assert_true(graph_apply_result(plant->graph, &result, &error));
                expect(plant, "tester_not_independent", i == 0 ? "2:0 4 7 8:0" : "2:0 4 7");
        }
}

static void from(Case *plant, ItemNo no, LintOrigin origin)
{
        if (no >= plant->origins->len)
                g_array_set_size(plant->origins, no + 1);
        g_array_index(plant->origins, uint8_t, no) = (uint8_t)origin;
}

/* Assets of a drawing and of an inventory, the same ones by a link or by their title. */
static void test_drawing(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        ItemNo zones[] = { item(plant, ZW_KIND_ZONE, "{}"), item(plant, ZW_KIND_ZONE, "{}") }, assets[6];

        for (size_t i = 0; i < G_N_ELEMENTS(assets); i++) {
                assets[i] = item(plant, ZW_KIND_ASSET, "{}");
                join(plant, assets[i], ZW_LINK_PART_OF, zones[i == 1]);
                from(plant, assets[i], i % 2 == 0 ? LINT_DRAWN : LINT_BY_HAND);
        }
        expect(plant, "drawing_unlike_inventory", ""); /* nothing to compare with */
        from(plant, assets[1], LINT_INVENTORY);
        expect(plant, "drawing_unlike_inventory", "2 3 4 6");
        join(plant, assets[1], ZW_LINK_RELATES_TO, assets[0]); /* the same, but it stands elsewhere */
        expect(plant, "drawing_unlike_inventory", "3:2 4 6");
        join(plant, assets[2], ZW_LINK_INSTANCE_OF, item(plant, ZW_KIND_COMPONENT, "{}")); /* listed itself */
        expect(plant, "drawing_unlike_inventory", "3:2 6");
        from(plant, assets[3], LINT_INVENTORY);
        join(plant, assets[4], ZW_LINK_SUPERSEDES, assets[3]);
        expect(plant, "drawing_unlike_inventory", "3:2");
}

static void test_drawn_flows(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        ItemNo zones[] = { item(plant, ZW_KIND_ZONE, "{}"), item(plant, ZW_KIND_ZONE, "{}") }, assets[3];

        for (size_t i = 0; i < G_N_ELEMENTS(assets); i++) {
                assets[i] = item(plant, ZW_KIND_ASSET, "{}");
                join(plant, assets[i], ZW_LINK_PART_OF, zones[i / 2]);
        }
        for (int i = 0; i < 4;
             i++) { /* drawn 0 to 2; then seen 1 to 2, 2 to 0 and, inside the zone, 0 to 1 */
                static const int ends[][2] = { { 0, 2 }, { 1, 2 }, { 2, 0 }, { 0, 1 } };
                ItemNo flow = item(plant, ZW_KIND_FLOW, "{}");

                join_as(plant, flow, ZW_LINK_CONNECTS, assets[ends[i][0]], ZW_AS_SOURCE);
                join_as(plant, flow, ZW_LINK_CONNECTS, assets[ends[i][1]], ZW_AS_SINK);
                from(plant, flow, i == 0 ? LINT_DRAWN : LINT_INVENTORY);
        }
        expect(plant, "drawing_unlike_inventory", "7");
}

static void test_source_document(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        (void)item(plant, ZW_KIND_DOCUMENT, "{}");
        (void)item(plant, ZW_KIND_DOCUMENT, "{\"revision\":\"B\"}");
        (void)retired(plant, ZW_KIND_DOCUMENT, "{}");
        (void)item(plant, ZW_KIND_REQUIREMENT, "{\"source\":\"DO-0\"}");
        (void)item(plant, ZW_KIND_REQUIREMENT, "{\"source\":\"DO-0, chapter 4\"}");
        (void)item(plant, ZW_KIND_REQUIREMENT, "{\"source\":\"DO-1, chapter 4\"}");
        (void)item(plant, ZW_KIND_REQUIREMENT, "{\"source\":\"DO-2\"}");
        (void)item(plant, ZW_KIND_REQUIREMENT, "{\"source\":\"DO-00\"}");
        (void)item(plant, ZW_KIND_REQUIREMENT, "{\"source\":\"as DO-0 says\"}");
        (void)item(plant, ZW_KIND_REQUIREMENT, "{}");
        expect(plant, "requirement_on_unversioned_document", "3:0 4:0");
}

static void test_compensation(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        const char *whole =
                "{\"statement\":\"compensated\",\"equivalence\":\"e\",\"valid_until\":\"2030-01-01\"}";
        ItemNo good, test_case;

        (void)item(plant, ZW_KIND_CLAIM, "{\"statement\":\"compensated\",\"valid_until\":\"2030-01-01\"}");
        (void)item(plant, ZW_KIND_CLAIM, "{\"statement\":\"compensated\",\"equivalence\":\"e\"}");
        (void)item(plant, ZW_KIND_CLAIM, whole);
        (void)item(plant, ZW_KIND_CLAIM, "{\"statement\":\"met\"}");
        (void)item(plant, ZW_KIND_CLAIM, whole); /* a draft: the owner did not approve it */
        good = plant->n++;
        put(plant, good, ZW_KIND_CLAIM, ZW_STATE_APPROVED, whole);
        test_case = item(plant, ZW_KIND_TEST_CASE, "{}");
        for (ItemNo claim = 0; claim <= good; claim++)
                if (claim != 2)
                        join(plant, test_case, ZW_LINK_VERIFIES, claim);
        expect(plant, "compensation_incomplete", "0 1 2 4");
}

/* A component with all constraints and the one row of FR 5; the levels of the zone it stands in repeat its SL-C or do not. */
static void test_copied_target(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const refs[] = { "62443-4-2 CCSC 1", "62443-4-2 CCSC 2", "62443-4-2 CCSC 3",
                                            "62443-4-2 CCSC 4", "62443-4-2 CR 5.1" };
        static const char *const vectors[] = { "[0,0,0,0,4,0,0]", "[null,null,null,null,4,null,0]",
                                               "[0,0,0,0,3,0,0]", "[null,null,null,null,null,null,null]",
                                               "[0,0,0,0,4,0,0]" };
        ItemNo zone = item(plant, ZW_KIND_ZONE, "{}"), asset = item(plant, ZW_KIND_ASSET, "{}");
        ItemNo component = item(plant, ZW_KIND_COMPONENT, "{\"types\":[\"SAR\"]}");
        ItemNo record = item(plant, ZW_KIND_EVIDENCE, "{}"), target = ZW_ITEM_NONE;

        put(plant, record, ZW_KIND_EVIDENCE, ZW_STATE_APPROVED, "{}");
        join(plant, asset, ZW_LINK_PART_OF, zone);
        for (size_t i = 0; i < G_N_ELEMENTS(refs); i++) {
                g_autofree char *attrs = g_strdup_printf("{\"ref\":\"%s\"}", refs[i]);
                ItemNo requirement = item(plant, ZW_KIND_REQUIREMENT, attrs);
                ItemNo claim = item(plant, ZW_KIND_CLAIM, "{}");

                put(plant, claim, ZW_KIND_CLAIM, ZW_STATE_APPROVED, "{\"statement\":\"met\"}");
                join(plant, requirement, ZW_LINK_ALLOCATED_TO, component);
                join(plant, claim, ZW_LINK_ANSWERS, requirement);
                join(plant, claim, ZW_LINK_COVERS, component);
                join(plant, record, ZW_LINK_EVIDENCES, claim);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(vectors); i++) {
                g_autofree char *attrs = g_strdup_printf("{\"vector\":%s}", vectors[i]);

                target = item(plant, ZW_KIND_SL_TARGET, attrs);
                join(plant, target, ZW_LINK_TARGETS, zone);
        }
        join(plant, item(plant, ZW_KIND_RISK, "{}"), ZW_LINK_JUSTIFIES, target);
        expect(plant, "target_from_capability", ""); /* it is not installed there */
        join(plant, asset, ZW_LINK_INSTANCE_OF, component);
        expect(plant, "target_from_capability", "14:2 15:2");
}

static void test_rationale(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        (void)item(plant, ZW_KIND_CLAIM, "{\"statement\":\"not_applicable\"}");
        (void)item(plant, ZW_KIND_CLAIM, "{\"statement\":\"not_applicable\",\"rationale\":\"r\"}");
        (void)item(plant, ZW_KIND_CLAIM, "{\"statement\":\"met\"}");
        (void)item(plant, ZW_KIND_CLAIM, "{}");
        (void)item(plant, ZW_KIND_WAIVER, "{\"decision\":\"deferred\"}");
        expect(plant, "waiver_without_rationale", "0 4");
}

static void test_document(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        ItemNo claim = item(plant, ZW_KIND_CLAIM, "{}"), gone = retired(plant, ZW_KIND_CLAIM, "{}");

        join(plant, claim, ZW_LINK_RESTS_ON, item(plant, ZW_KIND_DOCUMENT, "{}"));
        join(plant, claim, ZW_LINK_RESTS_ON, item(plant, ZW_KIND_DOCUMENT, "{\"revision\":\"1\"}"));
        join(plant, gone, ZW_LINK_RESTS_ON, item(plant, ZW_KIND_DOCUMENT, "{}"));
        join(plant, item(plant, ZW_KIND_DOCUMENT, "{}"), ZW_LINK_EVIDENCES, claim);
        (void)item(plant, ZW_KIND_DOCUMENT, "{}");
        expect(plant, "document_without_revision", "2 5");
}

/* By the method of the risk, which need not be likelihood times impact. */
static void test_residual(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
#define RESIDUAL "\"residual_likelihood\":2,\"residual_impact\":{\"safety\":3}"
        static const char *const risks[] = {
                "{" RESIDUAL ",\"tolerable\":{\"safety\":5}}", /* 6 by the 5 x 5 of the program */
                "{" RESIDUAL ",\"tolerable\":{\"safety\":6}}",
                "{" RESIDUAL ",\"tolerable\":{\"safety\":5},\"decision\":\"treat\"}",
                "{" RESIDUAL "}",                                        /* the method says 4 */
                "{" RESIDUAL ",\"method\":\"none@1\"}",                  /* nobody knows */
                "{\"likelihood\":2,\"impact\":{\"safety\":3}}",          /* nothing said of what stays */
                "{\"likelihood\":5,\"residual_impact\":{\"safety\":1}}", /* likelihood as before */
        };

        for (size_t i = 0; i < G_N_ELEMENTS(risks); i++)
                (void)item(plant, ZW_KIND_RISK, risks[i]);
        expect(plant, "residual_above_tolerable", "0 3 6");
}

/* T0859 leads to FRs 1, 2, 3 and 5, T0837 to none. */
static void test_frs(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const threats[] = {
                "{\"techniques\":[\"T0859\"]}",
                "{\"techniques\":[\"T0859\"],\"frs\":[7]}",
                "{\"techniques\":[\"T0859\"],\"frs\":[7],\"frs_reason\":\"r\"}",
                "{\"techniques\":[\"T0837\"]}",
                "{\"techniques\":[\"T0837\"],\"frs\":[1]}", /* nothing proposed, so nothing edited */
                "{\"techniques\":[\"T0859\",\"T9999\"]}",
                "{\"frs\":[1]}",
        };
        ItemNo risks[2];

        for (size_t i = 0; i < G_N_ELEMENTS(threats); i++)
                (void)item(plant, ZW_KIND_THREAT, threats[i]);
        risks[0] = item(plant, ZW_KIND_RISK, "{\"frs\":[1]}");
        risks[1] = item(plant, ZW_KIND_RISK, "{\"frs\":[7]}");
        for (size_t i = 0; i < G_N_ELEMENTS(risks); i++)
                join(plant, risks[i], ZW_LINK_ASSESSES, 6);
        expect(plant, "frs_without_reason", "1 8");
        expect(plant, "technique_without_fr", "3 5");
}

int main(int argc, char **argv)
{
        static const struct {
                const char *path;
                void (*run)(Case *plant, gconstpointer data);
        } tests[] = { { "/lint/loop", test_loop },
                      { "/lint/flow", test_flow },
                      { "/lint/tester", test_tester },
                      { "/lint/department", test_department },
                      { "/lint/independence", test_independence },
                      { "/lint/drawing", test_drawing },
                      { "/lint/drawn-flows", test_drawn_flows },
                      { "/lint/source-document", test_source_document },
                      { "/lint/compensation", test_compensation },
                      { "/lint/copied-target", test_copied_target },
                      { "/lint/rationale", test_rationale },
                      { "/lint/document", test_document },
                      { "/lint/residual", test_residual },
                      { "/lint/frs", test_frs } };

        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
                g_test_add(tests[i].path, Case, NULL, case_set_up, tests[i].run, case_tear_down);
        return g_test_run();
}
