/* Signing: the person proves anew who they are, sees what was shown still there, and signs it, all in one write. */
#include "service/access_internal.h"

#include "base/near.h"

#include <string.h>

enum { ITEMS_MAX = 10000 };

typedef struct {
        const char *project, *on, *hash, *meaning, *role, *reason, *code, *to, *request, *message, *at,
                *instant;
        json_t *items;
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
        JREAD_END,
};

typedef struct {
        Call *call;
        SignIntent intent;
        const char *request;
        json_t *native;
        AccessProof proof;
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

static bool call_read(Call *call, bool approve, SignWrite *write, GError **error)
{
        SignInput given = { 0 };

        /* Names nobody else: a member such as `person` is refused with all that are not known. */
        if (!jread_object(call->input, input_fields, &given, "", error) ||
            !meaning_read(approve ? "approved" : given.meaning, &write->intent.meaning, error) ||
            !role_read(given.role, &write->intent.role, error) || !reason_check(given.reason, error))
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

/* Decides about the proof on the writer's thread; a failure is kept and counts like one of signing in. */
static bool proof_judge(SignWrite *write, StoreTxn *txn, GError **error)
{
        Call *call = write->call;
        StoreAccount account;

        if (!store_load_account(store_txn_view(txn), &call->caller->person, &account, error))
                return false;
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
        const ResolveContext context = { .view = store_txn_view(txn),
                                         .store = call->service->store,
                                         .log = call->project->log,
                                         .actor = call->caller->person,
                                         .rights = &call->rights,
                                         .signing = &write->intent };
        CommitDraft draft = { .log = call->project->log,
                              .actor = call->caller->person,
                              .origin = call->caller->origin,
                              .request = write->request,
                              .message = write->intent.reason };
        g_autoptr(Json) ops = resolve_ops(&context, write->native, write->outcome, error);

        if (ops == NULL)
                return false;
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
            !password_prove(call, &write, error) ||
            !store_write(call->service->store, sign_write, &write, error))
                return false;
        if (write.why != NULL) {
                error_set(error, ZW_ERR_SIGN_IN, "password",
                          "it is not proved who signs: password or code is wrong, or the account is locked");
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
