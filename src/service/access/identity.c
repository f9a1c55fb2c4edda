#include "service/access/identity_internal.h"

#include "base/base64url.h"
#include "base/jose.h"

#include <string.h>

enum { FORM_MAX = 64 * 1024 };

bool identity_title(Service *service, char **ret_title, GError **error)
{
        g_autoptr(StoreView) view = store_view_open(service->store, error);
        g_auto(Provider) provider = { 0 };

        if (view == NULL || !provider_load(view, &provider, error))
                return false;
        *ret_title = g_steal_pointer(&provider.title);
        return true;
}

/* ---- what is derived from the flow ---- */

/* The NUL keeps what comes before it apart from the secret. Free it. */
static char *derive(const SecretText *flow, const char *use)
{
        g_autoptr(HashState) state = hash_new();
        Digest digest;

        hash_update(state, use, strlen(use) + 1);
        hash_update(state, secret_text_reveal(flow), secret_text_length(flow));
        digest = hash_finish(state);
        return base64url_encode(digest.b, sizeof(digest.b));
}

static void pair_add(GString *text, const char *separator, const char *name, const char *value)
{
        g_autofree char *encoded = g_uri_escape_string(value, NULL, FALSE);

        g_string_append_printf(text, "%s%s=%s", separator, name, encoded);
        secret_wipe(encoded, strlen(encoded));
}

bool identity_begin(Service *service, const IdentityFlow *flow, char **ret_url, GError **error)
{
        g_auto(IdentityExchange) exchange = { .service = service };
        g_autoptr(Json) document = NULL;
        g_autofree char *state = derive(flow->flow, "state"), *nonce = derive(flow->flow, "nonce"),
                        *verifier = derive(flow->flow, "verifier"), *challenge = NULL;
        const Digest digest = hash_sha256(verifier, strlen(verifier));
        g_autoptr(GString) url = g_string_new(NULL);

        if (!identity_exchange_begin(&exchange, flow->address, error))
                return false;
        document = identity_document(&exchange, error);
        if (document == NULL)
                return false;
        challenge = base64url_encode(digest.b, sizeof(digest.b));
        g_string_append(url, jread_get_string(document, "authorization_endpoint"));
        pair_add(url, strchr(url->str, '?') == NULL ? "?" : "&", "response_type", "code");
        pair_add(url, "&", "client_id", exchange.provider.client);
        pair_add(url, "&", "redirect_uri", flow->redirect);
        pair_add(url, "&", "scope", exchange.provider.scope);
        pair_add(url, "&", "state", state);
        pair_add(url, "&", "nonce", nonce);
        pair_add(url, "&", "code_challenge", challenge);
        pair_add(url, "&", "code_challenge_method", "S256");
        *ret_url = g_string_free(g_steal_pointer(&url), FALSE);
        return true;
}

/* ---- the code for a token ---- */

/* `Authorization: Basic`, of the two parts each encoded first (RFC 6749, 2.3.1). Free it. */
static char *basic_field(const Provider *provider)
{
        g_autofree char *client = g_uri_escape_string(provider->client, NULL, FALSE),
                        *secret = g_uri_escape_string(secret_text_reveal(provider->secret), NULL, FALSE),
                        *both = g_strconcat(client, ":", secret, NULL),
                        *encoded = g_base64_encode((const guchar *)both, strlen(both));
        char *field = g_strconcat("Authorization: Basic ", encoded, NULL);

        secret_wipe(secret, strlen(secret));
        secret_wipe(both, strlen(both));
        secret_wipe(encoded, strlen(encoded));
        return field;
}

static json_t *token_ask(const IdentityExchange *exchange, const IdentityFlow *flow, const char *code,
                         const json_t *document, GError **error)
{
        const Provider *provider = &exchange->provider;
        const bool has_secret = secret_text_length(provider->secret) > 0,
                   basic = has_secret && identity_is_listed(document, "token_endpoint_auth_methods_supported",
                                                            "client_secret_basic", true);
        g_autofree char *verifier = derive(flow->flow, "verifier"),
                        *field = basic ? basic_field(provider) : NULL;
        const char *const fields[] = { identity_plain_fields[0], field, NULL };
        g_autoptr(GString) form = g_string_sized_new(FORM_MAX); /* so that growing leaves no copy behind */
        json_t *answer;

        pair_add(form, "", "grant_type", "authorization_code");
        pair_add(form, "&", "code", code);
        pair_add(form, "&", "redirect_uri", flow->redirect);
        pair_add(form, "&", "code_verifier", verifier);
        if (!basic)
                pair_add(form, "&", "client_id", provider->client);
        if (!basic && has_secret)
                pair_add(form, "&", "client_secret", secret_text_reveal(provider->secret));
        answer = identity_ask(exchange, jread_get_string(document, "token_endpoint"), fields, form->str,
                              "answer to the code", error);
        secret_wipe(form->str, form->len);
        if (field != NULL)
                secret_wipe(field, strlen(field));
        return answer;
}

/* ---- coming back ---- */

/* Whether it is who has begun that comes back, and from the provider that was asked. */
static const char *answer_judge(const IdentityExchange *exchange, const IdentityFlow *flow,
                                const IdentityAnswer *answer, const json_t *document)
{
        g_autofree char *state = derive(flow->flow, "state");
        g_autoptr(SecretText) ours = secret_text_new(state, strlen(state)), theirs = NULL;
        const char *given = answer->state == NULL ? "" : answer->state;

        theirs = secret_text_new(given, strlen(given));
        if (!secret_text_equal(ours, theirs))
                return "wrong state";
        if (answer->issuer != NULL
                    ? strcmp(answer->issuer, exchange->provider.issuer) != 0
                    : jread_get_bool(document, "authorization_response_iss_parameter_supported", false))
                return "wrong issuer"; /* RFC 9207 */
        if (answer->refused != NULL)
                return "refused by the provider";
        return answer->code == NULL || answer->code[0] == '\0' ? "no code" : NULL;
}

static bool reject(const char *why, GError **error)
{
        error_set(error, ZW_ERR_SIGN_IN, NULL, "%s", why);
        return false;
}

/* The claims of who comes, verified and judged. */
static json_t *claims_get(const IdentityExchange *exchange, const IdentityFlow *flow,
                          const IdentityAnswer *answer, GError **error)
{
        g_autoptr(Json) document = identity_document(exchange, error), token = NULL, keys = NULL,
                        claims = NULL;
        g_autofree char *nonce = derive(flow->flow, "nonce");
        const IdentityExpected expected = { exchange->provider.issuer, exchange->provider.client, nonce,
                                            instant_now() };
        const char *why = document == NULL ? NULL : answer_judge(exchange, flow, answer, document);

        if (document == NULL || (why != NULL && !reject(why, error)))
                return NULL;
        token = token_ask(exchange, flow, answer->code, document, error);
        if (token == NULL)
                return NULL;
        keys = identity_ask(exchange, jread_get_string(document, "jwks_uri"), identity_plain_fields, NULL,
                            "keys", error);
        if (keys == NULL)
                return NULL;
        why = jread_get_string(token, "id_token");
        claims = why == NULL ? NULL : jose_verify(why, keys, error);
        if (why == NULL)
                (void)reject("no token", error);
        why = claims == NULL ? NULL : identity_judge(claims, &expected);
        return claims == NULL || (why != NULL && !reject(why, error)) ? NULL : g_steal_pointer(&claims);
}

typedef struct {
        const char *address, *why;
} Failure;

static bool failure_write(StoreTxn *txn, void *payload, GError **error)
{
        const Failure *failure = payload;

        return access_audit(txn, NULL, "sign_in", "provider", failure->address, failure->why, error);
}

/* Whose fault it was is for the audit trail; who asks gets one answer. Always false. */
static bool finish_fail(Service *service, const IdentityFlow *flow, GError *why, GError **error)
{
        Failure failure = { flow->address, why->message };
        const bool is_theirs = !g_error_matches(why, ZW_ERROR, ZW_ERR_NETWORK) &&
                               !g_error_matches(why, ZW_ERROR, ZW_ERR_STORAGE);

        if (g_error_matches(why, ZW_ERROR, ZW_ERR_TOO_MANY) || g_error_matches(why, ZW_ERROR, ZW_ERR_STATE)) {
                g_propagate_error(error, why);
                return false;
        }
        if (!store_write(service->store, failure_write, &failure, error)) {
                g_error_free(why);
                return false;
        }
        if (!is_theirs) {
                g_propagate_error(error, why);
                return false;
        }
        g_error_free(why);
        access_address_fail(service, flow->address);
        return reject("signing in at the provider failed", error);
}

bool identity_finish(Service *service, const IdentityFlow *flow, const IdentityAnswer *answer,
                     SecretText **ret_session, GError **error)
{
        g_auto(IdentityExchange) exchange = { .service = service };
        g_autoptr(SecretText) session = secret_text_random("", 16);
        g_autoptr(Json) claims = NULL;
        GError *why = NULL;
        Arrival arrival = { .address = flow->address, .session = session, .now = instant_now() };

        if (identity_exchange_begin(&exchange, flow->address, &why))
                claims = claims_get(&exchange, flow, answer, &why);
        if (claims == NULL)
                return finish_fail(service, flow, why, error);
        arrival.provider = &exchange.provider;
        arrival.claims = claims;
        if (!store_write(service->store, identity_arrive, &arrival, error))
                return false;
        if (arrival.why != NULL) {
                access_address_fail(service, flow->address);
                return reject("signing in at the provider failed", error);
        }
        throttle_address_forget(service->throttle, flow->address);
        *ret_session = g_steal_pointer(&session);
        return true;
}
