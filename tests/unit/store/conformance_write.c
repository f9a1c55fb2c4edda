/* Conformance: groups of writes and their transactions, readers beside the writer, people. */
#include "conformance.h"

#include "base/error.h"
#include "base/jread.h"
#include <string.h>

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

/* However often its function ran, a member that was acknowledged is there once, and its payload is that of the run that
 * was kept. */
static void member_find(Fixture *f, const char *key, Seq seq, unsigned *seqs)
{
        g_autofree char *trimmed = g_strstrip(g_strdup(key));
        g_autoptr(StoreView) view = view_of(f);
        g_autoptr(StoreItem) item = store_item_by_key(view, &f->log, trimmed, ZW_SEQ_OPEN, NULL);

        g_assert_nonnull(item);
        g_assert_cmpuint(store_item_rev(item)->from_seq, ==, seq);
        *seqs |= 1U << seq;
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
                        member_find(f, key, members[i].seq, &seqs);
        }
        g_assert_cmpuint(seqs, ==, ((1U << 8) - 1) << 2); /* 2 to 9, each once */
        wrong = problems(f, &f->log);
        g_assert_cmpstr(wrong, ==, "");
}

typedef struct {
        Fixture *f;
        bool fails;
        uint64_t seen;
} GenerationWrite;

static bool generation_fn(StoreTxn *txn G_GNUC_UNUSED, void *payload, GError **error)
{
        GenerationWrite *write = payload;

        write->seen = store_generation(write->f->store);
        if (write->fails)
                error_set(error, ZW_ERR_STATE, NULL, "no");
        return !write->fails;
}

/* Odd while something may become visible, another even number when it was acknowledged; the same beside it. */
static void test_generation(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        GenerationWrite write = { .f = f }, refused = { .f = f, .fails = true };
        const uint64_t before = store_generation(f->store);

        g_assert_cmpuint(before % 2, ==, 0);
        g_assert_true(store_write(f->store, generation_fn, &write, NULL));
        g_assert_cmpuint(write.seen, ==, before + 1);
        g_assert_cmpuint(store_generation(f->store), ==, before + 2);
        g_assert_false(store_write(f->store, generation_fn, &refused, NULL));
        g_assert_cmpuint(store_generation(f->store), ==, before + 4);
        g_assert_true(store_write_aside(f->store, generation_fn, &write, NULL));
        g_assert_cmpuint(write.seen, ==, before + 4);
        g_assert_cmpuint(store_generation(f->store), ==, before + 4);
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

/* ---- A transaction after a call of it failed ---- */

static bool given_up_fn(StoreTxn *txn, void *payload, GError **error)
{
        Fixture *f = payload;
        g_autoptr(Json) bad = ops("[{'op':'unlink','from':'@1','type':'uses','to':'@2'}]");
        g_autoptr(Json) good = ops("[{'op':'setting','name':'a','value':1}]");
        CommitDraft draft = { .log = f->log, .actor = id_of(5), .origin = ORIGIN_API, .ops = bad };
        g_autoptr(GError) later = NULL;
        Seq seq = 77;
        Id id;

        g_assert_false(store_txn_commit(txn, &draft, &seq, error));
        g_clear_error(error);
        draft.ops = good;
        g_assert_false(store_txn_commit(txn, &draft, &seq, &later));
        g_assert_error(later, ZW_ERROR, ZW_ERR_NOT_FOUND);
        g_assert_false(store_txn_put_person(txn, "ann", "", &id, NULL));
        g_assert_false(store_txn_delete_project(txn, &f->log, NULL));
        g_assert_cmpuint(seq, ==, 77);
        return true;
}

static void test_given_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(StoreView) view = NULL;
        g_autoptr(GError) error = NULL;

        g_assert_false(store_write(f->store, given_up_fn, f, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND); /* that of the first call */
        g_assert_cmpuint(head_of(f, &f->log), ==, 1);
        view = view_of(f);
        g_assert_null(store_find_person(view, "ann", NULL));
}

/* ---- Readers and closing while a write lasts ---- */

typedef struct {
        Fixture *f;
        pthread_mutex_t lock;
        pthread_cond_t moved;
        bool inside, go_on, ok; /* under lock */
} Held;

static bool held_fn(StoreTxn *txn, void *payload, GError **error)
{
        Held *held = payload;
        g_autoptr(Json) list = ops("[{'op':'setting','name':'held','value':true}]");
        CommitDraft draft = { .log = held->f->log, .actor = id_of(5), .origin = ORIGIN_API, .ops = list };
        Seq seq;

        if (!store_txn_commit(txn, &draft, &seq, error))
                return false;
        pthread_mutex_lock(&held->lock);
        held->inside = true;
        pthread_cond_broadcast(&held->moved);
        while (!held->go_on)
                pthread_cond_wait(&held->moved, &held->lock);
        pthread_mutex_unlock(&held->lock);
        return true;
}

static void *held_main(void *data)
{
        Held *held = data;

        held->ok = store_write(held->f->store, held_fn, held, NULL);
        return NULL;
}

static void held_begin(Held *held, pthread_t *thread)
{
        g_assert_cmpint(pthread_create(thread, NULL, held_main, held), ==, 0);
        pthread_mutex_lock(&held->lock);
        while (!held->inside)
                pthread_cond_wait(&held->moved, &held->lock);
        pthread_mutex_unlock(&held->lock);
}

static void held_end(Held *held)
{
        pthread_mutex_lock(&held->lock);
        held->go_on = true;
        pthread_cond_broadcast(&held->moved);
        pthread_mutex_unlock(&held->lock);
}

static Seq head_in(StoreView *view, const Id *log)
{
        g_autoptr(StoreProject) project = store_find_project(view, "WW", NULL);

        g_assert_true(id_equal(&project->log, log));
        return project->head;
}

static void test_readers(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        Held held = { .f = f, .lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER };
        g_autoptr(StoreView) before = view_of(f), meanwhile = NULL, after = NULL;
        g_autoptr(GError) error = NULL;
        pthread_t thread;

        held_begin(
                &held,
                &thread); /* from here on the writer stands still: a reader that waits for it waits for ever */
        g_assert_cmpuint(head_in(before, &f->log), ==, 1);
        WORKS(store_view_refresh(before, &error));
        meanwhile = view_of(f);
        g_assert_cmpuint(head_in(before, &f->log), ==, 1);
        g_assert_cmpuint(head_in(meanwhile, &f->log), ==, 1);
        held_end(&held);
        pthread_join(thread, NULL);
        g_assert_true(held.ok);
        after = view_of(f);
        g_assert_cmpuint(head_in(after, &f->log), ==, 2); /* what was acknowledged is seen at once */
        g_assert_cmpuint(head_in(meanwhile, &f->log), ==, 1);
        WORKS(store_view_refresh(meanwhile, &error));
        g_assert_cmpuint(head_in(meanwhile, &f->log), ==, 2);
}

static void *close_main(void *data)
{
        store_close(data);
        return NULL;
}

static void test_close_waits(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        Held held = { .f = f, .lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER };
        g_autoptr(GError) error = NULL;
        pthread_t writing, closing;

        held_begin(&held, &writing);
        g_assert_cmpint(pthread_create(&closing, NULL, close_main, f->store), ==, 0);
        held_end(&held);
        pthread_join(writing, NULL);
        pthread_join(closing, NULL);
        g_assert_true(held.ok);
        f->store = store_open_with(f->backend, f->dir, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(head_of(f, &f->log), ==, 2);
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

static void refuse_person(Fixture *f, const char *name, const char *full_name)
{
        PersonPlan plan = { .name = name, .full_name = full_name };
        g_autoptr(GError) error = NULL;

        g_assert_false(store_write(f->store, person_fn, &plan, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
}

static bool delete_fn(StoreTxn *txn, void *payload, GError **error)
{
        return store_txn_delete_project(txn, payload, error);
}

static void test_people_limits(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *longest = g_strnfill(ZW_NAME_MAX, 'n'), *longer = g_strnfill(ZW_NAME_MAX + 1, 'n');
        PersonPlan ann = { .name = longest, .full_name = longest, .log = f->log };
        g_autoptr(StoreView) view = NULL;
        g_autoptr(StorePerson) person = NULL;
        g_autoptr(GError) error = NULL;
        unsigned roles = 77;

        refuse_person(f, longer, "");
        refuse_person(f, "ann", longer);
        refuse_person(f, "a\x7f", "");
        refuse_person(f, "\xff", "");
        refuse_person(f, "ann", "\xc3");
        WORKS(store_write(f->store, person_fn, &ann, &error));
        ann.roles = 1U << ZW_ROLE_COUNT;
        g_assert_false(store_write(f->store, roles_fn, &ann, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
        g_clear_error(&error);
        ann.log = id_of(123);
        ann.roles = 1;
        g_assert_false(store_write(f->store, roles_fn, &ann, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
        g_clear_error(&error);
        ann.log = f->log;
        ann.roles = (1U << ZW_ROLE_COUNT) - 1; /* all there are */
        WORKS(store_write(f->store, roles_fn, &ann, &error));

        /* Roles go with their project, people stay. */
        WORKS(store_write(f->store, delete_fn, &f->log, &error));
        f->log = create_project(f, "WW");
        view = view_of(f);
        WORKS(store_load_roles(view, &f->log, &ann.id, &roles, &error));
        g_assert_cmpuint(roles, ==, 0);
        person = store_load_person(view, &ann.id, &error);
        g_assert_cmpstr(person->name, ==, longest);
}

void conformance_add_write(const StoreBackend *backend)
{
        CONFORM("write/group", test_group);
        CONFORM("write/generation", test_generation);
        CONFORM("write/txn", test_txn);
        CONFORM("write/given-up", test_given_up);
        CONFORM("write/readers", test_readers);
        CONFORM("write/close-waits", test_close_waits);
        CONFORM("people/roles", test_people);
        CONFORM("people/limits", test_people_limits);
}
