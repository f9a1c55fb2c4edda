/* The drawing against the inventory (docs/algorithms/lint.md). Both came from outside: a threat model draws assets and flows, an
 * inventory or a capture of traffic lists what is there. */
#include "analysis/lint_rules.h"

#include <string.h>

struct LintDrawing {
        bool compared[ZW_LINT_ORIGINS]; /* live assets of this origin exist */
        GHashTable *titles
                [ZW_LINT_ORIGINS]; /* folded title → lowest asset of that title without a link to a counterpart */
        bool has_flows;            /* the drawing has flows */
        GHashTable *flows;         /* place it comes from, place it goes to: pairs of drawn flows */
};

void lint_drawing_free(LintDrawing *drawing)
{
        if (drawing == NULL)
                return;
        for (int i = 0; i < ZW_LINT_ORIGINS; i++)
                g_hash_table_unref(drawing->titles[i]);
        g_hash_table_unref(drawing->flows);
        g_free(drawing);
}

static LintOrigin origin_of(const Lint *lint, ItemNo item)
{
        return lint->origins != NULL && item < lint->origins->n ? (LintOrigin)lint->origins->of[item]
                                                                : LINT_BY_HAND;
}

static LintOrigin other_origin(LintOrigin origin)
{
        return origin == LINT_DRAWN ? LINT_INVENTORY : LINT_DRAWN;
}

/* The lowest live asset of the other origin that a person linked to this one as the same thing. */
static ItemNo linked_counterpart(const Lint *lint, ItemNo asset)
{
        static const GraphSide sides[] = { GRAPH_OUT, GRAPH_IN };
        LintOrigin wanted = other_origin(origin_of(lint, asset));
        ItemNo found = ZW_ITEM_NONE;

        for (size_t i = 0; i < G_N_ELEMENTS(sides); i++) {
                GraphIter iter = graph_iter(lint->view, asset, sides[i],
                                            link_mask_or(LINK_MASK(ZW_LINK_RELATES_TO),
                                                         LINK_MASK(ZW_LINK_SUPERSEDES)));
                GraphEdge edge;

                while (graph_next(&iter, &edge))
                        if (graph_is_live(lint->view, edge.other) &&
                            graph_kind(lint->view, edge.other) == ZW_KIND_ASSET &&
                            origin_of(lint, edge.other) == wanted)
                                found = MIN(found, edge.other);
        }
        return found;
}

static char *title_folded(const Lint *lint, ItemNo item)
{
        g_autofree char *text = g_strdup(graph_title(lint->view, item));

        return g_utf8_casefold(g_strstrip(text), -1);
}

/* Places of the live assets at one end of a flow, each once. */
static GArray *flow_places(const Lint *lint, ItemNo flow, AsId end)
{
        GArray *places = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        GraphIter iter = graph_iter(lint->view, flow, GRAPH_OUT, LINK_MASK(ZW_LINK_CONNECTS));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                ItemNo place = ZW_ITEM_NONE;

                if (graph_link_as(lint->view, edge.link) == end && graph_is_live(lint->view, edge.other))
                        place = item_place(lint->view, edge.other);
                if (place != ZW_ITEM_NONE)
                        items_add(places, place);
        }
        return places;
}

typedef bool (*PairFn)(ItemNo from, ItemNo to, void *payload);

/* Gives each pair of places a flow goes between; false when `fn` stopped. */
static bool flow_each_pair(const Lint *lint, ItemNo flow, PairFn fn, void *payload)
{
        g_autoptr(GArray) from = flow_places(lint, flow, ZW_AS_SOURCE);
        g_autoptr(GArray) to = flow_places(lint, flow, ZW_AS_SINK);

        for (guint i = 0; i < from->len; i++)
                for (guint k = 0; k < to->len; k++)
                        if (!fn(g_array_index(from, ItemNo, i), g_array_index(to, ItemNo, k), payload))
                                return false;
        return true;
}

static gpointer pair_key(ItemNo from, ItemNo to)
{
        return (gpointer)(uintptr_t)((uint64_t)from << 32 | to);
}

static bool pair_add(ItemNo from, ItemNo to, void *payload)
{
        g_hash_table_add(payload, pair_key(from, to));
        return true;
}

static void drawing_look(const Lint *lint, LintDrawing *drawing, ItemNo item)
{
        LintOrigin origin = origin_of(lint, item);
        char *title;

        if (origin == LINT_BY_HAND)
                return;
        if (graph_kind(lint->view, item) == ZW_KIND_FLOW) {
                if (origin != LINT_DRAWN)
                        return;
                drawing->has_flows = true;
                (void)flow_each_pair(lint, item, pair_add, drawing->flows);
                return;
        }
        drawing->compared[origin] = true;
        if (linked_counterpart(lint, item) != ZW_ITEM_NONE)
                return;
        title = title_folded(lint, item);
        if (g_hash_table_contains(drawing->titles[origin], title))
                g_free(title);
        else
                g_hash_table_insert(drawing->titles[origin], title, GUINT_TO_POINTER(item + 1));
}

static const LintDrawing *drawing_of(Lint *lint)
{
        LintDrawing *drawing = lint->drawing;

        if (drawing != NULL)
                return drawing;
        drawing = lint->drawing = g_new0(LintDrawing, 1);
        for (int i = 0; i < ZW_LINT_ORIGINS; i++)
                drawing->titles[i] = hash_table_new_text(g_free, NULL);
        drawing->flows = g_hash_table_new(NULL, NULL);
        for (ItemNo item = 0; item < graph_item_count(lint->view); item++)
                if (graph_exists(lint->view, item) && graph_is_live(lint->view, item) &&
                    (graph_kind(lint->view, item) == ZW_KIND_ASSET ||
                     graph_kind(lint->view, item) == ZW_KIND_FLOW))
                        drawing_look(lint, drawing, item);
        return drawing;
}

/* The asset of the other origin that is the same thing: linked to it, else of the same title. */
static ItemNo counterpart(const Lint *lint, const LintDrawing *drawing, ItemNo asset)
{
        ItemNo linked = linked_counterpart(lint, asset);
        g_autofree char *title = linked == ZW_ITEM_NONE ? title_folded(lint, asset) : NULL;
        gpointer found;

        if (linked != ZW_ITEM_NONE)
                return linked;
        found = g_hash_table_lookup(drawing->titles[other_origin(origin_of(lint, asset))], title);
        return found == NULL ? ZW_ITEM_NONE : GPOINTER_TO_UINT(found) - 1;
}

/* A drawn asset on which somebody entered what was found: it is in the inventory itself. */
static bool is_installed(const Lint *lint, ItemNo asset)
{
        return lint_has_link(lint, asset, GRAPH_OUT, LINK_MASK(ZW_LINK_INSTANCE_OF)) ||
               facts_has(graph_facts(lint->view, asset), ZW_ATTR_INSTALLED_VERSION);
}

static void asset_compare(Lint *lint, const LintDrawing *drawing, ItemNo asset)
{
        ItemNo same = counterpart(lint, drawing, asset), here, there;

        if (origin_of(lint, asset) == LINT_DRAWN) {
                if (same == ZW_ITEM_NONE && !is_installed(lint, asset))
                        lint_found(lint, asset, ZW_ITEM_NONE, "%s is on the drawing and not in the inventory",
                                   lint_key(lint, asset));
                return;
        }
        if (same == ZW_ITEM_NONE) {
                lint_found(lint, asset, ZW_ITEM_NONE, "%s is in the inventory and not on the drawing",
                           lint_key(lint, asset));
                return;
        }
        here = item_place(lint->view, asset);
        there = item_place(lint->view, same);
        if (here != ZW_ITEM_NONE && there != ZW_ITEM_NONE && here != there)
                lint_found(lint, asset, same, "%s stands in %s and is drawn in %s as %s",
                           lint_key(lint, asset), lint_key(lint, here), lint_key(lint, there),
                           lint_key(lint, same));
}

typedef struct {
        const LintDrawing *drawing;
        ItemNo from, to;
} Undrawn;

static bool pair_is_drawn(ItemNo from, ItemNo to, void *payload)
{
        Undrawn *undrawn = payload;

        if (from == to || g_hash_table_contains(undrawn->drawing->flows, pair_key(from, to)))
                return true;
        undrawn->from = from;
        undrawn->to = to;
        return false;
}

void lint_drawing_unlike_inventory(Lint *lint, ItemNo item)
{
        const LintDrawing *drawing = drawing_of(lint);
        LintOrigin origin = origin_of(lint, item);
        Undrawn undrawn = { .drawing = drawing };

        if (origin == LINT_BY_HAND)
                return;
        if (graph_kind(lint->view, item) == ZW_KIND_ASSET) {
                if (drawing->compared[LINT_DRAWN] && drawing->compared[LINT_INVENTORY])
                        asset_compare(lint, drawing, item);
                return;
        }
        if (origin == LINT_INVENTORY && drawing->has_flows &&
            !flow_each_pair(lint, item, pair_is_drawn, &undrawn))
                lint_found(lint, item, ZW_ITEM_NONE, "%s goes from %s to %s, where no flow is drawn",
                           lint_key(lint, item), lint_key(lint, undrawn.from), lint_key(lint, undrawn.to));
}
