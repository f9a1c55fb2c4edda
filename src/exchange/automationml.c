/* AutomationML (CAEX 2.15 and 3.0): plants as hierarchies of elements with roles, interfaces and links. An element whose role is
 * that of a device is an asset; what stands below it with an order number or a type is a product installed there; the subnets it
 * is linked to are its networks. Roles: AutomationML part 1, the communication part, and the recommendation AR APC. */
#include "exchange/readers.h"

#include "base/hash.h"
#include "exchange/device.h"
#include "exchange/xfigures.h"
#include "exchange/xtree.h"

#include <string.h>

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
                                .root_and_space = true };

/* ---- elements and their roles ---- */

/* Last names of role classes whose elements are devices of their own. */
static const char *const device_roles[] = {
        "Device", "PhysicalDevice", "PLC",    "PAC",    "NC",      "RC", "IPC",
        "HMI",    "Controller",     "Switch", "Router", "Gateway", NULL
};
static const char *const subnet_roles[] = { "Subnet", "PhysicalNetwork", "LogicalNetwork", NULL };

static bool ends_in(const char *path, const char *const *names)
{
        const char *slash = path == NULL ? NULL : strrchr(path, '/');

        return path != NULL && g_strv_contains(names, slash == NULL ? path : slash + 1);
}

static bool has_role(const XNode *element, const char *const *names)
{
        for (const XNode *at = element->first; at != NULL; at = at->next)
                if ((strcmp(at->name, "SupportedRoleClass") == 0 &&
                     ends_in(xnode_attr(at, "RefRoleClassPath"), names)) ||
                    (strcmp(at->name, "RoleRequirements") == 0 &&
                     ends_in(xnode_attr(at, "RefBaseRoleClassPath"), names)))
                        return true;
        return false;
}

static bool is_element(const XNode *node)
{
        return strcmp(node->name, "InternalElement") == 0;
}

/* The value of an attribute of the element or of its groups of attributes, whose last word is one of `names`. */
static const char *value_of(const XNode *element, const char *const *names)
{
        for (const XNode *at = xnode_child(element, "Attribute"); at != NULL;
             at = xnode_next(at, "Attribute")) {
                const char *name = xnode_attr(at, "Name"), *value = xnode_text(at, "Value");

                if (name != NULL && value != NULL && g_strv_contains(names, name))
                        return value;
                value = value_of(at, names);
                if (value != NULL)
                        return value;
        }
        return NULL;
}

/* ---- networks ---- */

/* Element → names of the subnets that a link joins it to. */
static void link_take(const XNode *link, GHashTable *subnets, GHashTable *joined)
{
        const char *const sides[] = { xnode_attr(link, "RefPartnerSideA"),
                                      xnode_attr(link, "RefPartnerSideB") };
        g_autofree char *ids[2] = { NULL, NULL };

        for (int i = 0; i < 2; i++)
                ids[i] = sides[i] == NULL ? g_strdup("") : g_strndup(sides[i], strcspn(sides[i], ":"));
        for (int i = 0; i < 2; i++) {
                const char *name = g_hash_table_lookup(subnets, ids[i]);

                if (name != NULL)
                        g_hash_table_insert(joined, g_strdup(ids[1 - i]), (gpointer)(uintptr_t)name);
        }
}

/* ---- devices ---- */

/* `OrderNumber:6ES7 516-3AN01-0AB0/V2.0`, as engineering tools write it, else a type. */
static void part_read(const char *type, char **ret_part, char **ret_version)
{
        static const char order[] = "OrderNumber:";
        const char *slash;

        if (type == NULL || !g_str_has_prefix(type, order))
                return;
        type += strlen(order);
        slash = strrchr(type, '/');
        *ret_part = slash == NULL ? g_strdup(type) : g_strndup(type, (size_t)(slash - type));
        *ret_version = slash == NULL ? NULL : g_strdup(slash + 1);
}

typedef struct {
        Tell *tell;
        GHashTable *joined; /* id of an element → name of the subnet it is linked to */
} Plant;

static const char *const vendors[] = { "Manufacturer", "ManufacturerName", "Vendor", NULL };
static const char *const types[] = { "TypeName", "Model", "ProductDesignation", NULL };
static const char *const firmwares[] = { "FirmwareVersion", "SoftwareRevision", "SoftwareVersion", NULL };
static const char *const orders[] = { "TypeIdentifier", NULL }, *const numbers[] = { "OrderNumber",
                                                                                     "OrderCode",
                                                                                     "ProductCode", NULL };
static const char *const serials[] = { "SerialNumber", NULL }, *const addresses[] = { "NetworkAddress",
                                                                                      "IPAddress",
                                                                                      "IpAddress", NULL };
static const char *const locations[] = { "LocationIdentifier IEC", "Location", NULL };

/* What an element below a device, or the device, says of networks and of itself. */
static void element_take(const Plant *plant, const XNode *element, Device *device)
{
        const char *id = xnode_attr(element, "ID");

        tell_add(device->addresses, value_of(element, addresses));
        if (id != NULL)
                tell_add(device->networks, g_hash_table_lookup(plant->joined, id));
        if (device->serial == NULL)
                device->serial = value_of(element, serials);
        if (device->location == NULL)
                device->location = value_of(element, locations);
}

/* What an element says of the product it is; false when that is nothing. */
typedef struct {
        DeviceProduct product;
        char *part, *version; /* owned */
} Made;

static void made_clear(Made *made)
{
        g_free(made->part);
        g_free(made->version);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Made, made_clear)

static bool made_read(const XNode *element, Made *made)
{
        DeviceProduct *product = &made->product;

        *product = (DeviceProduct){ value_of(element, vendors), value_of(element, types),
                                    value_of(element, firmwares), value_of(element, numbers), NULL };
        part_read(value_of(element, orders), &made->part, &made->version);
        if (product->part_number == NULL)
                product->part_number = made->part;
        if (product->version == NULL)
                product->version = made->version;
        return product->part_number != NULL || (product->vendor != NULL && product->product != NULL);
}

/* The next element of the same device: those below that are devices themselves are left out. */
static const XNode *next_within(const XNode *at, const XNode *within)
{
        do {
                if (at != within && is_element(at) && has_role(at, device_roles)) {
                        while (at != within && at->next == NULL)
                                at = at->parent;
                        at = at == within ? NULL : at->next;
                } else
                        at = xnode_walk(at, within);
        } while (at != NULL && (!is_element(at) || has_role(at, device_roles)));
        return at;
}

/* The version of the only product of a device. */
static const char *version_of(const XNode *device, char **ret_version)
{
        for (const XNode *at = device; at != NULL; at = next_within(at, device)) {
                g_auto(Made) made = { 0 };

                if (made_read(at, &made))
                        *ret_version = g_strdup(made.product.version);
        }
        return *ret_version;
}

/* Where a device is one product, its version is that of the device, so that a newer one is a change of it; else it is that of the
 * product. */
static void device_read(const Plant *plant, const XNode *element)
{
        const char *id = xnode_attr(element, "ID"), *name = xnode_attr(element, "Name");
        g_autofree char *where = xnode_where(element), *version = NULL;
        size_t products = 0;

        if (id == NULL) {
                sink_problem(plant->tell->sink, where, "a device without an ID is left out");
                return;
        }
        g_auto(Device) device = device_init(g_strdup(id), g_strdup(where));
        device.title = name;
        for (const XNode *at = element; at != NULL; at = next_within(at, element)) {
                g_auto(Made) made = { 0 };

                element_take(plant, at, &device);
                products += made_read(at, &made) ? 1 : 0;
        }
        device.version = products == 1 ? version_of(element, &version) : NULL;
        if (!device_tell(plant->tell, &device)) {
                sink_refuse(plant->tell->sink, where, "two devices have the ID %.200s", id);
                return;
        }
        for (const XNode *at = element; at != NULL; at = next_within(at, element)) {
                g_auto(Made) made = { 0 };

                if (!made_read(at, &made))
                        continue;
                if (products == 1)
                        made.product.version = NULL;
                device_tell_product(plant->tell, &device, made.product);
        }
}

static const char *subnet_name(const XNode *element)
{
        return xnode_attr(element, "Name") == NULL ? xnode_attr(element, "ID") : xnode_attr(element, "Name");
}

static bool plant_tell(const Source *source, Sink *sink, GError **error)
{
        static const char *const passed_over[] = { "RoleClassLib",
                                                   "SystemUnitClassLib",
                                                   "InterfaceClassLib",
                                                   "AttributeTypeLib",
                                                   "AdditionalInformation",
                                                   "Description",
                                                   NULL };
        g_autoptr(XTree) tree = xtree_load(source->bytes, source->depth_max, passed_over, error);
        g_autoptr(GHashTable) subnets = hash_table_new_text(NULL, NULL),
                              joined = hash_table_new_text(g_free, NULL);
        const XNode *root = tree == NULL ? NULL : xtree_root(tree), *hierarchy;

        if (tree == NULL)
                return false;
        hierarchy = xnode_child(root, "InstanceHierarchy");
        g_auto(Tell) tell = tell_init(sink, "automationml",
                                      hierarchy == NULL || xnode_attr(hierarchy, "Name") == NULL
                                              ? source->name
                                              : xnode_attr(hierarchy, "Name"));
        const Plant plant = { &tell, joined };

        for (const XNode *at = root; at != NULL; at = xnode_walk(at, root))
                if (is_element(at) && has_role(at, subnet_roles) && xnode_attr(at, "ID") != NULL)
                        g_hash_table_insert(subnets, (gpointer)(uintptr_t)xnode_attr(at, "ID"),
                                            (gpointer)(uintptr_t)subnet_name(at));
        for (const XNode *at = root; at != NULL; at = xnode_walk(at, root))
                if (strcmp(at->name, "InternalLink") == 0)
                        link_take(at, subnets, joined);
        for (const XNode *at = root; at != NULL; at = xnode_walk(at, root))
                if (is_element(at) && has_role(at, device_roles))
                        device_read(&plant, at);
        if (g_hash_table_size(tell.ids) == 0)
                sink_problem(sink, "", "no element has the role of a device, so nothing is imported");
        sink_lost(sink, "",
                  "elements that are no devices, signals, geometry, and links that are not to a subnet");
        return true;
}

bool automationml_read(const Source *source, Sink *sink, GError **error)
{
        return xfigures_read(source, sink, &format, error) &&
               (source->figures_only || plant_tell(source, sink, error));
}
