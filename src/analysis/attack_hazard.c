/* Hazards whose initiating cause and every layer one scenario can bring about and defeat, and what SL-T that demands. */
#include "analysis/anchor.h"
#include "analysis/attack.h"
#include "analysis/internal.h"
#include "analysis/target.h"
#include "base/hash.h"
#include "model/safety.h"

#include <string.h>

const char *hazard_verdict_name(HazardVerdict verdict)
{
        static const char *const names[ZW_HAZARD_VERDICTS] = { "held", "unknown", "met", "below", "unrated" };

        return names[verdict];
}

/* ---- what layers have in common ---- */

/* What a layer stands on: its elements, the services of their places, and the networks they are on. */
typedef struct {
        GArray *items;        /* of ItemNo, by number */
        GHashTable *networks; /* names */
} Footing;

static void footing_clear(gpointer data)
{
        Footing *footing = data;

        g_array_unref(footing->items);
        g_hash_table_unref(footing->networks);
}

static void networks_take(Footing *footing, GraphView view, ItemNo item)
{
        FactsIter iter = facts_iter(graph_facts(view, item), ZW_ATTR_NETWORKS);
        const char *text;
        size_t n;

        while (facts_next_text(&iter, &text, &n))
                g_hash_table_add(footing->networks, g_strndup(text, n));
}

static void element_take(Footing *footing, GraphView view, ItemNo element)
{
        ItemNo containers[ANCESTORS_MAX];
        const size_t n = graph_kind(view, element) == ZW_KIND_COMPONENT
                                 ? 0
                                 : item_containers(view, element, containers);

        g_array_append_val(footing->items, element);
        networks_take(footing, view, element);
        for (size_t i = 0; i < n; i++) {
                g_autoptr(GArray)
                        services = items_linked(view, containers[i], GRAPH_IN, ZW_LINK_SERVES, ZW_KIND_ASSET);

                if (services->len > 0)
                        g_array_append_vals(footing->items, services->data, services->len);
        }
}

static Footing footing_of(GraphView view, ItemNo layer)
{
        g_autoptr(GArray) elements = items_linked(view, layer, GRAPH_OUT, ZW_LINK_USES, ZW_KIND_COUNT);
        Footing footing = { g_array_new(FALSE, FALSE, sizeof(ItemNo)), hash_table_new_text(g_free, NULL) };

        for (guint i = 0; i < elements->len; i++)
                element_take(&footing, view, g_array_index(elements, ItemNo, i));
        g_array_sort(footing.items, item_compare);
        return footing;
}

static ItemNo item_in_common(const GArray *a, const GArray *b)
{
        for (guint i = 0, k = 0; i < a->len && k < b->len;) {
                const ItemNo left = g_array_index(a, ItemNo, i), right = g_array_index(b, ItemNo, k);

                if (left == right)
                        return left;
                if (left < right)
                        i++;
                else
                        k++;
        }
        return ZW_ITEM_NONE;
}

/* The first by name, so that the same graph gives the same; NULL when there is none. Free it. */
static char *network_in_common(GHashTable *a, GHashTable *b)
{
        const char *first = NULL;
        GHashTableIter iter;
        gpointer name;

        g_hash_table_iter_init(&iter, a);
        while (g_hash_table_iter_next(&iter, &name, NULL))
                if (g_hash_table_contains(b, name) && (first == NULL || strcmp(name, first) < 0))
                        first = name;
        return g_strdup(first);
}

static void share_clear(gpointer data)
{
        g_free(((LayerShare *)data)->network);
}

static void shares_find(GraphView view, HazardAttack *attack)
{
        g_autoptr(GArray) footings = g_array_new(FALSE, FALSE, sizeof(Footing));

        g_array_set_clear_func(footings, footing_clear);
        for (guint i = 0; i < attack->layers->len; i++) {
                const Footing footing =
                        footing_of(view, g_array_index(attack->layers, AttackedFunction, i).function);

                g_array_append_val(footings, footing);
        }
        for (guint a = 0; a < footings->len; a++)
                for (guint b = a + 1; b < footings->len; b++) {
                        const Footing *left = &g_array_index(footings, Footing, a),
                                      *right = &g_array_index(footings, Footing, b);
                        LayerShare share = { a, b, item_in_common(left->items, right->items), NULL };

                        if (share.item == ZW_ITEM_NONE)
                                share.network = network_in_common(left->networks, right->networks);
                        if (share.item != ZW_ITEM_NONE || share.network != NULL)
                                g_array_append_val(attack->shares, share);
                }
}

/* ---- credits ---- */

static guint group_of(const guint *groups, guint layer)
{
        while (groups[layer] != layer)
                layer = groups[layer];
        return layer;
}

/* Layers that share something, over others, too, are one group. */
static void credits_count(HazardAttack *attack)
{
        const guint n = attack->layers->len;
        g_autofree guint *groups = g_new0(guint, n + 1);
        g_autofree bool *stands = g_new0(bool, n + 1);

        for (guint i = 0; i < n; i++)
                groups[i] = i;
        for (guint i = 0; i < attack->shares->len; i++) {
                const LayerShare *share = &g_array_index(attack->shares, LayerShare, i);

                const guint a = group_of(groups, share->a), b = group_of(groups, share->b);

                groups[MAX(a, b)] = MIN(a, b);
        }
        for (guint i = 0; i < n; i++)
                stands[group_of(groups, i)] |= g_array_index(attack->layers, AttackedFunction, i).reached ==
                                               REACHED_NO;
        for (guint i = 0; i < n; i++) {
                const guint first = group_of(groups, i);
                const guint credit = first == i ? ++attack->credits
                                                : g_array_index(attack->groups, guint, first);

                attack->standing += first == i && stands[i];
                g_array_append_val(attack->groups, credit);
        }
}

/* ---- what it demands ---- */

static int least_of(GraphView view, ItemNo hazard)
{
        const SafetyFact *fact;
        char key[8];
        int64_t severity;

        if (!facts_get_int(graph_facts(view, hazard), ZW_ATTR_SEVERITY, &severity))
                return -1;
        g_snprintf(key, sizeof key, "%d", (int)severity);
        fact = safety_find(SAFETY_SL_SEVERITY, key);
        return fact == NULL ? -1 : (int)fact->lower;
}

static void place_judge(const Assess *assess, const HazardAttack *attack, HazardPlace *place)
{
        place->target = assess_target(assess, place->place);
        for (int fr = 0; fr < ZW_FR_COUNT; fr++) {
                const int level = place->target.e[fr];

                if ((attack->frs >> (fr + 1) & 1) == 0)
                        continue;
                place->unknown |= level == ZW_SL_UNKNOWN;
                place->below |= level != ZW_SL_UNKNOWN && level < attack->least;
        }
}

/* Where something of a layer is reached; without layers there is nothing but where the scenario enters. */
static void places_find(const Assess *assess, HazardAttack *attack)
{
        g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        for (guint i = 0; i < attack->layers->len; i++)
                attack_function_places(assess_view(assess), attack->reach,
                                       g_array_index(attack->layers, AttackedFunction, i).function, places);
        for (guint i = 0; attack->layers->len == 0 && i < attack->reach->places->len; i++) {
                const AttackedPlace *entry = &g_array_index(attack->reach->places, AttackedPlace, i);

                if (entry->way == WAY_ENTRY)
                        g_array_append_val(places, entry->place);
        }
        for (guint i = 0; i < places->len; i++) {
                HazardPlace place = { .place = g_array_index(places, ItemNo, i) };

                place_judge(assess, attack, &place);
                g_array_append_val(attack->places, place);
        }
}

static bool has_reached(const HazardAttack *attack, Reached reached)
{
        for (guint i = 0; i < attack->layers->len; i++)
                if (g_array_index(attack->layers, AttackedFunction, i).reached == reached)
                        return true;
        return false;
}

static HazardVerdict verdict_of(const HazardAttack *attack)
{
        bool unknown = attack->least < 0 || attack->frs == 0 || attack->places->len == 0;

        if (has_reached(attack, REACHED_NO))
                return HAZARD_HELD;
        if (has_reached(attack, REACHED_UNKNOWN))
                return HAZARD_UNKNOWN;
        for (guint i = 0; i < attack->places->len; i++) {
                const HazardPlace *place = &g_array_index(attack->places, HazardPlace, i);

                if (attack->least >= 0 && place->below)
                        return HAZARD_BELOW;
                unknown |= place->unknown;
        }
        return unknown ? HAZARD_UNRATED : HAZARD_MET;
}

/* ---- its risk ---- */

/* Is there a live risk of the item that states an impact on safety? */
static bool is_rated(GraphView view, ItemNo item)
{
        g_autoptr(GArray) risks = items_linked(view, item, GRAPH_IN, ZW_LINK_ASSESSES, ZW_KIND_RISK);

        for (guint i = 0; i < risks->len; i++) {
                int64_t level;

                if (facts_get_level(graph_facts(view, g_array_index(risks, ItemNo, i)), ZW_ATTR_IMPACT,
                                    ZW_VALUE_IMPACT_SAFETY, &level))
                        return true;
        }
        return false;
}

/* ---- in words ---- */

static void layers_tell(GString *text, GraphView view, const HazardAttack *attack, Reached reached)
{
        bool any = false;

        for (guint i = 0; i < attack->layers->len; i++) {
                const AttackedFunction *layer = &g_array_index(attack->layers, AttackedFunction, i);

                if (layer->reached != reached)
                        continue;
                g_string_append_printf(text, "%s%s", any ? ", " : "", graph_key(view, layer->function));
                any = true;
        }
}

static void places_tell(GString *text, GraphView view, const HazardAttack *attack)
{
        for (guint i = 0; i < attack->places->len; i++) {
                const HazardPlace *place = &g_array_index(attack->places, HazardPlace, i);
                char vector[32];

                sl_vector_format(&place->target, vector);
                g_string_append_printf(text, "; SL-T(%s) = %s%s", graph_key(view, place->place), vector,
                                       place->below     ? " is below"
                                       : place->unknown ? " is not derived for all of them"
                                                        : " is enough");
        }
}

static void demand_tell(GString *text, GraphView view, const HazardAttack *attack)
{
        bool any = false;

        if (attack->least < 0) {
                g_string_append(text, "; the severity is unknown");
                return;
        }
        g_string_append_printf(text, "; demanded is SL-T %d or more for", attack->least);
        for (int fr = 1; fr <= ZW_FR_COUNT; fr++)
                if ((attack->frs >> fr & 1) != 0) {
                        g_string_append_printf(text, "%s %s", any ? "," : "", sl_fr_name(fr));
                        any = true;
                }
        if (!any)
                g_string_append(text, " no FR, since the scenario exercises none");
        places_tell(text, view, attack);
        g_string_append(text, "; or a layer that it does not reach");
}

char *hazard_attack_tell(GraphView view, const HazardAttack *attack)
{
        GString *text = g_string_new(NULL);

        g_string_append_printf(text, "%s leads to %s: layers %u, credits %u, standing %u",
                               graph_key(view, attack->threat), graph_key(view, attack->hazard),
                               attack->layers->len, attack->credits, attack->standing);
        if (attack->verdict == HAZARD_HELD) {
                g_string_append(text, "; not reached: ");
                layers_tell(text, view, attack, REACHED_NO);
        } else if (attack->verdict == HAZARD_UNKNOWN) {
                g_string_append(text, "; nobody can say whether it reaches ");
                layers_tell(text, view, attack, REACHED_UNKNOWN);
        } else {
                demand_tell(text, view, attack);
        }
        return g_string_free(text, FALSE);
}

/* ---- the whole ---- */

static void hazard_attack_free(gpointer data)
{
        HazardAttack *attack = data;

        attack_free(attack->reach);
        g_array_unref(attack->layers);
        g_array_unref(attack->shares);
        g_array_unref(attack->places);
        g_array_unref(attack->groups);
        g_free(attack);
}

static HazardAttack *hazard_attack_new(const Assess *assess, const AttackMap *map, ItemNo hazard,
                                       ItemNo threat)
{
        const GraphView view = assess_view(assess);
        HazardAttack *attack = g_new0(HazardAttack, 1);

        attack->hazard = hazard;
        attack->threat = threat;
        attack->reach = attack_find(map, threat);
        attack->layers = attack_functions(view, attack->reach, hazard);
        attack->shares = g_array_new(FALSE, FALSE, sizeof(LayerShare));
        g_array_set_clear_func(attack->shares, share_clear);
        attack->places = g_array_new(FALSE, FALSE, sizeof(HazardPlace));
        attack->groups = g_array_new(FALSE, FALSE, sizeof(guint));
        attack->least = least_of(view, hazard);
        attack->frs = threat_frs(view, threat);
        attack->rated = is_rated(view, threat) || is_rated(view, hazard);
        shares_find(view, attack);
        credits_count(attack);
        places_find(assess, attack);
        attack->verdict = verdict_of(attack);
        return attack;
}

GPtrArray *hazard_attacks(const Assess *assess, ItemNo hazard)
{
        const GraphView view = assess_view(assess);
        GPtrArray *attacks = g_ptr_array_new_with_free_func(hazard_attack_free);
        g_autoptr(AttackMap) map = attack_map_new(view);

        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                g_autoptr(GArray) threats = NULL;

                if (!graph_exists(view, item) || graph_kind(view, item) != ZW_KIND_HAZARD ||
                    !graph_is_live(view, item) || (hazard != ZW_ITEM_NONE && item != hazard))
                        continue;
                threats = items_linked(view, item, GRAPH_IN, ZW_LINK_LEADS_TO, ZW_KIND_THREAT);
                for (guint i = 0; i < threats->len; i++)
                        g_ptr_array_add(attacks, hazard_attack_new(assess, map, item,
                                                                   g_array_index(threats, ItemNo, i)));
        }
        return attacks;
}
