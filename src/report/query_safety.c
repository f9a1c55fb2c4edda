/* Safety and security: functions with what countermeasures add, interactions, conflicts, and hazards under attack. */
#include "analysis/anchor.h"
#include "report/query_internal.h"

#include <math.h>

static const Interactions *interactions_of(Query *query)
{
        QueryContext *context = query->context;

        if (context->interactions == NULL)
                context->interactions = interactions_find(context->view, context->now);
        return context->interactions;
}

/* ---- functions ---- */

enum {
        BALANCE_FUNCTION,
        BALANCE_VERDICT,
        BALANCE_RESPONSE,
        BALANCE_RESPONSE_SUM,
        BALANCE_OWN,
        BALANCE_ADDED,
        BALANCE_LEFT,
        BALANCE_PROBABILITY,
        BALANCE_PROBABILITY_SUM,
        BALANCE_SIL_TARGET,
        BALANCE_SIL,
        BALANCE_LEVELS,
        BALANCE_ASSESS,
        BALANCE_NOTES,
        BALANCE_N
};

static const QueryField balance_fields[BALANCE_N] = {
        [BALANCE_FUNCTION] = { "function", CELL_ITEM },
        [BALANCE_VERDICT] = { "verdict", CELL_WORD },
        [BALANCE_RESPONSE] = { "response", CELL_WORD },
        [BALANCE_RESPONSE_SUM] = { "response_sum", CELL_TEXT },
        [BALANCE_OWN] = { "own", CELL_NUMBER },     /* these three in per cent of the budget */
        [BALANCE_ADDED] = { "added", CELL_NUMBER }, /* what countermeasures add */
        [BALANCE_LEFT] = { "left", CELL_NUMBER },
        [BALANCE_PROBABILITY] = { "probability", CELL_WORD },
        [BALANCE_PROBABILITY_SUM] = { "probability_sum", CELL_TEXT },
        [BALANCE_SIL_TARGET] = { "sil_target", CELL_LEVEL },
        [BALANCE_SIL] = { "sil", CELL_LEVEL },
        [BALANCE_LEVELS] = { "levels", CELL_TEXT }, /* SL-T of its places */
        [BALANCE_ASSESS] = { "assess", CELL_NUMBER },
        [BALANCE_NOTES] = { "notes", CELL_REASONS },
};

static void level_fill(Query *query, size_t field, int level)
{
        query->cells[field].number = level < 0 ? ZW_SL_UNKNOWN : level;
}

/* Without a budget none of them is known, and while something is that is added, neither is what is left. */
static void shares_fill(Query *query, const FunctionBalance *balance)
{
        const SafetyFunction *own = balance->own;
        const bool any = own != NULL && own->budget_ms > 0 && !isnan(own->response_ms),
                   all = any && balance->response != SAFETY_UNKNOWN;
        const double budget = any ? own->budget_ms : (double)NAN;

        if (any)
                fill_number(query, BALANCE_OWN, (gint64)lround(100 * own->response_ms / budget));
        else
                fill_unknown(query, BALANCE_OWN);
        if (!all) {
                fill_unknown(query, BALANCE_ADDED);
                fill_unknown(query, BALANCE_LEFT);
                return;
        }
        fill_number(query, BALANCE_ADDED, (gint64)lround(100 * balance->added_latency_ms / budget));
        fill_number(query, BALANCE_LEFT,
                    (gint64)lround(100 * fmax(0, budget - balance->response_ms) / budget));
}

/* `ZN-3 {2 2 3 1 2 1 3}; CD-2 {...}`; free it. */
static char *levels_tell(Query *query, ItemNo function)
{
        const GraphView view = query->context->view;
        g_autoptr(GArray) places = function_places(view, function);
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < places->len; i++) {
                const ItemNo place = g_array_index(places, ItemNo, i);
                const SlVector target = assess_target(query->context->assess, place);
                char vector[32];

                sl_vector_format(&target, vector);
                g_string_append_printf(text, "%s%s %s", i == 0 ? "" : "; ", graph_key(view, place), vector);
        }
        return g_string_free(text, FALSE);
}

static void notes_collect(const GPtrArray *notes, GArray *causes)
{
        for (guint i = 0; i < notes->len; i++) {
                const SafetyNote *note = g_ptr_array_index(notes, i);
                const Cause cause = { safety_note_kind_name(note->kind), note->item, note->text };

                if (note->kind == SAFETY_NOTE_MISSING || note->kind == SAFETY_NOTE_REFUSED)
                        g_array_append_val(causes, cause);
        }
}

static void causes_fill(Query *query, size_t field, GArray *causes, GPtrArray *list)
{
        for (guint i = 0; i < causes->len; i++)
                g_ptr_array_add(list, &g_array_index(causes, Cause, i));
        fill_list(query, field, list->pdata, list->len);
}

static bool balance_give(Query *query, const Interactions *all, const FunctionBalance *balance)
{
        const GraphView view = query->context->view;
        g_autofree char *response = NULL, *probability = NULL,
                        *levels = levels_tell(query, balance->function);
        g_autoptr(GArray) causes = g_array_new(FALSE, FALSE, sizeof(Cause));
        g_autoptr(GPtrArray) list = g_ptr_array_new();

        fill_clear(query);
        fill_item(query, BALANCE_FUNCTION, balance->function);
        fill_text(query, BALANCE_VERDICT, function_verdict_name(balance->verdict));
        fill_text(query, BALANCE_LEVELS, levels);
        fill_number(query, BALANCE_ASSESS, (gint64)balance->open);
        level_fill(query, BALANCE_SIL_TARGET, balance->own == NULL ? -1 : balance->own->sil_target);
        level_fill(query, BALANCE_SIL, balance->sil);
        shares_fill(query, balance);
        if (balance->own != NULL) {
                response = balance_response_tell(view, all, balance);
                probability = balance_probability_tell(view, all, balance);
                fill_text(query, BALANCE_RESPONSE, safety_verdict_name(balance->response));
                fill_text(query, BALANCE_RESPONSE_SUM, response);
                fill_text(query, BALANCE_PROBABILITY, safety_verdict_name(balance->probability));
                fill_text(query, BALANCE_PROBABILITY_SUM, probability);
                notes_collect(balance->own->notes, causes);
        }
        notes_collect(balance->notes, causes);
        causes_fill(query, BALANCE_NOTES, causes, list);
        return fill_emit(query);
}

static void balances_run(Query *query)
{
        const Interactions *all = interactions_of(query);

        for (guint i = 0; i < all->functions->len && !query->stopped; i++)
                (void)balance_give(query, all, &g_array_index(all->functions, FunctionBalance, i));
}

const QueryDef report_query_balances = { "balances", false, balance_fields, BALANCE_N, balances_run };

/* ---- interactions ---- */

enum {
        INTERACTION_FUNCTION,
        INTERACTION_MEASURE,
        INTERACTION_STATE,
        INTERACTION_PATH,
        INTERACTION_ASPECTS,
        INTERACTION_LATENCY,
        INTERACTION_PFD,
        INTERACTION_EFFECT,
        INTERACTION_CAUSES,
        INTERACTION_N
};

static const QueryField interaction_fields[INTERACTION_N] = {
        [INTERACTION_FUNCTION] = { "function", CELL_ITEM },
        [INTERACTION_MEASURE] = { "measure", CELL_ITEM },
        [INTERACTION_STATE] = { "state", CELL_WORD },
        [INTERACTION_PATH] = { "path", CELL_ITEMS },
        [INTERACTION_ASPECTS] = { "aspects", CELL_WORDS },
        [INTERACTION_LATENCY] = { "latency", CELL_TEXT },
        [INTERACTION_PFD] = { "pfd", CELL_TEXT },
        [INTERACTION_EFFECT] = { "effect", CELL_TEXT },
        [INTERACTION_CAUSES] = { "reopened_by", CELL_REASONS },
};

/* A figure as text in a buffer; nothing where it is not stated. */
static void figure_fill(Query *query, size_t field, double figure, char *text, size_t size)
{
        if (isnan(figure))
                return;
        g_ascii_formatd(text, (int)size, "%.10g", figure);
        fill_text(query, field, text);
}

static void aspects_collect(const Interaction *interaction, GPtrArray *aspects)
{
        const AttrDef *def = link_attr_find(ZW_LINK_AFFECTS, "aspects");

        for (size_t i = 0; i < def->n_values; i++)
                if ((interaction->aspects >> i & 1) != 0)
                        g_ptr_array_add(aspects, (gpointer)(uintptr_t)def->values[i]);
}

/* Why it is reopened; texts are kept by `texts`. */
static void reopening_collect(Query *query, const Interaction *interaction, GPtrArray *texts, GArray *causes)
{
        if (interaction->state == INTERACTION_REOPENED)
                (void)interaction_is_reopened(query->context->view, interaction, texts);
        for (guint i = 0; i < texts->len; i++) {
                const Cause cause = { "reopened", ZW_ITEM_NONE, g_ptr_array_index(texts, i) };

                g_array_append_val(causes, cause);
        }
}

static bool interaction_give(Query *query, const Interaction *interaction)
{
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free), list = g_ptr_array_new(),
                             aspects = g_ptr_array_new();
        g_autoptr(GArray) causes = g_array_new(FALSE, FALSE, sizeof(Cause));
        g_autofree char *effect = NULL;
        char latency[G_ASCII_DTOSTR_BUF_SIZE], pfd[G_ASCII_DTOSTR_BUF_SIZE];

        fill_clear(query);
        fill_item(query, INTERACTION_FUNCTION, interaction->function);
        fill_item(query, INTERACTION_MEASURE, interaction->measure);
        fill_text(query, INTERACTION_STATE, interaction_state_name(interaction->state));
        fill_list(query, INTERACTION_PATH, interaction->path, interaction->n);
        aspects_collect(interaction, aspects);
        fill_list(query, INTERACTION_ASPECTS, aspects->pdata, aspects->len);
        figure_fill(query, INTERACTION_LATENCY, interaction->added_latency_ms, latency, sizeof latency);
        figure_fill(query, INTERACTION_PFD, interaction->added_pfd, pfd, sizeof pfd);
        if (interaction->linked) {
                size_t n = 0;
                const char *text = facts_get_text(graph_link_facts(query->context->view, interaction->link),
                                                  ZW_ATTR_FAILURE_EFFECT, &n);

                effect = text == NULL ? NULL : g_strndup(text, n);
                fill_text(query, INTERACTION_EFFECT, effect);
        }
        reopening_collect(query, interaction, texts, causes);
        causes_fill(query, INTERACTION_CAUSES, causes, list);
        return fill_emit(query);
}

static void interactions_run(Query *query)
{
        const Interactions *all = interactions_of(query);

        for (guint i = 0; i < all->found->len && !query->stopped; i++)
                (void)interaction_give(query, &g_array_index(all->found, Interaction, i));
}

const QueryDef report_query_interactions = { "interactions", false, interaction_fields, INTERACTION_N,
                                             interactions_run };

/* ---- conflicts ---- */

enum { CONFLICT_KIND, CONFLICT_FUNCTION, CONFLICT_MEASURE, CONFLICT_TEXT, CONFLICT_N };

static const QueryField conflict_fields[CONFLICT_N] = {
        [CONFLICT_KIND] = { "kind", CELL_WORD },
        [CONFLICT_FUNCTION] = { "function", CELL_ITEM },
        [CONFLICT_MEASURE] = { "measure", CELL_ITEM },
        [CONFLICT_TEXT] = { "text", CELL_TEXT },
};

static void conflicts_run(Query *query)
{
        const Interactions *all = interactions_of(query);

        for (guint i = 0; i < all->conflicts->len && !query->stopped; i++) {
                const SafetyConflict *conflict = &g_array_index(all->conflicts, SafetyConflict, i);

                fill_clear(query);
                fill_text(query, CONFLICT_KIND, conflict_kind_name(conflict->kind));
                fill_item(query, CONFLICT_FUNCTION, conflict->function);
                fill_item(query, CONFLICT_MEASURE, conflict->measure);
                fill_text(query, CONFLICT_TEXT, conflict->text);
                (void)fill_emit(query);
        }
}

const QueryDef report_query_conflicts = { "conflicts", false, conflict_fields, CONFLICT_N, conflicts_run };

/* ---- hazards under attack ---- */

enum {
        ATTACK_HAZARD,
        ATTACK_THREAT,
        ATTACK_VERDICT,
        ATTACK_TEXT,
        ATTACK_CREDITS,
        ATTACK_STANDING,
        ATTACK_REACHED,
        ATTACK_UNREACHED,
        ATTACK_SHARED,
        ATTACK_RATED,
        ATTACK_N
};

static const QueryField attack_fields[ATTACK_N] = {
        [ATTACK_HAZARD] = { "hazard", CELL_ITEM },     [ATTACK_THREAT] = { "threat", CELL_ITEM },
        [ATTACK_VERDICT] = { "verdict", CELL_WORD },   [ATTACK_TEXT] = { "text", CELL_TEXT },
        [ATTACK_CREDITS] = { "credits", CELL_NUMBER }, [ATTACK_STANDING] = { "standing", CELL_NUMBER },
        [ATTACK_REACHED] = { "reached", CELL_ITEMS },  [ATTACK_UNREACHED] = { "unreached", CELL_ITEMS },
        [ATTACK_SHARED] = { "shared", CELL_REASONS },  [ATTACK_RATED] = { "rated", CELL_FLAG },
};

static void layers_collect(const HazardAttack *attack, Reached reached, GArray *layers)
{
        for (guint i = 0; i < attack->layers->len; i++) {
                const AttackedFunction *layer = &g_array_index(attack->layers, AttackedFunction, i);

                if (layer->reached == reached)
                        g_array_append_val(layers, layer->function);
        }
}

/* `SF-1 and SF-3 share AS-17`; texts are kept by `texts`. */
static void sharing_collect(GraphView view, const HazardAttack *attack, GPtrArray *texts, GArray *causes)
{
        for (guint i = 0; i < attack->shares->len; i++) {
                const LayerShare *share = &g_array_index(attack->shares, LayerShare, i);
                char *text = g_strdup_printf(
                        "%s and %s share %s",
                        graph_key(view, g_array_index(attack->layers, AttackedFunction, share->a).function),
                        graph_key(view, g_array_index(attack->layers, AttackedFunction, share->b).function),
                        share->item == ZW_ITEM_NONE ? share->network : graph_key(view, share->item));
                const Cause cause = { "shared", share->item, text };

                g_ptr_array_add(texts, text);
                g_array_append_val(causes, cause);
        }
}

static bool attack_give(Query *query, const HazardAttack *attack)
{
        const GraphView view = query->context->view;
        g_autofree char *text = hazard_attack_tell(view, attack);
        g_autoptr(GArray) reached = g_array_new(FALSE, FALSE, sizeof(ItemNo)),
                          unreached = g_array_new(FALSE, FALSE, sizeof(ItemNo)),
                          causes = g_array_new(FALSE, FALSE, sizeof(Cause));
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free), list = g_ptr_array_new();

        layers_collect(attack, REACHED_YES, reached);
        layers_collect(attack, REACHED_NO, unreached);
        sharing_collect(view, attack, texts, causes);
        fill_clear(query);
        fill_item(query, ATTACK_HAZARD, attack->hazard);
        fill_item(query, ATTACK_THREAT, attack->threat);
        fill_text(query, ATTACK_VERDICT, hazard_verdict_name(attack->verdict));
        fill_text(query, ATTACK_TEXT, text);
        fill_number(query, ATTACK_CREDITS, attack->credits);
        fill_number(query, ATTACK_STANDING, attack->standing);
        fill_list(query, ATTACK_REACHED, reached->data, reached->len);
        fill_list(query, ATTACK_UNREACHED, unreached->data, unreached->len);
        causes_fill(query, ATTACK_SHARED, causes, list);
        query->cells[ATTACK_RATED].number = attack->rated;
        return fill_emit(query);
}

const GPtrArray *context_attacks(QueryContext *context)
{
        if (context->attacks == NULL)
                context->attacks = hazard_attacks(context->assess, ZW_ITEM_NONE);
        return context->attacks;
}

static void attacks_run(Query *query)
{
        const GPtrArray *attacks = context_attacks(query->context);

        for (guint i = 0; i < attacks->len && !query->stopped; i++)
                (void)attack_give(query, g_ptr_array_index(attacks, i));
}

const QueryDef report_query_attacks = { "attacks", false, attack_fields, ATTACK_N, attacks_run };
