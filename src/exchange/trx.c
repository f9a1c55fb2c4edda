/* Results of Visual Studio and dotnet test (.trx). */
#include "exchange/readers.h"

#include "exchange/xfigures.h"

static const char *const roots[] = { "TestRun", NULL };

static const XFigure rows[] = {
        { XFIGURE_COUNT, "UnitTestResult", NULL, "UnitTestResult", NULL, NULL },
        { XFIGURE_MAP, "outcome", NULL, "UnitTestResult", "outcome", NULL },
};

static const XFormat format = { .roots = roots,
                                .what = "a results file of Visual Studio",
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .refusal = "these results are not imported yet",
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

bool trx_read(const Source *source, Sink *sink, GError **error)
{
        XFormat with_counters = format;

        with_counters.open = counters_give;
        with_counters.data = sink;
        return xfigures_read(source, sink, &with_counters, error);
}
