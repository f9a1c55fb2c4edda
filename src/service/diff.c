/* What changed between two commits: items with their fields, and links. The earlier state is kept in memory, the later one
 * is compared with it as it is read. */
#include "service/internal.h"

#include <string.h>

typedef struct {
        uint32_t rev;
        StateId state;
        char *title, *body, *attrs, *owner, *tags, *parent;
        int64_t order;
} Before;

typedef struct {
        Call *call;
        JWrite *w;
        GHashTable *items; /* ItemNo → Before */
        GHashTable *
                links; /* identity → judged revisions and attributes, as texts; those seen again are taken out */
        uint64_t n; /* differences */
} Diff;

static void before_free(gpointer data)
{
        Before *before = data;

        g_free(before->title);
        g_free(before->body);
        g_free(before->attrs);
        g_free(before->owner);
        g_free(before->tags);
        g_free(before->parent);
        g_free(before);
}

static bool remember_item(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Diff *diff = payload;
        Before *before = g_new0(Before, 1);

        *before = (Before){ .rev = rev->rev,
                            .state = rev->state,
                            .title = g_strdup(rev->title),
                            .body = g_strdup(rev->body),
                            .attrs = g_strdup(rev->attrs),
                            .owner = g_strdup(rev->owner),
                            .tags = g_strdup(rev->tags),
                            .parent = g_strdup(rev->parent),
                            .order = rev->order };
        g_hash_table_insert(diff->items, GUINT_TO_POINTER(rev->no), before);
        return true;
}

static void field_write(JWrite *w, const char *field, const char *old, const char *new)
{
        if (g_strcmp0(old, new) == 0)
                return;
        jwrite_object_begin(w);
        jwrite_key_string(w, "field", field);
        jwrite_key_string(w, "old", old);
        jwrite_key_string(w, "new", new);
        jwrite_object_end(w);
}

static void value_write(JWrite *w, const char *key, const json_t *value)
{
        if (value == NULL)
                jwrite_key_null(w, key);
        else
                jwrite_key_json(w, key, value);
}

static void attr_write(JWrite *w, const char *name, const json_t *old, const json_t *new)
{
        if (old != NULL && new != NULL && json_equal(old, new))
                return;
        jwrite_object_begin(w);
        jwrite_key_string(w, "field", name);
        value_write(w, "old", old);
        value_write(w, "new", new);
        jwrite_object_end(w);
}

static void attrs_write(JWrite *w, const char *old_text, const char *new_text)
{
        g_autoptr(Json) old = old_text == NULL ? json_object() : json_loads(old_text, 0, NULL);
        g_autoptr(Json) new = json_loads(new_text, 0, NULL);
        const char *name;
        json_t *value;

        json_object_foreach(new, name, value) attr_write(w, name, json_object_get(old, name), value);
        json_object_foreach(old, name, value) if (json_object_get(new, name) == NULL)
                attr_write(w, name, value, NULL);
}

static void fields_write(JWrite *w, const Before *old, const ItemRev *rev)
{
        g_autofree char *old_order = old->order == 0 ? NULL
                                                     : g_strdup_printf("%" G_GINT64_FORMAT, old->order);
        g_autofree char *new_order = rev->order == 0 ? NULL
                                                     : g_strdup_printf("%" G_GINT64_FORMAT, rev->order);

        jwrite_key(w, "fields");
        jwrite_array_begin(w);
        field_write(w, "title", old->title, rev->title);
        field_write(w, "body", old->body == NULL && rev->body[0] == '\0' ? rev->body : old->body, rev->body);
        field_write(w, "state", old->rev == 0 ? NULL : state_def(old->state)->name,
                    state_def(rev->state)->name);
        field_write(w, "owner", old->owner, rev->owner);
        field_write(w, "tags", old->tags, rev->tags);
        field_write(w, "parent", old->parent, rev->parent);
        field_write(w, "order", old_order, new_order);
        attrs_write(w, old->attrs, rev->attrs);
        jwrite_array_end(w);
}

static bool compare_item(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        static const Before nothing = { 0 };
        Diff *diff = payload;
        const Before *old = g_hash_table_lookup(diff->items, GUINT_TO_POINTER(rev->no));

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
        fields_write(diff->w, old == NULL ? &nothing : old, rev);
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
        g_autoptr(GHashTable) items = g_hash_table_new_full(NULL, NULL, NULL, before_free);
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
