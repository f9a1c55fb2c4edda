/* What the files of signing in share. */
#ifndef SERVICE_ACCESS_ACCESS_INTERNAL_H
#define SERVICE_ACCESS_ACCESS_INTERNAL_H

#include "base/password.h"
#include "service/access/access.h"
#include "service/internal.h"

/* Every role but auditor, which is given to somebody else by purpose. */
unsigned access_owner_roles(void);
/* The stored form of a session, token or code. */
Digest access_digest(const SecretText *secret);
/* Hashes and verifies, each waiting for its turn. Errors: TOO_MANY, LIMIT. */
char *access_hash(Service *service, const SecretText *password, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool access_verify(Service *service, const char *hash, const SecretText *password, bool *ret_fits,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A new session of the person in a write; `session` is its secret. */
bool access_session_add(StoreTxn *txn, const Id *person, const SecretText *session, const char *address,
                        Instant now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool access_audit(StoreTxn *txn, const Id *person, const char *action, const char *object,
                  const char *address, const char *outcome, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Refuses an address from which too much has failed. Errors: TOO_MANY. */
bool access_address_is_locked(Service *service, const char *address, GError **error);
/* Counts a failure of the address; a lock is written to the audit trail. */
void access_address_fail(Service *service, const char *address);
/* Adds the bit of the role of this name. Errors: NAME_UNKNOWN with near names. */
bool access_role_read(const char *name, unsigned *roles, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sets SIGN_IN; always false. */
bool access_refuse(GError **error);
/* What came of a password, verified outside of any write; `code` and `now` are the caller's to set. */
typedef struct {
        char hash[ZW_PASSWORD_HASH_MAX]; /* it was verified against */
        bool fits;
        char *better; /* the hash in its new form, when the old one is outdated */
        const char *code;
        Instant now;
} AccessProof;

void access_proof_clear(AccessProof *proof);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AccessProof, access_proof_clear)
/* Verifies against a hash, "" for none. Errors: TOO_MANY, LIMIT. */
bool access_prove(Service *service, const char *hash, const SecretText *password, AccessProof *ret_proof,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Why not, or NULL; changes the account as the attempt demands. On the writer's thread, one attempt after another: a code
 * works once, and guesses made at the same time are all counted. */
const char *access_judge(const AccessProof *proof, StoreAccount *account);
/* Counts a failed attempt on the account and locks it when there were too many; true when it did. */
bool access_account_fail(StoreAccount *account, Instant now);

/* Refuses what a token may not do whatever its scope: what would outlive it or widen it. Errors: DENIED. */
bool call_in_person(const Call *call, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The person a use case is about: member `person`, or the caller when it is left out. Anybody but the caller needs an
 * operator. Errors: DENIED, NOT_FOUND. */
StorePerson *call_person(const Call *call, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The present password, in the file of this number, proves that the person is at the keyboard; the local command line and
 * operators do without. Errors: USAGE, SIGN_IN. */
bool call_present(Call *call, const StorePerson *person, size_t file, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The id given as hex in a member, false when it is left out. Errors: INPUT. */
bool call_id(const Call *call, const char *member, Id *ret_id, bool *ret_given, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
