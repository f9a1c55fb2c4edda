/* Files that the page took for steps: read out of what came back, and attached to the run under the step's name. */
#include "service/execution/offline.h"

#include "base/base64url.h"
#include "base/hash.h"

#include <string.h>

enum { FILES_MOST = 200, NAME_BYTES_MAX = 120, MEDIA_BYTES_MAX = 100 };

typedef struct {
        const char *test_case, *name, *media, *hash, *data;
        int64_t step;
} FileEntry;

static void offline_file_free(gpointer data)
{
        OfflineFile *file = data;

        g_free(file->name);
        g_free(file->media);
        g_bytes_unref(file->bytes);
        g_free(file);
}

/* A file may be called what it likes, but for what would lead elsewhere or could not be shown. */
static bool name_fits(const char *name)
{
        if (name[0] == '\0' || name[0] == '.' || strlen(name) > NAME_BYTES_MAX)
                return false;
        for (const char *c = name; *c != '\0'; c++)
                if (*c == '/' || *c == '\\' || g_ascii_iscntrl(*c))
                        return false;
        return true;
}

static bool media_fits(const char *media)
{
        for (const char *c = media; *c != '\0'; c++)
                if (!g_ascii_isgraph(*c))
                        return false;
        return strlen(media) <= MEDIA_BYTES_MAX;
}

static bool step_exists(const Execution *execution, const FileEntry *entry)
{
        for (guint i = 0; i < execution->cases->len; i++) {
                const ExecutionCase *one = g_ptr_array_index(execution->cases, i);

                if (strcmp(one->key, entry->test_case) == 0)
                        return entry->step >= 1 && entry->step <= (int64_t)one->steps->len;
        }
        return false;
}

static bool refuse(const char *where, const char *what, GError **error)
{
        error_set(error, ZW_ERR_INPUT, where, "%s", what);
        return false;
}

static bool file_read(const json_t *value, const Execution *execution, const char *where, GPtrArray *files,
                      GError **error)
{
        static const JReadField fields[] = {
                { "case", JREAD_STRING, offsetof(FileEntry, test_case), true },
                { "step", JREAD_INT, offsetof(FileEntry, step), true },
                { "name", JREAD_STRING, offsetof(FileEntry, name), true },
                { "media", JREAD_STRING, offsetof(FileEntry, media), true },
                { "sha256", JREAD_STRING, offsetof(FileEntry, hash), true },
                { "data", JREAD_STRING, offsetof(FileEntry, data), true },
                JREAD_END,
        };
        FileEntry entry = { 0 };
        char hex[ZW_DIGEST_HEX];
        OfflineFile *file;
        Digest digest;
        uint8_t *bytes;
        size_t n;

        if (!jread_object(value, fields, &entry, where, error))
                return false;
        if (!step_exists(execution, &entry))
                return refuse(where, "a file belongs to a step of the page", error);
        if (!name_fits(entry.name) || !media_fits(entry.media))
                return refuse(where, "a file has a name without / and control characters, and a media type",
                              error);
        bytes = base64url_decode(entry.data, &n, NULL);
        if (bytes == NULL)
                return refuse(where, "the content of a file is base64url", error);
        digest = hash_sha256(bytes, n);
        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        if (strcmp(hex, entry.hash) != 0) {
                g_free(bytes);
                return refuse(where, "a file was altered after it was taken: its hash is another", error);
        }
        file = g_new0(OfflineFile, 1);
        file->name = g_strdup_printf("%s-%" G_GINT64_FORMAT " %s", entry.test_case, entry.step, entry.name);
        file->media = g_strdup(entry.media[0] == '\0' ? "application/octet-stream" : entry.media);
        file->bytes = g_bytes_new_take(bytes, n);
        file->digest = digest;
        g_ptr_array_add(files, file);
        return true;
}

GPtrArray *offline_files_read(const json_t *list, const Execution *execution, GError **error)
{
        g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(offline_file_free);
        const json_t *one;
        size_t i;

        if (json_array_size(list) > FILES_MOST) {
                error_set(error, ZW_ERR_LIMIT, "/recorded/files", "a page brings %d files at most",
                          FILES_MOST);
                return NULL;
        }
        json_array_foreach(list, i, one)
        {
                g_autofree char *where = g_strdup_printf("/recorded/files/%zu", i);

                if (!file_read(one, execution, where, files, error))
                        return NULL;
        }
        return g_steal_pointer(&files);
}

/* What is attached under a name: its hash, or NULL. */
static const char *attached_as(const json_t *attached, const char *name)
{
        const json_t *one;
        size_t i;

        json_array_foreach(attached, i, one) if (g_strcmp0(jread_get_string(one, "name"), name) ==
                                                 0) return jread_get_string(one, "sha256");
        return NULL;
}

static bool is_attached(const json_t *attached, const char *hex)
{
        const json_t *one;
        size_t i;

        json_array_foreach(attached, i,
                           one) if (g_strcmp0(jread_get_string(one, "sha256"), hex) == 0) return true;
        return false;
}

/* Another file of that name for the step gets a name of its own, so that none takes the place of another. */
static char *free_name(const json_t *attached, const OfflineFile *file, const char *hex)
{
        const char *rest = strchr(file->name, ' ');

        return attached_as(attached, file->name) == NULL
                       ? g_strdup(file->name)
                       : g_strdup_printf("%.*s %.8s%s", (int)(rest - file->name), file->name, hex, rest);
}

bool offline_files_attach(const Call *call, const GPtrArray *files, const ItemRev *run, const json_t *item,
                          json_t *native, int64_t *ret_n, GError **error)
{
        g_autoptr(Json) attached = run == NULL || run->attachments == NULL
                                           ? json_array()
                                           : json_loads(run->attachments, 0, NULL);

        *ret_n = 0;
        for (guint i = 0; i < files->len; i++) {
                OfflineFile *file = g_ptr_array_index(files, i);
                g_autofree char *name = NULL;
                char hex[ZW_DIGEST_HEX];

                hex_encode(file->digest.b, ZW_DIGEST_BYTES, hex);
                if (is_attached(attached, hex))
                        continue;
                if (!jread_get_bool(call->input, "dry_run", false) &&
                    !store_blob_put(call->service->store, file->bytes, &file->digest, error))
                        return false;
                name = free_name(attached, file, hex);
                json_array_append_new(attached, json_pack("{s:s, s:s}", "name", name, "sha256", hex));
                json_array_append_new(native, json_pack("{s:s, s:O, s:s, s:s, s:I, s:s}", "op", "attach",
                                                        "item", item, "name", name, "digest", hex, "size",
                                                        (json_int_t)g_bytes_get_size(file->bytes), "media",
                                                        file->media));
                (*ret_n)++;
        }
        return true;
}
