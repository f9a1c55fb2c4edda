/* Reports of Qt Test. Each incident of a function is an outcome, for its row of data where it has one. What was expected to fail,
 * or is on the list of those to be ignored, proves nothing and counts as skipped. */
#include "exchange/readers.h"

#include "exchange/test_report.h"
#include "exchange/xfigures.h"

#include <string.h>

static const char *const roots[] = { "TestCase", NULL };

static const XFigure rows[] = {
        { XFIGURE_COUNT, "functions", NULL, "TestFunction", NULL, NULL },
        { XFIGURE_MAP, "incidents", NULL, "Incident", "type", NULL },
};

static const char *const proofs[] = { "TestFunction", "Environment", NULL };

static const XFormat format = { .roots = roots,
                                .what = "a report of Qt Test",
                                .proofs = proofs,
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .root_and_space = true,
                                .top = 8 };

typedef struct {
        TestReport *report;
        const char *object, *function;
        char *row, *description; /* of the incident being read */
} Place;

static ResultStatus status_of(const char *type)
{
        if (g_strcmp0(type, "pass") == 0)
                return RESULT_PASSED;
        return g_strcmp0(type, "fail") == 0 || g_strcmp0(type, "xpass") == 0 ? RESULT_FAILED : RESULT_SKIPPED;
}

static bool incident_child(Xml *xml, void *data, GError **error)
{
        Place *place = data;

        if (xml_is(xml, "DataTag"))
                return test_text_take(xml, &place->row, error);
        return xml_is(xml, "Description") ? test_text_take(xml, &place->description, error)
                                          : xml_skip(xml, error);
}

static bool incident_take(Xml *xml, Place *place, GError **error)
{
        TestOutcome outcome = { .line = xml_line(xml), .status = status_of(xml_attr(xml, "type")) };
        g_autofree char *name = NULL;
        bool good = xml_each_child(xml, incident_child, place, error);

        name = place->row == NULL ? g_strdup_printf("%s.%s", place->object, place->function)
                                  : g_strdup_printf("%s.%s(%s)", place->object, place->function, place->row);
        outcome.name = name;
        outcome.message = place->description;
        good = good && test_report_add(place->report, &outcome, error);
        g_clear_pointer(&place->row, g_free);
        g_clear_pointer(&place->description, g_free);
        return good;
}

/* A function that was skipped says so in a message, and has no incident for that. */
static bool function_child(Xml *xml, void *data, GError **error)
{
        const bool skipped = xml_is(xml, "Message") && g_strcmp0(xml_attr(xml, "type"), "skip") == 0;

        return skipped || xml_is(xml, "Incident") ? incident_take(xml, data, error) : xml_skip(xml, error);
}

static bool object_child(Xml *xml, void *data, GError **error)
{
        Place *place = data;
        g_autofree char *name = g_strdup(xml_attr(xml, "name"));

        if (!xml_is(xml, "TestFunction"))
                return xml_skip(xml, error);
        place->function = name == NULL ? "" : name;
        return xml_each_child(xml, function_child, place, error);
}

static bool qtest_root(Xml *xml, TestReport *report, GError **error)
{
        g_autofree char *object = g_strdup(xml_attr(xml, "name"));
        Place place = { .report = report, .object = object == NULL ? "" : object };

        test_report_title(report, object);
        test_report_tool(report, "Qt Test");
        return xml_each_child(xml, object_child, &place, error);
}

bool qtest_read(const Source *source, Sink *sink, GError **error)
{
        return xfigures_read(source, sink, &format, error) &&
               test_report_read_xml(source, sink, "qtest", qtest_root, error);
}
