/* Need, status and SL-A on small plants worked by hand (docs/algorithms). */
#include "assess_case.h"

/* One claim climbs: nothing, not approved, claimed, verified, failed. */
static void test_climb(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, NULL);
        ItemNo needed, answer;

        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_OPEN);
        needed = requirement(plant, SR_5_2, base.zone);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_OPEN);
        answer = claim(plant, needed, base.conduit, MET);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_CLAIMED);
        proof(plant, answer, RESULT_PASSED, "{\"test_kind\":\"fat\"}", "{}");
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_CLAIMED); /* factory only */
        proof(plant, answer, RESULT_SKIPPED, SAT, "{}");
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_CLAIMED); /* no result */
        proof(plant, answer, RESULT_PASSED, SAT, "{}");
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_VERIFIED);
        proof(plant, answer, RESULT_FAILED, SAT, "{}");
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_FAILED);
}

/* A claim that covers the zone does not speak for its conduit; one that covers the system does. */
static void test_covers(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, NULL);
        ItemNo needed = requirement(plant, SR_5_2, base.system);

        (void)claim(plant, needed, base.zone, MET);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_OPEN);
        (void)claim(plant, needed, base.system, MET);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_CLAIMED);
}

static void test_worst_member(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, NULL);
        ItemNo needed = requirement(plant, SR_5_2, base.zone),
               second = item(plant, ZW_KIND_ACCESS_POINT, "{}");

        (void)claim(plant, needed, base.conduit, MET);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_CLAIMED);
        join(plant, second, ZW_LINK_CONNECTS, base.zone);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_OPEN);
}

/* Unknown is a result: no assets, no type, no answer, no boundary. */
static void test_unknown(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        ItemNo zone = item(plant, ZW_KIND_ZONE, "{}"), asset;
        const char *row = "62443-3-3 SR 3.4";

        g_assert_cmpint((int)status_of(plant, zone, row), ==, STATUS_UNKNOWN);
        asset = item(plant, ZW_KIND_ASSET, "{}");
        join(plant, asset, ZW_LINK_PART_OF, zone);
        g_assert_cmpint((int)status_of(plant, zone, row), ==, STATUS_UNKNOWN);
        g_assert_cmpint((int)status_of(plant, zone, SR_5_2), ==, STATUS_UNKNOWN);
        join(plant, asset, ZW_LINK_INSTANCE_OF, item(plant, ZW_KIND_COMPONENT, "{\"types\":[\"HDR\"]}"));
        g_assert_cmpint((int)status_of(plant, zone, row), ==, STATUS_OPEN);
        g_assert_cmpint((int)status_of(plant, zone, "62443-3-3 SR 1.1"), ==,
                        STATUS_UNKNOWN); /* human_interface unanswered */
}

/* Rests on a component: all of it has to be there, and a new version of it makes the claim suspect. */
static void test_rests_on(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, "human_interface");
        const char *row = "62443-3-3 SR 1.1";
        ItemNo needed = requirement(plant, row, base.zone), answer = claim(plant, needed, base.asset, MET);
        ItemNo elsewhere = item(plant, ZW_KIND_COMPONENT, "{}");

        join(plant, answer, ZW_LINK_RESTS_ON, base.component);
        g_assert_cmpint((int)status_of(plant, base.zone, row), ==, STATUS_CLAIMED);
        join(plant, answer, ZW_LINK_RESTS_ON, elsewhere);
        g_assert_cmpint((int)status_of(plant, base.zone, row), ==, STATUS_OPEN);
        join(plant, base.asset, ZW_LINK_INSTANCE_OF, elsewhere);
        g_assert_cmpint((int)status_of(plant, base.zone, row), ==, STATUS_CLAIMED);
        plant->seq++;
        put(plant, base.component, ZW_KIND_COMPONENT, ZW_STATE_APPROVED, 2,
            "{\"types\":[\"EDR\"],\"version\":\"2\"}");
        g_assert_cmpint((int)status_of(plant, base.zone, row), ==, STATUS_SUSPECT);
}

/* A component a claim rests on was changed where it is installed: suspect for members that are no assets, too. */
static void test_instance_suspect(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, NULL);
        const char *audit = "62443-3-3 SR 6.2";
        ItemNo answer = claim(plant, requirement(plant, audit, base.system), base.system, MET);

        join(plant, answer, ZW_LINK_RESTS_ON, base.component);
        g_assert_cmpint((int)status_of(plant, base.zone, audit), ==, STATUS_CLAIMED);
        plant->seq++;
        put(plant, base.asset, ZW_KIND_ASSET, ZW_STATE_APPROVED, 2, "{\"installed_version\":\"2\"}");
        g_assert_cmpint((int)status_of(plant, base.zone, audit), ==, STATUS_SUSPECT);
}

/* The configuration of a firewall speaks for its conduit, whichever zone asks, and for no other conduit. */
static void test_rests_on_configuration(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, NULL);
        ItemNo needed = requirement(plant, SR_5_2, base.system), firewall = item(plant, ZW_KIND_ASSET, "{}");
        ItemNo settings = item(plant, ZW_KIND_CONFIGURATION, "{}"), other;
        ItemNo answer = claim(plant, needed, base.conduit, MET);

        join(plant, firewall, ZW_LINK_PART_OF, base.conduit);
        join(plant, answer, ZW_LINK_RESTS_ON, settings);
        g_assert_cmpint((int)status_of(plant, base.conduit, SR_5_2), ==, STATUS_OPEN);
        join(plant, settings, ZW_LINK_CONCERNS, firewall);
        g_assert_cmpint((int)status_of(plant, base.conduit, SR_5_2), ==, STATUS_CLAIMED);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_CLAIMED);
        other = item(plant, ZW_KIND_CONDUIT, "{}");
        join(plant, other, ZW_LINK_PART_OF, base.system);
        join(plant, other, ZW_LINK_CONNECTS, base.zone);
        join(plant, answer, ZW_LINK_COVERS, other);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_OPEN);
}

/* A run that states another version than the installed one proves nothing any more. */
static void test_version(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, "human_interface");
        const char *row = "62443-3-3 SR 1.1";
        ItemNo answer = claim(plant, requirement(plant, row, base.zone), base.asset, MET);
        g_autofree char *same = g_strdup_printf("{\"versions\":{\"AS-%u\":\"1\"}}", base.asset);
        g_autofree char *other = g_strdup_printf("{\"versions\":{\"AS-%u\":\"0.9\"}}", base.asset);

        proof(plant, answer, RESULT_PASSED, SAT, other);
        g_assert_cmpint((int)status_of(plant, base.zone, row), ==, STATUS_CLAIMED);
        proof(plant, answer, RESULT_PASSED, SAT, same);
        g_assert_cmpint((int)status_of(plant, base.zone, row), ==, STATUS_VERIFIED);
}

static void test_compensated(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, NULL);
        ItemNo needed = requirement(plant, SR_5_2, base.zone);
        ItemNo weak = claim(plant, needed, base.conduit,
                            "{\"statement\":\"compensated\",\"equivalence\":\"e\"}"),
               strong;

        proof(plant, weak, RESULT_PASSED, SAT, "{}");
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_OPEN); /* no expiry */
        strong =
                claim(plant, needed, base.conduit,
                      "{\"statement\":\"compensated\",\"equivalence\":\"e\",\"valid_until\":\"2026-06-30\"}");
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_OPEN); /* no passed test */
        proof(plant, strong, RESULT_PASSED, SAT, "{}");
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_VERIFIED);
}

static void test_expired(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, NULL);
        ItemNo needed = requirement(plant, SR_5_2, base.zone);

        (void)claim(plant, needed, base.conduit, "{\"statement\":\"met\",\"valid_until\":\"2025-12-30\"}");
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_OPEN);
        (void)claim(plant, needed, base.conduit, "{\"statement\":\"met\",\"valid_until\":\"2026-01-01\"}");
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_CLAIMED);
}

/* Only an approved, unexpired waiver with a rationale removes a row, in its places only. */
static void test_waiver(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, NULL);
        ItemNo needed = requirement(plant, SR_5_2, base.zone);
        ItemNo risk = item(plant, ZW_KIND_WAIVER, "{\"decision\":\"accepted_risk\",\"rationale\":\"r\"}");
        ItemNo old = item(plant, ZW_KIND_WAIVER,
                          "{\"decision\":\"not_applicable\",\"rationale\":\"r\",\"expires\":\"2025-01-01\"}");
        ItemNo mute = item(plant, ZW_KIND_WAIVER, "{\"decision\":\"not_applicable\"}");
        ItemNo good = item(plant, ZW_KIND_WAIVER, "{\"decision\":\"not_applicable\",\"rationale\":\"r\"}");
        g_autofree char *here = g_strdup_printf("{\"places\":[\"ZN-%u\"]}", base.zone);

        join(plant, risk, ZW_LINK_WAIVES, needed);
        join(plant, old, ZW_LINK_WAIVES, needed);
        join(plant, mute, ZW_LINK_WAIVES, needed);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_OPEN);
        join_attrs(plant, good, ZW_LINK_WAIVES, needed, "{\"places\":[\"ZN-999\"]}");
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_OPEN);
        join_attrs(plant,
                   item(plant, ZW_KIND_WAIVER, "{\"decision\":\"not_applicable\",\"rationale\":\"r\"}"),
                   ZW_LINK_WAIVES, needed, here);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_REMOVED);
}

static void test_target(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        static const int8_t expected[7] = { 2, 3, -1, 0, 1, -1, 4 };
        ItemNo zone = item(plant, ZW_KIND_ZONE, "{}");
        ItemNo first = item(plant, ZW_KIND_SL_TARGET,
                            "{\"vector\":[2,1,null,0,1,0,4],\"zero_statement\":\"s\"}");
        ItemNo second = item(plant, ZW_KIND_SL_TARGET, "{\"vector\":[1,3,null,null,0,null,2]}");
        g_autoptr(Assess) context = NULL;
        SlVector target;

        put(plant, second, ZW_KIND_SL_TARGET, ZW_STATE_DRAFT, 2, "{\"vector\":[1,3,null,null,0,null,2]}");
        join(plant, first, ZW_LINK_TARGETS, zone);
        join(plant, second, ZW_LINK_TARGETS, zone);
        graph_publish(plant->graph, plant->seq);
        context = assess_new(graph_pin(plant->graph), 0);
        target = assess_target(context, zone);
        for (int i = 0; i < 7; i++)
                g_assert_cmpint(target.e[i], ==, i == 5 ? 0 : expected[i]);
        /* Without approval or statement a 0 stays unknown. */
        put(plant, first, ZW_KIND_SL_TARGET, ZW_STATE_APPROVED, 2, "{\"vector\":[2,1,null,0,1,0,4]}");
        target = assess_target(context, zone);
        g_assert_cmpint(target.e[3], ==, ZW_SL_UNKNOWN);
}

/* FR 6: SR 6.1 (each asset that stores audit records; removed here), its RE and SR 6.2 (service), worked by hand:
 * SR 6.2 is demanded from SL 2, SR 6.1 RE(1) from SL 3. */
static void test_sl_a(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, NULL);
        ItemNo needed = requirement(plant, "62443-3-3 SR 6.2", base.zone), answer;
        g_autoptr(Assess) context = NULL, again = NULL;
        g_autoptr(PlaceAssessment) before = assess(plant, base.zone, &context), after = NULL;

        g_assert_cmpint(before->verified.e[5], ==, 1);
        answer = claim(plant, needed, base.zone, MET);
        proof(plant, answer, RESULT_PASSED, SAT, "{}");
        after = assess(plant, base.zone, &again);
        g_assert_cmpint(after->verified.e[5], ==, 2);
        g_assert_cmpint(after->claimed.e[5], ==, 2);
}

/* A confirmed finding moves the vectors with findings and never the others; fixed clears it, accepted does not. */
static void test_finding(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, NULL);
        const char *attrs = "{\"broken\":[\"62443-3-3 SR 6.2\"]}";
        ItemNo answer = claim(plant, requirement(plant, "62443-3-3 SR 6.2", base.zone), base.zone, MET),
               finding;

        proof(plant, answer, RESULT_PASSED, SAT, "{}");
        finding = item(plant, ZW_KIND_FINDING, attrs);
        join(plant, finding, ZW_LINK_CONCERNS, base.component);
        for (int state = 0; state < 3; state++) {
                static const StateId states[] = { ZW_STATE_NEW, ZW_STATE_ACCEPTED, ZW_STATE_FIXED };
                g_autoptr(Assess) context = NULL;
                g_autoptr(PlaceAssessment) result = NULL;

                put(plant, finding, ZW_KIND_FINDING, states[state], (uint32_t)state + 2, attrs);
                result = assess(plant, base.zone, &context);
                g_assert_cmpint(result->verified.e[5], ==, 2);
                g_assert_cmpint(result->verified_with_findings.e[5], ==,
                                states[state] == ZW_STATE_FIXED ? 2 : 1);
        }
}

static RowStage stage_of(Plant *plant, ItemNo place, const char *ref)
{
        g_autoptr(Assess) context = NULL;
        g_autoptr(PlaceAssessment) result = assess(plant, place, &context);

        return row_stage(assess_view(context), &result->rows[catalogue_find(ref)]);
}

/* A row climbs through the stages; what it derives from counts only when a live risk stands behind it. */
static void test_stage(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, NULL);
        ItemNo target = item(plant, ZW_KIND_SL_TARGET, "{}"), risk = item(plant, ZW_KIND_RISK, "{}");
        ItemNo first, second, answer;

        g_assert_cmpint((int)stage_of(plant, base.zone, SR_5_2), ==, STAGE_NO_REQUIREMENT);
        first = requirement(plant, SR_5_2, base.zone);
        g_assert_cmpint((int)stage_of(plant, base.zone, SR_5_2), ==, STAGE_NOT_DERIVED);
        second = requirement(plant, SR_5_2, base.zone); /* the second of two derives */
        join(plant, target, ZW_LINK_DERIVES, second);
        g_assert_cmpint((int)stage_of(plant, base.zone, SR_5_2), ==,
                        STAGE_NOT_DERIVED); /* no risk justifies it */
        join(plant, risk, ZW_LINK_JUSTIFIES, target);
        g_assert_cmpint((int)stage_of(plant, base.zone, SR_5_2), ==, STAGE_NOT_CLAIMED);
        put(plant, risk, ZW_KIND_RISK, ZW_STATE_RETIRED, 2, "{}");
        g_assert_cmpint((int)stage_of(plant, base.zone, SR_5_2), ==, STAGE_NOT_DERIVED);
        answer = claim(plant, first, base.conduit, MET);
        g_assert_cmpint((int)stage_of(plant, base.zone, SR_5_2), ==, STAGE_NOT_VERIFIED);
        proof(plant, answer, RESULT_PASSED, SAT, "{}");
        g_assert_cmpint((int)stage_of(plant, base.zone, SR_5_2), ==, STAGE_VERIFIED);
}

/* What was found on the asset goes before what its product states; a run that speaks of the product fits neither other version;
 * a member that is no asset is spoken of by what stands there. */
static void test_versions(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, "human_interface");
        const char *login = "62443-3-3 SR 1.1", *audit = "62443-3-3 SR 6.2";
        ItemNo answer = claim(plant, requirement(plant, login, base.zone), base.asset, MET);
        ItemNo service = claim(plant, requirement(plant, audit, base.zone), base.zone, MET);
        g_autofree char *of_product = g_strdup_printf("{\"versions\":{\"CP-%u\":\"1\"}}", base.component);

        proof(plant, answer, RESULT_PASSED, SAT, of_product);
        proof(plant, service, RESULT_PASSED, SAT, of_product);
        g_assert_cmpint((int)status_of(plant, base.zone, login), ==, STATUS_VERIFIED);
        g_assert_cmpint((int)status_of(plant, base.zone, audit), ==, STATUS_VERIFIED);
        put(plant, base.asset, ZW_KIND_ASSET, ZW_STATE_APPROVED, 1,
            "{\"installed_version\":\"2\",\"traits\":{\"human_interface\":true}}");
        g_assert_cmpint((int)status_of(plant, base.zone, login), ==, STATUS_CLAIMED);
        g_assert_cmpint((int)status_of(plant, base.zone, audit), ==, STATUS_CLAIMED);
}

/* The newest result that is one counts, however many follow that are none. */
static void test_many_results(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, NULL);
        ItemNo answer = claim(plant, requirement(plant, SR_5_2, base.zone), base.conduit, MET);
        ItemNo test_case = item(plant, ZW_KIND_TEST_CASE, SAT);
        g_autoptr(GError) error = NULL;

        join(plant, test_case, ZW_LINK_VERIFIES, answer);
        for (int i = 0; i < 200; i++) {
                ItemNo run = item(plant, ZW_KIND_TEST_RUN, "{}");
                ResultRev result = { .test_case = test_case,
                                     .run = run,
                                     .status = i == 0 ? RESULT_PASSED : RESULT_SKIPPED,
                                     .at = 1000 + i,
                                     .seq = plant->seq };

                g_assert_true(graph_apply_result(plant->graph, &result, &error));
        }
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_VERIFIED);
}

/* Met by configuration counts where that configuration was captured, and on no other device. */
static void test_configuration(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, NULL);
        ItemNo firewall = item(plant, ZW_KIND_ASSET, "{}"),
               settings = item(plant, ZW_KIND_CONFIGURATION, "{}");
        ItemNo answer = claim(plant, requirement(plant, SR_5_2, base.system), base.conduit,
                              "{\"statement\":\"met_by_configuration\"}");

        join(plant, firewall, ZW_LINK_PART_OF, base.conduit);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_OPEN); /* by which one? */
        join(plant, answer, ZW_LINK_RESTS_ON, settings);
        join(plant, settings, ZW_LINK_CONCERNS, firewall);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_OPEN); /* never read back */
        put(plant, settings, ZW_KIND_CONFIGURATION, ZW_STATE_APPROVED, 1, "{\"captured\":\"2025-05-01\"}");
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_CLAIMED);
}

/* A document about one device says nothing of the next one, and goes on to say nothing when its device is retired. */
static void test_document(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, NULL);
        ItemNo manual = item(plant, ZW_KIND_DOCUMENT, "{}"), other = item(plant, ZW_KIND_ASSET, "{}");
        ItemNo answer = claim(plant, requirement(plant, SR_5_2, base.system), base.conduit, MET);

        join(plant, answer, ZW_LINK_RESTS_ON, manual);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_CLAIMED); /* of everything */
        join(plant, manual, ZW_LINK_CONCERNS, other);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_OPEN);
        put(plant, other, ZW_KIND_ASSET, ZW_STATE_RETIRED, 2, "{}");
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_OPEN);
}

/* A measure deployed on one device of a zone is not there for the next one, nor that of one conduit for another. */
static void test_countermeasure(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, "human_interface");
        const char *login = "62443-3-3 SR 1.1";
        ItemNo measure = item(plant, ZW_KIND_COUNTERMEASURE, "{}"), other = item(plant, ZW_KIND_ASSET, "{}");
        ItemNo second = item(plant, ZW_KIND_CONDUIT, "{}");
        ItemNo answer = claim(plant, requirement(plant, login, base.zone), base.zone, MET);
        ItemNo boundary = claim(plant, requirement(plant, SR_5_2, base.zone), base.system, MET);

        join(plant, other, ZW_LINK_PART_OF, base.zone);
        join(plant, second, ZW_LINK_PART_OF, base.system);
        join(plant, answer, ZW_LINK_RESTS_ON, measure);
        join(plant, boundary, ZW_LINK_RESTS_ON, measure);
        join(plant, measure, ZW_LINK_DEPLOYED_ON, other);
        join(plant, other, ZW_LINK_INSTANCE_OF, item(plant, ZW_KIND_COMPONENT, "{\"types\":[\"SAR\"]}"));
        put(plant, other, ZW_KIND_ASSET, ZW_STATE_APPROVED, 1, "{\"traits\":{\"human_interface\":false}}");
        g_assert_cmpint((int)status_of(plant, base.zone, login), ==, STATUS_OPEN);
        join(plant, measure, ZW_LINK_DEPLOYED_ON, base.conduit);
        g_assert_cmpint((int)status_of(plant, base.zone, login), ==,
                        STATUS_CLAIMED); /* a conduit of its place */
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_CLAIMED);
        join(plant, second, ZW_LINK_CONNECTS, base.zone);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_OPEN);
}

/* A procedure satisfies a row only as compensation; something technical beside it makes it more than a procedure. */
static void test_procedure(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, NULL);
        ItemNo needed = requirement(plant, SR_5_2, base.system);
        ItemNo measure = item(plant, ZW_KIND_COUNTERMEASURE, "{\"nature\":\"procedural\"}");
        ItemNo other = item(plant, ZW_KIND_COUNTERMEASURE, "{\"nature\":\"physical\"}");
        ItemNo answer = claim(plant, needed, base.conduit, MET), instead;

        join(plant, measure, ZW_LINK_DEPLOYED_ON, base.conduit);
        join(plant, other, ZW_LINK_DEPLOYED_ON, base.conduit);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_CLAIMED);
        join(plant, answer, ZW_LINK_RESTS_ON, measure);
        join(plant, answer, ZW_LINK_RESTS_ON, item(plant, ZW_KIND_DOCUMENT, "{}"));
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_OPEN);
        instead =
                claim(plant, needed, base.conduit,
                      "{\"statement\":\"compensated\",\"equivalence\":\"e\",\"valid_until\":\"2026-06-30\"}");
        join(plant, instead, ZW_LINK_RESTS_ON, measure);
        proof(plant, instead, RESULT_PASSED, SAT, "{}");
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_VERIFIED);
        put(plant, instead, ZW_KIND_CLAIM, ZW_STATE_RETIRED, 2, "{}");
        join(plant, answer, ZW_LINK_RESTS_ON, other);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_CLAIMED);
}

/* A certificate of a product never verifies what stands on site. */
static void test_certificate(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, NULL);
        ItemNo answer = claim(plant, requirement(plant, SR_5_2, base.zone), base.conduit, MET);

        join(plant, item(plant, ZW_KIND_EVIDENCE, "{\"nature\":\"certificate\",\"stage\":\"operation\"}"),
             ZW_LINK_EVIDENCES, answer);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_CLAIMED);
        join(plant, item(plant, ZW_KIND_EVIDENCE, "{\"nature\":\"inspection\",\"stage\":\"operation\"}"),
             ZW_LINK_EVIDENCES, answer);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_VERIFIED);
}

/* A requirement meant for the place: allocated to nothing, or derived from its SL target and allocated elsewhere. */
static void test_not_allocated(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, NULL);
        ItemNo target = item(plant, ZW_KIND_SL_TARGET, "{}"), risk = item(plant, ZW_KIND_RISK, "{}");
        ItemNo elsewhere = item(plant, ZW_KIND_ZONE, "{}");
        ItemNo nowhere = item(plant, ZW_KIND_REQUIREMENT, "{\"ref\":\"" SR_5_2 "\"}"), needed;

        g_assert_cmpint((int)stage_of(plant, base.zone, SR_5_2), ==, STAGE_NOT_DERIVED);
        join(plant, risk, ZW_LINK_DERIVES, nowhere); /* not of the metamodel; the walk takes any source */
        g_assert_cmpint((int)stage_of(plant, base.zone, SR_5_2), ==, STAGE_NOT_ALLOCATED);
        join(plant, nowhere, ZW_LINK_ALLOCATED_TO, elsewhere);
        g_assert_cmpint((int)stage_of(plant, base.zone, SR_5_2), ==, STAGE_NO_REQUIREMENT);
        needed = requirement(plant, SR_5_2, elsewhere);
        join(plant, target, ZW_LINK_TARGETS, base.zone);
        join(plant, target, ZW_LINK_DERIVES, needed);
        g_assert_cmpint((int)stage_of(plant, base.zone, SR_5_2), ==, STAGE_NOT_DERIVED);
        join(plant, risk, ZW_LINK_JUSTIFIES, target);
        g_assert_cmpint((int)stage_of(plant, base.zone, SR_5_2), ==, STAGE_NOT_ALLOCATED);
        join(plant, needed, ZW_LINK_ALLOCATED_TO, base.zone);
        g_assert_cmpint((int)stage_of(plant, base.zone, SR_5_2), ==, STAGE_NOT_CLAIMED);
}

int main(int argc, char **argv)
{
        static const PlantTest tests[] = {
                { "/assess/climb", test_climb },
                { "/assess/covers", test_covers },
                { "/assess/worst-member", test_worst_member },
                { "/assess/unknown", test_unknown },
                { "/assess/rests-on", test_rests_on },
                { "/assess/instance-suspect", test_instance_suspect },
                { "/assess/rests-on-configuration", test_rests_on_configuration },
                { "/assess/version", test_version },
                { "/assess/compensated", test_compensated },
                { "/assess/expired", test_expired },
                { "/assess/waiver", test_waiver },
                { "/assess/target", test_target },
                { "/assess/sl-a", test_sl_a },
                { "/assess/finding", test_finding },
                { "/assess/versions", test_versions },
                { "/assess/many-results", test_many_results },
                { "/assess/document", test_document },
                { "/assess/configuration", test_configuration },
                { "/assess/countermeasure", test_countermeasure },
                { "/assess/procedure", test_procedure },
                { "/assess/certificate", test_certificate },
                { "/assess/not-allocated", test_not_allocated },
                { "/assess/stage", test_stage },
        };

        return plant_tests_run(argc, argv, tests, G_N_ELEMENTS(tests));
}
