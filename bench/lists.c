/* Pages of lists, filtered and sorted, as the server answers them: the 99th percentile against the goal. Usage: lists DIR PROJECT */
#include "bench.h"

#include "base/hash.h"
#include "base/jread.h"
#include "service/service.h"
#include <stdio.h>
#include <unistd.h>

enum { ROUNDS = 20, ANSWER_MAX = 64 << 20 };
static const double goal = 0.05; /* s */

static const struct {
        const char *name, *q, *sort;
} lists[] = {
        { "list: all", "", "" },
        { "list: zones by title", "kind:zone", "title" },
        { "list: drafts of requirements, newest first", "kind:requirement state:draft", "-changed" },
        { "list: assets by key", "kind:asset", "key" },
        { "list: findings by state and key", "kind:finding", "state,key" },
        { "list: a word in all items", "text:pump", "title" },
};

static double page_time(Service *service, const Caller *caller, const char *project, size_t which)
{
        g_autoptr(Json) input = json_pack("{s:s, s:s, s:s}", "project", project, "q", lists[which].q, "sort",
                                          lists[which].sort);
        g_autoptr(Out) out = out_new(ANSWER_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        g_autoptr(GError) error = NULL;
        const double begin = bench_now();

        bench_must(service_call(service, caller, "item.page", input, (ServiceFiles){ NULL, 0 }, w, &error),
                   error);
        return bench_now() - begin;
}

int main(int argc, char **argv)
{
        g_autoptr(GError) error = NULL;
        g_autofree char *user = NULL;
        Service *service;
        Caller caller;

        if (argc < 3)
                return 2;
        hash_init();
        service = service_open(argv[1], &error);
        bench_must(service != NULL, error);
        user = service_user_name(geteuid());
        bench_must(service_local_caller(service, user, &caller, &error), error);
        for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
                g_autoptr(GArray) seconds = g_array_new(FALSE, FALSE, sizeof(double));
                double slowest;

                (void)page_time(service, &caller, argv[2], i); /* the graph is there from now on */
                for (int round = 0; round < ROUNDS; round++) {
                        const double took = page_time(service, &caller, argv[2], i);

                        g_array_append_val(seconds, took);
                }
                slowest = bench_percentile(seconds, 0.99);
                bench_figure(lists[i].name, "s", slowest, "goal of 50 ms", goal, goal / slowest);
        }
        service_close(service);
        return 0;
}
