/* The records of the feed database in SQLite. */
#include "store/sqlite/feeds_internal.h"

#include <string.h>

/* ---- writing ---- */

/* A statement that asks for nothing but the number of a record. */
static bool record_do(Feeds *feeds, FeedSql id, int64_t no, GError **error)
{
        g_auto(FeedUse) use = feeds_use(feeds, id);

        sqlite3_bind_int64(use, 1, no);
        return feeds_done(feeds, use, error);
}

/* What the record was found by before is gone, unless it is found by it again. */
static bool names_put(Feeds *feeds, int64_t no, const GPtrArray *keys, GError **error)
{
        if (!record_do(feeds, FEED_SQL_GONE, no, error) ||
            !record_do(feeds, FEED_SQL_FORGET_NAMES, no, error))
                return false;
        for (guint i = 0; i < keys->len; i++) {
                g_auto(FeedUse) name = feeds_use(feeds, FEED_SQL_NAME);

                feeds_bind_text(name, 1, keys->pdata[i]);
                sqlite3_bind_int64(name, 2, no);
                if (!feeds_done(feeds, name, error))
                        return false;
        }
        return record_do(feeds, FEED_SQL_BACK, no, error);
}

/* The signature of an older word says nothing of a newer one. */
static bool record_write(Feeds *feeds, FeedUse use, int64_t no, const GPtrArray *keys, GError **error)
{
        if (!feeds_done(feeds, use, error) || (no > 0 && !record_do(feeds, FEED_SQL_SIGN_NOT, no, error)))
                return false;
        feeds->changed = true;
        no = no > 0 ? no : sqlite3_last_insert_rowid(feeds->db);
        return names_put(feeds, no, keys, error) && record_do(feeds, FEED_SQL_SEEN, no, error);
}

bool feeds_put(Feeds *feeds, const char *source, const char *id, const char *modified, GBytes *body,
               const GPtrArray *keys, FeedChange *ret_change, GError **error)
{
        g_auto(FeedUse) find = feeds_use(feeds, FEED_SQL_FIND), write = NULL;
        int64_t no = 0;
        bool there;

        feeds_bind_text(find, 1, source);
        feeds_bind_text(find, 2, id);
        feeds_bind_bytes(find, 3, body);
        if (!feeds_next(feeds, find, &there, error))
                return false;
        if (there) {
                const char *before = (const char *)sqlite3_column_text(find, 1);

                *ret_change = FEED_UNCHANGED;
                if (sqlite3_column_int(find, 2) != 0 || strcmp(modified, before) < 0)
                        return record_do(feeds, FEED_SQL_SEEN, sqlite3_column_int64(find, 0), error);
                no = sqlite3_column_int64(find, 0);
        }
        *ret_change = there ? FEED_UPDATED : FEED_ADDED;
        write = feeds_use(feeds, there ? FEED_SQL_UPDATE : FEED_SQL_ADD);
        if (there) {
                sqlite3_bind_int64(write, 1, no);
                feeds_bind_text(write, 2, modified);
                feeds_bind_bytes(write, 3, body);
        } else {
                feeds_bind_text(write, 1, source);
                feeds_bind_text(write, 2, id);
                feeds_bind_text(write, 3, modified);
                feeds_bind_bytes(write, 4, body);
        }
        return record_write(feeds, write, no, keys, error);
}

bool feeds_note(Feeds *feeds, const char *source, Instant now, int64_t declared, GError **error)
{
        g_auto(FeedUse) use = feeds_use(feeds, FEED_SQL_NOTE);

        feeds_bind_text(use, 1, source);
        sqlite3_bind_int64(use, 2, now);
        sqlite3_bind_int64(use, 3, declared);
        return feeds_done(feeds, use, error);
}

bool feeds_remote_put(Feeds *feeds, const FeedRemote *remote, GError **error)
{
        g_auto(FeedUse) use = feeds_use(feeds, FEED_SQL_REMOTE_PUT);

        feeds_bind_text(use, 1, remote->source);
        feeds_bind_text(use, 2, remote->url);
        sqlite3_bind_int64(use, 3, remote->tried);
        sqlite3_bind_int64(use, 4, remote->checked);
        feeds_bind_text(use, 5, remote->cursor);
        feeds_bind_text(use, 6, remote->problem);
        sqlite3_bind_int64(use, 7, remote->missing);
        return feeds_done(feeds, use, error);
}

bool feeds_forget_others(Feeds *feeds, const char *source, int64_t *ret_forgotten, GError **error)
{
        static const FeedSql all[] = { FEED_SQL_GONE_OTHERS, FEED_SQL_FORGET_NAMES_OTHERS,
                                       FEED_SQL_FORGET_OTHERS };

        for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
                g_auto(FeedUse) use = feeds_use(feeds, all[i]);

                feeds_bind_text(use, 1, source);
                if (!feeds_done(feeds, use, error))
                        return false;
        }
        *ret_forgotten = sqlite3_changes64(feeds->db);
        feeds->changed = feeds->changed || *ret_forgotten > 0;
        return true;
}

/* ---- reading ---- */

static GBytes *column_bytes(FeedUse use, int column)
{
        return g_bytes_new(sqlite3_column_blob(use, column), (gsize)sqlite3_column_bytes(use, column));
}

bool feeds_sources(Feeds *feeds, Instant now, FeedSourceFn fn, void *payload, GError **error)
{
        g_auto(FeedUse) use = feeds_use(feeds, FEED_SQL_SOURCES);
        char text[ZW_INSTANT_TEXT];
        bool row;

        instant_format(now, text);
        feeds_bind_text(use, 1, text);
        while (feeds_next(feeds, use, &row, error)) {
                FeedSource source;

                if (!row)
                        return true;
                source = (FeedSource){ .source = (const char *)sqlite3_column_text(use, 0),
                                       .imported = sqlite3_column_int64(use, 1),
                                       .declared = sqlite3_column_int64(use, 2),
                                       .records = sqlite3_column_int64(use, 3),
                                       .newest = (const char *)sqlite3_column_text(use, 4) };
                if (source.newest == NULL)
                        source.newest = "";
                if (!fn(&source, payload, error))
                        return false;
        }
        return false;
}

bool feeds_remotes(Feeds *feeds, FeedRemoteFn fn, void *payload, GError **error)
{
        g_auto(FeedUse) use = feeds_use(feeds, FEED_SQL_REMOTES);
        bool row;

        while (feeds_next(feeds, use, &row, error)) {
                FeedRemote remote;

                if (!row)
                        return true;
                remote = (FeedRemote){ .source = (const char *)sqlite3_column_text(use, 0),
                                       .url = (const char *)sqlite3_column_text(use, 1),
                                       .tried = sqlite3_column_int64(use, 2),
                                       .checked = sqlite3_column_int64(use, 3),
                                       .cursor = (const char *)sqlite3_column_text(use, 4),
                                       .problem = (const char *)sqlite3_column_text(use, 5),
                                       .missing = sqlite3_column_int64(use, 6) };
                if (!fn(&remote, payload, error))
                        return false;
        }
        return false;
}

bool feeds_generation(Feeds *feeds, int64_t *ret_generation, GError **error)
{
        g_auto(FeedUse) use = feeds_use(feeds, FEED_SQL_GENERATION);
        bool row;

        if (!feeds_next(feeds, use, &row, error))
                return false;
        *ret_generation = row ? sqlite3_column_int64(use, 0) : 0;
        return true;
}

bool feeds_each_touched(Feeds *feeds, int64_t since, FeedTouchedFn fn, void *payload, GError **error)
{
        g_auto(FeedUse) use = feeds_use(feeds, FEED_SQL_TOUCHED);
        bool row;

        sqlite3_bind_int64(use, 1, since);
        do {
                if (!feeds_next(feeds, use, &row, error))
                        return false;
        } while (row && fn((const char *)sqlite3_column_text(use, 0), payload));
        return true;
}

bool feeds_keys(Feeds *feeds, const char *prefix, FeedKeyFn fn, void *payload, GError **error)
{
        g_auto(FeedUse) use = feeds_use(feeds, FEED_SQL_KEYS);
        g_autofree char *end = g_strdup(prefix);
        bool row;

        end[strlen(end) - 1]++; /* behind everything that begins so */
        feeds_bind_text(use, 1, prefix);
        feeds_bind_text(use, 2, end);
        while (feeds_next(feeds, use, &row, error)) {
                if (!row)
                        return true;
                if (!fn((const char *)sqlite3_column_text(use, 0), sqlite3_column_int64(use, 1), payload,
                        error))
                        return false;
        }
        return false;
}

bool feeds_knows(Feeds *feeds, const char *key, bool *ret_knows, GError **error)
{
        g_auto(FeedUse) use = feeds_use(feeds, FEED_SQL_KNOWS);

        feeds_bind_text(use, 1, key);
        return feeds_next(feeds, use, ret_knows, error);
}

bool feeds_ask(Feeds *feeds, const GPtrArray *keys, GError **error)
{
        if (!feeds_script(
                    feeds,
                    "CREATE TEMP TABLE IF NOT EXISTS asked (key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID; DELETE FROM temp.asked;",
                    error))
                return false;
        for (guint i = 0; i < keys->len; i++) {
                g_auto(FeedUse) ask = feeds_use(feeds, FEED_SQL_ASK);

                feeds_bind_text(ask, 1, keys->pdata[i]);
                if (!feeds_done(feeds, ask, error))
                        return false;
        }
        return true;
}

bool feeds_answer(Feeds *feeds, FeedUse use, FeedRecordFn fn, void *payload, GError **error)
{
        bool row;

        while (feeds_next(feeds, use, &row, error)) {
                g_autoptr(GBytes) body = row ? column_bytes(use, 2) : NULL;

                if (!row)
                        return true;
                if (!fn((const char *)sqlite3_column_text(use, 0), (const char *)sqlite3_column_text(use, 1),
                        body, payload, error))
                        return false;
        }
        return false;
}

bool feeds_find(Feeds *feeds, const GPtrArray *keys, FeedRecordFn fn, void *payload, GError **error)
{
        g_auto(FeedUse) use = NULL;

        if (!feeds_ask(feeds, keys, error))
                return false;
        use = feeds_use(feeds, FEED_SQL_ANSWER);
        return feeds_answer(feeds, use, fn, payload, error);
}

/* Gives the rows of a statement that selects source, id, modified and body. */
static bool records_give(Feeds *feeds, FeedUse use, FeedEachFn fn, void *payload, GError **error)
{
        bool row;

        while (feeds_next(feeds, use, &row, error)) {
                g_autoptr(GBytes) body = row ? column_bytes(use, 3) : NULL;
                FeedRecord record = { .body = body };

                if (!row)
                        return true;
                record.source = (const char *)sqlite3_column_text(use, 0);
                record.id = (const char *)sqlite3_column_text(use, 1);
                record.modified = (const char *)sqlite3_column_text(use, 2);
                if (!fn(&record, payload, error))
                        return false;
        }
        return false;
}

bool feeds_each(Feeds *feeds, FeedEachFn fn, void *payload, GError **error)
{
        g_auto(FeedUse) use = feeds_use(feeds, FEED_SQL_EACH);

        return records_give(feeds, use, fn, payload, error);
}

bool feeds_newest(Feeds *feeds, const char *source, int64_t skip, int64_t limit, FeedEachFn fn, void *payload,
                  GError **error)
{
        g_auto(FeedUse) use = feeds_use(feeds, FEED_SQL_NEWEST);

        feeds_bind_text(use, 1, source);
        sqlite3_bind_int64(use, 2, limit);
        sqlite3_bind_int64(use, 3, skip);
        return records_give(feeds, use, fn, payload, error);
}

GBytes *feeds_get(Feeds *feeds, const char *source, const char *id, GError **error)
{
        g_auto(FeedUse) use = feeds_use(feeds, FEED_SQL_GET);
        bool row;

        feeds_bind_text(use, 1, source);
        feeds_bind_text(use, 2, id);
        return feeds_next(feeds, use, &row, error) && row ? column_bytes(use, 0) : NULL;
}
