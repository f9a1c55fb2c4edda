/* The RFC 6962 Merkle tree over the commit hashes of a log. Only the right edge is kept: the roots of the perfect
 * subtrees, largest first, at most 64 of them; their number is the number of one bits in the size.
 * Node = SHA-256(0x01 || left || right). Pure functions. */
#ifndef MODEL_MERKLE_H
#define MODEL_MERKLE_H

#include "base/hash.h"

enum { ZW_MERKLE_EDGE = 64 };

typedef struct {
        uint64_t size;
        int n;
        Digest edge[ZW_MERKLE_EDGE];
} Merkle;

Digest merkle_node(const Digest *left, const Digest *right);

void merkle_init(Merkle *tree);
void merkle_append(Merkle *tree, const Digest *leaf);
/* SHA-256 of nothing for the empty tree. */
Digest merkle_root(const Merkle *tree);

/* Stored form: the edge hashes one after another. Errors: DAMAGED when the length does not fit `size`. */
GBytes *merkle_encode(const Merkle *tree);
bool merkle_decode(uint64_t size, GBytes *edge, Merkle *ret_tree, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
