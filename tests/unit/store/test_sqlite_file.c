/* The file of the SQLite backend in other hands: every cell altered, bytes flipped, a newer schema, names of another
 * build, files that are no database; and that nothing of what was erased is left in it. */
#include "support.h"

#include "base/error.h"
#include "base/jread.h"
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

static char *file_of(const Fixture *f, const char *name)
{
        return g_build_filename(f->dir, name, NULL);
}

/* Runs one statement on the file, with no regard for foreign keys; gives how many rows it changed. */
static int run_sql(Fixture *f, const char *sql)
{
        g_autofree char *path = file_of(f, "store.db");
        sqlite3 *db = NULL;
        int changes;

        g_assert_cmpint(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
        if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
                g_error("%s: %s", sql, sqlite3_errmsg(db));
        changes = sqlite3_changes(db);
        g_assert_cmpint(sqlite3_close(db), ==, SQLITE_OK);
        return changes;
}

static void put_file(Fixture *f, const char *bytes, gsize n)
{
        g_autofree char *path = file_of(f, "store.db");

        g_assert_true(g_file_set_contents(path, bytes, (gssize)n, NULL));
}

static void note(const char *where, const char *message, void *payload)
{
        g_string_append_printf(payload, "%s: %s\n", where, message);
}

static void note_failure(GString *notes, GError **error)
{
        g_assert_true((*error)->domain == ZW_ERROR);
        g_assert_cmpint((*error)->code, !=, ZW_ERR_INTERNAL);
        g_string_append_printf(notes, "failed: %s\n", (*error)->message);
        g_clear_error(error);
}

static void look_at(Fixture *f, StoreView *view, const Id *log, GString *notes)
{
        g_autoptr(GError) error = NULL;
        uint64_t commits;
        Digest root;

        if (!store_verify(view, log, note, notes, NULL, &commits, &root, &error))
                note_failure(notes, &error);
        if (!store_check(f->store, log, note, notes, NULL, &error))
                note_failure(notes, &error);
}

/* All that verifying and checking say about the projects that are listed, and about the one that should be. Free it. */
static char *say_all(Fixture *f)
{
        GString *notes = g_string_new(NULL);
        g_autoptr(StoreView) view = NULL;
        g_autoptr(GPtrArray) projects = NULL;
        g_autoptr(GError) error = NULL;

        f->store = store_open_with(f->backend, f->dir, &error);
        view = f->store == NULL ? NULL : store_view_open(f->store, &error);
        projects = view == NULL ? NULL : store_load_projects(view, &error);
        if (projects == NULL)
                note_failure(notes, &error);
        for (guint i = 0; projects != NULL && i < projects->len; i++)
                look_at(f, view, &((StoreProject *)projects->pdata[i])->log, notes);
        if (projects != NULL && projects->len == 0)
                look_at(f, view, &f->log, notes);
        g_clear_pointer(&view, store_view_close);
        g_clear_pointer(&f->store, store_close);
        return g_string_free(notes, FALSE);
}

/* ---- Every cell ---- */

static const struct {
        const char *table;
        const char *where; /* rows to alter, besides the first and last */
} tables[] = {
        { "log", NULL },         { "project", NULL },         { "log_commit", NULL },
        { "secret", "op = -1" }, { "secret", "field != ''" }, { "item", NULL },
        { "item_key", NULL },    { "item_source", NULL },     { "item_rev", "rev = 2" },
        { "link_rev", NULL },    { "result", NULL },          { "result_file", NULL },
        { "setting", NULL },     { "attachment", NULL },
};

/* The name and declared type of every column. Free them. */
static GPtrArray *columns_of(Fixture *f, const char *table)
{
        GPtrArray *columns = g_ptr_array_new_with_free_func(g_free);
        g_autofree char *path = file_of(f, "store.db");
        g_autofree char *sql = g_strdup_printf("SELECT name, type FROM pragma_table_info('%s')", table);
        sqlite3 *db = NULL;
        sqlite3_stmt *stmt = NULL;

        g_assert_cmpint(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
        while (sqlite3_step(stmt) == SQLITE_ROW) {
                g_ptr_array_add(columns, g_strdup((const char *)sqlite3_column_text(stmt, 0)));
                g_ptr_array_add(columns, g_strdup((const char *)sqlite3_column_text(stmt, 1)));
        }
        sqlite3_finalize(stmt);
        sqlite3_close(db);
        return columns;
}

static const char *other_value(const char *type)
{
        if (strcmp(type, "INTEGER") == 0)
                return "coalesce(%s, 0) - 1000"; /* the greatest integer is among them */
        if (strcmp(type, "TEXT") == 0)
                return "coalesce(%s, '') || 'x'";
        return "CAST(coalesce(%s, x'') || x'78' AS BLOB)";
}

static void alter_cell(Fixture *f, const char *table, const char *column, const char *type, const char *where)
{
        g_autofree char *value = g_strdup(other_value(type)), *sql = NULL, *said = NULL;
        g_auto(GStrv) parts = g_strsplit(value, "%s", 2);

        sql = g_strdup_printf("UPDATE %s SET %s = %s%s%s WHERE %s", table, column, parts[0], column, parts[1],
                              where);
        g_assert_cmpint(run_sql(f, sql), ==, 1);
        said = say_all(f);
        if (said[0] == '\0')
                g_error("nobody sees %s", sql);
}

/* The first or last row of a table, as a condition. */
static char *row_where(const char *table, const char *where, const char *order)
{
        static const char *const keys[][4] = {
                { "log", "no" },
                { "project", "log" },
                { "log_commit", "seq" },
                { "secret", "seq", "op", "field" },
                { "item", "no" },
                { "item_key", "no" },
                { "item_source", "no" },
                { "item_rev", "no", "rev" },
                { "link_rev", "from_no", "to_no", "from_seq" },
                { "result", "run", "test_case", "from_seq" },
                { "result_file", "seq", "op" },
                { "setting", "name", "from_seq" },
                { "attachment", "no", "name", "from_seq" },
        };
        g_autoptr(GString) names = g_string_new(NULL), orders = g_string_new(NULL);

        for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
                for (int k = 1; k < 4 && keys[i][k] != NULL && strcmp(keys[i][0], table) == 0; k++) {
                        g_string_append_printf(names, "%s%s", k == 1 ? "" : ", ", keys[i][k]);
                        g_string_append_printf(orders, "%s%s %s", k == 1 ? "" : ", ", keys[i][k], order);
                }
        g_assert_cmpuint(names->len, >, 0);
        return g_strdup_printf("(%s) = (SELECT %s FROM %s WHERE %s ORDER BY %s LIMIT 1)", names->str,
                               names->str, table, where, orders->str);
}

static void alter_table(Fixture *f, const char *table, const char *where, const char *bytes, gsize n)
{
        g_autoptr(GPtrArray) columns = columns_of(f, table);

        g_assert_cmpuint(columns->len, >, 4);
        for (guint i = 0; i < columns->len; i += 2)
                for (int last = g_test_slow() ? 0 : 1; last < 2; last++) {
                        g_autofree char *row = row_where(table, where == NULL ? "true" : where,
                                                         last ? "DESC" : "ASC");

                        put_file(f, bytes, n);
                        alter_cell(f, table, columns->pdata[i], columns->pdata[i + 1], row);
                }
}

static void test_every_cell(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) dumps = write_history(f);
        g_autofree char *path = file_of(f, "store.db"), *bytes = NULL, *fine = NULL;
        gsize n;

        commit(f,
               ops("[{'op':'create','id':'@8','key':'AS-8','kind':'asset','state':'draft','set':{'source':{'system':'s','id':'i'}}}]"));
        g_assert_cmpuint(dumps->len, >, 10);
        g_clear_pointer(&f->store, store_close);
        g_assert_true(g_file_get_contents(path, &bytes, &n, NULL));
        fine = say_all(f);
        g_assert_cmpstr(fine, ==, "");
        for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
                alter_table(f, tables[i].table, tables[i].where, bytes, n);
}

/* ---- Every row gone, and rows that came from nowhere ---- */

static void test_rows(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const statements[] = {
                "INSERT INTO secret SELECT log, seq, 99, '', salt, bytes FROM secret WHERE seq = 3 AND op = 0",
                "INSERT INTO secret SELECT log, seq, op, 'x', salt, bytes FROM secret WHERE seq = 3 AND op = 0",
                "INSERT INTO secret SELECT log, seq, -1, 'x', salt, bytes FROM secret WHERE seq = 3 AND op = 0",
                "INSERT INTO log_commit SELECT log, 13, hash, header, time, actor, NULL FROM log_commit WHERE seq = 12",
                "UPDATE log_commit SET seq = CASE seq WHEN 4 THEN 500 ELSE 4 END WHERE seq IN (4, 5)",
                "INSERT INTO setting VALUES (1, 'x', 3, 5, '1')",
                "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, ' message TEXT', ' massage TEXT') WHERE name = 'result'",
                "CREATE INDEX other ON result (message); UPDATE meta SET value = value",
                "DELETE FROM log_commit WHERE seq = 12",
                "DELETE FROM log_commit",
        };
        g_autoptr(GPtrArray) dumps = write_history(f);
        g_autofree char *path = file_of(f, "store.db"), *bytes = NULL;
        gsize n;

        g_assert_cmpuint(dumps->len, >, 10);
        g_clear_pointer(&f->store, store_close);
        g_assert_true(g_file_get_contents(path, &bytes, &n, NULL));
        for (size_t i = 0; i < G_N_ELEMENTS(statements) + G_N_ELEMENTS(tables); i++) {
                size_t t = i - G_N_ELEMENTS(statements);
                g_autofree char *row = i < G_N_ELEMENTS(statements)
                                               ? NULL
                                               : row_where(tables[t].table,
                                                           tables[t].where == NULL ? "true" : tables[t].where,
                                                           "ASC");
                g_autofree char *sql = row == NULL ? g_strdup(statements[i])
                                                   : g_strdup_printf("DELETE FROM %s WHERE %s",
                                                                     tables[t].table, row);
                g_autofree char *said = NULL;

                put_file(f, bytes, n);
                if (row != NULL && strcmp(tables[t].table, "item_source") == 0)
                        continue; /* this history leaves none */
                g_assert_cmpint(run_sql(f, sql), >, 0);
                said = say_all(f);
                if (said[0] == '\0')
                        g_error("nobody sees %s", sql);
        }
}

/* ---- Bytes of the file ---- */

/* True when all that can be read is what was written. */
static bool reads_the_same(Fixture *f, GPtrArray *dumps)
{
        g_autoptr(GError) error = NULL;
        bool same = true;

        f->store = store_open_with(f->backend, f->dir, &error);
        g_assert_no_error(error);
        {
                g_autoptr(StoreView) view = view_of(f);

                for (guint seq = 0; same && seq < dumps->len; seq++) {
                        g_autofree char *text = dump(view, &f->log, seq);

                        same = strcmp(text, dumps->pdata[seq]) == 0;
                }
        }
        g_clear_pointer(&f->store, store_close);
        return same;
}

/* A flipped byte is found, or it is one that nothing stands in. */
static void test_flips(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        int flips = g_test_slow() ? 3000 : 60, found = 0;
        g_autoptr(GPtrArray) dumps = write_history(f);
        g_autofree char *path = file_of(f, "store.db"), *bytes = NULL;
        gsize n;

        g_clear_pointer(&f->store, store_close);
        g_assert_true(g_file_get_contents(path, &bytes, &n, NULL));
        for (int i = 0; i < flips; i++) {
                gsize at = (gsize)g_test_rand_int_range(0, (gint32)n);
                char bit = (char)(1 << g_test_rand_int_range(0, 8));
                g_autofree char *said = NULL;

                bytes[at] = (char)(bytes[at] ^ bit);
                put_file(f, bytes, n);
                said = say_all(f);
                if (said[0] != '\0')
                        found++;
                else if (!reads_the_same(f, dumps))
                        g_error("byte %zu was altered and nobody sees it", at);
                bytes[at] = (char)(bytes[at] ^ bit);
        }
        g_assert_cmpint(found, >, 0);
        put_file(f, bytes, n);
}

/* ---- What the file says of itself ---- */

static void refuse_open(Fixture *f, int code)
{
        g_autoptr(GError) error = NULL;

        g_assert_null(store_open_with(f->backend, f->dir, &error));
        g_assert_error(error, ZW_ERROR, code);
}

static void test_version(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *path = file_of(f, "store.db"), *bytes = NULL, *later = NULL;
        gsize n, m;

        g_clear_pointer(&f->store, store_close);
        g_assert_true(g_file_get_contents(path, &bytes, &n, NULL));
        run_sql(f, "UPDATE meta SET value = value + 1 WHERE name = 'schema'");
        g_assert_true(g_file_get_contents(path, &later, &m, NULL));
        refuse_open(f, ZW_ERR_VERSION);
        g_assert_cmpuint(n, ==, m);
        g_clear_pointer(&bytes, g_free);
        g_assert_true(g_file_get_contents(path, &bytes, &n, NULL));
        g_assert_cmpuint(n, ==, m);
        g_assert_true(memcmp(bytes, later, n) == 0); /* a newer file is left as it is */

        run_sql(f, "UPDATE meta SET value = 0 WHERE name = 'schema'");
        refuse_open(f, ZW_ERR_VERSION);
        run_sql(f, "DELETE FROM meta");
        refuse_open(f, ZW_ERR_DAMAGED);
        run_sql(f, "DROP TABLE meta");
        refuse_open(f, ZW_ERR_DAMAGED);
}

/* The number that a statement gives in its first row. */
static gint64 ask_sql(Fixture *f, const char *sql)
{
        g_autofree char *path = file_of(f, "store.db");
        sqlite3 *db = NULL;
        sqlite3_stmt *stmt = NULL;
        gint64 number;

        g_assert_cmpint(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_step(stmt), ==, SQLITE_ROW);
        number = sqlite3_column_int64(stmt, 0);
        sqlite3_finalize(stmt);
        sqlite3_close(db);
        return number;
}

/* What of its settings the file itself shows. */
static void test_settings(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const char loose[] =
                "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND strict = 0 "
                "AND name NOT LIKE 'sqlite_%'";
        static const char free_rows[] =
                "SELECT count(*) FROM pragma_table_list AS t WHERE schema = 'main' AND type = 'table' "
                "AND name NOT LIKE 'sqlite_%' AND name NOT IN ('log', 'meta', 'person', 'setup_code', 'audit', "
                "'identity_provider', 'sign_in_challenge') AND "
                "NOT EXISTS (SELECT 1 FROM pragma_foreign_key_list(t.name))";

        g_clear_pointer(&f->store, store_close);
        g_assert_cmpint(ask_sql(f, loose), ==, 0);
        g_assert_cmpint(ask_sql(f, free_rows), ==, 0); /* every other row belongs to a log or a person */
        g_assert_cmpint(ask_sql(f, "SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'"), ==,
                        1);
        g_assert_cmpint(ask_sql(f, "SELECT count(*) FROM pragma_table_list WHERE schema = 'main'"), >, 10);
}

static void test_no_store(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *path = file_of(f, "store.db"), *bytes = NULL, *garbage = g_strnfill(8192, 'g');
        gsize n;

        g_clear_pointer(&f->store, store_close);
        g_assert_true(g_file_get_contents(path, &bytes, &n, NULL));
        put_file(f, "", 0); /* cut to nothing it must not pass for an empty store */
        refuse_open(f, ZW_ERR_DAMAGED);
        put_file(f, garbage, 8192);
        refuse_open(f, ZW_ERR_DAMAGED);
        put_file(f, bytes, 4096);
        refuse_open(f, ZW_ERR_DAMAGED);
        put_file(f, bytes, n);
        run_sql(f, "PRAGMA application_id = 7");
        refuse_open(f, ZW_ERR_DAMAGED);
        g_assert_cmpint(g_unlink(path), ==, 0);
        g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
        {
                g_autoptr(GError) error = NULL;

                g_assert_null(store_open_with(f->backend, f->dir, &error));
                g_assert_nonnull(error);
        }
}

static bool see_item(const ItemRev *rev G_GNUC_UNUSED, void *payload G_GNUC_UNUSED,
                     GError **error G_GNUC_UNUSED)
{
        return true;
}

static bool see_link(const LinkRev *rev G_GNUC_UNUSED, void *payload G_GNUC_UNUSED,
                     GError **error G_GNUC_UNUSED)
{
        return true;
}

static bool see_result(const ResultRev *result G_GNUC_UNUSED, void *payload G_GNUC_UNUSED,
                       GError **error G_GNUC_UNUSED)
{
        return true;
}

static bool walk_all(StoreView *view, const Id *log, GError **error)
{
        for (Seq seq = 1; seq <= 12; seq++)
                if (!store_each_item(view, log, seq, see_item, NULL, error) ||
                    !store_each_link(view, log, seq, see_link, NULL, error) ||
                    !store_each_result(view, log, seq, see_result, NULL, error))
                        return false;
        return true;
}

/* Names that another build knows are no damage, and are not passed over. */
static void test_names(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const statements[] = { "UPDATE item_rev SET kind = 'turbine' WHERE no = 0",
                                                  "UPDATE item_rev SET state = 'molten' WHERE no = 0",
                                                  "UPDATE link_rev SET type = 'feeds'",
                                                  "UPDATE link_rev SET role = 'boiler'",
                                                  "UPDATE result SET status = 'maybe'" };
        g_autoptr(GPtrArray) dumps = write_history(f);
        g_autofree char *path = file_of(f, "store.db"), *bytes = NULL;
        gsize n;

        g_assert_cmpuint(dumps->len, >, 10);
        g_clear_pointer(&f->store, store_close);
        g_assert_true(g_file_get_contents(path, &bytes, &n, NULL));
        for (size_t i = 0; i < G_N_ELEMENTS(statements); i++) {
                const StoreFeed feed = { NULL, NULL, NULL, NULL };
                g_autoptr(StoreView) view = NULL;
                g_autoptr(GError) error = NULL;

                put_file(f, bytes, n);
                run_sql(f, statements[i]);
                f->store = store_open_with(f->backend, f->dir, &error);
                g_assert_no_error(error);
                view = view_of(f);
                g_assert_false(walk_all(view, &f->log, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_VERSION);
                g_clear_error(&error);
                g_assert_true(store_feed(view, &f->log, 0, 3, &feed, NULL,
                                         NULL)); /* what does not name it goes on */
                g_clear_pointer(&view, store_view_close);
                g_clear_pointer(&f->store, store_close);
        }
        put_file(f, bytes, n);
}

/* A clock that was set back repeats the time of the newest commit. */
static void test_clock(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        const Instant later = G_GINT64_CONSTANT(4102444800000); /* the year 2100 */
        g_autofree char *sql = g_strdup_printf("UPDATE log SET changed = %" G_GINT64_FORMAT, later);
        g_autoptr(StoreProject) project = NULL;
        g_autoptr(StoreView) view = NULL;

        g_clear_pointer(&f->store, store_close);
        run_sql(f, sql);
        f->store = store_open_with(f->backend, f->dir, NULL);
        for (int i = 0; i < 2; i++)
                commit(f, ops("[{'op':'setting','name':'n','value':%d}]", i));
        view = view_of(f);
        project = store_find_project(view, "WW", NULL);
        g_assert_cmpint(project->changed, ==, later);
        g_clear_pointer(&view, store_view_close);
        g_clear_pointer(&f->store, store_close);
}

/* ---- What was erased ---- */

static bool file_holds(Fixture *f, const char *name, const char *text)
{
        g_autofree char *path = file_of(f, name), *bytes = NULL;
        gsize n = 0;

        return g_file_get_contents(path, &bytes, &n, NULL) && memmem(bytes, n, text, strlen(text)) != NULL;
}

static bool files_hold(Fixture *f, const char *text)
{
        return file_holds(f, "store.db", text) || file_holds(f, "store.db-wal", text);
}

/* Waits for the writer to rest, at most ten seconds. */
static bool goes_away(Fixture *f, const char *text)
{
        for (int i = 0; i < 200 && files_hold(f, text); i++)
                g_usleep(50000);
        return !files_hold(f, text);
}

static bool delete_fn(StoreTxn *txn, void *payload, GError **error)
{
        return store_txn_delete_project(txn, payload, error);
}

static gint64 file_size(const char *path)
{
        GStatBuf facts;

        return g_stat(path, &facts) == 0 ? (gint64)facts.st_size : 0;
}

static void test_erased(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) dumps = write_history(f);
        g_autoptr(StoreView) old = view_of(f);
        g_autoptr(GError) error = NULL;
        g_autofree char *text = NULL, *log = NULL, *wal = file_of(f, "store.db-wal");
        gsize n;

        g_assert_true(files_hold(f, "Eve Example"));
        erase_piece(f, 6, 0, "tester");
        g_usleep(100000);
        g_assert_true(files_hold(f, "Eve Example")); /* the reader still sees it */
        text = dump(old, &f->log, 6);
        g_assert_cmpstr(text, ==, dumps->pdata[6]);
        g_clear_pointer(&old, store_view_close);
        g_assert_true(goes_away(f, "Eve Example")); /* and no write is needed for that */

        /* Nor in what a process leaves that is killed before it rests. */
        erase_piece(f, 12, 2, "tester");
        g_clear_pointer(&log, g_free);
        g_assert_true(g_file_get_contents(wal, &log, &n, NULL));
        g_assert_cmpuint(n, >, 0);
        g_clear_pointer(&f->store, store_close);
        g_assert_true(g_file_set_contents(wal, log, (gssize)n, NULL));
        f->store = store_open_with(f->backend, f->dir, &error);
        g_assert_no_error(error);
        for (int i = 0; i < 200 && file_size(wal) > 0; i++)
                g_usleep(50000);
        g_assert_cmpint(file_size(wal), ==, 0);

        g_assert_true(files_hold(f, "Intake station"));
        WORKS(store_write(f->store, delete_fn, &f->log, &error));
        g_assert_true(goes_away(f, "Intake station"));
        g_clear_pointer(&f->store, store_close);
}

#define ADD(path, function) \
        g_test_add("/store/sqlite-file/" path, Fixture, &store_sqlite, set_up, function, tear_down)

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        hash_init();
        ADD("every-cell", test_every_cell);
        ADD("rows", test_rows);
        ADD("flips", test_flips);
        ADD("version", test_version);
        ADD("settings", test_settings);
        ADD("no-store", test_no_store);
        ADD("names", test_names);
        ADD("clock", test_clock);
        ADD("erased", test_erased);
        return g_test_run();
}
