/* What countermeasures add to the response time and to the probability of failure of a function, and the conflicts. */
#include "analysis/interaction_internal.h"

#include <math.h>

const char *function_verdict_name(FunctionVerdict verdict)
{
        static const char *const names[] = { "acceptable", "open", "unknown", "conflict" };

        return names[verdict];
}

const char *conflict_kind_name(ConflictKind kind)
{
        static const char *const names[] = { "response", "probability", "not_acceptable", "hindered" };

        return names[kind];
}

static const Interaction *interaction_at(const Interactions *all, const FunctionBalance *balance, size_t i)
{
        return &g_array_index(all->found, Interaction, balance->first + i);
}

static bool is_settled(const Interaction *interaction)
{
        return interaction->state == INTERACTION_ACCEPTABLE ||
               interaction->state == INTERACTION_NOT_ACCEPTABLE;
}

/* ---- sums ---- */

/* Adds a figure that is asked for. One that is stated counts whatever the verdict, so that a sum above the limit is seen at
 * once; a sum below it settles nothing while it rests on what is missing or has to be judged again. */
static void figure_add(GraphView view, FunctionBalance *balance, const Interaction *interaction,
                       double figure, const char *rule, const char *what, double *sum)
{
        const char *measure = graph_key(view, interaction->measure);

        if (!isnan(figure))
                *sum += figure;
        else
                safety_note_add(balance->notes, SAFETY_NOTE_MISSING, rule, interaction->measure,
                                interaction->linked ? "%s: nobody said what %s it adds"
                                                    : "%s is not assessed: what %s it adds is unknown",
                                measure, what);
        if (!isnan(figure) && interaction->state == INTERACTION_REOPENED)
                safety_note_add(balance->notes, SAFETY_NOTE_MISSING, rule, interaction->measure,
                                "%s: the %s it adds has to be judged again", measure, what);
}

/* Is a figure of this rule missing? */
static bool is_missing(const FunctionBalance *balance, const char *rule)
{
        for (guint i = 0; i < balance->notes->len; i++)
                if (((const SafetyNote *)balance->notes->pdata[i])->rule == rule)
                        return true;
        return false;
}

static const char latency_missing[] = "latency_missing", pfd_missing[] = "pfd_missing";

static void figures_add(GraphView view, const Interactions *all, FunctionBalance *balance)
{
        for (size_t i = 0; i < balance->n; i++) {
                const Interaction *interaction = interaction_at(all, balance, i);

                if (interaction_needs_latency(interaction))
                        figure_add(view, balance, interaction, interaction->added_latency_ms, latency_missing,
                                   "latency", &balance->added_latency_ms);
                if (!interaction_needs_pfd(interaction))
                        continue;
                if (balance->own->low_demand)
                        figure_add(view, balance, interaction, interaction->added_pfd, pfd_missing,
                                   "probability of failure", &balance->added_pfd);
                else if (!interaction->linked || interaction->added_pfd != 0)
                        safety_note_add(balance->notes, SAFETY_NOTE_MISSING, pfd_missing,
                                        interaction->measure,
                                        "%s: what it adds to the dangerous failures per hour is unknown, and "
                                        "a probability on demand does not say it",
                                        graph_key(view, interaction->measure));
        }
}

/* Where the own figure is unknown, what is added is the least that the sum can be: enough to be over a limit, never to be within. */
static double least_of(double sum, double added)
{
        return isnan(sum) ? added : sum;
}

static void response_judge(FunctionBalance *balance)
{
        balance->response_ms = balance->own->response_ms + balance->added_latency_ms;
        balance->response = safety_response_verdict(balance->own, least_of(balance->response_ms,
                                                                           balance->added_latency_ms));
        if (balance->response == SAFETY_MET &&
            (isnan(balance->response_ms) || is_missing(balance, latency_missing)))
                balance->response = SAFETY_UNKNOWN;
}

static void probability_judge(FunctionBalance *balance)
{
        const SafetyFunction *own = balance->own;
        int best;

        balance->pfd = own->low_demand ? own->pfd + balance->added_pfd : own->pfh_per_h;
        balance->sil = safety_function_sil(own, balance->pfd);
        best = own->low_demand ? safety_function_sil(own, least_of(balance->pfd, balance->added_pfd))
                               : balance->sil;
        balance->probability = SAFETY_UNKNOWN;
        if (best < 0 || own->sil_target < 0)
                return;
        if (best < own->sil_target)
                balance->probability = SAFETY_NOT_MET;
        else if (balance->sil >= 0 && !is_missing(balance, pfd_missing))
                balance->probability = SAFETY_MET;
}

/* ---- the sums written out ---- */

/* ` + 40 ms CM-16`, of those whose figure is stated and asked for. */
static void terms_tell(GString *text, GraphView view, const Interactions *all, const FunctionBalance *balance,
                       bool latency)
{
        for (size_t i = 0; i < balance->n; i++) {
                const Interaction *interaction = interaction_at(all, balance, i);
                const double figure = latency ? interaction->added_latency_ms : interaction->added_pfd;

                if (!isnan(figure) &&
                    (latency ? interaction_needs_latency(interaction) : interaction_needs_pfd(interaction)))
                        g_string_append_printf(text, " + %.10g%s %s", figure, latency ? " ms" : "",
                                               graph_key(view, interaction->measure));
        }
}

static void number_tell(GString *text, double number, const char *unit)
{
        if (isnan(number))
                g_string_append_printf(text, "?%s", unit);
        else
                g_string_append_printf(text, "%.10g%s", number, unit);
}

static void sum_tell(GString *text, double sum, double added, const char *unit)
{
        if (isnan(sum) && added > 0)
                g_string_append(text, "at least ");
        number_tell(text, added > 0 ? least_of(sum, added) : sum, unit);
}

char *balance_response_tell(GraphView view, const Interactions *interactions, const FunctionBalance *balance)
{
        const SafetyFunction *own = balance->own;
        GString *text = g_string_new(NULL);

        number_tell(text, own->response_ms, " ms own");
        terms_tell(text, view, interactions, balance, true);
        g_string_append(text, " = ");
        sum_tell(text, balance->response_ms, balance->added_latency_ms,
                 isnan(own->budget_ms) && !isnan(own->budget_most_ms) ? " ms; budget at most "
                                                                      : " ms; budget ");
        number_tell(text, own->budget_most_ms, " ms = ");
        number_tell(text, own->process_safety_time_ms, " ms process safety time - ");
        number_tell(text, own->process_lag_ms, " ms process lag - ");
        number_tell(text, own->margin_ms, " ms margin");
        return g_string_free(text, FALSE);
}

char *balance_probability_tell(GraphView view, const Interactions *interactions,
                               const FunctionBalance *balance)
{
        const SafetyFunction *own = balance->own;
        GString *text = g_string_new(NULL);

        number_tell(text, own->low_demand ? own->pfd : own->pfh_per_h, own->low_demand ? " own" : "/h own");
        if (own->low_demand)
                terms_tell(text, view, interactions, balance, false);
        g_string_append(text, " = ");
        sum_tell(text, balance->pfd, balance->added_pfd, own->low_demand ? "; " : "/h; ");
        if (balance->sil < 0)
                g_string_append(text, "SIL unknown");
        else
                g_string_append_printf(text, "SIL %d", balance->sil);
        if (own->sil_target < 0)
                g_string_append(text, ", demanded is unknown");
        else
                g_string_append_printf(text, ", demanded is SIL %d", own->sil_target);
        return g_string_free(text, FALSE);
}

/* ---- conflicts ---- */

/* Takes the text. */
/* NOLINTNEXTLINE(readability-non-const-parameter) ; the conflict frees it */
static void conflict_add(Interactions *all, ConflictKind kind, ItemNo function, ItemNo measure, char *text)
{
        const SafetyConflict conflict = { kind, function, measure, text };

        g_array_append_val(all->conflicts, conflict);
}

/* Names of the values whose bit is set, with commas between. Free it. */
static char *values_tell(const AttrDef *def, uint32_t values)
{
        GString *text = g_string_new(NULL);

        for (size_t i = 0; i < def->n_values; i++)
                if ((values >> i & 1) != 0)
                        g_string_append_printf(text, "%s%s", text->len == 0 ? "" : ", ", def->values[i]);
        return g_string_free(text, FALSE);
}

static void hindered_add(GraphView view, Interactions *all, const Interaction *interaction)
{
        const KindId kind = graph_kind(view, interaction->function);
        uint32_t yes, no;
        g_autofree char *events = NULL;

        facts_get_answers(graph_facts(view, interaction->function), ZW_ATTR_KEEPS, &yes, &no);
        no &= interaction_events(interaction);
        if (no == 0 || interaction->state == INTERACTION_ACCEPTABLE)
                return;
        events = values_tell(attr_get(kind, ZW_ATTR_KEEPS), no);
        conflict_add(all, CONFLICT_HINDERED, interaction->function, interaction->measure,
                     g_strdup_printf("%s can bring about %s, through which %s does not go on",
                                     graph_key(view, interaction->measure), events,
                                     graph_key(view, interaction->function)));
}

static void conflicts_add(GraphView view, Interactions *all, const FunctionBalance *balance)
{
        if (balance->response == SAFETY_NOT_MET)
                conflict_add(all, CONFLICT_RESPONSE, balance->function, ZW_ITEM_NONE,
                             balance_response_tell(view, all, balance));
        if (balance->probability == SAFETY_NOT_MET)
                conflict_add(all, CONFLICT_PROBABILITY, balance->function, ZW_ITEM_NONE,
                             balance_probability_tell(view, all, balance));
        for (size_t i = 0; i < balance->n; i++) {
                const Interaction *interaction = interaction_at(all, balance, i);

                if (interaction->state == INTERACTION_NOT_ACCEPTABLE)
                        conflict_add(all, CONFLICT_NOT_ACCEPTABLE, balance->function, interaction->measure,
                                     g_strdup_printf("what %s does to %s is judged not acceptable",
                                                     graph_key(view, interaction->measure),
                                                     graph_key(view, balance->function)));
                hindered_add(view, all, interaction);
        }
}

static FunctionVerdict verdict_of(const FunctionBalance *balance, bool conflict)
{
        if (conflict)
                return FUNCTION_CONFLICT;
        if (balance->own != NULL &&
            (balance->response == SAFETY_UNKNOWN || balance->probability == SAFETY_UNKNOWN))
                return FUNCTION_UNKNOWN;
        return balance->open > 0 ? FUNCTION_OPEN : FUNCTION_ACCEPTABLE;
}

void balance_make(GraphView view, Instant now, Interactions *all, FunctionBalance *balance)
{
        const guint before = all->conflicts->len;

        balance->notes = safety_notes_new();
        balance->sil = -1;
        balance->response_ms = balance->pfd = NAN;
        for (size_t i = 0; i < balance->n; i++)
                balance->open += !is_settled(interaction_at(all, balance, i));
        if (graph_kind(view, balance->function) == ZW_KIND_SAFETY_FUNCTION) {
                balance->own = safety_function_find(view, balance->function, now);
                figures_add(view, all, balance);
                response_judge(balance);
                probability_judge(balance);
        }
        conflicts_add(view, all, balance);
        balance->verdict = verdict_of(balance, all->conflicts->len > before);
}
