/* Signing in and out, and who one is. A session leaves the program in a cookie that no script can read. */
#include "base/error.h"
#include "http/api_write.h"
#include "service/access/identity.h"

#include <string.h>

/* ---- what a body gives ---- */

typedef struct {
        const char *name, *full_name, *code;
        const char *password; /* gone from the body before it is used */
} SignBody;

/* ---- answers ---- */

static void project_write(JWrite *w, const json_t *project)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", jread_get_string(project, "project"));
        jwrite_key_string(w, "title", jread_get_string(project, "title"));
        jwrite_key_bool(w, "sample", jread_get_bool(project, "sample", false));
        jwrite_key_json(w, "roles", json_object_get(project, "roles"));
        jwrite_key_json(w, "permissions", json_object_get(project, "permissions"));
        jwrite_key_json(w, "upto", json_object_get(project, "upto"));
        jwrite_key_json(w, "zones", json_object_get(project, "zones"));
        jwrite_object_end(w);
}

static bool me_write(const HttpRequest *request, const Signed *by, HttpReply *reply, GError **error)
{
        const RouteCall call = { .request = request, .by = by };
        g_autoptr(Json) input = json_object();
        g_autoptr(Json) me = route_call_with(&call, "user.me", input, (ServiceFiles){ NULL, 0 }, error);
        g_autoptr(Out) out = out_new(ZW_REPLY_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        g_autofree char *csrf = by->session == NULL ? NULL : sign_csrf(by->session);
        const json_t *project;
        size_t i;

        if (me == NULL)
                return false;
        jwrite_object_begin(w);
        jwrite_key(w, "person");
        jwrite_object_begin(w);
        jwrite_key_string(w, "name", jread_get_string(me, "name"));
        jwrite_key_string(w, "full_name", jread_get_string(me, "full_name"));
        jwrite_key_bool(w, "operator", jread_get_bool(me, "operator", false));
        jwrite_object_end(w);
        jwrite_key(w, "projects");
        jwrite_array_begin(w);
        json_array_foreach(json_object_get(me, "projects"), i, project) project_write(w, project);
        jwrite_array_end(w);
        jwrite_key_string(w, "csrf", csrf);
        jwrite_key_bool(w, "totp", jread_get_bool(me, "totp", false));
        jwrite_object_end(w);
        out_char(out, '\n');
        return reply_take(reply, REPLY_JSON, out, error);
}

static void cookie_set(HttpReply *reply, const char *value, int seconds)
{
        g_autofree char *cookie = g_strdup_printf(
                ZW_SESSION_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=%d", value,
                seconds);

        reply_header(reply, "Set-Cookie", cookie);
        secret_wipe(cookie, strlen(cookie));
}

void sign_cookie_set(HttpReply *reply, const SecretText *session)
{
        cookie_set(reply, secret_text_reveal(session), ZW_SESSION_MOST_MS / 1000);
}

/* 201 with the cookie, and who this is now. `session` is taken. */
static bool session_give(const RouteCall *call, SecretText *session, HttpReply *reply, GError **error)
{
        g_auto(Signed) by = { .session = session };
        HttpContext *context = call->request->context;

        if (!access_session_check(context->service, session, call->request->address, &by.caller, error) ||
            !me_write(call->request, &by, reply, error))
                return false;
        reply->status = 201;
        sign_cookie_set(reply, session);
        return true;
}

/* ---- routes ---- */

bool sign_setup_state(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autoptr(Out) out = out_new(ZW_REPLY_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        g_autofree char *title = NULL;
        bool is_new;

        if (!access_is_new(call->request->context->service, &is_new, error) ||
            !identity_title(call->request->context->service, &title, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key_bool(w, "setup", is_new);
        jwrite_key(w, "provider");
        if (title == NULL) {
                jwrite_null(w);
        } else {
                jwrite_object_begin(w);
                jwrite_key_string(w, "title", title);
                jwrite_object_end(w);
        }
        jwrite_object_end(w);
        out_char(out, '\n');
        return reply_take(reply, REPLY_JSON, out, error);
}

bool sign_setup(const RouteCall *call, HttpReply *reply, GError **error)
{
        static const JReadField fields[] = { { "code", JREAD_STRING, offsetof(SignBody, code), true },
                                             { "name", JREAD_STRING, offsetof(SignBody, name), true },
                                             { "full_name", JREAD_STRING, offsetof(SignBody, full_name),
                                               false },
                                             { "password", JREAD_STRING, offsetof(SignBody, password), true },
                                             JREAD_END };
        SignBody given = { 0 };
        g_autoptr(SecretText) password = NULL, code = NULL;
        SecretText *session = NULL;
        SignIn person = { .address = call->request->address };

        if (!jread_object(call->json, fields, &given, "", error))
                return false;
        password = route_secret(call->json, "password");
        code = secret_text_new(given.code, strlen(given.code));
        person.name = given.name;
        person.password = password;
        return access_setup(call->request->context->service, code, &person,
                            given.full_name == NULL ? given.name : given.full_name, &session, error) &&
               session_give(call, session, reply, error);
}

bool sign_in(const RouteCall *call, HttpReply *reply, GError **error)
{
        static const JReadField fields[] = { { "name", JREAD_STRING, offsetof(SignBody, name), true },
                                             { "password", JREAD_STRING, offsetof(SignBody, password), true },
                                             { "code", JREAD_STRING, offsetof(SignBody, code), false },
                                             JREAD_END };
        SignBody given = { 0 };
        g_autoptr(SecretText) password = NULL;
        SecretText *session = NULL;
        SignIn attempt = { .address = call->request->address };

        if (!jread_object(call->json, fields, &given, "", error))
                return false;
        password = route_secret(call->json, "password");
        attempt.name = given.name;
        attempt.password = password;
        attempt.code = given.code;
        return access_sign_in(call->request->context->service, &attempt, &session, error) &&
               session_give(call, session, reply, error);
}

bool sign_in_ask(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autofree char *challenge = NULL;
        g_autoptr(Json) answer = NULL;

        if (!access_passkey_ask(call->request->context->service, call->request->address, &challenge, error))
                return false;
        passkey_page_set(call);
        answer = json_pack("{s:s, s:O}", "challenge", challenge, "host", json_object_get(call->input, "rp"));
        return write_reply(reply, 200, answer, error);
}

bool sign_in_passkey(const RouteCall *call, HttpReply *reply, GError **error)
{
        PasskeySignIn attempt = { .answer = call->json, .address = call->request->address };
        SecretText *session = NULL;

        passkey_page_set(call);
        attempt.rp = jread_get_string(call->input, "rp");
        attempt.origin = jread_get_string(call->input, "origin");
        return access_passkey_sign_in(call->request->context->service, &attempt, &session, error) &&
               session_give(call, session, reply, error);
}

bool sign_out(const RouteCall *call, HttpReply *reply, GError **error)
{
        if (call->by->session == NULL) {
                error_set(error, ZW_ERR_USAGE, NULL, "a token has no session: revoke it instead");
                return false;
        }
        if (!access_sign_out(call->request->context->service, call->by->session, error))
                return false;
        reply_nothing(reply);
        cookie_set(reply, "", 0);
        return true;
}

bool sign_me(const RouteCall *call, HttpReply *reply, GError **error)
{
        return me_write(call->request, call->by, reply, error);
}
