/* Rows of the provider of identities, its groups, and who is who there. */
#include "base/error.h"
#include "store/rows/rows.h"
#include "store/rows/query.h"

#include <string.h>

/* ---- the provider ---- */

bool rows_provider_read(StoreView *view, StoreProviderFn fn, void *payload, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_PROVIDER_READ);
        StoreProvider provider;
        bool found;

        if (!query_next(&q, &found, error))
                return false;
        if (!found)
                return true;
        provider = (StoreProvider){ .title = query_get_text(&q, 0),
                                    .issuer = query_get_text(&q, 1),
                                    .client = query_get_text(&q, 2),
                                    .secret = query_get_text(&q, 3),
                                    .scope = query_get_text(&q, 4),
                                    .claim = query_get_text(&q, 5) };
        return fn(&provider, payload, error);
}

bool rows_provider_put(StoreView *view, const StoreProvider *provider, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_PROVIDER_PUT);

        query_text(&q, 1, provider->title);
        query_text(&q, 2, provider->issuer);
        query_text(&q, 3, provider->client);
        query_text(&q, 4, provider->secret);
        query_text(&q, 5, provider->scope);
        query_text(&q, 6, provider->claim);
        return query_run(&q, error);
}

bool rows_provider_drop(StoreView *view, bool *ret_had, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_PROVIDER_DROP);
        g_auto(Query) groups = query_begin(view_connection(view), SQL_GROUP_CLEAR);
        g_auto(Query) roles = query_begin(view_connection(view), SQL_PROVIDED_DROP);

        if (!query_run(&q, error))
                return false;
        *ret_had = query_changes(&q) > 0;
        return query_run(&groups, error) && query_run(&roles, error);
}

/* ---- groups ---- */

static bool group_give(Query *q, StoreGroupFn fn, void *payload, GError **error)
{
        const char *role = query_get_text(q, 2);
        StoreGroup group = { .name = query_get_text(q, 0), .project = query_get_text(q, 3) };

        if (role == NULL || !role_find(role, &group.role)) {
                error_set(error, ZW_ERR_VERSION, "role", "stored data name the role \"%s\"",
                          role == NULL ? "" : role);
                return false;
        }
        return query_get_bytes(q, 1, group.log.b, ZW_ID_BYTES, error) && fn(&group, payload, error);
}

bool rows_group_read(StoreView *view, StoreGroupFn fn, void *payload, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_GROUP_READ);
        bool found;

        while (query_next(&q, &found, error)) {
                if (!found)
                        return true;
                if (!group_give(&q, fn, payload, error))
                        return false;
        }
        return false;
}

static bool group_insert(StoreView *view, int64_t log, const char *name, RoleId role, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_GROUP_PUT);

        query_text(&q, 1, name);
        query_int(&q, 2, log);
        query_text(&q, 3, role_def(role)->name);
        return query_run(&q, error);
}

bool rows_group_put(StoreView *view, int64_t log, const char *name, unsigned roles, GError **error)
{
        g_auto(Query) drop = query_begin(view_connection(view), SQL_GROUP_DROP);

        query_text(&drop, 1, name);
        query_int(&drop, 2, log);
        if (!query_run(&drop, error))
                return false;
        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                if (roles & 1U << i && !group_insert(view, log, name, (RoleId)i, error))
                        return false;
        return true;
}

/* ---- who is who ---- */

bool rows_identity_find(StoreView *view, const char *issuer, const char *subject, Id *ret_person,
                        bool *ret_found, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_IDENTITY_FIND);

        query_text(&q, 1, issuer);
        query_text(&q, 2, subject);
        return query_next(&q, ret_found, error) &&
               (!*ret_found || query_get_bytes(&q, 0, ret_person->b, ZW_ID_BYTES, error));
}

bool rows_identity_of(StoreView *view, const Id *person, bool *ret_has, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_IDENTITY_OF);

        query_id(&q, 1, person);
        return query_next(&q, ret_has, error);
}

bool rows_identity_put(StoreView *view, const char *issuer, const char *subject, const Id *person,
                       Instant created, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_IDENTITY_PUT);

        query_text(&q, 1, issuer);
        query_text(&q, 2, subject);
        query_id(&q, 3, person);
        query_int(&q, 4, created);
        return query_run(&q, error);
}
