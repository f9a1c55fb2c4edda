/* Accounts, roles, sessions, tokens and the audit trail: the interface, whatever the backend; and the migration. */
#include "base/error.h"
#include "base/hash.h"
#include "store/backend.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

typedef struct {
        char *dir;
        Store *store;
        Id log, other, eve, bob;
} Fixture;

typedef bool (*Step)(StoreTxn *txn, const Fixture *f, GError **error);
typedef struct {
        Step step;
        const Fixture *f;
} StepCall;

static bool step_run(StoreTxn *txn, void *payload, GError **error)
{
        const StepCall *call = payload;

        return call->step(txn, call->f, error);
}

/* Runs a write; 0, or the code of its error. */
static int write_step(const Fixture *f, Step step)
{
        g_autoptr(GError) error = NULL;
        StepCall call = { step, f };

        return store_write(f->store, step_run, &call, &error) ? 0 : error->code;
}

static bool people_make(StoreTxn *txn, const Fixture *f, GError **error)
{
        Fixture *made = (Fixture *)(uintptr_t)f;

        return store_txn_put_person(txn, "eve", "Eve", &made->eve, error) &&
               store_txn_put_person(txn, "bob", "Bob", &made->bob, error) &&
               store_txn_create_project(txn, "WW", "Water", false, &made->eve, ORIGIN_CLI, &made->log,
                                        error) &&
               store_txn_create_project(txn, "XX", "Other", false, &made->eve, ORIGIN_CLI, &made->other,
                                        error);
}

static void set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GError) error = NULL;

        f->dir = g_dir_make_tmp("zw-access-XXXXXX", &error);
        g_assert_no_error(error);
        g_assert_true(store_create_with(&store_sqlite, f->dir, &error));
        f->store = store_open_with(&store_sqlite, f->dir, &error);
        g_assert_no_error(error);
        g_assert_cmpint(write_step(f, people_make), ==, 0);
}

static void remove_tree(const char *path)
{
        GDir *dir = g_dir_open(path, 0, NULL);
        const char *name;

        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
                g_autofree char *below = g_build_filename(path, name, NULL);

                remove_tree(below);
        }
        if (dir != NULL)
                g_dir_close(dir);
        g_remove(path);
}

static void tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        store_close(f->store);
        remove_tree(f->dir);
        g_free(f->dir);
}

static StoreView *view_of(const Fixture *f)
{
        StoreView *view = store_view_open(f->store, NULL);

        g_assert_nonnull(view);
        return view;
}

/* ---- accounts ---- */

static StoreAccount account_of(const Fixture *f, const Id *person)
{
        g_autoptr(StoreView) view = view_of(f);
        StoreAccount account;

        g_assert_true(store_load_account(view, person, &account, NULL));
        return account;
}

static bool account_put(StoreTxn *txn, const Fixture *f, GError **error)
{
        const StoreAccount account = { .person = f->eve,
                                       .is_operator = true,
                                       .password = "$argon2id$x",
                                       .has_totp = true,
                                       .totp = { 1, 2, 3 },
                                       .totp_step = 77,
                                       .failures = 3,
                                       .locked_until = 99 };

        return store_txn_put_account(txn, &account, error);
}

static bool account_of_nobody(StoreTxn *txn, const Fixture *f G_GNUC_UNUSED, GError **error)
{
        const StoreAccount account = { .person = id_new() };

        return store_txn_put_account(txn, &account, error);
}

static bool account_disable(StoreTxn *txn, const Fixture *f, GError **error)
{
        const StoreAccount account = { .person = f->eve, .disabled = true, .password = "$argon2id$x" };

        return store_txn_put_account(txn, &account, error);
}

static bool can_sign_in(const Fixture *f)
{
        g_autoptr(StoreView) view = view_of(f);
        bool can = false;

        g_assert_true(store_can_sign_in(view, &can, NULL));
        return can;
}

static void test_account(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        StoreAccount account = account_of(f, &f->eve);

        g_assert_false(account.is_operator || account.disabled || account.has_totp);
        g_assert_cmpstr(account.password, ==, "");
        g_assert_false(can_sign_in(f));
        g_assert_cmpint(write_step(f, account_put), ==, 0);
        account = account_of(f, &f->eve);
        g_assert_true(account.is_operator && account.has_totp && !account.disabled &&
                      !account.totp_confirmed);
        g_assert_cmpstr(account.password, ==, "$argon2id$x");
        g_assert_cmpint(account.totp[2], ==, 3);
        g_assert_cmpint(account.totp_step, ==, 77);
        g_assert_cmpuint(account.failures, ==, 3);
        g_assert_cmpint(account.locked_until, ==, 99);
        g_assert_true(can_sign_in(f));
        g_assert_cmpint(write_step(f, account_disable), ==, 0);
        g_assert_false(can_sign_in(f));
        g_assert_cmpint(write_step(f, account_of_nobody), ==, ZW_ERR_NOT_FOUND);
}

/* ---- roles ---- */

static bool grant_some(StoreTxn *txn, const Fixture *f, GError **error)
{
        char *zones[] = { (char *)(uintptr_t) "ZN-1", (char *)(uintptr_t) "ZN-2", NULL };
        const StoreGrant limited = { .person = f->bob, .role = ZW_ROLE_AUTHOR, .zones = zones },
                         timed = { .person = f->bob, .role = ZW_ROLE_AUDITOR, .until = 1234 };

        return store_txn_put_grant(txn, &f->log, &limited, error) &&
               store_txn_put_grant(txn, &f->log, &timed, error);
}

static bool grant_again(StoreTxn *txn, const Fixture *f, GError **error)
{
        const StoreGrant plain = { .person = f->bob, .role = ZW_ROLE_AUTHOR };

        return store_txn_put_grant(txn, &f->log, &plain, error) &&
               store_txn_drop_grant(txn, &f->log, &f->bob, ZW_ROLE_AUDITOR, error);
}

static bool drop_missing(StoreTxn *txn, const Fixture *f, GError **error)
{
        return store_txn_drop_grant(txn, &f->log, &f->eve, ZW_ROLE_AUTHOR, error);
}

static bool grant_bad_zone(StoreTxn *txn, const Fixture *f, GError **error)
{
        char *zones[] = { (char *)(uintptr_t) "ZN 1", NULL };
        const StoreGrant grant = { .person = f->bob, .role = ZW_ROLE_AUTHOR, .zones = zones };

        return store_txn_put_grant(txn, &f->log, &grant, error);
}

static bool grant_no_zone(StoreTxn *txn, const Fixture *f, GError **error)
{
        char *zones[] = { NULL };
        const StoreGrant grant = { .person = f->bob, .role = ZW_ROLE_AUTHOR, .zones = zones };

        return store_txn_put_grant(txn, &f->log, &grant, error);
}

static bool grant_add(const StoreGrant *grant, void *payload, GError **error G_GNUC_UNUSED)
{
        g_autofree char *zones = grant->zones == NULL ? g_strdup("*") : g_strjoinv("+", grant->zones);

        g_string_append_printf(payload, "%s %s %d;", role_def(grant->role)->name, zones, (int)grant->until);
        return true;
}

static void assert_grants(const Fixture *f, const Id *log, const Id *person, const char *expected)
{
        g_autoptr(StoreView) view = view_of(f);
        g_autoptr(GString) text = g_string_new(NULL);

        g_assert_true(store_each_grant(view, log, person, grant_add, text, NULL));
        g_assert_cmpstr(text->str, ==, expected);
}

static void test_grants(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_assert_cmpint(write_step(f, grant_some), ==, 0);
        assert_grants(f, &f->log, &f->bob, "auditor * 1234;author ZN-1+ZN-2 0;");
        assert_grants(f, &f->log, NULL, "auditor * 1234;author ZN-1+ZN-2 0;");
        assert_grants(f, &f->log, &f->eve, "");
        assert_grants(f, &f->other, &f->bob, "");
        g_assert_cmpint(write_step(f, grant_again), ==, 0);
        assert_grants(f, &f->log, &f->bob, "author * 0;");
        g_assert_cmpint(write_step(f, drop_missing), ==, ZW_ERR_NOT_FOUND);
        g_assert_cmpint(write_step(f, grant_bad_zone), ==, ZW_ERR_INPUT);
        g_assert_cmpint(write_step(f, grant_no_zone), ==, ZW_ERR_INPUT);
        assert_grants(f, &f->log, &f->bob, "author * 0;");
}

/* ---- sessions ---- */

static bool session_make(StoreTxn *txn, const Id *person, const char *text, Instant seen, GError **error)
{
        const StoreSession session = { .id = id_new(),
                                       .person = *person,
                                       .hash = hash_sha256(text, strlen(text)),
                                       .created = seen,
                                       .seen = seen,
                                       .expires = 5000,
                                       .address = "192.0.2.1" };

        return store_txn_add_session(txn, &session, error);
}

static bool sessions_make(StoreTxn *txn, const Fixture *f, GError **error)
{
        return session_make(txn, &f->eve, "one", 100, error) &&
               session_make(txn, &f->eve, "two", 200, error) &&
               session_make(txn, &f->bob, "three", 300, error);
}

static bool find(const Fixture *f, const char *text, StoreSession *ret_session)
{
        g_autoptr(StoreView) view = view_of(f);
        const Digest hash = hash_sha256(text, strlen(text));
        bool found = false;

        g_assert_true(store_find_session(view, &hash, ret_session, &found, NULL));
        return found;
}

static bool sessions_tidy(StoreTxn *txn, const Fixture *f G_GNUC_UNUSED, GError **error)
{
        const Digest two = hash_sha256("two", 3);

        return store_txn_touch_session(txn, &two, 400, error) &&
               store_txn_tidy_sessions(txn, 1000, 300, error);
}

static bool sessions_end_of_bob(StoreTxn *txn, const Fixture *f, GError **error)
{
        unsigned n = 0;
        bool ok = store_txn_end_sessions(txn, &f->bob, NULL, &n, error);

        g_assert_cmpuint(n, ==, 1);
        return ok;
}

/* By an id of somebody else's session nothing ends. */
static bool session_of_another(StoreTxn *txn, const Fixture *f, GError **error)
{
        StoreSession session;
        unsigned n = 9;
        bool ok;

        g_assert_true(find(f, "two", &session));
        ok = store_txn_end_sessions(txn, &f->bob, &session.id, &n, error);
        g_assert_cmpuint(n, ==, 0);
        return ok;
}

static void test_sessions(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        StoreSession session;

        g_assert_cmpint(write_step(f, sessions_make), ==, 0);
        g_assert_true(find(f, "one", &session));
        g_assert_true(id_equal(&session.person, &f->eve));
        g_assert_cmpstr(session.address, ==, "192.0.2.1");
        g_assert_false(find(f, "four", &session));
        g_assert_cmpint(write_step(f, sessions_tidy), ==, 0);
        g_assert_false(find(f, "one", &session));
        g_assert_true(find(f, "two", &session));
        g_assert_cmpint(session.seen, ==, 400);
        g_assert_cmpint(write_step(f, session_of_another), ==, 0);
        g_assert_true(find(f, "two", &session));
        g_assert_cmpint(write_step(f, sessions_end_of_bob), ==, 0);
        g_assert_false(find(f, "three", &session));
        g_assert_true(find(f, "two", &session));
}

/* ---- tokens ---- */

static Id id_of_token(void)
{
        return (Id){ { 7 } };
}

static bool token_make(StoreTxn *txn, const Fixture *f, GError **error)
{
        const StoreToken token = { .id = id_of_token(),
                                   .person = f->eve,
                                   .hash = hash_sha256("t", 1),
                                   .name = "ci",
                                   .permissions = 1U << ZW_PERM_READ | 1U << ZW_PERM_ADMIN,
                                   .has_log = true,
                                   .log = f->other,
                                   .created = 1,
                                   .expires = 2 };

        return store_txn_add_token(txn, &token, error);
}

static bool token_nameless(StoreTxn *txn, const Fixture *f, GError **error)
{
        const StoreToken token = {
                .id = id_new(), .person = f->eve, .hash = hash_sha256("u", 1), .name = ""
        };

        return store_txn_add_token(txn, &token, error);
}

static bool token_revoke(StoreTxn *txn, const Fixture *f, GError **error)
{
        const Id id = id_of_token();
        unsigned n = 0, again = 9;
        bool ok = store_txn_touch_token(txn, &id, 55, error) &&
                  store_txn_revoke_tokens(txn, &f->eve, &id, 66, &n, error) &&
                  store_txn_revoke_tokens(txn, &f->eve, NULL, 77, &again, error);

        g_assert_cmpuint(n, ==, 1);
        g_assert_cmpuint(again, ==, 0);
        return ok;
}

static bool token_show(const StoreToken *token, void *payload, GError **error G_GNUC_UNUSED)
{
        g_string_append_printf(payload, "%s %x %d used %d revoked %d;", token->name, token->permissions,
                               token->has_log, (int)token->used, (int)token->revoked);
        return true;
}

static void assert_token(const Fixture *f, const char *expected)
{
        g_autoptr(StoreView) view = view_of(f);
        g_autoptr(GString) by_hash = g_string_new(NULL), by_person = g_string_new(NULL);
        const Digest hash = hash_sha256("t", 1);

        g_assert_true(store_find_token(view, &hash, token_show, by_hash, NULL));
        g_assert_cmpstr(by_hash->str, ==, expected);
        g_assert_true(store_each_token(view, &f->eve, token_show, by_person, NULL));
        g_assert_cmpstr(by_person->str, ==, expected);
}

static bool other_delete(StoreTxn *txn, const Fixture *f, GError **error)
{
        return store_txn_delete_project(txn, &f->other, error);
}

static void test_tokens(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *fresh = g_strdup_printf("ci %x 1 used 0 revoked 0;",
                                                 1U << ZW_PERM_READ | 1U << ZW_PERM_ADMIN);
        g_autofree char *ended = g_strdup_printf("ci %x 1 used 55 revoked 66;",
                                                 1U << ZW_PERM_READ | 1U << ZW_PERM_ADMIN);

        g_assert_cmpint(write_step(f, token_make), ==, 0);
        assert_token(f, fresh);
        g_assert_cmpint(write_step(f, token_nameless), ==, ZW_ERR_INPUT);
        g_assert_cmpint(write_step(f, token_revoke), ==, 0);
        assert_token(f, ended);
        /* A token for one project goes with it, and does not become one for all. */
        g_assert_cmpint(write_step(f, other_delete), ==, 0);
        assert_token(f, "");
}

/* ---- the setup code ---- */

static bool setup_take(StoreTxn *txn, const char *text, Instant now, bool expected, GError **error)
{
        const Digest hash = hash_sha256(text, strlen(text));
        bool taken = !expected;
        bool ok = store_txn_take_setup(txn, &hash, now, &taken, error);

        g_assert_cmpint(taken, ==, expected);
        return ok;
}

static bool setup_use(StoreTxn *txn, const Fixture *f G_GNUC_UNUSED, GError **error)
{
        const Digest old = hash_sha256("old", 3), new = hash_sha256("new", 3);

        return store_txn_put_setup(txn, &old, 1000, error) && store_txn_put_setup(txn, &new, 1000, error) &&
               setup_take(txn, "old", 10, false, error) && setup_take(txn, "new", 1000, false, error) &&
               setup_take(txn, "new", 999, true, error) && setup_take(txn, "new", 999, false, error);
}

static void test_setup(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_assert_cmpint(write_step(f, setup_use), ==, 0);
}

/* ---- the audit trail ---- */

static bool audit_some(StoreTxn *txn, const Fixture *f, GError **error)
{
        g_autofree char *long_text = g_strnfill(5000, 'x');
        const StoreAudit entries[] = {
                { .time = 1, .action = "sign_in", .outcome = "unknown name", .address = "192.0.2.1" },
                { .time = 2, .person = &f->eve, .action = "role.grant", .outcome = "ok", .project = "WW" },
                { .time = 3, .person = &f->eve, .action = "call", .outcome = "denied", .project = "XX" },
                { .time = 4,
                  .person = &f->bob,
                  .action = "view",
                  .outcome = "ok",
                  .object = long_text,
                  .project = "WW" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(entries); i++)
                if (!store_txn_audit(txn, &entries[i], error))
                        return false;
        return true;
}

static bool audit_add(const StoreAudit *entry, void *payload, GError **error G_GNUC_UNUSED)
{
        g_assert_true(entry->object == NULL || strlen(entry->object) == ZW_AUDIT_TEXT_MAX);
        g_string_append_printf(payload, "%d %s%s;", (int)entry->time, entry->action,
                               entry->person == NULL ? " by nobody" : "");
        return true;
}

static void assert_query(const Fixture *f, const StoreAuditQuery *query, const char *expected)
{
        g_autoptr(StoreView) view = view_of(f);
        g_autoptr(GString) text = g_string_new(NULL);

        g_assert_true(store_each_audit(view, query, audit_add, text, NULL));
        g_assert_cmpstr(text->str, ==, expected);
}

static void assert_audit(const Fixture *f, const char *project, uint64_t before, unsigned most,
                         const char *expected)
{
        const StoreAuditQuery query = { .project = project, .before = before, .most = most, .to = INT64_MAX };

        assert_query(f, &query, expected);
}

static void test_audit(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_assert_cmpint(write_step(f, audit_some), ==, 0);
        assert_audit(f, NULL, 0, 10, "4 view;3 call;2 role.grant;1 sign_in by nobody;");
        assert_audit(f, NULL, 0, 2, "4 view;3 call;");
        assert_audit(f, NULL, 3, 10, "2 role.grant;1 sign_in by nobody;");
        assert_audit(f, "WW", 0, 10, "4 view;2 role.grant;");
        assert_audit(f, "W", 0, 10, "");
        assert_query(f, &(StoreAuditQuery){ .person = &f->eve, .most = 10, .to = 9 }, "3 call;2 role.grant;");
        assert_query(f, &(StoreAuditQuery){ .person = &f->eve, .project = "WW", .most = 10, .to = 9 },
                     "2 role.grant;");
        assert_query(f, &(StoreAuditQuery){ .action = "view", .most = 10, .to = 9 }, "4 view;");
        assert_query(f, &(StoreAuditQuery){ .from = 2, .to = 3, .most = 10 }, "3 call;2 role.grant;");
        assert_query(f, &(StoreAuditQuery){ .text = "192.0.2", .most = 10, .to = 9 }, "1 sign_in by nobody;");
        assert_query(f, &(StoreAuditQuery){ .text = "DENIED", .most = 10, .to = 9 }, "3 call;");
        assert_query(f, &(StoreAuditQuery){ .text = "%", .most = 10, .to = 9 }, "");
        /* It outlives the project. */
        g_assert_cmpint(write_step(f, other_delete), ==, 0);
        assert_audit(f, "XX", 0, 10, "3 call;");
}

/* ---- migration ---- */

static bool grant_plain(StoreTxn *txn, const Fixture *f, GError **error)
{
        const StoreGrant plain = { .person = f->bob, .role = ZW_ROLE_AUTHOR };

        return store_txn_put_grant(txn, &f->log, &plain, error);
}

/* A database of the first schema, with people and roles, keeps them. */
static void test_migration(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *path = g_build_filename(f->dir, "store.db", NULL);
        sqlite3 *db = NULL;

        g_assert_cmpint(write_step(f, grant_plain), ==, 0);
        store_close(f->store);
        g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
        g_assert_cmpint(
                sqlite3_exec(
                        db,
                        "DROP TABLE account; DROP TABLE session; DROP TABLE api_token;"
                        "DROP TABLE setup_code; DROP TABLE audit; DROP TABLE signature;"
                        "DROP TABLE identity_provider; DROP TABLE identity_group; DROP TABLE identity;"
                        "DROP TABLE passkey; DROP TABLE passkey_challenge; DROP TABLE sign_in_challenge; DROP TABLE saved_view;"
                        "ALTER TABLE person_role DROP COLUMN provided;"
                        "ALTER TABLE person_role DROP COLUMN baseline;"
                        "ALTER TABLE person_role DROP COLUMN upto;"
                        "DROP TABLE job; DROP TABLE webhook; DROP INDEX attachment_sha256; DROP TABLE comment;"
                        "DROP TABLE branch; DROP TABLE log_merge;"
                        "ALTER TABLE log DROP COLUMN rebuilt; DELETE FROM meta WHERE name = 'compatible';"
                        "ALTER TABLE person_role DROP COLUMN until;"
                        "ALTER TABLE person_role DROP COLUMN zones;"
                        "UPDATE meta SET value = 1 WHERE name = 'schema'",
                        NULL, NULL, NULL),
                ==, SQLITE_OK);
        sqlite3_close(db);
        f->store = store_open_with(&store_sqlite, f->dir, NULL);
        g_assert_nonnull(f->store);
        assert_grants(f, &f->log, &f->bob, "author * 0;");
        g_assert_false(account_of(f, &f->bob).is_operator);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        hash_init();
#define ADD(path, function) g_test_add("/store/access/" path, Fixture, NULL, set_up, function, tear_down)
        ADD("account", test_account);
        ADD("grants", test_grants);
        ADD("sessions", test_sessions);
        ADD("tokens", test_tokens);
        ADD("setup", test_setup);
        ADD("audit", test_audit);
        ADD("migration", test_migration);
        return g_test_run();
}
