#include "layer.h"

#include <pthread.h>
#include <sqlite3.h>
#include <string.h>

static struct {
        pthread_mutex_t lock;
        char *root;
        FaultMode mode;
        unsigned kinds, n, steps;
        bool hit;
        StepKind kind;
        char *path;
        sqlite3_mem_methods memory;
} layer = { .lock = PTHREAD_MUTEX_INITIALIZER };

void layer_lock(void)
{
        pthread_mutex_lock(&layer.lock);
}

void layer_unlock(void)
{
        pthread_mutex_unlock(&layer.lock);
}

static bool is_hit(StepKind kind, const char *path)
{
        if (layer.steps == layer.n) {
                layer.hit = true;
                layer.kind = kind;
                layer.path = g_strdup(path);
                return true;
        }
        return layer.hit && (layer.mode == FAULT_EIO_ON || layer.mode == FAULT_CRASH);
}

FaultMode layer_step(StepKind kind, const char *path)
{
        if ((layer.kinds & STEP_BIT(kind)) == 0)
                return FAULT_NONE;
        layer.steps++;
        if (layer.n == 0 || !is_hit(kind, path))
                return FAULT_NONE;
        return layer.mode;
}

bool layer_keeps(void)
{
        return layer.mode == FAULT_CRASH && (!layer.hit || layer.steps <= layer.n);
}

void layer_watch(const char *root)
{
        g_free(layer.root);
        layer.root = g_strdup(root);
}

bool layer_watches(const char *path)
{
        size_t n = layer.root == NULL ? 0 : strlen(layer.root);

        return n > 0 && path != NULL && strncmp(path, layer.root, n) == 0 &&
               (path[n] == '/' || path[n] == '\0');
}

void layer_arm(FaultMode mode, unsigned kinds, unsigned n)
{
        layer_lock();
        layer.mode = mode;
        layer.kinds = kinds;
        layer.n = n;
        layer.steps = 0;
        layer.hit = false;
        g_clear_pointer(&layer.path, g_free);
        layer_unlock();
}

unsigned layer_steps(void)
{
        return layer.steps;
}

FaultMode layer_mode(void)
{
        return layer.mode;
}

bool layer_was_hit(StepKind *ret_kind, const char **ret_path)
{
        bool hit;

        layer_lock();
        hit = layer.hit;
        if (hit) {
                *ret_kind = layer.kind;
                *ret_path = layer.path;
        }
        layer_unlock();
        return hit;
}

/* ---- Memory of SQLite ---- */

static bool memory_fails(void)
{
        FaultMode fault;

        layer_lock();
        fault = layer_step(STEP_ALLOC, "");
        layer_unlock();
        return fault != FAULT_NONE;
}

static void *memory_malloc(int n)
{
        return memory_fails() ? NULL : layer.memory.xMalloc(n);
}

static void *memory_realloc(void *bytes, int n)
{
        return memory_fails() ? NULL : layer.memory.xRealloc(bytes, n);
}

void layer_begin(void)
{
        sqlite3_mem_methods methods;

        g_assert_cmpint(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &layer.memory), ==, SQLITE_OK);
        methods = layer.memory;
        methods.xMalloc = memory_malloc;
        methods.xRealloc = memory_realloc;
        g_assert_cmpint(sqlite3_config(SQLITE_CONFIG_MALLOC, &methods), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_initialize(), ==, SQLITE_OK);
        vfs_register();
}
