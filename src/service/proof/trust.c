/* Is the log what it says, and are the projections what the log says? Data directories as a whole. */
#include "service/proof/checkpoint.h"
#include "service/proof/pack.h"
#include "store/feeds.h"

static void problem_write(const char *where, const char *message, void *payload)
{
        JWrite *w = payload;

        jwrite_object_begin(w);
        jwrite_key_string(w, "where", where);
        jwrite_key_string(w, "message", message);
        jwrite_object_end(w);
}

/* A checkpoint that the caller kept, with the key that signed it where that is not this data directory's. */
static bool kept_check(Call *call, StoreProblemFn fn, void *payload, GError **error)
{
        const char *note = jread_get_string(call->input, "checkpoint");
        g_autoptr(ProofTree) tree = note == NULL ? NULL : checkpoint_tree(call, NULL);

        return tree == NULL || checkpoint_continues(call, tree, note, jread_get_string(call->input, "key"),
                                                    "the checkpoint given", fn, payload, error);
}

static void problem_count(const char *where G_GNUC_UNUSED, const char *message G_GNUC_UNUSED, void *payload)
{
        ++*(size_t *)payload;
}

bool usecase_verify(Call *call, JWrite *w, GError **error)
{
        const Id *log = &call->project->log;
        uint64_t commits;
        size_t problems = 0;
        char hex[ZW_DIGEST_HEX];
        Digest root;

        if (!store_verify(call->view, log, problem_count, &problems, call->progress, &commits, &root,
                          error) ||
            !signatures_check(call->view, call->project, problem_count, &problems, error) ||
            !checkpoint_verify(call, problem_count, &problems, error) ||
            !kept_check(call, problem_count, &problems, error))
                return false;
        hex_encode(root.b, ZW_DIGEST_BYTES, hex);
        jwrite_object_begin(w);
        jwrite_key_bool(w, "ok", problems == 0);
        jwrite_key_int(w, "commits", (int64_t)commits);
        jwrite_key_string(w, "root", hex);
        jwrite_key(w, "problems");
        jwrite_array_begin(w);
        if (problems > 0 &&
            (!store_verify(call->view, log, problem_write, w, call->progress, &commits, &root, error) ||
             !signatures_check(call->view, call->project, problem_write, w, error) ||
             !checkpoint_verify(call, problem_write, w, error) || !kept_check(call, problem_write, w, error)))
                return false;
        jwrite_array_end(w);
        jwrite_object_end(w);
        return true;
}

/* What is found in a file: the problems since the last project, and the projects. */
typedef struct {
        json_t *problems, *projects;
} FileFound;

static void found_problem(const char *where, const char *message, void *payload)
{
        const FileFound *found = payload;

        json_array_append_new(found->problems, json_pack("{s:s, s:s}", "where", where, "message", message));
}

static void found_project(const StoreProject *project, uint64_t commits, const Digest *root, void *payload)
{
        FileFound *found = payload;
        char hex[ZW_DIGEST_HEX];

        hex_encode(root->b, ZW_DIGEST_BYTES, hex);
        json_array_append_new(found->projects,
                              json_pack("{s:s, s:b, s:I, s:s, s:o}", "project", project->key, "ok",
                                        json_array_size(found->problems) == 0, "commits", (json_int_t)commits,
                                        "root", hex, "problems", found->problems));
        found->problems = json_array();
}

static bool found_ok(const FileFound *found)
{
        const json_t *project;
        size_t i;

        json_array_foreach(found->projects, i, project)
        {
                if (!jread_get_bool(project, "ok", false))
                        return false;
        }
        return json_array_size(found->problems) == 0;
}

/* The project of an export, as `verify` says it; nothing could be recomputed where there is none. */
static void export_write(JWrite *w, const FileFound *found)
{
        const json_t *project = json_array_get(found->projects, 0);

        jwrite_object_begin(w);
        jwrite_key_bool(w, "ok", found_ok(found));
        jwrite_key_int(w, "commits", jread_get_int(project, "commits", 0));
        jwrite_key_string(w, "root", jread_get_string(project, "root"));
        jwrite_key_json(w, "problems",
                        project == NULL ? found->problems : json_object_get(project, "problems"));
        jwrite_object_end(w);
}

static void backup_write(JWrite *w, const FileFound *found)
{
        jwrite_object_begin(w);
        jwrite_key_bool(w, "ok", found_ok(found));
        jwrite_key_json(w, "projects", found->projects);
        jwrite_key_json(w, "problems", found->problems);
        jwrite_object_end(w);
}

bool service_verify_file(int fd, Progress *progress, JWrite *w, GError **error)
{
        static const StoreFileFns fns = { found_project, found_problem };
        FileFound found;
        bool backup = false, ok;

        if (pack_is(fd))
                return pack_verify(fd, progress, w, error);
        found = (FileFound){ json_array(), json_array() };
        ok = store_verify_file(fd, &fns, &found, progress, &backup, error);

        if (ok && backup)
                backup_write(w, &found);
        else if (ok)
                export_write(w, &found);
        json_decref(found.problems);
        json_decref(found.projects);
        return ok;
}

bool usecase_check(Call *call, JWrite *w, GError **error)
{
        size_t problems = 0;

        if (!store_check(call->service->store, &call->project->log, problem_count, &problems, call->progress,
                         error))
                return false;
        jwrite_object_begin(w);
        jwrite_key_bool(w, "ok", problems == 0);
        jwrite_key(w, "problems");
        jwrite_array_begin(w);
        if (problems > 0 &&
            !store_check(call->service->store, &call->project->log, problem_write, w, call->progress, error))
                return false;
        jwrite_array_end(w);
        jwrite_object_end(w);
        return true;
}

bool usecase_backup(Call *call, JWrite *w, GError **error)
{
        if (call->files.n != 1) {
                error_set(error, ZW_ERR_USAGE, NULL, "a backup is written to one file");
                return false;
        }
        if (!store_backup_fd(call->service->store, call->files.files[0].fd, call->progress, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key_bool(w, "ok", true);
        /* their sources give them again */
        jwrite_key_bool(w, "feeds_left_out", feeds_exist(store_dir(call->service->store)));
        jwrite_object_end(w);
        return true;
}

bool service_create(const char *dir, GError **error)
{
        return store_create(dir, error);
}

bool service_restore(const char *database, const char *path, const char *dir, Progress *progress,
                     GError **error)
{
        return store_restore_in(database, path, dir, progress, error);
}

bool service_join(const char *database, const char *dir, GError **error)
{
        return store_join(database, dir, error);
}
