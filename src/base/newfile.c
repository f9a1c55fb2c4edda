#include "base/newfile.h"

#include "base/error.h"
#include "base/fd.h"
#include "base/hash.h"

#include <fcntl.h>
#include <stdio.h>

struct NewFile {
        char *path;
        char *part; /* its name until it is placed, then NULL */
        NewFileKind kind;
        int fd;
};

static bool newfile_fail(GError **error, const char *what, const char *path)
{
        error_set(error, ZW_ERR_STORAGE, path, "%s: %s", what, g_strerror(errno));
        return false;
}

static bool refuse_taken(const char *path, GError **error)
{
        error_set(error, ZW_ERR_EXISTS, path, "there is a file of this name");
        return false;
}

NewFile *newfile_begin(const char *path, NewFileKind kind, GError **error)
{
        g_autoptr(NewFile) file = NULL;
        char hex[ZW_ID_HEX];
        Id id = id_new();

        if (kind == NEWFILE_FRESH && faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
                refuse_taken(path, error);
                return NULL;
        }
        file = g_new0(NewFile, 1);
        hex_encode(id.b, ZW_ID_BYTES, hex);
        file->kind = kind;
        file->path = g_strdup(path);
        file->part = g_strdup_printf("%s.part-%s", path, hex);
        file->fd = open(file->part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
                        kind == NEWFILE_SHARED ? 0666 : 0600);
        if (file->fd >= 0)
                return g_steal_pointer(&file);
        newfile_fail(error, "the file could not be made", path);
        g_clear_pointer(&file->part, g_free);
        return NULL;
}

int newfile_fd(const NewFile *file)
{
        return file->fd;
}

static bool sync_parent(const char *path, GError **error)
{
        g_autofree char *parent = g_path_get_dirname(path);
        g_auto(Fd) fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        if (fd < 0 || fsync(fd) != 0)
                return newfile_fail(error, "the directory could not be synced", parent);
        return true;
}

bool newfile_place(NewFile *file, GError **error)
{
        if (fsync(file->fd) != 0)
                return newfile_fail(error, "the file could not be synced", file->path);
        if (renameat2(AT_FDCWD, file->part, AT_FDCWD, file->path,
                      file->kind == NEWFILE_FRESH ? RENAME_NOREPLACE : 0) != 0) {
                if (errno == EEXIST)
                        return refuse_taken(file->path, error);
                return newfile_fail(error, "the file could not be put in its place", file->path);
        }
        g_clear_pointer(&file->part, g_free);
        return sync_parent(file->path, error);
}

void newfile_free(NewFile *file)
{
        if (file == NULL)
                return;
        if (file->part != NULL)
                unlink(file->part);
        fd_close(file->fd);
        g_free(file->part);
        g_free(file->path);
        g_free(file);
}
