/* A small graph to be judged: items are numbered as they are put. */
#ifndef TEST_ANALYSIS_CASE_H
#define TEST_ANALYSIS_CASE_H

#include "analysis/lint.h"

#include <string.h>

#define CASE_NOW INT64_C(1767225600000) /* 2026-01-01 */

typedef struct {
        Graph *graph;
        ItemNo n;
        GArray *origins; /* of uint8_t */
} Case;

static inline void case_set_up(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        *plant = (Case){ .graph = graph_new(), .origins = g_array_new(FALSE, TRUE, sizeof(uint8_t)) };
}

static inline void case_tear_down(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        graph_free(plant->graph);
        g_array_unref(plant->origins);
}

static inline void put(Case *plant, ItemNo no, KindId kind, StateId state, const char *attrs)
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

static inline ItemNo item(Case *plant, KindId kind, const char *attrs)
{
        put(plant, plant->n, kind, lifecycle_initial(kind_def(kind)->lifecycle), attrs);
        return plant->n++;
}

static inline ItemNo retired(Case *plant, KindId kind, const char *attrs)
{
        put(plant, plant->n, kind, ZW_STATE_RETIRED, attrs);
        return plant->n++;
}

static inline void join_as(Case *plant, ItemNo from, LinkTypeId type, ItemNo to, AsId as)
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

static inline void join(Case *plant, ItemNo from, LinkTypeId type, ItemNo to)
{
        join_as(plant, from, type, to, 0);
}

/* The items that a rule names, in order, as "4 7". */
static inline char *named(Case *plant, const char *rule)
{
        g_autoptr(GArray) defects = NULL;
        GString *text = g_string_new(NULL);
        const LintOrigins origins = { (const uint8_t *)plant->origins->data, plant->origins->len, NULL };

        graph_publish(plant->graph, 1);
        defects = lint_find(graph_pin(plant->graph), CASE_NOW, &origins);
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

static inline void expect(Case *plant, const char *rule, const char *items)
{
        g_autofree char *found = named(plant, rule);

        g_assert_cmpstr(found, ==, items);
}

#endif
