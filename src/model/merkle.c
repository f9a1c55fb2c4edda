#include "model/merkle.h"

#include "base/error.h"
#include <string.h>

Digest merkle_node(const Digest *left, const Digest *right)
{
        uint8_t bytes[1 + 2 * ZW_DIGEST_BYTES];

        bytes[0] = 0x01;
        memcpy(bytes + 1, left->b, ZW_DIGEST_BYTES);
        memcpy(bytes + 1 + ZW_DIGEST_BYTES, right->b, ZW_DIGEST_BYTES);
        return hash_sha256(bytes, sizeof bytes);
}

static int edge_length(uint64_t size)
{
        return __builtin_popcountll(size);
}

void merkle_init(Merkle *tree)
{
        tree->size = 0;
        tree->n = 0;
}

void merkle_append(Merkle *tree, const Digest *leaf)
{
        Digest root = *leaf;

        /* Each trailing one bit of the size is a perfect subtree that the new leaf completes. */
        for (uint64_t size = tree->size; size & 1; size >>= 1)
                root = merkle_node(&tree->edge[--tree->n], &root);
        tree->edge[tree->n++] = root;
        tree->size++;
}

Digest merkle_root(const Merkle *tree)
{
        Digest root;

        if (tree->n == 0)
                return hash_sha256("", 0);
        root = tree->edge[tree->n - 1];
        for (int i = tree->n - 2; i >= 0; i--)
                root = merkle_node(&tree->edge[i], &root);
        return root;
}

GBytes *merkle_encode(const Merkle *tree)
{
        return g_bytes_new(tree->edge, (size_t)tree->n * sizeof tree->edge[0]);
}

bool merkle_decode(uint64_t size, GBytes *edge, Merkle *ret_tree, GError **error)
{
        size_t n;
        const void *bytes = g_bytes_get_data(edge, &n);

        if (n != (size_t)edge_length(size) * ZW_DIGEST_BYTES) {
                error_set(error, ZW_ERR_DAMAGED, NULL,
                          "the Merkle edge has %zu bytes, a log of %" G_GUINT64_FORMAT " needs %zu", n, size,
                          (size_t)edge_length(size) * ZW_DIGEST_BYTES);
                return false;
        }
        ret_tree->size = size;
        ret_tree->n = edge_length(size);
        if (n > 0)
                memcpy(ret_tree->edge, bytes, n);
        return true;
}
