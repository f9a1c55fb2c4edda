/* Layers of protection: the example of docs/algorithms/lopa.md, and what earns no credit. */
#include "analysis/lopa.h"
#include "case.h"

#include <math.h>

#define HAZARD                                                                      \
        "{\"initiating_frequency_per_y\":\"0.1\",\"ignition_probability\":\"0.5\"," \
        "\"presence_probability\":\"0.1\",\"tolerable_frequency_per_y\":\"1e-5\"}"

typedef struct {
        ItemNo hazard, relief, function;
} Example;

static Example example(Case *plant, const char *hazard, const char *relief)
{
        Example made = { item(plant, ZW_KIND_HAZARD, hazard), item(plant, ZW_KIND_PROTECTION_LAYER, relief),
                         item(plant, ZW_KIND_SAFETY_FUNCTION, "{\"mode\":\"low\",\"pfd\":\"0.01\"}") };

        join(plant, made.relief, ZW_LINK_PREVENTS, made.hazard);
        join(plant, made.function, ZW_LINK_PREVENTS, made.hazard);
        return made;
}

static Lopa *found(Case *plant, ItemNo hazard)
{
        graph_publish(plant->graph, 1);
        return lopa_find(graph_pin(plant->graph), hazard, CASE_NOW);
}

static void expect_near(double value, double wanted)
{
        g_assert_cmpfloat_with_epsilon(value / wanted, 1, 1e-9);
}

static void test_example(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        Example made = example(plant, HAZARD, "{\"pfd\":\"0.1\",\"independent\":true}");
        g_autoptr(Lopa) lopa = found(plant, made.hazard);

        expect_near(lopa->unmitigated_per_y, 5e-3);
        expect_near(lopa->other_layers_per_y, 5e-4);
        expect_near(lopa->reduction_needed, 50);
        g_assert_cmpint(lopa->sil_needed, ==, 1);
        expect_near(lopa->mitigated_per_y, 5e-6);
        g_assert_cmpint(lopa->verdict, ==, SAFETY_MET);
}

typedef struct {
        const char *name, *hazard, *relief;
        SafetyVerdict verdict;
        double mitigated; /* 0: unknown */
        int sil;
} Variant;

static const Variant variants[] = {
        { "not-independent", HAZARD, "{\"pfd\":\"0.1\",\"independent\":false}", SAFETY_NOT_MET, 5e-5, 2 },
        { "independence-unanswered", HAZARD, "{\"pfd\":\"0.1\"}", SAFETY_UNKNOWN, 0, -1 },
        { "met-whatever-the-answer",
          "{\"initiating_frequency_per_y\":\"0.1\",\"tolerable_frequency_per_y\":\"2e-3\"}",
          "{\"pfd\":\"0.5\"}", SAFETY_MET, 0, 1 },
        { "not-met-whatever-the-answer",
          "{\"initiating_frequency_per_y\":\"0.1\",\"tolerable_frequency_per_y\":\"1e-6\"}",
          "{\"pfd\":\"0.1\"}", SAFETY_NOT_MET, 0, -1 },
        { "unanswered-without-effect",
          "{\"initiating_frequency_per_y\":\"0.1\",\"tolerable_frequency_per_y\":\"1e-3\"}",
          "{\"pfd\":\"1\"}", SAFETY_MET, 1e-3, 1 },
        { "unanswered-and-unknown",
          "{\"initiating_frequency_per_y\":\"0.1\",\"tolerable_frequency_per_y\":\"1e-3\"}", "{}",
          SAFETY_UNKNOWN, 0, -1 },
        { "pfd-unknown", HAZARD, "{\"independent\":true}", SAFETY_UNKNOWN, 0, -1 },
        { "initiating-unknown", "{\"tolerable_frequency_per_y\":\"1e-5\"}",
          "{\"pfd\":\"0.1\",\"independent\":true}", SAFETY_UNKNOWN, 0, -1 },
        { "tolerable-unknown", "{\"initiating_frequency_per_y\":\"0.1\"}",
          "{\"pfd\":\"0.1\",\"independent\":true}", SAFETY_UNKNOWN, 1e-4, -1 },
        /* 0.1 x 0.1 is not exactly 0.01 as doubles are */
        { "at-the-limit", "{\"initiating_frequency_per_y\":\"0.1\",\"tolerable_frequency_per_y\":\"1e-4\"}",
          "{\"pfd\":\"0.1\",\"independent\":true}", SAFETY_MET, 1e-4, 1 },
        { "nothing-left-to-do",
          "{\"initiating_frequency_per_y\":\"1e-3\",\"tolerable_frequency_per_y\":\"1e-4\"}",
          "{\"pfd\":\"0.1\",\"independent\":true}", SAFETY_MET, 1e-6, 0 },
        { "beyond-every-sil",
          "{\"initiating_frequency_per_y\":\"100\",\"tolerable_frequency_per_y\":\"1e-6\"}",
          "{\"pfd\":\"0.1\",\"independent\":true}", SAFETY_NOT_MET, 0.1, 5 },
};

static void test_variant(Case *plant, gconstpointer data)
{
        const Variant *variant = data;
        Example made = example(plant, variant->hazard, variant->relief);
        g_autoptr(Lopa) lopa = found(plant, made.hazard);

        g_assert_cmpint(lopa->verdict, ==, variant->verdict);
        g_assert_cmpint(lopa->sil_needed, ==, variant->sil);
        if (variant->mitigated == 0)
                g_assert_true(isnan(lopa->mitigated_per_y));
        else
                expect_near(lopa->mitigated_per_y, variant->mitigated);
}

/* CDOIF, environmental risk tolerability for COMAH establishments, version 1.0: independent mitigation layers of 0.1 each. */
static void test_published(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        static const struct {
                const char *initiating;
                int layers;
                double mitigated;
        } rows[] = { { "1e-6", 2, 1e-8 }, { "1e-5", 2, 1e-7 }, { "1e-4", 2, 1e-6 }, { "1e-3", 1, 1e-4 } };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *attrs = g_strdup_printf("{\"initiating_frequency_per_y\":\"%s\"}",
                                                         rows[i].initiating);
                ItemNo hazard = item(plant, ZW_KIND_HAZARD, attrs);
                g_autoptr(Lopa) lopa = NULL;

                for (int layer = 0; layer < rows[i].layers; layer++)
                        join(plant,
                             item(plant, ZW_KIND_PROTECTION_LAYER, "{\"pfd\":\"0.1\",\"independent\":true}"),
                             ZW_LINK_PREVENTS, hazard);
                lopa = found(plant, hazard);
                expect_near(lopa->mitigated_per_y, rows[i].mitigated);
                g_assert_cmpint(lopa->verdict, ==, SAFETY_UNKNOWN); /* nothing says what is tolerable */
        }
}

/* C. A. Lassen, Layer of protection analysis for determination of safety integrity level, NTNU 2008, table 3.1 (overpressure of a
 * separator): ignition 0.3, occupancy 0.7, relief valves 0.08; 1.717e-3 per year left, 3e-5 wanted: a function of 1.75e-2, SIL 1. */
static void test_published_function(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        ItemNo hazard = item(plant, ZW_KIND_HAZARD,
                             "{\"initiating_frequency_per_y\":\"0.1022\",\"ignition_probability\":\"0.3\","
                             "\"presence_probability\":\"0.7\",\"tolerable_frequency_per_y\":\"3e-5\"}");
        char text[32];
        g_autoptr(Lopa) lopa = NULL;

        join(plant, item(plant, ZW_KIND_PROTECTION_LAYER, "{\"pfd\":\"0.08\",\"independent\":true}"),
             ZW_LINK_PREVENTS, hazard);
        lopa = found(plant, hazard);
        g_snprintf(text, sizeof text, "%.3e", lopa->other_layers_per_y);
        g_assert_cmpstr(text, ==, "1.717e-03");
        g_snprintf(text, sizeof text, "%.2e", 1 / lopa->reduction_needed);
        g_assert_cmpstr(text, ==, "1.75e-02");
        g_assert_cmpint(lopa->sil_needed, ==, 1);
}

/* A layer nobody answered for joins two that would earn a credit each: the range is that of both answers. */
static void test_unanswered_between(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        ItemNo hazard = item(plant, ZW_KIND_HAZARD, HAZARD),
               between = item(plant, ZW_KIND_PROTECTION_LAYER, "{\"pfd\":\"0.1\"}");
        g_autoptr(Lopa) lopa = NULL;

        join(plant, between, ZW_LINK_PREVENTS, hazard);
        for (int i = 0; i < 2; i++) {
                ItemNo layer = item(plant, ZW_KIND_PROTECTION_LAYER,
                                    "{\"pfd\":\"0.01\",\"independent\":true}"),
                       shared = item(plant, ZW_KIND_ASSET, "{}");

                join(plant, layer, ZW_LINK_PREVENTS, hazard);
                join_as(plant, layer, ZW_LINK_USES, shared, ZW_AS_SENSOR);
                join_as(plant, between, ZW_LINK_USES, shared, ZW_AS_SENSOR);
        }
        lopa = found(plant, hazard);
        expect_near(lopa->mitigated_range_per_y.least, 5e-7);
        expect_near(lopa->mitigated_range_per_y.most, 5e-5);
        g_assert_cmpint(lopa->verdict, ==, SAFETY_UNKNOWN);
}

/* A chain: the first shares with the second, the second with the third; all three earn one credit, the best. */
static void test_shared(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        ItemNo hazard = item(plant, ZW_KIND_HAZARD, HAZARD);
        ItemNo one = item(plant, ZW_KIND_ASSET, "{}"), other = item(plant, ZW_KIND_ASSET, "{}");
        ItemNo layers[3];
        g_autoptr(Lopa) lopa = NULL;

        for (int i = 0; i < 3; i++) {
                g_autofree char *attrs = g_strdup_printf("{\"pfd\":\"%s\",\"independent\":true}",
                                                         i == 2 ? "0.01" : "0.1");

                layers[i] = item(plant, ZW_KIND_PROTECTION_LAYER, attrs);
                join(plant, layers[i], ZW_LINK_PREVENTS, hazard);
        }
        join_as(plant, layers[0], ZW_LINK_USES, one, ZW_AS_SENSOR);
        join_as(plant, layers[1], ZW_LINK_USES, one, ZW_AS_FINAL);
        join_as(plant, layers[1], ZW_LINK_USES, other, ZW_AS_LOGIC);
        join_as(plant, layers[2], ZW_LINK_USES, other, ZW_AS_LOGIC);
        /* A station in common is a matter of attacks, not of failures. */
        join_as(plant, item(plant, ZW_KIND_SAFETY_FUNCTION, "{}"), ZW_LINK_USES, other, ZW_AS_STATION);
        lopa = found(plant, hazard);
        expect_near(lopa->mitigated_per_y, 5e-5);
        for (guint i = 0; i < lopa->layers->len; i++) {
                const LopaLayer *layer = &g_array_index(lopa->layers, LopaLayer, i);

                g_assert_cmpint(layer->credited, ==, layer->layer == layers[2]);
                g_assert_cmpuint(layer->shares_with, ==, layer->credited ? ZW_ITEM_NONE : layers[2]);
        }
}

static void test_retired_layer(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        ItemNo hazard = item(plant, ZW_KIND_HAZARD, HAZARD);
        g_autoptr(Lopa) lopa = NULL;

        join(plant, retired(plant, ZW_KIND_PROTECTION_LAYER, "{\"pfd\":\"0.1\",\"independent\":true}"),
             ZW_LINK_PREVENTS, hazard);
        lopa = found(plant, hazard);
        g_assert_cmpuint(lopa->layers->len, ==, 0);
        expect_near(lopa->mitigated_per_y, 5e-3);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
        g_test_add("/analysis/lopa/example", Case, NULL, case_set_up, test_example, case_tear_down);
        for (size_t i = 0; i < G_N_ELEMENTS(variants); i++) {
                g_autofree char *path = g_strconcat("/analysis/lopa/", variants[i].name, NULL);

                g_test_add(path, Case, &variants[i], case_set_up, test_variant, case_tear_down);
        }
        g_test_add("/analysis/lopa/published", Case, NULL, case_set_up, test_published, case_tear_down);
        g_test_add("/analysis/lopa/published-function", Case, NULL, case_set_up, test_published_function,
                   case_tear_down);
        g_test_add("/analysis/lopa/unanswered-between", Case, NULL, case_set_up, test_unanswered_between,
                   case_tear_down);
        g_test_add("/analysis/lopa/shared", Case, NULL, case_set_up, test_shared, case_tear_down);
        g_test_add("/analysis/lopa/retired-layer", Case, NULL, case_set_up, test_retired_layer,
                   case_tear_down);
        return g_test_run();
}
