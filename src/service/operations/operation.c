#include "service/operations/operation.h"

#include "service/lists/filter.h"

#include <string.h>

enum { TIMELINE_MOST = 1000 };

/* ---- which ---- */

typedef struct {
        Call *call;
        PinnedGraph pinned;
        OperationPolicy *policy;
        Walk *walk;
        Filter *filter;
        const char *state; /* or NULL */
        WorkItemFn fn;
        void *payload;
} Listing;

static void listing_clear(Listing *listing)
{
        filter_free(listing->filter);
        walk_free(listing->walk);
        operation_policy_free(listing->policy);
        pinned_graph_clear(&listing->pinned);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Listing, listing_clear)

static bool one_see(Listing *listing, ItemNo item, GError **error)
{
        Call *call = listing->call;
        g_autoptr(StoreItem) stored = NULL;
        g_autoptr(Json) attrs = NULL;
        WorkItem work = {
                .call = call, .view = listing->pinned.view, .policy = listing->policy, .walk = listing->walk
        };

        if (listing->state != NULL &&
            strcmp(listing->state, state_def(graph_state(work.view, item))->name) != 0)
                return true;
        stored = store_item_by_no(call->view, &call->project->log, item, call->at, error);
        if (stored == NULL)
                return false;
        work.rev = store_item_rev(stored);
        if (listing->filter != NULL && !filter_fits(listing->filter, work.rev))
                return true;
        work.attrs = attrs = json_loads(work.rev->attrs, 0, NULL);
        return listing->fn(&work, listing->payload, error);
}

/* The one that is asked for. */
static bool named_see(Listing *listing, uint64_t kinds, GError **error)
{
        const GraphView view = listing->pinned.view;
        ItemNo item;

        if (!call_item(listing->call, view, "key", &item, error))
                return false;
        if ((kinds >> graph_kind(view, item) & 1) != 0)
                return one_see(listing, item, error);
        error_set(error, ZW_ERR_USAGE, "/key", "%s is a %s, which this does not list", graph_key(view, item),
                  kind_def(graph_kind(view, item))->name);
        return false;
}

static bool listing_open(Call *call, Listing *listing, GError **error)
{
        const char *q = jread_get_string(call->input, "q");
        StateId state;

        listing->state = jread_get_string(call->input, "state");
        if (listing->state != NULL && !state_find(listing->state, &state)) {
                error_set(error, ZW_ERR_NAME_UNKNOWN, "/state", "there is no state \"%s\"", listing->state);
                return false;
        }
        listing->walk = walk_new();
        listing->policy = operation_policy_load(call->view, &call->project->log, call->at, error);
        if (listing->policy == NULL || !graph_of_call(call, &listing->pinned, error))
                return false;
        listing->filter = q == NULL ? NULL : filter_new(call, q, error);
        return q == NULL || listing->filter != NULL;
}

bool work_items_each(Call *call, uint64_t kinds, WorkItemFn fn, void *payload, GError **error)
{
        g_auto(Listing) listing = { .call = call, .fn = fn, .payload = payload };
        GraphView view;

        if (!listing_open(call, &listing, error))
                return false;
        view = listing.pinned.view;
        if (jread_get_string(call->input, "key") != NULL)
                return named_see(&listing, kinds, error);
        for (ItemNo item = 0; item < graph_item_count(view); item++)
                if (graph_exists(view, item) && (kinds >> graph_kind(view, item) & 1) != 0 &&
                    graph_is_live(view, item) && !one_see(&listing, item, error))
                        return false;
        return true;
}

/* ---- what is written of each ---- */

bool work_is_over(StateId state)
{
        return state == ZW_STATE_CLOSED || state == ZW_STATE_REJECTED ||
               (state_def(state)->flags & (STATE_RETIRED | STATE_CLEARED)) != 0;
}

bool work_due(const json_t *attrs, Instant *ret_due)
{
        const char *due = jread_get_string(attrs, "due");

        if (due == NULL || !instant_parse(due, ret_due, NULL))
                return false;
        if (strchr(due, 'T') == NULL)
                *ret_due += ZW_DAY_MS;
        return true;
}

void work_head_write(const WorkItem *work, JWrite *w)
{
        const ItemRev *rev = work->rev;
        Instant due;

        jwrite_key_string(w, "key", rev->key);
        jwrite_key_string(w, "kind", kind_def(rev->kind)->name);
        jwrite_key_string(w, "title", rev->title);
        jwrite_key_int(w, "rev", rev->rev);
        jwrite_key_string(w, "state", state_def(rev->state)->name);
        jwrite_key_string(w, "owner", rev->owner);
        jwrite_key_string(w, "due", jread_get_string(work->attrs, "due"));
        jwrite_key_bool(w, "overdue",
                        !work_is_over(rev->state) && work_due(work->attrs, &due) &&
                                due <= work->call->instant);
        jwrite_key_string(w, "ticket", jread_get_string(work->attrs, "ticket"));
        jwrite_key_string(w, "ticket_state", jread_get_string(work->attrs, "ticket_state"));
}

void work_item_write(JWrite *w, GraphView view, ItemNo item)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", graph_key(view, item));
        jwrite_key_string(w, "kind", kind_def(graph_kind(view, item))->name);
        jwrite_key_string(w, "title", graph_title(view, item));
        jwrite_key_string(w, "state", state_def(graph_state(view, item))->name);
        jwrite_object_end(w);
}

void work_links_write(const WorkItem *work, JWrite *w, const char *name, GraphSide side, uint64_t types,
                      uint64_t kinds)
{
        GraphIter iter = graph_iter(work->view, work->rev->no, side, (LinkMask){ types });
        GraphEdge edge;

        jwrite_key(w, name);
        jwrite_array_begin(w);
        while (graph_next(&iter, &edge))
                if ((kinds >> graph_kind(work->view, edge.other) & 1) != 0 &&
                    graph_is_live(work->view, edge.other))
                        work_item_write(w, work->view, edge.other);
        jwrite_array_end(w);
}

/* ---- what happened ---- */

typedef struct {
        const WorkItem *work;
        json_t *rows;
        StateId state;
        Seq since; /* commit by which it came into that state */
        bool any;
} Moves;

static bool move_see(const ItemRev *rev, void *payload, GError **error)
{
        Moves *moves = payload;
        const Call *call = moves->work->call;
        g_autoptr(StorePerson) by = NULL;
        char time[ZW_INSTANT_TEXT];
        Instant at;

        if (rev->from_seq > call->at || (moves->any && moves->state == rev->state))
                return true;
        moves->any = true;
        moves->state = rev->state;
        moves->since = rev->from_seq;
        if (moves->rows == NULL || json_array_size(moves->rows) >= TIMELINE_MOST)
                return true;
        if (!store_commit_time(call->view, &call->project->log, rev->from_seq, &at, error))
                return false;
        by = store_load_person(call->view, &rev->author, NULL);
        instant_format(at, time);
        json_array_append_new(moves->rows,
                              json_pack("{s:s, s:s, s:s, s:s?, s:I}", "time", time, "what", "state", "state",
                                        state_def(rev->state)->name, "by", by == NULL ? NULL : by->name,
                                        "commit", (json_int_t)rev->from_seq));
        return true;
}

static bool moves_load(const WorkItem *work, Moves *moves, GError **error)
{
        moves->work = work;
        return store_each_revision(work->call->view, &work->call->project->log, work->rev->no, move_see,
                                   moves, error);
}

bool work_state_since(const WorkItem *work, Instant *ret_since, GError **error)
{
        Moves moves = { 0 };

        return moves_load(work, &moves, error) &&
               store_commit_time(work->call->view, &work->call->project->log, moves.since, ret_since, error);
}

typedef struct {
        Instant at;
        size_t order;
        const json_t *row;
} TimelineRow;

static gint row_order(gconstpointer a, gconstpointer b)
{
        const TimelineRow *x = a, *y = b;

        if (x->at != y->at)
                return x->at < y->at ? -1 : 1;
        return x->order < y->order ? -1 : x->order > y->order;
}

bool work_timeline_write(const WorkItem *work, json_t *more, JWrite *w, GError **error)
{
        g_autoptr(Json) rows = json_array(), added = more;
        g_autoptr(GArray) sorted = g_array_new(FALSE, FALSE, sizeof(TimelineRow));
        Moves moves = { .rows = rows };
        const json_t *row;
        size_t i;

        if (!moves_load(work, &moves, error))
                return false;
        if (added != NULL)
                json_array_extend(rows, added);
        json_array_foreach(rows, i, row)
        {
                TimelineRow one = { 0, i, row };
                const char *time = jread_get_string(row, "time");

                if (time != NULL && instant_parse(time, &one.at, NULL))
                        g_array_append_val(sorted, one);
        }
        g_array_sort(sorted, row_order);
        jwrite_key(w, "timeline");
        jwrite_array_begin(w);
        for (guint k = 0; k < sorted->len; k++)
                jwrite_json(w, g_array_index(sorted, TimelineRow, k).row);
        jwrite_array_end(w);
        return true;
}
