/* Threat models as bills of materials (TM-BOM): the draft extension of CycloneDX with components of type `threat-model`, which the
 * schema of 1.6 does not know, and the form of the threat model library of OWASP. */
#include "exchange/readers.h"

#include "exchange/jfigures.h"
#include "exchange/tm_bom.h"

static const JFigure draft_rows[] = {
        { JFIGURE_COUNT, "metadata", "metadata/*", false },
        { JFIGURE_COUNT, "components", "components/*", false },
        { JFIGURE_COUNT, "components_all_nested", "**/components/*", false },
        { JFIGURE_MAP, "types", "**/components/*/type", false },
};

static const JFigure library_rows[] = {
        { JFIGURE_COUNT, "trust_zones", "trust_zones/*", false },
        { JFIGURE_COUNT, "trust_boundaries", "trust_boundaries/*", false },
        { JFIGURE_COUNT, "actors", "actors/*", false },
        { JFIGURE_COUNT, "components", "components/*", false },
        { JFIGURE_COUNT, "data_stores", "data_stores/*", false },
        { JFIGURE_COUNT, "data_flows", "data_flows/*", false },
        { JFIGURE_COUNT, "assumptions", "assumptions/*", false },
        { JFIGURE_COUNT, "threats", "threats/*", false },
        { JFIGURE_COUNT, "controls", "controls/*", false },
        { JFIGURE_COUNT, "risks", "risks/*", false },
};

static const JFormat draft = { "bill of materials",      "components", "specVersion", draft_rows,
                               G_N_ELEMENTS(draft_rows), NULL };
static const JFormat library = { "threat model of the library", "trust_zones", "$schema", library_rows,
                                 G_N_ELEMENTS(library_rows),    NULL };

bool tm_bom_read(const Source *source, Sink *sink, GError **error)
{
        const bool is_draft = jfigures_has(source->bytes, "\"bomFormat\"");
        g_autoptr(JDoc) doc = jfigures_read(source, sink, is_draft ? &draft : &library, error);

        if (doc == NULL)
                return false;
        sink_figure_text(sink, "root", "object");
        if (!source->figures_only)
                (is_draft ? tm_bom_draft_tell : tm_bom_library_tell)(jdoc_root(doc), sink, source->name);
        return true;
}
