#include "base/error.h"

static void test_set(void)
{
        g_autoptr(GError) error = NULL;

        error_set(&error, ZW_ERR_INPUT, "row 12", "must be %d or %s", 3, "less");
        g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
        g_assert_cmpstr(error->message, ==, "must be 3 or less");
        g_assert_cmpstr(error_where(error), ==, "row 12");
}

static void test_null(void)
{
        error_set(NULL, ZW_ERR_INPUT, "here", "nobody asked");
        g_assert_null(error_where(NULL));
}

static void test_where_absent(void)
{
        g_autoptr(GError) error = NULL;

        error_set(&error, ZW_ERR_LIMIT, NULL, "too large");
        g_assert_null(error_where(error));
}

static void test_where_replaced(void)
{
        g_autoptr(GError) error = NULL;

        error_set(&error, ZW_ERR_LIMIT, "/a", "too large");
        error_set_where(error, "%s, line %d", error_where(error), 7);
        g_assert_cmpstr(error_where(error), ==, "/a, line 7");
        g_prefix_error(&error, "plant.csv: ");
        g_assert_cmpstr(error->message, ==, "plant.csv: too large");
        g_assert_cmpstr(error_where(error), ==, "/a, line 7");
}

static void test_foreign(void)
{
        g_autoptr(GError) error = g_error_new_literal(G_CONVERT_ERROR, G_CONVERT_ERROR_FAILED, "foreign");

        error_set_where(error, "nowhere");
        g_assert_null(error_where(error));
        g_assert_cmpstr(error->message, ==, "foreign");
        error_set_where(NULL, "nowhere");
}

static void test_copy(void)
{
        g_autoptr(GError) error = NULL, copy = NULL;

        error_set(&error, ZW_ERR_CONFLICT, "TS-12", "changed");
        copy = g_error_copy(error);
        error_set_where(error, "TS-13");
        g_assert_cmpstr(error_where(copy), ==, "TS-12");
        g_assert_cmpstr(copy->message, ==, "changed");
}

static void test_facts(void)
{
        g_assert_cmpint(error_exit_code(ZW_ERR_USAGE), ==, 2);
        g_assert_cmpint(error_exit_code(ZW_ERR_INPUT), ==, 3);
        g_assert_cmpint(error_exit_code(ZW_ERR_CONFLICT), ==, 4);
        g_assert_cmpint(error_exit_code(ZW_ERR_DENIED), ==, 5);
        g_assert_cmpint(error_exit_code(ZW_ERR_STORAGE), ==, 6);
        g_assert_cmpint(error_http_status(ZW_ERR_LIMIT), ==, 413);
        g_assert_cmpstr(error_symbol(ZW_ERR_NOT_FOUND), ==, "NOT_FOUND");
        g_assert_cmpstr(error_meaning(ZW_ERR_ENCODING), ==, "the text is not valid UTF-8");
}

static void test_unknown_number(void)
{
        g_assert_cmpstr(error_symbol(-1), ==, "INTERNAL");
        g_assert_cmpint(error_http_status(999999), ==, 500);
        g_assert_cmpint(error_exit_code(0), ==, error_exit_code(ZW_ERR_INTERNAL));
}

/* Numbers are in people's scripts: each is used once, and status and exit codes are those the header allows.
 * */
static void test_rows(void)
{
        static const struct {
                int number, http, exit;
        } rows[] = {
#define ERROR(symbol, number, http, exit, meaning) { number, http, exit },
#include "base/errors.def"
#undef ERROR
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_assert_cmpint(rows[i].number, >=, 1000);
                g_assert_cmpint(rows[i].number, <=, 9999);
                g_assert_cmpint(rows[i].http, >=, 400);
                g_assert_cmpint(rows[i].http, <=, 599);
                g_assert_cmpint(rows[i].exit, >=, 1);
                g_assert_cmpint(rows[i].exit, <=, 6);
                for (size_t j = 0; j < i; j++)
                        g_assert_cmpint(rows[i].number, !=, rows[j].number);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/error/set", test_set);
        g_test_add_func("/base/error/null", test_null);
        g_test_add_func("/base/error/where-absent", test_where_absent);
        g_test_add_func("/base/error/where-replaced", test_where_replaced);
        g_test_add_func("/base/error/foreign", test_foreign);
        g_test_add_func("/base/error/copy", test_copy);
        g_test_add_func("/base/error/facts", test_facts);
        g_test_add_func("/base/error/unknown-number", test_unknown_number);
        g_test_add_func("/base/error/rows", test_rows);
        return g_test_run();
}
