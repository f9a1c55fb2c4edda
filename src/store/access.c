/* Accounts, roles, sessions, tokens and the audit trail: what is checked before rows are written. */
#include "store/access.h"

#include "base/error.h"
#include "base/jtext.h"
#include "store/internal.h"

#include <string.h>

static bool person_check(StoreView *view, const Id *person, GError **error)
{
        g_autoptr(StorePerson) known = store_load_person(view, person, error);

        return known != NULL;
}

bool store_each_person(StoreView *view, StorePersonFn fn, void *payload, GError **error)
{
        return view->backend->person_read(view, fn, payload, error);
}

/* ---- Accounts ---- */

bool store_load_account(StoreView *view, const Id *person, StoreAccount *ret_account, GError **error)
{
        bool found;

        if (!view->backend->account_read(view, person, ret_account, &found, error))
                return false;
        if (found)
                return true;
        if (!person_check(view, person, error))
                return false;
        *ret_account = (StoreAccount){ .person = *person };
        return true;
}

bool store_txn_put_account(StoreTxn *txn, const StoreAccount *account, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && person_check(txn->view, &account->person, &local) &&
                  txn->view->backend->account_put(txn->view, account, &local);

        return txn_result(txn, ok, local, error);
}

bool store_can_sign_in(StoreView *view, bool *ret_can, GError **error)
{
        return view->backend->sign_in_possible(view, ret_can, error);
}

/* ---- Roles ---- */

bool store_each_grant(StoreView *view, const Id *log, const Id *person, StoreGrantFn fn, void *payload,
                      GError **error)
{
        int64_t no = 0;

        return (log == NULL || view_log_no(view, log, &no, error)) &&
               view->backend->grant_read(view, no, person, fn, payload, error);
}

static bool zones_check(char *const *zones, GError **error)
{
        size_t n = 0;

        if (zones == NULL)
                return true;
        for (; zones[n] != NULL; n++)
                if (zones[n][0] == '\0' || strlen(zones[n]) > ZW_ITEM_KEY_MAX ||
                    strchr(zones[n], ' ') != NULL) {
                        error_set(error, ZW_ERR_INPUT, "zones", "\"%s\" is no key of a zone", zones[n]);
                        return false;
                }
        if (n >= 1 && n <= ZW_GRANT_ZONES_MAX)
                return true;
        error_set(error, ZW_ERR_INPUT, "zones", "a limit names 1 to %d zones", (int)ZW_GRANT_ZONES_MAX);
        return false;
}

static bool put_grant(StoreTxn *txn, const Id *log, const StoreGrant *grant, GError **error)
{
        int64_t no;

        return zones_check(grant->zones, error) && person_check(txn->view, &grant->person, error) &&
               view_log_no(txn->view, log, &no, error) &&
               txn->view->backend->grant_put(txn->view, no, grant, error);
}

bool store_txn_put_grant(StoreTxn *txn, const Id *log, const StoreGrant *grant, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && put_grant(txn, log, grant, &local);

        return txn_result(txn, ok, local, error);
}

static bool drop_grant(StoreTxn *txn, const Id *log, const Id *person, RoleId role, GError **error)
{
        int64_t no;
        bool had;

        if (!view_log_no(txn->view, log, &no, error) ||
            !txn->view->backend->grant_drop(txn->view, no, person, role, &had, error))
                return false;
        if (!had)
                error_set(error, ZW_ERR_NOT_FOUND, "role", "the person has not the role %s",
                          role_def(role)->name);
        return had;
}

bool store_txn_drop_grant(StoreTxn *txn, const Id *log, const Id *person, RoleId role, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && drop_grant(txn, log, person, role, &local);

        return txn_result(txn, ok, local, error);
}

/* ---- Sessions ---- */

bool store_find_session(StoreView *view, const Digest *hash, StoreSession *ret_session, bool *ret_found,
                        GError **error)
{
        return view->backend->session_find(view, hash, ret_session, ret_found, error);
}

bool store_each_session(StoreView *view, const Id *person, StoreSessionFn fn, void *payload, GError **error)
{
        return view->backend->session_read(view, person, fn, payload, error);
}

bool store_txn_add_session(StoreTxn *txn, const StoreSession *session, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && person_check(txn->view, &session->person, &local) &&
                  txn->view->backend->session_insert(txn->view, session, &local);

        return txn_result(txn, ok, local, error);
}

bool store_txn_touch_session(StoreTxn *txn, const Digest *hash, Instant seen, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && txn->view->backend->session_touch(txn->view, hash, seen, &local);

        return txn_result(txn, ok, local, error);
}

bool store_txn_end_sessions(StoreTxn *txn, const Id *person, const Id *session, unsigned *ret_n,
                            GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) &&
                  txn->view->backend->session_end(txn->view, person, session, ret_n, &local);

        return txn_result(txn, ok, local, error);
}

bool store_txn_tidy_sessions(StoreTxn *txn, Instant now, Instant seen, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && txn->view->backend->session_tidy(txn->view, now, seen, &local);

        return txn_result(txn, ok, local, error);
}

/* ---- Tokens ---- */

bool store_find_token(StoreView *view, const Digest *hash, StoreTokenFn fn, void *payload, GError **error)
{
        return view->backend->token_find(view, hash, fn, payload, error);
}

bool store_each_token(StoreView *view, const Id *person, StoreTokenFn fn, void *payload, GError **error)
{
        return view->backend->token_read(view, person, fn, payload, error);
}

static bool token_count(const StoreToken *token, void *payload, GError **error G_GNUC_UNUSED)
{
        *(unsigned *)payload += token->revoked == 0;
        return true;
}

static bool add_token(StoreTxn *txn, const StoreToken *token, GError **error)
{
        size_t n = strlen(token->name);
        unsigned count = 0;
        int64_t no = 0;

        if (n == 0 || n > ZW_NAME_MAX || !utf8_valid(token->name, n)) {
                error_set(error, ZW_ERR_INPUT, "name", "a token has a name of 1 to %d bytes",
                          (int)ZW_NAME_MAX);
                return false;
        }
        if (!person_check(txn->view, &token->person, error) ||
            !store_each_token(txn->view, &token->person, token_count, &count, error) ||
            (token->has_log && !view_log_no(txn->view, &token->log, &no, error)))
                return false;
        if (count >= ZW_TOKENS_MAX) {
                error_set(error, ZW_ERR_LIMIT, "name", "a person has at most %d tokens", (int)ZW_TOKENS_MAX);
                return false;
        }
        return txn->view->backend->token_insert(txn->view, token, no, error);
}

bool store_txn_add_token(StoreTxn *txn, const StoreToken *token, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && add_token(txn, token, &local);

        return txn_result(txn, ok, local, error);
}

bool store_txn_touch_token(StoreTxn *txn, const Id *token, Instant used, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && txn->view->backend->token_touch(txn->view, token, used, &local);

        return txn_result(txn, ok, local, error);
}

bool store_txn_revoke_tokens(StoreTxn *txn, const Id *person, const Id *token, Instant now, unsigned *ret_n,
                             GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) &&
                  txn->view->backend->token_revoke(txn->view, person, token, now, ret_n, &local);

        return txn_result(txn, ok, local, error);
}

/* ---- The setup code, the audit trail ---- */

bool store_txn_put_setup(StoreTxn *txn, const Digest *hash, Instant expires, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && txn->view->backend->setup_put(txn->view, hash, expires, &local);

        return txn_result(txn, ok, local, error);
}

bool store_txn_take_setup(StoreTxn *txn, const Digest *hash, Instant now, bool *ret_taken, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) &&
                  txn->view->backend->setup_take(txn->view, hash, now, ret_taken, &local);

        return txn_result(txn, ok, local, error);
}

bool store_txn_audit(StoreTxn *txn, const StoreAudit *entry, GError **error)
{
        g_autofree char *object = NULL;
        StoreAudit kept = *entry;
        GError *local = NULL;
        bool ok;

        /* What was tried is recorded whatever it was: a text too long is cut at a character. */
        if (entry->object != NULL && strlen(entry->object) > ZW_AUDIT_TEXT_MAX) {
                g_autofree char *cut = g_strndup(entry->object, ZW_AUDIT_TEXT_MAX);

                kept.object = object = g_utf8_make_valid(cut, -1);
        }
        ok = txn_check(txn, &local) && txn->view->backend->audit_insert(txn->view, &kept, &local);
        return txn_result(txn, ok, local, error);
}

bool store_each_audit(StoreView *view, const StoreAuditQuery *query, StoreAuditFn fn, void *payload,
                      GError **error)
{
        return view->backend->audit_read(view, query, fn, payload, error);
}
