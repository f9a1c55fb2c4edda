/* The queue of suspect links: what changed at which end, since when, and who has to look (docs/algorithms/suspects.md). */
#include "service/analyses/suspects.h"

#include "base/hash.h"
#include "service/changeset/deferral.h"
#include "service/lists/fields.h"
#include "service/lists/filter.h"
#include "service/lists/paging.h"
#include "service/lists/past.h"

/* ---- which ---- */

GArray *suspects_of_call(Call *call, GraphView view, const char *q, GError **error)
{
        g_autofree uint8_t *items = NULL;

        if (q == NULL || q[0] == '\0')
                return suspects_find(view, NULL);
        items = filter_items(call, view, q, error);
        return items == NULL ? NULL : suspects_find(view, items);
}

typedef struct {
        Call *call;
        GraphView view;
        JWrite *w;
        GHashTable *pasts;     /* ItemNo → Past */
        GHashTable *deferrals; /* name of the setting → its value */
} Queue;

static const Past *past_of(Queue *queue, ItemNo item, GError **error)
{
        Past *past = g_hash_table_lookup(queue->pasts, GUINT_TO_POINTER(item));

        if (past != NULL)
                return past;
        past = past_load(queue->call, item, error);
        if (past != NULL)
                g_hash_table_insert(queue->pasts, GUINT_TO_POINTER(item), past);
        return past;
}

/* ---- a row ---- */

static void because_write(const Queue *queue, const Past *past, uint32_t judged)
{
        g_autoptr(Json) changed = past_changed(past, judged);
        const ItemRev *now = past_now(past), *then = past_at(past, judged);
        JWrite *w = queue->w;

        jwrite_key(w, "because");
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", now->key);
        jwrite_key_string(w, "kind", kind_def(now->kind)->name);
        jwrite_key_string(w, "title", now->title);
        jwrite_key_string(w, "state", state_def(now->state)->name);
        jwrite_key_int(w, "rev_judged", judged);
        jwrite_key_int(w, "rev_now", now->rev);
        jwrite_key_json(w, "changed", changed);
        jwrite_key(w, "fields");
        /* A link that came here as suspect was judged on what is in no log that is here. */
        fields_write(w, then == NULL ? now : then, now);
        jwrite_object_end(w);
}

/* Since when, and who did it. */
static bool since_write(const Queue *queue, const Past *past, uint32_t judged, GError **error)
{
        const ItemRev *first = past_first_substantive(past, judged);
        Call *call = queue->call;
        g_autoptr(StorePerson) by = store_load_person(call->view, &first->author, NULL);
        char text[ZW_INSTANT_TEXT];
        Instant time;

        if (!store_commit_time(call->view, &call->project->log, first->from_seq, &time, error))
                return false;
        instant_format(time, text);
        jwrite_key_string(queue->w, "since", text);
        jwrite_key_int(queue->w, "age_days", MAX(call->instant - time, 0) / ZW_DAY_MS);
        jwrite_key_int(queue->w, "commit", (int64_t)first->from_seq);
        jwrite_key_string(queue->w, "by", by == NULL ? NULL : by->name);
        return true;
}

static void deferred_write(const Queue *queue, const ItemRev *from, const ItemRev *to, const Suspect *suspect)
{
        const uint32_t substs[] = { from->subst, to->subst };
        g_autofree char *name = deferral_name(&from->id, suspect->type, &to->id,
                                              graph_link_as(queue->view, suspect->link));
        const json_t *value = g_hash_table_lookup(queue->deferrals, name);
        const char *hex = jread_get_string(value, "person");
        g_autoptr(StorePerson) by = NULL;
        Id person;

        jwrite_key(queue->w, "deferred");
        if (!deferral_holds(value, substs, queue->call->instant)) {
                jwrite_null(queue->w);
                return;
        }
        if (hex != NULL && hex_decode(hex, person.b, ZW_ID_BYTES, NULL))
                by = store_load_person(queue->call->view, &person, NULL);
        jwrite_object_begin(queue->w);
        jwrite_key_string(queue->w, "until", jread_get_string(value, "until"));
        jwrite_key_string(queue->w, "reason", jread_get_string(value, "reason"));
        jwrite_key_string(queue->w, "by", by == NULL ? NULL : by->name);
        jwrite_object_end(queue->w);
}

static void link_write(const Queue *queue, const Suspect *suspect)
{
        JWrite *w = queue->w;

        jwrite_key(w, "link");
        jwrite_object_begin(w);
        jwrite_key_string(w, "from", graph_key(queue->view, suspect->from));
        jwrite_key_string(w, "type", link_type_def(suspect->type)->name);
        jwrite_key_string(w, "to", graph_key(queue->view, suspect->to));
        jwrite_key_string(w, "as", as_name(graph_link_as(queue->view, suspect->link)));
        jwrite_object_end(w);
}

static void other_write(JWrite *w, const ItemRev *other)
{
        jwrite_key(w, "other");
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", other->key);
        jwrite_key_string(w, "kind", kind_def(other->kind)->name);
        jwrite_key_string(w, "title", other->title);
        jwrite_key_string(w, "state", state_def(other->state)->name);
        jwrite_object_end(w);
}

/* Whoever owns what has to be looked at acts; where nobody does, the owner of what changed. */
static const char *owner_of(const ItemRev *other, const ItemRev *changed)
{
        return other->owner != NULL ? other->owner : changed->owner;
}

static bool suspect_write(Queue *queue, const Suspect *suspect, GError **error)
{
        const Past *changed = past_of(queue, suspect_changed(suspect), error);
        const Past *other = changed == NULL ? NULL : past_of(queue, suspect_other(suspect), error);
        const uint32_t judged = graph_link_judged(queue->view, suspect->link, suspect->end);
        const ItemRev *from, *to;

        if (other == NULL)
                return false;
        from = past_now(suspect->end == GRAPH_OUT ? changed : other);
        to = past_now(suspect->end == GRAPH_OUT ? other : changed);
        jwrite_object_begin(queue->w);
        link_write(queue, suspect);
        jwrite_key_string(queue->w, "end", suspect->end == GRAPH_OUT ? "from" : "to");
        because_write(queue, changed, judged);
        other_write(queue->w, past_now(other));
        jwrite_key_string(queue->w, "owner", owner_of(past_now(other), past_now(changed)));
        jwrite_key(queue->w, "revs");
        jwrite_array_begin(queue->w);
        jwrite_int(queue->w, from->rev);
        jwrite_int(queue->w, to->rev);
        jwrite_array_end(queue->w);
        if (!since_write(queue, changed, judged, error))
                return false;
        deferred_write(queue, from, to, suspect);
        jwrite_object_end(queue->w);
        return true;
}

static bool deferral_keep(const char *name, const char *value, void *payload, GError **error G_GNUC_UNUSED)
{
        g_hash_table_insert(payload, g_strdup(name), json_loads(value, 0, NULL));
        return true;
}

/* Those from `first` to before `end`, as an array. */
static bool rows_write(Queue *queue, const GArray *found, guint first, guint end, GError **error)
{
        if (!store_each_setting(queue->call->view, &queue->call->project->log, ZW_DEFERRAL_PREFIX,
                                queue->call->at, deferral_keep, queue->deferrals, error))
                return false;
        jwrite_array_begin(queue->w);
        for (guint i = first; i < end; i++)
                if (!suspect_write(queue, &g_array_index(found, Suspect, i), error))
                        return false;
        jwrite_array_end(queue->w);
        return true;
}

/* ---- the whole queue, and a page of it ---- */

static void queue_clear(Queue *queue)
{
        g_hash_table_unref(queue->pasts);
        g_hash_table_unref(queue->deferrals);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Queue, queue_clear)

static Queue queue_of_call(Call *call, JWrite *w)
{
        return (Queue){ .call = call,
                        .w = w,
                        .pasts = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)past_free),
                        .deferrals = hash_table_new_text(g_free, (GDestroyNotify)json_decref) };
}

/* The queue has an order that says of any two ends of links, suspect or not, which comes first: by these numbers. */
enum { PLACE_NUMBERS = 5 };
typedef struct {
        guint64 n[PLACE_NUMBERS];
} Place;

static Place place_of(GraphView view, const Suspect *suspect)
{
        return (Place){ { suspect->from, suspect->type, suspect->to, graph_link_as(view, suspect->link),
                          suspect->end } };
}

static int place_compare(const Place *a, const Place *b)
{
        for (int i = 0; i < PLACE_NUMBERS; i++)
                if (a->n[i] != b->n[i])
                        return a->n[i] < b->n[i] ? -1 : 1;
        return 0;
}

static int suspect_compare(gconstpointer left, gconstpointer right, gpointer payload)
{
        const GraphView *view = payload;
        const Place a = place_of(*view, left), b = place_of(*view, right);

        return place_compare(&a, &b);
}

bool usecase_suspect_list(Call *call, JWrite *w, GError **error)
{
        g_auto(Queue) queue = queue_of_call(call, w);
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(GArray) found = NULL;

        if (!graph_of_call(call, &pinned, error))
                return false;
        queue.view = pinned.view;
        found = suspects_of_call(call, pinned.view, jread_get_string(call->input, "q"), error);
        if (found == NULL)
                return false;
        g_array_sort_with_data(found, suspect_compare, &pinned.view);
        return rows_write(&queue, found, 0, found->len, error);
}

static char *cursor_text(GraphView view, const Suspect *suspect)
{
        const Place place = place_of(view, suspect);
        g_autoptr(GString) text = g_string_new(NULL);

        for (int i = 0; i < PLACE_NUMBERS; i++)
                g_string_append_printf(text, "%s%" G_GUINT64_FORMAT, i == 0 ? "" : ".", place.n[i]);
        return g_strdup(text->str);
}

static bool cursor_read(const char *text, Place *ret_place, GError **error)
{
        g_auto(GStrv) parts = g_strsplit(text, ".", PLACE_NUMBERS + 1);
        bool good = g_strv_length(parts) == PLACE_NUMBERS;

        for (int i = 0; i < PLACE_NUMBERS && good; i++)
                good = g_ascii_string_to_unsigned(parts[i], 10, 0, G_MAXUINT32, &ret_place->n[i], NULL);
        if (!good)
                error_set(error, ZW_ERR_INPUT, "/after", "this is no end of a page: begin without it");
        return good;
}

/* How many of them do not come after the end of a link that the input names in `after`. */
static bool rows_before(const Call *call, GraphView view, const GArray *found, guint *ret_n, GError **error)
{
        const char *after = jread_get_string(call->input, "after");
        Place last, place;

        *ret_n = 0;
        if (after == NULL || after[0] == '\0')
                return true;
        if (!cursor_read(after, &last, error))
                return false;
        for (; *ret_n < found->len; ++*ret_n) {
                place = place_of(view, &g_array_index(found, Suspect, *ret_n));
                if (place_compare(&place, &last) > 0)
                        break;
        }
        return true;
}

bool usecase_suspect_page(Call *call, JWrite *w, GError **error)
{
        g_auto(Queue) queue = queue_of_call(call, w);
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(GArray) found = NULL;
        g_autofree char *next = NULL;
        uint32_t limit;
        guint first, end;

        if (!paging_limit(call, &limit, error) || !graph_of_call(call, &pinned, error))
                return false;
        queue.view = pinned.view;
        found = suspects_of_call(call, pinned.view, jread_get_string(call->input, "q"), error);
        if (found == NULL)
                return false;
        g_array_sort_with_data(found, suspect_compare, &pinned.view);
        if (!rows_before(call, pinned.view, found, &first, error))
                return false;
        end = MIN(found->len, first + limit);
        if (end < found->len)
                next = cursor_text(pinned.view, &g_array_index(found, Suspect, end - 1));
        jwrite_object_begin(w);
        paging_write(call, w, found->len, false, next);
        jwrite_key(w, "items");
        if (!rows_write(&queue, found, first, end, error))
                return false;
        jwrite_object_end(w);
        return true;
}
