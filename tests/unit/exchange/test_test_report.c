/* Readers of test results but JUnit: what each says of a run, its tests, and which test case they may be. */
#include "base/hash.h"
#include "outline.h"

static WorkerResult *read_as(const char *name, const char *text)
{
        g_autoptr(GError) error = NULL;
        WorkerResult *result = reading_text(name, text, NULL, &error);

        g_assert_no_error(error);
        return result;
}

static char *tags_of(const WorkerResult *result, size_t op)
{
        return reading_json(
                json_object_get(json_object_get(json_array_get(result->ops, op), "case"), "tags"));
}

static void assert_counts(const WorkerResult *result, const char *expected)
{
        assert_json(json_object_get(run_attrs(result), "counts"), expected);
}

static void test_tap(void)
{
        g_autoptr(WorkerResult) result = read_as("a.tap", "TAP version 14\n"
                                                          "1..5\n"
                                                          "ok 1 - login # SKIP no host\n"
                                                          "# Subtest: lock\n"
                                                          "    1..2\n"
                                                          "    ok 1 - a\n"
                                                          "    not ok 2 - b\n"
                                                          "      ---\n"
                                                          "      message: \"boom\"\n"
                                                          "      ...\n"
                                                          "not ok 2 - TC-7 lock\n"
                                                          "  ---\n"
                                                          "  message: it broke\n"
                                                          "  ok: 5\n"
                                                          "  ...\n"
                                                          "ok 3 - x \\# y # todo later\n"
                                                          "not ok 4 - known # TODO\n"
                                                          "ok\n");

        assert_outline(result, "login skipped [] no host\n"
                               "TC-7 lock/a passed [] \n"
                               "TC-7 lock/b failed [] \"boom\"\n"
                               "TC-7 lock failed [] it broke\n"
                               "x # y passed [] later\n"
                               "known skipped [] \n"
                               "test 5 passed [] \n");
        assert_counts(result, "{\"passed\":3,\"failed\":2,\"error\":0,\"skipped\":2}");
        assert_json(json_object_get(run_attrs(result), "declared"), "{\"tests\":7}");
        g_assert_cmpstr(result->version, ==, "14");
        g_assert_cmpuint(json_array_size(result->problems), ==, 1); /* no times */
}

static void test_tap_that_lies(void)
{
        g_autoptr(WorkerResult)
                result = read_as("a.tap", "1..3\nok 1\nok 3\n    ok 1 - deep\nBail out! power cut\n1..9\n"),
                none = read_as("b.tap", "1..0 # SKIP no hardware\n"),
                unplanned = read_as("c.tap", "ok 1 - a\n");

        g_assert_true(tells(result->problems, "line 3", "test 3 comes after test 1"));
        g_assert_true(tells(result->problems, "line 5", "the tests were given up: power cut"));
        g_assert_true(tells(result->problems, "line 6", "there are two plans, the other one in line 1"));
        g_assert_true(tells(result->problems, "line 1", "the plan is of 3 tests, and there are 2"));
        assert_counts(none, "{\"passed\":0,\"failed\":0,\"error\":0,\"skipped\":0}");
        g_assert_true(tells(unplanned->problems, "line 1", "there is no plan: tests may be missing"));
}

static void test_robot(void)
{
        g_autoptr(WorkerResult) result = read_as(
                "output.xml",
                "<robot generator='Robot 4.0'><suite name='Top'><suite name='Sub'>"
                "<test name='One'><kw name='Log'><status status='FAIL'/></kw><tags><tag>TC-3</tag><tag>x</tag></tags>"
                "<status status='PASS' starttime='20210310 10:52:28.561'>set</status></test>"
                "<test name='Two'><tag>slow</tag><status status='FAIL' start='2025-05-15T22:23:03.464352'>Let it fail\nmore</status></test>"
                "<test name='Three'><status status='SKIP' starttime='N/A'/></test>"
                "<test name='Four'/></suite></suite>"
                "<statistics><total><stat pass='9' fail='9'>Critical Tests</stat><stat pass='1' fail='2' skip='1'>All Tests</stat></total>"
                "</statistics></robot>");
        g_autofree char *first = tags_of(result, 1), *second = tags_of(result, 2);

        assert_outline(result, "Top.Sub.One passed [2021-03-10T10:52:28.561Z] \n"
                               "Top.Sub.Two failed [2025-05-15T22:23:03.464Z] Let it fail\n"
                               "Top.Sub.Three skipped [] \n"
                               "Top.Sub.Four error [] \n");
        g_assert_cmpstr(first, ==, "[\"TC-3\",\"x\"]");
        g_assert_cmpstr(second, ==, "[\"slow\"]");
        assert_json(json_object_get(run_attrs(result), "declared"),
                    "{\"tests\":4,\"failures\":2,\"skipped\":1}");
        g_assert_cmpstr(jread_get_string(run_attrs(result), "tool"), ==, "Robot 4.0");
        assert_json(result->problems, "[{\"where\":\"line 2\",\"message\":\"\\\"N/A\\\" is no time\"}]");
}

static void test_nunit(void)
{
        g_autoptr(WorkerResult) old = read_as(
                "TestResult.xml",
                "<test-results name='C:/x/a.dll' total='3' failures='1' errors='1' not-run='1' date='2010-10-18' time='13:23:35'>"
                "<environment machine-name='cedar' os-version='Unix'/><test-suite><results>"
                "<test-case name='N.A' executed='True' result='Failure'><failure><message>bad</message></failure>"
                "<categories><category name='TC-9'/></categories></test-case>"
                "<test-case name='N.B' executed='True' result='Error'/>"
                "<test-case name='N.C' executed='True' success='True'/>"
                "<test-case name='N.D' executed='False' result='Ignored'><reason><message>later</message></reason></test-case>"
                "</results></test-suite></test-results>");
        g_autoptr(WorkerResult) new = read_as(
                "TestResult.xml",
                "<test-run total='4' failed='2' skipped='1' start-time='2021-03-21 14:33:20Z'><test-suite>"
                "<test-case name='A' fullname='N.A' result='Failed' label='Error' start-time='2021-03-21 14:33:21Z'/>"
                "<test-case name='B' fullname='N.B' result='Failed'/>"
                "<test-case name='C' fullname='N.C' result='Passed'><properties><property name='Category' value='x'/>"
                "<property name='Other' value='y'/></properties></test-case>"
                "<test-case name='D' fullname='N.D' result='Inconclusive'/></test-suite></test-run>");
        g_autofree char *tags = tags_of(old, 1), *property = tags_of(new, 3);

        assert_outline(old, "N.A failed [] bad\nN.B error [] \nN.C passed [] \nN.D skipped [] later\n");
        g_assert_cmpstr(jread_get_string(run_attrs(old), "at"), ==, "2010-10-18T13:23:35.000Z");
        g_assert_cmpstr(jread_get_string(run_attrs(old), "environment"), ==, "host cedar; os Unix");
        g_assert_cmpstr(tags, ==, "[\"TC-9\"]");
        assert_json(old->problems, "[]");
        assert_outline(
                new,
                "N.A error [2021-03-21T14:33:21.000Z] \nN.B failed [] \nN.C passed [] \nN.D skipped [] \n");
        g_assert_cmpstr(property, ==, "[\"x\"]");
        assert_json(new->problems, "[]");
}

static void test_trx(void)
{
        g_autoptr(WorkerResult) result = read_as(
                "a.trx",
                "<TestRun name='nightly'><Times start='2021-04-20T08:31:31.9866971+02:00'/><Results>"
                "<UnitTestResult testId='1' testName='A' outcome='Passed' computerName='pc' endTime='2021-04-20T08:31:32+02:00'/>"
                "<UnitTestResult testId='2' testName='N.C.B'><Output><ErrorInfo><Message>no</Message></ErrorInfo></Output></UnitTestResult>"
                "<UnitTestResult testId='3' testName='T' outcome='Timeout'/>"
                "<UnitTestResult testId='4' testName='S' outcome='NotExecuted'/></Results>"
                "<TestDefinitions><UnitTest id='1'><TestCategory><TestCategoryItem TestCategory='TC-1'/></TestCategory>"
                "<TestMethod className='N.C, Assembly' name='A'/></UnitTest>"
                "<UnitTest id='2'><TestMethod className='N.C' name='B'/></UnitTest></TestDefinitions>"
                "<ResultSummary><Counters total='4' failed='1' timeout='2'/></ResultSummary></TestRun>");
        g_autofree char *tags = tags_of(result, 1);

        assert_outline(result, "N.C.A passed [2021-04-20T06:31:32.000Z] \n"
                               "N.C.B failed [] no\n"
                               "T error [] \n"
                               "S skipped [] \n");
        g_assert_cmpstr(tags, ==, "[\"TC-1\"]");
        g_assert_cmpstr(jread_get_string(run_attrs(result), "at"), ==, "2021-04-20T06:31:31.986Z");
        assert_json(
                result->problems,
                "[{\"where\":\"totals\",\"message\":\"the file claims 3 failures and errors and has 2\"}]");
}

static void test_ctest(void)
{
        g_autoptr(WorkerResult) result = read_as(
                "Test.xml",
                "<Site BuildStamp='20130513-1259-Experimental' Generator='ctest-3' Hostname='foo'><Testing>"
                "<StartTestTime>1368449947</StartTestTime><TestList><Test>./a</Test><Test>b/c</Test><Test>b/d</Test></TestList>"
                "<Test Status='passed'><Name>a</Name><FullName>./a</FullName><Labels><Label>TC-2</Label></Labels></Test>"
                "<Test Status='failed'><Name>c</Name><FullName>b/c</FullName><Results>"
                "<NamedMeasurement name='Exit Code'><Value>SEGFAULT</Value></NamedMeasurement>"
                "<NamedMeasurement name='Completion Status'><Value>Completed</Value></NamedMeasurement></Results></Test>"
                "<Test Status='notrun'><Name>d</Name></Test></Testing></Site>");
        g_autofree char *tags = tags_of(result, 1);

        assert_outline(result, "a passed [] \nb/c failed [] SEGFAULT\nd skipped [] \n");
        g_assert_cmpstr(tags, ==, "[\"TC-2\"]");
        g_assert_cmpstr(jread_get_string(run_attrs(result), "at"), ==, "2013-05-13T12:59:07.000Z");
        assert_json(result->problems, "[]");
}

static void test_qtest_and_boost(void)
{
        g_autoptr(WorkerResult) qtest = read_as(
                "a.xml",
                "<TestCase name='tst'><TestFunction name='f'><Incident type='pass'/></TestFunction>"
                "<TestFunction name='g'><Incident type='fail'><DataTag>row 1</DataTag><Description>no</Description></Incident>"
                "<Incident type='pass'><DataTag>row 2</DataTag></Incident></TestFunction>"
                "<TestFunction name='h'><Message type='skip'><Description>later</Description></Message></TestFunction>"
                "<TestFunction name='i'><Incident type='xfail'/></TestFunction></TestCase>");
        g_autoptr(WorkerResult) boost = read_as(
                "a.xml",
                "<TestLog><TestSuite name='M'><TestSuite name='S'><TestCase name='a'><Info>x</Info></TestCase>"
                "<TestCase name='b'><Exception>two</Exception><Error>one</Error><Error>three</Error></TestCase>"
                "<TestCase name='c' skipped='yes' reason='disabled'/></TestSuite></TestSuite></TestLog>");

        assert_outline(qtest, "tst.f passed [] \ntst.g(row 1) failed [] no\ntst.g(row 2) passed [] \n"
                              "tst.h skipped [] later\ntst.i skipped [] \n");
        assert_outline(boost, "M/S/a passed [] \nM/S/b failed [] one\nM/S/c skipped [] disabled\n");
}

static void test_sarif(void)
{
        static const char text[] =
                "{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"Scan\",\"version\":\"2.0\",\"rules\":[{\"id\":\"R1\","
                "\"properties\":{\"tags\":[\"security\",\"external/cwe/cwe-327\"]}}]}},\"invocations\":[{\"endTimeUtc\":\"2026-03-01T10:00:00Z\"}],"
                "\"results\":[{\"ruleId\":\"R1\",\"level\":\"error\",\"message\":{\"text\":\"weak\\ncipher\"},\"locations\":[{\"physicalLocation\":"
                "{\"artifactLocation\":{\"uri\":\"a.c\"},\"region\":{\"startLine\":7}}}]},{\"ruleId\":\"R1\",\"level\":\"note\",\"message\":{\"text\":\"x\"}},"
                "{\"ruleId\":\"R2\",\"message\":{\"text\":\"y\"},\"suppressions\":[{\"kind\":\"external\"}]},"
                "{\"ruleId\":\"R3\",\"kind\":\"pass\",\"message\":{\"text\":\"z\"}},{\"ruleId\":\"R4\",\"baselineState\":\"absent\"}]}]}";
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) plain = read_as("a.sarif", text);
        g_autoptr(WorkerResult) on = reading_text(
                "a.sarif", text,
                "{\"component\":\"CP-4\",\"run\":\"job-1\",\"defaults\":{\"stage\":\"factory\",\"versions\":{\"CP-4\":\"2.1\"}}}",
                &error);
        const json_t *evidence = json_array_get(plain->ops, 0), *finding;

        g_assert_no_error(error);
        g_assert_cmpuint(json_array_size(plain->ops), ==, 1);
        g_assert_cmpstr(jread_get_string(evidence, "title"), ==, "Static analysis by Scan 2.0");
        g_assert_cmpstr(jread_get_string(evidence, "body"), ==,
                        "5 results, 3 of them suppressed, passed or gone; 1 rules broken.");
        g_assert_true(tells(plain->lost, "results",
                            "1 broken rules (a profile that says the \"component\" makes them findings)"));
        assert_json(json_object_get(json_array_get(on->ops, 0), "source"),
                    "{\"system\":\"sarif\",\"id\":\"job-1\"}");
        g_assert_cmpstr(jread_get_string(run_attrs(on), "version"), ==, "2.1");
        g_assert_cmpstr(jread_get_string(run_attrs(on), "date"), ==, "2026-03-01T10:00:00Z");
        finding = json_array_get(on->ops, 2);
        g_assert_cmpstr(jread_get_string(finding, "title"), ==, "Scan:R1: weak");
        assert_json(
                json_object_get(finding, "attrs"),
                "{\"vulnerability\":\"Scan:R1\",\"confidence\":\"exact\",\"severity\":\"high\",\"reason\":\"2 places: a.c:7\","
                "\"cwes\":[\"CWE-327\"],\"sources\":[\"Scan:R1\"]}");
        g_assert_cmpstr(jread_get_string(json_array_get(on->ops, 3), "to"), ==, "CP-4");
        g_assert_cmpuint(json_array_size(on->ops), ==, 4);
}

/* Other versions are read, and that they are is told. */
static void test_sarif_version(void)
{
        static const struct {
                const char *text, *problem;
        } cases[] = { { "{\"version\":\"2.1.0\",\"runs\":[]}", NULL },
                      { "{\"$schema\":\"sarif\",\"version\":\"2.0.0\",\"runs\":[]}",
                        "SARIF 2.0.0 is read as 2.1.0 is" },
                      { "{\"$schema\":\"sarif\",\"runs\":[]}",
                        "SARIF without a version is read as 2.1.0 is" } };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(WorkerResult) result = read_as("a.sarif", cases[i].text);
                const char *said = jread_get_string(json_array_get(result->problems, 0), "message");

                if (cases[i].problem == NULL)
                        g_assert_null(said);
                else
                        g_assert_true(g_str_has_prefix(said, cases[i].problem));
        }
}

static void test_refused(void)
{
        static const struct {
                const char *name, *text, *where;
                ZwErrorCode code;
        } cases[] = {
                { "a.tap", "TAP version 99\n1..1\nok 1\n", "line 1", ZW_ERR_INPUT },
                { "a.tap", "1..1\nok 1 \xff\n", "line 2", ZW_ERR_ENCODING },
                { "a.tap", "TAP version 13\n# nothing\n", "a.tap", ZW_ERR_INPUT },
                { "a.xml", "<robot><suite><test name='x'></suite></robot>", "line 1", ZW_ERR_INPUT },
                { "a.xml", "<robot>\n<suite>", "line 2", ZW_ERR_INPUT },
                { "a.xml", "<test-run>\n&lol;</test-run>", "line 2", ZW_ERR_INPUT },
                { "a.xml", "<!DOCTYPE Site SYSTEM 'http://127.0.0.1/x'>\n<Site/>", "line 1", ZW_ERR_INPUT },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(WorkerResult) result = reading_text(cases[i].name, cases[i].text, NULL, &error);

                g_test_message("case %zu: %s", i, error == NULL ? "accepted" : error->message);
                assert_refused(result, error, cases[i].code, cases[i].where);
        }
}

/* Subtests deeper than anybody writes, and suites within suites. */
static void test_too_deep(void)
{
        g_autoptr(GString) tap = g_string_new(NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) result = NULL;

        for (int i = 0; i < 40; i++) {
                for (int j = 0; j < i; j++)
                        g_string_append(tap, "    ");
                g_string_append(tap, "ok 1 - x\n");
        }
        result = reading_text("a.tap", tap->str, NULL, &error);
        assert_refused(result, error, ZW_ERR_LIMIT, "line 33");
}

int main(int argc, char **argv)
{
        READING_MAIN(argc, argv);
        g_test_init(&argc, &argv, NULL);
        hash_init();
        g_test_add_func("/exchange/test-report/tap", test_tap);
        g_test_add_func("/exchange/test-report/tap-that-lies", test_tap_that_lies);
        g_test_add_func("/exchange/test-report/robot", test_robot);
        g_test_add_func("/exchange/test-report/nunit", test_nunit);
        g_test_add_func("/exchange/test-report/trx", test_trx);
        g_test_add_func("/exchange/test-report/ctest", test_ctest);
        g_test_add_func("/exchange/test-report/qtest-and-boost", test_qtest_and_boost);
        g_test_add_func("/exchange/test-report/sarif", test_sarif);
        g_test_add_func("/exchange/test-report/sarif-version", test_sarif_version);
        g_test_add_func("/exchange/test-report/refused", test_refused);
        g_test_add_func("/exchange/test-report/too-deep", test_too_deep);
        return g_test_run();
}
