/* SHA-256 (by OpenSSL EVP), hex, 128-bit random ids, and a seeded string hash for tables whose keys an
 * outsider can choose. Thread-safe: pure functions; a HashState belongs to one thread. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ZW_DIGEST_BYTES = 32, ZW_ID_BYTES = 16, ZW_DIGEST_HEX = 65, ZW_ID_HEX = 33 };

typedef struct {
        uint8_t b[ZW_DIGEST_BYTES];
} Digest;

/* A random 128-bit identity of an item, log or project. */
typedef struct {
        uint8_t b[ZW_ID_BYTES];
} Id;

typedef struct HashState HashState;

/* Makes what is lazy here: algorithm, random source, the seeds of this process (jansson's too). Main calls it
 * before the first thread and before a sandbox closes; without it the first use of each does it. */
void hash_init(void);

Digest hash_sha256(const void *bytes, size_t n);

/* The same of some bytes one after another. */
typedef struct {
        const void *bytes;
        size_t n;
} HashPart;
Digest hash_parts(const HashPart *parts, size_t n);

/* HMAC (RFC 2104) with SHA-256. */
Digest hash_hmac(const void *key, size_t key_n, const void *bytes, size_t n);

HashState *hash_new(void);
void hash_update(HashState *state, const void *bytes, size_t n);
/* The digest of what was added; the state is then ready for the next message. */
Digest hash_finish(HashState *state);
void hash_free(HashState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HashState, hash_free)

bool digest_equal(const Digest *a, const Digest *b);
bool id_equal(const Id *a, const Id *b);

/* Fills `n` bytes from the system's random source (libsodium); never fails. */
void random_bytes(void *bytes, size_t n);
Id id_new(void);

/* Lower-case hex into the caller's buffer of 2n + 1 characters. */
void hex_encode(const uint8_t *bytes, size_t n, char *ret_text);
/* Exactly 2n lower-case hex digits. Errors: INPUT. */
bool hex_decode(const char *text, uint8_t *ret_bytes, size_t n, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* SipHash-2-4 with the random key of this process: for tables and filters in memory, never stored. */
uint64_t hash_keyed(const void *bytes, size_t n);

/* A hash table with string keys, hashed by hash_keyed; `key_free` and `value_free` may be
 * NULL. What is shown from it must be sorted first. */
GHashTable *hash_table_new_text(GDestroyNotify key_free, GDestroyNotify value_free);

#endif
