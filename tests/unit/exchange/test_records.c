#include "reading.h"

static void test_records_become_requirements(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) result = reading_text(
                "a.json",
                "{\"version\":1,\"meta\":{\"a\":1},\"list\":[{\"req_id\":\"R1\",\"title\":\"One\",\"tags\":[\"x\",2],\"L\":3},"
                "{\"req_id\":\"R2\",\"text\":\"Second\",\"deep\":{\"x\":1},\"none\":null,\"real\":0.5}]}",
                NULL, &error);

        g_assert_no_error(error);
        assert_json(json_array_get(result->ops, 0),
                    "{\"op\":\"item\",\"where\":\"record 1\",\"kind\":\"requirement\",\"source\":{\"system\":"
                    "\"json:a.json\",\"id\":\"R1\"},\"attrs\":{\"extra\":{\"L\":\"3\"}},\"title\":\"One\","
                    "\"tags\":[\"x\",\"2\"]}");
        assert_json(
                json_array_get(result->ops, 1),
                "{\"op\":\"item\",\"where\":\"record 2\",\"kind\":\"requirement\",\"source\":{\"system\":"
                "\"json:a.json\",\"id\":\"R2\"},\"attrs\":{\"extra\":{\"real\":\"0.5\"}},\"body\":\"Second\","
                "\"title\":\"Second\"}");
        assert_json(result->figures, "{\"root\":\"object\",\"meta\":1,\"list\":2}");
        assert_json(result->lost,
                    "[{\"where\":\"record 2\",\"what\":\"\\\"deep\\\" holds more than a plain value\"}]");
}

static void test_list_at_the_root(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) result = reading_text("a.json", "[{\"id\":1},{\"id\":1},7,{}]", NULL, &error);

        g_assert_no_error(error);
        assert_json(result->figures, "{\"root\":\"array\",\"records\":4}");
        assert_json(result->refused,
                    "[{\"where\":\"record 2\",\"reason\":\"the id \\\"1\\\" is that of record 1 already\"},"
                    "{\"where\":\"record 3\",\"reason\":\"a record is an object\"},"
                    "{\"where\":\"record 4\",\"reason\":\"the id is empty\"}]");
}

static void test_profile_chooses_the_list(void)
{
        static const char text[] = "{\"a\":[{\"id\":1}],\"b\":[{\"id\":2},{\"id\":3}]}";
        g_autoptr(GError) error = NULL, other = NULL;
        g_autoptr(WorkerResult) result = reading_text("a.json", text, "{\"sheet\":\"b\"}", &error);
        g_autoptr(WorkerResult) none = reading_text("a.json", text, "{\"sheet\":\"c\"}", &other);

        g_assert_no_error(error);
        g_assert_cmpuint(json_array_size(result->ops), ==, 3);
        assert_refused(none, other, ZW_ERR_INPUT, "/sheet");
}

static void test_refused_files(void)
{
        static const struct {
                const char *text, *where;
                ZwErrorCode code;
        } cases[] = {
                { "{\"a\":[{\"id\":1}", "byte 14", ZW_ERR_INPUT },
                { "{\"a\":1}", NULL, ZW_ERR_INPUT },
                { "[]", NULL, ZW_ERR_INPUT },
                { "[{\"colour\":\"red\"}]", "record 1", ZW_ERR_INPUT },
                { "[{\"id\":\"\xff\"}]", "byte 8", ZW_ERR_ENCODING },
        };
        g_autoptr(GString) deep = g_string_new(NULL);
        g_autoptr(GError) too_deep = NULL;
        g_autoptr(WorkerResult) none = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(WorkerResult) result = reading_text("a.json", cases[i].text, NULL, &error);

                g_test_message("case %zu: %s", i, error == NULL ? "accepted" : error->message);
                assert_refused(result, error, cases[i].code, cases[i].where);
        }
        for (size_t i = 0; i < 200; i++)
                g_string_append(deep, "[");
        none = reading_text("a.json", deep->str, NULL, &too_deep);
        g_assert_null(none);
        g_assert_error(too_deep, ZW_ERROR, ZW_ERR_LIMIT);
}

int main(int argc, char **argv)
{
        READING_MAIN(argc, argv);
        g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
        g_test_add_func("/exchange/records/rows", test_records_become_requirements);
        g_test_add_func("/exchange/records/root", test_list_at_the_root);
        g_test_add_func("/exchange/records/profile", test_profile_chooses_the_list);
        g_test_add_func("/exchange/records/refused", test_refused_files);
        return g_test_run();
}
