/* The drawing of a project: what its zones and conduits say, by the label rules of ZCR 6.3. */
#include "base/jread.h"
#include "report/query_internal.h"
#include "report/zones.h"

#include <string.h>

/* ---- words ---- */

static void say(GPtrArray *lines, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void say(GPtrArray *lines, const char *format, ...)
{
        g_autofree char *text = NULL;
        va_list args;

        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        drawing_say(lines, text);
}

static void vector_say(GPtrArray *lines, const char *name, const SlVector *vector)
{
        char text[20];

        sl_vector_format(vector, text);
        say(lines, "%s %s", name, text);
}

static BandId band_of(GraphView view, ItemNo zone)
{
        static const BandId bands[] = {
                [ZW_VALUE_PURDUE_0] = BAND_0, [ZW_VALUE_PURDUE_1] = BAND_1,     [ZW_VALUE_PURDUE_2] = BAND_2,
                [ZW_VALUE_PURDUE_3] = BAND_3, [ZW_VALUE_PURDUE_3_5] = BAND_DMZ, [ZW_VALUE_PURDUE_4] = BAND_4,
                [ZW_VALUE_PURDUE_5] = BAND_5
        };
        int level = facts_get_enum(graph_facts(view, zone), ZW_ATTR_PURDUE);

        return level < 0 ? BAND_NO_LEVEL : bands[level];
}

static DrawingLook look_of(uint32_t natures)
{
        if (natures & (1U << ZW_VALUE_ZONE_NATURE_SAFETY))
                return LOOK_SAFETY;
        if (natures & (1U << ZW_VALUE_ZONE_NATURE_WIRELESS))
                return LOOK_WIRELESS;
        if (natures & (1U << ZW_VALUE_ZONE_NATURE_EXTERNAL | 1U << ZW_VALUE_ZONE_NATURE_TEMPORARY |
                       1U << ZW_VALUE_ZONE_NATURE_BUSINESS))
                return LOOK_OUTSIDE;
        return LOOK_PLAIN;
}

/* `Level 1, control, wireless, 5 assets`. */
static void nature_say(GraphView view, ItemNo zone, guint assets, GPtrArray *lines)
{
        const AttrDef *nature = attr_get(ZW_KIND_ZONE, ZW_ATTR_NATURE),
                      *purdue = attr_get(ZW_KIND_ZONE, ZW_ATTR_PURDUE);
        uint32_t natures = facts_get_set(graph_facts(view, zone), ZW_ATTR_NATURE);
        int level = facts_get_enum(graph_facts(view, zone), ZW_ATTR_PURDUE);
        g_autoptr(GString) text = g_string_new(NULL);

        if (level < 0)
                g_string_append(text, "level not stated");
        else
                g_string_append_printf(text, "Level %s", purdue->values[level]);
        for (size_t i = 0; i < nature->n_values; i++)
                if (natures & (1U << i)) {
                        g_autofree char *word = g_strdelimit(g_strdup(nature->values[i]), "_", ' ');

                        g_string_append_printf(text, ", %s", word);
                }
        g_string_append_printf(text, ", %u %s", assets, assets == 1 ? "asset" : "assets");
        drawing_say(lines, text->str);
}

static guint count_of(GraphView view, ItemNo item, GraphSide side, LinkTypeId type, KindId kind)
{
        g_autoptr(GArray) others = chain_next(view, item, side, LINK_MASK(type), KIND_BIT(kind));

        return others->len;
}

static void access_say(GraphView view, ItemNo zone, GPtrArray *lines)
{
        g_autoptr(GArray) points = chain_next(view, zone, GRAPH_IN, LINK_MASK(ZW_LINK_CONNECTS),
                                              KIND_BIT(ZW_KIND_ACCESS_POINT));

        for (guint i = 0; i < points->len; i++) {
                ItemNo point = g_array_index(points, CellStep, i).item;
                int medium = facts_get_enum(graph_facts(view, point), ZW_ATTR_MEDIUM);
                g_autofree char *word = medium < 0 ? g_strdup("medium not stated")
                                                   : g_strdelimit(g_strdup(attr_get(ZW_KIND_ACCESS_POINT,
                                                                                    ZW_ATTR_MEDIUM)
                                                                                   ->values[medium]),
                                                                  "_", ' ');

                say(lines, "%s: %s%s", graph_key(view, point), word,
                    facts_get_bool(graph_facts(view, point), ZW_ATTR_UNTRUSTED) ? ", untrusted" : "");
        }
}

/* ---- zones ---- */

/* The zone it lies in, unless the way up comes back or has no end. */
static ItemNo parent_of(GraphView view, ItemNo zone)
{
        ItemNo parent = graph_first(view, zone, GRAPH_OUT, ZW_LINK_PART_OF), above = parent;

        for (int depth = 0; depth < DRAWING_NESTED_MAX; depth++) {
                if (above == ZW_ITEM_NONE || graph_kind(view, above) != ZW_KIND_ZONE ||
                    !graph_is_live(view, above))
                        return depth == 0 ? ZW_ITEM_NONE : parent;
                if (above == zone)
                        return ZW_ITEM_NONE;
                above = graph_first(view, above, GRAPH_OUT, ZW_LINK_PART_OF);
        }
        return ZW_ITEM_NONE;
}

static ItemNo system_of(GraphView view, ItemNo zone)
{
        for (int depth = 0; depth <= DRAWING_NESTED_MAX && zone != ZW_ITEM_NONE; depth++) {
                if (graph_kind(view, zone) == ZW_KIND_SYSTEM)
                        return zone;
                zone = graph_first(view, zone, GRAPH_OUT, ZW_LINK_PART_OF);
        }
        return ZW_ITEM_NONE;
}

static guint system_count(GraphView view)
{
        guint n = 0;

        for (ItemNo item = 0; item < graph_item_count(view); item++)
                n += graph_exists(view, item) && graph_is_live(view, item) &&
                     graph_kind(view, item) == ZW_KIND_SYSTEM;
        return n;
}

static void zone_plan(QueryContext *context, Drawing *drawing, const PlaceSummary *place, bool several)
{
        GraphView view = context->view;
        const char *key = graph_key(view, place->place), *title = graph_title(view, place->place);
        DrawingZone *zone = drawing_add_zone(drawing, key, title);
        guint assets = count_of(view, place->place, GRAPH_IN, ZW_LINK_PART_OF, ZW_KIND_ASSET);
        ItemNo system = system_of(view, place->place);

        zone->band = band_of(view, place->place);
        zone->look = look_of(facts_get_set(graph_facts(view, place->place), ZW_ATTR_NATURE));
        drawing_say(zone->lines, key);
        drawing_say(zone->lines, title);
        vector_say(zone->lines, "SL-T", &place->target);
        vector_say(zone->lines, "SL-A", &place->verified);
        nature_say(view, place->place, assets, zone->lines);
        if (several)
                say(zone->lines, "in %s", system == ZW_ITEM_NONE ? "no system" : graph_key(view, system));
        access_say(view, place->place, zone->lines);
}

/* ---- conduits ---- */

static gint end_compare(gconstpointer a, gconstpointer b)
{
        return *(const int *)a - *(const int *)b;
}

/* The zones at one side of a conduit (`as` a, b or none), by number in the drawing. */
static void ends_add(GraphView view, ItemNo conduit, AsId as, GHashTable *numbers, GArray *ends)
{
        GraphIter iter = graph_iter(view, conduit, GRAPH_OUT, LINK_MASK(ZW_LINK_CONNECTS));
        g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(int));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                gpointer number = g_hash_table_lookup(numbers, GUINT_TO_POINTER(edge.other + 1));
                int zone = GPOINTER_TO_INT(number) - 1;

                if (graph_link_as(view, edge.link) == as && zone >= 0)
                        g_array_append_val(found, zone);
        }
        g_array_sort(found, end_compare);
        g_array_append_vals(ends, found->data, found->len);
}

static DrawingDirection direction_of(const json_t *attrs)
{
        const char *text = jread_get_string(attrs, "direction");

        if (g_strcmp0(text, "a_to_b") == 0)
                return DIRECTION_FORTH;
        if (g_strcmp0(text, "b_to_a") == 0)
                return DIRECTION_BACK;
        return g_strcmp0(text, "both") == 0 ? DIRECTION_BOTH : DIRECTION_NOT_STATED;
}

/* `CD-1 ZN-8 ⇄ ZN-2`. */
static void head_say(const Drawing *drawing, DrawingConduit *conduit)
{
        static const char *const signs[] = { " \xe2\x80\x94 ", " \xe2\x86\x92 ", " \xe2\x86\x90 ",
                                             " \xe2\x87\x84 " };
        g_autoptr(GString) text = g_string_new(conduit->key);

        for (guint i = 0; i < conduit->ends->len; i++) {
                const DrawingZone *zone = g_ptr_array_index(drawing->zones,
                                                            g_array_index(conduit->ends, int, i));

                g_string_append(text, i == 0 ? "  " : i == 1 ? signs[conduit->direction] : ", ");
                g_string_append(text, zone->key);
        }
        drawing_say(conduit->lines, text->str);
}

static void list_say(GPtrArray *lines, const json_t *list, const char *nothing)
{
        g_autoptr(GString) text = g_string_new(NULL);
        const json_t *entry;
        size_t i;

        json_array_foreach(list, i, entry)
                g_string_append_printf(text, "%s%s", i == 0 ? "" : ", ", json_string_value(entry));
        drawing_say(lines, text->len == 0 ? nothing : text->str);
}

static bool conduit_plan(QueryContext *context, Drawing *drawing, const PlaceSummary *place,
                         GHashTable *numbers, GError **error)
{
        static const AsId sides[] = { ZW_AS_A, ZW_AS_NONE, ZW_AS_B };
        GraphView view = context->view;
        DrawingConduit *conduit = drawing_add_conduit(drawing, graph_key(view, place->place),
                                                      graph_title(view, place->place));
        ItemRecord record;
        const char *enforcement;

        if (!context_record(context, place->place, &record, error))
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(sides); i++)
                ends_add(view, place->place, sides[i], numbers, conduit->ends);
        conduit->direction = direction_of(record.attrs);
        conduit->untrusted = facts_get_bool(graph_facts(view, place->place), ZW_ATTR_UNTRUSTED);
        head_say(drawing, conduit);
        list_say(conduit->lines, json_object_get(record.attrs, "protocols"), "protocols not stated");
        enforcement = jread_get_string(record.attrs, "enforcement");
        say(conduit->lines, "by: %s", enforcement == NULL ? "enforcement not stated" : enforcement);
        if (conduit->direction == DIRECTION_NOT_STATED)
                drawing_say(conduit->lines, "direction not stated");
        vector_say(conduit->lines, "SL-T", &place->target);
        if (conduit->untrusted)
                drawing_say(conduit->lines, "carries untrusted traffic");
        return true;
}

/* ---- the whole ---- */

static void parents_set(GraphView view, Drawing *drawing, GHashTable *numbers, const GArray *items)
{
        for (guint i = 0; i < items->len; i++) {
                ItemNo parent = parent_of(view, g_array_index(items, ItemNo, i));
                DrawingZone *zone = g_ptr_array_index(drawing->zones, i);

                if (parent == ZW_ITEM_NONE)
                        continue;
                zone->parent = GPOINTER_TO_INT(g_hash_table_lookup(numbers, GUINT_TO_POINTER(parent + 1))) -
                               1;
        }
}

Drawing *report_drawing(QueryContext *context, GError **error)
{
        g_autoptr(Drawing) drawing = drawing_new();
        g_autoptr(GHashTable) numbers = g_hash_table_new(NULL, NULL); /* item + 1 → number + 1 */
        g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        const GArray *places = context_summaries(context);
        bool systems = system_count(context->view) > 1;

        for (guint i = 0; i < places->len; i++) {
                const PlaceSummary *place = &g_array_index(places, PlaceSummary, i);

                if (graph_kind(context->view, place->place) != ZW_KIND_ZONE)
                        continue;
                zone_plan(context, drawing, place, systems);
                g_array_append_val(items, place->place);
                g_hash_table_insert(numbers, GUINT_TO_POINTER(place->place + 1),
                                    GINT_TO_POINTER((int)drawing->zones->len));
        }
        parents_set(context->view, drawing, numbers, items);
        for (guint i = 0; i < places->len; i++) {
                const PlaceSummary *place = &g_array_index(places, PlaceSummary, i);

                if (graph_kind(context->view, place->place) == ZW_KIND_CONDUIT &&
                    !conduit_plan(context, drawing, place, numbers, error))
                        return NULL;
        }
        drawing_lay_out(drawing);
        return g_steal_pointer(&drawing);
}
