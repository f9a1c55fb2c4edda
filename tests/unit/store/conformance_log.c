/* Conformance: creating, opening, projects, commits and their rules, groups of writes, people. */
#include "conformance.h"

#include "base/error.h"
#include "base/jread.h"
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

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
        g_autoptr(Json) set = ops("[{'op':'setting','name':'a','value':1}]"), none = json_array();
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
        WORKS(write_draft(f, &draft, &seq, &error));
        g_assert_cmpuint(seq, ==, 2);
}

typedef struct {
        Fixture *f;
        Seq last;
        Instant time;
        unsigned n;
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
        seen->n++;
        return true;
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

        WORKS(store_seq_at(view, &f->log, seen.time, &at, &error));
        g_assert_cmpuint(at, ==, seen.last);
        WORKS(store_seq_at(view, &f->log, seen.time + 1000000, &at, &error));
        g_assert_cmpuint(at, ==, seen.last);
        WORKS(store_seq_at(view, &f->log, 1, &at, &error));
        g_assert_cmpuint(at, ==, 0);
}

/* ---- Groups ---- */

typedef struct {
        Fixture *f;
        pthread_mutex_t lock;
        pthread_cond_t open;
        bool gate; /* under lock */
} Gate;

typedef struct {
        Gate *gate;
        int n;
        bool ok;
        Seq seq;
        pthread_t thread;
} Member;

static bool gate_fn(StoreTxn *txn G_GNUC_UNUSED, void *payload, GError **error G_GNUC_UNUSED)
{
        Gate *gate = payload;

        pthread_mutex_lock(&gate->lock);
        while (!gate->gate)
                pthread_cond_wait(&gate->open, &gate->lock);
        pthread_mutex_unlock(&gate->lock);
        return true;
}

static bool member_fn(StoreTxn *txn, void *payload, GError **error)
{
        Member *member = payload;
        g_autoptr(Json) list =
                ops("[{'op':'create','id':'@%d','key':'AS-%d','kind':'asset','state':'draft','set':{}}]",
                    100 + member->n, 100 + member->n);
        CommitDraft draft = {
                .log = member->gate->f->log, .actor = id_of(5), .origin = ORIGIN_API, .ops = list
        };

        if (!store_txn_commit(txn, &draft, &member->seq, error))
                return false;
        if (member->n % 4 == 1) { /* a good commit, then the function changes its mind */
                error_set(error, ZW_ERR_STATE, NULL, "no");
                return false;
        }
        if (member->n % 4 == 2) { /* a refused commit, whose error the function swallows */
                Seq seq;

                return !store_txn_commit(txn, &draft, &seq, NULL);
        }
        return true;
}

static void *member_main(void *data)
{
        Member *member = data;
        g_autoptr(GError) error = NULL;

        member->ok = store_write(member->gate->f->store, member_fn, member, &error);
        if (member->ok)
                g_assert_no_error(error);
        else if (member->n % 4 == 1)
                g_assert_error(error, ZW_ERROR, ZW_ERR_STATE);
        else
                g_assert_error(error, ZW_ERROR, ZW_ERR_EXISTS);
        return NULL;
}

static void *gate_main(void *data)
{
        Gate *gate = data;

        g_assert_true(store_write(gate->f->store, gate_fn, gate, NULL));
        return NULL;
}

/* Sixteen wait behind one that is held up, so that they become one group. */
static void test_group(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        enum { MEMBERS = 16 };
        Gate gate = { .f = f, .lock = PTHREAD_MUTEX_INITIALIZER, .open = PTHREAD_COND_INITIALIZER };
        Member members[MEMBERS];
        pthread_t first;
        g_autofree char *found = NULL, *wrong = NULL;
        unsigned seqs = 0;

        g_assert_cmpint(pthread_create(&first, NULL, gate_main, &gate), ==, 0);
        for (int i = 0; i < MEMBERS; i++) {
                members[i] = (Member){ .gate = &gate, .n = i };
                g_assert_cmpint(pthread_create(&members[i].thread, NULL, member_main, &members[i]), ==, 0);
        }
        g_usleep(50000);
        pthread_mutex_lock(&gate.lock);
        gate.gate = true;
        pthread_cond_signal(&gate.open);
        pthread_mutex_unlock(&gate.lock);
        pthread_join(first, NULL);
        for (int i = 0; i < MEMBERS; i++)
                pthread_join(members[i].thread, NULL);
        found = dump_now(f);
        for (int i = 0; i < MEMBERS; i++) {
                g_autofree char *key = g_strdup_printf(" AS-%d ", 100 + i);
                bool kept = i % 4 == 0 || i % 4 == 3;

                g_assert_true(members[i].ok == kept);
                g_assert_true((strstr(found, key) != NULL) == kept);
                if (kept)
                        seqs |= 1U << members[i].seq;
        }
        g_assert_cmpuint(seqs, ==, ((1U << 8) - 1) << 2); /* 2 to 9, each once */
        wrong = problems(f, &f->log);
        g_assert_cmpstr(wrong, ==, "");
}

typedef struct {
        Fixture *f;
        int n;
        bool silent;
} TxnPlan;

static bool txn_fn(StoreTxn *txn, void *payload, GError **error)
{
        TxnPlan *plan = payload;
        g_autoptr(StoreItem) item = NULL;

        for (int i = 0; i < plan->n; i++) {
                g_autoptr(Json) list = ops(
                        "[{'op':'create','id':'@%d','key':'SYS-%d','kind':'system','state':'draft','set':{}}]",
                        i, i);
                CommitDraft draft = {
                        .log = plan->f->log, .actor = id_of(5), .origin = ORIGIN_API, .ops = list
                };
                Seq seq;

                if (!store_txn_commit(txn, &draft, &seq, error))
                        return false;
        }
        item = store_item_by_key(store_txn_view(txn), &plan->f->log, "SYS-1", ZW_SEQ_OPEN - 1, error);
        g_assert_nonnull(item); /* the pending tip is seen */
        if (plan->silent)
                return false;
        return true;
}

static void test_txn(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        TxnPlan plan = { .f = f, .n = 3, .silent = true };
        g_autoptr(GError) error = NULL;
        g_autoptr(StoreView) before = view_of(f);
        g_autofree char *old = NULL, *now = NULL;

        g_assert_false(store_write(f->store, txn_fn, &plan, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_INTERNAL);
        g_clear_error(&error);
        g_assert_cmpuint(head_of(f, &f->log), ==, 1);
        plan.silent = false;
        WORKS(store_write(f->store, txn_fn, &plan, &error)); /* several commits in one transaction */
        g_assert_cmpuint(head_of(f, &f->log), ==, 4);

        old = dump(before, &f->log, ZW_SEQ_OPEN - 1);
        g_assert_cmpstr(old, ==, "");
        WORKS(store_view_refresh(before, &error));
        now = dump(before, &f->log, ZW_SEQ_OPEN - 1);
        g_assert_nonnull(strstr(now, "SYS-2"));
}

/* ---- People ---- */

typedef struct {
        const char *name, *full_name;
        Id id, log;
        unsigned roles;
} PersonPlan;

static bool person_fn(StoreTxn *txn, void *payload, GError **error)
{
        PersonPlan *plan = payload;

        return store_txn_put_person(txn, plan->name, plan->full_name, &plan->id, error);
}

static bool roles_fn(StoreTxn *txn, void *payload, GError **error)
{
        PersonPlan *plan = payload;

        return store_txn_put_roles(txn, &plan->log, &plan->id, plan->roles, error);
}

static void test_people(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        PersonPlan ann = { .name = "ann", .full_name = "Ann A.", .log = f->log },
                   again = { .name = "ann", .full_name = "Ann B." };
        PersonPlan nobody = { .log = f->log, .id = id_of(4242), .roles = 1 },
                   bad = { .name = "", .full_name = "" };
        g_autoptr(StoreView) view = NULL;
        g_autoptr(StorePerson) by_name = NULL, by_id = NULL;
        g_autoptr(GError) error = NULL;
        Id other = create_project(f, "OTHER");
        unsigned roles = 77;

        WORKS(store_write(f->store, person_fn, &ann, &error));
        WORKS(store_write(f->store, person_fn, &again, &error));
        g_assert_true(id_equal(&ann.id, &again.id));
        ann.roles = 1U << ZW_ROLE_AUTHOR | 1U << ZW_ROLE_VIEWER;
        WORKS(store_write(f->store, roles_fn, &ann, &error));
        ann.roles = 1U << ZW_ROLE_AUTHOR | 1U << ZW_ROLE_REVIEWER;
        WORKS(store_write(f->store, roles_fn, &ann, &error));
        g_assert_false(store_write(f->store, roles_fn, &nobody, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
        g_clear_error(&error);
        g_assert_false(store_write(f->store, person_fn, &bad, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
        g_clear_error(&error);
        bad.name = "two\nlines";
        g_assert_false(store_write(f->store, person_fn, &bad, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
        g_clear_error(&error);

        reopen(f);
        view = view_of(f);
        by_name = store_find_person(view, "ann", &error);
        by_id = store_load_person(view, &ann.id, &error);
        g_assert_cmpstr(by_name->full_name, ==, "Ann B.");
        g_assert_cmpstr(by_id->name, ==, "ann");
        WORKS(store_load_roles(view, &f->log, &ann.id, &roles, &error));
        g_assert_cmpuint(roles, ==, ann.roles);
        WORKS(store_load_roles(view, &other, &ann.id, &roles, &error));
        g_assert_cmpuint(roles, ==, 0);
        g_assert_null(store_find_person(view, "Ann", &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
        g_clear_error(&error);
        g_assert_false(store_load_roles(view, &f->log, &nobody.id, &roles, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
}

void conformance_add_log(const StoreBackend *backend)
{
        CONFORM("create", test_create);
        CONFORM("lock", test_lock);
        CONFORM("projects", test_projects);
        CONFORM("delete", test_delete);
        CONFORM("request", test_request);
        CONFORM("draft-limits", test_draft_limits);
        CONFORM("commits", test_commits);
        CONFORM("group", test_group);
        CONFORM("txn", test_txn);
        CONFORM("people", test_people);
}
