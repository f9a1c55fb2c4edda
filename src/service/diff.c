/* What changed between two commits: items with their fields, and links. The earlier state is kept in memory, the later one
 * is compared with it as it is read. */
#include "service/fields.h"
#include "service/internal.h"

#include <string.h>

typedef struct {
        Call *call;
        JWrite *w;
        GHashTable *items; /* ItemNo → StoreItem */
        GHashTable *
                links; /* identity → judged revisions and attributes, as texts; those seen again are taken out */
        uint64_t n; /* differences */
} Diff;

static bool remember_item(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Diff *diff = payload;

        g_hash_table_insert(diff->items, GUINT_TO_POINTER(rev->no), store_item_copy(rev));
        return true;
}

static bool compare_item(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Diff *diff = payload;
        const StoreItem *before = g_hash_table_lookup(diff->items, GUINT_TO_POINTER(rev->no));
        const ItemRev *old = before == NULL ? NULL : store_item_rev(before);

        if (old != NULL && old->rev == rev->rev)
                return true;
        diff->n++;
        jwrite_object_begin(diff->w);
        jwrite_key_string(diff->w, "key", rev->key);
        jwrite_key_string(diff->w, "kind", kind_def(rev->kind)->name);
        jwrite_key_string(diff->w, "title", rev->title);
        jwrite_key_string(diff->w, "change", old == NULL ? "added" : "changed");
        if (old == NULL)
                jwrite_key_null(diff->w, "rev_old");
        else
                jwrite_key_int(diff->w, "rev_old", old->rev);
        jwrite_key_int(diff->w, "rev_new", rev->rev);
        jwrite_key(diff->w, "fields");
        fields_write(diff->w, old, rev);
        jwrite_object_end(diff->w);
        return true;
}

/* ---- links ---- */

static char *link_name(const LinkRev *link)
{
        return g_strdup_printf("%u %d %u %d", link->from, (int)link->type, link->to, (int)link->as);
}

static char *link_text(const LinkRev *link)
{
        return g_strdup_printf("%u %u %s", link->judged_from, link->judged_to,
                               link->attrs == NULL ? "{}" : link->attrs);
}

static bool remember_link(const LinkRev *link, void *payload, GError **error G_GNUC_UNUSED)
{
        Diff *diff = payload;

        g_hash_table_insert(diff->links, link_name(link), link_text(link));
        return true;
}

static bool link_write(Diff *diff, const LinkRev *link, const char *change, GError **error)
{
        Call *call = diff->call;
        g_autoptr(StoreItem)
                from = store_item_by_no(call->view, &call->project->log, link->from, ZW_SEQ_OPEN - 1, error);
        g_autoptr(StoreItem) to = from == NULL ? NULL
                                               : store_item_by_no(call->view, &call->project->log, link->to,
                                                                  ZW_SEQ_OPEN - 1, error);

        if (to == NULL)
                return false;
        diff->n++;
        jwrite_object_begin(diff->w);
        jwrite_key_string(diff->w, "change", change);
        jwrite_key_string(diff->w, "from", store_item_rev(from)->key);
        jwrite_key_string(diff->w, "type", link_type_def(link->type)->name);
        jwrite_key_string(diff->w, "to", store_item_rev(to)->key);
        jwrite_key_string(diff->w, "as", as_name(link->as));
        jwrite_object_end(diff->w);
        return true;
}

/* `judged`: a person confirmed the link on other revisions, its attributes are as before. */
static bool compare_link(const LinkRev *link, void *payload, GError **error)
{
        Diff *diff = payload;
        g_autofree char *name = link_name(link), *text = link_text(link), *old = NULL, *key = NULL;
        gpointer stolen_key = NULL, stolen = NULL;
        const char *change = "added";

        if (g_hash_table_steal_extended(diff->links, name, &stolen_key, &stolen)) {
                key = stolen_key;
                old = stolen;
                if (strcmp(old, text) == 0)
                        return true;
                change = strcmp(strchr(old, '{'), strchr(text, '{')) == 0 ? "judged" : "changed";
        }
        return link_write(diff, link, change, error);
}

static bool removed_link(const LinkRev *link, void *payload, GError **error)
{
        Diff *diff = payload;
        g_autofree char *name = link_name(link);

        return !g_hash_table_contains(diff->links, name) || link_write(diff, link, "removed", error);
}

static bool links_write(Diff *diff, Seq from, Seq to, GError **error)
{
        StoreView *view = diff->call->view;
        const Id *log = &diff->call->project->log;

        return store_each_link(view, log, from, remember_link, diff, error) &&
               store_each_link(view, log, to, compare_link, diff, error) &&
               store_each_link(view, log, from, removed_link, diff, error);
}

static bool ends_of_call(Call *call, Seq *ret_from, Seq *ret_to, GError **error)
{
        const char *from = jread_get_string(call->input, "from"), *to = jread_get_string(call->input, "to");

        if (from == NULL) {
                error_set(error, ZW_ERR_USAGE, "/from",
                          "a commit, date or baseline to compare from is needed");
                return false;
        }
        *ret_to = call->at;
        return call_find_seq(call, from, "from", ret_from, error) &&
               (to == NULL || call_find_seq(call, to, "to", ret_to, error));
}

bool usecase_diff(Call *call, JWrite *w, GError **error)
{
        g_autoptr(GHashTable)
                items = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)store_item_free);
        g_autoptr(GHashTable) links = hash_table_new_text(g_free, g_free);
        Diff diff = { call, w, items, links, 0 };
        Seq from, to;

        if (!ends_of_call(call, &from, &to, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key_int(w, "from", (int64_t)from);
        jwrite_key_int(w, "to", (int64_t)to);
        jwrite_key(w, "items");
        jwrite_array_begin(w);
        if (!store_each_item(call->view, &call->project->log, from, remember_item, &diff, error) ||
            !store_each_item(call->view, &call->project->log, to, compare_item, &diff, error))
                return false;
        jwrite_array_end(w);
        jwrite_key(w, "links");
        jwrite_array_begin(w);
        if (!links_write(&diff, from, to, error))
                return false;
        jwrite_array_end(w);
        jwrite_key_int(w, "differences", (int64_t)diff.n);
        jwrite_key_bool(w, "ok", diff.n == 0);
        jwrite_object_end(w);
        return true;
}
