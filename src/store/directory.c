/* The data directory: its layout, its lock, and writing files so that they stay written.
 *
 *   lock       locked by the process that has the store open
 *   store.db   the database, with -wal and -shm beside it while it is open
 *   blobs/     content by SHA-256: blobs/ab/cdef…
 *   jobs/      files that jobs made, by the job's id, while the job is remembered
 *   tmp/       files being made; emptied when the store is opened
 *   collect    is there when a project was deleted: blobs that nobody names go when the store is opened */
#include "base/error.h"
#include "store/internal.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

bool directory_fail(GError **error, const char *what, const char *path)
{
        error_set(error, ZW_ERR_STORAGE, path, "%s: %s", what, g_strerror(errno));
        return false;
}

char *directory_resolve(const char *dir, GError **error)
{
        char *path = realpath(dir, NULL), *copy = g_strdup(path);

        if (path == NULL)
                directory_fail(error, "the path of the directory could not be found out", dir);
        free(path);
        return copy;
}

bool directory_sync(int dir_fd, const char *name, GError **error)
{
        g_auto(Fd) fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        if (fd < 0 || fsync(fd) != 0)
                return directory_fail(error, "the directory could not be synced", name);
        return true;
}

bool directory_sync_parent(const char *path, GError **error)
{
        g_autofree char *parent = g_path_get_dirname(path);

        return directory_sync(AT_FDCWD, parent, error);
}

static int name_compare(gconstpointer a, gconstpointer b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

GPtrArray *directory_names(int dir_fd, const char *path, GError **error)
{
        g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
        int fd = openat(dir_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *stream = fd < 0 ? NULL : fdopendir(fd);
        const struct dirent *entry;

        if (stream == NULL) {
                directory_fail(error, "the directory could not be read", path);
                fd_close(fd);
                return NULL;
        }
        while ((entry = readdir(stream)) != NULL)
                if (entry->d_name[0] != '.')
                        g_ptr_array_add(names, g_strdup(entry->d_name));
        closedir(stream);
        g_ptr_array_sort(names, name_compare);
        return g_steal_pointer(&names);
}

char *directory_tmp_path(const char *dir, const char *what)
{
        char hex[ZW_ID_HEX];
        Id id = id_new();

        hex_encode(id.b, ZW_ID_BYTES, hex);
        return g_strdup_printf("%s/%s/%s-%s", dir, STORE_TMP_DIR, what, hex);
}

bool file_write(int fd, const void *bytes, size_t n, const char *path, GError **error)
{
        const char *at = bytes;

        while (n > 0) {
                ssize_t done = write(fd, at, n);

                if (done < 0 && errno == EINTR)
                        continue;
                if (done < 0)
                        return directory_fail(error, "the file could not be written", path);
                at += done;
                n -= (size_t)done;
        }
        return true;
}

ssize_t file_read(int fd, void *ret_bytes, size_t n, const char *path, GError **error)
{
        char *at = ret_bytes;
        size_t got = 0;

        while (got < n) {
                ssize_t done = read(fd, at + got, n - got);

                if (done < 0 && errno == EINTR)
                        continue;
                if (done < 0) {
                        directory_fail(error, "the file could not be read", path);
                        return -1;
                }
                if (done == 0)
                        break;
                got += (size_t)done;
        }
        return (ssize_t)got;
}

/* Removes what lies in a directory; a tree when `deep`. Errors are passed over: what stays is seen by the next step. */
static void empty_at(int dir_fd, const char *name, bool deep)
{
        int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        DIR *stream = fd < 0 ? NULL : fdopendir(fd);
        const struct dirent *entry;

        if (stream == NULL) {
                fd_close(fd);
                return;
        }
        while ((entry = readdir(stream)) != NULL) {
                if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
                        continue;
                if (unlinkat(fd, entry->d_name, 0) == 0 || !deep)
                        continue;
                empty_at(fd, entry->d_name, true);
                unlinkat(fd, entry->d_name, AT_REMOVEDIR);
        }
        closedir(stream);
}

void directory_empty(int dir_fd)
{
        empty_at(dir_fd, ".", true);
}

void directory_remove(const char *dir)
{
        empty_at(AT_FDCWD, dir, true);
        rmdir(dir);
}

/* True when the directory holds nothing but what a creation that was killed may leave. */
static bool is_free(int dir_fd, GError **error)
{
        static const char *const ours[] = { ".", "..", "lock", STORE_TMP_DIR, STORE_BLOB_DIR };
        int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *stream = fd < 0 ? NULL : fdopendir(fd);
        const struct dirent *entry;
        bool free_of_others = true;

        if (stream == NULL) {
                fd_close(fd);
                return directory_fail(error, "the directory could not be read", NULL);
        }
        while ((entry = readdir(stream)) != NULL) {
                bool known = false;

                for (size_t i = 0; i < G_N_ELEMENTS(ours); i++)
                        known = known || strcmp(entry->d_name, ours[i]) == 0;
                free_of_others = free_of_others && known;
        }
        closedir(stream);
        if (!free_of_others)
                error_set(error, ZW_ERR_EXISTS, NULL, "the directory is not empty");
        return free_of_others;
}

static bool take_lock(const char *dir, int dir_fd, int flags, int *ret_fd, GError **error)
{
        g_auto(Fd) fd = openat(dir_fd, "lock", O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);

        if (fd < 0)
                return directory_fail(error, "the lock could not be opened", dir);
        if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
                if (errno != EWOULDBLOCK)
                        return directory_fail(error, "the directory could not be locked", dir);
                error_set(
                        error, ZW_ERR_LOCKED, dir,
                        "another process holds the data directory; a running `zw serve` does, stop it or work "
                        "through it");
                return false;
        }
        *ret_fd = fd_steal(&fd);
        return true;
}

bool directory_create(const char *dir, int *ret_dir_fd, int *ret_lock_fd, GError **error)
{
        g_auto(Fd) dir_fd = -1;
        g_auto(Fd) lock_fd = -1;

        if (mkdir(dir, 0700) != 0 && errno != EEXIST)
                return directory_fail(error, "the directory could not be made", dir);
        dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (dir_fd < 0)
                return directory_fail(error, "the directory could not be opened", dir);
        if (!is_free(dir_fd, error)) {
                if (error != NULL)
                        error_set_where(*error, "%s", dir);
                return false;
        }
        if (!take_lock(dir, dir_fd, O_CREAT, &lock_fd, error))
                return false;
        if (fchmod(dir_fd, 0700) != 0 || (mkdirat(dir_fd, STORE_TMP_DIR, 0700) != 0 && errno != EEXIST) ||
            (mkdirat(dir_fd, STORE_BLOB_DIR, 0700) != 0 && errno != EEXIST))
                return directory_fail(error, "the directory could not be laid out", dir);
        empty_at(dir_fd, STORE_TMP_DIR, false);
        empty_at(dir_fd, STORE_BLOB_DIR, true);
        *ret_dir_fd = fd_steal(&dir_fd);
        *ret_lock_fd = fd_steal(&lock_fd);
        return true;
}

bool directory_open(const char *dir, int *ret_dir_fd, int *ret_lock_fd, GError **error)
{
        g_auto(Fd) dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        g_auto(Fd) lock_fd = -1;

        if (dir_fd < 0 && errno != ENOENT && errno != ENOTDIR)
                return directory_fail(error, "the data directory could not be opened", dir);
        if (dir_fd < 0 || faccessat(dir_fd, STORE_DB_FILE, F_OK, 0) != 0) {
                error_set(error, ZW_ERR_NOT_FOUND, dir,
                          "there is no data directory here; `zw init` makes one");
                return false;
        }
        if (!take_lock(dir, dir_fd, O_CREAT, &lock_fd, error))
                return false;
        empty_at(dir_fd, STORE_TMP_DIR, false);
        *ret_dir_fd = fd_steal(&dir_fd);
        *ret_lock_fd = fd_steal(&lock_fd);
        return true;
}
