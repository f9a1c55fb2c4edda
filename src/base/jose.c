#include "base/jose.h"

#include "base/base64url.h"
#include "base/error.h"

#include <cjose/cjose.h>
#include <string.h>

enum { RSA_BYTES_LEAST = 256 };

/* What a signature may be made with, and the keys that fit. No row has a shared secret: a public key is none. */
static const struct {
        const char *alg, *kty, *crv;
} algorithms[] = { { "RS256", "RSA", NULL }, { "PS256", "RSA", NULL }, { "ES256", "EC", "P-256" } };

typedef cjose_jws_t JoseToken;
typedef cjose_jwk_t JoseKey;

static void key_release(JoseKey *key)
{
        (void)cjose_jwk_release(key);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JoseToken, cjose_jws_release)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JoseKey, key_release)

static bool refuse(const char *why, GError **error)
{
        error_set(error, ZW_ERR_INPUT, NULL, "%s", why);
        return false;
}

/* ---- the head ---- */

/* A token has one spelling: the library would take others. */
static bool parts_check(const char *token, GError **error)
{
        g_auto(GStrv) parts = g_strsplit(token, ".", -1);

        if (g_strv_length(parts) != 3)
                return refuse("a signed token has three parts", error);
        for (char **part = parts; *part != NULL; part++) {
                g_autofree uint8_t *bytes = NULL;
                size_t n;

                bytes = base64url_decode(*part, &n, error);
                if (bytes == NULL)
                        return false;
        }
        return true;
}

static json_t *head_read(const char *token, GError **error)
{
        g_autofree char *part = g_strndup(token, strcspn(token, "."));
        g_autofree uint8_t *bytes = NULL;
        g_autoptr(Json) head = NULL;
        size_t n;

        if (!parts_check(token, error))
                return NULL;
        bytes = base64url_decode(part, &n, error);
        head = bytes == NULL ? NULL : jread_parse((const char *)bytes, n, error);
        if (head == NULL)
                return NULL;
        /* What is critical there is not understood here, whatever it is. */
        if (!json_is_object(head) || json_object_get(head, "crit") != NULL) {
                (void)refuse("the head of the token is not understood", error);
                return NULL;
        }
        return g_steal_pointer(&head);
}

/* The row of `algorithms`, or -1. */
static int algorithm_of(const json_t *head)
{
        const char *alg = jread_get_string(head, "alg");

        for (size_t i = 0; alg != NULL && i < G_N_ELEMENTS(algorithms); i++)
                if (strcmp(algorithms[i].alg, alg) == 0)
                        return (int)i;
        return -1;
}

/* ---- the key ---- */

static bool is_or_absent(const json_t *key, const char *member, const char *wanted)
{
        const char *value = jread_get_string(key, member);

        return value == NULL || strcmp(value, wanted) == 0;
}

static bool rsa_is_long(const json_t *key)
{
        const char *modulus = jread_get_string(key, "n");
        g_autofree uint8_t *bytes = NULL;
        size_t n = 0;

        bytes = modulus == NULL ? NULL : base64url_decode(modulus, &n, NULL);
        return bytes != NULL && n >= RSA_BYTES_LEAST && bytes[0] != 0;
}

static bool key_fits(const json_t *key, int algorithm, const char *kid)
{
        const char *kty = jread_get_string(key, "kty"), *crv = algorithms[algorithm].crv,
                   *own = jread_get_string(key, "kid");

        return g_strcmp0(kty, algorithms[algorithm].kty) == 0 &&
               (crv == NULL ? rsa_is_long(key) : g_strcmp0(jread_get_string(key, "crv"), crv) == 0) &&
               is_or_absent(key, "use", "sig") && is_or_absent(key, "alg", algorithms[algorithm].alg) &&
               (kid == NULL || g_strcmp0(own, kid) == 0);
}

static const json_t *key_choose(const json_t *keys, const json_t *head, int algorithm, GError **error)
{
        const char *kid = jread_get_string(head, "kid");
        const json_t *list = json_object_get(keys, "keys"), *key, *found = NULL;
        unsigned n = 0;
        size_t i;

        if (json_array_size(list) > ZW_JOSE_KEYS_MAX) {
                error_set(error, ZW_ERR_LIMIT, NULL, "a set has at most %d keys", (int)ZW_JOSE_KEYS_MAX);
                return NULL;
        }
        json_array_foreach(list, i, key) if (key_fits(key, algorithm, kid))
        {
                found = key;
                n++;
        }
        if (n != 1) {
                (void)refuse("the token is not signed with a key of the set", error);
                return NULL;
        }
        return found;
}

/* ---- the whole ---- */

static json_t *claims_read(const JoseToken *jws, GError **error)
{
        g_autoptr(Json) claims = NULL;
        cjose_err failure;
        uint8_t *text;
        size_t n;

        if (!cjose_jws_get_plaintext(jws, &text, &n, &failure)) {
                (void)refuse("the token has no claims", error);
                return NULL;
        }
        claims = jread_parse((const char *)text, n, error);
        if (claims == NULL || json_is_object(claims))
                return g_steal_pointer(&claims);
        (void)refuse("the claims are no object", error);
        return NULL;
}

json_t *jose_verify(const char *token, const json_t *keys, GError **error)
{
        const size_t n = strlen(token);
        g_autoptr(Json) head = NULL;
        g_autofree char *text = NULL;
        g_autoptr(JoseToken) jws = NULL;
        g_autoptr(JoseKey) jwk = NULL;
        const json_t *key;
        cjose_err failure;
        int algorithm;

        if (n > ZW_JOSE_TOKEN_MAX) {
                error_set(error, ZW_ERR_LIMIT, NULL, "a token has at most %d bytes", (int)ZW_JOSE_TOKEN_MAX);
                return NULL;
        }
        head = head_read(token, error);
        if (head == NULL)
                return NULL;
        algorithm = algorithm_of(head);
        if (algorithm < 0) {
                (void)refuse("the token is not signed with RS256, PS256 or ES256", error);
                return NULL;
        }
        key = key_choose(keys, head, algorithm, error);
        if (key == NULL)
                return NULL;
        text = json_dumps(key, JSON_COMPACT);
        jwk = cjose_jwk_import(text, strlen(text), &failure);
        jws = cjose_jws_import(token, n, &failure);
        if (jwk == NULL || jws == NULL || !cjose_jws_verify(jws, jwk, &failure)) {
                (void)refuse("the signature of the token does not hold", error);
                return NULL;
        }
        return claims_read(jws, error);
}
