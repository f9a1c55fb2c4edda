/* Keys of items, owned copies of revisions, and finding items. */
#include "base/error.h"
#include "base/jtext.h"
#include "store/internal.h"
#include <inttypes.h>
#include <string.h>

enum { KEY_DIGITS_MAX = 18 }; /* what surely fits 63 bits */
static const int64_t KEY_NUMBER_MAX = INT64_C(999999999999999999);

static bool key_is_fine(const char *key, size_t n)
{
        if (n == 0 || n > ZW_ITEM_KEY_MAX || !utf8_valid(key, n))
                return false;
        for (size_t i = 0; i < n; i++)
                if ((unsigned char)key[i] <= ' ' || key[i] == 0x7f)
                        return false;
        return true;
}

bool key_split(const char *key, char *ret_stem, int64_t *ret_number, GError **error)
{
        size_t n = strlen(key), at = n;
        uint64_t number = 0;

        if (!key_is_fine(key, n)) {
                error_set(error, ZW_ERR_INPUT, "key", "a key has 1 to %d bytes without spaces",
                          (int)ZW_ITEM_KEY_MAX);
                return false;
        }
        while (at > 0 && g_ascii_isdigit(key[at - 1]) && n - at < KEY_DIGITS_MAX)
                at--;
        /* Leading zeros belong to the stem, so that stem and number give the key back. */
        while (at + 1 < n && key[at] == '0')
                at++;
        for (size_t i = at; i < n; i++)
                number = number * 10 + (uint64_t)(key[i] - '0');
        memcpy(ret_stem, key, at);
        ret_stem[at] = '\0';
        *ret_number = at == n ? -1 : (int64_t)number;
        return true;
}

static size_t text_size(const char *text)
{
        return text == NULL ? 0 : strlen(text) + 1;
}

static const char *text_copy(char **at, const char *text)
{
        size_t n = text_size(text);
        char *copy = *at;

        if (text == NULL)
                return NULL;
        memcpy(copy, text, n);
        *at += n;
        return copy;
}

StoreItem *store_item_copy(const ItemRev *rev)
{
        StoreItem *item = g_new0(StoreItem, 1);
        char *at = item->texts = g_malloc(text_size(rev->key) + text_size(rev->title) + text_size(rev->body) +
                                          text_size(rev->attrs) + text_size(rev->owner) +
                                          text_size(rev->tags) + text_size(rev->parent) +
                                          text_size(rev->source) + text_size(rev->attachments));

        item->rev = *rev;
        item->rev.key = text_copy(&at, rev->key);
        item->rev.title = text_copy(&at, rev->title);
        item->rev.body = text_copy(&at, rev->body);
        item->rev.attrs = text_copy(&at, rev->attrs);
        item->rev.owner = text_copy(&at, rev->owner);
        item->rev.tags = text_copy(&at, rev->tags);
        item->rev.parent = text_copy(&at, rev->parent);
        item->rev.source = text_copy(&at, rev->source);
        item->rev.attachments = text_copy(&at, rev->attachments);
        return item;
}

const ItemRev *store_item_rev(const StoreItem *item)
{
        return &item->rev;
}

void store_item_free(StoreItem *item)
{
        if (item == NULL)
                return;
        g_free(item->texts);
        g_free(item);
}

static bool item_keep(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        StoreItem **ret_item = payload;

        g_clear_pointer(ret_item, store_item_free);
        *ret_item = store_item_copy(rev);
        return true;
}

bool item_load(StoreView *view, int64_t log, ItemNo no, Seq seq, StoreItem **ret_item, GError **error)
{
        g_autoptr(StoreItem) item = NULL;

        if (no != ZW_ITEM_NONE && view_sees(view, no) &&
            !view->backend->rev_read(view, log, no, seq_clamp(seq), item_keep, &item, error))
                return false;
        *ret_item = g_steal_pointer(&item);
        return true;
}

static StoreItem *item_at(StoreView *view, int64_t log, ItemNo no, Seq seq, const char *what, GError **error)
{
        g_autoptr(StoreItem) item = NULL;

        if (!item_load(view, log, no, seq, &item, error))
                return NULL;
        if (item == NULL)
                error_set(error, ZW_ERR_NOT_FOUND, what, "there is no item %s", what);
        return g_steal_pointer(&item);
}

StoreItem *store_item_by_key(StoreView *view, const Id *log, const char *key, Seq seq, GError **error)
{
        char stem[ZW_ITEM_KEY_MAX + 1];
        int64_t number, no;
        ItemNo item;

        if (!view_log_no(view, log, &no, error) || !key_split(key, stem, &number, error) ||
            !view->backend->item_find_key(view, no, stem, number, &item, error))
                return NULL;
        return item_at(view, no, item, seq, key, error);
}

StoreItem *store_item_by_id(StoreView *view, const Id *log, const Id *id, Seq seq, GError **error)
{
        char hex[ZW_ID_HEX];
        int64_t no;
        ItemNo item;

        hex_encode(id->b, ZW_ID_BYTES, hex);
        if (!view_log_no(view, log, &no, error) || !view->backend->item_find_id(view, no, id, &item, error))
                return NULL;
        return item_at(view, no, item, seq, hex, error);
}

StoreItem *store_item_by_no(StoreView *view, const Id *log, ItemNo item, Seq seq, GError **error)
{
        char what[16];
        int64_t no;

        g_snprintf(what, sizeof what, "#%u", item);
        if (!view_log_no(view, log, &no, error))
                return NULL;
        return item_at(view, no, item, seq, what, error);
}

bool store_item_by_source(StoreView *view, const Id *log, const char *system, const char *id,
                          StoreItem **ret_item, GError **error)
{
        int64_t no;
        ItemNo item;

        return view_log_no(view, log, &no, error) &&
               view->backend->item_find_source(view, no, system, id, &item, error) &&
               item_load(view, no, item, ZW_SEQ_OPEN - 1, ret_item, error);
}

bool store_next_key(StoreView *view, const Id *log, KindId kind, uint64_t *ret_number, GError **error)
{
        g_autofree char *stem = g_strdup_printf("%s-", kind_def(kind)->prefix);
        int64_t no, last;

        if (!view_log_no(view, log, &no, error) || !view->backend->key_last(view, no, stem, &last, error))
                return false;
        if (last == KEY_NUMBER_MAX) {
                error_set(error, ZW_ERR_LIMIT, "key", "no number comes after the key %s%" PRId64, stem, last);
                return false;
        }
        *ret_number = last < 1 ? 1 : (uint64_t)last + 1;
        return true;
}
