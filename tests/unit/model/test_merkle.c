/* The right edge against the published vectors of RFC 6962, the vectors of the other implementation, and the recursive
 * definition of section 2.1. */
#include "base/error.h"
#include "model/merkle.h"
#include "vectors.h"

static Digest node(const Digest *left, const Digest *right)
{
        uint8_t bytes[65] = { 0x01 };

        memcpy(bytes + 1, left->b, 32);
        memcpy(bytes + 33, right->b, 32);
        return hash_sha256(bytes, sizeof bytes);
}

/* MTH over leaf hashes, word by word. */
static Digest naive_root(const Digest *leaves, size_t n)
{
        size_t k = 1;
        Digest left, right;

        if (n == 0)
                return hash_sha256("", 0);
        if (n == 1)
                return leaves[0];
        while (k * 2 < n)
                k *= 2;
        left = naive_root(leaves, k);
        right = naive_root(leaves + k, n - k);
        return node(&left, &right);
}

static Digest leaf_of(const void *data, size_t n)
{
        uint8_t bytes[64] = { 0x00 };

        g_assert_cmpuint(n, <, sizeof bytes);
        memcpy(bytes + 1, data, n);
        return hash_sha256(bytes, n + 1);
}

static Digest numbered_leaf(size_t number)
{
        char text[24];

        g_snprintf(text, sizeof text, "%zu", number);
        return leaf_of(text, strlen(text));
}

/* The edge, its stored form and what is read back give the root. */
static void check_tree(const Merkle *tree, Digest expected)
{
        g_autoptr(GBytes) edge = merkle_encode(tree);
        g_autoptr(GError) error = NULL;
        Merkle again;

        assert_digest(merkle_root(tree), expected);
        g_assert_true(merkle_decode(tree->size, edge, &again, &error));
        g_assert_no_error(error);
        g_assert_cmpuint(again.size, ==, tree->size);
        assert_digest(merkle_root(&again), expected);
}

static void test_naive(void)
{
        enum { MOST = 300 };
        g_autofree Digest *leaves = g_new(Digest, MOST);
        Merkle tree;

        merkle_init(&tree);
        for (size_t n = 0; n < MOST; n++) {
                check_tree(&tree, naive_root(leaves, n));
                g_assert_cmpuint(tree.size, ==, n);
                leaves[n] = numbered_leaf(n);
                merkle_append(&tree, &leaves[n]);
        }
}

static void test_vectors(void)
{
        g_autoptr(Json) vectors = vectors_load();
        const json_t *sizes = json_object_get(json_object_get(vectors, "merkle"), "sizes");
        Merkle tree;

        merkle_init(&tree);
        g_assert_cmpuint(json_array_size(sizes), ==, 66);
        for (size_t n = 0; n < json_array_size(sizes); n++) {
                const json_t *row = json_array_get(sizes, n), *edge = json_object_get(row, "edge");
                Digest leaf = numbered_leaf(n);

                g_assert_cmpint(json_integer_value(json_object_get(row, "size")), ==, (json_int_t)n);
                check_tree(&tree, vector_digest(row, "root"));
                g_assert_cmpuint(json_array_size(edge), ==, (size_t)tree.n);
                for (int i = 0; i < tree.n; i++)
                        assert_digest(tree.edge[i], vector_digest_of(json_array_get(edge, (size_t)i)));
                merkle_append(&tree, &leaf);
        }
}

/* The data and roots of the first implementation of RFC 6962, which others have been tested with since. */
static void test_published(void)
{
        static const struct {
                const char *data;
                size_t n;
                const char *root; /* of the tree that ends with this leaf */
        } rows[] = {
                { "", 0, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" },
                { "\x00", 1, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125" },
                { "\x10", 1, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77" },
                { "\x20\x21", 2, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" },
                { "\x30\x31", 2, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4" },
                { "\x40\x41\x42\x43", 4, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef" },
                { "\x50\x51\x52\x53\x54\x55\x56\x57", 8,
                  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c" },
                { "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16,
                  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328" },
        };
        Merkle tree;
        Digest expected;

        merkle_init(&tree);
        g_assert_true(hex_decode("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                 expected.b, ZW_DIGEST_BYTES, NULL));
        check_tree(&tree, expected);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                Digest leaf = leaf_of(rows[i].data, rows[i].n);

                merkle_append(&tree, &leaf);
                g_assert_true(hex_decode(rows[i].root, expected.b, ZW_DIGEST_BYTES, NULL));
                check_tree(&tree, expected);
        }
}

/* A tree of 2^40 - 1 leaves, of which nobody keeps more than the edge: one more leaf joins all of it. */
static void test_large(void)
{
        enum { LEVELS = 40 };
        const uint64_t size = ((uint64_t)1 << LEVELS) - 1;
        Digest all[LEVELS], expected, leaf = numbered_leaf(7);
        g_autoptr(GBytes) edge = NULL;
        g_autoptr(GError) error = NULL;
        Merkle tree;

        for (size_t i = 0; i < LEVELS; i++)
                all[i] = numbered_leaf(i);
        edge = g_bytes_new(all, sizeof all);
        g_assert_true(merkle_decode(size, edge, &tree, &error));
        g_assert_no_error(error);
        merkle_append(&tree, &leaf);
        expected = leaf;
        for (size_t i = LEVELS; i-- > 0;)
                expected = node(&all[i], &expected);
        g_assert_cmpint(tree.n, ==, 1);
        g_assert_cmpuint(tree.size, ==, size + 1);
        assert_digest(merkle_root(&tree), expected);
}

static void test_refused(void)
{
        static const struct {
                uint64_t size;
                size_t n;
        } rows[] = { { 0, 32 }, { 1, 0 },  { 1, 31 }, { 1, 33 },
                     { 3, 32 }, { 4, 64 }, { 7, 64 }, { UINT64_MAX, 32 } };
        static const uint8_t zeros[128];

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autoptr(GBytes) edge = g_bytes_new_static(zeros, rows[i].n);
                g_autoptr(GError) error = NULL;
                Merkle tree = { .size = 77 };

                g_assert_false(merkle_decode(rows[i].size, edge, &tree, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_DAMAGED);
                g_assert_cmpuint(tree.size, ==, 77);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/merkle/naive", test_naive);
        g_test_add_func("/merkle/vectors", test_vectors);
        g_test_add_func("/merkle/published", test_published);
        g_test_add_func("/merkle/large", test_large);
        g_test_add_func("/merkle/refused", test_refused);
        return g_test_run();
}
