/* What a product of an advisory is known by: names, numbers, versions, and other products that its texts name. */
#include "vuln/internal.h"

#include <string.h>

static void purl_clear_element(gpointer data)
{
        purl_clear(data);
}

void product_clear(Product *product)
{
        vendor_name_clear(&product->vendor);
        product_name_clear(&product->name);
        g_clear_pointer(&product->range, range_free);
        g_clear_pointer(&product->version_text, g_free);
        cpe_clear(&product->cpe);
        g_clear_pointer(&product->purls, g_array_unref);
        g_clear_pointer(&product->parts, g_ptr_array_unref);
}

/* Some write `Lynx Model` as the product and `L206-F2G1` as its version. */
static bool version_is_model(const Product *product)
{
        return product->name.model && product->given->version != NULL &&
               number_is_part(product->given->version);
}

static void parts_read(Product *product)
{
        const JVal lists[] = { product->given->models, product->given->skus };

        product->parts = g_ptr_array_new_with_free_func(g_free);
        for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
                JIter iter = jval_iter(lists[i]);
                JVal value;

                while (jiter_next(&iter, &value))
                        if (value.type == JVAL_STRING)
                                g_ptr_array_add(product->parts, g_strdup(jval_text(value, NULL)));
        }
        if (product->parts->len == 0 && product->name.part != NULL)
                g_ptr_array_add(product->parts, g_strdup(product->name.part));
        if (version_is_model(product))
                g_ptr_array_add(product->parts, g_strdup(product->given->version));
}

static void purls_read(Product *product)
{
        JIter iter = jval_iter(product->given->purls);
        JVal value;

        product->purls = g_array_new(FALSE, FALSE, sizeof(Purl));
        g_array_set_clear_func(product->purls, purl_clear_element);
        while (jiter_next(&iter, &value)) {
                Purl purl = { 0 };

                if (value.type == JVAL_STRING && purl_parse(jval_text(value, NULL), &purl, NULL))
                        g_array_append_val(product->purls, purl);
        }
}

/* A product that begins with the first word of its vendor alone shows that he goes by it: `Grundfos CIM 500` of Grundfos Pumps. */
static void short_vendor_read(VendorName *vendor, const char *name)
{
        g_autofree char *first = vendor_name_first(vendor);
        g_auto(VendorName) short_name = { .words = g_steal_pointer(&first) };

        if (vendor->alias == NULL && short_name.words != NULL && vendor_name_begins(&short_name, name) &&
            !vendor_name_begins(vendor, name))
                vendor->alias = g_steal_pointer(&short_name.words);
}

/* Branches say vendor and product; else the CPE name does, else the full name is all there is. */
static void names_read(Product *product)
{
        const AdvisoryProduct *given = product->given;
        const char *name = given->product != NULL ? given->product : given->family;
        g_autofree char *cpe_vendor = NULL, *cpe_name = NULL;

        if (product->cpe.value[0] != NULL) {
                cpe_vendor = cpe_words(&product->cpe, CPE_VENDOR);
                cpe_name = cpe_words(&product->cpe, CPE_PRODUCT);
        }
        if (given->vendor != NULL || cpe_vendor != NULL)
                product->vendor = vendor_name_read(given->vendor != NULL ? given->vendor : cpe_vendor);
        if (name == NULL)
                name = cpe_name;
        if (name == NULL && given->vendor == NULL && product->purls->len == 0) {
                name = given->name;
                product->whole_name = name != NULL;
        }
        if (name == NULL)
                return;
        short_vendor_read(&product->vendor, name);
        product->name = product_name_read(name, &product->vendor);
}

static void version_read(Product *product)
{
        const AdvisoryProduct *given = product->given;
        g_autofree char *update = NULL;

        product->range_text = given->range != NULL        ? given->range
                              : version_is_model(product) ? NULL
                                                          : given->version;
        if (product->range_text == NULL && product->cpe.value[0] != NULL) {
                product->version_text = cpe_plain(&product->cpe, CPE_VERSION);
                update = cpe_plain(&product->cpe, CPE_UPDATE);
                if (product->version_text != NULL && update != NULL) {
                        char *joined = g_strdup_printf("%s %s", product->version_text, update);

                        g_free(product->version_text);
                        product->version_text = joined;
                }
                product->range_text = product->version_text;
        }
        if (product->range_text != NULL)
                product->range = range_parse(product->range_text);
}

Product product_read(const AdvisoryProduct *given)
{
        Product product = { .given = given };

        if (given->cpe != NULL && !cpe_parse(given->cpe, &product.cpe, NULL))
                product.cpe = (Cpe){ 0 };
        purls_read(&product);
        names_read(&product);
        parts_read(&product);
        version_read(&product);
        return product;
}

static void named_product_free(gpointer data)
{
        NamedProduct *named = data;

        product_clear(&named->product);
        g_free(named->name);
        g_free(named->range);
        g_free(named);
}

/* Takes the texts; a name that others may well have is none. */
static void named_add(GPtrArray *others, const AdvisoryProduct *given, char *name, char *range)
{
        NamedProduct *named = g_new0(NamedProduct, 1);

        named->name = name;
        named->range = range;
        named->given = *given;
        named->given.product = name;
        if (range != NULL)
                named->given.range = range;
        named->product = product_read(&named->given);
        if (product_name_is_own(&named->product.name))
                g_ptr_array_add(others, named);
        else
                named_product_free(named);
}

GPtrArray *named_products_read(const AdvisoryProduct *given)
{
        GPtrArray *others = g_ptr_array_new_with_free_func(named_product_free);
        g_autofree char **list = given->product == NULL ? NULL : product_name_list(given->product);
        char *name, *range;

        if (given->range != NULL && range_named(given->range, &name, &range))
                named_add(others, given, name, range);
        for (size_t i = 0; list != NULL && list[i] != NULL; i++)
                named_add(others, given, list[i], NULL);
        return others;
}

GStrv product_full_keys(const Product *product)
{
        const VendorName *vendor = &product->vendor;
        g_autofree char *first = vendor_name_first(vendor);
        const char *const names[] = { vendor->words, vendor->alias, first };
        GPtrArray *keys = g_ptr_array_new();

        for (size_t i = 0;
             i < G_N_ELEMENTS(names) && product->name.core != NULL && product->name.core[0] != '\0'; i++)
                if (names[i] != NULL && names[i][0] != '\0')
                        g_ptr_array_add(keys, product_name_key(names[i], product->name.core));
        g_ptr_array_add(keys, NULL);
        return (GStrv)g_ptr_array_free(keys, FALSE);
}
