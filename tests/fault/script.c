#include "script_internal.h"

#include "base/error.h"
#include "base/lock.h"
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

void script_problem(Script *s, const char *format, ...)
{
        va_list args;

        va_start(args, format);
        g_ptr_array_add(s->problems, g_strdup_vprintf(format, args));
        va_end(args);
}

void script_note(const char *where, const char *message, void *payload)
{
        script_problem(payload, "%s: %s", where, message);
}

Script *script_new(const char *root, ScriptHope hope)
{
        Script *s = g_new0(Script, 1);

        s->root = g_strdup(root);
        s->dir = g_build_filename(root, "data", NULL);
        s->exported = g_build_filename(root, "project.zw", NULL);
        s->backup = g_build_filename(root, "backup.tar", NULL);
        s->restored = g_build_filename(root, "restored", NULL);
        s->hope = hope;
        s->problems = g_ptr_array_new_with_free_func(g_free);
        s->refused = hash_table_new_text(g_free, NULL);
        s->backup_holds = hash_table_new_text(g_free, NULL);
        for (int i = 0; i < 2; i++)
                s->projects[i] = (Project){ .key = i == 0 ? "P0" : "P1",
                                            .acknowledged = hash_table_new_text(g_free, NULL) };
        pthread_mutex_init(&s->lock, NULL);
        return s;
}

void script_free(Script *s)
{
        for (int i = 0; i < 2; i++)
                g_hash_table_unref(s->projects[i].acknowledged);
        g_hash_table_unref(s->backup_holds);
        g_hash_table_unref(s->refused);
        g_ptr_array_unref(s->problems);
        pthread_mutex_destroy(&s->lock);
        g_free(s->root);
        g_free(s->dir);
        g_free(s->exported);
        g_free(s->backup);
        g_free(s->restored);
        g_free(s);
}

const GPtrArray *script_problems(const Script *s)
{
        return s->problems;
}

void script_count(const Script *s, unsigned *ret_done, unsigned *ret_failed)
{
        *ret_done = s->done;
        *ret_failed = s->failed;
}

/* ---- What a failure lets one conclude ---- */

static bool was_hit(void)
{
        StepKind kind;
        const char *path;

        return layer_was_hit(&kind, &path);
}

/* A sync of the store's own files has failed since it was opened. */
static bool sync_failed(const Script *s)
{
        g_autofree char *passing = g_build_filename(s->dir, "tmp", "", NULL);
        StepKind kind;
        const char *path;

        if (s->opened_again || !layer_was_hit(&kind, &path) || kind != STEP_SYNC ||
            !g_str_has_prefix(path, s->dir))
                return false;
        /* A copy that is being made for somebody is not the store's: of what comes from there only blobs are. */
        return !g_str_has_prefix(path, passing) || g_str_has_prefix(path + strlen(passing), "blob-");
}

/* What is known of what a call should have made, when it failed: a sync that fails, or a machine that stops, leaves it open
 * whether it took place. */
static Presence after_failure(void)
{
        StepKind kind;
        const char *path;

        return layer_was_hit(&kind, &path) && (kind == STEP_SYNC || layer_mode() == FAULT_CRASH) ? IS_UNKNOWN
                                                                                                 : IS_NOT;
}

static const char *complaint(const Script *s, const GError *error)
{
        if (error == NULL)
                return "failed without an error";
        if (!was_hit())
                return "failed before any fault";
        if (s->hope == SCRIPT_WORKS)
                return "failed, and the fault was one to put up with";
        if (s->opened_again && s->hope != SCRIPT_FAILS)
                return "failed after the store was opened again";
        if (error->code == ZW_ERR_DAMAGED)
                return "a fault of the disk was taken for damage";
        return error->code == ZW_ERR_INTERNAL ? "is a fault of the program" : NULL;
}

/* Counts a call and looks at its error, which is cleared. `broken`: a sync had failed before it began. */
static bool record(Script *s, const char *what, bool ok, bool broken, GError **error)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&s->lock);
        const char *wrong = ok ? NULL : complaint(s, *error);

        *(ok ? &s->done : &s->failed) += 1;
        if (ok && broken)
                script_problem(s, "%s: acknowledged after a sync had failed", what);
        if (wrong != NULL)
                script_problem(s, "%s: %s: %s", what, wrong, *error == NULL ? "" : (*error)->message);
        g_clear_error(error);
        return ok;
}

typedef bool (*ScriptCall)(Script *s, void *payload, GError **error);

/* Calls, and calls again where that is hoped to work. */
static bool call(Script *s, const char *what, bool writes, ScriptCall fn, void *payload)
{
        bool broken = writes && sync_failed(s);
        GError *error = NULL;
        bool ok = fn(s, payload, &error);

        if (record(s, what, ok, broken, &error))
                return true;
        if (s->hope != SCRIPT_RETRY || after_failure() != IS_NOT)
                return false;
        ok = fn(s, payload, &error);
        if (!ok)
                script_problem(s, "%s: failed once more after one fault: %s", what, error->message);
        g_clear_error(&error);
        return ok;
}

/* ---- Changes ---- */

static void acknowledge(Script *s, Project *project, const Change *change)
{
        g_autofree char *refused = change_refused_key(&change->log, change->request);

        g_hash_table_add(project->acknowledged, change_key(&change->log, change->seq, change->request));
        g_hash_table_remove(s->refused, refused);
}

/* A request that was done already says where: its first answer was lost, and the second makes up for it. */
static bool was_done(Script *s, Change *change, const GError *error)
{
        g_autofree char *refused = change_refused_key(&change->log, change->request);
        guint64 seq;

        if (!g_error_matches(error, ZW_ERROR, ZW_ERR_EXISTS) ||
            !g_str_has_prefix(error_where(error), "seq ") ||
            !g_ascii_string_to_unsigned(error_where(error) + 4, 10, 1, G_MAXUINT32, &seq, NULL))
                return false;
        if (g_hash_table_contains(s->refused, refused))
                script_problem(s, "%s was refused, and is there when it is tried again", change->request);
        change->seq = seq;
        return true;
}

typedef struct {
        Project *project;
        unsigned thread;
} ChangeCall;

static bool change_fn(Script *s, void *payload, GError **error)
{
        ChangeCall *c = payload;
        Change change = { .store = s->store, .log = c->project->log };
        GError *local = NULL;
        bool ok;

        change_name(&change, ROUND, c->thread, s->next[c->thread]);
        ok = change_write(&change, &local);
        pthread_mutex_lock(&s->lock);
        if (!ok && was_done(s, &change, local)) {
                g_clear_error(&local);
                ok = true;
        }
        if (ok)
                acknowledge(s, c->project, &change);
        else if (after_failure() == IS_NOT)
                g_hash_table_add(s->refused, change_refused_key(&change.log, change.request));
        pthread_mutex_unlock(&s->lock);
        s->next[c->thread] += ok;
        if (!ok)
                g_propagate_error(error, local);
        return ok;
}

void script_change(Script *s, Project *project, unsigned thread, int n)
{
        ChangeCall c = { project, thread };

        for (int i = 0; i < n && project->is == IS; i++)
                call(s, "a change", true, change_fn, &c);
}

/* A changeset whose last operation cannot be; nothing of it may be there. */
static bool bad_change_fn(Script *s, void *payload, GError **error)
{
        ChangeCall *c = payload;
        Change change = { .store = s->store, .log = c->project->log, .broken_on_purpose = true };
        g_autoptr(GError) local = NULL;

        change_name(&change, ROUND + 1, c->thread, 0);
        if (change_write(&change, &local))
                script_problem(s, "a changeset with an operation that cannot be was taken");
        g_hash_table_add(s->refused, change_refused_key(&change.log, change.request));
        if (g_error_matches(local, ZW_ERROR, ZW_ERR_NOT_FOUND))
                return true;
        g_propagate_error(error, g_steal_pointer(&local));
        return false;
}

typedef struct {
        Script *script;
        unsigned thread;
        pthread_t running;
} Member;

static void *member_main(void *data)
{
        Member *member = data;

        script_change(member->script, &member->script->projects[0], member->thread, GROUP_CHANGES);
        return NULL;
}

static void change_together(Script *s)
{
        Member members[GROUPED];

        for (unsigned i = 0; i < GROUPED; i++) {
                members[i] = (Member){ .script = s, .thread = i + 1 };
                g_assert_cmpint(pthread_create(&members[i].running, NULL, member_main, &members[i]), ==, 0);
        }
        for (unsigned i = 0; i < GROUPED; i++)
                pthread_join(members[i].running, NULL);
}

/* ---- Other writes ---- */

static bool make_txn(StoreTxn *txn, void *payload, GError **error)
{
        Project *project = payload;
        Id actor = { { 7 } };

        return store_txn_create_project(txn, project->key, "", false, &actor, ORIGIN_CLI, &project->log,
                                        error);
}

static bool make_fn(Script *s, void *payload, GError **error)
{
        return store_write(s->store, make_txn, payload, error);
}

static void make_project(Script *s, Project *project)
{
        project->is = call(s, "a project", true, make_fn, project) ? IS : after_failure();
}

static bool erase_txn(StoreTxn *txn, void *payload, GError **error)
{
        return store_txn_erase(txn, payload, ERASED_SEQ, -1, NULL, error);
}

static bool erase_fn(Script *s, void *payload, GError **error)
{
        return store_write(s->store, erase_txn, payload, error);
}

static bool person_txn(StoreTxn *txn, void *payload, GError **error)
{
        Id person;

        return store_txn_put_person(txn, "ann", "Ann", &person, error) &&
               store_txn_put_roles(txn, payload, &person, 1U << ZW_ROLE_AUTHOR, error);
}

static bool person_fn(Script *s, void *payload, GError **error)
{
        return store_write(s->store, person_txn, payload, error);
}

static bool delete_txn(StoreTxn *txn, void *payload, GError **error)
{
        return store_txn_delete_project(txn, payload, error);
}

static bool delete_fn(Script *s, void *payload, GError **error)
{
        return store_write(s->store, delete_txn, payload, error);
}

static bool export_fn(Script *s, void *payload, GError **error)
{
        Project *project = payload;
        int fd = open(s->exported, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        bool ok;

        if (fd < 0) {
                error_set(error, ZW_ERR_STORAGE, NULL, "the file could not be made");
                return false;
        }
        ok = store_export_project(s->store, &project->log, fd, NULL, error);
        close(fd);
        return ok;
}

static bool import_fn(Script *s, void *payload, GError **error)
{
        Project *project = payload;
        int fd = open(s->exported, O_RDONLY | O_CLOEXEC);
        bool ok = store_import_project(s->store, fd, NULL, NULL, NULL, &project->log, error);

        close(fd);
        return ok;
}

/* Away as a file, and back. */
static void move_project(Script *s, Project *project)
{
        if (project->is != IS || !call(s, "export", false, export_fn, project))
                return;
        if (!call(s, "delete", true, delete_fn, &project->log)) {
                project->is = after_failure() == IS_UNKNOWN ? IS_UNKNOWN : IS;
                return;
        }
        project->is = call(s, "import", true, import_fn, project) ? IS : after_failure();
}

/* ---- The store as a whole ---- */

static bool create_fn(Script *s, void *payload G_GNUC_UNUSED, GError **error)
{
        return store_create(s->dir, error);
}

static bool open_fn(Script *s, void *payload G_GNUC_UNUSED, GError **error)
{
        s->opened_again = was_hit(); /* before */
        s->store = store_open(s->dir, error);
        return s->store != NULL;
}

/* What a fault leaves of a creation or an opening must not be in the way of the next. */
static bool open_store(Script *s)
{
        g_autoptr(GError) error = NULL;

        if (call(s, "open", false, open_fn, NULL))
                return true;
        if (s->hope != SCRIPT_REOPEN)
                return false;
        if (!open_fn(s, NULL, &error))
                script_problem(s, "the store does not open after one fault: %s", error->message);
        return s->store != NULL;
}

static bool create_store(Script *s)
{
        g_autoptr(GError) error = NULL;

        s->created = call(s, "create", false, create_fn, NULL) ? IS : IS_UNKNOWN;
        if (s->created == IS || s->hope != SCRIPT_REOPEN)
                return s->created == IS;
        if (store_create(s->dir, &error) || g_error_matches(error, ZW_ERROR, ZW_ERR_EXISTS))
                return true;
        script_problem(s, "the store cannot be made after one fault: %s", error->message);
        return false;
}

static bool check_fn(Script *s, void *payload, GError **error)
{
        const Project *project = payload;
        g_autoptr(StoreView) view = store_view_open(s->store, error);
        uint64_t commits;
        Digest root;

        return view != NULL &&
               store_verify(view, &project->log, script_note, s, NULL, &commits, &root, error) &&
               store_check(s->store, &project->log, script_note, s, NULL, error);
}

void script_copy_keys(GHashTable *to, GHashTable *from)
{
        GHashTableIter iter;
        gpointer key;

        g_hash_table_iter_init(&iter, from);
        while (g_hash_table_iter_next(&iter, &key, NULL))
                g_hash_table_add(to, g_strdup(key));
}

static bool backup_fn(Script *s, void *payload G_GNUC_UNUSED, GError **error)
{
        return store_backup(s->store, s->backup, NULL, error);
}

static bool restore_fn(Script *s, void *payload G_GNUC_UNUSED, GError **error)
{
        return store_restore(s->backup, s->restored, NULL, error);
}

static void back_up(Script *s)
{
        script_copy_keys(s->backup_holds, s->projects[0].acknowledged);
        s->backed_up = call(s, "backup", false, backup_fn, NULL) ? IS : after_failure();
        /* Restoring renames a folder, which the model of the disk does not know. */
        if (s->backed_up == IS && layer_mode() != FAULT_CRASH)
                s->restored_is = call(s, "restore", false, restore_fn, NULL) ? IS : after_failure();
}

static void live_first(Script *s)
{
        Project *first = &s->projects[0], *second = &s->projects[1];
        ChangeCall bad = { first, ALONE };

        make_project(s, first);
        script_change(s, first, ALONE, ALONE_CHANGES);
        if (first->is == IS)
                call(s, "a bad change", false, bad_change_fn, &bad);
        change_together(s);
        if (first->is == IS && s->next[ALONE] > 2)
                s->erased = call(s, "erase", true, erase_fn, &first->log) ? IS : after_failure();
        if (first->is == IS)
                s->person = call(s, "person", true, person_fn, &first->log) ? IS : after_failure();
        make_project(s, second);
        script_change(s, second, SECOND, SECOND_CHANGES);
        move_project(s, second);
        if (first->is == IS)
                call(s, "check", false, check_fn, first);
        back_up(s);
}

void script_find_project(Script *s, Project *project)
{
        g_autoptr(StoreView) view = NULL;
        g_autoptr(StoreProject) found = NULL;
        g_autoptr(GError) error = NULL;

        if (project->is != IS_UNKNOWN)
                return;
        view = store_view_open(s->store, &error);
        found = view == NULL ? NULL : store_find_project(view, project->key, &error);
        if (found != NULL) {
                project->is = IS;
                project->log = found->log;
        } else if (g_error_matches(error, ZW_ERROR, ZW_ERR_NOT_FOUND)) {
                project->is = IS_NOT;
        }
}

void script_run(Script *s)
{
        if (!create_store(s) || !open_store(s))
                return;
        live_first(s);
        g_clear_pointer(&s->store, store_close);
        if (!open_store(s))
                return;
        for (int i = 0; i < 2; i++)
                script_find_project(s, &s->projects[i]);
        script_change(s, &s->projects[0], ALONE, 2);
        script_change(s, &s->projects[1], SECOND, 1);
        g_clear_pointer(&s->store, store_close);
}
