/* OSCAL 1.x: catalogues, profiles, component definitions, plans and results, JSON, YAML or XML. */
#include "exchange/readers.h"

#include "exchange/jfigures.h"
#include "exchange/xfigures.h"
#include "exchange/yamljson.h"

#include <string.h>

static const char refusal[] = "a document of OSCAL is not imported yet";

static const JFigure rows[] = {
        { JFIGURE_TEXT, "oscal", "*/metadata/oscal-version", false },
        { JFIGURE_COUNT, "controls", "**/controls/*", true },
        { JFIGURE_COUNT, "groups", "**/groups/*", true },
        { JFIGURE_COUNT, "parts", "**/parts/*", true },
        { JFIGURE_COUNT, "params", "**/params/*", true },
        { JFIGURE_COUNT, "imports", "**/imports/*", true },
        { JFIGURE_COUNT, "implemented_requirements", "**/implemented-requirements/*", true },
        { JFIGURE_COUNT, "by_components", "**/by-components/*", true },
        { JFIGURE_COUNT, "statements", "**/statements/*", true },
        { JFIGURE_COUNT, "set_parameters", "**/set-parameters/*", true },
        { JFIGURE_COUNT, "components", "**/components/*", true },
        { JFIGURE_COUNT, "findings", "**/findings/*", true },
        { JFIGURE_COUNT, "observations", "**/observations/*", true },
        { JFIGURE_COUNT, "risks", "**/risks/*", true },
};

static const JFormat format = { "document of OSCAL",        "*/metadata/oscal-version",
                                "*/metadata/oscal-version", rows,
                                G_N_ELEMENTS(rows),         refusal };

static const char *const roots[] = { "catalog",
                                     "profile",
                                     "component-definition",
                                     "system-security-plan",
                                     "assessment-plan",
                                     "assessment-results",
                                     "plan-of-action-and-milestones",
                                     NULL };

static const XFigure elements[] = {
        { XFIGURE_TEXT, "oscal", "metadata", "oscal-version", ".", NULL },
        { XFIGURE_COUNT, "controls", NULL, "control", NULL, NULL },
        { XFIGURE_COUNT, "groups", NULL, "group", NULL, NULL },
        { XFIGURE_COUNT, "parts", NULL, "part", NULL, NULL },
        { XFIGURE_COUNT, "params", NULL, "param", NULL, NULL },
        { XFIGURE_COUNT, "imports", NULL, "import", NULL, NULL },
        { XFIGURE_COUNT, "implemented_requirements", NULL, "implemented-requirement", NULL, NULL },
        { XFIGURE_COUNT, "by_components", NULL, "by-component", NULL, NULL },
        { XFIGURE_COUNT, "statements", NULL, "statement", NULL, NULL },
        { XFIGURE_COUNT, "set_parameters", NULL, "set-parameter", NULL, NULL },
        { XFIGURE_COUNT, "components", NULL, "component", NULL, NULL },
        { XFIGURE_COUNT, "findings", NULL, "finding", NULL, NULL },
        { XFIGURE_COUNT, "observations", NULL, "observation", NULL, NULL },
        { XFIGURE_COUNT, "risks", NULL, "risk", NULL, NULL },
};

static void model_give(Xml *xml, const char *parent, void *sink)
{
        if (parent[0] == '\0')
                sink_figure_text(sink, "model", xml_name(xml));
}

static bool xml_read(const Source *source, Sink *sink, GError **error)
{
        const XFormat document = { .roots = roots,
                                   .what = "a document of OSCAL",
                                   .rows = elements,
                                   .n_rows = G_N_ELEMENTS(elements),
                                   .version = "oscal",
                                   .refusal = refusal,
                                   .open = model_give,
                                   .data = sink };

        return xfigures_read(source, sink, &document, error);
}

/* The one member of the document that is a model is its name. */
static void json_model_give(JVal root, Sink *sink)
{
        JIter iter = jval_iter(root);
        const char *name;
        JVal value;

        while (jiter_next_member(&iter, &name, NULL, &value))
                if (g_strv_contains(roots, name))
                        sink_figure_text(sink, "model", name);
}

bool oscal_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(GBytes) json = NULL;
        g_autoptr(JDoc) doc = NULL;

        if (xml_begins(source->bytes))
                return xml_read(source, sink, error);
        json = yaml_or_json(source->bytes, source->depth_max, error);
        doc = json == NULL ? NULL : jfigures_read_bytes(source, json, sink, &format, error);
        if (doc != NULL)
                json_model_give(jdoc_root(doc), sink);
        return doc != NULL;
}
