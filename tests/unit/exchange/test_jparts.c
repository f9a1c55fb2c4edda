#include "exchange/jparts.h"

#include <string.h>

/* All parts of a text as `key:value` texts in order, by parsing each; NULL when the text is refused. */
static char *parts_of(const char *text, size_t n, GError **error)
{
        g_autoptr(GBytes) bytes = g_bytes_new_static(text, n);
        g_autoptr(JParts) parts = jparts_new(bytes, 100, 1000, error);
        g_autoptr(GString) all = g_string_new(NULL);

        if (parts == NULL)
                return NULL;
        for (size_t i = 0; i < jparts_count(parts); i++) {
                JIter iter;
                const char *key;
                JVal object, value;

                if (!jparts_parse(parts, i, &object, error))
                        return NULL;
                iter = jval_iter(object);
                g_assert_true(jiter_next_member(&iter, &key, NULL, &value));
                g_string_append_printf(all, "%s%s:%d/%zu ", jparts_begins(parts, i) ? "" : "+", key,
                                       value.type, jval_count(value));
                g_assert_false(jiter_next_member(&iter, &key, NULL, &value));
        }
        return g_string_free(g_steal_pointer(&all), FALSE);
}

static void test_members(void)
{
        static const char text[] =
                "\xef\xbb\xbf { \"a\" : 1 , \"b\\\"]\":[1,[2,3],{\"c\":[]}],\"d\":{\"e\":\"}\"},\"f\":[ ]}\n";
        g_autoptr(GError) error = NULL;
        g_autofree char *all = parts_of(text, strlen(text), &error);

        g_assert_no_error(error);
        g_assert_cmpstr(all, ==, "a:3/0 b\"]:6/3 d:7/1 f:6/0 ");
}

/* A long array is cut, and nothing of it is lost or twice. */
static void test_runs(void)
{
        g_autoptr(GString) text = g_string_new("{\"a\":0,\"list\":[");
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(JParts) parts = NULL;
        int64_t next = 0, number;
        size_t runs = 0;

        for (int i = 0; i < 50000; i++)
                g_string_append_printf(text, "%s[%d,\"]},{\"]", i == 0 ? "" : ",\n", i);
        g_string_append(text, "],\"z\":0}");
        bytes = g_bytes_new_static(text->str, text->len);
        parts = jparts_new(bytes, 100, 1000000, &error);
        g_assert_no_error(error);
        g_assert_true(jparts_whole(parts, 0));
        g_assert_false(jparts_whole(parts, 1));
        for (size_t i = 0; i < jparts_count(parts); i++) {
                JVal object, entry, first;
                JIter list, inside;

                if (!jparts_is(parts, i, "list"))
                        continue;
                g_assert_true(jparts_begins(parts, i) == (runs++ == 0));
                g_assert_true(jparts_parse(parts, i, &object, &error));
                for (list = jval_iter(jval_get(object, "list")); jiter_next(&list, &entry); next++) {
                        inside = jval_iter(entry);
                        g_assert_true(jiter_next(&inside, &first) && jval_int(first, &number));
                        g_assert_cmpint(number, ==, next);
                }
        }
        g_assert_cmpint(next, ==, 50000);
        g_assert_cmpuint(runs, >, 5);
}

static void test_refused(void)
{
        static const struct {
                const char *text, *where;
        } cases[] = {
                { "", "byte 0" },
                { "{", "byte 1" },
                { "{\"a\":1", "byte 6" },
                { "{\"a\":1,}", "byte 7" },
                { "{\"a\":[1,]}", "byte 8" },
                { "{\"a\":[1}", "byte 7" },
                { "{\"a\":[{]}", "byte 7" },
                { "{\"a\":1]", "byte 6" },
                { "{\"a\" 1}", "byte 5" },
                { "{\"a\":}", "byte 5" },
                { "{\"a\":\"}", "byte 7" },
                { "{\"a\":1}}", "byte 7" },
                { "{\"a\":1} x", "byte 8" },
                { "{a:1}", "byte 1" },
                { "{\"a\":1 \"b\":2}", "byte 7" },
                { "{\"a\":01}", "byte 6" },
                { "{\"a\":[1 2]}", "byte 8" },
                { "[1]", "byte 0" },
                { "7", "byte 0" },
                { "{\"a\":\"\xff\"}", "byte 6" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autofree char *all = parts_of(cases[i].text, strlen(cases[i].text), &error);

                g_assert_null(all);
                g_assert_nonnull(error);
                g_assert_cmpstr(error_where(error), ==, cases[i].where);
        }
}

/* Whatever the bytes are, the parts are refused exactly when one parse of the whole is, or is no object. */
static void test_like_the_whole(void)
{
        static const char base[] =
                "{\"a\":[1,{\"b\":\"x\\\"y\"},[],null],\"c\":{\"d\":[true,-1.5e3]},\"e\":\"\\u0041\"}";
        static const char signs[] = "{}[]\",:\\ 1ax";
        size_t accepted = 0;

        for (int i = 0; i < 3000; i++) {
                g_autofree char *text = g_strdup(base), *all = NULL;
                g_autoptr(GBytes) bytes = NULL;
                g_autoptr(JDoc) doc = NULL;
                g_autoptr(GError) error = NULL;
                size_t n = strlen(base);

                for (int j = g_test_rand_int_range(1, 4); j > 0; j--)
                        text[g_test_rand_int_range(0, (gint32)n)] =
                                signs[g_test_rand_int_range(0, (gint32)strlen(signs))];
                bytes = g_bytes_new_static(text, n);
                doc = jdoc_parse(bytes, 100, NULL);
                all = parts_of(text, n, &error);
                if ((all != NULL) != (doc != NULL && jdoc_root(doc).type == JVAL_OBJECT))
                        g_error("%s: %s", text, error == NULL ? "accepted" : error->message);
                g_assert_true((all == NULL) == (error != NULL));
                accepted += all != NULL;
        }
        g_assert_cmpuint(accepted, >, 20);
}

static void test_many_members(void)
{
        g_autoptr(GString) text = g_string_new("{");
        g_autoptr(GError) error = NULL;
        g_autofree char *all = NULL;

        for (int i = 0; i < (1 << 20) + 1; i++)
                g_string_append(text, i == 0 ? "\"\":1" : ",\"\":1");
        g_string_append_c(text, '}');
        all = parts_of(text->str, text->len, &error);
        g_assert_null(all);
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
}

static void test_depth(void)
{
        g_autoptr(GString) text = g_string_new("{\"a\":");
        g_autoptr(GError) error = NULL, far = NULL;
        g_autofree char *good = NULL, *bad = NULL, *worse = NULL;

        for (int i = 0; i < 99; i++)
                g_string_append_c(text, '[');
        for (int i = 0; i < 99; i++)
                g_string_append_c(text, ']');
        g_string_append_c(text, '}');
        good = parts_of(text->str, text->len, NULL);
        g_assert_nonnull(good);
        g_string_insert(text, 5, "[");
        g_string_insert(text, (gssize)text->len - 1, "]");
        bad = parts_of(text->str, text->len, &error);
        g_assert_null(bad);
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
        g_string_assign(text, "{\"a\":");
        for (int i = 0; i < 1000000; i++)
                g_string_append_c(text, '[');
        worse = parts_of(text->str, text->len, &far);
        g_assert_null(worse);
        g_assert_error(far, ZW_ERROR, ZW_ERR_LIMIT);
}

static void test_elements(void)
{
        static const struct {
                const char *text;
                bool good;
        } cases[] = { { "{\"a\":[1,2,3]}", true },
                      { "{\"a\":[1,[2,3,4,5],3],\"b\":[1,2,3]}", true },
                      { "{\"a\":[1,2,3,4]}", false },
                      { "{\"b\":1,\"a\":[{},{},{},{", false } };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GBytes) bytes = g_bytes_new_static(cases[i].text, strlen(cases[i].text));
                g_autoptr(GError) error = NULL;
                g_autoptr(JParts) parts = jparts_new(bytes, 100, 3, &error);

                g_assert_cmpint(parts != NULL, ==, cases[i].good);
                if (!cases[i].good)
                        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/exchange/jparts/members", test_members);
        g_test_add_func("/exchange/jparts/runs", test_runs);
        g_test_add_func("/exchange/jparts/refused", test_refused);
        g_test_add_func("/exchange/jparts/like-the-whole", test_like_the_whole);
        g_test_add_func("/exchange/jparts/many-members", test_many_members);
        g_test_add_func("/exchange/jparts/depth", test_depth);
        g_test_add_func("/exchange/jparts/elements", test_elements);
        return g_test_run();
}
