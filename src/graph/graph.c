/* Loading and applying: the one writer. */
#include "graph/internal.h"

#include "base/error.h"
#include "base/jread.h"

enum { FACTS_MAX = 16 << 20, LINKS_MAX = 1 << 30 };

/* The ways on which a change of an item travels on from it. */
static uint64_t ripple_ways(void)
{
        uint64_t ways = 0;

        for (int type = 0; type < ZW_LINK_COUNT; type++) {
                Flow flow = link_type_def((LinkTypeId)type)->ripple;
                uint64_t bit = UINT64_C(1) << type;

                if (flow == FLOW_FORWARD || flow == FLOW_BOTH)
                        ways |= ways_of(GRAPH_OUT, bit);
                if (flow == FLOW_BACKWARD || flow == FLOW_BOTH)
                        ways |= ways_of(GRAPH_IN, bit);
        }
        return ways;
}

Graph *graph_new(void)
{
        Graph *graph = g_new0(Graph, 1);

        pool_init(&graph->pool);
        pieces_init(&graph->nodes, sizeof(Node), ZW_GRAPH_NODES_MAX);
        pieces_init(&graph->bodies, sizeof(Body), ZW_GRAPH_NODES_MAX);
        pieces_init(&graph->links, sizeof(Link), LINKS_MAX);
        graph->keys = g_malloc(KEY_BUCKETS * sizeof *graph->keys);
        for (size_t i = 0; i < KEY_BUCKETS; i++)
                atomic_init(&graph->keys[i], ZW_ITEM_NONE);
        graph->scratch = out_new(FACTS_MAX);
        graph->ways[LIST_RIPPLE] = ripple_ways();
        graph->ways[LIST_REST] = ~graph->ways[LIST_RIPPLE];
        return graph;
}

void graph_free(Graph *graph)
{
        if (graph == NULL)
                return;
        if (graph->over) {
                g_free(graph);
                return;
        }
        pool_finish(&graph->pool);
        pieces_finish(&graph->nodes);
        pieces_finish(&graph->bodies);
        pieces_finish(&graph->links);
        g_free((void *)graph->keys);
        out_free(graph->scratch);
        g_free(graph);
}

static const char *keep_text(Graph *graph, const char *text)
{
        size_t n = strlen(text) + 1;
        char *copy = pool_take(&graph->pool, n);

        memcpy(copy, text, n);
        return copy;
}

/* Packs the attributes of an item or of a link; NULL attributes are none. What it gives is there until the next call. */
static bool pack_facts(Graph *graph, const ItemRev *item, const LinkRev *link, const uint8_t **ret_facts,
                       uint32_t *ret_n, GError **error)
{
        /* cppcheck-suppress nullPointer ; one of the two is there */
        const char *text = item != NULL ? item->attrs : link->attrs;
        g_autoptr(Json) attrs = NULL;

        *ret_facts = NULL;
        *ret_n = 0;
        if (text == NULL || strcmp(text, "{}") == 0)
                return true;
        attrs = jread_parse(text, strlen(text), error);
        if (attrs == NULL)
                return false;
        out_reset(graph->scratch);
        if (item != NULL)
                facts_pack(item->kind, attrs, graph->scratch);
        else
                facts_pack_link(link->type, attrs, graph->scratch);
        if (!out_check(graph->scratch, error))
                return false;
        *ret_facts = (const uint8_t *)out_data(graph->scratch);
        *ret_n = (uint32_t)out_length(graph->scratch);
        return true;
}

static bool seq_fits(Seq seq, GError **error)
{
        if (seq < EDGE_OPEN)
                return true;
        error_set(error, ZW_ERR_LIMIT, NULL, "a graph holds commits up to %u", EDGE_OPEN - 1);
        return false;
}

static void key_add(Graph *graph, ItemNo item)
{
        Body *body = body_at(graph, item);
        _Atomic ItemNo *bucket = &graph->keys[hash_keyed(body->key, strlen(body->key)) & (KEY_BUCKETS - 1)];

        body->next = atomic_load_explicit(bucket, memory_order_relaxed);
        atomic_store_explicit(bucket, item, memory_order_release);
}

/* A version with its facts and title; what came before it is not set. */
static NodeVersion *version_new(Graph *graph, const ItemRev *rev, GError **error)
{
        size_t title_n = strlen(rev->title) + 1;
        NodeVersion *version;
        const uint8_t *facts;
        uint32_t facts_n;

        if (!pack_facts(graph, rev, NULL, &facts, &facts_n, error))
                return NULL;
        version = pool_take(&graph->pool, offsetof(NodeVersion, text) + facts_n + title_n);
        version->from_seq = (uint32_t)rev->from_seq;
        version->rev = rev->rev;
        version->subst = rev->subst;
        version->kind = (uint8_t)rev->kind;
        version->state = (uint8_t)rev->state;
        version->facts_n = facts_n;
        if (facts_n > 0)
                memcpy(version->text, facts, facts_n);
        memcpy(version->text + facts_n, rev->title, title_n);
        return version;
}

bool graph_apply_item(Graph *graph, const ItemRev *rev, GError **error)
{
        NodeVersion *version;
        Node *node;
        Body *body;

        if (!seq_fits(rev->from_seq, error))
                return false;
        if (!pieces_grow(&graph->nodes, rev->no) || !pieces_grow(&graph->bodies, rev->no)) {
                error_set(error, ZW_ERR_LIMIT, NULL, "a graph holds at most %d items", ZW_GRAPH_NODES_MAX);
                return false;
        }
        version = version_new(graph, rev, error);
        if (version == NULL)
                return false;
        node = node_at(graph, rev->no);
        body = body_at(graph, rev->no);
        version->before = atomic_load_explicit(&body->newest, memory_order_relaxed);
        if (version->before != NULL && version->subst > version->before->subst &&
            body->degree[GRAPH_OUT] + body->degree[GRAPH_IN] > 0)
                atomic_store_explicit(&body->outgrown, true, memory_order_relaxed);
        if (body->key == NULL) {
                body->key = keep_text(graph, rev->key);
                key_add(graph, rev->no);
        }
        atomic_store_explicit(&body->newest, version, memory_order_release);
        atomic_store_explicit(&node->now,
                              rev->from_seq << 32 | (uint64_t)node_run(node).n << NOW_ENTRIES |
                                      (uint64_t)rev->kind << 8 | (uint64_t)rev->state,
                              memory_order_release);
        if (rev->no >= atomic_load_explicit(&graph->n_nodes, memory_order_relaxed))
                atomic_store_explicit(&graph->n_nodes, rev->no + 1, memory_order_release);
        return true;
}

/* ---- links ---- */

/* The link as seen from one end, as if it were older than the graph. */
static uint32_t entry_word(const LinkRev *rev, GraphSide side)
{
        return (side == GRAPH_OUT ? rev->to : rev->from) | (uint32_t)rev->type << NODE_BITS |
               (side == GRAPH_IN ? ENTRY_IN : 0);
}

static List entry_list(const Graph *graph, uint32_t word)
{
        return (graph->ways[LIST_RIPPLE] >> word_way(word) & 1) != 0 ? LIST_RIPPLE : LIST_REST;
}

static void entry_write(Run run, uint32_t word, uint32_t link)
{
        atomic_store_explicit(&run.words[run.room + run.n], link, memory_order_relaxed);
        atomic_store_explicit(&run.words[run.n], word, memory_order_release);
}

/* A block of whole cache lines: of those that loading left behind, or new. */
static Block *block_new(Graph *graph, uint32_t lines)
{
        Block *block = graph->spare[lines];

        if (block == NULL) {
                block = pool_take_lines(&graph->pool, lines);
        } else {
                graph->spare[lines] = atomic_load_explicit(&block->next, memory_order_relaxed);
                memset(block, 0, (size_t)lines * LINE_BYTES);
        }
        block->room = lines * LINE_ENTRIES - BLOCK_HEAD;
        return block;
}

static uint32_t block_lines(const Block *block)
{
        return (block->room + BLOCK_HEAD) / LINE_ENTRIES;
}

/* The first block of a list made larger, while nobody reads the graph yet: a walk waits for each block of a list, and can ask
 * for the memory of the first ahead. */
static Block *block_grow(Graph *graph, Block *block)
{
        uint32_t lines = block_lines(block);
        Block *larger = block_new(graph, MIN(lines + MAX(lines / 2, 1), (uint32_t)BLOCK_LINES));
        Run from = block_run(block), to = block_run(larger);

        for (; to.n < from.n; to.n++)
                entry_write(to, atomic_load_explicit(&from.words[to.n], memory_order_relaxed),
                            run_link(from, to.n));
        atomic_init(&larger->n, to.n);
        atomic_store_explicit(&block->next, graph->spare[lines], memory_order_relaxed);
        graph->spare[lines] = block;
        return larger;
}

/* The block with room for an entry at the end of a list. */
static Block *block_room(Graph *graph, ItemNo item, List list)
{
        Body *body = body_at(graph, item);
        _Atomic(Block *) *first = list == LIST_RIPPLE ? &node_at(graph, item)->more : &body->rest;
        Block *block = body->last[list], *next;

        if (block != NULL && atomic_load_explicit(&block->n, memory_order_relaxed) < block->room)
                return block;
        if (block == NULL) {
                next = block_new(graph, 1);
        } else if (graph->base == 0 && block_lines(block) < BLOCK_LINES) {
                next = block_grow(graph, block);
        } else {
                next = block_new(graph, MIN(block_lines(block) * 2, (uint32_t)BLOCK_LINES));
                first = &block->next;
        }
        atomic_store_explicit(first, next, memory_order_release);
        body->last[list] = next;
        return next;
}

static void entry_add(Graph *graph, ItemNo item, GraphSide side, const LinkRev *rev, uint32_t link)
{
        Node *node = node_at(graph, item);
        uint32_t word = entry_word(rev, side);
        List list = entry_list(graph, word);
        Run run = node_run(node);
        Block *block;

        if (graph->base != 0)
                word |= ENTRY_CHECK;
        body_at(graph, item)->degree[side]++;
        if (list == LIST_RIPPLE && run.n < run.room) {
                entry_write(run, word, link);
                atomic_fetch_add_explicit(&node->now, UINT64_C(1) << NOW_ENTRIES, memory_order_release);
                return;
        }
        block = block_room(graph, item, list);
        run = block_run(block);
        entry_write(run, word, link);
        atomic_store_explicit(&block->n, run.n + 1, memory_order_release);
}

/* An entry that was looked for; its word is NULL when there is none. */
typedef struct {
        _Atomic uint32_t *word;
        uint32_t link;
} Entry;

/* Among the entries of a run the open one that has this word and role. */
static Entry entry_among(const Graph *graph, Run run, uint32_t word, AsId as)
{
        for (uint32_t i = 0; i < run.n; i++) {
                const Link *link;

                if ((atomic_load_explicit(&run.words[i], memory_order_relaxed) & ~ENTRY_CHECK) != word)
                        continue;
                link = link_at(graph, run_link(run, i));
                if (link->as == (uint32_t)as &&
                    atomic_load_explicit(&link->to_seq, memory_order_relaxed) == EDGE_OPEN)
                        return (Entry){ &run.words[i], run_link(run, i) };
        }
        return (Entry){ 0 };
}

/* The open entry of a link on one side. */
static Entry entry_find(const Graph *graph, GraphSide side, const LinkRev *rev)
{
        ItemNo item = side == GRAPH_OUT ? rev->from : rev->to;
        Node *node = node_at(graph, item);
        uint32_t word = entry_word(rev, side);
        bool ripple = entry_list(graph, word) == LIST_RIPPLE;
        Entry found = ripple ? entry_among(graph, node_run(node), word, rev->as) : (Entry){ 0 };

        for (Block *block = atomic_load_explicit(ripple ? &node->more : &body_at(graph, item)->rest,
                                                 memory_order_relaxed);
             block != NULL && found.word == NULL;
             block = atomic_load_explicit(&block->next, memory_order_relaxed))
                found = entry_among(graph, block_run(block), word, rev->as);
        return found;
}

/* A later state of the link; its first one too where it has facts, which do not lie in the link itself. */
static bool link_version_add(Graph *graph, Link *link, const LinkRev *rev, bool first, GError **error)
{
        LinkVersion *version;
        const uint8_t *facts;
        uint32_t facts_n;

        if (!pack_facts(graph, NULL, rev, &facts, &facts_n, error))
                return false;
        if (first && facts_n == 0)
                return true;
        version = pool_take(&graph->pool, sizeof *version + facts_n);
        version->before = atomic_load_explicit(&link->newest, memory_order_relaxed);
        version->from_seq = (uint32_t)rev->from_seq;
        version->judged_from = rev->judged_from;
        version->judged_to = rev->judged_to;
        version->facts_n = facts_n;
        if (facts_n > 0)
                memcpy(version->facts, facts, facts_n);
        atomic_store_explicit(&link->newest, version, memory_order_release);
        return true;
}

static void link_end(Graph *graph, const LinkRev *rev, GraphSide shorter)
{
        Entry one = entry_find(graph, shorter, rev), two = { 0 };

        if (one.word != NULL)
                two = entry_find(graph, shorter == GRAPH_OUT ? GRAPH_IN : GRAPH_OUT, rev);
        if (two.word == NULL)
                return;
        /* A reader at a commit before this one may see the flag or not: it finds the link valid either way. */
        atomic_store_explicit(&link_at(graph, one.link)->to_seq, (uint32_t)rev->from_seq,
                              memory_order_release);
        atomic_fetch_or_explicit(one.word, ENTRY_CHECK, memory_order_release);
        atomic_fetch_or_explicit(two.word, ENTRY_CHECK, memory_order_release);
}

/* What the end became after the link was judged makes it suspect. */
static void end_compare(Graph *graph, ItemNo end, uint32_t judged)
{
        Body *body = body_at(graph, end);
        const NodeVersion *version = atomic_load_explicit(&body->newest, memory_order_relaxed);

        if (version != NULL && version->subst > judged)
                atomic_store_explicit(&body->outgrown, true, memory_order_relaxed);
}

bool graph_apply_link(Graph *graph, const LinkRev *rev, bool ended, GError **error)
{
        uint32_t n = atomic_load_explicit(&graph->n_nodes, memory_order_relaxed);
        GraphSide shorter;
        Entry entry;
        Link *link;

        if (!seq_fits(rev->from_seq, error))
                return false;
        if (rev->from >= n || rev->to >= n || !pieces_grow(&graph->links, graph->n_links)) {
                error_set(error, rev->from >= n || rev->to >= n ? ZW_ERR_NODE_UNKNOWN : ZW_ERR_LIMIT, NULL,
                          "the link from item %u to item %u cannot be taken", rev->from, rev->to);
                return false;
        }
        shorter = body_at(graph, rev->from)->degree[GRAPH_OUT] <= body_at(graph, rev->to)->degree[GRAPH_IN]
                          ? GRAPH_OUT
                          : GRAPH_IN;
        if (ended) {
                link_end(graph, rev, shorter);
                return true;
        }
        end_compare(graph, rev->from, rev->judged_from);
        end_compare(graph, rev->to, rev->judged_to);
        entry = entry_find(graph, shorter, rev);
        if (entry.word != NULL)
                return link_version_add(graph, link_at(graph, entry.link), rev, false, error);
        link = link_at(graph, graph->n_links);
        link->from = rev->from & ENTRY_NODE;
        link->to = rev->to;
        link->as = rev->as & ((1U << AS_BITS) - 1);
        link->from_seq = (uint32_t)rev->from_seq;
        link->judged_from = rev->judged_from;
        link->judged_to = rev->judged_to;
        atomic_init(&link->to_seq, EDGE_OPEN);
        atomic_init(&link->newest, NULL);
        if (!link_version_add(graph, link, rev, true, error))
                return false;
        entry_add(graph, rev->from, GRAPH_OUT, rev, graph->n_links);
        entry_add(graph, rev->to, GRAPH_IN, rev, graph->n_links);
        graph->n_links++;
        return true;
}

bool graph_apply_result(Graph *graph, const ResultRev *result, GError **error)
{
        uint32_t n = atomic_load_explicit(&graph->n_nodes, memory_order_relaxed);
        ResultNode *node;

        if (result->test_case >= n || result->run >= n) {
                error_set(error, ZW_ERR_NODE_UNKNOWN, NULL, "a result names an item that is not there");
                return false;
        }
        node = pool_take(&graph->pool, sizeof *node);
        node->before = atomic_load_explicit(&body_at(graph, result->test_case)->results,
                                            memory_order_relaxed);
        node->result = (GraphResult){ result->status, result->run, result->at };
        node->seq = result->seq;
        atomic_store_explicit(&body_at(graph, result->test_case)->results, node, memory_order_release);
        return true;
}

void graph_publish(Graph *graph, Seq seq)
{
        if (graph->base == 0)
                graph->base = seq;
        atomic_store_explicit(&graph->head, seq, memory_order_release);
}

Seq graph_head(const Graph *graph)
{
        return atomic_load_explicit(&graph->head, memory_order_acquire);
}

Seq graph_base(const Graph *graph)
{
        return graph->base;
}

size_t graph_memory(const Graph *graph)
{
        return graph->pool.bytes_total + graph->pool.lines_total + pieces_memory(&graph->nodes) +
               pieces_memory(&graph->bodies) + pieces_memory(&graph->links) +
               KEY_BUCKETS * sizeof *graph->keys;
}
