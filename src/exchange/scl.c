/* Substation configuration language of IEC 61850-6 (SCD, ICD, CID, IID, SSD): substations, devices and their communication. A
 * device (IED) is an asset on the subnetworks its access points are connected to. */
#include "exchange/readers.h"

#include "base/hash.h"
#include "exchange/device.h"
#include "exchange/xfigures.h"
#include "exchange/xtree.h"

#include <string.h>

static const char *const roots[] = { "SCL", NULL };

#define ELEMENT(name)                                       \
        {                                                   \
                XFIGURE_COUNT, name, NULL, name, NULL, NULL \
        }
static const XFigure rows[] = {
        ELEMENT("Substation"),    ELEMENT("VoltageLevel"),
        ELEMENT("Bay"),           ELEMENT("IED"),
        ELEMENT("AccessPoint"),   ELEMENT("LDevice"),
        ELEMENT("SubNetwork"),    ELEMENT("ConnectedAP"),
        ELEMENT("GSEControl"),    ELEMENT("SampledValueControl"),
        ELEMENT("ReportControl"), ELEMENT("ExtRef"),
        ELEMENT("Private"),       { XFIGURE_COUNT, "IP_addresses", NULL, "P", "type", "IP" },
};
#undef ELEMENT

static const XFormat format = { .roots = roots,
                                .what = "a document of IEC 61850",
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .root_and_space = true };

/* 2007, B and 4 are the edition 2007B4; the first edition had no attribute for it. */
static bool version_give(const Source *source, Sink *sink, GError **error)
{
        static const char *const parts[] = { "version", "revision", "release" };
        g_autoptr(Xml) xml = xml_new(source->bytes, source->depth_max, XFIGURES_ELEMENTS_MAX, error);
        g_autoptr(GString) version = g_string_new(NULL);

        if (xml == NULL || !xml_root(xml, error))
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
                g_string_append(version, xml_attr(xml, parts[i]) == NULL ? "" : xml_attr(xml, parts[i]));
        sink_figure_text(sink, "scl_version", version->len == 0 ? "2003(no attr)" : version->str);
        sink_version(sink, version->len == 0 ? "2003" : version->str);
        return true;
}

/* ---- devices ---- */

/* What is below logical devices and the types is of no device as a whole. */
static const char *const passed_over[] = {
        "LDevice", "DataTypeTemplates", "Substation", "Private", "GSE", "SMV", NULL
};

/* An access point with a server on a network of this type answers MMS. */
static const char mms_network[] = "8-MMS";

static bool has_server(const XNode *ied, const char *access_point)
{
        for (const XNode *at = xnode_child(ied, "AccessPoint"); at != NULL;
             at = xnode_next(at, "AccessPoint"))
                if (g_strcmp0(xnode_attr(at, "name"), access_point) == 0)
                        return xnode_child(at, "Server") != NULL || xnode_child(at, "ServerAt") != NULL;
        return false;
}

static void connection_take(const XNode *ied, const XNode *network, const XNode *connected, Device *device)
{
        const XNode *address = xnode_child(connected, "Address");

        tell_add(device->networks, xnode_attr(network, "name"));
        for (const XNode *at = address == NULL ? NULL : xnode_child(address, "P"); at != NULL;
             at = xnode_next(at, "P"))
                if (g_strcmp0(xnode_attr(at, "type"), "IP") == 0)
                        tell_add(device->addresses, at->text);
        if (g_strcmp0(xnode_attr(network, "type"), mms_network) == 0 &&
            has_server(ied, xnode_attr(connected, "apName")))
                device_add_service(device, "tcp", "102", "mms");
}

static void networks_take(const XNode *root, const XNode *ied, Device *device)
{
        const XNode *communication = xnode_child(root, "Communication");

        for (const XNode *network = communication == NULL ? NULL : xnode_child(communication, "SubNetwork");
             network != NULL; network = xnode_next(network, "SubNetwork"))
                for (const XNode *at = xnode_child(network, "ConnectedAP"); at != NULL;
                     at = xnode_next(at, "ConnectedAP"))
                        if (g_strcmp0(xnode_attr(at, "iedName"), device->id) == 0)
                                connection_take(ied, network, at, device);
}

/* A file of capabilities (ICD) describes a device that stands nowhere yet. */
static bool is_template(const char *name)
{
        return strcmp(name, "TEMPLATE") == 0;
}

static void ied_tell(const XNode *root, const XNode *ied, Tell *tell)
{
        const char *name = xnode_attr(ied, "name");
        const DeviceProduct product = { xnode_attr(ied, "manufacturer"), xnode_attr(ied, "type"), NULL, NULL,
                                        NULL };
        g_autofree char *where = xnode_where(ied);

        if (name == NULL || is_template(name)) {
                sink_problem(tell->sink, where,
                             name == NULL ? "a device without a name is left out"
                                          : "TEMPLATE is a kind of device and no device");
                return;
        }
        g_auto(Device) device = device_init(g_strdup(name), g_strdup(where));
        device.title = name;
        device.body = xnode_attr(ied, "desc");
        device.version = xnode_attr(ied, "configVersion");
        networks_take(root, ied, &device);
        if (product.product == NULL)
                tell_put(device.extra, "Manufacturer", product.vendor);
        if (!device_tell(tell, &device))
                sink_refuse(tell->sink, where, "two devices are named %.200s", name);
        else
                device_tell_product(tell, &device, product);
}

/* Connections of devices that are nowhere in the file. */
static void strangers_tell(const XNode *root, const Tell *tell)
{
        const XNode *communication = xnode_child(root, "Communication");

        for (const XNode *network = communication == NULL ? NULL : xnode_child(communication, "SubNetwork");
             network != NULL; network = xnode_next(network, "SubNetwork"))
                for (const XNode *at = xnode_child(network, "ConnectedAP"); at != NULL;
                     at = xnode_next(at, "ConnectedAP")) {
                        const char *name = xnode_attr(at, "iedName");
                        g_autofree char *where = xnode_where(at);

                        if (name == NULL || !(tell_has(tell, name) || is_template(name)))
                                sink_problem(tell->sink, where,
                                             "%.200s is connected to %.200s and is no device of the file",
                                             name == NULL ? "something without a name" : name,
                                             xnode_attr(network, "name") == NULL
                                                     ? "a network"
                                                     : xnode_attr(network, "name"));
                }
}

static bool devices_tell(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(XTree) tree = xtree_load(source->bytes, source->depth_max, passed_over, error);
        const XNode *root = tree == NULL ? NULL : xtree_root(tree);
        const XNode *header = root == NULL ? NULL : xnode_child(root, "Header");
        const char *id = header == NULL ? NULL : xnode_attr(header, "id");

        if (tree == NULL)
                return false;
        g_auto(Tell) tell = tell_init(sink, "iec61850", id == NULL ? source->name : id);
        for (const XNode *at = xnode_child(root, "IED"); at != NULL; at = xnode_next(at, "IED"))
                ied_tell(root, at, &tell);
        strangers_tell(root, &tell);
        sink_lost(sink, "",
                  "substations and their equipment, logical devices, data types and control blocks");
        return true;
}

bool scl_read(const Source *source, Sink *sink, GError **error)
{
        return xfigures_read(source, sink, &format, error) && version_give(source, sink, error) &&
               (source->figures_only || devices_tell(source, sink, error));
}
