/* Corner cases of the named defects (docs/algorithms/lint.md), each beside what is no defect. */
#include "analysis/lint.h"

#include <string.h>

typedef struct {
        Graph *graph;
        ItemNo n;
} Case;

static void set_up(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        *plant = (Case){ .graph = graph_new() };
}

static void tear_down(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        graph_free(plant->graph);
}

static void put(Case *plant, ItemNo no, KindId kind, StateId state, const char *attrs)
{
        g_autofree char *key = g_strdup_printf("%s-%u", kind_def(kind)->prefix, no);
        g_autoptr(GError) error = NULL;
        ItemRev row = { .no = no,
                        .key = key,
                        .kind = kind,
                        .state = state,
                        .rev = 1,
                        .subst = 1,
                        .title = key,
                        .body = "",
                        .attrs = attrs,
                        .from_seq = 1,
                        .to_seq = ZW_SEQ_OPEN };

        g_assert_true(graph_apply_item(plant->graph, &row, &error));
}

static ItemNo item(Case *plant, KindId kind, const char *attrs)
{
        put(plant, plant->n, kind, lifecycle_initial(kind_def(kind)->lifecycle), attrs);
        return plant->n++;
}

static ItemNo retired(Case *plant, KindId kind, const char *attrs)
{
        put(plant, plant->n, kind, ZW_STATE_RETIRED, attrs);
        return plant->n++;
}

static void join_as(Case *plant, ItemNo from, LinkTypeId type, ItemNo to, AsId as)
{
        LinkRev row = { .from = from,
                        .to = to,
                        .type = type,
                        .as = as,
                        .judged_from = 1,
                        .judged_to = 1,
                        .from_seq = 1,
                        .to_seq = ZW_SEQ_OPEN };
        g_autoptr(GError) error = NULL;

        g_assert_true(graph_apply_link(plant->graph, &row, false, &error));
}

static void join(Case *plant, ItemNo from, LinkTypeId type, ItemNo to)
{
        join_as(plant, from, type, to, 0);
}

/* The items that a rule names, in order, as "4 7". */
static char *named(Case *plant, const char *rule)
{
        g_autoptr(GArray) defects = NULL;
        GString *text = g_string_new(NULL);

        graph_publish(plant->graph, 1);
        defects = lint_find(graph_pin(plant->graph));
        for (guint i = 0; i < defects->len; i++) {
                const Defect *defect = &g_array_index(defects, Defect, i);

                if (strcmp(defect->rule, rule) != 0)
                        continue;
                g_string_append_printf(text, "%s%u", text->len == 0 ? "" : " ", defect->items[0]);
                if (defect->items[1] != ZW_ITEM_NONE)
                        g_string_append_printf(text, ":%u", defect->items[1]);
        }
        return g_string_free(text, FALSE);
}

static void expect(Case *plant, const char *rule, const char *items)
{
        g_autofree char *found = named(plant, rule);

        g_assert_cmpstr(found, ==, items);
}

static void test_loop(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        ItemNo threats[] = { item(plant, ZW_KIND_THREAT, "{}"), item(plant, ZW_KIND_THREAT, "{}") };
        ItemNo live = item(plant, ZW_KIND_REQUIREMENT, "{}"),
               gone = retired(plant, ZW_KIND_REQUIREMENT, "{}");
        ItemNo third = item(plant, ZW_KIND_REQUIREMENT, "{}");

        join(plant, threats[0], ZW_LINK_SUPERSEDES, threats[1]);
        join(plant, threats[1], ZW_LINK_SUPERSEDES, threats[0]);
        /* No loop: one of its items is retired. */
        join(plant, live, ZW_LINK_DERIVES, gone);
        join(plant, gone, ZW_LINK_DERIVES, third);
        join(plant, third, ZW_LINK_DERIVES, live);
        expect(plant, "loop", "0 1");
}

static void test_flow(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        ItemNo zones[] = { item(plant, ZW_KIND_ZONE, "{}"), item(plant, ZW_KIND_ZONE, "{}") };
        ItemNo assets[3], conduit = item(plant, ZW_KIND_CONDUIT, "{}");

        for (size_t i = 0; i < G_N_ELEMENTS(assets); i++) {
                assets[i] = item(plant, ZW_KIND_ASSET, "{}");
                join(plant, assets[i], ZW_LINK_PART_OF, zones[i / 2]);
        }
        for (int sinks = 1; sinks <= 2; sinks++)
                for (int over = 0; over < 2; over++) {
                        ItemNo flow = item(plant, ZW_KIND_FLOW, "{}");

                        join_as(plant, flow, ZW_LINK_CONNECTS, assets[0], ZW_AS_SOURCE);
                        for (int i = 1; i <= sinks; i++)
                                join_as(plant, flow, ZW_LINK_CONNECTS, assets[i], ZW_AS_SINK);
                        if (over)
                                join(plant, flow, ZW_LINK_CONNECTS, conduit);
                }
        /* Flows 6 and 7 stay in the zone; 8 and 9 have a second sink outside, 9 over the conduit. */
        expect(plant, "flow_without_conduit", "8");
}

static void test_tester(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        ItemNo ours = item(plant, ZW_KIND_COMPONENT, "{\"developer\":\"a\"}");
        ItemNo theirs = item(plant, ZW_KIND_COMPONENT, "{\"developer\":\"b\"}");
        ItemNo gone = retired(plant, ZW_KIND_REQUIREMENT, "{\"developer\":\"a\"}");
        ItemNo requirement = item(plant, ZW_KIND_REQUIREMENT, "{\"developer\":\"a\"}");
        ItemNo claim = item(plant, ZW_KIND_CLAIM, "{}"),
               test_case = item(plant, ZW_KIND_TEST_CASE, "{\"tester\":\"a\"}");

        join(plant, claim, ZW_LINK_RESTS_ON, ours);
        join(plant, claim, ZW_LINK_RESTS_ON, theirs);
        join(plant, test_case, ZW_LINK_VERIFIES, gone);
        join(plant, test_case, ZW_LINK_VERIFIES, requirement);
        join(plant, test_case, ZW_LINK_VERIFIES, claim);
        expect(plant, "tester_not_independent", "5:3 5:0");
}

static void test_rationale(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        (void)item(plant, ZW_KIND_CLAIM, "{\"statement\":\"not_applicable\"}");
        (void)item(plant, ZW_KIND_CLAIM, "{\"statement\":\"not_applicable\",\"rationale\":\"r\"}");
        (void)item(plant, ZW_KIND_CLAIM, "{\"statement\":\"met\"}");
        (void)item(plant, ZW_KIND_CLAIM, "{}");
        (void)item(plant, ZW_KIND_WAIVER, "{\"decision\":\"deferred\"}");
        expect(plant, "waiver_without_rationale", "0 4");
}

static void test_document(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        ItemNo claim = item(plant, ZW_KIND_CLAIM, "{}"), gone = retired(plant, ZW_KIND_CLAIM, "{}");

        join(plant, claim, ZW_LINK_RESTS_ON, item(plant, ZW_KIND_DOCUMENT, "{}"));
        join(plant, claim, ZW_LINK_RESTS_ON, item(plant, ZW_KIND_DOCUMENT, "{\"revision\":\"1\"}"));
        join(plant, gone, ZW_LINK_RESTS_ON, item(plant, ZW_KIND_DOCUMENT, "{}"));
        join(plant, item(plant, ZW_KIND_DOCUMENT, "{}"), ZW_LINK_EVIDENCES, claim);
        (void)item(plant, ZW_KIND_DOCUMENT, "{}");
        expect(plant, "document_without_revision", "2 5");
}

int main(int argc, char **argv)
{
        static const struct {
                const char *path;
                void (*run)(Case *plant, gconstpointer data);
        } tests[] = { { "/lint/loop", test_loop },
                      { "/lint/flow", test_flow },
                      { "/lint/tester", test_tester },
                      { "/lint/rationale", test_rationale },
                      { "/lint/document", test_document } };

        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
                g_test_add(tests[i].path, Case, NULL, set_up, tests[i].run, tear_down);
        return g_test_run();
}
