/* One page of the items that fit a filter, in the order asked for. A page begins behind the last item of the one before (keyset
 * paging), named by its values in that order and its number: what is added or goes away meanwhile neither repeats nor hides
 * an item. Items that are alike in all values asked for come by number. */
#include "base/near.h"
#include "service/lists/filter.h"
#include "service/lists/paging.h"

#include <string.h>

enum {
        SORTS_MAX = 4,
        VALUE_BYTES =
                96, /* of a text that is sorted by: what it differs in behind these is left to the number */
        CURSOR_BYTES_MAX = 4096,
        COUNT_MOST = 10000, /* more than these are not counted to the end */
        SCAN_TIMES = 8,     /* as long as reading one item by its number takes, so many are read in a row */
        FIELDS_MAX = 64,
};

/* ---- the order ---- */

typedef enum {
        SORT_KEY,
        SORT_KIND,
        SORT_STATE,
        SORT_REV,
        SORT_TITLE,
        SORT_OWNER,
        SORT_CHANGED,
        SORT_ATTR
} SortBy;

typedef struct {
        SortBy by;
        bool down;
        char *attr;
} Sort;

typedef struct {
        json_t *values; /* array, one for each sort */
        ItemNo no;
} Row;

typedef struct {
        Call *call;
        Filter *filter;
        bool one_kind;
        KindId kind;
        Sort sorts[SORTS_MAX];
        size_t n_sorts;
        char **fields; /* or NULL: what a list has */
        uint32_t limit;
        bool has_after;
        Row after;
        GArray *rows; /* of Row */
        int64_t count;
} Page;

static void row_clear(gpointer data)
{
        json_decref(((Row *)data)->values);
}

static void page_clear(Page *page)
{
        filter_free(page->filter);
        for (size_t i = 0; i < page->n_sorts; i++)
                g_free(page->sorts[i].attr);
        g_strfreev(page->fields);
        json_decref(page->after.values);
        g_clear_pointer(&page->rows, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Page, page_clear)

/* Digits count as numbers, so that ZN-2 comes before ZN-10. */
static int natural_compare(const char *a, const char *b)
{
        while (*a != '\0' && *b != '\0') {
                if (g_ascii_isdigit(*a) && g_ascii_isdigit(*b)) {
                        size_t n, m;

                        a += strspn(a, "0");
                        b += strspn(b, "0");
                        n = strspn(a, "0123456789");
                        m = strspn(b, "0123456789");
                        if (n != m)
                                return n < m ? -1 : 1;
                        for (; n > 0; n--, a++, b++)
                                if (*a != *b)
                                        return *a < *b ? -1 : 1;
                        continue;
                }
                if (*a != *b)
                        return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
                a++;
                b++;
        }
        return *a == *b ? 0 : *a == '\0' ? -1 : 1;
}

/* Numbers before texts; nothing comes last, whatever the direction. */
static int rank_of(const json_t *value)
{
        return json_is_number(value) ? 0 : json_is_string(value) ? 1 : 2;
}

static int value_compare(const json_t *a, const json_t *b, bool down)
{
        const int rank = rank_of(a), other = rank_of(b);
        int order = 0;

        if (rank == 2 || other == 2)
                return rank - other;
        if (rank != other)
                order = rank - other;
        else if (rank == 0)
                order = (json_number_value(a) > json_number_value(b)) -
                        (json_number_value(a) < json_number_value(b));
        else
                order = natural_compare(json_string_value(a), json_string_value(b));
        return down ? -order : order;
}

static int row_compare(gconstpointer left, gconstpointer right, gpointer payload)
{
        const Row *a = left, *b = right;
        const Page *page = payload;

        for (size_t i = 0; i < page->n_sorts; i++) {
                int order = value_compare(json_array_get(a->values, i), json_array_get(b->values, i),
                                          page->sorts[i].down);

                if (order != 0)
                        return order;
        }
        return (a->no > b->no) - (a->no < b->no);
}

/* ---- values ---- */

static json_t *text_value(const char *text)
{
        g_autofree char *folded = NULL;

        if (text == NULL)
                return json_null();
        folded = g_utf8_casefold(text, -1);
        if (strlen(folded) > VALUE_BYTES)
                *g_utf8_find_prev_char(folded, folded + VALUE_BYTES + 1) = '\0';
        return json_string(folded);
}

static json_t *attr_value(const ItemRev *rev, const char *name)
{
        const AttrDef *def = attr_find(rev->kind, name);
        g_autoptr(Json) attrs = def == NULL ? NULL : json_loads(rev->attrs, 0, NULL);
        json_t *value = json_object_get(attrs, name);
        g_autofree char *text = NULL;

        if (def == NULL || value == NULL || json_is_null(value))
                return json_null();
        if (json_is_number(value))
                return json_incref(value);
        if (json_is_boolean(value))
                return json_integer(json_is_true(value));
        if (json_is_string(value))
                return def->type == ATTR_DECIMAL ? json_real(g_ascii_strtod(json_string_value(value), NULL))
                                                 : text_value(json_string_value(value));
        text = json_dumps(value, JSON_COMPACT);
        return text_value(text);
}

static json_t *value_of(const ItemRev *rev, const Sort *sort)
{
        switch (sort->by) {
        case SORT_KEY:
                return text_value(rev->key);
        case SORT_KIND:
                return json_integer(rev->kind);
        case SORT_STATE:
                return json_integer(rev->state);
        case SORT_REV:
                return json_integer(rev->rev);
        case SORT_TITLE:
                return text_value(rev->title);
        case SORT_OWNER:
                return text_value(rev->owner);
        case SORT_CHANGED:
                return json_integer((json_int_t)rev->from_seq);
        case SORT_ATTR:
        default:
                return attr_value(rev, sort->attr);
        }
}

/* ---- what is asked for ---- */

static const struct {
        const char *name;
        SortBy by;
} sort_names[] = { { "key", SORT_KEY },        { "kind", SORT_KIND },   { "state", SORT_STATE },
                   { "rev", SORT_REV },        { "title", SORT_TITLE }, { "owner", SORT_OWNER },
                   { "changed", SORT_CHANGED } };

static bool attr_is_known(const char *name)
{
        for (int i = 0; i < ZW_KIND_COUNT; i++)
                if (attr_find((KindId)i, name) != NULL)
                        return true;
        return false;
}

static bool sort_read(Sort *sort, const char *text, GError **error)
{
        const char *names[G_N_ELEMENTS(sort_names)], *name = text[0] == '-' ? text + 1 : text;
        g_autofree char *near = NULL;

        sort->down = text[0] == '-';
        for (size_t i = 0; i < G_N_ELEMENTS(sort_names); i++) {
                names[i] = sort_names[i].name;
                sort->by = sort_names[i].by;
                if (strcmp(name, names[i]) == 0)
                        return true;
        }
        sort->by = SORT_ATTR;
        sort->attr = g_strdup(name);
        if (attr_is_known(name))
                return true;
        near = near_names(name, names, G_N_ELEMENTS(names));
        error_set(error, ZW_ERR_NAME_UNKNOWN, "/sort",
                  "there is nothing \"%s\" to sort by%s; attributes are sorted by their names", name, near);
        return false;
}

static bool sorts_read(Page *page, GError **error)
{
        const char *text = jread_get_string(page->call->input, "sort");
        g_auto(GStrv) parts = NULL;

        if (text == NULL || text[0] == '\0')
                return true;
        parts = g_strsplit(text, ",", SORTS_MAX + 1);
        if (g_strv_length(parts) > SORTS_MAX) {
                error_set(error, ZW_ERR_LIMIT, "/sort", "at most %d values are sorted by", SORTS_MAX);
                return false;
        }
        for (char **part = parts; *part != NULL; part++)
                if (!sort_read(&page->sorts[page->n_sorts++], *part, error))
                        return false;
        return true;
}

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

/* ---- where a page begins ---- */

static char *cursor_text(const Page *page, const Row *row)
{
        const char *sort = jread_get_string(page->call->input, "sort");
        g_autoptr(Json) cursor = json_pack("{s:s, s:O, s:I}", "s", sort == NULL ? "" : sort, "v", row->values,
                                           "n", (json_int_t)row->no);
        g_autofree char *text = json_dumps(cursor, JSON_COMPACT | JSON_SORT_KEYS);
        char *encoded = g_base64_encode((const guchar *)text, strlen(text));

        /* For addresses: RFC 4648, 5, without padding. */
        for (char *at = encoded; *at != '\0'; at++)
                *at = (char)(*at == '+' ? '-' : *at == '/' ? '_' : *at == '=' ? '\0' : *at);
        return encoded;
}

static json_t *cursor_parse(const char *text)
{
        g_autofree char *encoded = g_strconcat(text, "===", NULL);
        g_autofree guchar *bytes = NULL;
        const size_t length = (strlen(text) + 3) / 4 * 4;
        gsize n;

        if (strlen(text) > CURSOR_BYTES_MAX)
                return NULL;
        encoded[length] = '\0';
        for (char *at = encoded; *at != '\0'; at++)
                *at = (char)(*at == '-' ? '+' : *at == '_' ? '/' : *at);
        bytes = g_base64_decode(encoded, &n);
        return bytes == NULL ? NULL : jread_parse((const char *)bytes, n, NULL);
}

static bool after_read(Page *page, GError **error)
{
        const char *text = jread_get_string(page->call->input, "after"),
                   *sort = jread_get_string(page->call->input, "sort");
        g_autoptr(Json) cursor = NULL;
        json_t *values;

        if (text == NULL || text[0] == '\0')
                return true;
        cursor = cursor_parse(text);
        values = json_object_get(cursor, "v");
        if (cursor != NULL && json_is_array(values) && json_array_size(values) == page->n_sorts &&
            g_strcmp0(jread_get_string(cursor, "s"), sort == NULL ? "" : sort) == 0) {
                page->has_after = true;
                page->after.values = json_incref(values);
                page->after.no = (ItemNo)CLAMP(jread_get_int(cursor, "n", 0), 0, (json_int_t)G_MAXUINT32);
                return true;
        }
        error_set(error, ZW_ERR_INPUT, "/after", "this is no end of a page in this order: begin without it");
        return false;
}

/* ---- gathering ---- */

/* Without an order, items come in that of their numbers: once the page is full nothing but the count is missing. */
static bool page_is_full(const Page *page)
{
        return page->n_sorts == 0 && page->rows->len > page->limit && page->count > COUNT_MOST;
}

/* Keeps the first rows only, one more than the page has. */
static void rows_prune(Page *page)
{
        g_array_sort_with_data(page->rows, row_compare, page);
        if (page->rows->len > page->limit + 1)
                g_array_set_size(page->rows, page->limit + 1);
}

static bool page_item(const ItemRev *rev, void *payload, GError **error)
{
        Page *page = payload;
        Row row = { .no = rev->no };

        if (page_is_full(page)) {
                error_set(error, ZW_ERR_EXISTS, NULL, "these are enough");
                return false;
        }
        if ((page->one_kind && rev->kind != page->kind) || !filter_fits(page->filter, rev))
                return true;
        page->count++;
        row.values = json_array();
        for (size_t i = 0; i < page->n_sorts; i++)
                json_array_append_new(row.values, value_of(rev, &page->sorts[i]));
        if (page->has_after && row_compare(&row, &page->after, page) <= 0) {
                json_decref(row.values);
                return true;
        }
        g_array_append_val(page->rows, row);
        if (page->rows->len > 2 * (page->limit + 1))
                rows_prune(page);
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

static bool gather_kinds(Page *page, GraphView graph, uint64_t kinds, GError **error)
{
        const Call *call = page->call;

        for (ItemNo no = 0; no < graph_item_count(graph) && !page_is_full(page); no++) {
                g_autoptr(StoreItem) item = NULL;

                if ((kinds & UINT64_C(1) << graph_kind(graph, no)) == 0)
                        continue;
                item = store_item_by_no(call->view, &call->project->log, no, call->at, error);
                if (item == NULL || !page_item(store_item_rev(item), page, error))
                        return false;
        }
        return true;
}

/* Where few items are of the kinds that can fit, the graph says which, and only they are read. It is at hand for the newest
 * commit; for another one it would have to be made. */
static bool page_gather(Page *page, GError **error)
{
        const uint64_t kinds = filter_kinds(page->filter) &
                               (page->one_kind ? UINT64_C(1) << page->kind : G_MAXUINT64);
        g_auto(PinnedGraph) graph = { 0 };
        ItemNo few = 0;

        if (kinds == G_MAXUINT64 || page->call->at != page->call->project->head)
                return gather_all(page, error);
        if (!graph_of_call(page->call, &graph, error))
                return false;
        for (ItemNo no = 0; no < graph_item_count(graph.view); no++)
                few += (kinds & UINT64_C(1) << graph_kind(graph.view, no)) != 0;
        return few < graph_item_count(graph.view) / SCAN_TIMES ? gather_kinds(page, graph.view, kinds, error)
                                                               : gather_all(page, error);
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

static bool page_write(Page *page, JWrite *w, GError **error)
{
        const guint n = MIN(page->rows->len, page->limit);
        const bool links = page->fields != NULL &&
                           g_strv_contains((const char *const *)page->fields, "links");
        g_auto(PinnedGraph) graph = { 0 };
        g_autofree char *next = NULL;

        if (links && !graph_of_call(page->call, &graph, error))
                return false;
        if (page->rows->len > n && n > 0)
                next = cursor_text(page, &g_array_index(page->rows, Row, n - 1));
        jwrite_object_begin(w);
        paging_write(page->call, w, MIN(page->count, COUNT_MOST), page->count > COUNT_MOST, next);
        jwrite_key_bool(w, "ages", filter_ages(page->filter));
        jwrite_key(w, "items");
        jwrite_array_begin(w);
        for (guint i = 0; i < n; i++) {
                g_autoptr(StoreItem)
                        item = store_item_by_no(page->call->view, &page->call->project->log,
                                                g_array_index(page->rows, Row, i).no, page->call->at, error);

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

        page.rows = g_array_new(FALSE, FALSE, sizeof(Row));
        g_array_set_clear_func(page.rows, row_clear);
        if (!kind_read(&page, error) || !paging_limit(call, &page.limit, error) ||
            !sorts_read(&page, error) || !fields_read(&page, error) || !after_read(&page, error))
                return false;
        page.filter = filter_new(call, jread_get_string(call->input, "q"), error);
        if (page.filter == NULL || !page_gather(&page, error))
                return false;
        rows_prune(&page);
        return page_write(&page, w, error);
}
