#include "service/feeds/feed_bundle.h"

#include "base/canon.h"
#include "base/fd.h"
#include "base/hash.h"
#include "base/scratch.h"
#include "service/proof/checkpoint.h"
#include "service/file.h"
#include "service/internal.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define MAGIC "ZWFEEDS1\n"

enum {
        SIZE_BYTES = 8,
        TRAILER = SIZE_BYTES + ZW_ED25519_PUBLIC + ZW_ED25519_SIGNATURE,
        MANIFEST_MAX = 16 << 20,
        PART_BYTES = 8 << 20, /* a part ends with the record that passes it */
        RECORD_MAX = 64 << 20,
        CHUNK = 1 << 18,
};

/* ---- writing ---- */

typedef struct {
        Call *call;
        int fd;
        json_t *parts;
        GString *lines; /* of the part */
        char *source;   /* of the part, or NULL */
        int64_t number; /* of parts of the source */
        ProgressStage stage;
} Writing;

static void writing_clear(Writing *writing)
{
        json_decref(writing->parts);
        g_string_free(writing->lines, TRUE);
        g_free(writing->source);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Writing, writing_clear)

static bool part_end(Writing *writing, GError **error)
{
        const Digest digest = hash_sha256(writing->lines->str, writing->lines->len);
        g_autofree char *name = g_strdup_printf("%s-%" G_GINT64_FORMAT, writing->source, writing->number++);
        char hex[ZW_DIGEST_HEX];

        if (writing->lines->len == 0)
                return true;
        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        json_array_append_new(writing->parts, json_pack("{s:s, s:I, s:s}", "name", name, "bytes",
                                                        (json_int_t)writing->lines->len, "sha256", hex));
        if (!fd_put(writing->fd, writing->lines->str, writing->lines->len, error))
                return false;
        g_string_truncate(writing->lines, 0);
        return true;
}

static bool record_write(const FeedRecord *record, void *payload, GError **error)
{
        Writing *writing = payload;
        gsize n;
        const char *body = g_bytes_get_data(record->body, &n);
        g_autoptr(Json) op = NULL, parsed = jread_parse(body, n, error);
        g_autoptr(GBytes) line = NULL;

        if (parsed == NULL || !progress_step(&writing->stage, 1, error))
                return false;
        if (g_strcmp0(writing->source, record->source) != 0 || writing->lines->len > PART_BYTES) {
                if (!part_end(writing, error))
                        return false;
                writing->number = g_strcmp0(writing->source, record->source) == 0 ? writing->number : 1;
                g_free(writing->source);
                writing->source = g_strdup(record->source);
        }
        op = json_pack("{s:s, s:s, s:s, s:s, s:O}", "op", "feed", "source", record->source, "id", record->id,
                       "modified", record->modified, "body", parsed);
        line = canon_bytes(op, RECORD_MAX, error);
        if (line == NULL)
                return false;
        g_string_append_len(writing->lines, g_bytes_get_data(line, NULL), (gssize)g_bytes_get_size(line));
        g_string_append_c(writing->lines, '\n');
        return true;
}

static json_t *source_of(json_t *sources, const char *name)
{
        json_t *source = json_object_get(sources, name);

        if (source == NULL) {
                source = json_pack("{s:i, s:i, s:s, s:I}", "records", 0, "declared", -1, "newest", "",
                                   "checked", (json_int_t)0);
                json_object_set_new(sources, name, source);
        }
        return source;
}

static bool source_say(const FeedSource *given, void *sources, GError **error G_GNUC_UNUSED)
{
        json_t *source = source_of(sources, given->source);

        json_object_set_new(source, "records", json_integer(given->records));
        json_object_set_new(source, "declared", json_integer(given->declared));
        json_object_set_new(source, "newest", json_string(given->newest));
        return true;
}

/* All its servers were asked when the last of them was. */
static bool remote_say(const FeedRemote *remote, void *sources, GError **error G_GNUC_UNUSED)
{
        json_t *source = source_of(sources, remote->source);
        const int64_t before = jread_get_int(source, "checked", 0);

        json_object_set_new(source, "checked",
                            json_integer(before == 0 ? remote->checked : MIN(before, remote->checked)));
        return true;
}

static bool manifest_write(const Writing *writing, const json_t *sources, const Ed25519Key *key,
                           GError **error)
{
        g_autoptr(Json) manifest = json_pack("{s:i, s:O, s:O}", "format", 1, "parts", writing->parts,
                                             "sources", sources);
        g_autoptr(GBytes) bytes = canon_bytes(manifest, MANIFEST_MAX, error);
        uint8_t trailer[TRAILER];
        gsize n;
        const void *text = bytes == NULL ? NULL : g_bytes_get_data(bytes, &n);

        if (bytes == NULL)
                return false;
        for (int i = 0; i < SIZE_BYTES; i++)
                trailer[i] = (uint8_t)((uint64_t)n >> (8 * (SIZE_BYTES - 1 - i)));
        ed25519_public(key, trailer + SIZE_BYTES);
        ed25519_sign(key, text, n, trailer + SIZE_BYTES + ZW_ED25519_PUBLIC);
        return fd_put(writing->fd, text, n, error) && fd_put(writing->fd, trailer, sizeof(trailer), error);
}

static void bundle_tell(const Writing *writing, const json_t *sources, const Ed25519Key *key, JWrite *w)
{
        uint8_t public[ZW_ED25519_PUBLIC];
        char hex[2 * ZW_ED25519_PUBLIC + 1];

        ed25519_public(key, public);
        hex_encode(public, ZW_ED25519_PUBLIC, hex);
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", hex);
        jwrite_key_int(w, "parts", (int64_t)json_array_size(writing->parts));
        jwrite_key_json(w, "sources", sources);
        jwrite_object_end(w);
}

bool usecase_feed_bundle(Call *call, JWrite *w, GError **error)
{
        g_auto(Writing) writing = { .call = call,
                                    .parts = json_array(),
                                    .lines = g_string_new(NULL),
                                    .number = 1,
                                    .stage = progress_begin(call->progress, "writing", "records", 0) };
        g_autoptr(Json) sources = json_object();
        g_autoptr(Ed25519Key) key = NULL;
        g_autoptr(Feeds) feeds = NULL;
        const char *dir = store_dir(call->service->store);

        if (call->files.n != 1 || !feeds_exist(dir)) {
                error_set(error, call->files.n != 1 ? ZW_ERR_USAGE : ZW_ERR_STATE, NULL,
                          call->files.n != 1 ? "one file to write to is needed" : "there are no feeds yet");
                return false;
        }
        writing.fd = call->files.files[0].fd;
        key = checkpoint_key(call, error);
        feeds = key == NULL ? NULL : feeds_open(dir, error);
        if (feeds == NULL || !feeds_begin(feeds, error) || !fd_put(writing.fd, MAGIC, strlen(MAGIC), error) ||
            !feeds_each(feeds, record_write, &writing, error) || !part_end(&writing, error) ||
            !feeds_sources(feeds, call->instant, source_say, sources, error) ||
            !feeds_remotes(feeds, remote_say, sources, error) ||
            !manifest_write(&writing, sources, key, error))
                return false;
        bundle_tell(&writing, sources, key, w);
        return true;
}

/* ---- verifying ---- */

typedef struct {
        const ServiceFile *file;
        uint64_t size;
        json_t *manifest;
        char key[2 * ZW_ED25519_PUBLIC + 1];
} Bundle;

static void bundle_clear(Bundle *bundle)
{
        json_decref(bundle->manifest);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Bundle, bundle_clear)

static bool damaged(const Bundle *bundle, const char *part, GError **error)
{
        g_autofree char *where = g_strdup_printf("%s: %s", bundle->file->name, part);

        error_set(error, ZW_ERR_INPUT, where, "this is not what was signed");
        return false;
}

static bool bytes_read(const Bundle *bundle, void *into, size_t n, uint64_t at)
{
        for (size_t done = 0; done < n;) {
                const ssize_t got = pread(bundle->file->fd, (char *)into + done, n - done,
                                          (off_t)(at + done));

                if (got < 0 && errno == EINTR)
                        continue;
                if (got <= 0)
                        return false;
                done += (size_t)got;
        }
        return true;
}

bool feed_bundle_begins(int fd)
{
        char head[sizeof(MAGIC) - 1];

        return pread(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head) &&
               memcmp(head, MAGIC, sizeof(head)) == 0;
}

static bool is_trusted(const GArray *trusted, const uint8_t *public)
{
        for (guint i = 0; i < trusted->len; i++)
                if (memcmp(g_array_index(trusted, FeedKey, i).bytes, public, ZW_ED25519_PUBLIC) == 0)
                        return true;
        return false;
}

static bool manifest_read(Bundle *bundle, const GArray *trusted, GError **error)
{
        uint8_t trailer[TRAILER];
        const uint8_t *public = trailer + SIZE_BYTES;
        g_autofree char *text = NULL;
        uint64_t n = 0;

        if (bundle->size < strlen(MAGIC) + TRAILER ||
            !bytes_read(bundle, trailer, TRAILER, bundle->size - TRAILER))
                return damaged(bundle, "the end", error);
        for (int i = 0; i < SIZE_BYTES; i++)
                n = n << 8 | trailer[i];
        if (n > MANIFEST_MAX || n > bundle->size - strlen(MAGIC) - TRAILER)
                return damaged(bundle, "the end", error);
        hex_encode(public, ZW_ED25519_PUBLIC, bundle->key);
        if (!is_trusted(trusted, public)) {
                error_set(
                        error, ZW_ERR_DENIED, bundle->file->name,
                        "it is signed with the key %s, which neither the setting feeds.trust nor --trust names",
                        bundle->key);
                return false;
        }
        text = g_malloc(n + 1);
        if (!bytes_read(bundle, text, n, bundle->size - TRAILER - n) ||
            !ed25519_fits(public, text, n, public + ZW_ED25519_PUBLIC))
                return damaged(bundle, "the manifest", error);
        bundle->manifest = jread_parse(text, n, error);
        return bundle->manifest != NULL;
}

static bool digest_fits(const json_t *part, const Digest *digest)
{
        char hex[ZW_DIGEST_HEX];

        hex_encode(digest->b, ZW_DIGEST_BYTES, hex);
        return g_strcmp0(jread_get_string(part, "sha256"), hex) == 0;
}

/* Every byte is of a part whose hash fits, or of what was signed. */
static bool parts_verify(const Bundle *bundle, GError **error)
{
        const json_t *parts = json_object_get(bundle->manifest, "parts"), *part;
        g_autofree uint8_t *chunk = g_malloc(CHUNK);
        uint64_t at = strlen(MAGIC);
        size_t i;

        json_array_foreach(parts, i, part)
        {
                const char *name = jread_get_string(part, "name");
                uint64_t left = (uint64_t)MAX(jread_get_int(part, "bytes", 0), 0);
                g_autoptr(HashState) hash = hash_new();
                Digest digest;

                while (left > 0) {
                        const size_t n = (size_t)MIN(left, CHUNK);

                        if (!bytes_read(bundle, chunk, n, at))
                                return damaged(bundle, name == NULL ? "a part" : name, error);
                        hash_update(hash, chunk, n);
                        left -= n;
                        at += n;
                }
                digest = hash_finish(hash);
                if (name == NULL || !digest_fits(part, &digest))
                        return damaged(bundle, name == NULL ? "a part" : name, error);
        }
        return true;
}

/* ---- taking in ---- */

static bool part_take(const Bundle *bundle, const json_t *part, uint64_t at, FeedImport *import,
                      GError **error)
{
        const uint64_t n = (uint64_t)jread_get_int(part, "bytes", 0);
        g_autofree char *bytes = g_try_malloc(n);
        g_auto(Fd) fd = scratch_open(g_get_tmp_dir(), error);
        const ServiceFile file = { jread_get_string(part, "name"), fd };
        Digest digest;

        if (fd < 0)
                return false;
        if (bytes == NULL || !bytes_read(bundle, bytes, n, at))
                return damaged(bundle, file.name, error);
        digest = hash_sha256(bytes, n);
        if (!digest_fits(part, &digest)) /* it was changed since it was verified */
                return damaged(bundle, file.name, error);
        return fd_put(fd, bytes, n, error) && lseek(fd, 0, SEEK_SET) == 0 &&
               feed_import_file(import, &file, "feed-records", error);
}

/* A source is as fresh as it was where the bundle was made. */
static bool sources_take(const Bundle *bundle, FeedImport *import, Instant now, GError **error)
{
        g_autofree char *url = g_strconcat("bundle:", bundle->key, NULL);
        const char *name;
        json_t *source;

        json_object_foreach(json_object_get(bundle->manifest, "sources"), name, source)
        {
                const FeedRemote remote = { .source = name,
                                            .url = url,
                                            .tried = now,
                                            .checked = jread_get_int(source, "checked", 0),
                                            .cursor = "",
                                            .problem = "" };

                if (!feeds_note(feed_import_feeds(import), name, now, jread_get_int(source, "declared", -1),
                                error) ||
                    (remote.checked > 0 && !feeds_remote_put(feed_import_feeds(import), &remote, error)))
                        return false;
        }
        return true;
}

bool feed_bundle_import(const ServiceFile *file, const GArray *trusted, FeedImport *import, Instant now,
                        GError **error)
{
        g_auto(Bundle) bundle = { .file = file };
        uint64_t at = strlen(MAGIC);
        struct stat facts;
        json_t *part;
        size_t i;

        if (fstat(file->fd, &facts) != 0) {
                error_set(error, ZW_ERR_STORAGE, file->name, "%s", g_strerror(errno));
                return false;
        }
        bundle.size = (uint64_t)facts.st_size;
        if (!manifest_read(&bundle, trusted, error) || !parts_verify(&bundle, error))
                return false;
        json_array_foreach(json_object_get(bundle.manifest, "parts"), i, part)
        {
                if (!part_take(&bundle, part, at, import, error))
                        return false;
                at += (uint64_t)jread_get_int(part, "bytes", 0);
        }
        return sources_take(&bundle, import, now, error);
}
