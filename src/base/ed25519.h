/* Ed25519 signatures (RFC 8032, by libsodium) with a key in a file. Thread-safe: a key is constant once it is open. */
#ifndef BASE_ED25519_H
#define BASE_ED25519_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ZW_ED25519_PUBLIC = 32, ZW_ED25519_SIGNATURE = 64 };

typedef struct Ed25519Key Ed25519Key;

/* The key whose seed lies in a file of its owner alone; with `make` a new one where there is none. Errors: NOT_FOUND; INPUT, the
 * file holds something else; STORAGE. */
Ed25519Key *ed25519_open(const char *path, bool make, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Wipes it. */
void ed25519_free(Ed25519Key *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ed25519Key, ed25519_free)

void ed25519_public(const Ed25519Key *key, uint8_t ret_public[ZW_ED25519_PUBLIC]);
/* The same key and bytes give the same signature. */
void ed25519_sign(const Ed25519Key *key, const void *bytes, size_t n,
                  uint8_t ret_signature[ZW_ED25519_SIGNATURE]);
bool ed25519_fits(const uint8_t public[ZW_ED25519_PUBLIC], const void *bytes, size_t n,
                  const uint8_t signature[ZW_ED25519_SIGNATURE]);

#endif
