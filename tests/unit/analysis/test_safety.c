/* What a safety function achieves, worked by hand in docs/algorithms/safety.md. */
#include "analysis/safety_function.h"
#include "case.h"
#include "model/safety.h"

#include <math.h>

#define TRANSMITTER                                                                                       \
        "{\"lambda_du_per_h\":\"2e-7\",\"proof_test_interval_h\":\"8760\",\"proof_test_coverage\":\"1\"," \
        "\"beta\":\"0.1\",\"systematic_capability\":2,\"element_response_ms\":\"500\"}"
#define CONTROLLER "{\"element_pfd\":\"1.3e-4\",\"systematic_capability\":3,\"element_response_ms\":\"200\"}"
#define VALVE                                                                                               \
        "{\"lambda_du_per_h\":\"1e-6\",\"proof_test_interval_h\":\"8760\",\"proof_test_coverage\":\"0.9\"," \
        "\"mission_time_h\":\"87600\",\"systematic_capability\":2,\"element_response_ms\":\"2000\"}"
#define FUNCTION                                                                                            \
        "{\"sil_target\":1,\"mode\":\"low\",\"sensor_vote\":\"1oo2\",\"process_safety_time_ms\":\"10000\"," \
        "\"process_lag_ms\":\"1000\""
#define UNLAGGED \
        "{\"sil_target\":1,\"mode\":\"low\",\"sensor_vote\":\"1oo2\",\"process_safety_time_ms\":\"10000\""

/* Three significant digits. */
static void expect_figure(double found, const char *wanted)
{
        char text[32];

        g_snprintf(text, sizeof text, "%.2e", found);
        g_assert_cmpstr(text, ==, wanted);
}

static bool has_note(const SafetyFunction *function, SafetyNoteKind kind, const char *rule)
{
        for (guint i = 0; i < function->notes->len; i++) {
                const SafetyNote *note = g_ptr_array_index(function->notes, i);

                if (note->kind == kind && strcmp(note->rule, rule) == 0)
                        return true;
        }
        return false;
}

/* Two transmitters, a controller, a valve. */
static SafetyFunction *loop(Case *plant, const char *function_attrs, const char *second, const char *valve)
{
        ItemNo function = item(plant, ZW_KIND_SAFETY_FUNCTION, function_attrs);

        join_as(plant, function, ZW_LINK_USES, item(plant, ZW_KIND_ASSET, TRANSMITTER), ZW_AS_SENSOR);
        join_as(plant, function, ZW_LINK_USES, item(plant, ZW_KIND_ASSET, second), ZW_AS_SENSOR);
        join_as(plant, function, ZW_LINK_USES, item(plant, ZW_KIND_ASSET, CONTROLLER), ZW_AS_LOGIC);
        join_as(plant, function, ZW_LINK_USES, item(plant, ZW_KIND_ASSET, valve), ZW_AS_FINAL);
        graph_publish(plant->graph, 1);
        return safety_function_find(graph_pin(plant->graph), function, CASE_NOW);
}

static void test_example(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(SafetyFunction) function = loop(plant, FUNCTION "}", TRANSMITTER, VALVE);

        expect_figure(function->parts[SAFETY_SENSOR].pfd.value, "8.84e-05");
        g_assert_cmpstr(function->parts[SAFETY_SENSOR].pfd.formula, ==, "PFDavg 1oo2");
        expect_figure(function->parts[SAFETY_LOGIC].pfd.value, "1.30e-04");
        expect_figure(function->parts[SAFETY_FINAL].pfd.value, "8.32e-03");
        expect_figure(function->pfd, "8.54e-03");
        g_assert_cmpint(function->figure_basis, ==, SAFETY_FIGURE_COMPUTED);
        g_assert_cmpint(function->sil_probability, ==, 2);
        g_assert_cmpint(function->sil_hardware, ==, 2);
        g_assert_cmpint(function->sil_systematic, ==, 2);
        g_assert_cmpint(function->sil_achieved, ==, 2);
        g_assert_cmpint(function->integrity, ==, SAFETY_MET);
        g_assert_cmpfloat(function->response_ms, ==, 2700);
        g_assert_cmpfloat(function->budget_ms, ==, 4000);
        g_assert_cmpint(function->response, ==, SAFETY_MET);
        g_assert_true(has_note(function, SAFETY_NOTE_TAKEN, "margin_half"));
        g_assert_true(has_note(function, SAFETY_NOTE_TAKEN, "repair_left_out"));
}

typedef struct {
        const char *name, *function, *second, *valve;
        SafetyNoteKind kind;
        const char *rule;
        SafetyVerdict integrity, response;
} Hurt;

static const Hurt hurts[] = {
        { "rate", FUNCTION "}",
          "{\"proof_test_interval_h\":\"8760\",\"proof_test_coverage\":\"1\",\"beta\":\"0.1\"}", VALVE,
          SAFETY_NOTE_MISSING, "rate_missing", SAFETY_UNKNOWN, SAFETY_UNKNOWN },
        { "coverage", FUNCTION "}", TRANSMITTER,
          "{\"lambda_du_per_h\":\"1e-6\",\"proof_test_interval_h\":\"8760\",\"systematic_capability\":2,"
          "\"element_response_ms\":\"2000\"}",
          SAFETY_NOTE_MISSING, "coverage_missing", SAFETY_UNKNOWN, SAFETY_MET },
        { "mission", FUNCTION "}", TRANSMITTER,
          "{\"lambda_du_per_h\":\"1e-6\",\"proof_test_interval_h\":\"8760\",\"proof_test_coverage\":\"0.9\","
          "\"systematic_capability\":2,\"element_response_ms\":\"2000\"}",
          SAFETY_NOTE_MISSING, "mission_missing", SAFETY_UNKNOWN, SAFETY_MET },
        { "mission-below", FUNCTION "}", TRANSMITTER,
          "{\"lambda_du_per_h\":\"1e-6\",\"proof_test_interval_h\":\"8760\",\"proof_test_coverage\":\"0.9\","
          "\"mission_time_h\":\"100\",\"systematic_capability\":2,\"element_response_ms\":\"2000\"}",
          SAFETY_NOTE_REFUSED, "mission_below_interval", SAFETY_UNKNOWN, SAFETY_MET },
        { "vote", "{\"sil_target\":1,\"mode\":\"low\"}", TRANSMITTER, VALVE, SAFETY_NOTE_MISSING,
          "vote_missing", SAFETY_UNKNOWN, SAFETY_UNKNOWN },
        { "vote-of-three", "{\"sil_target\":1,\"mode\":\"low\",\"sensor_vote\":\"2oo3\"}", TRANSMITTER, VALVE,
          SAFETY_NOTE_REFUSED, "vote_mismatch", SAFETY_UNKNOWN, SAFETY_UNKNOWN },
        { "stated-and-voted", FUNCTION "}", "{\"element_pfd\":\"1e-3\",\"systematic_capability\":2}", VALVE,
          SAFETY_NOTE_MISSING, "stated_not_voted", SAFETY_UNKNOWN, SAFETY_UNKNOWN },
        { "mode", "{\"sil_target\":1,\"sensor_vote\":\"1oo2\"}", TRANSMITTER, VALVE, SAFETY_NOTE_MISSING,
          "mode_missing", SAFETY_UNKNOWN, SAFETY_UNKNOWN },
        { "machinery-low", FUNCTION ",\"safety_standard\":\"62061\"}", TRANSMITTER, VALVE,
          SAFETY_NOTE_REFUSED, "mode_of_machinery", SAFETY_UNKNOWN, SAFETY_MET },
        { "pfd-above-1", FUNCTION "}", TRANSMITTER,
          "{\"lambda_du_per_h\":\"1e-3\",\"proof_test_interval_h\":\"8760\",\"proof_test_coverage\":\"1\","
          "\"systematic_capability\":2,\"element_response_ms\":\"2000\"}",
          SAFETY_NOTE_REFUSED, "pfd_above_1", SAFETY_UNKNOWN, SAFETY_MET },
        { "bypass-above-1", FUNCTION ",\"bypass_fraction\":\"1\"}", TRANSMITTER, VALVE, SAFETY_NOTE_REFUSED,
          "pfd_above_1", SAFETY_UNKNOWN, SAFETY_MET },
        { "valve-slower-than-budget", FUNCTION "}", TRANSMITTER,
          "{\"element_pfd\":\"1e-3\",\"systematic_capability\":2,\"element_response_ms\":\"4001\"}",
          SAFETY_NOTE_REFUSED, "budget_below_element", SAFETY_MET, SAFETY_UNKNOWN },
        { "loop-over-budget", FUNCTION "}", TRANSMITTER,
          "{\"element_pfd\":\"1e-3\",\"systematic_capability\":2,\"element_response_ms\":\"3301\"}",
          SAFETY_NOTE_FAILED, "response_over_budget", SAFETY_MET, SAFETY_NOT_MET },
        { "loop-without-lag", UNLAGGED "}", TRANSMITTER,
          "{\"element_pfd\":\"1e-3\",\"systematic_capability\":2,\"element_response_ms\":\"4300\"}",
          SAFETY_NOTE_MISSING, "lag_missing", SAFETY_MET, SAFETY_UNKNOWN },
        { "loop-over-all-but-lag", UNLAGGED "}", TRANSMITTER,
          "{\"element_pfd\":\"1e-3\",\"systematic_capability\":2,\"element_response_ms\":\"4301\"}",
          SAFETY_NOTE_FAILED, "response_over_budget", SAFETY_MET, SAFETY_NOT_MET },
        { "valve-slower-than-all-but-lag", UNLAGGED "}", TRANSMITTER,
          "{\"element_pfd\":\"1e-3\",\"systematic_capability\":2,\"element_response_ms\":\"5001\"}",
          SAFETY_NOTE_REFUSED, "budget_below_element", SAFETY_MET, SAFETY_UNKNOWN },
        { "capability", FUNCTION "}", TRANSMITTER, "{\"element_pfd\":\"1e-3\"}", SAFETY_NOTE_MISSING,
          "capability_missing", SAFETY_UNKNOWN, SAFETY_UNKNOWN },
        { "probability-below-target", "{\"sil_target\":2,\"mode\":\"low\",\"sensor_vote\":\"1oo2\"}",
          TRANSMITTER, "{\"element_pfd\":\"1e-2\",\"systematic_capability\":2}", SAFETY_NOTE_FAILED,
          "sil_below_target", SAFETY_NOT_MET, SAFETY_UNKNOWN },
        { "stated-lower", FUNCTION ",\"pfd\":\"1e-3\"}", TRANSMITTER, VALVE, SAFETY_NOTE_TAKEN,
          "stated_is_lower", SAFETY_MET, SAFETY_MET },
        { "proof-test-overdue", FUNCTION "}", TRANSMITTER,
          "{\"lambda_du_per_h\":\"1e-5\",\"proof_test_interval_h\":\"8760\",\"proof_test_coverage\":\"1\","
          "\"last_proof_test\":\"2023-01-01\",\"systematic_capability\":2,\"element_response_ms\":\"2000\"}",
          SAFETY_NOTE_TAKEN, "proof_test_overdue", SAFETY_NOT_MET, SAFETY_MET },
};

static void test_hurt(Case *plant, gconstpointer data)
{
        const Hurt *hurt = data;
        g_autoptr(SafetyFunction) function = loop(plant, hurt->function, hurt->second, hurt->valve);

        g_assert_true(has_note(function, hurt->kind, hurt->rule));
        g_assert_cmpint(function->integrity, ==, hurt->integrity);
        g_assert_cmpint(function->response, ==, hurt->response);
        g_assert_true(isnan(function->low_demand ? function->pfd : function->pfh_per_h) ==
                      (function->figure_basis == SAFETY_FIGURE_NONE));
}

static void test_retired(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        ItemNo item_no = item(plant, ZW_KIND_SAFETY_FUNCTION,
                              "{\"sil_target\":1,\"mode\":\"low\",\"process_safety_time_ms\":\"20000\","
                              "\"process_lag_ms\":\"0\"}");
        g_autoptr(SafetyFunction) function = NULL;

        join_as(plant, item_no, ZW_LINK_USES, item(plant, ZW_KIND_ASSET, VALVE), ZW_AS_SENSOR);
        join_as(plant, item_no, ZW_LINK_USES, item(plant, ZW_KIND_ASSET, CONTROLLER), ZW_AS_LOGIC);
        join_as(plant, item_no, ZW_LINK_USES, retired(plant, ZW_KIND_ASSET, VALVE), ZW_AS_FINAL);
        graph_publish(plant->graph, 1);
        function = safety_function_find(graph_pin(plant->graph), item_no, CASE_NOW);
        g_assert_true(has_note(function, SAFETY_NOTE_REFUSED, "element_retired"));
        g_assert_true(isnan(function->pfd));
        g_assert_cmpint(function->sil_achieved, ==, -1);
        g_assert_cmpint(function->integrity, ==, SAFETY_UNKNOWN);
        g_assert_true(isnan(function->response_ms));
        g_assert_cmpint(function->response, ==, SAFETY_UNKNOWN);
}

/* What is stated counts where nothing can be computed, and does not say what the hardware allows. */
static void test_stated(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        ItemNo item_no =
                item(plant, ZW_KIND_SAFETY_FUNCTION,
                     "{\"sil_target\":1,\"mode\":\"low\",\"pfd\":\"0.02\",\"bypass_fraction\":\"0.01\","
                     "\"response_time_ms\":\"300\",\"process_safety_time_ms\":\"1000\","
                     "\"process_lag_ms\":\"0\",\"response_margin_ms\":\"750\"}");
        g_autoptr(SafetyFunction) function = NULL;

        graph_publish(plant->graph, 1);
        function = safety_function_find(graph_pin(plant->graph), item_no, CASE_NOW);
        g_assert_cmpint(function->figure_basis, ==, SAFETY_FIGURE_STATED);
        expect_figure(function->pfd, "3.00e-02");
        g_assert_cmpint(function->sil_probability, ==, 1);
        g_assert_cmpint(function->sil_achieved, ==, -1);
        g_assert_cmpint(function->integrity, ==, SAFETY_UNKNOWN);
        g_assert_cmpint(function->response, ==, SAFETY_NOT_MET);
}

/* ---- machinery ---- */

static void test_machinery(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const element =
                "{\"lambda_du_per_h\":\"1e-7\",\"lambda_dd_per_h\":\"9e-7\",\"lambda_sd_per_h\":\"0\","
                "\"lambda_su_per_h\":\"0\",\"proof_test_interval_h\":\"175200\",\"proof_test_coverage\":\"1\","
                "\"repair_time_h\":\"8\",\"beta\":\"0.02\",\"beta_d\":\"0.02\",\"diagnostic_interval_h\":\"1\","
                "\"element_type\":\"B\",\"systematic_capability\":3}";
        ItemNo item_no = item(plant, ZW_KIND_SAFETY_FUNCTION,
                              "{\"sil_target\":3,\"mode\":\"high\",\"safety_standard\":\"62061\","
                              "\"sensor_vote\":\"1oo2\",\"logic_vote\":\"1oo2\",\"final_vote\":\"1oo2\"}");
        g_autoptr(SafetyFunction) function = NULL;

        for (int i = 0; i < 2 * ZW_SAFETY_PARTS; i++)
                join_as(plant, item_no, ZW_LINK_USES, item(plant, ZW_KIND_ASSET, element),
                        (AsId[]){ ZW_AS_SENSOR, ZW_AS_LOGIC, ZW_AS_FINAL }[i / 2]);
        graph_publish(plant->graph, 1);
        function = safety_function_find(graph_pin(plant->graph), item_no, CASE_NOW);
        /* 0.98² (1e-6² 0.9 1 + 1e-6² 0.1 175200) + 0.02 1e-6 */
        expect_figure(function->parts[SAFETY_SENSOR].pfh_per_h.value, "3.68e-08");
        g_assert_cmpstr(function->parts[SAFETY_SENSOR].pfh_per_h.formula, ==, "PFH 62061 subsystem D");
        g_assert_true(isnan(function->pfd));
        g_assert_cmpint(function->sil_probability, ==, 2);
        g_assert_cmpint(function->sil_hardware, ==, 3);              /* type B, 90 %, tolerance 1 */
        g_assert_cmpint(safety_function_sil(function, 1e-9), ==, 3); /* IEC 62061 knows no SIL 4 */
        g_assert_cmpint(safety_function_sil(function, (double)NAN), ==, -1);
        g_assert_cmpint(function->integrity, ==, SAFETY_NOT_MET);
}

/* ---- reasons ---- */

/* Two of an element as sensors. */
static SafetyFunction *pair(Case *plant, const char *function_attrs, const char *element)
{
        ItemNo function = item(plant, ZW_KIND_SAFETY_FUNCTION, function_attrs);

        for (int i = 0; i < 2; i++)
                join_as(plant, function, ZW_LINK_USES, item(plant, ZW_KIND_ASSET, element), ZW_AS_SENSOR);
        graph_publish(plant->graph, 1);
        return safety_function_find(graph_pin(plant->graph), function, CASE_NOW);
}

/* The full equation of 1oo2D needs rates that no other does; which of them is missing is told. */
static void test_switchover(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(SafetyFunction) function =
                pair(plant, "{\"mode\":\"low\",\"sensor_vote\":\"1oo2D\"}",
                     "{\"lambda_du_per_h\":\"1e-7\",\"lambda_dd_per_h\":\"1e-6\",\"repair_time_h\":\"8\","
                     "\"proof_test_interval_h\":\"8760\",\"proof_test_coverage\":\"1\",\"beta\":\"0.1\","
                     "\"beta_d\":\"0.05\",\"switchover\":\"0.98\"}");

        g_assert_true(isnan(function->parts[SAFETY_SENSOR].pfd.value));
        g_assert_true(has_note(function, SAFETY_NOTE_MISSING, "rate_missing"));
        g_assert_false(has_note(function, SAFETY_NOTE_TAKEN, "switchover_perfect"));
}

/* Nor is repair left out where the equation needs it. */
static void test_switchover_repair(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(SafetyFunction) function = pair(
                plant, "{\"mode\":\"low\",\"sensor_vote\":\"1oo2D\"}",
                "{\"lambda_du_per_h\":\"1e-7\",\"lambda_sd_per_h\":\"0\",\"proof_test_interval_h\":\"8760\","
                "\"proof_test_coverage\":\"1\",\"beta\":\"0.1\",\"beta_d\":\"0.05\",\"switchover\":\"0.98\"}");

        g_assert_true(isnan(function->parts[SAFETY_SENSOR].pfd.value));
        g_assert_true(has_note(function, SAFETY_NOTE_MISSING, "rate_missing"));
        g_assert_true(has_note(function, SAFETY_NOTE_MISSING, "repair_missing"));
        g_assert_false(has_note(function, SAFETY_NOTE_TAKEN, "repair_left_out"));
}

#define MACHINERY "{\"mode\":\"high\",\"safety_standard\":\"62061\",\"sensor_vote\":\"1oo2\"}"

/* Of channels the worst coverage counts, so each needs a mission time. */
static void test_mission_of_all(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(SafetyFunction) function =
                loop(plant, FUNCTION "}",
                     "{\"lambda_du_per_h\":\"2e-7\",\"proof_test_interval_h\":\"8760\","
                     "\"proof_test_coverage\":\"0.9\",\"mission_time_h\":\"87600\",\"beta\":\"0.1\"}",
                     VALVE);

        g_assert_true(isnan(function->parts[SAFETY_SENSOR].pfd.value));
        g_assert_true(has_note(function, SAFETY_NOTE_MISSING, "mission_missing"));
}

/* IEC 62061 needs the rate of detected failures, and neither coverage nor repair. */
static void test_machinery_rate(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(SafetyFunction) function =
                pair(plant, MACHINERY,
                     "{\"lambda_du_per_h\":\"1e-7\",\"proof_test_interval_h\":\"175200\",\"beta\":\"0.02\"}");

        g_assert_true(isnan(function->parts[SAFETY_SENSOR].pfh_per_h.value));
        g_assert_true(has_note(function, SAFETY_NOTE_MISSING, "rate_missing"));
        g_assert_false(has_note(function, SAFETY_NOTE_TAKEN, "repair_left_out"));
}

static void test_machinery_least(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const unneeded[] = { "rate_missing", "coverage_missing", "repair_missing",
                                                "beta_missing", "interval_missing" };
        g_autoptr(SafetyFunction) function = pair(plant, MACHINERY,
                                                  "{\"lambda_du_per_h\":\"1e-7\",\"lambda_dd_per_h\":\"0\","
                                                  "\"proof_test_interval_h\":\"175200\",\"beta\":\"0.02\"}");

        expect_figure(function->parts[SAFETY_SENSOR].pfh_per_h.value, "3.68e-09");
        for (size_t i = 0; i < G_N_ELEMENTS(unneeded); i++)
                g_assert_false(has_note(function, SAFETY_NOTE_MISSING, unneeded[i]));
}

/* ---- published figures ---- */

/* A maker's table (United Electric, One Series): lambda DU in 1e-9 per h, PFDavg of one channel tested each year. */
static void test_published(void)
{
        static const struct {
                double lambda_du;
                const char *pfd;
        } rows[] = { { 69e-9, "3.02220e-04" }, { 66e-9, "2.89080e-04" }, { 75e-9, "3.28500e-04" },
                     { 72e-9, "3.15360e-04" }, { 80e-9, "3.50400e-04" }, { 84e-9, "3.67920e-04" } };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                const SafetyChannel channel = { .lambda_du = rows[i].lambda_du,
                                                .lambda_dd = (double)NAN,
                                                .repair = (double)NAN,
                                                .interval = 8760,
                                                .coverage = 1 };
                char text[32];

                g_snprintf(text, sizeof text, "%.5e",
                           safety_equation_pfd(safety_vote_get(ZW_VALUE_SENSOR_VOTE_1OO1), &channel).value);
                g_assert_cmpstr(text, ==, rows[i].pfd);
        }
}

/* Figures of the tables of IEC 61508-6:2010 Annex B (T half a year, a year or 10, repair 8 h) as the tests and the documentation of an
 * open calculator give them; NTNU slides of Lundteigen and Rausand on chapter 8 of Reliability of Safety-Critical Systems; I. Dolan,
 * SIL Calculations, The 61508 Association, 2024 (three digits, two of them after the point); PFH of 1oo3 by the standard in Omeiri,
 * Innal and Liu, JESA 54(6), 2021, table 5. */
typedef struct {
        const char *vote;
        double lambda_d, coverage; /* diagnostic */
        double beta, beta_d, interval, repair;
        int digits; /* of the figure, after the point */
        const char *figure, *formula;
} Published;

static const Published published_pfd[] = {
        { "1oo1", 5e-7, 0, 0, 0, 8760, 8, 1, "2.2e-03", "PFDavg 1oo1" },
        { "1oo1", 5e-7, 0.9, 0, 0, 8760, 8, 1, "2.2e-04", "PFDavg 1oo1" },
        { "1oo1", 2.5e-5, 0.99, 0, 0, 87600, 8, 1, "1.1e-02", "PFDavg 1oo1" },
        { "1oo2", 5e-6, 0, 0.02, 0.01, 8760, 8, 1, "1.1e-03", "PFDavg 1oo2 with DD" },
        { "1oo2", 5e-6, 0.6, 0.02, 0.01, 8760, 8, 1, "2.8e-04", "PFDavg 1oo2 with DD" },
        { "1oo2", 5e-7, 0.9, 0.02, 0.01, 8760, 8, 1, "4.5e-06", "PFDavg 1oo2 with DD" },
        { "1oo2", 5e-7, 0.9, 0.1, 0.05, 8760, 8, 1, "2.2e-05", "PFDavg 1oo2 with DD" },
        { "2oo3", 5e-7, 0.9, 0.02, 0.01, 8760, 8, 1, "4.6e-06", "PFDavg 2oo3 with DD" },
        { "2oo3", 2.5e-6, 0.9, 0.02, 0.01, 8760, 8, 1, "2.7e-05", "PFDavg 2oo3 with DD" },
        { "2oo3", 1e-6, 0, 0.1, 0, 8760, (double)NAN, 2, "5.00e-04", "PFDavg 2oo3" },
        { "2oo3", 1.3e-6, 8 / 13.0, 0.1, 0.1, 8760, 8, 2, "2.36e-04", "PFDavg 2oo3 with DD" },
        { "2oo3", 8.9306e-7, 8.86 / 8.9306, 0.02, 0.01, 8760, 8, 2, "6.97e-07", "PFDavg 2oo3 with DD" },
        { "1oo2", 1.2849e-6, 1.28 / 1.2849, 0.02, 0.01, 8760, 8, 2, "5.34e-07", "PFDavg 1oo2 with DD" },
        { "1oo2", 8.6781e-7, 8.61 / 8.6781, 0.02, 0.01, 8760, 8, 2, "6.68e-07", "PFDavg 1oo2 with DD" },
        { "1oo2", 2.5e-6, 0.16, 0.1, 0.1, 8760, 120, 2, "1.05e-03", "PFDavg 1oo2 with DD" },
        { "1oo3", 5e-6, 0, 0.02, 0.01, 8760, 8, 1, "4.6e-04", "PFDavg 1oo3 with DD" },
        { "1oo3", 2.5e-5, 0, 0.02, 0.01, 8760, 8, 1, "4.7e-03", "PFDavg 1oo3 with DD" },
        { "1oo3", 2.5e-5, 0.6, 0.02, 0.01, 8760, 8, 1, "1.0e-03", "PFDavg 1oo3 with DD" },
        { "1oo3", 2.5e-5, 0.9, 0.02, 0.01, 8760, 8, 1, "2.2e-04", "PFDavg 1oo3 with DD" },
        { "1oo3", 5e-8, 0.99, 0.02, 0.01, 8760, 8, 1, "4.8e-08", "PFDavg 1oo3 with DD" },
        { "1oo3", 2.5e-5, 0, 0.02, 0.01, 4380, 8, 1, "1.4e-03", "PFDavg 1oo3 with DD" },
        { "1oo3", 2.5e-5, 0.6, 0.02, 0.01, 4380, 8, 1, "4.6e-04", "PFDavg 1oo3 with DD" },
};

static const Published published_pfh[] = {
        { "1oo1", 5e-7, 0.9, 0, 0, 8760, 8, 0, "5e-08", "PFH 1oo1" },
        { "1oo2", 2.5e-7, 0.9, 0.02, 0.01, 8760, 8, 1, "5.1e-10", "PFH 1oo2 with DD" },
        { "2oo3", 2.5e-7, 0.9, 0.02, 0.01, 8760, 8, 1, "5.2e-10", "PFH 2oo3 with DD" },
        { "1oo3", 5e-6, 0.6, 0, 0, 4380, 8, 3, "1.570e-10", "PFH 1oo3 with DD" },
        { "1oo3", 5e-6, 0, 0.02, 0.01, 8760, 8, 1, "1.1e-07", "PFH 1oo3 with DD" },
        { "1oo3", 2.5e-5, 0.9, 0.02, 0.01, 8760, 8, 1, "5.1e-08", "PFH 1oo3 with DD" },
};

static const SafetyVote *vote_named(const char *name)
{
        int number = 0;

        while (strcmp(safety_vote_get(number)->name, name) != 0)
                number++;
        return safety_vote_get(number);
}

static void expect_published(const Published *row,
                             SafetyFigure (*equation)(const SafetyVote *, const SafetyChannel *))
{
        const SafetyChannel channel = { .lambda_du = row->lambda_d * (1 - row->coverage),
                                        .lambda_dd = isnan(row->repair) ? (double)NAN
                                                                        : row->lambda_d * row->coverage,
                                        .repair = row->repair,
                                        .interval = row->interval,
                                        .coverage = 1,
                                        .beta = row->beta,
                                        .beta_d = row->beta_d,
                                        .switchover = (double)NAN };
        const SafetyFigure figure = equation(vote_named(row->vote), &channel);
        char text[32];

        g_assert_cmpstr(figure.formula, ==, row->formula);
        g_assert_nonnull(safety_find(SAFETY_FORMULA, figure.formula));
        g_snprintf(text, sizeof text, "%.*e", row->digits, figure.value);
        g_assert_cmpstr(text, ==, row->figure);
}

static void test_published_groups(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(published_pfd); i++)
                expect_published(&published_pfd[i], safety_equation_pfd);
        for (size_t i = 0; i < G_N_ELEMENTS(published_pfh); i++)
                expect_published(&published_pfh[i], safety_equation_pfh);
}

/* 2oo2 has no equation of its own: each channel is needed, so the figures of two add up. */
typedef struct {
        const char *name, *lambda_du, *lambda_dd, *interval, *pfd;
} Series;

static const Series published_series[] = {
        { "2oo2-year", "5e-7", "0", "8760", "4.4e-03" },
        { "2oo2-year-60", "2e-6", "3e-6", "8760", "1.8e-02" },
        { "2oo2-year-90", "5e-9", "4.5e-8", "8760", "4.5e-05" },
        { "2oo2-year-99", "5e-10", "4.95e-8", "8760", "5.2e-06" },
        { "2oo2-half", "2.5e-7", "0", "4380", "1.1e-03" },
        { "2oo2-half-90", "5e-9", "4.5e-8", "4380", "2.3e-05" },
        { "2oo2-half-99", "5e-10", "4.95e-8", "4380", "3.0e-06" },
};

static void test_published_series(Case *plant, gconstpointer data)
{
        const Series *row = data;
        g_autofree char *element = g_strdup_printf(
                "{\"lambda_du_per_h\":\"%s\",\"lambda_dd_per_h\":\"%s\",\"proof_test_interval_h\":\"%s\","
                "\"proof_test_coverage\":\"1\",\"repair_time_h\":\"8\"}",
                row->lambda_du, row->lambda_dd, row->interval);
        g_autoptr(SafetyFunction)
                function = pair(plant, "{\"mode\":\"low\",\"sensor_vote\":\"2oo2\"}", element);
        char text[32];

        g_snprintf(text, sizeof text, "%.1e", function->parts[SAFETY_SENSOR].pfd.value);
        g_assert_cmpstr(text, ==, row->pfd);
}

/* What the standard says of how its equations relate, where no figure is published. */
static void test_relations(void)
{
        const SafetyChannel channel = { .lambda_du = 5e-8,
                                        .lambda_dd = 4.5e-7,
                                        .lambda_sd = 0,
                                        .interval = 8760,
                                        .coverage = 1,
                                        .repair = 8,
                                        .beta = 0.02,
                                        .beta_d = 0.01,
                                        .switchover = 1 };
        const SafetyFigure two = safety_equation_pfh(vote_named("1oo2"), &channel),
                           diagnosed = safety_equation_pfh(vote_named("1oo2D"), &channel);
        SafetyChannel worse = channel;

        g_assert_cmpstr(diagnosed.formula, ==, "PFH 1oo2D");
        g_assert_nonnull(safety_find(SAFETY_FORMULA, diagnosed.formula));
        g_assert_cmpfloat_with_epsilon(diagnosed.value / two.value, 1, 1e-12);
        worse.switchover = 0.98;
        /* of each channel the share of detected failures after which nothing is switched */
        g_assert_cmpfloat_with_epsilon((safety_equation_pfh(vote_named("1oo2D"), &worse).value - two.value) /
                                               (2 * 0.02 * 4.5e-7),
                                       1, 1e-9);
        worse.lambda_sd = (double)NAN;
        g_assert_true(isnan(safety_equation_pfh(vote_named("1oo2D"), &worse).value));
}

/* ---- bands ---- */

static void test_bands(void)
{
        g_assert_cmpint(safety_sil(SAFETY_SIL_PFDAVG, 0.1), ==, 0);
        g_assert_cmpint(safety_sil(SAFETY_SIL_PFDAVG, 0.0999), ==, 1);
        g_assert_cmpint(safety_sil(SAFETY_SIL_PFDAVG, 0.01), ==, 1);
        g_assert_cmpint(safety_sil(SAFETY_SIL_PFDAVG, 0.0042), ==, 2);
        g_assert_cmpint(safety_sil(SAFETY_SIL_PFDAVG, 1e-9), ==, 4);
        g_assert_cmpint(safety_sil(SAFETY_SIL_PFDAVG, (double)NAN), ==, -1);
        g_assert_cmpint(safety_sil(SAFETY_SIL_PFH, 1e-5), ==, 0);
        g_assert_cmpint(safety_sil(SAFETY_SIL_PFH, 9e-8), ==, 3);
        g_assert_cmpint(safety_sil(SAFETY_SIL_RRF, 10), ==, 0);
        g_assert_cmpint(safety_sil(SAFETY_SIL_RRF, 100), ==, 1);
        g_assert_cmpint(safety_sil(SAFETY_SIL_RRF, 101), ==, 2);
}

static void test_tolerance(void)
{
        g_assert_cmpint(safety_sil_of_tolerance(0, true), ==, 2);
        g_assert_cmpint(safety_sil_of_tolerance(0, false), ==, 1);
        g_assert_cmpint(safety_sil_of_tolerance(1, false), ==, 3);
        g_assert_cmpint(safety_sil_of_tolerance(2, true), ==, 4);
        g_assert_cmpint(safety_sil_of_fraction(0, 'A', 0.5), ==, 1);
        g_assert_cmpint(safety_sil_of_fraction(0, 'B', 0.5), ==, 0); /* not allowed */
        g_assert_cmpint(safety_sil_of_fraction(1, 'B', 0.9), ==, 3);
        g_assert_cmpint(safety_sil_of_fraction(0, 'B', 1.0), ==, 3);
        g_assert_cmpint(safety_sil_of_fraction(5, 'A', 0.99), ==, 4);
        g_assert_cmpint(safety_sil_of_fraction(1, 'A', (double)NAN), ==, -1);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
        g_test_add("/analysis/safety/example", Case, NULL, case_set_up, test_example, case_tear_down);
        for (size_t i = 0; i < G_N_ELEMENTS(hurts); i++) {
                g_autofree char *path = g_strconcat("/analysis/safety/", hurts[i].name, NULL);

                g_test_add(path, Case, &hurts[i], case_set_up, test_hurt, case_tear_down);
        }
        g_test_add("/analysis/safety/retired", Case, NULL, case_set_up, test_retired, case_tear_down);
        g_test_add("/analysis/safety/stated", Case, NULL, case_set_up, test_stated, case_tear_down);
        g_test_add("/analysis/safety/machinery", Case, NULL, case_set_up, test_machinery, case_tear_down);
        g_test_add("/analysis/safety/switchover", Case, NULL, case_set_up, test_switchover, case_tear_down);
        g_test_add("/analysis/safety/switchover-repair", Case, NULL, case_set_up, test_switchover_repair,
                   case_tear_down);
        g_test_add("/analysis/safety/mission-of-all", Case, NULL, case_set_up, test_mission_of_all,
                   case_tear_down);
        g_test_add("/analysis/safety/machinery-rate", Case, NULL, case_set_up, test_machinery_rate,
                   case_tear_down);
        g_test_add("/analysis/safety/machinery-least", Case, NULL, case_set_up, test_machinery_least,
                   case_tear_down);
        g_test_add_func("/analysis/safety/published", test_published);
        g_test_add_func("/analysis/safety/published-groups", test_published_groups);
        for (size_t i = 0; i < G_N_ELEMENTS(published_series); i++) {
                g_autofree char *path = g_strconcat("/analysis/safety/", published_series[i].name, NULL);

                g_test_add(path, Case, &published_series[i], case_set_up, test_published_series,
                           case_tear_down);
        }
        g_test_add_func("/analysis/safety/relations", test_relations);
        g_test_add_func("/analysis/safety/bands", test_bands);
        g_test_add_func("/analysis/safety/tolerance", test_tolerance);
        return g_test_run();
}
