/* The layer's face to the store's own code: the linker puts these in the place of the calls (--wrap), in everything that is
 * linked statically. Files are known by their descriptors from when they are opened; syncs are not passed on. */
#include "disk.h"
#include "layer.h"

#include <archive.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FDS_MAX = 1024 };

/* Under the layer's lock. */
static struct {
        char *path; /* NULL: not watched */
        DiskFile *file;
} open_files[FDS_MAX];

/* What the linker calls. The names are its own. */
int __real_open64(const char *path, int flags, mode_t mode);
int __wrap_open64(const char *path, int flags, ...);
int __wrap_openat64(int dir_fd, const char *path, int flags, ...);
ssize_t __real_write(int fd, const void *bytes, size_t n);
ssize_t __wrap_write(int fd, const void *bytes, size_t n);
ssize_t __real_read(int fd, void *bytes, size_t n);
ssize_t __wrap_read(int fd, void *bytes, size_t n);
ssize_t __wrap___read_chk(int fd, void *bytes, size_t n, size_t size);
ssize_t __real_pread64(int fd, void *bytes, size_t n, off_t at);
ssize_t __wrap_pread64(int fd, void *bytes, size_t n, off_t at);
ssize_t __wrap___pread64_chk(int fd, void *bytes, size_t n, off_t at, size_t size);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __real_syncfs(int fd);
int __wrap_syncfs(int fd);
int __real_close(int fd);
int __wrap_close(int fd);
int __real_renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags);
int __wrap_renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags);
int __wrap_renameat(int from_fd, const char *from, int to_fd, const char *to);
int __wrap_rename(const char *from, const char *to);
int __real_unlinkat(int dir_fd, const char *path, int flags);
int __wrap_unlinkat(int dir_fd, const char *path, int flags);
int __wrap_unlink(const char *path);
int __wrap_rmdir(const char *path);
int __real_mkdirat(int dir_fd, const char *path, mode_t mode);
int __wrap_mkdirat(int dir_fd, const char *path, mode_t mode);
int __wrap_mkdir(const char *path, mode_t mode);
int __real_archive_write_open_fd(struct archive *archive, int fd);
int __wrap_archive_write_open_fd(struct archive *archive, int fd);

/* ---- Paths and failures ---- */

static char *path_of_fd(int fd)
{
        g_autofree char *link = g_strdup_printf("/proc/self/fd/%d", fd);

        return g_file_read_link(link, NULL);
}

/* The absolute path. Free it. */
static char *path_of(int dir_fd, const char *path)
{
        g_autofree char *folder = dir_fd == AT_FDCWD ? NULL : path_of_fd(dir_fd);

        return g_canonicalize_filename(path, folder);
}

static int fail(FaultMode fault)
{
        errno = fault == FAULT_ENOSPC ? ENOSPC : fault == FAULT_EINTR ? EINTR : EIO;
        return -1;
}

/* ---- Opening and closing ---- */

static int open_watched(char *path, int flags, mode_t mode)
{
        bool makes = (flags & O_CREAT) != 0;
        FaultMode fault = makes ? layer_step(STEP_OPEN, path) : FAULT_NONE;
        DiskFile *file = NULL;
        int fd;

        if (layer_keeps())
                disk_look(path);
        fd = fault == FAULT_NONE ? __real_open64(path, flags, mode) : fail(fault);
        if (layer_keeps() && (fd >= 0 || fault == FAULT_CRASH) && (flags & O_DIRECTORY) == 0)
                file = disk_open(path, makes);

        g_assert_cmpint(fd, <, FDS_MAX);
        if (fd >= 0 && (flags & O_DIRECTORY) == 0) {
                open_files[fd].path = path;
                open_files[fd].file = file;
                return fd;
        }
        g_free(path);
        disk_close(file);
        return fd;
}

static int open_any(int dir_fd, const char *name, int flags, mode_t mode)
{
        char *path = path_of(dir_fd, name);
        int fd;

        layer_lock();
        if (layer_watches(path)) {
                fd = open_watched(path, flags, mode);
        } else {
                fd = __real_open64(path, flags, mode);
                g_free(path);
        }
        layer_unlock();
        return fd;
}

static mode_t mode_of(int flags, va_list args)
{
        return (flags & O_CREAT) != 0 ? va_arg(args, mode_t) : 0;
}

int __wrap_open64(const char *path, int flags, ...)
{
        va_list args;
        mode_t mode;

        va_start(args, flags);
        mode = mode_of(flags, args);
        va_end(args);
        return open_any(AT_FDCWD, path, flags, mode);
}

int __wrap_openat64(int dir_fd, const char *path, int flags, ...)
{
        va_list args;
        mode_t mode;

        va_start(args, flags);
        mode = mode_of(flags, args);
        va_end(args);
        return open_any(dir_fd, path, flags, mode);
}

int __wrap_close(int fd)
{
        layer_lock();
        if (fd >= 0 && fd < FDS_MAX) {
                g_clear_pointer(&open_files[fd].path, g_free);
                g_clear_pointer(&open_files[fd].file, disk_close);
        }
        layer_unlock();
        return __real_close(fd);
}

/* The path of a watched file, or NULL. */
static const char *watched_fd(int fd)
{
        return fd >= 0 && fd < FDS_MAX ? open_files[fd].path : NULL;
}

/* ---- Reading and writing ---- */

static ssize_t write_watched(int fd, const void *bytes, size_t n)
{
        FaultMode fault = layer_step(STEP_CALL_WRITE, open_files[fd].path);

        if (open_files[fd].file != NULL && layer_keeps())
                disk_write(open_files[fd].file, lseek(fd, 0, SEEK_CUR), bytes, n);
        if (fault == FAULT_NONE)
                return __real_write(fd, bytes, n);
        if (fault == FAULT_SHORT)
                return __real_write(fd, bytes, (n + 1) / 2);
        if (fault == FAULT_EIO || fault == FAULT_ENOSPC) /* what fails may have been done by half */
                if (__real_write(fd, bytes, n / 2) < 0)
                        return -1;
        return fail(fault);
}

ssize_t __wrap_write(int fd, const void *bytes, size_t n)
{
        ssize_t done;

        layer_lock();
        done = watched_fd(fd) == NULL ? __real_write(fd, bytes, n) : write_watched(fd, bytes, n);
        layer_unlock();
        return done;
}

/* How a read is to end: FAULT_NONE, FAULT_SHORT, or else -1. */
static FaultMode read_step(int fd)
{
        FaultMode fault = FAULT_NONE;

        layer_lock();
        if (watched_fd(fd) != NULL)
                fault = layer_step(STEP_CALL_READ, open_files[fd].path);
        layer_unlock();
        return fault;
}

ssize_t __wrap_read(int fd, void *bytes, size_t n)
{
        FaultMode fault = read_step(fd);

        if (fault != FAULT_NONE && fault != FAULT_SHORT)
                return fail(fault);
        return __real_read(fd, bytes, fault == FAULT_SHORT ? (n + 1) / 2 : n);
}

ssize_t __wrap___read_chk(int fd, void *bytes, size_t n, size_t size)
{
        g_assert_cmpuint(n, <=, size);
        return __wrap_read(fd, bytes, n);
}

ssize_t __wrap_pread64(int fd, void *bytes, size_t n, off_t at)
{
        FaultMode fault = read_step(fd);

        if (fault != FAULT_NONE && fault != FAULT_SHORT)
                return fail(fault);
        return __real_pread64(fd, bytes, fault == FAULT_SHORT ? (n + 1) / 2 : n, at);
}

ssize_t __wrap___pread64_chk(int fd, void *bytes, size_t n, off_t at, size_t size)
{
        g_assert_cmpuint(n, <=, size);
        return __wrap_pread64(fd, bytes, n, at);
}

/* libarchive writes by itself; here through the layer. */
static la_ssize_t archive_write_some(struct archive *archive, void *fd, const void *bytes, size_t n)
{
        ssize_t done;

        do
                done = __wrap_write(GPOINTER_TO_INT(fd), bytes, n);
        while (done < 0 && errno == EINTR); /* as it does */
        if (done < 0)
                archive_set_error(archive, errno, "the write failed");
        return done;
}

int __wrap_archive_write_open_fd(struct archive *archive, int fd)
{
        archive_write_set_bytes_in_last_block(archive, 1);
        return archive_write_open(archive, GINT_TO_POINTER(fd), NULL, archive_write_some, NULL);
}

/* ---- Syncs ---- */

static int sync_watched(int fd, const char *path)
{
        FaultMode fault = layer_step(STEP_SYNC, path);

        if (fault != FAULT_NONE)
                return fail(fault);
        if (!layer_keeps())
                return 0;
        if (watched_fd(fd) == NULL)
                disk_sync_names(path);
        else if (open_files[fd].file != NULL)
                disk_sync(open_files[fd].file);
        return 0;
}

int __wrap_fsync(int fd)
{
        g_autofree char *path = path_of_fd(fd);
        int rc;

        layer_lock();
        rc = layer_watches(path) ? sync_watched(fd, path) : __real_fsync(fd);
        layer_unlock();
        return rc;
}

int __wrap_syncfs(int fd)
{
        g_autofree char *path = path_of_fd(fd);
        FaultMode fault = FAULT_NONE;
        bool watched;

        layer_lock();
        watched = layer_watches(path);
        if (watched)
                fault = layer_step(STEP_SYNC, path);
        if (watched && fault == FAULT_NONE && layer_keeps())
                disk_sync_all();
        layer_unlock();
        if (fault != FAULT_NONE)
                return fail(fault);
        return watched ? 0 : __real_syncfs(fd);
}

/* ---- Names ---- */

int __wrap_renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
        g_autofree char *old = path_of(from_fd, from), *new = path_of(to_fd, to);
        FaultMode fault = FAULT_NONE;
        int rc;

        layer_lock();
        if (layer_watches(new))
                fault = layer_step(STEP_RENAME, new);
        if (layer_keeps()) {
                disk_look(old);
                disk_look(new);
        }
        rc = fault == FAULT_NONE ? __real_renameat2(AT_FDCWD, old, AT_FDCWD, new, flags) : fail(fault);
        if (layer_watches(new) && layer_keeps() && (rc == 0 || fault == FAULT_CRASH))
                disk_rename(old, new);
        layer_unlock();
        return rc;
}

int __wrap_renameat(int from_fd, const char *from, int to_fd, const char *to)
{
        return __wrap_renameat2(from_fd, from, to_fd, to, 0);
}

int __wrap_rename(const char *from, const char *to)
{
        return __wrap_renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int __wrap_unlinkat(int dir_fd, const char *name, int flags)
{
        g_autofree char *path = path_of(dir_fd, name);
        FaultMode fault = FAULT_NONE;
        int rc;

        layer_lock();
        if (layer_watches(path))
                fault = layer_step(STEP_REMOVE, path);
        if (layer_keeps())
                disk_look(path);
        rc = fault == FAULT_NONE ? __real_unlinkat(AT_FDCWD, path, flags) : fail(fault);
        if (layer_watches(path) && layer_keeps() && (rc == 0 || fault == FAULT_CRASH))
                disk_remove(path);
        layer_unlock();
        return rc;
}

int __wrap_unlink(const char *path)
{
        return __wrap_unlinkat(AT_FDCWD, path, 0);
}

int __wrap_rmdir(const char *path)
{
        return __wrap_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int __wrap_mkdirat(int dir_fd, const char *name, mode_t mode)
{
        g_autofree char *path = path_of(dir_fd, name);
        FaultMode fault = FAULT_NONE;
        int rc;

        layer_lock();
        if (layer_watches(path))
                fault = layer_step(STEP_MKDIR, path);
        if (layer_keeps())
                disk_look(path);
        rc = fault == FAULT_NONE ? __real_mkdirat(AT_FDCWD, path, mode) : fail(fault);
        if (layer_watches(path) && layer_keeps() && (rc == 0 || fault == FAULT_CRASH))
                disk_make_folder(path);
        layer_unlock();
        return rc;
}

int __wrap_mkdir(const char *path, mode_t mode)
{
        return __wrap_mkdirat(AT_FDCWD, path, mode);
}
