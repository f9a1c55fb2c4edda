/* A software authenticator: keys made and challenges signed here by OpenSSL, and everything that must not pass for them. */
#include "base/webauthn.h"

#include "base/base64url.h"
#include "base/error.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <string.h>

enum { PRESENT = 0x01, VERIFIED = 0x04, HAS_KEY = 0x40, ALL = PRESENT | VERIFIED };

static const WebauthnExpected expected = { "plant.example", "https://plant.example", "Y2hhbGxlbmdl" };

typedef struct {
        EVP_PKEY *key, *other;
        uint8_t point[65];
} Authenticator;

static void authenticator_make(Authenticator *a, gconstpointer data G_GNUC_UNUSED)
{
        size_t n;

        a->key = EVP_EC_gen("P-256");
        a->other = EVP_EC_gen("P-256");
        g_assert_cmpint(EVP_PKEY_get_octet_string_param(a->key, OSSL_PKEY_PARAM_PUB_KEY, a->point,
                                                        sizeof(a->point), &n),
                        ==, 1);
        g_assert_cmpuint(n, ==, 65);
}

static void authenticator_free(Authenticator *a, gconstpointer data G_GNUC_UNUSED)
{
        EVP_PKEY_free(a->key);
        EVP_PKEY_free(a->other);
}

static GByteArray *data_of(const char *rp, unsigned flags, uint32_t counter)
{
        const Digest host = hash_sha256(rp, strlen(rp));
        const uint8_t rest[] = { (uint8_t)flags, (uint8_t)(counter >> 24), (uint8_t)(counter >> 16),
                                 (uint8_t)(counter >> 8), (uint8_t)counter };
        GByteArray *data = g_byte_array_new();

        g_byte_array_append(data, host.b, sizeof(host.b));
        g_byte_array_append(data, rest, sizeof(rest));
        return data;
}

/* Authenticator data with a key: id `0102..10`, COSE of ES256. */
static GBytes *key_data(const Authenticator *a, const char *rp, unsigned flags)
{
        static const uint8_t head[] = { 0,  0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  0,  0,  0,  0,  0,  0,
                                        16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 },
                             cose[] = { 0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32 },
                             y[] = { 0x22, 0x58, 32 };
        GByteArray *data = data_of(rp, flags, 5);

        g_byte_array_append(data, head, sizeof(head));
        g_byte_array_append(data, cose, sizeof(cose));
        g_byte_array_append(data, a->point + 1, 32);
        g_byte_array_append(data, y, sizeof(y));
        g_byte_array_append(data, a->point + 33, 32);
        return g_byte_array_free_to_bytes(data);
}

static GBytes *client_data(const char *type, const char *challenge, const char *origin, const char *more)
{
        char *text = g_strdup_printf("{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"%s\"%s}", type,
                                     challenge, origin, more);

        return g_bytes_new_take(text, strlen(text));
}

static GBytes *sign(EVP_PKEY *key, GBytes *data, GBytes *client)
{
        EVP_MD_CTX *ctx = EVP_MD_CTX_new();
        gsize data_n, client_n;
        const void *bytes = g_bytes_get_data(data, &data_n), *text = g_bytes_get_data(client, &client_n);
        const Digest hash = hash_sha256(text, client_n);
        uint8_t signature[128];
        size_t n = sizeof(signature);

        g_assert_cmpint(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key), ==, 1);
        g_assert_cmpint(EVP_DigestSignUpdate(ctx, bytes, data_n), ==, 1);
        g_assert_cmpint(EVP_DigestSignUpdate(ctx, hash.b, sizeof(hash.b)), ==, 1);
        g_assert_cmpint(EVP_DigestSignFinal(ctx, signature, &n), ==, 1);
        EVP_MD_CTX_free(ctx);
        return g_bytes_new(signature, n);
}

static WebauthnKey key_taken(const Authenticator *a)
{
        g_auto(WebauthnAnswer)
                answer = { client_data("webauthn.create", expected.challenge, expected.origin, ""),
                           key_data(a, expected.rp, ALL | HAS_KEY), NULL };
        g_autoptr(GError) error = NULL;
        WebauthnKey key = { .key_n = 0 };

        g_assert_true(webauthn_take_key(&expected, &answer, ZW_COSE_ES256, &key, &error));
        g_assert_no_error(error);
        return key;
}

static void test_key(Authenticator *a, gconstpointer data G_GNUC_UNUSED)
{
        const WebauthnKey key = key_taken(a);

        g_assert_cmpuint(key.id_n, ==, 16);
        g_assert_cmpint(key.id[15], ==, 16);
        g_assert_cmpuint(key.key_n, ==, 64);
        g_assert_true(memcmp(key.key, a->point + 1, 64) == 0);
        g_assert_cmpuint(key.counter, ==, 5);
}

static void test_no_keys(Authenticator *a, gconstpointer data G_GNUC_UNUSED)
{
        static const struct {
                const char *type, *challenge, *origin, *more, *rp;
                unsigned flags;
                int algorithm;
                size_t cut;
        } cases[] = {
                { "webauthn.get", "Y2hhbGxlbmdl", "https://plant.example", "", "plant.example", ALL | HAS_KEY,
                  -7, 0 },
                { "webauthn.create", "b3RoZXI", "https://plant.example", "", "plant.example", ALL | HAS_KEY,
                  -7, 0 },
                { "webauthn.create", "Y2hhbGxlbmdl", "https://evil.example", "", "plant.example",
                  ALL | HAS_KEY, -7, 0 },
                { "webauthn.create", "Y2hhbGxlbmdl", "http://plant.example", "", "plant.example",
                  ALL | HAS_KEY, -7, 0 },
                { "webauthn.create", "Y2hhbGxlbmdl", "https://plant.example", ",\"crossOrigin\":true",
                  "plant.example", ALL | HAS_KEY, -7, 0 },
                { "webauthn.create", "Y2hhbGxlbmdl", "https://plant.example", ",", "plant.example",
                  ALL | HAS_KEY, -7, 0 },
                { "webauthn.create", "Y2hhbGxlbmdl", "https://plant.example", "", "evil.example",
                  ALL | HAS_KEY, -7, 0 },
                { "webauthn.create", "Y2hhbGxlbmdl", "https://plant.example", "", "plant.example",
                  PRESENT | HAS_KEY, -7, 0 },
                { "webauthn.create", "Y2hhbGxlbmdl", "https://plant.example", "", "plant.example",
                  VERIFIED | HAS_KEY, -7, 0 },
                { "webauthn.create", "Y2hhbGxlbmdl", "https://plant.example", "", "plant.example", ALL, -7,
                  0 },
                { "webauthn.create", "Y2hhbGxlbmdl", "https://plant.example", "", "plant.example",
                  ALL | HAS_KEY, -257, 0 },
                { "webauthn.create", "Y2hhbGxlbmdl", "https://plant.example", "", "plant.example",
                  ALL | HAS_KEY, -65535, 0 },
                { "webauthn.create", "Y2hhbGxlbmdl", "https://plant.example", "", "plant.example",
                  ALL | HAS_KEY, -7, 1 },
                { "webauthn.create", "Y2hhbGxlbmdl", "https://plant.example", "", "plant.example",
                  ALL | HAS_KEY, -7, 80 },
                { "webauthn.create", "Y2hhbGxlbmdl", "https://plant.example", "", "plant.example",
                  ALL | HAS_KEY, -7, 140 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GBytes) whole = key_data(a, cases[i].rp, cases[i].flags);
                g_auto(WebauthnAnswer) answer = {
                        client_data(cases[i].type, cases[i].challenge, cases[i].origin, cases[i].more),
                        g_bytes_new_from_bytes(whole, 0, g_bytes_get_size(whole) - cases[i].cut), NULL
                };
                g_autoptr(GError) error = NULL;
                WebauthnKey key;

                g_test_message("case %zu", i);
                g_assert_false(webauthn_take_key(&expected, &answer, cases[i].algorithm, &key, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
        }
}

static bool verified(const Authenticator *a, EVP_PKEY *with, const char *rp, unsigned flags, GBytes *client,
                     size_t flip, uint32_t *ret_counter)
{
        g_autoptr(GByteArray) data = data_of(rp, flags, 7);
        g_autoptr(GBytes) signed_ = g_bytes_new(data->data, data->len);
        g_auto(WebauthnAnswer) answer = { g_bytes_ref(client), NULL, sign(with, signed_, client) };
        const WebauthnKey key = key_taken(a);

        if (flip < data->len)
                data->data[flip] ^= 1;
        answer.authenticator_data = g_bytes_new(data->data, data->len);
        return webauthn_verify(&expected, &answer, &key, ret_counter, NULL);
}

static void test_signed(Authenticator *a, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GBytes)
                good = client_data("webauthn.get", expected.challenge, expected.origin, ""),
                create = client_data("webauthn.create", expected.challenge, expected.origin, ""),
                other = client_data("webauthn.get", "b3RoZXI", expected.origin, ""),
                elsewhere = client_data("webauthn.get", expected.challenge, "https://evil.example", "");
        uint32_t counter = 0;

        g_assert_true(verified(a, a->key, expected.rp, ALL, good, SIZE_MAX, &counter));
        g_assert_cmpuint(counter, ==, 7);
        g_assert_false(verified(a, a->other, expected.rp, ALL, good, SIZE_MAX, &counter));
        g_assert_false(verified(a, a->key, "evil.example", ALL, good, SIZE_MAX, &counter));
        g_assert_false(verified(a, a->key, expected.rp, PRESENT, good, SIZE_MAX, &counter));
        g_assert_false(verified(a, a->key, expected.rp, VERIFIED, good, SIZE_MAX, &counter));
        g_assert_false(verified(a, a->key, expected.rp, ALL, create, SIZE_MAX, &counter));
        g_assert_false(verified(a, a->key, expected.rp, ALL, other, SIZE_MAX, &counter));
        g_assert_false(verified(a, a->key, expected.rp, ALL, elsewhere, SIZE_MAX, &counter));
        for (size_t i = 0; i < 37; i++)
                g_assert_false(verified(a, a->key, expected.rp, ALL, good, i, &counter));
}

static void test_no_signature(Authenticator *a, gconstpointer data G_GNUC_UNUSED)
{
        const WebauthnKey key = key_taken(a);
        static const char *const signatures[] = {
                "", "x", "0000000000000000000000000000000000000000000000000000000000000000"
        };

        for (size_t i = 0; i < G_N_ELEMENTS(signatures); i++) {
                GByteArray *bytes = data_of(expected.rp, ALL, 7);
                g_auto(WebauthnAnswer)
                        answer = { client_data("webauthn.get", expected.challenge, expected.origin, ""),
                                   g_byte_array_free_to_bytes(bytes),
                                   g_bytes_new(signatures[i], strlen(signatures[i])) };
                g_autoptr(GError) error = NULL;
                uint32_t counter;

                g_assert_false(webauthn_verify(&expected, &answer, &key, &counter, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
        }
}

int main(int argc, char **argv)
{
        static const struct {
                const char *path;
                void (*run)(Authenticator *a, gconstpointer data);
        } tests[] = { { "/base/webauthn/key", test_key },
                      { "/base/webauthn/no-keys", test_no_keys },
                      { "/base/webauthn/signed", test_signed },
                      { "/base/webauthn/no-signature", test_no_signature } };

        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
                g_test_add(tests[i].path, Authenticator, NULL, authenticator_make, tests[i].run,
                           authenticator_free);
        return g_test_run();
}
