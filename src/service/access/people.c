/* People and their accounts: by operators, and what people do to their own. */
#include "service/access/access_internal.h"

#include <string.h>

/* ---- whom it is about ---- */

bool call_in_person(const Call *call, GError **error)
{
        if (!call->caller->by_token)
                return true;
        error_set(error, ZW_ERR_DENIED, NULL, "this is done by the person, not by a token");
        return false;
}

StorePerson *call_person(const Call *call, GError **error)
{
        const char *name = jread_get_string(call->input, "person");
        g_autoptr(StorePerson) self = store_load_person(call->view, &call->caller->person, error);

        if (self == NULL || name == NULL || strcmp(name, self->name) == 0)
                return g_steal_pointer(&self);
        if (call->rights.is_operator)
                return store_find_person(call->view, name, error);
        error_set(error, ZW_ERR_DENIED, "person", "only an operator does this for somebody else");
        return NULL;
}

bool call_id(const Call *call, const char *member, Id *ret_id, bool *ret_given, GError **error)
{
        const char *text = jread_get_string(call->input, member);

        *ret_given = text != NULL;
        return text == NULL || hex_decode(text, ret_id->b, ZW_ID_BYTES, error);
}

/* ---- lists ---- */

typedef struct {
        const Call *call;
        JWrite *w;
} Listing;

static void account_write(JWrite *w, const StorePerson *person, const StoreAccount *account)
{
        char locked[ZW_INSTANT_TEXT];

        jwrite_key_string(w, "name", person->name);
        jwrite_key_string(w, "full_name", person->full_name);
        jwrite_key_string(w, "state", account->disabled ? "disabled" : "active");
        jwrite_key_bool(w, "operator", account->is_operator);
        jwrite_key_bool(w, "password", account->password[0] != '\0');
        jwrite_key_bool(w, "totp", account->totp_confirmed);
        jwrite_key_bool(w, "mail", !account->no_mail);
        instant_format(account->locked_until, locked);
        jwrite_key_string(w, "locked_until", account->locked_until > instant_now() ? locked : NULL);
}

static bool person_write(const StorePerson *person, void *payload, GError **error)
{
        Listing *list = payload;
        StoreAccount account;

        if (!store_load_account(list->call->view, &person->id, &account, error))
                return false;
        jwrite_object_begin(list->w);
        account_write(list->w, person, &account);
        jwrite_object_end(list->w);
        return true;
}

bool usecase_user_list(Call *call, JWrite *w, GError **error)
{
        Listing list = { call, w };
        bool ok;

        jwrite_array_begin(w);
        ok = store_each_person(call->view, person_write, &list, error);
        jwrite_array_end(w);
        return ok;
}

/* What an auditor who is limited sees of the project: nothing behind a commit, these zones only; null where nothing limits. */
static void limits_write(JWrite *w, const Rights *rights)
{
        char *const *zones = rights_zones_seen(rights);
        const Seq upto = rights_upto(rights);

        if (upto == 0)
                jwrite_key_null(w, "upto");
        else
                jwrite_key_int(w, "upto", (int64_t)upto);
        if (zones == NULL) {
                jwrite_key_null(w, "zones");
                return;
        }
        jwrite_key(w, "zones");
        jwrite_array_begin(w);
        for (; *zones != NULL; zones++)
                jwrite_string(w, *zones);
        jwrite_array_end(w);
}

static void rights_write(JWrite *w, const StoreProject *project, const Rights *rights)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "project", project->key);
        jwrite_key_string(w, "title", project->title);
        jwrite_key_bool(w, "sample", project->sample);
        jwrite_key(w, "roles");
        jwrite_array_begin(w);
        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                if (rights->roles & 1U << i)
                        jwrite_string(w, role_def((RoleId)i)->name);
        jwrite_array_end(w);
        jwrite_key(w, "permissions");
        jwrite_array_begin(w);
        for (int i = 0; i < ZW_PERM_COUNT; i++)
                if (rights_roles_with(rights, (PermissionId)i) != 0)
                        jwrite_string(w, permission_name((PermissionId)i));
        jwrite_array_end(w);
        limits_write(w, rights);
        jwrite_object_end(w);
}

bool usecase_user_me(Call *call, JWrite *w, GError **error)
{
        g_autoptr(StorePerson) person = store_load_person(call->view, &call->caller->person, error);
        /* What the caller has a role in, also where an operator could manage others. */
        const Rights asked = { .limit = call->rights.limit };
        g_autoptr(GPtrArray) projects = NULL;
        StoreAccount account;

        if (person == NULL || !store_load_account(call->view, &person->id, &account, error))
                return false;
        projects = rights_load_projects(call->view, call->caller, &asked, call->instant, error);
        if (projects == NULL)
                return false;
        account.is_operator = call->rights.is_operator;
        jwrite_object_begin(w);
        account_write(w, person, &account);
        jwrite_key(w, "projects");
        jwrite_array_begin(w);
        for (guint i = 0; i < projects->len; i++) {
                const ProjectRights *one = projects->pdata[i];

                if (call_sees(&one->rights))
                        rights_write(w, one->project, &one->rights);
        }
        jwrite_array_end(w);
        jwrite_object_end(w);
        return true;
}

/* ---- changes ---- */

/* One change of an account, with its line in the audit trail. */
typedef struct AccountChange AccountChange;
struct AccountChange {
        Call *call;
        Id person;
        const char *name, *action;
        const char *outcome; /* set by `change` when it refuses without an error */
        bool (*change)(AccountChange *change, StoreTxn *txn, StoreAccount *account, GError **error);
        const char *full_name; /* or NULL: as it is */
        const char *hash;      /* of the password */
        const char *code;
        uint8_t key[ZW_TOTP_KEY];
        bool end; /* its sessions end */
};

static bool change_write(StoreTxn *txn, void *payload, GError **error)
{
        AccountChange *change = payload;
        StoreAccount account;
        unsigned n;

        change->outcome = "ok";
        if (!store_load_account(store_txn_view(txn), &change->person, &account, error) ||
            !change->change(change, txn, &account, error) || !store_txn_put_account(txn, &account, error))
                return false;
        return (!change->end || store_txn_end_sessions(txn, &change->person, NULL, &n, error)) &&
               call_audit(change->call, txn, change->action, change->name, change->outcome, error);
}

static bool change_answer(AccountChange *change, JWrite *w, GError **error)
{
        if (!store_write(change->call->service->store, change_write, change, error))
                return false;
        if (strcmp(change->outcome, "ok") != 0) {
                error_set(error, ZW_ERR_SIGN_IN, "code", "%s", change->outcome);
                return false;
        }
        jwrite_object_begin(w);
        jwrite_key_string(w, "name", change->name);
        jwrite_object_end(w);
        return true;
}

static bool user_change(AccountChange *change, StoreTxn *txn, StoreAccount *account, GError **error)
{
        const json_t *input = change->call->input;
        Id id;

        account->is_operator = jread_get_bool(input, "operator", account->is_operator);
        account->disabled = jread_get_bool(input, "disabled", account->disabled);
        if (!account->disabled && json_is_false(json_object_get(input, "disabled"))) {
                account->failures = 0;
                account->locked_until = 0;
        }
        return change->full_name == NULL ||
               store_txn_put_person(txn, change->name, change->full_name, &id, error);
}

bool usecase_user_set(Call *call, JWrite *w, GError **error)
{
        const char *name = jread_get_string(call->input, "name");
        g_autoptr(StorePerson) person = NULL;
        AccountChange change = { .call = call,
                                 .action = "user.set",
                                 .change = user_change,
                                 .full_name = jread_get_string(call->input, "full_name"),
                                 .end = jread_get_bool(call->input, "disabled", false) };

        if (name == NULL) {
                error_set(error, ZW_ERR_USAGE, "/name", "the login name of a person is needed");
                return false;
        }
        person = store_find_person(call->view, name, error);
        if (person == NULL)
                return false;
        /* Else an installation could be left without anybody who manages it. */
        if (id_equal(&person->id, &call->caller->person) &&
            (change.end || json_is_false(json_object_get(call->input, "operator")))) {
                error_set(error, ZW_ERR_STATE, "name", "nobody takes their own account or its powers away");
                return false;
        }
        change.person = person->id;
        change.name = person->name;
        return change_answer(&change, w, error);
}

static bool mail_change(AccountChange *change, StoreTxn *txn G_GNUC_UNUSED, StoreAccount *account,
                        GError **error G_GNUC_UNUSED)
{
        account->no_mail = json_is_false(json_object_get(change->call->input, "on"));
        return true;
}

/* What is sent to people is theirs to say, and nobody else's. */
bool usecase_user_mail(Call *call, JWrite *w, GError **error)
{
        g_autoptr(StorePerson) person = NULL;
        AccountChange change = { .call = call, .action = "user.mail", .change = mail_change };

        if (!call_in_person(call, error))
                return false;
        if (!json_is_boolean(json_object_get(call->input, "on"))) {
                error_set(error, ZW_ERR_USAGE, "/on", "say whether mail is wanted: true or false");
                return false;
        }
        person = store_load_person(call->view, &call->caller->person, error);
        if (person == NULL)
                return false;
        change.person = person->id;
        change.name = person->name;
        return change_answer(&change, w, error);
}

typedef struct {
        Call *call;
        const char *name, *full_name;
} PersonAdd;

static bool person_add(StoreTxn *txn, void *payload, GError **error)
{
        PersonAdd *add = payload;
        g_autoptr(StorePerson) old = store_find_person(store_txn_view(txn), add->name, NULL);
        StoreAccount account = { .is_operator = jread_get_bool(add->call->input, "operator", false) };

        if (old != NULL) {
                error_set(error, ZW_ERR_EXISTS, "name", "there is a person %s already", add->name);
                return false;
        }
        return store_txn_put_person(txn, add->name, add->full_name, &account.person, error) &&
               store_txn_put_account(txn, &account, error) &&
               call_audit(add->call, txn, "user.add", add->name, "ok", error);
}

bool usecase_user_add(Call *call, JWrite *w, GError **error)
{
        const char *name = jread_get_string(call->input, "name"),
                   *full = jread_get_string(call->input, "full_name");
        PersonAdd add = { call, name, full == NULL ? name : full };

        if (name == NULL) {
                error_set(error, ZW_ERR_USAGE, "/name", "a person has a login name");
                return false;
        }
        if (!store_write(call->service->store, person_add, &add, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key_string(w, "name", name);
        jwrite_object_end(w);
        return true;
}

/* ---- passwords: the first file is the new one, the second the present one ---- */

static bool password_change(AccountChange *change, StoreTxn *txn, StoreAccount *account, GError **error)
{
        unsigned n;

        /* Tokens an operator made for an account without a password are not the person's who now takes it over. */
        if (account->password[0] == '\0' &&
            !store_txn_revoke_tokens(txn, &change->person, NULL, instant_now(), &n, error))
                return false;
        g_strlcpy(account->password, change->hash, sizeof(account->password));
        account->failures = 0;
        account->locked_until = 0;
        return true;
}

bool call_present(Call *call, const StorePerson *person, size_t file, GError **error)
{
        g_autoptr(SecretText) present = NULL;
        StoreAccount account;
        bool fits = false;

        if (call->caller->origin == ORIGIN_CLI ||
            (call->rights.is_operator && !id_equal(&person->id, &call->caller->person)))
                return true;
        if (!store_load_account(call->view, &person->id, &account, error))
                return false;
        if (call->files.n <= file) {
                error_set(error, ZW_ERR_USAGE, "password", "the present password is needed too");
                return false;
        }
        present = secret_text_read(call->files.files[file].fd, ZW_PASSWORD_MAX, error);
        if (present == NULL ||
            !access_verify(call->service, account.password[0] == '\0' ? password_decoy() : account.password,
                           present, &fits, error))
                return false;
        return fits || access_refuse(error);
}

bool usecase_user_password(Call *call, JWrite *w, GError **error)
{
        g_autoptr(StorePerson) person = NULL;
        g_autoptr(SecretText) password = NULL;
        g_autofree char *hash = NULL;
        AccountChange change = {
                .call = call, .action = "user.password", .change = password_change, .end = true
        };

        if (!call_in_person(call, error))
                return false;
        person = call_person(call, error);
        if (person == NULL)
                return false;
        if (call->files.n == 0) {
                error_set(error, ZW_ERR_USAGE, "password", "the password is read from a file");
                return false;
        }
        password = secret_text_read(call->files.files[0].fd, ZW_PASSWORD_MAX, error);
        if (password == NULL || !password_check(password, person->name, error) ||
            !call_present(call, person, 1, error))
                return false;
        change.hash = hash = access_hash(call->service, password, error);
        change.person = person->id;
        change.name = person->name;
        return hash != NULL && change_answer(&change, w, error);
}

/* ---- one-time codes ---- */

static bool totp_enrol(AccountChange *change, StoreTxn *txn G_GNUC_UNUSED, StoreAccount *account,
                       GError **error)
{
        if (account->totp_confirmed) {
                error_set(error, ZW_ERR_STATE, "totp", "codes are asked for already: remove them first");
                return false;
        }
        account->has_totp = true;
        account->totp_step = 0;
        for (size_t i = 0; i < sizeof(account->totp); i++)
                account->totp[i] = change->key[i];
        return true;
}

static bool totp_confirm(AccountChange *change, StoreTxn *txn G_GNUC_UNUSED, StoreAccount *account,
                         GError **error)
{
        if (!account->has_totp || account->totp_confirmed) {
                error_set(error, ZW_ERR_STATE, "totp", "there is no key that waits for its first code");
                return false;
        }
        account->totp_confirmed = totp_check(account->totp, sizeof(account->totp), change->code,
                                             instant_now(), account->totp_step, &account->totp_step);
        if (!account->totp_confirmed)
                change->outcome = "the code is wrong";
        return true;
}

static bool totp_remove(AccountChange *change G_GNUC_UNUSED, StoreTxn *txn G_GNUC_UNUSED,
                        StoreAccount *account, GError **error G_GNUC_UNUSED)
{
        account->has_totp = account->totp_confirmed = false;
        return true;
}

/* A key that somebody else has seen proves nothing: it is made by the person alone. */
static StorePerson *totp_person(Call *call, bool alone, GError **error)
{
        g_autoptr(StorePerson) person = NULL;

        if (!call_in_person(call, error))
                return NULL;
        person = call_person(call, error);
        if (person == NULL || !alone || id_equal(&person->id, &call->caller->person))
                return g_steal_pointer(&person);
        error_set(error, ZW_ERR_DENIED, "name", "codes are set up by the person alone");
        return NULL;
}

bool usecase_totp_enrol(Call *call, JWrite *w, GError **error)
{
        g_autoptr(StorePerson) person = totp_person(call, true, error);
        g_autoptr(SecretText) address = NULL;
        AccountChange change = { .call = call, .action = "totp.enrol", .change = totp_enrol };
        bool ok;

        if (person == NULL)
                return false;
        random_bytes(change.key, sizeof(change.key));
        change.person = person->id;
        change.name = person->name;
        address = totp_address(change.key, sizeof(change.key), person->name);
        ok = store_write(call->service->store, change_write, &change, error);
        secret_wipe(change.key, sizeof(change.key));
        if (!ok)
                return false;
        jwrite_object_begin(w);
        jwrite_key_string(w, "address", secret_text_reveal(address));
        jwrite_object_end(w);
        return true;
}

bool usecase_totp_confirm(Call *call, JWrite *w, GError **error)
{
        g_autoptr(StorePerson) person = totp_person(call, true, error);
        AccountChange change = { .call = call,
                                 .action = "totp.confirm",
                                 .change = totp_confirm,
                                 .code = jread_get_string(call->input, "code") };

        if (person == NULL)
                return false;
        change.person = person->id;
        change.name = person->name;
        return change_answer(&change, w, error);
}

bool usecase_totp_remove(Call *call, JWrite *w, GError **error)
{
        g_autoptr(StorePerson) person = totp_person(call, false, error);
        AccountChange change = { .call = call, .action = "totp.remove", .change = totp_remove, .end = true };

        if (person == NULL || !call_present(call, person, 0, error))
                return false;
        change.person = person->id;
        change.name = person->name;
        return change_answer(&change, w, error);
}
