/* Rows of sessions and tokens. */
#include "base/error.h"
#include "store/rows/rows.h"
#include "store/rows/query.h"

#include <string.h>

/* Binds an id, or NULL for any. */
static void query_id_or_null(Query *q, int at, const Id *id)
{
        if (id != NULL)
                query_id(q, at, id);
        else
                query_bytes(q, at, NULL, 0);
}

/* ---- Sessions ---- */

static bool session_get(Query *q, StoreSession *ret_session, GError **error)
{
        StoreSession session = { .created = query_get_int(q, 3),
                                 .seen = query_get_int(q, 4),
                                 .expires = query_get_int(q, 5) };
        const char *address = query_get_text(q, 6);

        g_strlcpy(session.address, address == NULL ? "" : address, sizeof(session.address));
        if (!query_get_bytes(q, 0, session.hash.b, ZW_DIGEST_BYTES, error) ||
            !query_get_bytes(q, 1, session.id.b, ZW_ID_BYTES, error) ||
            !query_get_bytes(q, 2, session.person.b, ZW_ID_BYTES, error))
                return false;
        *ret_session = session;
        return true;
}

bool rows_session_find(StoreView *view, const Digest *hash, StoreSession *ret_session, bool *ret_found,
                       GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SESSION_FIND);

        query_digest(&q, 1, hash);
        return query_next(&q, ret_found, error) && (!*ret_found || session_get(&q, ret_session, error));
}

bool rows_session_read(StoreView *view, const Id *person, StoreSessionFn fn, void *payload, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SESSION_READ);
        bool found;

        query_id(&q, 1, person);
        while (query_next(&q, &found, error)) {
                StoreSession session;

                if (!found)
                        return true;
                if (!session_get(&q, &session, error) || !fn(&session, payload, error))
                        return false;
        }
        return false;
}

bool rows_session_insert(StoreView *view, const StoreSession *session, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SESSION_INSERT);

        query_digest(&q, 1, &session->hash);
        query_id(&q, 2, &session->id);
        query_id(&q, 3, &session->person);
        query_int(&q, 4, session->created);
        query_int(&q, 5, session->seen);
        query_int(&q, 6, session->expires);
        query_text(&q, 7, session->address);
        return query_run(&q, error);
}

bool rows_session_touch(StoreView *view, const Digest *hash, Instant seen, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SESSION_TOUCH);

        query_digest(&q, 1, hash);
        query_int(&q, 2, seen);
        return query_run(&q, error);
}

bool rows_session_end(StoreView *view, const Id *person, const Id *session, unsigned *ret_n, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SESSION_END);

        query_id(&q, 1, person);
        query_id_or_null(&q, 2, session);
        if (!query_run(&q, error))
                return false;
        *ret_n = (unsigned)query_changes(&q);
        return true;
}

bool rows_session_tidy(StoreView *view, Instant now, Instant seen, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SESSION_TIDY);

        query_int(&q, 1, now);
        query_int(&q, 2, seen);
        return query_run(&q, error);
}

/* ---- Tokens ---- */

static unsigned permissions_of(const char *names)
{
        g_auto(GStrv) words = g_strsplit(names == NULL ? "" : names, " ", -1);
        unsigned permissions = 0;

        for (int i = 0; i < ZW_PERM_COUNT; i++)
                if (g_strv_contains((const char *const *)words, permission_name((PermissionId)i)))
                        permissions |= 1U << i;
        return permissions;
}

static char *permissions_text(unsigned permissions)
{
        GString *text = g_string_new(NULL);

        for (int i = 0; i < ZW_PERM_COUNT; i++)
                if (permissions & 1U << i)
                        g_string_append_printf(text, "%s%s", text->len == 0 ? "" : " ",
                                               permission_name((PermissionId)i));
        return g_string_free(text, FALSE);
}

static bool token_give(Query *q, StoreTokenFn fn, void *payload, GError **error)
{
        StoreToken token = { .name = query_get_text(q, 3),
                             .permissions = permissions_of(query_get_text(q, 4)),
                             .has_log = !query_is_null(q, 5),
                             .created = query_get_int(q, 6),
                             .expires = query_get_int(q, 7),
                             .used = query_get_int(q, 8),
                             .revoked = query_get_int(q, 9) };

        return query_get_bytes(q, 0, token.id.b, ZW_ID_BYTES, error) &&
               query_get_bytes(q, 1, token.hash.b, ZW_DIGEST_BYTES, error) &&
               query_get_bytes(q, 2, token.person.b, ZW_ID_BYTES, error) &&
               (!token.has_log || query_get_bytes(q, 5, token.log.b, ZW_ID_BYTES, error)) &&
               fn(&token, payload, error);
}

static bool tokens_give(Query *q, StoreTokenFn fn, void *payload, GError **error)
{
        bool found;

        while (query_next(q, &found, error)) {
                if (!found)
                        return true;
                if (!token_give(q, fn, payload, error))
                        return false;
        }
        return false;
}

bool rows_token_find(StoreView *view, const Digest *hash, StoreTokenFn fn, void *payload, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_TOKEN_FIND);

        query_digest(&q, 1, hash);
        return tokens_give(&q, fn, payload, error);
}

bool rows_token_read(StoreView *view, const Id *person, StoreTokenFn fn, void *payload, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_TOKEN_READ);

        query_id(&q, 1, person);
        return tokens_give(&q, fn, payload, error);
}

bool rows_token_insert(StoreView *view, const StoreToken *token, int64_t log, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_TOKEN_INSERT);
        g_autofree char *permissions = permissions_text(token->permissions);

        query_id(&q, 1, &token->id);
        query_digest(&q, 2, &token->hash);
        query_id(&q, 3, &token->person);
        query_text(&q, 4, token->name);
        query_text(&q, 5, permissions);
        query_int(&q, 6, log);
        query_int(&q, 7, token->created);
        query_int(&q, 8, token->expires);
        query_int(&q, 9, token->used);
        query_int(&q, 10, token->revoked);
        return query_run(&q, error);
}

bool rows_token_touch(StoreView *view, const Id *token, Instant used, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_TOKEN_TOUCH);

        query_id(&q, 1, token);
        query_int(&q, 2, used);
        return query_run(&q, error);
}

bool rows_token_revoke(StoreView *view, const Id *person, const Id *token, Instant now, unsigned *ret_n,
                       GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_TOKEN_REVOKE);

        query_id(&q, 1, person);
        query_id_or_null(&q, 2, token);
        query_int(&q, 3, now);
        if (!query_run(&q, error))
                return false;
        *ret_n = (unsigned)query_changes(&q);
        return true;
}
