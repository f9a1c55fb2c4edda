#include "base/hash.h"

#include "base/error.h"
#include "base/verify.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

struct HashState {
        EVP_MD_CTX *context;
};

G_STATIC_ASSERT(sizeof(Digest) == ZW_DIGEST_BYTES && sizeof(Id) == ZW_ID_BYTES);
G_STATIC_ASSERT(crypto_shorthash_BYTES == sizeof(uint64_t));

static pthread_once_t once = PTHREAD_ONCE_INIT;
static EVP_MD *sha256; /* fetched once: a look-up by name costs more than a short message */
static uint8_t text_key[crypto_shorthash_KEYBYTES];

static void init_once(void)
{
        size_t seed;

        ZW_VERIFY(sodium_init() >= 0);
        sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
        ZW_VERIFY(sha256 != NULL);
        randombytes_buf(text_key, sizeof(text_key));
        /* Else jansson opens /dev/urandom by itself, and takes the time where a sandbox forbids that. */
        randombytes_buf(&seed, sizeof(seed));
        json_object_seed(seed | 1);
}

void hash_init(void)
{
        ZW_VERIFY(pthread_once(&once, init_once) == 0);
}

HashState *hash_new(void)
{
        HashState *state = g_new0(HashState, 1);

        hash_init();
        state->context = EVP_MD_CTX_new();
        ZW_VERIFY(state->context != NULL && EVP_DigestInit_ex2(state->context, sha256, NULL) == 1);
        return state;
}

void hash_update(HashState *state, const void *bytes, size_t n)
{
        ZW_VERIFY(EVP_DigestUpdate(state->context, bytes, n) == 1);
}

Digest hash_finish(HashState *state)
{
        Digest digest;

        ZW_VERIFY(EVP_DigestFinal_ex(state->context, digest.b, NULL) == 1);
        ZW_VERIFY(EVP_DigestInit_ex2(state->context, NULL, NULL) == 1);
        return digest;
}

void hash_free(HashState *state)
{
        if (state == NULL)
                return;
        EVP_MD_CTX_free(state->context);
        g_free(state);
}

/* Making a context takes longer than a short message. */
static HashState *own_state(void)
{
        static GPrivate own = G_PRIVATE_INIT((GDestroyNotify)hash_free);
        HashState *state = g_private_get(&own);

        if (state == NULL)
                g_private_set(&own, state = hash_new());
        return state;
}

Digest hash_parts(const HashPart *parts, size_t n)
{
        HashState *state = own_state();

        for (size_t i = 0; i < n; i++)
                hash_update(state, parts[i].bytes, parts[i].n);
        return hash_finish(state);
}

Digest hash_sha256(const void *bytes, size_t n)
{
        return hash_parts(&(HashPart){ bytes, n }, 1);
}

Digest hash_hmac(const void *key, size_t key_n, const void *bytes, size_t n)
{
        Digest digest;
        unsigned length = sizeof(digest.b);

        hash_init();
        ZW_VERIFY(HMAC(sha256, key, (int)key_n, bytes, n, digest.b, &length) != NULL &&
                  length == sizeof(digest.b));
        return digest;
}

bool digest_equal(const Digest *a, const Digest *b)
{
        return memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

bool id_equal(const Id *a, const Id *b)
{
        return memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

void random_bytes(void *bytes, size_t n)
{
        hash_init();
        randombytes_buf(bytes, n);
}

Id id_new(void)
{
        Id id = { { 0 } };

        random_bytes(id.b, sizeof(id.b));
        return id;
}

void hex_encode(const uint8_t *bytes, size_t n, char *ret_text)
{
        static const char digits[] = "0123456789abcdef";

        for (size_t i = 0; i < n; i++) {
                ret_text[2 * i] = digits[bytes[i] >> 4];
                ret_text[2 * i + 1] = digits[bytes[i] & 15];
        }
        ret_text[2 * n] = '\0';
}

/* Upper case is refused, so that one value has one text. */
static uint8_t hex_value(char c)
{
        return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

bool hex_decode(const char *text, uint8_t *ret_bytes, size_t n, GError **error)
{
        size_t length = strspn(text, "0123456789abcdef");

        if (text[length] != '\0' || length % 2 != 0 || length / 2 != n) {
                error_set(error, ZW_ERR_INPUT, NULL, "must be exactly %zu hexadecimal digits in lower case",
                          2 * n);
                return false;
        }
        for (size_t i = 0; i < n; i++)
                ret_bytes[i] = (uint8_t)(hex_value(text[2 * i]) << 4 | hex_value(text[2 * i + 1]));
        return true;
}

uint64_t hash_keyed(const void *bytes, size_t n)
{
        uint64_t hash;

        hash_init();
        (void)crypto_shorthash((unsigned char *)&hash, bytes, n, text_key);
        return hash;
}

static guint text_hash(gconstpointer key)
{
        return (guint)hash_keyed(key, strlen(key));
}

GHashTable *hash_table_new_text(GDestroyNotify key_free, GDestroyNotify value_free)
{
        return g_hash_table_new_full(text_hash, g_str_equal, key_free, value_free);
}
