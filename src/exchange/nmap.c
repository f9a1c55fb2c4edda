/* What nmap found on a network, its XML output (-oX). A host that is up is an asset, known by its address; an open port is a
 * service; a product whose CPE name was found is a component. */
#include "exchange/readers.h"

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

static void host_tell(const XNode *host, Tell *tell)
{
        const XNode *status = xnode_child(host, "status"), *ports = xnode_child(host, "ports");
        const char *address = address_of(host);

        if (status != NULL && g_strcmp0(xnode_attr(status, "state"), "up") != 0)
                return;
        g_autofree char *where = xnode_where(host);
        if (address == NULL) {
                sink_problem(tell->sink, where, "a host without an address is left out");
                return;
        }
        g_auto(Device) device = device_init(g_strdup(address), g_strdup(where));
        names_take(host, &device);
        system_take(host, &device);
        for (const XNode *port = ports == NULL ? NULL : xnode_child(ports, "port"); port != NULL;
             port = xnode_next(port, "port"))
                port_take(port, &device);
        if (!device_tell(tell, &device))
                sink_problem(tell->sink, where, "%s is there twice; what stands first is taken", address);
        else
                products_tell(host, tell, &device);
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
        for (const XNode *at = xnode_child(xtree_root(tree), "host"); at != NULL; at = xnode_next(at, "host"))
                host_tell(at, &tell);
        sink_lost(sink, "", "what scripts printed, closed ports, times and routes");
        return true;
}
