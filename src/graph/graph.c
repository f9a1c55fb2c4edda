/* Loading and applying: the one writer. */
#include "graph/internal.h"

#include "base/error.h"
#include "base/jread.h"

enum { FACTS_MAX = 16 << 20, LINKS_MAX = 1 << 30 };

static uint64_t chain_types(GraphSide side, int which)
{
        static const Flow leading[2] = { FLOW_FORWARD, FLOW_BACKWARD };
        uint64_t types = 0;

        for (int type = 0; type < ZW_LINK_COUNT; type++) {
                Flow flow = link_type_def((LinkTypeId)type)->ripple;

                if ((flow == leading[side] || flow == FLOW_BOTH) == (which == 0))
                        types |= UINT64_C(1) << type;
        }
        return types;
}

Graph *graph_new(void)
{
        Graph *graph = g_new0(Graph, 1);

        pool_init(&graph->pool);
        pieces_init(&graph->nodes, sizeof(Node), ZW_GRAPH_NODES_MAX);
        pieces_init(&graph->tails, sizeof(NodeTail), ZW_GRAPH_NODES_MAX);
        pieces_init(&graph->links, sizeof(Link), LINKS_MAX);
        graph->keys = g_malloc0(KEY_BUCKETS * sizeof *graph->keys);
        graph->scratch = out_new(FACTS_MAX);
        for (int i = 0; i < ZW_CHAINS; i++)
                graph->chains[i / 2][i % 2] = chain_types((GraphSide)(i / 2), i % 2);
        return graph;
}

void graph_free(Graph *graph)
{
        if (graph == NULL)
                return;
        pool_finish(&graph->pool);
        pieces_finish(&graph->nodes);
        pieces_finish(&graph->tails);
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

/* Packs attributes into the pool; NULL attributes are none. */
static bool keep_facts(Graph *graph, const ItemRev *item, const LinkRev *link, const uint8_t **ret_facts,
                       uint32_t *ret_n, GError **error)
{
        const char *text = item != NULL ? item->attrs : link->attrs;
        g_autoptr(Json) attrs = NULL;
        size_t n;
        uint8_t *facts;

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
        n = out_length(graph->scratch);
        if (n == 0)
                return true;
        facts = pool_take(&graph->pool, n);
        memcpy(facts, out_data(graph->scratch), n);
        *ret_facts = facts;
        *ret_n = (uint32_t)n;
        return true;
}

static bool seq_fits(Seq seq, GError **error)
{
        if (seq < EDGE_OPEN)
                return true;
        error_set(error, ZW_ERR_LIMIT, NULL, "a graph holds commits up to %u", EDGE_OPEN - 1);
        return false;
}

static void key_add(Graph *graph, const char *key, ItemNo item)
{
        _Atomic(const KeyNode *) *bucket = &graph->keys[hash_keyed(key, strlen(key)) & (KEY_BUCKETS - 1)];
        KeyNode *node = pool_take(&graph->pool, sizeof *node);

        node->key = key;
        node->item = item;
        node->next = atomic_load_explicit(bucket, memory_order_relaxed);
        atomic_store_explicit(bucket, node, memory_order_release);
}

bool graph_apply_item(Graph *graph, const ItemRev *rev, GError **error)
{
        NodeVersion *version;
        Node *node;

        if (!seq_fits(rev->from_seq, error))
                return false;
        if (!pieces_grow(&graph->nodes, rev->no) || !pieces_grow(&graph->tails, rev->no)) {
                error_set(error, ZW_ERR_LIMIT, NULL, "a graph holds at most %d items", ZW_GRAPH_NODES_MAX);
                return false;
        }
        version = pool_take(&graph->pool, sizeof *version);
        if (!keep_facts(graph, rev, NULL, &version->facts, &version->facts_n, error))
                return false;
        node = node_at(graph, rev->no);
        version->before = atomic_load_explicit(&node->newest, memory_order_relaxed);
        version->title = keep_text(graph, rev->title);
        version->from_seq = (uint32_t)rev->from_seq;
        version->rev = rev->rev;
        version->subst = rev->subst;
        version->kind = (uint8_t)rev->kind;
        version->state = (uint8_t)rev->state;
        if (node->key == NULL) {
                node->key = keep_text(graph, rev->key);
                key_add(graph, node->key, rev->no);
        }
        atomic_store_explicit(&node->newest, version, memory_order_release);
        atomic_store_explicit(&node->now,
                              rev->from_seq << 32 | (uint64_t)rev->kind << 8 | (uint64_t)rev->state,
                              memory_order_release);
        if (rev->no >= atomic_load_explicit(&graph->n_nodes, memory_order_relaxed))
                atomic_store_explicit(&graph->n_nodes, rev->no + 1, memory_order_release);
        return true;
}

/* ---- links ---- */

static void entry_add(Graph *graph, ItemNo item, GraphSide side, uint32_t other_type, uint32_t link,
                      uint32_t from_seq)
{
        int chain = chain_of(graph, side, (LinkTypeId)(other_type >> NODE_BITS));
        Node *node = node_at(graph, item);
        NodeTail *tail = tail_at(graph, item);
        Block *block = tail->last[chain];
        uint32_t n = block == NULL ? 0 : atomic_load_explicit(&block->n, memory_order_relaxed);

        if (block == NULL || n == block->room) {
                uint32_t room = block == NULL ? BLOCK_FIRST : MIN(block->room * 2 + 1, (uint32_t)BLOCK_MOST);
                Block *next = pool_take_lines(&graph->pool, (room + 1) * sizeof(Entry) / LINE_BYTES);

                next->room = room;
                if (block == NULL)
                        atomic_store_explicit(&node->first[chain], next, memory_order_release);
                else
                        atomic_store_explicit(&block->next, next, memory_order_release);
                tail->last[chain] = block = next;
                n = 0;
        }
        block->entries[n].other_type = other_type;
        block->entries[n].link = link;
        block->entries[n].from_seq = from_seq;
        atomic_store_explicit(&block->entries[n].to_seq, EDGE_OPEN, memory_order_relaxed);
        tail->degree[side]++;
        atomic_store_explicit(&block->n, n + 1, memory_order_release);
}

/* The open entry of a link on one side. */
static Entry *entry_find(const Graph *graph, Node *node, GraphSide side, const LinkRev *rev)
{
        ItemNo other = side == GRAPH_OUT ? rev->to : rev->from;
        uint32_t wanted = other | (uint32_t)rev->type << NODE_BITS;

        for (Block *block = atomic_load_explicit(&node->first[chain_of(graph, side, rev->type)],
                                                 memory_order_relaxed);
             block != NULL; block = atomic_load_explicit(&block->next, memory_order_relaxed)) {
                uint32_t n = atomic_load_explicit(&block->n, memory_order_relaxed);

                for (uint32_t i = 0; i < n; i++)
                        if (block->entries[i].other_type == wanted &&
                            atomic_load_explicit(&block->entries[i].to_seq, memory_order_relaxed) ==
                                    EDGE_OPEN &&
                            link_at(graph, block->entries[i].link)->as == (uint8_t)rev->as)
                                return &block->entries[i];
        }
        return NULL;
}

static bool link_version_add(Graph *graph, Link *link, const LinkRev *rev, GError **error)
{
        LinkVersion *version = pool_take(&graph->pool, sizeof *version);

        if (!keep_facts(graph, NULL, rev, &version->facts, &version->facts_n, error))
                return false;
        version->before = atomic_load_explicit(&link->newest, memory_order_relaxed);
        version->from_seq = (uint32_t)rev->from_seq;
        version->judged_from = rev->judged_from;
        version->judged_to = rev->judged_to;
        atomic_store_explicit(&link->newest, version, memory_order_release);
        return true;
}

static void link_end(Graph *graph, const LinkRev *rev, GraphSide shorter)
{
        Node *from = node_at(graph, rev->from), *to = node_at(graph, rev->to);
        Entry *one = entry_find(graph, shorter == GRAPH_OUT ? from : to, shorter, rev);
        GraphSide longer = shorter == GRAPH_OUT ? GRAPH_IN : GRAPH_OUT;
        Entry *two = one == NULL ? NULL : entry_find(graph, shorter == GRAPH_OUT ? to : from, longer, rev);

        if (two == NULL)
                return;
        atomic_store_explicit(&one->to_seq, (uint32_t)rev->from_seq, memory_order_release);
        atomic_store_explicit(&two->to_seq, (uint32_t)rev->from_seq, memory_order_release);
}

bool graph_apply_link(Graph *graph, const LinkRev *rev, bool ended, GError **error)
{
        uint32_t n = atomic_load_explicit(&graph->n_nodes, memory_order_relaxed);
        Node *from, *to;
        GraphSide shorter;
        Entry *entry;
        Link *link;

        if (!seq_fits(rev->from_seq, error))
                return false;
        if (rev->from >= n || rev->to >= n || !pieces_grow(&graph->links, graph->n_links)) {
                error_set(error, rev->from >= n || rev->to >= n ? ZW_ERR_NODE_UNKNOWN : ZW_ERR_LIMIT, NULL,
                          "the link from item %u to item %u cannot be taken", rev->from, rev->to);
                return false;
        }
        from = node_at(graph, rev->from);
        to = node_at(graph, rev->to);
        shorter = tail_at(graph, rev->from)->degree[GRAPH_OUT] <= tail_at(graph, rev->to)->degree[GRAPH_IN]
                          ? GRAPH_OUT
                          : GRAPH_IN;
        if (ended) {
                link_end(graph, rev, shorter);
                return true;
        }
        entry = entry_find(graph, shorter == GRAPH_OUT ? from : to, shorter, rev);
        if (entry != NULL)
                return link_version_add(graph, link_at(graph, entry->link), rev, error);
        link = link_at(graph, graph->n_links);
        link->from = rev->from;
        link->to = rev->to;
        link->type = (uint8_t)rev->type;
        link->as = (uint8_t)rev->as;
        if (!link_version_add(graph, link, rev, error))
                return false;
        entry_add(graph, rev->from, GRAPH_OUT, rev->to | (uint32_t)rev->type << NODE_BITS, graph->n_links,
                  (uint32_t)rev->from_seq);
        entry_add(graph, rev->to, GRAPH_IN, rev->from | (uint32_t)rev->type << NODE_BITS, graph->n_links,
                  (uint32_t)rev->from_seq);
        graph->n_links++;
        return true;
}

bool graph_apply_result(Graph *graph, const ResultRev *result, GError **error)
{
        uint32_t n = atomic_load_explicit(&graph->n_nodes, memory_order_relaxed);
        ResultNode *node;
        Node *test_case;

        if (result->test_case >= n || result->run >= n) {
                error_set(error, ZW_ERR_NODE_UNKNOWN, NULL, "a result names an item that is not there");
                return false;
        }
        test_case = node_at(graph, result->test_case);
        node = pool_take(&graph->pool, sizeof *node);
        node->before = atomic_load_explicit(&test_case->results, memory_order_relaxed);
        node->result = (GraphResult){ result->status, result->run, result->at };
        node->seq = result->seq;
        atomic_store_explicit(&test_case->results, node, memory_order_release);
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
        return graph->pool.used + graph->nodes.used + graph->tails.used + graph->links.used +
               KEY_BUCKETS * sizeof *graph->keys;
}
