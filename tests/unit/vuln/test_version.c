#include "vuln/version.h"

#include "table.h"

static void check(const char *a, const char *b, VersionOrder expected)
{
        VersionOrder back = expected == VERSION_UNDECIDED ? expected : (VersionOrder) - (int)expected;

        if (version_compare(a, b) != expected)
                g_error("%s against %s is %d", a, b, (int)version_compare(a, b));
        if (version_compare(b, a) != back)
                g_error("%s against %s is %d", b, a, (int)version_compare(b, a));
}

static void test_orders(void)
{
        static const struct {
                const char *a, *b;
                VersionOrder expected;
        } cases[] = {
                { "V2.8.1", "2.8.1", VERSION_EQUAL },
                { "V2.8.1", "V2.8", VERSION_GREATER },
                { "V2.8.1", "V2.10", VERSION_LESS },
                { "1.1", "1.10", VERSION_LESS }, /* a prefix is not the same */
                { "1.0", "1.0.0", VERSION_EQUAL },
                { "1", "1.0.0", VERSION_EQUAL },
                { "20.011.01", "20.11.2", VERSION_LESS },
                { "20.011.01", "20.010.99", VERSION_GREATER },
                { "R7 SP1", "R7", VERSION_GREATER },
                { "R7 SP1", "R7 SP2", VERSION_LESS },
                { "R7 SP1", "R8", VERSION_LESS },
                { "R7 SP1", "R7_SP1", VERSION_EQUAL },
                { "7 Service Pack 1", "7 SP1", VERSION_EQUAL },
                { "4.0 SP2 Update 1", "4.0 SP2", VERSION_GREATER },
                { "4.0 SP2 Update 1", "4.0 SP2 Update 3", VERSION_LESS },
                { "4.0 SP2 Update 1", "4.0 SP3", VERSION_LESS },
                { "4.0 SP2 Update 1", "4.1", VERSION_LESS },
                { "4.0.0 SP2", "4.0 SP2", VERSION_EQUAL },
                { "2017 R2", "2017", VERSION_GREATER },
                { "2017 R2 SP1", "2017 R2", VERSION_GREATER },
                { "2017 R2 SP1", "2019", VERSION_LESS },
                { "V2.0_SP1", "V2.0", VERSION_GREATER },
                { "R510.2_HF14", "R510.2_HF2", VERSION_GREATER },
                { "R511.5_TCU4_HF4", "R511.5_TCU4_HF3", VERSION_GREATER },
                { "R511.5_TCU4_HF4", "R511.5_TCU4", VERSION_GREATER },
                { "15.2(6)E0a", "15.2(7)E3", VERSION_LESS },
                { "15.2(7)E2", "15.2(7)E3", VERSION_LESS },
                { "15.2(7)E3", "15.2(7)E3", VERSION_EQUAL },
                { "3.1.171.9", "3.1.171.10", VERSION_LESS },
                { "1.0-rc1", "1.0", VERSION_LESS },
                { "1.0-alpha", "1.0-beta", VERSION_LESS },
                { "1.0-rc1", "1.0.1", VERSION_LESS },
                { "1.0.2a", "1.0.2", VERSION_GREATER },
                { "1.0.2a", "1.0.2k", VERSION_LESS },
                { "4.24.", "4.24", VERSION_EQUAL },
                { "Version 3.7", "v3.7", VERSION_EQUAL },
                { "Firmware V3.7", "3.7", VERSION_EQUAL },
                { "2023.02.13", "2023.2.13", VERSION_EQUAL },
                { "99999999999999999999999999", "99999999999999999999999998", VERSION_GREATER },
                { "00000000000000000000000001", "1", VERSION_EQUAL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                check(cases[i].a, cases[i].b, cases[i].expected);
}

static void test_undecided(void)
{
        static const char *const cases[][2] = {
                { "2.0", "sentinel ldk rte 7.55" },
                { "2.0", "august" },
                { "august 28", "2.0" },
                { "", "1.0" },
                { "V2.0.1", "V2.0 SP1" },
                { "R511.5_TCU4", "R511.5_HF9" },
                { "1.0b1", "1.0" }, /* beta or build */
                { "1.0-foo", "1.0" },
                { "1.0-foo", "1.0-bar" },
                { "-Y", "1.0" },
                { "4.0 SP2", "4.0 HF2" },
                { "8.1", "8.1x" }, /* 8.1 or 8.10 */
                { "-", "1" },
                { "7.1", "7.03" }, /* 1 and 3, or .1 and .03 */
                { "1.05", "1.1" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                check(cases[i][0], cases[i][1], VERSION_UNDECIDED);
}

static void test_series(void)
{
        check("8.0.3", "8.0.x", VERSION_EQUAL);
        check("8.1", "8.0.x", VERSION_GREATER);
        check("7.9", "8.0.x", VERSION_LESS);
        check("R210.5", "R210.X", VERSION_EQUAL);
        check("R211.1", "R210.X", VERSION_GREATER);
        check("R151", "R15x", VERSION_EQUAL);
        check("R161", "R15x", VERSION_GREATER);
        check("7.45", "7.4x", VERSION_EQUAL);
        check("7.39", "7.4x", VERSION_LESS);
        check("8.05", "8.1x", VERSION_LESS);
        check("8.10", "8.1x", VERSION_EQUAL);
        check("16.12.1", "16.*", VERSION_EQUAL);
        g_assert_cmpint(version_in_series("3.1.2", "V3"), ==, VERSION_EQUAL);
        g_assert_cmpint(version_in_series("2.9", "V3"), ==, VERSION_LESS);
        g_assert_cmpint(version_in_series("30.1", "3"), ==, VERSION_GREATER);
        g_assert_cmpint(version_in_series("8.0.5", "8.0.x"), ==, VERSION_EQUAL);
}

/* A text of any length and shape has an answer. */
static void test_hostile(void)
{
        g_autofree char *numbers = g_strnfill(100000, '9'), *dots = g_strnfill(100000, '.');
        g_autoptr(GString) many = g_string_new("1");

        for (int i = 0; i < 1000; i++)
                g_string_append(many, ".1");
        check(numbers, "1", VERSION_GREATER);
        check(dots, "1", VERSION_UNDECIDED);
        check(many->str, "1.1", VERSION_UNDECIDED);
        check("\xff\xfe", "1", VERSION_UNDECIDED);
}

/* Orders of a program in production. Two rows are marked doubtful by its authors, and are undecided or equal here. */
static void test_table(void)
{
        g_auto(GStrv) lines = table_lines("cpe/nvdtools_version_compare.tsv");
        size_t n = 0, doubtful = 0;

        for (size_t i = 1; lines != NULL && lines[i] != NULL && lines[i][0] != '\0'; i++, n++) {
                g_auto(GStrv) cells = g_strsplit(lines[i], "\t", 3);
                gint64 expected = 0;

                g_assert_true(g_ascii_string_to_signed(cells[2], 10, -1, 1, &expected, NULL));
                if (strcmp(cells[0], "5-appl_1.16.1") == 0) {
                        check(cells[0], cells[1], VERSION_UNDECIDED);
                        doubtful++;
                } else if (strcmp(cells[0], "5-a1") == 0 && strcmp(cells[1], "5a1") == 0) {
                        check(cells[0], cells[1], VERSION_EQUAL);
                        doubtful++;
                } else
                        check(cells[0], cells[1], (VersionOrder)expected);
        }
        if (lines != NULL) {
                g_assert_cmpuint(n, ==, 20);
                g_assert_cmpuint(doubtful, ==, 2);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/vuln/version/orders", test_orders);
        g_test_add_func("/vuln/version/undecided", test_undecided);
        g_test_add_func("/vuln/version/series", test_series);
        g_test_add_func("/vuln/version/hostile", test_hostile);
        g_test_add_func("/vuln/version/table", test_table);
        return g_test_run();
}
