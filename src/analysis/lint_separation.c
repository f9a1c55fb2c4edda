/* Separation rules: 62443-3-2 ZCR 3.1 to 3.6 (docs/algorithms/separation.md). */
#include "analysis/lint_rules.h"

#define NATURE(name) (UINT32_C(1) << ZW_VALUE_ZONE_NATURE_##name)
#define IACS         (NATURE(CONTROL) | NATURE(SAFETY))

static uint32_t nature_of(const Lint *lint, ItemNo item)
{
        return facts_get_set(graph_facts(lint->view, item), ZW_ATTR_NATURE);
}

/* ---- ZCR 3.2: business apart from control ---- */

/* Natures of the live assets of a place, together. */
static uint32_t natures_in(const Lint *lint, ItemNo place)
{
        GraphIter iter = graph_iter(lint->view, place, GRAPH_IN, LINK_MASK(ZW_LINK_PART_OF));
        uint32_t all = 0;
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(lint->view, edge.other) &&
                    graph_kind(lint->view, edge.other) == ZW_KIND_ASSET)
                        all |= nature_of(lint, edge.other);
        return all;
}

static bool is_mixed(uint32_t natures)
{
        return (natures & NATURE(BUSINESS)) != 0 && (natures & IACS) != 0;
}

/* Of a place that is marked both the place is named, else the asset that stands on the wrong side. */
void lint_business_not_separated(Lint *lint, ItemNo item)
{
        const uint32_t mine = nature_of(lint, item);
        ItemNo place;

        if (graph_kind(lint->view, item) != ZW_KIND_ASSET) {
                if (is_mixed(mine))
                        lint_found(lint, item, ZW_ITEM_NONE,
                                   "%s is marked as business and as control or safety (ZCR 3.2)",
                                   lint_key(lint, item));
                return;
        }
        place = item_place(lint->view, item);
        if (place == ZW_ITEM_NONE || is_mixed(nature_of(lint, place)))
                return;
        if ((mine & NATURE(BUSINESS)) != 0 &&
            ((nature_of(lint, place) | natures_in(lint, place)) & IACS) != 0)
                lint_found(lint, item, place,
                           "%s is a business asset in %s, with what controls or protects (ZCR 3.2)",
                           lint_key(lint, item), lint_key(lint, place));
        else if ((mine & IACS) != 0 && (nature_of(lint, place) & NATURE(BUSINESS)) != 0)
                lint_found(lint, item, place,
                           "%s controls or protects and stands in %s, which is for business (ZCR 3.2)",
                           lint_key(lint, item), lint_key(lint, place));
}

/* ---- ZCR 3.3: separated, or the whole place marked safety-related ---- */

ItemNo safety_function_of(GraphView view, ItemNo asset)
{
        GraphIter iter = graph_iter(view, asset, GRAPH_IN, LINK_MASK(ZW_LINK_USES));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                const AsId as = graph_link_as(view, edge.link);

                if (graph_is_live(view, edge.other) &&
                    graph_kind(view, edge.other) == ZW_KIND_SAFETY_FUNCTION &&
                    (as == ZW_AS_SENSOR || as == ZW_AS_LOGIC || as == ZW_AS_FINAL))
                        return edge.other;
        }
        return ZW_ITEM_NONE;
}

void lint_safety_asset_outside(Lint *lint, ItemNo item)
{
        const ItemNo place = item_place(lint->view, item);
        ItemNo function;

        if (place == ZW_ITEM_NONE || (nature_of(lint, place) & NATURE(SAFETY)) != 0)
                return;
        if ((nature_of(lint, item) & NATURE(SAFETY)) != 0) {
                lint_found(lint, item, place,
                           "%s is a safety asset in %s, which is not marked safety-related (ZCR 3.3)",
                           lint_key(lint, item), lint_key(lint, place));
                return;
        }
        function = safety_function_of(lint->view, item);
        if (function != ZW_ITEM_NONE)
                lint_found(lint, item, place,
                           "%s is used by %s and stands in %s, which is not marked safety-related (ZCR 3.3)",
                           lint_key(lint, item), lint_key(lint, function), lint_key(lint, place));
}

/* ---- ZCR 3.4 to 3.6: apart, or a reason ---- */

static void special_look(Lint *lint, ItemNo item, uint32_t nature, bool has, const char *is,
                         const char *clause)
{
        const ItemNo place = item_place(lint->view, item);

        if (!has || place == ZW_ITEM_NONE || (nature_of(lint, place) & nature) != 0 ||
            facts_has(graph_facts(lint->view, item), ZW_ATTR_SEPARATION_REASON))
                return;
        lint_found(lint, item, place, "%s is %s, and %s is no place for that (%s)", lint_key(lint, item), is,
                   lint_key(lint, place), clause);
}

void lint_temporary_not_separated(Lint *lint, ItemNo item)
{
        special_look(lint, item, NATURE(TEMPORARY), (nature_of(lint, item) & NATURE(TEMPORARY)) != 0,
                     "connected for a while only", "ZCR 3.4");
}

void lint_wireless_not_separated(Lint *lint, ItemNo item)
{
        uint32_t yes, no;

        asset_traits(lint->view, item, &yes, &no);
        special_look(lint, item, NATURE(WIRELESS),
                     (nature_of(lint, item) & NATURE(WIRELESS)) != 0 || (yes >> ZW_TRAIT_WIRELESS & 1) != 0,
                     "wireless", "ZCR 3.5");
}

void lint_external_not_separated(Lint *lint, ItemNo item)
{
        special_look(lint, item, NATURE(EXTERNAL), (nature_of(lint, item) & NATURE(EXTERNAL)) != 0,
                     "reached over an external network", "ZCR 3.6");
}

/* ---- ZCR 3.1: what crosses a boundary ---- */

/* Live zones at the end of a conduit or access point, each once. */
static GArray *zones_of(const Lint *lint, ItemNo item)
{
        GArray *zones = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        GraphIter iter = graph_iter(lint->view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_CONNECTS));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(lint->view, edge.other))
                        items_add(zones, edge.other);
        return zones;
}

void lint_conduit_without_ends(Lint *lint, ItemNo item)
{
        g_autoptr(GArray) zones = zones_of(lint, item);

        if (zones->len == 0)
                lint_found(lint, item, ZW_ITEM_NONE, "%s joins no zones (ZCR 3.1)", lint_key(lint, item));
        else if (zones->len == 1)
                lint_found(lint, item, ZW_ITEM_NONE, "%s leads from %s to nowhere (ZCR 3.1)",
                           lint_key(lint, item), lint_key(lint, g_array_index(zones, ItemNo, 0)));
}

/* Ten times the level of the reference model, in the order of the values of `purdue`. */
static const int levels[] = { 0, 10, 20, 30, 35, 40, 50 };
enum { STEP = 10, CONTROL_TOP = 30, BUSINESS_BOTTOM = 40 };

/* More than one level apart, or from what controls to business with nothing between. */
static bool is_far(int low, int high)
{
        return high - low > STEP || (low <= CONTROL_TOP && high >= BUSINESS_BOTTOM);
}

void lint_conduit_skips_levels(Lint *lint, ItemNo item)
{
        g_autoptr(GArray) zones = zones_of(lint, item);
        ItemNo low = ZW_ITEM_NONE, high = ZW_ITEM_NONE;
        int least = INT_MAX, most = -1;

        for (guint i = 0; i < zones->len; i++) {
                const ItemNo zone = g_array_index(zones, ItemNo, i);
                const int value = facts_get_enum(graph_facts(lint->view, zone), ZW_ATTR_PURDUE);

                if (value < 0)
                        continue;
                if (levels[value] < least) {
                        least = levels[value];
                        low = zone;
                }
                if (levels[value] > most) {
                        most = levels[value];
                        high = zone;
                }
        }
        if (most >= 0 && is_far(least, most))
                lint_found(lint, item, ZW_ITEM_NONE, "%s joins %s at level %s and %s at level %s directly",
                           lint_key(lint, item), lint_key(lint, low), lint_value(lint, low, ZW_ATTR_PURDUE),
                           lint_key(lint, high), lint_value(lint, high, ZW_ATTR_PURDUE));
}

void lint_access_point_without_conduit(Lint *lint, ItemNo item)
{
        g_autoptr(GArray) zones = zones_of(lint, item);

        if (zones->len == 0)
                lint_found(lint, item, ZW_ITEM_NONE, "%s leads into no zone (ZCR 1.1)", lint_key(lint, item));
        for (guint i = 0; i < zones->len; i++) {
                const ItemNo zone = g_array_index(zones, ItemNo, i);

                if (!lint_has_conduit(lint, zone, GRAPH_IN))
                        lint_found(lint, item, zone,
                                   "%s leads into %s, from which no conduit goes on (ZCR 3.1)",
                                   lint_key(lint, item), lint_key(lint, zone));
        }
}
