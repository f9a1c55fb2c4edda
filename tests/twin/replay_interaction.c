/* What the program says of countermeasures and safety, and of attacks on it. */
#include "analysis/attack.h"
#include "analysis/interaction.h"
#include "replay.h"

#include <math.h>

static json_t *number_json(double number)
{
        return isnan(number) ? json_null() : json_sprintf("%.9g", number);
}

static json_t *keys_json(GraphView view, const ItemNo *items, size_t n)
{
        json_t *keys = json_array();

        for (size_t i = 0; i < n; i++)
                json_array_append_new(keys, json_string(graph_key(view, items[i])));
        return keys;
}

static json_t *interaction_json(GraphView view, const Interaction *interaction)
{
        return json_pack("{s:s, s:b, s:o}", "state", interaction_state_name(interaction->state), "on_loop",
                         (int)interaction->on_loop, "path",
                         keys_json(view, interaction->path, interaction->n));
}

static json_t *balance_json(GraphView view, const Interactions *all, const FunctionBalance *balance)
{
        json_t *interactions = json_object();

        for (size_t i = 0; i < balance->n; i++) {
                const Interaction *each = &g_array_index(all->found, Interaction, balance->first + i);

                json_object_set_new(interactions, graph_key(view, each->measure),
                                    interaction_json(view, each));
        }
        return json_pack("{s:s, s:o, s:o, s:s, s:s, s:i, s:i, s:o}", "verdict",
                         function_verdict_name(balance->verdict), "response_ms",
                         number_json(balance->response_ms), "pfd", number_json(balance->pfd), "response",
                         safety_verdict_name(balance->response), "probability",
                         safety_verdict_name(balance->probability), "sil", balance->sil, "open",
                         (int)balance->open, "interactions", interactions);
}

json_t *interactions_json(Assess *assess, const json_t *model G_GNUC_UNUSED)
{
        const GraphView view = assess_view(assess);
        g_autoptr(Interactions) all = interactions_find(view, 0);
        json_t *functions = json_object(), *conflicts = json_array();

        for (guint i = 0; i < all->functions->len; i++) {
                const FunctionBalance *balance = &g_array_index(all->functions, FunctionBalance, i);

                json_object_set_new(functions, graph_key(view, balance->function),
                                    balance_json(view, all, balance));
        }
        for (guint i = 0; i < all->conflicts->len; i++) {
                const SafetyConflict *conflict = &g_array_index(all->conflicts, SafetyConflict, i);

                json_array_append_new(conflicts, json_pack("[s, s, s?]", conflict_kind_name(conflict->kind),
                                                           graph_key(view, conflict->function),
                                                           conflict->measure == ZW_ITEM_NONE
                                                                   ? NULL
                                                                   : graph_key(view, conflict->measure)));
        }
        return json_pack("{s:o, s:o, s:o}", "functions", functions, "conflicts", conflicts, "everywhere",
                         keys_json(view, (const ItemNo *)(const void *)all->everywhere->data,
                                   all->everywhere->len));
}

static json_t *functions_json(GraphView view, const GArray *functions)
{
        json_t *answer = json_object();

        for (guint i = 0; i < functions->len; i++) {
                const AttackedFunction *each = &g_array_index(functions, AttackedFunction, i);

                json_object_set_new(answer, graph_key(view, each->function),
                                    json_string(reached_name(each->reached)));
        }
        return answer;
}

static json_t *hazards_json(Assess *assess)
{
        const GraphView view = assess_view(assess);
        g_autoptr(GPtrArray) attacks = hazard_attacks(assess, ZW_ITEM_NONE);
        json_t *answer = json_array();

        for (guint i = 0; i < attacks->len; i++) {
                const HazardAttack *attack = g_ptr_array_index(attacks, i);

                json_array_append_new(answer,
                                      json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:b, s:o}", "hazard",
                                                graph_key(view, attack->hazard), "threat",
                                                graph_key(view, attack->threat), "verdict",
                                                hazard_verdict_name(attack->verdict), "credits",
                                                (int)attack->credits, "standing", (int)attack->standing,
                                                "least", attack->least, "rated", (int)attack->rated, "layers",
                                                functions_json(view, attack->layers)));
        }
        return answer;
}

static json_t *scenario_json(GraphView view, const AttackMap *map, ItemNo threat)
{
        g_autoptr(Attack) attack = attack_find(map, threat);
        g_autoptr(GArray) functions = attack_functions(view, attack, ZW_ITEM_NONE);
        json_t *places = json_object();

        for (guint i = 0; i < attack->places->len; i++) {
                const ItemNo place = g_array_index(attack->places, AttackedPlace, i).place;
                g_autoptr(GArray) path = attack_path(attack, place);

                json_object_set_new(places, graph_key(view, place),
                                    keys_json(view, (const ItemNo *)(const void *)path->data, path->len));
        }
        return json_pack("{s:o, s:o}", "places", places, "functions", functions_json(view, functions));
}

json_t *attacks_json(Assess *assess, const json_t *model G_GNUC_UNUSED)
{
        const GraphView view = assess_view(assess);
        g_autoptr(AttackMap) map = attack_map_new(view);
        json_t *scenarios = json_object();

        for (ItemNo item = 0; item < graph_item_count(view); item++)
                if (graph_exists(view, item) && graph_kind(view, item) == ZW_KIND_THREAT &&
                    graph_is_live(view, item))
                        json_object_set_new(scenarios, graph_key(view, item), scenario_json(view, map, item));
        return json_pack("{s:o, s:o}", "scenarios", scenarios, "hazards", hazards_json(assess));
}
