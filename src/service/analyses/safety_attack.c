/* How far scenarios come, what of safety they defeat, and what that demands, as JSON (docs/algorithms/safety-security.md). */
#include "analysis/attack.h"
#include "service/analyses/safety_write.h"

typedef struct {
        JWrite *w;
        GraphView view;
} Telling;

static const char *key_or_null(GraphView view, ItemNo item)
{
        return item == ZW_ITEM_NONE ? NULL : graph_key(view, item);
}

static void path_write(const Telling *t, const Attack *attack, ItemNo place)
{
        g_autoptr(GArray) path = place == ZW_ITEM_NONE ? g_array_new(FALSE, FALSE, sizeof(ItemNo))
                                                       : attack_path(attack, place);

        items_write(t->w, t->view, "path", (const ItemNo *)(const void *)path->data, path->len);
}

static void function_write(const Telling *t, const Attack *attack, const AttackedFunction *function)
{
        int64_t sil;

        jwrite_object_begin(t->w);
        item_head_write(t->w, t->view, "function", function->function);
        jwrite_key_string(t->w, "kind", kind_def(graph_kind(t->view, function->function))->name);
        if (facts_get_int(graph_facts(t->view, function->function), ZW_ATTR_SIL_TARGET, &sil))
                jwrite_key_int(t->w, "sil_target", sil);
        else
                jwrite_key_null(t->w, "sil_target");
        jwrite_key_string(t->w, "reached", reached_name(function->reached));
        jwrite_key_string(t->w, "element", key_or_null(t->view, function->element));
        jwrite_key_string(t->w, "as", as_name(function->as));
        jwrite_key_string(t->w, "place", key_or_null(t->view, function->place));
        path_write(t, attack, function->reached == REACHED_YES ? function->place : ZW_ITEM_NONE);
        jwrite_object_end(t->w);
}

static void functions_write(const Telling *t, const Attack *attack, const char *name, const GArray *functions)
{
        jwrite_key(t->w, name);
        jwrite_array_begin(t->w);
        for (guint i = 0; i < functions->len; i++)
                function_write(t, attack, &g_array_index(functions, AttackedFunction, i));
        jwrite_array_end(t->w);
}

/* ---- scenarios ---- */

static void scenario_write(const Telling *t, const AttackMap *map, ItemNo threat)
{
        g_autoptr(Attack) attack = attack_find(map, threat);
        g_autoptr(GArray) functions = attack_functions(t->view, attack, ZW_ITEM_NONE);

        jwrite_object_begin(t->w);
        item_head_write(t->w, t->view, "threat", threat);
        jwrite_key(t->w, "places");
        jwrite_array_begin(t->w);
        for (guint i = 0; i < attack->places->len; i++) {
                const AttackedPlace *place = &g_array_index(attack->places, AttackedPlace, i);

                jwrite_object_begin(t->w);
                jwrite_key_string(t->w, "place", graph_key(t->view, place->place));
                jwrite_key_string(t->w, "way", way_kind_name(place->way));
                path_write(t, attack, place->place);
                jwrite_object_end(t->w);
        }
        jwrite_array_end(t->w);
        functions_write(t, attack, "functions", functions);
        jwrite_object_end(t->w);
}

/* Of a hazard, those that lead to it. */
static bool is_told(const Telling *t, ItemNo threat, ItemNo only)
{
        GraphIter iter;
        GraphEdge edge;

        if (only == ZW_ITEM_NONE || only == threat)
                return true;
        iter = graph_iter(t->view, threat, GRAPH_OUT, LINK_MASK(ZW_LINK_LEADS_TO));
        while (graph_next(&iter, &edge))
                if (edge.other == only)
                        return true;
        return false;
}

static void scenarios_write(const Telling *t, ItemNo only)
{
        g_autoptr(AttackMap) map = attack_map_new(t->view);

        jwrite_key(t->w, "scenarios");
        jwrite_array_begin(t->w);
        for (ItemNo item = 0; item < graph_item_count(t->view); item++)
                if (graph_exists(t->view, item) && graph_kind(t->view, item) == ZW_KIND_THREAT &&
                    graph_is_live(t->view, item) && is_told(t, item, only))
                        scenario_write(t, map, item);
        jwrite_array_end(t->w);
}

/* ---- hazards ---- */

static void shares_write(const Telling *t, const HazardAttack *attack)
{
        jwrite_key(t->w, "shares");
        jwrite_array_begin(t->w);
        for (guint i = 0; i < attack->shares->len; i++) {
                const LayerShare *share = &g_array_index(attack->shares, LayerShare, i);
                const ItemNo layers[] = {
                        g_array_index(attack->layers, AttackedFunction, share->a).function,
                        g_array_index(attack->layers, AttackedFunction, share->b).function,
                };

                jwrite_object_begin(t->w);
                items_write(t->w, t->view, "layers", layers, G_N_ELEMENTS(layers));
                jwrite_key_string(t->w, "item", key_or_null(t->view, share->item));
                jwrite_key_string(t->w, "network", share->network);
                jwrite_object_end(t->w);
        }
        jwrite_array_end(t->w);
}

static void hazard_places_write(const Telling *t, const HazardAttack *attack)
{
        jwrite_key(t->w, "places");
        jwrite_array_begin(t->w);
        for (guint i = 0; i < attack->places->len; i++) {
                const HazardPlace *place = &g_array_index(attack->places, HazardPlace, i);

                jwrite_object_begin(t->w);
                jwrite_key_string(t->w, "place", graph_key(t->view, place->place));
                jwrite_key(t->w, "target");
                sl_vector_write(&place->target, t->w);
                jwrite_key_bool(t->w, "below", place->below);
                jwrite_key_bool(t->w, "unknown", place->unknown);
                jwrite_object_end(t->w);
        }
        jwrite_array_end(t->w);
}

static void demand_write(const Telling *t, const HazardAttack *attack)
{
        jwrite_key_int(t->w, "credits", attack->credits);
        jwrite_key_int(t->w, "standing", attack->standing);
        jwrite_key(t->w, "least");
        if (attack->least < 0)
                jwrite_null(t->w);
        else
                jwrite_int(t->w, attack->least);
        jwrite_key(t->w, "frs");
        jwrite_array_begin(t->w);
        for (int fr = 1; fr <= ZW_FR_COUNT; fr++)
                if ((attack->frs >> fr & 1) != 0)
                        jwrite_int(t->w, fr);
        jwrite_array_end(t->w);
}

/* The credit that each layer belongs to, in their order. */
static void groups_write(const Telling *t, const HazardAttack *attack)
{
        jwrite_key(t->w, "groups");
        jwrite_array_begin(t->w);
        for (guint i = 0; i < attack->groups->len; i++)
                jwrite_int(t->w, g_array_index(attack->groups, guint, i));
        jwrite_array_end(t->w);
}

/* What it leads to, as far as somebody said. */
static void consequence_write(const Telling *t, ItemNo hazard)
{
        const Facts facts = graph_facts(t->view, hazard);
        size_t n = 0;
        const char *text = facts_get_text(facts, ZW_ATTR_CONSEQUENCE, &n);
        g_autofree char *consequence = text == NULL ? NULL : g_strndup(text, n);
        int64_t severity;

        jwrite_key_string(t->w, "consequence", consequence);
        jwrite_key(t->w, "severity");
        if (facts_get_int(facts, ZW_ATTR_SEVERITY, &severity))
                jwrite_int(t->w, severity);
        else
                jwrite_null(t->w);
}

static void hazard_write(const Telling *t, const HazardAttack *attack)
{
        g_autofree char *text = hazard_attack_tell(t->view, attack);

        jwrite_object_begin(t->w);
        item_head_write(t->w, t->view, "hazard", attack->hazard);
        consequence_write(t, attack->hazard);
        jwrite_key_string(t->w, "threat", graph_key(t->view, attack->threat));
        jwrite_key_string(t->w, "threat_title", graph_title(t->view, attack->threat));
        jwrite_key_string(t->w, "verdict", hazard_verdict_name(attack->verdict));
        jwrite_key_string(t->w, "text", text);
        demand_write(t, attack);
        jwrite_key_bool(t->w, "rated", attack->rated);
        functions_write(t, attack->reach, "layers", attack->layers);
        groups_write(t, attack);
        shares_write(t, attack);
        hazard_places_write(t, attack);
        jwrite_object_end(t->w);
}

bool usecase_safety_attack(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(GPtrArray) attacks = NULL;
        g_autoptr(Assess) assess = NULL;
        Telling t = { .w = w };
        bool of_hazard;
        ItemNo only;

        if (!graph_of_call(call, &pinned, error) ||
            !safety_subject(call, pinned.view, UINT64_C(1) << ZW_KIND_THREAT | UINT64_C(1) << ZW_KIND_HAZARD,
                            &only, error))
                return false;
        t.view = pinned.view;
        of_hazard = only != ZW_ITEM_NONE && graph_kind(t.view, only) == ZW_KIND_HAZARD;
        assess = assess_new(pinned.view, call->instant);
        attacks = hazard_attacks(assess, of_hazard ? only : ZW_ITEM_NONE);
        jwrite_object_begin(w);
        scenarios_write(&t, only);
        jwrite_key(w, "hazards");
        jwrite_array_begin(w);
        for (guint i = 0; i < attacks->len; i++) {
                const HazardAttack *attack = g_ptr_array_index(attacks, i);

                if (only == ZW_ITEM_NONE || of_hazard || attack->threat == only)
                        hazard_write(&t, attack);
        }
        jwrite_array_end(w);
        jwrite_object_end(w);
        return true;
}
