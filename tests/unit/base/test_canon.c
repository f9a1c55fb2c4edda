#include "base/canon.h"

#include "base/error.h"
#include "base/hash.h"
#include "bytes.h"

#include <string.h>

/* Frozen: the same rows are in docs/log-format.md. The hashes were made by another program. */
static const struct {
        const char *json, *canonical, *sha256;
} vectors[] = {
        { "{}", "{}", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a" },
        { "[]", "[]", "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945" },
        { "\"\"", "\"\"", "12ae32cb1ec02d01eda3581b127c1fee3b0dc53572ed6baf239721a03d82e126" },
        { "-0", "0", "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9" },
        { "-9007199254740991", "-9007199254740991",
          "4c933a456bb8f2e9894b2d0b26480439cd72d52fb8a27cbf8fd7f323f22c7815" },
        { "[1,[2,[]],{}]", "[1,[2,[]],{}]",
          "a73258383478381ac007e782e23e1d3777f59f2527b6840cf3a81571507c51d0" },
        { "{\"b\":1,\"a\":2,\"\":3,\"aa\":4,\"B\":5}", "{\"\":3,\"B\":5,\"a\":2,\"aa\":4,\"b\":1}",
          "c679f661fe233671111e04813e1db496c5ebff69675d8c72086c7579ee84c0ff" },
        { " { \"a\" : [ true , false , null ] } ", "{\"a\":[true,false,null]}",
          "65562750968a608d441205477d42904d28dc1c74274d08932e8c2615d7fbefb0" },
        { "\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f \\\"\\\\\\/\\u007f\"",
          "\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f \\\"\\\\/\x7f\"",
          "ea8ffd5924e1470fb68b491797d2f94c3af4916c3dad315e1bbc8d6a5f31cd70" },
        { "\"\\u00e9\\u20ac\\ud83d\\ude00\\u2028\"", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xe2\x80\xa8\"",
          "f2ef6c2290f8eb5bc4b6cef6c661bb7370a61866ecfe3364185116637cf36cbe" },
        /* by byte, U+FFEE comes before U+10000; by UTF-16 unit it would not */
        { "{\"\\ud800\\udc00\":1,\"\\uffee\":2,\"\\u00e9\":3,\"z\":4,\"~/\":5}",
          "{\"z\":4,\"~/\":5,\"\xc3\xa9\":3,\"\xef\xbf\xae\":2,\"\xf0\x90\x80\x80\":1}",
          "73470aa0ae2c88c4e376155cd16bef42cd4528a2de627800bd9061df9ca01079" },
        { "{\"a\":{\"d\":\"1.50\",\"c\":[]},\"a.b\":0}", "{\"a\":{\"c\":[],\"d\":\"1.50\"},\"a.b\":0}",
          "4e26fbafc8f9dbd686bcc6bf41712f999eeb4a01418540716446acb08d73c787" },
};

static json_t *load(const char *text)
{
        json_t *value = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

        g_assert_nonnull(value);
        return value;
}

static void test_vectors(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(vectors); i++) {
                json_t *value = load(vectors[i].json);
                g_autoptr(GBytes) bytes = canon_bytes(value, 1000, NULL);
                char hex[ZW_DIGEST_HEX];
                Digest digest;

                json_decref(value);
                g_assert_nonnull(bytes);
                assert_bytes(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), vectors[i].canonical,
                             strlen(vectors[i].canonical));
                digest = hash_sha256(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
                hex_encode(digest.b, sizeof(digest.b), hex);
                g_assert_cmpstr(hex, ==, vectors[i].sha256);
        }
}

/* Members in any order of making give the same bytes, and reading them back and encoding again too. */
static void test_stable(void)
{
        for (int round = 0; round < 500; round++) {
                json_t *one = json_object(), *two = json_object(), *back;
                g_autoptr(GBytes) a = NULL, b = NULL, c = NULL;
                char keys[20][4];

                for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
                        (void)g_snprintf(keys[i], sizeof(keys[i]), "%x", g_test_rand_int_range(0, 4096));
                for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
                        json_object_set_new(one, keys[i], json_string(keys[i]));
                        json_object_set_new(two, keys[G_N_ELEMENTS(keys) - 1 - i],
                                            json_string(keys[G_N_ELEMENTS(keys) - 1 - i]));
                }
                a = canon_bytes(one, 10000, NULL);
                b = canon_bytes(two, 10000, NULL);
                g_assert_true(g_bytes_equal(a, b));
                back = json_loadb(g_bytes_get_data(a, NULL), g_bytes_get_size(a), 0, NULL);
                c = canon_bytes(back, 10000, NULL);
                g_assert_true(g_bytes_equal(a, c));
                json_decref(one);
                json_decref(two);
                json_decref(back);
        }
}

/* Consumes `value`. */
static void assert_refused(json_t *value, ZwErrorCode code, const char *where)
{
        g_autoptr(GError) error = NULL;

        g_assert_nonnull(value);
        g_assert_null(canon_bytes(value, 10000, &error));
        g_assert_error(error, ZW_ERROR, (int)code);
        g_assert_cmpstr(error_where(error), ==, where);
        json_decref(value);
}

static void test_reals(void)
{
        assert_refused(load("1.5"), ZW_ERR_INPUT, "");
        assert_refused(load("{\"a\":[0,{\"b/c\":-0.0}]}"), ZW_ERR_INPUT, "/a/1/b~1c");
        assert_refused(load("[1e2]"), ZW_ERR_INPUT, "/0");
}

static void test_integers(void)
{
        json_t *value = load("[9007199254740991,-9007199254740991]");
        g_autoptr(GBytes) bytes = canon_bytes(value, 100, NULL);

        g_assert_nonnull(bytes);
        json_decref(value);
        assert_refused(load("[9007199254740992]"), ZW_ERR_INPUT, "/0");
        assert_refused(load("[-9007199254740992]"), ZW_ERR_INPUT, "/0");
        assert_refused(load("{\"n\":9223372036854775807}"), ZW_ERR_INPUT, "/n");
        assert_refused(load("{\"n\":-9223372036854775808}"), ZW_ERR_INPUT, "/n");
}

static void test_bad_utf8(void)
{
        json_t *object = json_object();

        assert_refused(json_stringn_nocheck("a\xff", 2), ZW_ERR_INPUT, "");
        assert_refused(json_stringn_nocheck("\xed\xa0\x80", 3), ZW_ERR_INPUT, "");
        json_object_set_new_nocheck(object, "k\xc3", json_null());
        assert_refused(json_pack("[o]", object), ZW_ERR_INPUT, "/0");
}

static json_t *nested(size_t depth)
{
        json_t *value = json_null();

        for (size_t i = 0; i < depth; i++)
                value = i % 2 == 0 ? json_pack("[o]", value) : json_pack("{s:o}", "k", value);
        return value;
}

static void test_depth(void)
{
        json_t *value = nested(100);
        g_autoptr(GBytes) bytes = canon_bytes(value, 10000, NULL);
        g_autoptr(GError) error = NULL;

        g_assert_nonnull(bytes);
        json_decref(value);
        value = nested(101);
        g_assert_null(canon_bytes(value, 10000, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
        g_assert_true(g_str_has_prefix(error_where(error), "/0/k/0/k/0"));
        json_decref(value);
}

static void test_limit(void)
{
        json_t *value = load("[1,2]");
        g_autoptr(GBytes) bytes = canon_bytes(value, 5, NULL);
        g_autoptr(GError) error = NULL;

        g_assert_nonnull(bytes);
        g_assert_null(canon_bytes(value, 4, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
        json_decref(value);
}

static void test_appends(void)
{
        g_autoptr(Out) out = out_new(100);
        json_t *value = load("[1]");

        out_text(out, "x");
        g_assert_true(canon_encode(value, out, NULL));
        g_assert_cmpstr(out_data(out), ==, "x[1]");
        json_decref(value);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/canon/vectors", test_vectors);
        g_test_add_func("/base/canon/stable", test_stable);
        g_test_add_func("/base/canon/reals", test_reals);
        g_test_add_func("/base/canon/integers", test_integers);
        g_test_add_func("/base/canon/bad-utf8", test_bad_utf8);
        g_test_add_func("/base/canon/depth", test_depth);
        g_test_add_func("/base/canon/limit", test_limit);
        g_test_add_func("/base/canon/appends", test_appends);
        return g_test_run();
}
