#include "exchange/yamljson.h"

#include <string.h>

static char *json_of(const char *text, GError **error)
{
        g_autoptr(GBytes) yaml = g_bytes_new_static(text, strlen(text));
        g_autoptr(GBytes) json = yaml_to_json(yaml, 10, error);

        return json == NULL ? NULL : g_strndup(g_bytes_get_data(json, NULL), g_bytes_get_size(json));
}

static void test_values(void)
{
        static const struct {
                const char *yaml, *json;
        } cases[] = {
                { "a: 1\nb: [x, 'y', \"z\"]\n", "{\"a\":1,\"b\":[\"x\",\"y\",\"z\"]}" },
                { "a: 1.0\nb: '1.0'\nc: 1.6.0\n", "{\"a\":1.0,\"b\":\"1.0\",\"c\":\"1.6.0\"}" },
                { "a: true\nb: No\nc:\nd: ~\ne: null\n",
                  "{\"a\":true,\"b\":false,\"c\":null,\"d\":null,\"e\":null}" },
                { "a: 007\nb: 1e3\nc: -2\nd: .5\ne: 0x1F\n",
                  "{\"a\":\"007\",\"b\":1e3,\"c\":-2,\"d\":\".5\",\"e\":\"0x1F\"}" },
                { "a: |\n  x\n  y\n", "{\"a\":\"x\\ny\\n\"}" },
                { "- &p {n: 1}\n- *p\n", "[{\"n\":1},{\"n\":1}]" },
                { "a: &s x\nb: *s\n", "{\"a\":\"x\",\"b\":\"x\"}" },
                { "a: &m {n: 1}\nb:\n  <<: *m\n", "{\"a\":{\"n\":1},\"b\":{\"<<\":{\"n\":1}}}" },
                { "just a text", "\"just a text\"" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autofree char *json = json_of(cases[i].yaml, &error);

                g_assert_no_error(error);
                g_assert_cmpstr(json, ==, cases[i].json);
        }
}

static void test_refused(void)
{
        static const struct {
                const char *yaml, *where;
                ZwErrorCode code;
        } cases[] = {
                { "", "line 1", ZW_ERR_INPUT },
                { "a: 1\na: 2\n", "line 2", ZW_ERR_INPUT },
                { "a: [1\n", "line 2", ZW_ERR_INPUT },
                { "a: *b\n", "line 1", ZW_ERR_INPUT },
                { "a: &b x\n? *b\n: 1\n", "line 2", ZW_ERR_INPUT },
                { "? [a]\n: 1\n", "line 1", ZW_ERR_INPUT },
                { "---\na: 1\n---\nb: 2\n", "line 3", ZW_ERR_INPUT },
                { "a: \"\\0\"\n", "line 1", ZW_ERR_ENCODING },
                { "a: \"\xff\"\n", "byte 4", ZW_ERR_ENCODING },
                { "[[[[[[[[[[[1]]]]]]]]]]]", "line 1", ZW_ERR_LIMIT },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autofree char *json = json_of(cases[i].yaml, &error);

                g_assert_null(json);
                g_assert_error(error, ZW_ERROR, (int)cases[i].code);
                g_assert_cmpstr(error_where(error), ==, cases[i].where);
        }
}

/* Each anchor is ten of the one before it. */
static void test_bomb(void)
{
        g_autoptr(GString) text = g_string_new("- &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        g_autoptr(GError) error = NULL;
        g_autofree char *json = NULL;

        for (int i = 1; i < 12; i++) {
                g_string_append_printf(text, "- &a%d [", i);
                for (int k = 0; k < 10; k++)
                        g_string_append_printf(text, "%s*a%d", k == 0 ? "" : ",", i - 1);
                g_string_append(text, "]\n");
        }
        json = json_of(text->str, &error);
        g_assert_null(json);
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/exchange/yamljson/values", test_values);
        g_test_add_func("/exchange/yamljson/refused", test_refused);
        g_test_add_func("/exchange/yamljson/bomb", test_bomb);
        return g_test_run();
}
