/* model/steps.h */
#include "model/steps.h"

static void test_lines(void)
{
        static const struct {
                const char *steps, *expected, *does[3], *musts[3];
        } rows[] = {
                { "1. Sign in\n\n2) Open it\r\n- Leave",
                  "a\nb\nc",
                  { "Sign in", "Open it", "Leave" },
                  { "a", "b", "c" } },
                { "One\nTwo", "all\nof\nit", { "One", "Two" }, { "", "all\nof\nit" } },
                { "One\nTwo", NULL, { "One", "Two" }, { "", "" } },
                { NULL, " it works ", { "" }, { "it works" } },
                { "\n \n", NULL, { "" }, { "" } },
                { "10.5 bar\n-5 degrees\n3.", "", { "10.5 bar", "-5 degrees", "3." }, { "", "", "" } },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autoptr(GPtrArray) steps = steps_new(rows[i].steps, rows[i].expected);

                for (guint k = 0; k < G_N_ELEMENTS(rows[i].does) && rows[i].does[k] != NULL; k++) {
                        const TestStep *step = k < steps->len ? g_ptr_array_index(steps, k) : NULL;

                        g_assert_nonnull(step);
                        g_assert_cmpstr(step->does, ==, rows[i].does[k]);
                        g_assert_cmpstr(step->expected, ==, rows[i].musts[k]);
                        g_assert_true(k + 1 == steps->len || rows[i].does[k + 1] != NULL);
                }
        }
}

static void test_names(void)
{
        static const char *const bad[] = { "",       "/",  "TC-1",    "TC-1/",           "TC-1/0",
                                           "TC-1/x", "/2", "TC-1/-1", "TC-1/99999999999" };
        g_autofree char *name = step_name("TC-7", 12), *test_case = NULL;
        guint step;

        g_assert_cmpstr(name, ==, "TC-7/12");
        g_assert_true(step_name_parse(name, &test_case, &step));
        g_assert_cmpstr(test_case, ==, "TC-7");
        g_assert_cmpuint(step, ==, 12);
        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                g_autofree char *none = NULL;

                g_assert_false(step_name_parse(bad[i], &none, &step));
        }
}

static void test_said(void)
{
        static const char *const bad[] = { "", "pased", "passed but late", ": x" };
        g_autofree char *plain = step_said(STEP_PASSED, " \n"),
                        *more = step_said(STEP_FAILED, " it: opened ");
        const char *observation;
        StepStatus status;

        g_assert_cmpstr(plain, ==, "passed");
        g_assert_cmpstr(more, ==, "failed: it: opened");
        g_assert_true(step_said_parse(more, &status, &observation));
        g_assert_cmpint(status, ==, STEP_FAILED);
        g_assert_cmpstr(observation, ==, "it: opened");
        g_assert_true(step_said_parse("blocked", &status, &observation));
        g_assert_cmpstr(observation, ==, "");
        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
                g_assert_false(step_said_parse(bad[i], &status, &observation));
}

static void test_outcome(void)
{
        g_assert_cmpint(step_outcome(STEP_PASSED), ==, RESULT_PASSED);
        g_assert_cmpint(step_outcome(STEP_NOT_RUN), ==, RESULT_SKIPPED);
        g_assert_cmpint(step_outcome(STEP_BLOCKED), ==, RESULT_ERROR);
        g_assert_cmpint(step_outcome(STEP_FAILED), ==, RESULT_FAILED);
        g_assert_cmpint(MAX(STEP_BLOCKED, STEP_NOT_RUN), ==, STEP_BLOCKED);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/model/steps/lines", test_lines);
        g_test_add_func("/model/steps/names", test_names);
        g_test_add_func("/model/steps/said", test_said);
        g_test_add_func("/model/steps/outcome", test_outcome);
        return g_test_run();
}
