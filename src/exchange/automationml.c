/* AutomationML (CAEX 2.15 and 3.0): plants as hierarchies of elements with roles, interfaces and links. */
#include "exchange/readers.h"

#include "exchange/xfigures.h"

static const char *const roots[] = { "CAEXFile", NULL };

static const XFigure rows[] = {
        { XFIGURE_TEXT, "SchemaVersion", NULL, "CAEXFile", "SchemaVersion", NULL },
        { XFIGURE_COUNT, "InstanceHierarchy", NULL, "InstanceHierarchy", NULL, NULL },
        { XFIGURE_COUNT, "InternalElement", NULL, "InternalElement", NULL, NULL },
        { XFIGURE_COUNT, "InternalLink", NULL, "InternalLink", NULL, NULL },
        { XFIGURE_COUNT, "ExternalInterface", NULL, "ExternalInterface", NULL, NULL },
        { XFIGURE_COUNT, "RoleClassLib", NULL, "RoleClassLib", NULL, NULL },
        { XFIGURE_COUNT, "SystemUnitClassLib", NULL, "SystemUnitClassLib", NULL, NULL },
        { XFIGURE_COUNT, "InterfaceClassLib", NULL, "InterfaceClassLib", NULL, NULL },
        { XFIGURE_COUNT, "Attribute", NULL, "Attribute", NULL, NULL },
        { XFIGURE_COUNT, "ExternalReference", NULL, "ExternalReference", NULL, NULL },
};

static const XFormat format = { .roots = roots,
                                .what = "a CAEX document",
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .version = "SchemaVersion",
                                .refusal = "a plant in AutomationML is not imported yet",
                                .root_and_space = true };

bool automationml_read(const Source *source, Sink *sink, GError **error)
{
        return xfigures_read(source, sink, &format, error);
}
