#include "base/jread.h"

#include "base/error.h"

#include <string.h>

static json_t *parse(const char *text)
{
        g_autoptr(GError) error = NULL;
        json_t *value = jread_parse(text, strlen(text), &error);

        g_assert_no_error(error);
        return value;
}

static void assert_refused_n(const char *text, size_t n, ZwErrorCode code, const char *where)
{
        g_autoptr(GError) error = NULL;

        g_assert_null(jread_parse(text, n, &error));
        g_assert_error(error, ZW_ERROR, (int)code);
        if (where != NULL)
                g_assert_cmpstr(error_where(error), ==, where);
        g_assert_true(g_str_has_prefix(error_where(error), "line "));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
}

static void assert_refused(const char *text, ZwErrorCode code, const char *where)
{
        assert_refused_n(text, strlen(text), code, where);
}

static void test_values(void)
{
        static const char *const texts[] = { "{}",
                                             "[]",
                                             " 7 ",
                                             "\"x\"",
                                             "null",
                                             "true",
                                             "-1.5e3",
                                             "{\"a\":{\"a\":1}}",
                                             "\n[1,\t2]\r\n",
                                             "\"[[[{{{\"" };

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
                g_autoptr(Json) value = parse(texts[i]);

                g_assert_nonnull(value);
        }
}

static void test_refused(void)
{
        static const char *const texts[] = {
                "",
                "   ",
                "{",
                "[1",
                "[1,]",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "[1] 2",
                "{}x",
                "01",
                "+1",
                ".5",
                "1.",
                "1e",
                "nul",
                "\"a",
                "\"\\x\"",
                "\"\\ud800\"",
                "\"\\u12\"",
                "[1 2]",
                "{\"a\" 1}",
                "NaN",
                "\"\\u0000\"",
                "// c\n1",
                "\"a\nb\"",
                "1e999",
                "]",
                "18446744073709551616",
        };

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                assert_refused(texts[i], ZW_ERR_INPUT, NULL);
        assert_refused_n("\"a\0b\"", 5, ZW_ERR_INPUT, NULL);
        assert_refused_n("[1]\0", 4, ZW_ERR_INPUT, NULL);
        assert_refused_n(NULL, 0, ZW_ERR_INPUT, NULL);
        assert_refused("\xef\xbb\xbf{}", ZW_ERR_INPUT, NULL);
}

static void test_duplicates(void)
{
        assert_refused("{\"a\":1,\n\"a\":2}", ZW_ERR_INPUT, "line 2, column 3");
        assert_refused("[{\"x\":{\"k\":1,\"k\":1}}]", ZW_ERR_INPUT, NULL);
        assert_refused("{\"a\":1,\"\\u0061\":2}", ZW_ERR_INPUT, NULL);
}

static void test_encoding(void)
{
        assert_refused("{\"a\":\n \"\xc3\xa9\xff\"}", ZW_ERR_ENCODING, "line 2, column 4");
        assert_refused("\"\xed\xa0\x80\"", ZW_ERR_ENCODING, "line 1, column 2");
        assert_refused("\"\xc0\x80\"", ZW_ERR_ENCODING, "line 1, column 2");
        assert_refused("\xff\xfe{\0}", ZW_ERR_ENCODING, "line 1, column 1");
}

static void test_place(void)
{
        assert_refused("{\n  \"a\": tru\n}", ZW_ERR_INPUT, "line 2, column 10");
}

static char *nested(size_t depth)
{
        GString *text = g_string_new(NULL);

        for (size_t i = 0; i < depth; i++)
                g_string_append(text, i % 2 == 0 ? "[" : "{\"k\":");
        for (size_t i = depth; i-- > 0;)
                g_string_append_c(text, i % 2 == 0 ? ']' : '}');
        return g_string_free(text, FALSE);
}

static void test_depth(void)
{
        g_autofree char *good = g_strdup_printf("[%s,%s]", "\"[[\\\"[[\"", "[]");
        g_autofree char *flat = g_strnfill(5000, '[');
        g_autofree char *deepest = NULL, *deeper = NULL;

        for (size_t i = 0; i < 100; i++) {
                flat[i] = '[';
                flat[199 - i] = ']';
        }
        flat[200] = '\0';
        json_decref(parse(good));
        json_decref(parse(flat));
        deeper = g_strnfill(202, '[');
        memset(deeper + 101, ']', 101);
        assert_refused(deeper, ZW_ERR_LIMIT, "line 1, column 101");
        deepest = g_strnfill(1000000, '[');
        assert_refused(deepest, ZW_ERR_LIMIT, "line 1, column 101");
}

static void test_depth_mixed(void)
{
        g_autofree char *inner = nested(101);

        assert_refused(inner, ZW_ERR_LIMIT, NULL);
}

typedef struct {
        const char *title;
        int64_t order;
        bool draft;
        json_t *any, *attributes, *tags;
} Bound;

static const JReadField fields[] = {
        { "title", JREAD_STRING, offsetof(Bound, title), true },
        { "order", JREAD_INT, offsetof(Bound, order), false },
        { "draft", JREAD_BOOL, offsetof(Bound, draft), false },
        { "any", JREAD_JSON, offsetof(Bound, any), false },
        { "attributes", JREAD_OBJECT, offsetof(Bound, attributes), false },
        { "tags", JREAD_ARRAY, offsetof(Bound, tags), false },
        JREAD_END,
};

static void test_object(void)
{
        g_autoptr(Json)
                value = parse("{\"tags\":[1],\"title\":\"T\",\"order\":-5,\"draft\":true,\"any\":null,"
                              "\"attributes\":{}}");
        Bound bound = { 0 };

        g_assert_true(jread_object(value, fields, &bound, "", NULL));
        g_assert_cmpstr(bound.title, ==, "T");
        g_assert_cmpint(bound.order, ==, -5);
        g_assert_true(bound.draft);
        g_assert_true(json_is_null(bound.any));
        g_assert_true(json_is_object(bound.attributes));
        g_assert_cmpuint(json_array_size(bound.tags), ==, 1);
}

static void test_object_absent(void)
{
        g_autoptr(Json) value = parse("{\"title\":\"\"}");
        Bound bound = { .order = 42, .draft = true };

        g_assert_true(jread_object(value, fields, &bound, "", NULL));
        g_assert_cmpstr(bound.title, ==, "");
        g_assert_cmpint(bound.order, ==, 42);
        g_assert_true(bound.draft);
        g_assert_null(bound.tags);
}

static void test_object_refused(void)
{
        static const struct {
                const char *text, *where, *message;
        } cases[] = {
                { "[]", "/body", "must be an object, not an array" },
                { "{}", "/body", "the field \"title\" is missing" },
                { "{\"title\":\"T\",\"titel\":1}", "/body",
                  "there is no field \"titel\", did you mean \"title\"?" },
                { "{\"title\":\"T\",\"zzz\":1}", "/body", "there is no field \"zzz\"" },
                { "{\"title\":null}", "/body/title", "must be a text, not null" },
                { "{\"title\":7}", "/body/title", "must be a text, not an integer" },
                { "{\"title\":\"T\",\"order\":1.0}", "/body/order",
                  "must be an integer, not a decimal number" },
                { "{\"title\":\"T\",\"order\":\"1\"}", "/body/order", "must be an integer, not a text" },
                { "{\"title\":\"T\",\"draft\":0}", "/body/draft", "must be true or false, not an integer" },
                { "{\"title\":\"T\",\"attributes\":[]}", "/body/attributes",
                  "must be an object, not an array" },
                { "{\"title\":\"T\",\"tags\":{}}", "/body/tags", "must be an array, not an object" },
                { "{\"title\":\"T\",\"tags\":false}", "/body/tags", "must be an array, not true or false" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(Json) value = parse(cases[i].text);
                g_autoptr(GError) error = NULL;
                Bound bound = { .order = 42 };

                g_assert_false(jread_object(value, fields, &bound, "/body", &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
                g_assert_cmpstr(error_where(error), ==, cases[i].where);
                g_assert_cmpstr(error->message, ==, cases[i].message);
                g_assert_null(bound.title);
                g_assert_cmpint(bound.order, ==, 42);
        }
}

static void test_object_null(void)
{
        g_autoptr(GError) error = NULL;
        Bound bound = { 0 };

        g_assert_false(jread_object(NULL, fields, &bound, "", &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
}

static void test_getters(void)
{
        g_autoptr(Json) value = parse("{\"s\":\"x\",\"i\":3,\"b\":true,\"r\":1.5}");

        g_assert_cmpstr(jread_get_string(value, "s"), ==, "x");
        g_assert_null(jread_get_string(value, "i"));
        g_assert_null(jread_get_string(value, "none"));
        g_assert_cmpint(jread_get_int(value, "i", -1), ==, 3);
        g_assert_cmpint(jread_get_int(value, "r", -1), ==, -1);
        g_assert_cmpint(jread_get_int(value, "s", -1), ==, -1);
        g_assert_true(jread_get_bool(value, "b", false));
        g_assert_true(jread_get_bool(value, "i", true));
        g_assert_false(jread_get_bool(value, "none", false));
        g_assert_null(jread_get_string(NULL, "s"));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/jread/values", test_values);
        g_test_add_func("/base/jread/refused", test_refused);
        g_test_add_func("/base/jread/duplicates", test_duplicates);
        g_test_add_func("/base/jread/encoding", test_encoding);
        g_test_add_func("/base/jread/place", test_place);
        g_test_add_func("/base/jread/depth", test_depth);
        g_test_add_func("/base/jread/depth-mixed", test_depth_mixed);
        g_test_add_func("/base/jread/object", test_object);
        g_test_add_func("/base/jread/object-absent", test_object_absent);
        g_test_add_func("/base/jread/object-refused", test_object_refused);
        g_test_add_func("/base/jread/object-null", test_object_null);
        g_test_add_func("/base/jread/getters", test_getters);
        return g_test_run();
}
