/* The list of findings: what each concerns, why it matches, where that is, and who does what about it until when. */
#include "analysis/exposure.h"
#include "base/near.h"
#include "service/filter.h"

#include <string.h>

enum { ROWS_MOST = 10000 };

typedef struct {
        Call *call;
        GraphView view;
        const Filter *filter; /* or NULL */
        const uint8_t *zone;  /* items of the place that is asked for, or NULL */
        const char *state;    /* or NULL */
        json_t *rows;
} Listing;

/* ---- one row ---- */

/* Rows of 62443-3-3 without the name of the standard: `SR 3.1`. */
static json_t *refs_short(const json_t *refs)
{
        static const char standard[] = "62443-3-3 ";
        json_t *list = json_array();
        const json_t *ref;
        size_t i;

        json_array_foreach(refs, i, ref)
        {
                const char *text = json_string_value(ref);

                json_array_append_new(list,
                                      json_string(g_str_has_prefix(text, standard) ? text + strlen(standard)
                                                                                   : text));
        }
        return list;
}

/* The places of the assets, each once. */
static json_t *places_of(GraphView view, const GArray *assets)
{
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        json_t *places = json_array();

        for (guint i = 0; i < assets->len; i++) {
                const ItemNo place = graph_first(view, g_array_index(assets, ItemNo, i), GRAPH_OUT,
                                                 ZW_LINK_PART_OF);

                if (place != ZW_ITEM_NONE && g_hash_table_add(seen, GUINT_TO_POINTER(place)))
                        json_array_append_new(places, json_string(graph_key(view, place)));
        }
        return places;
}

static void attrs_put(json_t *row, const json_t *attrs)
{
        static const char *const names[] = { "vulnerability", "confidence", "reason", "severity", "score",
                                             "sources",       "proposed",   "broken", "cwes" };
        const json_t *broken = json_object_get(attrs, "broken");

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                json_t *value = json_object_get(attrs, names[i]);

                json_object_set_new(row, names[i], value == NULL ? json_null() : json_incref(value));
        }
        json_object_set_new(row, "kev", json_boolean(jread_get_bool(attrs, "kev", false)));
        json_object_set_new(row, "source",
                            json_pack("s?", json_string_value(
                                                    json_array_get(json_object_get(attrs, "sources"), 0))));
        /* what a person confirmed, else what is proposed */
        json_object_set_new(row, "refs",
                            refs_short(json_array_size(broken) > 0 ? broken
                                                                   : json_object_get(attrs, "proposed")));
}

/* One row for each thing that the finding concerns. */
static void rows_add(Listing *listing, json_t *row, ItemNo finding)
{
        const GraphView view = listing->view;
        GraphIter iter = graph_iter(view, finding, GRAPH_OUT, LINK_MASK(ZW_LINK_CONCERNS));
        bool any = false;
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                json_t *one = json_copy(row);

                json_object_set_new(one, "on", json_string(graph_key(view, edge.other)));
                json_object_set_new(one, "on_title", json_string(graph_title(view, edge.other)));
                json_array_append_new(listing->rows, one);
                any = true;
        }
        if (any)
                return;
        json_object_set_new(row, "on", json_null());
        json_object_set_new(row, "on_title", json_null());
        json_array_append(listing->rows, row);
}

static bool is_in_zone(const Listing *listing, const GArray *assets)
{
        for (guint i = 0; listing->zone != NULL && i < assets->len; i++)
                if (listing->zone[g_array_index(assets, ItemNo, i)])
                        return true;
        return listing->zone == NULL;
}

static bool finding_see(const ItemRev *rev, void *payload, GError **error)
{
        Listing *listing = payload;
        g_autoptr(Json) attrs = NULL, row = NULL;
        g_autoptr(GArray) assets = NULL;

        if (rev->kind != ZW_KIND_FINDING || (state_def(rev->state)->flags & STATE_RETIRED) != 0 ||
            (listing->state != NULL && strcmp(state_def(rev->state)->name, listing->state) != 0) ||
            (listing->filter != NULL && !filter_fits(listing->filter, rev)))
                return true;
        assets = finding_assets(listing->view, rev->no);
        if (!is_in_zone(listing, assets))
                return true;
        attrs = jread_parse(rev->attrs, strlen(rev->attrs), error);
        if (attrs == NULL)
                return false;
        row = json_pack("{s:s, s:s, s:i, s:s, s:s?, s:o}", "key", rev->key, "title", rev->title, "rev",
                        (int)rev->rev, "state", state_def(rev->state)->name, "owner", rev->owner, "places",
                        places_of(listing->view, assets));
        attrs_put(row, attrs);
        rows_add(listing, row, rev->no);
        return true;
}

/* ---- order ---- */

/* Severities by their order in the metamodel, lengths first elsewhere, so that 10.0 is more than 9.8; what is not there is
 * least. */
static int value_order(const char *name, const json_t *a, const json_t *b)
{
        const char *left = json_string_value(a), *right = json_string_value(b);
        const AttrDef *severity = attr_get(ZW_KIND_FINDING, ZW_ATTR_SEVERITY);
        int ranks[2] = { -1, -1 };

        if (json_is_boolean(a) && json_is_boolean(b))
                return (int)json_is_true(a) - (int)json_is_true(b);
        if (left == NULL || right == NULL)
                return (left != NULL) - (right != NULL);
        for (size_t i = 0; strcmp(name, "severity") == 0 && i < severity->n_values; i++) {
                if (strcmp(severity->values[i], left) == 0)
                        ranks[0] = (int)i;
                if (strcmp(severity->values[i], right) == 0)
                        ranks[1] = (int)i;
        }
        if (ranks[0] != ranks[1])
                return ranks[0] < ranks[1] ? -1 : 1;
        if (strcmp(name, "score") == 0 && strlen(left) != strlen(right))
                return strlen(left) < strlen(right) ? -1 : 1;
        return strcmp(left, right);
}

typedef struct {
        const json_t *row;
        size_t number;
        char *const *keys;
} Sorted;

static int sorted_order(gconstpointer a, gconstpointer b)
{
        const Sorted *left = a, *right = b;

        for (char *const *key = left->keys; *key != NULL; key++) {
                const bool down = (*key)[0] == '-';
                const char *name = *key + down;
                const int order = value_order(name, json_object_get(left->row, name),
                                              json_object_get(right->row, name));

                if (order != 0)
                        return down ? -order : order;
        }
        return left->number < right->number ? -1 : left->number > right->number;
}

/* Names that a list can be sorted by, each of which is a member of a row. */
static const char *const sortable[] = { "key", "vulnerability", "severity", "score", "kev", "state", "owner",
                                        "on",  "confidence",    "title",    NULL };

static bool sort_read(const char *text, char ***ret_keys, GError **error)
{
        g_auto(GStrv) keys = g_strsplit(text, ",", -1);

        for (char **key = keys; *key != NULL; key++)
                if (!g_strv_contains(sortable, *key + ((*key)[0] == '-'))) {
                        g_autofree char *near = near_names(*key, sortable, G_N_ELEMENTS(sortable) - 1);

                        error_set(error, ZW_ERR_NAME_UNKNOWN, "/sort", "findings are not sorted by \"%s\"%s",
                                  *key, near);
                        return false;
                }
        *ret_keys = g_steal_pointer(&keys);
        return true;
}

/* How many rows are asked for; all of them unless said. */
static bool limit_read(const Listing *listing, size_t *ret_limit, GError **error)
{
        const char *text = jread_get_string(listing->call->input, "limit");
        guint64 limit = G_MAXUINT32;

        if (text != NULL && !g_ascii_string_to_unsigned(text, 10, 1, ROWS_MOST, &limit, NULL)) {
                error_set(error, ZW_ERR_INPUT, "/limit", "a limit is a number from 1 to %d", ROWS_MOST);
                return false;
        }
        *ret_limit = (size_t)limit;
        return true;
}

static bool rows_write(const Listing *listing, JWrite *w, GError **error)
{
        const char *sort = jread_get_string(listing->call->input, "sort");
        g_autoptr(GArray) sorted = g_array_new(FALSE, FALSE, sizeof(Sorted));
        g_auto(GStrv) keys = NULL;
        const json_t *row;
        size_t i, limit;

        if (!sort_read(sort == NULL ? "" : sort, &keys, error) || !limit_read(listing, &limit, error))
                return false;
        json_array_foreach(listing->rows, i, row)
        {
                const Sorted one = { row, i, keys };

                g_array_append_val(sorted, one);
        }
        g_array_sort(sorted, sorted_order);
        jwrite_array_begin(w);
        for (i = 0; i < MIN(sorted->len, limit); i++)
                jwrite_json(w, g_array_index(sorted, Sorted, i).row);
        jwrite_array_end(w);
        return true;
}

/* ---- the list ---- */

static bool zone_find(Call *call, GraphView view, uint8_t **ret_items, GError **error)
{
        ItemNo place;

        if (jread_get_string(call->input, "zone") == NULL)
                return true;
        if (!call_item(call, view, "zone", &place, error))
                return false;
        *ret_items = filter_zone_items(view, place);
        return true;
}

bool usecase_finding_list(Call *call, JWrite *w, GError **error)
{
        const char *q = jread_get_string(call->input, "q");
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(Json) rows = json_array();
        g_autoptr(Filter) filter = NULL;
        g_autofree uint8_t *zone = NULL;
        Listing listing = { .call = call, .state = jread_get_string(call->input, "state"), .rows = rows };

        if (!graph_of_call(call, &pinned, error) || !zone_find(call, pinned.view, &zone, error))
                return false;
        if (q != NULL && q[0] != '\0') {
                filter = filter_new(call, q, error);
                if (filter == NULL)
                        return false;
        }
        listing.view = pinned.view;
        listing.filter = filter;
        listing.zone = zone;
        return store_each_item(call->view, &call->project->log, call->at, finding_see, &listing, error) &&
               rows_write(&listing, w, error);
}
