#include "vfs.h"

#include "base/hash.h"
#include "base/lock.h"
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

enum { SECTOR = 512 };

/* A write or truncation that was not synced yet. */
typedef struct {
        sqlite3_int64 at;
        GBytes *bytes; /* NULL: truncation to `at` */
} Unsynced;

typedef struct {
        GByteArray *durable; /* NULL: the file is not there */
        GArray *unsynced;    /* Unsynced */
        bool removed;        /* but the removal was not synced: `unsynced` begins with an empty file */
        bool is_new;         /* made again after the removal */
} FileState;

typedef struct {
        sqlite3_file base;
        FileState *state; /* NULL when nothing is kept of it */
} FaultFile;              /* followed by the file of the real layer */

static struct {
        pthread_mutex_t lock;
        sqlite3_vfs vfs, *real;
        FaultMode mode;
        unsigned n, steps;
        bool hit;
        StepKind kind;
        GHashTable *files; /* path → FileState */
} layer = { .lock = PTHREAD_MUTEX_INITIALIZER };

static _Thread_local bool spared;

static sqlite3_file *real_of(sqlite3_file *file)
{
        return (sqlite3_file *)(void *)((FaultFile *)(void *)file + 1);
}

static FileState *state_of(sqlite3_file *file)
{
        return ((FaultFile *)(void *)file)->state;
}

/* ---- What is kept of a file ---- */

static void unsynced_clear(gpointer data)
{
        g_clear_pointer(&((Unsynced *)data)->bytes, g_bytes_unref);
}

static void state_free(gpointer data)
{
        FileState *state = data;

        if (state->durable != NULL)
                g_byte_array_unref(state->durable);
        g_array_unref(state->unsynced);
        g_free(state);
}

/* The file as it lies there now is taken to be synced. */
static FileState *state_new(const char *path)
{
        FileState *state = g_new0(FileState, 1);
        char *bytes;
        gsize n;

        state->unsynced = g_array_new(FALSE, FALSE, sizeof(Unsynced));
        g_array_set_clear_func(state->unsynced, unsynced_clear);
        if (g_file_get_contents(path, &bytes, &n, NULL))
                state->durable = g_byte_array_new_take((guint8 *)bytes, n);
        return state;
}

static void unsynced_add(FileState *state, sqlite3_int64 at, const void *bytes, int n)
{
        Unsynced one = { at, bytes == NULL ? NULL : g_bytes_new(bytes, (gsize)n) };

        g_array_append_val(state->unsynced, one);
}

static void apply_bytes(GByteArray *file, sqlite3_int64 at, const guint8 *bytes, gsize n)
{
        guint length = file->len, end = (guint)at + (guint)n;

        if (end > length) {
                g_byte_array_set_size(file, end);
                memset(file->data + length, 0, end - length);
        }
        memcpy(file->data + at, bytes, n);
}

static void apply_torn(GByteArray *file, const Unsynced *one, GRand *chance)
{
        gsize n;
        const guint8 *bytes = g_bytes_get_data(one->bytes, &n);

        for (gsize from = 0; from < n; from += SECTOR)
                if (g_rand_boolean(chance))
                        apply_bytes(file, one->at + (sqlite3_int64)from, bytes + from, MIN(SECTOR, n - from));
}

/* `chance` NULL: all of it. */
static void apply(GByteArray *file, const Unsynced *one, GRand *chance)
{
        int fate = chance == NULL ? 0 : g_rand_int_range(chance, 0, 3); /* all, nothing, some */

        if (fate == 1)
                return;
        if (one->bytes == NULL)
                g_byte_array_set_size(file, MIN(file->len, (guint)one->at));
        else if (fate == 0)
                apply_bytes(file, one->at, g_bytes_get_data(one->bytes, NULL), g_bytes_get_size(one->bytes));
        else
                apply_torn(file, one, chance);
}

/* The file with what was not synced; NULL when it is not there. */
static GByteArray *with_unsynced(const FileState *state, GRand *chance)
{
        bool empty = state->durable == NULL || state->removed;
        GByteArray *file;

        if (empty && !state->is_new)
                return NULL;
        file = g_byte_array_new();
        if (!empty)
                g_byte_array_append(file, state->durable->data, state->durable->len);
        for (guint i = 0; i < state->unsynced->len; i++)
                apply(file, &g_array_index(state->unsynced, Unsynced, i), chance);
        return file;
}

static void state_sync(FileState *state)
{
        GByteArray *file = with_unsynced(state, NULL);

        g_assert_nonnull(file);
        if (state->durable != NULL)
                g_byte_array_unref(state->durable);
        state->durable = file;
        state->removed = state->is_new = false;
        g_array_set_size(state->unsynced, 0);
}

static GByteArray *left_by_crash(const FileState *state, CrashKind kind, GRand *chance)
{
        bool old = kind == CRASH_DROP || (kind == CRASH_RANDOM && g_rand_boolean(chance));

        if (kind == CRASH_DROP || (old && (state->removed || state->is_new)))
                return state->durable == NULL ? NULL : g_byte_array_ref(state->durable);
        return with_unsynced(state, kind == CRASH_RANDOM ? chance : NULL);
}

void crash_apply(CrashKind kind, GRand *chance)
{
        g_autoptr(GList) paths = NULL;

        g_assert_cmpint(layer.mode, ==, FAULT_CRASH);
        paths = g_list_sort(g_hash_table_get_keys(layer.files), (GCompareFunc)strcmp);
        for (GList *path = paths; path != NULL; path = path->next) {
                GByteArray *file = left_by_crash(g_hash_table_lookup(layer.files, path->data), kind, chance);

                if (file == NULL) {
                        unlink(path->data);
                        continue;
                }
                g_assert_true(g_file_set_contents_full(path->data, (const char *)file->data,
                                                       (gssize)file->len, G_FILE_SET_CONTENTS_NONE, 0600,
                                                       NULL));
                g_byte_array_unref(file);
        }
        fault_arm(FAULT_NONE, 0);
}

/* ---- Steps ---- */

void fault_arm(FaultMode mode, unsigned n)
{
        layer.mode = mode;
        layer.n = n;
        layer.steps = 0;
        layer.hit = false;
        g_hash_table_remove_all(layer.files);
}

unsigned fault_steps(void)
{
        return layer.steps;
}

bool fault_was_hit(StepKind *ret_kind)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&layer.lock);

        if (layer.hit && ret_kind != NULL)
                *ret_kind = layer.kind;
        return layer.hit;
}

void fault_spare_thread(bool spare)
{
        spared = spare;
}

/* Counts a step; true when it fails. The caller holds the lock. */
static bool step_fails(StepKind kind)
{
        if (spared)
                return false;
        layer.steps++;
        if (layer.n == 0 || layer.mode == FAULT_NONE)
                return false;
        if (layer.steps == layer.n) {
                layer.hit = true;
                layer.kind = kind;
                return true;
        }
        return layer.hit && (layer.mode == FAULT_EIO_ON || layer.mode == FAULT_CRASH);
}

static bool is_dead(void)
{
        return layer.hit && layer.mode == FAULT_CRASH && layer.steps > layer.n;
}

static int fault_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&layer.lock);
        FileState *state = state_of(file);
        bool fails = step_fails(STEP_WRITE);

        if (state != NULL && !is_dead())
                unsynced_add(state, at, bytes, n);
        if (!fails)
                return real_of(file)->pMethods->xWrite(real_of(file), bytes, n, at);
        /* What fails may have been done by half. */
        if (layer.mode != FAULT_CRASH)
                real_of(file)->pMethods->xWrite(real_of(file), bytes, n / 2, at);
        return layer.mode == FAULT_ENOSPC ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static int fault_truncate(sqlite3_file *file, sqlite3_int64 size)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&layer.lock);
        FileState *state = state_of(file);
        bool fails = step_fails(STEP_TRUNCATE);

        if (state != NULL && !is_dead())
                unsynced_add(state, size, NULL, 0);
        return fails ? SQLITE_IOERR_TRUNCATE : real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int fault_sync(sqlite3_file *file, int flags G_GNUC_UNUSED)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&layer.lock);
        FileState *state = state_of(file);

        if (step_fails(STEP_SYNC))
                return SQLITE_IOERR_FSYNC;
        if (state != NULL && !is_dead())
                state_sync(state);
        return SQLITE_OK;
}

static int fault_remove(sqlite3_vfs *vfs G_GNUC_UNUSED, const char *path, int sync_folder)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&layer.lock);
        FileState *state = g_hash_table_lookup(layer.files, path);

        if (step_fails(STEP_REMOVE))
                return SQLITE_IOERR_DELETE;
        if (state != NULL) {
                g_array_set_size(state->unsynced, 0);
                state->is_new = false;
                state->removed = state->durable != NULL;
                if (sync_folder) {
                        g_clear_pointer(&state->durable, g_byte_array_unref);
                        state->removed = false;
                }
        }
        return layer.real->xDelete(layer.real, path, sync_folder);
}

/* ---- What is passed on ---- */

static int fault_close(sqlite3_file *file)
{
        return real_of(file)->pMethods->xClose(real_of(file));
}

static int fault_read(sqlite3_file *file, void *bytes, int n, sqlite3_int64 at)
{
        return real_of(file)->pMethods->xRead(real_of(file), bytes, n, at);
}

static int fault_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
        return real_of(file)->pMethods->xFileSize(real_of(file), ret_size);
}

static int fault_lock(sqlite3_file *file, int level)
{
        return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int fault_unlock(sqlite3_file *file, int level)
{
        return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int fault_reserved(sqlite3_file *file, int *ret_reserved)
{
        return real_of(file)->pMethods->xCheckReservedLock(real_of(file), ret_reserved);
}

/* A hint may change the file past the layer. */
static int fault_control(sqlite3_file *file, int op, void *arg)
{
        return op == SQLITE_FCNTL_SIZE_HINT ? SQLITE_OK
                                            : real_of(file)->pMethods->xFileControl(real_of(file), op, arg);
}

static int fault_sector(sqlite3_file *file)
{
        return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int fault_traits(sqlite3_file *file)
{
        return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int fault_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret_page)
{
        return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, ret_page);
}

static int fault_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
        return real_of(file)->pMethods->xShmLock(real_of(file), offset, n, flags);
}

static void fault_shm_barrier(sqlite3_file *file)
{
        real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int fault_shm_unmap(sqlite3_file *file, int remove)
{
        return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

static const sqlite3_io_methods methods = {
        .iVersion = 2,
        .xClose = fault_close,
        .xRead = fault_read,
        .xWrite = fault_write,
        .xTruncate = fault_truncate,
        .xSync = fault_sync,
        .xFileSize = fault_size,
        .xLock = fault_lock,
        .xUnlock = fault_unlock,
        .xCheckReservedLock = fault_reserved,
        .xFileControl = fault_control,
        .xSectorSize = fault_sector,
        .xDeviceCharacteristics = fault_traits,
        .xShmMap = fault_shm_map,
        .xShmLock = fault_shm_lock,
        .xShmBarrier = fault_shm_barrier,
        .xShmUnmap = fault_shm_unmap,
};

/* The caller holds the lock. */
static FileState *state_find(const char *path)
{
        FileState *state = g_hash_table_lookup(layer.files, path);

        if (state == NULL) {
                state = state_new(path);
                g_hash_table_insert(layer.files, g_strdup(path), state);
        }
        return state;
}

static int fault_open(sqlite3_vfs *vfs G_GNUC_UNUSED, const char *path, sqlite3_file *file, int flags,
                      int *ret_flags)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&layer.lock);
        FaultFile *fault = (FaultFile *)(void *)file;
        bool makes = (flags & SQLITE_OPEN_CREATE) != 0;
        int rc;

        file->pMethods = NULL;
        fault->state = NULL;
        if (makes && step_fails(STEP_OPEN))
                return SQLITE_CANTOPEN;
        if (path != NULL && layer.mode == FAULT_CRASH && !is_dead())
                fault->state = state_find(path);
        rc = layer.real->xOpen(layer.real, path, real_of(file), flags, ret_flags);
        if (rc != SQLITE_OK)
                return rc;
        if (fault->state != NULL && makes && (fault->state->durable == NULL || fault->state->removed))
                fault->state->is_new = true;
        file->pMethods = &methods;
        return SQLITE_OK;
}

void fault_register(void)
{
        layer.real = sqlite3_vfs_find(NULL);
        g_assert_nonnull(layer.real);
        layer.files = hash_table_new_text(g_free, state_free);
        layer.vfs = *layer.real; /* what is not replaced takes no notice of the layer it is called for */
        layer.vfs.zName = "fault";
        layer.vfs.pNext = NULL;
        layer.vfs.szOsFile = (int)sizeof(FaultFile) + layer.real->szOsFile;
        layer.vfs.xOpen = fault_open;
        layer.vfs.xDelete = fault_remove;
        g_assert_cmpint(sqlite3_vfs_register(&layer.vfs, 1), ==, SQLITE_OK);
}
