/* Data directories in the making. Everything is laid out in its place at once but for the name of the database, which lies
 * in tmp until all is there: a directory without store.db is none, so one whose making was killed is none, and is taken
 * over by the next making. */
#include "base/error.h"
#include "store/internal.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

bool making_begin(Making *making, const StoreBackend *backend, const char *database, const char *dir,
                  GError **error)
{
        struct stat facts;

        *making = (Making){ .backend = backend, .database = database, .dir_fd = -1, .lock_fd = -1 };
        making->is_new = stat(dir, &facts) != 0;
        if (!directory_create(dir, &making->dir_fd, &making->lock_fd, error))
                return false;
        making->dir = directory_resolve(dir, error);
        if (making->dir == NULL)
                return false;
        making->path = directory_tmp_path(making->dir, "new");
        return true;
}

void making_clear(Making *making)
{
        if (making->path != NULL && !making->placed && !making->joins && making->backend->discard != NULL)
                making->backend->discard(making->path);
        if (making->lock_fd >= 0 && !making->placed)
                directory_empty(making->dir_fd);
        if (making->lock_fd >= 0 && !making->placed && making->is_new && making->dir != NULL)
                rmdir(making->dir);
        fd_close(making->dir_fd);
        fd_close(making->lock_fd);
        g_free(making->path);
        g_free(making->dir);
}

Store *making_open(const Making *making, GError **error)
{
        /* The lock is held by all copies of its descriptor together. */
        g_auto(Fd) dir_fd = fcntl(making->dir_fd, F_DUPFD_CLOEXEC, 0);
        g_auto(Fd) lock_fd = fcntl(making->lock_fd, F_DUPFD_CLOEXEC, 0);

        if (dir_fd < 0 || lock_fd < 0) {
                directory_fail(error, "the directory could not be opened", making->dir);
                return NULL;
        }
        return store_open_at(making->backend, making->dir, making->path, fd_steal(&dir_fd),
                             fd_steal(&lock_fd), error);
}

/* What the database has not taken in yet lies beside it and would stay behind. */
static bool is_whole(const Making *making, GError **error)
{
        g_autofree char *beside = g_strconcat(making->path, "-wal", NULL);
        struct stat facts;

        if (stat(beside, &facts) != 0 || facts.st_size == 0)
                return true;
        error_set(error, ZW_ERR_STORAGE, making->dir, "the database could not be written to its end");
        return false;
}

bool making_place(Making *making, GError **error)
{
        g_autofree char *final = g_build_filename(making->dir, STORE_DB_FILE, NULL);

        if (!is_whole(making, error) || (making->backend->settle != NULL && !making->joins &&
                                         !making->backend->settle(making->path, error)))
                return false;
        if (rename(making->path, final) != 0)
                return directory_fail(error, "the database could not be put in its place", final);
        making->placed = true;
        return directory_sync(making->dir_fd, ".", error) && directory_sync_parent(making->dir, error);
}

static bool fill_store(const Making *making, StoreFillFn fill, void *payload, GError **error)
{
        g_autoptr(Store) store = making_open(making, error);

        return store != NULL && fill(store, payload, error);
}

static bool make(const StoreBackend *backend, const char *database, const char *dir, StoreFillFn fill,
                 void *payload, GError **error)
{
        g_auto(Making) making = { .dir_fd = -1, .lock_fd = -1 };

        return making_begin(&making, backend, database, dir, error) &&
               backend->create(making.path, database, error) &&
               (fill == NULL || fill_store(&making, fill, payload, error)) && making_place(&making, error);
}

bool store_make_with(const StoreBackend *backend, const char *dir, StoreFillFn fill, void *payload,
                     GError **error)
{
        return make(backend, NULL, dir, fill, payload, error);
}

bool store_make(const char *dir, StoreFillFn fill, void *payload, GError **error)
{
        return store_make_in(NULL, dir, fill, payload, error);
}

bool store_make_in(const char *database, const char *dir, StoreFillFn fill, void *payload, GError **error)
{
        return make(database == NULL ? &store_sqlite : &store_postgres, database, dir, fill, payload, error);
}

bool store_join(const char *database, const char *dir, GError **error)
{
        g_auto(Making) making = { .dir_fd = -1, .lock_fd = -1 };

        if (!making_begin(&making, &store_postgres, database, dir, error))
                return false;
        making.joins = true;
        return making.backend->join(making.path, database, error) && making_place(&making, error);
}
