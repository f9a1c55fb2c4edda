/* Who is there: signing in with password and one-time code or with a passkey, sessions, tokens, and the code of the first start. The HTTP server
 * makes a Caller from what a request carries by these functions, and then calls service_call with it. Sessions and tokens are
 * looked up each time, so that ending one takes effect at once. Limits are in docs/access.md. Thread-safe.
 *
 * `address` is the client's, as text. Errors besides those named: SIGN_IN, one answer whatever was wrong; TOO_MANY. */
#ifndef SERVICE_ACCESS_ACCESS_H
#define SERVICE_ACCESS_ACCESS_H

#include "base/instant.h"
#include "base/secret.h"
#include "service/service.h"

enum {
        ZW_SESSION_IDLE_MS = ZW_HOUR_MS,
        ZW_SESSION_MOST_MS = 12 * ZW_HOUR_MS,
        ZW_SETUP_MOST_MS = ZW_DAY_MS,
        ZW_TOKEN_DAYS_MOST = 366,
};

typedef struct {
        const char *name;
        const SecretText *password;
        const char *code; /* of the authenticator app, or NULL */
        const char *address;
} SignIn;

/* A new session; its text goes into the cookie and nowhere else. An unknown name, a wrong password or code, and a disabled or
 * locked account give the same answer after the same work. */
bool access_sign_in(Service *service, const SignIn *sign_in, SecretText **ret_session, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* What a passkey is to sign so that its owner is signed in, in base64url (free it): good for five minutes, once, for whoever answers. */
bool access_passkey_ask(Service *service, const char *address, char **ret_challenge, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
        const char *rp, *origin; /* of the page */
        const json_t *answer;    /* id, user, client_data, authenticator_data, signature */
        const char *address;
} PasskeySignIn;
/* A new session by a passkey in place of name, password and code. Who has no password signs in elsewhere. Errors: INPUT, the
 * answer is not of its form. */
bool access_passkey_sign_in(Service *service, const PasskeySignIn *sign_in, SecretText **ret_session,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The caller a session stands for. */
bool access_session_check(Service *service, const SecretText *session, const char *address,
                          Caller *ret_caller, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a session or token, the other being NULL, is still good; looking does not count as use. */
bool access_is_alive(Service *service, const SecretText *session, const SecretText *token);
/* Until when an answer given to it now may be given to it again, should nothing be written until then: before it or a role of
 * the person ends, and before it is to be noted that it is used. 0, never, for who is an auditor somewhere: each of their views
 * is recorded. */
bool access_lasts(Service *service, const SecretText *session, const SecretText *token, Instant *ret_until,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends it; one that has ended is fine. */
bool access_sign_out(Service *service, const SecretText *session, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The caller a token stands for, limited to what it allows. */
bool access_token_check(Service *service, const SecretText *token, const char *address, Caller *ret_caller,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether nobody can sign in yet, so that the code is asked for. */
bool access_is_new(Service *service, bool *ret_new, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* At the start of a server: a new one-time code when nobody can sign in, in place of an older one; else *ret_code NULL. To be
 * shown on the terminal of the server only. */
bool access_setup_code(Service *service, SecretText **ret_code, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Uses the code up: makes the first operator, with every role but auditor in the projects there are, and a session. Errors:
 * INPUT, the name or the password; the code stays good then. */
bool access_setup(Service *service, const SecretText *code, const SignIn *person, const char *full_name,
                  SecretText **ret_session, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
