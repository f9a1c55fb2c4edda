/* Signing in and what comes of it. Nothing here is asserted by time. */
#include "cast.h"

#include "base/error.h"
#include "base/hash.h"
#include "service/access/throttle.h"

#include <string.h>

#define PASSWORD "an evening at the pumps"

static bool try_in(Cast *cast, const char *name, const char *password, const char *code,
                   SecretText **ret_session, GError **error)
{
        g_autoptr(SecretText) secret = secret_text_new(password, strlen(password));
        const SignIn in = { name, secret, code, "192.0.2.1" };

        return access_sign_in(cast->service, &in, ret_session, error);
}

static SecretText *in(Cast *cast, const char *name, const char *code)
{
        g_autoptr(GError) error = NULL;
        SecretText *session = NULL;

        g_assert_true(try_in(cast, name, PASSWORD, code, &session, &error));
        g_assert_no_error(error);
        return session;
}

/* One answer, whatever is wrong. */
static void out(Cast *cast, const char *name, const char *password, const char *code)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(SecretText) session = NULL;

        g_assert_false(try_in(cast, name, password, code, &session, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_SIGN_IN);
        g_assert_cmpstr(error->message, ==, "name, password or code is wrong, or the account is locked");
        g_assert_null(error_where(error));
        g_assert_null(session);
}

static bool holds(Cast *cast, const SecretText *session)
{
        g_autoptr(GError) error = NULL;
        Caller caller;
        bool ok = access_session_check(cast->service, session, "192.0.2.1", &caller, &error);

        if (!ok)
                g_assert_error(error, ZW_ERROR, ZW_ERR_SIGN_IN);
        return ok;
}

static char *last_outcome(Cast *cast)
{
        g_autoptr(Json) entries = cast_do(cast, "audit.all", json_of("{'most':1}"));

        return g_strdup(jread_get_string(json_array_get(entries, 0), "outcome"));
}

static void assert_last(Cast *cast, const char *outcome)
{
        g_autofree char *last = last_outcome(cast);

        g_assert_cmpstr(last, ==, outcome);
}

/* ---- passwords ---- */

static void test_sign_in(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const Caller eve = cast_person(cast, "eve");
        g_autoptr(SecretText) session = NULL;
        Caller caller;

        out(cast, "eve", PASSWORD, NULL);
        assert_last(cast, "no password");
        cast_password(cast, "eve", PASSWORD);
        out(cast, "nobody", PASSWORD, NULL);
        assert_last(cast, "unknown name");
        out(cast, "eve", "another evening there", NULL);
        assert_last(cast, "wrong password");
        session = in(cast, "eve", NULL);
        assert_last(cast, "ok");
        g_assert_cmpuint(secret_text_length(session), ==, 32);
        g_assert_true(access_session_check(cast->service, session, "192.0.2.1", &caller, NULL));
        g_assert_true(id_equal(&caller.person, &eve.person));
        g_assert_false(caller.by_token);
        g_assert_cmpint(caller.origin, ==, ORIGIN_UI);
        g_assert_true(access_sign_out(cast->service, session, NULL));
        g_assert_false(holds(cast, session));
        g_assert_true(access_sign_out(cast->service, session, NULL));
}

static void test_lockout(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        cast_person(cast, "eve");
        cast_password(cast, "eve", PASSWORD);
        for (int i = 0; i < ZW_ACCOUNT_FREE; i++) {
                out(cast, "eve", "another evening there", NULL);
                assert_last(cast, "wrong password");
        }
        out(cast, "eve", "another evening there", NULL);
        assert_last(cast, "wrong password, locked");
        out(cast, "eve", PASSWORD, NULL);
        assert_last(cast, "locked");
        json_decref(cast_do(cast, "user.set", json_of("{'name':'eve','disabled':false}")));
        secret_text_free(in(cast, "eve", NULL));
}

/* ---- sessions end at once ---- */

typedef struct {
        Id person;
        Instant seen, expires;
        const char *text;
} Planted;

static bool plant(StoreTxn *txn, void *payload, GError **error)
{
        const Planted *planted = payload;
        const StoreSession session = { .id = id_new(),
                                       .person = planted->person,
                                       .hash = hash_sha256(planted->text, strlen(planted->text)),
                                       .seen = planted->seen,
                                       .expires = planted->expires };

        return store_txn_add_session(txn, &session, error);
}

static void test_session_limits(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const Caller eve = cast_person(cast, "eve");
        const Instant now = instant_now(), hour = 3600 * 1000;
        Planted planted[] = { { eve.person, now, now + hour, "00000000000000000000000000000001" },
                              { eve.person, now - ZW_SESSION_IDLE_MS - 1, now + hour,
                                "00000000000000000000000000000002" },
                              { eve.person, now, now - 1, "00000000000000000000000000000003" } };

        for (size_t i = 0; i < G_N_ELEMENTS(planted); i++) {
                g_autoptr(SecretText) session = secret_text_new(planted[i].text, 32);

                cast_write(cast, plant, &planted[i]);
                g_assert_cmpint(holds(cast, session), ==, i == 0);
        }
}

static void test_session_ends(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(SecretText) session = NULL, again = NULL;
        g_autoptr(Json) list = NULL, ended = NULL;

        cast_person(cast, "eve");
        cast_password(cast, "eve", PASSWORD);
        session = in(cast, "eve", NULL);
        list = cast_do(cast, "session.list", json_of("{'person':'eve'}"));
        g_assert_cmpuint(json_array_size(list), ==, 1);
        ended = cast_do(cast, "session.end", json_of("{'person':'eve','all':true}"));
        g_assert_cmpint(jread_get_int(ended, "ended", 0), ==, 1);
        g_assert_false(holds(cast, session));
        again = in(cast, "eve", NULL);
        json_decref(cast_do(cast, "user.set", json_of("{'name':'eve','disabled':true}")));
        g_assert_false(holds(cast, again));
        out(cast, "eve", PASSWORD, NULL);
        assert_last(cast, "disabled");
        json_decref(cast_do(cast, "user.set", json_of("{'name':'eve','disabled':false}")));
        g_assert_false(holds(cast, again));
}

static void test_own_password(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const Caller eve = cast_person(cast, "eve"), bob = cast_person(cast, "bob");
        g_autoptr(GError) error = NULL, denied = NULL;

        cast_password(cast, "eve", PASSWORD);
        /* The present one is asked for, and somebody else's is not to be set at all. */
        g_assert_null(cast_try(cast, &eve, "user.password", json_object(), "a morning at the pumps", &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_USAGE);
        g_assert_null(cast_try(cast, &bob, "user.password", json_of("{'person':'eve'}"),
                               "a morning at the pumps", &denied));
        g_assert_error(denied, ZW_ERROR, ZW_ERR_DENIED);
        secret_text_free(in(cast, "eve", NULL));
}

/* ---- one-time codes ---- */

/* The key of an address, from base 32. */
static void key_of(const char *address, uint8_t ret_key[ZW_TOTP_KEY])
{
        const char *at = strstr(address, "secret=") + strlen("secret=");
        uint64_t bits = 0;
        int have = 0, n = 0;

        for (; n < ZW_TOTP_KEY; at++) {
                bits = bits << 5 | (uint64_t)(*at >= 'A' ? *at - 'A' : *at - '2' + 26);
                have += 5;
                if (have >= 8) {
                        have -= 8;
                        ret_key[n++] = (uint8_t)(bits >> have);
                }
        }
}

static void code_at(const uint8_t *key, int64_t step, char ret_code[16])
{
        g_snprintf(ret_code, 16, "%06u", totp_code(key, ZW_TOTP_KEY, step));
}

static void test_codes(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const Caller eve = cast_person(cast, "eve");
        const int64_t now = instant_now() / 1000 / ZW_TOTP_SECONDS;
        g_autoptr(Json) enrolled = cast_try(cast, &eve, "totp.enrol", json_object(), NULL, NULL);
        uint8_t key[ZW_TOTP_KEY];
        char code[16], next[16];

        cast_password(cast, "eve", PASSWORD);
        key_of(jread_get_string(enrolled, "address"), key);
        cast_refuse(cast, &eve, "totp.confirm", json_of("{'code':'abcdef'}"), ZW_ERR_SIGN_IN);
        secret_text_free(in(cast, "eve", NULL)); /* not confirmed: not asked for */
        code_at(key, now, code);
        code_at(key, now + 1, next);
        json_decref(cast_try(cast, &eve, "totp.confirm", json_of("{'code':'%s'}", code), NULL, NULL));
        assert_last(cast, "ok");
        out(cast, "eve", PASSWORD, NULL);
        out(cast, "eve", PASSWORD, code); /* used */
        assert_last(cast, "wrong code");
        secret_text_free(in(cast, "eve", next));
        out(cast, "eve", PASSWORD, next);
        cast_refuse(cast, &eve, "totp.enrol", json_object(), ZW_ERR_STATE);
        cast_refuse(cast, &cast->local, "totp.enrol", json_of("{'person':'eve'}"), ZW_ERR_DENIED);
        json_decref(cast_do(cast, "totp.remove", json_of("{'person':'eve'}")));
        secret_text_free(in(cast, "eve", NULL));
}

/* ---- tokens ---- */

static bool token_holds(Cast *cast, const char *text, Caller *ret_caller)
{
        g_autoptr(SecretText) token = secret_text_new(text, strlen(text));

        return access_token_check(cast->service, token, "192.0.2.1", ret_caller, NULL);
}

static void test_tokens(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const Caller eve = cast_person(cast, "eve");
        g_autoptr(Json) made = cast_try(cast, &eve, "token.create", json_of("{'name':'ci','scope':['read']}"),
                                        NULL, NULL);
        const char *text = jread_get_string(made, "token"), *id = jread_get_string(made, "id");
        Caller caller;

        g_assert_true(token_holds(cast, text, &caller));
        g_assert_true(caller.by_token);
        g_assert_cmpuint(caller.permissions, ==, 1U << ZW_PERM_READ);
        g_assert_false(token_holds(cast, "zw_0000", &caller));
        cast_refuse(cast, &eve, "token.create", json_of("{'name':'x','scope':['reed']}"),
                    ZW_ERR_NAME_UNKNOWN);
        cast_refuse(cast, &eve, "token.create", json_of("{'name':'x','scope':[]}"), ZW_ERR_USAGE);
        cast_refuse(cast, &eve, "token.create", json_of("{'name':'','scope':['read']}"), ZW_ERR_INPUT);
        cast_refuse(cast, &eve, "token.create", json_of("{'name':'x','scope':['read'],'days':367}"),
                    ZW_ERR_INPUT);
        cast_refuse(cast, &eve, "token.create", json_of("{'name':'x','scope':['read'],'only':'OWN'}"),
                    ZW_ERR_NOT_FOUND);
        cast_refuse(cast, &eve, "token.create", json_of("{'name':'x','scope':['read'],'person':'host'}"),
                    ZW_ERR_DENIED);
        json_decref(cast_do(cast, "token.revoke", json_of("{'person':'eve','id':'%s'}", id)));
        g_assert_false(token_holds(cast, text, &caller));
        cast_refuse(cast, &eve, "token.revoke", json_of("{'id':'%s'}", id), ZW_ERR_NOT_FOUND);
}

/* Who takes over an account takes it without the tokens made before. */
static void test_tokens_of_programs(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Json) made = NULL;
        Caller caller;

        cast_person(cast, "robot");
        made = cast_do(cast, "token.create", json_of("{'name':'ci','scope':['read'],'person':'robot'}"));
        g_assert_true(token_holds(cast, jread_get_string(made, "token"), &caller));
        cast_password(cast, "robot", PASSWORD);
        g_assert_false(token_holds(cast, jread_get_string(made, "token"), &caller));
        cast_refuse(cast, &cast->local, "token.create",
                    json_of("{'name':'ci','scope':['read'],'person':'robot'}"), ZW_ERR_DENIED);
}

/* ---- the first start ---- */

static void test_setup(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(SecretText) old = NULL, code = NULL, none = NULL, session = NULL;
        g_autoptr(SecretText) password = secret_text_new(PASSWORD, strlen(PASSWORD)),
                              weak = secret_text_new("weak", 4);
        SignIn first = { "eve", weak, NULL, "192.0.2.1" };
        g_autoptr(GError) error = NULL, wrong = NULL, used = NULL;
        g_autoptr(Json) me = NULL;
        Caller caller;

        g_assert_true(access_setup_code(cast->service, &old, NULL));
        g_assert_true(access_setup_code(cast->service, &code, NULL));
        g_assert_false(access_setup(cast->service, code, &first, "Eve", &session, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
        first.password = password;
        g_assert_false(access_setup(cast->service, old, &first, "Eve", &session, &wrong));
        g_assert_error(wrong, ZW_ERROR, ZW_ERR_SIGN_IN);
        g_assert_true(access_setup(cast->service, code, &first, "Eve", &session, NULL));
        g_assert_true(access_session_check(cast->service, session, "192.0.2.1", &caller, NULL));
        me = cast_try(cast, &caller, "user.me", json_object(), NULL, NULL);
        g_assert_true(jread_get_bool(me, "operator", false));
        g_assert_cmpuint(json_array_size(json_object_get(me, "projects")), ==, 1);
        first.name = "mallory";
        g_assert_false(access_setup(cast->service, code, &first, "M", &session, &used));
        g_assert_error(used, ZW_ERROR, ZW_ERR_SIGN_IN);
        g_assert_true(access_setup_code(cast->service, &none, NULL));
        g_assert_null(none);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
#define ADD(path, function) \
        g_test_add("/service/access/" path, Cast, NULL, cast_set_up, function, cast_tear_down)
        ADD("sign-in", test_sign_in);
        ADD("lockout", test_lockout);
        ADD("session-limits", test_session_limits);
        ADD("session-ends", test_session_ends);
        ADD("own-password", test_own_password);
        ADD("codes", test_codes);
        ADD("tokens", test_tokens);
        ADD("tokens-of-programs", test_tokens_of_programs);
        ADD("setup", test_setup);
        return g_test_run();
}
