/* Threat models as bills of materials: the draft extension of CycloneDX with components of type `threat-model`, which the schema
 * of 1.6 does not know. */
#include "exchange/readers.h"

#include "exchange/jfigures.h"

static const JFigure rows[] = {
        { JFIGURE_COUNT, "metadata", "metadata/*", false },
        { JFIGURE_COUNT, "components", "components/*", false },
        { JFIGURE_COUNT, "components_all_nested", "**/components/*", false },
        { JFIGURE_MAP, "types", "**/components/*/type", false },
};

static const JFormat format = {
        "bill of materials", "components",
        "specVersion",       rows,
        G_N_ELEMENTS(rows),  "a threat model of the CycloneDX draft is not imported yet"
};

bool tm_bom_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(JDoc) doc = jfigures_read(source, sink, &format, error);

        if (doc != NULL)
                sink_figure_text(sink, "root", "object");
        return doc != NULL;
}
