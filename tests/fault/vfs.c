/* The layer's face to SQLite: a VFS that becomes the default. Syncs are not passed on: only the model believes in them. */
#include "disk.h"
#include "layer.h"

#include <sqlite3.h>
#include <string.h>

typedef struct {
        sqlite3_file base;
        DiskFile *file; /* in the model; NULL when it is not kept */
        char *path;     /* NULL: not watched */
        bool sync_name; /* its first sync is one of its folder, too */
} VfsFile;              /* followed by the file of the real layer */

static struct {
        sqlite3_vfs vfs, *real;
} face;

static sqlite3_file *real_of(sqlite3_file *file)
{
        return (sqlite3_file *)(void *)((VfsFile *)(void *)file + 1);
}

static VfsFile *ours(sqlite3_file *file)
{
        return (VfsFile *)(void *)file;
}

/* ---- Steps ---- */

static int write_step(VfsFile *file, const void *bytes, int n, sqlite3_int64 at)
{
        sqlite3_file *real = real_of(&file->base);
        FaultMode fault = layer_step(STEP_WRITE, file->path);

        if (file->file != NULL && layer_keeps())
                disk_write(file->file, at, bytes, (gsize)n);
        if (fault == FAULT_NONE)
                return real->pMethods->xWrite(real, bytes, n, at);
        /* What fails may have been done by half. */
        if (fault != FAULT_CRASH)
                real->pMethods->xWrite(real, bytes, n / 2, at);
        return fault == FAULT_ENOSPC ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static int vfs_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
{
        int rc;

        if (ours(file)->path == NULL)
                return real_of(file)->pMethods->xWrite(real_of(file), bytes, n, at);
        layer_lock();
        rc = write_step(ours(file), bytes, n, at);
        layer_unlock();
        return rc;
}

static int vfs_truncate(sqlite3_file *file, sqlite3_int64 size)
{
        VfsFile *own = ours(file);
        FaultMode fault = FAULT_NONE;

        layer_lock();
        if (own->path != NULL)
                fault = layer_step(STEP_TRUNCATE, own->path);
        if (own->file != NULL && layer_keeps())
                disk_truncate(own->file, size);
        layer_unlock();
        return fault != FAULT_NONE ? SQLITE_IOERR_TRUNCATE
                                   : real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int vfs_sync(sqlite3_file *file, int flags G_GNUC_UNUSED)
{
        VfsFile *own = ours(file);
        FaultMode fault = FAULT_NONE;

        layer_lock();
        if (own->path != NULL)
                fault = layer_step(STEP_SYNC, own->path);
        if (own->file != NULL && fault == FAULT_NONE) {
                disk_sync(own->file);
                if (own->sync_name) {
                        g_autofree char *folder = g_path_get_dirname(own->path);

                        disk_sync_names(folder);
                        own->sync_name = false;
                }
        }
        layer_unlock();
        return fault != FAULT_NONE ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int vfs_read(sqlite3_file *file, void *bytes, int n, sqlite3_int64 at)
{
        FaultMode fault = FAULT_NONE;

        layer_lock();
        if (ours(file)->path != NULL)
                fault = layer_step(STEP_READ, ours(file)->path);
        layer_unlock();
        return fault != FAULT_NONE ? SQLITE_IOERR_READ
                                   : real_of(file)->pMethods->xRead(real_of(file), bytes, n, at);
}

static int vfs_delete(sqlite3_vfs *vfs G_GNUC_UNUSED, const char *path, int sync_folder)
{
        FaultMode fault = FAULT_NONE;

        layer_lock();
        if (layer_watches(path)) {
                fault = layer_step(STEP_REMOVE, path);
                if (layer_keeps())
                        disk_remove(path);
                if (layer_keeps() && sync_folder && fault == FAULT_NONE) {
                        g_autofree char *folder = g_path_get_dirname(path);

                        disk_sync_names(folder);
                }
        }
        layer_unlock();
        return fault != FAULT_NONE ? SQLITE_IOERR_DELETE : face.real->xDelete(face.real, path, 0);
}

/* ---- What is passed on ---- */

static int vfs_close(sqlite3_file *file)
{
        int rc = real_of(file)->pMethods->xClose(real_of(file));

        layer_lock();
        disk_close(ours(file)->file);
        g_free(ours(file)->path);
        layer_unlock();
        return rc;
}

static int vfs_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
        return real_of(file)->pMethods->xFileSize(real_of(file), ret_size);
}

static int vfs_take(sqlite3_file *file, int level)
{
        return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int vfs_release(sqlite3_file *file, int level)
{
        return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int vfs_reserved(sqlite3_file *file, int *ret_reserved)
{
        return real_of(file)->pMethods->xCheckReservedLock(real_of(file), ret_reserved);
}

/* A hint may change the file past the layer. */
static int vfs_control(sqlite3_file *file, int op, void *arg)
{
        return op == SQLITE_FCNTL_SIZE_HINT ? SQLITE_OK
                                            : real_of(file)->pMethods->xFileControl(real_of(file), op, arg);
}

static int vfs_sector(sqlite3_file *file)
{
        return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int vfs_traits(sqlite3_file *file)
{
        return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int vfs_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret_page)
{
        return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, ret_page);
}

static int vfs_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
        return real_of(file)->pMethods->xShmLock(real_of(file), offset, n, flags);
}

static void vfs_shm_barrier(sqlite3_file *file)
{
        real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int vfs_shm_unmap(sqlite3_file *file, int remove)
{
        return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

static const sqlite3_io_methods methods = {
        .iVersion = 2,
        .xClose = vfs_close,
        .xRead = vfs_read,
        .xWrite = vfs_write,
        .xTruncate = vfs_truncate,
        .xSync = vfs_sync,
        .xFileSize = vfs_size,
        .xLock = vfs_take,
        .xUnlock = vfs_release,
        .xCheckReservedLock = vfs_reserved,
        .xFileControl = vfs_control,
        .xSectorSize = vfs_sector,
        .xDeviceCharacteristics = vfs_traits,
        .xShmMap = vfs_shm_map,
        .xShmLock = vfs_shm_lock,
        .xShmBarrier = vfs_shm_barrier,
        .xShmUnmap = vfs_shm_unmap,
};

/* The model opens the file first: what it finds on the real disk then is from before. */
static int open_step(VfsFile *own, const char *path, int flags)
{
        enum { SYNCED_WITH_NAME = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL };
        bool makes = (flags & SQLITE_OPEN_CREATE) != 0;
        FaultMode fault = makes ? layer_step(STEP_OPEN, path) : FAULT_NONE;

        if (layer_keeps())
                own->file = disk_open(path, makes);
        if (fault != FAULT_NONE)
                return SQLITE_CANTOPEN;
        own->path = g_strdup(path);
        own->sync_name = makes && (flags & SYNCED_WITH_NAME) != 0;
        return SQLITE_OK;
}

static int vfs_open(sqlite3_vfs *vfs G_GNUC_UNUSED, const char *path, sqlite3_file *file, int flags,
                    int *ret_flags)
{
        VfsFile *own = ours(file);
        int rc = SQLITE_OK;

        memset(own, 0, sizeof *own);
        layer_lock();
        if (layer_watches(path))
                rc = open_step(own, path, flags);
        layer_unlock();
        if (rc == SQLITE_OK)
                rc = face.real->xOpen(face.real, path, real_of(file), flags, ret_flags);
        if (rc == SQLITE_OK) {
                file->pMethods = &methods;
                return SQLITE_OK;
        }
        layer_lock();
        disk_close(own->file);
        g_free(own->path);
        layer_unlock();
        return rc;
}

void vfs_register(void)
{
        face.real = sqlite3_vfs_find(NULL);
        g_assert_nonnull(face.real);
        face.vfs = *face.real; /* what is not replaced takes no notice of the layer it is called for */
        face.vfs.zName = "fault";
        face.vfs.pNext = NULL;
        face.vfs.szOsFile = (int)sizeof(VfsFile) + face.real->szOsFile;
        face.vfs.xOpen = vfs_open;
        face.vfs.xDelete = vfs_delete;
        g_assert_cmpint(sqlite3_vfs_register(&face.vfs, 1), ==, SQLITE_OK);
}
