#include "vuln/cvss.h"

#include "table.h"

static CvssScores scores_of(const char *vector)
{
        g_autoptr(GError) error = NULL;
        Cvss cvss;

        if (!cvss_parse(vector, &cvss, &error))
                g_error("%s is not read: %s", vector, error->message);
        return cvss_scores(&cvss);
}

static void test_scores(void)
{
        static const struct {
                const char *vector;
                int base, temporal, environmental;
        } cases[] = {
                { "CVSS:3.1/AV:L/AC:L/PR:H/UI:R/S:U/C:H/I:H/A:H", 65, 65, 65 },
                { "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 100, 100, 100 },
                { "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 98, 98, 98 },
                { "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0, 0, 0 },
                { "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/RL:O/RC:C", 98, 88, 88 },
                { "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/MAV:P/CR:L", 98, 98, 65 },
                { "AV:N/AC:L/Au:N/C:N/I:N/A:C", 78, 78, 78 }, /* examples of the 2.0 guide, section 3.3 */
                { "AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C", 78, 64, 64 },
                { "AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H", 78, 64, 92 },
                { "AV:N/AC:L/Au:N/C:C/I:C/A:C", 100, 100, 100 },
                { "AV:L/AC:H/Au:N/C:C/I:C/A:C/E:POC/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:M", 62, 49, 75 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                CvssScores scores = scores_of(cases[i].vector);

                g_assert_cmpint(scores.base, ==, cases[i].base);
                g_assert_cmpint(scores.temporal, ==, cases[i].temporal);
                g_assert_cmpint(scores.environmental, ==, cases[i].environmental);
        }
}

static void test_refused(void)
{
        static const struct {
                const char *vector, *where;
        } cases[] = {
                { "", "AV" },
                { "CVSS:3.2/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", NULL },
                { "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H", "A" },
                { "CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "AV" },
                { "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "AV" },
                { "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H/", NULL },
                { "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H/ZZ:Z", "ZZ" },
                { "AV:N/AC:L/C:N/I:N/A:C", "Au" },
                { "AV:N/AC:L/Au:N/C:N/I:N/A:C/CVSS", NULL },
                { "CVSS:4.0/AV:N/AC:L/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "AT" },
                { "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:R/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "UI" },
                { "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:S/SA:N", "SI" },
                { "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/S:U", "S" },
                { "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/RL:O", "RL" },
                { "CVSS:4.0/AC:L/AV:N/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "AV" },
                { "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/U:Purple", NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                Cvss cvss;

                g_assert_false(cvss_parse(cases[i].vector, &cvss, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
                g_assert_cmpstr(error_where(error), ==, cases[i].where);
        }
}

static void test_members(void)
{
        const char *metric, *value;

        g_assert_true(cvss_member_metric(CVSS_3_1, "attackVector", &metric));
        g_assert_cmpstr(metric, ==, "AV");
        g_assert_true(cvss_member_value(CVSS_3_1, metric, "ADJACENT_NETWORK", &value));
        g_assert_cmpstr(value, ==, "A");
        g_assert_true(cvss_member_metric(CVSS_2_0, "exploitability", &metric));
        g_assert_true(cvss_member_value(CVSS_2_0, metric, "PROOF_OF_CONCEPT", &value));
        g_assert_cmpstr(value, ==, "POC");
        g_assert_true(cvss_member_metric(CVSS_4_0, "subIntegrityImpact", &metric));
        g_assert_cmpstr(metric, ==, "SI");
        g_assert_true(cvss_member_metric(CVSS_4_0, "modifiedSubIntegrityImpact", &metric));
        g_assert_true(cvss_member_value(CVSS_4_0, metric, "SAFETY", &value));
        g_assert_cmpstr(value, ==, "S");
        g_assert_true(cvss_member_value(CVSS_4_0, "U", "AMBER", &value));
        g_assert_cmpstr(value, ==, "Amber");
        g_assert_false(cvss_member_value(CVSS_4_0, "AV", "ADJACENT_NETWORK", &value));
        g_assert_false(cvss_member_metric(CVSS_3_1, "baseScore", &metric));
        g_assert_false(cvss_member_value(CVSS_3_1, "AV", "SIDEWAYS", &value));
}

static void test_severities(void)
{
        g_assert_cmpstr(cvss_severity(0), ==, "none");
        g_assert_cmpstr(cvss_severity(39), ==, "low");
        g_assert_cmpstr(cvss_severity(40), ==, "medium");
        g_assert_cmpstr(cvss_severity(89), ==, "high");
        g_assert_cmpstr(cvss_severity(90), ==, "critical");
}

/* Vectors of the examples FIRST publishes with 4.0, and what each rule of the score changes. */
static void test_four(void)
{
        static const struct {
                const char *metrics;
                int score;
        } cases[] = {
                { "AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 73 },
                { "AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 77 },
                { "AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N", 83 },
                { "AV:L/AC:L/AT:N/PR:N/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N", 46 },
                { "AV:N/AC:L/AT:N/PR:N/UI:A/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N", 51 },
                { "AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N/E:A", 87 },
                { "AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:A", 100 },
                { "AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 93 },
                { "AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0 },
                /* what is not defined is as if it were not there */
                { "AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:X/CR:X/MAV:X", 93 },
                /* modified metrics take the place of the others; harm to people is more than to a system */
                { "AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/MSI:S", 100 },
                { "AV:P/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/MAV:N", 93 },
                { "AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/MVC:N/MVI:N/MVA:N", 0 },
                /* supplemental metrics change nothing */
                { "AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/S:P/AU:Y/R:I/V:C/RE:H/U:Amber",
                  93 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *vector = g_strconcat("CVSS:4.0/", cases[i].metrics, NULL);
                CvssScores scores = scores_of(vector);

                g_test_message("%s", vector);
                g_assert_cmpint(scores.base, ==, cases[i].score);
                g_assert_cmpint(scores.temporal, ==, scores.base);
                g_assert_cmpint(scores.environmental, ==, scores.base);
        }
}

/* Vectors with the scores of the official calculators: `VECTOR - (9.8, 8.8, 8.8)` of 3.1, `VECTOR - 9.3` or `- (9.3,)` of 4.0. */
static void table_check(const char *name, bool four, size_t expected)
{
        g_auto(GStrv) lines = table_lines(name);
        size_t n = 0;

        for (size_t i = 0; lines != NULL && lines[i] != NULL && lines[i][0] != '\0'; i++, n++) {
                g_auto(GStrv) cells = g_strsplit(lines[i], " - ", 2);
                CvssScores scores = scores_of(cells[0]);
                g_autofree char *text = g_strdup_printf("%d.%d, %d.%d, %d.%d", scores.base / 10,
                                                        scores.base % 10, scores.temporal / 10,
                                                        scores.temporal % 10, scores.environmental / 10,
                                                        scores.environmental % 10);

                g_strdelimit(cells[1], "(),", ' ');
                g_strdelimit(text, ",", ' ');
                if (four)
                        *strchr(text, ' ') = '\0';
                if (strcmp(text, g_strstrip(cells[1])) != 0)
                        g_error("%s is %s, not %s", cells[0], cells[1], text);
        }
        if (lines != NULL)
                g_assert_cmpuint(n, ==, expected);
}

static void test_table(void)
{
        table_check("cvss-vectors/cvss/vectors_simple31", false, 2592);
}

static void test_table_four(void)
{
        table_check("cvss-vectors/cvss/vectors_simple4", true, 1058);
        table_check("cvss-vectors/cvss/vectors_security4", true, 54);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/vuln/cvss/scores", test_scores);
        g_test_add_func("/vuln/cvss/refused", test_refused);
        g_test_add_func("/vuln/cvss/members", test_members);
        g_test_add_func("/vuln/cvss/severities", test_severities);
        g_test_add_func("/vuln/cvss/four", test_four);
        g_test_add_func("/vuln/cvss/table", test_table);
        g_test_add_func("/vuln/cvss/table-four", test_table_four);
        return g_test_run();
}
