/* Passkeys: the public keys of people's authenticators. Thread-safety and errors as in store.h. */
#ifndef STORE_PASSKEY_H
#define STORE_PASSKEY_H

#include "base/webauthn.h"
#include "store/store.h"

enum { ZW_PASSKEYS_MAX = 20, ZW_RP_MAX = 255 };

typedef struct {
        Id person;
        const char *name, *rp; /* borrowed */
        WebauthnKey key;
        Instant created, used; /* `used` 0: never */
} StorePasskey;
typedef bool (*StorePasskeyFn)(const StorePasskey *passkey, void *payload, GError **error);

/* Of one person, oldest first. */
bool store_each_passkey(StoreView *view, const Id *person, StorePasskeyFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The passkey with this id, or no call. */
bool store_find_passkey(StoreView *view, const void *id, size_t n, StorePasskeyFn fn, void *payload,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Errors: EXISTS; INPUT, the name; LIMIT, the person has too many. */
bool store_txn_add_passkey(StoreTxn *txn, const StorePasskey *passkey, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* It was used: what it counted, and when. */
bool store_txn_touch_passkey(StoreTxn *txn, const WebauthnKey *key, uint32_t counter, Instant used,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The session with this hash was begun by it. */
bool store_txn_session_by(StoreTxn *txn, const Digest *session, const WebauthnKey *key, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Ends the sessions it began, too. Errors: NOT_FOUND, the person has it not. */
bool store_txn_drop_passkey(StoreTxn *txn, const Id *person, const void *id, size_t n, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* What a new passkey of the person has to answer, in place of what was asked before. */
bool store_txn_ask_passkey(StoreTxn *txn, const Id *person, const Digest *challenge, Instant expires,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether it was asked and not too long ago; it is used up then. */
bool store_txn_take_passkey_challenge(StoreTxn *txn, const Id *person, const Digest *challenge, Instant now,
                                      bool *ret_asked, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for who signs in, who may be anybody: of all that were asked some 65,000 are kept at most, by chance. */
bool store_txn_ask_sign_in(StoreTxn *txn, const Digest *challenge, Instant expires, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool store_txn_take_sign_in(StoreTxn *txn, const Digest *challenge, Instant now, bool *ret_asked,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
