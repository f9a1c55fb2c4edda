/* What the files of signing in elsewhere share. Inside service/ only. */
#ifndef SERVICE_ACCESS_IDENTITY_INTERNAL_H
#define SERVICE_ACCESS_IDENTITY_INTERNAL_H

#include "service/access/access_internal.h"
#include "service/access/identity.h"
#include "service/running/webhooks_internal.h"
#include "store/identity.h"

/* What the provider says of itself, remembered for a while; and how many sign-ins ask it just now. */
struct Identities {
        pthread_mutex_t lock; /* guards what follows */
        char *issuer;         /* whose document it is, or NULL */
        json_t *document;
        Instant until;
        unsigned asking;
};

/* The row of the store, owned. */
typedef struct {
        char *title, *issuer, *client, *scope, *claim;
        SecretText *secret; /* NULL when there is no provider */
} Provider;
void provider_clear(Provider *provider);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Provider, provider_clear)
/* Errors: those of the store; without a provider all is NULL. */
bool provider_load(StoreView *view, Provider *ret_provider, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- one exchange with the provider ---- */

typedef struct {
        Service *service;
        WebhookRules *rules; /* what may be asked: the same as for webhooks */
        Provider provider;
        bool counted;
} IdentityExchange;
void identity_exchange_clear(IdentityExchange *exchange);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IdentityExchange, identity_exchange_clear)
/* Of `service`, for a client at this address. Errors: STATE, TOO_MANY. */
bool identity_exchange_begin(IdentityExchange *exchange, const char *address, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* An object of JSON the provider gives; `form` is posted, NULL for a GET; `what` it is, for messages. Errors: NETWORK; SIGN_IN,
 * it refuses what was posted. */
json_t *identity_ask(const IdentityExchange *exchange, const char *url, const char *const *fields,
                     const char *form, const char *what, GError **error) G_GNUC_WARN_UNUSED_RESULT;
extern const char *const identity_plain_fields[];
/* What it says of itself, with addresses that may be asked. Errors: NETWORK. */
json_t *identity_document(const IdentityExchange *exchange, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a list in it has a text; `if_absent` when there is no list. */
bool identity_is_listed(const json_t *document, const char *member, const char *wanted, bool if_absent);

/* ---- what a token claims ---- */

typedef struct {
        const char *issuer, *client, *nonce;
        Instant now;
} IdentityExpected;
/* NULL when the claims of a verified token are for here, for now and for this flow; else why not. */
const char *identity_judge(const json_t *claims, const IdentityExpected *expected);

/* ---- who comes ---- */

typedef struct {
        const Provider *provider;
        const json_t *claims; /* judged */
        const char *address;
        const SecretText *session; /* made before, so that a second run writes the same */
        Instant now;
        const char *why; /* the outcome: NULL when they are in */
} Arrival;
/* Makes, finds and judges the person, sets the roles, and writes session and audit trail; for store_write. */
bool identity_arrive(StoreTxn *txn, void *arrival, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
