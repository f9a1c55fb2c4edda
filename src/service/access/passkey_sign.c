/* A passkey as the proof of who signs: it signs the hash of the very manifest, and what it signed stays with the signature. */
#include "service/access/passkey_internal.h"

#include "base/base64url.h"
#include "service/access/access_internal.h"

#include <string.h>

/* ---- the challenge ---- */

/* Of hashes in hex, out of an array whose elements are texts, or objects with the hash as `member`. Free it; NULL when one is no
 * hash. */
static char *challenge_of(const json_t *rows, const char *member)
{
        const size_t n = json_array_size(rows);
        g_autofree Digest *hashes = g_new0(Digest, n);
        const json_t *row;
        Digest whole;
        size_t i;

        json_array_foreach(rows, i, row)
        {
                const char *hex = member == NULL ? json_string_value(row) : jread_get_string(row, member);

                if (hex == NULL || !hex_decode(hex, hashes[i].b, ZW_DIGEST_BYTES, NULL))
                        return NULL;
        }
        if (n == 0)
                return NULL;
        whole = manifests_challenge(hashes, n);
        return base64url_encode(whole.b, sizeof(whole.b));
}

char *passkey_challenge(const json_t *rows)
{
        return challenge_of(rows, "digest");
}

/* ---- proving ---- */

/* What proves it, beside each operation that it proves. */
static void proof_attach(json_t *ops, const json_t *rows, const PasskeyProof *proof, const WebauthnKey *key)
{
        g_autofree char *bytes = base64url_encode(key->key, key->key_n);
        g_autoptr(Json) manifests = json_array(), member = NULL;
        const json_t *row;
        json_t *op;
        size_t i;

        json_array_foreach(rows, i, row) json_array_append(manifests, json_object_get(row, "digest"));
        member = json_pack("{s:O, s:i, s:s, s:s, s:O, s:O, s:O, s:O}", "id",
                           json_object_get(proof->given, "id"), "algorithm", key->algorithm, "key", bytes,
                           "rp", proof->rp, "client_data", json_object_get(proof->given, "client_data"),
                           "authenticator_data", json_object_get(proof->given, "authenticator_data"),
                           "signature", json_object_get(proof->given, "signature"), "manifests", manifests);
        json_array_foreach(ops, i, op) if (g_strcmp0(jread_get_string(op, "op"), "sign") == 0)
                json_object_set(op, "passkey", member);
}

bool passkey_prove(const Call *call, StoreTxn *txn, const PasskeyProof *proof, json_t *ops,
                   const json_t *rows, const char **ret_why, GError **error)
{
        g_autofree char *challenge = passkey_challenge(rows);
        const WebauthnExpected expected = { proof->rp, proof->origin, challenge };
        g_auto(PasskeyFound) found = { .found = false };
        uint32_t counter = 0;

        if (!passkey_find(store_txn_view(txn), proof->given, proof->rp, &found, error))
                return false;
        /* Somebody else's is as good as none. */
        found.found = found.found && id_equal(&found.row.person, &call->caller->person);
        *ret_why = passkey_verify(&found, &expected, proof->given, &counter);
        if (*ret_why != NULL)
                return true;
        proof_attach(ops, rows, proof, &found.row.key);
        return store_txn_touch_passkey(txn, &found.row.key, counter, call->instant, error);
}

/* ---- looking again ---- */

static bool key_again(const json_t *passkey, WebauthnKey *ret_key)
{
        const char *text = jread_get_string(passkey, "key");
        g_autofree uint8_t *bytes = NULL;
        size_t n = 0;

        bytes = text == NULL ? NULL : base64url_decode(text, &n, NULL);
        if (bytes == NULL || n > sizeof(ret_key->key))
                return false;
        ret_key->algorithm = (int)jread_get_int(passkey, "algorithm", 0);
        ret_key->key_n = n;
        for (size_t i = 0; i < n; i++)
                ret_key->key[i] = bytes[i];
        return true;
}

static bool is_listed(const json_t *manifests, const Digest *manifest)
{
        char hex[ZW_DIGEST_HEX];
        const json_t *one;
        size_t i;

        hex_encode(manifest->b, ZW_DIGEST_BYTES, hex);
        json_array_foreach(manifests, i, one) if (g_strcmp0(json_string_value(one), hex) == 0) return true;
        return false;
}

bool passkey_holds(const SignatureRev *signature)
{
        g_autoptr(Json) passkey = json_loads(signature->passkey == NULL ? "" : signature->passkey, 0, NULL);
        const json_t *manifests = json_object_get(passkey, "manifests");
        g_autofree char *challenge = challenge_of(manifests, NULL);
        const WebauthnExpected expected = { jread_get_string(passkey, "rp"), NULL, challenge };
        g_auto(WebauthnAnswer) answer = { 0 };
        WebauthnKey key = { .key_n = 0 };
        uint32_t counter;

        return challenge != NULL && expected.rp != NULL && is_listed(manifests, &signature->manifest) &&
               key_again(passkey, &key) && passkey_answer_read(passkey, true, &answer, NULL) &&
               webauthn_verify(&expected, &answer, &key, &counter, NULL);
}
