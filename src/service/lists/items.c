/* Items: lists, one with its links, its history. */
#include "service/lists/filter.h"

#include <string.h>

static void rev_write(JWrite *w, const ItemRev *rev)
{
        jwrite_key_string(w, "key", rev->key);
        jwrite_key_string(w, "kind", kind_def(rev->kind)->name);
        jwrite_key_int(w, "rev", rev->rev);
        jwrite_key_string(w, "state", state_def(rev->state)->name);
        jwrite_key_string(w, "title", rev->title);
        jwrite_key(w, "attrs");
        jwrite_raw(w, rev->attrs, strlen(rev->attrs));
}

static void json_write(JWrite *w, const char *name, const char *json)
{
        jwrite_key(w, name);
        if (json == NULL)
                jwrite_null(w);
        else
                jwrite_raw(w, json, strlen(json));
}

/* What else a revision says, where it is looked at by itself. */
static void rev_write_rest(JWrite *w, const ItemRev *rev)
{
        jwrite_key_string(w, "body", rev->body);
        jwrite_key_string(w, "owner", rev->owner);
        jwrite_key_string(w, "parent", rev->parent);
        json_write(w, "tags", rev->tags);
        json_write(w, "attachments", rev->attachments);
}

/* ---- list ---- */

typedef struct {
        const Filter *filter;
        JWrite *w;
} List;

static bool list_item(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        List *list = payload;

        if (!filter_fits(list->filter, rev))
                return true;
        jwrite_object_begin(list->w);
        rev_write(list->w, rev);
        jwrite_object_end(list->w);
        return true;
}

bool usecase_item_list(Call *call, JWrite *w, GError **error)
{
        g_autoptr(Filter) filter = filter_new(call, jread_get_string(call->input, "q"), error);
        List list = { .w = w, .filter = filter };

        if (filter == NULL)
                return false;
        jwrite_array_begin(w);
        if (!store_each_item(call->view, &call->project->log, call->at, list_item, &list, error))
                return false;
        jwrite_array_end(w);
        return true;
}

/* ---- show ---- */

void item_links_write(JWrite *w, GraphView view, ItemNo item, GraphSide side)
{
        GraphIter iter = graph_iter(view, item, side, LINK_MASK_ALL);
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                jwrite_object_begin(w);
                jwrite_key_string(w, "from", graph_key(view, graph_link_from(view, edge.link)));
                jwrite_key_string(w, "type", link_type_def(edge.type)->name);
                jwrite_key_string(w, "to", graph_key(view, graph_link_to(view, edge.link)));
                jwrite_key_string(w, "as", as_name(graph_link_as(view, edge.link)));
                jwrite_key_bool(w, "suspect", graph_link_is_suspect(view, edge.link));
                jwrite_object_end(w);
        }
}

bool usecase_item_show(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(StoreItem) item = NULL;
        const ItemRev *rev;
        ItemNo no;

        if (!graph_of_call(call, &pinned, error) || !call_item(call, pinned.view, "key", &no, error))
                return false;
        item = store_item_by_no(call->view, &call->project->log, no, call->at, error);
        if (item == NULL)
                return false;
        rev = store_item_rev(item);
        jwrite_object_begin(w);
        rev_write(w, rev);
        rev_write_rest(w, rev);
        if (rev->source != NULL) {
                jwrite_key(w, "source");
                jwrite_raw(w, rev->source, strlen(rev->source));
        }
        jwrite_key_int(w, "since", (int64_t)rev->from_seq);
        jwrite_key(w, "links");
        jwrite_array_begin(w);
        item_links_write(w, pinned.view, no, GRAPH_OUT);
        item_links_write(w, pinned.view, no, GRAPH_IN);
        jwrite_array_end(w);
        if (!signatures_write(call, rev, w, error))
                return false;
        jwrite_object_end(w);
        return true;
}

/* ---- history ---- */

typedef struct {
        Call *call;
        JWrite *w;
} History;

typedef struct {
        char *message;
        Instant time;
        bool editorial;
} CommitNote;

static bool commit_note(const StoreCommit *commit, void *payload, GError **error G_GNUC_UNUSED)
{
        CommitNote *note = payload;

        note->message = g_strdup(commit->message);
        note->time = commit->time;
        note->editorial = commit->editorial;
        return true;
}

static bool history_rev(const ItemRev *rev, void *payload, GError **error)
{
        History *history = payload;
        Call *call = history->call;
        CommitNote note = { 0 };
        g_autoptr(StorePerson) person = NULL;
        g_autofree char *message = NULL;
        char time[ZW_INSTANT_TEXT];

        if (rev->from_seq > call->at)
                return true;
        if (!store_each_commit(call->view, &call->project->log, rev->from_seq, rev->from_seq, commit_note,
                               &note, error))
                return false;
        message = note.message;
        person = store_load_person(call->view, &rev->author, NULL);
        instant_format(note.time, time);
        jwrite_object_begin(history->w);
        rev_write(history->w, rev);
        rev_write_rest(history->w, rev);
        jwrite_key_int(history->w, "commit", (int64_t)rev->from_seq);
        jwrite_key_string(history->w, "time", time);
        jwrite_key_string(history->w, "by", person == NULL ? NULL : person->name);
        /* It is about the whole of a commit, which is more than some zones. */
        jwrite_key_string(history->w, "message", call->sight == NULL ? message : NULL);
        jwrite_key_bool(history->w, "editorial", note.editorial);
        jwrite_object_end(history->w);
        return true;
}

bool usecase_item_history(Call *call, JWrite *w, GError **error)
{
        const char *key = jread_get_string(call->input, "key");
        g_autoptr(StoreItem) item = NULL;
        History history = { call, w };

        if (key == NULL) {
                error_set(error, ZW_ERR_USAGE, "/key", "the key of an item is needed");
                return false;
        }
        item = store_item_by_key(call->view, &call->project->log, key, call->at, error);
        if (item == NULL)
                return false;
        jwrite_array_begin(w);
        if (!store_each_revision(call->view, &call->project->log, store_item_rev(item)->no, history_rev,
                                 &history, error))
                return false;
        jwrite_array_end(w);
        return true;
}
