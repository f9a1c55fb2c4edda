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

void bench_must(bool ok, const GError *error)
{
        if (ok)
                return;
        fprintf(stderr, "bench: %s\n", error == NULL ? "failed" : error->message);
        exit(1);
}

static bool load_item(const ItemRev *rev, void *payload, GError **error)
{
        return graph_apply_item(payload, rev, error);
}

static bool load_link(const LinkRev *rev, void *payload, GError **error)
{
        return graph_apply_link(payload, rev, false, error);
}

static bool load_result(const ResultRev *result, void *payload, GError **error)
{
        return graph_apply_result(payload, result, error);
}

Graph *bench_load(const BenchProject *project)
{
        const StoreProject *p = project->project;
        Graph *graph = graph_new();
        g_autoptr(GError) error = NULL;

        bench_must(store_each_item(project->view, &p->log, p->head, load_item, graph, &error) &&
                           store_each_link(project->view, &p->log, p->head, load_link, graph, &error) &&
                           store_each_result(project->view, &p->log, p->head, load_result, graph, &error),
                   error);
        graph_publish(graph, p->head);
        return graph;
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

/* Source: S. Vigna, splitmix64 (public domain). */
uint64_t bench_random(uint64_t *state)
{
        uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);

        x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
        return x ^ (x >> 31);
}
