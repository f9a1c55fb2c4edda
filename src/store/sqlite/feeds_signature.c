/* Who signed what the sources of the feeds say. */
#include "store/sqlite/feeds_internal.h"

bool feeds_sign(Feeds *feeds, const char *source, const char *id, GBytes *body,
                const FeedSignature *signature, GError **error)
{
        const bool none = signature->state == FEED_SIGNED_NONE;
        g_auto(FeedUse) use = feeds_use(feeds, none ? FEED_SQL_SIGN_NONE : FEED_SQL_SIGN);

        feeds_bind_text(use, 1, source);
        feeds_bind_text(use, 2, id);
        feeds_bind_bytes(use, 3, body);
        if (!none) {
                sqlite3_bind_int(use, 4, signature->state == FEED_SIGNED_TRUSTED);
                feeds_bind_text(use, 5, signature->key);
        }
        return feeds_done(feeds, use, error);
}

/* Of a row that begins with trusted, key and since. */
static FeedSignature signature_of(FeedUse use)
{
        const int trusted = sqlite3_column_int(use, 0);
        FeedSignature signature = { .state = trusted < 0    ? FEED_SIGNED_NONE
                                             : trusted == 0 ? FEED_SIGNED_UNKNOWN
                                                            : FEED_SIGNED_TRUSTED,
                                    .since = sqlite3_column_int64(use, 2) };

        g_strlcpy(signature.key, (const char *)sqlite3_column_text(use, 1), sizeof(signature.key));
        return signature;
}

bool feeds_signatures(Feeds *feeds, const char *source, FeedSignatureFn fn, void *payload, GError **error)
{
        g_auto(FeedUse) use = feeds_use(feeds, FEED_SQL_SIGNATURES);
        bool row;

        feeds_bind_text(use, 1, source);
        while (feeds_next(feeds, use, &row, error)) {
                FeedSignature signature;

                if (!row)
                        return true;
                signature = signature_of(use);
                if (!fn(&signature, sqlite3_column_int64(use, 3), payload, error))
                        return false;
        }
        return false;
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
        *ret_signature = row ? signature_of(use) : (FeedSignature){ .state = FEED_SIGNED_UNCHECKED };
        return true;
}

bool feeds_signers_put(Feeds *feeds, const GPtrArray *keys, Instant now, GError **error)
{
        g_auto(FeedUse) others = NULL, put = NULL;

        if (!feeds_ask(feeds, keys, error))
                return false;
        others = feeds_use(feeds, FEED_SQL_SIGNERS_OTHERS);
        put = feeds_use(feeds, FEED_SQL_SIGNERS);
        sqlite3_bind_int64(put, 1, now);
        return feeds_done(feeds, others, error) && feeds_done(feeds, put, error);
}
