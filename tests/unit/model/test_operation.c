/* Deadlines of notification: when they run, and how long. */
#include "model/operation.h"

#include "base/error.h"

static Instant at(const char *text)
{
        Instant t;

        g_assert_true(instant_parse(text, &t, NULL));
        return t;
}

static const Clock *clock_of(const GArray *clocks, const char *name)
{
        for (guint i = 0; i < clocks->len; i++)
                if (g_str_equal(g_array_index(clocks, Clock, i).name, name))
                        return &g_array_index(clocks, Clock, i);
        g_assert_not_reached();
}

typedef struct {
        const char *sent, *due; /* of the final report, a month after the notification that was sent then */
} Month;

/* The last day of a month that is too short, and over the end of a year. */
static void test_months(void)
{
        static const Month rows[] = {
                { "2026-01-31T12:00:00Z", "2026-02-28T12:00:00Z" },
                { "2028-01-30T00:00:00Z", "2028-02-29T00:00:00Z" },
                { "2026-12-15T08:30:00Z", "2027-01-15T08:30:00Z" },
        };
        g_autoptr(OperationPolicy) policy = operation_policy_default();

        g_assert_nonnull(policy);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autoptr(Json) attrs = json_pack("{s:[s], s:{s:s}}", "regimes", "nis2", "notified",
                                                  "nis2.notification", rows[i].sent);
                g_autoptr(GArray) clocks = operation_clocks(policy, attrs, at(rows[i].sent));
                const Clock *report = clock_of(clocks, "nis2.final_report");

                g_assert_true(report->known);
                g_assert_cmpint(report->due, ==, at(rows[i].due));
                g_assert_cmpint(report->state, ==, CLOCK_RUNNING);
        }
}

/* Due to the millisecond, and what was sent then was in time. */
static void test_edges(void)
{
        g_autoptr(OperationPolicy) policy = operation_policy_default();
        const Instant aware = at("2026-03-01T10:00:00Z"), due = at("2026-03-02T10:00:00Z");
        g_autoptr(Json)
                open = json_pack("{s:[s], s:s}", "regimes", "nis2", "aware", "2026-03-01T10:00:00Z"),
                sent = json_pack("{s:[s], s:s, s:{s:s}}", "regimes", "nis2", "aware", "2026-03-01T10:00:00Z",
                                 "notified", "nis2.early_warning", "2026-03-02T10:00:00Z");
        g_autoptr(GArray) before = operation_clocks(policy, open, due),
                          after = operation_clocks(policy, open, due + 1),
                          told = operation_clocks(policy, sent, due + 1);

        g_assert_cmpint(clock_of(before, "nis2.early_warning")->due - aware, ==, 24 * 3600 * 1000);
        g_assert_cmpint(clock_of(before, "nis2.early_warning")->state, ==, CLOCK_RUNNING);
        g_assert_cmpint(clock_of(after, "nis2.early_warning")->state, ==, CLOCK_OVERDUE);
        g_assert_cmpint(clock_of(told, "nis2.early_warning")->state, ==, CLOCK_MET);
        g_assert_cmpint(clock_of(before, "nis2.final_report")->state, ==, CLOCK_WAITING);
}

static void test_no_regime(void)
{
        g_autoptr(OperationPolicy) policy = operation_policy_default();
        g_autoptr(Json) attrs = json_pack("{s:[s], s:s}", "regimes", "none", "aware", "2026-03-01");
        g_autoptr(GArray) clocks = operation_clocks(policy, attrs, at("2026-03-05")),
                          unread = operation_clocks(policy, NULL, at("2026-03-05"));

        g_assert_cmpuint(clocks->len, ==, 0);
        g_assert_cmpuint(unread->len, ==, 0);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/model/operation/months", test_months);
        g_test_add_func("/model/operation/edges", test_edges);
        g_test_add_func("/model/operation/no-regime", test_no_regime);
        return g_test_run();
}
