#include "base/webauthn.h"

#include "base/error.h"
#include "base/jread.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <string.h>

/* Bits of the flags of authenticator data. */
enum { FLAG_PRESENT = 0x01, FLAG_VERIFIED = 0x04, FLAG_KEY = 0x40 };
/* Authenticator data: the hash of the host, the flags, the counter, and what follows. */
enum { DATA_HASH = 32, DATA_LEAST = 37 };

typedef fido_cred_t FidoCred;
typedef fido_assert_t FidoAssert;

static void cred_free(FidoCred *cred)
{
        fido_cred_free(&cred);
}

static void assert_free(FidoAssert *assert)
{
        fido_assert_free(&assert);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FidoCred, cred_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FidoAssert, assert_free)

void webauthn_answer_clear(WebauthnAnswer *answer)
{
        g_clear_pointer(&answer->client_data, g_bytes_unref);
        g_clear_pointer(&answer->authenticator_data, g_bytes_unref);
        g_clear_pointer(&answer->signature, g_bytes_unref);
}

static bool refuse(const char *why, GError **error)
{
        error_set(error, ZW_ERR_INPUT, "/passkey", "%s", why);
        return false;
}

/* ---- what the browser says it was asked ---- */

static bool client_data_check(const WebauthnExpected *expected, GBytes *bytes, const char *type,
                              Digest *ret_hash, GError **error)
{
        gsize n;
        const char *text = g_bytes_get_data(bytes, &n);
        g_autoptr(Json) data = n <= ZW_WEBAUTHN_BYTES_MAX ? jread_parse(text, n, NULL) : NULL;

        *ret_hash = hash_sha256(text, n);
        if (!json_is_object(data))
                return refuse("the data of the client are no object of JSON", error);
        if (g_strcmp0(jread_get_string(data, "type"), type) != 0)
                return refuse("the passkey was asked for something else", error);
        if (g_strcmp0(jread_get_string(data, "challenge"), expected->challenge) != 0)
                return refuse("the passkey signed another challenge", error);
        if (expected->origin != NULL && g_strcmp0(jread_get_string(data, "origin"), expected->origin) != 0)
                return refuse("the passkey was used on another page", error);
        if (jread_get_bool(data, "crossOrigin", false))
                return refuse("the passkey was used inside a page of another server", error);
        return true;
}

/* ---- what the authenticator says ---- */

static bool data_check(const WebauthnExpected *expected, GBytes *bytes, uint8_t flags, GError **error)
{
        const Digest host = hash_sha256(expected->rp, strlen(expected->rp));
        gsize n;
        const uint8_t *data = g_bytes_get_data(bytes, &n);

        if (n < DATA_LEAST || n > ZW_WEBAUTHN_BYTES_MAX)
                return refuse("the data of the authenticator are not of their form", error);
        if (memcmp(data, host.b, DATA_HASH) != 0)
                return refuse("the passkey is for another host", error);
        if ((data[DATA_HASH] & flags) != flags)
                return refuse("the authenticator did not find out that it is you", error);
        return true;
}

bool webauthn_take_key(const WebauthnExpected *expected, const WebauthnAnswer *answer, int algorithm,
                       WebauthnKey *ret_key, GError **error)
{
        g_autoptr(FidoCred) cred = fido_cred_new();
        WebauthnKey key = { .algorithm = algorithm };
        Digest hash;
        gsize n;
        const uint8_t *data = g_bytes_get_data(answer->authenticator_data, &n);

        if (algorithm != ZW_COSE_ES256 && algorithm != ZW_COSE_EDDSA && algorithm != ZW_COSE_RS256)
                return refuse("a passkey signs with ES256, EdDSA or RS256", error);
        if (!client_data_check(expected, answer->client_data, "webauthn.create", &hash, error) ||
            !data_check(expected, answer->authenticator_data, FLAG_PRESENT | FLAG_VERIFIED | FLAG_KEY, error))
                return false;
        if (cred == NULL || fido_cred_set_type(cred, algorithm) != FIDO_OK ||
            fido_cred_set_authdata_raw(cred, data, n) != FIDO_OK || fido_cred_pubkey_ptr(cred) == NULL)
                return refuse("the key is not of its form", error);
        key.id_n = fido_cred_id_len(cred);
        key.key_n = fido_cred_pubkey_len(cred);
        key.counter = fido_cred_sigcount(cred);
        if (key.id_n == 0 || key.id_n > sizeof(key.id) || key.key_n > sizeof(key.key))
                return refuse("the key is larger than its limit", error);
        /* allow: both were checked against the sizes */
        memcpy(key.id, fido_cred_id_ptr(cred), key.id_n);
        /* allow: as above */
        memcpy(key.key, fido_cred_pubkey_ptr(cred), key.key_n);
        *ret_key = key;
        return true;
}

/* ---- what it signs ---- */

static int verify_es256(const FidoAssert *assert, const WebauthnKey *key)
{
        es256_pk_t *pk = es256_pk_new();
        int code = pk == NULL ? FIDO_ERR_INTERNAL : es256_pk_from_ptr(pk, key->key, key->key_n);

        if (code == FIDO_OK)
                code = fido_assert_verify(assert, 0, COSE_ES256, pk);
        es256_pk_free(&pk);
        return code;
}

static int verify_eddsa(const FidoAssert *assert, const WebauthnKey *key)
{
        eddsa_pk_t *pk = eddsa_pk_new();
        int code = pk == NULL ? FIDO_ERR_INTERNAL : eddsa_pk_from_ptr(pk, key->key, key->key_n);

        if (code == FIDO_OK)
                code = fido_assert_verify(assert, 0, COSE_EDDSA, pk);
        eddsa_pk_free(&pk);
        return code;
}

static int verify_rs256(const FidoAssert *assert, const WebauthnKey *key)
{
        rs256_pk_t *pk = rs256_pk_new();
        int code = pk == NULL ? FIDO_ERR_INTERNAL : rs256_pk_from_ptr(pk, key->key, key->key_n);

        if (code == FIDO_OK)
                code = fido_assert_verify(assert, 0, COSE_RS256, pk);
        rs256_pk_free(&pk);
        return code;
}

static bool assert_fill(FidoAssert *assert, const WebauthnExpected *expected, const WebauthnAnswer *answer,
                        const Digest *hash)
{
        gsize data_n, signature_n;
        const uint8_t *data = g_bytes_get_data(answer->authenticator_data, &data_n),
                      *signature = g_bytes_get_data(answer->signature, &signature_n);

        return assert != NULL &&fido_assert_set_count(assert, 1) ==
                       FIDO_OK &&fido_assert_set_rp(assert, expected->rp) ==
                       FIDO_OK &&fido_assert_set_clientdata_hash(assert, hash->b, sizeof(hash->b)) ==
                       FIDO_OK &&fido_assert_set_up(assert, FIDO_OPT_TRUE) ==
                       FIDO_OK &&fido_assert_set_uv(assert, FIDO_OPT_TRUE) ==
                       FIDO_OK &&fido_assert_set_authdata_raw(assert, 0, data, data_n) ==
                       FIDO_OK &&signature_n > 0 &&
               fido_assert_set_sig(assert, 0, signature, signature_n) == FIDO_OK;
}

bool webauthn_verify(const WebauthnExpected *expected, const WebauthnAnswer *answer, const WebauthnKey *key,
                     uint32_t *ret_counter, GError **error)
{
        g_autoptr(FidoAssert) assert = fido_assert_new();
        int code = FIDO_ERR_INTERNAL;
        Digest hash;

        if (!client_data_check(expected, answer->client_data, "webauthn.get", &hash, error) ||
            !data_check(expected, answer->authenticator_data, FLAG_PRESENT | FLAG_VERIFIED, error))
                return false;
        if (g_bytes_get_size(answer->signature) > ZW_WEBAUTHN_BYTES_MAX ||
            !assert_fill(assert, expected, answer, &hash))
                return refuse("the answer of the authenticator is not of its form", error);
        switch (key->algorithm) {
        case ZW_COSE_ES256:
                code = verify_es256(assert, key);
                break;
        case ZW_COSE_EDDSA:
                code = verify_eddsa(assert, key);
                break;
        case ZW_COSE_RS256:
                code = verify_rs256(assert, key);
                break;
        default:
                break;
        }
        if (code != FIDO_OK)
                return refuse("it is not signed with this passkey", error);
        *ret_counter = fido_assert_sigcount(assert, 0);
        return true;
}
