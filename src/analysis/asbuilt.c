#include "analysis/asbuilt_internal.h"
#include "analysis/internal.h"
#include "base/hash.h"

#include <string.h>

typedef struct {
        GraphView view;
        const AsBuiltPairs *pairs;
        GHashTable *undrawn; /* marks of what was seen and is in no place, as a set */
        GHashTable *met;     /* assets of the case that were seen, as a set */
        GArray *rows;        /* of AsBuilt */
} Find;

const char *asbuilt_name(AsBuiltKind kind)
{
        static const char *const names[ZW_ASBUILT_KINDS] = { "not_drawn", "not_seen", "elsewhere", "version",
                                                             "port" };

        return names[kind];
}

/* `tcp/23` of `tcp/23 telnet`. */
static char *port_name(const char *service, size_t n)
{
        return g_strndup(service, MIN(n, strcspn(service, " ")));
}

const char *asbuilt_difference(const AsBuilt *difference)
{
        return difference->kind == ASBUILT_PORT ? difference->found : asbuilt_name(difference->kind);
}

static void row_clear(gpointer data)
{
        AsBuilt *row = data;

        g_free(row->found);
        g_free(row->known);
        g_free(row->accepted);
}

/* The reason that stands behind the name of a difference. */
static char *accepted_of(GraphView view, ItemNo asset, const char *name)
{
        FactsIter iter = facts_iter(graph_facts(view, asset), ZW_ATTR_ACCEPTED_DIFFERENCES);
        const size_t length = strlen(name);
        const char *text;
        size_t n;

        while (facts_next_text(&iter, &text, &n))
                if (n > length && strncmp(text, name, length) == 0 && text[length] == ':')
                        return g_strstrip(g_strndup(text + length + 1, n - length - 1));
        return NULL;
}

/* The texts of the row are stolen. */
static void row_add(Find *find, AsBuilt row)
{
        const ItemNo asset = row.drawn == ZW_ITEM_NONE ? row.seen : row.drawn;

        row.accepted = accepted_of(find->view, asset, asbuilt_difference(&row));
        g_array_append_val(find->rows, row);
}

/* ---- where its network is ---- */

static bool is_place(GraphView view, ItemNo item)
{
        return graph_exists(view, item) && graph_is_live(view, item) &&
               graph_kind(view, item) == ZW_KIND_ZONE;
}

/* The only zone that has a network or address of the asset; ZW_ITEM_NONE for none, or several. */
static ItemNo network_place(const Find *find, ItemNo seen)
{
        const Facts facts = graph_facts(find->view, seen);
        ItemNo found = ZW_ITEM_NONE;

        for (ItemNo item = 0; item < graph_item_count(find->view); item++) {
                if (!is_place(find->view, item) ||
                    !asbuilt_network_fits(graph_facts(find->view, item), facts))
                        continue;
                if (found != ZW_ITEM_NONE)
                        return ZW_ITEM_NONE;
                found = item;
        }
        return found;
}

static bool place_fits(const Find *find, ItemNo place, ItemNo seen)
{
        return asbuilt_network_fits(graph_facts(find->view, place), graph_facts(find->view, seen));
}

/* ---- versions ---- */

/* What is installed: told of the asset, else of its only component. Not NUL-terminated. */
static const char *version_of(GraphView view, ItemNo asset, size_t *ret_n)
{
        const char *own = facts_get_text(graph_facts(view, asset), ZW_ATTR_INSTALLED_VERSION, ret_n);
        GraphIter iter = graph_iter(view, asset, GRAPH_OUT, LINK_MASK(ZW_LINK_INSTANCE_OF));
        GraphEdge edge;
        ItemNo only = ZW_ITEM_NONE;

        if (own != NULL)
                return own;
        while (graph_next(&iter, &edge)) {
                if (!graph_is_live(view, edge.other))
                        continue;
                if (only != ZW_ITEM_NONE)
                        return NULL;
                only = edge.other;
        }
        return only == ZW_ITEM_NONE ? NULL : facts_get_text(graph_facts(view, only), ZW_ATTR_VERSION, ret_n);
}

/* Without blanks around and a `V` before it. */
static char *version_fold(const char *text, size_t n)
{
        g_autofree char *copy = g_strndup(text, n), *lower = g_ascii_strdown(g_strstrip(copy), -1);

        return g_strdup(lower[0] == 'v' && g_ascii_isdigit(lower[1]) ? lower + 1 : lower);
}

static void version_compare_row(Find *find, ItemNo seen, ItemNo drawn)
{
        size_t n, m;
        const char *found = version_of(find->view, seen, &n), *known = version_of(find->view, drawn, &m);
        g_autofree char *a = NULL, *b = NULL;

        if (found == NULL || known == NULL)
                return;
        a = version_fold(found, n);
        b = version_fold(known, m);
        if (strcmp(a, b) != 0)
                row_add(find, (AsBuilt){ .kind = ASBUILT_VERSION,
                                         .seen = seen,
                                         .drawn = drawn,
                                         .place = item_place(find->view, drawn),
                                         .there = ZW_ITEM_NONE,
                                         .found = g_strndup(found, n),
                                         .known = g_strndup(known, m) });
}

/* ---- ports ---- */

/* Conduits of the place, and whether one permits the service. */
static bool conduits_permit(const Find *find, ItemNo place, const char *service, bool *ret_any)
{
        GraphIter iter = graph_iter(find->view, place, GRAPH_IN, LINK_MASK(ZW_LINK_CONNECTS));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                FactsIter protocols;
                const char *text;
                size_t n;

                if (!graph_is_live(find->view, edge.other) ||
                    graph_kind(find->view, edge.other) != ZW_KIND_CONDUIT)
                        continue;
                *ret_any = true;
                protocols = facts_iter(graph_facts(find->view, edge.other), ZW_ATTR_PROTOCOLS);
                while (facts_next_text(&protocols, &text, &n))
                        if (asbuilt_protocol_fits(text, n, service))
                                return true;
        }
        return false;
}

static bool flows_permit(const Find *find, ItemNo drawn, const char *service)
{
        GraphIter iter = graph_iter(find->view, drawn, GRAPH_IN, LINK_MASK(ZW_LINK_CONNECTS));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                const Facts facts = graph_facts(find->view, edge.other);
                const char *text;
                int64_t port;
                size_t n;

                if (!graph_is_live(find->view, edge.other) ||
                    graph_kind(find->view, edge.other) != ZW_KIND_FLOW ||
                    graph_link_as(find->view, edge.link) != ZW_AS_SINK)
                        continue;
                text = facts_get_text(facts, ZW_ATTR_PROTOCOL, &n);
                if ((facts_get_int(facts, ZW_ATTR_PORT, &port) && port == asbuilt_port(service)) ||
                    (text != NULL && asbuilt_protocol_fits(text, n, service)))
                        return true;
        }
        return false;
}

/* A zone without conduits reaches nothing, so nothing of it is open to the outside. */
static void ports_compare(Find *find, ItemNo seen, ItemNo drawn)
{
        const ItemNo place = item_place(find->view, drawn);
        FactsIter services = facts_iter(graph_facts(find->view, seen), ZW_ATTR_SERVICES);
        const char *text;
        size_t n;

        while (place != ZW_ITEM_NONE && facts_next_text(&services, &text, &n)) {
                g_autofree char *service = g_strndup(text, n);
                bool any = false;

                if (conduits_permit(find, place, service, &any) || !any || flows_permit(find, drawn, service))
                        continue;
                row_add(find, (AsBuilt){ .kind = ASBUILT_PORT,
                                         .seen = seen,
                                         .drawn = drawn,
                                         .place = place,
                                         .there = ZW_ITEM_NONE,
                                         .found = port_name(service, n),
                                         .known = g_strdup(service) });
        }
}

/* ---- one asset ---- */

static void mark_add(DeviceMark by G_GNUC_UNUSED, const char *mark, void *data)
{
        g_hash_table_add(data, g_strdup(mark));
}

typedef struct {
        GHashTable *set;
        bool has;
} Known;

static void mark_known(DeviceMark by G_GNUC_UNUSED, const char *mark, void *data)
{
        Known *known = data;

        known->has = known->has || g_hash_table_contains(known->set, mark);
}

/* One device that several inventories saw is one row. */
static void undrawn_add(Find *find, ItemNo seen)
{
        Known known = { find->undrawn, false };

        asbuilt_each_mark(find->view, seen, mark_known, &known);
        asbuilt_each_mark(find->view, seen, mark_add, find->undrawn);
        if (!known.has)
                row_add(find, (AsBuilt){ .kind = ASBUILT_NOT_DRAWN,
                                         .seen = seen,
                                         .drawn = ZW_ITEM_NONE,
                                         .place = ZW_ITEM_NONE,
                                         .there = network_place(find, seen) });
}

static void pair_compare(Find *find, ItemNo seen, ItemNo drawn)
{
        const ItemNo place = item_place(find->view, drawn), there = network_place(find, seen);

        g_hash_table_add(find->met, GUINT_TO_POINTER(drawn + 1));
        if (place != ZW_ITEM_NONE && there != ZW_ITEM_NONE && there != place &&
            !place_fits(find, place, seen))
                row_add(find, (AsBuilt){ .kind = ASBUILT_ELSEWHERE,
                                         .seen = seen,
                                         .drawn = drawn,
                                         .place = place,
                                         .there = there });
        if (seen != drawn)
                version_compare_row(find, seen, drawn);
        ports_compare(find, seen, drawn);
}

static void unseen_add(Find *find, ItemNo asset)
{
        if (g_hash_table_contains(find->met, GUINT_TO_POINTER(asset + 1)) ||
            !asbuilt_has_marks(find->view, asset))
                return;
        row_add(find, (AsBuilt){ .kind = ASBUILT_NOT_SEEN,
                                 .seen = ZW_ITEM_NONE,
                                 .drawn = asset,
                                 .place = item_place(find->view, asset),
                                 .there = ZW_ITEM_NONE });
}

static int row_order(gconstpointer a, gconstpointer b)
{
        const AsBuilt *x = a, *y = b;
        const ItemNo left = MIN(x->seen, x->drawn), right = MIN(y->seen, y->drawn);

        if (x->kind != y->kind)
                return x->kind < y->kind ? -1 : 1;
        if (left != right)
                return left < right ? -1 : 1;
        return g_strcmp0(x->found, y->found);
}

static bool is_asset(GraphView view, ItemNo item)
{
        return graph_exists(view, item) && graph_is_live(view, item) &&
               graph_kind(view, item) == ZW_KIND_ASSET;
}

GArray *asbuilt_find(GraphView view, const LintOrigins *origins, guint *ret_seen)
{
        g_autoptr(AsBuiltPairs) pairs = asbuilt_pairs_new(view, origins);
        g_autoptr(GHashTable) undrawn = hash_table_new_text(g_free, NULL), met = g_hash_table_new(NULL, NULL);
        Find find = { view, pairs, undrawn, met, g_array_new(FALSE, FALSE, sizeof(AsBuilt)) };

        *ret_seen = 0;
        g_array_set_clear_func(find.rows, row_clear);
        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                if (!is_asset(view, item) || !asbuilt_is_seen(pairs, item))
                        continue;
                const ItemNo drawn = asbuilt_counterpart(pairs, item);

                (*ret_seen)++;
                if (drawn == ZW_ITEM_NONE)
                        undrawn_add(&find, item);
                else
                        pair_compare(&find, item, drawn);
        }
        for (ItemNo item = 0; *ret_seen > 0 && item < graph_item_count(view); item++)
                if (is_asset(view, item) && !asbuilt_is_seen(pairs, item))
                        unseen_add(&find, item);
        g_array_sort(find.rows, row_order);
        return find.rows;
}
