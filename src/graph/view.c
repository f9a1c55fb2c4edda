/* Reading at a pinned commit. */
#include "base/verify.h"
#include "graph/internal.h"

GraphView graph_pin(const Graph *graph)
{
        return (GraphView){ graph, graph_head(graph) };
}

bool graph_pin_at(const Graph *graph, Seq seq, GraphView *ret_view)
{
        if (seq < graph->base || seq > graph_head(graph))
                return false;
        *ret_view = (GraphView){ graph, seq };
        return true;
}

/* Another graph over the same memory. */
static Graph *graph_over(GraphView view, ItemNo n)
{
        Graph *part = g_new0(Graph, 1);

        part->over = true;
        part->asks = true;
        part->nodes = view.graph->nodes;
        part->bodies = view.graph->bodies;
        part->links = view.graph->links;
        memcpy(part->ways, view.graph->ways, sizeof part->ways);
        part->keys = view.graph->keys;
        part->base = view.seq;
        atomic_init(&part->n_nodes, MIN(n, graph_item_count(view)));
        atomic_init(&part->head, view.seq);
        return part;
}

Graph *graph_limit(GraphView view, const uint8_t *items, ItemNo n)
{
        Graph *part = graph_over(view, n);

        part->whole = view.graph;
        part->shown = items;
        return part;
}

Graph *graph_noted(GraphView view, GraphNotes *notes)
{
        Graph *noted = graph_over(view, graph_item_count(view));

        noted->notes = notes;
        return noted;
}

GraphView graph_whole(GraphView view)
{
        return view.graph->whole == NULL ? view : (GraphView){ view.graph->whole, view.seq };
}

ItemNo graph_item_count(GraphView view)
{
        return atomic_load_explicit(&view.graph->n_nodes, memory_order_acquire);
}

const NodeVersion *node_version(GraphView view, ItemNo item)
{
        const NodeVersion *version;

        if (item >= graph_item_count(view) || !node_is_shown(view.graph, item))
                return NULL;
        version = atomic_load_explicit(&body_at(view.graph, item)->newest, memory_order_acquire);
        while (version != NULL && version->from_seq > view.seq)
                version = version->before;
        return version;
}

/* The same, and -1 for a number that is not in use. */
static int kind_state(GraphView view, ItemNo item)
{
        return item < graph_item_count(view) ? node_kind_state(view, item) : -1;
}

bool graph_exists(GraphView view, ItemNo item)
{
        return kind_state(view, item) >= 0;
}

bool graph_find_key(GraphView view, const char *key, ItemNo *ret_item)
{
        ItemNo item = atomic_load_explicit(
                &view.graph->keys[hash_keyed(key, strlen(key)) & (KEY_BUCKETS - 1)], memory_order_acquire);

        for (; item != ZW_ITEM_NONE; item = body_at(view.graph, item)->next)
                if (strcmp(body_at(view.graph, item)->key, key) == 0 && graph_exists(view, item)) {
                        *ret_item = item;
                        return true;
                }
        if (view.graph->notes != NULL)
                notes_miss(view.graph->notes);
        return false;
}

KindId graph_kind(GraphView view, ItemNo item)
{
        return (KindId)(node_kind_state(view, item) >> 8);
}

StateId graph_state(GraphView view, ItemNo item)
{
        return (StateId)(node_kind_state(view, item) & 0xff);
}

bool graph_is_live(GraphView view, ItemNo item)
{
        int now = kind_state(view, item);

        return now >= 0 && (state_def((StateId)(now & 0xff))->flags & STATE_RETIRED) == 0;
}

bool graph_is_approved(GraphView view, ItemNo item)
{
        int now = kind_state(view, item);

        return now >= 0 && (state_def((StateId)(now & 0xff))->flags & STATE_APPROVED) != 0;
}

/* Of an item that exists at the view. */
static const NodeVersion *version_there(GraphView view, ItemNo item)
{
        const NodeVersion *version = node_version(view, item);

        ZW_VERIFY(version != NULL);
        return version;
}

uint32_t graph_rev(GraphView view, ItemNo item)
{
        return version_there(view, item)->rev;
}

uint32_t graph_subst(GraphView view, ItemNo item)
{
        return version_there(view, item)->subst;
}

Seq graph_changed(GraphView view, ItemNo item)
{
        return version_there(view, item)->from_seq;
}

const char *graph_key(GraphView view, ItemNo item)
{
        return body_at(view.graph, item)->key;
}

const char *graph_title(GraphView view, ItemNo item)
{
        const NodeVersion *version = version_there(view, item);

        return (const char *)version->text + version->facts_n;
}

Facts graph_facts(GraphView view, ItemNo item)
{
        const NodeVersion *version = node_version(view, item);

        return version == NULL ? (Facts){ NULL, 0 } : (Facts){ version->text, version->facts_n };
}

/* ---- links ---- */

static void iter_enter(GraphIter *iter, Run run, Block *next)
{
        iter->entries = run.words;
        iter->at = 0;
        iter->n = run.n;
        iter->room = run.room;
        iter->next = next;
}

/* To the next block, of the list or of the one after it. False at the end. */
static bool iter_go_on(GraphIter *iter)
{
        Block *block = iter->next;

        if (block == NULL) {
                block = iter->other;
                iter->other = NULL;
        }
        if (block == NULL)
                return false;
        iter_enter(iter, block_run(block), atomic_load_explicit(&block->next, memory_order_acquire));
        return true;
}

GraphIter graph_iter(GraphView view, ItemNo item, GraphSide side, LinkMask types)
{
        GraphIter iter = { .view = view, .ways = ways_of(side, types.mask) };
        const Graph *graph = view.graph;

        if (item >= graph_item_count(view) || !node_is_shown(graph, item))
                return iter;
        if (iter.ways & graph->ways[LIST_REST])
                iter.other = atomic_load_explicit(&body_at(graph, item)->rest, memory_order_acquire);
        if (iter.ways & graph->ways[LIST_RIPPLE]) {
                Node *node = node_at(graph, item);

                iter_enter(&iter, node_run(node), atomic_load_explicit(&node->more, memory_order_acquire));
        }
        return iter;
}

bool graph_next(GraphIter *iter, GraphEdge *ret_edge)
{
        do {
                while (iter->at < iter->n) {
                        Run run = { iter->entries, iter->n, iter->room };
                        uint32_t at = iter->at++;
                        uint32_t word = atomic_load_explicit(&run.words[at], memory_order_acquire);

                        if ((iter->ways & (UINT64_C(1) << word_way(word))) == 0 ||
                            ((word & ENTRY_CHECK) != 0 &&
                             !link_is_valid(iter->view.graph, run_link(run, at), iter->view.seq)) ||
                            !node_is_shown(iter->view.graph, word & ENTRY_NODE))
                                continue;
                        *ret_edge = (GraphEdge){ word & ENTRY_NODE,
                                                 (LinkTypeId)(word_way(word) & ((1 << TYPE_BITS) - 1)),
                                                 run_link(run, at) };
                        return true;
                }
        } while (iter_go_on(iter));
        return false;
}

ItemNo graph_link_from(GraphView view, uint32_t link)
{
        return link_at(view.graph, link)->from;
}

ItemNo graph_link_to(GraphView view, uint32_t link)
{
        return link_at(view.graph, link)->to;
}

AsId graph_link_as(GraphView view, uint32_t link)
{
        return (AsId)link_at(view.graph, link)->as;
}

/* What holds of a link at the view: its version, or what it was made with. False before it was made. */
static bool link_judged(GraphView view, uint32_t link, const LinkVersion **ret_version,
                        uint32_t ret_judged[2])
{
        const Link *made = link_at(view.graph, link);
        const LinkVersion *version = atomic_load_explicit(&made->newest, memory_order_acquire);

        while (version != NULL && version->from_seq > view.seq)
                version = version->before;
        *ret_version = version;
        ret_judged[GRAPH_OUT] = version == NULL ? made->judged_from : version->judged_from;
        ret_judged[GRAPH_IN] = version == NULL ? made->judged_to : version->judged_to;
        return made->from_seq <= view.seq;
}

Facts graph_link_facts(GraphView view, uint32_t link)
{
        const LinkVersion *version;
        uint32_t judged[2];

        return link_judged(view, link, &version, judged) && version != NULL
                       ? (Facts){ version->facts, version->facts_n }
                       : (Facts){ NULL, 0 };
}

uint32_t graph_link_judged(GraphView view, uint32_t link, GraphSide end)
{
        const LinkVersion *version;
        uint32_t judged[2];

        return link_judged(view, link, &version, judged) ? judged[end] : 0;
}

bool graph_link_is_suspect(GraphView view, uint32_t link)
{
        const ItemNo ends[2] = { graph_link_from(view, link), graph_link_to(view, link) };
        const NodeVersion *from, *to;
        const LinkVersion *version;
        uint32_t judged[2];

        /* Of most links this is so, and the versions of the ends need not be read. */
        if (!graph_may_be_suspect(view, ends[0]) && !graph_may_be_suspect(view, ends[1]))
                return false;
        from = node_version(view, ends[0]);
        to = node_version(view, ends[1]);
        return link_judged(view, link, &version, judged) && from != NULL && to != NULL &&
               (from->subst > judged[GRAPH_OUT] || to->subst > judged[GRAPH_IN]);
}

bool graph_may_be_suspect(GraphView view, ItemNo item)
{
        return node_is_shown(view.graph, item) &&
               atomic_load_explicit(&body_at(view.graph, item)->outgrown, memory_order_relaxed);
}

ItemNo graph_first(GraphView view, ItemNo item, GraphSide side, LinkTypeId type)
{
        GraphIter iter = graph_iter(view, item, side, LINK_MASK(type));
        GraphEdge edge;

        return graph_next(&iter, &edge) ? edge.other : ZW_ITEM_NONE;
}

/* ---- results ---- */

static int result_compare(gconstpointer a, gconstpointer b)
{
        const ResultNode *left = *(const ResultNode *const *)a, *right = *(const ResultNode *const *)b;

        if (left->result.at != right->result.at)
                return left->result.at > right->result.at ? -1 : 1;
        return left->seq > right->seq ? -1 : left->seq < right->seq;
}

/* By run, and within a run the one that counts first. */
static int result_compare_run(gconstpointer a, gconstpointer b)
{
        const ResultNode *left = *(const ResultNode *const *)a, *right = *(const ResultNode *const *)b;

        if (left->result.run != right->result.run)
                return left->result.run < right->result.run ? -1 : 1;
        return result_compare(a, b);
}

/* A run has one result of a case, the newest: what a later commit replaced is there no more (docs/log-format.md). */
static void results_of_runs(GPtrArray *list)
{
        const ResultNode *before = NULL;
        guint n = 0;

        g_ptr_array_sort(list, result_compare_run);
        for (guint i = 0; i < list->len; i++) {
                const ResultNode *node = g_ptr_array_index(list, i);

                if (before == NULL || before->result.run != node->result.run)
                        list->pdata[n++] = list->pdata[i];
                before = node;
        }
        g_ptr_array_set_size(list, (gint)n);
}

/* All results of the test case, the one that came last first; not all of them need be seen at the view. */
static const ResultNode *results_first(GraphView view, ItemNo test_case)
{
        return test_case < graph_item_count(view) && node_is_shown(view.graph, test_case)
                       ? atomic_load_explicit(&body_at(view.graph, test_case)->results, memory_order_acquire)
                       : NULL;
}

static bool result_is_seen(GraphView view, const ResultNode *node)
{
        return node->seq <= view.seq && node_is_shown(view.graph, node->result.run);
}

size_t graph_results(GraphView view, ItemNo test_case, GraphResult *ret_results, size_t max)
{
        g_autoptr(GPtrArray) list = g_ptr_array_new();

        for (const ResultNode *node = results_first(view, test_case); node != NULL; node = node->before)
                if (result_is_seen(view, node))
                        g_ptr_array_add(list, (gpointer)(uintptr_t)node);
        results_of_runs(list);
        g_ptr_array_sort(list, result_compare);
        for (guint i = 0; i < list->len && i < max; i++)
                ret_results[i] = ((const ResultNode *)g_ptr_array_index(list, i))->result;
        return list->len;
}

bool graph_latest_result(GraphView view, ItemNo test_case, GraphResult *ret_result)
{
        const ResultNode *latest = NULL;

        for (const ResultNode *node = results_first(view, test_case); node != NULL; node = node->before)
                if (result_is_seen(view, node) && (latest == NULL || result_compare(&node, &latest) < 0))
                        latest = node;
        if (latest != NULL)
                *ret_result = latest->result;
        return latest != NULL;
}
