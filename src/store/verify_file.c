/* Verifying an exported project without a store: importing is verifying, so it goes into a store of its own, which is thrown
 * away. */
#include "base/error.h"
#include "store/internal.h"

static bool verify_imported(Store *store, const Id *log, StoreProblemFn fn, void *payload, Progress *progress,
                            uint64_t *ret_commits, Digest *ret_root, GError **error)
{
        g_autoptr(StoreView) view = store_view_open(store, error);

        return view != NULL && store_verify(view, log, fn, payload, progress, ret_commits, ret_root, error) &&
               store_check(store, log, fn, payload, progress, error);
}

static bool verify_in(const char *dir, int fd, StoreProblemFn fn, void *payload, Progress *progress,
                      uint64_t *ret_commits, Digest *ret_root, GError **error)
{
        g_autoptr(Store) store = NULL;
        g_autoptr(GError) why = NULL;
        Id log;

        if (!store_create(dir, error))
                return false;
        store = store_open(dir, error);
        if (store == NULL)
                return false;
        if (store_import_project(store, fd, NULL, NULL, progress, &log, &why))
                return verify_imported(store, &log, fn, payload, progress, ret_commits, ret_root, error);
        if (!g_error_matches(why, ZW_ERROR, ZW_ERR_DAMAGED)) {
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        fn(error_where(why) == NULL ? "file" : error_where(why), why->message, payload);
        return true;
}

bool store_verify_file(int fd, StoreProblemFn fn, void *payload, Progress *progress, uint64_t *ret_commits,
                       Digest *ret_root, GError **error)
{
        g_autoptr(GError) why = NULL;
        g_autofree char *dir = g_dir_make_tmp("zonewright-verify-XXXXXX", &why);
        uint64_t commits = 0;
        Digest root = { { 0 } };
        bool ok;

        if (dir == NULL) {
                error_set(error, ZW_ERR_STORAGE, NULL, "no place to verify the file in: %s", why->message);
                return false;
        }
        ok = verify_in(dir, fd, fn, payload, progress, &commits, &root, error);
        directory_remove(dir);
        if (!ok)
                return false;
        *ret_commits = commits;
        *ret_root = root;
        return true;
}
