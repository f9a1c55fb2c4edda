/* Passkeys, between what makes them, what signs with them and what signs in. Inside service/ only. */
#ifndef SERVICE_ACCESS_PASSKEY_INTERNAL_H
#define SERVICE_ACCESS_PASSKEY_INTERNAL_H

#include "service/internal.h"
#include "store/passkey.h"

/* What an authenticator gave, out of an object with the members client_data, authenticator_data and, where it `signs`, signature,
 * in base64url. Errors: INPUT. */
bool passkey_answer_read(const json_t *object, bool signs, WebauthnAnswer *ret_answer, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The challenge that the browser says was answered, as it says it; whether it was asked is for the caller to find out. NULL: none of
 * ours. Free it. */
char *passkey_challenge_read(const WebauthnAnswer *answer, Digest *ret_challenge);

/* A passkey that was looked for by what an authenticator gave. */
typedef struct {
        StorePasskey row; /* without its name */
        char *rp;
        bool found;
} PasskeyFound;
void passkey_found_clear(PasskeyFound *found);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PasskeyFound, passkey_found_clear)

/* The passkey with the member `id` for a host; whose it is, the caller judges. Errors: those of the store. */
bool passkey_find(StoreView *view, const json_t *given, const char *rp, PasskeyFound *ret_found,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Why it did not sign what was expected, or NULL; then *ret_counter is what it counted. */
const char *passkey_verify(const PasskeyFound *found, const WebauthnExpected *expected, const json_t *given,
                           uint32_t *ret_counter) G_GNUC_WARN_UNUSED_RESULT;

/* Ids of the person's passkeys for a host, as an array of base64url. */
json_t *passkey_ids(StoreView *view, const Id *person, const char *rp, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* What a passkey is to sign for these rows of signed items. Free it. */
char *passkey_challenge(const json_t *rows);

/* What proves a signature: what the page gave, and where it was. */
typedef struct {
        const json_t *given; /* NULL: it is proved by a password */
        const char *rp, *origin;
        Instant time; /* as the manifests have it that were shown */
} PasskeyProof;

/* Whether the passkey of the caller signed the very manifests that `ops` sign, whose rows are `rows`; then each of them gets what
 * proves it, and the passkey has been used. *ret_why says why not. For the write that makes the commit. */
bool passkey_prove(const Call *call, StoreTxn *txn, const PasskeyProof *proof, json_t *ops,
                   const json_t *rows, const char **ret_why, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a signature of the log is signed with the passkey it names. */
bool passkey_holds(const SignatureRev *signature);

#endif
