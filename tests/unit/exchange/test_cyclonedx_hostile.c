/* Bills of materials that want to do harm, and large ones that do not. Those of many bytes go through the real worker. */
#include "exchange/readers.h"
#include "reading.h"

#define HEAD "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\""
#define ROOT "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\">"

static const char bill_json[] = HEAD
        ",\"metadata\":{\"timestamp\":\"2026-03-01T10:00:00Z\"},\"components\":[{\"type\":\"file\","
        "\"name\":\"x\\u0041\",\"licenses\":[{\"license\":{\"id\":\"MIT\"}}]}],"
        "\"dependencies\":[]}";
static const char bill_xml[] =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" ROOT
        "<components><component type=\"file\"><name>x&amp;<![CDATA[y]]></name>"
        "<licenses><license><id>MIT</id></license></licenses></component></components></bom>";

static bool read_here(const char *text, size_t n, GError **error)
{
        g_autoptr(GBytes)
                bytes = g_bytes_new(text, n); /* a copy of just that length, for the address sanitizer */
        Source source = { .name = "bom", .bytes = bytes, .depth_max = 100, .figures_only = true };
        int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
        g_autoptr(Sink) sink = sink_new(fd);
        bool good;

        sink_figures_only(sink);
        good = cyclonedx_read(&source, sink, error);
        close(fd);
        return good;
}

/* No beginning of a good file is a good file. */
static void test_truncated(void)
{
        static const char *const forms[] = { bill_json, bill_xml };

        for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
                g_autoptr(GError) whole = NULL;

                g_assert_true(read_here(forms[i], strlen(forms[i]), &whole));
                for (size_t n = 0; n < strlen(forms[i]); n++) {
                        g_autoptr(GError) error = NULL;

                        g_assert_false(read_here(forms[i], n, &error));
                        g_assert_cmpint(error_exit_code(error->code), ==, 3);
                        g_assert_nonnull(error_where(error));
                }
        }
}

/* Any byte may be any other: refused with a place, or read. */
static void test_altered(void)
{
        static const char *const forms[] = { bill_json, bill_xml };

        for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
                for (int round = 0; round < 2000; round++) {
                        g_autofree char *text = g_strdup(forms[i]);
                        g_autoptr(GError) error = NULL;
                        size_t at = (size_t)g_test_rand_int_range(0, (gint32)strlen(forms[i]));

                        text[at] = (char)g_test_rand_int_range(0, 256);
                        if (!read_here(text, strlen(forms[i]), &error))
                                g_assert_nonnull(error_where(error));
                }
}

static char *repeated(const char *before, const char *piece, size_t n, const char *after)
{
        GString *text = g_string_new(before);

        for (size_t i = 0; i < n; i++)
                g_string_append(text, piece);
        g_string_append(text, after);
        return g_string_free(text, FALSE);
}

static const WorkerLimits hostile_limits = { .cpu_seconds = 20,
                                             .memory_bytes = UINT64_C(256) << 20,
                                             .output_bytes = UINT64_C(64) << 20 };

/* Through the worker, with operations wanted; `where` is the place of the refusal. */
static void assert_stopped(const char *text, const char *where, const char *reason)
{
        g_autoptr(GError) error = NULL;
        int fd = reading_file(text, strlen(text));
        g_autoptr(WorkerResult)
                result = worker_read(fd, "bom", "cyclonedx", NULL, true, &hostile_limits, NULL, &error);

        close(fd);
        g_assert_null(result);
        g_assert_cmpint(error_exit_code(error->code), ==, 3);
        g_assert_cmpstr(error_where(error), ==, where);
        if (strstr(error->message, reason) == NULL)
                g_assert_cmpstr(error->message, ==, reason);
}

static void test_deep(void)
{
        g_autofree char *json = repeated(HEAD ",\"components\":[",
                                         "{\"type\":\"file\",\"name\":\"x\",\"components\":[", 100, ""),
                        *closed = repeated(json, "]}", 100, "]}"),
                        *xml = repeated(ROOT, "<components><component type=\"file\"><name>x</name>", 100, ""),
                        *brackets = repeated(HEAD ",\"x\":", "[", 1000000, ""),
                        *tags = repeated(ROOT, "<a>", 1000000, "");

        assert_stopped(closed, "byte 2019", "too deep");
        assert_stopped(xml, "line 1", "nested too deeply");
        assert_stopped(brackets, "byte 148", "too deep");
        assert_stopped(tags, "line 1", "");
}

static void test_entities(void)
{
        assert_stopped(
                "<!DOCTYPE bom [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
                "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]>" ROOT "<components>&c;</components></bom>",
                "line 1", "entity");
        assert_stopped("<!DOCTYPE bom [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" ROOT "&x;</bom>",
                       "line 1", "DOCTYPE");
        assert_stopped("<!DOCTYPE bom SYSTEM \"http://127.0.0.1/bom.dtd\">" ROOT "</bom>", "line 1",
                       "DOCTYPE");
        assert_stopped(ROOT "\n&nbsp;</bom>", "line 2", "");
}

static void test_endless(void)
{
        g_autofree char *zeros = repeated(HEAD ",\"components\":[0", ",0", 2000000, "]}"),
                        *open = repeated(HEAD ",\"components\":[{}", ",{}", 500000, ""),
                        *nothing = repeated(ROOT "<components>", "<component/>", 200000,
                                            "</components></bom>"),
                        *members = repeated(HEAD, ",\"components\":[]", 200000, "}");

        assert_stopped(zeros, "byte 2000059", "an array has more than 1000000 elements");
        assert_stopped(open, "byte 1500061", "the text ends too early");
        assert_stopped(nothing, "line 1", "and more than 9999 more broken rules; the rest was not read");
        assert_stopped(members, "/components", "this member is given twice (and more than 9999 more");
}

static void test_numbers(void)
{
        g_autofree char *digits = repeated(HEAD ",\"version\":1", "0", 100000, "}");

        assert_stopped(HEAD ",\"version\":1e999}", "byte 55", "");
        assert_stopped(HEAD ",\"version\":-9223372036854775808}", "/version", "is less than 1");
        assert_stopped(digits, "byte 55", "");
}

static void test_encoding(void)
{
        static const char wide[] = "\xff\xfe{\0\"\0b\0o\0m\0F\0o\0r\0m\0a\0t\0\"\0:\0001\0}\0";
        g_autoptr(GError) read = NULL, cut = NULL, nul = NULL;

        /* UTF-16 with a mark is read, and refused for what it says; within a character it does not end. */
        g_assert_null(reading_bytes("wide.json", wide, sizeof(wide) - 1, NULL, &read));
        g_assert_error(read, ZW_ERROR, ZW_ERR_INPUT);
        g_assert_cmpstr(read->message, ==, "bomFormat is not \"CycloneDX\"");
        g_assert_null(reading_bytes("wide.json", wide, sizeof(wide) - 2, NULL, &cut));
        g_assert_error(cut, ZW_ERROR, ZW_ERR_ENCODING);
        assert_stopped(HEAD ",\"components\":[{\"type\":\"file\",\"name\":\"\xc3\x28\"}]}", "byte 82",
                       "UTF-8");
        assert_stopped(
                ROOT
                "\n<components><component type=\"file\"><name>\xc3\x28</name></component></components></bom>",
                "line 2", "");
        assert_stopped(HEAD ",\"components\":[{\"type\":\"file\",\"name\":\"\\ud800\"}]}", "byte 82", "");
        g_assert_false(
                read_here("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"a\0\":1}", 48, &nul));
}

/* A zero character is text in JSON, but in no item. */
static void test_zero(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult)
                result = reading_text("zero.json",
                                      HEAD ",\"components\":[{\"type\":\"file\",\"name\":\"a\\u0000b\"}]}",
                                      NULL, &error);

        g_assert_no_error(error);
        g_assert_cmpuint(json_array_size(result->ops), ==, 0);
        assert_json(result->refused,
                    "[{\"where\":\"/components/0\",\"reason\":\"a text has a zero character\"}]");
}

/* Who imports gets all that is refused, and what is good beside it. */
static void test_partial(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) result = reading_text(
                "part.json",
                HEAD
                ",\"components\":[{\"type\":\"file\",\"name\":\"good\",\"components\":[{\"type\":\"fool\",\"name\":\"bad\","
                "\"components\":[{\"type\":\"file\",\"name\":\"inside\"}]}]},{\"type\":\"file\"}]}",
                NULL, &error);

        g_assert_no_error(error);
        g_assert_cmpuint(json_array_size(result->refused), ==, 2);
        g_assert_cmpuint(json_array_size(result->ops), ==, 2);
        g_assert_cmpstr(jread_get_string(json_array_get(result->ops, 0), "title"), ==, "inside");
        g_assert_cmpstr(jread_get_string(json_array_get(result->ops, 1), "title"), ==, "good");
}

/* 300,000 components are read in the memory of the file and of their names. */
static void test_large(void)
{
        enum { N = 300000 };
        static const WorkerLimits limits = { .cpu_seconds = 100,
                                             .memory_bytes = UINT64_C(320) << 20,
                                             .output_bytes = UINT64_C(1) << 20 };
        g_autoptr(GString) text = g_string_new(HEAD ",\"components\":[");
        g_autoptr(WorkerResult) result = NULL;
        g_autoptr(GError) error = NULL;
        int fd;

        for (int i = 0; i < N; i++)
                g_string_append_printf(
                        text,
                        "%s{\"type\":\"library\",\"bom-ref\":\"r%d\",\"name\":\"part %d\",\"version\":\"1.%d\","
                        "\"purl\":\"pkg:generic/part-%d@1\",\"licenses\":[{\"license\":{\"id\":\"MIT\"}}]}",
                        i == 0 ? "" : ",", i, i, i % 100, i);
        g_string_append(text, "],\"dependencies\":[");
        for (int i = 3; i < N; i++)
                g_string_append_printf(text, "%s{\"ref\":\"r%d\",\"dependsOn\":[\"r%d\",\"r%d\"]}",
                                       i == 3 ? "" : ",", i, i / 2, i - 1);
        g_string_append(text, "]}");
        fd = reading_file(text->str, text->len);
        result = worker_read(fd, "large.json", NULL, NULL, true, &limits, NULL, &error);
        close(fd);
        g_assert_no_error(error);
        assert_json(result->figures,
                    "{\"specVersion\":\"1.6\",\"components_top\":300000,\"components_all_nested\":300000,"
                    "\"purls\":300000,\"cpes\":0,\"services\":0,\"dependencies\":299997,\"dep_edges\":599994,"
                    "\"vulnerabilities\":0,\"types\":{\"library\":300000}}");
        assert_json(result->problems, "[]");
}

int main(int argc, char **argv)
{
        READING_MAIN(argc, argv);
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/exchange/cyclonedx/hostile/truncated", test_truncated);
        g_test_add_func("/exchange/cyclonedx/hostile/altered", test_altered);
        g_test_add_func("/exchange/cyclonedx/hostile/deep", test_deep);
        g_test_add_func("/exchange/cyclonedx/hostile/entities", test_entities);
        g_test_add_func("/exchange/cyclonedx/hostile/endless", test_endless);
        g_test_add_func("/exchange/cyclonedx/hostile/numbers", test_numbers);
        g_test_add_func("/exchange/cyclonedx/hostile/encoding", test_encoding);
        g_test_add_func("/exchange/cyclonedx/hostile/zero", test_zero);
        g_test_add_func("/exchange/cyclonedx/hostile/partial", test_partial);
        g_test_add_func("/exchange/cyclonedx/hostile/large", test_large);
        return g_test_run();
}
