/* What is installed, by the keys under which advisories name it. Of many assets the same is written: they are one thing here, of
 * which everything is read, kept and judged once; and what has one name is in order of its vendors, who are compared once each. */
#include "vuln/internal.h"

#include <string.h>

enum { TOGETHER_MAX = 100000 }; /* nodes looked at for one question */

typedef struct {
        uint32_t installed;
        Serial serial;
} Subject;

typedef struct {
        uint32_t part, whole;
} Within;

struct MatchIndex {
        MatchKnownFn known; /* NULL: everything is */
        void *known_payload;
        uint32_t blank;   /* number + 1 in `installed` of what no advisory means; 0: there is none */
        GArray *subjects; /* of Subject */
        GArray *within;   /* of Within, in order once it is finished */
        GPtrArray *installed, *vendors; /* of Installed, of InstalledVendor */
        GHashTable *written;            /* installed_key → number + 1 in `installed` */
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
        index->within = g_array_new(FALSE, FALSE, sizeof(Within));
        index->installed = g_ptr_array_new_with_free_func(installed_free);
        index->vendors = g_ptr_array_new_with_free_func(installed_vendor_free);
        index->written = hash_table_new_text(g_free, NULL);
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
        g_hash_table_unref(index->written);
        g_hash_table_unref(index->named);
        g_ptr_array_unref(index->installed);
        g_ptr_array_unref(index->vendors);
        g_array_unref(index->subjects);
        g_array_unref(index->within);
        g_free(index);
}

void match_index_ask(MatchIndex *index, MatchKnownFn known, void *payload)
{
        index->known = known;
        index->known_payload = payload;
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

        postings = g_hash_table_lookup(index->table[key], text);
        if (postings == NULL) {
                postings = g_array_new(FALSE, FALSE, sizeof(Posting));
                g_hash_table_insert(index->table[key], g_strdup(text), postings);
        }
        g_array_append_val(postings, posting);
}

static bool is_known(const MatchIndex *index, IndexKey key, const char *text)
{
        g_autofree char *asked = match_key(key, text);

        return index->known(asked, index->known_payload);
}

/* A pattern may fit a number. */
static bool is_known_number(const MatchIndex *index, IndexKey key, const char *text)
{
        const bool exact = is_known(index, key, text);

        return is_known(index, key, ZW_KEY_ANY) || exact;
}

/* Whether any advisory can mean what has these keys. */
static bool is_wanted(const MatchIndex *index, const InstalledKeys *keys)
{
        bool wanted = index->known == NULL;

        for (size_t i = 0; index->known != NULL && i < keys->n; i++) {
                const InstalledKey *key = &keys->all[i];

                wanted |= key->key == KEY_PART ? is_known_number(index, key->key, key->text)
                                               : is_known(index, key->key, key->text);
        }
        return wanted;
}

static void keys_add(MatchIndex *index, const InstalledKeys *keys, Posting posting)
{
        for (size_t i = 0; i < keys->n; i++)
                key_add(index, keys->all[i].key, keys->all[i].text, posting);
}

static uint32_t vendor_add(MatchIndex *index, const MatchSubject *subject)
{
        g_autofree char *text = installed_vendor_text(subject);
        const char *key = text == NULL ? "" : text;
        const uint32_t number = GPOINTER_TO_UINT(g_hash_table_lookup(index->named, key));

        if (number > 0)
                return number - 1;
        g_hash_table_insert(index->named, g_strdup(key), GUINT_TO_POINTER(index->vendors->len + 1));
        g_ptr_array_add(index->vendors, installed_vendor_read(subject));
        return index->vendors->len - 1;
}

/* What stands for all that no advisory means: nothing is written of it. */
static uint32_t blank_of(MatchIndex *index)
{
        const MatchSubject none = { 0 };

        if (index->blank == 0) {
                g_ptr_array_add(index->installed,
                                installed_read(&none, index_vendor(index, vendor_add(index, &none))));
                index->blank = index->installed->len;
        }
        return index->blank - 1;
}

/* The thing of which this is written. It is kept if it is wanted for its own keys, or for a serial number. */
static uint32_t installed_add(MatchIndex *index, const MatchSubject *subject, bool wanted)
{
        g_autofree char *key = installed_key(subject);
        const uint32_t number = GPOINTER_TO_UINT(g_hash_table_lookup(index->written, key));
        Posting posting = { .vendor = number > 0 ? 0 : vendor_add(index, subject) };
        Installed *installed;

        if (number > 0)
                return number - 1;
        installed = installed_read(subject, index_vendor(index, posting.vendor));
        g_auto(InstalledKeys) keys = installed_keys(installed);
        if (!is_wanted(index, &keys) && !wanted) {
                installed_free(installed);
                return blank_of(index);
        }
        if (keys.wild)
                ((InstalledVendor *)g_ptr_array_index(index->vendors, posting.vendor))->wild = true;
        posting.installed = index->installed->len;
        g_hash_table_insert(index->written, g_steal_pointer(&key), GUINT_TO_POINTER(posting.installed + 1));
        g_ptr_array_add(index->installed, installed);
        keys_add(index, &keys, posting);
        return posting.installed;
}

/* Whether it has a number to be found by. */
static bool serial_read(const char *text, Serial *ret_serial)
{
        if (text == NULL || text[0] == '\0')
                return false;
        ret_serial->text = g_strdup(text);
        ret_serial->folded = number_fold(text);
        return ret_serial->folded[0] != '\0';
}

uint32_t match_index_add(MatchIndex *index, const MatchSubject *subject)
{
        const uint32_t number = index->subjects->len;
        Subject added = { 0 };
        const bool has_serial = serial_read(subject->serial, &added.serial);

        added.installed = installed_add(index, subject,
                                        has_serial && index->known != NULL &&
                                                is_known_number(index, KEY_SERIAL, added.serial.folded));
        if (added.installed + 1 != index->blank)
                g_array_append_val(index_installed(index, added.installed)->subjects, number);
        if (has_serial)
                key_add(index, KEY_SERIAL, added.serial.folded, (Posting){ .installed = number });
        g_array_append_val(index->subjects, added);
        return number;
}

void match_index_put_within(MatchIndex *index, uint32_t part, uint32_t whole)
{
        const Within within = { part, whole };

        g_array_append_val(index->within, within);
}

static int text_order(gconstpointer a, gconstpointer b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

static int within_order(gconstpointer a, gconstpointer b)
{
        const Within *x = a, *y = b;

        return x->part < y->part ? -1 : x->part > y->part;
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
        g_array_sort(index->within, within_order);
        texts_sort(index, KEY_PART);
        texts_sort(index, KEY_SERIAL);
}

GPtrArray *match_index_keys(const MatchIndex *index)
{
        GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);

        for (IndexKey key = 0; key < ZW_KEY_COUNT; key++) {
                GHashTableIter iter;
                gpointer text;

                g_hash_table_iter_init(&iter, index->table[key]);
                while (g_hash_table_iter_next(&iter, &text, NULL))
                        g_ptr_array_add(keys, match_key(key, text));
                if (index->sorted[key] != NULL && index->sorted[key]->len > 0)
                        g_ptr_array_add(keys, match_key(key, ZW_KEY_ANY));
        }
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

/* Where what a subject is within begins. */
static guint within_find(const MatchIndex *index, uint32_t part)
{
        guint from = 0, to = index->within->len;

        while (from < to) {
                const guint middle = from + (to - from) / 2;

                if (g_array_index(index->within, Within, middle).part < part)
                        from = middle + 1;
                else
                        to = middle;
        }
        return from;
}

/* Everything a subject is within, itself included. */
static void wholes_find(const MatchIndex *index, uint32_t subject, GHashTable *wholes)
{
        g_autoptr(GArray) ahead = g_array_new(FALSE, FALSE, sizeof(uint32_t));

        g_array_append_val(ahead, subject);
        while (ahead->len > 0 && g_hash_table_size(wholes) < TOGETHER_MAX) {
                const uint32_t at = g_array_index(ahead, uint32_t, ahead->len - 1);

                g_array_set_size(ahead, ahead->len - 1);
                if (!g_hash_table_add(wholes, GUINT_TO_POINTER(at)))
                        continue;
                for (guint i = within_find(index, at);
                     i < index->within->len && g_array_index(index->within, Within, i).part == at; i++)
                        g_array_append_val(ahead, g_array_index(index->within, Within, i).whole);
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
