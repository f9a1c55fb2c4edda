/* The open threat model, OTM 0.1.0 and 0.2.0, JSON or YAML. */
#include "exchange/readers.h"

#include "exchange/jfigures.h"
#include "exchange/yamljson.h"

static const JFigure rows[] = {
        { JFIGURE_TEXT, "otmVersion", "otmVersion", false },
        { JFIGURE_COUNT, "trustZones", "trustZones/*", false },
        { JFIGURE_COUNT, "components", "components/*", false },
        { JFIGURE_COUNT, "dataflows", "dataflows/*", false },
        { JFIGURE_COUNT, "assets", "assets/*", false },
        { JFIGURE_COUNT, "threats", "threats/*", false },
        { JFIGURE_COUNT, "mitigations", "mitigations/*", false },
        { JFIGURE_COUNT, "representations", "representations/*", false },
        { JFIGURE_COUNT, "component_threat_links", "components/*/threats/*", false },
};

static const JFormat format = { "open threat model", "otmVersion",
                                "otmVersion",        rows,
                                G_N_ELEMENTS(rows),  "an open threat model is not imported yet" };

bool otm_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(GBytes) json = yaml_or_json(source->bytes, source->depth_max, error);
        g_autoptr(JDoc) doc = json == NULL ? NULL : jfigures_read_bytes(source, json, sink, &format, error);

        return doc != NULL;
}
