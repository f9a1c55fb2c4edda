/* Pages of lists, filtered and sorted, and of the queue of findings, as the server answers them: the 99th percentile against the goal.
 * Usage: lists DIR PROJECT... Of several projects the queue is that across them: each in its turn, and all of them opened first. */
#include "bench.h"

#include "base/hash.h"
#include "base/jread.h"
#include "service/service.h"
#include <stdio.h>
#include <unistd.h>

enum { ROUNDS = 20, ANSWER_MAX = 64 << 20 };
static const double goal = 0.05; /* s */

static const struct {
        const char *name, *usecase, *q, *sort, *limit;
} lists[] = {
        { "list: all", "item.page", "", "", NULL },
        { "list: zones by title", "item.page", "kind:zone", "title", NULL },
        { "list: drafts of requirements, newest first", "item.page", "kind:requirement state:draft",
          "-changed", NULL },
        { "list: assets by key", "item.page", "kind:asset", "key", NULL },
        { "list: findings by state and key", "item.page", "kind:finding", "state,key", NULL },
        { "list: findings by severity and key", "item.page", "kind:finding", "-severity,key", NULL },
        { "list: a word in all items", "item.page", "text:pump", "title", NULL },
        /* as the page of the queue asks for a project */
        { "queue of findings, of one project", "finding.list",
          "-state:fixed -state:not_affected -state:false_positive", "-kev,-severity,-score,key", "26" },
};

static double page_time(Service *service, const Caller *caller, const char *project, size_t which)
{
        g_autoptr(Json) input = json_pack("{s:s, s:s, s:s, s:s*}", "project", project, "q", lists[which].q,
                                          "sort", lists[which].sort, "limit", lists[which].limit);
        g_autoptr(Out) out = out_new(ANSWER_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        g_autoptr(GError) error = NULL;
        const double begin = bench_now();

        bench_must(service_call(service, caller, lists[which].usecase, input, (ServiceFiles){ NULL, 0 }, w,
                                &error),
                   error);
        return bench_now() - begin;
}

/* The slowest of pages of all projects, each in its turn. */
static void list_measure(Service *service, const Caller *caller, char *const *projects, size_t which)
{
        g_autoptr(GArray) seconds = g_array_new(FALSE, FALSE, sizeof(double));
        double slowest;

        for (int round = 0; round <= ROUNDS; round++)
                for (char *const *project = projects; *project != NULL; project++) {
                        const double took = page_time(service, caller, *project, which);

                        if (round > 0) /* the graph is there from then on */
                                g_array_append_val(seconds, took);
                }
        slowest = bench_percentile(seconds, 0.99);
        bench_figure(lists[which].name, "s", slowest, "goal of 50 ms", goal, goal / slowest);
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
        for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
                list_measure(service, &caller, argv + 2, i);
        service_close(service);
        return 0;
}
