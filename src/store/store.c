/* Opening and closing, views, and projects. */
#include "base/error.h"
#include "store/internal.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* ---- The store ---- */

bool store_create_with(const StoreBackend *backend, const char *dir, GError **error)
{
        return store_make_with(backend, dir, NULL, NULL, error);
}

Store *store_open_at(const StoreBackend *backend, const char *dir, const char *path, int dir_fd, int lock_fd,
                     GError **error)
{
        g_autoptr(Store) store = g_new0(Store, 1);

        store->backend = backend;
        store->dir_fd = dir_fd;
        store->lock_fd = lock_fd;
        store->dir = g_strdup(dir);
        store->db = backend->open(store, path, false, error);
        if (store->db == NULL)
                return NULL;
        store->writer = writer_new(store);
        collect_run(store);
        if (backend->follow != NULL) {
                backend->follow(store->db);
                store->follows = true;
        }
        return g_steal_pointer(&store);
}

Store *store_open_with(const StoreBackend *backend, const char *dir, GError **error)
{
        g_auto(Fd) dir_fd = -1;
        g_auto(Fd) lock_fd = -1;
        g_autofree char *resolved = NULL, *path = NULL;

        if (!directory_open(dir, &dir_fd, &lock_fd, error))
                return NULL;
        resolved = directory_resolve(dir, error);
        if (resolved == NULL)
                return NULL;
        path = g_build_filename(resolved, STORE_DB_FILE, NULL);
        return store_open_at(backend, resolved, path, fd_steal(&dir_fd), fd_steal(&lock_fd), error);
}

bool store_create(const char *dir, GError **error)
{
        return store_create_with(&store_sqlite, dir, error);
}

/* The file of a store says by its first byte whether it is a database or tells of one. */
static const StoreBackend *backend_of(const char *dir)
{
        g_autofree char *path = g_build_filename(dir, STORE_DB_FILE, NULL);
        g_auto(Fd) fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        char first = '\0';

        return fd >= 0 && pread(fd, &first, 1, 0) == 1 && first == '{' ? &store_postgres : &store_sqlite;
}

Store *store_open(const char *dir, GError **error)
{
        return store_open_with(backend_of(dir), dir, error);
}

void store_close(Store *store)
{
        if (store == NULL)
                return;
        if (store->follows)
                store->backend->unfollow(store->db);
        writer_free(store->writer);
        if (store->db != NULL)
                store->backend->close(store->db);
        fd_close(store->dir_fd);
        fd_close(store->lock_fd); /* last: another process may have the directory now */
        g_free(store->dir);
        g_free(store);
}

void store_set_broken(Store *store)
{
        g_atomic_int_set(&store->broken, 1);
}

bool store_is_whole(Store *store, GError **error)
{
        if (g_atomic_int_get(&store->broken) == 0)
                return true;
        error_set(
                error, ZW_ERR_STORAGE, NULL,
                "an earlier write did not reach the disk; nothing more is written until the store is opened again");
        return false;
}

const char *store_dir(const Store *store)
{
        return store->dir;
}

void store_listen(Store *store, StoreListenFn fn, void *payload)
{
        writer_listen(store->writer, fn, payload);
}

bool store_write(Store *store, StoreWriteFn fn, void *payload, GError **error)
{
        return writer_run(store->writer, fn, payload, false, error);
}

bool store_write_aside(Store *store, StoreWriteFn fn, void *payload, GError **error)
{
        return writer_run(store->writer, fn, payload, true, error);
}

void store_learn(Store *store)
{
        if (store->backend->learn(store->db, &store->generation))
                writer_tell(store->writer);
}

uint64_t store_generation(Store *store)
{
        if (store->backend->learn != NULL)
                store_learn(store);
        return atomic_load(&store->generation);
}

StoreView *store_txn_view(StoreTxn *txn)
{
        return txn->view;
}

/* ---- Views ---- */

StoreView *store_view_open(Store *store, GError **error)
{
        return store->backend->view_open(store->db, error);
}

bool store_view_refresh(StoreView *view, GError **error)
{
        return view->backend->view_refresh(view, error);
}

void store_view_rest(StoreView *view)
{
        view->backend->view_rest(view);
}

void store_view_close(StoreView *view)
{
        if (view == NULL)
                return;
        store_view_limit(view, NULL, 0); /* a backend may keep it for the next */
        view->backend->view_close(view);
}

void store_view_limit(StoreView *view, const uint8_t *items, ItemNo n)
{
        view->seen = items;
        view->n_seen = n;
}

bool view_log(StoreView *view, const Id *log, LogRow *ret_row, GError **error)
{
        char hex[ZW_ID_HEX];
        bool found;

        if (!view->backend->log_find(view, log, ret_row, &found, error))
                return false;
        if (!found) {
                hex_encode(log->b, ZW_ID_BYTES, hex);
                error_set(error, ZW_ERR_NOT_FOUND, "log", "there is no log %s", hex);
                return false;
        }
        view->log_id = *log;
        view->log_no = ret_row->no;
        return true;
}

bool view_log_no(StoreView *view, const Id *log, int64_t *ret_no, GError **error)
{
        LogRow row;

        if (view->log_no == 0 || !id_equal(&view->log_id, log)) {
                if (!view_log(view, log, &row, error))
                        return false;
        }
        *ret_no = view->log_no;
        return true;
}

/* ---- Projects ---- */

void store_project_free(StoreProject *project)
{
        if (project == NULL)
                return;
        g_free(project->key);
        g_free(project->title);
        g_free(project);
}

typedef struct {
        StoreView *view;
        GPtrArray *projects;
} ProjectList;

static bool project_add(const ProjectRow *row, void *payload, GError **error)
{
        ProjectList *list = payload;
        g_autoptr(StoreProject) project = NULL;
        LogRow log;

        if (!view_log(list->view, &row->log, &log, error))
                return false;
        project = g_new0(StoreProject, 1);
        project->log = row->log;
        project->row = row->log_no;
        project->rebuilt = log.rebuilt;
        project->key = g_strdup(row->key);
        project->title = g_strdup(row->title);
        project->sample = row->sample;
        project->is_branch = row->is_branch;
        project->parent = row->parent;
        project->parent_seq = row->parent_seq;
        project->head = log.head;
        project->head_hash = log.head_hash;
        project->root = merkle_root(&log.tree);
        project->changed = log.changed;
        g_ptr_array_add(list->projects, g_steal_pointer(&project));
        return true;
}

static GPtrArray *projects_load(StoreView *view, const char *key, GError **error)
{
        g_autoptr(GPtrArray) projects = g_ptr_array_new_with_free_func((GDestroyNotify)store_project_free);
        ProjectList list = { view, projects };

        if (!view->backend->project_read(view, key, project_add, &list, error))
                return NULL;
        return g_steal_pointer(&projects);
}

GPtrArray *store_load_projects(StoreView *view, GError **error)
{
        return projects_load(view, NULL, error);
}

StoreProject *store_find_project(StoreView *view, const char *key, GError **error)
{
        g_autoptr(GPtrArray) projects = projects_load(view, key, error);

        if (projects == NULL)
                return NULL;
        if (projects->len == 0) {
                error_set(error, ZW_ERR_NOT_FOUND, "project", "there is no project \"%s\"", key);
                return NULL;
        }
        return g_ptr_array_steal_index(projects, 0);
}
