/* What projects were matched to, and what they held then. */
#include "store/sqlite/feeds_internal.h"

#include <string.h>

/* Another program may match otherwise. */
static void bind_rests(FeedUse use, int at, const char *rests)
{
        g_autofree char *all = g_strconcat(ZW_VERSION, " ", rests, NULL);

        sqlite3_bind_text(use, at, all, -1, SQLITE_TRANSIENT);
}

bool feeds_matched_get(Feeds *feeds, const char *log, const char *rests, FeedMatched *ret_matched,
                       bool *ret_is, GError **error)
{
        g_auto(FeedUse) use = feeds_use(feeds, FEED_SQL_MATCHED);

        feeds_bind_text(use, 1, log);
        bind_rests(use, 2, rests);
        if (!feeds_next(feeds, use, ret_is, error))
                return false;
        if (*ret_is)
                *ret_matched = (FeedMatched){ .log = log,
                                              .rests = rests,
                                              .head = sqlite3_column_int64(use, 0),
                                              .generation = sqlite3_column_int64(use, 1),
                                              .from_day = sqlite3_column_int64(use, 2),
                                              .to_day = sqlite3_column_int64(use, 3) };
        return true;
}

/* ---- keeping ---- */

static bool matched_forget(Feeds *feeds, const char *log, GError **error)
{
        g_auto(FeedUse) use = feeds_use(feeds, FEED_SQL_MATCHED_FORGET);

        feeds_bind_text(use, 1, log);
        return feeds_done(feeds, use, error);
}

static bool matched_write(Feeds *feeds, const FeedMatched *matched, const FeedMatched *before, GError **error)
{
        g_auto(FeedUse) use = feeds_use(feeds, before == NULL ? FEED_SQL_MATCHED_ADD : FEED_SQL_MATCHED_PUT);

        feeds_bind_text(use, 1, matched->log);
        bind_rests(use, 2, matched->rests);
        sqlite3_bind_int64(use, 3, matched->head);
        sqlite3_bind_int64(use, 4, matched->generation);
        sqlite3_bind_int64(use, 5, matched->from_day);
        sqlite3_bind_int64(use, 6, matched->to_day);
        if (before != NULL) {
                sqlite3_bind_int64(use, 7, before->head);
                sqlite3_bind_int64(use, 8, before->generation);
        }
        return feeds_done(feeds, use, error);
}

static bool rollback(Feeds *feeds, bool ok)
{
        sqlite3_exec(feeds->db, "ROLLBACK;", NULL, NULL, NULL);
        return ok;
}

bool feeds_matched_begin(Feeds *feeds, const FeedMatched *matched, const FeedMatched *before, bool *ret_begun,
                         GError **error)
{
        int rc;

        *ret_begun = false;
        sqlite3_busy_timeout(feeds->db, 0);
        rc = sqlite3_exec(feeds->db, "BEGIN IMMEDIATE;", NULL, NULL, NULL);
        sqlite3_busy_timeout(feeds->db, ZW_FEEDS_WAIT_MS);
        if (rc == SQLITE_BUSY)
                return true;
        if (rc != SQLITE_OK)
                return feeds_fail(feeds, "the feed database cannot be written", error);
        if ((before == NULL && !matched_forget(feeds, matched->log, error)) ||
            !matched_write(feeds, matched, before, error))
                return rollback(feeds, false);
        *ret_begun = sqlite3_changes(feeds->db) == 1;
        return *ret_begun || rollback(feeds, true);
}

bool feeds_matched_commit(Feeds *feeds, GError **error)
{
        return feeds_script(feeds, "COMMIT;", error);
}

static bool held_do(Feeds *feeds, FeedSql id, const char *log, const char *key, int64_t item, GError **error)
{
        g_auto(FeedUse) use = feeds_use(feeds, id);

        feeds_bind_text(use, 1, log);
        feeds_bind_text(use, 2, key);
        sqlite3_bind_int64(use, 3, item);
        return feeds_done(feeds, use, error);
}

bool feeds_hold(Feeds *feeds, const char *log, const char *key, int64_t item, GError **error)
{
        return held_do(feeds, FEED_SQL_HOLD, log, key, item, error);
}

bool feeds_drop(Feeds *feeds, const char *log, const char *key, int64_t item, GError **error)
{
        return held_do(feeds, FEED_SQL_DROP, log, key, item, error);
}

/* ---- asking ---- */

bool feeds_held_begin(Feeds *feeds, GError **error)
{
        return feeds_script(
                feeds,
                "CREATE TEMP TABLE IF NOT EXISTS fresh (key TEXT NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (key, item)) STRICT, WITHOUT ROWID; "
                "DELETE FROM temp.fresh;",
                error);
}

bool feeds_held_add(Feeds *feeds, const GPtrArray *keys, int64_t item, GError **error)
{
        for (guint i = 0; i < keys->len; i++) {
                g_auto(FeedUse) use = feeds_use(feeds, FEED_SQL_HOLD_NEW);

                feeds_bind_text(use, 1, keys->pdata[i]);
                sqlite3_bind_int64(use, 2, item);
                if (!feeds_done(feeds, use, error))
                        return false;
        }
        return true;
}

GArray *feeds_held(Feeds *feeds, const char *log, const GPtrArray *keys, GError **error)
{
        g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(int64_t));
        g_auto(FeedUse) use = NULL;
        bool row;

        if (!feeds_ask(feeds, keys, error))
                return NULL;
        use = feeds_use(feeds, FEED_SQL_HELD);
        feeds_bind_text(use, 1, log);
        while (feeds_next(feeds, use, &row, error)) {
                const int64_t item = row ? sqlite3_column_int64(use, 0) : 0;

                if (!row)
                        return g_steal_pointer(&items);
                g_array_append_val(items, item);
        }
        return NULL;
}

bool feeds_find_held(Feeds *feeds, const char *log, const GPtrArray *keys, FeedRecordFn fn, void *payload,
                     GError **error)
{
        g_auto(FeedUse) use = NULL;

        if (!feeds_ask(feeds, keys, error))
                return false;
        use = feeds_use(feeds, FEED_SQL_ANSWER_HELD);
        feeds_bind_text(use, 1, log);
        return feeds_answer(feeds, use, fn, payload, error);
}

GPtrArray *feeds_beside(Feeds *feeds, const GPtrArray *keys, const char *prefix, GError **error)
{
        g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
        g_autofree char *end = g_strdup(prefix);
        g_auto(FeedUse) use = NULL;
        bool row;

        end[strlen(end) - 1]++; /* behind everything that begins so */
        if (!feeds_ask(feeds, keys, error))
                return NULL;
        use = feeds_use(feeds, FEED_SQL_BESIDE);
        feeds_bind_text(use, 1, prefix);
        feeds_bind_text(use, 2, end);
        while (feeds_next(feeds, use, &row, error)) {
                if (!row)
                        return g_steal_pointer(&all);
                g_ptr_array_add(all, g_strdup((const char *)sqlite3_column_text(use, 0)));
        }
        return NULL;
}
