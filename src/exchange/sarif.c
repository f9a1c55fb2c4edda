/* SARIF 2.1.0: results of static analysis. */
#include "exchange/readers.h"

#include "exchange/jfigures.h"

#include <string.h>

static const JFigure rows[] = {
        { JFIGURE_TEXT, "version", "version", false },
        { JFIGURE_COUNT, "runs", "runs/*", false },
        { JFIGURE_LIST, "tools", "runs/*/tool/driver/name", true },
        { JFIGURE_COUNT, "rules", "runs/*/tool/driver/rules/*", false },
        { JFIGURE_COUNT, "results", "runs/*/results/*", false },
};

static const JFormat format = { "SARIF log",        "runs",
                                "version",          rows,
                                G_N_ELEMENTS(rows), "results of static analysis are not imported yet" };

typedef struct {
        Sink *sink;
        int64_t suppressed, flows;
} Counts;

static void result_count(JVal result, const char *name G_GNUC_UNUSED, void *data)
{
        Counts *counts = data;
        const char *level = jval_get_text(result, "level");

        sink_figure_add(counts->sink, "levels", level == NULL ? "None" : level, 1);
        counts->suppressed += jval_count(jval_get(result, "suppressions")) > 0;
        counts->flows += jval_count(jval_get(result, "codeFlows")) > 0;
}

bool sarif_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(JDoc) doc = jfigures_read(source, sink, &format, error);
        Counts counts = { .sink = sink };

        if (doc == NULL)
                return false;
        sink_figure_map(sink, "levels");
        jfigures_visit(jdoc_root(doc), "runs/*/results/*", result_count, &counts);
        sink_figure_int(sink, "suppressed", counts.suppressed);
        sink_figure_int(sink, "codeFlows", counts.flows);
        return true;
}
