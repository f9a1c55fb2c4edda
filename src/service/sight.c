#include "service/sight.h"

#include "service/changeset/resolve.h"

enum { CONTAINERS_MAX = 32 };

struct Sight {
        PinnedGraph whole;
        Graph *part; /* of `whole`, what is seen */
        uint8_t *seen;
};

/* How an item is seen: for what it says of others that are; as what the levels of a place inside rest on; as such a place. */
enum { HIDDEN, SEEN, NEEDED, INSIDE };

typedef struct {
        GraphView view;
        uint8_t *seen;
        GArray *todo; /* of ItemNo: to be walked from */
} Look;

static bool is_place(KindId kind)
{
        return kind == ZW_KIND_ZONE || kind == ZW_KIND_CONDUIT || kind == ZW_KIND_ASSET ||
               kind == ZW_KIND_ACCESS_POINT || kind == ZW_KIND_FLOW;
}

static void see(Look *look, ItemNo item, uint8_t how)
{
        if (look->seen[item] >= how || !graph_exists(look->view, item))
                return;
        look->seen[item] = how;
        g_array_append_val(look->todo, item);
}

/* The runs that gave a test case its results. */
static void runs_see(Look *look, ItemNo test_case)
{
        const size_t n = graph_results(look->view, test_case, NULL, 0);
        g_autofree GraphResult *results = g_new(GraphResult, n);

        (void)graph_results(look->view, test_case, results, n);
        for (size_t i = 0; i < n; i++)
                see(look, results[i].run, SEEN);
}

/* Runs by hand that name a case have no results yet: they are told by the cases that they are to do. */
static void runs_by_hand_see(Look *look)
{
        for (ItemNo run = 0; run < graph_item_count(look->view); run++) {
                FactsIter cases;
                const char *key;
                size_t n;

                if (!graph_exists(look->view, run) || graph_kind(look->view, run) != ZW_KIND_TEST_RUN)
                        continue;
                cases = facts_iter(graph_facts(look->view, run), ZW_ATTR_CASES);
                while (look->seen[run] == HIDDEN && facts_next_text(&cases, &key, &n)) {
                        g_autofree char *name = g_strndup(key, n);
                        ItemNo test_case;

                        if (graph_find_key(look->view, name, &test_case) && look->seen[test_case] != HIDDEN)
                                see(look, run, SEEN);
                }
        }
}

static bool is_way(KindId kind, LinkTypeId type)
{
        return (resolver_ways(kind) & UINT64_C(1) << type) != 0;
}

/* What lies in it or hangs on it, and the claims and services that its levels rest on. */
static void walk_in(Look *look, ItemNo item)
{
        GraphIter iter = graph_iter(look->view, item, GRAPH_IN, LINK_MASK_ALL);
        const uint8_t how = look->seen[item];
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                const KindId kind = graph_kind(look->view, edge.other);
                const bool way = is_way(kind, edge.type);

                if (how >= NEEDED && (edge.type == ZW_LINK_SERVES || edge.type == ZW_LINK_COVERS))
                        see(look, edge.other, NEEDED);
                else if (way && !is_place(kind))
                        see(look, edge.other, SEEN);
                else if (way && how == INSIDE)
                        see(look, edge.other, INSIDE);
        }
}

/* Does it lie somewhere? Then it is seen when that is. A document lies nowhere, whatever it is about. */
static bool lies_somewhere(const Look *look, ItemNo item)
{
        const KindId kind = graph_kind(look->view, item);
        GraphIter iter = graph_iter(look->view, item, GRAPH_OUT, (LinkMask){ resolver_ways(kind) });
        GraphEdge edge;

        return is_place(kind) || (kind != ZW_KIND_DOCUMENT && graph_next(&iter, &edge));
}

/* What it refers to that lies nowhere; and what it needs: a countermeasure runs on an asset, a claim rests on one. */
static void walk_out(Look *look, ItemNo item)
{
        GraphIter iter = graph_iter(look->view, item, GRAPH_OUT, LINK_MASK_ALL);
        const bool needs = look->seen[item] >= NEEDED;
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (needs && (edge.type == ZW_LINK_DEPLOYED_ON || edge.type == ZW_LINK_RESTS_ON))
                        see(look, edge.other, NEEDED);
                else if (!lies_somewhere(look, edge.other))
                        see(look, edge.other, SEEN);
}

static void walk_from(Look *look, ItemNo item)
{
        walk_in(look, item);
        walk_out(look, item);
        if (graph_kind(look->view, item) == ZW_KIND_TEST_CASE)
                runs_see(look, item);
}

static void walk_all(Look *look)
{
        while (look->todo->len > 0) {
                const ItemNo item = g_array_index(look->todo, ItemNo, look->todo->len - 1);

                g_array_set_size(look->todo, look->todo->len - 1);
                walk_from(look, item);
        }
}

/* What is demanded and claimed for what contains a zone holds for the zone. */
static void containers_see(Look *look, ItemNo zone)
{
        ItemNo at = graph_first(look->view, zone, GRAPH_OUT, ZW_LINK_PART_OF);

        for (unsigned i = 0; at != ZW_ITEM_NONE && i < CONTAINERS_MAX; i++) {
                GraphIter iter = graph_iter(look->view, at, GRAPH_IN,
                                            link_mask_or(LINK_MASK(ZW_LINK_ALLOCATED_TO),
                                                         LINK_MASK(ZW_LINK_COVERS)));
                GraphEdge edge;

                while (graph_next(&iter, &edge))
                        see(look, edge.other, NEEDED);
                at = graph_first(look->view, at, GRAPH_OUT, ZW_LINK_PART_OF);
        }
}

static uint8_t *seen_of_zones(GraphView view, char *const *zones)
{
        g_autoptr(GArray) todo = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        Look look = { view, g_malloc0((size_t)graph_item_count(view) + 1), todo };

        for (; *zones != NULL; zones++) {
                ItemNo zone;

                if (!graph_find_key(view, *zones, &zone))
                        continue;
                see(&look, zone, INSIDE);
                containers_see(&look, zone);
        }
        walk_all(&look);
        runs_by_hand_see(&look);
        walk_all(&look);
        return look.seen;
}

static void sight_free(Sight *sight)
{
        graph_free(sight->part);
        pinned_graph_clear(&sight->whole);
        g_free(sight->seen);
        g_free(sight);
}

bool sight_set(Call *call, GError **error)
{
        char *const *zones = rights_zones_seen(&call->rights);
        Sight *sight;
        ItemNo n;

        if (zones == NULL)
                return true;
        sight = g_new0(Sight, 1);
        if (!graph_of_call(call, &sight->whole, error)) {
                sight_free(sight);
                return false;
        }
        n = graph_item_count(sight->whole.view);
        sight->seen = seen_of_zones(sight->whole.view, zones);
        sight->part = graph_limit(sight->whole.view, sight->seen, n);
        store_view_limit(call->view, sight->seen, n);
        call->sight = sight;
        return true;
}

void sight_lift(Call *call)
{
        if (call->sight == NULL)
                return;
        store_view_limit(call->view, NULL, 0);
        g_clear_pointer(&call->sight, sight_free);
}

bool sight_view(const Call *call, GraphView *ret_view, GError **error)
{
        if (graph_pin_at(call->sight->part, call->at, ret_view))
                return true;
        error_set(error, ZW_ERR_DENIED, "/at", "an auditor of zones sees one commit at a time");
        return false;
}
