/* Writing one project as one file, see transfer.h. */
#include "base/canon.h"
#include "base/error.h"
#include "store/transfer.h"
#include <string.h>
#include <sys/stat.h>

typedef struct {
        Store *store;
        StoreView *view;
        LogRow log;
        SecretWalk *walk; /* over the pieces of the log */
        int fd;
        HashState *hash;
        char *buffer; /* TRANSFER_CHUNK bytes */
        size_t used;
        ProgressStage stage; /* the one at work */
} Export;

static void export_clear(Export *e)
{
        if (e->walk != NULL)
                e->view->backend->secret_walk_free(e->walk);
        store_view_close(e->view);
        hash_free(e->hash);
        g_free(e->buffer);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Export, export_clear)

static bool flush(Export *e, GError **error)
{
        size_t n = e->used;

        e->used = 0;
        hash_update(e->hash, e->buffer, n);
        return file_write(e->fd, e->buffer, n, "output", error);
}

static bool put(Export *e, const void *bytes, size_t n, GError **error)
{
        const char *at = bytes;

        while (n > 0) {
                size_t part = MIN(n, TRANSFER_CHUNK - e->used);

                memcpy(e->buffer + e->used, at, part);
                e->used += part;
                at += part;
                n -= part;
                if (e->used == TRANSFER_CHUNK && !flush(e, error))
                        return false;
        }
        return true;
}

static bool put_head(Export *e, char letter, uint64_t length, GError **error)
{
        uint8_t head[TRANSFER_RECORD_HEAD] = { (uint8_t)letter };

        for (int i = 0; i < 8; i++)
                head[1 + i] = (uint8_t)(length >> (56 - 8 * i));
        return put(e, head, sizeof head, error);
}

static bool put_project(Export *e, GError **error)
{
        char log[ZW_ID_HEX], head_hash[ZW_DIGEST_HEX], root_hex[ZW_DIGEST_HEX];
        Digest root = merkle_root(&e->log.tree);
        g_autoptr(Json) object = NULL;
        g_autoptr(GBytes) bytes = NULL;
        const void *data;
        size_t n;

        hex_encode(e->log.id.b, ZW_ID_BYTES, log);
        hex_encode(e->log.head_hash.b, ZW_DIGEST_BYTES, head_hash);
        hex_encode(root.b, ZW_DIGEST_BYTES, root_hex);
        object = json_pack("{s:i, s:s, s:I, s:s, s:s}", "format", (int)TRANSFER_FORMAT, "log", log, "head",
                           (json_int_t)e->log.head, "head_hash", head_hash, "root", root_hex);
        bytes = canon_bytes(object, TRANSFER_CHUNK, error);
        if (bytes == NULL)
                return false;
        data = g_bytes_get_data(bytes, &n);
        return put_head(e, 'P', n, error) && put(e, data, n, error);
}

/* The content is checked while it goes by: a file made from altered content would be refused later, far away. */
static bool put_blob(const char *sha256, Seq seq, void *payload, GError **error)
{
        Export *e = payload;
        g_auto(Fd) fd = -1;
        g_autofree char *chunk = g_malloc(TRANSFER_CHUNK);
        g_autoptr(HashState) hash = hash_new();
        g_autoptr(GError) why = NULL;
        struct stat facts;
        uint64_t left;
        Digest digest, found;

        if (!hex_decode(sha256, digest.b, ZW_DIGEST_BYTES, error))
                return false;
        fd = store_blob_open(e->store, &digest, &why);
        if (fd < 0) {
                /* Nobody asked for it by name: the project lacks what it should have. */
                if (g_error_matches(why, ZW_ERROR, ZW_ERR_NOT_FOUND))
                        error_set(error, ZW_ERR_DAMAGED, sha256,
                                  "the store lacks content that commit %" G_GUINT64_FORMAT " names", seq);
                else
                        g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        if (fstat(fd, &facts) != 0)
                return directory_fail(error, "the blob could not be read", sha256);
        left = (uint64_t)facts.st_size;
        if (!put_head(e, 'B', ZW_DIGEST_BYTES + left, error) || !put(e, digest.b, ZW_DIGEST_BYTES, error))
                return false;
        while (left > 0) {
                ssize_t n = file_read(fd, chunk, (size_t)MIN(left, TRANSFER_CHUNK), sha256, error);

                if (n < 0)
                        return false;
                if (n == 0)
                        break;
                left -= (uint64_t)n;
                hash_update(hash, chunk, (size_t)n);
                if (!put(e, chunk, (size_t)n, error) || !progress_step(&e->stage, 0, error))
                        return false;
        }
        found = hash_finish(hash);
        if (left == 0 && digest_equal(&found, &digest))
                return progress_step(&e->stage, 1, error);
        error_set(error, ZW_ERR_DAMAGED, sha256, "the content of the blob was altered");
        return false;
}

static bool put_piece(const SecretRow *row, void *payload, GError **error)
{
        Export *e = payload;
        size_t field = strlen(row->field);
        uint32_t op = (uint32_t)row->op;
        uint8_t head[TRANSFER_PIECE_HEAD] = { (uint8_t)(op >> 24), (uint8_t)(op >> 16), (uint8_t)(op >> 8),
                                              (uint8_t)op,         row->salt == NULL,   (uint8_t)field };
        uint64_t length = sizeof head + field + (row->salt == NULL ? 0 : ZW_SALT_BYTES + row->n);

        if (field > UINT8_MAX) {
                error_set(error, ZW_ERR_LIMIT, row->field,
                          "the name of an attribute is longer than 255 bytes");
                return false;
        }
        return put_head(e, 'S', length, error) && put(e, head, sizeof head, error) &&
               put(e, row->field, field, error) &&
               (row->salt == NULL ||
                (put(e, row->salt, ZW_SALT_BYTES, error) && put(e, row->bytes, row->n, error)));
}

static bool put_commit(const CommitRow *row, void *payload, GError **error)
{
        Export *e = payload;

        return put_head(e, 'C', row->header_n, error) && put(e, row->header, row->header_n, error) &&
               e->view->backend->secret_walk_read(e->walk, row->seq, put_piece, e, error) &&
               progress_step(&e->stage, 1, error);
}

static bool put_end(Export *e, GError **error)
{
        Digest digest;

        if (!flush(e, error))
                return false;
        digest = hash_finish(e->hash);
        return put_head(e, 'E', ZW_DIGEST_BYTES, error) && put(e, digest.b, ZW_DIGEST_BYTES, error) &&
               flush(e, error);
}

/* What a branch starts from is not its own, and without it nothing can be made of its commits. */
static bool refuse_branch(const Export *e, GError **error)
{
        bool is_branch;
        Id parent;
        Seq seq;

        if (!e->view->backend->branch_find(e->view, e->log.no, &parent, &seq, &is_branch, error))
                return false;
        if (is_branch)
                error_set(
                        error, ZW_ERR_STATE, "project",
                        "a branch has no file of its own: merge it, or make a backup, which holds branches");
        return !is_branch;
}

bool store_export_project(Store *store, const Id *log, int fd, Progress *progress, GError **error)
{
        g_auto(Export)
                e = { .store = store, .fd = fd, .hash = hash_new(), .buffer = g_malloc(TRANSFER_CHUNK) };
        const StoreBackend *backend = store->backend;

        e.view = store_view_open(store, error);
        e.stage = progress_begin(progress, "writing attachments", "files", 0);
        if (e.view == NULL || !view_log(e.view, log, &e.log, error) || !refuse_branch(&e, error) ||
            !put(&e, TRANSFER_MAGIC, strlen(TRANSFER_MAGIC), error) || !put_project(&e, error) ||
            !backend->blob_read(e.view, e.log.no, put_blob, &e, error))
                return false;
        e.walk = backend->secret_walk_new(e.view, e.log.no);
        e.stage = progress_begin(progress, "writing", "commits", e.log.head);
        return backend->commit_read(e.view, e.log.no, 1, e.log.head, put_commit, &e, error) &&
               put_end(&e, error);
}
