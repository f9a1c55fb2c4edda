/* All items that fit a filter, marked by number. */
#include "service/lists/filter.h"

#include <string.h>

typedef struct {
        const Filter *filter;
        uint8_t *items;
        ItemNo n;
} Marking;

static bool item_mark(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Marking *marking = payload;

        if (rev->no < marking->n)
                marking->items[rev->no] = filter_fits(marking->filter, rev);
        return true;
}

uint8_t *filter_items(Call *call, GraphView view, const char *q, GError **error)
{
        const ItemNo n = graph_item_count(view);
        g_autofree uint8_t *items = g_malloc0(n + 1);
        g_autoptr(Filter) filter = NULL;
        Marking marking;

        if (q == NULL || q[0] == '\0') {
                memset(items, 1, n);
                return g_steal_pointer(&items);
        }
        filter = filter_new(call, q, error);
        marking = (Marking){ filter, items, n };
        if (filter == NULL ||
            !store_each_item(call->view, &call->project->log, call->at, item_mark, &marking, error))
                return NULL;
        return g_steal_pointer(&items);
}
