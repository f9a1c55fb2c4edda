#include "analysis/exposure.h"

#include "analysis/internal.h"

/* ---- rows ---- */

/* The texts of a list attribute of an item, appended. */
static void texts_add(GraphView view, ItemNo item, AttrId attr, GPtrArray *texts)
{
        FactsIter iter = facts_iter(graph_facts(view, item), attr);
        const char *text;
        size_t n;

        while (facts_next_text(&iter, &text, &n))
                g_ptr_array_add(texts, g_strndup(text, n));
}

/* Techniques of the live threats that exploit the finding. */
static void techniques_add(GraphView view, ItemNo finding, GPtrArray *techniques)
{
        GraphIter iter = graph_iter(view, finding, GRAPH_IN, LINK_MASK(ZW_LINK_EXPLOITS));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other))
                        texts_add(view, edge.other, ZW_ATTR_TECHNIQUES, techniques);
}

static bool proposals_have(const GArray *proposals, RowId row)
{
        for (guint i = 0; i < proposals->len; i++)
                if (g_array_index(proposals, Proposal, i).row == row)
                        return true;
        return false;
}

static int proposal_order(gconstpointer a, gconstpointer b)
{
        const RowId left = ((const Proposal *)a)->row, right = ((const Proposal *)b)->row;

        return left < right ? -1 : left > right;
}

/* Rows that an attribute of the finding states and nothing else proposes. */
static void stated_add(GraphView view, ItemNo finding, AttrId attr, const char *reason, GArray *proposals)
{
        FactsIter iter = facts_iter(graph_facts(view, finding), attr);
        Proposal proposal = { .basis = PROPOSAL_STATED };

        while (facts_next_row(&iter, &proposal.row)) {
                if (proposal.row >= ZW_SR_ROWS || proposals_have(proposals, proposal.row))
                        continue;
                proposal.reason = g_strdup(reason);
                g_array_append_val(proposals, proposal);
        }
        g_array_sort(proposals, proposal_order);
}

GArray *finding_proposals(GraphView view, ItemNo finding)
{
        g_autoptr(GPtrArray) cwes = g_ptr_array_new_with_free_func(g_free),
                             techniques = g_ptr_array_new_with_free_func(g_free);
        g_autofree char *cvss = NULL;
        const char *text;
        GArray *proposals;
        size_t n;

        texts_add(view, finding, ZW_ATTR_CWES, cwes);
        techniques_add(view, finding, techniques);
        text = facts_get_text(graph_facts(view, finding), ZW_ATTR_CVSS, &n);
        cvss = text == NULL ? NULL : g_strndup(text, n);
        g_ptr_array_add(cwes, NULL);
        g_ptr_array_add(techniques, NULL);
        proposals = proposals_make((const char *const *)cwes->pdata, (const char *const *)techniques->pdata,
                                   cvss);
        stated_add(view, finding, ZW_ATTR_PROPOSED, "the finding names it", proposals);
        return proposals;
}

static bool is_broken_by(GraphView view, ItemNo finding, RowId row)
{
        FactsIter iter = facts_iter(graph_facts(view, finding), ZW_ATTR_BROKEN);
        RowId broken;

        while (facts_next_row(&iter, &broken))
                if (broken == row)
                        return true;
        return false;
}

/* Where somebody confirmed rows these count and no others. */
static void rows_find(Exposure *exposure, GraphView view)
{
        exposure->confirmed = facts_has(graph_facts(view, exposure->finding), ZW_ATTR_BROKEN);
        exposure->rows = finding_proposals(view, exposure->finding);
        if (!exposure->confirmed)
                return;
        for (guint i = exposure->rows->len; i > 0; i--)
                if (!is_broken_by(view, exposure->finding,
                                  g_array_index(exposure->rows, Proposal, i - 1).row))
                        g_array_remove_index(exposure->rows, i - 1);
        stated_add(view, exposure->finding, ZW_ATTR_BROKEN, "a person confirmed it", exposure->rows);
}

/* ---- what it touches ---- */

static int item_order(gconstpointer a, gconstpointer b)
{
        const ItemNo left = *(const ItemNo *)a, right = *(const ItemNo *)b;

        return left < right ? -1 : left > right;
}

static void item_add(GHashTable *seen, GArray *items, ItemNo item)
{
        if (g_hash_table_add(seen, GUINT_TO_POINTER(item)))
                g_array_append_val(items, item);
}

/* The component, and the products that hold it by way of live ones: what is inside them a retired product does not say. */
static GArray *wholes_of(GraphView view, ItemNo component)
{
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        GArray *wholes = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        item_add(seen, wholes, component);
        for (guint i = 0; i < wholes->len; i++) {
                const ItemNo part = g_array_index(wholes, ItemNo, i);
                GraphIter iter = graph_iter(view, part, GRAPH_OUT, LINK_MASK(ZW_LINK_PART_OF));
                GraphEdge edge;

                while (graph_is_live(view, part) && graph_next(&iter, &edge))
                        if (graph_kind(view, edge.other) == ZW_KIND_COMPONENT)
                                item_add(seen, wholes, edge.other);
        }
        return wholes;
}

static void instances_add(GraphView view, ItemNo component, GHashTable *seen, GArray *assets)
{
        GraphIter iter = graph_iter(view, component, GRAPH_IN, LINK_MASK(ZW_LINK_INSTANCE_OF));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other))
                        item_add(seen, assets, edge.other);
}

/* `touched` gets the assets, and every component on the way to them. */
static GArray *assets_of(GraphView view, ItemNo finding, GHashTable *touched)
{
        GArray *assets = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        GraphIter iter = graph_iter(view, finding, GRAPH_OUT, LINK_MASK(ZW_LINK_CONCERNS));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                g_autoptr(GArray) wholes = NULL;

                if (graph_kind(view, edge.other) == ZW_KIND_ASSET) {
                        if (graph_is_live(view, edge.other))
                                item_add(touched, assets, edge.other);
                        continue;
                }
                wholes = wholes_of(view, edge.other);
                for (guint i = 0; i < wholes->len; i++) {
                        const ItemNo whole = g_array_index(wholes, ItemNo, i);

                        g_hash_table_add(touched, GUINT_TO_POINTER(whole));
                        instances_add(view, whole, touched, assets);
                }
        }
        g_array_sort(assets, item_order);
        return assets;
}

GArray *finding_assets(GraphView view, ItemNo finding)
{
        g_autoptr(GHashTable) touched = g_hash_table_new(NULL, NULL);

        return assets_of(view, finding, touched);
}

static bool rows_have_scope(const GArray *rows, RowScope scope)
{
        for (guint i = 0; i < rows->len; i++)
                if (catalogue_row(g_array_index(rows, Proposal, i).row)->scope == scope)
                        return true;
        return false;
}

static ItemNo system_of(GraphView view, ItemNo item)
{
        ItemNo containers[ANCESTORS_MAX], system = ZW_ITEM_NONE;
        const size_t n = item_containers(view, item, containers);

        for (size_t i = 0; i < n; i++)
                if (graph_kind(view, containers[i]) == ZW_KIND_SYSTEM)
                        system = containers[i];
        return system;
}

/* The places of the asset: the one it is part of, zones at it where that is a conduit, and for a row that the whole system
 * has to meet, all places of the system. */
static void places_add(const Exposure *exposure, const Assess *assess, ItemNo asset, GHashTable *seen,
                       GHashTable *systems, GArray *places)
{
        const GraphView view = assess->view;
        const ItemNo place = item_place(view, asset), system = system_of(view, asset);
        GraphIter iter;
        GraphEdge edge;

        if (place == ZW_ITEM_NONE)
                return;
        item_add(seen, places, place);
        iter = graph_iter(view, place, GRAPH_OUT, LINK_MASK(ZW_LINK_CONNECTS));
        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other) && graph_kind(view, edge.other) == ZW_KIND_ZONE)
                        item_add(seen, places, edge.other);
        if (system == ZW_ITEM_NONE || !rows_have_scope(exposure->rows, SCOPE_SYSTEM) ||
            !g_hash_table_add(systems, GUINT_TO_POINTER(system)))
                return;
        for (guint i = 0; i < assess->places->len; i++)
                if (system_of(view, g_array_index(assess->places, ItemNo, i)) == system)
                        item_add(seen, places, g_array_index(assess->places, ItemNo, i));
}

static GArray *candidates_of(const Exposure *exposure, const Assess *assess)
{
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL), systems = g_hash_table_new(NULL, NULL);
        GArray *places = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        for (guint i = 0; i < exposure->assets->len; i++)
                places_add(exposure, assess, g_array_index(exposure->assets, ItemNo, i), seen, systems,
                           places);
        g_array_sort(places, item_order);
        return places;
}

/* ---- levels ---- */

static void levels_take(ExposedPlace *exposed, const PlaceAssessment *place, ExposureCase at)
{
        exposed->verified[at] = place->verified_with_findings;
        exposed->claimed[at] = place->claimed_with_findings;
}

static void exposed_rows_take(ExposedPlace *exposed, const PlaceAssessment *place)
{
        for (RowId i = 0; i < ZW_SR_ROWS; i++)
                for (guint m = 0; m < place->rows[i].members->len; m++) {
                        const MemberStatus *member = &g_array_index(place->rows[i].members, MemberStatus, m);
                        const ExposedRow row = { i, member->member, member->status };

                        if (member->broken)
                                g_array_append_val(exposed->rows, row);
                }
}

/* One supposition for all places: what it makes of their vectors. */
static void case_take(Exposure *exposure, Assess *assess, GPtrArray *assessed, const Supposition *supposed,
                      ExposureCase at)
{
        assess_suppose(assess, supposed);
        for (guint i = 0; i < assessed->len; i++) {
                assess_place_breaks(assess, assessed->pdata[i]);
                levels_take(&g_array_index(exposure->places, ExposedPlace, i), assessed->pdata[i], at);
        }
}

static void rows_of_places_take(Exposure *exposure, Assess *assess, GPtrArray *assessed,
                                const Supposition *supposed)
{
        assess_suppose(assess, supposed);
        for (guint i = 0; i < assessed->len; i++) {
                assess_place_breaks(assess, assessed->pdata[i]);
                exposed_rows_take(&g_array_index(exposure->places, ExposedPlace, i), assessed->pdata[i]);
        }
}

/* A place where no row is at stake says nothing of the finding. */
static void places_drop_untouched(GArray *places)
{
        for (guint i = places->len; i > 0; i--)
                if (g_array_index(places, ExposedPlace, i - 1).rows->len == 0)
                        g_array_remove_index(places, i - 1);
}

static void places_find(Exposure *exposure, Assess *assess)
{
        g_autoptr(GPtrArray) assessed = g_ptr_array_new_with_free_func((GDestroyNotify)place_assessment_free);
        g_autoptr(GArray) candidates = candidates_of(exposure, assess);
        const Supposition nothing = { .finding = ZW_ITEM_NONE };
        Supposition supposed = { .finding = exposure->finding };

        for (guint i = 0; i < candidates->len; i++) {
                PlaceAssessment *place = place_assess(assess, g_array_index(candidates, ItemNo, i), false);
                ExposedPlace exposed = { .place = place->place,
                                         .target = place->target,
                                         .rows = g_array_new(FALSE, FALSE, sizeof(ExposedRow)) };

                exposed.verified[EXPOSURE_WITHOUT_FINDINGS] = place->verified;
                exposed.claimed[EXPOSURE_WITHOUT_FINDINGS] = place->claimed;
                levels_take(&exposed, place, EXPOSURE_NOW);
                g_ptr_array_add(assessed, place);
                g_array_append_val(exposure->places, exposed);
        }
        case_take(exposure, assess, assessed, &supposed, EXPOSURE_IF_CLEARED);
        for (; supposed.n < exposure->rows->len; supposed.n++)
                supposed.rows[supposed.n] = g_array_index(exposure->rows, Proposal, supposed.n).row;
        case_take(exposure, assess, assessed, &supposed, EXPOSURE_IF_CONFIRMED);
        supposed.alone = true;
        rows_of_places_take(exposure, assess, assessed, &supposed);
        assess_suppose(assess, &nothing);
        places_drop_untouched(exposure->places);
}

/* ---- what clears it, what it makes real, what it touches ---- */

static const char *measure_why(const Assess *assess, ItemNo measure)
{
        if (!graph_is_live(assess->view, measure))
                return "it is retired";
        if (!graph_is_approved(assess->view, measure))
                return "it is not approved";
        if (assess_is_expired(assess, measure, ZW_ATTR_EXPIRES))
                return "it is expired";
        return countermeasure_is_verified(assess, measure) ? "it is verified and holds"
                                                           : "no test of it has passed, or one has failed";
}

static void measures_find(Exposure *exposure, const Assess *assess)
{
        GraphIter iter = graph_iter(assess->view, exposure->finding, GRAPH_IN, LINK_MASK(ZW_LINK_MITIGATES));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                const ExposureMeasure measure = { edge.other, countermeasure_is_verified(assess, edge.other),
                                                  measure_why(assess, edge.other) };

                g_array_append_val(exposure->measures, measure);
        }
}

static uint32_t frs_of(const GArray *rows)
{
        uint32_t frs = 0;

        for (guint i = 0; i < rows->len; i++)
                frs |= UINT32_C(1) << catalogue_row(g_array_index(rows, Proposal, i).row)->fr;
        return frs;
}

static void scenario_add(Exposure *exposure, GHashTable *seen, ItemNo threat, bool linked, ItemNo target)
{
        const ExposedScenario scenario = { threat, linked, target };

        if (g_hash_table_add(seen, GUINT_TO_POINTER(threat)))
                g_array_append_val(exposure->scenarios, scenario);
}

/* Live threats to one touched thing that exercise an FR of a row at stake. */
static void threats_add(Exposure *exposure, GraphView view, GHashTable *seen, ItemNo target, uint32_t frs)
{
        GraphIter iter = graph_iter(view, target, GRAPH_IN, LINK_MASK(ZW_LINK_THREATENS));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other) &&
                    (facts_get_set(graph_facts(view, edge.other), ZW_ATTR_FRS) & frs) != 0)
                        scenario_add(exposure, seen, edge.other, false, target);
}

static int scenario_order(gconstpointer a, gconstpointer b)
{
        const ExposedScenario *left = a, *right = b;

        if (left->linked != right->linked)
                return left->linked ? -1 : 1;
        return left->threat < right->threat ? -1 : left->threat > right->threat;
}

static void scenarios_find(Exposure *exposure, GraphView view, const GArray *touched)
{
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        GraphIter iter = graph_iter(view, exposure->finding, GRAPH_IN, LINK_MASK(ZW_LINK_EXPLOITS));
        const uint32_t frs = frs_of(exposure->rows);
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other))
                        scenario_add(exposure, seen, edge.other, true, ZW_ITEM_NONE);
        for (guint i = 0; i < touched->len; i++)
                threats_add(exposure, view, seen, g_array_index(touched, ItemNo, i), frs);
        g_array_sort(exposure->scenarios, scenario_order);
}

static int function_order(gconstpointer a, gconstpointer b)
{
        const ExposedFunction *left = a, *right = b;

        if (left->function != right->function)
                return left->function < right->function ? -1 : 1;
        if (left->element != right->element)
                return left->element < right->element ? -1 : 1;
        return (int)left->as - (int)right->as;
}

static void functions_find(Exposure *exposure, GraphView view, const GArray *touched)
{
        for (guint i = 0; i < touched->len; i++) {
                const ItemNo element = g_array_index(touched, ItemNo, i);
                GraphIter iter = graph_iter(view, element, GRAPH_IN, LINK_MASK(ZW_LINK_USES));
                GraphEdge edge;

                while (graph_next(&iter, &edge)) {
                        const ExposedFunction function = { edge.other, element,
                                                           graph_link_as(view, edge.link) };

                        if (graph_is_live(view, edge.other))
                                g_array_append_val(exposure->functions, function);
                }
        }
        g_array_sort(exposure->functions, function_order);
}

/* Assets, components, and the places the assets are in, by number. */
static GArray *touched_list(const Exposure *exposure, GraphView view, GHashTable *touched)
{
        GArray *list = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        GHashTableIter iter;
        gpointer item;

        for (guint i = 0; i < exposure->assets->len; i++) {
                const ItemNo place = item_place(view, g_array_index(exposure->assets, ItemNo, i));

                if (place != ZW_ITEM_NONE)
                        g_hash_table_add(touched, GUINT_TO_POINTER(place));
        }
        g_hash_table_iter_init(&iter, touched);
        while (g_hash_table_iter_next(&iter, &item, NULL)) {
                const ItemNo number = GPOINTER_TO_UINT(item);

                g_array_append_val(list, number);
        }
        g_array_sort(list, item_order);
        return list;
}

/* ---- the whole ---- */

static void place_clear(gpointer place)
{
        g_array_unref(((ExposedPlace *)place)->rows);
}

Exposure *exposure_find(Assess *assess, ItemNo finding)
{
        g_autoptr(GHashTable) touched = g_hash_table_new(NULL, NULL);
        Exposure *exposure = g_new0(Exposure, 1);
        g_autoptr(GArray) list = NULL;

        exposure->finding = finding;
        exposure->cleared = finding_is_cleared(assess, finding);
        exposure->assets = assets_of(assess->view, finding, touched);
        exposure->places = g_array_new(FALSE, FALSE, sizeof(ExposedPlace));
        g_array_set_clear_func(exposure->places, place_clear);
        exposure->measures = g_array_new(FALSE, FALSE, sizeof(ExposureMeasure));
        exposure->scenarios = g_array_new(FALSE, FALSE, sizeof(ExposedScenario));
        exposure->functions = g_array_new(FALSE, FALSE, sizeof(ExposedFunction));
        rows_find(exposure, assess->view);
        places_find(exposure, assess);
        measures_find(exposure, assess);
        list = touched_list(exposure, assess->view, touched);
        scenarios_find(exposure, assess->view, list);
        functions_find(exposure, assess->view, list);
        exposure_show(assess, exposure);
        return exposure;
}

void exposure_free(Exposure *exposure)
{
        if (exposure == NULL)
                return;
        g_array_unref(exposure->rows);
        g_array_unref(exposure->assets);
        g_array_unref(exposure->places);
        g_array_unref(exposure->measures);
        g_array_unref(exposure->scenarios);
        g_array_unref(exposure->functions);
        g_free(exposure);
}
