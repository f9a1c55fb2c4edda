#include "reading.h"

static void test_operations(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) result = reading_text(
                "a.ndjson",
                "{\"op\":\"item\",\"key\":\"ZN-1\",\"kind\":\"zone\",\"title\":\"Chlorination\"}\n\n"
                "{\"op\":\"link\",\"from\":\"AS-1\",\"type\":\"part_of\",\"to\":{\"source\":[\"s\",\"i\"]}}\r\n"
                "{\"op\":\"commit\",\"message\":\"made\"}",
                NULL, &error);

        g_assert_no_error(error);
        assert_json(result->refused, "[]");
        g_assert_cmpuint(json_array_size(result->ops), ==, 3);
        assert_json(json_array_get(result->ops, 2),
                    "{\"op\":\"commit\",\"message\":\"made\",\"where\":\"line 4\"}");
        assert_json(result->figures,
                    "{\"operations\":{\"item\":1,\"link\":1,\"commit\":1},\"kinds\":{\"zone\":1},"
                    "\"lines\":4}");
}

static void test_refused_lines(void)
{
        static const struct {
                const char *line, *reason;
        } cases[] = {
                { "{\"op\":\"itme\"}", "/op: there is no such operation, did you mean \"item\"?" },
                { "{\"op\":\"item\",\"key\":3}", "/key: a text is expected" },
                { "{\"op\":\"item\",\"kind\":\"zome\"}",
                  "/kind: there is no kind \"zome\", did you mean \"zone\"?" },
                { "{\"op\":\"item\",\"key\":\"A\",\"titel\":\"x\"}",
                  "/titel: the operation has no such member, did you mean \"title\"?" },
                { "{\"op\":\"item\",\"title\":\"x\"}", "/key: an item has a key, a source or a kind" },
                { "{\"op\":\"link\",\"from\":\"A\",\"type\":\"part_of\"}", "/to: this member is missing" },
                { "{\"op\":\"link\",\"from\":\"A\",\"type\":\"part_of\",\"to\":{\"source\":[1,2]}}",
                  "/to: a key or {\"source\":[system, id]} is expected" },
                { "{\"op\":\"retire\"}", "/key: this member is missing" },
                { "{\"op\":\"commit\"}", "/message: this member is missing" },
                { "[1]", "/: an operation is an object" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autofree char *text = g_strdup_printf("{\"op\":\"retire\",\"key\":\"A\"}\n%s\n",
                                                        cases[i].line);
                g_autoptr(WorkerResult) result = reading_text("a.ndjson", text, NULL, &error);

                g_assert_no_error(error);
                g_assert_cmpuint(json_array_size(result->ops), ==, 1);
                g_assert_cmpuint(json_array_size(result->refused), ==, 1);
                g_assert_cmpstr(jread_get_string(json_array_get(result->refused, 0), "where"), ==, "line 2");
                g_assert_cmpstr(jread_get_string(json_array_get(result->refused, 0), "reason"), ==,
                                cases[i].reason);
        }
}

static void test_refused_files(void)
{
        g_autoptr(GString) deep = g_string_new("{\"op\":\"item\",\"key\":\"A\",\"attrs\":");
        static const struct {
                const char *text;
                ZwErrorCode code;
        } cases[] = { { "{\"op\":\"retire\",\"key\":\"A\"}\n{\"op\":\"ret", ZW_ERR_INPUT },
                      { "{\"op\":\"retire\",\"key\":\"A\"}\n\x01\x02", ZW_ERR_INPUT },
                      { "{\"op\":\"retire\",\"key\":\"A\"}\n{\"op\":\"\xff\"}", ZW_ERR_ENCODING },
                      { "{\"op\":\"retire\",\"key\":\"A\"}\n{\"op\":\"retire\",\"op\":\"item\"}",
                        ZW_ERR_INPUT } };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(WorkerResult) result = reading_text("a.ndjson", cases[i].text, NULL, &error);

                assert_refused(result, error, cases[i].code, "line 2");
        }
        for (int i = 0; i < 101; i++)
                g_string_append(deep, "{\"a\":");
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) result = reading_text("a.ndjson", deep->str, NULL, &error);

        assert_refused(result, error, ZW_ERR_LIMIT, "line 1");
}

int main(int argc, char **argv)
{
        READING_MAIN(argc, argv);
        g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
        g_test_add_func("/exchange/native/operations", test_operations);
        g_test_add_func("/exchange/native/refused-lines", test_refused_lines);
        g_test_add_func("/exchange/native/refused-files", test_refused_files);
        return g_test_run();
}
