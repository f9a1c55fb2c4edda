/* Reports of NUnit 2 and 3. A test is called by its full name; its categories and properties may say which test case it is. */
#include "exchange/readers.h"

#include "exchange/test_report.h"
#include "exchange/xfigures.h"

#include <string.h>

static const char *const roots[] = { "test-results", "test-run", NULL };

static const XFigure rows[] = {
        { XFIGURE_COUNT, "cases", NULL, "test-case", NULL, NULL },
        { XFIGURE_MAP, "result", NULL, "test-case", "result", NULL },
};

static const XFormat format = { .roots = roots,
                                .what = "a report of NUnit",
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .root_and_space = true };

typedef struct {
        TestReport *report;
        TestOutcome outcome;
        GString *tags;
        char *message;
} Test;

/* Words of both versions; what was not run, or came to no end, never counts as passed. */
static ResultStatus status_of(Xml *xml)
{
        static const struct {
                const char *word;
                ResultStatus status;
        } known[] = { { "Success", RESULT_PASSED },  { "Passed", RESULT_PASSED },
                      { "Warning", RESULT_PASSED },  { "True", RESULT_PASSED },
                      { "Failure", RESULT_FAILED },  { "Failed", RESULT_FAILED },
                      { "False", RESULT_FAILED },    { "Error", RESULT_ERROR },
                      { "Cancelled", RESULT_ERROR }, { "Invalid", RESULT_ERROR } };
        const char *label = xml_attr(xml, "label"), *word = xml_attr(xml, "result");
        ResultStatus status = RESULT_SKIPPED;

        if (word == NULL && g_strcmp0(xml_attr(xml, "executed"), "False") != 0)
                word = xml_attr(xml, "success");
        for (size_t i = 0; i < G_N_ELEMENTS(known) && word != NULL; i++)
                if (g_ascii_strcasecmp(known[i].word, word) == 0)
                        status = known[i].status;
        if (status == RESULT_FAILED && label != NULL)
                for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
                        if (known[i].status == RESULT_ERROR && g_ascii_strcasecmp(known[i].word, label) == 0)
                                status = RESULT_ERROR;
        return status;
}

static bool message_child(Xml *xml, void *data, GError **error)
{
        Test *test = data;

        return xml_is(xml, "message") ? test_text_take(xml, &test->message, error) : xml_skip(xml, error);
}

static bool tag_child(Xml *xml, void *data, GError **error)
{
        Test *test = data;
        const char *name = xml_attr(xml, "name");

        if (name != NULL && xml_is(xml, "category"))
                test_tag_add(test->tags, name);
        else if (name != NULL && xml_is(xml, "property") && test_report_is_tag(test->report, name))
                test_tag_add(test->tags, xml_attr(xml, "value"));
        return xml_skip(xml, error);
}

static bool test_child(Xml *xml, void *data, GError **error)
{
        if (xml_is(xml, "failure") || xml_is(xml, "reason"))
                return xml_each_child(xml, message_child, data, error);
        if (xml_is(xml, "categories") || xml_is(xml, "properties"))
                return xml_each_child(xml, tag_child, data, error);
        return xml_skip(xml, error);
}

static bool test_take(Xml *xml, TestReport *report, GError **error)
{
        const char *full = xml_attr(xml, "fullname");
        g_autofree char *name = g_strdup(full == NULL ? xml_attr(xml, "name") : full);
        g_autoptr(GString) tags = g_string_new(NULL);
        Test test = { report, { .name = name, .line = xml_line(xml), .status = status_of(xml) }, tags, NULL };
        bool good;

        test_time_take(report, xml, "start-time", &test.outcome.at, &test.outcome.timed);
        good = xml_each_child(xml, test_child, &test, error);
        test.outcome.tags = tags->str;
        test.outcome.message = test.message;
        good = good && test_report_add(report, &test.outcome, error);
        g_free(test.message);
        return good;
}

/* Suites lie in suites, in version 2 with an element `results` between. */
static bool suite_child(Xml *xml, void *data, GError **error)
{
        if (xml_is(xml, "test-case"))
                return test_take(xml, data, error);
        if (xml_is(xml, "test-suite") || xml_is(xml, "results"))
                return xml_each_child(xml, suite_child, data, error);
        if (xml_is(xml, "environment")) {
                test_report_environment(data, "host", xml_attr(xml, "machine-name"));
                test_report_environment(data, "os", xml_attr(xml, "os-version"));
                test_report_environment(data, "platform", xml_attr(xml, "platform"));
        }
        return xml_skip(xml, error);
}

/* In version 2 the total is of those that ran; in version 3 of all. */
static void declared_take(Xml *xml, TestReport *report)
{
        static const struct {
                const char *attr;
                TestTotal total;
        } totals[] = { { "total", TEST_TOTAL_TESTS },       { "not-run", TEST_TOTAL_TESTS },
                       { "failures", TEST_TOTAL_FAILURES }, { "failed", TEST_TOTAL_FAILURES },
                       { "errors", TEST_TOTAL_ERRORS },     { "not-run", TEST_TOTAL_SKIPPED },
                       { "skipped", TEST_TOTAL_SKIPPED },   { "inconclusive", TEST_TOTAL_SKIPPED } };

        for (size_t i = 0; i < G_N_ELEMENTS(totals); i++)
                test_report_declare_text(report, totals[i].total, xml_attr(xml, totals[i].attr));
}

static bool nunit_root(Xml *xml, TestReport *report, GError **error)
{
        const char *name = xml_attr(xml, "name"), *date = xml_attr(xml, "date"),
                   *time = xml_attr(xml, "time");
        g_autofree char *text = date == NULL || time == NULL ? g_strdup(xml_attr(xml, "start-time"))
                                                             : g_strdup_printf("%sT%s", date, time);
        g_autofree char *file = name == NULL ? NULL : g_path_get_basename(name);
        Instant at;

        test_report_tool(report, "NUnit");
        test_report_title(report, file);
        if (text != NULL && test_time_read(text, &at))
                test_report_ran(report, at);
        else if (text != NULL)
                test_report_doubt(report, xml_line(xml), "\"%.64s\" is no time", text);
        declared_take(xml, report);
        return xml_each_child(xml, suite_child, report, error);
}

bool nunit_read(const Source *source, Sink *sink, GError **error)
{
        return xfigures_read(source, sink, &format, error) &&
               test_report_read_xml(source, sink, "nunit", nunit_root, error);
}
