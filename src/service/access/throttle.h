/* What slows down guessing: delays that double with each failure, failures counted by address, and bounds on what an
 * address may ask and on how many passwords are hashed at once. Failures by account are in the store. Thread-safe but for the pure functions' arguments. */
#ifndef SERVICE_ACCESS_THROTTLE_H
#define SERVICE_ACCESS_THROTTLE_H

#include "base/instant.h"

typedef struct Throttle Throttle;

enum {
        ZW_ACCOUNT_FREE = 4,   /* failures of an account without a lock */
        ZW_ADDRESS_FREE = 19,  /* failures of an address without a lock */
        ZW_ADDRESS_ASKS = 240, /* questions of an address in a minute, each of which is written down */
        ZW_HASHES_AT_ONCE = 2, /* 64 MiB each */
        ZW_HASHES_WAITING = 16,
};

Throttle *throttle_new(void);
void throttle_free(Throttle *throttle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Throttle, throttle_free)

/* How long a lock lasts after so many failures, in ms: none for the first `free` ones, then 30 s, 1 min, … up to an hour. */
Instant throttle_delay(uint32_t failures, uint32_t free);

/* Whether the address is locked. An IPv6 address stands for its /64. */
bool throttle_address_is_locked(Throttle *throttle, const char *address, Instant now);
/* Counts a failure; true when it locks the address. */
bool throttle_address_fail(Throttle *throttle, const char *address, Instant now);
void throttle_address_forget(Throttle *throttle, const char *address);
/* Counts a question that anybody may ask. Errors: TOO_MANY, the address asked too often within this minute. */
bool throttle_address_ask(Throttle *throttle, const char *address, Instant now, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* Waits for a place to hash in; throttle_hash_end gives it back. Errors: TOO_MANY, others wait already. */
bool throttle_hash_begin(Throttle *throttle, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void throttle_hash_end(Throttle *throttle);

#endif
