/* Components and inventories, which several models hold. */
#include "exchange/oscal.h"

#include "base/hash.h"
#include "exchange/device.h"
#include "exchange/jfigures.h"
#include "exchange/sheet.h"

#include <string.h>

bool oscal_role(const Oscal *oscal, const char *id, OscalRole *ret_role)
{
        const guint role = id == NULL ? 0 : GPOINTER_TO_UINT(g_hash_table_lookup(oscal->roles, id));

        if (role > 0)
                *ret_role = (OscalRole)(role - 1);
        return role > 0;
}

/* False when there is no id, or it was told before; then it is refused. */
static bool role_note(Oscal *oscal, JVal entry, const char *where, OscalRole role)
{
        const char *id = oscal_id(entry);

        if (id == NULL || tell_has(&oscal->tell, id)) {
                sink_refuse(oscal->tell.sink, where,
                            id == NULL ? "there is no uuid" : "a second entry has the uuid of another");
                return false;
        }
        g_hash_table_insert(oscal->roles, g_strdup(id), GUINT_TO_POINTER(role + 1U));
        return true;
}

/* ---- components ---- */

/* The first of several properties that is there. */
static const char *first_prop(JVal entry, const char *const *names)
{
        const char *value = NULL;

        for (size_t i = 0; value == NULL && names[i] != NULL; i++)
                value = oscal_prop(entry, names[i]);
        return value;
}

static const struct {
        const char *attr, *props[4];
} product_props[] = { { "vendor", { "vendor-name", "vendor", "manufacturer" } },
                      { "product", { "product-name", "software-name" } },
                      { "version", { "version", "software-version" } },
                      { "part_number", { "model", "part-number" } },
                      { "cpe", { "cpe" } },
                      { "purl", { "purl" } } };

/* `mongodb tcp/27017`, one a protocol. Free it. */
static char *protocols_of(JVal component)
{
        JIter iter = jval_iter(jval_get(component, "protocols")), ranges;
        GString *all = g_string_new(NULL);
        JVal protocol, range;

        while (jiter_next(&iter, &protocol)) {
                const char *name = jval_get_text(protocol, "name");

                g_string_append_printf(all, "%s%s", all->len == 0 ? "" : ", ", name == NULL ? "?" : name);
                ranges = jval_iter(jval_get(protocol, "port-ranges"));
                while (jiter_next(&ranges, &range)) {
                        g_autofree char *start = jfigures_text(jval_get(range, "start")),
                                        *end = jfigures_text(jval_get(range, "end"));
                        const char *transport = jval_get_text(range, "transport");

                        g_string_append_printf(all, " %s/%s", transport == NULL ? "?" : transport,
                                               start == NULL ? "?" : start);
                        if (end != NULL && g_strcmp0(start, end) != 0)
                                g_string_append_printf(all, "-%s", end);
                }
        }
        return g_string_free(all, FALSE);
}

static json_t *product_attrs(JVal component)
{
        static const char *const but[] = {
                "vendor-name",      "vendor", "manufacturer", "product-name", "software-name", "version",
                "software-version", "model",  "part-number",  "cpe",          "purl",          NULL
        };
        g_autofree char *protocols = protocols_of(component);
        json_t *attrs = json_object(), *extra = oscal_props(component, but);

        for (size_t i = 0; i < G_N_ELEMENTS(product_props); i++)
                tell_put(attrs, product_props[i].attr, first_prop(component, product_props[i].props));
        if (json_object_get(attrs, "product") == NULL)
                tell_put(attrs, "product", jval_get_text(component, "title"));
        tell_put(attrs, "bom_type", jval_get_text(component, "type"));
        tell_put(extra, "protocols", protocols);
        tell_put(extra, "status", jval_get_text(jval_get(component, "status"), "state"));
        tell_put_extra(attrs, extra);
        return attrs;
}

/* Documents keep no other columns: what is known of one stands in its body. */
static void document_tell(Oscal *oscal, JVal component, const char *where, GString *body)
{
        static const char *const but[] = { "version", NULL };
        json_t *attrs = json_object(), *extra = oscal_props(component, but), *value;
        const char *name;

        json_object_foreach(extra, name, value) tell_paragraph(body, name, json_string_value(value));
        json_decref(extra);
        tell_put(attrs, "revision", oscal_prop(component, "version"));
        (void)tell_item(&oscal->tell,
                        (TellItem){ where, "document", oscal_id(component), jval_get_text(component, "title"),
                                    body->str, attrs, NULL });
}

static void system_tell(Oscal *oscal, JVal component, const char *where)
{
        JVal facts = jval_get(oscal->model, "system-characteristics");
        const char *name = jval_get_text(facts, "system-name");
        g_autoptr(GString) body = g_string_new(NULL);

        oscal_paragraph(oscal, body, NULL, facts, "description");
        oscal_paragraph(oscal, body, "Boundary", jval_get(facts, "authorization-boundary"), "description");
        (void)tell_item(&oscal->tell, (TellItem){ where, "system", oscal_id(component),
                                                  name == NULL ? jval_get_text(component, "title") : name,
                                                  body->str, NULL, NULL });
}

static const struct {
        const char *type;
        OscalRole role;
} roles[] = { { "this-system", OSCAL_SYSTEM },         { "policy", OSCAL_DOCUMENT },
              { "process", OSCAL_DOCUMENT },           { "procedure", OSCAL_DOCUMENT },
              { "process-procedure", OSCAL_DOCUMENT }, { "plan", OSCAL_DOCUMENT },
              { "guidance", OSCAL_DOCUMENT },          { "standard", OSCAL_DOCUMENT },
              { "validation", OSCAL_DOCUMENT } };

static void component_tell(Oscal *oscal, JVal component, const char *place, void *data G_GNUC_UNUSED)
{
        const char *type = jval_get_text(component, "type");
        g_autofree char *where = oscal_where(component, place);
        g_autoptr(GString) body = g_string_new(NULL);
        OscalRole role = OSCAL_PRODUCT;

        if (g_strcmp0(type, "interconnection") == 0) {
                oscal_lose(oscal, component, place,
                           "a connection to another system: no flow has only one end");
                return;
        }
        for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
                if (g_strcmp0(type, roles[i].type) == 0)
                        role = roles[i].role;
        if (!role_note(oscal, component, where, role))
                return;
        oscal_paragraph(oscal, body, NULL, component, "description");
        oscal_paragraph(oscal, body, "Purpose", component, "purpose");
        oscal_paragraph(oscal, body, NULL, component, "remarks");
        if (role == OSCAL_SYSTEM)
                system_tell(oscal, component, where);
        else if (role == OSCAL_DOCUMENT)
                document_tell(oscal, component, where, body);
        else
                (void)tell_item(&oscal->tell, (TellItem){ where, "component", oscal_id(component),
                                                          jval_get_text(component, "title"), body->str,
                                                          product_attrs(component), NULL });
}

void oscal_components_tell(Oscal *oscal, JVal holder, const char *place)
{
        oscal_each(oscal, holder, "components", place, component_tell, NULL);
}

/* ---- inventory ---- */

static const char *const host_props[] = { "fqdn",     "hostname",     "computer-name",
                                          "dns-name", "netbios-name", NULL };
static const char *const address_props[] = { "ipv4-address", "ipv6-address", "ip-address",
                                             "computer-ip",  "mac-address",  NULL };
static const char *const network_props[] = { "vlan-id", "network-id", NULL };
static const char *const version_props[] = { "software-version", "version", NULL };
static const char *const told_props[] = { "fqdn",
                                          "hostname",
                                          "computer-name",
                                          "dns-name",
                                          "netbios-name",
                                          "ipv4-address",
                                          "ipv6-address",
                                          "ip-address",
                                          "computer-ip",
                                          "mac-address",
                                          "vlan-id",
                                          "network-id",
                                          "software-version",
                                          "version",
                                          "serial-number",
                                          "physical-location",
                                          NULL };

static void props_add(JVal entry, const char *const *names, GPtrArray *texts)
{
        JIter iter = jval_iter(jval_get(entry, "props"));
        JVal prop;

        while (jiter_next(&iter, &prop)) {
                const char *name = jval_get_text(prop, "name");

                if (name != NULL && g_strv_contains(names, name))
                        tell_add(texts, jval_get_text(prop, "value"));
        }
}

static void implemented_link(Oscal *oscal, JVal entry, const char *place, void *asset)
{
        const char *id = jval_get_text(entry, "component-uuid");
        g_autofree char *where = oscal_where(entry, place);
        OscalRole role;

        if (!oscal_role(oscal, id, &role))
                sink_problem(oscal->tell.sink, where, "%.200s is no component of the document",
                             id == NULL ? "what is not named" : id);
        else if (role == OSCAL_PRODUCT)
                tell_link(&oscal->tell, where, asset, "instance_of", id, NULL);
        else if (role == OSCAL_DOCUMENT)
                tell_link(&oscal->tell, where, id, "concerns", asset, NULL);
}

static void asset_tell(Oscal *oscal, JVal entry, const char *place, void *data G_GNUC_UNUSED)
{
        const char *id = oscal_id(entry), *name = oscal_prop(entry, "asset-id");
        g_autofree char *where = oscal_where(entry, place),
                        *title = sheet_title(jval_get_text(entry, "description"), ""),
                        *body = oscal_prose(oscal, jval_get_text(entry, "description"));

        if (id == NULL || tell_has(&oscal->tell, id)) {
                sink_refuse(oscal->tell.sink, where,
                            id == NULL ? "there is no uuid" : "a second entry has the uuid of another");
                return;
        }
        g_auto(Device) device = device_init(g_strdup(id), g_strdup(where));

        json_decref(device.extra);
        device.extra = oscal_props(entry, told_props);
        device.hostname = first_prop(entry, host_props);
        device.title = device.hostname != NULL ? device.hostname : name != NULL ? name : title;
        device.body = body;
        device.serial = oscal_prop(entry, "serial-number");
        device.location = oscal_prop(entry, "physical-location");
        device.version = first_prop(entry, version_props);
        props_add(entry, address_props, device.addresses);
        props_add(entry, network_props, device.networks);
        if (device_tell(&oscal->tell, &device))
                oscal_each(oscal, entry, "implemented-components", place, implemented_link, device.id);
}

void oscal_inventory_tell(Oscal *oscal, JVal holder, const char *place)
{
        oscal_each(oscal, holder, "inventory-items", place, asset_tell, NULL);
}
