/* What is installed, by the keys under which advisories name it. */
#include "vuln/internal.h"

#include <string.h>

enum { TOGETHER_MAX = 100000 }; /* nodes looked at for one question */

struct MatchIndex {
        GArray *subjects;                /* of Installed */
        GHashTable *table[ZW_KEY_COUNT]; /* text → GArray of uint32_t */
        GPtrArray *
                sorted[ZW_KEY_COUNT]; /* texts of KEY_PART and KEY_SERIAL in order, borrowed from the table */
};

static void installed_clear(gpointer data)
{
        Installed *installed = data;

        g_free(installed->vendor_text);
        g_free(installed->product_text);
        g_free(installed->version);
        g_free(installed->part_text);
        g_free(installed->serial_text);
        vendor_name_clear(&installed->vendor);
        product_name_clear(&installed->name);
        g_free(installed->part);
        g_free(installed->serial);
        cpe_clear(&installed->cpe);
        purl_clear(&installed->purl);
        g_strfreev(installed->hashes);
        g_clear_pointer(&installed->within, g_array_unref);
}

static void numbers_free(gpointer numbers)
{
        g_array_unref(numbers);
}

MatchIndex *match_index_new(void)
{
        MatchIndex *index = g_new0(MatchIndex, 1);

        index->subjects = g_array_new(FALSE, TRUE, sizeof(Installed));
        g_array_set_clear_func(index->subjects, installed_clear);
        for (size_t i = 0; i < ZW_KEY_COUNT; i++)
                index->table[i] = hash_table_new_text(g_free, numbers_free);
        return index;
}

void match_index_free(MatchIndex *index)
{
        if (index == NULL)
                return;
        for (size_t i = 0; i < ZW_KEY_COUNT; i++) {
                g_clear_pointer(&index->sorted[i], g_ptr_array_unref);
                g_hash_table_unref(index->table[i]);
        }
        g_array_unref(index->subjects);
        g_free(index);
}

const Installed *index_subject(const MatchIndex *index, uint32_t subject)
{
        return &g_array_index(index->subjects, Installed, subject);
}

/* ---- keys ---- */

static void key_add(MatchIndex *index, IndexKey key, const char *text, uint32_t subject)
{
        GArray *numbers;

        if (text == NULL || text[0] == '\0')
                return;
        numbers = g_hash_table_lookup(index->table[key], text);
        if (numbers == NULL) {
                numbers = g_array_new(FALSE, FALSE, sizeof(uint32_t));
                g_hash_table_insert(index->table[key], g_strdup(text), numbers);
        }
        g_array_append_val(numbers, subject);
}

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

/* Under its own name, and under that with the vendor before it, since some advisories have full names only. */
static void names_add(MatchIndex *index, const Installed *installed, uint32_t subject)
{
        g_autofree char *full = NULL;

        key_add(index, KEY_NAME, installed->name.key, subject);
        if (installed->vendor.words == NULL || installed->name.core == NULL ||
            installed->vendor.words[0] == '\0')
                return;
        full = product_name_key(installed->vendor.words, installed->name.core);
        key_add(index, KEY_NAME, full, subject);
}

static void keys_add(MatchIndex *index, const Installed *installed, uint32_t subject)
{
        g_autofree char *cpe = index_cpe_key(&installed->cpe), *firmware = firmware_key(&installed->cpe);

        names_add(index, installed, subject);
        key_add(index, KEY_CPE, cpe, subject);
        key_add(index, KEY_CPE, firmware, subject);
        if (installed->purl.type != NULL) {
                g_autofree char *package = purl_package(&installed->purl);

                key_add(index, KEY_PURL, package, subject);
        }
        key_add(index, KEY_PART, installed->part, subject);
        key_add(index, KEY_SERIAL, installed->serial, subject);
        for (size_t i = 0; installed->hashes != NULL && installed->hashes[i] != NULL; i++)
                key_add(index, KEY_HASH, installed->hashes[i], subject);
}

/* ---- reading a subject ---- */

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

static void names_read(Installed *installed, const MatchSubject *subject)
{
        bool cpe = installed->cpe.value[0] != NULL;

        installed->vendor_text = subject->vendor != NULL && subject->vendor[0] != '\0'
                                         ? g_strdup(subject->vendor)
                                 : cpe ? cpe_words(&installed->cpe, CPE_VENDOR)
                                       : NULL;
        installed->product_text = subject->product != NULL && subject->product[0] != '\0'
                                          ? g_strdup(subject->product)
                                  : cpe ? cpe_words(&installed->cpe, CPE_PRODUCT)
                                        : NULL;
        if (installed->vendor_text != NULL)
                installed->vendor = vendor_name_read(installed->vendor_text);
        if (installed->product_text != NULL)
                installed->name = product_name_read(installed->product_text, &installed->vendor);
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

uint32_t match_index_add(MatchIndex *index, const MatchSubject *subject)
{
        Installed installed = { 0 };
        uint32_t number = index->subjects->len;

        /* what is no CPE name or package URL identifies nothing */
        if (subject->cpe != NULL && !cpe_parse(subject->cpe, &installed.cpe, NULL))
                installed.cpe = (Cpe){ 0 };
        if (subject->purl != NULL && !purl_parse(subject->purl, &installed.purl, NULL))
                installed.purl = (Purl){ 0 };
        names_read(&installed, subject);
        part_read(&installed, subject->part_number);
        installed.version = version_of(&installed, subject->version);
        if (subject->serial != NULL && subject->serial[0] != '\0') {
                installed.serial_text = g_strdup(subject->serial);
                installed.serial = number_fold(subject->serial);
        }
        if (subject->hashes != NULL) {
                size_t n = g_strv_length((char **)(uintptr_t)subject->hashes);

                installed.hashes = g_new0(char *, n + 1);
                for (size_t i = 0; i < n; i++)
                        installed.hashes[i] = hash_fold(subject->hashes[i]);
        }
        keys_add(index, &installed, number);
        g_array_append_val(index->subjects, installed);
        return number;
}

void match_index_put_within(MatchIndex *index, uint32_t part, uint32_t whole)
{
        Installed *installed = &g_array_index(index->subjects, Installed, part);

        if (installed->within == NULL)
                installed->within = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        g_array_append_val(installed->within, whole);
}

static int text_order(gconstpointer a, gconstpointer b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

void match_index_finish(MatchIndex *index)
{
        static const IndexKey keys[] = { KEY_PART, KEY_SERIAL };

        for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
                GPtrArray *sorted = g_ptr_array_new();
                GHashTableIter iter;
                gpointer text;

                g_hash_table_iter_init(&iter, index->table[keys[i]]);
                while (g_hash_table_iter_next(&iter, &text, NULL))
                        g_ptr_array_add(sorted, text);
                g_ptr_array_sort(sorted, text_order);
                index->sorted[keys[i]] = sorted;
        }
}

GPtrArray *match_index_keys(const MatchIndex *index)
{
        static const IndexKey wanted[] = { KEY_NAME, KEY_CPE, KEY_PURL };
        GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);

        for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
                GHashTableIter iter;
                gpointer text;

                g_hash_table_iter_init(&iter, index->table[wanted[i]]);
                while (g_hash_table_iter_next(&iter, &text, NULL))
                        g_ptr_array_add(keys, match_key(wanted[i], text));
        }
        g_ptr_array_add(keys, g_strdup(ZW_MATCH_ALWAYS));
        return keys;
}

/* ---- look-up ---- */

void index_find(const MatchIndex *index, IndexKey key, const char *text, GArray *subjects)
{
        const GArray *numbers = text == NULL ? NULL : g_hash_table_lookup(index->table[key], text);

        if (numbers != NULL)
                g_array_append_vals(subjects, numbers->data, numbers->len);
}

/* The literal beginning of a pattern narrows what is tried. */
void index_find_pattern(const MatchIndex *index, IndexKey key, const char *pattern, Work *work,
                        GArray *subjects)
{
        g_autofree char *folded = number_fold(pattern);
        const GPtrArray *sorted = index->sorted[key];
        size_t prefix = strcspn(folded, "*?\\");
        guint from = 0, to = sorted->len;

        while (from < to) {
                guint middle = from + (to - from) / 2;

                if (strncmp(sorted->pdata[middle], folded, prefix) < 0)
                        from = middle + 1;
                else
                        to = middle;
        }
        for (; from < sorted->len && strncmp(sorted->pdata[from], folded, prefix) == 0 &&
               work_take(work, WORK_PATTERN);
             from++)
                if (number_fits(pattern, sorted->pdata[from]))
                        index_find(index, key, sorted->pdata[from], subjects);
}

/* ---- belonging together ---- */

/* Everything a subject is within, itself included. */
static void wholes_find(const MatchIndex *index, uint32_t subject, GHashTable *wholes)
{
        g_autoptr(GArray) ahead = g_array_new(FALSE, FALSE, sizeof(uint32_t));

        g_array_append_val(ahead, subject);
        while (ahead->len > 0 && g_hash_table_size(wholes) < TOGETHER_MAX) {
                uint32_t at = g_array_index(ahead, uint32_t, ahead->len - 1);
                const GArray *within = index_subject(index, at)->within;

                g_array_set_size(ahead, ahead->len - 1);
                if (g_hash_table_add(wholes, GUINT_TO_POINTER(at)) && within != NULL)
                        g_array_append_vals(ahead, within->data, within->len);
        }
}

bool index_is_together(const MatchIndex *index, uint32_t a, uint32_t b)
{
        g_autoptr(GHashTable) left = NULL, right = NULL;
        GHashTableIter iter;
        gpointer whole;

        if (a == b)
                return true;
        left = g_hash_table_new(NULL, NULL);
        right = g_hash_table_new(NULL, NULL);
        wholes_find(index, a, left);
        wholes_find(index, b, right);
        g_hash_table_iter_init(&iter, left);
        while (g_hash_table_iter_next(&iter, &whole, NULL))
                if (g_hash_table_contains(right, whole))
                        return true;
        return false;
}
