#include "http/target.h"

#include "base/error.h"

#include <string.h>

static void test_parts(void)
{
        g_auto(Target) target = { 0 };
        g_autoptr(GError) error = NULL;

        g_assert_true(target_parse("/api/v1/items/a%20b%25/c+d?q=kind:zone+text%3Ax&up&empty=&a=b=c", &target,
                                   &error));
        g_assert_no_error(error);
        g_assert_cmpuint(target.segments->len, ==, 5);
        g_assert_cmpstr(g_ptr_array_index(target.segments, 3), ==, "a b%");
        g_assert_cmpstr(g_ptr_array_index(target.segments, 4), ==, "c+d");
        g_assert_cmpuint(target.query->len, ==, 4);
        g_assert_cmpstr(g_array_index(target.query, QueryPair, 0).name, ==, "q");
        g_assert_cmpstr(g_array_index(target.query, QueryPair, 0).value, ==, "kind:zone text:x");
        g_assert_cmpstr(g_array_index(target.query, QueryPair, 1).name, ==, "up");
        g_assert_cmpstr(g_array_index(target.query, QueryPair, 1).value, ==, "");
        g_assert_cmpstr(g_array_index(target.query, QueryPair, 2).value, ==, "");
        g_assert_cmpstr(g_array_index(target.query, QueryPair, 3).value, ==, "b=c");
}

static void test_root_and_end(void)
{
        static const struct {
                const char *text;
                guint segments;
        } cases[] = { { "/", 1 }, { "/a", 1 }, { "/a/", 2 }, { "/?", 1 }, { "/a?b", 1 }, { "/a/?", 2 } };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_auto(Target) target = { 0 };

                g_assert_true(target_parse(cases[i].text, &target, NULL));
                g_assert_cmpuint(target.segments->len, ==, cases[i].segments);
        }
}

static void test_refused(void)
{
        static const struct {
                const char *text;
                int code;
        } cases[] = {
                { "", ZW_ERR_USAGE },          { "a", ZW_ERR_USAGE },          { "*", ZW_ERR_USAGE },
                { "http://a/", ZW_ERR_USAGE }, { "//", ZW_ERR_USAGE },         { "//a", ZW_ERR_USAGE },
                { "/a//b", ZW_ERR_USAGE },     { "/.", ZW_ERR_USAGE },         { "/..", ZW_ERR_USAGE },
                { "/a/../b", ZW_ERR_USAGE },   { "/%2e", ZW_ERR_USAGE },       { "/%2E%2e/", ZW_ERR_USAGE },
                { "/.%2e", ZW_ERR_USAGE },     { "/a%2fb", ZW_ERR_USAGE },     { "/%2F", ZW_ERR_USAGE },
                { "/%00", ZW_ERR_USAGE },      { "/%1f", ZW_ERR_USAGE },       { "/%7f", ZW_ERR_USAGE },
                { "/%", ZW_ERR_USAGE },        { "/%a", ZW_ERR_USAGE },        { "/%0g", ZW_ERR_USAGE },
                { "/a%", ZW_ERR_USAGE },       { "/a b", ZW_ERR_USAGE },       { "/a#b", ZW_ERR_USAGE },
                { "/a\tb", ZW_ERR_USAGE },     { "/\x7f", ZW_ERR_USAGE },      { "/\xc3\xa4", ZW_ERR_USAGE },
                { "/?a=%", ZW_ERR_USAGE },     { "/?%00", ZW_ERR_USAGE },      { "/?a=%0a", ZW_ERR_USAGE },
                { "/%ff", ZW_ERR_ENCODING },   { "/%c0%80", ZW_ERR_ENCODING }, { "/?a=%c3", ZW_ERR_ENCODING },
                { "/?%ff", ZW_ERR_ENCODING },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_auto(Target) target = { 0 };
                g_autoptr(GError) error = NULL;

                g_test_message("%s", cases[i].text);
                g_assert_false(target_parse(cases[i].text, &target, &error));
                g_assert_error(error, ZW_ERROR, cases[i].code);
        }
}

static void test_limits(void)
{
        g_autofree char *most = g_strnfill(ZW_TARGET_BYTES_MAX, 'a'),
                        *more = g_strnfill(ZW_TARGET_BYTES_MAX + 1, 'a');
        g_autoptr(GString) pairs = g_string_new("/?");
        g_auto(Target) one = { 0 }, two = { 0 }, three = { 0 }, four = { 0 };
        g_autoptr(GError) error = NULL;

        most[0] = more[0] = '/';
        g_assert_true(target_parse(most, &one, NULL));
        g_assert_false(target_parse(more, &two, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_ADDRESS_LENGTH);
        for (int i = 0; i < ZW_TARGET_PAIRS_MAX; i++)
                g_string_append(pairs, i == 0 ? "a" : "&a");
        g_assert_true(target_parse(pairs->str, &three, NULL));
        g_assert_cmpuint(three.query->len, ==, ZW_TARGET_PAIRS_MAX);
        g_string_append(pairs, "&a");
        g_assert_false(target_parse(pairs->str, &four, NULL));
}

static void test_path_for_the_log(void)
{
        g_assert_cmpuint(target_path_length("/a?b"), ==, 2);
        g_assert_cmpuint(target_path_length("/a#b?c"), ==, 2);
        g_assert_cmpuint(target_path_length("/abc"), ==, 4);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/http/target/parts", test_parts);
        g_test_add_func("/http/target/root-and-end", test_root_and_end);
        g_test_add_func("/http/target/refused", test_refused);
        g_test_add_func("/http/target/limits", test_limits);
        g_test_add_func("/http/target/path-for-the-log", test_path_for_the_log);
        return g_test_run();
}
