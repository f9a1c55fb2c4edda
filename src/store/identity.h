/* Signing in elsewhere: the provider of identities there is, what its groups mean here, and who is who. Like access.h it is in
 * no log. Thread-safety and errors as in store.h. */
#ifndef STORE_IDENTITY_H
#define STORE_IDENTITY_H

#include "store/access.h"

enum {
        ZW_PROVIDER_TEXT_MAX = 2048, /* bytes of each text of a provider */
        ZW_SUBJECT_MAX = 255,
        ZW_GROUP_MAX = 256,
        ZW_GROUPS_MAX = 10000, /* rows */
};

/* All texts are borrowed. */
typedef struct {
        const char *title, *issuer, *client, *scope;
        const char *claim;  /* the member of a token that lists groups */
        const char *secret; /* "" for none */
} StoreProvider;
typedef bool (*StoreProviderFn)(const StoreProvider *provider, void *payload, GError **error);
/* The provider, or no call. */
bool store_read_provider(StoreView *view, StoreProviderFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* In place of the one there was. Errors: INPUT, with the member. */
bool store_txn_put_provider(StoreTxn *txn, const StoreProvider *provider, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Forgets it, what its groups mean, and all roles they gave; not who is who. Errors: NOT_FOUND. */
bool store_txn_drop_provider(StoreTxn *txn, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
        const char *name;
        const char *project; /* its key */
        Id log;
        RoleId role;
} StoreGroup;
typedef bool (*StoreGroupFn)(const StoreGroup *group, void *payload, GError **error);
/* All, by name, project and role. */
bool store_each_group(StoreView *view, StoreGroupFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* What a group means in a project from now on: bit per RoleId, 0 for nothing. Errors: INPUT, the name; LIMIT. */
bool store_txn_put_group(StoreTxn *txn, const Id *log, const char *name, unsigned roles, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* The person who has this identity. */
bool store_find_identity(StoreView *view, const char *issuer, const char *subject, Id *ret_person,
                         bool *ret_found, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the person has one. */
bool store_has_identity(StoreView *view, const Id *person, bool *ret_has, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Errors: EXISTS, it is somebody's; INPUT, the subject. */
bool store_txn_add_identity(StoreTxn *txn, const char *issuer, const char *subject, const Id *person,
                            Instant now, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
