/* Charts: names longer than their column stand in more lines, whole. */
#include "report/chart.h"

static Chart *chart_of(const ChartDef *def, const char *label)
{
        Chart *chart = chart_new(def);

        chart_add(chart, label, &(const gint64){ 3 });
        chart_lay_out(chart);
        return chart;
}

/* What stands beside the first bar, lines joined by a bar. */
static char *label_of(const Chart *chart)
{
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < chart->texts->len; i++) {
                const ChartText *put = &g_array_index(chart->texts, ChartText, i);

                if (put->end)
                        g_string_append_printf(text, "%s%s", text->len == 0 ? "" : "|", put->text);
        }
        return g_string_free(text, FALSE);
}

static void test_labels(void)
{
        static const char *const cases[][2] = {
                { "Siemens", "Siemens" },
                { "Synergy Systems & Solutions (SSS)", "Synergy Systems &|Solutions (SSS)" },
                { "abcdefghijklmnopqrstuvwx", "abcdefghijklmnopqrstuvwx" },
                { "abcdefghijklmnopqrstuvwx yz", "abcdefghijklmnopqrstuvwx|yz" },
                { "abcdefghijklmnopqrstuvwxyzab", "abcdefghijklmnopqrstuvwx|yzab" },
                { "a b c d e f g h i j k l m n o p q r s t u v w x y",
                  "a b c d e f g h i j k l|m n o p q r s t u v w x|y" },
                { "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 GmbH",
                  "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 GmbH" },
        };
        const ChartDef def = { .title = "t", .titles = { "n" }, .n = 1 };
        g_autoptr(Chart) one = chart_of(&def, "Siemens");

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(Chart) chart = chart_of(&def, cases[i][0]);
                g_autofree char *label = label_of(chart);

                g_assert_cmpstr(label, ==, cases[i][1]);
                g_assert_cmpint(chart->height == one->height, ==, strchr(label, '|') == NULL);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/report/chart/labels", test_labels);
        return g_test_run();
}
