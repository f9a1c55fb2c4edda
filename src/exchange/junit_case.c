/* Test cases of a JUnit report: what they are called, how they went, when. */
#include "exchange/junit_report.h"

#include "base/jtext.h"

#include <string.h>

/* What is known of one case while its element is read. */
typedef struct {
        char *name, *where, *message;
        Instant at;
        bool timed;
        size_t failures, errors, skips, reruns, flakes;
} Case;

static void case_clear(Case *c)
{
        g_free(c->name);
        g_free(c->where);
        g_free(c->message);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Case, case_clear)

void junit_doubt(JunitReport *report, const char *where, const char *format, ...)
{
        g_autofree char *text = NULL;
        va_list args;

        if (report->telling || ++report->n_problems > JUNIT_PROBLEMS_MAX)
                return;
        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        sink_problem(report->sink, where, "%s", text);
}

/* ---- times ---- */

/* Takes what tools write besides RFC 3339: blanks for the T or beside it, no offset (then UTC), an offset without colon. */
static bool time_read(const char *text, Instant *ret_at)
{
        g_autoptr(GString) time = g_string_new(NULL);
        size_t n;

        for (const char *p = text; *p != '\0' && time->len < 64; p++)
                if (!g_ascii_isspace(*p))
                        g_string_append_c(time, *p);
        if (time->len > 10 && g_ascii_isdigit(time->str[10]))
                g_string_insert_c(time, 10, 'T');
        n = time->len;
        if (n > 11 && strpbrk(time->str + 11, "Zz+-") == NULL)
                g_string_append_c(time, 'Z');
        else if (n > 16 && strchr("+-", time->str[n - 5]) != NULL)
                g_string_insert_c(time, (gssize)n - 2, ':');
        return instant_parse(time->str, ret_at, NULL);
}

void junit_take_time(JunitReport *report, Xml *xml, Instant *at, bool *timed)
{
        const char *text = xml_attr(xml, "timestamp");
        g_autofree char *where = NULL;
        Instant read;

        if (text == NULL || text[0] == '\0')
                return;
        if (!time_read(text, &read)) {
                where = xml_where(xml);
                junit_doubt(report, where, "\"%.64s\" is no time", text);
                return;
        }
        *at = read;
        *timed = true;
        if (!report->timed || read < report->first)
                report->first = read;
        report->timed = true;
}

/* ---- texts ---- */

bool junit_take_text(Xml *xml, size_t most, char **ret_text, GError **error)
{
        const size_t depth = xml_depth(xml);
        g_autoptr(GString) text = g_string_new(NULL);
        XmlEvent event = XML_EVENT_OPEN;

        while (!(event == XML_EVENT_CLOSE && xml_depth(xml) == depth)) {
                if (!xml_next(xml, &event, error))
                        return false;
                if (event == XML_EVENT_TEXT && text->len < most)
                        g_string_append_len(text, xml_text(xml), (gssize)strnlen(xml_text(xml), most));
        }
        *ret_text = g_string_free(g_steal_pointer(&text), FALSE);
        return true;
}

char *junit_new_line(const char *text, size_t most)
{
        size_t n;

        while (g_ascii_isspace(*text))
                text++;
        n = utf8_prefix(text, MIN(strcspn(text, "\r\n"), most));
        return g_strchomp(g_strndup(text, n));
}

/* ---- cases ---- */

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
                g_clear_pointer(&text, g_free);
                if (!junit_take_text(xml, JUNIT_MESSAGE_MAX, &text, error))
                        return false;
        } else if (!xml_skip(xml, error))
                return false;
        line = junit_new_line(text, JUNIT_MESSAGE_MAX);
        if (first && worst) {
                g_free(c->message);
                c->message = g_steal_pointer(&line);
        }
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
                return xml_each_child(xml, junit_take_property, call->report, error);
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

static void case_count(JunitReport *report, const Case *c, ResultStatus status)
{
        JunitNamed *named = g_hash_table_lookup(report->named, c->name);

        case_figures(report, c);
        report->counts[status]++;
        report->n_untimed += !c->timed;
        if (c->name[0] == '\0' || strlen(c->name) > JUNIT_NAME_MAX)
                return;
        if (named == NULL) {
                named = g_new0(JunitNamed, 1);
                g_hash_table_insert(report->named, g_strdup(c->name), named);
        }
        if (named->n++ == 0 || result_status_rank(status) > result_status_rank(named->status)) {
                named->kept = report->n_cases;
                named->status = status;
        }
}

static void case_tell(JunitReport *report, Case *c, ResultStatus status)
{
        const JunitNamed *named = g_hash_table_lookup(report->named, c->name);
        char at[ZW_INSTANT_TEXT];
        json_t *op;

        if (strlen(c->name) > JUNIT_NAME_MAX) {
                sink_refuse(report->sink, c->where, "the name of a test case has at most %d bytes",
                            JUNIT_NAME_MAX);
                return;
        }
        if (named != NULL && named->kept != report->n_cases)
                return;
        if (named != NULL && named->n > 1 && ++report->n_repeated <= JUNIT_PROBLEMS_MAX)
                sink_problem(report->sink, c->where,
                             "\"%.200s\" comes %zu times; its worst result counts: %s", c->name, named->n,
                             result_status_name(status));
        op = json_pack("{s:s, s:s, s:{s:s}, s:{s:[s, s]}, s:s}", "op", "result", "where", c->where, "case",
                       "name", c->name, "run", "source", "junit", report->id, "status",
                       result_status_name(status));
        if (c->timed) {
                instant_format(c->at, at);
                json_object_set_new(op, "at", json_string(at));
        }
        if (c->message != NULL && c->message[0] != '\0')
                json_object_set_new(op, "message", json_string(c->message));
        sink_op(report->sink, op);
}

bool junit_take_case(Xml *xml, JunitReport *report, GError **error)
{
        g_auto(Case) c = { .name = name_new(report, xml),
                           .where = xml_where(xml),
                           .at = report->suite.at,
                           .timed = report->suite.timed };
        CaseCall call = { report, &c };
        ResultStatus status = RESULT_PASSED;
        const bool said = status_of_attributes(xml, &status);

        if (++report->n_cases > ZW_RESULTS_MAX) {
                error_set(error, ZW_ERR_LIMIT, c.where, "a report has at most %d test cases", ZW_RESULTS_MAX);
                return false;
        }
        junit_take_time(report, xml, &c.at, &c.timed);
        if (!xml_each_child(xml, case_child, &call, error))
                return false;
        status = case_status(&c, said, status);
        if (c.flakes > 0 && c.message == NULL) {
                c.message = g_strdup_printf("passed only after %zu failed runs", c.flakes);
                junit_doubt(report, c.where, "\"%.200s\" %s", c.name, c.message);
        }
        if (report->telling)
                case_tell(report, &c, status);
        else
                case_count(report, &c, status);
        return true;
}
