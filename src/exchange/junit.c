/* JUnit XML test reports, as Ant, Surefire, GoogleTest, pytest, Jest and others write them. What is taken and what is
 * lost: docs/formats/junit.md. */
#include "base/jtext.h"
#include "exchange/junit_report.h"
#include "exchange/readers.h"
#include "model/metamodel.h"

#include <string.h>

/* What the attribute `declared` can hold. */
enum { ENVIRONMENT_ENTRIES_MAX = 20, DECLARED_MAX = 1000000000 };

static const char *const declared_names[JUNIT_TOTALS] = { "tests", "failures", "errors", "skipped" };

/* ---- suites ---- */

static void environment_add(JunitReport *report, const char *name, const char *value)
{
        g_autofree char *line = junit_new_line(value, 200), *entry = g_strdup_printf("%s %s", name, line);

        if (report->telling || line[0] == '\0' || report->environment->len >= ENVIRONMENT_ENTRIES_MAX)
                return;
        for (guint i = 0; i < report->environment->len; i++)
                if (strcmp(g_ptr_array_index(report->environment, i), entry) == 0)
                        return;
        g_ptr_array_add(report->environment, g_steal_pointer(&entry));
}

/* Properties tell everything about the machine, its user and its paths; only what says where it ran is taken. */
bool junit_take_property(Xml *xml, void *data, GError **error)
{
        static const char *const wanted[] = { "os.name", "os.version", "os.arch", "platform",
                                              "java.version" };
        JunitReport *report = data;
        g_autofree char *name = g_strdup(junit_text(xml_attr(xml, "name"))),
                        *value = g_strdup(xml_attr(xml, "value"));
        bool taken = false;

        if (!xml_is(xml, "property"))
                return xml_skip(xml, error);
        report->n_properties++;
        if (value != NULL ? !xml_skip(xml, error) : !junit_take_text(xml, JUNIT_MESSAGE_MAX, &value, error))
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(wanted) && !taken; i++)
                taken = strcmp(name, wanted[i]) == 0;
        if (taken)
                environment_add(report, name, value);
        report->n_lost_properties += !taken;
        return true;
}

/* The outermost suites say how many cases there are; those inside repeat a part of it. */
static void declared_take(JunitReport *report, Xml *xml)
{
        static const char *const names[][2] = {
                { "tests", NULL }, { "failures", NULL }, { "errors", NULL }, { "skipped", "disabled" }
        };

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                const char *text = xml_attr(xml, names[i][0]);
                uint64_t n;

                if (text == NULL && names[i][1] != NULL)
                        text = xml_attr(xml, names[i][1]);
                if (text == NULL || !g_ascii_string_to_unsigned(text, 10, 0, DECLARED_MAX, &n, NULL))
                        continue;
                report->declared[i] += (int64_t)n;
                report->is_declared[i] = true;
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
                *name = junit_new_line(junit_text(xml_attr(xml, "name")), JUNIT_NAME_MAX);
        if (report->tool == NULL)
                report->tool = tool_of(xml);
        if (xml_attr(xml, "hostname") != NULL)
                environment_add(report, "host", xml_attr(xml, "hostname"));
}

static bool suite_take(Xml *xml, JunitReport *report, GError **error);

static bool suite_child(Xml *xml, void *data, GError **error)
{
        JunitReport *report = data;
        const bool failed = xml_is(xml, "error") || xml_is(xml, "failure");
        g_autofree char *where = NULL, *line = NULL;

        if (xml_is(xml, "testsuite"))
                return suite_take(xml, report, error);
        if (xml_is(xml, "testcase"))
                return junit_take_case(xml, report, error);
        if (xml_is(xml, "properties"))
                return xml_each_child(xml, junit_take_property, report, error);
        report->n_outputs += xml_is(xml, "system-out") || xml_is(xml, "system-err");
        if (failed) {
                where = xml_where(xml);
                line = junit_new_line(junit_text(xml_attr(xml, "message")), 200);
                junit_doubt(report, where, "the suite \"%.200s\" failed outside of its test cases: %s",
                            report->suite.name, line);
        }
        return xml_skip(xml, error);
}

static bool suite_take(Xml *xml, JunitReport *report, GError **error)
{
        const char *name = junit_text(xml_attr(xml, "name"));
        g_autofree char *own = g_strndup(name, utf8_prefix(name, MIN(strlen(name), JUNIT_NAME_MAX)));
        const JunitSuite outer = report->suite;
        bool good;

        report->n_suites++;
        heading_take(report, xml, report->depth == 0 ? &report->suite_name : NULL);
        if (report->depth++ == 0 && !report->telling) {
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

/* Reads the document once. */
static bool report_read(JunitReport *report, GError **error)
{
        g_autoptr(Xml)
                xml = xml_new(report->source->bytes, report->source->depth_max, JUNIT_ELEMENTS_MAX, error);
        XmlEvent event = XML_EVENT_OPEN;
        bool good;

        if (xml == NULL || !xml_root(xml, error))
                return false;
        report->root_is_suite = xml_is(xml, "testsuite");
        if (!report->root_is_suite && !xml_is(xml, "testsuites"))
                return root_refuse(xml, error);
        report->suite = (JunitSuite){ .name = "" };
        if (report->at != NULL)
                report->suite.timed = instant_parse(report->at, &report->suite.at, NULL);
        report->n_cases = report->n_suites = 0;
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
                                                    report->declared[0], report->declared[1],
                                                    report->declared[2], report->declared[3]);

        sink_figure_text(report->sink, "root", report->root_is_suite ? "testsuite" : "testsuites");
        sink_figure_int(report->sink, "testsuites", (int64_t)report->n_suites);
        sink_figure_int(report->sink, "testcases", (int64_t)report->n_cases);
        sink_figure_text(report->sink, "top_declared", declared);
        if (report->n_properties > 0)
                sink_figure_int(report->sink, "properties", (int64_t)report->n_properties);
        if (report->n_reruns > 0)
                sink_figure_int(report->sink, "rerun", (int64_t)report->n_reruns);
}

/* What the totals of the file say against what is in it. */
static void totals_compare(JunitReport *report)
{
        const int64_t bad = (int64_t)(report->counts[RESULT_FAILED] + report->counts[RESULT_ERROR]),
                      declared_bad = report->declared[1] + report->declared[2];

        if (report->is_declared[0] && report->declared[0] != (int64_t)report->n_cases)
                junit_doubt(report, "totals", "the file claims %" G_GINT64_FORMAT " tests and has %zu",
                            report->declared[0], report->n_cases);
        if ((report->is_declared[1] || report->is_declared[2]) && declared_bad != bad)
                junit_doubt(report, "totals",
                            "the file claims %" G_GINT64_FORMAT
                            " failures and errors and has %" G_GINT64_FORMAT,
                            declared_bad, bad);
        if (report->n_untimed > 0)
                junit_doubt(
                        report, "times",
                        "%zu test cases say no time: an import takes the time of their run, which is that of the import "
                        "when it is new; a profile can give \"at\"",
                        report->n_untimed);
        if (report->n_problems > JUNIT_PROBLEMS_MAX)
                sink_problem(report->sink, "report", "%zu problems in all, of which the first %d are listed",
                             report->n_problems, JUNIT_PROBLEMS_MAX);
}

static void losses_tell(const JunitReport *report)
{
        const struct {
                size_t n;
                const char *what;
        } losses[] = { { report->n_traces, "the traces of failures and errors" },
                       { report->n_outputs, "outputs of tests" },
                       { report->n_lost_properties, "properties" },
                       { report->n_cases, "durations of test cases" } };

        for (size_t i = 0; i < G_N_ELEMENTS(losses); i++)
                if (losses[i].n > 0)
                        sink_lost(report->sink, "report", "%s (%zu), which stay in the attached file",
                                  losses[i].what, losses[i].n);
}

static json_t *run_attrs(const JunitReport *report)
{
        json_t *attrs = report->defaults == NULL ? json_object() : json_copy(report->defaults),
               *counts = json_object(), *declared = json_object();
        g_autofree char *environment = NULL;
        char at[ZW_INSTANT_TEXT];

        for (int i = 0; i < JUNIT_STATUSES; i++)
                json_object_set_new(counts, result_status_name((ResultStatus)i),
                                    json_integer((json_int_t)report->counts[i]));
        for (size_t i = 0; i < G_N_ELEMENTS(declared_names); i++)
                if (report->is_declared[i])
                        json_object_set_new(declared, declared_names[i],
                                            json_integer(MIN(report->declared[i], DECLARED_MAX)));
        json_object_set_new(attrs, "identity", json_sprintf("sha256:%s", report->id));
        json_object_set_new(attrs, "counts", counts);
        json_object_set_new(attrs, "declared", declared);
        if (report->timed) {
                instant_format(report->first, at);
                json_object_set_new(attrs, "at", json_string(at));
        } else if (report->at != NULL)
                json_object_set_new(attrs, "at", json_string(report->at));
        if (report->tool != NULL)
                json_object_set_new(attrs, "tool", json_string(report->tool));
        if (report->environment->len > 0) {
                g_ptr_array_add(report->environment, NULL);
                environment = g_strjoinv("; ", (char **)report->environment->pdata);
                json_object_set_new(attrs, "environment", json_string(environment));
        }
        return attrs;
}

static void run_tell(const JunitReport *report)
{
        g_autofree char *file = g_utf8_make_valid(report->source->name, -1);
        const char *title = junit_text(report->root_name);

        if (title[0] == '\0' && report->n_outer == 1)
                title = junit_text(report->suite_name);

        sink_op(report->sink,
                json_pack("{s:s, s:s, s:s, s:{s:s, s:s}, s:s, s:o, s:b}", "op", "item", "where", "report",
                          "kind", "test_run", "source", "system", "junit", "id", report->id, "title",
                          title[0] == '\0' ? file : title, "attrs", run_attrs(report), "attach_file", 1));
}

static bool profile_read(JunitReport *report, GError **error)
{
        static const JReadField fields[] = {
                { "at", JREAD_STRING, G_STRUCT_OFFSET(JunitReport, at), false },
                { "defaults", JREAD_OBJECT, G_STRUCT_OFFSET(JunitReport, defaults), false },
                { "tests", JREAD_ARRAY, G_STRUCT_OFFSET(JunitReport, tests), false },
                JREAD_END,
        };
        Instant at;

        if (report->source->profile == NULL)
                return true;
        if (!jread_object(report->source->profile, fields, report, "", error))
                return false;
        if (report->at != NULL && !instant_parse(report->at, &at, error)) {
                error_set_where(*error, "/at");
                return false;
        }
        return report->defaults == NULL ||
               attrs_check(ZW_KIND_TEST_RUN, report->defaults, "/defaults", error);
}

static bool report_tell(JunitReport *report, GError **error)
{
        gsize n;
        const void *bytes = g_bytes_get_data(report->source->bytes, &n);
        Digest digest;

        if (!xml_count_check(report->source->bytes, "testcase", ZW_RESULTS_MAX, error))
                return false;
        digest = hash_sha256(bytes, n);
        hex_encode(digest.b, ZW_DIGEST_BYTES, report->id);
        if (!profile_read(report, error) || !report_read(report, error))
                return false;
        figures_tell(report);
        totals_compare(report);
        losses_tell(report);
        run_tell(report);
        report->telling = true;
        return report_read(report, error);
}

bool junit_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(GHashTable) named = hash_table_new_text(g_free, g_free);
        g_autoptr(GPtrArray) environment = g_ptr_array_new_with_free_func(g_free);
        JunitReport report = { .source = source, .sink = sink, .named = named, .environment = environment };
        bool good = report_tell(&report, error);

        g_free(report.root_name);
        g_free(report.suite_name);
        return good;
}
