#include "model/proof.h"

#include "model/merkle.h"

struct ProofTree {
        Digest *levels[ZW_PROOF_MAX]; /* of each height the roots of its perfect subtrees, from left */
        int n_levels;
        uint64_t n;
};

ProofTree *proof_tree_new(const Digest *leaves, uint64_t n)
{
        ProofTree *tree = g_new0(ProofTree, 1);

        tree->n = n;
        tree->levels[0] = g_memdup2(leaves, n * sizeof(*leaves));
        tree->n_levels = 1;
        for (uint64_t width = n / 2; width > 0; width /= 2) {
                const Digest *below = tree->levels[tree->n_levels - 1];
                Digest *level = g_new(Digest, width);

                for (uint64_t i = 0; i < width; i++)
                        level[i] = merkle_node(&below[2 * i], &below[2 * i + 1]);
                tree->levels[tree->n_levels++] = level;
        }
        return tree;
}

void proof_tree_free(ProofTree *tree)
{
        if (tree == NULL)
                return;
        for (int i = 0; i < tree->n_levels; i++)
                g_free(tree->levels[i]);
        g_free(tree);
}

/* The largest power of two smaller than n, which is at least 2. */
static uint64_t split_of(uint64_t n)
{
        return UINT64_C(1) << (63 - __builtin_clzll(n - 1));
}

/* The root of `n` leaves from `begin`, which is a multiple of the power of two not below n. */
static Digest range_root(const ProofTree *tree, uint64_t begin, uint64_t n)
{
        Digest left, right;
        uint64_t k;

        if ((n & (n - 1)) == 0) {
                const int height = __builtin_ctzll(n);

                return tree->levels[height][begin >> height];
        }
        k = split_of(n);
        left = range_root(tree, begin, k);
        right = range_root(tree, begin + k, n - k);
        return merkle_node(&left, &right);
}

Digest proof_root(const ProofTree *tree, uint64_t size)
{
        return range_root(tree, 0, size);
}

static void path_add(Proof *proof, Digest digest)
{
        proof->path[proof->n++] = digest;
}

static void inclusion_add(const ProofTree *tree, uint64_t index, uint64_t begin, uint64_t n, Proof *proof)
{
        uint64_t k;

        if (n <= 1)
                return;
        k = split_of(n);
        if (index < k) {
                inclusion_add(tree, index, begin, k, proof);
                path_add(proof, range_root(tree, begin + k, n - k));
        } else {
                inclusion_add(tree, index - k, begin + k, n - k, proof);
                path_add(proof, range_root(tree, begin, k));
        }
}

Proof proof_inclusion(const ProofTree *tree, uint64_t index, uint64_t size)
{
        Proof proof = { .n = 0 };

        inclusion_add(tree, index, 0, size, &proof);
        return proof;
}

/* `whole`: the subtree is one that the older state had as a whole, and its root is known from there. */
static void consistency_add(const ProofTree *tree, uint64_t old, uint64_t begin, uint64_t n, bool whole,
                            Proof *proof)
{
        uint64_t k;

        if (old == n) {
                if (!whole)
                        path_add(proof, range_root(tree, begin, n));
                return;
        }
        k = split_of(n);
        if (old <= k) {
                consistency_add(tree, old, begin, k, whole, proof);
                path_add(proof, range_root(tree, begin + k, n - k));
        } else {
                consistency_add(tree, old - k, begin + k, n - k, false, proof);
                path_add(proof, range_root(tree, begin, k));
        }
}

Proof proof_consistency(const ProofTree *tree, uint64_t old, uint64_t size)
{
        Proof proof = { .n = 0 };

        consistency_add(tree, old, 0, size, true, &proof);
        return proof;
}

/* ---- checking: RFC 9162, sections 2.1.3.2 and 2.1.4.2 ---- */

bool proof_inclusion_holds(const Proof *proof, const Digest *leaf, uint64_t index, uint64_t size,
                           const Digest *root)
{
        uint64_t fn = index, sn = size - 1;
        Digest r = *leaf;

        if (index >= size)
                return false;
        for (int i = 0; i < proof->n; i++) {
                if (sn == 0)
                        return false;
                if ((fn & 1) != 0 || fn == sn) {
                        r = merkle_node(&proof->path[i], &r);
                        while ((fn & 1) == 0 && fn != 0) {
                                fn >>= 1;
                                sn >>= 1;
                        }
                } else {
                        r = merkle_node(&r, &proof->path[i]);
                }
                fn >>= 1;
                sn >>= 1;
        }
        return sn == 0 && digest_equal(&r, root);
}

bool proof_consistency_holds(const Proof *proof, uint64_t old, const Digest *old_root, uint64_t size,
                             const Digest *root)
{
        const bool whole = (old & (old - 1)) == 0; /* then the older root begins the path */
        uint64_t fn = old - 1, sn = size - 1;
        Digest fr, sr;

        if (old == 0 || old > size)
                return false;
        if (old == size)
                return proof->n == 0 && digest_equal(old_root, root);
        if (!whole && proof->n == 0)
                return false;
        fr = sr = whole ? *old_root : proof->path[0];
        for (; (fn & 1) != 0; fn >>= 1)
                sn >>= 1;
        for (int i = whole ? 0 : 1; i < proof->n; i++) {
                if (sn == 0)
                        return false;
                if ((fn & 1) != 0 || fn == sn) {
                        fr = merkle_node(&proof->path[i], &fr);
                        sr = merkle_node(&proof->path[i], &sr);
                        while ((fn & 1) == 0 && fn != 0) {
                                fn >>= 1;
                                sn >>= 1;
                        }
                } else {
                        sr = merkle_node(&sr, &proof->path[i]);
                }
                fn >>= 1;
                sn >>= 1;
        }
        return sn == 0 && digest_equal(&fr, old_root) && digest_equal(&sr, root);
}
