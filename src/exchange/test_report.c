#include "exchange/test_report.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/jread.h"
#include "base/jtext.h"
#include "model/metamodel.h"

#include <string.h>

enum { STATUSES = RESULT_SKIPPED + 1, ENVIRONMENT_ENTRIES_MAX = 20, TAGS_MAX = 64, RUN_ID_MAX = 200 };

static const char *const declared_names[TEST_TOTALS] = { "tests", "failures", "errors", "skipped" };

/* One test, its texts in the arena. */
typedef struct {
        const char *name, *message, *tags;
        size_t line;
        Instant at;
        bool timed;
        ResultStatus status;
} Test;

/* All tests of one name. */
typedef struct {
        guint kept; /* index of the one that counts: the first of the worst */
        guint n;
} Named;

/* What the profile says; borrowed from it. */
typedef struct {
        const char *at, *run, *property;
        json_t *defaults, *tests;
} RunProfile;

struct TestReport {
        const Source *source;
        Sink *sink;
        const char *system;
        RunProfile profile;
        Instant default_at;
        char digest[ZW_DIGEST_HEX];

        Arena *texts;
        GArray *tests;     /* of Test */
        GHashTable *named; /* name, borrowed → Named */
        size_t counts[STATUSES], n_problems, n_untimed, n_repeated;
        int64_t declared[TEST_TOTALS];
        bool is_declared[TEST_TOTALS];

        char *title, *tool;
        GPtrArray *environment; /* entries such as `host ci-1` */
        Instant first;
        bool timed;
};

/* ---- making ---- */

static bool profile_take(TestReport *report, GError **error)
{
        static const JReadField fields[] = {
                { "at", JREAD_STRING, G_STRUCT_OFFSET(RunProfile, at), false },
                { "run", JREAD_STRING, G_STRUCT_OFFSET(RunProfile, run), false },
                { "property", JREAD_STRING, G_STRUCT_OFFSET(RunProfile, property), false },
                { "defaults", JREAD_OBJECT, G_STRUCT_OFFSET(RunProfile, defaults), false },
                { "tests", JREAD_ARRAY, G_STRUCT_OFFSET(RunProfile, tests), false },
                JREAD_END,
        };
        RunProfile *profile = &report->profile;

        if (report->source->profile == NULL)
                return true;
        if (!jread_object(report->source->profile, fields, profile, "", error))
                return false;
        if (profile->at != NULL && !instant_parse(profile->at, &report->default_at, error)) {
                error_set_where(*error, "/at");
                return false;
        }
        if (profile->run != NULL && (profile->run[0] == '\0' || strlen(profile->run) > RUN_ID_MAX)) {
                error_set(error, ZW_ERR_INPUT, "/run", "the identity of a run has 1 to %d bytes",
                          (int)RUN_ID_MAX);
                return false;
        }
        return profile->defaults == NULL ||
               attrs_check(ZW_KIND_TEST_RUN, profile->defaults, "/defaults", error);
}

TestReport *test_report_new(const Source *source, Sink *sink, const char *system, GError **error)
{
        g_autoptr(TestReport) report = g_new0(TestReport, 1);
        gsize n;
        const void *bytes = g_bytes_get_data(source->bytes, &n);
        const Digest digest = hash_sha256(bytes, n);

        report->source = source;
        report->sink = sink;
        report->system = system;
        hex_encode(digest.b, ZW_DIGEST_BYTES, report->digest);
        report->texts = arena_new(TEST_TEXTS_MAX);
        report->tests = g_array_new(FALSE, FALSE, sizeof(Test));
        report->named = hash_table_new_text(NULL, g_free);
        report->environment = g_ptr_array_new_with_free_func(g_free);
        return profile_take(report, error) ? g_steal_pointer(&report) : NULL;
}

void test_report_free(TestReport *report)
{
        if (report == NULL)
                return;
        g_ptr_array_unref(report->environment);
        g_hash_table_unref(report->named);
        g_array_unref(report->tests);
        arena_free(report->texts);
        g_free(report->title);
        g_free(report->tool);
        g_free(report);
}

/* ---- facts of the run ---- */

void test_report_title(TestReport *report, const char *title)
{
        g_autofree char *line = test_line_new(title, TEST_NAME_MAX);

        if (report->title == NULL && line[0] != '\0')
                report->title = g_steal_pointer(&line);
}

void test_report_tool(TestReport *report, const char *tool)
{
        g_autofree char *line = test_line_new(tool, TEST_TAG_MAX);

        if (report->tool == NULL && line[0] != '\0')
                report->tool = g_steal_pointer(&line);
}

void test_report_ran(TestReport *report, Instant at)
{
        if (!report->timed || at < report->first)
                report->first = at;
        report->timed = true;
}

void test_report_environment(TestReport *report, const char *name, const char *value)
{
        g_autofree char *line = test_line_new(value, TEST_TAG_MAX),
                        *entry = g_strdup_printf("%s %s", name, line);

        if (line[0] == '\0' || report->environment->len >= ENVIRONMENT_ENTRIES_MAX)
                return;
        for (guint i = 0; i < report->environment->len; i++)
                if (strcmp(g_ptr_array_index(report->environment, i), entry) == 0)
                        return;
        g_ptr_array_add(report->environment, g_steal_pointer(&entry));
}

void test_report_declare(TestReport *report, TestTotal total, int64_t n)
{
        report->declared[total] += n;
        report->is_declared[total] = true;
}

void test_report_declare_text(TestReport *report, TestTotal total, const char *text)
{
        uint64_t n;

        if (text != NULL && g_ascii_string_to_unsigned(text, 10, 0, TEST_DECLARED_MAX, &n, NULL))
                test_report_declare(report, total, (int64_t)n);
}

bool test_report_is_tag(const TestReport *report, const char *property)
{
        static const char *const known[] = { "test_case", "testcase", "test_key", "tag", "tags", "category" };

        if (report->profile.property != NULL && strcmp(report->profile.property, property) == 0)
                return true;
        for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
                if (g_ascii_strcasecmp(known[i], property) == 0)
                        return true;
        return false;
}

/* ---- tests ---- */

static char *keep(TestReport *report, const char *text)
{
        return text == NULL || text[0] == '\0' ? NULL : arena_text(report->texts, text, strlen(text));
}

static bool limit_refuse(size_t line, const char *what, GError **error)
{
        g_autofree char *where = g_strdup_printf("line %zu", line);

        error_set(error, ZW_ERR_LIMIT, where, "%s", what);
        return false;
}

/* Of several tests of one name the first of the worst counts. */
static void name_count(TestReport *report, const Test *test)
{
        Named *named = test->name == NULL || strlen(test->name) > TEST_NAME_MAX
                               ? NULL
                               : g_hash_table_lookup(report->named, test->name);

        if (test->name == NULL || strlen(test->name) > TEST_NAME_MAX)
                return;
        if (named == NULL) {
                named = g_new0(Named, 1);
                named->kept = report->tests->len;
                g_hash_table_insert(report->named, (gpointer)(uintptr_t)test->name, named);
        } else if (result_status_rank(test->status) >
                   result_status_rank(g_array_index(report->tests, Test, named->kept).status))
                named->kept = report->tests->len;
        named->n++;
}

bool test_report_add(TestReport *report, const TestOutcome *outcome, GError **error)
{
        g_autofree char *line = test_line_new(outcome->message, TEST_MESSAGE_MAX);
        Test test = { .line = outcome->line,
                      .at = outcome->timed ? outcome->at : report->default_at,
                      .timed = outcome->timed || report->profile.at != NULL,
                      .status = outcome->status };

        if (report->tests->len >= ZW_RESULTS_MAX) {
                g_autofree char *what = g_strdup_printf("a report has at most %d test cases", ZW_RESULTS_MAX);

                return limit_refuse(outcome->line, what, error);
        }
        test.name = keep(report, outcome->name);
        test.message = keep(report, line);
        test.tags = keep(report, outcome->tags);
        if ((test.name == NULL && outcome->name != NULL && outcome->name[0] != '\0') ||
            (test.message == NULL && line[0] != '\0') ||
            (test.tags == NULL && outcome->tags != NULL && outcome->tags[0] != '\0'))
                return limit_refuse(outcome->line, "names, messages and tags are longer than 256 MiB", error);
        name_count(report, &test);
        report->counts[test.status]++;
        report->n_untimed += !test.timed;
        if (outcome->timed)
                test_report_ran(report, outcome->at);
        g_array_append_val(report->tests, test);
        return true;
}

size_t test_report_count(const TestReport *report)
{
        return report->tests->len;
}

static void doubt_tell(TestReport *report, const char *where, const char *text)
{
        if (++report->n_problems <= TEST_PROBLEMS_MAX)
                sink_problem(report->sink, where, "%s", text);
}

void test_report_doubt(TestReport *report, size_t line, const char *format, ...)
{
        g_autofree char *text = NULL, *where = g_strdup_printf("line %zu", line);
        va_list args;

        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        doubt_tell(report, where, text);
}

void test_report_lost(TestReport *report, const char *what, size_t n)
{
        if (n > 0)
                sink_lost(report->sink, "report", "%s (%zu), which stay in the attached file", what, n);
}

/* ---- telling ---- */

/* What the totals of the file say against what is in it. */
static void totals_compare(TestReport *report)
{
        const int64_t *declared = report->declared;
        const struct {
                bool said;
                int64_t claimed, there;
                const char *what;
        } totals[] = { { report->is_declared[TEST_TOTAL_TESTS], declared[TEST_TOTAL_TESTS],
                         report->tests->len, "tests" },
                       { report->is_declared[TEST_TOTAL_FAILURES] || report->is_declared[TEST_TOTAL_ERRORS],
                         declared[TEST_TOTAL_FAILURES] + declared[TEST_TOTAL_ERRORS],
                         (int64_t)(report->counts[RESULT_FAILED] + report->counts[RESULT_ERROR]),
                         "failures and errors" } };

        for (size_t i = 0; i < G_N_ELEMENTS(totals); i++) {
                g_autofree char *text = g_strdup_printf("the file claims %" G_GINT64_FORMAT
                                                        " %s and has %" G_GINT64_FORMAT,
                                                        totals[i].claimed, totals[i].what, totals[i].there);

                if (totals[i].said && totals[i].claimed != totals[i].there)
                        doubt_tell(report, "totals", text);
        }
}

static void times_tell(TestReport *report)
{
        g_autofree char *text = g_strdup_printf(
                "%zu test cases say no time: an import takes the time of their run, which is that of the import "
                "when it is new; a profile can give \"at\"",
                report->n_untimed);

        if (report->n_untimed > 0 && !report->timed)
                doubt_tell(report, "times", text);
        if (report->n_problems > TEST_PROBLEMS_MAX)
                sink_problem(report->sink, "report", "%zu problems in all, of which the first %d are listed",
                             report->n_problems, TEST_PROBLEMS_MAX);
}

static json_t *environment_new(const TestReport *report)
{
        g_autoptr(GString) text = g_string_new(NULL);

        for (guint i = 0; i < report->environment->len; i++)
                g_string_append_printf(text, "%s%s", i == 0 ? "" : "; ",
                                       (const char *)g_ptr_array_index(report->environment, i));
        return json_string(text->str);
}

static json_t *run_attrs(const TestReport *report)
{
        json_t *attrs = report->profile.defaults == NULL ? json_object()
                                                         : json_copy(report->profile.defaults),
               *counts = json_object(), *declared = json_object();
        char at[ZW_INSTANT_TEXT];

        for (int i = 0; i < STATUSES; i++)
                json_object_set_new(counts, result_status_name((ResultStatus)i),
                                    json_integer((json_int_t)report->counts[i]));
        for (size_t i = 0; i < G_N_ELEMENTS(declared_names); i++)
                if (report->is_declared[i])
                        json_object_set_new(declared, declared_names[i],
                                            json_integer(MIN(report->declared[i], TEST_DECLARED_MAX)));
        json_object_set_new(attrs, "identity",
                            report->profile.run == NULL ? json_sprintf("sha256:%s", report->digest)
                                                        : json_string(report->profile.run));
        json_object_set_new(attrs, "counts", counts);
        json_object_set_new(attrs, "declared", declared);
        if (report->timed) {
                instant_format(report->first, at);
                json_object_set_new(attrs, "at", json_string(at));
        } else if (report->profile.at != NULL)
                json_object_set_new(attrs, "at", json_string(report->profile.at));
        if (report->tool != NULL)
                json_object_set_new(attrs, "tool", json_string(report->tool));
        if (report->environment->len > 0)
                json_object_set_new(attrs, "environment", environment_new(report));
        return attrs;
}

static const char *run_id(const TestReport *report)
{
        return report->profile.run == NULL ? report->digest : report->profile.run;
}

static void run_tell(const TestReport *report)
{
        g_autofree char *file = g_utf8_make_valid(report->source->name, -1);

        sink_op(report->sink,
                json_pack("{s:s, s:s, s:s, s:{s:s, s:s}, s:s, s:o, s:b}", "op", "item", "where", "report",
                          "kind", "test_run", "source", "system", report->system, "id", run_id(report),
                          "title", report->title == NULL ? file : report->title, "attrs", run_attrs(report),
                          "attach_file", 1));
}

static json_t *case_new(const Test *test)
{
        json_t *named = json_pack("{s:s}", "name", test->name == NULL ? "" : test->name), *list;
        g_auto(GStrv) tags = NULL;

        if (test->tags == NULL)
                return named;
        tags = g_strsplit(test->tags, "\n", TAGS_MAX);
        list = json_array();
        for (size_t i = 0; tags[i] != NULL; i++)
                json_array_append_new(list, json_string(tags[i]));
        json_object_set_new(named, "tags", list);
        return named;
}

static void test_tell(TestReport *report, guint index)
{
        const Test *test = &g_array_index(report->tests, Test, index);
        const Named *named = test->name == NULL ? NULL : g_hash_table_lookup(report->named, test->name);
        g_autofree char *where = g_strdup_printf("line %zu", test->line);
        char at[ZW_INSTANT_TEXT];
        json_t *op;

        if (test->name != NULL && strlen(test->name) > TEST_NAME_MAX) {
                sink_refuse(report->sink, where, "the name of a test case has at most %d bytes",
                            TEST_NAME_MAX);
                return;
        }
        if (named != NULL && named->kept != index)
                return;
        if (named != NULL && named->n > 1 && ++report->n_repeated <= TEST_PROBLEMS_MAX)
                sink_problem(report->sink, where, "\"%.200s\" comes %u times; its worst result counts: %s",
                             test->name, named->n, result_status_name(test->status));
        op = json_pack("{s:s, s:s, s:o, s:{s:[s, s]}, s:s}", "op", "result", "where", where, "case",
                       case_new(test), "run", "source", report->system, run_id(report), "status",
                       result_status_name(test->status));
        if (test->timed) {
                instant_format(test->at, at);
                json_object_set_new(op, "at", json_string(at));
        }
        if (test->message != NULL)
                json_object_set_new(op, "message", json_string(test->message));
        sink_op(report->sink, op);
}

void test_report_tell(TestReport *report)
{
        totals_compare(report);
        times_tell(report);
        run_tell(report);
        for (guint i = 0; i < report->tests->len; i++)
                test_tell(report, i);
}

/* ---- what is written in many ways ---- */

bool test_time_read(const char *text, Instant *ret_at)
{
        g_autoptr(GString) time = g_string_new(NULL);
        size_t n;

        for (const char *p = text; *p != '\0' && time->len < 64; p++)
                if (!g_ascii_isspace(*p))
                        g_string_append_c(time, *p);
        if (strspn(time->str, "0123456789") >= 8) {
                g_string_insert_c(time, 6, '-');
                g_string_insert_c(time, 4, '-');
        }
        if (time->len > 10 && g_ascii_isdigit(time->str[10]))
                g_string_insert_c(time, 10, 'T');
        n = time->len;
        if (n > 11 && strpbrk(time->str + 11, "Zz+-") == NULL)
                g_string_append_c(time, 'Z');
        else if (n > 16 && strchr("+-", time->str[n - 5]) != NULL)
                g_string_insert_c(time, (gssize)n - 2, ':');
        return instant_parse(time->str, ret_at, NULL);
}

void test_time_take(TestReport *report, Xml *xml, const char *attr, Instant *at, bool *timed)
{
        const char *text = xml_attr(xml, attr);
        Instant read;

        if (text == NULL || text[0] == '\0')
                return;
        if (!test_time_read(text, &read)) {
                test_report_doubt(report, xml_line(xml), "\"%.64s\" is no time", text);
                return;
        }
        *at = read;
        *timed = true;
}

char *test_line_new(const char *text, size_t most)
{
        size_t n;

        if (text == NULL)
                text = "";
        while (g_ascii_isspace(*text))
                text++;
        n = utf8_prefix(text, MIN(strcspn(text, "\r\n"), most));
        return g_strchomp(g_strndup(text, n));
}

bool test_text_take(Xml *xml, char **text, GError **error)
{
        const size_t depth = xml_depth(xml);
        g_autoptr(GString) read = g_string_new(NULL);
        XmlEvent event = XML_EVENT_OPEN;

        while (!(event == XML_EVENT_CLOSE && xml_depth(xml) == depth)) {
                if (!xml_next(xml, &event, error))
                        return false;
                if (event == XML_EVENT_TEXT && read->len < TEST_MESSAGE_MAX)
                        g_string_append_len(read, xml_text(xml),
                                            (gssize)strnlen(xml_text(xml), TEST_MESSAGE_MAX));
        }
        g_free(*text);
        *text = g_string_free(g_steal_pointer(&read), FALSE);
        return true;
}

bool test_report_read_xml(const Source *source, Sink *sink, const char *system, TestRootFn root,
                          GError **error)
{
        g_autoptr(TestReport) report = test_report_new(source, sink, system, error);
        g_autoptr(Xml) xml = report == NULL
                                     ? NULL
                                     : xml_new(source->bytes, source->depth_max, TEST_ELEMENTS_MAX, error);

        if (xml == NULL || !xml_root(xml, error) || !root(xml, report, error))
                return false;
        test_report_tell(report);
        return true;
}

void test_tag_add(GString *tags, const char *tag)
{
        g_autofree char *line = test_line_new(tag, TEST_TAG_MAX);

        if (line[0] != '\0')
                g_string_append_printf(tags, "%s%s", tags->len == 0 ? "" : "\n", line);
}

char *test_name_below(const char *suite, char between, Xml *xml)
{
        const char *name = xml_attr(xml, "name");

        if (name == NULL)
                name = "";
        return suite[0] == '\0' ? g_strdup(name)
                                : g_strdup_printf("%.*s%c%s", TEST_NAME_MAX, suite, between, name);
}
