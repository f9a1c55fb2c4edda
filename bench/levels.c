/* SL-A of every place and all suspect links from scratch, against one plain scan of all links in memory; and SL-A of every place after an
 * edit of one item, against from scratch. Usage: levels DIR PROJECT [COPIES] */
#include "bench.h"

#include "analysis/kept.h"
#include "analysis/suspect.h"
#include "base/hash.h"
#include <stdio.h>

enum { ROUNDS = 3, EDITS = 300 };

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

/* All places known as of the head, from what is kept. */
static double kept_all(Kept *kept, Graph *graph, Instant now)
{
        const double begin = bench_now();

        assess_free(kept_assess(kept, graph_pin(graph), now));
        return bench_now() - begin;
}

static void edits(Graph *graph, double scratch)
{
        g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(double));
        g_autoptr(Kept) kept = kept_new(ZW_KEPT_BYTES_MAX);
        const Instant now = instant_now();
        const double first = kept_all(kept, graph, now);
        uint64_t state = 5;
        double median;

        for (int i = 0; i < EDITS; i++) {
                const ItemNo no = (ItemNo)(bench_random(&state) % graph_item_count(graph_pin(graph)));
                const Seq seq = graph_head(graph) + 1;
                double seconds;

                bench_revise(graph, no, seq);
                graph_publish(graph, seq);
                kept_touch(kept, seq, no);
                seconds = kept_all(kept, graph, now);
                g_array_append_val(times, seconds);
        }
        median = bench_median(times);
        bench_figure("levels of all places, from scratch and kept", "s", first, "from scratch", scratch,
                     scratch / first);
        bench_figure("levels of all places after one edit, median", "s", median, "from scratch", scratch,
                     scratch / median);
        for (int percent = 90; percent < 100; percent += 9) {
                g_autofree char *name = g_strdup_printf("levels of all places after one edit, p%d", percent);
                const double seconds = bench_percentile(times, percent / 100.0);

                bench_figure(name, "s", seconds, "from scratch", scratch, scratch / seconds);
        }
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
                double a = assess_all(view), b = bench_scan(view), c = suspects_all(view);

                g_array_append_val(ours, a);
                g_array_append_val(theirs, b);
                g_array_append_val(suspects, c);
        }
        bench_figure("levels of all places", "s", bench_median(ours), "scan of all links",
                     bench_median(theirs), bench_median(theirs) / bench_median(ours));
        bench_figure("all suspect links", "s", bench_median(suspects), "scan of all links",
                     bench_median(theirs), bench_median(theirs) / bench_median(suspects));
        edits(project.graph, bench_median(ours));
        bench_close(&project);
        return 0;
}
