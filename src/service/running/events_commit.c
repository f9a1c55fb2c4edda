#include "service/running/events_commit.h"

#include <string.h>

typedef struct {
        StoreView *view;
        const Id *log;
        Seq seq;
        GPtrArray *keys; /* of those touched, sorted at last */
        GHashTable *seen;
        bool more;
        GArray *ends; /* of ItemNo: of links */
} Touched;

static void key_add(Touched *touched, const char *key)
{
        if (g_hash_table_contains(touched->seen, key))
                return;
        if (touched->keys->len == ZW_EVENT_KEYS_MAX) {
                touched->more = true;
                return;
        }
        g_ptr_array_add(touched->keys, g_strdup(key));
        g_hash_table_add(touched->seen, g_strdup(key));
}

static void item_touched(const ItemRev *rev, void *payload)
{
        key_add(payload, rev->key);
}

static void link_touched(const LinkRev *rev, bool ended G_GNUC_UNUSED, void *payload)
{
        Touched *touched = payload;

        if (touched->ends->len < 2 * ZW_EVENT_KEYS_MAX) {
                g_array_append_val(touched->ends, rev->from);
                g_array_append_val(touched->ends, rev->to);
        } else {
                touched->more = true;
        }
}

static bool ends_name(Touched *touched, GError **error)
{
        for (guint i = 0; i < touched->ends->len; i++) {
                g_autoptr(StoreItem)
                        item = store_item_by_no(touched->view, touched->log,
                                                g_array_index(touched->ends, ItemNo, i), touched->seq, error);

                if (item == NULL)
                        return false;
                key_add(touched, store_item_rev(item)->key);
        }
        return true;
}

static int key_compare(gconstpointer a, gconstpointer b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

static void event_write(JWrite *w, const StoreProject *project, Seq seq, const char *author,
                        const Touched *touched)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "project", project->key);
        jwrite_key_int(w, "seq", (int64_t)seq);
        jwrite_key_string(w, "author", author);
        jwrite_key(w, "keys");
        jwrite_array_begin(w);
        for (guint i = 0; i < touched->keys->len; i++)
                jwrite_string(w, touched->keys->pdata[i]);
        jwrite_array_end(w);
        jwrite_key_bool(w, "more", touched->more);
        jwrite_object_end(w);
}

char *commit_event(StoreView *view, const StoreProject *project, Seq seq, GError **error)
{
        static const StoreFeed feed = { .item = item_touched, .link = link_touched };
        g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GHashTable) seen = hash_table_new_text(g_free, NULL);
        g_autoptr(GArray) ends = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        Touched touched = { view, &project->log, seq, keys, seen, false, ends };
        g_autoptr(StorePerson) author = NULL;
        g_autoptr(Out) out = out_new(ZW_EVENT_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        Id actor;

        if (!store_commit_actor(view, &project->log, seq, &actor, error) ||
            !store_feed(view, &project->log, seq - 1, seq, &feed, &touched, error) ||
            !ends_name(&touched, error))
                return NULL;
        author = store_load_person(view, &actor, NULL); /* of a restored project perhaps nobody here */
        g_ptr_array_sort(keys, key_compare);
        event_write(w, project, seq, author == NULL ? NULL : author->name, &touched);
        return out_check(out, error) ? g_strdup(out_data(out)) : NULL;
}
