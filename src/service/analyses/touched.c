#include "service/analyses/touched.h"

#include <string.h>

/* A header names each operation by a digest in hexadecimal, in quotes, with a comma. */
enum { OPERATION_BYTES = 67 };

struct Touched {
        GArray *items; /* of ItemNo, each once, by number */
        GArray *links; /* of LinkRev, only what names a link, each once, in the order of the store */
};

void touched_free(Touched *touched)
{
        if (touched == NULL)
                return;
        g_array_unref(touched->items);
        g_array_unref(touched->links);
        g_free(touched);
}

int link_order(const LinkRev *a, const LinkRev *b)
{
        int by_type;

        if (a->from != b->from)
                return a->from < b->from ? -1 : 1;
        by_type = strcmp(link_type_def(a->type)->name, link_type_def(b->type)->name);
        if (by_type != 0)
                return by_type;
        if (a->to != b->to)
                return a->to < b->to ? -1 : 1;
        return strcmp(as_name(a->as), as_name(b->as));
}

/* ---- how much there is ---- */

static bool header_count(const StoreHeader *header, void *payload, GError **error G_GNUC_UNUSED)
{
        *(size_t *)payload += header->n / OPERATION_BYTES;
        return true;
}

/* ---- what there is ---- */

typedef struct {
        Touched *touched;
        Graph *graph; /* or NULL */
        bool failed;
        GError *why;
} Reading;

static void item_see(const ItemRev *rev, void *payload)
{
        Reading *reading = payload;

        g_array_append_val(reading->touched->items, rev->no);
        if (reading->graph != NULL)
                reading->failed = reading->failed || !graph_apply_item(reading->graph, rev, &reading->why);
}

static void link_see(const LinkRev *rev, bool ended, void *payload)
{
        const LinkRev name = { .from = rev->from, .type = rev->type, .to = rev->to, .as = rev->as };
        Reading *reading = payload;

        g_array_append_val(reading->touched->links, name);
        if (reading->graph != NULL)
                reading->failed = reading->failed ||
                                  !graph_apply_link(reading->graph, rev, ended, &reading->why);
}

static void result_see(const ResultRev *result, void *payload)
{
        Reading *reading = payload;

        if (reading->graph != NULL)
                reading->failed = reading->failed ||
                                  !graph_apply_result(reading->graph, result, &reading->why);
}

static void commit_see(Seq seq, void *payload)
{
        Reading *reading = payload;

        if (reading->graph != NULL && !reading->failed)
                graph_publish(reading->graph, seq);
}

static int no_compare(const void *a, const void *b)
{
        const ItemNo *left = a, *right = b;

        return (*left > *right) - (*left < *right);
}

static int name_compare(const void *a, const void *b)
{
        return link_order(a, b);
}

/* Sorts, and leaves of those that are alike the first. */
static void each_once(GArray *array, guint size, GCompareFunc compare)
{
        guint kept = 0;

        g_array_sort(array, compare);
        for (guint i = 0; i < array->len; i++) {
                const char *one = array->data + (gsize)i * size;

                if (kept > 0 && compare(array->data + (gsize)(kept - 1) * size, one) == 0)
                        continue;
                memmove(array->data + (gsize)kept++ * size, one, size);
        }
        g_array_set_size(array, kept);
}

bool touched_load(Call *call, Seq after, Seq upto, size_t most, Graph *graph, Touched **ret_touched,
                  GError **error)
{
        const StoreFeed table = { item_see, link_see, result_see, commit_see };
        const Id *log = &call->project->log;
        g_autoptr(Touched) touched = NULL;
        Reading reading = { .graph = graph };
        size_t operations = 0;

        *ret_touched = NULL;
        if (!store_each_header(call->view, log, after + 1, upto, header_count, &operations, error))
                return false;
        if (operations > most)
                return true;
        touched = reading.touched = g_new0(Touched, 1);
        touched->items = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        touched->links = g_array_new(FALSE, FALSE, sizeof(LinkRev));
        if (!store_feed(call->view, log, after, upto, &table, &reading, error)) {
                g_clear_error(&reading.why);
                return false;
        }
        if (reading.failed) {
                g_propagate_error(error, reading.why);
                return false;
        }
        each_once(touched->items, sizeof(ItemNo), no_compare);
        each_once(touched->links, sizeof(LinkRev), name_compare);
        *ret_touched = g_steal_pointer(&touched);
        return true;
}

/* ---- reading it ---- */

bool touched_each_item(const Touched *touched, Call *call, GraphView view, StoreItemFn fn, void *payload,
                       GError **error)
{
        for (guint i = 0; i < touched->items->len; i++) {
                const ItemNo no = g_array_index(touched->items, ItemNo, i);
                g_autoptr(StoreItem) item = NULL;

                if (no >= graph_item_count(view) || !graph_exists(view, no))
                        continue;
                item = store_item_by_no(call->view, &call->project->log, no, view.seq, error);
                if (item == NULL || !fn(store_item_rev(item), payload, error))
                        return false;
        }
        return true;
}

typedef struct {
        const LinkRev *name;
        StoreLinkFn fn;
        void *payload;
} Wanted;

static bool wanted_give(const LinkRev *rev, void *payload, GError **error)
{
        const Wanted *wanted = payload;

        return rev->type != wanted->name->type || rev->as != wanted->name->as ||
               wanted->fn(rev, wanted->payload, error);
}

bool touched_each_link(const Touched *touched, Call *call, Seq seq, StoreLinkFn fn, void *payload,
                       GError **error)
{
        for (guint i = 0; i < touched->links->len; i++) {
                Wanted wanted = { &g_array_index(touched->links, LinkRev, i), fn, payload };

                if (!store_each_link_of(call->view, &call->project->log, wanted.name->from, wanted.name->to,
                                        seq, wanted_give, &wanted, error))
                        return false;
        }
        return true;
}
