/* Fault trees of a document of Open-PSA as hazards that hold them (model/fault_tree.h). Not thread-safe. */
#ifndef EXCHANGE_OPENPSA_TREE_H
#define EXCHANGE_OPENPSA_TREE_H

#include "exchange/format.h"

/* Tells each gate that no other gate of its tree needs as a hazard with all that lies below it. A tree that is no fault tree of
 * coherent gates is refused with its line: a cycle, a name that is not defined, a gate such as `not`. Errors: those of
 * xtree_load. */
bool openpsa_trees_tell(const Source *source, Sink *sink, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
