/* A graph made by hand, item by item; links and results may be applied in either order. */
#ifndef TEST_REPORT_PLANT_H
#define TEST_REPORT_PLANT_H

#include "base/error.h"
#include "graph/graph.h"

typedef struct {
        Graph *graph;
        ItemNo n;
        GArray *links; /* of LinkRev, applied by plant_publish */
        const char *title;
} Plant;

static inline void plant_init(Plant *plant, const char *title)
{
        *plant = (Plant){ graph_new(), 0, g_array_new(FALSE, FALSE, sizeof(LinkRev)), title };
}

static inline void plant_clear(Plant *plant)
{
        graph_free(plant->graph);
        g_array_unref(plant->links);
}

static inline ItemNo plant_item(Plant *plant, KindId kind, const char *attrs)
{
        g_autofree char *key = g_strdup_printf("%s-%u", kind_def(kind)->prefix, plant->n);
        g_autoptr(GError) error = NULL;
        ItemRev row = { .no = plant->n,
                        .key = key,
                        .kind = kind,
                        .rev = 1,
                        .subst = 1,
                        .title = plant->title == NULL ? key : plant->title,
                        .body = "",
                        .attrs = attrs,
                        .from_seq = 1,
                        .to_seq = ZW_SEQ_OPEN };

        row.state = lifecycle_has(kind_def(kind)->lifecycle, ZW_STATE_APPROVED)
                            ? ZW_STATE_APPROVED
                            : lifecycle_initial(kind_def(kind)->lifecycle);
        g_assert_true(graph_apply_item(plant->graph, &row, &error));
        return plant->n++;
}

static inline void plant_link(Plant *plant, ItemNo from, LinkTypeId type, ItemNo to)
{
        LinkRev row = { .from = from,
                        .to = to,
                        .type = type,
                        .judged_from = 1,
                        .judged_to = 1,
                        .from_seq = 1,
                        .to_seq = ZW_SEQ_OPEN };

        g_array_append_val(plant->links, row);
}

static inline void plant_result(Plant *plant, ItemNo test_case, ItemNo run, ResultStatus status)
{
        ResultRev row = { .test_case = test_case, .run = run, .status = status, .at = 1000, .seq = 1 };
        g_autoptr(GError) error = NULL;

        g_assert_true(graph_apply_result(plant->graph, &row, &error));
}

static inline GraphView plant_publish(Plant *plant, bool backwards)
{
        for (guint i = 0; i < plant->links->len; i++) {
                guint at = backwards ? plant->links->len - 1 - i : i;
                g_autoptr(GError) error = NULL;

                g_assert_true(graph_apply_link(plant->graph, &g_array_index(plant->links, LinkRev, at), false,
                                               &error));
        }
        graph_publish(plant->graph, 1);
        return graph_pin(plant->graph);
}

#endif
