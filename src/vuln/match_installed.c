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
