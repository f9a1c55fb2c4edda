/* Models of Threagile, YAML or JSON. */
#include "exchange/readers.h"

#include "exchange/jfigures.h"
#include "exchange/yamljson.h"

static const JFigure rows[] = {
        { JFIGURE_TEXT, "threagile_version", "threagile_version", false },
        { JFIGURE_COUNT, "data_assets", "data_assets/*", false },
        { JFIGURE_COUNT, "technical_assets", "technical_assets/*", false },
        { JFIGURE_COUNT, "communication_links", "technical_assets/*/communication_links/*", false },
        { JFIGURE_COUNT, "trust_boundaries", "trust_boundaries/*", false },
        { JFIGURE_COUNT, "shared_runtimes", "shared_runtimes/*", false },
        { JFIGURE_COUNT, "individual_risk_categories", "individual_risk_categories/*", false },
        { JFIGURE_COUNT, "risk_tracking", "risk_tracking/*", false },
};

static const JFormat format = { "model of Threagile", "threagile_version",
                                "threagile_version",  rows,
                                G_N_ELEMENTS(rows),   "a model of Threagile is not imported yet" };

bool threagile_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(GBytes) json = yaml_or_json(source->bytes, source->depth_max, error);
        g_autoptr(JDoc) doc = json == NULL ? NULL : jfigures_read_bytes(source, json, sink, &format, error);

        return doc != NULL;
}
