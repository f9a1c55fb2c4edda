/* Node sets of OPC UA (UANodeSet): information models of devices and their types. An object with the properties by which devices
 * identify themselves (OPC 10000-100, the interfaces of nameplates) is an asset, unless it only shows what objects of a type
 * have. */
#include "exchange/readers.h"

#include "base/hash.h"
#include "exchange/device.h"
#include "exchange/xfigures.h"
#include "exchange/xtree.h"

#include <string.h>

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

/* ---- devices ---- */

/* The properties of a nameplate. */
enum { MANUFACTURER, MODEL, SERIAL, SOFTWARE, DEVICE_REVISION, PRODUCT_CODE, INSTANCE, HOST, PROPERTIES };
static const char *const properties[PROPERTIES] = { "Manufacturer",       "Model",          "SerialNumber",
                                                    "SoftwareRevision",   "DeviceRevision", "ProductCode",
                                                    "ProductInstanceUri", "Hostname" };

typedef struct {
        const XNode *node;
        const char *values[PROPERTIES];
} Plate;

/* `1:SerialNumber` without the number of its namespace. */
static const char *browse_name(const XNode *node)
{
        const char *name = xnode_attr(node, "BrowseName"), *colon = name == NULL ? NULL : strchr(name, ':');

        return name == NULL ? "" : colon == NULL ? name : colon + 1;
}

/* A text, or a text with a language. */
static const char *value_of(const XNode *variable)
{
        const XNode *value = xnode_child(variable, "Value");

        for (const XNode *at = value; at != NULL; at = xnode_walk(at, value))
                if (at->text != NULL && strcmp(at->name, "Locale") != 0)
                        return at->text;
        return NULL;
}

/* The device a property belongs to: its parent, or the one whose group `Identification` the parent is; NULL for types. */
static const XNode *owner_of(GHashTable *nodes, const XNode *variable)
{
        const XNode *at = variable;

        for (int up = 0; up < 2; up++) {
                const char *parent = xnode_attr(at, "ParentNodeId");

                at = parent == NULL ? NULL : g_hash_table_lookup(nodes, parent);
                if (at == NULL || strcmp(browse_name(at), "Identification") != 0)
                        break;
        }
        return at != NULL && strcmp(at->name, "UAObject") == 0 ? at : NULL;
}

/* An object below a type shows what objects of the type have. */
static bool is_of_type(GHashTable *nodes, const XNode *object)
{
        for (int up = 0; object != NULL && up < 64; up++) {
                const char *parent = xnode_attr(object, "ParentNodeId");

                if (strcmp(object->name, "UAObjectType") == 0)
                        return true;
                object = parent == NULL ? NULL : g_hash_table_lookup(nodes, parent);
        }
        return object != NULL;
}

static void property_take(GHashTable *nodes, GHashTable *plates, GPtrArray *order, const XNode *variable)
{
        const char *value = value_of(variable);
        const XNode *owner = value == NULL ? NULL : owner_of(nodes, variable);

        if (owner == NULL)
                return;
        for (size_t i = 0; i < PROPERTIES; i++) {
                Plate *plate = g_hash_table_lookup(plates, owner);

                if (strcmp(browse_name(variable), properties[i]) != 0)
                        continue;
                if (plate == NULL) {
                        plate = g_new0(Plate, 1);
                        plate->node = owner;
                        g_hash_table_insert(plates, (gpointer)(uintptr_t)owner, plate);
                        g_ptr_array_add(order, plate);
                }
                plate->values[i] = value;
        }
}

static void plate_tell(const Plate *plate, Tell *tell)
{
        const char *node = xnode_attr(plate->node, "NodeId"), *shown = xnode_text(plate->node, "DisplayName");
        const char *id = plate->values[INSTANCE] != NULL ? plate->values[INSTANCE] : node;
        const char *version = plate->values[SOFTWARE] != NULL ? plate->values[SOFTWARE]
                                                              : plate->values[DEVICE_REVISION];

        if (id == NULL)
                return;
        g_auto(Device) device = device_init(g_strdup(id), xnode_where(plate->node));
        device.title = shown != NULL ? shown : browse_name(plate->node);
        device.serial = plate->values[SERIAL];
        device.hostname = plate->values[HOST];
        device.version = version;
        if (!device_tell(tell, &device))
                sink_refuse(tell->sink, device.where, "two devices are named %.200s", id);
        else
                device_tell_product(tell, &device,
                                    (DeviceProduct){ plate->values[MANUFACTURER], plate->values[MODEL], NULL,
                                                     plate->values[PRODUCT_CODE], NULL });
}

static bool devices_tell(const Source *source, Sink *sink, const char *models, GError **error)
{
        static const char *const passed_over[] = { "References", "Extensions", "NamespaceUris", "Aliases",
                                                   NULL };
        g_autoptr(XTree) tree = xtree_load(source->bytes, source->depth_max, passed_over, error);
        g_autoptr(GHashTable) nodes = hash_table_new_text(NULL, NULL),
                              plates = g_hash_table_new_full(NULL, NULL, NULL, g_free);
        g_autoptr(GPtrArray) order = g_ptr_array_new();
        g_autofree char *first = g_strndup(models, strcspn(models, "@,"));

        if (tree == NULL)
                return false;
        g_auto(Tell) tell = tell_init(sink, "opcua", first[0] == '\0' ? source->name : first);
        for (const XNode *at = xnode_child(xtree_root(tree), NULL); at != NULL; at = xnode_next(at, NULL))
                if (xnode_attr(at, "NodeId") != NULL)
                        g_hash_table_insert(nodes, (gpointer)(uintptr_t)xnode_attr(at, "NodeId"),
                                            (gpointer)(uintptr_t)at);
        for (const XNode *at = xnode_child(xtree_root(tree), "UAVariable"); at != NULL;
             at = xnode_next(at, "UAVariable"))
                property_take(nodes, plates, order, at);
        for (guint i = 0; i < order->len; i++)
                if (!is_of_type(nodes, ((const Plate *)order->pdata[i])->node))
                        plate_tell(order->pdata[i], &tell);
        if (g_hash_table_size(tell.ids) == 0)
                sink_problem(sink, "",
                             "no object tells who made it, or its serial number, so nothing is imported");
        sink_lost(sink, "", "types, methods, data and references of the model");
        return true;
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
        return source->figures_only || devices_tell(source, sink, models->str, error);
}
