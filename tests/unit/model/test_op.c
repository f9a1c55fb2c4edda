/* Operations, commitments and headers against the vectors of the other implementation, and what must be refused. */
#include "base/canon.h"
#include "base/error.h"
#include "base/jtext.h"
#include "model/merkle.h"
#include "model/op.h"
#include "vectors.h"

static GPtrArray *secrets_new(void)
{
        return g_ptr_array_new_with_free_func((GDestroyNotify)secret_free);
}

static Digest secret_commitment(const Secret *secret)
{
        return commitment(secret->salt, g_bytes_get_data(secret->bytes, NULL),
                          g_bytes_get_size(secret->bytes));
}

static void test_canonical(void)
{
        g_autoptr(Json) vectors = vectors_load();
        const json_t *rows = json_object_get(vectors, "canonical");

        g_assert_cmpuint(json_array_size(rows), >, 10);
        for (size_t i = 0; i < json_array_size(rows); i++) {
                const char *from = vector_text(json_array_get(rows, i), "from");
                g_autoptr(GError) error = NULL;
                g_autoptr(Json) value = jread_parse(from, strlen(from), &error);
                g_autoptr(GBytes) bytes = value == NULL ? NULL : canon_bytes(value, 1000, &error);

                g_assert_no_error(error);
                assert_bytes(bytes, vector_text(json_array_get(rows, i), "to"));
        }
}

static void test_canonical_refused(void)
{
        g_autoptr(Json) vectors = vectors_load();
        const json_t *rows = json_object_get(vectors, "canonical_refused");

        g_assert_cmpuint(json_array_size(rows), >, 5);
        for (size_t i = 0; i < json_array_size(rows); i++) {
                const char *from = json_string_value(json_array_get(rows, i));
                g_autoptr(GError) error = NULL;
                g_autoptr(Json) value = jread_parse(from, strlen(from), &error);
                g_autoptr(GBytes) bytes = value == NULL ? NULL : canon_bytes(value, 1000, &error);

                g_assert_null(bytes);
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
        }
}

static void test_commitments(void)
{
        g_autoptr(Json) vectors = vectors_load();
        const json_t *rows = json_object_get(vectors, "commitments");

        g_assert_cmpuint(json_array_size(rows), >, 3);
        for (size_t i = 0; i < json_array_size(rows); i++) {
                const json_t *row = json_array_get(rows, i);
                const char *hex = vector_text(row, "bytes");
                size_t n = strlen(hex) / 2;
                g_autofree uint8_t *bytes = g_malloc(n + 1);
                Digest salt = vector_digest(row, "salt");

                g_assert_true(hex_decode(hex, bytes, n, NULL));
                assert_digest(commitment(salt.b, bytes, n), vector_digest(row, "commitment"));
        }
}

static const Secret *secret_find(GPtrArray *secrets, const char *field)
{
        for (guint i = 0; i < secrets->len; i++)
                if (strcmp(((const Secret *)secrets->pdata[i])->field, field) == 0)
                        return secrets->pdata[i];
        g_assert_not_reached();
}

/* Salts are random, so the expected bytes get the commitments that came out. */
static char *with_commitments(const json_t *op, GPtrArray *secrets)
{
        const json_t *personal = json_object_get(op, "personal");
        GString *text = g_string_new(vector_text(op, "bytes"));

        for (size_t i = 0; i < json_array_size(personal); i++) {
                const json_t *row = json_array_get(personal, i);
                const Secret *secret = secret_find(secrets, vector_text(row, "field"));
                Digest salt = vector_digest(row, "salt"), found = secret_commitment(secret);
                char hex[ZW_DIGEST_HEX];

                assert_bytes(secret->bytes, vector_text(row, "bytes"));
                assert_digest(commitment(salt.b, g_bytes_get_data(secret->bytes, NULL),
                                         g_bytes_get_size(secret->bytes)),
                              vector_digest(row, "commitment"));
                hex_encode(found.b, ZW_DIGEST_BYTES, hex);
                g_assert_cmpuint(g_string_replace(text, vector_text(row, "commitment"), hex, 0), ==, 1);
        }
        return g_string_free(text, FALSE);
}

static void check_op(const json_t *op, int n)
{
        const json_t *given = json_object_get(op, "op");
        const char *kind_name = vector_text(op, "kind"), *bytes = vector_text(op, "bytes");
        g_autoptr(Json) before = json_deep_copy(given);
        g_autoptr(GPtrArray) secrets = secrets_new();
        g_autoptr(GError) error = NULL;
        g_autofree char *expected = NULL;
        Digest salt = vector_digest(op, "salt");
        KindId kind = (KindId)0;
        const Secret *last;

        g_assert_true(kind_name[0] == '\0' || kind_find(kind_name, &kind));
        g_assert_true(op_seal(given, kind, n, secrets, &error));
        g_assert_no_error(error);
        g_assert_true(json_equal(given, before)); /* what was given is not changed */
        g_assert_cmpuint(secrets->len, ==, json_array_size(json_object_get(op, "personal")) + 1);
        last = secrets->pdata[secrets->len - 1];
        g_assert_cmpstr(last->field, ==, "");
        for (guint i = 0; i < secrets->len; i++)
                g_assert_cmpint(((const Secret *)secrets->pdata[i])->op, ==, n);
        expected = with_commitments(op, secrets);
        assert_bytes(last->bytes, expected);
        assert_digest(commitment(salt.b, bytes, strlen(bytes)), vector_digest(op, "commitment"));
}

static CommitHeader header_of(const json_t *commit, const json_t *header, GArray *ops)
{
        const json_t *list = json_object_get(commit, "ops"), *message = json_object_get(commit, "message");
        const json_t *parents = json_object_get(header, "parents");
        Digest salt = vector_digest(message, "salt");
        const char *text = vector_text(message, "bytes");
        CommitHeader made = { .log = vector_id(header, "log"),
                              .seq = (uint64_t)jread_get_int(header, "seq", 0),
                              .n_parents = (int)json_array_size(parents),
                              .actor = vector_id(header, "actor"),
                              .request = jread_get_string(header, "request"),
                              .metamodel = (int)jread_get_int(header, "metamodel", 0),
                              .editorial = jread_get_bool(header, "editorial", false),
                              .message = commitment(salt.b, text, strlen(text)) };

        for (size_t i = 0; i < json_array_size(list); i++) {
                Digest digest = vector_digest(json_array_get(list, i), "commitment");

                g_array_append_val(ops, digest);
        }
        made.ops = (const Digest *)(const void *)ops->data;
        made.n_ops = ops->len;
        for (size_t i = 0; i < json_array_size(parents); i++)
                made.parents[i] = vector_digest_of(json_array_get(parents, i));
        g_assert_true(origin_find(vector_text(header, "origin"), &made.origin));
        g_assert_true(instant_parse(vector_text(header, "time"), &made.time, NULL));
        return made;
}

static void check_commit(const json_t *commit, Merkle *tree)
{
        const char *text = vector_text(commit, "header");
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) parsed = jread_parse(text, strlen(text), &error);
        g_autoptr(GArray) ops = g_array_new(FALSE, FALSE, sizeof(Digest));
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(GBytes) canonical = NULL;
        CommitHeader header = header_of(commit, parsed, ops);
        Digest hash;

        bytes = commit_header_encode(&header, &error);
        g_assert_no_error(error);
        assert_bytes(bytes, text);
        canonical = canon_bytes(parsed, ZW_HEADER_BYTES_MAX, &error);
        g_assert_true(g_bytes_equal(canonical, bytes));
        hash = commit_hash(bytes);
        assert_digest(hash, vector_digest(commit, "hash"));
        merkle_append(tree, &hash);
}

static void check_log(const json_t *log)
{
        const json_t *commits = json_object_get(log, "commits"), *edge = json_object_get(log, "edge");
        Merkle tree;

        merkle_init(&tree);
        for (size_t i = 0; i < json_array_size(commits); i++) {
                const json_t *ops = json_object_get(json_array_get(commits, i), "ops");

                for (size_t j = 0; j < json_array_size(ops); j++)
                        check_op(json_array_get(ops, j), (int)j);
                check_commit(json_array_get(commits, i), &tree);
        }
        g_assert_cmpint(tree.n, ==, (int)json_array_size(edge));
        for (int i = 0; i < tree.n; i++)
                assert_digest(tree.edge[i], vector_digest_of(json_array_get(edge, (size_t)i)));
        assert_digest(merkle_root(&tree), vector_digest(log, "root"));
}

static void test_log(void)
{
        g_autoptr(Json) vectors = vectors_load();

        g_assert_cmpuint(json_array_size(json_object_get(json_object_get(vectors, "log"), "commits")), ==, 5);
        check_log(json_object_get(vectors, "log"));
        check_log(json_object_get(vectors, "branch"));
}

static void test_origins(void)
{
        static const char *const names[] = { "ui", "api", "cli", "import" };
        Origin origin;

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                g_assert_true(origin_find(names[i], &origin));
                g_assert_cmpint(origin, ==, (int)i);
                g_assert_cmpstr(origin_name(origin), ==, names[i]);
        }
        g_assert_false(origin_find("UI", &origin));
        g_assert_false(origin_find("", &origin));
}

/* Salts are never used twice. */
static void test_salts(void)
{
        enum { N = 200 };
        g_autoptr(Json) op = json_pack("{s:s, s:{s:{s:s}}}", "op", "update", "set", "attrs", "tester", "T");
        g_autoptr(GPtrArray) secrets = secrets_new();
        g_autoptr(GHashTable) seen = g_hash_table_new_full(g_bytes_hash, g_bytes_equal,
                                                           (GDestroyNotify)g_bytes_unref, NULL);

        for (int i = 0; i < N; i++)
                g_assert_true(op_seal(op, ZW_KIND_TEST_CASE, i, secrets, NULL));
        g_assert_cmpuint(secrets->len, ==, 2 * N);
        for (guint i = 0; i < secrets->len; i++)
                g_assert_true(g_hash_table_add(seen, g_bytes_new(((const Secret *)secrets->pdata[i])->salt,
                                                                 ZW_SALT_BYTES)));
}

/* ---- Refusals ---- */

static void assert_not_sealed(const json_t *op, KindId kind, ZwErrorCode code, const char *where)
{
        g_autoptr(GPtrArray) secrets = secrets_new();
        g_autoptr(GError) error = NULL;

        g_ptr_array_add(secrets, g_new0(Secret, 1));
        g_assert_false(op_seal(op, kind, 0, secrets, &error));
        g_assert_error(error, ZW_ERROR, (int)code);
        g_assert_cmpstr(error_where(error), ==, where);
        g_assert_cmpuint(secrets->len, ==, 1); /* nothing of it stays */
}

static void test_op_refused(void)
{
#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        g_autoptr(Json) nul = json_stringn("a\0b", 3);
        json_t *const cases[] = {
                json_pack("{s:s, s:{s:s, s:f}}", "op", "update", "set", "a", "x", "order", 1.5),
                json_pack("{s:s, s:{s:I}}", "op", "update", "set", "order", (json_int_t)1 << 53),
                json_pack("{s:s, s:{s:{s:O}}}", "op", "update", "set", "attrs", "steps", nul),
                json_pack("{s:s, s:[s, O]}", "op", "x", "tags", "a", nul),
                json_pack("{s:s, s:{s:{s:{s:s}}}}", "op", "update", "set", "attrs", "steps", "personal",
                          HEX64),
                json_pack("{s:s, s:{s:{s:{s:s}}}}", "op", "update", "set", "attrs", "tester", "personal",
                          HEX64),
                json_pack("{s:s, s:{s:s}}", "op", "setting", "value", "personal", HEX64),
                json_pack("{s:s, s:{s:{s:f}}}", "op", "update", "set", "attrs", "tester", 0.5),
        };
        static const char *const wheres[] = { "/set/order",       "/set/order",
                                              "/set/attrs/steps", "/tags/1",
                                              "/set/attrs/steps", "/set/attrs/tester",
                                              "/value",           "" };
        g_autoptr(Json) array = json_array();
        g_autoptr(Json) key = json_pack("{s:s}", "op", "x");

        G_STATIC_ASSERT(G_N_ELEMENTS(cases) == G_N_ELEMENTS(wheres));
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_assert_nonnull(cases[i]);
                assert_not_sealed(cases[i], ZW_KIND_TEST_CASE, ZW_ERR_INPUT, wheres[i]);
                json_decref(cases[i]);
        }
        assert_not_sealed(array, ZW_KIND_TEST_CASE, ZW_ERR_INPUT, "");
        json_object_setn_new(key, "a\0b", 3, json_true());
        assert_not_sealed(key, ZW_KIND_TEST_CASE, ZW_ERR_INPUT, "");
}

/* What only resembles a commitment stays what it is. */
static void test_op_resembling(void)
{
        g_autoptr(Json) op = json_pack("{s:s, s:{s:{s:{s:s}, s:{s:s, s:s}}}}", "op", "update", "set", "attrs",
                                       "a", "personal", "1.0", "b", "personal", HEX64, "more", "x");
        g_autoptr(GPtrArray) secrets = secrets_new();

        g_assert_true(op_seal(op, ZW_KIND_TEST_CASE, 0, secrets, NULL));
        g_assert_cmpuint(secrets->len, ==, 1);
        assert_bytes(
                ((const Secret *)secrets->pdata[0])->bytes,
                "{\"op\":\"update\",\"set\":{\"attrs\":{\"a\":{\"personal\":\"1.0\"},\"b\":{\"more\":\"x\","
                "\"personal\":\"" HEX64 "\"}}}}");
}

static void test_op_limits(void)
{
        g_autofree char *text = g_strnfill(ZW_OP_BYTES_MAX, 'x');
        g_autoptr(Json) large = json_pack("{s:s, s:s}", "op", "x", "a", text);
        g_autoptr(Json) deep = json_object();
        json_t *inner = deep;

        assert_not_sealed(large, ZW_KIND_TEST_CASE, ZW_ERR_LIMIT, NULL);
        for (int i = 0; i < 5000; i++) {
                json_object_set_new(inner, "a", json_object());
                inner = json_object_get(inner, "a");
        }
        {
                g_autoptr(GPtrArray) secrets = secrets_new();
                g_autoptr(GError) error = NULL;

                g_assert_false(op_seal(deep, ZW_KIND_TEST_CASE, 0, secrets, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
        }
}

static void test_header_refused(void)
{
        const Digest op = { { 1 } };
        const CommitHeader good = { .seq = 1, .metamodel = 1, .ops = &op, .n_ops = 1 };
        CommitHeader bad[12];
        g_autoptr(GBytes) bytes = commit_header_encode(&good, NULL);

        g_assert_nonnull(bytes);
        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
                bad[i] = good;
        bad[0].seq = 0;
        bad[1].seq = (uint64_t)1 << 53;
        bad[2].seq = 2; /* without a parent */
        bad[3].n_parents = 3;
        bad[4].n_parents = -1;
        bad[5].time = INT64_MIN;
        bad[6].time = 253402300800000; /* the year 10000 */
        bad[7].metamodel = 0;
        bad[8].n_ops = 0;
        bad[9].request = "";
        bad[10].request = "\xff";
        bad[11].time = -2208988800001; /* the end of 1899 */
        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                g_autoptr(GError) error = NULL;

                g_assert_null(commit_header_encode(&bad[i], &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
        }
}

/* A million operations, the most a commit may have, fit a header; more do not. */
static void test_header_limit(void)
{
        enum { MOST = 1000000, MORE = 1300000 };
        g_autofree Digest *ops = g_new0(Digest, MORE);
        CommitHeader header = { .seq = 1, .metamodel = 1, .ops = ops, .n_ops = MOST };
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) bytes = commit_header_encode(&header, &error);

        g_assert_no_error(error);
        g_assert_cmpuint(g_bytes_get_size(bytes), >, (size_t)MOST * 67);
        header.n_ops = MORE;
        g_assert_null(commit_header_encode(&header, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/op/canonical", test_canonical);
        g_test_add_func("/op/canonical-refused", test_canonical_refused);
        g_test_add_func("/op/commitments", test_commitments);
        g_test_add_func("/op/log", test_log);
        g_test_add_func("/op/origins", test_origins);
        g_test_add_func("/op/salts", test_salts);
        g_test_add_func("/op/refused", test_op_refused);
        g_test_add_func("/op/resembling", test_op_resembling);
        g_test_add_func("/op/limits", test_op_limits);
        g_test_add_func("/op/header-refused", test_header_refused);
        g_test_add_func("/op/header-limit", test_header_limit);
        return g_test_run();
}
