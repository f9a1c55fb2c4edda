#include "base/near.h"

static const char *const commands[] = { "init", "inspect", "import", "export", "impact", "history",
                                        "list", "link",    "lint",   "unlink", "sl",     "backup" };

static void test_near(void)
{
        static const struct {
                const char *word, *expected;
        } cases[] = {
                { "imprt", ", did you mean \"import\", \"impact\"?" }, /* one missing; the other by prefix */
                { "exprot", ", did you mean \"export\"?" },            /* neighbours swapped */
                { "hystori", ", did you mean \"history\"?" },          /* two of seven */
                { "Lint",
                  ", did you mean \"lint\", \"link\", \"list\"?" }, /* case does not count; nearest first */
                { "lin", ", did you mean \"link\", \"lint\"?" },    /* a third of three */
                { "backupper", ", did you mean \"backup\"?" },
                { "hisssssssssssss",
                  ", did you mean \"history\"?" }, /* far, but with a common prefix of three */
                { "xyz", "" },
                { "s", "" },
                { "", "" },
                { "pact", "" },
                { "liXX", "" }, /* two of four is too far */
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *text = near_names(cases[i].word, commands, G_N_ELEMENTS(commands));

                g_assert_cmpstr(text, ==, cases[i].expected);
        }
}

static void test_none(void)
{
        g_autofree char *text = near_names("import", NULL, 0);

        g_assert_cmpstr(text, ==, "");
}

static void test_three_at_most(void)
{
        static const char *const names[] = { "zone-e", "zone-d", "zone-c", "zone-b", "zone-b", "zone-a" };
        g_autofree char *text = near_names("zone-x", names, G_N_ELEMENTS(names));

        g_assert_cmpstr(text, ==, ", did you mean \"zone-a\", \"zone-b\", \"zone-c\"?");
}

static void test_long(void)
{
        g_autofree char *longest = g_strnfill(64, 'a'), *longer = g_strnfill(65, 'a');
        g_autofree char *endless = g_strnfill(1000000, 'a'), *expected = NULL;
        const char *names[] = { longest, longer };
        g_autofree char *found = near_names(longest, names, 2);
        g_autofree char *one = near_names(longer, names, 2), *two = near_names(endless, names, 2);

        expected = g_strdup_printf(", did you mean \"%s\"?", longest);
        g_assert_cmpstr(found, ==, expected);
        g_assert_cmpstr(one, ==, "");
        g_assert_cmpstr(two, ==, "");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/near/near", test_near);
        g_test_add_func("/base/near/none", test_none);
        g_test_add_func("/base/near/three-at-most", test_three_at_most);
        g_test_add_func("/base/near/long", test_long);
        return g_test_run();
}
