/* Inside of the feed database in SQLite: a connection and its statements (feeds_open.c), records (feeds.c), who signed them
 * (feeds_signature.c), and what was matched to them (feeds_matched.c). */
#ifndef STORE_SQLITE_FEEDS_INTERNAL_H
#define STORE_SQLITE_FEEDS_INTERNAL_H

#include "store/feeds.h"

#include <sqlite3.h>

enum { ZW_FEEDS_WAIT_MS = 60000 };

typedef enum {
        FEED_SQL_FIND,
        FEED_SQL_ADD,
        FEED_SQL_UPDATE,
        FEED_SQL_GONE,
        FEED_SQL_GONE_OTHERS,
        FEED_SQL_BACK,
        FEED_SQL_FORGET_NAMES,
        FEED_SQL_NAME,
        FEED_SQL_NOTE,
        FEED_SQL_SOURCES,
        FEED_SQL_GET,
        FEED_SQL_REMOTE_PUT,
        FEED_SQL_REMOTES,
        FEED_SQL_EACH,
        FEED_SQL_NEWEST,
        FEED_SQL_SEEN,
        FEED_SQL_FORGET_NAMES_OTHERS,
        FEED_SQL_FORGET_OTHERS,
        FEED_SQL_SIGN,
        FEED_SQL_SIGN_NOT,
        FEED_SQL_SIGN_NONE,
        FEED_SQL_SIGNATURES,
        FEED_SQL_SIGNATURE,
        FEED_SQL_SIGNERS_OTHERS,
        FEED_SQL_SIGNERS,
        FEED_SQL_TURN,
        FEED_SQL_GENERATION,
        FEED_SQL_MATCHED_FORGET,
        FEED_SQL_MATCHED_ADD,
        FEED_SQL_MATCHED_PUT,
        FEED_SQL_MATCHED,
        FEED_SQL_HOLD,
        FEED_SQL_DROP,
        FEED_SQL_HOLD_NEW,
        FEED_SQL_HELD,
        FEED_SQL_ANSWER_HELD,
        FEED_SQL_BESIDE,
        FEED_SQL_TOUCHED,
        FEED_SQL_KEYS,
        FEED_SQL_KNOWS,
        FEED_SQL_ASK,
        FEED_SQL_ANSWER,
        FEED_SQL_COUNT
} FeedSql;

/* A statement in use; it is reset when that ends. */
typedef sqlite3_stmt *FeedUse;

struct Feeds {
        sqlite3 *db;
        sqlite3_stmt *prepared[FEED_SQL_COUNT];
        bool changed; /* some record, since feeds_begin */
};

/* Sets what SQLite says; gives false. */
bool feeds_fail(Feeds *feeds, const char *what, GError **error);
/* Runs statements that are written in the program. */
bool feeds_script(Feeds *feeds, const char *sql, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* NULL, which the next step reports, when it cannot be prepared. */
FeedUse feeds_use(Feeds *feeds, FeedSql id);
void feeds_use_end(FeedUse *use);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FeedUse, feeds_use_end)
/* What is bound is borrowed until the statement ends. */
void feeds_bind_text(FeedUse use, int at, const char *text);
void feeds_bind_bytes(FeedUse use, int at, GBytes *bytes);
bool feeds_next(Feeds *feeds, FeedUse use, bool *ret_row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One step of a statement that gives no row. */
bool feeds_done(Feeds *feeds, FeedUse use, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Fills temp.asked with the texts, and nothing else. */
bool feeds_ask(Feeds *feeds, const GPtrArray *keys, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Gives the rows of a statement that selects source, id and body. */
bool feeds_answer(Feeds *feeds, FeedUse use, FeedRecordFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
#endif
