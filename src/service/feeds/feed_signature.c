#include "service/feeds/feed_signature.h"

#include "base/config.h"
#include "base/fd.h"
#include "base/newfile.h"
#include "base/scratch.h"
#include "service/feeds/feed_rules.h"
#include "service/file.h"
#include "service/internal.h"
#include "service/interchange/reading.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define FOLDER "feeds-keys"

enum { SIGNATURE_MAX = 64 << 10, KEYS_MAX = 8 << 20, CHUNK = 64 << 10 };

struct FeedSigners {
        FeedRules *rules;
        GBytes *keys;    /* of all files, behind each other */
        json_t *lengths; /* of the files */
};

void feed_signers_free(FeedSigners *signers)
{
        if (signers == NULL)
                return;
        feed_rules_unref(signers->rules);
        if (signers->keys != NULL)
                g_bytes_unref(signers->keys);
        json_decref(signers->lengths);
        g_free(signers);
}

bool feed_signers_only(const FeedSigners *signers)
{
        return signers->rules->csaf_signed;
}

bool feed_signer_is_fingerprint(const char *text)
{
        const size_t n = strlen(text);

        return (n == 40 || n == 64) && strspn(text, "0123456789ABCDEF") == n;
}

static char *kept_path(const char *data_dir, const char *fingerprint)
{
        g_autofree char *name = g_strconcat(fingerprint, ".asc", NULL);

        return g_build_filename(data_dir, FOLDER, name, NULL);
}

char *feed_signer_path(const char *data_dir, const char *word)
{
        return feed_signer_is_fingerprint(word) ? kept_path(data_dir, word) : g_strdup(word);
}

/* ---- files of keys ---- */

/* All of a file of at most `most` bytes; `code` is what more of them are. */
static GBytes *bytes_load(int fd, const char *name, size_t most, ZwErrorCode code, GError **error)
{
        struct stat facts;
        g_autofree char *bytes = NULL;
        ssize_t n;

        if (fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) {
                error_set(error, ZW_ERR_INPUT, name, "this is not a regular file");
                return NULL;
        }
        if (facts.st_size > (off_t)most) {
                error_set(error, code, name, "it has more than %zu bytes, its limit", most);
                return NULL;
        }
        bytes = g_malloc((size_t)facts.st_size + 1);
        n = pread(fd, bytes, (size_t)facts.st_size, 0);
        if (n == facts.st_size)
                return g_bytes_new_take(g_steal_pointer(&bytes), (gsize)n);
        error_set(error, ZW_ERR_STORAGE, name, "it cannot be read");
        return NULL;
}

/* A confirmed key that was not fetched yet is not there. */
static bool key_load(const char *data_dir, const char *word, GByteArray *keys, json_t *lengths,
                     GError **error)
{
        const bool confirmed = feed_signer_is_fingerprint(word);
        g_autofree char *path = feed_signer_path(data_dir, word);
        g_auto(Fd) fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        g_autoptr(GBytes) bytes = NULL;
        gsize n;
        const void *data;

        if (fd < 0 && confirmed && errno == ENOENT)
                return true;
        if (fd < 0) {
                error_set(error, ZW_ERR_INPUT, config_name(ZW_CONFIG_FEEDS_CSAF_KEYS), "%s: %s", word,
                          g_strerror(errno));
                return false;
        }
        bytes = bytes_load(fd, word, KEYS_MAX - MIN(keys->len, KEYS_MAX), ZW_ERR_LIMIT, error);
        if (bytes == NULL)
                return false;
        data = g_bytes_get_data(bytes, &n);
        g_byte_array_append(keys, data, (guint)n);
        return json_array_append_new(lengths, json_integer((json_int_t)n)) == 0;
}

FeedSigners *feed_signers_load(Service *service, GError **error)
{
        g_autoptr(FeedSigners) signers = g_new0(FeedSigners, 1);
        g_autoptr(GByteArray) keys = g_byte_array_new();

        signers->lengths = json_array();
        signers->rules = feed_rules_of(service, error);
        if (signers->rules == NULL)
                return NULL;
        for (char **word = signers->rules->csaf_keys; *word != NULL; word++)
                if (!key_load(store_dir(service->store), *word, keys, signers->lengths, error))
                        return NULL;
        signers->keys = g_byte_array_free_to_bytes(g_steal_pointer(&keys));
        return g_steal_pointer(&signers);
}

bool feed_signers_each(const FeedSigners *signers, WorkerOpFn take, void *data, GError **error)
{
        g_autoptr(Json) profile = json_pack("{s:O, s:i}", "keys", signers->lengths, "signature", 0);
        g_autoptr(WorkerResult) result = NULL;
        g_auto(Fd) fd = -1;
        gsize n;
        const void *bytes = g_bytes_get_data(signers->keys, &n);

        if (json_array_size(signers->lengths) == 0)
                return true;
        fd = scratch_open(g_get_tmp_dir(), error);
        if (fd < 0 || !fd_put(fd, bytes, n, error) || lseek(fd, 0, SEEK_SET) != 0)
                return false;
        result = reading_run_lines(&(ServiceFile){ "feeds.csaf_keys", fd }, "openpgp", profile, NULL, error);
        return result != NULL && worker_each_op(result, take, data, error);
}

/* ---- keys of providers ---- */

typedef struct {
        const char *wanted;
        size_t found, others;
        bool revoked; /* that one */
} Fingerprints;

static bool fingerprint_take(json_t *op, void *data, GError **error G_GNUC_UNUSED)
{
        Fingerprints *fingerprints = data;
        const char *found = jread_get_string(op, "fingerprint");

        if (found == NULL || strcmp(found, fingerprints->wanted) != 0) {
                fingerprints->others++;
                return true;
        }
        fingerprints->found++;
        fingerprints->revoked = jread_get_bool(op, "revoked", false);
        return true;
}

static bool key_write(const char *data_dir, const char *fingerprint, GBytes *bytes, GError **error)
{
        g_autofree char *path = kept_path(data_dir, fingerprint), *folder = g_path_get_dirname(path);
        g_autoptr(NewFile) file = NULL;
        gsize n;
        const void *data = g_bytes_get_data(bytes, &n);

        if (g_mkdir_with_parents(folder, 0700) != 0) {
                error_set(error, ZW_ERR_STORAGE, folder, "%s", g_strerror(errno));
                return false;
        }
        file = newfile_begin(path, NEWFILE_PRIVATE, error);
        return file != NULL && fd_put(newfile_fd(file), data, n, error) && newfile_place(file, error);
}

/* What is in a file of keys; its bytes, or NULL. */
static GBytes *key_look(const char *path, Fingerprints *fingerprints, Progress *progress, GError **error)
{
        g_autofree char *name = g_path_get_basename(path);
        g_auto(Fd) fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        const ServiceFile file = { name, fd };
        g_autoptr(WorkerResult) result = NULL;
        g_autoptr(GBytes) bytes = fd < 0 ? NULL : bytes_load(fd, name, KEYS_MAX, ZW_ERR_INPUT, error);

        if (fd < 0)
                error_set(error, ZW_ERR_STORAGE, path, "%s", g_strerror(errno));
        if (bytes == NULL)
                return NULL;
        result = reading_run_each(&file, "openpgp", progress, fingerprint_take, fingerprints, error);
        return result == NULL ? NULL : g_steal_pointer(&bytes);
}

/* Whether the key is kept as one that is revoked. One that cannot be read any more is not. */
static bool was_revoked(const char *data_dir, const char *fingerprint, Progress *progress)
{
        g_autofree char *path = kept_path(data_dir, fingerprint);
        Fingerprints kept = { .wanted = fingerprint };
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(GError) why = NULL;

        bytes = g_file_test(path, G_FILE_TEST_EXISTS) ? key_look(path, &kept, progress, &why) : NULL;
        if (why != NULL)
                g_debug("the key that is kept: %s", why->message);
        return bytes != NULL && kept.revoked;
}

bool feed_signer_keep(const char *data_dir, const char *fingerprint, const char *path, Progress *progress,
                      GError **error)
{
        g_autofree char *name = g_path_get_basename(path);
        Fingerprints given = { .wanted = fingerprint };
        g_autoptr(GBytes) bytes = key_look(path, &given, progress, error);

        if (bytes == NULL)
                return false;
        if (given.found != 1 || given.others != 0)
                error_set(error, ZW_ERR_INPUT, name, "it is not the key %s alone", fingerprint);
        else if (!given.revoked && was_revoked(data_dir, fingerprint, progress))
                error_set(error, ZW_ERR_INPUT, name, "the key %s was revoked, which it does not say any more",
                          fingerprint);
        else
                return key_write(data_dir, fingerprint, bytes, error);
        return false;
}

/* ---- a signature ---- */

/* What is too large to be one is a wrong signature, as is all else that is none. */
GBytes *feed_signature_load(const ServiceFile *file, GError **error)
{
        return bytes_load(file->fd, file->name, SIGNATURE_MAX, ZW_ERR_INPUT, error);
}

static bool document_copy(int from, int to, GError **error)
{
        g_autofree char *chunk = g_malloc(CHUNK);
        off_t at = 0;
        ssize_t n;

        while ((n = pread(from, chunk, CHUNK, at)) > 0) {
                if (!fd_put(to, chunk, (size_t)n, error))
                        return false;
                at += n;
        }
        if (n < 0)
                error_set(error, ZW_ERR_STORAGE, NULL, "%s", g_strerror(errno));
        return n == 0;
}

/* What the reader of OpenPGP takes: keys, signature and document behind each other. -1 when it cannot be made. */
static int together(GBytes *keys, GBytes *signature, int document, GError **error)
{
        g_auto(Fd) fd = scratch_open(g_get_tmp_dir(), error);
        gsize keys_n, signature_n;
        const void *keys_data = g_bytes_get_data(keys, &keys_n),
                   *signature_data = g_bytes_get_data(signature, &signature_n);

        if (fd < 0 || !fd_put(fd, keys_data, keys_n, error) ||
            !fd_put(fd, signature_data, signature_n, error) || !document_copy(document, fd, error) ||
            lseek(fd, 0, SEEK_SET) != 0)
                return -1;
        return fd_steal(&fd);
}

typedef struct {
        const char *file;
        FeedSignature *signature;
        bool said;
} Verdict;

static bool verdict_take(json_t *op, void *data, GError **error)
{
        Verdict *verdict = data;
        const char *state = jread_get_string(op, "state"), *key = jread_get_string(op, "key"),
                   *reason = jread_get_string(op, "reason");

        if (g_strcmp0(jread_get_string(op, "op"), "openpgp_signature") != 0)
                return true;
        verdict->said = true;
        if (g_strcmp0(state, "trusted") == 0 && key != NULL)
                verdict->signature->state = FEED_SIGNED_TRUSTED;
        else if (g_strcmp0(state, "unknown") == 0)
                verdict->signature->state = FEED_SIGNED_UNKNOWN;
        else {
                error_set(error, ZW_ERR_INPUT, verdict->file, "its signature is wrong: %s%s%s",
                          reason == NULL ? state : reason, key == NULL ? "" : ", key ",
                          key == NULL ? "" : key);
                return false;
        }
        g_strlcpy(verdict->signature->key, key == NULL ? "" : key, sizeof(verdict->signature->key));
        return true;
}

bool feed_signature_check(const FeedSigners *signers, const ServiceFile *file, GBytes *signature,
                          Progress *progress, FeedSignature *ret_signature, GError **error)
{
        g_autoptr(Json) profile = NULL;
        g_autoptr(WorkerResult) result = NULL;
        g_auto(Fd) fd = -1;
        Verdict verdict = { .file = file->name, .signature = ret_signature };

        *ret_signature = (FeedSignature){ .state = FEED_SIGNED_UNCHECKED };
        if (signers->rules->csaf_keys[0] == NULL)
                return true;
        ret_signature->state = FEED_SIGNED_NONE;
        if (signature == NULL)
                return true;
        if (g_bytes_get_size(signature) == 0 || g_bytes_get_size(signature) > SIGNATURE_MAX) {
                error_set(error, ZW_ERR_INPUT, file->name, "its signature is empty, or larger than %d bytes",
                          SIGNATURE_MAX);
                return false;
        }
        fd = together(signers->keys, signature, file->fd, error);
        if (fd < 0)
                return false;
        profile = json_pack("{s:O, s:I}", "keys", signers->lengths, "signature",
                            (json_int_t)g_bytes_get_size(signature));
        result = reading_run_lines(&(ServiceFile){ file->name, fd }, "openpgp", profile, progress, error);
        if (result == NULL || !worker_each_op(result, verdict_take, &verdict, error))
                return false;
        if (!verdict.said)
                error_set(error, ZW_ERR_WORKER, file->name, "the reader said nothing of its signature");
        return verdict.said;
}
