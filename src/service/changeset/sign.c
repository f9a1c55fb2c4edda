/* Signing: the person proves anew who they are, sees what was shown still there, and signs it, all in one write. */
#include "service/changeset/draft.h"
#include "service/access/access_internal.h"
#include "service/access/passkey_internal.h"

#include "base/near.h"

#include <string.h>

enum { ITEMS_MAX = 10000, SHOWN_MS = 5 * 60 * 1000 };

typedef struct {
        const char *project, *on, *hash, *meaning, *role, *reason, *code, *to, *request, *message, *at,
                *instant, *time, *rp, *origin;
        json_t *items, *passkey;
        int64_t rev;
        bool editorial;
} SignInput;

static const JReadField input_fields[] = {
        { "project", JREAD_STRING, offsetof(SignInput, project), false },
        { "at", JREAD_STRING, offsetof(SignInput, at), false },
        { "instant", JREAD_STRING, offsetof(SignInput, instant), false },
        { "message", JREAD_STRING, offsetof(SignInput, message), false },
        { "editorial", JREAD_BOOL, offsetof(SignInput, editorial), false },
        { "request", JREAD_STRING, offsetof(SignInput, request), false },
        { "on", JREAD_STRING, offsetof(SignInput, on), false },
        { "rev", JREAD_INT, offsetof(SignInput, rev), false },
        { "hash", JREAD_STRING, offsetof(SignInput, hash), false },
        { "items", JREAD_ARRAY, offsetof(SignInput, items), false },
        { "meaning", JREAD_STRING, offsetof(SignInput, meaning), false },
        { "role", JREAD_STRING, offsetof(SignInput, role), false },
        { "reason", JREAD_STRING, offsetof(SignInput, reason), true },
        { "code", JREAD_STRING, offsetof(SignInput, code), false },
        { "to", JREAD_STRING, offsetof(SignInput, to), false },
        { "passkey", JREAD_OBJECT, offsetof(SignInput, passkey), false },
        { "time", JREAD_STRING, offsetof(SignInput, time), false },
        { "rp", JREAD_STRING, offsetof(SignInput, rp), false },
        { "origin", JREAD_STRING, offsetof(SignInput, origin), false },
        JREAD_END,
};

typedef struct {
        Call *call;
        SignIntent intent;
        const char *request;
        json_t *native;
        AccessProof proof;
        PasskeyProof passkey;
        const char *why; /* it was not proved, or NULL */
        json_t *outcome; /* made anew at each run */
        Seq seq;
} SignWrite;

static void sign_write_clear(SignWrite *write)
{
        access_proof_clear(&write->proof);
        json_decref(write->native);
        json_decref(write->outcome);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SignWrite, sign_write_clear)

/* ---- reading the call ---- */

static bool meaning_read(const char *name, MeaningId *ret_meaning, GError **error)
{
        size_t n;
        const char *const *names = meaning_names(&n);
        g_autofree char *near = NULL;

        if (name != NULL && meaning_find(name, ret_meaning))
                return true;
        near = near_names(name == NULL ? "" : name, names, n);
        error_set(error, ZW_ERR_NAME_UNKNOWN, "/meaning", "there is no meaning \"%s\"%s",
                  name == NULL ? "" : name, near);
        return false;
}

static bool role_read(const char *name, RoleId *ret_role, GError **error)
{
        *ret_role = ZW_ROLE_COUNT;
        if (name == NULL || role_find(name, ret_role))
                return true;
        error_set(error, ZW_ERR_NAME_UNKNOWN, "/role", "there is no role \"%s\"", name);
        return false;
}

static bool reason_check(const char *reason, GError **error)
{
        g_autofree char *text = g_strstrip(g_strdup(reason));

        if (text[0] == '\0') {
                error_set(error, ZW_ERR_USAGE, "/reason", "a signature has a reason");
                return false;
        }
        if (strlen(reason) <= ZW_REASON_MAX)
                return true;
        error_set(error, ZW_ERR_LIMIT, "/reason", "a reason has at most %d bytes", (int)ZW_REASON_MAX);
        return false;
}

/* `on` with `rev` and `hash`, or `items`: an array of objects with `key`, `rev` and `hash`. */
static json_t *items_read(const SignInput *given, GError **error)
{
        const size_t n = given->on != NULL ? 1 : json_array_size(given->items);
        const json_t *item;
        json_t *native;
        size_t i;

        if (n < 1 || n > ITEMS_MAX || (given->on != NULL && given->items != NULL)) {
                error_set(error, ZW_ERR_USAGE, "/items", "1 to %d items are signed at once", (int)ITEMS_MAX);
                return NULL;
        }
        native = json_array();
        if (given->on != NULL)
                json_array_append_new(native,
                                      json_pack("{s:s, s:s, s:I, s:s*}", "op", "sign", "key", given->on,
                                                "rev", (json_int_t)given->rev, "hash", given->hash));
        json_array_foreach(given->items, i, item)
        {
                json_t *op = json_is_object(item) ? json_copy((json_t *)(uintptr_t)item) : json_object();

                json_object_set_new(op, "op", json_string("sign"));
                json_array_append_new(native, op);
        }
        return native;
}

/* The manifest that a passkey signs was made when it was shown, so its time is that of the signature. */
static bool passkey_read(const Call *call, const SignInput *given, PasskeyProof *proof, GError **error)
{
        *proof = (PasskeyProof){ given->passkey, given->rp, given->origin, 0 };
        if (given->passkey == NULL)
                return true;
        if (given->rp == NULL || given->origin == NULL || given->time == NULL) {
                error_set(error, ZW_ERR_USAGE, "/time",
                          "a passkey signs what was shown, at the time it was shown");
                return false;
        }
        if (!instant_parse(given->time, &proof->time, error))
                return false;
        if (proof->time <= call->instant && proof->time + SHOWN_MS > call->instant)
                return true;
        error_set(error, ZW_ERR_STALE, "/time",
                  "what a passkey signs was shown within the last five minutes");
        return false;
}

static bool call_read(Call *call, bool approve, SignWrite *write, GError **error)
{
        SignInput given = { 0 };

        /* Names nobody else: a member such as `person` is refused with all that are not known. */
        if (!jread_object(call->input, input_fields, &given, "", error) ||
            !meaning_read(approve ? "approved" : given.meaning, &write->intent.meaning, error) ||
            !role_read(given.role, &write->intent.role, error) || !reason_check(given.reason, error) ||
            !passkey_read(call, &given, &write->passkey, error))
                return false;
        write->intent.reason = given.reason;
        write->intent.project = call->project->key;
        write->intent.approve = approve;
        write->intent.move_to = given.to;
        write->request = given.request;
        write->proof.code = given.code;
        write->native = items_read(&given, error);
        return write->native != NULL;
}

/* ---- who it is ---- */

static bool password_prove(Call *call, SignWrite *write, GError **error)
{
        g_autoptr(SecretText) password = NULL;
        StoreAccount account;
        bool ok;

        if (call->files.n != 1) {
                error_set(error, ZW_ERR_USAGE, "password", "who signs gives their password anew");
                return false;
        }
        password = secret_text_read(call->files.files[0].fd, ZW_PASSWORD_MAX, error);
        if (password == NULL || !store_load_account(call->view, &call->caller->person, &account, error))
                return false;
        if (account.password[0] == '\0') {
                error_set(error, ZW_ERR_SIGN_IN, "password",
                          "you have no password to prove with who you are: set one first");
                return false;
        }
        ok = access_prove(call->service, account.password, password, &write->proof, error);
        secret_wipe(&account, sizeof(account));
        return ok;
}

/* Before a passkey is looked at. */
static const char *passkey_judge(const StoreAccount *account)
{
        return account->disabled ? "disabled" : account->locked_until > instant_now() ? "locked" : NULL;
}

/* What a passkey did not prove counts like a wrong password. */
static bool passkey_fail(SignWrite *write, StoreTxn *txn, GError **error)
{
        StoreAccount account;

        if (!store_load_account(store_txn_view(txn), &write->call->caller->person, &account, error))
                return false;
        (void)access_account_fail(&account, instant_now());
        return store_txn_put_account(txn, &account, error) &&
               call_audit(write->call, txn, "sign", NULL, write->why, error);
}

/* Decides about the proof on the writer's thread; a failure is kept and counts like one of signing in. */
static bool proof_judge(SignWrite *write, StoreTxn *txn, GError **error)
{
        Call *call = write->call;
        StoreAccount account;

        if (!store_load_account(store_txn_view(txn), &call->caller->person, &account, error))
                return false;
        if (write->passkey.given != NULL) {
                write->why = passkey_judge(&account);
                write->intent.proof = PROOF_PASSKEY;
                write->intent.time = write->passkey.time;
                return write->why == NULL || call_audit(call, txn, "sign", NULL, write->why, error);
        }
        write->proof.now = instant_now();
        write->why = access_judge(&write->proof, &account);
        write->intent.proof = account.totp_confirmed ? PROOF_PASSWORD_CODE : PROOF_PASSWORD;
        write->intent.time = write->proof.now;
        return store_txn_put_account(txn, &account, error) &&
               (write->why == NULL || call_audit(call, txn, "sign", NULL, write->why, error));
}

/* ---- the write ---- */

static bool keys_audit(const SignWrite *write, StoreTxn *txn, GError **error)
{
        const json_t *rows = json_object_get(write->outcome, "signed"), *row;
        size_t i;

        json_array_foreach(rows, i, row)
        {
                g_autofree char *object = g_strdup_printf("%s r%" JSON_INTEGER_FORMAT " %s",
                                                          jread_get_string(row, "key"),
                                                          json_integer_value(json_object_get(row, "rev")),
                                                          jread_get_string(row, "meaning"));

                if (!call_audit(write->call, txn, "sign", object, "ok", error))
                        return false;
        }
        return true;
}

static bool sign_commit(SignWrite *write, StoreTxn *txn, GError **error)
{
        Call *call = write->call;
        ResolveContext context = context_of_call(call, store_txn_view(txn));
        CommitDraft draft = draft_of_call(call);
        g_autoptr(Json) ops = NULL;

        draft.request = write->request;
        draft.message = write->intent.reason;
        context.signing = &write->intent;
        ops = resolve_ops(&context, write->native, write->outcome, error);
        if (ops == NULL)
                return false;
        if (write->passkey.given != NULL &&
            !passkey_prove(call, txn, &write->passkey, ops, json_object_get(write->outcome, "signed"),
                           &write->why, error))
                return false;
        if (write->why != NULL)
                return passkey_fail(write, txn, error);
        draft.ops = ops;
        return store_txn_commit(txn, &draft, &write->seq, error) && keys_audit(write, txn, error);
}

static bool sign_write(StoreTxn *txn, void *payload, GError **error)
{
        SignWrite *write = payload;

        json_decref(write->outcome);
        write->outcome = json_object();
        return proof_judge(write, txn, error) && (write->why != NULL || sign_commit(write, txn, error));
}

static bool sign(Call *call, bool approve, JWrite *w, GError **error)
{
        g_auto(SignWrite) write = { .call = call };

        if (!call_in_person(call, error) || !call_read(call, approve, &write, error) ||
            (write.passkey.given == NULL && !password_prove(call, &write, error)) ||
            !store_write(call->service->store, sign_write, &write, error))
                return false;
        if (write.why != NULL) {
                error_set(
                        error, ZW_ERR_SIGN_IN, "password",
                        "it is not proved who signs: password, code or passkey is wrong, or the account is locked");
                return false;
        }
        jwrite_object_begin(w);
        jwrite_key_json(w, "signed", json_object_get(write.outcome, "signed"));
        jwrite_key_int(w, "commit", (int64_t)write.seq);
        jwrite_object_end(w);
        return true;
}

bool usecase_sign(Call *call, JWrite *w, GError **error)
{
        return sign(call, false, w, error);
}

bool usecase_approve(Call *call, JWrite *w, GError **error)
{
        return sign(call, true, w, error);
}

/* ---- what a passkey is to sign ---- */

static bool ask_answer(Call *call, const SignWrite *write, const char *rp, JWrite *w, GError **error)
{
        const json_t *rows = json_object_get(write->outcome, "signed"), *row;
        g_autoptr(Json) ids = passkey_ids(call->view, &call->caller->person, rp, error);
        g_autofree char *challenge = passkey_challenge(rows);
        char time[ZW_INSTANT_TEXT];
        size_t i;

        if (ids == NULL)
                return false;
        instant_format(write->intent.time, time);
        jwrite_object_begin(w);
        jwrite_key_string(w, "time", time);
        jwrite_key_string(w, "challenge", challenge);
        jwrite_key_string(w, "host", rp);
        jwrite_key_json(w, "passkeys", ids);
        jwrite_key(w, "manifests");
        jwrite_array_begin(w);
        json_array_foreach(rows, i, row)
        {
                jwrite_object_begin(w);
                jwrite_key_json(w, "key", json_object_get(row, "key"));
                jwrite_key_json(w, "manifest", json_object_get(row, "manifest"));
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
        jwrite_object_end(w);
        return true;
}

bool usecase_signature_ask(Call *call, JWrite *w, GError **error)
{
        const char *rp = jread_get_string(call->input, "rp");
        g_auto(SignWrite) write = { .call = call };
        g_autoptr(Json) ops = NULL;
        ResolveContext context = context_of_call(call, call->view);

        context.dry = true;
        context.signing = &write.intent;
        if (!call_in_person(call, error) || !call_read(call, false, &write, error))
                return false;
        write.intent.proof = PROOF_PASSKEY;
        write.intent.time = call->instant;
        write.outcome = json_object();
        ops = resolve_ops(&context, write.native, write.outcome, error);
        return ops != NULL && ask_answer(call, &write, rp, w, error);
}
