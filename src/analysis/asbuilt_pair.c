/* What was seen, and what it is in the case. */
#include "analysis/asbuilt_internal.h"
#include "analysis/internal.h"
#include "base/hash.h"

#include <string.h>

struct AsBuiltPairs {
        GraphView view;
        const LintOrigins *origins;
        GHashTable *marked[ZW_DEVICE_MARKS]; /* mark → asset of the case + 1, or SEVERAL */
        GHashTable *titles;                  /* folded title → the same */
};

#define SEVERAL G_MAXUINT

void asbuilt_pairs_free(AsBuiltPairs *pairs)
{
        if (pairs == NULL)
                return;
        for (size_t i = 0; i < ZW_DEVICE_MARKS; i++)
                g_hash_table_unref(pairs->marked[i]);
        g_hash_table_unref(pairs->titles);
        g_free(pairs);
}

bool asbuilt_is_seen(const AsBuiltPairs *pairs, ItemNo asset)
{
        return asset < pairs->origins->n && pairs->origins->of[asset] == LINT_INVENTORY;
}

static bool is_asset(GraphView view, ItemNo item)
{
        return graph_exists(view, item) && graph_is_live(view, item) &&
               graph_kind(view, item) == ZW_KIND_ASSET;
}

/* Of the case: entered, drawn, or seen and put into a place. */
static bool is_in_case(const AsBuiltPairs *pairs, ItemNo asset)
{
        return !asbuilt_is_seen(pairs, asset) || item_place(pairs->view, asset) != ZW_ITEM_NONE;
}

void asbuilt_each_mark(GraphView view, ItemNo asset, AsBuiltMarkFn fn, void *data)
{
        const Facts facts = graph_facts(view, asset);
        FactsIter addresses = facts_iter(facts, ZW_ATTR_ADDRESSES);
        size_t n;
        const char *text = facts_get_text(facts, ZW_ATTR_SERIAL, &n);
        g_autofree char *serial = text == NULL ? NULL : device_serial_mark(text, n), *name = NULL;
        DeviceMark by;

        if (serial != NULL)
                fn(DEVICE_BY_SERIAL, serial, data);
        while (facts_next_text(&addresses, &text, &n)) {
                g_autofree char *mark = device_address_mark(text, n, &by);

                if (mark != NULL)
                        fn(by, mark, data);
        }
        text = facts_get_text(facts, ZW_ATTR_HOSTNAME, &n);
        name = text == NULL ? NULL : device_address_mark(text, n, &by);
        if (name != NULL)
                fn(by, name, data);
}

static void mark_see(DeviceMark by G_GNUC_UNUSED, const char *mark G_GNUC_UNUSED, void *data)
{
        *(bool *)data = true;
}

bool asbuilt_has_marks(GraphView view, ItemNo asset)
{
        bool any = false;

        asbuilt_each_mark(view, asset, mark_see, &any);
        return any;
}

static void put(GHashTable *table, const char *name, ItemNo asset)
{
        const guint there = GPOINTER_TO_UINT(g_hash_table_lookup(table, name));

        g_hash_table_replace(table, g_strdup(name),
                             GUINT_TO_POINTER(there == 0 || there == asset + 1 ? asset + 1 : SEVERAL));
}

static ItemNo got(GHashTable *table, const char *name)
{
        const guint there = GPOINTER_TO_UINT(g_hash_table_lookup(table, name));

        return there == 0 || there == SEVERAL ? ZW_ITEM_NONE : there - 1;
}

typedef struct {
        const AsBuiltPairs *pairs;
        ItemNo asset;
        ItemNo found[ZW_DEVICE_MARKS];
} Marks;

static void mark_put(DeviceMark by, const char *mark, void *data)
{
        const Marks *marks = data;

        put(marks->pairs->marked[by], mark, marks->asset);
}

static void mark_look(DeviceMark by, const char *mark, void *data)
{
        Marks *marks = data;
        const ItemNo found = got(marks->pairs->marked[by], mark);

        if (marks->found[by] == ZW_ITEM_NONE)
                marks->found[by] = found;
}

static char *title_folded(GraphView view, ItemNo item)
{
        g_autofree char *text = g_strdup(graph_title(view, item));

        return g_utf8_casefold(g_strstrip(text), -1);
}

AsBuiltPairs *asbuilt_pairs_new(GraphView view, const LintOrigins *origins)
{
        AsBuiltPairs *pairs = g_new0(AsBuiltPairs, 1);

        pairs->view = view;
        pairs->origins = origins;
        pairs->titles = hash_table_new_text(g_free, NULL);
        for (size_t i = 0; i < ZW_DEVICE_MARKS; i++)
                pairs->marked[i] = hash_table_new_text(g_free, NULL);
        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                Marks marks = { .pairs = pairs, .asset = item };
                g_autofree char *title = NULL;

                if (!is_asset(view, item) || !is_in_case(pairs, item))
                        continue;
                title = title_folded(view, item);
                put(pairs->titles, title, item);
                asbuilt_each_mark(view, item, mark_put, &marks);
        }
        return pairs;
}

/* A person joined them. */
static ItemNo linked(const AsBuiltPairs *pairs, ItemNo seen)
{
        static const GraphSide sides[] = { GRAPH_OUT, GRAPH_IN };
        const LinkMask types = link_mask_or(LINK_MASK(ZW_LINK_RELATES_TO), LINK_MASK(ZW_LINK_SUPERSEDES));
        ItemNo found = ZW_ITEM_NONE;

        for (size_t i = 0; i < G_N_ELEMENTS(sides); i++) {
                GraphIter iter = graph_iter(pairs->view, seen, sides[i], types);
                GraphEdge edge;

                while (graph_next(&iter, &edge))
                        if (is_asset(pairs->view, edge.other) && is_in_case(pairs, edge.other))
                                found = MIN(found, edge.other);
        }
        return found;
}

ItemNo asbuilt_counterpart(const AsBuiltPairs *pairs, ItemNo seen)
{
        Marks marks = { .pairs = pairs, .asset = seen };
        g_autofree char *title = NULL;
        ItemNo found;

        if (is_in_case(pairs, seen))
                return seen;
        found = linked(pairs, seen);
        for (size_t i = 0; i < ZW_DEVICE_MARKS; i++)
                marks.found[i] = ZW_ITEM_NONE;
        asbuilt_each_mark(pairs->view, seen, mark_look, &marks);
        for (size_t i = 0; found == ZW_ITEM_NONE && i < ZW_DEVICE_MARKS; i++)
                found = marks.found[i];
        title = title_folded(pairs->view, seen);
        return found == ZW_ITEM_NONE ? got(pairs->titles, title) : found;
}
