/* What the measuring programs share: a clock, percentiles, a project opened for reading, and one JSON line a figure:
 * {"name", "ours", "peer", "unit", "ratio", "of"}. Not thread-safe. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "graph/graph.h"
#include "store/store.h"

/* Seconds since some start. */
double bench_now(void);

/* Sorts and gives the value below which `share` of them lie. */
double bench_percentile(GArray *seconds, double share);
double bench_median(GArray *seconds);

/* One figure on stdout. `ratio` is how many times better ours is, by whatever is better for the unit. `peer` names it. */
void bench_figure(const char *name, const char *unit, double ours, const char *peer, double theirs,
                  double ratio);

/* The project `key` of the data directory, and its graph at the head. Ends the program with a message on failure. */
typedef struct {
        Store *store;
        StoreView *view;
        StoreProject *project;
        Graph *graph;
} BenchProject;
BenchProject bench_open(const char *dir, const char *key);
/* With `copies` of it beside each other: ten plants of ten are a programme, and its store need not be made. */
Graph *bench_load(const BenchProject *project, uint32_t copies);
/* The last word of the arguments as a number of copies, 1 when it is not there. */
uint32_t bench_copies(int argc, char **argv, int at);
void bench_close(BenchProject *project);

/* Another revision of an item, as somebody makes who edits; not yet published. */
void bench_revise(Graph *graph, ItemNo no, Seq seq);

/* Seconds of one plain look at all links, from both ends. */
double bench_scan(GraphView view);

/* Ends the program when a call failed. */
void bench_must(bool ok, const GError *error);

/* The numbers 0, 1, 2 ... mixed: the same sequence for the same seed. */
uint64_t bench_random(uint64_t *state);

#endif
