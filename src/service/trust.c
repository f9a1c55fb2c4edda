/* Is the log what it says, and are the projections what the log says? Data directories as a whole. */
#include "service/internal.h"

static void problem_write(const char *where, const char *message, void *payload)
{
        JWrite *w = payload;

        jwrite_object_begin(w);
        jwrite_key_string(w, "where", where);
        jwrite_key_string(w, "message", message);
        jwrite_object_end(w);
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

        if (!store_verify(call->view, log, problem_count, &problems, call->progress, &commits, &root, error))
                return false;
        hex_encode(root.b, ZW_DIGEST_BYTES, hex);
        jwrite_object_begin(w);
        jwrite_key_bool(w, "ok", problems == 0);
        jwrite_key_int(w, "commits", (int64_t)commits);
        jwrite_key_string(w, "root", hex);
        jwrite_key(w, "problems");
        jwrite_array_begin(w);
        if (problems > 0 &&
            !store_verify(call->view, log, problem_write, w, call->progress, &commits, &root, error))
                return false;
        jwrite_array_end(w);
        jwrite_object_end(w);
        return true;
}

static void problem_keep(const char *where, const char *message, void *payload)
{
        json_array_append_new(payload, json_pack("{s:s, s:s}", "where", where, "message", message));
}

bool service_verify_file(int fd, Progress *progress, JWrite *w, GError **error)
{
        g_autoptr(Json) problems = json_array();
        char hex[ZW_DIGEST_HEX];
        uint64_t commits;
        Digest root;

        if (!store_verify_file(fd, problem_keep, problems, progress, &commits, &root, error))
                return false;
        hex_encode(root.b, ZW_DIGEST_BYTES, hex);
        jwrite_object_begin(w);
        jwrite_key_bool(w, "ok", json_array_size(problems) == 0);
        jwrite_key_int(w, "commits", (int64_t)commits);
        if (commits == 0)
                jwrite_key_null(w, "root");
        else
                jwrite_key_string(w, "root", hex);
        jwrite_key_json(w, "problems", problems);
        jwrite_object_end(w);
        return true;
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
        jwrite_object_end(w);
        return true;
}

bool service_create(const char *dir, GError **error)
{
        return store_create(dir, error);
}

bool service_restore(const char *path, const char *dir, Progress *progress, GError **error)
{
        return store_restore(path, dir, progress, error);
}
