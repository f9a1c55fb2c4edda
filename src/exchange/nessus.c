/* Exports of the Nessus scanner, .nessus version 2. A host is an asset, known by its address; what is found on it and has a
 * severity or a CVE is a finding by the scanner. */
#include "exchange/readers.h"

#include "exchange/device.h"
#include "exchange/xfigures.h"
#include "exchange/xtree.h"

#include <string.h>

static const char *const roots[] = { "NessusClientData_v2", NULL };
static const char *const passed_over[] = { "Policy",   "description", "synopsis", "plugin_output",
                                           "see_also", "attachment",  NULL };

static const XFigure rows[] = {
        { XFIGURE_COUNT, "ReportHost", NULL, "ReportHost", NULL, NULL },
        { XFIGURE_COUNT, "ReportItem", NULL, "ReportItem", NULL, NULL },
        { XFIGURE_MAP, "severity", NULL, "ReportItem", "severity", NULL },
        { XFIGURE_DISTINCT, "distinct_plugins", NULL, "ReportItem", "pluginID", NULL },
        { XFIGURE_COUNT, "cve_tags", "ReportItem", "cve", NULL, NULL },
        { XFIGURE_DISTINCT, "distinct_cves", "ReportItem", "cve", ".", NULL },
};

static const XFormat format = { .roots = roots,
                                .what = "an export of Nessus",
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .root_and_space = true };

/* ---- hosts ---- */

static const char *tag_of(const XNode *host, const char *name)
{
        const XNode *properties = xnode_child(host, "HostProperties");

        for (const XNode *tag = properties == NULL ? NULL : xnode_child(properties, "tag"); tag != NULL;
             tag = xnode_next(tag, "tag"))
                if (g_strcmp0(xnode_attr(tag, "name"), name) == 0)
                        return tag->text;
        return NULL;
}

static void names_take(const XNode *host, Device *device)
{
        const char *mac = tag_of(host, "mac-address"), *netbios = tag_of(host, "netbios-name");
        g_auto(GStrv) macs = g_strsplit_set(mac == NULL ? "" : mac, " \t\r\n", 64);

        device->hostname = tag_of(host, "host-fqdn") != NULL ? tag_of(host, "host-fqdn") : netbios;
        device->title = device->hostname != NULL ? device->hostname : xnode_attr(host, "name");
        tell_add(device->addresses, tag_of(host, "host-ip"));
        for (size_t i = 0; macs[i] != NULL; i++)
                tell_add(device->addresses, macs[i]);
        tell_put(device->extra, "System, guessed", tag_of(host, "operating-system"));
        tell_put(device->extra, "Type", tag_of(host, "system-type"));
}

static void services_take(const XNode *host, Device *device)
{
        for (const XNode *at = xnode_child(host, "ReportItem"); at != NULL;
             at = xnode_next(at, "ReportItem")) {
                const char *port = xnode_attr(at, "port"), *protocol = xnode_attr(at, "protocol"),
                           *name = xnode_attr(at, "svc_name");

                if (port != NULL && strcmp(port, "0") != 0)
                        device_add_service(device, protocol == NULL ? "tcp" : protocol, port, name);
        }
}

/* `cpe`, `cpe-0`, ...: `cpe:/a:vendor:product:1 -> Product`. */
static void products_tell(const XNode *host, Tell *tell, const Device *device)
{
        const XNode *properties = xnode_child(host, "HostProperties");

        for (const XNode *tag = properties == NULL ? NULL : xnode_child(properties, "tag"); tag != NULL;
             tag = xnode_next(tag, "tag")) {
                const char *name = xnode_attr(tag, "name");
                g_autofree char *cpe = NULL;

                if (name == NULL || tag->text == NULL ||
                    (strcmp(name, "cpe") != 0 && !g_str_has_prefix(name, "cpe-")))
                        continue;
                cpe = g_strndup(tag->text, strcspn(tag->text, " \t\r\n"));
                device_tell_cpe(tell, device, cpe);
        }
}

/* ---- findings ---- */

/* The words of Nessus for its five severities. */
static const char *severity_of(const XNode *item)
{
        static const char *const words[] = { "none", "low", "medium", "high", "critical" };
        const char *digit = xnode_attr(item, "severity");

        return digit == NULL || digit[0] < '0' || digit[0] > '4' || digit[1] != '\0' ? NULL
                                                                                     : words[digit[0] - '0'];
}

static char *cvss_of(const XNode *item)
{
        const char *newer = xnode_text(item, "cvss3_vector"), *older = xnode_text(item, "cvss_vector");

        if (newer != NULL)
                return g_strdup(newer);
        if (older == NULL)
                return NULL;
        return g_strdup(g_str_has_prefix(older, "CVSS2#") ? older + strlen("CVSS2#") : older);
}

/* `<cwe>79</cwe>` and `<xref>CWE:79</xref>`. */
static GPtrArray *cwes_of(const XNode *item)
{
        GPtrArray *cwes = g_ptr_array_new_with_free_func(g_free);

        for (const XNode *at = item->first; at != NULL; at = at->next) {
                const char *number = at->text == NULL               ? NULL
                                     : strcmp(at->name, "cwe") == 0 ? at->text
                                     : strcmp(at->name, "xref") == 0 && g_str_has_prefix(at->text, "CWE:")
                                             ? at->text + strlen("CWE:")
                                             : NULL;
                g_autofree char *cwe = number == NULL ? NULL : g_strconcat("CWE-", number, NULL);

                tell_add(cwes, cwe);
        }
        return cwes;
}

static void item_tell(const XNode *item, Tell *tell, Device *device)
{
        const char *plugin = xnode_attr(item, "pluginID"), *name = xnode_attr(item, "pluginName"),
                   *severity = severity_of(item), *port = xnode_attr(item, "port"),
                   *protocol = xnode_attr(item, "protocol");
        const XNode *cve = xnode_child(item, "cve");
        g_autofree char *source = NULL, *said = NULL, *own = NULL, *cvss = NULL;
        g_autoptr(GPtrArray) cwes = NULL;

        if (plugin == NULL || (cve == NULL && (severity == NULL || strcmp(severity, "none") == 0)))
                return;
        source = g_strdup_printf("nessus:%s", plugin);
        said = g_strdup_printf("%s (%s/%s)", name == NULL ? "found by a plugin" : name,
                               protocol == NULL ? "tcp" : protocol, port == NULL ? "0" : port);
        own = g_strdup_printf("NESSUS-%s", plugin);
        cvss = cvss_of(item);
        cwes = cwes_of(item);
        const char *score = xnode_text(item, "cvss3_base_score");
        DeviceFinding finding = { own,
                                  source,
                                  name == NULL ? plugin : name,
                                  said,
                                  severity,
                                  score != NULL ? score : xnode_text(item, "cvss_base_score"),
                                  cvss,
                                  xnode_text(item, "solution"),
                                  cwes };

        g_free(device->where);
        device->where = xnode_where(item);
        if (cve == NULL)
                device_tell_finding(tell, device, finding);
        for (; cve != NULL; cve = xnode_next(cve, "cve"))
                if (cve->text != NULL) {
                        finding.vulnerability = cve->text;
                        device_tell_finding(tell, device, finding);
                }
}

static void host_tell(const XNode *host, Tell *tell)
{
        const char *address = tag_of(host, "host-ip");
        const char *id = address != NULL ? address : xnode_attr(host, "name");
        g_autofree char *where = xnode_where(host);

        if (id == NULL) {
                sink_problem(tell->sink, where, "a host without an address or name is left out");
                return;
        }
        g_auto(Device) device = device_init(g_strdup(id), g_strdup(where));
        names_take(host, &device);
        services_take(host, &device);
        if (device_tell(tell, &device))
                products_tell(host, tell, &device);
        for (const XNode *at = xnode_child(host, "ReportItem"); at != NULL; at = xnode_next(at, "ReportItem"))
                item_tell(at, tell, &device);
}

bool nessus_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(XTree) tree = NULL;
        g_auto(Tell) tell = tell_init(sink, "nessus", NULL);

        if (!xfigures_read(source, sink, &format, error))
                return false;
        if (source->figures_only)
                return true;
        tree = xtree_load(source->bytes, source->depth_max, passed_over, error);
        if (tree == NULL)
                return false;
        for (const XNode *at = xtree_root(tree); at != NULL; at = xnode_walk(at, xtree_root(tree)))
                if (strcmp(at->name, "ReportHost") == 0)
                        host_tell(at, &tell);
        sink_lost(sink, "",
                  "the policy of the scan, what plugins printed, and what has neither severity nor CVE");
        return true;
}
