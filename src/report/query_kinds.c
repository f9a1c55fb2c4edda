/* Items of a kind as tables: what a reader needs to know of systems, documents, zones, assets and the rest. */
#include "report/query_items.h"

/* Fields are listed once; the list makes what definitions see and where it comes from. */
#define AS_FIELD(name, type, ...)  { name, type },
#define AS_SOURCE(name, type, ...) { name, type, __VA_ARGS__ },
#define ITEM_QUERY(symbol, of_place, kind, fits, LIST)                               \
        static const QueryField symbol##_fields[] = { LIST(AS_FIELD) };              \
        static const ItemField symbol##_sources[] = { LIST(AS_SOURCE) };             \
        static const ItemQuery symbol##_items = { kind, fits, symbol##_sources,      \
                                                  G_N_ELEMENTS(symbol##_sources) };  \
        static void symbol##_run(Query *query)                                       \
        {                                                                            \
                item_query_run(query, &symbol##_items);                              \
        }                                                                            \
        const QueryDef report_query_##symbol = { #symbol, of_place, symbol##_fields, \
                                                 G_N_ELEMENTS(symbol##_fields), symbol##_run };
#define ITEM_        FROM_ITEM, NULL, GRAPH_OUT, ZW_LINK_PART_OF, 0, ZW_AS_NONE
#define BODY_        FROM_BODY, NULL, GRAPH_OUT, ZW_LINK_PART_OF, 0, ZW_AS_NONE
#define OWNER_       FROM_OWNER, NULL, GRAPH_OUT, ZW_LINK_PART_OF, 0, ZW_AS_NONE
#define STATE_       FROM_STATE, NULL, GRAPH_OUT, ZW_LINK_PART_OF, 0, ZW_AS_NONE
#define ATTR_(attr)  FROM_ATTR, attr, GRAPH_OUT, ZW_LINK_PART_OF, 0, ZW_AS_NONE
#define OUT_(link)   FROM_LINKS, NULL, GRAPH_OUT, link, 0, ZW_AS_NONE
#define IN_(link)    FROM_LINKS, NULL, GRAPH_IN, link, 0, ZW_AS_NONE
#define AS_(link, a) FROM_LINKS, NULL, GRAPH_OUT, link, 0, a

/* clang-format off */

/* ---- of the whole project ---- */

#define SYSTEMS(F) F("system", CELL_STEP, ITEM_) F("scope", CELL_TEXT, ATTR_("scope")) \
        F("operator", CELL_TEXT, ATTR_("operator")) F("text", CELL_TEXT, BODY_) F("owner", CELL_TEXT, OWNER_)
ITEM_QUERY(systems, false, ZW_KIND_SYSTEM, NULL, SYSTEMS)

#define DOCUMENTS(F) F("document", CELL_STEP, ITEM_) F("revision", CELL_TEXT, ATTR_("revision")) \
        F("uri", CELL_TEXT, ATTR_("uri")) F("hash", CELL_TEXT, ATTR_("hash")) F("text", CELL_TEXT, BODY_) \
        F("owner", CELL_TEXT, OWNER_)
ITEM_QUERY(documents, false, ZW_KIND_DOCUMENT, NULL, DOCUMENTS)

#define ASSUMPTIONS(F) F("assumption", CELL_STEP, ITEM_) F("basis", CELL_TEXT, ATTR_("basis")) \
        F("text", CELL_TEXT, BODY_) F("owner", CELL_TEXT, OWNER_)
ITEM_QUERY(assumptions, false, ZW_KIND_ASSUMPTION, NULL, ASSUMPTIONS)

#define INCIDENTS(F) F("incident", CELL_STEP, ITEM_) F("occurred", CELL_TEXT, ATTR_("occurred")) \
        F("text", CELL_TEXT, BODY_) F("rationale", CELL_TEXT, ATTR_("rationale")) \
        F("concerns", CELL_STEPS, OUT_(ZW_LINK_CONCERNS)) F("derives", CELL_STEPS, OUT_(ZW_LINK_DERIVES)) \
        F("state", CELL_TEXT, STATE_) F("severity", CELL_TEXT, ATTR_("severity")) F("aware", CELL_TEXT, ATTR_("aware")) \
        F("containment", CELL_TEXT, ATTR_("containment")) F("root_cause", CELL_TEXT, ATTR_("root_cause")) \
        F("corrected", CELL_TEXT, ATTR_("corrected")) F("resolved_by", CELL_STEPS, IN_(ZW_LINK_RESOLVES)) \
        F("failed", CELL_STEPS, FROM_LINKS, NULL, GRAPH_OUT, ZW_LINK_CONCERNS, \
          KIND_BIT(ZW_KIND_REQUIREMENT) | KIND_BIT(ZW_KIND_CLAIM), ZW_AS_NONE) \
        F("scenarios", CELL_STEPS, FROM_LINKS, NULL, GRAPH_OUT, ZW_LINK_RELATES_TO, KIND_BIT(ZW_KIND_THREAT), ZW_AS_NONE) \
        F("owner", CELL_TEXT, OWNER_)
ITEM_QUERY(incidents, false, ZW_KIND_INCIDENT, NULL, INCIDENTS)

#define CHANGES(F) F("change", CELL_STEP, ITEM_) F("state", CELL_TEXT, STATE_) F("nature", CELL_TEXT, ATTR_("nature")) \
        F("concerns", CELL_STEPS, OUT_(ZW_LINK_CONCERNS)) F("resolves", CELL_STEPS, OUT_(ZW_LINK_RESOLVES)) \
        F("rationale", CELL_TEXT, ATTR_("rationale")) F("impact", CELL_TEXT, ATTR_("impact")) \
        F("touches_safety", CELL_FLAG, ATTR_("touches_safety")) F("emergency", CELL_TEXT, ATTR_("emergency")) \
        F("back_out", CELL_TEXT, ATTR_("back_out")) F("verified_by", CELL_STEPS, IN_(ZW_LINK_VERIFIES)) \
        F("before", CELL_STEPS, AS_(ZW_LINK_RELATES_TO, ZW_AS_BEFORE)) F("after", CELL_STEPS, AS_(ZW_LINK_RELATES_TO, ZW_AS_AFTER)) \
        F("due", CELL_TEXT, ATTR_("due")) F("ticket", CELL_TEXT, ATTR_("ticket")) F("text", CELL_TEXT, BODY_) \
        F("owner", CELL_TEXT, OWNER_)
ITEM_QUERY(changes, false, ZW_KIND_CHANGE, NULL, CHANGES)

#define WORK(F, name) F(name, CELL_STEP, ITEM_) F("state", CELL_TEXT, STATE_) F("concerns", CELL_STEPS, OUT_(ZW_LINK_CONCERNS)) \
        F("due", CELL_TEXT, ATTR_("due")) F("rationale", CELL_TEXT, ATTR_("rationale")) F("text", CELL_TEXT, BODY_) \
        F("owner", CELL_TEXT, OWNER_)

#define ACTIONS(F) WORK(F, "action") F("resolves", CELL_STEPS, OUT_(ZW_LINK_RESOLVES))
ITEM_QUERY(actions, false, ZW_KIND_ACTION, NULL, ACTIONS)

#define NONCONFORMITIES(F) WORK(F, "nonconformity") F("clause", CELL_TEXT, ATTR_("clause")) \
        F("resolved_by", CELL_STEPS, IN_(ZW_LINK_RESOLVES))
ITEM_QUERY(nonconformities, false, ZW_KIND_NONCONFORMITY, NULL, NONCONFORMITIES)

#define HAZARDS(F) F("hazard", CELL_STEP, ITEM_) F("cause", CELL_TEXT, ATTR_("cause")) \
        F("consequence", CELL_TEXT, ATTR_("consequence")) F("severity", CELL_TEXT, ATTR_("severity")) \
        F("likelihood", CELL_TEXT, ATTR_("likelihood")) F("threats", CELL_STEPS, IN_(ZW_LINK_LEADS_TO)) \
        F("prevented_by", CELL_STEPS, IN_(ZW_LINK_PREVENTS)) F("risks", CELL_STEPS, IN_(ZW_LINK_ASSESSES))
ITEM_QUERY(hazards, false, ZW_KIND_HAZARD, NULL, HAZARDS)

#define THREATS(F) F("threat", CELL_STEP, ITEM_) F("actor", CELL_TEXT, ATTR_("actor")) \
        F("vector", CELL_TEXT, ATTR_("vector")) F("techniques", CELL_TEXT, ATTR_("techniques")) \
        F("text", CELL_TEXT, BODY_) F("targets", CELL_STEPS, OUT_(ZW_LINK_THREATENS)) \
        F("hazards", CELL_STEPS, OUT_(ZW_LINK_LEADS_TO)) F("weaknesses", CELL_STEPS, OUT_(ZW_LINK_EXPLOITS)) \
        F("risks", CELL_STEPS, IN_(ZW_LINK_ASSESSES))
ITEM_QUERY(threats, false, ZW_KIND_THREAT, NULL, THREATS)

#define ESSENTIALS(F) F("function", CELL_STEP, ITEM_) F("nature", CELL_WORD, ATTR_("nature")) \
        F("text", CELL_TEXT, BODY_) F("affected_by", CELL_STEPS, IN_(ZW_LINK_AFFECTS)) F("owner", CELL_TEXT, OWNER_)
ITEM_QUERY(essentials, false, ZW_KIND_ESSENTIAL_FUNCTION, NULL, ESSENTIALS)

#define SAFETY(F) F("function", CELL_STEP, ITEM_) F("sil", CELL_TEXT, ATTR_("sil_target")) F("mode", CELL_WORD, ATTR_("mode")) \
        F("safe_state", CELL_TEXT, ATTR_("safe_state")) F("hazards", CELL_STEPS, OUT_(ZW_LINK_PREVENTS)) \
        F("uses", CELL_STEPS, OUT_(ZW_LINK_USES)) F("affected_by", CELL_STEPS, IN_(ZW_LINK_AFFECTS))
ITEM_QUERY(safety, false, ZW_KIND_SAFETY_FUNCTION, NULL, SAFETY)

#define REQUIREMENTS(F) F("requirement", CELL_STEP, ITEM_) F("ref", CELL_TEXT, ATTR_("ref")) F("text", CELL_TEXT, BODY_) \
        F("level", CELL_WORD, ATTR_("level")) F("discipline", CELL_WORD, ATTR_("discipline")) \
        F("authority", CELL_WORD, ATTR_("authority")) F("source", CELL_TEXT, ATTR_("source")) \
        F("responsible", CELL_WORD, ATTR_("responsible")) F("rationale", CELL_TEXT, ATTR_("rationale")) \
        F("derives_from", CELL_STEPS, IN_(ZW_LINK_DERIVES)) F("allocated_to", CELL_STEPS, OUT_(ZW_LINK_ALLOCATED_TO)) \
        F("answered_by", CELL_STEPS, IN_(ZW_LINK_ANSWERS)) F("owner", CELL_TEXT, OWNER_)
ITEM_QUERY(requirements, false, ZW_KIND_REQUIREMENT, NULL, REQUIREMENTS)

#define MEASURES(F) F("measure", CELL_STEP, ITEM_) F("nature", CELL_WORD, ATTR_("nature")) \
        F("effectiveness", CELL_WORD, ATTR_("effectiveness")) F("failure_effect", CELL_TEXT, ATTR_("failure_effect")) \
        F("expires", CELL_TEXT, ATTR_("expires")) F("deployed_on", CELL_STEPS, OUT_(ZW_LINK_DEPLOYED_ON)) \
        F("mitigates", CELL_STEPS, OUT_(ZW_LINK_MITIGATES)) F("verified_by", CELL_STEPS, IN_(ZW_LINK_VERIFIES)) \
        F("text", CELL_TEXT, BODY_) F("owner", CELL_TEXT, OWNER_)
ITEM_QUERY(measures, false, ZW_KIND_COUNTERMEASURE, NULL, MEASURES)

#define ZONES(F) F("zone", CELL_STEP, ITEM_) F("level", CELL_TEXT, ATTR_("purdue")) F("nature", CELL_TEXT, ATTR_("nature")) \
        F("in", CELL_STEPS, OUT_(ZW_LINK_PART_OF)) F("boundary", CELL_TEXT, ATTR_("physical_boundary")) \
        F("conduits", CELL_STEPS, FROM_LINKS, NULL, GRAPH_IN, ZW_LINK_CONNECTS, KIND_BIT(ZW_KIND_CONDUIT), ZW_AS_NONE) \
        F("access", CELL_STEPS, FROM_LINKS, NULL, GRAPH_IN, ZW_LINK_CONNECTS, KIND_BIT(ZW_KIND_ACCESS_POINT), ZW_AS_NONE) \
        F("separation", CELL_TEXT, ATTR_("separation_reason")) F("text", CELL_TEXT, BODY_) F("owner", CELL_TEXT, OWNER_)
ITEM_QUERY(zones, false, ZW_KIND_ZONE, NULL, ZONES)

#define CONDUITS(F) F("conduit", CELL_STEP, ITEM_) F("a", CELL_STEPS, AS_(ZW_LINK_CONNECTS, ZW_AS_A)) \
        F("b", CELL_STEPS, AS_(ZW_LINK_CONNECTS, ZW_AS_B)) F("protocols", CELL_TEXT, ATTR_("protocols")) \
        F("direction", CELL_WORD, ATTR_("direction")) F("enforcement", CELL_TEXT, ATTR_("enforcement")) \
        F("untrusted", CELL_FLAG, ATTR_("untrusted")) F("latency", CELL_TEXT, ATTR_("latency_ms")) \
        F("throughput", CELL_TEXT, ATTR_("throughput")) F("reliability", CELL_TEXT, ATTR_("reliability")) \
        F("text", CELL_TEXT, BODY_) F("owner", CELL_TEXT, OWNER_)
ITEM_QUERY(conduits, false, ZW_KIND_CONDUIT, NULL, CONDUITS)

/* ---- of one place ---- */

static bool links_to(GraphView view, ItemNo item, LinkTypeId type, ItemNo place)
{
        GraphIter iter = graph_iter(view, item, GRAPH_OUT, LINK_MASK(type));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (edge.other == place)
                        return true;
        return false;
}

static bool connects(GraphView view, ItemNo item, ItemNo place)
{
        return links_to(view, item, ZW_LINK_CONNECTS, place);
}

/* A flow over a conduit, or from or to an asset of the place. */
static bool flow_is_of(GraphView view, ItemNo flow, ItemNo place)
{
        GraphIter iter = graph_iter(view, flow, GRAPH_OUT, LINK_MASK(ZW_LINK_CONNECTS));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (edge.other == place || asset_is_of_place(view, edge.other, place))
                        return true;
        return false;
}

/* A finding on an asset of the place, or on a product that is installed there. */
static bool finding_is_of(GraphView view, ItemNo finding, ItemNo place)
{
        g_autoptr(GArray) on = chain_next(view, finding, GRAPH_OUT, LINK_MASK(ZW_LINK_CONCERNS), UINT64_MAX);

        for (guint i = 0; i < on->len; i++) {
                ItemNo subject = g_array_index(on, CellStep, i).item;
                g_autoptr(GArray) installed = chain_next(view, subject, GRAPH_IN, LINK_MASK(ZW_LINK_INSTANCE_OF), UINT64_MAX);

                if (asset_is_of_place(view, subject, place))
                        return true;
                for (guint k = 0; k < installed->len; k++)
                        if (asset_is_of_place(view, g_array_index(installed, CellStep, k).item, place))
                                return true;
        }
        return false;
}

static bool serves(GraphView view, ItemNo asset, ItemNo place)
{
        return links_to(view, asset, ZW_LINK_SERVES, place);
}

#define PLACE_ASSETS(F) F("asset", CELL_STEP, ITEM_) F("products", CELL_STEPS, OUT_(ZW_LINK_INSTANCE_OF)) \
        F("criticality", CELL_WORD, ATTR_("criticality")) F("nature", CELL_TEXT, ATTR_("nature")) \
        F("location", CELL_TEXT, ATTR_("location")) F("addresses", CELL_TEXT, ATTR_("addresses")) \
        F("version", CELL_TEXT, ATTR_("installed_version")) F("used_by", CELL_STEPS, IN_(ZW_LINK_USES)) \
        F("owner", CELL_TEXT, OWNER_)
ITEM_QUERY(place_assets, true, ZW_KIND_ASSET, asset_is_of_place, PLACE_ASSETS)

#define PLACE_ACCESS(F) F("point", CELL_STEP, ITEM_) F("medium", CELL_WORD, ATTR_("medium")) \
        F("untrusted", CELL_FLAG, ATTR_("untrusted")) F("text", CELL_TEXT, BODY_) F("owner", CELL_TEXT, OWNER_)
ITEM_QUERY(place_access, true, ZW_KIND_ACCESS_POINT, connects, PLACE_ACCESS)

#define PLACE_FLOWS(F) F("flow", CELL_STEP, ITEM_) F("from", CELL_STEPS, AS_(ZW_LINK_CONNECTS, ZW_AS_SOURCE)) \
        F("to", CELL_STEPS, AS_(ZW_LINK_CONNECTS, ZW_AS_SINK)) F("protocol", CELL_TEXT, ATTR_("protocol")) \
        F("port", CELL_TEXT, ATTR_("port")) F("encrypted", CELL_FLAG, ATTR_("encrypted")) \
        F("over", CELL_STEPS, FROM_LINKS, NULL, GRAPH_OUT, ZW_LINK_CONNECTS, KIND_BIT(ZW_KIND_CONDUIT), ZW_AS_NONE)
ITEM_QUERY(place_flows, true, ZW_KIND_FLOW, flow_is_of, PLACE_FLOWS)

#define PLACE_CONDUITS(F) F("conduit", CELL_STEP, ITEM_) F("a", CELL_STEPS, AS_(ZW_LINK_CONNECTS, ZW_AS_A)) \
        F("b", CELL_STEPS, AS_(ZW_LINK_CONNECTS, ZW_AS_B)) F("protocols", CELL_TEXT, ATTR_("protocols")) \
        F("direction", CELL_WORD, ATTR_("direction")) F("enforcement", CELL_TEXT, ATTR_("enforcement"))
ITEM_QUERY(place_conduits, true, ZW_KIND_CONDUIT, connects, PLACE_CONDUITS)

#define PLACE_FINDINGS(F) F("finding", CELL_STEP, ITEM_) F("vulnerability", CELL_TEXT, ATTR_("vulnerability")) \
        F("severity", CELL_WORD, ATTR_("severity")) F("exploited", CELL_FLAG, ATTR_("kev")) \
        F("on", CELL_STEPS, OUT_(ZW_LINK_CONCERNS)) F("broken", CELL_TEXT, ATTR_("broken")) \
        F("treated_by", CELL_STEPS, IN_(ZW_LINK_MITIGATES)) F("remediation", CELL_TEXT, ATTR_("remediation"))
ITEM_QUERY(place_findings, true, ZW_KIND_FINDING, finding_is_of, PLACE_FINDINGS)

#define PLACE_SERVICES(F) F("service", CELL_STEP, ITEM_) F("lives_in", CELL_STEPS, OUT_(ZW_LINK_PART_OF)) \
        F("location", CELL_TEXT, ATTR_("location"))
ITEM_QUERY(place_services, true, ZW_KIND_ASSET, serves, PLACE_SERVICES)

/* clang-format on */
