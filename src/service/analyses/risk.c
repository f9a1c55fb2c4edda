/* Risks as their methods rate them. */
#include "service/analyses/risk.h"

#include <string.h>

void risk_frs_write(JWrite *w, FrSet frs)
{
        jwrite_array_begin(w);
        for (int fr = 1; fr <= ZW_FR_COUNT; fr++)
                if ((frs >> fr & 1) != 0)
                        jwrite_int(w, fr);
        jwrite_array_end(w);
}

static void text_write(JWrite *w, const char *key, Facts facts, AttrId attr)
{
        size_t n;
        const char *text = facts_get_text(facts, attr, &n);

        jwrite_key(w, key);
        if (text == NULL)
                jwrite_null(w);
        else
                jwrite_string_n(w, text, n);
}

static void enum_write(JWrite *w, const char *key, Facts facts, AttrId attr)
{
        const int value = facts_get_enum(facts, attr);

        jwrite_key_string(w, key, value < 0 ? NULL : attr_get(ZW_KIND_RISK, attr)->values[value]);
}

static void keys_write(JWrite *w, const char *key, GraphView view, ItemNo item, GraphSide side,
                       LinkTypeId type)
{
        GraphIter iter = graph_iter(view, item, side, LINK_MASK(type));
        GraphEdge edge;

        jwrite_key(w, key);
        jwrite_array_begin(w);
        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other))
                        jwrite_string(w, graph_key(view, edge.other));
        jwrite_array_end(w);
}

static void categories_write(JWrite *w, const RatedRisk *rated)
{
        const AttrDef *def = attr_get(ZW_KIND_RISK, ZW_ATTR_IMPACT);

        jwrite_key(w, "categories");
        jwrite_array_begin(w);
        for (int i = 0; i < ZW_RISK_CATEGORIES; i++) {
                const RiskCategory *category = &rated->level.categories[i];

                if (category->impact < 0)
                        continue;
                jwrite_object_begin(w);
                jwrite_key_string(w, "category", def->values[i]);
                jwrite_key_int(w, "impact", category->impact);
                jwrite_key_level(w, "risk", category->risk);
                jwrite_key_level(w, "tolerable", category->tolerable);
                jwrite_key_level(w, "sl", category->sl);
                jwrite_key_level(w, "residual", rated->residual[i]);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

static void countermeasures_write(JWrite *w, GraphView view, ItemNo risk)
{
        const AttrDef *def = attr_get(ZW_KIND_COUNTERMEASURE, ZW_ATTR_EFFECTIVENESS);
        GraphIter iter = graph_iter(view, risk, GRAPH_IN, LINK_MASK(ZW_LINK_MITIGATES));
        GraphEdge edge;

        jwrite_key(w, "countermeasures");
        jwrite_array_begin(w);
        while (graph_next(&iter, &edge)) {
                int value;

                if (!graph_is_live(view, edge.other))
                        continue;
                value = facts_get_enum(graph_facts(view, edge.other), ZW_ATTR_EFFECTIVENESS);
                jwrite_object_begin(w);
                jwrite_key_string(w, "key", graph_key(view, edge.other));
                jwrite_key_string(w, "title", graph_title(view, edge.other));
                jwrite_key_string(w, "effectiveness", value < 0 ? NULL : def->values[value]);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

/* Techniques of its threats that map to no row, where nobody said the FR. */
static void unmapped_write(JWrite *w, GraphView view, ItemNo risk)
{
        GraphIter iter = graph_iter(view, risk, GRAPH_OUT, LINK_MASK(ZW_LINK_ASSESSES));
        GraphEdge edge;

        jwrite_key(w, "unmapped");
        jwrite_array_begin(w);
        while (stated_frs(view, risk) == 0 && graph_next(&iter, &edge)) {
                g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

                if (!graph_is_live(view, edge.other) || stated_frs(view, edge.other) != 0)
                        continue;
                threat_proposed_frs(view, edge.other, names);
                for (guint i = 0; i < names->len; i++)
                        jwrite_string(w, g_ptr_array_index(names, i));
        }
        jwrite_array_end(w);
}

static void decision_write(JWrite *w, Facts facts)
{
        enum_write(w, "decision", facts, ZW_ATTR_DECISION);
        text_write(w, "decision_reason", facts, ZW_ATTR_DECISION_REASON);
        text_write(w, "decided_by", facts, ZW_ATTR_DECIDED_BY);
}

static void risk_write(JWrite *w, GraphView view, const RatedRisk *rated)
{
        Facts facts = graph_facts(view, rated->risk);
        const ItemNo place = graph_first(view, rated->risk, GRAPH_OUT, ZW_LINK_WITHIN);
        int64_t likelihood;

        jwrite_object_begin(w);
        jwrite_key_string(w, "key", graph_key(view, rated->risk));
        jwrite_key_string(w, "title", graph_title(view, rated->risk));
        jwrite_key_string(w, "state", state_def(graph_state(view, rated->risk))->name);
        jwrite_key_string(w, "stage", target_basis_name(rated->initial ? TARGET_INITIAL : TARGET_DETAILED));
        jwrite_key_string(w, "place", place == ZW_ITEM_NONE ? NULL : graph_key(view, place));
        keys_write(w, "assesses", view, rated->risk, GRAPH_OUT, ZW_LINK_ASSESSES);
        jwrite_key(w, "frs");
        risk_frs_write(w, rated->frs);
        jwrite_key(w, "proposed_frs");
        risk_frs_write(w, risk_proposed_frs(view, rated->risk));
        text_write(w, "frs_reason", facts, ZW_ATTR_FRS_REASON);
        unmapped_write(w, view, rated->risk);
        jwrite_key_level(w, "likelihood",
                         facts_get_int(facts, ZW_ATTR_LIKELIHOOD, &likelihood) ? (int)likelihood : -1);
        categories_write(w, rated);
        jwrite_key_level(w, "attacker", rated->level.attacker);
        jwrite_key_level(w, "sl", rated->level.sl);
        jwrite_key_string(w, "unknown", rated->level.unknown);
        jwrite_key_string(w, "method", rated->method == NULL ? NULL : risk_method_name(rated->method));
        jwrite_key_bool(w, "method_assumed", rated->assumed);
        jwrite_key_string(w, "newer", rated->newer == NULL ? NULL : risk_method_name(rated->newer));
        jwrite_key_bool(w, "suspect", rated->newer != NULL);
        countermeasures_write(w, view, rated->risk);
        jwrite_key_bool(w, "residual_above_tolerable", rated->residual_above);
        decision_write(w, facts);
        keys_write(w, "justifies", view, rated->risk, GRAPH_OUT, ZW_LINK_JUSTIFIES);
        jwrite_object_end(w);
}

/* Is the risk within the place that is asked for? */
static bool is_within(GraphView view, ItemNo risk, ItemNo place)
{
        return place == ZW_ITEM_NONE || graph_first(view, risk, GRAPH_OUT, ZW_LINK_WITHIN) == place;
}

bool usecase_risk_list(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(RiskMethods) methods = NULL;
        ItemNo place = ZW_ITEM_NONE;
        GraphView view;

        if (!graph_of_call(call, &pinned, error))
                return false;
        view = pinned.view;
        methods = risk_methods_of_call(call, error);
        if (methods == NULL ||
            (jread_get_string(call->input, "zone") != NULL && !call_item(call, view, "zone", &place, error)))
                return false;
        jwrite_array_begin(w);
        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                g_autoptr(RatedRisk) rated = NULL;

                if (!graph_exists(view, item) || graph_kind(view, item) != ZW_KIND_RISK ||
                    !graph_is_live(view, item) || !is_within(view, item, place))
                        continue;
                rated = risk_rate(view, methods, item);
                risk_write(w, view, rated);
        }
        jwrite_array_end(w);
        return true;
}

bool usecase_risk_show(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(RiskMethods) methods = NULL;
        g_autoptr(RatedRisk) rated = NULL;
        ItemNo item;

        if (!graph_of_call(call, &pinned, error) || !call_item(call, pinned.view, "key", &item, error))
                return false;
        if (graph_kind(pinned.view, item) != ZW_KIND_RISK) {
                error_set(error, ZW_ERR_USAGE, "/key", "%s is no risk", graph_key(pinned.view, item));
                return false;
        }
        methods = risk_methods_of_call(call, error);
        if (methods == NULL)
                return false;
        rated = risk_rate(pinned.view, methods, item);
        risk_write(w, pinned.view, rated);
        return true;
}
