/* Several processes over one database: two stores with a directory each, in one process here. Run by tests/tools/postgres.py,
 * which names a cluster and gives each test a schema of its own. */
#include "support.h"

#include "base/error.h"
#include "base/jread.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum { WRITERS = 4, COMMITS = 12 };

/* The address of the store that `dir` has, as another directory is told it. */
static void join(const char *dir, const char *other)
{
        g_autofree char *path = g_build_filename(dir, "store.db", NULL), *text = NULL;
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) place = NULL;

        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
        place = jread_parse(text, strlen(text), NULL);
        g_setenv("ZONEWRIGHT_DATABASE_SCHEMA", jread_get_string(place, "schema"), TRUE);
        WORKS(store_join(jread_get_string(place, "database"), other, &error));
        g_setenv("ZONEWRIGHT_DATABASE_SCHEMA", "*", TRUE);
}

static Fixture second_node(Fixture *f)
{
        Fixture second = { .backend = f->backend,
                           .tmp = f->tmp,
                           .dir = path_of(f, "second"),
                           .log = f->log,
                           .actor = f->actor };
        g_autoptr(GError) error = NULL;

        join(f->dir, second.dir);
        second.store = store_open(second.dir, &error);
        g_assert_no_error(error);
        return second;
}

static void second_close(Fixture *second)
{
        store_close(second->store);
        g_free(second->dir);
}

/* ---- Writing on both at once ---- */

typedef struct {
        Fixture *f;
        int n;
        Seq seqs[COMMITS];
        pthread_t thread;
} NodeWriter;

static void *write_main(void *data)
{
        NodeWriter *writer = data;

        for (int i = 0; i < COMMITS; i++) {
                const int item = 1000 + writer->n * COMMITS + i;

                writer->seqs[i] = commit(
                        writer->f,
                        ops("[{'op':'create','id':'@%d','key':'SYS-%d','kind':'system','state':'draft','set':{'title':'x'}}]",
                            item, item));
        }
        return NULL;
}

/* Follows the log as a node does, from the newest commit it has seen: what it is given is each commit once, in order. A number
 * that is given out before it is committed, as a sequence does it, would be passed over here. */
typedef struct {
        Fixture *f;
        int stop; /* atomic */
        Seq seen;
        bool gap;
        pthread_t thread;
} Follower;

static void follow_commit(Seq seq, void *payload)
{
        Follower *follower = payload;

        follower->gap = follower->gap || seq != follower->seen + 1;
        follower->seen = seq;
}

static void *follow_main(void *data)
{
        Follower *follower = data;
        const StoreFeed feed = { .commit = follow_commit };
        bool last = false;

        while (!last) {
                g_autoptr(StoreView) view = NULL;
                g_autoptr(StoreProject) project = NULL;
                g_autoptr(GError) error = NULL;

                last = g_atomic_int_get(&follower->stop) != 0;
                view = view_of(follower->f);
                project = store_find_project(view, "WW", &error);
                g_assert_no_error(error);
                g_assert_cmpuint(project->head, >=, follower->seen); /* never backwards */
                WORKS(store_feed(view, &follower->f->log, follower->seen, project->head, &feed, follower,
                                 &error));
                g_assert_cmpuint(follower->seen, ==, project->head);
        }
        return NULL;
}

static void test_write(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        Fixture second = second_node(f);
        Follower follower = { .f = &second };
        NodeWriter writers[WRITERS];
        const Seq all = 1 + WRITERS * COMMITS;
        g_autofree bool *seen = g_new0(bool, all + 1);
        g_autofree char *here = NULL, *there = NULL, *wrong = NULL;

        g_assert_cmpint(pthread_create(&follower.thread, NULL, follow_main, &follower), ==, 0);
        for (int i = 0; i < WRITERS; i++) {
                writers[i] = (NodeWriter){ .f = i % 2 == 0 ? f : &second, .n = i };
                g_assert_cmpint(pthread_create(&writers[i].thread, NULL, write_main, &writers[i]), ==, 0);
        }
        for (int i = 0; i < WRITERS; i++)
                pthread_join(writers[i].thread, NULL);
        g_atomic_int_set(&follower.stop, 1);
        pthread_join(follower.thread, NULL);
        for (int i = 0; i < WRITERS; i++)
                for (int j = 0; j < COMMITS; j++) {
                        g_assert_cmpuint(writers[i].seqs[j], <=, all);
                        g_assert_false(
                                seen[writers[i]
                                             .seqs[j]]); /* each number once: nothing acknowledged is lost */
                        seen[writers[i].seqs[j]] = true;
                }
        g_assert_false(follower.gap);
        g_assert_cmpuint(follower.seen, ==, all);
        here = dump_now(f);
        there = dump_now(&second);
        g_assert_cmpstr(here, ==, there);
        wrong = problems(&second, &f->log);
        g_assert_cmpstr(wrong, ==, "");
        second_close(&second);
}

/* Of two that write the same revision one is refused, whichever node it came to; a request is done once on all. */
static void test_conflict(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        Fixture second = second_node(f);
        g_autoptr(Json) list = ops("[{'op':'setting','name':'a','value':1}]");
        CommitDraft draft = {
                .log = f->log, .actor = f->actor, .origin = ORIGIN_API, .request = "r-1", .ops = list
        };
        g_autoptr(GError) error = NULL;
        Seq seq, again;

        commit(f,
               ops("[{'op':'create','id':'@1','key':'ZN-1','kind':'zone','state':'draft','set':{'title':'a'}}]"));
        commit(&second, ops("[{'op':'update','id':'@1','rev':2,'subst':2,'set':{'title':'b'}}]"));
        refuse(f, ops("[{'op':'update','id':'@1','rev':2,'subst':2,'set':{'title':'c'}}]"), ZW_ERR_CONFLICT,
               NULL);
        refuse(f, ops("[{'op':'create','id':'@2','key':'ZN-1','kind':'zone','state':'draft','set':{}}]"),
               ZW_ERR_EXISTS, NULL);
        WORKS(write_draft(f, &draft, &seq, &error));
        g_assert_false(write_draft(&second, &draft, &again, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_EXISTS);
        g_assert_cmpstr(error_where(error), ==, "seq 4");
        second_close(&second);
}

/* An account is read and written whole; what two nodes do to it at once is done both. */
typedef struct {
        Fixture *f;
        Id person;
        pthread_t thread;
} AccountWriter;

static bool person_make(StoreTxn *txn, void *payload, GError **error)
{
        StoreAccount account = { 0 };
        Id *person = payload;

        if (!store_txn_put_person(txn, "ann", "Ann", person, error))
                return false;
        account.person = *person;
        return store_txn_put_account(txn, &account, error);
}

static bool account_fail(StoreTxn *txn, void *payload, GError **error)
{
        StoreAccount account;

        if (!store_load_account(store_txn_view(txn), payload, &account, error))
                return false;
        account.failures++;
        return store_txn_put_account(txn, &account, error);
}

static void *account_main(void *data)
{
        AccountWriter *writer = data;
        g_autoptr(GError) error = NULL;

        for (int i = 0; i < COMMITS; i++)
                WORKS(store_write(writer->f->store, account_fail, &writer->person, &error));
        return NULL;
}

static void test_account(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        Fixture second = second_node(f);
        AccountWriter writers[] = { { .f = f }, { .f = &second } };
        g_autoptr(GError) error = NULL;
        StoreAccount account;

        WORKS(store_write(f->store, person_make, &writers[0].person, &error));
        writers[1].person = writers[0].person;
        for (size_t i = 0; i < G_N_ELEMENTS(writers); i++)
                g_assert_cmpint(pthread_create(&writers[i].thread, NULL, account_main, &writers[i]), ==, 0);
        for (size_t i = 0; i < G_N_ELEMENTS(writers); i++)
                pthread_join(writers[i].thread, NULL);
        {
                g_autoptr(StoreView) view = view_of(f);

                WORKS(store_load_account(view, &writers[0].person, &account, &error));
                g_assert_cmpuint(account.failures, ==, 2 * COMMITS);
        }
        second_close(&second);
}

/* ---- Jobs ---- */

static bool job_put(StoreTxn *txn, void *payload, GError **error)
{
        return store_txn_put_job(txn, payload, error);
}

static bool jobs_interrupt(StoreTxn *txn, void *payload G_GNUC_UNUSED, GError **error)
{
        return store_txn_interrupt_jobs(txn, 5, "{}", error);
}

static bool state_keep(const StoreJob *job, void *payload, GError **error G_GNUC_UNUSED)
{
        *(JobState *)payload = job->state;
        return true;
}

static JobState state_of(Fixture *f, const Id *job)
{
        g_autoptr(StoreView) view = view_of(f);
        g_autoptr(GError) error = NULL;
        JobState state = JOB_STATES;

        WORKS(store_each_job(view, NULL, job, 1, state_keep, &state, &error));
        return state;
}

/* A node that starts leaves alone what another one works on; what was taken for left behind stays so, though its node comes late. */
static void test_jobs(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        Fixture second = second_node(f);
        StoreJob job = {
                .id = id_of(7), .kind = "report", .state = JOB_RUNNING, .created = 1, .started = 2, .unit = ""
        };
        g_autoptr(GError) error = NULL;

        WORKS(store_write(f->store, person_make, &job.person, &error));
        WORKS(store_write(f->store, job_put, &job, &error));
        WORKS(store_write(second.store, jobs_interrupt, NULL, &error));
        g_assert_cmpint(state_of(&second, &job.id), ==, JOB_RUNNING);
        job.state = JOB_QUEUED;
        g_assert_false(store_write(second.store, job_put, &job, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_EXISTS);
        g_clear_error(&error);
        g_assert_cmpint(state_of(&second, &job.id), ==, JOB_RUNNING);
        WORKS(store_write(f->store, jobs_interrupt, NULL, &error));
        g_assert_cmpint(state_of(&second, &job.id), ==, JOB_FAILED);
        WORKS(store_write(f->store, job_put, &job, &error));
        job.state = JOB_DONE;
        job.ended = 9;
        WORKS(store_write(f->store, job_put, &job, &error));
        g_assert_cmpint(state_of(&second, &job.id), ==, JOB_FAILED);
        second_close(&second);
}

/* ---- Webhooks ---- */

static bool hook_add(StoreTxn *txn, void *payload, GError **error)
{
        return store_txn_add_webhook(txn, payload, error);
}

typedef struct {
        StoreWebhook hook;
        Instant held;
        bool kept;
} Telling;

static bool hook_take(StoreTxn *txn, void *payload, GError **error)
{
        Telling *telling = payload;

        return store_txn_take_webhook(txn, &telling->hook, &telling->held, error);
}

static bool hook_note(StoreTxn *txn, void *payload, GError **error)
{
        Telling *telling = payload;

        return store_txn_note_webhook(txn, &telling->hook, telling->held, &telling->kept, error);
}

static bool seq_keep(const StoreWebhook *hook, void *payload, GError **error G_GNUC_UNUSED)
{
        *(Seq *)payload = hook->seq;
        return true;
}

static Seq told_of(Fixture *f)
{
        g_autoptr(StoreView) view = view_of(f);
        g_autoptr(GError) error = NULL;
        Seq seq = 0;

        WORKS(store_each_webhook(view, &f->log, seq_keep, &seq, &error));
        return seq;
}

/* Of two nodes that read the same one delivers; a node that lost it while it delivered, and one that is behind, changes nothing. */
static void test_webhook(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        Fixture second = second_node(f);
        Telling here = { .hook = { .id = id_of(8),
                                   .log = f->log,
                                   .url = "https://x.example/",
                                   .outcome = "200" } },
                there;
        g_autoptr(GError) error = NULL;

        g_assert_true(store_takes_webhooks(f->store));
        WORKS(store_write(f->store, person_make, &here.hook.person, &error));
        WORKS(store_write(f->store, hook_add, &here.hook, &error));
        there = here;
        WORKS(store_write(f->store, hook_take, &here, &error));
        WORKS(store_write(second.store, hook_take, &there, &error));
        g_assert_cmpint(here.held, >, instant_now() + 30000);
        g_assert_cmpint(there.held, ==, 0);
        there.hook.next = here.held; /* as it is read now: not before that is over */
        WORKS(store_write(second.store, hook_take, &there, &error));
        g_assert_cmpint(there.held, ==, 0);

        here.hook.seq = 5;
        there.hook.seq = 7;
        WORKS(store_write(second.store, hook_note, &there, &error));
        g_assert_false(there.kept);
        WORKS(store_write(f->store, hook_note, &here, &error));
        g_assert_true(here.kept);
        g_assert_cmpuint(told_of(&second), ==, 5);
        there.hook.seq = 3;
        WORKS(store_write(second.store, hook_note, &there, &error));
        g_assert_cmpuint(told_of(&second), ==, 5);
        WORKS(store_write(second.store, hook_take, &there, &error)); /* as it was before */
        g_assert_cmpint(there.held, ==, 0);
        there.hook.seq = 5;
        there.hook.next = 0;
        WORKS(store_write(second.store, hook_take, &there, &error));
        g_assert_cmpint(there.held, >, 0);
        second_close(&second);
}

/* ---- Learning of it ---- */

static void tell(void *payload)
{
        g_atomic_int_inc((int *)payload);
}

/* What another node committed is there for the next who asks, and who waits is told within a second. */
static void test_learn(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        Fixture second = second_node(f);
        const gint64 limit = G_USEC_PER_SEC;
        int told = 0;
        uint64_t before;
        gint64 begun;

        store_listen(second.store, tell, &told);
        before = store_generation(second.store);
        g_assert_cmpuint(before % 2, ==, 0);
        g_assert_cmpuint(store_generation(second.store), ==, before);
        begun = g_get_monotonic_time();
        commit(f, ops("[{'op':'setting','name':'a','value':1}]"));
        g_assert_cmpuint(store_generation(second.store), >, before);
        g_assert_cmpuint(store_generation(second.store) % 2, ==, 0);
        g_assert_cmpuint(head_of(&second, &f->log), ==, 2);
        while (g_atomic_int_get(&told) == 0 && g_get_monotonic_time() - begun < 20 * limit)
                g_usleep(2000);
        g_assert_cmpint(g_atomic_int_get(&told), >, 0);
        g_test_message("told after %" G_GINT64_FORMAT " us", g_get_monotonic_time() - begun);
        store_listen(second.store, NULL, NULL);
        second_close(&second);
}

/* ---- Content ---- */

static void test_content(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *text = g_strnfill((3 << 20) + 7, 'x');
        g_autoptr(GBytes) large = g_bytes_new(text, strlen(text)), none = g_bytes_new_static("", 0);
        g_autoptr(GBytes) there = NULL, empty = NULL;
        g_autoptr(GError) error = NULL;
        Fixture second;
        Digest digest, no_digest, unknown = hash_sha256("never put", 9);

        second = second_node(f);
        WORKS(store_blob_put(second.store, large, &digest, &error));
        WORKS(store_blob_put(second.store, none, &no_digest, &error));
        second_close(&second);
        {
                g_autofree char *dir = path_of(f, "third");
                g_autoptr(Store) third = NULL;

                join(f->dir, dir);
                third = store_open(dir, &error);
                g_assert_no_error(error);
                there = store_blob_load(third, &digest, 8 << 20, &error);
                g_assert_no_error(error);
                g_assert_true(g_bytes_equal(there, large));
                empty = store_blob_load(third, &no_digest, 8, &error);
                g_assert_no_error(error);
                g_assert_cmpuint(g_bytes_get_size(empty), ==, 0);
                g_assert_cmpint(store_blob_open(third, &unknown, &error), ==, -1);
                g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
        }
}

/* ---- Moving ---- */

static void export_to(Store *store, const Id *log, const char *path)
{
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        g_autoptr(GError) error = NULL;

        WORKS(store_export_project(store, log, fd, NULL, &error));
        close(fd);
}

static void import_to(Store *store, const char *path, Id *ret_log)
{
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        g_autoptr(GError) error = NULL;

        WORKS(store_import_project(store, fd, NULL, NULL, NULL, ret_log, &error));
        close(fd);
}

static void same_bytes(const char *one, const char *other)
{
        g_autofree char *a = NULL, *b = NULL;
        gsize n, m;

        g_assert_true(g_file_get_contents(one, &a, &n, NULL));
        g_assert_true(g_file_get_contents(other, &b, &m, NULL));
        g_assert_cmpuint(n, ==, m);
        g_assert_true(memcmp(a, b, n) == 0);
}

/* A project goes from one database to the other and back, byte for byte; so does a whole backup. */
static void test_move(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) dumps = write_history(f);
        g_autofree char *file = path_of(f, "a.zw"), *again = path_of(f, "b.zw"), *last = path_of(f, "c.zw");
        g_autofree char *dir = path_of(f, "plain"), *backup = path_of(f, "backup.tar"),
                        *back = path_of(f, "back");
        g_autoptr(Store) plain = NULL, restored = NULL;
        g_autoptr(GError) error = NULL;
        Id log;

        g_assert_cmpuint(dumps->len, >, 10);
        export_to(f->store, &f->log, file);
        WORKS(store_create(dir, &error));
        plain = store_open(dir, &error);
        g_assert_no_error(error);
        import_to(plain, file, &log);
        export_to(plain, &log, again);
        same_bytes(file, again);
        WORKS(store_backup(plain, backup, NULL, &error));
        WORKS(store_restore_in(g_getenv("ZONEWRIGHT_DATABASE"), backup, back, NULL, &error));
        restored = store_open(back, &error);
        g_assert_no_error(error);
        export_to(restored, &log, last);
        same_bytes(file, last);
}

/* ---- Refusals ---- */

static void test_refused(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *dir = path_of(f, "none"), *database = path_of(f, "nowhere"),
                        *half = path_of(f, "half");
        g_autofree char *nowhere = g_strdup_printf("host=%s dbname=x", database);
        g_autoptr(GError) error = NULL;

        g_assert_false(store_make_in(nowhere, dir, NULL, NULL, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_STORAGE);
        g_assert_false(g_file_test(dir, G_FILE_TEST_EXISTS));
        g_clear_error(&error);
        g_setenv("ZONEWRIGHT_DATABASE_SCHEMA", "no_such_schema", TRUE);
        g_assert_false(store_join(g_getenv("ZONEWRIGHT_DATABASE"), dir, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
        g_clear_error(&error);
        /* One whose making was not ended is nobody's to join, and joining does not end it. */
        g_setenv("ZONEWRIGHT_DATABASE_SCHEMA", "half_made", TRUE);
        WORKS(store_postgres.create(half, NULL, &error));
        for (int i = 0; i < 2; i++) {
                g_assert_false(store_join(g_getenv("ZONEWRIGHT_DATABASE"), dir, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
                g_clear_error(&error);
        }
        g_setenv("ZONEWRIGHT_DATABASE_SCHEMA", "a\"; DROP", TRUE);
        g_assert_false(store_make_in(g_getenv("ZONEWRIGHT_DATABASE"), dir, NULL, NULL, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
        g_clear_error(&error);
        g_setenv("ZONEWRIGHT_DATABASE_SCHEMA", "here_once", TRUE);
        WORKS(store_make_in(g_getenv("ZONEWRIGHT_DATABASE"), dir, NULL, NULL, &error));
        g_free(dir);
        dir = path_of(f, "other");
        g_assert_false(store_make_in(g_getenv("ZONEWRIGHT_DATABASE"), dir, NULL, NULL, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_EXISTS);
        g_assert_false(g_file_test(dir, G_FILE_TEST_EXISTS));
        g_setenv("ZONEWRIGHT_DATABASE_SCHEMA", "*", TRUE);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        hash_init();
#define NODES(path, function) \
        g_test_add("/store/nodes/" path, Fixture, &store_postgres, set_up, function, tear_down)
        NODES("write", test_write);
        NODES("conflict", test_conflict);
        NODES("account", test_account);
        NODES("jobs", test_jobs);
        NODES("webhook", test_webhook);
        NODES("learn", test_learn);
        NODES("content", test_content);
        NODES("move", test_move);
        NODES("refused", test_refused);
        return g_test_run();
}
