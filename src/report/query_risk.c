/* Risks as their methods rate them, and how SL-T follows from them (analysis/target.h). */
#include "report/query_items.h"

#include "analysis/target.h"

#include <string.h>

/* ---- risks of one place ---- */

enum {
        RISKS_RISK,
        RISKS_SCENARIO,
        RISKS_FRS,
        RISKS_METHOD,
        RISKS_STAGE,
        RISKS_LIKELIHOOD,
        RISKS_UNMITIGATED,
        RISKS_TOLERABLE,
        RISKS_SL,
        RISKS_WHY,
        RISKS_MEASURES,
        RISKS_RESIDUAL,
        RISKS_ABOVE,
        RISKS_DECISION,
        RISKS_REASON,
        RISKS_BY,
        RISKS_N,
};

static const QueryField risks_fields[RISKS_N] = {
        [RISKS_RISK] = { "risk", CELL_STEP },
        [RISKS_SCENARIO] = { "scenario", CELL_STEPS },
        [RISKS_FRS] = { "frs", CELL_TEXT },
        [RISKS_METHOD] = { "method", CELL_TEXT },
        [RISKS_STAGE] = { "stage", CELL_WORD },
        [RISKS_LIKELIHOOD] = { "likelihood", CELL_TEXT },
        [RISKS_UNMITIGATED] = { "unmitigated", CELL_TEXT },
        [RISKS_TOLERABLE] = { "tolerable", CELL_TEXT },
        [RISKS_SL] = { "sl", CELL_LEVEL },
        [RISKS_WHY] = { "unknown_because", CELL_TEXT },
        [RISKS_MEASURES] = { "measures", CELL_STEPS },
        [RISKS_RESIDUAL] = { "residual", CELL_TEXT },
        [RISKS_ABOVE] = { "above", CELL_FLAG },
        [RISKS_DECISION] = { "decision", CELL_WORD },
        [RISKS_REASON] = { "reason", CELL_TEXT },
        [RISKS_BY] = { "decided_by", CELL_TEXT },
};

static const char *category_name(int category)
{
        return attr_get(ZW_KIND_RISK, ZW_ATTR_IMPACT)->values[category];
}

/* `safety 12, continuity 8`; a value of -1 is unknown. */
static char *ratings_text(const RatedRisk *rated, int (*value)(const RatedRisk *rated, int category))
{
        GString *text = g_string_new(NULL);

        for (int i = 0; i < ZW_RISK_CATEGORIES; i++) {
                int n = value(rated, i);

                if (rated->level.categories[i].impact < 0)
                        continue;
                g_string_append_printf(text, "%s%s ", text->len == 0 ? "" : ", ", category_name(i));
                if (n < 0)
                        g_string_append_c(text, '?');
                else
                        g_string_append_printf(text, "%d", n);
        }
        return g_string_free(text, FALSE);
}

static int unmitigated_of(const RatedRisk *rated, int category)
{
        return rated->level.categories[category].risk;
}

static int tolerable_of(const RatedRisk *rated, int category)
{
        return rated->level.categories[category].tolerable;
}

static int residual_of(const RatedRisk *rated, int category)
{
        return rated->residual[category];
}

static char *frs_text(FrSet frs)
{
        GString *text = g_string_new(NULL);

        for (int fr = 1; fr <= ZW_FR_COUNT; fr++)
                if ((frs >> fr & 1) != 0)
                        g_string_append_printf(text, "%s%s", text->len == 0 ? "" : ", ", sl_fr_name(fr));
        return g_string_free(text, FALSE);
}

/* The method that rated it, and whether another version has taken its place. */
static char *method_text(const RatedRisk *rated)
{
        if (rated->method == NULL)
                return g_strdup("unknown: no method has the name it states");
        if (rated->newer != NULL)
                return g_strdup_printf("%s, replaced by %s", risk_method_name(rated->method),
                                       risk_method_name(rated->newer));
        return g_strdup_printf("%s%s", risk_method_name(rated->method),
                               rated->assumed ? ", of the project: it names none" : "");
}

static void risk_row(Query *query, const RatedRisk *rated)
{
        const uint64_t scenarios = KIND_BIT(ZW_KIND_THREAT) | KIND_BIT(ZW_KIND_HAZARD);
        GraphView view = query->context->view;
        g_autoptr(GArray)
                scenario = chain_next(view, rated->risk, GRAPH_OUT, LINK_MASK(ZW_LINK_ASSESSES), scenarios);
        g_autoptr(GArray)
                measures = chain_next(view, rated->risk, GRAPH_IN, LINK_MASK(ZW_LINK_MITIGATES), UINT64_MAX);
        g_autofree char *frs = frs_text(rated->frs), *method = method_text(rated);
        g_autofree char *unmitigated = ratings_text(rated, unmitigated_of);
        g_autofree char *tolerable = ratings_text(rated, tolerable_of);
        g_autofree char *residual = ratings_text(rated, residual_of);
        g_autofree char *likelihood = attr_text(query, rated->risk, "likelihood");
        g_autofree char *reason = attr_text(query, rated->risk, "decision_reason");
        g_autofree char *by = attr_text(query, rated->risk, "decided_by");

        fill_clear(query);
        fill_step(query, RISKS_RISK, (CellStep){ rated->risk, rated->newer != NULL });
        fill_list(query, RISKS_SCENARIO, scenario->data, scenario->len);
        fill_text(query, RISKS_FRS, frs);
        fill_text(query, RISKS_METHOD, method);
        fill_text(query, RISKS_STAGE, rated->initial ? "initial" : "detailed");
        fill_text(query, RISKS_LIKELIHOOD, likelihood);
        fill_text(query, RISKS_UNMITIGATED, unmitigated);
        fill_text(query, RISKS_TOLERABLE, tolerable);
        fill_number(query, RISKS_SL, rated->level.sl < 0 ? ZW_SL_UNKNOWN : rated->level.sl);
        fill_text(query, RISKS_WHY, rated->level.unknown);
        fill_list(query, RISKS_MEASURES, measures->data, measures->len);
        fill_text(query, RISKS_RESIDUAL, residual);
        fill_number(query, RISKS_ABOVE, rated->residual_above);
        fill_enum(query, RISKS_DECISION, rated->risk, ZW_ATTR_DECISION);
        if (facts_get_enum(graph_facts(view, rated->risk), ZW_ATTR_DECISION) < 0)
                fill_text(query, RISKS_DECISION, "undecided");
        fill_text(query, RISKS_REASON, reason);
        fill_text(query, RISKS_BY, by);
        if (!query->stopped)
                (void)fill_emit(query);
}

static void risks_run(Query *query)
{
        g_autoptr(Derivation)
                derivation = target_derive(query->context->view, query->context->methods, query->place);

        for (guint i = 0; i < derivation->risks->len && !query->stopped; i++)
                risk_row(query, g_ptr_array_index(derivation->risks, i));
}

const QueryDef report_query_risks = { "place_risks", true, risks_fields, RISKS_N, risks_run };

/* ---- how the entries of one place follow ---- */

enum {
        DERIVED_FR,
        DERIVED_NAME,
        DERIVED_DERIVED,
        DERIVED_STATED,
        DERIVED_TARGET,
        DERIVED_BASIS,
        DERIVED_WITNESSES,
        DERIVED_DIFFERS,
        DERIVED_N,
};

static const QueryField derived_fields[DERIVED_N] = {
        [DERIVED_FR] = { "fr", CELL_NUMBER },
        [DERIVED_NAME] = { "fr_name", CELL_TEXT },
        [DERIVED_DERIVED] = { "derived", CELL_LEVEL },
        [DERIVED_STATED] = { "stated", CELL_LEVEL },
        [DERIVED_TARGET] = { "target", CELL_LEVEL },
        [DERIVED_BASIS] = { "basis", CELL_WORD },
        [DERIVED_WITNESSES] = { "witnesses", CELL_STEPS },
        [DERIVED_DIFFERS] = { "differs", CELL_WORD },
};

static GArray *witnesses_of(const Derivation *d, int fr)
{
        GArray *witnesses = g_array_new(FALSE, FALSE, sizeof(CellStep));

        for (guint i = 0; i < d->risks->len; i++) {
                const RatedRisk *risk = g_ptr_array_index(d->risks, i);
                CellStep step = { risk->risk, risk->newer != NULL };

                if (derivation_is_witness(d, risk, fr))
                        g_array_append_val(witnesses, step);
        }
        return witnesses;
}

/* What is stated and what the risks give now, side by side where they are not the same. */
static const char *difference_of(const Derivation *d, int i)
{
        int derived = d->derived.e[i], stated = d->stated.e[i];

        if (derived == stated)
                return NULL;
        if (d->stated_basis[i] == TARGET_OVERRIDE)
                return "overridden";
        return d->state == TARGET_UNDER_REVIEW ? "under_review" : "differs";
}

static void derived_run(Query *query)
{
        GraphView view = query->context->view;
        g_autoptr(Derivation) d = target_derive(view, query->context->methods, query->place);
        SlVector target = assess_target(query->context->assess, query->place);

        for (int i = 0; i < ZW_FR_COUNT && !query->stopped; i++) {
                g_autoptr(GArray) witnesses = witnesses_of(d, i + 1);
                TargetBasis basis = d->target == ZW_ITEM_NONE ? d->basis[i] : d->stated_basis[i];

                fill_clear(query);
                fill_number(query, DERIVED_FR, i + 1);
                fill_text(query, DERIVED_NAME, sl_fr_name(i + 1));
                fill_number(query, DERIVED_DERIVED, d->derived.e[i]);
                fill_number(query, DERIVED_STATED,
                            d->target == ZW_ITEM_NONE ? ZW_SL_UNKNOWN : d->stated.e[i]);
                fill_number(query, DERIVED_TARGET, target.e[i]);
                fill_text(query, DERIVED_BASIS, target_basis_name(basis));
                fill_list(query, DERIVED_WITNESSES, witnesses->data, witnesses->len);
                fill_text(query, DERIVED_DIFFERS, d->target == ZW_ITEM_NONE ? NULL : difference_of(d, i));
                (void)fill_emit(query);
        }
}

const QueryDef report_query_derived = { "place_derivation", true, derived_fields, DERIVED_N, derived_run };

/* ---- the SL-T of every place ---- */

enum {
        TARGETS_PLACE,
        TARGETS_ITEM,
        TARGETS_STATE,
        TARGETS_TARGET,
        TARGETS_DERIVED,
        TARGETS_STATED,
        TARGETS_METHODS,
        TARGETS_ARITHMETIC,
        TARGETS_REVIEW,
        TARGETS_OVERRIDE,
        TARGETS_RESIDUAL,
        TARGETS_RISKS,
        TARGETS_N,
};

static const QueryField targets_fields[TARGETS_N] = {
        [TARGETS_PLACE] = { "place", CELL_ITEM },
        [TARGETS_ITEM] = { "sl_target", CELL_STEP },
        [TARGETS_STATE] = { "derivation", CELL_WORD },
        [TARGETS_TARGET] = { "target", CELL_VECTOR },
        [TARGETS_DERIVED] = { "derived", CELL_VECTOR },
        [TARGETS_STATED] = { "stated", CELL_VECTOR },
        [TARGETS_METHODS] = { "methods", CELL_TEXT },
        [TARGETS_ARITHMETIC] = { "arithmetic", CELL_TEXT },
        [TARGETS_REVIEW] = { "review", CELL_TEXT },
        [TARGETS_OVERRIDE] = { "override_reason", CELL_TEXT },
        [TARGETS_RESIDUAL] = { "residual_risk", CELL_TEXT },
        [TARGETS_RISKS] = { "risks", CELL_NUMBER },
};

static char *lines_join(const GPtrArray *lines)
{
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < lines->len; i++)
                g_string_append_printf(text, "%s%s", i == 0 ? "" : "; ",
                                       (const char *)g_ptr_array_index(lines, i));
        return g_string_free(text, FALSE);
}

/* Each version that rated a risk of the place, once, in the order of the risks. */
static char *methods_of(const Derivation *d)
{
        g_autoptr(GPtrArray) names = g_ptr_array_new();

        for (guint i = 0; i < d->risks->len; i++) {
                const RatedRisk *risk = g_ptr_array_index(d->risks, i);
                char *name = (char *)(uintptr_t)(risk->method == NULL ? "unknown"
                                                                      : risk_method_name(risk->method));

                if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
                        g_ptr_array_add(names, name);
        }
        return lines_join(names);
}

static void target_row(Query *query, ItemNo place)
{
        GraphView view = query->context->view;
        g_autoptr(Derivation) d = target_derive(view, query->context->methods, place);
        SlVector target = assess_target(query->context->assess, place);
        g_autofree char *methods = methods_of(d), *arithmetic = derivation_arithmetic(view, d);
        g_autofree char *review = lines_join(d->review), *override = NULL, *residual = NULL;

        if (d->target != ZW_ITEM_NONE) {
                override = attr_text(query, d->target, "override_reason");
                residual = attr_text(query, d->target, "residual_risk");
        }
        fill_clear(query);
        fill_item(query, TARGETS_PLACE, place);
        fill_step(query, TARGETS_ITEM, (CellStep){ d->target, d->state == TARGET_UNDER_REVIEW });
        fill_text(query, TARGETS_STATE, target_state_name(d->state));
        fill_vector(query, TARGETS_TARGET, &target);
        fill_vector(query, TARGETS_DERIVED, &d->derived);
        fill_vector(query, TARGETS_STATED, &d->stated);
        if (d->target == ZW_ITEM_NONE)
                fill_unknown(query, TARGETS_STATED);
        fill_text(query, TARGETS_METHODS, methods);
        fill_text(query, TARGETS_ARITHMETIC, arithmetic);
        fill_text(query, TARGETS_REVIEW, review);
        fill_text(query, TARGETS_OVERRIDE, override);
        fill_text(query, TARGETS_RESIDUAL, residual);
        fill_number(query, TARGETS_RISKS, d->risks->len);
        if (!query->stopped)
                (void)fill_emit(query);
}

static void targets_run(Query *query)
{
        const GArray *places = context_summaries(query->context);

        for (guint i = 0; i < places->len && !query->stopped; i++)
                target_row(query, g_array_index(places, PlaceSummary, i).place);
}

const QueryDef report_query_targets = { "targets", false, targets_fields, TARGETS_N, targets_run };
