/* What a document or configuration holds, in all its revisions, and what it implements (`content.list`). */
#include "service/content/content.h"

#include <string.h>

void content_clear(Content *content)
{
        g_clear_pointer(&content->attrs, json_decref);
        g_clear_pointer(&content->files, json_decref);
}

bool content_read(const ItemRev *rev, Content *ret_content, GError **error)
{
        const char *attachments = rev->attachments == NULL ? "[]" : rev->attachments;
        const json_t *file;
        const char *hash;
        size_t i;

        ret_content->attrs = jread_parse(rev->attrs, strlen(rev->attrs), error);
        if (ret_content->attrs == NULL)
                return false;
        ret_content->files = jread_parse(attachments, strlen(attachments), error);
        if (ret_content->files == NULL)
                return false;
        hash = jread_get_string(ret_content->attrs, "hash");
        json_array_foreach(ret_content->files, i, file)
        {
                if (hash == NULL || g_strcmp0(jread_get_string(file, "sha256"), hash) != 0)
                        continue;
                ret_content->hash = hash;
                ret_content->name = jread_get_string(file, "name");
                ret_content->media = jread_get_string(file, "media");
                ret_content->size = jread_get_int(file, "size", 0);
        }
        return true;
}

StoreItem *content_item(const Call *call, GError **error)
{
        const char *key = jread_get_string(call->input, "key");
        g_autoptr(StoreItem) item = NULL;

        if (key == NULL) {
                error_set(error, ZW_ERR_USAGE, "/key", "the key of a document or configuration is needed");
                return NULL;
        }
        item = store_item_by_key(call->view, &call->project->log, key, call->at, error);
        if (item == NULL || store_item_rev(item)->kind == ZW_KIND_DOCUMENT ||
            store_item_rev(item)->kind == ZW_KIND_CONFIGURATION)
                return g_steal_pointer(&item);
        error_set(error, ZW_ERR_USAGE, "/key", "%s is neither a document nor a configuration", key);
        return NULL;
}

/* ---- revisions ---- */

typedef struct {
        Call *call;
        JWrite *w;
        char *last;        /* hash of the content before */
        uint32_t last_rev; /* revision that brought it */
} Listing;

static bool revision_write(Listing *list, const ItemRev *rev, const Content *content, GError **error)
{
        static const char *const texts[] = { "revision", "version", "captured" };
        g_autoptr(StorePerson) who = store_load_person(list->call->view, &rev->author, NULL);
        Instant time;
        char text[ZW_INSTANT_TEXT];

        if (!store_commit_time(list->call->view, &list->call->project->log, rev->from_seq, &time, error))
                return false;
        instant_format(time, text);
        jwrite_object_begin(list->w);
        jwrite_key_int(list->w, "rev", rev->rev);
        jwrite_key_int(list->w, "commit", (int64_t)rev->from_seq);
        jwrite_key_string(list->w, "time", text);
        jwrite_key_string(list->w, "by", who == NULL ? NULL : who->name);
        jwrite_key_string(list->w, "state", state_def(rev->state)->name);
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                jwrite_key_string(list->w, texts[i], jread_get_string(content->attrs, texts[i]));
        jwrite_key_string(list->w, "name", content->name);
        jwrite_key_string(list->w, "sha256", content->hash);
        jwrite_key_int(list->w, "size", content->size);
        jwrite_key_bool(list->w, "counts", rev->subst > list->last_rev);
        jwrite_object_end(list->w);
        return true;
}

/* A revision that brought other content. */
static bool revision_see(const ItemRev *rev, void *payload, GError **error)
{
        Listing *list = payload;
        g_auto(Content) content = { 0 };

        if (rev->from_seq > list->call->at)
                return true;
        if (!content_read(rev, &content, error))
                return false;
        if (content.hash == NULL || g_strcmp0(content.hash, list->last) == 0)
                return true;
        g_free(list->last);
        list->last = g_strdup(content.hash);
        if (!revision_write(list, rev, &content, error))
                return false;
        list->last_rev = rev->rev;
        return true;
}

/* ---- what it implements ---- */

/* Requirements that live claims answer by resting on it. */
static void implements_write(JWrite *w, GraphView view, ItemNo item)
{
        GraphIter claims = graph_iter(view, item, GRAPH_IN, LINK_MASK(ZW_LINK_RESTS_ON));
        GraphEdge claim, answer;

        jwrite_key(w, "implements");
        jwrite_array_begin(w);
        while (graph_next(&claims, &claim)) {
                GraphIter answers = graph_iter(view, claim.other, GRAPH_OUT, LINK_MASK(ZW_LINK_ANSWERS));

                while (graph_is_live(view, claim.other) && graph_next(&answers, &answer)) {
                        if (!graph_is_live(view, answer.other))
                                continue;
                        jwrite_object_begin(w);
                        jwrite_key_string(w, "key", graph_key(view, answer.other));
                        jwrite_key_string(w, "title", graph_title(view, answer.other));
                        jwrite_key_string(w, "via", graph_key(view, claim.other));
                        jwrite_key_bool(w, "suspect", graph_link_is_suspect(view, claim.link));
                        jwrite_object_end(w);
                }
        }
        jwrite_array_end(w);
}

bool usecase_content_list(Call *call, JWrite *w, GError **error)
{
        g_autoptr(StoreItem) item = content_item(call, error);
        g_auto(PinnedGraph) pinned = { 0 };
        Listing list = { .call = call, .w = w };
        bool ok;

        if (item == NULL || !graph_of_call(call, &pinned, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", store_item_rev(item)->key);
        jwrite_key_string(w, "title", store_item_rev(item)->title);
        jwrite_key_string(w, "state", state_def(store_item_rev(item)->state)->name);
        implements_write(w, pinned.view, store_item_rev(item)->no);
        jwrite_key(w, "revisions");
        jwrite_array_begin(w);
        ok = store_each_revision(call->view, &call->project->log, store_item_rev(item)->no, revision_see,
                                 &list, error);
        g_free(list.last);
        if (!ok)
                return false;
        jwrite_array_end(w);
        jwrite_object_end(w);
        return true;
}
