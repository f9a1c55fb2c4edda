/* SL-C of components and systems, and what single members do to a row, on small plants worked by hand (docs/algorithms). */
#include "assess_case.h"

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

int main(int argc, char **argv)
{
        static const PlantTest tests[] = {
                { "/capability/component", test_component },
                { "/capability/component-void", test_component_void },
                { "/capability/system", test_system },
                { "/capability/finding-in-system", test_finding_in_system },
                { "/capability/waiver-of-member", test_waiver_of_member },
                { "/capability/crs", test_crs },
        };

        return plant_tests_run(argc, argv, tests, G_N_ELEMENTS(tests));
}
