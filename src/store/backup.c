/* Backup and restore: a tar with `manifest.json` (format, program, SHA-256 of the database, each log with its head and
 * root), `store.db` and every blob. The database is copied first: what it names is then among the blobs, since those are
 * put before the commits that name them and never removed. */
#include "base/canon.h"
#include "base/error.h"
#include "base/newfile.h"
#include "store/internal.h"
#include "store/tarball.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define MANIFEST "manifest.json"
enum { BACKUP_FORMAT = 1, MANIFEST_MAX = 4 << 20 };

/* ---- Backup ---- */

static bool hash_fd(int fd, Progress *progress, Digest *ret_digest, uint64_t *ret_size, GError **error)
{
        enum { CHUNK = 1 << 18 };
        g_autofree char *chunk = g_malloc(CHUNK);
        g_autoptr(HashState) hash = hash_new();
        ProgressStage stage = progress_begin(progress, "hashing the database", "bytes", 0);
        ssize_t n;

        while ((n = file_read(fd, chunk, CHUNK, STORE_DB_FILE, error)) > 0) {
                hash_update(hash, chunk, (size_t)n);
                if (!progress_step(&stage, (uint64_t)n, error))
                        return false;
        }
        if (n < 0)
                return false;
        *ret_digest = hash_finish(hash);
        *ret_size = stage.state.done;
        return lseek(fd, 0, SEEK_SET) == 0 || directory_fail(error, "the copy could not be read", NULL);
}

/* The logs as the copy has them, not as they are now. */
static json_t *manifest_logs(Store *store, const char *copy, GError **error)
{
        BackendDb *db = store_sqlite.open(store, copy, false, error);
        g_autoptr(GPtrArray) projects = NULL;
        g_autoptr(Json) logs = json_array();

        if (db == NULL)
                return NULL;
        projects = store_load_projects(store_sqlite.writer(db), error);
        store_sqlite.close(db);
        for (guint i = 0; projects != NULL && i < projects->len; i++) {
                const StoreProject *project = projects->pdata[i];
                char log[ZW_ID_HEX], root[ZW_DIGEST_HEX];

                hex_encode(project->log.b, ZW_ID_BYTES, log);
                hex_encode(project->root.b, ZW_DIGEST_BYTES, root);
                json_array_append_new(logs, json_pack("{s:s, s:s, s:I, s:s}", "key", project->key, "log", log,
                                                      "head", (json_int_t)project->head, "root", root));
        }
        return projects == NULL ? NULL : g_steal_pointer(&logs);
}

static bool add_manifest(const Store *store, Tarball *tarball, const json_t *logs, const Digest *database,
                         GError **error)
{
        g_autoptr(Json) manifest = NULL;
        g_autoptr(GBytes) bytes = NULL;
        char hex[ZW_DIGEST_HEX];

        hex_encode(database->b, ZW_DIGEST_BYTES, hex);
        manifest = json_pack("{s:i, s:s, s:s, s:s, s:O}", "format", (int)BACKUP_FORMAT, "program", ZW_VERSION,
                             "backend", store->backend->name, "database", hex, "logs", logs);
        bytes = canon_bytes(manifest, MANIFEST_MAX, error);
        return bytes != NULL && tarball_add_bytes(tarball, MANIFEST, bytes, error);
}

static bool add_blob(Store *store, Tarball *tarball, const char *path, ProgressStage *stage, GError **error)
{
        g_auto(Fd) fd = openat(store->dir_fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        struct stat facts;

        if (fd < 0 || fstat(fd, &facts) != 0)
                return directory_fail(error, "the blob could not be read", path);
        return tarball_add_fd(tarball, path, fd, (uint64_t)facts.st_size, stage, error);
}

static bool add_blobs(Store *store, Tarball *tarball, Progress *progress, GError **error)
{
        ProgressStage stage = progress_begin(progress, "writing attachments", "bytes", 0);
        g_autoptr(GPtrArray) folders = directory_names(store->dir_fd, STORE_BLOB_DIR, error);

        for (guint i = 0; folders != NULL && i < folders->len; i++) {
                g_autofree char *folder = g_build_filename(STORE_BLOB_DIR, folders->pdata[i], NULL);
                g_autoptr(GPtrArray) names = directory_names(store->dir_fd, folder, error);

                if (names == NULL)
                        return false;
                for (guint j = 0; j < names->len; j++) {
                        g_autofree char *path = g_build_filename(folder, names->pdata[j], NULL);

                        if (!add_blob(store, tarball, path, &stage, error))
                                return false;
                }
        }
        return folders != NULL;
}

static bool backup_write(Store *store, const char *copy, int out, Progress *progress, GError **error)
{
        g_autoptr(Json) logs = manifest_logs(store, copy, error);
        g_autoptr(Tarball) tarball = NULL;
        g_auto(Fd) fd = -1;
        ProgressStage stage;
        Digest database;
        uint64_t size;

        if (logs == NULL)
                return false;
        tarball = tarball_new_write(out, error);
        if (tarball == NULL)
                return false;
        fd = open(copy, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
                return directory_fail(error, "the copy could not be read", copy);
        if (!hash_fd(fd, progress, &database, &size, error))
                return false;
        stage = progress_begin(progress, "writing the database", "bytes", size);
        return add_manifest(store, tarball, logs, &database, error) &&
               tarball_add_fd(tarball, STORE_DB_FILE, fd, size, &stage, error) &&
               add_blobs(store, tarball, progress, error) && tarball_end(tarball, error);
}

/* Content that another process took in is asked for, since a backup has all that logs name. */
static bool fetch_blobs(Store *store, GError **error)
{
        g_autoptr(GHashTable) names = store->backend->blob_fetch == NULL ? NULL : collect_names(store, error);
        GHashTableIter iter;
        gpointer name;

        if (store->backend->blob_fetch == NULL || names == NULL)
                return names != NULL || store->backend->blob_fetch == NULL;
        g_hash_table_iter_init(&iter, names);
        while (g_hash_table_iter_next(&iter, &name, NULL)) {
                Digest digest;
                bool there = false;

                if (hex_decode(name, digest.b, ZW_DIGEST_BYTES, NULL) &&
                    !blob_exists(store, &digest, &there, NULL, error))
                        return false;
                if (!there) {
                        error_set(error, ZW_ERR_DAMAGED, name,
                                  "content that a log names is not in the store");
                        return false;
                }
        }
        return true;
}

bool store_backup_fd(Store *store, int fd, Progress *progress, GError **error)
{
        g_autofree char *copy = directory_tmp_path(store->dir, "backup");
        bool ok = store->backend->copy(store->db, copy, progress, error) && fetch_blobs(store, error) &&
                  backup_write(store, copy, fd, progress, error);

        unlink(copy);
        return ok;
}

bool store_backup(Store *store, const char *path, Progress *progress, GError **error)
{
        g_autoptr(NewFile) file = newfile_begin(path, NEWFILE_FRESH, error);

        return file != NULL && store_backup_fd(store, newfile_fd(file), progress, error) &&
               newfile_place(file, error);
}

/* ---- Restore ---- */

typedef struct {
        Making making;
        Tarball *tarball;
        Json *manifest;
        Digest database;
        bool has_database;
        uint64_t left; /* bytes that the entries to come can have at most */
        Progress *progress;
        ProgressStage stage; /* bytes of the file */
} Restore;

static void restore_clear(Restore *r)
{
        tarball_free(r->tarball);
        g_clear_pointer(&r->manifest, json_decref);
        making_clear(&r->making);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Restore, restore_clear)

static bool read_manifest(Restore *r, GError **error)
{
        g_autoptr(GBytes) bytes = tarball_load(r->tarball, MANIFEST_MAX, error);
        const char *backend;
        int64_t format;

        if (bytes == NULL)
                return false;
        r->manifest = jread_parse(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), error);
        if (r->manifest == NULL)
                return false;
        format = jread_get_int(r->manifest, "format", 0);
        if (format > BACKUP_FORMAT) {
                error_set(error, ZW_ERR_VERSION, MANIFEST, "the backup was made by a newer program");
                return false;
        }
        backend = jread_get_string(r->manifest, "backend");
        if (format != BACKUP_FORMAT || backend == NULL ||
            !json_is_array(json_object_get(r->manifest, "logs"))) {
                error_set(error, ZW_ERR_INPUT, MANIFEST, "this is not the manifest of a backup");
                return false;
        }
        /* Whichever it was made of, the copy in it is a database of SQLite. */
        if (strcmp(backend, store_sqlite.name) == 0 || strcmp(backend, store_postgres.name) == 0)
                return true;
        error_set(error, ZW_ERR_INPUT, MANIFEST, "the backup is one of %s, which this program does not know",
                  backend);
        return false;
}

/* `blobs/ab/rest` to its digest. */
static bool blob_name(const char *name, Digest *ret_digest)
{
        enum { PREFIX = sizeof STORE_BLOB_DIR }; /* with the slash */
        char path[80], hex[ZW_DIGEST_HEX];

        if (!g_str_has_prefix(name, STORE_BLOB_DIR "/") || strlen(name) != PREFIX + ZW_DIGEST_HEX)
                return false;
        g_snprintf(hex, sizeof hex, "%.2s%s", name + PREFIX, name + PREFIX + 3);
        if (!hex_decode(hex, ret_digest->b, ZW_DIGEST_BYTES, NULL))
                return false;
        blob_path(ret_digest, path);
        return strcmp(path, name) == 0;
}

static bool extract(Restore *r, const char *path, mode_t mode, Digest *ret_digest, GError **error)
{
        g_auto(Fd) fd = openat(r->making.dir_fd, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

        if (fd < 0)
                return directory_fail(error, "the file could not be made", path);
        return tarball_extract(r->tarball, fd, &r->stage, ret_digest, error);
}

static bool read_blob(Restore *r, const Digest *digest, GError **error)
{
        char path[80], folder[80];
        Digest found;

        blob_path(digest, path);
        g_snprintf(folder, sizeof folder, "%.*s", (int)strlen(STORE_BLOB_DIR "/ab"), path);
        if (mkdirat(r->making.dir_fd, folder, 0700) != 0 && errno != EEXIST)
                return directory_fail(error, "the directory could not be made", folder);
        if (!extract(r, path, 0400, &found, error))
                return false;
        if (digest_equal(&found, digest))
                return true;
        error_set(error, ZW_ERR_DAMAGED, path, "the content does not have the hash it is named by");
        return false;
}

static bool read_database(Restore *r, GError **error)
{
        const char *expected = jread_get_string(r->manifest, "database");
        char hex[ZW_DIGEST_HEX];

        if (!extract(r, r->making.path, 0600, &r->database, error))
                return false;
        hex_encode(r->database.b, ZW_DIGEST_BYTES, hex);
        r->has_database = g_strcmp0(expected, hex) == 0;
        if (!r->has_database)
                error_set(error, ZW_ERR_DAMAGED, STORE_DB_FILE,
                          "the database does not have the hash of the manifest");
        return r->has_database;
}

static bool read_entries(Restore *r, GError **error)
{
        const char *name;
        uint64_t size;

        while (tarball_next(r->tarball, &name, &size, error)) {
                Digest digest;
                bool ok;

                if (name == NULL && r->has_database)
                        return true;
                if (name == NULL || (r->manifest == NULL) != (strcmp(name, MANIFEST) == 0)) {
                        error_set(error, ZW_ERR_INPUT, name, "this is not a backup, or it is cut");
                        return false;
                }
                if (size > r->left) { /* a tar can describe holes of any size */
                        error_set(error, ZW_ERR_INPUT, name, "the entry is larger than the file it lies in");
                        return false;
                }
                r->left -= size;
                if (r->manifest == NULL)
                        ok = read_manifest(r, error);
                else if (strcmp(name, STORE_DB_FILE) == 0 && !r->has_database)
                        ok = read_database(r, error);
                else if (blob_name(name, &digest))
                        ok = read_blob(r, &digest, error);
                else {
                        error_set(error, ZW_ERR_INPUT, name, "a backup holds no such file");
                        ok = false;
                }
                if (!ok)
                        return false;
        }
        return false;
}

typedef struct {
        Store *store;
        Progress *progress;
        char *problem;
} Proof;

static void keep_problem(const char *where, const char *message, void *payload)
{
        Proof *proof = payload;

        if (proof->problem == NULL)
                proof->problem = g_strdup_printf("%s: %s", where, message);
}

static bool blob_there(const char *sha256, Seq seq, void *payload, GError **error)
{
        Proof *proof = payload;
        Digest digest;
        bool there = false;

        if (hex_decode(sha256, digest.b, ZW_DIGEST_BYTES, NULL) &&
            !blob_exists(proof->store, &digest, &there, NULL, error))
                return false;
        if (there)
                return true;
        error_set(error, ZW_ERR_DAMAGED, sha256,
                  "the backup lacks content that commit %" G_GUINT64_FORMAT " names", seq);
        return false;
}

static bool names_log(const json_t *line, const StoreProject *project, const Digest *root)
{
        char log[ZW_ID_HEX], hex[ZW_DIGEST_HEX];

        hex_encode(project->log.b, ZW_ID_BYTES, log);
        hex_encode(root->b, ZW_DIGEST_BYTES, hex);
        return g_strcmp0(jread_get_string(line, "log"), log) == 0 &&
               g_strcmp0(jread_get_string(line, "key"), project->key) == 0 &&
               g_strcmp0(jread_get_string(line, "root"), hex) == 0 &&
               jread_get_int(line, "head", -1) == (int64_t)project->head;
}

bool backup_names_project(const json_t *manifest, const StoreProject *project, const Digest *root,
                          GError **error)
{
        const json_t *logs = json_object_get(manifest, "logs");

        for (size_t i = 0; i < json_array_size(logs); i++)
                if (names_log(json_array_get(logs, i), project, root))
                        return true;
        error_set(error, ZW_ERR_DAMAGED, project->key, "the log is not as the manifest names it");
        return false;
}

bool backup_names_all(const json_t *manifest, const GPtrArray *projects, GError **error)
{
        size_t named = json_array_size(json_object_get(manifest, "logs"));

        if (projects->len == named)
                return true;
        error_set(error, ZW_ERR_DAMAGED, MANIFEST, "the manifest names %zu projects, the database has %u",
                  named, projects->len);
        return false;
}

static bool prove_log(Proof *proof, StoreView *view, const StoreProject *project, const json_t *manifest,
                      GError **error)
{
        uint64_t commits;
        Digest root;
        int64_t no;

        if (!store_verify(view, &project->log, keep_problem, proof, proof->progress, &commits, &root, error))
                return false;
        if (proof->problem != NULL) {
                error_set(error, ZW_ERR_DAMAGED, project->key, "%s", proof->problem);
                return false;
        }
        return backup_names_project(manifest, project, &root, error) &&
               view_log_no(view, &project->log, &no, error) &&
               view->backend->blob_read(view, no, blob_there, proof, error);
}

static bool prove(Restore *r, GError **error)
{
        g_autoptr(Store) store = making_open(&r->making, error);
        g_autoptr(StoreView) view = NULL;
        g_autoptr(GPtrArray) projects = NULL;
        Proof proof = { .store = store, .progress = r->progress };
        bool ok = true;

        if (store == NULL || !blobs_share(store, error))
                return false;
        view = store_view_open(store, error);
        projects = view == NULL ? NULL : store_load_projects(view, error);
        if (projects == NULL || !backup_names_all(r->manifest, projects, error))
                return false;
        for (guint i = 0; ok && i < projects->len; i++)
                ok = prove_log(&proof, view, projects->pdata[i], r->manifest, error);
        g_free(proof.problem);
        return ok;
}

static bool unpack(Restore *r, const StoreBackend *backend, const char *database, int fd, const char *dir,
                   GError **error)
{
        struct stat facts;

        if (fstat(fd, &facts) != 0)
                return directory_fail(error, "the backup could not be read", NULL);
        if (!S_ISREG(facts.st_mode)) {
                error_set(error, ZW_ERR_INPUT, NULL, "a backup is a plain file");
                return false;
        }
        r->left = (uint64_t)facts.st_size;
        r->stage = progress_begin(r->progress, "reading", "bytes", r->left);
        r->tarball = tarball_new_read(fd, error);
        if (r->tarball == NULL || !making_begin(&r->making, backend, database, dir, error) ||
            !read_entries(r, error) ||
            (backend->load != NULL && !backend->load(r->making.path, r->making.database, error)))
                return false;
        return syncfs(r->making.dir_fd) == 0 ||
               directory_fail(error, "what was restored could not be synced", dir);
}

Json *backup_unpack(const StoreBackend *backend, int fd, const char *dir, Progress *progress, GError **error)
{
        g_auto(Restore) r = { .making = { .dir_fd = -1, .lock_fd = -1 }, .progress = progress };

        return unpack(&r, backend, NULL, fd, dir, error) && making_place(&r.making, error)
                       ? g_steal_pointer(&r.manifest)
                       : NULL;
}

static bool restore(const StoreBackend *backend, const char *database, const char *path, const char *dir,
                    Progress *progress, GError **error)
{
        g_auto(Restore) r = { .making = { .dir_fd = -1, .lock_fd = -1 }, .progress = progress };
        g_auto(Fd) fd = open(path, O_RDONLY | O_CLOEXEC);

        if (fd < 0) {
                if (errno != ENOENT)
                        return directory_fail(error, "the backup could not be opened", path);
                error_set(error, ZW_ERR_NOT_FOUND, path, "there is no such file");
                return false;
        }
        return unpack(&r, backend, database, fd, dir, error) && prove(&r, error) &&
               making_place(&r.making, error);
}

bool store_restore_with(const StoreBackend *backend, const char *path, const char *dir, Progress *progress,
                        GError **error)
{
        return restore(backend, NULL, path, dir, progress, error);
}

bool store_restore(const char *path, const char *dir, Progress *progress, GError **error)
{
        return store_restore_in(NULL, path, dir, progress, error);
}

bool store_restore_in(const char *database, const char *path, const char *dir, Progress *progress,
                      GError **error)
{
        return restore(database == NULL ? &store_sqlite : &store_postgres, database, path, dir, progress,
                       error);
}
