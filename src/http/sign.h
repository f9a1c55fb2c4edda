/* Who asks: from what a request carries to a caller, and proof that a request which changes something was made by a page of
 * this server. Two ways in: a session in a cookie, which a browser sends by itself, or a token in the field Authorization,
 * which it does not. Thread-safe. */
#ifndef HTTP_SIGN_H
#define HTTP_SIGN_H

#include "http/request.h"
#include "service/access/access.h"

#define ZW_SESSION_COOKIE "__Host-zonewright"

typedef struct {
        Caller caller;
        SecretText *session; /* NULL for a token */
} Signed;
void signed_clear(Signed *by);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Signed, signed_clear)

/* The caller of a request; one that `changes` something by a session has to prove where it comes from: a page of this server
 * made it, and knows the proof that only such a page can read. Errors: SIGN_IN, CSRF, and those of access.h. */
bool sign_check(const HttpRequest *request, bool changes, Signed *ret_by, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Whether what a request was let in with is still good; looking does not count as use. */
bool sign_is_alive(const HttpRequest *request);
/* Until when answers to the same may be given again, see access_lasts; 0 for not at all. */
Instant sign_lasts(const HttpRequest *request);
/* Refuses what a page of elsewhere made. A program that is no browser says nothing about where it comes from. Errors: CSRF. */
bool sign_origin_check(const HttpRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The origin of our pages, as this very request names the server: under https, by itself or by a proxy in front, but for plain
 * HTTP on this machine. Free it. */
char *sign_origin(const HttpRequest *request);

/* The proof of a session, in hex: from the session alone, so that nothing is stored. Free it. */
char *sign_csrf(const SecretText *session);

#endif
