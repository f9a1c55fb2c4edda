/* Models of OWASP Threat Dragon, version 1 (cells of a drawing in diagramJson) and 2 (cells with data), JSON. */
#include "exchange/readers.h"

#include "exchange/jfigures.h"
#include "exchange/threat_dragon.h"

static const JFigure rows_1[] = {
        { JFIGURE_COUNT, "diagrams", "detail/diagrams/*", false },
        { JFIGURE_MAP, "diagram_types", "detail/diagrams/*/diagramType", false },
        { JFIGURE_MAP, "cells", "detail/diagrams/*/diagramJson/cells/*/type", false },
        { JFIGURE_MAP, "threats_by_status", "detail/diagrams/*/diagramJson/cells/*/threats/*/status", true },
        { JFIGURE_MAP, "threats_by_severity", "detail/diagrams/*/diagramJson/cells/*/threats/*/severity",
          true },
};

static const JFigure rows_2[] = {
        { JFIGURE_TEXT, "version", "version", false },
        { JFIGURE_COUNT, "diagrams", "detail/diagrams/*", false },
        { JFIGURE_MAP, "diagram_types", "detail/diagrams/*/diagramType", false },
        { JFIGURE_MAP, "cells", "detail/diagrams/*/cells/*/shape", false },
        { JFIGURE_MAP, "threats_by_status", "detail/diagrams/*/cells/*/data/threats/*/status", true },
        { JFIGURE_MAP, "threats_by_severity", "detail/diagrams/*/cells/*/data/threats/*/severity", true },
};

static const JFormat format_1 = {
        "model of Threat Dragon", "detail/diagrams", NULL, rows_1, G_N_ELEMENTS(rows_1), NULL
};
static const JFormat format_2 = {
        "model of Threat Dragon", "detail/diagrams", "version", rows_2, G_N_ELEMENTS(rows_2), NULL
};

static void count_true(JVal value, const char *name G_GNUC_UNUSED, void *data)
{
        int64_t *count = data;
        bool yes = false;

        *count += jval_bool(value, &yes) && yes;
}

bool threat_dragon_read(const Source *source, Sink *sink, GError **error)
{
        const bool first = jfigures_has(source->bytes, "\"diagramJson\"");
        g_autoptr(JDoc) doc = jfigures_read(source, sink, first ? &format_1 : &format_2, error);
        int64_t out = 0;

        if (doc == NULL)
                return false;
        jfigures_visit(jdoc_root(doc), "detail/diagrams/*/diagramJson/cells/*/outOfScope", count_true, &out);
        jfigures_visit(jdoc_root(doc), "detail/diagrams/*/cells/*/data/outOfScope", count_true, &out);
        sink_figure_int(sink, "outOfScope", out);
        sink_figure_text(sink, "version_kind", first ? "v1" : "v2");
        if (!source->figures_only)
                threat_dragon_tell(jdoc_root(doc), sink, source->name);
        return true;
}
