#include "analysis/interaction.h"

#include "analysis/anchor.h"
#include "analysis/interaction_internal.h"

#include <math.h>

const char *interaction_state_name(InteractionState state)
{
        static const char *const names[ZW_INTERACTION_STATES] = { "unassessed", "open", "reopened",
                                                                  "acceptable", "not_acceptable" };

        return names[state];
}

/* ---- what an aspect asks for ---- */

#define EVENT(name) (UINT32_C(1) << ZW_VALUE_KEEPS_##name)

typedef struct {
        bool latency, pfd; /* the figure it has to come with */
        uint32_t events;   /* that it can bring about */
} AspectRule;

static const AspectRule aspect_rules[] = {
        [ZW_VALUE_ASPECTS_AVAILABILITY] = { .pfd = true,
                                            .events = EVENT(DENIAL_OF_SERVICE) | EVENT(FAIL_CLOSE) |
                                                      EVENT(ISLAND_MODE) },
        [ZW_VALUE_ASPECTS_RESPONSE_TIME] = { .latency = true },
        [ZW_VALUE_ASPECTS_INTEGRITY] = { .pfd = true },
        [ZW_VALUE_ASPECTS_INDEPENDENCE] = { .pfd = false },
        [ZW_VALUE_ASPECTS_ACCESS] = { .events = EVENT(LOCK_OUT) | EVENT(EXPIRED_CREDENTIAL) },
        [ZW_VALUE_ASPECTS_COMMON_CAUSE] = { .pfd = true },
        [ZW_VALUE_ASPECTS_MAINTENANCE] = { .events = EVENT(LOCK_OUT) },
};

/* All that its aspects ask for together. */
static AspectRule rule_of(const Interaction *interaction)
{
        AspectRule rule = { 0 };

        for (size_t i = 0; i < G_N_ELEMENTS(aspect_rules); i++)
                if ((interaction->aspects >> i & 1) != 0) {
                        rule.latency |= aspect_rules[i].latency;
                        rule.pfd |= aspect_rules[i].pfd;
                        rule.events |= aspect_rules[i].events;
                }
        return rule;
}

bool interaction_needs_latency(const Interaction *interaction)
{
        return interaction->aspects == 0 ? interaction->on_loop : rule_of(interaction).latency;
}

bool interaction_needs_pfd(const Interaction *interaction)
{
        return interaction->aspects == 0 ? interaction->on_loop : rule_of(interaction).pfd;
}

uint32_t interaction_events(const Interaction *interaction)
{
        return rule_of(interaction).events;
}

/* ---- candidates ---- */

typedef struct {
        GraphView view;
        GArray *anchors;
        Interactions *all;
        GArray *mine; /* of Interaction: those of one countermeasure, several for one function */
} Search;

static void path_append(Interaction *interaction, ItemNo item)
{
        if (interaction->n == 0 || interaction->path[interaction->n - 1] != item)
                interaction->path[interaction->n++] = item;
}

static void spot_look(Search *search, ItemNo measure, const MeasureSpot *spot)
{
        size_t n;
        const SafetyAnchor *anchors = safety_anchors_at(search->anchors, spot->item, &n);

        for (size_t i = 0; i < n; i++) {
                Interaction found = { .measure = measure,
                                      .function = anchors[i].function,
                                      .on_loop = anchors[i].as != ZW_AS_STATION,
                                      .added_latency_ms = NAN,
                                      .added_pfd = NAN };

                path_append(&found, measure);
                path_append(&found, spot->spot);
                path_append(&found, spot->item);
                path_append(&found, anchors[i].uses);
                path_append(&found, found.function);
                g_array_append_val(search->mine, found);
        }
}

/* Of one function the best way comes first: over the loop, then the shortest, then by number. */
static int way_compare(gconstpointer a, gconstpointer b)
{
        const Interaction *left = a, *right = b;

        if (left->function != right->function)
                return left->function < right->function ? -1 : 1;
        if (left->on_loop != right->on_loop)
                return left->on_loop ? -1 : 1;
        if (left->n != right->n)
                return left->n < right->n ? -1 : 1;
        for (size_t i = 0; i < left->n; i++)
                if (left->path[i] != right->path[i])
                        return left->path[i] < right->path[i] ? -1 : 1;
        return 0;
}

static void ways_drop_all_but_first(GArray *mine)
{
        guint kept = 0;

        g_array_sort(mine, way_compare);
        for (guint i = 0; i < mine->len; i++) {
                const Interaction *next = &g_array_index(mine, Interaction, i);

                if (kept > 0 && g_array_index(mine, Interaction, kept - 1).function == next->function)
                        continue;
                g_array_index(mine, Interaction, kept++) = *next;
        }
        g_array_set_size(mine, kept);
}

/* ---- how they were judged ---- */

static bool is_function(GraphView view, ItemNo item)
{
        return graph_is_live(view, item) && (graph_kind(view, item) == ZW_KIND_SAFETY_FUNCTION ||
                                             graph_kind(view, item) == ZW_KIND_ESSENTIAL_FUNCTION);
}

static InteractionState state_of(GraphView view, const Interaction *interaction)
{
        const int verdict = facts_get_enum(graph_link_facts(view, interaction->link), ZW_ATTR_VERDICT);

        if (verdict < 0 || verdict == ZW_VALUE_VERDICT_OPEN)
                return INTERACTION_OPEN;
        if (interaction_is_reopened(view, interaction, NULL))
                return INTERACTION_REOPENED;
        return verdict == ZW_VALUE_VERDICT_ACCEPTABLE ? INTERACTION_ACCEPTABLE : INTERACTION_NOT_ACCEPTABLE;
}

static void assessment_take(Search *search, Interaction *interaction, uint32_t link)
{
        const Facts facts = graph_link_facts(search->view, link);

        interaction->linked = true;
        interaction->link = link;
        interaction->aspects = facts_get_set(facts, ZW_ATTR_ASPECTS);
        (void)facts_get_decimal(facts, ZW_ATTR_ADDED_LATENCY_MS, &interaction->added_latency_ms);
        (void)facts_get_decimal(facts, ZW_ATTR_ADDED_PFD, &interaction->added_pfd);
        interaction->state = state_of(search->view, interaction);
}

static Interaction *interaction_with(GArray *mine, ItemNo measure, ItemNo function)
{
        const Interaction fresh = {
                .measure = measure, .function = function, .added_latency_ms = NAN, .added_pfd = NAN
        };

        for (guint i = 0; i < mine->len; i++)
                if (g_array_index(mine, Interaction, i).function == function)
                        return &g_array_index(mine, Interaction, i);
        g_array_append_val(mine, fresh);
        return &g_array_index(mine, Interaction, mine->len - 1);
}

static void assessments_take(Search *search, ItemNo measure)
{
        GraphIter iter = graph_iter(search->view, measure, GRAPH_OUT, LINK_MASK(ZW_LINK_AFFECTS));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (is_function(search->view, edge.other))
                        assessment_take(search, interaction_with(search->mine, measure, edge.other),
                                        edge.link);
}

/* ---- all of them ---- */

static void measure_look(Search *search, ItemNo measure)
{
        g_autoptr(GArray) spots = measure_spots(search->view, measure);
        bool somewhere = spots->len == 0;

        g_array_set_size(search->mine, 0);
        for (guint i = 0; i < spots->len; i++) {
                const MeasureSpot *spot = &g_array_index(spots, MeasureSpot, i);

                somewhere |= graph_kind(search->view, spot->spot) != ZW_KIND_SYSTEM;
                spot_look(search, measure, spot);
        }
        ways_drop_all_but_first(search->mine);
        assessments_take(search, measure);
        if (!somewhere)
                g_array_append_val(search->all->everywhere, measure);
        if (search->mine->len > 0)
                g_array_append_vals(search->all->found, search->mine->data, search->mine->len);
}

static int interaction_compare(gconstpointer a, gconstpointer b)
{
        const Interaction *left = a, *right = b;

        if (left->function != right->function)
                return left->function < right->function ? -1 : 1;
        return left->measure < right->measure ? -1 : left->measure > right->measure;
}

static void functions_add(GraphView view, Instant now, Interactions *all)
{
        size_t at = 0;

        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                FunctionBalance balance = { .function = item, .first = at };

                if (!graph_exists(view, item) || !is_function(view, item))
                        continue;
                while (at < all->found->len && g_array_index(all->found, Interaction, at).function == item)
                        at++;
                balance.n = at - balance.first;
                balance_make(view, now, all, &balance);
                g_array_append_val(all->functions, balance);
        }
}

static void balance_clear(gpointer data)
{
        FunctionBalance *balance = data;

        safety_function_free(balance->own);
        g_ptr_array_unref(balance->notes);
}

static void conflict_clear(gpointer data)
{
        g_free(((SafetyConflict *)data)->text);
}

Interactions *interactions_find(GraphView view, Instant now)
{
        const uint64_t kinds = UINT64_C(1) << ZW_KIND_SAFETY_FUNCTION | UINT64_C(1)
                                                                                << ZW_KIND_ESSENTIAL_FUNCTION;
        g_autoptr(GArray) anchors = safety_anchors(view, kinds);
        g_autoptr(GArray) mine = g_array_new(FALSE, FALSE, sizeof(Interaction));
        Interactions *all = g_new0(Interactions, 1);
        Search search = { view, anchors, all, mine };

        all->found = g_array_new(FALSE, FALSE, sizeof(Interaction));
        all->functions = g_array_new(FALSE, FALSE, sizeof(FunctionBalance));
        g_array_set_clear_func(all->functions, balance_clear);
        all->conflicts = g_array_new(FALSE, FALSE, sizeof(SafetyConflict));
        g_array_set_clear_func(all->conflicts, conflict_clear);
        all->everywhere = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        for (ItemNo item = 0; item < graph_item_count(view); item++)
                if (graph_exists(view, item) && graph_kind(view, item) == ZW_KIND_COUNTERMEASURE &&
                    graph_is_live(view, item))
                        measure_look(&search, item);
        g_array_sort(all->found, interaction_compare);
        functions_add(view, now, all);
        return all;
}

void interactions_free(Interactions *interactions)
{
        if (interactions == NULL)
                return;
        g_array_unref(interactions->found);
        g_array_unref(interactions->functions);
        g_array_unref(interactions->conflicts);
        g_array_unref(interactions->everywhere);
        g_free(interactions);
}
