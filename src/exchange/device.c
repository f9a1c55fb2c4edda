#include "exchange/device.h"

#include "vuln/cpe.h"

#include <string.h>

Device device_init(char *id, char *where)
{
        return (Device){ .id = id,
                         .where = where,
                         .addresses = g_ptr_array_new_with_free_func(g_free),
                         .networks = g_ptr_array_new_with_free_func(g_free),
                         .services = g_ptr_array_new_with_free_func(g_free),
                         .extra = json_object() };
}

void device_clear(Device *device)
{
        g_free(device->id);
        g_free(device->where);
        g_ptr_array_unref(device->addresses);
        g_ptr_array_unref(device->networks);
        g_ptr_array_unref(device->services);
        json_decref(device->extra);
}

void device_add_service(Device *device, const char *protocol, const char *port, const char *name)
{
        g_autofree char *lower = g_ascii_strdown(protocol, -1);
        g_autofree char *text = name == NULL ? g_strdup_printf("%s/%s", lower, port)
                                             : g_strdup_printf("%s/%s %s", lower, port, name);
        g_autofree char *begin = g_strdup_printf("%s/%s", lower, port);
        const size_t n = strlen(begin);

        for (guint i = 0; i < device->services->len; i++) {
                const char *there = device->services->pdata[i];

                if (strncmp(there, begin, n) == 0 && (there[n] == '\0' || there[n] == ' '))
                        return;
        }
        tell_add(device->services, text);
}

bool device_tell(Tell *tell, const Device *device)
{
        json_t *attrs = json_object();

        tell_put(attrs, "hostname", device->hostname);
        tell_put(attrs, "serial", device->serial);
        tell_put(attrs, "location", device->location);
        tell_put(attrs, "installed_version", device->version);
        tell_put_list(attrs, "addresses", device->addresses);
        tell_put_list(attrs, "networks", device->networks);
        tell_put_list(attrs, "services", device->services);
        if (json_object_size(device->extra) > 0)
                json_object_set(attrs, "extra", device->extra);
        return tell_item(tell, (TellItem){ device->where, "asset", device->id, device->title, device->body,
                                           attrs, NULL });
}

/* By what a product is the same wherever it stands. */
static char *product_id(const DeviceProduct *product)
{
        const char *const parts[] = { product->vendor, product->product, product->part_number,
                                      product->version };
        g_autoptr(GString) id = g_string_new("product");

        for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
                g_autofree char *folded = g_utf8_casefold(parts[i] == NULL ? "" : parts[i], -1);

                g_string_append_printf(id, "|%s", g_strstrip(folded));
        }
        return g_string_free(g_steal_pointer(&id), FALSE);
}

static bool is_blank(const char *text)
{
        return text == NULL || text[strspn(text, " \t\r\n")] == '\0';
}

void device_tell_product(Tell *tell, const Device *device, DeviceProduct product)
{
        const char *name = is_blank(product.product) ? product.part_number : product.product;
        g_autofree char *id = product_id(&product), *title = NULL;
        json_t *attrs = json_object();

        if (is_blank(name)) {
                json_decref(attrs);
                return;
        }
        title = g_strdup_printf("%s%s%s%s%s", is_blank(product.vendor) ? "" : product.vendor,
                                is_blank(product.vendor) ? "" : " ", name,
                                is_blank(product.version) ? "" : " ",
                                is_blank(product.version) ? "" : product.version);
        tell_put(attrs, "vendor", product.vendor);
        tell_put(attrs, "product", name);
        tell_put(attrs, "version", product.version);
        tell_put(attrs, "part_number", product.part_number);
        tell_put(attrs, "cpe", product.cpe);
        (void)tell_item(tell, (TellItem){ device->where, "component", id, title, NULL, attrs, NULL });
        tell_link(tell, device->where, device->id, "instance_of", id, NULL);
}

void device_tell_cpe(Tell *tell, const Device *device, const char *cpe)
{
        g_auto(Cpe) name = { 0 };
        g_autofree char *vendor = NULL, *product = NULL, *version = NULL, *formatted = NULL;

        if (!cpe_parse(cpe, &name, NULL))
                return;
        vendor = cpe_words(&name, CPE_VENDOR);
        product = cpe_words(&name, CPE_PRODUCT);
        version = cpe_plain(&name, CPE_VERSION);
        if (product == NULL || (strcmp(name.value[CPE_PART], "o") == 0 && version == NULL))
                return;
        formatted = cpe_format(&name);
        device_tell_product(tell, device, (DeviceProduct){ vendor, product, version, NULL, formatted });
}

/* Words with one blank between: names in reports are broken into lines anywhere. */
static char *one_line(const char *text)
{
        g_autofree char *copy = g_strdelimit(g_strdup(text == NULL ? "" : text), "\r\n\t", ' ');
        GString *line = g_string_new(NULL);

        for (const char *p = copy; *p != '\0'; p++)
                if (*p != ' ' || (line->len > 0 && line->str[line->len - 1] != ' '))
                        g_string_append_c(line, *p);
        return g_string_free(line, FALSE);
}

void device_tell_finding(Tell *tell, const Device *device, DeviceFinding finding)
{
        json_t *op = json_pack("{s:s, s:s, s:o}", "op", "scan", "where", device->where, "asset",
                               tell_name(tell, device->id));
        g_autofree char *title = one_line(finding.title), *said = one_line(finding.said);

        tell_put(op, "vulnerability", finding.vulnerability);
        tell_put(op, "source", finding.source);
        tell_put(op, "title", title);
        tell_put(op, "said", said);
        tell_put(op, "severity", finding.severity);
        tell_put(op, "score", finding.score);
        tell_put(op, "cvss", finding.cvss);
        tell_put(op, "remediation", finding.remediation);
        if (finding.cwes != NULL)
                tell_put_list(op, "cwes", finding.cwes);
        sink_op(tell->sink, op);
}
