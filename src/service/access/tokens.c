/* Tokens of programs and sessions of browsers, as their owners and operators see them. */
#include "service/access/access_internal.h"

#include "base/near.h"
#include "store/identity.h"

#include <string.h>

enum { DAYS_USUAL = 90 };

/* ---- lists ---- */

typedef struct {
        const Call *call;
        JWrite *w;
} Listing;

static void id_write(JWrite *w, const char *key, const Id *id)
{
        char hex[ZW_ID_HEX];

        hex_encode(id->b, ZW_ID_BYTES, hex);
        jwrite_key_string(w, key, hex);
}

static void time_write(JWrite *w, const char *key, Instant time)
{
        char text[ZW_INSTANT_TEXT];

        instant_format(time, text);
        jwrite_key_string(w, key, time == 0 ? NULL : text);
}

static void scope_write(JWrite *w, unsigned permissions)
{
        jwrite_key(w, "scope");
        jwrite_array_begin(w);
        for (int i = 0; i < ZW_PERM_COUNT; i++)
                if (permissions & 1U << i)
                        jwrite_string(w, permission_name((PermissionId)i));
        jwrite_array_end(w);
}

/* The key of the project with this log, or NULL. */
static bool project_write(const Call *call, JWrite *w, const StoreToken *token, GError **error)
{
        g_autoptr(GPtrArray) all = store_load_projects(call->view, error);
        const char *key = NULL;

        for (guint i = 0; all != NULL && token->has_log && i < all->len; i++)
                if (id_equal(&((const StoreProject *)all->pdata[i])->log, &token->log))
                        key = ((const StoreProject *)all->pdata[i])->key;
        jwrite_key_string(w, "project", key);
        return all != NULL;
}

static bool token_write(const StoreToken *token, void *payload, GError **error)
{
        Listing *list = payload;
        bool ok;

        jwrite_object_begin(list->w);
        id_write(list->w, "id", &token->id);
        jwrite_key_string(list->w, "name", token->name);
        scope_write(list->w, token->permissions);
        ok = project_write(list->call, list->w, token, error);
        time_write(list->w, "created", token->created);
        time_write(list->w, "expires", token->expires);
        time_write(list->w, "used", token->used);
        time_write(list->w, "revoked", token->revoked);
        jwrite_object_end(list->w);
        return ok;
}

bool usecase_token_list(Call *call, JWrite *w, GError **error)
{
        g_autoptr(StorePerson) person = call_in_person(call, error) ? call_person(call, error) : NULL;
        Listing list = { call, w };
        bool ok;

        if (person == NULL)
                return false;
        jwrite_array_begin(w);
        ok = store_each_token(call->view, &person->id, token_write, &list, error);
        jwrite_array_end(w);
        return ok;
}

static bool session_write(const StoreSession *session, void *payload, GError **error G_GNUC_UNUSED)
{
        Listing *list = payload;

        jwrite_object_begin(list->w);
        id_write(list->w, "id", &session->id);
        jwrite_key_string(list->w, "address", session->address);
        time_write(list->w, "created", session->created);
        time_write(list->w, "seen", session->seen);
        time_write(list->w, "expires", session->expires);
        jwrite_object_end(list->w);
        return true;
}

bool usecase_session_list(Call *call, JWrite *w, GError **error)
{
        g_autoptr(StorePerson) person = call_in_person(call, error) ? call_person(call, error) : NULL;
        Listing list = { call, w };
        bool ok;

        if (person == NULL)
                return false;
        jwrite_array_begin(w);
        ok = store_each_session(call->view, &person->id, session_write, &list, error);
        jwrite_array_end(w);
        return ok;
}

/* ---- a new token ---- */

typedef struct {
        Call *call;
        StoreToken token;
        const char *owner;
} TokenAdd;

static bool scope_read(const json_t *input, unsigned *ret_permissions, GError **error)
{
        const json_t *scope = json_object_get(input, "scope"), *one;
        const char *names[ZW_PERM_COUNT];
        size_t i;

        for (i = 0; i < ZW_PERM_COUNT; i++)
                names[i] = permission_name((PermissionId)i);
        json_array_foreach(scope, i, one)
        {
                const char *name = json_is_string(one) ? json_string_value(one) : "";
                g_autofree char *near = NULL;
                int found = ZW_PERM_COUNT;

                for (int p = 0; p < ZW_PERM_COUNT; p++)
                        if (strcmp(names[p], name) == 0)
                                found = p;
                if (found == ZW_PERM_COUNT) {
                        near = near_names(name, names, ZW_PERM_COUNT);
                        error_set(error, ZW_ERR_NAME_UNKNOWN, "/scope", "there is no permission \"%s\"%s",
                                  name, near);
                        return false;
                }
                *ret_permissions |= 1U << found;
        }
        if (*ret_permissions != 0)
                return true;
        error_set(error, ZW_ERR_USAGE, "/scope", "a token has at least one permission, such as read");
        return false;
}

/* The only project it is for: `only`, since `project` names the one a call works on. */
static bool only_read(Call *call, StoreToken *token, GError **error)
{
        const char *key = jread_get_string(call->input, "only");
        g_auto(Rights) rights = { .is_operator = call->rights.is_operator, .limit = ~0U };
        g_autoptr(StoreProject) project = NULL;

        if (key == NULL)
                return true;
        project = store_find_project(call->view, key, NULL);
        if (project != NULL &&
            !rights_load_roles(call->view, call->caller, &project->log, call->instant, &rights, error))
                return false;
        if (project == NULL || !call_sees(&rights)) {
                error_set(error, ZW_ERR_NOT_FOUND, "/only", "there is no project \"%s\" that you may see",
                          key);
                return false;
        }
        token->has_log = true;
        token->log = project->log;
        return true;
}

static bool token_add(StoreTxn *txn, void *payload, GError **error)
{
        TokenAdd *add = payload;
        g_autofree char *object = g_strdup_printf("%s of %s", add->token.name, add->owner);

        return store_txn_add_token(txn, &add->token, error) &&
               call_audit(add->call, txn, "token.create", object, "ok", error);
}

/* A token acts as its owner, so nobody makes one for somebody else; only for an account that nobody can sign in to, which is
 * a program's. */
static StorePerson *token_owner(Call *call, GError **error)
{
        g_autoptr(StorePerson) person = call_in_person(call, error) ? call_person(call, error) : NULL;
        StoreAccount account;
        bool elsewhere;

        if (person == NULL || id_equal(&person->id, &call->caller->person))
                return g_steal_pointer(&person);
        if (!store_load_account(call->view, &person->id, &account, error) ||
            !store_has_identity(call->view, &person->id, &elsewhere, error))
                return NULL;
        if (account.password[0] == '\0' && !elsewhere)
                return g_steal_pointer(&person);
        error_set(error, ZW_ERR_DENIED, "person", "%s makes their own tokens", person->name);
        return NULL;
}

bool usecase_token_create(Call *call, JWrite *w, GError **error)
{
        const int64_t days = jread_get_int(call->input, "days", DAYS_USUAL);
        g_autoptr(SecretText) text = secret_text_random("zw_", 32);
        g_autoptr(StorePerson) owner = token_owner(call, error);
        TokenAdd add = { .call = call };

        if (owner == NULL || !scope_read(call->input, &add.token.permissions, error) ||
            !only_read(call, &add.token, error))
                return false;
        if (days < 1 || days > ZW_TOKEN_DAYS_MOST) {
                error_set(error, ZW_ERR_INPUT, "/days", "a token is good for 1 to %d days",
                          (int)ZW_TOKEN_DAYS_MOST);
                return false;
        }
        add.owner = owner->name;
        add.token.id = id_new();
        add.token.person = owner->id;
        add.token.hash = access_digest(text);
        add.token.name = jread_get_string(call->input, "name");
        add.token.name = add.token.name == NULL ? "" : add.token.name;
        add.token.created = call->instant;
        add.token.expires = call->instant + days * ZW_DAY_MS;
        if (!store_write(call->service->store, token_add, &add, error))
                return false;
        jwrite_object_begin(w);
        id_write(w, "id", &add.token.id);
        jwrite_key_string(w, "token", secret_text_reveal(text));
        time_write(w, "expires", add.token.expires);
        jwrite_object_end(w);
        return true;
}

/* ---- the end of one, or of all ---- */

typedef struct {
        Call *call;
        Id person, id;
        const char *name;
        bool one, sessions;
        unsigned n;
} Ending;

static bool ending_write(StoreTxn *txn, void *payload, GError **error)
{
        Ending *ending = payload;
        const Id *id = ending->one ? &ending->id : NULL;

        if (ending->sessions ? !store_txn_end_sessions(txn, &ending->person, id, &ending->n, error)
                             : !store_txn_revoke_tokens(txn, &ending->person, id, ending->call->instant,
                                                        &ending->n, error))
                return false;
        if (ending->one && ending->n == 0) {
                error_set(error, ZW_ERR_NOT_FOUND, "id", "%s has no live %s with this id", ending->name,
                          ending->sessions ? "session" : "token");
                return false;
        }
        return call_audit(ending->call, txn, ending->sessions ? "session.end" : "token.revoke", ending->name,
                          "ok", error);
}

static bool ending_do(Call *call, bool sessions, JWrite *w, GError **error)
{
        g_autoptr(StorePerson) person = call_in_person(call, error) ? call_person(call, error) : NULL;
        Ending ending = { .call = call, .sessions = sessions };

        if (person == NULL || !call_id(call, "id", &ending.id, &ending.one, error))
                return false;
        if (!ending.one && !jread_get_bool(call->input, "all", false)) {
                error_set(error, ZW_ERR_USAGE, "/id", "an id is needed, or all");
                return false;
        }
        ending.person = person->id;
        ending.name = person->name;
        if (!store_write(call->service->store, ending_write, &ending, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key_int(w, "ended", ending.n);
        jwrite_object_end(w);
        return true;
}

bool usecase_token_revoke(Call *call, JWrite *w, GError **error)
{
        return ending_do(call, false, w, error);
}

bool usecase_session_end(Call *call, JWrite *w, GError **error)
{
        return ending_do(call, true, w, error);
}
