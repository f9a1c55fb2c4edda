/* Use cases of passkeys: people's own. A new one is made after its owner proved anew who they are, since it will prove that. */
#include "service/access/passkey_internal.h"

#include "base/base64url.h"
#include "service/access/access_internal.h"

#include <string.h>

enum { ASKED_MS = 10 * 60 * 1000, FRESH_MS = 10 * 60 * 1000 };

/* ---- lists ---- */

typedef struct {
        const char *rp;
        json_t *ids;
} IdList;

static bool id_add(const StorePasskey *passkey, void *payload, GError **error G_GNUC_UNUSED)
{
        IdList *list = payload;
        g_autofree char *id = base64url_encode(passkey->key.id, passkey->key.id_n);

        if (g_strcmp0(passkey->rp, list->rp) == 0)
                json_array_append_new(list->ids, json_string(id));
        return true;
}

json_t *passkey_ids(StoreView *view, const Id *person, const char *rp, GError **error)
{
        g_autoptr(Json) ids = json_array();
        IdList list = { rp, ids };

        return store_each_passkey(view, person, id_add, &list, error) ? g_steal_pointer(&ids) : NULL;
}

static bool passkey_write(const StorePasskey *passkey, void *payload, GError **error G_GNUC_UNUSED)
{
        JWrite *w = payload;
        g_autofree char *id = base64url_encode(passkey->key.id, passkey->key.id_n);
        char created[ZW_INSTANT_TEXT], used[ZW_INSTANT_TEXT];

        instant_format(passkey->created, created);
        instant_format(passkey->used, used);
        jwrite_object_begin(w);
        jwrite_key_string(w, "id", id);
        jwrite_key_string(w, "name", passkey->name);
        jwrite_key_string(w, "host", passkey->rp);
        jwrite_key_string(w, "created", created);
        jwrite_key_string(w, "used", passkey->used == 0 ? NULL : used);
        jwrite_object_end(w);
        return true;
}

bool usecase_passkey_list(Call *call, JWrite *w, GError **error)
{
        g_autoptr(StorePerson) person = call_in_person(call, error) ? call_person(call, error) : NULL;

        if (person == NULL)
                return false;
        jwrite_array_begin(w);
        if (!store_each_passkey(call->view, &person->id, passkey_write, w, error))
                return false;
        jwrite_array_end(w);
        return true;
}

/* ---- a new one ---- */

static bool host_check(const char *rp, GError **error)
{
        if (rp != NULL && rp[0] != '\0' && strlen(rp) <= ZW_RP_MAX)
                return true;
        error_set(error, ZW_ERR_USAGE, "/rp", "passkeys are made and used by a browser");
        return false;
}

typedef struct {
        Call *call;
        Digest challenge;
        StorePasskey row;
        bool asked;
} Adding;

static bool asking_write(StoreTxn *txn, void *payload, GError **error)
{
        const Adding *adding = payload;

        return store_txn_ask_passkey(txn, &adding->call->caller->person, &adding->challenge,
                                     adding->call->instant + ASKED_MS, error);
}

/* What the browser needs to know: the options of a new credential, without those that are constant. */
bool usecase_passkey_begin(Call *call, JWrite *w, GError **error)
{
        const char *rp = jread_get_string(call->input, "rp");
        Adding adding = { .call = call };
        g_autoptr(StorePerson) person = NULL;
        g_autoptr(Json) known = NULL;
        g_autofree char *challenge = NULL, *id = NULL;

        if (!call_in_person(call, error) || !host_check(rp, error))
                return false;
        person = store_load_person(call->view, &call->caller->person, error);
        known = person == NULL ? NULL : passkey_ids(call->view, &person->id, rp, error);
        random_bytes(adding.challenge.b, sizeof(adding.challenge.b));
        if (known == NULL || !store_write(call->service->store, asking_write, &adding, error))
                return false;
        challenge = base64url_encode(adding.challenge.b, sizeof(adding.challenge.b));
        id = base64url_encode(person->id.b, sizeof(person->id.b));
        jwrite_object_begin(w);
        jwrite_key_string(w, "challenge", challenge);
        jwrite_key_string(w, "host", rp);
        jwrite_key_string(w, "user", id);
        jwrite_key_string(w, "name", person->name);
        jwrite_key_string(w, "full_name", person->full_name);
        jwrite_key_json(w, "known", known);
        jwrite_object_end(w);
        return true;
}

static bool adding_write(StoreTxn *txn, void *payload, GError **error)
{
        Adding *adding = payload;

        if (!store_txn_take_passkey_challenge(txn, &adding->row.person, &adding->challenge,
                                              adding->row.created, &adding->asked, error))
                return false;
        return !adding->asked ||
               (store_txn_add_passkey(txn, &adding->row, error) &&
                call_audit(adding->call, txn, "passkey.add", adding->row.name, "ok", error));
}

/* Who has no password to prove with who they are has just signed in. */
static bool owner_prove(Call *call, const StorePerson *person, GError **error)
{
        StoreAccount account;

        if (!store_load_account(call->view, &person->id, &account, error))
                return false;
        if (account.password[0] != '\0')
                return call_present(call, person, 0, error);
        if (call->caller->since != 0 && call->caller->since + FRESH_MS > call->instant)
                return true;
        error_set(error, ZW_ERR_SIGN_IN, NULL, "sign in anew first: your session is older than ten minutes");
        return false;
}

static bool key_read(Call *call, Adding *adding, GError **error)
{
        g_auto(WebauthnAnswer) answer = { 0 };
        g_autofree char *challenge = NULL;
        WebauthnExpected expected = { adding->row.rp, jread_get_string(call->input, "origin"), NULL };

        if (!passkey_answer_read(call->input, false, &answer, error))
                return false;
        expected.challenge = challenge = passkey_challenge_read(&answer, &adding->challenge);
        if (challenge == NULL) {
                error_set(error, ZW_ERR_INPUT, "/passkey", "the passkey answers no challenge of ours");
                return false;
        }
        return webauthn_take_key(&expected, &answer, (int)jread_get_int(call->input, "algorithm", 0),
                                 &adding->row.key, error);
}

bool usecase_passkey_add(Call *call, JWrite *w, GError **error)
{
        const char *name = jread_get_string(call->input, "name");
        Adding adding = { .call = call,
                          .row = { .person = call->caller->person,
                                   .name = name == NULL ? "" : name,
                                   .rp = jread_get_string(call->input, "rp"),
                                   .created = call->instant } };
        g_autoptr(StorePerson) person = NULL;
        g_autofree char *id = NULL;

        if (!call_in_person(call, error) || !host_check(adding.row.rp, error))
                return false;
        person = store_load_person(call->view, &call->caller->person, error);
        if (person == NULL || !key_read(call, &adding, error) || !owner_prove(call, person, error) ||
            !store_write(call->service->store, adding_write, &adding, error))
                return false;
        if (!adding.asked) {
                error_set(error, ZW_ERR_STALE, "/passkey", "that was not asked, or too long ago: begin anew");
                return false;
        }
        id = base64url_encode(adding.row.key.id, adding.row.key.id_n);
        jwrite_object_begin(w);
        jwrite_key_string(w, "id", id);
        jwrite_object_end(w);
        return true;
}

/* ---- one less ---- */

typedef struct {
        Call *call;
        const StorePerson *person;
        const uint8_t *id;
        size_t n;
} Removing;

static bool removing_write(StoreTxn *txn, void *payload, GError **error)
{
        const Removing *removing = payload;

        return store_txn_drop_passkey(txn, &removing->person->id, removing->id, removing->n, error) &&
               call_audit(removing->call, txn, "passkey.remove", removing->person->name, "ok", error);
}

bool usecase_passkey_remove(Call *call, JWrite *w, GError **error)
{
        const char *text = jread_get_string(call->input, "id");
        g_autoptr(StorePerson) person = call_in_person(call, error) ? call_person(call, error) : NULL;
        g_autofree uint8_t *id = NULL;
        Removing removing = { .call = call, .person = person };

        if (person == NULL)
                return false;
        id = text == NULL ? NULL : base64url_decode(text, &removing.n, NULL);
        removing.id = id;
        if (id == NULL || removing.n == 0) {
                error_set(error, ZW_ERR_NOT_FOUND, "id", "the person has no such passkey");
                return false;
        }
        if (!store_write(call->service->store, removing_write, &removing, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key_string(w, "name", person->name);
        jwrite_object_end(w);
        return true;
}
