#include "exchange/layout.h"

#include "base/error.h"

#include <string.h>

static json_t *json_of(const char *text)
{
        json_t *value = jread_parse(text, strlen(text), NULL);

        g_assert_nonnull(value);
        return value;
}

static Layout *layout_of(const char *text, GError **error)
{
        g_autoptr(Json) json = json_of(text);

        return layout_new(json, error);
}

#define COLUMNS                                                             \
        "{\"columns\":[{\"header\":\"Nr\",\"to\":\"id\",\"extra\":\"Nr\"}," \
        "{\"header\":\"Level\",\"to\":\"level\",\"extra\":\"Level\"},"      \
        "{\"header\":\"From\",\"to\":\"parents\",\"extra\":\"From\"},"      \
        "{\"header\":\"Tags\",\"to\":\"tags\",\"extra\":\"Tags\"},"         \
        "{\"header\":\"Colour\",\"to\":\"extra\",\"extra\":\"Colour\"},"    \
        "{\"header\":\"Skip\",\"to\":\"\",\"extra\":\"Skip\"}],"            \
        "\"header_row\":3,\"delimiter\":\";\"}"

static void check_cells(Layout *layout, const char *op, const char *const *expected)
{
        g_autoptr(Json) json = json_of(op);
        const char *const *cells = layout_cells(layout, json);
        size_t n;

        (void)layout_headers(layout, &n);
        for (size_t i = 0; i < n; i++)
                g_assert_cmpstr(cells[i], ==, expected[i]);
}

static void test_cells(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Layout) layout = layout_of(COLUMNS, &error);
        size_t n;

        g_assert_no_error(error);
        g_assert_cmpstr(layout_headers(layout, &n)[4], ==, "Colour");
        g_assert_cmpuint(n, ==, 6);
        g_assert_cmpuint(layout_header_row(layout), ==, 3);
        g_assert_cmpstr(layout_text(layout, "delimiter"), ==, ";");
        g_assert_null(layout_text(layout, "sheet"));
        check_cells(layout,
                    "{\"id\":\"A\",\"title\":\"A\",\"tags\":[\"x\",\"y\"],\"parents\":[\"B\",\"C\"],"
                    "\"attrs\":{\"level\":\"system\",\"extra\":{\"Colour\":\"red\"}}}",
                    (const char *const[]){ "A", "system", "B, C", "x, y", "red", NULL });
        /* What an attribute did not take, and parents that are elsewhere, were kept. */
        check_cells(layout,
                    "{\"id\":\"B\",\"title\":\"B\",\"parents\":[\"R1\",\"R2\"],"
                    "\"attrs\":{\"extra\":{\"Level\":\"1.2\",\"From\":\"R1:ab12\\nGONE\"}}}",
                    (const char *const[]){ "B", "1.2", "R1:ab12\nGONE, R2", NULL, NULL, NULL });
        check_cells(layout, "{\"id\":\"C\",\"title\":\"C\",\"tags\":[],\"body\":\"\"}",
                    (const char *const[]){ "C", NULL, NULL, NULL, NULL, NULL });
}

static void test_losses(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Layout) layout = layout_of(COLUMNS, &error);
        g_autoptr(Json) lost = json_array(), expected = NULL;
        g_autoptr(Json)
                op = json_of("{\"id\":\"A\",\"title\":\"Text\",\"body\":\"Text\",\"owner\":\"ann\",\"attrs\":"
                             "{\"priority\":\"high\",\"extra\":{\"Size\":\"9\"}}}");

        g_assert_no_error(error);
        (void)layout_cells(layout, op);
        (void)layout_cells(layout, op);
        layout_report_lost(layout, lost);
        expected = json_of("[{\"where\":\"Size\",\"what\":\"2 values have no column in this sheet\"},"
                           "{\"where\":\"body\",\"what\":\"2 values have no column in this sheet\"},"
                           "{\"where\":\"owner\",\"what\":\"2 values have no column in this sheet\"},"
                           "{\"where\":\"priority\",\"what\":\"2 values have no column in this sheet\"}]");
        g_assert_true(json_equal(lost, expected));
}

/* A layout is a setting, which anybody may write. */
static void test_refused(void)
{
        static const struct {
                const char *json, *where;
        } cases[] = {
                { "{}", "/columns" },
                { "{\"columns\":[]}", "/columns" },
                { "{\"columns\":7}", "/columns" },
                { "{\"columns\":[{\"header\":\"a\"}]}", "/columns/0" },
                { "{\"columns\":[{\"header\":\"a\",\"to\":\"id\"},{\"to\":\"title\"}]}", "/columns/1" },
                { "{\"columns\":[{\"header\":\"a\",\"to\":\"nothing\"}]}", "/columns/0" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;

                g_assert_null(layout_of(cases[i].json, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
                g_assert_cmpstr(error_where(error), ==, cases[i].where);
        }
}

static void test_odd_header_rows(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Layout)
                layout = layout_of("{\"columns\":[{\"header\":\"a\",\"to\":\"id\"}],\"header_row\":99999999}",
                                   &error);

        g_assert_no_error(error);
        g_assert_cmpuint(layout_header_row(layout), ==, 1);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
        g_test_add_func("/exchange/layout/cells", test_cells);
        g_test_add_func("/exchange/layout/losses", test_losses);
        g_test_add_func("/exchange/layout/refused", test_refused);
        g_test_add_func("/exchange/layout/header-row", test_odd_header_rows);
        return g_test_run();
}
