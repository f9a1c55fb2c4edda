/* Proofs of RFC 6962, section 2.1, over the commit hashes of a log: that a commit is in it, and that one state of it is the
 * beginning of another. Made from all leaves, kept as a table of subtrees (two digests a commit); checked from the proof
 * alone. Pure functions; a ProofTree belongs to its owner. */
#ifndef MODEL_PROOF_H
#define MODEL_PROOF_H

#include "base/hash.h"

enum { ZW_PROOF_MAX = 64 };

typedef struct {
        Digest path[ZW_PROOF_MAX];
        int n;
} Proof;

typedef struct ProofTree ProofTree;
ProofTree *proof_tree_new(const Digest *leaves, uint64_t n);
void proof_tree_free(ProofTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ProofTree, proof_tree_free)

/* Of the first `size` leaves, 1 to all of them. */
Digest proof_root(const ProofTree *tree, uint64_t size);
/* That the leaf `index` (from 0) is one of the first `size`. */
Proof proof_inclusion(const ProofTree *tree, uint64_t index, uint64_t size);
/* That the first `old` leaves, 1 to `size`, are the beginning of the first `size`. */
Proof proof_consistency(const ProofTree *tree, uint64_t old, uint64_t size);

bool proof_inclusion_holds(const Proof *proof, const Digest *leaf, uint64_t index, uint64_t size,
                           const Digest *root);
bool proof_consistency_holds(const Proof *proof, uint64_t old, const Digest *old_root, uint64_t size,
                             const Digest *root);

#endif
