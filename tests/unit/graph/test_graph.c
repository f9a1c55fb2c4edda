/* The graph against a slow independent implementation, which keeps every revision in a list and scans it, on random edit
 * histories read at every commit. */
#include "base/error.h"
#include "graph/walk.h"

#include <string.h>

enum { ITEMS = 24, COMMITS = 60, HISTORIES = 1000 };

typedef struct {
        ItemNo no;
        KindId kind;
        StateId state;
        uint32_t rev, subst;
        Seq seq;
} SlowItem;

typedef struct {
        ItemNo from, to;
        LinkTypeId type;
        AsId as;
        uint32_t judged_from, judged_to;
        Seq from_seq, to_seq;
} SlowLink;

typedef struct {
        Graph *graph;
        GArray *items, *links; /* every revision ever */
        GRand *random;
        ItemNo n;
        Seq seq;
        const uint8_t *shown; /* by number; NULL: all */
} World;

static bool slow_shown(const World *world, ItemNo no)
{
        return world->shown == NULL || world->shown[no] != 0;
}

static const SlowItem *slow_item(const World *world, ItemNo no, Seq seq)
{
        const SlowItem *found = NULL;

        if (!slow_shown(world, no))
                return NULL;
        for (guint i = 0; i < world->items->len; i++) {
                const SlowItem *item = &g_array_index(world->items, SlowItem, i);

                if (item->no == no && item->seq <= seq)
                        found = item;
        }
        return found;
}

static bool slow_live(const World *world, ItemNo no, Seq seq)
{
        const SlowItem *item = slow_item(world, no, seq);

        return item != NULL && item->state != ZW_STATE_RETIRED;
}

static void put_item(World *world, ItemNo no, KindId kind, StateId state, uint32_t rev, uint32_t subst)
{
        SlowItem item = { no, kind, state, rev, subst, world->seq };
        g_autofree char *key = g_strdup_printf("K-%u", no), *title = g_strdup_printf("title %u", rev);
        g_autoptr(GError) error = NULL;
        ItemRev row = { .no = no,
                        .key = key,
                        .kind = kind,
                        .state = state,
                        .rev = rev,
                        .subst = subst,
                        .title = title,
                        .body = "",
                        .attrs = "{}",
                        .from_seq = world->seq,
                        .to_seq = ZW_SEQ_OPEN };

        g_array_append_val(world->items, item);
        g_assert_true(graph_apply_item(world->graph, &row, &error));
}

static void put_link(World *world, const SlowLink *link, bool ended)
{
        LinkRev row = { .from = link->from,
                        .to = link->to,
                        .type = link->type,
                        .as = link->as,
                        .judged_from = link->judged_from,
                        .judged_to = link->judged_to,
                        .from_seq = world->seq,
                        .to_seq = ZW_SEQ_OPEN };
        g_autoptr(GError) error = NULL;

        for (guint i = 0; i < world->links->len; i++) {
                SlowLink *old = &g_array_index(world->links, SlowLink, i);

                if (old->from == link->from && old->to == link->to && old->type == link->type &&
                    old->as == link->as && old->to_seq == ZW_SEQ_OPEN)
                        old->to_seq = world->seq;
        }
        if (!ended)
                g_array_append_val(world->links, *link);
        g_assert_true(graph_apply_link(world->graph, &row, ended, &error));
}

static ItemNo pick(World *world)
{
        return (ItemNo)g_rand_int_range(world->random, 0, (gint32)world->n);
}

static void random_link(World *world)
{
        SlowLink link = { .from = pick(world),
                          .to = pick(world),
                          .type = (LinkTypeId)g_rand_int_range(world->random, 0, ZW_LINK_COUNT),
                          .as = (AsId)g_rand_int_range(world->random, 0, 3),
                          .from_seq = world->seq,
                          .to_seq = ZW_SEQ_OPEN };

        link.judged_from = slow_item(world, link.from, world->seq)->subst;
        link.judged_to = slow_item(world, link.to, world->seq)->subst;
        put_link(world, &link, false);
}

static void random_end(World *world)
{
        SlowLink link;

        if (world->links->len == 0)
                return;
        link = g_array_index(world->links, SlowLink,
                             (guint)g_rand_int_range(world->random, 0, (gint32)world->links->len));
        /* Commits hold one change here, so a link made in this commit is never ended in it. */
        if (link.to_seq == ZW_SEQ_OPEN)
                put_link(world, &link, true);
}

static void random_revision(World *world)
{
        const SlowItem *now = slow_item(world, pick(world), world->seq);
        bool substantive = g_rand_boolean(world->random);
        StateId state = g_rand_int_range(world->random, 0, 8) == 0 ? ZW_STATE_RETIRED : ZW_STATE_DRAFT;

        put_item(world, now->no, now->kind, state, now->rev + 1, substantive ? now->rev + 1 : now->subst);
}

static void random_commit(World *world)
{
        world->seq++;
        switch (g_rand_int_range(world->random, 0, 8)) {
        case 0:
        case 1:
                if (world->n < ITEMS)
                        put_item(world, world->n++, (KindId)g_rand_int_range(world->random, 0, ZW_KIND_COUNT),
                                 ZW_STATE_DRAFT, 1, 1);
                break;
        case 2:
                random_end(world);
                break;
        case 3:
                random_revision(world);
                break;
        default:
                random_link(world);
        }
        graph_publish(world->graph, world->seq);
}

/* ---- comparison ---- */

static void compare_items(const World *world, GraphView view)
{
        for (ItemNo no = 0; no < world->n; no++) {
                const SlowItem *item = slow_item(world, no, view.seq);
                g_autofree char *key = g_strdup_printf("K-%u", no);
                ItemNo found;

                g_assert_true(graph_exists(view, no) == (item != NULL));
                g_assert_true(graph_find_key(view, key, &found) == (item != NULL));
                if (item == NULL)
                        continue;
                g_assert_cmpuint(found, ==, no);
                g_assert_cmpint((int)graph_kind(view, no), ==, (int)item->kind);
                g_assert_cmpuint(graph_rev(view, no), ==, item->rev);
                g_assert_cmpuint(graph_subst(view, no), ==, item->subst);
                g_assert_true(graph_is_live(view, no) == slow_live(world, no, view.seq));
        }
}

static void compare_links(const World *world, GraphView view)
{
        size_t expected = 0, found[2] = { 0, 0 };

        for (guint i = 0; i < world->links->len; i++) {
                const SlowLink *link = &g_array_index(world->links, SlowLink, i);

                expected += link->from_seq <= view.seq && link->to_seq > view.seq &&
                            slow_shown(world, link->from) && slow_shown(world, link->to);
        }
        for (ItemNo no = 0; no < world->n; no++)
                for (int side = 0; side < 2; side++) {
                        GraphIter iter = graph_iter(view, no, (GraphSide)side, LINK_MASK_ALL);
                        GraphEdge edge;

                        while (graph_next(&iter, &edge)) {
                                ItemNo from = side == GRAPH_OUT ? no : edge.other,
                                       to = side == GRAPH_OUT ? edge.other : no;
                                bool known = false;

                                found[side]++;
                                g_assert_cmpuint(graph_link_from(view, edge.link), ==, from);
                                g_assert_cmpuint(graph_link_to(view, edge.link), ==, to);
                                for (guint i = 0; i < world->links->len && !known; i++) {
                                        const SlowLink *link = &g_array_index(world->links, SlowLink, i);
                                        bool suspect;

                                        if (link->from != from || link->to != to || link->type != edge.type ||
                                            link->as != graph_link_as(view, edge.link) ||
                                            link->from_seq > view.seq || link->to_seq <= view.seq)
                                                continue;
                                        known = true;
                                        suspect = slow_item(world, from, view.seq)->subst >
                                                          link->judged_from ||
                                                  slow_item(world, to, view.seq)->subst > link->judged_to;
                                        g_assert_true(graph_link_is_suspect(view, edge.link) == suspect);
                                }
                                g_assert_true(known);
                        }
                }
        g_assert_cmpuint(found[GRAPH_OUT], ==, expected);
        g_assert_cmpuint(found[GRAPH_IN], ==, expected);
}

/* Distances by relaxing every link until nothing changes. */
static void slow_distances(const World *world, Seq seq, ItemNo start, WalkRule rule, bool down,
                           uint32_t *distances)
{
        bool changed = true;

        for (ItemNo no = 0; no < world->n; no++)
                distances[no] = UINT32_MAX;
        distances[start] = 0;
        while (changed) {
                changed = false;
                for (guint i = 0; i < world->links->len; i++) {
                        const SlowLink *link = &g_array_index(world->links, SlowLink, i);
                        const LinkTypeDef *def = link_type_def(link->type);
                        Flow flow = rule == WALK_RIPPLE ? def->ripple : def->trace;

                        if (link->from_seq > seq || link->to_seq <= seq)
                                continue;
                        for (int way = 0; way < 2; way++) {
                                ItemNo a = way == 0 ? link->from : link->to,
                                       b = way == 0 ? link->to : link->from;
                                bool forward = (way == 0) == down;

                                if (flow == FLOW_NONE || (flow == FLOW_FORWARD && !forward) ||
                                    (flow == FLOW_BACKWARD && forward))
                                        continue;
                                if (distances[a] == UINT32_MAX || !slow_live(world, b, seq) ||
                                    distances[a] + 1 >= distances[b])
                                        continue;
                                distances[b] = distances[a] + 1;
                                changed = true;
                        }
                }
        }
}

/* The link of a step has both ends, and is among the links that the item before has at the view. */
static void compare_link(GraphView view, const WalkStep *steps, const WalkStep *step)
{
        const ItemNo before = steps[step->before].item;
        const uint32_t link = walk_link(view, steps, step);
        const bool out = graph_link_from(view, link) == before;
        GraphIter iter = graph_iter(view, before, out ? GRAPH_OUT : GRAPH_IN, LINK_MASK_ALL);
        GraphEdge edge;

        g_assert_cmpuint(out ? graph_link_to(view, link) : graph_link_from(view, link), ==, step->item);
        while (graph_next(&iter, &edge))
                if (edge.link == link)
                        return;
        g_assert_not_reached();
}

static void compare_walks(const World *world, GraphView view, Walk *walk)
{
        ItemNo start = (ItemNo)(view.seq % world->n);
        uint32_t expected[ITEMS];

        if (!graph_exists(view, start))
                return;
        for (int rule = 0; rule < 2; rule++)
                for (int down = 0; down < 2; down++) {
                        g_autoptr(GError) error = NULL;
                        const WalkStep *steps;
                        size_t n, reached = 0;

                        slow_distances(world, view.seq, start, (WalkRule)rule, down, expected);
                        g_assert_true(walk_find(walk, view, start, (WalkRule)rule, down ? WALK_DOWN : WALK_UP,
                                                1000, &steps, &n, &error));
                        for (ItemNo no = 0; no < world->n; no++)
                                reached += expected[no] != UINT32_MAX;
                        g_assert_cmpuint(n, ==, reached);
                        for (size_t i = 0; i < n; i++) {
                                g_assert_cmpuint(steps[i].distance, ==, expected[steps[i].item]);
                                if (i == 0)
                                        continue;
                                g_assert_cmpuint(steps[steps[i].before].distance + 1, ==, steps[i].distance);
                                compare_link(view, steps, &steps[i]);
                        }
                }
}

static void compare(const World *world, GraphView view, Walk *walk)
{
        compare_items(world, view);
        compare_links(world, view);
        compare_walks(world, view, walk);
}

/* Of some items only, and of the whole again. */
static void compare_part(World *world, GraphView view, Walk *walk)
{
        uint8_t shown[ITEMS];
        g_autoptr(Graph) part = NULL;
        GraphView seen;

        for (ItemNo no = 0; no < ITEMS; no++)
                shown[no] = (no + view.seq) % 3 != 0;
        part = graph_limit(view, shown, ITEMS);
        g_assert_true(graph_pin_at(part, view.seq, &seen));
        g_assert_false(graph_pin_at(part, view.seq + 1, &seen));
        world->shown = shown;
        compare(world, seen, walk);
        world->shown = NULL;
        g_assert_true(graph_whole(seen).graph == view.graph && graph_whole(seen).seq == view.seq);
        g_assert_true(graph_whole(view).graph == view.graph);
}

static void test_twin(void)
{
        g_autoptr(Walk) walk = walk_new();

        for (guint32 seed = 0; seed < HISTORIES; seed++) {
                World world = { .graph = graph_new(),
                                .items = g_array_new(FALSE, FALSE, sizeof(SlowItem)),
                                .links = g_array_new(FALSE, FALSE, sizeof(SlowLink)),
                                .random = g_rand_new_with_seed(seed),
                                .seq = 1 };

                put_item(&world, world.n++, ZW_KIND_SYSTEM, ZW_STATE_DRAFT, 1, 1);
                graph_publish(world.graph, 1);
                while (world.seq < COMMITS)
                        random_commit(&world);
                for (Seq seq = 1; seq <= world.seq; seq++) {
                        GraphView view;

                        g_assert_true(graph_pin_at(world.graph, seq, &view));
                        compare(&world, view, walk);
                        compare_part(&world, view, walk);
                }
                g_rand_free(world.random);
                g_array_unref(world.items);
                g_array_unref(world.links);
                graph_free(world.graph);
        }
}

static void test_results(void)
{
        static const ResultRev results[] = { { 0, 1, RESULT_PASSED, 500, NULL, 2 },
                                             { 0, 1, RESULT_FAILED, 900, NULL, 3 },
                                             { 0, 2, RESULT_PASSED, 700, NULL, 4 },
                                             { 0, 2, RESULT_SKIPPED, 900, NULL, 5 } };
        g_autoptr(Graph) graph = graph_new();
        g_autoptr(GError) error = NULL;
        ResultRev unknown = { .test_case = 99 };
        World world = { .graph = graph, .items = g_array_new(FALSE, FALSE, sizeof(SlowItem)), .seq = 1 };
        GraphResult found[8];
        GraphView view;

        put_item(&world, 0, ZW_KIND_TEST_CASE, ZW_STATE_DRAFT, 1, 1);
        put_item(&world, 1, ZW_KIND_TEST_RUN, ZW_STATE_RECORDED, 1, 1);
        put_item(&world, 2, ZW_KIND_TEST_RUN, ZW_STATE_RECORDED, 1, 1);
        graph_publish(graph, 1);
        for (size_t i = 0; i < G_N_ELEMENTS(results); i++) {
                g_assert_true(graph_apply_result(graph, &results[i], &error));
                graph_publish(graph, results[i].seq);
        }
        g_assert_true(graph_pin_at(graph, 1, &view));
        g_assert_false(graph_latest_result(view, 0, found));
        g_assert_true(graph_pin_at(graph, 4, &view));
        g_assert_true(graph_latest_result(view, 0, found) && found[0].status == RESULT_FAILED);
        g_assert_cmpuint(graph_results(view, 0, found, G_N_ELEMENTS(found)), ==, 2);
        g_assert_cmpint((int)found[1].status, ==, RESULT_PASSED);
        g_assert_cmpint((int)found[1].at, ==, 700);
        /* Of a run the newest alone, as the store has it; the highest time, then the later commit. */
        g_assert_cmpuint(graph_results(graph_pin(graph), 0, found, G_N_ELEMENTS(found)), ==, 2);
        g_assert_cmpint((int)found[0].status, ==, RESULT_SKIPPED);
        g_assert_cmpint((int)found[1].status, ==, RESULT_FAILED);
        g_assert_false(graph_apply_result(graph, &unknown, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NODE_UNKNOWN);
        g_array_unref(world.items);
}

/* A ring of derivations 0 → 1 → 2 → 3 → 4 → 0, and 5 → 2: from 0 each item of the ring is reached both ways, and 5 lies
 * above one that is found going down first. */
static void test_both_ways(void)
{
        static const ItemNo from[] = { 0, 1, 2, 3, 4, 5 }, to[] = { 1, 2, 3, 4, 0, 2 };
        static const uint32_t distances[] = { 0, 1, 2, 2, 1, 4 };
        g_autoptr(Graph) graph = graph_new();
        g_autoptr(Walk) walk = walk_new();
        g_autoptr(GError) error = NULL;
        World world = { .graph = graph,
                        .items = g_array_new(FALSE, FALSE, sizeof(SlowItem)),
                        .links = g_array_new(FALSE, FALSE, sizeof(SlowLink)),
                        .seq = 1 };
        const WalkStep *steps;
        size_t n;

        for (ItemNo no = 0; no < 6; no++)
                put_item(&world, no, ZW_KIND_REQUIREMENT, ZW_STATE_DRAFT, 1, 1);
        for (size_t i = 0; i < G_N_ELEMENTS(from); i++) {
                SlowLink link = { .from = from[i],
                                  .to = to[i],
                                  .type = ZW_LINK_DERIVES,
                                  .from_seq = 1,
                                  .to_seq = ZW_SEQ_OPEN };

                put_link(&world, &link, false);
        }
        graph_publish(graph, 1);
        g_assert_true(walk_find(walk, graph_pin(graph), 0, WALK_TRACE, WALK_BOTH, 6, &steps, &n, &error));
        g_assert_cmpuint(n, ==, 6);
        for (size_t i = 0; i < n; i++) {
                size_t length = 0;

                g_assert_cmpuint(steps[i].distance, ==, distances[steps[i].item]);
                for (size_t at = i; at != 0; at = steps[at].before)
                        length++;
                g_assert_cmpuint(length, ==, steps[i].distance);
        }
        g_assert_false(walk_find(walk, graph_pin(graph), 0, WALK_TRACE, WALK_BOTH, 5, &steps, &n, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
        g_array_unref(world.items);
        g_array_unref(world.links);
}

/* More links than one block holds, some of them made after the graph was loaded: in their order, and found from the steps. */
static void test_hub(void)
{
        enum { LOADED = 5000, ALL = 8000 };
        g_autoptr(Graph) graph = graph_new();
        g_autoptr(Walk) walk = walk_new();
        g_autoptr(GError) error = NULL;
        World world = { .graph = graph,
                        .items = g_array_new(FALSE, FALSE, sizeof(SlowItem)),
                        .links = g_array_new(FALSE, FALSE, sizeof(SlowLink)),
                        .seq = 1 };
        const WalkStep *steps;
        GraphIter iter;
        GraphEdge edge;
        size_t n;

        for (ItemNo no = 0; no <= ALL; no++)
                put_item(&world, no, ZW_KIND_REQUIREMENT, ZW_STATE_DRAFT, 1, 1);
        for (ItemNo no = 1; no <= ALL; no++) {
                const Seq seq = no <= LOADED ? 1 : 2;
                SlowLink derived = {
                        .from = 0, .to = no, .type = ZW_LINK_DERIVES, .from_seq = seq, .to_seq = ZW_SEQ_OPEN
                };
                SlowLink related = { .from = 0,
                                     .to = no,
                                     .type = ZW_LINK_RELATES_TO,
                                     .from_seq = seq,
                                     .to_seq = ZW_SEQ_OPEN };

                put_link(&world, &derived, false);
                put_link(&world, &related, false);
                if (no == LOADED)
                        graph_publish(graph, 1);
        }
        graph_publish(graph, 2);
        iter = graph_iter(graph_pin(graph), 0, GRAPH_OUT, LINK_MASK(ZW_LINK_DERIVES));
        for (ItemNo no = 1; no <= ALL; no++) {
                g_assert_true(graph_next(&iter, &edge));
                g_assert_cmpuint(edge.other, ==, no);
        }
        g_assert_false(graph_next(&iter, &edge));
        for (int rule = 0; rule < 2; rule++) {
                g_assert_true(walk_find(walk, graph_pin(graph), 0, (WalkRule)rule, WALK_DOWN, ALL + 1, &steps,
                                        &n, &error));
                g_assert_cmpuint(n, ==, ALL + 1);
                for (size_t i = 1; i < n; i++)
                        g_assert_cmpuint(graph_link_to(graph_pin(graph),
                                                       walk_link(graph_pin(graph), steps, &steps[i])),
                                         ==, steps[i].item);
        }
        g_array_unref(world.items);
        g_array_unref(world.links);
}

static void test_refused(void)
{
        g_autoptr(Graph) graph = graph_new();
        g_autoptr(Walk) walk = walk_new();
        g_autoptr(GError) error = NULL, second = NULL, third = NULL;
        ItemRev far_away = {
                .no = ZW_GRAPH_NODES_MAX, .key = "X-1", .title = "", .attrs = "{}", .from_seq = 1
        };
        ItemRev broken = { .no = 0, .key = "X-1", .title = "", .attrs = "{", .from_seq = 1 };
        LinkRev link = { .from = 3, .to = 4, .from_seq = 1 };
        const WalkStep *steps;
        GraphView view;
        size_t n;

        g_assert_false(graph_apply_item(graph, &far_away, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
        g_assert_false(graph_apply_item(graph, &broken, &second));
        g_assert_error(second, ZW_ERROR, ZW_ERR_INPUT);
        g_assert_false(graph_apply_link(graph, &link, false, &third));
        g_assert_error(third, ZW_ERROR, ZW_ERR_NODE_UNKNOWN);
        g_clear_error(&error);
        graph_publish(graph, 5);
        g_assert_false(graph_pin_at(graph, 4, &view));
        g_assert_false(graph_pin_at(graph, 6, &view));
        g_assert_false(walk_find(walk, graph_pin(graph), 0, WALK_TRACE, WALK_DOWN, 10, &steps, &n, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NODE_UNKNOWN);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/graph/twin", test_twin);
        g_test_add_func("/graph/results", test_results);
        g_test_add_func("/graph/both-ways", test_both_ways);
        g_test_add_func("/graph/hub", test_hub);
        g_test_add_func("/graph/refused", test_refused);
        return g_test_run();
}
