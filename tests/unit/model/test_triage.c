/* The bounds of a triage policy, held against scores as sources write them. */
#include "model/triage.h"

/* The rule by which a finding with this score, in a vector of CVSS 3, and this EPSS is due. */
static const char *rule_of(const char *score, const char *epss)
{
        g_autoptr(TriagePolicy) policy = triage_policy_default();
        const TriageFacts facts = { .cvss = "CVSS:3.1/AV:N", .score = score, .epss = epss, .sl_t = -1 };
        static char name[128];
        const char *rule;

        (void)triage_policy_days(policy, &facts, &rule);
        g_strlcpy(name, rule, sizeof name);
        return name;
}

static void test_scores(void)
{
        static const struct {
                const char *score, *rule;
        } cases[] = {
                { "9", "critical" },     { "9.0", "critical" },    { "10", "critical" },
                { "10.00", "critical" }, { "8.99999", "high" },    { "9e0", "critical" },
                { "0.07e2", "high" },    { "6.9", "any other" },   { "0x9", "any other" },
                { "nan", "any other" },  { "-9", "any other" },    { "9,8", "any other" },
                { "", "any other" },     { "1e999", "any other" }, { NULL, "any other" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                g_assert_cmpstr(rule_of(cases[i].score, NULL), ==, cases[i].rule);
}

static void test_epss(void)
{
        g_assert_cmpstr(rule_of("1", "0.5"), ==, "likely to be exploited soon");
        g_assert_cmpstr(rule_of("1", "5e-01"), ==, "likely to be exploited soon");
        g_assert_cmpstr(rule_of("1", "0.49999"), ==, "any other");
        g_assert_cmpstr(rule_of("1", "9e-05"), ==, "any other");
        g_assert_cmpstr(rule_of("1", NULL), ==, "any other");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/triage/scores", test_scores);
        g_test_add_func("/triage/epss", test_epss);
        return g_test_run();
}
