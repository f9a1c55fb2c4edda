#include "analysis/lopa.h"

#include "model/safety.h"

#include <math.h>

static LopaLayer *layer_at(const Lopa *lopa, guint i)
{
        return &g_array_index(lopa->layers, LopaLayer, i);
}

static double stated(GraphView view, ItemNo item, AttrId attr)
{
        double value = (double)NAN;

        (void)facts_get_decimal(graph_facts(view, item), attr, &value);
        return value;
}

static double needed(GraphView view, Lopa *lopa, AttrId attr, const char *rule, const char *what)
{
        const double value = stated(view, lopa->hazard, attr);

        if (isnan(value))
                safety_note_add(lopa->notes, SAFETY_NOTE_MISSING, rule, lopa->hazard, "nobody stated %s",
                                what);
        return value;
}

/* A probability that nobody claims reduces nothing. */
static double modifiers_of(GraphView view, ItemNo hazard)
{
        static const AttrId attrs[] = { ZW_ATTR_ENABLING_PROBABILITY, ZW_ATTR_IGNITION_PROBABILITY,
                                        ZW_ATTR_PRESENCE_PROBABILITY, ZW_ATTR_INJURY_PROBABILITY };
        double product = 1;

        for (size_t i = 0; i < G_N_ELEMENTS(attrs); i++) {
                const double value = stated(view, hazard, attrs[i]);

                product *= isnan(value) ? 1 : value;
        }
        return product;
}

/* ---- layers ---- */

static double function_pfd(GraphView view, ItemNo item, Instant now)
{
        g_autoptr(SafetyFunction) function = safety_function_find(view, item, now);

        return function->pfd;
}

/* Is it to be credited at all? Of a safety function its own analysis says so. */
static bool layer_is_independent(GraphView view, Lopa *lopa, ItemNo item)
{
        const Facts facts = graph_facts(view, item);

        if (graph_kind(view, item) == ZW_KIND_SAFETY_FUNCTION || facts_get_bool(facts, ZW_ATTR_INDEPENDENT))
                return true;
        if (facts_has(facts, ZW_ATTR_INDEPENDENT))
                safety_note_add(lopa->notes, SAFETY_NOTE_TAKEN, "not_independent", item,
                                "%s does not meet the rules of an independent layer: no credit",
                                graph_key(view, item));
        else
                safety_note_add(lopa->notes, SAFETY_NOTE_MISSING, "independence_missing", item,
                                "nobody stated whether %s is an independent layer (independent)",
                                graph_key(view, item));
        return false;
}

static void layer_add(GraphView view, Lopa *lopa, ItemNo item, Instant now)
{
        const bool function = graph_kind(view, item) == ZW_KIND_SAFETY_FUNCTION;
        LopaLayer layer = { .layer = item,
                            .pfd = function ? function_pfd(view, item, now) : stated(view, item, ZW_ATTR_PFD),
                            .shares_with = ZW_ITEM_NONE,
                            .shared = ZW_ITEM_NONE };

        layer.credited = layer_is_independent(view, lopa, item);
        if (isnan(layer.pfd) && layer.credited)
                safety_note_add(lopa->notes, SAFETY_NOTE_MISSING, "pfd_missing", item,
                                "the probability that %s fails on demand is unknown", graph_key(view, item));
        g_array_append_val(lopa->layers, layer);
}

static int layer_compare(gconstpointer a, gconstpointer b)
{
        const LopaLayer *left = a, *right = b;

        return left->layer < right->layer ? -1 : left->layer > right->layer;
}

static void layers_read(GraphView view, Lopa *lopa, Instant now)
{
        GraphIter iter = graph_iter(view, lopa->hazard, GRAPH_IN, LINK_MASK(ZW_LINK_PREVENTS));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other))
                        layer_add(view, lopa, edge.other, now);
        g_array_sort(lopa->layers, layer_compare);
}

/* ---- what layers have in common ---- */

static bool is_element(AsId as)
{
        return as == ZW_AS_SENSOR || as == ZW_AS_LOGIC || as == ZW_AS_FINAL;
}

static GHashTable *elements_of(GraphView view, ItemNo layer)
{
        GHashTable *elements = g_hash_table_new(NULL, NULL);
        GraphIter iter = graph_iter(view, layer, GRAPH_OUT, LINK_MASK(ZW_LINK_USES));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (is_element(graph_link_as(view, edge.link)))
                        g_hash_table_add(elements, GUINT_TO_POINTER(edge.other));
        return elements;
}

/* The first element of the layer that is among `elements`, or ZW_ITEM_NONE. */
static ItemNo shared_with(GraphView view, ItemNo layer, GHashTable *elements)
{
        GraphIter iter = graph_iter(view, layer, GRAPH_OUT, LINK_MASK(ZW_LINK_USES));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (is_element(graph_link_as(view, edge.link)) &&
                    g_hash_table_contains(elements, GUINT_TO_POINTER(edge.other)))
                        return edge.other;
        return ZW_ITEM_NONE;
}

/* What any two layers share, found once, since it is asked for every answer on independence: a row for each layer. */
static ItemNo *shared_find(GraphView view, const Lopa *lopa)
{
        const guint n = lopa->layers->len;
        ItemNo *shared = g_new(ItemNo, MAX(n * n, 1));

        for (guint other = 0; other < n; other++) {
                g_autoptr(GHashTable) elements = elements_of(view, layer_at(lopa, other)->layer);

                for (guint one = 0; one < n; one++)
                        shared[one * n + other] = shared_with(view, layer_at(lopa, one)->layer, elements);
        }
        return shared;
}

static ItemNo shared_by(const Lopa *lopa, const ItemNo *shared, const LopaLayer *one, const LopaLayer *other)
{
        const LopaLayer *first = layer_at(lopa, 0);

        return shared[(size_t)(one - first) * lopa->layers->len + (size_t)(other - first)];
}

/* The best of those that share something keeps the credit; of an unknown PFD nobody can say whether it is the best. */
static bool goes_before(const LopaLayer *a, const LopaLayer *b)
{
        if (isnan(a->pfd) != isnan(b->pfd))
                return isnan(a->pfd);
        return a->pfd < b->pfd || (!(b->pfd < a->pfd) && a->layer < b->layer);
}

static int rank_compare(gconstpointer a, gconstpointer b)
{
        const LopaLayer *left = *(LopaLayer *const *)a, *right = *(LopaLayer *const *)b;

        return goes_before(left, right) ? -1 : 1;
}

/* The best layer first takes all that share with it, or with those, directly or over others. */
static void share_from(GraphView view, const Lopa *lopa, const ItemNo *shared, GPtrArray *ranked,
                       LopaLayer *best)
{
        g_autoptr(GPtrArray) group = g_ptr_array_new();

        g_ptr_array_add(group, best);
        for (guint at = 0; at < group->len; at++) {
                const LopaLayer *from = g_ptr_array_index(group, at);

                for (guint i = 0; i < ranked->len; i++) {
                        LopaLayer *layer = g_ptr_array_index(ranked, i);
                        ItemNo element;

                        if (layer == best || !layer->credited)
                                continue;
                        element = shared_by(lopa, shared, from, layer);
                        if (element == ZW_ITEM_NONE)
                                continue;
                        layer->credited = false;
                        layer->shares_with = best->layer;
                        layer->shared = element;
                        g_ptr_array_add(group, layer);
                        safety_note_add(
                                lopa->notes, SAFETY_NOTE_TAKEN, "layers_share", layer->layer,
                                "%s uses %s, as a layer does that has its credit: %s earns one for both",
                                graph_key(view, layer->layer), graph_key(view, element),
                                graph_key(view, best->layer));
                }
        }
}

static void shares_find(GraphView view, const Lopa *lopa, const ItemNo *shared)
{
        g_autoptr(GPtrArray) ranked = g_ptr_array_new();

        for (guint i = 0; i < lopa->layers->len; i++)
                g_ptr_array_add(ranked, layer_at(lopa, i));
        g_ptr_array_sort(ranked, rank_compare);
        for (guint i = 0; i < ranked->len; i++) {
                LopaLayer *layer = g_ptr_array_index(ranked, i);

                if (layer->credited)
                        share_from(view, lopa, shared, ranked, layer);
        }
}

/* ---- frequencies ---- */

static double credits_of(GraphView view, const Lopa *lopa, KindId kind)
{
        double product = 1;

        for (guint i = 0; i < lopa->layers->len; i++)
                if (layer_at(lopa, i)->credited && graph_kind(view, layer_at(lopa, i)->layer) == kind)
                        product *= layer_at(lopa, i)->pfd;
        return product;
}

/* Of the layers that nobody answered for; their numbers in `layers`. */
static GArray *unanswered_find(GraphView view, const Lopa *lopa)
{
        GArray *unanswered = g_array_new(FALSE, FALSE, sizeof(guint));

        for (guint i = 0; i < lopa->layers->len; i++) {
                const ItemNo layer = layer_at(lopa, i)->layer;

                if (graph_kind(view, layer) != ZW_KIND_SAFETY_FUNCTION &&
                    !facts_has(graph_facts(view, layer), ZW_ATTR_INDEPENDENT))
                        g_array_append_val(unanswered, i);
        }
        return unanswered;
}

/* An unknown end stays unknown. */
static void range_widen(LopaRange *range, double value)
{
        range->least = isnan(value) || value < range->least ? value : range->least;
        range->most = isnan(value) || value > range->most ? value : range->most;
}

/* The frequencies where `answers` says, bit by bit, which of those are independent. What layers share may cost more credits than one
 * more layer brings, so that neither end is that of all or of none. */
static void answers_try(GraphView view, Lopa *lopa, const GArray *credited, const GArray *unanswered,
                        const ItemNo *shared, unsigned answers)
{
        g_autoptr(GPtrArray) notes = safety_notes_new();
        g_autoptr(GArray) layers = g_array_copy((GArray *)(uintptr_t)credited);
        Lopa tried = { .hazard = lopa->hazard, .layers = layers, .notes = notes };
        double others;

        for (guint i = 0; i < unanswered->len; i++)
                layer_at(&tried, g_array_index(unanswered, guint, i))->credited = (answers >> i & 1) != 0;
        shares_find(view, &tried, shared);
        others = lopa->unmitigated_per_y * credits_of(view, &tried, ZW_KIND_PROTECTION_LAYER);
        range_widen(&lopa->other_layers_range_per_y, others);
        range_widen(&lopa->mitigated_range_per_y, others * credits_of(view, &tried, ZW_KIND_SAFETY_FUNCTION));
}

/* `credited` are the layers before those that share something were joined. */
static void ranges_find(GraphView view, Lopa *lopa, const GArray *credited, const ItemNo *shared)
{
        const LopaRange nothing = { HUGE_VAL, -HUGE_VAL }, unknown = { (double)NAN, (double)NAN };
        g_autoptr(GArray) unanswered = unanswered_find(view, lopa);
        const bool many = unanswered->len > ZW_LOPA_UNANSWERED_MAX;

        lopa->other_layers_range_per_y = lopa->mitigated_range_per_y = many ? unknown : nothing;
        for (unsigned answers = 0; !many && answers < 1U << unanswered->len; answers++)
                answers_try(view, lopa, credited, unanswered, shared, answers);
}

static int sil_for(double reduction)
{
        /* A band holds its upper end; with what is above the last one, no SIL is enough. */
        const SafetyFact *last = safety_find(SAFETY_SIL_RRF, "SIL 4");

        if (isnan(reduction))
                return -1;
        if (safety_at_most(reduction, 1))
                return 0;
        return !safety_at_most(reduction, last->upper) ? ZW_SIL_MOST + 1
                                                       : MAX(safety_sil(SAFETY_SIL_RRF, reduction), 1);
}

/* What all answers agree on, or NaN. */
static double range_value(LopaRange range)
{
        return safety_at_most(range.most, range.least) ? range.most : (double)NAN;
}

static void verdict_find(Lopa *lopa)
{
        const LopaRange range = lopa->mitigated_range_per_y;

        if (isnan(range.least) || isnan(range.most) || isnan(lopa->tolerable_per_y))
                return;
        if (safety_at_most(range.most, lopa->tolerable_per_y)) {
                lopa->verdict = SAFETY_MET;
        } else if (!safety_at_most(range.least, lopa->tolerable_per_y)) {
                lopa->verdict = SAFETY_NOT_MET;
                safety_note_add(lopa->notes, SAFETY_NOTE_FAILED, "above_tolerable", lopa->hazard,
                                "at least %.3g per year, and %.3g per year are tolerable", range.least,
                                lopa->tolerable_per_y);
        }
}

static void frequencies_find(GraphView view, Lopa *lopa, const GArray *credited, const ItemNo *shared)
{
        int least;

        lopa->unmitigated_per_y = lopa->initiating_per_y * lopa->modifiers;
        ranges_find(view, lopa, credited, shared);
        lopa->other_layers_per_y = range_value(lopa->other_layers_range_per_y);
        lopa->mitigated_per_y = range_value(lopa->mitigated_range_per_y);
        lopa->reduction_needed = lopa->other_layers_per_y / lopa->tolerable_per_y;
        least = sil_for(lopa->other_layers_range_per_y.least / lopa->tolerable_per_y);
        lopa->sil_needed = least == sil_for(lopa->other_layers_range_per_y.most / lopa->tolerable_per_y)
                                   ? least
                                   : -1;
        verdict_find(lopa);
}

Lopa *lopa_find(GraphView view, ItemNo hazard, Instant now)
{
        Lopa *lopa = g_new0(Lopa, 1);
        g_autoptr(GArray) credited = NULL;
        g_autofree ItemNo *shared = NULL;

        lopa->hazard = hazard;
        lopa->notes = safety_notes_new();
        lopa->layers = g_array_new(FALSE, FALSE, sizeof(LopaLayer));
        lopa->initiating_per_y =
                needed(view, lopa, ZW_ATTR_INITIATING_FREQUENCY_PER_Y, "initiating_missing",
                       "how often the initiating event happens (initiating_frequency_per_y)");
        lopa->tolerable_per_y = needed(view, lopa, ZW_ATTR_TOLERABLE_FREQUENCY_PER_Y, "tolerable_missing",
                                       "how often the consequence is tolerable (tolerable_frequency_per_y)");
        lopa->modifiers = modifiers_of(view, hazard);
        layers_read(view, lopa, now);
        credited = g_array_copy(lopa->layers);
        shared = shared_find(view, lopa);
        shares_find(view, lopa, shared);
        frequencies_find(view, lopa, credited, shared);
        return lopa;
}

void lopa_free(Lopa *lopa)
{
        if (lopa == NULL)
                return;
        g_array_unref(lopa->layers);
        g_ptr_array_unref(lopa->notes);
        g_free(lopa);
}
