/* Blobs: content by SHA-256, one file each. A blob is complete and on disk before its name appears; putting it again
 * replaces the file by the same content, which also mends one that was altered. */
#include "base/error.h"
#include "store/internal.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { BLOB_CHUNK = 1 << 18 };

void blob_path(const Digest *digest, char ret_path[80])
{
        char hex[ZW_DIGEST_HEX];

        hex_encode(digest->b, ZW_DIGEST_BYTES, hex);
        g_snprintf(ret_path, 80, STORE_BLOB_DIR "/%.2s/%s", hex, hex + 2);
}

static bool blob_fetch(Store *store, const Digest *digest, bool *ret_found, GError **error);

bool blob_exists(Store *store, const Digest *digest, bool *ret_there, uint64_t *ret_size, GError **error)
{
        char path[80];
        struct stat facts;
        bool found;

        blob_path(digest, path);
        found = fstatat(store->dir_fd, path, &facts, AT_SYMLINK_NOFOLLOW) == 0;
        if (!found) {
                if (!blob_fetch(store, digest, &found, error))
                        return false;
                found = found && fstatat(store->dir_fd, path, &facts, AT_SYMLINK_NOFOLLOW) == 0;
        }
        *ret_there = found && S_ISREG(facts.st_mode);
        if (*ret_there && ret_size != NULL)
                *ret_size = (uint64_t)facts.st_size;
        return true;
}

/* Gives the finished file its name, and syncs every directory that changed. */
static bool blob_place(Store *store, const char *tmp, const Digest *digest, GError **error)
{
        char path[80], folder[80];

        blob_path(digest, path);
        g_snprintf(folder, sizeof folder, "%.*s", (int)strlen(STORE_BLOB_DIR "/ab"), path);
        if (mkdirat(store->dir_fd, folder, 0700) != 0 && errno != EEXIST)
                return directory_fail(error, "the directory could not be made", folder);
        if (renameat(AT_FDCWD, tmp, store->dir_fd, path) != 0)
                return directory_fail(error, "the blob could not be put in its place", path);
        if (directory_sync(store->dir_fd, folder, error) &&
            directory_sync(store->dir_fd, STORE_BLOB_DIR, error))
                return true;
        store_set_broken(store);
        return false;
}

/* Other processes have it before any of them can see its name. */
static bool blob_share(Store *store, int dir_fd, const char *path, const Digest *digest, GError **error)
{
        g_auto(Fd) fd = -1;

        if (store->backend->blob_save == NULL)
                return true;
        fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        return fd < 0 ? directory_fail(error, "the blob could not be read", path)
                      : store->backend->blob_save(store->db, digest, fd, error);
}

static bool blob_keep(Store *store, int fd, const char *tmp, const Digest *digest, GError **error)
{
        if (fchmod(fd, 0400) != 0)
                return directory_fail(error, "the blob could not be made read-only", tmp);
        if (fsync(fd) != 0) {
                directory_fail(error, "the blob could not be synced", tmp);
                store_set_broken(store);
                return false;
        }
        return blob_place(store, tmp, digest, error);
}

static bool blob_finish(Store *store, int fd, const char *tmp, const Digest *digest, GError **error)
{
        return blob_share(store, AT_FDCWD, tmp, digest, error) && blob_keep(store, fd, tmp, digest, error);
}

static int blob_begin(Store *store, const char *tmp, GError **error)
{
        int fd;

        if (!store_is_whole(store, error))
                return -1;
        fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0)
                directory_fail(error, "the file could not be made", tmp);
        return fd;
}

/* Copies to the end of `from` or for `part` bytes, whichever is first. */
static bool copy_hashed(int from, int to, uint64_t part, uint64_t max, const char *tmp, Digest *ret_digest,
                        uint64_t *ret_size, GError **error)
{
        g_autofree char *chunk = g_malloc(BLOB_CHUNK);
        g_autoptr(HashState) hash = hash_new();
        uint64_t size = 0;
        ssize_t n;

        while ((n = file_read(from, chunk, (size_t)MIN(BLOB_CHUNK, part - size), "input", error)) > 0) {
                size += (uint64_t)n;
                if (size > max) {
                        error_set(error, ZW_ERR_LIMIT, NULL,
                                  "the file is larger than %" G_GUINT64_FORMAT " bytes", max);
                        return false;
                }
                hash_update(hash, chunk, (size_t)n);
                if (!file_write(to, chunk, (size_t)n, tmp, error))
                        return false;
        }
        *ret_digest = hash_finish(hash);
        *ret_size = size;
        return n == 0;
}

static bool put_from(Store *store, int fd, uint64_t part, uint64_t max, Digest *ret_digest,
                     uint64_t *ret_size, GError **error)
{
        g_autofree char *tmp = directory_tmp_path(store->dir, "blob");
        g_auto(Fd) out = blob_begin(store, tmp, error);
        Digest digest;
        uint64_t size;

        if (out < 0)
                return false;
        if (!copy_hashed(fd, out, part, max, tmp, &digest, &size, error) ||
            !blob_finish(store, out, tmp, &digest, error)) {
                unlink(tmp);
                return false;
        }
        *ret_digest = digest;
        if (ret_size != NULL)
                *ret_size = size;
        return true;
}

bool store_blob_put_fd(Store *store, int fd, uint64_t max, Digest *ret_digest, uint64_t *ret_size,
                       GError **error)
{
        return put_from(store, fd, UINT64_MAX, max, ret_digest, ret_size, error);
}

bool blob_put_part(Store *store, int fd, uint64_t n, Digest *ret_digest, uint64_t *ret_size, GError **error)
{
        return put_from(store, fd, n, UINT64_MAX, ret_digest, ret_size, error);
}

bool store_blob_put(Store *store, GBytes *bytes, Digest *ret_digest, GError **error)
{
        g_autofree char *tmp = directory_tmp_path(store->dir, "blob");
        g_auto(Fd) out = blob_begin(store, tmp, error);
        size_t n;
        const void *data = g_bytes_get_data(bytes, &n);
        Digest digest = hash_sha256(data, n);

        if (out < 0)
                return false;
        if (!file_write(out, data, n, tmp, error) || !blob_finish(store, out, tmp, &digest, error)) {
                unlink(tmp);
                return false;
        }
        *ret_digest = digest;
        return true;
}

int store_blob_open(Store *store, const Digest *digest, GError **error)
{
        char path[80];
        int fd;

        blob_path(digest, path);
        fd = openat(store->dir_fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0 && errno == ENOENT) {
                bool found;

                /* A database that cannot be asked is not one that has it not. */
                if (!blob_fetch(store, digest, &found, error))
                        return -1;
                errno = ENOENT;
                if (found)
                        fd = openat(store->dir_fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        }
        if (fd < 0 && errno == ENOENT)
                error_set(error, ZW_ERR_NOT_FOUND, path, "this content is not in the store");
        else if (fd < 0)
                directory_fail(error, "the blob could not be opened", path);
        return fd;
}

GBytes *store_blob_load(Store *store, const Digest *digest, uint64_t max, GError **error)
{
        g_auto(Fd) fd = store_blob_open(store, digest, error);
        g_autofree char *bytes = NULL;
        char path[80];
        struct stat facts;
        Digest found;
        ssize_t n;

        if (fd < 0)
                return NULL;
        blob_path(digest, path);
        if (fstat(fd, &facts) != 0) {
                directory_fail(error, "the blob could not be read", path);
                return NULL;
        }
        if ((uint64_t)facts.st_size > max || (bytes = g_try_malloc((size_t)facts.st_size + 1)) == NULL) {
                error_set(error, ZW_ERR_LIMIT, path, "the content is larger than %" G_GUINT64_FORMAT " bytes",
                          max);
                return NULL;
        }
        n = file_read(fd, bytes, (size_t)facts.st_size, path, error);
        if (n < 0)
                return NULL;
        found = hash_sha256(bytes, (size_t)n);
        if (!digest_equal(&found, digest)) {
                error_set(error, ZW_ERR_DAMAGED, path, "the content of the blob was altered");
                return NULL;
        }
        return g_bytes_new_take(g_steal_pointer(&bytes), (size_t)n);
}

bool blob_is_intact(Store *store, const Digest *digest, bool *ret_intact, GError **error)
{
        g_auto(Fd) fd = store_blob_open(store, digest, error);
        g_autofree char *chunk = g_malloc(BLOB_CHUNK);
        g_autoptr(HashState) hash = hash_new();
        char path[80];
        Digest found;
        ssize_t n;

        if (fd < 0)
                return false;
        blob_path(digest, path);
        while ((n = file_read(fd, chunk, BLOB_CHUNK, path, error)) > 0)
                hash_update(hash, chunk, (size_t)n);
        if (n < 0)
                return false;
        found = hash_finish(hash);
        *ret_intact = digest_equal(&found, digest);
        return true;
}

/* ---- Content of other processes ---- */

/* What came is kept when it is what was asked for; else nobody has that. */
static bool fetched_keep(Store *store, int fd, const char *tmp, const Digest *digest, bool *ret_is,
                         GError **error)
{
        g_autofree char *chunk = g_malloc(BLOB_CHUNK);
        g_autoptr(HashState) hash = hash_new();
        g_auto(Fd) in = open(tmp, O_RDONLY | O_CLOEXEC);
        Digest found;
        ssize_t n;

        if (in < 0)
                return directory_fail(error, "the blob could not be read", tmp);
        while ((n = file_read(in, chunk, BLOB_CHUNK, tmp, error)) > 0)
                hash_update(hash, chunk, (size_t)n);
        found = hash_finish(hash);
        *ret_is = n == 0 && digest_equal(&found, digest);
        return n == 0 && (!*ret_is || blob_keep(store, fd, tmp, digest, error));
}

/* Asks the others for it; *ret_found false when they have it not. */
static bool blob_fetch(Store *store, const Digest *digest, bool *ret_found, GError **error)
{
        g_autofree char *tmp = NULL;
        g_auto(Fd) fd = -1;
        bool ok;

        *ret_found = false;
        if (store->backend->blob_fetch == NULL)
                return true;
        tmp = directory_tmp_path(store->dir, "blob");
        fd = blob_begin(store, tmp, error);
        if (fd < 0)
                return false;
        ok = store->backend->blob_fetch(store->db, digest, fd, ret_found, error) &&
             (!*ret_found || fetched_keep(store, fd, tmp, digest, ret_found, error));
        if (!ok || !*ret_found)
                unlink(tmp);
        return ok;
}

static bool folder_share(Store *store, const char *name, GError **error)
{
        g_autofree char *folder = g_build_filename(STORE_BLOB_DIR, name, NULL);
        g_autoptr(GPtrArray) files = directory_names(store->dir_fd, folder, error);

        for (guint i = 0; files != NULL && i < files->len; i++) {
                g_autofree char *path = g_build_filename(folder, files->pdata[i], NULL);
                g_autofree char *hex = g_strconcat(name, files->pdata[i], NULL);
                Digest digest;

                if (hex_decode(hex, digest.b, ZW_DIGEST_BYTES, NULL) &&
                    !blob_share(store, store->dir_fd, path, &digest, error))
                        return false;
        }
        return files != NULL;
}

bool blobs_share(Store *store, GError **error)
{
        g_autoptr(GPtrArray) folders = store->backend->blob_save == NULL
                                               ? g_ptr_array_new()
                                               : directory_names(store->dir_fd, STORE_BLOB_DIR, error);

        for (guint i = 0; folders != NULL && i < folders->len; i++)
                if (!folder_share(store, folders->pdata[i], error))
                        return false;
        return folders != NULL;
}
