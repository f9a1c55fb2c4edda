/* Until when evidence holds: by its validity, by the age of its nature, by the earlier of both. */
#include "analysis/evidence.h"
#include "case.h"

static Instant day(const char *text)
{
        Instant at;

        g_assert_true(instant_parse(text, &at, NULL));
        return at;
}

static void test_last_day(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        static const struct {
                const char *attrs, *last; /* NULL: it never ends */
        } cases[] = {
                { "{\"nature\":\"log\",\"date\":\"2026-01-01\"}", "2026-01-11T00:00:00Z" },
                { "{\"nature\":\"log\",\"date\":\"2026-01-01\",\"valid_until\":\"2026-01-05\"}",
                  "2026-01-05T00:00:00Z" },
                { "{\"nature\":\"report\",\"date\":\"2026-01-01\"}", NULL },
                { "{\"nature\":\"interview\",\"date\":\"2026-01-01\"}", NULL },
                { "{\"nature\":\"observation\",\"date\":\"2026-01-01\"}", NULL },
                { "{\"nature\":\"competence\",\"date\":\"2026-01-01\",\"valid_until\":\"2026-02-01\"}",
                  "2026-02-01T00:00:00Z" },
                { "{\"date\":\"2026-01-01\"}", NULL },
        };
        GraphView view;
        EvidenceAges ages;

        item(plant, ZW_KIND_SYSTEM, "{\"evidence_ages\":{\"log\":10}}");
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                item(plant, ZW_KIND_EVIDENCE, cases[i].attrs);
        graph_publish(plant->graph, 1);
        view = graph_pin(plant->graph);
        ages = evidence_ages_of(view);
        g_assert_cmpint(ages.days[EVIDENCE_NATURES - 1], ==, 10);
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                Instant last;
                bool ends = evidence_last_day(view, (ItemNo)i + 1, &ages, &last);

                g_assert_cmpint(ends, ==, cases[i].last != NULL);
                if (ends)
                        g_assert_cmpint(last, ==, day(cases[i].last));
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add("/evidence/last-day", Case, NULL, case_set_up, test_last_day, case_tear_down);
        return g_test_run();
}
