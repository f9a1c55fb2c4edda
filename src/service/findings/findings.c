/* The list of findings: what each concerns, why it matches, where that is, and who does what about it until when. */
#include "analysis/exposure.h"
#include "base/near.h"
#include "service/findings/decision.h"
#include "service/findings/first.h"
#include "store/feeds.h"

#include <string.h>

enum { ROWS_MOST = 10000, DATE_CHARS = 10, DEPTH_MOST = 32 };

typedef struct {
        Call *call;
        GraphView view;
        FindingAsk ask;
        char **keys;  /* what is sorted by */
        size_t limit; /* of rows; 0: all of them are asked for */
        const TriagePolicy *policy;
        GHashTable *targets; /* place → highest entry of its SL-T + 2 */
        Feeds *feeds;        /* NULL: there are none */
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

/* ---- until when ---- */

static int target_of(Listing *listing, ItemNo place)
{
        int known = GPOINTER_TO_INT(g_hash_table_lookup(listing->targets, GUINT_TO_POINTER(place)));

        if (known == 0) {
                const SlVector target = place_target(listing->view, place);

                known = 1;
                for (int i = 0; i < ZW_FR_COUNT; i++)
                        known = MAX(known, target.e[i] == ZW_SL_UNKNOWN ? 1 : target.e[i] + 2);
                g_hash_table_insert(listing->targets, GUINT_TO_POINTER(place), GINT_TO_POINTER(known));
        }
        return known - 2;
}

/* Keys of the live safety functions and protection layers that use the item, each once. */
static void users_take(GraphView view, ItemNo item, json_t *functions)
{
        GraphIter iter = graph_iter(view, item, GRAPH_IN, LINK_MASK(ZW_LINK_USES));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                const json_t *known;
                bool again = false;
                size_t i;

                json_array_foreach(functions, i, known)
                        again |= g_str_equal(json_string_value(known), graph_key(view, edge.other));
                if (!again && graph_is_live(view, edge.other))
                        json_array_append_new(functions, json_string(graph_key(view, edge.other)));
        }
}

/* Those that use the asset, or the product it is. */
static void functions_take(GraphView view, ItemNo asset, json_t *functions)
{
        GraphIter iter = graph_iter(view, asset, GRAPH_OUT, LINK_MASK(ZW_LINK_INSTANCE_OF));
        GraphEdge edge;

        users_take(view, asset, functions);
        while (graph_next(&iter, &edge))
                users_take(view, edge.other, functions);
}

/* The probability that it is exploited soon, by the feed; NULL where none says. Free it. */
static bool epss_find(const Listing *listing, const char *vulnerability, char **ret_epss, GError **error)
{
        g_autoptr(GError) why = NULL;
        g_autoptr(GBytes) body = NULL;
        g_autoptr(Json) record = NULL;

        *ret_epss = NULL;
        if (listing->feeds == NULL || vulnerability == NULL)
                return true;
        body = feeds_get(listing->feeds, "epss", vulnerability, &why);
        if (why != NULL) {
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        if (body == NULL)
                return true;
        record = jread_parse(g_bytes_get_data(body, NULL), g_bytes_get_size(body), error);
        *ret_epss = g_strdup(jread_get_string(record, "epss"));
        return record != NULL;
}

static void date_text(Instant at, char *ret_text)
{
        instant_format(at, ret_text);
        ret_text[DATE_CHARS] = '\0';
}

/* A day that a person set, else that of the policy, counted from when it was found. */
static json_t *due_make(const Listing *listing, StateId state, const json_t *attrs, const TriageFacts *facts)
{
        const char *due = jread_get_string(attrs, "due"), *found = jread_get_string(attrs, "found"),
                   *rule = NULL;
        char day[ZW_INSTANT_TEXT], today[ZW_INSTANT_TEXT];
        const bool closed = (state_def(state)->flags & (STATE_CLEARED | STATE_RETIRED)) != 0;
        Instant since;

        if (due == NULL) {
                if (found == NULL || !instant_parse(found, &since, NULL))
                        return json_null();
                date_text(since + triage_policy_days(listing->policy, facts, &rule) * ZW_DAY_MS, day);
                due = day;
        }
        date_text(listing->call->instant, today);
        return json_pack("{s:s, s:s?, s:b}", "date", due, "rule", rule, "overdue",
                         !closed && strcmp(due, today) < 0);
}

/* The first window of the place, or of what contains it, that is not over: `2026-03-01`, or `2026-03-01/2026-03-03`. */
static void windows_take(GraphView view, ItemNo place, const char *today, char **next)
{
        for (int depth = 0; place != ZW_ITEM_NONE && depth < DEPTH_MOST; depth++) {
                FactsIter iter = facts_iter(graph_facts(view, place), ZW_ATTR_WINDOWS);
                const char *text;
                size_t n;

                while (facts_next_text(&iter, &text, &n)) {
                        g_autofree char *window = g_strndup(text, n);
                        const char *slash = strchr(window, '/');

                        if (strcmp(slash == NULL ? window : slash + 1, today) >= 0 &&
                            (*next == NULL || strcmp(window, *next) < 0)) {
                                g_free(*next);
                                *next = g_steal_pointer(&window);
                        }
                }
                place = graph_first(view, place, GRAPH_OUT, ZW_LINK_PART_OF);
        }
}

/* Until when, and when it can be treated. */
static bool times_put(Listing *listing, json_t *row, const ItemRev *rev, const json_t *attrs,
                      const GArray *assets, GError **error)
{
        const GraphView view = listing->view;
        TriageFacts facts = { .confidence = jread_get_string(attrs, "confidence"),
                              .severity = jread_get_string(attrs, "severity"),
                              .cvss = jread_get_string(attrs, "cvss"),
                              .score = jread_get_string(attrs, "score"),
                              .kev = jread_get_bool(attrs, "kev", false),
                              .sl_t = -1 };
        g_autofree char *epss = NULL, *window = NULL;
        json_t *functions = json_array();
        char today[ZW_INSTANT_TEXT];

        json_object_set_new(row, "functions", functions);
        if (!epss_find(listing, jread_get_string(attrs, "vulnerability"), &epss, error))
                return false;
        date_text(listing->call->instant, today);
        for (guint i = 0; i < assets->len; i++) {
                const ItemNo asset = g_array_index(assets, ItemNo, i),
                             place = graph_first(view, asset, GRAPH_OUT, ZW_LINK_PART_OF);

                functions_take(view, asset, functions);
                if (place == ZW_ITEM_NONE)
                        continue;
                facts.sl_t = MAX(facts.sl_t, target_of(listing, place));
                windows_take(view, place, today, &window);
        }
        facts.epss = epss;
        facts.safety = json_array_size(functions) > 0;
        json_object_set_new(row, "epss", json_pack("s?", epss));
        json_object_set_new(row, "safety", json_boolean(facts.safety));
        json_object_set_new(row, "next_window", json_pack("s?", window));
        json_object_set_new(row, "due", due_make(listing, rev->state, attrs, &facts));
        return true;
}

static void attrs_put(json_t *row, const json_t *attrs)
{
        static const char *const names[] = { "vulnerability", "confidence", "reason",    "severity",
                                             "score",         "sources",    "proposed",  "broken",
                                             "cwes",          "ticket",     "treatment", "treatment_reason",
                                             "window",        "rationale",  "decision",  "found" };
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

static bool finding_see(const ItemRev *rev, void *payload, GError **error)
{
        Listing *listing = payload;
        g_autoptr(Json) attrs = NULL, row = NULL;
        g_autoptr(GArray) assets = NULL;

        if (rev->kind != ZW_KIND_FINDING || (state_def(rev->state)->flags & STATE_RETIRED) != 0 ||
            (listing->ask.state != NULL && strcmp(state_def(rev->state)->name, listing->ask.state) != 0) ||
            (listing->ask.filter != NULL && !filter_fits(listing->ask.filter, rev)))
                return true;
        assets = finding_assets(listing->view, rev->no);
        if (!finding_is_in_zone(&listing->ask, assets))
                return true;
        attrs = jread_parse(rev->attrs, strlen(rev->attrs), error);
        if (attrs == NULL)
                return false;
        row = json_pack("{s:s, s:s, s:i, s:s, s:s?, s:o}", "key", rev->key, "title", rev->title, "rev",
                        (int)rev->rev, "state", state_def(rev->state)->name, "owner", rev->owner, "places",
                        places_of(listing->view, assets));
        attrs_put(row, attrs);
        if (!times_put(listing, row, rev, attrs, assets, error))
                return false;
        rows_add(listing, row, rev->no);
        return true;
}

/* ---- order ---- */

/* Of `due`, its date. */
static const char *text_of(const json_t *value)
{
        return json_is_object(value) ? jread_get_string(value, "date") : json_string_value(value);
}

static int value_order(const char *name, const json_t *a, const json_t *b)
{
        if (json_is_boolean(a) && json_is_boolean(b))
                return (int)json_is_true(a) - (int)json_is_true(b);
        return finding_text_order(name, text_of(a), text_of(b));
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
static const char *const sortable[] = { "key",        "vulnerability", "severity", "score",
                                        "kev",        "state",         "owner",    "on",
                                        "confidence", "title",         "due",      "epss",
                                        "treatment",  "next_window",   "found",    NULL };

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
static bool limit_read(Listing *listing, GError **error)
{
        const char *text = jread_get_string(listing->call->input, "limit");
        guint64 limit = 0;

        if (text != NULL && !g_ascii_string_to_unsigned(text, 10, 1, ROWS_MOST, &limit, NULL)) {
                error_set(error, ZW_ERR_INPUT, "/limit", "a limit is a number from 1 to %d", ROWS_MOST);
                return false;
        }
        listing->limit = (size_t)limit;
        return true;
}

static void rows_write(const Listing *listing, JWrite *w)
{
        g_autoptr(GArray) sorted = g_array_new(FALSE, FALSE, sizeof(Sorted));
        const json_t *row;
        size_t i;

        json_array_foreach(listing->rows, i, row)
        {
                const Sorted one = { row, i, listing->keys };

                g_array_append_val(sorted, one);
        }
        g_array_sort(sorted, sorted_order);
        jwrite_array_begin(w);
        for (i = 0; i < sorted->len && (listing->limit == 0 || i < listing->limit); i++)
                jwrite_json(w, g_array_index(sorted, Sorted, i).row);
        jwrite_array_end(w);
}

/* Each finding has a row at least, so the first rows are of the first findings. */
static bool rows_read(Listing *listing, GError **error)
{
        Call *call = listing->call;
        g_autoptr(GArray) first = NULL;

        if (listing->limit > 0 &&
            !findings_first(&listing->ask, listing->keys, listing->limit, &first, error))
                return false;
        if (first == NULL)
                return store_each_item(call->view, &call->project->log, call->at, finding_see, listing,
                                       error);
        for (guint i = 0; i < first->len; i++) {
                g_autoptr(StoreItem)
                        item = store_item_by_no(call->view, &call->project->log,
                                                g_array_index(first, ItemNo, i), call->at, error);

                if (item == NULL || !finding_see(store_item_rev(item), listing, error))
                        return false;
        }
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

/* NULL where there are none. */
static bool feeds_of_call(const Call *call, Feeds **ret_feeds, GError **error)
{
        const char *dir = store_dir(call->service->store);

        if (!feeds_exist(dir))
                return true;
        *ret_feeds = feeds_open(dir, error);
        return *ret_feeds != NULL;
}

bool usecase_finding_list(Call *call, JWrite *w, GError **error)
{
        const char *q = jread_get_string(call->input, "q");
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(Json) rows = json_array();
        g_autoptr(GHashTable) targets = g_hash_table_new(NULL, NULL);
        g_autoptr(Filter) filter = NULL;
        g_autoptr(TriagePolicy) policy = NULL;
        g_autoptr(Feeds) feeds = NULL;
        g_autofree uint8_t *zone = NULL;
        Listing listing = { .call = call, .rows = rows };
        const char *sort = jread_get_string(call->input, "sort");
        g_auto(GStrv) keys = NULL;

        if (!sort_read(sort == NULL ? "" : sort, &keys, error) || !limit_read(&listing, error) ||
            !graph_of_call(call, &pinned, error) || !zone_find(call, pinned.view, &zone, error))
                return false;
        if (q != NULL && q[0] != '\0') {
                filter = filter_new(call, q, error);
                if (filter == NULL)
                        return false;
        }
        policy = policy_load(call->view, &call->project->log, call->at, error);
        if (policy == NULL || !feeds_of_call(call, &feeds, error))
                return false;
        listing.policy = policy;
        listing.targets = targets;
        listing.feeds = feeds;
        listing.view = pinned.view;
        listing.keys = keys;
        listing.ask = (FindingAsk){ .call = call,
                                    .view = pinned.view,
                                    .filter = filter,
                                    .zone = zone,
                                    .state = jread_get_string(call->input, "state") };
        if (!rows_read(&listing, error))
                return false;
        rows_write(&listing, w);
        return true;
}
