/* The cheapest plan that reaches SL-T, as JSON; each step with native operations that enter it as work to be done
 * (docs/algorithms/plan.md). */
#include "analysis/plan.h"
#include "service/feeds/feed_health.h"
#include "service/internal.h"

typedef struct {
        const char *text; /* what is done, with {item} and {row} */
        KindId kind;      /* of the item that its operations make */
        LinkTypeId link;  /* from that to the item of the action */
} ActionWords;

static const ActionWords action_words[ZW_ACTION_KINDS] = {
        [ACTION_REQUIRE] = { "state the required set of {item}", ZW_KIND_ACTION, ZW_LINK_CONCERNS },
        [ACTION_CONFIRM] = { "judge the suspect links of {item} again", ZW_KIND_ACTION, ZW_LINK_CONCERNS },
        [ACTION_TEST] = { "run {item} at the site", ZW_KIND_ACTION, ZW_LINK_CONCERNS },
        [ACTION_NEW_TEST] = { "write and run a test of {item}", ZW_KIND_TEST_CASE, ZW_LINK_VERIFIES },
        [ACTION_VERIFY] = { "approve and test {item}", ZW_KIND_ACTION, ZW_LINK_CONCERNS },
        [ACTION_REPAIR] = { "remove what makes {item} fail and repeat it", ZW_KIND_CHANGE, ZW_LINK_CONCERNS },
        [ACTION_PATCH] = { "apply the supplier's fixes to {item}", ZW_KIND_CHANGE, ZW_LINK_CONCERNS },
        [ACTION_CONFIGURE] = { "configure {item} so that it meets {row}, claim and test it", ZW_KIND_CHANGE,
                               ZW_LINK_CONCERNS },
        [ACTION_COUNTERMEASURE] = { "a new countermeasure for {row} at {item}, claimed and tested",
                                    ZW_KIND_COUNTERMEASURE, ZW_LINK_DEPLOYED_ON },
        [ACTION_MITIGATE] = { "a new countermeasure against {item}, tested", ZW_KIND_COUNTERMEASURE,
                              ZW_LINK_MITIGATES },
};

static const char *key_or_null(GraphView view, ItemNo item)
{
        return item == ZW_ITEM_NONE ? NULL : graph_key(view, item);
}

static const char *ref_or_null(RowId row)
{
        return row == ZW_ROW_NONE ? NULL : catalogue_row(row)->id;
}

/* Free it. */
static char *action_text(GraphView view, const PlanAction *action)
{
        GString *text = g_string_new(action_words[action->kind].text);

        if (action->row != ZW_ROW_NONE)
                g_string_replace(text, "{row}", catalogue_row(action->row)->id, 1);
        g_string_replace(text, "{item}", graph_key(view, action->item), 1);
        return g_string_free(text, FALSE);
}

static void action_members_write(JWrite *w, GraphView view, const PlanAction *action)
{
        g_autofree char *text = action_text(view, action);
        const CostClass cost = action_cost(action->kind);

        jwrite_key_string(w, "action", action_kind_name(action->kind));
        jwrite_key_string(w, "item", graph_key(view, action->item));
        jwrite_key_string(w, "ref", ref_or_null(action->row));
        jwrite_key_string(w, "text", text);
        jwrite_key_int(w, "cost", cost);
        jwrite_key_string(w, "cost_class", cost_class_name(cost));
}

static void need_write(JWrite *w, GraphView view, const PlanNeed *need)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "need", need_kind_name(need->kind));
        jwrite_key_string(w, "place", graph_key(view, need->place));
        jwrite_key_string(w, "ref", catalogue_row(need->row)->id);
        jwrite_key_string(w, "member", key_or_null(view, need->member));
        jwrite_key_string(w, "item", key_or_null(view, need->item));
        jwrite_object_end(w);
}

static void keys_write(JWrite *w, GraphView view, const char *name, const GArray *items)
{
        jwrite_key(w, name);
        jwrite_array_begin(w);
        for (guint i = 0; i < items->len; i++)
                jwrite_string(w, graph_key(view, g_array_index(items, ItemNo, i)));
        jwrite_array_end(w);
}

/* ---- a step ---- */

static void closes_write(JWrite *w, GraphView view, const Plan *plan, const PlanAction *action)
{
        jwrite_key(w, "closes");
        jwrite_array_begin(w);
        for (guint i = 0; i < action->needs->len; i++)
                need_write(w, view,
                           &g_array_index(plan->needs, PlanNeed, g_array_index(action->needs, uint32_t, i)));
        jwrite_array_end(w);
}

/* Actions that would meet one of its needs as well, in the order of preference. */
static void alternatives_write(JWrite *w, GraphView view, const Plan *plan, uint32_t chosen)
{
        const GArray *needs = g_array_index(plan->actions, PlanAction, chosen).needs;
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);

        g_hash_table_add(seen, GUINT_TO_POINTER(chosen));
        jwrite_key(w, "alternatives");
        jwrite_array_begin(w);
        for (guint i = 0; i < needs->len; i++) {
                const uint32_t need = g_array_index(needs, uint32_t, i);
                const GArray *others = g_array_index(plan->needs, PlanNeed, need).alternatives;

                for (guint k = 0; k < others->len; k++) {
                        const uint32_t other = g_array_index(others, uint32_t, k);

                        if (!g_hash_table_add(seen, GUINT_TO_POINTER(other)))
                                continue;
                        jwrite_object_begin(w);
                        action_members_write(w, view, &g_array_index(plan->actions, PlanAction, other));
                        jwrite_object_end(w);
                }
        }
        jwrite_array_end(w);
}

static void gains_write(JWrite *w, GraphView view, const PlanStep *step)
{
        jwrite_key(w, "gains");
        jwrite_array_begin(w);
        for (guint i = 0; i < step->gains->len; i++) {
                const PlanGain *gain = &g_array_index(step->gains, PlanGain, i);

                jwrite_object_begin(w);
                jwrite_key_string(w, "place", graph_key(view, gain->place));
                jwrite_key_int(w, "fr", gain->fr);
                jwrite_key_int(w, "rows", gain->rows);
                jwrite_key_int(w, "from", gain->from);
                jwrite_key_int(w, "to", gain->to);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

static void touches_write(JWrite *w, GraphView view, const PlanAction *action)
{
        g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        g_autoptr(GArray) functions = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        plan_touches(view, action, items, functions);
        keys_write(w, view, "touches", items);
        keys_write(w, view, "safety_functions", functions);
}

/* ---- as changes ---- */

static json_t *link_op(const char *source, LinkTypeId type, const char *to)
{
        return json_pack("{s:s, s:{s:[s, s]}, s:s, s:s}", "op", "link", "from", "source", "plan", source,
                         "type", link_type_def(type)->name, "to", to);
}

/* A draft with the work; its source makes the same step of a later plan the same item. */
static void ops_write(JWrite *w, GraphView view, const Plan *plan, const PlanAction *action)
{
        const ActionWords *words = &action_words[action->kind];
        const char *const key = graph_key(view, action->item), *const ref = ref_or_null(action->row);
        g_autofree char *text = action_text(view, action);
        g_autofree char *source = g_strjoin(" ", action_kind_name(action->kind), key, ref, NULL);
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        g_autoptr(Json) ops = json_pack("[{s:s, s:s, s:s, s:{s:s, s:s}}, o]", "op", "item", "kind",
                                        kind_def(words->kind)->name, "title", text, "source", "system",
                                        "plan", "id", source, link_op(source, words->link, key));

        for (guint i = 0; action->kind == ACTION_PATCH && i < action->needs->len; i++) {
                const uint32_t need = g_array_index(action->needs, uint32_t, i);
                const ItemNo finding = g_array_index(plan->needs, PlanNeed, need).item;

                if (g_hash_table_add(seen, GUINT_TO_POINTER(finding)))
                        json_array_append_new(ops,
                                              link_op(source, ZW_LINK_RESOLVES, graph_key(view, finding)));
        }
        jwrite_key_json(w, "ops", ops);
}

static void step_write(JWrite *w, GraphView view, const Plan *plan, const PlanStep *step)
{
        const PlanAction *action = &g_array_index(plan->actions, PlanAction, step->action);

        jwrite_object_begin(w);
        action_members_write(w, view, action);
        closes_write(w, view, plan, action);
        gains_write(w, view, step);
        touches_write(w, view, action);
        alternatives_write(w, view, plan, step->action);
        ops_write(w, view, plan, action);
        jwrite_object_end(w);
}

/* ---- the answer ---- */

static void places_write(JWrite *w, GraphView view, const Plan *plan)
{
        jwrite_key(w, "places");
        jwrite_array_begin(w);
        for (guint i = 0; i < plan->places->len; i++) {
                const PlanPlace *place = &g_array_index(plan->places, PlanPlace, i);

                jwrite_object_begin(w);
                jwrite_key_string(w, "place", graph_key(view, place->place));
                jwrite_key_string(w, "title", graph_title(view, place->place));
                jwrite_key(w, "target");
                sl_vector_write(&place->target, w);
                jwrite_key(w, "before");
                sl_vector_write(&place->before, w);
                jwrite_key(w, "after");
                sl_vector_write(&place->after, w);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

static void plan_write(JWrite *w, GraphView view, const Plan *plan)
{
        jwrite_key_int(w, "cost", (int64_t)plan->cost);
        jwrite_key_string(w, "costs",
                          "unknown: nothing states what an action costs; counted are classes by its kind, "
                          "small 1, medium 3, large 9");
        jwrite_key_int(w, "needs", plan->needs->len);
        places_write(w, view, plan);
        jwrite_key(w, "steps");
        jwrite_array_begin(w);
        for (guint i = 0; i < plan->steps->len; i++)
                step_write(w, view, plan, &g_array_index(plan->steps, PlanStep, i));
        jwrite_array_end(w);
        jwrite_key(w, "unmet");
        jwrite_array_begin(w);
        for (guint i = 0; i < plan->needs->len; i++) {
                const PlanNeed *need = &g_array_index(plan->needs, PlanNeed, i);

                if (need->alternatives->len == 0)
                        need_write(w, view, need);
        }
        jwrite_array_end(w);
}

bool usecase_plan(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        g_autoptr(FeedHealth) health = NULL; /* findings rest on the feeds */
        g_autoptr(Assess) assess = NULL;
        g_autoptr(Plan) plan = NULL;

        if (!graph_of_call(call, &pinned, error))
                return false;
        health = feed_health_load(call->service, call->instant, error);
        if (health == NULL)
                return false;
        assess = assess_new(pinned.view, call->instant);
        if (!places_of_call(call, assess, places, error))
                return false;
        plan = plan_make(assess, (const ItemNo *)(const void *)places->data, places->len, error);
        if (plan == NULL)
                return false;
        jwrite_object_begin(w);
        plan_write(w, pinned.view, plan);
        feed_health_key(health, w);
        jwrite_object_end(w);
        return true;
}
