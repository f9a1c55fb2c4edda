/* What is written of one thing that is installed: its names, numbers and versions. */
#include "vuln/internal.h"

#include <string.h>

void installed_vendor_free(gpointer data)
{
        InstalledVendor *vendor = data;

        vendor_name_clear(&vendor->name);
        g_free(vendor->text);
        g_free(vendor);
}

void installed_free(gpointer data)
{
        Installed *installed = data;

        g_free(installed->product_text);
        g_free(installed->version);
        g_free(installed->part_text);
        product_name_clear(&installed->name);
        g_free(installed->part);
        cpe_clear(&installed->cpe);
        purl_clear(&installed->purl);
        g_strfreev(installed->hashes);
        g_array_unref(installed->subjects);
        g_free(installed);
}

/* With its length before it, so that no text runs into the next. */
static void text_append(GString *key, const char *text)
{
        const char *written = text == NULL ? "" : text;

        g_string_append_printf(key, "%zu:", strlen(written));
        g_string_append(key, written);
}

char *installed_key(const MatchSubject *subject)
{
        GString *key = g_string_new(NULL);
        const char *const texts[] = { subject->vendor,      subject->product, subject->version,
                                      subject->part_number, subject->cpe,     subject->purl };

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                text_append(key, texts[i]);
        for (size_t i = 0; subject->hashes != NULL && subject->hashes[i] != NULL; i++)
                text_append(key, subject->hashes[i]);
        return g_string_free(key, FALSE);
}

/* `SHA-256:AB` and `sha256:ab` are one. */
static char *hash_fold(const char *text)
{
        const char *colon = strchr(text, ':');
        GString *out = g_string_new(NULL);

        for (const char *p = text; *p != '\0'; p++)
                if (colon == NULL || p >= colon || g_ascii_isalnum(*p))
                        g_string_append_c(out, g_ascii_tolower(*p));
        return g_string_free(out, FALSE);
}

static char *version_of(const Installed *installed, const char *given)
{
        g_autofree char *version = NULL, *update = NULL;

        if (given != NULL && given[0] != '\0')
                return g_strdup(given);
        if (installed->purl.version != NULL)
                return purl_full_version(&installed->purl);
        if (installed->cpe.value[0] == NULL)
                return NULL;
        version = cpe_plain(&installed->cpe, CPE_VERSION);
        update = cpe_plain(&installed->cpe, CPE_UPDATE);
        if (version == NULL || update == NULL)
                return g_steal_pointer(&version);
        return g_strdup_printf("%s %s", version, update);
}

/* What is no CPE name identifies nothing. */
static Cpe cpe_of(const MatchSubject *subject)
{
        Cpe cpe = { 0 };

        if (subject->cpe != NULL && !cpe_parse(subject->cpe, &cpe, NULL))
                cpe = (Cpe){ 0 };
        return cpe;
}

static char *text_of(const char *given, const Cpe *cpe, CpeAttr attribute)
{
        if (given != NULL && given[0] != '\0')
                return g_strdup(given);
        return cpe->value[0] == NULL ? NULL : cpe_words(cpe, attribute);
}

char *installed_vendor_text(const MatchSubject *subject)
{
        g_auto(Cpe) cpe = cpe_of(subject);

        return text_of(subject->vendor, &cpe, CPE_VENDOR);
}

InstalledVendor *installed_vendor_read(const MatchSubject *subject)
{
        InstalledVendor *vendor = g_new0(InstalledVendor, 1);

        vendor->text = installed_vendor_text(subject);
        if (vendor->text != NULL)
                vendor->name = vendor_name_read(vendor->text);
        return vendor;
}

static void part_read(Installed *installed, const char *part_number)
{
        if (part_number != NULL && part_number[0] != '\0') {
                installed->part_text = g_strdup(part_number);
                installed->part = number_fold(part_number);
        } else if (installed->name.part != NULL) {
                installed->part_text = g_strdup(installed->name.part);
                installed->part = g_strdup(installed->name.part);
        }
}

static char **hashes_read(const char *const *hashes)
{
        GPtrArray *folded = g_ptr_array_new();

        for (size_t i = 0; hashes != NULL && hashes[i] != NULL; i++)
                g_ptr_array_add(folded, hash_fold(hashes[i]));
        g_ptr_array_add(folded, NULL);
        return (char **)g_ptr_array_free(folded, FALSE);
}

Installed *installed_read(const MatchSubject *subject, const InstalledVendor *vendor)
{
        Installed *installed = g_new0(Installed, 1);

        installed->vendor = vendor;
        installed->cpe = cpe_of(subject);
        if (subject->purl != NULL && !purl_parse(subject->purl, &installed->purl, NULL))
                installed->purl = (Purl){ 0 };
        installed->product_text = text_of(subject->product, &installed->cpe, CPE_PRODUCT);
        if (installed->product_text != NULL)
                installed->name = product_name_read(installed->product_text, &vendor->name);
        part_read(installed, subject->part_number);
        installed->version = version_of(installed, subject->version);
        installed->hashes = hashes_read(subject->hashes);
        installed->subjects = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        return installed;
}

/* ---- its keys ---- */

/* The firmware of hardware has a name of its own, which is that of the hardware and this. */
#define FIRMWARE "_firmware"

bool cpe_is_firmware_of(const Cpe *firmware, const Cpe *hardware)
{
        g_autofree char *name = NULL;

        if (strcmp(firmware->value[CPE_PART], "o") != 0 || strcmp(hardware->value[CPE_PART], "h") != 0)
                return false;
        name = g_strconcat(hardware->value[CPE_PRODUCT], FIRMWARE, NULL);
        return strcmp(firmware->value[CPE_PRODUCT], name) == 0 &&
               strcmp(firmware->value[CPE_VENDOR], hardware->value[CPE_VENDOR]) == 0;
}

static char *firmware_key(const Cpe *cpe)
{
        g_autofree char *key = cpe->value[0] == NULL || strcmp(cpe->value[CPE_PART], "h") != 0
                                       ? NULL
                                       : index_cpe_key(cpe);

        return key == NULL ? NULL : g_strconcat(key, FIRMWARE, NULL);
}

char *index_cpe_key(const Cpe *cpe)
{
        const char *vendor = cpe->value[CPE_VENDOR], *product = cpe->value[CPE_PRODUCT];

        if (vendor == NULL || strpbrk(vendor, "*?") != NULL || strpbrk(product, "*?") != NULL ||
            cpe_is_na(cpe, CPE_PRODUCT))
                return NULL;
        return g_strdup_printf("%s:%s", vendor, product);
}

void installed_keys_clear(InstalledKeys *keys)
{
        for (size_t i = 0; i < keys->n; i++)
                g_free(keys->all[i].text);
        g_free(keys->all);
}

/* Takes the text. */
static void keys_put(InstalledKeys *keys, IndexKey key, char *text)
{
        if (text == NULL || text[0] == '\0') {
                g_free(text);
                return;
        }
        keys->all[keys->n].key = key;
        keys->all[keys->n++].text = text;
}

/* Under its own name, and under that with the vendor before it, since some advisories have full names only. */
static void names_put(InstalledKeys *keys, const Installed *installed)
{
        const char *vendor = installed->vendor->name.words;

        keys_put(keys, KEY_NAME, g_strdup(installed->name.key));
        if (vendor != NULL && installed->name.core != NULL && vendor[0] != '\0')
                keys_put(keys, KEY_NAME, product_name_key(vendor, installed->name.core));
}

InstalledKeys installed_keys(const Installed *installed)
{
        enum { KEYS_PLAIN = 6 };
        const size_t hashes = g_strv_length(installed->hashes);
        InstalledKeys keys = { .all = g_new(InstalledKey, KEYS_PLAIN + hashes) };

        names_put(&keys, installed);
        keys_put(&keys, KEY_CPE, installed->cpe.value[0] == NULL ? NULL : index_cpe_key(&installed->cpe));
        keys.wild = installed->cpe.value[0] != NULL && (keys.n == 0 || keys.all[keys.n - 1].key != KEY_CPE);
        keys_put(&keys, KEY_CPE, firmware_key(&installed->cpe));
        if (installed->purl.type != NULL)
                keys_put(&keys, KEY_PURL, purl_package(&installed->purl));
        keys_put(&keys, KEY_PART, g_strdup(installed->part));
        for (size_t i = 0; i < hashes; i++)
                keys_put(&keys, KEY_HASH, g_strdup(installed->hashes[i]));
        return keys;
}
