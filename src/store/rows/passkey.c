/* Rows of passkeys. */
#include "base/error.h"
#include "store/rows/rows.h"
#include "store/rows/query.h"

#include <string.h>

/* Bytes of a column of at most so many. Errors: DAMAGED. */
static bool bytes_get(const Query *q, int column, uint8_t *ret_bytes, size_t most, size_t *ret_n,
                      GError **error)
{
        size_t n;
        const void *bytes = query_get_blob(q, column, &n);

        if (bytes == NULL || n == 0 || n > most) {
                error_set(error, ZW_ERR_DAMAGED, "passkey", "a stored passkey is not of its form");
                return false;
        }
        /* allow: `n` was checked against the size */
        memcpy(ret_bytes, bytes, n);
        *ret_n = n;
        return true;
}

static bool passkey_give(Query *q, StorePasskeyFn fn, void *payload, GError **error)
{
        StorePasskey passkey = { .name = query_get_text(q, 2),
                                 .rp = query_get_text(q, 3),
                                 .created = query_get_int(q, 7),
                                 .used = query_get_int(q, 8) };

        passkey.key.algorithm = (int)query_get_int(q, 4);
        passkey.key.counter = (uint32_t)query_get_int(q, 6);
        return bytes_get(q, 0, passkey.key.id, sizeof(passkey.key.id), &passkey.key.id_n, error) &&
               query_get_bytes(q, 1, passkey.person.b, ZW_ID_BYTES, error) &&
               bytes_get(q, 5, passkey.key.key, sizeof(passkey.key.key), &passkey.key.key_n, error) &&
               fn(&passkey, payload, error);
}

static bool passkeys_give(Query *q, StorePasskeyFn fn, void *payload, GError **error)
{
        bool found;

        while (query_next(q, &found, error)) {
                if (!found)
                        return true;
                if (!passkey_give(q, fn, payload, error))
                        return false;
        }
        return false;
}

bool rows_passkey_read(StoreView *view, const Id *person, StorePasskeyFn fn, void *payload, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_PASSKEY_READ);

        query_id(&q, 1, person);
        return passkeys_give(&q, fn, payload, error);
}

bool rows_passkey_find(StoreView *view, const void *id, size_t n, StorePasskeyFn fn, void *payload,
                       GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_PASSKEY_FIND);

        query_bytes(&q, 1, id, n);
        return passkeys_give(&q, fn, payload, error);
}

bool rows_passkey_insert(StoreView *view, const StorePasskey *passkey, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_PASSKEY_INSERT);

        query_bytes(&q, 1, passkey->key.id, passkey->key.id_n);
        query_id(&q, 2, &passkey->person);
        query_text(&q, 3, passkey->name);
        query_text(&q, 4, passkey->rp);
        query_int(&q, 5, passkey->key.algorithm);
        query_bytes(&q, 6, passkey->key.key, passkey->key.key_n);
        query_int(&q, 7, passkey->key.counter);
        query_int(&q, 8, passkey->created);
        return query_run(&q, error);
}

bool rows_passkey_touch(StoreView *view, const void *id, size_t n, uint32_t counter, Instant used,
                        GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_PASSKEY_TOUCH);

        query_bytes(&q, 1, id, n);
        query_int(&q, 2, counter);
        query_int(&q, 3, used);
        return query_run(&q, error);
}

/* Ends the sessions that it began. */
static bool sessions_end(StoreView *view, const Id *person, const void *id, size_t n, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SESSION_END_BY);

        query_id(&q, 1, person);
        query_bytes(&q, 2, id, n);
        return query_run(&q, error);
}

bool rows_passkey_drop(StoreView *view, const Id *person, const void *id, size_t n, bool *ret_had,
                       GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_PASSKEY_DROP);

        query_id(&q, 1, person);
        query_bytes(&q, 2, id, n);
        if (!query_run(&q, error))
                return false;
        *ret_had = query_changes(&q) > 0;
        return !*ret_had || sessions_end(view, person, id, n, error);
}

bool rows_session_by(StoreView *view, const Digest *hash, const void *id, size_t n, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SESSION_BY);

        query_digest(&q, 1, hash);
        query_bytes(&q, 2, id, n);
        return query_run(&q, error);
}

bool rows_passkey_ask(StoreView *view, const Id *person, const Digest *challenge, Instant expires,
                      GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_PASSKEY_ASK);

        query_id(&q, 1, person);
        query_digest(&q, 2, challenge);
        query_int(&q, 3, expires);
        return query_run(&q, error);
}

bool rows_passkey_asked(StoreView *view, const Id *person, const Digest *challenge, Instant now,
                        bool *ret_asked, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_PASSKEY_ASKED);

        query_id(&q, 1, person);
        query_digest(&q, 2, challenge);
        query_int(&q, 3, now);
        if (!query_run(&q, error))
                return false;
        *ret_asked = query_changes(&q) > 0;
        return true;
}

static int64_t slot_of(const Digest *challenge)
{
        return challenge->b[0] << 8 | challenge->b[1];
}

bool rows_sign_in_ask(StoreView *view, const Digest *challenge, Instant expires, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SIGN_IN_ASK);

        query_int(&q, 1, slot_of(challenge));
        query_digest(&q, 2, challenge);
        query_int(&q, 3, expires);
        return query_run(&q, error);
}

bool rows_sign_in_asked(StoreView *view, const Digest *challenge, Instant now, bool *ret_asked,
                        GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SIGN_IN_ASKED);

        query_int(&q, 1, slot_of(challenge));
        query_digest(&q, 2, challenge);
        query_int(&q, 3, now);
        if (!query_run(&q, error))
                return false;
        *ret_asked = query_changes(&q) > 0;
        return true;
}
