/* The 32 rows of 62443-3-2, each from what its demands find (docs/algorithms/zcr.md). */
#include "analysis/shown.h"
#include "analysis/zcr_rules.h"
#include "base/hash.h"

#include <string.h>

const char *zcr_status_name(ZcrStatus status)
{
        return ((const char *const[]){ "met", "partly", "missing", "skipped" })[status];
}

/* What a row counts. Where it has no subject it is met when the project has some of the kinds in `none_is_fine`. */
static const struct {
        const char *row, *one, *many, *done;
        uint64_t none_is_fine;
} rows[] = {
        { "ZCR 1.1", "system or access point", "systems and access points", "are described", 0 },
        { "ZCR 2.1", "hazard", "hazards", "have a worst case risk without safeguards", 0 },
        { "ZCR 3.1", "zone, conduit or asset", "zones, conduits and assets", "have their place", 0 },
        { "ZCR 3.2", "business asset or zone", "business assets and zones", "stand apart", ZCR_KIND(ASSET) },
        { "ZCR 3.3", "safety-related asset", "safety-related assets", "stand apart or in a place marked so",
          ZCR_KIND(ASSET) },
        { "ZCR 3.4", "temporarily connected asset", "temporarily connected assets", "stand apart",
          ZCR_KIND(ASSET) },
        { "ZCR 3.5", "wireless asset", "wireless assets", "stand apart", ZCR_KIND(ASSET) },
        { "ZCR 3.6", "asset reached from outside", "assets reached from outside", "stand apart",
          ZCR_KIND(ASSET) },
        { "ZCR 4.1", "zone or conduit", "zones and conduits",
          "have an initial risk compared with the tolerable one", 0 },
        { "ZCR 5.1", "zone or conduit that needs it", "zones and conduits that need it", "have threats",
          ZCR_PLACES },
        { "ZCR 5.2", "zone or conduit with assets that needs it",
          "zones and conduits with assets that need it", "have weak points on record", ZCR_PLACES },
        { "ZCR 5.3", "detailed risk, or place that needs one", "detailed risks and places that need one",
          "have an impact", ZCR_PLACES },
        { "ZCR 5.4", "detailed risk", "detailed risks", "have an unmitigated likelihood", 0 },
        { "ZCR 5.5", "detailed risk", "detailed risks", "are rated by their method", 0 },
        { "ZCR 5.6", "zone or conduit", "zones and conduits", "have an accepted SL-T", 0 },
        { "ZCR 5.7", "detailed risk", "detailed risks", "are tolerable or decided", 0 },
        { "ZCR 5.8", "risk to be treated", "risks to be treated", "have countermeasures that were judged",
          ZCR_KIND(RISK) },
        { "ZCR 5.9", "risk to be treated", "risks to be treated", "were rated again with countermeasures",
          ZCR_KIND(RISK) },
        { "ZCR 5.10", "risk to be treated", "risks to be treated", "have a residual risk", ZCR_KIND(RISK) },
        { "ZCR 5.11", "risk to be treated", "risks to be treated",
          "have a tolerable or decided residual risk", ZCR_KIND(RISK) },
        { "ZCR 5.12", "risk that stays above the tolerable one", "risks that stay above the tolerable one",
          "have further work ahead", ZCR_KIND(RISK) },
        { "ZCR 5.13", "risk assessment", "risk assessments", "are issued", 0 },
        { "ZCR 6.1", "place, or specification", "places with their requirements, and the specification",
          "are there", 0 },
        { "ZCR 6.2", "system", "systems", "are described", 0 },
        { "ZCR 6.3", "asset or drawn flow", "assets and drawn flows", "are drawn as they are", 0 },
        { "ZCR 6.4", "zone or conduit", "zones and conduits", "have their characteristics", 0 },
        { "ZCR 6.5", "assumption", "assumptions", "have their reason", 0 },
        { "ZCR 6.6", "threat", "threats", "are described", 0 },
        { "ZCR 6.7", "requirement of a policy", "requirements of policies", "name it", 0 },
        { "ZCR 6.8", "risk", "risks", "have their tolerable risk", 0 },
        { "ZCR 6.9", "requirement of a law", "requirements of laws", "name it", 0 },
        { "ZCR 7.1", "system", "systems", "have the asset owner's approval", 0 },
};

/* ---- what the demands ask ---- */

static void rated_free(gpointer data)
{
        rated_risk_free(data);
}

const RatedRisk *zcr_rated(Zcr *zcr, ItemNo risk)
{
        RatedRisk *rated = g_hash_table_lookup(zcr->rated, GUINT_TO_POINTER(risk));

        if (rated == NULL) {
                rated = risk_rate(zcr->view, zcr->methods, risk);
                g_hash_table_insert(zcr->rated, GUINT_TO_POINTER(risk), rated);
        }
        return rated;
}

bool zcr_has_link(const Zcr *zcr, ItemNo item, LinkTypeId type)
{
        static const GraphSide sides[] = { GRAPH_OUT, GRAPH_IN };

        for (size_t i = 0; i < G_N_ELEMENTS(sides); i++) {
                GraphIter iter = graph_iter(zcr->view, item, sides[i], LINK_MASK(type));
                GraphEdge edge;

                while (graph_next(&iter, &edge))
                        if (graph_is_live(zcr->view, edge.other))
                                return true;
        }
        return false;
}

bool zcr_has_defect(const Zcr *zcr, const char *rule, ItemNo item)
{
        GHashTable *items = g_hash_table_lookup(zcr->defects, rule);

        return items != NULL && g_hash_table_contains(items, GUINT_TO_POINTER(item));
}

static uint8_t outside_of(const Zcr *zcr, ItemNo item)
{
        return item < zcr->outside->n ? zcr->outside->of[item] : 0;
}

bool zcr_is_owned(const Zcr *zcr, ItemNo item)
{
        return (outside_of(zcr, item) & ZCR_OWNED) != 0;
}

bool zcr_is_approved_by_owner(const Zcr *zcr, ItemNo item)
{
        return (outside_of(zcr, item) & ZCR_OWNER_APPROVED) != 0;
}

static bool is_report_of(const Zcr *zcr, ItemNo item, const char *type)
{
        size_t n;
        const char *text = facts_get_text(graph_facts(zcr->view, item), ZW_ATTR_TYPE, &n);

        return text != NULL && strlen(type) == n && memcmp(text, type, n) == 0;
}

bool zcr_has_report(const Zcr *zcr, const char *type, bool approved_by_owner)
{
        for (ItemNo item = 0; item < graph_item_count(zcr->shown); item++)
                if (graph_exists(zcr->shown, item) && graph_kind(zcr->shown, item) == ZW_KIND_REPORT &&
                    graph_is_live(zcr->shown, item) && is_report_of(zcr, item, type) &&
                    (!approved_by_owner || zcr_is_approved_by_owner(zcr, item)))
                        return true;
        return false;
}

static void defects_collect(Zcr *zcr, Instant now)
{
        g_autoptr(GArray) found = lint_find(zcr->view, now, zcr->outside->origins);

        zcr->defects = hash_table_new_text(NULL, (GDestroyNotify)g_hash_table_unref);
        for (guint i = 0; i < found->len; i++) {
                const Defect *defect = &g_array_index(found, Defect, i);
                GHashTable *items = g_hash_table_lookup(zcr->defects, defect->rule);

                if (items == NULL) {
                        items = g_hash_table_new(NULL, NULL);
                        g_hash_table_insert(zcr->defects, (gpointer)(uintptr_t)defect->rule, items);
                }
                g_hash_table_add(items, GUINT_TO_POINTER(defect->items[0]));
        }
}

/* ---- rows ---- */

typedef struct {
        Zcr *zcr;
        const ZcrDemand *demands[8]; /* of the row */
        size_t n_demands;
        ZcrRow *row;
        unsigned subjects, done;
} Look;

static void demands_pick(Look *look, const ZcrDemand *demands, size_t n, const char *row)
{
        for (size_t i = 0; i < n; i++)
                if (strcmp(demands[i].row, row) == 0 && look->n_demands < G_N_ELEMENTS(look->demands))
                        look->demands[look->n_demands++] = &demands[i];
}

static const char *demand_field(const ZcrDemand *demand, KindId kind)
{
        if (demand->attr != ZW_ATTR_COUNT && attr_get(kind, demand->attr) != NULL)
                return attr_get(kind, demand->attr)->name;
        return demand->link != ZW_LINK_COUNT ? link_type_def(demand->link)->name : NULL;
}

static char *demand_lack(Zcr *zcr, const ZcrDemand *demand, ItemNo item)
{
        if (demand->look != NULL)
                return demand->look(zcr, item);
        return (demand->attr != ZW_ATTR_COUNT ? facts_has(graph_facts(zcr->view, item), demand->attr)
                                              : zcr_has_link(zcr, item, demand->link))
                       ? NULL
                       : g_strdup(demand->lacks);
}

static void missing_add(Look *look, const ZcrDemand *demand, ItemNo item, char *lacks)
{
        const bool whole = item == ZW_ITEM_NONE;
        ZcrMissing missing = { .item = item };

        missing.field = whole ? NULL : demand_field(demand, graph_kind(look->zcr->view, item));
        missing.text = whole ? g_strdup(lacks)
                             : g_strdup_printf("%s %s", graph_key(look->zcr->view, item), lacks);
        if (text_is_shown(look->zcr->shown, missing.text))
                g_array_append_val(look->row->missing, missing);
        else
                g_free(missing.text);
}

/* Asks all that is asked of one item, or of the project as a whole. */
static void subject_look(Look *look, ItemNo item)
{
        const uint64_t kind = item == ZW_ITEM_NONE ? 0 : UINT64_C(1) << graph_kind(look->zcr->view, item);
        bool asked = false, done = true;

        for (size_t i = 0; i < look->n_demands; i++) {
                const ZcrDemand *demand = look->demands[i];
                g_autofree char *lacks = NULL;

                if (item == ZW_ITEM_NONE ? demand->kinds != 0 : (demand->kinds & kind) == 0)
                        continue;
                if (demand->subject != NULL && !demand->subject(look->zcr, item))
                        continue;
                asked = true;
                lacks = demand_lack(look->zcr, demand, item);
                if (lacks == NULL)
                        continue;
                done = false;
                missing_add(look, demand, item, lacks);
        }
        look->subjects += asked;
        look->done += asked && done;
        if (asked && item != ZW_ITEM_NONE)
                g_array_append_val(look->row->items, item);
}

static void missing_clear(gpointer data)
{
        g_free(((ZcrMissing *)data)->text);
}

static void row_clear(gpointer data)
{
        ZcrRow *row = data;

        g_free(row->text);
        g_array_unref(row->missing);
        g_array_unref(row->items);
}

/* Kinds of which the project has live items. */
static uint64_t kinds_there(GraphView view)
{
        uint64_t kinds = 0;

        for (ItemNo item = 0; item < graph_item_count(view); item++)
                if (graph_exists(view, item) && graph_is_live(view, item))
                        kinds |= UINT64_C(1) << graph_kind(view, item);
        return kinds;
}

static void row_look(Zcr *zcr, size_t i, uint64_t there, ZcrRow *row)
{
        const bool fine = (rows[i].none_is_fine & there) != 0;
        Look look = { .zcr = zcr, .row = row };
        uint64_t kinds = 0;

        row->row = catalogue_find_in(STANDARD_3_2, rows[i].row);
        row->missing = g_array_new(FALSE, FALSE, sizeof(ZcrMissing));
        g_array_set_clear_func(row->missing, missing_clear);
        row->items = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        demands_pick(&look, zcr_place_demands, zcr_n_place_demands, rows[i].row);
        demands_pick(&look, zcr_risk_demands, zcr_n_risk_demands, rows[i].row);
        for (size_t k = 0; k < look.n_demands; k++)
                kinds |= look.demands[k]->kinds;
        for (ItemNo item = 0; item < graph_item_count(zcr->shown); item++)
                if (graph_exists(zcr->shown, item) && (kinds >> graph_kind(zcr->shown, item) & 1) != 0 &&
                    graph_is_live(zcr->shown, item))
                        subject_look(&look, item);
        subject_look(&look, ZW_ITEM_NONE);
        row->status = look.subjects == 0           ? (fine ? ZCR_MET : ZCR_MISSING)
                      : look.done == look.subjects ? ZCR_MET
                      : look.done > 0              ? ZCR_PARTLY
                                                   : ZCR_MISSING;
        row->text = look.subjects == 0 ? g_strdup_printf("there is no %s", rows[i].one)
                                       : g_strdup_printf("%u of %u %s %s", look.done, look.subjects,
                                                         rows[i].many, rows[i].done);
}

/* A row of which nothing is there was skipped when something of a later step is. */
static void skipped_mark(GArray *found)
{
        const char *begun =
                NULL; /* order of the last row with something in it, of those already seen from the end */

        for (guint i = found->len; i-- > 0;) {
                ZcrRow *row = &g_array_index(found, ZcrRow, i);
                const char *order = catalogue_workflow(row->row)->order;

                if (row->status == ZCR_MISSING && begun != NULL && strcmp(begun, order) != 0)
                        row->status = ZCR_SKIPPED;
                if (row->status == ZCR_PARTLY || (row->status == ZCR_MET && row->items->len > 0))
                        begun = begun == NULL || strcmp(begun, order) == 0 ? order : begun;
        }
}

GArray *zcr_find(GraphView view, Instant now, const RiskMethods *methods, const ZcrOutside *outside)
{
        const GraphView whole = graph_whole(view);
        g_autoptr(Assess) assess = assess_new(whole, now);
        Zcr zcr = { .view = whole, .shown = view, .assess = assess, .methods = methods, .outside = outside };
        GArray *found = g_array_new(FALSE, TRUE, sizeof(ZcrRow));
        const uint64_t there = kinds_there(view);

        zcr.rated = g_hash_table_new_full(NULL, NULL, NULL, rated_free);
        defects_collect(&zcr, now);
        g_array_set_clear_func(found, row_clear);
        g_array_set_size(found, G_N_ELEMENTS(rows));
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
                row_look(&zcr, i, there, &g_array_index(found, ZcrRow, i));
        skipped_mark(found);
        g_hash_table_unref(zcr.rated);
        g_hash_table_unref(zcr.defects);
        return found;
}
