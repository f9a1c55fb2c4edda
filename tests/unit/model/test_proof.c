/* Proofs over every pair of sizes up to a hundred: they hold, against the roots of the right edge, and no altered one does. */
#include "model/merkle.h"
#include "model/proof.h"
#include "vectors.h"

enum { MOST = 100 };

typedef struct {
        Digest leaves[MOST], roots[MOST + 1];
        ProofTree *tree;
} Fixture;

static void set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        Merkle edge;

        merkle_init(&edge);
        for (uint64_t i = 0; i < MOST; i++) {
                f->leaves[i] = hash_sha256(&i, sizeof(i));
                merkle_append(&edge, &f->leaves[i]);
                f->roots[i + 1] = merkle_root(&edge);
        }
        f->tree = proof_tree_new(f->leaves, MOST);
}

static void tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        proof_tree_free(f->tree);
}

static void test_roots(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        for (uint64_t size = 1; size <= MOST; size++)
                assert_digest(proof_root(f->tree, size), f->roots[size]);
}

static void test_inclusion(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        for (uint64_t size = 1; size <= MOST; size++)
                for (uint64_t i = 0; i < size; i++) {
                        Proof proof = proof_inclusion(f->tree, i, size);

                        g_assert_true(proof_inclusion_holds(&proof, &f->leaves[i], i, size, &f->roots[size]));
                        g_assert_false(proof_inclusion_holds(&proof, &f->leaves[(i + 1) % MOST], i, size,
                                                             &f->roots[size]));
                        g_assert_false(proof_inclusion_holds(&proof, &f->leaves[i], i, size,
                                                             &f->roots[size % MOST + 1]));
                        g_assert_false(
                                proof_inclusion_holds(&proof, &f->leaves[i], size, size, &f->roots[size]));
                        if (proof.n == 0)
                                continue;
                        proof.path[proof.n / 2].b[7] ^= 1;
                        g_assert_false(
                                proof_inclusion_holds(&proof, &f->leaves[i], i, size, &f->roots[size]));
                        proof.path[proof.n / 2].b[7] ^= 1;
                        proof.n--;
                        g_assert_false(
                                proof_inclusion_holds(&proof, &f->leaves[i], i, size, &f->roots[size]));
                }
}

static void test_consistency(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        for (uint64_t size = 1; size <= MOST; size++)
                for (uint64_t old = 1; old <= size; old++) {
                        Proof proof = proof_consistency(f->tree, old, size);
                        Digest other = f->roots[old];

                        other.b[0] ^= 1;
                        g_assert_true(
                                proof_consistency_holds(&proof, old, &f->roots[old], size, &f->roots[size]));
                        g_assert_false(proof_consistency_holds(&proof, old, &other, size, &f->roots[size]));
                        g_assert_false(proof_consistency_holds(&proof, old, &f->roots[old], size, &other));
                        g_assert_false(proof_consistency_holds(&proof, size + 1, &f->roots[old], size,
                                                               &f->roots[size]));
                        if (proof.n == 0)
                                continue;
                        proof.path[proof.n - 1].b[31] ^= 0x80;
                        g_assert_false(
                                proof_consistency_holds(&proof, old, &f->roots[old], size, &f->roots[size]));
                }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add("/model/proof/roots", Fixture, NULL, set_up, test_roots, tear_down);
        g_test_add("/model/proof/inclusion", Fixture, NULL, set_up, test_inclusion, tear_down);
        g_test_add("/model/proof/consistency", Fixture, NULL, set_up, test_consistency, tear_down);
        return g_test_run();
}
