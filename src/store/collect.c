/* Collecting blobs that nobody names. While a store is open somebody may have put one whose name is yet to be committed, so
 * it is done when the store is opened, and only when a deleted project has left some. Where other processes put theirs into the
 * same folder there is no such time: it is left. */
#include "base/error.h"
#include "store/internal.h"
#include <fcntl.h>
#include <string.h>

bool collect_mark(Store *store, GError **error)
{
        g_auto(Fd)
                fd = openat(store->dir_fd, STORE_COLLECT, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

        if (fd < 0)
                return directory_fail(error, "the file could not be made", STORE_COLLECT);
        if (directory_sync(store->dir_fd, ".", error))
                return true;
        store_set_broken(store);
        return false;
}

static bool name_keep(const char *sha256, Seq seq G_GNUC_UNUSED, void *payload, GError **error G_GNUC_UNUSED)
{
        g_hash_table_add(payload, g_strdup(sha256));
        return true;
}

GHashTable *collect_names(Store *store, GError **error)
{
        g_autoptr(StoreView) view = store_view_open(store, error);
        g_autoptr(GHashTable) names = hash_table_new_text(g_free, NULL);
        g_autoptr(GPtrArray) projects = view == NULL ? NULL : store_load_projects(view, error);

        for (guint i = 0; projects != NULL && i < projects->len; i++) {
                const StoreProject *project = projects->pdata[i];
                int64_t no;

                if (!view_log_no(view, &project->log, &no, error) ||
                    !store->backend->blob_read(view, no, name_keep, names, error))
                        return NULL;
        }
        return projects == NULL ? NULL : g_steal_pointer(&names);
}

static bool collect_folder(Store *store, const char *name, GHashTable *names, GError **error)
{
        g_autofree char *folder = g_build_filename(STORE_BLOB_DIR, name, NULL);
        g_autoptr(GPtrArray) files = directory_names(store->dir_fd, folder, error);

        for (guint i = 0; files != NULL && i < files->len; i++) {
                g_autofree char *sha256 = g_strconcat(name, files->pdata[i], NULL);
                g_autofree char *path = g_build_filename(folder, files->pdata[i], NULL);

                if (!g_hash_table_contains(names, sha256) && unlinkat(store->dir_fd, path, 0) != 0)
                        return directory_fail(error, "the blob could not be removed", path);
        }
        return files != NULL;
}

static bool collect(Store *store, GError **error)
{
        g_autoptr(GHashTable) names = collect_names(store, error);
        g_autoptr(GPtrArray) folders = names == NULL ? NULL
                                                     : directory_names(store->dir_fd, STORE_BLOB_DIR, error);

        if (folders == NULL)
                return false;
        for (guint i = 0; i < folders->len; i++)
                if (!collect_folder(store, folders->pdata[i], names, error))
                        return false;
        return unlinkat(store->dir_fd, STORE_COLLECT, 0) == 0 ||
               directory_fail(error, "the file could not be removed", STORE_COLLECT);
}

void collect_run(Store *store)
{
        const StoreBackend *backend = store->backend;
        g_autoptr(GError) why = NULL;

        if (backend->blobs_common != NULL && backend->blobs_common(store->db))
                return;
        /* What cannot be collected now is no reason not to open: it stays marked for the next time. */
        if (faccessat(store->dir_fd, STORE_COLLECT, F_OK, AT_SYMLINK_NOFOLLOW) == 0 && !collect(store, &why))
                g_debug("collecting blobs: %s", why->message);
}
