/* Tokens signed here with real keys, and everything that must not pass for one of them. */
#include "base/jose.h"

#include "base/base64url.h"
#include "base/error.h"
#include "base/hash.h"

#include <cjose/cjose.h>
#include <string.h>

typedef struct {
        cjose_jwk_t *rsa, *other, *ec;
        json_t *keys; /* the public halves of `rsa` and `ec` */
} Keys;

static const char claims[] = "{\"sub\":\"ann\",\"aud\":\"zonewright\"}";

static cjose_jwk_t *key_named(cjose_jwk_t *key, const char *kid)
{
        g_assert_nonnull(key);
        g_assert_true(cjose_jwk_set_kid(key, kid, strlen(kid), NULL));
        return key;
}

static json_t *public_of(const cjose_jwk_t *key)
{
        char *text = cjose_jwk_to_json(key, false, NULL);
        json_t *json = json_loads(text, 0, NULL);

        cjose_get_dealloc()(text);
        g_assert_nonnull(json);
        return json;
}

static void keys_make(Keys *keys, gconstpointer data G_GNUC_UNUSED)
{
        static const uint8_t exponent[] = { 1, 0, 1 };

        keys->rsa = key_named(cjose_jwk_create_RSA_random(2048, exponent, 3, NULL), "one");
        keys->other = key_named(cjose_jwk_create_RSA_random(2048, exponent, 3, NULL), "one");
        keys->ec = key_named(cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, NULL), "two");
        keys->keys = json_pack("{s:[o, o]}", "keys", public_of(keys->rsa), public_of(keys->ec));
}

static void keys_free(Keys *keys, gconstpointer data G_GNUC_UNUSED)
{
        cjose_jwk_release(keys->rsa);
        cjose_jwk_release(keys->other);
        cjose_jwk_release(keys->ec);
        json_decref(keys->keys);
}

/* A token as a provider makes it. */
static char *token_of(const cjose_jwk_t *key, const char *alg, const char *kid, const char *text)
{
        cjose_header_t *head = cjose_header_new(NULL);
        cjose_jws_t *jws;
        const char *made;
        char *token;

        g_assert_true(cjose_header_set(head, CJOSE_HDR_ALG, alg, NULL));
        if (kid != NULL)
                g_assert_true(cjose_header_set(head, CJOSE_HDR_KID, kid, NULL));
        jws = cjose_jws_sign(key, head, (const uint8_t *)text, strlen(text), NULL);
        g_assert_nonnull(jws);
        g_assert_true(cjose_jws_export(jws, &made, NULL));
        token = g_strdup(made);
        cjose_jws_release(jws);
        cjose_header_release(head);
        return token;
}

static void expect_refused(const char *token, const json_t *keys, const char *why)
{
        g_autoptr(GError) error = NULL;

        g_test_message("%s", why);
        g_assert_null(jose_verify(token, keys, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
}

static void test_good(Keys *keys, gconstpointer data G_GNUC_UNUSED)
{
        const struct {
                const cjose_jwk_t *key;
                const char *alg, *kid;
        } cases[] = { { keys->rsa, "RS256", "one" },
                      { keys->rsa, "PS256", "one" },
                      { keys->ec, "ES256", "two" },
                      { keys->ec, "ES256", NULL } };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *token = token_of(cases[i].key, cases[i].alg, cases[i].kid, claims);
                g_autoptr(GError) error = NULL;
                g_autoptr(Json) got = jose_verify(token, keys->keys, &error);

                g_assert_no_error(error);
                g_assert_cmpstr(jread_get_string(got, "sub"), ==, "ann");
        }
}

static void test_other_keys(Keys *keys, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *forged = token_of(keys->other, "RS256", "one", claims),
                        *unknown = token_of(keys->rsa, "RS256", "three", claims),
                        *crossed = token_of(keys->rsa, "RS256", "two", claims),
                        *nameless = token_of(keys->rsa, "RS256", NULL, claims);
        g_autoptr(Json) both = json_pack("{s:[o, o]}", "keys", public_of(keys->rsa), public_of(keys->other)),
                        encrypting = json_deep_copy(keys->keys);
        json_t *first = json_array_get(json_object_get(encrypting, "keys"), 0);
        g_autofree char *good = token_of(keys->rsa, "RS256", "one", claims);

        expect_refused(forged, keys->keys, "another key of the same name");
        expect_refused(unknown, keys->keys, "a name no key has");
        expect_refused(crossed, keys->keys, "the name of a key of another type");
        expect_refused(nameless, both, "no name where two keys may be meant");
        json_object_set_new(first, "use", json_string("enc"));
        expect_refused(good, encrypting, "a key that is for something else");
}

/* Head, claims and signature put together by hand. */
static char *token_by_hand(const char *head, const char *text, const void *mac, size_t n)
{
        g_autofree char *a = base64url_encode(head, strlen(head)), *b = base64url_encode(text, strlen(text)),
                        *c = base64url_encode(mac, n);

        return g_strjoin(".", a, b, c, NULL);
}

static void test_algorithms(Keys *keys, gconstpointer data G_GNUC_UNUSED)
{
        static const char hs256[] = "{\"alg\":\"HS256\",\"kid\":\"one\"}";
        g_autoptr(Json) public = public_of(keys->rsa);
        const char *modulus = jread_get_string(public, "n");
        g_autofree char *a = base64url_encode(hs256, strlen(hs256)),
                        *b = base64url_encode(claims, strlen(claims)), *text = g_strjoin(".", a, b, NULL),
                        *whole = json_dumps(public, JSON_COMPACT);
        const Digest by_modulus = hash_hmac(modulus, strlen(modulus), text, strlen(text)),
                     by_key = hash_hmac(whole, strlen(whole), text, strlen(text));
        g_autofree char *none = token_by_hand("{\"alg\":\"none\"}", claims, "", 0),
                        *other_none = token_by_hand("{\"alg\":\"None\",\"kid\":\"one\"}", claims, "", 0),
                        *shared = token_by_hand(hs256, claims, by_modulus.b, sizeof(by_modulus.b)),
                        *shared_whole = token_by_hand(hs256, claims, by_key.b, sizeof(by_key.b)),
                        *longer = token_of(keys->rsa, "RS512", "one", claims);

        expect_refused(none, keys->keys, "no signature at all");
        expect_refused(other_none, keys->keys, "no signature in other letters");
        expect_refused(shared, keys->keys, "the public key as a shared secret");
        expect_refused(shared_whole, keys->keys, "all of the public key as a shared secret");
        expect_refused(longer, keys->keys, "an algorithm that is not taken");
}

static void test_altered(Keys *keys, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *token = token_of(keys->ec, "ES256", "two", claims);
        g_auto(GStrv) parts = g_strsplit(token, ".", -1);
        g_autofree char *other = base64url_encode("{\"sub\":\"eve\"}", strlen("{\"sub\":\"eve\"}")),
                        *swapped = g_strjoin(".", parts[0], other, parts[2], NULL),
                        *cut = g_strjoin(".", parts[0], parts[1], NULL),
                        *unsigned_ = g_strjoin(".", parts[0], parts[1], "", NULL),
                        *critical = token_by_hand("{\"alg\":\"ES256\",\"kid\":\"two\",\"crit\":[\"x\"]}",
                                                  claims, "x", 1);

        expect_refused(swapped, keys->keys, "other claims");
        expect_refused(cut, keys->keys, "without a signature");
        expect_refused(unsigned_, keys->keys, "an empty signature");
        expect_refused(critical, keys->keys, "something critical that is not understood");
        expect_refused("", keys->keys, "nothing");
        expect_refused("...", keys->keys, "dots");
        expect_refused("e30.e30.e30", keys->keys, "an empty head");
}

/* Flips every character of the signature and of the claims, one after the other. */
static void test_flips(Keys *keys, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *token = token_of(keys->rsa, "RS256", "one", claims);

        for (char *at = token; *at != '\0'; at++) {
                const char was = *at;
                g_autoptr(GError) error = NULL;

                *at = was == 'A' ? 'B' : 'A';
                g_assert_null(jose_verify(token, keys->keys, &error));
                g_assert_nonnull(error);
                *at = was;
        }
}

static void test_short_rsa(Keys *keys G_GNUC_UNUSED, gconstpointer data G_GNUC_UNUSED)
{
        static const uint8_t exponent[] = { 1, 0, 1 };
        cjose_jwk_t *key = key_named(cjose_jwk_create_RSA_random(1024, exponent, 3, NULL), "one");
        g_autoptr(Json) set = json_pack("{s:[o]}", "keys", public_of(key));
        g_autofree char *token = token_of(key, "RS256", "one", claims);

        expect_refused(token, set, "a key of 1024 bits");
        cjose_jwk_release(key);
}

int main(int argc, char **argv)
{
        static const struct {
                const char *path;
                void (*run)(Keys *keys, gconstpointer data);
        } tests[] = { { "/base/jose/good", test_good },
                      { "/base/jose/other-keys", test_other_keys },
                      { "/base/jose/algorithms", test_algorithms },
                      { "/base/jose/altered", test_altered },
                      { "/base/jose/flips", test_flips },
                      { "/base/jose/short-rsa", test_short_rsa } };

        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
                g_test_add(tests[i].path, Keys, NULL, keys_make, tests[i].run, keys_free);
        return g_test_run();
}
