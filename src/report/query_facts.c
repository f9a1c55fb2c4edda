/* What ZCR 6.4 asks for of one zone or conduit, one fact a row; what nobody stated is said to be so. */
#include "report/query_items.h"

#include "base/jread.h"

#include <string.h>

enum { FACTS_FACT, FACTS_VALUE, FACTS_ITEMS, FACTS_N };

static const QueryField facts_fields[FACTS_N] = {
        [FACTS_FACT] = { "fact", CELL_TEXT },
        [FACTS_VALUE] = { "value", CELL_TEXT },
        [FACTS_ITEMS] = { "items", CELL_STEPS },
};

static void fact(Query *query, const char *name, const char *value, const GArray *items)
{
        if (query->stopped)
                return;
        fill_clear(query);
        fill_text(query, FACTS_FACT, name);
        fill_text(query, FACTS_VALUE,
                  value != NULL && value[0] != '\0'  ? value
                  : items == NULL || items->len == 0 ? "not stated"
                                                     : NULL);
        if (items != NULL)
                fill_list(query, FACTS_ITEMS, items->data, items->len);
        (void)fill_emit(query);
}

static void fact_attr(Query *query, const char *name, const char *attr)
{
        g_autofree char *value = attr_text(query, query->place, attr);

        fact(query, name, value, NULL);
}

static void fact_links(Query *query, const char *name, GraphSide side, LinkTypeId type, uint64_t kinds,
                       const char *none)
{
        g_autoptr(GArray)
                items = chain_next(query->context->view, query->place, side, LINK_MASK(type), kinds);

        fact(query, name, items->len == 0 ? none : NULL, items);
}

/* ---- what both have ---- */

/* The highest of the assets that are in it. */
static void fact_criticality(Query *query)
{
        GraphView view = query->context->view;
        g_autoptr(GArray) assets = chain_next(view, query->place, GRAPH_IN, LINK_MASK(ZW_LINK_PART_OF),
                                              KIND_BIT(ZW_KIND_ASSET));
        static const char *const names[] = { "low", "medium", "high" };
        int highest = -1, stated = 0;
        g_autofree char *value = NULL;

        for (guint i = 0; i < assets->len; i++) {
                g_autofree char *text = attr_text(query, g_array_index(assets, CellStep, i).item,
                                                  "criticality");

                for (int k = 0; text != NULL && k < (int)G_N_ELEMENTS(names); k++)
                        if (strcmp(text, names[k]) == 0) {
                                highest = MAX(highest, k);
                                stated++;
                        }
        }
        if (highest >= 0)
                value = g_strdup_printf("%s: the highest of %d of %u assets that state one", names[highest],
                                        stated, assets->len);
        fact(query, "Criticality", value, NULL);
}

static void fact_safety(Query *query)
{
        uint32_t natures = facts_get_set(graph_facts(query->context->view, query->place), ZW_ATTR_NATURE);

        fact(query, "Safety designation",
             natures & (1U << ZW_VALUE_ZONE_NATURE_SAFETY) ? "safety-related" : "not marked safety-related",
             NULL);
}

static void fact_record(Query *query)
{
        ItemRecord record = query_record(query, query->place);
        g_autofree char *body = g_strdup(record.body), *owner = g_strdup(record.owner);

        fact(query, "Name and identifier", graph_title(query->context->view, query->place), NULL);
        fact(query, "Owner", owner, NULL);
        fact(query, "Function", body, NULL);
        fact_criticality(query);
        fact_safety(query);
        fact_attr(query, "Nature", "nature");
        fact_attr(query, "Level of the reference model", "purdue");
        fact_attr(query, "Physical boundary", "physical_boundary");
        fact_attr(query, "Why a separation rule is answered otherwise", "separation_reason");
}

static void fact_documents(Query *query)
{
        g_autoptr(GArray) policies = chain_next(query->context->view, query->place, GRAPH_IN,
                                                LINK_MASK(ZW_LINK_DEPLOYED_ON), UINT64_MAX);

        fact(query, "Countermeasures deployed here", policies->len == 0 ? "none recorded" : NULL, policies);
        fact_links(query, "Assumptions and other items related", GRAPH_IN, ZW_LINK_RELATES_TO, UINT64_MAX,
                   "none recorded; those of the whole are in 6.5");
        fact_links(query, "Services from elsewhere it depends on", GRAPH_IN, ZW_LINK_SERVES, UINT64_MAX,
                   "none recorded");
}

/* ---- a zone, a conduit ---- */

static void zone_facts(Query *query)
{
        fact_attr(query, "Operator", "operator");
        fact_links(query, "Lies in", GRAPH_OUT, ZW_LINK_PART_OF, UINT64_MAX, "nothing recorded");
        fact_links(query, "Logical boundary: conduits", GRAPH_IN, ZW_LINK_CONNECTS, KIND_BIT(ZW_KIND_CONDUIT),
                   "no conduit");
        fact_links(query, "Logical boundary: access points", GRAPH_IN, ZW_LINK_CONNECTS,
                   KIND_BIT(ZW_KIND_ACCESS_POINT), "no access point");
}

static void conduit_facts(Query *query)
{
        g_autofree char *latency = attr_text(query, query->place, "latency_ms");
        g_autofree char *stated = latency == NULL ? NULL : g_strconcat(latency, " ms at worst", NULL);

        fact_links(query, "Zones it connects", GRAPH_OUT, ZW_LINK_CONNECTS, KIND_BIT(ZW_KIND_ZONE),
                   "no zone");
        fact_attr(query, "Permitted protocols", "protocols");
        fact_attr(query, "Direction", "direction");
        fact_attr(query, "Logical boundary: enforcement", "enforcement");
        fact_attr(query, "Carries untrusted traffic", "untrusted");
        fact(query, "Latency", stated, NULL);
        fact_attr(query, "Throughput", "throughput");
        fact_attr(query, "Reliability", "reliability");
}

static void place_facts_run(Query *query)
{
        fact_record(query);
        if (graph_kind(query->context->view, query->place) == ZW_KIND_CONDUIT)
                conduit_facts(query);
        else
                zone_facts(query);
        fact_documents(query);
}

const QueryDef report_query_facts = { "place_facts", true, facts_fields, FACTS_N, place_facts_run };
