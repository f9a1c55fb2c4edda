/* Logs of Boost.Test. A test is called by its suites and its name, with slashes between, as the tool does on its command line. */
#include "exchange/readers.h"

#include "exchange/test_report.h"
#include "exchange/xfigures.h"

#include <string.h>

static const char *const roots[] = { "TestLog", NULL };

static const XFigure rows[] = {
        { XFIGURE_COUNT, "cases", NULL, "TestCase", NULL, NULL },
        { XFIGURE_COUNT, "suites", NULL, "TestSuite", NULL, NULL },
        { XFIGURE_COUNT, "errors", NULL, "Error", NULL, NULL },
        { XFIGURE_COUNT, "fatal_errors", NULL, "FatalError", NULL, NULL },
        { XFIGURE_COUNT, "exceptions", NULL, "Exception", NULL, NULL },
};

static const char *const proofs[] = { "TestSuite", NULL };

static const XFormat format = { .roots = roots,
                                .what = "a log of Boost.Test",
                                .proofs = proofs,
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .root_and_space = true,
                                .top = 8 };

typedef struct {
        TestReport *report;
        const char *suite; /* names of the suites, with slashes between; "" outside */
} Place;

typedef struct {
        TestOutcome outcome;
        char *message;
} Test;

static bool case_child(Xml *xml, void *data, GError **error)
{
        static const struct {
                const char *element;
                ResultStatus status;
        } bad[] = { { "Error", RESULT_FAILED },
                    { "FatalError", RESULT_FAILED },
                    { "Exception", RESULT_ERROR } };
        Test *test = data;
        size_t i = 0;

        while (i < G_N_ELEMENTS(bad) && !xml_is(xml, bad[i].element))
                i++;
        if (i == G_N_ELEMENTS(bad) ||
            result_status_rank(bad[i].status) <= result_status_rank(test->outcome.status))
                return xml_skip(xml, error);
        test->outcome.status = bad[i].status;
        return test_text_take(xml, &test->message, error);
}

static bool case_take(Xml *xml, const Place *place, GError **error)
{
        g_autofree char *name = test_name_below(place->suite, '/', xml);
        const bool skipped = g_strcmp0(xml_attr(xml, "skipped"), "yes") == 0;
        Test test = {
                { .name = name, .line = xml_line(xml), .status = skipped ? RESULT_SKIPPED : RESULT_PASSED },
                skipped ? g_strdup(xml_attr(xml, "reason")) : NULL
        };
        bool good = xml_each_child(xml, case_child, &test, error);

        test.outcome.message = test.message;
        good = good && test_report_add(place->report, &test.outcome, error);
        g_free(test.message);
        return good;
}

static bool suite_child(Xml *xml, void *data, GError **error)
{
        const Place *place = data;
        g_autofree char *name = NULL;

        if (xml_is(xml, "TestCase"))
                return case_take(xml, place, error);
        if (!xml_is(xml, "TestSuite"))
                return xml_skip(xml, error);
        test_report_title(place->report, xml_attr(xml, "name"));
        name = test_name_below(place->suite, '/', xml);
        return xml_each_child(xml, suite_child, &(Place){ place->report, name }, error);
}

static bool boost_root(Xml *xml, TestReport *report, GError **error)
{
        test_report_tool(report, "Boost.Test");
        return xml_each_child(xml, suite_child, &(Place){ report, "" }, error);
}

bool boost_test_read(const Source *source, Sink *sink, GError **error)
{
        return xfigures_read(source, sink, &format, error) &&
               test_report_read_xml(source, sink, "boost-test", boost_root, error);
}
