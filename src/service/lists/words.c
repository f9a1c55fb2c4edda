#include "service/lists/words.h"

#include <string.h>

enum {
        FIELD_END = 0xff, /* in no text of UTF-8, so that nothing is found across the end of a field */
        SPARE_LEAST = 1 << 20,
};
#define ENTRY_NONE G_MAXUINT32

/* The text of an item: key, title and body, each with an end. An item that changes gets a new one; the old one means nothing. */
typedef struct {
        uint64_t begin, title, body;
        ItemNo item;
} Entry;

struct Words {
        pthread_rwlock_t lock; /* guards all that follows */
        GByteArray *text;
        GArray *entries; /* of Entry, as they follow each other */
        GArray *latest;  /* by ItemNo, of uint32_t: its entry */
        uint64_t old;    /* bytes of entries that mean nothing */
        Seq upto;        /* commit; 0: nothing was read */
        bool too_long;   /* more text than is held */
        gint titles;     /* atomic: whether a title was looked for */
};

static void words_clear(Words *words)
{
        g_clear_pointer(&words->text, g_byte_array_unref);
        g_clear_pointer(&words->entries, g_array_unref);
        g_clear_pointer(&words->latest, g_array_unref);
        words->text = g_byte_array_new();
        words->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
        words->latest = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        words->old = 0;
        words->upto = 0;
}

Words *words_new(void)
{
        Words *words = g_new0(Words, 1);

        pthread_rwlock_init(&words->lock, NULL);
        words_clear(words);
        return words;
}

void words_free(Words *words)
{
        if (words == NULL)
                return;
        g_byte_array_unref(words->text);
        g_array_unref(words->entries);
        g_array_unref(words->latest);
        pthread_rwlock_destroy(&words->lock);
        g_free(words);
}

/* ---- what is held ---- */

static const Entry *entry_at(const Words *words, uint32_t index)
{
        return &g_array_index(words->entries, Entry, index);
}

static uint64_t entry_end(const Words *words, uint32_t index)
{
        return index + 1 < words->entries->len ? entry_at(words, index + 1)->begin : words->text->len;
}

static bool entry_is_latest(const Words *words, uint32_t index)
{
        return g_array_index(words->latest, uint32_t, entry_at(words, index)->item) == index;
}

static void text_add(Words *words, const char *text)
{
        static const uint8_t end = FIELD_END;
        g_autofree char *folded = text == NULL ? NULL : g_utf8_casefold(text, -1);

        if (folded != NULL)
                g_byte_array_append(words->text, (const uint8_t *)folded, (guint)strlen(folded));
        g_byte_array_append(words->text, &end, 1);
}

static void words_take(Words *words, const ItemRev *rev)
{
        Entry entry = { .begin = words->text->len, .item = rev->no };
        uint32_t *latest;

        while (words->latest->len <= rev->no) {
                const uint32_t none = ENTRY_NONE;

                g_array_append_val(words->latest, none);
        }
        latest = &g_array_index(words->latest, uint32_t, rev->no);
        if (*latest != ENTRY_NONE)
                words->old += entry_end(words, *latest) - entry_at(words, *latest)->begin;
        *latest = words->entries->len;
        text_add(words, rev->key);
        entry.title = words->text->len;
        text_add(words, rev->title);
        entry.body = words->text->len;
        text_add(words, rev->body);
        g_array_append_val(words->entries, entry);
}

/* Leaves out what means nothing once it is the greater part. */
static void words_compact(Words *words)
{
        g_autoptr(GByteArray) text = NULL;
        g_autoptr(GArray) entries = NULL;

        if (words->old < SPARE_LEAST || words->old < words->text->len / 2)
                return;
        text = g_byte_array_new();
        entries = g_array_new(FALSE, FALSE, sizeof(Entry));
        for (uint32_t i = 0; i < words->entries->len; i++) {
                Entry entry = *entry_at(words, i);
                const uint64_t n = entry_end(words, i) - entry.begin, moved = entry.begin - text->len;

                if (!entry_is_latest(words, i))
                        continue;
                g_byte_array_append(text, words->text->data + entry.begin, (guint)n);
                entry.begin -= moved;
                entry.title -= moved;
                entry.body -= moved;
                g_array_append_val(entries, entry);
        }
        for (uint32_t i = 0; i < entries->len; i++)
                g_array_index(words->latest, uint32_t, g_array_index(entries, Entry, i).item) = i;
        g_byte_array_unref(words->text);
        g_array_unref(words->entries);
        words->text = g_steal_pointer(&text);
        words->entries = g_steal_pointer(&entries);
        words->old = 0;
}

/* ---- reading and following ---- */

static bool is_too_long(Words *words)
{
        if (words->text->len - words->old <= ZW_WORDS_BYTES_MAX)
                return false;
        words_clear(words);
        words->too_long = true;
        return true;
}

/* The bound holds as they come: what is fed at once may be every revision that a project had since. */
static void item_feed(const ItemRev *rev, void *payload)
{
        Words *words = payload;

        if (words->too_long || is_too_long(words))
                return;
        words_take(words, rev);
        words_compact(words);
}

static bool item_read(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        item_feed(rev, payload);
        return true;
}

static void commit_feed(Seq seq, void *payload)
{
        ((Words *)payload)->upto = seq;
}

/* Brings them to the call's head; what fails leaves nothing. */
static bool words_follow(Words *words, const Call *call, GError **error)
{
        const StoreFeed feed = { .item = item_feed, .commit = commit_feed };
        const StoreProject *project = call->project;
        bool ok = true;

        if (words->too_long || words->upto >= project->head)
                return true;
        if (words->upto == 0) {
                ok = store_each_item(call->view, &project->log, project->head, item_read, words, error);
                words->upto = ok ? project->head : 0;
        } else {
                ok = store_feed(call->view, &project->log, words->upto, project->head, &feed, words, error);
        }
        if (!ok)
                words_clear(words);
        else
                (void)is_too_long(words);
        return ok;
}

/* ---- looking ---- */

/* The entry that holds the byte, `from` or one after it. */
static uint32_t entry_holding(const Words *words, uint32_t from, uint64_t at)
{
        uint32_t upto = words->entries->len;

        while (upto - from > 1) {
                const uint32_t middle = from + (upto - from) / 2;

                if (entry_at(words, middle)->begin <= at)
                        from = middle;
                else
                        upto = middle;
        }
        return from;
}

static void words_mark(const Words *words, const char *part, WordsPlace place, uint8_t *items, ItemNo n)
{
        const size_t length = strlen(part);
        const uint8_t *text = words->text->data;
        uint64_t at = 0;
        uint32_t index = 0;

        while (at < words->text->len) {
                const uint8_t *hit = memmem(text + at, words->text->len - at, part, length);
                const Entry *entry;

                if (hit == NULL)
                        return;
                at = (uint64_t)(hit - text);
                index = entry_holding(words, index, at);
                entry = entry_at(words, index);
                if (place == WORDS_IN_TITLE && at < entry->title) {
                        at = entry->title;
                        continue;
                }
                if ((place == WORDS_ANYWHERE || at < entry->body) && entry_is_latest(words, index) &&
                    entry->item < n)
                        items[entry->item] = 1;
                at = entry_end(words, index);
        }
}

/* Held for reading afterwards. Who only looks for something waits for nobody who does the same. */
static bool words_ready(Words *words, const Call *call, WordsPlace place, GError **error)
{
        bool ok;

        pthread_rwlock_rdlock(&words->lock);
        if (words->too_long || words->upto >= call->project->head ||
            (words->upto == 0 && place == WORDS_IN_TITLE &&
             g_atomic_int_compare_and_exchange(&words->titles, 0, 1)))
                return true;
        pthread_rwlock_unlock(&words->lock);
        pthread_rwlock_wrlock(&words->lock);
        ok = words_follow(words, call, error);
        pthread_rwlock_unlock(&words->lock);
        pthread_rwlock_rdlock(&words->lock);
        return ok;
}

bool words_find(Words *words, const Call *call, const char *part, WordsPlace place, uint8_t *items, ItemNo n,
                bool *ret_known, GError **error)
{
        const bool ok = words_ready(words, call, place, error);

        *ret_known = ok && !words->too_long && words->upto == call->project->head;
        if (*ret_known)
                words_mark(words, part, place, items, n);
        pthread_rwlock_unlock(&words->lock);
        return ok;
}
