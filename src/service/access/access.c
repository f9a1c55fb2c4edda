/* Signing in, and the first start. */
#include "service/access/access_internal.h"

#include "base/log.h"

#include <string.h>

/* ---- what is shared ---- */

unsigned access_owner_roles(void)
{
        return ((1U << ZW_ROLE_COUNT) - 1) & ~(1U << ZW_ROLE_AUDITOR);
}

Digest access_digest(const SecretText *secret)
{
        return hash_sha256(secret_text_reveal(secret), secret_text_length(secret));
}

char *access_hash(Service *service, const SecretText *password, GError **error)
{
        char *hash;

        if (!throttle_hash_begin(service->throttle, error))
                return NULL;
        hash = password_hash(password, error);
        throttle_hash_end(service->throttle);
        return hash;
}

bool access_verify(Service *service, const char *hash, const SecretText *password, bool *ret_fits,
                   GError **error)
{
        if (!throttle_hash_begin(service->throttle, error))
                return false;
        *ret_fits = password_fits(hash, password);
        throttle_hash_end(service->throttle);
        return true;
}

bool access_session_add(StoreTxn *txn, const Id *person, const SecretText *session, const char *address,
                        Instant now, GError **error)
{
        StoreSession row = { .id = id_new(),
                             .person = *person,
                             .hash = access_digest(session),
                             .created = now,
                             .seen = now,
                             .expires = now + ZW_SESSION_MOST_MS };

        g_strlcpy(row.address, address == NULL ? "" : address, sizeof(row.address));
        return store_txn_tidy_sessions(txn, now, now - ZW_SESSION_IDLE_MS, error) &&
               store_txn_add_session(txn, &row, error);
}

bool access_audit(StoreTxn *txn, const Id *person, const char *action, const char *object,
                  const char *address, const char *outcome, GError **error)
{
        const StoreAudit entry = { .time = instant_now(),
                                   .person = person,
                                   .action = action,
                                   .object = object,
                                   .address = address,
                                   .outcome = outcome };

        return store_txn_audit(txn, &entry, error);
}

bool access_refuse(GError **error)
{
        error_set(error, ZW_ERR_SIGN_IN, NULL, "name, password or code is wrong, or the account is locked");
        return false;
}

bool access_account_fail(StoreAccount *account, Instant now)
{
        Instant delay;

        account->failures += account->failures < UINT32_MAX;
        delay = throttle_delay(account->failures, ZW_ACCOUNT_FREE);
        account->locked_until = delay == 0 ? 0 : now + delay;
        return delay > 0;
}

/* ---- signing in ---- */

void access_proof_clear(AccessProof *proof)
{
        secret_wipe(proof->hash, sizeof(proof->hash));
        g_free(proof->better);
}

bool access_prove(Service *service, const char *hash, const SecretText *password, AccessProof *ret_proof,
                  GError **error)
{
        const bool has = hash[0] != '\0';
        bool fits;

        g_strlcpy(ret_proof->hash, hash, sizeof(ret_proof->hash));
        /* Somebody unknown costs as much work as everybody else. */
        if (!access_verify(service, has ? hash : password_decoy(), password, &fits, error))
                return false;
        ret_proof->fits = has && fits;
        if (!ret_proof->fits || !password_is_outdated(hash))
                return true;
        ret_proof->better = access_hash(service, password, error);
        return ret_proof->better != NULL;
}

const char *access_judge(const AccessProof *proof, StoreAccount *account)
{
        int64_t step = account->totp_step;

        if (account->disabled)
                return "disabled";
        if (account->locked_until > proof->now)
                return "locked";
        /* Somebody changed it since it was verified: what was verified counts for nothing. */
        if (account->password[0] == '\0' || strcmp(account->password, proof->hash) != 0)
                return "no password";
        if (!proof->fits)
                return access_account_fail(account, proof->now) ? "wrong password, locked" : "wrong password";
        if (account->totp_confirmed && !totp_check(account->totp, sizeof(account->totp), proof->code,
                                                   proof->now, account->totp_step, &step))
                return access_account_fail(account, proof->now) ? "wrong code, locked" : "wrong code";
        account->totp_step = step;
        account->failures = 0;
        account->locked_until = 0;
        if (proof->better != NULL)
                g_strlcpy(account->password, proof->better, sizeof(account->password));
        return NULL;
}

typedef struct {
        Service *service;
        const SignIn *given;
        Id person;
        bool known;
        AccessProof proof;
        SecretText *session; /* made before, so that a second run writes the same */
        bool fine;           /* the outcome */
} Attempt;

static void attempt_clear(Attempt *attempt)
{
        access_proof_clear(&attempt->proof);
        secret_text_free(attempt->session);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Attempt, attempt_clear)

static bool attempt_write(StoreTxn *txn, void *payload, GError **error)
{
        Attempt *attempt = payload;
        const Id *person = attempt->known ? &attempt->person : NULL;
        const char *why = "unknown name", *address = attempt->given->address;
        StoreAccount account;

        attempt->fine = false;
        if (attempt->known) {
                if (!store_load_account(store_txn_view(txn), person, &account, error))
                        return false;
                why = access_judge(&attempt->proof, &account);
                if (!store_txn_put_account(txn, &account, error))
                        return false;
        }
        attempt->fine = why == NULL;
        /* A name that is not known is not kept: people type their password there. */
        return access_audit(txn, person, "sign_in", attempt->known ? attempt->given->name : NULL, address,
                            why == NULL ? "ok" : why, error) &&
               (why != NULL ||
                access_session_add(txn, person, attempt->session, address, attempt->proof.now, error));
}

static bool attempt_find(Attempt *attempt, GError **error)
{
        g_autoptr(StoreView) view = store_view_open(attempt->service->store, error);
        g_autoptr(GError) why = NULL;
        g_autoptr(StorePerson) person = NULL;
        StoreAccount account;

        if (view == NULL)
                return false;
        person = store_find_person(view, attempt->given->name, &why);
        if (person == NULL && !g_error_matches(why, ZW_ERROR, ZW_ERR_NOT_FOUND)) {
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        attempt->known = person != NULL;
        if (person == NULL)
                return true;
        attempt->person = person->id;
        if (!store_load_account(view, &person->id, &account, error))
                return false;
        g_strlcpy(attempt->proof.hash, account.password, sizeof(attempt->proof.hash));
        return true;
}

static bool attempt_verify(Attempt *attempt, GError **error)
{
        char hash[ZW_PASSWORD_HASH_MAX];

        g_strlcpy(hash, attempt->proof.hash, sizeof(hash));
        return access_prove(attempt->service, hash, attempt->given->password, &attempt->proof, error);
}

bool access_address_is_locked(Service *service, const char *address, GError **error)
{
        if (!throttle_address_is_locked(service->throttle, address, instant_now()))
                return false;
        error_set(error, ZW_ERR_TOO_MANY, NULL,
                  "too many failed attempts from this address; try again later");
        return true;
}

typedef struct {
        const char *address;
} AddressLock;

static bool address_lock_write(StoreTxn *txn, void *payload, GError **error)
{
        const AddressLock *lock = payload;

        return access_audit(txn, NULL, "lock_address", lock->address, lock->address, "ok", error);
}

void access_address_fail(Service *service, const char *address)
{
        AddressLock lock = { address };

        g_autoptr(GError) why = NULL;

        if (throttle_address_fail(service->throttle, address, instant_now()) &&
            !store_write(service->store, address_lock_write, &lock, &why))
                log_event(LOG_WARNING_, "audit", "action", "lock_address", "message", why->message, NULL);
}

bool access_sign_in(Service *service, const SignIn *sign_in, SecretText **ret_session, GError **error)
{
        g_auto(Attempt) attempt = { .service = service, .given = sign_in };

        if (access_address_is_locked(service, sign_in->address, error))
                return false;
        if (secret_text_length(sign_in->password) > ZW_PASSWORD_MAX || strlen(sign_in->name) > ZW_NAME_MAX) {
                access_address_fail(service, sign_in->address);
                return access_refuse(error);
        }
        if (!attempt_find(&attempt, error) || !attempt_verify(&attempt, error))
                return false;
        attempt.proof.now = instant_now();
        attempt.proof.code = sign_in->code;
        attempt.session = secret_text_random("", 16);
        if (!store_write(service->store, attempt_write, &attempt, error))
                return false;
        if (!attempt.fine) {
                access_address_fail(service, sign_in->address);
                return access_refuse(error);
        }
        throttle_address_forget(service->throttle, sign_in->address);
        *ret_session = g_steal_pointer(&attempt.session);
        return true;
}

/* ---- the first start ---- */

bool access_is_new(Service *service, bool *ret_new, GError **error)
{
        g_autoptr(StoreView) view = store_view_open(service->store, error);
        bool can;

        if (view == NULL || !store_can_sign_in(view, &can, error))
                return false;
        *ret_new = !can;
        return true;
}

typedef struct {
        SecretText *code;
        bool needed;
} SetupMake;

static bool setup_make(StoreTxn *txn, void *payload, GError **error)
{
        SetupMake *make = payload;
        const Digest hash = access_digest(make->code);
        bool can;

        if (!store_can_sign_in(store_txn_view(txn), &can, error))
                return false;
        make->needed = !can;
        return can || (store_txn_put_setup(txn, &hash, instant_now() + ZW_SETUP_MOST_MS, error) &&
                       access_audit(txn, NULL, "setup_code", NULL, NULL, "ok", error));
}

bool access_setup_code(Service *service, SecretText **ret_code, GError **error)
{
        g_autoptr(SecretText) code = secret_text_random("", 10);
        SetupMake make = { .code = code };

        if (!store_write(service->store, setup_make, &make, error))
                return false;
        *ret_code = make.needed ? g_steal_pointer(&code) : NULL;
        return true;
}

typedef struct {
        const SecretText *code, *session;
        const SignIn *person;
        const char *full_name;
        char *hash;
        bool taken;
} SetupUse;

static bool setup_roles(StoreTxn *txn, const Id *person, GError **error)
{
        g_autoptr(GPtrArray) projects = store_load_projects(store_txn_view(txn), error);

        for (guint i = 0; projects != NULL && i < projects->len; i++)
                if (!store_txn_put_roles(txn, &((const StoreProject *)projects->pdata[i])->log, person,
                                         access_owner_roles(), error))
                        return false;
        return projects != NULL;
}

static bool setup_use(StoreTxn *txn, void *payload, GError **error)
{
        SetupUse *use = payload;
        const char *name = use->person->name;
        const Digest hash = access_digest(use->code);
        const Instant now = instant_now();
        StoreAccount account;
        Id id;
        bool can;

        use->taken = false;
        if (!store_can_sign_in(store_txn_view(txn), &can, error) ||
            (!can && !store_txn_take_setup(txn, &hash, now, &use->taken, error)))
                return false;
        if (!use->taken)
                return access_audit(txn, NULL, "setup", NULL, use->person->address, "wrong code", error);
        if (!store_txn_put_person(txn, name, use->full_name, &id, error) ||
            !store_load_account(store_txn_view(txn), &id, &account, error))
                return false;
        account.is_operator = true;
        account.disabled = false;
        g_strlcpy(account.password, use->hash, sizeof(account.password));
        return store_txn_put_account(txn, &account, error) && setup_roles(txn, &id, error) &&
               access_session_add(txn, &id, use->session, use->person->address, now, error) &&
               access_audit(txn, &id, "setup", name, use->person->address, "ok", error);
}

bool access_setup(Service *service, const SecretText *code, const SignIn *person, const char *full_name,
                  SecretText **ret_session, GError **error)
{
        g_autoptr(SecretText) session = secret_text_random("", 16);
        g_autofree char *hash = NULL;
        SetupUse use = { .code = code, .session = session, .person = person, .full_name = full_name };

        if (access_address_is_locked(service, person->address, error) ||
            !password_check(person->password, person->name, error))
                return false;
        use.hash = hash = access_hash(service, person->password, error);
        if (hash == NULL || !store_write(service->store, setup_use, &use, error))
                return false;
        if (!use.taken) {
                access_address_fail(service, person->address);
                error_set(error, ZW_ERR_SIGN_IN, NULL, "the code is wrong, too old, or was used");
                return false;
        }
        *ret_session = g_steal_pointer(&session);
        return true;
}
