#include "service/analyses/what_if_safety.h"

#include "service/analyses/safety_write.h"

#include <string.h>

/* One side of the change. */
typedef struct {
        GraphView view;
        Interactions *all;
} Side;

static const FunctionBalance *balance_of(const Side *side, ItemNo function)
{
        for (guint i = 0; i < side->all->functions->len; i++) {
                const FunctionBalance *balance = &g_array_index(side->all->functions, FunctionBalance, i);

                if (balance->function == function)
                        return balance;
        }
        return NULL;
}

/* What it says, as text: what is the same on both sides is not told. Free it. */
static char *balance_tell(const Side *side, const FunctionBalance *balance)
{
        g_autofree char *response = NULL, *probability = NULL;

        if (balance == NULL)
                return NULL;
        if (balance->own != NULL) {
                response = balance_response_tell(side->view, side->all, balance);
                probability = balance_probability_tell(side->view, side->all, balance);
        }
        return g_strdup_printf("%s|%zu|%zu|%s|%s", function_verdict_name(balance->verdict), balance->n,
                               balance->open, response == NULL ? "" : response,
                               probability == NULL ? "" : probability);
}

static void side_write(JWrite *w, const char *name, const Side *side, const FunctionBalance *balance)
{
        jwrite_key(w, name);
        if (balance == NULL) {
                jwrite_null(w);
                return;
        }
        jwrite_object_begin(w);
        jwrite_key_string(w, "verdict", function_verdict_name(balance->verdict));
        jwrite_key_int(w, "open", (int64_t)balance->open);
        if (balance->own != NULL) {
                g_autofree char *response = balance_response_tell(side->view, side->all, balance);
                g_autofree char *probability = balance_probability_tell(side->view, side->all, balance);

                jwrite_key_string(w, "response", safety_verdict_name(balance->response));
                jwrite_key_string(w, "response_text", response);
                jwrite_key_string(w, "probability", safety_verdict_name(balance->probability));
                jwrite_key_string(w, "probability_text", probability);
        }
        jwrite_object_end(w);
}

static void balance_write(JWrite *w, const Side *old, const Side *new, ItemNo function)
{
        const FunctionBalance *before = balance_of(old, function), *after = balance_of(new, function);
        g_autofree char *was = balance_tell(old, before), *is = balance_tell(new, after);

        if (g_strcmp0(was, is) == 0)
                return;
        jwrite_object_begin(w);
        item_head_write(w, new->view, "function", function);
        side_write(w, "old", old, before);
        side_write(w, "new", new, after);
        jwrite_object_end(w);
}

static bool has_conflict(const Interactions *all, const SafetyConflict *conflict)
{
        for (guint i = 0; i < all->conflicts->len; i++) {
                const SafetyConflict *other = &g_array_index(all->conflicts, SafetyConflict, i);

                if (other->kind == conflict->kind && other->function == conflict->function &&
                    other->measure == conflict->measure && strcmp(other->text, conflict->text) == 0)
                        return true;
        }
        return false;
}

void what_if_safety_write(JWrite *w, GraphView old, GraphView new, Instant now)
{
        g_autoptr(Interactions) before = interactions_find(old, now), after = interactions_find(new, now);
        const Side was = { old, before }, is = { new, after };

        jwrite_key(w, "balances");
        jwrite_array_begin(w);
        for (ItemNo item = 0; item < graph_item_count(new); item++)
                if (graph_exists(new, item) && (graph_kind(new, item) == ZW_KIND_SAFETY_FUNCTION ||
                                                graph_kind(new, item) == ZW_KIND_ESSENTIAL_FUNCTION))
                        balance_write(w, &was, &is, item);
        jwrite_array_end(w);
        jwrite_key(w, "conflicts");
        jwrite_array_begin(w);
        for (guint i = 0; i < after->conflicts->len; i++) {
                const SafetyConflict *conflict = &g_array_index(after->conflicts, SafetyConflict, i);

                if (!has_conflict(before, conflict))
                        safety_conflict_write(w, new, conflict);
        }
        jwrite_array_end(w);
}
