/* Who signed what the sources of the feeds say. */
#include "store/sqlite/feeds_internal.h"

bool feeds_sign(Feeds *feeds, const char *source, const char *id, GBytes *body,
                const FeedSignature *signature, GError **error)
{
        g_auto(FeedUse) use = feeds_use(feeds, FEED_SQL_SIGN);

        feeds_bind_text(use, 1, source);
        feeds_bind_text(use, 2, id);
        feeds_bind_bytes(use, 3, body);
        sqlite3_bind_int(use, 4, signature->state == FEED_SIGNED_TRUSTED);
        feeds_bind_text(use, 5, signature->key);
        return feeds_done(feeds, use, error);
}

bool feeds_signed(Feeds *feeds, const char *source, FeedSigned state, int64_t *ret_records, GError **error)
{
        g_auto(FeedUse) use = feeds_use(feeds, FEED_SQL_SIGNED);
        bool row;

        feeds_bind_text(use, 1, source);
        sqlite3_bind_int(use, 2, state == FEED_SIGNED_TRUSTED);
        if (!feeds_next(feeds, use, &row, error))
                return false;
        *ret_records = row ? sqlite3_column_int64(use, 0) : 0;
        return true;
}

bool feeds_signature(Feeds *feeds, const char *source, const char *id, FeedSignature *ret_signature,
                     GError **error)
{
        g_auto(FeedUse) use = feeds_use(feeds, FEED_SQL_SIGNATURE);
        bool row;

        feeds_bind_text(use, 1, source);
        feeds_bind_text(use, 2, id);
        if (!feeds_next(feeds, use, &row, error))
                return false;
        *ret_signature = (FeedSignature){ .state = FEED_SIGNED_NONE };
        if (!row)
                return true;
        ret_signature->state = sqlite3_column_int(use, 0) != 0 ? FEED_SIGNED_TRUSTED : FEED_SIGNED_UNKNOWN;
        g_strlcpy(ret_signature->key, (const char *)sqlite3_column_text(use, 1), sizeof(ret_signature->key));
        return true;
}
