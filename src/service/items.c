/* Items: lists, one with its links, its history. */
#include "base/near.h"
#include "service/internal.h"

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

/* ---- list ---- */

typedef struct {
        uint64_t kinds;   /* bit per kind; 0 = all */
        uint64_t states;  /* bit per state; 0 = all */
        GPtrArray *texts; /* folded words that title, body or key must hold */
} Filter;

typedef struct {
        Filter filter;
        JWrite *w;
} List;

static bool filter_fits(const Filter *filter, const ItemRev *rev)
{
        if (filter->kinds != 0 && (filter->kinds & (UINT64_C(1) << rev->kind)) == 0)
                return false;
        if (filter->states != 0 && (filter->states & (UINT64_C(1) << rev->state)) == 0)
                return false;
        for (guint i = 0; i < filter->texts->len; i++) {
                g_autofree char *all = g_strconcat(rev->key, "\n", rev->title, "\n", rev->body, NULL);
                g_autofree char *folded = g_utf8_casefold(all, -1);

                if (strstr(folded, g_ptr_array_index(filter->texts, i)) == NULL)
                        return false;
        }
        return true;
}

static bool list_item(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        List *list = payload;

        if (!filter_fits(&list->filter, rev))
                return true;
        jwrite_object_begin(list->w);
        rev_write(list->w, rev);
        jwrite_object_end(list->w);
        return true;
}

static bool term_kind(Filter *filter, const char *value, GError **error)
{
        size_t n;
        const char *const *names = kind_names(&n);
        g_autofree char *near = NULL;
        KindId kind;

        if (kind_find(value, &kind)) {
                filter->kinds |= UINT64_C(1) << kind;
                return true;
        }
        near = near_names(value, names, n);
        error_set(error, ZW_ERR_NAME_UNKNOWN, "/q", "there is no kind \"%s\"%s", value, near);
        return false;
}

static bool term_state(Filter *filter, const char *value, GError **error)
{
        StateId state;

        if (state_find(value, &state)) {
                filter->states |= UINT64_C(1) << state;
                return true;
        }
        error_set(error, ZW_ERR_NAME_UNKNOWN, "/q", "there is no state \"%s\"", value);
        return false;
}

static bool term_read(Filter *filter, const char *term, GError **error)
{
        static const char *const names[] = { "kind", "state", "text" };
        const char *colon = strchr(term, ':');
        g_autofree char *name = colon == NULL ? NULL : g_strndup(term, (gsize)(colon - term)), *near = NULL;

        if (name == NULL || strcmp(name, "text") == 0)
                g_ptr_array_add(filter->texts, g_utf8_casefold(name == NULL ? term : colon + 1, -1));
        else if (strcmp(name, "kind") == 0)
                return term_kind(filter, colon + 1, error);
        else if (strcmp(name, "state") == 0)
                return term_state(filter, colon + 1, error);
        else {
                near = near_names(name, names, G_N_ELEMENTS(names));
                error_set(error, ZW_ERR_NAME_UNKNOWN, "/q", "a filter has no term \"%s\"%s", name, near);
                return false;
        }
        return true;
}

static bool filter_read(const char *text, Filter *filter, GError **error)
{
        g_auto(GStrv) terms = NULL;

        if (text == NULL || text[0] == '\0')
                return true;
        if (!g_shell_parse_argv(text, NULL, &terms, NULL)) {
                error_set(error, ZW_ERR_INPUT, "/q", "the filter has a quote without its end");
                return false;
        }
        for (char **term = terms; *term != NULL; term++)
                if (!term_read(filter, *term, error))
                        return false;
        return true;
}

bool usecase_item_list(Call *call, JWrite *w, GError **error)
{
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
        List list = { .w = w, .filter = { .texts = texts } };

        if (!filter_read(jread_get_string(call->input, "q"), &list.filter, error))
                return false;
        jwrite_array_begin(w);
        if (!store_each_item(call->view, &call->project->log, call->at, list_item, &list, error))
                return false;
        jwrite_array_end(w);
        return true;
}

/* ---- show ---- */

static void links_write(JWrite *w, GraphView view, ItemNo item, GraphSide side)
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
        jwrite_key_string(w, "body", rev->body);
        jwrite_key_string(w, "owner", rev->owner);
        if (rev->source != NULL) {
                jwrite_key(w, "source");
                jwrite_raw(w, rev->source, strlen(rev->source));
        }
        jwrite_key_int(w, "since", (int64_t)rev->from_seq);
        jwrite_key(w, "links");
        jwrite_array_begin(w);
        links_write(w, pinned.view, no, GRAPH_OUT);
        links_write(w, pinned.view, no, GRAPH_IN);
        jwrite_array_end(w);
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
        jwrite_key_int(history->w, "commit", (int64_t)rev->from_seq);
        jwrite_key_string(history->w, "time", time);
        jwrite_key_string(history->w, "by", person == NULL ? NULL : person->name);
        jwrite_key_string(history->w, "message", message);
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
