/* How far a scenario comes. */
#include "analysis/attack.h"

#include "analysis/anchor.h"
#include "analysis/internal.h"

const char *way_kind_name(WayKind kind)
{
        static const char *const names[] = { "entry", "conduit", "flow", "media" };

        return names[kind];
}

const char *reached_name(Reached reached)
{
        static const char *const names[] = { "no", "unknown", "yes" };

        return names[reached];
}

/* ---- ways ---- */

typedef struct {
        ItemNo from, to, by;
        WayKind kind;
} Way;

struct AttackMap {
        GraphView view;
        GArray *ways; /* of Way, by `from` */
        GArray *ports; /* of Way: from each zone into the media that are carried, with the access point; `to` is the zone, too */
};

static bool is_place(GraphView view, ItemNo item)
{
        return graph_is_live(view, item) &&
               (graph_kind(view, item) == ZW_KIND_ZONE || graph_kind(view, item) == ZW_KIND_CONDUIT);
}

static void way_add(AttackMap *map, ItemNo from, ItemNo to, ItemNo by, WayKind kind)
{
        const Way way = { from, to, by, kind };

        if (from != to)
                g_array_append_val(map->ways, way);
}

/* An end of a conduit can always be touched; what leaves it goes to the end where connections may be opened to. */
static void conduit_add(AttackMap *map, ItemNo conduit)
{
        const int direction = facts_get_enum(graph_facts(map->view, conduit), ZW_ATTR_DIRECTION);
        GraphIter iter = graph_iter(map->view, conduit, GRAPH_OUT, LINK_MASK(ZW_LINK_CONNECTS));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                const AsId as = graph_link_as(map->view, edge.link);

                if (!is_place(map->view, edge.other))
                        continue;
                way_add(map, edge.other, conduit, conduit, WAY_CONDUIT);
                if (direction != (as == ZW_AS_A ? ZW_VALUE_DIRECTION_A_TO_B : ZW_VALUE_DIRECTION_B_TO_A))
                        way_add(map, conduit, edge.other, conduit, WAY_CONDUIT);
        }
}

static void flow_add(AttackMap *map, ItemNo flow)
{
        GraphIter iter = graph_iter(map->view, flow, GRAPH_OUT, LINK_MASK(ZW_LINK_CONNECTS));
        ItemNo source = ZW_ITEM_NONE, sink = ZW_ITEM_NONE;
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                if (!graph_is_live(map->view, edge.other) ||
                    graph_kind(map->view, edge.other) != ZW_KIND_ASSET)
                        continue;
                if (graph_link_as(map->view, edge.link) == ZW_AS_SOURCE)
                        source = item_place(map->view, edge.other);
                else
                        sink = item_place(map->view, edge.other);
        }
        if (source != ZW_ITEM_NONE && sink != ZW_ITEM_NONE)
                way_add(map, source, sink, flow, WAY_FLOW);
}

static void port_add(AttackMap *map, ItemNo access)
{
        GraphIter iter = graph_iter(map->view, access, GRAPH_OUT, LINK_MASK(ZW_LINK_CONNECTS));
        GraphEdge edge;

        if (facts_get_enum(graph_facts(map->view, access), ZW_ATTR_MEDIUM) != ZW_VALUE_MEDIUM_REMOVABLE_MEDIA)
                return;
        while (graph_next(&iter, &edge)) {
                const Way port = { edge.other, edge.other, access, WAY_MEDIA };

                if (is_place(map->view, edge.other))
                        g_array_append_val(map->ports, port);
        }
}

static int way_compare(gconstpointer a, gconstpointer b)
{
        const Way *left = a, *right = b;

        if (left->from != right->from)
                return left->from < right->from ? -1 : 1;
        if (left->kind != right->kind)
                return (int)left->kind - (int)right->kind;
        if (left->to != right->to)
                return left->to < right->to ? -1 : 1;
        return left->by < right->by ? -1 : left->by > right->by;
}

AttackMap *attack_map_new(GraphView view)
{
        AttackMap *map = g_new0(AttackMap, 1);

        map->view = view;
        map->ways = g_array_new(FALSE, FALSE, sizeof(Way));
        map->ports = g_array_new(FALSE, FALSE, sizeof(Way));
        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                if (!graph_exists(view, item) || !graph_is_live(view, item))
                        continue;
                if (graph_kind(view, item) == ZW_KIND_CONDUIT)
                        conduit_add(map, item);
                else if (graph_kind(view, item) == ZW_KIND_FLOW)
                        flow_add(map, item);
                else if (graph_kind(view, item) == ZW_KIND_ACCESS_POINT)
                        port_add(map, item);
        }
        g_array_sort(map->ways, way_compare);
        g_array_sort(map->ports, way_compare);
        return map;
}

void attack_map_free(AttackMap *map)
{
        if (map == NULL)
                return;
        g_array_unref(map->ways);
        g_array_unref(map->ports);
        g_free(map);
}

static guint ways_begin(const GArray *ways, ItemNo from)
{
        guint low = 0, high = ways->len;

        while (low < high) {
                const guint middle = (low + high) / 2;

                if (g_array_index(ways, Way, middle).from < from)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

/* ---- a scenario ---- */

static void place_reach(Attack *attack, ItemNo place, WayKind way, ItemNo by, guint before)
{
        const guint index = attack->places->len;
        const AttackedPlace reached = { place, way, by, way == WAY_ENTRY ? index : before };

        if (g_hash_table_contains(attack->at, GUINT_TO_POINTER(place)))
                return;
        g_hash_table_insert(attack->at, GUINT_TO_POINTER(place), GUINT_TO_POINTER(index + 1));
        g_array_append_val(attack->places, reached);
}

static void asset_enter(GraphView view, Attack *attack, ItemNo asset, ItemNo by)
{
        const ItemNo place = item_place(view, asset);

        if (place != ZW_ITEM_NONE && is_place(view, place))
                place_reach(attack, place, WAY_ENTRY, by, 0);
}

static void target_enter(GraphView view, Attack *attack, ItemNo target)
{
        const KindId kind = graph_kind(view, target);
        g_autoptr(GArray) at = NULL;

        g_hash_table_add(attack->named, GUINT_TO_POINTER(target));
        if (is_place(view, target))
                place_reach(attack, target, WAY_ENTRY, target, 0);
        else if (kind == ZW_KIND_ASSET)
                asset_enter(view, attack, target, target);
        else if (kind == ZW_KIND_ACCESS_POINT)
                at = items_linked(view, target, GRAPH_OUT, ZW_LINK_CONNECTS, ZW_KIND_ZONE);
        else if (kind == ZW_KIND_COMPONENT)
                at = items_linked(view, target, GRAPH_IN, ZW_LINK_INSTANCE_OF, ZW_KIND_ASSET);
        for (guint i = 0; at != NULL && i < at->len; i++)
                if (kind == ZW_KIND_COMPONENT)
                        asset_enter(view, attack, g_array_index(at, ItemNo, i), target);
                else
                        place_reach(attack, g_array_index(at, ItemNo, i), WAY_ENTRY, target, 0);
}

/* The first place that is reached and has a port for media gives the medium to all others that have one. */
static void media_carry(const AttackMap *map, Attack *attack, guint index)
{
        for (guint i = 0; i < map->ports->len; i++) {
                const Way *port = &g_array_index(map->ports, Way, i);

                place_reach(attack, port->to, WAY_MEDIA, port->by, index);
        }
}

static void place_leave(const AttackMap *map, Attack *attack, guint index, bool *carried)
{
        const ItemNo place = g_array_index(attack->places, AttackedPlace, index).place;
        const guint port = ways_begin(map->ports, place);

        for (guint i = ways_begin(map->ways, place); i < map->ways->len; i++) {
                const Way *way = &g_array_index(map->ways, Way, i);

                if (way->from != place)
                        break;
                place_reach(attack, way->to, way->kind, way->by, index);
        }
        if (!*carried && port < map->ports->len && g_array_index(map->ports, Way, port).from == place) {
                *carried = true;
                media_carry(map, attack, index);
        }
}

Attack *attack_find(const AttackMap *map, ItemNo threat)
{
        g_autoptr(GArray)
                targets = items_linked(map->view, threat, GRAPH_OUT, ZW_LINK_THREATENS, ZW_KIND_COUNT);
        Attack *attack = g_new0(Attack, 1);
        bool carried = false;

        attack->threat = threat;
        attack->places = g_array_new(FALSE, FALSE, sizeof(AttackedPlace));
        attack->at = g_hash_table_new(NULL, NULL);
        attack->named = g_hash_table_new(NULL, NULL);
        for (guint i = 0; i < targets->len; i++)
                target_enter(map->view, attack, g_array_index(targets, ItemNo, i));
        for (guint i = 0; i < attack->places->len; i++)
                place_leave(map, attack, i, &carried);
        return attack;
}

void attack_free(Attack *attack)
{
        if (attack == NULL)
                return;
        g_array_unref(attack->places);
        g_hash_table_unref(attack->at);
        g_hash_table_unref(attack->named);
        g_free(attack);
}

static void path_append(GArray *path, ItemNo item)
{
        if (path->len == 0 || g_array_index(path, ItemNo, path->len - 1) != item)
                g_array_append_val(path, item);
}

static void path_add(const Attack *attack, guint index, GArray *path)
{
        const AttackedPlace *place = &g_array_index(attack->places, AttackedPlace, index);

        if (place->before != index)
                path_add(attack, place->before, path);
        path_append(path, place->by);
        path_append(path, place->place);
}

GArray *attack_path(const Attack *attack, ItemNo place)
{
        const guint index = GPOINTER_TO_UINT(g_hash_table_lookup(attack->at, GUINT_TO_POINTER(place)));
        GArray *path = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        path_append(path, attack->threat);
        if (index > 0)
                path_add(attack, index - 1, path);
        return path;
}

/* ---- functions and layers ---- */

/* It neither speaks on a network nor by radio, and takes no media: nothing comes to it but a person with tools. */
static bool is_beyond_attack(GraphView view, ItemNo asset)
{
        const uint32_t ways = UINT32_C(1) << ZW_TRAIT_NETWORK | UINT32_C(1) << ZW_TRAIT_WIRELESS |
                              UINT32_C(1) << ZW_TRAIT_REMOVABLE_MEDIA;
        uint32_t yes, no;

        asset_traits(view, asset, &yes, &no);
        return (no & ways) == ways;
}

static bool has(GHashTable *set, ItemNo item)
{
        return g_hash_table_contains(set, GUINT_TO_POINTER(item));
}

static Reached asset_reached(GraphView view, const Attack *attack, ItemNo asset, ItemNo *ret_place)
{
        const ItemNo place = item_place(view, asset);

        *ret_place = place;
        if (has(attack->named, asset))
                return REACHED_YES;
        if (is_beyond_attack(view, asset))
                return REACHED_NO;
        if (place == ZW_ITEM_NONE)
                return REACHED_UNKNOWN;
        return has(attack->at, place) ? REACHED_YES : REACHED_NO;
}

/* A product is reached where one of its installations is; where none is known, nobody can say. */
static Reached component_reached(GraphView view, const Attack *attack, ItemNo component, ItemNo *ret_place)
{
        g_autoptr(GArray)
                assets = items_linked(view, component, GRAPH_IN, ZW_LINK_INSTANCE_OF, ZW_KIND_ASSET);
        Reached most = assets->len == 0 ? REACHED_UNKNOWN : REACHED_NO;

        *ret_place = ZW_ITEM_NONE;
        if (has(attack->named, component))
                return REACHED_YES;
        for (guint i = 0; i < assets->len; i++) {
                ItemNo place;
                const Reached reached = asset_reached(view, attack, g_array_index(assets, ItemNo, i), &place);

                if (reached <= most)
                        continue;
                most = reached;
                *ret_place = place;
        }
        return most;
}

static Reached element_reached(GraphView view, const Attack *attack, ItemNo element, ItemNo *ret_place)
{
        switch (graph_kind(view, element)) {
        case ZW_KIND_ASSET:
                return asset_reached(view, attack, element, ret_place);
        case ZW_KIND_COMPONENT:
                return component_reached(view, attack, element, ret_place);
        default:
                *ret_place = element;
                return has(attack->at, element) ? REACHED_YES : REACHED_NO;
        }
}

/* A layer of which nobody says what it stands on is known to be out of reach only where it is a mechanical one. */
static Reached without_elements(GraphView view, ItemNo function)
{
        const int nature = facts_get_enum(graph_facts(view, function), ZW_ATTR_NATURE);

        return graph_kind(view, function) == ZW_KIND_PROTECTION_LAYER &&
                               (nature == ZW_VALUE_PROTECTION_LAYER_NATURE_MECHANICAL ||
                                nature == ZW_VALUE_PROTECTION_LAYER_NATURE_RELIEF)
                       ? REACHED_NO
                       : REACHED_UNKNOWN;
}

/* The element that tells most; of equal ones the first by number and role, whatever the order of the links. */
static bool is_better(const AttackedFunction *each, const AttackedFunction *found)
{
        if (each->reached != found->reached || each->reached == REACHED_NO)
                return each->reached > found->reached;
        return each->element < found->element || (each->element == found->element && each->as < found->as);
}

AttackedFunction attack_function(GraphView view, const Attack *attack, ItemNo function)
{
        AttackedFunction found = { function, REACHED_NO, ZW_ITEM_NONE, ZW_AS_NONE, ZW_ITEM_NONE };
        GraphIter iter = graph_iter(view, function, GRAPH_OUT, LINK_MASK(ZW_LINK_USES));
        bool any = false;
        GraphEdge edge;

        if (has(attack->named, function)) {
                found.reached = REACHED_YES;
                return found;
        }
        while (graph_next(&iter, &edge)) {
                AttackedFunction each;
                ItemNo place;
                Reached reached;

                if (!graph_is_live(view, edge.other))
                        continue;
                any = true;
                reached = element_reached(view, attack, edge.other, &place);
                each = (AttackedFunction){ function, reached, edge.other, graph_link_as(view, edge.link),
                                           place };
                if (is_better(&each, &found))
                        found = each;
        }
        if (!any)
                found.reached = without_elements(view, function);
        return found;
}

/* A product has as many places as installations. */
static void element_places(GraphView view, const Attack *attack, ItemNo element, GArray *places)
{
        const bool product = graph_kind(view, element) == ZW_KIND_COMPONENT;
        g_autoptr(GArray)
                assets = product ? items_linked(view, element, GRAPH_IN, ZW_LINK_INSTANCE_OF, ZW_KIND_ASSET)
                                 : NULL;
        ItemNo place;

        if (!product && element_reached(view, attack, element, &place) == REACHED_YES &&
            place != ZW_ITEM_NONE)
                items_add(places, place);
        for (guint i = 0; assets != NULL && i < assets->len; i++)
                if (asset_reached(view, attack, g_array_index(assets, ItemNo, i), &place) == REACHED_YES &&
                    place != ZW_ITEM_NONE)
                        items_add(places, place);
}

void attack_function_places(GraphView view, const Attack *attack, ItemNo function, GArray *places)
{
        g_autoptr(GArray) elements = items_linked(view, function, GRAPH_OUT, ZW_LINK_USES, ZW_KIND_COUNT);

        for (guint i = 0; i < elements->len; i++)
                element_places(view, attack, g_array_index(elements, ItemNo, i), places);
}

GArray *attack_functions(GraphView view, const Attack *attack, ItemNo hazard)
{
        GArray *found = g_array_new(FALSE, FALSE, sizeof(AttackedFunction));
        g_autoptr(GArray) layers = hazard == ZW_ITEM_NONE ? NULL
                                                          : items_linked(view, hazard, GRAPH_IN,
                                                                         ZW_LINK_PREVENTS, ZW_KIND_COUNT);

        for (guint i = 0; layers != NULL && i < layers->len; i++) {
                const AttackedFunction each = attack_function(view, attack, g_array_index(layers, ItemNo, i));

                g_array_append_val(found, each);
        }
        for (ItemNo item = 0; layers == NULL && item < graph_item_count(view); item++)
                if (graph_exists(view, item) && graph_is_live(view, item) &&
                    (graph_kind(view, item) == ZW_KIND_SAFETY_FUNCTION ||
                     graph_kind(view, item) == ZW_KIND_PROTECTION_LAYER ||
                     graph_kind(view, item) == ZW_KIND_ESSENTIAL_FUNCTION)) {
                        const AttackedFunction each = attack_function(view, attack, item);

                        g_array_append_val(found, each);
                }
        return found;
}
