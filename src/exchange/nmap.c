/* What nmap found on a network, its XML output (-oX). A host that is up is an asset, known by its address; an open port is a
 * service; a product whose CPE name was found is a component. */
#include "exchange/readers.h"

#include "base/hash.h"
#include "exchange/device.h"
#include "exchange/xfigures.h"
#include "exchange/xtree.h"

#include <string.h>

static const char *const roots[] = { "nmaprun", NULL };
static const char *const passed_over[] = { "script", "trace", "times", "extraports", NULL };

static const XFigure rows[] = {
        { XFIGURE_TEXT, "nmap_version", NULL, "nmaprun", "version", NULL },
        { XFIGURE_COUNT, "hosts", "nmaprun", "host", NULL, NULL },
        { XFIGURE_COUNT, "up", "host", "status", "state", "up" },
        { XFIGURE_COUNT, "ports", "ports", "port", NULL, NULL },
        { XFIGURE_COUNT, "open", "port", "state", "state", "open" },
        { XFIGURE_COUNT, "scripts", NULL, "script", NULL, NULL },
        { XFIGURE_COUNT, "osmatch", NULL, "osmatch", NULL, NULL },
};

static const XFormat format = { .roots = roots,
                                .what = "a scan of nmap",
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .version = "nmap_version" };

/* The address by which a host is known: of IPv4, else of IPv6, else the one of its interface. */
static const char *address_of(const XNode *host)
{
        static const char *const types[] = { "ipv4", "ipv6", "mac" };

        for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
                for (const XNode *at = xnode_child(host, "address"); at != NULL;
                     at = xnode_next(at, "address"))
                        if (g_strcmp0(xnode_attr(at, "addrtype"), types[i]) == 0 &&
                            xnode_attr(at, "addr") != NULL)
                                return xnode_attr(at, "addr");
        return NULL;
}

static void names_take(const XNode *host, Device *device)
{
        const XNode *names = xnode_child(host, "hostnames");

        for (const XNode *at = xnode_child(host, "address"); at != NULL; at = xnode_next(at, "address")) {
                tell_add(device->addresses, xnode_attr(at, "addr"));
                if (g_strcmp0(xnode_attr(at, "addrtype"), "mac") == 0)
                        tell_put(device->extra, "Interface by", xnode_attr(at, "vendor"));
        }
        for (const XNode *at = names == NULL ? NULL : xnode_child(names, "hostname"); at != NULL;
             at = xnode_next(at, "hostname"))
                if (device->hostname == NULL)
                        device->hostname = xnode_attr(at, "name");
        device->title = device->hostname;
}

/* The best guess, as one: what the system is, nobody has looked. */
static void system_take(const XNode *host, Device *device)
{
        const XNode *os = xnode_child(host, "os"), *match = os == NULL ? NULL : xnode_child(os, "osmatch");
        g_autofree char *guess = NULL;

        if (match == NULL || xnode_attr(match, "name") == NULL)
                return;
        guess = g_strdup_printf("%s (%s %%)", xnode_attr(match, "name"),
                                xnode_attr(match, "accuracy") == NULL ? "?" : xnode_attr(match, "accuracy"));
        tell_put(device->extra, "System, guessed", guess);
}

static void port_take(const XNode *port, Device *device)
{
        const XNode *state = xnode_child(port, "state"), *service = xnode_child(port, "service");
        const char *number = xnode_attr(port, "portid"), *protocol = xnode_attr(port, "protocol");

        if (state != NULL && g_strcmp0(xnode_attr(state, "state"), "open") == 0 && number != NULL)
                device_add_service(device, protocol == NULL ? "tcp" : protocol, number,
                                   service == NULL ? NULL : xnode_attr(service, "name"));
}

static void products_tell(const XNode *host, Tell *tell, const Device *device)
{
        const XNode *ports = xnode_child(host, "ports");

        for (const XNode *port = ports == NULL ? NULL : xnode_child(ports, "port"); port != NULL;
             port = xnode_next(port, "port")) {
                const XNode *service = xnode_child(port, "service");

                for (const XNode *cpe = service == NULL ? NULL : xnode_child(service, "cpe"); cpe != NULL;
                     cpe = xnode_next(cpe, "cpe"))
                        if (cpe->text != NULL)
                                device_tell_cpe(tell, device, cpe->text);
        }
}

static void ports_take(const XNode *host, Device *device)
{
        const XNode *ports = xnode_child(host, "ports");

        for (const XNode *port = ports == NULL ? NULL : xnode_child(ports, "port"); port != NULL;
             port = xnode_next(port, "port"))
                port_take(port, device);
}

static bool is_up(const XNode *host)
{
        const XNode *status = xnode_child(host, "status");

        return status == NULL || g_strcmp0(xnode_attr(status, "state"), "up") == 0;
}

/* Elements of one host, by its address: scanners in a hurry write one for each port. */
static void hosts_tell(const GPtrArray *hosts, Tell *tell)
{
        const XNode *first = hosts->pdata[0];
        g_auto(Device) device = device_init(g_strdup(address_of(first)), xnode_where(first));

        for (guint i = 0; i < hosts->len; i++) {
                names_take(hosts->pdata[i], &device);
                system_take(hosts->pdata[i], &device);
                ports_take(hosts->pdata[i], &device);
        }
        (void)device_tell(tell, &device);
        for (guint i = 0; i < hosts->len; i++)
                products_tell(hosts->pdata[i], tell, &device);
}

static void list_free(gpointer list)
{
        g_ptr_array_unref(list);
}

static void scan_tell(const XNode *run, Tell *tell)
{
        g_autoptr(GHashTable) lists = hash_table_new_text(NULL, NULL);
        g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(list_free);

        for (const XNode *host = xnode_child(run, "host"); host != NULL; host = xnode_next(host, "host")) {
                const char *address = address_of(host);
                GPtrArray *list = address == NULL ? NULL : g_hash_table_lookup(lists, address);
                g_autofree char *where = xnode_where(host);

                if (!is_up(host))
                        continue;
                if (address == NULL) {
                        sink_problem(tell->sink, where, "a host without an address is left out");
                        continue;
                }
                if (list == NULL) {
                        list = g_ptr_array_new();
                        g_ptr_array_add(all, list);
                        g_hash_table_insert(lists, (gpointer)(uintptr_t)address, list);
                }
                g_ptr_array_add(list, (gpointer)(uintptr_t)host);
        }
        for (guint i = 0; i < all->len; i++)
                hosts_tell(all->pdata[i], tell);
}

bool nmap_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(XTree) tree = NULL;
        g_auto(Tell) tell = tell_init(sink, "nmap", NULL);

        if (!xfigures_read(source, sink, &format, error))
                return false;
        if (source->figures_only)
                return true;
        tree = xtree_load(source->bytes, source->depth_max, passed_over, error);
        if (tree == NULL)
                return false;
        scan_tell(xtree_root(tree), &tell);
        sink_lost(sink, "", "what scripts printed, closed ports, times and routes");
        return true;
}
