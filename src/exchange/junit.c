/* JUnit XML test reports, as Ant, Surefire, GoogleTest, pytest, Jest and others write them. What is taken and what is
 * lost: docs/formats/junit.md. */
#include "base/jtext.h"
#include "exchange/junit_report.h"
#include "exchange/readers.h"

#include <string.h>

/* ---- suites ---- */

bool junit_take_property(Xml *xml, JunitReport *report, char **ret_name, char **ret_value, GError **error)
{
        g_autofree char *name = g_strdup(junit_text(xml_attr(xml, "name"))),
                        *value = g_strdup(xml_attr(xml, "value"));

        *ret_name = *ret_value = NULL;
        if (!xml_is(xml, "property"))
                return xml_skip(xml, error);
        report->n_properties++;
        if (value != NULL ? !xml_skip(xml, error) : !test_text_take(xml, &value, error))
                return false;
        *ret_name = g_steal_pointer(&name);
        *ret_value = g_steal_pointer(&value);
        return true;
}

/* Properties tell everything about the machine, its user and its paths; only what says where it ran is taken. */
bool junit_take_environment(JunitReport *report, const char *name, const char *value)
{
        static const char *const wanted[] = { "os.name", "os.version", "os.arch", "platform",
                                              "java.version" };

        for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
                if (strcmp(name, wanted[i]) == 0) {
                        test_report_environment(report->tests, name, value);
                        return true;
                }
        return false;
}

static bool suite_property(Xml *xml, void *data, GError **error)
{
        JunitReport *report = data;
        g_autofree char *name = NULL, *value = NULL;

        if (!junit_take_property(xml, report, &name, &value, error))
                return false;
        report->n_lost_properties += name != NULL && !junit_take_environment(report, name, value);
        return true;
}

void junit_take_time(JunitReport *report, Xml *xml, Instant *at, bool *timed)
{
        Instant read;
        bool said = false;

        test_time_take(report->tests, xml, "timestamp", &read, &said);
        if (!said)
                return;
        *at = read;
        *timed = true;
        test_report_ran(report->tests, read);
}

/* The outermost suites say how many cases there are; those inside repeat a part of it. */
static void declared_take(JunitReport *report, Xml *xml)
{
        static const char *const names[TEST_TOTALS][2] = {
                { "tests", NULL }, { "failures", NULL }, { "errors", NULL }, { "skipped", "disabled" }
        };

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                const char *text = xml_attr(xml, names[i][0]);
                uint64_t n;

                if (text == NULL && names[i][1] != NULL)
                        text = xml_attr(xml, names[i][1]);
                if (text == NULL || !g_ascii_string_to_unsigned(text, 10, 0, TEST_DECLARED_MAX, &n, NULL))
                        continue;
                report->declared[i] += (int64_t)n;
                test_report_declare(report->tests, (TestTotal)i, (int64_t)n);
        }
}

/* What wrote it, where a name or a schema gives it away. */
static const char *tool_of(Xml *xml)
{
        static const struct {
                const char *name, *tool;
        } tools[] = { { "pytest", "pytest" }, { "jest tests", "Jest" }, { "AllTests", "GoogleTest" } };
        const char *name = junit_text(xml_attr(xml, "name")),
                   *schema = xml_attr_ns(xml, "http://www.w3.org/2001/XMLSchema-instance",
                                         "noNamespaceSchemaLocation");

        if (schema != NULL && strstr(schema, "surefire") != NULL)
                return "Maven Surefire";
        for (size_t i = 0; i < G_N_ELEMENTS(tools); i++)
                if (strcmp(tools[i].name, name) == 0)
                        return tools[i].tool;
        return NULL;
}

/* What the root or a suite says of the whole run; its name goes into *name, when that is wanted and not set. */
static void heading_take(JunitReport *report, Xml *xml, char **name)
{
        if (name != NULL && *name == NULL)
                *name = test_line_new(xml_attr(xml, "name"), TEST_NAME_MAX);
        test_report_tool(report->tests, tool_of(xml));
        if (xml_attr(xml, "hostname") != NULL)
                test_report_environment(report->tests, "host", xml_attr(xml, "hostname"));
}

static bool suite_take(Xml *xml, JunitReport *report, GError **error);

static bool suite_child(Xml *xml, void *data, GError **error)
{
        JunitReport *report = data;
        const bool failed = xml_is(xml, "error") || xml_is(xml, "failure");
        g_autofree char *line = NULL;

        if (xml_is(xml, "testsuite"))
                return suite_take(xml, report, error);
        if (xml_is(xml, "testcase"))
                return junit_take_case(xml, report, error);
        if (xml_is(xml, "properties"))
                return xml_each_child(xml, suite_property, report, error);
        report->n_outputs += xml_is(xml, "system-out") || xml_is(xml, "system-err");
        if (failed) {
                line = test_line_new(xml_attr(xml, "message"), 200);
                test_report_doubt(report->tests, xml_line(xml),
                                  "the suite \"%.200s\" failed outside of its test cases: %s",
                                  report->suite.name, line);
        }
        return xml_skip(xml, error);
}

static bool suite_take(Xml *xml, JunitReport *report, GError **error)
{
        const char *name = junit_text(xml_attr(xml, "name"));
        g_autofree char *own = g_strndup(name, utf8_prefix(name, MIN(strlen(name), TEST_NAME_MAX)));
        const JunitSuite outer = report->suite;
        bool good;

        report->n_suites++;
        heading_take(report, xml, report->depth == 0 ? &report->suite_name : NULL);
        if (report->depth++ == 0) {
                declared_take(report, xml);
                report->n_outer++;
        }
        if (own[0] != '\0')
                report->suite.name = own;
        junit_take_time(report, xml, &report->suite.at, &report->suite.timed);
        good = xml_each_child(xml, suite_child, report, error);
        report->suite = outer;
        report->depth--;
        return good;
}

/* ---- the report ---- */

static bool root_refuse(Xml *xml, GError **error)
{
        const char *foreign = format_foreign_xml(xml_name(xml));
        g_autofree char *where = xml_where(xml);

        error_set(error, ZW_ERR_INPUT, where,
                  "this is not JUnit XML, whose root is <testsuites> or <testsuite>: its root is <%.60s>%s%s",
                  xml_name(xml), foreign == NULL ? "" : ", as in ", foreign == NULL ? "" : foreign);
        return false;
}

static bool report_read(JunitReport *report, const Source *source, GError **error)
{
        g_autoptr(Xml) xml = xml_new(source->bytes, source->depth_max, TEST_ELEMENTS_MAX, error);
        XmlEvent event = XML_EVENT_OPEN;
        bool good;

        if (xml == NULL || !xml_root(xml, error))
                return false;
        report->root_is_suite = xml_is(xml, "testsuite");
        if (!report->root_is_suite && !xml_is(xml, "testsuites"))
                return root_refuse(xml, error);
        report->suite = (JunitSuite){ .name = "" };
        if (report->root_is_suite)
                good = suite_take(xml, report, error);
        else {
                heading_take(report, xml, &report->root_name);
                junit_take_time(report, xml, &report->suite.at, &report->suite.timed);
                good = xml_each_child(xml, suite_child, report, error);
        }
        while (good && event != XML_EVENT_END) /* what stands behind the root can be ill-formed too */
                good = xml_next(xml, &event, error);
        return good;
}

static void figures_tell(const JunitReport *report)
{
        g_autofree char *declared = g_strdup_printf("tests %" G_GINT64_FORMAT " failures %" G_GINT64_FORMAT
                                                    " errors %" G_GINT64_FORMAT " skipped %" G_GINT64_FORMAT,
                                                    report->declared[TEST_TOTAL_TESTS],
                                                    report->declared[TEST_TOTAL_FAILURES],
                                                    report->declared[TEST_TOTAL_ERRORS],
                                                    report->declared[TEST_TOTAL_SKIPPED]);

        sink_figure_text(report->sink, "root", report->root_is_suite ? "testsuite" : "testsuites");
        sink_figure_int(report->sink, "testsuites", (int64_t)report->n_suites);
        sink_figure_int(report->sink, "testcases", (int64_t)test_report_count(report->tests));
        sink_figure_text(report->sink, "top_declared", declared);
        if (report->n_properties > 0)
                sink_figure_int(report->sink, "properties", (int64_t)report->n_properties);
        if (report->n_reruns > 0)
                sink_figure_int(report->sink, "rerun", (int64_t)report->n_reruns);
}

static void losses_tell(const JunitReport *report)
{
        test_report_lost(report->tests, "the traces of failures and errors", report->n_traces);
        test_report_lost(report->tests, "outputs of tests", report->n_outputs);
        test_report_lost(report->tests, "properties", report->n_lost_properties);
        test_report_lost(report->tests, "durations of test cases", test_report_count(report->tests));
}

bool junit_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(TestReport) tests = NULL;
        JunitReport report = { .sink = sink };
        bool good;

        if (!xml_count_check(source->bytes, "testcase", ZW_RESULTS_MAX, error))
                return false;
        tests = report.tests = test_report_new(source, sink, "junit", error);
        good = tests != NULL && report_read(&report, source, error);
        if (good) {
                figures_tell(&report);
                losses_tell(&report);
                test_report_title(tests, report.root_name);
                if (report.n_outer == 1)
                        test_report_title(tests, report.suite_name);
                test_report_tell(tests);
        }
        g_free(report.root_name);
        g_free(report.suite_name);
        return good;
}
