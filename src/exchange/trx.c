/* Results of Visual Studio and dotnet test (.trx). A test is called by its class and name; its class and categories stand in its
 * definition, which may come after its result, so the definitions are read first. */
#include "exchange/readers.h"

#include "base/hash.h"
#include "exchange/test_report.h"
#include "exchange/xfigures.h"

#include <string.h>

static const char *const roots[] = { "TestRun", NULL };

static const XFigure rows[] = {
        { XFIGURE_COUNT, "UnitTestResult", NULL, "UnitTestResult", NULL, NULL },
        { XFIGURE_MAP, "outcome", NULL, "UnitTestResult", "outcome", NULL },
};

static const char *const proofs[] = { "Results", "ResultSummary", "TestDefinitions", NULL };

static const XFormat format = { .roots = roots,
                                .what = "a results file of Visual Studio",
                                .proofs = proofs,
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .root_and_space = true };

/* What the run says of itself; the parts that are zero are many, and left out. */
static void counters_give(Xml *xml, const char *parent G_GNUC_UNUSED, void *sink)
{
        XmlAttrs attrs = xml_attrs(xml);
        const char *space, *name, *value;
        uint64_t n;

        if (!xml_is(xml, "Counters"))
                return;
        while (xml_attrs_next(xml, &attrs, &space, &name, &value))
                if (g_ascii_string_to_unsigned(value, 10, 1, G_MAXINT32, &n, NULL))
                        sink_figure_add(sink, "Counters", name, (int64_t)n);
}

/* What a definition says of a test. */
typedef struct {
        char *class;
        GString *tags;
} Definition;

typedef struct {
        TestReport *report;
        GHashTable *definitions; /* testId → Definition */
} Trx;

typedef struct {
        Trx *trx;
        Definition *definition;
        TestOutcome outcome;
        char *message;
} Test;

static void definition_free(gpointer data)
{
        Definition *definition = data;

        g_string_free(definition->tags, TRUE);
        g_free(definition->class);
        g_free(definition);
}

/* ---- definitions ---- */

static bool definition_child(Xml *xml, void *data, GError **error)
{
        Definition *definition = data;

        if (xml_is(xml, "TestCategory"))
                return xml_each_child(xml, definition_child, definition, error);
        if (xml_is(xml, "TestCategoryItem"))
                test_tag_add(definition->tags, xml_attr(xml, "TestCategory"));
        if (xml_is(xml, "TestMethod") && definition->class == NULL && xml_attr(xml, "className") != NULL)
                /* up to a comma: the assembly may follow */
                definition->class = g_strndup(xml_attr(xml, "className"),
                                              strcspn(xml_attr(xml, "className"), ","));
        return xml_skip(xml, error);
}

static bool definitions_child(Xml *xml, void *data, GError **error)
{
        Trx *trx = data;
        const char *id = xml_attr(xml, "id");
        Definition *definition;

        if (xml_is(xml, "TestDefinitions"))
                return xml_each_child(xml, definitions_child, trx, error);
        if (!xml_is(xml, "UnitTest") || id == NULL || g_hash_table_contains(trx->definitions, id))
                return xml_skip(xml, error);
        definition = g_new0(Definition, 1);
        definition->tags = g_string_new(NULL);
        g_hash_table_insert(trx->definitions, g_strdup(id), definition);
        return xml_each_child(xml, definition_child, definition, error);
}

/* ---- results ---- */

/* An outcome that is not said is one that failed: it is the default of the format. */
static ResultStatus status_of(const char *outcome)
{
        static const struct {
                const char *outcome;
                ResultStatus status;
        } known[] = { { "Passed", RESULT_PASSED },      { "Warning", RESULT_PASSED },
                      { "Failed", RESULT_FAILED },      { "Error", RESULT_ERROR },
                      { "Timeout", RESULT_ERROR },      { "Aborted", RESULT_ERROR },
                      { "Disconnected", RESULT_ERROR }, { "PassedButRunAborted", RESULT_ERROR } };

        if (outcome == NULL)
                return RESULT_FAILED;
        for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
                if (strcmp(known[i].outcome, outcome) == 0)
                        return known[i].status;
        return RESULT_SKIPPED;
}

static bool output_child(Xml *xml, void *data, GError **error)
{
        Test *test = data;

        if (xml_is(xml, "Output") || xml_is(xml, "ErrorInfo"))
                return xml_each_child(xml, output_child, test, error);
        return xml_is(xml, "Message") ? test_text_take(xml, &test->message, error) : xml_skip(xml, error);
}

static char *name_new(const char *class, const char *name)
{
        if (class == NULL || g_str_has_prefix(name, class))
                return g_strdup(name);
        return g_strdup_printf("%s.%s", class, name);
}

static bool result_take(Xml *xml, Trx *trx, GError **error)
{
        const char *id = xml_attr(xml, "testId"), *said = xml_attr(xml, "testName");
        const Definition *definition = id == NULL ? NULL : g_hash_table_lookup(trx->definitions, id);
        g_autofree char *name = name_new(definition == NULL ? NULL : definition->class,
                                         said == NULL ? "" : said);
        Test test = { .trx = trx,
                      .outcome = { .name = name,
                                   .line = xml_line(xml),
                                   .tags = definition == NULL ? NULL : definition->tags->str,
                                   .status = status_of(xml_attr(xml, "outcome")) } };
        bool good;

        test_report_environment(trx->report, "host", xml_attr(xml, "computerName"));
        test_time_take(trx->report, xml, "startTime", &test.outcome.at, &test.outcome.timed);
        test_time_take(trx->report, xml, "endTime", &test.outcome.at, &test.outcome.timed);
        good = xml_each_child(xml, output_child, &test, error);
        test.outcome.message = test.message;
        good = good && test_report_add(trx->report, &test.outcome, error);
        g_free(test.message);
        return good;
}

static void declared_take(Xml *xml, TestReport *report)
{
        static const struct {
                const char *attr;
                TestTotal total;
        } totals[] = { { "total", TEST_TOTAL_TESTS },    { "failed", TEST_TOTAL_FAILURES },
                       { "error", TEST_TOTAL_ERRORS },   { "timeout", TEST_TOTAL_ERRORS },
                       { "aborted", TEST_TOTAL_ERRORS }, { "notExecuted", TEST_TOTAL_SKIPPED } };

        for (size_t i = 0; i < G_N_ELEMENTS(totals); i++)
                test_report_declare_text(report, totals[i].total, xml_attr(xml, totals[i].attr));
}

static bool results_child(Xml *xml, void *data, GError **error)
{
        Trx *trx = data;
        Instant at;
        bool timed = false;

        if (xml_is(xml, "UnitTestResult"))
                return result_take(xml, trx, error);
        if (xml_is(xml, "Results") || xml_is(xml, "ResultSummary"))
                return xml_each_child(xml, results_child, trx, error);
        if (xml_is(xml, "Times"))
                test_time_take(trx->report, xml, "start", &at, &timed);
        if (timed)
                test_report_ran(trx->report, at);
        if (xml_is(xml, "Counters"))
                declared_take(xml, trx->report);
        return xml_skip(xml, error);
}

static bool definitions_read(const Source *source, Trx *trx, GError **error)
{
        g_autoptr(Xml) xml = xml_new(source->bytes, source->depth_max, TEST_ELEMENTS_MAX, error);

        return xml != NULL && xml_root(xml, error) && xml_each_child(xml, definitions_child, trx, error);
}

static bool results_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(TestReport) report = test_report_new(source, sink, "trx", error);
        g_autoptr(GHashTable) definitions = hash_table_new_text(g_free, definition_free);
        g_autoptr(Xml) xml = NULL;
        Trx trx = { report, definitions };

        if (report == NULL || !definitions_read(source, &trx, error))
                return false;
        xml = xml_new(source->bytes, source->depth_max, TEST_ELEMENTS_MAX, error);
        if (xml == NULL || !xml_root(xml, error))
                return false;
        test_report_title(report, xml_attr(xml, "name"));
        if (!xml_each_child(xml, results_child, &trx, error))
                return false;
        test_report_tell(report);
        return true;
}

bool trx_read(const Source *source, Sink *sink, GError **error)
{
        XFormat with_counters = format;

        with_counters.open = counters_give;
        with_counters.data = sink;
        return xfigures_read(source, sink, &with_counters, error) && results_read(source, sink, error);
}
