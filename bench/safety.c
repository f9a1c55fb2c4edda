/* What countermeasures do to safety and what attacks reach of it, for a programme of 2,000 zones and 200,000 assets with 1,000 safety
 * functions and 10,000 countermeasures, each answer with its path; against one plain scan of all links. Usage: safety */
#include "bench.h"

#include "analysis/attack.h"
#include "analysis/interaction.h"
#include "base/hash.h"
#include <stdio.h>

enum {
        ZONES = 2000,
        ASSETS = 200000,
        COMPONENTS = 2000,
        CONDUITS = 4000,
        FUNCTIONS = 1000,
        MEASURES = 10000,
        ELEMENTS = 6, /* of a function */
        ROUNDS = 5,
};

typedef struct {
        Graph *graph;
        GError *error;
        uint64_t random;
        ItemNo n;
} Making;

static ItemNo item_make(Making *m, KindId kind, const char *attrs)
{
        char key[16];
        const ItemRev rev = { .no = m->n,
                              .key = key,
                              .kind = kind,
                              .rev = 1,
                              .subst = 1,
                              .title = "",
                              .body = "",
                              .attrs = attrs,
                              .state = ZW_STATE_APPROVED,
                              .from_seq = 1,
                              .to_seq = ZW_SEQ_OPEN };

        g_snprintf(key, sizeof key, "X-%u", m->n);
        bench_must(graph_apply_item(m->graph, &rev, &m->error), m->error);
        return m->n++;
}

static void link_make(Making *m, ItemNo from, LinkTypeId type, ItemNo to, AsId as, const char *attrs)
{
        const LinkRev rev = { .from = from,
                              .to = to,
                              .type = type,
                              .as = as,
                              .judged_from = 1,
                              .judged_to = 1,
                              .attrs = attrs,
                              .from_seq = 1,
                              .to_seq = ZW_SEQ_OPEN };

        bench_must(graph_apply_link(m->graph, &rev, false, &m->error), m->error);
}

static ItemNo any(Making *m, ItemNo first, uint32_t n)
{
        return first + (ItemNo)(bench_random(&m->random) % n);
}

typedef struct {
        ItemNo zones, components, assets, conduits, functions;
} Kinds;

static void plant_make(Making *m, Kinds *at)
{
        at->zones = m->n;
        for (int i = 0; i < ZONES; i++)
                item_make(m, ZW_KIND_ZONE, "{}");
        at->components = m->n;
        for (int i = 0; i < COMPONENTS; i++)
                item_make(m, ZW_KIND_COMPONENT, "{}");
        at->assets = m->n;
        for (int i = 0; i < ASSETS; i++) {
                const ItemNo asset = item_make(m, ZW_KIND_ASSET, "{}");

                link_make(m, asset, ZW_LINK_PART_OF, at->zones + (ItemNo)(i / (ASSETS / ZONES)), ZW_AS_NONE,
                          "{}");
                link_make(m, asset, ZW_LINK_INSTANCE_OF, any(m, at->components, COMPONENTS), ZW_AS_NONE,
                          "{}");
        }
        at->conduits = m->n;
        for (int i = 0; i < CONDUITS; i++) {
                const ItemNo conduit = item_make(m, ZW_KIND_CONDUIT, "{\"direction\":\"a_to_b\"}");

                link_make(m, conduit, ZW_LINK_CONNECTS, any(m, at->zones, ZONES), ZW_AS_A, "{}");
                link_make(m, conduit, ZW_LINK_CONNECTS, any(m, at->zones, ZONES), ZW_AS_B, "{}");
        }
}

/* Its elements stand in one zone; a hazard and a scenario come with each. */
static void function_make(Making *m, const Kinds *at)
{
        static const AsId roles[ELEMENTS] = { ZW_AS_SENSOR, ZW_AS_SENSOR, ZW_AS_LOGIC,
                                              ZW_AS_FINAL,  ZW_AS_FINAL,  ZW_AS_STATION };
        const ItemNo function = item_make(
                m, ZW_KIND_SAFETY_FUNCTION,
                "{\"mode\":\"low\",\"sil_target\":2,\"pfd\":\"0.004\",\"process_safety_time_ms\":\"20000\","
                "\"process_lag_ms\":\"500\",\"response_time_ms\":\"3000\"}");
        const ItemNo hazard = item_make(m, ZW_KIND_HAZARD, "{\"severity\":4}");
        const ItemNo threat = item_make(m, ZW_KIND_THREAT, "{\"frs\":[1,3]}");
        const ItemNo first = at->assets + (any(m, 0, ZONES)) * (ASSETS / ZONES);

        for (int i = 0; i < ELEMENTS; i++)
                link_make(m, function, ZW_LINK_USES, any(m, first, ASSETS / ZONES), roles[i], "{}");
        link_make(m, function, ZW_LINK_USES, any(m, at->conduits, CONDUITS), ZW_AS_PATH, "{}");
        link_make(m, function, ZW_LINK_PREVENTS, hazard, ZW_AS_NONE, "{}");
        link_make(m, threat, ZW_LINK_LEADS_TO, hazard, ZW_AS_NONE, "{}");
        link_make(m, threat, ZW_LINK_THREATENS, any(m, at->zones, ZONES), ZW_AS_NONE, "{}");
}

/* On an asset, a zone or a conduit; every fourth is assessed for some function. */
static void measure_make(Making *m, const Kinds *at, int i)
{
        const ItemNo measure = item_make(m, ZW_KIND_COUNTERMEASURE, "{}");

        link_make(m, measure, ZW_LINK_DEPLOYED_ON, any(m, at->assets, ASSETS), ZW_AS_NONE, "{}");
        link_make(m, measure, ZW_LINK_DEPLOYED_ON,
                  i % 2 == 0 ? any(m, at->zones, ZONES) : any(m, at->conduits, CONDUITS), ZW_AS_NONE, "{}");
        if (i % 4 == 0)
                link_make(m, measure, ZW_LINK_AFFECTS, at->functions + 3 * any(m, 0, FUNCTIONS), ZW_AS_NONE,
                          "{\"aspects\":[\"response_time\"],\"added_latency_ms\":\"40\",\"verdict\":"
                          "\"acceptable\"}");
}

static Graph *graph_make(void)
{
        Making m = { .graph = graph_new(), .random = 1 };
        Kinds at;

        plant_make(&m, &at);
        at.functions = m.n;
        for (int i = 0; i < FUNCTIONS; i++)
                function_make(&m, &at);
        for (int i = 0; i < MEASURES; i++)
                measure_make(&m, &at, i);
        graph_publish(m.graph, 1);
        return m.graph;
}

static double interactions(GraphView view)
{
        const double begin = bench_now();
        g_autoptr(Interactions) all = interactions_find(view, 0);
        const double took = bench_now() - begin;

        fprintf(stderr, "%u interactions of %u functions, %u conflicts\n", all->found->len,
                all->functions->len, all->conflicts->len);
        return took;
}

static double attacks(GraphView view)
{
        g_autoptr(Assess) assess = assess_new(view, 0);
        const double begin = bench_now();
        g_autoptr(GPtrArray) all = hazard_attacks(assess, ZW_ITEM_NONE);
        const double took = bench_now() - begin;

        fprintf(stderr, "%u scenarios of hazards\n", all->len);
        return took;
}

static void measure(GraphView view, const char *name, double (*run)(GraphView view))
{
        g_autoptr(GArray) ours = g_array_new(FALSE, FALSE, sizeof(double));
        g_autoptr(GArray) theirs = g_array_new(FALSE, FALSE, sizeof(double));

        for (int i = 0; i < ROUNDS; i++) {
                const double a = run(view), b = bench_scan(view);

                g_array_append_val(ours, a);
                g_array_append_val(theirs, b);
        }
        bench_figure(name, "s", bench_median(ours), "scan of all links", bench_median(theirs),
                     bench_median(theirs) / bench_median(ours));
}

int main(void)
{
        g_autoptr(Graph) graph = NULL;

        hash_init();
        graph = graph_make();
        measure(graph_pin(graph), "1,000 functions x 10,000 countermeasures", interactions);
        measure(graph_pin(graph), "attacks on 1,000 hazards", attacks);
        return 0;
}
