/* Passkeys: what is checked before rows are written. */
#include "store/passkey.h"

#include "base/error.h"
#include "base/jtext.h"
#include "store/internal.h"

#include <string.h>

bool store_each_passkey(StoreView *view, const Id *person, StorePasskeyFn fn, void *payload, GError **error)
{
        return view->backend->passkey_read(view, person, fn, payload, error);
}

bool store_find_passkey(StoreView *view, const void *id, size_t n, StorePasskeyFn fn, void *payload,
                        GError **error)
{
        return view->backend->passkey_find(view, id, n, fn, payload, error);
}

static bool passkey_count(const StorePasskey *passkey G_GNUC_UNUSED, void *payload,
                          GError **error G_GNUC_UNUSED)
{
        ++*(unsigned *)payload;
        return true;
}

static bool name_is_good(const char *name)
{
        const size_t n = strlen(name);

        for (size_t i = 0; i < n; i++)
                if ((unsigned char)name[i] < ' ' || name[i] == 0x7f)
                        return false;
        return n >= 1 && n <= ZW_NAME_MAX && utf8_valid(name, n);
}

static bool add_passkey(StoreTxn *txn, const StorePasskey *passkey, GError **error)
{
        unsigned n = 0;

        if (!name_is_good(passkey->name)) {
                error_set(error, ZW_ERR_INPUT, "/name", "a passkey has a name of 1 to %d bytes in one line",
                          (int)ZW_NAME_MAX);
                return false;
        }
        if (!store_each_passkey(txn->view, &passkey->person, passkey_count, &n, error))
                return false;
        if (n >= ZW_PASSKEYS_MAX) {
                error_set(error, ZW_ERR_LIMIT, NULL, "a person has at most %d passkeys",
                          (int)ZW_PASSKEYS_MAX);
                return false;
        }
        return txn->view->backend->passkey_insert(txn->view, passkey, error);
}

bool store_txn_add_passkey(StoreTxn *txn, const StorePasskey *passkey, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && add_passkey(txn, passkey, &local);

        return txn_result(txn, ok, local, error);
}

bool store_txn_touch_passkey(StoreTxn *txn, const WebauthnKey *key, uint32_t counter, Instant used,
                             GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) &&
                  txn->view->backend->passkey_touch(txn->view, key->id, key->id_n, counter, used, &local);

        return txn_result(txn, ok, local, error);
}

static bool drop_passkey(StoreTxn *txn, const Id *person, const void *id, size_t n, GError **error)
{
        bool had;

        if (!txn->view->backend->passkey_drop(txn->view, person, id, n, &had, error))
                return false;
        if (!had)
                error_set(error, ZW_ERR_NOT_FOUND, "id", "the person has no such passkey");
        return had;
}

bool store_txn_drop_passkey(StoreTxn *txn, const Id *person, const void *id, size_t n, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && drop_passkey(txn, person, id, n, &local);

        return txn_result(txn, ok, local, error);
}

bool store_txn_ask_passkey(StoreTxn *txn, const Id *person, const Digest *challenge, Instant expires,
                           GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) &&
                  txn->view->backend->passkey_ask(txn->view, person, challenge, expires, &local);

        return txn_result(txn, ok, local, error);
}

bool store_txn_take_passkey_challenge(StoreTxn *txn, const Id *person, const Digest *challenge, Instant now,
                                      bool *ret_asked, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) &&
                  txn->view->backend->passkey_asked(txn->view, person, challenge, now, ret_asked, &local);

        return txn_result(txn, ok, local, error);
}

bool store_txn_session_by(StoreTxn *txn, const Digest *session, const WebauthnKey *key, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) &&
                  txn->view->backend->session_by(txn->view, session, key->id, key->id_n, &local);

        return txn_result(txn, ok, local, error);
}

bool store_txn_ask_sign_in(StoreTxn *txn, const Digest *challenge, Instant expires, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) &&
                  txn->view->backend->sign_in_ask(txn->view, challenge, expires, &local);

        return txn_result(txn, ok, local, error);
}

bool store_txn_take_sign_in(StoreTxn *txn, const Digest *challenge, Instant now, bool *ret_asked,
                            GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) &&
                  txn->view->backend->sign_in_asked(txn->view, challenge, now, ret_asked, &local);

        return txn_result(txn, ok, local, error);
}
