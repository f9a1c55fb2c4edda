/* One page of the items that fit a filter, in the order asked for. A page begins behind the last item of the one before (keyset
 * paging), named by its values in that order and its id: what is added or goes away meanwhile neither repeats nor hides
 * an item. What fits and what comes first is seen in the graph as far as it knows; only what it cannot tell is read from the store. */
#include "base/near.h"
#include "service/lists/filter.h"
#include "service/lists/order.h"
#include "service/lists/paging.h"

#include <string.h>

enum {
        COUNT_MOST = 10000, /* more than these are not counted to the end */
        SCAN_TIMES = 8,     /* as long as reading one item by its number takes, so many are read in a row */
        FIELDS_MAX = 64,
};

typedef struct {
        Call *call;
        Filter *filter;
        Order *order;
        bool one_kind;
        KindId kind;
        char **fields; /* or NULL: what a list has */
        uint32_t limit;
        bool has_after;
        OrderRow after;
        bool has_last;
        OrderRow last; /* what comes after this is on no page that is asked for */
        GArray *rows;  /* of OrderRow */
        int64_t count;
        ItemNo asked; /* items the graph could not tell of */
} Page;

static void page_clear(Page *page)
{
        filter_free(page->filter);
        order_free(page->order);
        g_strfreev(page->fields);
        g_clear_pointer(&page->rows, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Page, page_clear)

/* ---- what is asked for ---- */

static const char *const field_names[] = { "key",  "kind",  "rev",     "state", "title",  "attrs",
                                           "body", "owner", "changed", "tags",  "parent", "links" };

static bool fields_read(Page *page, GError **error)
{
        const char *text = jread_get_string(page->call->input, "fields");

        if (text == NULL || text[0] == '\0')
                return true;
        page->fields = g_strsplit(text, ",", FIELDS_MAX);
        for (char **field = page->fields; *field != NULL; field++) {
                g_autofree char *near = NULL;
                bool found = g_str_has_prefix(*field, "attrs.") && attr_is_known(*field + strlen("attrs."));

                for (size_t i = 0; i < G_N_ELEMENTS(field_names) && !found; i++)
                        found = strcmp(*field, field_names[i]) == 0;
                if (found)
                        continue;
                near = near_names(*field, field_names, G_N_ELEMENTS(field_names));
                error_set(error, ZW_ERR_NAME_UNKNOWN, "/fields", "items have no field \"%s\"%s", *field,
                          near);
                return false;
        }
        return true;
}

static bool kind_read(Page *page, GError **error)
{
        const char *plural = jread_get_string(page->call->input, "plural");

        page->one_kind = plural != NULL;
        if (plural == NULL || kind_find_plural(plural, &page->kind))
                return true;
        error_set(error, ZW_ERR_NOT_FOUND, NULL, "there is nothing at this address");
        return false;
}

static bool after_read(Page *page, GError **error)
{
        const char *text = jread_get_string(page->call->input, "after");
        g_autoptr(StoreItem) last = NULL;
        Id id;

        page->has_after = text != NULL && text[0] != '\0';
        if (!page->has_after)
                return true;
        if (order_cursor_parse(page->order, text, &page->after, &id))
                last = store_item_by_id(page->call->view, &page->call->project->log, &id, page->call->at,
                                        NULL);
        if (last != NULL) {
                page->after.no = store_item_rev(last)->no;
                return true;
        }
        error_set(error, ZW_ERR_INPUT, "/after", "this is no end of a page in this order: begin without it");
        return false;
}

/* ---- gathering ---- */

/* Without an order, items come in that of their numbers: once the page is full nothing but the count is missing. */
static bool page_is_full(const Page *page)
{
        return order_length(page->order) == 0 && page->rows->len > page->limit && page->count > COUNT_MOST;
}

static int row_compare(gconstpointer left, gconstpointer right, gpointer payload)
{
        return order_compare(payload, left, right);
}

/* Keeps the first rows only, one more than the page has. */
static void rows_prune(Page *page)
{
        g_array_sort_with_data(page->rows, row_compare, page->order);
        if (page->rows->len <= page->limit)
                return;
        g_array_set_size(page->rows, page->limit + 1);
        page->last = g_array_index(page->rows, OrderRow, page->limit);
        page->has_last = true;
}

/* Takes an item that fits. */
static void page_take(Page *page, const OrderItem *item)
{
        OrderRow row;

        page->count++;
        if (!order_read(page->order, item, page->has_after ? &page->after : NULL,
                        page->has_last ? &page->last : NULL, &row))
                return;
        g_array_append_val(page->rows, row);
        if (page->rows->len > 2 * (page->limit + 1))
                rows_prune(page);
}

static bool page_item(const ItemRev *rev, void *payload, GError **error)
{
        Page *page = payload;

        if (page_is_full(page)) {
                error_set(error, ZW_ERR_EXISTS, NULL, "these are enough");
                return false;
        }
        if ((!page->one_kind || rev->kind == page->kind) && filter_fits(page->filter, rev))
                page_take(page, &(OrderItem){ .rev = rev, .no = rev->no });
        return true;
}

static bool gather_all(Page *page, GError **error)
{
        const Call *call = page->call;
        GError *why = NULL;

        if (store_each_item(call->view, &call->project->log, call->at, page_item, page, &why))
                return true;
        if (page_is_full(page) && g_error_matches(why, ZW_ERROR, ZW_ERR_EXISTS)) {
                g_error_free(why);
                return true;
        }
        g_propagate_error(error, why);
        return false;
}

/* An item of a kind that can fit, at a glance or else from the store. */
static bool page_look(Page *page, GraphView graph, ItemNo no, GError **error)
{
        const FilterGlance glance = filter_glance(page->filter, graph, no);
        g_autoptr(StoreItem) item = NULL;

        if (glance == FILTER_GLANCE_NOT)
                return true;
        if (glance == FILTER_GLANCE_FITS && order_in_graph(page->order)) {
                page_take(page, &(OrderItem){ .view = graph, .no = no });
                return true;
        }
        page->asked++;
        item = store_item_by_no(page->call->view, &page->call->project->log, no, page->call->at, error);
        return item != NULL && page_item(store_item_rev(item), page, error);
}

/* Goes through the graph until so many items had to be read that reading all of them in a row is faster: then *ret_done is false. */
static bool gather_graph(Page *page, GraphView graph, bool *ret_done, GError **error)
{
        const uint64_t kinds = filter_kinds(page->filter) &
                               (page->one_kind ? UINT64_C(1) << page->kind : G_MAXUINT64);
        const ItemNo n = graph_item_count(graph);

        for (ItemNo no = 0; no < n && !page_is_full(page) && page->asked <= n / SCAN_TIMES; no++)
                if (graph_exists(graph, no) && (kinds & UINT64_C(1) << graph_kind(graph, no)) != 0 &&
                    !page_look(page, graph, no, error))
                        return false;
        *ret_done = page->asked <= n / SCAN_TIMES;
        return true;
}

/* The graph is at hand for the newest commit; for another one it would have to be made. */
static bool page_gather(Page *page, GError **error)
{
        g_auto(PinnedGraph) graph = { 0 };
        bool done = false;

        if (page->call->at == page->call->project->head &&
            (!graph_of_call(page->call, &graph, error) ||
             !filter_look_up(page->filter, page->call, &graph, error) ||
             !gather_graph(page, graph.view, &done, error)))
                return false;
        if (done)
                return true;
        g_array_set_size(page->rows, 0);
        page->has_last = false;
        page->count = 0;
        return gather_all(page, error);
}

/* ---- writing ---- */

static void raw_member(JWrite *w, const char *name, const char *json)
{
        jwrite_key(w, name);
        jwrite_raw(w, json == NULL ? "null" : json, json == NULL ? strlen("null") : strlen(json));
}

static void field_write(JWrite *w, const ItemRev *rev, const char *name)
{
        if (strcmp(name, "kind") == 0)
                jwrite_key_string(w, "kind", kind_def(rev->kind)->name);
        else if (strcmp(name, "rev") == 0)
                jwrite_key_int(w, "rev", rev->rev);
        else if (strcmp(name, "state") == 0)
                jwrite_key_string(w, "state", state_def(rev->state)->name);
        else if (strcmp(name, "title") == 0)
                jwrite_key_string(w, "title", rev->title);
        else if (strcmp(name, "attrs") == 0)
                raw_member(w, "attrs", rev->attrs);
        else if (strcmp(name, "body") == 0)
                jwrite_key_string(w, "body", rev->body);
        else if (strcmp(name, "owner") == 0)
                jwrite_key_string(w, "owner", rev->owner);
        else if (strcmp(name, "changed") == 0)
                jwrite_key_int(w, "changed", (int64_t)rev->from_seq);
        else if (strcmp(name, "tags") == 0)
                raw_member(w, "tags", rev->tags);
        else if (strcmp(name, "parent") == 0)
                jwrite_key_string(w, "parent", rev->parent);
}

/* Single attributes, `attrs.NAME`, as an object of those asked for. */
static void chosen_attrs_write(JWrite *w, const ItemRev *rev, char *const *fields)
{
        g_autoptr(Json) attrs = json_loads(rev->attrs, 0, NULL), chosen = json_object();
        bool any = false;

        for (; *fields != NULL; fields++) {
                const char *name = *fields + strlen("attrs.");

                if (!g_str_has_prefix(*fields, "attrs."))
                        continue;
                any = true;
                if (json_object_get(attrs, name) != NULL)
                        json_object_set(chosen, name, json_object_get(attrs, name));
        }
        if (any)
                jwrite_key_json(w, "attrs", chosen);
}

/* `graph` is pinned where the fields ask for links. */
static void item_write(JWrite *w, const ItemRev *rev, char *const *fields, const PinnedGraph *graph)
{
        static const char *const usual[] = { "kind", "rev", "state", "title", "attrs", NULL };
        const char *const *names = fields == NULL ? usual : (const char *const *)fields;

        jwrite_object_begin(w);
        jwrite_key_string(w, "key", rev->key);
        for (size_t i = 0; i < G_N_ELEMENTS(field_names); i++)
                if (g_strv_contains(names, field_names[i]))
                        field_write(w, rev, field_names[i]);
        if (fields != NULL && !g_strv_contains(names, "attrs"))
                chosen_attrs_write(w, rev, fields);
        if (g_strv_contains(names, "links")) {
                jwrite_key(w, "links");
                jwrite_array_begin(w);
                item_links_write(w, graph->view, rev->no, GRAPH_OUT);
                jwrite_array_end(w);
        }
        jwrite_object_end(w);
}

/* Where the page after the first `n` rows begins; NULL where there is none. */
static bool next_read(const Page *page, guint n, char **ret_next, GError **error)
{
        g_autoptr(StoreItem) item = NULL;
        const OrderRow *last;

        *ret_next = NULL;
        if (page->rows->len <= n || n == 0)
                return true;
        last = &g_array_index(page->rows, OrderRow, n - 1);
        item = store_item_by_no(page->call->view, &page->call->project->log, last->no, page->call->at, error);
        if (item == NULL)
                return false;
        *ret_next = order_cursor(page->order, last, &store_item_rev(item)->id);
        return true;
}

static bool page_write(Page *page, JWrite *w, GError **error)
{
        const guint n = MIN(page->rows->len, page->limit);
        const bool links = page->fields != NULL &&
                           g_strv_contains((const char *const *)page->fields, "links");
        g_auto(PinnedGraph) graph = { 0 };
        g_autofree char *next = NULL;

        if (!next_read(page, n, &next, error) || (links && !graph_of_call(page->call, &graph, error)))
                return false;
        jwrite_object_begin(w);
        paging_write(page->call, w, MIN(page->count, COUNT_MOST), page->count > COUNT_MOST, next);
        jwrite_key_bool(w, "ages", filter_ages(page->filter));
        jwrite_key(w, "items");
        jwrite_array_begin(w);
        for (guint i = 0; i < n; i++) {
                g_autoptr(StoreItem) item = store_item_by_no(page->call->view, &page->call->project->log,
                                                             g_array_index(page->rows, OrderRow, i).no,
                                                             page->call->at, error);

                if (item == NULL)
                        return false;
                item_write(w, store_item_rev(item), page->fields, &graph);
        }
        jwrite_array_end(w);
        jwrite_object_end(w);
        return true;
}

bool usecase_item_page(Call *call, JWrite *w, GError **error)
{
        g_auto(Page) page = { .call = call };

        page.rows = g_array_new(FALSE, FALSE, sizeof(OrderRow));
        if (!kind_read(&page, error) || !paging_limit(call, &page.limit, error))
                return false;
        page.order = order_new(jread_get_string(call->input, "sort"), error);
        if (page.order == NULL || !fields_read(&page, error) || !after_read(&page, error))
                return false;
        page.filter = filter_new(call, jread_get_string(call->input, "q"), error);
        if (page.filter == NULL || !page_gather(&page, error))
                return false;
        rows_prune(&page);
        return page_write(&page, w, error);
}
