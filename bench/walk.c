/* Impact of one item, with paths, by link type, of live items and at a commit: our walk against queries in SQLite,
 * against breadth-first search in igraph, and against the rate at which this machine reads random cache lines. The peers get
 * the links as edges the way a change travels, with nothing else among them. SQLite gives the answer that we give, level by
 * level: live items at the commit, and of each the step before it on a shortest path. A recursive query gives the items alone,
 * without paths and states; igraph knows no commit and no state. All give the same number of items, which is checked.
 * Each takes all queries in a row before the next does, ROUNDS times, so that nobody is measured with the caches that
 * another left; of a query the median of its rounds counts, so that what else runs on the machine counts little.
 * Usage: walk DIR PROJECT QUERIES [COPIES] */
#include "bench.h"

#include "base/hash.h"
#include "graph/internal.h"
#include "graph/walk.h"
#include <igraph/igraph.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 5, LINES = 1 << 22, AHEAD_FAR = 24, AHEAD_NEAR = 12 };

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

static void sql_load_items(sqlite3 *db, GraphView view)
{
        sqlite3_stmt *insert;

        sql_must(sqlite3_exec(db, "CREATE TABLE item(no INTEGER PRIMARY KEY, live INT)", NULL, NULL, NULL),
                 db);
        sql_must(sqlite3_prepare_v2(db, "INSERT INTO item VALUES(?1,?2)", -1, &insert, NULL), db);
        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                sqlite3_bind_int64(insert, 1, item);
                sqlite3_bind_int(insert, 2, graph_is_live(view, item));
                sql_must(sqlite3_step(insert), db);
                sqlite3_reset(insert);
        }
        sqlite3_finalize(insert);
}

static sqlite3 *sql_load(GraphView view)
{
        sqlite3_stmt *insert;
        sqlite3 *db = NULL;

        sql_must(sqlite3_open(":memory:", &db), db);
        sql_must(
                sqlite3_exec(
                        db,
                        "PRAGMA journal_mode = OFF; CREATE TABLE way(i INTEGER PRIMARY KEY, n INT UNIQUE, before INT);"
                        "CREATE TABLE edge(src INT, dst INT, type INT, from_seq INT, to_seq INT); BEGIN",
                        NULL, NULL, NULL),
                db);
        sql_load_items(db, view);
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
        /* CROSS JOIN below says in which order to join. With the figures of ANALYZE the planner also makes a filter of all edges and
         * items, anew for each query, which takes a hundred times as long. */
        sql_must(sqlite3_exec(db, "COMMIT; CREATE INDEX edge_src ON edge(src, from_seq, to_seq, type, dst)",
                              NULL, NULL, NULL),
                 db);
        return db;
}

/* What is reached. */
static const char items_sql[] =
        "WITH RECURSIVE r(n) AS (SELECT ?1 UNION SELECT dst FROM r CROSS JOIN edge ON src = n "
        "WHERE from_seq <= ?2 AND (to_seq IS NULL OR to_seq > ?2)) SELECT count(*) FROM r";

/* What is reached of what is live, and the row of the first step that leads to each: one level from the rows of the level
 * before. As one recursive query it takes twice as long, since what is carried along makes a row of its own for each way, so the
 * first steps have to be looked for afterwards. */
static const char clear_sql[] = "DELETE FROM way", start_sql[] = "INSERT INTO way(n) VALUES (?1)";
static const char level_sql[] =
        "INSERT OR IGNORE INTO way(n, before) SELECT dst, i FROM way CROSS JOIN edge ON src = n CROSS JOIN item ON no = dst "
        "WHERE i > ?1 AND i <= ?2 AND from_seq <= ?3 AND (to_seq IS NULL OR to_seq > ?3) AND live";

typedef struct {
        sqlite3 *db;
        sqlite3_stmt *items, *clear, *start, *level;
} Sql;

static sqlite3_stmt *sql_prepare(sqlite3 *db, const char *sql)
{
        sqlite3_stmt *query;

        sql_must(sqlite3_prepare_v2(db, sql, -1, &query, NULL), db);
        return query;
}

static Sql sql_open(GraphView view)
{
        sqlite3 *db = sql_load(view);

        return (Sql){ db, sql_prepare(db, items_sql), sql_prepare(db, clear_sql), sql_prepare(db, start_sql),
                      sql_prepare(db, level_sql) };
}

static void sql_close(Sql *sql)
{
        sqlite3_finalize(sql->items);
        sqlite3_finalize(sql->clear);
        sqlite3_finalize(sql->start);
        sqlite3_finalize(sql->level);
        sqlite3_close(sql->db);
}

/* Runs a statement with numbers for its parameters; gives the first column of its row, if it has one. */
static sqlite3_int64 sql_run(sqlite3_stmt *query, const sqlite3_int64 *values, int n)
{
        sqlite3_int64 found = 0;
        int code;

        for (int i = 0; i < n; i++)
                sqlite3_bind_int64(query, i + 1, values[i]);
        code = sqlite3_step(query);
        if (code == SQLITE_ROW)
                found = sqlite3_column_int64(query, 0);
        sql_must(code, sqlite3_db_handle(query));
        sqlite3_reset(query);
        return found;
}

static size_t sql_items(const Sql *sql, ItemNo start, Seq seq)
{
        return (size_t)sql_run(sql->items, (sqlite3_int64[]){ start, (sqlite3_int64)seq }, 2);
}

static size_t sql_paths(const Sql *sql, ItemNo start, Seq seq)
{
        sqlite3_int64 before = 0, n = 1;

        sql_run(sql->clear, NULL, 0);
        sql_run(sql->start, (sqlite3_int64[]){ start }, 1);
        while (before < n) {
                sql_run(sql->level, (sqlite3_int64[]){ before, n, (sqlite3_int64)seq }, 3);
                before = n;
                n += sqlite3_changes(sql->db);
        }
        return (size_t)n;
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
                        lines += (sizeof *block + block->n * sizeof block->entries[0] + LINE_BYTES - 1) /
                                 LINE_BYTES;
        return lines;
}

/* Those who answer, and what they need for it. */
typedef enum { OURS, SQL_PATHS, SQL_ITEMS, IGRAPH_PATHS, IGRAPH_ITEMS, BARE, PEERS } Peer;

static const char *const names[PEERS] = { "ours",   "SQLite, the same answer", "SQLite, items alone",
                                          "igraph", "igraph without paths",    "bare search" };

typedef struct {
        GraphView view;
        Walk *walk;
        Sql sql;
        igraph_t igraph;
        igraph_vector_int_t order, layers, parents;
        Bare bare;
        GArray *seconds[PEERS];
        size_t lines; /* that our walk must read */
} Bench;

/* How many items one of them reaches; with the lines of it, where `ret_lines` is there. */
static size_t impact(Bench *bench, Peer peer, ItemNo start, size_t *ret_lines)
{
        const WalkStep *steps;
        size_t n = 0;

        switch (peer) {
        case OURS:
                bench_must(walk_find(bench->walk, bench->view, start, WALK_RIPPLE, WALK_DOWN, SIZE_MAX,
                                     &steps, &n, NULL),
                           NULL);
                if (ret_lines != NULL)
                        *ret_lines += lines_of(bench->view, steps, n);
                return n;
        case SQL_PATHS:
                return sql_paths(&bench->sql, start, bench->view.seq);
        case SQL_ITEMS:
                return sql_items(&bench->sql, start, bench->view.seq);
        case IGRAPH_PATHS:
                igraph_bfs_simple(&bench->igraph, start, IGRAPH_OUT, &bench->order, &bench->layers,
                                  &bench->parents);
                return (size_t)igraph_vector_int_size(&bench->order);
        case IGRAPH_ITEMS:
                igraph_subcomponent(&bench->igraph, &bench->order, start, IGRAPH_OUT);
                return (size_t)igraph_vector_int_size(&bench->order);
        case BARE:
                return bare_impact(&bench->bare, start);
        default:
                return 0;
        }
}

/* The items that are asked about: the same in each round. */
static ItemNo *starts_new(GraphView view, int n)
{
        ItemNo *starts = g_new(ItemNo, (size_t)n);
        uint64_t state = 1;

        for (int i = 0; i < n; i++)
                starts[i] = (ItemNo)(bench_random(&state) % graph_item_count(view));
        return starts;
}

static void measure(Bench *bench, int queries)
{
        g_autofree ItemNo *starts = starts_new(bench->view, queries);
        g_autofree double *seconds = g_new(double, (size_t)queries *ROUNDS *PEERS);
        g_autofree size_t *reached = g_new(size_t, (size_t)queries);

        for (int i = 0; i < queries; i++)
                reached[i] = impact(bench, OURS, starts[i], &bench->lines);
        for (int at = 0; at < ROUNDS * PEERS; at++)
                for (int i = 0; i < queries; i++) {
                        double begin = bench_now();
                        size_t n = impact(bench, (Peer)(at % PEERS), starts[i], NULL);

                        seconds[i * ROUNDS * PEERS + at] = bench_now() - begin;
                        bench_must(n == reached[i], NULL);
                }
        for (int i = 0; i < queries * PEERS; i++) {
                g_autoptr(GArray) rounds = g_array_new(FALSE, FALSE, sizeof(double));
                double median;

                for (int round = 0; round < ROUNDS; round++)
                        g_array_append_val(rounds, seconds[(i / PEERS * ROUNDS + round) * PEERS + i % PEERS]);
                median = bench_median(rounds);
                g_array_append_val(bench->seconds[i % PEERS], median);
        }
}

static void figures(const Bench *bench, const char *name, double share)
{
        double ours = bench_percentile(bench->seconds[OURS], share);

        for (int peer = OURS + 1; peer < PEERS; peer++) {
                double theirs = bench_percentile(bench->seconds[peer], share);

                bench_figure(name, "s", ours, names[peer], theirs, theirs / ours);
        }
}

/* Lines a second, over all queries. */
static void lines_figure(const Bench *bench)
{
        double rate = line_rate(), ours = 0;

        for (guint i = 0; i < bench->seconds[OURS]->len; i++)
                ours += g_array_index(bench->seconds[OURS], double, i);
        ours = (double)bench->lines / ours;
        bench_figure("impact lines", "lines/s", ours, "random line reads", rate, ours / rate);
}

static void bench_free(Bench *bench)
{
        for (int peer = 0; peer < PEERS; peer++)
                g_array_unref(bench->seconds[peer]);
        igraph_vector_int_destroy(&bench->order);
        igraph_vector_int_destroy(&bench->layers);
        igraph_vector_int_destroy(&bench->parents);
        igraph_destroy(&bench->igraph);
        bare_free(&bench->bare);
        sql_close(&bench->sql);
        walk_free(bench->walk);
}

int main(int argc, char **argv)
{
        BenchProject project;
        Bench bench = { .walk = walk_new() };
        guint64 queries = 0;
        GArray *edges;

        if (argc < 4 || !g_ascii_string_to_unsigned(argv[3], 10, 1, 100000, &queries, NULL))
                return 2;
        hash_init();
        project = bench_open(argv[1], argv[2]);
        project.graph = bench_load(&project, bench_copies(argc, argv, 4));
        bench.view = graph_pin(project.graph);
        edges = edges_of(bench.view);
        igraph_load(&bench.igraph, edges, graph_item_count(bench.view));
        igraph_vector_int_init(&bench.order, 0);
        igraph_vector_int_init(&bench.layers, 0);
        igraph_vector_int_init(&bench.parents, 0);
        bench.bare = bare_load(edges, graph_item_count(bench.view));
        g_array_unref(edges);
        bench.sql = sql_open(bench.view);
        for (int peer = 0; peer < PEERS; peer++)
                bench.seconds[peer] = g_array_new(FALSE, FALSE, sizeof(double));
        measure(&bench, (int)queries);
        figures(&bench, "impact p50", 0.5);
        figures(&bench, "impact p99", 0.99);
        lines_figure(&bench);
        bench_free(&bench);
        bench_close(&project);
        return 0;
}
