#include "http/sign.h"

#include "base/error.h"
#include "base/hash.h"

#include <string.h>

void signed_clear(Signed *by)
{
        g_clear_pointer(&by->session, secret_text_free);
}

/* ---- where a request comes from ---- */

static bool refuse(const char *field, const char *what, GError **error)
{
        error_set(error, ZW_ERR_CSRF, field, "%s", what);
        return false;
}

/* `https://HOST`, or over plain HTTP `http://HOST`, with the HOST this very request was sent to. A server behind a proxy that
 * speaks TLS is met under https too. */
static bool origin_is_ours(const HttpRequest *request)
{
        const char *origin = request->fields[FIELD_ORIGIN], *host = request->fields[FIELD_HOST];

        if (g_str_has_prefix(origin, "https://"))
                return g_ascii_strcasecmp(origin + strlen("https://"), host) == 0;
        return !request->context->is_tls && g_str_has_prefix(origin, "http://") &&
               g_ascii_strcasecmp(origin + strlen("http://"), host) == 0;
}

bool sign_origin_check(const HttpRequest *request, GError **error)
{
        const char *site = request->fields[FIELD_FETCH_SITE];

        if (request->fields[FIELD_ORIGIN] != NULL && !origin_is_ours(request))
                return refuse("Origin", "the request comes from a page of another server", error);
        if (site != NULL && strcmp(site, "same-origin") != 0)
                return refuse("Sec-Fetch-Site", "the request comes from a page of another server", error);
        return true;
}

static bool is_loopback(const char *host)
{
        return g_str_has_prefix(host, "127.") || g_str_has_prefix(host, "localhost") ||
               g_str_has_prefix(host, "[::1]");
}

char *sign_origin(const HttpRequest *request)
{
        const char *host = request->fields[FIELD_HOST];

        return g_strconcat(!request->context->is_tls && is_loopback(host) ? "http://" : "https://", host,
                           NULL);
}

char *sign_csrf(const SecretText *session)
{
        g_autoptr(HashState) state = hash_new();
        char hex[ZW_DIGEST_HEX];
        Digest digest;

        /* The NUL keeps it apart from the hash under which the session is stored. */
        hash_update(state, "csrf", sizeof("csrf"));
        hash_update(state, secret_text_reveal(session), secret_text_length(session));
        digest = hash_finish(state);
        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        return g_strdup(hex);
}

static bool page_check(const HttpRequest *request, const SecretText *session, GError **error)
{
        const char *given = request->fields[FIELD_CSRF];
        g_autofree char *proof = sign_csrf(session);
        g_autoptr(SecretText) ours = secret_text_new(proof, strlen(proof)), theirs = NULL;

        if (!sign_origin_check(request, error))
                return false;
        if (request->fields[FIELD_ORIGIN] == NULL && request->fields[FIELD_FETCH_SITE] == NULL)
                return refuse("Origin", "the request does not say which page made it", error);
        theirs = secret_text_new(given == NULL ? "" : given, given == NULL ? 0 : strlen(given));
        return secret_text_equal(ours, theirs) ||
               refuse("X-Zonewright-CSRF",
                      "the proof of the session is missing or wrong: /api/v1/me gives it", error);
}

/* ---- who ---- */

static const char scheme[] = "Bearer ";

static bool token_check(const HttpRequest *request, Signed *by, GError **error)
{
        const char *field = request->fields[FIELD_AUTHORIZATION];
        g_autoptr(SecretText) token = NULL;

        if (g_ascii_strncasecmp(field, scheme, strlen(scheme)) != 0) {
                error_set(error, ZW_ERR_SIGN_IN, "Authorization", "only tokens are taken: Bearer zw_...");
                return false;
        }
        token = secret_text_new(field + strlen(scheme), strlen(field + strlen(scheme)));
        return access_token_check(request->context->service, token, request->address, &by->caller, error);
}

bool sign_check(const HttpRequest *request, bool changes, Signed *ret_by, GError **error)
{
        g_autofree char *cookie = request_cookie(request, ZW_SESSION_COOKIE);
        g_auto(Signed) by = { 0 };

        if (request->fields[FIELD_AUTHORIZATION] != NULL) {
                if (!token_check(request, &by, error))
                        return false;
        } else if (cookie != NULL) {
                by.session = secret_text_new(cookie, strlen(cookie));
                if (!access_session_check(request->context->service, by.session, request->address, &by.caller,
                                          error) ||
                    (changes && !page_check(request, by.session, error)))
                        return false;
        } else {
                error_set(error, ZW_ERR_SIGN_IN, NULL, "sign in first, or send a token");
                return false;
        }
        *ret_by = by;
        by.session = NULL;
        return true;
}

/* The session or token of a request that was let in by it; the other is NULL. False when there is neither. */
static bool credential_read(const HttpRequest *request, SecretText **ret_session, SecretText **ret_token)
{
        const char *field = request->fields[FIELD_AUTHORIZATION];
        g_autofree char *cookie = request_cookie(request, ZW_SESSION_COOKIE);

        *ret_session = *ret_token = NULL;
        if (field != NULL && strlen(field) > strlen(scheme))
                *ret_token = secret_text_new(field + strlen(scheme), strlen(field + strlen(scheme)));
        else if (cookie != NULL)
                *ret_session = secret_text_new(cookie, strlen(cookie));
        return *ret_session != NULL || *ret_token != NULL;
}

bool sign_is_alive(const HttpRequest *request)
{
        g_autoptr(SecretText) session = NULL, token = NULL;

        return credential_read(request, &session, &token) &&
               access_is_alive(request->context->service, session, token);
}

Instant sign_lasts(const HttpRequest *request)
{
        g_autoptr(SecretText) session = NULL, token = NULL;
        Instant until;

        return credential_read(request, &session, &token) &&
                               access_lasts(request->context->service, session, token, &until, NULL)
                       ? until
                       : 0;
}
