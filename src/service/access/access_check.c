/* From what a request carries to a caller; looked up each time. */
#include "service/access/access_internal.h"

enum { TOUCH_MS = 60 * 1000, SESSION_TEXT = 32, TOKEN_TEXT = 67 };

static bool ended(GError **error)
{
        error_set(error, ZW_ERR_SIGN_IN, NULL, "the session or token is unknown or has ended: sign in again");
        return false;
}

static bool caller_make(StoreView *view, const Id *person, Origin origin, const char *address,
                        Caller *ret_caller, GError **error)
{
        StoreAccount account;
        Caller caller = { .person = *person, .origin = origin };

        if (!store_load_account(view, person, &account, error))
                return false;
        if (account.disabled)
                return ended(error);
        g_strlcpy(caller.address, address == NULL ? "" : address, sizeof(caller.address));
        *ret_caller = caller;
        return true;
}

/* ---- sessions ---- */

typedef struct {
        Digest hash;
        Instant now;
} SessionWrite;

static bool session_touch(StoreTxn *txn, void *payload, GError **error)
{
        const SessionWrite *write = payload;

        return store_txn_touch_session(txn, &write->hash, write->now, error);
}

bool access_session_check(Service *service, const SecretText *session, const char *address,
                          Caller *ret_caller, GError **error)
{
        g_autoptr(StoreView) view = store_view_open(service->store, error);
        SessionWrite write = { access_digest(session), instant_now() };
        StoreSession row;
        bool found = false;

        if (view == NULL || !store_find_session(view, &write.hash, &row, &found, error))
                return false;
        if (!found || secret_text_length(session) != SESSION_TEXT || row.expires <= write.now ||
            row.seen + ZW_SESSION_IDLE_MS <= write.now)
                return ended(error);
        if (!caller_make(view, &row.person, ORIGIN_UI, address, ret_caller, error))
                return false;
        ret_caller->since = row.created;
        return row.seen + TOUCH_MS > write.now ||
               store_write_aside(service->store, session_touch, &write, error);
}

static bool session_out(StoreTxn *txn, void *payload, GError **error)
{
        const SessionWrite *write = payload;
        StoreSession row;
        bool found;
        unsigned n;

        if (!store_find_session(store_txn_view(txn), &write->hash, &row, &found, error))
                return false;
        return !found || (store_txn_end_sessions(txn, &row.person, &row.id, &n, error) &&
                          access_audit(txn, &row.person, "sign_out", NULL, NULL, "ok", error));
}

bool access_sign_out(Service *service, const SecretText *session, GError **error)
{
        SessionWrite write = { .hash = access_digest(session) };

        return store_write(service->store, session_out, &write, error);
}

/* ---- tokens ---- */

static bool token_keep(const StoreToken *token, void *payload, GError **error G_GNUC_UNUSED)
{
        StoreToken *kept = payload;

        *kept = *token;
        kept->name = "";
        return true;
}

typedef struct {
        Id id;
        Instant now;
} TokenWrite;

static bool token_touch(StoreTxn *txn, void *payload, GError **error)
{
        const TokenWrite *write = payload;

        return store_txn_touch_token(txn, &write->id, write->now, error);
}

bool access_token_check(Service *service, const SecretText *token, const char *address, Caller *ret_caller,
                        GError **error)
{
        g_autoptr(StoreView) view = store_view_open(service->store, error);
        const Digest hash = access_digest(token);
        StoreToken row = { .name = NULL };
        TokenWrite write = { .now = instant_now() };
        Caller caller;

        if (view == NULL || !store_find_token(view, &hash, token_keep, &row, error))
                return false;
        if (row.name == NULL || secret_text_length(token) != TOKEN_TEXT || row.revoked != 0 ||
            row.expires <= write.now)
                return ended(error);
        if (!caller_make(view, &row.person, ORIGIN_API, address, &caller, error))
                return false;
        caller.by_token = true;
        caller.permissions = row.permissions;
        caller.has_project = row.has_log;
        caller.project = row.log;
        write.id = row.id;
        if (row.used + TOUCH_MS <= write.now &&
            !store_write_aside(service->store, token_touch, &write, error))
                return false;
        *ret_caller = caller;
        return true;
}

bool access_is_alive(Service *service, const SecretText *session, const SecretText *token)
{
        g_autoptr(StoreView) view = store_view_open(service->store, NULL);
        const Digest hash = access_digest(session != NULL ? session : token);
        const Instant now = instant_now();
        StoreToken row = { .name = NULL };
        StoreSession known;
        bool found = false;
        Caller caller;

        if (view == NULL)
                return true; /* nothing is known of it: the next request finds out */
        if (session != NULL)
                return store_find_session(view, &hash, &known, &found, NULL) && found &&
                       known.expires > now && known.seen + ZW_SESSION_IDLE_MS > now &&
                       caller_make(view, &known.person, ORIGIN_UI, NULL, &caller, NULL);
        return store_find_token(view, &hash, token_keep, &row, NULL) && row.name != NULL &&
               row.revoked == 0 && row.expires > now &&
               caller_make(view, &row.person, ORIGIN_API, NULL, &caller, NULL);
}

/* ---- how long ---- */

typedef struct {
        Instant now, until;
} Lasting;

static bool grant_lasts(const StoreGrant *grant, void *payload, GError **error G_GNUC_UNUSED)
{
        Lasting *lasting = payload;

        if (grant->until != 0 && grant->until <= lasting->now)
                return true;
        if (grant->role == ZW_ROLE_AUDITOR)
                lasting->until = 0;
        else if (grant->until != 0)
                lasting->until = MIN(lasting->until, grant->until);
        return true;
}

/* Whose it is, and until when it is as it is. */
static bool credential_lasts(StoreView *view, const SecretText *session, const SecretText *token,
                             Id *ret_person, Instant *ret_until, GError **error)
{
        const Digest hash = access_digest(session != NULL ? session : token);
        StoreToken row = { .name = NULL };
        StoreSession known;
        bool found = false;

        if (session != NULL) {
                if (!store_find_session(view, &hash, &known, &found, error))
                        return false;
                *ret_person = known.person;
                *ret_until = found ? MIN(known.expires, known.seen + TOUCH_MS) : 0;
                return true;
        }
        if (!store_find_token(view, &hash, token_keep, &row, error))
                return false;
        *ret_person = row.person;
        *ret_until = row.name != NULL ? MIN(row.expires, row.used + TOUCH_MS) : 0;
        return true;
}

bool access_lasts(Service *service, const SecretText *session, const SecretText *token, Instant *ret_until,
                  GError **error)
{
        g_autoptr(StoreView) view = store_view_open(service->store, error);
        Lasting lasting = { .now = instant_now() };
        Id person = { 0 };

        if (view == NULL || !credential_lasts(view, session, token, &person, &lasting.until, error) ||
            (lasting.until != 0 && !store_each_grant(view, NULL, &person, grant_lasts, &lasting, error)))
                return false;
        *ret_until = lasting.until;
        return true;
}
