/* The plan: needs of all places, the cheapest cover of them, the order of its steps and what each moves
 * (docs/algorithms/plan.md). */
#include "analysis/plan_internal.h"
#include "analysis/plan_solve.h"

typedef struct {
        const char *name;
        CostClass cost;
} ActionDef;

static const ActionDef action_defs[ZW_ACTION_KINDS] = {
        [ACTION_REQUIRE] = { "require", COST_SMALL },
        [ACTION_CONFIRM] = { "confirm", COST_SMALL },
        [ACTION_TEST] = { "test", COST_SMALL },
        [ACTION_NEW_TEST] = { "new_test", COST_MEDIUM },
        [ACTION_VERIFY] = { "verify", COST_MEDIUM },
        [ACTION_REPAIR] = { "repair", COST_MEDIUM },
        [ACTION_PATCH] = { "patch", COST_MEDIUM },
        [ACTION_CONFIGURE] = { "configure", COST_MEDIUM },
        [ACTION_COUNTERMEASURE] = { "countermeasure", COST_LARGE },
        [ACTION_MITIGATE] = { "mitigate", COST_LARGE },
};

const char *action_kind_name(ActionKind kind)
{
        return action_defs[kind].name;
}

CostClass action_cost(ActionKind kind)
{
        return action_defs[kind].cost;
}

const char *cost_class_name(CostClass cost)
{
        return cost == COST_SMALL ? "small" : cost == COST_MEDIUM ? "medium" : "large";
}

const char *need_kind_name(NeedKind kind)
{
        static const char *const names[] = { "no_requirement", "no_claim", "claim_open", "not_verified",
                                             "suspect",        "failed",   "broken",     "unknown" };

        return names[kind];
}

/* ---- the choice ---- */

static int action_compare(gconstpointer a, gconstpointer b, gpointer data)
{
        const GArray *actions = data;
        const PlanAction *left = &g_array_index(actions, PlanAction, *(const uint32_t *)a);
        const PlanAction *right = &g_array_index(actions, PlanAction, *(const uint32_t *)b);

        if (left->kind != right->kind)
                return left->kind < right->kind ? -1 : 1;
        if (left->item != right->item)
                return left->item < right->item ? -1 : 1;
        return left->row < right->row ? -1 : left->row > right->row;
}

/* In the order of preference, so that the position in it decides between covers of one cost. */
static void actions_sort(Plan *plan)
{
        const guint n = plan->actions->len;
        g_autoptr(GArray) order = g_array_sized_new(FALSE, FALSE, sizeof(uint32_t), n);
        GArray *sorted = g_array_sized_new(FALSE, FALSE, sizeof(PlanAction), n);
        g_autofree uint32_t *places = g_new(uint32_t, n + 1);

        for (uint32_t i = 0; i < n; i++)
                g_array_append_val(order, i);
        g_array_sort_with_data(order, action_compare, plan->actions);
        for (uint32_t i = 0; i < n; i++) {
                const uint32_t old = g_array_index(order, uint32_t, i);

                places[old] = i;
                g_array_append_val(sorted, g_array_index(plan->actions, PlanAction, old));
        }
        g_array_unref(plan->actions);
        plan->actions = sorted;
        for (guint need = 0; need < plan->needs->len; need++) {
                GArray *alternatives = g_array_index(plan->needs, PlanNeed, need).alternatives;

                for (guint i = 0; i < alternatives->len; i++)
                        g_array_index(alternatives, uint32_t,
                                      i) = places[g_array_index(alternatives, uint32_t, i)];
        }
}

static bool actions_choose(Plan *plan, GError **error)
{
        const size_t n = plan->actions->len;
        g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(CoverPair));
        g_autofree uint32_t *costs = g_new(uint32_t, n + 1);
        g_autofree bool *chosen = g_new(bool, n + 1);
        Cover cover = { .costs = costs, .n_actions = n, .n_needs = plan->needs->len };

        for (uint32_t i = 0; i < n; i++)
                costs[i] = action_cost(g_array_index(plan->actions, PlanAction, i).kind);
        for (uint32_t need = 0; need < plan->needs->len; need++) {
                const GArray *alternatives = g_array_index(plan->needs, PlanNeed, need).alternatives;

                for (guint i = 0; i < alternatives->len; i++)
                        g_array_append_val(pairs,
                                           ((CoverPair){ need, g_array_index(alternatives, uint32_t, i) }));
        }
        cover.pairs = (const CoverPair *)(const void *)pairs->data;
        cover.n_pairs = pairs->len;
        if (!cover_solve(&cover, chosen, error))
                return false;
        for (uint32_t i = 0; i < n; i++) {
                g_array_index(plan->actions, PlanAction, i).chosen = chosen[i];
                plan->cost += chosen[i] ? costs[i] : 0;
        }
        return true;
}

/* ---- the order ---- */

/* Requirements first, since claims answer them; then what meets most needs for its cost; then the order of preference. */
static int step_compare(gconstpointer a, gconstpointer b, gpointer data)
{
        const GArray *actions = data;
        const uint32_t one = ((const PlanStep *)a)->action, other = ((const PlanStep *)b)->action;
        const PlanAction *left = &g_array_index(actions, PlanAction, one);
        const PlanAction *right = &g_array_index(actions, PlanAction, other);
        const uint64_t much = (uint64_t)left->needs->len * action_cost(right->kind);
        const uint64_t more = (uint64_t)right->needs->len * action_cost(left->kind);

        if ((left->kind == ACTION_REQUIRE) != (right->kind == ACTION_REQUIRE))
                return left->kind == ACTION_REQUIRE ? -1 : 1;
        if (much != more)
                return much > more ? -1 : 1;
        return one < other ? -1 : one > other;
}

static void steps_order(Plan *plan)
{
        for (uint32_t i = 0; i < plan->actions->len; i++) {
                const PlanStep step = { i, NULL };

                if (g_array_index(plan->actions, PlanAction, i).chosen)
                        g_array_append_val(plan->steps, step);
        }
        g_array_sort_with_data(plan->steps, step_compare, plan->actions);
}

/* ---- what it moves ---- */

/* Needs that are left, by place and row. */
typedef struct {
        Plan *plan;
        GHashTable *indices;     /* place → its index in the plan */
        int (*left)[ZW_SR_ROWS]; /* by index of the place */
        bool *met;               /* by need */
} Ledger;

static int row_start(RowId row)
{
        int level = 1;

        while (level <= ZW_SL_MAX && !catalogue_demanded(row, level))
                level++;
        return level;
}

/* SL-A of one FR, SL-T at most: what stops it is a row with a need. */
static int8_t ledger_level(const Ledger *ledger, guint place, int fr)
{
        int8_t level = g_array_index(ledger->plan->places, PlanPlace, place).target.e[fr - 1];

        for (RowId row = 0; row < ZW_SR_ROWS; row++)
                if (catalogue_row(row)->fr == fr && ledger->left[place][row] > 0)
                        level = MIN(level, (int8_t)(row_start(row) - 1));
        return level;
}

static SlVector ledger_vector(const Ledger *ledger, guint place)
{
        SlVector vector;

        for (int fr = 1; fr <= ZW_FR_COUNT; fr++)
                vector.e[fr - 1] = ledger_level(ledger, place, fr);
        return vector;
}

static guint ledger_place(const Ledger *ledger, ItemNo place)
{
        return GPOINTER_TO_UINT(g_hash_table_lookup(ledger->indices, GUINT_TO_POINTER(place)));
}

static int gain_compare(gconstpointer a, gconstpointer b)
{
        const PlanGain *left = a, *right = b;

        if (left->place != right->place)
                return left->place < right->place ? -1 : 1;
        return left->fr - right->fr;
}

static PlanGain *gain_of(GArray *gains, const Ledger *ledger, ItemNo place, int fr)
{
        PlanGain gain = { .place = place, .fr = fr };

        for (guint i = 0; i < gains->len; i++) {
                PlanGain *known = &g_array_index(gains, PlanGain, i);

                if (known->place == place && known->fr == fr)
                        return known;
        }
        gain.from = ledger_level(ledger, ledger_place(ledger, place), fr);
        g_array_append_val(gains, gain);
        return &g_array_index(gains, PlanGain, gains->len - 1);
}

static void step_take(const Ledger *ledger, PlanStep *step)
{
        const PlanAction *action = &g_array_index(ledger->plan->actions, PlanAction, step->action);

        step->gains = g_array_new(FALSE, TRUE, sizeof(PlanGain));
        for (guint i = 0; i < action->needs->len; i++) {
                const uint32_t at = g_array_index(action->needs, uint32_t, i);
                const PlanNeed *need = &g_array_index(ledger->plan->needs, PlanNeed, at);
                PlanGain *gain;

                if (ledger->met[at])
                        continue;
                gain = gain_of(step->gains, ledger, need->place, catalogue_row(need->row)->fr);
                ledger->met[at] = true;
                gain->rows += --ledger->left[ledger_place(ledger, need->place)][need->row] == 0;
        }
        for (guint i = 0; i < step->gains->len; i++) {
                PlanGain *gain = &g_array_index(step->gains, PlanGain, i);

                gain->to = ledger_level(ledger, ledger_place(ledger, gain->place), gain->fr);
        }
        g_array_sort(step->gains, gain_compare);
}

static void gains_find(Plan *plan)
{
        g_autoptr(GHashTable) indices = g_hash_table_new(NULL, NULL);
        const guint n = plan->places->len;
        g_autofree int(*left)[ZW_SR_ROWS] = g_malloc0_n(n + 1, sizeof *left);
        g_autofree bool *met = g_new0(bool, plan->needs->len + 1);
        const Ledger ledger = { plan, indices, left, met };

        for (guint i = 0; i < n; i++)
                g_hash_table_insert(indices,
                                    GUINT_TO_POINTER(g_array_index(plan->places, PlanPlace, i).place),
                                    GUINT_TO_POINTER(i));
        for (guint i = 0; i < plan->needs->len; i++) {
                const PlanNeed *need = &g_array_index(plan->needs, PlanNeed, i);

                left[ledger_place(&ledger, need->place)][need->row]++;
        }
        for (guint i = 0; i < n; i++)
                g_array_index(plan->places, PlanPlace, i).before = ledger_vector(&ledger, i);
        for (guint i = 0; i < plan->steps->len; i++)
                step_take(&ledger, &g_array_index(plan->steps, PlanStep, i));
        for (guint i = 0; i < n; i++)
                g_array_index(plan->places, PlanPlace, i).after = ledger_vector(&ledger, i);
}

/* ---- the plan ---- */

static void need_clear(gpointer data)
{
        g_clear_pointer(&((PlanNeed *)data)->alternatives, g_array_unref);
}

static void step_clear(gpointer data)
{
        g_clear_pointer(&((PlanStep *)data)->gains, g_array_unref);
}

static Plan *plan_new(void)
{
        Plan *plan = g_new0(Plan, 1);

        plan->places = g_array_new(FALSE, FALSE, sizeof(PlanPlace));
        plan->needs = g_array_new(FALSE, FALSE, sizeof(PlanNeed));
        plan->actions = g_array_new(FALSE, FALSE, sizeof(PlanAction));
        plan->steps = g_array_new(FALSE, FALSE, sizeof(PlanStep));
        g_array_set_clear_func(plan->needs, need_clear);
        g_array_set_clear_func(plan->steps, step_clear);
        return plan;
}

void plan_free(Plan *plan)
{
        if (plan == NULL)
                return;
        for (guint i = 0; i < plan->actions->len; i++)
                g_array_unref(g_array_index(plan->actions, PlanAction, i).needs);
        g_array_unref(plan->places);
        g_array_unref(plan->needs);
        g_array_unref(plan->actions);
        g_array_unref(plan->steps);
        g_free(plan);
}

Plan *plan_make(Assess *assess, const ItemNo *places, size_t n_places, GError **error)
{
        g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
        g_autoptr(Plan) plan = plan_new();

        for (size_t i = 0; i < n_places; i++) {
                const PlanPlace place = { .place = places[i], .target = assess_target(assess, places[i]) };

                g_array_append_val(plan->places, place);
                plan_needs_add(plan, known, assess, &place);
                if (plan->needs->len > ZW_PLAN_NEEDS_MAX) {
                        error_set(error, ZW_ERR_LIMIT, "plan",
                                  "more than %d needs are too many for one plan; ask for one zone",
                                  ZW_PLAN_NEEDS_MAX);
                        return NULL;
                }
        }
        actions_sort(plan);
        if (!actions_choose(plan, error))
                return NULL;
        steps_order(plan);
        gains_find(plan);
        return g_steal_pointer(&plan);
}
