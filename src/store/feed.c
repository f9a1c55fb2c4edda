/* The feed: what commits did to the projections. What a commit touched is read from its operations, so that no index by
 * commit has to be written; what became of it is read from the projections. */
#include "base/error.h"
#include "store/internal.h"
#include <string.h>

typedef struct {
        StoreView *view;
        int64_t log;
        Seq seq;
        const StoreFeed *feed;
        void *payload;
        GArray *items, *links, *runs; /* ItemNo, LinkKey, ItemNo: touched by the commit */
} Feed;

static void feed_clear(Feed *f)
{
        g_clear_pointer(&f->items, g_array_unref);
        g_clear_pointer(&f->links, g_array_unref);
        g_clear_pointer(&f->runs, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Feed, feed_clear)

static int no_compare(gconstpointer a, gconstpointer b)
{
        const ItemNo *left = a, *right = b;

        return (*left > *right) - (*left < *right);
}

static int link_compare(gconstpointer a, gconstpointer b)
{
        const LinkKey *left = a, *right = b;

        if (left->from != right->from)
                return left->from < right->from ? -1 : 1;
        if (left->type != right->type)
                return left->type < right->type ? -1 : 1;
        if (left->to != right->to)
                return left->to < right->to ? -1 : 1;
        return (left->as > right->as) - (left->as < right->as);
}

static bool find_no(Feed *f, const json_t *op, const char *field, ItemNo *ret_no, GError **error)
{
        const char *hex = jread_get_string(op, field);
        Id id;

        if (hex == NULL || !hex_decode(hex, id.b, ZW_ID_BYTES, NULL)) {
                error_set(error, ZW_ERR_DAMAGED, field, "a stored operation names no item");
                return false;
        }
        if (!f->view->backend->item_find_id(f->view, f->log, &id, ret_no, error))
                return false;
        if (*ret_no == ZW_ITEM_NONE)
                error_set(error, ZW_ERR_DAMAGED, field,
                          "a stored operation names the item %s, which is not there", hex);
        return *ret_no != ZW_ITEM_NONE;
}

static bool touch_item(Feed *f, const json_t *op, const char *field, GArray *into, GError **error)
{
        ItemNo no;

        if (!find_no(f, op, field, &no, error))
                return false;
        g_array_append_val(into, no);
        return true;
}

static bool touch_link(Feed *f, const json_t *op, GError **error)
{
        const char *type = jread_get_string(op, "type"), *as = jread_get_string(op, "as");
        LinkKey key = { .as = ZW_AS_NONE };

        if (!find_no(f, op, "from", &key.from, error) || !find_no(f, op, "to", &key.to, error))
                return false;
        if (type == NULL || !link_type_find(type, &key.type) ||
            (as != NULL && as[0] != '\0' && !as_find(as, &key.as))) {
                error_set(error, ZW_ERR_VERSION, "type",
                          "a stored operation has a link type this program lacks");
                return false;
        }
        g_array_append_val(f->links, key);
        return true;
}

static bool touch(Feed *f, const json_t *op, GError **error)
{
        const char *name = jread_get_string(op, "op");

        if (name == NULL) {
                error_set(error, ZW_ERR_DAMAGED, NULL, "an erased operation cannot be followed");
                return false;
        }
        if (strcmp(name, "results") == 0)
                return touch_item(f, op, "run", f->runs, error);
        if (json_object_get(op, "from") != NULL)
                return touch_link(f, op, error);
        if (json_object_get(op, "id") != NULL)
                return touch_item(f, op, "id", f->items, error);
        return true; /* project, setting: nothing the feed gives */
}

static bool give_item(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Feed *f = payload;

        if (rev->from_seq == f->seq)
                f->feed->item(rev, f->payload);
        return true;
}

typedef struct {
        Feed *f;
        bool found;
} GiveLink;

static bool give_link(const LinkRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        GiveLink *give = payload;

        give->found = true;
        if (rev->from_seq == give->f->seq)
                give->f->feed->link(rev, false, give->f->payload);
        return true;
}

static bool give_ended(const LinkRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        GiveLink *give = payload;
        LinkRev ended = *rev;

        ended.from_seq = give->f->seq;
        give->f->feed->link(&ended, true, give->f->payload);
        return true;
}

static bool give_result(const ResultRev *result, void *payload, GError **error G_GNUC_UNUSED)
{
        Feed *f = payload;

        if (result->seq == f->seq)
                f->feed->result(result, f->payload);
        return true;
}

static bool give_links(Feed *f, GError **error)
{
        g_array_sort(f->links, link_compare);
        for (guint i = 0; f->feed->link != NULL && i < f->links->len; i++) {
                const LinkKey *key = &g_array_index(f->links, LinkKey, i);
                GiveLink give = { f, false };

                if (i > 0 && link_compare(key, key - 1) == 0)
                        continue;
                if (!f->view->backend->link_read(f->view, f->log, key, f->seq, give_link, &give, error))
                        return false;
                /* Not valid after the commit: it ended here, unless the commit also made it. */
                if (!give.found &&
                    !f->view->backend->link_read(f->view, f->log, key, f->seq - 1, give_ended, &give, error))
                        return false;
        }
        return true;
}

static bool give_all(Feed *f, GError **error)
{
        const StoreBackend *backend = f->view->backend;

        g_array_sort(f->items, no_compare);
        for (guint i = 0; f->feed->item != NULL && i < f->items->len; i++) {
                ItemNo no = g_array_index(f->items, ItemNo, i);

                if (i > 0 && no == g_array_index(f->items, ItemNo, i - 1))
                        continue;
                if (!backend->rev_read(f->view, f->log, no, f->seq, give_item, f, error))
                        return false;
        }
        if (!give_links(f, error))
                return false;
        g_array_sort(f->runs, no_compare);
        for (guint i = 0; f->feed->result != NULL && i < f->runs->len; i++) {
                ItemNo run = g_array_index(f->runs, ItemNo, i);

                if (i > 0 && run == g_array_index(f->runs, ItemNo, i - 1))
                        continue;
                if (!backend->result_read_run(f->view, f->log, run, f->seq, give_result, f, error))
                        return false;
        }
        if (f->feed->commit != NULL)
                f->feed->commit(f->seq, f->payload);
        return true;
}

static bool feed_commit(const CommitRow *row, void *payload, GError **error)
{
        Feed *f = payload;
        g_auto(OpenOps) ops = { 0 };
        size_t n;

        if (!ops_open(f->view, f->log, row->seq, NULL, NULL, &ops, error))
                return false;
        f->seq = row->seq;
        g_array_set_size(f->items, 0);
        g_array_set_size(f->links, 0);
        g_array_set_size(f->runs, 0);
        n = json_array_size(ops.ops);
        for (size_t i = 0; i < n; i++)
                if (!touch(f, json_array_get(ops.ops, i), error))
                        return false;
        return give_all(f, error);
}

bool store_feed(StoreView *view, const Id *log, Seq after, Seq upto, const StoreFeed *feed, void *payload,
                GError **error)
{
        g_auto(Feed) f = { .view = view,
                           .feed = feed,
                           .payload = payload,
                           .items = g_array_new(FALSE, FALSE, sizeof(ItemNo)),
                           .links = g_array_new(FALSE, FALSE, sizeof(LinkKey)),
                           .runs = g_array_new(FALSE, FALSE, sizeof(ItemNo)) };

        return view_log_no(view, log, &f.log, error) &&
               view->backend->commit_read(view, f.log, seq_clamp(after) + 1, seq_clamp(upto), feed_commit, &f,
                                          error);
}
