/* The feed database in SQLite. */
#include "store/feeds.h"

#include <sqlite3.h>
#include <string.h>

/* Marks the file in its header; the version of the schema, and of the rules by which names are folded to keys (vuln/name.h), is
 * user_version. */
enum { FEEDS_APPLICATION_ID = 0x5a570002, FEEDS_VERSION = 3, FEEDS_WAIT_MS = 60000 };

static const char settings[] =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; "
        "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;";

static const char schema[] =
        /* when a source was imported last, and how many records it said there are (-1: it did not say) */
        "CREATE TABLE source (name TEXT PRIMARY KEY, imported INTEGER NOT NULL, declared INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
        /* what a source says under an id: modified is its own time, body JSON */
        "CREATE TABLE record (no INTEGER PRIMARY KEY, source TEXT NOT NULL, id TEXT NOT NULL, modified TEXT NOT NULL, "
        "body BLOB NOT NULL, UNIQUE (source, id)) STRICT;"
        /* the newest of a source */
        "CREATE INDEX record_modified ON record (source, modified);"
        /* the texts a record is found by */
        "CREATE TABLE name (key TEXT NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (key, record)) STRICT, WITHOUT ROWID;"
        "CREATE INDEX name_record ON name (record);"
        /* what is remembered of the servers that are asked: see FeedRemote */
        "CREATE TABLE remote (source TEXT NOT NULL, url TEXT NOT NULL, tried INTEGER NOT NULL, checked INTEGER NOT NULL, "
        "cursor TEXT NOT NULL, problem TEXT NOT NULL, missing INTEGER NOT NULL, PRIMARY KEY (source, url)) STRICT, WITHOUT ROWID;"
        "PRAGMA application_id = " G_STRINGIFY(0x5a570002) "; PRAGMA user_version = " G_STRINGIFY(3) ";";

/* Whose signature the word of a source was read with; how often records changed, and what each project was matched to last. A database
 * of before has none of these. */
static const char additions[] =
        "CREATE TABLE IF NOT EXISTS generation (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL) STRICT;"
        "CREATE TABLE IF NOT EXISTS matched (log TEXT PRIMARY KEY, head INTEGER NOT NULL, generation INTEGER NOT NULL, "
        "day INTEGER NOT NULL, program TEXT NOT NULL) STRICT, WITHOUT ROWID;"
        "CREATE TABLE IF NOT EXISTS signature (record INTEGER PRIMARY KEY REFERENCES record (no) ON DELETE CASCADE, "
        "trusted INTEGER NOT NULL, key TEXT NOT NULL) STRICT;";

/* An older database lacks keys of its records, or has others, so nothing of it is kept: its sources are empty then, which they say. */
static const char empty[] =
        "DROP TABLE IF EXISTS matched; DROP TABLE IF EXISTS signature; DROP TABLE IF EXISTS name; DROP TABLE IF EXISTS record; DROP TABLE IF EXISTS source; DROP TABLE IF EXISTS remote;";

typedef enum {
        FEED_SQL_FIND,
        FEED_SQL_ADD,
        FEED_SQL_UPDATE,
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
        FEED_SQL_SIGNED,
        FEED_SQL_SIGNATURE,
        FEED_SQL_TURN,
        FEED_SQL_GENERATION,
        FEED_SQL_MATCHED_PUT,
        FEED_SQL_MATCHED,
        FEED_SQL_KEYS,
        FEED_SQL_ASK,
        FEED_SQL_ANSWER,
        FEED_SQL_COUNT
} FeedSql;

static const char *const statements[FEED_SQL_COUNT] = {
        [FEED_SQL_FIND] = "SELECT no, modified, body = ?3 FROM record WHERE source = ?1 AND id = ?2",
        [FEED_SQL_ADD] = "INSERT INTO record (source, id, modified, body) VALUES (?1, ?2, ?3, ?4)",
        [FEED_SQL_UPDATE] = "UPDATE record SET modified = ?2, body = ?3 WHERE no = ?1",
        [FEED_SQL_FORGET_NAMES] = "DELETE FROM name WHERE record = ?1",
        [FEED_SQL_NAME] = "INSERT OR IGNORE INTO name (key, record) VALUES (?1, ?2)",
        [FEED_SQL_NOTE] =
                "INSERT INTO source (name, imported, declared) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET "
                "imported = excluded.imported, declared = max(declared, excluded.declared)",
        [FEED_SQL_SOURCES] =
                "SELECT name, imported, declared, (SELECT count(*) FROM record WHERE source = name), "
                "(SELECT max(modified) FROM record WHERE source = name AND modified <= ?1) FROM source ORDER BY name",
        [FEED_SQL_GET] = "SELECT body FROM record WHERE source = ?1 AND id = ?2",
        [FEED_SQL_REMOTE_PUT] =
                "INSERT OR REPLACE INTO remote (source, url, tried, checked, cursor, problem, missing) "
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        [FEED_SQL_REMOTES] =
                "SELECT source, url, tried, checked, cursor, problem, missing FROM remote ORDER BY source, url",
        [FEED_SQL_EACH] = "SELECT source, id, modified, body FROM record ORDER BY source, id",
        [FEED_SQL_NEWEST] = "SELECT source, id, modified, body FROM record WHERE source = ?1 "
                            "ORDER BY modified DESC, id LIMIT ?2 OFFSET ?3",
        [FEED_SQL_SEEN] = "INSERT OR IGNORE INTO temp.seen (no) VALUES (?1)",
        [FEED_SQL_FORGET_NAMES_OTHERS] =
                "DELETE FROM name WHERE record IN (SELECT no FROM record WHERE source = ?1 AND no NOT IN "
                "(SELECT no FROM temp.seen))",
        [FEED_SQL_FORGET_OTHERS] =
                "DELETE FROM record WHERE source = ?1 AND no NOT IN (SELECT no FROM temp.seen)",
        [FEED_SQL_SIGN] = "INSERT OR REPLACE INTO signature (record, trusted, key) "
                          "SELECT no, ?4, ?5 FROM record WHERE source = ?1 AND id = ?2 AND body = ?3",
        [FEED_SQL_SIGN_NOT] = "DELETE FROM signature WHERE record = ?1",
        [FEED_SQL_SIGNED] =
                "SELECT count(*) FROM signature JOIN record ON no = record WHERE source = ?1 AND trusted = ?2",
        [FEED_SQL_SIGNATURE] =
                "SELECT trusted, key FROM signature JOIN record ON no = record WHERE source = ?1 AND id = ?2",
        [FEED_SQL_TURN] = "INSERT INTO generation (one, number) VALUES (1, 1) "
                          "ON CONFLICT (one) DO UPDATE SET number = number + 1",
        [FEED_SQL_GENERATION] = "SELECT number FROM generation",
        [FEED_SQL_MATCHED_PUT] = "INSERT OR REPLACE INTO matched (log, head, generation, day, program) "
                                 "VALUES (?1, ?2, ?3, ?4, ?5)",
        [FEED_SQL_MATCHED] =
                "SELECT 1 FROM matched WHERE log = ?1 AND head = ?2 AND generation = ?3 AND day = ?4 "
                "AND program = ?5",
        [FEED_SQL_KEYS] =
                "SELECT key, count(*) FROM name WHERE key >= ?1 AND key < ?2 GROUP BY key ORDER BY key",
        [FEED_SQL_ASK] = "INSERT OR IGNORE INTO temp.asked (key) VALUES (?1)",
        [FEED_SQL_ANSWER] =
                "SELECT source, id, body FROM record WHERE no IN (SELECT n.record FROM temp.asked AS a JOIN name AS n "
                "ON n.key = a.key) ORDER BY source, id",
};

struct Feeds {
        sqlite3 *db;
        sqlite3_stmt *prepared[FEED_SQL_COUNT];
        bool changed; /* some record, since feeds_begin */
};

static bool fail(Feeds *feeds, const char *what, GError **error)
{
        const int rc = sqlite3_errcode(feeds->db) & 0xff;

        error_set(error, rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB ? ZW_ERR_DAMAGED : ZW_ERR_STORAGE,
                  "feeds.db", "%s: %s", what, sqlite3_errmsg(feeds->db));
        return false;
}

static bool script(Feeds *feeds, const char *sql, GError **error)
{
        return sqlite3_exec(feeds->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
               fail(feeds, "the feed database cannot be used", error);
}

/* ---- statements ---- */

typedef sqlite3_stmt *Use;

static void use_end(Use *use)
{
        if (*use == NULL)
                return;
        sqlite3_reset(*use);
        sqlite3_clear_bindings(*use);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Use, use_end)

/* NULL, which the next step reports, when it cannot be prepared. */
static Use use_begin(Feeds *feeds, FeedSql id)
{
        if (feeds->prepared[id] == NULL)
                sqlite3_prepare_v3(feeds->db, statements[id], -1, SQLITE_PREPARE_PERSISTENT,
                                   &feeds->prepared[id], NULL);
        return feeds->prepared[id];
}

static void bind_text(Use use, int at, const char *text)
{
        sqlite3_bind_text(use, at, text, -1, SQLITE_STATIC);
}

static void bind_bytes(Use use, int at, GBytes *bytes)
{
        gsize n;
        const void *data = g_bytes_get_data(bytes, &n);

        sqlite3_bind_blob64(use, at, data, n, SQLITE_STATIC);
}

static bool next(Feeds *feeds, Use use, bool *ret_row, GError **error)
{
        const int rc = use == NULL ? SQLITE_ERROR : sqlite3_step(use);

        *ret_row = rc == SQLITE_ROW;
        return rc == SQLITE_ROW || rc == SQLITE_DONE ||
               fail(feeds, "the feed database cannot be read or written", error);
}

static bool done(Feeds *feeds, Use use, GError **error)
{
        bool row;

        return next(feeds, use, &row, error);
}

/* ---- opening ---- */

static int64_t pragma(Feeds *feeds, const char *sql)
{
        sqlite3_stmt *use = NULL;
        int64_t value = -1;

        if (sqlite3_prepare_v2(feeds->db, sql, -1, &use, NULL) == SQLITE_OK &&
            sqlite3_step(use) == SQLITE_ROW)
                value = sqlite3_column_int64(use, 0);
        sqlite3_finalize(use);
        return value;
}

static bool is_empty(Feeds *feeds)
{
        return pragma(feeds, "SELECT count(*) FROM sqlite_schema") == 0 &&
               pragma(feeds, "PRAGMA application_id") == 0;
}

static bool is_stale(Feeds *feeds)
{
        return is_empty(feeds) || (pragma(feeds, "PRAGMA application_id") == FEEDS_APPLICATION_ID &&
                                   pragma(feeds, "PRAGMA user_version") < FEEDS_VERSION);
}

/* Several may be the first at once: who waited for the lock looks again. */
static bool schema_make(Feeds *feeds, GError **error)
{
        return script(feeds, "BEGIN IMMEDIATE;", error) &&
               (!is_stale(feeds) || (script(feeds, empty, error) && script(feeds, schema, error))) &&
               script(feeds, "COMMIT;", error);
}

/* Under the lock, since a statement that finds a table missing cannot wait for others who make it. */
static bool additions_make(Feeds *feeds, GError **error)
{
        static const char last[] = "SELECT count(*) FROM sqlite_schema WHERE name = 'signature'";

        return pragma(feeds, last) > 0 ||
               (script(feeds, "BEGIN IMMEDIATE;", error) && script(feeds, additions, error) &&
                script(feeds, "COMMIT;", error));
}

static bool schema_check(Feeds *feeds, GError **error)
{
        int64_t id, version;

        if (is_stale(feeds) && !schema_make(feeds, error))
                return false;
        id = pragma(feeds, "PRAGMA application_id");
        version = pragma(feeds, "PRAGMA user_version");
        if (id == FEEDS_APPLICATION_ID && version == FEEDS_VERSION)
                return true;
        if (id == FEEDS_APPLICATION_ID && version > FEEDS_VERSION)
                error_set(error, ZW_ERR_VERSION, "feeds.db", "a newer program wrote the feed database");
        else
                error_set(error, ZW_ERR_DAMAGED, "feeds.db", "this is no feed database");
        return false;
}

bool feeds_exist(const char *dir)
{
        g_autofree char *path = g_build_filename(dir, "feeds.db", NULL);

        return g_file_test(path, G_FILE_TEST_EXISTS);
}

Feeds *feeds_open(const char *dir, GError **error)
{
        g_autofree char *path = g_build_filename(dir, "feeds.db", NULL);
        g_autoptr(Feeds) feeds = g_new0(Feeds, 1);
        const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                          SQLITE_OPEN_NOFOLLOW;

        if (sqlite3_open_v2(path, &feeds->db, flags, NULL) != SQLITE_OK) {
                if (feeds->db == NULL)
                        error_set(error, ZW_ERR_STORAGE, "feeds.db", "no memory for a database connection");
                else
                        (void)fail(feeds, "the feed database cannot be opened", error);
                return NULL;
        }
        sqlite3_busy_timeout(feeds->db, FEEDS_WAIT_MS);
        sqlite3_db_config(feeds->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        if (!script(feeds, settings, error) || !schema_check(feeds, error) || !additions_make(feeds, error))
                return NULL;
        return g_steal_pointer(&feeds);
}

void feeds_close(Feeds *feeds)
{
        if (feeds == NULL)
                return;
        for (size_t i = 0; i < FEED_SQL_COUNT; i++)
                sqlite3_finalize(feeds->prepared[i]);
        sqlite3_close(feeds->db);
        g_free(feeds);
}

bool feeds_begin(Feeds *feeds, GError **error)
{
        feeds->changed = false;
        return script(feeds,
                      "CREATE TEMP TABLE IF NOT EXISTS seen (no INTEGER PRIMARY KEY) STRICT; DELETE FROM temp.seen;",
                      error) &&
               script(feeds, "BEGIN IMMEDIATE;", error);
}

bool feeds_commit(Feeds *feeds, GError **error)
{
        g_auto(Use) turn = feeds->changed ? use_begin(feeds, FEED_SQL_TURN) : NULL;

        return (!feeds->changed || done(feeds, turn, error)) && script(feeds, "COMMIT;", error);
}

/* ---- writing ---- */

static bool names_put(Feeds *feeds, int64_t no, const GPtrArray *keys, GError **error)
{
        g_auto(Use) forget = use_begin(feeds, FEED_SQL_FORGET_NAMES);

        sqlite3_bind_int64(forget, 1, no);
        if (!done(feeds, forget, error))
                return false;
        for (guint i = 0; i < keys->len; i++) {
                g_auto(Use) name = use_begin(feeds, FEED_SQL_NAME);

                bind_text(name, 1, keys->pdata[i]);
                sqlite3_bind_int64(name, 2, no);
                if (!done(feeds, name, error))
                        return false;
        }
        return true;
}

static bool record_see(Feeds *feeds, int64_t no, GError **error)
{
        g_auto(Use) use = use_begin(feeds, FEED_SQL_SEEN);

        sqlite3_bind_int64(use, 1, no);
        return done(feeds, use, error);
}

/* The signature of an older word says nothing of a newer one. */
static bool signature_drop(Feeds *feeds, int64_t no, GError **error)
{
        g_auto(Use) use = use_begin(feeds, FEED_SQL_SIGN_NOT);

        sqlite3_bind_int64(use, 1, no);
        return done(feeds, use, error);
}

static bool record_write(Feeds *feeds, Use use, int64_t no, const GPtrArray *keys, GError **error)
{
        if (!done(feeds, use, error) || (no > 0 && !signature_drop(feeds, no, error)))
                return false;
        feeds->changed = true;
        no = no > 0 ? no : sqlite3_last_insert_rowid(feeds->db);
        return names_put(feeds, no, keys, error) && record_see(feeds, no, error);
}

bool feeds_put(Feeds *feeds, const char *source, const char *id, const char *modified, GBytes *body,
               const GPtrArray *keys, FeedChange *ret_change, GError **error)
{
        g_auto(Use) find = use_begin(feeds, FEED_SQL_FIND), write = NULL;
        int64_t no = 0;
        bool there;

        bind_text(find, 1, source);
        bind_text(find, 2, id);
        bind_bytes(find, 3, body);
        if (!next(feeds, find, &there, error))
                return false;
        if (there) {
                const char *before = (const char *)sqlite3_column_text(find, 1);

                *ret_change = FEED_UNCHANGED;
                if (sqlite3_column_int(find, 2) != 0 || strcmp(modified, before) < 0)
                        return record_see(feeds, sqlite3_column_int64(find, 0), error);
                no = sqlite3_column_int64(find, 0);
        }
        *ret_change = there ? FEED_UPDATED : FEED_ADDED;
        write = use_begin(feeds, there ? FEED_SQL_UPDATE : FEED_SQL_ADD);
        if (there) {
                sqlite3_bind_int64(write, 1, no);
                bind_text(write, 2, modified);
                bind_bytes(write, 3, body);
        } else {
                bind_text(write, 1, source);
                bind_text(write, 2, id);
                bind_text(write, 3, modified);
                bind_bytes(write, 4, body);
        }
        return record_write(feeds, write, no, keys, error);
}

bool feeds_sign(Feeds *feeds, const char *source, const char *id, GBytes *body,
                const FeedSignature *signature, GError **error)
{
        g_auto(Use) use = use_begin(feeds, FEED_SQL_SIGN);

        bind_text(use, 1, source);
        bind_text(use, 2, id);
        bind_bytes(use, 3, body);
        sqlite3_bind_int(use, 4, signature->state == FEED_SIGNED_TRUSTED);
        bind_text(use, 5, signature->key);
        return done(feeds, use, error);
}

bool feeds_note(Feeds *feeds, const char *source, Instant now, int64_t declared, GError **error)
{
        g_auto(Use) use = use_begin(feeds, FEED_SQL_NOTE);

        bind_text(use, 1, source);
        sqlite3_bind_int64(use, 2, now);
        sqlite3_bind_int64(use, 3, declared);
        return done(feeds, use, error);
}

bool feeds_remote_put(Feeds *feeds, const FeedRemote *remote, GError **error)
{
        g_auto(Use) use = use_begin(feeds, FEED_SQL_REMOTE_PUT);

        bind_text(use, 1, remote->source);
        bind_text(use, 2, remote->url);
        sqlite3_bind_int64(use, 3, remote->tried);
        sqlite3_bind_int64(use, 4, remote->checked);
        bind_text(use, 5, remote->cursor);
        bind_text(use, 6, remote->problem);
        sqlite3_bind_int64(use, 7, remote->missing);
        return done(feeds, use, error);
}

bool feeds_forget_others(Feeds *feeds, const char *source, int64_t *ret_forgotten, GError **error)
{
        g_auto(Use) names = use_begin(feeds, FEED_SQL_FORGET_NAMES_OTHERS),
                    records = use_begin(feeds, FEED_SQL_FORGET_OTHERS);

        bind_text(names, 1, source);
        bind_text(records, 1, source);
        if (!done(feeds, names, error) || !done(feeds, records, error))
                return false;
        *ret_forgotten = sqlite3_changes64(feeds->db);
        feeds->changed = feeds->changed || *ret_forgotten > 0;
        return true;
}

/* ---- reading ---- */

bool feeds_sources(Feeds *feeds, Instant now, FeedSourceFn fn, void *payload, GError **error)
{
        g_auto(Use) use = use_begin(feeds, FEED_SQL_SOURCES);
        char text[ZW_INSTANT_TEXT];
        bool row;

        instant_format(now, text);
        bind_text(use, 1, text);
        while (next(feeds, use, &row, error)) {
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
        g_auto(Use) use = use_begin(feeds, FEED_SQL_REMOTES);
        bool row;

        while (next(feeds, use, &row, error)) {
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
        g_auto(Use) use = use_begin(feeds, FEED_SQL_GENERATION);
        bool row;

        if (!next(feeds, use, &row, error))
                return false;
        *ret_generation = row ? sqlite3_column_int64(use, 0) : 0;
        return true;
}

static void matched_bind(Use use, const FeedMatched *matched)
{
        bind_text(use, 1, matched->log);
        sqlite3_bind_int64(use, 2, matched->head);
        sqlite3_bind_int64(use, 3, matched->generation);
        sqlite3_bind_int64(use, 4, matched->day);
        bind_text(use, 5, ZW_VERSION);
}

bool feeds_matched_put(Feeds *feeds, const FeedMatched *matched, GError **error)
{
        g_auto(Use) use = use_begin(feeds, FEED_SQL_MATCHED_PUT);
        int rc;

        matched_bind(use, matched);
        sqlite3_busy_timeout(feeds->db, 0);
        rc = use == NULL ? SQLITE_ERROR : sqlite3_step(use);
        sqlite3_busy_timeout(feeds->db, FEEDS_WAIT_MS);
        return rc == SQLITE_DONE || rc == SQLITE_BUSY ||
               fail(feeds, "the feed database cannot be written", error);
}

bool feeds_is_matched(Feeds *feeds, const FeedMatched *matched, bool *ret_is, GError **error)
{
        g_auto(Use) use = use_begin(feeds, FEED_SQL_MATCHED);

        matched_bind(use, matched);
        return next(feeds, use, ret_is, error);
}

bool feeds_signed(Feeds *feeds, const char *source, FeedSigned state, int64_t *ret_records, GError **error)
{
        g_auto(Use) use = use_begin(feeds, FEED_SQL_SIGNED);
        bool row;

        bind_text(use, 1, source);
        sqlite3_bind_int(use, 2, state == FEED_SIGNED_TRUSTED);
        if (!next(feeds, use, &row, error))
                return false;
        *ret_records = row ? sqlite3_column_int64(use, 0) : 0;
        return true;
}

bool feeds_signature(Feeds *feeds, const char *source, const char *id, FeedSignature *ret_signature,
                     GError **error)
{
        g_auto(Use) use = use_begin(feeds, FEED_SQL_SIGNATURE);
        bool row;

        bind_text(use, 1, source);
        bind_text(use, 2, id);
        if (!next(feeds, use, &row, error))
                return false;
        *ret_signature = (FeedSignature){ .state = FEED_SIGNED_NONE };
        if (!row)
                return true;
        ret_signature->state = sqlite3_column_int(use, 0) != 0 ? FEED_SIGNED_TRUSTED : FEED_SIGNED_UNKNOWN;
        g_strlcpy(ret_signature->key, (const char *)sqlite3_column_text(use, 1), sizeof(ret_signature->key));
        return true;
}

bool feeds_keys(Feeds *feeds, const char *prefix, FeedKeyFn fn, void *payload, GError **error)
{
        g_auto(Use) use = use_begin(feeds, FEED_SQL_KEYS);
        g_autofree char *end = g_strdup(prefix);
        bool row;

        end[strlen(end) - 1]++; /* behind everything that begins so */
        bind_text(use, 1, prefix);
        bind_text(use, 2, end);
        while (next(feeds, use, &row, error)) {
                if (!row)
                        return true;
                if (!fn((const char *)sqlite3_column_text(use, 0), sqlite3_column_int64(use, 1), payload,
                        error))
                        return false;
        }
        return false;
}

static GBytes *column_bytes(Use use, int column)
{
        return g_bytes_new(sqlite3_column_blob(use, column), (gsize)sqlite3_column_bytes(use, column));
}

static bool keys_ask(Feeds *feeds, const GPtrArray *keys, GError **error)
{
        if (!script(feeds,
                    "CREATE TEMP TABLE IF NOT EXISTS asked (key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID; DELETE FROM temp.asked;",
                    error))
                return false;
        for (guint i = 0; i < keys->len; i++) {
                g_auto(Use) ask = use_begin(feeds, FEED_SQL_ASK);

                bind_text(ask, 1, keys->pdata[i]);
                if (!done(feeds, ask, error))
                        return false;
        }
        return true;
}

bool feeds_find(Feeds *feeds, const GPtrArray *keys, FeedRecordFn fn, void *payload, GError **error)
{
        g_auto(Use) use = NULL;
        bool row;

        if (!keys_ask(feeds, keys, error))
                return false;
        use = use_begin(feeds, FEED_SQL_ANSWER);
        while (next(feeds, use, &row, error)) {
                g_autoptr(GBytes) body = row ? column_bytes(use, 2) : NULL;

                if (!row)
                        return true;
                if (!fn((const char *)sqlite3_column_text(use, 0), (const char *)sqlite3_column_text(use, 1),
                        body, payload, error))
                        return false;
        }
        return false;
}

/* Gives the rows of a statement that selects source, id, modified and body. */
static bool records_give(Feeds *feeds, Use use, FeedEachFn fn, void *payload, GError **error)
{
        bool row;

        while (next(feeds, use, &row, error)) {
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
        g_auto(Use) use = use_begin(feeds, FEED_SQL_EACH);

        return records_give(feeds, use, fn, payload, error);
}

bool feeds_newest(Feeds *feeds, const char *source, int64_t skip, int64_t limit, FeedEachFn fn, void *payload,
                  GError **error)
{
        g_auto(Use) use = use_begin(feeds, FEED_SQL_NEWEST);

        bind_text(use, 1, source);
        sqlite3_bind_int64(use, 2, limit);
        sqlite3_bind_int64(use, 3, skip);
        return records_give(feeds, use, fn, payload, error);
}

GBytes *feeds_get(Feeds *feeds, const char *source, const char *id, GError **error)
{
        g_auto(Use) use = use_begin(feeds, FEED_SQL_GET);
        bool row;

        bind_text(use, 1, source);
        bind_text(use, 2, id);
        return next(feeds, use, &row, error) && row ? column_bytes(use, 0) : NULL;
}
