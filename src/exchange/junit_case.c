/* Test cases of a JUnit report: what they are called, how they went, when. */
#include "exchange/junit_report.h"

#include <string.h>

/* What is known of one case while its element is read. */
typedef struct {
        char *name, *message;
        GString *tags;
        size_t line;
        Instant at;
        bool timed;
        size_t failures, errors, skips, reruns, flakes;
} Case;

static void case_clear(Case *c)
{
        g_free(c->name);
        g_free(c->message);
        g_string_free(c->tags, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Case, case_clear)

/* Whether a case without a child for it says by an attribute that it was not run, or how it went. */
static bool status_of_attributes(Xml *xml, ResultStatus *ret_status)
{
        static const struct {
                const char *value;
                ResultStatus status;
        } known[] = { { "notrun", RESULT_SKIPPED },     { "disabled", RESULT_SKIPPED },
                      { "skipped", RESULT_SKIPPED },    { "ignored", RESULT_SKIPPED },
                      { "suppressed", RESULT_SKIPPED }, { "pending", RESULT_SKIPPED },
                      { "failed", RESULT_FAILED },      { "fail", RESULT_FAILED },
                      { "failure", RESULT_FAILED },     { "errored", RESULT_ERROR },
                      { "error", RESULT_ERROR } };
        const char *values[] = { xml_attr(xml, "result"), xml_attr(xml, "status") };

        for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
                for (size_t j = 0; j < G_N_ELEMENTS(known) && values[i] != NULL; j++)
                        if (g_ascii_strcasecmp(values[i], known[j].value) == 0) {
                                *ret_status = known[j].status;
                                return true;
                        }
        return false;
}

/* CLASS.NAME; the suite stands for a class that is not named, so that cases of two suites are not taken for one. */
static char *name_new(const JunitReport *report, Xml *xml)
{
        const char *name = junit_text(xml_attr(xml, "name")), *class = junit_text(xml_attr(xml, "classname")),
                   *suite = report->suite.name;
        const size_t n = strlen(suite);

        if (name[0] == '\0' || class[0] != '\0')
                return name[0] == '\0' ? g_strdup(class) : g_strdup_printf("%s.%s", class, name);
        if (n == 0 || (strncmp(name, suite, n) == 0 && !g_ascii_isalnum(name[n])))
                return g_strdup(name); /* it has the suite in it already */
        return g_strdup_printf("%s.%s", suite, name);
}

typedef struct {
        JunitReport *report;
        Case *test;
} CaseCall;

/* A child that says how the case went; its message is kept when none was, or that of a lesser child. */
static bool outcome_take(Xml *xml, Case *c, size_t *count, bool worst, GError **error)
{
        const char *attribute = xml_attr(xml, "message");
        g_autofree char *text = g_strdup(attribute), *line = NULL;
        const bool first = (*count)++ == 0;

        if (text == NULL || text[0] == '\0') {
                if (!test_text_take(xml, &text, error))
                        return false;
        } else if (!xml_skip(xml, error))
                return false;
        line = test_line_new(text, TEST_MESSAGE_MAX);
        if (first && worst) {
                g_free(c->message);
                c->message = g_steal_pointer(&line);
        }
        return true;
}

/* A property may say which test case it is. */
static bool case_property(Xml *xml, void *data, GError **error)
{
        CaseCall *call = data;
        g_autofree char *name = NULL, *value = NULL;

        if (!junit_take_property(xml, call->report, &name, &value, error))
                return false;
        if (name != NULL && test_report_is_tag(call->report->tests, name))
                test_tag_add(call->test->tags, value);
        else if (name != NULL && !junit_take_environment(call->report, name, value))
                call->report->n_lost_properties++;
        return true;
}

static bool case_child(Xml *xml, void *data, GError **error)
{
        CaseCall *call = data;
        Case *c = call->test;

        if (xml_is(xml, "error"))
                return outcome_take(xml, c, &c->errors, true, error);
        if (xml_is(xml, "failure"))
                return outcome_take(xml, c, &c->failures, c->errors == 0, error);
        if (xml_is(xml, "skipped"))
                return outcome_take(xml, c, &c->skips, c->errors + c->failures == 0, error);
        if (xml_is(xml, "properties"))
                return xml_each_child(xml, case_property, call, error);
        c->reruns += xml_is(xml, "rerunFailure") || xml_is(xml, "rerunError");
        c->flakes += xml_is(xml, "flakyFailure") || xml_is(xml, "flakyError");
        call->report->n_outputs += xml_is(xml, "system-out") || xml_is(xml, "system-err");
        return xml_skip(xml, error);
}

static ResultStatus case_status(const Case *c, bool said, ResultStatus status)
{
        if (c->errors > 0)
                return RESULT_ERROR;
        if (c->failures > 0)
                return RESULT_FAILED;
        if (c->skips > 0)
                return RESULT_SKIPPED;
        return said ? status : RESULT_PASSED;
}

static void case_figures(JunitReport *report, const Case *c)
{
        static const char *const children[] = { "error", "failure", "skipped", "passed" };
        size_t child = c->errors > 0 ? 0 : c->failures > 0 ? 1 : c->skips > 0 ? 2 : 3;

        sink_figure_add(report->sink, "by_child", children[child], 1);
        if (c->errors + c->failures + c->skips > 1)
                sink_figure_add(report->sink, "by_child", "(multi-result)", 1);
        report->n_traces += c->errors + c->failures;
        report->n_reruns += c->reruns + c->flakes;
}

bool junit_take_case(Xml *xml, JunitReport *report, GError **error)
{
        g_auto(Case) c = { .name = name_new(report, xml),
                           .tags = g_string_new(NULL),
                           .line = xml_line(xml),
                           .at = report->suite.at,
                           .timed = report->suite.timed };
        CaseCall call = { report, &c };
        TestOutcome outcome;
        ResultStatus status = RESULT_PASSED;
        const bool said = status_of_attributes(xml, &status);

        junit_take_time(report, xml, &c.at, &c.timed);
        if (!xml_each_child(xml, case_child, &call, error))
                return false;
        status = case_status(&c, said, status);
        if (c.flakes > 0 && c.message == NULL) {
                c.message = g_strdup_printf("passed only after %zu failed runs", c.flakes);
                test_report_doubt(report->tests, c.line, "\"%.200s\" %s", c.name, c.message);
        }
        case_figures(report, &c);
        outcome = (TestOutcome){ .name = c.name,
                                 .message = c.message,
                                 .tags = c.tags->str,
                                 .line = c.line,
                                 .status = status,
                                 .at = c.at,
                                 .timed = c.timed };
        return test_report_add(report->tests, &outcome, error);
}
