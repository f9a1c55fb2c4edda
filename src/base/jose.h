/* Signed tokens of other servers (JWT, RFC 7519) and their public keys (JWKS, RFC 7517), by cjose, which is met in jose.c and
 * nowhere else. Which algorithms and which key may be used is decided here, before the library sees the token: it is never the
 * token that chooses how it is verified. Thread-safe: pure functions. */
#ifndef BASE_JOSE_H
#define BASE_JOSE_H

#include "base/jread.h"

enum { ZW_JOSE_TOKEN_MAX = 64 * 1024, ZW_JOSE_KEYS_MAX = 100 };

/* The claims of a token that was signed with one of `keys` (a JWKS) by RS256, PS256 or ES256, with RSA keys of at least 2048
 * bits. A token that names a key is verified with that one; one that names none where only one key can be meant. Says nothing
 * about what is claimed. Errors: INPUT, with the reason; LIMIT. */
json_t *jose_verify(const char *token, const json_t *keys, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
