#include "base/hash.h"

#include "base/error.h"
#include "bytes.h"

#include <pthread.h>
#include <string.h>

static void assert_digest(Digest digest, const char *expected)
{
        char hex[ZW_DIGEST_HEX];

        hex_encode(digest.b, sizeof(digest.b), hex);
        g_assert_cmpstr(hex, ==, expected);
}

/* FIPS 180-4 examples. */
static void test_sha256(void)
{
        g_autofree char *million = g_strnfill(1000000, 'a');

        assert_digest(hash_sha256("", 0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_digest(hash_sha256(NULL, 0),
                      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_digest(hash_sha256("abc", 3),
                      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_digest(hash_sha256(million, 1000000),
                      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void test_state(void)
{
        g_autoptr(HashState) state = hash_new();

        hash_update(state, "a", 1);
        hash_update(state, "", 0);
        hash_update(state, "bc", 2);
        assert_digest(hash_finish(state), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_digest(hash_finish(state), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        hash_update(state, "abc", 3);
        assert_digest(hash_finish(state), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void test_equal(void)
{
        Digest a = hash_sha256("a", 1), b = a;
        Id x = { { 1 } }, y = { { 1 } };

        g_assert_true(digest_equal(&a, &b));
        b.b[ZW_DIGEST_BYTES - 1] ^= 1;
        g_assert_false(digest_equal(&a, &b));
        g_assert_true(id_equal(&x, &y));
        y.b[ZW_ID_BYTES - 1] ^= 0x80;
        g_assert_false(id_equal(&x, &y));
}

static void test_hex(void)
{
        static const uint8_t bytes[] = { 0x00, 0x0f, 0xa5, 0xff };
        uint8_t back[4] = { 0 };
        char text[9];

        hex_encode(bytes, sizeof(bytes), text);
        g_assert_cmpstr(text, ==, "000fa5ff");
        g_assert_true(hex_decode(text, back, sizeof(back), NULL));
        assert_bytes(back, sizeof(back), bytes, sizeof(bytes));
        g_assert_true(hex_decode("", back, 0, NULL));
}

static void test_hex_refused(void)
{
        static const char *const texts[] = { "",           "0",        "000fa5f",  "000fa5ff0",
                                             "000fa5ff00", "000FA5FF", "000fa5fg", "0x0fa5ff",
                                             " 00fa5ff",   "000fa5f ", "-00fa5ff", "000fa5\xff\xff",
                                             "000fa5:f",   "000fa5`f", "000fa5/f" };

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
                g_autoptr(GError) error = NULL;
                uint8_t back[4] = { 9, 9, 9, 9 };

                g_assert_false(hex_decode(texts[i], back, sizeof(back), &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
                g_assert_cmpstr(error->message, ==, "must be exactly 8 hexadecimal digits in lower case");
                assert_bytes(back, 4, "\t\t\t\t", 4);
        }
}

static void test_ids(void)
{
        g_autoptr(GHashTable) seen = hash_table_new_text(g_free, NULL);

        for (int i = 0; i < 10000; i++) {
                Id id = id_new();
                char text[ZW_ID_HEX];

                hex_encode(id.b, sizeof(id.b), text);
                g_assert_true(g_hash_table_add(seen, g_strdup(text)));
        }
}

/* Every bit is sometimes set and sometimes not. */
static void test_random(void)
{
        uint8_t any[32] = { 0 }, all[32];

        memset(all, 0xff, sizeof(all));
        for (int round = 0; round < 200; round++) {
                uint8_t bytes[32];

                random_bytes(bytes, sizeof(bytes));
                for (size_t i = 0; i < sizeof(bytes); i++) {
                        any[i] |= bytes[i];
                        all[i] &= bytes[i];
                }
        }
        for (size_t i = 0; i < sizeof(any); i++) {
                g_assert_cmphex(any[i], ==, 0xff);
                g_assert_cmphex(all[i], ==, 0);
        }
        random_bytes(any, 0);
}

static void test_table(void)
{
        g_autoptr(GHashTable) table = hash_table_new_text(g_free, g_free);

        for (int i = 0; i < 5000; i++)
                g_hash_table_insert(table, g_strdup_printf("key %d", i), g_strdup_printf("%d", i));
        g_assert_cmpuint(g_hash_table_size(table), ==, 5000);
        g_assert_cmpstr(g_hash_table_lookup(table, "key 4999"), ==, "4999");
        g_hash_table_insert(table, g_strdup("key 7"), g_strdup("seven"));
        g_assert_cmpstr(g_hash_table_lookup(table, "key 7"), ==, "seven");
        g_assert_null(g_hash_table_lookup(table, "key 5000"));
        g_assert_true(g_hash_table_remove(table, "key 0"));
        g_assert_cmpuint(g_hash_table_size(table), ==, 4999);
}

/* These collide under the multiplicative hash of GLib, whatever stands before and after them. */
static void test_keyed(void)
{
        uint64_t first = hash_keyed("Ey", 2);

        g_assert_cmpuint(g_str_hash("Ey"), ==, g_str_hash("FX"));
        g_assert_cmpuint(first, !=, hash_keyed("FX", 2));
        g_assert_cmpuint(first, ==, hash_keyed("Ey", 2));
        g_assert_cmpuint(hash_keyed("Ey", 1), !=, first);
}

/* Another process has another key. */
static void test_keyed_differs(void)
{
        g_autofree char *mine = g_strdup_printf("*hash %016" G_GINT64_MODIFIER "x*", hash_keyed("zone", 4));

        if (g_test_subprocess()) {
                g_print("%s", mine);
                return;
        }
        g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
        g_test_trap_assert_passed();
        g_test_trap_assert_stdout("*hash *");
        g_test_trap_assert_stdout_unmatched(mine);
}

static void *hash_some(void *unused G_GNUC_UNUSED)
{
        for (int i = 0; i < 2000; i++) {
                g_autoptr(HashState) state = hash_new();
                Id id = id_new();

                hash_update(state, id.b, sizeof(id.b));
                Digest a = hash_finish(state), b = hash_sha256(id.b, sizeof(id.b));

                if (!digest_equal(&a, &b) || hash_keyed(&a, sizeof(a)) != hash_keyed(&b, sizeof(b)))
                        return (void *)hash_some;
        }
        return NULL;
}

static void test_threads(void)
{
        pthread_t threads[4];

        for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
                g_assert_cmpint(pthread_create(&threads[i], NULL, hash_some, NULL), ==, 0);
        for (size_t i = 0; i < G_N_ELEMENTS(threads); i++) {
                void *wrong = NULL;

                g_assert_cmpint(pthread_join(threads[i], &wrong), ==, 0);
                g_assert_null(wrong);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/hash/threads",
                        test_threads); /* first: the lazy parts are made by whoever comes */
        g_test_add_func("/base/hash/sha256", test_sha256);
        g_test_add_func("/base/hash/state", test_state);
        g_test_add_func("/base/hash/equal", test_equal);
        g_test_add_func("/base/hash/hex", test_hex);
        g_test_add_func("/base/hash/hex-refused", test_hex_refused);
        g_test_add_func("/base/hash/ids", test_ids);
        g_test_add_func("/base/hash/random", test_random);
        g_test_add_func("/base/hash/table", test_table);
        g_test_add_func("/base/hash/keyed", test_keyed);
        g_test_add_func("/base/hash/keyed-differs", test_keyed_differs);
        return g_test_run();
}
