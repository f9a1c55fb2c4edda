/* Verifying an exported project or a backup without a store: importing is verifying, so it goes into a store of its own,
 * which is thrown away. */
#include "base/error.h"
#include "store/internal.h"
#include "store/transfer.h"
#include <string.h>
#include <sys/stat.h>

typedef struct {
        const char *dir; /* where the store is made */
        const StoreFileFns *fns;
        void *payload;
        Progress *progress;
} FileCheck;

/* What is wrong with the data is told, and all that could be done is done; anything else is an error. */
static bool tell_damage(const FileCheck *check, const GError *why, GError **error)
{
        if (!g_error_matches(why, ZW_ERROR, ZW_ERR_DAMAGED)) {
                g_propagate_error(error, g_error_copy(why));
                return false;
        }
        check->fns->problem(error_where(why) == NULL ? "file" : error_where(why), why->message,
                            check->payload);
        return true;
}

/* `manifest` is NULL where none speaks of the project. */
static bool check_project(const FileCheck *check, Store *store, StoreView *view, const StoreProject *project,
                          const json_t *manifest, GError **error)
{
        g_autoptr(GError) why = NULL;
        uint64_t commits;
        Digest root;

        if (!store_verify(view, &project->log, check->fns->problem, check->payload, check->progress, &commits,
                          &root, error) ||
            !store_check(store, &project->log, check->fns->problem, check->payload, check->progress, error))
                return false;
        if (manifest != NULL && !backup_names_project(manifest, project, &root, &why) &&
            !tell_damage(check, why, error))
                return false;
        check->fns->project(project, commits, &root, check->payload);
        return true;
}

static bool check_projects(const FileCheck *check, Store *store, const json_t *manifest, GError **error)
{
        g_autoptr(StoreView) view = store_view_open(store, error);
        g_autoptr(GPtrArray) projects = view == NULL ? NULL : store_load_projects(view, error);
        g_autoptr(GError) why = NULL;

        if (projects == NULL)
                return false;
        for (guint i = 0; i < projects->len; i++)
                if (!check_project(check, store, view, projects->pdata[i], manifest, error))
                        return false;
        return manifest == NULL || backup_names_all(manifest, projects, &why) ||
               tell_damage(check, why, error);
}

static bool check_export(const FileCheck *check, int fd, GError **error)
{
        g_autoptr(Store) store = NULL;
        Id log;

        if (!store_create(check->dir, error))
                return false;
        store = store_open(check->dir, error);
        return store != NULL && store_import_project(store, fd, NULL, NULL, check->progress, &log, error) &&
               check_projects(check, store, NULL, error);
}

static bool check_backup(const FileCheck *check, int fd, GError **error)
{
        g_autoptr(Json) manifest = backup_unpack(&store_sqlite, fd, check->dir, check->progress, error);
        g_autoptr(Store) store = NULL;

        if (manifest == NULL)
                return false;
        store = store_open(check->dir, error);
        return store != NULL && check_projects(check, store, manifest, error);
}

/* A tar file says so behind the fields of its first entry. */
static bool is_tar(int fd)
{
        enum { MAGIC_AT = 257 };
        static const char magic[] = "ustar";
        char found[sizeof magic - 1];

        return pread(fd, found, sizeof found, MAGIC_AT) == (ssize_t)sizeof found &&
               memcmp(found, magic, sizeof found) == 0;
}

bool store_verify_file(int fd, const StoreFileFns *fns, void *payload, Progress *progress, bool *ret_backup,
                       GError **error)
{
        g_autoptr(GError) why = NULL;
        g_autofree char *dir = g_dir_make_tmp("zonewright-verify-XXXXXX", &why);
        FileCheck check = { dir, fns, payload, progress };
        bool backup = is_tar(fd), ok;

        if (dir == NULL) {
                error_set(error, ZW_ERR_STORAGE, NULL, "no place to verify the file in: %s", why->message);
                return false;
        }
        ok = (backup ? check_backup : check_export)(&check, fd, &why) || tell_damage(&check, why, error);
        directory_remove(dir);
        if (ok)
                *ret_backup = backup;
        return ok;
}
