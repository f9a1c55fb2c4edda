/* Open findings of the scope: by foundational requirement, by what they are concentrated on, and what compensates them. */
#include "analysis/exposure.h"
#include "report/query_items.h"

#include <string.h>

/* Open findings of the scope, by number (GArray of ItemNo). */
static GArray *open_findings(const QueryContext *context)
{
        GraphView view = context->view;
        GArray *open = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        for (ItemNo item = 0; item < graph_item_count(view); item++)
                if (graph_exists(view, item) && graph_kind(view, item) == ZW_KIND_FINDING &&
                    finding_state_is_open(graph_state(view, item)) &&
                    scope_has_finding(view, context->scope, item))
                        g_array_append_val(open, item);
        return open;
}

static bool is_severe(GraphView view, ItemNo finding)
{
        int severity = facts_get_enum(graph_facts(view, finding), ZW_ATTR_SEVERITY);

        return severity == ZW_VALUE_SEVERITY_CRITICAL || severity == ZW_VALUE_SEVERITY_HIGH;
}

static bool is_exploited(GraphView view, ItemNo finding)
{
        return facts_get_bool(graph_facts(view, finding), ZW_ATTR_KEV);
}

/* Live assets of the scope that the finding is about. */
static GArray *assets_here(const QueryContext *context, ItemNo finding)
{
        GArray *assets = finding_assets(context->view, finding);

        for (guint i = assets->len; i-- > 0;)
                if (!scope_has_asset(context->view, context->scope, g_array_index(assets, ItemNo, i)))
                        g_array_remove_index(assets, i);
        return assets;
}

/* ---- frs ---- */

enum {
        FRS_FR,
        FRS_NAME,
        FRS_BREAKING,
        FRS_SHARE,
        FRS_PROPOSED,
        FRS_ROWS,
        FRS_ASSETS,
        FRS_PLACES,
        FRS_LOWERED,
        FRS_BELOW,
        FRS_MISSING,
        FRS_N
};

static const QueryField frs_fields[FRS_N] = {
        [FRS_FR] = { "fr", CELL_NUMBER },
        [FRS_NAME] = { "fr_name", CELL_TEXT },
        [FRS_BREAKING] = { "breaking", CELL_NUMBER },
        [FRS_SHARE] = { "share", CELL_SHARE },        /* of the open findings */
        [FRS_PROPOSED] = { "proposed", CELL_NUMBER }, /* and not confirmed */
        [FRS_ROWS] = { "rows", CELL_REFS },
        [FRS_ASSETS] = { "assets", CELL_NUMBER },
        [FRS_PLACES] = { "places", CELL_NUMBER },
        [FRS_LOWERED] = { "lowered", CELL_NUMBER }, /* places where findings lower the entry */
        [FRS_BELOW] = { "below", CELL_NUMBER },     /* places where SL-A is below SL-T, or unknown */
        [FRS_MISSING] = { "missing", CELL_NUMBER }, /* levels, over these places */
};

/* What open findings do to one FR. */
typedef struct {
        gint64 breaking, proposed;
        bool rows[ZW_SR_ROWS];
        GHashTable *assets;
} FrExposure;

static bool names_fr(GraphView view, ItemNo finding, AttrId attr, int fr, bool *rows)
{
        FactsIter iter = facts_iter(graph_facts(view, finding), attr);
        bool any = false;
        RowId row;

        while (facts_next_row(&iter, &row))
                if (row < ZW_SR_ROWS && catalogue_row(row)->fr == fr) {
                        any = true;
                        if (rows != NULL)
                                rows[row] = true;
                }
        return any;
}

static void exposure_add(const QueryContext *context, ItemNo finding, int fr, FrExposure *exposure)
{
        g_autoptr(GArray) assets = NULL;

        if (!names_fr(context->view, finding, ZW_ATTR_BROKEN, fr, exposure->rows)) {
                exposure->proposed += names_fr(context->view, finding, ZW_ATTR_PROPOSED, fr, NULL);
                return;
        }
        exposure->breaking++;
        assets = assets_here(context, finding);
        for (guint i = 0; i < assets->len; i++)
                g_hash_table_add(exposure->assets, GUINT_TO_POINTER(g_array_index(assets, ItemNo, i) + 1));
}

/* Unknown counts as the whole of SL-T, as in the query `next`. */
static void places_count(Query *query, int fr)
{
        const GArray *places = context_summaries(query->context);

        for (guint i = 0; i < places->len; i++) {
                const PlaceSummary *place = &g_array_index(places, PlaceSummary, i);
                int reached = place->verified.e[fr - 1], with = place->verified_with_findings.e[fr - 1],
                    target = place->target.e[fr - 1];
                int missing = target - (reached == ZW_SL_UNKNOWN ? 0 : reached);
                bool broken = false;

                for (RowId row = 0; row < ZW_SR_ROWS; row++)
                        broken |= place->broken[row] && catalogue_row(row)->fr == fr;
                query->cells[FRS_PLACES].number += broken;
                query->cells[FRS_LOWERED].number += with < reached;
                query->cells[FRS_BELOW].number += missing > 0;
                query->cells[FRS_MISSING].number += MAX(missing, 0);
        }
}

static void frs_row(Query *query, const GArray *open, int fr)
{
        FrExposure exposure = { .assets = g_hash_table_new(NULL, NULL) };
        g_autoptr(GPtrArray) refs = g_ptr_array_new();

        for (guint i = 0; i < open->len; i++)
                exposure_add(query->context, g_array_index(open, ItemNo, i), fr, &exposure);
        for (RowId row = 0; row < ZW_SR_ROWS; row++)
                if (exposure.rows[row])
                        g_ptr_array_add(refs, (gpointer)(uintptr_t)catalogue_row(row)->id);
        fill_clear(query);
        fill_number(query, FRS_FR, fr);
        fill_text(query, FRS_NAME, sl_fr_name(fr));
        fill_number(query, FRS_BREAKING, exposure.breaking);
        fill_share(query, FRS_SHARE, exposure.breaking, open->len);
        fill_number(query, FRS_PROPOSED, exposure.proposed);
        fill_list(query, FRS_ROWS, refs->pdata, refs->len);
        fill_number(query, FRS_ASSETS, g_hash_table_size(exposure.assets));
        places_count(query, fr);
        g_hash_table_unref(exposure.assets);
        (void)fill_emit(query);
}

static void frs_run(Query *query)
{
        g_autoptr(GArray) open = open_findings(query->context);

        for (int fr = 1; fr <= ZW_FR_COUNT && !query->stopped; fr++)
                frs_row(query, open, fr);
}

const QueryDef report_query_frs = { "frs", false, frs_fields, FRS_N, frs_run };

/* ---- concentration: what most open findings are about ---- */

enum {
        CONCENTRATION_ON,
        CONCENTRATION_VENDOR,
        CONCENTRATION_OPEN,
        CONCENTRATION_SHARE,
        CONCENTRATION_SEVERE,
        CONCENTRATION_KEV,
        CONCENTRATION_ASSETS,
        CONCENTRATION_PLACES,
        CONCENTRATION_N
};

static const QueryField concentration_fields[CONCENTRATION_N] = {
        [CONCENTRATION_ON] = { "on", CELL_STEP },
        [CONCENTRATION_VENDOR] = { "vendor", CELL_TEXT },
        [CONCENTRATION_OPEN] = { "open", CELL_NUMBER },
        [CONCENTRATION_SHARE] = { "share", CELL_SHARE },
        [CONCENTRATION_SEVERE] = { "severe", CELL_NUMBER }, /* critical or high */
        [CONCENTRATION_KEV] = { "exploited", CELL_NUMBER },
        [CONCENTRATION_ASSETS] = { "assets", CELL_NUMBER },
        [CONCENTRATION_PLACES] = { "places", CELL_ITEMS },
};

typedef struct {
        ItemNo on, finding; /* the last one, whose assets are those of `on` */
        gint64 open, severe, exploited;
} Pile;

static int pile_by_item(gconstpointer a, gconstpointer b)
{
        const Pile *x = a, *y = b;

        if (x->on != y->on)
                return x->on < y->on ? -1 : 1;
        return x->finding < y->finding ? -1 : x->finding > y->finding;
}

static int pile_by_size(gconstpointer a, gconstpointer b)
{
        const Pile *x = a, *y = b;

        if (x->open != y->open)
                return x->open > y->open ? -1 : 1;
        if (x->severe != y->severe)
                return x->severe > y->severe ? -1 : 1;
        return x->on < y->on ? -1 : x->on > y->on;
}

static GArray *piles_of(const QueryContext *context, const GArray *open)
{
        GArray *piles = g_array_new(FALSE, FALSE, sizeof(Pile));
        guint kept = 0;

        for (guint i = 0; i < open->len; i++) {
                ItemNo finding = g_array_index(open, ItemNo, i);
                GraphIter iter = graph_iter(context->view, finding, GRAPH_OUT, LINK_MASK(ZW_LINK_CONCERNS));
                GraphEdge edge;

                while (graph_next(&iter, &edge)) {
                        Pile pile = { edge.other, finding, 1, is_severe(context->view, finding),
                                      is_exploited(context->view, finding) };

                        g_array_append_val(piles, pile);
                }
        }
        g_array_sort(piles, pile_by_item);
        for (guint i = 0; i < piles->len; i++) {
                const Pile one = g_array_index(piles, Pile, i);
                Pile *last = kept == 0 ? NULL : &g_array_index(piles, Pile, kept - 1);

                if (last == NULL || last->on != one.on) {
                        g_array_index(piles, Pile, kept++) = one;
                        continue;
                }
                last->open += one.open;
                last->severe += one.severe;
                last->exploited += one.exploited;
        }
        g_array_set_size(piles, kept);
        g_array_sort(piles, pile_by_size);
        return piles;
}

/* Assets of the scope that are the subject or instances of it. */
static GArray *assets_of_subject(const QueryContext *context, ItemNo subject)
{
        GArray *assets = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        GraphIter iter = graph_iter(context->view, subject, GRAPH_IN, LINK_MASK(ZW_LINK_INSTANCE_OF));
        GraphEdge edge;

        if (graph_kind(context->view, subject) == ZW_KIND_ASSET)
                g_array_append_val(assets, subject);
        while (graph_next(&iter, &edge))
                if (graph_is_live(context->view, edge.other) &&
                    scope_has_asset(context->view, context->scope, edge.other))
                        g_array_append_val(assets, edge.other);
        return assets;
}

static int item_order(gconstpointer a, gconstpointer b)
{
        ItemNo x = *(const ItemNo *)a, y = *(const ItemNo *)b;

        return x < y ? -1 : x > y;
}

/* Where they stand, each place once. */
static GArray *places_of_assets(GraphView view, const GArray *assets)
{
        GArray *places = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        guint kept = 0;

        for (guint i = 0; i < assets->len; i++) {
                ItemNo place = graph_first(view, g_array_index(assets, ItemNo, i), GRAPH_OUT,
                                           ZW_LINK_PART_OF);

                if (place != ZW_ITEM_NONE)
                        g_array_append_val(places, place);
        }
        g_array_sort(places, item_order);
        for (guint i = 0; i < places->len; i++)
                if (kept == 0 || g_array_index(places, ItemNo, i) != g_array_index(places, ItemNo, kept - 1))
                        g_array_index(places, ItemNo, kept++) = g_array_index(places, ItemNo, i);
        g_array_set_size(places, kept);
        return places;
}

static void concentration_run(Query *query)
{
        const QueryContext *context = query->context;
        g_autoptr(GArray) open = open_findings(context);
        g_autoptr(GArray) piles = piles_of(context, open);

        for (guint i = 0; i < piles->len && !query->stopped; i++) {
                const Pile *pile = &g_array_index(piles, Pile, i);
                g_autoptr(GArray) assets = assets_of_subject(context, pile->on);
                g_autoptr(GArray) places = places_of_assets(context->view, assets);
                g_autofree char *vendor = attr_text(query, pile->on, "vendor");

                fill_clear(query);
                fill_step(query, CONCENTRATION_ON, (CellStep){ pile->on, false });
                fill_text(query, CONCENTRATION_VENDOR, vendor);
                fill_number(query, CONCENTRATION_OPEN, pile->open);
                fill_share(query, CONCENTRATION_SHARE, pile->open, open->len);
                fill_number(query, CONCENTRATION_SEVERE, pile->severe);
                fill_number(query, CONCENTRATION_KEV, pile->exploited);
                fill_number(query, CONCENTRATION_ASSETS, assets->len);
                fill_list(query, CONCENTRATION_PLACES, places->data, places->len);
                (void)fill_emit(query);
        }
}

const QueryDef report_query_concentration = { "concentration", false, concentration_fields, CONCENTRATION_N,
                                              concentration_run };

/* ---- compensations: countermeasures that mitigate findings ---- */

enum {
        COMPENSATIONS_MEASURE,
        COMPENSATIONS_FINDING,
        COMPENSATIONS_SEVERITY,
        COMPENSATIONS_NATURE,
        COMPENSATIONS_ARGUMENT,
        COMPENSATIONS_TESTS,
        COMPENSATIONS_EXPIRES,
        COMPENSATIONS_STANDING,
        COMPENSATIONS_N
};

static const QueryField compensations_fields[COMPENSATIONS_N] = {
        [COMPENSATIONS_MEASURE] = { "measure", CELL_STEP },
        [COMPENSATIONS_FINDING] = { "finding", CELL_STEP },
        [COMPENSATIONS_SEVERITY] = { "severity", CELL_WORD },
        [COMPENSATIONS_NATURE] = { "nature", CELL_WORD },
        [COMPENSATIONS_ARGUMENT] = { "argument", CELL_TEXT },
        [COMPENSATIONS_TESTS] = { "tests", CELL_STEPS },
        [COMPENSATIONS_EXPIRES] = { "expires", CELL_TEXT },
        [COMPENSATIONS_STANDING] = { "standing", CELL_WORD },
};

/* The argument of equivalence of a claim that rests on the measure, else what the measure says of itself. */
static char *argument_of(Query *query, ItemNo measure)
{
        g_autoptr(GArray) claims = chain_next(query->context->view, measure, GRAPH_IN,
                                              LINK_MASK(ZW_LINK_RESTS_ON), KIND_BIT(ZW_KIND_CLAIM));

        for (guint i = 0; i < claims->len; i++) {
                g_autofree char *text = attr_text(query, g_array_index(claims, CellStep, i).item,
                                                  "equivalence");

                if (text != NULL)
                        return g_steal_pointer(&text);
        }
        return g_strdup(query_record(query, measure).body);
}

static const char *compensation_standing(const QueryContext *context, ItemNo measure)
{
        if (assess_is_expired(context->assess, measure, ZW_ATTR_EXPIRES))
                return "expired";
        return countermeasure_is_verified(context->assess, measure) ? "verified" : "not_verified";
}

static void compensation_row(Query *query, ItemNo measure, ItemNo finding)
{
        const QueryContext *context = query->context;
        g_autofree char *argument = argument_of(query, measure);
        g_autofree char *expires = attr_text(query, measure, "expires");
        g_autoptr(GArray)
                tests = chain_next(context->view, measure, GRAPH_IN, LINK_MASK(ZW_LINK_VERIFIES), UINT64_MAX);

        fill_clear(query);
        fill_step(query, COMPENSATIONS_MEASURE, (CellStep){ measure, false });
        fill_step(query, COMPENSATIONS_FINDING, (CellStep){ finding, false });
        fill_enum(query, COMPENSATIONS_SEVERITY, finding, ZW_ATTR_SEVERITY);
        fill_enum(query, COMPENSATIONS_NATURE, measure, ZW_ATTR_NATURE);
        fill_text(query, COMPENSATIONS_ARGUMENT,
                  argument == NULL || argument[0] == '\0' ? "none recorded" : argument);
        fill_list(query, COMPENSATIONS_TESTS, tests->data, tests->len);
        fill_text(query, COMPENSATIONS_EXPIRES, expires == NULL ? "no end stated" : expires);
        fill_text(query, COMPENSATIONS_STANDING, compensation_standing(context, measure));
        (void)fill_emit(query);
}

static void compensations_run(Query *query)
{
        const QueryContext *context = query->context;
        GraphView view = context->view;

        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                g_autoptr(GArray) findings = NULL;

                if (!graph_exists(view, item) || !graph_is_live(view, item) ||
                    graph_kind(view, item) != ZW_KIND_COUNTERMEASURE)
                        continue;
                findings = chain_next(view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_MITIGATES),
                                      KIND_BIT(ZW_KIND_FINDING));
                for (guint i = 0; i < findings->len && !query->stopped; i++) {
                        ItemNo finding = g_array_index(findings, CellStep, i).item;

                        if (scope_has_finding(view, context->scope, finding))
                                compensation_row(query, item, finding);
                }
        }
}

const QueryDef report_query_compensations = { "compensations", false, compensations_fields, COMPENSATIONS_N,
                                              compensations_run };
