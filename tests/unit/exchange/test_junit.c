#include "base/hash.h"
#include "outline.h"

static WorkerResult *read_report(const char *text, const char *profile)
{
        g_autoptr(GError) error = NULL;
        WorkerResult *result = reading_text("report.xml", text, profile, &error);

        g_assert_no_error(error);
        return result;
}

static void test_run_and_results(void)
{
        static const char text[] =
                "<testsuites name='nightly'>\n"
                "<testsuite name='s' tests='2' failures='1' errors='0' skipped='0' hostname='ci-1'\n"
                " timestamp='2026-03-01T10:00:00'>\n"
                "<properties><property name='os.name' value='Linux'/><property name='user.name' value='me'/></properties>\n"
                "<testcase classname='pkg.C' name='a' time='0.1'/>\n"
                "<testcase classname='pkg.C' name='b'><failure message='&lt;no&gt; lock'>at C.java:7</failure></testcase>\n"
                "<system-out>log</system-out></testsuite></testsuites>";
        g_autoptr(WorkerResult) result = read_report(text, NULL);
        const Digest digest = hash_sha256(text, sizeof(text) - 1);
        g_autofree char *expected = NULL;
        char hex[ZW_DIGEST_HEX];

        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        expected = g_strdup_printf(
                "[{\"op\":\"item\",\"where\":\"report\",\"kind\":\"test_run\",\"source\":{\"system\":\"junit\",\"id\":\"%s\"},\"title\":\"nightly\","
                "\"attrs\":{\"identity\":\"sha256:%s\",\"counts\":{\"passed\":1,\"failed\":1,\"error\":0,\"skipped\":0},"
                "\"declared\":{\"tests\":2,\"failures\":1,\"errors\":0,\"skipped\":0},\"at\":\"2026-03-01T10:00:00.000Z\","
                "\"environment\":\"host ci-1; os.name Linux\"},\"attach_file\":true},"
                "{\"op\":\"result\",\"where\":\"line 5\",\"case\":{\"name\":\"pkg.C.a\"},\"run\":{\"source\":[\"junit\",\"%s\"]},"
                "\"status\":\"passed\",\"at\":\"2026-03-01T10:00:00.000Z\"},"
                "{\"op\":\"result\",\"where\":\"line 6\",\"case\":{\"name\":\"pkg.C.b\"},\"run\":{\"source\":[\"junit\",\"%s\"]},"
                "\"status\":\"failed\",\"at\":\"2026-03-01T10:00:00.000Z\",\"message\":\"<no> lock\"}]",
                hex, hex, hex, hex);
        assert_json(result->ops, expected);
        assert_json(result->problems, "[]");
        assert_json(
                result->lost,
                "[{\"where\":\"report\",\"what\":\"the traces of failures and errors (1), which stay in the attached "
                "file\"},"
                "{\"where\":\"report\",\"what\":\"outputs of tests (1), which stay in the attached file\"},"
                "{\"where\":\"report\",\"what\":\"properties (1), which stay in the attached file\"},"
                "{\"where\":\"report\",\"what\":\"durations of test cases (2), which stay in the attached file\"}]");
        assert_json(
                result->figures,
                "{\"by_child\":{\"passed\":1,\"failure\":1},\"root\":\"testsuites\",\"testsuites\":1,\"testcases\":2,"
                "\"top_declared\":\"tests 2 failures 1 errors 0 skipped 0\",\"properties\":2}");
}

/* A property of a case may name its test case; which properties do, a profile can say. */
static void test_properties_that_bind(void)
{
        static const char text[] =
                "<testsuite name='s'><testcase name='a'><properties><property name='test_case' value='TC-7'/>"
                "<property name='tag'>TC-8</property><property name='polarion' value='P-1'/></properties></testcase></testsuite>";
        g_autoptr(WorkerResult) plain = read_report(text, NULL),
                                own = read_report(text, "{\"property\":\"polarion\",\"run\":\"ci-4711\"}");

        assert_json(json_object_get(json_array_get(plain->ops, 1), "case"),
                    "{\"name\":\"s.a\",\"tags\":[\"TC-7\",\"TC-8\"]}");
        assert_json(json_object_get(json_array_get(own->ops, 1), "case"),
                    "{\"name\":\"s.a\",\"tags\":[\"TC-7\",\"TC-8\",\"P-1\"]}");
        assert_json(json_object_get(json_array_get(own->ops, 0), "source"),
                    "{\"system\":\"junit\",\"id\":\"ci-4711\"}");
        g_assert_cmpstr(jread_get_string(run_attrs(own), "identity"), ==, "ci-4711");
}

static void test_statuses(void)
{
        g_autoptr(WorkerResult) result = read_report(
                "<testsuite name='s'>"
                "<testcase name='all'><skipped/><failure message='f'/><error message='e'/><failure message='g'/></testcase>"
                "<testcase name='two'><failure>\n  first line\nsecond</failure><failure message='later'/></testcase>"
                "<testcase name='off' status='notrun'/>"
                "<testcase name='quiet' status='run' result='suppressed'/>"
                "<testcase name='bad' status='failed'/>"
                "<testcase name='worse' status='errored'/>"
                "<testcase name='ran' status='run' result='completed'/>"
                "<testcase name='told' status='passed'><skipped message='later'/></testcase>"
                "<testcase name='flaky'><flakyFailure message='x'/><flakyError/></testcase>"
                "<testcase name='rerun'><failure message='last'/><rerunFailure message='x'/></testcase>"
                "</testsuite>",
                NULL);

        assert_outline(result, "s.all error [] e\n"
                               "s.two failed [] first line\n"
                               "s.off skipped [] \n"
                               "s.quiet skipped [] \n"
                               "s.bad failed [] \n"
                               "s.worse error [] \n"
                               "s.ran passed [] \n"
                               "s.told skipped [] later\n"
                               "s.flaky passed [] passed only after 2 failed runs\n"
                               "s.rerun failed [] last\n");
        assert_json(json_object_get(result->figures, "by_child"),
                    "{\"error\":1,\"(multi-result)\":2,\"failure\":2,\"passed\":6,\"skipped\":1}");
        g_assert_cmpint(jread_get_int(result->figures, "rerun", -1), ==, 3);
        assert_json(json_object_get(run_attrs(result), "counts"),
                    "{\"passed\":2,\"failed\":3,\"error\":2,\"skipped\":3}");
        g_assert_true(tells(result->problems, "line 3", "\"s.flaky\" passed only after 2 failed runs"));
}

static void test_names(void)
{
        g_autoptr(WorkerResult) result = read_report("<testsuites><testsuite name='outer'><testsuite>"
                                                     "<testcase classname='c' name='n'/>"
                                                     "<testcase classname='' name='n'/>"
                                                     "<testcase name='outer.full'/>"
                                                     "<testcase name='outer'/>"
                                                     "<testcase name='outermost'/>"
                                                     "<testcase classname='only' name=''/>"
                                                     "<testcase/></testsuite></testsuite>"
                                                     "<testcase name='bare'/></testsuites>",
                                                     NULL);

        assert_outline(result, "c.n passed [] \n"
                               "outer.n passed [] \n"
                               "outer.full passed [] \n"
                               "outer passed [] \n"
                               "outer.outermost passed [] \n"
                               "only passed [] \n"
                               " passed [] \n"
                               "bare passed [] \n");
}

static void test_times(void)
{
        g_autoptr(WorkerResult) result = read_report(
                "<testsuites timestamp='2026-01-01T00:00:00Z'>\n"
                "<testsuite><testcase name='root'/></testsuite>\n"
                "<testsuite timestamp='2026-01-02T03:04:05'><testcase name='suite'/>"
                "<testcase name='own' timestamp='2026-01-02T03:04:06.5+01:00'/></testsuite>\n"
                "<testsuite timestamp='2026-01-03T 01:02:03'><testcase name='blank'/></testsuite>\n"
                "<testsuite timestamp='2026-01-03 01:02:03Z'><testcase name='zulu'/></testsuite>\n"
                "<testsuite timestamp='2026-01-03T01:02:03-0130'><testcase name='short'/></testsuite>\n"
                "<testsuite timestamp='2025-12-31'><testcase name='date'/></testsuite>\n"
                "<testsuite timestamp='Thu Jan 1'><testcase name='odd'/></testsuite>\n"
                "</testsuites>",
                "{\"at\":\"2020-01-01\"}");

        assert_outline(result, "root passed [2026-01-01T00:00:00.000Z] \n"
                               "suite passed [2026-01-02T03:04:05.000Z] \n"
                               "own passed [2026-01-02T02:04:06.500Z] \n"
                               "blank passed [2026-01-03T01:02:03.000Z] \n"
                               "zulu passed [2026-01-03T01:02:03.000Z] \n"
                               "short passed [2026-01-03T02:32:03.000Z] \n"
                               "date passed [2025-12-31T00:00:00.000Z] \n"
                               "odd passed [2026-01-01T00:00:00.000Z] \n");
        assert_json(result->problems,
                    "[{\"where\":\"line 8\",\"message\":\"\\\"Thu Jan 1\\\" is no time\"}]");
        g_assert_cmpstr(jread_get_string(run_attrs(result), "at"), ==, "2025-12-31T00:00:00.000Z");
}

static void test_no_times(void)
{
        static const char text[] = "<testsuite name='s'><testcase name='n'/></testsuite>";
        g_autoptr(WorkerResult) none = read_report(text, NULL);
        g_autoptr(WorkerResult) given = read_report(text, "{\"at\":\"2026-02-03T04:05:06Z\",\"tests\":[],"
                                                          "\"defaults\":{\"stage\":\"factory\"}}");

        assert_outline(none, "s.n passed [] \n");
        g_assert_null(jread_get_string(run_attrs(none), "at"));
        g_assert_true(tells(
                none->problems, "times",
                "1 test cases say no time: an import takes the time of their run, which is that of the import "
                "when it is new; a profile can give \"at\""));
        assert_outline(given, "s.n passed [2026-02-03T04:05:06.000Z] \n");
        g_assert_cmpstr(jread_get_string(run_attrs(given), "at"), ==, "2026-02-03T04:05:06Z");
        g_assert_cmpstr(jread_get_string(run_attrs(given), "stage"), ==, "factory");
        assert_json(given->problems, "[]");
}

static void test_repeated_cases(void)
{
        g_autoptr(WorkerResult)
                result = read_report("<testsuite>\n"
                                     "<testcase classname='c' name='n'/>\n"
                                     "<testcase classname='c' name='other'/>\n"
                                     "<testcase classname='c' name='n'><error message='e'/></testcase>\n"
                                     "<testcase classname='c' name='n'><failure message='f'/></testcase>\n"
                                     "<testcase classname='c' name='n'><failure message='g'/></testcase>\n"
                                     "<testcase/>\n<testcase/>\n"
                                     "</testsuite>",
                                     NULL);

        assert_outline(result, "c.other passed [] \nc.n failed [] f\n passed [] \n passed [] \n");
        g_assert_true(
                tells(result->problems, "line 5", "\"c.n\" comes 4 times; its worst result counts: failed"));
        assert_json(json_object_get(run_attrs(result), "counts"),
                    "{\"passed\":4,\"failed\":2,\"error\":1,\"skipped\":0}");
}

static void test_doubtful_totals(void)
{
        g_autoptr(WorkerResult) result = read_report(
                "<testsuites tests='99'><testsuite name='a' tests='3' errors='x'>\n"
                "<error message='set-up failed'/><testsuite name='b' tests='1' failures='9'>"
                "<testcase name='n'/></testsuite></testsuite>"
                "<testsuite tests='2' failures='1' disabled='4'/><testsuite failures='1000000001'/></testsuites>",
                NULL);

        g_assert_true(tells(result->problems, "line 2",
                            "the suite \"a\" failed outside of its test cases: set-up failed"));
        g_assert_true(tells(result->problems, "totals", "the file claims 5 tests and has 1"));
        g_assert_true(tells(result->problems, "totals", "the file claims 1 failures and errors and has 0"));
        g_assert_cmpstr(jread_get_string(result->figures, "top_declared"), ==,
                        "tests 5 failures 1 errors 0 skipped 4");
        assert_json(json_object_get(run_attrs(result), "declared"),
                    "{\"tests\":5,\"failures\":1,\"skipped\":4}");
}

static void test_makers(void)
{
        static const struct {
                const char *text, *title, *tool;
        } cases[] = {
                { "<testsuites><testsuite name='pytest'/></testsuites>", "pytest", "pytest" },
                { "<testsuites name='jest tests'><testsuite name='x'/></testsuites>", "jest tests", "Jest" },
                { "<testsuites name='AllTests'/>", "AllTests", "GoogleTest" },
                { "<testsuite name='a.B' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
                  "xsi:noNamespaceSchemaLocation='https://maven/surefire-test-report.xsd'/>",
                  "a.B", "Maven Surefire" },
                { "<testsuites><testsuite name='a'/><testsuite name='b'/></testsuites>", "report.xml", NULL },
                { "<testsuites/>", "report.xml", NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(WorkerResult) result = read_report(cases[i].text, NULL);

                g_assert_cmpstr(jread_get_string(json_array_get(result->ops, 0), "title"), ==,
                                cases[i].title);
                g_assert_cmpstr(jread_get_string(run_attrs(result), "tool"), ==, cases[i].tool);
        }
}

static void test_unicode(void)
{
        /* A message is cut between characters, and what lies outside of the first plane stays whole. */
        g_autoptr(GString)
                text = g_string_new("<testsuite><testcase classname='\xf0\x9f\x94\x92' name='\xed\x97\xb4'>"
                                    "<failure>");
        g_autoptr(WorkerResult) result = NULL;
        g_autofree char *expected = NULL;
        GString *message = g_string_new(NULL);

        for (int i = 0; i < 2000; i++)
                g_string_append(text, "\xe2\x82\xac");
        g_string_append(text, "</failure></testcase></testsuite>");
        for (int i = 0; i < 333; i++)
                g_string_append(message, "\xe2\x82\xac");
        expected = g_strdup_printf("\xf0\x9f\x94\x92.\xed\x97\xb4 failed [] %s\n", message->str);
        g_string_free(message, TRUE);
        result = read_report(text->str, NULL);
        assert_outline(result, expected);
}

static void test_refused_files(void)
{
        static const struct {
                const char *text, *profile, *where;
                ZwErrorCode code;
        } cases[] = {
                { "<testsuites>\n<testsuite>", NULL, "line 2", ZW_ERR_INPUT },
                { "<testsuites>\n<testsuite></testsuites>", NULL, "line 2", ZW_ERR_INPUT },
                { "<testsuites/>\n<testsuites/>", NULL, "line 2", ZW_ERR_INPUT },
                { "<testsuites>\n<testcase name='\x01'/></testsuites>", NULL, "line 2", ZW_ERR_ENCODING },
                { "<testsuites>\n<testcase name='\xe9'/></testsuites>", NULL, "line 2", ZW_ERR_ENCODING },
                { "<!DOCTYPE testsuites SYSTEM 'http://127.0.0.1/x'>\n<testsuites/>", NULL, "line 1",
                  ZW_ERR_INPUT },
                { "<!DOCTYPE testsuites [<!ENTITY a 'a'>]>\n<testsuites>&a;</testsuites>", NULL, "line 1",
                  ZW_ERR_INPUT },
                { "<testsuites>\n&amp;&other;</testsuites>", NULL, "line 2", ZW_ERR_INPUT },
                { "<suites/>", NULL, "report.xml", ZW_ERR_FORMAT_UNKNOWN },
                { "<testsuites/>", "{\"at\":\"soon\"}", "/at", ZW_ERR_INPUT },
                { "<testsuites/>", "{\"columns\":{}}", "", ZW_ERR_INPUT },
                { "<testsuites/>", "{\"tests\":{}}", "/tests", ZW_ERR_INPUT },
                { "<testsuites/>", "{\"defaults\":{\"vector\":[]}}", "/defaults/vector", ZW_ERR_METAMODEL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(WorkerResult)
                        result = reading_text("report.xml", cases[i].text, cases[i].profile, &error);

                g_test_message("case %zu: %s", i, error == NULL ? "accepted" : error->message);
                assert_refused(result, error, cases[i].code, cases[i].where);
        }
}

/* Said to be JUnit they are refused by the name of their maker; else they are read as what they are, where a reader is. */
static void test_reports_of_others(void)
{
        static const struct {
                const char *text, *name;
                bool read;
        } cases[] = { { "<test-results/>", "NUnit 2", true },
                      { "<test-run/>", "NUnit 3", true },
                      { "<TestRun><Results/></TestRun>", "Visual Studio", true },
                      { "<assemblies/>", "xUnit.net", false },
                      { "<TestLog><TestSuite/></TestLog>", "Boost.Test", true },
                      { "<TestCase><TestFunction/></TestCase>", "QtTest", true },
                      { "<testng-results/>", "TestNG", false },
                      { "<Site><Testing/></Site>", "CTest", true } };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) sniffed = NULL, forced = NULL;
                g_autoptr(WorkerResult) first = reading_text("r.xml", cases[i].text, NULL, &sniffed),
                                        second = NULL;
                int fd = reading_file(cases[i].text, strlen(cases[i].text));

                second = worker_read(fd, "r.xml", "junit", NULL, true, &reading_limits, NULL, &forced);
                close(fd);
                assert_refused(second, forced, ZW_ERR_INPUT, "line 1");
                g_assert_nonnull(strstr(forced->message, cases[i].name));
                g_assert_nonnull(strstr(forced->message, "this is not JUnit XML"));
                if (cases[i].read) {
                        g_assert_no_error(sniffed);
                        g_assert_cmpstr(format_def(first->format)->name, !=, "junit");
                        continue;
                }
                assert_refused(first, sniffed, ZW_ERR_FORMAT_UNKNOWN, "r.xml");
                g_assert_nonnull(strstr(sniffed->message, cases[i].name));
                g_assert_nonnull(strstr(sniffed->message, "not JUnit XML"));
        }
}

static void append_many(GString *text, const char *piece, size_t n)
{
        for (size_t i = 0; i < n; i++)
                g_string_append(text, piece);
}

static void test_too_much(void)
{
        static const struct {
                const char *before, *piece, *after, *where;
                size_t n;
        } cases[] = {
                { "", "<testsuite>", "", "line 1", 101 },
                { "<testsuite>\n", "<testcase/>", "</testsuite>", "line 2", 1000001 },
                { "<testsuite>\n<testcase name='", "0123456789", "'/></testsuite>", "line 2", 1100000 },
        };
        const WorkerLimits limits = { 60, UINT64_C(1) << 30, 64 << 20 };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GString) text = g_string_new(cases[i].before);
                g_autoptr(GError) error = NULL;
                g_autoptr(WorkerResult) result = NULL;
                int fd;

                append_many(text, cases[i].piece, cases[i].n);
                g_string_append(text, cases[i].after);
                fd = reading_file(text->str, text->len);
                result = worker_read(fd, "report.xml", NULL, NULL, true, &limits, NULL, &error);
                close(fd);
                g_test_message("case %zu: %s", i, error == NULL ? "accepted" : error->message);
                assert_refused(result, error, ZW_ERR_LIMIT, cases[i].where);
        }
}

static void test_long_names_and_many_doubts(void)
{
        g_autoptr(GString) text = g_string_new("<testsuite>\n<testcase name='");
        g_autoptr(WorkerResult) result = NULL;

        append_many(text, "x", 4097);
        g_string_append(text, "'/>\n<testcase name='fits'/>\n");
        append_many(text, "<testcase name='twice' timestamp='never'/>", 1500);
        g_string_append(text, "</testsuite>");
        result = read_report(text->str, NULL);
        assert_json(result->refused,
                    "[{\"where\":\"line 2\",\"reason\":\"the name of a test case has at most 4096 bytes\"}]");
        assert_outline(result, "fits passed [] \ntwice passed [] \n");
        g_assert_cmpuint(json_array_size(result->problems), ==, 1002);
        g_assert_true(tells(result->problems, "report",
                            "1501 problems in all, of which the first 1000 are listed"));
        g_assert_true(tells(result->problems, "line 4",
                            "\"twice\" comes 1500 times; its worst result counts: passed"));
}

int main(int argc, char **argv)
{
        READING_MAIN(argc, argv);
        g_test_init(&argc, &argv, NULL);
        hash_init();
        g_test_add_func("/exchange/junit/run-and-results", test_run_and_results);
        g_test_add_func("/exchange/junit/properties-that-bind", test_properties_that_bind);
        g_test_add_func("/exchange/junit/statuses", test_statuses);
        g_test_add_func("/exchange/junit/names", test_names);
        g_test_add_func("/exchange/junit/times", test_times);
        g_test_add_func("/exchange/junit/no-times", test_no_times);
        g_test_add_func("/exchange/junit/repeated-cases", test_repeated_cases);
        g_test_add_func("/exchange/junit/doubtful-totals", test_doubtful_totals);
        g_test_add_func("/exchange/junit/makers", test_makers);
        g_test_add_func("/exchange/junit/unicode", test_unicode);
        g_test_add_func("/exchange/junit/refused-files", test_refused_files);
        g_test_add_func("/exchange/junit/reports-of-others", test_reports_of_others);
        g_test_add_func("/exchange/junit/too-much", test_too_much);
        g_test_add_func("/exchange/junit/long-names-and-many-doubts", test_long_names_and_many_doubts);
        return g_test_run();
}
