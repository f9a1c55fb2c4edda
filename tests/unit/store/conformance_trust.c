/* Conformance: blobs, verifying and checking through the interface, erasing. */
#include "conformance.h"

#include "base/error.h"
#include "base/jread.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static char *blob_file(Fixture *f, const Digest *digest)
{
        char hex[ZW_DIGEST_HEX];

        hex_encode(digest->b, ZW_DIGEST_BYTES, hex);
        return g_strdup_printf("%s/blobs/%.2s/%s", f->dir, hex, hex + 2);
}

static void alter_file(const char *path, const char *text)
{
        g_assert_cmpint(g_unlink(path), ==, 0);
        g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void test_blobs(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *input = path_of(f, "input"), *path = NULL;
        g_autoptr(GBytes) bytes = g_bytes_new_static("hello", 5), empty = g_bytes_new_static("", 0),
                          loaded = NULL;
        g_autoptr(GError) error = NULL;
        Digest digest, again, expected = hash_sha256("hello", 5), absent = hash_sha256("x", 1);
        uint64_t size = 0;
        char text[8] = { 0 };
        int fd;

        WORKS(store_blob_put(f->store, bytes, &digest, &error));
        g_assert_true(digest_equal(&digest, &expected));
        g_assert_true(g_file_set_contents(input, "hello", 5, NULL));
        fd = open(input, O_RDONLY | O_CLOEXEC);
        g_assert_false(store_blob_put_fd(f->store, fd, 4, &again, &size, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
        g_clear_error(&error);
        g_assert_cmpint(lseek(fd, 0, SEEK_SET), ==, 0);
        WORKS(store_blob_put_fd(f->store, fd, 5, &again, &size, &error));
        close(fd);
        g_assert_cmpuint(size, ==, 5);
        g_assert_true(digest_equal(&again, &expected));
        WORKS(store_blob_put(f->store, empty, &again, &error));

        fd = store_blob_open(f->store, &digest, &error);
        g_assert_cmpint(read(fd, text, sizeof text), ==, 5);
        close(fd);
        g_assert_cmpstr(text, ==, "hello");
        g_assert_cmpint(store_blob_open(f->store, &absent, &error), ==, -1);
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
        g_clear_error(&error);
        g_assert_null(store_blob_load(f->store, &digest, 4, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
        g_clear_error(&error);
        path = blob_file(f, &digest);
        alter_file(path, "hellO");
        g_assert_null(store_blob_load(f->store, &digest, 5, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_DAMAGED);
        g_clear_error(&error);
        WORKS(store_blob_put(f->store, bytes, &digest, &error)); /* putting it again mends it */
        loaded = store_blob_load(f->store, &digest, 5, &error);
        g_assert_true(g_bytes_equal(loaded, bytes));
}

static void problem_count(const char *where G_GNUC_UNUSED, const char *message G_GNUC_UNUSED, void *payload)
{
        ++*(int *)payload;
}

static void test_sound(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) dumps = write_history(f);
        g_autofree char *wrong = problems(f, &f->log), *again = NULL;
        g_autoptr(StoreView) view = view_of(f);
        g_autoptr(StoreProject) project = store_find_project(view, "WW", NULL);
        g_autoptr(GError) error = NULL;
        Id unknown = id_of(4711);
        uint64_t commits = 0;
        Digest root;
        int n = 0;

        g_assert_cmpstr(wrong, ==, "");
        WORKS(store_verify(view, &f->log, problem_count, &n, NULL, &commits, &root, &error));
        g_assert_cmpint(n, ==, 0);
        g_assert_cmpuint(commits, ==, dumps->len - 1);
        g_assert_true(digest_equal(&root, &project->root));
        g_assert_false(store_verify(view, &unknown, problem_count, &n, NULL, &commits, &root, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
        g_clear_error(&error);
        g_assert_false(store_check(f->store, &unknown, problem_count, &n, NULL, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
        g_clear_pointer(&view, store_view_close); /* views end before the store does */
        reopen(f);
        again = problems(f, &f->log);
        g_assert_cmpstr(again, ==, "");
}

static void test_blob_missing(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) dumps = write_history(f);
        Digest manual = hash_sha256("a manual", 8), second = hash_sha256("another manual", 14);
        g_autofree char *path = blob_file(f, &manual), *other = blob_file(f, &second), *wrong = NULL;

        g_assert_cmpuint(dumps->len, >, 10);
        g_assert_cmpint(g_unlink(path), ==, 0);
        alter_file(other, "another manuaL");
        wrong = problems(f, &f->log);
        g_assert_nonnull(strstr(wrong, "the content is missing, commit 7 names it"));
        g_assert_nonnull(strstr(wrong, "the content was altered, commit 8 names it"));
        g_assert_cmpint((int)strlen(wrong), <, 400); /* these two and nothing else */
}

/* ---- Erasing ---- */

static void refuse_erase(Fixture *f, Seq seq, int op, const char *field, int code)
{
        g_autoptr(GError) error = NULL;

        g_assert_false(try_erase(f, seq, op, field, &error));
        g_assert_error(error, ZW_ERROR, code);
}

typedef struct {
        GString *text;
} CommitText;

static bool commit_text(const StoreCommit *commit, void *payload, GError **error G_GNUC_UNUSED)
{
        CommitText *all = payload;
        char *ops_text = json_dumps(commit->ops, JSON_COMPACT | JSON_SORT_KEYS);

        g_string_append_printf(all->text, "%s %s\n", commit->message == NULL ? "(erased)" : commit->message,
                               ops_text);
        free(ops_text);
        return true;
}

static char *commits_text(Fixture *f, Seq seq)
{
        g_autoptr(StoreView) view = view_of(f);
        CommitText all = { g_string_new(NULL) };

        g_assert_true(store_each_commit(view, &f->log, seq, seq, commit_text, &all, NULL));
        return g_string_free(all.text, FALSE);
}

static bool file_holds(const char *path, const char *text)
{
        g_autofree char *bytes = NULL;
        gsize n = 0;

        return g_file_get_contents(path, &bytes, &n, NULL) && memmem(bytes, n, text, strlen(text)) != NULL;
}

static void test_erase(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) dumps = write_history(f);
        g_autoptr(StoreView) old = view_of(f);
        g_autoptr(StoreProject) before = store_find_project(old, "WW", NULL), after = NULL;
        g_autoptr(GError) error = NULL;
        g_autofree char *said = NULL, *says = NULL, *now = NULL, *then = NULL, *wrong = NULL;
        g_autofree char *db = g_build_filename(f->dir, "store.db", NULL);

        g_assert_nonnull(strstr(dumps->pdata[6], "Eve Example"));
        said = commits_text(f, 6);
        g_assert_nonnull(strstr(said, "Eve Example"));
        refuse_erase(f, 6, 0, "", ZW_ERR_INPUT); /* a whole operation */
        refuse_erase(f, 6, 0, NULL, ZW_ERR_INPUT);
        refuse_erase(f, 6, 1, "tester", ZW_ERR_NOT_FOUND);
        refuse_erase(f, 6, 0, "title", ZW_ERR_NOT_FOUND);
        refuse_erase(f, 60, -1, NULL, ZW_ERR_NOT_FOUND);
        refuse_erase(f, 6, -2, NULL, ZW_ERR_NOT_FOUND);
        erase_piece(f, 6, -1, NULL);
        erase_piece(f, 6, 0, "tester");
        erase_piece(f, 6, 0, "tester"); /* twice is as good */

        says = commits_text(f, 6);
        g_assert_null(strstr(says, "Eve Example"));
        g_assert_nonnull(strstr(says, "(erased)"));
        g_assert_nonnull(strstr(says, "\"tester\":null"));
        g_clear_pointer(&old, store_view_close);
        old = view_of(f);
        then = dump(old, &f->log, 6);
        g_assert_null(strstr(then, "Eve Example"));
        now = dump(old, &f->log, ZW_SEQ_OPEN);
        g_assert_cmpstr(now, ==, dumps->pdata[dumps->len - 1]); /* the later value stays */
        after = store_find_project(old, "WW", NULL);
        g_assert_true(digest_equal(&before->root, &after->root));
        wrong = problems(f, &f->log);
        g_assert_cmpstr(wrong, ==, "");
        g_clear_pointer(&old, store_view_close);
        store_close(f->store);
        g_assert_false(file_holds(db, "Eve Example")); /* nor is it left in free space */
        f->store = store_open_with(f->backend, f->dir, &error);
        g_assert_no_error(error);
}

static bool delete_fn(StoreTxn *txn, void *payload, GError **error)
{
        return store_txn_delete_project(txn, payload, error);
}

static Id attach_to(Fixture *f, const char *key, const char *text)
{
        Digest digest = hash_sha256(text, strlen(text));
        g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
        char hex[ZW_DIGEST_HEX];
        Id log = create_project(f, key);

        g_assert_true(store_blob_put(f->store, bytes, &digest, NULL));
        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        commit_to(
                f, &log,
                ops("[{'op':'create','id':'@1','key':'ZN-1','kind':'zone','state':'draft','set':{}},"
                    "{'op':'attach','id':'@1','rev':2,'subst':1,'name':'a','sha256':'%s','size':%zu,'media':'m'},"
                    "{'op':'detach','id':'@1','rev':3,'subst':1,'name':'a'}]",
                    hex, strlen(text)));
        return log;
}

static bool blob_is_there(Fixture *f, const char *text)
{
        Digest digest = hash_sha256(text, strlen(text));
        g_autofree char *path = blob_file(f, &digest);

        return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* Content goes with the last project that names it, now or before, when the store is opened the next time; but not where another
 * process may be about to name it. */
static void test_collect(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) dumps = write_history(f);
        Id one = attach_to(f, "ONE", "only here"), two = attach_to(f, "TWO", "a manual");
        g_autoptr(GBytes) loose = g_bytes_new_static("named by nobody", 15);
        g_autofree char *wrong = NULL, *mark = g_build_filename(f->dir, "collect", NULL);
        const bool common = f->backend->blobs_common != NULL; /* the suite has the folder in common there */
        g_autoptr(GError) error = NULL;
        Digest digest;

        g_assert_cmpuint(dumps->len, >, 10);
        WORKS(store_blob_put(f->store, loose, &digest, &error));
        reopen(f);
        g_assert_true(blob_is_there(f, "named by nobody")); /* nothing was deleted yet */
        WORKS(store_write(f->store, delete_fn, &one, &error));
        WORKS(store_write(f->store, delete_fn, &two, &error));
        g_assert_true(blob_is_there(f, "only here")); /* somebody may be about to name it */
        reopen(f);
        g_assert_true(blob_is_there(f, "only here") == common);
        g_assert_true(blob_is_there(f, "named by nobody") == common);
        g_assert_true(blob_is_there(f, "a manual"));
        g_assert_true(g_file_test(mark, G_FILE_TEST_EXISTS) == common);
        wrong = problems(f, &f->log);
        g_assert_cmpstr(wrong, ==, "");
}

void conformance_add_trust(const StoreBackend *backend)
{
        CONFORM("trust/blobs", test_blobs);
        CONFORM("trust/sound", test_sound);
        CONFORM("trust/blob-missing", test_blob_missing);
        CONFORM("trust/erase", test_erase);
        CONFORM("trust/collect", test_collect);
}
