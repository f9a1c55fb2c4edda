/* What a change or an incident touches (docs/algorithms/operation.md). */
#include "service/operations/operation.h"

void work_reach_clear(WorkReach *reach)
{
        g_clear_pointer(&reach->items, g_array_unref);
}

/* ---- what it touches ---- */

typedef struct {
        GraphView view;
        uint8_t *seen;
        GArray *items;
} Touch;

static void touch_add(Touch *touch, ItemNo item)
{
        if (item == ZW_ITEM_NONE || touch->seen[item] != 0 || !graph_is_live(touch->view, item))
                return;
        touch->seen[item] = 1;
        g_array_append_val(touch->items, item);
}

/* Over links of `first` into an item, then over links of `second` out of or into what is there; its other ends are touched. */
static void touch_over(Touch *touch, ItemNo item, LinkMask first, GraphSide side, LinkTypeId second)
{
        GraphIter iter = graph_iter(touch->view, item, GRAPH_IN, first);
        GraphEdge edge, far;

        while (graph_next(&iter, &edge)) {
                GraphIter next;

                if (!graph_is_live(touch->view, edge.other))
                        continue;
                next = graph_iter(touch->view, edge.other, side, LINK_MASK(second));
                while (graph_next(&next, &far))
                        touch_add(touch, far.other);
        }
}

/* The zones at the ends of what carries traffic. */
static void touch_ends(Touch *touch, ItemNo item)
{
        GraphIter iter = graph_iter(touch->view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_CONNECTS));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                touch_add(touch, edge.other);
                touch_over(touch, edge.other, LINK_MASK(ZW_LINK_THREATENS), GRAPH_IN, ZW_LINK_ASSESSES);
        }
}

static void touch_around(Touch *touch, ItemNo item)
{
        const LinkMask claims = link_mask_or(LINK_MASK(ZW_LINK_COVERS), LINK_MASK(ZW_LINK_RESTS_ON));
        const KindId kind = graph_kind(touch->view, item);
        ItemNo place;

        if (kind == ZW_KIND_CLAIM) {
                GraphIter iter = graph_iter(touch->view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_ANSWERS));
                GraphEdge edge;

                while (graph_next(&iter, &edge))
                        touch_add(touch, edge.other);
                return;
        }
        if (kind == ZW_KIND_ASSET || kind == ZW_KIND_COMPONENT || kind == ZW_KIND_CONFIGURATION ||
            kind == ZW_KIND_ACCESS_POINT || kind == ZW_KIND_COUNTERMEASURE)
                touch_over(touch, item, claims, GRAPH_OUT, ZW_LINK_ANSWERS);
        touch_over(touch, item, LINK_MASK(ZW_LINK_THREATENS), GRAPH_IN, ZW_LINK_ASSESSES);
        if (kind == ZW_KIND_CONDUIT || kind == ZW_KIND_ACCESS_POINT || kind == ZW_KIND_FLOW)
                touch_ends(touch, item);
        place = graph_first(touch->view, item, GRAPH_OUT, ZW_LINK_PART_OF);
        if (kind != ZW_KIND_ASSET || place == ZW_ITEM_NONE)
                return;
        touch_add(touch, place);
        touch_over(touch, place, LINK_MASK(ZW_LINK_THREATENS), GRAPH_IN, ZW_LINK_ASSESSES);
}

bool work_reach(const WorkItem *work, WorkReach *ret_reach, GError **error)
{
        g_autofree uint8_t *seen = g_malloc0(graph_item_count(work->view));
        Touch touch = { work->view, seen, g_array_new(FALSE, FALSE, sizeof(ItemNo)) };

        /* Over the topology a change would touch the whole plant: what lies at the ends of a conduit is enough. */
        const LinkMask ways = { ~(LINK_MASK(ZW_LINK_CONNECTS).mask | LINK_MASK(ZW_LINK_SERVES).mask) };

        ret_reach->items = touch.items;
        walk_follow(work->walk, ways);
        if (!walk_find(work->walk, work->view, work->rev->no, WALK_RIPPLE, WALK_DOWN,
                       graph_item_count(work->view) + 1, &ret_reach->steps, &ret_reach->n, error))
                return false;
        seen[work->rev->no] = 1;
        for (size_t i = 1; i < ret_reach->n; i++)
                touch_add(&touch, ret_reach->steps[i].item);
        for (size_t i = 1; i < ret_reach->n; i++)
                touch_around(&touch, ret_reach->steps[i].item);
        return true;
}

bool work_reach_safety(const WorkItem *work, const WorkReach *reach)
{
        for (guint i = 0; i < reach->items->len; i++) {
                const ItemNo item = g_array_index(reach->items, ItemNo, i);
                const KindId kind = graph_kind(work->view, item);

                if (kind == ZW_KIND_SAFETY_FUNCTION || kind == ZW_KIND_PROTECTION_LAYER)
                        return true;
                if (kind == ZW_KIND_ZONE || kind == ZW_KIND_CONDUIT || kind == ZW_KIND_ASSET) {
                        const Facts facts = graph_facts(work->view, item);

                        if ((facts_get_set(facts, ZW_ATTR_NATURE) & 1U << ZW_VALUE_ZONE_NATURE_SAFETY) != 0)
                                return true;
                }
        }
        return false;
}

static void reached_write(const WorkItem *work, const WorkReach *reach, const char *name, uint64_t kinds,
                          JWrite *w)
{
        g_autofree char *count = g_strconcat("n_", name, NULL);
        int64_t n = 0;

        jwrite_key(w, name);
        jwrite_array_begin(w);
        for (guint i = 0; i < reach->items->len; i++) {
                const ItemNo item = g_array_index(reach->items, ItemNo, i);

                if ((kinds >> graph_kind(work->view, item) & 1) != 0 && n++ < ZW_OPERATION_KEYS_MAX)
                        jwrite_string(w, graph_key(work->view, item));
        }
        jwrite_array_end(w);
        jwrite_key_int(w, count, n);
}

void work_reach_write(const WorkItem *work, const WorkReach *reach, JWrite *w)
{
        static const struct {
                const char *name;
                uint64_t kinds;
        } parts[] = {
                { "requirements", UINT64_C(1) << ZW_KIND_REQUIREMENT },
                { "risks", UINT64_C(1) << ZW_KIND_RISK },
                { "places", UINT64_C(1) << ZW_KIND_ZONE | UINT64_C(1) << ZW_KIND_CONDUIT },
                { "safety", UINT64_C(1) << ZW_KIND_SAFETY_FUNCTION | UINT64_C(1) << ZW_KIND_PROTECTION_LAYER |
                                    UINT64_C(1) << ZW_KIND_ESSENTIAL_FUNCTION },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
                reached_write(work, reach, parts[i].name, parts[i].kinds, w);
}
