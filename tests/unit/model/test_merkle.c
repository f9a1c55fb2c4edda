/* The Merkle edge against the recursive definition of RFC 6962, and the commit hash against hand-made bytes. */
#include "base/error.h"
#include "base/jread.h"
#include "model/merkle.h"
#include "model/op.h"
#include "model/results.h"

#include <string.h>

/* MTH of RFC 6962 section 2.1 over leaf hashes. */
static Digest naive_root(const Digest *leaves, size_t n)
{
        uint8_t bytes[65] = { 0x01 };
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
        memcpy(bytes + 1, left.b, 32);
        memcpy(bytes + 33, right.b, 32);
        return hash_sha256(bytes, sizeof bytes);
}

static void test_roots(void)
{
        Digest leaves[130];
        Merkle tree, again;

        merkle_init(&tree);
        for (size_t n = 0; n < G_N_ELEMENTS(leaves); n++) {
                Digest root = merkle_root(&tree), expected = naive_root(leaves, n);
                g_autoptr(GBytes) edge = merkle_encode(&tree);
                g_autoptr(GError) error = NULL;
                char text[8];

                g_assert_true(digest_equal(&root, &expected));
                g_assert_true(merkle_decode(tree.size, edge, &again, &error));
                root = merkle_root(&again);
                g_assert_true(digest_equal(&root, &expected));
                g_snprintf(text, sizeof text, "%zu", n);
                leaves[n] = hash_sha256(text, strlen(text));
                merkle_append(&tree, &leaves[n]);
        }
}

static void test_edge_refused(void)
{
        g_autoptr(GBytes) edge = g_bytes_new_static("short", 5);
        g_autoptr(GError) error = NULL;
        Merkle tree;

        g_assert_false(merkle_decode(3, edge, &tree, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_DAMAGED);
}

static void test_header(void)
{
        Digest op = hash_sha256("op", 2), message = hash_sha256("m", 1), hash, expected;
        CommitHeader header = { .seq = 1,
                                .time = 0,
                                .origin = ORIGIN_CLI,
                                .metamodel = 1,
                                .ops = &op,
                                .n_ops = 1,
                                .message = message };
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) bytes = commit_header_encode(&header, &error);
        g_autofree char *text = NULL, *leaf = NULL;
        char op_hex[ZW_DIGEST_HEX], message_hex[ZW_DIGEST_HEX];
        size_t n;

        g_assert_no_error(error);
        hex_encode(op.b, 32, op_hex);
        hex_encode(message.b, 32, message_hex);
        text = g_strdup_printf(
                "{\"actor\":\"00000000000000000000000000000000\",\"editorial\":false,\"format\":1,"
                "\"log\":\"00000000000000000000000000000000\",\"message\":\"%s\",\"metamodel\":1,"
                "\"ops\":[\"%s\"],\"origin\":\"cli\",\"parents\":[],\"seq\":1,"
                "\"time\":\"1970-01-01T00:00:00.000Z\"}",
                message_hex, op_hex);
        g_assert_cmpuint(g_bytes_get_size(bytes), ==, strlen(text));
        g_assert_cmpint(memcmp(g_bytes_get_data(bytes, &n), text, strlen(text)), ==, 0);
        leaf = g_malloc(strlen(text) + 1);
        memcpy(leaf + 1, text, strlen(text));
        leaf[0] = 0x00;
        expected = hash_sha256(leaf, strlen(text) + 1);
        hash = commit_hash(bytes);
        g_assert_true(digest_equal(&hash, &expected));
}

static const Secret *secret_of(GPtrArray *secrets, const char *field)
{
        for (guint i = 0; i < secrets->len; i++) {
                const Secret *secret = g_ptr_array_index(secrets, i);

                if (strcmp(secret->field, field) == 0)
                        return secret;
        }
        return NULL;
}

/* A personal value leaves the operation and stands there as its commitment. */
static void test_personal(void)
{
        g_autoptr(Json) op = json_loads(
                "{\"op\":\"update\",\"set\":{\"attrs\":{\"tester\":\"A. Person\",\"steps\":\"s\"}}}", 0,
                NULL);
        g_autoptr(GPtrArray) secrets = g_ptr_array_new_with_free_func((GDestroyNotify)secret_free);
        g_autoptr(GError) error = NULL;
        const Secret *whole, *tester;
        g_autofree char *text = NULL, *expected = NULL;
        char hex[ZW_DIGEST_HEX];
        Digest digest;

        g_assert_true(op_seal(op, ZW_KIND_TEST_CASE, 3, secrets, &error));
        g_assert_cmpuint(secrets->len, ==, 2);
        whole = secret_of(secrets, "");
        tester = secret_of(secrets, "tester");
        g_assert_nonnull(whole);
        g_assert_nonnull(tester);
        g_assert_cmpint(whole->op, ==, 3);
        digest = commitment(tester->salt, "\"A. Person\"", 11);
        hex_encode(digest.b, 32, hex);
        text = g_strndup(g_bytes_get_data(whole->bytes, NULL), g_bytes_get_size(whole->bytes));
        expected = g_strdup_printf(
                "{\"op\":\"update\",\"set\":{\"attrs\":{\"steps\":\"s\",\"tester\":{\"personal\":\"%s\"}}}}",
                hex);
        g_assert_cmpstr(text, ==, expected);
}

static void test_results(void)
{
        g_autoptr(GArray) lines = results_new(), again = NULL;
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) file = NULL, bad = g_bytes_new_static("{\"at\":\"x\"}\n", 11);
        ResultLine late = {
                .test_case = { { 2 } }, .status = RESULT_FAILED, .at = 1000, .message = g_strdup("because")
        };
        ResultLine early = { .test_case = { { 1 } }, .status = RESULT_PASSED, .at = 2000 };
        const char *expected =
                "{\"at\":\"1970-01-01T00:00:02.000Z\",\"case\":\"01000000000000000000000000000000\",\"status\":\"passed\"}\n"
                "{\"at\":\"1970-01-01T00:00:01.000Z\",\"case\":\"02000000000000000000000000000000\","
                "\"message\":\"because\",\"status\":\"failed\"}\n";

        g_array_append_val(lines, late);
        g_array_append_val(lines, early);
        file = results_encode(lines, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(g_bytes_get_size(file), ==, strlen(expected));
        g_assert_cmpint(memcmp(g_bytes_get_data(file, NULL), expected, strlen(expected)), ==, 0);
        again = results_decode(file, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(again->len, ==, 2);
        g_assert_cmpstr(g_array_index(again, ResultLine, 1).message, ==, "because");
        g_assert_null(results_decode(bad, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_DAMAGED);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/merkle/roots", test_roots);
        g_test_add_func("/merkle/edge-refused", test_edge_refused);
        g_test_add_func("/op/header", test_header);
        g_test_add_func("/op/personal", test_personal);
        g_test_add_func("/results/file", test_results);
        return g_test_run();
}
