/* Reading a project from the file that export made, see transfer.h. The file is copied and its end checked first; then
 * its blobs are put; then one transaction writes the commits, verifies the log from its bytes as they lie in the store,
 * and makes the projections by replaying it. */
#include "base/error.h"
#include "store/transfer.h"
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

typedef struct {
        Store *store;
        StoreImportFn also;
        void *payload;
        Progress *progress;
        ProgressStage stage; /* the one at work: bytes of the file */
        int fd;              /* the copy, without a name */
        uint64_t end;        /* where its last record begins */
        uint64_t at;         /* where the next record begins */
        uint64_t commits;    /* where the first commit begins */
        char letter;
        uint64_t length; /* of the present record, whose bytes begin at `at` */
        /* From the record P: */
        Id log;
        Digest root;
        int64_t head;
} Import;

static void import_clear(Import *in)
{
        fd_close(in->fd);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Import, import_clear)

static bool refuse(const Import *in, const char *message, GError **error)
{
        g_autofree char *where = g_strdup_printf("byte %" G_GUINT64_FORMAT, in->at);

        error_set(error, ZW_ERR_INPUT, where, "%s", message);
        return false;
}

static bool read_at(Import *in, void *ret_bytes, size_t n, uint64_t at, GError **error)
{
        char *to = ret_bytes;

        while (n > 0) {
                ssize_t got = pread(in->fd, to, n, (off_t)at);

                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0)
                        return directory_fail(error, "the copy of the file could not be read", NULL);
                if (got == 0)
                        return refuse(in, "the file ends early", error);
                to += got;
                at += (uint64_t)got;
                n -= (size_t)got;
        }
        return true;
}

/* Goes to the next record; its letter is 0 at the end. */
static bool record_next(Import *in, GError **error)
{
        uint8_t head[TRANSFER_RECORD_HEAD];

        in->letter = '\0';
        in->length = 0;
        if (in->at == in->end)
                return true;
        if (in->end - in->at < sizeof head)
                return refuse(in, "the file ends inside a record", error);
        if (!read_at(in, head, sizeof head, in->at, error))
                return false;
        for (int i = 0; i < 8; i++)
                in->length = in->length << 8 | head[1 + i];
        if (in->length > in->end - in->at - sizeof head)
                return refuse(in, "a record is longer than the file", error);
        in->letter = (char)head[0];
        in->at += sizeof head;
        return true;
}

/* The bytes of the present record, at most `max`; goes past it. */
static GBytes *record_load(Import *in, size_t max, GError **error)
{
        g_autofree char *bytes = NULL;
        size_t n = (size_t)in->length;

        if (in->length > max || (bytes = g_try_malloc(n + 1)) == NULL) {
                g_autofree char *where = g_strdup_printf("byte %" G_GUINT64_FORMAT, in->at);

                error_set(error, ZW_ERR_LIMIT, where, "a record of this kind has at most %zu bytes", max);
                return NULL;
        }
        if (!read_at(in, bytes, n, in->at, error))
                return NULL;
        in->at += n;
        return g_bytes_new_take(g_steal_pointer(&bytes), n);
}

/* ---- The copy ---- */

static bool magic_is(const char *bytes, size_t n)
{
        return n >= strlen(TRANSFER_MAGIC) && memcmp(bytes, TRANSFER_MAGIC, strlen(TRANSFER_MAGIC)) == 0;
}

static bool copy_all(Import *in, int from, uint64_t *ret_size, GError **error)
{
        g_autofree char *chunk = g_malloc(TRANSFER_CHUNK);
        uint64_t size = 0;
        ssize_t n;

        while ((n = file_read(from, chunk, TRANSFER_CHUNK, "input", error)) > 0) {
                size += (uint64_t)n;
                if (size > TRANSFER_BYTES_MAX) {
                        error_set(error, ZW_ERR_LIMIT, NULL, "the file is too large");
                        return false;
                }
                if (size == (uint64_t)n && !magic_is(chunk, (size_t)n))
                        return refuse(in, "this is neither an exported project nor a backup", error);
                if (!file_write(in->fd, chunk, (size_t)n, "copy", error) ||
                    !progress_step(&in->stage, (uint64_t)n, error))
                        return false;
        }
        *ret_size = size;
        return n == 0;
}

static bool end_check(Import *in, uint64_t size, GError **error)
{
        enum { END_BYTES = TRANSFER_RECORD_HEAD + ZW_DIGEST_BYTES };
        g_autofree char *chunk = g_malloc(TRANSFER_CHUNK);
        g_autoptr(HashState) hash = hash_new();
        uint8_t end[END_BYTES] = { 0 };
        Digest found;

        if (size < strlen(TRANSFER_MAGIC) + END_BYTES)
                return refuse(in, "this is not an exported project, or it is cut", error);
        in->end = size - END_BYTES;
        if (!read_at(in, end, sizeof end, in->end, error))
                return false;
        if (end[0] != 'E' || end[8] != ZW_DIGEST_BYTES)
                return refuse(in, "the file does not end as an exported project does; it is cut", error);
        for (uint64_t at = 0; at < in->end; at += TRANSFER_CHUNK) {
                size_t n = (size_t)MIN(TRANSFER_CHUNK, in->end - at);

                if (!read_at(in, chunk, n, at, error))
                        return false;
                hash_update(hash, chunk, n);
        }
        found = hash_finish(hash);
        if (memcmp(found.b, end + TRANSFER_RECORD_HEAD, ZW_DIGEST_BYTES) != 0) {
                error_set(error, ZW_ERR_DAMAGED, NULL, "the file does not have the hash it ends with");
                return false;
        }
        in->at = strlen(TRANSFER_MAGIC);
        return true;
}

static bool copy_in(Import *in, int from, GError **error)
{
        g_autofree char *path = directory_tmp_path(in->store->dir, "import");
        struct stat facts;
        uint64_t size = 0;

        if (fstat(from, &facts) != 0)
                return directory_fail(error, "the file could not be read", NULL);
        if (S_ISDIR(facts.st_mode))
                return refuse(in, "a directory is not an exported project", error);
        in->stage = progress_begin(in->progress, "copying", "bytes", (uint64_t)facts.st_size);
        in->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (in->fd < 0 || unlink(path) != 0)
                return directory_fail(error, "the file could not be copied", path);
        return copy_all(in, from, &size, error) && end_check(in, size, error);
}

/* ---- The project ---- */

typedef struct {
        int64_t format, head;
        const char *log, *head_hash, *root;
} ProjectRecord;

static bool project_read(Import *in, GError **error)
{
        static const JReadField fields[] = {
                { "format", JREAD_INT, offsetof(ProjectRecord, format), true },
                { "head", JREAD_INT, offsetof(ProjectRecord, head), true },
                { "log", JREAD_STRING, offsetof(ProjectRecord, log), true },
                { "head_hash", JREAD_STRING, offsetof(ProjectRecord, head_hash), true },
                { "root", JREAD_STRING, offsetof(ProjectRecord, root), true },
                JREAD_END,
        };
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(Json) json = NULL;
        ProjectRecord record;

        if (!record_next(in, error))
                return false;
        if (in->letter != 'P')
                return refuse(in, "the first record is not P", error);
        bytes = record_load(in, TRANSFER_PROJECT_MAX, error);
        if (bytes == NULL)
                return false;
        json = jread_parse(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), error);
        if (json == NULL || !jread_object(json, fields, &record, "", error) ||
            !hex_decode(record.log, in->log.b, ZW_ID_BYTES, error) ||
            !hex_decode(record.root, in->root.b, ZW_DIGEST_BYTES, error))
                return false;
        if (record.format != TRANSFER_FORMAT) {
                error_set(error, ZW_ERR_VERSION, "format", "the file has format %" G_GINT64_FORMAT,
                          record.format);
                return false;
        }
        in->head = record.head;
        return true;
}

/* ---- Blobs ---- */

static bool blob_read(Import *in, GError **error)
{
        Digest digest, found;
        uint64_t size = in->length - ZW_DIGEST_BYTES, put;

        if (in->length < ZW_DIGEST_BYTES)
                return refuse(in, "a blob is shorter than its hash", error);
        if (!read_at(in, digest.b, ZW_DIGEST_BYTES, in->at, error))
                return false;
        if (lseek(in->fd, (off_t)(in->at + ZW_DIGEST_BYTES), SEEK_SET) < 0)
                return directory_fail(error, "the copy of the file could not be read", NULL);
        if (!blob_put_part(in->store, in->fd, size, &found, &put, error))
                return false;
        if (put != size || !digest_equal(&found, &digest)) {
                error_set(error, ZW_ERR_DAMAGED, NULL, "a blob does not have the hash it is named by");
                return false;
        }
        in->at += in->length;
        return progress_step(&in->stage, in->length, error);
}

static bool blobs_read(Import *in, GError **error)
{
        in->stage = progress_begin(in->progress, "reading attachments", "bytes", in->end);
        do {
                in->commits = in->at;
                if (!record_next(in, error) || (in->letter == 'B' && !blob_read(in, error)))
                        return false;
        } while (in->letter == 'B');
        return true;
}

/* ---- Commits, inside the write ---- */

typedef struct {
        Import *in;
        StoreTxn *txn;
        LogRow log;
        char *problem; /* the first one */
} Importing;

static void importing_clear(Importing *i)
{
        g_clear_pointer(&i->problem, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Importing, importing_clear)

/* What lies beside the header is taken from it; whether the header is right is verified when all are there. */
static bool commit_insert(Importing *i, GBytes *header, GError **error)
{
        CommitRow row = { .seq = i->log.head + 1, .hash = commit_hash(header) };
        g_auto(OpenHeader) open = { 0 };

        row.header = g_bytes_get_data(header, &row.header_n);
        if (!header_open(row.header, row.header_n, &open, error) ||
            !instant_parse(open.time, &row.time, error) ||
            !hex_decode(open.actor, row.actor.b, ZW_ID_BYTES, error))
                return false;
        row.request = open.request;
        i->log.head = row.seq;
        i->log.head_hash = row.hash;
        i->log.changed = row.time;
        merkle_append(&i->log.tree, &row.hash);
        return i->txn->view->backend->commit_insert(i->txn->view, i->log.no, &row, error);
}

static bool piece_insert(Importing *i, GBytes *bytes, GError **error)
{
        char field[UINT8_MAX + 1];
        SecretRow row = { .field = field };
        size_t n, at = TRANSFER_PIECE_HEAD;
        const uint8_t *data = g_bytes_get_data(bytes, &n);

        if (n < TRANSFER_PIECE_HEAD || n < at + data[5] || data[4] > 1 || i->log.head == 0)
                return refuse(i->in, "a piece of a commit cannot be read", error);
        row.op = (int)(int32_t)((uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 |
                                data[3]);
        memcpy(field, data + at, data[5]);
        field[data[5]] = '\0';
        at += data[5];
        if (data[4] == 1 ? n != at : n < at + ZW_SALT_BYTES)
                return refuse(i->in, "a piece of a commit has a wrong length", error);
        if (data[4] == 0) {
                row.salt = data + at;
                row.bytes = data + at + ZW_SALT_BYTES;
                row.n = n - at - ZW_SALT_BYTES;
        }
        return i->txn->view->backend->secret_insert(i->txn->view, i->log.no, i->log.head, &row, error);
}

static bool commits_insert(Importing *i, GError **error)
{
        i->in->at = i->in->commits;
        i->in->stage = progress_begin(i->in->progress, "reading", "bytes", i->in->end - i->in->at);
        for (;;) {
                g_autoptr(GBytes) bytes = NULL;
                GError *local = NULL;

                if (!record_next(i->in, error))
                        return false;
                if (i->in->letter == '\0')
                        return true;
                if (i->in->letter != 'C' && i->in->letter != 'S')
                        return refuse(i->in, "a record of an unknown kind", error);
                bytes = record_load(i->in, i->in->letter == 'C' ? ZW_HEADER_BYTES_MAX : TRANSFER_PIECE_MAX,
                                    error);
                if (bytes == NULL ||
                    !progress_step(&i->in->stage, TRANSFER_RECORD_HEAD + i->in->length, error))
                        return false;
                if (!(i->in->letter == 'C' ? commit_insert : piece_insert)(i, bytes, &local)) {
                        /* A key of the store that is taken: the file says the same thing twice. */
                        if (g_error_matches(local, ZW_ERROR, ZW_ERR_EXISTS)) {
                                g_clear_error(&local);
                                return refuse(i->in, "a request or a piece of a commit stands twice", error);
                        }
                        g_propagate_error(error, local);
                        return false;
                }
        }
}

static void keep_problem(const char *where, const char *message, void *payload)
{
        Importing *i = payload;

        if (i->problem == NULL)
                i->problem = g_strdup_printf("%s: %s", where, message);
}

static bool blob_there(const char *sha256, Seq seq G_GNUC_UNUSED, void *payload, GError **error)
{
        Importing *i = payload;
        Digest digest;
        bool there;

        if (!hex_decode(sha256, digest.b, ZW_DIGEST_BYTES, error) ||
            !blob_exists(i->in->store, &digest, &there, NULL, error))
                return false;
        if (there)
                return true;
        error_set(error, ZW_ERR_DAMAGED, sha256, "the file lacks content that the project names");
        return false;
}

static bool proofs_check(Importing *i, GError **error)
{
        uint64_t commits;
        Digest root;

        if (!store_verify(i->txn->view, &i->in->log, keep_problem, i, i->in->progress, &commits, &root,
                          error))
                return false;
        if (i->problem == NULL && commits == (uint64_t)i->in->head && digest_equal(&root, &i->in->root))
                return true;
        error_set(error, ZW_ERR_DAMAGED, NULL, "%s",
                  i->problem == NULL ? "the commits do not have the root the file names" : i->problem);
        return false;
}

static bool log_make(Importing *i, GError **error)
{
        bool found;
        LogRow old;

        if (!i->txn->view->backend->log_find(i->txn->view, &i->in->log, &old, &found, error))
                return false;
        if (found) {
                error_set(error, ZW_ERR_EXISTS, "log", "this project is here already");
                return false;
        }
        i->log.id = i->in->log;
        merkle_init(&i->log.tree);
        return i->txn->view->backend->log_insert(i->txn->view, &i->log, error);
}

static bool import_write(StoreTxn *txn, void *payload, GError **error)
{
        g_auto(Importing) i = { .in = payload, .txn = txn };
        g_autoptr(Arena) arena = project_arena();
        Projector p = { .store = txn->store,
                        .view = txn->view,
                        .log = &i.log,
                        .replay = true,
                        .arena = arena,
                        .progress = i.in->progress };
        const StoreBackend *backend = txn->view->backend;

        return log_make(&i, error) && commits_insert(&i, error) &&
               backend->log_update(txn->view, &i.log, error) && proofs_check(&i, error) &&
               project_replay(&p, txn->view, i.log.no, 1, i.log.head, error) &&
               backend->log_update(txn->view, &i.log, error) &&
               backend->blob_read(txn->view, i.log.no, blob_there, &i, error) &&
               (i.in->also == NULL || i.in->also(txn, &i.log.id, i.in->payload, error));
}

bool store_import_project(Store *store, int fd, StoreImportFn also, void *payload, Progress *progress,
                          Id *ret_log, GError **error)
{
        g_auto(Import)
                in = { .store = store, .also = also, .payload = payload, .progress = progress, .fd = -1 };

        if (!copy_in(&in, fd, error) || !project_read(&in, error) || !blobs_read(&in, error) ||
            !store_write(store, import_write, &in, error))
                return false;
        *ret_log = in.log;
        return true;
}
