/* Impact of one item, with paths, by link type, of live items and at a commit: our walk against a recursive query in SQLite,
 * against breadth-first search in igraph, and against the rate at which this machine reads random cache lines. The peers have
 * less to do than we: both get the links as edges the way a change travels, with nothing else among them; the query asks no
 * path and no state, igraph no commit. All give the same number of items, which is checked.
 * Usage: walk DIR PROJECT QUERIES [COPIES] */
#include "bench.h"

#include "base/hash.h"
#include "graph/internal.h"
#include "graph/walk.h"
#include <igraph/igraph.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum { LINES = 1 << 22, AHEAD_FAR = 24, AHEAD_NEAR = 12 };

typedef struct {
        ItemNo from, to;
} Edge;

/* Links as directed edges, the way a change travels: both ways give two. */
static GArray *edges_of(GraphView view)
{
        GArray *edges = g_array_new(FALSE, FALSE, sizeof(Edge));

        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                GraphIter iter = graph_iter(view, item, GRAPH_OUT, LINK_MASK_ALL);
                GraphEdge edge;

                while (graph_next(&iter, &edge)) {
                        Flow flow = link_type_def(edge.type)->ripple;
                        Edge there = { item, edge.other }, back = { edge.other, item };

                        if (flow == FLOW_FORWARD || flow == FLOW_BOTH)
                                g_array_append_val(edges, there);
                        if (flow == FLOW_BACKWARD || flow == FLOW_BOTH)
                                g_array_append_val(edges, back);
                }
        }
        return edges;
}

/* ---- the peers ---- */

static void sql_must(int code, sqlite3 *db)
{
        if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
                return;
        fprintf(stderr, "bench: %s\n", sqlite3_errmsg(db));
        exit(1);
}

static sqlite3 *sql_load(GraphView view)
{
        sqlite3_stmt *insert;
        sqlite3 *db = NULL;

        sql_must(sqlite3_open(":memory:", &db), db);
        sql_must(sqlite3_exec(
                         db, "CREATE TABLE edge(src INT, dst INT, type INT, from_seq INT, to_seq INT); BEGIN",
                         NULL, NULL, NULL),
                 db);
        sql_must(sqlite3_prepare_v2(db, "INSERT INTO edge VALUES(?1,?2,?3,?4,NULL)", -1, &insert, NULL), db);
        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                GraphIter iter = graph_iter(view, item, GRAPH_OUT, LINK_MASK_ALL);
                GraphEdge edge;

                while (graph_next(&iter, &edge)) {
                        Flow flow = link_type_def(edge.type)->ripple;

                        for (int back = 0; back < 2; back++) {
                                if (flow != FLOW_BOTH && flow != (back ? FLOW_BACKWARD : FLOW_FORWARD))
                                        continue;
                                sqlite3_bind_int64(insert, 1, back ? edge.other : item);
                                sqlite3_bind_int64(insert, 2, back ? item : edge.other);
                                sqlite3_bind_int(insert, 3, (int)edge.type);
                                sqlite3_bind_int(insert, 4, 1);
                                sql_must(sqlite3_step(insert), db);
                                sqlite3_reset(insert);
                        }
                }
        }
        sqlite3_finalize(insert);
        sql_must(sqlite3_exec(
                         db,
                         "COMMIT; CREATE INDEX edge_src ON edge(src, from_seq, to_seq, type, dst); ANALYZE",
                         NULL, NULL, NULL),
                 db);
        return db;
}

static size_t sql_impact(sqlite3_stmt *query, ItemNo start, Seq seq)
{
        size_t n;

        sqlite3_reset(query);
        sqlite3_bind_int64(query, 1, start);
        sqlite3_bind_int64(query, 2, (sqlite3_int64)seq);
        sqlite3_step(query);
        n = (size_t)sqlite3_column_int64(query, 0);
        sqlite3_reset(query);
        return n;
}

static void igraph_load(igraph_t *peer, const GArray *edges, ItemNo n)
{
        igraph_vector_int_t flat;

        igraph_vector_int_init(&flat, edges->len * 2);
        for (guint i = 0; i < edges->len; i++) {
                VECTOR(flat)[2 * i] = g_array_index(edges, Edge, i).from;
                VECTOR(flat)[2 * i + 1] = g_array_index(edges, Edge, i).to;
        }
        igraph_create(peer, &flat, n, IGRAPH_DIRECTED);
        igraph_vector_int_destroy(&flat);
}

/* ---- the limits ---- */

/* The edges in one array, and a search that does nothing but search: no commits, states, types or links in its answer. */
typedef struct {
        uint32_t *first; /* of each item, in `to` */
        ItemNo *to, *queue;
        uint32_t *before;
        uint8_t *marks;
} Bare;

static int edge_order(gconstpointer a, gconstpointer b)
{
        const Edge *x = a, *y = b;

        return (x->from > y->from) - (x->from < y->from);
}

/* Sorts the edges. */
static Bare bare_load(GArray *edges, ItemNo n)
{
        Bare bare = { g_new0(uint32_t, n + 1), g_new(ItemNo, edges->len), g_new(ItemNo, n + 1),
                      g_new(uint32_t, n + 1), g_malloc0(n / 8 + 1) };

        g_array_sort(edges, edge_order);
        for (guint i = 0; i < edges->len; i++) {
                bare.first[g_array_index(edges, Edge, i).from + 1]++;
                bare.to[i] = g_array_index(edges, Edge, i).to;
        }
        for (ItemNo i = 0; i < n; i++)
                bare.first[i + 1] += bare.first[i];
        return bare;
}

static void bare_free(Bare *bare)
{
        g_free(bare->first);
        g_free(bare->to);
        g_free(bare->queue);
        g_free(bare->before);
        g_free(bare->marks);
}

static size_t bare_impact(Bare *bare, ItemNo start)
{
        size_t at = 0, n = 1;

        bare->queue[0] = start;
        bare->marks[start / 8] |= (uint8_t)(1 << start % 8);
        for (; at < n; at++) {
                if (at + AHEAD_FAR < n)
                        __builtin_prefetch(&bare->first[bare->queue[at + AHEAD_FAR]]);
                if (at + AHEAD_NEAR < n)
                        __builtin_prefetch(&bare->to[bare->first[bare->queue[at + AHEAD_NEAR]]]);
                for (uint32_t i = bare->first[bare->queue[at]]; i < bare->first[bare->queue[at] + 1]; i++) {
                        ItemNo to = bare->to[i];
                        unsigned fresh = ~(unsigned)(bare->marks[to / 8] >> to % 8) & 1;

                        bare->marks[to / 8] |= (uint8_t)(1 << to % 8);
                        bare->queue[n] = to;
                        bare->before[n] = (uint32_t)at;
                        n += fresh;
                }
        }
        for (size_t i = 0; i < n; i++)
                bare->marks[bare->queue[i] / 8] = 0;
        return n;
}

/* Cache lines read a second, at random, as many in flight as the machine takes. */
static double line_rate(void)
{
        uint64_t *lines = g_aligned_alloc(LINES, 64, 64), state = 7, sum = 0;
        uint32_t *order = g_new(uint32_t, LINES);
        double begin, seconds;

        memset(lines, 1, (size_t)LINES * 64);
        for (size_t i = 0; i < LINES; i++)
                order[i] = (uint32_t)(bench_random(&state) % LINES);
        begin = bench_now();
        for (size_t i = 0; i < LINES; i++)
                sum += lines[(size_t)order[i] * 8];
        seconds = bench_now() - begin;
        if (sum == 42)
                puts("");
        g_aligned_free(lines);
        g_free(order);
        return LINES / seconds;
}

/* Lines a walk must at least read: of each item reached its node, and the blocks of the links it follows. */
static size_t lines_of(GraphView view, const WalkStep *steps, size_t n)
{
        size_t lines = n;

        for (size_t i = 0; i < n; i++)
                for (const Block *block = node_at(view.graph, steps[i].item)->more; block != NULL;
                     block = block->next)
                        lines += ((2 + block->n) * sizeof(Entry) + LINE_BYTES - 1) / LINE_BYTES;
        return lines;
}

typedef struct {
        GArray *ours, *sql, *igraph, *reach, *bare; /* seconds; `reach` is igraph without paths */
        size_t reached, lines;
        double seconds;
} Times;

static void measure(GraphView view, igraph_t *peer, Bare *bare, sqlite3_stmt *query, int queries,
                    Times *times)
{
        g_autoptr(Walk) walk = walk_new();
        igraph_vector_int_t order, layers, parents;
        uint64_t state = 1;

        igraph_vector_int_init(&order, 0);
        igraph_vector_int_init(&layers, 0);
        igraph_vector_int_init(&parents, 0);
        for (int i = 0; i < queries; i++) {
                ItemNo start = (ItemNo)(bench_random(&state) % graph_item_count(view));
                const WalkStep *steps;
                size_t n;
                double begin = bench_now(), seconds;

                bench_must(walk_find(walk, view, start, WALK_RIPPLE, WALK_DOWN, SIZE_MAX, &steps, &n, NULL),
                           NULL);
                seconds = bench_now() - begin;
                g_array_append_val(times->ours, seconds);
                times->seconds += seconds;
                times->reached += n;
                times->lines += lines_of(view, steps, n);
                begin = bench_now();
                igraph_subcomponent(peer, &order, start, IGRAPH_OUT);
                seconds = bench_now() - begin;
                g_array_append_val(times->reach, seconds);
                begin = bench_now();
                igraph_bfs_simple(peer, start, IGRAPH_OUT, &order, &layers, &parents);
                seconds = bench_now() - begin;
                g_array_append_val(times->igraph, seconds);
                if ((size_t)igraph_vector_int_size(&order) != n)
                        bench_must(false, NULL);
                begin = bench_now();
                if (bare_impact(bare, start) != n)
                        bench_must(false, NULL);
                seconds = bench_now() - begin;
                g_array_append_val(times->bare, seconds);
                begin = bench_now();
                if (sql_impact(query, start, view.seq) != n)
                        bench_must(false, NULL);
                seconds = bench_now() - begin;
                g_array_append_val(times->sql, seconds);
        }
        igraph_vector_int_destroy(&order);
        igraph_vector_int_destroy(&layers);
        igraph_vector_int_destroy(&parents);
}

static Times times_new(void)
{
        return (Times){ .ours = g_array_new(FALSE, FALSE, sizeof(double)),
                        .sql = g_array_new(FALSE, FALSE, sizeof(double)),
                        .igraph = g_array_new(FALSE, FALSE, sizeof(double)),
                        .reach = g_array_new(FALSE, FALSE, sizeof(double)),
                        .bare = g_array_new(FALSE, FALSE, sizeof(double)) };
}

static void times_clear(Times *times)
{
        g_array_unref(times->ours);
        g_array_unref(times->sql);
        g_array_unref(times->igraph);
        g_array_unref(times->reach);
        g_array_unref(times->bare);
}

static void figures(const char *name, const Times *times, double share)
{
        struct {
                const char *name;
                GArray *seconds;
        } peers[] = { { "SQLite recursive", times->sql },
                      { "igraph", times->igraph },
                      { "igraph without paths", times->reach },
                      { "bare search", times->bare } };
        double ours = bench_percentile(times->ours, share);

        for (size_t i = 0; i < G_N_ELEMENTS(peers); i++) {
                double theirs = bench_percentile(peers[i].seconds, share);

                bench_figure(name, "s", ours, peers[i].name, theirs, theirs / ours);
        }
}

int main(int argc, char **argv)
{
        BenchProject project;
        Times times = times_new();
        sqlite3_stmt *query;
        sqlite3 *db = NULL;
        guint64 queries = 0;
        igraph_t peer;
        GraphView view;
        GArray *edges;
        Bare bare;
        double rate;

        if (argc < 4 || !g_ascii_string_to_unsigned(argv[3], 10, 1, 100000, &queries, NULL))
                return 2;
        hash_init();
        project = bench_open(argv[1], argv[2]);
        project.graph = bench_load(&project, bench_copies(argc, argv, 4));
        view = graph_pin(project.graph);
        edges = edges_of(view);
        igraph_load(&peer, edges, graph_item_count(view));
        bare = bare_load(edges, graph_item_count(view));
        db = sql_load(view);
        sql_must(sqlite3_prepare_v2(
                         db,
                         "WITH RECURSIVE r(n) AS (SELECT ?1 UNION SELECT dst FROM r JOIN edge ON src = n "
                         "WHERE from_seq <= ?2 AND (to_seq IS NULL OR to_seq > ?2)) SELECT count(*) FROM r",
                         -1, &query, NULL),
                 db);
        measure(view, &peer, &bare, query, (int)queries, &times);
        figures("impact p50", &times, 0.5);
        figures("impact p99", &times, 0.99);
        rate = line_rate();
        bench_figure("impact lines", "lines/s", (double)times.lines / times.seconds, "random line reads",
                     rate, (double)times.lines / times.seconds / rate);
        fprintf(stderr, "bench: %zu items reached on average\n",
                times.reached / (size_t)MAX(1, (int)times.ours->len));
        sqlite3_finalize(query);
        sqlite3_close(db);
        igraph_destroy(&peer);
        bare_free(&bare);
        g_array_unref(edges);
        times_clear(&times);
        bench_close(&project);
        return 0;
}
