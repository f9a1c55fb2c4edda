/* OpenPGP (RFC 4880) as providers of advisories sign what they publish, by librnp. What people have is a file of public keys: it is told
 * for its fingerprints. Who verifies gives keys, a detached signature and the document behind each other as one file, with the profile
 *
 *     {"keys":[BYTES, ...],"signature":BYTES}    one number for each file of keys
 *
 * and reads the operations
 *
 *     {"op":"openpgp_key","fingerprint":HEX,"revoked":BOOL}             each of the keys
 *     {"op":"openpgp_signature","state":"trusted","key":FINGERPRINT}    one of them made it, and it is right
 *     {"op":"openpgp_signature","state":"unknown","key":ID}             none of them made it
 *     {"op":"openpgp_signature","state":"wrong","reason":TEXT}
 *
 * A signature of a key that has expired since, or by a hash that is not safe any more, is wrong, as CSAF 2.1 (7.1.19) has it. */
#include "exchange/openpgp.h"

#include "exchange/readers.h"

#include <rnp/rnp.h>
#include <rnp/rnp_err.h>
#include <string.h>

typedef struct {
        const uint8_t *bytes;
        size_t n;
} Part;

typedef struct {
        GArray *keys; /* of Part: files */
        Part signature, document;
} Parts;

static void parts_clear(Parts *parts)
{
        g_array_unref(parts->keys);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Parts, parts_clear)

G_DEFINE_AUTO_CLEANUP_FREE_FUNC(rnp_ffi_t, rnp_ffi_destroy, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(rnp_input_t, rnp_input_destroy, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(rnp_key_handle_t, rnp_key_handle_destroy, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(rnp_op_verify_t, rnp_op_verify_destroy, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(rnp_signature_handle_t, rnp_signature_handle_destroy, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(rnp_identifier_iterator_t, rnp_identifier_iterator_destroy, NULL)

void openpgp_init(void)
{
        g_auto(rnp_ffi_t) ffi = NULL;

        (void)!rnp_ffi_create(&ffi, RNP_KEYSTORE_GPG, RNP_KEYSTORE_GPG);
}

/* Texts of the library are freed by it. */
static char *text_take(char *text)
{
        char *copy = g_strdup(text);

        rnp_buffer_destroy(text);
        return copy;
}

/* ---- keys ---- */

/* An armored file may end with blank lines, which the library takes for one more key. */
static Part keys_trim(Part keys)
{
        const bool armored = keys.n > 0 &&
                             g_strstr_len((const char *)keys.bytes, (gssize)keys.n, "-----BEGIN PGP") != NULL;

        while (armored && keys.n > 0 && g_ascii_isspace(keys.bytes[keys.n - 1]))
                keys.n--;
        return keys;
}

/* `number` is that of a file of trusted keys, or 0: the file is what is read, and not what is verified. */
static bool keys_import(rnp_ffi_t ffi, Part given, guint number, GError **error)
{
        const Part keys = keys_trim(given);
        g_auto(rnp_input_t) input = NULL;

        if (keys.n > 0 && rnp_input_from_memory(&input, keys.bytes, keys.n, false) == RNP_SUCCESS &&
            rnp_import_keys(ffi, input, RNP_LOAD_SAVE_PUBLIC_KEYS | RNP_LOAD_SAVE_PERMISSIVE, NULL) ==
                    RNP_SUCCESS)
                return true;
        if (number == 0)
                error_set(error, ZW_ERR_INPUT, NULL,
                          "there are no public keys of OpenPGP in it that can be read");
        else
                error_set(error, ZW_ERR_INPUT, NULL,
                          "nothing is verified: of the files of trusted keys (feeds.csaf_keys) number %u has "
                          "no public keys of OpenPGP that can be read",
                          number);
        return false;
}

/* The fingerprint of the primary key that `key` belongs to. Free it; NULL when there is none. */
static char *key_primary(rnp_key_handle_t key)
{
        char *text = NULL;
        bool primary = false;

        if (rnp_key_is_primary(key, &primary) != RNP_SUCCESS)
                return NULL;
        if ((primary ? rnp_key_get_fprint(key, &text) : rnp_key_get_primary_fprint(key, &text)) !=
            RNP_SUCCESS)
                return NULL;
        return text_take(text);
}

/* Gives the operations of the primary keys. */
static json_t *keys_list(rnp_ffi_t ffi)
{
        json_t *list = json_array();
        g_auto(rnp_identifier_iterator_t) each = NULL;
        const char *fingerprint;

        if (rnp_identifier_iterator_create(ffi, &each, "fingerprint") != RNP_SUCCESS)
                return list;
        while (rnp_identifier_iterator_next(each, &fingerprint) == RNP_SUCCESS && fingerprint != NULL) {
                g_auto(rnp_key_handle_t) key = NULL;
                bool primary = false, revoked = true;

                if (rnp_locate_key(ffi, "fingerprint", fingerprint, &key) == RNP_SUCCESS && key != NULL &&
                    rnp_key_is_primary(key, &primary) == RNP_SUCCESS && primary &&
                    rnp_key_is_revoked(key, &revoked) == RNP_SUCCESS)
                        json_array_append_new(list,
                                              json_pack("{s:s, s:s, s:b}", "op", "openpgp_key", "fingerprint",
                                                        fingerprint, "revoked", (int)revoked));
        }
        return list;
}

/* ---- a signature ---- */

static bool hash_is_safe(const char *hash)
{
        static const char *const safe[] = { "SHA224",   "SHA256",   "SHA384", "SHA512",
                                            "SHA3-256", "SHA3-512", NULL };

        return hash != NULL && g_strv_contains(safe, hash);
}

/* Why nobody should trust what the key signed, or NULL. */
static const char *key_fault(rnp_key_handle_t key)
{
        uint64_t until = 0;
        bool revoked = true;

        if (rnp_key_is_revoked(key, &revoked) != RNP_SUCCESS || revoked)
                return "the key is revoked";
        if (rnp_key_valid_till64(key, &until) != RNP_SUCCESS ||
            until < (uint64_t)(g_get_real_time() / G_USEC_PER_SEC))
                return "the key has expired, or is not valid";
        return NULL;
}

static const char *signature_fault(rnp_op_verify_signature_t signature, rnp_key_handle_t key)
{
        const rnp_result_t status = rnp_op_verify_signature_get_status(signature);
        char *text = NULL;
        g_autofree char *hash = rnp_op_verify_signature_get_hash(signature, &text) == RNP_SUCCESS
                                        ? text_take(text)
                                        : NULL;
        const char *fault = hash_is_safe(hash) ? key_fault(key) : "its hash is not safe any more";

        if (fault != NULL)
                return fault;
        if (status == RNP_SUCCESS)
                return NULL;
        /* One that was made in the future is expired to the library, too. */
        return status == RNP_ERROR_SIGNATURE_EXPIRED ? "the signature has expired, or is of the future"
                                                     : "the file or the signature was altered";
}

/* The id of a key that is not here; free it. */
static char *signature_key_id(rnp_op_verify_signature_t signature)
{
        g_auto(rnp_signature_handle_t) handle = NULL;
        char *id = NULL;

        if (rnp_op_verify_signature_get_handle(signature, &handle) != RNP_SUCCESS ||
            rnp_signature_get_keyid(handle, &id) != RNP_SUCCESS || id == NULL)
                return g_strdup("");
        return text_take(id);
}

static json_t *verdict_new(const char *state, const char *key, const char *reason)
{
        return json_pack("{s:s, s:s, s:s*, s:s*}", "op", "openpgp_signature", "state", state, "key", key,
                         "reason", reason);
}

static json_t *signature_judge(rnp_op_verify_signature_t signature)
{
        g_auto(rnp_key_handle_t) key = NULL;
        g_autofree char *named = NULL;
        const char *fault;

        if (rnp_op_verify_signature_get_key(signature, &key) != RNP_SUCCESS || key == NULL) {
                named = signature_key_id(signature);
                return verdict_new("unknown", named, NULL);
        }
        named = key_primary(key);
        fault = named == NULL ? "its key belongs to none" : signature_fault(signature, key);
        return verdict_new(fault == NULL ? "trusted" : "wrong", named, fault);
}

/* How much a verdict says: one that is right is enough, and what is wrong outweighs what nobody here knows. */
static int verdict_weight(const json_t *verdict)
{
        static const char *const states[] = { "unknown", "wrong", "trusted" };

        for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
                if (g_strcmp0(jread_get_string(verdict, "state"), states[i]) == 0)
                        return (int)i;
        return -1;
}

static json_t *signatures_judge(rnp_op_verify_t verify)
{
        json_t *best = NULL;
        size_t n = 0;

        if (rnp_op_verify_get_signature_count(verify, &n) != RNP_SUCCESS)
                n = 0;
        for (size_t i = 0; i < n; i++) {
                rnp_op_verify_signature_t signature = NULL;
                json_t *verdict;

                if (rnp_op_verify_get_signature_at(verify, i, &signature) != RNP_SUCCESS)
                        continue;
                verdict = signature_judge(signature);
                if (best == NULL || verdict_weight(verdict) > verdict_weight(best)) {
                        json_decref(best);
                        best = verdict;
                } else {
                        json_decref(verdict);
                }
        }
        return best != NULL ? best : verdict_new("wrong", NULL, "it is no signature of OpenPGP");
}

/* NULL when the library cannot begin; without a byte of a document it does not. */
static json_t *document_judge(rnp_ffi_t ffi, const Parts *parts)
{
        g_auto(rnp_input_t) document = NULL, signature = NULL;
        g_auto(rnp_op_verify_t) verify = NULL;

        if (parts->document.n == 0)
                return verdict_new("wrong", NULL, "the file is empty");
        if (rnp_input_from_memory(&document, parts->document.bytes, parts->document.n, false) !=
                    RNP_SUCCESS ||
            rnp_input_from_memory(&signature, parts->signature.bytes, parts->signature.n, false) !=
                    RNP_SUCCESS ||
            rnp_op_verify_detached_create(&verify, ffi, document, signature) != RNP_SUCCESS)
                return NULL;
        /* What it returns sums up what each signature says. */
        (void)rnp_op_verify_execute(verify);
        return signatures_judge(verify);
}

/* ---- the file ---- */

/* The next `wanted` bytes of the file, of which `left` are left. Errors: INPUT, there are less. */
static bool part_take(const json_t *wanted, Part *left, Part *ret_part, GError **error)
{
        const json_int_t n = json_is_integer(wanted) ? json_integer_value(wanted) : -1;

        if (n < 0 || (uint64_t)n > left->n) {
                error_set(error, ZW_ERR_INPUT, NULL, "the parts of the file are not as long as is said");
                return false;
        }
        *ret_part = (Part){ left->bytes, (size_t)n };
        *left = (Part){ left->bytes + n, left->n - (size_t)n };
        return true;
}

static bool parts_split(const Source *source, Parts *parts, GError **error)
{
        const json_t *keys = json_object_get(source->profile, "keys"), *one;
        gsize n;
        const uint8_t *bytes = g_bytes_get_data(source->bytes, &n);
        Part left = { bytes, n }, part;
        size_t i;

        if (source->profile == NULL) {
                g_array_append_val(parts->keys, left);
                return true;
        }
        json_array_foreach(keys, i, one)
        {
                if (!part_take(one, &left, &part, error))
                        return false;
                g_array_append_val(parts->keys, part);
        }
        if (!part_take(json_object_get(source->profile, "signature"), &left, &parts->signature, error))
                return false;
        parts->document = left;
        return true;
}

static void keys_give(json_t *keys, Sink *sink)
{
        json_t *one;
        size_t i;

        sink_figure_map(sink, "fingerprints");
        json_array_foreach(keys, i, one)
        {
                sink_figure_add(sink, "fingerprints", jread_get_string(one, "fingerprint"), 1);
                sink_op(sink, json_incref(one));
        }
}

bool openpgp_read(const Source *source, Sink *sink, GError **error)
{
        g_auto(rnp_ffi_t) ffi = NULL;
        g_autoptr(Json) keys = NULL, verdict = NULL;
        g_auto(Parts) parts = { .keys = g_array_new(FALSE, FALSE, sizeof(Part)) };

        if (!parts_split(source, &parts, error))
                return false;
        if (rnp_ffi_create(&ffi, RNP_KEYSTORE_GPG, RNP_KEYSTORE_GPG) != RNP_SUCCESS) {
                error_set(error, ZW_ERR_INTERNAL, NULL, "the library for OpenPGP cannot be used");
                return false;
        }
        for (guint i = 0; i < parts.keys->len; i++)
                if (!keys_import(ffi, g_array_index(parts.keys, Part, i), source->profile == NULL ? 0 : i + 1,
                                 error))
                        return false;
        keys = keys_list(ffi);
        sink_figure_int(sink, "keys", (int64_t)json_array_size(keys));
        keys_give(keys, sink);
        if (source->profile == NULL && !source->figures_only)
                sink_refuse(sink, "", "these are keys: the setting feeds.csaf_keys names their file");
        if (parts.signature.n == 0)
                return true;
        verdict = document_judge(ffi, &parts);
        if (verdict == NULL) {
                error_set(error, ZW_ERR_INTERNAL, NULL, "the library for OpenPGP cannot be used");
                return false;
        }
        sink_op(sink, g_steal_pointer(&verdict));
        return true;
}
