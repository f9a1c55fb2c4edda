/* Test.xml of CTest. A test is called by its path and name; its labels may say which test case it is. All have the time of the run. */
#include "exchange/readers.h"

#include "exchange/test_report.h"
#include "exchange/xfigures.h"

#include <string.h>

static const char *const roots[] = { "Site", NULL };

static const XFigure rows[] = {
        { XFIGURE_COUNT, "tests", "Testing", "Test", NULL, NULL },
        { XFIGURE_MAP, "status", "Testing", "Test", "Status", NULL },
};

static const char *const proofs[] = { "Testing", NULL };

static const XFormat format = { .roots = roots,
                                .what = "a report of CTest",
                                .proofs = proofs,
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .root_and_space = true };

typedef struct {
        TestReport *report;
        TestOutcome outcome;
        GString *tags;
        char *name, *full, *reason; /* reason: what CTest says of how it ended */
        bool is_reason;             /* the measurement being read is it */
} Test;

static ResultStatus status_of(const char *status)
{
        if (g_strcmp0(status, "passed") == 0)
                return RESULT_PASSED;
        return g_strcmp0(status, "failed") == 0 ? RESULT_FAILED : RESULT_SKIPPED;
}

static bool value_child(Xml *xml, void *data, GError **error)
{
        Test *test = data;

        return test->is_reason && xml_is(xml, "Value") ? test_text_take(xml, &test->reason, error)
                                                       : xml_skip(xml, error);
}

static bool measurement_child(Xml *xml, void *data, GError **error)
{
        Test *test = data;
        const char *name = xml_attr(xml, "name");

        test->is_reason = name != NULL &&
                          (strcmp(name, "Exit Code") == 0 || strcmp(name, "Fail Reason") == 0 ||
                           (strcmp(name, "Completion Status") == 0 && test->reason == NULL));
        return xml_each_child(xml, value_child, test, error);
}

static bool label_child(Xml *xml, void *data, GError **error)
{
        Test *test = data;
        g_autofree char *text = NULL;

        if (!test_text_take(xml, &text, error))
                return false;
        test_tag_add(test->tags, text);
        return true;
}

static bool test_child(Xml *xml, void *data, GError **error)
{
        Test *test = data;

        if (xml_is(xml, "Name"))
                return test_text_take(xml, &test->name, error);
        if (xml_is(xml, "FullName"))
                return test_text_take(xml, &test->full, error);
        if (xml_is(xml, "Results"))
                return xml_each_child(xml, measurement_child, test, error);
        if (xml_is(xml, "Labels"))
                return xml_each_child(xml, label_child, test, error);
        return xml_skip(xml, error);
}

static bool test_take(Xml *xml, TestReport *report, GError **error)
{
        g_autoptr(GString) tags = g_string_new(NULL);
        Test test = { .report = report,
                      .outcome = { .line = xml_line(xml), .status = status_of(xml_attr(xml, "Status")) },
                      .tags = tags };
        bool good = xml_each_child(xml, test_child, &test, error);

        test.outcome.name = test.full == NULL ? test.name : test.full;
        if (test.outcome.name != NULL && g_str_has_prefix(test.outcome.name, "./"))
                test.outcome.name += 2;
        test.outcome.tags = tags->str;
        if (test.outcome.status != RESULT_PASSED)
                test.outcome.message = test.reason;
        good = good && test_report_add(report, &test.outcome, error);
        g_free(test.name);
        g_free(test.full);
        g_free(test.reason);
        return good;
}

static bool list_child(Xml *xml, void *data, GError **error)
{
        test_report_declare(data, TEST_TOTAL_TESTS, 1);
        return xml_skip(xml, error);
}

/* Seconds since 1970. */
static bool start_take(Xml *xml, TestReport *report, GError **error)
{
        g_autofree char *text = NULL;
        uint64_t seconds;

        if (!test_text_take(xml, &text, error))
                return false;
        if (g_ascii_string_to_unsigned(g_strstrip(text), 10, 0, G_MAXUINT32, &seconds, NULL))
                test_report_ran(report, (Instant)seconds * 1000);
        return true;
}

static bool testing_child(Xml *xml, void *data, GError **error)
{
        if (xml_is(xml, "Test"))
                return test_take(xml, data, error);
        if (xml_is(xml, "TestList"))
                return xml_each_child(xml, list_child, data, error);
        return xml_is(xml, "StartTestTime") ? start_take(xml, data, error) : xml_skip(xml, error);
}

static bool site_child(Xml *xml, void *data, GError **error)
{
        return xml_is(xml, "Testing") ? xml_each_child(xml, testing_child, data, error)
                                      : xml_skip(xml, error);
}

static bool site_root(Xml *xml, TestReport *report, GError **error)
{
        test_report_title(report, xml_attr(xml, "BuildStamp"));
        test_report_tool(report, xml_attr(xml, "Generator"));
        test_report_environment(report, "host", xml_attr(xml, "Hostname"));
        test_report_environment(report, "os", xml_attr(xml, "OSName"));
        return xml_each_child(xml, site_child, report, error);
}

bool ctest_read(const Source *source, Sink *sink, GError **error)
{
        return xfigures_read(source, sink, &format, error) &&
               test_report_read_xml(source, sink, "ctest", site_root, error);
}
