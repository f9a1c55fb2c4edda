/* Conformance: creating, opening, projects, commits and their rules. */
#include "conformance.h"

#include "base/error.h"
#include "base/jread.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_create(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *other = path_of(f, "other");
        g_autofree char *missing = path_of(f, "missing");
        g_autofree char *stray = g_build_filename(other, "stray", NULL);
        g_autoptr(GError) error = NULL;
        struct stat facts;

        g_assert_cmpstr(store_dir(f->store), ==, f->dir);
        g_assert_cmpint(stat(f->dir, &facts), ==, 0);
        g_assert_cmpuint(facts.st_mode & 0777, ==, 0700);

        g_assert_false(store_create_with(f->backend, f->dir, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_EXISTS);
        g_clear_error(&error);
        g_assert_null(store_open_with(f->backend, missing, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
        g_clear_error(&error);

        g_assert_cmpint(g_mkdir(other, 0755), ==, 0);
        g_assert_null(store_open_with(f->backend, other, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
        g_clear_error(&error);
        g_assert_true(g_file_set_contents(stray, "x", 1, NULL));
        g_assert_false(store_create_with(f->backend, other, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_EXISTS);
        g_clear_error(&error);
        g_assert_cmpint(g_unlink(stray), ==, 0);
        WORKS(store_create_with(f->backend, other, &error)); /* empty is as good as absent */
        g_assert_no_error(error);
}

/* What a creation leaves behind when it is killed is taken over; one that another process is at is left alone. */
static void test_create_again(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const left[] = { "tmp", "blobs" };
        g_autofree char *dir = path_of(f, "killed"), *lock = g_build_filename(dir, "lock", NULL);
        g_autofree char *half = g_build_filename(dir, "tmp", "new-1", NULL);
        g_autoptr(GError) error = NULL;
        Store *store;
        int fd;

        g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
        for (size_t i = 0; i < G_N_ELEMENTS(left); i++) {
                g_autofree char *path = g_build_filename(dir, left[i], NULL);

                g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
        }
        g_assert_true(g_file_set_contents(half, "half a database", -1, NULL));
        fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        g_assert_cmpint(flock(fd, LOCK_EX), ==, 0);
        g_assert_false(store_create_with(f->backend, dir, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LOCKED);
        g_clear_error(&error);
        close(fd);
        WORKS(store_create_with(f->backend, dir, &error));
        store = store_open_with(f->backend, dir, &error);
        g_assert_no_error(error);
        g_assert_false(g_file_test(half, G_FILE_TEST_EXISTS));
        store_close(store);
}

/* A directory is the same by whatever way it is reached. */
static void test_symbolic_link(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *link_to_it = path_of(f, "link"), *folder = path_of(f, "folder");
        g_autofree char *inner = g_build_filename(folder, "data", NULL), *path = path_of(f, "backup.tar");
        g_autoptr(GError) error = NULL;
        Store *store;

        g_assert_cmpint(symlink(f->dir, link_to_it), ==, 0);
        g_assert_null(store_open_with(f->backend, link_to_it, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LOCKED);
        g_clear_error(&error);
        store_close(f->store);
        f->store = store_open_with(f->backend, link_to_it, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(store_dir(f->store), ==, f->dir);
        g_assert_cmpuint(head_of(f, &f->log), ==, 1);
        WORKS(store_backup(f->store, path, NULL, &error));

        g_assert_cmpint(symlink(f->tmp, folder), ==, 0);
        g_assert_cmpint(g_unlink(link_to_it), ==, 0);
        g_assert_false(store_create_with(f->backend, inner, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_EXISTS);
        g_clear_error(&error);
        g_clear_pointer(&path, g_free);
        path = g_build_filename(folder, "new", NULL);
        WORKS(store_create_with(f->backend, path, &error));
        store = store_open_with(f->backend, path, &error);
        g_assert_no_error(error);
        store_close(store);
        g_assert_cmpint(g_unlink(folder), ==, 0);
}

static void test_lock(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GError) error = NULL;

        g_assert_null(store_open_with(f->backend, f->dir, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LOCKED);
        g_assert_nonnull(strstr(error->message, "serve"));
        reopen(f); /* the refused attempt leaves no lock behind */
        g_assert_cmpuint(head_of(f, &f->log), ==, 1);
}

static bool make_fn(StoreTxn *txn, void *payload, GError **error)
{
        const char *key = payload;
        Id actor = id_of(1), log;

        return store_txn_create_project(txn, key, "T", true, &actor, ORIGIN_UI, &log, error);
}

static void test_projects(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const bad[] = { "", "a b", "ü", "k/1", "123456789012345678901234567890123" };
        g_autoptr(StoreView) view = NULL;
        g_autoptr(StoreProject) project = NULL;
        g_autoptr(GPtrArray) projects = NULL;
        g_autoptr(GError) error = NULL;
        char key[40] = "WW";

        g_assert_false(store_write(f->store, make_fn, key, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_EXISTS);
        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                g_clear_error(&error);
                g_strlcpy(key, bad[i], sizeof key);
                g_assert_false(store_write(f->store, make_fn, key, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
        }
        g_clear_error(&error);
        g_strlcpy(key, "A-plant_2", sizeof key);
        WORKS(store_write(f->store, make_fn, key, &error));

        view = view_of(f);
        projects = store_load_projects(view, &error);
        g_assert_cmpuint(projects->len, ==, 2);
        g_assert_cmpstr(((StoreProject *)projects->pdata[0])->key, ==, "A-plant_2");
        project = store_find_project(view, "WW", &error);
        g_assert_nonnull(project);
        g_assert_cmpstr(project->title, ==, "Water works");
        g_assert_false(project->sample);
        g_assert_true(((StoreProject *)projects->pdata[0])->sample);
        g_assert_cmpuint(project->head, ==, 1);
        g_assert_true(id_equal(&project->log, &f->log));
        g_assert_null(store_find_project(view, "ww", &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
}

static bool delete_fn(StoreTxn *txn, void *payload, GError **error)
{
        return store_txn_delete_project(txn, payload, error);
}

static void test_delete(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) dumps = write_history(f);
        Id other = create_project(f, "OTHER");
        g_autoptr(StoreView) old = view_of(f), view = NULL;
        g_autoptr(GError) error = NULL;
        g_autofree char *still = NULL, *found = NULL;

        commit_to(f, &other,
                  ops("[{'op':'create','id':'@1','key':'ZN-1','kind':'zone','state':'draft','set':{}}]"));
        WORKS(store_write(f->store, delete_fn, &f->log, &error));
        g_assert_false(store_write(f->store, delete_fn, &f->log, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
        g_clear_error(&error);

        still = dump(old, &f->log, 5); /* a view keeps what it saw */
        g_assert_cmpstr(still, ==, dumps->pdata[5]);
        view = view_of(f);
        g_assert_null(store_find_project(view, "WW", &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
        g_clear_error(&error);
        g_assert_null(store_item_by_key(view, &f->log, "ZN-1", 5, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
        found = dump(view, &other, 2);
        g_assert_nonnull(strstr(found, "ZN-1"));
        f->log = create_project(f, "WW"); /* the key is free again */
        g_assert_cmpuint(head_of(f, &f->log), ==, 1);
}

/* ---- Commits ---- */

static void test_request(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Json) set = ops("[{'op':'setting','name':'a','value':1}]");
        CommitDraft draft = {
                .log = f->log, .actor = f->actor, .origin = ORIGIN_API, .request = "r-1", .ops = set
        };
        Id other = create_project(f, "OTHER");
        g_autoptr(GError) error = NULL;
        Seq seq = 0;

        WORKS(write_draft(f, &draft, &seq, &error));
        g_assert_cmpuint(seq, ==, 2);
        g_assert_false(write_draft(f, &draft, &seq, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_EXISTS);
        g_assert_cmpstr(error_where(error), ==, "seq 2");
        g_clear_error(&error);
        draft.request = "r-2";
        WORKS(write_draft(f, &draft, &seq, &error));
        draft.log = other; /* request ids belong to a log */
        WORKS(write_draft(f, &draft, &seq, &error));
        reopen(f);
        g_assert_false(write_draft(f, &draft, &seq, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_EXISTS);
}

static void test_draft_limits(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Json) set = ops("[{'op':'setting','name':'a','value':1}]"), none = json_array(),
                        many = json_array();
        g_autofree char *long_text = g_strnfill(ZW_MESSAGE_MAX + 1, 'x');
        CommitDraft draft = { .log = f->log, .actor = f->actor, .origin = ORIGIN_API, .ops = none };
        g_autoptr(GError) error = NULL;
        Seq seq = 0;

        g_assert_false(write_draft(f, &draft, &seq, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
        g_clear_error(&error);
        draft.ops = set;
        draft.message = long_text;
        g_assert_false(write_draft(f, &draft, &seq, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
        g_clear_error(&error);
        draft.message = "\xff\xfe";
        g_assert_false(write_draft(f, &draft, &seq, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_ENCODING);
        g_clear_error(&error);
        draft.message = NULL;
        draft.request = long_text;
        g_assert_false(write_draft(f, &draft, &seq, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
        g_clear_error(&error);
        draft.request = NULL;
        draft.log = id_of(12345);
        g_assert_false(write_draft(f, &draft, &seq, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
        g_clear_error(&error);
        draft.log = f->log;
        for (int i = 0; i <= ZW_COMMIT_OPS_MAX; i++)
                json_array_append(many, json_array_get(set, 0));
        draft.ops = many;
        g_assert_false(write_draft(f, &draft, &seq, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
        g_clear_error(&error);
        draft.ops = set;
        WORKS(write_draft(f, &draft, &seq, &error));
        g_assert_cmpuint(seq, ==, 2);
}

typedef struct {
        Fixture *f;
        Seq last;
        Instant time;
        unsigned n;
        Instant times[32]; /* by seq */
} CommitsSeen;

static bool commit_seen(const StoreCommit *commit, void *payload, GError **error G_GNUC_UNUSED)
{
        CommitsSeen *seen = payload;
        Digest hash = commit_hash(commit->header);

        g_assert_cmpuint(commit->seq, ==, seen->last + 1);
        g_assert_true(digest_equal(&hash, &commit->hash));
        g_assert_true(id_equal(&commit->actor, &seen->f->actor));
        g_assert_cmpint(commit->time, >=, seen->time);
        g_assert_cmpint(commit->origin, ==, ORIGIN_CLI);
        g_assert_cmpuint(json_array_size(commit->ops), >, 0);
        g_assert_cmpstr(commit->message, ==, commit->seq == 1 ? "" : "why");
        seen->last = commit->seq;
        seen->time = commit->time;
        seen->times[commit->seq] = commit->time;
        seen->n++;
        return true;
}

static bool is_link(const char *text, size_t n, void *payload G_GNUC_UNUSED)
{
        return g_strstr_len(text, (gssize)n, "\"op\":\"link\"") != NULL;
}

typedef struct {
        size_t links, nulls, others;
} OpsSeen;

static bool ops_count(const StoreCommit *commit, void *payload, GError **error G_GNUC_UNUSED)
{
        OpsSeen *seen = payload;
        const json_t *op;
        size_t i;

        json_array_foreach((json_t *)(uintptr_t)commit->ops, i,
                           op)++ *(json_is_null(op)                                     ? &seen->nulls
                                   : g_strcmp0(jread_get_string(op, "op"), "link") == 0 ? &seen->links
                                                                                        : &seen->others);
        return true;
}

/* Commits without a wanted operation are left out; of others the rest stands as null. */
static void test_commits_of(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(StoreView) view = NULL;
        g_autoptr(GError) error = NULL;
        OpsSeen some = { 0 }, all = { 0 };

        g_ptr_array_unref(write_history(f));
        view = view_of(f);
        WORKS(store_each_commit_of(view, &f->log, 1, ZW_SEQ_OPEN, is_link, ops_count, &some, &error));
        WORKS(store_each_commit(view, &f->log, 1, ZW_SEQ_OPEN, ops_count, &all, &error));
        g_assert_cmpuint(all.links, >, 0);
        g_assert_cmpuint(all.others, >, 0);
        g_assert_cmpuint(some.links, ==, all.links);
        g_assert_cmpuint(some.others, ==, 0);
        g_assert_cmpuint(some.nulls, >, 0);
        g_assert_cmpuint(some.nulls, <, all.nulls + all.others);
}

static bool stop_at_3(const StoreCommit *commit, void *payload, GError **error)
{
        *(Seq *)payload = commit->seq;
        if (commit->seq == 3)
                error_set(error, ZW_ERR_STATE, NULL, "enough");
        return commit->seq != 3;
}

static void test_commits(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) dumps = write_history(f);
        g_autoptr(StoreView) view = view_of(f);
        g_autoptr(StoreProject) project = store_find_project(view, "WW", NULL);
        CommitsSeen seen = { .f = f };
        g_autoptr(GError) error = NULL;
        Seq last = 0, at;

        WORKS(store_each_commit(view, &f->log, 1, ZW_SEQ_OPEN, commit_seen, &seen, &error));
        g_assert_cmpuint(seen.n, ==, dumps->len - 1);
        g_assert_cmpuint(project->head, ==, seen.last);
        g_assert_cmpint(project->changed, ==, seen.time);
        g_assert_false(store_each_commit(view, &f->log, 1, 10, stop_at_3, &last, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_STATE);
        g_assert_cmpuint(last, ==, 3);
        g_clear_error(&error);

        for (Seq seq = 1; seq <= seen.last; seq++) { /* of several at one time the newest */
                Seq newest = seq;

                while (newest < seen.last && seen.times[newest + 1] == seen.times[seq])
                        newest++;
                WORKS(store_seq_at(view, &f->log, seen.times[seq], &at, &error));
                g_assert_cmpuint(at, ==, newest);
                WORKS(store_seq_at(view, &f->log, seen.times[seq] - 1, &at, &error));
                g_assert_cmpuint(at, <, seq);
        }
        seen.n = 0;
        seen.last = 9;
        seen.time = 0;
        WORKS(store_each_commit(view, &f->log, 10, 10, commit_seen, &seen, &error));
        g_assert_cmpuint(seen.n, ==, 1);
        WORKS(store_each_commit(view, &f->log, 1000, ZW_SEQ_OPEN, commit_seen, &seen, &error));
        WORKS(store_each_commit(view, &f->log, 5, 4, commit_seen, &seen, &error));
        g_assert_cmpuint(seen.n, ==, 1);
        seen.last = project->head;
        seen.time = project->changed;
        WORKS(store_seq_at(view, &f->log, seen.time + 1000000, &at, &error));
        g_assert_cmpuint(at, ==, seen.last);
        WORKS(store_seq_at(view, &f->log, 1, &at, &error));
        g_assert_cmpuint(at, ==, 0);
}

void conformance_add_log(const StoreBackend *backend)
{
        CONFORM("create", test_create);
        CONFORM("create-again", test_create_again);
        CONFORM("symbolic-link", test_symbolic_link);
        CONFORM("lock", test_lock);
        CONFORM("projects", test_projects);
        CONFORM("delete", test_delete);
        CONFORM("request", test_request);
        CONFORM("draft-limits", test_draft_limits);
        CONFORM("commits", test_commits);
        CONFORM("commits-of", test_commits_of);
}
