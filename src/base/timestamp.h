/* Time-stamps of RFC 3161: asking an authority that a digest existed at a time, and checking what it says. By OpenSSL's TS.
 * Pure functions; certificates are PEM texts. */
#ifndef BASE_TIMESTAMP_H
#define BASE_TIMESTAMP_H

#include "base/hash.h"
#include "base/instant.h"

enum { ZW_TIMESTAMP_BYTES_MAX = 64 * 1024 };

/* A request (DER) for a SHA-256, with a nonce and for a token that brings its certificates. Errors: INTERNAL. */
GBytes *timestamp_request(const Digest *digest, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether an answer (DER) grants the request, and is signed by an authority under one of the certificates `ca`; *ret_time is
 * what it says. Errors: INPUT, `ca` or the answer cannot be read; NETWORK, the authority refuses; DAMAGED, it does not hold. */
bool timestamp_accept(GBytes *request, const void *answer, size_t n, const char *ca, Instant *ret_time,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same later, when the request is no more, as of the time the answer says: certificates may have ended since. */
bool timestamp_verify(const Digest *digest, const void *answer, size_t n, const char *ca, Instant *ret_time,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
