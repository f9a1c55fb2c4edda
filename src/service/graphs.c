/* Graphs of the projects in use. Each is loaded once and then fed with commits; a project has a lock of its own, so that
 * loading a large one holds up nobody who reads another, and who reads a commit that is there already takes no lock. */
#include "analysis/kept.h"
#include "base/lock.h"
#include "service/lists/words.h"
#include "service/sight.h"
#include "service/analyses/touched.h"

struct OpenProject {
        int refs; /* atomic: the service's, and one of each call that reads the graph */
        Id log;
        int64_t row,
                rebuilt; /* see StoreProject: what another process erased, or deleted and took in again */
        pthread_mutex_t feeding;
        Graph *graph; /* atomic: NULL until loaded, then the same for good */
        bool broken;  /* under `feeding`: a commit was applied by halves; what was published stays right */
        Words *words;
        Instant used; /* under the service's lock */
        GArray *touched; /* of Touch, under `feeding`: by commits after `noted`, not yet told; NULL: nobody asked for levels */
        Seq noted;
        pthread_mutex_t keeping;
        Kept *kept; /* under `keeping` */
};

enum { TOUCHED_MOST = 1 << 20 };

/* An item that a commit touched. */
typedef struct {
        Seq seq;
        ItemNo item;
} Touch;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(OpenProject, open_project_unref)

static OpenProject *open_project_new(const StoreProject *project)
{
        OpenProject *open = g_new0(OpenProject, 1);

        open->refs = 1;
        open->log = project->log;
        open->row = project->row;
        open->rebuilt = project->rebuilt;
        open->words = words_new();
        pthread_mutex_init(&open->feeding, NULL);
        pthread_mutex_init(&open->keeping, NULL);
        return open;
}

static OpenProject *open_project_ref(OpenProject *open)
{
        g_atomic_int_inc(&open->refs);
        return open;
}

void open_project_unref(OpenProject *open)
{
        if (open == NULL || !g_atomic_int_dec_and_test(&open->refs))
                return;
        kept_free(open->kept);
        g_clear_pointer(&open->touched, g_array_unref);
        graph_free(open->graph);
        pthread_mutex_destroy(&open->keeping);
        words_free(open->words);
        pthread_mutex_destroy(&open->feeding);
        g_free(open);
}

/* The project among those that are open, from which one goes that holds what was erased since: whoever reads that has a reference
 * of its own. */
static OpenProject *open_project_find(Service *service, const StoreProject *project)
{
        OpenProject *found = NULL;

        for (guint i = service->open->len; i > 0; i--) {
                OpenProject *one = g_ptr_array_index(service->open, i - 1);

                if (!id_equal(&one->log, &project->log) || one->row != project->row)
                        continue;
                if (one->rebuilt == project->rebuilt)
                        found = one;
                else if (one->rebuilt < project->rebuilt)
                        g_ptr_array_remove_index(service->open, i - 1);
        }
        return found;
}

/* The project, with a reference of its own. */
static OpenProject *open_project_of(Service *service, const StoreProject *project)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&service->lock);
        OpenProject *open = open_project_find(service, project);

        if (open == NULL) {
                open = open_project_new(project);
                g_ptr_array_add(service->open, open);
        }
        open->used = instant_now();
        return open_project_ref(open);
}

void service_forget_graph(Service *service, const Id *log)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&service->lock);

        /* Whoever reads it has a reference of its own. */
        for (guint i = service->open->len; i > 0; i--)
                if (id_equal(&((OpenProject *)g_ptr_array_index(service->open, i - 1))->log, log))
                        g_ptr_array_remove_index(service->open, i - 1);
}

/* A graph that cannot go on is taken out; the next call loads another. */
static void open_project_forget(Service *service, OpenProject *open)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&service->lock);

        g_ptr_array_remove_fast(service->open, open);
}

void service_drop_idle(Service *service, Instant since)
{
        g_autoptr(GPtrArray) dropped = g_ptr_array_new_with_free_func((GDestroyNotify)open_project_unref);
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&service->lock);

        for (guint i = service->open->len; i > 0; i--) {
                const OpenProject *open = g_ptr_array_index(service->open, i - 1);

                if (open->used < since)
                        g_ptr_array_add(dropped, g_ptr_array_steal_index_fast(service->open, i - 1));
        }
}

/* ---- loading ---- */

static bool load_item(const ItemRev *rev, void *payload, GError **error)
{
        return graph_apply_item(payload, rev, error);
}

static bool load_link(const LinkRev *rev, void *payload, GError **error)
{
        return graph_apply_link(payload, rev, false, error);
}

static bool load_result(const ResultRev *result, void *payload, GError **error)
{
        return graph_apply_result(payload, result, error);
}

Graph *graph_load_at(StoreView *view, const Id *log, Seq at, GError **error)
{
        g_autoptr(Graph) graph = graph_new();

        if (!store_each_item(view, log, at, load_item, graph, error) ||
            !store_each_link(view, log, at, load_link, graph, error) ||
            !store_each_result(view, log, at, load_result, graph, error))
                return NULL;
        graph_publish(graph, at);
        return g_steal_pointer(&graph);
}

/* ---- feeding ---- */

typedef struct {
        Graph *graph;
        GArray *touched; /* of Touch, or NULL */
        bool failed;
        GError *error; /* of the first callback that failed */
} Feed;

static void feed_touch(Feed *feed, Seq seq, ItemNo item)
{
        const Touch touch = { seq, item };

        if (feed->touched != NULL && feed->touched->len <= TOUCHED_MOST)
                g_array_append_val(feed->touched, touch);
}

static void feed_item(const ItemRev *rev, void *payload)
{
        Feed *feed = payload;

        feed_touch(feed, rev->from_seq, rev->no);
        feed->failed = feed->failed || !graph_apply_item(feed->graph, rev, &feed->error);
}

static void feed_link(const LinkRev *rev, bool ended, void *payload)
{
        Feed *feed = payload;

        feed_touch(feed, rev->from_seq, rev->from);
        feed_touch(feed, rev->from_seq, rev->to);
        feed->failed = feed->failed || !graph_apply_link(feed->graph, rev, ended, &feed->error);
}

static void feed_result(const ResultRev *result, void *payload)
{
        Feed *feed = payload;

        feed_touch(feed, result->seq, result->test_case);
        feed_touch(feed, result->seq, result->run);
        feed->failed = feed->failed || !graph_apply_result(feed->graph, result, &feed->error);
}

static void feed_commit(Seq seq, void *payload)
{
        Feed *feed = payload;

        if (!feed->failed)
                graph_publish(feed->graph, seq);
}

static bool graph_follow(Call *call, Graph *graph, GArray *touched, GError **error)
{
        const StoreFeed table = { feed_item, feed_link, feed_result, feed_commit };
        Feed feed = { .graph = graph, .touched = touched };

        if (graph_head(graph) >= call->project->head)
                return true;
        if (!store_feed(call->view, &call->project->log, graph_head(graph), call->project->head, &table,
                        &feed, error)) {
                g_clear_error(&feed.error);
                return false;
        }
        if (!feed.failed)
                return true;
        g_propagate_error(error, feed.error);
        return false;
}

/* Brings the graph to the call's head, loading it when it is new. *ret_again: somebody else broke it while this call
 * waited, and another is to be taken. */
static bool open_project_feed(Call *call, OpenProject *open, bool *ret_again, GError **error)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&open->feeding);
        Graph *graph = g_atomic_pointer_get(&open->graph);

        *ret_again = open->broken;
        if (open->broken)
                return false;
        if (graph == NULL) {
                graph = graph_load_at(call->view, &call->project->log, call->project->head, error);
                g_atomic_pointer_set(&open->graph, graph);
                return graph != NULL;
        }
        open->broken = !graph_follow(call, graph, open->touched, error);
        if (open->touched != NULL && open->touched->len > TOUCHED_MOST) /* not all of them are there */
                g_clear_pointer(&open->touched, g_array_unref);
        if (open->broken)
                open_project_forget(call->service, open);
        return !open->broken;
}

/* The project of the call with a graph that has the call's head, with a reference of its own. */
static OpenProject *open_project_ready(Call *call, GError **error)
{
        for (;;) {
                OpenProject *open = open_project_of(call->service, call->project);
                const Graph *graph = g_atomic_pointer_get(&open->graph);
                bool again;

                if ((graph != NULL && graph_head(graph) >= call->project->head) ||
                    open_project_feed(call, open, &again, error))
                        return open;
                open_project_unref(open);
                if (!again)
                        return NULL;
        }
}

/* Whether a graph is there that goes back to a commit. */
static bool is_loaded_from(OpenProject *open, Seq at)
{
        const Graph *graph = g_atomic_pointer_get(&open->graph);

        return graph != NULL && graph_base(graph) <= at;
}

static bool graph_of_past(Call *call, PinnedGraph *ret_pinned, GError **error)
{
        ret_pinned->temporary = graph_load_at(call->view, &call->project->log, call->at, error);
        return ret_pinned->temporary != NULL &&
               graph_pin_at(ret_pinned->temporary, call->at, &ret_pinned->view);
}

bool graph_of_call(Call *call, PinnedGraph *ret_pinned, GError **error)
{
        g_autoptr(OpenProject) known = NULL;

        if (call->sight != NULL)
                return sight_view(call, &ret_pinned->view, error);
        known = open_project_of(call->service, call->project);
        /* Who asks for the past alone need not wait for the present. */
        if (call->at < call->project->head && !is_loaded_from(known, call->at))
                return graph_of_past(call, ret_pinned, error);
        ret_pinned->open = open_project_ready(call, error);
        if (ret_pinned->open == NULL)
                return false;
        /* One that was loaded anew meanwhile may begin after the commit of the call. */
        return graph_pin_at(g_atomic_pointer_get(&ret_pinned->open->graph), call->at, &ret_pinned->view) ||
               graph_of_past(call, ret_pinned, error);
}

/* ---- levels ---- */

/* Tells what the commits up to `seq` touched, and forgets it. Under both locks. */
static void touched_tell(OpenProject *open, Seq seq)
{
        guint told = 0;

        for (; told < open->touched->len; told++) {
                const Touch *touch = &g_array_index(open->touched, Touch, told);

                if (touch->seq > seq)
                        break;
                kept_touch(open->kept, touch->seq, touch->item);
        }
        if (told > 0)
                g_array_remove_range(open->touched, 0, told);
}

/* Whether all is known that was touched between what is kept and `seq`. Who asks for the first time begins to note it: one who asks
 * once is not made to pay for it. Nobody waits for a commit that is being taken in. */
static bool kept_is_ready(OpenProject *open, Seq seq)
{
        bool ready;

        if (pthread_mutex_trylock(&open->feeding) != 0)
                return false;
        ready = open->touched != NULL && seq >= open->noted;
        if (ready && open->kept == NULL)
                open->kept = kept_new(ZW_KEPT_BYTES_MAX);
        if (ready)
                touched_tell(open, seq);
        if (open->touched == NULL) {
                g_clear_pointer(&open->kept, kept_free);
                open->touched = g_array_new(FALSE, FALSE, sizeof(Touch));
                open->noted = graph_head(open->graph);
        }
        pthread_mutex_unlock(&open->feeding);
        return ready;
}

/* Another commit or another day would turn back, or ahead, what is kept for all who ask about the present. */
static bool is_of_present(const Call *call)
{
        return call->at == call->project->head && jread_get_string(call->input, "at") == NULL &&
               jread_get_string(call->input, "instant") == NULL;
}

Assess *assess_of_call(const Call *call, const PinnedGraph *pinned)
{
        OpenProject *open = is_of_present(call) ? pinned->open : NULL;
        Assess *assess = NULL;

        if (open != NULL) {
                g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&open->keeping);

                if (kept_is_ready(open, pinned->view.seq))
                        assess = kept_assess(open->kept, pinned->view, call->instant);
        }
        return assess == NULL ? assess_new(pinned->view, call->instant) : assess;
}

/* ---- spans ---- */

Words *words_of_pinned(const PinnedGraph *pinned)
{
        return pinned->open == NULL ? NULL : pinned->open->words;
}

/* Of more operations than this, each read by itself, reading all of a project in a row is faster. */
static size_t follow_most(GraphView view)
{
        enum { TIMES = 4 };

        return graph_item_count(view) / TIMES;
}

/* Both from a graph of their own, fed with what lies between, or where that is too much each from its own. */
static bool span_follow(Call *call, Seq later, PinnedGraph *ret_earlier, PinnedGraph *ret_later,
                        Touched **ret_touched, GError **error)
{
        if (!graph_of_past(call, ret_earlier, error) ||
            !touched_load(call, call->at, later, follow_most(ret_earlier->view), ret_earlier->temporary,
                          ret_touched, error))
                return false;
        if (*ret_touched != NULL)
                return graph_pin_at(ret_earlier->temporary, later, &ret_later->view);
        call->at = later;
        return graph_of_call(call, ret_later, error);
}

bool graph_of_span(Call *call, Seq later, PinnedGraph *ret_earlier, PinnedGraph *ret_later,
                   Touched **ret_touched, GError **error)
{
        g_autoptr(OpenProject) known = open_project_of(call->service, call->project);

        if (!is_loaded_from(known, call->at))
                return span_follow(call, later, ret_earlier, ret_later, ret_touched, error);
        return graph_of_call(call, ret_earlier, error) &&
               graph_pin_at(ret_earlier->view.graph, later, &ret_later->view) &&
               touched_load(call, call->at, later, follow_most(ret_earlier->view), NULL, ret_touched, error);
}

void pinned_graph_clear(PinnedGraph *pinned)
{
        g_clear_pointer(&pinned->temporary, graph_free);
        g_clear_pointer(&pinned->open, open_project_unref);
}

bool call_item(const Call *call, GraphView view, const char *member, ItemNo *ret_item, GError **error)
{
        const char *key = jread_get_string(call->input, member);

        if (key == NULL) {
                error_set(error, ZW_ERR_USAGE, member, "the key of an item is needed");
                return false;
        }
        if (graph_find_key(view, key, ret_item))
                return true;
        error_set(error, ZW_ERR_NOT_FOUND, key, "there is no item %s in %s", key, call->project->key);
        return false;
}
