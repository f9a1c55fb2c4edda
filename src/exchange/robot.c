/* Output of Robot Framework (output.xml), schema 1 to 5. A test is called by the names of its suites and its own, and its tags may
 * say which test case it is. Keywords within it are its steps, and stay in the attached file. */
#include "exchange/readers.h"

#include "exchange/test_report.h"
#include "exchange/xfigures.h"

#include <string.h>

static const char *const roots[] = { "robot", NULL };

static const XFigure rows[] = {
        { XFIGURE_TEXT, "generator", NULL, "robot", "generator", NULL },
        { XFIGURE_TEXT, "schema", NULL, "robot", "schemaversion", NULL },
        { XFIGURE_COUNT, "suites", NULL, "suite", NULL, NULL },
        { XFIGURE_COUNT, "tests", NULL, "test", NULL, NULL },
        { XFIGURE_MAP, "status", "test", "status", "status", NULL },
        { XFIGURE_COUNT, "keywords", NULL, "kw", NULL, NULL },
};

static const char *const proofs[] = { "suite", NULL };

static const XFormat format = { .roots = roots,
                                .what = "an output of Robot Framework",
                                .proofs = proofs,
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .version = "schema" };

typedef struct {
        TestReport *report;
        const char *suite; /* names of the suites, with dots between; "" outside */
} Place;

typedef struct {
        TestReport *report;
        TestOutcome outcome;
        GString *tags;
        char *message;
} Test;

static ResultStatus status_of(const char *text)
{
        if (g_strcmp0(text, "PASS") == 0)
                return RESULT_PASSED;
        if (g_strcmp0(text, "FAIL") == 0)
                return RESULT_FAILED;
        return g_strcmp0(text, "SKIP") == 0 || g_strcmp0(text, "NOT RUN") == 0 ? RESULT_SKIPPED
                                                                               : RESULT_ERROR;
}

static bool tag_take(Xml *xml, Test *test, GError **error)
{
        g_autofree char *text = NULL;

        if (!test_text_take(xml, &text, error))
                return false;
        test_tag_add(test->tags, text);
        return true;
}

/* Outputs before Robot Framework 4 have the tags in an element of their own. */
static bool tags_child(Xml *xml, void *data, GError **error)
{
        return xml_is(xml, "tag") ? tag_take(xml, data, error) : xml_skip(xml, error);
}

static bool test_child(Xml *xml, void *data, GError **error)
{
        Test *test = data;

        if (xml_is(xml, "tag"))
                return tag_take(xml, test, error);
        if (xml_is(xml, "tags"))
                return xml_each_child(xml, tags_child, test, error);
        if (!xml_is(xml, "status"))
                return xml_skip(xml, error);
        test->outcome.status = status_of(xml_attr(xml, "status"));
        test_time_take(test->report, xml, "starttime", &test->outcome.at, &test->outcome.timed);
        test_time_take(test->report, xml, "start", &test->outcome.at, &test->outcome.timed);
        return test_text_take(xml, &test->message, error);
}

/* A test without a status was cut off. */
static bool test_take(Xml *xml, const Place *place, GError **error)
{
        g_autofree char *name = test_name_below(place->suite, '.', xml);
        g_autoptr(GString) tags = g_string_new(NULL);
        Test test = {
                place->report, { .name = name, .line = xml_line(xml), .status = RESULT_ERROR }, tags, NULL
        };
        bool good = xml_each_child(xml, test_child, &test, error);

        test.outcome.tags = tags->str;
        if (test.outcome.status != RESULT_PASSED)
                test.outcome.message = test.message;
        good = good && test_report_add(place->report, &test.outcome, error);
        g_free(test.message);
        return good;
}

static bool suite_child(Xml *xml, void *data, GError **error)
{
        const Place *place = data;
        g_autofree char *name = NULL;

        if (xml_is(xml, "test"))
                return test_take(xml, place, error);
        if (!xml_is(xml, "suite"))
                return xml_skip(xml, error);
        name = test_name_below(place->suite, '.', xml);
        test_report_title(place->report, xml_attr(xml, "name"));
        return xml_each_child(xml, suite_child, &(Place){ place->report, name }, error);
}

/* Of the totals that of all tests counts; before Robot Framework 4 there is one of the critical tests, too. */
static bool total_child(Xml *xml, void *data, GError **error)
{
        g_autofree char *pass = g_strdup(xml_attr(xml, "pass")), *fail = g_strdup(xml_attr(xml, "fail")),
                        *skip = g_strdup(xml_attr(xml, "skip")), *text = NULL;

        if (!test_text_take(xml, &text, error))
                return false;
        if (strcmp(text, "All Tests") != 0)
                return true;
        test_report_declare_text(data, TEST_TOTAL_TESTS, pass);
        test_report_declare_text(data, TEST_TOTAL_TESTS, fail);
        test_report_declare_text(data, TEST_TOTAL_TESTS, skip);
        test_report_declare_text(data, TEST_TOTAL_FAILURES, fail);
        test_report_declare_text(data, TEST_TOTAL_SKIPPED, skip);
        return true;
}

static bool statistics_child(Xml *xml, void *data, GError **error)
{
        return xml_is(xml, "total") ? xml_each_child(xml, total_child, data, error) : xml_skip(xml, error);
}

static bool robot_child(Xml *xml, void *data, GError **error)
{
        Place top = { data, "" };

        return xml_is(xml, "statistics") ? xml_each_child(xml, statistics_child, data, error)
                                         : suite_child(xml, &top, error);
}

static bool robot_root(Xml *xml, TestReport *report, GError **error)
{
        Instant at;
        bool timed = false;

        test_report_tool(report, xml_attr(xml, "generator"));
        test_time_take(report, xml, "generated", &at, &timed);
        if (timed)
                test_report_ran(report, at);
        return xml_each_child(xml, robot_child, report, error);
}

bool robot_read(const Source *source, Sink *sink, GError **error)
{
        return xfigures_read(source, sink, &format, error) &&
               test_report_read_xml(source, sink, "robot", robot_root, error);
}
