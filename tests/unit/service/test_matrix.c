/* Who may call what: every use case as every role, in the project of the role, in another, in one that never was and in one
 * that was deleted; as operator; and through tokens of every scope. What is expected is computed from the tables alone, so a
 * new use case or role is covered by being there. */
#include "cast.h"

#include "base/error.h"

#include <string.h>

typedef enum { SCOPE_GLOBAL, SCOPE_PROJECT, SCOPE_ACCESS } Scope;

static const struct {
        const char *name;
        PermissionId permission;
        Scope scope;
} usecases[] = {
#define USECASE(symbol, name, function, permission, scope, summary) \
        { (name), ZW_PERM_##permission, SCOPE_##scope },
#include "service/usecases.def"
#undef USECASE
};

/* What only the person does, and no token. */
static const char *const in_person[] = { "user.mail",     "user.password",   "totp.enrol",    "totp.confirm",
                                         "totp.remove",   "token.create",    "token.list",    "token.revoke",
                                         "session.list",  "session.end",     "sign",          "approve",
                                         "provider.set",  "provider.remove", "signature.ask", "passkey.list",
                                         "passkey.begin", "passkey.add",     "passkey.remove" };

typedef enum { ALLOWED, DENIED, HIDDEN } Outcome;
static const char *const outcome_names[] = { "allowed", "denied", "hidden" };

/* An error about what was asked, and not about who asked, comes after the permission was given. */
static Outcome outcome_of(Cast *cast, const Caller *caller, const char *usecase, const char *project)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Json)
                answer = cast_try(cast, caller, usecase, json_of("{'project':'%s'}", project), NULL, &error);
        g_autofree char *hidden = g_strdup_printf("there is no project \"%s\" that you may see", project);

        g_assert_true((answer == NULL) == (error != NULL));
        if (error == NULL)
                return ALLOWED;
        if (g_error_matches(error, ZW_ERROR, ZW_ERR_DENIED))
                return DENIED;
        if (!g_error_matches(error, ZW_ERROR, ZW_ERR_NOT_FOUND) || strcmp(error->message, hidden) != 0)
                return ALLOWED;
        g_assert_cmpstr(error_where(error), ==, "project");
        return HIDDEN;
}

static void expect(Cast *cast, const Caller *caller, const char *who, size_t u, const char *project,
                   Outcome expected)
{
        Outcome got = outcome_of(cast, caller, usecases[u].name, project);

        if (got != expected)
                g_test_message("%s calls %s in %s: %s, not %s", who, usecases[u].name, project,
                               outcome_names[got], outcome_names[expected]);
        g_assert_cmpint(got, ==, expected);
}

/* ---- roles ---- */

static void grant_all(Cast *cast, const char *project)
{
        for (int i = 0; i < ZW_ROLE_COUNT; i++) {
                const char *role = role_def((RoleId)i)->name;

                json_decref(
                        cast_do(cast, "role.grant",
                                json_of("{'project':'%s','name':'%s','roles':['%s']}", project, role, role)));
        }
}

/* A call that was allowed may have done what it is for, even to the project itself. */
static void restore(Cast *cast, size_t u)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) answer = NULL;

        if (usecases[u].permission != ZW_PERM_ADMIN || usecases[u].scope == SCOPE_GLOBAL)
                return;
        answer = cast_try(cast, &cast->local, "project.create", json_of("{'key':'OWN'}"), NULL, &error);
        grant_all(cast, "OWN");
}

static bool delete_project(StoreTxn *txn, void *payload, GError **error)
{
        g_autoptr(StoreProject) project = store_find_project(store_txn_view(txn), payload, error);

        return project != NULL && store_txn_delete_project(txn, &project->log, error);
}

static void projects_make(Cast *cast)
{
        char gone[] = "GONE";

        json_decref(cast_do(cast, "project.create", json_of("{'key':'OTHER'}")));
        json_decref(cast_do(cast, "project.create", json_of("{'key':'GONE'}")));
        grant_all(cast, "OWN");
        grant_all(cast, "GONE");
        cast_write(cast, delete_project, gone);
}

static unsigned views_of(Cast *cast)
{
        g_autoptr(Json) entries = cast_do(cast, "audit.list", json_of("{'project':'OWN','most':1000}"));
        const json_t *entry;
        unsigned n = 0;
        size_t i;

        json_array_foreach(entries, i, entry) if (strcmp(jread_get_string(entry, "action"), "view") == 0)
        {
                g_assert_cmpstr(jread_get_string(entry, "person"), ==, "auditor");
                n++;
        }
        return n;
}

static void test_roles(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        unsigned views = 0;
        Caller people[ZW_ROLE_COUNT];

        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                people[i] = cast_person(cast, role_def((RoleId)i)->name);
        projects_make(cast);
        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                for (size_t u = 0; u < G_N_ELEMENTS(usecases); u++) {
                        const RoleDef *role = role_def((RoleId)i);
                        const bool global = usecases[u].scope == SCOPE_GLOBAL;
                        const bool has = global ? usecases[u].permission == ZW_PERM_READ
                                                : (role->permissions & 1U << usecases[u].permission) != 0;
                        const Outcome there = global ? has ? ALLOWED : DENIED : HIDDEN;

                        expect(cast, &people[i], role->name, u, "OWN", has ? ALLOWED : DENIED);
                        expect(cast, &people[i], role->name, u, "OTHER", there);
                        expect(cast, &people[i], role->name, u, "GUESSED", there);
                        expect(cast, &people[i], role->name, u, "GONE", there);
                        views += i == ZW_ROLE_AUDITOR && has && !global;
                        /* It looks into each project there is a role in, whatever project is named. */
                        views += i == ZW_ROLE_AUDITOR && strcmp(usecases[u].name, "work") == 0 ? 4 : 0;
                        if (has)
                                restore(cast, u);
                }
        g_assert_cmpuint(views, >, 0);
        g_assert_cmpuint(views_of(cast), ==, views);
}

/* ---- operators, nobody, the disabled ---- */

static void test_operator(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        Caller manager = cast_person(cast, "operator"), nobody = cast_person(cast, "nobody"),
               gone = cast_person(cast, "gone");

        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                cast_person(cast, role_def((RoleId)i)->name);
        json_decref(cast_do(cast, "user.set", json_of("{'name':'operator','operator':true}")));
        json_decref(
                cast_do(cast, "role.grant", json_of("{'project':'OWN','name':'gone','roles':['author']}")));
        json_decref(cast_do(cast, "user.set", json_of("{'name':'gone','disabled':true}")));
        for (size_t u = 0; u < G_N_ELEMENTS(usecases); u++) {
                const bool global = usecases[u].scope == SCOPE_GLOBAL;

                expect(cast, &manager, "operator", u, "OWN",
                       usecases[u].scope == SCOPE_PROJECT ? DENIED : ALLOWED);
                expect(cast, &manager, "operator", u, "GUESSED", global ? ALLOWED : HIDDEN);
                expect(cast, &nobody, "nobody", u, "OWN",
                       !global                                  ? HIDDEN
                       : usecases[u].permission == ZW_PERM_READ ? ALLOWED
                                                                : DENIED);
                expect(cast, &gone, "disabled", u, "OWN", DENIED);
                restore(cast, u);
        }
}

/* Named, beside the table: every role in a project does not make an operator, nor does a token of one that lacks `admin`. */
static void test_operators_work(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        static const struct {
                const char *usecase, *input;
        } works[] = { { "backup", "{}" },
                      { "project.create", "{'key':'NEW'}" },
                      { "bench.generate", "{'size':'S','key':'NEW'}" },
                      { "sample.create", "{'key':'NEW'}" } };
        Caller everything = cast_person(cast, "everything"), limited = cast->local;
        g_autoptr(GString) roles = g_string_new(NULL);
        g_autoptr(Json) projects = NULL;

        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                g_string_append_printf(roles, "%s'%s'", i == 0 ? "" : ",", role_def((RoleId)i)->name);
        json_decref(cast_do(cast, "role.grant",
                            json_of("{'project':'OWN','name':'everything','roles':[%s]}", roles->str)));
        limited.by_token = true;
        limited.permissions = ~(1U << ZW_PERM_ADMIN);
        for (size_t i = 0; i < G_N_ELEMENTS(works); i++) {
                cast_refuse(cast, &everything, works[i].usecase, json_of("%s", works[i].input),
                            ZW_ERR_DENIED);
                cast_refuse(cast, &limited, works[i].usecase, json_of("%s", works[i].input), ZW_ERR_DENIED);
        }
        projects = cast_do(cast, "project.list", json_object());
        g_assert_cmpuint(json_array_size(projects), ==, 1);
}

/* ---- tokens ---- */

static Outcome token_outcome(size_t u, unsigned permissions)
{
        for (size_t i = 0; i < G_N_ELEMENTS(in_person); i++)
                if (strcmp(usecases[u].name, in_person[i]) == 0)
                        return DENIED;
        if (usecases[u].scope != SCOPE_GLOBAL)
                return permissions & 1U << usecases[u].permission ? ALLOWED : DENIED;
        return usecases[u].permission == ZW_PERM_READ ? ALLOWED : DENIED;
}

static void test_tokens(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        Caller person = cast_person(cast, "person");

        json_decref(cast_do(cast, "user.set", json_of("{'name':'person','operator':true}")));
        json_decref(cast_do(cast, "project.create", json_of("{'key':'OTHER'}")));
        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                for (const char *key = "OWN"; key != NULL; key = strcmp(key, "OWN") == 0 ? "OTHER" : NULL)
                        json_decref(cast_do(cast, "role.grant",
                                            json_of("{'project':'%s','name':'person','roles':['%s']}", key,
                                                    role_def((RoleId)i)->name)));
        for (int p = 0; p < ZW_PERM_COUNT; p++) {
                g_autoptr(Json) made = cast_try(cast, &person, "token.create",
                                                json_of("{'name':'t','scope':['read','%s'],'only':'OWN'}",
                                                        permission_name((PermissionId)p)),
                                                NULL, NULL);
                const char *text = jread_get_string(made, "token");
                g_autoptr(SecretText) token = secret_text_new(text, strlen(text));
                Caller caller;

                g_assert_true(access_token_check(cast->service, token, "192.0.2.7", &caller, NULL));
                for (size_t u = 0; u < G_N_ELEMENTS(usecases); u++) {
                        const Outcome expected = token_outcome(u, 1U << ZW_PERM_READ | 1U << p);

                        expect(cast, &caller, permission_name((PermissionId)p), u, "OWN", expected);
                        expect(cast, &caller, permission_name((PermissionId)p), u, "OTHER",
                               usecases[u].scope == SCOPE_GLOBAL ? expected : HIDDEN);
                }
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add("/service/matrix/roles", Cast, NULL, cast_set_up, test_roles, cast_tear_down);
        g_test_add("/service/matrix/operator", Cast, NULL, cast_set_up, test_operator, cast_tear_down);
        g_test_add("/service/matrix/operators-work", Cast, NULL, cast_set_up, test_operators_work,
                   cast_tear_down);
        g_test_add("/service/matrix/tokens", Cast, NULL, cast_set_up, test_tokens, cast_tear_down);
        return g_test_run();
}
