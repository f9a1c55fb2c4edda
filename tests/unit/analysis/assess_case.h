/* A small plant of one zone to be assessed: items are numbered as they are put. */
#ifndef TEST_ANALYSIS_ASSESS_CASE_H
#define TEST_ANALYSIS_ASSESS_CASE_H

#include "analysis/assess.h"
#include "base/error.h"

#include <string.h>

typedef struct {
        Graph *graph;
        Seq seq;
        ItemNo n;
} Plant;

static inline void set_up(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        *plant = (Plant){ .graph = graph_new(), .seq = 1 };
}

static inline void tear_down(Plant *plant, gconstpointer data G_GNUC_UNUSED)
{
        graph_free(plant->graph);
}

static inline void put(Plant *plant, ItemNo no, KindId kind, StateId state, uint32_t rev, const char *attrs)
{
        g_autofree char *key = g_strdup_printf("%s-%u", kind_def(kind)->prefix, no);
        g_autoptr(GError) error = NULL;
        ItemRev row = { .no = no,
                        .key = key,
                        .kind = kind,
                        .state = state,
                        .rev = rev,
                        .subst = rev,
                        .title = key,
                        .body = "",
                        .attrs = attrs,
                        .from_seq = plant->seq,
                        .to_seq = ZW_SEQ_OPEN };

        g_assert_true(graph_apply_item(plant->graph, &row, &error));
}

static inline ItemNo item(Plant *plant, KindId kind, const char *attrs)
{
        StateId state = lifecycle_has(kind_def(kind)->lifecycle, ZW_STATE_APPROVED)
                                ? ZW_STATE_APPROVED
                                : lifecycle_initial(kind_def(kind)->lifecycle);

        put(plant, plant->n, kind, state, 1, attrs);
        return plant->n++;
}

static inline void join_attrs(Plant *plant, ItemNo from, LinkTypeId type, ItemNo to, const char *attrs)
{
        LinkRev row = { .from = from,
                        .to = to,
                        .type = type,
                        .judged_from = 1,
                        .judged_to = 1,
                        .attrs = attrs,
                        .from_seq = plant->seq,
                        .to_seq = ZW_SEQ_OPEN };
        g_autoptr(GError) error = NULL;

        g_assert_true(graph_apply_link(plant->graph, &row, false, &error));
}

static inline void join(Plant *plant, ItemNo from, LinkTypeId type, ItemNo to)
{
        join_attrs(plant, from, type, to, NULL);
}

static inline PlaceAssessment *assess(Plant *plant, ItemNo place, Assess **ret_assess)
{
        graph_publish(plant->graph, plant->seq);
        *ret_assess = assess_new(graph_pin(plant->graph), INT64_C(1767225600000)); /* 2026-01-01 */
        return assess_place(*ret_assess, place, true);
}

static inline RowStatus status_of(Plant *plant, ItemNo place, const char *ref)
{
        g_autoptr(Assess) context = NULL;
        g_autoptr(PlaceAssessment) result = assess(plant, place, &context);

        return result->rows[catalogue_find(ref)].status;
}

/* A zone with one embedded device that answers every trait with no but those named. */
typedef struct {
        ItemNo system, zone, conduit, component, asset;
} Base;

static inline Base base_plant(Plant *plant, const char *yes)
{
        g_autoptr(GString) traits = g_string_new("{\"traits\":{");
        Base base;

        for (int i = 0; i < ZW_TRAIT_COUNT; i++)
                g_string_append_printf(traits, "%s\"%s\":%s", i == 0 ? "" : ",", trait_def((TraitId)i)->name,
                                       yes != NULL && strcmp(yes, trait_def((TraitId)i)->name) == 0
                                               ? "true"
                                               : "false");
        g_string_append(traits, "}}");
        base.system = item(plant, ZW_KIND_SYSTEM, "{}");
        base.zone = item(plant, ZW_KIND_ZONE, "{}");
        base.conduit = item(plant, ZW_KIND_CONDUIT, "{}");
        base.component = item(plant, ZW_KIND_COMPONENT, "{\"types\":[\"EDR\"],\"version\":\"1\"}");
        base.asset = item(plant, ZW_KIND_ASSET, traits->str);
        join(plant, base.zone, ZW_LINK_PART_OF, base.system);
        join(plant, base.conduit, ZW_LINK_PART_OF, base.system);
        join(plant, base.conduit, ZW_LINK_CONNECTS, base.zone);
        join(plant, base.asset, ZW_LINK_PART_OF, base.zone);
        join(plant, base.asset, ZW_LINK_INSTANCE_OF, base.component);
        return base;
}

static inline ItemNo requirement(Plant *plant, const char *ref, ItemNo at)
{
        g_autofree char *attrs = g_strdup_printf("{\"ref\":\"%s\"}", ref);
        ItemNo no = item(plant, ZW_KIND_REQUIREMENT, attrs);

        join(plant, no, ZW_LINK_ALLOCATED_TO, at);
        return no;
}

static inline ItemNo claim(Plant *plant, ItemNo answered, ItemNo covered, const char *attrs)
{
        ItemNo no = item(plant, ZW_KIND_CLAIM, attrs);

        join(plant, no, ZW_LINK_ANSWERS, answered);
        join(plant, no, ZW_LINK_COVERS, covered);
        return no;
}

/* A test of the claim with one result. */
static inline void proof(Plant *plant, ItemNo of, ResultStatus status, const char *case_attrs,
                         const char *run_attrs)
{
        ItemNo test_case = item(plant, ZW_KIND_TEST_CASE, case_attrs);
        ItemNo run = item(plant, ZW_KIND_TEST_RUN, run_attrs);
        ResultRev result = {
                .test_case = test_case, .run = run, .status = status, .at = 1000, .seq = plant->seq
        };
        g_autoptr(GError) error = NULL;

        join(plant, test_case, ZW_LINK_VERIFIES, of);
        g_assert_true(graph_apply_result(plant->graph, &result, &error));
}

#define MET    "{\"statement\":\"met\",\"rationale\":\"r\"}"
#define SAT    "{\"test_kind\":\"sat\"}"
#define SR_5_2 "62443-3-3 SR 5.2"

typedef struct {
        const char *path;
        void (*run)(Plant *plant, gconstpointer data);
} PlantTest;

static inline int plant_tests_run(int argc, char **argv, const PlantTest *tests, size_t n)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < n; i++)
                g_test_add(tests[i].path, Plant, NULL, set_up, tests[i].run, tear_down);
        return g_test_run();
}

#endif
