#include "analysis/shared.h"

#include "analysis/anchor.h"

/* What prevents a hazard. */
#define KINDS (UINT64_C(1) << ZW_KIND_SAFETY_FUNCTION | UINT64_C(1) << ZW_KIND_PROTECTION_LAYER)

typedef struct {
        GraphView view;
        GArray *anchors, *found;
        GHashTable *seen; /* functions that were found */
        SharedFunction at;
} Search;

static void path_append(SharedFunction *shared, ItemNo item)
{
        if (shared->n == 0 || shared->path[shared->n - 1] != item)
                shared->path[shared->n++] = item;
}

/* The functions anchored at `item`, which the measure has where it is deployed. */
static void anchors_meet(Search *search, ItemNo item)
{
        size_t n;
        const SafetyAnchor *anchors = safety_anchors_at(search->anchors, item, &n);

        for (size_t i = 0; i < n; i++) {
                SharedFunction shared = search->at;

                if (!g_hash_table_add(search->seen, GUINT_TO_POINTER(anchors[i].function + 1)))
                        continue;
                path_append(&shared, item);
                path_append(&shared, anchors[i].uses);
                path_append(&shared, anchors[i].function);
                shared.function = anchors[i].function;
                g_array_append_val(search->found, shared);
        }
}

static void countermeasure_look(Search *search, ItemNo countermeasure)
{
        g_autoptr(GArray) spots = measure_spots(search->view, countermeasure);
        const size_t before = search->at.n;

        path_append(&search->at, countermeasure);
        for (guint i = 0; i < spots->len; i++) {
                const MeasureSpot *spot = &g_array_index(spots, MeasureSpot, i);
                const size_t n = search->at.n;

                path_append(&search->at, spot->spot);
                anchors_meet(search, spot->item);
                search->at.n = n;
        }
        search->at.n = before;
}

GArray *shared_functions(GraphView view, const ItemNo *requirements, size_t n)
{
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        g_autoptr(GArray) anchors = safety_anchors(view, KINDS);
        Search search = { view, anchors, g_array_new(FALSE, FALSE, sizeof(SharedFunction)), seen, { 0 } };

        for (size_t i = 0; i < n; i++) {
                g_autoptr(GArray) claims = items_linked(view, requirements[i], GRAPH_IN, ZW_LINK_ANSWERS,
                                                        ZW_KIND_CLAIM);

                for (guint c = 0; c < claims->len; c++) {
                        ItemNo claim = g_array_index(claims, ItemNo, c);
                        g_autoptr(GArray) measures = items_linked(view, claim, GRAPH_OUT, ZW_LINK_RESTS_ON,
                                                                  ZW_KIND_COUNTERMEASURE);

                        search.at = (SharedFunction){ .requirement = i,
                                                      .path = { requirements[i], claim },
                                                      .n = 2 };
                        for (guint m = 0; m < measures->len; m++)
                                countermeasure_look(&search, g_array_index(measures, ItemNo, m));
                }
        }
        return search.found;
}
