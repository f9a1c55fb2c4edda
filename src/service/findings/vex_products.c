/* What findings concern, by the names that others know products by. */
#include "service/findings/vex.h"

#include "base/hash.h"
#include "vuln/purl.h"

#include <string.h>

VexProducts vex_products_begin(Call *call, GraphView view, json_t *lost)
{
        return (VexProducts){ .call = call,
                              .view = view,
                              .made = hash_table_new_text(g_free, (GDestroyNotify)json_decref),
                              .lost = lost };
}

void vex_products_clear(VexProducts *all)
{
        g_clear_pointer(&all->made, g_hash_table_unref);
}

static json_t *attrs_load(const VexProducts *all, const char *key, GError **error)
{
        const Call *call = all->call;
        g_autoptr(StoreItem) item = store_item_by_key(call->view, &call->project->log, key, call->at, error);
        const char *attrs = item == NULL ? NULL : store_item_rev(item)->attrs;

        return attrs == NULL ? NULL : jread_parse(attrs, strlen(attrs), error);
}

/* A package URL that cannot be read is of no use to others. */
static void purl_check(VexProducts *all, const char *key, json_t *product)
{
        const char *purl = jread_get_string(product, "purl");
        g_auto(Purl) read = { 0 };

        if (purl == NULL || purl_parse(purl, &read, NULL))
                return;
        json_object_del(product, "purl");
        if (all->lost != NULL)
                json_array_append_new(all->lost, json_pack("{s:s, s:s}", "where", key, "what",
                                                           "its package URL, which is none"));
}

/* The names of the component, or of the one that an asset is of. What is installed in another version than the component's is not what
 * its package URL and CPE name. */
static json_t *product_make(VexProducts *all, ItemNo subject, GError **error)
{
        static const char *const names[] = { "vendor", "product", "version", "part_number", "purl", "cpe" };
        const GraphView view = all->view;
        const char *key = graph_key(view, subject), *installed;
        const bool is_asset = graph_kind(view, subject) == ZW_KIND_ASSET;
        const ItemNo component = is_asset ? graph_first(view, subject, GRAPH_OUT, ZW_LINK_INSTANCE_OF)
                                          : subject;
        g_autofree char *id = g_strdup_printf("urn:zonewright:%s:%s", all->call->project->key, key);
        g_autoptr(Json) own = attrs_load(all, key, error), of = NULL;
        json_t *product;

        if (own == NULL)
                return NULL;
        of = component == ZW_ITEM_NONE ? json_object() : attrs_load(all, graph_key(view, component), error);
        if (of == NULL)
                return NULL;
        product = json_pack("{s:s, s:s, s:s}", "id", id, "key", key, "title", graph_title(view, subject));
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                if (jread_get_string(of, names[i]) != NULL)
                        json_object_set(product, names[i], json_object_get(of, names[i]));
        installed = is_asset ? jread_get_string(own, "installed_version") : NULL;
        if (installed != NULL && g_strcmp0(installed, jread_get_string(of, "version")) != 0) {
                json_object_set_new(product, "version", json_string(installed));
                json_object_del(product, "purl");
                json_object_del(product, "cpe");
        }
        purl_check(all, key, product);
        return product;
}

bool vex_products_add(VexProducts *all, ItemNo finding, json_t *products, GError **error)
{
        GraphIter iter = graph_iter(all->view, finding, GRAPH_OUT, LINK_MASK(ZW_LINK_CONCERNS));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                const char *key = graph_key(all->view, edge.other);
                json_t *product = g_hash_table_lookup(all->made, key);

                if (product == NULL) {
                        product = product_make(all, edge.other, error);
                        if (product == NULL)
                                return false;
                        g_hash_table_insert(all->made, g_strdup(key), product);
                }
                json_array_append(products, product);
        }
        return true;
}
