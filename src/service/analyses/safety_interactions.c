/* What countermeasures do to safety and essential functions, as JSON (docs/algorithms/safety-security.md). */
#include "analysis/anchor.h"
#include "analysis/assess.h"
#include "service/analyses/safety_write.h"

typedef struct {
        JWrite *w;
        GraphView view;
        const Interactions *all;
        ItemNo only; /* a function or a countermeasure; ZW_ITEM_NONE: all of them */
} Telling;

static bool is_told(const Telling *t, const Interaction *interaction)
{
        return t->only == ZW_ITEM_NONE || t->only == interaction->function || t->only == interaction->measure;
}

static bool is_function_told(const Telling *t, const FunctionBalance *balance)
{
        if (t->only == ZW_ITEM_NONE || t->only == balance->function)
                return true;
        for (size_t i = 0; i < balance->n; i++)
                if (g_array_index(t->all->found, Interaction, balance->first + i).measure == t->only)
                        return true;
        return false;
}

/* ---- functions ---- */

static void response_write(const Telling *t, const FunctionBalance *balance)
{
        const SafetyFunction *own = balance->own;
        g_autofree char *text = balance_response_tell(t->view, t->all, balance);

        jwrite_key(t->w, "response");
        jwrite_object_begin(t->w);
        jwrite_key_string(t->w, "verdict", safety_verdict_name(balance->response));
        jwrite_key_number(t->w, "own_ms", own->response_ms);
        jwrite_key_number(t->w, "added_ms", balance->added_latency_ms);
        jwrite_key_number(t->w, "total_ms", balance->response_ms);
        jwrite_key_number(t->w, "budget_ms", own->budget_ms);
        jwrite_key_number(t->w, "process_safety_time_ms", own->process_safety_time_ms);
        jwrite_key_number(t->w, "process_lag_ms", own->process_lag_ms);
        jwrite_key_number(t->w, "margin_ms", own->margin_ms);
        jwrite_key_string(t->w, "text", text);
        jwrite_object_end(t->w);
}

static void probability_write(const Telling *t, const FunctionBalance *balance)
{
        const SafetyFunction *own = balance->own;
        g_autofree char *text = balance_probability_tell(t->view, t->all, balance);

        jwrite_key(t->w, "probability");
        jwrite_object_begin(t->w);
        jwrite_key_string(t->w, "verdict", safety_verdict_name(balance->probability));
        jwrite_key_string(t->w, "figure", own->low_demand ? "pfd" : "pfh_per_h");
        jwrite_key_number(t->w, "own", own->low_demand ? own->pfd : own->pfh_per_h);
        jwrite_key_number(t->w, "added", balance->added_pfd);
        jwrite_key_number(t->w, "total", balance->pfd);
        jwrite_key_level(t->w, "sil", balance->sil);
        jwrite_key_level(t->w, "sil_target", own->sil_target);
        jwrite_key_level(t->w, "sil_achieved", own->sil_achieved);
        jwrite_key_string(t->w, "text", text);
        jwrite_object_end(t->w);
}

/* SL-T of the places its elements are in, beside SIL: neither says anything of the other. */
static void places_write(const Telling *t, ItemNo function)
{
        g_autoptr(GArray) places = function_places(t->view, function);

        jwrite_key(t->w, "places");
        jwrite_array_begin(t->w);
        for (guint i = 0; i < places->len; i++) {
                const ItemNo place = g_array_index(places, ItemNo, i);
                const SlVector target = place_target(t->view, place);

                jwrite_object_begin(t->w);
                jwrite_key_string(t->w, "place", graph_key(t->view, place));
                jwrite_key(t->w, "target");
                sl_vector_write(&target, t->w);
                jwrite_object_end(t->w);
        }
        jwrite_array_end(t->w);
}

static void function_write(const Telling *t, const FunctionBalance *balance)
{
        jwrite_object_begin(t->w);
        item_head_write(t->w, t->view, "function", balance->function);
        jwrite_key_string(t->w, "kind", kind_def(graph_kind(t->view, balance->function))->name);
        jwrite_key_string(t->w, "verdict", function_verdict_name(balance->verdict));
        jwrite_key_int(t->w, "interactions", (int64_t)balance->n);
        jwrite_key_int(t->w, "open", (int64_t)balance->open);
        if (balance->own != NULL) {
                response_write(t, balance);
                probability_write(t, balance);
        } else {
                jwrite_key_null(t->w, "response");
                jwrite_key_null(t->w, "probability");
        }
        places_write(t, balance->function);
        safety_notes_write(t->w, t->view, balance->notes, balance->own == NULL ? NULL : balance->own->notes);
        jwrite_object_end(t->w);
}

/* ---- interactions ---- */

static void aspects_write(const Telling *t, uint32_t aspects)
{
        const AttrDef *def = link_attr_find(ZW_LINK_AFFECTS, "aspects");

        jwrite_key(t->w, "aspects");
        jwrite_array_begin(t->w);
        for (size_t i = 0; i < def->n_values; i++)
                if ((aspects >> i & 1) != 0)
                        jwrite_string(t->w, def->values[i]);
        jwrite_array_end(t->w);
}

static void causes_write(const Telling *t, const Interaction *interaction)
{
        g_autoptr(GPtrArray) causes = g_ptr_array_new_with_free_func(g_free);

        if (interaction->state == INTERACTION_REOPENED)
                (void)interaction_is_reopened(t->view, interaction, causes);
        jwrite_key(t->w, "causes");
        jwrite_array_begin(t->w);
        for (guint i = 0; i < causes->len; i++)
                jwrite_string(t->w, g_ptr_array_index(causes, i));
        jwrite_array_end(t->w);
}

static void effect_write(const Telling *t, const Interaction *interaction)
{
        size_t n = 0;
        const char *effect = interaction->linked
                                     ? facts_get_text(graph_link_facts(t->view, interaction->link),
                                                      ZW_ATTR_FAILURE_EFFECT, &n)
                                     : NULL;

        jwrite_key(t->w, "failure_effect");
        if (effect == NULL)
                jwrite_null(t->w);
        else
                jwrite_string_n(t->w, effect, n);
}

static void interaction_write(const Telling *t, const Interaction *interaction)
{
        jwrite_object_begin(t->w);
        item_head_write(t->w, t->view, "measure", interaction->measure);
        jwrite_key_string(t->w, "function", graph_key(t->view, interaction->function));
        jwrite_key_string(t->w, "state", interaction_state_name(interaction->state));
        jwrite_key_bool(t->w, "on_loop", interaction->on_loop);
        items_write(t->w, t->view, "path", interaction->path, interaction->n);
        aspects_write(t, interaction->aspects);
        jwrite_key_number(t->w, "added_latency_ms", interaction->added_latency_ms);
        jwrite_key_number(t->w, "added_pfd", interaction->added_pfd);
        effect_write(t, interaction);
        causes_write(t, interaction);
        jwrite_object_end(t->w);
}

/* ---- the answer ---- */

static void answer_write(const Telling *t)
{
        const Interactions *all = t->all;

        jwrite_object_begin(t->w);
        jwrite_key(t->w, "functions");
        jwrite_array_begin(t->w);
        for (guint i = 0; i < all->functions->len; i++) {
                const FunctionBalance *balance = &g_array_index(all->functions, FunctionBalance, i);

                if (is_function_told(t, balance))
                        function_write(t, balance);
        }
        jwrite_array_end(t->w);
        jwrite_key(t->w, "interactions");
        jwrite_array_begin(t->w);
        for (guint i = 0; i < all->found->len; i++)
                if (is_told(t, &g_array_index(all->found, Interaction, i)))
                        interaction_write(t, &g_array_index(all->found, Interaction, i));
        jwrite_array_end(t->w);
        jwrite_key(t->w, "conflicts");
        jwrite_array_begin(t->w);
        for (guint i = 0; i < all->conflicts->len; i++) {
                const SafetyConflict *conflict = &g_array_index(all->conflicts, SafetyConflict, i);

                if (t->only == ZW_ITEM_NONE || t->only == conflict->function || t->only == conflict->measure)
                        safety_conflict_write(t->w, t->view, conflict);
        }
        jwrite_array_end(t->w);
        items_write(t->w, t->view, "everywhere", (const ItemNo *)(const void *)all->everywhere->data,
                    all->everywhere->len);
        jwrite_object_end(t->w);
}

bool usecase_safety_interactions(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(Interactions) all = NULL;
        ItemNo only;

        if (!graph_of_call(call, &pinned, error) ||
            !safety_subject(call, pinned.view,
                            UINT64_C(1) << ZW_KIND_SAFETY_FUNCTION |
                                    UINT64_C(1) << ZW_KIND_ESSENTIAL_FUNCTION |
                                    UINT64_C(1) << ZW_KIND_COUNTERMEASURE,
                            &only, error))
                return false;
        all = interactions_find(pinned.view, call->instant);
        answer_write(&(Telling){ w, pinned.view, all, only });
        return true;
}
