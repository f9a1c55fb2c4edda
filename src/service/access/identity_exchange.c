/* Asking the provider of identities, and what it says of itself. */
#include "service/access/identity_internal.h"

#include "base/lock.h"

#include <string.h>

enum {
        DOCUMENT_MS = 10 * 60 * 1000, /* how long what a provider says of itself is believed */
        ANSWER_MAX = 64 * 1024,
        AT_ONCE = 2, /* sign-ins that ask the provider: each holds a thread of the server */
};

/* ---- what is kept ---- */

Identities *identities_new(void)
{
        Identities *identities = g_new0(Identities, 1);

        pthread_mutex_init(&identities->lock, NULL);
        return identities;
}

void identities_free(Identities *identities)
{
        if (identities == NULL)
                return;
        g_free(identities->issuer);
        json_decref(identities->document);
        pthread_mutex_destroy(&identities->lock);
        g_free(identities);
}

void provider_clear(Provider *provider)
{
        g_free(provider->title);
        g_free(provider->issuer);
        g_free(provider->client);
        g_free(provider->scope);
        g_free(provider->claim);
        secret_text_free(provider->secret);
}

static bool provider_keep(const StoreProvider *row, void *payload, GError **error G_GNUC_UNUSED)
{
        *(Provider *)payload = (Provider){ .title = g_strdup(row->title),
                                           .issuer = g_strdup(row->issuer),
                                           .client = g_strdup(row->client),
                                           .scope = g_strdup(row->scope),
                                           .claim = g_strdup(row->claim),
                                           .secret = secret_text_new(row->secret, strlen(row->secret)) };
        return true;
}

bool provider_load(StoreView *view, Provider *ret_provider, GError **error)
{
        *ret_provider = (Provider){ 0 };
        return store_read_provider(view, provider_keep, ret_provider, error);
}

/* ---- asking the provider ---- */

void identity_exchange_clear(IdentityExchange *exchange)
{
        Identities *identities = exchange->service->identities;

        if (exchange->counted) {
                g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&identities->lock);

                identities->asking--;
        }
        webhook_rules_unref(exchange->rules);
        provider_clear(&exchange->provider);
}
static bool exchange_count(IdentityExchange *exchange, GError **error)
{
        Identities *identities = exchange->service->identities;
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&identities->lock);

        exchange->counted = identities->asking < AT_ONCE;
        identities->asking += exchange->counted;
        if (!exchange->counted)
                error_set(error, ZW_ERR_TOO_MANY, NULL, "others are signing in just now; try again");
        return exchange->counted;
}

bool identity_exchange_begin(IdentityExchange *exchange, const char *address, GError **error)
{
        g_autoptr(StoreView) view = NULL;

        if (access_address_is_locked(exchange->service, address, error))
                return false;
        view = store_view_open(exchange->service->store, error);
        if (view == NULL || !provider_load(view, &exchange->provider, error))
                return false;
        if (exchange->provider.issuer == NULL || exchange->service->webhooks == NULL) {
                error_set(error, ZW_ERR_STATE, NULL, "nobody signs in elsewhere here");
                return false;
        }
        exchange->rules = webhooks_rules(exchange->service->webhooks);
        return exchange_count(exchange, error);
}

static bool misunderstood(const char *what, GError **error)
{
        error_set(error, ZW_ERR_NETWORK, NULL, "the provider's %s is not as it should be", what);
        return false;
}

/* An object of JSON the provider gives; `form` is posted, NULL for a GET. */
json_t *identity_ask(const IdentityExchange *exchange, const char *url, const char *const *fields,
                     const char *form, const char *what, GError **error)
{
        g_autoptr(Out) out = out_new(ANSWER_MAX);
        g_autoptr(Json) answer = NULL;
        const OutboundRequest request = { url, fields, form, form == NULL ? 0 : strlen(form), out };
        long status = 0;

        if (!outbound_ask(exchange->rules->outbound, &request, &status, error))
                return NULL;
        /* What it says on failure may hold what it was asked: none of it goes into a message. */
        if (form != NULL && status / 100 == 4) {
                error_set(error, ZW_ERR_SIGN_IN, NULL,
                          status == 401 ? "the provider does not know this client, or not by this secret"
                                        : "the provider refuses the code");
                return NULL;
        }
        answer = status == 200 ? jread_parse(out_data(out), out_length(out), NULL) : NULL;
        if (json_is_object(answer))
                return g_steal_pointer(&answer);
        (void)misunderstood(what, error);
        return NULL;
}

const char *const identity_plain_fields[] = { "Accept: application/json", NULL };

/* ---- what it says of itself (OpenID Connect Discovery 1.0) ---- */

bool identity_is_listed(const json_t *document, const char *member, const char *wanted, bool if_absent)
{
        const json_t *list = json_object_get(document, member), *one;
        size_t i;

        if (list == NULL)
                return if_absent;
        json_array_foreach(list, i, one) if (g_strcmp0(json_string_value(one), wanted) == 0) return true;
        return false;
}

static bool document_check(const IdentityExchange *exchange, const json_t *document, GError **error)
{
        static const char *const addresses[] = { "authorization_endpoint", "token_endpoint", "jwks_uri" };

        if (g_strcmp0(jread_get_string(document, "issuer"), exchange->provider.issuer) != 0)
                return misunderstood("issuer", error);
        if (!identity_is_listed(document, "code_challenge_methods_supported", "S256", true))
                return misunderstood("proof of the code (PKCE with S256 is asked for)", error);
        for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++) {
                const char *url = jread_get_string(document, addresses[i]);

                /* The browser is sent to one of them, so it has to be as good as those that are asked from here. */
                if (url == NULL || !outbound_url_check(exchange->rules->outbound, url, addresses[i], NULL))
                        return misunderstood(addresses[i], error);
        }
        return true;
}

static json_t *document_known(Identities *identities, const char *issuer)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&identities->lock);

        return g_strcmp0(identities->issuer, issuer) == 0 && identities->until > instant_now()
                       ? json_deep_copy(identities->document)
                       : NULL;
}

static void document_keep(Identities *identities, const char *issuer, const json_t *document)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&identities->lock);

        g_free(identities->issuer);
        json_decref(identities->document);
        identities->issuer = g_strdup(issuer);
        identities->document = json_deep_copy(document);
        identities->until = instant_now() + DOCUMENT_MS;
}

json_t *identity_document(const IdentityExchange *exchange, GError **error)
{
        const char *issuer = exchange->provider.issuer;
        g_autofree char *url = g_strconcat(issuer, g_str_has_suffix(issuer, "/") ? "" : "/",
                                           ".well-known/openid-configuration", NULL);
        g_autoptr(Json) document = document_known(exchange->service->identities, issuer);

        if (document != NULL)
                return g_steal_pointer(&document);
        document = identity_ask(exchange, url, identity_plain_fields, NULL, "description", error);
        if (document == NULL || !document_check(exchange, document, error))
                return NULL;
        document_keep(exchange->service->identities, issuer, document);
        return g_steal_pointer(&document);
}
