/* What is installed, by the keys under which advisories name it. Of many assets the same is written: they are one thing here, of
 * which everything is read, kept and judged once; and what has one name is in order of its vendors, who are compared once each. */
#include "vuln/internal.h"

#include <string.h>

enum { TOGETHER_MAX = 100000 }; /* nodes looked at for one question */

typedef struct {
        uint32_t installed;
        Serial serial;
        GArray *within; /* of uint32_t, or NULL */
} Subject;

struct MatchIndex {
        GArray *subjects;               /* of Subject */
        GPtrArray *installed, *vendors; /* of Installed, of InstalledVendor */
        GHashTable *known;              /* installed_key → number + 1 in `installed` */
        GHashTable *named; /* text of a vendor → number + 1 in `vendors`; "" when none is known */
        GHashTable *table[ZW_KEY_COUNT]; /* text → GArray of Posting */
        GPtrArray *
                sorted[ZW_KEY_COUNT]; /* texts of KEY_PART and KEY_SERIAL in order, borrowed from the table */
};

static void subject_clear(gpointer data)
{
        Subject *subject = data;

        g_free(subject->serial.text);
        g_free(subject->serial.folded);
        g_clear_pointer(&subject->within, g_array_unref);
}

static void postings_free(gpointer postings)
{
        g_array_unref(postings);
}

MatchIndex *match_index_new(void)
{
        MatchIndex *index = g_new0(MatchIndex, 1);

        index->subjects = g_array_new(FALSE, TRUE, sizeof(Subject));
        g_array_set_clear_func(index->subjects, subject_clear);
        index->installed = g_ptr_array_new_with_free_func(installed_free);
        index->vendors = g_ptr_array_new_with_free_func(installed_vendor_free);
        index->known = hash_table_new_text(g_free, NULL);
        index->named = hash_table_new_text(g_free, NULL);
        for (size_t i = 0; i < ZW_KEY_COUNT; i++)
                index->table[i] = hash_table_new_text(g_free, postings_free);
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
        g_hash_table_unref(index->known);
        g_hash_table_unref(index->named);
        g_ptr_array_unref(index->installed);
        g_ptr_array_unref(index->vendors);
        g_array_unref(index->subjects);
        g_free(index);
}

static const Subject *subject_get(const MatchIndex *index, uint32_t subject)
{
        return &g_array_index(index->subjects, Subject, subject);
}

uint32_t index_installed_of(const MatchIndex *index, uint32_t subject)
{
        return subject_get(index, subject)->installed;
}

const Serial *index_serial(const MatchIndex *index, uint32_t subject)
{
        return &subject_get(index, subject)->serial;
}

const Installed *index_installed(const MatchIndex *index, uint32_t installed)
{
        return g_ptr_array_index(index->installed, installed);
}

const InstalledVendor *index_vendor(const MatchIndex *index, uint32_t vendor)
{
        return g_ptr_array_index(index->vendors, vendor);
}

/* ---- keys ---- */

static void key_add(MatchIndex *index, IndexKey key, const char *text, Posting posting)
{
        GArray *postings;

        if (text == NULL || text[0] == '\0')
                return;
        postings = g_hash_table_lookup(index->table[key], text);
        if (postings == NULL) {
                postings = g_array_new(FALSE, FALSE, sizeof(Posting));
                g_hash_table_insert(index->table[key], g_strdup(text), postings);
        }
        g_array_append_val(postings, posting);
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
static void names_add(MatchIndex *index, const Installed *installed, Posting posting)
{
        const char *vendor = installed->vendor->name.words;
        g_autofree char *full = NULL;

        key_add(index, KEY_NAME, installed->name.key, posting);
        if (vendor == NULL || installed->name.core == NULL || vendor[0] == '\0')
                return;
        full = product_name_key(vendor, installed->name.core);
        key_add(index, KEY_NAME, full, posting);
}

static void keys_add(MatchIndex *index, const Installed *installed, Posting posting)
{
        g_autofree char *cpe = index_cpe_key(&installed->cpe), *firmware = firmware_key(&installed->cpe);

        names_add(index, installed, posting);
        key_add(index, KEY_CPE, cpe, posting);
        key_add(index, KEY_CPE, firmware, posting);
        if (installed->purl.type != NULL) {
                g_autofree char *package = purl_package(&installed->purl);

                key_add(index, KEY_PURL, package, posting);
        }
        key_add(index, KEY_PART, installed->part, posting);
        for (size_t i = 0; installed->hashes[i] != NULL; i++)
                key_add(index, KEY_HASH, installed->hashes[i], posting);
        if (installed->cpe.value[0] != NULL && cpe == NULL)
                ((InstalledVendor *)g_ptr_array_index(index->vendors, posting.vendor))->wild = true;
}

static uint32_t vendor_add(MatchIndex *index, const MatchSubject *subject)
{
        g_autofree char *text = installed_vendor_text(subject);
        const char *key = text == NULL ? "" : text;
        const uint32_t number = GPOINTER_TO_UINT(g_hash_table_lookup(index->named, key));
        InstalledVendor *vendor;

        if (number > 0)
                return number - 1;
        g_hash_table_insert(index->named, g_strdup(key), GUINT_TO_POINTER(index->vendors->len + 1));
        vendor = g_new0(InstalledVendor, 1);
        if (text != NULL)
                vendor->name = vendor_name_read(text);
        vendor->text = g_steal_pointer(&text);
        g_ptr_array_add(index->vendors, vendor);
        return index->vendors->len - 1;
}

/* The thing of which this is written. */
static uint32_t installed_add(MatchIndex *index, const MatchSubject *subject)
{
        g_autofree char *key = installed_key(subject);
        const uint32_t number = GPOINTER_TO_UINT(g_hash_table_lookup(index->known, key));
        Posting posting = { .installed = index->installed->len };

        if (number > 0)
                return number - 1;
        g_hash_table_insert(index->known, g_steal_pointer(&key), GUINT_TO_POINTER(posting.installed + 1));
        posting.vendor = vendor_add(index, subject);
        g_ptr_array_add(index->installed, installed_read(subject, index_vendor(index, posting.vendor)));
        keys_add(index, index_installed(index, posting.installed), posting);
        return posting.installed;
}

uint32_t match_index_add(MatchIndex *index, const MatchSubject *subject)
{
        const uint32_t number = index->subjects->len;
        Subject added = { .installed = installed_add(index, subject) };

        g_array_append_val(index_installed(index, added.installed)->subjects, number);
        if (subject->serial != NULL && subject->serial[0] != '\0') {
                added.serial.text = g_strdup(subject->serial);
                added.serial.folded = number_fold(subject->serial);
                key_add(index, KEY_SERIAL, added.serial.folded, (Posting){ .installed = number });
        }
        g_array_append_val(index->subjects, added);
        return number;
}

void match_index_put_within(MatchIndex *index, uint32_t part, uint32_t whole)
{
        Subject *subject = &g_array_index(index->subjects, Subject, part);

        if (subject->within == NULL)
                subject->within = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        g_array_append_val(subject->within, whole);
}

static int text_order(gconstpointer a, gconstpointer b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

static int posting_order(gconstpointer a, gconstpointer b)
{
        const Posting *x = a, *y = b;

        if (x->vendor != y->vendor)
                return x->vendor < y->vendor ? -1 : 1;
        return x->installed < y->installed ? -1 : x->installed > y->installed;
}

static void texts_sort(MatchIndex *index, IndexKey key)
{
        GHashTableIter iter;
        gpointer text;

        index->sorted[key] = g_ptr_array_new();
        g_hash_table_iter_init(&iter, index->table[key]);
        while (g_hash_table_iter_next(&iter, &text, NULL))
                g_ptr_array_add(index->sorted[key], text);
        g_ptr_array_sort(index->sorted[key], text_order);
}

void match_index_finish(MatchIndex *index)
{
        GHashTableIter iter;
        gpointer postings;

        g_hash_table_iter_init(&iter, index->table[KEY_NAME]);
        while (g_hash_table_iter_next(&iter, NULL, &postings))
                g_array_sort(postings, posting_order);
        texts_sort(index, KEY_PART);
        texts_sort(index, KEY_SERIAL);
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

const Posting *index_find(const MatchIndex *index, IndexKey key, const char *text, size_t *ret_n)
{
        const GArray *postings = text == NULL ? NULL : g_hash_table_lookup(index->table[key], text);

        *ret_n = postings == NULL ? 0 : postings->len;
        return postings == NULL ? NULL : (const Posting *)(const void *)postings->data;
}

/* The literal beginning of a pattern narrows what is tried. */
void index_find_pattern(const MatchIndex *index, IndexKey key, const char *pattern, Work *work,
                        IndexFound found, void *payload)
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
                        found(sorted->pdata[from], payload);
}

/* ---- belonging together ---- */

/* Everything a subject is within, itself included. */
static void wholes_find(const MatchIndex *index, uint32_t subject, GHashTable *wholes)
{
        g_autoptr(GArray) ahead = g_array_new(FALSE, FALSE, sizeof(uint32_t));

        g_array_append_val(ahead, subject);
        while (ahead->len > 0 && g_hash_table_size(wholes) < TOGETHER_MAX) {
                uint32_t at = g_array_index(ahead, uint32_t, ahead->len - 1);
                const GArray *within = subject_get(index, at)->within;

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
