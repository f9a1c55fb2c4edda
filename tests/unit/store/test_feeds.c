/* The feed database: its making by several at once, and whose word counts. */
#include "store/feeds.h"

#include <glib/gstdio.h>
#include <pthread.h>
#include <sqlite3.h>
#include <string.h>

enum { FIRSTS = 8, ROUNDS = 20, STEP = 1000 };

typedef struct {
        char *dir;
} Fixture;

static void set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        f->dir = g_dir_make_tmp("feeds-XXXXXX", NULL);
        g_assert_nonnull(f->dir);
}

static void remove_in(const char *dir)
{
        static const char *const names[] = { "feeds.db", "feeds.db-wal", "feeds.db-shm" };

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                g_autofree char *path = g_build_filename(dir, names[i], NULL);

                (void)g_unlink(path);
        }
}

static void tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        remove_in(f->dir);
        g_assert_cmpint(g_rmdir(f->dir), ==, 0);
        g_free(f->dir);
}

/* ---- several first users ---- */

typedef struct {
        const char *dir;
        pthread_barrier_t *start;
        char *failed; /* or NULL */
} First;

static void *first_use(void *payload)
{
        First *first = payload;
        g_autoptr(GError) why = NULL;
        g_autoptr(Feeds) feeds = NULL;

        pthread_barrier_wait(first->start);
        feeds = feeds_open(first->dir, &why);
        if (feeds == NULL)
                first->failed = g_strdup(why->message);
        return NULL;
}

/* All find no database; one makes it, and nobody fails. */
static void test_several_first(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        for (int round = 0; round < ROUNDS; round++) {
                First firsts[FIRSTS];
                pthread_t threads[FIRSTS];
                pthread_barrier_t start;

                g_assert_cmpint(pthread_barrier_init(&start, NULL, FIRSTS), ==, 0);
                for (int i = 0; i < FIRSTS; i++) {
                        firsts[i] = (First){ f->dir, &start, NULL };
                        g_assert_cmpint(pthread_create(&threads[i], NULL, first_use, &firsts[i]), ==, 0);
                }
                for (int i = 0; i < FIRSTS; i++) {
                        pthread_join(threads[i], NULL);
                        g_assert_cmpstr(firsts[i].failed, ==, NULL);
                }
                pthread_barrier_destroy(&start);
                remove_in(f->dir);
        }
}

/* ---- records ---- */

static FeedChange put(Feeds *feeds, const char *source, const char *id, const char *modified,
                      const char *body)
{
        g_autoptr(GBytes) bytes = g_bytes_new(body, strlen(body));
        g_autoptr(GPtrArray) keys = g_ptr_array_new();
        FeedChange change;

        g_ptr_array_add(keys, (gpointer)(uintptr_t)id);
        g_assert_true(feeds_put(feeds, source, id, modified, bytes, keys, &change, NULL));
        return change;
}

static bool source_keep(const FeedSource *source, void *payload, GError **error G_GNUC_UNUSED)
{
        g_string_append_printf(payload, "%s %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT " %s;", source->source,
                               source->records, source->declared, source->newest);
        return true;
}

static bool id_keep(const FeedRecord *record, void *payload, GError **error G_GNUC_UNUSED)
{
        g_string_append_printf(payload, "%s ", record->id);
        return true;
}

static bool key_keep(const char *key, int64_t records, void *payload, GError **error G_GNUC_UNUSED)
{
        g_string_append_printf(payload, "%s=%" G_GINT64_FORMAT " ", key, records);
        return true;
}

static char *sources_of(Feeds *feeds, const char *now)
{
        GString *text = g_string_new(NULL);
        Instant instant;

        g_assert_true(instant_parse(now, &instant, NULL));
        g_assert_true(feeds_sources(feeds, instant, source_keep, text, NULL));
        return g_string_free(text, FALSE);
}

/* A record of the future makes a source no fresher, and a part that says of few does not make it whole. */
static void test_what_a_source_says(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Feeds) feeds = feeds_open(f->dir, NULL);
        g_autofree char *before = NULL, *after = NULL;

        g_assert_nonnull(feeds);
        g_assert_true(feeds_begin(feeds, NULL));
        g_assert_cmpint(put(feeds, "nvd", "CVE-2024-1", "2024-01-03T00:00:00Z", "{}"), ==, FEED_ADDED);
        g_assert_cmpint(put(feeds, "nvd", "CVE-2024-2", "2031-01-01T00:00:00Z", "{}"), ==, FEED_ADDED);
        g_assert_true(feeds_note(feeds, "nvd", 0, 300, NULL));
        g_assert_true(feeds_note(feeds, "nvd", 0, 2, NULL));
        g_assert_true(feeds_commit(feeds, NULL));
        before = sources_of(feeds, "2024-01-10");
        g_assert_cmpstr(before, ==, "nvd 2/300 2024-01-03T00:00:00Z;");
        after = sources_of(feeds, "2031-01-10");
        g_assert_cmpstr(after, ==, "nvd 2/300 2031-01-01T00:00:00Z;");
}

/* What a whole list no longer names is forgotten with its keys; what it names unchanged stays. */
static void test_forgetting(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Feeds) feeds = feeds_open(f->dir, NULL);
        g_autoptr(GString) ids = g_string_new(NULL), keys = g_string_new(NULL);
        int64_t forgotten;

        g_assert_true(feeds_begin(feeds, NULL));
        (void)put(feeds, "kev", "CVE-2024-1", "2024-01-01", "{}");
        (void)put(feeds, "kev", "CVE-2024-2", "2024-01-02", "{}");
        (void)put(feeds, "nvd", "CVE-2024-1", "2024-01-02", "{}");
        g_assert_true(feeds_commit(feeds, NULL));
        g_assert_true(feeds_begin(feeds, NULL));
        g_assert_cmpint(put(feeds, "kev", "CVE-2024-2", "2024-01-02", "{}"), ==, FEED_UNCHANGED);
        g_assert_true(feeds_forget_others(feeds, "kev", &forgotten, NULL));
        g_assert_true(feeds_commit(feeds, NULL));
        g_assert_cmpint(forgotten, ==, 1);
        g_assert_true(feeds_newest(feeds, "kev", 0, 10, id_keep, ids, NULL));
        g_assert_true(feeds_each(feeds, id_keep, ids, NULL));
        g_assert_cmpstr(ids->str, ==, "CVE-2024-2 CVE-2024-2 CVE-2024-1 ");
        g_assert_true(feeds_keys(feeds, "CVE-", key_keep, keys, NULL));
        g_assert_cmpstr(keys->str, ==, "CVE-2024-1=1 CVE-2024-2=1 ");
}

static bool touched_keep(const char *key, void *payload)
{
        g_hash_table_add(payload, g_strdup(key));
        return true;
}

static int text_order(gconstpointer a, gconstpointer b)
{
        return strcmp(a, b);
}

static char *touched_since(Feeds *feeds, int64_t since)
{
        g_autoptr(GHashTable) keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_autoptr(GList) list = NULL;
        GString *text = g_string_new(NULL);

        g_assert_true(feeds_each_touched(feeds, since, touched_keep, keys, NULL));
        list = g_list_sort(g_hash_table_get_keys(keys), text_order);
        for (GList *at = list; at != NULL; at = at->next)
                g_string_append_printf(text, "%s ", (const char *)at->data);
        return g_string_free(text, FALSE);
}

static GPtrArray *texts(const char *list)
{
        GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
        g_auto(GStrv) parts = g_strsplit(list, ",", -1);

        for (size_t i = 0; parts[i] != NULL; i++)
                g_ptr_array_add(all, g_strdup(parts[i]));
        return all;
}

static void put_found(Feeds *feeds, const char *id, const char *modified, const char *list)
{
        g_autoptr(GBytes) bytes = g_bytes_new(modified, strlen(modified));
        g_autoptr(GPtrArray) keys = texts(list);
        FeedChange change;

        g_assert_true(feeds_begin(feeds, NULL));
        g_assert_true(feeds_put(feeds, "cve", id, modified, bytes, keys, &change, NULL));
        g_assert_true(feeds_commit(feeds, NULL));
}

/* By what records were found that changed since: those of the new word, of the old one, and of one that is forgotten. */
static void test_touched(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Feeds) feeds = feeds_open(f->dir, NULL);
        static const char *const since[] = { "n gate n lock n pump n sluice ",
                                             "n gate n lock n pump n sluice ",
                                             "n gate n lock n pump n sluice ", "n lock n pump n sluice ",
                                             "" };
        int64_t forgotten, generation;

        put_found(feeds, "CVE-2024-1", "1", "n gate");
        put_found(feeds, "CVE-2024-2", "1", "n pump");
        put_found(feeds, "CVE-2024-1", "2", "n sluice");
        put_found(feeds, "CVE-2024-1", "1", "n other"); /* an older word changes nothing */
        g_assert_true(feeds_begin(feeds, NULL));
        (void)put(feeds, "cve", "n lock", "1", "{}");
        g_assert_true(feeds_forget_others(feeds, "cve", &forgotten, NULL));
        g_assert_true(feeds_commit(feeds, NULL));
        g_assert_cmpint(forgotten, ==, 2);
        g_assert_true(feeds_generation(feeds, &generation, NULL));
        g_assert_cmpint(generation, ==, G_N_ELEMENTS(since) - 1);
        for (int64_t i = 0; i <= generation; i++) {
                g_autofree char *touched = touched_since(feeds, i);

                g_assert_cmpstr(touched, ==, since[i]);
        }
}

static bool matched_put(Feeds *feeds, const FeedMatched *matched, const FeedMatched *before)
{
        bool begun;

        g_assert_true(feeds_matched_begin(feeds, matched, before, &begun, NULL));
        if (begun)
                g_assert_true(feeds_matched_commit(feeds, NULL));
        return begun;
}

/* Nothing is kept of a log before, nothing by another program, and nothing that rests on something else. */
static void test_matched(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Feeds) feeds = feeds_open(f->dir, NULL);
        FeedMatched put = { .log = "a",
                            .rests = "",
                            .head = 7,
                            .generation = 3,
                            .from_day = 10,
                            .to_day = 12 },
                    got;
        bool is;

        g_assert_true(feeds_matched_get(feeds, "a", "", &got, &is, NULL));
        g_assert_false(is);
        g_assert_true(matched_put(feeds, &put, NULL));
        put.head = 8;
        g_assert_true(feeds_matched_get(feeds, "a", "", &got, &is, NULL));
        g_assert_true(is);
        g_assert_cmpint(got.head, ==, 7);
        g_assert_true(matched_put(feeds, &put, &got));
        g_assert_false(matched_put(feeds, &put, &got)); /* something else is kept by now */
        g_assert_true(feeds_matched_get(feeds, "a", "", &got, &is, NULL));
        g_assert_true(is);
        g_assert_cmpint(got.head, ==, 8);
        g_assert_cmpint(got.to_day, ==, 12);
        g_assert_true(feeds_matched_get(feeds, "a", "other keys", &got, &is, NULL));
        g_assert_false(is);
        g_assert_true(feeds_matched_get(feeds, "b", "", &got, &is, NULL));
        g_assert_false(is);
}

/* While somebody writes records nothing is kept, and nobody waits. */
static void test_matched_beside(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Feeds) feeds = feeds_open(f->dir, NULL), other = feeds_open(f->dir, NULL);
        const FeedMatched put = { .log = "a", .rests = "", .head = 7 };

        g_assert_true(feeds_begin(other, NULL));
        g_assert_false(matched_put(feeds, &put, NULL));
        g_assert_true(feeds_commit(other, NULL));
        g_assert_true(matched_put(feeds, &put, NULL));
}

static bool found_keep(const char *source G_GNUC_UNUSED, const char *id, GBytes *body G_GNUC_UNUSED,
                       void *payload, GError **error G_GNUC_UNUSED)
{
        g_string_append_printf(payload, "%s ", id);
        return true;
}

static void assert_held(Feeds *feeds, const char *log, const char *keys, const char *expected)
{
        g_autoptr(GPtrArray) asked = texts(keys);
        g_autoptr(GArray) items = feeds_held(feeds, log, asked, NULL);
        g_autoptr(GString) text = g_string_new(NULL);

        g_assert_nonnull(items);
        for (guint i = 0; i < items->len; i++)
                g_string_append_printf(text, "%" G_GINT64_FORMAT " ", g_array_index(items, int64_t, i));
        g_assert_cmpstr(text->str, ==, expected);
}

static void assert_found_held(Feeds *feeds, const char *log, const char *keys, const char *expected)
{
        g_autoptr(GPtrArray) asked = texts(keys);
        g_autoptr(GString) ids = g_string_new(NULL);

        g_assert_true(feeds_find_held(feeds, log, asked, found_keep, ids, NULL));
        g_assert_cmpstr(ids->str, ==, expected);
}

static void hold_some(Feeds *feeds, const FeedMatched *matched)
{
        bool begun;

        g_assert_true(feeds_matched_begin(feeds, matched, NULL, &begun, NULL));
        g_assert_true(begun);
        g_assert_true(feeds_hold(feeds, "a", "n gate", 3, NULL));
        g_assert_true(feeds_hold(feeds, "a", "n gate", 1, NULL));
        g_assert_true(feeds_hold(feeds, "a", "n gate", 1, NULL));
        g_assert_true(feeds_hold(feeds, "a", "n pump", 2, NULL));
        g_assert_true(feeds_drop(feeds, "a", "n pump", 2, NULL));
        g_assert_true(feeds_drop(feeds, "a", "n pump", 9, NULL));
        g_assert_true(feeds_matched_commit(feeds, NULL));
}

/* What a project holds is found by its keys, with what is told besides; it goes when all is matched anew. */
static void test_held(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Feeds) feeds = feeds_open(f->dir, NULL);
        const FeedMatched matched = { .log = "a", .rests = "" };
        g_autoptr(GPtrArray) lock = texts("n lock,n gate"), gate = texts("n gate"), ids = NULL;

        put_found(feeds, "CVE-2024-1", "1", "n gate,i CVE-2024-1");
        put_found(feeds, "CVE-2024-2", "1", "n pump,i CVE-2024-2,i CVE-2024-3");
        put_found(feeds, "CVE-2024-3", "1", "n lock,i CVE-2024-3");
        hold_some(feeds, &matched);
        g_assert_true(feeds_held_begin(feeds, NULL));
        assert_held(feeds, "a", "n gate,n pump,n lock", "1 3 ");
        assert_held(feeds, "b", "n gate,n pump,n lock", "");
        assert_found_held(feeds, "a", "i CVE-2024-1,i CVE-2024-2,i CVE-2024-3", "CVE-2024-1 ");
        assert_found_held(feeds, "b", "i CVE-2024-1,i CVE-2024-2,i CVE-2024-3", "");
        g_assert_true(feeds_held_add(feeds, lock, 7, NULL));
        assert_held(feeds, "a", "n gate,n pump,n lock", "1 3 7 ");
        assert_found_held(feeds, "a", "i CVE-2024-1,i CVE-2024-2,i CVE-2024-3", "CVE-2024-1 CVE-2024-3 ");
        assert_found_held(feeds, "a", "i CVE-2024-2", "");
        ids = feeds_beside(feeds, lock, "i ", NULL);
        g_assert_cmpuint(ids->len, ==, 2);
        g_assert_true(feeds_held_begin(feeds, NULL));
        assert_held(feeds, "a", "n gate,n pump,n lock", "1 3 ");
        g_assert_true(matched_put(feeds, &matched, NULL));
        assert_held(feeds, "a", "n gate,n pump,n lock", "");
}

/* What was begun and not committed never was. */
static void test_not_committed(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Feeds) feeds = feeds_open(f->dir, NULL);
        g_autoptr(GBytes) found = NULL;

        g_assert_true(feeds_begin(feeds, NULL));
        (void)put(feeds, "kev", "CVE-2024-1", "2024-01-01", "{}");
        feeds_close(g_steal_pointer(&feeds));
        feeds = feeds_open(f->dir, NULL);
        found = feeds_get(feeds, "kev", "CVE-2024-1", NULL);
        g_assert_null(found);
}

/* ---- signatures ---- */

static bool signature_keep(const FeedSignature *signature, int64_t records, void *payload,
                           GError **error G_GNUC_UNUSED)
{
        g_string_append_printf(payload, "%d:%s:%" G_GINT64_FORMAT "=%" G_GINT64_FORMAT " ",
                               (int)signature->state, signature->key, signature->since, records);
        return true;
}

static void sign(Feeds *feeds, const char *id, FeedSigned state, const char *key)
{
        g_autoptr(GBytes) body = g_bytes_new_static("{}", 2);
        FeedSignature signature = { .state = state };

        g_strlcpy(signature.key, key, sizeof(signature.key));
        g_assert_true(feeds_sign(feeds, "csaf", id, body, &signature, NULL));
}

static FeedSignature signature_of(Feeds *feeds, const char *id)
{
        FeedSignature signature;

        g_assert_true(feeds_signature(feeds, "csaf", id, &signature, NULL));
        return signature;
}

/* That there is none says nothing against one that was there; a key is trusted since it was first found so, until it is not. */
static void test_signatures(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Feeds) feeds = feeds_open(f->dir, NULL);
        g_autoptr(GPtrArray) both = g_ptr_array_new(), one = g_ptr_array_new();
        g_autoptr(GString) text = g_string_new(NULL);

        g_ptr_array_add(both, (gpointer)(uintptr_t) "AA");
        g_ptr_array_add(both, (gpointer)(uintptr_t) "BB");
        g_ptr_array_add(one, (gpointer)(uintptr_t) "AA");
        g_assert_true(feeds_begin(feeds, NULL));
        for (int i = 1; i <= 4; i++) {
                g_autofree char *id = g_strdup_printf("CSAF %d", i);

                (void)put(feeds, "csaf", id, "2024-01-01", "{}");
        }
        g_assert_cmpint(signature_of(feeds, "CSAF 1").state, ==, FEED_SIGNED_UNCHECKED);
        sign(feeds, "CSAF 1", FEED_SIGNED_NONE, "");
        g_assert_cmpint(signature_of(feeds, "CSAF 1").state, ==, FEED_SIGNED_NONE);
        sign(feeds, "CSAF 1", FEED_SIGNED_TRUSTED, "AA");
        sign(feeds, "CSAF 1", FEED_SIGNED_NONE, "");
        sign(feeds, "CSAF 2", FEED_SIGNED_TRUSTED, "BB");
        sign(feeds, "CSAF 3", FEED_SIGNED_UNKNOWN, "CC");
        g_assert_true(feeds_signers_put(feeds, both, 1000, NULL));
        g_assert_true(feeds_signers_put(feeds, one, 2000, NULL));
        g_assert_cmpint(signature_of(feeds, "CSAF 1").since, ==, 1000);
        g_assert_cmpint(signature_of(feeds, "CSAF 2").since, ==, 0);
        g_assert_true(feeds_signers_put(feeds, both, 3000, NULL));
        g_assert_true(feeds_signatures(feeds, "csaf", signature_keep, text, NULL));
        g_assert_cmpstr(text->str, ==, "2:CC:0=1 3:AA:1000=1 3:BB:3000=1 ");
        (void)put(feeds, "csaf", "CSAF 1", "2024-01-02", "{\"newer\":1}");
        g_assert_cmpint(signature_of(feeds, "CSAF 1").state, ==, FEED_SIGNED_UNCHECKED);
        g_assert_true(feeds_commit(feeds, NULL));
}

/* ---- an older database ---- */

/* Its records lack keys or have others, so they are not kept, and its sources are empty: nothing is silently missing. */
static void test_an_older_one(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *path = g_build_filename(f->dir, "feeds.db", NULL), *sources = NULL;
        g_autoptr(Feeds) feeds = feeds_open(f->dir, NULL);
        sqlite3 *db = NULL;

        g_assert_true(feeds_begin(feeds, NULL));
        (void)put(feeds, "kev", "CVE-2024-1", "2024-01-01", "{}");
        g_assert_true(feeds_note(feeds, "kev", 0, -1, NULL));
        g_assert_true(feeds_commit(feeds, NULL));
        feeds_close(g_steal_pointer(&feeds));
        g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_exec(db, "DROP TABLE remote; PRAGMA user_version = 2", NULL, NULL, NULL), ==,
                        SQLITE_OK);
        sqlite3_close(db);
        feeds = feeds_open(f->dir, NULL);
        g_assert_nonnull(feeds);
        sources = sources_of(feeds, "2024-01-10");
        g_assert_cmpstr(sources, ==, "");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add("/store/feeds/several-first", Fixture, NULL, set_up, test_several_first, tear_down);
        g_test_add("/store/feeds/what-a-source-says", Fixture, NULL, set_up, test_what_a_source_says,
                   tear_down);
        g_test_add("/store/feeds/forgetting", Fixture, NULL, set_up, test_forgetting, tear_down);
        g_test_add("/store/feeds/touched", Fixture, NULL, set_up, test_touched, tear_down);
        g_test_add("/store/feeds/matched", Fixture, NULL, set_up, test_matched, tear_down);
        g_test_add("/store/feeds/matched_beside", Fixture, NULL, set_up, test_matched_beside, tear_down);
        g_test_add("/store/feeds/held", Fixture, NULL, set_up, test_held, tear_down);
        g_test_add("/store/feeds/not-committed", Fixture, NULL, set_up, test_not_committed, tear_down);
        g_test_add("/store/feeds/signatures", Fixture, NULL, set_up, test_signatures, tear_down);
        g_test_add("/store/feeds/an-older-one", Fixture, NULL, set_up, test_an_older_one, tear_down);
        return g_test_run();
}
