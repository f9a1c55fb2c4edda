#include "base/spill.h"

#include "bytes.h"

enum { MANY = 20000, LONG = 1000 }; /* more than is held in memory */

static char *line_new(int i)
{
        g_autofree char *rest = g_strnfill(LONG, (char)('a' + i % 26));

        return g_strdup_printf("%d %s", i, rest);
}

static bool next_see(const char *line, size_t n, void *data, GError **error G_GNUC_UNUSED)
{
        int *i = data;
        g_autofree char *expected = line_new((*i)++);

        assert_bytes(line, n, expected, strlen(expected));
        return true;
}

static Spill *many_new(guint64 *ret_middle)
{
        Spill *spill = spill_new();

        for (int i = 0; i < MANY; i++) {
                g_autofree char *line = line_new(i);

                if (i == MANY / 2)
                        *ret_middle = spill_end(spill);
                g_assert_true(spill_add(spill, line, strlen(line)));
        }
        return spill;
}

static void test_again(void)
{
        guint64 middle;
        g_autoptr(Spill) spill = many_new(&middle);
        GError *error = NULL;

        g_assert_cmpuint(spill_count(spill), ==, MANY);
        for (int time = 0; time < 2; time++) {
                int i = 0;

                g_assert_true(spill_each(spill, next_see, &i, &error));
                g_assert_no_error(error);
                g_assert_cmpint(i, ==, MANY);
        }
}

static void test_line(void)
{
        guint64 middle, end;
        g_autoptr(Spill) spill = many_new(&middle);
        g_autoptr(GByteArray) line = g_byte_array_new();
        g_autofree char *expected = line_new(MANY / 2);
        GError *error = NULL;

        g_assert_true(spill_line(spill, middle, line, &error));
        g_assert_no_error(error);
        assert_bytes(line->data, line->len, expected, strlen(expected));
        end = spill_end(spill);
        g_assert_true(spill_add(spill, "last", 4));
        g_assert_true(spill_line(spill, end, line, &error));
        assert_bytes(line->data, line->len, "last", 4);
}

static bool stop(const char *line G_GNUC_UNUSED, size_t n G_GNUC_UNUSED, void *data,
                 GError **error G_GNUC_UNUSED)
{
        return ++*(int *)data < 3;
}

static void test_stopped(void)
{
        guint64 middle;
        g_autoptr(Spill) spill = many_new(&middle);
        int n = 0;

        g_assert_false(spill_each(spill, stop, &n, NULL));
        g_assert_cmpint(n, ==, 3);
}

static bool value_see(json_t *value, void *data, GError **error G_GNUC_UNUSED)
{
        return json_array_append(data, value) == 0;
}

static void test_values(void)
{
        g_autoptr(Spill) spill = spill_new();
        json_t *given = json_pack("[{s:s, s:[i, n, b]}, s, []]", "line\n", "a\nb", "list", 7, 1, "text"),
               *found = json_array(), *second;
        GError *error = NULL;
        guint64 at = 0;

        for (size_t i = 0; i < json_array_size(given); i++) {
                at = i == 1 ? spill_end(spill) : at;
                g_assert_true(spill_add_json(spill, json_array_get(given, i), &error));
        }
        g_assert_true(spill_each_json(spill, value_see, found, &error));
        g_assert_no_error(error);
        g_assert_true(json_equal(given, found));
        second = spill_json(spill, at, &error);
        g_assert_cmpstr(json_string_value(second), ==, "text");
        json_decref(given);
        json_decref(found);
        json_decref(second);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/spill/again", test_again);
        g_test_add_func("/base/spill/line", test_line);
        g_test_add_func("/base/spill/stopped", test_stopped);
        g_test_add_func("/base/spill/values", test_values);
        return g_test_run();
}
