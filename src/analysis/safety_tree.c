#include "analysis/safety_tree.h"

#include "analysis/safety_internal.h"

#include <math.h>

/* The lines of the attribute; free with g_ptr_array_unref. */
static GPtrArray *lines_of(GraphView view, ItemNo item)
{
        GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
        FactsIter iter = facts_iter(graph_facts(view, item), ZW_ATTR_FAULT_TREE);
        const char *text;
        size_t n;

        while (facts_next_text(&iter, &text, &n))
                g_ptr_array_add(lines, g_strndup(text, n));
        return lines;
}

/* The PFDavg of the element alone: what its maker states where it states no rates. */
static double element_probability(GraphView view, ItemNo item, Instant now, GPtrArray *notes)
{
        const SafetyElement element = safety_element_read(view, item, now, notes);
        const SafetyVote *one = safety_vote_get(ZW_VALUE_SENSOR_VOTE_1OO1);
        const double pfd = safety_equation_pfd(one, &element.rates).value;

        if (isnan(element.rates.lambda_du))
                return element.pfd;
        if (!(pfd > 1))
                return pfd;
        safety_note_add(notes, SAFETY_NOTE_REFUSED, "pfd_above_1", item,
                        "%s: a PFDavg of %.3g is no probability", graph_key(view, item), pfd);
        return (double)NAN;
}

static void element_find(GraphView view, SafetyTree *tree, size_t number, Instant now)
{
        const FaultNode *node = fault_tree_node(tree->tree, number);
        ItemNo item;

        if (!graph_find_key(view, node->key, &item) || !graph_exists(view, item)) {
                safety_note_add(tree->notes, SAFETY_NOTE_REFUSED, "element_unknown", tree->item,
                                "line %zu: there is no %s", node->line, node->key);
                return;
        }
        tree->elements[number] = item;
        if (!graph_is_live(view, item)) {
                safety_note_add(tree->notes, SAFETY_NOTE_REFUSED, "element_retired", item,
                                "line %zu: %s is retired", node->line, node->key);
                return;
        }
        tree->probabilities[number] = element_probability(view, item, now, tree->notes);
}

static void probabilities_find(GraphView view, SafetyTree *tree, Instant now)
{
        const size_t size = fault_tree_size(tree->tree);
        size_t n;
        const uint32_t *order = fault_tree_order(tree->tree, &n);

        tree->probabilities = g_new(double, size);
        tree->elements = g_new(ItemNo, size);
        for (size_t i = 0; i < size; i++) {
                tree->elements[i] = ZW_ITEM_NONE;
                tree->probabilities[i] = fault_tree_node(tree->tree, i)->probability;
        }
        for (size_t i = 0; i < n; i++) {
                const FaultNode *node = fault_tree_node(tree->tree, order[i]);

                if (node->kind == FAULT_ELEMENT)
                        element_find(view, tree, order[i], now);
                if (fault_node_is_basic(node) && isnan(tree->probabilities[order[i]]))
                        safety_note_add(tree->notes, SAFETY_NOTE_MISSING, "probability_missing", tree->item,
                                        "line %zu: the probability of %s is unknown", node->line, node->name);
        }
}

SafetyTree *safety_tree_find(GraphView view, ItemNo item, Instant now, GError **error)
{
        g_autoptr(GPtrArray) lines = lines_of(view, item);
        g_autoptr(SafetyTree) tree = g_new0(SafetyTree, 1);

        tree->item = item;
        tree->notes = safety_notes_new();
        if (lines->len == 0) {
                error_set(error, ZW_ERR_NOT_FOUND, NULL, "%s has no fault tree", graph_key(view, item));
                return NULL;
        }
        tree->tree = fault_tree_read((const char *const *)lines->pdata, lines->len, error);
        tree->sets = tree->tree == NULL ? NULL : cut_sets_find(tree->tree, error);
        if (tree->sets == NULL)
                return NULL;
        probabilities_find(view, tree, now);
        tree->probability = cut_sets_probability(tree->sets, tree->probabilities);
        return g_steal_pointer(&tree);
}

void safety_tree_free(SafetyTree *tree)
{
        if (tree == NULL)
                return;
        cut_sets_free(tree->sets);
        fault_tree_free(tree->tree);
        g_free(tree->probabilities);
        g_free(tree->elements);
        g_ptr_array_unref(tree->notes);
        g_free(tree);
}
