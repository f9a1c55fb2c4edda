#include "store/tarball.h"

#include "base/error.h"
#include "store/internal.h"
#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

enum { TAR_CHUNK = 1 << 18 };

struct Tarball {
        struct archive *archive;
        struct archive_entry *entry; /* when writing */
        bool writing;
        char *chunk;
};

static bool tar_fail(Tarball *tarball, const char *what, GError **error)
{
        const char *why = archive_error_string(tarball->archive);

        error_set(error, tarball->writing ? ZW_ERR_STORAGE : ZW_ERR_INPUT, NULL, "%s: %s", what,
                  why == NULL ? "no reason given" : why);
        return false;
}

static Tarball *tarball_new(bool writing)
{
        Tarball *tarball = g_new0(Tarball, 1);

        tarball->writing = writing;
        tarball->archive = writing ? archive_write_new() : archive_read_new();
        tarball->entry = archive_entry_new();
        tarball->chunk = g_malloc(TAR_CHUNK);
        return tarball;
}

Tarball *tarball_new_write(int fd, GError **error)
{
        g_autoptr(Tarball) tarball = tarball_new(true);

        if (archive_write_set_format_pax_restricted(tarball->archive) != ARCHIVE_OK ||
            archive_write_open_fd(tarball->archive, fd) != ARCHIVE_OK) {
                tar_fail(tarball, "the archive could not be begun", error);
                return NULL;
        }
        return g_steal_pointer(&tarball);
}

Tarball *tarball_new_read(int fd, GError **error)
{
        g_autoptr(Tarball) tarball = tarball_new(false);

        if (archive_read_support_format_tar(tarball->archive) != ARCHIVE_OK ||
            archive_read_open_fd(tarball->archive, fd, TAR_CHUNK) != ARCHIVE_OK) {
                tar_fail(tarball, "this is not a backup", error);
                return NULL;
        }
        return g_steal_pointer(&tarball);
}

void tarball_free(Tarball *tarball)
{
        if (tarball == NULL)
                return;
        if (tarball->writing)
                archive_write_free(tarball->archive);
        else
                archive_read_free(tarball->archive);
        archive_entry_free(tarball->entry);
        g_free(tarball->chunk);
        g_free(tarball);
}

static bool entry_begin(Tarball *tarball, const char *name, uint64_t size, GError **error)
{
        struct archive_entry *entry = archive_entry_clear(tarball->entry);

        archive_entry_set_pathname(entry, name);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0600);
        archive_entry_set_mtime(entry, 0, 0);
        archive_entry_set_size(entry, (la_int64_t)size);
        return archive_write_header(tarball->archive, entry) == ARCHIVE_OK ||
               tar_fail(tarball, "the archive could not be written", error);
}

static bool entry_bytes(Tarball *tarball, const void *bytes, size_t n, GError **error)
{
        return archive_write_data(tarball->archive, bytes, n) == (la_ssize_t)n ||
               tar_fail(tarball, "the archive could not be written", error);
}

bool tarball_add_bytes(Tarball *tarball, const char *name, GBytes *bytes, GError **error)
{
        size_t n;
        const void *data = g_bytes_get_data(bytes, &n);

        return entry_begin(tarball, name, n, error) && entry_bytes(tarball, data, n, error);
}

bool tarball_add_fd(Tarball *tarball, const char *name, int fd, uint64_t size, ProgressStage *stage,
                    GError **error)
{
        if (!entry_begin(tarball, name, size, error))
                return false;
        while (size > 0) {
                ssize_t n = file_read(fd, tarball->chunk, (size_t)MIN(size, TAR_CHUNK), name, error);

                if (n < 0)
                        return false;
                if (n == 0) {
                        error_set(error, ZW_ERR_STORAGE, name, "the file became shorter while it was read");
                        return false;
                }
                if (!entry_bytes(tarball, tarball->chunk, (size_t)n, error) ||
                    !progress_step(stage, (uint64_t)n, error))
                        return false;
                size -= (uint64_t)n;
        }
        return true;
}

bool tarball_end(Tarball *tarball, GError **error)
{
        return archive_write_close(tarball->archive) == ARCHIVE_OK ||
               tar_fail(tarball, "the archive could not be ended", error);
}

bool tarball_next(Tarball *tarball, const char **ret_name, uint64_t *ret_size, GError **error)
{
        struct archive_entry *entry;
        int rc = archive_read_next_header(tarball->archive, &entry);

        if (rc == ARCHIVE_EOF) {
                *ret_name = NULL;
                *ret_size = 0;
                return true;
        }
        if (rc != ARCHIVE_OK)
                return tar_fail(tarball, "this is not a backup, or it is cut", error);
        if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_pathname(entry) == NULL ||
            archive_entry_hardlink(entry) != NULL || archive_entry_size(entry) < 0) {
                error_set(error, ZW_ERR_INPUT, NULL, "a backup holds plain files only");
                return false;
        }
        *ret_name = archive_entry_pathname(entry);
        *ret_size = (uint64_t)archive_entry_size(entry);
        return true;
}

/* The next bytes of the entry; 0 at its end, -1 on failure. */
static ssize_t entry_read(Tarball *tarball, GError **error)
{
        la_ssize_t n = archive_read_data(tarball->archive, tarball->chunk, TAR_CHUNK);

        if (n >= 0)
                return (ssize_t)n;
        tar_fail(tarball, "the backup is cut or damaged", error);
        return -1;
}

GBytes *tarball_load(Tarball *tarball, size_t max, GError **error)
{
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        ssize_t n;

        while ((n = entry_read(tarball, error)) > 0) {
                if (bytes->len + (size_t)n > max) {
                        error_set(error, ZW_ERR_LIMIT, NULL,
                                  "an entry of the backup is larger than %zu bytes", max);
                        return NULL;
                }
                g_byte_array_append(bytes, (const guint8 *)tarball->chunk, (guint)n);
        }
        if (n < 0)
                return NULL;
        return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}

bool tarball_extract(Tarball *tarball, int fd, ProgressStage *stage, Digest *ret_digest, GError **error)
{
        g_autoptr(HashState) hash = hash_new();
        ssize_t n;

        while ((n = entry_read(tarball, error)) > 0) {
                hash_update(hash, tarball->chunk, (size_t)n);
                if (!file_write(fd, tarball->chunk, (size_t)n, "restored file", error) ||
                    !progress_step(stage, (uint64_t)n, error))
                        return false;
        }
        if (n == 0)
                *ret_digest = hash_finish(hash);
        return n == 0;
}
