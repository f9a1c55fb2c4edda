/* The feed database in SQLite: its schema, opening it, and its statements. */
#include "store/sqlite/feeds_internal.h"

#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>

/* Marks the file in its header; the version of the schema, and of the rules by which names are folded to keys (vuln/name.h), is
 * user_version. */
enum { FEEDS_APPLICATION_ID = 0x5a570002, FEEDS_VERSION = 5 };

static const char settings[] =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; "
        "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;";

static const char schema[] =
        /* when a source was imported last, and how many records it said there are (-1: it did not say) */
        "CREATE TABLE source (name TEXT PRIMARY KEY, imported INTEGER NOT NULL, declared INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
        /* what a source says under an id: modified is its own time, body JSON, turn the generation that it came with */
        "CREATE TABLE record (no INTEGER PRIMARY KEY, source TEXT NOT NULL, id TEXT NOT NULL, modified TEXT NOT NULL, "
        "body BLOB NOT NULL, turn INTEGER NOT NULL, UNIQUE (source, id)) STRICT;"
        "CREATE INDEX record_turn ON record (turn);"
        /* the newest of a source */
        "CREATE INDEX record_modified ON record (source, modified);"
        /* the texts a record is found by */
        "CREATE TABLE name (key TEXT NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (key, record)) STRICT, WITHOUT ROWID;"
        "CREATE INDEX name_record ON name (record);"
        /* the same of words that are no longer said, with the generation that took them back last */
        "CREATE TABLE gone (key TEXT PRIMARY KEY, turn INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
        "CREATE INDEX gone_turn ON gone (turn);"
        /* what is remembered of the servers that are asked: see FeedRemote */
        "CREATE TABLE remote (source TEXT NOT NULL, url TEXT NOT NULL, tried INTEGER NOT NULL, checked INTEGER NOT NULL, "
        "cursor TEXT NOT NULL, problem TEXT NOT NULL, missing INTEGER NOT NULL, PRIMARY KEY (source, url)) STRICT, WITHOUT ROWID;"
        /* how often records changed, and what each project was matched to last: see FeedMatched */
        "CREATE TABLE generation (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL) STRICT;"
        "CREATE TABLE matched (no INTEGER PRIMARY KEY, log TEXT NOT NULL UNIQUE, head INTEGER NOT NULL, generation INTEGER NOT NULL, "
        "from_day INTEGER NOT NULL, to_day INTEGER NOT NULL, rests TEXT NOT NULL) STRICT;"
        /* the texts by which what a project had then is found, and the numbers of its items */
        "CREATE TABLE held (matched INTEGER NOT NULL REFERENCES matched (no) ON DELETE CASCADE, key TEXT NOT NULL, "
        "item INTEGER NOT NULL, PRIMARY KEY (matched, key, item)) STRICT, WITHOUT ROWID;"
        /* whose signature the word of a source was read with (-1: there was none), and since when that key is trusted */
        "CREATE TABLE signature (record INTEGER PRIMARY KEY REFERENCES record (no) ON DELETE CASCADE, "
        "trusted INTEGER NOT NULL, key TEXT NOT NULL) STRICT;"
        "CREATE TABLE signer (key TEXT PRIMARY KEY, since INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
        "PRAGMA application_id = " G_STRINGIFY(0x5a570002) "; PRAGMA user_version = " G_STRINGIFY(5) ";";

/* An older database lacks keys of its records, or has others, so nothing of it is kept: its sources are empty then, which they say. */
static const char empty[] =
        "DROP TABLE IF EXISTS held; DROP TABLE IF EXISTS matched; DROP TABLE IF EXISTS generation; DROP TABLE IF EXISTS gone; DROP TABLE IF EXISTS signature; DROP TABLE IF EXISTS signer; DROP TABLE IF EXISTS name; DROP TABLE IF EXISTS record; DROP TABLE IF EXISTS source; DROP TABLE IF EXISTS remote;";

/* The generation that a transaction which changes a record ends in. */
#define TURN "(SELECT coalesce(max(number), 0) + 1 FROM generation)"

static const char *const statements[FEED_SQL_COUNT] = {
        [FEED_SQL_FIND] = "SELECT no, modified, body = ?3 FROM record WHERE source = ?1 AND id = ?2",
        [FEED_SQL_ADD] = "INSERT INTO record (source, id, modified, body, turn) VALUES (?1, ?2, ?3, ?4, " TURN
                         ")",
        [FEED_SQL_UPDATE] = "UPDATE record SET modified = ?2, body = ?3, turn = " TURN " WHERE no = ?1",
        [FEED_SQL_GONE] = "INSERT OR REPLACE INTO gone (key, turn) SELECT key, " TURN
                          " FROM name WHERE record = ?1",
        [FEED_SQL_GONE_OTHERS] =
                "INSERT OR REPLACE INTO gone (key, turn) SELECT key, " TURN " FROM name WHERE record IN "
                "(SELECT no FROM record WHERE source = ?1 AND no NOT IN (SELECT no FROM temp.seen))",
        [FEED_SQL_BACK] = "DELETE FROM gone WHERE key IN (SELECT key FROM name WHERE record = ?1)",
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
        [FEED_SQL_SIGN_NONE] = "INSERT OR IGNORE INTO signature (record, trusted, key) "
                               "SELECT no, -1, '' FROM record WHERE source = ?1 AND id = ?2 AND body = ?3",
        [FEED_SQL_SIGNATURES] =
                "SELECT s.trusted, s.key, ifnull(max(k.since), 0), count(*) FROM record JOIN signature AS s ON s.record = no "
                "LEFT JOIN signer AS k ON k.key = s.key WHERE source = ?1 GROUP BY s.trusted, s.key "
                "ORDER BY s.trusted, s.key",
        [FEED_SQL_SIGNATURE] =
                "SELECT s.trusted, s.key, ifnull(k.since, 0) FROM record JOIN signature AS s ON s.record = no "
                "LEFT JOIN signer AS k ON k.key = s.key WHERE source = ?1 AND id = ?2",
        [FEED_SQL_SIGNERS_OTHERS] = "DELETE FROM signer WHERE key NOT IN (SELECT key FROM temp.asked)",
        [FEED_SQL_SIGNERS] = "INSERT OR IGNORE INTO signer (key, since) SELECT key, ?1 FROM temp.asked",
        [FEED_SQL_TURN] = "INSERT INTO generation (one, number) VALUES (1, 1) "
                          "ON CONFLICT (one) DO UPDATE SET number = number + 1",
        [FEED_SQL_GENERATION] = "SELECT number FROM generation",
        [FEED_SQL_MATCHED_FORGET] = "DELETE FROM matched WHERE log = ?1",
        [FEED_SQL_MATCHED_ADD] = "INSERT INTO matched (log, rests, head, generation, from_day, to_day) "
                                 "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        [FEED_SQL_MATCHED_PUT] = "UPDATE matched SET head = ?3, generation = ?4, from_day = ?5, to_day = ?6 "
                                 "WHERE log = ?1 AND rests = ?2 AND head = ?7 AND generation = ?8",
        [FEED_SQL_MATCHED] = "SELECT head, generation, from_day, to_day FROM matched "
                             "WHERE log = ?1 AND rests = ?2",
        [FEED_SQL_HOLD] = "INSERT OR IGNORE INTO held (matched, key, item) "
                          "SELECT no, ?2, ?3 FROM matched WHERE log = ?1",
        [FEED_SQL_DROP] = "DELETE FROM held WHERE matched = (SELECT no FROM matched WHERE log = ?1) "
                          "AND key = ?2 AND item = ?3",
        [FEED_SQL_HOLD_NEW] = "INSERT OR IGNORE INTO temp.fresh (key, item) VALUES (?1, ?2)",
        [FEED_SQL_HELD] =
                "SELECT h.item FROM temp.asked AS a CROSS JOIN held AS h ON h.key = a.key AND "
                "h.matched = (SELECT no FROM matched WHERE log = ?1) "
                "UNION SELECT f.item FROM temp.asked AS a CROSS JOIN temp.fresh AS f ON f.key = a.key",
        [FEED_SQL_ANSWER_HELD] =
                "SELECT source, id, body FROM record WHERE no IN (SELECT n.record FROM temp.asked AS a CROSS JOIN name AS n "
                "ON n.key = a.key WHERE EXISTS (SELECT 1 FROM name AS o WHERE o.record = n.record AND ("
                "EXISTS (SELECT 1 FROM held AS h WHERE h.matched = (SELECT no FROM matched WHERE log = ?1) AND h.key = o.key) OR "
                "EXISTS (SELECT 1 FROM temp.fresh AS f WHERE f.key = o.key)))) ORDER BY source, id",
        [FEED_SQL_BESIDE] =
                "SELECT DISTINCT o.key FROM temp.asked AS a CROSS JOIN name AS n ON n.key = a.key "
                "CROSS JOIN name AS o ON o.record = n.record WHERE o.key >= ?1 AND o.key < ?2",
        [FEED_SQL_TOUCHED] =
                "SELECT n.key FROM record AS r JOIN name AS n ON n.record = r.no WHERE r.turn > ?1 "
                "UNION ALL SELECT key FROM gone WHERE turn > ?1",
        [FEED_SQL_KEYS] =
                "SELECT key, count(*) FROM name WHERE key >= ?1 AND key < ?2 GROUP BY key ORDER BY key",
        [FEED_SQL_KNOWS] = "SELECT 1 FROM name WHERE key = ?1 LIMIT 1",
        [FEED_SQL_ASK] = "INSERT OR IGNORE INTO temp.asked (key) VALUES (?1)",
        [FEED_SQL_ANSWER] =
                "SELECT source, id, body FROM record WHERE no IN (SELECT n.record FROM temp.asked AS a JOIN name AS n "
                "ON n.key = a.key) ORDER BY source, id",
};

bool feeds_fail(Feeds *feeds, const char *what, GError **error)
{
        const int rc = sqlite3_errcode(feeds->db) & 0xff;

        error_set(error, rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB ? ZW_ERR_DAMAGED : ZW_ERR_STORAGE,
                  "feeds.db", "%s: %s", what, sqlite3_errmsg(feeds->db));
        return false;
}

bool feeds_script(Feeds *feeds, const char *sql, GError **error)
{
        return sqlite3_exec(feeds->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
               feeds_fail(feeds, "the feed database cannot be used", error);
}

/* ---- statements ---- */

void feeds_use_end(FeedUse *use)
{
        if (*use == NULL)
                return;
        sqlite3_reset(*use);
        sqlite3_clear_bindings(*use);
}

FeedUse feeds_use(Feeds *feeds, FeedSql id)
{
        if (feeds->prepared[id] == NULL)
                sqlite3_prepare_v3(feeds->db, statements[id], -1, SQLITE_PREPARE_PERSISTENT,
                                   &feeds->prepared[id], NULL);
        return feeds->prepared[id];
}

void feeds_bind_text(FeedUse use, int at, const char *text)
{
        sqlite3_bind_text(use, at, text, -1, SQLITE_STATIC);
}

void feeds_bind_bytes(FeedUse use, int at, GBytes *bytes)
{
        gsize n;
        const void *data = g_bytes_get_data(bytes, &n);

        if (n > 0)
                sqlite3_bind_blob64(use, at, data, n, SQLITE_STATIC);
        else
                sqlite3_bind_zeroblob(use, at, 0); /* nothing is not NULL */
}

bool feeds_next(Feeds *feeds, FeedUse use, bool *ret_row, GError **error)
{
        const int rc = use == NULL ? SQLITE_ERROR : sqlite3_step(use);

        *ret_row = rc == SQLITE_ROW;
        return rc == SQLITE_ROW || rc == SQLITE_DONE ||
               feeds_fail(feeds, "the feed database cannot be read or written", error);
}

bool feeds_done(Feeds *feeds, FeedUse use, GError **error)
{
        bool row;

        return feeds_next(feeds, use, &row, error);
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
        return feeds_script(feeds, "BEGIN IMMEDIATE;", error) &&
               (!is_stale(feeds) ||
                (feeds_script(feeds, empty, error) && feeds_script(feeds, schema, error))) &&
               feeds_script(feeds, "COMMIT;", error);
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

/* Openings of one directory take turns, each until its descriptor is closed: SQLite does not wait where another makes the
 * write-ahead log, whatever its timeout. */
static bool turn_take(const char *dir, Fd *ret_turn, GError **error)
{
        g_auto(Fd) fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        int rc = -1;

        while (fd >= 0 && (rc = flock(fd, LOCK_EX)) != 0 && errno == EINTR)
                ;
        if (rc == 0) {
                *ret_turn = fd_steal(&fd);
                return true;
        }
        error_set(error, ZW_ERR_STORAGE, "feeds.db", "the feed database cannot be opened: %s",
                  g_strerror(errno));
        return false;
}

static bool feeds_prepare(Feeds *feeds, const char *dir, GError **error)
{
        g_auto(Fd) turn = -1;

        return turn_take(dir, &turn, error) && feeds_script(feeds, settings, error) &&
               schema_check(feeds, error);
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
                        (void)feeds_fail(feeds, "the feed database cannot be opened", error);
                return NULL;
        }
        sqlite3_busy_timeout(feeds->db, ZW_FEEDS_WAIT_MS);
        sqlite3_db_config(feeds->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        return feeds_prepare(feeds, dir, error) ? g_steal_pointer(&feeds) : NULL;
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
        return feeds_script(
                       feeds,
                       "CREATE TEMP TABLE IF NOT EXISTS seen (no INTEGER PRIMARY KEY) STRICT; DELETE FROM temp.seen;",
                       error) &&
               feeds_script(feeds, "BEGIN IMMEDIATE;", error);
}

bool feeds_commit(Feeds *feeds, GError **error)
{
        g_auto(FeedUse) turn = feeds->changed ? feeds_use(feeds, FEED_SQL_TURN) : NULL;

        return (!feeds->changed || feeds_done(feeds, turn, error)) && feeds_script(feeds, "COMMIT;", error);
}
