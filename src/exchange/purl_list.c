/* Test cases of the package URL specification: each is tried with our own reading of package URLs. */
#include "exchange/readers.h"

#include "exchange/jfigures.h"
#include "vuln/purl.h"

#include <string.h>

static const JFigure rows[] = {
        { JFIGURE_COUNT, "tests", "tests/*", false },
        { JFIGURE_MAP, "types", "tests/*/test_type", false },
};

static const JFormat format = { "list of tests of package URLs",
                                "tests",
                                NULL,
                                rows,
                                G_N_ELEMENTS(rows),
                                "tests of package URLs hold nothing to import" };

/* Whether we read the package URL as the test expects: its canonical form, or its refusal. Tests of parts (`build`) give no text
 * to read, and are not tried. */
static bool agrees(JVal test)
{
        const char *input = jval_get_text(test, "input"), *expected = jval_get_text(test, "expected_output");
        g_autofree char *canonical = NULL;
        g_auto(Purl) purl = { 0 };
        bool failure = false;

        (void)jval_bool(jval_get(test, "expected_failure"), &failure);
        if (input == NULL)
                return true;
        if (!purl_parse(input, &purl, NULL))
                return failure;
        canonical = purl_format(&purl);
        return !failure && (expected == NULL || strcmp(canonical, expected) == 0);
}

bool purl_list_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(JDoc) doc = jfigures_read(source, sink, &format, error);
        int64_t failures = 0;
        size_t number = 0;
        JVal test;
        JIter iter;

        if (doc == NULL)
                return false;
        iter = jval_iter(jval_get(jdoc_root(doc), "tests"));
        for (; jiter_next(&iter, &test); number++) {
                g_autofree char *where = g_strdup_printf("/tests/%zu", number);
                bool failure = false;

                failures += jval_bool(jval_get(test, "expected_failure"), &failure) && failure;
                if (!agrees(test))
                        sink_problem(sink, where, "this package URL is read otherwise here");
        }
        sink_figure_int(sink, "expected_failure", failures);
        return true;
}
