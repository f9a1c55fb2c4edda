/* SL-A of every place and all suspect links from scratch, against one plain scan of all links in memory. Usage: levels DIR PROJECT [COPIES] */
#include "bench.h"

#include "analysis/assess.h"
#include "analysis/suspect.h"
#include "base/hash.h"
#include <stdio.h>

enum { ROUNDS = 3 };

static double scan(GraphView view)
{
        double begin = bench_now();
        volatile uint64_t sum = 0;

        for (ItemNo item = 0; item < graph_item_count(view); item++)
                for (int side = 0; side < 2; side++) {
                        GraphIter iter = graph_iter(view, item, (GraphSide)side, LINK_MASK_ALL);
                        GraphEdge edge;

                        while (graph_next(&iter, &edge))
                                sum += edge.other;
                }
        return bench_now() - begin;
}

static double assess_all(GraphView view)
{
        g_autoptr(Assess) assess = assess_new(view, instant_now());
        double begin = bench_now();
        const ItemNo *places;
        size_t n;

        places = assess_places(assess, &n);
        for (size_t i = 0; i < n; i++)
                place_assessment_free(assess_place(assess, places[i], false));
        return bench_now() - begin;
}

static double suspects_all(GraphView view)
{
        const double begin = bench_now();

        g_array_unref(suspects_find(view, NULL));
        return bench_now() - begin;
}

int main(int argc, char **argv)
{
        g_autoptr(GArray) ours = g_array_new(FALSE, FALSE, sizeof(double));
        g_autoptr(GArray) suspects = g_array_new(FALSE, FALSE, sizeof(double));
        g_autoptr(GArray) theirs = g_array_new(FALSE, FALSE, sizeof(double));
        BenchProject project;
        GraphView view;

        if (argc < 3)
                return 2;
        hash_init();
        project = bench_open(argv[1], argv[2]);
        project.graph = bench_load(&project, bench_copies(argc, argv, 3));
        view = graph_pin(project.graph);
        for (int i = 0; i < ROUNDS; i++) {
                double a = assess_all(view), b = scan(view), c = suspects_all(view);

                g_array_append_val(ours, a);
                g_array_append_val(theirs, b);
                g_array_append_val(suspects, c);
        }
        bench_figure("levels of all places", "s", bench_median(ours), "scan of all links",
                     bench_median(theirs), bench_median(theirs) / bench_median(ours));
        bench_figure("all suspect links", "s", bench_median(suspects), "scan of all links",
                     bench_median(theirs), bench_median(theirs) / bench_median(suspects));
        bench_close(&project);
        return 0;
}
