/* Passwords as Argon2id hashes (libsodium, RFC 9106): 64 MiB, three passes. The parameters are in the hash, so that hashes
 * made with others are still understood. Each call takes 64 MiB and a tenth of a second: callers bound how many run at
 * once. Thread-safe. */
#ifndef BASE_PASSWORD_H
#define BASE_PASSWORD_H

#include "base/secret.h"

enum { ZW_PASSWORD_MIN = 12, ZW_PASSWORD_MAX = 256 }; /* characters; bytes */

/* The hash, to be stored; free it. Errors: LIMIT, there is not enough memory. */
char *password_hash(const SecretText *password, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool password_fits(const char *hash, const SecretText *password);
/* Made with other parameters than password_hash takes now. */
bool password_is_outdated(const char *hash);
/* A hash no password is known for: verifying against it takes as long as against any other. */
const char *password_decoy(void);

/* Whether it may be chosen: length, and that it is not built on the name or one of the worst. Errors: INPUT. */
bool password_check(const SecretText *password, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
