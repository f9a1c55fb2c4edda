#include "analysis/suspect.h"

static void end_see(GraphView view, Suspect suspect, GraphSide end, GArray *found)
{
        suspect.end = end;
        if (graph_subst(view, suspect_changed(&suspect)) > graph_link_judged(view, suspect.link, end))
                g_array_append_val(found, suspect);
}

GArray *suspects_find(GraphView view, const uint8_t *items)
{
        GArray *found = g_array_new(FALSE, FALSE, sizeof(Suspect));
        const ItemNo n = graph_item_count(view);

        for (ItemNo item = 0; item < n; item++) {
                GraphIter iter = graph_iter(view, item, GRAPH_OUT, LINK_MASK_ALL);
                GraphEdge edge;

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
