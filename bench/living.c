/* What a living case asks of a large project, through the service: suspects and impact after an edit, a baseline, comparing with it, a
 * page of the trace matrix, the log searched, a specification, a branch; and the drawing of a large plant. Writes: the directory is a
 * copy. Usage: living DIR PROJECT */
#include "bench.h"

#include "base/hash.h"
#include "base/jread.h"
#include "service/service.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ROUNDS = 5, ANSWER_MAX = 512 << 20, DRAWN_ZONES = 60, DRAWN_CONDUITS = 300 };

typedef struct {
        Service *service;
        Caller caller;
        const char *project;
        ServiceFiles files; /* what the calls write into, when they do */
} Asking;

/* Calls a use case (the reference of the input is stolen), gives its answer and the seconds it took. */
static json_t *ask(const Asking *asking, const char *usecase, json_t *input, double *ret_seconds)
{
        g_autoptr(Json) owned = input, answer = NULL;
        g_autoptr(Out) out = out_new(ANSWER_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        g_autoptr(GError) error = NULL;
        const double begin = bench_now();

        json_object_set_new(input, "project", json_string(asking->project));
        bench_must(service_call(asking->service, &asking->caller, usecase, input, asking->files, w, &error),
                   error);
        *ret_seconds = bench_now() - begin;
        answer = jread_parse(out_data(out), out_length(out), &error);
        bench_must(answer != NULL, error);
        return g_steal_pointer(&answer);
}

/* The median of some calls against a goal in seconds. */
static void measure(const Asking *asking, const char *name, const char *usecase, const json_t *input,
                    const char *goal_name, double goal)
{
        g_autoptr(GArray) seconds = g_array_new(FALSE, FALSE, sizeof(double));
        double median;

        for (int round = 0; round < ROUNDS; round++) {
                double took;

                json_decref(ask(asking, usecase, json_deep_copy(input), &took));
                g_array_append_val(seconds, took);
        }
        median = bench_median(seconds);
        bench_figure(name, "s", median, goal_name, goal, goal / median);
}

/* One scenario is edited: exactly its links are suspect. */
static void edit_check(const Asking *asking, const char *key)
{
        g_autoptr(Json) item = NULL, suspects = NULL, edited = NULL;
        double took;

        item = ask(asking, "item.show", json_pack("{s:s}", "key", key), &took);
        edited = ask(asking, "edit",
                     json_pack("{s:[{s:s, s:s, s:s}]}", "ops", "op", "item", "key", key, "title", "edited"),
                     &took);
        suspects = ask(asking, "suspect.page", json_pack("{s:i}", "limit", 10000), &took);
        if (json_array_size(json_object_get(suspects, "items")) ==
            json_array_size(json_object_get(item, "links")))
                return;
        fprintf(stderr, "%s has %zu links, %zu are suspect\n", key,
                json_array_size(json_object_get(item, "links")),
                json_array_size(json_object_get(suspects, "items")));
        exit(1);
}

static json_t *conduit_end(int conduit, int zone, const char *as)
{
        g_autofree char *from = g_strdup_printf("CD-%d", conduit + 1),
                        *to = g_strdup_printf("ZN-%d", zone + 1);

        return json_pack("{s:s, s:s, s:s, s:s, s:s}", "op", "link", "from", from, "type", "connects", "to",
                         to, "as", as);
}

static json_t *titled(const char *kind, const char *prefix, int number)
{
        g_autofree char *key = g_strdup_printf("%s-%d", prefix, number + 1);

        return json_pack("{s:s, s:s, s:s, s:s}", "op", "item", "kind", kind, "key", key, "title", key);
}

/* A plant of many zones and conduits: each zone has ten conduits, to its neighbours and to zones far off. */
static void plant_make(const Asking *drawn)
{
        g_autoptr(Json) ops = json_array();
        double took;

        for (int i = 0; i < DRAWN_ZONES; i++)
                json_array_append_new(ops, titled("zone", "ZN", i));
        for (int i = 0; i < DRAWN_CONDUITS; i++) {
                const int zone = i % DRAWN_ZONES, other = (zone + 1 + i / DRAWN_ZONES * 3) % DRAWN_ZONES;

                json_array_append_new(ops, titled("conduit", "CD", i));
                json_array_append_new(ops, conduit_end(i, zone, "a"));
                json_array_append_new(ops, conduit_end(i, other, "b"));
        }
        json_decref(ask(drawn, "project.create",
                        json_pack("{s:s, s:s}", "key", drawn->project, "title", "Drawn"), &took));
        json_decref(ask(drawn, "edit", json_pack("{s:O}", "ops", ops), &took));
}

/* The drawing that the editor opens with. */
static void drawing_run(const Asking *asking)
{
        g_autoptr(Json) nothing = json_object();
        Asking drawn = *asking;

        drawn.project = "DRAWN";
        plant_make(&drawn);
        measure(&drawn, "drawing of 60 zones and 300 conduits", "drawing", nothing, "goal of 1 s", 1);
}

static void specification_run(const Asking *asking)
{
        const ServiceFile file = { "crs.html", memfd_create("crs", MFD_CLOEXEC) };
        Asking writing = *asking;
        double took;

        writing.files = (ServiceFiles){ &file, 1 };
        json_decref(ask(&writing, "report", json_pack("{s:s, s:s}", "type", "crs", "format", "html"), &took));
        bench_figure("requirements specification, as HTML", "s", took, "goal of 30 s", 30, 30 / took);
        close(file.fd);
}

static void branch_run(const Asking *asking)
{
        double took;

        json_decref(ask(asking, "branch.create", json_pack("{s:s}", "name", "variant"), &took));
        bench_figure("branch: create", "s", took, "goal of 60 s", 60, 60 / took);
}

static void run(const Asking *asking)
{
        g_autoptr(Json) suspects = json_object(), impact = json_pack("{s:s}", "key", "TS-6"),
                        compare = json_pack("{s:b}", "analyses", 1),
                        matrix = json_pack("{s:s, s:s, s:i}", "from", "threat", "to", "risk", "limit", 200),
                        search = json_pack("{s:[s]}", "keys", "TS-6"), baseline = NULL;
        double took;

        baseline = ask(asking, "baseline.create", json_pack("{s:s}", "title", "Before"), &took);
        bench_figure("baseline: create", "s", took, "goal of 2 s", 2, 2 / took);
        json_object_set(compare, "from", json_object_get(baseline, "key"));
        edit_check(asking, "TS-6");
        measure(asking, "suspects: first page after an edit", "suspect.page", suspects, "goal of 50 ms",
                0.05);
        measure(asking, "impact: with paths, as JSON", "impact", impact, "goal of 50 ms", 0.05);
        measure(asking, "baseline: compared with now, levels and all", "diff", compare, "goal of 3 s", 3);
        measure(asking, "trace matrix: first page", "trace.matrix", matrix, "goal of 1 s", 1);
        measure(asking, "log: all about an item", "log.list", search, "goal of 1 s", 1);
        drawing_run(asking);
        specification_run(asking);
        branch_run(asking);
}

int main(int argc, char **argv)
{
        g_autoptr(GError) error = NULL;
        g_autofree char *user = NULL;
        Asking asking = { .project = argc < 3 ? NULL : argv[2] };

        if (argc < 3)
                return 2;
        hash_init();
        asking.service = service_open(argv[1], &error);
        bench_must(asking.service != NULL, error);
        user = service_user_name(geteuid());
        bench_must(service_local_caller(asking.service, user, &asking.caller, &error), error);
        run(&asking);
        service_close(asking.service);
        return 0;
}
