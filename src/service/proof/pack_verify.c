/* Verifying an evidence pack from its bytes (docs/evidence-pack.md, "Verifying"); verifier/zonewright_verify.py says the same again. */
#include "service/proof/pack.h"

#include "base/error.h"
#include "base/fd.h"
#include "base/jread.h"
#include "base/scratch.h"
#include "model/merkle.h"
#include "model/note.h"
#include "model/op.h"
#include "model/proof.h"
#include "store/tarball.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SMALL_MAX = 4096, NAME_MAX_ = 100 };

typedef struct {
        JWrite *w;
        size_t problems;
        GHashTable *found; /* path → "SHA256 SIZE" */
        char *key, *checkpoint, *manifest, *seal;
        Digest manifest_hash;
        int commits; /* a file without a name, or -1 */
        ProgressStage stage;
} Checking;

static void checking_clear(Checking *c)
{
        g_clear_pointer(&c->found, g_hash_table_unref);
        g_free(c->key);
        g_free(c->checkpoint);
        g_free(c->manifest);
        g_free(c->seal);
        fd_close(c->commits);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Checking, checking_clear)

static void problem(Checking *c, const char *where, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void problem(Checking *c, const char *where, const char *format, ...)
{
        g_autofree char *message = NULL;
        va_list args;

        va_start(args, format);
        message = g_strdup_vprintf(format, args);
        va_end(args);
        c->problems++;
        jwrite_object_begin(c->w);
        jwrite_key_string(c->w, "where", where);
        jwrite_key_string(c->w, "message", message);
        jwrite_object_end(c->w);
}

/* ---- entries ---- */

/* A text has no zero byte; what has one is no text, and not the part before that. */
static bool text_load(Tarball *tar, size_t max, char **ret_text, Digest *ret_digest, GError **error)
{
        g_autoptr(GBytes) bytes = tarball_load(tar, max, error);
        size_t n;
        const void *data;

        if (bytes == NULL)
                return false;
        data = g_bytes_get_data(bytes, &n);
        *ret_digest = hash_sha256(data, n);
        g_free(*ret_text);
        *ret_text = n > 0 && memchr(data, '\0', n) != NULL ? g_strdup("") : g_strndup(data, n);
        return true;
}

static bool entry_read(Checking *c, Tarball *tar, const char *name, Digest *ret_digest, GError **error)
{
        g_auto(Fd) nowhere = -1;

        if (strcmp(name, PACK_KEY) == 0)
                return text_load(tar, SMALL_MAX, &c->key, ret_digest, error);
        if (strcmp(name, PACK_CHECKPOINT) == 0)
                return text_load(tar, SMALL_MAX, &c->checkpoint, ret_digest, error);
        if (strcmp(name, PACK_SEAL) == 0)
                return text_load(tar, SMALL_MAX, &c->seal, ret_digest, error);
        if (strcmp(name, PACK_MANIFEST) == 0) {
                if (!text_load(tar, ZW_PACK_TEXT_MAX, &c->manifest, ret_digest, error))
                        return false;
                c->manifest_hash = *ret_digest;
                return true;
        }
        if (strcmp(name, PACK_COMMITS) == 0 && c->commits < 0) {
                c->commits = scratch_open(g_get_tmp_dir(), error);
                return c->commits >= 0 && tarball_extract(tar, c->commits, &c->stage, ret_digest, error);
        }
        nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
        return tarball_extract(tar, nowhere, &c->stage, ret_digest, error);
}

static bool entries_read(Checking *c, Tarball *tar, GError **error)
{
        for (;;) {
                char hex[ZW_DIGEST_HEX];
                const char *found;
                g_autofree char *name = NULL;
                uint64_t size;
                Digest digest;

                if (!tarball_next(tar, &found, &size, error))
                        return false;
                if (found == NULL)
                        return true;
                name = g_strdup(found);
                if (!entry_read(c, tar, name, &digest, error))
                        return false;
                hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
                if (!g_hash_table_insert(c->found, g_strdup(name),
                                         g_strdup_printf("%s %" G_GUINT64_FORMAT, hex, size)))
                        problem(c, name, "the file is there twice");
        }
}

/* ---- the archive itself: what no digest of a file covers ---- */

enum { BLOCK = 512, EMPTY_N = 2, SIZE_AT = 124, SIZE_N = 12, SUM_AT = 148, SUM_N = 8 };

/* Checked in the form it is written in, so that no byte of a header can be another. */
static bool header_holds(const uint8_t block[BLOCK])
{
        char expected[SUM_N + 1];
        unsigned sum = 0;

        for (int i = 0; i < BLOCK; i++)
                sum += i >= SUM_AT && i < SUM_AT + SUM_N ? ' ' : block[i];
        g_snprintf(expected, sizeof(expected), "%06o", sum);
        expected[SUM_N - 1] = ' ';
        return memcmp(block + SUM_AT, expected, SUM_N) == 0;
}

/* Eleven octal digits; or, above 8 GiB, a number in base 256 behind a byte 0x80. */
static uint64_t header_size(const uint8_t block[BLOCK])
{
        uint64_t size = 0;

        for (int i = 0; i < SIZE_N; i++) {
                const uint8_t c = block[SIZE_AT + i];

                if (block[SIZE_AT] == 0x80)
                        size = i == 0 ? 0 : size << 8 | c;
                else if (c >= '0' && c <= '7')
                        size = size << 3 | (uint64_t)(c - '0');
        }
        return size;
}

static bool is_zero(const uint8_t *bytes, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (bytes[i] != 0)
                        return false;
        return true;
}

/* Headers with their sums, nothing between the end of a file and the next header, and after the last one two empty blocks, as
 * POSIX ends an archive, and nothing else. */
static void archive_check(Checking *c, int fd)
{
        uint8_t block[BLOCK];
        uint64_t at = 0;
        unsigned empty = 0;
        struct stat of;

        while (pread(fd, block, BLOCK, (off_t)at) == BLOCK) {
                uint64_t size = header_size(block);
                const size_t rest = (size_t)(size % BLOCK);
                bool holds = true;

                if (is_zero(block, BLOCK))
                        empty++;
                else if (empty > 0 || !header_holds(block) || size > INT64_MAX / 2)
                        holds = false;
                else if (rest > 0)
                        holds = pread(fd, block, BLOCK, (off_t)(at + BLOCK + size - rest)) == BLOCK &&
                                is_zero(block + rest, BLOCK - rest);
                if (!holds) {
                        problem(c, "pack", "the archive was altered near byte %" G_GUINT64_FORMAT, at);
                        return;
                }
                at += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
        }
        if (empty != EMPTY_N || fstat(fd, &of) != 0 || (uint64_t)of.st_size != at)
                problem(c, "pack", "the archive does not end as it has to");
}

/* ---- the list of files ---- */

static void file_check(Checking *c, const json_t *file)
{
        const char *path = jread_get_string(file, "path"), *hex = jread_get_string(file, "sha256");
        g_autofree char *expected = g_strdup_printf("%s %" G_GINT64_FORMAT, hex == NULL ? "" : hex,
                                                    jread_get_int(file, "size", -1));
        const char *found = path == NULL ? NULL : g_hash_table_lookup(c->found, path);

        if (found == NULL)
                problem(c, path == NULL ? PACK_MANIFEST : path, "the file is missing");
        else if (strcmp(found, expected) != 0)
                problem(c, path, "the file is not the one that is listed");
        if (path != NULL)
                g_hash_table_remove(c->found, path);
}

static int text_compare(gconstpointer a, gconstpointer b)
{
        return strcmp(a, b);
}

static void files_check(Checking *c, const json_t *manifest)
{
        const json_t *file;
        GList *rest;
        size_t i;

        g_hash_table_remove(c->found, PACK_MANIFEST);
        g_hash_table_remove(c->found, PACK_SEAL);
        json_array_foreach(json_object_get(manifest, "files"), i, file) file_check(c, file);
        rest = g_list_sort(g_hash_table_get_keys(c->found), text_compare);
        for (const GList *at = rest; at != NULL; at = at->next)
                problem(c, at->data, "the file is not listed");
        g_list_free(rest);
}

/* ---- seal and checkpoint ---- */

static bool key_check(Checking *c, uint8_t ret_public[ZW_ED25519_PUBLIC])
{
        g_autofree char *line = g_strdup(c->key == NULL ? "" : c->key);

        if (g_str_has_suffix(line, "\n"))
                line[strlen(line) - 1] = '\0';
        if (note_key_parse(line, ret_public, NULL))
                return true;
        problem(c, PACK_KEY, "this is no key");
        return false;
}

static void seal_check(Checking *c, const uint8_t public[ZW_ED25519_PUBLIC])
{
        char hex[ZW_DIGEST_HEX];
        g_autofree char *expected = NULL, *text = note_open(public, c->seal == NULL ? "" : c->seal, NULL);

        hex_encode(c->manifest_hash.b, ZW_DIGEST_BYTES, hex);
        expected = g_strdup_printf(PACK_SEAL_TEXT "%s\n", hex);
        if (g_strcmp0(text, expected) != 0)
                problem(c, PACK_SEAL, "the seal is not that of the list of files by this key");
}

static bool checkpoint_check(Checking *c, const uint8_t public[ZW_ED25519_PUBLIC], const json_t *manifest,
                             Checkpoint *ret_checkpoint)
{
        g_autofree char *text = note_open(public, c->checkpoint == NULL ? "" : c->checkpoint, NULL);
        const char *log = jread_get_string(manifest, "log"), *root = jread_get_string(manifest, "root");
        char log_hex[ZW_ID_HEX], root_hex[ZW_DIGEST_HEX];

        if (text == NULL || !checkpoint_parse(text, ret_checkpoint, NULL)) {
                problem(c, PACK_CHECKPOINT, "the checkpoint is not one of this key");
                return false;
        }
        hex_encode(ret_checkpoint->log.b, ZW_ID_BYTES, log_hex);
        hex_encode(ret_checkpoint->root.b, ZW_DIGEST_BYTES, root_hex);
        if (g_strcmp0(log, log_hex) == 0 && g_strcmp0(root, root_hex) == 0 &&
            (uint64_t)jread_get_int(manifest, "commits", 0) == ret_checkpoint->size)
                return true;
        problem(c, PACK_CHECKPOINT, "the checkpoint is of another state of the log");
        return false;
}

/* ---- commits ---- */

typedef struct {
        Checking *c;
        const Checkpoint *checkpoint;
        bool partial;    /* some commits only, each with a proof */
        uint64_t seq;    /* of the commit at work */
        json_t *header;  /* of it */
        json_t *op;      /* the operation whose values follow */
        size_t ops;      /* operations seen of it */
        bool message;    /* and its message */
        Digest previous; /* hash of the commit before */
        Merkle tree;
} Log;

static void log_problem(const Log *log, const char *what)
{
        problem(log->c, PACK_COMMITS, "commit %" G_GUINT64_FORMAT ": %s", log->seq, what);
}

/* A whole log has every operation of every commit, and its message. */
static void commit_end(Log *log)
{
        if (log->header != NULL && !log->partial &&
            (log->ops != json_array_size(json_object_get(log->header, "ops")) || !log->message))
                log_problem(log, "a piece is missing");
        g_clear_pointer(&log->header, json_decref);
        g_clear_pointer(&log->op, json_decref);
        log->ops = 0;
        log->message = false;
}

static bool proof_read(const json_t *list, Proof *ret_proof)
{
        const json_t *one;
        size_t i;

        ret_proof->n = 0;
        if (!json_is_array(list) || json_array_size(list) > ZW_PROOF_MAX)
                return false;
        json_array_foreach(list, i, one)
        {
                if (!json_is_string(one) ||
                    !hex_decode(json_string_value(one), ret_proof->path[ret_proof->n++].b, ZW_DIGEST_BYTES,
                                NULL))
                        return false;
        }
        return true;
}

static void parent_check(const Log *log)
{
        const json_t *parents = json_object_get(log->header, "parents");
        const size_t n = json_array_size(parents);
        char hex[ZW_DIGEST_HEX];

        /* The first of a branch names the commit it starts from; one that merges a branch, its commit besides. */
        hex_encode(log->previous.b, ZW_DIGEST_BYTES, hex);
        if (log->seq == 1 ? n > 1
                          : n > 2 || g_strcmp0(json_string_value(json_array_get(parents, 0)), hex) != 0)
                log_problem(log, "the parent is not the commit before");
}

static void commit_check(Log *log, const json_t *line)
{
        const json_t *text = json_object_get(line, "header");
        const uint64_t seq = (uint64_t)jread_get_int(line, "commit", 0);
        g_autoptr(GBytes) bytes = g_bytes_new(json_string_value(text), json_string_length(text));
        const Digest hash = commit_hash(bytes);
        char id[ZW_ID_HEX];
        Proof proof;

        commit_end(log);
        if (log->partial ? seq <= log->seq : seq != log->seq + 1)
                problem(log->c, PACK_COMMITS, "commit %" G_GUINT64_FORMAT " does not follow", seq);
        log->seq = seq;
        log->header = jread_parse(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), NULL);
        hex_encode(log->checkpoint->log.b, ZW_ID_BYTES, id);
        if (g_strcmp0(jread_get_string(log->header, "log"), id) != 0 ||
            (uint64_t)jread_get_int(log->header, "seq", 0) != seq)
                log_problem(log, "the header is of another commit");
        if (log->partial) {
                if (!proof_read(json_object_get(line, "proof"), &proof) || seq == 0 ||
                    !proof_inclusion_holds(&proof, &hash, seq - 1, log->checkpoint->size,
                                           &log->checkpoint->root))
                        log_problem(log, "the proof does not hold");
        } else {
                parent_check(log);
                merkle_append(&log->tree, &hash);
        }
        log->previous = hash;
}

/* What the header, or the operation, commits to. */
static const char *commitment_of(Log *log, const char *field, json_int_t op)
{
        if (op < 0)
                return jread_get_string(log->header, "message");
        if (field[0] != '\0')
                return jread_get_string(
                        json_object_get(json_object_get(json_object_get(log->op, "set"), "attrs"), field),
                        "personal");
        return json_string_value(json_array_get(json_object_get(log->header, "ops"), (size_t)op));
}

static void piece_check(Log *log, const json_t *line)
{
        const char *field = jread_get_string(line, "field"), *salt_hex = jread_get_string(line, "salt");
        const json_t *text = json_object_get(line, "text");
        const json_int_t op = json_integer_value(json_object_get(line, "op"));
        const bool erased = jread_get_bool(line, "erased", false);
        uint8_t salt[ZW_SALT_BYTES];
        char hex[ZW_DIGEST_HEX] = "";
        Digest found;

        if (op < 0)
                log->message = true;
        else if (field != NULL && field[0] == '\0') {
                log->ops++;
                g_clear_pointer(&log->op, json_decref);
                log->op = erased || text == NULL
                                  ? NULL
                                  : jread_parse(json_string_value(text), json_string_length(text), NULL);
        }
        if (erased)
                return;
        if (field != NULL && json_is_string(text) && salt_hex != NULL &&
            hex_decode(salt_hex, salt, ZW_SALT_BYTES, NULL)) {
                found = commitment(salt, json_string_value(text), json_string_length(text));
                hex_encode(found.b, ZW_DIGEST_BYTES, hex);
        }
        if (field == NULL || g_strcmp0(commitment_of(log, field, op), hex) != 0)
                log_problem(log, "a piece is not what the header commits to");
}

static void line_check(Log *log, const char *text, size_t n, size_t number)
{
        g_autoptr(Json) line = jread_parse(text, n, NULL);

        if (json_is_integer(json_object_get(line, "commit")) &&
            json_is_string(json_object_get(line, "header")))
                commit_check(log, line);
        else if (json_is_integer(json_object_get(line, "op")) && log->header != NULL)
                piece_check(log, line);
        else
                problem(log->c, PACK_COMMITS, "line %zu cannot be read", number);
}

static bool commits_check(Checking *c, const Checkpoint *checkpoint, bool partial, GError **error)
{
        Log log = { .c = c, .checkpoint = checkpoint, .partial = partial };
        g_autoptr(GMappedFile) file = NULL;
        const char *at, *end;
        Digest root;

        if (c->commits < 0) /* told by the list of files */
                return true;
        file = g_mapped_file_new_from_fd(c->commits, FALSE, NULL);
        if (file == NULL) {
                error_set(error, ZW_ERR_STORAGE, PACK_COMMITS, "the file cannot be read");
                return false;
        }
        merkle_init(&log.tree);
        at = g_mapped_file_get_contents(file);
        end = at + g_mapped_file_get_length(file);
        for (size_t number = 1; at < end; number++) {
                const char *stop = memchr(at, '\n', (size_t)(end - at));
                const size_t n = (size_t)((stop == NULL ? end : stop) - at);

                line_check(&log, at, n, number);
                at += n + 1;
        }
        commit_end(&log);
        root = merkle_root(&log.tree);
        if (!partial && (log.tree.size != checkpoint->size || !digest_equal(&root, &checkpoint->root)))
                problem(c, PACK_COMMITS, "the commits are not those of the checkpoint");
        return true;
}

/* ---- all of it ---- */

bool pack_is(int fd)
{
        char name[NAME_MAX_ + 1] = "";

        return pread(fd, name, NAME_MAX_, 0) == NAME_MAX_ && strcmp(name, PACK_FIRST) == 0;
}

static bool contents_check(Checking *c, json_t **ret_manifest, GError **error)
{
        g_autoptr(Json) manifest = NULL;
        uint8_t public[ZW_ED25519_PUBLIC];
        Checkpoint checkpoint;

        manifest = c->manifest == NULL ? NULL : jread_parse(c->manifest, strlen(c->manifest), NULL);
        if (!json_is_object(manifest) || jread_get_int(manifest, "format", 0) != ZW_PACK_FORMAT ||
            !json_is_array(json_object_get(manifest, "files"))) {
                problem(c, PACK_MANIFEST, "there is no list of files");
                return true;
        }
        files_check(c, manifest);
        *ret_manifest = json_incref(manifest);
        if (!key_check(c, public))
                return true;
        seal_check(c, public);
        return !checkpoint_check(c, public, manifest, &checkpoint) ||
               commits_check(c, &checkpoint,
                             json_array_size(json_object_get(json_object_get(manifest, "scope"), "zones")) >
                                     0,
                             error);
}

bool pack_verify(int fd, Progress *progress, JWrite *w, GError **error)
{
        g_auto(Checking) c = { .w = w,
                               .found = hash_table_new_text(g_free, g_free),
                               .commits = -1,
                               .stage = progress_begin(progress, "verifying", "bytes", 0) };
        g_autoptr(Tarball) tar = tarball_new_read(fd, error);
        g_autoptr(Json) manifest = NULL;
        g_autoptr(GError) why = NULL;
        bool ok;

        if (tar == NULL)
                return false;
        jwrite_object_begin(w);
        jwrite_key(w, "problems");
        jwrite_array_begin(w);
        archive_check(&c, fd);
        ok = entries_read(&c, tar, &why);
        if (!ok &&
            (g_error_matches(why, ZW_ERROR, ZW_ERR_INPUT) || g_error_matches(why, ZW_ERROR, ZW_ERR_LIMIT)))
                problem(&c, "pack", "%s", why->message);
        else if (!ok) {
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        } else if (!contents_check(&c, &manifest, error))
                return false;
        jwrite_array_end(w);
        jwrite_key_bool(w, "ok", c.problems == 0);
        jwrite_key_int(w, "commits", jread_get_int(manifest, "commits", 0));
        jwrite_key_string(w, "root", jread_get_string(manifest, "root"));
        jwrite_object_end(w);
        return true;
}
