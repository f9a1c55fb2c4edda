/* Need, status and SL-A on small plants worked by hand (docs/algorithms). */
#include "analysis/assess.h"
#include "base/error.h"

#include <string.h>

typedef struct {
        Graph *graph;
        Seq seq;
        ItemNo n;
} Plant;

static void set_up(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        *plant = (Plant){ .graph = graph_new(), .seq = 1 };
}

static void tear_down(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        graph_free(plant->graph);
}

static void put(Plant *plant, ItemNo no, KindId kind, StateId state, uint32_t rev, const char *attrs)
{
        g_autofree char *key = g_strdup_printf("%s-%u", kind_def(kind)->prefix, no);
        g_autoptr(GError) error = NULL;
        ItemRev row = { .no = no,
                        .key = key,
                        .kind = kind,
                        .state = state,
                        .rev = rev,
                        .subst = rev,
                        .title = key,
                        .body = "",
                        .attrs = attrs,
                        .from_seq = plant->seq,
                        .to_seq = ZW_SEQ_OPEN };

        g_assert_true(graph_apply_item(plant->graph, &row, &error));
}

static ItemNo item(Plant *plant, KindId kind, const char *attrs)
{
        StateId state = lifecycle_has(kind_def(kind)->lifecycle, ZW_STATE_APPROVED)
                                ? ZW_STATE_APPROVED
                                : lifecycle_initial(kind_def(kind)->lifecycle);

        put(plant, plant->n, kind, state, 1, attrs);
        return plant->n++;
}

static void join_attrs(Plant *plant, ItemNo from, LinkTypeId type, ItemNo to, const char *attrs)
{
        LinkRev row = { .from = from,
                        .to = to,
                        .type = type,
                        .judged_from = 1,
                        .judged_to = 1,
                        .attrs = attrs,
                        .from_seq = plant->seq,
                        .to_seq = ZW_SEQ_OPEN };
        g_autoptr(GError) error = NULL;

        g_assert_true(graph_apply_link(plant->graph, &row, false, &error));
}

static void join(Plant *plant, ItemNo from, LinkTypeId type, ItemNo to)
{
        join_attrs(plant, from, type, to, NULL);
}

static PlaceAssessment *assess(Plant *plant, ItemNo place, Assess **ret_assess)
{
        graph_publish(plant->graph, plant->seq);
        *ret_assess = assess_new(graph_pin(plant->graph), INT64_C(1767225600000)); /* 2026-01-01 */
        return assess_place(*ret_assess, place, true);
}

static RowStatus status_of(Plant *plant, ItemNo place, const char *ref)
{
        g_autoptr(Assess) context = NULL;
        g_autoptr(PlaceAssessment) result = assess(plant, place, &context);

        return result->rows[catalogue_find(ref)].status;
}

/* A zone with one embedded device that answers every trait with no but those named. */
typedef struct {
        ItemNo system, zone, conduit, component, asset;
} Base;

static Base base_plant(Plant *plant, const char *yes)
{
        g_autoptr(GString) traits = g_string_new("{\"traits\":{");
        Base base;

        for (int i = 0; i < ZW_TRAIT_COUNT; i++)
                g_string_append_printf(traits, "%s\"%s\":%s", i == 0 ? "" : ",", trait_def((TraitId)i)->name,
                                       yes != NULL && strcmp(yes, trait_def((TraitId)i)->name) == 0
                                               ? "true"
                                               : "false");
        g_string_append(traits, "}}");
        base.system = item(plant, ZW_KIND_SYSTEM, "{}");
        base.zone = item(plant, ZW_KIND_ZONE, "{}");
        base.conduit = item(plant, ZW_KIND_CONDUIT, "{}");
        base.component = item(plant, ZW_KIND_COMPONENT, "{\"types\":[\"EDR\"],\"version\":\"1\"}");
        base.asset = item(plant, ZW_KIND_ASSET, traits->str);
        join(plant, base.zone, ZW_LINK_PART_OF, base.system);
        join(plant, base.conduit, ZW_LINK_PART_OF, base.system);
        join(plant, base.conduit, ZW_LINK_CONNECTS, base.zone);
        join(plant, base.asset, ZW_LINK_PART_OF, base.zone);
        join(plant, base.asset, ZW_LINK_INSTANCE_OF, base.component);
        return base;
}

static ItemNo requirement(Plant *plant, const char *ref, ItemNo at)
{
        g_autofree char *attrs = g_strdup_printf("{\"ref\":\"%s\"}", ref);
        ItemNo no = item(plant, ZW_KIND_REQUIREMENT, attrs);

        join(plant, no, ZW_LINK_ALLOCATED_TO, at);
        return no;
}

static ItemNo claim(Plant *plant, ItemNo answered, ItemNo covered, const char *attrs)
{
        ItemNo no = item(plant, ZW_KIND_CLAIM, attrs);

        join(plant, no, ZW_LINK_ANSWERS, answered);
        join(plant, no, ZW_LINK_COVERS, covered);
        return no;
}

/* A test of the claim with one result. */
static void proof(Plant *plant, ItemNo of, ResultStatus status, const char *case_attrs, const char *run_attrs)
{
        ItemNo test_case = item(plant, ZW_KIND_TEST_CASE, case_attrs);
        ItemNo run = item(plant, ZW_KIND_TEST_RUN, run_attrs);
        ResultRev result = {
                .test_case = test_case, .run = run, .status = status, .at = 1000, .seq = plant->seq
        };
        g_autoptr(GError) error = NULL;

        join(plant, test_case, ZW_LINK_VERIFIES, of);
        g_assert_true(graph_apply_result(plant->graph, &result, &error));
}

#define MET    "{\"statement\":\"met\",\"rationale\":\"r\"}"
#define SAT    "{\"test_kind\":\"sat\"}"
#define SR_5_2 "62443-3-3 SR 5.2"

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

static ItemNo proved(Plant *plant, ItemNo answered, ItemNo covered, const char *attrs)
{
        ItemNo no = claim(plant, answered, covered, attrs);

        proof(plant, no, RESULT_PASSED, "{\"test_kind\":\"fat\"}", "{}");
        return no;
}

/* All rows of an embedded device met by factory tests but one, which is compensated; then what takes that away. */
static void test_component(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        ItemNo component = item(plant, ZW_KIND_COMPONENT, "{\"types\":[\"EDR\"]}"), other;
        RowId first;
        size_t n;
        g_autoptr(Assess) context = NULL;
        g_autoptr(Capability) none = NULL, all = NULL, part = NULL;

        catalogue_range(STANDARD_4_2, &first, &n);
        for (RowId row = first; row < first + n; row++) {
                g_autofree char *ref = catalogue_ref(row);

                if (!catalogue_row(row)->counts || (catalogue_row(row)->types & TYPE_EDR) == 0)
                        continue;
                if (strcmp(ref, "62443-4-2 CR 1.1 RE(1)") == 0)
                        (void)proved(
                                plant, requirement(plant, ref, component), component,
                                "{\"statement\":\"compensated\",\"equivalence\":\"e\",\"valid_until\":\"2030-01-01\"}");
                else if (strcmp(ref, "62443-4-2 CCSC 1") != 0)
                        (void)proved(plant, requirement(plant, ref, component), component, MET);
        }
        graph_publish(plant->graph, plant->seq);
        context = assess_new(graph_pin(plant->graph), 0);
        none = assess_component(context, component);
        g_assert_cmpint(none->native.e[0], ==, ZW_SL_UNKNOWN); /* a constraint is not met */
        (void)proved(plant, requirement(plant, "62443-4-2 CCSC 1", component), component, MET);
        all = assess_component(context, component);
        g_assert_cmpint(all->native.e[0], ==, 1); /* CR 1.1 RE(1) starts at SL 2 and is compensated */
        g_assert_cmpint(all->with_compensation.e[0], ==, 4);
        g_assert_cmpint(all->native.e[6], ==, 4);
        g_assert_cmpint(all->met[4], ==, 1); /* "1 of 1": CR 5.1 */
        g_assert_cmpint(all->of[4], ==, 1);
        g_assert_cmpuint(all->reasons->len, ==, 1);
        g_assert_cmpstr(g_array_index(all->reasons, CapabilityReason, 0).status, ==, "compensated");
        other = item(plant, ZW_KIND_COMPONENT, "{}");
        part = assess_component(context, other);
        g_assert_cmpint(part->native.e[0], ==, ZW_SL_UNKNOWN); /* no type */
}

/* A system of one zone with a switch and a firewall: claims that rest on both, and what the components can do. */
static void test_system(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, "human_interface");
        ItemNo firewall = item(plant, ZW_KIND_COMPONENT, "{}"), needed, combined;
        RowId boundary = catalogue_find(SR_5_2), login = catalogue_find("62443-3-3 SR 1.10");
        static const char *const crs[] = { "62443-4-2 CR 1.10", "62443-4-2 CCSC 1", "62443-4-2 CCSC 2",
                                           "62443-4-2 CCSC 3", "62443-4-2 CCSC 4" };

        join(plant, base.asset, ZW_LINK_INSTANCE_OF, firewall);
        needed = requirement(plant, SR_5_2, base.system);
        combined = proved(plant, needed, base.system, MET);
        join(plant, combined, ZW_LINK_RESTS_ON, firewall);
        join(plant, combined, ZW_LINK_RESTS_ON, base.component);
        for (size_t i = 0; i < G_N_ELEMENTS(crs); i++)
                (void)proved(plant, requirement(plant, crs[i], base.component), base.component, MET);
        for (int step = 0; step < 3; step++) {
                g_autoptr(Assess) context = NULL;
                g_autoptr(Capability) found = NULL;
                bool stops[2] = { false, false };

                if (step == 1) /* the firewall is gone: the combination no longer holds */
                        put(plant, firewall, ZW_KIND_COMPONENT, ZW_STATE_RETIRED, 2, "{}");
                if (step == 2) /* an asset whose type nobody knows */
                        join(plant, item(plant, ZW_KIND_ASSET, "{}"), ZW_LINK_PART_OF, base.zone);
                graph_publish(plant->graph, plant->seq);
                context = assess_new(graph_pin(plant->graph), 0);
                found = assess_system(context, base.system);
                for (guint i = 0; i < found->reasons->len; i++) {
                        RowId row = g_array_index(found->reasons, CapabilityReason, i).row;

                        stops[0] |= row == boundary;
                        stops[1] |= row == login;
                }
                g_assert_true(stops[0] == (step > 0));
                g_assert_true(stops[1] == (step == 2));
                g_assert_cmpint(found->native.e[0], ==, step == 2 ? ZW_SL_UNKNOWN : 0);
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

/* What takes the only claim for a row away from one component: the same item stays met for another one. */
static void test_component_void(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const claims[] = {
                MET,
                MET, /* fails on version 1 only */
                "{\"statement\":\"met\",\"valid_until\":\"1970-06-01\"}",
                "{\"statement\":\"met\",\"valid_until\":\"2026-01-01\"}",
                MET, /* rests on a retired document */
                MET,
                MET,
                MET, /* by integration with a countermeasure */
        };
        static const bool met[G_N_ELEMENTS(claims)][2] = {
                { true, true },   { false, true }, { false, false }, { true, true },
                { false, false }, { true, false }, { false, false }, { false, false },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(claims); i++) {
                ItemNo old = item(plant, ZW_KIND_COMPONENT, "{\"types\":[\"EDR\"],\"version\":\"1\"}");
                ItemNo new = item(plant, ZW_KIND_COMPONENT, "{\"types\":[\"EDR\"],\"version\":\"2\"}");
                ItemNo needed = requirement(plant, "62443-4-2 CCSC 1", old);
                ItemNo answer = claim(plant, needed, old, claims[i]);
                ItemNo record = item(plant, ZW_KIND_EVIDENCE, "{\"nature\":\"certificate\"}");
                ItemNo document = item(plant, ZW_KIND_DOCUMENT, "{}");
                g_autofree char *versions =
                        g_strdup_printf("{\"versions\":{\"CP-%u\":\"1\",\"CP-%u\":\"1\"}}", old, new);
                g_autoptr(Assess) context = NULL;

                if (i < 5) /* not allocated to the second component */
                        join(plant, needed, ZW_LINK_ALLOCATED_TO, new);
                if (i != 6) /* nothing proves it */
                        join(plant, record, ZW_LINK_EVIDENCES, answer);
                if (i == 7)
                        join(plant, answer, ZW_LINK_RESTS_ON, item(plant, ZW_KIND_COUNTERMEASURE, "{}"));
                join(plant, answer, ZW_LINK_COVERS, new);
                if (i == 1)
                        proof(plant, answer, RESULT_FAILED, SAT, versions);
                if (i == 4) {
                        join(plant, answer, ZW_LINK_RESTS_ON, document);
                        put(plant, document, ZW_KIND_DOCUMENT, ZW_STATE_RETIRED, 2, "{}");
                }
                graph_publish(plant->graph, plant->seq);
                context = assess_new(graph_pin(plant->graph), INT64_C(1767225600000)); /* 2026-01-01 */
                for (int which = 0; which < 2; which++) {
                        g_autoptr(Capability) found = assess_component(context, which == 0 ? old : new);
                        RowId first = g_array_index(found->reasons, CapabilityReason, 0).row;

                        g_assert_true((first != catalogue_find("62443-4-2 CCSC 1")) == met[i][which]);
                }
        }
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
        ItemNo test_case = item(plant, ZW_KIND_TEST_CASE, SAT), run = item(plant, ZW_KIND_TEST_RUN, "{}");
        g_autoptr(GError) error = NULL;

        join(plant, test_case, ZW_LINK_VERIFIES, answer);
        for (int i = 0; i < 200; i++) {
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

/* A waiver of the requirement of one member removes the row for that member only. */
static void test_waiver_of_member(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, NULL);
        ItemNo second = item(plant, ZW_KIND_CONDUIT, "{}"), waived = requirement(plant, SR_5_2, base.conduit);
        ItemNo waiver = item(plant, ZW_KIND_WAIVER, "{\"decision\":\"not_applicable\",\"rationale\":\"r\"}");

        join(plant, waiver, ZW_LINK_WAIVES, waived);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==,
                        STATUS_REMOVED); /* there is no other member */
        join(plant, second, ZW_LINK_CONNECTS, base.zone);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_OPEN);
        (void)claim(plant, requirement(plant, SR_5_2, base.zone), second, MET);
        g_assert_cmpint((int)status_of(plant, base.zone, SR_5_2), ==, STATUS_CLAIMED);
}

/* A finding on any asset of the system breaks its rows of scope system, in every place. */
static void test_finding_in_system(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, NULL);
        ItemNo other = item(plant, ZW_KIND_ZONE, "{}"),
               finding = item(plant, ZW_KIND_FINDING, "{\"broken\":[\"62443-3-3 SR 7.8\"]}");
        RowId row = catalogue_find("62443-3-3 SR 7.8");
        g_autoptr(Assess) context = NULL, again = NULL;
        g_autoptr(PlaceAssessment) before = NULL, after = NULL;

        join(plant, finding, ZW_LINK_CONCERNS, base.component);
        before = assess(plant, other, &context);
        g_assert_false(before->rows[row].broken); /* of no system */
        join(plant, other, ZW_LINK_PART_OF, base.system);
        after = assess(plant, other, &again);
        g_assert_true(after->rows[row].broken);
}

/* CRs decide when no claim of the row itself is in force: none, or one that rests on what is not there. */
static void test_crs(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        Base base = base_plant(plant, "human_interface");
        const char *row = "62443-3-3 SR 1.10";
        ItemNo needed = requirement(plant, row, base.zone), answer;

        (void)claim(plant, requirement(plant, "62443-4-2 CR 1.10", base.zone), base.zone, MET);
        g_assert_cmpint((int)status_of(plant, base.zone, row), ==, STATUS_CLAIMED);
        answer = claim(plant, needed, base.zone, "{\"statement\":\"not_met\"}");
        g_assert_cmpint((int)status_of(plant, base.zone, row), ==, STATUS_OPEN); /* in force, and says no */
        join(plant, answer, ZW_LINK_RESTS_ON, item(plant, ZW_KIND_COMPONENT, "{}"));
        g_assert_cmpint((int)status_of(plant, base.zone, row), ==, STATUS_CLAIMED);
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
        static const struct {
                const char *path;
                void (*run)(Plant *plant, gconstpointer data);
        } tests[] = { { "/assess/climb", test_climb },
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
                      { "/assess/component", test_component },
                      { "/assess/component-void", test_component_void },
                      { "/assess/system", test_system },
                      { "/assess/versions", test_versions },
                      { "/assess/many-results", test_many_results },
                      { "/assess/configuration", test_configuration },
                      { "/assess/countermeasure", test_countermeasure },
                      { "/assess/procedure", test_procedure },
                      { "/assess/certificate", test_certificate },
                      { "/assess/waiver-of-member", test_waiver_of_member },
                      { "/assess/finding-in-system", test_finding_in_system },
                      { "/assess/crs", test_crs },
                      { "/assess/not-allocated", test_not_allocated },
                      { "/assess/stage", test_stage } };

        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
                g_test_add(tests[i].path, Plant, NULL, set_up, tests[i].run, tear_down);
        return g_test_run();
}
