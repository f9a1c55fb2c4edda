#include "vuln/range.h"

#include <string.h>

/* Versions separated by blanks: those before `|` are inside, then outside, then undecided. */
static void check(const char *text, const char *inside, const char *outside, const char *undecided)
{
        const char *const lists[] = { outside, inside, undecided };
        g_autoptr(Range) range = range_parse(text);

        for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
                g_auto(GStrv) versions = g_strsplit(lists[i], ",", -1);

                for (size_t j = 0; versions[j] != NULL; j++)
                        if (versions[j][0] != '\0' && range_contains(range, versions[j]) != (RangeAnswer)i)
                                g_error("%s in %s is %d", versions[j], text,
                                        (int)range_contains(range, versions[j]));
        }
}

static void test_signs(void)
{
        check("<V2.8.1", "V2.8,2.8.0,1,V2.7.9", "V2.8.1,2.9,V3", "august");
        check("< 5.4", "5.3.9", "5.4,5.10", "");
        check("<=3.1.171.9", "3.1.171.9,3.1.171.8", "3.1.171.10", "");
        check("<= 15.2(7)E3", "15.2(6)E0a,15.2(7)E3", "15.2(8)", "");
        check("\xe2\x89\xa4 2.0", "2.0", "2.1", "");
        check("\xe2\x89\xa5 2.0", "2.0", "1.9", "");
        check("=< 2.0", "2.0", "2.1", "");
        check("!= 2.0", "2.1,1", "2.0", "");
        check(">= 7.4x | <= 8.0x", "7.45,8.02", "7.39,8.10", "8.0");
        check(">=R16x|<=R162.10", "R161.1,R160", "R163,R15", "");
        check(">= 1.0, < 2.0", "1.0,1.99", "0.9,2.0", "");
        check("< 2.0, >= 1.0", "1.0,1.99", "0.9,2.0", "");
        check("<V2.0_SP1", "V2.0", "V2.0 SP1,V2.0 SP2,V2.1", "V2.0.1");
        check("<R510.2_HF14", "R510.2_HF13,R510.1", "R510.2_HF14,R511.1", "");
}

static void test_words(void)
{
        check("all versions", "1,anything,", "", "");
        check("All Versions", "1", "", "");
        check("*", "1", "", "");
        check("All versions < V3.1.4", "V3.1.3", "V3.1.4", "");
        check("All versions prior to 2019", "2017 R2", "2019,2019 R2", "");
        check("versions before V4.5", "4.4", "4.5", "");
        check("prior to 4.2", "4.1", "4.2", "");
        check("earlier than 4.2", "4.1", "4.2", "");
        check("up to and including 5.0", "5.0,4", "5.1", "");
        check("up to 5.0", "4.9", "5.1", "5.0");
        check("5.0 and prior", "5.0,4.9", "5.0.1", "");
        check("Versions 3.7 and earlier", "3.7,1", "3.8", "");
        check("V2.1 or lower", "2.1,2.0", "2.2", "");
        check("R2.1 and all prior versions", "R2.1,R1.9", "R2.2", "");
        check("2.0 and later", "2.0,3", "1.9", "");
        check("V1.0 or newer", "1.0,2", "0.9", "");
        check("4.0+", "4.0,5", "3.9", "");
        check("from 1.0 to 2.0", "1.0,2.0,1.5", "0.9,2.0.1", "");
        check("1.0 through 2.0", "1.0,2.0", "2.1", "");
        check("1.0 - 2.0", "1.0,2.0", "2.1", "");
        check("between V1.0 and V2.0", "1.0,1.5,2.0", "2.1,0.9", "");
        check(">FW16_up_to_and_including_FW26", "FW17,FW26", "FW16,FW27", "");
        check("V4.X", "4.0,4.9.1", "5.0,3.9", "");
}

static void test_lists(void)
{
        check("1.1 | 1.2 | 1.4 | 1.5", "1.1,1.5", "1.3,1.10,1", "");
        check("1.10 | 1.11 | 1.13 | 1.14", "1.10,1.14", "1.1,1.12", "");
        check("2017 R2 | 2017 R2 SP1", "2017 R2,2017 R2 SP1", "2017,2019,2017 R2 SP2", "");
        check("4.24.", "4.24", "4.25,4.2", "");
        check("7.1 and 7.3 or 7.5", "7.1,7.3,7.5", "7.2", "");
}

static void test_vers(void)
{
        check("vers:all/*", "1,x", "", "");
        check("vers:generic/*", "1", "", "");
        check("vers:none/*", "", "1", "");
        check("vers:all/<V3.1.4", "V3.1.3", "V3.1.4", "");
        check("vers:generic/>=1|<2", "1,1.9", "2,0.9", "");
        check("vers:generic/>=2.9|<=4.1", "2.9,4.1,3", "2.8,4.2", "");
        check("vers:npm/1.2.3|>=2.0.0|<5.0.0", "1.2.3,2.0.0,4.9", "1.2.4,5.0.0", "");
        check("vers:generic/<1.0|>=2.0|<3.0|!=2.5", "0.9,2.0,2.9", "1.0,2.5,3.0", "");
        check("vers:generic/!=2.5", "2.4", "2.5", "");
        check("vers:pypi/0.0.0|0.0.1", "0.0.0,0.0.1", "0.0.2", "");
        check("vers:deb/>=1%3A2.0|<1%3A3.0", "1:2.5", "1:3.0", "");
        check("vers:generic/|>=1||<2|", "1.5", "2", "");
}

static void test_undecided(void)
{
        check("<  sentinel ldk rte 7.55", "", "", "7.50,8");
        check("< august 28", "", "", "1.0,V2");
        check("unknown", "", "", "1.0");
        check("", "", "", "1.0");
        check("n/a", "", "", "1.0");
        check("<", "", "", "1.0");
        check("vers:generic/", "", "", "1.0");
        check("vers:generic", "", "", "1.0");
        check("All versions with maintenance contract", "", "", "1.0");
        check("all versions in the configuration with more than three separate words before 2", "", "",
              "1.0");
        check("< 7.03 /7.04", "7.02", "7.04,7.11", "7.03,7.1");
}

static void test_kinds(void)
{
        g_autoptr(Range) all = range_parse("All versions"), list = range_parse("1.1 | 1.2"),
                         span = range_parse("< 2"), unread = range_parse("unknown"),
                         open = range_between(NULL, false, NULL, false),
                         half = range_between("1", true, NULL, false);

        g_assert_true(range_is_all(all) && range_is_all(open));
        g_assert_true(range_is_list(list));
        g_assert_false(range_is_list(span) || range_is_list(all) || range_is_list(unread));
        g_assert_true(range_is_unread(unread));
        g_assert_cmpint(range_contains(half, "1"), ==, RANGE_INSIDE);
        g_assert_cmpint(range_contains(half, "0.9"), ==, RANGE_OUTSIDE);
}

static void test_named(void)
{
        static const char *const none[] = {
                "<7.55", "< V7.55",    "Sentinel LDK RTE 7.55",           "< R7 SP1",      "<",
                "",      "< 8.0 7.55", "< Sentinel 1.0 | > Sentinel 2.0", "< Sentinel LDK"
        };
        g_autofree char *name = NULL, *range = NULL;

        g_assert_true(range_named(" <  Sentinel LDK RTE 7.55", &name, &range));
        g_assert_cmpstr(name, ==, "Sentinel LDK RTE");
        g_assert_cmpstr(range, ==, "<7.55");
        for (size_t i = 0; i < G_N_ELEMENTS(none); i++) {
                char *no_name = NULL, *no_range = NULL;

                if (range_named(none[i], &no_name, &no_range))
                        g_error("%s names %s", none[i], no_name);
        }
}

static void test_hostile(void)
{
        g_autofree char *bars = g_strnfill(4000, '|'), *signs = g_strnfill(4000, '<'),
                        *long_text = g_strnfill(100000, 'a');

        check(bars, "", "", "1.0");
        check(signs, "", "", "1.0");
        check(long_text, "", "", "1.0");
        check("\xff\xfe < \xe2\x89", "", "", "1.0");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/vuln/range/signs", test_signs);
        g_test_add_func("/vuln/range/words", test_words);
        g_test_add_func("/vuln/range/lists", test_lists);
        g_test_add_func("/vuln/range/vers", test_vers);
        g_test_add_func("/vuln/range/undecided", test_undecided);
        g_test_add_func("/vuln/range/kinds", test_kinds);
        g_test_add_func("/vuln/range/named", test_named);
        g_test_add_func("/vuln/range/hostile", test_hostile);
        return g_test_run();
}
