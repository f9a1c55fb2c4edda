/* SL-T of a place from its risks, and what is stated beside it (docs/algorithms/sl-t.md). */
#include "analysis/target.h"

#include <string.h>

const char *target_basis_name(TargetBasis basis)
{
        return basis == TARGET_NONE
                       ? NULL
                       : ((const char *const[]){ "detailed", "initial", "policy", "override" })[basis];
}

const char *target_state_name(TargetState state)
{
        return ((const char *const[]){ "missing", "not_derived", "draft", "accepted",
                                       "under_review" })[state];
}

/* ---- from the risks ---- */

static void rated_free(gpointer data)
{
        rated_risk_free(data);
}

static int by_item(gconstpointer a, gconstpointer b)
{
        const RatedRisk *left = *(const RatedRisk *const *)a, *right = *(const RatedRisk *const *)b;

        return (left->risk > right->risk) - (left->risk < right->risk);
}

static void risks_collect(GraphView view, const RiskMethods *methods, Derivation *d)
{
        GraphIter iter = graph_iter(view, d->place, GRAPH_IN, LINK_MASK(ZW_LINK_WITHIN));
        GraphEdge edge;

        d->risks = g_ptr_array_new_with_free_func(rated_free);
        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other))
                        g_ptr_array_add(d->risks, risk_rate(view, methods, edge.other));
        g_ptr_array_sort(d->risks, by_item);
}

static bool exercises(const RatedRisk *risk, int fr)
{
        return (risk->frs >> fr & 1) != 0;
}

bool derivation_is_witness(const Derivation *derivation, const RatedRisk *risk, int fr)
{
        const int level = derivation->derived.e[fr - 1];

        return exercises(risk, fr) && level != ZW_SL_UNKNOWN && risk->level.sl == level;
}

/* The highest level of the risks that exercise the FR; unknown when one of them is, since nothing is smoothed over. */
static void entry_derive(Derivation *d, int fr)
{
        int highest = ZW_SL_UNKNOWN;
        bool unknown = false;

        for (guint i = 0; i < d->risks->len; i++) {
                const RatedRisk *risk = g_ptr_array_index(d->risks, i);

                if (!exercises(risk, fr))
                        continue;
                unknown = unknown || risk->level.sl < 0;
                highest = MAX(highest, risk->level.sl);
        }
        d->derived.e[fr - 1] = (int8_t)(unknown ? ZW_SL_UNKNOWN : highest);
        d->basis[fr - 1] = TARGET_NONE;
        for (guint i = 0; i < d->risks->len; i++) {
                const RatedRisk *risk = g_ptr_array_index(d->risks, i);

                if (derivation_is_witness(d, risk, fr) && d->basis[fr - 1] != TARGET_DETAILED)
                        d->basis[fr - 1] = risk->initial ? TARGET_INITIAL : TARGET_DETAILED;
        }
}

/* ---- what is stated ---- */

static TargetBasis basis_of_text(const char *text, size_t n)
{
        for (int i = 0; i < TARGET_NONE; i++) {
                const char *name = target_basis_name((TargetBasis)i);

                if (name != NULL && strlen(name) == n && memcmp(name, text, n) == 0)
                        return (TargetBasis)i;
        }
        return TARGET_NONE;
}

/* Seven bases, or one for all entries. */
TargetBasis target_stated_basis(GraphView view, ItemNo target, int fr)
{
        FactsIter iter = facts_iter(graph_facts(view, target), ZW_ATTR_BASIS);
        TargetBasis found = TARGET_NONE;
        const char *text;
        int at = 0;
        size_t n;

        while (facts_next_text(&iter, &text, &n)) {
                at++;
                if (at == 1 || at == fr)
                        found = basis_of_text(text, n);
        }
        return at == 1 || fr <= at ? found : TARGET_NONE;
}

static bool is_from_risks(TargetBasis basis)
{
        return basis == TARGET_DETAILED || basis == TARGET_INITIAL;
}

static bool is_justified(GraphView view, ItemNo target)
{
        GraphIter iter = graph_iter(view, target, GRAPH_IN, LINK_MASK(ZW_LINK_JUSTIFIES));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other))
                        return true;
        return false;
}

static bool states_derived(GraphView view, ItemNo target)
{
        for (int fr = 1; fr <= ZW_FR_COUNT; fr++)
                if (is_from_risks(target_stated_basis(view, target, fr)))
                        return true;
        return false;
}

/* Of the live targets of the place: the first that a risk justifies, else the first with an entry that is said to be
 * derived. Others (a policy, a raised entry) stand beside it. */
static void target_find(GraphView view, Derivation *d)
{
        GraphIter iter = graph_iter(view, d->place, GRAPH_IN, LINK_MASK(ZW_LINK_TARGETS));
        ItemNo justified = ZW_ITEM_NONE, derived = ZW_ITEM_NONE;
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                if (!graph_is_live(view, edge.other))
                        continue;
                if (is_justified(view, edge.other))
                        justified = MIN(justified, edge.other);
                else if (states_derived(view, edge.other))
                        derived = MIN(derived, edge.other);
        }
        d->target = justified != ZW_ITEM_NONE ? justified : derived;
        d->stated = sl_vector_unknown();
        if (d->target != ZW_ITEM_NONE)
                facts_get_vector(graph_facts(view, d->target), ZW_ATTR_VECTOR, &d->stated);
        for (int fr = 1; fr <= ZW_FR_COUNT; fr++)
                d->stated_basis[fr - 1] = d->target == ZW_ITEM_NONE
                                                  ? TARGET_NONE
                                                  : target_stated_basis(view, d->target, fr);
}

/* ---- under review ---- */

static void review_add(Derivation *d, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void review_add(Derivation *d, const char *format, ...)
{
        va_list args;

        va_start(args, format);
        g_ptr_array_add(d->review, g_strdup_vprintf(format, args));
        va_end(args);
}

static char *entry_text(int level)
{
        return level == ZW_SL_UNKNOWN ? g_strdup("-") : g_strdup_printf("%d", level);
}

/* An entry that does not follow from the risks is compared with what they gave when it was written. */
static void entry_review(GraphView view, Derivation *d, int fr)
{
        Facts facts = graph_facts(view, d->target);
        const int derived = d->derived.e[fr - 1];
        int then = d->stated.e[fr - 1];
        SlVector written;
        const char *what = "states";

        if (d->stated_basis[fr - 1] == TARGET_POLICY)
                return;
        if (d->stated_basis[fr - 1] == TARGET_OVERRIDE) {
                if (!facts_get_vector(facts, ZW_ATTR_DERIVED, &written))
                        return;
                then = written.e[fr - 1];
                what = "overrides";
        } else if (then == 0 && derived <= 0 && facts_has(facts, ZW_ATTR_ZERO_STATEMENT))
                return;
        if (then != derived) {
                g_autofree char *before = entry_text(then), *now = entry_text(derived);

                review_add(d, "%s: %s %s %s, the risks give %s", sl_fr_name(fr), graph_key(view, d->target),
                           what, before, now);
        }
}

static void links_review(GraphView view, Derivation *d)
{
        GraphIter iter = graph_iter(view, d->target, GRAPH_IN, LINK_MASK(ZW_LINK_JUSTIFIES));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                if (!graph_is_live(view, edge.other))
                        review_add(d, "%s, which justified it, is retired", graph_key(view, edge.other));
                else if (graph_link_is_suspect(view, edge.link))
                        review_add(d, "%s or the target changed since the link between them was judged",
                                   graph_key(view, edge.other));
        }
}

static void methods_review(GraphView view, Derivation *d)
{
        for (guint i = 0; i < d->risks->len; i++) {
                const RatedRisk *risk = g_ptr_array_index(d->risks, i);

                if (risk->newer != NULL && risk->frs != 0)
                        review_add(d, "%s was rated by %s, which %s replaced", graph_key(view, risk->risk),
                                   risk_method_name(risk->method), risk_method_name(risk->newer));
        }
}

static void state_decide(GraphView view, Derivation *d)
{
        bool any = false;

        for (int i = 0; i < ZW_FR_COUNT; i++)
                any = any || d->derived.e[i] != ZW_SL_UNKNOWN;
        if (d->target == ZW_ITEM_NONE) {
                d->state = any ? TARGET_MISSING : TARGET_EMPTY;
                return;
        }
        for (int fr = 1; fr <= ZW_FR_COUNT; fr++)
                entry_review(view, d, fr);
        links_review(view, d);
        methods_review(view, d);
        d->state = d->review->len > 0                   ? TARGET_UNDER_REVIEW
                   : graph_is_approved(view, d->target) ? TARGET_ACCEPTED
                                                        : TARGET_DRAFT;
}

/* ---- arithmetic ---- */

static void category_tell(GString *text, const char *name, const RatedRisk *risk,
                          const RiskCategory *category)
{
        if (category->risk < 0 || category->tolerable < 0)
                return;
        g_string_append_printf(text, "%s%s %d against %d", text->len == 0 ? "" : ", ", name, category->risk,
                               category->tolerable);
        if (risk->method != NULL && risk_method_kind(risk->method) == RISK_BY_REDUCTION &&
            category->tolerable > 0)
                g_string_append_printf(text, " (CRRF %d.%02d)", category->risk / category->tolerable,
                                       category->risk % category->tolerable * 100 / category->tolerable);
}

static void frs_tell(GString *text, FrSet frs)
{
        const char *before = "";

        for (int fr = 1; fr <= ZW_FR_COUNT; fr++)
                if ((frs >> fr & 1) != 0) {
                        g_string_append_printf(text, "%s%d", before, fr);
                        before = ", ";
                }
}

static void risk_tell(GString *all, GraphView view, const RatedRisk *risk)
{
        const AttrDef *def = attr_get(ZW_KIND_RISK, ZW_ATTR_IMPACT);
        g_autoptr(GString) text = g_string_new(NULL);

        for (int i = 0; i < ZW_RISK_CATEGORIES; i++)
                category_tell(text, def->values[i], risk, &risk->level.categories[i]);
        g_string_append_printf(all, "%s%s", all->len == 0 ? "" : " ", graph_key(view, risk->risk));
        if (risk->level.sl < 0) {
                g_string_append_printf(all, " is unknown: %s.", risk->level.unknown);
                return;
        }
        g_string_append_printf(all, " (%s: %s", risk_method_name(risk->method), text->str);
        if (risk->level.attacker >= 0)
                g_string_append_printf(all, "; the attacker asks for %d", risk->level.attacker);
        g_string_append_printf(all, ") gives %d for FR ", risk->level.sl);
        frs_tell(all, risk->frs);
        g_string_append_c(all, '.');
}

char *derivation_arithmetic(GraphView view, const Derivation *derivation)
{
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < derivation->risks->len; i++) {
                const RatedRisk *risk = g_ptr_array_index(derivation->risks, i);

                if (risk->frs != 0)
                        risk_tell(text, view, risk);
        }
        g_string_append(text, text->len == 0 ? "No risk of the place exercises an FR."
                                             : " The highest counts, entry by entry.");
        return g_string_free(text, FALSE);
}

/* ---- all of it ---- */

Derivation *target_derive(GraphView view, const RiskMethods *methods, ItemNo place)
{
        Derivation *d = g_new0(Derivation, 1);

        d->place = place;
        d->review = g_ptr_array_new_with_free_func(g_free);
        risks_collect(view, methods, d);
        for (int fr = 1; fr <= ZW_FR_COUNT; fr++)
                entry_derive(d, fr);
        target_find(view, d);
        state_decide(view, d);
        return d;
}

void derivation_free(Derivation *derivation)
{
        if (derivation == NULL)
                return;
        g_ptr_array_unref(derivation->risks);
        g_ptr_array_unref(derivation->review);
        g_free(derivation);
}
