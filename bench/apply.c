/* Applying a commit to the graph in memory: one of ten new revisions and twenty new links among neighbours, as an edit is,
 * on the projects named, which are of rising size; PROJECT*N is N copies of one. The peer is the first one: what a commit costs must not depend on what the project holds.
 * Usage: apply DIR PROJECT[*N]... */
#include "bench.h"

#include "base/hash.h"
#include <stdio.h>

enum { COMMITS = 2000, REVISIONS = 10, LINKS = 20, NEIGHBOURS = 50 };

static void commit_apply(Graph *graph, Seq seq, uint64_t *state)
{
        ItemNo first = (ItemNo)(bench_random(state) % (graph_item_count(graph_pin(graph)) - NEIGHBOURS));
        g_autoptr(GError) error = NULL;

        for (int i = 0; i < REVISIONS; i++) {
                const ItemNo no = first + (ItemNo)(bench_random(state) % NEIGHBOURS);

                bench_revise(graph, no, seq);
        }
        for (int i = 0; i < LINKS; i++) {
                LinkRev rev = { .from = first + (ItemNo)(bench_random(state) % NEIGHBOURS),
                                .to = first + (ItemNo)(bench_random(state) % NEIGHBOURS),
                                .type = ZW_LINK_RELATES_TO,
                                .as = ZW_AS_NONE,
                                .judged_from = 1,
                                .judged_to = 1,
                                .from_seq = seq,
                                .to_seq = ZW_SEQ_OPEN };

                bench_must(graph_apply_link(graph, &rev, false, &error), error);
        }
        graph_publish(graph, seq);
}

static double median_of(const char *dir, const char *name)
{
        g_auto(GStrv) parts = g_strsplit(name, "*", 2);
        g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(double));
        BenchProject project = bench_open(dir, parts[0]);
        uint64_t state = 3;

        project.graph = bench_load(&project, bench_copies(parts[1] == NULL ? 0 : 2, parts, 1));
        for (int i = 0; i < COMMITS; i++) {
                Seq seq = graph_head(project.graph) + 1;
                double begin = bench_now(), seconds;

                commit_apply(project.graph, seq, &state);
                seconds = bench_now() - begin;
                g_array_append_val(times, seconds);
        }
        bench_close(&project);
        return bench_median(times);
}

int main(int argc, char **argv)
{
        double first = 0;

        if (argc < 3)
                return 2;
        hash_init();
        for (int i = 2; i < argc; i++) {
                g_autofree char *name = g_strdup_printf("apply a commit, size %s", argv[i]);
                double median = median_of(argv[1], argv[i]);

                if (i == 2)
                        first = median;
                bench_figure(name, "s", median, argv[2], first, first / median);
        }
        return 0;
}
