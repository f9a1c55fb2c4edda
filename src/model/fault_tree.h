/* Fault trees of hazards and safety functions (docs/algorithms/cut-sets.md), as their attribute `fault_tree` holds them: one gate
 * or basic event a line, the top event first.
 *
 *     top = or sensors valve           gates: and, or, atleast K
 *     sensors = atleast 2 s1 s2 s3
 *     s1 = event 0.01                  a basic event, with its probability or without
 *     valve = element AS-12            a basic event: this element fails on demand
 *     tested = house false             an event that is certain, or excluded
 *
 * Only coherent gates are taken: what a failure can prevent is no cut set. A tree is constant once it was read: thread-safe. */
#ifndef MODEL_FAULT_TREE_H
#define MODEL_FAULT_TREE_H

#include "base/error.h"
#include <stdint.h>

enum { ZW_FAULT_TREE_NODES_MAX = 10000 };

typedef enum {
        FAULT_AND,
        FAULT_OR,
        FAULT_ATLEAST,
        FAULT_EVENT,   /* basic; probability may be NaN */
        FAULT_ELEMENT, /* basic; key names an item */
        FAULT_HOUSE,
} FaultKind;

typedef struct {
        char *name;
        FaultKind kind;
        size_t line;      /* from 1 */
        unsigned least;   /* of ATLEAST */
        uint32_t *inputs; /* of gates: numbers of nodes */
        size_t n_inputs;
        double probability; /* of EVENT, or NaN */
        char *key;          /* of ELEMENT, or NULL */
        bool certain;       /* of HOUSE */
} FaultNode;

typedef struct FaultTree FaultTree;

/* Errors: INPUT with `line N` for what is no line of a tree, a name that is not defined or is twice, and a cycle, which is
 * named; LIMIT. */
FaultTree *fault_tree_read(const char *const *lines, size_t n, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void fault_tree_free(FaultTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FaultTree, fault_tree_free)

/* Nodes by number; the top event is 0. */
size_t fault_tree_size(const FaultTree *tree);
const FaultNode *fault_tree_node(const FaultTree *tree, size_t number);
/* Numbers of the nodes that the top event needs, inputs before their gates, the top event last (n of them). Borrowed. */
const uint32_t *fault_tree_order(const FaultTree *tree, size_t *ret_n);
/* Is it a basic event? */
bool fault_node_is_basic(const FaultNode *node);

#endif
