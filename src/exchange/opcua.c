/* Node sets of OPC UA (UANodeSet): information models of devices and their types. */
#include "exchange/readers.h"

#include "exchange/xfigures.h"

static const char *const roots[] = { "UANodeSet", NULL };

#define NODE(name)                                                       \
        { XFIGURE_COUNT, "nodes", "UANodeSet", name, NULL, NULL },       \
        {                                                                \
                XFIGURE_NAMES, "by_class", "UANodeSet", name, NULL, NULL \
        }
static const XFigure rows[] = {
        NODE("UAObject"),
        NODE("UAVariable"),
        NODE("UAMethod"),
        NODE("UAView"),
        NODE("UAObjectType"),
        NODE("UAVariableType"),
        NODE("UADataType"),
        NODE("UAReferenceType"),
        { XFIGURE_COUNT, "References", NULL, "Reference", NULL, NULL },
        { XFIGURE_COUNT, "RequiredModel", NULL, "RequiredModel", NULL, NULL },
};
#undef NODE

static const XFormat format = { .roots = roots,
                                .what = "a node set of OPC UA",
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .refusal = "a node set is not imported yet",
                                .root_and_space = true };

/* The models that are defined here, `URI@version`; those required stand one level deeper. */
static void model_add(Xml *xml, const char *parent, void *data)
{
        GString *models = data;

        if (!xml_is(xml, "Model") || g_strcmp0(parent, "Models") != 0)
                return;
        g_string_append_printf(models, "%s%s@", models->len == 0 ? "" : ", ",
                               xml_attr(xml, "ModelUri") == NULL ? "" : xml_attr(xml, "ModelUri"));
        g_string_append(models, xml_attr(xml, "Version") == NULL ? "None" : xml_attr(xml, "Version"));
}

bool opcua_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(GString) models = g_string_new(NULL);
        XFormat with_models = format;

        with_models.open = model_add;
        with_models.data = models;
        if (!xfigures_read(source, sink, &with_models, error))
                return false;
        sink_figure_text(sink, "models", models->str);
        return true;
}
