#include "service/lists/story.h"

#include "service/lists/past.h"

enum { RUNS_MOST = 100 };

#define KIND(kind) (UINT64_C(1) << ZW_KIND_##kind)
#define LINK(type) (UINT64_C(1) << ZW_LINK_##type)

/* Links that lead to what belongs to the story of an item of these kinds. */
static const struct {
        uint64_t of;
        GraphSide side;
        uint64_t types, to;
} ways[] = {
        { UINT64_MAX, GRAPH_IN, LINK(WAIVES), KIND(WAIVER) },
        { KIND(CHANGE) | KIND(ACTION), GRAPH_OUT, LINK(RESOLVES), UINT64_MAX },
        { KIND(CHANGE), GRAPH_IN, LINK(VERIFIES), KIND(TEST_CASE) },
        { KIND(INCIDENT), GRAPH_OUT, LINK(DERIVES), UINT64_MAX },
        { KIND(CHANGE) | KIND(INCIDENT) | KIND(NONCONFORMITY), GRAPH_IN, LINK(RESOLVES) | LINK(CONCERNS),
          KIND(ACTION) | KIND(CHANGE) },
        { KIND(CHANGE) | KIND(INCIDENT) | KIND(NONCONFORMITY) | KIND(ACTION), GRAPH_IN, LINK(EVIDENCES),
          UINT64_MAX },
};

static void item_add(GArray *items, ItemNo item)
{
        for (guint i = 0; i < items->len; i++)
                if (g_array_index(items, ItemNo, i) == item)
                        return;
        g_array_append_val(items, item);
}

/* The runs of a test case since then: those before say nothing of it. */
static void runs_add(GraphView view, ItemNo test_case, Instant since, GArray *items)
{
        GraphResult results[RUNS_MOST];
        const size_t n = graph_results(view, test_case, results, RUNS_MOST);

        for (size_t i = 0; i < MIN(n, RUNS_MOST); i++)
                if (results[i].at >= since)
                        item_add(items, results[i].run);
}

bool story_find(Call *call, const ItemRev *rev, GArray *ret_items, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(Past) past = past_load(call, rev->no, error);
        Instant since;

        if (past == NULL || !graph_of_call(call, &pinned, error) ||
            !store_commit_time(call->view, &call->project->log, past_at(past, 1)->from_seq, &since, error))
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
                GraphIter iter = graph_iter(pinned.view, rev->no, ways[i].side, (LinkMask){ ways[i].types });
                GraphEdge edge;

                if ((ways[i].of >> rev->kind & 1) == 0)
                        continue;
                while (graph_next(&iter, &edge)) {
                        const KindId kind = graph_kind(pinned.view, edge.other);

                        if ((ways[i].to >> kind & 1) == 0)
                                continue;
                        item_add(ret_items, edge.other);
                        if (kind == ZW_KIND_TEST_CASE)
                                runs_add(pinned.view, edge.other, since, ret_items);
                }
        }
        return true;
}
