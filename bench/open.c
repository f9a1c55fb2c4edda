/* Opening a project: reading it from the store into the graph, against the sqlite3 shell reading the same rows; and the
 * memory it takes, against 150 bytes an item and 48 a link. Usage: open DIR PROJECT */
#include "bench.h"

#include "base/hash.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ITEM_BYTES = 150, LINK_BYTES = 48 };

static double shell(const char *dir, const StoreProject *project)
{
        g_autofree char *path = g_build_filename(dir, "store.db", NULL);
        char hex[ZW_ID_HEX];
        double begin = bench_now();
        pid_t pid = fork();
        int status = 0;

        hex_encode(project->log.b, ZW_ID_BYTES, hex);
        if (pid == 0) {
                g_autofree char *sql = g_strdup_printf(
                        "SELECT i.* FROM item_rev i JOIN log ON log.no = i.log WHERE log.id = x'%s' AND to_seq = 9223372036854775807;"
                        "SELECT l.* FROM link_rev l JOIN log ON log.no = l.log WHERE log.id = x'%s' AND to_seq = 9223372036854775807;",
                        hex, hex);

                if (freopen("/dev/null", "w", stdout) != NULL)
                        execlp("sqlite3", "sqlite3", "-readonly", path, sql, NULL);
                _exit(127);
        }
        bench_must(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0, NULL);
        return bench_now() - begin;
}

static uint64_t links_of(GraphView view)
{
        uint64_t n = 0;

        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                GraphIter iter = graph_iter(view, item, GRAPH_OUT, LINK_MASK_ALL);
                GraphEdge edge;

                while (graph_next(&iter, &edge))
                        n++;
        }
        return n;
}

int main(int argc, char **argv)
{
        BenchProject project;
        double begin, ours, theirs, allowed;

        if (argc != 3)
                return 2;
        hash_init();
        project = bench_open(argv[1], argv[2]);
        theirs = shell(argv[1], project.project);
        begin = bench_now();
        project.graph = bench_load(&project, 1);
        ours = bench_now() - begin;
        bench_figure("open a project", "s", ours, "sqlite3 shell", theirs, theirs / ours);
        allowed = (double)graph_item_count(graph_pin(project.graph)) * ITEM_BYTES +
                  (double)links_of(graph_pin(project.graph)) * LINK_BYTES;
        bench_figure("memory of a project", "bytes", (double)graph_memory(project.graph),
                     "150 an item, 48 a link", allowed, allowed / (double)graph_memory(project.graph));
        bench_close(&project);
        return 0;
}
