/* base/linediff.h, against what any diff has to hold to. */
#include "base/linediff.h"

#include <string.h>

/* Both texts come out of the lines again; gives how many were gone or new. */
static guint check(const char *before, const char *after)
{
        g_autoptr(GArray) diff = linediff(before, strlen(before), after, strlen(after));
        g_autoptr(GString) old = g_string_new(NULL), new = g_string_new(NULL);
        guint edits = 0, n_old = 0, n_new = 0;

        for (guint i = 0; i < diff->len; i++) {
                const LineDiff *line = &g_array_index(diff, LineDiff, i);

                if (line->change != LINE_NEW) {
                        g_string_append_len(old, line->text, (gssize)line->n);
                        g_string_append_c(old, '\n');
                        g_assert_cmpuint(line->before, ==, ++n_old);
                }
                if (line->change != LINE_GONE) {
                        g_string_append_len(new, line->text, (gssize)line->n);
                        g_string_append_c(new, '\n');
                        g_assert_cmpuint(line->after, ==, ++n_new);
                }
                edits += line->change != LINE_SAME;
        }
        g_assert_cmpstr(old->str, ==, before);
        g_assert_cmpstr(new->str, ==, after);
        return edits;
}

static void test_known(void)
{
        static const struct {
                const char *before, *after;
                guint edits;
        } rows[] = {
                { "", "", 0 },
                { "a\n", "a\n", 0 },
                { "", "a\nb\n", 2 },
                { "a\nb\n", "", 2 },
                { "a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n", 5 },
                { "a\nb\nc\n", "a\nx\nc\n", 2 },
                { "a\na\na\n", "a\na\n", 1 },
                { "a\nb\n", "b\na\n", 2 },
                { "\n\n", "\n", 1 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
                g_assert_cmpuint(check(rows[i].before, rows[i].after), ==, rows[i].edits);
}

static char *random_text(GRand *rand, int most)
{
        GString *text = g_string_new(NULL);

        for (int i = g_rand_int_range(rand, 0, most); i > 0; i--)
                g_string_append_printf(text, "%c\n", 'a' + g_rand_int_range(rand, 0, 4));
        return g_string_free(text, FALSE);
}

/* The number of edits is that of the table of longest common subsequences. */
static guint edits_by_table(const char *before, const char *after)
{
        const size_t n = strlen(before) / 2, m = strlen(after) / 2;
        g_autofree guint *table = g_new0(guint, (n + 1) * (m + 1));

        for (size_t i = n; i-- > 0;)
                for (size_t j = m; j-- > 0;)
                        table[i * (m + 1) + j] = before[2 * i] == after[2 * j]
                                                         ? table[(i + 1) * (m + 1) + j + 1] + 1
                                                         : MAX(table[(i + 1) * (m + 1) + j],
                                                               table[i * (m + 1) + j + 1]);
        return (guint)(n + m) - 2 * table[0];
}

static void test_random(void)
{
        GRand *rand = g_rand_new_with_seed(7);

        for (int i = 0; i < 2000; i++) {
                g_autofree char *before = random_text(rand, 14), *after = random_text(rand, 14);

                g_assert_cmpuint(check(before, after), ==, edits_by_table(before, after));
        }
        g_rand_free(rand);
}

/* More edits than are looked for: all that differs, as one block. Ends of lines do not count. */
static void test_limits(void)
{
        g_autoptr(GString) before = g_string_new("head\n"), after = g_string_new("head\n");
        g_autoptr(GArray) ends = linediff("a\r\nb", 4, "a\nb\n", 4);

        for (int i = 0; i < LINEDIFF_EDITS_MAX; i++) {
                g_string_append_printf(before, "a%d\n", i);
                g_string_append_printf(after, "b%d\n", i);
        }
        g_assert_cmpuint(check(before->str, after->str), ==, 2 * LINEDIFF_EDITS_MAX);
        g_assert_cmpuint(ends->len, ==, 2);
        g_assert_cmpint(g_array_index(ends, LineDiff, 0).change, ==, LINE_SAME);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/linediff/known", test_known);
        g_test_add_func("/base/linediff/random", test_random);
        g_test_add_func("/base/linediff/limits", test_limits);
        return g_test_run();
}
