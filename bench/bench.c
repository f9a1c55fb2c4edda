#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

double bench_now(void)
{
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int compare(gconstpointer a, gconstpointer b)
{
        double left = *(const double *)a, right = *(const double *)b;

        return left < right ? -1 : left > right;
}

double bench_percentile(GArray *seconds, double share)
{
        g_array_sort(seconds, compare);
        return g_array_index(seconds, double, (guint)(share * (double)(seconds->len - 1) + 0.5));
}

double bench_median(GArray *seconds)
{
        return bench_percentile(seconds, 0.5);
}

void bench_figure(const char *name, const char *unit, double ours, const char *peer, double theirs,
                  double ratio)
{
        printf("{\"name\":\"%s\",\"unit\":\"%s\",\"ours\":%.9g,\"peer\":\"%s\",\"theirs\":%.9g,\"ratio\":%.4g}\n",
               name, unit, ours, peer, theirs, ratio);
        fflush(stdout);
}

double bench_scan(GraphView view)
{
        const double begin = bench_now();
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

void bench_must(bool ok, const GError *error)
{
        if (ok)
                return;
        fprintf(stderr, "bench: %s\n", error == NULL ? "failed" : error->message);
        exit(1);
}

typedef struct {
        Graph *graph;
        uint32_t copy;
        ItemNo items, first; /* of one copy; of this one */
} Loading;

static bool load_item(const ItemRev *rev, void *payload, GError **error)
{
        Loading *loading = payload;
        g_autofree char *key = g_strdup_printf("%s.%u", rev->key, loading->copy);
        ItemRev copy = *rev;

        copy.no += loading->first;
        if (loading->copy > 0)
                copy.key = key;
        else
                loading->items = MAX(loading->items, rev->no + 1);
        return graph_apply_item(loading->graph, &copy, error);
}

static bool load_link(const LinkRev *rev, void *payload, GError **error)
{
        const Loading *loading = payload;
        LinkRev copy = *rev;

        copy.from += loading->first;
        copy.to += loading->first;
        return graph_apply_link(loading->graph, &copy, false, error);
}

static bool load_result(const ResultRev *result, void *payload, GError **error)
{
        const Loading *loading = payload;
        ResultRev copy = *result;

        copy.run += loading->first;
        copy.test_case += loading->first;
        return graph_apply_result(loading->graph, &copy, error);
}

Graph *bench_load(const BenchProject *project, uint32_t copies)
{
        const StoreProject *p = project->project;
        Loading loading = { .graph = graph_new() };
        g_autoptr(GError) error = NULL;

        for (; loading.copy < copies; loading.copy++) {
                loading.first = loading.copy * loading.items;
                bench_must(store_each_item(project->view, &p->log, p->head, load_item, &loading, &error) &&
                                   store_each_link(project->view, &p->log, p->head, load_link, &loading,
                                                   &error) &&
                                   store_each_result(project->view, &p->log, p->head, load_result, &loading,
                                                     &error),
                           error);
        }
        graph_publish(loading.graph, p->head);
        return loading.graph;
}

uint32_t bench_copies(int argc, char **argv, int at)
{
        guint64 copies = 1;

        bench_must(argc <= at || g_ascii_string_to_unsigned(argv[at], 10, 1, 100, &copies, NULL), NULL);
        return (uint32_t)copies;
}

BenchProject bench_open(const char *dir, const char *key)
{
        g_autoptr(GError) error = NULL;
        BenchProject project = { .store = store_open(dir, &error) };

        bench_must(project.store != NULL, error);
        project.view = store_view_open(project.store, &error);
        bench_must(project.view != NULL, error);
        project.project = store_find_project(project.view, key, &error);
        bench_must(project.project != NULL, error);
        return project;
}

void bench_close(BenchProject *project)
{
        graph_free(project->graph);
        store_project_free(project->project);
        store_view_close(project->view);
        store_close(project->store);
}

void bench_revise(Graph *graph, ItemNo no, Seq seq)
{
        const GraphView view = graph_pin(graph);
        const ItemRev rev = { .no = no,
                              .key = graph_key(view, no),
                              .kind = graph_kind(view, no),
                              .state = graph_state(view, no),
                              .rev = graph_rev(view, no) + 1,
                              .subst = graph_rev(view, no) + 1,
                              .title = "another title of about this length",
                              .body = "",
                              .attrs = "{}",
                              .from_seq = seq,
                              .to_seq = ZW_SEQ_OPEN };
        g_autoptr(GError) error = NULL;

        bench_must(graph_apply_item(graph, &rev, &error), error);
}

/* Source: S. Vigna, splitmix64 (public domain). */
uint64_t bench_random(uint64_t *state)
{
        uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);

        x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
        return x ^ (x >> 31);
}
