/* Accounts, roles with their limits, sessions, tokens, the setup code and the audit trail: the part of the store that is in no
 * log. Secrets are kept as hashes only, but for the keys of one-time codes. What may be done is decided in the service.
 *
 * Times are instants; 0 stands for never. Thread-safety and errors as in store.h. */
#ifndef STORE_ACCESS_H
#define STORE_ACCESS_H

#include "base/totp.h"
#include "store/store.h"

enum {
        ZW_ADDRESS_MAX = 64,        /* bytes of the address of a client */
        ZW_PASSWORD_HASH_MAX = 256, /* bytes of a hash with its parameters */
        ZW_TOKENS_MAX = 1000,       /* live tokens of a person */
        ZW_GRANT_ZONES_MAX = 1000,  /* zones of a role */
        ZW_AUDIT_TEXT_MAX = 1024,   /* bytes of an object; a longer one is cut */
};

/* ---- Accounts ---- */

typedef struct {
        Id person;
        bool disabled, is_operator;
        char password[ZW_PASSWORD_HASH_MAX]; /* "" for none */
        bool has_totp, totp_confirmed;
        uint8_t totp[ZW_TOTP_KEY];
        int64_t totp_step;
        uint32_t failures;
        Instant locked_until;
        bool no_mail; /* wants none about what waits for them */
} StoreAccount;

typedef bool (*StorePersonFn)(const StorePerson *person, void *payload, GError **error);
/* All people by login name. */
bool store_each_person(StoreView *view, StorePersonFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Errors: NOT_FOUND for the person. */
bool store_load_account(StoreView *view, const Id *person, StoreAccount *ret_account, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool store_txn_put_account(StoreTxn *txn, const StoreAccount *account, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Whether anybody has a password and is not disabled. */
bool store_can_sign_in(StoreView *view, bool *ret_can, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- Roles ---- */

typedef struct {
        int64_t row; /* of the project's log, as StoreProject has it; given by the store */
        Id person;
        RoleId role;
        Instant until;
        char **zones;  /* keys, ended by NULL; NULL for the whole project */
        bool provided; /* by the groups of the provider of identities, see identity.h */
        /* What is seen ends with this commit, that of a baseline (its key, borrowed); 0 and NULL for no limit. */
        Seq upto;
        const char *baseline;
} StoreGrant;
typedef bool (*StoreGrantFn)(const StoreGrant *grant, void *payload, GError **error);
/* Roles in a project of one person, or of all (`person` NULL) by person and name of role; ended ones too. Without a project
 * (`log` NULL) those of the person in every one. */
bool store_each_grant(StoreView *view, const Id *log, const Id *person, StoreGrantFn fn, void *payload,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Gives the role, in place of what there was of it. Errors: NOT_FOUND for the person; INPUT, the zones. */
bool store_txn_put_grant(StoreTxn *txn, const Id *log, const StoreGrant *grant, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Errors: NOT_FOUND, the person has not the role. */
bool store_txn_drop_grant(StoreTxn *txn, const Id *log, const Id *person, RoleId role, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* ---- Sessions ---- */

typedef struct {
        Id id, person;
        Digest hash;
        Instant created, seen, expires;
        char address[ZW_ADDRESS_MAX + 1];
} StoreSession;
typedef bool (*StoreSessionFn)(const StoreSession *session, void *payload, GError **error);
bool store_find_session(StoreView *view, const Digest *hash, StoreSession *ret_session, bool *ret_found,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Of one person, oldest first. */
bool store_each_session(StoreView *view, const Id *person, StoreSessionFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool store_txn_add_session(StoreTxn *txn, const StoreSession *session, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Nothing happens when it has ended. */
bool store_txn_touch_session(StoreTxn *txn, const Digest *hash, Instant seen, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Ends one session of a person, or all (`session` NULL); gives how many. */
bool store_txn_end_sessions(StoreTxn *txn, const Id *person, const Id *session, unsigned *ret_n,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Forgets sessions that expired or were not seen since `seen`. */
bool store_txn_tidy_sessions(StoreTxn *txn, Instant now, Instant seen, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* ---- Tokens ---- */

typedef struct {
        Id id, person;
        Digest hash;
        const char *name;
        unsigned permissions; /* bit per PermissionId; what this build does not know is left out */
        bool has_log;
        Id log;
        Instant created, expires, used, revoked;
} StoreToken;
typedef bool (*StoreTokenFn)(const StoreToken *token, void *payload, GError **error);
/* The token with this hash, or no call. */
bool store_find_token(StoreView *view, const Digest *hash, StoreTokenFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Of one person, oldest first. */
bool store_each_token(StoreView *view, const Id *person, StoreTokenFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Errors: INPUT, the name; LIMIT, the person has too many. */
bool store_txn_add_token(StoreTxn *txn, const StoreToken *token, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool store_txn_touch_token(StoreTxn *txn, const Id *token, Instant used, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Revokes one token of a person, or all (`token` NULL); gives how many. */
bool store_txn_revoke_tokens(StoreTxn *txn, const Id *person, const Id *token, Instant now, unsigned *ret_n,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- The setup code ---- */

/* Replaces one that is there. */
bool store_txn_put_setup(StoreTxn *txn, const Digest *hash, Instant expires, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Uses it up when it is this one and not too old. */
bool store_txn_take_setup(StoreTxn *txn, const Digest *hash, Instant now, bool *ret_taken, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* ---- The audit trail ---- */

typedef struct {
        uint64_t no; /* given by the store */
        Instant time;
        const Id *person; /* or NULL */
        const char *action, *outcome;
        const char *project, *object, *address; /* each or NULL */
} StoreAudit;
typedef bool (*StoreAuditFn)(const StoreAudit *entry, void *payload, GError **error);
bool store_txn_audit(StoreTxn *txn, const StoreAudit *entry, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Which lines: at most `most` before number `before` (0: the newest), of one project (NULL: of all), of one person and action
 * (NULL: any), from and up to a time, with a text in the object, the address or the outcome (NULL: any; case counts not for ASCII). */
typedef struct {
        const char *project, *action, *text;
        const Id *person;
        Instant from, to;
        uint64_t before;
        unsigned most;
} StoreAuditQuery;
/* Newest first. */
bool store_each_audit(StoreView *view, const StoreAuditQuery *query, StoreAuditFn fn, void *payload,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
