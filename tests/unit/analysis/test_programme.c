/* Programmes of 62443-2-1, 2-4 and 4-1 on small cases worked out by hand (docs/algorithms/programme.md). */
#include "analysis/programme.h"
#include "analysis/reassess.h"
#include "case.h"

#define YESTERDAY "2025-12-31"

static Programme *assess(Case *plant, ProgrammeId id, const char *organisation, ItemNo subject)
{
        graph_publish(plant->graph, 1);
        return programme_assess(graph_pin(plant->graph), id,
                                &(ProgrammeFocus){ organisation, subject, CASE_NOW });
}

static const ProgrammeRecord *record_of(const Programme *programme, ItemNo requirement)
{
        for (guint i = 0; i < programme->records->len; i++) {
                const ProgrammeRecord *record = &g_array_index(programme->records, ProgrammeRecord, i);

                if (record->requirement == requirement)
                        return record;
        }
        g_assert_not_reached();
}

static char *gaps_of(const ProgrammeRecord *record)
{
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < record->gaps->len; i++)
                g_string_append_printf(text, "%s%s", i == 0 ? "" : " ",
                                       programme_gap_name(g_array_index(record->gaps, ProgrammeGap, i).kind));
        return g_string_free(text, FALSE);
}

static void expect_record(Case *plant, ProgrammeId id, ItemNo requirement, const char *levels,
                          const char *state, const char *gaps)
{
        g_autoptr(Programme) programme = assess(plant, id, NULL, ZW_ITEM_NONE);
        const ProgrammeRecord *record = record_of(programme, requirement);
        g_autofree char *got = g_strdup_printf("%d %d %d", record->claimed, record->supported,
                                               record->verified),
                        *lacks = gaps_of(record);

        g_assert_cmpstr(got, ==, levels);
        g_assert_cmpstr(programme_state_name(record->state), ==, state);
        g_assert_cmpstr(lacks, ==, gaps);
}

static ItemNo approved(Case *plant, KindId kind, const char *attrs)
{
        const StateId state = kind == ZW_KIND_ACTION || kind == ZW_KIND_NONCONFORMITY ? ZW_STATE_CLOSED
                                                                                      : ZW_STATE_APPROVED;

        put(plant, plant->n, kind, state, attrs);
        return plant->n++;
}

static void test_names(void)
{
        static const struct {
                const char *name;
                int id;
        } names[] = {
                { "62443-2-1", PROGRAMME_2_1_2024 },
                { "62443-2-1:2024", PROGRAMME_2_1_2024 },
                { "62443-2-1:2010", PROGRAMME_2_1_2010 },
                { "IEC 62443-4-1:2018", PROGRAMME_4_1 },
                { "62443-2-4", PROGRAMME_2_4 },
                { "62443-3-3", -1 },
                { "62443-2-1:2011", -1 },
                { "", -1 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                ProgrammeId id = ZW_PROGRAMME_COUNT;

                g_assert_cmpint(programme_find(names[i].name, &id), ==, names[i].id >= 0);
                if (names[i].id >= 0)
                        g_assert_cmpint(id, ==, names[i].id);
        }
}

/* With nothing in the project every row is there once, and nothing is known. */
static void test_empty(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        static const size_t rows[ZW_PROGRAMME_COUNT] = { 87, 32, 123, 47 };

        for (int id = 0; id < ZW_PROGRAMME_COUNT; id++) {
                g_autoptr(Programme) programme = assess(plant, (ProgrammeId)id, NULL, ZW_ITEM_NONE);
                const ProgrammeGroup *all = &g_array_index(programme->groups, ProgrammeGroup,
                                                           programme->groups->len - 1);

                g_assert_cmpuint(programme->records->len, ==, rows[id]);
                g_assert_cmpuint(all->n[PROGRAMME_NO_REQUIREMENT], ==, rows[id]);
                g_assert_null(all->group);
                g_assert_cmpint(all->claimed, ==, MATURITY_UNKNOWN);
                g_assert_cmpint(all->verified, ==, MATURITY_UNKNOWN);
                g_assert_cmpuint(all->holding->len, ==, rows[id]);
        }
}

/* The ladder, one thing more at each step. */
static void test_ladder(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        const ItemNo requirement = item(plant, ZW_KIND_REQUIREMENT,
                                        "{\"ref\":\"62443-4-1 DM-1\",\"maturity_target\":4}");
        ItemNo claim, document, record, component, action;

        expect_record(plant, PROGRAMME_4_1, requirement, "-1 -1 -1", "not_assessed",
                      "no_procedure no_record no_subject no_improvement");
        claim = item(plant, ZW_KIND_CLAIM, "{\"statement\":\"met\",\"maturity\":4}");
        join(plant, claim, ZW_LINK_ANSWERS, requirement);
        expect_record(plant, PROGRAMME_4_1, requirement, "4 1 -1", "gaps",
                      "no_procedure no_record no_subject no_improvement claim_not_approved not_verified "
                      "below_target");
        put(plant, claim, ZW_KIND_CLAIM, ZW_STATE_APPROVED,
            "{\"statement\":\"met\",\"maturity\":4,\"maturity_verified\":4,\"assessor\":\"A\","
            "\"assessed\":\"" YESTERDAY "\"}");
        document = item(plant, ZW_KIND_DOCUMENT, "{}");
        join(plant, document, ZW_LINK_EVIDENCES, requirement);
        expect_record(plant, PROGRAMME_4_1, requirement, "4 1 1", "gaps",
                      "procedure_not_approved no_record no_subject no_improvement below_target");
        put(plant, document, ZW_KIND_DOCUMENT, ZW_STATE_APPROVED, "{}");
        record = approved(plant, ZW_KIND_EVIDENCE, "{\"valid_until\":\"2025-12-30\"}");
        join(plant, record, ZW_LINK_EVIDENCES, claim);
        expect_record(plant, PROGRAMME_4_1, requirement, "4 2 2", "gaps",
                      "record_not_current no_subject no_improvement below_target");
        put(plant, record, ZW_KIND_EVIDENCE, ZW_STATE_APPROVED, "{}");
        expect_record(plant, PROGRAMME_4_1, requirement, "4 2 2", "gaps",
                      "no_subject no_improvement below_target");
        component = item(plant, ZW_KIND_COMPONENT, "{}");
        join(plant, requirement, ZW_LINK_ALLOCATED_TO, component);
        expect_record(plant, PROGRAMME_4_1, requirement, "4 3 3", "gaps", "no_improvement below_target");
        action = item(plant, ZW_KIND_ACTION, "{}");
        join(plant, action, ZW_LINK_RESOLVES, requirement);
        expect_record(plant, PROGRAMME_4_1, requirement, "4 3 3", "gaps", "no_improvement below_target");
        put(plant, action, ZW_KIND_ACTION, ZW_STATE_CLOSED, "{}");
        expect_record(plant, PROGRAMME_4_1, requirement, "4 4 4", "met", "");
}

/* What an assessment must have to stand. */
static void test_assessment(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        static const struct {
                const char *attrs, *levels, *gaps;
        } cases[] = {
                { "\"maturity_verified\":1,\"assessor\":\"A\",\"assessed\":\"" YESTERDAY "\"", "1 1 1", "" },
                { "\"maturity_verified\":3,\"assessor\":\"A\",\"assessed\":\"" YESTERDAY "\"", "1 1 1", "" },
                { "\"maturity_verified\":1,\"assessed\":\"" YESTERDAY "\"", "1 1 -1", "no_assessor" },
                { "\"maturity_verified\":1,\"assessor\":\"A\"", "1 1 -1", "no_assessor" },
                { "\"maturity_verified\":1,\"assessor\":\"A\",\"assessed\":\"2026-01-02\"", "1 1 -1",
                  "no_assessor" },
                { "\"maturity_verified\":1,\"assessor\":\"A\",\"assessed\":\"" YESTERDAY
                  "\",\"valid_until\":\"2025-12-31\"",
                  "1 1 -1", "expired" },
                { "\"maturity_verified\":1,\"assessor\":\"A\",\"assessed\":\"" YESTERDAY
                  "\",\"valid_until\":\"2026-01-01\"",
                  "1 1 1", "" },
                { "\"assessor\":\"A\",\"assessed\":\"" YESTERDAY "\"", "1 1 -1", "not_verified" },
        };
        const ItemNo requirement = item(plant, ZW_KIND_REQUIREMENT, "{\"ref\":\"62443-2-1 ORG 1.1\"}"),
                     claim = item(plant, ZW_KIND_CLAIM, "{}");

        join(plant, claim, ZW_LINK_ANSWERS, requirement);
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *attrs = g_strdup_printf("{\"statement\":\"met\",\"maturity\":1,%s}",
                                                         cases[i].attrs);

                put(plant, claim, ZW_KIND_CLAIM, ZW_STATE_APPROVED, attrs);
                expect_record(plant, PROGRAMME_2_1_2024, requirement, cases[i].levels,
                              cases[i].gaps[0] == '\0' ? "met" : "gaps", cases[i].gaps);
        }
        put(plant, claim, ZW_KIND_CLAIM, ZW_STATE_APPROVED, "{\"statement\":\"not_met\"}");
        expect_record(plant, PROGRAMME_2_1_2024, requirement, "0 1 0", "gaps", "not_verified");
        put(plant, claim, ZW_KIND_CLAIM, ZW_STATE_APPROVED, "{\"statement\":\"not_applicable\"}");
        expect_record(plant, PROGRAMME_2_1_2024, requirement, "-1 1 -1", "gaps", "not_verified");
        put(plant, claim, ZW_KIND_CLAIM, ZW_STATE_APPROVED,
            "{\"statement\":\"not_applicable\",\"rationale\":\"no radio\"}");
        expect_record(plant, PROGRAMME_2_1_2024, requirement, "-1 1 -1", "not_applicable", "");
}

/* Of several claims the one verified highest counts; a nonconformity is a gap until it is closed, and an improvement then. */
static void test_alternatives(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        const ItemNo requirement = item(plant, ZW_KIND_REQUIREMENT, "{\"ref\":\"62443-2-4 SP.01.01 BR\"}"),
                     high = approved(plant, ZW_KIND_CLAIM, "{\"statement\":\"met\",\"maturity\":3}"),
                     verified = approved(plant, ZW_KIND_CLAIM,
                                         "{\"statement\":\"met\",\"maturity\":1,\"maturity_verified\":1,"
                                         "\"assessor\":\"A\",\"assessed\":\"" YESTERDAY "\"}"),
                     gone = retired(plant, ZW_KIND_CLAIM, "{\"statement\":\"not_met\"}"),
                     wrong = item(plant, ZW_KIND_NONCONFORMITY, "{}");
        g_autoptr(Programme) programme = NULL;

        join(plant, high, ZW_LINK_ANSWERS, requirement);
        join(plant, verified, ZW_LINK_ANSWERS, requirement);
        join(plant, gone, ZW_LINK_ANSWERS, requirement);
        expect_record(plant, PROGRAMME_2_4, requirement, "1 1 1", "met", "");
        programme = assess(plant, PROGRAMME_2_4, NULL, ZW_ITEM_NONE);
        g_assert_cmpuint(record_of(programme, requirement)->claim, ==, verified);
        join(plant, wrong, ZW_LINK_CONCERNS, verified);
        expect_record(plant, PROGRAMME_2_4, requirement, "1 1 1", "gaps", "nonconformity");
        put(plant, wrong, ZW_KIND_NONCONFORMITY, ZW_STATE_CLOSED, "{}");
        expect_record(plant, PROGRAMME_2_4, requirement, "1 1 1", "met", "");
}

static void test_waiver(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        const ItemNo requirement = item(plant, ZW_KIND_REQUIREMENT, "{\"ref\":\"62443-2-1:2010 4.2.3.9\"}"),
                     waiver = item(plant, ZW_KIND_WAIVER, "{}");
        static const struct {
                StateId state;
                const char *attrs, *gets;
        } cases[] = {
                { ZW_STATE_DRAFT, "{\"decision\":\"not_applicable\",\"rationale\":\"x\"}", "not_assessed" },
                { ZW_STATE_APPROVED, "{\"decision\":\"not_applicable\"}", "not_assessed" },
                { ZW_STATE_APPROVED, "{\"decision\":\"deferred\",\"rationale\":\"x\"}", "not_assessed" },
                { ZW_STATE_APPROVED,
                  "{\"decision\":\"not_applicable\",\"rationale\":\"x\",\"expires\":\"2025-12-31\"}",
                  "not_assessed" },
                { ZW_STATE_APPROVED, "{\"decision\":\"not_applicable\",\"rationale\":\"x\"}",
                  "not_applicable" },
        };

        join(plant, waiver, ZW_LINK_WAIVES, requirement);
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                put(plant, waiver, ZW_KIND_WAIVER, cases[i].state, cases[i].attrs);
                expect_record(plant, PROGRAMME_2_1_2010, requirement, "-1 -1 -1", cases[i].gets, "");
        }
}

/* By organisation and by product, and rolled up: the lowest counts, unknown is not a level, and 0 is lower than unknown. */
static void test_focus(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        const ItemNo a = item(plant, ZW_KIND_REQUIREMENT,
                              "{\"ref\":\"62443-4-1 SR-1\",\"organisation\":\"Acme\"}"),
                     b = item(plant, ZW_KIND_REQUIREMENT,
                              "{\"ref\":\"62443-4-1 SR-1\",\"organisation\":\"Zeta\"}"),
                     product = item(plant, ZW_KIND_COMPONENT, "{}"),
                     other = item(plant, ZW_KIND_COMPONENT, "{}"),
                     bad = approved(plant, ZW_KIND_CLAIM, "{\"statement\":\"not_met\"}");
        g_autoptr(Programme) acme = NULL, of_product = NULL, of_other = NULL;
        g_autoptr(GPtrArray) names = NULL;
        const ProgrammeGroup *group;

        join(plant, a, ZW_LINK_ALLOCATED_TO, product);
        join(plant, bad, ZW_LINK_ANSWERS, a);
        acme = assess(plant, PROGRAMME_4_1, "Acme", ZW_ITEM_NONE);
        g_assert_cmpuint(acme->records->len, ==, 47);
        names = programme_organisations(graph_pin(plant->graph), PROGRAMME_4_1);
        g_assert_cmpuint(names->len, ==, 2);
        g_assert_cmpstr(names->pdata[0], ==, "Acme");
        g_assert_cmpuint(acme->groups->len, ==, 9);
        group = &g_array_index(acme->groups, ProgrammeGroup, 1);
        g_assert_cmpstr(group->group, ==, "Practice 2 - Specification of security requirements");
        g_assert_cmpuint(group->n[PROGRAMME_GAPS], ==, 1);
        g_assert_cmpuint(group->n[PROGRAMME_NO_REQUIREMENT], ==, 4);
        g_assert_cmpint(group->claimed, ==, 0);
        g_assert_cmpint(group->verified, ==, 0);
        g_assert_cmpint(g_array_index(acme->groups, ProgrammeGroup, 0).verified, ==, MATURITY_UNKNOWN);
        of_product = assess(plant, PROGRAMME_4_1, NULL, product);
        g_assert_cmpuint(of_product->records->len, ==, 48); /* b is allocated to nothing: it speaks of all */
        of_other = assess(plant, PROGRAMME_4_1, NULL, other);
        g_assert_cmpuint(of_other->records->len, ==, 47);
        g_assert_cmpuint(record_of(of_other, b)->requirement, ==, b);
}

/* ---- what calls for assessing anew ---- */

static char *triggers_of(Case *plant)
{
        g_autoptr(GArray) triggers = NULL;
        GString *text = g_string_new(NULL);

        graph_publish(plant->graph, 1);
        triggers = reassess_find(graph_pin(plant->graph), CASE_NOW);
        for (guint i = 0; i < triggers->len; i++) {
                const ReassessTrigger *trigger = &g_array_index(triggers, ReassessTrigger, i);

                g_string_append_printf(text, "%s%s %u:", i == 0 ? "" : ", ",
                                       reassess_reason_name(trigger->reason), trigger->because);
                for (guint k = 0; k < trigger->items->len; k++)
                        g_string_append_printf(text, " %u", g_array_index(trigger->items, ItemNo, k));
        }
        return g_string_free(text, FALSE);
}

static void expect_triggers(Case *plant, const char *expected)
{
        g_autofree char *found = triggers_of(plant);

        g_assert_cmpstr(found, ==, expected);
}

/* The scope of a certificate by version, for the product and what replaced it. */
static void test_certificates(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        const ItemNo certificate = item(plant, ZW_KIND_EVIDENCE, "{\"nature\":\"certificate\"}"),
                     product = item(plant, ZW_KIND_COMPONENT, "{\"version\":\"2.10\"}"),
                     next = item(plant, ZW_KIND_COMPONENT, "{\"version\":\"3.0\"}");
        static const struct {
                const char *attrs, *triggers;
        } cases[] = {
                { "", "" },
                { ",\"version\":\"2.1\"", "beyond_scope 1: 0, beyond_scope 2: 0" },
                { ",\"version\":\"2.10\"", "beyond_scope 2: 0" },
                { ",\"scope\":[\"2.*\",\"3.0\"]", "" },
                { ",\"scope\":[\"3.*\"],\"valid_until\":\"2025-12-31\"",
                  "certificate_expired 0: 0, beyond_scope 1: 0" },
                { ",\"valid_until\":\"2026-01-01\"", "certificate_expiring 0: 0" },
                { ",\"valid_until\":\"2026-04-01\"", "" },
        };

        join(plant, certificate, ZW_LINK_CONCERNS, product);
        join(plant, next, ZW_LINK_SUPERSEDES, product);
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *attrs = g_strdup_printf("{\"nature\":\"certificate\"%s}", cases[i].attrs);

                put(plant, certificate, ZW_KIND_EVIDENCE, ZW_STATE_APPROVED, attrs);
                expect_triggers(plant, cases[i].triggers);
        }
        put(plant, certificate, ZW_KIND_EVIDENCE, ZW_STATE_APPROVED,
            "{\"nature\":\"competence\",\"valid_until\":\"2025-01-01\"}");
        expect_triggers(plant, "competence_expired 0: 0");
        put(plant, certificate, ZW_KIND_EVIDENCE, ZW_STATE_APPROVED,
            "{\"nature\":\"report\",\"valid_until\":\"2025-01-01\"}");
        expect_triggers(plant, "");
}

/* Incidents on what the claim speaks for, after the day it was assessed, once for all claims. */
static void test_incidents(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        const ItemNo product = item(plant, ZW_KIND_COMPONENT, "{}"), asset = item(plant, ZW_KIND_ASSET, "{}"),
                     other = item(plant, ZW_KIND_ASSET, "{}"),
                     incident = item(plant, ZW_KIND_INCIDENT, "{\"occurred\":\"2025-12-31\"}"),
                     late = item(plant, ZW_KIND_INCIDENT, "{\"occurred\":\"2026-02-01\"}"),
                     early = item(plant, ZW_KIND_INCIDENT, "{\"occurred\":\"2025-06-01\"}");
        ItemNo claims[2];

        join(plant, asset, ZW_LINK_INSTANCE_OF, product);
        for (size_t i = 0; i < G_N_ELEMENTS(claims); i++) {
                const ItemNo requirement = item(plant, ZW_KIND_REQUIREMENT,
                                                i == 0 ? "{\"ref\":\"62443-4-1 DM-1\"}"
                                                       : "{\"ref\":\"62443-4-1 DM-2\"}");

                claims[i] = approved(plant, ZW_KIND_CLAIM,
                                     "{\"statement\":\"met\",\"maturity\":1,\"assessed\":\"2025-12-01\"}");
                join(plant, claims[i], ZW_LINK_ANSWERS, requirement);
                join(plant, requirement, ZW_LINK_ALLOCATED_TO, product);
        }
        join(plant, incident, ZW_LINK_CONCERNS, other);
        join(plant, late, ZW_LINK_CONCERNS, product);
        join(plant, early, ZW_LINK_CONCERNS, product);
        expect_triggers(plant, "");
        join(plant, incident, ZW_LINK_CONCERNS, asset);
        expect_triggers(plant, "incident 3: 7 9");
        put(plant, claims[1], ZW_KIND_CLAIM, ZW_STATE_APPROVED,
            "{\"statement\":\"met\",\"assessed\":\"2025-12-31\",\"valid_until\":\"2025-12-31\"}");
        expect_triggers(plant, "assessment_expired 9: 9, incident 3: 7");
        put(plant, incident, ZW_KIND_INCIDENT, ZW_STATE_RETIRED, "{\"occurred\":\"2025-12-31\"}");
        expect_triggers(plant, "assessment_expired 9: 9");
}

/* A claim that answers several requirements is assessed anew once, and in the order of the numbers. */
static void test_incident_once(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const refs[] = { "{\"ref\":\"62443-4-1 DM-1\"}", "{\"ref\":\"62443-4-1 DM-2\"}",
                                            "{\"ref\":\"62443-4-1 DM-3\"}" };
        const ItemNo incident = item(plant, ZW_KIND_INCIDENT, "{\"occurred\":\"2025-12-31\"}");
        ItemNo claims[2];

        for (size_t i = 0; i < G_N_ELEMENTS(claims); i++) {
                claims[i] = approved(plant, ZW_KIND_CLAIM,
                                     "{\"statement\":\"met\",\"maturity\":1,\"assessed\":\"2025-12-01\"}");
                join(plant, incident, ZW_LINK_CONCERNS, claims[i]);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(refs); i++)
                join(plant, claims[i == 1 ? 0 : 1], ZW_LINK_ANSWERS,
                     item(plant, ZW_KIND_REQUIREMENT, refs[i]));
        expect_triggers(plant, "incident 0: 1 2");
}

#define ADD(name, function) g_test_add("/programme/" name, Case, NULL, case_set_up, function, case_tear_down)

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/programme/names", test_names);
        ADD("empty", test_empty);
        ADD("ladder", test_ladder);
        ADD("assessment", test_assessment);
        ADD("alternatives", test_alternatives);
        ADD("waiver", test_waiver);
        ADD("focus", test_focus);
        ADD("certificates", test_certificates);
        ADD("incidents", test_incidents);
        ADD("incident-once", test_incident_once);
        return g_test_run();
}
