/* Signing in with a passkey alone: it is something one has, and it verified who holds it. Which passkey answers is the browser's to
 * find, so nobody is asked for a name, and a server that is asked tells nothing about anybody. */
#include "service/access/passkey_internal.h"

#include "base/base64url.h"
#include "service/access/access_internal.h"

#include <string.h>

enum { ASKED_MS = 5 * 60 * 1000 };

/* ---- what is to be signed ---- */

typedef struct {
        Digest challenge;
        Instant expires;
} Asking;

static bool asking_write(StoreTxn *txn, void *payload, GError **error)
{
        const Asking *asking = payload;

        return store_txn_ask_sign_in(txn, &asking->challenge, asking->expires, error);
}

bool access_passkey_ask(Service *service, const char *address, char **ret_challenge, GError **error)
{
        Asking asking = { .expires = instant_now() + ASKED_MS };

        if (access_address_is_locked(service, address, error) ||
            !throttle_address_ask(service->throttle, address, instant_now(), error))
                return false;
        random_bytes(asking.challenge.b, sizeof(asking.challenge.b));
        if (!store_write_aside(service->store, asking_write, &asking, error))
                return false;
        *ret_challenge = base64url_encode(asking.challenge.b, sizeof(asking.challenge.b));
        return true;
}

/* ---- who signed it ---- */

typedef struct {
        const PasskeySignIn *given;
        Digest challenge;
        char *challenge_text; /* NULL: none of ours */
        Instant now;
        SecretText *session; /* made before, so that a second run writes the same */
        bool fine, locks;    /* the outcome: who they are; the account is locked from now on */
} Entry;

static void entry_clear(Entry *entry)
{
        g_free(entry->challenge_text);
        secret_text_free(entry->session);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Entry, entry_clear)

/* A browser names the person that the passkey was made for, and that is whose it is. */
static bool is_owner(const json_t *given, const Id *person)
{
        const char *text = jread_get_string(given, "user");
        g_autofree uint8_t *bytes = NULL;
        size_t n = 0;

        bytes = text == NULL ? NULL : base64url_decode(text, &n, NULL);
        return bytes != NULL && n == ZW_ID_BYTES && memcmp(bytes, person->b, n) == 0;
}

/* Why not, or NULL. What is wrong with the passkey counts on the account. */
static const char *entry_judge(Entry *entry, const PasskeyFound *found, bool asked, StoreAccount *account,
                               uint32_t *ret_counter)
{
        const PasskeySignIn *given = entry->given;
        const WebauthnExpected expected = { given->rp, given->origin, entry->challenge_text };
        const char *why;

        if (account->disabled)
                return "disabled";
        if (account->locked_until > entry->now)
                return "locked";
        /* Who signs in elsewhere gets their roles there, each time. */
        if (account->password[0] == '\0')
                return "no password";
        if (!asked)
                return "was not asked";
        why = is_owner(given->answer, &found->row.person)
                      ? passkey_verify(found, &expected, given->answer, ret_counter)
                      : "unknown passkey";
        if (why != NULL) {
                entry->locks = access_account_fail(account, entry->now);
                return why;
        }
        account->failures = 0;
        account->locked_until = 0;
        return NULL;
}

static bool entry_known(StoreTxn *txn, Entry *entry, const PasskeyFound *found, bool asked, GError **error)
{
        const Id *person = &found->row.person;
        const Digest session = access_digest(entry->session);
        const char *address = entry->given->address, *why;
        g_autoptr(StorePerson) owner = store_load_person(store_txn_view(txn), person, error);
        g_autofree char *outcome = NULL;
        StoreAccount account;
        uint32_t counter = 0;

        if (owner == NULL || !store_load_account(store_txn_view(txn), person, &account, error))
                return false;
        why = entry_judge(entry, found, asked, &account, &counter);
        entry->fine = why == NULL;
        outcome = g_strconcat(why == NULL ? "ok" : why, entry->locks ? ", locked" : "", NULL);
        if (!store_txn_put_account(txn, &account, error) ||
            !access_audit(txn, person, "sign_in", owner->name, address, outcome, error))
                return false;
        return why != NULL || (store_txn_touch_passkey(txn, &found->row.key, counter, entry->now, error) &&
                               access_session_add(txn, person, entry->session, address, entry->now, error) &&
                               store_txn_session_by(txn, &session, &found->row.key, error));
}

static bool entry_write(StoreTxn *txn, void *payload, GError **error)
{
        Entry *entry = payload;
        const PasskeySignIn *given = entry->given;
        g_auto(PasskeyFound) found = { .found = false };
        bool asked = false;

        entry->fine = entry->locks = false;
        if ((entry->challenge_text != NULL &&
             !store_txn_take_sign_in(txn, &entry->challenge, entry->now, &asked, error)) ||
            !passkey_find(store_txn_view(txn), given->answer, given->rp, &found, error))
                return false;
        return found.found
                       ? entry_known(txn, entry, &found, asked, error)
                       : access_audit(txn, NULL, "sign_in", NULL, given->address, "unknown passkey", error);
}

bool access_passkey_sign_in(Service *service, const PasskeySignIn *sign_in, SecretText **ret_session,
                            GError **error)
{
        g_auto(WebauthnAnswer) answer = { 0 };
        g_auto(Entry) entry = { .given = sign_in };

        if (access_address_is_locked(service, sign_in->address, error) ||
            !passkey_answer_read(sign_in->answer, true, &answer, error))
                return false;
        entry.challenge_text = passkey_challenge_read(&answer, &entry.challenge);
        entry.now = instant_now();
        entry.session = secret_text_random("", 16);
        if (!store_write(service->store, entry_write, &entry, error))
                return false;
        if (!entry.fine) {
                access_address_fail(service, sign_in->address);
                error_set(error, ZW_ERR_SIGN_IN, NULL,
                          "the passkey is not known here, or the account is locked");
                return false;
        }
        throttle_address_forget(service->throttle, sign_in->address);
        *ret_session = g_steal_pointer(&entry.session);
        return true;
}
