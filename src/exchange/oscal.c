/* OSCAL 1.x: catalogues, profiles, component definitions, plans and results, JSON, YAML or XML. */
#include "exchange/readers.h"

#include "exchange/jfigures.h"
#include "exchange/oscal.h"
#include "exchange/xfigures.h"

#include <string.h>

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
                                G_N_ELEMENTS(rows),         NULL };

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
        static const char *const proofs[] = { "oscal-version", NULL };
        const XFormat document = { .roots = roots,
                                   .what = "a document of OSCAL",
                                   .proofs = proofs,
                                   .rows = elements,
                                   .n_rows = G_N_ELEMENTS(elements),
                                   .version = "oscal",
                                   .open = model_give,
                                   .data = sink };

        return xfigures_read(source, sink, &document, error);
}

/* The one member of the document that is a model; its name is that of the kind of document. */
static JVal model_of(JVal root, const char **ret_name)
{
        JIter iter = jval_iter(root);
        JVal value;

        while (jiter_next_member(&iter, ret_name, NULL, &value))
                if (g_strv_contains(roots, *ret_name))
                        return value;
        *ret_name = NULL;
        return (JVal){ .type = JVAL_NONE };
}

static bool document_tell(JDoc *doc, const Source *source, Sink *sink, GError **error)
{
        const char *name;
        JVal model = model_of(jdoc_root(doc), &name);

        if (model.type != JVAL_OBJECT) {
                error_set(error, ZW_ERR_INPUT, "/", "none of its members is a model of OSCAL");
                return false;
        }
        oscal_tell(model, name, sink, source->name);
        return true;
}

static bool xml_tell(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(GBytes) json = oscal_xml_to_json(source->bytes, source->depth_max, error);
        g_autoptr(JDoc) doc = json == NULL ? NULL : jdoc_parse(json, source->depth_max, error);

        return doc != NULL && document_tell(doc, source, sink, error);
}

bool oscal_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(JDoc) doc = NULL;
        const char *name;

        if (xml_begins(source->bytes))
                return xml_read(source, sink, error) &&
                       (source->figures_only || xml_tell(source, sink, error));
        doc = jfigures_read_yaml(source, sink, &format, error);
        if (doc == NULL)
                return false;
        (void)model_of(jdoc_root(doc), &name);
        if (name != NULL)
                sink_figure_text(sink, "model", name);
        return source->figures_only || document_tell(doc, source, sink, error);
}
