#include "base/jcheck.h"

#include <glib.h>
#include <string.h>

static void test_good(void)
{
        static const char *const texts[] = {
                "{}",
                "[]",
                " [ ] ",
                "0",
                "-0",
                "1.5e-10",
                "1E+5",
                "true",
                "false",
                "null",
                "\"\"",
                "{\"a\":[1,2,{\"b\":null}],\"a\":0}",
                "\"\\ud83d\\ude00\\u0000\\/\"",
                "\t\r\n1\n",
                "18446744073709551615",
                "-9223372036854775808",
                "[[[]]]",
        };

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
                JFault fault;

                g_assert_true(jcheck_text(texts[i], strlen(texts[i]), 3, &fault));
        }
}

static void test_faults(void)
{
        static const struct {
                const char *text;
                size_t at;
                const char *message;
        } cases[] = {
                { "", 0, "the text ends too early" },
                { "  ", 2, "the text ends too early" },
                { "{\"a\":1", 6, "the text ends too early" },
                { "[1,", 3, "the text ends too early" },
                { "\"abc", 4, "the text ends too early" },
                { "\"abc\\", 5, "the text ends too early" },
                { "\"\\u12", 5, "the text ends too early" },
                { "tru", 3, "the text ends too early" },
                { "1.", 2, "the text ends too early" },
                { "-", 1, "the text ends too early" },
                { "{\"a\"", 4, "the text ends too early" },
                { "[1,]", 3, "must be a JSON value" },
                { "[,1]", 1, "must be a JSON value" },
                { "nulL", 3, "must be a JSON value" },
                { "+1", 0, "must be a JSON value" },
                { ".5", 0, "must be a JSON value" },
                { "'a'", 0, "must be a JSON value" },
                { "[1}", 2, "must be a comma or ]" },
                { "[1 2]", 3, "must be a comma or ]" },
                { "{\"a\":1]", 6, "must be a comma or }" },
                { "{\"a\":1,}", 7, "must be a key in double quotes" },
                { "{a:1}", 1, "must be a key in double quotes" },
                { "{1:1}", 1, "must be a key in double quotes" },
                { "{\"a\" 1}", 5, "must be a colon" },
                { "1.x", 2, "must be a digit" },
                { "1ex", 2, "must be a digit" },
                { "-x", 1, "must be a digit" },
                { "01", 1, "the value has ended before" },
                { "{} []", 3, "the value has ended before" },
                { "[]]", 2, "the value has ended before" },
                { "\"a\nb\"", 2, "a control character must be escaped" },
                { "\"\\x41\"", 2, "this escape does not exist" },
                { "\"\\u12g4\"", 5, "must be a hexadecimal digit" },
                { "\"a\\ud800\"", 2, "half of a surrogate pair" },
                { "\"\\udc00\"", 1, "half of a surrogate pair" },
                { "\"\\ud800\\u0041\"", 1, "half of a surrogate pair" },
                { "[18446744073709551616]", 1, "the number does not fit 64 bits" },
                { "[-9223372036854775809]", 1, "the number does not fit 64 bits" },
                { "[1e999]", 1, "the number does not fit 64 bits" },
                { "[[[[]]]]", 3, "arrays and objects lie too deep" },
                { "[{\"a\":[{}]}]", 7, "arrays and objects lie too deep" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                JFault fault = { 0 };

                g_assert_false(jcheck_text(cases[i].text, strlen(cases[i].text), 3, &fault));
                g_assert_cmpstr(fault.message, ==, cases[i].message);
                g_assert_cmpuint(fault.at, ==, cases[i].at);
                g_assert_cmpint(fault.deep, ==, g_str_has_suffix(fault.message, "deep"));
        }
}

static void test_nul(void)
{
        JFault fault;

        g_assert_false(jcheck_text("1\0", 2, 3, &fault));
        g_assert_cmpuint(fault.at, ==, 1);
        g_assert_false(jcheck_text("[\0]", 3, 3, &fault));
        g_assert_cmpuint(fault.at, ==, 1);
        g_assert_false(jcheck_text("\"\\\0\"", 4, 3, &fault));
        g_assert_cmpuint(fault.at, ==, 2);
        g_assert_false(jcheck_text("\"\0\"", 3, 3, &fault));
        g_assert_cmpuint(fault.at, ==, 1);
}

static void test_long_number(void)
{
        g_autofree char *digits = g_strnfill(5000, '9');
        JFault fault;

        g_assert_false(jcheck_text(digits, 5000, 3, &fault));
        g_assert_cmpuint(fault.at, ==, 0);
        digits[1] = '.';
        g_assert_true(jcheck_text(digits, 5000, 3, &fault));
}

static void test_deepest(void)
{
        g_autofree char *text = g_strnfill(2002, '[');
        JFault fault;

        memset(text + 1000, ']', 1000);
        g_assert_true(jcheck_text(text, 2000, 5000, &fault));
        memset(text, '[', 1001);
        memset(text + 1001, ']', 1001);
        g_assert_false(jcheck_text(text, 2002, 5000, &fault));
        g_assert_true(fault.deep);
        g_assert_cmpuint(fault.at, ==, 1000);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/jcheck/good", test_good);
        g_test_add_func("/base/jcheck/faults", test_faults);
        g_test_add_func("/base/jcheck/nul", test_nul);
        g_test_add_func("/base/jcheck/long-number", test_long_number);
        g_test_add_func("/base/jcheck/deepest", test_deepest);
        return g_test_run();
}
