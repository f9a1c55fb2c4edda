/* Reports of OpenVAS, Greenbone, XML. A host is an asset, known by its address; a result with a severity or a CVE is a finding
 * by the scanner. */
#include "exchange/readers.h"

#include "base/hash.h"
#include "exchange/device.h"
#include "exchange/xfigures.h"
#include "exchange/xtree.h"

#include <string.h>

static const char *const roots[] = { "report", "get_reports_response", NULL };
static const char *const passed_over[] = { "description", "owner", "report_format", "task", NULL };

static const XFigure rows[] = {
        { XFIGURE_COUNT, "results", "results", "result", NULL, NULL },
        { XFIGURE_MAP, "threats", "result", "threat", ".", NULL },
        { XFIGURE_DISTINCT, "hosts", "result", "host", ".", NULL },
};

static const char *const proofs[] = { "results", NULL };

static const XFormat format = { .roots = roots,
                                .what = "a report of OpenVAS",
                                .proofs = proofs,
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .root_and_space = true };

/* ---- what is known of a host before it is told ---- */

static void device_free(gpointer data)
{
        device_clear(data);
        g_free(data);
}

/* The host of that address, made when new. */
static Device *device_of(GHashTable *devices, GPtrArray *order, const char *address, const XNode *node)
{
        Device *device = g_hash_table_lookup(devices, address);

        if (device == NULL) {
                device = g_new0(Device, 1);
                *device = device_init(g_strdup(address), xnode_where(node));
                tell_add(device->addresses, address);
                g_hash_table_insert(devices, device->id, device);
                g_ptr_array_add(order, device);
        }
        return device;
}

/* `512/tcp`; `general/tcp` is no port. */
static void port_take(Device *device, const char *port)
{
        const char *slash = port == NULL ? NULL : strchr(port, '/');
        g_autofree char *number = slash == NULL ? NULL : g_strndup(port, (size_t)(slash - port));

        if (number != NULL && number[0] != '\0' && number[strspn(number, "0123456789")] == '\0')
                device_add_service(device, slash + 1, number, NULL);
}

static void result_take(GHashTable *devices, GPtrArray *order, const XNode *result)
{
        const XNode *host = xnode_child(result, "host");
        Device *device;

        if (host == NULL || host->text == NULL)
                return;
        device = device_of(devices, order, host->text, result);
        if (device->hostname == NULL)
                device->hostname = device->title = xnode_text(host, "hostname");
        port_take(device, xnode_text(result, "port"));
}

/* `<host><ip/><detail><name/><value/></detail></host>` of a report. */
static void host_take(GHashTable *devices, GPtrArray *order, const XNode *host)
{
        const char *address = xnode_text(host, "ip");
        Device *device;

        if (address == NULL)
                return;
        device = device_of(devices, order, address, host);
        for (const XNode *at = xnode_child(host, "detail"); at != NULL; at = xnode_next(at, "detail")) {
                const char *name = xnode_text(at, "name"), *value = xnode_text(at, "value");

                if (g_strcmp0(name, "hostname") == 0 && device->hostname == NULL)
                        device->hostname = device->title = value;
                else if (g_strcmp0(name, "MAC") == 0)
                        tell_add(device->addresses, value);
                else if (g_strcmp0(name, "best_os_txt") == 0)
                        tell_put(device->extra, "System, guessed", value);
        }
}

static void products_tell(const XNode *host, Tell *tell, GHashTable *devices)
{
        const char *address = xnode_text(host, "ip");
        const Device *device = address == NULL ? NULL : g_hash_table_lookup(devices, address);

        for (const XNode *at = device == NULL ? NULL : xnode_child(host, "detail"); at != NULL;
             at = xnode_next(at, "detail")) {
                const char *name = xnode_text(at, "name"), *value = xnode_text(at, "value");

                if (value != NULL && (g_strcmp0(name, "App") == 0 || g_strcmp0(name, "best_os_cpe") == 0))
                        device_tell_cpe(tell, device, value);
        }
}

/* ---- findings ---- */

/* The words of OpenVAS for a severity; newer reports have a number alone, by the bands of CVSS 3. */
static const char *severity_of(const XNode *result)
{
        static const struct {
                const char *threat, *severity;
        } words[] = {
                { "Critical", "critical" }, { "High", "high" }, { "Medium", "medium" }, { "Low", "low" }
        };
        const char *threat = xnode_text(result, "threat");

        for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
                if (g_strcmp0(threat, words[i].threat) == 0)
                        return words[i].severity;
        return NULL;
}

/* The vector stands in a newer element, or among the tags: `cvss_base_vector=AV:N/...|summary=...`. */
static char *tag_of(const XNode *nvt, const char *name)
{
        const char *tags = xnode_text(nvt, "tags");
        g_auto(GStrv) parts = g_strsplit(tags == NULL ? "" : tags, "|", -1);
        const size_t n = strlen(name);

        for (size_t i = 0; parts[i] != NULL; i++)
                if (strncmp(parts[i], name, n) == 0 && parts[i][n] == '=')
                        return g_strdup(parts[i] + n + 1);
        return NULL;
}

static char *vector_of(const XNode *nvt)
{
        const char *newer = xnode_text(nvt, "severities/severity/value");

        return newer != NULL ? g_strdup(newer) : tag_of(nvt, "cvss_base_vector");
}

static char *remedy_of(const XNode *nvt)
{
        const char *newer = xnode_text(nvt, "solution");

        return newer != NULL ? g_strdup(newer) : tag_of(nvt, "solution");
}

/* `<refs><ref type="cve" id=…/></refs>`, in older reports `<cve>CVE-1, CVE-2</cve>`. */
static GPtrArray *cves_of(const XNode *nvt)
{
        GPtrArray *cves = g_ptr_array_new_with_free_func(g_free);
        const XNode *refs = xnode_child(nvt, "refs");
        const char *older = xnode_text(nvt, "cve");
        g_auto(GStrv) list = g_strsplit_set(older == NULL ? "" : older, ", ", -1);

        for (const XNode *at = refs == NULL ? NULL : xnode_child(refs, "ref"); at != NULL;
             at = xnode_next(at, "ref"))
                if (g_strcmp0(xnode_attr(at, "type"), "cve") == 0)
                        tell_add(cves, xnode_attr(at, "id"));
        for (size_t i = 0; list[i] != NULL; i++)
                if (g_str_has_prefix(list[i], "CVE-"))
                        tell_add(cves, list[i]);
        return cves;
}

static void result_tell(const XNode *result, Tell *tell, GHashTable *devices)
{
        const XNode *host = xnode_child(result, "host"), *nvt = xnode_child(result, "nvt");
        Device *device = host == NULL || host->text == NULL ? NULL : g_hash_table_lookup(devices, host->text);
        const char *oid = nvt == NULL ? NULL : xnode_attr(nvt, "oid"), *severity = severity_of(result);
        const char *name = nvt == NULL ? NULL : xnode_text(nvt, "name"), *port = xnode_text(result, "port");

        if (device == NULL || oid == NULL)
                return;
        g_autoptr(GPtrArray) cves = cves_of(nvt);
        g_autofree char *source = g_strdup_printf("openvas:%s", oid),
                        *own = g_strdup_printf("OPENVAS-%s", oid), *vector = vector_of(nvt),
                        *remedy = remedy_of(nvt),
                        *said = g_strdup_printf("%s (%s)", name == NULL ? "found by a test" : name,
                                                port == NULL ? "general" : port);
        DeviceFinding finding = { own,    source,   name == NULL ? oid : name,
                                  said,   severity, severity == NULL ? NULL : xnode_text(result, "severity"),
                                  vector, remedy,   NULL };

        g_free(device->where);
        device->where = xnode_where(result);
        if (cves->len == 0 && severity != NULL)
                device_tell_finding(tell, device, finding);
        for (guint i = 0; i < cves->len; i++) {
                finding.vulnerability = cves->pdata[i];
                device_tell_finding(tell, device, finding);
        }
}

static bool is_result(const XNode *node)
{
        return strcmp(node->name, "result") == 0 && node->parent != NULL &&
               strcmp(node->parent->name, "results") == 0;
}

static bool is_host(const XNode *node)
{
        return strcmp(node->name, "host") == 0 && node->parent != NULL &&
               strcmp(node->parent->name, "report") == 0;
}

bool openvas_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(GHashTable) devices = hash_table_new_text(NULL, NULL);
        g_autoptr(GPtrArray) order = g_ptr_array_new_with_free_func(device_free);
        g_auto(Tell) tell = tell_init(sink, "openvas", NULL);
        g_autoptr(XTree) tree = NULL;
        const XNode *root;

        if (!xfigures_read(source, sink, &format, error))
                return false;
        if (source->figures_only)
                return true;
        tree = xtree_load(source->bytes, source->depth_max, passed_over, error);
        if (tree == NULL)
                return false;
        root = xtree_root(tree);
        for (const XNode *at = root; at != NULL; at = xnode_walk(at, root))
                if (is_result(at))
                        result_take(devices, order, at);
                else if (is_host(at))
                        host_take(devices, order, at);
        for (guint i = 0; i < order->len; i++)
                (void)device_tell(&tell, order->pdata[i]);
        for (const XNode *at = root; at != NULL; at = xnode_walk(at, root))
                if (is_host(at))
                        products_tell(at, &tell, devices);
                else if (is_result(at))
                        result_tell(at, &tell, devices);
        sink_lost(sink, "",
                  "what tests printed, results without severity or CVE, and the course of the scan");
        return true;
}
