#include "base/out.h"

#include "base/error.h"
#include "bytes.h"

#include <string.h>

static void test_append(void)
{
        g_autoptr(Out) out = out_new(100);

        g_assert_cmpstr(out_data(out), ==, "");
        out_text(out, "zone ");
        out_char(out, 'A');
        out_format(out, " %s-%d", "ZN", 4);
        out_bytes(out, "\0x", 2);
        assert_bytes(out_data(out), out_length(out), "zone A ZN-4\0x", 13);
        g_assert_true(out_check(out, NULL));
}

static void test_empty_appends(void)
{
        g_autoptr(Out) out = out_new(0);

        out_bytes(out, NULL, 0);
        out_text(out, "");
        out_format(out, "%s", "");
        g_assert_true(out_check(out, NULL));
        g_assert_cmpuint(out_length(out), ==, 0);
}

static void test_exactly_full(void)
{
        g_autoptr(Out) out = out_new(5);

        out_text(out, "abcd");
        out_char(out, 'e');
        g_assert_true(out_check(out, NULL));
        g_assert_cmpstr(out_data(out), ==, "abcde");
}

static void test_one_too_many(void)
{
        g_autoptr(Out) out = out_new(5);
        g_autoptr(GError) error = NULL;

        out_text(out, "abcde");
        out_char(out, 'f');
        g_assert_false(out_check(out, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
        g_assert_cmpstr(out_data(out), ==, "abcde");
}

/* Nothing that comes after the cut may be appended, even where it would fit. */
static void test_failure_sticks(void)
{
        g_autoptr(Out) out = out_new(5);

        out_text(out, "abc");
        out_text(out, "defgh");
        out_char(out, 'x');
        out_format(out, "%d", 1);
        g_assert_cmpstr(out_data(out), ==, "abc");
        g_assert_false(out_check(out, NULL));
        g_assert_null(out_steal(out, NULL));
}

static void test_zero_max(void)
{
        g_autoptr(Out) out = out_new(0);
        g_autoptr(GError) error = NULL;

        out_char(out, 'x');
        g_assert_false(out_check(out, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
}

static void test_huge_append(void)
{
        g_autoptr(Out) out = out_new(G_MAXSIZE);

        out_char(out, 'x');
        out_bytes(out, "y", G_MAXSIZE); /* refused before a byte is read */
        g_assert_false(out_check(out, NULL));
        g_assert_cmpstr(out_data(out), ==, "x");
}

static void test_reset(void)
{
        g_autoptr(Out) out = out_new(3);

        out_text(out, "abcd");
        g_assert_false(out_check(out, NULL));
        out_reset(out);
        g_assert_true(out_check(out, NULL));
        g_assert_cmpstr(out_data(out), ==, "");
        out_text(out, "xyz");
        g_assert_cmpstr(out_data(out), ==, "xyz");
}

static void test_growth(void)
{
        g_autoptr(Out) out = out_new(100000);

        for (int i = 0; i < 100000; i++)
                out_char(out, (char)('a' + i % 26));
        g_assert_true(out_check(out, NULL));
        g_assert_cmpuint(out_length(out), ==, 100000);
        for (int i = 0; i < 100000; i++)
                g_assert_cmpint(out_data(out)[i], ==, 'a' + i % 26);
        out_char(out, 'z');
        g_assert_false(out_check(out, NULL));
}

static void test_steal(void)
{
        g_autoptr(Out) out = out_new(10);
        g_autoptr(GBytes) first = NULL, second = NULL;

        out_text(out, "one");
        first = out_steal(out, NULL);
        g_assert_cmpuint(out_length(out), ==, 0);
        out_text(out, "two and a half");
        out_reset(out);
        second = out_steal(out, NULL);
        assert_bytes(g_bytes_get_data(first, NULL), g_bytes_get_size(first), "one", 3);
        g_assert_cmpuint(g_bytes_get_size(second), ==, 0);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/out/append", test_append);
        g_test_add_func("/base/out/empty-appends", test_empty_appends);
        g_test_add_func("/base/out/exactly-full", test_exactly_full);
        g_test_add_func("/base/out/one-too-many", test_one_too_many);
        g_test_add_func("/base/out/failure-sticks", test_failure_sticks);
        g_test_add_func("/base/out/zero-max", test_zero_max);
        g_test_add_func("/base/out/huge-append", test_huge_append);
        g_test_add_func("/base/out/reset", test_reset);
        g_test_add_func("/base/out/growth", test_growth);
        g_test_add_func("/base/out/steal", test_steal);
        return g_test_run();
}
