/* What ZCR 1, 3, 6 and 7 ask: the system, its zones and conduits, the specification, the owner (docs/algorithms/zcr.md). */
#include "analysis/zcr_rules.h"

#include <string.h>

#define ATTR(name) ZW_ATTR_##name, ZW_LINK_COUNT
#define LINK(name) ZW_ATTR_COUNT, ZW_LINK_##name
#define NOWHERE    ZW_ATTR_COUNT, ZW_LINK_COUNT
#define NOT_APART  "stands in no zone or conduit of its kind, and nobody says why"

static bool in_system(const Zcr *zcr, ItemNo item, ItemNo system)
{
        ItemNo containers[ANCESTORS_MAX];

        return items_have(containers, item_containers(zcr->view, item, containers), system);
}

/* ---- ZCR 1 ---- */

/* A way in: an access point of the system, or a conduit between one of its zones and a zone of another. */
static bool conduit_leads_out(const Zcr *zcr, ItemNo conduit, ItemNo system)
{
        GraphIter iter = graph_iter(zcr->view, conduit, GRAPH_OUT, LINK_MASK(ZW_LINK_CONNECTS));
        bool inside = in_system(zcr, conduit, system), outside = !inside;
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                if (!graph_is_live(zcr->view, edge.other))
                        continue;
                if (in_system(zcr, edge.other, system))
                        inside = true;
                else
                        outside = true;
        }
        return inside && outside;
}

static char *way_in_lack(Zcr *zcr, ItemNo system)
{
        bool open = false;

        for (ItemNo item = 0; item < graph_item_count(zcr->view); item++) {
                KindId kind;

                if (!graph_exists(zcr->view, item) || !graph_is_live(zcr->view, item))
                        continue;
                kind = graph_kind(zcr->view, item);
                if ((kind == ZW_KIND_ACCESS_POINT && in_system(zcr, item, system)) ||
                    (kind == ZW_KIND_CONDUIT && conduit_leads_out(zcr, item, system)))
                        return NULL;
                open = open || (kind == ZW_KIND_ZONE && in_system(zcr, item, system) &&
                                !facts_get_bool(graph_facts(zcr->view, item), ZW_ATTR_ISOLATED));
        }
        return open ? g_strdup(
                              "has no access point, no conduit that leads out, and zones that are not isolated")
                    : NULL;
}

/* ---- ZCR 3 ---- */

static char *ends_lack(Zcr *zcr, ItemNo conduit)
{
        GraphIter iter = graph_iter(zcr->view, conduit, GRAPH_OUT, LINK_MASK(ZW_LINK_CONNECTS));
        ItemNo first = ZW_ITEM_NONE;
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                if (!graph_is_live(zcr->view, edge.other) || edge.other == first)
                        continue;
                if (first != ZW_ITEM_NONE)
                        return NULL;
                first = edge.other;
        }
        return g_strdup(first == ZW_ITEM_NONE ? "joins no zones" : "has one zone only");
}

static char *asset_place_lack(Zcr *zcr, ItemNo asset)
{
        return item_place(zcr->view, asset) != ZW_ITEM_NONE ? NULL
                                                            : g_strdup("is part of no zone or conduit");
}

static bool has_nature(const Zcr *zcr, ItemNo item, int nature)
{
        return (facts_get_set(graph_facts(zcr->view, item), ZW_ATTR_NATURE) >> nature & 1) != 0;
}

static bool is_business(Zcr *zcr, ItemNo item)
{
        return has_nature(zcr, item, ZW_VALUE_ZONE_NATURE_BUSINESS);
}

static bool is_safety(Zcr *zcr, ItemNo item)
{
        return has_nature(zcr, item, ZW_VALUE_ZONE_NATURE_SAFETY) ||
               safety_function_of(zcr->view, item) != ZW_ITEM_NONE;
}

static bool is_temporary(Zcr *zcr, ItemNo item)
{
        return has_nature(zcr, item, ZW_VALUE_ZONE_NATURE_TEMPORARY);
}

static bool is_wireless(Zcr *zcr, ItemNo item)
{
        uint32_t yes, no;

        asset_traits(zcr->view, item, &yes, &no);
        return has_nature(zcr, item, ZW_VALUE_ZONE_NATURE_WIRELESS) || (yes >> ZW_TRAIT_WIRELESS & 1) != 0;
}

static bool is_external(Zcr *zcr, ItemNo item)
{
        return has_nature(zcr, item, ZW_VALUE_ZONE_NATURE_EXTERNAL);
}

static char *business_lack(Zcr *zcr, ItemNo item)
{
        return zcr_has_defect(zcr, "business_not_separated", item)
                       ? g_strdup("shares a zone or conduit with what controls or protects")
                       : NULL;
}

static char *safety_lack(Zcr *zcr, ItemNo item)
{
        return zcr_has_defect(zcr, "safety_asset_outside", item)
                       ? g_strdup("is safety-related, and its zone or conduit is not marked so")
                       : NULL;
}

static char *temporary_lack(Zcr *zcr, ItemNo item)
{
        return zcr_has_defect(zcr, "temporary_not_separated", item) ? g_strdup(NOT_APART) : NULL;
}

static char *wireless_lack(Zcr *zcr, ItemNo item)
{
        return zcr_has_defect(zcr, "wireless_not_separated", item) ? g_strdup(NOT_APART) : NULL;
}

static char *external_lack(Zcr *zcr, ItemNo item)
{
        return zcr_has_defect(zcr, "external_not_separated", item) ? g_strdup(NOT_APART) : NULL;
}

/* ---- ZCR 6 and 7 ---- */

static char *drawing_lack(Zcr *zcr, ItemNo item)
{
        return zcr_has_defect(zcr, "drawing_unlike_inventory", item) ? g_strdup("differs from the drawing")
                                                                     : NULL;
}

static bool is_drawn(Zcr *zcr, ItemNo item)
{
        return zcr->outside->origins != NULL && item < zcr->outside->origins->n &&
               zcr->outside->origins->of[item] != LINT_BY_HAND;
}

static char *owner_lack(Zcr *zcr, ItemNo item)
{
        return zcr_is_owned(zcr, item) ? NULL : g_strdup("has no owner");
}

/* Does anything in the place, or what is not known of it, have to meet the row? */
static bool is_needed(PlaceContext *context, RowId row)
{
        g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        return !place_need(context, row, members, NULL) || members->len > 0;
}

static char *required_lack(Zcr *zcr, ItemNo place)
{
        g_autoptr(PlaceContext) context = place_context_new(zcr->assess, place, false);
        const SlVector target = assess_target(zcr->assess, place);
        unsigned demanded = 0, without = 0;

        for (RowId row = 0; row < ZW_SR_ROWS; row++) {
                size_t n;

                if (!catalogue_demanded(row, target.e[catalogue_row(row)->fr - 1]))
                        continue;
                (void)place_reaches(context, row, &n);
                if (n == 0 && !is_needed(context, row))
                        continue;
                demanded++;
                without += n == 0;
        }
        return without == 0 ? NULL
                            : g_strdup_printf("has no requirement for %u of %u rows demanded at its SL-T",
                                              without, demanded);
}

static char *specification_lack(Zcr *zcr, ItemNo item G_GNUC_UNUSED)
{
        return zcr_has_report(zcr, "crs", false)
                       ? NULL
                       : g_strdup("no requirements specification was issued (zw report crs)");
}

static bool has_authority(const Zcr *zcr, ItemNo item, int authority)
{
        return facts_get_enum(graph_facts(zcr->view, item), ZW_ATTR_AUTHORITY) == authority;
}

static bool is_policy(Zcr *zcr, ItemNo item)
{
        return has_authority(zcr, item, ZW_VALUE_AUTHORITY_POLICY);
}

static bool is_law(Zcr *zcr, ItemNo item)
{
        return has_authority(zcr, item, ZW_VALUE_AUTHORITY_LAW);
}

/* A signed baseline approves all that its commit holds; else the system itself, or both documents. */
static char *approval_lack(Zcr *zcr, ItemNo system)
{
        if (zcr_is_approved_by_owner(zcr, system) ||
            (zcr_has_report(zcr, "risk-assessment", true) && zcr_has_report(zcr, "crs", true)))
                return NULL;
        for (ItemNo item = 0; item < graph_item_count(zcr->view); item++)
                if (graph_exists(zcr->view, item) && graph_kind(zcr->view, item) == ZW_KIND_BASELINE &&
                    graph_is_live(zcr->view, item) && zcr_is_approved_by_owner(zcr, item))
                        return NULL;
        return g_strdup(
                "has no standing owner_approval: of itself, of a baseline, or of the reports risk-assessment and crs");
}

const ZcrDemand zcr_place_demands[] = {
        { "ZCR 1.1", ZCR_KIND(SYSTEM), NULL, ATTR(SCOPE), "does not say what belongs to it", NULL },
        { "ZCR 1.1", ZCR_KIND(SYSTEM), NULL, LINK(PART_OF), NULL, way_in_lack },
        { "ZCR 1.1", ZCR_KIND(ACCESS_POINT), NULL, LINK(CONNECTS), "leads into no zone", NULL },
        { "ZCR 1.1", ZCR_KIND(ACCESS_POINT), NULL, ATTR(MEDIUM), "does not say how it is reached", NULL },
        { "ZCR 3.1", ZCR_PLACES, NULL, LINK(PART_OF), "is part of no system", NULL },
        { "ZCR 3.1", ZCR_KIND(CONDUIT), NULL, LINK(CONNECTS), NULL, ends_lack },
        { "ZCR 3.1", ZCR_KIND(ASSET), NULL, LINK(PART_OF), NULL, asset_place_lack },
        { "ZCR 3.2", ZCR_KIND(ASSET) | ZCR_PLACES, is_business, ATTR(NATURE), NULL, business_lack },
        { "ZCR 3.3", ZCR_KIND(ASSET), is_safety, ATTR(NATURE), NULL, safety_lack },
        { "ZCR 3.4", ZCR_KIND(ASSET), is_temporary, LINK(WAIVES), NULL, temporary_lack },
        { "ZCR 3.5", ZCR_KIND(ASSET), is_wireless, LINK(WAIVES), NULL, wireless_lack },
        { "ZCR 3.6", ZCR_KIND(ASSET), is_external, LINK(WAIVES), NULL, external_lack },
        { "ZCR 6.1", ZCR_PLACES, NULL, LINK(ALLOCATED_TO), NULL, required_lack },
        { "ZCR 6.1", 0, NULL, NOWHERE, NULL, specification_lack },
        { "ZCR 6.2", ZCR_KIND(SYSTEM), NULL, ATTR(SCOPE), "does not say what belongs to it", NULL },
        { "ZCR 6.2", ZCR_KIND(SYSTEM), NULL, ATTR(OPERATOR), "does not say who runs it", NULL },
        { "ZCR 6.3", ZCR_KIND(ASSET), NULL, LINK(PART_OF), NULL, asset_place_lack },
        { "ZCR 6.3", ZCR_KIND(ASSET) | ZCR_KIND(FLOW), is_drawn, LINK(RELATES_TO), NULL, drawing_lack },
        { "ZCR 6.4", ZCR_PLACES, NULL, NOWHERE, NULL, owner_lack },
        { "ZCR 6.4", ZCR_KIND(ZONE), NULL, ATTR(NATURE), "does not say what it is for", NULL },
        { "ZCR 6.4", ZCR_KIND(ZONE), NULL, ATTR(PURDUE), "has no level of the reference model", NULL },
        { "ZCR 6.4", ZCR_KIND(ZONE), NULL, ATTR(PHYSICAL_BOUNDARY), "has no physical boundary", NULL },
        { "ZCR 6.4", ZCR_KIND(CONDUIT), NULL, ATTR(PROTOCOLS), "permits no stated protocol", NULL },
        { "ZCR 6.4", ZCR_KIND(CONDUIT), NULL, ATTR(ENFORCEMENT), "does not say what enforces its rules",
          NULL },
        { "ZCR 6.4", ZCR_KIND(CONDUIT), NULL, ATTR(LATENCY_MS), "has no stated latency", NULL },
        { "ZCR 6.5", ZCR_KIND(ASSUMPTION), NULL, ATTR(BASIS), "does not say why it is assumed", NULL },
        { "ZCR 6.6", ZCR_KIND(THREAT), NULL, ATTR(ACTOR), "does not say who", NULL },
        { "ZCR 6.6", ZCR_KIND(THREAT), NULL, ATTR(VECTOR), "does not say by which way", NULL },
        { "ZCR 6.7", ZCR_KIND(REQUIREMENT), is_policy, ATTR(SOURCE), "does not name the policy", NULL },
        { "ZCR 6.9", ZCR_KIND(REQUIREMENT), is_law, ATTR(SOURCE), "does not name the law or permit", NULL },
        { "ZCR 7.1", ZCR_KIND(SYSTEM), NULL, NOWHERE, NULL, approval_lack },
};
const size_t zcr_n_place_demands = G_N_ELEMENTS(zcr_place_demands);
