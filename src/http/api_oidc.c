/* Signing in at a provider of identities: the way there and back. Both are addresses a browser goes to, so what fails is said on
 * the page where one signs in, by its code. */
#include "base/base64url.h"
#include "base/error.h"
#include "base/log.h"
#include "http/markup.h"
#include "http/route.h"
#include "service/access/identity.h"

#include <string.h>

/* `FLOW.PLACE`, the place in base64url. Not Strict, since the way back begins at the provider. */
#define FLOW_COOKIE "__Host-zonewright-flow"
#define BACK_PATH   "/api/v1/oidc/callback"
enum { FLOW_SECONDS = 10 * 60, FLOW_TEXT = 32, PLACE_MAX = 1024 };

/* ---- addresses ---- */

/* A page here, and nothing that a browser takes for another server. */
static bool place_is_here(const char *place)
{
        if (place[0] != '/' || place[1] == '/' || strlen(place) > PLACE_MAX)
                return false;
        for (const char *at = place; *at != '\0'; at++)
                if ((unsigned char)*at <= ' ' || (unsigned char)*at >= 0x7f || *at == '\\')
                        return false;
        return true;
}

/* Where the provider sends people back to. Free it. */
static char *back_address(const HttpRequest *request)
{
        g_autofree char *origin = sign_origin(request);

        return g_strconcat(origin, BACK_PATH, NULL);
}

/* ---- answers ---- */

static void see(HttpReply *reply, const char *place, const char *cookie)
{
        reply_nothing(reply);
        reply->status = 303;
        reply_header(reply, "Location", place);
        reply_header(reply, "Set-Cookie", cookie);
}

static char *flow_cookie(const char *value, int seconds)
{
        return g_strdup_printf(FLOW_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=%d", value,
                               seconds);
}

/* Back to the page where one signs in, which says why. */
static void see_refused(HttpReply *reply, const GError *why)
{
        g_autofree char *place = g_strconcat("/?refused=", error_symbol(why->code), NULL),
                        *cookie = flow_cookie("", 0);

        log_event(LOG_WARNING_, "sign_in", "message", why->message, NULL);
        see(reply, place, cookie);
}

/* ---- the way there ---- */

static bool begin(const RouteCall *call, const char *place, HttpReply *reply, GError **error)
{
        g_autoptr(SecretText) flow = secret_text_random("", FLOW_TEXT / 2);
        g_autofree char *back = back_address(call->request), *packed = base64url_encode(place, strlen(place)),
                        *value = g_strconcat(secret_text_reveal(flow), ".", packed, NULL),
                        *cookie = flow_cookie(value, FLOW_SECONDS), *url = NULL;
        const IdentityFlow begun = { flow, back, call->request->address };
        const bool ok = identity_begin(call->request->context->service, &begun, &url, error);

        if (ok)
                see(reply, url, cookie);
        secret_wipe(value, strlen(value));
        secret_wipe(cookie, strlen(cookie));
        return ok;
}

bool oidc_start(const RouteCall *call, HttpReply *reply, GError **error)
{
        const char *place = jread_get_string(call->input, "to");
        g_autoptr(GError) why = NULL;

        if (place == NULL)
                place = "/";
        if (!place_is_here(place)) {
                error_set(error, ZW_ERR_INPUT, "to", "this is a place on this server, such as /projects");
                return false;
        }
        if (!begin(call, place, reply, &why))
                see_refused(reply, why);
        return true;
}

/* ---- the way back ---- */

/* What the cookie holds: the flow, and *ret_place (free it). NULL when it is not one of ours. */
static SecretText *flow_read(const HttpRequest *request, char **ret_place)
{
        g_autofree char *cookie = request_cookie(request, FLOW_COOKIE);
        const char *dot = cookie == NULL ? NULL : strchr(cookie, '.');
        g_autofree uint8_t *bytes = NULL;
        g_autofree char *place = NULL;
        SecretText *flow;
        size_t n;

        if (dot == NULL || dot - cookie != FLOW_TEXT)
                return NULL;
        bytes = base64url_decode(dot + 1, &n, NULL);
        place = bytes == NULL ? NULL : g_strndup((const char *)bytes, n);
        if (place == NULL || strlen(place) != n || !place_is_here(place))
                return NULL;
        flow = secret_text_new(cookie, FLOW_TEXT);
        secret_wipe(cookie, strlen(cookie));
        *ret_place = g_steal_pointer(&place);
        return flow;
}

static const char *query_value(const Target *target, const char *name)
{
        for (guint i = 0; i < target->query->len; i++) {
                const QueryPair *pair = &g_array_index(target->query, QueryPair, i);

                if (strcmp(pair->name, name) == 0)
                        return pair->value;
        }
        return NULL;
}

static SecretText *finish(const RouteCall *call, char **ret_place, GError **error)
{
        g_autofree char *back = back_address(call->request);
        g_autoptr(SecretText) flow = flow_read(call->request, ret_place);
        const IdentityFlow begun = { flow, back, call->request->address };
        g_auto(Target) target = { 0 };
        IdentityAnswer answer;
        SecretText *session;

        if (flow == NULL) {
                error_set(error, ZW_ERR_SIGN_IN, NULL,
                          "signing in was not begun in this browser, or long ago");
                return NULL;
        }
        if (!target_parse(call->request->target, &target, error))
                return NULL;
        answer = (IdentityAnswer){ .state = query_value(&target, "state"),
                                   .code = query_value(&target, "code"),
                                   .issuer = query_value(&target, "iss"),
                                   .refused = query_value(&target, "error") };
        return identity_finish(call->request->context->service, &begun, &answer, &session, error) ? session
                                                                                                  : NULL;
}

bool oidc_callback(const RouteCall *call, HttpReply *reply, GError **error G_GNUC_UNUSED)
{
        g_autofree char *place = NULL, *ended = flow_cookie("", 0);
        g_autoptr(GError) why = NULL;
        g_autoptr(SecretText) session = finish(call, &place, &why);

        if (session == NULL) {
                see_refused(reply, why);
                return true;
        }
        see(reply, place, ended);
        sign_cookie_set(reply, session);
        return true;
}
