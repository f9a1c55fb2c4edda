#include "model/fault_tree.h"

#include "base/hash.h"

#include <math.h>
#include <string.h>

#define NAME_BYTES "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"

enum { SHOWN_MAX = 60 };

struct FaultTree {
        FaultNode *nodes;
        size_t n;
        GArray *order; /* of uint32_t */
};

bool fault_node_is_basic(const FaultNode *node)
{
        return node->kind == FAULT_EVENT || node->kind == FAULT_ELEMENT;
}

size_t fault_tree_size(const FaultTree *tree)
{
        return tree->n;
}

const FaultNode *fault_tree_node(const FaultTree *tree, size_t number)
{
        return &tree->nodes[number];
}

const uint32_t *fault_tree_order(const FaultTree *tree, size_t *ret_n)
{
        *ret_n = tree->order->len;
        return (const uint32_t *)(gconstpointer)tree->order->data;
}

void fault_tree_free(FaultTree *tree)
{
        if (tree == NULL)
                return;
        for (size_t i = 0; i < tree->n; i++) {
                g_free(tree->nodes[i].name);
                g_free(tree->nodes[i].key);
                g_free(tree->nodes[i].inputs);
        }
        g_free(tree->nodes);
        g_array_unref(tree->order);
        g_free(tree);
}

static bool refuse(size_t line, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool refuse(size_t line, GError **error, const char *format, ...)
{
        g_autofree char *where = g_strdup_printf("line %zu", line), *text = NULL;
        va_list args;

        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        error_set(error, ZW_ERR_INPUT, where, "fault tree, %s: %s", where, text);
        return false;
}

/* ---- lines ---- */

static char **words_of(const char *line)
{
        g_auto(GStrv) split = g_strsplit_set(line, " \t", -1);
        GPtrArray *words = g_ptr_array_new();

        for (size_t i = 0; split[i] != NULL; i++)
                if (split[i][0] != '\0')
                        g_ptr_array_add(words, g_strdup(split[i]));
        g_ptr_array_add(words, NULL);
        return (char **)g_ptr_array_free(words, FALSE);
}

/* `name = kind …` */
static bool line_check(char *const *words, size_t line, GError **error)
{
        if (g_strv_length((char **)(uintptr_t)words) < 3 || strcmp(words[1], "=") != 0)
                return refuse(line, error, "a line is NAME = and, or, atleast K, event, element or house");
        if (words[0][strspn(words[0], NAME_BYTES)] != '\0')
                return refuse(line, error, "a name has letters, digits, _ . and - only, not \"%.*s\"",
                              SHOWN_MAX, words[0]);
        return true;
}

static bool names_read(FaultTree *tree, char ***words, const char *const *lines, GHashTable *numbers,
                       GError **error)
{
        for (size_t i = 0; i < tree->n; i++) {
                words[i] = words_of(lines[i]);
                if (!line_check(words[i], i + 1, error))
                        return false;
                tree->nodes[i].name = g_strdup(words[i][0]);
                tree->nodes[i].line = i + 1;
                tree->nodes[i].probability = (double)NAN;
                if (!g_hash_table_insert(numbers, tree->nodes[i].name, GSIZE_TO_POINTER(i + 1)))
                        return refuse(i + 1, error, "%s is defined twice", tree->nodes[i].name);
        }
        return true;
}

static bool inputs_read(FaultNode *node, char *const *names, GHashTable *numbers, GError **error)
{
        node->n_inputs = g_strv_length((char **)(uintptr_t)names);
        node->inputs = g_new(uint32_t, node->n_inputs);
        for (size_t i = 0; i < node->n_inputs; i++) {
                size_t number = GPOINTER_TO_SIZE(g_hash_table_lookup(numbers, names[i]));

                if (number == 0)
                        return refuse(node->line, error, "%s needs %.*s, which is not defined", node->name,
                                      SHOWN_MAX, names[i]);
                node->inputs[i] = (uint32_t)(number - 1);
        }
        return node->n_inputs > 0 ? true : refuse(node->line, error, "%s has no inputs", node->name);
}

static bool gate_read(FaultNode *node, FaultKind kind, char *const *args, GHashTable *numbers, GError **error)
{
        guint64 least = 0;

        node->kind = kind;
        if (kind != FAULT_ATLEAST)
                return inputs_read(node, args, numbers, error);
        if (args[0] == NULL ||
            !g_ascii_string_to_unsigned(args[0], 10, 1, ZW_FAULT_TREE_NODES_MAX, &least, NULL))
                return refuse(node->line, error, "%s: atleast needs a number of inputs from 1 on",
                              node->name);
        node->least = (unsigned)least;
        if (!inputs_read(node, args + 1, numbers, error))
                return false;
        return least <= node->n_inputs ? true
                                       : refuse(node->line, error, "%s: at least %u of %zu inputs",
                                                node->name, node->least, node->n_inputs);
}

static bool event_read(FaultNode *node, char *const *args, GError **error)
{
        char *end = NULL;

        node->kind = FAULT_EVENT;
        if (args[0] == NULL)
                return true;
        node->probability = g_ascii_strtod(args[0], &end);
        if (args[1] == NULL && *end == '\0' && node->probability >= 0 && node->probability <= 1)
                return true;
        return refuse(node->line, error, "%s: a probability is a number from 0 to 1, not \"%.*s\"",
                      node->name, SHOWN_MAX, args[0]);
}

static bool node_read(FaultNode *node, char *const *words, GHashTable *numbers, GError **error)
{
        static const struct {
                const char *word;
                FaultKind kind;
        } gates[] = { { "and", FAULT_AND }, { "or", FAULT_OR }, { "atleast", FAULT_ATLEAST } };
        char *const *args = words + 3;
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference) ; names_read was true: `refuse` is false, which is not seen */
        const char *what = words[2];

        for (size_t i = 0; i < G_N_ELEMENTS(gates); i++)
                if (strcmp(what, gates[i].word) == 0)
                        return gate_read(node, gates[i].kind, args, numbers, error);
        if (strcmp(what, "event") == 0)
                return event_read(node, args, error);
        if (args[0] != NULL && args[1] == NULL) {
                if (strcmp(what, "element") == 0) {
                        node->kind = FAULT_ELEMENT;
                        node->key = g_strdup(args[0]);
                        return true;
                }
                node->kind = FAULT_HOUSE;
                node->certain = strcmp(args[0], "true") == 0;
                if (strcmp(what, "house") == 0 && (node->certain || strcmp(args[0], "false") == 0))
                        return true;
        }
        return refuse(
                node->line, error,
                "%s is one of and, or, atleast K with inputs, event with a probability or none, element "
                "with a key, house with true or false",
                node->name);
}

/* ---- order ---- */

typedef struct {
        uint32_t node;
        size_t next; /* input to go to */
} Step;

static bool refuse_cycle(const FaultTree *tree, const GArray *path, uint32_t again, GError **error)
{
        g_autoptr(GString) text = g_string_new(NULL);
        bool within = false;
        size_t shown = 0;

        for (guint i = 0; i < path->len; i++) {
                const uint32_t node = g_array_index(path, Step, i).node;

                within |= node == again;
                if (within && shown++ < SHOWN_MAX)
                        g_string_append_printf(text, "%s needs ", tree->nodes[node].name);
        }
        g_string_append(text, tree->nodes[again].name);
        return refuse(tree->nodes[again].line, error, "a cycle: %s", text->str);
}

/* Depth first, without recursion: a chain of gates may be as long as the tree. */
static bool order_find(FaultTree *tree, GError **error)
{
        enum { NEW, OPEN, DONE };
        g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(Step));
        g_autofree uint8_t *marks = g_new0(uint8_t, tree->n);
        Step first = { 0, 0 };

        g_array_append_val(path, first);
        while (path->len > 0) {
                Step *step = &g_array_index(path, Step, path->len - 1);
                const FaultNode *node = &tree->nodes[step->node];
                Step down = { 0, 0 };

                marks[step->node] = OPEN;
                if (step->next == node->n_inputs) {
                        marks[step->node] = DONE;
                        g_array_append_val(tree->order, step->node);
                        g_array_set_size(path, path->len - 1);
                        continue;
                }
                /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference) ; node_read was true, as above */
                down.node = node->inputs[step->next++];
                if (marks[down.node] == OPEN)
                        return refuse_cycle(tree, path, down.node, error);
                if (marks[down.node] == NEW)
                        g_array_append_val(path, down);
        }
        return true;
}

static bool tree_fill(FaultTree *tree, const char *const *lines, char ***words, GError **error)
{
        g_autoptr(GHashTable) numbers = hash_table_new_text(NULL, NULL);

        if (!names_read(tree, words, lines, numbers, error))
                return false;
        for (size_t i = 0; i < tree->n; i++)
                if (!node_read(&tree->nodes[i], words[i], numbers, error))
                        return false;
        return order_find(tree, error);
}

FaultTree *fault_tree_read(const char *const *lines, size_t n, GError **error)
{
        g_autoptr(FaultTree) tree = g_new0(FaultTree, 1);
        g_autofree char ***words = NULL;
        bool read;

        tree->order = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        if (n == 0 || n > ZW_FAULT_TREE_NODES_MAX) {
                error_set(error, n == 0 ? ZW_ERR_INPUT : ZW_ERR_LIMIT, NULL,
                          "a fault tree has from 1 to %d lines, not %zu", ZW_FAULT_TREE_NODES_MAX, n);
                return NULL;
        }
        words = g_new0(char **, n);
        tree->nodes = g_new0(FaultNode, n);
        tree->n = n;
        read = tree_fill(tree, lines, words, error);
        for (size_t i = 0; i < n; i++)
                g_strfreev(words[i]);
        return read ? g_steal_pointer(&tree) : NULL;
}
