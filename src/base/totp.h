/* One-time codes of an authenticator app: RFC 6238 with SHA-1, 30 seconds, six digits, what every app takes. Thread-safe. */
#ifndef BASE_TOTP_H
#define BASE_TOTP_H

#include "base/instant.h"
#include "base/secret.h"

enum { ZW_TOTP_KEY = 20, ZW_TOTP_SECONDS = 30, ZW_TOTP_DIGITS = 6 };

/* The code of a time step (seconds since 1970 / 30). */
uint32_t totp_code(const uint8_t *key, size_t n, int64_t step);
/* Whether `text` is the code of the step at `now` or one beside it, and of none up to `last`: a code is used once. Gives the
 * step. */
bool totp_check(const uint8_t *key, size_t n, const char *text, Instant now, int64_t last, int64_t *ret_step);
/* The address an app reads from a picture, `otpauth://totp/...`. */
SecretText *totp_address(const uint8_t *key, size_t n, const char *name);

#endif
