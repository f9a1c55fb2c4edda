/* The texts by which products of advisories and what is installed find each other, for who keeps more advisories than are to be
 * read each time. They are those of the index, each behind the letter of its sort. */
#include "vuln/internal.h"

#include <string.h>

static const char letters[ZW_KEY_COUNT] = { 'n', 'c', 'p', 'm', 's', 'h' };

char *match_key(IndexKey key, const char *text)
{
        return g_strdup_printf("%c %s", letters[key], text);
}

static void key_add(GPtrArray *keys, IndexKey key, const char *text)
{
        if (text != NULL && text[0] != '\0')
                g_ptr_array_add(keys, match_key(key, text));
}

/* By its name alone, and with the vendor before it. */
static void names_add(GPtrArray *keys, const Product *product)
{
        g_auto(GStrv) full = product_full_keys(product);

        key_add(keys, KEY_NAME, product->name.key);
        for (size_t i = 0; full[i] != NULL; i++)
                key_add(keys, KEY_NAME, full[i]);
}

bool number_is_exact(const char *number)
{
        return !number_is_pattern(number) && strchr(number, '\\') == NULL;
}

static void number_add(GPtrArray *keys, IndexKey key, const char *number)
{
        g_autofree char *folded = number_is_exact(number) ? number_fold(number) : g_strdup(ZW_KEY_ANY);

        key_add(keys, key, folded);
}

static void numbers_add(GPtrArray *keys, const Product *product)
{
        JIter serials = jval_iter(product->given->serials), hashes = jval_iter(product->given->hashes);
        JVal value;

        for (guint i = 0; i < product->parts->len; i++)
                number_add(keys, KEY_PART, product->parts->pdata[i]);
        while (jiter_next(&serials, &value))
                if (value.type == JVAL_STRING)
                        number_add(keys, KEY_SERIAL, jval_text(value, NULL));
        while (jiter_next(&hashes, &value))
                if (value.type == JVAL_STRING)
                        key_add(keys, KEY_HASH, jval_text(value, NULL));
}

char *match_vendor_key(const char *vendor)
{
        g_auto(VendorName) name = vendor_name_read(vendor);

        return name.words == NULL || name.words[0] == '\0' ? NULL
                                                           : g_strconcat(ZW_MATCH_VENDOR, name.words, NULL);
}

bool match_product_is_of(const AdvisoryProduct *given, const char *key)
{
        g_auto(Product) product = product_read(given);

        return product.vendor.words != NULL &&
               strcmp(product.vendor.words, key + strlen(ZW_MATCH_VENDOR)) == 0;
}

bool match_vendor_is_near(const char *key, const char *other)
{
        g_auto(VendorName) a = vendor_name_read(key + strlen(ZW_MATCH_VENDOR));
        g_auto(VendorName) b = vendor_name_read(other + strlen(ZW_MATCH_VENDOR));
        const NameAnswer answer = vendor_name_compare(&a, &b);

        return answer == NAME_NEAR || answer == NAME_SPELT;
}

GPtrArray *match_advisory_keys(const Advisory *advisory)
{
        GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);

        for (size_t i = 0; i < advisory_product_count(advisory); i++) {
                const AdvisoryProduct *given = advisory_product(advisory, i);
                g_auto(Product) product = product_read(given);
                g_autofree char *cpe = index_cpe_key(&product.cpe);
                g_autoptr(GPtrArray) others = named_products_read(given);

                if (product.vendor.words != NULL && product.vendor.words[0] != '\0')
                        g_ptr_array_add(keys, g_strconcat(ZW_MATCH_VENDOR, product.vendor.words, NULL));
                names_add(keys, &product);
                for (guint k = 0; k < others->len; k++)
                        names_add(keys, &((const NamedProduct *)g_ptr_array_index(others, k))->product);
                key_add(keys, KEY_CPE, cpe);
                for (guint k = 0; k < product.purls->len; k++) {
                        g_autofree char *package = purl_package(&g_array_index(product.purls, Purl, k));

                        key_add(keys, KEY_PURL, package);
                }
                numbers_add(keys, &product);
        }
        for (size_t i = 0; i < advisory_vulnerability_count(advisory); i++)
                g_ptr_array_add(keys, g_strconcat(ZW_MATCH_VULNERABILITY,
                                                  advisory_vulnerability_id(advisory, i), NULL));
        return keys;
}

/* A pattern may fit a number, so it has the key of any number, too. */
static void fitting_add(GPtrArray *keys, IndexKey key, const char *folded)
{
        if (folded[0] == '\0')
                return;
        key_add(keys, key, folded);
        key_add(keys, key, ZW_KEY_ANY);
}

GPtrArray *match_subject_keys(const MatchSubject *subject)
{
        GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
        InstalledVendor *vendor = installed_vendor_read(subject);
        Installed *installed = installed_read(subject, vendor);
        g_autofree char *serial = subject->serial == NULL ? NULL : number_fold(subject->serial);

        g_auto(InstalledKeys) all = installed_keys(installed);
        for (size_t i = 0; i < all.n; i++)
                if (all.all[i].key == KEY_PART)
                        fitting_add(keys, KEY_PART, all.all[i].text);
                else
                        key_add(keys, all.all[i].key, all.all[i].text);
        if (serial != NULL)
                fitting_add(keys, KEY_SERIAL, serial);
        installed_free(installed);
        installed_vendor_free(vendor);
        return keys;
}
