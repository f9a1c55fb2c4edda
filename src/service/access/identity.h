/* Signing in at a provider of identities elsewhere: OpenID Connect, the authorization code flow with PKCE (RFC 6749, RFC 7636,
 * OpenID Connect Core 1.0). The two halves of it are bound to one browser by `flow`, a secret that is kept in its cookie and
 * nowhere else: state, nonce and the verifier of the code are derived from it, so that who has not begun does not get in, and
 * nobody fills a table here by beginning. Thread-safe.
 *
 * Only a running server asks others (service/running/outbound.h). Errors besides those named: STATE, there is no provider; NETWORK, it
 * does not answer as it should; TOO_MANY. */
#ifndef SERVICE_ACCESS_IDENTITY_H
#define SERVICE_ACCESS_IDENTITY_H

#include "base/secret.h"
#include "service/service.h"

typedef struct {
        const SecretText *flow;
        const char *redirect; /* the address here that the provider sends people back to */
        const char *address;  /* of the client */
} IdentityFlow;

/* What people know the provider by, NULL when there is none. Free it. */
bool identity_title(Service *service, char **ret_title, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Where to send somebody who wants to sign in. Free it. */
bool identity_begin(Service *service, const IdentityFlow *flow, char **ret_url, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* What the provider sent back with somebody: members of the query, or NULL. */
typedef struct {
        const char *state, *code, *issuer, *refused;
} IdentityAnswer;
/* A session for who comes back. Who comes for the first time is made a person, when a group of theirs has a role here; roles
 * that groups give are given, and those they gave before and give no more are taken. Errors: SIGN_IN, one answer whatever was
 * wrong; the audit trail has the reason. */
bool identity_finish(Service *service, const IdentityFlow *flow, const IdentityAnswer *answer,
                     SecretText **ret_session, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
