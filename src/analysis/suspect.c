#include "analysis/suspect.h"

static void end_see(GraphView view, Suspect suspect, GraphSide end, GArray *found)
{
        suspect.end = end;
        if (graph_subst(view, suspect_changed(&suspect)) > graph_link_judged(view, suspect.link, end))
                g_array_append_val(found, suspect);
}

/* The items with a link going out of them that may be suspect: those that changed themselves, and those that lead to one that did. */
static uint8_t *sources_find(GraphView view)
{
        const ItemNo n = graph_item_count(view);
        uint8_t *sources = g_malloc0(MAX(n, 1));

        for (ItemNo item = 0; item < n; item++) {
                GraphIter iter;
                GraphEdge edge;

                if (!graph_may_be_suspect(view, item))
                        continue;
                sources[item] = 1;
                iter = graph_iter(view, item, GRAPH_IN, LINK_MASK_ALL);
                while (graph_next(&iter, &edge))
                        sources[edge.other] = 1;
        }
        return sources;
}

GArray *suspects_find(GraphView view, const uint8_t *items)
{
        GArray *found = g_array_new(FALSE, FALSE, sizeof(Suspect));
        const ItemNo n = graph_item_count(view);
        g_autofree uint8_t *sources = sources_find(view);

        for (ItemNo item = 0; item < n; item++) {
                GraphIter iter;
                GraphEdge edge;

                if (!sources[item])
                        continue;
                iter = graph_iter(view, item, GRAPH_OUT, LINK_MASK_ALL);
                while (graph_next(&iter, &edge)) {
                        const Suspect suspect = {
                                .link = edge.link, .type = edge.type, .from = item, .to = edge.other
                        };

                        if ((items != NULL && !items[item] && !items[edge.other]) ||
                            !graph_link_is_suspect(view, edge.link))
                                continue;
                        end_see(view, suspect, GRAPH_OUT, found);
                        end_see(view, suspect, GRAPH_IN, found);
                }
        }
        return found;
}
